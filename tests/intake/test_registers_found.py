"""Registers of three public bodies, taken on from their headings and ways of writing alone; every value is made up.

The headings and forms are those of the French state's overview of large digital projects (CSV, open data), of the United
Kingdom's Government Major Projects Portfolio (CSV, a project a column in 2019, a row from 2021 on) and of New York City's
capital project schedules and budgets of schools (CSV, a row for each phase of a project).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from toolkit.intake import make_map

from .conftest import Desk


def written(rows: Sequence[Sequence[str]], end: str = "\n", encoding: str = "utf-8") -> bytes:
    """A CSV file of these rows."""
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


# France: empty columns to the right, empty rows below, lines within cells, millions that no heading names, words for none.

FRENCH_HEADINGS = (
    "Ministère porteur ", "Ministère nom complet", "Nom du projet", "Projet interministériel", "Description et objectifs du projet",
    "En savoir plus sur le projet", "Début", "Durée prévisionnelle en année", "Phase du projet en cours", "Coût estimé",
    "Coût estimé par tranche", "Zone fonctionnelle", "Financement [programme(s)]", "Lien vers les Projets Annuels de Performances",
    "Date de publication", "", "", "",
)  # fmt: skip
BUILT, TRIED, SPREAD, FRAMED = "Conception / Réalisation", "Expérimentation", "Déploiement", "Cadrage"
FRENCH = (
    ("PHARE v2", "2024-07-01", "3.504109589041096", BUILT, "5", "entre 5 et 9 M€"),
    ("ÉCLUSE", "2023-01-01", "5.66849315068493", SPREAD, "26.3", "entre 20 et 100 M€"),
    ("Dragage, suivi", "2026-12-07", "En cadrage", FRAMED, "En cadrage", "En cadrage"),
    ("MÉMOIRE", "2023-07-01", "6.75616438356164", TRIED, "52", "entre 20 et 100 M€"),
    ('SI-Kiosque  (étape "Pilote")', "2024-09-01", "4.3342465753424655", BUILT, "9.6", "entre 9 et 20 M€"),
    ("Dépôt légal", "2022-03-01", "6.252054794520548", SPREAD, "3.9", "< 5 M€"),
    ("CANOPÉE Cycle 1", "2025-01-01", "4.002739726027397", BUILT, "11.3", "entre 9 et 20 M€"),
    ("CANOPÉE Cycle 2", "2027-01-15", "En cadrage", FRAMED, "En cadrage", "En cadrage"),
    ("Permis de chasse", "2021-05-01", "5.923287671232877", SPREAD, "59.5", "entre 20 et 100 M€"),
    ("Alerte incendie", "2025-10-01", "2.750684931506849", BUILT, "18.8", "entre 9 et 20 M€"),
    ("HORLOGE", "2024-02-01", "4.1", BUILT, "21.6", "entre 20 et 100 M€"),
    ("Billet unique", "2026-11-02", "En cadrage", FRAMED, "En cadrage", "En cadrage"),
    ("Paie des gares", "2025-06-01", "3", BUILT, "7", "entre 5 et 9 M€"),
    ("Aiguillage", "2023-12-01", "5.087671232876712", BUILT, "16.1", "entre 9 et 20 M€"),
    ("Gares connectées", "2022-05-01", "6.5", SPREAD, "33.2", "entre 20 et 100 M€"),
)
FRENCH_MAP = """kind: initiatives
missing_words: [En cadrage]
fields:
  id: {column: Nom du projet, make_id: true}
  name: Nom du projet
  description: Description et objectifs du projet
  start: Début
  earliest_start: Début
  duration: {column: Durée prévisionnelle en année, unit: years}
  status:
    column: Phase du projet en cours
    values: {Cadrage: proposed, Conception / Réalisation: in progress, Expérimentation: in progress, Déploiement: in progress}
  capex: {column: Coût estimé, unit_factor: 1000000}
