"""Running a notebook's cells in this very process, as a kernel would: what they display is kept, what they print is not."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode, from_dict
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets import Type
from traitlets.config import Config

ENGINE = "in-process"
LARGEST = 20_000_000  # characters that one display may take in a notebook


class _Publisher(DisplayPublisher):
    """Keeps what ``display`` shows."""

    shell: Shell

    def publish(  # type: ignore[override] # of what IPython sends it takes its own
        self, data: dict[str, Any], metadata: dict[str, Any] | None = None, *, update: bool = False, **_: Any
    ) -> None:
        """Keep one display; one that changes an earlier one is none of its own."""
        if not update:
            self.shell.outputs.append(
                _output("display_data", data=_clean(data), metadata=_clean(metadata or {}))
            )

    def clear_output(self, wait: bool = False) -> None:
        """Forget what this cell has displayed."""
        self.shell.outputs.clear()


class _Hook(DisplayHook):
    """Keeps a cell's last value as its result."""

    shell: Shell

    def write_output_prompt(self) -> None:
        """Print no prompt."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Keep the value in all its forms."""
        data, metadata, count = _clean(format_dict), _clean(md_dict or {}), self.prompt_count
        self.shell.outputs.append(
            _output("execute_result", data=data, metadata=metadata, execution_count=count)
        )


class Shell(InteractiveShell):
    """IPython without a terminal, a history or anyone's settings; ``outputs`` holds what the last cell displayed."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    outputs: list[NotebookNode]

    def __init__(self, **options: Any) -> None:
        self.outputs = []
        super().__init__(**options)

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is nobody to show a window to."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.outputs.append(
            _output(
                "error", ename=getattr(etype, "__name__", str(etype)), evalue=str(evalue), traceback=list(stb)
            )
        )

    def run(self, source: str) -> tuple[list[NotebookNode], bool]:
        """Run a cell; return what it displayed, an error last, and whether it ran to its end."""
        self.outputs.clear()
        result = self.run_cell(source, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        outputs = list(self.outputs)
        if error is not None and not any(output.output_type == "error" for output in outputs):
            outputs.append(_output("error", ename=type(error).__name__, evalue=str(error), traceback=[]))
        return outputs, error is None


@contextmanager
def shell() -> Iterator[Shell]:
    """Yield a new shell, which code finds where it looks for IPython, and leave none behind."""
    Shell.clear_instance()
    made = Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    try:
        yield made
    finally:
        made.restore_sys_module_state()
        Shell.clear_instance()


class InProcess(Engine):
    """Papermill's engine for cells that run in this process."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        before: Callable[[NotebookNode], None],
        **_: Any,
    ) -> None:
        """Run the notebook's cells in order, up to the first that fails.

        Parameters
        ----------
        before : callable
            Called with each cell before it runs.
        """
        with shell() as running:
            for index, cell in enumerate(nb_man.nb.cells):
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                before(cell)
                nb_man.cell_start(cell, index)
                cell.execution_count = running.execution_count
                cell.outputs, done = running.run(cell.source)
                if not done:
                    nb_man.cell_exception(cell, index)
                    break
                nb_man.cell_complete(cell, index)


papermill_engines.register(ENGINE, InProcess)


def _output(kind: str, **parts: Any) -> NotebookNode:
    made: NotebookNode = from_dict({"output_type": kind, **parts})
    return made


def _clean(bundle: dict[str, Any]) -> dict[str, Any]:
    """Return a display's forms as they stand in a notebook's file: bytes, which a picture is, in base64."""
    _check_size(
        sum(len(form) for form in bundle.values() if isinstance(form, (str, bytes)))
    )  # before all of it is written
    text = json.dumps(bundle, default=lambda data: b64encode(data).decode())
    _check_size(len(text))
    cleaned: dict[str, Any] = json.loads(text)
    return cleaned


def _check_size(characters: int) -> None:
    if characters > LARGEST:
        raise ValueError(f"it displays {characters:,} characters; a page has room for {LARGEST:,} at most")
