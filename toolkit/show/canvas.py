"""A chart's surface, measured in the pixels of the page it stands on, so that every type size is what a reader sees."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import Literal

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

from toolkit.client.calendar import Quarter
from toolkit.html.colour import contrast
from toolkit.html.fonts import lines_of, text_width
from toolkit.show.chart_style import ROLES, drawable, house_style
from toolkit.words import DANGLING

Weight = Literal["normal", "medium", "semibold"]
# How wide a chart is that fills a slide, and one that fills a report's page, in pixels: on paper, the latter is shown at
# three quarters of its size, so that 14 pixels are 8 points.
SLIDE, REPORT = 1168, 860
_WEIGHTS = {"normal": 400, "medium": 500, "semibold": 600}
_DASHES: tuple[int, tuple[int, ...]] = (0, (3, 3))
# The smallest type of a chart, in pixels: what labels a value, and what stands below or at an axis.
LABEL, TICK = 16, 14
# The share of a line that the common beginning of names takes which are cut in the middle.
_BEGIN = 0.4


def room_below(title: str, beside: float = 0.0) -> float:
    """Return how high a slide's body is below its title, in pixels, less what stands beside a chart in it."""
    return 604 - 35 * lines_of(title, 29, 1130, 600) - beside


def rows_within(heights: Sequence[float], room: float) -> int:
    """Return how many rows of a table a height holds: all, or as many as leave room to say that there are more."""
    if sum(heights) <= room:
        return len(heights)
    used, shown = 34.0, 0
    for height in heights:
        used += height
        if used > room:
            break
        shown += 1
    return shown


def fitting(text: str, size: float, width: float, weight: Weight = "normal", otherwise: str = "") -> str:
    """Return text in one line, cut with an ellipsis where it is wider than so many pixels."""
    text = drawable(text, otherwise)
    if text_width(text, size, _WEIGHTS[weight]) <= width:
        return text
    while text and text_width(f"{text}…", size, _WEIGHTS[weight]) > width:
        text = text[:-1]
    return f"{text.rstrip(DANGLING)}…"


def fitting_apart(texts: Mapping[str, str], size: float, width: float) -> dict[str, str]:
    """Return texts by their ids, each in one line; those that would be cut alike are cut in the middle, to where they differ."""
    out = {id: fitting(text, size, width, otherwise=id) for id, text in texts.items()}
    alike = {id: {texts[other] for other in out if out[other] == out[id]} - {texts[id]} for id in out}
    for id, others in alike.items():
        if others:
            same = max((_shared(texts[id], other) for other in others), key=len).rpartition(" ")[0]
            begin = fitting(same, size, width * _BEGIN)
            end = drawable(texts[id].removeprefix(same), id)
            out[id] = f"{begin} {fitting(end, size, width - text_width(f'{begin} ', size))}"
    return out


def _shared(one: str, other: str) -> str:
    """Return how two texts both begin."""
    return "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def wrapped(
    text: str, size: float, width: float, lines: int = 2, weight: Weight = "normal", otherwise: str = ""
) -> list[str]:
    """Return text broken at its spaces into so many lines at most, the last one cut with an ellipsis."""
    words, out = drawable(text, otherwise).split(" "), [""]
    for n, word in enumerate(words):
        longer = f"{out[-1]} {word}".strip()
        if text_width(longer, size, _WEIGHTS[weight]) <= width or not out[-1]:
            out[-1] = longer
        elif len(out) < lines:
            out.append(word)
        else:
            out[-1] = fitting(" ".join([out[-1], *words[n:]]), size, width, weight)
            return [fitting(line, size, width, weight) for line in out]
    return [fitting(line, size, width, weight) for line in out]


def scale(low: float, high: float, left: float, right: float) -> Callable[[float], float]:
    """Return the function that puts values from ``low`` to ``high`` between two places."""
    return lambda value: left + (value - low) / ((high - low) or 1.0) * (right - left)