"""


def french() -> bytes:
    """The French register, with its empty columns and rows."""
    rows = [
        ["MPF", "Ministère des Ports", name, "Non", "Le projet vise à :\n- ouvrir,\n- « relier ».", "", start, years, phase, cost,
         band, "Navigation", "Programme (P900)", "", "2026-06-01", "", "", ""]
        for name, start, years, phase, cost, band in FRENCH
    ]  # fmt: skip
    return written([list(FRENCH_HEADINGS), *rows, *[[""] * 18] * 4])


def test_the_french_register_is_read_as_it_means(tmp_path: Path) -> None:
    """Years of work in quarters, millions, and one column of starts: begun for work with a status, else not before."""
    desk = Desk(tmp_path, currency="EUR")
    done = desk.put(french(), chosen=FRENCH_MAP)
    read = {one.name: one for one in desk.record.initiatives}
    assert list(read) == [row[0] for row in FRENCH]
    begun, framed = read["PHARE v2"], read["Dragage, suivi"]
    assert (str(begun.start), begun.earliest_start, begun.duration, begun.capex) == ("Q3 2024", None, 15, 5e6)
    assert (framed.start, str(framed.earliest_start), framed.duration, framed.capex) == (
        None,
        "Q1 2027",
        None,
        None,
    )
    assert (read["HORLOGE"].duration, read["Paie des gares"].duration) == (17, 12)  # 4.1 years, 3 years
    costs = {row[0]: None if row[4] == "En cadrage" else pytest.approx(float(row[4]) * 1e6) for row in FRENCH}
    assert {name: one.capex for name, one in read.items()} == costs
    assert sorted(one.found for one in done.left_open) == ["En cadrage"] * 6
    assert begun.description.splitlines()[1] == "- ouvrir,"


def test_without_missing_words_the_refusal_writes_them(desk: Any) -> None:
    """Words instead of a figure are told with the line of a map that makes them none."""
    told = desk.refusal(french(), chosen=FRENCH_MAP.replace("missing_words: [En cadrage]\n", ""))
    assert "missing_words: ['En cadrage']" in told
    assert "3 rows (4, 9, 13), column Coût estimé" in told


def test_a_start_of_work_not_begun_is_told_with_both_starts(desk: Any) -> None:
    """Where a register has one column of starts for all, the refusal says that a map may name it for both."""
    told = desk.refusal(french(), chosen=FRENCH_MAP.replace("  earliest_start: Début\n", ""))
    assert "both for one HEADING where the status tells which it is" in told


def test_work_that_begins_moves_its_one_start_over(desk: Any) -> None:
    """What was not to begin before a quarter has begun in another when the register comes again."""
    chosen = "kind: initiatives\nfields: {id: id, name: name, status: status, start: begins, earliest_start: begins}\n"
    desk.put("id,name,status,begins\na,A,planned,2027-01-01\n", chosen=chosen)
    assert (desk.initiative("a").start, str(desk.initiative("a").earliest_start)) == (None, "Q1 2027")
    desk.put("id,name,status,begins\na,A,started,2026-07-01\n", chosen=chosen)
    assert (str(desk.initiative("a").start), desk.initiative("a").earliest_start) == ("Q3 2026", None)


def test_millions_that_nothing_names_are_told(tmp_path: Path) -> None:
    """A state's projects at 5 to 60 euros each: the preview says so, and what to write."""
    desk = Desk(tmp_path, currency="EUR")
    done = desk.put(french(), chosen=FRENCH_MAP.replace(", unit_factor: 1000000", ""))
    assert any(
        "No capex is above EUR 59.5" in said and "unit_factor: 1000000" in said for said in done.remarks
    )
    assert not any("No capex" in said for said in desk.put(french(), chosen=FRENCH_MAP).remarks)


# The United Kingdom: headings of 200 characters with their unit, words of exemption, Windows-1252; in 2019 on its side.

