"""Damage survey exports in every way seen and some unseen, and import them: taken, or refused in words.

``python benchmarks/soak_surveys.py [NUMBER] [SEED]``: 5,000 mutated CSV and XLSX files are imported, not only
looked at, into a client. Each is imported or refused by the toolkit's own error; the record on disk can be
read afterwards, and after a refusal is what it was, byte for byte. Exits 1 at anything else.
"""

from __future__ import annotations

import csv
import io
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from openpyxl.utils.exceptions import IllegalCharacterError
from survey_exports import CASES, Grid, Survey, csv_of, xlsx_of

from toolkit.client.store import load
from toolkit.errors import AlignError, InputError
from toolkit.intake import SurveyMap, preview, report

HOSTILE = [
    "=HYPERLINK(\"http://x\")", "@SUM(1)", "-1+1", "\t=1", "<script>alert(1)</script>", "{{7*7}}", "'; DROP TABLE",
    "\x1b[31mred", "\u202egnp.exe", "\ufeff", "\x00", "\x85", "a\u2028b", "💥" * 50, "x" * 40_000, "-" * 5_000, "9" * 400,
    "1e999", "NaN", "01/02/2027", "31/02/2027", "2027-13-45", "ann@example.org", "+49 170 1234567", "_x0000_", "Why?",
    "Comments", "[comment]", "communication1[comment]", "communication-1", "!!python/object:os.system", "&a *a", "# :",
    "Group", "\r", "\n\n", '"', '""', "Sales", "”", "(2)", "?" * 3000, "*" * 999, "a [" * 200,
]  # fmt: skip
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "cp1250", "cp437", "shift-jis", "koi8-r"]  # fmt: skip

_PLAIN = [text for one in CASES if "," in (text := one.data.decode("utf-8", "ignore")) and "\0" not in text
          and one.name == "export.csv"]  # fmt: skip


def damaged_bytes(draw: random.Random, data: bytes) -> bytes:
    """Return a file with bytes changed, lost or doubled, or its end cut off."""
    changed = bytearray(data)
    for _ in range(draw.randint(1, 6)):
        at, what = draw.randrange(max(len(changed), 1)), draw.randrange(4)
        if what == 0 and changed:
            changed[at] = draw.randrange(256)
        elif what == 1:
            del changed[at : at + draw.randrange(1, 80)]
        elif what == 2:
            changed[at:at] = changed[max(0, at - draw.randrange(1, 80)) : at]
        elif draw.random() < 0.2:
            del changed[at:]
    return bytes(changed)


def damaged_grid(draw: random.Random, grid: Grid) -> Grid:
    """Return a table with cells, rows and columns lost, doubled, exchanged or made hostile."""
    rows = [[*row] for row in grid]
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(rows))
        column = draw.randrange(max(len(rows[at]), 1))
        what = draw.randrange(9)
        if what == 0:
            rows[at] = rows[at][:column] + rows[at][column + 1 :]
        elif what == 1:
            rows = [row[:column] + row[column + 1 :] for row in rows]
        elif what == 2:
            rows = [row[: column + 1] + row[column:] for row in rows]
        elif what == 3 and len(rows) > 1:
            del rows[at]
        elif what == 4:
            rows.insert(at, [*rows[draw.randrange(len(rows))]])
        elif what == 5:
            draw.shuffle(rows[at])
        else:  # hostile text is the likeliest
            row = rows[0] if draw.random() < 0.3 else rows[at]
            row[column : column + 1] = [draw.choice(HOSTILE)]
    return rows


def mutated(draw: random.Random) -> tuple[bytes, str]:
    """Return one damaged file, and a name for it."""
    case = draw.choice(CASES)
    if draw.random() < 0.35:
        return damaged_bytes(draw, case.data), case.name
    source = draw.choice(_PLAIN)
    grid = damaged_grid(draw, [list(row) for row in csv.reader(io.StringIO(source, newline=""))])
    if draw.random() < 0.15:
        try:
            return xlsx_of(grid), "export.xlsx"
        except IllegalCharacterError:  # openpyxl writes no control characters
            pass
    text = csv_of(grid, draw.choice(",,,;\t"), "utf-8").decode("utf-8")
    return text.encode(draw.choice(ENCODINGS), "replace"), draw.choice(
        ["export.csv", "export.csv", "export.xlsx", "x"]
    )


def _map(draw: random.Random) -> SurveyMap | None:
    if draw.random() < 0.8:
        return None
    return SurveyMap(
        questions={draw.choice(["Why?", "unit", "x"]): draw.choice(["", "communication-1", "no-such"])},
        groups={"Sales": "business"},
        dates=draw.choice(["", "day first", "month first"]),
    )


def _on_disk(survey: Survey) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in survey.clients.rglob("*") if path.is_file() and path.name != ".lock"}  # fmt: skip


def _one(survey: Survey, draw: random.Random) -> str:
    """Import one damaged file; return what became of it, beginning with ``fault`` where it is one of ours."""
    data, name = mutated(draw)
    before = _on_disk(survey)
    group = draw.choice(["", "", "", "it"])
    try:
        done = survey.take(data, name, partial=draw.random() < 0.5, group=group, mapping=_map(draw))
        preview(done), report(done)
    except AlignError as error:
        worded = not isinstance(error, InputError) or all(one.found and one.allowed and one.remedy for one in error.faults)  # fmt: skip
        if _on_disk(survey) != before:
            return "fault: a refusal changed something"
        return "refused" if worded and str(error) else "fault: a refusal without words"
    except Exception:
        return f"fault: {traceback.format_exc(limit=-3)}"
    try:
        load(survey.clients, "acme")
    except AlignError as error:
        return f"fault: the record cannot be read: {error}"
    if any(word in data for data in _on_disk(survey).values() for word in (b"ann@example.org", b"1234567")):
        return "fault: an address or a number reached the client's folder"
    return "imported"


def soak(number: int, seed: int = 1) -> Counter[str]:
    """Import a number of damaged files, into a new client after every ten taken; return what became of them."""
    counts: Counter[str] = Counter()
    draw = random.Random(seed)
    folder = Path(tempfile.mkdtemp())
    try:
        survey, taken = Survey(folder / "0"), 0
        for at in range(number):
            told = _one(survey, draw)
            counts[told] += 1
            taken += told == "imported"
            if taken >= 10:
                survey, taken = Survey(folder / str(at + 1)), 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return counts


def main() -> int:
    """Run the soak and print its figures."""
    number, seed = (int(one) for one in (*sys.argv[1:], *("5000", "1")[len(sys.argv) - 1 :]))
    begun = time.perf_counter()
    counts = soak(number, seed)
    print(f"{number} files in {time.perf_counter() - begun:.0f} s: {counts['imported']} imported, {counts['refused']} refused in words")  # fmt: skip
    faults = {told: times for told, times in counts.items() if told.startswith("fault")}
    for told, times in faults.items():
        print(f"{times} ×", told)
    return 1 if faults or not counts["imported"] or not counts["refused"] else 0


if __name__ == "__main__":
    sys.exit(main())
