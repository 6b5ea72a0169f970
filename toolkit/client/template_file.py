"""Where a consultancy's own template for PowerPoint lies: in the client's folder, else in the folder of all clients."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from toolkit.client.folders import client_folder
from toolkit.files import read

TEMPLATE = "template.pptx"
_LARGEST = 20_000_000
_SMALLER = "Take pictures out of its layouts, or have PowerPoint compress them."


def template_of(clients: Path, slug: str) -> tuple[bytes, str]:
    """Return a client's template and what a fault calls it; both empty where there is none.

    Raises
    ------
    InputError
        When it is a link, no plain file, too large, or may not be read.
    """
    for folder in (client_folder(clients, slug), clients):
        where = f"{folder.name}, {TEMPLATE}" if folder.name else TEMPLATE
        with suppress(FileNotFoundError):
            return read(folder, TEMPLATE, _LARGEST, where, _SMALLER), where
    return b"", ""


def common_template(clients: Path) -> bytes:
    """Return the template of all clients that have none of their own; empty where there is none, errors as above."""
    with suppress(FileNotFoundError):
        return read(clients, TEMPLATE, _LARGEST, TEMPLATE, _SMALLER)
    return b""