class Canvas:
    """One chart of ``width`` × ``height`` pixels, y from the top down; colours are named by their role.

    It is drawn within the house style: use it in a ``with`` block.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._style = house_style()

    def __enter__(self) -> Canvas:
        self._style.__enter__()
        # Matplotlib writes SVG in points of 1/72 inch: one of them is one pixel of the page.
        self.figure = plt.figure(figsize=(self.width / 72, self.height / 72))
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, self.width)
        self.axes.set_ylim(self.height, 0)
        self.axes.axis("off")
        return self

    def __exit__(self, *told: object) -> None:
        plt.close(self.figure)
        self._style.__exit__(None, None, None)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = LABEL,
        colour: str = "ink",
        weight: Weight = "normal",
        align: Literal["left", "center", "right"] = "left",
    ) -> None:
        """Write one line, its middle at ``y``."""
        self.axes.text(
            x, y, text, fontsize=size, color=ROLES.get(colour, colour), fontweight=weight, ha=align,
            va="center_baseline", zorder=9,
        )  # fmt: skip

    def lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        size: float = LABEL,
        colour: str = "ink",
        weight: Weight = "normal",
    ) -> None:
        """Write lines one below the other, together centred at ``y``."""
        step = size * 1.22
        for n, line in enumerate(lines):
            self.text(x, y + (n - (len(lines) - 1) / 2) * step, line, size, colour, weight)

    def years(self, quarters: Sequence[Quarter], left: float, width: float, y: float) -> None:
        """Write each fiscal year over its quarters, which are ``width`` wide from ``left``: short, or not, where they are few."""
        for n, quarter in enumerate(quarters):
            if quarter.number > 1 and n:
                continue
            room = width * min(5 - quarter.number, len(quarters) - n) - 8
            names = (f"FY{quarter.year}", f"FY{quarter.year % 100:02d}")
            if name := next((each for each in names if text_width(each, LABEL, 600) <= room), ""):
                self.text(left + width * n + 4, y, name, weight="semibold")
            elif not n:  # of a year of which too few quarters are shown: it begins before them
                end = left + width * min(5 - quarter.number, len(quarters))
                self.text(end - 4, y, names[1], weight="semibold", align="right")

    def bar(
        self,
        x0: float,
        x1: float,
        y: float,
        height: float,
        fill: str,
        edge: str = "",
        dashed: bool = False,
        above: int = 3,
    ) -> None:
        """Draw a bar from ``x0`` to ``x1``, its middle at ``y``; a narrow one is drawn two pixels wide."""
        inset = 0.75 if edge else 0.0
        left, width = min(x0, x1) + inset, max(abs(x1 - x0) - 2 * inset, 2.0)
        self.axes.add_patch(
            Rectangle(
                (left, y - height / 2 + inset), width, height - 2 * inset, facecolor=ROLES.get(fill, fill),
                edgecolor=ROLES.get(edge, edge) if edge else "none", linewidth=1.5 if edge else 0,
                linestyle=_DASHES if dashed else "-", zorder=above,
            )
        )  # fmt: skip

    def column(
        self, x: float, width: float, y0: float, y1: float, fill: str, edge: str = "", dashed: bool = False
    ) -> None:
        """Draw an upright bar from ``y0`` to ``y1``, its left edge at ``x``."""
        self.bar(x, x + width, (y0 + y1) / 2, max(abs(y1 - y0), 2.0), fill, edge, dashed)

    def line(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        colour: str = "rule",
        width: float = 1.0,
        dashed: bool = False,
        above: int = 1,
    ) -> None:
        """Draw a straight line."""
        self.axes.plot(
            [x0, x1], [y0, y1], color=ROLES.get(colour, colour), linewidth=width,
            linestyle=(0, (4, 3)) if dashed else "-", zorder=above,
        )  # fmt: skip

    def path(self, points: Sequence[tuple[float, float]], colour: str, width: float = 2.4) -> None:
        """Draw a line through points."""
        xs, ys = zip(*points, strict=True)
        self.axes.plot(xs, ys, color=ROLES.get(colour, colour), linewidth=width, zorder=6)

    def mark(
        self, x: float, y: float, shape: str, size: float, fill: str, edge: str = "paper", above: int = 7
    ) -> None:
        """Draw a mark: "o" a circle, "s" a square, "D" a diamond, "^" a triangle, of so many pixels across."""
        self.axes.plot(
            [x], [y], shape, markersize=size, color=ROLES.get(fill, fill), markeredgecolor=ROLES.get(edge, edge),
            markeredgewidth=1.5, zorder=above, linestyle="none",
        )  # fmt: skip

    def svg(self) -> bytes:
        """Return what was drawn as SVG, the same for the same drawing."""
        out = io.BytesIO()
        self.figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
        return out.getvalue()


def on(fill: str) -> str:
    """Return the role of the text that reads best on a fill: ink or paper, by WCAG's contrast."""
    face = ROLES.get(fill, fill)
    return max(("ink", "paper"), key=lambda role: contrast(face, ROLES[role]))
