"""Rules that read the answers: weak areas, differences, disagreement, needs and symptoms."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.assess.assessment import Assessment, DimensionResult, Score
from toolkit.assess.difference import noticeable
from toolkit.assess.evidence import Evidence, dated, named, number, scored, set_score
from toolkit.assess.statements import Finding, finding
from toolkit.assess.trace import chain_of
from toolkit.client.record import Record
from toolkit.method import AGREES_BELOW, COMPARED, IMPORTANT, MOST_OF_A_GROUP, OFTEN, SCALE, Group
from toolkit.words import count, fixed, inside, tidy


def _name(a: Assessment, group: Group) -> str:
    """Return how a group is called inside a sentence."""
    result = a.group(group)
    if result is None:
        return group
    return result.voice if result.is_position else result.named


def _source(a: Assessment, group: Group, people: int, questions: int) -> str:
    """Say whom and what a score comes from: "30 people, three questions", "one position, one question"."""
    result = a.group(group)
    voices = "one position" if result and result.is_position else count(people, "person", "people")
    return f"{voices}, {count(questions, 'question')}"


def _scores(a: Assessment, row: DimensionResult) -> tuple[str, dict[str, Evidence]]:
    """Say where each side stands, as a list of "2.2 by business", with its facts."""
    parts: list[str] = []
    facts: dict[str, Evidence] = {}
    for group in COMPARED:
        if group in row.scores:
            score = row.scores[group]
            source = _source(a, group, score.n, len(row.questions))
            evidence = (
                scored if score.computed is None else set_score
            )  # what was adjusted is not rounded again
            facts[group] = evidence(f"Score by {_name(a, group)}", score.mean, source)
            facts[f"{group}_name"] = named("Group", _name(a, group))
            result = a.group(group)
            facts[f"{group}_by"] = named("Who scored", result.by if result else f"by {group}")
            parts.append(f"{{{group}}} {{{group}_by}}")
    return ", ".join(parts), facts


def _line(area: DimensionResult) -> tuple[str, Evidence]:
    """Say which line an area is held against, with its fact."""
    if area.target is None:
        return "the {limit} of an established practice (no target is set)", scored(
            "Level 3, established", area.line
        )
    return "the target of {limit}", set_score("Target", area.line)


def _stands(area: DimensionResult, clause: str) -> tuple[str, str, Evidence]:
    """Say what an area scores, both sides together where both scored it, and each side alone after that, with the fact.

    To two decimals where one would make it the line itself.
    """
    own = [area.scores[group].mean for group in COMPARED if group in area.scores]
    name, mean = "Score of both sides together" if len(own) > 1 else "Score", sum(own) / len(own)
    joint = scored(name, mean)
    if joint.said == scored(name, area.line).said:
        joint = Evidence(name, tidy(mean, 2), said=fixed(mean, 2))
    if len(own) > 1:
        return "both sides together score {area} {joint}", f" Each side: {clause}.", joint
    by = next(f"{{{group}_by}}" for group in COMPARED if group in area.scores)
    return f"on {{area}} the score is {{joint}} {by}", "", joint


def weak_area(record: Record, a: Assessment) -> Iterator[Finding]:
    """An area below its target, or below level 3 where leadership has set none, by more than one standard error."""
    for area in a.weak:
        clause, facts = _scores(a, area)
        own = [area.scores[group].mean for group in COMPARED if group in area.scores]
        facts["area"] = named("Area", inside(area.dimension.name))
        stands, sides, facts["joint"] = _stands(area, clause)
        against, facts["limit"] = _line(area)
        severity = 0.35 + (area.line - sum(own) / len(own)) / 4
        yield finding("weak area", area.dimension.id, severity, f"{stands}, below {against}.{sides}",
                      facts, **chain_of(record, a, area.dimension.id))  # fmt: skip


def area_near_the_line(record: Record, a: Assessment) -> Iterator[Finding]:
    """An area below its line by no more than one standard error: neither weak nor sound, no reason to act by itself."""
    for area in a.near_the_line:
        clause, facts = _scores(a, area)
        facts["area"] = named("Area", inside(area.dimension.name))
        if (error := area.error) is not None:
            facts["error"] = Evidence(
                "Standard error of where they stand", tidy(error, 2), said=fixed(error, 2)
            )
        stands, sides, facts["joint"] = _stands(area, clause)
        against, facts["limit"] = _line(area)
        yield finding("near the line", area.dimension.id, 0.2,
                      f"{stands}, no more than a standard error below {against}.{sides}",
                      facts, **chain_of(record, a, area.dimension.id))  # fmt: skip


def difference(record: Record, a: Assessment) -> Iterator[Finding]:
    """A clear or likely difference between business and IT."""
    how = {"clear difference": ("clearly", 0.4), "likely difference": ("probably", 0.3)}
    for row in (*a.areas, *a.symptoms):
        gap = row.measured_gap
        if gap is None or gap.word not in how:
            continue
        surely, severity = how[gap.word]
        _, facts = _scores(a, row)
        facts |= {
            "area": named("Dimension", inside(row.dimension.name)),
            "gap": scored("Gap", abs(gap.value)),
        }
        yield finding("difference", row.dimension.id, severity + abs(gap.value) / 8,
                      f"{{business_name}} and {{it_name}} are {surely} apart on {{area}}: {{business}} against {{it}}.",
                      facts, **chain_of(record, a, row.dimension.id))  # fmt: skip


def position_apart(record: Record, a: Assessment) -> Iterator[Finding]:
    """A position half a point or more from the other side, most of whom stand beyond it; or from the other's position."""
    for row in (*a.areas, *a.symptoms):
        gap = row.measured_gap
        if gap is None or not noticeable(gap.value):
            continue
        spoke = [group for group in COMPARED if (result := a.group(group)) and result.is_position]
        facts = {"area": named("Dimension", inside(row.dimension.name))}
        if len(spoke) == len(COMPARED):
            facts |= _scores(a, row)[1]
            sentence = "On {area}, {business_name} is {business} and {it_name} is {it}."
        elif len(spoke) == 1:
            other: Group = "it" if spoke[0] == "business" else "business"
            beyond = _most_beyond(row.scores[other], row.scores[spoke[0]].mean)
            if beyond is None:
                continue
            many, level, way = beyond
            people = sum(row.scores[other].distribution)
            facts |= {
                "many": number(f"People saying about {level} or {way}", many),
                "all": number("People who scored it", people),
                "other": named("Group", _name(a, other)),
                "level": named("Level, to the nearest whole point", str(level)),
                "voice": named("Position", _name(a, spoke[0])),
                "stands": scored("The position", row.scores[spoke[0]].mean),
            }
            sentence = f"On {{area}}, {{many}} of {{all}} people in {{other}} say about {{level}} or {way}; {{voice}} is {{stands}}."
        else:
            continue
        yield finding("position apart", row.dimension.id, 0.3 + abs(gap.value) / 8, sentence, facts,
                      **chain_of(record, a, row.dimension.id))  # fmt: skip


