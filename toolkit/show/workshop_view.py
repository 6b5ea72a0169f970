"""What the workshop shows of a plan: how far it is proven, the plan and its money as pictures, the ranked list, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.html.markup import bullets, missing, paragraph, text_of, unbroken
from toolkit.method import PROVEN
from toolkit.plan import Roadmap
from toolkit.plan.assumptions import how_many
from toolkit.plan.background import Heard
from toolkit.plan.problem import Problem, problem_of
from toolkit.plan.roadmap import Scheduled, YearMoney, how_good
from toolkit.show.roadmap.plan import work_by_goal
from toolkit.words import capital, count, excerpt, fixed, joined, money, money_short, number_word

_FIXED = {"in progress": "under way", "decided": "approved", "pinned": "pinned in"}


@dataclass(frozen=True)
class Times:
    """When a search reached each stage, in seconds after the change; None where it has not yet."""

    first: float | None = None
    better: float | None = None
    proven: float | None = None
    ended: float | None = None

    def after(self, heard: Heard, seconds: float, told: Roadmap | None = None) -> Times:
        """Return the times with what a search has told so many seconds after the change; ``told`` is the plan before that."""
        times = self
        if heard.state == "improving" and heard.roadmap:
            if times.first is None:
                times = replace(times, first=seconds)
            elif times.proven is None and told and heard.roadmap.scheduled != told.scheduled:
                times = replace(times, better=seconds)
        if heard.roadmap and is_proven(heard.roadmap) and times.proven is None:
            times = replace(times, first=times.first or seconds, proven=seconds)
        return times if heard.state == "improving" else replace(times, ended=seconds)


@dataclass(frozen=True)
class Shown:
    """A plan under the name that it is shown by, and the record it rests on."""

    name: str
    record: Record
    roadmap: Roadmap

    @property
    def is_plan(self) -> bool:
        """Whether it holds work, chosen within limits."""
        return self.roadmap.kind == "optimised" and bool(self.roadmap.scheduled)


def is_proven(roadmap: Roadmap) -> bool:
    """Whether no plan within the limits scores higher."""
    return roadmap.gap is not None and roadmap.gap <= PROVEN


def places(roadmap: Roadmap) -> dict[str, Quarter]:
    """Return when each initiative of a plan begins, by id."""
    return {one.initiative: one.start for one in roadmap.scheduled}


def _unbroken(sentence: str) -> str:
    """Return a sentence whose lines do not end before a per cent sign or a unit."""
    return sentence.replace(" %", "\u00a0%").replace(" s:", "\u00a0s:")


def _seconds(value: float | None) -> str:
    return f"{fixed(max(value or 0.0, 0.1), 1)} s"


def status(heard: Heard | None, times: Times, currency: str) -> Markup:
    """Return what is in the plan shown, and the stage that its search has reached; a region that is read out."""
    if heard is None:
        head, stages = "Planning…", [("now", "Looking for a first plan")]
    elif heard.state == "failed":
        head, stages = (
            "The search stopped",
            [("now", f"{capital(heard.why)}. Change something to search again")],
        )
    else:
        head, stages = _head(heard.roadmap, currency), _stages(heard, times)
    steps = Markup("").join(
        Markup('<li class="{}">{}</li>').format(css, text_of(_unbroken(said))) for css, said in stages
    )
    return Markup(
        '<div role="status" aria-live="polite" aria-atomic="true" class="told"><p class="head">{}</p><ol class="stages">{}</ol></div>'
    ).format(text_of(head), steps)  # fmt: skip


def _head(roadmap: Roadmap | None, currency: str) -> str:
    """Return how much of the work the plan holds."""
    if roadmap is None:
        return "No plan was found"
    if roadmap.kind == "infeasible":
        return "The fixed commitments collide: something must give way"
    if roadmap.kind == "timeline":
        return "There is nothing to rank by yet"
    above, total = len(roadmap.scheduled), len(roadmap.scheduled) + len(roadmap.deferred)
    cost = money(sum(one.capex for one in roadmap.scheduled), currency)
    but = f"; {how_many(roadmap.commitments, roadmap.uncounted)}" if roadmap.uncounted else ""
    fit = "fits" if above == 1 else "fit"
    return f"{capital(number_word(above))} of {count(total, 'initiative')} {fit}, for {cost} of capital{but}"


def _stages(heard: Heard, times: Times) -> list[tuple[str, str]]:
    """Return each stage, reached ("done") or being worked on ("now"): never one that is not true yet."""
    roadmap = heard.roadmap
    if roadmap is None or roadmap.kind != "optimised":
        is_told = heard.state == "done" and (roadmap is None or roadmap.kind != "timeline")
        return [("done", f"Searched to the end after {_seconds(times.ended)}")] if is_told else []
    good = how_good(1.0 if roadmap.gap is None else roadmap.gap)
    at_once = times.proven is not None and times.proven == times.first
    stages = [
        ("done", f"First plan after {_seconds(times.first)}{f', and proven: {good}' if at_once else ''}")
    ]
    if times.better is not None and times.proven is None:
        stages.append(("done", f"a better one after {_seconds(times.better)}"))
    if times.proven is not None and not at_once:
        stages.append(("done", f"proven after {_seconds(times.proven)}: {good}"))
    if heard.state == "improving":
        on = f"proving: {good}" if times.proven is None else "working out what keeps the rest out"
        stages.append(("now", on))
    elif times.proven is None:
        stages.append(("done", f"searched for {_seconds(times.ended)}, not proven to the end: {good}"))
    return stages


def unranked(roadmap: Roadmap) -> Markup:
    """Return what stands in place of the pictures when there is no plan: what collides, or what to ask."""
    if roadmap.kind == "infeasible":
        return missing("These collide:", "loosen one of them.") + bullets(map(text_of, roadmap.conflicts))
    if roadmap.kind == "optimised":
        return missing("Nothing fits.", "Raise a limit, or free what is pinned out.")
    lacking = missing("A ranking takes", f"{joined(list(roadmap.why_timeline))}.")
    return lacking + bullets(map(text_of, roadmap.questions))


# The plan on a page.


def plan_picture(plans: Sequence[Shown], before: Roadmap | None = None) -> Markup:
    """Return the plan by goal and quarter, a bar an initiative; of two plans, side by side with their rows in common.

    Parameters
    ----------
    plans : sequence of Shown
        The plan as it is now and, where two are compared, the other.
    before : Roadmap, optional
        The plan before the last change: what has entered or moved since is marked.
    """
    now = plans[0]
    first, quarters = now.roadmap.start, now.roadmap.quarters
    heads = Markup("").join(
        Markup('<th scope="col" class="time"><span class="of">{}</span>{}</th>').format(
            text_of(capital(one.name)) if len(plans) > 1 else "", _years(one.roadmap, len(plans) > 1)
        )
        for one in plans
    )
    body = Markup("").join(_goal_rows(name, rows, plans, before) for name, rows in _rows_by_goal(plans))
    title = f"The plan, {first} to {first.plus(quarters - 1)}"
    key = Markup(
        '<p class="key"><span class="fixed">fixed</span> <span class="chosen">chosen</span>{}</p>'
    ).format(Markup(' <span class="was">before the last change</span>') if before and len(plans) == 1 else "")
    return Markup(
        '<figure class="plan"><figcaption>{}{}</figcaption><table class="gantt" style="--grid: {}"><caption>{}</caption>'
        '<thead><tr><th scope="col">Initiative</th>{}<th scope="col" class="figure">Capital</th></tr></thead>{}</table></figure>'
    ).format(unbroken(title), key, _grid(now.roadmap), f"{title}, by the goal that each initiative serves most", heads, body)  # fmt: skip


def _rows_by_goal(plans: Sequence[Shown]) -> list[tuple[str, list[str]]]:
    """Return each goal's name with the initiatives under it that one of the plans holds; those of the first plan first."""
    record = plans[0].record
    names = {goal.id: goal.name for goal in record.facts.goals} | {"": "No goal"}
    by_goal: dict[str, list[str]] = {goal: [] for goal in names}
    for one in plans:
        for goal, work in work_by_goal(record, one.roadmap):
            by_goal[goal] += [s.initiative for s, _ in work if s.initiative not in by_goal[goal]]
    return [(names[goal], rows) for goal, rows in by_goal.items() if rows]


