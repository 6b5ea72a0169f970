"""Why an initiative is below the line: one cause each, found by testing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit.assess.commitments import cost_since
from toolkit.client.record import Record
from toolkit.client.schema import Initiative
from toolkit.method import PROVEN
from toolkit.plan.problem import (
    Candidate,
    Problem,
    alternative_taken,
    candidate,
    held_back,
    turned_down,
    unknowns,
)
from toolkit.plan.roadmap import Binding, Deferred
from toolkit.plan.scenario import Pinned
from toolkit.plan.solver import Lack, Solution, Usage, feasible, open_starts
from toolkit.plan.value import goal_credits
from toolkit.words import day, figures, joined, money, plain, quoted

MOST_RESOLVED = 40

# What is said of an alternative in the plan, by why it is there.
FIXED_INSTEAD = {
    "": "was chosen instead",
    "in progress": "is under way instead",
    "mandatory": "is in the plan instead: it is mandatory",
    "decided": "was decided on instead",
    "pinned": "is pinned instead",
}

Cause = tuple[Binding, str]

# The causes that differ from quarter to quarter.
_LIMITS: tuple[Binding, ...] = ("value", "budget", "capacity", "late", "dependency")


def deferred(
    record: Record, problem: Problem, solution: Solution, resolve: bool = True
) -> tuple[Deferred, ...]:
    """List every plannable initiative that the plan leaves out, each with what it would add and its first binding cause.

    Causes are tried in a fixed order: a decision, no goal served, a date or the horizon, what it settles being
    settled, a dependency, an alternative, then money and people. For these the plan's work is kept, free to move, and the
    one in question added: within every limit, without budgets, without capacities, without either.
    Among more than 40 candidates, or where ``resolve`` is False, the plan's work stays where it is
    instead, which needs no search.
    """
    goals, out = goal_credits(record, problem.start), []
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
        cost = one.capital
        against = one.id in turned_down(record)
        if (
            not one.is_open
            or one.id in solution.starts
            or cost is None
            or (unknowns(record, one) and not against)
        ):
            continue
        c = candidate(record, one, problem.start, problem.quarters, goals[one.id])
        binding, because = teller.cause(one, c)
        late_because = teller.late_because(c, because) if binding in _LIMITS else {}
        out.append(
            Deferred(one.id, _would_add(problem, solution.starts, c), cost, binding, because, late_because)
        )
    return tuple(out)


def _would_add(problem: Problem, starts: Mapping[str, int], c: Candidate) -> float:
    """Return the value that work begun as early as it may would bring to a plan, with the risks that are not settled in it."""
    taken = {r for o in problem.candidates if o.id in starts for r in problem.settled(o, starts[o.id])}
    begun = min(c.starts, default=0)
    return c.served(begun) + sum(
        worth for risk, worth in problem.settled(c, begun).items() if risk not in taken
    )


def never(record: Record, problem: Problem, c: Candidate) -> Cause:
    """Say why a candidate without an allowed start has none."""
    one = next(one for one in record.initiatives if one.id == c.id)
    decision = next((d for d in record.decisions if d.subject == c.id), None)
    last, length = problem.start.plus(problem.quarters - 1), c.duration
    if taken := alternative_taken(record, one):
        return "alternative", f"{quoted(taken.short or taken.name)}, an alternative to it, is {taken.status}"
    if length > problem.quarters:
        return "horizon", f"it takes {length} quarters, longer than the plan’s {problem.quarters}"
    if decision and decision.decision in ("approve", "pin") and decision.quarter:
        return (
            "date",
            f"it was decided to begin in {decision.quarter}, which its dates and the plan’s do not allow",
        )
    relaxed = one.model_copy(update={"deadline": None})
    without_deadline = candidate(record, relaxed, problem.start, problem.quarters).starts
    if one.deadline and problem.start.plus(length - 1) > one.deadline:
        return "date", f"it would end after its deadline, {one.deadline}, even if begun in {problem.start}"
    if one.deadline and without_deadline:
        end = problem.start.plus(without_deadline[0] + length - 1)
        return "date", f"it can end in {end} at the earliest, after its deadline, {one.deadline}"
    if held := held_back(record, c.id, problem.start):
        return "decision", f"{held}; begun then, it would end after the plan, which ends in {last}"
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
        return ", for no gain in value" if self.proven else ""

    def cause(self, one: Initiative, c: Candidate) -> Cause:
        """Return the first binding cause; where leadership deferred the work until a quarter, that is told before it."""
        binding, because = self._cause(one, c)
        held = held_back(self.record, one.id, self.problem.start)
        if not held or binding == "decision":
            return binding, because
        return binding, f"{held}; {because}"

    def _cause(self, one: Initiative, c: Candidate) -> Cause:
        decision = turned_down(self.record).get(one.id)
        if decision:
            verb = "rejected" if decision.decision == "reject" else "deferred"
            though = ", although it is mandatory" if one.mandatory else ""
            if isinstance(decision, Pinned):
                where = f", in the scenario {quoted(decision.by)}" if decision.by else ""
                return "decision", f"kept out: {decision.note}{where}{though}"
            since = cost_since(decision, one, self.record.facts.profile.currency)
            more = f"; {since}" if since else ""
            return "decision", f"leadership {verb} it on {day(decision.date)}{though}{more}"
        if not c.goals and not self.problem.risks.keys() & set(c.settles):
            return self._no_value(one, c)
        if not c.starts:
            return never(self.record, self.problem, c)
        earning = self._from(c, lambda start: self.problem.alone(c, start))
        if not earning.starts:
            return self._too_late(c)
        adding = self._from(c, lambda start: self.problem.added(self.starts, c, start))
        if not adding.starts:
            return self._settled(c, c.starts[0])
        return (
            self._bundle(earning)
            or self._missing(c)
            or self._rival(c)
            or self._or_too_late(c, earning, self._limit(earning, adding.starts))
        )

    def late_because(self, c: Candidate, because: str) -> dict[str, str]:
        """Say for each risk that a candidate settles what keeps it from ending by its date, where it could earn something after.

        Left out where that is ``because`` itself, which keeps it out altogether.
        """
        out: dict[str, str] = {}
        earning = self._from(c, lambda start: self.problem.alone(c, start))
        if not earning.starts:
            return out
        for risk in sorted(self.problem.risks.keys() & set(c.settles)):
            by_then = replace(c, starts=tuple(s for s in c.starts if risk in self.problem.settled(c, s)))
            if earning.starts[-1] in by_then.starts:
                continue
            if not by_then.starts:
                end = self.problem.start.plus(c.end(c.starts[0]))
                out[risk] = f"it ends in {end} at the earliest, too late"
            elif all(need in self.starts for need in c.needs):
                adding = self._from(by_then, lambda start: self.problem.added(self.starts, c, start))
                _, limit = replace(self, resolve=False)._limit(by_then, adding.starts)
                out |= {risk: f"begun in time, {limit}"} if limit != because else {}
        return out

    def _or_too_late(self, c: Candidate, earning: Candidate, cause: Cause) -> Cause:
        """Return the cause, which was sought where the work earns something, with what it is beyond that."""
        binding, because = cause
        late = replace(c, starts=tuple(start for start in c.starts if start not in earning.starts))
        if not late.starts or binding not in ("value", "budget", "capacity"):
            return cause
        if binding == "value":
            because = because.replace("it fits only", "it fits in time only", 1)
        if not self.resolve or self._resolved(late) != "value":
            return binding, because
        if binding == "value":
            return binding, f"{because}; begun later it ends {self._when(late)}, too late to count"
        return "late", f"it fits only {self._when(late)}, too late to count"

    def _when(self, late: Candidate) -> str:
        """Say what work that earns nothing comes after."""
        if any(self.problem.worth(late, start) for start in late.starts):
            return "at the plan’s end"
        if any(risk in self.problem.risks for risk in late.settles):
            return "after the dates it should keep"
        return "after its goal’s date" if len(late.goals) == 1 else "after its goals’ dates"

    @staticmethod
    def _from(c: Candidate, value: Callable[[int], float]) -> Candidate:
        """Return a candidate that may start only where that has a value."""
        return replace(c, starts=tuple(start for start in c.starts if value(start) > 0))

    def _too_late(self, c: Candidate) -> Cause:
        """Say which dates work misses that the plan has time for, or that there is no time left to earn anything."""
        if not self.problem.remaining(c, c.starts[0]):
            return "horizon", "it would finish too late to count within the plan"
        names = {goal.id: goal.short or goal.name for goal in self.record.facts.goals}
        missed = [f"the goal {quoted(names[goal])}" for goal in c.goals]
        names = {risk.id: risk.short or risk.name for risk in self.record.facts.risks}
        missed += [quoted(names[risk]) for risk in c.settles if risk in self.problem.risks]
        end = self.problem.start.plus(c.end(c.starts[0]))
        return "date", f"it cannot end before {end}, too late for {joined(missed, most=2)}"

    def _settled(self, c: Candidate, start: int) -> Cause:
        """Say that other work in the plan settles first what a candidate that starts then is worth something for."""
        planned = {risk: [o for o in settling if o.id in self.starts]
                   for risk, settling in self.problem.settlers.items()}  # fmt: skip
        first = {
            min(planned[risk], key=lambda o: (o.end(self.starts[o.id]), o.id)).id
            for risk in self.problem.settled(c, start)
        }
        verb = "are" if len(first) > 1 else "is"
        return (
            "settled",
            f"what it settles is settled first by {self._names(sorted(first))}, which {verb} in the plan",
        )

    def _names(self, ids: Sequence[str]) -> str:
        names = {other.id: other.short or other.name for other in self.record.initiatives}
        return joined([quoted(names[one]) for one in ids], most=2)

    def _no_value(self, one: Initiative, c: Candidate) -> Cause:
        waiting = any(c.id in o.needs and self.problem.worth(o) > 0 for o in self.problem.candidates)
        more = " itself, and what needs it is not in the plan" if waiting else ""
        served = any(one.goals.values())
        goals = "the goals it serves have no points" if served else "it serves no goal"
        if not one.settles:
            return "no goal served", f"{goals}{more if served else f' and settles no risk{more}'}"
        severities = [risk.severity for risk in self.record.facts.risks if risk.id in one.settles]
        lacks = (
            "counts for nothing"
            if any(severities)
            else "has no severity on record"
            if None in severities
            else "has a severity of 0"
        )
        return (
            "no goal served",
            f"{goals}, and what it settles {lacks}{more or ', so it adds no value'}",
        )

    def _bundle(self, c: Candidate) -> Cause | None:
        """Say what keeps out work together with all it needs, where that is worth nothing by itself.

        Such needs are out because this is: to name them as the cause would go round in a circle.
        """
        by_id = {other.id: other for other in self.problem.candidates}
        absent = self._absent(c, by_id)
        if not self.resolve or not absent:
            return None
        if any(i not in by_id or self.problem.worth(by_id[i]) > 0 for i in absent):
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
        for o in self.problem.candidates:
            if o.alternative and o.alternative == c.alternative and o.id in self.starts:
                return "alternative", f"{self._names([o.id])} {FIXED_INSTEAD[o.fixed]}"
        return None

    def _limit(self, c: Candidate, adding: Sequence[int]) -> Cause:
        """Say which limit keeps it out, or that it fits and adds nothing where it does; ``adding``: starts at which it would."""
        open_ = {
            s: (self.usage.money_lacking(c, s), self.usage.people_lacking(c, s))
            for s in open_starts(self.problem, c, self.starts)
        }
        for start, (paid, staffed) in open_.items():
            if start not in adding and not paid and not staffed:
                return self._settled(c, start)
        lacks = list(open_.values())
        money = _least([paid for paid, staffed in lacks if not staffed])
        people = _least([staffed for paid, staffed in lacks if not paid])
        binding = self._resolved(c) if self.resolve else ""
        if not binding:
            binding = "budget" if money else "capacity" if people else "both" if lacks else "dependency"
        if binding == "value":
            after = [need for need in c.needs if need in self.starts]
            first = f"; it comes after {self._names(after)}" if after else ""
            return "value", f"it fits only if other work moves{self._which_costs}{first}"
        if binding == "budget":
            return "budget", self._money(money or _least([short for short, _ in lacks]))
        if binding == "capacity":
            return "capacity", self._people(people or _least([short for _, short in lacks]))
        if binding == "both":
            return "budget", "neither the money nor the people are left for it"
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
        return o if o.fixed else replace(self.problem.within_budgets(o), fixed="kept")

    def _money(self, lack: Lack | None) -> str:
        if lack is None or lack.purse is None:
            return "too little money is left for it"
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
            return "too few people are left for it"
        when = self.problem.start.plus(lack.quarter)
        return f"it needs {plain(lack.needed)} FTE of {quoted(lack.role)} in {when}, where {plain(float(figures(max(lack.left, 0.0), 4)))} is free"


def _least(options: list[list[Lack]]) -> Lack | None:
    """Return the worst lack of the start that lacks least."""
    lacking = [one for one in options if one]
    if not lacking:
        return None
    best = min(lacking, key=lambda one: sum(lack.needed - max(lack.left, 0.0) for lack in one))
    return max(best, key=lambda lack: lack.needed - max(lack.left, 0.0))
