"""The closing page: the first round against the last, and what was promised against what came of it, on one page."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from toolkit.assess import assess
from toolkit.assess.assessment import Movement
from toolkit.assess.commitments import promises
from toolkit.client.parts import FIRST_PLAN
from toolkit.client.schema import Initiative, Round
from toolkit.html.markup import paragraph, text_of
from toolkit.method import AREAS, COMPARED, GROUP_NAMES
from toolkit.plan.outlook import Outlook
from toolkit.plan.roadmap import Scheduled
from toolkit.show.charts.goal_outlook import value_of
from toolkit.show.page import Page
from toolkit.show.report.since import SURE, noise
from toolkit.show.sheet_table import Cell, SheetTable, sheet_tables
from toolkit.show.story import Story
from toolkit.words import capital, count, day, money, money_short, number_word, part_of, score

_ROOM = 660  # for the rows of a printed page, in pixels


class ClosingStory(Story):
    """What one client's engagement promised and what came of it, as of its last round.

    Scores are those of the first and the last round that asked questions; promised work is that of the first plan
    published, or, where none is at hand, what the register holds.
    """

    kind = "Closing"
    keys = ("closing",)
    plan_of_then = FIRST_PLAN

    def _told(self) -> tuple[Page, ...]:
        first, last = self.record.rounds[0], self.record.round(self.assessment.round)
        kicker = f"{self.kind} · {self.assessment.client} · {day(first.as_of)} to {day(last.as_of)}"
        tables = sheet_tables((self._areas(), self._goals(), self._work()), _ROOM)
        said = (
            paragraph(text_of(one))
            for one in (self._noise(), self._money(), self._gone(), self._kept())
            if one
        )
        return (self._page("closing", kicker, self._title(), *tables, *said, level=1),)

    @cached_property
    def asked(self) -> tuple[Round, ...]:
        """The rounds up to this one that asked questions, the earliest first."""
        return tuple(
            one for one in self.record.rounds if one.questionnaire and one.as_of <= self.assessment.as_of
        )

    @cached_property
    def moved(self) -> tuple[Movement, ...]:
        """How the nine areas moved from the first round that asked questions to the last, where that may be said."""
        if len(self.asked) < 2:
            return ()
        found = assess(self.record, self.asked[-1].id, self.asked[0].id).movements
        return tuple(one for one in found if one.dimension in AREAS and one.group in COMPARED)

    @cached_property
    def promised(self) -> tuple[tuple[Initiative, Scheduled | None], ...]:
        """The work of the first plan as the register has it now, each with what was planned; else what is under way or done."""
        now = {one.id: one for one in self.record.initiatives}
        if self.earlier_plan:
            return tuple(
                (now[one.initiative], one) for one in self.earlier_plan.scheduled if one.initiative in now
            )
        return tuple((one, None) for one in now.values() if one.status in ("in progress", "done"))

    def _title(self) -> str:
        """Say how much of the promised work is done, of what was due by now, and how many goals are on their path or at
        their target.
        """
        done = sum(work.status == "done" for work, _ in self.promised)
        due = sum(
            (end := self._promised_end(work, then)) is not None and end <= self.assessment.as_of
            for work, then in self.promised
        )
        read = [one for one in self.outlooks if one.way is not None]
        there = sum(one.verdict == "reached" for one in read)
        on = sum(one.path is not None and not one.behind for one in read if one.verdict != "reached")
        by_now = f", {number_word(due)} due by now" if due < len(self.promised) else ""
        some = f"{part_of(there or on, len(read), 'measured goal')} {'is' if 1 in (there or on, len(read)) else 'are'}"
        goals = (
            f"{some} at the target, {number_word(on)} on the path"
            if there
            else f"{some} on the path, none at the target yet"
        )
        if not there and not on:
            goals = f"none of {count(len(read), 'measured goal')} is on the path"
        said = [
            f"{part_of(done, len(self.promised), 'promised initiative')} {'is' if 1 in (done, len(self.promised)) else 'are'} done{by_now}"
            if self.promised
            else "no promised work is on record",
            goals if read else "no goal was measured",
        ]  # fmt: skip
        return capital("; ".join(said))

    def _areas(self) -> SheetTable:
        places = {(one.dimension.id, one.group): one for one in self.moved}
        rows = tuple(
            ((area.name, ""), *(_movement(places.get((area.id, group))) for group in COMPARED))
            for area in AREAS
            if any((area.id, group) in places for group in COMPARED)
        )
        nothing = (
            "Questions were asked in one round only." if len(self.asked) < 2
            else "No score of the first round can be compared with one of the last."
        )  # fmt: skip
        when = f": {day(self.asked[0].as_of)} and {day(self.asked[-1].as_of)}" if len(self.asked) > 1 else ""
        head = ("Area", *(GROUP_NAMES[group] for group in COMPARED))
        return SheetTable(
            f"How both sides score it, first and last{when}", "area", head, (0.3, 0.35, 0.35), rows, nothing
        )

    def _goals(self) -> SheetTable:
        return SheetTable(
            "Goals", "goal", ("Goal", "Goal’s owner", "At first", "Latest reading", "Target", "Stands"), (0.3, 0.18, 0.11, 0.14, 0.14, 0.13),
            tuple(map(_goal, self.outlooks)), "No goal is on record.",
        )  # fmt: skip

    def _work(self) -> SheetTable:
        heading = (
            "Work of the first plan published, as planned then, with contingency (first: as on record before)"
            if self.earlier_plan
            else "Work under way and done, its end and its budget as first on record"
        )
        if self.earlier_plan is None and len(self.record.rounds) > 1:
            heading += "; no plan of an earlier round is at hand"
        rows = tuple(self._promise(work, then) for work, then in self.promised)
        return SheetTable(
            f"{heading}, money in {self.currency}", "initiative", ("Initiative", "Stands", "End", "Ended, or ends as known now", "Capital", "Spent"),
            (0.26, 0.12, 0.2, 0.18, 0.13, 0.11), rows, "None is on record.", (4, 5),
        )  # fmt: skip

    def _promise(self, work: Initiative, then: Scheduled | None) -> tuple[Cell, ...]:
        fiscal = self.record.facts.profile.fiscal
        promised = self._promised_end(work, then)
        row = next((each for each in self.roadmap.scheduled if each.initiative == work.id), None)
        planned = row.finish.last_day(fiscal) if row and work.status not in ("done", "stopped") else None
        ends = (day(work.finish), "") if work.finish else (day(planned), "") if planned else ("–", "")
        if not work.finish and not planned and work.is_open and self.roadmap.kind == "optimised":
            ends = ("–", "not in the plan now")
        first = work.original_finish
        earlier = f"first {day(first)}" if then and first and first != promised else ""
        budget = work.original_capex
        less = f"first {money_short(budget)}" if then and budget is not None else ""
        stands = "not started" if work.status == "proposed" else work.status or "not known"
        return (
            (work.short or work.name, ""), (capital(stands), ""), (day(promised) if promised else "–", earlier),
            ends, (_amount(_capital(work, then)), less), (_amount(work.spent), ""),
        )  # fmt: skip

    def _promised_end(self, work: Initiative, then: Scheduled | None) -> date | None:
        """Return when promised work was to end: as the first plan had it, else as first on record."""
        return then.finish.last_day(self.record.facts.profile.fiscal) if then else work.original_finish

    def _noise(self) -> str:
        """Say what a change of a score without a word beside it is; "" where none is shown."""
        return "A change of a score without a word beside it is small or within noise." if self.moved else ""

    def _money(self) -> str:
        """Say what capital was promised for the work and what is spent of it; "" where neither is known of any."""
        both = [
            (promised, work.spent) for work, then in self.promised
            if (promised := _capital(work, then)) is not None and work.spent is not None
        ]  # fmt: skip
        if not both:
            return ""
        promised, spent = (sum(amounts) for amounts in zip(*both, strict=True))
        said = f"{money(spent, self.currency)} is spent on work for which {money(promised, self.currency)} was promised"
        rest = [work for work, then in self.promised if _capital(work, then) is None or work.spent is None]
        waiting = sum(work.is_open and work.status != "in progress" for work in rest)
        unknown = len(rest) - waiting
        more = f"; {number_word(waiting)} {'has' if waiting == 1 else 'have'} not started" if waiting else ""
        more += f"; for {count(unknown, 'other')} one of the two is not known" if unknown else ""
        basis = ", contingency included" if self.earlier_plan else ""
        return f"{said}{basis}{more}."

    def _gone(self) -> str:
        """Say how much of the work of the first plan the register does not hold any more; "" where it holds all."""
        gone = len(self.earlier_plan.scheduled) - len(self.promised) if self.earlier_plan else 0
        which = f"{count(gone, 'further initiative')} of that plan {'is' if gone == 1 else 'are'}"
        return f"{capital(which)} no longer on the register." if gone else ""

    def _kept(self) -> str:
        """Say how many promised actions were kept, and how many decisions leadership took; "" where there are none."""
        made = promises(self.record, self.record.round(self.assessment.round), own=True)
        kept = sum(one.state in ("kept", "kept late") for one in made)
        said = (
            [f"{part_of(kept, len(made), 'promised action')} {'was' if kept == 1 else 'were'} kept"]
            if made
            else []
        )
        taken = len(self.record.decisions)
        said += (
            [f"{count(taken, 'decision')} of leadership {'is' if taken == 1 else 'are'} on record"]
            if taken
            else []
        )
        return f"{capital('; '.join(said))}." if said else ""


def _capital(work: Initiative, then: Scheduled | None) -> float | None:
    """Return what capital was promised: as the first plan had it with contingency, else as first budgeted."""
    if then:
        return then.capex
    return work.original_capex if work.original_capex is not None else work.capex


def _movement(one: Movement | None) -> Cell:
    if one is None:
        return ("–", "")
    return (f"{score(one.before)} → {score(one.now)}", noise(one.change) if one.change.word in SURE else "")


def _goal(one: Outlook) -> tuple[Cell, ...]:
    values = [
        None if value is None else value_of(one, value) for value in (one.baseline, one.today, one.target)
    ]
    at_first, today, target = (value or "–" for value in values)
    stands = (
        "Not measured" if one.way is None else "At its target" if one.way >= 1 else "Behind its path" if one.behind
        else "Not at its target" if one.path is None else "On its path"
    )  # fmt: skip
    return (
        (one.goal.short or one.goal.name, ""), ((one.goal.owner or "–").split(",")[0], ""), (at_first, ""),
        (today, day(one.on) if one.on else ""), (target, day(one.due) if one.due else ""), (stands, ""),
    )  # fmt: skip


def _amount(value: float | None) -> str:
    return "–" if value is None else money_short(value)
