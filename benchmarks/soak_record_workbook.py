"""Export and import whole records as workbooks: nothing changes by itself, and each edit arrives or is refused in words.

``python benchmarks/soak_record_workbook.py [EDITS]``: the samples, and the real clients that ``tests/real/drive.py``
makes where the data folder is there (ALIGN_REAL_DATA), are exported and imported without a change, some of them after
LibreOffice saved them too; then so many edits (500) are made in their workbooks, one in four saved by LibreOffice before
it comes back, and what the record then says is compared with the same edit made in its files. Exits 1 when a record
changed by itself, or an edit neither arrived nor was refused. A quarter as many edits are made in ``roadmap.xlsx``.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REAL = Path(os.environ.get("ALIGN_REAL_DATA", ROOT.parent / "shared" / "real"))
sys.path.insert(0, str(ROOT / "tests"))

import roadmap_edits  # noqa: E402
from record_edits import ARRIVES, REFUSED, SERVED, Edit, ended, made  # noqa: E402

from toolkit.client.folders import slugs  # noqa: E402
from toolkit.client.new_client import SAMPLES  # noqa: E402
from toolkit.client.store import load  # noqa: E402
from toolkit.errors import InputError  # noqa: E402
from toolkit.intake import export_record, import_record  # noqa: E402
from toolkit.plan import plan_roadmap  # noqa: E402
from toolkit.publish.roadmap_workbook import roadmap_xlsx  # noqa: E402

SAVED_AGAIN = 12  # real clients whose workbooks LibreOffice saves
EVERY = 4  # one edit in so many is saved by it


def main() -> int:
    edits = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    home = Path(tempfile.mkdtemp())
    clients = home / "clients"
    clients.mkdir()
    if REAL.is_dir():
        command = [sys.executable, str(ROOT / "tests" / "real" / "drive.py"), str(REAL), str(clients)]
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    else:
        print(f"no real data at {REAL}: the samples alone")
    real = slugs(clients)
    for sample in SAMPLES:
        shutil.copytree(ROOT / "client_data" / sample, clients / sample)
    for name, data in SERVED.items():
        (clients / SAMPLES[0] / name).write_text(data, "utf-8")
    begun = time.perf_counter()
    faults = [fault for slug in slugs(clients) for fault in unchanged(clients, slug, home / f"{slug}.xlsx")]
    took = time.perf_counter() - begun
    print(
        f"exported and imported: {len(SAMPLES)} samples, {len(real)} real clients; changed by themselves: {len(faults)}; {took:.0f} s"
    )
    chosen = [*SAMPLES, *random.Random(1).sample(real, min(len(real), SAVED_AGAIN))]
    if shutil.which("soffice"):
        saved(home, [home / f"{slug}.xlsx" for slug in chosen])
        again = [
            fault for slug in chosen for fault in compared(clients, slug, home / "saved" / f"{slug}.xlsx")
        ]
        print(f"saved by LibreOffice: {len(chosen)}; changed by that: {len(again)}")
        faults += again
    faults += edited(clients, home, chosen, edits)
    faults += roadmaps(clients, home, edits // 4)
    print(*faults, sep="\n")
    return 1 if faults else 0


def unchanged(clients: Path, slug: str, path: Path) -> list[str]:
    """Export and import a record; return what that would change."""
    try:
        export_record(clients, slug, path)
    except InputError as error:
        return [f"{slug}: not exported: {error.faults[0]}"]
    return compared(clients, slug, path)


def compared(clients: Path, slug: str, path: Path) -> list[str]:
    """Return what a workbook would change in a record."""
    done = import_record(clients, slug, path, dry_run=True)
    return [f"{slug}: {one}" for one in (*done.files, *done.changes)]


def saved(home: Path, paths: Sequence[Path]) -> None:
    """Open workbooks in LibreOffice and save them in a folder of their own."""
    command = ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(home / "saved")]
    subprocess.run(
        [*command, *map(str, paths)], check=True, capture_output=True, env=os.environ | {"HOME": str(home)}
    )


def edited(clients: Path, home: Path, chosen: Sequence[str], edits: int) -> list[str]:
    """Make edits; return those that neither arrived nor were refused."""
    begun = time.perf_counter()
    all_made: list[tuple[str, str, Edit, Path]] = []
    for seed in range(edits):
        slug = (SAMPLES if seed % 2 else chosen)[seed // 2 % len(SAMPLES if seed % 2 else chosen)]
        path = home / f"edited-{seed}.xlsx"
        kind, edit = made(home / f"{slug}.xlsx", clients / slug, seed, path)
        all_made.append((slug, kind, edit, path))
    by_office = [path for _, _, edit, path in all_made[::EVERY] if not edit.computed]
    if shutil.which("soffice"):
        saved(home, by_office)
    ends: Counter[tuple[str, str]] = Counter()
    faults = []
    for seed, (slug, kind, edit, path) in enumerate(all_made):
        again = home / "saved" / path.name
        copy = home / "copies" / str(seed)
        shutil.copytree(clients / slug, copy / slug)
        end = ended(copy, slug, edit, again if again.exists() else path)
        ends[kind, end if end in (ARRIVES, REFUSED) else "neither"] += 1
        if end not in (ARRIVES, REFUSED):
            office = ", saved by LibreOffice" if again.exists() else ""
            faults.append(f"seed {seed}, {slug}{office}: {edit.what}: {end[:2_000]}")
        shutil.rmtree(copy)
    total = Counter(end for (_, end), number in ends.items() for _ in range(number))
    took = time.perf_counter() - begun
    office = len(list((home / "saved").glob("edited-*")))
    print(f"edits: {edits}, {office} of them saved by LibreOffice; {dict(total)}; {took:.0f} s")
    for kind in sorted({kind for kind, _ in ends}):
        print(
            f"  {kind}: {ends[kind, ARRIVES]} arrived, {ends[kind, REFUSED]} refused, {ends[kind, 'neither']} neither"
        )
    return faults


def roadmaps(clients: Path, home: Path, edits: int) -> list[str]:
    """Make edits in the samples' roadmap.xlsx and import them as initiatives; return those that did neither."""
    for slug in SAMPLES:
        record = load(clients, slug)
        (home / f"roadmap-{slug}.xlsx").write_bytes(roadmap_xlsx(record, plan_roadmap(record)))
    ends: Counter[str] = Counter()
    faults = []
    for seed in range(edits):
        slug, path = SAMPLES[seed % len(SAMPLES)], home / "roadmap.xlsx"
        copy = home / "copies" / str(seed)
        shutil.copytree(clients / slug, copy / slug)
        said, end, after = roadmap_edits.edited(home / f"roadmap-{slug}.xlsx", copy / slug, seed, path)
        ended_as = roadmap_edits.ended(copy, slug, end, after, path)
        ends[ended_as if ended_as in (ARRIVES, REFUSED) else "neither"] += 1
        if ended_as not in (ARRIVES, REFUSED):
            faults.append(f"roadmap, seed {seed}, {slug}: {said}: {ended_as}")
        shutil.rmtree(copy)
    print(f"edits of roadmap.xlsx: {edits}; {dict(ends)}")
    return faults


if __name__ == "__main__":
    sys.exit(main())
