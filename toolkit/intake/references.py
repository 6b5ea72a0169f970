"""A cell that lists other rows, as project tools write what work waits for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.intake.cell import Unreadable
from toolkit.intake.values import made_id

# Only a link from one row's finish to the other's start means "begins after": FS, in other languages EA, FD, FC, FI.
_FINISH_TO_START = ("", "FS", "EA", "FD", "FC", "FI")
_LINK = re.compile(r"(\d+)\s*(?:([A-Za-z]{2})\s*([+-]\s*\d.*)?)?", re.ASCII)
_LAG = r"((?<!\w)\d+\s*[A-Za-z]{2}\s*[+-]\s*\d+)"
_DECIMAL_LAG = re.compile(_LAG + r",(\d+\s*(?![A-Z]{2}\b)[A-Za-z%])", re.ASCII)  # 3EA+2,5 Tage
_OPEN_LAG = re.compile(_LAG + r",\d", re.ASCII)  # 3FS+1,5: a lag of 1.5, or one of 1 and row 5
_SUM = re.compile(r"\d+\s*[+]\s*\d.*", re.ASCII)


def referred(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids that a cell lists, and the pieces of it that are no link from finish to start.

    A lag, as in ``3FS+2 days``, is not kept: quarters are too coarse for it.
    """
    ids, others = [], []
    for piece in map(str.strip, _pieces(text)):
        link = _LINK.fullmatch(piece)
        try:
            if _OPEN_LAG.search(piece) or _SUM.fullmatch(piece):
                others.append(piece)
            elif link and (link[2] or "").upper() in _FINISH_TO_START:
                ids.append(link[1])
            elif link:
                others.append(piece)
            elif piece:
                ids.append(made_id(piece))
        except Unreadable:
            others.append(piece)
    return tuple(dict.fromkeys(ids)), tuple(others)


def _pieces(text: str) -> Iterator[str]:
    """Yield what semicolons, line breaks and commas part; a comma that may begin a lag's decimals parts nothing."""
    for part in re.split(r"[;\n]", _DECIMAL_LAG.sub(r"\1.\2", text)):
        yield from [part] if _OPEN_LAG.search(part) else part.split(",")
