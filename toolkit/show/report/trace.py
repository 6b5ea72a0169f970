"""The appendix's trace from goals to work and back: one table, and what is left over at each end, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.client.calendar import quarters_head
from toolkit.client.schema import Goal, Initiative
from toolkit.html.markup import bullets, headed, missing, paragraph, text_of, unbroken
from toolkit.method import CONTRIBUTION_BANDS
from toolkit.plan.assumptions import past_whole
from toolkit.plan.traceability import GoalLink, PlacedWork, Trace, distance, traced
from toolkit.words import UNKNOWN, capital, count, day, excerpt, fixed, joined, money, recorded

if TYPE_CHECKING:
    from toolkit.show.story import Story

TITLE = "From goals to work and back"
_LOW, _HIGH = CONTRIBUTION_BANDS
READING = (
    f"A contribution of 3 closes more than {_HIGH} % of the way from the goal’s baseline to its target, "
    f"2 closes {_LOW} to {_HIGH} %, 1 less. Work that serves several goals stands under each with its whole cost; capital includes "
    "its contingency, except of work that is done or stopped{dates}."
)
NO_PLAN = "; there is no plan, so dates are as recorded"
AFTER_DATE = Markup('<br><span class="aside">after the goal’s date: counts nothing for it</span>')
_NAME, _MOST = 90, 12  # characters of a name, and names, in a sentence


def trace_parts(story: Story) -> list[Markup]:
    """Return the section: the table where goals and initiatives are recorded, and the three lists."""
    trace = traced(story.planned, story.roadmap)
    heading = Markup("<h3>{}</h3>").format(TITLE)
    if not trace.goals or not trace.work:
        return [heading, _lacking(trace), bullets(_owners(trace))]
    past = [text_of(said) for said in past_whole(story.planned, story.roadmap)]
    lists = bullets([*past, *_goals(trace), *_work(trace), *_owners(trace)])
    return [heading, paragraph(Markup(" ").join(_reading(story, trace))), _table(story, trace), lists]


def where_traced() -> Markup:
    """Say where each goal is followed to its work, and each piece of work to its goals."""
    return paragraph(
        f"The appendix, “{TITLE}”, follows each goal to its measure, its work, quarters, cost and owners, "
        "and names what serves no goal.",
        css="note",
    )


def _lacking(trace: Trace) -> Markup:
    """Say which of the two ends is absent, so that there is nothing to trace."""
    if trace.goals:
        return missing(
            "Nothing can be traced.", "Goals are recorded, but no initiative that could serve them."
        )
    what = "neither are initiatives"
    if trace.work:
        what = (
            "the one initiative is, so it stands alone"
            if len(trace.work) == 1
            else "initiatives are, so each stands alone"
        )
    return missing("Nothing can be traced.", f"Business goals are not recorded; {what}.")


def _reading(story: Story, trace: Trace) -> Iterator[str | Markup]:
    """Say how the table is read, by whose points it is ordered, and who scored the contributions."""
    if any(goal.weight for goal in story.planned.facts.goals):
        yield "The heaviest goal comes first."
    yield READING.format(dates="" if trace.planned else NO_PLAN)
    funded = [one.capital or 0.0 for one in trace.work if one.place == "above the line"]
    if funded:
        takes = "takes" if len(funded) == 1 else "take"
        yield f"Counted once each, {count(len(funded), 'initiative')} above the line {takes} {money(sum(funded), story.currency)} of capital."
    if story.points_note:
        yield text_of(story.points_note)
    scored = {link.work.initiative.scored_by for link in trace.links if link.work and link.level}
    if named := [text_of(one) for one in sorted(filter(None, scored))]:
        rest = ", where not said otherwise" if None in scored else ""
        yield Markup("Contributions were scored by: {}{}.").format(Markup(joined(named, most=4)), rest)


def _table(story: Story, trace: Trace) -> Markup:
    """Return one table, its rows grouped by goal; open work that serves none comes last."""
    header = (
        ("", "Initiative"), ("", "Contribution"), ("", quarters_head(story.record.facts.profile.fiscal)), ("figure", f"Capital, {story.currency}"),
        ("figure", f"Running cost a year, {story.currency}"), ("figure", f"Benefit a year, {story.currency}"), ("", "Owners: business, IT"),
    )  # fmt: skip
    head = Markup("").join(
        Markup('<th scope="col" class="{}">{}</th>').format(css, title) for css, title in header
    )
    groups = [_group(_goal(links[0]), links) for links in trace.goals.values()]
    alone = [link for link in trace.links if link.goal is None and link.work and link.work.is_open]
    groups += [_group(text_of("No goal served"), alone)] if alone else []
    return Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="{0}"><table class="dense trace"><caption>{0}</caption>'
        "<thead><tr>{1}</tr></thead>{2}</table></div>"
    ).format("Goals, and the work, money and owners behind them", head, Markup("").join(groups))


def _group(head: Markup, links: Sequence[GoalLink]) -> Markup:
    """Return a goal's rows below what is said of the goal."""
    none = Markup('<tr><td colspan="7"><strong>No initiative serves it.</strong></td></tr>')
    rows = Markup("").join([_row(link.work, link) for link in links if link.work] or [none])
    return Markup('<tbody><tr><th scope="rowgroup" colspan="7"><div>{}</div></th></tr>{}</tbody>').format(
        head, rows
    )


