"""A client taken in through the form alone, with kernels killed and the browser closed on the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import form_story as story
import pytest
from form_driver import Hands, Pointing, Typing, saved
from lab import JupyterLab, Served
from playwright.sync_api import Browser, Page, expect

from toolkit.client.store import load

pytestmark = pytest.mark.browser

NOTEBOOK = "notebooks/intake.ipynb"


@pytest.fixture
def lab(tmp_path: Path, project: Path, jupyterlab: JupyterLab) -> Iterator[JupyterLab]:
    """A JupyterLab with the intake notebook and no client."""
    folder = tmp_path / "lab"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "client_data").mkdir()
    shutil.copy(project / NOTEBOOK, folder / NOTEBOOK)
    with jupyterlab.within(folder) as server:
        yield server


def opened(lab: JupyterLab, chromium: Browser, kind: Callable[[Page], Hands]) -> Hands:
    """Open the notebook in a new window and run it; return the hands on it."""
    page = lab.open(chromium, NOTEBOOK)
    page.set_default_timeout(20_000)
    lab.run_all(page)
    return kind(page)


def reopen(hands: Hands) -> None:
    """Open the client again from the form's first page."""
    hands.choose("Client", story.SLUG)
    hands.press("Open")
    expect(hands.page.locator(".intake h2").last).to_have_text(f"Intake: {story.NAME}")


@pytest.mark.parametrize(
    ("kind", "whole"),
    [
        pytest.param(Typing, False, id="keyboard alone"),
        pytest.param(Typing, True, id="keyboard alone, every section", marks=pytest.mark.heavy),
        pytest.param(Pointing, True, id="mouse, every section", marks=pytest.mark.heavy),
    ],
)
def test_a_client_is_made_from_nothing_in_jupyterlab(
    kind: Callable[[Page], Hands], whole: bool, lab: JupyterLab, chromium: Browser
) -> None:
    """From an empty folder to both documents; two killed kernels and a closed browser lose nothing typed.

    Unless ``whole``, a second form fills in the money, the work and the targets, and the second kernel is killed
    while the browser is closed.
    """
    clients = lab.folder / "client_data"
    hands = opened(lab, chromium, kind)
    story.start(hands)
    story.company_and_rounds(hands)
    lab.kill_kernel()
    lab.run_all(hands.page)
    reopen(hands)
    story.goals(hands)
    if whole:
        hands.page.context.close()
        hands = opened(lab, chromium, kind)
        reopen(hands)
        story.money(hands)
    hands.choose("Sections", "Planning")
    hands.fill("First quarter", "2027-Q1")
    saved(hands.page)
    if whole:
        lab.kill_kernel()
        lab.run_all(hands.page)
        reopen(hands)
        story.work(hands)
        story.targets(hands)
    else:
        hands.page.context.close()
        lab.kill_kernel()
        story.elsewhere(clients)
        hands = opened(lab, chromium, kind)
        reopen(hands)
    story.commit(hands)
    story.answers(hands, clients)
    story.commit(hands)
    story.finish(hands, clients)
    record = load(clients, story.SLUG)
    assert (record.facts.profile.name, record.facts.goals[0].owner) == (story.NAME, "Ada Byrne")
    assert str(record.facts.planning.start) == "Q1 2027"
    assert {one.group for one in record.responses} == {"business", "it"}
    hands.page.context.close()


@pytest.mark.heavy
def test_a_client_is_made_from_nothing_without_jupyterlab(tmp_path: Path, chromium: Browser) -> None:
    """The same through ``align form``: its kernel killed twice, its page closed once."""
    clients = tmp_path / "client_data"
    clients.mkdir()
    with Served(story.SLUG, clients, tmp_path) as served:
        page = served.open(chromium)
        page.set_default_timeout(20_000)
        hands = Pointing(page)
        story.start(hands)
        story.company_and_rounds(hands)
        served.kill_kernel()
        page.reload()
        served.ready(page)
        story.goals(hands)
        page.context.close()
        page = served.open(chromium)
        page.set_default_timeout(20_000)
        hands = Pointing(page)
        story.money(hands)
        served.kill_kernel()
        page.reload()
        served.ready(page)
        story.work(hands)
        story.targets(hands)
        story.commit(hands)
        story.answers(hands, clients)
        story.commit(hands)
        story.finish(hands, clients)
        page.context.close()
    record = load(clients, story.SLUG)
    assert (record.facts.profile.name, record.facts.goals[0].owner) == (story.NAME, "Ada Byrne")
    assert {one.group for one in record.responses} == {"business", "it"}
