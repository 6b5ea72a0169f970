"""What a field holds: its kind, limits, name for a person, what it refers to, and all of that in words."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import annotated_types as limits
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from toolkit.client.calendar import Quarter
from toolkit.method import AREAS, BY_ID, HIGHEST, LEVELS, LOWEST, SYMPTOMS
from toolkit.words import fixed

M = TypeVar("M")

ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
SLUG_PATTERN = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
LARGEST_AMOUNT = 1e12
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
TWO_NUMBERS = re.compile(r"[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}", re.ASCII)
ROUNDED = re.compile(
    r"[-+]?\d(?:[.,]\d{1,5})?E\+\d{2}", re.IGNORECASE | re.ASCII
)  # as a spreadsheet saves 123456789012
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class Kind:
    """What an error says about a kind of value; its limits are read off the type itself.

    Attributes
    ----------
    allowed : str
        A noun phrase with the unit, such as "an amount in the client's currency".
    remedy : str
        How to write it, as a sentence.
    choices : tuple of str
        The only values, where they are few.
    """

    allowed: str
    remedy: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Label:
    """What a person reads beside a field.

    Attributes
    ----------
    text : str
        The field's name for a person.
    hint : str
        What a good answer looks like.
    wanted : bool
        Whether a page is the poorer without it.
    choices : tuple of (str, str)
        What its few values are called, each with the value, where that is not the value itself.
    """

    text: str
    hint: str = ""
    wanted: bool = False
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Refers:
    """Marks an id that names something recorded elsewhere; ``to`` says what, as a noun ("goal")."""

    to: str


@dataclass(frozen=True)
class Contradiction:
    """What a row says against itself: at which field, what stands there, what is allowed and what to do.

    ``also`` are the other fields that it concerns.
    """

    field: str
    found: object
    allowed: str
    remedy: str
    also: tuple[str, ...] = ()


class Row(BaseModel):
    """Base of every model: unknown fields are errors, values are frozen, text is trimmed.

    A field given as nothing or as blank text counts as left out, in files and in forms alike.

    Attributes
    ----------
    noun : str
        What a row is called; empty where nothing names it.
    key : tuple of str
        The fields that tell it from others of its list, together; empty for a row that stands alone.
    """

    noun: ClassVar[str] = ""
    key: ClassVar[tuple[str, ...]] = ()

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _blank_is_left_out(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {
            name: value
            for name, value in data.items()
            if not (value is None or (isinstance(value, str) and not value.strip()))
            or name not in cls.model_fields  # a name that is not known is a fault, empty or not
        }

    def contradictions(self) -> Iterator[Contradiction]:
        """Yield what the row says against itself."""
        return iter(())


def _no_control_characters(text: str) -> str:
    if _CONTROL.search(text):
        bad = ", ".join(sorted({f"U+{ord(c):04X}" for c in _CONTROL.findall(text)}))
        raise PydanticCustomError(
            "control_characters", "text without control characters ({bad})", {"bad": bad}
        )
    return text


_NO = frozenset(
    word.strip()
    for line in """
        no | n | not | none | nobody | false | 0 | - | – | — | ? | n/a | n.a | tbd | tba | tbc | unknown | optional
        to be determined | to be confirmed | to be decided
        nein | keine | keiner | niemand | offen | unbekannt | k.a | k. a | falsch | non | aucun | faux | inconnu
        nee | nej | nei | ne | nie | não | nao | falso | por determinar | da definire
    """.strip().splitlines()
    for word in line.split("|")
)


def no_mere_no(text: str) -> str:
    """Refuse a text that says that there is nothing to say, where any text at all counts as a reason or a name."""
    if " ".join(text.casefold().split()).rstrip(".!") in _NO:
        raise PydanticCustomError("mere_no", "a text that says more than no")
    return text


# What says of work that it need not be: a no with a remark behind it, "not mandatory", "nice to have", an empty box.
_DENIED = re.compile(
    r"(?:no|not|non|nein|nee|nej|nei|não|nao|n)\s*[-–—(,;:/].*"
    r"|(?:no|not|non|nicht|kein|keine|pas|niet|inte|ikke)\s+(?:a\s+|an\s+)?(?:mandat|requir|oblig|compuls|necess|need|must|"
    r"verpflicht|pflicht|zwingend|nötig|notwendig|erforderlich|verplicht).*"
    r"|(?:non-?mandatory|nonmandatory|voluntary|volunt|discretionary|nice to have|freiwillig|facultatif|facultative|facultativo"
    r"|opcional|optionnel|vrijwillig)\b.*"
    r"|0+(?:[.,]0*)?|[\W_]+",
    re.DOTALL,
)


def no_denial(text: str) -> str:
    """Refuse a text that says that something need not be done, where any text counts as why it must."""
    if _DENIED.fullmatch(" ".join(text.casefold().split())):
        raise PydanticCustomError("denial", "a reason, not that there is none")
    return text


class UnclearText(str):
    """Figures with a zero before them, in YAML: 010 is a code, 10, or 8 where it is read as octal."""


class Written(float):
    """A number read from a file, with its text where that could be two: 350.000."""

    text: str

    @classmethod
    def of(cls, text: str) -> float:
        """Return a text's number, with its text where that could be two."""
        if not TWO_NUMBERS.fullmatch(text):
            return float(text)
        made = cls(text)
        made.text = text
        return made

    def __str__(self) -> str:
        return self.text


