"""A client's draft: every change on disk within a second, undone if wanted, committed to the record in one step."""

from __future__ import annotations

import threading
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import wraps
from pathlib import Path as FilePath
from typing import Any, TypeVar

from toolkit.client.record import Record
from toolkit.client.store import RECORD_FILES, client_folder, read_files, read_record, save
from toolkit.errors import AlignError
from toolkit.intake.document import PRIVATE, Change, Document, Path, at, document_of, put, without
from toolkit.intake.document_files import changed_files
from toolkit.intake.document_merge import Conflict, differences, merge
from toolkit.intake.draft_files import WAITING, DraftFiles

STEPS = 200  # how many steps can be taken back


F = TypeVar("F", bound=Callable[..., Any])


def _alone(act: F) -> F:
    """Let one thread at a time act on a draft: in a notebook, widgets and timers have threads of their own."""

    @wraps(act)
    def waited_for(self: Draft, *given: Any, **named: Any) -> Any:
        with self._lock:
            return act(self, *given, **named)

    return waited_for  # type: ignore[return-value]


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
        self._disk = DraftFiles(self._folder)
        self.clash: Clash | None = None
        self._dirty = False
        self._read_record()
        stored = self._disk.read(WAITING) or self._stored()
        self._revision: int = stored["revision"]
        self._base: Document = stored["base"]  # the record that the document has taken in
        self._seen: Document = stored.get("seen", stored["document"])
        self.document: Document = deepcopy(stored["document"])
        self._steps: list[list[Change]] = [
            [Change(tuple(path), *rest) for path, *rest in step] for step in stored["steps"]
        ]
        self.sync()

    def _read_record(self) -> None:
        self._stamps = self._stamped()
        self.files = read_files(self.clients, self.slug)
        self.record: Record = read_record(self.slug, self.files)
        self.recorded: Document = document_of(self.record)

    def _stamped(self) -> list[tuple[str, int, int]]:
        """Return what tells, without reading them, whether the record's files have changed."""
        known = [(name, self._folder / name) for name in RECORD_FILES]
        return [
            (name, (seen := path.stat()).st_mtime_ns, seen.st_size) for name, path in known if path.exists()
        ]

    @property
    def moved(self) -> bool:
        """Whether the record or the draft on disk is no longer as it was last read or written here."""
        return self._stamped() != self._stamps or self._disk.stamp() != self._stamp

    @property
    def uncommitted(self) -> list[tuple[Path, Any, Any]]:
        """The places in which the draft differs from the record: path, value in the record, value in the draft."""
        mine = {name: value for name, value in self.document.items() if name != PRIVATE}
        return [(path, before, after) for path, before, after, _ in differences(self.recorded, mine)]

    @property
    def undoable(self) -> Change | None:
        """The change that :meth:`undo` would take back; None when there is none."""
        return self._steps[-1][0] if self._steps else None

    @_alone
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
        places = [(path, value, index)]
        if value is None and isinstance(at(self.document, path), dict):
            places = [*((where, rest, None) for where, rest in without(self.document, path)), *places]
        step = [put(self.document, where, deepcopy(what), at_) for where, what, at_ in places]
        last = self._steps[-1] if self._steps else []
        if again and len(last) == len(step) == 1 and last[0].path == path:
            self._steps[-1] = [Change(path, last[0].before, step[0].after, step[0].index)]
        else:
            self._steps.append(step)
        del self._steps[:-STEPS]
        self._dirty = True

    @_alone
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
        self._dirty = True
        if any(at(self.document, one.path) != one.after for one in step):
            raise AlignError(
                "That place has been changed again, in another window or in the record; it stays as it is."
            )
        for one in reversed(step):
            put(self.document, one.path, deepcopy(one.before), one.index)
        return step[0]

    @_alone
    def forget(self, path: Path) -> None:
        """Remove what stands at a path, and every step that knew of it: private scores, once they are agreed."""
        put(self.document, path, None)
        kept = [[one for one in step if one.path[: len(path)] != path] for step in self._steps]
        self._steps = [step for step in kept if step]
        self._dirty = True

    @_alone
    def sync(self) -> bool:
        """Write what was changed here and take in what others changed; return whether they changed anything.

        Where both changed one place, :attr:`clash` says so and nothing is written until :meth:`settle`.

        Raises
        ------
        AlignError
            When the disk refused or another window holds on to the draft; it is kept, and the next call tries again.
        InputError
            When the draft or the record on disk cannot be read any more.
        """
        if self.clash:
            return False
        with self._disk.locked():
            stored = self._stored()
            if self._stamped() != self._stamps:
                self._read_record()
            before, seen, revision = self.document, self._seen, self._revision
            if stored["revision"] != self._revision:
                self._take("another window", self._seen, stored["document"])
                self._seen, self._revision = stored["document"], stored["revision"]
                self._base = self.recorded if self.recorded == stored["base"] else self._base
            if self._base != self.recorded and not self.clash:
                self._take("the record", self._base, self.recorded)
            if self.clash:
                self._wait(before, seen, revision)
            elif self._dirty or self.document != self._seen or self._base != self.recorded:
                self._write()
            self._stamp = self._disk.stamp()
            return self.clash is not None or self.document is not before

    def _wait(self, mine: Document, seen: Document, revision: int) -> None:
        """Keep what was changed here on disk while its clash waits: opened again, it clashes again."""
        merged, now = self.document, self._revision
        self.document, self._revision = mine, revision
        self._disk.write(self._content(self._base, seen=seen), WAITING)
        self.document, self._revision = merged, now

    def _take(self, where: str, before: Document, theirs: Document) -> None:
        merged, conflicts = merge(before, self.document, theirs)
        if conflicts:
            self.clash = Clash(where, conflicts)
        if merged != self.document:
            self.document = merged

    @_alone
    def settle(self, mine: bool) -> None:
        """End a clash: what was changed here stands, or else what they changed does (a step to undo)."""
        clash, self.clash = self.clash, None
        taken = [put(self.document, one.path, deepcopy(one.theirs)) for one in clash.conflicts] if clash and not mine else []  # fmt: skip
        self._steps += [taken] if taken else []
        if clash and clash.where == "the record":
            self._base = self.recorded
        self._dirty = True
        self.sync()

    @_alone
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
        save(self.clients, self.slug, changed_files(self.record, self.recorded, self.document), self.files)
        self.sync()

    def _stored(self) -> dict[str, Any]:
        """Return what the draft's file holds; the record as a draft where there is none."""
        return self._disk.read() or {"revision": 0, "base": self.recorded, "document": self.recorded, "steps": []}  # fmt: skip

    def _write(self) -> None:
        self._revision += 1
        self._disk.write(self._content(self.recorded))
        self._disk.remove_waiting()
        self._seen, self._base, self._dirty = deepcopy(self.document), self.recorded, False

    def _content(self, base: Document, **more: Any) -> dict[str, Any]:
        steps = [[(one.path, one.before, one.after, one.index) for one in step] for step in self._steps]
        return {"revision": self._revision, "base": base, "document": self.document, "steps": steps, **more}
