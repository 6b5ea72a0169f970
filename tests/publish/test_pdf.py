"""Tests of asking for PDFs: when they are made and taken away, and what is said where no browser prints them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from patience import HANG

from toolkit.errors import DeliverableError, InputError
from toolkit.publish.batch import run_batch
from toolkit.publish.deliverables_folder import DeliverablesFolder
from toolkit.publish.documents import DOCUMENTS, USUAL
from toolkit.publish.handover import hand_over
from toolkit.publish.job import Request, TimeLimits
from toolkit.publish.manifest import NAME, manifest
from toolkit.publish.pdf import BROWSER, browser, printed
from toolkit.publish.worker import HERE

PDFS = {"assessment.pdf", "roadmap.pdf"}
Add = Callable[..., Path]
PAGE = b"<!DOCTYPE html><html lang='en'><title>A</title><main><h1>A</h1></main></html>"


@pytest.mark.browser
def test_pdfs_are_made_where_they_are_asked_for(tmp_path: Path, add_client: Add, notebooks: Path) -> None:
    """A run makes the PDFs it is asked for, one that is missing too, takes away what it is not, and hands on what stands."""
    clients = tmp_path / "clients"
    add_client(clients, "acme", "Acme", "  closed: 2027-01-31\n")
    folder = clients / "acme" / "deliverables" / "r1"

    def run(pdf: bool, force: bool = False) -> tuple[str, set[str]]:
        request = Request(notebooks=notebooks, pdf=pdf, force=force)
        (result,) = run_batch(clients, ["acme"], request).results
        stand = {path.name for path in folder.glob("*.pdf")}
        assert {path.name for path in result.open_these if path.suffix == ".pdf"} == stand
        return result.state, stand

    assert run(pdf=False) == ("made", set())
    assert run(pdf=True) == ("made", PDFS)
    assert (folder / "assessment.pdf").read_bytes().startswith(b"%PDF-")
    assert run(pdf=True) == ("unchanged", PDFS)
    assert run(pdf=False) == ("unchanged", PDFS)
    before = (folder / "roadmap.pdf").read_bytes()
    (folder / "roadmap.pdf").unlink()
    assert run(pdf=True) == ("made", PDFS)
    assert (folder / "roadmap.pdf").read_bytes() == before
    packed = hand_over(clients, "acme", tmp_path).read_bytes()
    assert all(f"deliverables/r1/{name}".encode() in packed for name in PDFS)
    assert run(pdf=False, force=True) == ("made", set())
    assert {path.name for path in folder.iterdir()} == {
        NAME, *(file for name in USUAL for file in DOCUMENTS[name].files if file != DOCUMENTS[name].pdf)
    }  # fmt: skip


def test_only_what_a_run_has_printed_is_taken_away(tmp_path: Path, add_client: Add) -> None:
    """A PDF that the consultant put beside a document stays; one that was made is back where the new files cannot be put."""
    add_client(tmp_path, "a", "A")
    target = DeliverablesFolder(tmp_path, "a", "r1")

    def files(*names: str) -> dict[str, bytes]:
        made = {name: name.encode() for name in names}
        return made | {NAME: manifest("a", "r1", {"assessment": {}}, {"assessment": made})}

    target.put(files("assessment.html"), {"assessment": {}})
    own = target.folder / "assessment.pdf"
    own.write_bytes(b"my own")
    target.put(files("assessment.html"), {"assessment": {}})
    assert own.read_bytes() == b"my own"
    target.put(files("assessment.html", "assessment.pdf"), {"assessment": {}})
    before = {path.name: path.read_bytes() for path in target.folder.iterdir()}
    (target.folder / "findings.json").mkdir()  # where no file can be put
    with pytest.raises(DeliverableError):
        target.put(files("assessment.html", "findings.json"), {"assessment": {}})
    assert {path.name: path.read_bytes() for path in target.folder.iterdir() if path.is_file()} == before


def test_no_browser_is_told_before_any_notebook_runs(tmp_path: Path, add_client: Add, project: Path) -> None:
    """Where there is no browser, a run says once what to do, and HTML can be made all the same."""
    add_client(tmp_path / "clients", "acme", "Acme")
    command = [sys.executable, "-m", "toolkit.cli", "batch", "--clients", str(tmp_path / "clients"), "--pdf"]
    bare = {name: value for name, value in os.environ.items() if name != BROWSER} | {"PATH": str(tmp_path)}
    done = subprocess.run(command, cwd=project, env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("no browser on this machine") == 1
    assert "leave out --pdf" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "clients" / "acme" / "deliverables").exists()


@pytest.mark.parametrize("named", ["chromium", "/nowhere/chrome", "."])
def test_a_browser_is_named_by_its_full_path(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is no path of a program is refused, rather than another browser used."""
    monkeypatch.setenv(BROWSER, named)
    with pytest.raises(InputError, match="Write the full path of its program"):
        browser()


