"""A sheet of the roadmap's workbook, before it is written: its columns, its rows, and what is marked on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from toolkit.plan.plan_table import Cell

AMOUNT, FTE = "#,##0;[Red]-#,##0", "0.0#;[Red]-0.0#"


@dataclass(frozen=True)
class SheetColumn:
    """A column: what stands above it, how wide it is in characters, and how its numbers are written."""

    title: str
    width: int
    form: str = "General"


@dataclass
class WorkbookSheet:
    """What a sheet holds: rows, those below that add them up, and which cells to shade (row, column).

    ``kept`` columns stay in sight; a printed page ends after ``page_after`` of them (0: one page across).
    """

    columns: list[SheetColumn]
    rows: list[list[Cell]] = field(default_factory=list)
    sums: list[list[Cell]] = field(default_factory=list)
    marked: set[tuple[int, int]] = field(default_factory=set)
    kept: int = 2
    page_after: int = 0

    def add(self, values: list[Cell], marked: Iterable[int] = ()) -> None:
        """Add a row."""
        self.marked |= {(len(self.rows), column) for column in marked}
        self.rows.append(values)
