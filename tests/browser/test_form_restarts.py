"""While one types, the kernel goes: everything typed is in the draft or offered again, and the page never says "saved" of what is not."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from forms import NOTEBOOK, go_to, opened, serve
from lab import JupyterLab, Served, accept, until
from playwright.sync_api import Browser, Page, expect

from toolkit.client.schema import Facts
from toolkit.client.store import create
from toolkit.client.yaml_text import dump_facts
from toolkit.intake.draft import Draft

pytestmark = [pytest.mark.browser, pytest.mark.heavy]

FACTS = {
    "profile": {"name": "Acme"},
    "goals": [{"id": "a", "name": "G"}, {"id": "b", "name": "Save"}],
    "rounds": [{"id": "r1", "as_of": "2026-09-30"}],
}
FILES = {"client.yaml": dump_facts(Facts.model_validate(FACTS))}
FIELDS = {"Goal": "name", "Short name": "short"}
# Notes twenty times a second what the fields hold, and whether the page can be seen to call it saved.
WATCH = """names => {
  window.claims = [];
  const field = name => [...document.querySelectorAll('.intake label')].filter(e => e.checkVisibility()).find(e => e.textContent === name)?.parentElement.querySelector('input');
  setInterval(() => {
    const said = [...document.querySelectorAll('.intake .save-state')].some(e => e.checkVisibility({visibilityProperty: true}) && e.innerText.includes('Saved'));
    const fields = names.map(field);
    if (said && fields.every(Boolean)) window.claims.push([Date.now() / 1000, ...fields.map(e => e.value)]);
  }, 50);
}"""
HELD = """names => names.map(name => [...document.querySelectorAll('.intake label')].find(e => e.textContent === name)?.parentElement.querySelector('input').value)"""
WORDS = "keep nine of ten orders on time in every region and tell customers before they ask for it "
STOPPED = "() => !!document.querySelector('.intake.stopped')"


@contextmanager
def followed(clients: Path) -> Iterator[list[tuple[float, list[str]]]]:
    """Read the draft's two texts from the disk over and over, each new state with the time at which it was seen."""
    states: list[tuple[float, list[str]]] = [(0.0, ["G", ""])]
    ended = threading.Event()

    def follow() -> None:
        while not ended.wait(0.02):
            try:
                draft = json.loads((clients / "acme" / "draft" / "form.json").read_text(encoding="utf-8"))
                (goal,) = [one for one in draft["document"]["facts"]["goals"] if one["id"] == "a"]
                here = [goal.get(name, "") for name in FIELDS.values()]
            except (OSError, ValueError, KeyError):
                continue
            if here != states[-1][1]:
                states.append((time.time(), here))

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        yield states
    finally:
        ended.set()
        thread.join()


def typed_until_it_stops(page: Page, end: Callable[[], object], seed: int) -> list[str]:
    """Type into both fields in turn, end the kernel on the way, and type on until the page is shut; return what they hold.

    Now and then the hands rest, so that the page calls saved what was typed.
    """
    chance = random.Random(seed)
    first, moment = chance.randrange(15, 50), chance.randrange(12, 60)
    rests = {6, *(count for count in range(7, 70) if chance.random() < 0.08)}
    acts = None
    for count, letter in enumerate(WORDS * 20):
        name = "Goal" if count < first else "Short name"
        if count in (0, first, moment + 1):
            page.locator(".intake").last.get_by_label(name, exact=True).press("End")
        page.keyboard.type(letter)
        page.wait_for_timeout(3000 if count in rests else chance.choice([20, 60, 60, 200]))
        if count == moment:
            acts = end()
        if page.evaluate(STOPPED):
            break
    page.wait_for_function(STOPPED, timeout=90_000)
    if isinstance(acts, threading.Thread):
        acts.join()
    return [str(one) for one in page.evaluate(HELD, list(FIELDS))]


def in_the_background(act: Callable[[], object]) -> Callable[[], threading.Thread]:
    """Return what begins to act while the page goes on."""

    def begin() -> threading.Thread:
        thread = threading.Thread(target=act)
        thread.start()
        return thread

    return begin


def unfounded(claims: list[list[object]], states: list[tuple[float, list[str]]]) -> list[object]:
    """Return the claims of "saved" made while the disk did not have the texts; texts only grow here."""
    found: list[object] = []
    for at, *texts in claims:
        here = [state for when, state in states if when <= float(str(at)) + 0.1][-1]
        if not all(kept.startswith(str(text)) for kept, text in zip(here, texts, strict=True)):
            found.append((at, texts, here))
    return found


