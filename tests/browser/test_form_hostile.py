"""What clients write, in every corner of the intake form beside a live kernel: shown letter for letter, obeyed nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from forms import MENU, SECTIONS, go_to, opened, serve
from lab import SPRUNG, JupyterLab, until
from playwright.sync_api import Browser, Page, expect

from toolkit.client.schema import Facts
from toolkit.client.yaml_text import dump_facts
from toolkit.intake.draft import Draft

pytestmark = pytest.mark.browser

CLIENT = "hostile"
PIECES = (
    "<img src=//evil.invalid/x onerror=alert(1)>", "<script>alert(2)</script>", "</option></select><iframe src=//evil.invalid>",
    "$x^2$", r"$$\href{javascript:alert(3)}{y}$$", r"\(z\)", r"\begin{align}q\end{align}", "{{constructor}}", "&lt;b&gt;",
)  # fmt: skip
HOSTILE = " ".join(PIECES)
TURNED = "\u202egnp.exe\u2066"  # what follows it reads from right to left
LONG = "W" * 600
MARK = "<img src=//evil.invalid/x"  # how each hostile text begins
FILE = "<img src=x onerror=alert(4)>$x^2$.csv"
QUESTIONS = ("communication", "priorities", "resources")
# Elements that the form is never made of, and attributes that run or load something.
FOREIGN = """() => [...document.querySelectorAll('.intake')].flatMap(form => [...form.querySelectorAll('*')])
  .filter(e => ['IMG', 'SCRIPT', 'IFRAME', 'A', 'B', 'OBJECT', 'EMBED', 'SVG', 'VIDEO', 'FORM', 'LINK', 'META'].includes(e.tagName.toUpperCase())
    || /mjx|mathjax|katex/i.test(e.tagName + ' ' + e.className) || [...e.attributes].some(a => /^on/i.test(a.name) || a.name === 'src' || /javascript:/i.test(['title', 'value', 'data-state'].includes(a.name) ? '' : a.value)))
  .map(e => e.outerHTML.slice(0, 200))"""
TURNING = r"() => [...document.querySelectorAll('.intake')].some(e => /[\u202a-\u202e\u2066-\u2069]/.test(e.textContent + [...e.querySelectorAll('[title]')].map(t => t.title).join()))"
WORDS = "() => [...document.querySelectorAll('.intake')].map(e => e.innerText + [...e.querySelectorAll('option')].map(o => o.textContent) + [...e.querySelectorAll('input, textarea')].map(i => i.value)).join()"


def files() -> dict[str, bytes]:
    """Return a valid client whose every free text is hostile, with a questionnaire of its own."""
    facts = {
        "profile": {"name": HOSTILE, "sector": HOSTILE, "business_lead": HOSTILE},
        "goals": [{"id": "g", "name": HOSTILE, "owner": HOSTILE, "kpi": "k", "weight": 100}],
        "kpis": [{"id": "k", "name": HOSTILE, "unit": HOSTILE, "source": HOSTILE}],
        "impact": [{"id": "i", "name": HOSTILE, "symptom": "delayed-projects", "likely": 5, "worksheet": HOSTILE}],
        "risks": [{"id": "r", "name": HOSTILE, "consequence": HOSTILE}],
        "capacity": [{"role": "<img src=//evil.invalid/x onerror=alert(5)> $x^2$", "fte": 2}],
        "themes": [{"id": "t", "dimension": "communication", "text": HOSTILE}],
        "rounds": [{"id": "r1", "as_of": "2026-12-31", "name": HOSTILE, "questionnaire": "own",
                    "groups": [{"group": "business", "invited": 12, "label": HOSTILE}, {"group": "it", "invited": 3, "mode": "consensus", "note": HOSTILE}]}],
    }  # fmt: skip
    return {"client.yaml": dump_facts(Facts.model_validate(facts)), "questionnaire.yaml": questionnaire()}


def questionnaire() -> bytes:
    """Return a client's own questionnaire with hostile wording and anchors."""
    asked = [
        {
            "id": f"q{i}",
            "dimension": one,
            "text": HOSTILE,
            "text_it": HOSTILE,
            "anchors": [f"{MARK} {n}> $x^{n}$" for n in range(5)],
        }
        for i, one in enumerate(QUESTIONS)
    ]
    return yaml.safe_dump({"id": "own", "title": HOSTILE, "questions": asked}).encode()