def number_text(value: float) -> str:
    """Write a number so that it can be read as no other: 12.3450, for 12.345 may be twelve thousand."""
    text = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
    return f"{text}0" if TWO_NUMBERS.fullmatch(text) else text


def two_numbers(text: str) -> tuple[str, str]:
    """Return the two numbers that a text such as 350.000 may be, each written so that it is certain."""
    return number_text(float(text.replace(",", "."))), re.sub("[.,]", "", text)


def _refuse_two_numbers(text: str) -> None:
    small, large = two_numbers(text)
    readings = {"text": text, "small": small, "large": large}
    raise PydanticCustomError("two_numbers", "{text} may be {small} or {large}", readings)


def _below_a_thousand(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("truth_value", "a number, not yes or no")
    if isinstance(value, UnclearText) or (
        isinstance(value, str) and "_" in value
    ):  # 1_000 is no way to write
        raise PydanticCustomError("figures", "a number in plain figures")
    return float(value) if isinstance(value, Written) else value


def _one_number(value: Any) -> Any:
    text = value.text if isinstance(value, Written) else value.strip() if isinstance(value, str) else ""
    if TWO_NUMBERS.fullmatch(text):
        _refuse_two_numbers(text)
    if ROUNDED.fullmatch(text):
        raise PydanticCustomError("rounded", "a number in full")
    return _below_a_thousand(value)


def _written_as_a_day(value: Any) -> Any:
    # Left to itself, pydantic reads any number as seconds since 1970.
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value.strip())):
        return value
    raise PydanticCustomError("day", "a date, written like 2027-01-31")


