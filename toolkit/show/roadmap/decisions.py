"""The decisions asked for today: what each costs by year, who answers for it, and what happens without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.statements import IN_BUDGETS, TO_ESTIMATE
from toolkit.client.edition import BOARD
from toolkit.html.fonts import lines_of, sentence_within, text_width
from toolkit.html.markup import text_of
from toolkit.plan.assumptions import uncounted_text
from toolkit.plan.business_case import business_case, paid_back_text
from toolkit.plan.decisions import Ask
from toolkit.show.charts.spending import basis_open
from toolkit.show.page import Page
from toolkit.words import (
    capital,
    count,
    day,
    excerpt,
    inside,
    joined,
    money,
    money_short,
    number_word,
    sentence,
    without_last_sentence,
)

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.story import Story

_NONE = "–"
# Words in all rows; with the heads and the total a slide has at most 220.
_WORDS = 190


def slide(story: RoadmapStory) -> Page:
    """Return the slide."""
    asks = story.asks
    title = asks_title(story)
    note = story.draft_warning
    if not asks:
        return story.slide("decisions", title, note, level=2)
    return story.slide("decisions", title, note, *decisions_table(story, title, 120 if note else 0))


def decisions_table(story: Story, title: str, beside: float = 0) -> tuple[Markup, Markup]:
    """Return the decisions of a slide with this title, of which so many pixels hold something else, and their foot."""
    foot = 67 if basis_open(story) else 48
    room = 720 - 68 - 48 - foot - 35 * lines_of(title, 29, 1130, 600) - beside
    return _table(story, room), _foot(story)


def asks_title(story: Story, asked: str = "") -> str:
    """Return the title: how many decisions (``asked``: are proposed, say), with the capital, what it takes to run and
    what is saved.
    """
    if not story.asks:
        return "No decision is needed today"
    new = sum(ask.money.new for ask in story.asks if not ask.money.part_of)
    running = sum(ask.money.running for ask in story.asks if not ask.money.part_of)
    saves = sum(ask.money.saves for ask in story.asks)
    parts = [f"{money(new, story.currency)} of capital"] if new else []
    least = "at least " if running_unknown(story.asks) else ""
    parts += [f"{least}{money_short(running)} a year to run it"] if running and new else []
    parts += (
        [f"{money_short(saves) if new else money(saves, story.currency)} a year to save"] if saves else []
    )
    how_many = capital(count(len(story.asks), "decision"))
    if not parts:
        return f"{how_many}{asked or ' to take today'}"
    return f"{how_many}{asked}: {', '.join(parts)}"


def running_unknown(asks: Sequence[Ask]) -> int:
    """Return of how many initiatives what they cost to run is not known, each counted once."""
    return sum(ask.money.running_unknown for ask in asks if not ask.money.part_of)


def meeting(story: Story) -> Markup:
    """Return the day of the next meeting of who decides, or a slot to fill in: of the board's the record knows none."""
    when = None if story.edition == BOARD else story.meeting
    return text_of(day(when)) if when else Markup('<span class="slot">date</span>')


def decides(story: Story) -> str:
    """Return who decides: leadership, or the board in its own edition."""
    return "board" if story.edition == BOARD else "leadership"


@dataclass(frozen=True)
class _Room:
    """How large an ask's text is and how high its line, in pixels; how many lines of each part are shown, of what stands below
    what is asked, and of the names of its work, at least; in how many lines more than the first sentence of what happens
    without it is told; how far apart rows are.
    """

    css: str
    text: int
    line: float
    about: int
    undecided: int
    gap: int
    what: int = 3
    told: int = 4
    names: int = 1

    @property
    def asked(self) -> float:
        """How large what is asked stands, in pixels."""
        return self.text * 18 / 16

    @property
    def aside(self) -> float:
        """How large what stands below it is."""
        return self.text * 14 / 16


