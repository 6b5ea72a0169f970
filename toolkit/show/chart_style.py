"""One look for every chart: colours that survive colour blindness, and text that cannot misbehave."""

from __future__ import annotations

import importlib
import io
import logging
import sys
import unicodedata
import warnings
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

from toolkit.html.fonts import FALLBACKS, FAMILY, font_files
from toolkit.method import Group

# A fallback has fewer weights than the house's typeface: that is no news.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

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
# A colour for each role, as templates/house/tokens.css names them; none is told from another by colour alone.
ROLES = {
    "ink": "#14212b", "text": "#46525d", "grey": "#5f6b76", "mid": "#8592a0", "light": "#c9d0d6", "rule": "#dde2e6",
    "panel": "#f3f5f7", "paper": "#ffffff", "plan": "#0b5a72", "plan-2": "#5da9bd", "plan-3": "#bfdce4",
    "plan-4": "#dcecf1", "business": "#1f4e9e", "it": "#b85208", "running": "#8f6400", "alarm": "#b3201f",
    "kept": "#2e6b3a",
}  # fmt: skip
INK, MUTED, FAINT, ACCENT = (ROLES[role] for role in ("ink", "grey", "light", "plan"))
GROUP_COLOUR: dict[Group, str] = {
    "business": ROLES["business"],
    "it": ROLES["it"],
    "provider": "#5d7a1f",
}
GROUP_MARKER: dict[Group, str] = {"business": "o", "it": "s", "provider": "^"}
FUNDED, UNFUNDED = ROLES["plan"], ROLES["light"]


@cache
def _families() -> list[str]:
    """Make the house's typeface known to matplotlib, and name it with those installed that have what it lacks.

    A family that is missing would warn at every text that is drawn.
    """
    for path in font_files():
        font_manager.fontManager.addfont(path)
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return [FAMILY, *(name for name in FALLBACKS if name in installed), "DejaVu Sans"]


_SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "alignment",
    "text.parse_math": False,
    "text.usetex": False,
    "axes.unicode_minus": True,
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
        sns.set_theme(style="ticks", rc=_SETTINGS | {"font.family": _families()})
        with warnings.catch_warnings():
            # The reader's own fonts have the letters that none of these has.
            warnings.filterwarnings("ignore", "Glyph .* missing from font")
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


def drawable(text: str, otherwise: str = "") -> str:
    """Return ``text`` in one line, without control characters, direction overrides and marks that combine.

    When nothing readable is left, ``otherwise`` (an id, say) stands in. The exact text is in the data table.
    """
    visible = "".join(
        c for c in " ".join(text.split()) if c.isprintable() and unicodedata.category(c) != "Mn"
    )
    return visible if visible.strip() else (otherwise or visible)


def label(text: str, width: int, lines: int = 2, otherwise: str = "") -> str:
    """Return drawable text wrapped to ``width`` characters and cut after ``lines`` lines; a wide letter counts twice."""
    out: list[str] = []
    for word in drawable(text, otherwise).split(" "):
        while _wide(word) > width:
            head = _head(word, width - 1)
            out.append(head + "-")
            word = word[len(head) :]
        if out and _wide(out[-1]) + 1 + _wide(word) <= width and not out[-1].endswith("-"):
            out[-1] += " " + word
        else:
            out.append(word)
    if len(out) > lines:
        out = [*out[: lines - 1], _head(out[lines - 1], width - 1).rstrip() + "…"]
    return "\n".join(out)


def _wide(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


def _head(text: str, width: int) -> str:
    """Return as much of a text as fits a width; one letter at least."""
    fits = max((n for n in range(1, len(text) + 1) if _wide(text[:n]) <= width), default=1)
    return text[:fits]


def bare(axes: Axes) -> None:
    """Take away frame and tick marks, keeping the labels."""
    axes.tick_params(length=0)
    sns.despine(ax=axes, left=True, bottom=True)
