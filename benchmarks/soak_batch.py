"""Batches under attack: clients whose notebooks misbehave in every way, and kills at random moments.

Run, as root on Linux for the last: python benchmarks/soak_batch.py [CLIENTS] [KILLS] [FILLS]. CLIENTS small clients (200), one of ten of which ends its process,
hangs with the interpreter locked, takes all memory it may, floods what it displays and prints, or cannot be read: exactly
these fail, each for its own reason, and all others have the bytes of a batch without them. Then a batch is killed (it, its
worker, or the process of a client) at KILLS random moments (100): within five seconds no descendant lives, the next run
leaves no temporary folder, no document is partial, and its bytes are those of an undisturbed run. Then it runs on a small
disk that is full but for FILLS (20) different rests, from nothing to nearly enough: each client's result is printed, what
could not be written is told in words, and the documents that stood there stand as they were, or whole as they should be.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from toolkit.publish.batch import run_batch
from toolkit.publish.job import Request, TimeLimits

PARAMETERS = 'client: str = ""  # c\nclients_dir: str = ""  # d\nround: str = ""  # r'
SABOTAGE = """
import ctypes, os, resource, signal
from IPython.display import display
if client.startswith("exit"): os._exit(3)
if client.startswith("quiet"): os._exit(0)
if client.startswith("segv"): os.kill(os.getpid(), signal.SIGSEGV)
if client.startswith("hang"): ctypes.PyDLL(None).sleep(600)
if client.startswith("memory"):
    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    hoard = [bytearray(1 << 28) for _ in range(64)]
if client.startswith("flood"): print("x" * (1 << 30)); display("x" * (1 << 30))
"""
TELL = """
from IPython.display import display
from html import escape
from pathlib import Path
name = Path(clients_dir, client, "client.yaml").read_text().split("name: ")[1].splitlines()[0]
key = "application/vnd.alignment.html"
html = f'<div class="page slide sheet" id="one"><h1>All about <bdi>{escape(name)}</bdi> in {round}</h1></div>'
display({key: html, "text/plain": name}, raw=True, metadata={key: {"document_title": f"About {name}"}})
"""
CAUSES = {
    "exit": "died twice; the second time it ended itself with exit code 3",
    "quiet": "died twice; the second time it ended itself with exit code 0",
    "segv": "died twice; the second time it was ended by the signal SIGSEGV",
    "hang": "took longer than 20 seconds",
    "memory": "MemoryError",
    "flood": "it displays",
    "unread": "client.yaml",
}
RUN = """
import sys
from pathlib import Path
from toolkit.console import say
from toolkit.errors import AlignError
from toolkit.publish.batch import run_batch
from toolkit.publish.job import Request
if __name__ == "__main__":
    request = Request(force=True, notebooks=Path(sys.argv[2]))
    try:
        run_batch(Path(sys.argv[1]), sys.argv[3:], request, workers=2, tell=lambda result: say(result.to_text()))
    except AlignError as error:  # as the command does: the overview could not be written
        sys.exit(str(error))
"""


def notebooks(folder: Path, *cells: str) -> Path:
    """Write both notebooks with these cells."""
    for name in ("assessment", "roadmap"):
        parameters = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}, id="parameters")
        shown = {"slideshow": {"slide_type": "slide"}}
        told = [new_code_cell(cell, metadata=shown, id=f"cell-{number}") for number, cell in enumerate(cells)]
        folder.mkdir(exist_ok=True)
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(new_notebook(cells=[parameters, *told], metadata=kernel), folder / f"{name}.ipynb")
    return folder


def add(clients: Path, slug: str) -> None:
    """Add a small client."""
    folder = clients / slug
    folder.mkdir(parents=True)
    facts = f"schema_version: 1\nprofile:\n  name: Company {slug}\nrounds:\n- id: r1\n  as_of: 2027-01-31\n"
    if slug.startswith("unread"):
        facts = "\x00" + facts
    (folder / "client.yaml").write_text(facts, encoding="utf-8")
    (folder / "initiatives.csv").write_text("id,name\ni1,One\n", encoding="utf-8")


def digests(clients: Path) -> dict[str, str]:
    """Return the digest of every published file."""
    return {
        str(path.relative_to(clients)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(clients.glob("*/deliverables/*/*"))
    }


def sabotaged(count: int, here: Path) -> int:
    """Return the faults of a batch in which one client of ten misbehaves."""
    kinds = list(CAUSES)
    slugs = [f"{kinds[n // 10 % len(kinds)] if n % 10 == 0 else 'good'}-{n:04}" for n in range(count)]
    request = Request(notebooks=notebooks(here / "n", SABOTAGE, TELL), limits=TimeLimits(notebook=20))
    for slug in slugs:
        add(here / "mixed", slug)
        if slug.startswith("good"):
            add(here / "clean", slug)
    begun = time.perf_counter()
    done = run_batch(here / "mixed", slugs, request, workers=2)
    wrong = []
    for result in done.results:
        kind = result.slug.split("-")[0]
        state, cause = ("made", "") if kind == "good" else ("failed", CAUSES[kind])
        if result.state != state or cause not in result.message:
            wrong.append(f"{result.slug}: {result.state}: {result.message}")
    took = time.perf_counter() - begun
    good = [slug for slug in slugs if slug.startswith("good")]
    run_batch(here / "clean", good, request, workers=2)
    same = digests(here / "mixed") == digests(here / "clean")
    print(f"{count} clients, {count - len(good)} sabotaged: {len(wrong)} not as they should be, the others' bytes "
          f"{'the same' if same else 'DIFFERENT'}; {took:.0f} s")  # fmt: skip
    print(*wrong, sep="\n")
    return len(wrong) + (not same)


def descendants(pid: int) -> list[int]:
    """Return the processes below one, from the outermost in."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(
                int(stat.parent.name)
            )
        except OSError:
            continue
    below, found = [pid], []
    while below:
        children = parents.get(below.pop(0), [])
        below, found = below + children, found + children
    return found


