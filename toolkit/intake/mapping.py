"""Maps: which column of another's table is which field of ours, how its cells are written, and which rows are meant.

How a map is written stands first, then how one is read, then what of it a table has.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BeforeValidator, Field

from toolkit.client.calendar import Quarter
from toolkit.client.faults import closest, listed
from toolkit.client.field_types import Day, Id, Name, Number, Row, Text, Whole, is_amount, is_share
from toolkit.client.record import Record
from toolkit.client.schema import Action, Asset, Decision, Initiative, Kpi, Risk, Service
from toolkit.client.yaml_files import read_model
from toolkit.errors import Fault, InputError, shown
from toolkit.files import read_named
from toolkit.intake.table import Cell, Sheet, as_compared
from toolkit.method import Group
from toolkit.shipped import shipped_bytes

LARGEST_MAP = 1_000_000  # bytes
ImportKind = Literal[
    "initiatives", "kpis", "aggregates", "risks", "services", "assets", "actions", "decisions"
]
Condition = tuple[str, Sequence[str]]  # a column, and the values its cell may have
Kept = tuple[tuple[int, Mapping[str, Cell]], ...]
# A heading that says its unit: read as it stands, 250 would be 250 and not 250,000.
_MONEY = r"(?:€|\$|£|EUR|USD|GBP|CHF|CAD|AUD|NZD)"
_UNITS = {
    1_000: rf"\b[kKtT][ ]?{_MONEY}|{_MONEY}[ ]?[kK]\b|\b(?:TEUR|TCHF|Tsd)\b|'?\b000s?\b|\b(?:in )?(?:thousands?|tausend|milliers|miles)\b",
    1_000_000: rf"\b[mM][ ]?{_MONEY}|{_MONEY}[ ]?(?:[mM]|mn|Mio)\b|\b(?:in )?(?:millions?|Mio|mn|Millionen|milliones?|miljoenen|milioni)\b",
    1_000_000_000: r"\b(?:Mrd|billions?|Milliarden|milliards?)\b",
}  # fmt: skip
_UNIT = {factor: re.compile(pattern) for factor, pattern in _UNITS.items()}

MODELS: dict[str, type[Row]] = {
    "initiatives": Initiative, "kpis": Kpi, "risks": Risk, "services": Service, "assets": Asset, "actions": Action, "decisions": Decision,
}  # fmt: skip
READING = ("reading_date", "reading_value")  # of a KPI, a row each
NotListed = Literal["", "keep", "done", "stopped"]
Column = Annotated[str, Field(min_length=1, max_length=500)]


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, (str, int, float)) else value


class Source(Row):
    """Where a field comes from.

    Attributes
    ----------
    column : tuple of str
        Columns to look in; the first that is not empty counts.
    unit_factor : float
        What a figure is multiplied by: 1000 for thousands.
    range : str
        Which end of a range of money counts, "low" or "high", or its "middle"; without it a range is no amount. An end
        that is open, as the lower one of "< 5 Million", is missing.
    dates : tuple of str
        How dates are written there, as ``strptime`` formats of day, month and year, for no day is
        made up; ISO dates and months in words need none, nor figures whose column shows their order.
    values : dict
        Their word → ours; an empty word of ours means missing. Of several columns, the first whose
        word is known counts. With ``other_values: missing`` any other word counts as missing instead
        of being a fault.
    ignore : tuple of str
        Cells that stand for "missing", such as 9999.
    zero_is_missing : bool
        Zero, in whatever currency, stands for "missing": some tools show it where nobody entered an amount.
    make_id : bool
        Make an id of the cell: lower case, other characters to hyphens.
    joined : bool
        The texts of all the columns are one, where no column tells a row by itself: "School 7 – Roof – Design".
    constant : str
        One value for all rows, instead of a column.
    unit : str
        What a bare number counts, where quarters of work are wanted; empty when it must be said.
    percent_done : bool
        The cell is a percentage of completion; it says whether work is proposed, in progress or done.
    references : bool
        The cell lists the ids of other rows, as ``3FS+2 days;5`` or ``KEY-7; KEY-9``. Those that are
        not there, and links other than from finish to start, are left out and reported.
    """

    column: Annotated[tuple[Column, ...], BeforeValidator(_listed)] = ()
    unit_factor: Annotated[Number, Field(gt=0)] = 1.0
    range: Literal["", "low", "middle", "high"] = ""
    dates: tuple[str, ...] = ()
    values: dict[str, str] = Field(default_factory=dict)
    other_values: Literal["fault", "missing"] = "fault"
    ignore: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    zero_is_missing: bool = False
    make_id: bool = False
    joined: bool = False
    constant: str | None = None
    unit: Literal["", "quarters", "years", "months", "weeks", "days", "hours"] = "quarters"
    percent_done: bool = False
    references: bool = False

    @cached_property
    def known(self) -> dict[str, str]:
        """The words of ``values``, letter case aside."""
        return {theirs.casefold(): ours for theirs, ours in self.values.items()}


class Only(Row):
    """Which rows count: those with one of ``values`` in the first of the columns that is there, if one is."""

    column: Annotated[tuple[Column, ...], BeforeValidator(_listed)]
    values: Annotated[tuple[str, ...], BeforeValidator(_listed)]


def _source(value: Any) -> Any:
    return {"column": value} if isinstance(value, (str, list, tuple)) else value


class WholeAndPart(Row):
    """Two kinds of rows, a whole and a part of it; the whole minus the part is a group of its own."""

    column: Column
    whole: str
    part: str
    whole_becomes: Group = "business"
    part_becomes: Group = "it"


class Counting(Row):
    """How aggregated answers are written.

    Attributes
    ----------
    answers : dict
        Our answer, 1 to 5 → the column that holds its count, or its percentage when ``base`` is given. A survey
        told in fewer answers, such as negative, neutral and positive, says as which of ours each of them counts.
    base : str or None
        Column of the number of people who answered; percentages times it become counts.
    share_of_answered : bool
        The percentages leave some out ("don't know"): take them as shares of their own sum.
    reversed : bool
        5 there is 1 here.
    """

    answers: dict[Annotated[Whole, Field(ge=1, le=5)], Column]
    base: Column | None = None
    share_of_answered: bool = False
    reversed: bool = False
    ignore: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    whole_minus_part: WholeAndPart | None = None


class ImportMap(Row):
    """A whole map. ``round``, ``as_of`` and ``questionnaire`` say which round counted answers belong to.

    ``closed`` is the last day on which that survey took answers; without it the round stays open.

    Attributes
    ----------
    service : str
        Whose export it reads, as a preview names it.
    signs : tuple of tuple of str
        Headings that the header has: one of each group. The first row that has them is the header.
    header_row : int or None
        Row of the header, counted as a spreadsheet does; without it the signs tell, else the first.
    ragged : bool
        Headings that stand there more than once are one column, its cells joined by "; "; rows wider
        than the header are read up to its width, narrower ones as if the rest were empty.
    dates : str
        Whether the day or the month comes first in dates written in figures whose column does not show it.
    missing_words : tuple of str
        Words that stand for "not available" here, besides the general list; ``exempt*`` for all that begin so.
    keep_original : bool
        The first cost and completion date known of an initiative stay as its original ones.
    not_listed : str
        What becomes of open initiatives of the record that a register which comes again does not list: "done",
        "stopped", or "keep" for nothing; without it they are named and stay.
    totals : str
        Whether a row that may be a sum, a mean or a note is left out or kept as an initiative; without it, it is asked.
    """

    kind: ImportKind
    service: str = ""
    signs: tuple[Annotated[tuple[Column, ...], BeforeValidator(_listed)], ...] = ()
    header_row: Annotated[int, Field(ge=1, le=1_000)] | None = None
    ragged: bool = False
    only: Only | None = None
    dates: Literal["", "day first", "month first"] = ""
    missing_words: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    keep_original: bool = False
    not_listed: NotListed = ""
    totals: Literal["", "leave out", "keep"] = ""
    sheet: str = ""
    encoding: str = ""
    delimiter: Literal["", ",", ";", "tab"] = ""
    decimal: Literal["", ".", ","] = ""
    where: dict[Column, Annotated[tuple[str, ...], BeforeValidator(_listed)]] = Field(default_factory=dict)
    fields: dict[str, Annotated[Source, BeforeValidator(_source)]] = Field(default_factory=dict)
    counts: Counting | None = None
    round: Id | None = None
    as_of: Day | None = None
    closed: Day | None = None
    questionnaire: Literal["full", "executive", "pulse", "own"] | None = None
    labels: dict[Group, Annotated[Source, BeforeValidator(_source)]] = Field(default_factory=dict)
    notes: dict[Group, Text] = Field(default_factory=dict)
    title: Name | None = None


def read_map(path: Path | None, kind: str) -> ImportMap:
    """Read a map, or the shipped one of this kind when none is given.

    Raises
    ------
    InputError
        When it cannot be read, has faults, or is of another kind.
    """
    if path is None:
        return map_of(shipped_map(kind), f"{kind}.yaml", kind)
    allowed = "a map's YAML file, or the name of a tool: jira, planner, project, servicenow, servicenow-contracts, servicenow-assets, snipe-it, glpi-contracts, glpi-assets"
    return map_of(map_bytes(path, LARGEST_MAP, allowed), path.name, kind)


def shipped_map(name: str) -> bytes:
    """Return a map that comes with the toolkit, as it is written: of a kind of table, or of a tool's exports."""
    return shipped_bytes("maps", f"{name}.yaml")


