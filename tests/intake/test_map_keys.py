"""The README names every key of a map, and its examples use them all; a remedy names keys and options that exist."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from pydantic import BaseModel

from toolkit.client.new_client import start_client
from toolkit.client.schema import Facts, Initiative, Kpi
from toolkit.client.store import load
from toolkit.intake import SurveyMap, import_file, import_survey, read_survey_map
from toolkit.intake.mapping import Counting, ImportMap, Only, Source, WholeAndPart

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
REFERENCE = README.partition("### Every key of a map")[2].partition("\n## ")[0]
BLOCKS = {(name, kind): text for kind, name, text in re.findall(r"^```(\S+) example=(\S+)\n(.*?)^```$", REFERENCE, re.M | re.S)}  # fmt: skip
MODELS = (ImportMap, Source, Only, Counting, WholeAndPart, SurveyMap)


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    """A client in euros who asked the executive questions."""
    start_client(tmp_path, "t", "T", date(2026, 9, 30), "EUR", "executive")
    return tmp_path


def example(folder: Path, name: str) -> tuple[Path, Path]:
    """Write an example's table and map; the table as a workbook where the map names a sheet."""
    table, chosen = folder / f"{name}.csv", folder / f"{name}.yaml"
    text = BLOCKS[name, "csv"]
    table.write_text(text, encoding="utf-8")
    chosen.write_text(BLOCKS[name, "yaml"], encoding="utf-8")
    if sheet := yaml.safe_load(BLOCKS[name, "yaml"]).get("sheet"):
        book = openpyxl.Workbook()
        book.create_sheet(sheet)
        for row in csv.reader(text.splitlines()):
            book[sheet].append(row)
        table = table.with_suffix(".xlsx")
        book.save(table)
    return table, chosen


def test_a_register_is_read_by_its_keys(clients: Path) -> None:
    """Thousands, decimal commas, months, words and what is withheld come out as the table means them."""
    table, chosen = example(clients, "register")
    done = import_file(clients, "initiatives", "t", table, chosen)
    rows = {one.id: (one.status, one.capex, one.finish, one.duration, one.source) for one in load(clients, "t").initiatives}  # fmt: skip
    assert rows == {
        "a-1": ("in progress", 1_250_500, date(2027, 6, 30), 3, "PMO"),
        "a-2": ("proposed", None, date(2028, 2, 1), 2, "PMO"),
        "a-3": (None, None, None, None, "PMO"),
        "a-5": ("proposed", 120_000, None, None, "PMO"),
    }
    assert [one.found for one in done.left_open] == ["geheim bis Mai"]


def test_a_tools_export_is_read_by_its_keys(clients: Path) -> None:
    """Outline level 1, found below a title, named by task and kind, with progress and links as ours."""
    table, chosen = example(clients, "tool")
    done = import_file(clients, "initiatives", "t", table, chosen)
    rows = {
        one.id: (one.name, one.status, one.depends_on, one.purpose) for one in load(clients, "t").initiatives
    }
    assert rows == {
        "1": ("ERP; for the plant – Build", "in progress", (), "grow"),
        "2": ("CRM – Other", "proposed", ("1",), None),
    }
    assert "Read as an export of Our planner." in done.remarks


def test_shares_are_read_by_their_keys(clients: Path) -> None:
    """200 people less 50 of IT, turned round: disagree is their 4 and our 2."""
    table, chosen = example(clients, "shares")
    import_file(clients, "aggregates", "t", table, chosen)
    record = load(clients, "t")
    assert {one.group: one.counts for one in record.aggregates} == {"business": (0, 90, 30, 30, 0), "it": (0, 10, 10, 30, 0)}  # fmt: skip
    round_ = next(one for one in record.rounds if one.id == "staff-2026")
    assert (round_.name, round_.closed, {one.group: one.label for one in round_.groups}) == ("Staff survey 2026", date(2026, 5, 20), {"business": "All but IT", "it": "City IT"})  # fmt: skip


def test_a_survey_is_read_by_its_keys(clients: Path) -> None:
    """Codes, groups and comments in the client's own words."""
    table, chosen = example(clients, "survey")
    done = import_survey(clients, "t", table, mapping=read_survey_map(chosen))
    answers = {(one.group, one.score, one.comment) for one in load(clients, "t").responses}
    assert answers == {("business", 5, "We never hear why."), ("business", None, None), ("it", 1, None)}
    assert "Replies from 2026-02-01 to 2026-02-04." in done.remarks


def keys_in(value: Any) -> Iterator[str]:
    """Yield every name in a map, at any depth."""
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield str(name)
        yield from keys_in(inner)


@pytest.mark.parametrize("model", MODELS)
def test_every_key_stands_in_the_readme_and_in_an_example(model: type[BaseModel]) -> None:
    """A key in backticks in the first column of a table, and used by a map that runs."""
    firsts = " ".join(line.split("|")[1] for line in REFERENCE.splitlines() if line.startswith("| `"))
    told = set(re.findall(r"`(\w+)`", firsts)) | set(re.findall(r"`(\w+)`", REFERENCE))
    used = {
        key for (_, kind), text in BLOCKS.items() if kind == "yaml" for key in keys_in(yaml.safe_load(text))
    }
    assert sorted(model.model_fields.keys() - told) == []
    assert sorted(model.model_fields.keys() - used) == []


KEYS = {name for model in (*MODELS, Facts, Initiative, Kpi) for name in model.model_fields} | {
    "fields", "communication-1", "mode", "align", "reading_date", "reading_value", "title", "correction", "text",
}  # fmt: skip
# In a remedy, what is to be written: a name of small letters, a colon, and a value behind it.
WRITTEN = re.compile(r"(?<![\w.,:/“])([a-z]+_[a-z_]+|answers|groups|questions|values|fields|counts|base|where|column): ?[\[{'\"A-Z\dtf]")  # fmt: skip


def test_a_remedy_names_keys_that_exist() -> None:
    """What a message of the import says to write into a map is a key of one, or a field of the record."""
    wrong = []
    for path in sorted((ROOT / "toolkit" / "intake").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                wrong += [f"{path.name}: {name}" for name in WRITTEN.findall(node.value) if name not in KEYS]
    assert wrong == []
