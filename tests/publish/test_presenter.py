"""The presenter's copy: notes for whoever presents, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from markupsafe import Markup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from toolkit.errors import DeliverableError
from toolkit.html.markup import NOTES_KEY as TOLD_UNDER
from toolkit.publish.documents import DOCUMENTS
from toolkit.publish.exporters import NOTES_KEY, DeckExporter, PresenterExporter, without_notes
from toolkit.publish.verify import verify
from toolkit.show.page import Page

HOSTILE = "</aside><script>alert(1)</script>“quoted” & \u202eturned"


def deck(*notes: str) -> NotebookNode:
    """Return an executed notebook of one slide with these speaker notes."""
    page = Page("one", "A title", (Markup("<p>Body</p>"),), "Roadmap", False, slide=True, notes=notes)
    data, metadata = page._repr_mimebundle_()
    slide = new_code_cell("story.one()", metadata={"slideshow": {"slide_type": "slide"}})
    slide.outputs = [new_output("display_data", data=data, metadata=metadata)]
    return new_notebook(cells=[slide])


def exported(exporter: type[DeckExporter], notebook: NotebookNode) -> str:
    """Return a notebook as HTML."""
    return str(exporter().from_notebook_node(notebook)[0])


def test_both_rooms_mean_the_same_key() -> None:
    """What a page puts its notes under is what publishing takes them from."""
    assert TOLD_UNDER == NOTES_KEY


def test_only_the_presenters_copy_holds_notes() -> None:
    """A note stands in the presenter's copy and its mark with it; the client's deck knows neither."""
    notebook = deck("Ask Priya for the figure.")
    client, presenter = exported(DeckExporter, notebook), exported(PresenterExporter, notebook)
    assert "Ask Priya" in presenter
    assert "Presenter’s copy: not for clients" in presenter
    assert "Ask Priya" not in client
    assert "resenter" not in client.split("<script>")[0]


def test_notes_are_text_whatever_they_hold() -> None:
    """A note with markup in it is shown as it is written, and the copy passes its checks."""
    html = exported(PresenterExporter, deck(HOSTILE))
    verify("roadmap-presenter.html", html.encode(), presenter=True)
    assert "&lt;/aside&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_clients_deck_with_notes_is_refused() -> None:
    """Notes that got into what a client receives stop its publication, by name."""
    with pytest.raises(DeliverableError, match="speaker notes, which only the presenter's copy may"):
        verify("roadmap.html", exported(PresenterExporter, deck("A note.")).encode())


def test_notes_of_either_kind_are_refused() -> None:
    """A slide's ``data-notes``, which reveal.js takes for notes too, stops a client's deck as well."""
    html = exported(DeckExporter, deck())
    verify("roadmap.html", html.encode())
    with pytest.raises(DeliverableError, match="speaker notes"):
        verify("roadmap.html", html.replace("<section>", '<section data-notes="A note.">').encode())


def test_every_slide_of_the_copy_is_marked() -> None:
    """Slides without notes, and slides of prose, say as the others do that they are not for clients."""
    notebook = deck()
    notebook.cells.append(new_markdown_cell("## Prose", metadata={"slideshow": {"slide_type": "slide"}}))
    html = exported(PresenterExporter, notebook)
    assert html.count("<section>") == html.count("Presenter’s copy: not for clients</p>") == 2


def test_the_copy_is_the_same_twice() -> None:
    """The same notes give the same bytes."""
    assert exported(PresenterExporter, deck(HOSTILE)) == exported(PresenterExporter, deck(HOSTILE))


def test_a_clients_deck_may_not_show_other_files_within_it() -> None:
    """The frames that the speaker view needs are allowed in the presenter's copy alone."""
    html = exported(PresenterExporter, deck("A note.")).replace('<aside class="notes">', "<aside>")
    verify("roadmap-presenter.html", html.encode(), presenter=True)
    with pytest.raises(DeliverableError, match="opens frame-src"):
        verify("roadmap.html", html.encode())


def test_an_executed_notebook_is_kept_without_its_notes() -> None:
    """What is written beside the deck has lost the notes, and the notebook at hand still has them."""
    notebook = deck("A note.")
    assert NOTES_KEY not in json.dumps(without_notes(notebook))
    assert NOTES_KEY in json.dumps(notebook)


def test_no_file_for_the_client_holds_a_note(real_clients: Path) -> None:
    """Of all that is made for a client, only the presenter's copy says what is meant for whoever presents."""
    made = {path.name: path.read_bytes() for path in real_clients.glob("*/deliverables/*/*")}
    name = DOCUMENTS["roadmap"].presenter_html
    told = [file for file, data in made.items() if b"Read the decisions out first" in data]
    assert told == [name]
    assert [file for file, data in made.items() if NOTES_KEY.encode() in data] == []
    assert name in json.loads(made["manifest.json"])["documents"]["roadmap"]["outputs"]
