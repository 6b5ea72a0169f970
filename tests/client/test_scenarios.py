"""Scenarios on disk: checked in words, saved whole, and named in client.yaml without touching the rest of it."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Any

import pytest

from toolkit.client.schema import Budget, Capacity, Pin, Scenario
from toolkit.client.store import create, load, read_files, read_record, save_scenario
from toolkit.errors import ConflictError, InputError

CLIENT, FILE = "client.yaml", "scenarios/cut.yaml"
GOOD = """\
id: cut
name: Budget cut by a tenth
note: Asked for by the CFO
round: y2026
points: {g-growth: 30, g-cost: 70}
pins:
  - {initiative: erp, place: in, quarter: 2027-Q2, reason: The contract ends}
  - {initiative: data, place: out, reason: Not this year}
budget:
  - {year: 2027, amount: 450000, reserve: 0.05}
capacity:
  - {role: developer, fte: 3}
  - {role: developer, fte: 4, quarter: 2027-Q4}
"""


def cut(**changed: Any) -> Scenario:
    """Return a valid scenario of the base record."""
    fields: dict[str, Any] = {
        "id": "cut",
        "name": "Cut",
        "round": "y2026",
        "points": {"g-growth": 30, "g-cost": 70},
        "pins": (Pin(initiative="data", place="out", reason="Not this year"),),
        "budget": (Budget(year=2027, amount=450000, reserve=0.05),),
        "capacity": (Capacity(role="architect", fte=2),),
    }
    return Scenario(**(fields | changed))


@pytest.fixture
def clients(tmp_path: Path, files: dict[str, bytes]) -> Path:
    """A clients' folder that holds the valid record as ``base``."""
    create(tmp_path, "base", files)
    return tmp_path


def faults(files: dict[str, bytes], **texts: str) -> list[str]:
    """Return what reading a record with these scenario files finds wrong, each fault as text."""
    with pytest.raises(InputError) as caught:
        read_record("base", files | {f"scenarios/{name}.yaml": text.encode() for name, text in texts.items()})
    return [str(fault) for fault in caught.value.faults]


def test_a_scenario_is_read_as_part_of_its_record(files: dict[str, bytes]) -> None:
    """Points, pins, money and people of a file in scenarios/ stand in the record."""
    (one,) = read_record("base", {**files, FILE: GOOD.encode()}).scenarios
    assert (one.points, one.budget[0].reserve) == ({"g-growth": 30, "g-cost": 70}, 0.05)
    assert [(pin.initiative, pin.place, str(pin.quarter)) for pin in one.pins] == [
        ("erp", "in", "Q2 2027"),
        ("data", "out", "None"),
    ]
    assert [str(each.quarter) for each in one.capacity] == ["None", "Q4 2027"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("g-cost: 70", "g-cost: 60", "points that add up to 90"),
        ("g-cost: 70", "g-costs: 70", "Did you mean 'g-cost'"),
        ("initiative: data", "initiative: date", "Did you mean 'data'"),
        (
            "initiative: data",
            "initiative: erp",
            "initiative 'erp', which also stands in scenarios/cut.yaml, pins, entry 1 (erp)",
        ),
        ("place: out,", "place: out, quarter: 2027-Q1,", "2027-Q1, while place is out"),
        (", reason: Not this year", "", "pins, entry 2 (data), field reason\n  found:   nothing"),
        ("place: out", "place: off", "found:   off"),
        ("round: y2026", "round: y2027", "Did you mean 'y2026'"),
        ("amount: 450000", "amount: -1", "Correct it to 0 or more"),
        (
            "reserve: 0.05}",
            "reserve: 0.05}\n  - {year: 2027, amount: 1}",
            "year '2027', which also stands in",
        ),
        (", quarter: 2027-Q4", "", "developer, no quarter"),
        ("{role: developer, fte: 3}", "{role: pilot, fte: 3}", "the id of a role"),
        ("id: cut", "id: cuts", "Rename the file to scenarios/cuts.yaml"),
        ("id: cut", "id: Cut", "lower-case letters"),
        ("note:", "notes:", "Did you mean 'note'"),
    ],
)
def test_what_a_scenario_gets_wrong_is_said_in_words(
    files: dict[str, bytes], old: str, new: str, said: str
) -> None:
    """Every contradiction names the file, what was found, what is allowed and what to do."""
    assert GOOD.count(old) == 1
    (fault,) = faults(files, cut=GOOD.replace(old, new))
    assert fault.startswith(FILE)
    assert said in fault


