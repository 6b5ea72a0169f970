"""Registers as people keep them: titles, sheets, headings, groups, scripts and currencies come in as they were meant."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.client.field_types import ID_PATTERN
from toolkit.client.folders import clients_folder
from toolkit.intake import make_map

from .conftest import Desk

Rows = Sequence[Sequence[Any]]
PLAN: Rows = [["ID", "Name", "Budget"], ["P1", "ERP", 250_000], ["P2", "CRM", 90_000]]


def book(**sheets: Rows) -> openpyxl.Workbook:
    """A workbook of these sheets, in their order."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def costs(desk: Desk) -> dict[str, float | None]:
    """What the record's initiatives cost, by id."""
    return {one.id: one.capex for one in desk.record.initiatives}


def document(rows: str, styles: str = "") -> bytes:
    """An OpenDocument workbook with these rows, as LibreOffice writes them."""
    names = ["office", "table", "text", "number", "style", "calcext"]
    spaces = " ".join(f'xmlns:{name}="urn:{name}"' for name in names)
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f'<office:spreadsheet><table:table table:name="Plan">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return out.getvalue()


def ods_row(*cells: str, more: str = "") -> str:
    """A row of an OpenDocument table; a cell that is no element is text."""
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    inner = "".join(cell if cell.startswith("<") else text.format(cell) for cell in cells)
    return f"<table:table-row{more}>{inner}</table:table-row>"


# Sheets.


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
@pytest.mark.parametrize("name", ["Listen", "_xlnm", "データ"])
def test_the_first_sheet_that_is_shown_is_read_and_the_others_are_named(
    desk: Desk, state: str, name: str
) -> None:
    """Lists that a drop-down draws on stand on a hidden sheet before the table."""
    made = book(**{name: [["ID", "Name"], ["OLD", "Old"]]}, Portfolio=PLAN, Notes=[["x"]])
    made[name].sheet_state = state
    done = desk.put(saved(made), name="t.xlsx")
    assert costs(desk) == {"P1": 250_000, "P2": 90_000}
    assert f"Sheets not read: {name} (hidden), Notes. --sheet NAME reads another." in done.remarks


def test_the_command_takes_a_sheet_by_its_name(desk: Desk) -> None:
    """--sheet reads the one that is meant, a hidden one too, and so does --make-map; a wrong name is told the right ones."""
    made = book(Cover=[["IT portfolio"], ["2026"]], Projects=PLAN)
    made["Projects"].sheet_state = "hidden"
    path = desk.folder / "t.xlsx"
    path.write_bytes(saved(made))
    words = ["import", "initiatives", "acme", str(path), "--clients", str(desk.clients)]
    refused = CliRunner().invoke(main, words)
    assert (refused.exit_code, "Projects (hidden)" in refused.output) == (1, True)
    assert "Did you mean 'Projects'?" in CliRunner().invoke(main, [*words, "--sheet", "Project"]).output
    assert CliRunner().invoke(main, [*words, "--sheet", "Projects"]).exit_code == 0
    assert costs(desk) == {"P1": 250_000, "P2": 90_000}
    assert "3 of 3 columns" in make_map("initiatives", path, desk.folder / "m.yaml", sheet="Projects")


def test_hidden_rows_are_read_and_told(desk: Desk) -> None:
    """What a filter hides is not left out without a word, nor taken in without one."""
    made = book(Plan=[*PLAN, ["P3", "Phones", 1], ["P4", "Portal", 2]])
    for row in (3, 5):
        made["Plan"].row_dimensions[row].hidden = True
    done = desk.put(saved(made), name="t.xlsx")
    assert len(done.new) == 4
    assert any(
        remark.startswith("2 rows hidden in the sheet") and remark.endswith(": 3, 5.")
        for remark in done.remarks
    )


# Where the header stands, and what it is called.

TITLES: list[Rows] = [
    [["IT-Projektportfolio 2026"], ["Stand: 30.09.2026"], []],
    [["Portefeuille de projets"], [], [], ["Source : DSI"]],
    [[None, None, "Confidential"], ["Budget", 2026]],
    [["Wholesale food, northern region, all sites"], ["Prepared by", "PMO", "for the board"]],
]


@pytest.mark.parametrize("titles", TITLES, ids=range(len(TITLES)))
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_titles_above_a_header_are_no_header(desk: Desk, titles: Rows, form: str) -> None:
    """The header is the row with the headings that are known, and the preview says which row that is."""
    rows = [*titles, *PLAN]
    if form == "xlsx":
        done = desk.put(saved(book(Plan=rows)), name="t.xlsx")
    else:
        lines = (";".join("" if cell is None else str(cell) for cell in row) for row in rows)
        done = desk.put("\n".join(lines) + "\n")
    assert costs(desk) == {"P1": 250_000, "P2": 90_000}
    assert any(remark.startswith(f"The header is row {len(titles) + 1};") for remark in done.remarks)


