"""The workshop without a browser: what is moved is planned anew, what is said comes from the plan, what is saved is checked."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import html5lib
import ipywidgets as widgets
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.schema import Budget, Facts, Goal, Initiative, Profile
from toolkit.client.store import load
from toolkit.errors import InputError
from toolkit.intake.delay import round_trip
from toolkit.plan import Roadmap, plan_roadmap
from toolkit.plan.background import Heard
from toolkit.plan.problem import problem_of
from toolkit.plan.roadmap import Scheduled, YearMoney
from toolkit.publish.data_files import plan_json
from toolkit.show.workshop import Workshop, scenario_id
from toolkit.show.workshop_controls import Money, Points, label_of
from toolkit.show.workshop_view import (
    Shown,
    Times,
    changes,
    money_picture,
    plan_picture,
    ranked,
    scored,
    status,
)

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
    """Whether the plan shown is the last one, its reasons worked out."""
    words = words_of(workshop)
    return "proven" in words and not any(said in words for said in ("Planning…", "proving", "working out"))


def test_a_session_from_the_first_plan_to_a_saved_proposal(clients: Path) -> None:
    """Points, pins, money and people are planned anew and told; the scenario saved is the one that was set."""

    async def visit(workshop: Workshop) -> None:
        assert "Planning…" in words_of(workshop)
        await until(lambda: done(workshop))
        began = plan_roadmap(load(clients, SAMPLE))
        assert workshop._heard is not None
        assert workshop._heard.roadmap == began
        assert "Against the start of the session" not in words_of(workshop)  # nothing was changed yet

        first = began.scheduled[0].initiative
        field(workshop, "Initiative").value = first
        field(workshop, "Pin it").value = "out"
        await press(workshop, "Pin")
        assert "a pin without a reason is not kept" in words_of(workshop)
        field(workshop, "Reason").value = "Not before the merger"
        await press(workshop, "Pin")
        await until(lambda: done(workshop) and "kept out: Not before the merger" in words_of(workshop))
        assert "in the scenario" not in words_of(workshop)  # it has no name yet

        for label, value in (("Budget of FY2027, CAD", 1300000), ("Reserve of FY2027, %", 5)):
            field(workshop, label).value = str(value)
        assert "Planning…" in words_of(workshop)
        await until(lambda: done(workshop))

        field(workshop, "Name").value = "Später & leaner"
        await press(workshop, "Save as the plan")
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
        await press(workshop, "Save as scenario")
        assert "Write a name with letters or digits" in words_of(workshop)
        field(workshop, "Name").value = "Less"
        await press(workshop, "Save as scenario")
        assert "points that add up to 65" in words_of(workshop)
        assert not list((clients / SAMPLE / "scenarios").glob("*"))
        field(workshop, label_of(goal.name)).value = "46"
        assert "1 point too many is spread" in words_of(workshop)
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
        await press(workshop, "Save as scenario")
        assert f"Nothing was saved.{title}: “350.000” is not" in words_of(workshop)
        assert not list((clients / SAMPLE / "scenarios").glob("*"))
        field(workshop, title).value = "1.2m"
        assert "350.000" not in words_of(workshop)
        assert workshop._controls.money.value()[0].amount == 1_200_000
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
        assert workshop._controls.scenario("lean", "Lean") == load(clients, SAMPLE).scenarios[0]
        await until(lambda: done(workshop))
        await press(workshop, "Free it")
        assert "Free again" in words_of(workshop)
        assert workshop._controls.scenario("lean", "Lean").pins == ()

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
        await press(workshop, "Save as scenario")
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
        await press(workshop, "Save as scenario")
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


def words(html: object) -> str:
    """Return the text a reader would see."""
    return "".join(html5lib.parseFragment(str(html)).itertext()).replace("\u00a0", " ")


def test_what_changed_is_scored_on_the_points_now_set() -> None:
    """Entering, leaving and moving are named; both plans are scored by the same values."""
    one = record()
    began, now = roadmap(a=0, b=0), roadmap(a=4, c=0)
    problem = problem_of(one, now.start)
    assert [scored(began, problem), scored(now, problem)] == pytest.approx(
        [0.65 * (0.75 * 6 / 8 + 0.25 * 6 / 8), 0.65 * (0.75 * 2 / 8 + 0.75 * 6 / 8)]
    )
    said = words(changes("Since the last change", "Reserve of FY2027, %: 5", one, began, now))
    assert said == (
        "Since the last changeReserve of FY2027, %: 5One enters, one leaves and one moves. On the points now set the plan scores "
        "the same, for the same capital.Enters Name c Q1 2027 to Q2 2027Leaves Name b not in the planMoves Name a Q1 2027 → Q1 2028"
    )


def test_the_pictures_mark_what_is_new_and_show_two_plans_row_by_row() -> None:
    """A bar begins and ends with its work; what entered or moved is tagged; of two plans, what one lacks is said so."""
    one, before, now = record(), roadmap(a=0, b=0), roadmap(a=4, c=0)
    alone = str(plan_picture([Shown("Now", one, now)], before))
    assert "Name a later" in words(alone)
    assert "Name c new" in words(alone)
    assert (
        '<i class="was" style="left: 0.000%; width: 25.000%"></i><i class="chosen" style="left: 50.000%; width: 25.000%"></i>'
        in alone
    )
    assert "new" in words(ranked(one, now, before))
    both = words(plan_picture([Shown("Now", one, now), Shown("Lean", one, before)]))
    assert both.count("not in this plan") == 2
    assert "Lean" in both
    years = (YearMoney(2027, 500.0, 50.0, 300.0, 50.0),)
    assert "350 of 450, 100 left 50 held back" in words(
        money_picture([Shown("Now", one, replace(now, years=years))], "USD")
    )


OF_TWO = "One of one initiative fits, for USD 100 of capital"
BEST = "no other plan within these limits is worth more by leadership’s weights"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([], "Planning…Looking for a first plan"),
        ([("improving", 0.031)], f"{OF_TWO}First plan after 0.4 sproving: no other plan within these limits is worth over 3.1 % more by leadership’s weights"),
        ([("improving", 0.031), ("improving", 0.02)], f"{OF_TWO}First plan after 0.4 sproving: no other plan within these limits is worth over 2.0 % more by leadership’s weights"),
        ([("improving", 0.031), ("better", 0.02)], f"{OF_TWO}First plan after 0.4 sa better one after 0.8 sproving: no other plan within these limits is worth over 2.0 % more by leadership’s weights"),
        ([("improving", 1.0)], f"{OF_TWO}First plan after 0.4 sproving: how much better a plan could be is not proven yet"),
        ([("improving", 0.0)], f"{OF_TWO}First plan after 0.4 s, and proven: {BEST}working out what keeps the rest out"),
        ([("improving", 0.031), ("improving", 0.0)], f"{OF_TWO}First plan after 0.4 sproven after 0.8 s: {BEST}working out what keeps the rest out"),
        ([("improving", 0.031), ("improving", 0.0), ("done", 0.0)], f"{OF_TWO}First plan after 0.4 sproven after 0.8 s: {BEST}"),
        ([("improving", 0.031), ("done", 0.01)], f"{OF_TWO}First plan after 0.4 ssearched for 0.8 s, not proven to the end: no other plan within these limits is worth over 1.0 % more by leadership’s weights"),
    ],
)  # fmt: skip
def test_the_status_tells_each_stage_when_it_is_reached(told: list[tuple[str, float]], said: str) -> None:
    """It never says that a plan improves which nothing beats, nor that one is proven before it is; it is read out."""
    heard, times = None, Times()
    for n, (state, gap) in enumerate(told, 1):
        now = roadmap(gap, a=int(state == "better"))
        last, heard = heard and heard.roadmap, Heard("done" if state == "done" else "improving", now)
        times = times.after(heard, 0.4 * n, last)
    line = str(status(heard, times, "USD"))
    assert words(line) == said
    assert 'role="status" aria-live="polite"' in line


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        (Heard("failed", why="its process ended"), "The search stoppedIts process ended. Change something to search again"),
        (Heard("done", Roadmap("infeasible", Quarter(2027, 1), 8)), "The fixed commitments collide: something must give way"),
        (Heard("done", Roadmap("timeline", Quarter(2027, 1), 8)), "There is nothing to rank by yet"),
    ],
)  # fmt: skip
def test_the_status_says_why_there_is_no_plan(heard: Heard, said: str) -> None:
    """Where work collides, nothing can be ranked, or the search died."""
    line = words(status(heard, Times().after(heard, 1.0), "USD"))
    assert line.startswith(said)
    assert heard.roadmap is None or ("Searched" in line) == (heard.roadmap.kind == "infeasible")


@given(st.lists(st.floats(0, 100).map(lambda one: round(one, 1)), min_size=1, max_size=12))
def test_points_made_100_are_100_whole_points(points: list[float]) -> None:
    """Whatever was spread, the button gives whole points that add up, each within one of the goal's share."""
    assume(sum(points) > 0)
    goals = tuple(Goal(id=f"g{n}", name=f"G{n}", weight=one) for n, one in enumerate(points))
    fields = Points(Facts.model_construct(profile=Profile(name="C"), goals=goals), None)
    told: list[str] = []
    fields.watch(told.append)
    fields.spread()
    assert told == ["All points raised or lowered alike to make 100"]
    made = [one.value for one in fields.fields.values()]
    assert sum(made) == 100
    assert all(
        one == int(one) and abs(one - 100 * was / sum(points)) < 1 + 1e-9
        for one, was in zip(made, points, strict=True)
    )
    assert "All 100 points are spread" in words(fields.left.value)


