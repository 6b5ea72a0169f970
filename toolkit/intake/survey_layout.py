"""Exports of survey services: told apart by their headings, as ``maps/survey_layouts.yaml`` has them, and taken apart as one table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from pydantic import Field

from toolkit.client.field_types import Row
from toolkit.client.yaml_files import read_model
from toolkit.errors import Fault, InputError, shown
from toolkit.intake.mapping import shipped_map
from toolkit.intake.survey_answers import plain, word_score
from toolkit.intake.table import MOST_COLUMNS, Cell, Raw
from toolkit.intake.values import slug_of

_ALONE = frozenset(("", "response", "open-ended response", "antwort", "réponse", "respuesta",
                    "offene antwort", "réponse ouverte", "respuesta abierta"))  # fmt: skip
_TICKED = frozenset(("1", "x", "✓", "✔", "yes", "true", "ja", "oui", "sí", "si", "checked", "selected"))
_UNTICKED = frozenset(("", "0", "no", "false", "nein", "non", "unchecked", "not selected"))
# "Wording [Strongly agree]", "Wording - Agree": a column for each answer, as an expanded export has them.
_UNFOLDED = re.compile(r"(?P<asked>.+?)\s*(?:\[(?P<inner>[^\[\]]+)\]|(?:-|–|—|:|\|)\s+(?P<behind>[^\[\]]+))", re.DOTALL)  # fmt: skip
LONGEST_HEADING = 2_000  # characters; a longer one is no wording of a question
FEWEST_ANSWERS = 3  # columns that are answers to one question, not questions of their own


@dataclass(frozen=True)
class Heading:
    """A column that may hold answers: its place from 0, its code ("" if it has none) and its wordings.

    ``repeat`` counts from 2 where columns before it are headed the same; 1 otherwise.
    """

    index: int
    code: str
    wordings: tuple[str, ...]
    repeat: int = 1

    @property
    def name(self) -> str:
        """What a consultant finds the column by, and a map names it by."""
        text = self.wordings[0] if self.wordings else self.code
        return f"{text} ({self.repeat})" if self.repeat > 1 else text

    @property
    def keys(self) -> tuple[str, ...]:
        """What a map may call the column, lower case; the second of two headed alike only by its number."""
        others = (self.code, *self.wordings) if self.repeat == 1 else ()
        return tuple(plain(text) for text in (self.name, *others) if text)


class Layout(Row):
    """How a service writes, as ``maps/survey_layouts.yaml`` explains."""

    service: str
    rows: int = 1
    mark: str = ""
    signs: tuple[frozenset[str], ...] = ()
    own: frozenset[str] = frozenset()
    identity: tuple[str, ...] = ()
    running: bool = False
    submitted: tuple[str, ...] = ()
    finished: dict[str, frozenset[str]] = Field(default_factory=dict)
    headings: str = "wording"

    def own_name(self, title: str) -> str:
        """Return the lower-case name a title has among the service's own columns, or ""."""
        lower = title.casefold()
        code, dot, text = lower.partition(". ")
        if dot and code in self.own and text in self.own:  # LimeSurvey: "id. Response ID"
            return code
        return lower if lower in self.own else ""

    def fits(self, texts: Sequence[Sequence[str]]) -> bool:
        """Whether every sign stands in the first of some rows, and the mark in the last row of headings."""
        names = {self.own_name(title) for title in texts[0]}
        marked = len(texts) >= self.rows and any(self.mark in title.casefold() for title in texts[self.rows - 1])  # fmt: skip
        return all(sign & names for sign in self.signs) and (not self.mark or marked)


class Layouts(Row):
    """All of ``maps/survey_layouts.yaml``."""

    people: frozenset[str]
    services: tuple[Layout, ...]
    finished: frozenset[str]
    unfinished: frozenset[str]


@cache
def layouts() -> Layouts:
    """Return the layouts that are known, each with the columns of people among its own."""
    known, faults = read_model(Layouts, shipped_map("survey_layouts"), "survey_layouts.yaml")
    if known is None:
        raise InputError(faults)
    own = (each.model_copy(update={"own": each.own | known.people}) for each in known.services)
    return known.model_copy(update={"services": tuple(own)})


@cache
def running_services() -> tuple[str, ...]:
    """Return the services that number the replies of each form from 1, or may."""
    return tuple(layout.service for layout in layouts().services if layout.running)


