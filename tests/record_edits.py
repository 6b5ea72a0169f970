"""Edits of a record's workbook, as a person makes them in a spreadsheet, and what the record must then hold.

The oracle reads the record's own files with csv and yaml alone, makes the same edit in what they say, and compares that
with the files after the import: every row of every list, and all that the workbook does not show.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.client.field_types import accepted_at, references
from toolkit.errors import InputError
from toolkit.intake.record_import import import_record
from toolkit.intake.record_workbook import SHEETS, RecordSheet, kind_of_cell, options_of
from toolkit.intake.workbook_out import readable

Plain = dict[str, list[dict[str, Any]]]  # of each sheet its rows, by field

# Lists that no sample has, for one of them.
SERVED = {
    "services.csv": "id,name,vendor,yearly_cost,price_rise,renewal,notice_days,owner,retired_by\n"
    's-1,"Support; of =it","Ada\'s, Ltd.",48000.5,0.05,2027-03-31,90,"Ada, CFO",\n'
    "007,#DIGITAL,,333.3333333333333,0.05,2027-03-31,90,,\n",
    "assets.csv": "id,name,kind,number,bought,life_years,price\nx-1,Laptops,laptop,120,2023-05-20,4,1250.25\n",
}
ARRIVES, REFUSED, EITHER = "arrives", "refused", "arrives or refused"
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Typed:
    """What is put into a cell, and what the record must then hold.

    Attributes
    ----------
    means : Any
        The value on record; None for nothing.
    end : str
        Whether it must arrive, must be refused, or may be either by what else the record says.
    shown : str
        The cell's number format; "" leaves it.
    """

    value: Any
    means: Any = None
    end: str = EITHER
    shown: str = ""


@dataclass(frozen=True)
class Edit:
    """An edit that was made in a workbook.

    Attributes
    ----------
    what : str
        The edit in words.
    end : str
        What must become of it.
    after : dict
        What the record must hold where it arrives.
    place : str
        What a refusal must name: sheet, row and column; "" where another row may be at fault.
    computed : bool
        It holds a formula, to which a spreadsheet that saves it again adds its result.
    """

    what: str
    end: str
    after: Plain = field(repr=False)
    place: str = ""
    computed: bool = False


# --- what is typed into a cell, by its kind ---


def numbers(share: bool, whole: bool, now: Any) -> list[Typed]:
    """Return what is typed into a cell that holds a number."""
    near = round(float(now or 0.1) * 0.5, 3) if share else int(float(now or 4)) + 1
    never = [
        Typed("about 5"), Typed("350.000", end=EITHER if share else REFUSED), Typed(True), Typed(timedelta(hours=30), shown="[h]:mm"), Typed(date(2027, 1, 1)),
        Typed("n/a"), Typed("=1+1"), Typed("#DIV/0!"), Typed(-3), Typed(7_000, shown='#,##0 "k"'), Typed("1_000"), Typed("1e999"), Typed("٣"),
    ]  # fmt: skip
    may_be = {"350.000": 350.0, -3: -3.0}
    out = [
        replace(one, means=may_be[one.value], end=one.end)
        if one.value in may_be
        else replace(one, end=REFUSED)
        for one in never
    ]
    out += [Typed(near, float(near)), Typed(str(near), float(near)), Typed(f" {near}  ", float(near)), Typed(near, float(near), shown="0.00")]  # fmt: skip
    if share:
        out += [Typed(8, end=REFUSED), Typed("8 %", 0.08), Typed(0.08, 0.08, shown="0%"), Typed(0.125, 0.125, shown="0.0 %")]  # fmt: skip
    else:
        out += [Typed(0.5, end=REFUSED if whole else EITHER, means=0.5, shown="0%"), Typed(near, float(near), shown='#,##0 "€"'), Typed(7_000, 7_000.0, shown='#,##0,"k"')]  # fmt: skip
        out += [
            Typed("120,000", end=REFUSED),
            Typed("120 000", 120_000.0),
            Typed("80k", 80_000.0),
            Typed("1,5", 1.5),
            Typed(1_250_000, 1_250_000.0, shown="#,##0"),
        ]
    return out


TEXTS = (
    "Ada’s “plan”; and more", "O'Brien", "+49 30 1234", "Ünïcode 名", "two\nlines", "'quoted'", "007", "1e5", "12:30", "TRUE", "2027-01-31", "31.12.2027",
    "#CRM", "#1 in “all”", "_x000D_", "8 %", "1.500", "no-break\u00a0space", "  trimmed ", "-5", "@home", "x" * 300, "<b>&amp;</b>", "NaN", "null", "yes", "~",
    "a: b", "- a list", "1_000", "0x1F", "\u200bhidden", "smile 🙂",
)  # fmt: skip


def texts(now: Any) -> list[Typed]:
    """Return what is typed into a cell that holds text."""
    out = [Typed(text, text.strip()) for text in TEXTS]
    out += [Typed(2027, "2027"), Typed(2027.5, "2027.5"), Typed(7, "007", shown="000"), Typed(True, "TRUE"), Typed(0.08, "8 %", shown="0%")]  # fmt: skip
    out += [Typed(one, end=REFUSED) for one in (date(2027, 1, 1), timedelta(hours=8), "=1+1", "#REF!", "x" * 20_001)]  # fmt: skip
    return [*out, Typed(f"{now or 'New'} (2)", f"{now or 'New'} (2)")]


def days(now: Any) -> list[Typed]:
    """Return what is typed into a cell that holds a day."""
    near = date.fromisoformat(now or "2027-03-30") + timedelta(days=1)
    good = [Typed(near), Typed(datetime(near.year, near.month, near.day)), Typed(str(near)), Typed(near, shown="dd.mm.yyyy"), Typed(near, shown="d mmm yy"), Typed(f"{near:%d.%m.%Y}"), Typed(datetime(near.year, near.month, near.day, 14, 30))]  # fmt: skip
    never = [Typed("2027-02-30"), Typed("next May"), Typed(46_000, shown="General"), Typed(near, shown="mmm yyyy"), Typed("=TODAY()"), Typed(True), Typed("31/31/2027"), Typed("05/06/2027"), Typed(timedelta(hours=8))]  # fmt: skip
    return [replace(one, means=str(near)) for one in good] + [replace(one, end=REFUSED) for one in never]


def typed(of: RecordSheet, name: str, now: Any) -> list[Typed]:
    """Return what a person may put into a cell of a field that holds ``now``."""
    kind, allowed = kind_of_cell(of.model, name), accepted_at(of.model, (name,) if name else ("id",)).allowed
    if kind == "number":
        return numbers(
            allowed.startswith("a share"),
            "whole" in allowed or "year" in allowed or "integer" in allowed,
            now,
        )
    if kind == "day":
        return days(now)
    if kind == "choice":
        options = options_of(of.model, name)
        good = [Typed(text, value) for label, value in options for text in (label, label.upper(), f" {label}", value)]  # fmt: skip
        return [*good, *(Typed(one, end=REFUSED) for one in ("perhaps", 12.75, "=1+1", date(2027, 1, 1)))]
    if kind == "several":
        good = [Typed("a-1; b-2", ("a-1", "b-2")), Typed("a-1;b-2;", ("a-1", "b-2")), Typed("x\ny", ("x", "y")), Typed(now and "; ".join(reversed(now)), now and tuple(reversed(now)))]  # fmt: skip
        return [*good, Typed("=1+1", end=REFUSED), Typed("#N/A", end=REFUSED)]
    if kind == "pairs":
        good = [Typed("a: 1; b: 2", {"a": 1.0, "b": 2.0}), Typed("; ".join(f"{one}:{number / 2}" for one, number in (now or {}).items()) or None, {one: number / 2 for one, number in (now or {}).items()} or None)]  # fmt: skip
        return [*good, *(Typed(one, end=REFUSED) for one in ("no pair", "a: 1; a: 2", "a 1; b 2", "a: many", 5, "=1+1"))]  # fmt: skip
    return texts(now)


# --- the edits ---


class _NoSuchRows(Exception):
    """The record has no rows for an edit of this kind."""


@dataclass(frozen=True)
class Desk:
    """A workbook that is being edited, what its record says, and chance."""

    book: Workbook
    plain: Plain
    chance: random.Random

    def sheet(self, rows: int = 1, groups: bool = False) -> tuple[RecordSheet, Worksheet]:
        """Return some list with so many rows, or a group of fields."""
        fitting = [
            of
            for of in SHEETS
            if of.title in self.book.sheetnames
            and (groups or not of.is_group)
            and len(self.plain[of.title]) >= rows
        ]
        if not fitting:
            raise _NoSuchRows
        of = self.chance.choice(fitting)
        return of, self.book[of.title]


def column_of(sheet: Worksheet, of: RecordSheet, name: str) -> int:
    """Return a field's column, found by its heading."""
    return next(cell.column for cell in sheet[1] if cell.value == of.headings[name])