def _one_of(choices: tuple[str, ...]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in choices:
            raise PydanticCustomError("dimension", "one of: {allowed}", {"allowed": ", ".join(choices)})
        return value

    return AfterValidator(check)


def _role(value: str) -> str:
    if ";" in value or ":" in value:
        raise PydanticCustomError("role", "a role's name without ';' or ':'")
    return value


def _kind_of_dimension(what: str, choices: tuple[str, ...]) -> Kind:
    return Kind(f"{what}: {', '.join(choices)}", "Write one of these ids exactly as it stands here.", choices)


_AREA_IDS = tuple(dimension.id for dimension in AREAS)
_SYMPTOM_IDS = tuple(dimension.id for dimension in SYMPTOMS)
LONGEST_SHORT_NAME = 28
LONGEST_SLIDE_TITLE = 105

Id = Annotated[
    str,
    Field(pattern=f"^{ID_PATTERN.pattern}$"),
    Kind(
        "an id: up to 64 letters a–z, digits, '.', '-' or '_', beginning with a letter or digit",
        "Choose a short id without spaces or accents, such as 'crm-2027'.",
    ),
]
Name = Annotated[
    str,
    Field(min_length=1, max_length=600),
    AfterValidator(_no_control_characters),
    Kind("text without control characters", "Write a short plain text."),
]
ShortName = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_SHORT_NAME),
    AfterValidator(_no_control_characters),
    Kind(
        "a short name without control characters",
        "Shorten it, or leave it empty: the name is then cut where room is short.",
    ),
]
SlideTitle = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_SLIDE_TITLE),
    AfterValidator(_no_control_characters),
    Kind("a slide's title without control characters", "Write one sentence with the slide's message."),
]
_WHO = Kind("who it is, by name or role", "Leave it empty while nobody is named; any text counts as a name.")
Someone = Annotated[Name, AfterValidator(no_mere_no), _WHO]
_TEXT = Kind("text without control characters", "Write plain text.")
Text = Annotated[str, Field(max_length=20_000), AfterValidator(_no_control_characters), _TEXT]
Reason = Annotated[
    Text,
    AfterValidator(no_mere_no),
    AfterValidator(no_denial),
    Kind("a reason", "Leave it empty if there is none; any text counts as one."),
]
Role = Annotated[
    str,
    Field(min_length=1, max_length=80),
    AfterValidator(_no_control_characters),
    AfterValidator(_role),
    Kind("a role's name without ';' or ':'", "Name the role plainly, such as 'developer'."),
]
_NUMBER = Kind(
    "a number",
    "Write digits only, with a point for decimals: 1234.5, without unit or separators; "
    "leave it empty when it is unknown.",
)
Number = Annotated[float, BeforeValidator(_one_number), _NUMBER]
SmallNumber = Annotated[float, BeforeValidator(_below_a_thousand), _NUMBER]  # whose field takes no thousands
Whole = Annotated[
    int,
    BeforeValidator(_one_number),
    Kind(
        "a whole number",
        "Write digits only, without decimals, unit or separators; leave it empty when it is unknown.",
    ),
]
_AMOUNT = Kind(
    "an amount in the client's currency",
    "Write digits only, without currency sign or thousands separators, such as 1200000; "
    "leave it empty when it is unknown.",
)
Amount = Annotated[Number, Field(ge=0, le=LARGEST_AMOUNT), _AMOUNT]
_SHARE = Kind("a share", "Write a percentage as a share of 1: 0.1 for 10 %.")
Share = Annotated[SmallNumber, Field(ge=0, le=1), _SHARE]
Level = Annotated[
    SmallNumber,
    Field(ge=LOWEST, le=HIGHEST),
    Kind("a maturity level", f"Write a level from {LOWEST} ({LEVELS[0]}) to {HIGHEST} ({LEVELS[-1]})."),
]
Fte = Annotated[
    Number,
    Field(ge=0, le=10_000),
    Kind("people in full-time equivalents (FTE)", "Write a number with a point: 0.5 for half a person."),
]
Year = Annotated[
    Whole, Field(ge=1990, le=2100), Kind("a fiscal year", "Write the year with four digits, such as 2027.")
]
Day = Annotated[
    date,
    Field(ge=date(1990, 1, 1), le=date(2100, 12, 31)),
    BeforeValidator(_written_as_a_day),
    Kind(
        "a date that exists, written year-month-day",
        "Write it like 2027-01-31; in Excel, format the column as text first, or Excel rewrites the date.",
    ),
]
AreaId = Annotated[str, _one_of(_AREA_IDS), _kind_of_dimension("one of the nine areas", _AREA_IDS)]
SymptomId = Annotated[str, _one_of(_SYMPTOM_IDS), _kind_of_dimension("one of the symptoms", _SYMPTOM_IDS)]
DimensionId = Annotated[str, _one_of(tuple(BY_ID)), _kind_of_dimension("one of the dimensions", tuple(BY_ID))]


