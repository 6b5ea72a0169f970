"""A record as one workbook: what is exported comes back as it was, an edit arrives or is refused in words."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from record_edits import ARRIVES, REFUSED, SERVED, Typed, column_of, ended, made, set_cell
from slices import sliced

from toolkit.client.field_types import rows_within
from toolkit.client.new_client import SAMPLES, start_client
from toolkit.client.parts import TABLES
from toolkit.client.record import Record
from toolkit.client.record_csv import write_rows
from toolkit.client.schema import Facts, Initiative
from toolkit.client.store import load
from toolkit.errors import InputError
from toolkit.intake import export_record, import_record
from toolkit.intake.record_workbook import SHEETS, record_workbook

CLINIC = "lakeside-clinic"


@pytest.fixture(scope="module")
def exported(project: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of the samples, one with services and assets, and the clinic's workbook."""
    home = tmp_path_factory.mktemp("record")
    for sample in SAMPLES:
        shutil.copytree(project / "client_data" / sample, home / "clients" / sample)
    for name, data in SERVED.items():
        (home / "clients" / CLINIC / name).write_text(data, "utf-8")
    return home / "clients", export_record(home / "clients", CLINIC, home / "clinic.xlsx")


@pytest.fixture
def clinic(exported: tuple[Path, Path], tmp_path: Path) -> Path:
    """A folder with a copy of the clinic."""
    shutil.copytree(exported[0] / CLINIC, tmp_path / "clients" / CLINIC)
    return tmp_path / "clients"


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_is_exported_changes_nothing(sample: str, exported: tuple[Path, Path], tmp_path: Path) -> None:
    """Export and import without a change write no file; the same record gives the same bytes."""
    path = export_record(exported[0], sample, tmp_path / "record.xlsx")
    done = import_record(exported[0], sample, path)
    assert (dict(done.files), done.changes, done.new, done.changed) == ({}, (), (), ())
    assert path.read_bytes() == record_workbook(load(exported[0], sample))


@pytest.mark.parametrize("seed", sliced(range(100), 25))
def test_an_edit_arrives_or_is_refused(
    seed: int, clinic: Path, exported: tuple[Path, Path], tmp_path: Path
) -> None:
    """A cell, row, column or sheet edited as a person does: the record holds just that, or is untouched and told where."""
    _, edit = made(exported[1], clinic / CLINIC, seed, tmp_path / "edited.xlsx")
    assert ended(clinic, CLINIC, edit, tmp_path / "edited.xlsx") in (ARRIVES, REFUSED), edit


def test_every_list_of_a_record_has_a_sheet() -> None:
    """A list that is added to the models is in the workbook, or this test says so; answers and the deck are left out on purpose."""
    held = {sheet.path[-1] for sheet in SHEETS}
    lists = {name for name, _, _ in rows_within(Facts)} | {name for name, _ in TABLES.values()}
    assert lists - held == {"deck", "responses", "aggregates"}
    for sheet in SHEETS:
        assert len(set(sheet.headings.values())) == len(sheet.headings)


def test_rows_are_added_removed_and_sorted(clinic: Path, exported: tuple[Path, Path], tmp_path: Path) -> None:
    """A new row gets an id, a deleted one goes, another order is no change, and a sheet taken out stays as it was."""
    book = load_workbook(exported[1])
    actions, themes, services = book["Actions"], book["Themes"], book["Services"]
    kept = load(clinic, CLINIC)
    first = actions["A2"].value
    actions.delete_rows(2)
    rows = [[cell.value for cell in row] for row in themes.iter_rows(min_row=2)]
    for number, row in enumerate(reversed(rows), start=2):
        for column, value in enumerate(row, start=1):
            themes.cell(number, column).value = value
    services["B4"].value = "New lines"
    del book["Goals"]
    book.save(tmp_path / "edited.xlsx")
    done = import_record(clinic, CLINIC, tmp_path / "edited.xlsx")
    after = load(clinic, CLINIC)
    assert [one.id for one in after.actions] == [one.id for one in kept.actions if one.id != first]
    assert [(one.id, one.name) for one in after.services] == [
        ("s-1", "Support; of =it"),
        ("007", "#DIGITAL"),
        ("service-1", "New lines"),
    ]
    assert (after.facts.themes, after.facts.goals) == (kept.facts.themes, kept.facts.goals)
    assert done.new == ("Services: service-1",)
    assert f"Removed: 1 (Actions: {first})" in done.remarks
    assert set(done.files) == {"actions.csv", "services.csv"}