def set_cell(sheet: Worksheet, row: int, column: int, what: Typed) -> None:
    """Put something into a cell: a text as text, but for a formula or an error."""
    cell = sheet.cell(row, column)
    cell.value = readable(what.value) if isinstance(what.value, str) else what.value
    if isinstance(what.value, str) and not re.match(r"=|#[A-Z/0]+[!?]|#N/A", what.value):
        cell.data_type = "s"
    if what.shown:
        cell.number_format = what.shown
    elif not isinstance(what.value, (str, date, timedelta)):
        cell.number_format = "General"


def placed(of: RecordSheet, row: int, name: str) -> str:
    """Return how a refusal names a cell."""
    column = "" if of.is_group else f", column {of.headings[name]}"
    return f"sheet {of.title}, row {row}{column}"


def without(plain: Plain, of: RecordSheet, row: dict[str, Any]) -> Plain:
    """Return what is left without a row: the rows that belong to it go with it."""
    after = deepcopy(plain)
    after[of.title] = [one for one in after[of.title] if one != row]
    for inner in SHEETS:
        if inner.owner and inner.path == of.path and not of.within:
            after[inner.title] = [one for one in after[inner.title] if one[""] != row["id"]]
    return after


def value_typed(desk: Desk) -> Edit:
    """Put another value into a cell."""
    of, sheet = desk.sheet(groups=True)
    at = desk.chance.randrange(len(desk.plain[of.title]))
    row = desk.plain[of.title][at]
    name = desk.chance.choice(list(of.headings))
    what = desk.chance.choice(typed(of, name, row.get(name)))
    line = list(of.headings).index(name) + 2 if of.is_group else at + 2
    set_cell(sheet, line, 2 if of.is_group else column_of(sheet, of, name), what)
    return _set(desk, of, at, name, what, line)


