"""What the workshop says of a plan: how far it is proven, what changed since the session began, what it costs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from markupsafe import Markup

from toolkit.client.record import Record
from toolkit.html.markup import bullets, missing, paragraph, table, text_of, unbroken
from toolkit.plan import Roadmap
from toolkit.plan.assumptions import how_many
from toolkit.plan.background import Heard
from toolkit.plan.problem import Problem, problem_of
from toolkit.plan.roadmap import Scheduled, how_good
from toolkit.words import capital, count, fixed, joined, money, money_short, number_word


def status(heard: Heard | None, currency: str) -> Markup:
    """Return the line that says how good the plan shown is, and whether it still improves."""
    if heard is None:
        said = "Planning…"
    elif heard.state == "failed":
        said = f"The search stopped ({heard.why}). Change something to search again."
    else:
        said = " ".join(_told(heard, currency))
    return Markup('<p role="status" aria-live="polite" aria-atomic="true"><strong>{}</strong></p>').format(
        text_of(said)
    )


def _told(heard: Heard, currency: str) -> list[str]:
    roadmap, improving = heard.roadmap, heard.state == "improving"
    if roadmap is None:
        return ["Still improving." if improving else "Done."]
    if roadmap.kind == "infeasible":
        return ["The fixed commitments collide: something must give way."]
    if roadmap.kind == "timeline":
        return ["There is nothing to rank by yet."]
    total = len(roadmap.scheduled) + len(roadmap.deferred)
    cost = money(sum(one.capex for one in roadmap.scheduled), currency)
    but = f"; {how_many(roadmap.commitments, roadmap.uncounted)}" if roadmap.uncounted else ""
    above = f"{capital(number_word(len(roadmap.scheduled)))} of {count(total, 'initiative')} above the line, for {cost} of capital{but}."
    return [
        f"{'Still improving' if improving else 'Done'}: {how_good(1.0 if roadmap.gap is None else roadmap.gap)}.",
        above,
    ]


def unranked(roadmap: Roadmap) -> Markup:
    """Return what stands in place of the charts when there is no plan: what collides, or what to ask."""
    if roadmap.kind == "infeasible":
        return missing("These collide:", "loosen one of them.") + bullets(map(text_of, roadmap.conflicts))
    lacking = missing("A ranking takes", f"{joined(list(roadmap.why_timeline))}.")
    return lacking + bullets(map(text_of, roadmap.questions))


def ranked(record: Record, roadmap: Roadmap) -> Markup:
    """Return the ranked list by value, with the line between what is funded and what is deferred.

    A table, not the deck's picture: beside the fields there is too little room to read that one.
    """
    names = {one.id: one.name for one in record.initiatives}
    above = sorted(roadmap.scheduled, key=lambda one: (-one.value, one.initiative))
    below = sorted(roadmap.deferred, key=lambda one: (-one.value, one.initiative))
    funded = [
        (names[one.initiative], fixed(one.value * 100, 1), money_short(one.capex), _when(one) + (f" ({one.fixed})" if one.fixed else ""))
        for one in above
    ]  # fmt: skip
    waiting = [
        (names[one.initiative], fixed(one.value * 100, 1), money_short(one.capex), one.because)
        for one in below
    ]
    header = ("Initiative", "Value", "Capital", "When, or why not")
    line = (
        Markup('<p class="line">The line: funded above, deferred below</p>')
        if above and below
        else Markup("")
    )
    return (
        Markup("<h3>{}</h3>").format(_ranked_title(len(above), len(below)))
        + table(
            header, funded, "Above the line, by value: per cent of what leadership wants", (1, 2), css="dense"
        )
        + line
        + table(header, waiting, "Below the line, by the value it would add", (1, 2), css="dense")
    )


def _ranked_title(above: int, below: int) -> str:
    return f"{capital(number_word(above))} {'is' if above == 1 else 'are'} above the line, {number_word(below)} below"


def plan_title(roadmap: Roadmap) -> str:
    """Return the plan on a page's title."""
    return f"The plan, {roadmap.start} to {roadmap.end}"


