"""The plan: one record in, one frozen roadmap out."""

from __future__ import annotations

from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.work import Initiative
from toolkit.plan.deferring import conflicts, deferred
from toolkit.plan.problem import FINISHED, Candidate, Problem, candidate, first_quarter, unknowns, values
from toolkit.plan.roadmap import KnownDate, Roadmap, RoleLoad, Scheduled, Unscheduled, YearMoney
from toolkit.plan.solving import Solution, solve


def plan_roadmap(record: Record, round_id: str = "") -> Roadmap:
    """Plan one client's roadmap as of a round.

    Returns
    -------
    Roadmap
        Chosen within budget, capacity and dependencies where there are goals or risks to serve and
        a limit to keep; else a timeline of known dates and money, with the questions to ask.

    Raises
    ------
    KeyError
        When the record holds no such round.
    """
    start = first_quarter(record, record.round(round_id).as_of)
    absent = _absent(record)
    known = [one for one in record.initiatives if one.status not in FINISHED]
    if absent or not known:
        return _timeline(record, start, absent)
    quarters, notes = _horizon(record, start)
    problem = _problem(record, start, quarters)
    solution = solve(problem)
    if solution is None:
        return Roadmap("infeasible", start, quarters, conflicts=conflicts(record, problem), timeline=_known_dates(record), notes=notes,
                       unscheduled=_unscheduled(record))  # fmt: skip
    return _roadmap(record, problem, solution, notes)


def _absent(record: Record) -> tuple[str, ...]:
    """Name what is lacking for a ranking: something to serve, and a limit to choose within."""
    facts = record.facts
    out = []
    if not facts.goals and not any(risk.severity for risk in facts.risks):
        out.append("goals")
    if not facts.budget and not facts.capacity:
        out.append("a yearly budget")
    return tuple(out)


def _horizon(record: Record, start: Quarter) -> tuple[int, tuple[str, ...]]:
    """Return how many quarters can be planned: no further than the last year with a budget."""
    asked, budget = record.facts.planning.quarters, record.facts.budget
    notes = []
    if record.facts.goals and not any(goal.weight for goal in record.facts.goals):
        notes.append("No weights are set, so every goal counts alike.")
    if not budget:
        return asked, (*notes, "No budget is recorded, so only people limit the plan.")
    last = max(one.year for one in budget)
    within = Quarter(last, 4).index - start.index + 1
    if 0 < within < asked:
        notes.append(f"Planned to the end of FY{last}, the last year with a budget.")
        return within, tuple(notes)
    return asked, tuple(notes)


def _problem(record: Record, start: Quarter, quarters: int) -> Problem:
    worth = values(record)
    turned_down = {d.subject for d in _latest_decisions(record) if d.decision in ("reject", "defer")}
    candidates = [
        candidate(record, one, worth[one.id], start, quarters)
        for one in sorted(record.initiatives, key=lambda one: one.id)
        if one.status not in FINISHED and not unknowns(one) and one.id not in turned_down
    ]
    # What earns nothing is never chosen: leaving it out keeps "below the line" meaningful.
    useful = _useful(candidates)
    money: dict[int, float | None] = {}
    if record.facts.budget:
        available = {one.year: one.amount * (1 - one.reserve) for one in record.facts.budget}
        money = {year: available.get(year) for year in sorted({start.plus(t).year for t in range(quarters)})}
    return Problem(
        start,
        quarters,
        tuple(c for c in candidates if c.id in useful),
        money,
        _capacity(record, start, quarters),
    )


def _latest_decisions(record: Record) -> list[object]:
    latest = {}
    for one in sorted(record.decisions, key=lambda d: (d.date, d.id)):
        latest[one.subject] = one
    return list(latest.values())


def _useful(candidates: list[Candidate]) -> set[str]:
    """Return what has value or is fixed, with everything that such work needs first."""
    by_id = {c.id: c for c in candidates}
    out: set[str] = set()
    todo = [c.id for c in candidates if c.value > 0 or c.fixed]
    while todo:
        one = todo.pop()
        if one not in out and one in by_id:
            out.add(one)
            todo += by_id[one].needs
    return out


def _capacity(record: Record, start: Quarter, quarters: int) -> dict[str, tuple[float, ...]]:
    """Return each recorded role's capacity by quarter: the latest entry that has begun applies."""
    out = {}
    for role in sorted({one.role for one in record.facts.capacity}):
        entries = sorted(
            (one for one in record.facts.capacity if one.role == role),
            key=lambda one: one.quarter.index if one.quarter else -1,
        )
        out[role] = tuple(
            next(
                (e.fte for e in reversed(entries) if e.quarter is None or e.quarter.index <= start.index + t),
                0.0,
            )
            for t in range(quarters)
        )
    return out


