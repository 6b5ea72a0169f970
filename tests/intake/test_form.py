"""The intake form without a browser: what its parts say and write."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from toolkit.client.new_client import start_client
from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.store import load
from toolkit.client.yaml_text import dump_facts
from toolkit.intake.delay import round_trip
from toolkit.intake.form.import_panel import ImportPanel
from toolkit.intake.form.shell import Form, NewClient
from toolkit.intake.form.workbench import Workbench

ASKED = [one.id for one in shipped_questionnaires()["pulse"].questions]


class Later:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def __call__(self, seconds: float, act: Callable[[], None]) -> SimpleNamespace:
        """Keep what is to be done."""
        self.waiting.append(act)
        return SimpleNamespace(cancel=lambda: None)

    def passes(self) -> None:
        """Do what waits by now."""
        due, self.waiting = self.waiting, []
        for act in due:
            act()


class Office:
    """A client with a round of the pulse questionnaire, and windows on its form."""

    def __init__(self, clients: Path) -> None:
        self.clients, self.later = clients, Later()
        start_client(clients, "acme", "Acme", date(2026, 9, 30), "USD", "pulse")

    def window(self) -> Workbench:
        """Open the form in another window."""
        bench = Form(self.clients, "acme", lambda act: act(), self.later)._bench
        assert bench is not None
        return bench

    def groups(self, **modes: str) -> None:
        """Record how the groups of the round answer."""
        record = load(self.clients, "acme")
        one = record.facts.rounds[0].model_dump() | {
            "groups": [{"group": group, "mode": mode} for group, mode in modes.items()]
        }
        facts = type(record.facts).model_validate(record.facts.model_dump() | {"rounds": [one]})
        (self.clients / "acme" / "client.yaml").write_bytes(dump_facts(facts))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A new client."""
    return Office(tmp_path / "clients")


def section(bench: Workbench, key: str) -> Any:
    """Choose a section and return it."""
    bench._menu.value = key
    return bench._sections[key]


def export() -> bytes:
    """Return a table of one reply to all questions, with a name in it."""
    return f"Name,group,{','.join(ASKED)}\nJo Doe,business,{','.join('3' for _ in ASKED)}\n".encode()


def upload(part: ImportPanel, name: str, content: bytes) -> None:
    """Let a file arrive as the browser sends it."""
    part._upload.value = (
        {"name": name, "type": "text/csv", "size": len(content), "content": memoryview(content), "last_modified": datetime(2026, 1, 1, tzinfo=UTC)},
    )  # fmt: skip


def test_nothing_that_arrived_is_said(office: Office) -> None:
    """An upload that Jupyter dropped is no silence: the form says what happened and what to do."""
    part = section(office.window(), "answers")
    part._go(dry_run=True)
    assert "No file has arrived" in part._outcome.value
    assert "put it into the folder instead" in part._outcome.value


def test_an_upload_is_looked_at_then_imported_and_does_not_stay(office: Office) -> None:
    """Name, size and rows are shown; looking changes nothing; after the import no name is in the client's folder."""
    part = section(office.window(), "answers")
    upload(part, "replies.csv", export())
    assert "Arrived: replies.csv" in part._outcome.value
    part._go(dry_run=True)
    assert "1 row. Nothing is changed yet." in part._outcome.value
    assert load(office.clients, "acme").responses == ()
    part._go(dry_run=False)
    assert {one.score for one in load(office.clients, "acme").responses} == {3}
    assert part._upload.value == ()
    kept = b"".join(path.read_bytes() for path in office.clients.rglob("*") if path.is_file())
    assert b"Jo Doe" not in kept


def test_a_file_that_cannot_be_read_is_refused_in_words(office: Office) -> None:
    """The fault stands in the form, escaped, and nothing is changed."""
    part = section(office.window(), "answers")
    upload(part, "<b>x</b>.csv", b"a,b\n1,2\n")
    part._go(dry_run=False)
    assert "Nothing was changed." in part._outcome.value
    assert "<b>x</b>" not in part._outcome.value


