"""The trace of a record: from goals to initiatives and owners, and from a symptom to causes, practices and initiatives.

Only work that goes ahead serves a goal: an initiative that is done, stopped or rejected does not any more, and is not
missed by one either. Cause to symptom is the questionnaire's reasoning (its ``links``), cause to practice the method's;
neither was measured, and pages say so.
"""

from __future__ import annotations

from datetime import date

from toolkit.assess.assessment import Assessment, GoalTrace
from toolkit.assess.commitments import Standing, live
from toolkit.assess.statements import Owners
from toolkit.client.record import Record
from toolkit.client.schema import Kpi, Reading
from toolkit.method import BY_ID, PRACTICE_FOR


def goals_traced(standing: Standing) -> tuple[GoalTrace, ...]:
    """Return each goal with the initiatives going ahead that serve it, the strongest contribution first."""
    traces = []
    for goal in standing.record.facts.goals:
        serving = sorted(
            (-initiative.goals[goal.id], initiative.id)
            for initiative in standing.going_ahead
            if initiative.goals.get(goal.id, 0) > 0
        )
        ids = tuple(id for _, id in serving)
        traces.append(GoalTrace(goal.id, goal.name, goal.weight, goal.owner, ids, goal.kpi))
    return tuple(traces)


def without_goal(standing: Standing) -> tuple[str, ...]:
    """Return the initiatives going ahead that serve no goal, by id."""
    return tuple(sorted(initiative.id for initiative in standing.serving_no_goal))


def reached(record: Record, goal_id: str, as_of: date) -> tuple[Kpi, Reading, float] | None:
    """Return a goal's measure, its latest reading and its target where the reading meets it; None where none is known to."""
    goal = next(goal for goal in record.facts.goals if goal.id == goal_id)
    kpi = next((kpi for kpi in record.facts.kpis if kpi.id == goal.kpi), None)
    readings = [reading for reading in kpi.readings if reading.date <= as_of] if kpi else []
    if kpi is None or not readings:
        return None
    baseline = goal.baseline if kpi.baseline is None else kpi.baseline
    target = goal.target if kpi.target is None else kpi.target
    last = max(readings, key=lambda reading: reading.date)
    if baseline is None or target is None or baseline == target:
        return None
    met = last.value >= target if target > baseline else last.value <= target
    return (kpi, last, target) if met else None


def chain_of(record: Record, a: Assessment, dimension: str) -> dict[str, tuple[str, ...]]:
    """Return the symptoms, causes, practices and live initiatives that a dimension leads to, as ids under these names."""
    questionnaire = record.questionnaire_of(record.round(a.round))
    links = questionnaire.links if questionnaire else ()
    symptoms: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    practices: tuple[str, ...] = (dimension,)
    if dimension in PRACTICE_FOR:
        symptoms = tuple(link.symptom for link in links if link.cause == dimension)
        causes, practices = (dimension,), (PRACTICE_FOR[dimension],)
    elif BY_ID[dimension].family == "symptom":
        symptoms = (dimension,)
        causes = tuple(dict.fromkeys(link.cause for link in links if link.symptom == dimension))
        practices = tuple(dict.fromkeys(PRACTICE_FOR[cause] for cause in causes if cause in PRACTICE_FOR))
    work = tuple(initiative.id for initiative in live(record) if set(initiative.practices) & set(practices))
    return {"symptoms": symptoms, "causes": causes, "practices": practices, "initiatives": work}


def leads(record: Record) -> Owners:
    """Return the leads of business and of IT as the profile names them; None is not named."""
    return record.facts.profile.business_lead, record.facts.profile.it_lead


def with_owner(record: Record, owner: str | None) -> Owners:
    """Return both sides' owners where one person is known: that person's side, and the lead of the other.

    A person is taken for IT's where the record names them as an owner in IT, and nowhere in the business.
    """
    business, it = leads(record)
    if owner is None:
        return business, it
    kpis, work = record.facts.kpis, record.initiatives
    in_it = {it, *(kpi.owner_it for kpi in kpis), *(each.owner_it for each in work)}
    in_business = {
        business,
        *(kpi.owner_business for kpi in kpis),
        *(each.owner_business for each in work),
    }
    return (business, owner) if owner in in_it and owner not in in_business else (owner, it)


def owners_of(record: Record, initiatives: tuple[str, ...]) -> Owners:
    """Return the leads, and where the profile names none the first owners of these initiatives."""
    business, it = leads(record)
    work = [initiative for initiative in record.initiatives if initiative.id in initiatives]
    business = business or next((each.owner_business for each in work if each.owner_business), None)
    return business, it or next((each.owner_it for each in work if each.owner_it), None)
