"""Where clients are kept, and which folder is whose; no name leads out of the clients' folder."""

from __future__ import annotations

import os
from pathlib import Path

from toolkit.client.faults import closest
from toolkit.client.field_types import SLUG_PATTERN
from toolkit.client.parts import FACTS
from toolkit.errors import Fault, InputError

# Windows opens a device under these names, in any folder.
DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))]
)


def clients_folder(given: str | None = None) -> Path:
    """Return the folder that holds all clients: as given, else ``ALIGN_CLIENTS``, else ``client_data``.

    ``client_data`` is looked for here, and beside this folder where notebooks lie in it, as JupyterLab runs them: in
    any other folder it would be that of somebody else's work.
    """
    if named := given or os.environ.get("ALIGN_CLIENTS"):
        return Path(named)
    here, beside = Path("client_data"), Path("..") / "client_data"
    has_notebooks = any(Path().glob("*.ipynb"))
    return beside if has_notebooks and beside.is_dir() and not here.is_dir() else here


def client_folder(clients: Path, slug: str) -> Path:
    """Return the folder of a client, which need not exist.

    Raises
    ------
    InputError
        When ``slug`` cannot be a client's name, or its folder is a link to another place.
    """
    allowed = "1 to 63 lower-case letters a–z, digits and '-', beginning with a letter or digit"
    if not SLUG_PATTERN.fullmatch(slug):
        raise InputError(
            [Fault("client name", slug, allowed, "Choose a short name such as 'harbour-credit-union'.")]
        )
    if slug in DEVICES:
        remedy = f"Choose another name, such as '{slug}-company'."
        raise InputError(
            [Fault("client name", slug, f"{allowed}; no name that Windows keeps for devices", remedy)]
        )
    folder = clients / slug
    if folder.resolve() != clients.resolve() / slug:
        found = f"a link to {folder.resolve()}"
        remedy = "Replace the link by the folder; to keep clients elsewhere, set ALIGN_CLIENTS."
        raise InputError([Fault(f"{slug}, folder", found, f"a folder inside {clients}", remedy)])
    return folder


def slugs(clients: Path) -> list[str]:
    """Return the names of all clients, sorted: the folders that hold a ``client.yaml``."""
    if not clients.is_dir():
        return []
    return sorted(
        one.name
        for one in clients.iterdir()
        if SLUG_PATTERN.fullmatch(one.name) and one.name not in DEVICES and (one / FACTS).is_file()
    )


def existing_folder(clients: Path, slug: str) -> Path:
    """Return the folder of a client that exists; InputError naming the nearest client when it does not."""
    folder = client_folder(clients, slug)
    if folder.is_dir():
        return folder
    known = slugs(clients)
    allowed = (
        f"one of the clients in {clients}: {', '.join(known)}"
        if known
        else f"a client; {clients} holds none yet"
    )
    remedy = f"{closest(slug, known)}Correct the name, or make the client with 'align new {slug}'."
    raise InputError([Fault(f"{slug}, folder", "no such folder", allowed, remedy)])
