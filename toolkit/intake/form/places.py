"""Places of the document, and of faults found in it, in the form's own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from toolkit.errors import Fault, shown
from toolkit.intake.document import DONT_KNOW, PRIVATE, Document, Path, at, entries, is_list
from toolkit.intake.form.fields import CONTRIBUTION_CHOICES, called
from toolkit.intake.form.sections import BY_KEY, GROUP_CHOICES, GROUP_ROWS, FieldSpec
from toolkit.intake.typed_value import grouped

_IN_FACTS = re.compile(r"client\.yaml, ([^,]+)(?:, entry (\d+)(?: \(.*?\))?)?(.*)", re.DOTALL)
_IN_ROWS = re.compile(
    r"(initiatives|actions|services|assets)\.csv, row (\d+)(?:, column ([^,]+))?(.*)", re.DOTALL
)
_GROUP_TITLES = {name: title for title, name in GROUP_CHOICES}
_SECTION_OF = {"budget": "money", "capacity": "money", "positions": "scoring", PRIVATE: "scoring"}
_LEVEL = {value: text for text, value in CONTRIBUTION_CHOICES}


def section_of(path: Path) -> str:
    """Return the key of the section in which a place is filled in; "" when the form does not show it."""
    top = path[1] if path[0] == "facts" and len(path) > 1 else path[0]
    key = _SECTION_OF.get(top, top)
    return key if key in BY_KEY or key == "scoring" else ""


def place(document: Document, path: Path) -> str:
    """Return a path in words: "Goals, “Deliver on time”, Owner"."""
    part = BY_KEY.get(section_of(path))
    if part is None:
        if path[0] == PRIVATE:
            return "Scores given alone"
        return ", ".join(_scores(document, path[1:]) if section_of(path) else path[1:])
    rest = path[len(part.path) :]
    words = [part.title]
    if rest and is_list(part.path):
        entry = at(document, (*part.path, rest[0]))
        words.append(f"“{called(entry)}”" if entry else f"“{rest[0]}”")
        rest = rest[1:]
    if rest:
        ask = ask_at(path)
        words += [ask.label if ask else rest[0].replace("_", " "), *(named(document, ask, id) for id in rest[1:2])]  # fmt: skip
    return ", ".join(words)


def ask_at(path: Path) -> FieldSpec | None:
    """Return what the form asks at a path, or at what the path leads into; None where it asks nothing."""
    part = BY_KEY.get(section_of(path))
    rest = path[len(part.path) + is_list(part.path) :] if part else ()
    asks = {ask.name: ask for ask in (*(part.asks if part else ()), GROUP_ROWS)}
    return asks.get(rest[0]) if rest else None


def _scores(document: Document, path: Path) -> list[str]:
    round_id, *rest = path or ("",)
    one = at(document, ("facts", "rounds", round_id))
    return ["Scores", called(one) if one else round_id, *(_GROUP_TITLES.get(word, word) for word in rest)]


def in_words(document: Document, fault: Fault) -> tuple[Fault, str, str]:
    """Return a fault with its place in the form's words, and the section and entry to go to."""
    path = _path_of(document, fault.where)
    if not path:
        return fault, "", ""
    key = section_of(path)
    id = path[len(BY_KEY[key].path)] if key in BY_KEY and is_list(BY_KEY[key].path) and len(path) > len(BY_KEY[key].path) else ""  # fmt: skip
    ask, row = ask_at(path), []
    if ask and ask.columns:  # inside a table: its row and column in words
        path = path[: path.index(ask.name) + 1]
        row = row_of(ask, _inside(fault.where, path), document)
    where = ", ".join([place(document, path), *row])
    return replace(fault, where=where, allowed=_plain(fault.allowed), remedy=_plain(fault.remedy)), key, id


def concerned(document: Document, fault: Fault) -> Iterator[tuple[Path, Fault]]:
    """Yield the path of each field that a fault concerns, and the fault as it is told under that field.

    Its place is then the row and column of a table; under the other fields it concerns, the field that it is about.
    """
    words, key, _ = in_words(document, fault)
    path = _path_of(document, fault.where)
    ask = (ask_at(path) or _ask_of_all(path)) if key else None
    if ask is None:
        return
    if ask.columns:
        yield (
            path[: path.index(ask.name) + 1],
            replace(words, where=", ".join(row_of(ask, _inside(fault.where, path), document))),
        )
        return
    yield path, replace(words, where="")
    for where in fault.also:
        other = _path_of(document, where)
        if other and other != path:
            about = ask.label if other[:-1] == path[:-1] else place(document, path)
            yield other, replace(words, where=about)


