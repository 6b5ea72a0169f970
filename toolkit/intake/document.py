"""A record as a form edits it: plain nested values that may be incomplete or wrong, addressed by paths.

A document is nested dicts, lists and text. ``facts`` holds what ``client.yaml`` does, ``initiatives``, ``actions``,
``services`` and ``assets`` the rows of their files, ``positions`` the agreed or named scores by round, group and question, and ``private`` the
scores that members of a consensus group gave before theirs were revealed. A path names a place in it: fields by
name, entries of a list by their id. Whatever is blank is left out, so that two documents that say the same are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from toolkit.client.calendar import Quarter, in_files
from toolkit.client.field_types import Row, number_text
from toolkit.client.record import Record
from toolkit.client.schema import Profile, RoundGroup

Document = dict[str, Any]
Path = tuple[str, ...]
# Lists whose entries are told apart by their id; any other list is one value, changed as a whole.
LISTS = ("goals", "kpis", "impact", "risks", "themes", "rounds", "meetings")
PREFIX = {"goals": "goal", "kpis": "kpi", "impact": "impact", "risks": "risk", "themes": "theme", "rounds": "round", "meetings": "meeting", "initiatives": "initiative", "actions": "action", "services": "service", "assets": "asset"}  # fmt: skip
INITIATIVES: Path = ("initiatives",)
ACTIONS: Path = ("actions",)
SERVICES: Path = ("services",)
ASSETS: Path = ("assets",)
TABLES = (INITIATIVES, ACTIONS, SERVICES, ASSETS)  # lists that are files of their own
PRIVATE = "private"
_EXAMPLE_YEAR = 2027
DONT_KNOW = "0"  # a position, or a private score, of "don't know"


@dataclass(frozen=True)
class Change:
    """One place of a document and its value before and after; None where there is none.

    ``index`` is where in its list an entry stood or is to stand; None means its end.
    """

    path: Path
    before: Any
    after: Any
    index: int | None = None


def document_of(record: Record) -> Document:
    """Return a record as a document."""
    facts = _plain(record.facts.model_dump(exclude_unset=True))
    facts.pop("schema_version", None)
    tables = {name: recorded_rows(getattr(record, name)) for (name,) in TABLES}
    document = {"facts": facts, **tables, "positions": _positions(record)}
    return {name: part for name, part in document.items() if not is_blank(part)}


def recorded_rows(rows: Iterable[Row]) -> list[Document]:
    """Return rows of the record as a document holds them."""
    return [_plain(one.model_dump(exclude_unset=True)) for one in rows]


def fiscal_example(document: Document) -> str:
    """Say which months a fiscal year covers, as a sentence with one year; "" where fiscal years are calendar years."""
    profile = at(document, ("facts", "profile")) or {}
    names = ("fiscal_year_starts", "fiscal_year_named_after")
    try:
        fiscal = Profile.model_validate(
            {"name": "-"} | {name: profile[name] for name in names if name in profile}
        ).fiscal
    except ValidationError:
        return ""
    years = [
        one["year"] for one in at(document, ("facts", "budget")) or () if str(one.get("year", "")).isdecimal()
    ]
    year = max(map(int, years), default=_EXAMPLE_YEAR)
    return "" if fiscal.is_calendar or not 1 < year < 9998 else f"FY{year} is {fiscal.covers(year)}."


def answers_by(group: Document) -> str:
    """Return how a group of a round answers, as far as the document says: "survey", "consensus" or "named"."""
    try:
        return RoundGroup.model_validate(group).answers_by
    except ValidationError:
        return group.get("mode") or "survey"


def answered_together(one: Document) -> list[str]:
    """Return the groups of a round whose answer is one position: agreed, or one person's."""
    return [each["group"] for each in one.get("groups", ()) if answers_by(each) != "survey"]


def recorded_together(record: Record) -> set[tuple[str, str]]:
    """Return the round and group of each of a record's groups whose answer is one position."""
    return {
        (one.id, each.group)
        for one in record.facts.rounds
        for each in one.groups
        if each.answers_by != "survey"
    }


