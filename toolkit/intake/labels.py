"""Client text as a widget's label, here and in the workshop: nothing in it is acted upon."""

from __future__ import annotations

# JupyterLab typesets what stands between these in a label as mathematics; these look alike and are not read so.
_NO_MATHEMATICS = str.maketrans({"$": "＄", "\\": "＼"})


def label(text: str, most: int = 70) -> str:
    """Return client text as a label or option: one line of at most ``most`` characters, without what a label would act upon."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return (line if len(line) <= most else line[: most - 1].rstrip() + "…").translate(_NO_MATHEMATICS)
