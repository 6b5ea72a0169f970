"""What solving again found, in words: for slides, for the spreadsheet, for whoever presents."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.assess.wording import inside, joined, money, money_short, percent, quoted
from toolkit.client.record import Record
from toolkit.plan.explanations import Change, Displaced
from toolkit.plan.roadmap import Deferred, Roadmap
from toolkit.words import difference, fixed, plain

NAME = 36


def brought_in_by(record: Record, roadmap: Roadmap, one: Deferred) -> str:
    """Say what change brings an initiative in, or that none of those tried does; "" where none was tried.

    A single limit raised comes first; where none is enough, the least share by which every budget was raised.
    """
    if roadmap.explained is None:
        return ""
    if found := roadmap.explained.changes.get(one.initiative):
        return joined([change_text(record, change) for change in found], last="or")
    raised = [step for step in roadmap.explained.budgets if step.share > 0 and one.initiative in step.enter]
    if raised:
        least = min(raised, key=lambda step: step.share)
        said = f"every budget {percent(least.share)} higher"
        return f"{said}, in place of {_named(record, least.leave)}" if least.leave else said
    tried = one.initiative in roadmap.explained.tried
    return "none of the changes tried" if tried else "not a matter of money or people"


def change_text(record: Record, change: Change) -> str:
    """Return one raised limit in words, with what then goes."""
    if change.kind == "capacity":
        raised = f"{plain(change.amount)} FTE more of {inside(change.role)} throughout"
    else:
        kept_apart = " for running costs" if change.kind == "running" else ""
        raised = f"{money(change.amount, record.facts.profile.currency)} more in FY{change.year}{kept_apart}"
    return f"{raised}, in place of {_named(record, change.leave)}" if change.leave else raised


def displaces(record: Record, roadmap: Roadmap, one: Deferred) -> str:
    """Say what goes when an initiative has to be in, and what that costs in value and money; "" where not tried."""
    if roadmap.explained is None:
        return ""
    if found := roadmap.explained.displaced.get(one.initiative):
        return f"{_moves(record, found)}; {_differences(roadmap, found)}"
    return "no plan holds it" if one.initiative in roadmap.explained.tried else "not tried"


def _moves(record: Record, found: Displaced) -> str:
    if found.leave:
        return f"{_named(record, found.leave)} {'goes' if len(found.leave) == 1 else 'go'}"
    if found.later:
        return f"{_named(record, found.later)} {'ends' if len(found.later) == 1 else 'end'} later"
    return "it ends too late to earn anything" if found.too_late else "nothing goes"


def _named(record: Record, ids: Iterable[str]) -> str:
    names = {one.id: one.name for one in record.initiatives}
    return joined([quoted(names[one], NAME) for one in ids], most=2)


def _differences(roadmap: Roadmap, found: Displaced) -> str:
    share = -100 * found.value / roadmap.value if roadmap.value else 0.0
    value = f"value {difference(share, 1)} %" if abs(share) >= 0.05 else "value unchanged"
    if abs(found.money) < 1:
        return f"{value}, spending unchanged"
    return f"{value}, spending {'+' if found.money > 0 else '−'}{money_short(abs(found.money))}"


def grid_text(roadmap: Roadmap) -> str:
    """Say which changes were tried; "" where there were none."""
    if roadmap.explained is None:
        return ""
    tried = roadmap.explained.grid
    parts = [
        f"{of} raised by {joined([money_short(amount) for amount in amounts], last='or')}"
        for of, amounts in (("one year’s budget", tried.budget), ("its running costs", tried.running)) if amounts
    ]  # fmt: skip
    if tried.capacity:
        parts.append(
            f"one role by {joined([plain(fte) for fte in tried.capacity], last='or')} FTE throughout"
        )
    more = [fixed(100 * step.share) for step in roadmap.explained.budgets if step.share > 0]
    if more:
        parts.append(f"every budget by {joined(more, last='or')} %")
    return f"Tried, one change at a time: {'; '.join(parts)}." if parts else ""