def test_a_name_given_twice_is_not_settled_by_the_form(office: Office) -> None:
    """Of "developer: 1; developer: 2" neither number is dropped: the text stands, and the fault beside it."""
    bench = office.window()
    listing = section(bench, "initiatives")
    listing._add()
    listing._entry.fields["fte"]._text.value = "developer: 1; developer: 2"
    assert bench.document["initiatives"][0]["fte"] == "developer: 1; developer: 2"
    assert "✗" in listing._entry.fields["fte"]._message.value


def test_an_initiative_says_that_no_goals_are_recorded(office: Office) -> None:
    """Where there is nothing to contribute to, the form says so in place of an empty heading."""
    listing = section(office.window(), "initiatives")
    listing._add()
    assert "No goals are recorded yet" in listing._entry.fields["goals"]._goals.children[0].value


def test_a_section_is_left_in_peace(office: Office) -> None:
    """Between the choice of a section and its showing, a save finds the one still in view; then the new one shows."""
    bench = office.window()

    async def choose() -> None:
        bench._menu.value = "spend"
        bench.change(("facts", "profile", "name"), "Acme Works")
        bench._save()
        assert bench._holder.children[-1] is bench._sections["profile"].box
        round_trip().returned.value = round_trip().sent.value  # as the page answers

    asyncio.run(choose())
    assert bench._holder.children[-1] is bench._sections["spend"].box


def test_the_review_leads_to_an_entry_of_a_section_not_seen_yet(office: Office) -> None:
    """Where a notebook runs, too, the section is there at once, and in it the entry."""
    bench = office.window()
    for id in ("a", "b"):
        bench.change(("facts", "goals", id), {"id": id, "name": id})

    async def go() -> None:
        bench._go("goals", "b")

    asyncio.run(go())
    assert bench._holder.children[-1] is bench._sections["goals"].box
    assert bench._sections["goals"]._chosen.value == "b"


def test_an_entry_is_found_by_the_end_of_its_name(office: Office) -> None:
    """What is looked for may stand behind what the list has room for."""
    bench = office.window()
    listing = section(bench, "goals")
    bench.change(("facts", "goals", "a"), {"id": "a", "name": "Deliver " * 20 + "on time"})
    bench.change(("facts", "goals", "b"), {"id": "b", "name": "Grow"})
    listing._find.value = "on time"
    assert [id for _, id in listing._chosen.options] == ["a"]


@pytest.mark.parametrize("words", ["Sales", "Sales = business\nSales = it"])
def test_words_for_groups_that_say_nothing_or_two_things_are_refused(office: Office, words: str) -> None:
    """The line is named, with how one is written; neither reading is taken."""
    part = section(office.window(), "answers")
    upload(part, "replies.csv", export())
    part._words.value = words
    part._go(dry_run=False)
    assert all(piece in part._outcome.value for piece in ("Nothing was changed.", "Their words for groups, line", "their word = ours"))  # fmt: skip
    assert load(office.clients, "acme").responses == ()


def test_a_company_whose_name_makes_no_folder_name_is_asked_for_one(tmp_path: Path) -> None:
    """The form says which field to fill in, and how."""
    start = NewClient(tmp_path, "", lambda slug: None)
    start._name.value = "株式会社"
    start._start()
    assert all(piece in start._said.value for piece in ("Folder name", "such as"))


def test_a_client_that_cannot_be_started_is_told_what_was_typed_and_what_to_type(tmp_path: Path) -> None:
    """A date in another shape is named with the shape that is read; a name left out is only asked for."""
    start = NewClient(tmp_path, "", lambda slug: None)
    start._start()
    assert ">Company: Write it into the first field.<" in start._said.value
    start._name.value, start._day.value = "Acme", "31.12.26"
    start._start()
    assert "Date of the first round: “31.12.26” is not a date that exists. Write it like" in start._said.value


