"""What a plan rests on and cannot count, what is known without one, and what to ask for a better one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.schema import Initiative, Round, Scenario
from toolkit.plan.problem import (
    Problem,
    budgets,
    candidate,
    deferral,
    duration,
    finish,
    fixed_by,
    turned_down,
    unknowns,
)
from toolkit.plan.roadmap import KnownDate, Roadmap, Unscheduled, YearMoney
from toolkit.plan.scenario import Pinned
from toolkit.plan.value import last_in_time, risk_share
from toolkit.words import (
    NAME_CHARACTERS,
    capital,
    count,
    day,
    joined,
    money,
    number_word,
    percent,
    plain,
    quoted,
    recorded_percent,
)

NOTHING = 0.5  # of the currency's unit: less is a trace of rounding


@dataclass(frozen=True)
class FixedWork:
    """Open work that is under way, mandatory or decided: all of it, and what of it cannot be counted, by id.

    What cannot be counted takes money and people that no limit of the plan has seen.
    """

    initiatives: tuple[str, ...]
    uncounted: tuple[str, ...]


def commitments(record: Record) -> FixedWork:
    """Return the commitments of a record that holds the decisions which stand, one a subject."""
    out, decisions = turned_down(record), {one.subject: one for one in record.decisions}
    fixed = [
        one
        for one in sorted(record.initiatives, key=lambda one: one.id)
        if one.is_open and one.id not in out and fixed_by(one, decisions.get(one.id))
    ]
    return FixedWork(tuple(one.id for one in fixed), tuple(one.id for one in fixed if unknowns(record, one)))


def uncounted_text(
    record: Record, total: int, uncounted: tuple[str, ...], most: int = 0, size: int = NAME_CHARACTERS
) -> str:
    """Say as a clause how many commitments a plan does not count, and name them; "" where it counts all.

    ``most`` names so many (0: all), each in ``size`` characters.
    """
    if not uncounted:
        return ""
    names = {one.id: one.name for one in record.initiatives}
    named = joined([quoted(names.get(one, one), size) for one in uncounted], most=most)
    return f"{how_many(total, uncounted)}: {named}"


def how_many(total: int, uncounted: tuple[str, ...]) -> str:
    """Say as a clause how many commitments a plan does not count."""
    verb = "is" if len(uncounted) == 1 else "are"
    if len(uncounted) == total:
        whole = "the one commitment" if total == 1 else f"all {count(total, 'commitment')}"
        return f"{whole} {verb} not counted"
    # Words for both or figures for both.
    part = number_word(len(uncounted)) if total <= 12 else f"{len(uncounted):,}"
    return f"{part} of {count(total, 'commitment')} {verb} not counted"


def spent_before(record: Record, start: Quarter) -> float:
    """Return what work under way took of the plan's first fiscal year before the plan begins, in the client's currency.

    ``record`` holds the decisions which stand, one a subject. What other work took is not known.
    """
    out = turned_down(record)
    begun = [
        candidate(record, one, start, 1)
        for one in record.initiatives
        if one.status == "in progress" and one.id not in out and not unknowns(record, one)
    ]
    return sum(c.cost(c.starts[0], -t) for c in begun for t in range(1, start.number))


def before_text(record: Record, roadmap: Roadmap) -> str:
    """Say as a clause what a budget of the plan's first fiscal year has not seen; "" where that is nothing known."""
    before, over = spent_before(record, roadmap.start), _over(record, roadmap)
    year = _first_budgeted(roadmap)
    if year is None or not before:
        return ""
    currency = record.facts.profile.currency
    took = f"{money(before, currency)} that work under way took of FY{year.year} before {roadmap.start}"
    if over:
        return f"with the {took}, that year is {money(over, currency)} over what may be spent"
    return f"{took} is not counted"


def _first_budgeted(roadmap: Roadmap) -> YearMoney | None:
    """Return the plan's first fiscal year, where a budget is recorded for it."""
    return next((y for y in roadmap.years if y.year == roadmap.start.year and y.budget is not None), None)


