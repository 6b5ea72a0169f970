"""Maps: which column of another's table is which field of ours, and how its cells are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from toolkit.client.faults import listed
from toolkit.client.schema import Day, Id, Name, Number, Row, Text, Whole
from toolkit.client.yaml_files import read_model
from toolkit.errors import Fault, InputError, shown
from toolkit.files import read_named
from toolkit.method import Group
from toolkit.shipped import shipped_bytes

LARGEST_MAP = 1_000_000  # bytes
ImportKind = Literal[
    "initiatives", "kpis", "aggregates", "risks", "services", "assets", "actions", "decisions"
]
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
    not_listed: Literal["", "keep", "done", "stopped"] = ""
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
