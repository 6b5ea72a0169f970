"""What the plan does with the work that a promise or a recommendation rests on, so that no page asks past it."""

from __future__ import annotations

from dataclasses import replace

from toolkit.assess.advising import RECOMMENDATION
from toolkit.assess.assessment import Assessment
from toolkit.assess.gap_advice import ACTIONS
from toolkit.assess.statements import Promise, Recommendation
from toolkit.assess.wording import joined, quoted
from toolkit.client.record import Record
from toolkit.plan.roadmap import Roadmap


def planned_as(roadmap: Roadmap, one: Promise) -> str:
    """Say as a clause what the plan does with the work that a promise not yet kept names; "" where nothing can be said."""
    if roadmap.kind != "optimised" or not one.initiative or one.over or one.state not in ("open", "overdue"):
        return ""
    if one.initiative in roadmap.uncounted:
        return "its initiative is under way, and the plan does not count it"
    row = next((each for each in roadmap.scheduled if each.initiative == one.initiative), None)
    if row is None:
        return "not in the plan"
    return f"the plan has it in {row.start}{f' to {row.finish}' if row.finish != row.start else ''}"


def told(record: Record, a: Assessment, roadmap: Roadmap) -> Assessment:
    """Return the assessment with what the plan does with the work behind each recommendation among its reasons."""
    made = tuple(_with(one, _said(record, a, roadmap, one)) for one in a.recommendations)
    return replace(a, recommendations=made)


def _with(one: Recommendation, said: str) -> Recommendation:
    # Within the first reason: slide 1 and page 1 tell that one alone.
    because = (" ".join((said, *one.because[:1])), *one.because[1:]) if said else one.because
    return replace(one, because=because)


def _said(record: Record, a: Assessment, roadmap: Roadmap, one: Recommendation) -> str:
    if roadmap.kind != "optimised":
        return ""
    if one.id == f"{RECOMMENDATION}promises":
        late = [(each.action, planned_as(roadmap, each)) for each in a.promises if each.state == "overdue"]
        said = [f"{quoted(action)}: {plan}" for action, plan in late if plan]
        return f"{joined(said, most=2)}." if said else ""
    if one.id.removeprefix(RECOMMENDATION) not in ACTIONS:  # of what carries any other, its cost says so
        return ""
    held = {each.initiative for each in roadmap.scheduled} | set(roadmap.uncounted)
    out = [
        each for each in record.initiatives
        if each.id in one.initiatives and each.id not in held and each.is_open
    ]  # fmt: skip
    named = joined([quoted(each.name) for each in out], most=2)
    return f"The plan leaves out {named}, which belong{'s' if len(out) == 1 else ''} to it." if out else ""
