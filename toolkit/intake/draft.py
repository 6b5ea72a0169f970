"""A client's draft: every change on disk within a second, undone if wanted, committed to the record in one step."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatch
from pathlib import Path as FilePath
from typing import Any

from filelock import Timeout

from toolkit.client.closed import refuse_closed
from toolkit.client.record import Record
from toolkit.client.store import RECORD_FILES, client_folder, read_files, read_record, save
from toolkit.errors import AlignError, Fault, InputError
from toolkit.files import locked, make_folder, names_in, place, read, remove, write
from toolkit.intake.delay import one_at_a_time
from toolkit.intake.document import (
    LISTS,
    PRIVATE,
    TABLES,
    Change,
    Document,
    Path,
    at,
    document_of,
    is_blank,
    put,
)
from toolkit.intake.document_files import changed_files
from toolkit.intake.document_merge import Clash, differences, merge
from toolkit.intake.document_references import without

FOLDER = "draft"
FILE = f"{FOLDER}/form.json"
LOCK = ".form.lock"
WAITING = "form-unsettled{}.json"  # what was changed in one window while its clash waits for a choice
LOCK_SECONDS = 5.0
STEPS = 200  # how many steps can be taken back


class Draft:
    """One client's draft, in memory and on disk.

    Attributes
    ----------
    document : dict
        The draft as it stands (:mod:`toolkit.intake.document`); changed through :meth:`change` alone.
    record : Record
        The record that it will be committed to, and ``recorded`` the same as a document.
    clash : Clash or None
        A choice that :meth:`settle` has to make before anything more is written.
    """

    def __init__(self, clients: FilePath, slug: str) -> None:
        """Open the draft that is on disk, or a new one of the record; InputError when either cannot be read."""
        self.clients, self.slug = clients, slug
        self._lock = threading.RLock()
        self._folder = client_folder(clients, slug)
        self._path = self._folder / FILE
        self.clash: Clash | None = None
        self._dirty = False
        self._read_record()
        left = [each for each in names_in(self._folder, FOLDER) if fnmatch(each, WAITING.format("*"))]
        self._waiting = f"{FOLDER}/{left[0]}" if left else ""  # this window's file, while there is one
        stored = read_draft(self._folder, self._waiting or FILE)
        stored = stored or Stored(0, self.recorded, self.recorded, self.recorded, [])
        self._revision = stored.revision
        self._base = stored.base  # the record that the document has taken in
        self._seen = stored.seen  # the draft on disk that it has taken in
        self.document: Document = deepcopy(stored.document)
        self._steps = stored.steps
        self.sync()

    def _read_record(self) -> None:
        stamps = self._stamped()
        files = read_files(self.clients, self.slug)
        self.record: Record = read_record(self.slug, files)
        self.recorded: Document = document_of(self.record)
        self.files, self._stamps = files, stamps

    def _stamped(self) -> list[tuple[int, int, int]]:
        """Return what tells, without reading them, whether the record's files have changed."""
        return [stamp_of(self._folder / name) for name in RECORD_FILES]

    @property
    def moved(self) -> bool:
        """Whether the record or the draft on disk is no longer as it was last read or written here."""
        return self._stamped() != self._stamps or stamp_of(self._path) != self._stamp

    @property
    def saved(self) -> bool:
        """Whether all that was changed here is on disk."""
        return not self._dirty

    @property
    def uncommitted(self) -> list[tuple[Path, Any, Any]]:
        """The places in which the draft differs from the record: path, value in the record, value in the draft."""
        mine = {name: value for name, value in self.document.items() if name != PRIVATE}
        return [(path, before, after) for path, before, after, _ in differences(self.recorded, mine)]

    @property
    def undoable(self) -> Change | None:
        """The change that :meth:`undo` would take back; None when there is none."""
        return self._steps[-1][-1] if self._steps else None

    @property
    def undoable_places(self) -> int:
        """How many places :meth:`undo` would take back with one step."""
        return len(self._steps[-1]) if self._steps else 0

    @one_at_a_time
    def change(self, path: Path, value: Any, index: int | None = None, again: bool = False) -> None:
        """Change one place; removing an entry takes its name away wherever it stands.

        Parameters
        ----------
        value
            Text, or a list or group of it; blank takes away what is there.
        index : int, optional
            Where in its list a new entry is to stand.
        again : bool
            Whether this goes on with the change before, as the next letter typed into a field does: if
            that one changed the same place, both are one step to undo.
        """
        self.change_all([(path, value, index)], again)

    @one_at_a_time
    def change_all(self, changes: Sequence[tuple[Path, Any, int | None]], again: bool = False) -> None:
        """Change several places as one step to undo; each is given as to :meth:`change`."""
        step = []
        for path, value, index in changes:
            places = [(path, value, index)]
            if is_blank(value) and isinstance(at(self.document, path), dict):
                places = [*((where, rest, None) for where, rest in without(self.document, path)), *places]
            step += [put(self.document, where, deepcopy(what), at_) for where, what, at_ in places]
        last = self._steps[-1] if self._steps else []
        goes_on = again and len(last) == len(step) == 1 and last[0].path == step[0].path
        if goes_on and last[0].after == step[0].before:
            self._steps[-1] = [replace(step[0], before=last[0].before)]
        elif any(one.before != one.after for one in step):
            self._steps.append(step)
        del self._steps[:-STEPS]
        self._dirty = True

    @one_at_a_time
    def undo(self) -> Change | None:
        """Take the last step back and return what it had changed; None when there is none.

        Raises
        ------
        AlignError
            When its place was changed again elsewhere; nothing is taken back, and the step is forgotten.
        """
        if not self._steps:
            return None
        step = self._steps.pop()
        self._dirty, undone = True, deepcopy(self.document)
        try:
            for one in reversed(step):
                if at(undone, one.path) != one.after:
                    raise KeyError
                put(undone, one.path, deepcopy(one.before), one.index)
        except KeyError:
            raise AlignError(
                "That place has been changed again, in another window or in the record; it stays as it is."
            ) from None
        self.document = undone
        return step[-1]

    @one_at_a_time
    def forget(self, path: Path) -> None:
        """Remove what stands at a path, and every step that knew of it: private scores, once they are agreed."""
        put(self.document, path, None)
        self._forget_steps(path)
        self._dirty = True

    def _forget_steps(self, path: Path) -> None:
        kept = [
            [one for one in step if one.path[: len(path)] != path[: len(one.path)]] for step in self._steps
        ]
        self._steps = [step for step in kept if step]

    @one_at_a_time
    def sync(self) -> bool:
        """Write what was changed here and take in what others changed; return whether they changed anything.

        Where both changed one place, :attr:`clash` says so and nothing is written until :meth:`settle`.

        Raises
        ------
        AlignError
            When the disk refused or another window holds on to the draft; it is kept, and the next call tries again.
        InputError
            When the draft or the record on disk cannot be read any more, or the engagement is closed.
        """
        if self.clash:
            return False
        refuse_closed(self._folder)
        unreadable = None
        with self._locked():
            stored, mine = read_draft(self._folder, FILE), self._content()
            if self._stamped() != self._stamps:
                try:
                    self._read_record()
                except InputError as error:  # what was changed here is kept all the same
                    unreadable = error
            if stored is None:  # not yet written, or lost: then it is written again
                self._dirty = self._dirty or self._revision > 0
            elif stored.revision != self._revision:
                self._take("another window", self._seen, stored.document)
                self._seen, self._base, self._revision = stored.document, stored.base, stored.revision
            if self._base != self.recorded and not self.clash and not unreadable:
                self._take("the record", self._base, self.recorded)
            if self.clash:
                self._wait(mine)
            else:
                self._write(self._base if unreadable else self.recorded)
            self._stamp = stamp_of(self._path)
        if unreadable:
            raise unreadable
        return self.clash is not None or self.document is not mine.document

    def _wait(self, mine: Stored) -> None:
        """Keep what was changed here on disk while its clash waits: opened again, it clashes again."""
        number = 1
        while not self._waiting:
            name = f"{FOLDER}/{WAITING.format('' if number == 1 else f'-{number}')}"
            self._waiting = "" if place(self._folder, name).exists() else name  # another window's stays
            number += 1
        write_draft(self._folder, self._waiting, mine)

    def _write(self, base: Document) -> None:
        """Write the draft where it says something new, and end what was waiting."""
        if self._dirty or self.document != self._seen or self._base != base:
            new = replace(
                self._content(), revision=self._revision + 1, base=base, seen=deepcopy(self.document)
            )
            write_draft(self._folder, FILE, new)
            self._revision, self._base, self._seen, self._dirty = new.revision, base, new.seen, False
        if self._waiting:
            remove(self._folder, self._waiting)
            self._waiting = ""

    def _take(self, where: str, before: Document, theirs: Document) -> None:
        merged, conflicts = merge(before, self.document, theirs)
        for path, _, left, _ in differences(
            self.document.get(PRIVATE, {}), merged.get(PRIVATE, {}), (PRIVATE,)
        ):
            if left is None:  # forgotten there, so here as well
                self._forget_steps(path)
        if conflicts:
            self.clash = Clash(where, conflicts)
        if merged != self.document:
            self.document = merged

    @one_at_a_time
    def settle(self, mine: bool) -> None:
        """End a clash: what was changed here stands, or else what they changed does (a step to undo)."""
        clash, self.clash = self.clash, None
        taken = [put(self.document, one.path, deepcopy(one.theirs)) for one in clash.conflicts] if clash and not mine else []  # fmt: skip
        self._steps += [taken] if taken else []
        if clash and clash.where == "the record":
            self._base = self.recorded
        self._dirty = True
        self.sync()

    @one_at_a_time
    def commit(self) -> None:
        """Write the draft into the record, all of it or nothing.

        Raises
        ------
        InputError
            With every fault, when the record would not be valid.
        AlignError
            While a clash waits for its choice, when somebody is saving at this moment, or the disk refused.
        """
        self._stamps = []
        self.sync()
        if self.clash:
            raise AlignError("Somebody else changed the same fields. Choose first which stand, then commit.")
        read, changed = self.files, changed_files(self.record, self.recorded, self.document)
        self._reword(document_of(read_record(self.slug, {**read, **changed})))
        if self.sync() or self.files is not read:  # somebody else changed something at this very moment
            return self.commit()
        save(self.clients, self.slug, changed, read)
        self.sync()
        return None

    def _reword(self, said: Document) -> None:
        """Have the document say what it says in the record's words ("1.50" as 1.5), so that it will equal it."""
        was = self.document
        new = {**said, **{name: part for name, part in was.items() if name == PRIVATE}}
        if new == was:
            return
        self._steps = [
            [replace(one, after=deepcopy(at(new, one.path))) if at(was, one.path) == one.after else one for one in step]
            for step in self._steps
        ]  # fmt: skip
        self.document, self._dirty = new, True

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            make_folder(self._folder, FOLDER)
            with locked(self._folder, f"{FOLDER}/{LOCK}", LOCK_SECONDS):
                yield
        except Timeout:
            raise AlignError("Another window has been writing this draft for some seconds.") from None
        except OSError as error:
            raise AlignError(f"The draft could not be written ({error.strerror}): see that {self._path.parent} can be written to.") from error  # fmt: skip

    def _content(self) -> Stored:
        return Stored(self._revision, self._base, self.document, self._seen, self._steps)


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


def read_draft(folder: FilePath, name: str) -> Stored | None:
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


def write_draft(folder: FilePath, name: str, stored: Stored) -> None:
    """Replace a draft's file, so that it is the old one or the new one at every moment; OSError when refused."""
    steps = [[(one.path, one.before, one.after, one.index) for one in step] for step in stored.steps]
    # In ASCII: half a character, as a browser may send, has no other form on disk.
    seen = None if stored.seen == stored.document else stored.seen
    data = json.dumps({**vars(stored), "seen": seen, "steps": steps}).encode("ascii")
    write(folder, name, data)


def stamp_of(path: FilePath) -> tuple[int, int, int]:
    """Return what changes with each replacement of a file; zeros where there is none."""
    try:
        found = path.lstat()
    except OSError:
        return (0, 0, 0)
    return (found.st_ino, found.st_mtime_ns, found.st_size)
