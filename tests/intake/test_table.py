"""Tables as they come: what is read exactly, and what is refused before it can do harm."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from patience import HANG

from toolkit.errors import InputError
from toolkit.intake.table import MOST_COLUMNS, MOST_ROWS, Sheet, read_raw, sheet_of
from toolkit.intake.workbook import read_workbook

Make = Callable[..., bytes]
ROWS = [["id", "name", "capex"], ["a", "A", 5], ["b", "B", 6]]


def read(folder: Path, data: bytes, name: str = "t.csv", **options: str) -> Sheet:
    """Write bytes to a file and read it as a table."""
    (folder / name).write_bytes(data)
    return sheet_of(read_raw(folder / name, **options))


def refused(folder: Path, data: bytes, name: str = "t.csv", **options: str) -> str:
    """Return the text with which a file is refused."""
    with pytest.raises(InputError) as caught:
        read(folder, data, name, **options)
    return str(caught.value)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_the_separator_is_seen_and_text_stays_exact(tmp_path: Path, separator: str, start: bytes) -> None:
    """Comma, semicolon and tab, with and without a byte-order mark: cells come out as they went in."""
    cells = ["x", '=HYPERLINK("a")', "日本 🙂", "two\nlines", f"a{separator}b", "'quoted"]
    quoted = separator.join('"' + cell.replace('"', '""') + '"' for cell in cells)
    header = separator.join("abcdef")
    sheet = read(tmp_path, start + f"{header}\n\n{quoted}\n".encode())
    assert [(number, list(row.values())) for number, row in sheet.rows] == [(3, cells)]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")],
)
def test_what_windows_writes_is_read_and_said(tmp_path: Path, encoding: str, told: str) -> None:
    """UTF-16 with its mark and Windows-1252 are read as they are, and it is said."""
    sheet = read(tmp_path, "id,name\n1,„Spaß“ am Café – à 5 €\n".encode(encoding))
    assert sheet.rows[0][1]["name"] == "„Spaß“ am Café – à 5 €"
    assert sheet.remarks == ((f"Read as {told}; see that accented letters are right.",) if told else ())


@pytest.mark.parametrize(
    "data",
    [
        "id,name\n1,Café né là\n".encode().replace(b"n\xc3\xa9", b"n\xc3"),
        b"\xef\xbb\xbfid,name\n1,Caf\xe9\n",
        b"id,name\n1,Caf\x81\n",
        b"\xff\xfei\0d\0,",
    ],
    ids=["letters in UTF-8", "a mark for UTF-8", "no Windows-1252", "half a character"],
)
def test_a_damaged_text_is_not_read_in_another_encoding(tmp_path: Path, data: bytes) -> None:
    """Where most letters are in UTF-8, or none of the encodings fits, the file is refused and not guessed at."""
    assert "text in UTF-8" in refused(tmp_path, data)


def test_separators_in_quoted_headings_do_not_count(tmp_path: Path) -> None:
    """A heading that holds more commas, or a line break, does not hide that semicolons separate the cells."""
    sheet = read(tmp_path, b'"a, b, c, d and\ne";f\n1;2\n')
    assert list(sheet.rows[0][1].values()) == ["1", "2"]


def test_another_encoding_is_read_when_the_map_names_it(tmp_path: Path) -> None:
    """The map's encoding stands; one that does not exist is refused."""
    data = "id,name\n1,Łódź\n".encode("cp1250")
    assert read(tmp_path, data, encoding="cp1250").rows[0][1]["name"] == "Łódź"
    for name in ("klingon", "a\0b"):
        assert "as the map says" in refused(tmp_path, data, encoding=name)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "an empty file"),
        (b" \n", "an empty file"),
        (b'id,name\na,"open\n', "quotation mark"),
        (b"id,name\na\n", "1 cells"),
        (b"id,name\na,b,c\n", "3 cells"),
        (b"id,name,id\na,b,c\n", "the column id more than once"),
        ("id,name\n".encode("utf-16-le"), "NUL"),
        (b"id\0,name\n", "NUL"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old (.xls) or encrypted"),
        (b"PK\x03\x04 and nothing more", "not a workbook, or a damaged one"),
        (("h" + ",h".join(map(str, range(MOST_COLUMNS + 2)))).encode(), "larger than the limits"),
        (b"id\n" + b"a\n" * (MOST_ROWS + 1), "larger than the limits"),
    ],
    ids=range(12),
)
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes, told: str) -> None:
    """Empty, cut off, ragged, doubled, wrongly encoded or too large: said, with what to do."""
    assert told in refused(tmp_path, data)


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path) -> None:
    """A wrong path is a fault, not a traceback."""
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(InputError):
            sheet_of(read_raw(path))


def test_a_trailing_separator_makes_no_row_ragged(tmp_path: Path) -> None:
    """Exports that end each line with a separator have a column without heading, which is not read."""
    assert read(tmp_path, b"id,name,\na,A,\n").rows == ((2, {"id": "a", "name": "A"}),)


def test_cells_of_a_workbook_keep_their_kind(tmp_path: Path, workbook: Make) -> None:
    """Numbers, days and texts come typed; a whole number kept as 101.0 reads as 101."""
    rows = [["a", "b", "c", None, "d"], [101.0, datetime(2027, 1, 31), " x", None, 0.5], [None] * 5, ["y"]]
    sheet = read(tmp_path, workbook(rows), "t.xlsx")
    assert sheet.rows == (
        (2, {"a": 101, "b": date(2027, 1, 31), "c": " x", "d": 0.5}),
        (4, {"a": "y"}),
    )


