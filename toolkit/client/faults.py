"""Faults in the house's voice: what a model refused, where, what it accepts, and what to do.

What is allowed is read off the model's own types (:mod:`toolkit.client.field_types`), so a limit is
stated once and no text can drift from it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from toolkit.client.field_types import accepted_at, field_names
from toolkit.errors import MOST_TOLD, Fault, Place, shown

PlaceOf = Callable[[Sequence[str | int]], str]  # from an error's loc to a place

LISTED = 15
MOST_COMPARED = 250  # known words; among more, the nearest takes too long to find
_LABELS = ("id", "group", "year", "role", "date", "name", "initiative")
_SAYS_WHAT_IS_ALLOWED = ("aspect", "anchors", "twice", "pairs")
_TOO_SMALL = ("greater_than", "greater_than_equal")
_TOO_LARGE = ("less_than", "less_than_equal")
_WRONG_SHAPE = {
    "model_type": "Write its fields as 'name: value' lines, indented under it.",
    "dict_type": "Write it as 'name: value' lines, indented under it.",
    "tuple_type": "Begin each entry on a line of its own with '- '.",
    "list_type": "Begin each entry on a line of its own with '- '.",
    "string_type": "Put the value in quotation marks, so that it is read as text.",
    "invalid_key": "Put the field's name in quotation marks, so that it is read as text.",
}


def listed(values: Iterable[object]) -> str:
    """Return values as one line for an ``allowed`` text, the first 15 of them and how many follow."""
    all_values = list(values)
    if not all_values:
        return "none is recorded yet"
    more = len(all_values) - LISTED
    return ", ".join(map(shown, all_values[:LISTED])) + (f" and {more} more" if more > 0 else "")


def closest(word: object, known: Iterable[str]) -> str:
    """Return "Did you mean 'x'? " for the known word nearest to ``word``, else an empty text."""
    by_lower = {one.lower(): one for one in known}
    if len(by_lower) > MOST_COMPARED:
        return ""
    near = difflib.get_close_matches(str(word).lower()[:80], by_lower, n=1, cutoff=0.6)
    return f"Did you mean '{by_lower[near[0]]}'? " if near else ""


def unknown_reference(where: str, found: str, what: str, known: Iterable[str], home: str) -> Fault:
    """Return the fault of naming something that is not recorded.

    Parameters
    ----------
    what : str
        What is referred to, as a noun ("goal").
    known : iterable of str
        The ids that exist.
    home : str
        Where one would be added ("client.yaml, goals").
    """
    ids = list(known)
    article = "an" if what[0] in "aeiou" else "a"
    return Fault(
        where,
        found,
        f"the id of {article} {what} in {home}: {listed(ids)}",
        f"{closest(found, ids)}Correct the id, add the {what} to {home}, or remove the reference.",
    )


def found_text(value: object) -> str:
    """Return a value as a reader of the file would name it; lists and groups are counted, not spelled out."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return f"a group of {len(value)} fields"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)} entries"
    if isinstance(value, date):
        return value.isoformat()
    return shown(value)


def place_in_yaml(file: str, data: object) -> Callable[[Sequence[str | int]], Place]:
    """Return a function that names a place in a YAML file: entries by number and by their own id."""

    def place(loc: Sequence[str | int]) -> Place:
        steps: list[tuple[str | int, str]] = []
        here = data
        for index, part in enumerate(loc):
            inside = _inside(here, part)
            if isinstance(part, int):
                label = _label(inside)
                steps.append((part, f"entry {part + 1}" + (f" ({label})" if label else "")))
            elif part != "[key]":
                steps.append((part, f"field {shown(part)}" if index == len(loc) - 1 else shown(part)))
            here = inside
        return Place(file, *steps)

    return place


def _inside(data: object, part: str | int) -> object:
    if isinstance(data, Mapping):
        return data.get(part)
    if isinstance(data, BaseModel):
        return getattr(data, str(part), None)
    if isinstance(data, (list, tuple)) and isinstance(part, int) and part < len(data):
        return data[part]
    return None


def _label(entry: object) -> str:
    if not isinstance(entry, (Mapping, BaseModel)):
        return ""
    return next((shown(label) for name in _LABELS if (label := _inside(entry, name)) not in (None, "")), "")


def faults_of(error: ValidationError, model: type[BaseModel], place: PlaceOf) -> list[Fault]:
    """Turn what pydantic found wrong with a value of ``model`` into faults, the first 500 of them one by one.

    Parameters
    ----------
    place : callable
        From an error's ``loc`` to the words of :attr:`Fault.where`; see :func:`place_in_yaml`.
    """
    errors = error.errors(include_url=False)
    faults = [fault_of(each, model, each["loc"], place(each["loc"])) for each in errors[:MOST_TOLD]]
    if more := len(errors) - len(faults):
        remedy = "Correct those above, then try again."
        faults.append(Fault(place(()), f"{more:,} more faults", "a record without faults", remedy))
    return faults


def fault_of(error: ErrorDetails, model: type[BaseModel], loc: Sequence[str | int], where: str) -> Fault:
    """Turn one of pydantic's errors into a fault; ``loc`` is its place relative to ``model``."""
    kind = error["type"]
    if kind == "extra_forbidden":
        return unknown_field(where, str(loc[-1]), field_names(model, loc[:-1]))
    accepted = accepted_at(model, loc)
    if kind == "missing":
        name = shown(loc[-1])
        return Fault(
            where,
            "nothing",
            f"{accepted.allowed}; this field is required",
            f"Add {name} here. {accepted.remedy}",
        )
    allowed = error["msg"] if kind in _SAYS_WHAT_IS_ALLOWED else accepted.allowed
    if kind == "two_numbers":
        allowed = f"{allowed}; {error['msg']}"
    return Fault(where, _found(error), allowed, _remedy(error, accepted.remedy, accepted.choices))


def unknown_field(where: str, name: str, names: Sequence[str], what: str = "field") -> Fault:
    """Return the fault of a field or column that the record does not have."""
    return Fault(
        where,
        f"a {what} named '{shown(name)}'",
        f"these {what}s: {', '.join(names)}",
        f"{closest(name, names)}Rename or remove the {what}.",
    )


def _found(error: ErrorDetails) -> str:
    text = found_text(error["input"])
    if error["type"] in ("string_too_long", "string_too_short"):
        return f"{len(str(error['input']))} characters: {text}"
    return text


def _remedy(error: ErrorDetails, usual: str, choices: tuple[str, ...]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _WRONG_SHAPE and error["input"] is not None:
        return _WRONG_SHAPE[kind]
    if kind in _TOO_SMALL:
        return f"Correct it to {found_text(context.get('ge', context.get('gt')))} or more. {usual}"
    if kind in _TOO_LARGE:
        return f"Correct it to {found_text(context.get('le', context.get('lt')))} or less. {usual}"
    if kind == "string_too_long":
        return f"Shorten it to {context['max_length']} characters. {usual}"
    if kind == "two_numbers":
        return f"Write {context['small']} for the one, {context['large']} for the other. {usual}"
    if kind == "control_characters":
        return "Retype the text: it holds characters that cannot be seen, such as U+0007."
    if kind == "pairs":
        return "Write each pair as 'name: number' and put '; ' between pairs."
    if kind == "anchors":
        return "Write five anchors, the first for level 1, or remove them all."
    if kind == "aspect":
        return "Add 'aspect: importance' or 'aspect: satisfaction' to a need's question; remove it elsewhere."
    if kind == "twice":
        return "Give each question an id of its own."
    return closest(error["input"], choices) + usual
