"""Export and import whole records as workbooks: nothing changes by itself, and each edit arrives or is refused in words.

``python benchmarks/soak_record_workbook.py [EDITS]``: the samples, and the real clients that ``tests/real/drive.py`` makes
where the data folder is there, are exported and imported without a change, the samples also after LibreOffice saved them; then so many random edits (500) of one cell are
made in workbooks of the samples. Exits 1 when a record changed by itself, or an edit neither arrived nor was refused.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REAL = Path(os.environ.get("ALIGN_REAL_DATA", ROOT.parent / "shared" / "real"))
sys.path.insert(0, str(ROOT / "tests"))

from record_edits import SERVED, outcome, random_edit  # noqa: E402

from toolkit.client.folders import slugs  # noqa: E402
from toolkit.client.starting import SAMPLES  # noqa: E402
from toolkit.intake import export_record, import_record  # noqa: E402


def main() -> int:
    edits = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    home = Path(tempfile.mkdtemp())
    clients = home / "clients"
    clients.mkdir()
    for sample in SAMPLES:
        shutil.copytree(ROOT / "client_data" / sample, clients / sample)
    for name, data in SERVED.items():
        (clients / SAMPLES[0] / name).write_text(data, "utf-8")
    if REAL.is_dir():
        subprocess.run([sys.executable, str(ROOT / "tests" / "real" / "drive.py"), str(REAL), str(clients)], check=True, capture_output=True, cwd=ROOT)  # fmt: skip
    else:
        print(f"no real data at {REAL}: the samples alone")
    faults = [fault for slug in slugs(clients) for fault in unchanged(clients, slug, home)]
    print(f"exported and imported: {len(slugs(clients))}; changed by themselves: {len(faults)}")
    if shutil.which("soffice"):
        saved = [fault for sample in SAMPLES for fault in saved_again(clients, sample, home)]
        print(f"opened and saved by another program: {len(SAMPLES)}; changed by that: {len(saved)}")
        faults += saved
    faults += edited(clients, home, edits)
    print(*faults, sep="\n")
    return 1 if faults else 0


def unchanged(clients: Path, slug: str, home: Path) -> list[str]:
    """Export and import a record; return what that would change."""
    done = import_record(clients, slug, export_record(clients, slug, home / f"{slug}.xlsx"), dry_run=True)
    return [f"{slug}: {one}" for one in (*done.files, *done.changes)]


def saved_again(clients: Path, slug: str, home: Path) -> list[str]:
    """Open a workbook in LibreOffice, save it, and import that; return what it would change."""
    target = home / "saved"
    command = [
        "soffice",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(target),
        str(home / f"{slug}.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"HOME": str(home)})
    done = import_record(clients, slug, target / f"{slug}.xlsx", dry_run=True)
    return [f"{slug}, saved again: {one}" for one in (*done.files, *done.changes)]


def edited(clients: Path, home: Path, edits: int) -> list[str]:
    """Make random edits; return those that neither arrived nor were refused."""
    ends: Counter[str] = Counter()
    faults = []
    for seed in range(edits):
        chance = random.Random(seed)
        slug = chance.choice(SAMPLES)
        copy = home / "edited"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(clients / slug, copy / slug)
        source = home / f"{slug}.xlsx"
        edit = random_edit(source, chance)
        end = outcome(copy, slug, source, edit, home / "edited.xlsx")
        ends[end if end in ("arrived", "refused") else "neither"] += 1
        if end not in ("arrived", "refused"):
            faults.append(f"seed {seed}, {slug}: {end}")
    print(f"edits: {edits}; {dict(ends)}")
    return faults


if __name__ == "__main__":
    sys.exit(main())
