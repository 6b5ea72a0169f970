"""Why an initiative is below the line: one cause each, found by testing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit.assess.wording import day, joined, money
from toolkit.client.record import Record
from toolkit.client.work import Initiative
from toolkit.plan.knowing import quoted
from toolkit.plan.problem import (
    FINISHED,
    Candidate,
    Problem,
    alternative_taken,
    candidate,
    capital,
    turned_down,
    unknowns,
    values,
)
from toolkit.plan.roadmap import PROVEN, Binding, Deferred
from toolkit.plan.scenario import Pinned
from toolkit.plan.solving import Solution, feasible
from toolkit.plan.usage import Lack, Usage, open_starts

MOST_RESOLVED = 40

Cause = tuple[Binding, str]


def deferred(
    record: Record, problem: Problem, solution: Solution, resolve: bool = True
) -> tuple[Deferred, ...]:
    """List every plannable initiative that the plan leaves out, each with its first binding cause.

    Causes are tried in a fixed order: a decision, no goal served, a date or the horizon, a dependency,
    an alternative, then money and people. For these the plan's work is kept, free to move, and the
    one in question added: within every limit, without budgets, without capacities, without either.
    Among more than 40 candidates, or where ``resolve`` is False, the plan's work stays where it is
    instead, which needs no search.
    """
    worth, out = values(record), []
    usage = Usage.of(problem, solution.starts)
    teller = _Teller(
        record,
        problem,
        solution.starts,
        usage,
        proven=solution.gap <= PROVEN,
        resolve=resolve and len(problem.candidates) <= MOST_RESOLVED,
    )
    for one in sorted(record.initiatives, key=lambda one: one.id):
        cost = capital(one)
        against = one.id in turned_down(record)
        if (
            one.status in FINISHED
            or one.id in solution.starts
            or cost is None
            or (unknowns(record, one) and not against)
        ):
            continue
        binding, because = teller.cause(one, worth[one.id])
        out.append(Deferred(one.id, worth[one.id], cost, binding, because))
    return tuple(out)


def never(record: Record, problem: Problem, c: Candidate) -> Cause:
    """Say why a candidate without an allowed start has none."""
    one = next(one for one in record.initiatives if one.id == c.id)
    decision = next((d for d in record.decisions if d.subject == c.id), None)
    last, length = problem.start.plus(problem.quarters - 1), c.duration
    if taken := alternative_taken(record, one):
        return "alternative", f"{quoted(taken.name)}, an alternative to it, is {taken.status}"
    if length > problem.quarters:
        return "horizon", f"it takes {length} quarters, longer than the plan’s {problem.quarters}"
    if decision and decision.decision in ("approve", "pin") and decision.quarter:
        return (
            "date",
            f"it was decided to begin in {decision.quarter}, which its dates and the plan's do not allow",
        )
    relaxed = one.model_copy(update={"deadline": None})
    without_deadline = candidate(record, relaxed, c.value, problem.start, problem.quarters).starts
    if one.deadline and problem.start.plus(length - 1) > one.deadline:
        return "date", f"it would end after its deadline, {one.deadline}, even if begun in {problem.start}"
    if one.deadline and without_deadline:
        end = problem.start.plus(without_deadline[0] + length - 1)
        return "date", f"it can end in {end} at the earliest, after its deadline, {one.deadline}"
    return "horizon", f"begun as early as it may, it would end after the plan, which ends in {last}"


@dataclass(frozen=True)
class _Teller:
    record: Record
    problem: Problem
    starts: Mapping[str, int]
    usage: Usage
    proven: bool
    resolve: bool

    @property
    def _which_costs(self) -> str:
        return ", which costs at least the value it adds" if self.proven else ""

    def cause(self, one: Initiative, value: float) -> Cause:
        """Return the first binding cause."""
        decision = turned_down(self.record).get(one.id)
        if decision:
            verb = "rejected" if decision.decision == "reject" else "deferred"
            though = ", although it is mandatory" if one.mandatory else ""
            if isinstance(decision, Pinned):
                return (
                    "decision",
                    f"kept out: {decision.note}, in the scenario {quoted(decision.by or '')}{though}",
                )
            return "decision", f"leadership {verb} it on {day(decision.date)}{though}"
        c = candidate(self.record, one, value, self.problem.start, self.problem.quarters)
        if c.value <= 0:
            return self._no_value(c)
        if not c.starts:
            return never(self.record, self.problem, c)
        earning = replace(c, starts=tuple(s for s in c.starts if c.accrued(s, self.problem.quarters) > 0))
        if not earning.starts:
            return "horizon", "it would finish too late to earn anything within the plan"
        return self._bundle(earning) or self._missing(c) or self._rival(c) or self._limit(earning)

    def _names(self, ids: Sequence[str]) -> str:
        names = {other.id: other.name for other in self.record.initiatives}
        return joined([quoted(names[one]) for one in ids], most=2)

    def _no_value(self, c: Candidate) -> Cause:
        waiting = any(c.id in other.needs and other.value > 0 for other in self.problem.candidates)
        more = " itself, and what needs it is not in the plan" if waiting else ""
        return "no goal served", f"it serves no goal and settles no risk{more}"

    def _bundle(self, c: Candidate) -> Cause | None:
        """Say what keeps out work together with all it needs, where that is worth nothing by itself.

        Such needs are out because this is: to name them as the cause would go round in a circle.
        """
        by_id = {other.id: other for other in self.problem.candidates}
        absent = self._absent(c, by_id)
        if not self.resolve or not absent or any(i not in by_id or by_id[i].value > 0 for i in absent):
            return None
        needs = f"with {self._names(absent)}, which it needs first, it"
        binding = self._resolved(c, *(by_id[i] for i in absent))
        return {
            "value": ("value", f"{needs} fits only if other work moves{self._which_costs}"),
            "budget": ("budget", f"{needs} takes more money than the plan’s other work leaves"),
            "capacity": ("capacity", f"{needs} takes more people than the plan’s other work leaves"),
            "both": ("budget", f"{needs} takes more money and people than the plan’s other work leaves"),
        }.get(binding)  # type: ignore[return-value]

    def _absent(self, c: Candidate, by_id: Mapping[str, Candidate]) -> list[str]:
        """Return all that a candidate needs, directly or not, and the plan leaves out, in order of id."""
        found: set[str] = set()
        todo = list(c.needs)
        while todo:
            one = todo.pop()
            if one not in self.starts and one not in found:
                found.add(one)
                todo += by_id[one].needs if one in by_id else ()
        return sorted(found)

    def _missing(self, c: Candidate) -> Cause | None:
        absent = [need for need in c.needs if need not in self.starts]
        if not absent:
            return None
        verb = "is" if len(absent) == 1 else "are"
        return "dependency", f"it needs {self._names(absent)} first, which {verb} not in the plan"

    def _rival(self, c: Candidate) -> Cause | None:
        rivals = [
            o.id
            for o in self.problem.candidates
            if o.alternative and o.alternative == c.alternative and o.id in self.starts
        ]
        return ("alternative", f"{self._names(rivals)} was chosen instead") if rivals else None

    def _limit(self, c: Candidate) -> Cause:
        open_ = open_starts(self.problem, c, self.starts)
        lacks = [(self.usage.money_lacking(c, s), self.usage.people_lacking(c, s)) for s in open_]
        paid = _least([paid for paid, staffed in lacks if not staffed])
        staffed = _least([staffed for paid, staffed in lacks if not paid])
        binding = self._resolved(c) if self.resolve else ""
        if not binding:
            binding = "budget" if paid else "capacity" if staffed else "both" if lacks else "dependency"
        if binding == "value":
            return "value", f"it fits only if other work moves{self._which_costs}"
        if binding == "budget":
            return "budget", self._money(paid or _least([short for short, _ in lacks]))
        if binding == "capacity":
            return "capacity", self._people(staffed or _least([short for _, short in lacks]))
        if binding == "both":
            return "budget", "the plan’s other work leaves neither the money nor the people for it"
        return "dependency", f"it needs {self._names(c.needs)} first, which ends too late for it"

    def _resolved(self, c: Candidate, *needs: Candidate) -> str:
        """Search again with the plan's work kept and this added, one kind of limit relaxed at a time.

        Returns "" where a search ends on its nodes without an answer.
        """
        chosen = (*(other for other in self.problem.candidates if other.id in self.starts), *needs, c)
        kept = replace(self.problem, candidates=tuple(replace(o, fixed=o.fixed or "kept") for o in chosen))
        within = replace(kept, candidates=tuple(self._within_budgets(o) for o in chosen))
        for binding, relaxed in (
            ("value", within),
            ("budget", replace(kept, money={}, running={})),
            ("capacity", replace(within, people={})),
            ("both", replace(kept, money={}, running={}, people={})),
        ):
            fits = feasible(relaxed)
            if fits is not False:
                return binding if fits else ""
        return "dependency"

    def _within_budgets(self, o: Candidate) -> Candidate:
        """Return a candidate as kept work that, unless it was fixed before, spends nothing in a year without a budget."""
        if o.fixed:
            return o
        without = [purse for purse in self.problem.purses if purse.limit is None]
        free = (s for s in o.starts if not any(self.problem.drawn(o, s, purse) for purse in without))
        return replace(o, fixed="kept", starts=tuple(free))

    def _money(self, lack: Lack | None) -> str:
        if lack is None or lack.purse is None:
            return "the plan’s other work leaves too little money for it"
        year = f"FY{lack.purse.year}"
        what = {"all": "", "capital": " of capital", "running": " of running cost"}[lack.purse.holds]
        currency = self.record.facts.profile.currency
        if lack.purse.limit is None:
            return f"it needs {money(lack.needed, currency)} in {year}, for which no budget is recorded"
        needed, left = money(lack.needed, currency), money(max(lack.left, 0.0), currency)
        if needed == left:
            return f"it needs {money(lack.needed - lack.left, currency)} more{what} than is left in {year}"
        return f"it needs {needed}{what} in {year}, where {left} is left"

    def _people(self, lack: Lack | None) -> str:
        if lack is None:
            return "the plan’s other work leaves too few people for it"
        when = self.problem.start.plus(lack.quarter)
        return f"it needs {lack.needed:g} FTE of {quoted(lack.role)} in {when}, where {max(lack.left, 0.0):.4g} is free"


def _least(options: list[list[Lack]]) -> Lack | None:
    """Return the worst lack of the start that lacks least."""
    lacking = [one for one in options if one]
    if not lacking:
        return None
    best = min(lacking, key=lambda one: sum(lack.needed - max(lack.left, 0.0) for lack in one))
    return max(best, key=lambda lack: lack.needed - max(lack.left, 0.0))