def test_what_cannot_be_taken_is_told_in_the_workbooks_words(
    clinic: Path, exported: tuple[Path, Path], tmp_path: Path
) -> None:
    """Fault after fault names sheet, row and heading, all at once, and nothing is written."""
    before = (clinic / CLINIC / "client.yaml").read_bytes()
    book = load_workbook(exported[1])
    book["Assets"]["D2"].value = "many"
    book["Services"]["A1"].value = "Number"
    book["Initiatives"]["B2"].value = None
    book.save(tmp_path / "edited.xlsx")
    with pytest.raises(InputError) as caught:
        import_record(clinic, CLINIC, tmp_path / "edited.xlsx")
    places = " | ".join(fault.where for fault in caught.value.faults)
    assert "edited.xlsx, sheet Assets, row 2, column How many" in places
    assert "edited.xlsx, sheet Services, row 1" in places
    assert "edited.xlsx, sheet Initiatives, row 2, column Initiative" in places
    assert (clinic / CLINIC / "client.yaml").read_bytes() == before


def test_what_answers_forbid_is_told_where_it_stands(
    clinic: Path, exported: tuple[Path, Path], tmp_path: Path
) -> None:
    """A group that has answered is given another mode: told at its sheet and row, not at a place in the record's files."""
    book = load_workbook(exported[1])
    book["Groups"]["C2"].value = "consensus"
    book.save(tmp_path / "edited.xlsx")
    with pytest.raises(InputError) as refused:
        import_record(clinic, CLINIC, tmp_path / "edited.xlsx")
    places = [fault.where for fault in refused.value.faults]
    assert "edited.xlsx, sheet Groups, row 2" in places
    assert not any(where.startswith("client.yaml") for where in places)


def test_an_id_that_leads_nowhere_is_told_where_it_stands(
    clinic: Path, exported: tuple[Path, Path], tmp_path: Path
) -> None:
    """What only the whole record tells is told with the workbook's place, too."""
    services = next(sheet for sheet in SHEETS if sheet.title == "Services")
    book = load_workbook(exported[1])
    sheet = book["Services"]
    set_cell(sheet, 2, column_of(sheet, services, "retired_by"), Typed("nobody"))
    book.save(tmp_path / "edited.xlsx")
    with pytest.raises(InputError) as caught:
        import_record(clinic, CLINIC, tmp_path / "edited.xlsx")
    (fault,) = caught.value.faults
    assert fault.where == "edited.xlsx, sheet Services, row 2, column Retired by initiative"


def test_a_people_list_with_semicolons_comes_back(tmp_path: Path) -> None:
    """A name that holds what else stands between names is kept whole: the names stand one below the other."""
    facts = {
        "profile": {"name": "Any"},
        "rounds": [{"id": "r", "as_of": "2026-09-30"}],
        "meetings": [{"id": "m", "date": "2026-09-01", "status": "held", "business": ["Ada; CFO", "Bo"]}],
    }
    record = Record("any", Facts.model_validate(facts))
    path = tmp_path / "record.xlsx"
    path.write_bytes(record_workbook(record))
    cells = [cell.value for cell in load_workbook(path)["Meetings"][2]]
    assert "Ada; CFO\nBo" in cells