def _roadmap(record: Record, problem: Problem, solution: Solution, notes: tuple[str, ...]) -> Roadmap:
    by_id = {c.id: c for c in problem.candidates}
    chosen = [(by_id[i], s) for i, s in sorted(solution.starts.items())]
    scheduled = tuple(
        Scheduled(
            c.id,
            problem.start.plus(s),
            problem.start.plus(s + c.duration - 1),
            c.value,
            c.accrued(s, problem.quarters),
            sum(c.payments),
            c.fixed,
        )
        for c, s in chosen
    )
    needed = {role for c in problem.candidates for role in c.people}
    return Roadmap(
        "optimised", problem.start, problem.quarters, scheduled=scheduled, deferred=deferred(record, problem, solution), unscheduled=_unscheduled(record),
        years=_years(record, problem, chosen), loads=_loads(problem, chosen), timeline=_known_dates(record), gap=solution.gap, value=solution.value,
        unlimited=tuple(sorted(needed - set(problem.people))), notes=notes,
    )  # fmt: skip


def _years(record: Record, problem: Problem, chosen: list[tuple[Candidate, int]]) -> tuple[YearMoney, ...]:
    budget = {one.year: one for one in record.facts.budget}
    out = []
    for year in sorted({problem.start.plus(t).year for t in range(problem.quarters)}):
        quarters = problem.quarters_of(year)
        capex = sum(c.payments[t - s] for c, s in chosen for t in quarters if 0 <= t - s < c.duration)
        opex = sum(c.opex for c, s in chosen for t in quarters if t - s >= c.duration)
        known = budget.get(year)
        out.append(
            YearMoney(
                year,
                known.amount if known else None,
                known.amount * known.reserve if known else 0.0,
                capex,
                opex,
            )
        )
    return tuple(out)


def _loads(problem: Problem, chosen: list[tuple[Candidate, int]]) -> tuple[RoleLoad, ...]:
    roles = sorted(set(problem.people) | {role for c, _ in chosen for role in c.people})
    return tuple(
        RoleLoad(role, problem.start.plus(t), sum(c.people.get(role, 0.0) for c, s in chosen if s <= t < s + c.duration),
                 problem.people[role][t] if role in problem.people else None)
        for role in roles for t in range(problem.quarters)
    )  # fmt: skip


def _unscheduled(record: Record) -> tuple[Unscheduled, ...]:
    live = (one for one in record.initiatives if one.status not in FINISHED)
    return tuple(
        Unscheduled(one.id, unknowns(one)) for one in sorted(live, key=lambda one: one.id) if unknowns(one)
    )


def _known_dates(record: Record) -> tuple[KnownDate, ...]:
    def row(one: Initiative) -> KnownDate:
        month = record.facts.profile.fiscal_year_starts
        return KnownDate(
            one.id,
            one.start.first_day(month) if one.start else None,
            one.finish,
            one.original_finish,
            one.capex,
            one.original_capex,
            one.status,
        )

    return tuple(row(one) for one in sorted(record.initiatives, key=lambda one: one.id))


def _timeline(record: Record, start: Quarter, absent: tuple[str, ...]) -> Roadmap:
    live = [one for one in record.initiatives if one.status not in FINISHED]
    questions = []
    if "goals" in absent:
        questions.append(
            "Which three to five business goals must technology serve, and how much does each weigh out of 100?"
        )
    if "a yearly budget" in absent:
        questions.append(
            "How much may be spent on initiatives in each fiscal year, and what share is held in reserve?"
        )
    for names, question in (
        (
            [x for x in live if x.duration is None],
            "How many quarters does each initiative take? Not known for {n} of {all}.",
        ),
        ([x for x in live if x.capex is None], "What does each initiative cost? Not known for {n} of {all}."),
        (
            [x for x in live if not x.owner_business],
            "Who in the business owns each initiative? Not known for {n} of {all}.",
        ),
        (
            [x for x in live if x.benefit is None],
            "What is each initiative worth a year, once done? Not known for {n} of {all}.",
        ),
    ):
        if names:
            questions.append(question.format(n=len(names), all=len(live)))
    return Roadmap("timeline", start, record.facts.planning.quarters, unscheduled=_unscheduled(record), timeline=_known_dates(record),
                   why_timeline=absent, questions=tuple(questions))  # fmt: skip