def map_bytes(path: Path, largest: int, allowed: str) -> bytes:
    """Read a map that a consultant has named; parameters and errors as :func:`files.read_named`."""
    remedy = "Correct the path after --map."
    return read_named(path, largest, allowed, remedy, f"{remedy} A map has some lines for each column.")


def map_of(data: bytes, name: str, kind: str) -> ImportMap:
    """Read a map's text; parameters and errors as :func:`read_map`, ``name`` for its faults."""
    read, faults = read_model(ImportMap, data, name)
    if read is None:
        raise InputError(faults)
    if read.kind != kind:
        remedy = f"Choose a map of kind {kind}, or import {read.kind}."
        raise InputError([Fault(f"{name}, field kind", read.kind, kind, remedy)])
    faults = list(_contradictions(read, name))
    if faults:
        raise InputError(faults)
    return read


def _tells_days_apart(form: str) -> bool:
    """Return whether a ``strptime`` format reads back each day it writes."""
    days = (datetime(2027, 1, 2, tzinfo=UTC), datetime(2028, 12, 31, tzinfo=UTC))
    try:
        return all(datetime.strptime(day.strftime(form), form).date() == day.date() for day in days)
    except (ValueError, re.error):  # an unknown directive, or one that stands there twice
        return False


def _contradictions(read: ImportMap, name: str) -> Iterator[Fault]:
    for group, sources in (("fields", read.fields), ("labels", read.labels)):
        for field, source in sources.items():
            for form in source.dates:
                if not _tells_days_apart(form):
                    yield Fault(
                        f"{name}, {group}, {shown(field)}, field dates",
                        form,
                        "a form that names day, month and year: '%d/%m/%Y' for 31/12/2027",
                        "Write %d for the day, %m or %B for the month, %Y for the year; leave dates without a day out.",
                    )
        for field, source in sources.items():
            if len(source.known) < len(source.values):
                yield Fault(
                    f"{name}, {group}, {shown(field)}, field values",
                    "two words that differ in letter case only",
                    "each word once, letter case aside",
                    "Keep one of the two.",
                )
            if bool(source.column) == (source.constant is not None):
                yield Fault(
                    f"{name}, {group}, {shown(field)}",
                    "a column and a constant" if source.column else "neither a column nor a constant",
                    "either a column or a constant",
                    "Write 'column:' with the heading, or 'constant:' with the value for every row.",
                )
    answers = read.counts.answers if read.counts else {}
    if read.kind == "aggregates" and (len(answers) < 2 or {6 - answer for answer in answers} != set(answers)):
        yield Fault(
            f"{name}, field counts",
            f"answers {listed(answers)}" if read.counts else "nothing",
            "the columns that hold the counts of 1 to 5, or of as many answers on both sides of 3",
            "Add counts with its answers: '{1: COLUMN, 2: COLUMN, 3: COLUMN, 4: COLUMN, 5: COLUMN}', or, of a survey told "
            "in three, such as '{2: NEGATIVE, 3: NEUTRAL, 4: POSITIVE}'.",
        )


