"""The offline questionnaire in a real browser without a network: filled in, saved, sent back, and equal in the record."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Download, Locator, Page, expect
from slices import sliced

from toolkit.client.store import create, load
from toolkit.intake import Import, import_survey
from toolkit.intake.offline_answers import Answers
from toolkit.intake.questionnaire_files import write_questionnaire

pytestmark = pytest.mark.browser

HOSTILE = "</style></title><script>alert(1)</script><img src=x onerror=alert(1)>\"'>"
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked'); }});"
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
)
A4 = (794, 1123)  # CSS px


class Client:
    """A client whose questionnaires were written, and the folder for what comes back."""

    def __init__(self, folder: Path, asked: str = "full", own: dict[str, Any] | None = None) -> None:
        self.folder, self.clients = folder, folder / "clients"
        groups = [{"group": one, "mode": "survey", "invited": 12} for one in ("business", "it")]
        round_ = {"id": "r1", "as_of": "2027-03-31", "questionnaire": asked, "groups": groups}
        facts = {"profile": {"name": own["title"] if own else "Acme"}, "rounds": [round_]}
        files = {"client.yaml": yaml.safe_dump(facts).encode()}
        if own:
            files["questionnaire.yaml"] = yaml.safe_dump(own).encode()
        create(self.clients, "acme", files)
        self.out = write_questionnaire(self.clients, "acme").folder

    @property
    def ids(self) -> list[str]:
        """The questions' ids."""
        record = load(self.clients, "acme")
        questionnaire = record.questionnaire_of(record.round())
        assert questionnaire
        return [one.id for one in questionnaire.questions]

    def page(self, group: str = "it") -> Path:
        """The offline page of a group."""
        return self.out / f"questionnaire-offline-{group}.html"

    def received(self, download: Download) -> Path:
        """Put a saved file into the folder of replies."""
        path = self.folder / "replies" / download.suggested_filename
        download.save_as(path)
        return path

    def take(self) -> Import:
        """Import the folder of replies."""
        return import_survey(self.clients, "acme", self.folder / "replies")

    def scores(self) -> dict[str, int]:
        """The scores in the record, missing ones left out."""
        return {
            one.question: one.score for one in load(self.clients, "acme").responses if one.score is not None
        }


def wanted(ids: list[str]) -> dict[str, int | None]:
    """Return an answer for each question, every sort in turn; None is "don't know"."""
    return {id: (*range(1, 6), None)[number % 6] for number, id in enumerate(ids)}


def given(answers: dict[str, int | None]) -> dict[str, int]:
    """Return what the record must hold of answers."""
    return {id: score for id, score in answers.items() if score is not None}


def by_keyboard(page: Page, answers: dict[str, int | None], comment: str) -> Download:
    """Answer and save with the keyboard alone: Tab from one to the next, Space and the arrows to choose."""
    page.keyboard.press("Tab")  # the link that skips to the questions
    page.keyboard.press("Enter")
    commented = False
    with page.expect_download() as waiting:
        for _ in range(len(answers) * 2 + 100):
            page.keyboard.press("Tab")
            at = page.evaluate("""() => { const at = document.activeElement;
              return {tag: at.tagName, name: at.name || '', does: at.dataset.does || ''}; }""")
            if at["name"].startswith("q:"):
                page.keyboard.press("Space")
                for _ in range((answers[at["name"][2:]] or 6) - 1):
                    page.keyboard.press("ArrowDown")
            elif at["tag"] == "SUMMARY" and not commented:
                page.keyboard.press("Enter")
                page.keyboard.press("Tab")
                page.keyboard.type(comment)
                commented = True
            elif at["does"] == "next":
                page.keyboard.press("Enter")
                expect(page.locator(".step.now h2")).to_be_focused()
            elif at["does"] == "save" and page.get_by_role("button", name="Next").is_hidden():
                page.keyboard.press("Enter")
                break
    return waiting.value


STEP_OF = "one => [...document.querySelectorAll('.step')].findIndex(step => step.contains(one))"


def turn_to(page: Page, one: Locator) -> None:
    """Press Next or Back until the step that holds something shows."""
    by = int(one.evaluate(STEP_OF)) - int(page.locator(".step.now").evaluate(STEP_OF))
    for _ in range(abs(by)):
        page.get_by_role("button", name="Next" if by > 0 else "Back", exact=True).click()
    expect(one).to_be_visible()


def choose(page: Page, id: str, score: int | None) -> None:
    """Choose an answer by a click on its words."""
    radio = page.locator(f'input[name="q:{id}"][value="{score or ""}"]')
    label = page.locator("label", has=radio)
    turn_to(page, label)
    label.click()


