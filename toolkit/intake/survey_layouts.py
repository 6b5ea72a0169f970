"""The exports of survey services, told apart by their headers, as one table of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit.errors import Fault, InputError
from toolkit.intake.survey_headings import Heading, counted, simple
from toolkit.intake.survey_services import MONKEY, ONE_HEADER, QUALTRICS, TABLE, Layout
from toolkit.intake.table import MOST_COLUMNS, Cell, Raw
from toolkit.intake.values import slug_of

__all__ = ["Export", "Heading", "cell_at", "read_export"]


@dataclass(frozen=True)
class Export:
    """A survey service's export.

    Attributes
    ----------
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
    """

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

    @property
    def key(self) -> str:
        """The service as a file's name has it: ``microsoft-forms``."""
        return slug_of(self.service.partition(",")[0])


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
    first, second = texts[0], texts[1] if len(texts) > 1 else []
    if len(texts) > 2 and any('"importid"' in one.casefold() for one in texts[2]):
        export = _export(raw, QUALTRICS, first, second, 3)
    elif MONKEY.fits(first):
        # A second header row of blanks alone is no row of a CSV file: then the replies come at once.
        at = next(index for index, title in enumerate(first) if title.casefold() == "respondent id")
        below = [] if at < len(second) and second[at] else second
        export = _export(raw, MONKEY, _filled_forward(first, below), below, 2 if below else 1)
    else:
        layout = next((one for one in ONE_HEADER if one.fits(first)), TABLE)
        export = _export(raw, layout, first, [], 1)
    _check_size(raw, len(first), export)
    return _without_trials(export, first) if export.service == QUALTRICS.service else export


def cell_at(cells: Sequence[Cell], index: int | None) -> Cell:
    """Return a row's cell; None beyond its end, and where there is no such column."""
    return cells[index] if index is not None and index < len(cells) else None


def _text(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).replace("\xa0", " ").split())


def _export(raw: Raw, layout: Layout, first: Sequence[str], second: Sequence[str], headers: int) -> Export:
    headings, own = [], []
    at: dict[str, int] = {}
    for index, title in enumerate(first):
        if name := layout.own_name(title):
            own.append(title)
            at.setdefault(name, index)
        elif title:
            take = layout.take if layout.take is not MONKEY.take or second else simple
            headings.append(take(index, title, second[index] if index < len(second) else ""))
    heads = [[_text(cell) for cell in cells] for _, cells in raw.rows[:headers]]
    again = tuple(number for number, cells in raw.rows[headers:] if [_text(cell) for cell in cells] in heads)
    left_out = set(again)
    rows = tuple(row for row in raw.rows[headers:] if row[0] not in left_out)
    nameless = tuple(index for index, title in enumerate(first) if not title
                     and any(_text(cell_at(cells, index)) for _, cells in rows))  # fmt: skip
    identity, submitted = (next((at[name] for name in names if name in at), None)
                           for names in (layout.identity, layout.submitted))  # fmt: skip
    return Export(layout.service, counted(headings), identity, tuple(own), rows,
                  repeats=again, submitted=submitted, nameless=nameless, running=layout.running)  # fmt: skip


def _check_size(raw: Raw, width: int, export: Export) -> None:
    faults = []
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