def test_all_faults_of_all_scenarios_are_told_at_once(files: dict[str, bytes]) -> None:
    """Two files with faults and a name that no system could keep are three faults, not one."""
    con = GOOD.replace("id: cut", "id: con")
    found = faults(files, cut=GOOD.replace("70", "60"), more=GOOD, con=con)
    assert [one.split(",")[0] for one in found] == ["scenarios/con.yaml", FILE, "scenarios/more.yaml"]
    assert "Windows" in found[0]


def test_the_plan_follows_a_scenario_that_exists(files: dict[str, bytes]) -> None:
    """planning.scenario names one of the scenarios; one that cannot be read is not called unknown."""
    named = {**files, CLIENT: files[CLIENT].replace(b"quarters: 8", b"quarters: 8, scenario: cat")}
    (fault,) = faults(named, cut=GOOD)
    assert "client.yaml, planning, field scenario" in fault
    assert "Did you mean 'cut'" in fault
    (fault,) = faults(
        {**files, CLIENT: files[CLIENT].replace(b"quarters: 8", b"quarters: 8, scenario: cut")},
        cut="name: [\n",
    )
    assert fault.startswith(f"{FILE}, line")


def test_only_scenarios_lie_in_the_scenarios_folder(files: dict[str, bytes]) -> None:
    """A YAML file there whose name can be no scenario's is a fault."""
    with pytest.raises(InputError, match=r"scenarios/<id>\.yaml"):
        read_record("base", {**files, "scenarios/My Plan.yaml": GOOD.encode()})


def test_a_saved_scenario_reads_back_the_same(clients: Path) -> None:
    """What was saved is what is loaded, and no other file changes."""
    read = read_files(clients, "base")
    stands = save_scenario(clients, "base", cut(), read)
    assert stands == read_files(clients, "base")
    assert {name: data for name, data in stands.items() if name != FILE} == read
    assert load(clients, "base").scenarios == (cut(),)


def test_saving_over_a_scenario_keeps_the_earlier_one(clients: Path) -> None:
    """The replaced file goes to the history folder."""
    stands = save_scenario(clients, "base", cut(), read_files(clients, "base"))
    save_scenario(clients, "base", cut(name="Deeper cut"), stands)
    assert load(clients, "base").scenarios[0].name == "Deeper cut"
    assert (clients / "base" / "history" / "0001-scenarios-cut.yaml").read_bytes() == stands[FILE]
    assert [path.name for path in (clients / "base" / "scenarios").iterdir()] == ["cut.yaml"]


def test_saving_as_the_proposed_plan_is_one_step(clients: Path) -> None:
    """The scenario and its name in client.yaml are written together, one line of it changed."""
    read = read_files(clients, "base")
    save_scenario(clients, "base", cut(), read, propose=True)
    record = load(clients, "base")
    assert record.facts.planning.scenario == "cut"
    old, new = read[CLIENT].decode(), (clients / "base" / CLIENT).read_text(encoding="utf-8")
    assert [line for line in difflib.ndiff(old.splitlines(), new.splitlines()) if line[0] in "+-"] == [
        "- planning: {start: 2027-Q1, quarters: 8}",
        "+ planning: {start: 2027-Q1, quarters: 8, scenario: cut}",
    ]


def test_nothing_is_written_when_a_scenario_contradicts_itself(clients: Path) -> None:
    """Points that do not add up are refused, and client.yaml does not name the scenario."""
    read = read_files(clients, "base")
    with pytest.raises(InputError, match="points that add up to 31"):
        save_scenario(clients, "base", cut(points={"g-growth": 31}), read, propose=True)
    assert read_files(clients, "base") == read


def test_a_scenario_someone_else_saved_is_not_overwritten(clients: Path) -> None:
    """A scenario that appeared or changed since the record was read stops the save."""
    read = read_files(clients, "base")
    save_scenario(clients, "base", cut(name="Theirs"), read)
    with pytest.raises(ConflictError, match=r"scenarios/cut\.yaml of base changed on disk"):
        save_scenario(clients, "base", cut(name="Mine"), read)
    assert load(clients, "base").scenarios[0].name == "Theirs"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_scenarios_folder_elsewhere_is_refused(
    clients: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A link in place of the folder is not followed, in reading or saving."""
    read = read_files(clients, "base")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (clients / "base" / "scenarios").symlink_to(elsewhere)
    for attempt in (
        lambda: read_files(clients, "base"),
        lambda: save_scenario(clients, "base", cut(), read),
    ):
        with pytest.raises(InputError, match="a link to another place"):
            attempt()
    assert list(elsewhere.iterdir()) == []
