"""What holds an initiative: why nobody may ask to stop it, and what of the record it could be linked to.

A plan holds nothing beyond this: it takes work that serves a goal, settles a risk, is mandatory, under way or decided
on, and what such work needs first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from toolkit.assess.assessment import Assessment
from toolkit.assess.resemblance import resembles
from toolkit.assess.standing import Standing
from toolkit.assess.trace import live
from toolkit.client.models import Action, Goal, Initiative, Risk
from toolkit.client.record import Record
from toolkit.method import RECOMMENDATION
from toolkit.words import day

_STOP = re.compile(
    r"(?:^|[,;:.] |\b(?:and|or|to) )(?:stop|pause|cancel|terminate|abandon|drop|end)\b([^,;:.]*)",
    re.IGNORECASE,
)
# The one recommendation that may ask to stop work.
ENDS_WORK = f"{RECOMMENDATION}work-without-goals"
# What has one of these needs no goal; what is held otherwise is asked which goal it serves.
OWN_REASON = ("serves a goal", "settles a risk", "is mandatory")


def to_be_stopped(text: str) -> str:
    """Return what a text in the consultant's own words asks to stop, as it is called there; empty where nothing is."""
    return " ".join(match.strip() for match in _STOP.findall(text)).strip()


@dataclass(frozen=True)
class Commitments:
    """The live work of one round, and what holds each piece of it.

    Parameters
    ----------
    record : Record
        The record; decisions of later rounds are not looked at.
    assessment : Assessment
        The round, as far as it has been assessed.
    """

    record: Record
    assessment: Assessment

    @cached_property
    def held(self) -> dict[str, str]:
        """Each live initiative that may not be asked to be stopped, with the reason as a clause."""
        reasons = {one.id: reason for one in self._work if (reason := self._reason(one))}
        by_id = {one.id: one for one in self._work}
        todo = list(reasons)
        while todo:
            held = by_id[todo.pop()]
            for need in held.depends_on:
                if need in by_id and need not in reasons:
                    reasons[need] = f"is needed by “{held.name}”"
                    todo.append(need)
        for one in self._work:
            kin = next((by_id[i].name for i in sorted(reasons) if resembles(one.name, by_id[i].name)), None)
            if one.id not in reasons and kin is not None:
                reasons[one.id] = f"resembles “{kin}” by name"
        return reasons

    @cached_property
    def standing(self) -> Standing:
        """What leadership has decided by then."""
        return Standing(self.record, self.assessment.as_of)

    @property
    def without_goal(self) -> list[Initiative]:
        """Work going ahead that serves no goal, and whose end nobody has promised."""
        return [
            one for one in self.standing.going_ahead if not any(one.goals.values()) and not self._ending(one)
        ]

    @property
    def free(self) -> list[Initiative]:
        """What may be asked to be stopped: work without a goal that nothing holds."""
        return [one for one in self.without_goal if one.id not in self.held]

    def kin_of_goal(self, goal: str) -> Initiative | None:
        """Return the live initiative whose name resembles a goal's that it does not serve; the first by id."""
        name = next(one.name for one in self.record.facts.goals if one.id == goal)
        kin = (one for one in self._going_ahead if not one.goals.get(goal))
        return next((one for one in kin if resembles(one.name, name)), None)

    def like_risk(self, risk: Risk) -> str | None:
        """Name what resembles a risk and is not said to settle it: a promise kept or open, else work going ahead."""
        for one in self.assessment.promises:
            if one.state != "dropped" and resembles(one.action, risk.name):
                when = f" on {day(one.done_on)}" if one.done_on else ""
                return f"“{one.action}”, {'promised earlier' if one.state in ('open', 'overdue') else f'kept{when}'},"
        kin = (one for one in self._going_ahead if risk.id not in one.settles)
        return next((f"“{one.name}”" for one in kin if resembles(one.name, risk.name)), None)

    def goal_like(self, one: Initiative) -> Goal | None:
        """Return the goal whose name an initiative's resembles."""
        return next((goal for goal in self.record.facts.goals if resembles(goal.name, one.name)), None)

    @cached_property
    def _work(self) -> list[Initiative]:
        return live(self.record)

    @property
    def _going_ahead(self) -> list[Initiative]:
        return sorted(self.standing.going_ahead, key=lambda one: one.id)

    @cached_property
    def _asked_elsewhere(self) -> list[str]:
        """What else may be asked for by name: goals, risks, promises not yet kept, the consultant's own actions."""
        facts = self.record.facts
        promised = [one.action for one in self._promised]
        own = [one.action for one in facts.recommendations if one.action and not to_be_stopped(one.action)]
        return [*(one.name for one in facts.goals), *(one.name for one in facts.risks), *promised, *own]

    def _ending(self, one: Initiative) -> bool:
        """Whether a promise not yet kept is to stop this work."""
        ends = [(a.initiative, to_be_stopped(a.action)) for a in self.record.actions if a.status == "open"]
        return any(what and (id == one.id or resembles(one.name, what)) for id, what in ends)

    @cached_property
    def _promised(self) -> list[Action]:
        """The promises not yet kept; one to stop work holds none."""
        return [one for one in self.record.actions if one.status == "open" and not to_be_stopped(one.action)]

    def _reason(self, one: Initiative) -> str:
        return next(self._reasons(one), "")

    def _reasons(self, one: Initiative) -> Iterator[str]:
        # What would end work cannot hold it, whoever the consultant names to carry that out.
        completed = self.record.facts.recommendations
        advised = {each.initiative for each in completed if each.id != ENDS_WORK}
        promised = {each.initiative for each in self._promised}
        for holds, reason in (
            (one.mandatory, "is mandatory"),
            (one.settles, "settles a risk"),
            (any(one.goals.values()), "serves a goal"),
            (one.status == "in progress", "is in progress"),
            (one.id in self.standing.decisions, "is decided on"),
            (
                one.id in self.standing.pins,
                "is pinned in the scenario that the plan follows",
            ),
            (one.id.startswith(RECOMMENDATION) or one.id in advised, "carries a recommendation"),
            (one.id in promised, "carries a promise"),
            (one.practices, "builds a practice"),
        ):
            if holds:
                yield reason
        kin = next((name for name in self._asked_elsewhere if resembles(one.name, name)), None)
        if kin is not None:
            yield f"resembles “{kin}” by name"
