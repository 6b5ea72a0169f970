"""The workshop without a browser: what is moved is planned anew, what is said comes from the plan, what is saved is checked."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import html5lib
import ipywidgets as widgets
import pytest

from toolkit.client.calendar import Quarter
from toolkit.client.models import Budget, Facts, Initiative, Profile
from toolkit.client.record import Record
from toolkit.client.store import load
from toolkit.errors import InputError
from toolkit.intake.delay import round_trip
from toolkit.plan import Roadmap, plan_roadmap
from toolkit.plan.background import Heard
from toolkit.plan.problem import problem_of
from toolkit.plan.roadmap import Scheduled
from toolkit.publish.data_files import plan_json
from toolkit.show.workshop import Workshop, scenario_id
from toolkit.show.workshop_fields import Money, label_of
from toolkit.show.workshop_text import changes, scored, status

SAMPLES = Path(__file__).resolve().parents[2] / "client_data"
SAMPLE = "harbour-credit-union"
HOSTILE = r"<img src=x onerror=alert(1)> $\href{javascript:alert(1)}{x}$ \(y\)"


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    """A folder with a copy of the credit union."""
    ignored = shutil.ignore_patterns("deliverables", "draft", "history", "issued.json", ".lock")
    shutil.copytree(SAMPLES / SAMPLE, tmp_path / SAMPLE, ignore=ignored)
    return tmp_path


def attended(clients: Path, visit: Callable[[Workshop], Awaitable[None]]) -> None:
    """Open the workshop in an event loop, as a notebook does, attend it, and close it."""

    async def session() -> None:
        workshop = Workshop.open(SAMPLE, str(clients))
        try:
            await visit(workshop)
        finally:
            workshop.close()

    asyncio.run(session())


async def press(workshop: Workshop, button: str) -> None:
    """Press a button, and answer as the page does once all that was typed is with the kernel."""
    field(workshop, button).click()
    round_trip().returned.value = round_trip().sent.value


async def until(said: Callable[[], bool]) -> None:
    """Let the loop run until something holds; at most a minute."""
    for _ in range(1200):
        if said():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come about within a minute")


def every(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    """Yield a widget and all that it holds."""
    yield widget
    for one in getattr(widget, "children", ()):
        yield from every(one)


def field(workshop: Workshop, label: str) -> Any:
    """Return the one widget with this label."""
    (found,) = (one for one in every(workshop.panel) if getattr(one, "description", None) == label)
    return found


def words_of(workshop: Workshop) -> str:
    """Return all text that the workshop shows as HTML."""
    shown = (one.value for one in every(workshop.panel) if isinstance(one, widgets.HTML))
    return "\n".join("".join(html5lib.parseFragment(one).itertext()) for one in shown)


def done(workshop: Workshop) -> bool:
    return "Done:" in words_of(workshop)


def test_a_session_from_the_first_plan_to_a_saved_proposal(clients: Path) -> None:
    """Points, pins, money and people are planned anew and told; the scenario saved is the one that was set."""

    async def visit(workshop: Workshop) -> None:
        assert "Planning…" in words_of(workshop)
        await until(lambda: done(workshop))
        began = plan_roadmap(load(clients, SAMPLE))
        assert workshop._heard is not None
        assert workshop._heard.roadmap == began
        assert "No initiative enters, leaves or moves." in words_of(workshop)

        first = began.scheduled[0].initiative
        field(workshop, "Initiative").value = first
        field(workshop, "Pin it").value = "out"
        await press(workshop, "Pin")
        assert "a pin without a reason is not kept" in words_of(workshop)
        field(workshop, "Reason").value = "Not before the merger"
        await press(workshop, "Pin")
        await until(lambda: done(workshop) and "kept out: Not before the merger" in words_of(workshop))

        for label, value in (("Budget of FY2027, CAD", 1300000), ("Reserve of FY2027, %", 5)):
            field(workshop, label).value = str(value)
        assert "Planning…" in words_of(workshop)
        await until(lambda: done(workshop))

        field(workshop, "Name").value = "Später & leaner"
        field(workshop, "Make it the proposed plan").value = True
        await press(workshop, "Save scenario")
        assert "Saved as scenarios/spater-leaner.yaml. The plan now follows it" in words_of(workshop)
        record = load(clients, SAMPLE)
        (saved,) = record.scenarios
        assert record.facts.planning.scenario == saved.id == "spater-leaner"
        assert saved.points == {}
        assert [(one.initiative, one.place, one.reason) for one in saved.pins] == [
            (first, "out", "Not before the merger")
        ]
        assert [(one.year, one.amount, one.reserve) for one in saved.budget] == [(2027, 1300000, 0.05)]
        assert saved.capacity == ()
        assert field(workshop, "Begin from").options[-1] == ("Scenario: Später & leaner", "spater-leaner")
        assert field(workshop, "Budget of FY2027, CAD").value == "1300000"

    attended(clients, visit)


def test_an_answer_moves_the_plan_before_it_is_recorded_and_stands_once_it_is(clients: Path) -> None:
    """Rejected, an initiative leaves the plan beside it at once, with nothing written; recorded, it stands in the record."""
    record = load(clients, SAMPLE)
    began = plan_roadmap(record)
    folder = clients / SAMPLE / "deliverables" / record.round().id
    folder.mkdir(parents=True)
    (folder / "plan.json").write_bytes(plan_json(record, record.round().id, began))
    names = {one.id: one.short or one.name for one in record.initiatives}
    gone = next(one.initiative for one in began.scheduled if not one.fixed)

    async def visit(workshop: Workshop) -> None:
        await until(lambda: done(workshop))
        field(workshop, "Decision").value = "approve.chosen-work"
        round_trip().returned.value = round_trip().sent.value  # as the page answers
        await until(lambda: "Approve the" in words_of(workshop))
        field(workshop, "Answer").value = "approve"
        field(workshop, names[gone]).value = "reject"
        await until(lambda: done(workshop) and "leadership rejected it" in words_of(workshop))
        assert load(clients, SAMPLE).decisions == record.decisions
        field(workshop, "Decided by").value = "Ann, CEO"
        field(workshop, "On").value = "2026-10-20"
        await press(workshop, "Record this answer")
        assert "Recorded." in workshop._deciding._outcome.value
        await until(lambda: done(workshop))
        assert workshop._heard is not None
        assert workshop._heard.roadmap == plan_roadmap(load(clients, SAMPLE))

    attended(clients, visit)
    assert {d.subject for d in load(clients, SAMPLE).decisions if d.decision == "reject"} == {gone}


def test_points_that_do_not_add_up_are_planned_by_shares_but_not_saved(clients: Path) -> None:
    """The page says what is left of 100; saving is refused in the record's words, and nothing is written."""

    async def visit(workshop: Workshop) -> None:
        goal = load(clients, SAMPLE).facts.goals[0]
        field(workshop, label_of(goal.name)).value = "10"
        assert "35 of 100 points are left: the plan goes by each goal’s share" in words_of(workshop)
        await press(workshop, "Save scenario")
        assert "Write a name with letters or digits" in words_of(workshop)
        field(workshop, "Name").value = "Less"
        await press(workshop, "Save scenario")
        assert "points that add up to 65" in words_of(workshop)
        assert not list((clients / SAMPLE / "scenarios").glob("*"))
        field(workshop, label_of(goal.name)).value = "46"
        assert "1 points too many are spread" in words_of(workshop)
        await until(lambda: done(workshop))

    attended(clients, visit)


