"""The roadmap as an Excel workbook for a project office: values only, ready to filter, add up and print."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.pagebreak import Break, ColBreak
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from toolkit.assess.wording import capital, day, joined, percent, words
from toolkit.client.facts import Round
from toolkit.client.record import Record
from toolkit.plan import Roadmap
from toolkit.plan.table import (
    Cell,
    above_the_line,
    goals_served,
    in_each_quarter,
    proof,
    quarters_of,
    roadmap_rows,
    spread,
)
from toolkit.publish.data_files import harmless

_AMOUNT, _FTE = "#,##0;[Red]-#,##0", "0.0#;[Red]-0.0#"
_HEAD, _MARKED = PatternFill("solid", fgColor="DCE6EA"), PatternFill("solid", fgColor="BFDDE6")
_LINE = Border(bottom=Side("thin", color="8A949E"))
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_FULL = 0.95
_PRINTED = 65  # percent: at this size what describes the work fills one A4 page across


@dataclass(frozen=True)
class _Column:
    """A column: what stands above it, how wide it is in characters, and how its numbers are written."""

    title: str
    width: int
    form: str = "General"


@dataclass
class _Table:
    """What a sheet holds: rows, those below that add them up, and which cells to shade (row, column).

    ``kept`` columns stay in sight; a printed page ends after ``page_after`` of them (0: one page across).
    """

    columns: list[_Column]
    rows: list[list[Cell]] = field(default_factory=list)
    sums: list[list[Cell]] = field(default_factory=list)
    marked: set[tuple[int, int]] = field(default_factory=set)
    kept: int = 2
    page_after: int = 0

    def add(self, values: list[Cell], marked: Iterable[int] = ()) -> None:
        """Add a row."""
        self.marked |= {(len(self.rows), column) for column in marked}
        self.rows.append(values)


def roadmap_xlsx(record: Record, roadmap: Roadmap, round_id: str = "") -> bytes:
    """Return the roadmap of a round (empty: the latest) as an XLSX workbook.

    Sheets: Roadmap (one row an initiative, capital by quarter across), Running cost, Money, People and
    Notes; those for which nothing is planned are left out. It holds no formula, link or macro; the same
    plan gives the same bytes, dated as of the round.

    Raises
    ------
    KeyError
        When the record holds no such round.
    """
    one = record.round(round_id)
    tables = {"Roadmap": _work(record, roadmap)}
    if roadmap.scheduled:
        tables["Running cost"] = _running(record, roadmap)
    if roadmap.years:
        tables["Money"] = _money(record, roadmap)
    if roadmap.loads:
        tables["People"] = _people(roadmap)
    tables["Notes"] = _Table([_Column("About", 24), _Column("What it says", 110)], kept=0)
    for about, said in _notes(record, roadmap, one):
        tables["Notes"].add([about, said])
    book = Workbook()
    book.remove(book.active)
    footer = f"{_readable(words(record.facts.profile.name, 60))}, as of {day(one.as_of)}".replace("&", "&&")
    for title, table in tables.items():
        _set_up(_written(book, title, table), table, footer)
    return _bytes(book, one.as_of)


def _described(record: Record) -> list[_Column]:
    currency = record.facts.profile.currency
    return [
        _Column("Id", 12), _Column("Initiative", 30), _Column("Place in the plan", 13), _Column("Status", 11),
        _Column("Goals served", 24), _Column("Owner in the business", 17), _Column("Owner in IT", 17),
        _Column("Start", 10), _Column("Finish", 10), _Column(f"Capital, {currency}", 13, _AMOUNT),
        _Column(f"Running cost a year, {currency}", 13, _AMOUNT), _Column("People while it runs (FTE)", 20),
        _Column("Why", 38),
    ]  # fmt: skip


def _work(record: Record, roadmap: Roadmap) -> _Table:
    """Return one row an initiative; the quarters in which it runs are shaded and hold the capital they take."""
    table, spreads = _Table(_described(record)), spread(record, roadmap)
    first, by_id = len(table.columns), {one.id: one for one in record.initiatives}
    goals = {goal.id: goal.name for goal in record.facts.goals}
    for row in roadmap_rows(record, roadmap):
        one = by_id[str(row["initiative"])]
        values: list[Cell] = [
            one.id, one.name, capital(str(row["place"])), capital(one.status or ""),
            "; ".join(goals[goal] for goal in goals_served(one)), one.owner_business, one.owner_it,
            row["start"], row["finish"], row["capital"], one.opex, row["people"], capital(str(row["because"])),
        ]  # fmt: skip
        if money := spreads.get(one.id):
            paid = [x if works else None for x, works in zip(money.capital, money.works, strict=True)]
            runs = (first + t for t, works in enumerate(money.works) if works)
            table.add([*values, *paid, sum(money.capital)], runs)
        else:
            table.add(values)
    if spreads:
        table.page_after = first
        table.columns += [_Column(f"Capital {quarter}", 11, _AMOUNT) for quarter in quarters_of(roadmap)]
        table.columns.append(_Column("Capital in these quarters", 13, _AMOUNT))
        paid_in, running_in = in_each_quarter(spreads)
        for name, sums in (
            ("Capital", paid_in),
            ("Running cost of finished work", running_in),
            ("Together", [paid + running for paid, running in zip(paid_in, running_in, strict=True)]),
        ):
            table.sums.append([None, name, *[None] * (first - 2), *sums, sum(sums)])
    return table


def _running(record: Record, roadmap: Roadmap) -> _Table:
    """Return what each initiative above the line costs to run, from the quarter after it is finished."""
    described = (_Column("Id", 12), _Column("Initiative", 40), _Column("Finish", 10))
    a_year = _Column(f"Running cost a year, {record.facts.profile.currency}", 14, _AMOUNT)
    each = [_Column(f"Running cost {quarter}", 13, _AMOUNT) for quarter in quarters_of(roadmap)]
    by_id, spreads = {one.id: one for one in record.initiatives}, spread(record, roadmap)
    table = _Table([*described, a_year, *each])
    for s in above_the_line(roadmap):
        one, amounts = by_id[s.initiative], [amount or None for amount in spreads[s.initiative].running]
        table.add([one.id, one.name, str(s.finish), one.opex, *amounts])
    table.sums.append([None, "Together", None, None, *in_each_quarter(spreads)[1]])
    return table


def _money(record: Record, roadmap: Roadmap) -> _Table:
    """Return each fiscal year's money against its budget and reserve."""
    currency, years = record.facts.profile.currency, roadmap.years
    titles = [
        "Capital", "Running cost of finished work", "Together", "Budget", "Reserve held back",
        "May be spent", "Left",
    ]  # fmt: skip
    apart = any(year.running is not None for year in years)
    titles += ["Of the budget, for running costs only", "Of this, left"] if apart else []
    amounts = (_Column(f"{title}, {currency}", 18, _AMOUNT) for title in titles)
    table = _Table([_Column("Fiscal year", 14), *amounts], kept=1)
    for year in years:
        spent, known, own = year.capex + year.opex, year.available, year.running
        row: list[Cell] = [f"FY{year.year}", year.capex, year.opex, spent, year.budget]
        row += [None if known is None else x for x in (year.reserve, known, round((known or 0.0) - spent, 2))]
        row += [own, None if own is None else round(own - year.opex, 2)] if apart else []
        table.add(row)
    capex, opex = sum(year.capex for year in years), sum(year.opex for year in years)
    table.sums.append(["All years", capex, opex, capex + opex])
    return table


