"""A whole record as one workbook to edit and import again: a sheet a list, labels as headings, ids kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any, Literal, get_args, get_origin

from openpyxl import Workbook
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.client.field_types import (
    Row,
    accepted_at,
    bare_type,
    is_amount,
    is_share,
    label_of,
    references,
    rows_within,
)
from toolkit.client.parts import ACTIONS, ASSETS, DECISIONS, INITIATIVES, SERVICES, TABLES
from toolkit.client.record import Record
from toolkit.client.record_csv import masked
from toolkit.client.schema import Facts, Planning, Profile, RoundGroup
from toolkit.intake.document import Document, Path, at, document_of, recorded_rows
from toolkit.intake.workbook_out import BOLD, readable, workbook_bytes
from toolkit.method import BY_ID

GUIDE, CHOICES = "Read me", "Choices"
SEVERAL = "; "
GROUP_HEADINGS = ("Field", "Value")
_SPARE = 200  # rows below the last whose cells have drop-downs, too
_WIDEST, _NARROWEST = 44, 12  # characters
_HEAD = PatternFill("solid", fgColor="DCE6EA")
_DAY_FORM, _AMOUNT_FORM, _SHARE_FORM = "yyyy-mm-dd", "#,##0", "0.0%"
_ABOUT = (
    "This is all that is on record of {client}, but for survey answers, the deck and the workshop's scenarios. It holds private "
    "notes and interview themes: it is for the consultant, not for the client.",
    "Change, add or remove rows, save, and bring it back with “align import record {slug} FILE”, which shows what changes first "
    "with --dry-run. An id stays: what has another id is another entry. A new row without an id gets one.",
    "An empty cell is not known, never zero. Amounts are in {currency}; shares are typed as 10 % or 0.1; several entries of one "
    "cell stand apart by “; ”, pairs are written as “name: 1; other: 2”. A column or sheet that is taken out stays as it was.",
)


@dataclass(frozen=True)
class RecordSheet:
    """A sheet of the workbook: a list of the record, the rows within the entries of one, or a group of fields.

    Attributes
    ----------
    path : tuple of str
        Where the list or group lies in the document; of rows within entries, that of the entries.
    within : str
        The field of an entry, or of a group, that holds the rows; "" where they are a list of their own.
    owner : str
        Heading of the column that says to which entry a row belongs; "" where it belongs to none.
    """

    title: str
    path: Path
    model: type[Row]
    within: str = ""
    owner: str = ""

    @property
    def is_group(self) -> bool:
        """Whether it is one group of fields, a line each, not a list."""
        return self.model in (Profile, Planning)

    @cached_property
    def headings(self) -> dict[str, str]:
        """The heading of each field; under "" that of the entry a row belongs to. Rows within have a sheet of their own."""
        inside = {name for name, _, _ in rows_within(self.model)}
        named = {
            name: label_of(self.model, name).text for name in self.model.model_fields if name not in inside
        }
        return {"": self.owner} | named if self.owner else named

    @property
    def key(self) -> tuple[str, ...]:
        """The fields that tell a row from the others, with the entry it belongs to."""
        return (*([""] if self.owner else []), *self.model.key)

    def rows(self, document: Document) -> list[Document]:
        """Return its rows as the document holds them, each with the entry it belongs to under ""."""
        there = at(document, self.path) or {}
        if self.owner:
            return [{"": entry["id"], **row} for entry in there for row in entry.get(self.within, ())]
        held = [there] if self.is_group else there.get(self.within, ()) if self.within else there
        return [{name: row[name] for name in self.headings if name in row} for row in held]


_INSIDE: Mapping[str, type[Row]] = {name: model for name, model, _ in rows_within(Facts)}


def _listed(title: str, name: str) -> RecordSheet:
    return RecordSheet(title, ("facts", name), _INSIDE[name])


def _rows_within(title: str, name: str, within: str, owner: str = "") -> RecordSheet:
    model = next(inner for field, inner, _ in rows_within(_INSIDE[name]) if field == within)
    return RecordSheet(title, ("facts", name), model, within, owner)


def _filed(title: str, file: str) -> RecordSheet:
    name, model = TABLES[file]
    return RecordSheet(title, (name,), model)


SHEETS = (
    _listed("Company", "profile"),
    _listed("Rounds", "rounds"),
    _rows_within("Groups", "rounds", "groups", "Round"),
    _listed("Meetings", "meetings"),
    _listed("Goals", "goals"),
    _listed("KPIs", "kpis"),
    _rows_within("Readings", "kpis", "readings", "KPI"),
    _listed("Business impact", "impact"),
    _listed("IT spending", "spend"),
    _listed("Risks and deadlines", "risks"),
    _filed("Services", SERVICES),
    _filed("Assets", ASSETS),
    _listed("Budget", "budget"),
    _listed("Capacity", "capacity"),
    _listed("Planning", "planning"),
    _rows_within("Who chooses", "planning", "choices"),
    _filed("Initiatives", INITIATIVES),
    _filed("Decisions", DECISIONS),
    _filed("Actions", ACTIONS),
    _listed("Themes", "themes"),
    _listed("Adjustments", "adjustments"),
    _listed("Recommendations", "recommendations"),
    _listed("Quotations", "quotes"),
)
OF_NOUN = {sheet.model.noun: sheet.title for sheet in SHEETS if sheet.model.key == ("id",)}


def whole_document(record: Record) -> Document:
    """Return a record as a document, with its decisions, which no form edits."""
    return document_of(record) | {"decisions": recorded_rows(record.decisions)}


@cache
def options_of(model: type[Row], name: str) -> tuple[tuple[str, str], ...]:
    """Return a field's few values, each with what it is called; none where any will do."""
    if name == "":
        return ()
    if choices := label_of(model, name).choices:
        return choices
    bare = bare_type(model, name)
    if bare == bare_type(RoundGroup, "group"):
        return label_of(RoundGroup, "group").choices
    if get_origin(bare) is Literal:
        return tuple((str(value).capitalize(), str(value)) for value in get_args(bare))
    return tuple((BY_ID[id].name, id) for id in accepted_at(model, (name,)).choices if id in BY_ID)