_AMOUNT = 55  # pixels of an amount in a column of 64, beside the room before it
_ROOMS = (
    _Room("asks larger", 22, 28, 1, 4, 61, names=2),
    _Room("asks large", 19, 24, 1, 4, 33, names=2),
    _Room("asks large", 19, 24, 1, 4, 33),
    _Room("asks", 16, 20.5, 1, 4, 17, names=2),
    _Room("asks", 16, 20.5, 1, 3, 17, names=2),
    _Room("asks", 16, 20.5, 1, 3, 17),
    _Room("asks small", 16, 19.5, 1, 3, 12),
    _Room("asks", 16, 20.5, 1, 3, 17, told=2),
    _Room("asks small", 16, 19.5, 1, 3, 12, told=2),
    _Room("asks small", 16, 19.5, 0, 3, 12, told=2, names=2),
    _Room("asks small", 16, 19.5, 0, 3, 12, told=2),
    _Room("asks small", 16, 19.5, 0, 3, 12, told=2, names=0),
    _Room("asks small", 16, 19.5, 0, 3, 12, 2, told=2, names=0),
    _Room("asks small", 16, 19.5, 0, 2, 12, 2, told=2, names=0),
)


@dataclass(frozen=True)
class _Columns:
    """How wide an ask's columns are, in pixels, and what need not stand below what is asked, since it is said elsewhere."""

    what: float
    undecided: float
    said: frozenset[str]


def _table(story: Story, room: float) -> Markup:
    """Return the decisions as a table, with as much of each as the slide holds."""
    years = sorted({year for ask in story.asks for year in ask.money.years})
    before = any(ask.money.before for ask in story.asks)
    after = any(ask.money.running or ask.money.running_unknown or ask.money.saves for ask in story.asks)
    few = not years and not before
    amounts = [
        money_short(amount) for ask in story.asks for amount in (*ask.money.years.values(), ask.money.before)
    ]
    broad = max((text_width(one, 16, 500) for one in amounts), default=0) > _AMOUNT
    undecided = 480 if few else 284 if broad else 316
    width = _Columns(
        1168 - 34 - 172 - undecided - (72 if broad else 64) * (len(years) + before) - 92 * after - 12,
        undecided,
        _said_elsewhere(story.asks),
    )
    size = next((one for one in _ROOMS if _holds(story.asks, one, width, room - 60)), _ROOMS[-1])
    heads = [
        Markup('<th class="no"></th><th>Decision</th>'),
        *(Markup('<th class="money">FY{}</th>').format(year) for year in years),
        *([Markup('<th class="money">Before the plan</th>')] if before else []),
        *([Markup('<th class="money wide">Running a year after</th>')] if after else []),
        Markup('<th class="own">Owners</th><th class="undecided">If nothing is decided</th>'),
    ]
    rows = Markup("").join(
        _row(n, ask, size, width, years, before, after, story) for n, ask in enumerate(story.asks, 1)
    )
    total = _total(story, years, before, after)
    caption = Markup('<caption class="said">Decisions asked for, money in {}</caption>').format(
        story.currency
    )
    return Markup(
        '<table class="{}">{}<thead><tr>{}</tr></thead><tbody>{}{}</tbody></table>'
    ).format(size.css + (" few" if few else "") + (" broad" if broad else ""), caption, Markup("").join(heads), rows, total)  # fmt: skip


def _holds(asks: Sequence[Ask], size: _Room, width: _Columns, room: float) -> bool:
    """Whether so many pixels hold the asks, and a slide so many words."""
    words = sum(len(" ".join((*_texts(ask, size, width), *_owners(ask))).split()) for ask in asks)
    return words <= _WORDS and sum(_height(ask, size, width) for ask in asks) <= room


def _height(ask: Ask, size: _Room, width: _Columns) -> float:
    """Return how high an ask's row is, in pixels."""
    what, about, undecided = _texts(ask, size, width)
    left = 1.23 * size.asked * lines_of(what, size.asked, width.what, 500)
    left += 1.36 * size.aside * lines_of(about, size.aside, width.what) if about else 0
    right = size.line * lines_of(undecided, size.text, width.undecided) if undecided else 0
    owners = size.line * sum(lines_of(name, size.text, 142) for name in _owners(ask))
    return max(left, right, owners, 26) + size.gap