def save(page: Page, anyway: bool = False) -> Download:
    """Press the button that saves, and where questions are open the one that saves all the same."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save my answers").click()
        if anyway:
            page.get_by_role("button", name="Save anyway").click()
    return waiting.value


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """A client that is asked the full questionnaire."""
    return Client(tmp_path)


@pytest.fixture
def brief(tmp_path: Path) -> Client:
    """A client that is asked the pulse: six questions."""
    return Client(tmp_path, "pulse")


@pytest.mark.parametrize("asked", sliced(["pulse", "full"], 1))
def test_answers_given_by_keyboard_are_those_in_the_record(
    tmp_path: Path, visit: Callable[..., Any], asked: str
) -> None:
    """All questions answered without a mouse or a network, saved, imported: each answer is the one given."""
    client = Client(tmp_path, asked)
    seen = visit(client.page())
    answers = wanted(client.ids)
    download = by_keyboard(seen.page, answers, "We meet =too seldom.")
    path = client.received(download)
    content = json.loads(path.read_text(encoding="utf-8"))
    assert download.suggested_filename == f"answers-it-{content['reply'][:8]}.json"
    assert content["answers"] == answers
    assert list(content["comments"].values()) == ["We meet =too seldom."]
    assert set(content) == set(Answers.model_fields)  # no name, no time, nothing else of the person
    client.take()
    assert client.scores() == given(answers)
    assert {one.group for one in load(client.clients, "acme").responses} == {"it"}
    assert (seen.elsewhere(), seen.trouble) == ([], [])


@pytest.mark.parametrize("asked", sliced(["pulse", "full"], 1))
def test_answers_given_by_pointer_on_a_narrow_screen_are_those_in_the_record(
    tmp_path: Path, visit: Callable[..., Any], asked: str
) -> None:
    """The business page on a narrow screen, by clicks on the words of the answers."""
    client = Client(tmp_path, asked)
    page = visit(client.page("business"), 390, 844).page
    answers = wanted(client.ids[::-1])
    for id, score in answers.items():
        choose(page, id, score)
    expect(page.locator("#progress")).to_have_text(f"{len(answers)} of {len(answers)} answered")
    client.received(save(page))
    client.take()
    assert client.scores() == given(answers)
    assert {one.group for one in load(client.clients, "acme").responses} == {"business"}


def test_nothing_is_not_saved_and_what_is_missing_is_asked_about(
    brief: Client, visit: Callable[..., Any]
) -> None:
    """Without an answer nothing is saved; with some, the person may go to the first open one, or save anyway."""
    page = visit(brief.page()).page
    saved: list[Download] = []
    page.on("download", lambda one: saved.append(one))
    button = page.get_by_role("button", name="Save my answers")
    button.click()
    expect(page.locator("#said")).to_contain_text("nothing to save yet")
    first, second, *_ = brief.ids
    choose(page, first, 4)
    button.click()
    expect(page.get_by_role("dialog")).to_contain_text("5 questions have no answer yet.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert saved == []
    button.click()
    page.get_by_role("button", name="Go to the first one").click()
    assert page.evaluate("document.activeElement.name") == f"q:{second}"
    assert saved == []
    brief.received(save(page, anyway=True))
    expect(page.locator("#said")).to_contain_text("Now send that file")
    brief.take()
    assert brief.scores() == {first: 4}


def test_what_was_entered_is_there_again_and_a_correction_is_the_same_reply(
    brief: Client, visit: Callable[..., Any]
) -> None:
    """After a reload the answers stand and the page says so; saved again, the file takes the first one's place."""
    page = visit(brief.page()).page
    first, second, *_ = brief.ids
    choose(page, first, 4)
    before = brief.received(save(page, anyway=True))
    brief.take()
    page.reload()
    expect(page.locator("#restored")).to_be_visible()
    expect(page.locator("#progress")).to_have_text("1 of 6 answered")
    choose(page, first, 2)
    choose(page, second, 5)
    before.unlink()
    brief.received(save(page, anyway=True))
    done = brief.take()
    assert (len(done.changed), done.new) == (1, ())
    assert brief.scores() == {first: 2, second: 5}


def test_clearing_leaves_nothing_and_the_next_person_is_another_reply(
    brief: Client, visit: Callable[..., Any]
) -> None:
    """On a shared computer the second person sees no answer of the first, and does not replace them."""
    page = visit(brief.page()).page
    choose(page, brief.ids[0], 4)
    brief.received(save(page, anyway=True))
    turn_to(page, page.locator(".step button").last)
    page.get_by_role("button", name="Clear everything").last.click()
    page.get_by_role("dialog").get_by_role("button", name="Keep them").click()
    expect(page.locator("#progress")).to_have_text("1 of 6 answered")
    page.get_by_role("button", name="Clear everything").last.click()
    page.get_by_role("dialog").get_by_role("button", name="Clear everything").click()
    expect(page.locator("#progress")).to_have_text("0 of 6 answered")
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    expect(page.locator("#restored")).to_be_hidden()
    choose(page, brief.ids[0], 1)
    brief.received(save(page, anyway=True))
    assert len(brief.take().new) == 2


