"""Recommendations of the assessment, taken into the roadmap as initiatives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from toolkit.assess import assess
from toolkit.assess.statements import Recommendation
from toolkit.client.faults import closest, listed
from toolkit.client.parts import INITIATIVES
from toolkit.client.record import Record
from toolkit.client.store import read_files, read_record, save
from toolkit.client.tables import write_rows
from toolkit.client.work import Initiative
from toolkit.errors import Fault, InputError

LONGEST_ID = 64


def as_initiative(record: Record, one: Recommendation) -> Initiative:
    """Return the initiative that carries a recommendation; what it costs or takes is missing where unknown.

    What settles a risk says what happens without it: that nothing settles the risk is no longer so.
    """
    risks = [risk for risk in record.facts.risks if risk.id in one.risks]
    why = [risk.consequence for risk in risks if risk.consequence] if risks else one.because
    return Initiative(
        id=one.id[:LONGEST_ID], name=one.action[:600], description=" ".join(why) or None, status="proposed",
        owner_business=one.owner_business, owner_it=one.owner_it, capex=one.cost, settles=one.risks,
        practices=one.practices, source="Recommended by the alignment assessment",
    )  # fmt: skip


def adopt(clients: Path, slug: str, ids: Sequence[str], round_id: str = "") -> tuple[Initiative, ...]:
    """Add recommendations of a round to ``initiatives.csv``; return the initiatives added.

    Raises
    ------
    InputError
        When the round does not recommend one of them, or an initiative carries it already; nothing was written.
    ConflictError
        When someone else changed the record meanwhile.
    """
    read = read_files(clients, slug)
    record = read_record(slug, read)
    made = {one.id: one for one in assess(record, round_id).recommendations}
    present = {one.id for one in record.initiatives}
    faults = []
    for name in ids:
        if name not in made:
            remedy = f"{closest(name, list(made))}Copy the id from findings.json."
            faults.append(
                Fault("recommendation", name, f"a recommendation of this round: {listed(made)}", remedy)
            )
        elif carried := present & {name[:LONGEST_ID], *made[name].carriers}:
            where, remedy = (
                f"{INITIATIVES}, column id",
                "Nothing need be done: complete that initiative, or name another recommendation.",
            )
            faults.append(
                Fault(
                    where, f"{listed(sorted(carried))}, which carries {name} already", "a recommendation that no initiative carries", remedy
                )
            )  # fmt: skip
    if faults:
        raise InputError(faults)
    added = tuple(as_initiative(record, made[name]) for name in dict.fromkeys(ids))
    save(clients, slug, {INITIATIVES: write_rows(Initiative, [*record.initiatives, *added])}, read)
    return added
