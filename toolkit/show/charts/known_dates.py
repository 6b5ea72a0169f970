"""The dates that the client states for its work, now and as first known, where there is no plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from toolkit.client.record import Record
from toolkit.client.schema import FINISHED
from toolkit.html.fonts import text_width
from toolkit.method import SOON_DAYS
from toolkit.plan.roadmap import KnownDate
from toolkit.show.canvas import LABEL, SLIDE, TICK, Canvas, fitting_apart, room_below, scale
from toolkit.show.native_chart import ChartSeries, NativeChart, RowNote
from toolkit.show.page import Exhibit
from toolkit.words import capital, count, joined, money_short, month, number_word, part_of

if TYPE_CHECKING:
    from toolkit.show.story import Story


def known_dates_message(story: Story) -> str:
    """Say how much of the open work is past its date and how much falls due within a year; of work that is over, that it is."""
    rows, as_of = story.roadmap.timeline, story.assessment.as_of
    live = [row for row in rows if row.status not in FINISHED]
    if not live:
        return capital(
            f"{part_of(len(rows), len(rows), 'initiative')} on record {'is' if len(rows) == 1 else 'are'} over"
        )
    days = [(row.finish - as_of).days for row in live if row.finish]
    past, soon = sum(day < 0 for day in days), sum(0 <= day <= SOON_DAYS for day in days)
    if not days:
        return capital(
            f"{part_of(len(live), len(live), 'open initiative')} {'has' if len(live) == 1 else 'have'} no completion date"
        )
    said = (
        [f"{number_word(past)} {'is' if past == 1 else 'are'} past {'its' if past == 1 else 'their'} date"]
        if past
        else []
    )
    said += [f"{number_word(soon)} {'is' if soon == 1 else 'are'} due within a year"] if soon else []
    last = "later" if len(live) == 2 == len(days) else "last"
    undated = len(live) - len(days)
    last = "one" if len(days) == 1 and undated else f"the {last}"
    said += [f"{last} is due in {max(row.finish for row in live if row.finish).year}"] if not said else []
    if len(live) in (past, soon) and len(live) > 1:
        verb = "are past their dates" if past else "are due within a year"
        return capital(f"{part_of(len(live), len(live), 'open initiative')} {verb}")
    said += [f"{number_word(undated)} {'has' if undated == 1 else 'have'} no date"] if undated else []
    of = "The one open initiative" if len(live) == 1 else f"Of {count(len(live), 'open initiative')}"
    if len(live) == 1:
        return f"{of} {joined(said).removeprefix('one ').replace('the last is', 'is')}"
    return f"{of}, {joined(said)}"


_SIGNS = "Dates as stated by the client (diamond: now, grey where done or stopped; bar: from the first date known to us)"


def known_dates(story: Story, title: str, most: int, width: float = SLIDE) -> Exhibit:
    """Draw completion dates as stated now and as first known.

    At most ``most`` initiatives are drawn, open ones first, those finishing soonest after the round's date; all of them, those
    without a date last, where there are no more. The data holds all.
    """
    rows, as_of = story.roadmap.timeline, story.assessment.as_of
    dated = (row for row in rows if row.finish)
    nearest = sorted(dated, key=lambda r: (r.status in FINISHED, _distance(r, as_of), r.initiative))
    drawn = sorted(nearest[:most], key=lambda r: (r.finish or as_of, r.initiative))
    drawn += [row for row in rows if not row.finish] if len(rows) <= most else []
    only = f"; {_which(drawn, rows)}" if len(drawn) < len(rows) else ""
    return Exhibit(
        "timeline", title, _data(story.record, rows), f"{_SIGNS}{only}; budgets in {story.currency}",
        "the client’s register of initiatives", lambda: _drawn(story.record, drawn, as_of, title, width),
        lambda: _native(story, drawn, only),
    )  # fmt: skip


def _which(drawn: Sequence[KnownDate], rows: Sequence[KnownDate]) -> str:
    """Say which initiatives are drawn where not all are: open ones as far as there are any, then those that are over."""
    going, live = (sum(row.status not in FINISHED for row in each) for each in (drawn, rows))
    if going == len(drawn):
        dated = sum(row.status not in FINISHED and row.finish is not None for row in rows)
        nearest = "with a date" if going == dated else "nearest to today"
        return f"{part_of(going, live, 'open one')} drawn{f', those {nearest}' if going < live else ''}"
    last = f"{number_word(len(drawn) - going)} of those last done or stopped"
    ones = "open one" if going == 1 else f"{number_word(going)} open ones"
    return f"{len(drawn)} of {len(rows)} drawn: {f'the {ones} with a date, and ' if going else ''}{last}"


def _native(story: Story, rows: Sequence[KnownDate], only: str) -> NativeChart:
    """Return the dates as marks in rows, in years: 2027.5 is the middle of 2027."""
    as_of = story.assessment.as_of
    names = {initiative.id: initiative.short or initiative.name for initiative in story.record.initiatives}
    now = tuple(None if row.finish is None else _in_years(row.finish) for row in rows)
    then = tuple(
        _in_years(row.original_finish) if row.original_finish and row.original_finish != row.finish else None
        for row in rows
    )
    known = [value for value in (*now, *then, _in_years(as_of)) if value is not None]
    low, high = float(int(min(known))), float(int(max(known)) + 1)
    every = -(-int(high - low) // 8) or 1
    high = low + every * -(-int(high - low) // every)
    years = range(int(low), int(high) + 1, every)
    series = (
        ChartSeries("First date known to us", then, "mid", mark="|"),
        ChartSeries(
            "Completion date as stated now",
            now,
            "plan",
            mark="D",
            since=then,
            fills=tuple("mid" if row.status in FINISHED else "plan" for row in rows),
        ),
    )
    return NativeChart(
        "marks", tuple(names[row.initiative] for row in rows), series[0 if any(then) else 1 :],
        notes=tuple(
            RowNote(month(row.finish) if row.finish else "", "" if row.amount is None else money_short(row.amount))
            for row in rows
        ),
        low=low, high=high, ticks=tuple(map(str, years)), heads=("", "Completion; money"),
        unit=f"{_SIGNS}, as of {month(as_of)}{only}; budgets in {story.currency}",
    )  # fmt: skip


def _in_years(day: date) -> float:
    first = date(day.year, 1, 1).toordinal()
    return day.year + (day.toordinal() - first) / (date(day.year + 1, 1, 1).toordinal() - first)


def _drawn(record: Record, rows: Sequence[KnownDate], as_of: date, title: str, width: float) -> bytes:
    known = [day for row in rows for day in (row.finish, row.original_finish) if day] + [as_of]
    left, top = (400.0 if width == SLIDE else 320.0), 40.0
    called = {one.id: one.short or one.name for one in record.initiatives}
    names = fitting_apart({row.initiative: called[row.initiative] for row in rows}, LABEL, left - 16)
    at = scale(min(known).toordinal(), max(known).toordinal(), left + 12, width - 90)
    step = min(150, (room_below(title, 90) - top) / len(rows)) if width == SLIDE else 32
    with Canvas(width, top + step * len(rows) + 6) as canvas:
        _years(canvas, min(known), max(known), at, top, as_of)
        canvas.line(at(as_of.toordinal()), top - 8, at(as_of.toordinal()), canvas.height, "alarm", 1.5)
        said = f"as of {month(as_of)}"
        right = at(as_of.toordinal()) + 6 + text_width(said, TICK) > width
        canvas.text(
            at(as_of.toordinal()) + (-6 if right else 6), 12, said, TICK, "alarm", align="right" if right else "left"
        )  # fmt: skip
        for n, row in enumerate(rows):
            y = top + step * (n + 0.5)
            canvas.text(0, y, names[row.initiative], LABEL)
            _known_date(canvas, row, y, at, left + 12, at(as_of.toordinal()))
        return canvas.svg()


def _years(
    canvas: Canvas, first: date, last: date, at: Callable[[float], float], top: float, as_of: date
) -> None:
    """Mark where each calendar year begins, as far as the marks do not stand too close; of less, first and last month.

    The month that the line of today names is not written again.
    """
    years = range(first.year + 1, last.year + 1)
    if len(years) < 2:
        if month(first) != month(as_of):
            canvas.text(at(first.toordinal()), 28, month(first), TICK, "grey")
        if first < last and month(last) != month(as_of):
            canvas.text(at(last.toordinal()), 28, month(last), TICK, "grey", align="right")
        return
    every = -(-len(years) // 8) or 1
    for year in years[::every]:
        x = at(date(year, 1, 1).toordinal())
        canvas.line(x, top - 4, x, canvas.height)
        canvas.text(x, 28, str(year), TICK, "grey", align="center")


def _known_date(
    canvas: Canvas, row: KnownDate, y: float, at: Callable[[float], float], left: float, today: float
) -> None:
    """Mark a completion date as stated now, and the way it has come from the first one; say where none is on record.

    No words stand on the line of today.
    """

    def beside(x: float, said: str) -> float:
        return today + 8 if x - 4 < today < x + text_width(said, TICK) + 4 else x

    if row.finish is None:
        said = "no completion date on record"
        canvas.text(beside(left, said), y, said, TICK, "grey")
        return
    now = right = at(row.finish.toordinal())
    if row.original_finish and row.original_finish != row.finish:
        first = at(row.original_finish.toordinal())
        right = max(now, first)
        canvas.line(first, y, now, y, "light", 4, above=2)
        canvas.line(first, y - 8, first, y + 8, "mid", 2.5, above=3)
    canvas.mark(now, y, "D", 10, "mid" if row.status in FINISHED else "plan")
    if row.amount is not None:
        said = money_short(row.amount)
        canvas.text(beside(right + 14, said), y, said, TICK, "text")


def _data(record: Record, rows: Sequence[KnownDate]) -> pd.DataFrame:
    """Return every known date and amount; a column in which nothing is known is left out."""
    names = {initiative.id: initiative.name for initiative in record.initiatives}
    columns = [
        "Initiative",
        "Status",
        "Start",
        "First completion date",
        "Completion date",
        "First budget",
        "Budget",
    ]
    data = [
        (names[r.initiative], r.status, r.start, r.original_finish, r.finish, r.original_amount, r.amount)
        for r in rows
    ]  # fmt: skip
    return pd.DataFrame(data, columns=columns).dropna(axis="columns", how="all")


def _distance(row: KnownDate, as_of: date) -> int:
    """Order dates: what is to come, soonest first, then what is past, latest first."""
    days = (row.finish - as_of).days if row.finish else 0
    return days if days >= 0 else 100_000 - days
