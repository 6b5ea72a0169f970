"""Plan against plan: each change found once, with a cause that can be shown, or none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.schema import Budget, Capacity, Goal, Pin, Planning, Scenario
from toolkit.plan import Roadmap, from_json, plan_roadmap, to_json
from toolkit.plan.plan_changes import NO_CAUSE, PlanChange, changes


def compared(then: Record, now: Record) -> dict[str, PlanChange]:
    """Plan round r1 from what was recorded then and r2 from what is now; return the changes by initiative.

    The earlier plan is read back from its text, as one that was published is.
    """
    before = from_json(to_json(plan_roadmap(then, "r1")))
    found = changes(now, before, plan_roadmap(now, "r2"), "r1", "r2")
    return {one.initiative: one for one in found if one.kind != "cost changed"}


def costs(then: Record, now: Record) -> dict[str, PlanChange]:
    """Return the changes of cost alone."""
    found = changes(now, plan_roadmap(then, "r1"), plan_roadmap(now, "r2"), "r1", "r2")
    assert {one.kind for one in found} == {"cost changed"}
    return {one.initiative: one for one in found}


def capped(fte: float) -> dict[str, Any]:
    """Return facts with so many developers."""
    return {"capacity": (Capacity(role="dev", fte=fte),)}


def money(*amounts: float) -> dict[str, Any]:
    """Return facts with these budgets from 2027 on."""
    return {"budget": tuple(Budget(year=2027 + n, amount=amount) for n, amount in enumerate(amounts))}


def test_the_same_plan_has_not_changed(make: Any) -> None:
    """A plan against itself, and against the same facts made anew, shows nothing."""
    record = make.client([make.initiative("a"), make.initiative("b", capex=3000)])
    assert compared(record, record) == {}


DEV = {"fte": {"dev": 2}}
BRIEF = {"duration": 1}
LONG = {"duration": 5, "capex": 0}
BEGUN = {"goals": {}, "status": "in progress", "start": "2027-Q1"}
SHORT_PLAN = {"planning": Planning(start=Quarter(2027, 1), quarters=4)}
ENTERED: list[tuple[str, Any, Any, dict[str, Any], dict[str, Any], str]] = [
    ("new", None, {}, {}, {}, "it was not on the register at the earlier plan"),
    ("cost unknown", {"capex": None}, {}, {}, {}, "its cost was not known at the earlier plan"),
    ("two unknown", {"capex": None, "duration": None}, {}, {}, {}, "its cost and duration were not known at the earlier plan"),
    ("begun", {"goals": {}}, BEGUN, {}, {}, "work on it has begun, and work under way stays in the plan"),
    ("mandatory", {"goals": {}}, {"goals": {}, "mandatory": "the law"}, {}, {}, "it is mandatory now: the law"),
    ("goal", {"goals": {}}, {}, {}, {}, "it served no goal and settled no risk then, and does now"),
    ("budget", BRIEF, BRIEF, money(50, 50), money(50, 150), "money kept it out of the earlier plan, and FY2028 allows USD 150 instead of USD 50"),
    ("cost", BRIEF | {"capex": 200}, BRIEF, money(100), money(100), "money kept it out of the earlier plan, and it costs USD 100 instead of USD 200"),
    ("people", DEV, DEV, capped(1), capped(2), "people kept it out of the earlier plan, and “dev” has 2 FTE in Q1 2027 instead of 1"),
    ("horizon", LONG, LONG, SHORT_PLAN, {}, "the plan now reaches Q4 2028 instead of Q4 2027"),
]  # fmt: skip


@pytest.mark.parametrize(("then", "now", "facts_then", "facts_now", "why"), [one[1:] for one in ENTERED],
                         ids=[one[0] for one in ENTERED])  # fmt: skip
def test_what_entered_says_what_let_it_in(
    make: Any, then: dict[str, Any] | None, now: dict[str, Any], facts_then: Any, facts_now: Any, why: str
) -> None:
    """Each reason why work is newly in the plan is read off the register, the limits and the two plans."""
    other = make.initiative("z", capex=0)
    before = make.client([other, *([] if then is None else [make.initiative("a", **then)])], **facts_then)
    found = compared(before, make.client([other, make.initiative("a", **now)], **facts_now))
    assert (found["a"].kind, found["a"].because) == ("entered", why)


def test_what_waited_enters_with_what_it_waited_for(make: Any) -> None:
    """Work that waited for other work says so once that is planned, or done."""
    one = make.initiative("a", depends_on=("need",))
    need_then = make.initiative("need", capex=5000)
    for state, said in (
        (make.initiative("need"), "in the plan"),
        (make.initiative("need", status="done"), "done"),
    ):
        found = compared(make.client([need_then, one]), make.client([state, one]))
        assert found["a"].because == f"“Name of need”, which it needs first, is now {said}"


def test_an_alternative_enters_when_its_rival_is_gone(make: Any) -> None:
    """Of two alternatives the second enters once the first is stopped, and each says why."""
    first = make.initiative("first", alternative_group="x")
    second = make.initiative("second", alternative_group="x", goals={"g": 2})
    stopped = make.initiative("first", alternative_group="x", status="stopped")
    found = compared(make.client([first, second]), make.client([stopped, second]))
    assert found["second"].because == "“Name of first”, the alternative to it, is not in the plan any more"
    assert (found["first"].kind, found["first"].because) == ("left", "the register says it was stopped")


@pytest.mark.parametrize(
    ("kind", "quarter", "change", "why"),
    [
        ("approve", None, "entered", "leadership approved it on 1 May 2027"),
        ("pin", "Q3 2027", "entered", "leadership pinned it to Q3 2027 on 1 May 2027"),
        ("reject", None, "left", "leadership rejected it on 1 May 2027"),
        ("defer", None, "left", "leadership deferred it on 1 May 2027"),
        ("defer", "Q4 2027", "moved", "leadership deferred it until Q4 2027 on 1 May 2027"),
        ("pin", "Q1 2028", "moved", "leadership pinned it to Q1 2028 on 1 May 2027"),
    ],
)
def test_a_decision_made_since_is_the_cause(
    make: Any, kind: str, quarter: str | None, change: str, why: str
) -> None:
    """What leadership decided in the later round is named, with its day and quarter."""
    work = [make.initiative("a", goals={} if change == "entered" else {"g": 3}), make.initiative("b")]
    decided = make.decision("a", kind, "r2", date(2027, 5, 1), quarter=quarter)
    found = compared(make.client(work), make.client(work, [decided]))
    assert (found["a"].kind, found["a"].because) == (change, why)


def test_a_decision_of_the_earlier_round_is_no_cause(make: Any) -> None:
    """What stood before cannot be why something has changed since."""
    work = [make.initiative("a"), make.initiative("b")]
    decided = [make.decision("a", "approve", "r1")]
    now = make.client(work, decided, planning=Planning(start=Quarter(2027, 2), quarters=7))
    assert compared(make.client(work, decided), now)["a"].because.startswith(
        "it was to begin in Q1 2027, has not"
    )


def test_a_scenario_that_the_plan_follows_is_named(make: Any) -> None:
    """A pin of the proposed scenario is not passed off as leadership's decision."""
    work = [make.initiative("a"), make.initiative("b", goals={})]
    then = make.client(work)
    pins = (Pin(initiative="a", place="out", reason="r"), Pin(initiative="b", place="in", quarter=Quarter(2027, 2), reason="r"))  # fmt: skip
    planning = then.facts.planning.model_copy(update={"scenario": "s"})
    now = replace(
        then,
        facts=then.facts.model_copy(update={"planning": planning}),
        scenarios=(Scenario(id="s", name="Lean", round="r2", pins=pins),),
    )
    found = compared(then, now)
    assert found["a"].because == "the scenario that the plan follows, “Lean”, leaves it out"
    assert found["b"].because == "the scenario that the plan follows, “Lean”, puts it in for Q2 2027"