RATED = (
    "Delivery Confidence Assessment (A Delivery Confidence Assessment of the project at a fixed point in time, using a "
    "three-point scale, Red – Amber – Green; definitions in the IPA Annual Report on Major Projects)"
)
COSTS = "TOTAL Baseline Whole Life Costs (£m) (including Non-Government Costs)"
BRITISH_HEADINGS = (
    "GMPP ID Number", "Project Name", "Department", "Annual Report Category", "Description / Aims", f"IPA {RATED}", f"SRO {RATED}",
    "Departmental commentary on actions planned or taken on the IPA RAG rating.",
    "Project - Start Date (Latest Approved Start Date)", "Project - End Date (Latest Approved End Date)",
    "Departmental narrative on schedule, including any deviation from planned schedule (if necessary)",
    "Financial Year Baseline (£m) (including Non-Government Costs)", "Financial Year Forecast (£m) (including Non-Government Costs)",
    "Financial Year Variance (%)",
    "Departmental narrative on budget/forecast variance for 2023/24 (if variance is more than 5%)", COSTS,
    "Departmental Narrative on Budgeted Whole Life Costs", "TOTAL Baseline Benefits (£m)", "Departmental Narrative on Budgeted Benefits",
)  # fmt: skip
EXEMPT = "Exempt under Section 43 of the Freedom of Information Act 2000 (Commercial Interests)"
BRITISH = (
    ("HBR_0001_1617-Q1", "Harbour Locations Programme", "Amber", "2016-04-01", "2028-03-31", "1,274.53"),
    ("HBR_0002_1819-Q3", "Tide Tables Online", "Green", "2019-01-07", "2026-12-31", "31.70"),
    ("HBR_0003_1920-Q2", "Pilot Licensing", "Red", "2020-02-03", "2027-09-30", "96.00"),
    ("HBR_0004_2021-Q1", "Cold Chain Border Posts", EXEMPT, "2020-06-15", EXEMPT, EXEMPT),
    ("HBR_0005_2021-Q4", "Lighthouse Estate", "Amber", "2021-03-31", "2030-03-31", "388.25"),
    ("HBR_0006_2122-Q2", "Customs Ledger Replacement", "Amber", "2021-09-01", "2027-06-30", "148.90"),
    ("HBR_0007_2122-Q3", "Crew Payroll", "Green", "2021-11-15", "2026-10-30", "11.45"),
    ("HBR_0008_2223-Q1", "Harbour Radio", "Amber", "2022-05-09", "2029-12-31", "205.00"),
    ("HBR_0009_2223-Q2", "Wharf Power", "Red", "2022-08-01", "2031-05-31", "940.00"),
    ("HBR_0010_2223-Q4", "Single Trade Form", "Amber", "2023-01-16", "2028-08-31", "122.30"),
    ("HBR_0011_2324-Q1", "Sea Defence Sensors", "Green", "2023-06-05", "2027-03-31", "9.80"),
    ("HBR_0012_2324-Q2", "Depot Scanners", "Green", "2023-09-11", "2026-11-30", "14.20"),
    ("HBR_0013_2324-Q3", "Fisheries Portal", "Amber", "2024-01-08", "2028-12-31", "52.60"),
    ("HBR_0014_2324-Q4", "Archive of Charts", "Amber", "Not set", "Not set", "N/A"),
    ("HBR_0015_2324-Q4", "Dredger Fleet", EXEMPT.replace("43", "24"), "2024-03-01", "2033-03-31", "2,310.00"),
)
BRITISH_MAP = f"""kind: initiatives
fields:
  id: {{column: GMPP ID Number, make_id: true}}
  name: Project Name
  health: "IPA {RATED}"
  status: {{constant: in progress}}
  start: Project - Start Date (Latest Approved Start Date)
  finish: Project - End Date (Latest Approved End Date)
  capex: {{column: "{COSTS}", unit_factor: 1000000}}
"""


