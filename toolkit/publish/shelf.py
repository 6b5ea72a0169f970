"""Where deliverables stand: a client's folder for a round, replaced all at once or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from toolkit.client.store import client_folder
from toolkit.errors import DeliverableError, InputError
from toolkit.publish.data_files import json_bytes
from toolkit.publish.draft_issues import Draft, note_drafts
from toolkit.publish.issued import Entry, note_issued
from toolkit.publish.manifest import NAME, merged, read_manifest, stands
from toolkit.publish.writing import write_whole

_LOG = "run.log"


@dataclass(frozen=True)
class Shelf:
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
        """The folder of the deliverables."""
        return client_folder(self.clients, self.slug) / "deliverables" / self.round

    @property
    def _draft(self) -> Path:
        return client_folder(self.clients, self.slug) / "draft"

    def current(self, document: str, fingerprint: str) -> bool:
        """Return whether a document stands here whole, made from just what would be used now."""
        known = self._fingerprints().get(document) == fingerprint
        return known and stands(self.folder, read_manifest(self.folder), document)

    def put(
        self,
        files: Mapping[str, bytes],
        fingerprints: Mapping[str, str],
        issued: Mapping[str, Entry] | None = None,
        drafts: Mapping[str, Draft] | None = None,
    ) -> None:
        """Put new deliverables in the place of the old ones; documents not made anew stay.

        ``issued``, what stands behind each closed round shown, is noted first: from then on it stays as it is.
        So is what ``drafts``, of rounds still open, are made from: each may be shown from then on.

        Everything is written beside the folder first, then moved in file by file, the manifest
        last; when that fails midway, what stood there is put back.

        Raises
        ------
        DeliverableError
            When a file cannot be written, or a round was issued otherwise meanwhile; the last good deliverables stand.
        """
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self._draft.mkdir(exist_ok=True)
            with FileLock(self._draft / ".publish.lock", timeout=60):
                note_issued(self.folder.parent.parent, issued or {})
                note_drafts(self.folder.parent.parent, drafts or {})
                _replace(self.folder, dict(files) | {NAME: merged(self.folder, files[NAME])})
                known = self._fingerprints() | dict(fingerprints)
                write_whole(self._prints_file, json_bytes(known))
            with suppress(OSError):
                (self._draft / _LOG).unlink(missing_ok=True)
        except InputError as error:
            raise DeliverableError(str(error)) from error
        except OSError as error:
            name = Path(error.filename).name if error.filename else str(self.folder)
            raise DeliverableError(
                f"{name} of {self.slug} could not be written ({error.strerror or error}); the last good deliverables "
                "stand.\n  do:      Close it in other programs, see that the disk has room, and run again."
            ) from error

    def log(self, text: str) -> Path | None:
        """Keep the full account of a failed run for whoever looks into it; None when that fails too."""
        with suppress(OSError):
            self._draft.mkdir(exist_ok=True)
            path = self._draft / _LOG
            path.write_text(text, encoding="utf-8")
            return path
        return None

    @property
    def _prints_file(self) -> Path:
        return self._draft / f"made-from-{self.round}.json"

    def _fingerprints(self) -> dict[str, str]:
        try:
            found = json.loads(self._prints_file.read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def _replace(folder: Path, files: Mapping[str, bytes]) -> None:
    names = sorted(files, key=lambda name: (name == NAME, name))
    old = {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}
    stage = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name in names:
            write_whole(stage / name, files[name])
        folder.mkdir(exist_ok=True)
        moved: list[str] = []
        try:
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
        with suppress(OSError):
            if name not in old:
                (folder / name).unlink(missing_ok=True)
            elif (folder / name).read_bytes() != old[name]:
                write_whole(folder / name, old[name])
