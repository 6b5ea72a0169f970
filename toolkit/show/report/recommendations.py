"""What to do: each action with its owners, date, cost and decision, and the evidence behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.evidence import Evidence
from toolkit.assess.statements import Finding, Recommendation
from toolkit.client.calendar import span
from toolkit.html.markup import bullets, lines, missing, table, text_of, titled
from toolkit.method import DIMENSIONS, PRACTICE_FOR, RECOMMENDATION
from toolkit.plan.answers import LeadershipAnswers
from toolkit.show.page import Page
from toolkit.show.sides import survey_wanted
from toolkit.words import capital, count, day, first_sentences, grouped, inside, joined, money, number_word

if TYPE_CHECKING:
    from toolkit.plan.roadmap import Scheduled
    from toolkit.show.assessment_story import AssessmentStory
    from toolkit.show.story import Story

NOT_NAMED = "to be named"
_REASONS = 3  # sentences of why, in the table; the evidence below it holds the rest
NAMES = {one.id: one.name for one in DIMENSIONS}


def page(story: AssessmentStory) -> Page:
    """Return the page: each action with its owners, date, cost and reason, and below it the evidence."""
    if not story.assessment.recommendations:
        return story.sheet("recommendations", "There is too little to recommend from yet",
                           missing("No recommendation.", survey_wanted(story)))  # fmt: skip
    return story.sheet("recommendations", recommendations_title(story), _table(story), _chains(story))


def recommendations_title(story: Story) -> str:
    """Return the page's title: how many actions, and what is still open about them."""
    made = story.assessment.recommendations
    unnamed = sum(not (one.owner_business and one.owner_it) for one in made)
    actions = f"{capital(count(len(made), 'action'))} to decide on{_now(story)}"
    if not unnamed:
        return f"{actions}; each has an owner in business and in IT"
    if unnamed == len(made):
        return f"{actions}; owners on both sides have yet to be named"
    return f"{actions}; {count(unnamed, 'action')} still {'needs' if unnamed == 1 else 'need'} an owner"


def _now(story: Story) -> str:
    """Say how many of the actions are among the decisions asked for now; "" where none is."""
    asked, made = {ask.recommendation for ask in story.asks}, story.assessment.recommendations
    now = sum(action.id in asked for action in made)
    return (
        f", {'all' if now == len(made) > 1 else f'{number_word(now)} of them'} asked for now" if now else ""
    )


def _in_order(story: Story) -> list[Recommendation]:
    """Return the actions as the first page asks for them, then the rest, the weightiest first."""
    asked = {ask.recommendation: n for n, ask in enumerate(story.asks)}
    return sorted(story.assessment.recommendations, key=lambda action: asked.get(action.id, len(story.asks)))


def _table(story: Story) -> Markup:
    """Return the actions, one a row."""
    asked = {ask.recommendation: n for n, ask in enumerate(story.asks, 1)}
    answers = LeadershipAnswers(story.record, story.assessment.as_of)
    rows = [
        (
            str(n),
            titled(f"{action.action}.", _decision(action, asked.get(action.id), answers)),
            lines(_named(action.owner_business, "business"), _named(action.owner_it, "IT")),
            _when_due(story, action, action.id in asked, answers),
            cost_of(story, action),
            first_sentences(" ".join(action.because), _REASONS),
        )
        for n, action in enumerate(_in_order(story), 1)
    ]  # fmt: skip
    return table(
        ("", "Action", "Owners", "By", "Cost", "Because"), rows, "What to do, in order", css="numbered"
    )


def _when_due(story: Story, action: Recommendation, asked: bool, answers: LeadershipAnswers) -> str:
    """Say by when: its own date, else the meeting that it is asked of, or a later one where it is not asked for now."""
    if action.due:
        return day(action.due)
    if asked:
        return day(story.meeting) if story.meeting else "next meeting"
    return "no date set" if answers.how(action.id.removeprefix(RECOMMENDATION)) else "a later meeting"


def _named(owner: str | None, side: str) -> str:
    """Return who answers on one side, without the post they hold."""
    return f"{owner.split(',')[0] if owner else NOT_NAMED} ({side})"


