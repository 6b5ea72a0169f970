"""Recommendations: what they answer, who owns them, and how the consultant completes them."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clients import GOAL, RISK, advice, ids, record

from toolkit.assess import assess
from toolkit.assess.recommendations import not_known
from toolkit.client.calendar import Quarter
from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.record import Record
from toolkit.client.schema import Action, Decision, Facts, Initiative
from toolkit.client.store import load
from toolkit.method import MOST_RECOMMENDATIONS

WORK = Initiative(id="other", name="Shop", capex=1.0)
SAMPLES = Path(__file__).resolve().parents[2] / "client_data"
LEADS = {"business_lead": "Ann, COO", "it_lead": "Bo, CIO"}


@pytest.mark.parametrize("slug", ["meridian-manufacturing", "harbour-credit-union", "lakeside-clinic"])
def test_a_client_gets_five_to_seven_recommendations(slug: str) -> None:
    """Each sample is given five to seven, every one with an action, a reason and a decision."""
    made = assess(load(SAMPLES, slug)).recommendations
    assert 5 <= len(made) <= MOST_RECOMMENDATIONS
    assert all(one.action and one.because and one.decision for one in made)


@pytest.mark.parametrize("slug", ["meridian-manufacturing", "harbour-credit-union"])
def test_a_recommendation_has_an_owner_on_both_sides(slug: str) -> None:
    """Where the profile names both leads, no recommendation is without an owner on either side."""
    made = assess(load(SAMPLES, slug)).recommendations
    assert all(one.owner_business and one.owner_it for one in made)


def test_an_owner_that_nobody_named_stays_missing() -> None:
    """Without leads, goals or risks that name anyone, both owners are missing and not invented."""
    made = assess(record(goals=[{"id": "g", "name": "Grow"}])).recommendations
    assert {(one.owner_business, one.owner_it) for one in made} == {(None, None)}


def test_a_risk_goes_to_its_owners_side() -> None:
    """A risk owned by the lead of IT has that owner in IT, and the business lead beside it."""
    one = advice(assess(record(LEADS, risks=[RISK])), "rec-risk.x")
    assert (one.owner_business, one.owner_it) == ("Ann, COO", "Bo, CIO")
    assert one.action == "Decide how to answer “Lease”, due 30 June 2027: fund work on it, or accept the risk"
    assert one.because == ("No initiative settles it. If nothing is done: It renews.",)
    assert one.risks == ("x",)


def test_an_estimate_is_asked_for_where_nobody_can_say_whether_the_answer_is_in_time() -> None:
    """Work of unknown duration may settle a deadline too late: it is to be estimated; with a duration nothing is asked."""
    work = Initiative(id="w", name="New lease", settles=("x",))
    one = advice(assess(record(LEADS, risks=[RISK], initiatives=[work])), "rec-risk.x")
    assert (
        one.action == "Estimate “New lease”, which is to settle “Lease”, due 30 June 2027, or accept the risk"
    )
    assert "its cost and duration are not known" in one.because[0]
    sized = work.model_copy(update={"duration": 1})
    made = assess(record(LEADS, risks=[RISK], initiatives=[sized])).recommendations
    assert "rec-risk.x" not in {each.id for each in made}


@pytest.mark.parametrize(
    ("due", "by"),
    [
        ("2026-11-15", date(2026, 11, 15)),
        ("2027-06-30", None),
        ("2026-01-01", None),
    ],
)
def test_a_decision_on_a_deadline_comes_before_it(due: str, by: date | None) -> None:
    """It is due with the deadline where that is less than 90 days off; else leadership’s next meeting is soon enough."""
    assert advice(assess(record(risks=[RISK | {"due": due}])), "rec-risk.x").due == by


def test_every_place_in_an_action_is_filled() -> None:
    """No sentence of a recommendation keeps a name in braces, also where a deadline has passed and is missed."""
    late = Initiative(id="w", name="Work", settles=("x",), finish=date(2026, 12, 1))
    for risk in (RISK, RISK | {"due": "2026-01-01"}, {"id": "x", "name": "Lease"}):
        for work in ((), (late,)):
            for one in assess(record(risks=[risk], initiatives=work)).recommendations:
                assert "{" not in one.action + "".join(one.because)


def test_nothing_is_asked_of_the_figures_of_rejected_work() -> None:
    """What is not judged counts the work that goes ahead, as the recommendations do."""
    bare = TEST.model_copy(update={"capex": None, "duration": None})
    for decisions, missed in (((), True), (on_work("reject"), False)):
        made = record(risks=[RISK], initiatives=[bare, WORK], decisions=decisions)
        said = {one.what for one in assess(made).not_judged}
        assert ("The cost of one of two initiatives" in said) == missed


def test_what_was_rejected_is_not_asked_again() -> None:
    """A recommendation that leadership rejected in an earlier round is gone; rejected in this round it stands."""
    for made_in, gone in (("old", True), ("r", False)):
        no = Decision(id="d", round=made_in, date=date(2025, 11, 1), subject="rec-risk.x", decision="reject")
        a = assess(record(risks=[RISK], decisions=[no], twice=True))
        assert ("rec-risk.x" not in ids(a)) == gone


def test_an_initiative_of_its_name_carries_a_recommendation() -> None:
    """Once it is in initiatives.csv under the recommendation's id, the recommendation points to it."""
    work = Initiative(id="rec-risk.x", name="Leave the lease")
    assert advice(assess(record(risks=[RISK], initiatives=[work])), "rec-risk.x").initiatives == (
        "rec-risk.x",
    )