def test_an_empty_list_names_the_pages_that_need_it_in_one_line(office: Office) -> None:
    """What each entry would lack is told once there is one."""
    bench = office.window()
    part = section(bench, "initiatives")
    assert (
        "Needed for roadmap slides on the ranked list, the plan, money, people and next steps."
        in bench._line.value
    )
    assert "Missing for" not in bench._line.value
    part._add()
    bench._say_line()
    assert "Missing for roadmap slide on the plan: each initiative’s quarters of work." in bench._line.value


def test_an_empty_list_says_how_to_begin(office: Office) -> None:
    """There is nothing to find or to remove, only what to press; with the first entry both come."""
    part = section(office.window(), "initiatives")
    assert "Begin with “Add an initiative”. A register" in part._begin.value
    shown = [part._begin, part._there, part._remove_button]
    assert [one.layout.display == "none" for one in shown] == [False, True, True]
    part._add()
    assert [one.layout.display == "none" for one in shown] == [True, False, False]


@pytest.mark.parametrize(
    ("points", "said"),
    [(("60", "40"), "All 100 points are spread."), (("60", "25"), "15 of 100 points are left."),
     (("60", "45"), "5 points too many are spread."), (("60", "many"), "cannot be added up")],
)  # fmt: skip
def test_the_goals_say_how_many_points_are_left(office: Office, points: tuple[str, ...], said: str) -> None:
    """Leadership's points are counted as one types."""
    bench = office.window()
    section(bench, "goals")
    for number, weight in enumerate(points, start=1):
        bench.change(
            ("facts", "goals", f"goal-{number}"), {"id": f"goal-{number}", "name": "G", "weight": weight}
        )
    office.later.passes()
    assert said in bench._line.value


def test_what_an_undo_tells_stays_when_a_save_comes_due(office: Office) -> None:
    """The change undone was still waiting to be saved; that moment's passing says nothing over it."""
    bench = office.window()
    bench.change(("facts", "profile", "name"), "Beta")
    bench._undo()
    assert "Undone" in bench._status.value
    office.later.passes()
    assert "Undone" in bench._status.value


def scored(part: Any, *scores: str | None) -> None:
    """Score area after area from the one shown, as whoever is at it."""
    for score in scores:
        part._asked[0]._score.value = score
        part._go(part._number + 1)


def answers_shown(part: Any) -> list[str]:
    """Return the answers that the question on the screen offers."""
    return [text for text, _ in part._asked[0]._score.options]


def test_private_scores_are_seen_by_nobody_until_revealed_and_then_forgotten(office: Office) -> None:
    """The second person starts blank; revealed, scores are counted, not named; agreed, they are gone from the disk."""
    office.groups(it="consensus")
    bench = office.window()
    part = section(bench, "scoring")
    part._asked[0]._score.value = "2"
    part._hand_over()
    assert part._asked[0]._score.value is None
    part._asked[0]._score.value = "4"
    assert not any("person" in text for text in answers_shown(part))
    part._begin_agreeing()
    part._go_through(part._questions)
    assert [text.endswith("● one person") for text in answers_shown(part)] == [False, True, False, True, False, False]  # fmt: skip
    part._asked[0]._score.value = "3"
    office.later.passes()
    draft = office.clients / "acme" / "draft" / "form.json"
    assert "private" in json.loads(draft.read_text())["document"]
    part._forget()
    office.later.passes()
    assert '"private"' not in draft.read_text()
    bench._draft.commit()
    (answer,) = load(office.clients, "acme").responses
    assert (answer.group, answer.question, answer.score) == ("it", ASKED[0], 3)


