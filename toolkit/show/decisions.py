"""The decisions leadership is asked for: the plan first, then what the assessment recommends."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.assess import Assessment
from toolkit.assess.wording import count, joined, money
from toolkit.client.record import Record
from toolkit.plan import Roadmap

MOST = 4


@dataclass(frozen=True)
class Ask:
    """One decision: what is asked, and why it is asked now."""

    what: str
    why: str


def decisions_asked(record: Record, assessment: Assessment, roadmap: Roadmap) -> tuple[Ask, ...]:
    """Return at most four decisions, the most pressing first; only what the record supports."""
    advised = [Ask(one.action, " ".join(one.because[:1])) for one in assessment.recommendations]
    return tuple([*_the_plan(record, roadmap), *advised][:MOST])


def _the_plan(record: Record, roadmap: Roadmap) -> list[Ask]:
    if roadmap.kind == "infeasible":
        what = "Decide which commitment gives way, since the fixed work cannot all be done"
        return [Ask(what, joined(roadmap.conflicts, most=3))]
    first = min((year.year for year in roadmap.years if year.capex or year.opex), default=None)
    if roadmap.kind != "optimised" or not roadmap.scheduled or first is None:
        return []
    year = next(one for one in roadmap.years if one.year == first)
    currency = record.facts.profile.currency
    total = sum(one.capex for one in roadmap.scheduled)
    return [
        Ask(
            f"Approve the plan of {count(len(roadmap.scheduled), 'initiative')}, with {money(year.capex + year.opex, currency)} in FY{first}",
            f"{money(total, currency)} of capital in all, within every yearly budget and the people available.",
        )
    ]
