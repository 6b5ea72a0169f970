"""Pages and exhibits: a message is said once, and data stay with the picture."""

from __future__ import annotations

import json
import re

import html5lib
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from toolkit.errors import Fault, InputError
from toolkit.html.markup import EXHIBITS_KEY, HTML_KEY
from toolkit.show.chart_style import drawable
from toolkit.show.page import Exhibit, Page, frame_table, numbered


def words_of(html: str) -> str:
    """Return the text a reader would see."""
    return "".join(html5lib.parseFragment(str(html), namespaceHTMLElements=False).itertext())


def exhibit(title: str = "Two is more than one") -> Exhibit:
    frame = pd.DataFrame({"Name": ["a", "<b>"], "Value": [1.0, None]})
    return Exhibit(
        "key", title, frame, "points", "a test", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    )


def test_exhibits_are_numbered_through_the_document() -> None:
    """The second page's exhibit comes after the first page's."""
    pages = [Page(f"p{i}", "T", (exhibit(), Markup("<p>x</p>")), "D", False) for i in range(3)]
    assert [page.exhibits[0].number for page in numbered(pages)] == [1, 2, 3]


def test_an_exhibit_carries_its_data_as_json() -> None:
    """Another exporter can draw the chart: columns, rows and unit are in the output, missing as null."""
    bundle, _ = Page("p", "T", (exhibit(),), "D", False)._repr_mimebundle_()
    payload = json.loads(json.dumps(bundle[EXHIBITS_KEY]))[0]
    assert payload["columns"] == ["Name", "Value"]
    assert payload["rows"] == [["a", 1.0], ["<b>", None]]
    assert payload["unit"] == "points"


def test_a_message_is_not_said_twice() -> None:
    """Where the page's title is the chart's message, the caption does not repeat it."""
    page = Page("p", "Two is more than one", (exhibit(),), "D", False)
    assert words_of(page.html()).count("Two is more than one") == 1


def test_missing_values_are_a_dash_in_the_data() -> None:
    """Missing is shown as missing, never as zero or nan."""
    shown = words_of(frame_table(exhibit().data, "Data"))
    assert "–" in shown
    assert "nan" not in shown.lower()


def test_figures_of_a_column_have_as_many_decimals_and_a_true_minus() -> None:
    """What rounds to nothing has no sign; measures of several units, one beside a unit, keep their own decimals."""
    frame = pd.DataFrame({"Name": ["a", "b", "c"], "Gap": [-0.001, -0.148, 2.0]})
    assert re.findall(r"[−-]?\d[\d.]*", words_of(frame_table(frame, "Data"))) == ["0.00", "−0.15", "2.00"]
    mixed = frame.assign(Unit="%")
    assert re.findall(r"[−-]?\d[\d.]*", words_of(frame_table(mixed, "Data"))) == ["0", "−0.15", "2"]


def test_a_synthetic_page_says_so() -> None:
    """Every page of a sample is marked, and no other page is."""
    marks = [
        "Synthetic sample" in words_of(Page("p", "T", (), "D", synthetic).html())
        for synthetic in (True, False)
    ]
    assert marks == [True, False]


def test_a_page_hands_out_html_only_under_its_own_key() -> None:
    """The export trusts one mime type of ours; the notebook's copy is the same text."""
    bundle, metadata = Page("p", "T", (), "The document", True)._repr_mimebundle_()
    assert bundle[HTML_KEY] in bundle["text/html"]
    assert metadata[HTML_KEY]["document_title"] == "The document"


@given(st.text(max_size=60))
def test_chart_text_has_no_control_or_direction_characters(text: str) -> None:
    """Text drawn in a chart holds nothing that a reader does not see."""
    assert all(c.isprintable() for c in drawable(text))
    assert "‮" not in drawable(text)


def test_chart_text_falls_back_to_an_id_when_nothing_can_be_drawn() -> None:
    """A name in any script stands as it is, in the reader's own fonts; one of which nothing is seen is stood in for by its id."""
    assert drawable("漢字", "i-7") == "漢字"
    assert drawable("\u202e\u200b", "i-7") == "i-7"


def test_a_notebook_shows_a_fault_without_a_traceback() -> None:
    """What a consultant sees in a notebook is the fault's own text, with nothing that steers a terminal."""
    shown = InputError(
        [Fault("client.yaml, field name", "\x1b[31mred", "text", "write text")]
    )._render_traceback_()
    assert shown[0] == "client.yaml, field name"
    assert not any("\x1b" in line or "Traceback" in line for line in shown)
