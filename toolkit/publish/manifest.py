"""What a deliverable was made from, so that anyone can check it and nothing is made twice."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from math import isfinite
from pathlib import Path
from typing import Any

import toolkit
from toolkit.client.calendar import Quarter, in_files
from toolkit.client.deck import Deck
from toolkit.client.parts import FACTS
from toolkit.client.record import Record
from toolkit.errors import InputError
from toolkit.files import ignored, read
from toolkit.publish.documents import Document
from toolkit.shipped import shipped
from toolkit.words import exact

NAME = "manifest.json"
# A digest of few answers can be guessed back into the answers, so none is published; the facts hold orders of goals.
_ANSWERS = ("responses.csv", "aggregates.csv", FACTS)
_PACKAGES = (
    "highspy", "markdown-it-py", "matplotlib", "nbconvert", "numpy", "openpyxl", "pandas", "papermill", "pillow", "pydantic",
    "pyreveal", "scipy", "seaborn",
)  # fmt: skip
_POWERPOINT = "python-pptx"  # where it is installed: an extra


def sha256(data: bytes) -> str:
    """Return the SHA-256 digest of ``data``, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def made_from(
    document: Document,
    parameters: Mapping[str, str],
    files: Mapping[str, bytes],
    notebooks: Path,
    open_rounds: Iterable[str] = (),
    note: str = "",
    unread: bool = False,
) -> dict[str, Any]:
    """Return what a document is made from: digests of inputs, code, template, notebook; versions; parameters.

    ``open_rounds`` are those it draws on whose answers could still change: such a document is a draft; ``note`` is
    what it says of the drafts before it. So is one that is ``unread`` by the second reader whom the consultancy requires.

    The files that hold answers are left out; :func:`basis` covers them.
    """
    return (
        {
            "code": _code(),
            "inputs": {name: sha256(data) for name, data in files.items() if name not in _ANSWERS},
            "open_rounds": list(open_rounds),
            "notebook": sha256((notebooks / document.source).read_bytes()),
            "parameters": dict(parameters),
            "template": _folder(shipped("templates") / document.template),
            "versions": _versions(),
        }
        | ({"note": note} if note else {})
        | ({"unread": True} if unread else {})
    )


def json_bytes(value: Any) -> bytes:
    """Return ``value`` as JSON with sorted keys; infinite and undefined numbers are refused."""
    text = json.dumps(_plain(value), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode()


def build(notebooks: Path | None = None) -> dict[str, Any]:
    """Return all that clients' documents are made from beside the clients' files, as :func:`made_from` has it.

    ``notebooks`` is their folder where they are not those that came with the toolkit.
    """
    kinds = sorted(
        path for path in shipped("templates").iterdir() if path.is_dir() and not ignored(path.name)
    )
    return {
        "code": _code(),
        "notebook": _folder(notebooks or shipped("notebooks")),
        "template": {kind.name: _folder(kind) for kind in kinds},
        "versions": _versions(),
    }


def basis(source: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return all that a document is made from, answers included; not for publication."""
    return dict(source) | {"answers": {name: sha256(files[name]) for name in _ANSWERS if name in files}}


def plan_basis(record: Record, round_id: str) -> str:
    """Return a digest of all that a round's plan rests on: the record but for answers, the deck and meetings, the code, the solver."""
    facts = replace(
        record, facts=record.facts.model_copy(update={"deck": Deck(), "meetings": ()}),
        responses=(), aggregates=(), questionnaires={}, actions=(), services=(), assets=(), pictures={},
    )  # fmt: skip
    return sha256(
        json_bytes({"code": _code(), "versions": _versions(), "round": round_id, "record": repr(facts)})
    )


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return what differs between two bases: names of files and of libraries, "the toolkit"; sorted."""

    def parts(of: Mapping[str, Any]) -> dict[str, Any]:
        files = {
            name: value
            for part in ("answers", "inputs", "versions")
            for name, value in of.get(part, {}).items()
        }
        rest = {part: value for part, value in of.items() if part not in ("answers", "inputs", "versions")}
        toolkit = {part: rest.pop(part, None) for part in ("code", "notebook", "template")}
        edition = rest.pop("parameters", None)
        return files | {"the toolkit": toolkit, "the edition": edition, "the rounds it draws on": rest}

    old, new = parts(before), parts(now)
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def manifest(
    slug: str,
    round_id: str,
    sources: Mapping[str, Mapping[str, Any]],
    outputs: Mapping[str, Mapping[str, bytes]],
) -> bytes:
    """Return the manifest of finished deliverables.

    Parameters
    ----------
    sources : mapping
        For each document's name, what it was made from.
    outputs : mapping
        For each document's name, its files.
    """
    documents = {
        name: {"made_from": source, "outputs": {file: sha256(data) for file, data in outputs[name].items()}}
        for name, source in sources.items()
    }
    return json_bytes({"client": slug, "round": round_id, "status": "complete", "documents": documents})


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest that stands in a deliverables folder; empty when there is none that can be read."""
    try:
        found = json.loads(read(folder, NAME))
    except (OSError, ValueError, InputError):
        return {}
    documents = found.get("documents") if isinstance(found, dict) else None
    if not isinstance(documents, dict) or not all(isinstance(one, dict) for one in documents.values()):
        return {}
    return dict(found)


def merged(folder: Path, new: bytes) -> bytes:
    """Return a new manifest with those documents of the old one that still stand and are not made anew."""
    old, fresh = read_manifest(folder), json.loads(new)
    kept = {name: entry for name, entry in old.get("documents", {}).items() if stands(folder, old, name)}
    return json_bytes(fresh | {"documents": kept | fresh["documents"]})


def stands(folder: Path, manifest: Mapping[str, Any], document: str) -> bool:
    """Return whether every file of a document is there, byte for byte as its manifest says."""
    outputs = manifest.get("documents", {}).get(document, {}).get("outputs", {})
    return bool(outputs) and all(_digest_of(folder, name) == digest for name, digest in outputs.items())


def code_text() -> str:
    """Return all text the toolkit itself may put on a page, in lower case."""
    return "\n".join(path.read_text(encoding="utf-8") for path in _code_files()).lower()


def _digest_of(folder: Path, name: str) -> str:
    try:
        return sha256(read(folder, name))
    except (OSError, InputError):
        return ""


@cache
def _code() -> str:
    home = Path(toolkit.__file__).parent
    return _of_files(home, _code_files())


def _code_files() -> list[Path]:
    home = Path(toolkit.__file__).parent
    return sorted(
        path for path in home.rglob("*")
        if path.suffix in (".py", ".yaml") and not ignored(path.name) and "_shipped" not in path.relative_to(home).parts
    )  # fmt: skip


def _folder(folder: Path) -> str:
    return _of_files(
        folder, sorted(path for path in folder.iterdir() if path.is_file() and not ignored(path.name))
    )


def _of_files(home: Path, paths: Iterable[Path]) -> str:
    digests = {path.relative_to(home).as_posix(): sha256(path.read_bytes()) for path in paths}
    return sha256(json_bytes(digests))


@cache
def _versions() -> dict[str, str]:
    found = {name: version(name) for name in _PACKAGES}
    with suppress(PackageNotFoundError):
        found[_POWERPOINT] = version(_POWERPOINT)
    return {"python": platform.python_version()} | found


def _plain(value: Any) -> Any:
    """Return ``value`` as JSON knows it; a quarter and a date as they are written in files."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, (Quarter, date)):
        return in_files(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    # What is not finite is left for the encoder to refuse.
    return float(exact(value)) if isinstance(value, float) and isfinite(value) else value
