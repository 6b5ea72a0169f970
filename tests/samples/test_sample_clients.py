"""The three synthetic samples: valid, marked, and what the story needs them to be."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import fmean

import pytest

from toolkit.client.record import Record
from toolkit.client.store import load
from toolkit.method import AREAS
from toolkit.plan import plan_roadmap

MERIDIAN, HARBOUR, LAKESIDE = "meridian-manufacturing", "harbour-credit-union", "lakeside-clinic"
SAMPLES = (MERIDIAN, HARBOUR, LAKESIDE)


@pytest.fixture(scope="session")
def samples(project: Path) -> dict[str, Record]:
    """The samples' records, which load only without a fault."""
    return {slug: load(project / "client_data", slug) for slug in SAMPLES}


@pytest.fixture(scope="session")
def meridian(samples: dict[str, Record]) -> Record:
    """The manufacturer."""
    return samples[MERIDIAN]


@pytest.fixture(scope="session")
def harbour(samples: dict[str, Record]) -> Record:
    """The credit union."""
    return samples[HARBOUR]


@pytest.fixture(scope="session")
def lakeside(samples: dict[str, Record]) -> Record:
    """The clinic."""
    return samples[LAKESIDE]


def answered(record: Record, round_id: str) -> dict[str, int]:
    """Count the respondents of each group in a round."""
    return Counter(
        group for _, group in {(r.respondent, r.group) for r in record.responses if r.round == round_id}
    )


def mean(record: Record, round_id: str, group: str, dimension: str) -> float:
    """Return the mean of all of a group's answers on a dimension."""
    prefix = f"{dimension}-"
    return fmean(
        r.score for r in record.responses
        if r.round == round_id and r.group == group and r.question.startswith(prefix) and r.score is not None
    )  # fmt: skip


@pytest.mark.parametrize("slug", SAMPLES)
def test_each_is_marked_synthetic_and_dated_in_the_past(samples: dict[str, Record], slug: str) -> None:
    """Every sample says that it is synthetic, and no round lies after mid-November 2026."""
    facts = samples[slug].facts
    assert facts.synthetic
    assert all(one.as_of <= date(2026, 11, 15) for one in facts.rounds)


@pytest.mark.parametrize("slug", SAMPLES)
def test_respondents_are_codes(samples: dict[str, Record], slug: str) -> None:
    """No respondent's code holds a name: only group, year, number or the word for a position."""
    words = {word for r in samples[slug].responses for word in r.respondent.split("-") if not word.isdigit()}
    assert words <= {"business", "it", "position", "view"}


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_generator_writes_the_committed_bytes(project: Path, tmp_path: Path, hash_seed: str) -> None:
    """Running the generator anywhere writes the responses.csv that is committed, byte for byte."""
    script = project / "benchmarks" / "make_samples.py"
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(project)}
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, env=environment, cwd=tmp_path)
    for slug in SAMPLES:
        written = (tmp_path / slug / "responses.csv").read_bytes()
        assert written == (project / "client_data" / slug / "responses.csv").read_bytes()


def test_meridian_was_surveyed_twice_in_full(meridian: Record) -> None:
    """Two full rounds: 27 of 33 and 10 of 11 answered, then 30 of 34 and 12 of 12."""
    invited = {one.id: {g.group: g.invited for g in one.groups} for one in meridian.rounds}
    assert invited == {"2025-q3": {"business": 33, "it": 11}, "2026-q3": {"business": 34, "it": 12}}
    assert answered(meridian, "2025-q3") == {"business": 27, "it": 10}
    assert answered(meridian, "2026-q3") == {"business": 30, "it": 12}
    assert all(one.questionnaire == "full" for one in meridian.rounds)
    assert len(meridian.responses) == 49 * (27 + 10 + 30 + 12)


def test_meridian_answers_hold_comments_and_dont_knows(meridian: Record) -> None:
    """Between one and five per cent of the answers are missing, and some carry a comment."""
    missing = sum(r.score is None for r in meridian.responses) / len(meridian.responses)
    assert 0.01 < missing < 0.05
    assert sum(r.comment is not None for r in meridian.responses) == 23