def _goal_rows(name: str, rows: Sequence[str], plans: Sequence[Shown], before: Roadmap | None) -> Markup:
    by_id = {one.id: one for one in plans[0].record.initiatives}
    was = {one.initiative: one for one in before.scheduled} if before and len(plans) == 1 else {}
    scheduled = [{one.initiative: one for one in each.roadmap.scheduled} for each in plans]
    out = [
        Markup('<tr class="goal"><th scope="rowgroup" colspan="{}">{}</th></tr>').format(len(plans) + 2, text_of(name))
    ]  # fmt: skip
    for id in rows:
        here = [each.get(id) for each in scheduled]
        mark = _mark(here[0], was.get(id)) if before and len(plans) == 1 else ""
        cells = Markup("").join(
            _time(one, was.get(id), each.roadmap) for one, each in zip(here, plans, strict=True)
        )
        capex = next(one.capex for one in here if one)
        out.append(
            Markup('<tr><th scope="row"><span class="name">{}</span>{}</th>{}<td class="figure">{}</td></tr>').format(
                text_of(by_id[id].short or by_id[id].name), _tag(mark), cells, money_short(capex)
            )
        )  # fmt: skip
    return Markup("<tbody>{}</tbody>").format(Markup("").join(out))


def _mark(now: Scheduled | None, was: Scheduled | None) -> str:
    if now is None or (was and was.start == now.start):
        return ""
    return "new" if was is None else "later" if now.start > was.start else "earlier"


