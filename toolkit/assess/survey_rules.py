"""Rules that read the answers: weak areas, differences, disagreement, needs and symptoms."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.assess.assessment import Assessment, DimensionResult, Finding
from toolkit.assess.saying import Fact, amount, named, number, say, scored
from toolkit.assess.wording import inside
from toolkit.client.constructs import Group
from toolkit.client.record import Record

# The method's reasoning, not a measurement: the practice that answers each cause.
PRACTICE_FOR = {
    "communication": "open-communication",
    "priorities": "shared-goals",
    "understanding": "partnership",
    "resources": "investment",
}
COMPARED: tuple[Group, ...] = ("business", "it")
AGREES_BELOW = 0.3
OFTEN = 3.5
UNMET = 0.5


def _label(a: Assessment, group: Group) -> str:
    known = a.group(group)
    return (
        known.voice
        if known and known.is_position
        else known.label.lower()
        if known and known.label == "Business"
        else known.label
        if known
        else group
    )


def _chain(record: Record, a: Assessment, dimension: str) -> dict[str, tuple[str, ...]]:
    """Follow a dimension to its symptoms, causes, practices and the initiatives that build them."""
    questionnaire = record.questionnaire_of(record.round(a.round))
    links = questionnaire.links if questionnaire else ()
    symptoms: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    practices: tuple[str, ...] = (dimension,)
    if dimension in PRACTICE_FOR:
        symptoms = tuple(link.symptom for link in links if link.cause == dimension)
        causes, practices = (dimension,), (PRACTICE_FOR[dimension],)
    elif any(dimension == s.dimension.id for s in a.symptoms):
        symptoms = (dimension,)
        causes = tuple(dict.fromkeys(link.cause for link in links if link.symptom == dimension))
        practices = tuple(dict.fromkeys(PRACTICE_FOR[c] for c in causes if c in PRACTICE_FOR))
    work = tuple(
        one.id
        for one in record.initiatives
        if set(one.practices) & set(practices) and one.status not in ("done", "stopped")
    )
    return {"symptoms": symptoms, "causes": causes, "practices": practices, "initiatives": work}


def _scores(a: Assessment, row: DimensionResult) -> tuple[str, dict[str, Fact]]:
    """Say what each side scored, as a clause with its facts."""
    parts: list[str] = []
    facts: dict[str, Fact] = {}
    for group in COMPARED:
        if group in row.scores:
            facts[group] = scored(
                f"Score by {_label(a, group)}",
                row.scores[group].mean,
                f"{row.scores[group].n} respondent(s), {len(row.questions)} question(s)",
            )
            facts[f"{group}_name"] = named("Group", _label(a, group))
            known = a.group(group)
            verb = "is" if known and known.is_position else "scores it"
            parts.append(f"{{{group}_name}} {verb} {{{group}}}")
    return " and ".join(parts), facts


def weak_area(record: Record, a: Assessment) -> Iterator[Finding]:
    """An area below its target, or below level 3 where leadership has set none."""
    for area in a.weak:
        clause, facts = _scores(a, area)
        limit = area.target if area.target is not None else 3.0
        own = [area.scores[g].mean for g in ("business", "it") if g in area.scores]
        facts |= {
            "area": named("Area", area.dimension.name),
            "limit": scored("Target" if area.target is not None else "Level 3, established", limit),
        }
        against = (
            "its target is {limit}"
            if area.target is not None
            else "level {limit} is taken as the least, since no target is set"
        )
        yield say("weak area", area.dimension.id, 0.35 + (limit - sum(own) / len(own)) / 4, f"“{{area}}” is a weak area: {clause}, and {against}.", facts,
                  **_chain(record, a, area.dimension.id))  # fmt: skip


def difference(record: Record, a: Assessment) -> Iterator[Finding]:
    """A clear or likely difference between business and IT; or half a point and more against a position."""
    for row in (*a.areas, *a.symptoms):
        gap = row.gap
        if (
            gap is None
            or gap.word == "too close to call"
            or abs(gap.value) < UNMET
            or (gap.word is None and "position" not in gap.because)
        ):
            continue
        clause, facts = _scores(a, row)
        facts |= {
            "area": named("Dimension", inside(row.dimension.name)),
            "gap": scored("Gap", abs(gap.value)),
        }
        how = {"clear difference": "clearly apart", "likely difference": "probably apart"}.get(
            gap.word or "", "apart"
        )
        yield say("difference", row.dimension.id, 0.4 * (1.0 if gap.word == "clear difference" else 0.75) + abs(gap.value) / 8,
                  f"On {{area}} business and IT are {how}, by {{gap}} points: {clause}.", facts, **_chain(record, a, row.dimension.id))  # fmt: skip


def disagreement_within(record: Record, a: Assessment) -> Iterator[Finding]:
    """A surveyed group that disagrees with itself: agreement below 0.3, and people on both sides of the middle."""
    for row in a.areas:
        for group, one in row.scores.items():
            low, high = sum(one.distribution[:2]), sum(one.distribution[3:])
            if one.agreement is None or one.agreement >= AGREES_BELOW or min(low, high) < 2:
                continue
            facts = {"area": named("Area", inside(row.dimension.name)), "group": named("Group", _label(a, group)), "low": number("People scoring it 2 or lower", low, "person", "people"),
                     "high": number("People scoring it 4 or higher", high), "agreement": scored("Agreement within the group, 0 to 1", one.agreement)}  # fmt: skip
            yield say("disagreement within", f"{row.dimension.id}-{group}", 0.35, "{group} disagrees with itself on {area}: {low} scored it 2 or lower, {high} scored it 4 or higher.",
                      facts | {"two": scored("Low end", 2.0), "four": scored("High end", 4.0)}, **_chain(record, a, row.dimension.id))  # fmt: skip


def unmet_need(record: Record, a: Assessment) -> Iterator[Finding]:
    """A need the business finds important (4 or more) and is half a point or more short of."""
    for need in a.needs:
        if need.gap is None or need.gap < UNMET or need.importance["business"].mean < 4:
            continue
        facts = {"need": named("Need", inside(need.dimension.name)), "importance": scored("Importance to the business", need.importance["business"].mean),
                 "satisfaction": scored("Satisfaction of the business", need.satisfaction["business"].mean)}  # fmt: skip
        yield say("unmet need", need.dimension.id, 0.3 + need.gap / 6,
                  "The business rates the importance of {need} at {importance}, and its satisfaction with it at {satisfaction}.", facts)  # fmt: skip


def frequent_symptom(record: Record, a: Assessment) -> Iterator[Finding]:
    """A symptom that one side reports often: 3.5 or more of 5."""
    for row in a.symptoms:
        if (
            row.scores
            and max(s.mean for g, s in row.scores.items() if g != "provider" or len(row.scores) == 1) >= OFTEN
        ):
            clause, facts = _scores(a, row)
            if not clause:
                continue
            worst = max(s.mean for s in row.scores.values())
            yield say("frequent symptom", row.dimension.id, 0.3 + (worst - OFTEN) / 4, f"{{area}}: {clause.replace('scores it', 'puts it at')}, where 5 is constantly.",
                      facts | {"area": named("Symptom", row.dimension.name), "five": scored("Top of the scale", 5.0)}, **_chain(record, a, row.dimension.id))  # fmt: skip


def priced_symptom(record: Record, a: Assessment) -> Iterator[Finding]:
    """A symptom whose cost someone has put a figure on; agreed and claimed are said apart, never summed."""
    names = {row.dimension.id: row.dimension.name for row in a.symptoms}
    for one in record.facts.impact:
        facts = {"name": named("Cost", one.name, quoted=True), "likely": amount("Likely cost a year", one.likely, record.facts.profile.currency, one.source or ""),
                 "symptom": named("Symptom", inside(names[one.symptom]))}  # fmt: skip
        if one.agreed_by:
            facts["by"] = named("Agreed by", one.agreed_by)
            sentence, severity = (
                "{name} ({symptom}) costs about {likely} a year, a figure {by} has agreed to.",
                0.7,
            )
        else:
            sentence, severity = (
                "{name} ({symptom}) is claimed to cost about {likely} a year; nobody in finance has agreed to that figure.",
                0.3,
            )
        yield say("priced symptom", one.id, severity, sentence, facts, **_chain(record, a, one.symptom))


SURVEY_RULES = (weak_area, difference, disagreement_within, unmet_need, frequent_symptom, priced_symptom)
