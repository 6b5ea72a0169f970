"""What was found of a client whose documents were up to date, for as long as nothing in its folder changes.

Reading a client takes some hundred times as long as looking at the sizes and times of its files. So what reading found
is kept beside them, with those sizes and times: while all are the same, it holds.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from toolkit.client.brand import TEMPLATE, is_brand_file
from toolkit.client.deck import is_picture_file
from toolkit.client.parts import FILES
from toolkit.client.schema import is_scenario_file
from toolkit.errors import InputError
from toolkit.files import Stamps, make_folder, read, stamps, write
from toolkit.publish.manifest import json_bytes

_DRAFT = "draft"
_FILE = f"{_DRAFT}/result.json"


@dataclass(frozen=True)
class CachedResult:
    """A client whose documents are up to date.

    Attributes
    ----------
    asked : str
        A digest of what was asked for, and of all that documents are made from beside the client's files.
    name : str
        The client's name.
    round : str
        The round's id.
    pages : tuple of str
        File names of the documents to open.
    warnings : tuple of str
        Which earlier drafts must not be shown beside them.
    line : dict
        The client's line in the client book, as its fields.
    """

    asked: str
    name: str
    round: str
    pages: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    line: dict[str, Any] = field(default_factory=dict)


def seen(folder: Path) -> Stamps:
    """Return the stamps of a client's files, but for what this module keeps and for locks."""
    return {
        name: stamp for name, stamp in stamps(folder).items() if name != _FILE and not name.endswith(".lock")
    }


def cached_result(folder: Path) -> CachedResult | None:
    """Return what was found of a client, where its folder is as it was then; None where it is to be read."""
    try:
        kept = json.loads(read(folder, _FILE))
        if kept["files"] != seen(folder):
            return None
        found = kept["found"]
        return CachedResult(**found | {"pages": tuple(found["pages"]), "warnings": tuple(found["warnings"])})
    except (OSError, ValueError, KeyError, TypeError, InputError):
        return None


def record_part(files: Stamps) -> Stamps:
    """Return the stamps of a client's record alone: what is made and what is kept privately left out."""
    return {
        name: stamp
        for name, stamp in files.items()
        if name in (*FILES, TEMPLATE)
        or is_brand_file(name)
        or is_scenario_file(name)
        or is_picture_file(name)
    }


def cache_result(folder: Path, before: Stamps, found: CachedResult) -> None:
    """Keep what was found of a client in its folder as it is now, if its record is as it was ``before``, when it was read.

    What cannot be written is left: the client is read again next time.
    """
    now = seen(folder)
    if record_part(now) != record_part(before):
        return
    with suppress(OSError, InputError):
        make_folder(folder, _DRAFT)
        write(folder, _FILE, json_bytes({"files": now, "found": asdict(found)}))