def test_meridian_answers_tell_a_story(meridian: Record) -> None:
    """Business scores communication and roadmap lower than IT, IT resources lower; on goals they agree."""

    def gap(dimension: str) -> float:
        sides = (mean(meridian, "2026-q3", group, dimension) for group in ("business", "it"))
        return next(sides) - next(sides)

    assert gap("communication") < -0.5
    assert gap("roadmap") < -0.5
    assert gap("resources") > 0.5
    assert abs(gap("shared-goals")) < 0.3
    assert abs(gap("understanding")) < 0.3


def test_meridian_business_disagrees_with_itself(meridian: Record) -> None:
    """On partnership, at least ten of the business say 2 or lower and ten 4 or higher to each question."""
    for number in (1, 2, 3):
        scores = [
            r.score for r in meridian.responses
            if r.round == "2026-q3" and r.group == "business" and r.question == f"partnership-{number}" and r.score
        ]  # fmt: skip
        assert sum(score <= 2 for score in scores) >= 10
        assert sum(score >= 4 for score in scores) >= 10


def test_meridian_moves_little_between_rounds(meridian: Record) -> None:
    """No area of either group moved by more than 0.75 points in a year."""
    for area in AREAS:
        for group in ("business", "it"):
            moved = mean(meridian, "2026-q3", group, area.id) - mean(meridian, "2025-q3", group, area.id)
            assert abs(moved) < 0.75


def test_meridian_goals_share_a_hundred_points(meridian: Record) -> None:
    """Five goals share 100 points, each with owner, KPI, baseline, target and date; one has no initiative."""
    goals = meridian.facts.goals
    assert len(goals) == 5
    assert sum(goal.weight or 0 for goal in goals) == 100
    assert all(goal.owner and goal.kpi and goal.due for goal in goals)
    served = {goal for one in meridian.initiatives for goal, level in one.goals.items() if level}
    assert {goal.id for goal in goals} - served == {"keep-skills"}


def test_meridian_initiatives_are_what_a_plan_must_cope_with(meridian: Record) -> None:
    """Of 23 initiatives two are mandatory with reasons, two under way, two alternatives, four serve no goal."""
    work = meridian.initiatives
    assert len(work) == 23
    assert sum(one.mandatory is not None for one in work) == 2
    assert all(one.start for one in work if one.status == "in progress")
    assert sum(one.status == "in progress" for one in work) == 2
    assert Counter(one.alternative_group for one in work if one.alternative_group) == {"erp": 2}
    assert sum(not one.goals for one in work) == 4
    assert sum(one.deadline is not None for one in work) >= 3
    assert sum(bool(one.depends_on) for one in work) >= 4


def test_meridian_initiatives_are_complete(meridian: Record) -> None:
    """All have duration, capital, contingency, running cost, people and two owners; most have a benefit."""
    for one in meridian.initiatives:
        known = (one.duration, one.capex, one.contingency, one.opex, one.owner_business, one.owner_it)
        assert None not in known
        assert one.fte
    assert sum(one.benefit is not None for one in meridian.initiatives) == 14


def test_meridian_record_is_complete(meridian: Record) -> None:
    """Targets for nine areas, three budget years with a reserve, capacity, eight themes, both rankings."""
    facts = meridian.facts
    assert set(facts.targets) == {area.id for area in AREAS}
    assert [(one.year, one.reserve) for one in facts.budget] == [(2027, 0.1), (2028, 0.1), (2029, 0.1)]
    assert {role for one in meridian.initiatives for role in one.fte} == {one.role for one in facts.capacity}
    assert len(facts.themes) == 8
    assert all(set(g.priorities) == {x.id for x in facts.goals} for one in facts.rounds for g in one.groups)


def test_meridian_spends_about_85_per_cent_on_running(meridian: Record) -> None:
    """In each year 84 to 86 per cent of spending runs what exists."""
    for one in meridian.facts.spend:
        total = one.run + (one.grow or 0) + (one.transform or 0) + (one.protect or 0)
        assert 0.835 < one.run / total < 0.86


def test_meridian_has_agreed_and_claimed_costs(meridian: Record) -> None:
    """Of six costs of symptoms the CFO agreed to three; three overlap with others."""
    impact = meridian.facts.impact
    assert Counter(one.agreed_by for one in impact) == {"Priya Raman, CFO": 3, None: 3}
    assert sum(bool(one.overlaps) for one in impact) == 3