def test_a_number_that_may_be_two_is_asked_about_and_changes_nothing(clients: Path) -> None:
    """Under the field stand both readings; the plan keeps the last certain number, and nothing is saved."""

    async def visit(workshop: Workshop) -> None:
        budgets = {one.year: one.amount for one in load(clients, SAMPLE).facts.budget}
        role = load(clients, SAMPLE).facts.capacity[0]
        title = "Budget of FY2027, CAD"
        field(workshop, title).value = "350.000"
        assert "350.000 may be 350 or 350000" in words_of(workshop)
        assert f"Until then it counts as {budgets[2027]:,.12g}." in words_of(workshop)
        field(workshop, "Name").value = "Less"
        await press(workshop, "Save scenario")
        assert f"the scenario, field {title}" in words_of(workshop)
        assert not list((clients / SAMPLE / "scenarios").glob("*"))
        field(workshop, title).value = "1.2m"
        assert "350.000" not in words_of(workshop)
        assert workshop._inputs._money.value()[0].amount == 1_200_000
        field(workshop, next(one.description for one in every(workshop.panel) if role.role in getattr(one, "description", ""))).value = "1,250"  # fmt: skip
        assert "1,250 may be 1.25 or 1250" in words_of(workshop)

    attended(clients, visit)


def test_a_session_can_begin_from_a_scenario(clients: Path) -> None:
    """What a scenario sets stands in the fields, is planned, and is saved again whole."""
    folder = clients / SAMPLE / "scenarios"
    folder.mkdir()
    record = load(clients, SAMPLE)
    pinned, role = record.initiatives[0].id, record.facts.capacity[0].role
    (folder / "lean.yaml").write_text(
        f"id: lean\nname: Lean\nround: {record.round().id}\n"
        f"pins: [{{initiative: {pinned}, place: out, reason: Later}}]\nbudget: [{{year: 2028, amount: 900000}}]\n"
        f"capacity: [{{role: {role}, fte: 7}}]\n"
    )

    async def visit(workshop: Workshop) -> None:
        field(workshop, "Begin from").value = "lean"
        assert field(workshop, "Budget of FY2028, CAD").value == "900,000"
        assert field(workshop, f"{label_of(role)}, FTE").value == "7"
        assert workshop._inputs.scenario("lean", "Lean") == load(clients, SAMPLE).scenarios[0]
        await until(lambda: done(workshop))
        await press(workshop, "Free it")
        assert "Free again" in words_of(workshop)
        assert workshop._inputs.scenario("lean", "Lean").pins == ()

    attended(clients, visit)


