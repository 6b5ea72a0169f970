"""Scoring together in a real JupyterLab: by digits as fast as they come, by arrows, and seen by nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from barriers import barriers
from form_driver import saved
from forms import go_to, opened, serve
from lab import JupyterLab
from playwright.sync_api import Locator, Page, expect

from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.schema import Facts
from toolkit.client.yaml_text import dump_facts
from toolkit.intake.draft import Draft

pytestmark = pytest.mark.browser

CLIENT = "northway-freight"
GROUPS = [{"group": "business", "invited": 2}, {"group": "it", "invited": 3}]
ROUNDS = [
    {"id": one, "name": one, "as_of": f"2026-0{number}-30", "questionnaire": one, "groups": GROUPS}
    for number, one in enumerate(("executive", "full"), start=4)
]
FACTS = {"profile": {"name": "Northway Freight"}, "rounds": ROUNDS}
# All that the page holds of answers chosen, in sight or not.
CHOSEN = "() => [...document.querySelectorAll('.intake .question input:checked')].length"


@pytest.fixture(scope="module")
def page(
    tmp_path_factory: pytest.TempPathFactory, project: Path, jupyterlab: JupyterLab, chromium: Any
) -> Iterator[Page]:
    """The form of a client with two small groups, open in JupyterLab: one page for all tests."""
    folder = tmp_path_factory.mktemp("scoring")
    serve(project, folder, CLIENT, {"client.yaml": dump_facts(Facts.model_validate(FACTS))})
    with jupyterlab.within(folder) as lab:
        page = opened(lab, chromium)
        page.lab = lab  # type: ignore[attr-defined]
        yield page
        page.context.close()


def scoring(page: Page, asked: str, group: str) -> Locator:
    """Go to the scores of a round's group."""
    go_to(page, "scoring")
    page.get_by_label("Round and group").select_option(label=f"{asked}, {group} (consensus)")
    area = page.locator(".intake .scoring")
    expect(area).to_contain_text(f"of {len(ids(asked))} questions")
    return area


def ids(asked: str) -> list[str]:
    """Return the questions of a questionnaire."""
    return [one.id for one in shipped_questionnaires()[asked].questions]


def draft(page: Page) -> Any:
    """Return the draft as it is on the disk."""
    saved(page)
    return Draft(page.lab.folder / "client_data", CLIENT).document  # type: ignore[attr-defined]


def scores(asked: str, person: int) -> dict[str, str]:
    """Return a person's scores, of every sort; each fifth question is answered differently by each person."""
    return {
        id: str((number + (person if number % 5 == 0 else 0)) % 6) for number, id in enumerate(ids(asked))
    }


@pytest.mark.parametrize("asked", ["executive", pytest.param("full", marks=pytest.mark.heavy)])
def test_digits_as_fast_as_they_come_score_what_they_are_meant_for(page: Page, asked: str) -> None:
    """Two people and the group, without a pause between keys: each score is the one typed, and no cell of the notebook heard a key."""
    area = scoring(page, asked, "Business")
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    area.locator("input").first.focus()
    for person in (0, 1):
        for digit in scores(asked, person).values():
            page.keyboard.press(digit)
        expect(area).to_contain_text(f"Person {person + 1} is done")
        expect(area.get_by_role("button").filter(has_text="Hand over" if not person else "Reveal")).to_be_focused()  # fmt: skip
        page.keyboard.press("Enter")
        expect(area).not_to_contain_text(f"Person {person + 1} is done")
    first, second = (scores(asked, person) for person in (0, 1))
    differ = [id for id in first if first[id] != second[id]]
    expect(area).to_contain_text(f"{len(differ)} questions still to talk about")
    document = draft(page)
    assert document["private"][asked]["business"] == [first, second]
    assert document["positions"][asked]["business"] == {id: score for id, score in first.items() if id not in differ}  # fmt: skip
    page.keyboard.press("Enter")
    expect(area).to_contain_text("Area 1 of")
    for _ in differ:
        page.keyboard.press("3")
    expect(area).to_contain_text("Every question has its position.")
    assert draft(page)["positions"][asked]["business"] == {id: "3" if id in differ else score for id, score in first.items()}  # fmt: skip
    page.keyboard.press("Enter")
    expect(page.locator(".intake")).to_contain_text("The private scores are gone from the draft.")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    assert page.locator(".jp-Notebook .jp-MarkdownCell h3, .jp-Notebook .jp-MarkdownCell h4").count() == 0