def test_meridian_measures_are_owned_and_read(meridian: Record) -> None:
    """Six KPIs with readings, of which two have no owner in IT and one has none in the business."""
    kpis = meridian.facts.kpis
    assert all(kpi.readings for kpi in kpis)
    assert sum(kpi.owner_it is None for kpi in kpis) == 2
    assert sum(kpi.owner_business is None for kpi in kpis) == 1
    assert len(kpis) == 6


def test_meridian_deadlines_are_met_but_one(meridian: Record) -> None:
    """Every risk has an initiative that settles it, except the warehouse contract's renewal."""
    settled = {risk for one in meridian.initiatives for risk in one.settles}
    assert {risk.id for risk in meridian.facts.risks} - settled == {"warehouse-contract"}


def test_meridian_remembers_the_first_round(meridian: Record) -> None:
    """Four decisions; seven promises: two done, one dropped, three overdue and one not yet due."""
    now = meridian.round("2026-q3").as_of
    assert len(meridian.decisions) == 4
    assert Counter(one.status for one in meridian.actions) == {"open": 4, "done": 2, "dropped": 1}
    assert (
        sum(one.status == "open" and one.due is not None and one.due < now for one in meridian.actions) == 3
    )
    assert [bool(one.reason and one.private_note) for one in meridian.facts.adjustments] == [True, True]


def test_meridian_funds_twelve_and_people_bind(meridian: Record) -> None:
    """Twelve of 23 fit the three budgets, and with people unlimited the plan would be worth more."""
    plan = plan_roadmap(meridian)
    unlimited = replace(meridian, facts=meridian.facts.model_copy(update={"capacity": ()}))
    assert len(plan.scheduled) == 12
    assert (plan_roadmap(unlimited).value or 0) > 1.01 * (plan.value or 0)


def test_harbour_has_executives_a_position_and_a_provider(harbour: Record) -> None:
    """Twelve of twelve executives answered; three IT people hold one position; the provider gave its view."""
    (only,) = harbour.rounds
    assert (only.id, only.questionnaire) == ("2026-q4", "executive")
    assert [(g.group, g.mode, g.invited) for g in only.groups] == [
        ("business", "survey", 12),
        ("it", "consensus", 3),
        ("provider", "named", 1),
    ]
    assert answered(harbour, "2026-q4") == {"business": 12, "it": 1, "provider": 1}


def test_harbour_nine_of_twelve_stand_against_the_position(harbour: Record) -> None:
    """Nine of twelve executives score communication 2 or lower, where the IT team's position is 4."""
    rows = [r for r in harbour.responses if r.question == "communication-1"]
    assert sum(r.score is not None and r.score <= 2 for r in rows if r.group == "business") == 9
    assert [r.score for r in rows if r.group == "it"] == [4]


def test_harbour_is_modest(harbour: Record) -> None:
    """Three goals, eleven initiatives, two budget years, fiscal years from November, compliance dates."""
    facts = harbour.facts
    assert (len(facts.goals), len(harbour.initiatives), len(facts.budget)) == (3, 11, 2)
    assert facts.profile.fiscal_year_starts == 11
    assert sum(risk.kind == "compliance" and risk.due is not None for risk in facts.risks) == 2


def test_lakeside_business_must_stay_hidden(lakeside: Record) -> None:
    """Four of nine answered in the business, fewer than the five that are needed; one head of IT did."""
    (only,) = lakeside.rounds
    assert only.questionnaire == "pulse"
    assert [(g.group, g.answers_by, g.invited, g.minimum) for g in only.groups] == [
        ("business", "survey", 9, 5),
        ("it", "named", 1, 5),
    ]
    assert answered(lakeside, "2026-q3") == {"business": 4, "it": 1}


def test_lakeside_lacks_half(lakeside: Record) -> None:
    """No budget, capacity, targets, spending or weights; owners, KPIs, costs and durations in part."""
    facts = lakeside.facts
    assert not any((facts.budget, facts.capacity, facts.targets, facts.spend, facts.impact))
    assert all(goal.weight is None for goal in facts.goals)
    for some in (
        [goal.owner is None for goal in facts.goals],
        [goal.kpi is None for goal in facts.goals],
        [one.capex is None for one in lakeside.initiatives],
        [one.duration is None for one in lakeside.initiatives],
        [one.owner_business is None for one in lakeside.initiatives],
    ):
        assert any(some)
        assert not all(some)