def _goal(link: GoalLink) -> Markup:
    """Tell a goal with its points and owner, and its measure with the way to go and its owners."""
    goal, kpi = link.goal, link.kpi
    if goal is None:
        return Markup("")
    points = "" if goal.weight is None else f"{recorded(goal.weight)} points. "
    baseline, target = distance(goal, kpi)
    way = f", from {_figure(baseline)} to {_figure(target)}"
    if kpi is None:
        way = "" if baseline is None and target is None else way
        measure = Markup("Measure: <strong>none linked</strong>{}.").format(way)
    else:
        measure = Markup("Measure: {}{}. Owners: {} (business), {} (IT).").format(
            text_of(kpi.name), text_of(f"{way}\u00a0{kpi.unit}" if kpi.unit else way), _person(kpi.owner_business), _person(kpi.owner_it)
        )  # fmt: skip
    called = f"{capital(short)}. " if (short := _in_short(goal)) else ""
    said = Markup("{}{}Owner: {}.<br>{}").format(text_of(called), points, _person(goal.owner), measure)
    return text_of(goal.name) + Markup('<br><span class="aside">{}</span>').format(said)


def _in_short(one: Goal | Initiative) -> str:
    """Say what charts and slides call a goal or an initiative; "" where that is its name, or how its name begins."""
    return f"in short “{one.short}”" if one.short and not one.name.startswith(one.short) else ""


def _figure(value: float | None) -> str:
    return UNKNOWN if value is None else recorded(value)


def _person(name: str | None) -> Markup:
    return text_of(name) if name else Markup("<strong>nobody named</strong>")


def _row(work: PlacedWork, link: GoalLink) -> Markup:
    """Return an initiative's row; of work that is done or stopped, nothing is missed."""
    one = work.initiative
    settles = joined([f"“{excerpt(risk, _NAME)}”" for risk in work.settles])
    scorer = "scorer not known" if work.is_open and not one.scored_by else ""
    owners = [
        _person(owner) if work.is_open else text_of(owner or UNKNOWN)
        for owner in (one.owner_business, one.owner_it)
    ]
    return Markup(
        '<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td class="figure">{}</td><td class="figure">{}</td><td class="figure">{}</td><td>{}</td></tr>'
    ).format(
        headed(one.name, "; ".join(filter(None, (_in_short(one), settles and f"settles {settles}")))),
        headed(link.level, scorer) if link.level else "–",
        _when(work) + (AFTER_DATE if link.late else ""),
        UNKNOWN if work.capital is None else fixed(work.capital),
        UNKNOWN if one.opex is None else fixed(one.opex),
        UNKNOWN if one.benefit is None else fixed(one.benefit),
        Markup("<br>").join(owners),
    )


