"""What survey answers may not contradict: the round, its groups, its questionnaire, its head-counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from toolkit.client.answers import Aggregate, Response
from toolkit.client.facts import Facts, RoundGroup
from toolkit.client.faults import listed, unknown_reference
from toolkit.client.parts import FACTS, Parts, repeated
from toolkit.client.tables import Table
from toolkit.errors import Fault

Cell = tuple[str, str]  # a round's id and a group
Asked = Mapping[tuple[str, str, str], int]  # the first row of each round, group and question


def faults_of_answers(parts: Parts) -> Iterator[Fault]:
    """Yield what is wrong with ``responses.csv`` and ``aggregates.csv``; each cause once, where first met."""
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
    yield from repeated(
        "question of this round and group",
        (
            (aggregates.place(number, "question"), f"{one.round}, {one.group}, {one.question}")
            for number, one in aggregates.numbered()
        ),
    )
    yield from _in_both(responses, aggregates, asked, counted)
    if parts.facts is None:
        return
    yield from _known(parts, parts.facts, responses, asked)
    yield from _known(parts, parts.facts, aggregates, counted)
    groups: dict[Cell, RoundGroup] = {
        (one.id, each.group): each for one in parts.facts.rounds for each in one.groups
    }
    yield from _too_many_respondents(responses, respondents, groups)
    yield from _too_many_counted(aggregates, groups)


def _answered_twice(table: Table[Response]) -> Iterator[Fault]:
    if len({(one.round, one.respondent, one.question) for one in table.rows}) == len(table.rows):
        return
    yield from repeated(
        "answer of this round, respondent and question",
        (
            (table.place(number, "question"), f"{one.round}, {one.respondent}, {one.question}")
            for number, one in table.numbered()
        ),
    )


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


def _known(
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
