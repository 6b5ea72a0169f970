"""An import as a consultant sees it: what becomes what, what is dropped, what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from toolkit.client.field_types import Row
from toolkit.client.record_csv import write_rows
from toolkit.errors import shown, told_once, visible
from toolkit.intake.import_ import Import

MOST_IDS = 12
MOST_ROWS = 500
MOST_CHANGES = 40


def preview(done: Import) -> Group:
    """Return the import as text and tables; client text stays text, whatever it holds."""
    sheet = f", sheet {shown(done.sheet)}" if done.sheet else ""
    others = f"; {done.elsewhere} left out by --where or the map" if done.elsewhere else ""
    parts: list[Text | Table] = [Text(f"{shown(done.file)}{sheet}: {done.rows} rows{others}")]
    if done.mapped:
        parts.append(mapping_of(done))
    if done.unused:
        left = [(visible(one.where), shown(one.found)) for one in done.unused[:MOST_ROWS]]
        parts.append(_table(f"Not used: {len(done.unused)} columns or rows", ("Where", "What it is"), left))
    elif done.dropped:
        parts.append(Text(f"Columns not used: {', '.join(shown(one) for one in done.dropped)}"))
    for what, ids in (("New", done.new), ("Changed", done.changed), ("Unchanged", done.unchanged)):
        if ids:
            more = f" and {len(ids) - MOST_IDS} more" if len(ids) > MOST_IDS else ""
            parts.append(Text(f"{what}: {len(ids)} ({', '.join(map(shown, ids[:MOST_IDS]))}{more})"))
    if done.changes:
        more = (
            f" (the first {MOST_CHANGES} of {len(done.changes)})" if len(done.changes) > MOST_CHANGES else ""
        )
        heads = ("Id", "Field", "Was", "Becomes")
        rows = [tuple(map(shown, one)) for one in done.changes[:MOST_CHANGES]]
        parts.append(_table(f"What changes{more}", heads, rows))
    parts += [Text(visible(remark)) for remark in done.remarks]
    if done.left_open:
        parts.append(Text(cells_left_open(done)))
    if done.unreadable:
        causes = told_once(done.unreadable)
        rows = [(visible(one.where), shown(one.found), one.allowed) for one in causes[:MOST_ROWS]]
        parts.append(
            _table(
                f"Could not be read: {len(done.unreadable)} cells or rows{_first(len(causes))}; rows left out: {len(done.rejected)}",
                ("Where", "Found", "Allowed"),
                rows,
            )
        )
    return Group(*parts)


def mapping_of(done: Import) -> Table:
    """Return which column becomes which field, with some values as read where they are known."""
    heads, rows = (
        ("Our field", "Their column", "As read"),
        [(*one, done.samples.get(one[0], "")) for one in done.mapped],
    )
    return _table(
        "What becomes what", heads if done.samples else heads[:2], rows if done.samples else done.mapped
    )


def report(done: Import) -> bytes:
    """Return every cell, row and column that could not be read, is left missing or is not used, as a CSV file."""
    told = (*done.unreadable, *done.left_open, *done.unused)
    return write_rows(_Line, (_Line.model_validate(one.row()) for one in told))


class _Line(Row):
    where: str = ""
    found: str = ""
    allowed: str = ""
    remedy: str = ""


def cells_left_open(done: Import) -> str:
    """Return how many cells give no value because their words say so, and which words these are."""
    words = Counter(" ".join(one.found.split()) for one in done.left_open).most_common()
    told = ", ".join(f"“{shown(word)}” {times}" for word, times in words[:MOST_IDS])
    more = f" and {len(words) - MOST_IDS} other wordings" if len(words) > MOST_IDS else ""
    return f"No value, as the cells themselves say: {len(done.left_open)} ({told}{more})"


def _first(causes: int) -> str:
    return f" (the first {MOST_ROWS} of {causes} causes are shown)" if causes > MOST_ROWS else ""


def _table(title: str, header: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(title=Text(title), box=box.SIMPLE, title_justify="left")
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    return table
