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
from toolkit.assess.trace import live
from toolkit.client.facts import Goal, Risk
from toolkit.client.record import Record
from toolkit.client.scenarios import Pin
from toolkit.client.work import Decision, Initiative

_STOP = re.compile(
    r"(?:^|[,;:.] |\b(?:and|or|to) )(?:stop|pause|cancel|terminate|abandon|drop|end)\b([^,;:.]*)",
    re.IGNORECASE,
)
# The one recommendation that may ask to stop work.
ENDS_WORK = "rec-work-without-goals"
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
    def turned_down(self) -> frozenset[str]:
        """Initiatives that leadership has rejected, or that the scenario which the plan follows keeps out."""
        rejected = {one.subject for one in self._decisions if one.decision == "reject"}
        return frozenset(rejected | {one.initiative for one in self._pins if one.place == "out"})

    @property
    def without_goal(self) -> list[Initiative]:
        """Live work that serves no goal, and whose end leadership has not decided on."""
        return [one for one in self._work if not any(one.goals.values()) and one.id not in self.turned_down]

    @property
    def free(self) -> list[Initiative]:
        """What may be asked to be stopped: work without a goal that nothing holds."""
        return [one for one in self.without_goal if one.id not in self.held]

    def kin_of_goal(self, goal: str) -> Initiative | None:
        """Return the live initiative whose name resembles a goal's that it does not serve; the first by id."""
        name = next(one.name for one in self.record.facts.goals if one.id == goal)
        kin = (one for one in self._sorted if not one.goals.get(goal) and one.id not in self.turned_down)
        return next((one for one in kin if resembles(one.name, name)), None)

    def kin_of_risk(self, risk: Risk) -> Initiative | None:
        """Return the live initiative whose name resembles a risk's that it does not settle; the first by id."""
        kin = (one for one in self._sorted if risk.id not in one.settles and one.id not in self.turned_down)
        return next((one for one in kin if resembles(one.name, risk.name)), None)

    def goal_like(self, one: Initiative) -> Goal | None:
        """Return the goal whose name an initiative's resembles."""
        return next((goal for goal in self.record.facts.goals if resembles(goal.name, one.name)), None)

    @cached_property
    def _work(self) -> list[Initiative]:
        return live(self.record)

    @property
    def _sorted(self) -> list[Initiative]:
        return sorted(self._work, key=lambda one: one.id)

    @cached_property
    def _rounds(self) -> frozenset[str]:
        return frozenset(one.id for one in self.record.rounds if one.as_of <= self.assessment.as_of)

    @cached_property
    def _decisions(self) -> list[Decision]:
        """The decision that stands for each subject: its last, of this round or one before."""
        made = [d for d in self.record.decisions if d.round in self._rounds and d.decision != "accept risk"]
        order = {one.id: n for n, one in enumerate(self.record.rounds)}
        latest = {d.subject: d for d in sorted(made, key=lambda d: (order[d.round], d.date, d.id))}
        return list(latest.values())

    @cached_property
    def _pins(self) -> tuple[Pin, ...]:
        return self.record.followed.pins if self.record.followed else ()

    @cached_property
    def _asked_elsewhere(self) -> list[str]:
        """What else may be asked for by name: goals, risks, promises not yet kept, the consultant's own actions."""
        facts = self.record.facts
        promised = [one.action for one in self.record.actions if one.status == "open"]
        own = [one.action for one in facts.recommendations if one.action and not to_be_stopped(one.action)]
        return [*(one.name for one in facts.goals), *(one.name for one in facts.risks), *promised, *own]

    def _reason(self, one: Initiative) -> str:
        return next(self._reasons(one), "")

    def _reasons(self, one: Initiative) -> Iterator[str]:
        decided = {d.subject: d.decision for d in self._decisions}.get(one.id)
        # What would end work cannot hold it, whoever the consultant names to carry that out.
        completed = self.record.facts.recommendations
        advised = {each.initiative for each in completed if each.id != ENDS_WORK}
        promised = {each.initiative for each in self.record.actions if each.status == "open"}
        for holds, reason in (
            (one.mandatory, "is mandatory"),
            (one.settles, "settles a risk"),
            (any(one.goals.values()), "serves a goal"),
            (one.status == "in progress", "is in progress"),
            (decided is not None, "is decided on"),
            (
                any(pin.initiative == one.id for pin in self._pins),
                "is pinned in the scenario that the plan follows",
            ),
            (one.id.startswith("rec-") or one.id in advised, "carries a recommendation"),
            (one.id in promised, "carries a promise"),
            (one.practices, "builds a practice"),
        ):
            if holds:
                yield reason
        kin = next((name for name in self._asked_elsewhere if resembles(one.name, name)), None)
        if kin is not None:
            yield f"resembles “{kin}” by name"