@pytest.mark.parametrize("said", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n', "\ufeffsep=;\n"])
def test_a_line_that_names_the_separator_is_no_header(desk: Desk, said: str) -> None:
    """Excel reads it, and so do we; rows keep their numbers."""
    desk.put(f"{said}ID;Name;Budget\nP1;ERP, new;250000\n")
    assert costs(desk) == {"P1": 250_000}
    assert "row 3, column Budget" in desk.refusal(f"{said}ID;Name;Budget\nP1;ERP;much\n")


@pytest.mark.parametrize("separator", ["\t", ";", ","])
def test_a_named_separator_stands_above_what_stands_there_most(desk: Desk, separator: str) -> None:
    """A column that is full of another mark does not hide it."""
    desk.put(f"sep={separator}\nID{separator}Name\nP1{separator}a | b | c\n")
    assert desk.initiative("P1").name == "a | b | c"


@pytest.mark.parametrize(
    "heading",
    [
        "Project\nname",
        "Project\r\nname",
        "PROJECT_NAME",
        "project  name",
        "Project\u00a0name",
        " Project name ",
        "ProjectName",
        "projectname",
    ],
)
@pytest.mark.parametrize("budget", ["Planned_cost", "planned\ncost"])
def test_a_heading_is_known_however_it_is_broken(desk: Desk, heading: str, budget: str) -> None:
    """Line breaks, underscores, blanks and letter case are no part of a heading."""
    desk.put(saved(book(Plan=[["ID", heading, budget], ["P1", "ERP", 5]])), name="t.xlsx")
    assert (desk.initiative("P1").name, desk.initiative("P1").capex) == ("ERP", 5)


def test_where_finds_a_column_however_its_heading_is_broken(desk: Desk) -> None:
    """A condition is typed on one line, whatever the heading's."""
    rows = [["ID", "Name", "Business\nunit"], ["P1", "ERP", "North"], ["P2", "CRM", "South"]]
    desk.put(saved(book(Plan=rows)), name="t.xlsx", where=["Business unit=South"])
    assert [one.id for one in desk.record.initiatives] == ["P2"]


# Headings of groups.


@pytest.mark.parametrize("group", ["Infrastruktur", "Applications métier", "基幹システム", "3. Security"])
@pytest.mark.parametrize("column", [0, 1])
def test_the_heading_of_a_group_is_no_initiative(desk: Desk, group: str, column: int) -> None:
    """A row with one text, where the others have ids of their own: left out, and named."""
    heading = [None, None, None]
    heading[column] = group  # type: ignore[call-overload]
    rows = [PLAN[0], heading, PLAN[1], heading, PLAN[2]]
    done = desk.put(saved(book(Plan=rows)), name="t.xlsx")
    assert costs(desk) == {"P1": 250_000, "P2": 90_000}
    assert f"Rows of headings, left out: row 2 ({group}), row 4 ({group})." in done.remarks


def test_a_name_alone_may_be_an_initiative_where_ids_are_made_of_names(desk: Desk) -> None:
    """It is asked about, and --totals answers."""
    table = "Name,Status,Budget\nInfrastructure,,\nERP,Running,5\nCRM,Planned,6\n"
    assert "the heading of a group?" in desk.refusal(table)
    desk.put(table, totals="leave out")  # type: ignore[arg-type]
    assert [*costs(desk)] == ["ERP", "CRM"]


def test_a_header_that_is_repeated_is_no_initiative(desk: Desk) -> None:
    """A table that was printed has its headings on each page."""
    desk.put(saved(book(Plan=[*PLAN, PLAN[0], ["P3", "Phones", 1]])), name="t.xlsx")
    assert [*costs(desk)] == ["P1", "P2", "P3"]


def test_a_last_row_with_a_name_alone_is_not_lost(desk: Desk) -> None:
    """Nothing stands beneath it, so it heads nothing."""
    desk.put("ID,Name,Budget\nP1,ERP,5\nP2,CRM,6\nP3,Phones,\n")
    assert [*costs(desk)] == ["P1", "P2", "P3"]


# Names in other scripts.

NAMES = [
    "新しい電話",
    "Портал",
    "Πύλη πελατών",
    "بوابة العملاء",
    "פורטל",
    "고객 포털",
    "ग्राहक पोर्टल",
    "客户门户",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_makes_an_id(desk: Desk, name: str) -> None:
    """The id is one, the same whenever the name comes again, and another for another name."""
    table = f"Project,Budget\n{name},100\n{name} 2,200\nERP {name},350\n"
    first = desk.put(table)
    assert len(set(first.new)) == 3
    assert all(ID_PATTERN.fullmatch(one) for one in first.new)
    assert desk.put(table.replace(",100", ",101")).changed == (first.new[0],)
    assert [one.name for one in desk.record.initiatives] == [name, f"{name} 2", f"ERP {name}"]


def test_what_has_no_letter_makes_no_id(desk: Desk) -> None:
    """A row of marks is asked about."""
    assert "to make an id of" in desk.refusal("Project,Budget\n!!!,100\n")


@pytest.mark.parametrize(
    ("name", "made"), [("Café à Łódź", "cafe-a-odz"), ("Größe", "groe"), ("ERP 2", "erp-2")]
)
def test_ids_of_latin_names_are_what_they_were(desk: Desk, name: str, made: str) -> None:
    """A record that was made before is found again."""
    assert desk.put(f"Project,Budget\n{name},1\n").new == (made,)


# Money, as it is written where the client is.


@pytest.mark.parametrize(
    ("currency", "text", "amount"),
    [
        ("SEK", "1 250 000 kr", 1_250_000),
        ("NOK", "kr 1.250.000,-", None),
        ("DKK", "1.250.000 kr.", 1_250_000),
        ("BRL", "R$ 1.250.000,00", 1_250_000),
        ("PLN", "1 250 000,50 zł", 1_250_000.5),
        ("CZK", "1 250 000 Kč", 1_250_000),
        ("HUF", "1 250 000 Ft", 1_250_000),
        ("CHF", "Fr. 1'250'000", 1_250_000),
        ("CHF", "CHF 1’250’000.50", 1_250_000.5),
        ("INR", "₹ 1,250,000", 1_250_000),
        ("JPY", "¥1,250,000", 1_250_000),
        ("ZAR", "R 1 250 000", 1_250_000),
        ("TRY", "1.250.000 ₺", 1_250_000),
        ("EUR", "1,25 Mio. €", 1_250_000),
        ("GBP", "£1.25m", 1_250_000),
    ],
)
def test_money_reads_as_it_is_written_there(
    tmp_path: Path, currency: str, text: str, amount: float | None
) -> None:
    """Signs, groups and decimals of the client's own currency; what is no number is refused, not shortened."""
    desk = Desk(tmp_path, currency=currency)
    table = f"ID;Name;Budget\nP1;ERP;{text}\n"
    if amount is None:
        assert "column Budget" in desk.refusal(table)
    else:
        desk.put(table)
        assert costs(desk) == {"P1": amount}


# OpenDocument, and what Excel alone writes.

STYLES = (
    '<number:currency-style style:name="N1"><number:number number:min-integer-digits="1" number:grouping="true"/>'
    "<number:text> </number:text><number:currency-symbol>€</number:currency-symbol></number:currency-style>"
    '<number:date-style style:name="N2"><number:month number:textual="true"/><number:text>-</number:text><number:year/>'
    "</number:date-style>"
    '<number:percentage-style style:name="N3"><number:number number:min-integer-digits="1"/><number:text>%</number:text>'
    "</number:percentage-style>"
    '<number:number-style style:name="N4"><number:text>P-</number:text><number:number number:min-integer-digits="4"/>'
    "</number:number-style>"
    + "".join(f'<style:style style:name="c{n}" style:family="table-cell" style:data-style-name="N{n}"/>' for n in range(1, 5))
)  # fmt: skip
EUROS = '<table:table-cell table:style-name="c1" office:value-type="currency" office:currency="EUR" office:value="250000"><text:p>250.000 €</text:p></table:table-cell>'
MONTH = '<table:table-cell table:style-name="c2" office:value-type="date" office:date-value="2027-03-01"><text:p>Mrz-27</text:p></table:table-cell>'
DAY = '<table:table-cell office:value-type="date" office:date-value="2027-03-01"><text:p>01.03.27</text:p></table:table-cell>'
TENTH = '<table:table-cell table:style-name="c3" office:value-type="percentage" office:value="0.1"><text:p>10%</text:p></table:table-cell>'
CODE = '<table:table-cell table:style-name="c4" office:value-type="float" office:value="7"><text:p>P-0007</text:p></table:table-cell>'


def test_a_cell_of_an_ods_counts_as_it_is_shown(tmp_path: Path) -> None:
    """Currency, a month without a day, per cent and a code come in as from one of Excel's workbooks."""
    header = ods_row("ID", "Name", "Budget", "Go-live", "Contingency")
    table = document(
        header + ods_row(CODE, "ERP", EUROS, MONTH, TENTH) + ods_row("P2", "CRM", EUROS, DAY, TENTH), STYLES
    )
    euro = Desk(tmp_path / "euro", currency="EUR")
    done = euro.put(table, name="t.ods")
    first, second = euro.record.initiatives
    assert (first.id, first.capex, first.finish, first.contingency) == ("P-0007", 250_000, None, 0.1)
    assert (second.finish, [one.found for one in done.left_open]) == (date(2027, 3, 1), ["March 2027"])
    assert "an amount in USD" in Desk(tmp_path / "usd", currency="USD").refusal(table, name="t.ods")


def test_rows_and_cells_that_an_ods_repeats_keep_their_places(desk: Desk) -> None:
    """Blank rows and cells are written once with a number; remarks on a cell are no part of it."""
    blank = '<table:table-cell table:number-columns-repeated="2"/>'
    noted = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>a remark</text:p></office:annotation>'
        "<text:p>ERP</text:p><text:p>new</text:p></table:table-cell>"
    )
    bad = '<table:table-cell office:value-type="string"><text:p>much</text:p></table:table-cell>'
    rows = (
        ods_row("ID", "Name", "Owner", "Notes", "Budget")
        + '<table:table-row table:number-rows-repeated="7"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        + ods_row("P1", noted, blank, bad)
    )
    assert "row 9, column Budget" in desk.refusal(document(rows), name="t.ods")
    desk.put(document(rows.replace("much", "5")), name="t.ods")
    assert (desk.initiative("P1").name, desk.initiative("P1").capex) == ("ERP\nnew", 5)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>', "#DIV/0!"),
        ('<table:table-cell table:formula="of:=x" office:value-type="string" calcext:value-type="error"><text:p>Err:508</text:p></table:table-cell>', "#VALUE!"),
        ('<table:table-cell table:formula="of:=1+1"/>', "#formula without a result"),
    ],
)  # fmt: skip
def test_an_error_of_an_ods_is_no_value(desk: Desk, cell: str, told: str) -> None:
    """What a formula could not give is refused, and not missing."""
    table = document(ods_row("ID", "Name", "Budget") + ods_row("P1", "ERP", cell))
    assert f"found:   {told}" in desk.refusal(table, name="t.ods")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "save it as .xlsx"),
        ("t.xlsb", "xl/workbook.bin", "a binary workbook (.xlsb)"),
        ("t.csv", b'[{"id": "P1", "name": "ERP"}]', "JSON"),
        ("t.csv", b'{\n  "projects": []}', "JSON"),
    ],
)
def test_what_cannot_be_read_says_what_to_save_instead(
    desk: Desk, name: str, data: bytes | str, told: str
) -> None:
    """Old and binary workbooks and other formats are named for what they are."""
    if isinstance(data, str):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(data, b"")
        data = out.getvalue()
    assert told in desk.refusal(data, name=name)