_PLAIN: dict[Any, Kind] = {
    Quarter: Kind("a fiscal quarter, written year-quarter", "Write it like 2027-Q1."),
    bool: Kind("true or false", "Write true or false.", ("true", "false")),
    str: Kind("text", "Write it as text."),
    int: Kind("a whole number", "Write digits only."),
    float: Kind("a number", "Write digits only, with a point for decimals."),
    date: Kind("a date", "Write it like 2027-01-31."),
}


def accepted_at(model: type[BaseModel], loc: Sequence[str | int]) -> Kind:
    """Return what ``model`` accepts at ``loc`` (field names and entry numbers, outermost first)."""
    if loc and loc[-1] == "[key]":
        return _described(_key_type(_type_at(model, loc[:-2])))
    return _described(_type_at(model, loc))


def field_names(model: type[BaseModel], loc: Sequence[str | int]) -> tuple[str, ...]:
    """Return the names of the fields of the model found at ``loc`` inside ``model``."""
    inner = _bare(_type_at(model, loc))
    return tuple(inner.model_fields) if _is_model(inner) else ()


@cache
def references(model: type[Row]) -> tuple[tuple[str, str], ...]:
    """Return the fields of a model that name something recorded elsewhere, each with what it names."""
    return tuple(
        (name, marks[0].to)
        for name, annotation in _hints(model).items()
        if (marks := _marks(annotation, Refers))
    )


def referred(row: Row, name: str) -> tuple[str, ...]:
    """Return the ids that a field names: one, several, or those that pairs are named by."""
    value = getattr(row, name)
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def people_in(row: Row) -> Iterator[str]:
    """Yield whom a row and the rows within it name, in the order of its fields."""
    for name, annotation in _hints(type(row)).items():
        value = getattr(row, name)
        if _WHO in _flat(annotation)[1] and value:
            yield value
        elif _WHO in _flat(next(iter(get_args(_bare(annotation))), None))[1]:
            yield from value or ()
    for name, _, many in rows_within(type(row)):
        for inner in getattr(row, name) if many else (getattr(row, name),):
            yield from people_in(inner)


@cache
def rows_within(model: type[Row]) -> tuple[tuple[str, type[Row], bool], ...]:
    """Return the fields of a model that hold rows: the field, the model of its rows, and whether it holds many."""
    out = []
    for name, annotation in _hints(model).items():
        bare = _bare(annotation)
        inner = get_args(bare)[0] if get_origin(bare) is tuple else bare
        if isinstance(inner, type) and issubclass(inner, Row):
            out.append((name, inner, inner is not bare))
    return tuple(out)


def label_of(model: type[Row], name: str) -> Label:
    """Return what a person reads beside a field; its name in words where nothing else is stated."""
    marks = _marks(_hints(model)[name], Label)
    return marks[-1] if marks else Label(name.replace("_", " ").capitalize())


def _marks(annotation: Any, kind: type[M]) -> list[M]:
    """Return a field's marks of a kind, its own before those of what it holds; of pairs, their names'."""
    bare, metadata = _flat(annotation)
    found = [one for one in metadata if isinstance(one, kind)]
    inner = (
        [one for one in get_args(bare) if one is not Ellipsis] if get_origin(bare) in (tuple, dict) else []
    )
    return found + (_marks(inner[0], kind) if inner and kind is Refers else [])


def labelled(model: type[Row]) -> tuple[str, ...]:
    """Return the names of the fields of a model that have a label, in its order."""
    return tuple(name for name, annotation in _hints(model).items() if _marks(annotation, Label))


def bare_type(model: type[Row], name: str) -> Any:
    """Return what a field holds, without its limits and without that it may be left out."""
    return _bare(_hints(model)[name])


def is_amount(model: type[BaseModel], name: str) -> bool:
    """Whether a field holds money."""
    return _AMOUNT in _flat(_hints(model)[name])[1]


def is_share(model: type[Row], name: str) -> bool:
    """Whether a field holds a share of 1."""
    return _SHARE in _flat(_hints(model)[name])[1]


