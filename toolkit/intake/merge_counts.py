"""Counted answers: percentages to counts, reversed scales, and a whole minus its part."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, cast

from pydantic import ValidationError

from toolkit.client.faults import faults_of, listed
from toolkit.client.field_types import ID_PATTERN
from toolkit.client.parts import AGGREGATES
from toolkit.client.record import Record
from toolkit.client.record_csv import write_rows
from toolkit.client.schema import Aggregate, Round, RoundGroup
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import Fault, InputError, shown
from toolkit.intake.amount import may_group_by_points
from toolkit.intake.cell import Unreadable, as_shown
from toolkit.intake.mapping import Counting, ImportMap, Kept, MappedTable, Source
from toolkit.intake.table import Cell, Sheet
from toolkit.intake.values import Habits, decimals_remark, notation_in, read_cell, slug_of
from toolkit.method import GROUPS, Group
from toolkit.words import joined, number_word, plain

MOST_ANSWERS = 100_000_000
ROUNDING = 2.5  # percentage points: five figures, each rounded by up to half a point
_SHARE = re.compile(r"%|\b(?:per ?cent|percentage|pct|prozent|pourcentage|porcentaje)\b", re.IGNORECASE)
_CORRECT = "Correct the row, say in the map how to read it, or import with --partial to leave the row out."
_ONCE = "each group and question once"
_ONE_CLIENT = "Choose the rows of one client with --where, or remove one of the two."
Counts = tuple[int, int, int, int, int]


@dataclass
class Counted:
    """What counted answers do to a record; see ``Import`` for the meaning of each part.

    ``missing`` lists the rows without figures, ``order`` the group and question of each row of
    ``aggregates.csv`` as it will be (None for those of other rounds).
    """

    unreadable: list[Fault] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    places: dict[tuple[str | int, ...], str] = field(default_factory=dict)
    missing: list[int] = field(default_factory=list)
    order: list[tuple[Group, str] | None] = field(default_factory=list)

    def refuse(self, place: str, number: int, found: str, allowed: str, remedy: str) -> None:
        """Leave a row out, and say why."""
        self.unreadable.append(Fault(place, found or "nothing", allowed, remedy))
        self.rejected.append(number)


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


def count_answers(record: Record, table: MappedTable) -> Counted:
    """Read counted answers into a round of the record."""
    sheet, mapping, kept = table.sheet, table.mapping, table.rows
    counted, how = Counted(), mapping.counts
    if how is None:
        remedy = "Add counts to the map."
        raise InputError([Fault("the map, field counts", "nothing", "the columns of the counts", remedy)])
    _need_columns(sheet, how)
    mapping = named_round(mapping, sheet, kept)
    one = round_of(record, mapping)
    questionnaire = record.questionnaire_of(one)
    known = {q.id for q in questionnaire.questions} if questionnaire else set()
    habits = _habits(record, mapping, how, kept)
    counted.remarks += decimals_remark(habits)
    found: dict[tuple[Group, str], Counts] = {}
    rows: dict[tuple[Group, str], int] = {}
    labels: dict[Group, str] = {}
    unknown: dict[str, int] = {}
    for number, cells in kept:
        key = _key(mapping, how, sheet, number, cells, counted, known)
        if key is None:
            continue
        if key[1] not in known:
            unknown[key[1]] = unknown.get(key[1], 0) + 1
            continue
        if key in rows:
            counted.refuse(
                sheet.place(number), number, f"{key[0]}, {key[1]}, as in row {rows[key]}", _ONCE, _ONE_CLIENT
            )
            continue
        rows[key] = number
        labels |= _label(mapping, key[0], cells)
        counts = _row(mapping, how, sheet, number, cells, counted, habits)
        if counts is not None:
            found[key] = counts
    _tell(one, unknown, rows, known, sheet, counted)
    if how.whole_minus_part:
        found = _minus(found, how.whole_minus_part.whole_becomes, how.whole_minus_part.part_becomes, counted)
    put(
        record,
        _with_notes(mapping, how, one, {group for group, _ in found}, counted),
        one,
        found,
        labels,
        counted,
    )
    counted.places |= {
        (AGGREGATES, index): sheet.place(rows[key]) for index, key in enumerate(counted.order) if key in rows
    }
    return counted


def _with_notes(
    mapping: ImportMap, how: Counting, one: Round, groups: Set[Group], counted: Counted
) -> ImportMap:
    """Return the map with a note on each group whose answers are told in fewer than five, unless it has one."""
    if len(how.answers) == 5 or not groups:
        return mapping
    turned = {6 - answer if how.reversed else answer: column for answer, column in how.answers.items()}
    meant = joined([f"“{shown(column)}” as {answer}" for answer, column in sorted(turned.items())])
    note = f"Told in {number_word(len(turned))} answers, counted as {joined([str(answer) for answer in sorted(turned)])}: scores are an estimate."
    counted.remarks.append(f"{note.removesuffix('.')}, {meant}. A note on each group says so.")
    noted = {group.group for group in one.groups if group.note}
    return mapping.model_copy(update={"notes": dict.fromkeys(groups - noted, note) | mapping.notes})


def _tell(
    one: Round, unknown: Mapping[str, int], rows: Mapping[tuple[Group, str], int], known: Set[str], sheet: Sheet, counted: Counted
) -> None:  # fmt: skip
    """Say what was left out; a file in which nothing fits the questionnaire is refused."""
    if unknown and not rows:
        home = f"the questions of round {one.id}: {listed(sorted(known))}"
        remedy = "Name ours for theirs in the map, under fields, question, 'values:', or name another questionnaire for the round."
        raise InputError([Fault(f"{sheet.file}, questions", listed(sorted(unknown)), home, remedy)])
    if unknown:
        names = ", ".join(shown(name) for name in sorted(unknown)[:40])
        counted.remarks.append(
            f"Rows whose question is not in the questionnaire {one.questionnaire}, left out: {sum(unknown.values())} ({names})."
        )
    if counted.missing:
        listed_rows = ", ".join(map(str, counted.missing))
        counted.remarks.append(
            f"Rows without figures, which stay missing: {len(counted.missing)} (row {listed_rows})."
        )


def _need_columns(sheet: Sheet, how: Counting) -> None:
    needed = [
        *how.answers.values(),
        *([how.base] if how.base else []),
        *([how.whole_minus_part.column] if how.whole_minus_part else []),
    ]
    faults = [
        Fault(
            sheet.place(1),
            f"no column {shown(column)}",
            "every column that the map's counts name",
            "Correct the map, or export the table with that column.",
        )
        for column in needed
        if column not in sheet.header
    ]
    faults += _of_other_scales(sheet, how)
    if how.base is None and (shares := [one for one in how.answers.values() if _SHARE.search(one)]):
        found = f"the columns {listed(shares)}, read as numbers of people"
        remedy = "Name the column of how many answered as base under counts in the map; or rename columns that hold numbers of people."
        faults.append(Fault(sheet.place(1), found, "numbers of people, or shares of a base", remedy))
    if faults:
        raise InputError(faults)


def _of_other_scales(sheet: Sheet, how: Counting) -> list[Fault]:
    """Return a fault for columns that count answers beside 1 to 5: "count_6" beside "count_1", or "count_0"."""
    beside: dict[str, None] = {}
    for answer, column in how.answers.items():
        before, digit, behind = column.partition(str(answer))
        if not digit:
            continue
        same = re.compile(rf"{re.escape(before)}(\d+){re.escape(behind)}", re.IGNORECASE)
        beside |= {one: None for one in sheet.header if one not in how.answers.values() and one != how.base
                   and (match := same.fullmatch(one)) and int(match[1]) <= 100 and int(match[1]) not in how.answers}  # fmt: skip
    if not beside:
        return []
    remedy = (
        "Name each that counts an answer under counts, answers in the map; sum more than five into five in the file, and "
        "rename those that count no answers (“don't know”)."
    )
    return [Fault(sheet.place(1), f"the columns {listed(beside)} beside {listed(how.answers.values())}",
                  "counts of five answers, from 1 to 5, each named in the map, and of no other", remedy)]  # fmt: skip


def _key(
    mapping: ImportMap, how: Counting, sheet: Sheet, number: int, cells: Mapping[str, Cell], counted: Counted, known: Set[str]
) -> tuple[Group, str] | None:  # fmt: skip
    """Return group and question of a row, or None with the reason noted."""
    question_from = mapping.fields.get("question", Source(column=("question",)))
    found, column = "", ""
    try:
        found, column = _said(mapping, how, cells)
        group = _group(mapping, how, cells)
        found, column = "", question_from.column[0] if question_from.column else ""
        question, column = read_cell(cells, question_from, "text")
        if question is None:
            raise Unreadable("the question's id")
    except Unreadable as error:
        counted.refuse(sheet.place(number, column), number, found, str(error), _CORRECT)
        return None
    return group, question if question in known else slug_of(question)


def _habits(record: Record, mapping: ImportMap, how: Counting, kept: Kept) -> Habits:
    """Return what a decimal begins with by the client's profile, where neither the map nor a cell says otherwise."""
    columns = [*how.answers.values(), *([how.base] if how.base else [])]
    texts = {
        column: [
            cell for _, cells in kept if isinstance(cell := cells.get(column), str) and cell not in how.ignore
        ]
        for column in columns
    }
    notation, contradicted = notation_in(record.facts.profile, mapping, texts)
    return Habits(replace(notation, currency=""), decimal_against=contradicted)


