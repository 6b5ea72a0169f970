"""How firm a choice is, against cases worked by hand: what could be chosen, and what each kind of draw changes."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from toolkit.assess import assess
from toolkit.client.record import Record
from toolkit.client.schema import Budget, Goal, Planning, Risk
from toolkit.plan import Roadmap, explain_roadmap
from toolkit.plan.roadmap import Sensitivity
from toolkit.show.roadmap.ranked import line_notes, ranked_title

ONE_YEAR = {"budget": (Budget(year=2027, amount=100),), "planning": Planning(start="2027-Q1", quarters=4)}  # type: ignore[arg-type]


def told(record: Record) -> tuple[Roadmap, Sensitivity]:
    """Return a plan and what solving again says of it."""
    roadmap = explain_roadmap(record)
    assert roadmap.explained is not None
    return roadmap, roadmap.explained


def test_the_weight_of_risks_is_among_the_draws(make: Any) -> None:
    """Goal .8 · .65 beats risk .2; at double, risk .4 beats .6 · .65 = .39: one of five ways turns the choice."""
    work = [make.initiative("a", goals={}, settles=("r",)), make.initiative("b")]
    _, explained = told(make.client(work, risks=(Risk(id="r", name="R", severity=1),), **ONE_YEAR))
    assert explained.draws == {"risks": 3, "scale": 1, "horizon": 1}
    assert (explained.weightings, explained.kept) == (5, {"a": 1, "b": 4})
    assert not explained.firm("b")


def test_the_other_scale_of_contributions_is_among_the_draws(make: Any) -> None:
    """One of level 2 (.20) beats three of level 1 (.15) at 5, 20 and 65 %; at 1 : 2 : 3 the three (1) beat it (.67)."""
    work = [make.initiative("a", goals={"g": 2})]
    work += [make.initiative(id, capex=33, goals={"g": 1}) for id in ("b", "c", "d")]
    roadmap, explained = told(make.client(work, **ONE_YEAR))
    assert [one.initiative for one in roadmap.scheduled] == ["a"]
    assert (explained.draws, explained.kept) == ({"scale": 1, "horizon": 1}, {"a": 1, "b": 1, "c": 1, "d": 1})


def test_a_longer_view_is_among_the_draws_within_the_same_limits(make: Any) -> None:
    """Six quarters for .65 earn .65 · 2/8 < .20 · 7/8 of one quarter's work; over 16 quarters .65 · 10/16 > .20 · 15/16."""
    budget = tuple(Budget(year=year, amount=100) for year in (2027, 2028))
    work = [make.initiative("a", duration=6, capex=150), make.initiative("b", duration=1, goals={"g": 2})]
    roadmap, explained = told(make.client(work, budget=budget))
    assert [one.initiative for one in roadmap.scheduled] == ["b"]
    assert explained.draws == {"scale": 1, "horizon": 1}
    assert explained.kept == {"a": 1, "b": 1}  # at 1 : 2 : 3, .25 is less than .67 · 7/8


def test_firmness_is_counted_over_what_could_be_chosen(make: Any) -> None:
    """What is mandatory, under way or decided, and what such work needs first, is no choice and no part of the count."""
    work = [
        make.initiative("groundwork", duration=1, capex=1, goals={"g": 1}),
        make.initiative("law", capex=1, mandatory="the law", depends_on=("groundwork",)),
        make.initiative("runs", capex=1, status="in progress", start="2026-Q4"),
        make.initiative("agreed", capex=1),
        make.initiative("free", capex=1),
        make.initiative("large", capex=9999),
    ]
    record = make.client(work, [make.decision("agreed", "approve", day=date(2026, 12, 1))])
    roadmap, explained = told(record)
    assert len(roadmap.scheduled) == 5
    assert explained.chosen == ("free",)
    assert set(explained.kept) == {"free", "large"}
    story: Any = SimpleNamespace(
        roadmap=roadmap, record=record, currency="USD", assessment=assess(record, record.round().id)
    )
    assert ranked_title(story).endswith("; the one chosen stays under both other weightings")


def test_the_title_counts_the_chosen_and_the_note_lists_every_way(make: Any) -> None:
    """Of two chosen and one mandatory, the title says "two chosen"; the note says how often it was planned again, and how."""
    goals = (Goal(id="g", name="G", weight=60), Goal(id="h", name="H", weight=40))
    work = [make.initiative(id, capex=10) for id in ("a", "b")]
    work += [make.initiative("law", capex=10, mandatory="the law"), make.initiative("c", capex=9999)]
    record = make.client(work, goals=goals, risks=(Risk(id="r", name="R", severity=1),))
    roadmap, explained = told(record)
    assert explained.draws == {"goals": 12, "risks": 3, "scale": 1, "horizon": 1}
    story: Any = SimpleNamespace(
        roadmap=roadmap, record=record, currency="USD", assessment=assess(record, record.round().id)
    )
    # With goal g dropped neither earns anything.
    assert ranked_title(story).endswith("; the two chosen stay under 16 of 17 weightings")
    note = line_notes(story)
    assert "Planned again under 17 other weightings: each goal doubled, each dropped" in note
    assert (
        "risks that weigh nothing, half and double; contributions counted 1 : 2 : 3; value that accrues eight quarters longer"
        in note
    )


def test_nothing_to_weigh_is_no_draw(make: Any) -> None:
    """One goal, one level and no risk leave only the longer view; without any choice there is no draw at all."""
    assert told(make.client([make.initiative("a")]))[1].draws == {"horizon": 1}
    risks = (Risk(id="r", name="R", severity=1),)
    alone = make.client([make.initiative("a", goals={}, settles=("r",))], goals=(), risks=risks)
    assert told(alone)[1].draws == {"horizon": 1}
    fixed = told(make.client([make.initiative("a", mandatory="the law")]))[1]
    assert (fixed.weightings, fixed.kept, fixed.chosen) == (0, {}, ())