def test_what_left_says_what_keeps_it_out(make: Any) -> None:
    """Work below the line gives the later plan's tested cause, and what has changed of the limit that binds."""
    work = [make.initiative("a", goals={"g": 1}), make.initiative("b")]
    found = compared(make.client(work, **money(200)), make.client(work, **money(100)))["a"]
    assert found.what == "is not in the plan any more; it was to run in Q1 2027 to Q2 2027"
    assert found.because.endswith("; FY2027 allows USD 100 instead of USD 200")
    assert plan_roadmap(make.client(work, **money(100)), "r2").deferred[0].because in found.because


def test_what_left_the_register_says_so(make: Any) -> None:
    """Work deleted, or of unknown cost now, is told apart from work that lost its place."""
    work = [make.initiative("a"), make.initiative("b"), make.initiative("c")]
    now = make.client([work[0], make.initiative("b", capex=None)])
    found = compared(make.client(work), now)
    assert found["b"].because == "its cost is not known now"
    assert (found["c"].name, found["c"].because) == ("c", "it is not on the register any more")


def test_what_is_done_is_finished_and_how_late(make: Any) -> None:
    """Work done is no loss: it is finished, in the quarter the register gives, against the one planned."""
    done = {"status": "done", "finish": "2027-11-15"}
    then = make.client([make.initiative("a"), make.initiative("b")])
    found = compared(then, make.client([make.initiative("a", **done), make.initiative("b", status="done")]))
    late = found["a"]
    assert (late.kind, late.what, late.quarters) == (
        "finished",
        "is done, two quarters later than planned",
        2,
    )
    assert late.because == "the register says so, as of 15 November 2027"
    assert (found["b"].what, found["b"].quarters) == ("is done", 0)


