"""Running one notebook: known parameters in, every cell done or a reason why not, no trace of the run."""

from __future__ import annotations

import logging
import math
import re
import time
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from toolkit.client.edition import EDITIONS
from toolkit.client.field_types import ID_PATTERN, SLUG_PATTERN
from toolkit.errors import DeliverableError, shown
from toolkit.publish.job import TIME_LIMITS, TimeLimits
from toolkit.publish.kernel import ENGINE
from toolkit.publish.worker import step
from toolkit.words import plain

PARAMETERS = {
    "client": SLUG_PATTERN,
    "clients_dir": re.compile(r"[^\x00-\x1f\x7f]*"),
    "round": re.compile(rf"(?:{ID_PATTERN.pattern})?"),
    "edition": re.compile("|".join(EDITIONS)),
    "on": re.compile(r"(?:\d{4}-\d{2}-\d{2})?", re.ASCII),
}
# Its errors are raised as well; said twice they would reach the consultant's terminal.
logging.getLogger("papermill").addHandler(logging.NullHandler())
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class NotebookError(DeliverableError):
    """A notebook that did not run to its end; ``log`` holds the full traceback, for a file."""

    def __init__(self, message: str, log: str = "") -> None:
        self.log = log
        super().__init__(message)


def execute(
    notebook: Path, parameters: Mapping[str, str], cwd: Path, limits: TimeLimits = TIME_LIMITS
) -> NotebookNode:
    """Run a notebook in this process and return it, scrubbed; within a worker, cells have only so much time.

    Parameters
    ----------
    notebook : Path
        The notebook, with a cell tagged ``parameters``.
    parameters : mapping
        Values of ``client``, ``clients_dir``, ``round``, ``edition`` and, of a status, ``on``: plain strings.
    cwd : Path
        The folder the notebook works in.

    Raises
    ------
    NotebookError
        When the notebook does not take a parameter, a value is not plain or a cell fails.
    """
    name, source = notebook.name, nbformat.read(notebook, as_version=4)
    _check_parameters(name, source, parameters)
    end = time.monotonic() + limits.notebook

    def before(_: NotebookNode) -> None:
        left = end - time.monotonic()
        if limits.cell < left:
            step(
                f"running {name}",
                limits.cell,
                f"A cell of {name} took longer than {plain(limits.cell)} seconds.",
            )
        else:
            step(
                f"running {name}",
                left,
                f"{name} took longer than {plain(limits.notebook)} seconds and was stopped.",
            )

    try:
        with chdir(cwd):
            done = papermill.execute_notebook(
                source,
                None,
                dict(parameters),
                engine_name=ENGINE,
                progress_bar=False,
                log_output=False,
                before=before,
            )
    except PapermillExecutionError as error:
        raise _cell_failed(name, source, error) from None
    finally:
        step("making it", math.inf, "")
    _check_finished(name, done)
    return scrubbed(done, parameters, {str(cwd), parameters.get("clients_dir", "")})


def _check_parameters(name: str, notebook: NotebookNode, parameters: Mapping[str, str]) -> None:
    """Refuse what papermill would only warn about, or write into code unescaped."""
    known = papermill.inspect_notebook(notebook)
    for parameter, value in parameters.items():
        if parameter not in PARAMETERS or parameter not in known:
            raise NotebookError(
                f"{name} has no parameter “{shown(parameter)}”; it takes {', '.join(known) or 'none'}."
            )
        if type(value) is not str or not PARAMETERS[parameter].fullmatch(value):
            raise NotebookError(f"{name}: “{shown(value)}” cannot be its parameter “{parameter}”.")


def _cell_failed(name: str, notebook: NotebookNode, error: PapermillExecutionError) -> NotebookError:
    log = _COLOURS.sub("", "\n".join(error.traceback))
    return NotebookError(
        f"{name} stopped at {_purpose(notebook, error.source)}: {error.ename}: {shown(error.evalue)}.", log
    )


def _purpose(notebook: NotebookNode, source: str) -> str:
    """Return the words for a cell: its id says what it is for, its last line what it calls."""
    cell = next((cell for cell in notebook.cells if cell.source == source), None)
    call = source.strip().splitlines()[-1] if source.strip() else ""
    return f"its cell “{cell.get('id', '')}” ({shown(call)})" if cell else f"the cell {shown(call)}"


def _check_finished(name: str, notebook: NotebookNode) -> None:
    """Decide success by what stands in the notebook; its metadata calls a dead kernel's run complete."""
    for cell in notebook.cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        if cell.execution_count is None or any(output.output_type == "error" for output in cell.outputs):
            stop = _purpose(notebook, cell.source)
            raise NotebookError(f"{name} did not run to its end: it stopped at {stop}.")


def scrubbed(notebook: NotebookNode, parameters: Mapping[str, str], paths: set[str]) -> NotebookNode:
    """Return an executed notebook without times, paths, random ids and streams.

    Parameters
    ----------
    parameters : mapping
        As injected; ``clients_dir`` is emptied, so that the notebook runs again anywhere.
    paths : set of str
        Texts that must not stand in any output.
    """
    clean: NotebookNode = nbformat.v4.new_notebook(metadata={"language_info": {"name": "python"}})
    if "kernelspec" in notebook.metadata:
        clean.metadata["kernelspec"] = notebook.metadata.kernelspec
    for number, cell in enumerate(notebook.cells):
        tags = list(cell.metadata.get("tags", []))
        injected = "injected-parameters" in tags
        metadata = {key: cell.metadata[key] for key in ("slideshow",) if key in cell.metadata}
        kept = NotebookNode(
            id="injected-parameters" if injected else cell.get("id", f"cell-{number}"),
            cell_type=cell.cell_type,
            metadata=NotebookNode(metadata | ({"tags": tags} if tags else {})),
            source=_injected(parameters) if injected else cell.source,
        )
        if cell.cell_type == "code":
            kept.execution_count = cell.execution_count
            shown_to_readers = (output for output in cell.outputs if output.output_type != "stream")
            kept.outputs = [_without(output, paths) for output in shown_to_readers]
        clean.cells.append(kept)
    return clean


def _injected(parameters: Mapping[str, str]) -> str:
    lines = [f'{name} = "{"" if name == "clients_dir" else value}"' for name, value in parameters.items()]
    return "\n".join(["# Parameters", *lines])


def _without(value: Any, paths: set[str]) -> Any:
    if isinstance(value, str):
        for path in sorted(paths - {""}, key=len, reverse=True):
            value = value.replace(path, "…")
        return value
    if isinstance(value, list):
        return [_without(item, paths) for item in value]
    if isinstance(value, dict):
        return NotebookNode({key: _without(item, paths) for key, item in value.items()})
    return value