def _texts(ask: Ask, size: _Room, width: _Columns) -> tuple[str, str, str]:
    """Return what is asked, what stands below it, and what happens without it, each cut to its lines."""
    undecided = sentence_within(
        _first_sentences(ask.undecided, size, width.undecided), size.text, width.undecided, size.undecided
    )
    what = sentence_within(ask.what, size.asked, width.what, size.what, 500)
    # What stands below what is asked may be as high as what happens without it.
    room = size.line * lines_of(undecided, size.text, width.undecided)
    room -= 1.23 * size.asked * lines_of(what, size.asked, width.what, 500)
    most = max(int((room + 4) / (1.36 * size.aside)), size.names if ask.names else size.about)
    if ask.about in width.said:
        ask = replace(ask, about="")
    elif more := more_in_budgets(ask):
        ask = replace(ask, about=more)
    if ask.names:
        return what, names_within(ask, size.aside, width.what, most), undecided
    return what, _clauses(ask.about, size.aside, width.what, most), undecided


def names_within(ask: Ask, size: float, width: float, most: int) -> str:
    """Return what is known beside an ask with the names of its work, as much as stands in so many lines; "" where nothing does."""
    names = [joined(ask.names, most=n) for n in range(len(ask.names), 0, -1)]
    names.append(joined([excerpt(name, 30) for name in ask.names], most=1))
    both = [f"{told}; {inside(ask.about)}" for told in names] if ask.about else []
    # Of what is released or approved, whose money has columns of its own, the names come first; else what is known of the money.
    planned = ask.kind in ("release", "approve")
    tried = [*both[:1], *names, ask.about] if planned else [*both, ask.about, *names]
    return next((text for text in tried if text and lines_of(text, size, width) <= most), "")


def _first_sentences(text: str, size: _Room, width: float) -> str:
    """Return as many of a text's sentences, the first ones, as its lines hold whole; the first one in any case."""
    lines = min(size.told, size.undecided)
    while (shorter := without_last_sentence(text)) and lines_of(text, size.text, width) > lines:
        text = shorter
    return text


def _clauses(text: str, size: float, width: float, most: int) -> str:
    """Return as many of a text's clauses, the first ones, as so many lines hold whole; "" where not even the first one fits."""
    while text and lines_of(text, size, width) > most:
        text = text.rpartition("; ")[0]
    return text


def _owners(ask: Ask) -> tuple[str, ...]:
    """Return who answers for it, without the post they hold."""
    return tuple(excerpt(name, 44) for name in ask.named)


def _row(
    n: int,
    ask: Ask,
    size: _Room,
    width: _Columns,
    years: Sequence[int],
    before: bool,
    after: bool,
    story: Story,
) -> Markup:
    asked, about, undecided = _texts(ask, size, width)
    small = Markup("<small>{}</small>").format(text_of(about)) if about else ""
    what = Markup('<span class="what">{}</span>{}').format(text_of(asked), small)
    owners = Markup("<br>").join(map(text_of, _owners(ask)))
    return Markup(
        '<tr id="ask-{}"><td class="no">{}</td><th scope="row">{}</th>{}<td class="own" data-l="Owners:">{}</td><td class="undecided" data-l="If nothing is decided:">{}</td></tr>'
    ).format(
        ask.id, n, what, Markup("").join(_amounts(ask, years, before, after, story)), owners,
        text_of(undecided),
    )  # fmt: skip


