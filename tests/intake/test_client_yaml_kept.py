"""Every command that writes into client.yaml, or a map of the client's, leaves the consultant's text as it is."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from toolkit.client.new_client import start_client
from toolkit.client.schema import Scenario
from toolkit.client.store import load, read_files, save_scenario
from toolkit.intake import import_file, import_survey
from toolkit.intake.draft import Draft
from toolkit.intake.survey_map import SurveyMap, remember, remembered
from toolkit.plan.advice import adopt

BY_HAND = """\
# Acme, as told on 3 September – Zoë
profile: {name: 'Acme', currency: CAD}   # ask for the sector

# What they want
goals:
  # the CFO's own words
  - {id: margin, name: "Raise margin, by two points", weight: 60}   # agreed
  - id: "orders"
    name: >-
      Take 80 % of orders
      online
    weight: 40.00

kpis:
- id: k1   # from the board pack
  name: Orders online
  unit: share

  # the first is an estimate
  readings: [{date: 2026-01-31, value: 0.41}]

budget:
rounds:
- id: "2026-09"
  as_of: 2026-09-30
  questionnaire: pulse
  groups: [{group: business, invited: 12}]  # IT is asked later

deck:
  leave_out: [ needs, 'spend' ]   # too early
  own:
    # as told on the way out
    - title: "What we learned"
      after: risks
      text: |
        - One *thing*.
        -   Another.

      picture: 'slides/a.png'
      alt: A hall
# the end
"""
Write = Callable[[Path, Path], object]


def import_kpis(clients: Path, folder: Path) -> object:
    """A KPI known and one that is new."""
    table = folder / "kpis.csv"
    table.write_text("id,name,unit,owner_it\nk1,Orders online,share,Zoë\nk2,Uptime,%,\n", encoding="utf-8")
    return import_file(clients, "kpis", "acme", table)


def import_replies(clients: Path, folder: Path) -> object:
    """Replies of a group that the round does not list."""
    table = folder / "replies.csv"
    head = "Respondent,communication-1,priorities-1\n"
    table.write_text(head + "".join(f"p{n},4,3\n" for n in range(6)), encoding="utf-8")
    return import_survey(clients, "acme", table, group="it")


def import_counts(clients: Path, folder: Path) -> object:
    """Counted answers of a group that the round does not list."""
    table, mapping = folder / "counts.csv", folder / "counts.yaml"
    table.write_text("unit,q,a,b,c,d,e\nit,communication-1,1,2,3,4,5\n")
    mapping.write_text("kind: aggregates\nfields: {question: q, group: unit}\n"
                       "counts: {answers: {1: a, 2: b, 3: c, 4: d, 5: e}}\n")  # fmt: skip
    return import_file(clients, "aggregates", "acme", table, mapping)


def commit(clients: Path, folder: Path) -> object:
    """A value changed and one added in the form."""
    draft = Draft(clients, "acme")
    draft.change(("facts", "profile", "sector"), "Retail, food")
    draft.change(("facts", "goals", "margin", "weight"), "60")
    draft.change(("facts", "goals", "orders", "owner"), "Tom")
    return draft.commit()


def propose(clients: Path, folder: Path) -> object:
    """A scenario saved as the proposed plan."""
    scenario = Scenario(id="cut", name="Cut", round="2026-09")
    return save_scenario(clients, "acme", scenario, read_files(clients, "acme"), propose=True)


WRITERS: dict[str, tuple[Write, list[str]]] = {
    "kpis": (import_kpis, ["+   owner_it: Zoë", "+ - id: k2", "+   name: Uptime", "+   unit: '%'"]),
    "survey": (import_replies, [
        "-   groups: [{group: business, invited: 12}]  # IT is asked later",
        "+   groups: [{group: business, invited: 12}, {group: it, mode: survey}]  # IT is asked later",
    ]),
    "counts": (import_counts, [
        "-   groups: [{group: business, invited: 12}]  # IT is asked later",
        "+   groups: [{group: business, invited: 12}, {group: it, mode: survey}]  # IT is asked later",
    ]),
    "form": (commit, [
        "- profile: {name: 'Acme', currency: CAD}   # ask for the sector",
        "+ profile: {name: 'Acme', sector: 'Retail, food', currency: CAD}   # ask for the sector",
        "+     owner: Tom",
    ]),
    "workshop": (propose, ["+ planning:", "+   scenario: cut"]),
}  # fmt: skip


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    """A client's folder that a test fills with a file of its own."""
    start_client(tmp_path / "clients", "acme", "Acme", date(2026, 9, 30), "CAD", "pulse")
    (tmp_path / "clients" / "acme" / "slides").mkdir()
    Image.new("RGB", (9, 9)).save(tmp_path / "clients" / "acme" / "slides" / "a.png")
    return tmp_path / "clients"


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_writer_changes_what_it_says_and_no_other_byte(
    writer: str, line_end: str, mark: str, clients: Path, tmp_path: Path
) -> None:
    """Import, form and workshop write their values; remarks, quoting, blank lines, line ends and mark stand."""
    write, lines = WRITERS[writer]
    file = clients / "acme" / "client.yaml"
    file.write_bytes((mark + BY_HAND).replace("\n", line_end).encode())
    write(clients, tmp_path)
    after = file.read_bytes().decode()
    assert after.startswith("\ufeff") == bool(mark)
    assert after.count("\n") == after.count(line_end)
    old, new = BY_HAND.splitlines(), after.lstrip("\ufeff").splitlines()
    assert [line for line in difflib.ndiff(old, new) if line[0] in "+-"] == lines
    before = file.read_bytes()
    write(clients, tmp_path)
    assert file.read_bytes() == before


