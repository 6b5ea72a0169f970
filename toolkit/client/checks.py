"""What a record may not contradict: every fault at once, before anything is computed.

Most follows from the models: what tells rows apart (``key``), what an id refers to (``Refers``) and what a row may not
say against itself (``contradictions``). What only the whole record tells stands here, by the file it is in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from typing import Any

from toolkit.client.calendar import Quarter
from toolkit.client.faults import found_text, listed, place_in_yaml, unknown_reference
from toolkit.client.field_types import Row, references, referred
from toolkit.client.folders import DEVICES
from toolkit.client.parts import FACTS, INITIATIVES, RESPONSES, Parts, repeated
from toolkit.client.record import Record
from toolkit.client.record_csv import Table, collector_paused
from toolkit.client.schema import (
    SCENARIOS,
    Aggregate,
    Decision,
    Facts,
    Goal,
    Initiative,
    Response,
    Round,
    RoundGroup,
    Scenario,
    scenario_file,
    wrong_direction,
)
from toolkit.errors import MOST_TOLD, Fault, Place
from toolkit.html.picture import ALLOWED, picture_of
from toolkit.method import (
    BY_ID,
    DIMENSIONS,
    GOAL_POINTS,
    GOAL_POINTS_TOLERANCE,
    GROUPS,
    QUOTED_FROM,
    RECOMMENDATION,
)
from toolkit.words import joined, plain

Loc = Sequence[str | int]
Placed = tuple[Row, Callable[[str], Place]]  # a row, and the words for the place of a field of it
Cell = tuple[str, str]  # a round's id and a group
Asked = Mapping[tuple[str, str, str], int]  # the first row of each round, group and question


def check(record: Record) -> list[Fault]:
    """Return every contradiction within a record, in a fixed order; rows as its files would number them."""
    return check_parts(Parts.of(record))


@collector_paused()
def check_parts(parts: Parts) -> list[Fault]:
    """Return every contradiction within what could be read of a record.

    A check that would need an unreadable file is left out: an id is not called unknown when the
    file that would hold it has faults of its own.
    """
    known = _known(parts)
    return [
        *_first(_of_facts(parts, known), FACTS),
        *_of_tables(parts, known),
        *_of_answers(parts),
        *_first(_of_scenarios(parts, known), SCENARIOS),
    ]


def _first(faults: Iterator[Fault], where: str) -> Iterator[Fault]:
    """Yield as many faults as are told one by one, and that there are more: a hostile file holds any number."""
    yield from islice(faults, MOST_TOLD)
    if next(faults, None):
        remedy = "Correct those above, then try again."
        yield Fault(where, f"more than {MOST_TOLD} faults", "a record without faults", remedy)


# What follows from the models.


@dataclass(frozen=True)
class _Known:
    """What an id may name; ``ids`` is None when what would hold them could not be read, or is not recorded."""

    what: str
    home: str
    ids: Mapping[str, None] | None

    def faults(self, row: Row, name: str, where: str) -> Iterator[Fault]:
        """Yield each id of a field that names the row itself, or nothing that is recorded."""
        own = getattr(row, "id", None) if row.noun == self.what else None
        for id in referred(row, name) if self.ids is not None else ():
            if id == own:
                yield Fault(
                    where,
                    f"{id}, the {self.what} itself",
                    f"the ids of other {self.what}s",
                    f"Remove the {self.what}'s own id from {name}.",
                )
            elif id not in self.ids:  # type: ignore[operator] # None has no ids to go through
                yield unknown_reference(where, id, self.what, self.ids, self.home)  # type: ignore[arg-type]


@dataclass(frozen=True)
class _KnownSubject(_Known):
    """What is decided about: an initiative or a risk, or a recommendation, whose ids only the round's assessment knows."""

    def faults(self, row: Row, name: str, where: str) -> Iterator[Fault]:
        if not any(id.startswith(RECOMMENDATION) for id in referred(row, name)):
            yield from super().faults(row, name, where)