def _amounts(ask: Ask, years: Sequence[int], before: bool, after: bool, story: Story) -> Iterator[Markup]:
    """Yield the cells of an ask's money; in brackets what is part of another ask's."""
    cost, part = ask.money, bool(ask.money.part_of)

    def cell(head: str, amount: float, wide: bool = False, said: str = "") -> Markup:
        text = said or (money_short(amount) if amount else _NONE)
        text = f"({text})" if part and amount else text
        css = " ".join(
            filter(None, ("money", "wide" if wide else "", "part" if part else "" if amount else "none"))
        )
        return Markup('<td class="{}" data-l="{}">{}</td>').format(css, head, text)

    none_known = not cost.new and not cost.before and years
    if none_known:
        yield Markup('<td class="money none" colspan="{}">{}</td>').format(len(years), _no_money(ask, story))
    else:
        yield from (cell(f"FY{year}", cost.years.get(year, 0.0)) for year in years)
    if before:
        yield cell("before the plan", cost.before)
    if after:
        saved = f"saves {money_short(cost.saves)}" if cost.saves else ""
        runs = _running(cost.running, cost.running_unknown)
        head = "" if cost.saves else "running a year after"
        yield cell(head, float(bool(saved) or runs != _NONE), True, saved or runs)


def _running(amount: float, unknown: int) -> str:
    """Write what work costs to run a year: with a plus where that of so many initiatives is not known."""
    if not unknown:
        return money_short(amount) if amount else _NONE
    return f"{money_short(amount)}+" if amount else "not known"


def _said_elsewhere(asks: Sequence[Ask]) -> frozenset[str]:
    """Return why asks have no amounts, where the cells of their money say so, or else the foot for most of them."""
    sources = [capital(ask.money.source) for ask in asks if not ask.money.new and not ask.money.before]
    if any(ask.money.years for ask in asks):
        return frozenset(sources)
    return frozenset(source for source in sources if 2 * sources.count(source) > len(asks))


def _no_money(ask: Ask, story: Story) -> str:
    """Say why an ask has no amounts, in two or three words; of work that waits outside the plan, what it takes."""
    source = ask.money.source
    if ask.id.startswith(("risk.", "cost.")) and ask.kind != "unblock" and "plan" in source:
        waiting = [one.capex for one in story.roadmap.deferred if one.initiative in ask.work]
        return f"{money_short(waiting[0])}, not in the plan" if waiting else "not in the plan"
    if "estimate" in source:
        return "not estimated"
    return more_in_budgets(ask).partition(" ")[2] or "no capital"


def more_in_budgets(ask: Ask) -> str:
    """Return by how much the budgets on record are above the first; "" where an ask is about none that grew."""
    source = ask.money.source
    if not source.startswith(IN_BUDGETS):
        return ""
    amount, _, rest = source.partition(": ")[2].partition(" above the first")
    of = rest.removeprefix(", in ").removesuffix(" of them")
    return f"{amount} more, in {f'{of} ' if of else ''}budget{'' if of == 'one' else 's'}"


def _total(story: Story, years: Sequence[int], before: bool, after: bool) -> Markup:
    """Return the row that adds up what is no part of another ask; nothing where fewer than two have amounts."""
    own = [(n, ask.money) for n, ask in enumerate(story.asks, 1) if ask.money.new and not ask.money.part_of]
    if len(own) < 2:
        return Markup("")
    sums = [
        ("money", f"FY{year}", money_short(sum(cost.years.get(year, 0.0) for _, cost in own)))
        for year in years
    ]
    sums += [("money", "before the plan", money_short(sum(cost.before for _, cost in own)))] if before else []
    runs = _running(sum(cost.running for _, cost in own), sum(cost.running_unknown for _, cost in own))
    sums += [("money wide", "running a year after", runs)] if after else []
    shown = Markup("").join(
        Markup('<td class="{}" data-l="{}">{}</td>').format(css, head, amount) for css, head, amount in sums
    )
    which = joined([str(n) for n, _ in own])
    said = f"Capital, {which}: {money(sum(cost.new for _, cost in own), story.currency)}"
    return Markup('<tr class="sum"><td></td><th scope="row">{}</th>{}<td class="own quiet" colspan="2">{}</td></tr>').format(
        said, shown, _left(story)
    )  # fmt: skip


def _left(story: Story) -> str:
    """Say what the plan leaves of its first year, and what is held back."""
    first = next((year for year in story.roadmap.years if year.limits), None)
    if first is None or story.roadmap.kind != "optimised":
        return ""
    limit = first.limits[0]
    left = max(limit.available - limit.spent, 0.0)
    held = f"; reserve {money(first.reserve, story.currency)}" if first.reserve else ""
    return f"Beside the plan, FY{first.year} has {money(left, story.currency)} left{held}"