def fields_of(kind: str) -> tuple[str, ...]:
    """Return the fields that a column may be of, for a kind of table; none for counted answers."""
    return (*MODELS[kind].model_fields, *(READING if kind == "kpis" else ())) if kind in MODELS else ()


@dataclass(frozen=True)
class RecognisedTable:
    """A table, and the map that reads it.

    Attributes
    ----------
    strict : bool
        Whether the map was written for this table, so that each field it names must be there; the shipped maps name many.
    remarks : tuple of str
        What should be known of how the table was read, as sentences.
    """

    sheet: Sheet
    mapping: ImportMap
    strict: bool
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class MappedTable(RecognisedTable):
    """A table whose map names columns as the table heads them, with the rows that are meant.

    Attributes
    ----------
    rows : tuple of (int, mapping)
        Of the table's rows those that meet every condition.
    present : mapping
        The fields whose columns the table has, each with those columns only.
    """

    rows: Kept
    present: Mapping[str, Source]


def mapped_table(record: Record, table: RecognisedTable, where: Sequence[str]) -> MappedTable:
    """Return a table as its map reads it into a record.

    Parameters
    ----------
    where : sequence of str
        ``COLUMN=VALUE``: keep only such rows; added to the map's own.

    Raises
    ------
    InputError
        When a column that is asked for is not there, a field does not exist, or no row meets the conditions.
    """
    sheet, mapping, remarks = table.sheet, table.mapping, table.remarks
    conditions = conditions_of(sheet, mapping, where)
    if only := only_of(sheet, mapping, conditions):
        conditions.append(only)
        remarks = (*remarks, f"Only rows with {only[0]}={' or '.join(only[1])}; --where chooses others.")
    mapping = in_currency(sheet, as_headed(sheet, mapping), record.facts.profile.currency)
    mapping = _of_the_latest_round(record, mapping, sheet)
    check_columns(sheet, mapping, conditions, table.strict)
    rows = kept_rows(sheet, conditions)
    return MappedTable(sheet, mapping, table.strict, remarks, rows, present_fields(sheet, mapping))


