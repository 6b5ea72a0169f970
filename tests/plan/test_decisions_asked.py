"""The one list of decisions: what is asked apart, what it costs, and what happens without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from toolkit.client.record import Record
from toolkit.client.schema import Budget, Chooser, Goal, Impact, Planning, Profile, Risk, Round
from toolkit.client.store import load
from toolkit.plan import explain_roadmap
from toolkit.plan.decisions import APPROVE, MOST, RELEASE, Ask, asked_in
from toolkit.plan.plan import plan_roadmap

SAMPLES = Path(__file__).resolve().parents[2] / "client_data"


def asks(record: Record) -> dict[str, Ask]:
    """Return a record's decisions by id, in order."""
    made = asked_in(record, "r1", plan_roadmap(record, "r1"))
    assert len({one.id for one in made}) == len(made)
    return {one.id: one for one in made}


def test_fixed_and_chosen_work_are_asked_for_apart_and_add_up_to_the_plan(make: Any) -> None:
    """What is under way is released, what is chosen approved; together they are each year's capital."""
    work = [
        make.initiative("a", status="in progress", start="2026-Q4", opex=8),
        make.initiative("b", mandatory="A law.", capex=50),
        make.initiative("c", capex=200, duration=4),
        make.initiative("d", capex=300, opex=12),
    ]
    record = make.client(work)
    made, plan = asks(record), plan_roadmap(record, "r1")
    release, approve = made[RELEASE], made[APPROVE]
    assert list(made)[:2] == [RELEASE, APPROVE]
    assert (release.money.before, release.money.new) == (50, 100)
    assert (release.money.running, release.money.running_unknown) == (8, 1)
    assert approve.what == "Approve the two chosen initiatives"
    assert approve.needs == (RELEASE,)
    for year in plan.years:
        asked = sum(one.money.years.get(year.year, 0.0) for one in (release, approve))
        assert asked == pytest.approx(year.capex)
    assert release.about == "One is under way and one is mandatory"


def test_alternatives_are_chosen_by_a_decision_of_their_own(make: Any) -> None:
    """It costs nothing beside what approves the work, and the record says who decides it by when."""
    work = [
        make.initiative("keep", alternative_group="erp", capex=100, short="ERP upgrade"),
        make.initiative("new", alternative_group="erp", capex=900, short="ERP replacement"),
        make.initiative("other", capex=80),
    ]
    chooser = Chooser(group="erp", owner_business="Ann", owner_it="Bo", due=date(2027, 3, 1))
    planning = Planning(start="2027-Q1", quarters=8, choices=(chooser,))  # type: ignore[arg-type]
    one = asks(make.client(work, planning=planning))["choose.erp"]
    assert one.what == "Choose ERP upgrade, not ERP replacement"
    assert (one.owners, one.due) == (("Ann", "Bo"), date(2027, 3, 1))
    assert (one.money.part_of, one.money.new) == (APPROVE, 100)
    assert one.needs == (APPROVE,)


def test_alternatives_of_which_one_is_fixed_are_no_choice(make: Any) -> None:
    """What is mandatory has been chosen."""
    work = [
        make.initiative("keep", alternative_group="erp", mandatory="A law."),
        make.initiative("new", alternative_group="erp", capex=900),
    ]
    assert "choose.erp" not in asks(make.client(work))


def test_an_agreed_cost_that_no_work_ends_is_a_decision(make: Any) -> None:
    """Only where the record links work to costs; a claimed cost, and one that work ends, are none."""
    costs = tuple(
        Impact(id=id, symptom="wasted-budget", name=f"Cost {id}", likely=1000, agreed_by=by)
        for id, by in (("ended", "Cy, CFO"), ("left", "Cy, CFO"), ("claimed", None))
    )
    linked = asks(make.client([make.initiative("a", removes=("ended",))], impact=costs))
    assert [id for id in linked if id.startswith("cost.")] == ["cost.left"]
    assert linked["cost.left"].money.saves == 1000
    assert linked["cost.left"].undecided == "It still costs USD 1,000 a year."
    assert not any(id.startswith("cost.") for id in asks(make.client([make.initiative("a")], impact=costs)))


def test_an_agreed_cost_whose_work_waits_is_asked_about(make: Any) -> None:
    """The work that would end it does not fit: room is made for it, or the cost is kept; a claim, and what the plan ends, is not asked about."""
    costs = tuple(
        Impact(id=id, name=f"Cost {id}", symptom="morale", likely=likely, agreed_by=by)
        for id, likely, by in (
            ("waits", 5000, "Fay, CFO"),
            ("claim", 9000, None),
            ("ended", 7000, "Fay, CFO"),
        )
    )
    large = make.initiative("large", capex=9_999, removes=("waits", "claim"))
    made = asks(make.client([make.initiative("a", removes=("ended",)), large], impact=costs))
    assert [id for id in made if id.startswith("cost.")] == ["cost.waits"]
    one = made["cost.waits"]
    assert one.what == "Make room for the work that ends “Cost waits”, USD 5,000 a year"
    assert one.undecided == "It still costs USD 5,000 a year."
    assert one.answers == ("Make room for it", "Defer until …", "Keep the cost")
    assert {effect.subject for option in one.options for effect in option.effects} == {"large"}


