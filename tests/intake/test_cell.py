"""A workbook's cell counts as it is shown: with its currency, its thousands, its per cent, and without a day."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from toolkit.intake.cell import Moment, day_shown

from .conftest import Desk


def book(*cells: tuple[object, str], heading: str = "Budget") -> bytes:
    """A register whose second column holds values in number formats."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["Name", heading])
    for row, (value, number_format) in enumerate(cells, start=2):
        sheet.cell(row, 1, f"P{row}")
        sheet.cell(row, 2, value).number_format = number_format
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


@pytest.fixture
def euro(tmp_path: Path) -> Desk:
    """A client in euros."""
    return Desk(tmp_path, currency="EUR")


@pytest.mark.parametrize(
    ("value", "number_format", "amount"),
    [
        (250_000, "[$€-2] #,##0", 250_000),
        (250_000, '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', 250_000),
        (0, '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', 0),
        (250, '0" k€"', 250_000),
        (250, "0\\ \\k\\€", 250_000),
        (250_000, '#,##0,"k€"', 250_000),
        (250_000, "0,", 250_000),
        (1_250_000, '0.00,,"M €"', 1_250_000),
        (2, '[>=1000000]0.0,,"M";0" Mio."', 2_000_000),
        (1_250_000, "[$EUR] #,##0.00", 1_250_000),
        (250_000, "[$-407]#,##0", 250_000),
        (250_000, "[Red]#,##0;[Blue]-#,##0", 250_000),
    ],
)
def test_an_amount_is_what_its_cell_shows(
    euro: Desk, value: float, number_format: str, amount: float
) -> None:
    """Literal thousands count, scaled ones are in the value already; the client's own currency is read."""
    euro.put(book((value, number_format)), name="t.xlsx")
    assert euro.initiative("P2").capex == amount


@pytest.mark.parametrize(
    ("number_format", "found"),
    [("[$$-409]#,##0", "$ 250000"), ('"$"#,##0_);\\("$"#,##0\\)', "$ 250000"), ("[$kr-41D] #,##0", "kr 250000"), ("#,##0 [$USD]", "250000 USD"),
     ("0%", "25000000 %"), ('0" days"', "250000 days"), ("#,##0\\ [$£-809]", "250000 £")],
)  # fmt: skip
def test_what_a_cell_shows_beside_an_amount_is_not_dropped(
    euro: Desk, number_format: str, found: str
) -> None:
    """Another currency, per cent or another unit is refused as the same text is."""
    assert f"found:   {found}\n" in euro.refusal(book((250_000, number_format)), name="t.xlsx")


@pytest.mark.parametrize("number_format", ['0" k€"', "0,"])
def test_thousands_are_counted_once(euro: Desk, number_format: str) -> None:
    """Where the cell shows thousands and the map multiplies by a thousand, it is asked."""
    chosen = "kind: initiatives\nfields: {id: {column: Name, make_id: true}, name: Name, capex: {column: Budget, unit_factor: 1000}}\n"
    assert "whose size is said once" in euro.refusal(book((250, number_format)), chosen=chosen, name="t.xlsx")


def test_a_share_may_be_shown_in_per_cent(euro: Desk) -> None:
    """0.1 shown as 10 % is a tenth, and so is 10 with a per cent sign beside it."""
    euro.put(book((0.1, "0%"), (10, '0"%"'), heading="Contingency"), name="t.xlsx")
    assert [one.contingency for one in euro.record.initiatives] == [0.1, 0.1]


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [("mmm-yy", "March 2027"), ("mmm\\-yy", "March 2027"), ("mm/yyyy", "March 2027"), ("yyyy", "2027"), ("[$-407]mmmm\\ yy;@", "March 2027"),
     ("d-mmm", "1 March"), ("dd.mm.", "1 March"), ("mmmm", "March")],
)  # fmt: skip
def test_a_date_shown_in_part_is_no_day(number_format: str, shown: str) -> None:
    """Whatever the cell hides of a date was not meant."""
    assert day_shown(datetime(2027, 3, 1), number_format) == shown