def _set(desk: Desk, of: RecordSheet, at: int, name: str, what: Typed, line: int) -> Edit:
    after = deepcopy(desk.plain)
    row = after[of.title][at]
    row[name] = what.means
    said = f"{placed(of, line, name)} set to {what.value!r:.60} {what.shown}"
    place = placed(of, line, name) if what.end == REFUSED else ""
    return Edit(said, what.end, _moved(after, desk.plain, of, at), place, str(what.value).startswith("="))


def _moved(after: Plain, before: Plain, of: RecordSheet, at: int) -> Plain:
    """Return what the record holds with a row whose key has changed: it is another, and stands last."""
    row, old = after[of.title][at], before[of.title][at]
    if any(row.get(name) != old.get(name) for name in of.key):
        after[of.title].append({n: v for n, v in after[of.title].pop(at).items() if n[:1] != "~"})
    return after


def cleared(desk: Desk) -> Edit:
    """Empty a cell."""
    of, sheet = desk.sheet(groups=True)
    at = desk.chance.randrange(len(desk.plain[of.title]))
    row = desk.plain[of.title][at]
    filled = [one for one in of.headings if row.get(one) is not None and one not in of.key]
    if not filled:
        return value_typed(desk)
    name = desk.chance.choice(filled)
    line = list(of.headings).index(name) + 2 if of.is_group else at + 2
    set_cell(sheet, line, 2 if of.is_group else column_of(sheet, of, name), Typed(None))
    return _set(desk, of, at, name, Typed(None), line)


def added(desk: Desk) -> Edit:
    """Add a row like another, with an id of its own: at the end, or after an empty row."""
    of, sheet = desk.sheet()
    if "id" not in of.headings:
        return value_typed(desk)
    at = desk.chance.randrange(len(desk.plain[of.title]))
    line = len(desk.plain[of.title]) + desk.chance.choice((2, 3, 9))
    own = desk.chance.choice(("new-1", "0042", "2027-05", "1e3"))
    for column in range(1, sheet.max_column + 1):
        source, target = sheet.cell(at + 2, column), sheet.cell(line, column)
        target.value, target.number_format, target.data_type = (
            source.value,
            source.number_format,
            source.data_type,
        )
    set_cell(sheet, line, column_of(sheet, of, "id"), Typed(own))
    after = deepcopy(desk.plain)
    after[of.title].append(
        {n: v for n, v in deepcopy(after[of.title][at]).items() if n[:1] != "~"} | {"id": own}
    )
    return Edit(f"{of.title}: row {line} added like row {at + 2}, id {own}", EITHER, after)


