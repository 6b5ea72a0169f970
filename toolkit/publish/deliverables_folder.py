"""Where deliverables stand: a client's folder for a round, replaced all at once or not at all, checked before it is."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.assess import assess
from toolkit.client.modes import note_modes
from toolkit.client.parts import EARLIER_FINDINGS, EARLIER_PLAN
from toolkit.client.record import Record
from toolkit.client.store import client_folder, load
from toolkit.errors import DeliverableError, Fault, InputError
from toolkit.files import locked, make_folder, place, read, remove, write
from toolkit.publish.documents import DOCUMENTS, FINDINGS, KEPT_PLAN
from toolkit.publish.draft_issues import KEY, SHOWN, Draft, note_drafts
from toolkit.publish.issued import ISSUED, Entry, check_issued, note_issued
from toolkit.publish.manifest import NAME, json_bytes, merged, read_manifest, stands

_DRAFT, _LOG, _LOCK = "draft", "run.log", ".publish.lock"
_PLAN = "plan"


@dataclass(frozen=True)
class KeptPlan:
    """A plan as it was published, and the digest of all that it rests on."""

    digest: str
    text: bytes


@dataclass(frozen=True)
class DeliverablesFolder:
    """One client's deliverables of one round, on disk.

    ``deliverables/<round>/`` holds the finished documents, of which all but a presenter's copy may be given
    away; ``draft/`` what may not: the digests that tell whether anything has changed, and the log of a run
    that failed.
    """

    clients: Path
    slug: str
    round: str

    @property
    def folder(self) -> Path:
        """The folder of the deliverables; InputError when it, or what it lies in, is a link."""
        return place(self.client, f"deliverables/{self.round}")

    @property
    def client(self) -> Path:
        """The client's folder."""
        return client_folder(self.clients, self.slug)

    def check(self) -> None:
        """Raise InputError when a place in which something would be put is a link, every such place told."""
        faults: list[Fault] = []
        made = (NAME, *(file for each in DOCUMENTS.values() for file in each.files))
        private = (f"{_DRAFT}/{_LOCK}", f"{_DRAFT}/{_LOG}", f"{_DRAFT}/{self._bases}", ISSUED, SHOWN, KEY)
        for name in (*(f"deliverables/{self.round}/{file}" for file in made), *private):
            try:
                place(self.client, name)
            except InputError as error:
                faults += error.faults
        if faults:
            raise InputError(faults)

    def check_open(self) -> None:
        """Raise InputError when a folder in which something would be put may not be written to."""
        for name in (f"deliverables/{self.round}", _DRAFT):
            folder = place(self.client, name)
            while not folder.exists():
                folder = folder.parent
            if not os.access(folder, os.W_OK | os.X_OK):
                remedy = "See that you may write to it, or name another place with --clients DIR."
                allowed = "a folder to write to"
                raise InputError([Fault(str(folder), os.strerror(errno.EACCES), allowed, remedy)])

    def current(self, document: str, basis: Mapping[str, Any], pdf: bool = False) -> bool:
        """Return whether a document stands here whole, made from just what would be used now; as PDF too where asked."""
        if self.bases().get(document) != basis:
            return False
        manifest = read_manifest(self.folder)
        return stands(self.folder, manifest, document) and (
            not pdf or DOCUMENTS[document].pdf in manifest["documents"][document]["outputs"]
        )

    def put(
        self,
        files: Mapping[str, bytes],
        bases: Mapping[str, Mapping[str, Any]],
        issued: Mapping[str, Entry] | None = None,
        drafts: Mapping[str, Draft] | None = None,
        plan: str = "",
    ) -> None:
        """Put new deliverables in the place of the old ones; documents not made anew stay.

        What an earlier run made of a document and this one did not, a PDF say, is taken away.

        ``issued``, what stands behind each closed round shown, is noted first: from then on it stays as it is.
        So is what ``drafts``, of rounds still open, are made from: each may be shown from then on. ``plan`` is the
        digest of all that a plan among the files rests on.

        Everything is written beside the folder first, then moved in file by file, the manifest
        last; when that fails midway, what stood there is put back.

        Raises
        ------
        InputError
            When a place in which something would be put is a link.
        DeliverableError
            When a file cannot be written, or a round was issued otherwise meanwhile; the last good deliverables stand.
        """
        try:
            self.check()
            make_folder(self.client, "deliverables")
            make_folder(self.client, _DRAFT)
            with locked(self.client, f"{_DRAFT}/{_LOCK}", 60):
                note_issued(self.client, issued or {})
                note_drafts(self.client, drafts or {})
                manifest = merged(self.folder, files[NAME])
                _replace(self.folder, dict(files) | {NAME: manifest}, _no_longer_made(self.folder, files))
                known = self.bases() | ({_PLAN: {"digest": plan}} if plan else {})
                write(self.client, f"{_DRAFT}/{self._bases}", json_bytes(known | dict(bases)))
            with suppress(OSError):
                remove(self.client, f"{_DRAFT}/{_LOG}")
        except OSError as error:
            name = Path(error.filename).name if error.filename else str(self.folder)
            raise DeliverableError(
                f"{name} of {self.slug} could not be written ({error.strerror or error}); the last good deliverables "
                "stand.\n  do:      Close it in other programs, see that the disk has room, and run again."
            ) from error

    def note(self, issued: Mapping[str, Entry], drafts: Mapping[str, Draft]) -> None:
        """Keep what stands behind rounds that are shown without deliverables of their own, as :meth:`put` does.

        Raises
        ------
        InputError
            When a place in which it would be kept is a link, or a round was issued otherwise meanwhile.
        DeliverableError
            When a file cannot be written.
        """
        if not issued and not drafts:
            return
        try:
            self.check()
            make_folder(self.client, _DRAFT)
            with locked(self.client, f"{_DRAFT}/{_LOCK}", 60):
                note_issued(self.client, issued)
                note_drafts(self.client, drafts)
        except OSError as error:
            raise DeliverableError(
                f"{self.client} could not be written to ({error.strerror or error}), so what is shown cannot be kept.\n"
                "  do:      See that you may write there and the disk has room, and run again."
            ) from error

    def log(self, text: str) -> Path | None:
        """Keep the account of a failed run, its first line the reason, until one succeeds; None when that fails too."""
        with suppress(OSError, InputError):
            make_folder(self.client, _DRAFT)
            write(self.client, f"{_DRAFT}/{_LOG}", text.encode("utf-8", "replace"))
            return self.client / _DRAFT / _LOG
        return None

    def failure(self) -> str:
        """Return why the last run failed, in a line; empty where it did not."""
        with suppress(OSError, InputError):
            return read(self.client, f"{_DRAFT}/{_LOG}").decode("utf-8", "replace").partition("\n")[0]
        return ""

    def plan(self) -> KeptPlan | None:
        """Return the plan that stands published here; None where there is none, or what it rests on is not known."""
        digest, text = self.bases().get(_PLAN, {}).get("digest"), published(self.folder).get(EARLIER_PLAN)
        return KeptPlan(digest, text) if isinstance(digest, str) and text is not None else None

    @property
    def _bases(self) -> str:
        return f"made-from-{self.round}.json"

    def bases(self) -> dict[str, dict[str, Any]]:
        """Return what each document here was made from, answers included, by its name. Private."""
        try:
            found = json.loads(read(self.client, f"{_DRAFT}/{self._bases}"))
        except (OSError, ValueError):
            return {}
        known = found if isinstance(found, dict) else {}
        return {name: basis for name, basis in known.items() if isinstance(basis, dict)}


