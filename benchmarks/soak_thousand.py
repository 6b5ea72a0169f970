"""One run of a thousand clients: speed, memory and isolation together, on two workers.

Run: python benchmarks/soak_thousand.py [--clients N] [--without-kill]. Of N clients (1,000), 40 % are like the clinic, 30 %
like the credit union, 10 % like the manufacturer and 20 % real departments (made of the data that ALIGN_REAL_DATA names; a
clinic where there are none). Each has another name, other numbers and a word of its own: in its name and in an initiative's.

It proves, and leaves with 1 where it is not so: every client is made and verified, no client's word stands in another's
files; the memory of the command grows by less than 100 MB; the last tenth of the clients of a kind take at most 10 % longer
than its first tenth; a second run changes nothing and takes at most 10 ms a client; after kill -9 at a third, the next run
makes only the rest, with the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from statistics import median
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
REAL = Path(os.environ.get("ALIGN_REAL_DATA", ROOT.parent / "shared" / "real"))
SHARES = {"lakeside-clinic": 0.4, "harbour-credit-union": 0.3, "meridian-manufacturing": 0.1, "real": 0.2}
OWN = shutil.ignore_patterns(
    "deliverables", "draft", "history", "questionnaire", "issued.json", "modes.json", ".*"
)
MEMORY, SLOWER, UNCHANGED = 100_000_000, 1.10, 0.010  # bytes, ratio, seconds a client
WORKERS = 2


def departments(folder: Path) -> list[Path]:
    """Make real departments into clients, and return their folders; none where there are no data."""
    if not REAL.is_dir():
        print(f"no real data at {REAL}: clinics take their place")
        return []
    words = [
        sys.executable,
        str(ROOT / "tests" / "real" / "drive.py"),
        str(REAL),
        str(folder),
        "--sources",
        "canada",
    ]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return sorted(path for path in folder.iterdir() if (path / "client.yaml").is_file())


def populated(clients: Path, count: int, seed: int) -> dict[str, str]:
    """Write the clients, and return each one's word by its slug."""
    draw, words = random.Random(seed), {}
    real = departments(clients.parent / "real")
    kinds = [kind for kind, share in SHARES.items() for _ in range(round(share * count))]
    kinds = (kinds + ["lakeside-clinic"] * count)[:count]
    draw.shuffle(kinds)
    for number, kind in enumerate(kinds):
        source = ROOT / "client_data" / ("lakeside-clinic" if kind == "real" else kind)
        source = draw.choice(real) if kind == "real" and real else source
        slug = f"{kind.split('-')[0]}-{number:04}"
        words[slug] = f"Quokka{draw.getrandbits(48):012x}"
        shutil.copytree(source, clients / slug, ignore=OWN)
        perturb(clients / slug, words[slug], draw)
    return words


def perturb(folder: Path, word: str, draw: random.Random) -> None:
    """Give a client a name, an initiative's name and amounts of its own."""
    facts = yaml.safe_load((folder / "client.yaml").read_text(encoding="utf-8"))
    facts["profile"]["name"] = f"{word} Ltd"
    (folder / "client.yaml").write_text(
        yaml.safe_dump(facts, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    table = folder / "initiatives.csv"
    rows = list(csv.DictReader(StringIO(table.read_text(encoding="utf-8-sig"))))
    if not rows:
        return
    rows[0]["name"] = f"{rows[0]['name']} {word}"
    for row in rows:
        if (row.get("capex") or "").isdigit():
            row["capex"] = str(int(int(row["capex"]) * draw.uniform(0.9, 1.1)))
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def run(clients: Path, kill_after: int = 0) -> tuple[list[dict[str, Any]], list[int], float, str]:
    """Run a batch; return the lines it printed, its memory at each (bytes), its seconds, and what it said besides.

    With ``kill_after``, kill it when so many clients are made.
    """
    words = [
        sys.executable,
        "-m",
        "toolkit.cli",
        "batch",
        "--json",
        "--workers",
        str(WORKERS),
        "--clients",
        str(clients),
    ]
    begun, lines, memory = time.perf_counter(), [], []
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors, cwd=ROOT, text=True) as batch,
    ):
        assert batch.stdout is not None
        for line in batch.stdout:
            lines.append(json.loads(line))
            memory.append(resident(batch.pid))
            if kill_after and sum(entry.get("state") == "made" for entry in lines) >= kill_after:
                batch.send_signal(signal.SIGKILL)
                break
        batch.wait()
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace")
    return lines, [size for size in memory if size], time.perf_counter() - begun, said


def resident(pid: int) -> int:
    """Return a process's memory in bytes; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def digests(clients: Path) -> dict[str, str]:
    """Return the digest of every published file."""
    return {
        str(path.relative_to(clients)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(clients.glob("*/deliverables/*/*"))
    }


def texts(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes, and those of every member where it is a zip."""
    data = path.read_bytes()
    yield data
    if zipfile.is_zipfile(BytesIO(data)):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            yield from map(archive.read, archive.namelist())


