"""Page 7: each recommendation with its owners, date, cost and decision, and the evidence behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.assess.statements import Evidence, Finding, Recommendation
from toolkit.client.calendar import span
from toolkit.html.markup import bullets, paragraph, text_of
from toolkit.method import DIMENSIONS, PRACTICE_FOR
from toolkit.words import capital, count, day, grouped, joined, money

if TYPE_CHECKING:
    from toolkit.plan.roadmap import Scheduled
    from toolkit.show.story import Story

NOT_NAMED = "to be named"
NAMES = {one.id: one.name for one in DIMENSIONS}


def recommendations_title(story: Story) -> str:
    """Return the page's title: how many actions, and what is still open about them."""
    made = story.assessment.recommendations
    unnamed = sum(not (one.owner_business and one.owner_it) for one in made)
    actions = capital(count(len(made), "action"))
    if not unnamed:
        return f"{actions} to decide on, each with an owner in business and in IT"
    if unnamed == len(made):
        return f"{actions} to decide on; owners on both sides have yet to be named"
    return f"{actions} to decide on; {count(unnamed, 'action')} still {'needs' if unnamed == 1 else 'need'} an owner"


def recommendation_items(story: Story) -> Markup:
    """Return the recommendations as a list, in order."""
    findings = {one.id: one for one in story.assessment.findings}
    items = (_item(story, one, [findings[f] for f in one.findings if f in findings])
             for one in story.assessment.recommendations)  # fmt: skip
    return Markup('<ol class="findings">{}</ol>').format(Markup("").join(items))


def _item(story: Story, one: Recommendation, findings: Sequence[Finding]) -> Markup:
    terms = (
        ("Business owner", one.owner_business or NOT_NAMED),
        ("IT owner", one.owner_it or NOT_NAMED),
        ("By", day(one.due)),
        ("Cost", cost_of(story, one)),
        ("Decision", one.decision),
    )
    cells = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(k, text_of(v)) for k, v in terms
    )
    return Markup(
        '<li><p class="statement">{}</p>{}<dl class="terms">{}</dl><p class="chain">{}</p>{}</li>'
    ).format(
        text_of(one.action + "."), paragraph(text_of(" ".join(one.because))), cells, _chain(story, one, findings),
        evidence_of(findings),
    )  # fmt: skip


def cost_of(story: Story, one: Recommendation) -> str:
    """Say what a recommendation costs and where that comes from, or why no cost is known."""
    if one.cost is None:
        return one.cost_note
    amount = f"{money(one.cost, story.currency)} of capital" if one.cost else "no capital"
    return f"{amount}: {one.cost_note}" if one.cost_note else amount


def evidence_of(findings: Sequence[Finding]) -> Markup:
    """Return the findings with their evidence, closed; nothing where there is none."""
    items = Markup("").join(
        Markup("<li>{}{}</li>").format(text_of(one.statement), bullets(map(evidence_line, one.evidence)))
        for one in findings
    )
    if not items:
        return Markup("")
    return Markup("<details><summary>Evidence</summary><ul>{}</ul></details>").format(items)


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
    """Return the way from symptom to initiative, with when the plan does it and what it costs."""

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
    return Markup("").join(
        Markup("<span><em>{}</em> {}</span>").format(name, text_of(joined(items, most=3)))
        for name, items in chain
        if items
    )


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