def test_the_record_completes_a_recommendation() -> None:
    """Owner, date and cost that the consultant adds stand in place of what is proposed; the rest stays."""
    added = {"id": "rec-risk.x", "round": "r", "owner_it": "Cy", "due": "2026-10-31", "cost": 500}
    one = advice(assess(record(LEADS, risks=[RISK], recommendations=[added])), "rec-risk.x")
    assert (one.owner_business, one.owner_it, one.due, one.cost) == (
        "Ann, COO",
        "Cy",
        date(2026, 10, 31),
        500,
    )


def test_the_consultants_own_recommendation_stands_first() -> None:
    """One with an action of its own is listed first, and the computed ones make room for it."""
    own = {
        "id": "rec-own",
        "round": "r",
        "action": "Move the office",
        "why": "It leaks.",
        "decision": "Approve",
    }
    a = assess(load(SAMPLES, "meridian-manufacturing"))
    assert "rec-own" not in ids(a)
    facts = load(SAMPLES, "meridian-manufacturing").facts
    more = Facts.model_validate(facts.model_dump() | {"recommendations": [own | {"round": "2026-q3"}]})
    b = assess(dataclasses.replace(load(SAMPLES, "meridian-manufacturing"), facts=more))
    assert ids(b)[0] == "rec-own"
    assert len(b.recommendations) == MOST_RECOMMENDATIONS


def test_what_the_consultant_completed_stays_on_the_list() -> None:
    """A light recommendation that was given an owner is kept among the seven; nothing of it is lost."""
    risks = [RISK | {"id": f"x{i}", "severity": 1} for i in range(3)]
    goals = [{"id": f"g{i}", "name": f"Goal {i}"} for i in range(3)]
    rest: dict[str, Any] = {"risks": risks, "goals": goals, "initiatives": [Initiative(id="w", name="Work")]}
    assert "rec-set-targets" not in ids(assess(record(**rest)))
    added = {"id": "rec-set-targets", "round": "r", "owner_it": "Cy"}
    a = assess(record(**rest, recommendations=[added]))
    assert advice(a, "rec-set-targets").owner_it == "Cy"
    assert len(a.recommendations) == MOST_RECOMMENDATIONS


def test_an_action_of_the_consultants_own_replaces_the_computed_one() -> None:
    """With an action of its own under a computed recommendation's id, only the consultant's stands."""
    own = {"id": "rec-risk.x", "round": "r", "action": "Let the lease end", "why": "Nobody needs it."}
    a = assess(record(risks=[RISK], recommendations=[own]))
    assert [one.action for one in a.recommendations if one.id == "rec-risk.x"] == ["Let the lease end"]


