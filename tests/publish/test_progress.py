"""Tests of what is seen of a batch: as text, on a terminal, as JSON, and from another terminal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from patience import HANG
from rich.console import Console

from toolkit.errors import Fault
from toolkit.publish.batch import BatchResult, ClientResult
from toolkit.publish.current_run import COUNTS, LOCK, announced, current_run
from toolkit.publish.progress import MOST_SHOWN, Progress
from toolkit.publish.worker import Call, Workers

Add = Callable[..., Path]
HOSTILE = "[red]\x1b[31mEvil\u202e"


def drawn(progress: Progress) -> str:
    """Return a table as a terminal shows it."""
    console = Console(width=100, force_terminal=False)
    with console.capture() as capture:
        console.print(progress.table())
    return capture.get()


def test_a_table_says_what_is_done_and_what_is_being_made() -> None:
    """Counts by state, the clients being made and their steps; rate and time left only once one was made."""
    progress = Progress(10, lambda: [Call("acme", "running assessment.ipynb")])
    progress.note(ClientResult("a", "unchanged"))
    assert "1 of 10 clients · 1 unchanged" in drawn(progress)
    assert "a minute" not in drawn(progress)
    progress.note(ClientResult("b", "made", seconds=2))
    progress.note(ClientResult("c", "failed", seconds=2))
    text = drawn(progress)
    assert "3 of 10 clients · 1 made, 1 unchanged, 1 failed" in text
    assert re.search(r"[\d,]+ a minute · about \d+ s left", text)
    assert re.search(r"acme +running assessment\.ipynb", text)


def test_many_calls_are_counted() -> None:
    """More clients at a time than a screen has room for are counted."""
    text = drawn(
        Progress(99, lambda: [Call(f"c{number:03}", "making it") for number in range(MOST_SHOWN + 7)])
    )
    assert "and 7 more" in text
    assert f"c{MOST_SHOWN:03}" not in text


def test_no_text_of_a_client_steers_a_screen() -> None:
    """Control characters are written out and markup stays text, in the table, in lines and in JSON."""
    assert "[red]\\x1b[31mEvil\\u202e" in drawn(Progress(1, lambda: [Call(HOSTILE, HOSTILE)]))
    result = ClientResult(
        "a", "failed", message=f"Bad {HOSTILE}", faults=(Fault(HOSTILE, HOSTILE, "x", "y"),)
    )
    line = result.to_json()
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["faults"][0]["where"] == HOSTILE


def test_json_names_each_client_and_ends_with_the_sums() -> None:
    """A client's line holds state, cause, seconds and files; the last one counts the states."""
    made = ClientResult("a", "made", "r1", open_these=(Path("c/a.html"),), seconds=1.5)
    failed = ClientResult("b", "failed", message="Why.")
    assert json.loads(made.to_json()) == {
        "slug": "a", "round": "r1", "state": "made", "cause": "", "faults": [], "seconds": 1.5, "files": ["c/a.html"],
        "warnings": [],
    }  # fmt: skip
    assert json.loads(failed.to_json())["cause"] == "Why."
    sums = json.loads(BatchResult((made, failed), Path("c/client_book.html"), 2.0).to_json())
    assert sums == {
        "summary": {"made": 1, "unchanged": 0, "failed": 1}, "seconds": 2.0, "client_book": "c/client_book.html",
    }  # fmt: skip


def test_the_command_prints_json_and_nothing_else(tmp_path: Path, add_client: Add) -> None:
    """``--json`` prints a line for each client, the last one with the sums; a client with faults is one of them."""
    add_client(tmp_path, "bad", "Bad", "goals: 7\n")
    add_client(tmp_path, "worse", "Worse", "colour: red\n")
    words = [sys.executable, "-m", "toolkit.cli", "batch", "--json", "--clients", str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=HANG, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line.get("slug") for line in lines] == ["bad", "worse", None]
    assert lines[-1]["summary"] == {"made": 0, "unchanged": 0, "failed": 2}
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_a_terminal_shows_the_table_and_a_pipe_only_lines(tmp_path: Path, add_client: Add) -> None:
    """On a terminal the count moves below the results; a hostile field's name colours nothing."""
    import pty

    add_client(tmp_path, "bad", "Bad", '"[red]x[/red]": 1\n"\\e[31my": 2\n')
    words = [sys.executable, "-m", "toolkit.cli", "batch", "--clients", str(tmp_path)]
    piped = subprocess.run(words, capture_output=True, text=True, timeout=HANG, check=False).stdout
    assert "\x1b" not in piped
    assert piped.startswith("bad: failed\n")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        words, stdout=theirs, stderr=theirs, env=os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    ) as run:
        os.close(theirs)
        seen = b""
        try:
            while piece := os.read(ours, 4096):
                seen += piece
        except OSError:  # how a closed pseudo-terminal ends on Linux
            pass
    os.close(ours)
    text = seen.decode()
    assert run.returncode == 1
    assert "0 of 1 clients" in text
    assert "[red]x[/red]" in text
    assert "\\x1b[31my" in text
    assert "\x1b[31m" not in text


def test_a_run_is_known_from_elsewhere_as_long_as_it_lives(tmp_path: Path) -> None:
    """Another process sees how far a run is, and nothing once it has ended, even when it was killed."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom toolkit.publish.current_run import announced\n"
        "with announced(Path(sys.argv[1]), 40) as tell:\n    tell(3)\n    print('told', flush=True)\n    sys.stdin.read()\n"
    )
    assert current_run(tmp_path) == ""
    assert not (tmp_path / LOCK).exists()
    words = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"told\n"
        assert current_run(tmp_path) == "3 of 40"
        with announced(tmp_path, 5) as second:
            second(1)
        assert current_run(tmp_path) == "3 of 40"
        run.kill()
    assert current_run(tmp_path) == ""


def test_a_run_in_a_folder_that_cannot_be_written_is_not_announced(tmp_path: Path) -> None:
    """A link in the place of the counts is not followed, and the run goes on."""
    target = tmp_path / "precious"
    target.write_text("mine")
    (tmp_path / COUNTS).symlink_to(target)
    with announced(tmp_path, 5) as tell:
        tell(1)
    assert target.read_text() == "mine"
    with announced(tmp_path / "missing", 5) as tell:
        tell(1)


def test_calls_are_seen_while_they_are_made() -> None:
    """What a worker is doing now can be seen from another thread, by the name of its call, until it is done."""
    workers, seen = Workers(loads=""), []
    what = "import time\nfrom toolkit.publish.worker import step\nstep('waiting', 600, '')\ntime.sleep(0.5)"
    work = threading.Thread(
        target=workers.call, args=(exec, what), kwargs={"seconds": HANG, "late": "", "name": "acme"}
    )
    work.start()
    while not seen:
        assert work.is_alive()
        seen = [call for call in workers.calls() if call.doing == "waiting"]
        time.sleep(0.01)
    work.join(HANG)
    assert seen == [Call("acme", "waiting")]
    assert workers.calls() == []
    workers.close()
