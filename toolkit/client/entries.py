"""Which entries of a list go on, which come and go, and which change their place."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from toolkit.client.field_types import Row
from toolkit.client.yaml_text import fields, named


def _label(entry: Any) -> Any:
    """Return what tells an entry from its siblings."""
    key = entry.key if isinstance(entry, Row) else ()
    return tuple(getattr(entry, name) for name in key) if key else entry


def _numbered(entries: Sequence[Any]) -> list[tuple[Any, int]]:
    """Return each entry's label with how often it stood there before."""
    times: dict[Any, int] = {}
    numbered = []
    for label in map(_label, entries):
        times[label] = times.get(label, -1) + 1
        numbered.append((label, times[label]))
    return numbered


def _alike(old: Any, new: Any) -> bool:
    """Whether an entry is another under a new label: at least half of its fields that are set stand unchanged."""
    if not isinstance(old, BaseModel):
        return False
    before, after = fields(old), fields(new)
    names = named(old) | named(new)
    same: int = sum(before[name] == after[name] for name in names)
    return bool(same * 2 >= len(names))


def continued(old: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """Return for each new entry the number of the old one that it continues."""
    places = {label: number for number, label in enumerate(_numbered(old))}
    sources = [places.get(label) for label in _numbered(new)]
    taken = set(sources)
    for number, source in enumerate(sources):
        if source is None:
            before = sources[number - 1] if number else -1
            candidate = before + 1 if before is not None else len(old)
            if candidate < len(old) and candidate not in taken and _alike(old[candidate], new[number]):
                sources[number] = candidate
                taken.add(candidate)
    return sources


def staying(numbers: Sequence[int]) -> set[int]:
    """Return the longest part of the numbers that rises: the entries that keep their place."""
    tops: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        place = bisect.bisect_left(tops, number)
        before[number] = tops[place - 1] if place else None
        tops[place : place + 1] = [number]
    kept: set[int] = set()
    last = tops[-1] if tops else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept
