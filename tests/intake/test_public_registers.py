"""Registers as public bodies publish them, from their headings alone: what comes in is what the file means."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from toolkit.intake import make_map

from .conftest import Desk

FLEMISH = (
    "PRIONUMMER;PROJECTNUMMER;PROJECTNAAM_manueel;SUBSIDIABELE_KOST;EFRO_STEUN;PERCENTAGE;STARTDATUM_PROJECT;EINDDATUM_PROJECT\n"
    "1;101;Digitaal loket;€ 1.250.000,50;€ 500.000,20;40,00%;1/03/2025;30/06/2027\n"
    "1;102;Glasvezel haven;€ 350.000,00;€ 140.000,00;40,00%;15/01/2026;31/12/2027\n"
    "2;203;Slimme meters;;;;1/09/2026;\n"
    ";;Totaal;€ 1.600.000,50;€ 640.000,20;;;\n"
)
NEW_ZEALAND = (
    "_id,PrimaryKey,ProjectName,ProjectStatus,EstimatedProjectValueRange,EstimatedQuarterProjectRangeCompletion\n"
    "1,IP901,Ledger renewal,In Procurement,100 - 250 Million,2030-Q4\n"
    "2,IP902,Pump control,Under Construction,< 5 Million,2027-Q2\n"
    "3,IP903,Patient portal,In Procurement,500 Million +,\n"
)
UNITED_STATES = (
    "Agency Name,Investment Title,Project ID,Project Name,Start Date,Planned Project Completion Date (B2),"
    "Projected/Actual Project Completion Date (B2),Planned Cost ($ M),Projected/Actual Cost ($ M),Unique Project ID\n"
    "Department of Harbours,Ledgers,500,Ledger renewal,08/03/2026,10/06/2027,,9.595,8.171,9000\n"
    "Department of Harbours,Ledgers,501,Claims portal,09/03/2026,11/06/2027,12/09/2027,15.963,14.007,9001\n"
    "Department of Harbours,Depots,502,Depot scanners,30/03/2026,30/06/2027,30/09/2027,0.35,,9002\n"
)


def test_a_flemish_project_list_is_read_as_it_means(tmp_path: Path) -> None:
    """Decimal commas, days first and a row of sums: three projects, to the cent and the day."""
    desk = Desk(tmp_path, currency="EUR")
    done = desk.put(
        FLEMISH,
        chosen="kind: initiatives\nfields: {id: PROJECTNUMMER, name: PROJECTNAAM_manueel, capex: SUBSIDIABELE_KOST, "
        "earliest_start: STARTDATUM_PROJECT, finish: EINDDATUM_PROJECT}\n",
    )
    rows = [(one.id, one.capex, str(one.earliest_start), one.finish) for one in desk.record.initiatives]
    assert rows == [
        ("101", 1_250_000.5, "Q2 2025", date(2027, 6, 30)),
        ("102", 350_000, "Q2 2026", date(2027, 12, 31)),
        ("203", None, "Q4 2026", None),
    ]
    assert any("Totaal" in said for said in done.remarks)


def test_a_new_zealand_pipeline_is_read_as_it_means(desk: Any) -> None:
    """The key and not the running number; the upper ends of ranges; a quarter is no day and is told."""
    done = desk.put(
        NEW_ZEALAND,
        chosen="kind: initiatives\nfields: {id: PrimaryKey, name: ProjectName, finish: EstimatedQuarterProjectRangeCompletion, "
        "capex: {column: EstimatedProjectValueRange, range: high}, "
        "status: {column: ProjectStatus, values: {Under Construction: in progress, In Procurement: proposed}}}\n",
    )
    rows = [(one.id, one.status, one.capex, one.finish) for one in desk.record.initiatives]
    assert rows == [
        ("IP901", "proposed", 250e6, None),
        ("IP902", "in progress", 5e6, None),
        ("IP903", "proposed", None, None),
    ]
    assert sorted(one.found for one in done.left_open) == ["2027-Q2", "2030-Q4", "500 Million +"]


def test_a_united_states_dashboard_is_read_as_it_means(desk: Any) -> None:
    """Costs in millions as the heading says, and the projected end, else the planned one; 8.171 alone may be two numbers."""
    desk.put(
        UNITED_STATES,
        chosen='kind: initiatives\ndates: day first\ndecimal: "."\nfields:\n  id: Unique Project ID\n  name: Project Name\n'
        '  capex: {column: "Planned Cost ($ M)", unit_factor: 1000000}\n'
        '  forecast: {column: "Projected/Actual Cost ($ M)", unit_factor: 1000000}\n'
        "  finish: [Projected/Actual Project Completion Date (B2), Planned Project Completion Date (B2)]\n",
    )
    rows = [(one.id, one.capex, one.forecast, one.finish) for one in desk.record.initiatives]
    assert rows == [
        ("9000", 9_595_000, 8_171_000, date(2027, 6, 10)),
        ("9001", 15_963_000, 14_007_000, date(2027, 9, 12)),
        ("9002", 350_000, None, date(2027, 9, 30)),
    ]


def test_money_under_a_heading_in_millions_is_not_taken_without_a_map(desk: Any) -> None:
    """9.595 millions are not 9.60: without a map the column is named as not used."""
    done = desk.put(UNITED_STATES)
    assert "Planned Cost ($ M)" in done.dropped
    assert [one.capex for one in desk.record.initiatives] == [None, None, None]


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
