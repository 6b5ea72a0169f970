"""Registers as they come: three years' snapshots become one history a project, and damaged files do no harm.

``python benchmarks/soak_registers.py [MUTATED]`` (2,000): the snapshots of 2016, 2019 and 2022 are imported one after
another into a client for each Canadian department, and each project's first and latest budget and date are compared
with the tidied register; then so many damaged exports are imported or refused in words, and a refusal changes nothing.
Exits 1 when anything is not so. The real data are read in place (ALIGN_REAL_DATA says where); without them that part
is skipped, and says so.
"""

from __future__ import annotations

import csv
import io
import os
import random
import re
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
from register_exports import Export, exports

from toolkit.client.new_client import start_client
from toolkit.client.schema import Initiative
from toolkit.client.store import load
from toolkit.errors import AlignError, InputError
from toolkit.intake import Import, import_file, preview, report
from toolkit.intake.values import slug_of

ROOT = Path(__file__).resolve().parents[1]
REAL = Path(os.environ.get("ALIGN_REAL_DATA") or ROOT.parent / "shared" / "real")
MAPS = ROOT / "tests" / "real" / "maps"
YEARS = (2016, 2019, 2022)
FIELDS = {
    "original_capex": "originalBudget",
    "capex": "latestBudget",
    "original_finish": "originalEstimatedCompletionDate",
    "finish": "latestEstimatedCompletionDate",
}
AGREE = "agree"
ONCE = "stated once: no first figure beside it"
Rows = list[dict[str, str]]


def main() -> int:
    """Run both parts and print their figures."""
    wrong = snapshots() if REAL.is_dir() else _skipped()
    return 1 if wrong + mutations(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000) else 0


def _skipped() -> int:
    print(f"histories skipped: no real data at {REAL}")
    return 0


# --- one history a project ---


@dataclass(frozen=True)
class Histories:
    """Every project of the departments, by department and short code, and what the imports left open or could not read."""

    projects: Mapping[str, Initiative]
    reports: tuple[Import, ...]


