"""A cell that lists other rows, as project tools write what work waits for."""

from __future__ import annotations

import re

from toolkit.intake.unreadable import Unreadable
from toolkit.intake.values import made_id

# Only a link from one row's finish to the other's start means "begins after": FS, in other languages EA, FD, FC, FI.
_FINISH_TO_START = ("", "FS", "EA", "FD", "FC", "FI")
_LINK = re.compile(r"(\d+)\s*([A-Za-z]{2})?\s*([+-]\s*\d.*)?", re.ASCII)


def referred(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids that a cell lists, and the pieces of it that are no link from finish to start.

    A lag, as in ``3FS+2 days``, is not kept: quarters are too coarse for it.
    """
    ids, others = [], []
    for piece in (one.strip() for one in re.split(r"[;,\n]", text)):
        link = _LINK.fullmatch(piece)
        try:
            if link and (link[2] or "").upper() in _FINISH_TO_START:
                ids.append(link[1])
            elif link:
                others.append(piece)
            elif piece:
                ids.append(made_id(piece))
        except Unreadable:
            others.append(piece)
    return tuple(dict.fromkeys(ids)), tuple(others)
