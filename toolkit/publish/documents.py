"""The documents a client gets: which notebook tells each, which exporter dresses it, what comes with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from toolkit.client.record import Record
from toolkit.plan import Roadmap, to_json
from toolkit.publish.data_files import findings_json, roadmap_csv
from toolkit.publish.exporters import DeckExporter, Exporter, PresenterExporter, ReportExporter
from toolkit.publish.workbook import roadmap_xlsx

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
    exporter : type
        The exporter that makes the HTML file.
    template : str
        Name of that exporter's template folder.
    data : dict
        The data files that come with it: by name, what makes each file's bytes from a record, a round's
        id and the roadmap solved for them.
    presenter : type or None
        The exporter of its presenter's copy, which is never a client's; None where it has none.
    """

    name: str
    exporter: type[Exporter]
    template: str
    data: Mapping[str, Callable[[Record, str, Roadmap], bytes]]
    presenter: type[Exporter] | None = None

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
        return (self.html, *([self.presenter_html] if self.presenter else []))

    @property
    def files(self) -> tuple[str, ...]:
        """File names of all that is made of it."""
        return (*self.pages, self.notebook, *self.data)


DOCUMENTS: dict[str, Document] = {
    one.name: one
    for one in (
        Document(
            "assessment",
            ReportExporter,
            "report",
            {FINDINGS: findings_json},
        ),
        Document(
            "roadmap",
            DeckExporter,
            "deck",
            {
                "roadmap.csv": lambda record, _, roadmap: roadmap_csv(record, roadmap),
                "roadmap.xlsx": lambda record, round_id, roadmap: roadmap_xlsx(record, roadmap, round_id),
                KEPT_PLAN: lambda _, __, roadmap: to_json(roadmap).encode(),
            },
            PresenterExporter,
        ),
    )
}