def _known(parts: Parts) -> dict[str, _Known]:
    facts = parts.facts

    def of(section: str) -> dict[str, None] | None:
        return _ids(getattr(facts, section)) if facts else None

    initiatives, risks = _ids(parts.initiatives.rows) if parts.initiatives.complete else None, of("risks")
    either = {**initiatives, **risks} if initiatives is not None and risks is not None else None
    alternatives = (one.alternative_group for one in parts.initiatives.rows if one.alternative_group)
    groups = dict.fromkeys(alternatives) if parts.initiatives.complete else None
    roles = dict.fromkeys(one.role for one in facts.capacity) if facts and facts.capacity else None
    known = [
        _Known("goal", f"{FACTS}, goals", of("goals")),
        _Known("KPI", f"{FACTS}, kpis", of("kpis")),
        _Known("business impact", f"{FACTS}, impact", of("impact")),
        _Known("risk", f"{FACTS}, risks", risks),
        _Known("round", f"{FACTS}, rounds", of("rounds")),
        _Known("role", f"{FACTS}, capacity", roles),
        _Known("initiative", INITIATIVES, initiatives),
        *(_Known(family, "the method", _of_family(family)) for family in ("practice", "need")),
        _Known("group of alternatives", f"{INITIATIVES}, column alternative_group", groups),
        _KnownSubject("initiative or risk", f"{INITIATIVES} or {FACTS}, risks", either),
    ]
    return {one.what: one for one in known}


def _of_family(family: str) -> dict[str, None]:
    return dict.fromkeys(dimension.id for dimension in DIMENSIONS if dimension.family == family)


def _ids(rows: Iterable[Any]) -> dict[str, None]:
    return dict.fromkeys(row.id for row in rows)


def _of_rows(rows: list[Placed], known: Mapping[str, _Known]) -> Iterator[Fault]:
    """Yield what the models say of a list of rows: keys met twice, unknown references, contradictions."""
    if rows and (key := rows[0][0].key):
        words = joined([f"{rows[0][0].noun} id" if name == "id" else name for name in key])
        values = ([getattr(row, name) for name in key] for row, _ in rows)
        shown = (value[0] if len(key) == 1 else _together(key, value) for value in values)
        yield from repeated(words, zip((where(key[-1]) for _, where in rows), shown, strict=True))
    for row, where in rows:
        for name, what in references(type(row)):
            yield from known[what].faults(row, name, where(name))
        for it in row.contradictions():
            found = it.found if isinstance(it.found, str) else found_text(it.found)
            yield Fault(where(it.field), found, it.allowed, it.remedy, tuple(map(where, it.also)))


def _together(key: Sequence[str], values: Sequence[object]) -> str:
    named = zip(key, values, strict=True)
    return ", ".join(f"no {name}" if value is None else str(value) for name, value in named)


def _within(
    row: Row, place: Callable[[Loc], Place], loc: tuple[str | int, ...] = ()
) -> Iterator[list[Placed]]:
    """Yield each list of rows within a row, at any depth; a row that stands alone is a list of one."""
    yield [(row, lambda name: place((*loc, name)))]
    for name in type(row).model_fields:
        value = getattr(row, name)
        if isinstance(value, Row):
            yield from _within(value, place, (*loc, name))
        elif isinstance(value, tuple) and value and isinstance(value[0], Row):
            inner = [list(_within(one, place, (*loc, name, i))) for i, one in enumerate(value)]
            yield [lists[0][0] for lists in inner]
            for lists in inner:
                yield from lists[1:]


def _numbered(table: Table[Any]) -> list[Placed]:
    return [(row, partial(table.place, number)) for number, row in table.numbered()]


# client.yaml


def _of_facts(parts: Parts, known: Mapping[str, _Known]) -> Iterator[Fault]:
    """Yield what is wrong within ``client.yaml``; nothing when it could not be read."""
    facts = parts.facts
    if facts is None:
        return
    place = place_in_yaml(FACTS, facts)
    for rows in _within(facts, place):
        yield from _of_rows(rows, known)
    yield from _goals(facts, place)
    yield from _rounds(parts, facts, place)
    yield from _edits(parts, facts, place)
    yield from _pictures(parts, facts, place)


def _goals(facts: Facts, place: Callable[[Loc], Place]) -> Iterator[Fault]:
    kpis = {kpi.id: kpi for kpi in facts.kpis}
    for index, goal in enumerate(facts.goals):
        better = kpis[goal.kpi].better if goal.kpi in kpis else None
        for it in wrong_direction(goal.baseline, goal.target, better):
            also = tuple(place(("goals", index, name)) for name in it.also if name in Goal.model_fields)
            yield Fault(place(("goals", index, it.field)), str(it.found), it.allowed, it.remedy, also)
    given = [goal.weight for goal in facts.goals if goal.weight is not None]
    if given and len(given) < len(facts.goals):
        for index, goal in enumerate(facts.goals):
            if goal.weight is None:
                yield Fault(
                    place(("goals", index, "weight")),
                    "nothing, while other goals have a weight",
                    "a weight for every goal, 100 points in all, or for none",
                    "Ask leadership to spread 100 points over all goals, or remove every weight.",
                )
    elif given:
        yield from _points(place(("goals", "weight")), "weights", sum(given))


