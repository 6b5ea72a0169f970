"""Where the files that come with the toolkit lie, and their contents."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """Return a folder that came with the toolkit: data inside the package, else what a checkout has at its top.

    A wheel holds the latter, ``notebooks``, ``templates`` and ``client_data``, inside the package, too.
    """
    inside = (_PACKAGE / "_shipped" / name, _PACKAGE / name)
    return next((folder for folder in inside if folder.is_dir()), _PACKAGE.parent / name)


def shipped_bytes(name: str, *path: str) -> bytes:
    """Return a file of such a folder as it is."""
    return shipped(name).joinpath(*path).read_bytes()


def shipped_text(name: str, *path: str) -> str:
    """Return a file of such a folder as text, with the line ends every machine reads the same."""
    return shipped(name).joinpath(*path).read_text(encoding="utf-8")