def test_the_next_person_finds_nothing_of_the_one_before(page: Page) -> None:
    """After a hand-over no answer is chosen anywhere in the page nor kept in its window, and going back leads to no earlier person."""
    area = scoring(page, "executive", "IT")
    area.locator(".widget-radio-box label").first.click()
    expect(area).to_contain_text("Area 2 of 18")
    page.keyboard.press("4")
    kept = page.evaluate(
        "JSON.stringify(sessionStorage)"
    )  # what is typed and not yet saved, for whoever opens it next
    assert "–" not in kept  # as in "4 – Agree"
    expect(area).to_contain_text("Area 3 of 18")
    area.get_by_role("button", name="Hand over to person 2").click()
    expect(area).to_contain_text("Person 2, alone: 0 of 22")
    assert page.evaluate(CHOSEN) == 0
    expect(area.get_by_role("button", name="Previous area")).to_be_hidden()
    page.keyboard.press("Backspace")
    page.keyboard.press("2")
    expect(area).to_contain_text("Area 2 of 18")
    assert [len(one) for one in draft(page)["private"]["executive"]["it"]] == [2, 1]


def test_arrows_choose_without_going_on(page: Page) -> None:
    """Who chooses by arrows sees each answer chosen, goes on by Enter and back by Backspace."""
    area = scoring(page, "full", "IT")
    area.locator("input").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(area.locator("input").nth(3)).to_be_checked()
    expect(area).to_contain_text("Area 1 of 18")
    page.keyboard.press("Enter")
    expect(area.locator(".question").nth(1).locator("input").first).to_be_focused()
    page.keyboard.press("Backspace")
    expect(area.locator("input").nth(3)).to_be_focused()
    page.keyboard.press("5")
    assert draft(page)["private"]["full"]["it"] == [{ids("full")[0]: "5"}]


def test_no_screen_of_scoring_has_a_barrier(page: Page) -> None:
    """axe finds nothing serious on an area, on what a person sees when done, and where all is revealed."""
    area = scoring(page, "executive", "IT")
    assert barriers(page, ".intake") == []
    area.get_by_role("button", name="Hand over to person 3").click()
    expect(area).to_contain_text("Person 3, alone")
    area.locator("input").first.focus()
    for digit in scores("executive", 0).values():
        page.keyboard.press(digit)
    expect(area).to_contain_text("Person 3 is done")
    assert barriers(page, ".intake") == []
    area.get_by_role("button", name="Reveal all scores").click()
    expect(area).to_contain_text("still to talk about")
    assert barriers(page, ".intake") == []
    area.get_by_role("button", name="Look through every area").click()
    expect(area).to_contain_text("Area 1 of 18")
    assert barriers(page, ".intake") == []


def test_keys_wait_for_a_kernel_that_is_slow(page: Page) -> None:
    """While the kernel is held up for longer than anyone waits, digits and a second Enter lead nowhere; then each digit counts once."""
    area = scoring(page, "executive", "Business")
    area.get_by_role("button", name="Look through every area").click()
    expect(area).to_contain_text("Area 1 of 18")
    area.locator("input").first.focus()
    (kernel,) = page.lab.kernels()  # type: ignore[attr-defined]
    kernel.suspend()
    for key in ("5", "4", "Enter", "2", "1"):
        page.keyboard.press(key)
        page.wait_for_timeout(1000)
    kernel.resume()
    expect(area).to_contain_text("Area 5 of 18")
    agreed = draft(page)["positions"]["executive"]["business"]
    assert [agreed[id] for id in ids("executive")[:4]] == ["5", "4", "2", "1"]


def test_a_second_press_while_the_kernel_is_slow_leads_past_no_area(page: Page) -> None:
    """An answer clicked, corrected and followed by Next area while the kernel is held up leads one area on, with the last answer."""
    area = scoring(page, "executive", "Business")
    everything = area.get_by_role("button", name="Look through every area")
    if everything.is_visible():
        everything.click()
    expect(area).to_contain_text("of 18: ")
    number = int(re.findall(r"Area (\d+) of 18", area.inner_text())[0])
    (kernel,) = page.lab.kernels()  # type: ignore[attr-defined]
    kernel.suspend()
    answers = area.locator(".question >> visible=true").first.locator(".widget-radio-box label")
    answers.nth(0).click()
    answers.nth(2).click()
    area.get_by_role("button", name="Next area").click()
    page.wait_for_timeout(500)
    kernel.resume()
    saved(page)
    expect(area).to_contain_text(f"Area {number + 1} of 18")
    area.get_by_role("button", name="Previous area").click()
    expect(area).to_contain_text(f"Area {number} of 18")
    expect(area.locator(".question >> visible=true").first.locator("input").nth(2)).to_be_checked()
