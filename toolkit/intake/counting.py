"""Counted answers: percentages to counts, reversed scales, and a whole minus its part."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from toolkit.client.answers import Aggregate
from toolkit.client.constructs import GROUPS, Group
from toolkit.client.facts import Round, RoundGroup
from toolkit.client.record import Record
from toolkit.client.tables import write_rows
from toolkit.client.yaml_files import dump_facts
from toolkit.errors import Fault, InputError
from toolkit.intake.map_file import Counting, ImportMap, Source
from toolkit.intake.sheets import Cell, Sheet
from toolkit.intake.values import Unreadable, read_cell, slug_of

Counts = tuple[int, int, int, int, int]
Kept = Sequence[tuple[int, Mapping[str, Cell]]]


@dataclass
class Counted:
    """What counted answers do to a record; see ``Import`` for the meaning of each part."""

    unreadable: list[Fault] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def counts_of_shares(shares: Sequence[float], base: int) -> Counts:
    """Return whole counts that sum to ``base`` in proportion to ``shares`` (largest remainders first)."""
    total = sum(shares)
    if total <= 0:
        return (0, 0, 0, 0, 0)
    exact = [share / total * base for share in shares]
    counts = [math.floor(one) for one in exact]
    order = sorted(range(5), key=lambda i: (counts[i] - exact[i], i))
    for i in order[: base - sum(counts)]:
        counts[i] += 1
    return tuple(counts)  # type: ignore[return-value]


def count_answers(record: Record, mapping: ImportMap, sheet: Sheet, kept: Kept) -> Counted:
    """Read counted answers into a round of the record."""
    counted, how = Counted(), mapping.counts
    if how is None:
        raise InputError(
            [
                Fault(
                    "the map, field counts",
                    "nothing",
                    "the columns of the counts of 1 to 5",
                    "Add counts to the map.",
                )
            ]
        )
    _need_columns(sheet, how)
    one = _round(record, mapping)
    questionnaire = record.questionnaire_of(one)
    known = {q.id for q in questionnaire.questions} if questionnaire else set()
    found: dict[tuple[Group, str], Counts] = {}
    labels: dict[Group, str] = {}
    unknown: set[str] = set()
    for number, cells in kept:
        row = _row(mapping, how, sheet, number, cells, counted)
        if row is None:
            continue
        group, question, counts = row
        if question not in known:
            unknown.add(question)
            continue
        found[group, question] = counts
        labels |= _label(mapping, group, cells)
    if unknown:
        counted.remarks.append(
            f"{len(unknown)} questions are not in the questionnaire {one.questionnaire} and were left out: {', '.join(sorted(unknown)[:40])}."
        )
    if how.whole_minus_part:
        found = _minus(found, how.whole_minus_part.whole_becomes, how.whole_minus_part.part_becomes, counted)
    _put(record, mapping, one, found, labels, counted)
    return counted


def _need_columns(sheet: Sheet, how: Counting) -> None:
    needed = [
        *how.answers.values(),
        *([how.base] if how.base else []),
        *([how.whole_minus_part.column] if how.whole_minus_part else []),
    ]
    faults = [
        Fault(
            sheet.place(1),
            f"no column {column}",
            "every column that the map's counts name",
            "Correct the map, or export the table with that column.",
        )
        for column in needed
        if column not in sheet.header
    ]
    if faults:
        raise InputError(faults)


def _round(record: Record, mapping: ImportMap) -> Round:
    """Return the round the answers belong to: the map's, made if the record has none of that id, or the latest."""
    if mapping.round is None:
        return record.round()
    for one in record.rounds:
        if one.id == mapping.round:
            return (
                one if one.questionnaire else one.model_copy(update={"questionnaire": mapping.questionnaire})
            )
    if mapping.as_of is None or mapping.questionnaire is None:
        raise InputError(
            [
                Fault(
                    "the map, field round",
                    mapping.round,
                    "a round of the record, or as_of and questionnaire to make it with",
                    "Add as_of and questionnaire to the map.",
                )
            ]
        )
    return Round(
        id=mapping.round, as_of=mapping.as_of, questionnaire=mapping.questionnaire, name=mapping.title
    )


def _row(
    mapping: ImportMap, how: Counting, sheet: Sheet, number: int, cells: Mapping[str, Cell], counted: Counted
) -> tuple[Group, str, Counts] | None:
    """Return group, question and counts of a row; None where it has none or cannot be read."""
    column = ""
    try:
        group = _group(mapping, how, cells)
        if group is None:
            return None
        question, _ = read_cell(
            cells, mapping.fields.get("question", Source(column=("question",))), "text", mapping.decimal
        )
        if question is None:
            raise Unreadable("the question's id")
        numbers = []
        for answer in range(1, 6):
            column = how.answers[answer]
            numbers.append(_figure(cells, column, how, mapping.decimal))
        column = how.base or ""
        base = _figure(cells, column, how, mapping.decimal) if how.base else None
    except Unreadable as error:
        found = str(cells.get(column, "")) if column else "a row without group or question"
        counted.unreadable.append(
            Fault(
                sheet.place(number, column),
                found,
                str(error),
                "Correct the cell, say in the map how to read it, or import with --partial to leave the row out.",
            )
        )
        counted.rejected.append(number)
        return None
    if any(one is None for one in numbers) or (how.base and base is None):
        return None
    counts = _counts([one for one in numbers if one is not None], base, how)
    return group, slug_of(question), tuple(reversed(counts)) if how.reversed else counts  # type: ignore[return-value]


