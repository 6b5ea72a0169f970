"""What planned work pays back, where that is known."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from toolkit.client.record import Record
from toolkit.plan.explanations import Worth
from toolkit.plan.problem import candidate
from toolkit.plan.roadmap import Roadmap

# Five years: the span over which business cases of technology are commonly compared.
SPAN = 20


def worths(record: Record, roadmap: Roadmap) -> tuple[Worth, ...]:
    """Return payback and net present value of the work whose benefit and running cost are known, in order of id.

    Counted in whole quarters: capital as it is planned, contingency included; from completion on a
    quarter of the yearly benefit less running cost. The net present value is as of the plan's start,
    each quarter's money discounted from that quarter's end at the client's yearly rate r by
    (1 + r)^(quarters / 4), over five years; what was paid before is sunk and not in it, though it
    counts for payback.
    """
    by_id, rate = {one.id: one for one in record.initiatives}, record.facts.profile.discount_rate
    start, out = roadmap.start, []
    for s in sorted(roadmap.scheduled, key=lambda s: s.initiative):
        one = by_id[s.initiative]
        if one.benefit is None or one.opex is None:
            continue
        c, first = candidate(record, one, start, roadmap.quarters), s.start.index - start.index
        net = (one.benefit - one.opex) / 4
        flows = [
            (t, net * (t >= first + c.duration) - c.capital(first, t)) for t in range(min(first, 0), SPAN)
        ]
        npv = None if rate is None else sum(flow / (1 + rate) ** ((t + 1) / 4) for t, flow in flows if t >= 0)
        paid = _paid_back(flows, first + c.duration)
        out.append(Worth(one.id, None if paid is None else start.plus(paid), npv))
    return tuple(out)


def _paid_back(flows: list[tuple[int, float]], done: int) -> int | None:
    """Return the first quarter, not before completion, by whose end the sum of all flows is not negative."""
    sums: Iterator[float] = accumulate(flow for _, flow in flows)
    # A total that misses nothing by rounding alone has been paid back.
    slack = 1e-9 * sum(abs(flow) for _, flow in flows)
    return next((t for (t, _), total in zip(flows, sums, strict=True) if t >= done and total >= -slack), None)