def _points(where: str, what: str, total: float) -> Iterator[Fault]:
    if abs(total - GOAL_POINTS) > GOAL_POINTS_TOLERANCE:
        yield Fault(
            where,
            f"{what} that add up to {plain(total)}",
            f"{what} that add up to {GOAL_POINTS} (± {GOAL_POINTS_TOLERANCE})",
            "Spread 100 points over the goals again.",
        )


def _rounds(parts: Parts, facts: Facts, place: Callable[[Loc], Place]) -> Iterator[Fault]:
    if not facts.rounds:
        yield Fault(
            place(("rounds",)),
            "nothing",
            "at least one round, with an id and the date its pages are drawn as of",
            "Add under 'rounds:' an entry such as '- id: 2027-h1' with 'as_of: 2027-03-31' below it.",
        )
    goals, days = {goal.id for goal in facts.goals}, {one.date for one in facts.meetings}
    for index, one in enumerate(facts.rounds):
        yield from _questionnaire(parts, place(("rounds", index, "questionnaire")), one)
        if one.meeting and facts.meetings and one.meeting not in days:
            yield Fault(
                place(("rounds", index, "meeting")),
                f"{one.meeting}, on which no meeting is listed",
                "the day of one of the meetings, where they are listed",
                "Add the meeting to meetings, correct one of the two dates, or leave it out: then the next one listed counts.",
            )
        for number, group in enumerate(one.groups):
            where = place(("rounds", index, "groups", number, "priorities"))
            for goal, rank in group.priorities.items():
                if goal in goals and rank > len(facts.goals):
                    yield Fault(
                        where.within(goal),
                        plain(rank),
                        f"a mean rank from 1 to {len(facts.goals)}, the number of goals",
                        "Correct the rank: 1 is the most important goal.",
                    )


def _questionnaire(parts: Parts, where: str, one: Round) -> Iterator[Fault]:
    if one.questionnaire == "own" and "own" not in parts.questionnaires and not parts.own_unreadable:
        yield Fault(
            where,
            "own, but the client's folder holds no questionnaire.yaml",
            "own with a questionnaire.yaml beside client.yaml, or one of: full, executive, pulse",
            "Add the client's questionnaire.yaml, or choose a questionnaire that ships.",
        )
    elif one.questionnaire not in (None, "own", *parts.questionnaires):
        home = "the toolkit's questionnaires"
        yield unknown_reference(where, str(one.questionnaire), "questionnaire", parts.questionnaires, home)


def _edits(parts: Parts, facts: Facts, place: Callable[[Loc], Place]) -> Iterator[Fault]:
    """Yield what is wrong with adjusted scores and with quotations.

    Whether a finding or recommendation of that id exists is known only once the round is assessed, and
    is checked there.
    """
    for index, one in enumerate(facts.adjustments):
        if one.kind != "score":
            continue
        where = partial(_field_of, place, "adjustments", index)
        if one.subject not in BY_ID or BY_ID[one.subject].family == "need":
            known = [each.id for each in BY_ID.values() if each.family != "need"]
            yield unknown_reference(where("subject"), one.subject, "area or symptom", known, "the method")
        asked = next((each.groups for each in facts.rounds if each.id == one.round), None)
        groups = list(GROUPS) if asked is None else [each.group for each in asked]
        if one.group not in groups:
            yield Fault(
                where("group"),
                found_text(one.group),
                f"the group whose score is adjusted, one of the round's: {listed(groups)}",
                "Write the group, or add it to the round.",
            )
    for index in range(len(facts.quotes) if parts.responses.complete else 0):
        yield from _quote(parts, facts, index, partial(_field_of, place, "quotes", index))


def _pictures(parts: Parts, facts: Facts, place: Callable[[Loc], Place]) -> Iterator[Fault]:
    """Yield each picture of a slide that is not there, or that no page can show."""
    for index, one in enumerate(facts.deck.own):
        if one.picture is None:
            continue
        where = place(("deck", "own", index, "picture"))
        if one.picture not in parts.pictures:
            remedy = "Put the picture there, or correct the name; capital and small letters differ."
            yield Fault(where, f"{one.picture}, which is not there", "a file in the client's folder", remedy)
            continue
        try:
            picture_of(parts.pictures[one.picture])
        except ValueError as error:
            remedy = "Save it anew: a photograph as JPEG, a drawing as PNG; 1,600 pixels across are enough."
            yield Fault(where, f"{one.picture}, {error}", ALLOWED, remedy)