def restart_by_menu(page: Page) -> None:
    """Restart the kernel as a person does: by the menu Kernel, with its question answered."""
    page.locator(".lm-MenuBar-itemLabel", has_text="Kernel").first.click()
    page.get_by_text("Restart Kernel…", exact=True).first.click()
    button = page.locator(".jp-Dialog button.jp-mod-warn, .jp-Dialog button.jp-mod-accept").last
    button.click()


WAYS = ("menu", "signal", "interface", "another tab restarts", "another tab runs")
RUNS = [(way, run) for run in range(3) for way in WAYS]


@pytest.mark.parametrize(("way", "run"), RUNS)
def test_in_jupyterlab_nothing_typed_is_lost_or_called_saved_too_early(
    way: str, run: int, tmp_path: Path, project: Path, chromium: Browser, jupyterlab: JupyterLab
) -> None:
    """However the kernel goes while one types: each "saved" was true when shown, and what was typed is there afterwards."""
    client = serve(project, tmp_path / "lab", "acme", FILES)
    with jupyterlab.within(tmp_path / "lab") as lab, followed(client.parent) as states:
        page = opened(lab, chromium)
        other = page.context.new_page() if way.startswith("another") else page
        if other is not page:
            path = (lab.folder / NOTEBOOK).relative_to(lab.root).as_posix()
            other.goto(f"{lab.address}/lab/tree/{path}?reset&token={lab.token}")
            other.locator(".jp-Notebook").wait_for(timeout=60_000)
            lab.ready(other)
            page.bring_to_front()
        go_to(page, "goals")
        page.evaluate(WATCH, list(FIELDS))
        end: dict[str, Callable[[], object]] = {
            "menu": lambda: restart_by_menu(page),
            "signal": in_the_background(lab.kill_kernel),
            "interface": in_the_background(lab.restart_kernel),
            "another tab restarts": lambda: restart_by_menu(other),
            "another tab runs": lambda: lab.run_all(other),
        }
        held = typed_until_it_stops(page, end[way], run)
        claims = page.evaluate("claims")
        assert claims[-1][1:] != ["G", ""], "the page called nothing saved that was typed"
        assert unfounded(claims, states) == []
        until(lambda: not accept(page), "no dialog")
        if way != "menu":
            page.reload()
            page.locator(".jp-Notebook").wait_for(timeout=60_000)
        lab.run_all(page)
        restored(page, client.parent, held)
        page.context.close()


@pytest.mark.parametrize(("way", "run"), [("signal", 0), ("signal", 1), ("signal", 2), ("interface", 3), ("interface", 4)])  # fmt: skip
def test_through_voila_nothing_typed_is_lost_or_called_saved_too_early(
    way: str, run: int, chromium: Browser, form_server: Served
) -> None:
    """The same without JupyterLab, where the kernel is killed, or ended through the server."""
    clients = form_server.folder / "client_data"
    create(clients, "acme", FILES)
    with followed(clients) as states:
        page = form_server.open(chromium)
        page.locator(".intake .sections select").wait_for(timeout=60_000)
        go_to(page, "goals")
        page.evaluate(WATCH, list(FIELDS))
        id = page.locator(".intake .beat i").get_attribute("data-kernel")
        ended = """id => fetch(JSON.parse(document.getElementById('jupyter-config-data').textContent).baseUrl + 'api/kernels/' + id,
          {method: 'DELETE', headers: {'X-XSRFToken': document.cookie.match(/_xsrf=([^;]*)/)[1]}}).then(answer => answer.status)"""
        end = (
            in_the_background(form_server.kill_kernel)
            if way == "signal"
            else lambda: page.evaluate(ended, id) and None
        )
        held = typed_until_it_stops(page, end, run)
        claims = page.evaluate("claims")
        assert claims[-1][1:] != ["G", ""], "the page called nothing saved that was typed"
        assert unfounded(claims, states) == []
        page.reload()
        form_server.ready(page)
        restored(page, clients, held)


def restored(page: Page, clients: Path, held: list[str]) -> None:
    """Take the offer, if what was typed is not in the draft already; then the draft has all of it."""

    def there() -> list[str]:
        (goal,) = [one for one in Draft(clients, "acme").document["facts"]["goals"] if one["id"] == "a"]
        return [goal.get(name, "") for name in FIELDS.values()]

    page.locator(".intake .sections select").first.wait_for(timeout=60_000)
    if there() != held:
        offer = page.locator(".intake .offer").last
        expect(offer).to_be_visible(timeout=60_000)
        offer.get_by_role("button", name="Put it back").click()
    until(lambda: there() == held, f"the draft to hold {held}, not {there()}", 30)
