"""Make real organisations into clients through the public command only.

``python drive.py REAL_DATA CLIENTS_DIR [--sources canada snapshots hhs] [--only SLUG …]``
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from toolkit.cli import main

MAPS = Path(__file__).parent / "maps"
SNAPSHOTS = (2016, 2019, 2022)


def align(*arguments: str) -> str:
    """Run one ``align`` command and return what it printed; stop with its text if it fails."""
    result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    if result.exit_code:
        raise SystemExit(f"align {' '.join(arguments)}\n{result.output}")
    return result.output


def rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def canada(real: Path, clients: Path, only: set[str]) -> Iterator[str]:
    """Make the federal departments: their project register and, for 28, the staff survey as a proxy."""
    register, survey = real / "canada" / "projects.csv", real / "canada" / "staff_survey_2018.csv"
    names = {row["deptAcronym"]: row["department"] for row in rows(register)}
    surveyed = {row["dept_acronym"] for row in rows(survey)}
    for slug, name in sorted(names.items()):
        if only and slug not in only:
            continue
        # The register is as of 2022; the survey of 2018 stands in for one of today, and says so.
        asked = str(MAPS / "canada-questionnaire.yaml") if slug in surveyed else "none"
        align(
            "new",
            slug,
            "--name",
            name,
            "--as-of",
            "2022-04-25",
            "--currency",
            "CAD",
            "--questionnaire",
            asked,
            "--clients",
            str(clients),
        )
        align(
            "import",
            "initiatives",
            slug,
            str(register),
            "--map",
            str(MAPS / "canada-projects.yaml"),
            "--where",
            f"deptAcronym={slug}",
            "--clients",
            str(clients),
        )
        if slug in surveyed:
            align(
                "import",
                "aggregates",
                slug,
                str(survey),
                "--map",
                str(MAPS / "canada-survey.yaml"),
                "--where",
                f"dept_acronym={slug}",
                "--clients",
                str(clients),
            )
        yield slug


def snapshots(real: Path, clients: Path, only: set[str]) -> Iterator[str]:
    """Make a client of each department in each year's register, as filed; what cannot be read is reported."""
    for year in SNAPSHOTS:
        path = real / "canada" / f"projects_as_reported_{year}.csv"
        for department in sorted({row["deptAcronym"] for row in rows(path)}):
            slug = f"{department}-{year}"
            if only and slug not in only:
                continue
            align(
                "new",
                slug,
                "--as-of",
                f"{year}-06-30",
                "--currency",
                "CAD",
                "--questionnaire",
                "none",
                "--clients",
                str(clients),
            )
            align(
                "import",
                "initiatives",
                slug,
                str(path),
                "--map",
                str(MAPS / "canada-snapshot.yaml"),
                "--where",
                f"deptAcronym={department}",
                "--partial",
                "--clients",
                str(clients),
            )
            yield slug


def hhs(real: Path, clients: Path, only: set[str]) -> Iterator[str]:
    """Make the bureaus: major investments as initiatives, measures as KPIs without targets."""
    investments, metrics = real / "hhs" / "hhs_investments.csv", real / "hhs" / "hhs_metrics.csv"
    for bureau in sorted({row["bureau"] for row in rows(investments) if row["Investment_type"] == "Major"}):
        slug = re.sub(r"[^a-z0-9]+", "-", bureau.lower())[:60].strip("-")
        if only and slug not in only:
            continue
        align(
            "new",
            slug,
            "--name",
            bureau,
            "--as-of",
            "2012-03-31",
            "--questionnaire",
            "none",
            "--clients",
            str(clients),
        )
        align(
            "import",
            "initiatives",
            slug,
            str(investments),
            "--map",
            str(MAPS / "hhs-investments.yaml"),
            "--where",
            f"bureau={bureau}",
            "--clients",
            str(clients),
        )
        if any(row["bureau"] == bureau for row in rows(metrics)):
            align(
                "import",
                "kpis",
                slug,
                str(metrics),
                "--map",
                str(MAPS / "hhs-metrics.yaml"),
                "--where",
                f"bureau={bureau}",
                "--clients",
                str(clients),
            )
        yield slug


SOURCES = {"canada": canada, "snapshots": snapshots, "hhs": hhs}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("real", type=Path)
    parser.add_argument("clients", type=Path)
    parser.add_argument("--sources", nargs="*", default=list(SOURCES), choices=list(SOURCES))
    parser.add_argument("--only", nargs="*", default=[])
    chosen = parser.parse_args()
    if chosen.clients.resolve().is_relative_to(chosen.real.resolve()):
        parser.error("CLIENTS_DIR lies in REAL_DATA, which is only read")
    for source in chosen.sources:
        made = list(SOURCES[source](chosen.real, chosen.clients, set(chosen.only)))
        print(f"{source}: {len(made)} clients")