def test_a_scenario_that_is_saved_again_loses_nothing(clients: Path) -> None:
    """A budget beyond the plan, the note and a reserve to the last figure have no field of their own, and stay."""
    folder = clients / SAMPLE / "scenarios"
    folder.mkdir()
    round_id = load(clients, SAMPLE).round().id
    (folder / "lean.yaml").write_text(
        f"id: lean\nname: Lean\nnote: Agreed by the board\nround: {round_id}\n"
        "budget: [{year: 2028, amount: 900000, reserve: 0.12345678901}, {year: 2041, amount: 5}]\n"
    )

    async def visit(workshop: Workshop) -> None:
        before = load(clients, SAMPLE).scenarios[0]
        field(workshop, "Begin from").value = "lean"
        field(workshop, "Name").value = "Lean"
        await press(workshop, "Save scenario")
        assert "Saved as scenarios/lean.yaml" in words_of(workshop)
        assert load(clients, SAMPLE).scenarios[0] == before
        field(workshop, "Begin from").value = ""
        assert field(workshop, "Note").value == ""
        field(workshop, "Note").value = "My own"
        field(workshop, "Begin from").value = "lean"
        assert field(workshop, "Note").value == "My own"

    attended(clients, visit)


def test_a_year_without_a_budget_gets_none_of_0() -> None:
    """A reserve alone makes no budget: it is asked about, and the year stays unknown until an amount is written."""
    fields = Money(
        Facts(profile=Profile(name="C"), budget=(Budget(year=2027, amount=5),)), (2027, 2028), None
    )
    fields.fields[2028, "reserve"].text.value = "10"
    assert fields.value() == ()
    assert ["the year has none" in one.allowed for one in fields.faults()] == [True]
    fields.fields[2028, "amount"].text.value = "7"
    assert fields.value() == (Budget(year=2028, amount=7, reserve=0.1),)
    assert fields.faults() == []


def test_what_clients_write_is_never_markup_beside_a_live_kernel(clients: Path) -> None:
    """Hostile names build no element, no label allows HTML, and none holds what would be typeset as mathematics."""
    for file, old in (("client.yaml", "Settle 70 % of members' requests online"), ("initiatives.csv", "")):
        path = clients / SAMPLE / file
        text = path.read_text(encoding="utf-8")
        if not old:
            old = load(clients, SAMPLE).initiatives[0].name
        assert old in text
        path.write_text(
            text.replace(old, f"'{HOSTILE}'" if file == "client.yaml" else HOSTILE), encoding="utf-8"
        )

    async def visit(workshop: Workshop) -> None:
        initiative = load(clients, SAMPLE).initiatives[0]
        field(workshop, "Initiative").value = initiative.id
        field(workshop, "Pin it").value = "out"
        field(workshop, "Reason").value = HOSTILE
        await press(workshop, "Pin")
        field(workshop, "Name").value = HOSTILE
        await press(workshop, "Save scenario")
        await until(lambda: done(workshop))
        assert words_of(workshop).count(HOSTILE) >= 3
        for one in every(workshop.panel):
            if isinstance(one, widgets.HTML):
                tags = {
                    str(each.tag)
                    for each in html5lib.parseFragment(one.value, namespaceHTMLElements=False).iter()
                }
                images = html5lib.parseFragment(one.value, namespaceHTMLElements=False).iter("img")
                assert not {"script", "a"} & tags
                assert all(each.get("src").startswith("data:image/svg+xml;base64,") for each in images)
            assert not getattr(one, "description_allow_html", False)
            assert not set("$\\") & set(getattr(one, "description", "") or "")

    attended(clients, visit)