@given(
    st.dictionaries(
        st.tuples(st.integers(1, 40), st.integers(1, 30)),
        st.one_of(
            st.integers(-(10**9), 10**9),
            st.floats(-1e6, 1e6, allow_nan=False).map(lambda one: float(f"{one:.6g}")),
            st.dates(date(1901, 1, 1), date(2099, 12, 31)),
            st.text("abc äé日 ", min_size=1, max_size=9).filter(str.strip),
        ),
        min_size=1,
    )
)
def test_each_cell_is_read_where_it_stands(cells: dict[tuple[int, int], Any]) -> None:
    """However a sheet has gaps, each value comes out in its row and column, as it was put in."""
    book = openpyxl.Workbook()
    for (row, column), value in cells.items():
        book.active.cell(row, column, value)
    out = io.BytesIO()
    book.save(out)
    sheet = read_workbook("t.xlsx", out.getvalue(), "", MOST_ROWS, MOST_COLUMNS)
    read_cells = {
        (number, at): cell
        for number, row in sheet.rows
        for at, cell in enumerate(row, start=1)
        if cell is not None
    }
    assert read_cells == cells


def test_what_a_workbook_says_of_its_size_is_not_believed(tmp_path: Path, workbook: Make) -> None:
    """A dimension that names fewer rows than there are hides none of them."""
    data = workbook(ROWS, edit=lambda xml: xml.replace(b'ref="A1:C3"', b'ref="A1:B2"'))
    assert [row["name"] for _, row in read(tmp_path, data, "t.xlsx").rows] == ["A", "B"]


def test_the_sheet_is_the_maps_or_the_first(tmp_path: Path, workbook: Make) -> None:
    """A sheet is found by its exact name; one that is not there is refused with the names that are."""
    data = workbook(ROWS, title="Costs\u202e{{7*7}}")
    assert read(tmp_path, data, "t.xlsx", sheet="Costs\u202e{{7*7}}") == read(tmp_path, data, "t.xlsx")
    text = refused(tmp_path, data, "t.xlsx", sheet="Cost")
    assert "Costs\\u202e{{7*7}}" in text
    assert "\u202e" not in text


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda xml: xml.replace(b'r="3"', b'r="99999999999"'), "a row after 1,048,576"),
        (lambda xml: xml[:-60], "cannot be read"),
        (lambda xml: b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml, "document type"),
    ],
    ids=["row number", "cut off", "entities"],
)
def test_a_hostile_sheet_is_refused_quickly(tmp_path: Path, workbook: Make, edit: Any, told: str) -> None:
    """Rows far beyond a sheet's end, XML cut off, entities: a fault, and no hanging."""
    begun = time.process_time()
    assert told in refused(tmp_path, workbook(ROWS, edit=edit), "t.xlsx")
    assert time.process_time() - begun < HANG


def far_cells(cell: str) -> Callable[[bytes], bytes]:
    """Return what adds 3,000 rows with one cell in the last column a sheet has."""
    far = "".join(f'<row r="{row}"><c r="XFD{row}">{cell}</c></row>' for row in range(4, 3_004))
    return lambda xml: xml.replace(b"</sheetData>", far.encode() + b"</sheetData>")


def test_rows_that_reach_the_sheets_far_end_are_not_unfolded(tmp_path: Path, workbook: Make) -> None:
    """One cell in column XFD makes 16,384 of a row: 3,000 such rows are refused, not held in memory."""
    tracemalloc.start()
    told = refused(tmp_path, workbook(ROWS, edit=far_cells("<v>1</v>")), "t.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "cells as far as column 16,384" in told
    assert peak < 100_000_000


def test_cells_that_hold_nothing_reach_nowhere(tmp_path: Path, workbook: Make) -> None:
    """A colour given to whole rows makes cells up to the last column, and no table of them."""
    sheet = read(tmp_path, workbook(ROWS, edit=far_cells("")), "t.xlsx")
    assert [number for number, _ in sheet.rows] == [2, 3]


def archive(members: dict[str, bytes], encrypted: bool = False) -> bytes:
    """Return a zip file of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name, data)
    data = bytearray(out.getvalue())
    if encrypted:
        data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        ({"xl/worksheets/sheet1.xml": b"0" * 60_000_000}, "t.xlsx", "60,000,000 bytes packed into"),
        ({f"m{n}": b"" for n in range(2_001)}, "t.xlsx", "2,001 parts inside"),
        ({"xl/vbaProject.bin": b""}, "t.xlsx", "macros"),
        ({"a": b""}, "t.xlsm", "macros"),
        (archive({"a": b""}, encrypted=True), "t.xlsx", "an encrypted workbook"),
        ({"content.xml": b"<a/>"}, "t.ods", "cannot be read"),
        (b"not a zip", "t.xlsx", "not a workbook"),
    ],
    ids=["bomb", "parts", "macros", "xlsm", "encrypted", "another", "no zip"],
)
def test_an_archive_is_judged_before_it_is_unpacked(
    tmp_path: Path, data: bytes | dict[str, bytes], name: str, told: str
) -> None:
    """A zip bomb, macros, passwords and other archives are refused by their table of contents: nothing hangs."""
    whole = archive(data) if isinstance(data, dict) else data
    begun = time.process_time()
    assert told in refused(tmp_path, whole, name)
    assert time.process_time() - begun < HANG


def test_a_file_over_the_limit_is_not_even_read(tmp_path: Path) -> None:
    """50 MB is the most; a larger file is refused by its size."""
    with (tmp_path / "t.csv").open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(InputError, match="50,000,001 bytes"):
        sheet_of(read_raw(tmp_path / "t.csv"))