def test_more_own_actions_than_seven_are_all_listed() -> None:
    """Whatever the consultant adds is shown; the computed ones then make way altogether."""
    own = [{"id": f"own-{i}", "round": "r", "action": f"Do {i}"} for i in range(9)]
    assert ids(assess(record(risks=[RISK], recommendations=own))) == [f"own-{i}" for i in range(9)]


# What leadership has decided, and what can be in time.

TEST = Initiative(id="w", name="Restore test", settles=("x",), capex=1.0, duration=2)


def on_work(decision: Any, **rest: Any) -> tuple[Decision, ...]:
    return (Decision(id="d", round="r", date=date(2026, 9, 1), subject="w", decision=decision, **rest),)


@pytest.mark.parametrize(("decision", "done"), [("reject", "rejected"), ("defer", "deferred")])
def test_work_that_leadership_set_aside_does_not_answer_a_risk(decision: str, done: str) -> None:
    """Its risk is asked about again, with the decision as the reason; a second answer that goes ahead is enough."""
    a = assess(record(risks=[RISK], initiatives=[TEST], decisions=on_work(decision)))
    assert advice(a, "rec-risk.x").action == (
        "Take back what would settle “Lease”, due 30 June 2027, fund another answer, or accept the risk"
    )
    assert advice(a, "rec-risk.x").because == (
        f"“Lease” falls due on 30 June 2027 and nothing that goes ahead settles it: “Restore test” was {done} by leadership.",
    )
    assert advice(a, "rec-risk.x").cost_note == (
        "USD 1 for what would be taken back; another answer is to be estimated"
    )
    other = TEST.model_copy(update={"id": "v"})
    both = record(risks=[RISK], initiatives=[TEST, other], decisions=on_work(decision))
    assert "rec-risk.x" not in ids(assess(both))


def test_a_stub_on_the_register_does_not_answer_its_risk() -> None:
    """A recommendation taken onto the register without cost and duration is still asked for; once sized, it is not."""
    stub = Initiative(id="rec-risk.x", name="Fund an answer", settles=("x",))
    assert advice(assess(record(risks=[RISK], initiatives=[stub])), "rec-risk.x").carriers == ("rec-risk.x",)
    sized = stub.model_copy(update={"capex": 1.0, "duration": 1})
    assert "rec-risk.x" not in ids(assess(record(risks=[RISK], initiatives=[sized])))


def test_work_that_cannot_end_in_time_does_not_answer_a_deadline() -> None:
    """Proposed work counts by the first quarter it may start in and its duration, not by a date once recorded."""
    for start, late in ((None, False), (Quarter(2027, 2), True)):
        work = TEST.model_copy(update={"earliest_start": start, "finish": date(2027, 12, 31)})
        a = assess(record(risks=[RISK], initiatives=[work]))
        assert ("rec-risk.x" in ids(a)) == late
    running = TEST.model_copy(update={"status": "in progress", "start": Quarter(2027, 2)})
    assert advice(assess(record(risks=[RISK], initiatives=[running])), "rec-risk.x").because == (
        "“Lease” falls due on 30 June 2027, but “Restore test”, which settles it, finishes on 30 September 2027 at the earliest.",
    )


def test_a_risk_that_leadership_accepted_is_not_asked_about_for_late_work() -> None:
    """Accepted is accepted, whether nothing settles the risk or its work ends too late; a later round's word counts later."""
    late = TEST.model_copy(update={"earliest_start": Quarter(2028, 1)})
    for made_in, gone in (("r", True), ("later", False)):
        yes = Decision(id="d", round=made_in, date=date(2026, 9, 1), subject="x", decision="accept risk")
        assert (
            "rec-risk.x" not in ids(assess(record(risks=[RISK], initiatives=[late], decisions=[yes])))
        ) == gone


