"""Two columns of tables on a slide, each with as many rows as fit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from toolkit.html.fonts import cut_to, lines_of
from toolkit.html.markup import paragraph, table, text_of
from toolkit.show.canvas import SLIDE, rows_within
from toolkit.words import NAME_CHARACTERS, capital, count, excerpt

# A column's width and its first cell's share of it; a line's height, a row's own space and a table's head, in pixels.
_COLUMN, _FIRST, _LINE, _ROW, _HEAD = (SLIDE - 44) / 2, 0.6, 20.5, 15, 40
# The last cell's width, and the lines that stand in it.
_SECOND, _STANDS = _COLUMN * (1 - _FIRST) - 16, 3

IN_ASSESSMENT = "in the assessment"

# What stands in a row: what it is about, who or why below it, and how it stands.
Row = tuple[str, str, str]


@dataclass(frozen=True)
class ShortTable:
    """One table of a column, and what is said below it.

    ``heading`` and ``how`` head its two cells; ``noun`` names a row where the rest of them is counted, ``rest`` says where that is.
    """

    heading: str
    how: str
    noun: str
    rows: list[Row]
    note: str = ""
    rest: str = IN_ASSESSMENT


def columns(parts: Sequence[Sequence[ShortTable]], room: float) -> Markup:
    """Return columns side by side of a slide whose body is so many pixels high; parts that say nothing are left out."""
    told = [_column([part for part in each if part.rows or part.note], room) for each in parts]
    body = Markup("").join(Markup("<div>{}</div>").format(column) for column in told if column)
    tall = max((sum(_HEAD + sum(map(_height, part.rows)) for part in each) for each in parts), default=0.0)
    return Markup('<div class="halves{}">{}</div>').format(" airy" if tall < room / 2 else "", body)


def _column(parts: Sequence[ShortTable], room: float) -> Markup:
    """Return tables one below the other, each with as many rows as fit and leave the next ones a row each."""
    out = []
    for n, part in enumerate(parts):
        behind = sum(_HEAD + 34 + sum(map(_height, rest.rows[:1])) for rest in parts[n + 1 :])
        said = 22 * lines_of(part.note, 16, _COLUMN) + 12 if part.note else 0
        fit = rows_within([_height(row) for row in part.rows], room - behind - _HEAD - said)
        shown = part.rows[:fit]
        rest = len(part.rows) - len(shown)
        more = f"{capital(count(rest, f'further {part.noun}'))} {part.rest}." if rest else ""
        note = " ".join(filter(None, (part.note, more)))
        room -= _HEAD + sum(map(_height, shown)) + (22 * lines_of(note, 16, _COLUMN) + 12 if note else 0)
        rows = [_cells(row) for row in shown]
        out.append(table((part.heading, part.how), rows, part.heading, css="since dense") or _heading(part))
        out.append(paragraph(text_of(note), css="note") if note else Markup(""))
    return Markup("").join(out)


def _heading(part: ShortTable) -> Markup:
    return Markup('<h3 class="minor">{}</h3>').format(part.heading)


def _cells(row: Row) -> tuple[Markup, Markup]:
    about, aside, stands = _cut(row)
    below = Markup("<small>{}</small>").format(text_of(aside)) if aside else Markup("")
    return text_of(about) + below, text_of(stands)


def named_scores(scores: Sequence[tuple[str, str]]) -> str:
    """Return who scored what as the last cell of a row holds it: the names are cut until it does, never a score."""
    said = ""
    for most in range(NAME_CHARACTERS, 4, -1):
        said = "; ".join(f"{excerpt(name, most)} {score}" for name, score in scores)
        if lines_of(said, 16, _SECOND) <= _STANDS:
            break
    return said


def _cut(row: Row) -> Row:
    first = _COLUMN * _FIRST - 16
    return (
        cut_to(row[0], 16, first, 2, 500),
        cut_to(row[1], 14, first, 2),
        cut_to(row[2], 16, _SECOND, _STANDS),
    )


def _height(row: Row) -> float:
    about, aside, stands = _cut(row)
    first = _COLUMN * _FIRST - 16
    high = _LINE * lines_of(about, 16, first, 500) + 18 * lines_of(aside, 14, first)
    return max(high, _LINE * lines_of(stands, 16, _SECOND)) + _ROW
