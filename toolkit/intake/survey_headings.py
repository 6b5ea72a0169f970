"""How survey services head their columns: the code, the wording and the row of a grid in one line of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from toolkit.intake.survey_answers import plain

_TAGS = re.compile(r"</?[A-Za-z][^<>]{0,200}>|[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}")
_ALONE = frozenset(("", "response", "open-ended response", "antwort", "réponse", "respuesta",
                    "offene antwort", "réponse ouverte", "respuesta abierta"))  # fmt: skip


@dataclass(frozen=True)
class Heading:
    """A column that may hold answers: its place from 0, its code ("" if it has none) and its wordings.

    ``repeat`` counts from 2 where columns before it are headed the same; 1 otherwise.
    """

    index: int
    code: str
    wordings: tuple[str, ...]
    repeat: int = 1

    @property
    def name(self) -> str:
        """What a consultant finds the column by, and a map names it by."""
        text = self.wordings[0] if self.wordings else self.code
        return f"{text} ({self.repeat})" if self.repeat > 1 else text

    @property
    def keys(self) -> tuple[str, ...]:
        """What a map may call the column, lower case; the second of two headed alike only by its number."""
        others = (self.code, *self.wordings) if self.repeat == 1 else ()
        return tuple(plain(one) for one in (self.name, *others) if one)


def counted(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    """Return the headings, those that stand there more than once numbered."""
    seen: dict[str, int] = {}
    numbered = []
    for one in headings:
        key = plain(one.name)
        seen[key] = seen.get(key, 0) + 1
        numbered.append(replace(one, repeat=seen[key]))
    return tuple(numbered)


def simple(index: int, title: str, _: str) -> Heading:
    """Read a heading that is the wording or the code."""
    return Heading(index, title, (title,))


def google(index: int, title: str, _: str) -> Heading:
    """Read ``Question [Row]`` of a grid: the row is a question's wording as well as the whole."""
    _, bracket, row = title.rstrip("]").rpartition(" [")
    return Heading(index, title, (title, row) if bracket and title.endswith("]") else (title,))


def typeform(index: int, title: str, _: str) -> Heading:
    """Read a wording that may carry the marks of bold and italics."""
    bare = " ".join(_TAGS.sub("", title).split())
    return Heading(index, title, tuple(dict.fromkeys(one for one in (title, bare) if one)))


def lime(index: int, title: str, _: str) -> Heading:
    """Read ``code. text``, or either alone; a sub-question's code is ``G1[code]`` or ``G1_code``.

    The comment beside a question is ``code[comment]``, its text ``Wording [Comment]``.
    """
    code, dot, text = title.partition(". ")
    if not dot or " " in code:
        code, text = ("", title) if " " in title else (title, "")
    outer, bracket, inner = code.rstrip("]").rpartition("[")
    row = text.rstrip("]").rpartition(" [")[2] if text.endswith("]") else ""
    if bracket and inner.casefold() == "comment":
        return Heading(index, f"{outer}comment", (text or title,))
    after = code.partition("_")[2]
    spaced = title.replace("_", " ") if "_" in title and " " not in title else ""
    wordings = (text, row, after, spaced) if text else (after, spaced)
    own = inner or code
    return Heading(index, own, tuple(dict.fromkeys(one for one in (title, *wordings) if one)))


def monkey(index: int, title: str, row: str) -> Heading:
    """Read two rows: over a question asked alone the second says "Response"; over one of a matrix, its wording."""
    alone = row.casefold() in _ALONE
    return Heading(index, "" if alone else row, (title,) if alone else (row, f"{title} {row}"))


def qualtrics(index: int, code: str, wording: str) -> Heading:
    """Read a code and, below it, the wording; a statement of a matrix stands behind the last `` - ``."""
    whole = re.sub(r" - Text$", "", wording)
    tail = whole.rpartition(" - ")[2]
    return Heading(index, code, tuple(dict.fromkeys(one for one in (whole, tail) if one)))