@pytest.mark.parametrize(
    ("work", "decisions", "past"),
    [({}, on_work("reject"), "was rejected by leadership"), ({"status": "done"}, (), "is done")],
)
def test_a_goal_whose_work_does_not_go_ahead_says_what_became_of_it(
    work: dict[str, Any], decisions: tuple[Decision, ...], past: str
) -> None:
    """Rejected work is not behind a goal; a goal whose work is done is not said to have had none."""
    served = Initiative(id="w", name="Restore test", goals={"g": 3}, **work)
    a = assess(record(goals=[GOAL], initiatives=[served], decisions=decisions))
    (said,) = [one.statement for one in a.findings if one.rule == "goal without work"]
    assert said == (
        "No work that goes ahead serves the goal “Grow”, to which leadership gives 100 of 100 points: "
        f"“Restore test” {past}."
    )


@pytest.mark.parametrize(
    ("latest", "reached"), [(95, True), (96, True), (94, False)], ids=["met", "passed", "short"]
)
def test_nobody_is_asked_to_start_work_on_a_goal_that_is_reached(latest: int, reached: bool) -> None:
    """Where the latest reading meets the target, it is asked to be confirmed or set anew, and nothing to be started."""
    kpi = {"id": "k", "name": "On time", "unit": "%", "baseline": 80, "readings": [
        {"date": "2026-06-30", "value": 94}, {"date": "2026-09-01", "value": latest}, {"date": "2026-10-01", "value": 80},
    ]}  # fmt: skip
    goal = GOAL | {"kpi": "k", "target": 95}
    a = assess(record(goals=[goal], kpis=[kpi], initiatives=[WORK]))
    (said,) = [one.statement for one in a.findings if one.rule == "goal without work"]
    met = f"; its measure “On time” stood at {latest} % on 1 September 2026, which meets its target of 95 %"
    assert (met in said) == reached
    one = advice(a, "rec-goals-without-work")
    assert (one.action, one.decision) == (
        ("Confirm that the goal “Grow” is reached, or set it a new target", "Confirm it, or set a new target")
        if reached
        else (
            "Say who works on “Grow”: start work, serve it outside IT, or take it off the list",
            "Start it, serve it outside IT, or take it off the list",
        )
    )


def test_a_goal_that_none_of_its_work_can_be_in_time_for_is_asked_about() -> None:
    """Where all work that serves it ends after its date at the earliest, its date is asked about; in time, it is not."""
    work = TEST.model_copy(update={"settles": (), "goals": {"g": 3}})
    for due, asked in (("2026-12-31", True), ("2027-03-31", False)):
        made = ids(assess(record(goals=[GOAL | {"due": due}], initiatives=[work])))
        assert ("rec-goals-out-of-time" in made) == asked


def test_rejected_work_is_asked_nothing_more() -> None:
    """Neither an owner, an estimate nor a goal is asked of work that leadership rejected."""
    work = Initiative(id="w", name="Visitor wifi")
    serving = Initiative(
        id="s", name="Shop", goals={"g": 3}, capex=1.0, duration=1, owner_business="Ann, COO"
    )
    asked = {"rec-business-owners", "rec-estimates", "rec-work-without-goals"}
    rest: dict[str, Any] = {"goals": [GOAL], "budget": [{"year": 2027, "amount": 9}]}
    assert asked <= set(ids(assess(record(**rest, initiatives=[work, serving]))))
    rejected = assess(record(**rest, initiatives=[work, serving], decisions=on_work("reject")))
    assert not asked & set(ids(rejected))
    assert "work without goal" not in {one.rule for one in rejected.findings}


def test_new_dates_are_asked_for_work_under_way_alone() -> None:
    """Of proposed work the plan gives the dates; where nothing late is under way, no new dates are asked for."""
    dates = {"original_finish": date(2026, 1, 31), "finish": date(2027, 6, 30)}
    late = [Initiative(id=f"w{i}", name=f"Work {i}", status="proposed", **dates) for i in range(3)]
    assert "rec-late-work" not in ids(assess(record(initiatives=late)))
    late[0] = late[0].model_copy(update={"status": "in progress"})
    made = advice(assess(record(initiatives=late)), "rec-late-work")
    assert made.initiatives == ("w0",)
    assert made.action == "Approve the new date of “Work 0”, or agree on another date"