def mixed(clients: Path, words: dict[str, str]) -> list[str]:
    """Return each file of a client that lacks its own word where it must stand, or bears another client's."""
    wrong = []
    for slug, own in words.items():
        for path in sorted((clients / slug).rglob("*")):
            if not path.is_file():
                continue
            found = {piece[:18] for text in texts(path) for piece in _words(text)}
            if found - {own}:
                wrong.append(f"{path.relative_to(clients)} bears {sorted(found - {own})}")
            if path.name in ("assessment.html", "roadmap.html", "findings.json") and own not in found:
                wrong.append(f"{path.relative_to(clients)} lacks its own word")
    return wrong


def _words(text: bytes) -> Iterator[str]:
    at = text.find(b"Quokka")
    while at >= 0:
        yield text[at : at + 18].decode("latin-1")
        at = text.find(b"Quokka", at + 6)


def slowing(lines: list[dict[str, Any]]) -> float:
    """Return how much longer the last tenth of each kind took than the first, as a ratio: the median over kinds."""
    ratios = []
    for kind in {line["slug"].split("-")[0] for line in lines if line.get("seconds") and "slug" in line}:
        took = [line["seconds"] for line in lines if line.get("slug", "").startswith(f"{kind}-")][WORKERS:]
        tenth = max(len(took) // 10, 1)
        if len(took) > 1:
            ratios.append(median(took[-tenth:]) / median(took[:tenth]))
    return median(ratios) if ratios else 1.0


def main() -> None:
    """Make them, and leave with 1 where a claim fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=1000, metavar="N")
    parser.add_argument(
        "--minutes", type=float, default=0, metavar="M", help="what the run may take (0: 30 for 1,000)"
    )
    parser.add_argument("--seed", type=int, default=20261128)
    parser.add_argument(
        "--without-kill", action="store_true", help="do not kill a second run of the same clients"
    )
    options = parser.parse_args()
    here = Path(tempfile.mkdtemp(prefix="soak-thousand-"))
    try:
        wrong = list(judged(here, options))
    finally:
        shutil.rmtree(here, ignore_errors=True)
    print(*wrong or ["every claim holds"], sep="\n")
    sys.exit(1 if wrong else 0)


def judged(here: Path, options: argparse.Namespace) -> Iterator[str]:
    """Run all, print the figures, and yield what is not as claimed."""
    clients, count = here / "clients", options.clients
    words = populated(clients, count, options.seed)
    if not options.without_kill:
        shutil.copytree(clients, here / "killed")
    lines, memory, took, said = run(clients)
    made = [line for line in lines if line.get("state") == "made"]
    failed = [line for line in lines if line.get("state") == "failed"]
    grown, allowed = max(memory) - memory[0], options.minutes or 30 * count / 1000
    print(
        f"{len(made)} of {count} made, {len(failed)} failed, in {took / 60:.1f} min; {count / took * 60:.0f} a minute"
    )
    print(f"memory of the command: grows by {grown / 1e6:.0f} MB to {max(memory) / 1e6:.0f} MB")
    print(f"last tenth beside the first: {slowing(lines):.2f}")
    yield from (f"{line['slug']} failed: {line['cause']}" for line in failed)
    if len(made) != count:
        yield f"{len(made)} made, not {count}: {said.strip()}"
    if took > allowed * 60:
        yield f"it took {took / 60:.1f} minutes; allowed: {allowed:.1f}"
    if grown > MEMORY:
        yield f"memory grew by {grown / 1e6:.0f} MB"
    if count >= 100 and slowing(lines) > SLOWER:
        yield f"the last tenth took {slowing(lines):.2f} times as long as the first"
    astray = [*mixed(clients, words), *(f"log bears {word}" for word in words.values() if word in said)]
    print(f"files with another's word, or without their own: {len(astray)}")
    yield from astray
    expected = digests(clients)
    again, _, took, _ = run(clients)
    print(f"again, unchanged: {took:.1f} s")
    if again[-1].get("summary") != {"made": 0, "unchanged": count, "failed": 0}:
        yield f"unchanged clients were not left alone: {again[-1]}"
    if took > max(UNCHANGED * count, 3):
        yield f"unchanged clients took {took:.1f} s"
    if digests(clients) != expected:
        yield "a run without changes changed bytes"
    if not options.without_kill:
        yield from resumed(here / "killed", count, expected)


def resumed(clients: Path, count: int, expected: dict[str, str]) -> Iterator[str]:
    """Kill a run at a third, go on, and yield what was made twice or is not the same."""
    before, *_ = run(clients, kill_after=max(count // 3, 1))
    standing = {line["slug"] for line in before if line.get("state") == "made"}
    after, *_ = run(clients)
    twice = {line["slug"] for line in after if line.get("state") == "made"} & standing
    print(f"killed after {len(standing)}; then made: {after[-1].get('summary')}")
    if twice:
        yield f"made again after the kill: {sorted(twice)}"
    if digests(clients) != expected:
        yield "after the kill the bytes are others"


if __name__ == "__main__":
    main()