def _most_beyond(others: Score, position: float) -> tuple[int, int, str] | None:
    """Return how many of most of the others stand at which level or lower (higher), if that is beyond the position.

    The level is the farthest from the position at which most, two thirds or more, still stand.
    """
    counts, people = others.distribution, sum(others.distribution)
    if others.mean < position:
        levels = [(sum(counts[:level]), level, "lower") for level in SCALE if level < position]
    else:
        levels = [
            (sum(counts[level - 1 :]), level, "higher") for level in reversed(SCALE) if level > position
        ]
    return next((level for level in levels if people and level[0] >= MOST_OF_A_GROUP * people), None)


def disagreement_within(record: Record, a: Assessment) -> Iterator[Finding]:
    """A surveyed group that disagrees with itself: agreement below 0.3, and people on both sides of the middle."""
    for row in a.areas:
        for group, score in row.scores.items():
            low, high = sum(score.distribution[:2]), sum(score.distribution[3:])
            if score.agreement is None or score.agreement >= AGREES_BELOW or min(low, high) < 2:
                continue
            facts = {
                "area": named("Area", inside(row.dimension.name)),
                "group": named("Group", _name(a, group)),
                "low": number("People saying about 2 or lower", low, "person", "people"),
                "high": number("People saying about 4 or higher", high),
                "two": named("Low end, to the nearest whole point", "2"),
                "four": named("High end, to the nearest whole point", "4"),
                "agreement": scored("Agreement within the group, 0 to 1", score.agreement),
            }
            yield finding("disagreement within", f"{row.dimension.id}-{group}", 0.35,
                          "Views on {area} are split within {group}: {low} say about {two} or lower, {high} say about {four} or higher.",
                          facts, **chain_of(record, a, row.dimension.id))  # fmt: skip


