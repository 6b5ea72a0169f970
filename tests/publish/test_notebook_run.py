"""Tests of running one notebook, in a real worker."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from patience import HANG

from toolkit.publish.job import TIME_LIMITS, TimeLimits
from toolkit.publish.notebook_run import NotebookError, execute
from toolkit.publish.worker import OutOfTime, Worker, WorkerDied, ending, killed_for_memory

Run = Callable[..., nbformat.NotebookNode]
Write = Callable[..., Path]
SEE = """
import os, sys, warnings
warnings.warn("no" + "ise")
print("no" + "ise")
kept = sorted(name for name in os.environ if name.startswith(("SECRET", "PYTHONSTARTUP")))
seen = {"client": client, "round": round, "home": clients_dir, "cwd": os.getcwd(), "kept": kept,
        "files": sorted(os.listdir()), "seed": os.environ["PYTHONHASHSEED"], "zone": os.environ["TZ"],
        "python": sys.executable}
seen
"""


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """A worker that has loaded no more than running a notebook takes, so that its process may well die."""
    worker = Worker(loads="toolkit.publish.notebook_run")
    yield worker
    worker.close()


@pytest.fixture
def run(worker: Worker) -> Callable[..., nbformat.NotebookNode]:
    """Return what runs a notebook in an empty folder, as a client's worker does."""

    def run(notebook: Path, limits: TimeLimits = TIME_LIMITS, **parameters: Any) -> nbformat.NotebookNode:
        with tempfile.TemporaryDirectory(prefix="align-") as cwd:
            place = Path(cwd).resolve()
            return worker.call(execute, notebook, parameters, place, limits, seconds=HANG, late="It hangs.")

    return run


@pytest.fixture
def no_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it an error to run a cell."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a cell was run")

    monkeypatch.setattr("papermill.execute_notebook", refuse)