def test_a_risk_that_the_plan_leaves_open_is_accepted_or_gets_room(make: Any) -> None:
    """Its only work does not fit; what it costs is said with the amounts that the record states."""
    risk = Risk(
        id="x", name="Lease of the hall", short="Lease", due=date(2027, 12, 31), severity=1.0, yearly=96_000,
        until=date(2030, 12, 31), notice=date(2027, 6, 30), owner="Ann",
    )  # fmt: skip
    record = make.client([make.initiative("a", capex=9_999, settles=("x",))], risks=(risk,))
    fits = replace(
        record, facts=record.facts.model_copy(update={"budget": (Budget(year=2027, amount=99_999),)})
    )
    assert "risk.x" not in asks(fits)
    more = replace(record, initiatives=(*record.initiatives, make.initiative("b")))
    one = asks(more)["risk.x"]
    assert one.what == "Accept “Lease”, or make room for “Name of a”"
    assert one.undecided == "From 31 December 2027: USD 96k a year until 31 December 2030."
    assert one.due == date(2027, 6, 30)


def test_a_risk_says_what_its_work_would_push_out(make: Any) -> None:
    """The budget holds one of two; the other is worth more, and is named as what would go."""
    risk = Risk(id="x", name="Lease of the hall", due=date(2027, 12, 31), severity=0.1)
    work = [
        make.initiative("a", capex=700, goals={}, settles=("x",), name="New lease"),
        make.initiative("b", capex=700, name="Web shop"),
    ]
    record = make.client(work, risks=(risk,), budget=(Budget(year=2027, amount=1000),))
    made = {one.id: one for one in asked_in(record, "r1", explain_roadmap(record, "r1"))}
    assert made["risk.x"].about.startswith("It (USD 700) would push out “Web shop”")


def test_what_keeps_a_risk_open_is_about_its_date(make: Any) -> None:
    """Work lacks less money in the year after the risk's date, where it could still serve its goal: what counts is the year before."""
    work = [
        make.initiative("a", capex=700, goals={"h": 1}, settles=("x",), name="New lease"),
        make.initiative("b", capex=1000, duration=4, name="Web shop"),
        make.initiative("c", capex=500, name="Data", depends_on=("b",)),
    ]
    budget = (Budget(year=2027, amount=1000), Budget(year=2028, amount=1000))
    goals = (Goal(id="g", name="G", weight=99), Goal(id="h", name="H", weight=1))
    for due, said in (
        (date(2027, 12, 31), "begun in time, it needs USD 700 in FY2027, where USD 0 is left"),
        (date(2027, 3, 31), "it ends in Q2 2027 at the earliest, too late"),
        (date(2028, 12, 31), "it needs USD 700 in FY2028, where USD 500 is left"),
    ):
        risks = (Risk(id="x", name="Lease of the hall", due=due, severity=0.1),)
        record = make.client(work, risks=risks, budget=budget, goals=goals)
        (waiting,) = plan_roadmap(record).deferred
        assert waiting.leaves_open("x") == said
        if due > date(2027, 3, 31):
            assert asks(record)["risk.x"].about.startswith(f"It takes USD 700; {said}")


@pytest.mark.parametrize("due", [date(2027, 12, 31), None])
def test_a_risk_says_which_other_its_work_would_leave_open(make: Any, due: date | None) -> None:
    """What would go settles a risk itself: to answer the one opens the other, and a board is told so."""
    risks = (
        Risk(id="x", name="Lease of the hall", due=date(2027, 12, 31), severity=0.1),
        Risk(id="y", name="Warranty ends", due=due, severity=0.1),
    )
    work = [
        make.initiative("a", capex=700, goals={}, settles=("x",), name="New lease"),
        make.initiative("b", capex=700, settles=("y",), name="Web shop"),
    ]
    record = make.client(work, risks=risks, budget=(Budget(year=2027, amount=1000),))
    made = {ask.id: ask for ask in asked_in(record, "r1", explain_roadmap(record, "r1"))}
    said = "It (USD 700) would push out “Web shop”, and leave “Warranty ends” open"
    assert made["risk.x"].about.startswith(said)


