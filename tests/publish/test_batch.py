"""Tests of many clients at once, with real processes and real kernels."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from patience import HANG
from slices import sliced

from toolkit.publish import batch
from toolkit.publish.batch import BatchResult, run_batch
from toolkit.publish.job import Request, TimeLimits
from toolkit.publish.status import client_status
from toolkit.publish.worker import Workers

ROOT = Path(__file__).resolve().parents[2]
Add = Callable[..., Path]
Write = Callable[..., Path]


def states(result: BatchResult) -> dict[str, str]:
    """Return each client's state."""
    return {one.slug: one.state for one in result.results}


def tree(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, but for the times of files that are kept privately."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "result.json")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture
def clients(tmp_path: Path, add_client: Add) -> Path:
    """Return a folder of three clients, the second of which has two faults."""
    for slug, name, extra in (
        ("acme", "Acme", ""),
        ("bad", "Bad", "goals:\n- id: g1\n  name: G\n  weight: 400\n  colour: red\n"),
        ("zenith", "Zenith <script>alert(1)</script>", ""),
    ):
        add_client(tmp_path / "clients", slug, name, extra)
    return tmp_path / "clients"


def test_a_working_week(clients: Path, notebooks: Path, write_notebook: Write) -> None:
    """A batch as it goes: made, unchanged, remade where touched, failed with the last good ones kept, mended."""
    seen: list[tuple[str, str]] = []
    with ThreadPoolExecutor(1) as pool:

        def run(*slugs: str) -> BatchResult:
            seen.clear()
            return run_batch(
                clients, slugs or ("zenith", "bad", "acme"), Request(notebooks=notebooks), executor=pool,
                tell=lambda result: seen.append((result.slug, result.state)),
            )  # fmt: skip

        first = run()
        assert states(first) == {"acme": "made", "bad": "failed", "zenith": "made"}
        assert sorted(seen) == sorted(states(first).items())
        bad = first.results[1]
        assert len(bad.faults) == 2
        assert all(str(fault) in bad.message for fault in bad.faults)
        assert [path.name for path in first.results[0].open_these] == [
            "assessment.html",
            "roadmap.html",
            "roadmap-presenter.html",
            "roadmap.pptx",
            "roadmap-presenter.pptx",
        ]
        assert (
            "roadmap-presenter.html  (speaker notes, for you; give the client roadmap.html)"
            in first.results[0].to_text()
        )
        assert (
            "roadmap-presenter.pptx  (speaker notes, for you; give the client roadmap.pptx)"
            in first.results[0].to_text()
        )
        assert not (clients / "bad" / "deliverables").exists()
        assert client_status(clients, "bad")[-1] == "2 faults"
        good = tree(clients)

        assert states(run()) == {"acme": "unchanged", "bad": "failed", "zenith": "unchanged"}
        assert tree(clients) == good

        (clients / "acme" / "deliverables" / "r1" / "roadmap.csv").write_text("edited")
        (clients / "zenith" / "actions.csv").write_text("id,round,action\na1,r1,Call\n")
        assert states(run()) == {"acme": "made", "bad": "failed", "zenith": "made"}
        remade = tree(clients)
        assert {name: remade[name] for name in good if name.startswith("acme")} == {
            name: data for name, data in good.items() if name.startswith("acme")
        }

        write_notebook(notebooks / "roadmap.ipynb", "1 / 0")
        last_good = tree(clients / "acme" / "deliverables")
        failed = run("acme")
        assert states(failed) == {"acme": "failed"}
        assert (
            "roadmap.ipynb stopped at its cell “cell-1” (1 / 0): ZeroDivisionError"
            in failed.results[0].message
        )
        assert "Traceback" not in failed.results[0].message
        assert "Traceback" in (clients / "acme" / "draft" / "run.log").read_text()
        assert tree(clients / "acme" / "deliverables") == last_good
        book = failed.client_book.read_text(encoding="utf-8")
        assert "of the last good run" in book
        assert "ZeroDivisionError" in book

        write_notebook(notebooks / "roadmap.ipynb", "x = 1")
        assert "it has no content" in run("acme").results[0].message


def test_a_client_that_is_not_asked_for_is_named_on_no_page(
    clients: Path, add_client: Add, notebooks: Path, write_notebook: Write
) -> None:
    """One client made alone, or beside one whose record has faults, is held against the names of all in the folder."""
    add_client(clients, "other", "Globex Corporation")
    add_client(clients, "faulty", "Initech Works", "goals:\n- id: g1\n  colour: red\n")
    tell = """
from IPython.display import display
key = "application/vnd.alignment.html"
display({key: "<h1>NAME</h1>"}, raw=True, metadata={key: {"document_title": "T"}})
"""
    with ThreadPoolExecutor(1) as pool:
        for name in ("Globex Corporation", "Initech Works"):
            write_notebook(notebooks / "assessment.ipynb", tell.replace("NAME", name))
            request = Request(documents=("assessment",), notebooks=notebooks)
            done = run_batch(clients, ["acme", "faulty"], request, executor=pool).results
            assert f"it names another client: {name}" in done[0].message


def test_only_one_document(clients: Path, notebooks: Path) -> None:
    """One document can be made alone; the other is then made when it is its turn."""
    with ThreadPoolExecutor(1) as pool:
        run_batch(clients, ["acme"], Request(documents=("assessment",), notebooks=notebooks), executor=pool)
        folder = clients / "acme" / "deliverables" / "r1"
        assert {path.name for path in folder.iterdir()} == {
            "assessment.html", "assessment.ipynb", "findings.json", "manifest.json",
        }  # fmt: skip
        done = run_batch(clients, ["acme"], Request(notebooks=notebooks), executor=pool)
        assert states(done) == {"acme": "made"}
        assert set(json.loads((folder / "manifest.json").read_bytes())["documents"]) == {
            "assessment",
            "roadmap",
        }


def test_client_book(clients: Path, notebooks: Path) -> None:
    """The consultant's page names every client, their state and faults, escaped, and says whose it is."""
    with ThreadPoolExecutor(1) as pool:
        path = run_batch(clients, ["bad", "zenith"], Request(notebooks=notebooks), executor=pool).client_book
    assert path == clients / "client_book.html"
    book = path.read_text(encoding="utf-8")
    assert "For the consultant, not for clients" in book
    assert "Zenith &lt;script&gt;alert(1)&lt;/script&gt;" in book
    assert 'href="zenith/deliverables/r1/assessment.html"' in book
    assert "Not made" in book
    assert "colour" in book
    assert str(clients) not in book


def test_processes_give_the_same(clients: Path, notebooks: Path, tmp_path: Path, add_client: Add) -> None:
    """Two clients in processes give, byte for byte, what threads give elsewhere."""
    elsewhere = tmp_path / "elsewhere"
    for slug, name in (("acme", "Acme"), ("zenith", "Zenith <script>alert(1)</script>")):
        add_client(elsewhere, slug, name)
    (clients / "bad" / "client.yaml").unlink()
    (clients / "bad" / "initiatives.csv").unlink()
    (clients / "bad").rmdir()
    with ThreadPoolExecutor(2) as pool:
        run_batch(elsewhere, ["acme", "zenith"], Request(notebooks=notebooks), executor=pool)
    done = run_batch(clients, ["acme", "zenith"], Request(notebooks=notebooks), workers=2)
    assert states(done) == {"acme": "made", "zenith": "made"}
    assert tree(clients) == tree(elsewhere)


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have clients made by workers that load nothing ahead, so that they may well die; those at hand stay warm."""
    monkeypatch.setattr(batch, "HERE", Workers(loads=""))


@pytest.mark.usefixtures("light")
def test_dying_worker(clients: Path, notebooks: Path, write_notebook: Write) -> None:
    """A client whose process dies twice has failed; the client it took down with it is made."""
    kill = "import os, signal\nif client == 'acme':\n    os.kill(os.getppid(), signal.SIGKILL)\n    signal.pause()"
    tell = json.loads((notebooks / "assessment.ipynb").read_text())["cells"][2]["source"]
    write_notebook(notebooks / "assessment.ipynb", kill, "".join(tell))
    done = run_batch(clients, ["acme", "zenith"], Request(notebooks=notebooks), workers=2)
    assert states(done) == {"acme": "failed", "zenith": "made"}
    assert (
        done.results[0].message
        == "The process running assessment.ipynb died twice; the second time it was ended by the signal SIGKILL."
    )


@pytest.mark.usefixtures("light")
def test_worker_out_of_time(clients: Path, notebooks: Path) -> None:
    """A client whose process is stopped because it takes too long has failed for that reason, and no other is named."""
    done = run_batch(
        clients, ["acme"], Request(notebooks=notebooks, limits=TimeLimits(client=0.2)), workers=1
    )
    assert done.results[0].message == "It took longer than 0.2 seconds and was stopped."


@pytest.mark.usefixtures("light")
def test_client_that_takes_too_long(clients: Path, notebooks: Path, write_notebook: Write) -> None:
    """A client that takes too long has failed, with a sentence that says so."""
    write_notebook(notebooks / "assessment.ipynb", "import time\ntime.sleep(60)")
    done = run_batch(
        clients, ["acme"], Request(notebooks=notebooks, limits=TimeLimits(notebook=2)), workers=1
    )
    assert done.results[0].message.startswith("assessment.ipynb took longer than 2 seconds")


BATCH = """
import sys
from pathlib import Path
from toolkit.publish.batch import run_batch
from toolkit.publish.job import Request

if __name__ == "__main__":
    run_batch(Path(sys.argv[1]), ["acme", "zenith"], Request(notebooks=Path(sys.argv[2])), workers=2)
"""


@pytest.fixture
def short() -> Iterator[Path]:
    """Return an empty folder with a short path, for temporary files."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="t") as folder:
        yield Path(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize(
    "number", sliced([signal.SIGTERM, signal.SIGKILL, signal.SIGINT], 2), ids=lambda one: one.name
)
def test_nothing_is_left(
    clients: Path, notebooks: Path, write_notebook: Write, tmp_path: Path, short: Path, number: signal.Signals
) -> None:
    """However a batch is stopped, its workers, kernels and temporary files are gone."""
    pids = tmp_path / "pids"
    pids.mkdir()
    write_notebook(
        notebooks / "assessment.ipynb",
        f"import os, time\nfrom pathlib import Path\nPath({str(pids)!r}, f'{{os.getpid()}}-{{os.getppid()}}').touch()\n"
        "time.sleep(60)",
    )
    script = tmp_path / "batch.py"
    script.write_text(BATCH)
    main = subprocess.Popen(
        [sys.executable, str(script), str(clients), str(notebooks)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(short)}, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background job ignores it
    )  # fmt: skip
    _until(lambda: len(list(pids.iterdir())) == 2)
    running = [int(pid) for path in pids.iterdir() for pid in path.name.split("-")]
    main.send_signal(number)
    _until(lambda: main.poll() is not None and not any(map(_runs, running)))
    assert main.returncode != 0
    _until(lambda: not list(short.glob("align-*")))
    assert not (clients / "acme" / "deliverables").exists()


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + HANG
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
    except ProcessLookupError:
        return False