def removed(desk: Desk) -> Edit:
    """Delete a row, or empty all its cells."""
    of, sheet = desk.sheet()
    at = desk.chance.randrange(len(desk.plain[of.title]))
    if desk.chance.random() < 0.5:
        sheet.delete_rows(at + 2)
    else:
        for cell in sheet[at + 2]:
            cell.value = None
    return Edit(
        f"{of.title}: row {at + 2} removed",
        EITHER,
        without(desk.plain, of, desk.plain[of.title][at]),
    )


def _cells(sheet: Worksheet) -> list[list[tuple[Any, str, str]]]:
    return [[(cell.value, cell.number_format, cell.data_type) for cell in row] for row in sheet.iter_rows()]


def _write(sheet: Worksheet, rows: list[list[tuple[Any, str, str]]]) -> None:
    for number, row in enumerate(rows, start=1):
        for column, (value, shown, kind) in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value, cell.number_format, cell.data_type = value, shown, kind


def rows_sorted(desk: Desk) -> Edit:
    """Put rows into another order."""
    of, sheet = desk.sheet(2)
    head, *rows = _cells(sheet)
    desk.chance.shuffle(rows)
    _write(sheet, [head, *rows])
    return Edit(f"{of.title}: rows in another order", ARRIVES, desk.plain)


def columns_moved(desk: Desk) -> Edit:
    """Put columns into another order."""
    of, sheet = desk.sheet()
    order = list(range(sheet.max_column))
    desk.chance.shuffle(order)
    _write(sheet, [[row[at] for at in order] for row in _cells(sheet)])
    return Edit(f"{of.title}: columns in another order", ARRIVES, desk.plain)


def column_removed(desk: Desk) -> Edit:
    """Delete a column."""
    of, sheet = desk.sheet()
    name = desk.chance.choice(list(of.headings))
    sheet.delete_cols(column_of(sheet, of, name))
    end, place = (REFUSED, f"sheet {of.title}, row 1") if name in of.key else (ARRIVES, "")
    return Edit(f"{of.title}: column {of.headings[name]} removed", end, desk.plain, place)


def sheet_removed(desk: Desk) -> Edit:
    """Delete a sheet, hide it, or give it another place."""
    of, sheet = desk.sheet(0, groups=True)
    how = desk.chance.choice(("removed", "hidden", "very hidden", "last"))
    if how == "removed":
        desk.book.remove(sheet)
    elif how == "last":
        desk.book.move_sheet(sheet, 30)
    else:
        sheet.sheet_state = how.replace("very h", "veryH")
    return Edit(f"{of.title}: sheet {how}", ARRIVES, desk.plain)


def only_looks(desk: Desk) -> Edit:
    """Change how a sheet looks, and nothing that it says."""
    of, sheet = desk.sheet()
    last = len(desk.plain[of.title]) + 1
    how = desk.chance.choice(
        (
            "filtered",
            "columns hidden",
            "rows inserted",
            "headings in capitals",
            "headings spaced",
            "spaces",
            "a sheet more",
        )
    )
    if how == "filtered":
        sheet.auto_filter.ref = sheet.dimensions
        for row in range(2, last + 1, 2):
            sheet.row_dimensions[row].hidden = True
    elif how == "columns hidden":
        sheet.column_dimensions["A"].hidden = sheet.column_dimensions["C"].hidden = True
    elif how == "rows inserted":
        sheet.insert_rows(desk.chance.randint(1, last), desk.chance.randint(1, 3))
    elif how.startswith("headings"):
        for cell in sheet[1]:
            cell.value = cell.value.upper() if how.endswith("capitals") else f" {cell.value} "
    elif how == "spaces":
        set_cell(sheet, last + 5, desk.chance.randint(1, 30), Typed("  "))
    else:
        desk.book.create_sheet("My notes")["A1"].value = "=1/0"
    return Edit(f"{of.title}: {how}", ARRIVES, desk.plain)


def id_twice(desk: Desk) -> Edit:
    """Give a row what tells another from the rest."""
    of, sheet = desk.sheet(2)
    rows = desk.plain[of.title]
    one, other = desk.chance.sample(range(len(rows)), 2)
    for name in of.key:
        column = column_of(sheet, of, name)
        source, cell = sheet.cell(one + 2, column), sheet.cell(other + 2, column)
        cell.value, cell.data_type, cell.number_format = source.value, source.data_type, source.number_format
    return Edit(
        f"{of.title}: row {other + 2} with the key of row {one + 2}",
        REFUSED,
        desk.plain,
        f"sheet {of.title}, row ",
    )


