"""A chart as a phone shows it: each row's name above its bar or marks, what is said of the row below."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from markupsafe import Markup

from toolkit.html.fonts import text_width
from toolkit.show.canvas import LABEL, TICK, fitting, on, scale, wrapped
from toolkit.show.chart_style import FAINT, ROLES
from toolkit.show.native_chart import ChartSeries, NativeChart, RowNote
from toolkit.words import inside, plain, tidy

# In pixels: how wide a phone's page is between its margins, and how high are a line of text, a bar and what marks stand on.
WIDTH = 350.0
_LINE, _BAR, _MARKS = 20.0, 22.0, 26.0
_EDGE = 8.0
# Of a mark, half its width; of its label, how far it begins from the mark's middle.
_HALF, _BESIDE = 6.5, 13.0
# The share of the width that what is said beside a row's name takes at most.
_SHORT = 0.4


def narrow_chart(chart: NativeChart, described: str) -> Markup:
    """Return a chart of rows as an ``<svg>`` element for a phone, shown by media query in place of the wide drawing.

    ``described`` says what it shows, for those who do not see it. A chart of columns or a grid gives nothing: a phone
    shows its wide drawing, in a box that scrolls.
    """
    if chart.kind not in ("bars", "marks"):
        return Markup("")
    return _Drawing(chart).svg(described)


class _Drawing:
    """The shapes and texts of one chart, gathered from the top down."""

    def __init__(self, chart: NativeChart) -> None:
        self.chart, self.shapes, self.y = chart, list[Markup](), 0.0
        self.notes = chart.notes or (RowNote(),) * len(chart.rows)
        # Beside the rows' names where all are short, else below the rows.
        self.notes_beside = all(text_width(note.head, LABEL, 600) <= _SHORT * WIDTH for note in self.notes)
        self.at = self._scale()
        self._legend()
        self._heads()
        if chart.spans:
            self._spans()
        for row in range(len(chart.rows)):
            above, self.shapes = self.shapes, []
            self._row(row)
            self.shapes = [*above, Markup('<g class="row">{}</g>').format(Markup("").join(self.shapes))]
        if chart.ticks and not chart.spans:
            self._ticks()

    def svg(self, described: str) -> Markup:
        size = _number(WIDTH), _number(self.y + 4)
        head = Markup(
            '<svg class="chart narrow" role="img" aria-label="{0}" width="{1}" height="{2}" viewBox="0 0 {1} {2}">'
        ).format(described, *size)
        return head + Markup("").join(self.shapes) + Markup("</svg>")

    def text(
        self,
        x: float,
        y: float,
        said: str,
        size: float = LABEL,
        role: str = "ink",
        weight: int = 400,
        anchor: str = "start",
    ) -> None:
        """Write one line, its middle at ``y``."""
        style = f"font: {weight} {_number(size)}px var(--font); fill: {ROLES.get(role, role)}; text-anchor: {anchor}"
        self.shapes.append(
            Markup('<text x="{}" y="{}" style="{}">{}</text>').format(_number(x), _number(y + 0.36 * size), style, said)
        )  # fmt: skip

    def path(self, d: str, fill: str, edge: str = "paper", width: float = 0.0) -> None:
        stroke = f"; stroke: {ROLES.get(edge, edge)}; stroke-width: {_number(width)}" if width else ""
        self.shapes.append(
            Markup('<path d="{}" style="fill: {}{}"/>').format(d, ROLES.get(fill, fill), stroke)
        )

    def box(self, left: float, right: float, y: float, height: float, fill: str) -> None:
        """Draw a bar, its middle at ``y``; a narrow one is drawn two pixels wide."""
        left, right = min(left, right), max(left, right, min(left, right) + 2)
        top, bottom = y - height / 2, y + height / 2
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        self.path(f"M {' L '.join(f'{_number(x)} {_number(y)}' for x, y in corners)} Z", fill)

    def mark(self, x: float, y: float, shape: str, fill: str) -> None:
        if shape == "|":
            self.box(x - 1.2, x + 1.2, y, 24, fill)
            return
        r, n = _HALF, _number
        corners = {
            "s": ((-r, -r), (r, -r), (r, r), (-r, r)),
            "D": ((0, -r - 1), (r + 1, 0), (0, r + 1), (-r - 1, 0)),
            "^": ((0, -r), (r, r), (-r, r)),
        }.get(shape)
        if corners:
            d = f"M {' L '.join(f'{n(x + dx)} {n(y + dy)}' for dx, dy in corners)} Z"
        else:
            d = f"M {n(x - r)} {n(y)} A {n(r)} {n(r)} 0 1 0 {n(x + r)} {n(y)} A {n(r)} {n(r)} 0 1 0 {n(x - r)} {n(y)} Z"
        self.path(d, fill, "paper", 1.2)

    def _scale(self) -> Callable[[float], float]:
        """Return where values stand: with room at both ends for the labels that stand beside marks and bars."""
        low, high = self._ends()
        left, right = _EDGE, WIDTH - _EDGE
        for _ in range(3):  # room made at one end moves what stands at the other
            at = scale(low, high, left, right)
            reach = [ends for series in self.chart.series for ends in self._reach(series, at)]
            left += max([0.0, *(-begin for begin, _ in reach)])
            right -= max([0.0, *(end - WIDTH for _, end in reach)])
        return scale(low, high, left, right)

    def _ends(self) -> tuple[float, float]:
        chart = self.chart
        rows = zip(*(series.values for series in chart.series), strict=True)
        sums = [sum(value or 0.0 for value in row) for row in rows] if chart.stacked else []
        values = sums or [value for series in chart.series for value in series.values if value is not None]
        low = min([0.0, *values]) if chart.low is None else chart.low
        high = max([0.0, *values]) if chart.high is None else chart.high
        return low, high if high > low else low + 1.0

    def _reach(self, series: ChartSeries, at: Callable[[float], float]) -> Iterator[tuple[float, float]]:
        """Yield from where to where each label beside a mark or a bar would stand."""
        bars = self.chart.kind == "bars"
        if bars and self.chart.stacked:
            return  # their labels stand within
        for n, (value, label) in enumerate(zip(series.values, series.labels, strict=False)):
            side = "right" if bars else series.side_at(n)
            if value is None or not label or side not in ("left", "right"):
                continue
            x = max(at(value), at(0.0)) if bars else at(value)
            width = text_width(label, LABEL, 500)
            yield (x - _BESIDE - width, x) if side == "left" else (x, x + _BESIDE + width)

    def _legend(self) -> None:
        x = 0.0
        for series in self.chart.legend:
            name = fitting(series.name, TICK, WIDTH - 20, "medium")
            width = 20 + text_width(name, TICK, 500) + 18
            if x and x + width - 18 > WIDTH:
                x, self.y = 0.0, self.y + _LINE
            if series.mark and series.mark != "band":
                self.mark(x + _HALF + 1, self.y + 10, series.mark, series.fill)
            else:
                self.box(x, x + 14, self.y + 10, 14, series.fill)
            self.text(x + 20, self.y + 10, name, TICK, "text", 500)
            x += width
        self.y += _LINE + 2 if self.chart.legend else 0.0

    def _heads(self) -> None:
        """Say what stands at the rows' names and beside or below them."""
        names, notes = self.chart.heads
        if not ((self.chart.notes and notes) or names):
            return
        if self.notes_beside:
            self.text(0, self.y + 10, fitting(names, TICK, WIDTH / 2), TICK, "grey")
            self.text(
                WIDTH,
                self.y + 10,
                fitting(notes, TICK, WIDTH * (0.5 if names else 1)),
                TICK,
                "grey",
                anchor="end",
            )
        else:
            self.text(
                0,
                self.y + 10,
                fitting(f"Below each: {inside(notes)}" if notes else names, TICK, WIDTH),
                TICK,
                "grey",
            )
        self.y += _LINE

    def _spans(self) -> None:
        """Name what lies between the steps of the axis, as quarters, and the groups above them."""
        low, high = self._ends()
        number = len(self.chart.ticks)
        places = [self.at(low + (high - low) * n / number) for n in range(number + 1)]
        wide = (places[-1] - places[0]) / number
        for n, group in enumerate(self.chart.groups):
            if n and group == self.chart.groups[n - 1]:
                continue
            room = wide * self.chart.groups.count(group) - 4
            short = next(
                (each for each in (group, f"{group[:2]}{group[-2:]}") if text_width(each, TICK, 600) <= room),
                "",
            )
            self.text(places[n], self.y + 10, short, TICK, "ink", 600)
        self.y += _LINE if self.chart.groups else 0.0
        every = next((each for each in (1, 2, 4) if wide * each >= 24), 8)
        for n, tick in enumerate(self.chart.ticks):
            if n % every == 0:
                self.text((places[n] + places[n + 1]) / 2, self.y + 10, tick, TICK, "grey", anchor="middle")
        self.y += _LINE

    def _row(self, row: int) -> None:
        chart, note = self.chart, self.notes[row]
        self.box(0, WIDTH, self.y + 3, 1, "rule")
        self.y += 6
        beside = note.head if self.notes_beside else ""
        room = WIDTH - (text_width(beside, LABEL, 600) + 16 if beside else 0.0)
        if beside:
            self.text(WIDTH, self.y + 11, beside, LABEL, note.tone, 600, "end")
        self._lines(wrapped(chart.rows[row], LABEL, room, 3, "medium"), LABEL, "ink", 500)
        if chart.asides and chart.asides[row]:
            self._lines(wrapped(chart.asides[row], TICK, WIDTH, 2), TICK, "grey")
        if any(series.values[row] is not None for series in chart.series):
            self._bars(row) if chart.kind == "bars" else self._marks(row)
        if note.head and not beside:
            self._lines(wrapped(note.head, LABEL, WIDTH, 2, "semibold"), LABEL, note.tone, 600)
        if note.aside:
            self._lines(wrapped(note.aside, TICK, WIDTH, 3), TICK, "text")
        self.y += 4

    def _lines(self, said: Sequence[str], size: float, role: str, weight: int = 400) -> None:
        for line in said:
            self.text(0, self.y + 11, line, size, role, weight)
            self.y += _LINE

    def _grid(self, height: float) -> None:
        """Draw the steps of the axis behind a row's bar or marks."""
        steps = len(self.chart.ticks) - (0 if self.chart.spans else 1)
        low, high = self._ends()
        for n in range(steps + 1 if steps > 0 else 0):
            x = self.at(low + (high - low) * n / steps)
            self.box(x - 0.5, x + 0.5, self.y + height / 2, height, "rule")

    def _bars(self, row: int) -> None:
        drawn = [series for series in self.chart.series if series.values[row] is not None]
        height = _BAR + 6 if self.chart.stacked else (_BAR + 4) * max(len(drawn), 1)
        self._grid(height)
        begin, y = 0.0, self.y + (height if self.chart.stacked else _BAR + 4) / 2
        for series in drawn:
            value = series.values[row] or 0.0
            fill = series.fill_at(row)
            left, right = self.at(begin), self.at(begin + value)
            if fill and value:
                self.box(left, right, y, _BAR, fill)
            label = series.label_at(row)
            if label and self.chart.stacked:
                self._inside(label, min(left, right), max(left, right), y, fill)
            elif label:
                x = max(left, right, self.at(0.0)) + 8
                self.text(x, y, label, LABEL, "text" if fill in FAINT else fill, 500)
            if self.chart.stacked:
                begin += value
            else:
                y += _BAR + 4
        self.y += height

    def _inside(self, label: str, left: float, right: float, y: float, fill: str) -> None:
        """Write a label in its bar: whole, else its last word, else, where neither has room, nothing."""
        said = next(
            (
                each
                for each in (label, label.rpartition(" ")[2])
                if text_width(each, TICK, 500) <= right - left - 6
            ),
            "",
        )
        if said and fill:
            self.text((left + right) / 2, y, said, TICK, on(fill), 500, "middle")

    def _marks(self, row: int) -> None:
        every = self.chart.series
        sides = {side for series in every for side in (series.sides or (series.side,)) if any(series.labels)}
        above, below = (16.0 if "above" in sides else 0.0), (18.0 if "below" in sides else 0.0)
        y, height = self.y + above + _MARKS / 2, above + _MARKS + below
        self._grid(height)
        shown = [(value, series) for series in every if (value := series.values[row]) is not None]
        for value, series in shown:
            since = series.since[row] if series.since else None
            if since is not None:
                band = series.mark == "band"
                self.box(self.at(since), self.at(value), y, 22 if band else 5, "rule" if band else "light")
        marks = sorted(
            ((value, series) for value, series in shown if series.mark not in ("|", "band")),
            key=lambda two: two[0],
        )
        strokes = [(value, series) for value, series in shown if series.mark == "|"]
        for n, (value, series) in enumerate([*strokes, *marks]):
            near = series.mark != "|" and any(
                abs(self.at(value) - self.at(other)) < 11 for other, two in marks if two is not series
            )
            apart = (5 if n % 2 else -5) if near else 0
            self.mark(self.at(value), y + apart, series.mark, series.fill_at(row))
        for value, series in shown:
            if series.label_at(row):
                self._mark_label(
                    row, value, series, y, [self.at(at) for at, other in strokes if other is not series]
                )
        self.y += height

    def _mark_label(
        self, row: int, value: float, series: ChartSeries, y: float, strokes: Sequence[float]
    ) -> None:
        """Write what a mark stands for, on its side, clear of upright strokes beside it."""
        label, side = series.label_at(row), series.side_at(row)
        fill = series.fill_at(row)
        role = "text" if fill in FAINT else fill
        x, wide = self.at(value), text_width(label, LABEL, 500)
        if side in ("above", "below"):
            wide = text_width(label, TICK, 500) / 2
            x = min(max(x, wide), WIDTH - wide)
            self.text(x, y + (-20 if side == "above" else 21), label, TICK, role, 500, "middle")
            return
        way = -1 if side == "left" else 1
        begin = way * x + _BESIDE
        for stroke in sorted(way * each for each in strokes):
            if way * x - 4 <= stroke < begin + wide + 6:
                begin = max(begin, stroke + 8)
        self.text(way * begin, y, label, LABEL, role, 500, "end" if way < 0 else "start")

    def _ticks(self) -> None:
        """Name the steps of the axis below the last row, those that have no room left out."""
        low, high = self._ends()
        steps, taken = max(len(self.chart.ticks) - 1, 1), -1e9
        for n, tick in enumerate(self.chart.ticks):
            half = text_width(tick, TICK) / 2
            x = min(max(self.at(low + (high - low) * n / steps), half), WIDTH - half)
            if x - half > taken + 8:
                self.text(x, self.y + 10, tick, TICK, "grey", anchor="middle")
                taken = x + half
        self.y += _LINE


def _number(value: float) -> str:
    return plain(tidy(value, 2))