def _over(record: Record, roadmap: Roadmap) -> float:
    """Return by how much the plan's first fiscal year passes its money with what was spent before the plan begins."""
    year = _first_budgeted(roadmap)
    if year is None or year.available is None or not (before := spent_before(record, roadmap.start)):
        return 0.0
    over = year.capex + year.opex + before - year.available
    return over if over > NOTHING else 0.0


def within_limits(
    record: Record,
    roadmap: Roadmap,
    most: int = 0,
    size: int = NAME_CHARACTERS,
    scenario: Scenario | None = None,
) -> str:
    """Say as a clause within which limits a plan keeps, whose they are, and what of the commitments these have not seen.

    ``scenario`` is the one that the plan follows.
    """
    budgeted = [year for year in roadmap.years if year.budget is not None]
    staffed = any(load.capacity is not None for load in roadmap.loads)
    limits = []
    if budgeted:
        every = len(budgeted) == len(roadmap.years)
        limits.append("every yearly budget" if every else "the yearly budgets on record")
        if _over(record, roadmap):
            limits[0] += f" but that of FY{roadmap.start.year}"
    if staffed:
        limits.append("the people available" if not roadmap.unlimited else "the people on record")
    whose = _whose(roadmap, scenario, size) if scenario else ""
    parts = [
        f"within {joined(limits)}{whose}" if limits else "",
        "no yearly budget is recorded" if staffed and not budgeted else "",
        before_text(record, roadmap),
        uncounted_text(record, roadmap.commitments, roadmap.uncounted, most, size),
        _unknown_text(record, roadmap, people=staffed, running=bool(budgeted)),
        rough_text(record, roadmap),
    ]
    return "; ".join(part for part in parts if part)


def _whose(roadmap: Roadmap, scenario: Scenario, size: int) -> str:
    """Say which of a plan's limits are those of a scenario; "" where none is."""
    years = {year.year for year in roadmap.years if year.budget is not None}
    roles = {load.role for load in roadmap.loads if load.capacity is not None}
    set_years = years & {each.year for each in scenario.budget}
    set_roles = roles & {each.role for each in scenario.capacity}
    named = f"the scenario {quoted(scenario.name, size)}"
    if (set_years, set_roles) == (years, roles):
        return f" of {named}" if years or roles else ""
    parts = [f"FY{year}" for year in sorted(set_years)] + [quoted(role) for role in sorted(set_roles)]
    return f", those of {joined(parts)} from {named}" if parts else ""


def _unknown_text(record: Record, roadmap: Roadmap, people: bool, running: bool) -> str:
    """Say as a clause of how many planned initiatives the people or the running cost are not known; "" where of none."""
    planned = {one.initiative for one in roadmap.scheduled}
    work = [one for one in record.initiatives if one.id in planned]
    lacking = (
        ("the people", sum(not one.fte for one in work) if people else 0),
        ("the running cost", sum(one.opex is None for one in work) if running else 0),
    )
    if len(work) == 1:
        said = [what for what, n in lacking if n]
    else:
        said = [f"{what} of {'each' if n == len(work) else number_word(n)}" for what, n in lacking if n]
    if not said:
        return ""
    verb = "are" if len(said) > 1 or said[0].startswith("the people") else "is"
    of = "the one planned initiative" if len(work) == 1 else count(len(work), "planned initiative")
    return f"{joined(said)} of {of} {verb} not known"


def rough(record: Record, roadmap: Roadmap) -> tuple[str, ...]:
    """Return the ids of the planned work whose estimate is rough and has no contingency, in order of id."""
    planned = {one.initiative for one in roadmap.scheduled}
    return tuple(sorted(one.id for one in record.initiatives if one.id in planned and one.lacks_contingency))


def rough_text(record: Record, roadmap: Roadmap) -> str:
    """Say as a clause how much of a plan's capital is a rough estimate with nothing added; "" where none is."""
    bare = rough(record, roadmap)
    amount = sum(one.capex for one in roadmap.scheduled if one.initiative in bare)
    of = "a rough estimate" if len(bare) == 1 else f"{count(len(bare), 'rough estimate')}"
    return (
        f"{money(amount, record.facts.profile.currency)} of it stands on {of} without contingency"
        if bare
        else ""
    )


_MOST_NAMES = 5
_ROUNDING = 1e-9


