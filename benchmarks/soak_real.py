"""Take real organisations through the public commands to finished documents, and read them back.

``python benchmarks/soak_real.py [CLIENTS_DIR]``: 55 Canadian departments and 11 bureaus of a US
department become clients, ``align batch`` makes their documents, and each document is read: what is
absent is said, nothing is ranked, a proxy is named. Exits 1 when anything is not so.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REAL = Path(os.environ.get("ALIGN_REAL_DATA", ROOT.parent / "shared" / "real"))


def main() -> int:
    if not REAL.is_dir():
        print(f"skipped: no real data at {REAL} (set ALIGN_REAL_DATA)")
        return 0
    clients = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
    begun = time.perf_counter()
    run("tests/real/drive.py", str(REAL), str(clients))
    imported = time.perf_counter()
    wanted = sorted(
        one.name for one in clients.iterdir() if one.is_dir() and not re.search(r"-20(16|19|22)$", one.name)
    )
    result = subprocess.run(
        [sys.executable, "-m", "toolkit.cli", "batch", *wanted, "--clients", str(clients), "--json"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    made = [line for line in map(json.loads, result.stdout.splitlines()) if "slug" in line]
    failed = [one for one in made if one["state"] == "failed"]
    print(f"clients: {len(made)}, failed: {len(failed)}, documents: {sum(len(one['files']) for one in made)}")
    print(
        f"imports: {imported - begun:.0f} s, batch: {time.perf_counter() - imported:.0f} s on {os.cpu_count()} cores"
    )
    faults = [f"{one['slug']}: {one['cause']}" for one in failed]
    for one in made:
        faults += judged(clients, one["slug"], [Path(p) for p in one["files"]])
    print(*faults, sep="\n")
    print(f"faults found by reading: {len(faults)}")
    return 1 if faults else 0


def run(*arguments: str) -> None:
    print(
        subprocess.run(
            [sys.executable, *arguments], check=True, capture_output=True, text=True, cwd=ROOT
        ).stdout,
        end="",
    )


def text_of(path: Path) -> str:
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", path.read_text(encoding="utf-8"), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def judged(clients: Path, slug: str, documents: list[Path]) -> Iterator[str]:
    """Read a client's documents back, and its record, and say what is not as it must be."""
    said = {path.stem: text_of(path) for path in documents if path.suffix == ".html"}
    deck, report = said.get("roadmap", ""), said.get("assessment", "")
    for what, where, phrase in (
        ("goals and budget absent", deck, "goals and a yearly budget are absent"),
        ("goals absent", report, "No business goals are recorded"),
        ("budget absent", report, "no yearly budget"),
    ):
        if phrase not in where:
            yield f"{slug}: does not say: {what}"
    if "above the line" in deck or "of capital in all" in deck:
        yield f"{slug}: shows a ranking"
    with (clients / slug / "initiatives.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for column in ("benefit", "start", "owner_business", "owner_it", "duration", "opex"):
        if any(row[column] for row in rows):
            yield f"{slug}: {column} was invented"
    dated = any(row["finish"] for row in rows)
    if dated and "known completion date" not in deck:
        yield f"{slug}: draws no timeline"
    if (clients / slug / "aggregates.csv").exists():
        label = re.search(
            r"label: (.+)", (clients / slug / "client.yaml").read_text(encoding="utf-8").split("group: it")[1]
        )
        for phrase in (
            "2018 Public Service Employee Survey",
            "Rest of the department",
            label[1].strip("'\" ") if label else "?",
        ):
            if phrase.lower() not in report.lower():
                yield f"{slug}: does not name the proxy: {phrase}"


if __name__ == "__main__":
    sys.exit(main())
