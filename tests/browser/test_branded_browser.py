"""Everything that bears a brand, in a dark colour and in the lightest that is let in: nothing of it is hard to see or to use."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from PIL import Image
from sent_sheets import SLUG, client
from slices import sliced, whole

from toolkit.client.brand import brand_of
from toolkit.intake.decision_sheet import write_sheet
from toolkit.intake.questionnaire_files import write_questionnaire
from toolkit.publish.exporters import DeckExporter, Exporter, ReportExporter
from toolkit.publish.make import _exported

pytestmark = pytest.mark.browser

MERIDIAN = "meridian-manufacturing"
COLOURS = {"dark": "#2a0f3d", "light": "#896d00"}  # the second: the shade nearest to a yellow that is let in
BRAND = 'meta: {{name: Ashdown Partners}}\nlogo: logo.png\ncolor: {{primary: "{}"}}\nconfidentiality: "Confidential: for the board alone"\n'
EXPORTED: tuple[tuple[str, type[Exporter]], ...] = (
    ("assessment", ReportExporter), ("roadmap", DeckExporter), ("review", DeckExporter),
)  # fmt: skip
PROJECTOR, PHONE = (1280, 720), (390, 844)

Visit = Callable[..., Any]
Deliverable = Callable[[str, str], Path]


def logo(colour: str) -> bytes:
    """Return a wide logo."""
    made = io.BytesIO()
    Image.new("RGB", (400, 60), colour).save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize("kind", sliced(["light", "dark"], 1))
def test_branded_documents_have_no_barrier(
    kind: str, deliverable: Deliverable, tmp_path: Path, visit: Visit
) -> None:
    """Assessment, deck and review, slide by slide and on a phone: axe finds nothing serious, nothing overlaps, overflows or is faint.

    A brand changes colours alone: but in a soak, axe passes over a slide made of nothing but what it has seen, and the phone,
    both of which it sees in the documents without a brand.
    """
    files = {"brand.yaml": BRAND.format(COLOURS[kind]).encode(), "logo.png": logo(COLOURS[kind])}
    found, known = {}, set[str]()
    for name, exporter in EXPORTED:
        notebook = nbformat.read(deliverable(MERIDIAN, f"{name}.ipynb"), as_version=4)
        path = tmp_path / f"{name}.html"
        path.write_bytes(_exported(exporter, notebook, brand_of(files)))
        seen = visit(path, *PROJECTOR)
        for number in seen.slides() if exporter is DeckExporter else [0]:
            is_new = exporter is ReportExporter or seen.new_kinds(known)
            faults = seen.barriers("section.present" if number else None) if is_new or whole() else []
            if exporter is DeckExporter:
                faults += [
                    fault for what in ("overflowing", "overlapping", "faint") for fault in seen.measured(what)
                ]
            found |= {f"{name} {number + 1}": faults} if faults else {}
        small = visit(path, *PHONE)
        barriers = small.barriers() if whole() else []
        if faults := [*barriers, *small.measured("faint"), *[1][: small.measured("sideways")]]:
            found[f"{name} on a phone"] = faults
        assert (seen.trouble, seen.elsewhere()) == ([], [])
    assert found == {}


@pytest.mark.parametrize("kind", COLOURS)
def test_branded_sheets_to_fill_in_have_no_barrier(kind: str, tmp_path: Path, visit: Visit) -> None:
    """Decision sheet and offline questionnaire, on a screen and on a phone, with their folded parts open; axe looks on the screen."""
    clients = tmp_path / "clients"
    client(clients)
    facts = clients / SLUG / "client.yaml"
    asked = "id: r1\n  questionnaire: executive\n  groups: [{group: business, invited: 9}]"
    facts.write_text(facts.read_text("utf-8").replace("id: r1", asked), encoding="utf-8")
    (clients / "brand.yaml").write_text(BRAND.format(COLOURS[kind]), encoding="utf-8")
    (clients / "logo.png").write_bytes(logo(COLOURS[kind]))
    sheet = write_sheet(clients, SLUG)
    offline = write_questionnaire(clients, SLUG).folder / "questionnaire-offline-business.html"
    for path in (sheet, offline):
        for size in (PROJECTOR, PHONE):
            seen = visit(path, *size)
            seen.page.locator("input[type=radio]").nth(1).check()
            seen.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            if size == PROJECTOR or whole():
                assert seen.barriers() == []
            assert (seen.trouble, seen.elsewhere()) == ([], [])
            assert seen.page.locator(".brand img").evaluate("one => one.naturalWidth") == 400
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= size[0]