def test_adopting_leaves_client_yaml_alone(clients: Path) -> None:
    """What is adopted goes into initiatives.csv."""
    file = clients / "acme" / "client.yaml"
    file.write_bytes(BY_HAND.encode())
    adopt(clients, "acme", ["rec-set-targets"])
    assert file.read_bytes() == BY_HAND.encode()
    assert load(clients, "acme").initiatives


def test_a_scenario_saved_again_keeps_what_was_written_into_it(clients: Path) -> None:
    """A consultant's remark in scenarios/*.yaml stands when the workshop saves under the same name."""
    propose(clients, clients)
    file = clients / "acme" / "scenarios" / "cut.yaml"
    file.write_text(
        "# for the board\nid: cut\nname: 'Cut'  # working title\nround: 2026-09\n", encoding="utf-8"
    )
    scenario = Scenario(id="cut", name="Deep cut", round="2026-09", note="As agreed")
    save_scenario(clients, "acme", scenario, read_files(clients, "acme"))
    assert file.read_text() == (
        "# for the board\nid: cut\nname: 'Deep cut'  # working title\nnote: As agreed\nround: 2026-09\n"
    )
    assert load(clients, "acme").scenarios == (scenario,)


def test_a_map_that_is_remembered_again_keeps_what_was_written_into_it(clients: Path) -> None:
    """A remark in maps/survey-….yaml stands when the next import resolves one heading more."""
    file = clients / "acme" / "maps" / "survey-forms.yaml"
    file.parent.mkdir()
    file.write_text("# theirs\nquestions:\n  How, well?: communication-1   # sure\n", encoding="utf-8")
    known = remembered(clients, "acme", "forms")
    resolved = SurveyMap(questions={**known.questions, "Which?": "", "x" * 1000: "priorities-1"})
    assert remember(clients, "acme", "forms", resolved) == ""
    assert file.read_text().startswith(
        "# theirs\nquestions:\n  How, well?: communication-1   # sure\n  Which?: ''\n"
    )
    assert remembered(clients, "acme", "forms") == resolved
