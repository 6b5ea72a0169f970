"""Values of the document as a person reads them: amounts in groups of three, options and entries by their names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from toolkit.intake.document import Document, at
from toolkit.intake.form.fields import CONTRIBUTION_CHOICES, called
from toolkit.intake.form.sections import FieldSpec
from toolkit.intake.typed_value import grouped

Row = Mapping[str, Any]
_LEVEL = {value: text for text, value in CONTRIBUTION_CHOICES}


def said(document: Document, ask: FieldSpec | None, value: Any) -> str:
    """Return the value of a field as a person reads it; ``ask`` is None for what the form does not ask."""
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return "; ".join(said(document, ask, one) for one in value)
    if isinstance(value, Mapping):
        if "id" in value:
            return f"“{called(value)}”"
        if ask and ask.columns:
            return _row(document, ask, value)
        return "; ".join(f"{named(document, ask, name)}: {_one(document, ask, one)}" for name, one in value.items())  # fmt: skip
    return _one(document, ask, value)


def named(document: Document, ask: FieldSpec | None, id: str) -> str:
    """Return what an entry that a field chooses from is called; as it is written where there is none."""
    entry = at(document, (*ask.of, id)) if ask and ask.of else None
    return f"“{called(entry)}”" if entry else id


def column(ask: FieldSpec, name: str) -> FieldSpec:
    """Return what a column of a table of rows asks; its name in plain letters where the form does not ask it."""
    return next((one for one in ask.columns if one.name == name), FieldSpec(name, name.replace("_", " ")))


def rows_changed(ask: FieldSpec, before: tuple[Document, list[Row]], after: tuple[Document, list[Row]]) -> Iterator[str]:  # fmt: skip
    """Yield what changed in a table of rows, given with the documents it is in: "2024, Run: 4,300,000 becomes 4,310,000"."""
    (old, was), (new, is_) = before, after
    key = _key(ask, was, is_)
    left = dict(_numbered(key, was))
    for which, row in _numbered(key, is_):
        stood = left.pop(which, None)
        if stood is None:
            yield f"{_row(new, ask, row)}, added"
            continue
        for name in dict.fromkeys([*stood, *row]):
            one = column(ask, name)
            if stood.get(name) != row.get(name):
                yield f"{_first(new, ask, row)}, {one.label}: {said(old, one, stood.get(name))} becomes {said(new, one, row.get(name))}"
    for row in left.values():
        yield f"{_row(old, ask, row)}, removed"


def _key(ask: FieldSpec, *tables: list[Row]) -> Callable[[Row], tuple[str, ...]]:
    """Return what tells the rows of tables apart: the first column, else the first and the last, else all of them."""
    names = [one.name for one in ask.columns]
    for few in (names[:1], [names[0], names[-1]]):
        keys = [[tuple(str(row.get(name)) for name in few) for row in rows] for rows in tables]
        if all(len(set(one)) == len(one) for one in keys):
            return lambda row, few=few: tuple(str(row.get(name)) for name in few)  # type: ignore[misc]
    return lambda row: tuple(f"{name}: {one}" for name, one in row.items())


def _numbered(key: Callable[[Row], tuple[str, ...]], rows: list[Row]) -> Iterator[tuple[object, Row]]:
    """Yield rows under what tells them apart; rows alike in everything by their number among these."""
    met: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        met[key(row)] += 1
        yield (key(row), met[key(row)]), row


def _row(document: Document, ask: FieldSpec, row: Row) -> str:
    first = ask.columns[0].name
    rest = [f"{column(ask, name).label} {said(document, column(ask, name), value)}" for name, value in row.items() if name != first]  # fmt: skip
    return f"{_first(document, ask, row)}{': ' if rest else ''}{', '.join(rest)}"


def _first(document: Document, ask: FieldSpec, row: Row) -> str:
    first = ask.columns[0]
    return said(document, first, row[first.name]) if first.name in row else f"no {first.label.lower()} yet"


def _one(document: Document, ask: FieldSpec | None, value: Any) -> str:
    text = str(value)
    if ask is None:
        return text
    options = {value: label for label, value in ask.options} | (_LEVEL if ask.kind == "levels" else {})
    if text in options:
        return options[text]
    if ask.kind in ("one", "several"):
        return named(document, ask, text)
    return grouped(text) if ask.kind == "amount" else text


def row_of(ask: FieldSpec, where: str, document: Document) -> list[str]:
    """Return the row and the column that the place of a fault ends in: ["row 2 (2028)", "Held back"]."""
    found = re.search(r"entry (\d+)(?: \(([^()]*)\))?(.*)", where, re.DOTALL)
    if not found:
        return []
    first = said(document, ask.columns[0], found[2]) if found[2] else ""
    words = [f"row {found[1]}{f' ({first})' if first else ''}"]
    inside = re.findall(r"(?:field )?([a-z0-9_-]+)", found[3])
    if inside:
        one = column(ask, inside[0])
        words += [one.label, *(named(document, one, id) for id in inside[1:2])]
    return words