def a_program(path: Path, lines: str = "exit 1") -> Path:
    """Write a program that stands in for a browser."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return path


def test_a_browser_is_found_where_it_usually_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name on Linux, but no snap, which sees none of our files; in its usual folder on macOS and Windows."""
    monkeypatch.delenv(BROWSER, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "chromium").symlink_to(a_program(tmp_path / "snap"))
    chrome = a_program(tmp_path / "bin" / "google-chrome")
    assert browser() == chrome
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path / "x86"))
    edge = a_program(tmp_path / "x86" / "Microsoft" / "Edge" / "Application" / "msedge.exe")
    assert browser() == edge
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("HOME", str(tmp_path))
    mac = a_program(tmp_path / "Applications" / "Chromium.app" / "Contents" / "MacOS" / "Chromium")
    assert browser() == mac


PROGRAMS = {
    "it fails": ("echo 'cannot open the display' >&2; exit 3", "printed nothing: cannot open the display"),
    "it says nothing": ("exit 0", "printed nothing; "),
    "it prints half a file": (r"echo '%PDF-1.4 cut' >page.pdf", "printed a file that is no whole PDF"),
    "it is old": (r"printf '%%PDF-1.4\n%%%%EOF\n' >page.pdf", "without tags or bookmarks, as versions before 131 do"),
    "it hangs": ("exec sleep 600", "took longer than 2 seconds and was stopped"),
}  # fmt: skip


@pytest.mark.parametrize("what", PROGRAMS)
def test_a_browser_that_does_not_print_is_told_in_words(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser that fails, prints no whole tagged file or takes too long ends the document, with what to do."""
    lines, told = PROGRAMS[what]
    monkeypatch.setenv(BROWSER, str(a_program(tmp_path / "browser", lines)))
    with pytest.raises(DeliverableError) as refused:
        printed("roadmap.pdf", PAGE, date(2027, 1, 31), 2 if what == "it hangs" else HANG)
    assert told in str(refused.value)
    assert "do:      Use Chromium, Chrome or Edge" in str(refused.value)


def test_a_browser_without_a_sandbox_is_asked_again_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system lets the browser shut nothing in, it prints without; its own folder is gone afterwards."""
    lines = r"""pwd >>"$0.seen"
        case "$*" in *--no-sandbox*) printf '%%PDF-1.4 /StructTreeRoot /Outlines %%%%EOF' >page.pdf;;
        *) echo 'FATAL: No usable sandbox!' >&2; exit 1;; esac"""
    program = a_program(tmp_path / "browser", lines)
    monkeypatch.setenv(BROWSER, str(program))
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert printed("roadmap.pdf", PAGE, date(2027, 1, 31), 60).startswith(b"%PDF-1.4")
    first, second = program.with_name("browser.seen").read_text().split()
    assert first == second
    assert not Path(first).exists()


@pytest.mark.parametrize("way", ["too late", "closed"])
def test_a_browser_ends_with_the_run_that_started_it(
    way: str, tmp_path: Path, add_client: Add, notebooks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When printing takes too long, or the run is ended, no process of the browser is left, and no folder."""
    lines = 'echo $$ >"$0.pid"; pwd >>"$0.pid"; sleep 600 & echo $! >>"$0.pid"; sleep 600'
    program = a_program(tmp_path / "browser", lines)
    started = program.with_name("browser.pid")
    add_client(tmp_path / "clients", "acme", "Acme")
    if way == "too late":
        monkeypatch.setenv(BROWSER, str(program))
        HERE.close()  # a worker keeps the surroundings in which it was started
        limits = TimeLimits(printing=1)
        request = Request(notebooks=notebooks, documents=("assessment",), pdf=True, limits=limits)
        (result,) = run_batch(tmp_path / "clients", ["acme"], request).results
        assert "assessment.pdf was not made" in result.message
        assert "took longer than 1 seconds" in result.message
        HERE.close()
    else:
        env = os.environ | {BROWSER: str(program), "ALIGN_CLIENTS": str(tmp_path / "clients")}
        command = [sys.executable, "-m", "toolkit.cli", "run", "acme", "--only", "assessment", "--pdf"]
        run = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        waited(lambda: started.exists() and len(started.read_text().split()) == 3)
        run.terminate()
        run.wait(HANG)
    pid, folder, child = started.read_text().split()
    waited(lambda: not any(alive(int(number)) for number in (pid, child)))
    assert not Path(folder).exists()


def waited(done: Callable[[], bool]) -> None:
    """Wait until something is so; fail where it does not become so."""
    until = time.monotonic() + HANG
    while not done():
        assert time.monotonic() < until
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Return whether a process runs; one that has ended and is not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
