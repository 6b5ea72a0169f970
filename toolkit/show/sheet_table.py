"""Tables of a page that is one sheet of A4: as many rows of each as the sheet holds, and how many more there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from toolkit.html.fonts import cut_to, lines_of
from toolkit.html.markup import headed, paragraph, table
from toolkit.words import capital, count

# As printed, in pixels: how wide a table is, sizes of text and of what stands below it, a line's height, a row's own space
# below it and beside each cell, what more stands beside one behind figures, the line that says how many more rows there are.
_WIDE, _TEXT, _ASIDE, _LINE, _GAP, _BESIDE, _BEHIND, _MORE = 657, 10.7, 9.4, 13.4, 4.8, 10, 7, 20
# A cell: what it says, and below it in smaller letters.
Cell = tuple[str, str]


@dataclass(frozen=True)
class SheetTable:
    """One table: its columns' heads and their shares of the width, and its rows, the most pressing first.

    ``noun`` names a row where the rest is counted, ``book`` holds all, ``nothing`` stands where there are none.
    """

    heading: str
    noun: str
    head: tuple[str, ...]
    shares: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    nothing: str
    numeric: tuple[int, ...] = ()
    book: str = "figures.xlsx"

    @cached_property
    def heights(self) -> list[float]:
        """How high each row is, in pixels."""
        return [_GAP + _LINE * max(map(self._lines, range(len(row)), row)) for row in self._cut]

    @cached_property
    def _cut(self) -> list[tuple[Cell, ...]]:
        """The rows, what a cell says cut to two lines, and what stands below it to three."""
        return [
            tuple(
                (cut_to(said, _TEXT, self._width(n), 2, _weight(n)), cut_to(below, _ASIDE, self._width(n), 3))
                for n, (said, below) in enumerate(row)
            )
            for row in self.rows
        ]

    def _width(self, column: int) -> float:
        beside = _BEHIND if column - 1 in self.numeric and column not in self.numeric else 0
        return self.shares[column] * _WIDE - _BESIDE - beside

    def _lines(self, column: int, cell: Cell) -> int:
        (said, below), width = cell, self._width(column)
        return lines_of(said, _TEXT, width, _weight(column)) + (
            lines_of(below, _ASIDE, width) if below else 0
        )

    def html(self, fit: int) -> Markup:
        """Return the table with so many of its rows, the first ones, and how many more there are."""
        rows = [[headed(*cell) for cell in row] for row in self._cut[:fit]]
        rest = len(self.rows) - fit
        more = (
            paragraph(f"{capital(count(rest, f'more {self.noun}'))} in {self.book}.", css="note")
            if rest
            else ""
        )
        shown = table(self.head, rows, self.heading, self.numeric, "a4", self.shares)
        empty = paragraph(self.nothing, css="note") if not self.rows else ""
        return Markup('<h2 class="minor">{}</h2>{}{}{}').format(self.heading, shown, empty, more)


def sheet_tables(tables: Sequence[SheetTable], room: float) -> list[Markup]:
    """Return tables that share so many pixels for their rows, and for saying of those cut short how many more there are."""
    fit = _fit(tables, room)
    for _ in tables:  # the less room there is, the more are cut short
        cut = sum(shown < len(one.rows) for one, shown in zip(tables, fit, strict=True))
        fit = _fit(tables, room - _MORE * cut)
    return [one.html(shown) for one, shown in zip(tables, fit, strict=True)]


def _fit(tables: Sequence[SheetTable], room: float) -> list[int]:
    """Return how many rows of each table fit: each is given a row in turn, as long as its next one does."""
    fit, going = [0] * len(tables), True
    while going:
        going = False
        for n, one in enumerate(tables):
            if fit[n] < len(one.rows) and one.heights[fit[n]] <= room:
                room, fit[n], going = room - one.heights[fit[n]], fit[n] + 1, True
    return fit


def _weight(column: int) -> int:
    return 400 if column else 500
