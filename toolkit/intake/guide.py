"""The guide to a first meeting: data that ships with the toolkit, validated when loaded."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from toolkit.client.schema import DimensionId, Row, Text, Whole
from toolkit.client.yaml_files import read_model
from toolkit.errors import InputError
from toolkit.method import BY_ID
from toolkit.shipped import shipped_bytes

_FILE = "first_meeting.yaml"  # of the guides
_Said = Annotated[Text, Field(min_length=1)]


class Topic(Row):
    """One item of the agenda, with its length in minutes."""

    minutes: Annotated[Whole, Field(ge=1, le=60)]
    topic: _Said
    detail: _Said


class Document(Row):
    """A document to ask for, and what it is for."""

    name: _Said
    why: _Said


class Prompts(Row):
    """Open questions on one dimension, for each side."""

    business: Annotated[tuple[_Said, ...], Field(min_length=1)]
    it: Annotated[tuple[_Said, ...], Field(min_length=1)]


class Guide(Row):
    """The first meeting: what it goes through, what to ask for, and prompts on every dimension."""

    agenda: Annotated[tuple[Topic, ...], Field(min_length=1)]
    documents: Annotated[tuple[Document, ...], Field(min_length=1)]
    prompts: dict[DimensionId, Prompts]

    @model_validator(mode="after")
    def _every_dimension(self) -> Guide:
        missing = [one for one in BY_ID if one not in self.prompts]
        if missing:
            raise PydanticCustomError("prompts", "prompts on: {missing}", {"missing": ", ".join(missing)})
        return self

    @property
    def minutes(self) -> int:
        """How long the meeting takes."""
        return sum(one.minutes for one in self.agenda)


@cache
def first_meeting() -> Guide:
    """Return the guide to the first meeting, read once; InputError where it was changed and cannot be read."""
    guide, faults = read_model(Guide, shipped_bytes("guides", _FILE), f"guides/{_FILE}")
    if guide is None:
        raise InputError(faults)
    return guide