def _decision(action: Recommendation, number: int | None, answers: LeadershipAnswers) -> str:
    """Say what leadership decides, and under which number it is asked, or how it was answered."""
    how = answers.how(action.id.removeprefix(RECOMMENDATION))
    if not number and not how:
        return f"Decision, not asked for now: {inside(action.decision)}"
    asked = f", asked as decision {number}" if number else f": {how}"
    return f"Decision: {inside(action.decision)}{asked}"


def _chains(story: Story) -> Markup:
    """Return, folded away, how each action follows: from symptom to initiative, with the evidence; nothing where none does."""
    findings = {finding.id: finding for finding in story.assessment.findings}
    items = Markup("").join(
        Markup('<li value="{}"><p class="statement">{}</p>{}</li>').format(
            n, text_of(f"{action.action}."), follows
        )
        for n, action in enumerate(_in_order(story), 1)
        for shown in ([findings[id] for id in action.findings if id in findings],)
        if (follows := _chain(story, action, shown) + evidence_of(shown))
    )
    if not items:
        return items
    return Markup(
        '<details><summary>How each action follows: from symptom to initiative, with the evidence</summary><ol class="findings">{}</ol></details>'
    ).format(items)


def cost_of(story: Story, one: Recommendation) -> str:
    """Say what a recommendation costs and where that comes from, or why no cost is known."""
    if one.cost is None:
        return one.cost_note
    amount = f"{money(one.cost, story.currency)} of capital" if one.cost else "no capital"
    return f"{amount}: {one.cost_note}" if one.cost_note else amount


def evidence_of(findings: Sequence[Finding]) -> Markup:
    """Return the findings with their evidence; nothing where there is none."""
    return bullets(
        text_of(finding.statement) + bullets(map(evidence_line, finding.evidence)) for finding in findings
    )


def evidence_line(one: Evidence) -> Markup:
    """Write one piece of evidence as a line: dates and amounts as a page writes them, amounts in full."""
    unit = f" {one.unit}" if one.unit else ""
    if isinstance(one.value, date):
        value = day(one.value)
    elif isinstance(one.value, float) and one.unit != "points of 5":
        value = grouped(one.value)
    else:
        value = str(one.value)
        # What is counted is named before the count already: "Promises made earlier: 7".
        unit = "" if isinstance(one.value, int) and one.unit.islower() else unit
    return text_of(f"{one.what}: {value}{unit}{f' – {one.source}' if one.source else ''}")


def _chain(story: Story, one: Recommendation, findings: Sequence[Finding]) -> Markup:
    """Return the way from symptom to initiative, with when the plan does it and what it costs; nothing where none is known."""

    def of(part: str) -> list[str]:
        return list(dict.fromkeys(NAMES[x] for finding in findings for x in getattr(finding, part)))

    chain = (
        ("Symptoms", of("symptoms")),
        (
            "Causes",
            [
                NAMES[c]
                for c, practice in PRACTICE_FOR.items()
                if practice in one.practices and NAMES[c] in of("causes")
            ],
        ),
        ("Practices", [NAMES[x] for x in one.practices]),
        ("Carried by", _with_quarter(story, one.carriers)),
        ("Initiatives", _with_quarter(story, tuple(i for i in one.initiatives if i not in one.carriers))),
    )
    said = Markup("").join(
        Markup("<span><em>{}</em> {}</span>").format(name, text_of(joined(items, most=3)))
        for name, items in chain
        if items
    )
    return Markup('<p class="chain">{}</p>').format(said) if said else said


def _with_quarter(story: Story, initiatives: tuple[str, ...]) -> list[str]:
    planned = {
        one.initiative: f"{_when(story, one)}, {money(one.capex, story.currency)}"
        for one in story.roadmap.scheduled
    }
    planned_at_all = bool(story.roadmap.scheduled)
    return [
        f"{name} ({planned[i]})" if i in planned else f"{name} (not in the plan)" if planned_at_all else name
        for i, name in zip(initiatives, story.names(initiatives), strict=True)
    ]


def _when(story: Story, one: Scheduled) -> str:
    said = span(one.start, one.finish, story.record.facts.profile.fiscal)
    return f"in {said}" if one.start == one.finish else said