@dataclass(frozen=True)
class Export:
    """A survey service's export.

    Attributes
    ----------
    raw : Raw
        The table that it is.
    service : str
        Whose layout it is, in words.
    headings : tuple of Heading
        The columns that may hold answers or the group.
    identity : int or None
        Place of the column with the service's own number of a reply; None where it has none.
    own : tuple of str
        The service's own columns, names and addresses among them: never read.
    rows : tuple of (int, list of Cell)
        The replies, by row number.
    tests : tuple of int
        Rows left out because the service marks them as a trial or as spam.
    repeats : tuple of int
        Rows left out because they are the header once more.
    submitted : int or None
        Place of the column that says when a reply was sent.
    nameless : tuple of int
        Places of columns that hold something but have no heading.
    running : bool
        Whether each form's replies are numbered from 1, so that a number alone does not tell two forms apart.
    unfinished : tuple of int
        Rows of replies that were begun and not sent off.
    status : str
        Title of the column that tells it; "" where none does.
    unfolded : tuple of str
        Questions read from several columns, one for each answer.
    """

    raw: Raw
    service: str
    headings: tuple[Heading, ...]
    identity: int | None
    own: tuple[str, ...]
    rows: tuple[tuple[int, list[Cell]], ...]
    tests: tuple[int, ...] = ()
    repeats: tuple[int, ...] = ()
    submitted: int | None = None
    nameless: tuple[int, ...] = ()
    running: bool = False
    unfinished: tuple[int, ...] = ()
    status: str = ""
    unfolded: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The service as a file's name has it: ``microsoft-forms``."""
        return slug_of(self.service.partition(",")[0])

    def of_rows(self, unfinished: bool) -> Export:
        """Return the export with its unfinished replies alone, or without them."""
        left = set(self.unfinished)
        return replace(self, rows=tuple(row for row in self.rows if (row[0] in left) == unfinished))


def read_export(raw: Raw) -> Export:
    """Tell whose export a table is, and take its headers and its replies apart.

    Raises
    ------
    InputError
        When there is no reply in it, it is too wide, or a reply has more cells than the header.
    """
    texts = [[_text(cell) for cell in cells] for _, cells in raw.rows[:3]]
    if not texts:
        raise InputError([Fault(raw.file, "no rows", "a header and at least one reply", "Export it again.")])
    layout = next(layout for layout in layouts().services if layout.fits(texts))
    first, below, headers = texts[0], texts[1] if layout.rows > 1 and len(texts) > 1 else [], layout.rows
    if layout.headings == "title_and_row":
        # A second header row of blanks alone is no row of a CSV file: then the replies come at once.
        at = next(index for index, title in enumerate(first) if title.casefold() in layout.identity)
        below = [] if at < len(below) and below[at] else below
        headers = 2 if below else 1
        first = _filled_forward(first, below)
    export = _export(raw, layout, first, below, headers)
    _check_size(export, len(first))
    export = _without_trials(export, first) if layout.rows > 2 else export
    status, unfinished = _status(export, layout, first)
    export = replace(export, status=status, unfinished=unfinished)
    asked = _answer_columns(export)
    return _folded(export, asked, len(first)) if asked else export


def cell_at(cells: Sequence[Cell], index: int | None) -> Cell:
    """Return a row's cell; None beyond its end, and where there is no such column."""
    return cells[index] if index is not None and index < len(cells) else None


def _text(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).replace("\xa0", " ").split())


def _export(raw: Raw, layout: Layout, first: Sequence[str], below: Sequence[str], headers: int) -> Export:
    headings, own = [], []
    at: dict[str, int] = {}
    for index, title in enumerate(first):
        if name := layout.own_name(title):
            own.append(title)
            at.setdefault(name, index)
        elif title:
            take = _HEADINGS[layout.headings if below or layout.rows == 1 else "wording"]
            headings.append(take(index, title, below[index] if index < len(below) else ""))
    heads = [[_text(cell) for cell in cells] for _, cells in raw.rows[:headers]]
    again = tuple(number for number, cells in raw.rows[headers:] if [_text(cell) for cell in cells] in heads)
    left_out = set(again)
    rows = tuple(row for row in raw.rows[headers:] if row[0] not in left_out)
    nameless = tuple(index for index, title in enumerate(first) if not title
                     and any(_text(cell_at(cells, index)) for _, cells in rows))  # fmt: skip
    identity, submitted = (next((at[name] for name in names if name in at), None)
                           for names in (layout.identity, layout.submitted))  # fmt: skip
    return Export(raw, layout.service, _counted(headings), identity, tuple(own), rows,
                  repeats=again, submitted=submitted, nameless=nameless, running=layout.running)  # fmt: skip