def _people(roadmap: Roadmap) -> _Table:
    """Return each role's load against its capacity, quarter by quarter; full quarters are shaded."""
    table = _Table([_Column("Role", 28), _Column("FTE", 12)])
    table.columns += [_Column(str(quarter), 10, _FTE) for quarter in quarters_of(roadmap)]
    for role in dict.fromkeys(one.role for one in roadmap.loads):
        loads = sorted((one for one in roadmap.loads if one.role == role), key=lambda one: one.quarter)
        full = [0 < one.load >= _FULL * (math.inf if one.capacity is None else one.capacity) for one in loads]
        marked = [2 + t for t, is_full in enumerate(full) if is_full]
        table.add([role, "Needed", *(round(one.load, 6) for one in loads)], marked)
        table.add([role, "Available", *(one.capacity for one in loads)])
        left = [None if x.capacity is None else round(x.capacity - x.load, 6) for x in loads]
        table.add([role, "Left", *left], marked)
    return table


def _notes(record: Record, roadmap: Roadmap, one: Round) -> Iterator[tuple[str, str]]:
    """Say as of when the plan is, what it rests on, how good it is, and how the sheets are read."""
    profile, month = record.facts.profile, record.facts.profile.fiscal_year_starts
    yield "Client", profile.name
    if record.facts.synthetic:
        yield "Synthetic sample", "Not a real organisation."
    yield "As of", f"{day(one.as_of)}, round {one.name or one.id}"
    if roadmap.kind == "optimised":
        until = f"{day(roadmap.start.first_day(month))} to {day(roadmap.end.last_day(month))}"
        yield "Planned", f"{roadmap.start} to {roadmap.end}, {until}. Quarters are fiscal quarters."
    elif roadmap.kind == "timeline":
        yield "No plan yet", f"To rank the work it takes {joined(list(roadmap.why_timeline))}."
    else:
        yield "No plan", f"What is fixed collides: {joined(list(roadmap.conflicts))}."
    for said in proof(roadmap):
        yield "How good the plan is", said
    for said in roadmap.notes:
        yield "What the plan rests on", said
    for said in roadmap.questions:
        yield "To ask", said
    priced = "Capital of work above and below the line includes its contingency; of the rest it is as on the register."
    yield "Money", f"In {profile.currency}. {priced} An empty cell is not known, or none."
    if roadmap.scheduled:
        outside = "What is paid before the first of them or after the last stands in the capital alone."
        yield "Shaded on Roadmap", f"The quarters in which the work runs. {outside}"
    if roadmap.loads:
        yield "Shaded on People", f"Quarters in which at least {percent(_FULL)} of the role is needed."