def test_needs_that_an_ask_counts_are_named_beside_it() -> None:
    """Three needs are too long for a line of a slide: what is asked counts them, and they stand beside it."""
    record = load(SAMPLES, "harbour-credit-union")
    (asked,) = (ask for ask in asked_in(record, "", explain_roadmap(record)) if ask.id == "needs")
    assert asked.what == "Settle with the business what would meet three needs"
    names = "Growth and scalability, Streamlined operations and Secure, frictionless experience"
    assert asked.beside.startswith(names)


@pytest.mark.parametrize("known", [2, 1])
def test_work_that_an_ask_counts_is_named_beside_it(make: Any, known: int) -> None:
    """Several late initiatives stand beside what is asked of them, by name; a single one is named in what is asked."""
    late = {
        "status": "in progress",
        "start": "2026-Q1",
        "original_finish": date(2026, 12, 31),
        "finish": date(2027, 6, 30),
    }
    names = ("Mail", "Web shop")[:known]
    work = [make.initiative(name[0].lower(), name=name, **late) for name in names]
    one = asks(make.client(work))["late-work"]
    if known == 1:
        assert (one.what, one.names) == ("Approve the new date of “Mail”", ())
    else:
        assert (one.what, one.names) == ("Approve the new dates of two late initiatives", names)
        assert one.beside.startswith("Mail and Web shop; ")


@pytest.mark.parametrize(
    ("settling", "asked", "undecided"),
    [
        (
            {"settles": ("x",), "duration": 6}, "Accept “Lease”, or bring its work forward",
            "From 30 June 2027 until its work is done on 30 June 2028, nothing answers it.",
        ),
        (
            {"settles": ("x",), "capex": None}, "Accept “Lease”, or estimate its work",
            "From 30 June 2027, nothing answers it.",
        ),
        ({}, "Accept “Lease”, or fund work on it", "From 30 June 2027, nothing answers it."),
    ],
)  # fmt: skip
def test_a_risk_is_asked_about_by_what_its_work_is(
    make: Any, settling: dict[str, Any], asked: str, undecided: str
) -> None:
    """Planned work that ends after the date is to be brought forward, work of unknown cost estimated; where there is no work, some is to be funded."""
    risk = Risk(id="x", name="Lease of the hall", short="Lease", due=date(2027, 6, 30), severity=0.2)
    others = tuple(Risk(id=f"y{n}", name=f"Other {n}", due=date(2027, 6, 30), severity=1.0) for n in range(7))
    record = make.client([make.initiative("a", **settling), make.initiative("b")], risks=(risk, *others))
    one = asks(record)["risk.x"]
    assert (one.what, one.undecided) == (asked, undecided)


@pytest.mark.parametrize(
    "settling", [{}, {"settles": ("x",), "capex": 9_999}, {"settles": ("x",), "duration": 6}]
)
def test_a_risk_whose_date_is_over_is_asked_about_in_other_words(make: Any, settling: dict[str, Any]) -> None:
    """Whatever its work is: nothing is to be funded against what may have happened, nor is that a risk to accept."""
    risk = Risk(
        id="x", name="Lease of the hall", short="Lease", due=date(2026, 1, 31), severity=1.0, yearly=96_000
    )
    record = make.client([make.initiative("a", **settling), make.initiative("b")], risks=(risk,))
    assert record.round("r1").as_of > risk.due  # type: ignore[operator]
    one = asks(record)["risk.x"]
    assert one.what == "Decide what to do: “Lease” is past"
    assert one.undecided == "What happened is not on record; as feared, USD 96k a year."
    assert "Its date was 31 January 2026" in one.about or "its date was 31 January 2026" in one.about
    assert one.answers == ("Act on it now", "Defer until …", "Accept what followed")


def test_what_fixed_or_chosen_work_is_called_stands_with_its_ask(make: Any) -> None:
    """What is red first, and said to be."""
    work = [
        make.initiative("a", mandatory="A law."), make.initiative("c"), make.initiative("d"),
        make.initiative("b", status="in progress", start="2026-Q4", health="red", spent=1),
    ]  # fmt: skip
    found = asks(make.client(work))
    names = {one.id: one.short or one.name for one in work}
    assert found[RELEASE].names == (f"{names['b']} (reported red)", names["a"])
    assert sorted(found[APPROVE].names) == sorted((names["c"], names["d"]))


def test_work_that_ends_by_the_rounds_day_is_not_released(make: Any) -> None:
    """Begun a quarter before the plan, it is over on the last day of 2026, the round's: of two quarters, half is still to come."""
    for duration, released in ((1, False), (2, True)):
        begun = make.initiative("a", status="in progress", start="2026-Q4", duration=duration)
        made = asks(make.client([begun, make.initiative("b")]))
        assert (RELEASE in made) is released
        assert made[APPROVE].about == ("" if released else "One under way (USD 100) ends by 31 December 2026")


