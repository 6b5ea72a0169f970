"""Whether two names speak of the same thing, told by their words.

Two names resemble each other when they share two words or more that carry meaning, and these are at least three in
five of the shorter name's; or when they differ by a letter here and there. Word order, plurals and small words do not
count. It is a hint to ask about, never a link by itself.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

SHARED_WORDS = 2
SHARED_PART = 0.6
SAME_LETTERS = 0.85
_WORD = re.compile(r"[^\W_]+")
# Words that two names may share without speaking of the same thing.
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "it",
        "its",
        "new",
        "not",
        "of",
        "off",
        "old",
        "on",
        "one",
        "or",
        "our",
        "out",
        "per",
        "that",
        "the",
        "their",
        "them",
        "then",
        "this",
        "to",
        "up",
        "with",
        "work",
        "project",
        "projects",
        "initiative",
        "initiatives",
        "programme",
        "program",
    ]
)


def resembles(name: str, other: str) -> bool:
    """Tell whether two names may speak of the same thing."""
    words, others = _meaning(name), _meaning(other)
    if not words or not others:
        return False
    if words == others:
        return True
    shared = len(words & others)
    if shared >= SHARED_WORDS and shared >= SHARED_PART * min(len(words), len(others)):
        return True
    return min(len(words), len(others)) > 1 and _alike(" ".join(sorted(words)), " ".join(sorted(others)))


def _alike(text: str, other: str) -> bool:
    longest = max(len(text), len(other))
    if min(len(text), len(other)) < SAME_LETTERS * longest:
        return False
    return SequenceMatcher(None, text, other, autojunk=False).ratio() >= SAME_LETTERS


def _meaning(name: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return frozenset(_stem(word) for word in _WORD.findall(plain) if word not in _SMALL)


def _stem(word: str) -> str:
    """Return a word without its plural: "records", "branches" and "policies" lose it, "business" stays."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