def runs(pid: int) -> bool:
    """Return whether a process runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def killed(count: int, here: Path, seed: int = 20261128) -> int:
    """Return the faults of batches that are killed at random moments."""
    draw, slugs = random.Random(seed), [f"good-{n}" for n in range(4)]
    books, clients, script, temporary = (
        notebooks(here / "n", TELL),
        here / "clients",
        here / "run.py",
        here / "t",
    )
    temporary.mkdir()
    script.write_text(RUN, encoding="utf-8")
    for slug in slugs:
        add(clients, slug)
    words = [sys.executable, str(script), str(clients), str(books), *slugs]
    env = os.environ | {"TMPDIR": str(temporary), "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    begun = time.perf_counter()
    subprocess.run(words, env=env, check=True, stdout=subprocess.DEVNULL)
    takes, expected = time.perf_counter() - begun, digests(clients)
    wrong: list[str] = []
    for number in range(count):
        main = subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.random() * takes)
        below = descendants(main.pid)
        victim = draw.choice([main.pid, *below])
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
        if victim == main.pid:
            main.wait()
            end = time.monotonic() + 5
            while (alive := [pid for pid in below if runs(pid)]) and time.monotonic() < end:
                time.sleep(0.05)
            if alive:
                wrong.append(f"kill {number}: {len(alive)} processes live on")
        else:
            main.wait()
        subprocess.run(words, env=env, check=True, stdout=subprocess.DEVNULL)
        if digests(clients) != expected:
            wrong.append(f"kill {number}: other bytes")
        if left := sorted(path.name for path in temporary.iterdir() if path.name.startswith("align-")):
            wrong.append(f"kill {number}: left {left}")
    print(f"{count} kills: {len(wrong)} faults; {time.perf_counter() - begun:.0f} s")
    print(*wrong, sep="\n")
    return len(wrong)


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[None]:
    """Mount a disk of so many bytes in memory, and unmount it."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def full(count: int, here: Path) -> int:
    """Return the faults of batches on a disk that is full but for a little."""
    slugs, wrong, refused = [f"good-{n}" for n in range(3)], [], 0
    books, disk = notebooks(here / "n", TELL), here / "disk"
    with small_disk(disk, 16 << 20):
        clients = disk / "clients"
        for slug in slugs:
            add(clients, slug)
        run_batch(clients, slugs, Request(notebooks=books), workers=2)
        old, before = digests(clients), free(disk)
        for number in range(count):
            for slug in slugs:  # each fill has something new to publish
                facts = clients / slug / "client.yaml"
                name = f"name: Company {slug} {number % 2}"
                facts.write_text(
                    re.sub("name: .*", name, facts.read_text(encoding="utf-8")), encoding="utf-8"
                )
            rest = (
                number * before // 16 // count
            )  # bytes; the documents of the three take less than the largest
            with (disk / "filler").open("wb") as filler:
                filler.write(b"x" * max(free(disk) - rest, 0))
            words = [sys.executable, "-c", RUN, str(clients), str(books), *slugs]
            env = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}
            done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
            said = done.stdout + done.stderr
            now = digests(clients)
            (disk / "filler").unlink()
            run_batch(clients, slugs, Request(notebooks=books), workers=2)
            new = digests(clients)
            for slug in slugs:
                mine, was, will = (
                    {k: v for k, v in all_.items() if k.startswith(f"{slug}/")} for all_ in (now, old, new)
                )
                if mine not in (was, will):
                    wrong.append(f"rest {rest}: {slug} is neither as it was nor as it should be")
                if f"{slug}: " not in said:
                    wrong.append(f"rest {rest}: no result of {slug}: {said}")
            refused += "could not be written" in said
            if "Traceback" in said:
                wrong.append(f"rest {rest}: {said}")
            old = new
    print(f"{count} fills, {refused} of them refused in words: {len(wrong)} faults")
    print(*wrong, sep="\n")
    return len(wrong) + (count > 0 and not refused)


def free(disk: Path) -> int:
    """Return the bytes that are free on a disk."""
    return shutil.disk_usage(disk).free


def main() -> None:
    """Run all, and leave with 1 where anything was not as it should be."""
    given = [int(word) for word in sys.argv[1:]]
    clients, kills, fills = (given + [200, 100, 20][len(given) :])[:3]
    here = Path(tempfile.mkdtemp(prefix="soak-batch-"))
    try:
        for name in "abc":
            (here / name).mkdir()
        faults = sabotaged(clients, here / "a") + killed(kills, here / "b")
        try:
            faults += full(fills, here / "c")
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"no small disk could be mounted here ({error}): that is not proven")
            faults += 1
    finally:
        shutil.rmtree(here, ignore_errors=True)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
