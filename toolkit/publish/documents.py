"""The documents a client gets: which notebook tells each, and which files come of it."""

from __future__ import annotations

from dataclasses import dataclass

# The plan as it was published: what later rounds are compared with.
KEPT_PLAN = "plan.json"
# All that the assessment says: what later rounds are held against.
FINDINGS = "findings.json"


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
    """

    name: str
    template: str
    data: tuple[str, ...]
    for_presenter: bool = False

    @property
    def notebook(self) -> str:
        """File name of the notebook that tells it."""
        return f"{self.name}.ipynb"

    @property
    def html(self) -> str:
        """File name of the document."""
        return f"{self.name}.html"

    @property
    def pdf(self) -> str:
        """File name of the document as PDF, where one is asked for."""
        return f"{self.name}.pdf"

    @property
    def presenter_html(self) -> str:
        """File name of the presenter's copy."""
        return f"{self.name}-presenter.html"

    @property
    def pages(self) -> tuple[str, ...]:
        """File names of its pages: the document, and its presenter's copy where it has one."""
        return (self.html, *([self.presenter_html] if self.for_presenter else []))

    @property
    def for_client(self) -> tuple[str, ...]:
        """File names of all that a client may have: not the presenter's copy."""
        return tuple(file for file in self.files if file != self.presenter_html)

    @property
    def files(self) -> tuple[str, ...]:
        """File names of all that may be made of it."""
        return (*self.pages, self.pdf, self.notebook, *self.data)


DOCUMENTS: dict[str, Document] = {
    document.name: document
    for document in (
        Document("assessment", "report", (FINDINGS,)),
        Document(
            "roadmap", "deck", ("roadmap.csv", "roadmap.xlsx", "figures.xlsx", KEPT_PLAN), for_presenter=True
        ),
    )
}