def record() -> Record:
    """Return a client with two goals and three initiatives."""
    facts = {
        "profile": {"name": "C"},
        "goals": [{"id": "g", "name": "G", "weight": 75}, {"id": "h", "name": "H", "weight": 25}],
        "planning": {"quarters": 8},
    }
    work = [{"id": "a", "goals": {"g": 3}}, {"id": "b", "goals": {"h": 3}}, {"id": "c", "goals": {"g": 3}}]
    rows = tuple(
        Initiative.model_validate({"name": f"Name {one['id']}", "capex": 100, "duration": 2} | one)
        for one in work
    )
    return Record(
        "c", Facts.model_validate(facts | {"rounds": [{"id": "r", "as_of": "2026-12-31"}]}), initiatives=rows
    )


def roadmap(gap: float | None = 0.0, **starts: int) -> Roadmap:
    """Return a roadmap of eight quarters with initiatives of two."""
    first = Quarter(2027, 1)
    scheduled = tuple(
        Scheduled(one, first.plus(at), first.plus(at + 1), 0.5, 0.1, 100.0) for one, at in starts.items()
    )
    return Roadmap("optimised", first, 8, scheduled=scheduled, gap=gap)


def test_what_changed_is_scored_on_the_points_now_set() -> None:
    """Entering, leaving and moving are named; both plans are scored by the same values."""
    one = record()
    began, now = roadmap(a=0, b=0), roadmap(a=4, c=0)
    problem = problem_of(one, now.start)
    assert [scored(began, problem), scored(now, problem)] == pytest.approx(
        [0.65 * (0.75 * 6 / 8 + 0.25 * 6 / 8), 0.65 * (0.75 * 2 / 8 + 0.75 * 6 / 8)]
    )
    said = changes(one, began, now)
    summary = "".join(html5lib.parseFragment(str(said.summary)).itertext())
    assert summary == (
        "One enters, one leaves and one moves. On the points now set, the plan scores the same as the one the "
        "session began with, for the same capital."
    )
    detail = "".join(html5lib.parseFragment(str(said.detail)).itertext())
    assert "Name centersbelow the lineQ1 2027 to Q2 2027" in detail
    assert "Name bleavesQ1 2027 to Q2 2027" in detail
    assert "Name amovesQ1 2027 to Q2 2027Q1 2028 to Q2 2028" in detail


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        (None, "Planning…"),
        (Heard("improving", roadmap(0.031, a=0)), "Still improving: no plan within these limits scores more than 3.1 % higher on the values you set. One of one initiative above the line, for USD 100 of capital."),
        (Heard("done", roadmap(0.0, a=0)), "Done: no plan within these limits scores higher on the values you set."),
        (Heard("improving", roadmap(1.0, a=0)), "Still improving: how much better a plan could be is not proven yet."),
        (Heard("failed", why="its process ended"), "The search stopped (its process ended). Change something to search again."),
        (Heard("done", Roadmap("infeasible", Quarter(2027, 1), 8)), "The fixed commitments collide: something must give way."),
        (Heard("done", Roadmap("timeline", Quarter(2027, 1), 8)), "There is nothing to rank by yet."),
    ],
)  # fmt: skip
def test_the_status_says_how_far_a_plan_is_proven(heard: Heard | None, said: str) -> None:
    """While it improves, when it is done, and when there is none, in a region that is read out."""
    line = str(status(heard, "USD"))
    assert "".join(html5lib.parseFragment(line).itertext()).startswith(said)
    assert 'role="status" aria-live="polite"' in line


def test_a_round_that_is_not_recorded_is_said_in_words(clients: Path) -> None:
    """The notebook's parameter is a fault like any other, with the nearest round."""

    async def session() -> None:
        with pytest.raises(InputError, match="Did you mean '2026-q4'"):
            Workshop.open(SAMPLE, str(clients), "2026-q5")

    asyncio.run(session())


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Budget −10 %", "budget-10"),
        ("Été 2027", "ete-2027"),
        ("漢字", ""),
        ("a" * 80, "a" * 63),
        ("../x", "x"),
    ],
)
def test_a_scenarios_file_is_named_after_it(name: str, id: str) -> None:
    """Whatever the name, the id can be a file's name everywhere, or is empty."""
    assert scenario_id(name) == id
