"""Edits of a roadmap's workbook, as a project office makes them, and what the record's initiatives must then be.

The oracle reads ``initiatives.csv`` with csv alone and makes the same edit in its rows: what the plan worked out is not
read back, a cell that is emptied keeps the value on record, and a row that is deleted stays.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from record_edits import ARRIVES, EITHER, REFUSED, Typed, set_cell

from toolkit.errors import InputError
from toolkit.intake import import_file

Rows = dict[str, dict[str, Any]]
READ = {"Initiative": "name", "Status": "status", "Owner in the business": "owner_business", "Owner in IT": "owner_it", "Running cost a year": "opex"}  # fmt: skip
STATUS = {"Proposed": "proposed", "In progress": "in progress", "done": "done", "Stopped": "stopped"}
TYPED: Mapping[str, tuple[Typed, ...]] = {
    "name": (Typed("Another name", "Another name", ARRIVES), Typed("Ünïcode; “名” & <b>", "Ünïcode; “名” & <b>", ARRIVES), Typed("#CRM", "#CRM", ARRIVES), Typed("=1+1", end=REFUSED)),
    "status": (*(Typed(text, value) for text, value in STATUS.items()), Typed("perhaps", end=REFUSED), Typed("#N/A", end=REFUSED)),
    "owner_business": (Typed("Ada, CFO", "Ada, CFO", ARRIVES), Typed("O'Brien", "O'Brien", ARRIVES), Typed("#REF!", end=REFUSED)),
    "owner_it": (Typed("Bo; Cy", "Bo; Cy", ARRIVES), Typed("+49 30 1234", "+49 30 1234", ARRIVES)),
    "opex": (
        Typed(4321, 4321.0, ARRIVES), Typed(1234.5, 1234.5, ARRIVES), Typed("80k", 80_000.0, ARRIVES), Typed("120 000", 120_000.0, ARRIVES), Typed(12.5, 12_500.0, ARRIVES, '0.0 "k"'),
        Typed("about 5", end=REFUSED), Typed(-5, end=REFUSED), Typed("=1+1", end=REFUSED), Typed(timedelta(hours=30), end=REFUSED, shown="[h]:mm"), Typed(0.5, end=REFUSED, shown="0%"),
    ),
}  # fmt: skip
KINDS = ("typed",) * 6 + ("emptied", "worked out", "sorted", "removed", "added", "added", "id twice", "no id", "columns moved", "hidden")  # fmt: skip


def initiatives(folder: Path) -> Rows:
    """Return a client's initiatives by id, as their file has them."""
    text = (folder / "initiatives.csv").read_text("utf-8-sig")
    out: Rows = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        filled = {name: value for name, value in row.items() if value}
        out[row["id"]] = filled | ({"opex": float(row["opex"])} if row.get("opex") else {})
        for name in READ.values():
            value = out[row["id"]].get(name)
            if isinstance(value, str) and value[:2] in ("'=", "'+", "'-", "'@"):
                out[row["id"]][name] = value[1:]
    return out


def edited(source: Path, folder: Path, seed: int, target: Path) -> tuple[str, str, Rows]:
    """Make an edit in a roadmap's workbook; return it in words, how it must end, and what must then be on record."""
    chance, after = random.Random(seed), deepcopy(initiatives(folder))
    book = load_workbook(source)
    sheet = book["Roadmap"]
    column = {str(cell.value).partition(",")[0]: cell.column for cell in sheet[1]}
    rows = [cell.row for cell in sheet["A"][1:] if cell.value in after]
    kind, row, end = chance.choice(KINDS), chance.choice(rows), ARRIVES
    own, said = sheet.cell(row, 1).value, f"row {row}"
    if kind == "typed":
        heading = chance.choice(list(READ))
        what = chance.choice(TYPED[READ[heading]])
        set_cell(sheet, row, column[heading], what)
        after[own][READ[heading]], end = what.means, what.end
        said += f", {heading}: {what.value!r} {what.shown}"
    elif kind == "emptied":
        sheet.cell(row, column[chance.choice(["Status", "Owner in IT", "Running cost a year"])]).value = None
    elif kind == "worked out":
        heading = chance.choice([one for one in column if one not in (*READ, "Id")])
        set_cell(sheet, row, column[heading], Typed(chance.choice(("2031-Q1", 5, None, "Somewhere"))))
        said += f", {heading}"
    elif kind == "sorted":
        lines = [[cell.value for cell in sheet[one]] for one in rows]
        chance.shuffle(lines)
        for one, values in zip(rows, lines, strict=True):
            for at, value in enumerate(values, start=1):
                sheet.cell(one, at).value = value
    elif kind == "removed":
        sheet.delete_rows(row)
    elif kind == "added":
        place = chance.choice((None, "Not ranked", "Somewhere"))
        line = rows[-1] + 1
        sheet.insert_rows(line)
        for heading, value in {"Id": "0042", "Initiative": "Brand new", "Status": "Proposed", "Place in the plan": place}.items():  # fmt: skip
            set_cell(sheet, line, column[heading], Typed(value))
        after["0042"] = {"id": "0042", "name": "Brand new", "status": "proposed"}
        said = f"row {line}, {place}"
    elif kind == "id twice":
        other = chance.choice([one for one in rows if one != row])
        sheet.cell(row, 1).value, end = sheet.cell(other, 1).value, REFUSED
    elif kind == "no id":
        sheet.cell(row, 1).value, end = None, EITHER
    elif kind == "columns moved":
        order = list(range(1, sheet.max_column + 1))
        chance.shuffle(order)
        lines = [[(cell.value, cell.number_format) for cell in one] for one in sheet.iter_rows()]
        for number, values in enumerate(lines, start=1):
            for at, source_at in enumerate(order, start=1):
                cell = sheet.cell(number, at)
                cell.value, cell.number_format = values[source_at - 1]
    else:
        sheet.row_dimensions[row].hidden = True
        sheet.auto_filter.ref = sheet.dimensions
    book.save(target)
    return f"{kind}: {said}", end, after


def ended(clients: Path, slug: str, end: str, after: Rows, file: Path) -> str:
    """Import an edited roadmap; return "arrives" or "refused", or what is wrong, in words."""
    before = (clients / slug / "initiatives.csv").read_bytes()
    try:
        import_file(clients, "initiatives", slug, file)
    except InputError as error:
        fault = error.faults[0]
        if (clients / slug / "initiatives.csv").read_bytes() != before:
            return "refused, but the record changed"
        if end == ARRIVES or not re.search(r"sheet Roadmap, (row|\d+ rows) ", fault.where):
            return f"refused, but had to arrive, or without its place: {fault}"
        return REFUSED
    found = initiatives(clients / slug)
    wanted = {id: {n: v for n, v in row.items() if v is not None} for id, row in after.items()}
    if end == REFUSED:
        return "arrives, but had to be refused"
    wrong = [(found.get(id), wanted.get(id)) for id in found.keys() | wanted.keys() if found.get(id) != wanted.get(id)]  # fmt: skip
    return f"the record says something else: {wrong[:2]}" if wrong else ARRIVES
