"""A draft's file: read with suspicion, replaced whole."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from toolkit.errors import Fault, InputError
from toolkit.files import read, write
from toolkit.intake.document import LISTS, PRIVATE, TABLES, Change, Document, at

Steps = list[list[Change]]


@dataclass(frozen=True)
class Stored:
    """What a draft's file holds.

    Attributes
    ----------
    revision : int
        Counts the times it was written; 0 before the first.
    base : dict
        The record that the document has taken in.
    seen : dict
        The draft that others could see when the document was last brought together with it.
    steps : list of list of Change
        What can be taken back, the latest last.
    """

    revision: int
    base: Document
    document: Document
    seen: Document
    steps: Steps


def read_draft(folder: Path, name: str) -> Stored | None:
    """Return what a draft's file holds; None where there is no such file.

    Raises
    ------
    InputError
        When it cannot be read, or is not what the form writes.
    """
    try:
        content = json.loads(read(folder, name), object_pairs_hook=_once)
        if content.keys() - {one.name for one in fields(Stored)}:
            raise ValueError
        revision, base, document = content["revision"], content["base"], content["document"]
        seen = document if content["seen"] is None else content["seen"]
        if not (type(revision) is int and all(map(_is_document, (base, document, seen)))):
            raise ValueError
        steps = [[_change(*one) for one in step] for step in content["steps"] if step]
        return Stored(revision, base, document, seen, steps)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        found, remedy = (
            "what the form did not write",
            "Rename or delete the file; the record itself is whole.",
        )
    raise InputError([Fault(f"{folder.name}, {name}", found, "a draft of the form", remedy)])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a group of the file; a name that stands in it twice is no work of the form's."""
    group = dict(pairs)
    if len(group) < len(pairs):
        raise ValueError
    return group


def _is_document(content: Any) -> bool:
    """Whether it has the shape that everything else relies on; what its fields say may be wrong."""
    if not isinstance(content, dict) or not isinstance(content.get("facts", {}), dict):
        return False
    lists = [at(content, path) for path in (*TABLES, *(("facts", name) for name in LISTS))]
    twofold = [content.get(name, {}) for name in ("positions", PRIVATE)]
    return all(_are_entries(one) for one in lists if one is not None) and all(
        isinstance(one, dict) and all(isinstance(inner, dict) for inner in one.values()) for one in twofold
    )


def _are_entries(entries: Any) -> bool:
    ids = [one.get("id") if isinstance(one, dict) else None for one in entries]
    return all(isinstance(id, str) for id in ids) and len(set(ids)) == len(ids)


def _change(path: Any, before: Any, after: Any, index: Any) -> Change:
    if not (path and isinstance(path, list) and all(isinstance(part, str) for part in path)):
        raise ValueError
    return Change(tuple(path), before, after, None if index is None else int(index))


def write_draft(folder: Path, name: str, stored: Stored) -> None:
    """Replace a draft's file, so that it is the old one or the new one at every moment; OSError when refused."""
    steps = [[(one.path, one.before, one.after, one.index) for one in step] for step in stored.steps]
    # In ASCII: half a character, as a browser may send, has no other form on disk.
    seen = None if stored.seen == stored.document else stored.seen
    data = json.dumps({**vars(stored), "seen": seen, "steps": steps}).encode("ascii")
    write(folder, name, data)


def stamp_of(path: Path) -> tuple[int, int, int]:
    """Return what changes with each replacement of a file; zeros where there is none."""
    try:
        found = path.lstat()
    except OSError:
        return (0, 0, 0)
    return (found.st_ino, found.st_mtime_ns, found.st_size)
