"""Registers as public bodies publish them, from their headings alone: what comes in is what the file means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from toolkit.intake import make_map


@pytest.mark.parametrize("key", ["PrimaryKey", "ProjectNumber", "Project ID", "Unique Project ID"])
def test_a_key_is_the_id_and_a_running_number_is_not(desk: Any, key: str) -> None:
    """The next export numbers its rows anew: each row is still matched with itself."""
    desk.put(f"_id,{key},ProjectName\n1,IP901,Ledger renewal\n2,IP902,Pump control\n")
    done = desk.put(f"_id,{key},ProjectName\n1,IP900,Depot\n2,IP901,Ledger renewal\n3,IP902,Pump control\n")
    assert (done.new, done.changed, done.unchanged) == (("IP900",), (), ("IP901", "IP902"))


def test_without_a_key_ids_are_made_of_names_and_that_is_told(desk: Any) -> None:
    """A running number alone matches no rows: a row that moved is the same row, and the preview says why."""
    done = desk.put("_id,ProjectName\n1,Ledger renewal\n2,Pump control\n")
    assert any("_id numbers the rows of this export" in said for said in done.remarks)
    assert desk.put("_id,ProjectName\n1,Pump control\n2,Ledger renewal\n").changed == ()


def test_a_map_may_say_that_a_running_number_stays(desk: Any) -> None:
    """What the consultant says of a column counts, and nothing is told of it."""
    done = desk.put(
        "_id,ProjectName\n7,Ledger renewal\n",
        chosen="kind: initiatives\nfields: {id: _id, name: ProjectName}\n",
    )
    assert (done.new, done.remarks) == (("7",), ())


@pytest.mark.parametrize(
    ("said", "fields", "begins"),
    [
        ("earliest_start: HEADING", "earliest_start: start", "not before Q3 2026"),
        ("status: {constant: in progress}", "start: start, status: {constant: in progress}", "Q2 2026"),
    ],
)
def test_a_start_without_a_status_names_what_a_map_can_say(
    desk: Any, said: str, fields: str, begins: str
) -> None:
    """Either of the two that the refusal names imports the same table, as it says."""
    table = "id,name,start\na,Ledger renewal,2026-05-01\n"
    assert said in desk.refusal(table)
    desk.put(table, chosen=f"kind: initiatives\nfields: {{id: id, name: name, {fields}}}\n")
    one = desk.initiative("a")
    assert begins == (str(one.start) if one.start else f"not before {one.earliest_start}")


RANGES = (
    "id,name,capex\na,A,100 - 250 Million\nb,B,< 5 Million\nc,C,500 Million +\nd,D,$2m to $3.5m\ne,E,900k\n"
)
RANGED = "kind: initiatives\nfields: {id: id, name: name, capex: {column: capex, range: %s}}\n"


def test_a_range_of_money_is_never_taken_in_silence(desk: Any) -> None:
    """It is refused row by row, and the refusal names both keys that can settle it."""
    told = desk.refusal(RANGES)
    assert "4 rows (2–5), column capex" in told
    assert "range: low, middle or high" in told
    assert "(ignore)" in told


@pytest.mark.parametrize(
    ("end", "amounts", "open_ends"),
    [
        ("low", [100e6, None, 500e6, 2e6, 9e5], ["< 5 Million"]),
        ("middle", [175e6, None, None, 2.75e6, 9e5], ["< 5 Million", "500 Million +"]),
        ("high", [250e6, 5e6, None, 3.5e6, 9e5], ["500 Million +"]),
    ],
)
def test_a_map_says_which_end_of_a_range_counts(
    desk: Any, end: str, amounts: list[float | None], open_ends: list[str]
) -> None:
    """An end that the cell leaves open is missing and told; an amount that is none of a range is itself."""
    done = desk.put(RANGES, chosen=RANGED % end)
    assert [one.capex for one in desk.record.initiatives] == amounts
    assert [one.found for one in done.left_open] == open_ends


@pytest.mark.parametrize(
    "cell", ["250 - 100 Million", "5 EUR - 10 EUR", "1.250 - 2.500", "5 - x9", "2026-05-01"]
)
def test_what_is_no_certain_range_is_refused_under_a_map_too(desk: Any, cell: str) -> None:
    """Ends the wrong way round, in another currency, that may be two numbers, or none."""
    assert "row 2, column capex" in desk.refusal(f"id,name,capex\na,A,{cell}\n", chosen=RANGED % "low")


IN_OTHER_WORDS = {
    "Dutch": "Projectnummer;Projectnaam;Status;Projectleider;Budget;Startdatum;Einddatum\n7;Loket;Lopend;An Peeters;1200;01/02/2026;30/06/2027\n",
    "German": "Projekt-Nr.;Projekt;Projektstatus;Verantwortlich;Projektbudget;Beginn;Ende\n7;Loket;Laufend;An Peeters;1200;01.02.2026;30.06.2027\n",
    "French": "Numéro de projet;Nom du projet;Statut;Responsable;Coût total;Date de début;Date de fin\n7;Loket;En cours;An Peeters;1200;01/02/2026;30/06/2027\n",
}


@pytest.mark.parametrize("language", IN_OTHER_WORDS)
def test_headings_and_words_of_other_languages_are_known(desk: Any, language: str) -> None:
    """Id, name, state, who, cost and end of one project, whatever language its list is in."""
    done = desk.put(IN_OTHER_WORDS[language])
    one = desk.initiative("7")
    assert (one.name, one.status, one.owner_it) == ("Loket", "in progress", "An Peeters")
    assert (one.capex, one.finish) == (1200, date(2027, 6, 30))
    assert len(done.dropped) == 1  # the start: planned or past is not known


@pytest.mark.parametrize("language", IN_OTHER_WORDS)
def test_a_made_map_says_what_a_start_may_be(desk: Any, language: str) -> None:
    """Of seven columns six are recognised; the start's line names both fields."""
    path, target = desk.folder / "t.csv", desk.folder / "m.yaml"
    path.write_text(IN_OTHER_WORDS[language], encoding="utf-8")
    assert make_map("initiatives", path, target).startswith("6 of 7 columns")
    assert "# earliest_start, of work not begun; start, of work with a status" in target.read_text("utf-8")
