"""The form and the workshop without code: a notebook, for one client, as a page that only this machine can open."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import nbformat

from toolkit.client.folders import client_folder
from toolkit.errors import AlignError, Fault, InputError
from toolkit.files import temporary
from toolkit.shipped import shipped

LOOPBACK = "127.0.0.1"
NOTEBOOKS = {"form": "intake.ipynb", "workshop": "workshop.ipynb"}  # what each command opens
NEEDS_VOILA = (
    "The {what} without code needs Voilà, which is not installed. Install it with\n"
    '  pip install "it-alignment-toolkit[app]"\n'
    "or with conda: conda install -c conda-forge voila\n"
    "The same {what} opens in JupyterLab without it: notebooks/{notebook}."
)


def serve(
    clients: Path,
    slug: str,
    announce: Callable[[str], None],
    port: int = 0,
    open_browser: bool = True,
    notebook: Path | None = None,
    what: str = "form",
) -> None:
    """Serve the form for a client, who may be new, or the workshop, until Ctrl-C or SIGTERM; then end all that it started.

    Each window gets a kernel of its own, which ends when the window closes, or ten minutes after it is lost.

    Parameters
    ----------
    announce : callable
        Is given the address, token included, once the form can be opened.
    port : int
        Port to listen on; 0 means any that is free.
    open_browser : bool
        Whether to open the form in the browser.
    notebook : Path, optional
        What to serve in place of the toolkit's own notebook.
    what : str
        A key of :data:`NOTEBOOKS`.

    Raises
    ------
    InputError
        When ``slug`` cannot be a client's name, or the port cannot be had.
    AlignError
        When Voilà is not installed.
    """
    client_folder(clients, slug)
    try:
        from toolkit.intake.voila_server import FormServer
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] != "voila":
            raise
        raise AlignError(NEEDS_VOILA.format(what=what, notebook=NOTEBOOKS[what])) from None
    port = _free(port)
    # The folder is the user's alone: it holds the parameters, the kernels' keys and the token.
    with temporary("align-form-") as private:
        copy = private / f"{what}.ipynb"
        source = with_client(notebook or shipped("notebooks") / NOTEBOOKS[what], clients, slug, what)
        nbformat.write(source, copy)
        FormServer.of(copy, port, announce, open_browser, f"align {what}").serve()


def with_client(notebook: Path, clients: Path, slug: str, what: str = "form") -> nbformat.NotebookNode:
    """Return a notebook for a page: its parameters set (slug, absolute folder), what speaks of cells left out."""
    read: nbformat.NotebookNode = nbformat.read(notebook, as_version=4)
    read.cells = [cell for cell in read.cells if "notebook-only" not in cell.metadata.get("tags", ())]
    place = next(i for i, cell in enumerate(read.cells) if "parameters" in cell.metadata.get("tags", ()))
    # ascii() writes any string, one that is no valid Unicode too, as a literal that can hold no code.
    source = f"client = {slug!a}\nclients_dir = {str(clients.absolute())!a}"
    injected = nbformat.v4.new_code_cell(source, metadata={"tags": ["injected-parameters"]})
    read.cells.insert(place + 1, injected)
    read.metadata["title"] = f"The {what} for {slug}"
    return read


def _free(port: int) -> int:
    """Return ``port``, or any free one for 0; InputError when it cannot be listened on."""
    with socket.socket() as probe:
        if os.name != "nt":  # as the server does: a port left a moment ago is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            remedy = "Choose another port, or leave --port out to have a free one chosen."
            raise InputError(
                [Fault("--port", f"{port}, which is taken or reserved", "a free port", remedy)]
            ) from None
        return int(probe.getsockname()[1])