def _group(mapping: ImportMap, how: Counting, cells: Mapping[str, Cell]) -> Group | None:
    both = how.whole_minus_part
    if both:
        unit = str(cells.get(both.column, "")).strip()
        return {both.whole: both.whole_becomes, both.part: both.part_becomes}.get(unit)
    group, _ = read_cell(
        cells, mapping.fields.get("group", Source(column=("group",))), "text", mapping.decimal
    )
    if group not in GROUPS:
        raise Unreadable(f"a group: {', '.join(GROUPS)}")
    return cast(Group, group)


def _figure(cells: Mapping[str, Cell], column: str, how: Counting, decimal: str) -> float | None:
    value, _ = read_cell(cells, Source(column=(column,), ignore=how.ignore), "number", decimal)
    if value is not None and value < 0:
        raise Unreadable("a count or percentage of 0 or more")
    return value  # type: ignore[no-any-return]


def _counts(numbers: Sequence[float], base: float | None, how: Counting) -> Counts:
    if base is None:
        return tuple(round(one) for one in numbers)  # type: ignore[return-value]
    people = round(base) if how.share_of_answered else round(base * sum(numbers) / 100)
    return counts_of_shares(numbers, people)


def _minus(
    found: dict[tuple[Group, str], Counts], whole: Group, part: Group, counted: Counted
) -> dict[tuple[Group, str], Counts]:
    """Take the part from the whole, question by question; a whole without its part is left out."""
    out, clipped, alone = {}, 0, 0
    for (group, question), counts in found.items():
        if group == part:
            out[group, question] = counts
            continue
        less = found.get((part, question))
        if less is None:
            alone += 1
            continue
        rest = [a - b for a, b in zip(counts, less, strict=True)]
        clipped += sum(one < 0 for one in rest)
        out[whole, question] = tuple(max(one, 0) for one in rest)  # type: ignore[assignment]
    counted.remarks.append(
        "The whole minus the part is an estimate: rounded percentages were turned into counts first."
    )
    if clipped:
        counted.remarks.append(f"{clipped} counts came out below zero through rounding and were set to 0.")
    if alone:
        counted.remarks.append(
            f"{alone} questions of the whole have no answers of the part and were left out."
        )
    return out


def _label(mapping: ImportMap, group: Group, cells: Mapping[str, Cell]) -> dict[Group, str]:
    source = mapping.labels.get(group)
    value: Any = read_cell(cells, source, "text", ".")[0] if source else None
    return {group: str(value)} if value else {}


def _put(
    record: Record, mapping: ImportMap, one: Round, found: Mapping[tuple[Group, str], Counts], labels: Mapping[Group, str], counted: Counted
) -> None:  # fmt: skip
    """Replace these groups' and questions' counts in the round; add groups the round does not list yet."""
    rows = {(a.round, a.group, a.question): a for a in record.aggregates}
    for (group, question), counts in sorted(found.items()):
        new = Aggregate(
            round=one.id,
            group=group,
            question=question,
            **{f"count_{i}": n for i, n in enumerate(counts, start=1)},
        )
        old = rows.get((one.id, new.group, question))
        counted.states[f"{group} {question}"] = (
            "new" if old is None else "unchanged" if old == new else "changed"
        )
        rows[one.id, new.group, question] = new
    groups = {g.group: g for g in one.groups}
    for group in sorted({group for group, _ in found}):
        told = {"label": labels.get(group), "note": mapping.notes.get(group)}
        told = {name: value for name, value in told.items() if value}
        known = groups.get(group)
        groups[group] = (
            known.model_copy(update=told)
            if known
            else RoundGroup.model_validate({"group": group, "mode": "survey", **told})
        )
    changed = one.model_copy(update={"groups": tuple(groups[g] for g in GROUPS if g in groups)})
    rounds = [changed if r.id == one.id else r for r in record.facts.rounds]
    rounds += [] if any(r.id == one.id for r in record.facts.rounds) else [changed]
    facts = record.facts.model_copy(update={"rounds": tuple(rounds)})
    if found:
        counted.files["aggregates.csv"] = write_rows(Aggregate, rows.values())
        counted.files["client.yaml"] = dump_facts(facts)
