"""The fullest slides that a consultant may add, drawn: nothing is cut off, nothing overlaps, on a screen and on a phone."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from toolkit.client.deck import Deck, OwnSlide
from toolkit.client.store import load
from toolkit.plan import plan_roadmap
from toolkit.publish.exporters import DeckExporter
from toolkit.publish.verify import verify
from toolkit.show import RoadmapStory

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).resolve().parents[2] / "client_data"
PICTURE = {"picture": "slides/a.png", "alt": "A tall tower"}
TEXTS: dict[str, Callable[[int], str]] = {
    "entries": lambda n: "\n".join(["- an entry of the list"] * n),
    "paragraphs": lambda n: "\n\n".join(["A paragraph of a few words, then **more of them** to the line’s end and past it."] * n),
    "long words": lambda n: "\n".join(["- Verwaltungsgemeinschaftsangelegenheiten **und Abstimmungsverfahren**"] * n),
    "lists within": lambda n: "\n".join(["- outer", "  - inner", "    - innermost"] * n),
}  # fmt: skip
TITLES = (
    "Short",
    "A title as long as a title may be here, which is a hundred and five letters, and so goes over two lines",
)


def fullest() -> list[dict[str, Any]]:
    """Return slides with as much of each text as is allowed."""
    out = []
    for name, text in TEXTS.items():
        for title in TITLES:
            for more in ({}, PICTURE):
                one = {"title": f"{name}{len(out)} {title}"[:105], "after": "risks", **more}
                n = 1
                while not list(OwnSlide.model_validate(one | {"text": text(n + 1)}).contradictions()):
                    n += 1
                out.append(one | {"text": text(n)})
    return out


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deck of these slides, exported without a notebook's run."""
    record = load(SAMPLES, "lakeside-clinic")
    tower = io.BytesIO()
    Image.new("RGB", (500, 1500), "teal").save(tower, "PNG")
    facts = record.facts.model_copy(update={"deck": Deck.model_construct(own=tuple(map(OwnSlide.model_validate, [*fullest(), {"title": "Alone", "after": "risks", **PICTURE}])))})  # fmt: skip
    record = replace(record, facts=facts, pictures={"slides/a.png": tower.getvalue()})
    outputs = []
    for page in RoadmapStory.of(record, plan_roadmap(record)).own_slides:
        data, metadata = page._repr_mimebundle_()
        outputs.append(new_output("display_data", data, metadata=metadata))
    notebook = new_notebook(
        cells=[new_code_cell("display()", outputs=outputs, metadata={"slideshow": {"slide_type": "slide"}})]
    )
    html, _ = DeckExporter().from_notebook_node(notebook)
    verify("roadmap.html", html.encode())
    path = tmp_path_factory.mktemp("own") / "roadmap.html"
    path.write_text(html, encoding="utf-8")
    return path


# For each slide: how far its text or picture reaches below where the source begins, and the source below the footer.
OVERLAPS = """[...document.querySelectorAll('.own')].flatMap(slide => {
  const at = selector => [...slide.querySelectorAll(selector)].map(one => one.getBoundingClientRect());
  const [source] = at('.body > .source'), [foot] = at('.foot');
  const below = Math.max(...at('.words, .picture img').map(one => one.bottom)) - source.top;
  const wide = Math.max(...at('.words, .words *, .picture img').map(one => one.right)) - slide.getBoundingClientRect().right;
  return below > 0.5 || source.bottom > foot.top || wide > 0 ? [[slide.id, below, source.bottom - foot.top, wide]] : [];
})"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_fullest_own_slides_fit(deck: Path, visit: Callable[..., Any], width: int) -> None:
    """Text and picture end above the source, and the source above the footer, on every slide."""
    seen = visit(deck, width, 720)
    number = len(fullest()) + 1
    assert seen.page.locator(".own").count() == number
    found = []
    for n in range(number):
        if width == 1280:
            seen.page.evaluate(f"Reveal.slide({n})")
        found += [one for one in seen.page.evaluate(OVERLAPS) if one[0] == f"own-{n + 1}"]
    assert found == []
    assert seen.trouble == []
