"""Make the samples twice, apart in every way that should not matter, and compare every byte.

``python benchmarks/soak_same_bytes.py``: other folders, time zones, hash seeds, numbers of workers,
and one of the two on a machine kept busy. Exits 1 when any HTML, CSV, JSON, workbook or PowerPoint file differs.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KINDS = {".html", ".csv", ".json", ".xlsx", ".pptx"}
BUSY = "while True: pass"


def made(folder: Path, zone: str, seed: str, workers: int, busy: int) -> tuple[dict[str, str], float]:
    """Make the samples in a folder and return the digest of each file made, and the seconds it took."""
    environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed}
    loads = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(busy)]
    begun = time.perf_counter()
    try:
        command = [sys.executable, "-m", "toolkit.cli"]
        subprocess.run([*command, "demo"], cwd=folder, env=environment, check=True, capture_output=True)
        subprocess.run(
            [*command, "batch", "--force", "--workers", str(workers)],
            cwd=folder,
            env=environment,
            check=True,
            capture_output=True,
        )
    finally:
        for load in loads:
            load.kill()
    clients = folder / "client_data"
    made_files = [one for one in sorted(clients.glob("*/deliverables/*/*")) if one.suffix in KINDS]
    files = [*made_files, clients / "client_book.html"]
    return {
        str(one.relative_to(clients)): hashlib.sha256(one.read_bytes()).hexdigest() for one in files
    }, time.perf_counter() - begun


def main() -> int:
    with tempfile.TemporaryDirectory() as here, tempfile.TemporaryDirectory(prefix="a longer name ") as there:
        first, quiet = made(Path(here), "Pacific/Auckland", "1", workers=1, busy=0)
        second, loaded = made(Path(there), "America/St_Johns", "4242", workers=3, busy=2)
    different = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    print(
        f"files compared: {len(first)}, different: {len(different)}; {quiet:.0f} s quiet, {loaded:.0f} s on a busy machine"
    )
    print(*different, sep="\n")
    return 1 if different or len(first) < 15 else 0


if __name__ == "__main__":
    sys.exit(main())
