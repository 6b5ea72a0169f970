"""Digests of the documents of the samples and of a few real clients: the net under a rebuild.

``python tools/output_digests.py record FILE`` makes every document afresh and writes a SHA-256 of each HTML, CSV, JSON,
XLSX and PPTX to FILE; ``python tools/output_digests.py compare FILE`` makes them again and lists what differs. A manifest is
left out, for it hashes the code. What a step means to change stands in ``tools/intended_changes.txt``: a pattern of
file names, two spaces, the reason. Exits 1 when anything else differs, or when a pattern matches nothing that does.

The real clients need the data folder that ``ALIGN_REAL_DATA`` names; without it the samples alone are made, and said.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REAL = Path(os.environ.get("ALIGN_REAL_DATA", ROOT.parent / "shared" / "real"))
# A survey by counts with and without hidden groups, registers of 1 to 94 initiatives, measures without targets.
REAL_CLIENTS = (
    "rcmp",
    "statcan",
    "cgc",
    "dnd-2019",
    "food-and-drug-administration",
    "national-institutes-of-health",
)
KINDS = {".html", ".csv", ".json", ".xlsx", ".pptx"}
INTENDED = Path(__file__).with_name("intended_changes.txt")


def made(clients: Path) -> dict[str, str]:
    """Make every document in a folder of clients, and return the digest of each file by its path in it."""
    run("-m", "toolkit.cli", "demo", folder=clients.parent)
    if REAL.is_dir():
        drive = str(ROOT / "tests" / "real" / "drive.py")
        run(drive, str(REAL), str(clients), "--only", *REAL_CLIENTS, folder=clients.parent)
    else:
        print(f"no real data at {REAL}: the samples alone", file=sys.stderr)
    run("-m", "toolkit.cli", "batch", "--clients", str(clients), folder=clients.parent)
    return {
        str(path.relative_to(clients)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted([*clients.glob("*/deliverables/*/*"), clients / "client_book.html"])
        if path.suffix in KINDS and path.name != "manifest.json"
    }


def run(*arguments: str, folder: Path) -> None:
    subprocess.run(
        [sys.executable, "-P", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def intended() -> dict[str, str]:
    """Return what is meant to change: patterns of file names, and why."""
    lines = INTENDED.read_text(encoding="utf-8").splitlines() if INTENDED.exists() else []
    return dict(line.split("  ", 1) for line in lines if line and not line.startswith("#"))


def main(act: str, record: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        now = made(Path(folder) / "client_data")
    if act == "record":
        record.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
        print(f"{len(now)} files recorded")
        return 0
    before = json.loads(record.read_text(encoding="utf-8"))
    different = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    meant = intended()
    surprising = [name for name in different if not any(fnmatch.fnmatch(name, one) for one in meant)]
    idle = [one for one in meant if not fnmatch.filter(different, one)]
    print(
        f"{len(before)} files before, {len(now)} now, {len(different)} differ, {len(surprising)} of them not meant to"
    )
    for line in [*surprising, *(f"nothing differs by the pattern {one}" for one in idle)]:
        print(line)
    return 1 if surprising or idle else 0


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("record", "compare"):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
