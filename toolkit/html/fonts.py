"""The house's typeface, Fira Sans: as a page embeds it, as a chart is drawn with it, and how wide a text is in it."""

from __future__ import annotations

import base64
import hashlib
import io
from contextlib import suppress
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from unicodedata import east_asian_width

from platformdirs import user_cache_path

from toolkit.errors import InputError
from toolkit.files import read, write
from toolkit.words import DANGLING, names_shortened

FAMILY = "Fira Sans"
# What stands in where a reader's text has letters that the typeface lacks.
FALLBACKS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", "Microsoft YaHei", "Malgun Gothic",
)  # fmt: skip
WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold"}

# Latin with its extensions, and the signs that pages are written with; other scripts are the reader's own fonts'.
_CODEPOINTS = (
    *range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x1E00, 0x1F00), *range(0x2010, 0x2028), 0x202F, 0x2030, 0x2032,
    0x2033, 0x2039, 0x203A, 0x2044, 0x20A4, 0x20AC, 0x20B9, 0x20BA, 0x2116, 0x2122, *range(0x2190, 0x2194), 0x2212,
    0x2248, 0x2260, 0x2264, 0x2265,
)  # fmt: skip
_FEATURES = ["kern", "lnum", "tnum", "ccmp", "mark", "mkmk", "locl"]


def font_files() -> tuple[Path, ...]:
    """Return the typeface's files, one a weight, as the package fontpkg-fira-sans carries them (OFL-1.1)."""
    folder = files("fontpkg_fira_sans").joinpath("files")
    return tuple(Path(str(folder.joinpath(f"FiraSans-{name}.ttf"))) for name in WEIGHTS.values())


@cache
def font_faces() -> str:
    """Return the style sheet that embeds the typeface's three weights, each reduced to what Latin text needs.

    Reducing a font takes seconds: what comes of it is kept in the user's cache, under a name that tells of what it was
    made. A cache that cannot be written costs time alone.
    """
    faces = []
    for (weight, name), path in zip(WEIGHTS.items(), font_files(), strict=True):
        data = base64.b64encode(_reduced(name, path)).decode()
        faces.append(
            f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; font-display: block; '
            f'src: url("data:font/woff;base64,{data}") format("woff"); }}'
        )
    return "\n".join(faces)


def _reduced(name: str, path: Path) -> bytes:
    made_of = (version("fontpkg-fira-sans"), version("fonttools"), _CODEPOINTS, _FEATURES)
    key = hashlib.sha256(repr(made_of).encode()).hexdigest()[:16]
    folder, kept = user_cache_path("it-alignment-toolkit"), f"{path.stem}-{key}.woff"
    try:
        return read(folder, kept)
    except (OSError, InputError):
        made = _subset(path)
    with suppress(OSError, InputError):
        folder.mkdir(parents=True, exist_ok=True)
        write(folder, kept, made)
    return made


def _subset(path: Path) -> bytes:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    font = TTFont(path, recalcTimestamp=False)
    subsetter = Subsetter(
        Options(layout_features=_FEATURES, hinting=False, notdef_outline=True, name_IDs=[1, 2, 4, 6, 13, 14])
    )
    subsetter.populate(unicodes=_CODEPOINTS)
    subsetter.subset(font)
    font.flavor = "woff"
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


@cache
def _advances(weight: int) -> dict[int, float]:
    """Return how wide each letter of a weight is, in ems, by its code."""
    from fontTools.ttLib import TTFont

    path = font_files()[list(WEIGHTS).index(weight)]
    with TTFont(path, lazy=True) as font:
        glyphs, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        return {code: widths[glyph][0] / em for code, glyph in glyphs.items()}


def figure_width() -> float:
    """Return how wide the typeface's zero is, in ems: by it browsers compare how wide typefaces are."""
    return _advances(400)[ord("0")]


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: int = 400) -> float:
    """Return how wide a text is in one line, in the unit of ``size``; kerning, which makes it narrower, left out."""
    advances = _advances(weight)
    return size * sum(
        advances.get(ord(letter), 1.0 if east_asian_width(letter) in "WF" else 0.6) for letter in text
    )


def lines_of(text: str, size: float, width: float, weight: int = 400) -> int:
    """Return how many lines a text takes that is broken at spaces, and within a word longer than a line."""
    lines, used, space = 1, 0.0, text_width(" ", size, weight)
    for word in text.split():
        length = text_width(word, size, weight)
        if used and used + space + length > width:
            lines, used = lines + 1, 0.0
        used += length + (space if used else 0.0)
        while used > width:  # a word longer than a line
            lines, used = lines + 1, used - width
    return lines


def cut_to(text: str, size: float, width: float, lines: int, weight: int = 400) -> str:
    """Return as much of a text as stands in so many lines, whole words and an ellipsis where it is cut; "" for no line.

    A quotation cut open is closed.
    """
    text = " ".join(text.split())
    if not lines or lines_of(text, size, width, weight) <= lines:
        return text if lines else ""
    words = text.split(" ")
    while len(words) > 1 and lines_of(f"{' '.join(words)}…", size, width, weight) > lines:
        words.pop()
    kept = " ".join(words)
    while len(kept) > 1 and lines_of(f"{kept}…", size, width, weight) > lines:
        kept = kept[:-1]
    kept = kept.rstrip(DANGLING)
    return f"{kept}…”" if kept.rfind("“") > kept.rfind("”") else f"{kept}…"


def sentence_within(text: str, size: float, width: float, lines: int, weight: int = 400) -> str:
    """Return a sentence as it stands in so many lines: the names in it cut first, and only then its end."""
    fitting = names_shortened(text, lambda said: lines_of(said, size, width, weight) <= max(lines, 1))
    return cut_to(fitting, size, width, lines, weight)
