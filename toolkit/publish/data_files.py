"""The data that goes with the documents: findings as JSON, the roadmap as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from toolkit.assess import assess
from toolkit.client.asks import asks_data
from toolkit.client.record import Record
from toolkit.intake.workbook_out import harmless
from toolkit.plan import Roadmap, to_json
from toolkit.plan.advice import funded
from toolkit.plan.decisions import asked_in, published
from toolkit.plan.plan_table import COLUMNS, quarters_of, roadmap_rows, spread
from toolkit.plan.scenario import proposed
from toolkit.publish.manifest import json_bytes
from toolkit.words import tidy


def findings_json(record: Record, round_id: str, roadmap: Roadmap) -> bytes:
    """Return all that a round's assessment says, its recommendations as the pages tell them.

    An assessment holds only what may be published.
    """
    under = proposed(record, record.round(round_id))
    return json_bytes(funded(under, assess(record, round_id), roadmap))


def plan_json(record: Record, round_id: str, roadmap: Roadmap) -> bytes:
    """Return the plan, which a later round is compared with, and what it asks, which answers are taken to."""
    asks = asks_data(published(record, asked_in(record, round_id, roadmap)))
    return (
        json.dumps(json.loads(to_json(roadmap)) | {"asks": asks}, indent=1, ensure_ascii=False) + "\n"
    ).encode()


def roadmap_csv(record: Record, roadmap: Roadmap) -> bytes:
    """Return the roadmap as a table that a spreadsheet opens without running any of it.

    One row an initiative; where there is a plan, with the capital and the running cost of each quarter
    of those above the line, to the hundredth of the client's currency.
    """
    rows, quarters = roadmap_rows(record, roadmap), quarters_of(roadmap) if roadmap.scheduled else []
    spreads = spread(record, roadmap)
    header = [f"{what}_{quarter.key}" for what in ("capital", "running_cost") for quarter in quarters]
    for row in rows:
        known = spreads.get(str(row["initiative"]))
        amounts = [tidy(x, 2) for x in (*known.capital, *known.running)] if known else [None] * len(header)
        row |= dict(zip(header, amounts, strict=True))
    return csv_bytes((*COLUMNS, *header), rows)


def csv_bytes(header: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return rows as CSV: UTF-8 with a mark, so that Excel reads it as such.

    Text that a spreadsheet would take for a formula gets an apostrophe before it, which it hides;
    missing values are empty.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in header])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (bool, int, float)):
        return repr(tidy(value) if isinstance(value, float) else value)
    if isinstance(value, Mapping):
        value = "; ".join(f"{key}: {item}" for key, item in value.items())
    return harmless(str(value))