@cache
def kind_of_cell(model: type[Row], name: str) -> str:
    """Return what a field's cell holds: "text", "number", "day", "choice", "several" or "pairs"."""
    if name == "":
        return "text"
    if options_of(model, name):
        return "choice"
    bare = bare_type(model, name)
    kinds = {float: "number", int: "number", date: "day"}
    return kinds.get(bare) or {tuple: "several", dict: "pairs"}.get(get_origin(bare), "text")


def record_workbook(record: Record) -> bytes:
    """Return a record as an XLSX workbook; the same record gives the same bytes, dated as of its latest round."""
    document, book = whole_document(record), Workbook()
    _write_guide(book.active, record)
    lists = _Choices(book)
    for sheet in SHEETS:
        _write(book.create_sheet(sheet.title), sheet, sheet.rows(document), lists)
    lists.write()
    return workbook_bytes(book, f"Record of {record.facts.profile.name}", record.round().as_of)


def _write_guide(sheet: Worksheet, record: Record) -> None:
    profile = record.facts.profile
    sheet.title = GUIDE
    sheet.column_dimensions["A"].width = 110
    _put(sheet, 1, 1, f"Record of {profile.name}", head=True)
    for number, text in enumerate(_ABOUT, start=2):
        said = text.format(client=profile.name, slug=record.slug, currency=profile.currency)
        _put(sheet, number, 1, said)