def test_new_dates_are_asked_for_work_of_unknown_state_where_no_plan_gives_them() -> None:
    """A register that names no state holds open work, too; with goals and a budget the plan gives its dates."""
    dates = {"original_finish": date(2026, 1, 31), "finish": date(2027, 6, 30)}
    late = [Initiative(id=f"w{n}", name=f"Work {n}", **dates) for n in range(2)]
    made = advice(assess(record(initiatives=late)), "rec-late-work")
    assert made.action == "Approve the new dates of two late initiatives, or agree on other dates"
    budget = {"goals": [GOAL], "budget": [{"year": 2027, "amount": 9}]}
    assert "rec-late-work" not in ids(assess(record(initiatives=late, **budget)))


def test_only_the_grown_budgets_of_open_work_are_asked_for() -> None:
    """Nobody can approve anew what is spent: of three grown budgets, two of them of done work, one is asked for, by its name."""
    grew = {"original_capex": 100.0, "capex": 180.0}
    done = [Initiative(id=f"d{n}", name="Done", status="done", **grew) for n in range(2)]
    made = advice(
        assess(record(initiatives=[*done, Initiative(id="o", name="Open", **grew)])), "rec-late-work"
    )
    assert made.action == "Approve the new budget of “Open”, or agree on less"
    assert (
        made.because[0] == "The budget of “Open” goes on at USD 180, USD 80 above what was first known to us."
    )
    assert made.cost_note == "in today’s budgets already: USD 80 above the first"
    over = Initiative(id="o", name="Open", status="done", **grew)
    assert "rec-late-work" not in ids(assess(record(initiatives=[*done, over])))


def test_work_that_may_be_stopped_is_not_named_where_it_is_to_be_estimated() -> None:
    """One action does not ask of it by name what another would make needless; of work that serves a goal the name is told."""
    loose = Initiative(id="l", name="Loose", capex=1.0)
    made = advice(assess(record(goals=[GOAL], initiatives=[loose])), "rec-estimates")
    assert made.action == "Estimate the duration of one open initiative"
    served = loose.model_copy(update={"goals": {"g": 3}})
    made = advice(assess(record(goals=[GOAL], initiatives=[served])), "rec-estimates")
    assert made.action == "Estimate the duration of “Loose”"


@pytest.mark.parametrize(
    ("capex", "duration", "lacks"),
    [(9.0, None, "duration"), (None, 2, "cost"), (None, None, "cost and duration")],
)
def test_an_estimate_is_asked_of_what_is_missing_alone(
    capex: float | None, duration: int | None, lacks: str
) -> None:
    """Where every cost is known, the duration alone is asked for."""
    work = Initiative(id="o", name="Open", capex=capex, duration=duration)
    made = advice(assess(record(initiatives=[work])), "rec-estimates")
    assert made.action == f"Estimate the {lacks} of “Open”"
    assert made.because == (f"Work of unknown {lacks} cannot be planned.",)


def test_grown_budgets_are_named_largest_growth_first() -> None:
    """Of two that grew, the reasons name both with their growth, and the cost is what they grew by together."""
    work = [
        Initiative(id=id, name=id.title(), original_capex=100.0, capex=capex)
        for id, capex in (("less", 130.0), ("more", 190.0), ("same", 100.0))
    ]
    made = advice(assess(record(initiatives=work)), "rec-late-work")
    assert made.because[1] == "Grown: “More” by USD 90 and “Less” by USD 30."
    assert "USD 120 above" in made.cost_note