def test_a_saved_file_can_be_gone_on_with_elsewhere(brief: Client, visit: Callable[..., Any]) -> None:
    """On another computer the file brings the answers back, as the same reply; another page's file is refused."""
    page = visit(brief.page()).page
    choose(page, brief.ids[0], 4)
    page.locator("form summary").first.click()
    page.locator("textarea").first.fill("As agreed.")
    path = brief.received(save(page, anyway=True))
    other = visit(brief.page("business")).page
    other.locator("#continue summary").click()
    other.locator("#earlier").set_input_files(path)
    expect(other.locator("#said")).to_contain_text("holds no answers to this questionnaire")
    page = visit(brief.page()).page
    expect(page.locator("#progress")).to_have_text("0 of 6 answered")
    page.locator("#continue summary").click()
    page.locator("#earlier").set_input_files(path)
    expect(page.locator("#progress")).to_have_text("1 of 6 answered")
    expect(page.locator("textarea").first).to_have_value("As agreed.")
    choose(page, brief.ids[1], 2)
    again = json.loads(Path(save(page, anyway=True).path()).read_text(encoding="utf-8"))
    first = json.loads(path.read_text(encoding="utf-8"))
    assert again["reply"] == first["reply"]
    assert again["answers"] == first["answers"] | {brief.ids[1]: 2}


def test_steps_go_theme_by_theme_and_tell_how_far_one_is(client: Client, visit: Callable[..., Any]) -> None:
    """On a phone a step shows one theme of the full questionnaire, the terms take a line until opened, and the bar counts."""
    page = visit(client.page(), 390, 844).page
    expect(page.get_by_role("heading", level=3)).to_have_text(["Communication"])
    expect(page.get_by_text("Leadership sees results of whole groups only")).to_be_hidden()
    page.locator("#terms summary").click()
    expect(page.get_by_text("Leadership sees results of whole groups only")).to_be_visible()
    choose(page, client.ids[0], 4)
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("heading", level=3)).to_have_text(["Priorities"])
    expect(page.locator("header")).to_be_hidden()
    expect(page.locator(".bar")).to_contain_text("Step 2 of 15 · 1 of 49 answered")
    expect(page.locator(".bar progress")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=3)).to_have_text(
        ["Communication"]
    )  # its second question is open


def test_on_paper_and_without_a_script_every_step_is_there(client: Client, visit: Callable[..., Any]) -> None:
    """Printed, or where a preview runs no script, all questions show at once."""
    page = visit(client.page()).page
    page.emulate_media(media="print")
    assert page.locator("fieldset").count() == page.locator("fieldset:visible").count() == 49
    page.emulate_media(media="screen")
    page.evaluate("document.body.className = ''")
    assert page.locator("fieldset:visible").count() == 49


def test_a_browser_that_keeps_nothing_says_so_and_saves_all_the_same(
    brief: Client, visit: Callable[..., Any]
) -> None:
    """Where storage is blocked the page warns at once, and the file is as good."""
    seen = visit(brief.page())
    seen.page.locator("#terms summary").click()
    expect(seen.page.locator("#kept")).to_be_visible()
    expect(seen.page.locator("#not-kept")).to_be_hidden()
    seen.page.add_init_script(NO_STORAGE)
    seen.page.reload()
    expect(seen.page.locator("#not-kept")).to_be_visible()
    seen.page.locator("#terms summary").click()
    expect(seen.page.locator("#kept")).to_be_hidden()
    choose(seen.page, brief.ids[0], 3)
    brief.received(save(seen.page, anyway=True))
    brief.take()
    assert brief.scores() == {brief.ids[0]: 3}
    assert seen.trouble == []


def test_a_questionnaire_of_hostile_text_runs_nothing_and_still_works(
    tmp_path: Path, visit: Callable[..., Any]
) -> None:
    """Text that tries to run stays text; ids that name parts of a page are ids; answers come back equal."""
    ids = ["constructor", "querySelectorAll", "dataset", "toString", "7"]
    questions = [{"id": id, "dimension": "communication", "text": f"{id} {HOSTILE}"} for id in ids]
    questions[0]["anchors"] = [f"{n} {HOSTILE}" for n in range(5)]  # type: ignore[assignment]
    client = Client(tmp_path, "own", {"id": "own", "title": HOSTILE, "questions": questions})
    for name in ("questionnaire-it.html", "first-meeting.html"):
        seen = visit(client.out / name)
        assert (seen.sprung(), seen.elsewhere(), seen.trouble) == ([], [], []), name
    seen = visit(client.page())
    answers = wanted(ids)
    for id, score in answers.items():
        choose(seen.page, id, score)
    client.received(save(seen.page))
    assert (seen.sprung(), seen.elsewhere(), seen.trouble) == ([], [], [])
    client.take()
    assert client.scores() == given(answers)


