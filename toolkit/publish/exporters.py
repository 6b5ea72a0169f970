"""From an executed notebook to a document: what of it may reach a reader, and how it is dressed.

Of a notebook's output only our own HTML, pictures as data and escaped text go on. The exporters ``report`` and ``deck``
make one self-contained, locked-down HTML file each; ``pptx`` and ``presenter_pptx``, with speaker notes, a PowerPoint file.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from copy import deepcopy
from importlib.resources import files
from typing import Any

import bleach
from jinja2 import Environment
from markupsafe import Markup
from nbconvert.exporters.exporter import Exporter as NotebookExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from traitlets import Bytes, default
from traitlets.config import Config

from toolkit.client.brand import HOUSE
from toolkit.html.fonts import font_faces
from toolkit.html.markup import DRAFT_MARK, HTML_KEY, NOTES_KEY, SYNTHETIC
from toolkit.html.policy import security_policy
from toolkit.html.templates import inline, part
from toolkit.publish.branding import branded, branded_tokens, families
from toolkit.shipped import shipped

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


def in_deck_order(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook with each slide in a cell of its own, in the order in which the deck shows them.

    A slide says its own place; a cell that says none stays behind what stands before it.
    """
    parts: list[tuple[int, NotebookNode]] = []
    place = 0
    for cell in notebook.cells:
        slides: list[list[Any]] = [[]]
        for output in cell.get("outputs", []):
            if _place(output) and slides[-1]:
                slides.append([])
            slides[-1].append(output)
        for n, outputs in enumerate(slides):
            place = next(filter(None, map(_place, outputs)), place)
            part = cell | {"id": f"{cell.get('id', '')}-{n}", "outputs": outputs}
            parts.append((place, NotebookNode(part) if len(slides) > 1 else cell))
    parts.sort(key=lambda part: part[0])
    return NotebookNode(notebook | {"cells": [cell for _, cell in parts]})


def _place(output: Mapping[str, Any]) -> int:
    facts = output.get("metadata", {}).get(HTML_KEY, {})
    place = facts.get("place") if isinstance(facts, Mapping) else None
    return place if isinstance(place, int) else 0


def markdown_html(source: str) -> Markup:
    """Return a Markdown cell as HTML: raw HTML is shown as text, pictures and outside links dropped."""
    renderer = IPythonRenderer(escape=True, exclude_anchor_links=True)
    html = MarkdownWithMath(renderer=renderer).render(source)
    return Markup(bleach.clean(html, tags=_PROSE, attributes=_inner_link, strip=True))


def css_text(value: str) -> Markup:
    """Return text as a string of a style sheet, each letter by its code point, so that none can end it."""
    return Markup('"{}"').format(Markup("").join(f"\\{ord(letter):06x}" for letter in value))


def document_facts(cells: list[Any]) -> dict[str, Any]:
    """Return title, language and the marks of a synthetic sample and of a draft, from the first output that says so."""
    for cell in cells:
        for output in cell.get("outputs", []):
            facts = output.get("metadata", {}).get(HTML_KEY, {})
            if isinstance(facts, Mapping) and "document_title" in facts:
                return {
                    "title": str(facts["document_title"]),
                    "lang": str(facts.get("lang", "en")),
                    "mark": SYNTHETIC if facts.get("synthetic") is True else "",
                    "draft": DRAFT_MARK if facts.get("draft") is True else "",
                }
    return {"title": "Untitled", "lang": "en", "mark": "", "draft": ""}


def _inner_link(tag: str, name: str, value: str) -> bool:
    return tag == "a" and name == "href" and value.startswith("#")


def _text(value: Any) -> str:
    """Return a MIME value as text; on disk it may stand as a list of lines."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def _svg(source: str) -> str:
    return base64.b64encode(source.encode()).decode() if "<svg" in source else ""


def _png(encoded: str) -> str:
    """Return the picture's base64 in one line; nothing when it is not a PNG."""
    return base64.b64encode(png_of(encoded)).decode()


def png_of(encoded: str) -> bytes:
    """Return the picture that base64 stands for; nothing when it is not a PNG."""
    try:
        picture = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
    return picture if picture.startswith(b"\x89PNG\r\n\x1a\n") else b""


