"""Hands faster than the kernel: what was typed before a press is part of it, and stays where it was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from form_driver import saved
from forms import go_to, opened, serve
from lab import JupyterLab, Served, until
from playwright.sync_api import Browser, Page, expect

from toolkit.client.schema import Facts
from toolkit.client.store import load
from toolkit.client.yaml_text import dump_facts
from toolkit.intake.draft import Draft

pytestmark = pytest.mark.browser

# All in one instant, as when the kernel is busy and hears of it only afterwards: two changes of a field, then the press.
TYPED = """([label, texts]) => {
  const field = [...document.querySelectorAll('.intake label')].filter(e => e.checkVisibility())
    .find(e => e.textContent === label).parentElement.querySelector('input, select');
  for (const text of texts) {
    if (field.tagName === 'SELECT') field.selectedIndex = text; else field.value = text;
    for (const kind of ['input', 'keyup', 'change']) field.dispatchEvent(new Event(kind, {bubbles: true}));
  }
}"""
PRESSED = """button => [...document.querySelectorAll('.intake button')].find(e => e.textContent === button).click()"""
CHOSEN = """place => {
  const list = [...document.querySelectorAll('.intake .widget-select select')].filter(e => e.checkVisibility()).at(-1);
  list.selectedIndex = place;
  list.dispatchEvent(new Event('change', {bubbles: true}));
}"""
GOALS = {
    "profile": {"name": "Acme"},
    "goals": [{"id": "a", "name": "Grow"}, {"id": "b", "name": "Save"}],
    "rounds": [{"id": "r1", "as_of": "2026-09-30"}],
}


def at_once(page: Page, *acts: tuple[str, object]) -> None:
    """Do several things in the page before it can send or hear anything; then it is busy, as on a slow machine."""
    page.evaluate(
        """acts => {
          for (const [act, given] of acts) eval(act)(given);
          setTimeout(() => { for (const ends = performance.now() + 1000; performance.now() < ends;); }, 30);
        }""",
        [list(one) for one in acts],
    )


def test_a_client_is_started_with_what_was_chosen_last(chromium: Browser, form_server: Served) -> None:
    """The questionnaire under the second arrow key counts, though Start is pressed before the kernel answers the first."""
    page = form_server.open(chromium)
    expect(page.get_by_label("Questionnaire", exact=True)).to_be_visible(timeout=60_000)
    at_once(page, (TYPED, ["Company", ["Ac", "Acme"]]), (TYPED, ["Questionnaire", [1, 2]]), (PRESSED, "Start this client"))  # fmt: skip
    expect(page.locator(".intake h2").last).to_have_text("Intake: Acme")
    assert load(form_server.folder / "client_data", "acme").rounds[0].questionnaire == "pulse"


def test_what_is_typed_stays_with_the_entry_it_was_typed_for(
    tmp_path: Path, project: Path, chromium: Browser, jupyterlab: JupyterLab
) -> None:
    """In JupyterLab, the next entry chosen while the kernel is busy shows its own text, and the one left keeps all of its."""
    client = serve(
        project, tmp_path / "lab", "acme", {"client.yaml": dump_facts(Facts.model_validate(GOALS))}
    )
    with jupyterlab.within(tmp_path / "lab") as lab:
        page = opened(lab, chromium)
        go_to(page, "goals")
        expect(page.get_by_label("Goal", exact=True)).to_have_value("Grow")
        at_once(page, (TYPED, ["Goal", ["Grow a", "Grow abroad"]]), (CHOSEN, 1))
        expect(page.get_by_label("Goal", exact=True)).to_have_value("Save")
        saved(page)
        page.context.close()

    def names() -> list[str]:
        return [one["name"] for one in Draft(client.parent, "acme").document["facts"]["goals"]]

    until(lambda: names() == ["Grow abroad", "Save"], f"both names, not {names()}")