def drafted(clients: Path) -> None:
    """Put into the draft what no record would hold: directions turned, endless names, names of nothing."""
    draft = Draft(clients, CLIENT)
    draft.change(("initiatives", "initiative-1"), {"id": "initiative-1", "name": f"{HOSTILE} {TURNED}", "goals": {HOSTILE: "2"},
                 "depends_on": [f"{HOSTILE}{TURNED}"], "fte": {HOSTILE: "x"}, "capex": HOSTILE, "duration": TURNED})  # fmt: skip
    draft.change(("initiatives", "initiative-2"), {"id": "initiative-2", "name": LONG, "source": TURNED})
    draft.change(("facts", "goals", "goal-2"), {"id": "goal-2", "name": f"{MARK}{TURNED}", "kpi": HOSTILE})
    draft.change(("facts", "spend"), [{"year": HOSTILE, "run": TURNED}])
    draft.sync()


@pytest.fixture
def lab(tmp_path: Path, project: Path, jupyterlab: JupyterLab) -> Iterator[JupyterLab]:
    """A real JupyterLab with the hostile client, and hostile files in its folder."""
    home = serve(project, tmp_path / "lab", CLIENT, files())
    rows = f'id,name,"{PIECES[0]}",{PIECES[3]}\ni9,"{HOSTILE}",1,2\n'
    (home / FILE).write_text(rows, encoding="utf-8")
    drafted(home.parent)
    with jupyterlab.within(tmp_path / "lab") as lab:
        yield lab


@pytest.fixture
def page(chromium: Browser, lab: JupyterLab) -> Iterator[Page]:
    """The form, open on the hostile client, noting every request the page makes."""
    page = opened(lab, chromium, script=SPRUNG)
    yield page
    page.context.close()


def harmless(page: Page, where: str) -> None:
    """Fail when anything the client wrote was obeyed."""
    assert page.evaluate("sprung") == [], where
    assert page.evaluate(FOREIGN) == [], where
    assert not page.evaluate(TURNING), where


def held(page: Page, what: str) -> None:
    """Wait until the form's words hold a text."""
    page.wait_for_function(
        f"what => ({WORDS})().replaceAll('\\xa0', ' ').includes(what)", arg=what, timeout=60_000
    )


def press(page: Page, name: str) -> None:
    page.locator(".intake").get_by_role("button", name=name, exact=True).locator("visible=true").click()


def test_nothing_a_client_wrote_is_obeyed_in_any_corner_of_the_form(page: Page, lab: JupyterLab) -> None:
    """Each section, the review, an import looked at, removals, undo and a clash show hostile text and do nothing of it."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for section in SECTIONS:
        go_to(page, section)
        if section not in ("money", "planning", "targets", "spend"):
            held(page, MARK if section != "answers" else "<img src=x")
        harmless(page, section)
    removing_and_undoing(page)
    harmless(page, "removed and undone")
    scoring(page)
    harmless(page, "scored")
    importing(page)
    harmless(page, "an import looked at")
    clashing(page, lab)
    harmless(page, "a clash")
    assert [
        url for url in asked if "evil" in url or not url.startswith((lab.address, "data:", "blob:"))
    ] == []


def removing_and_undoing(page: Page) -> None:
    go_to(page, "initiatives")
    press(page, "Remove")
    held(page, f"Removed “{MARK}")
    press(page, "Undo")
    held(page, f"Undone: Initiatives, “{MARK}")
    go_to(page, "goals")
    page.get_by_label("Points of 100", exact=True).fill(f"{HOSTILE}{TURNED}")
    held(page, f"✗ “{MARK}")
    undo = page.get_by_role("button", name="Undo", exact=True)
    expect(undo).to_have_attribute("title", re.compile(f"Undo: Goals, “{re.escape(MARK)}"))


def scoring(page: Page) -> None:
    go_to(page, "scoring")
    page.locator(
        ".intake input[type=radio]"
    ).first.check()  # the only question of its area: the next comes by itself
    held(page, "Area 2 of")


def importing(page: Page) -> None:
    go_to(page, "answers")
    page.get_by_label("What it holds", exact=True).select_option(label="Initiatives")
    page.get_by_label("File in the client’s folder", exact=True).select_option(index=1)
    press(page, "Look at it")
    page.get_by_text(re.compile(r"Nothing (was changed\.|is changed yet\.)")).first.wait_for()


def clashing(page: Page, lab: JupyterLab) -> None:
    """Change one field here and in another hand at the same moment, until the form asks whose stands."""
    go_to(page, "profile")
    turns: list[Any] = []

    def asked() -> bool:
        turns.append(None)
        other = Draft(lab.folder / "client_data", CLIENT)
        other.change(("facts", "profile", "sector"), f"{HOSTILE}{TURNED} theirs {len(turns)}")
        page.get_by_label("Sector", exact=True).fill(f"{HOSTILE}{TURNED} mine {len(turns)}")
        other.sync()
        page.wait_for_timeout(1500)
        return page.get_by_text("Whose stands?").is_visible()

    until(asked, "a clash")
    held(page, "theirs")
    harmless(page, "clash")
    press(page, "Theirs stands")
    expect(page.get_by_text("Whose stands?")).to_be_hidden()
    assert page.locator(MENU).first.is_visible()