def _field_of(place: Callable[[Loc], Place], section: str, index: int, name: str) -> Place:
    return place((section, index, name))


def _quote(parts: Parts, facts: Facts, index: int, where: Callable[[str], str]) -> Iterator[Fault]:
    one = facts.quotes[index]
    rows = [row for row in parts.responses.rows if (row.round, row.group) == (one.round, one.group)]
    answered = len({row.respondent for row in rows if row.score is not None})
    if answered < QUOTED_FROM:
        yield Fault(
            where("group"),
            f"{one.group}, of which fewer than {QUOTED_FROM} people answered in this round",
            f"a group in which {QUOTED_FROM} or more answered, so that a comment points at nobody",
            "Take the quotation out, or say what it shows as a theme, in your own words.",
        )
    elif one.text not in {row.comment for row in rows}:
        yield Fault(
            where("text"),
            found_text(one.text),
            f"a comment of this group and round, word for word as {RESPONSES} holds it",
            "Copy the comment again, or write what it says as a theme, in your own words.",
        )


# initiatives.csv, decisions.csv, actions.csv, services.csv, assets.csv


def _of_tables(parts: Parts, known: Mapping[str, _Known]) -> Iterator[Fault]:
    for table in (parts.initiatives, parts.decisions, parts.actions, parts.services, parts.assets):
        yield from _of_rows(_numbered(table), known)
    yield from _answers(parts)
    yield from _circles(parts.initiatives)


def _answers(parts: Parts) -> Iterator[Fault]:
    """Yield answers to what was asked that defer until a quarter begun by their date, or accept what is no risk."""
    if parts.facts is None:
        return
    fiscal, risks = parts.facts.profile.fiscal, {risk.id for risk in parts.facts.risks}
    work = {one.id for one in parts.initiatives.rows} if parts.initiatives.complete else risks
    for number, one in parts.decisions.numbered():
        if one.ask is None:
            continue
        if one.decision == "defer" and one.quarter and one.quarter.first_day(fiscal) <= one.date:
            yield Fault(
                parts.decisions.place(number, "quarter"),
                f"{one.quarter.key}, which began by {one.date}, the day of the answer",
                "a quarter that begins after the day on which it is deferred",
                f"Write {Quarter.of(one.date, fiscal).plus(1).key} or a later quarter.",
            )
        if one.subject not in (risks if one.decision == "accept risk" else {*work, *_advised(one)}):
            allowed = "a risk" if one.decision == "accept risk" else "an initiative or a recommendation"
            yield Fault(
                parts.decisions.place(number, "subject"),
                f"{one.subject}, while {one.ask} is answered by {one.decision}",
                f"{allowed}: accept risk is the answer about a risk, the others are about work",
                "Correct the subject or the decision.",
            )


def _advised(one: Decision) -> tuple[str, ...]:
    """Return a decision's subject where it is a recommendation, whose ids only the round's assessment knows."""
    return (one.subject,) if one.subject.startswith(RECOMMENDATION) else ()


def _circles(table: Table[Initiative]) -> Iterator[Fault]:
    """Yield each circular dependency once, named from its first initiative in the file."""
    numbers = {one.id: number for number, one in reversed(list(table.numbered()))}
    waits_for = {
        one.id: [other for other in one.depends_on if other in numbers and other != one.id]
        for one in table.rows
    }
    while True:
        try:
            TopologicalSorter(waits_for).prepare()
        except CycleError as error:
            # graphlib lists a circle so that each waits for the one before it; we say who waits for whom.
            circle = list(reversed(error.args[1][:-1]))
            first = min(range(len(circle)), key=lambda i: numbers[circle[i]])
            circle = circle[first:] + circle[:first]
            yield Fault(
                table.place(numbers[circle[0]], "depends_on"),
                "a circular dependency: " + " → ".join([*circle, circle[0]]),
                "dependencies that lead to a beginning; each waits for those it names",
                "Remove one of these dependencies, the one that is a wish rather than a need.",
                tuple(table.place(numbers[one], "depends_on") for one in circle[1:]),
            )
            waits_for[circle[0]] = [other for other in waits_for[circle[0]] if other != circle[1]]
        else:
            return