def test_what_a_spreadsheet_cannot_hold_stays_as_it_was(tmp_path: Path) -> None:
    """Seventeen figures, Windows' line breaks, and names that look like errors, numbers or formulas change nothing by themselves."""
    start_client(tmp_path, "acme", "Acme", date(2026, 9, 30), "EUR", "none")
    rows = (
        Initiative(id="007", name="#DIGITAL", capex=1000 / 3, contingency=0.1234567890123456),
        Initiative(id="1e5", name="#N/A", description="one\r\ntwo\rthree", capex=970999.9999999999),
        Initiative(id="2027-01-31", name="=1+1", short="TRUE", description="_x000D_ 'quoted'"),
    )
    (tmp_path / "acme" / "initiatives.csv").write_bytes(write_rows(Initiative, rows))
    path = export_record(tmp_path, "acme", tmp_path / "acme.xlsx")
    assert dict(import_record(tmp_path, "acme", path).files) == {}


@pytest.mark.parametrize(
    ("title", "name", "cell", "means"),
    [
        ("Initiatives", "capex", Typed("80k"), 80_000.0),
        ("Initiatives", "capex", Typed("120 000"), 120_000.0),
        ("Initiatives", "capex", Typed("120,000"), None),
        ("Initiatives", "capex", Typed(7_000, shown='#,##0 "k"'), None),
        ("Initiatives", "capex", Typed(7_000, shown='#,##0 "€"'), None),
        ("Initiatives", "contingency", Typed("8 %"), 0.08),
        ("Initiatives", "contingency", Typed(0.08, shown="0%"), 0.08),
        ("Initiatives", "contingency", Typed(8), None),
        ("Initiatives", "short", Typed(True), "TRUE"),
        ("Initiatives", "short", Typed("#REF!"), None),
        ("Initiatives", "short", Typed("#CRM"), "#CRM"),
        ("Goals", "due", Typed("30.06.2027"), date(2027, 6, 30)),
        ("Goals", "due", Typed("05/06/2027"), None),
    ],
)
def test_cells_read_as_the_form_reads_them(
    title: str,
    name: str,
    cell: Typed,
    means: object,
    clinic: Path,
    exported: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    """8 %, 80k and 30.06.2027 are what they can only be; what could be two, or shows another number than it holds, is refused."""
    of, book = next(sheet for sheet in SHEETS if sheet.title == title), load_workbook(exported[1])
    set_cell(book[title], 2, column_of(book[title], of, name), cell)
    book.save(tmp_path / "edited.xlsx")
    if means is None:
        with pytest.raises(InputError, match=f"sheet {title}, row 2, column"):
            import_record(clinic, CLINIC, tmp_path / "edited.xlsx")
        return
    import_record(clinic, CLINIC, tmp_path / "edited.xlsx")
    after = load(clinic, CLINIC)
    row = after.facts.goals[0] if title == "Goals" else after.initiatives[0]
    assert getattr(row, name) == means


def test_readings_of_a_kpi_with_another_id_are_not_lost(
    exported: tuple[Path, Path], project: Path, tmp_path: Path
) -> None:
    """Where an entry's id is changed, the rows that name the old one are told, not left out."""
    meridian = "meridian-manufacturing"
    shutil.copytree(project / "client_data" / meridian, tmp_path / meridian)
    path = export_record(tmp_path, meridian, tmp_path / "record.xlsx")
    book = load_workbook(path)
    book["KPIs"]["A2"].value = "renamed"
    book.save(path)
    with pytest.raises(InputError, match="sheet Readings"):
        import_record(tmp_path, meridian, path)


def test_another_workbook_is_no_record(clinic: Path, project: Path, tmp_path: Path) -> None:
    """A file that no export has written is refused by what it is."""
    (tmp_path / "list.csv").write_text("id,name\na,A\n")
    with pytest.raises(InputError, match="align export"):
        import_record(clinic, CLINIC, tmp_path / "list.csv")