def unscheduled(record: Record) -> tuple[Unscheduled, ...]:
    """Return what cannot be planned, in order of id, each with what is not known of it."""
    out = turned_down(record)
    live = (one for one in _live(record) if unknowns(record, one) and one.id not in out)
    return tuple(Unscheduled(one.id, unknowns(record, one)) for one in sorted(live, key=lambda one: one.id))


def known_dates(record: Record) -> tuple[KnownDate, ...]:
    """Return what is recorded of each initiative's dates and money, in order of id; nothing is derived."""

    def row(one: Initiative) -> KnownDate:
        fiscal = record.facts.profile.fiscal
        return KnownDate(
            one.id,
            one.start.first_day(fiscal) if one.start else None,
            one.finish,
            one.original_finish,
            one.capex,
            one.original_capex,
            one.status,
        )

    return tuple(row(one) for one in sorted(record.initiatives, key=lambda one: one.id))


def questions(record: Record, start: Quarter, lacking: tuple[str, ...]) -> tuple[str, ...]:
    """Return what to ask the client: first what a ranking lacks, then what would complete it."""
    rejected = {id for id, decision in turned_down(record).items() if decision.decision == "reject"}
    facts, out = record.facts, []
    live = [one for one in _live(record) if one.id not in rejected]
    if "goals" in lacking:
        out.append(
            "Which three to five business goals must technology serve, and how much does each weigh out of 100?"
        )
    if "a yearly budget" in lacking:
        out.append(
            "How much may be spent on initiatives in each fiscal year, and what share is held in reserve?"
        )
    elif years := _years_without_budget(record, start):
        out.append(f"How much may be spent on initiatives in {joined([f'FY{year}' for year in years])}?")
    alone = "the initiative" if len(record.initiatives) == 1 else "the open initiative"
    each = alone if len(live) == 1 else "each initiative"
    if facts.goals and live and not any(any(one.goals.values()) for one in live):
        out.append(f"Which goals does {each} serve, and how much of each goal’s distance does it close?")
    for names, question in (
        ([x for x in live if duration(record, x) is None], f"How many quarters does {each} take?"),
        ([x for x in live if x.capex is None], f"What does {each} cost?"),
        ([x for x in live if not x.owner_business], f"Who in the business owns {each}?"),
        ([x for x in live if x.benefit is None], f"What is {each} worth a year, once done?"),
        ([x for x in live if x.opex is None], f"What does {each} cost to run a year, once done?"),
    ):
        if names:
            out.append(f"{question}{_not_known(len(names), len(live))}")
    if unrated := sum(risk.severity is None for risk in facts.risks):
        which = "the risk on record" if len(facts.risks) == 1 else "each risk"
        out.append(f"How severe, from 0 to 1, is {which}?{_not_known(unrated, len(facts.risks))}")
    if rough := [x for x in live if x.lacks_contingency]:
        out.append(
            f"What must be added for the roughness of {_names(rough)}? Each rough estimate needs a contingency; 0 says none."
        )
    return tuple(out)


def _not_known(part: int, whole: int) -> str:
    """Say for how many of those asked about the answer is not known; "" where one alone is asked about."""
    if whole == 1:
        return ""
    every = "either" if whole == 2 else "any of them"
    return f" Not known for {every if part == whole else f'{number_word(part)} of {number_word(whole)}'}."


def notes(
    record: Record, one: Round, problem: Problem, scenario: Scenario | None = None
) -> dict[str, tuple[str, ...]]:
    """Return what the plan rests on and does not count, as sentences, by the roadmap's fields for them.

    ``scenario`` is the one that the plan follows.
    """
    return {
        "notes": (
            *_on_commitments(record),
            *_on_scenario(record, scenario),
            *_on_value(record, problem),
            *_on_work(record, one, problem),
        ),
        "money_notes": (*_on_scenario_limit(scenario, "budget"), *_on_money(record, problem)),
        "people_notes": (*_on_scenario_limit(scenario, "capacity"), *_on_people(record, problem)),
    }


def _on_commitments(record: Record) -> list[str]:
    known = commitments(record)
    said = uncounted_text(record, len(known.initiatives), known.uncounted, most=_MOST_NAMES)
    whose = "its" if len(known.uncounted) == 1 else "their"
    return [f"{capital(said)}; {whose} cost, duration or start is not known."] if said else []