def _tag(mark: str) -> Markup:
    return Markup(' <span class="tag">{}</span>').format(mark) if mark else Markup("")


def _years(roadmap: Roadmap, short: bool) -> Markup:
    """Return the heads of a plan's fiscal years, each as wide as its quarters; ``short`` ones where there is little room."""
    years: dict[int, int] = {}
    for n in range(roadmap.quarters):
        year = roadmap.start.plus(n).year
        years[year] = years.get(year, 0) + 1
    heads = Markup("").join(
        Markup('<span style="flex-grow: {}"><small>FY</small>{}</span>').format(
            n, str(year)[-2:] if short else year
        )
        for year, n in years.items()
    )
    return Markup('<span class="years">{}</span>').format(heads)


def _grid(roadmap: Roadmap) -> str:
    """Return the lines at which fiscal years begin, as a background of every cell of time."""
    begins = [n for n in range(roadmap.quarters) if n == 0 or roadmap.start.plus(n).number == 1]
    return ", ".join(
        f"linear-gradient(var(--light) 0 0) {fixed(100 * n / roadmap.quarters, 3)}% 0 / 1px 100% no-repeat" for n in begins
    )  # fmt: skip


def _time(one: Scheduled | None, was: Scheduled | None, roadmap: Roadmap) -> Markup:
    """Return the cell of one initiative's time: its bar, and a hollow one where it stood before the last change."""
    if one is None:
        return Markup('<td class="time out"><span class="quiet">not in this plan</span></td>')
    moved = was is not None and was.start != one.start
    bars = _bar(was, roadmap, "was") if was and moved else Markup("")
    bars += _bar(one, roadmap, "fixed" if one.fixed else "chosen")
    why = f", {_why_fixed(one)}" if one.fixed else ""
    return Markup('<td class="time">{}<span class="said">{}{}</span></td>').format(bars, _when(one), why)


def _bar(one: Scheduled, roadmap: Roadmap, css: str) -> Markup:
    begin = min(max(one.start.index - roadmap.start.index, 0), roadmap.quarters)
    end = max(min(one.finish.index - roadmap.start.index + 1, roadmap.quarters), begin)
    at, wide = 100 * begin / roadmap.quarters, 100 * (end - begin) / roadmap.quarters
    early = " early" if one.start < roadmap.start else ""
    return Markup('<i class="{}{}" style="left: {}%; width: {}%"></i>').format(
        css, early, fixed(at, 3), fixed(wide, 3)
    )


def _why_fixed(one: Scheduled) -> str:
    return _FIXED.get(one.fixed, one.fixed)


def _when(one: Scheduled) -> Markup:
    return unbroken(f"{one.start} to {one.finish}")


# The money by year.


def money_picture(plans: Sequence[Shown], currency: str) -> Markup:
    """Return each year's money as a bar: capital, running cost and reserve against the budget, and what is left or over."""
    most = max(
        [1.0, *(max(y.budget or 0.0, y.capex + y.opex + y.reserve) for p in plans for y in p.roadmap.years)]
    )
    rows = Markup("").join(
        Markup("<tbody>{}</tbody>").format(_year_rows(year, plans, most))
        for year in sorted({each.year for one in plans for each in one.roadmap.years})
    )
    key = Markup(
        '<p class="key"><span class="chosen">capital</span> <span class="running">running cost</span> '
        '<span class="reserve">held back</span> <span class="left">left</span></p>'
    )
    return Markup(
        '<figure class="money"><figcaption>Money by year, {}{}</figcaption><table><caption>Money by year: planned, of what may be '
        'spent</caption><thead class="said"><tr><th scope="col">Year</th><th scope="col">Used</th></tr></thead>{}</table></figure>'
    ).format(currency, key, rows)  # fmt: skip


