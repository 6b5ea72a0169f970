"""A page that stands alone: made without a notebook, exported as the report is."""

from __future__ import annotations

from nbformat import v4

from toolkit.client.brand import HOUSE, Brand, brand_of
from toolkit.client.edition import DRAFT, LEADERSHIP
from toolkit.client.record import Record
from toolkit.plan import Roadmap
from toolkit.publish.exporters import Exporter, ReportExporter
from toolkit.publish.job import Job
from toolkit.show.minutes import minutes
from toolkit.show.page import Page
from toolkit.show.review_story import ReviewStory


def page_html(*pages: Page, brand: Brand = HOUSE) -> bytes:
    """Return pages as one self-contained HTML file that bears a brand."""
    cells = []
    for page in pages:
        data, metadata = page._repr_mimebundle_()
        output = v4.new_output("display_data", data=data, metadata=metadata)
        cells.append(v4.new_code_cell("", outputs=[output], id=page.key))
    exporter: type[Exporter] = ReportExporter
    html, _ = exporter().from_notebook_node(v4.new_notebook(cells=cells), {"brand": brand})
    return str(html).encode()


def minutes_html(job: Job, record: Record, roadmap: Roadmap) -> bytes:
    """Return the minutes of a round's review, a draft where the review is one."""
    edition = DRAFT if job.draft else LEADERSHIP
    story = ReviewStory.of(record, roadmap, job.round, draft_note=job.note, edition=edition)
    return page_html(minutes(story), brand=brand_of(job.brand))