def _row(
    mapping: ImportMap, how: Counting, sheet: Sheet, number: int, cells: Mapping[str, Cell], counted: Counted, habits: Habits
) -> Counts | None:  # fmt: skip
    """Return our counts of a row; None where it has no figures or they cannot be read, which is noted."""
    column = ""
    try:
        if how.base:
            column = how.answers[min(how.answers)]
            _refuse_mixed_shares(cells, how)
        numbers: list[float | None] = []
        for column in (how.answers.get(answer, "") for answer in range(1, 6)):
            if not column:
                numbers.append(0.0)
                continue
            kind = "percentage" if how.base else "number"
            habits = _with_mark(habits, sheet, mapping, kind, cells.get(column))
            numbers.append(_figure(cells, column, how, kind, habits))
        column = how.base or ""
        habits = _with_mark(habits, sheet, mapping, "number", cells.get(column))
        base = _figure(cells, column, how, "number", habits) if how.base else None
        if any(one is None for one in numbers) or (how.base and base is None):
            counted.missing.append(number)
            return None
        column = ""
        counts = _counts([one for one in numbers if one is not None], base, how)
    except Unreadable as error:
        found = (
            as_shown(cells.get(column, ""))
            if column
            else f"figures that add up to {plain(sum(one or 0 for one in numbers))}"
        )
        counted.refuse(sheet.place(number, column), number, found, str(error), _CORRECT)
        return None
    return tuple(reversed(counts)) if how.reversed else counts  # type: ignore[return-value]


