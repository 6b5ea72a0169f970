"""What work is worth: goals by their distance and date, risks once and in time; figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from toolkit.client.schema import Goal, Planning, Profile, Risk
from toolkit.plan import Roadmap, from_json, plan_roadmap, to_json
from toolkit.plan.assumptions import past_whole
from toolkit.plan.traceability import traced

HALF = Planning(start="2027-Q1", quarters=8, risk_weight=0.5)


def values(roadmap: Roadmap) -> dict[str, float]:
    """Return the credited value of each initiative above the line."""
    return {one.initiative: one.value for one in roadmap.scheduled}


@pytest.mark.parametrize(("level", "share"), [(1, 0.05), (2, 0.20), (3, 0.65)])
def test_a_contribution_closes_its_share_of_the_goals_distance(make: Any, level: int, share: float) -> None:
    """Levels 1, 2 and 3 are worth 5, 20 and 65 per cent of a goal that is all leadership wants."""
    roadmap = plan_roadmap(make.client([make.initiative("a", goals={"g": level})]))
    assert values(roadmap) == pytest.approx({"a": share})
    assert roadmap.value == pytest.approx(share * (8 - 2) / 8)


@pytest.mark.parametrize(
    ("due", "month", "counts"),
    [
        (date(2027, 6, 30), 1, True),
        (date(2027, 7, 15), 1, True),
        (date(2027, 6, 29), 1, False),
        (date(2027, 1, 1), 1, False),
        (date(2026, 9, 30), 4, True),
        (date(2026, 9, 29), 4, False),
        (None, 1, True),
    ],
)
def test_work_counts_by_the_day_on_which_its_last_quarter_is_over(
    make: Any, due: date | None, month: int, counts: bool
) -> None:
    """Two quarters from Q1 2027 count for a goal and for a risk due on their last day or after, and never before it."""
    work = [make.initiative("a", settles=("r",), mandatory="the law")]
    record = make.client(
        work,
        goals=(Goal(id="g", name="G", weight=100, due=due),),
        risks=(Risk(id="r", name="R", severity=0.4, due=due),),
        planning=HALF,
        profile=Profile(name="C", fiscal_year_starts=month),
    )
    assert values(plan_roadmap(record)) == pytest.approx({"a": 0.5 * 0.65 + 0.5 if counts else 0.0})


def test_a_risk_is_credited_once_to_the_first_that_settles_it(make: Any) -> None:
    """Of two that settle one risk the one that ends first has it; what both are worth is what the plan is worth."""
    work = [
        make.initiative("slow", duration=4, settles=("r",), goals={"g": 1}),
        make.initiative("quick", duration=1, settles=("r",), goals={"g": 1}),
    ]
    roadmap = plan_roadmap(make.client(work, risks=(Risk(id="r", name="R", severity=0.1),), planning=HALF))
    assert values(roadmap) == pytest.approx({"slow": 0.025, "quick": 0.525})
    assert roadmap.value == pytest.approx(0.025 * 4 / 8 + 0.525 * 7 / 8)


def test_the_risks_of_one_initiative_add_up_to_their_weight(make: Any) -> None:
    """All risks credited give risk_weight, each by its severity; one of unknown severity gives nothing."""
    risks = tuple(
        Risk(id=f"r{i}", name="R", severity=severity) for i, severity in enumerate((0.9, 0.3, None))
    )
    work = [
        make.initiative("both", goals={}, settles=("r0", "r1", "r2")),
        make.initiative("none", goals={}, settles=("r2",)),
    ]
    roadmap = plan_roadmap(make.client(work, risks=risks, planning=HALF))
    assert values(roadmap) == pytest.approx({"both": 0.5})
    assert [(one.initiative, one.binding, one.value) for one in roadmap.deferred] == [
        ("none", "no goal served", 0)
    ]


def test_what_other_work_settles_first_is_left_out_and_says_so(make: Any) -> None:
    """A second initiative for a settled risk adds nothing: it stays out though there is money, and names the first."""
    work = [
        make.initiative("a", goals={}, settles=("r",), duration=1, capex=10),
        make.initiative("b", goals={}, settles=("r",), duration=2, capex=10),
    ]
    roadmap = plan_roadmap(make.client(work, risks=(Risk(id="r", name="R", severity=1),)))
    (out,) = roadmap.deferred
    assert (out.initiative, out.binding, out.value) == ("b", "settled", 0)
    assert out.because == "what it settles is settled first by “Name of a”, which is in the plan"


def test_what_misses_its_goals_date_is_left_out_and_says_so(make: Any) -> None:
    """Work that cannot end by the date of the only goal it serves is worth nothing, and the date is named as the cause."""
    goals = (Goal(id="g", name="Grow", due=date(2027, 3, 31)), Goal(id="h", name="H"))
    work = [make.initiative("late"), make.initiative("good", goals={"h": 2})]
    roadmap = plan_roadmap(make.client(work, goals=goals))
    (out,) = roadmap.deferred
    assert (out.initiative, out.binding, out.value) == ("late", "date", 0)
    assert out.because == "it cannot end before Q2 2027, too late for the goal “Grow”"


def test_money_goes_to_the_work_that_is_in_time(make: Any) -> None:
    """With money for one at a time, the smaller contribution that ends by the goal's date beats the larger that does not."""
    goals = (Goal(id="g", name="G", due=date(2027, 3, 31)),)
    work = [
        make.initiative("large", capex=900),
        make.initiative("small", capex=900, duration=1, goals={"g": 1}),
    ]
    roadmap = plan_roadmap(make.client(work, goals=goals))
    assert values(roadmap) == pytest.approx({"small": 0.05})


