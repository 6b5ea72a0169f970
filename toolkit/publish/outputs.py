"""What of a notebook may reach a reader: our own HTML, pictures as data, and escaped text; nothing else."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import bleach
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

HTML_KEY = "application/vnd.alignment.html"
NOTES_KEY = "application/vnd.alignment.notes+json"
LEFT_OUT = frozenset({"notebook-only", "parameters", "injected-parameters"})

_PROSE = frozenset({
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
})  # fmt: skip


def output_html(output: Mapping[str, Any]) -> Markup:
    """Return one output as HTML, or nothing where it may not be shown.

    In order of preference: HTML made by ``toolkit.show`` under its own key, the only HTML trusted;
    SVG or PNG as an image, in which no script runs; plain text, escaped. A stranger's
    ``text/html``, JavaScript, LaTeX, Mermaid and widgets are never rendered as such, nor are
    streams, errors and image metadata.
    """
    if output.get("output_type") not in ("display_data", "execute_result"):
        return Markup("")
    data = {key: _text(value) for key, value in output.get("data", {}).items()}
    if HTML_KEY in data:
        return Markup(data[HTML_KEY])  # escaped where it was made, verified after export
    plain = data.get("text/plain", "")
    for kind, picture in (("image/svg+xml", _svg), ("image/png", _png)):
        if encoded := picture(data.get(kind, "")):
            return Markup('<p class="picture"><img alt="{}" src="data:{};base64,{}"></p>').format(
                plain or "A picture without a description", kind, encoded
            )
    return Markup("<pre>{}</pre>").format(plain) if plain.strip() else Markup("")


def notes_html(output: Mapping[str, Any]) -> Markup:
    """Return one output's speaker notes as HTML, escaped; nothing where it has none."""
    notes = output.get("data", {}).get(NOTES_KEY, ())
    items = Markup("").join(Markup("<li><bdi>{}</bdi></li>").format(str(note)) for note in notes)
    return Markup("<ul>{}</ul>").format(items) if items else items


def without_notes(notebook: NotebookNode) -> NotebookNode:
    """Return a copy of an executed notebook without its speaker notes: what a client may have."""
    kept = deepcopy(notebook)
    for cell in kept.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(NOTES_KEY, None)
    return kept


def markdown_html(source: str) -> Markup:
    """Return a Markdown cell as HTML: raw HTML is shown as text, pictures and outside links dropped."""
    renderer = IPythonRenderer(escape=True, exclude_anchor_links=True)
    html = MarkdownWithMath(renderer=renderer).render(source)
    return Markup(bleach.clean(html, tags=_PROSE, attributes=_inner_link, strip=True))


def document_facts(cells: list[Any]) -> dict[str, Any]:
    """Return title, language and whether the sample is synthetic, from the first output that says so."""
    for cell in cells:
        for output in cell.get("outputs", []):
            facts = output.get("metadata", {}).get(HTML_KEY, {})
            if isinstance(facts, Mapping) and "document_title" in facts:
                return {
                    "title": str(facts["document_title"]),
                    "lang": str(facts.get("lang", "en")),
                    "synthetic": facts.get("synthetic") is True,
                }
    return {"title": "Untitled", "lang": "en", "synthetic": False}


def _inner_link(tag: str, name: str, value: str) -> bool:
    return tag == "a" and name == "href" and value.startswith("#")


def _text(value: Any) -> str:
    """Return a MIME value as text; on disk it may stand as a list of lines."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def _svg(source: str) -> str:
    return base64.b64encode(source.encode()).decode() if "<svg" in source else ""


def _png(encoded: str) -> str:
    """Return the picture's base64 in one line; nothing when it is not a PNG."""
    try:
        picture = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    return base64.b64encode(picture).decode() if picture.startswith(b"\x89PNG\r\n\x1a\n") else ""