def _no_longer_made(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Return what stands here of documents that are made anew, was made by a run, and is not among the new files."""
    known = read_manifest(folder).get("documents", {})
    made = [document for document in DOCUMENTS.values() if document.html in files]
    return [
        name for document in made for name in document.files
        if name not in files and name in known.get(document.name, {}).get("outputs", {})
    ]  # fmt: skip


def _replace(folder: Path, files: Mapping[str, bytes], gone: Iterable[str] = ()) -> None:
    names = sorted(files, key=lambda name: (name == NAME, name))
    old = {name: read(folder, name) for name in (*gone, *names) if place(folder, name).is_file()}
    stage = place(folder.parent, f".{folder.name}.new")
    shutil.rmtree(stage, ignore_errors=True)  # of a run that was killed: the lock is held
    stage.mkdir()
    try:
        for name in names:
            write(stage, name, files[name])
        folder.mkdir(exist_ok=True)
        moved: list[str] = []
        try:
            for name in gone:
                moved.append(name)
                remove(folder, name)
            for name in names:
                moved.append(name)
                os.replace(stage / name, folder / name)
        except BaseException:
            _put_back(folder, moved, old)
            raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _put_back(folder: Path, moved: list[str], old: Mapping[str, bytes]) -> None:
    for name in moved:
        with suppress(OSError, InputError):
            if name not in old:
                remove(folder, name)
            elif not place(folder, name).exists() or read(folder, name) != old[name]:
                write(folder, name, old[name])


def checked(clients: Path, slug: str) -> Record:
    """Return a client's record once nothing stands against making its deliverables, of any round.

    Raises
    ------
    InputError
        With every fault found; those of the rounds only where the record itself has none.
    """
    record = load(clients, slug)
    note_modes(client_folder(clients, slug), record)
    faults: list[Fault] = []
    for one in record.rounds:
        try:
            assess(record, one.id)
        except InputError as error:
            faults += error.faults
    try:
        if record.rounds:
            DeliverablesFolder(clients, slug, record.round().id).check()
        check_issued(client_folder(clients, slug), record)
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    return record


def published(folder: Path) -> dict[str, bytes]:
    """Return what was published in a round, as far as the manifest lists it and it stands so, by where a story looks for it."""
    return _published(
        folder, {EARLIER_FINDINGS: ("assessment", FINDINGS), EARLIER_PLAN: ("roadmap", KEPT_PLAN)}
    )


def plan_published(folder: Path, name: str) -> dict[str, bytes]:
    """Return the plan that was published in a round, as :func:`published` does, by the name under which a story looks for it."""
    return _published(folder, {name: ("roadmap", KEPT_PLAN)})


def _published(folder: Path, files: Mapping[str, tuple[str, str]]) -> dict[str, bytes]:
    manifest = read_manifest(folder)
    return {
        place: read(folder, name)
        for place, (document, name) in files.items()
        if stands(folder, manifest, document) and name in manifest["documents"][document]["outputs"]
    }