def past_whole(record: Record, roadmap: Roadmap, most: int = 0) -> tuple[str, ...]:
    """Name, in one sentence, the goals whose work in the plan adds up past their whole distance, the furthest first, all or so
    many of them; empty without any.
    """
    past = [
        f"{percent(roadmap.closed[goal.id])} of the distance to {quoted(goal.name)}"
        for goal in sorted(record.facts.goals, key=lambda goal: (-roadmap.closed.get(goal.id, 0.0), goal.id))
        if roadmap.closed.get(goal.id, 0.0) > 1 + _ROUNDING
    ]
    named = joined(past, most=most or len(past))
    said = f"Contributions overlap or are scored too high: the plan’s work adds up to {named}."
    return (said,) if past else ()


def begins_before(record: Record, as_of: date, start: Quarter) -> str:
    """Say that a plan's first quarter is over before the date of its round; "" where it is not."""
    fiscal = record.facts.profile.fiscal
    if start.last_day(fiscal) > as_of:
        return ""
    return f"The plan begins in {start}, which is over on {day(as_of)}: what it places there had to begin in the past"


def _on_scenario(record: Record, scenario: Scenario | None) -> list[str]:
    if scenario is None:
        return []
    parts = []
    if scenario.points:
        weighed = [f"{quoted(goal.name)} {plain(goal.weight or 0)}" for goal in record.facts.goals]
        parts.append(f"it spreads the 100 points as {joined(weighed)}")
    if scenario.budget:
        parts.append(f"it sets the money of {joined([f'FY{each.year}' for each in scenario.budget])}")
    if scenario.capacity:
        roles = [quoted(role) for role in dict.fromkeys(each.role for each in scenario.capacity)]
        parts.append(f"it sets the people in {joined(roles)}")
    if scenario.pins:
        parts.append(f"it pins {count(len(scenario.pins), 'initiative')} in or out")
    said = f"The plan follows the scenario {quoted(scenario.name)}"
    return [f"{said}: {joined(parts)}." if parts else f"{said}."]


def _on_scenario_limit(scenario: Scenario | None, limit: Literal["budget", "capacity"]) -> list[str]:
    """Say whose budgets or people these are, where a scenario sets them."""
    if scenario is None or not getattr(scenario, limit):
        return []
    if limit == "capacity":
        roles = [quoted(role) for role in dict.fromkeys(each.role for each in scenario.capacity)]
        return [f"The people in {joined(roles)} are those of the scenario {quoted(scenario.name)}."]
    years = joined([f"FY{each.year}" for each in scenario.budget])
    return [f"The money of {years} is that of the scenario {quoted(scenario.name)}."]


def _on_value(record: Record, problem: Problem) -> list[str]:
    facts, out = record.facts, []
    if facts.goals and not any(goal.weight for goal in facts.goals):
        out.append("No weights are set, so every goal counts alike.")
    if facts.goals and (share := risk_share(facts)):
        out.append(f"Settling risks counts for {recorded_percent(share)} of the value, goals for the rest.")
    elif not facts.goals:
        out.append("No goals are recorded, so value is counted from the risks settled alone.")
    if unrated := sum(risk.severity is None for risk in facts.risks):
        out.append(f"{capital(count(unrated, 'risk'))} of unknown severity add nothing to a plan’s value.")
    fiscal = facts.profile.fiscal
    dates = [(goal.id, goal.name, goal.due) for goal in facts.goals]
    dates += [(risk.id, risk.name, risk.due) for risk in facts.risks]
    over = [quoted(name) for _, name, due in sorted(dates, key=lambda one: one[0])
            if due and last_in_time(due, problem.start, fiscal) < 0]  # fmt: skip
    if over:
        out.append(
            f"{joined(over)} {'is' if len(over) == 1 else 'are'} due before any work of this plan can be finished: "
            "only work that is finished by then counts for it."
        )
    return out


def _on_money(record: Record, problem: Problem) -> list[str]:
    done = [one for one in record.initiatives if one.status == "done" and one.opex]
    amount = money(sum(one.opex or 0.0 for one in done), record.facts.profile.currency)
    finished = f"What finished work costs to run is in no figure here: {amount} a year for {_names(done)}."
    return [
        *_on_rough(record, problem),
        *_on_budget(record, problem),
        *([finished] if done else []),
    ]