def british(on_its_side: bool = False) -> bytes:
    """The British register, a project a row, or a column as in 2019."""
    rows = [
        [key, name, "HBR", "ICT", f"{name}: ports “first”.", rating, rating, "It reflects\nsupplier progress.", start, end,
         "Compared to financial year 22/23-Q4, it is as scheduled.", "6.02", "6.30", "5%", "", cost, "Costs to 2030.", EXEMPT, "–"]
        for key, name, rating, start, end, cost in BRITISH
    ]  # fmt: skip
    table = [list(BRITISH_HEADINGS), *rows]
    if on_its_side:
        table = [list(line) for line in zip(*table, strict=True)]
    return written(table, "\r\n", "cp1252")


@pytest.mark.parametrize("on_its_side", [False, True])
def test_the_british_register_is_read_as_it_means(tmp_path: Path, on_its_side: bool) -> None:
    """The same projects whether each is a row or a column: ratings in capitals, millions to the penny, exemptions as none."""
    desk = Desk(tmp_path, currency="GBP")
    done = desk.put(british(on_its_side), chosen=BRITISH_MAP)
    read = {one.id: one for one in desk.record.initiatives}
    assert list(read) == [row[0] for row in BRITISH]
    first, exempt, unset = read["HBR_0001_1617-Q1"], read["HBR_0004_2021-Q1"], read["HBR_0014_2324-Q4"]
    assert (first.health, str(first.start), first.finish, first.capex) == (
        "amber", "Q2 2016", date(2028, 3, 31), 1_274_530_000,
    )  # fmt: skip
    assert (exempt.health, exempt.finish, exempt.capex) == (None, None, None)
    assert (unset.health, unset.start, unset.finish, unset.capex) == ("amber", None, None, None)
    assert any("lies on its side" in said for said in done.remarks) == on_its_side


def test_a_cell_of_a_table_on_its_side_is_named_as_the_file_has_it(desk: Any) -> None:
    """The fault names the file's column of the project and its row of the heading."""
    table = british(True).replace(b"31.70", b"much?")
    told = desk.refusal(table, chosen=BRITISH_MAP)
    assert f"column C, row {COSTS[:20]}" in told


def test_a_heading_in_millions_needs_its_factor_in_the_map(desk: Any) -> None:
    """£m is never taken as pounds in silence; a factor of 1 says that it is meant."""
    bare = BRITISH_MAP.replace(", unit_factor: 1000000", "")
    told = desk.refusal(british(), chosen=bare)
    assert "unit_factor: 1000000, or unit_factor: 1" in told
    desk.put(british(), chosen=BRITISH_MAP.replace("1000000", "1"))
    assert desk.initiative("HBR_0002_1819-Q3").capex == 31.7


@pytest.mark.parametrize(
    "heading", ["Cost (£m)", "Budget in k€", "Planned Cost ($ M)", "Kosten Mio. EUR", "Budget (000s)", "TEUR"]
)
def test_a_drafted_map_says_what_a_heading_counts(desk: Any, heading: str) -> None:
    """The draft has the factor beside the column that bears a unit."""
    path, target = desk.folder / "t.csv", desk.folder / "m.yaml"
    path.write_bytes(written([["ID", "Name", heading], ["a", "A", "12"]]))
    make_map("initiatives", path, target)
    wanted = 1000 if heading in ("Budget in k€", "Budget (000s)", "TEUR") else 1_000_000
    assert f"unit_factor: {wanted}" in target.read_text("utf-8")


def test_a_drafted_map_says_what_each_field_counts_and_a_heading_in_years_is(desk: Any) -> None:
    """A benefit in all is not taken for one a year by who reads the draft, nor years for quarters."""
    path, target = desk.folder / "t.csv", desk.folder / "m.yaml"
    path.write_bytes(french())
    make_map("initiatives", path, target)
    text = target.read_text("utf-8")
    assert "#   benefit: Benefit, each year after" in text
    assert 'Durée prévisionnelle en année"}  # duration, with unit: years' in text
    assert "Conception / Réalisation | Déploiement | Cadrage | Expérimentation" in text