def is_long(model: type[Row], name: str) -> bool:
    """Whether a field holds text of several lines."""
    return _TEXT in _flat(_hints(model)[name])[1]


def is_decimal(model: type[BaseModel], name: str) -> bool:
    """Whether a field of ``model`` holds a number that may have decimals."""
    return _bare(_hints(model)[name]) is float


@cache
def _hints(model: type[BaseModel]) -> dict[str, Any]:
    return get_type_hints(model, include_extras=True)


def _type_at(annotation: Any, loc: Sequence[str | int]) -> Any:
    """Walk a type along ``loc``: into models by field name, into lists and mappings by their contents."""
    for part in loc:
        bare = _bare(annotation)
        if _is_model(bare):
            annotation = _hints(bare).get(str(part), str)
        else:
            inner = [one for one in get_args(bare) if one is not Ellipsis]
            annotation = inner[-1] if inner else str
    return annotation


def _key_type(annotation: Any) -> Any:
    return next(iter(get_args(_bare(annotation))), str)


def _flat(annotation: Any) -> tuple[Any, list[Any]]:
    """Split off ``Optional`` and ``Annotated``: the type itself, and its metadata, innermost first."""
    found: list[Any] = []
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *metadata = get_args(annotation)
            found[:0] = metadata
        elif get_origin(annotation) in (Union, types.UnionType):
            annotation = next(one for one in get_args(annotation) if one is not type(None))
        else:
            return annotation, found


def _bare(annotation: Any) -> Any:
    return _flat(annotation)[0]


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _described(annotation: Any) -> Kind:
    bare, metadata = _flat(annotation)
    if get_origin(bare) is Literal:
        choices = tuple(str(choice) for choice in get_args(bare))
        return Kind(
            f"one of: {', '.join(choices)}", "Write one of the values allowed, exactly as it stands.", choices
        )
    if _is_model(bare):
        names = ", ".join(bare.model_fields)
        return Kind(
            f"a group of fields: {names}", "Write its fields as 'name: value' lines, indented under it."
        )
    kinds = [one for one in metadata if isinstance(one, Kind)]
    if kinds:
        return Kind(kinds[-1].allowed + _range(metadata), kinds[-1].remedy, kinds[-1].choices)
    origin = get_origin(bare)
    if origin is dict:
        value = _described(get_args(bare)[1]).allowed
        return Kind(
            f"pairs of a name and {value}", "Write pairs as 'name: value'; in a cell, put '; ' between them."
        )
    if origin in (tuple, list):
        entry = _described(get_args(bare)[0]).allowed
        return Kind(
            f"a list; each entry is {entry}", "Begin each entry with '- '; in a cell, put '; ' between them."
        )
    return _PLAIN.get(
        bare, Kind("a value of another kind", "Compare it with the same field of another client.")
    )


def _range(metadata: Sequence[Any]) -> str:
    """Return the limits among a type's metadata as ", 0 to 1", ", at least 1" or ", 1 to 300 characters"."""
    low = high = shortest = longest = None
    for one in metadata:
        for limit in one.metadata if isinstance(one, FieldInfo) else (one,):
            low = limit.ge if isinstance(limit, limits.Ge) else low
            high = limit.le if isinstance(limit, limits.Le) else high
            shortest = limit.min_length if isinstance(limit, limits.MinLen) else shortest
            longest = limit.max_length if isinstance(limit, limits.MaxLen) else longest
    if longest is not None:
        return f", {shortest or 0} to {longest:,} characters"
    if shortest is not None:
        return f", at least {shortest}"
    if low is not None and high is not None:
        return f", {_limit(low)} to {_limit(high)}"
    return f", at least {_limit(low)}" if low is not None else ""


def _limit(value: Any) -> str:
    if isinstance(value, date) or (isinstance(value, int) and 1990 <= value <= 2100):
        return str(value)
    return fixed(value) if isinstance(value, (int, float)) else str(value)
