"""The assessment's recommendations beside the plan: what it does with their work, where their money comes from, and
how they become initiatives of the roadmap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from toolkit.assess import assess
from toolkit.assess.assessment import Assessment
from toolkit.assess.commitments import Standing
from toolkit.assess.statements import TO_ESTIMATE, Promise, Recommendation
from toolkit.client.calendar import Quarter, span
from toolkit.client.faults import closest, listed
from toolkit.client.parts import INITIATIVES
from toolkit.client.record import Record
from toolkit.client.record_csv import write_rows
from toolkit.client.schema import Initiative
from toolkit.client.store import read_files, read_record, save
from toolkit.errors import Fault, InputError
from toolkit.method import BY_ID, PRACTICE_ACTIONS, RECOMMENDATION
from toolkit.plan.assumptions import NOTHING
from toolkit.plan.plan_table import quarters_of, spread
from toolkit.plan.roadmap import Roadmap
from toolkit.words import count, day, joined, money, number_word, quoted


def planned_as(record: Record, roadmap: Roadmap, one: Promise) -> str:
    """Say as a clause what the plan does with the work that a promise not yet kept names; "" where nothing can be said."""
    if roadmap.kind != "optimised" or not one.initiative or one.over or one.state not in ("open", "overdue"):
        return ""
    if one.initiative in roadmap.uncounted:
        return "its initiative is under way, and the plan does not count it"
    row = next((each for each in roadmap.scheduled if each.initiative == one.initiative), None)
    if row is None:
        return "not in the plan"
    return f"the plan has it in {span(row.start, row.finish, record.facts.profile.fiscal)}"


def told(record: Record, a: Assessment, roadmap: Roadmap) -> Assessment:
    """Return the assessment with what the plan does with the work behind each recommendation among its reasons."""
    made = tuple(_with(one, _said(record, a, roadmap, one)) for one in a.recommendations)
    return replace(a, recommendations=made)


def _with(one: Recommendation, said: str) -> Recommendation:
    # Within the first reason: the first slide and page tell that one alone.
    because = (" ".join((said, *one.because[:1])), *one.because[1:]) if said else one.because
    return replace(one, because=because)


def _said(record: Record, a: Assessment, roadmap: Roadmap, one: Recommendation) -> str:
    if roadmap.kind != "optimised":
        return ""
    if one.id == f"{RECOMMENDATION}promises":
        late = [
            (each.action, planned_as(record, roadmap, each)) for each in a.promises if each.state == "overdue"
        ]
        said = [f"{quoted(action)}: {plan}" for action, plan in late if plan]
        return f"{joined(said, most=2)}." if said else ""
    if (
        one.id.removeprefix(RECOMMENDATION) not in PRACTICE_ACTIONS
    ):  # of what carries any other, its cost says so
        return ""
    held = {each.initiative for each in roadmap.scheduled} | set(roadmap.uncounted)
    work = [each for each in record.initiatives if each.id in one.initiatives and each.is_open]
    out = [each for each in work if each.id not in held]
    named = joined([quoted(each.short or each.name) for each in out], most=2)
    are = "is" if len(out) == 1 else "are"
    of = "" if len(out) == len(work) else f"{number_word(len(out))} of {count(len(work), 'initiative')} "
    return f"{named}, {of or 'the work '}on record for this, {are} not in the plan." if out else ""


def funded(record: Record, assessment: Assessment, roadmap: Roadmap) -> Assessment:
    """Return the assessment with the cost of each recommendation, and whence it comes, as the plan has it.

    Its reasons say what the plan leaves out of the work behind it. A recommendation costs what the initiatives cost that are this very recommendation on the register; without one,
    what the consultant says. Money asked for earlier in the list is gone for those that follow.

    Parameters
    ----------
    record : Record
        As the plan rests on it.
    """
    till = FundingBalance(record, assessment, roadmap)
    made = tuple(till.paid(one) for one in assessment.recommendations)
    return told(record, replace(assessment, recommendations=made), roadmap)


@dataclass
class FundingBalance:
    """What the plan leaves of each year's money, and of its reserve, once the recommendations so far are paid.

    ``displaced`` names the planned work that would wait for them, ``freed`` says what of its money is left by year.
    """

    record: Record
    assessment: Assessment
    roadmap: Roadmap
    spent: dict[int, float] = field(default_factory=dict)
    displaced: set[str] = field(default_factory=set)
    freed: dict[int, float] = field(default_factory=dict)

    def paid(self, one: Recommendation) -> Recommendation:
        """Return a recommendation with its cost, and with where that comes from as its note."""
        work = [each for each in self.record.initiatives if each.id in one.carriers]
        planned = {each.initiative: each.capex for each in self.roadmap.scheduled}
        if work and all(each.id in planned for each in work):
            return replace(one, cost=sum(planned[each.id] for each in work), cost_note="in the plan")
        finished = [each for each in work if not each.is_open]
        if work and len(finished) == len(work):
            return replace(
                one, cost_note="the work is done" if all(x.status == "done" for x in work) else one.cost_note
            )
        cost = one.cost
        if cost is None and work:
            known = [each.capital for each in work]
            if None in known:
                return replace(one, cost_note=TO_ESTIMATE)
            cost = sum(amount or 0.0 for amount in known)
        if not cost:
            return replace(one, cost=cost)
        if refused := self._refused(work):
            return replace(one, cost=cost, cost_note=refused)
        if waiting := next((each for each in self.roadmap.deferred if each.initiative in one.carriers), None):
            # The plan has looked at every year of it; the year of the recommendation's date says nothing of that.
            because = next(
                (waiting.late_because[risk] for risk in one.risks if risk in waiting.late_because),
                waiting.because,
            )
            return replace(one, cost=cost, cost_note=f"not in the plan: {because}")
        return replace(one, cost=cost, cost_note=self._source(one, cost), year=self._year(one))

    def _refused(self, work: list[Initiative]) -> str:
        """Say that leadership put off or rejected all of a recommendation's work, which asks for no money until it changes its mind."""
        standing = Standing(self.record, self.assessment.as_of)
        if not work or not all(each.id in standing.set_aside for each in work):
            return ""
        last = max((standing.decisions[each.id] for each in work), key=lambda d: d.date)
        done = "rejected" if last.decision == "reject" else "deferred"
        return f"only if what was {done} on {day(last.date)} is taken up again"

    def _source(self, one: Recommendation, cost: float) -> str:
        """Say as a clause where a cost comes from, and take it from there."""
        if self.roadmap.kind != "optimised":
            return "whether a year’s money holds it cannot be said without a plan"
        year = self._year(one)
        left, reserve = self._left(year)
        earlier = self.spent.get(year, 0.0)
        self.spent[year] = earlier + cost
        free, held = max(0.0, left - earlier), max(0.0, reserve - max(0.0, earlier - left))
        name, now = f"FY{year}", "after what is asked for above, " if earlier else ""
        if next((each.budget for each in self.roadmap.years if each.year == year), None) is None:
            return f"no budget is recorded for {name}, so where it comes from has to be said"
        if cost <= free + NOTHING:
            return f"{now}from the {self._money(free)} that {name} has left beside the plan"
        beside = (
            f"{now}{name} has {self._money(free)} left beside the plan"
            if free > NOTHING
            else f"{now}{name} has nothing left beside the plan"
            if now
            else f"the plan leaves nothing in {name}"
        )
        if cost <= free + held + NOTHING:
            rest = "the rest" if free > NOTHING else "it"
            return f"{beside}; {rest} comes from the reserve of {self._money(held)}"
        lacking = cost - free - held
        return f"{beside}{self._and_reserve(held)}; {self._gives_way(year, lacking)}"

    def _and_reserve(self, held: float) -> str:
        return f" and {self._money(held)} in reserve" if held > NOTHING else " and nothing in reserve"

    def _gives_way(self, year: int, lacking: float) -> str:
        """Name the planned work of least value that could wait instead; else say by how much the budget has to grow."""
        left = self.freed.pop(year, 0.0)
        if left >= lacking - NOTHING:
            self.freed[year] = left - lacking
            return f"it comes from the {self._money(left)} still left of what would wait by then"
        lacking -= left
        needed = {need for each in self.record.initiatives for need in each.depends_on}
        spreads, quarters = spread(self.record, self.roadmap), quarters_of(self.roadmap)
        by_id = {each.id: each for each in self.record.initiatives}
        for each in sorted(self.roadmap.scheduled, key=lambda s: (s.value, s.initiative)):
            capital: dict[int, float] = {}
            for quarter, amount in zip(quarters, spreads[each.initiative].capital, strict=True):
                capital[quarter.year] = capital.get(quarter.year, 0.0) + amount
            free = not each.fixed and each.initiative not in needed | self.displaced
            if free and (amount := capital.get(year, 0.0)) >= lacking - NOTHING:
                self.displaced.add(each.initiative)
                self.freed = {
                    y: self.freed.get(y, 0.0) + capital.get(y, 0.0) for y in {*self.freed, *capital}
                }
                self.freed[year] = amount - lacking
                return f"{quoted(by_id[each.initiative].name, 80)} ({self._money(amount)} in FY{year}) would have to wait for it"
        return f"the budget of FY{year} would have to be raised by {self._money(lacking)}"

    def _year(self, one: Recommendation) -> int:
        """Return the fiscal year whose money pays: that of its date, but none before the plan begins."""
        when = Quarter.of(one.due or self.assessment.as_of, self.record.facts.profile.fiscal)
        return max(when.year, self.roadmap.start.year)

    def _left(self, year: int) -> tuple[float, float]:
        """Return what the plan leaves of a year's money for capital, and the year's reserve."""
        money_of = next((each for each in self.roadmap.years if each.year == year), None)
        limit = (
            next((each for each in money_of.limits if each.holds != "running"), None) if money_of else None
        )
        if money_of is None or limit is None:
            return 0.0, 0.0
        return max(0.0, limit.available - limit.spent), money_of.reserve

    def _money(self, amount: float) -> str:
        return money(amount, self.record.facts.profile.currency)