@pytest.mark.parametrize("value", ["Scope", "Name", "Budget"])
def test_a_value_that_is_also_a_heading_is_no_header(desk: Any, value: str) -> None:
    """A phase called Scope, in a row of figures and dates, is not taken for the heading of a description."""
    rows = [
        ["Object", "Part", "Begins", "Money"],
        ["1", value, "08/01/2026", "180000"],
        ["2", "Design", "09/01/2026", "90000"],
    ]
    assert "columns that are not read: Object, Part, Begins, Money" in desk.refusal(written(rows))


# New York: a row a phase; no column names a project by itself; abbreviations for no value; the month first.

AMERICAN_HEADINGS = (
    "Project Geographic District ", "Project Building Identifier", "Project School Name", "Project Type", "Project Description",
    "Project Phase Name", "Project Status Name", "Project Phase Actual Start Date", "Project Phase Planned End Date",
    "Project Phase Actual End Date", "Project Budget Amount", "Final Estimate of Actual Costs Through End of Phase Amount",
    "Total Phase Actual Spending Amount", "DSF Number(s)",
)  # fmt: skip
ROOF, WIRES, WING = (
    ("P.S. 901", "FLOOD ELIMINATION", "DSF: 901001"),
    ("P.S. 901", "LOW VOLTAGE", "DSF: 901002"),
    ("I.S. 902", "ADDITION", "DSF: 902001"),
)
AMERICAN = (
    (ROOF, "Scope", "Complete", "08/01/2023", "02/15/2024", "02/10/2024", "180000", "171200", "171200"),
    (ROOF, "Design", "Complete", "03/01/2024", "11/30/2024", "12/18/2024", "410000", "433900", "433900"),
    (ROOF, "Construction", "In-Progress", "04/14/2025", "06/30/2027", "", "3900000", "4120000", "1655000"),
    (WIRES, "Scope", "Complete", "09/05/2024", "03/01/2025", "02/20/2025", "90000", "88000", "88000"),
    (WIRES, "Design", "In-Progress", "05/12/2025", "03/31/2026", "", "240000", "240000", "121000"),
    (WIRES, "Construction", "PNS", "PNS", "09/30/2027", "", "1700000", "1700000", "0"),
    (WING, "Scope", "Complete", "01/10/2022", "06/30/2022", "07/08/2022", "FTK", "FTK", "640000"),
    (WING, "Design", "Complete", "09/01/2022", "05/31/2023", "06/20/2023", "5100000", "5230000", "5230000"),
    (WING, "Construction", "In-Progress", "10/02/2023", "08/31/2026", "", "68000000", "70250000", "41900000"),
    (WING, "F&E", "PNS", "PNS", "11/30/2026", "", "2100000", "2100000", "0"),
    (("P.S. 903", "TECHNOLOGY UPGRADE", "DSF: 903001"), "CM,Art,F&E", "In-Progress", "02/03/2026", "12/31/2026", "", "DOES", "DOES", "55200"),
    (("P.S. 904", "PROJECT CONNECT", "DSF: 904001"), "Construction", "Complete", "07/01/2024", "09/30/2025", "10/03/2025", "820000", "815400", "815400"),
    (("P.S. 905", "SAFETY SYSTEMS", "DSF: 905001, 905002"), "Scope", "In-Progress", "06/15/2026", "12/31/2026", "", "75000", "75000", "20100"),
    (("P.S. 905", "SAFETY SYSTEMS", "DSF: 905001, 905002"), "Design", "PNS", "PNS", "IEH", "", "210000", "210000", "0"),
    (("P.S. 906", "TECHNOLOGY UPGRADE", "DSF: 906001"), "Design", "In-Progress", "03/02/2026", "12/31/2026", "", "51000", "51000", "9000"),
)  # fmt: skip
AMERICAN_MAP = """kind: initiatives
dates: month first
missing_words: [PNS, FTK, DOES, IEH]
fields:
  id: {column: [DSF Number(s), Project Phase Name], joined: true, make_id: true}
  name: {column: [Project School Name, Project Description, Project Phase Name], joined: true}
  status: {column: Project Status Name, values: {PNS: proposed, In-Progress: in progress, Complete: done}}
  start: Project Phase Actual Start Date
  finish: [Project Phase Actual End Date, Project Phase Planned End Date]
  capex: Project Budget Amount
  forecast: Final Estimate of Actual Costs Through End of Phase Amount
  spent: Total Phase Actual Spending Amount
"""