def test_a_goal_whose_work_adds_up_past_its_distance_is_named(make: Any) -> None:
    """Two contributions of 65 % are 130 % of the distance, and a sentence says so; 65 and 20 % are not named."""
    goals = (Goal(id="g", name="Grow", weight=50), Goal(id="h", name="Hold", weight=50))
    work = [make.initiative("a", goals={"g": 3, "h": 3}), make.initiative("b", goals={"g": 3, "h": 2})]
    roadmap = plan_roadmap(make.client(work, goals=goals))
    assert roadmap.closed == pytest.approx({"g": 1.3, "h": 0.85})
    assert roadmap.notes[0] == (
        "Contributions overlap or are scored too high: the plan’s work adds up to 130 % of the distance to “Grow”."
    )
    assert not any("Hold" in note for note in roadmap.notes)


def test_the_goal_whose_work_adds_up_furthest_is_named_first(make: Any) -> None:
    """130 and 195 % of two distances: where one is named and the other counted, it is the 195 %."""
    goals = (Goal(id="g", name="Grow", weight=50), Goal(id="h", name="Hold", weight=50))
    work = [make.initiative(id, goals={"g": 3 * (id != "c"), "h": 3}) for id in "abc"]
    record = make.client(work, goals=goals)
    (said,) = past_whole(record, replace(plan_roadmap(record), closed={"g": 1.3, "h": 1.95}), most=1)
    assert said.endswith("the plan’s work adds up to 195 % of the distance to “Hold” and one more.")


def test_a_date_before_the_plan_is_named(make: Any) -> None:
    """A goal and a risk due before anything can be finished are named, so that a value of nothing has its reason."""
    record = make.client(
        [make.initiative("a", mandatory="the law")],
        goals=(Goal(id="g", name="Grow", due=date(2026, 12, 1)),),
        risks=(Risk(id="r", name="Lapse", severity=1, due=date(2026, 12, 1)),),
    )
    assert "“Grow” and “Lapse” are due before any work of this plan can be finished" in " ".join(
        plan_roadmap(record).notes
    )


def test_traceability_tells_work_that_ends_after_its_goals_date(make: Any) -> None:
    """Mandatory work that ends late is told where its goal is followed to it; in time, nothing is."""
    for due, late in ((date(2027, 6, 29), True), (date(2027, 6, 30), False)):
        record = make.client(
            [make.initiative("a", mandatory="the law")], goals=(Goal(id="g", name="G", due=due),)
        )
        said = traced(record, plan_roadmap(record)).links[0].missing
        assert ("it ends after the goal’s date, 29 June 2027, and counts nothing for it" in said) is late


def test_a_plan_of_the_method_before_is_still_read_and_told_apart(make: Any) -> None:
    """A stored plan without the new fields is read as of method 1; one of today says 2."""
    roadmap = plan_roadmap(make.client([make.initiative("a")]))
    assert from_json(to_json(roadmap)) == roadmap
    assert roadmap.method == 2
    kept = to_json(roadmap).splitlines()
    old = "\n".join(line for line in kept if '"method"' not in line).replace(
        '"closed": {\n  "g": 0.65\n },', '"closed": {}'
    )
    assert from_json(old).method == 1
