"""The kinds of value a record holds, each with its limits, so that a limit is stated once."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from toolkit.client.constructs import AREAS, BY_ID, SYMPTOMS

ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
SLUG_PATTERN = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
LARGEST_AMOUNT = 1e12


class Row(BaseModel):
    """Base of every model: unknown fields are errors, values are frozen, text is trimmed."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)


def _no_control_characters(text: str) -> str:
    bad = sorted({f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t\r"})
    if bad:
        raise PydanticCustomError("control_characters", "text without control characters ({bad})", {"bad": ", ".join(bad)})
    return text


def _not_a_truth_value(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("truth_value", "a number, not yes or no")
    return value


def _identifier(value: str) -> str:
    if not ID_PATTERN.fullmatch(value):
        raise PydanticCustomError("identifier", "up to 64 letters, digits, '.', '-' or '_', beginning with a letter or digit")
    return value


def _one_of_dimensions(allowed: tuple[str, ...], what: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in allowed:
            raise PydanticCustomError("dimension", "{what}: {allowed}", {"what": what, "allowed": ", ".join(allowed)})
        return value

    return AfterValidator(check)


def _role(value: str) -> str:
    if ";" in value or ":" in value:
        raise PydanticCustomError("role", "a role's name without ';' or ':'")
    return value


Id = Annotated[str, AfterValidator(_identifier)]
Name = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_no_control_characters)]
Text = Annotated[str, Field(max_length=20_000), AfterValidator(_no_control_characters)]
Role = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_no_control_characters), AfterValidator(_role)]
Number = Annotated[float, BeforeValidator(_not_a_truth_value)]
Whole = Annotated[int, BeforeValidator(_not_a_truth_value)]
Amount = Annotated[Number, Field(ge=0, le=LARGEST_AMOUNT)]
Share = Annotated[Number, Field(ge=0, le=1)]
Level = Annotated[Number, Field(ge=1, le=5)]
Fte = Annotated[Number, Field(ge=0, le=10_000)]
Year = Annotated[Whole, Field(ge=1990, le=2100)]
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2100, 12, 31))]
AreaId = Annotated[str, _one_of_dimensions(tuple(d.id for d in AREAS), "one of the nine areas")]
SymptomId = Annotated[str, _one_of_dimensions(tuple(d.id for d in SYMPTOMS), "one of the symptoms")]
DimensionId = Annotated[str, _one_of_dimensions(tuple(BY_ID), "one of the dimensions")]