@pytest.mark.parametrize(
    ("count", "action", "decision"),
    [
        (1, "it takes to meet “K0”, or drop it", "Act, or drop it"),
        (2, "it takes to meet “K0” and “K1”, or drop them", "Act, or drop them"),
        (4, "it takes to meet four measures, or drop them", "Act, or drop them"),
    ],
)
def test_measures_not_met_are_asked_for_by_name_or_by_their_count(
    count: int, action: str, decision: str
) -> None:
    """One or two are named in what is asked, and nowhere beside it; of more the count stands there, which no cut of a name may lose."""
    kpis = [{"id": f"k{n}", "name": f"K{n}", "reported": "not met"} for n in range(count)]
    made = advice(assess(record(kpis=kpis)), "rec-measures-behind")
    assert made.action == f"Agree what {action}"
    assert made.because == ("What the register reports as not met stays so.",)
    assert made.decision == decision


def test_a_budget_is_asked_for_as_the_plan_has_its_limits() -> None:
    """Where the people limit the plan, it is not said that there is no limit."""
    work = [TEST.model_copy(update={"settles": (), "goals": {"g": 3}})]
    people = {"capacity": [{"role": "IT", "fte": 2}]}
    for rest, said in (({}, "There is no limit"), (people, "the plan keeps to the people alone")):
        one = advice(assess(record(goals=[GOAL], initiatives=work, **rest)), "rec-set-budget")
        assert said in one.because[0]


def test_a_round_that_asks_both_sides_is_not_said_to_have_asked_neither() -> None:
    """Before anybody has answered, the answers are asked for, not who should answer."""
    groups = [{"group": "business", "invited": 8}, {"group": "it", "invited": 6}]
    facts = Facts.model_validate({
        "profile": {"name": "Test"},
        "rounds": [{"id": "r", "as_of": "2026-09-30", "questionnaire": "pulse", "groups": groups}],
    })  # fmt: skip
    made = advice(
        assess(Record("test", facts, questionnaires=shipped_questionnaires())), "rec-ask-both-sides"
    )
    assert made.action == "See that business and IT answer the alignment questionnaire"
    assert "not both answered yet" in made.because[0]


def test_what_was_promised_before_is_named_before_it_is_asked_again() -> None:
    """A kept promise named like a risk is asked about before money; the same action, once kept, is said to have been."""
    kept = [
        Action(
            id="a", round="old", action="End the lease of the hall", status="done", done_on=date(2026, 6, 30)
        ),
        Action(id="b", round="old", action="Set a yearly budget for initiatives"),
    ]
    risk = RISK | {"name": "Lease of the hall"}
    a = assess(record(risks=[risk], actions=kept, initiatives=[WORK], twice=True))
    assert advice(a, "rec-risk.x").action.startswith(
        "Say whether “End the lease of the hall”, kept on 30 June 2026, settles “Lease of the hall”"
    )
    assert advice(a, "rec-set-budget").because[-1] == "It was promised before and is not yet kept."


@pytest.mark.parametrize(
    ("invited", "offered"), [(9, False), (5, False), (4, True), (2, True), (None, False)]
)
def test_one_agreed_position_is_offered_to_two_to_four_people_alone(
    invited: int | None, offered: bool
) -> None:
    """A hidden group of more people, or of nobody knows how many, is asked again, each for themselves."""
    clinic = load(SAMPLES, "lakeside-clinic")
    a = assess(clinic)
    groups = tuple(one if one.shown else dataclasses.replace(one, invited=invited) for one in a.groups)
    proposed = not_known(clinic, dataclasses.replace(a, groups=groups))
    (again,) = [one.action for one in proposed if one.id == "rec-win-answers"]
    assert ("agreed position" in again) == offered


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_projects_are_told_to_be_late_and_dearer_as_many_are(count: int) -> None:
    """One initiative that doubled and slipped is said, in its own number."""
    work = [
        Initiative(
            id=f"w{n}",
            name="W",
            original_capex=100.0,
            capex=200.0,
            original_finish=date(2025, 1, 1),
            finish=date(2026, 1, 1),
        )
        for n in range(count)
    ]
    told = [
        one.statement
        for one in assess(record(initiatives=work)).findings
        if one.subject in ("dates", "budgets")
    ]
    who, have = [
        ("The one initiative", "has"),
        ("Both initiatives", "have"),
        ("All three initiatives", "have"),
    ][count - 1]
    number, stands = [
        ("One initiative", "stands"),
        ("Two initiatives", "stand"),
        ("Three initiatives", "stand"),
    ][count - 1]
    assert told[0].startswith(f"{who} with both dates known {have} moved past")
    assert told[1].startswith(f"{number} with both budgets on record, first known to us at USD {count}00")
    assert f"now {stands} at USD {count * 2}00." in told[1]