def _year_rows(year: int, plans: Sequence[Shown], most: float) -> Markup:
    """Return the rows of a fiscal year, one a plan, under one head."""
    known = [(one, each) for one in plans for each in one.roadmap.years if each.year == year]
    head = Markup('<th scope="rowgroup" rowspan="{}">FY{}</th>').format(len(known), year)
    return Markup("").join(
        Markup("<tr>{}<td>{}</td></tr>").format(
            "" if n else head, _year_bar(each, most, one.name if len(plans) > 1 else "")
        )
        for n, (one, each) in enumerate(known)
    )


def _year_bar(year: YearMoney, most: float, name: str) -> Markup:
    spent = year.capex + year.opex
    left = None if year.available is None else year.available - spent
    parts = [("chosen", year.capex), ("running", year.opex), ("left", max(left or 0.0, 0.0))]
    parts += [("reserve", year.reserve)] if left is not None else []
    bar = Markup("").join(
        Markup('<i class="{}" style="width: {}%"></i>').format(css, fixed(100 * value / most, 2))
        for css, value in parts
        if value > 0
    )
    limit = (
        Markup('<b style="left: {}%"></b>').format(fixed(100 * year.available / most, 2))
        if year.available is not None
        else Markup("")
    )
    of = ", no budget on record" if year.available is None else f" of {money_short(year.available)}"
    rest = (
        ""
        if left is None
        else Markup(', <span class="over">{} over</span>').format(money_short(-left))
        if left < -0.5
        else Markup(", <span>{} left</span>").format(money_short(left))
    )
    named = Markup("{}: ").format(text_of(capital(name))) if name else ""
    kept = (
        ""
        if name or left is None or not year.reserve
        else Markup("<small>{} held back</small>").format(money_short(year.reserve))
    )
    return Markup(
        '<span class="stack">{}{}</span><span class="sum">{}<strong>{}</strong>{}{} {}</span>'
    ).format(bar, limit, named, money_short(spent), of, rest, kept)  # fmt: skip


# The ranked list.

_BY_VALUE = "By value: per cent of what leadership wants; of deferred work, what it would add"


def ranked(record: Record, roadmap: Roadmap, before: Roadmap | None = None) -> Markup:
    """Return the ranked list by value, with the line between what is funded and what is deferred."""
    names = {one.id: one.name for one in record.initiatives}
    was = {one.initiative for one in before.scheduled} if before else set()
    above = sorted(roadmap.scheduled, key=lambda one: (-one.value, one.initiative))
    below = sorted(roadmap.deferred, key=lambda one: (-one.value, one.initiative))
    most = max([0.001, *(one.value for one in above), *(one.value for one in below)])
    rows = [
        _ranked_row(names[one.initiative], one.value, most, one.capex,
                    _when(one) + (f" ({_why_fixed(one)})" if one.fixed else ""),
                    "new" if before and one.initiative not in was else "", "fixed" if one.fixed else "chosen")
        for one in above
    ]  # fmt: skip
    if above and below:
        rows.append(
            Markup('<tr class="line"><td colspan="4">The line: funded above, deferred below</td></tr>')
        )
    rows += [
        _ranked_row(names[one.initiative], one.value, most, one.capex, text_of(one.because),
                    "left" if one.initiative in was else "", "deferred")
        for one in below
    ]  # fmt: skip
    return Markup(
        '<h3>{}</h3>{}<div class="scroll" tabindex="0" role="region" aria-label="The ranked list"><table class="rank"><thead>'
        '<tr><th scope="col">Initiative</th><th scope="col">Value</th><th scope="col" class="figure">Capital</th>'
        '<th scope="col">When, or why not</th></tr></thead><tbody>{}</tbody></table></div>'
    ).format(_ranked_title(len(above), len(below)), paragraph(_BY_VALUE, css="about"), Markup("").join(rows))  # fmt: skip


def _ranked_row(
    name: str, value: float, most: float, capex: float, when: Markup, mark: str, css: str
) -> Markup:  # fmt: skip
    wide = fixed(100 * value / most, 1)
    return Markup(
        '<tr class="{}"><th scope="row">{}{}</th><td class="worth"><span>{}</span><i><b style="width: {}%"></b></i></td>'
        '<td class="figure">{}</td><td>{}</td></tr>'
    ).format(css, text_of(name), _tag(mark), fixed(value * 100, 1), wide, money_short(capex), when)  # fmt: skip