class Exporter(TemplateExporter):
    """What both have in common: the allow-list of outputs, escaping by default, shipped templates only."""

    output_mimetype = "text/html"
    styles: tuple[str, ...] = ()
    presenter = False

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("extra_template_basedirs")
    def _default_extra_template_basedirs(self) -> list[str]:
        # nbconvert's own default is the working directory, where a stranger's template may lie.
        return [str(shipped("templates"))]

    @property
    def default_config(self) -> Config:
        config: Config = super().default_config.copy()
        config.merge(Config({"TagRemovePreprocessor": {"remove_cell_tags": set(LEFT_OUT)}}))
        return config

    def default_filters(self) -> Iterable[tuple[str, Any]]:
        yield from super().default_filters()
        yield "output_html", output_html
        yield "notes_html", notes_html
        yield "prose", markdown_html
        yield "css_text", css_text

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.autoescape = True
        environment.trim_blocks = True
        environment.lstrip_blocks = True
        return environment

    def scripts(self) -> dict[str, str]:
        """Return the inline scripts by name, in the order in which they stand in the page."""
        return {}

    def policy(self, scripts: Iterable[str]) -> str:
        """Return the page's Content-Security-Policy."""
        return security_policy(scripts)

    def from_notebook_node(  # type: ignore[override] # text, as of every exporter of nbconvert
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the notebook as one HTML document; the same notebook gives the same bytes.

        ``resources`` may hold a :class:`~toolkit.client.brand.Brand` as ``brand``, which the document then bears.
        """
        scripts = self.scripts()
        resources = self._init_resources(resources)
        brand = resources.get("brand") or HOUSE
        nb = branded(nb, brand)
        resources["document"] = document_facts(nb.cells) | {
            "policy": self.policy(scripts.values()),
            "presenter": self.presenter,
            "scripts": {name: inline("script", text) for name, text in scripts.items()},
            "fonts": inline("style", font_faces()),
            "tokens": inline("style", branded_tokens(part("house", "tokens.css"), brand)),
            "families": inline("style", families(brand)),
            "confidential": brand.confidentiality,
            "phone": inline("style", part("house", "phone.css")),
            "styles": {name: inline("style", part(self.template_name, name)) for name in self.styles},
        }
        output, resources = super().from_notebook_node(nb, resources, **kw)
        return output.rstrip() + "\n", resources


class ReportExporter(Exporter):
    """A report: pages one below the other, for screen, paper and phone; without any script."""

    export_from_notebook = "Alignment report"
    styles = ("report.css",)

    @default("template_name")
    def _template_name_default(self) -> str:
        return "report"


class DeckExporter(Exporter):
    """A deck: one slide for each cell marked as one, shown with reveal.js, which is part of the file."""

    export_from_notebook = "Alignment deck"
    styles: tuple[str, ...] = ("deck.css", "modes.css")

    @default("template_name")
    def _template_name_default(self) -> str:
        return "deck"

    def scripts(self) -> dict[str, str]:
        """Return reveal.js as pyreveal carries it, and the lines that start it."""
        return {"reveal": _reveal("reveal.js"), "start": part("deck", "start.js")}

    def from_notebook_node(  # type: ignore[override] # text, as of every exporter of nbconvert
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the notebook's slides as one HTML document."""
        resources = dict(resources or {}) | {"reveal_css": inline("style", _reveal("reveal.css"))}
        return super().from_notebook_node(in_deck_order(nb), resources, **kw)


class PresenterExporter(DeckExporter):
    """The presenter's copy of a deck: with speaker notes, and reveal.js's speaker view on the key S."""

    export_from_notebook = "Presenter’s copy of an alignment deck"
    styles: tuple[str, ...] = ("deck.css", "modes.css", "presenter.css")
    presenter = True

    def scripts(self) -> dict[str, str]:
        """Return the deck's scripts, with the speaker view before the lines that start it."""
        scripts = super().scripts()
        start = scripts.pop("start")
        notes = _reveal("plugin/notes.js")
        return scripts | {"notes": notes, "presenter": part("deck", "presenter.js"), "start": start}

    def policy(self, scripts: Iterable[str]) -> str:
        """Return the policy: the speaker view is a window that inherits it, with a script and frames of its own."""
        return security_policy([*scripts, _speaker_view_script()], frames=True)


def _speaker_view_script() -> str:
    """Return the script of the page that the speaker view writes into its window."""
    page = (
        files("pyreveal")
        .joinpath("revealjs", "plugin", "notes", "speaker-view.html")
        .read_text(encoding="utf-8")
    )
    return page[page.index("<script>") + len("<script>") : page.index("</script>")]


def _reveal(name: str) -> str:
    return files("pyreveal").joinpath("revealjs", "dist", name).read_text(encoding="utf-8")


class PowerPointExporter(NotebookExporter):
    """A deck of native slides for PowerPoint, without speaker notes.

    ``template`` holds the bytes of the consultancy's own template; empty means the house's.
    """

    export_from_notebook = "Alignment deck for PowerPoint"
    output_mimetype = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    template = Bytes(b"")
    presenter = False

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pptx"

    def from_notebook_node(  # type: ignore[override] # bytes, as of every exporter that makes a packed file
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Return the notebook's slides as a PowerPoint file; the same notebook gives the same bytes."""
        # Only here: every command of nbconvert loads all exporters, and the library for this one takes a second.
        from toolkit.publish.powerpoint import deck_files

        files = deck_files(nb, self.template)
        return files[self.presenter], self._init_resources(resources)


class PresenterPowerPointExporter(PowerPointExporter):
    """The presenter's copy: with speaker notes, and marked as such on every slide."""

    export_from_notebook = "Presenter’s copy of an alignment deck for PowerPoint"
    presenter = True