def rows_of(name: str) -> Rows:
    """Read one of the Canadian tables, nothing guessed."""
    with (REAL / "canada" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def histories(folder: Path, map_name: str, departments: Iterable[str]) -> Histories:
    """Import the three snapshots in the order of time, a client for each department."""
    filed = {year: {row["deptAcronym"] for row in rows_of(_snapshot(year))} for year in YEARS}
    projects, reports = {}, []
    for slug in departments:
        start_client(folder, slug, slug, date(2022, 4, 25), "CAD", "none")
        for year in YEARS:
            if slug in filed[year]:
                path = REAL / "canada" / _snapshot(year)
                where = [f"deptAcronym={slug}"]
                reports.append(
                    import_file(folder, "initiatives", slug, path, MAPS / map_name, where, partial=True)
                )
        projects |= {f"{slug}-{one.id}": one for one in load(folder, slug).initiatives}
    return Histories(projects, tuple(reports))


def _snapshot(year: int) -> str:
    return f"projects_as_reported_{year}.csv"


def compared(projects: Mapping[str, Initiative], tidied: Rows) -> dict[str, Counter[str]]:
    """Return for each field how many projects agree with the tidied register, and how the others differ."""
    out: dict[str, Counter[str]] = {field: Counter() for field in FIELDS}
    filed = {
        year: {row["uniqueId"]: row["rawProvidedDate"] for row in rows_of(_snapshot(year))} for year in YEARS
    }
    for row in tidied:
        one = projects.get(row["uniqueId"])
        for field, column in FIELDS.items():
            mine = getattr(one, field) if one else None
            text = filed[int(row[f"{column}Source"] or 2016)].get(row["uniqueId"], "")
            verdict = _verdict(mine, row[column], text)
            once = row[f"{column}Source"] == row[f"{column.replace('original', 'latest')}Source"]
            out[field][ONCE if mine is None and once and "original" in field else verdict] += 1
    return out


def _verdict(mine: object, theirs: str, filed: str) -> str:
    """Return how a figure of ours stands to the tidied one, and to what was filed."""
    if mine is None:
        return (
            "neither has it"
            if not theirs
            else "only the tidied: filed as no day"
            if filed
            else "only the tidied"
        )
    if not theirs:
        return "only ours"
    if theirs == str(mine) or (isinstance(mine, float) and float(theirs) == mine):
        return AGREE
    if theirs[:7] == str(mine)[:7]:
        return "differ within a month: a day was filed, the month's last stands in the tidied"
    return "differ: " + (
        "a day was filed, another stands in the tidied" if has_day(filed) else "first filed as no day"
    )


def has_day(text: str) -> bool:
    """Return whether a text ends in a year after a day's number, the plainest way."""
    return bool(re.search(r"\b\d{1,2}, \d{4}$", text.strip()))


def snapshots() -> int:
    """Compare both ways of reading the dates with the tidied register; return how much is wrong."""
    tidied = rows_of("projects.csv")
    departments = sorted({row["deptAcronym"] for row in tidied})
    wrong = 0
    for map_name, told in (
        ("canada-history.yaml", "dates as tidied in each snapshot"),
        ("canada-history-as-filed.yaml", "dates as the departments filed them"),
    ):
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            found = histories(Path(folder), map_name, departments)
            took = time.perf_counter() - begun
        print(
            f"\n{told}: {len(departments)} departments, {len(found.reports)} imports, {len(found.projects)} projects, {took:.0f} s"
        )
        wrong += abs(len(found.projects) - len(tidied)) + len(
            set(found.projects) ^ {row["uniqueId"] for row in tidied}
        )
        for field, counts in compared(found.projects, tidied).items():
            both = sum(number for verdict, number in counts.items() if verdict.startswith((AGREE, "differ")))
            print(
                f"  {field}: {counts[AGREE]} of the {both} that both have agree ({counts[AGREE] / both:.1%})"
            )
            print(*(f"    {number:5} {verdict}" for verdict, number in counts.most_common()), sep="\n")
            if map_name == "canada-history.yaml" or "capex" in field:
                wrong += len(tidied) - counts[AGREE] - counts["neither has it"] - counts[ONCE]
        _say_why(found.reports)
    _say_matches(tidied)
    return wrong


def _say_why(reports: Iterable[Import]) -> None:
    """Print why cells give no value, by what they say."""
    open_, unread = Counter[str](), Counter[str]()
    for done in reports:
        open_.update(one.allowed.split(";")[0] for one in done.left_open)
        unread.update(f"{one.found!r:.40}" for one in done.unreadable)
    print(
        f"  left missing, as the cells say: {dict(open_)}; could not be read: {sum(unread.values())} {dict(unread.most_common(8))}"
    )


def _say_matches(tidied: Rows) -> None:
    """Print what matching by name within a department, instead of by short code, would have found."""
    names: dict[str, dict[str, str]] = {}
    for year in YEARS:
        for row in rows_of(_snapshot(year)):
            names.setdefault(row["uniqueId"], {})[str(year)] = slug_of(row["projectName"])
    repeated = {key: seen for key, seen in names.items() if len(seen) > 1}
    kept = sum(len(set(seen.values())) == 1 for seen in repeated.values())
    print(
        f"\nprojects in more than one snapshot: {len(repeated)} of {len(tidied)}; by name alone {kept} of them would be found again"
    )


# --- damaged files ---


def mutations(count: int) -> int:
    """Import so many damaged exports; return how many did harm."""
    warnings.filterwarnings(
        "ignore", category=UserWarning, module="openpyxl"
    )  # it warns of the days we spoil
    chance = random.Random(20261124)
    outcomes: Counter[str] = Counter()
    harm: list[str] = []
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start_client(folder / "clients", "acme", "Acme", date(2026, 9, 30), "CAD", "none")
        originals = exports()
        for original in originals[
            ::5
        ]:  # a record of every tool's projects, which a refusal must leave as it is
            (folder / original.name).write_bytes(original.data)
            import_file(folder / "clients", "initiatives", "acme", folder / original.name)
        before = on_disk(folder / "clients")
        for number in range(count):
            original = originals[number % len(originals)]
            told = tried(folder, before, original, damaged(original, chance))
            outcomes[told.split(":")[0]] += 1
            if told.startswith("harm"):
                harm.append(f"{number} {original.tool}, {original.form}: {told}")
    print(f"\ndamaged exports: {count}, {dict(outcomes)}, {time.perf_counter() - begun:.0f} s")
    print(*harm[:20], sep="\n")
    return len(harm)


def tried(folder: Path, before: Mapping[Path, bytes], original: Export, data: bytes) -> str:
    """Import one file into a client; return "imported", "refused" or "harm: …", and put the client back."""
    clients, path = folder / "clients", folder / original.name
    path.write_bytes(data)
    try:
        done = import_file(clients, "initiatives", "acme", path, partial=bool(len(data) % 2))
        preview(done)
        report(done)
        load(clients, "acme")
        told = "imported"
    except InputError as error:
        whole = all(one.where and one.found and one.allowed and one.remedy for one in error.faults)
        same = on_disk(clients) == before
        told = (
            "refused" if whole and same else "harm: refused, but the record changed or a fault lacks a part"
        )
    except AlignError as error:
        told = f"harm: {error}"
    except Exception as error:
        told = f"harm: {type(error).__name__}: {error}"
    for one in set(on_disk(clients)) - set(before):
        one.unlink()
    for one, content in before.items():
        one.write_bytes(content)
    return told


def on_disk(folder: Path) -> dict[Path, bytes]:
    """Return every file of a folder, locks aside."""
    return {
        one: one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file() and one.name != ".lock"
    }


NASTY = ("\0", "\x1b[31m", "\u202e", "=1+1", '"', '""', ";", ",", "\t", "\r\n", "\n", "’", "–", "é", "🙂", "\ufeff", "NaN", "inf", "1e999", "-", "{{7*7}}", "[b]", "99999999999999999999", "00/00/0000", "Feb 30, 2026", "٣", "Q5 2024", "FY", "%", "$")  # fmt: skip
Damage = Callable[[bytes, random.Random], bytes]


def damaged(original: Export, chance: random.Random) -> bytes:
    """Return an export with one to four damages: to its cells, its rows or its bytes."""
    if original.name.endswith(".xlsx") and chance.random() < 0.7:
        return _damaged_workbook(original.data, chance)
    data = original.data
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(DAMAGES)(data, chance)
    return data


def _damaged_workbook(data: bytes, chance: random.Random) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    for _ in range(chance.randint(1, 6)):
        cell = sheet.cell(chance.randint(1, sheet.max_row + 2), chance.randint(1, sheet.max_column + 2))
        cell.value = chance.choice(
            [
                None,
                "",
                "x",
                "=1/0",
                1e300,
                -5,
                True,
                date(1901, 1, 1),
                sheet.cell(1, 1).value,
                "TBD",
                "a" * 5_000,
            ]
        )
        if chance.random() < 0.2:
            sheet.delete_rows(chance.randint(1, sheet.max_row))
        if chance.random() < 0.2:
            sheet.insert_rows(chance.randint(1, sheet.max_row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def _insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + chance.choice(NASTY).encode() * chance.randint(1, 3) + data[at:]


def _flip(data: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, max(len(data) - 1, 0))
    return data[:at] + bytes([chance.randint(0, 255)]) + data[at + 1 :]


def _lose(data: bytes, chance: random.Random) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + data[at + chance.randint(1, 30) :]


def _swap_lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def _repeat_line(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    lines.insert(chance.randint(0, len(lines)), chance.choice(lines))
    return b"\n".join(lines)


def _other_separator(data: bytes, chance: random.Random) -> bytes:
    return data.replace(chance.choice([b",", b";", b"\t"]), chance.choice([b",", b";", b"\t", b"|"]))


def _other_encoding(data: bytes, chance: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(chance.choice(["utf-16", "cp1252", "latin-1"]), "replace")


def _change_cell(data: bytes, chance: random.Random) -> bytes:
    cells = data.split(b",")
    cells[chance.randrange(len(cells))] = chance.choice(NASTY).encode()
    return b",".join(cells)


DAMAGES: tuple[Damage, ...] = (_cut, _insert, _flip, _lose, _swap_lines, _repeat_line, _other_separator, _other_encoding, _change_cell)  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