def test_only_what_differs_is_talked_about(office: Office) -> None:
    """What everyone scored alike is agreed when revealed; the rest is asked, the widest difference first; undo takes it back."""
    office.groups(it="consensus")
    bench = office.window()
    part = section(bench, "scoring")
    scored(part, "2", "3", "0", "1", "5", "4")
    part._hand_over()
    scored(part, "2", "4", "0", "5", "5", "0")
    part._begin_agreeing()
    agreed = bench.document["positions"][part._key[0]]["it"]
    assert agreed == {ASKED[0]: "2", ASKED[2]: "0", ASKED[4]: "5"}
    part._go_through(part._open_questions)
    assert [one.id for screen in part._screens for one in screen] == [ASKED[3], ASKED[1], ASKED[5]]
    bench._undo()
    assert "positions" not in bench.document


@pytest.mark.parametrize("given", [["2"], ["2", "2", None]])
def test_what_somebody_left_open_is_not_agreed(office: Office, given: list[str | None]) -> None:
    """A score is taken as what all think only where two or more gave it, and nobody who scored left it open."""
    office.groups(it="consensus")
    bench = office.window()
    part = section(bench, "scoring")
    for person, score in enumerate(given):
        scored(part, score, "1" if person else "5")
        part._hand_over()
    part._begin_agreeing()
    assert "positions" not in bench.document


def test_who_was_interrupted_goes_on_with_what_is_open(office: Office) -> None:
    """After the form is opened anew, the person asks for no score again, and the screen holds none given before."""
    office.groups(it="consensus")
    bench = office.window()
    scored(section(bench, "scoring"), "5", "5")
    bench._save()
    part = section(office.window(), "scoring")
    assert "Person 1, alone: 2 of 6 questions scored" in part._stage.value
    assert [one.id for screen in part._screens for one in screen] == ASKED[2:]
    scored(part, "1", "2", "3", "4")
    assert "Person 1 is done" in part._head.value
    part._hand_over()
    assert [one.id for screen in part._screens for one in screen] == ASKED
    assert {one._score.value for one in part._asked} == {None}


@pytest.mark.parametrize(
    ("employees", "asked", "offered"), [("60", "full", True), ("100", "full", True), ("101", "full", False), ("", "full", False), ("60", "pulse", False)]
)  # fmt: skip
def test_a_small_company_is_offered_the_executive_questionnaire(
    office: Office, employees: str, asked: str, offered: bool
) -> None:
    """Up to a hundred people, while the round asks the full one; taken, the round asks it."""
    office.groups(it="consensus")
    bench = office.window()
    bench.change(("facts", "profile", "employees"), employees)
    part = section(bench, "scoring")
    bench.change(("facts", "rounds", part._key[0], "questionnaire"), asked)
    part.show()
    assert part._shorter._offered() is offered
    if offered:
        part._shorter._take()
        assert bench.document["facts"]["rounds"][0]["questionnaire"] == "executive"
        assert "of 22 questions" in part._stage.value


def test_a_round_that_has_a_score_keeps_its_questionnaire(office: Office) -> None:
    """With the first score the executive questionnaire is offered no more."""
    office.groups(it="consensus")
    bench = office.window()
    bench.change(("facts", "profile", "employees"), "60")
    part = section(bench, "scoring")
    bench.change(("facts", "rounds", part._key[0], "questionnaire"), "full")
    part.show()
    assert part._shorter._offer.layout.display == ""
    part._asked[0]._score.value = "2"
    assert part._shorter._offer.layout.display == "none"


def test_two_windows_choose_whose_stands(office: Office) -> None:
    """The same field changed in both: the second sees both values and a choice, and what it chooses stands in both."""
    first, second = office.window(), office.window()
    name = ("facts", "profile", "sector")
    first.change(name, "Retail")
    first._save()
    second.change(name, "Wholesale")
    second._save()
    assert second._choice.box.layout.display == ""
    assert "Retail" in second._choice._said.value
    assert "Wholesale" in second._choice._said.value
    second._settle(mine=True)
    first._look()
    assert first.document["facts"]["profile"]["sector"] == "Wholesale"
    assert second._choice.box.layout.display == "none"
