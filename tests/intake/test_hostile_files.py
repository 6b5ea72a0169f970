"""Files that are no table, or made to do harm: refused in words, at once, with the record as it was.

``benchmarks/soak_hostile_files.py`` tries many more, and measures the seconds and memory of each.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import soak_hostile_files as soak

from toolkit.errors import InputError
from toolkit.intake import archive, import_file, table
from toolkit.intake.table import read_raw, sheet_of

FAST = {case.name: case for case in soak.CASES if case.fast}
needs_posix = pytest.mark.skipif(os.name == "nt", reason="no pipes, and links need a privilege, on Windows")


@needs_posix
@pytest.mark.parametrize("name", FAST)
def test_what_is_no_table_is_refused_for_what_it_is(tmp_path: Path, name: str) -> None:
    """Whatever a file calls itself, the refusal names what it is and says what to do."""
    case = FAST[name]
    case.make(tmp_path / name)
    with pytest.raises(InputError) as caught:
        sheet_of(read_raw(tmp_path / name))
    assert any(word in str(caught.value) for word in case.told.split("|"))
    for fault in caught.value.faults:
        assert name in fault.where
        assert fault.remedy


@needs_posix
@pytest.mark.parametrize("name", ["password.xlsx", "pipe.csv", "far-row.xlsx"])
def test_the_command_refuses_and_changes_nothing(tmp_path: Path, name: str) -> None:
    """As a survey and as a table, the command ends with words and 1, within its bounds, the record untouched."""
    attempts = list(soak.attempts(tmp_path, [FAST[name]]))
    assert [(kind, wrong) for _, kind, _, wrong in attempts] == [("survey", ""), ("initiatives", "")]


@needs_posix
def test_a_map_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A map is read from a plain file only; a pipe or a device is a fault with a remedy."""
    soak.create(tmp_path, "soak", {"client.yaml": soak.FACTS})
    (tmp_path / "t.csv").write_bytes(b"id,name\na,A\n")
    os.mkfifo(tmp_path / "pipe.yaml")
    for name in ("pipe.yaml", "none.yaml"):
        with pytest.raises(InputError, match="Correct the path after --map"):
            import_file(tmp_path, "initiatives", "soak", tmp_path / "t.csv", tmp_path / name)


@pytest.mark.parametrize("separator", [b",", b";", b"\t"])
def test_a_table_of_too_many_cells_is_refused_before_it_is_split(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, separator: bytes
) -> None:
    """A text is split into cells up to the limit, and not beyond it."""
    monkeypatch.setattr(table, "MOST_CELLS", 30)
    path = tmp_path / "t.csv"
    path.write_bytes((b"x" + separator + b"y" + b"\r\n") * 15)
    assert len(read_raw(path).rows) == 15
    path.write_bytes((b"x" + separator + b"y" + b"\r\n") * 16)
    with pytest.raises(InputError, match="about 32 cells in 2 columns"):
        read_raw(path)


def test_only_what_is_parsed_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that no table is made of may be as large as the archive allows; the sheet may not."""
    path = tmp_path / "t.xlsx"
    soak.with_part("xl/pivotCache/any.xml", lambda: b"<a/>" * 500, 0)(path)
    monkeypatch.setattr(archive, "MOST_SMALL", 500)
    assert read_raw(path).rows[1] == (2, ["a", "A"])
    soak.with_part(soak.STYLES, lambda: b"<a/>" * 501, 0)(path)
    monkeypatch.setattr(archive.Archive.xml, "__defaults__", (500,))
    with pytest.raises(InputError, match="more cells or other elements than the limits"):
        read_raw(path)


def test_one_name_for_two_parts_is_refused(tmp_path: Path) -> None:
    """What is checked must be what is read, so no second part may hide under the name of the first."""
    path = tmp_path / "t.xlsx"
    path.write_bytes(soak.packed([*soak.plain().items(), ("XL/Worksheets/sheet1.xml", b"<a/>")], 0))
    with pytest.raises(InputError, match="two parts of one name"):
        read_raw(path)


def test_a_string_that_is_repeated_without_end_is_refused(tmp_path: Path) -> None:
    """30,000 characters that 100,000 cells share are three thousand million once each cell has its own."""
    path = tmp_path / "t.xlsx"
    text = b"<sst " + soak.NAMESPACE + b"><si><t>" + b"a" * 30_000 + b"</t></si></sst>"
    cells = soak.sheet((b"<row>" + b'<c t="s"><v>0</v></c>' * 50 + b"</row>") * 2_000)
    path.write_bytes(soak.packed([*{**soak.plain(), soak.STRINGS: text, soak.SHEET: cells}.items()]))
    with pytest.raises(InputError, match="strings that are repeated without end"):
        read_raw(path)


def test_a_table_that_begins_with_an_angle_bracket_is_read(tmp_path: Path) -> None:
    """A heading in angle brackets is no web page."""
    path = tmp_path / "t.csv"
    path.write_bytes(b"<id>,name\na,A\n")
    assert sheet_of(read_raw(path)).header == ("<id>", "name")
