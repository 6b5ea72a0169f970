"""Questionnaires: data that says what is asked, the client's own and those that ship, validated when loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from toolkit.client.field_types import AreaId, DimensionId, Id, Name, Row, SymptomId, Text
from toolkit.client.yaml_files import read_model
from toolkit.errors import Fault, InputError
from toolkit.files import ignored
from toolkit.method import BY_ID, SCALE, Criterion
from toolkit.shipped import shipped, shipped_bytes


class Question(Row):
    """One question.

    Attributes
    ----------
    text, text_it : str
        Wording for everyone, and for IT where it differs.
    aspect : str or None
        For a need: whether its importance or the satisfaction with it is asked.
    anchors : tuple of str
        For a practice: what each level, 1 to 5, looks like. Empty elsewhere.
    criterion : str or None
        The criterion of Luftman's maturity model that a practice question speaks to.
    """

    noun: ClassVar = "question"
    key: ClassVar = ("id",)

    id: Id
    dimension: DimensionId
    text: Annotated[Text, Field(min_length=1)]
    text_it: Text | None = None
    aspect: Literal["importance", "satisfaction"] | None = None
    anchors: tuple[Name, ...] = ()
    criterion: Criterion | None = None

    @model_validator(mode="after")
    def _fits_its_family(self) -> Question:
        family = BY_ID[self.dimension].family
        if (family == "need") != (self.aspect is not None):
            raise PydanticCustomError(
                "aspect", "aspect: importance or satisfaction for a need; no aspect for other dimensions"
            )
        if len(self.anchors) not in (0, len(SCALE)):
            raise PydanticCustomError("anchors", "no anchors, or five: one for each level from 1 to 5")
        return self


class Link(Row):
    """A cause that, by this questionnaire's reasoning, feeds a symptom. A rule, not a measurement."""

    cause: AreaId
    symptom: SymptomId
    because: Annotated[Text, Field(min_length=1)]


class Questionnaire(Row):
    """What a round asks. ``proxy`` says for what other purpose the answers were collected, if so."""

    id: Id
    title: Name
    proxy: Text | None = None
    scale: Text | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]
    links: tuple[Link, ...] = ()

    @model_validator(mode="after")
    def _ids_once(self) -> Questionnaire:
        counted = Counter(question.id for question in self.questions)
        twice = [one for one, times in counted.items() if times > 1]
        if twice:
            raise PydanticCustomError(
                "twice", "each question id once; twice or more: {ids}", {"ids": ", ".join(twice)}
            )
        return self

    def of(self, dimension: str, aspect: str | None = None) -> tuple[Question, ...]:
        """Return the questions of a dimension, and of one aspect of it for a need."""
        return tuple(q for q in self.questions if q.dimension == dimension and q.aspect == aspect)


OWN = "own"


@cache
def shipped_questionnaires() -> Mapping[str, Questionnaire]:
    """Return the shipped questionnaires by id, in the order of their file names; read once.

    Raises
    ------
    InputError
        When one of them was changed so that it cannot be read, or its id is not its file's name.
    """
    found: dict[str, Questionnaire] = {}
    faults: list[Fault] = []
    for path in sorted(path for path in shipped("questionnaires").glob("*.yaml") if not ignored(path.name)):
        where = f"questionnaires/{path.name}"
        questionnaire, wrong = read_model(Questionnaire, shipped_bytes("questionnaires", path.name), where)
        faults += wrong
        if questionnaire is None:
            continue
        if questionnaire.id != path.stem:
            allowed = f"the file's name, {path.stem}"
            faults.append(
                Fault(f"{where}, field id", questionnaire.id, allowed, "Correct the id or the file's name.")
            )
        found[path.stem] = questionnaire
    if faults:
        raise InputError(faults)
    return MappingProxyType(found)


def read_own(data: bytes, file: str) -> tuple[Questionnaire | None, list[Fault]]:
    """Read a client's own questionnaire: it and no fault, or None and every fault found."""
    return read_model(Questionnaire, data, file)
