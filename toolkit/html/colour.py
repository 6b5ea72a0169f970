"""Colours: the house's own by role, how well one reads on another, and tints and shades of one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from math import dist

from toolkit.html.templates import part

# The least contrast of text with what it stands on (WCAG 2.2, level AA).
READABLE = 4.5


@cache
def house_colours() -> dict[str, str]:
    """Return the colour of each role as the house's style sheet has it, ``#`` and six digits, in lower case."""
    first = part("house", "tokens.css").partition("}")[0]
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", first))


def luminance(colour: str) -> float:
    """Return a colour's relative luminance (WCAG 2.2), from 0, black, to 1, white."""
    return _luminance(_parts(colour))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2), from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return float((high + 0.05) / (low + 0.05))


def in_luminance(colour: str, wanted: float) -> str:
    """Return a colour mixed with white, or with black, to a relative luminance, as near as can be written."""
    parts, end = _parts(colour), 1.0 if wanted > luminance(colour) else 0.0
    low, high = 0.0, 1.0  # shares of white or of black: the first too small, the second too large
    for _ in range(40):
        share = (low + high) / 2
        mixed = _luminance(part + share * (end - part) for part in parts)
        low, high = (share, high) if (mixed < wanted) == (end > 0) else (low, share)
    return "#" + "".join(f"{int(255 * (part + high * (end - part)) + 0.5):02x}" for part in parts)


def readable_shade(colour: str, *grounds: str) -> str:
    """Return a colour if text in it reads on all of these grounds, which are light; else the nearest darker shade of it that does."""
    wanted = luminance(colour)
    shade = colour
    while min(contrast(shade, ground) for ground in grounds) < READABLE:
        wanted -= 0.0005
        shade = in_luminance(colour, max(wanted, 0.0))
    return shade


def difference(one: str, other: str) -> float:
    """Return how far two colours lie apart to the eye, in Oklab, where white and black lie 1 apart."""
    return dist(_oklab(one), _oklab(other))


def _parts(colour: str) -> list[float]:
    """Return how much red, green and blue a colour has, from 0 to 1, as screens are told it."""
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def _linear(part: float) -> float:
    """Return how much light a part of a colour is."""
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _luminance(parts: Iterable[float]) -> float:
    red, green, blue = map(_linear, parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklab(colour: str) -> tuple[float, float, float]:
    """Return a colour in Oklab (Björn Ottosson, 2020)."""
    red, green, blue = map(_linear, _parts(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )
