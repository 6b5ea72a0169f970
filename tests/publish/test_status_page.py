"""The status page, between the quarters of the manufacturer and of any size: what it tells on which day."""

from __future__ import annotations

import html
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from large_client import large_client
from quarters import NUMBERS, Reviewed, four_quarters

from toolkit.cli import main
from toolkit.client.known import round_on
from toolkit.client.schema import Action
from toolkit.client.store import load
from toolkit.errors import InputError
from toolkit.plan import plan_roadmap
from toolkit.publish.batch import run_batch
from toolkit.publish.handover import hand_over
from toolkit.publish.job import Request
from toolkit.show import RoadmapStory, StatusStory

BETWEEN = ("2026-11-15", "2027-02-10", "2027-05-20", "2027-07-31")


@pytest.fixture(params=range(4), ids=BETWEEN)
def quarter(request: pytest.FixtureRequest, project: Path) -> tuple[Reviewed, str]:
    """Each of the four quarters, and a day some weeks after it."""
    return four_quarters(project / "client_data")[request.param], BETWEEN[request.param]


def told(story: StatusStory) -> str:
    """Return what the page says, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", str(story.page("status").html()))).split())  # type: ignore[union-attr]


def test_a_day_between_rounds_is_told_as_the_record_had_it(quarter: tuple[Reviewed, str]) -> None:
    """By hand: work under way with its state and reason, actions not done by then with what is overdue, the next ninety days."""
    reviewed, on = quarter
    record, day = reviewed.record, date.fromisoformat(on)
    story = StatusStory.of(record, reviewed.roadmap, on=on)
    page = told(story)
    for work in record.initiatives:
        if work.status == "in progress":
            assert (work.short or work.name) in page
            assert not work.health_reason or work.health_reason[:20] in page
    open_ = [
        one for one in record.actions
        if one.status == "open" or (one.status == "done" and one.done_on and one.done_on > day)
    ]  # fmt: skip
    late = [one for one in open_ if (due := record.due(one)) and due < day]
    assert all(one.action[:30] in page for one in open_)
    assert page.count(" overdue ") >= len(late)
    assert len(open_) == len(story.actions)
    assert re.findall(r"\d (?:[A-Z][a-z]+)?…", page) == []  # no date is cut
    last = day + timedelta(days=90)
    for risk in record.facts.risks:
        for when in (risk.due, risk.notice):
            if when and day < when <= last:
                assert (risk.short or risk.name) in page.partition("Dates until")[2]
    for one in record.facts.meetings:
        if day < one.date <= last and (one.status is None or one.date > day):
            assert f"{one.date.day} " in page.partition("Dates until")[2]


def test_on_the_rounds_own_day_it_asks_for_what_the_deck_asks(quarter: tuple[Reviewed, str]) -> None:
    """Without a day it is that of the round: the very decisions of the deck, all of them."""
    reviewed, _ = quarter
    story = StatusStory.of(reviewed.record, reviewed.roadmap)
    assert story.decisions == RoadmapStory.of(reviewed.record, reviewed.roadmap).decisions
    assert story.assessment.as_of == reviewed.record.round().as_of


def test_what_was_promised_is_due_when_it_was_due(project: Path) -> None:
    """A later day moves no date: an action without a date of its own stays due at the meeting after the one of its round."""
    reviewed = four_quarters(project / "client_data")[1]
    (undated,) = (one for one in reviewed.record.actions if one.due is None and one.status == "open")
    due = reviewed.record.due(undated)
    (promise,) = (
        one for one in StatusStory.of(reviewed.record, reviewed.roadmap, on="2027-03-01").actions if one.action == undated.action
    )  # fmt: skip
    assert promise.due == due
    assert promise.state == "overdue"


def test_an_answer_given_later_is_not_known_yet(project: Path) -> None:
    """Two days before leadership approves, the decision is pending; two days after, it is not."""
    reviewed = four_quarters(project / "client_data")[1]
    rounds = tuple(one for one in reviewed.record.facts.rounds if one.as_of <= date(2026, 9, 30))
    assert round_on(reviewed.record, "2026-10-12").id == rounds[-1].id
    before, after = (
        StatusStory.of(reviewed.record, reviewed.roadmap, "2026-q3", on)
        for on in ("2026-10-12", "2026-10-16")
    )
    assert len(before.record.decisions) == len(after.record.decisions) - 2


@pytest.mark.parametrize("day", ["2020-01-01", "2026-02-30", "20261115", "soon"])
def test_a_day_that_belongs_to_no_round_is_refused(day: str, project: Path) -> None:
    """Before the first round, no date, or not written as one: in words."""
    with pytest.raises(InputError, match="a day from 2025-09-30 on"):
        round_on(four_quarters(project / "client_data")[0].record, day)


def test_what_a_page_does_not_hold_is_counted(project: Path) -> None:
    """Of 115 initiatives and 60 promises, each table says how many more are in the workbook; none is lost."""
    record, name = large_client(115), "Write down who answers for which order, and by when, before the autumn"
    made = (
        {"id": f"a{n}", "round": record.round().id, "action": f"{n}: {name}", "due": "2026-11-30"}
        for n in range(60)
    )
    record = replace(record, actions=tuple(map(Action.model_validate, made)))
    story = StatusStory.of(record, plan_roadmap(record))
    page = str(story.page("status").html())  # type: ignore[union-attr]
    for heading, rows in (
        ("Projects", len(story.work)),
        ("Actions", 60),
        ("Decisions", len(story.decisions)),
        ("Dates", len(story.ahead)),
    ):
        part = page.partition(f'<h2 class="minor">{heading}')[2].partition("<h2")[0]
        shown = part.count("<tr>") - 1
        words = re.search(r"(\w+) more \w+ in (?:figures|roadmap).xlsx", part)
        numbers = ("no", *NUMBERS)
        more = (numbers.index(words[1].lower()) if words[1].isalpha() else int(words[1])) if words else 0
        assert max(shown, 0) + more == rows


def test_the_same_day_gives_the_same_bytes(project: Path, tmp_path: Path) -> None:
    """Asked for again it is up to date; made again all the same it is the same file; another day is another page."""
    clinic = "lakeside-clinic"
    for name in ("client.yaml", "initiatives.csv", "responses.csv", "actions.csv"):
        (tmp_path / clinic).mkdir(exist_ok=True)
        (tmp_path / clinic / name).write_bytes((project / "client_data" / clinic / name).read_bytes())

    def made(on: str, force: bool = False) -> str:
        request = Request(documents=("status",), on=on, force=force)
        return run_batch(tmp_path, [clinic], request, workers=1).results[0].state

    (as_of,) = re.findall(r"as_of: (\S+)", (tmp_path / clinic / "client.yaml").read_text())[-1:]
    on = (date.fromisoformat(as_of) + timedelta(days=40)).isoformat()
    assert made(on) == "made"
    (page,) = (tmp_path / clinic / "deliverables").glob("*/status.html")
    first = page.read_bytes()
    assert (made(on), made(on, force=True), page.read_bytes()) == ("unchanged", "made", first)
    assert made("") == "made"
    assert page.read_bytes() != first


def test_a_day_is_only_for_a_status(tmp_path: Path) -> None:
    """With another document, or beside a round, it is wrong usage, and says so."""
    for words in (["--only", "roadmap"], [], ["--only", "status", "--round", "r1"]):
        said = CliRunner().invoke(
            main, ["run", "acme", *words, "--on", "2026-11-15", "--clients", str(tmp_path)]
        )
        assert (said.exit_code, "--on is the day of a status" in said.output) == (2, True)


def test_a_status_of_another_day_goes_with_the_hand_over(
    notebooks: Path, add_client: Callable[..., Path], tmp_path: Path
) -> None:
    """Its record had gone on since the other documents were made: it stands as it was made, and hinders no copy."""
    shutil.copy(notebooks / "roadmap.ipynb", notebooks / "status.ipynb")
    clients = tmp_path / "clients"
    table = add_client(clients, "acme", "Acme") / "initiatives.csv"

    def made(*documents: str) -> str:
        request = Request(documents=documents, notebooks=notebooks)
        return run_batch(clients, ["acme"], request, workers=1).results[0].state

    before = table.read_bytes()
    assert made("assessment", "roadmap") == "made"
    table.write_bytes(before + b"i2,Two\n")
    assert made("status") == "made"
    table.write_bytes(before)
    with zipfile.ZipFile(hand_over(clients, "acme", tmp_path)) as packed:
        assert "deliverables/r1/status.html" in packed.namelist()


@pytest.mark.parametrize("slug", ["harbour-credit-union", "lakeside-clinic", "meridian-manufacturing"])
def test_any_day_can_be_told(slug: str, project: Path) -> None:
    """From the first round's day to five years later, every page is made, its title two lines at most."""
    record = load(project / "client_data", slug)
    roadmap, first = plan_roadmap(record), record.rounds[0].as_of
    for days in (0, 1, 59, 365, 400, 1800):
        on = (first + timedelta(days=days)).isoformat()
        (page,) = StatusStory.of(record, roadmap, round_on(record, on).id, on).pages.values()
        assert 30 < len(page.title) < 115
