"""One look for every chart: colours that survive colour blindness, and text that cannot misbehave."""

from __future__ import annotations

import importlib
import logging
import sys
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType

import matplotlib as mpl
from matplotlib import font_manager

from toolkit.html.colour import house_colours
from toolkit.html.fonts import FALLBACKS, FAMILY, font_files
from toolkit.method import GROUPS, Group

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

# What charts call a role, where the style sheets call it otherwise.
_ALIASES = {
    "text": "muted", "rule": "faint", "panel": "wash", "plan": "accent", "plan-2": "accent-2", "plan-3": "accent-3",
    "plan-4": "accent-4",
}  # fmt: skip


def _roles() -> dict[str, str]:
    """Return the colour of each role, as the house's style sheet has it; none is told from another by colour alone."""
    colours = house_colours()
    return colours | {alias: colours[name] for alias, name in _ALIASES.items()}


ROLES = _roles()
# Fills too light to be read as text.
FAINT = frozenset({"light", "mid", "rule", "plan-2", "plan-3", "plan-4"})
GROUP_COLOUR: dict[Group, str] = {group: ROLES[group] for group in GROUPS}
GROUP_MARKER: dict[Group, str] = {"business": "o", "it": "s", "provider": "^"}


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
    "text.color": ROLES["ink"],
    "axes.labelcolor": ROLES["grey"],
    "xtick.color": ROLES["grey"],
    "ytick.color": ROLES["ink"],
    "axes.edgecolor": ROLES["light"],
    "grid.color": ROLES["rule"],
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


def drawable(text: str, otherwise: str = "") -> str:
    """Return ``text`` in one line, without control characters, direction overrides and marks that combine.

    When nothing readable is left, ``otherwise`` (an id, say) stands in. The exact text is in the data table.
    """
    visible = "".join(
        c for c in " ".join(text.split()) if c.isprintable() and unicodedata.category(c) != "Mn"
    )
    return visible if visible.strip() else (otherwise or visible)