def _said(mapping: ImportMap, how: Counting, cells: Mapping[str, Cell]) -> tuple[str, str]:
    """Return what a row says of its group, and in which column."""
    both = how.whole_minus_part
    columns = (both.column,) if both else mapping.fields.get("group", Source(column=("group",))).column
    column = next((one for one in columns if one in cells), columns[0] if columns else "")
    return str(cells.get(column, "")), column


def _group(mapping: ImportMap, how: Counting, cells: Mapping[str, Cell]) -> Group:
    both = how.whole_minus_part
    if both:
        unit = str(cells.get(both.column, "")).strip()
        if unit not in (both.whole, both.part):
            raise Unreadable(f"{both.whole} or {both.part}, as in the map")
        return both.whole_becomes if unit == both.whole else both.part_becomes
    group, _ = read_cell(cells, mapping.fields.get("group", Source(column=("group",))), "text")
    if group not in GROUPS:
        raise Unreadable(f"a group: {', '.join(GROUPS)}")
    return cast(Group, group)


def _refuse_mixed_shares(cells: Mapping[str, Cell], how: Counting) -> None:
    texts = {as_shown(cells.get(column, "")).strip() for column in how.answers.values()} - set(how.ignore)
    if len({text.endswith("%") for text in texts if re.search("[1-9]", text)}) > 1:
        raise Unreadable(
            "shares that all have a % sign, or none: 0.2 beside 10 % may be a fifth of all or of a per cent"
        )


def _with_mark(habits: Habits, sheet: Sheet, mapping: ImportMap, kind: str, cell: Cell) -> Habits:
    """Return habits with what a decimal begins with in a cell; "" where it may be either: 1.000 is one answer or a thousand."""
    if habits.notation.decimal or habits.decimal_against:
        return replace(habits, decimal="")
    text = cell if kind == "number" and isinstance(cell, str) else ""
    open_ = not mapping.decimal and may_group_by_points([text])
    return replace(habits, decimal="" if open_ else sheet.decimal_mark(mapping.decimal))