@dataclass(frozen=True)
class Changes:
    """What changed against the plan the session began with: a sentence, and every change."""

    summary: Markup
    detail: Markup


def changes(record: Record, began: Roadmap, now: Roadmap) -> Changes:
    """Say what changed against the plan the session began with.

    Parameters
    ----------
    record : Record
        As it is planned now: both plans are scored by its points, so that the two can be compared.
    """
    if began.kind != "optimised" or now.kind != "optimised":
        said = "What changed can be said once there is a plan to begin with, and one now."
        return Changes(paragraph(said), Markup(""))
    names = {one.id: one.name for one in record.initiatives}
    before, after = ({one.initiative: one for one in each.scheduled} for each in (began, now))
    entered = [after[one] for one in sorted(after.keys() - before.keys())]
    left = [before[one] for one in sorted(before.keys() - after.keys())]
    moved = [one for one in sorted(before.keys() & after.keys()) if before[one].start != after[one].start]
    why = {one.initiative: one.because for one in now.deferred}
    rows: list[tuple[object, ...]] = [
        (names[one.initiative], "enters", "below the line", _when(one)) for one in entered
    ]
    rows += [
        (names[one.initiative], "leaves", _when(one), why.get(one.initiative, "not in the plan"))
        for one in left
    ]
    rows += [(names[one], "moves", _when(before[one]), _when(after[one])) for one in moved]
    tallies = (
        (len(entered), "enter", "enters"),
        (len(left), "leave", "leaves"),
        (len(moved), "move", "moves"),
    )
    parts = [f"{number_word(n)} {single if n == 1 else several}" for n, several, single in tallies if n]
    first = f"{capital(joined(parts))}." if parts else "No initiative enters, leaves or moves."
    header = ("Initiative", "What changed", "Began with", "Now")
    moves = table(header, rows, "Against the plan the session began with", css="dense")
    detail = Markup("<h3>What changed</h3>") + (moves or paragraph(first)) + _money(record, began, now)
    return Changes(paragraph(f"{first} {_value(record, began, now)}"), detail)


def _when(one: Scheduled) -> Markup:
    return unbroken(f"{one.start} to {one.finish}")


def scored(roadmap: Roadmap, problem: Problem) -> float:
    """Return what a plan accrues by what a problem says that work is worth."""
    return problem.accrued(
        {one.initiative: one.start.index - problem.start.index for one in roadmap.scheduled}
    )


def _value(record: Record, began: Roadmap, now: Roadmap) -> str:
    # Whatever is decided or pinned, so that work which one of the plans leaves out counts in the other.
    problem, currency = problem_of(replace(record, decisions=()), now.start), record.facts.profile.currency
    old, new = scored(began, problem), scored(now, problem)
    capital_by = sum(one.capex for one in now.scheduled) - sum(one.capex for one in began.scheduled)
    if not old:
        value = "The plan the session began with scores nothing on the points now set"
    else:
        change = (new / old - 1) * 100
        more = (
            f"{fixed(abs(change), 1)} % {'more' if change > 0 else 'less'} than"
            if abs(change) >= 0.05
            else "the same as"
        )
        value = f"On the points now set, the plan scores {more} the one the session began with"
    if abs(capital_by) < 0.5:
        return f"{value}, for the same capital."
    return f"{value}, for {money(abs(capital_by), currency)} {'more' if capital_by > 0 else 'less'} capital."


def _money(record: Record, began: Roadmap, now: Roadmap) -> Markup:
    before = {one.year: one.capex + one.opex for one in began.years}
    rows = [
        (f"FY{one.year}", money(before.get(one.year)), money(one.capex + one.opex), money(one.available))
        for one in now.years
    ]
    caption = f"Money by year, in {record.facts.profile.currency}"
    return table(("Year", "Began with", "Now", "May be spent"), rows, caption, (1, 2, 3), css="dense")
