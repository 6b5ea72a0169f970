"""Two people's changes to one document brought together; where both changed the same place, a choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from toolkit.intake.document import Document, Path, at, is_list, put


@dataclass(frozen=True)
class Conflict:
    """A place that both changed, differently: as it was, mine, theirs; None where there is nothing."""

    path: Path
    before: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Clash:
    """What somebody else changed while it was changed here.

    Attributes
    ----------
    where : str
        Where they did: "another window" or "the record".
    conflicts : tuple of Conflict
        The places in question; everything else has been brought together already.
    """

    where: str
    conflicts: tuple[Conflict, ...]


def merge(before: Document, mine: Document, theirs: Document) -> tuple[Document, tuple[Conflict, ...]]:
    """Bring together what became of one document in two hands.

    Returns
    -------
    dict
        Theirs with my changes; where both changed one place, mine stands for the time being.
    tuple of Conflict
        Those places.
    """
    merged, conflicts = deepcopy(theirs), []
    for path, was, is_, index in differences(before, mine):
        if outer := _outer(path, before, theirs):
            path, was, is_, index = outer, at(before, outer), at(mine, outer), None
        now = at(theirs, path)
        if now == is_ or at(merged, path) == is_:
            continue
        if now != was:
            conflicts.append(Conflict(path, was, is_, now))
        put(merged, path, deepcopy(is_), index)
    return merged, tuple(conflicts)


def _outer(path: Path, before: Document, theirs: Document) -> Path:
    """Return the place around a place that they removed as an entry, or wrote over as plain text; else nothing."""
    for length in range(1, len(path)):
        around = path[:length]
        now = at(theirs, around)
        removed = now is None and is_list(around[:-1]) and at(before, around) is not None
        if removed or not isinstance(now, (dict, list, type(None))):
            return around
    return ()


def differences(before: Any, after: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any, int | None]]:
    """Yield the smallest places in which two documents differ: path, value before, value after, place in its list.

    An entry that is only in one of them is one difference, whatever it holds.
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys([*before, *after]):
            yield from differences(before.get(name), after.get(name), (*path, name))
    elif is_list(path):
        old, new = _by_id(before), _by_id(after)
        for id in dict.fromkeys([*old, *new]):
            if id in old and id in new:
                yield from differences(old[id], new[id], (*path, id))
            else:
                where = list(new if id in new else old).index(id)
                yield (*path, id), old.get(id), new.get(id), where
    elif isinstance(before or {}, Mapping) and isinstance(after or {}, Mapping) and before != after:
        # A group that only one of them has: field by field, for the other may have begun it too.
        yield from differences(before or {}, after or {}, path)
    elif before != after:
        yield path, before, after, None


def _by_id(entries: list[Any] | None) -> dict[str, Any]:
    return {one["id"]: one for one in entries or ()}