def conditions_of(sheet: Sheet, mapping: ImportMap, where: Sequence[str]) -> list[Condition]:
    """Return what must hold of a row; values named for one column on the command line are alternatives."""
    out: dict[str, tuple[str, ...]] = {}
    for one in where:
        column, equals, value = one.partition("=")
        if not equals:
            raise InputError(
                [
                    Fault(
                        "align import, --where",
                        one,
                        "COLUMN=VALUE",
                        "Write the column's name, an equals sign and the value.",
                    )
                ]
            )
        out[column.strip()] = (*out.get(column.strip(), ()), value.strip())
    return [
        (_here(sheet, column) or column, values) for column, values in [*mapping.where.items(), *out.items()]
    ]


def only_of(sheet: Sheet, mapping: ImportMap, where: Sequence[Condition]) -> Condition | None:
    """Return which rows a map takes where nothing else is asked of the column that tells them apart."""
    if mapping.only is None:
        return None
    columns = [there for one in mapping.only.column if (there := _here(sheet, one))]
    if not columns or any(column in columns for column, _ in where):
        return None
    return columns[0], mapping.only.values


def kept_rows(sheet: Sheet, where: Sequence[Condition]) -> Kept:
    """Return the rows that meet every condition; InputError when there are rows and none does."""
    kept = tuple(
        (number, cells)
        for number, cells in sheet.rows
        if all(str(cells.get(column, "")).strip() in values for column, values in where)
    )
    if where and sheet.rows and not kept:
        raise InputError([_nobody(sheet, where)])
    return kept


def _here(sheet: Sheet, column: str) -> str:
    """Return a column's heading as the file writes it, as headings are compared; "" when it is not there."""
    if column in sheet.header:
        return column
    return next((one for one in sheet.header if one and as_compared(one) == as_compared(column)), "")


def as_headed(sheet: Sheet, mapping: ImportMap) -> ImportMap:
    """Return the map with each column it names written as the file's heading, where the file has it."""

    def there(column: str) -> str:
        return _here(sheet, column) or column

    def sources(given: Mapping[Any, Source]) -> dict[Any, Source]:
        return {
            name: source.model_copy(update={"column": tuple(map(there, source.column))})
            for name, source in given.items()
        }

    where = {there(column): values for column, values in mapping.where.items()}
    headed: dict[str, Any] = {
        "fields": sources(mapping.fields),
        "labels": sources(mapping.labels),
        "where": where,
    }
    how = mapping.counts
    if how:
        both = how.whole_minus_part
        headed["counts"] = how.model_copy(
            update={
                "answers": {answer: there(column) for answer, column in how.answers.items()},
                "base": how.base and there(how.base),
                "whole_minus_part": both and both.model_copy(update={"column": there(both.column)}),
            }
        )
    return mapping.model_copy(update=headed)


def in_currency(sheet: Sheet, mapping: ImportMap, currency: str) -> ImportMap:
    """Return the map with headings that name the client's currency behind a column's own, as our workbooks do."""
    fields = {
        name: source.model_copy(update={"column": (*source.column, *(both for one in source.column if (both := f"{one}, {currency}") in sheet.header))})
        for name, source in mapping.fields.items()
    }  # fmt: skip
    return mapping.model_copy(update={"fields": fields})


def _of_the_latest_round(record: Record, mapping: ImportMap, sheet: Sheet) -> ImportMap:
    """Return a map of rows that belong to a round with the latest as theirs, where no column says which."""
    source = mapping.fields.get("round")
    if (
        mapping.kind not in ("actions", "decisions")
        or source is None
        or any(one in sheet.header for one in source.column)
    ):
        return mapping
    latest = source.model_copy(update={"column": (), "constant": record.round().id})
    return mapping.model_copy(update={"fields": {**mapping.fields, "round": latest}})


def present_fields(sheet: Sheet, mapping: ImportMap) -> dict[str, Source]:
    """Return the fields whose columns the table has, each with those columns only."""
    out = {}
    for field, source in mapping.fields.items():
        columns = tuple(dict.fromkeys(one for one in source.column if one in sheet.header))
        if columns or source.constant is not None:
            out[field] = source.model_copy(update={"column": columns})
    return out


def unit_of(heading: str) -> int:
    """Return what one of a column counts as its heading says, 1,000,000 for "Cost (£m)"; 0 where it says none."""
    return next((factor for factor, pattern in _UNIT.items() if pattern.search(heading)), 0)


@cache
def kind_of(model: type[Row], field: str) -> str:
    """Return what a field holds.

    Returns
    -------
    str
        "money" (in the client's currency), "number", "share" (0–1, may be written in %), "date",
        "quarter", "deadline" or "earliest_start" (a quarter, of which no day goes beyond one that is given),
        "span" (quarters of work) or "text".
    """
    if field in ("deadline", "earliest_start"):
        return field
    if field == "duration":
        return "span"
    annotation = model.model_fields[field].annotation
    if is_share(model, field):
        return "share"
    if is_amount(model, field):
        return "money"
    names = _base_names(annotation)
    if names & {float, int}:
        return "number"
    return "quarter" if Quarter in names else "date" if date in names else "text"