@pytest.mark.parametrize(
    ("value", "read"),
    [(970999.9999999999, 971_000), (0.1 + 0.2, 0.3), (1234.5600000000001, 1234.56), (2 / 3, 2 / 3)],
)
def test_a_workbooks_number_has_no_noise(desk: Desk, value: float, read: float) -> None:
    """A formula's result in binary is what Excel shows of it, to 15 figures."""
    desk.put(saved(book(Plan=[PLAN[0], ["P1", "ERP", value]])), name="t.xlsx")
    assert costs(desk)["P1"] == pytest.approx(read, abs=0, rel=1e-14)
    assert len(repr(costs(desk)["P1"])) <= 17


# What is told.


@pytest.mark.parametrize("name", ["Caf\ufffd", "Stra\ufffd\ufffde"])
def test_letters_that_were_lost_are_told(desk: Desk, name: str) -> None:
    """Another program has put a mark for what it could not read; whoever exports it again has the letter."""
    done = desk.put(f"ID,Name\nP1,{name}\nP2,ERP\n")
    assert any("Letters were lost" in remark and "1 row (2)" in remark for remark in done.remarks)


def test_work_that_is_done_later_than_the_round_is_told(desk: Desk) -> None:
    """The round is as of 30 September 2026: what ends after it cannot be done yet."""
    done = desk.put(
        "ID,Name,Status,End date\nP1,ERP,Done,2026-10-01\nP2,CRM,Done,2026-09-30\nP3,X,Running,2027-01-31\n"
    )
    (told,) = [remark for remark in done.remarks if remark.startswith("Called done")]
    assert "2026-09-30, the latest round’s date: P1." in told


@pytest.mark.parametrize(("file", "used"), [("", "client_data"), ("intake.ipynb", "../client_data")])
def test_an_empty_folder_below_clients_is_not_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, used: str
) -> None:
    """Only where notebooks run are the clients beside the folder; elsewhere a new folder of clients is begun."""
    monkeypatch.delenv("ALIGN_CLIENTS", raising=False)
    (tmp_path / "client_data").mkdir()
    (tmp_path / "here").mkdir()
    if file:
        (tmp_path / "here" / file).write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "here")
    assert clients_folder().as_posix() == used
