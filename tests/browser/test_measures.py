"""The browser tests' own instruments: each finds the fault it is for, and nothing on a sound page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

PRESENT = '<section class="present" style="position:absolute;left:0;top:0;width:1280px;height:720px;'
SLIDE = f'<div class="reveal ready"><div class="slides">{PRESENT}'
END = "</section></div></div>"
SOUND = f"""{SLIDE}"><h1>Sound</h1><p>One line.</p>
<details><summary>Data</summary><div style="width:3000px">folded</div></details>{END}"""


@pytest.fixture
def page(visit: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Open a body of HTML as a whole page."""

    def opened(body: str, head: str = "", **size: int) -> Any:
        path = tmp_path / "page.html"
        start = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>T</title>{head}'
        path.write_text(
            f"{start}<style>body{{margin:0}}</style></head><body><main>{body}</main></body></html>",
            encoding="utf-8",
        )
        return visit(path, **size)

    return opened


def test_a_sound_page_has_no_faults(page: Callable[..., Any]) -> None:
    """A slide that fits, with folded content wider than itself, is reported by no measure."""
    found = page(SOUND)
    assert (found.measured("overflowing"), found.measured("overlapping")) == ([], [])
    assert (found.elsewhere(), found.trouble, found.sprung(), found.barriers()) == ([], [], [], [])
    assert (found.measured("slides"), found.measured("slide"), found.measured("inFront")) == (1, 0, True)


@pytest.mark.parametrize(
    "inside",
    [
        '"><p style="width:1400px">wide</p>',
        '"><p style="height:800px">tall</p>',
        '"><p style="position:absolute;left:-40px;top:0">left of it</p>',
        '"><p style="white-space:nowrap;width:9px;margin-left:1200px">one long line of text</p>',
        '"><div style="overflow:hidden;height:20px"><p>a</p><p>cut</p></div>',
        'overflow:hidden"><div style="height:700px">a</div><p>clipped below</p>',
    ],
)
def test_a_slide_that_overflows_is_found(page: Callable[..., Any], inside: str) -> None:
    """Content past any edge of a slide, or cut off within it, is reported."""
    assert page(f"{SLIDE}{inside}{END}").measured("overflowing")


def test_text_over_text_is_found(page: Callable[..., Any]) -> None:
    """Two texts in one place are reported, and a text under one of the deck's buttons."""
    over = '"><p style="position:absolute;top:9px">one</p><p style="position:absolute;top:9px">two</p>'
    assert page(f"{SLIDE}{over}{END}").measured("overlapping") == ["“one” and “two”"]
    button = '<button aria-label="next" style="position:fixed;left:0;top:0">→</button>'
    under = f'"><p style="margin:0">one</p></section></div><div class="controls">{button}</div></div>'
    assert page(f"{SLIDE}{under}").measured("overlapping") == ["“one” and “next”"]


def test_sideways_scrolling_is_found(page: Callable[..., Any]) -> None:
    """A page wider than a phone is reported with by how much; a box that scrolls in itself is not."""
    assert page('<p style="width:500px">a</p>', width=390, height=844).measured("sideways") == 110
    scrolling = '<div style="overflow-x:auto"><p style="width:500px">a</p></div>'
    assert page(scrolling, width=390, height=844).measured("sideways") == 0


def test_paper_is_measured_by_the_page_rule(page: Callable[..., Any]) -> None:
    """The printable area of A4 is what its margins leave, in CSS pixels."""
    area = page("", head="<style>@page { size: A4; margin: 10mm 20mm; }</style>").measured(
        "paper", "210mm", "297mm"
    )
    assert area["size"].lower() == "a4"
    assert area["width"] == pytest.approx(170 / 25.4 * 96, abs=0.1)
    assert area["height"] == pytest.approx(277 / 25.4 * 96, abs=0.1)


@pytest.mark.parametrize(
    ("style", "inside"),
    [
        ("break-inside:avoid;width:800px", "wide"),
        ("break-inside:avoid;height:1100px", "tall"),
        ("", "may be split"),
        ("break-inside:avoid", '<div style="overflow-x:auto"><p style="width:900px">a</p></div>'),
        ("break-inside:avoid", '<img alt="" src="data:image/png;base64,AAAA">'),
    ],
)
def test_a_figure_that_does_not_print_is_found(page: Callable[..., Any], style: str, inside: str) -> None:
    """A figure wider or taller than the paper, cut off, splittable or undrawn is reported."""
    found = page(f'<figure style="margin:0;{style}">{inside}</figure>')
    assert found.measured("unprintable", 700, 1000)


def test_what_a_page_does_is_seen(page: Callable[..., Any]) -> None:
    """Requests, console errors, exceptions, dialogs and barriers to readers are all noticed."""
    script = '<script>alert("now"); console.error("bad"); throw Error("worse")</script>'
    found = page(f'<img src="http://198.51.100.1/a.png">{script}')
    assert found.elsewhere() == ["http://198.51.100.1/a.png"]
    assert found.sprung() == ["now"]
    assert any("bad" in one for one in found.trouble)
    assert any("worse" in one for one in found.trouble)
    assert any("image-alt" in one for one in found.barriers())


def test_a_file_beside_the_page_is_a_request(page: Callable[..., Any]) -> None:
    """Loading another file from disk counts as a request too."""
    assert len(page('<img alt="" src="x">').elsewhere()) == 1


def test_all_text_is_read(page: Callable[..., Any]) -> None:
    """Text folded away counts as readable; scripts and styles do not."""
    text = page("<p>shown</p><details><p>folded</p></details><script>let code;</script>").text()
    assert "shown" in text
    assert "folded" in text
    assert "code" not in text