def _base_names(annotation: Any) -> set[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _base_names(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return set().union(*map(_base_names, get_args(annotation)))
    return {annotation} if isinstance(annotation, type) else set()


def check_columns(sheet: Sheet, mapping: ImportMap, where: Sequence[Condition], strict: bool) -> None:
    """Check that the columns asked for are there, and that the fields exist.

    Parameters
    ----------
    strict : bool
        Whether a field none of whose columns is there is a fault; the shipped maps name many.

    Raises
    ------
    InputError
        With every fault.
    """
    faults = [_absent(sheet, field, source) for field, source in [*mapping.fields.items(), *mapping.labels.items()]
              if strict and source.column and not any(one in sheet.header for one in source.column)]  # fmt: skip
    faults += _absent_conditions(sheet, [column for column, _ in where])
    faults += _of_another_unit(sheet, mapping) if strict else []
    fields = fields_of(mapping.kind) or ("round", "group", "question")
    for name in mapping.fields:
        if name not in fields:
            faults.append(
                Fault(
                    f"the map, field {shown(name)}",
                    name,
                    f"one of: {listed(fields)}",
                    f"{closest(name, fields)}Correct the field's name in the map.",
                )
            )
    if faults:
        raise InputError(faults)


def _of_another_unit(sheet: Sheet, mapping: ImportMap) -> list[Fault]:
    """Return the faults of money whose heading says another unit than whole amounts, where a map says nothing of it."""
    return [
        Fault(
            sheet.place(1, column),
            f"amounts in {factor:,}s, as the heading says",
            f"for our field {field}, in the map, what a figure is multiplied by",
            f"Write in the map's {field} unit_factor: {factor}, or unit_factor: 1 if the cells hold whole amounts.",
        )
        for field, source in mapping.fields.items()
        if mapping.kind in MODELS and field in MODELS[mapping.kind].model_fields and "unit_factor" not in source.model_fields_set
        and kind_of(MODELS[mapping.kind], field) == "money"
        for column in source.column
        if column in sheet.header and (factor := unit_of(column))
    ]  # fmt: skip


def check_conditions(sheet: Sheet, where: Mapping[str, Sequence[str]]) -> None:
    """Check that the columns of conditions are there; InputError with those that are not."""
    if faults := _absent_conditions(sheet, [*where]):
        raise InputError(faults)


def _absent_conditions(sheet: Sheet, columns: Sequence[str]) -> list[Fault]:
    return [
        Fault(
            sheet.place(1),
            f"no column {shown(column)}",
            f"one of: {listed(sheet.header)}",
            f"{closest(column, sheet.header)}Correct the column after --where or in the map's where.",
        )
        for column in columns
        if column not in sheet.header
    ]


def _nobody(sheet: Sheet, where: Sequence[Condition]) -> Fault:
    """Return the fault of conditions that no row meets."""
    wanted = " and ".join(f"{column}={' or '.join(values)}" for column, values in where)
    column, values = where[-1]
    there = list(dict.fromkeys(str(cells.get(column, "")).strip() for _, cells in sheet.rows))
    remedy = f"{closest(values[0], there)}Correct the value after --where or in the map's where."
    return Fault(
        f"{sheet.file}, column {shown(column)}", f"no row with {wanted}", f"one of: {listed(there)}", remedy
    )


def _absent(sheet: Sheet, field: str, source: Source) -> Fault:
    return Fault(
        f"the map, {shown(field)}",
        f"no column {' or '.join(map(shown, source.column))} in {sheet.file}",
        f"one of: {listed(name for name in sheet.header if name)}",
        f"{closest(source.column[0], sheet.header)}Correct the column in the map, or remove the field; --make-map MAP.yaml "
        "writes a map with this table's columns.",
    )