def moved(make: Any, then: dict[str, Any], now: dict[str, Any], **facts: Any) -> PlanChange:
    """Return how one initiative moved when its own fields changed."""
    return compared(
        make.client([make.initiative("a", **then)], **facts),
        make.client([make.initiative("a", **now)], **facts),
    )["a"]


def test_what_moved_says_by_how_much_and_what_held_it(make: Any) -> None:
    """A longer duration, an earliest start, a deadline, and work begun at another time each move work."""
    longer = moved(make, {}, {"duration": 4})
    assert (longer.quarters, longer.because) == (2, "it takes four quarters, not two quarters")
    assert longer.what == "ends two quarters later: Q1 2027 to Q4 2027 instead of Q1 2027 to Q2 2027"
    assert moved(make, {}, {"earliest_start": "Q3 2027"}).because == "it may not begin before Q3 2027"
    sooner = moved(make, {"earliest_start": "2028-Q1"}, {"deadline": "2027-Q4"})
    assert (sooner.quarters, sooner.because) == (-4, "it must be finished by Q4 2027")
    begun = moved(make, {}, {"status": "in progress", "start": "2027-Q2", "duration": 1})
    assert (begun.what, begun.quarters) == (
        "starts one quarter later: Q2 2027 instead of Q1 2027 to Q2 2027",
        1,
    )
    assert begun.because == "the register says that work on it began in Q2 2027"


def test_what_moves_takes_along_what_waits_for_it(make: Any) -> None:
    """Work that waits for other work moves with it, later or earlier, and a new wait is named."""
    waiting = make.initiative("a", depends_on=("need",))
    short, long = make.initiative("need"), make.initiative("need", duration=4)
    later = compared(make.client([short, waiting]), make.client([long, waiting]))["a"]
    assert later.because == "“Name of need”, which it needs first, now ends in Q4 2027 instead of Q2 2027"
    sooner = compared(make.client([long, waiting]), make.client([short, waiting]))["a"]
    assert sooner.because == "“Name of need”, which it needs first, now ends in Q2 2027 instead of Q4 2027"
    new = compared(make.client([make.initiative("a")]), make.client([short, waiting]))["a"]
    assert new.because == "“Name of need”, which it needs first, is in the plan now and ends in Q2 2027"


def test_time_that_has_passed_moves_what_has_not_begun(make: Any) -> None:
    """Work that was to begin before the later plan's first quarter, and has not, says so."""
    work = [make.initiative("a")]
    later = {"planning": Planning(start=Quarter(2027, 3), quarters=6)}
    found = compared(make.client(work), make.client(work, **later))["a"]
    assert found.because == "it was to begin in Q1 2027, has not, and the plan now begins in Q3 2027"


def test_no_room_where_it_was_is_tried(make: Any) -> None:
    """Moved later, its old dates are tried in the new plan, and the limit that they would pass is named."""
    small = make.initiative("a", fte={"dev": 1}, goals={"g": 1})
    big = make.initiative("b", fte={"dev": 1})
    people = compared(make.client([small], **capped(1)), make.client([small, big], **capped(1)))["a"]
    assert people.because == (
        "begun in Q1 2027 as before, it needs 1 FTE of “dev” in Q1 2027, and none is free"
    )
    small, big = make.initiative("a", goals={"g": 1}), make.initiative("b")
    paid = compared(make.client([small], **money(150, 150)), make.client([small, big], **money(150, 150)))[
        "a"
    ]
    assert (
        paid.because == "begun in Q1 2027 as before, it needs USD 100 in FY2027, and other work leaves USD 50"
    )


def test_no_room_where_it_is_now_is_tried_in_the_earlier_plan(make: Any) -> None:
    """Moved earlier, its new dates are tried in the old plan: what was in their way there is named."""
    small = make.initiative("a", fte={"dev": 1}, goals={"g": 1})
    big = make.initiative("b", fte={"dev": 1})
    gone = make.initiative("b", fte={"dev": 1}, status="stopped")
    found = compared(make.client([small, big], **capped(1)), make.client([small, gone], **capped(1)))["a"]
    assert (found.quarters, found.because) == (
        -2, "in the earlier plan it would have needed 1 FTE of “dev” in Q1 2027, and none was free"
    )  # fmt: skip