@pytest.mark.parametrize("number_format", ["mm-dd-yy", "yyyy-mm-dd h:mm:ss", "d/m/yy h:mm;@", "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "dd.mm.yyyy"])  # fmt: skip
def test_a_date_shown_whole_is_a_day(euro: Desk, number_format: str) -> None:
    """Day, month and year, in any order, with or without a time."""
    euro.put(book((datetime(2027, 3, 1, 17), number_format), heading="Go-live"), name="t.xlsx")
    assert euro.initiative("P2").finish == date(2027, 3, 1)
    assert type(euro.initiative("P2").finish) is date


@pytest.mark.parametrize(("value", "number_format"), [(1000, "USD #,##0"), (datetime(2027, 3, 4), "yyyy"), (datetime(2027, 3, 4), "d"), (datetime(2027, 3, 4), "dd.mm.yyyy")])  # fmt: skip
@pytest.mark.parametrize("heading", ["Budget", "Contingency", "duration"])
def test_a_date_is_no_number(euro: Desk, value: object, number_format: str, heading: str) -> None:
    """Whatever part of it the cell shows, or a format that passes for a date's makes of a number."""
    assert f"column {heading}" in euro.refusal(book((value, number_format), heading=heading), name="t.xlsx")


@pytest.mark.parametrize("number_format", ["mmm-yy", "d-mmm"])
def test_an_id_that_a_spreadsheet_shows_as_part_of_a_day_is_refused(euro: Desk, number_format: str) -> None:
    """MAR-27 and 1-3 typed as ids are kept as 1 March 2027."""
    made = openpyxl.Workbook()
    made.active.append(["id", "name"])
    made.active.append([date(2027, 3, 1), "ERP"])
    made.active["A2"].number_format = number_format
    data = io.BytesIO()
    made.save(data)
    assert "has made a date" in euro.refusal(data.getvalue(), name="t.xlsx")


def test_the_last_moment_of_a_day_is_of_that_day(euro: Desk) -> None:
    """31 December 23:59:59.997, as a tool exports the end of a year, is not the next."""
    last = datetime(2027, 12, 31, 23, 59, 59, 997_000)
    euro.put(book((last, "yyyy-mm-dd h:mm:ss"), heading="Go-live"), name="t.xlsx")
    assert euro.initiative("P2").finish == date(2027, 12, 31)
    assert Moment.of(last).clock == time(23, 59, 59)


def test_a_name_is_what_its_cell_shows(euro: Desk) -> None:
    """3 shown as "Phase 3" is Phase 3."""
    made = openpyxl.Workbook()
    made.active.append(["id", "name"])
    made.active.append(["P1", 3])
    made.active["B2"].number_format = '"Phase "0'
    data = io.BytesIO()
    made.save(data)
    euro.put(data.getvalue(), name="t.xlsx")
    assert euro.initiative("P1").name == "Phase 3"


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (7, "0000", "0007"),
        (7, '"P-"0000', "P-0007"),
        (12345, '"P-"0000', "P-12345"),
        (7, '"P-"0', "P-7"),
        (7, '"P-"General', "P-7"),
        (123456, "000-000", "123-456"),
        (456, "000-000", "000-456"),
        (1234, "##\\.00", "12.34"),
        (7, '0000"-A"', "0007-A"),
        (7, "0", "7"),
        (7, "#,##0", "7"),
    ],
)
def test_an_id_has_the_zeros_and_signs_that_its_cell_shows(
    euro: Desk, value: int, number_format: str, shown: str
) -> None:
    """A code kept as a number is the same id as in the same register saved as CSV, and others' references lead to it."""
    made = openpyxl.Workbook()
    for row in (["id", "name", "depends_on", "Budget"], [value, "ERP", None, value], ["z", "CRM", value, 1]):
        made.active.append(row)
    for cell in ("A2", "C3", "D2"):
        made.active[cell].number_format = number_format if cell != "D2" else "0000"
    data = io.BytesIO()
    made.save(data)
    euro.put(data.getvalue(), name="t.xlsx")
    assert [one.id for one in euro.record.initiatives] == [shown, "z"]
    assert euro.initiative("z").depends_on == (shown,)
    assert euro.initiative(shown).capex == value
    done = euro.put(f"id,name,depends_on,Budget\n{shown},ERP,,{value}\nz,CRM,{shown},1\n")
    assert done.unchanged == (shown, "z")


@pytest.mark.parametrize("texts", [("13/04/2027", "25/12/2027"), ("04/13/2027",)])
@pytest.mark.parametrize("heading", ["Go-live", "deadline"])
def test_dates_beside_texts_that_excel_could_not_read_are_asked_about(
    euro: Desk, texts: tuple[str, ...], heading: str
) -> None:
    """A day-first file opened in an Excel that puts months first: 3 April has become 4 March, 13 April stayed text."""
    cells = ((datetime(2027, 3, 4), "mm-dd-yy"), *((text, "General") for text in texts))
    told = euro.refusal(book(*cells, heading=heading), name="t.xlsx")
    assert f"row 2, column {heading}" in told
    assert "row 3" not in told
    order = "%d/%m/%Y" if texts[0].startswith("13") else "%m/%d/%Y"
    field = "finish" if heading == "Go-live" else heading
    chosen = f"kind: initiatives\nfields: {{id: {{column: Name, make_id: true}}, name: Name, {field}: {{column: {heading}, dates: ['{order}']}}}}\n"
    euro.put(book(*cells, heading=heading), chosen=chosen, name="t.xlsx")


def test_points_beside_slashes_that_put_the_month_first_are_asked_about(euro: Desk) -> None:
    """A US file saved again by a German Excel: 03/04 has become 03.04., and 12/31 stayed as it was."""
    table = "Name,Go-live\na,12/31/2027\nb,03.04.2027\n"
    assert "row 3, column Go-live" in euro.refusal(table)
    euro.put(table.replace("12/31", "31/12"))
    euro.put(table + "c,13.04.2027\n")


@pytest.mark.parametrize(
    "cells",
    [
        (datetime(2027, 3, 14), "13/04/2027"),  # no month is the 14th
        (datetime(2027, 3, 4), "25/12/2027", "2027-04-13", "13.04.2027", "TBD", datetime(2027, 3, 31)),
        (datetime(2027, 3, 4), "13/04/2027", "03/04/2027"),  # Excel would have read the last
        (datetime(2027, 3, 4), "13.04.2027", "2027-04-13"),
    ],
)
def test_dates_that_cannot_be_swapped_are_read(euro: Desk, cells: tuple[object, ...]) -> None:
    """A day past the 12th, a text that could be read either way, or texts of one reading: the date cells stand."""
    formats = [(one, "mm-dd-yy" if isinstance(one, datetime) else "General") for one in cells]
    euro.put(book(*formats, heading="Go-live"), name="t.xlsx")
    assert euro.initiative("P2").finish == cells[0].date()  # type: ignore[attr-defined]