def test_a_slider_and_its_number_are_one(clients: Path) -> None:
    """What the slider is set to stands in the field, is planned and told as the last change; names stand whole."""

    async def visit(workshop: Workshop) -> None:
        await until(lambda: done(workshop))
        goal = load(clients, SAMPLE).facts.goals[0]
        points = workshop._controls.points.fields[goal.id]
        assert points.slider is not None
        points.slider.value = 60
        assert field(workshop, goal.name).value == "60"
        await until(lambda: done(workshop))
        assert f"Since the last change{goal.name}: 60" in words_of(workshop)
        points.text.value = "45"
        assert points.slider.value == 45

    attended(clients, visit)


def test_old_figures_are_grey_and_two_plans_stand_side_by_side(clients: Path) -> None:
    """From a change until its plan the figures are marked as old; the record's plan shows beside the one now set."""

    async def visit(workshop: Workshop) -> None:
        recorded = plan_roadmap(load(clients, SAMPLE)).scheduled
        await until(lambda: done(workshop))
        assert "stale" not in workshop.panel._dom_classes
        field(workshop, "Initiative").value = recorded[-1].initiative
        field(workshop, "Pin it").value = "out"
        field(workshop, "Reason").value = "Later"
        await press(workshop, "Pin")
        assert "stale" in workshop.panel._dom_classes
        await until(lambda: done(workshop))
        assert "stale" not in workshop.panel._dom_classes
        field(workshop, "Show beside the plan").value = ""
        await until(lambda: "Against the record" in words_of(workshop))
        assert "not in this plan" in words_of(workshop)
        await until(lambda: bool(workshop._beside_plan) and workshop._beside_plan.scheduled == recorded)
        field(workshop, "Name").value = "Later"
        await press(workshop, "Save as the plan")
        assert "The plan now follows it" in words_of(workshop)
        await until(lambda: bool(workshop._beside_plan) and workshop._beside_plan.scheduled == recorded)

    attended(clients, visit)


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