@pytest.mark.parametrize("width", sliced([320, 390, 1280], 1))
@pytest.mark.parametrize(
    "name", ["questionnaire-offline-it.html", "questionnaire-it.html", "first-meeting.html"]
)
def test_pages_have_no_barrier_and_fit_the_screen(
    client: Client, visit: Callable[..., Any], name: str, width: int
) -> None:
    """axe finds nothing serious; nothing scrolls sideways, not even with wide-set text."""
    seen = visit(client.out / name, width, 844)
    assert seen.measured("sideways") == 0
    if "offline" in name:
        seen.page.locator("summary").first.click()
        choose(seen.page, client.ids[0], 4)
    assert seen.barriers() == []
    seen.page.add_style_tag(content=SPACED)
    assert seen.measured("sideways") == 0


@pytest.mark.parametrize("width", sliced([390, 832, 1280], 1))
def test_an_answer_stays_within_its_box_chosen_or_not(
    client: Client, visit: Callable[..., Any], width: int
) -> None:
    """No word of an answer crosses the border of its box, nor when it is chosen and turns bold."""
    page = visit(client.page(), width, 800).page
    page.evaluate("document.body.classList.remove('stepped')")  # all steps at once
    beyond = """() => [...document.querySelectorAll('.choices label')].filter(box => {
        box.querySelector('input').checked = true;
        return box.querySelector('span').getBoundingClientRect().right > box.getBoundingClientRect().right - 2
            || box.scrollWidth > box.clientWidth;
    }).map(box => box.textContent)"""
    assert page.evaluate(beyond) == []


def test_the_question_before_saving_has_no_barrier(brief: Client, visit: Callable[..., Any]) -> None:
    """The dialog is named, and axe finds nothing serious while it shows."""
    seen = visit(brief.page())
    choose(seen.page, brief.ids[0], 4)
    seen.page.get_by_role("button", name="Save my answers").click()
    expect(seen.page.get_by_role("dialog", name="5 questions have no answer yet.")).to_be_visible()
    assert seen.barriers() == []


def test_what_has_the_focus_is_never_behind_the_bar(client: Client, visit: Callable[..., Any]) -> None:
    """Going through the page by Tab on a small screen, each stop is in sight above the bar."""
    page = visit(client.page(), 390, 700).page
    hidden = []
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.does === 'next'"):
            page.keyboard.press("Enter")
        hidden += page.evaluate("""() => {
          const at = document.activeElement, bar = document.querySelector('.bar');
          if (at === document.body || bar.contains(at)) return [];
          const box = (at.closest('label') || at).getBoundingClientRect();
          return box.bottom > bar.getBoundingClientRect().top + 1 ? [at.outerHTML] : [];
        }""")
    assert hidden == []


@pytest.mark.parametrize("name", ["questionnaire-it.html", "first-meeting.html"])
def test_on_a4_nothing_is_cut_off_or_split(client: Client, visit: Callable[..., Any], name: str) -> None:
    """As printed, no text leaves the paper, and no question or area is longer than a page or parted by one."""
    seen = visit(client.out / name, *A4)
    seen.page.emulate_media(media="print")
    area = seen.measured("paper", "210mm", "297mm")
    assert area["size"].upper() == "A4"
    seen.page.set_viewport_size({"width": int(area["width"]), "height": int(area["height"])})
    assert seen.measured("sideways") == 0
    faults = seen.page.evaluate(
        """([width, height]) => [...document.querySelectorAll('.question, .remarked, .short, .area, tr, .box')].filter(one => {
          const box = one.getBoundingClientRect();
          return box.height > height || box.right > width + 1 || one.scrollWidth > one.clientWidth + 1 ||
            !getComputedStyle(one).breakInside.startsWith('avoid');
        }).map(one => one.outerHTML.slice(0, 100))""",
        [area["width"], area["height"]],
    )
    assert faults == []


def test_the_command_in_a_sample_writes_pages_that_open(
    project: Path, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    """The sample with three groups: every page it is given opens without trouble."""
    ignored = shutil.ignore_patterns("deliverables", "draft", "history", "questionnaire", ".*")
    shutil.copytree(
        project / "client_data" / "harbour-credit-union", tmp_path / "harbour-credit-union", ignore=ignored
    )
    folder = write_questionnaire(tmp_path, "harbour-credit-union").folder
    pages = sorted(folder.glob("*.html"))
    assert len(pages) == 5
    for path in pages:
        seen = visit(path)
        assert (seen.elsewhere(), seen.trouble) == ([], []), path.name