def _written(book: Workbook, title: str, table: _Table) -> Worksheet:
    """Write a table to a sheet of its own, with a filter on its rows."""
    sheet = book.create_sheet(title)
    for at, column in enumerate(table.columns):
        sheet.column_dimensions[get_column_letter(at + 1)].width = column.width
        head = _put(sheet, 0, at, column.title)
        head.font, head.fill, head.border = Font(bold=True), _HEAD, _LINE
    # A row between keeps the sums out of the filter, and so where they are when the table is sorted.
    lines = [*table.rows, *([[], *table.sums] if table.sums else [])]
    for number, values in enumerate(lines):
        for at, value in enumerate(values):
            cell = _put(sheet, number + 1, at, value, table.columns[at].form)
            if (number, at) in table.marked:
                cell.fill = _MARKED
            if number >= len(table.rows):
                cell.font = Font(bold=True)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    sheet.freeze_panes = sheet.cell(2, table.kept + 1)
    return sheet


def _put(sheet: Worksheet, row: int, column: int, value: Cell, form: str = "General") -> Any:
    """Write a value, counting from 0, and return its cell; text stays text whatever it looks like."""
    cell = sheet.cell(row + 1, column + 1)
    if value is None or value == "":
        return cell
    cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
    if isinstance(value, str):
        cell.value, cell.data_type = harmless(_readable(value)), "s"
    else:
        cell.value, cell.number_format = value, form
    return cell


def _readable(text: str) -> str:
    """Return text that Excel reads as it stands: it takes _x003D_ for the character of that number."""
    return _ESCAPE.sub("_x005F_", _NOT_XML.sub("\ufffd", text))


def _set_up(sheet: Worksheet, table: _Table, footer: str) -> None:
    """Set a sheet up for printing on A4 across."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_margins.left = sheet.page_margins.right = sheet.page_margins.top = 0.4  # inches
    if table.page_after:
        sheet.page_setup.scale = _PRINTED
        sheet.col_breaks = ColBreak(brk=[Break(id=table.page_after)])
        # Columns before rows, as Excel itself writes them; openpyxl's own way is the reverse.
        titles = f"'{sheet.title}'!$A:${get_column_letter(table.kept)},'{sheet.title}'!$1:$1"
        sheet.defined_names.add(DefinedName("_xlnm.Print_Titles", attr_text=titles))
    else:
        sheet.print_title_rows = "1:1"
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToHeight = 0
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = footer, "&A, page &P of &N"


def _bytes(book: Workbook, as_of: date) -> bytes:
    """Return a workbook's bytes with one date in them, its round's, in place of the clock's."""
    moment = datetime(as_of.year, as_of.month, as_of.day)
    book.properties = DocumentProperties(creator=None, title="Roadmap", created=moment, modified=moment)
    made, out = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(made, "w")).save()
    with zipfile.ZipFile(made) as dated, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in dated.namelist():
            member = zipfile.ZipInfo(name, moment.timetuple()[:6])
            # Otherwise the system's own number stands there, and bytes differ between systems.
            member.create_system, member.external_attr = 3, 0o644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, dated.read(name))
    return out.getvalue()
