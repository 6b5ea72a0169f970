"""The status: one page for the steering group between rounds, of projects, actions, decisions pending and the next days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property

from toolkit.assess.follow_through import FollowThrough, follow_through
from toolkit.assess.statements import Promise
from toolkit.html.markup import paragraph
from toolkit.plan.decisions import Ask
from toolkit.show.dates_ahead import DateAhead, dates_ahead, meetings_ahead
from toolkit.show.page import Page
from toolkit.show.review.decide import open_actions
from toolkit.show.sheet_table import Cell, SheetTable, sheet_tables
from toolkit.show.story import Story
from toolkit.words import UNKNOWN, capital, count, day, excerpt, money_short, part_of, percent, quoted

_DAYS = 90
_ROOM = 715  # for the rows of a printed page, in pixels


class StatusStory(Story):
    """Where one client's work stands on a day: that of a round, or one between two rounds, as the record has it by then."""

    kind = "Status"
    keys = ("status",)

    def _told(self) -> tuple[Page, ...]:
        tables = (self._projects(), self._actions(), self._decisions(), self._dates())
        kicker = f"{self.kind} · {self.assessment.client} · {day(self.assessment.as_of)}"
        note = (
            "Costs, dates and state of projects as last recorded; what was decided or done later is left out."
        )
        return (
            self._page("status", kicker, self._title(), *sheet_tables(tables, _ROOM), paragraph(note, css="note"), level=1),
        )  # fmt: skip

    @cached_property
    def work(self) -> tuple[FollowThrough, ...]:
        """The work under way, and what was finished within the last ninety days."""
        return follow_through(self.record, self.assessment.as_of - timedelta(days=_DAYS))

    @cached_property
    def actions(self) -> tuple[Promise, ...]:
        """The actions not done: overdue first, then by due date."""
        return tuple(open_actions(self))

    @cached_property
    def ahead(self) -> tuple[DateAhead, ...]:
        """The dates of the next ninety days."""
        last = self.assessment.as_of + timedelta(days=_DAYS)
        found = [one for one in (*dates_ahead(self), *meetings_ahead(self)) if one.day <= last]
        return tuple(sorted(found, key=lambda one: (one.day, one.what)))

    def _title(self) -> str:
        """Say how much of the work is red or amber, how many actions are overdue, how many decisions wait."""
        going = [one.work for one in self.work if one.work.status != "done"]
        poor = [one for one in going if one.health in ("red", "amber")]
        late = sum(one.state == "overdue" for one in self.actions)
        said = [
            f"{quoted(poor[0].short or poor[0].name, 40)} is {poor[0].health}"
            if len(poor) == 1
            else f"{part_of(len(poor), len(going), 'project')} under way {_are(len(poor), going)} red or amber"
            if going
            else "no project is under way",
            f"{part_of(late, len(self.actions), 'open action')} {_are(late, self.actions)} overdue"
            if self.actions
            else "no action is open",
            f"{count(len(self.asks), 'decision')} {'is' if len(self.asks) == 1 else 'are'} pending",
        ]
        return capital("; ".join(said))

    def _projects(self) -> SheetTable:
        head = (
            "Project",
            "State",
            "Budget",
            "Spent to date",
            "Forecast in all",
            "Planned finish",
            "Forecast finish",
        )
        return SheetTable(
            f"Projects, money in {self.currency}", "project", head, (0.19, 0.2, 0.08, 0.12, 0.13, 0.14, 0.14),
            tuple(map(_project, self.work)), "No work is under way on record.", (2, 3, 4),
        )  # fmt: skip

    def _actions(self) -> SheetTable:
        head = ("Action", "Owner in the business", "Owner in IT", "Due")
        return SheetTable(
            "Actions not done", "action", head, (0.46, 0.19, 0.19, 0.16), tuple(map(_action, self.actions)),
            "No action is open.",
        )  # fmt: skip

    def _decisions(self) -> SheetTable:
        when = self.record.next_meeting(self.assessment.as_of)
        heading = f"Decisions pending, asked of leadership on {day(when)}" if when else "Decisions pending"
        rest = len(self.decisions) - len(self.asks)
        further = f", then {count(rest, 'further action')}" if rest else ""
        dated = any(one.due for one in self.decisions)
        head = ("Decision", "Owners", "New capital", *(("At the latest",) if dated else ()))
        rows = (_decision(one, n < len(self.asks)) for n, one in enumerate(self.decisions))
        return SheetTable(
            f"{heading}{further}; new capital in {self.currency}", "decision", head,
            (0.46, 0.29, 0.11, 0.14) if dated else (0.55, 0.32, 0.13), tuple(row[: len(head)] for row in rows),
            "No decision is pending.", (2,), "roadmap.xlsx",
        )  # fmt: skip

    def _dates(self) -> SheetTable:
        last = self.assessment.as_of + timedelta(days=_DAYS)
        later = [one for one in (*dates_ahead(self), *meetings_ahead(self)) if one.day > last]
        after = min(later, key=lambda one: (one.day, one.what), default=None)
        further = f"; next after that: {excerpt(after.what, 40)}, {day(after.day)}" if after else ""
        heading = f"Dates until {day(last)}{further}"
        rows = tuple(
            ((one.what, ""), (day(one.day), one.kind), (one.who, ""), (one.stands, "")) for one in self.ahead
        )
        return SheetTable(
            heading, "date", ("What", "When", "Who", "What meets it"), (0.3, 0.19, 0.19, 0.32), rows,
            "No date is on record in these days.",
        )  # fmt: skip


def _are(part: int, whole: Sequence[object]) -> str:
    return "is" if 1 in (part, len(whole)) else "are"


def _project(one: FollowThrough) -> tuple[Cell, ...]:
    work = one.work
    done = work.status == "done"
    unexplained = "no reason given" if work.health in ("red", "amber") else ""
    state = ("Done", "") if done else (capital(work.health or "not rated"), work.health_reason or unexplained)
    used = f"{percent(work.spent / work.capex)} of budget" if work.spent is not None and work.capex else ""
    over = f"{money_short(one.over)} over budget" if one.over and one.over > 0 else ""
    late = f"{count(work.days_late, 'day')} later" if work.days_late and work.days_late > 0 else ""
    return (
        (work.short or work.name, ""), state, _amount(work.capex), (_amount(work.spent)[0], used),
        (_amount(one.cost)[0], over), _date(work.original_finish), (_date(work.finish)[0], late),
    )  # fmt: skip


def _action(one: Promise) -> tuple[Cell, ...]:
    late = one.stands if one.state == "overdue" or one.over else ""
    owners = ((owner or UNKNOWN, "") for owner in (one.owner_business, one.owner_it))
    return ((one.action, ""), *owners, (day(one.due), late))


def _decision(one: Ask, now: bool) -> tuple[Cell, ...]:
    capital_ = money_short(one.money.new) if one.money.new else "–"
    part = "part of another" if one.money.part_of and one.money.new else ""
    return (
        (one.what, "" if now else "further action"),
        ("; ".join(one.named), ""),
        (capital_, part),
        (day(one.due) if one.due else "–", ""),
    )


def _amount(value: float | None) -> Cell:
    return ("–" if value is None else money_short(value), "")


def _date(value: date | None) -> Cell:
    return (day(value) if value else "–", "")