def _ask_of_all(path: Path) -> FieldSpec | None:
    """Return what the form asks where a path names a field of a list, but no entry: it is meant in all of them."""
    part = BY_KEY.get(section_of(path))
    if part is None or not is_list(part.path) or path[:-1] != part.path:
        return None
    return next((ask for ask in part.asks if ask.name == path[-1]), None)


def _plain(text: str) -> str:
    """Return what is said of the record's files and ids as said of the form's sections and names."""
    for pattern, words in ((r"\bthe id of (an? )", r"\1"), (r"Correct the id\b", "Correct it")):
        text = re.sub(pattern, words, text)
    text = text.replace("initiatives.csv", f"“{BY_KEY['initiatives'].title}”")
    titles = {part.path[-1]: part.title for part in BY_KEY.values()} | {name: BY_KEY[key].title for name, key in _SECTION_OF.items() if key in BY_KEY}  # fmt: skip
    return re.sub(r"client\.yaml, (\w+)", lambda found: f"“{titles[found[1]]}”" if found[1] in titles else found[0], text)  # fmt: skip


def _inside(where: str, path: Path) -> str:
    """Return what of a fault's place lies inside the entry of a list, or all of it where there is no list."""
    match = _IN_FACTS.fullmatch(where)
    return match[3] if match and is_list(path[:2]) else where


def _path_of(document: Document, where: str) -> Path:
    """Return the path a fault's place stands for, as far as the form shows it; empty when it does not."""
    if match := _IN_ROWS.fullmatch(where):
        rows = entries(document, (match[1],))
        at_ = int(match[2]) - 2
        found = rows[at_]["id"] if 0 <= at_ < len(rows) else ""
        return (match[1], found, *([match[3]] if match[3] else []))
    if not (match := _IN_FACTS.fullmatch(where)):
        return ()
    top = match[1].removeprefix("field ")
    path: Path = ("facts", top)
    if match[2] and is_list(path):
        found_in = entries(document, path)
        at_ = int(match[2]) - 1
        path = (*path, found_in[at_]["id"] if 0 <= at_ < len(found_in) else "")
    names = re.findall(r"(?:field )?([a-z_-]+)", re.sub(r"entry \d+(?: \(.*?\))?", "", match[3]))
    return (*path, *names[:1])


def shown_value(document: Document, path: Path, value: object) -> str:
    """Return a value of the document as a person reads it; entries by what they are called."""
    if value is None:
        return "nothing"
    if path[0] == PRIVATE:
        return "scores that stay private"
    if path[0] == "positions" and value == DONT_KNOW:
        return "don’t know"
    return said(document, ask_at(path), value)


def told_change(old: Document, new: Document, path: Path, before: Any, after: Any) -> list[str]:
    """Return a change from one document to another in words; of a table of rows, only what changed in it."""
    where = place(old if after is None else new, path)
    ask = ask_at(path)
    if ask and _is_table(ask, path):
        return [
            f"{where}, {shown(one)}" for one in rows_changed(ask, (old, before or []), (new, after or []))
        ]
    was, is_ = shown(shown_value(old, path, before)), shown(shown_value(new, path, after))
    if isinstance(before or after, dict) and "id" in (before or after) and None in (before, after):
        return [f"{where}: {'added' if before is None else 'removed'}"]
    if before is None:
        return [f"{where}: {is_}"]
    return [f"{where}: removed, was {was}" if after is None else f"{where}: {was} becomes {is_}"]


def _is_table(ask: FieldSpec, path: Path) -> bool:
    return bool(ask.columns) and path[-1] == ask.name


def undone(document: Document, path: Path, value: Any) -> str:
    """Return that a place is again what it was; a table whole is too long to tell."""
    ask = ask_at(path)
    if ask and _is_table(ask, path):
        return f"Undone: {place(document, path)} as before."
    return f"Undone: {place(document, path)} is {shown(shown_value(document, path, value))} again."


def shown_change(document: Document, path: Path, before: Any, value: Any) -> str:
    """Return what a place became, for one who knows what it was; of a table of rows, what changed in it."""
    ask = ask_at(path)
    if ask and _is_table(ask, path):
        return "; ".join(rows_changed(ask, (document, before or []), (document, value or [])))
    return shown_value(document, path, value)


Row = Mapping[str, Any]


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