# responses.csv, aggregates.csv: any number of rows, so each cause is told once, where it is first met


def _of_answers(parts: Parts) -> Iterator[Fault]:
    """Yield what is wrong with ``responses.csv`` and ``aggregates.csv``."""
    responses, aggregates = parts.responses, parts.aggregates
    respondents: dict[tuple[str, str, str], int] = {}
    asked: dict[tuple[str, str, str], int] = {}
    for number, one in responses.numbered():
        respondents.setdefault((one.round, one.respondent, one.group), number)
        asked.setdefault((one.round, one.group, one.question), number)
    yield from _answered_twice(responses)
    yield from _in_two_groups(responses, respondents)
    counted: dict[tuple[str, str, str], int] = {
        (one.round, one.group, one.question): number for number, one in reversed(list(aggregates.numbered()))
    }
    yield from _of_rows(_numbered(aggregates), {})
    yield from _in_both(responses, aggregates, asked, counted)
    if parts.facts is None:
        return
    yield from _unknown(parts, parts.facts, responses, asked)
    yield from _unknown(parts, parts.facts, aggregates, counted)
    groups: dict[Cell, RoundGroup] = {
        (one.id, each.group): each for one in parts.facts.rounds for each in one.groups
    }
    yield from _too_many_respondents(responses, respondents, groups)
    yield from _too_many_counted(aggregates, groups)


def _answered_twice(table: Table[Response]) -> Iterator[Fault]:
    if len({(one.round, one.respondent, one.question) for one in table.rows}) == len(table.rows):
        return
    yield from _of_rows(_numbered(table), {})


def _in_two_groups(
    table: Table[Response], respondents: Mapping[tuple[str, str, str], int]
) -> Iterator[Fault]:
    first: dict[tuple[str, str], str] = {}
    for (round_id, respondent, group), number in respondents.items():
        other = first.setdefault((round_id, respondent), group)
        if other != group:
            yield Fault(
                table.place(number, "group"),
                f"respondent {respondent} in {group}, and in {other} elsewhere in round {round_id}",
                "one group for each respondent of a round",
                "Correct the group, or give the second person a code of their own.",
            )


def _in_both(
    responses: Table[Response],
    aggregates: Table[Aggregate],
    asked: Asked,
    counted: Asked,
) -> Iterator[Fault]:
    single = {(round_id, group) for round_id, group, _ in asked}
    told: set[Cell] = set()
    for (round_id, group, _), number in sorted(counted.items(), key=lambda item: item[1]):
        if (round_id, group) in single - told:
            told.add((round_id, group))
            yield Fault(
                aggregates.place(number, "group"),
                f"counts for {group} in round {round_id}, which also has answers in {responses.file}",
                "either single answers or counts for one group in one round",
                "Keep the single answers if they are complete, and delete this group's counts of the round.",
            )


def _unknown(
    parts: Parts,
    facts: Facts,
    table: Table[Response] | Table[Aggregate],
    asked: Asked,
) -> Iterator[Fault]:
    """Yield each unknown round, group and question once, at the first row that has it."""
    rounds = {one.id: one for one in facts.rounds}
    told: set[tuple[str, ...]] = set()
    for (round_id, group, question), number in sorted(asked.items(), key=lambda item: item[1]):
        one = rounds.get(round_id)
        if one is None:
            if (round_id,) not in told:
                yield unknown_reference(
                    table.place(number, "round"), round_id, "round", rounds, f"{FACTS}, rounds"
                )
            told.add((round_id,))
            continue
        groups = [each.group for each in one.groups]
        if group not in groups and (round_id, group) not in told:
            told.add((round_id, group))
            where = table.place(number, "group")
            yield unknown_reference(where, group, "group", groups, f"{FACTS}, rounds, {round_id}, groups")
        if (round_id, "", question) in told:
            continue
        told.add((round_id, "", question))
        if one.questionnaire is None:
            if (round_id, "questionnaire") not in told:
                told.add((round_id, "questionnaire"))
                yield _no_questionnaire(table, number, round_id)
            continue
        used = parts.questionnaires.get(one.questionnaire)
        if used is not None and question not in (ids := [each.id for each in used.questions]):
            home = f"the questionnaire '{one.questionnaire}' of round {round_id}"
            yield unknown_reference(table.place(number, "question"), question, "question", ids, home)


