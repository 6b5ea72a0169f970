"""Edits of a record's workbook, as a person makes them in a spreadsheet, and what each must come to."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from openpyxl import load_workbook

from toolkit.errors import InputError
from toolkit.intake.record_import import import_record
from toolkit.intake.record_workbook import SHEETS, RecordSheet, kind_of_cell, options_of
from toolkit.intake.workbook_out import readable

# By kind of cell, what is typed or set into it; each with what the record then holds, None where that must be refused.
NUMBERS = (7, 12.5, 1_250_000, "120 000", "1,5", "350.000", "about 5", -3, "#REF!", True)
TEXTS = (
    "=1+1",
    "Ada’s “plan”; and more",
    "O'Brien",
    "+49 30 1234",
    "Ünïcode 名",
    "two\nlines",
    "'quoted'",
)
DAYS = (date(2027, 2, 28), "2028-02-29", "2027-02-30", "next May", 46_000)
# Lists that no sample has, for one of them.
SERVED = {
    "services.csv": "id,name,vendor,yearly_cost,price_rise,renewal,notice_days,owner,retired_by\n"
    's-1,"Support; of =it","Ada\'s, Ltd.",48000.5,0.05,2027-03-31,90,"Ada, CFO",\n',
    "assets.csv": "id,name,kind,number,bought,life_years,price\nx-1,Laptops,laptop,120,2023-05-20,4,1250.25\n",
}


@dataclass(frozen=True)
class Edit:
    """One cell changed: on which sheet, in which row, which field, what was put there."""

    sheet: RecordSheet
    row: int
    field: str
    value: Any


def workbook_with(source: Path, edit: Edit, target: Path) -> None:
    """Write a workbook with one cell changed, found by its heading."""
    book = load_workbook(source)
    sheet, heading = book[edit.sheet.title], edit.sheet.headings[edit.field]
    column = next(cell.column for cell in sheet[1] if cell.value == heading)
    cell = sheet.cell(edit.row, column)
    cell.value = readable(edit.value) if isinstance(edit.value, str) else edit.value
    if isinstance(edit.value, str) and edit.value != "#REF!":
        cell.data_type = "s"
    book.save(target)


def random_edit(source: Path, chance: random.Random) -> Edit:
    """Return an edit of some cell of some list."""
    book = load_workbook(source)
    filled = [one for one in SHEETS if not one.is_group and book[one.title].max_row > 1]
    sheet = chance.choice(filled)
    row = chance.randint(2, book[sheet.title].max_row)
    field = chance.choice([name for name in sheet.headings if name])
    kind = kind_of_cell(sheet.model, field)
    values: dict[str, tuple[Any, ...]] = {
        "number": NUMBERS,
        "day": DAYS,
        "text": (*TEXTS, 2027, date(2027, 1, 1)),
    }
    values["choice"] = (*(label for label, _ in options_of(sheet.model, field)), "perhaps")
    values["several"] = ("a; b", "x", *TEXTS[:2])
    values["pairs"] = ("a: 1; b: 2", "no pair", "a: 1; a: 2")
    empty = () if field in sheet.key else (None,)
    return Edit(sheet, row, field, chance.choice((*values[kind], *empty)))


def key_after(source: Path, edit: Edit) -> tuple[str, ...]:
    """Return what tells the edited row from the others once it is edited."""
    sheet = load_workbook(source)[edit.sheet.title]
    columns = {cell.value: cell.column for cell in sheet[1]}
    parts = []
    for name in edit.sheet.key:
        there = sheet.cell(edit.row, columns[edit.sheet.headings[name]]).value
        value = edit.value if name == edit.field else there
        if name and kind_of_cell(edit.sheet.model, name) == "choice":
            value = dict(options_of(edit.sheet.model, name)).get(value, value)
        if isinstance(value, int) and kind_of_cell(edit.sheet.model, name) == "day":
            value = days_since_1900(value)
        if isinstance(value, date):
            value = f"{value:%Y-%m-%d}"
        parts.append("" if value is None else str(value).strip())
    return tuple(parts)


def held(folder: Path, edit: Edit, key: tuple[str, ...]) -> Any:
    """Return what the record's own file holds where an edit was made, read without the toolkit; "" for nothing."""
    name = edit.sheet.path[-1]
    if edit.sheet.path[0] == "facts":
        found = yaml.safe_load((folder / "client.yaml").read_text("utf-8")).get(name) or []
        if edit.sheet.within:
            rows = found.get(edit.sheet.within, []) if isinstance(found, dict) else [
                {"": one["id"], **row} for one in found for row in one.get(edit.sheet.within, [])
            ]  # fmt: skip
        else:
            rows = found
    else:
        text = (folder / f"{name}.csv").read_text("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    same = [row for row in rows if tuple(str(row.get(part) or "") for part in edit.sheet.key) == key]
    value = same[0].get(edit.field, "") if len(same) == 1 else f"{len(same)} rows of {key}"
    return "" if value is None else value


def days_since_1900(number: int) -> str:
    """Return the day that a spreadsheet shows for a number in a cell that is formatted as a date."""
    return (date(1899, 12, 30) + timedelta(days=number)).isoformat()


def expected(edit: Edit) -> str:
    """Return how the record must hold what was put into a cell: a choice by its value, all else as it was typed."""
    value = edit.value
    if value is None:
        return ""
    if kind_of_cell(edit.sheet.model, edit.field) == "day" and isinstance(value, int):
        return days_since_1900(value)
    if kind_of_cell(edit.sheet.model, edit.field) == "choice":
        return dict(options_of(edit.sheet.model, edit.field)).get(value, value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def as_text(value: Any) -> str:
    """Return a value of a file as text that can be compared: lists and pairs as a cell has them, numbers plainly."""
    if isinstance(value, list):
        return "; ".join(map(as_text, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {as_text(one)}" for name, one in value.items())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.10f}".rstrip("0").rstrip(".")
    text = value.isoformat() if isinstance(value, date) else str(value).strip()
    text = text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in ("=", "+", "-", "@") else text
    try:
        return as_text(float(text)) if text and text.replace(".", "").replace("-", "").isdigit() else text
    except ValueError:
        return text


def outcome(clients: Path, slug: str, source: Path, edit: Edit, target: Path) -> str:
    """Make an edit and import it; return "arrived", "refused", or what is wrong."""
    workbook_with(source, edit, target)
    before = {path.name: path.read_bytes() for path in (clients / slug).iterdir() if path.is_file()}
    try:
        import_record(clients, slug, target)
    except InputError as error:
        after = {path.name: path.read_bytes() for path in (clients / slug).iterdir() if path.is_file()}
        changed = [name for name, data in before.items() if after.get(name) != data]
        unclear = [one for one in error.faults if not (one.where and one.allowed and one.remedy)]
        return f"refused, but {changed or unclear} is not as it was" if changed or unclear else "refused"
    found = as_text(held(clients / slug, edit, key_after(source, edit)))
    wanted = as_text(expected(edit))
    return "arrived" if found == wanted else f"{edit}: holds {found!r}, not {wanted!r}"