def test_what_it_sees_and_leaves(
    tmp_path: Path, write_notebook: Write, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    """A notebook sees its parameters and nothing of the consultant's; what it leaves tells nothing of the run."""
    monkeypatch.setenv("SECRET_TOKEN", "x")
    monkeypatch.setenv("PYTHONSTARTUP", str(write_notebook(tmp_path / "startup.py")))
    done = run(write_notebook(tmp_path / "a.ipynb", SEE), client="a-b", clients_dir="/some/where", round="r1")
    seen = eval(done.cells[-1].outputs[0].data["text/plain"])
    assert seen == seen | {
        "client": "a-b", "round": "r1", "home": "…", "cwd": "…", "kept": [], "files": [], "seed": "0", "zone": "UTC",
    }  # fmt: skip
    assert seen["python"] == sys.executable
    text = nbformat.writes(done)
    nbformat.validate(done)
    for trace in ("papermill", "/some/where", "align-", "noise", "iopub", "start_time"):
        assert trace not in text
    injected = next(cell for cell in done.cells if "injected-parameters" in cell.metadata.get("tags", []))
    assert injected.id == "injected-parameters"
    assert injected.source == '# Parameters\nclient = "a-b"\nclients_dir = ""\nround = "r1"'


@pytest.mark.usefixtures("no_cells")
@pytest.mark.parametrize(
    "parameters",
    [{"colour": "red"}, {"client": "a", "pm": "x"}, {"__class__": "x"}],
    ids=["unknown", "papermill's own", "a dunder"],
)
def test_unknown_parameter(tmp_path: Path, write_notebook: Write, parameters: Mapping[str, str]) -> None:
    """A parameter that is not one of the three is refused before any cell runs."""
    with pytest.raises(NotebookError, match="has no parameter"):
        execute(write_notebook(tmp_path / "a.ipynb", "1"), parameters, tmp_path)


@pytest.mark.usefixtures("no_cells")
def test_parameter_the_notebook_lacks(tmp_path: Path, write_notebook: Write) -> None:
    """A parameter the notebook does not declare is refused, for papermill would only warn."""
    path = write_notebook(tmp_path / "a.ipynb", "1", parameters='client: str = ""')
    with pytest.raises(NotebookError, match="has no parameter “round”; it takes client"):
        execute(path, {"client": "a", "round": "r1"}, tmp_path)


@pytest.mark.usefixtures("no_cells")
@pytest.mark.parametrize(
    "parameters",
    [
        {"client": "../x"}, {"client": "A"}, {"client": ""}, {"client": "a\n"}, {"client": 7}, {"client": ["a"]},
        {"client": "a" * 64}, {"round": 'x"; import os'}, {"round": "a b"}, {"clients_dir": "a\nb"},
        {"clients_dir": Path("x")}, {"client": type("Text", (str,), {})("a")},
    ],
    ids=repr,
)  # fmt: skip
def test_value_that_is_not_plain(tmp_path: Path, write_notebook: Write, parameters: dict[str, Any]) -> None:
    """A value that is no plain string of its pattern is refused before any cell runs."""
    with pytest.raises(NotebookError, match="cannot be its parameter"):
        execute(write_notebook(tmp_path / "a.ipynb", "1"), parameters, tmp_path)


def test_failing_cell(tmp_path: Path, write_notebook: Write, run: Run) -> None:
    """A failing cell is named with its error in a sentence; the traceback is for the log only."""
    with pytest.raises(NotebookError) as error:
        run(write_notebook(tmp_path / "a.ipynb", "x = 1", "x / 0"), client="a")
    assert (
        str(error.value)
        == "a.ipynb stopped at its cell “cell-2” (x / 0): ZeroDivisionError: division by zero."
    )
    assert "Traceback" in error.value.log
    assert "\x1b" not in error.value.log


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
@pytest.mark.parametrize("shown", ["'x' * 20_000_001", "[['x' * 10_000] * 2_100]"])
def test_a_display_too_large_for_a_page(tmp_path: Path, write_notebook: Write, run: Run, shown: str) -> None:
    """More than twenty million characters are refused as a failed cell, however they come about."""
    with pytest.raises(NotebookError, match=r"it displays [\d,]+ characters; a page has room for 20,000,000"):
        run(
            write_notebook(
                tmp_path / "a.ipynb",
                f"from IPython.display import JSON, display\ndisplay(JSON({shown}))"
                if "[" in shown
                else shown,
            )
        )


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("os._exit(0)", "it ended itself with exit code 0"),
        ("os.kill(os.getpid(), 9)", "it was ended by the signal SIGKILL"),
    ],
)
def test_dead_process(tmp_path: Path, write_notebook: Write, run: Run, end: str, told: str) -> None:
    """A process that dies is noticed, though papermill's record looks complete, and how it died is told as it was."""
    with pytest.raises(WorkerDied) as error:
        run(write_notebook(tmp_path / "a.ipynb", f"import os\n{end}", "1"), client="a")
    assert str(error.value) == f"The process running a.ipynb died: {told}."


@pytest.mark.skipif(not Path("/proc/vmstat").exists(), reason="the system does not say")
def test_memory_is_blamed_only_where_the_system_says_so() -> None:
    """Out of memory is said of a process that was killed while the system's count of such kills rose, and of no other."""
    now = killed_for_memory()
    blamed = {
        (code, before): "memory" in ending(code, before)
        for code in (-9, -11, 1, None)
        for before in (now, now - 1)
    }
    assert [case for case, blame in blamed.items() if blame] == [(-9, now - 1)]


def test_quiet_exit(tmp_path: Path, write_notebook: Write, run: Run) -> None:
    """A cell that exits quietly counts as failed, for the cells after it have not been told."""
    with pytest.raises(NotebookError, match="did not run to its end"):
        run(write_notebook(tmp_path / "a.ipynb", "raise SystemExit(0)", "1"), client="a")


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (TimeLimits(cell=1), "A cell of a.ipynb took longer than 1 seconds"),
        (TimeLimits(notebook=2), "took longer than 2 seconds"),
    ],
    ids=["cell", "notebook"],
)
def test_time_out(tmp_path: Path, write_notebook: Write, run: Run, limits: TimeLimits, said: str) -> None:
    """A cell or a notebook that takes too long is stopped, and its process is gone, though nothing in it can be interrupted."""
    pid = tmp_path / "pid"
    hang = f"import ctypes, os\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\nctypes.PyDLL(None).sleep(60)"
    with pytest.raises(OutOfTime, match=said):
        run(write_notebook(tmp_path / "a.ipynb", hang), limits, client="a")
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
