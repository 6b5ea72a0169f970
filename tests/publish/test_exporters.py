"""Tests of what of a notebook may reach a reader."""

from __future__ import annotations

import base64

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from toolkit.publish.exporters import HTML_KEY, DeckExporter, ReportExporter, markdown_html, output_html
from toolkit.publish.verify import verify

SCRIPT = "<script>alert(1)</script>"
OURS = {HTML_KEY: '<div class="page slide sheet"><h1>Ours &amp; safe</h1></div>', "text/html": SCRIPT}
PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\nrest").decode()

NEVER = {
    "strange HTML": {"text/html": SCRIPT},
    "JavaScript": {"application/javascript": "alert(1)"},
    "Mermaid": {"text/vnd.mermaid": f"graph TD; a[{SCRIPT}]"},
    "LaTeX": {"text/latex": SCRIPT},
    "Markdown": {"text/markdown": SCRIPT},
    "a widget": {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}},
    "a PDF": {"application/pdf": "JVBERi0="},
    "a PNG that is none": {"image/png": '"><script>alert(1)</script>'},
    "a JPEG": {"image/jpeg": PIXEL},
}


def shown(data: dict, **metadata: object) -> str:
    """Return an output with this data, as HTML."""
    return str(output_html(new_output("display_data", data, metadata=metadata)))


@pytest.mark.parametrize("data", NEVER.values(), ids=NEVER)
def test_never_rendered(data: dict) -> None:
    """A kind that could run or load something is not rendered; its plain text, if any, stands instead."""
    assert shown(data) == ""
    assert shown(data | {"text/plain": "<b>plain"}) == "<pre>&lt;b&gt;plain</pre>"


def test_ours_as_it_is() -> None:
    """HTML under our own key is rendered as it is, whatever else stands beside it."""
    assert shown(OURS) == OURS[HTML_KEY]


def test_picture_runs_nothing() -> None:
    """An SVG with a script becomes an image, in which no script runs, and whose metadata add no attributes."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">{SCRIPT}</svg>'
    html = shown({"image/svg+xml": svg, "text/plain": 'A "chart"'}, **{"image/svg+xml": {"onerror": "x"}})
    encoded = base64.b64encode(svg.encode()).decode()
    expected = f'<img alt="A &#34;chart&#34;" src="data:image/svg+xml;base64,{encoded}">'
    assert html == f'<p class="picture">{expected}</p>'


def test_png_metadata() -> None:
    """Width, height and anything else in an image's metadata are left out."""
    html = shown({"image/png": PIXEL + "\n"}, **{"image/png": {"width": '1" onload="alert(1)'}})
    assert html.count('"') == 6
    assert "onload" not in html


@pytest.mark.parametrize(
    "output",
    [
        new_output("stream", name="stdout", text="SECRET"),
        new_output("stream", name="stderr", text="SECRET"),
        new_output("error", ename="SECRET", evalue="SECRET", traceback=["SECRET"]),
    ],
    ids=["stdout", "stderr", "error"],
)
def test_streams_and_errors(output: object) -> None:
    """Streams and errors never reach a reader."""
    assert str(output_html(output)) == ""  # type: ignore[arg-type]


def test_markdown() -> None:
    """In Markdown, raw HTML is text, pictures vanish, and only links within the page stay."""
    source = f"# T\n\n{SCRIPT}\n\n**b** {SCRIPT} ![p](https://e.com/a.png) [out](https://e.com) [in](#a) $\\foo$ {{{{7*7}}}}"
    html = str(markdown_html(source))
    assert "<strong>b</strong>" in html
    assert '<a href="#a">in</a>' in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "$\\foo$" in html
    assert "{{7*7}}" in html
    assert "e.com" not in html
    assert "<img" not in html


def test_whole_documents() -> None:
    """A notebook full of hostile outputs gives a report and a deck that pass the last look."""
    cells = [
        new_code_cell(
            SCRIPT,
            metadata={"slideshow": {"slide_type": "slide"}},
            outputs=[
                new_output(
                    "display_data",
                    OURS,
                    metadata={HTML_KEY: {"document_title": "</title><script>{{7*7}}", "lang": '"><img>'}},
                ),
                *(new_output("display_data", data | {"text/plain": SCRIPT}) for data in NEVER.values()),
            ],
        ),
        new_markdown_cell(SCRIPT, metadata={"slideshow": {"slide_type": "slide"}}),
        *(
            new_code_cell(
                "x = 'SECRET'",
                metadata={"tags": [tag]},
                outputs=[new_output("display_data", {"text/plain": "SECRET"})],
            )
            for tag in ("notebook-only", "parameters", "injected-parameters")
        ),
    ]
    for exporter in (ReportExporter(), DeckExporter()):
        html, _ = exporter.from_notebook_node(new_notebook(cells=cells))
        verify("a.html", html.encode())
        assert "<title>&lt;/title&gt;&lt;script&gt;{{7*7}}</title>" in html
        assert "SECRET" not in html
        assert "Ours &amp; safe" in html
