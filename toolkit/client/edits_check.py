"""What adjustments, completed recommendations and quoted comments may not contradict."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.client.edits import Adjustment, Quote
from toolkit.client.facts import Facts
from toolkit.client.faults import found_text, listed, unknown_reference
from toolkit.client.parts import FACTS, INITIATIVES, RESPONSES, Parts, entry, repeated
from toolkit.errors import Fault
from toolkit.method import BY_ID, GROUPS, HIGHEST, LOWEST, QUOTED_FROM


def faults_of_edits(parts: Parts, facts: Facts) -> Iterator[Fault]:
    """Yield what is wrong with ``adjustments``, ``recommendations`` and ``quotes``.

    Whether a finding or recommendation of that id exists is known only once the round is assessed, and
    is checked there.
    """
    rounds = [one.id for one in facts.rounds]
    for section in ("adjustments", "recommendations", "quotes"):
        for index, one in enumerate(getattr(facts, section)):
            if one.round not in rounds:
                where = entry(section, index, one.id, "round")
                yield unknown_reference(where, one.round, "round", rounds, f"{FACTS}, rounds")
    for index, adjustment in enumerate(facts.adjustments):
        yield from _adjustment(facts, index, adjustment)
    yield from _recommendations(parts, facts)
    for index, quote in enumerate(facts.quotes):
        yield from _quote(parts, index, quote)


def _adjustment(facts: Facts, index: int, one: Adjustment) -> Iterator[Fault]:
    value = entry("adjustments", index, one.id, "value")
    if one.kind == "rank" and (one.value is None or one.value < 1 or one.value != int(one.value)):
        yield Fault(
            value,
            found_text(one.value),
            "a place in the list, 1 for the first",
            "Write a whole number from 1.",
        )
    if one.kind != "score":
        return
    if one.subject not in BY_ID or BY_ID[one.subject].family == "need":
        known = [each.id for each in BY_ID.values() if each.family != "need"]
        where = entry("adjustments", index, one.id, "subject")
        yield unknown_reference(where, one.subject, "area or symptom", known, "the method")
    if one.value is None or not LOWEST <= one.value <= HIGHEST:
        remedy = "Write the score that shall be shown instead of the computed one."
        yield Fault(value, found_text(one.value), "the adjusted score, 1 to 5", remedy)
    asked = next((each.groups for each in facts.rounds if each.id == one.round), None)
    groups = list(GROUPS) if asked is None else [each.group for each in asked]
    if one.group not in groups:
        yield Fault(
            entry("adjustments", index, one.id, "group"),
            found_text(one.group),
            f"the group whose score is adjusted, one of the round's: {listed(groups)}",
            "Write the group, or add it to the round.",
        )


def _recommendations(parts: Parts, facts: Facts) -> Iterator[Fault]:
    places = [(entry("recommendations", i, one.id, "id"), one) for i, one in enumerate(facts.recommendations)]
    yield from repeated("recommendation", ((where, f"{one.round}, {one.id}") for where, one in places))
    known = [one.id for one in parts.initiatives.rows]
    for index, (_, one) in enumerate(places):
        if one.initiative and parts.initiatives.complete and one.initiative not in known:
            where = entry("recommendations", index, one.id, "initiative")
            yield unknown_reference(where, one.initiative, "initiative", known, INITIATIVES)


def _quote(parts: Parts, index: int, one: Quote) -> Iterator[Fault]:
    if not parts.responses.complete:
        return
    rows = [row for row in parts.responses.rows if (row.round, row.group) == (one.round, one.group)]
    answered = len({row.respondent for row in rows if row.score is not None})
    if answered < QUOTED_FROM:
        yield Fault(
            entry("quotes", index, one.id, "group"),
            f"{one.group}, of which fewer than {QUOTED_FROM} people answered in this round",
            f"a group in which {QUOTED_FROM} or more answered, so that a comment points at nobody",
            "Take the quotation out, or say what it shows as a theme, in your own words.",
        )
    elif one.text not in {row.comment for row in rows}:
        yield Fault(
            entry("quotes", index, one.id, "text"),
            found_text(one.text),
            f"a comment of this group and round, word for word as {RESPONSES} holds it",
            "Copy the comment again, or write what it says as a theme, in your own words.",
        )