def _check_size(export: Export, width: int) -> None:
    raw, faults = export.raw, []
    if width > MOST_COLUMNS:
        faults.append(
            Fault(raw.place(1), f"{width} columns", f"at most {MOST_COLUMNS}", "Export fewer questions.")
        )
    if not export.rows:
        allowed = "at least one reply under the header"
        faults.append(
            Fault(raw.file, f"no reply, in the layout of {export.service}", allowed, "Export it again.")
        )
    for number, cells in export.rows:
        if any(_text(cell) for cell in cells[width:]):
            remedy = "Put cells that hold the separator in quotation marks, or export it again."
            faults.append(
                Fault(raw.place(number), f"{len(cells)} cells", f"{width}, as in the header", remedy)
            )
    if faults:
        raise InputError(faults)


def _filled_forward(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Give each blank heading that has a row label under it the heading before it."""
    titles, last = [], ""
    for index in range(max(len(first), len(second))):
        title = first[index] if index < len(first) else ""
        under = second[index] if index < len(second) else ""
        last = title or last
        titles.append(title or (last if under else ""))
    return titles


def _without_trials(export: Export, header: Sequence[str]) -> Export:
    """Leave out what Qualtrics marks as a preview, a test or spam, in words or as its numbers for them."""
    at: Mapping[str, int] = {title.casefold(): index for index, title in enumerate(header)}

    def trial(cells: Sequence[Cell]) -> bool:
        status = _text(cell_at(cells, at.get("status"))).casefold()
        channel = _text(cell_at(cells, at.get("distributionchannel"))).casefold()
        marked = any(word in status for word in ("preview", "test", "spam"))
        return marked or status in {"1", "2", "8", "9", "17"} or channel in {"preview", "test"}

    kept = tuple(row for row in export.rows if not trial(row[1]))
    return replace(export, rows=kept, tests=tuple(number for number, cells in export.rows if trial(cells)))


def _status(export: Export, layout: Layout, header: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """Return the first column that tells which replies were sent off, and the rows of those that were not."""
    at = {
        layout.own_name(title) or title.casefold(): index for index, title in reversed([*enumerate(header)])
    }
    for column, words in layout.finished.items():
        if column not in at:
            continue
        said = {number: _text(cell_at(cells, at[column])).casefold() for number, cells in export.rows}
        if layout.signs:
            sent_off = {number for number, word in said.items() if word in words or (word and not words)}
        else:
            known = layouts()
            if not set(said.values()) <= known.finished | known.unfinished | {""} or not any(said.values()):
                continue
            sent_off = {number for number, word in said.items() if word in known.finished}
        return header[at[column]], tuple(number for number in said if number not in sent_off)
    return "", ()


def _answer_columns(export: Export) -> dict[tuple[str, ...], dict[Heading, str]]:
    """Return the columns that stand for one answer each, by what their question may be called."""
    asked: dict[str, dict[Heading, str]] = {}
    wordings: dict[str, tuple[str, ...]] = {}
    for heading in export.headings:
        texts, answer = _answer_of(heading)
        if answer:
            asked.setdefault(texts[-1], {})[heading] = answer
            wordings[texts[-1]] = texts
    return {wordings[key]: columns for key, columns in asked.items() if _are_answers([*columns.values()])}


def _folded(export: Export, asked: Mapping[tuple[str, ...], Mapping[Heading, str]], width: int) -> Export:
    """Return an export that has a column for each answer with one for each question, behind its last column.

    Raises
    ------
    InputError
        When such columns cannot be read as the answers to one question.
    """
    rows = [(number, [*cells, *[None] * (width - len(cells))]) for number, cells in export.rows]
    faults = []
    for columns in asked.values():
        for number, cells in rows:
            try:
                cells.append(_ticked(cells, columns))
            except ValueError as error:
                remedy = "Export it again with one column for each question (in SurveyMonkey, “Condensed”)."
                allowed = "one of the answers, each in a column of its own as an expanded export has them"
                faults.append(
                    Fault(export.raw.place(number, next(iter(columns)).name), str(error), allowed, remedy)
                )
    if faults:
        raise InputError(faults)
    folded = {heading for columns in asked.values() for heading in columns}
    new = [Heading(width + at, texts[0], texts) for at, texts in enumerate(asked)]
    headings = _counted([*(heading for heading in export.headings if heading not in folded), *new])
    return replace(
        export, headings=headings, rows=tuple(rows), unfolded=tuple(heading.name for heading in new)
    )


def _are_answers(texts: Sequence[str]) -> bool:
    """Whether texts are the answers to one question; numbers alone only where all five are there."""
    fewest = 5 if any(text.strip().isdecimal() for text in texts) else FEWEST_ANSWERS
    return len(texts) >= fewest and len({*map(word_score, texts)}) == len(texts)


def _answer_of(heading: Heading) -> tuple[tuple[str, ...], str]:
    """Return what a heading asks and which answer it stands for, the latter "" where it is no answer's."""
    if not heading.wordings:
        return (), ""
    first, last = heading.wordings[0], heading.wordings[-1]
    if last != first and last.endswith(f" {first}") and word_score(first):  # a title, and its answer below
        return (last.removesuffix(first).strip(),), first
    matches = [match for text in heading.wordings if len(text) <= LONGEST_HEADING and (match := _UNFOLDED.fullmatch(text))
               and word_score(match["inner"] or match["behind"])]  # fmt: skip
    texts = tuple(dict.fromkeys(match["asked"].strip() for match in matches))
    return texts, (matches[0]["inner"] or matches[0]["behind"]) if matches else ""


def _ticked(cells: Sequence[Cell], columns: Mapping[Heading, str]) -> str | None:
    """Return the answer whose column is ticked; None for none; ValueError with what stands there instead."""
    ticked = []
    for heading, answer in columns.items():
        cell = plain(_text(cell_at(cells, heading.index)))
        if cell in {plain(answer), str(word_score(answer))} | _TICKED:
            ticked.append(answer)
        elif cell not in _UNTICKED:
            raise ValueError(f"{shown(cell)} in the column of “{shown(answer)}”")
    if len(ticked) > 1:
        raise ValueError(f"{len(ticked)} answers: {', '.join(map(shown, ticked))}")
    return ticked[0] if ticked else None


def _counted(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    """Return the headings, those that stand there more than once numbered."""
    seen: dict[str, int] = {}
    numbered = []
    for heading in headings:
        key = plain(heading.name)
        seen[key] = seen.get(key, 0) + 1
        numbered.append(replace(heading, repeat=seen[key]))
    return tuple(numbered)


def _wording(index: int, title: str, _: str) -> Heading:
    """Read a heading that is the wording or the code."""
    return Heading(index, title, (title,))


def _row_in_brackets(index: int, title: str, _: str) -> Heading:
    """Read ``Question [Row]`` of a grid: the row is a question's wording as well as the whole."""
    _, bracket, row = title.rstrip("]").rpartition(" [")
    return Heading(index, title, (title, row) if bracket and title.endswith("]") else (title,))


def _code_before_wording(index: int, title: str, _: str) -> Heading:
    """Read ``code. text``, or either alone; a sub-question's code is ``G1[code]`` or ``G1_code``.

    The comment beside a question is ``code[comment]``, its text ``Wording [Comment]``.
    """
    code, dot, text = title.partition(". ")
    if not dot or " " in code:
        code, text = ("", title) if " " in title else (title, "")
    outer, bracket, inner = code.rstrip("]").rpartition("[")
    row = text.rstrip("]").rpartition(" [")[2] if text.endswith("]") else ""
    if bracket and inner.casefold() == "comment":
        return Heading(index, f"{outer}comment", (text or title,))
    after = code.partition("_")[2]
    spaced = title.replace("_", " ") if "_" in title and " " not in title else ""
    wordings = (text, row, after, spaced) if text else (after, spaced)
    return Heading(index, inner or code, tuple(dict.fromkeys(one for one in (title, *wordings) if one)))


def _title_and_row(index: int, title: str, row: str) -> Heading:
    """Read two rows: over a question asked alone the second says "Response"; over one of a matrix, its wording."""
    alone = row.casefold() in _ALONE
    return Heading(index, "" if alone else row, (title,) if alone else (row, f"{title} {row}"))


def _code_and_wording(index: int, code: str, wording: str) -> Heading:
    """Read a code and, below it, the wording; a statement of a matrix stands behind the last `` - ``."""
    whole = re.sub(r" - Text$", "", wording)
    tail = whole.rpartition(" - ")[2]
    return Heading(index, code, tuple(dict.fromkeys(one for one in (whole, tail) if one)))


_HEADINGS: Mapping[str, Callable[[int, str, str], Heading]] = {
    "wording": _wording,
    "row_in_brackets": _row_in_brackets,
    "code_before_wording": _code_before_wording,
    "title_and_row": _title_and_row,
    "code_and_wording": _code_and_wording,
}