def unmet_need(record: Record, a: Assessment) -> Iterator[Finding]:
    """A need the business finds important (4 or more) and is half a point or more short of."""
    for need in a.needs:
        if need.gap is None or need.gap <= 0 or not noticeable(need.gap):
            continue
        if need.importance["business"].mean < IMPORTANT:
            continue
        facts = {
            "need": named("Need", inside(need.dimension.name)),
            "business": named("Group", _name(a, "business")),
            "importance": scored("Importance to the business", need.importance["business"].mean),
            "satisfaction": scored("Satisfaction of the business", need.satisfaction["business"].mean),
        }
        yield finding("unmet need", need.dimension.id, 0.3 + need.gap / 6,
                      "On {need}, {business} puts importance at {importance} and its satisfaction at {satisfaction}.",
                      facts)  # fmt: skip


def frequent_symptom(record: Record, a: Assessment) -> Iterator[Finding]:
    """A symptom that business or IT reports often: 3.5 or more of 5."""
    for row in a.symptoms:
        worst = max((row.scores[group].mean for group in COMPARED if group in row.scores), default=0.0)
        if worst < OFTEN:
            continue
        clause, facts = _scores(a, row)
        facts |= {
            "symptom": named("Symptom", row.dimension.meaning),
            "five": named("Top of the scale, constantly", "5"),
        }
        yield finding("frequent symptom", row.dimension.id, 0.3 + (worst - OFTEN) / 4,
                      f"Often reported: {{symptom}}, with {clause}, where {{five}} is constantly.",
                      facts, **chain_of(record, a, row.dimension.id))  # fmt: skip


def fallen_back(record: Record, a: Assessment) -> Iterator[Finding]:
    """An area that a group scores lower, or a symptom it reports more often, than last time: more than noise."""
    for moved in a.movements:
        worse = moved.change.value > 0 if moved.dimension.family == "symptom" else moved.change.value < 0
        if not worse or moved.change.word not in ("clear difference", "likely difference"):
            continue
        facts = {
            "area": named("Dimension", inside(moved.dimension.name)),
            "group": named("Group", _name(a, moved.group)),
            "before": scored("Score last time", moved.before, f"{moved.questions} shared question(s)"),
            "now": scored("Score now", moved.now, f"{moved.questions} shared question(s)"),
            "since": dated("Last time", a.previous_as_of or a.as_of),
        }
        surely = "" if moved.change.word == "clear difference" else "probably "
        symptom = moved.dimension.family == "symptom"
        said = f"is {surely}reported more often" if symptom else f"has {surely}fallen back"
        yield finding("fallen back", f"{moved.dimension.id}-{moved.group}", 0.35 + abs(moved.change.value) / 8,
                      f"{{area}} {said} since {{since}}, as {{group}} sees it: from {{before}} to {{now}}.",
                      facts, **chain_of(record, a, moved.dimension.id))  # fmt: skip


SURVEY_RULES = (
    weak_area, area_near_the_line, difference, position_apart, disagreement_within, unmet_need, frequent_symptom, fallen_back,
)  # fmt: skip