def _positions(record: Record) -> Document:
    together = recorded_together(record)
    positions: Document = {}
    for one in record.responses:
        if (one.round, one.group) in together:
            said = DONT_KNOW if one.score is None else str(one.score)
            positions.setdefault(one.round, {}).setdefault(one.group, {})[one.question] = said
    return positions


def _plain(value: Any) -> Any:
    """Return a model's value as text and collections of it, blank ones left out."""
    if isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        pairs = {str(name): _plain(inner) for name, inner in value.items()}
        return {name: inner for name, inner in pairs.items() if not is_blank(inner)}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, (date, Quarter)):
        return in_files(value)
    return value if value is None else str(value)


def is_blank(value: Any) -> bool:
    """Whether a value says nothing."""
    return value is None or value == {} or value == [] or (isinstance(value, str) and not value.strip())


def at(document: Any, path: Path) -> Any:
    """Return what stands at a path, None where nothing does."""
    for part in path:
        if isinstance(document, Mapping):
            document = document.get(part)
        elif isinstance(document, list):
            document = _entry(document, part)
        else:
            return None
    return document


def put(document: Document, path: Path, value: Any, index: int | None = None) -> Change:
    """Set what stands at a path; a blank value takes it away, and groups left empty with it.

    ``index`` is where a new entry of a list is to stand; left out, at its end.

    Raises
    ------
    KeyError
        When the entry on the way to the place is not there: it was removed meanwhile.
    """
    value = None if is_blank(value) else value
    before = deepcopy(at(document, path))
    here = _home(document, path)
    if isinstance(here, list):
        index = _set_entry(here, path[-1], value, index)
    elif value is None:
        here.pop(path[-1], None)
    else:
        here[path[-1]] = value
    _prune(document, path[:-1])
    return Change(path, before, deepcopy(value), index)


def _home(document: Document, path: Path) -> Any:
    """Return the group or list in which a place lies, begun where it is absent; KeyError before anything is."""
    for length in range(1, len(path)):
        entry = length > 1 and is_list(path[: length - 1])
        found = at(document, path[:length])
        if (entry and found is None) or not isinstance(found, (dict, list, type(None))):
            raise KeyError(path[length - 1])
    here: Any = document
    for depth, part in enumerate(path[:-1], start=1):
        if isinstance(here, list):
            here = _entry(here, part)
        else:
            here = here.setdefault(part, [] if is_list(path[:depth]) else {})
    return here


def _entry(entries: list[Any], id: str) -> Any:
    return next((one for one in entries if isinstance(one, dict) and one.get("id") == id), None)


def is_list(path: Path) -> bool:
    """Whether a path is that of a list whose entries are told apart by their id."""
    return path in TABLES or (len(path) == 2 and path[0] == "facts" and path[1] in LISTS)


def _set_entry(entries: list[Any], id: str, value: Any, index: int | None) -> int | None:
    """Replace, add or remove the entry of an id; return where it stood or stands."""
    stood = next((i for i, one in enumerate(entries) if one.get("id") == id), None)
    if value is None:
        if stood is not None:
            del entries[stood]
    elif stood is not None:
        entries[stood] = value
    else:
        entries.insert(len(entries) if index is None else index, value)
    return index if stood is None else stood


def _prune(document: Document, path: Path) -> None:
    """Take away groups and lists that a removal left empty, from the innermost; an entry stays."""
    for length in range(len(path), 0, -1):
        inside, outside = at(document, path[:length]), at(document, path[: length - 1])
        if inside or not isinstance(outside, dict):
            return
        outside.pop(path[length - 1], None)


def entries(document: Document, path: Path) -> list[Document]:
    """Return the entries of a list, none where it is absent."""
    found = at(document, path)
    return found if isinstance(found, list) else []


def free_id(document: Document, path: Path) -> str:
    """Return an id for a new entry of a list that none in it has: ``goal-3``."""
    taken = {one.get("id") for one in entries(document, path)}
    number = len(taken) + 1
    while f"{PREFIX[path[-1]]}-{number}" in taken:
        number += 1
    return f"{PREFIX[path[-1]]}-{number}"