def test_an_earlier_plan_on_other_facts_is_not_reckoned_with_today_s(make: Any) -> None:
    """Where today's register does not account for the earlier plan, nothing is taken out of it to make a cause."""
    then = make.client(
        [make.initiative("a", duration=4, earliest_start="2027-Q2", fte={"dev": 1})], **capped(1)
    )
    now = make.client([make.initiative("a", duration=4, fte={"dev": 2})], **capped(2))
    assert compared(then, now)["a"].because == (
        "in the earlier plan it would have needed 2 FTE of “dev” in Q1 2027, and other work left 1"
    )
    now = make.client([make.initiative("a", duration=4, fte={"dev": 1})], **capped(1))
    assert compared(then, now)["a"].because == NO_CAUSE


def test_a_changed_cost_is_told_apart_from_a_changed_contingency(make: Any) -> None:
    """A cost that the register states anew, and one whose contingency alone differs, each say so."""
    then = make.client(
        [make.initiative("a", contingency=0.1), make.initiative("b"), make.initiative("c", capex=5000)]
    )
    now = make.client([make.initiative("a", contingency=0.2), make.initiative("b", capex=300), make.initiative("c", capex=5001)])  # fmt: skip
    found = costs(then, now)
    assert found["a"].what == "takes USD 120 instead of USD 110 of capital, contingency included"
    assert found["a"].because == "its contingency has changed, and its cost before contingency has not"
    assert found["b"].because == "before contingency, the register now says USD 300 instead of USD 100"
    assert found["c"].what == "takes USD 5,001.00 instead of 5,000.00 of capital, contingency included"


def test_without_a_plan_on_one_side_the_reason_is_that(make: Any) -> None:
    """Where a round has no ranked plan, all work enters or leaves for that reason alone."""
    work = [make.initiative("a")]
    plain, planned = make.client(work, goals=()), make.client(work)
    assert compared(plain, planned)["a"].because == "the earlier round has no ranked plan, for want of goals"
    assert compared(planned, plain)["a"].because == "the later round has no ranked plan, for want of goals"
    stuck = make.client([make.initiative("a", mandatory="law", capex=9000)])
    assert (
        compared(planned, stuck)["a"].because
        == "the later round has no plan, for what is fixed in it collides"
    )


def test_where_nothing_shows_a_cause_none_is_given(make: Any) -> None:
    """People needed then are in no plan: that fewer do now is not known, and what bound it then is all that is said."""
    then = make.client([make.initiative("a", fte={"dev": 2})], **capped(1))
    found = compared(then, make.client([make.initiative("a", fte={"dev": 1})], **capped(1)))["a"]
    bound = plan_roadmap(then, "r1").deferred[0].because
    assert found.because == f"{NO_CAUSE}; the earlier plan left it out because {bound}"


def test_other_weights_show_as_another_value(make: Any) -> None:
    """Where leadership spreads its points anew, the change in value is what is shown of both sides."""
    work = [make.initiative("a", goals={"g": 3}, **BRIEF), make.initiative("b", goals={"h": 3}, **BRIEF)]
    then, now = (
        make.client(work, goals=(Goal(id="g", name="G", weight=g), Goal(id="h", name="H", weight=100 - g)), **money(100))
        for g in (90, 10)
    )  # fmt: skip
    found = compared(then, now)
    assert (found["b"].kind, found["a"].kind) == ("entered", "left")
    assert found["b"].because.endswith(
        "kept it out of the earlier plan, and its value is 58.5 % instead of 6.5 %"
    )
    assert found["a"].because.endswith("; its value is 6.5 % instead of 58.5 %")


def test_changes_stand_in_a_fixed_order(make: Any) -> None:
    """Finished, entered, left, moved, cost: in that order and by id, however the initiatives are ordered."""
    then = make.client([make.initiative(i) for i in "abcd"])
    now_work = [make.initiative("d", duration=3), make.initiative("b", status="stopped"),
                make.initiative("a", status="done"), make.initiative("c", capex=500), make.initiative("e")]  # fmt: skip
    before: Roadmap = plan_roadmap(then, "r1")
    orders = []
    for work in (now_work, now_work[::-1]):
        now = make.client(work)
        found = changes(now, before, plan_roadmap(now, "r2"), "r1")
        orders.append([(one.kind, one.initiative) for one in found])
    assert orders[0] == orders[1] == [
        ("finished", "a"), ("entered", "e"), ("left", "b"), ("moved", "d"), ("cost changed", "c")
    ]  # fmt: skip


def test_a_round_that_is_not_there_is_refused(make: Any) -> None:
    """Both rounds must be the record's."""
    record = make.client([make.initiative("a")])
    plan = plan_roadmap(record)
    for rounds in (("r0", "r2"), ("r1", "r9")):
        with pytest.raises(KeyError):
            changes(record, plan, plan, *rounds)