def leads_nowhere(desk: Desk) -> Edit:
    """Name what is not there."""
    pairs = [
        (of, name)
        for of in SHEETS
        for name in (*dict(references(of.model)), *([""] if of.owner else ()))
        if desk.plain[of.title] and not of.is_group and name not in ("goals", "fte")
    ]
    if not pairs:
        raise _NoSuchRows
    of, name = desk.chance.choice(pairs)
    sheet = desk.book[of.title]
    at = desk.chance.randrange(len(desk.plain[of.title]))
    value = "nobody: 1" if kind_of_cell(of.model, name) == "pairs" else "nobody"
    set_cell(sheet, at + 2, column_of(sheet, of, name), Typed(value))
    return Edit(
        f"{placed(of, at + 2, name)} set to {value!r}",
        REFUSED,
        desk.plain,
        f"sheet {of.title}, row {at + 2}",
    )


def id_changed(desk: Desk) -> Edit:
    """Give an entry another id: it is another entry, and what names the old one must not be lost."""
    of, sheet = desk.sheet()
    if of.key != ("id",):
        return value_typed(desk)
    at = desk.chance.randrange(len(desk.plain[of.title]))
    old = desk.plain[of.title][at]["id"]
    set_cell(sheet, at + 2, column_of(sheet, of, "id"), Typed("renamed-1"))
    after = deepcopy(desk.plain)
    after[of.title][at]["id"] = "renamed-1"
    owns = any(
        row.get("") == old
        for inner in SHEETS
        if inner.owner and inner.path == of.path
        for row in desk.plain[inner.title]
    )
    return Edit(
        f"{of.title}: row {at + 2} with another id",
        REFUSED if owns else EITHER,
        _moved(after, desk.plain, of, at),
    )


def beside(desk: Desk) -> Edit:
    """Write beside the table, or a heading that is none."""
    of, sheet = desk.sheet(groups=True)
    column = sheet.max_column + desk.chance.choice((1, 3))
    row = desk.chance.randint(1, 2)
    set_cell(sheet, row, column, Typed("to be discussed"))
    if of.is_group and row == 1:
        return Edit(f"{of.title}: a heading beside the fields", EITHER, desk.plain)
    return Edit(
        f"{of.title}: row {row}, a note beside the table",
        REFUSED,
        desk.plain,
        f"sheet {of.title}, row {row}",
    )


def head_removed(desk: Desk) -> Edit:
    """Delete the row of headings."""
    of, sheet = desk.sheet(groups=True)
    sheet.delete_rows(1)
    if of.is_group:
        return Edit(f"{of.title}: headings removed", EITHER, desk.plain)
    return Edit(f"{of.title}: headings removed", REFUSED, desk.plain, f"sheet {of.title}")


KINDS: Mapping[Callable[[Desk], Edit], int] = {
    value_typed: 44, cleared: 8, added: 8, removed: 7, rows_sorted: 5, columns_moved: 4, column_removed: 5, sheet_removed: 3, only_looks: 5, id_twice: 4, leads_nowhere: 4,
    id_changed: 4, beside: 3, head_removed: 1,
}  # fmt: skip


def made(source: Path, folder: Path, seed: int, target: Path) -> tuple[str, Edit]:
    """Make an edit in a workbook of the record in a folder; return its kind and the edit."""
    chance = random.Random(seed)
    desk = Desk(load_workbook(source), said(folder), chance)
    kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
    try:
        edit = kind(desk)
    except _NoSuchRows:
        kind = value_typed
        edit = kind(desk)
    desk.book.save(target)
    return kind.__name__.replace("_", " "), edit


# --- what the record's files say, read without the toolkit ---


