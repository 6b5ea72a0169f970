"""Columns that no map knows: named once, chosen from a list, remembered; a map to begin with for the rows that are wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.errors import InputError
from toolkit.intake import import_file, make_map
from toolkit.intake.form.import_panel import ImportPanel

TABLE = "Nummer;Bezeichnung;Aufwand;Bemerkung\nP1;ERP;250000;alt\nP2;CRM;90000;neu\n"
CHOSEN = {"Nummer": "id", "Bezeichnung": "name", "Aufwand": "capex", "Bemerkung": ""}


def test_a_table_without_ids_and_names_is_one_fault(desk: Any) -> None:
    """Forty-eight rows lack both: one cause, with the headings that may be meant and what to write."""
    rows = "".join(f"P{at};Name {at};{at}\n" for at in range(48))
    for chosen in ("", "kind: initiatives\nfields: {capex: Aufwand}\n"):
        told = desk.refusal("Nummer;Bezeichnung;Aufwand\n" + rows, chosen=chosen)
        assert told.count("found:") == 1
        assert "Nummer, Bezeichnung" in told
        assert "make_id: true" in told


def test_rows_of_the_record_need_no_name_again(desk: Any) -> None:
    """A table of ids and costs changes what the record has."""
    desk.put("id,name,capex\na,A,1\n")
    desk.put("id;Kosten\na;5\n", chosen="kind: initiatives\nfields: {id: id, capex: Kosten}\n")
    assert desk.initiative("a").capex == 5


JSON = {
    "a list of objects": '[{"id": "p1", "name": "ERP, new", "budget": 1},\n {"id": "p2", "name": "CRM", "budget": 2}]',
    "an object": '{"issues": [{"key": "A-1"}], "total": 1}',
    "over many lines": '[\n  {\n    "id": "p1",\n    "name": "ERP"\n  }\n]\n',
    "a list of lists": '[["id", "name"], ["p1", "ERP"]]',
    "with a byte-order mark": '\ufeff{"values": []}',
    "nothing in it": "[]",
}


@pytest.mark.parametrize("text", JSON.values(), ids=JSON)
@pytest.mark.parametrize("kind", ["initiatives", "kpis"])
def test_json_is_one_fault(desk: Any, kind: str, text: str) -> None:
    """Whatever its name: what it is, once, and how to come by a table."""
    told = desk.refusal(text, kind=kind)
    assert (told.count("found:"), "a JSON file" in told) == (1, True)


@pytest.mark.parametrize("text", ['id,name\n"[a]",{b}\n', '"{x}",name\n1,2\n', "[id],name\np1,ERP\n"])
def test_brackets_in_a_table_are_no_json(desk: Any, text: str) -> None:
    """A heading in brackets is a heading."""
    with pytest.raises(InputError) as caught:
        desk.put(text + "x,y,z\n")
    assert "JSON" not in str(caught.value)


def test_what_is_chosen_is_read_and_remembered(desk: Any) -> None:
    """Chosen once, the headings are known to the client's next table, of the form and the command alike."""
    desk.put(TABLE, columns=CHOSEN)
    assert [(one.id, one.name, one.capex) for one in desk.record.initiatives] == [("P1", "ERP", 250_000), ("P2", "CRM", 90_000)]  # fmt: skip
    path = desk.clients / "acme" / "maps" / "initiatives.yaml"
    assert yaml.safe_load(path.read_text(encoding="utf-8")) == {"columns": CHOSEN}
    done = desk.put(TABLE + "P3;Web;5;\n")
    assert (done.new, done.unknown) == (("P3",), ())
    assert any("maps/initiatives.yaml" in remark for remark in done.remarks)


def test_looking_remembers_nothing(desk: Any) -> None:
    """A dry run writes no map."""
    before = desk.on_disk()
    done = desk.put(TABLE, columns=CHOSEN, dry_run=True)
    assert (done.new, desk.on_disk()) == (("P1", "P2"), before)


@pytest.mark.parametrize("heading", ["Cost, kEUR", "Budget TEUR", "Kosten (T€)", "Cost in thousands", "Budget Mio. EUR", "Amount ($ millions)", "Budget '000s"])  # fmt: skip
def test_a_heading_that_says_its_unit_is_not_read_as_it_stands(desk: Any, heading: str) -> None:
    """250 under kEUR is 250,000: the choice is refused, with the key of a map that says so."""
    chosen = {"Nummer": "id", "Bezeichnung": "name", heading: "capex"}
    told = desk.refusal(f'Nummer;Bezeichnung;"{heading}"\nP1;ERP;250\n', columns=chosen)
    assert "unit_factor: 1000" in told


def test_one_field_is_not_chosen_twice(desk: Any) -> None:
    """Two columns as one field: which of them counts is not guessed."""
    told = desk.refusal(TABLE, columns={**CHOSEN, "Bemerkung": "capex"})
    assert "each field from one column" in told


def arriving(desk: Any, name: str, text: str, kind: str) -> ImportPanel:
    """Choose a file of the client's folder in the form's import, and look at it."""
    (desk.clients / "acme" / name).write_text(text, encoding="utf-8")
    part = ImportPanel(
        desk.clients, "acme", lambda: [(one.id, one.id) for one in desk.record.rounds], lambda: None
    )
    part.show()
    part._kind.value = kind
    part._file.value = next(value for _, value in part._file.options if value.endswith(name))
    part._go(dry_run=True)
    return part