def _ranked_title(above: int, below: int) -> str:
    return f"{capital(number_word(above))} {'is' if above == 1 else 'are'} above the line, {number_word(below)} below"


# What changed.


def changes(against: str, about: str, record: Record, was: Roadmap, now: Roadmap) -> Markup:
    """Say what enters, leaves and moves from one plan to another, and what that does to value and capital.

    Parameters
    ----------
    against : str
        What it is held against, as a heading: "Since the last change".
    about : str
        What was changed; "" where that is not to be said.
    record : Record
        As it is planned now: both plans are scored by its points, so that the two can be compared.
    """
    head = Markup("<h3>{}</h3>").format(text_of(against))
    head += paragraph(text_of(about), css="about") if about else Markup("")
    if was.kind != "optimised" or now.kind != "optimised":
        return head + paragraph("What changed can be said once there are two plans.")
    names = {one.id: one.short or one.name for one in record.initiatives}
    before, after = ({one.initiative: one for one in each.scheduled} for each in (was, now))
    why = {one.initiative: one.because for one in now.deferred}
    entered = [
        (names[one], _when(after[one]))
        for one in sorted(after.keys() - before.keys(), key=lambda one: after[one].start)
    ]
    left = [
        (names[one], text_of(why.get(one, "not in the plan"))) for one in sorted(before.keys() - after.keys())
    ]
    moved = [
        (names[one], Markup("{} → {}").format(unbroken(str(before[one].start)), unbroken(str(after[one].start))))
        for one in sorted(before.keys() & after.keys())
        if before[one].start != after[one].start
    ]  # fmt: skip
    lists = Markup("").join(
        _listed(title, css, rows)
        for title, css, rows in (
            ("Enters", "in", entered),
            ("Leaves", "out", left),
            ("Moves", "moved", moved),
        )
    )
    said = f"{_tally(len(entered), len(left), len(moved))} {_value(record, was, now)}"
    return head + paragraph(text_of(_unbroken(said))) + (Markup('<ul class="changes">{}</ul>').format(lists) if lists else "")  # fmt: skip


def _listed(title: str, css: str, rows: Iterable[tuple[str, Markup]]) -> Markup:
    return Markup("").join(
        Markup('<li class="{}"><b>{}</b> <strong>{}</strong> <span class="more">{}</span></li>').format(css, title, text_of(name), more)
        for name, more in rows
    )  # fmt: skip


def _tally(entered: int, left: int, moved: int) -> str:
    tallies = ((entered, "enter", "enters"), (left, "leave", "leaves"), (moved, "move", "moves"))
    parts = [f"{number_word(n)} {single if n == 1 else several}" for n, several, single in tallies if n]
    return f"{capital(joined(parts))}." if parts else "No initiative enters, leaves or moves."


def scored(roadmap: Roadmap, problem: Problem) -> float:
    """Return what a plan accrues by what a problem says that work is worth."""
    return problem.accrued(
        {one.initiative: one.start.index - problem.start.index for one in roadmap.scheduled}
    )


def _value(record: Record, was: Roadmap, now: Roadmap) -> str:
    # Whatever is decided or pinned, so that work which one of the plans leaves out counts in the other.
    problem, currency = problem_of(replace(record, decisions=()), now.start), record.facts.profile.currency
    old, new = scored(was, problem), scored(now, problem)
    capital_by = sum(one.capex for one in now.scheduled) - sum(one.capex for one in was.scheduled)
    if not old:
        value = "The other plan scores nothing on the points now set"
    else:
        change = (new / old - 1) * 100
        more = (
            f"{fixed(abs(change), 1)} % {'more' if change > 0 else 'less'}"
            if abs(change) >= 0.05
            else "the same"
        )
        value = f"On the points now set the plan scores {more}"
    if abs(capital_by) < 0.5:
        return f"{value}, for the same capital."
    return f"{value}, for {money(abs(capital_by), currency)} {'more' if capital_by > 0 else 'less'} capital."


def last_change(moved: Sequence[str]) -> str:
    """Return what was moved last, in words, with how many others were moved with it."""
    if not moved:
        return ""
    others = f"; {number_word(len(moved) - 1)} more with it" if len(moved) > 1 else ""
    return f"{excerpt(moved[-1], 90)}{others}"