def _on_rough(record: Record, problem: Problem) -> list[str]:
    bare = [one for one in _planned(record, problem) if one.lacks_contingency]
    if not bare:
        return []
    estimates = "estimate of" if len(bare) == 1 else "estimates of"
    verb, theirs = ("is", "its cost stands") if len(bare) == 1 else ("are", "their cost stands")
    return [
        f"The {estimates} {_names(bare)} {verb} rough and {'has' if len(bare) == 1 else 'have'} no contingency: "
        f"{theirs} as estimated, with nothing added."
    ]


def _names(work: list[Initiative]) -> str:
    return joined([quoted(one.name) for one in work], most=_MOST_NAMES)


def _on_budget(record: Record, problem: Problem) -> list[str]:
    if not problem.money:
        return ["No budget is recorded, so only people limit the plan."]
    out = []
    last = max(problem.years)
    if problem.quarters < record.facts.planning.quarters:
        out.append(f"Planned to the end of FY{last}, the last year with a budget.")
    if closed := [f"FY{year}" for year, amount in problem.money.items() if amount is None]:
        out.append(f"No budget is recorded for {joined(closed)}, so only work that is fixed may spend in it.")
    partly = [f"FY{y}" for y, ts in problem.years.items() if len(ts) < 4 and problem.money[y] is not None]
    if partly:
        out.append(
            f"The plan covers only part of {joined(partly)} and may use the whole year’s budget; "
            "what else is spent in that year is not known."
        )
    first = problem.start.year
    if (before := spent_before(record, problem.start)) and problem.money.get(first) is not None:
        amount = money(before, record.facts.profile.currency)
        out.append(
            f"Work under way took {amount} of FY{first} before {problem.start}, which the plan’s FY{first} does not count."
        )
    if apart := [f"FY{year}" for year in problem.running]:
        out.append(
            f"In {joined(apart)} running costs have a budget of their own, which capital may not use, nor they capital’s."
        )
    return out


def _on_people(record: Record, problem: Problem) -> list[str]:
    out = [
        f"The capacity of {quoted(role)} is not known for the first quarters and sets no limit there."
        for role, capacity in problem.people.items()
        if None in capacity
    ]
    if problem.people and (unknown := sum(not one.fte for one in _planned(record, problem))):
        out.append(f"The people needed for {count(unknown, 'initiative')} are not known and not counted.")
    return out


def _planned(record: Record, problem: Problem) -> list[Initiative]:
    ids = {one.id for one in problem.candidates}
    return [one for one in record.initiatives if one.id in ids]


def _on_work(record: Record, one: Round, problem: Problem) -> list[str]:
    by_id = {other.id: other for other in record.initiatives}
    out: list[str] = []
    today = Quarter.of(one.as_of, record.facts.profile.fiscal)
    for x in sorted(_live(record), key=lambda x: x.id):
        end = finish(record, x)
        if end and end < today:
            out.append(
                f"{quoted(x.name)} is recorded as in progress but was to end in {end}; it is counted as done by then."
            )
        if x.status == "in progress" and (made := deferral(record, x.id)):
            since = f" since {x.start}" if x.start else ""
            out.append(
                f"{quoted(x.name)} was deferred by leadership on {day(made.date)} until {made.quarter}, and is under way{since}."
            )
    for decision in turned_down(record).values():
        if decision.subject in by_id and unknowns(record, by_id[decision.subject]):
            who = (
                f"the scenario {quoted(decision.by or '')} has it"
                if isinstance(decision, Pinned)
                else "leadership decided"
            )
            out.append(f"{quoted(by_id[decision.subject].name)} is left out, as {who}.")
    return out


def _years_without_budget(record: Record, start: Quarter) -> list[int]:
    known = budgets(record, start)
    asked = sorted({start.plus(t).year for t in range(record.facts.planning.quarters)})
    return [year for year in asked if year not in known]


def _live(record: Record) -> list[Initiative]:
    return [one for one in record.initiatives if one.is_open]