def _write(sheet: Worksheet, of: RecordSheet, rows: list[Document], lists: _Choices) -> None:
    """Write a list as a table under its headings, or a group of fields as a line each."""
    headings = of.headings
    if of.is_group:
        for column, text in enumerate(GROUP_HEADINGS, start=1):
            _put(sheet, 1, column, text, head=True)
        for number, (name, heading) in enumerate(headings.items(), start=2):
            _put(sheet, number, 1, heading)
            _put(sheet, number, 2, written(of.model, name, rows[0].get(name)), form=_form(of, name))
            lists.offer(sheet, of, name, f"B{number}")
        sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = _WIDEST
        sheet.freeze_panes = "B2"
        return
    for column, (name, heading) in enumerate(headings.items(), start=1):
        _put(sheet, 1, column, heading, head=True)
        values = [written(of.model, name, row.get(name)) for row in rows]
        for number, value in enumerate(values, start=2):
            _put(sheet, number, column, value, form=_form(of, name))
        letter = get_column_letter(column)
        longest = max((len(str(value)) for value in values if value is not None), default=0)
        sheet.column_dimensions[letter].width = min(_WIDEST, max(_NARROWEST, len(heading), longest) + 2)
        lists.offer(sheet, of, name, f"{letter}2:{letter}{len(rows) + 1 + _SPARE}")
    sheet.freeze_panes = "C2" if of.key[:1] in (("id",), ("",)) else "A2"


def _form(of: RecordSheet, name: str) -> str:
    """Return how a field's numbers are shown."""
    if kind_of_cell(of.model, name) != "number":
        return "General"
    if is_amount(of.model, name):
        return _AMOUNT_FORM
    return _SHARE_FORM if is_share(of.model, name) else "General"


def written(model: type[Row], name: str, value: Any) -> str | float | date | None:
    """Return a field's value in the document as its cell holds it."""
    if value is None:
        return None
    kind = kind_of_cell(model, name)
    if kind == "number":
        number = float(value)
        return int(number) if number.is_integer() else number
    if kind == "day":
        return date.fromisoformat(value)
    if kind == "choice":
        return next((text for text, option in options_of(model, name) if option == value), str(value))
    if kind == "pairs":
        return SEVERAL.join(f"{key}: {number}" for key, number in value.items())
    if kind == "several":  # a line each where one of them holds what else stands between them
        return ("\n" if any(SEVERAL.strip() in text for text in value) else SEVERAL).join(value)
    return str(value)


def _put(
    sheet: Worksheet, row: int, column: int, value: Any, head: bool = False, form: str = "General"
) -> None:
    """Write a value; text stays text whatever it looks like."""
    if value is None:
        return
    cell = sheet.cell(row, column)
    cell.alignment = Alignment("left", "top", wrap_text=isinstance(value, str))
    if isinstance(value, str):
        cell.value, cell.data_type = masked(readable(value)), "s"
    else:
        cell.value = value
        cell.number_format = _DAY_FORM if isinstance(value, date) else form
    if head:
        cell.font, cell.fill = BOLD, _HEAD


class _Choices:
    """The drop-downs: lists of few values stand on a sheet of their own, ids on those of their entries."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._lists: dict[tuple[str, ...], str] = {}

    def offer(self, sheet: Worksheet, of: RecordSheet, name: str, cells: str) -> None:
        """Offer what a field's cells may hold, and say what a good answer looks like."""
        hint = label_of(of.model, name).hint if name else ""
        source = self._source(of, name)
        if not source and not hint:
            return
        rule = DataValidation("list" if source else None, source or None, allow_blank=True, sqref=cells)
        rule.showErrorMessage = bool(source)
        if hint:
            rule.showInputMessage, rule.prompt = True, hint[:255]
        sheet.add_data_validation(rule)

    def _source(self, of: RecordSheet, name: str) -> str:
        texts = tuple(text for text, _ in options_of(of.model, name))
        if texts:
            letter = self._lists.setdefault(texts, get_column_letter(len(self._lists) + 1))
            return f"{quote_sheetname(CHOICES)}!${letter}$1:${letter}${len(texts)}"
        noun = of.owner.lower() if name == "" else dict(references(of.model)).get(name, "")
        title = OF_NOUN.get("KPI" if noun == "kpi" else noun, "")
        if not title or kind_of_cell(of.model, name) != "text":
            return ""
        return f"{quote_sheetname(title)}!$A$2:$A$1000"

    def write(self) -> None:
        """Write the lists to their sheet."""
        sheet = self._book.create_sheet(CHOICES)
        sheet.sheet_state = "hidden"
        for column, texts in enumerate(self._lists, start=1):
            for row, text in enumerate(texts, start=1):
                _put(sheet, row, column, text)