def _when(work: PlacedWork) -> Markup:
    """Tell the quarters of planned work; of the rest its place, with what is recorded of its status and dates."""
    status: str = work.initiative.status or ""
    if work.place == "above the line":
        span = str(work.start) if work.start == work.finish else f"{work.start} to {work.finish}"
        begun = Markup('<br><span class="aside">in progress</span>') if status == "in progress" else ""
        return unbroken(span) + begun
    if work.place == "not scheduled":
        return headed(work.place, work.because)
    if work.place == "below the line":
        return text_of(work.place)
    ends = day(work.finish) if isinstance(work.finish, date) else ""
    known = [status, f"since {work.start}" if work.start else "", f"until {ends}" if ends else ""]
    return headed(work.place, " ".join(x for x in known if x) if work.is_open else ends)


def _goals(trace: Trace) -> Iterator[Markup]:
    """Say which goals nothing serves, nothing serves any more, or nothing in the plan serves in time."""
    found = [
        ("Goals that no initiative serves", _named(goal.name for goal in trace.never_served)),
        ("Goals whose work is all done or stopped", _with_work(trace, trace.no_longer_served)),
        ("Goals with work, but none of it in the plan", _with_work(trace, trace.outside_the_plan)),
        (
            "Goals whose work in the plan all ends after their date",
            _named(goal.name for goal in trace.out_of_time),
        ),
    ]
    every = "Every goal is served by work above the line." if trace.planned else "Every goal has open work."
    return _said(found, every)


def _with_work(trace: Trace, goals: Iterable[Goal]) -> Markup:
    """Name goals, each with the work that serves it and where that stands."""
    return Markup("; ").join(
        Markup("{} ({})").format(_quoted(goal.name), _named_in(link.work for link in trace.goals[goal.id]))
        for goal in goals
    )


def _named_in(serving: Iterable[PlacedWork | None]) -> Markup:
    """Name work with its place in the plan."""
    return _joined(Markup("{} {}").format(_quoted(one.initiative.name), one.place) for one in serving if one)


def _work(trace: Trace) -> Iterator[Markup]:
    """Say which open initiatives serve no goal, those that settle a risk apart."""
    found = [
        ("Open work that serves no goal and settles no risk", _names(trace.serving_nothing)),
        ("Open work that serves no goal, but settles a risk", _names(trace.settling_only)),
    ]
    is_open = any(one.is_open for one in trace.work)
    return _said(found, "All open work serves a goal." if is_open else "No work is open.")


def _owners(trace: Trace) -> Iterator[Markup]:
    """Say which open initiatives have an owner on one side only, or on neither."""
    loose = trace.not_owned_on_both_sides
    found = [
        (said, _names(one for one in loose if one.unowned == sides))
        for said, sides in (
            ("Open work with an owner in the business only", ("IT",)),
            ("Open work with an owner in IT only", ("the business",)),
            ("Open work without an owner on either side", ("the business", "IT")),
        )
    ]
    all_owned = "All open work has an owner on both sides." if any(one.is_open for one in trace.work) else ""
    return _said(found, all_owned)


def _said(found: Iterable[tuple[str, Markup]], otherwise: str) -> Iterator[Markup]:
    """Yield each list that names something; where none does, the sentence that says so."""
    said = [Markup("<strong>{}:</strong> {}.").format(about, names) for about, names in found if names]
    yield from said or ([Markup(otherwise)] if otherwise else [])


def _names(work: Iterable[PlacedWork]) -> Markup:
    return _named(one.initiative.name for one in work)


def _named(names: Iterable[str]) -> Markup:
    return _joined(map(_quoted, names))


def _quoted(name: str) -> Markup:
    return Markup("“{}”").format(text_of(excerpt(name, _NAME).removesuffix(".")))


def _joined(parts: Iterable[Markup]) -> Markup:
    """Join parts as a sentence does; of many the rest are counted, for all stand in the table."""
    return Markup(joined(list(parts), most=_MOST))  # every part is escaped