def american() -> bytes:
    """The American register."""
    rows = [["01", "M901", school, "SCA CIP", what, *phase, key] for (school, what, key), *phase in AMERICAN]
    return written([list(AMERICAN_HEADINGS), *rows])


def test_the_american_register_is_read_as_it_means(desk: Any) -> None:
    """Each phase is an initiative of its own, told by key and phase, named by school, work and phase."""
    done = desk.put(american(), chosen=AMERICAN_MAP)
    read = {one.name: one for one in desk.record.initiatives}
    assert len(read) == len(AMERICAN)
    one = read["P.S. 901 – FLOOD ELIMINATION – Design"]
    assert (one.id, one.status, str(one.start), one.finish) == (
        "dsf-901001-design", "done", "Q1 2024", date(2024, 12, 18),
    )  # fmt: skip
    assert (one.capex, one.forecast, one.spent) == (410_000, 433_900, 433_900)
    later = read["P.S. 905 – SAFETY SYSTEMS – Design"]
    assert (later.status, later.start, later.finish, later.capex) == ("proposed", None, None, 210_000)
    assert read["I.S. 902 – ADDITION – Scope"].capex is None
    assert sorted(one.found for one in done.left_open) == ["DOES"] * 2 + ["FTK"] * 2 + ["IEH"] + ["PNS"] * 3


def test_rows_that_are_parts_of_one_are_told_what_tells_them_apart(desk: Any) -> None:
    """With a key that repeats, the refusal names the column of phases and both ways out; each of them imports."""
    by_key = AMERICAN_MAP.replace("[DSF Number(s), Project Phase Name], joined: true", "DSF Number(s)")
    told = desk.refusal(american(), chosen=by_key)
    assert "--where 'Project Phase Name=…'" in told
    assert "id: {column: [DSF Number(s), Project Phase Name], joined: true, make_id: true}" in told
    assert len(desk.put(american(), chosen=by_key, where=["Project Phase Name=Construction"]).new) == 4


# What any of them may hold.


@pytest.mark.parametrize("heading", ["Serial", "Programme"])
def test_a_key_that_nothing_reads_is_told_where_ids_are_made_of_names(desk: Any, heading: str) -> None:
    """Names change from year to year: a column that is called an id, and differs in each row, is named."""
    table = f"{heading} ID,Project name\nX7,Ledger\nX9,Portal\n"
    assert any(f"{heading} ID holds another text in each row" in said for said in desk.put(table).remarks)
    assert not any("holds another" in said for said in desk.put(table.replace("X9", "X7")).remarks)


@pytest.mark.parametrize(
    ("word", "status"), [("Completed", "done"), ("IN PROGRESS", "in progress"), ("Laufend", "in progress")]
)
def test_a_map_need_not_explain_common_words(desk: Any, word: str, status: str) -> None:
    """What is known without a map is known with one that says nothing of it, in whatever letters."""
    desk.put(
        f"id,name,phase\na,A,{word}\n",
        chosen="kind: initiatives\nfields: {id: id, name: name, status: phase}\n",
    )
    assert desk.initiative("a").status == status


def test_a_word_that_is_not_known_is_told_as_a_line_of_a_map(desk: Any) -> None:
    """A rating that is none is not to be corrected in the client's file: the map says what it means."""
    chosen = "kind: initiatives\nfields: {id: id, name: name, health: rating%s}\n"
    told = desk.refusal("id,name,rating\na,A,Not yet rated\n", chosen=chosen % "")
    assert "values: {'Not yet rated': red}, or '' for none" in told
    words = "{column: rating, values: {Not yet rated: ''}}"
    desk.put("id,name,rating\na,A,Not yet rated\n", chosen=(chosen % "").replace("rating}", words + "}"))
    assert desk.initiative("a").health is None