def test_no_larger_budget_is_asked_for_work_that_is_to_be_tied_or_stopped() -> None:
    """Nobody approves the growth of what the same meeting may stop; of work that serves a goal it is asked for."""
    grew = {"original_capex": 100.0, "capex": 180.0}
    loose = Initiative(id="l", name="Loose", **grew)
    served = Initiative(id="s", name="Served", goals={"g": 3}, **grew)
    assert "rec-late-work" not in ids(assess(record(goals=[GOAL], initiatives=[loose])))
    made = advice(assess(record(goals=[GOAL], initiatives=[loose, served])), "rec-late-work")
    assert made.action == "Approve the new budget of “Served”, or agree on less"
    slipped = {"original_finish": date(2025, 1, 31), "finish": date(2027, 6, 30)}
    late = [one.model_copy(update=slipped) for one in (loose, served)]
    made = advice(assess(record(goals=[GOAL], initiatives=late)), "rec-late-work")
    assert made.action == "Approve the new date and budget of “Served”, or agree on less"


@pytest.mark.parametrize(("status", "asked"), [("proposed", False), ("in progress", True)])
def test_where_a_plan_is_made_only_work_under_way_is_asked_about_for_its_budget(
    status: str, asked: bool
) -> None:
    """The plan may leave out what has not begun: a budget for it is approved with the plan, not beside it."""
    dearer = Initiative(
        id="w", name="Shop", status=status, start=Quarter(2026, 1), original_capex=100.0, capex=200.0, goals={"g": 3}
    )  # fmt: skip
    made = assess(record(goals=[GOAL], budget=[{"year": 2027, "amount": 900}], initiatives=[dearer]))
    assert ("rec-late-work" in ids(made)) is asked


def test_late_work_under_way_is_counted_as_such_and_its_date_is_one() -> None:
    """Of two late initiatives one has begun: its new date, in the singular, is asked for."""
    late = {
        "original_finish": date(2026, 1, 1),
        "finish": date(2027, 1, 1),
        "goals": {"g": 3},
        "start": Quarter(2025, 1),
    }
    work = [
        Initiative(id="a", name="A", status="in progress", **late),
        Initiative(id="b", name="B", status="proposed", **late),
    ]
    made = advice(
        assess(record(goals=[GOAL], budget=[{"year": 2027, "amount": 900}], initiatives=work)),
        "rec-late-work",
    )
    assert made.action == "Approve the new date of “A”, or agree on another date"
    assert "Of these, one is under way." in made.because


def test_a_deadline_that_its_work_misses_in_any_plan_asks_for_a_faster_answer() -> None:
    """Money cannot bring forward what takes too long: that is not offered."""
    late = TEST.model_copy(update={"earliest_start": Quarter(2028, 1)})
    made = advice(assess(record(risks=[RISK], initiatives=[late])), "rec-risk.x")
    assert made.action == "Find a faster answer to “Lease”, due 30 June 2027, or accept the risk"
    assert made.decision == "Find it, or accept the risk"


def test_every_unmet_need_is_named_where_it_is_to_be_settled() -> None:
    """Nobody can decide on “and two more”."""
    harbour = load(SAMPLES, "harbour-credit-union")
    made = advice(assess(harbour), "rec-needs")
    needs = ("Growth and scalability", "Streamlined operations", "Secure, frictionless experience")
    assert made.action == "Settle with the business what would meet three needs"
    assert all(f"“{need}”" in " ".join(made.because) for need in needs)