def _no_questionnaire(table: Table[Response] | Table[Aggregate], number: int, round_id: str) -> Fault:
    return Fault(
        table.place(number, "round"),
        f"answers in round {round_id}, which names no questionnaire",
        "answers only in a round whose questionnaire is full, executive, pulse or own",
        f"Add 'questionnaire: full', or the one that was used, to round {round_id} in {FACTS}.",
    )


def _too_many_respondents(
    table: Table[Response],
    respondents: Mapping[tuple[str, str, str], int],
    groups: Mapping[Cell, RoundGroup],
) -> Iterator[Fault]:
    people: dict[Cell, list[tuple[str, int]]] = defaultdict(list)
    for (round_id, respondent, group), number in respondents.items():
        people[round_id, group].append((respondent, number))
    for (round_id, group), answered in people.items():
        one = groups.get((round_id, group))
        if one is None:
            continue
        if one.answers_by != "survey" and len(answered) > 1:
            names = listed(respondent for respondent, _ in answered)
            yield Fault(
                table.place(answered[1][1], "respondent"),
                f"{len(answered)} respondents of {group} in round {round_id}: {names}",
                f"one respondent's code, because {group} answers by {one.answers_by}",
                f"Keep one set of answers; if each answered alone, correct the mode in {FACTS}.",
            )
        elif one.answers_by == "survey" and one.invited is not None and len(answered) > one.invited:
            yield _more_than_invited(
                table.place(answered[one.invited][1], "respondent"),
                len(answered),
                group,
                round_id,
                one.invited,
            )


def _too_many_counted(table: Table[Aggregate], groups: Mapping[Cell, RoundGroup]) -> Iterator[Fault]:
    for number, row in table.numbered():
        one = groups.get((row.round, row.group))
        if one is None:
            continue
        answered = sum(row.counts)
        if one.answers_by != "survey" and answered > 1:
            yield Fault(
                table.place(number, "group"),
                f"{answered} answers of {row.group} to {row.question} in round {row.round}",
                f"one answer, because {row.group} answers by {one.answers_by}",
                f"Count the position once, or, if each answered alone, correct the mode in {FACTS}.",
            )
        elif one.answers_by == "survey" and one.invited is not None and answered > one.invited:
            yield _more_than_invited(
                table.place(number, "group"), answered, row.group, row.round, one.invited
            )


def _more_than_invited(where: str, answered: int, group: str, round_id: str, invited: int) -> Fault:
    return Fault(
        where,
        f"{answered} answered of {group} in round {round_id}, but {invited} were invited",
        f"at most as many answers as were invited: {invited}",
        f"Correct invited in {FACTS}, or remove answers that are not this group's.",
    )


# scenarios/


def _of_scenarios(parts: Parts, known: Mapping[str, _Known]) -> Iterator[Fault]:
    """Yield what is wrong with the scenarios, and with the one that the plan is to follow."""
    for file, one in parts.scenarios.items():
        if one is None:
            continue
        if scenario_file(one.id) != file:
            remedy = f"Rename the file to {scenario_file(one.id)}, or write the file's name as the id."
            yield Fault(f"{file}, field id", one.id, "the file's own name without .yaml", remedy)
        if one.id in DEVICES:
            remedy = f"Choose another id, such as '{one.id}-plan'."
            yield Fault(f"{file}, field id", one.id, "an id that Windows does not keep for a device", remedy)
        place = place_in_yaml(file, one)
        for rows in _within(one, place):
            yield from _of_rows(rows, known)
        if one.points:
            yield from _points(f"{file}, field points", "points", sum(one.points.values()))
        yield from _roles(parts, place, one)
    followed = parts.facts.planning.scenario if parts.facts else None
    if followed and scenario_file(followed) not in parts.scenarios:
        ids = [one.id for one in parts.scenarios.values() if one]
        yield unknown_reference(
            place_in_yaml(FACTS, parts.facts)(("planning", "scenario")), followed, "scenario", ids, SCENARIOS
        )


def _roles(parts: Parts, place: Callable[[Loc], Place], one: Scenario) -> Iterator[Fault]:
    if parts.facts is None:
        return
    roles = {each.role for each in parts.facts.capacity}
    roles |= {role for row in parts.initiatives.rows for role in row.fte}
    for index, each in enumerate(one.capacity):
        if each.role not in roles:
            where = place(("capacity", index, "role"))
            yield unknown_reference(where, each.role, "role", sorted(roles), f"{FACTS}, capacity")