def _figure(cells: Mapping[str, Cell], column: str, how: Counting, kind: str, habits: Habits) -> float | None:
    """Return a count or a percentage; None is missing."""
    value, _ = read_cell(cells, Source(column=(column,), ignore=how.ignore), kind, habits)
    if value is None:
        return None
    if not 0 <= value <= MOST_ANSWERS or (kind == "number" and value != int(value)):
        raise Unreadable("a whole number of answers" if kind == "number" else "a percentage of 0 or more")
    return float(value)


def _counts(numbers: Sequence[float], base: float | None, how: Counting) -> Counts:
    """Return a row's counts on their scale: as they stand, or percentages of ``base`` people."""
    if base is None:
        return tuple(int(one) for one in numbers)  # type: ignore[return-value]
    total = sum(numbers)
    if base and not total:
        raise Unreadable(f"shares of the {plain(base)} answers")
    if not how.share_of_answered and abs(total - 100) > ROUNDING:
        raise Unreadable(
            "percentages that add up to 100 (± 2.5, for rounding), or share_of_answered: true in the map"
        )
    return counts_of_shares(numbers, int(base))


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
    value: Any = read_cell(cells, source, "text")[0] if source else None
    return {group: str(value)} if value else {}


def round_of(record: Record, mapping: ImportMap) -> Round:
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
                    f"a round of the record ({listed(r.id for r in record.rounds)}), or as_of and questionnaire to make it with",
                    "Correct the round, or add as_of and questionnaire to the map.",
                )
            ]
        )
    return Round(
        id=mapping.round, as_of=mapping.as_of, questionnaire=mapping.questionnaire, name=mapping.title
    )


def named_round(mapping: ImportMap, sheet: Sheet, kept: Kept) -> ImportMap:
    """Return the map with the round that the rows name, if they have a column for it.

    Raises
    ------
    InputError
        When they name several, another than the map does, or none that is an id.
    """
    source = mapping.fields.get("round")
    if source is None or not kept or not (source.constant or set(source.column) & set(sheet.header)):
        return mapping
    said = sorted({_round_said(cells, source) for _, cells in kept})
    place = sheet.place(1, next((one for one in source.column if one in sheet.header), ""))
    if len(said) > 1:
        remedy = "Choose the rows of one round with --where, and import round after round."
        raise InputError([Fault(place, f"the rounds {listed(map(shown, said))}", "one round", remedy)])
    if not ID_PATTERN.fullmatch(said[0]) or mapping.round not in (None, said[0]):
        remedy = "Correct the cells, or remove the round from the map's fields and name it under 'round:'."
        raise InputError([Fault(place, said[0] or "nothing", mapping.round or "the id of a round", remedy)])
    return mapping.model_copy(update={"round": said[0]})


def _round_said(cells: Mapping[str, Cell], source: Source) -> str:
    try:
        return str(read_cell(cells, source, "text")[0] or "")
    except Unreadable:
        return str(next((cells[one] for one in source.column if one in cells), ""))


def put(
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
        groups[group] = known.model_copy(update=told) if known else _new_group(group, told)
    changed = one.model_copy(update={"groups": tuple(groups[g] for g in GROUPS if g in groups)})
    if mapping.closed and one.closed is None:
        changed = changed.model_copy(update={"closed": mapping.closed})
    rounds = [changed if r.id == one.id else r for r in record.facts.rounds]
    rounds += [] if any(r.id == one.id for r in record.facts.rounds) else [changed]
    facts = record.facts.model_copy(update={"rounds": tuple(rounds)})
    counted.order = [(a.group, a.question) if a.round == one.id else None for a in rows.values()]
    if set(counted.states.values()) - {"unchanged"}:
        counted.files[AGGREGATES] = write_rows(Aggregate, rows.values())
    if found and facts != record.facts:
        counted.files["client.yaml"] = dump_facts(facts)


def _new_group(group: Group, told: Mapping[str, str | None]) -> RoundGroup:
    try:
        return RoundGroup.model_validate({"group": group, "mode": "survey", **told})
    except ValidationError as error:
        place = f"the label or note of {group}"
        raise InputError(faults_of(error, RoundGroup, lambda _: place)) from None
