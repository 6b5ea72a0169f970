"""Counted answers into a record: the round they belong to, its groups, and the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from toolkit.client.faults import faults_of, listed
from toolkit.client.models import Aggregate, Round, RoundGroup
from toolkit.client.record import Record
from toolkit.client.schema import ID_PATTERN
from toolkit.client.tables import write_rows
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import Fault, InputError, shown
from toolkit.intake.map_file import ImportMap, Source
from toolkit.intake.table import Cell, Sheet
from toolkit.intake.values import Unreadable, read_cell
from toolkit.method import GROUPS, Group

Kept = Sequence[tuple[int, Mapping[str, Cell]]]
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
    places: dict[str, str] = field(default_factory=dict)
    missing: list[int] = field(default_factory=list)
    order: list[tuple[Group, str] | None] = field(default_factory=list)

    def refuse(self, place: str, number: int, found: str, allowed: str, remedy: str) -> None:
        """Leave a row out, and say why."""
        self.unreadable.append(Fault(place, found or "nothing", allowed, remedy))
        self.rejected.append(number)


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
        return str(read_cell(cells, source, "text", ".")[0] or "")
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
        counted.files["aggregates.csv"] = write_rows(Aggregate, rows.values())
    if found and facts != record.facts:
        counted.files["client.yaml"] = dump_facts(facts)


def _new_group(group: Group, told: Mapping[str, str | None]) -> RoundGroup:
    try:
        return RoundGroup.model_validate({"group": group, "mode": "survey", **told})
    except ValidationError as error:
        place = f"the label or note of {group}"
        raise InputError(faults_of(error, RoundGroup, lambda _: place)) from None
