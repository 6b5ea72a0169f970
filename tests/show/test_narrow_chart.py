"""A chart as a phone shows it, drawn from the same data as the wide one."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from toolkit.html.fonts import text_width
from toolkit.html.policy import SVG, drawing_faults
from toolkit.show.narrow_chart import WIDTH, narrow_chart
from toolkit.show.native_chart import ChartSeries, NativeChart, RowNote

MARKS = NativeChart(
    "marks", ("Resources", "Communication"),
    (
        ChartSeries("Business", (3.2, 2.4), "business", ("3.2", "2.4"), sides=("right", "left"), mark="o"),
        ChartSeries("IT", (1.9, 3.3), "it", ("1.9", "3.3"), sides=("left", "right"), mark="s", since=(3.2, 2.4)),
        ChartSeries("Target", (2.5, 3.5), "ink", mark="|"),
    ),
    asides=("", "weak"), notes=(RowNote("+1.3", "clear difference"), RowNote("−0.9", "clear difference")),
    low=1.0, high=5.0, ticks=("1 weak", "2", "3", "4", "5 strong"), heads=("", "Gap"),
)  # fmt: skip
BARS = NativeChart(
    "bars", ("Run", "Grow"), (ChartSeries("Change", (460.0, -90.0), "mid", ("+460", "−90"), fills=("mid", "alarm")),),
    notes=(RowNote("4.76m, 85 %"), RowNote("310k, 6 %")), stacked=False,
)  # fmt: skip


def texts(chart: NativeChart) -> list[tuple[float, float, str]]:
    """Return each text drawn: from where to where it reaches, in pixels, and what it says."""
    drawn = []
    for element in fromstring(
        str(narrow_chart(chart, "described")).replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1)
    ).iter(f"{SVG}text"):
        style = element.get("style", "")
        weight, size = re.findall(r"font: (\d+) ([\d.]+)px", style)[0]
        wide = text_width(element.text or "", float(size), int(weight))
        x, anchor = float(element.get("x", "nan")), style.rpartition("text-anchor: ")[2]
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[anchor]
        drawn.append((left, left + wide, element.text or ""))
    return drawn


@pytest.mark.parametrize("chart", [MARKS, BARS], ids=lambda chart: chart.kind)
def test_all_that_the_data_say_of_a_row_is_drawn(chart: NativeChart) -> None:
    """Names, labels, notes, asides and the legend of several series stand in the drawing."""
    said = [text for _, _, text in texts(chart)]
    wanted = [
        *chart.rows,
        *chart.ticks,
        *filter(None, chart.asides),
        *(series.name for series in chart.legend),
    ]
    wanted += [label for series in chart.series for label in series.labels]
    wanted += [words for note in chart.notes for words in (note.head, note.aside) if words]
    assert [words for words in wanted if words not in said] == []


labels = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=1, max_size=14)


@given(
    values=st.lists(st.tuples(st.floats(-1e6, 1e6), labels, st.sampled_from(["left", "right", "above", "below"])), min_size=1, max_size=5),
    name=st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=1, max_size=90),
    kind=st.sampled_from(["bars", "marks"]),
    stacked=st.booleans(),
)  # fmt: skip
def test_no_text_passes_the_edges(values: list, name: str, kind: str, stacked: bool) -> None:
    """Whatever names, labels and values are, each text stands within the width."""
    rows = tuple(f"{n} {name}" for n in range(len(values)))
    series = ChartSeries(name, tuple(value for value, _, _ in values), "plan", tuple(label for _, label, _ in values),
                         sides=tuple(side for _, _, side in values), mark="o")  # fmt: skip
    low, high = min(value for value, _, _ in values), max(value for value, _, _ in values)
    chart = NativeChart(
        kind,
        rows,
        (series,),
        notes=tuple(RowNote(name, name) for _ in rows),
        stacked=stacked,
        low=min(low, 0.0),
        high=max(high, 1.0),
    )  # type: ignore[arg-type]
    assert [words for left, right, words in texts(chart) if left < -1 or right > WIDTH + 1] == []


def test_a_hostile_name_stays_text() -> None:
    """A name that looks like markup is written as text, and the drawing holds only what a page may hold."""
    name = '<script>alert(1)</script>"&'
    svg = str(narrow_chart(replace(MARKS, rows=(name, "b")), name))
    assert "<script" not in svg
    root = fromstring(svg.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))
    assert [
        fault
        for element in root.iter()
        for fault in drawing_faults(str(element.tag).removeprefix(SVG), element.attrib)
    ] == []
    assert root.get("aria-label") == name


@pytest.mark.parametrize("kind", ["columns", "grid"])
def test_columns_and_grids_have_no_narrow_drawing(kind: str) -> None:
    """A phone shows them as they are drawn for a page."""
    assert narrow_chart(replace(BARS, kind=kind), "described") == ""  # type: ignore[arg-type]


def test_a_row_without_a_figure_takes_no_room_for_one() -> None:
    """Where nothing is known of a row, its name and its note alone are drawn."""
    empty = replace(BARS, series=(replace(BARS.series[0], values=(460.0, None), labels=("+460", "")),))
    heights = [
        float(fromstring(str(narrow_chart(chart, ""))).get("height", "nan")) for chart in (BARS, empty)
    ]
    assert heights[1] < heights[0]