@pytest.mark.parametrize("capex", [100, 9_999])
def test_a_faster_answer_says_what_the_slow_work_costs_where_it_is_not_planned(make: Any, capex: int) -> None:
    """Its only work ends too late in any plan; whether it is in this one, and its price, stand beside the question."""
    risk = Risk(id="x", name="Lease", due=date(2027, 3, 31), severity=1.0)
    work = [make.initiative("a", duration=6, capex=capex, settles=("x",)), make.initiative("b")]
    asked = asks(make.client(work, risks=(risk,)))["risk.x"]
    assert asked.what == "Find a faster answer to “Lease”"
    assert asked.answers == ("Find a faster answer", "Defer until …", "Accept the risk")
    left_out = "Name of a (USD 10k) is not in the plan, and ends too late in any"
    assert (left_out in asked.beside) == (capex == 9_999)


def test_to_stop_work_that_serves_no_goal_rejects_it(make: Any) -> None:
    """Tied to a goal or stopped: each is an answer of its own, and what is stopped leaves the plan."""
    loose = make.initiative("loose", goals={})
    asked = asks(make.client([make.initiative("a"), loose]))["work-without-goals"]
    assert asked.answers == ("Tie it", "Defer until …", "Stop it")
    decided = {
        option.answer: [(effect.subject, effect.decision) for effect in option.effects]
        for option in asked.options
    }
    assert decided["reject"] == [("loose", "reject"), ("rec-work-without-goals", "approve")]
    assert ("loose", "approve") not in decided["approve"]


def test_risks_are_asked_about_by_how_severe_and_how_near_they_are(make: Any) -> None:
    """Neither where the question comes from nor its id decides: the most severe first, one within the year before its like."""
    risks = tuple(
        Risk(id=id, name=id, due=date(year, 6, 30), severity=severity)
        for id, year, severity in (("a", 2028, 0.2), ("b", 2028, 0.6), ("c", 2027, 0.5), ("d", 2028, 0.9), ("e", 2029, 0.3))
    )  # fmt: skip
    record = make.client([make.initiative("w")], risks=risks)
    order = [id.removeprefix("risk.") for id in asks(record) if id.startswith("risk.")]
    assert order == ["d", "c", "b", "e", "a"]


def test_a_goal_without_work_has_three_answers(make: Any) -> None:
    """Work now, later, or its end as a goal; one that somebody outside IT serves is not asked about."""
    goals = (Goal(id="g", name="Grow", weight=60), Goal(id="h", name="Keep people", weight=40))
    one = asks(make.client([make.initiative("a")], goals=goals))["goals-without-work"]
    assert one.what == "Say who works on “Keep people”"
    assert one.answers == ("Start work", "Defer until …", "Off the list", "Served outside IT")
    served = (goals[0], goals[1].model_copy(update={"served_by": "Ann, HR"}))
    assert "goals-without-work" not in asks(make.client([make.initiative("a")], goals=served))


@pytest.mark.parametrize(
    ("lacking", "first"),
    [
        ({"goals": ()}, "name-goals"),
        ({"budget": ()}, "set-budget"),
    ],
)
def test_what_blocks_the_plan_is_asked_for_first(make: Any, lacking: dict[str, Any], first: str) -> None:
    """Without goals, or without any limit, nothing can be planned: that comes before all advice."""
    assert next(iter(asks(make.client([make.initiative("a")], **lacking)))) == first


def test_a_recommendation_has_no_date_but_one_from_outside() -> None:
    """Decisions are asked of the next meeting, which the record names; none is dated ninety days on."""
    record = load(SAMPLES, "meridian-manufacturing")
    made = asked_in(record, record.round().id, plan_roadmap(record))
    assert [one.id for one in made if one.due] == ["risk.warehouse-contract"]


def test_a_meeting_is_not_before_the_day_whose_facts_it_is_shown() -> None:
    """The record says so where it is typed."""
    (one,) = Round(id="r", as_of=date(2027, 1, 1), meeting=date(2026, 1, 1)).contradictions()
    assert (one.field, one.allowed) == ("meeting", "a day no earlier than as_of, 2027-01-01")


def test_ids_stay_the_same_from_round_to_round(make: Any) -> None:
    """Half a year later what is asked again is asked under the same id."""
    record = make.client(
        [make.initiative("a"), make.initiative("b", mandatory="A law.")],
        risks=(Risk(id="x", name="Lease", severity=0.5),),
        profile=Profile(name="C", business_lead="Ann", it_lead="Bo"),
    )
    first, second = (
        [one.id for one in asked_in(record, round, plan_roadmap(record, round))] for round in ("r1", "r2")
    )
    assert first == second
    assert {RELEASE, APPROVE, "risk.x"} <= set(first[:MOST])
