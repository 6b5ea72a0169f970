"""Tests of the data that goes with the documents."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.client.calendar import Quarter
from toolkit.client.store import load
from toolkit.plan import from_json, plan_roadmap, to_json
from toolkit.publish.data_files import csv_bytes, json_bytes


@dataclass(frozen=True)
class Thing:
    when: Quarter
    day: date
    parts: tuple[float, ...]
    more: dict[str, object]


def test_json() -> None:
    """Results become JSON with sorted keys, exact numbers and unescaped text; missing is null."""
    thing = Thing(Quarter(2027, 1), date(2027, 1, 31), (0.1, 2.0), {"z": None, "a": "é 🙂 </script>"})
    text = json_bytes(thing).decode()
    assert json.loads(text) == {
        "when": "2027-Q1", "day": "2027-01-31", "parts": [0.1, 2.0], "more": {"a": "é 🙂 </script>", "z": None},
    }  # fmt: skip
    assert text.index('"day"') < text.index('"more"') < text.index('"when"')
    assert "é 🙂" in text


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_json_refuses(value: float) -> None:
    """A number that JSON does not know is refused rather than written."""
    with pytest.raises(ValueError):
        json_bytes({"a": value})


def test_csv() -> None:
    """Numbers stand as they are, missing values are empty, contributions read as they are typed."""
    rows = [{"a": -1.5, "b": None, "c": {"g1": 3, "g2": 1}, "d": 7, "e": "x;y"}]
    assert csv_bytes("abcde", rows) == b"\xef\xbb\xbfa,b,c,d,e\r\n-1.5,,g1: 3; g2: 1,7,x;y\r\n"


def test_csv_without_rows() -> None:
    """A roadmap without initiatives still has its header."""
    assert csv_bytes(["a", "b"], []) == b"\xef\xbb\xbfa,b\r\n"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n")), min_size=1, max_size=4))
def test_csv_runs_nothing(cells: list[str]) -> None:
    """No cell of text begins as a formula would, and each can be read back."""
    header = [str(number) for number in range(len(cells))]
    data = csv_bytes(header, [dict(zip(header, cells, strict=True))])
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))[1] if any(cells) else cells
    for cell, back in zip(cells, read, strict=True):
        assert not back.startswith(("=", "+", "-", "@", "\t"))
        assert cell in (back, back.removeprefix("'"))


def test_a_stored_plan_is_read_back_whole() -> None:
    """The plan that publish solves once is, for the notebooks that read it, the very same plan."""
    record = load(Path(__file__).resolve().parents[2] / "client_data", "meridian-manufacturing")
    solved = plan_roadmap(record)
    assert from_json(to_json(solved)) == solved
    assert solved.scheduled
