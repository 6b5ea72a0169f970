"""The documents a client gets: which notebook tells each, and which files come of it."""

from __future__ import annotations

from dataclasses import dataclass

# The plan as it was published: what later rounds are compared with.
KEPT_PLAN = "plan.json"
# All that the assessment says: what later rounds are held against.
FINDINGS = "findings.json"
# One page to write down what a review decides.
MINUTES = "review-minutes.html"


@dataclass(frozen=True)
class Document:
    """One document.

    Attributes
    ----------
    name : str
        Stem of its notebook and of its HTML file.
    template : str
        Name of its template folder.
    data : tuple of str
        Names of the data files that come with it.
    for_presenter : bool
        Whether it has a presenter's copy, which is never a client's.
    on_request : bool
        Whether it is made only where it is asked for by name.
    """

    name: str
    template: str
    data: tuple[str, ...]
    for_presenter: bool = False
    on_request: bool = False

    @property
    def notebook(self) -> str:
        """File name of the notebook that tells it."""
        return f"{self.name}.ipynb"

    @property
    def html(self) -> str:
        """File name of the document."""
        return f"{self.name}.html"

    @property
    def presenter_html(self) -> str:
        """File name of the presenter's copy."""
        return f"{self.name}-presenter.html"

    @property
    def pages(self) -> tuple[str, ...]:
        """File names of all there is to open: the document, and its presenter's copy where it has one."""
        return (self.html, *([self.presenter_html] if self.for_presenter else []))

    @property
    def files(self) -> tuple[str, ...]:
        """File names of all that is made of it."""
        return (*self.pages, self.notebook, *self.data)


DOCUMENTS: dict[str, Document] = {
    document.name: document
    for document in (
        Document("assessment", "report", (FINDINGS,)),
        Document("roadmap", "deck", ("roadmap.csv", "roadmap.xlsx", KEPT_PLAN), for_presenter=True),
        Document("review", "deck", (MINUTES,), on_request=True),
        Document("scorecard", "report", (), on_request=True),
    )
}
# What is made where nothing is asked for by name.
USUAL = tuple(name for name, document in DOCUMENTS.items() if not document.on_request)
