"""The plan as rows for a spreadsheet."""

from __future__ import annotations

from toolkit.client.record import Record
from toolkit.plan.roadmap import Roadmap

COLUMNS = (
    "initiative",
    "name",
    "place",
    "start",
    "finish",
    "capital",
    "running_cost_a_year",
    "goals",
    "because",
)


def roadmap_rows(record: Record, roadmap: Roadmap) -> list[dict[str, object]]:
    """Return a row for each initiative, in the plan's order: above the line, below it, not scheduled, the rest.

    ``capital`` (contingency included where planned) and ``running_cost_a_year`` are in the client's
    currency; a missing value is None.
    """
    by_id = {one.id: one for one in record.initiatives}
    placed: dict[str, tuple[str, object, object, object, str]] = {}
    for s in sorted(roadmap.scheduled, key=lambda s: (-s.value, s.initiative)):
        placed[s.initiative] = ("above the line", str(s.start), str(s.finish), s.capex, s.fixed)
    for d in sorted(roadmap.deferred, key=lambda d: (-d.value, d.initiative)):
        placed[d.initiative] = ("below the line", None, None, d.capex, d.because)
    for u in roadmap.unscheduled:
        placed[u.initiative] = (
            "not scheduled",
            None,
            None,
            by_id[u.initiative].capex,
            f"not known: {', '.join(u.missing)}",
        )
    for one in sorted(record.initiatives, key=lambda one: one.id):
        known = str(one.finish) if one.finish else None
        placed.setdefault(
            one.id,
            (
                one.status if one.status in ("done", "stopped") else "not ranked",
                str(one.start) if one.start else None,
                known,
                one.capex,
                "",
            ),
        )
    return [
        {"initiative": i, "name": by_id[i].name, "place": place, "start": start, "finish": finish, "capital": cost,
         "running_cost_a_year": by_id[i].opex, "goals": "; ".join(sorted(g for g, level in by_id[i].goals.items() if level)), "because": because}
        for i, (place, start, finish, cost, because) in placed.items()
    ]  # fmt: skip