def choose(part: ImportPanel, chosen: dict[str, str]) -> None:
    """Choose from the lists that the form offers."""
    for heading, value in chosen.items():
        part._unknown._lists[heading].value = value


def test_the_form_offers_a_list_for_each_heading_that_is_not_known(desk: Any) -> None:
    """Refused for want of an id, then chosen, looked at and imported; the next file needs no choice."""
    part = arriving(desk, "liste.csv", TABLE, "initiatives")
    assert [*part._unknown._lists] == [*CHOSEN]
    assert "from the lists above" in part._outcome.value
    choose(part, CHOSEN)
    part._go(dry_run=True)
    assert "250000 → 250,000" in part._outcome.value
    part._go(dry_run=False)
    assert [one.id for one in desk.record.initiatives] == ["P1", "P2"]
    again = arriving(desk, "liste2.csv", TABLE, "initiatives")
    assert again._unknown._lists == {}


def test_the_form_offers_the_rounds_questions_for_a_survey(surveyed: Any) -> None:
    """A heading that is no wording of ours is chosen from the questions, and remembered for the service."""
    text = "respondent,group,How well do we talk?,Which tools?\na,IT,4,Excel\n"
    part = arriving(surveyed, "antworten.csv", text, "survey")
    choose(part, {"How well do we talk?": "communication-1", "Which tools?": ""})
    part._go(dry_run=False)
    assert [(one.question, one.score) for one in surveyed.record.responses] == [("communication-1", 4)]
    again = arriving(surveyed, "antworten2.csv", text.replace("a,IT", "b,IT"), "survey")
    assert again._unknown._lists == {}


def test_what_is_not_asked_of_a_kind_hides_nothing_else(desk: Any) -> None:
    """Fields share a layout: only the boxes around those of one kind are hidden and shown."""
    part = arriving(desk, "liste.csv", TABLE, "initiatives")
    assert part._register_only.layout.display == ""
    assert part._survey_only.layout.display == "none"
    assert {part._kind.layout.display, part._file.layout.display, part._not_listed.layout.display} == {None}


def test_another_file_has_other_lists(desk: Any) -> None:
    """What was chosen for one file is not said of another."""
    part = arriving(desk, "liste.csv", TABLE, "initiatives")
    choose(part, {"Nummer": "id"})
    part._file.value = ""
    assert part._unknown.chosen() == {}


PHASES = "Nr;Titel;Phase\nP1;ERP;läuft\nP2;CRM;Idee\nP3;Web;läuft\n"


def test_a_map_to_begin_with_keeps_the_rows_that_are_wanted(desk: Any, tmp_path: Path) -> None:
    """With conditions, its sample cells are of those rows, and it imports them."""
    table, target = tmp_path / "phasen.csv", tmp_path / "map.yaml"
    table.write_text(PHASES, encoding="utf-8")
    words = ["import", "initiatives", "acme", str(table), "--make-map", str(target), "--where", "Phase=läuft", "--clients", str(desk.clients)]  # fmt: skip
    assert CliRunner().invoke(main, words).exit_code == 0
    text = target.read_text(encoding="utf-8")
    assert yaml.safe_load(text)["where"] == {"Phase": ["läuft"]}
    assert "2 of 2 cells filled: P1 | P3" in text
    target.write_text(text.replace('# not used: {column: "Nr"}', 'id: {column: "Nr"}').replace('# not used: {column: "Titel"}', 'name: {column: "Titel"}'), encoding="utf-8")  # fmt: skip
    assert import_file(desk.clients, "initiatives", "acme", table, target).new == ("P1", "P3")


def test_a_tools_map_to_begin_with_keeps_the_condition(desk: Any, tmp_path: Path) -> None:
    """Of a tool's export, the condition joins the map that reads it."""
    table, target = tmp_path / "jira.csv", tmp_path / "map.yaml"
    table.write_text("Issue key,Issue Type,Summary\nA-1,Epic,CRM\nA-2,Task,x\n", encoding="utf-8")
    make_map("initiatives", table, target, ["Issue Type=Epic"])
    assert import_file(desk.clients, "initiatives", "acme", table, target).new == ("A-1",)


def test_a_condition_on_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """No map is written, and the nearest heading is named."""
    table = tmp_path / "phasen.csv"
    table.write_text(PHASES, encoding="utf-8")
    with pytest.raises(InputError, match="Did you mean 'Phase'"):
        make_map("initiatives", table, tmp_path / "map.yaml", ["Phasen=läuft"])
    assert not (tmp_path / "map.yaml").exists()


def test_many_cells_of_one_cause_are_one_line(desk: Any) -> None:
    """In the form and in the preview, 500 costs that are no amount are one line with their rows, as in the command."""
    table = "id,name,capex\n" + "".join(f"p{at},P{at},much\n" for at in range(500))
    part = arriving(desk, "viel.csv", table, "initiatives")
    assert part._outcome.value.count("<li>") == 1
    assert "500 rows (2–501)" in part._outcome.value
    part._partial.value = True
    part._go(dry_run=True)
    assert part._outcome.value.count("500 rows (2–501)") == 1
    assert "Could not be read: 500" in part._outcome.value
