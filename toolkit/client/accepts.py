"""What a place in a model accepts, in words, read off its types so that no limit is stated twice."""

from __future__ import annotations

import types
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import annotated_types as limits
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from toolkit.client.calendar import Quarter
from toolkit.client.fields import Kind
from toolkit.words import fixed

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
