"""A client's draft: every change on disk within a second, undone if wanted, committed to the record in one step."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from filelock import FileLock, Timeout

from toolkit.client.record import Record
from toolkit.client.store import RECORD_FILES, client_folder, read_files, read_record, save
from toolkit.errors import AlignError, Fault, InputError
from toolkit.intake.document import PRIVATE, Change, Document, Path, at, document_of, put, without
from toolkit.intake.document_files import changed_files
from toolkit.intake.document_merge import Conflict, differences, merge

FILE = "draft/form.json"
LOCK = ".form.lock"
WAITING = "form-unsettled.json"  # what was changed here while a clash waits for its choice
LOCK_SECONDS = 5.0
STEPS = 200  # how many steps can be taken back


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
        self._folder = client_folder(clients, slug)
        self._path = self._folder / FILE
        self.clash: Clash | None = None
        self._dirty = False
        self._read_record()
        waiting = self._path.with_name(WAITING)
        stored = self._stored(waiting if waiting.exists() else self._path)
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
        return self._stamped() != self._stamps or self._draft_stamp() != self._stamp

    def _draft_stamp(self) -> tuple[int, int]:
        seen = self._path.stat() if self._path.exists() else None
        return (seen.st_mtime_ns, seen.st_size) if seen else (0, 0)

    @property
    def uncommitted(self) -> list[tuple[Path, Any, Any]]:
        """The places in which the draft differs from the record: path, value in the record, value in the draft."""
        mine = {name: value for name, value in self.document.items() if name != PRIVATE}
        return [(path, before, after) for path, before, after, _ in differences(self.recorded, mine)]

    @property
    def undoable(self) -> Change | None:
        """The change that :meth:`undo` would take back; None when there is none."""
        return self._steps[-1][0] if self._steps else None

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

    def forget(self, path: Path) -> None:
        """Remove what stands at a path, and every step that knew of it: private scores, once they are agreed."""
        put(self.document, path, None)
        kept = [[one for one in step if one.path[: len(path)] != path] for step in self._steps]
        self._steps = [step for step in kept if step]
        self._dirty = True

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
        with self._locked():
            stored = self._stored(self._path)
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
            self._stamp = self._draft_stamp()
            return self.clash is not None or self.document is not before

    def _wait(self, mine: Document, seen: Document, revision: int) -> None:
        """Keep what was changed here on disk while its clash waits: opened again, it clashes again."""
        merged, now = self.document, self._revision
        self.document, self._revision = mine, revision
        _replace(self._path.with_name(WAITING), self._content(self._base, seen=seen))
        self.document, self._revision = merged, now

    def _take(self, where: str, before: Document, theirs: Document) -> None:
        merged, conflicts = merge(before, self.document, theirs)
        if conflicts:
            self.clash = Clash(where, conflicts)
        if merged != self.document:
            self.document = merged

    def settle(self, mine: bool) -> None:
        """End a clash: what was changed here stands, or else what they changed does (a step to undo)."""
        clash, self.clash = self.clash, None
        taken = [put(self.document, one.path, deepcopy(one.theirs)) for one in clash.conflicts] if clash and not mine else []  # fmt: skip
        self._steps += [taken] if taken else []
        if clash and clash.where == "the record":
            self._base = self.recorded
        self._dirty = True
        self.sync()

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

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._path.parent.mkdir(exist_ok=True)
            with FileLock(self._path.with_name(LOCK), timeout=LOCK_SECONDS):
                yield
        except Timeout:
            raise AlignError("Another window has been writing this draft for some seconds.") from None
        except OSError as error:
            raise AlignError(f"The draft could not be written ({error.strerror}): see that {self._path.parent} can be written to.") from error  # fmt: skip

    def _stored(self, path: FilePath) -> dict[str, Any]:
        """Return what the draft's file holds; a draft that is the record where there is none."""
        found = [one for one in (path, _previous(path)) if one.exists()]
        for one in found:
            with contextlib.suppress(ValueError, AttributeError):
                content: dict[str, Any] = json.loads(one.read_bytes())
                if content.keys() - {"seen"} == {"revision", "base", "document", "steps"}:
                    return content
        if found:
            where, remedy = (
                f"{self.slug}, draft/{path.name}",
                "Rename or delete the file; the record itself is whole.",
            )
            raise InputError([Fault(where, "what the form did not write", "a draft of the form", remedy)])
        return {"revision": 0, "base": self.recorded, "document": self.recorded, "steps": []}

    def _write(self) -> None:
        self._revision += 1
        _replace(self._path, self._content(self.recorded))
        waiting = self._path.with_name(WAITING)
        for one in (waiting, _previous(waiting)):
            one.unlink(missing_ok=True)
        self._seen, self._base, self._dirty = deepcopy(self.document), self.recorded, False

    def _content(self, base: Document, **more: Any) -> bytes:
        steps = [[(one.path, one.before, one.after, one.index) for one in step] for step in self._steps]
        content = {
            "revision": self._revision,
            "base": base,
            "document": self.document,
            "steps": steps,
            **more,
        }
        return json.dumps(content, ensure_ascii=False).encode()


def _replace(path: FilePath, data: bytes) -> None:
    """Write a file; whoever is killed meanwhile leaves the old one or the new one.

    Waiting for the disk could hold up every key stroke on a busy machine, so that is left to a thread; the
    version before is kept for the case that the power fails until then.
    """
    aside = path.with_name(f".{path.name}.new")
    aside.write_bytes(data)
    if path.exists():
        os.replace(path, _previous(path))
    os.replace(aside, path)
    threading.Thread(target=_reach_the_disk, args=(path,), daemon=True).start()


def _previous(path: FilePath) -> FilePath:
    return path.with_name(f".{path.name}.old")


def _reach_the_disk(path: FilePath) -> None:
    with contextlib.suppress(OSError), path.open("rb+") as file:
        os.fsync(file.fileno())