def said(folder: Path) -> Plain:
    """Return what a record's files say, sheet by sheet; what no sheet shows stands under names that begin with ~."""
    facts = yaml.safe_load((folder / "client.yaml").read_text("utf-8"))
    out: Plain = {}
    for of in SHEETS:
        name = of.path[-1]
        if of.path[0] != "facts":
            path = folder / f"{name}.csv"
            text = path.read_text("utf-8-sig") if path.exists() else ""
            rows = [
                {one: _unmasked(cell) for one, cell in row.items()}
                for row in csv.DictReader(io.StringIO(text, newline=""))
            ]
        elif of.owner:
            rows = [
                {"": one["id"]} | row for one in facts.get(name) or () for row in one.get(of.within) or ()
            ]
        elif of.within:
            rows = (facts.get(name) or {}).get(of.within) or []
        else:
            rows = [facts.get(name) or {}] if of.is_group else facts.get(name) or []
        inner = {one.within for one in SHEETS if one.within and one.path == of.path and not of.within}
        out[of.title] = [_row(of, row, inner) for row in rows]
    shown = {of.path[-1] for of in SHEETS if of.path[0] == "facts"}
    out["~"] = [{name: repr(value) for name, value in facts.items() if name not in shown}]
    tables = {f"{of.path[-1]}.csv" for of in SHEETS if of.path[0] != "facts"}
    others = sorted({*folder.glob("*.csv"), *folder.glob("*.yaml")} - {folder / "client.yaml"})
    out["~files"] = [{path.name: path.read_bytes()} for path in others if path.name not in tables]
    return out


def _unmasked(cell: str) -> str:
    return cell[1:] if re.match(r"'+[=+\-@\t\r]", cell or "") else cell


def _row(of: RecordSheet, row: Mapping[str, Any], inner: set[str]) -> dict[str, Any]:
    out = {}
    for name, value in row.items():
        held = _held(of, name, value) if name in of.headings else repr(value)
        if name not in inner and held not in (None, "", (), {}, "None", "''"):
            out[name if name in of.headings else f"~{name}"] = held
    return out


def _held(of: RecordSheet, name: str, value: Any) -> Any:
    kind = kind_of_cell(of.model, name)
    if value is None or value == "":
        return None
    if kind == "number":
        return float(f"{float(value):.15g}")  # as a spreadsheet keeps it
    if kind == "several":
        return tuple(one.strip() for one in value.split(";")) if isinstance(value, str) else tuple(value)
    if kind == "pairs":
        pairs = (
            (one.rpartition(":")[::2] for one in value.split(";"))
            if isinstance(value, str)
            else value.items()
        )
        return {one.strip(): float(number) for one, number in pairs}
    return value.isoformat() if isinstance(value, date) else str(value)


def compared(plain: Plain) -> Plain:
    """Return what is compared: nothing for nothing, and rows within entries in the order of their entries."""
    out = {title: [{n: v for n, v in row.items() if v is not None} for row in rows] for title, rows in plain.items()}  # fmt: skip
    for of in SHEETS:
        if of.owner:
            outer = next(one for one in SHEETS if one.path == of.path and not one.within)
            order = [row["id"] for row in plain[outer.title]]
            out[of.title].sort(key=lambda row, order=order: order.index(row[""]) if row[""] in order else 0)  # type: ignore[misc]
        usual = {name: _held(of, name, one.default) for name, one in of.model.model_fields.items() if isinstance(one.default, (str, int, float))}  # fmt: skip
        out[of.title] = [{n: v for n, v in row.items() if n in of.key or usual.get(n) != v} for row in out[of.title]]  # fmt: skip
    return out


def ended(clients: Path, slug: str, edit: Edit, file: Path) -> str:
    """Import an edited workbook; return "arrives" or "refused", or what is wrong, in words."""
    folder = clients / slug
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    try:
        import_record(clients, slug, file)
    except InputError as error:
        if {path: path.read_bytes() for path in folder.rglob("*") if path.name != ".lock" and path.is_file()} != {p: d for p, d in before.items() if p.name != ".lock"}:  # fmt: skip
            return "refused, but the record changed"
        if edit.end == ARRIVES:
            return f"refused, but had to arrive: {error.faults[0]}"
        places = [fault.where for fault in error.faults]
        unclear = [
            fault
            for fault in error.faults
            if not (fault.where and fault.found and fault.allowed and fault.remedy)
        ]
        vague = [
            fault.where
            for fault in error.faults
            if not (fault.where.startswith(f"{file.name}, sheet ") or "No sheet holds this" in fault.remedy)
        ]
        if unclear or vague:
            return f"refused, but not by sheet, row and column: {unclear or vague}"
        if not any(edit.place in one for one in places):
            return f"refused, but not at {edit.place!r}: {places}"
        return REFUSED
    found, wanted = compared(said(folder)), compared(edit.after)
    if edit.end == REFUSED:
        return "arrives, but had to be refused"
    wrong = [
        f"{title}: {[row for row in found[title] if row not in wanted[title]]} instead of {[row for row in wanted[title] if row not in found[title]]}"
        for title in found
        if found[title] != wanted[title]
    ]
    return f"the record says something else: {wrong}" if wrong else ARRIVES