LONGEST_ID = 64


def as_initiative(record: Record, one: Recommendation) -> Initiative:
    """Return the initiative that carries a recommendation; what it costs or takes is missing where unknown.

    Its description is what the record says it is for, none of the computed reasons: they hold figures of the survey,
    and those of an open round, kept beside the closed round's, would give away what was answered in between. What
    settles a risk says what happens without it: that nothing settles the risk is no longer so.
    """
    why = [risk.consequence for risk in record.facts.risks if risk.id in one.risks and risk.consequence]
    why += [
        x.why for x in record.facts.recommendations if x.id == one.id and x.action == one.action and x.why
    ]
    if not one.risks and not why:
        why = [f"For {BY_ID[practice].name}: {BY_ID[practice].meaning}." for practice in one.practices]
    return Initiative(
        id=one.id[:LONGEST_ID], name=one.action[:600], description=" ".join(why) or None, status="proposed",
        owner_business=one.owner_business, owner_it=one.owner_it, capex=one.cost, settles=one.risks,
        practices=one.practices, source="Recommended by the alignment assessment",
    )  # fmt: skip


def adopt(clients: Path, slug: str, ids: Sequence[str], round_id: str = "") -> tuple[Initiative, ...]:
    """Add recommendations of a round to ``initiatives.csv``; return the initiatives added.

    Raises
    ------
    InputError
        When the round does not recommend one of them, or an initiative carries it already; nothing was written.
    ConflictError
        When someone else changed the record meanwhile.
    """
    read = read_files(clients, slug)
    record = read_record(slug, read)
    made = {one.id: one for one in assess(record, round_id).recommendations}
    present = {one.id for one in record.initiatives}
    faults = []
    for name in ids:
        if name not in made:
            remedy = f"{closest(name, list(made))}Copy the id from findings.json."
            faults.append(
                Fault("recommendation", name, f"a recommendation of this round: {listed(made)}", remedy)
            )
        elif carried := present & {name[:LONGEST_ID], *made[name].carriers}:
            where, remedy = (
                f"{INITIATIVES}, column id",
                "Nothing need be done: complete that initiative, or name another recommendation.",
            )
            faults.append(
                Fault(
                    where, f"{listed(sorted(carried))}, which carries {name} already", "a recommendation that no initiative carries", remedy
                )
            )  # fmt: skip
    if faults:
        raise InputError(faults)
    added = tuple(as_initiative(record, made[name]) for name in dict.fromkeys(ids))
    save(clients, slug, {INITIATIVES: write_rows(Initiative, [*record.initiatives, *added])}, read)
    return added