def _foot(story: Story) -> Markup:
    """Say when these are decided, what the signs mean, and what else there is to decide."""
    amounts = any(
        ask.money.new or ask.money.before or ask.money.running or ask.money.saves for ask in story.asks
    )
    currency = Markup("In {}; asked").format(story.currency) if amounts else Markup("Asked")
    parts: list[Markup | str] = [
        Markup("{} of the {} meeting, {}").format(currency, decides(story), meeting(story))
    ]
    for n, ask in enumerate(story.asks, 1):
        if ask.due:
            parts.append(f"number {n} by {day(ask.due)} at the latest")
    said = [Markup("; ").join(parts) + "."]
    inside = {ask.money.part_of for ask in story.asks if ask.money.part_of and ask.money.new}
    numbers = [str(n) for n, ask in enumerate(story.asks, 1) if ask.id in inside]
    if numbers:
        said.append(Markup("(…): part of {}.").format(joined(numbers)))
    if not any(ask.money.years for ask in story.asks):
        # A line that says so of one ask may have no room: the foot must not call it free then.
        sized = any(ask.money.source == TO_ESTIMATE for ask in story.asks)
        said += [
            text_of(
                f"{source}, where nothing else is said{' and nothing is to be estimated' if sized else ''}."
            )
            for source in _said_elsewhere(story.asks)
            if source
        ]
    if brings := _brings(story):
        said.insert(0, text_of(f"{brings}."))
    if any(ask.money.new for ask in story.asks):
        spent = any(ask.money.before for ask in story.asks)
        planned = Markup("Capital is as planned, not as spent, with contingency.")
        said.append(planned if spent else Markup("Capital includes contingency."))
        said += [text_of(basis)] if (basis := basis_open(story)) else []
    unknown = running_unknown(story.asks)
    if unknown and any(ask.money.running_unknown and ask.money.running for ask in story.asks):
        said.append(text_of(f"(+): the running cost of {count(unknown, 'initiative')} is not known."))
    later = sum(ask.money.later for ask in story.asks if not ask.money.part_of)
    if later:
        said.append(Markup("{} more falls due after the plan.").format(money(later, story.currency)))
    roadmap = story.roadmap
    if uncounted := uncounted_text(story.record, roadmap.commitments, roadmap.uncounted, most=2, size=30):
        said.append(text_of(f"{capital(uncounted)}."))
    if further := _further_actions(story):
        said.append(text_of(f"{further}."))
    return Markup('<p class="source">{}</p>').format(Markup(" ").join(said))


def _further_actions(story: Story) -> str:
    """Say how many actions this slide does not list and where they stand; "" where it lists all."""
    rest = story.decisions[len(story.asks) :]
    if not rest:
        return ""
    told = sum(bool(ask.recommendation) for ask in rest)
    where = (
        "in the assessment and in roadmap.xlsx" if told == len(rest)
        else f"in roadmap.xlsx, {number_word(told)} of them in the assessment" if told
        else "in roadmap.xlsx"
    )  # fmt: skip
    return f"{capital(count(len(rest), 'further action'))} {where}"


def _brings(story: Story) -> str:
    """Say what the plan brings a year and when it has paid back, as the business case does; "" where no benefit is known."""
    case = business_case(story.planned, story.roadmap) if story.roadmap.kind == "optimised" else None
    return f"A benefit of {paid_back_text(case, story.currency)}" if case else ""


def notes(story: RoadmapStory) -> Iterable[str]:
    """Yield what the presenter says."""
    if story.asks:
        yield "Read the decisions out first, and take each at the end; write down what was decided, by whom and when."
    rest = [excerpt(ask.what, 110) for ask in story.decisions[len(story.asks) :]]
    if rest:
        yield sentence(f"There are {count(len(rest), 'further action')}: {'; '.join(rest)}")
