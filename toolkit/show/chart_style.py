"""One look for every chart: colours that survive colour blindness, and text that cannot misbehave."""

from __future__ import annotations

import importlib
import io
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure

from toolkit.method import Group

# Seaborn does without these where they are missing, and no chart here needs what it takes them for; together they
# would take longer to load than matplotlib.
_SPARED = ("scipy.stats", "scipy.cluster", "ipywidgets")


def _seaborn() -> ModuleType:
    spared = [name for name in _SPARED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(spared))  # type: ignore[arg-type] # an import of None fails
    try:
        return importlib.import_module("seaborn")
    finally:
        for name in spared:
            del sys.modules[name]


sns = _seaborn()

_SVG_DPI = 72  # what matplotlib writes SVG in
REPORT_WIDTH, SLIDE_WIDTH = 8.6, 11.2  # inches
INK = "#1b2733"
MUTED = "#5b6773"
FAINT = "#d5dbe1"
ACCENT = "#0b5c74"
GROUP_COLOUR: dict[Group, str] = {"business": "#1d4f91", "it": "#c8600a", "provider": "#5d7a1f"}
GROUP_MARKER: dict[Group, str] = {"business": "o", "it": "s", "provider": "^"}
GOAL_COLOURS = ("#1d4f91", "#c8600a", "#2a8578", "#8a4a9e", "#9a7a00", "#a83a55", "#4c6b8a")
NO_GOAL_COLOUR = "#8b949d"
FUNDED, UNFUNDED = "#0b5c74", "#b9c2ca"

_SETTINGS = {
    "svg.fonttype": "path",
    "svg.hashsalt": "alignment",
    "text.parse_math": False,
    "text.usetex": False,
    "axes.unicode_minus": True,
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.labelsize": 9.5,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 10,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "axes.edgecolor": FAINT,
    "grid.color": "#e8ecef",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw inside this block in the house style, whatever the reader's matplotlib settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        sns.set_theme(style="ticks", rc=_SETTINGS)
        yield


def svg_of(figure: Figure) -> bytes:
    """Return the figure as SVG bytes, the same for the same drawing, and close it."""
    buffer = io.BytesIO()
    figure.set_dpi(_SVG_DPI)
    # What bbox_inches="tight" comes to, which would draw everything once more to measure it.
    width, height = figure.bbox.size
    needed = figure.get_tightbbox(RendererSVG(width, height, io.StringIO())).padded(0.05)  # type: ignore[no-untyped-call]
    figure.savefig(buffer, format="svg", bbox_inches=needed, metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return buffer.getvalue()


@cache
def _glyphs() -> frozenset[int]:
    font = font_manager.get_font(font_manager.findfont("DejaVu Sans"))
    return frozenset(font.get_charmap())


def drawable(text: str, otherwise: str = "") -> str:
    """Return ``text`` with what the chart's font cannot draw left out.

    Direction overrides and control characters go, unknown glyphs become "▯". When nothing
    readable is left, ``otherwise`` (an id, say) stands in. The exact text is in the data table.
    """
    flat = " ".join(text.split())
    visible = "".join(
        c if ord(c) in _glyphs() else "▯" for c in flat if unicodedata.category(c) not in ("Cf", "Cc", "Mn")
    )
    return visible if visible.strip("▯ ") else (otherwise or visible)


def label(text: str, width: int, lines: int = 2, otherwise: str = "") -> str:
    """Return drawable text wrapped to ``width`` characters and cut after ``lines`` lines."""
    out: list[str] = []
    for word in drawable(text, otherwise).split(" "):
        while len(word) > width:
            out.append(word[: width - 1] + "-")
            word = word[width - 1 :]
        if out and len(out[-1]) + 1 + len(word) <= width and not out[-1].endswith("-"):
            out[-1] += " " + word
        else:
            out.append(word)
    if len(out) > lines:
        out = [*out[: lines - 1], out[lines - 1][: width - 1].rstrip() + "…"]
    return "\n".join(out)


def bare(axes: Axes) -> None:
    """Take away frame and tick marks, keeping the labels."""
    axes.tick_params(length=0)
    sns.despine(ax=axes, left=True, bottom=True)
