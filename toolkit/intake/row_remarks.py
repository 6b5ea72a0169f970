"""Remarks on a table's rows: how they were read, and what of them and the record differs in silence.

What a register no longer lists, which values it withholds, what stands far above the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from toolkit.client.faults import listed
from toolkit.client.record import Record
from toolkit.client.schema import Initiative
from toolkit.errors import shown
from toolkit.intake.mapping import NotListed, Source
from toolkit.intake.merge_rows import Reader, said
from toolkit.intake.table import RUNNING_NUMBER, Sheet, as_compared
from toolkit.intake.values import decimals_remark
from toolkit.words import grouped, money, percent, recorded_percent

MOST_SAMPLES = 3
MOST_SHARE = 0.99
FAR_ABOVE = 10  # times the next largest figure
MOST_FAR_ABOVE = 3  # rows
FEWEST_FIGURES = 3
_CALLED_ID = re.compile(
    r"(?:^|\W)(?:id|no|nr|ref|reference|number|code|key|identifier|référence|numéro|nummer|kennung)\W*$", re.I
)
VERY_SMALL = 1_000  # of a project's money, in whatever currency


def remarks_on(reader: Reader, record: Record) -> list[str]:
    """Return what should be known of a table's rows beside the record, as sentences."""
    return [
        *decimals_remark(reader.habits),
        *_quarters_of_days(reader),
        *_about_keys(reader),
        *_about_not_listed(reader.absent, reader.mapping.not_listed),
        *_about_kept(reader),
        *_far_above(reader, record.facts.profile.currency),
        *_very_small(reader, record.facts.profile.currency),
        *_done_later(reader, record),
        *_no_longer_listed(reader),
    ]


def _quarters_of_days(reader: Reader) -> list[str]:
    """Say what became of days that stand where a quarter is kept."""
    said = {
        "deadline": "a deadline is the last quarter that ends by its day",
        "earliest_start": "an earliest start the first quarter that begins on its day or later",
    }
    told = [said[field] for field in said if field in reader.rounded]
    return [f"Days where quarters are kept: {' and '.join(told)}."] if told else []


def _about_keys(reader: Reader) -> list[str]:
    """Say where ids are made of the names that a running number is not taken for one, or which column may be the key."""
    sheet, present = reader.sheet, reader.present
    names = present["name"].column if "name" in present else ()
    running = [one for one in sheet.header if one and as_compared(one) == RUNNING_NUMBER]
    if "id" not in present or any(one not in names for one in present["id"].column):
        return []
    if not running:
        return [] if reader.mapping.service else _about_other_keys(sheet, present)
    return [
        f"{shown(running[0])} numbers the rows of this export and may change in the next: ids are made of the names. "
        f"If it stays with a row, say so in a map (id: {running[0]})."
    ]


def _about_other_keys(sheet: Sheet, present: Mapping[str, Source]) -> list[str]:
    """Say which column that is called an id holds another in each row, where ids are made of the names."""
    used = {column for source in present.values() for column in source.column}
    keys = [
        one for one in sheet.header
        if one and one not in used and _CALLED_ID.search(one.replace("_", " "))
        and len({str(cells[one]).strip().casefold() for _, cells in sheet.rows if one in cells}) == len(sheet.rows) > 1
    ]  # fmt: skip
    return [
        f"Ids are made of the names, and a name that changes is another row. {shown(one)} holds another text in each row: if "
        f"it stays with a row, say so in a map (id: {{column: {shown(one)}, make_id: true}})."
        for one in keys[:1]
    ]


def _done_later(reader: Reader, record: Record) -> list[str]:
    """Say which work is called done although it ends after the latest round's date."""
    day = max((one.as_of for one in record.facts.rounds), default=None)
    rows = [one for key in reader.seen if isinstance(one := reader.after[key], Initiative)]
    late = [one.id for one in rows if day and one.status == "done" and one.finish and one.finish > day]
    if not late:
        return []
    return [
        f"Called done, with an end after {day}, the latest round’s date: {listed(late)}. Correct the status or the end "
        "date, or begin a round of a later date."
    ]


def _no_longer_listed(reader: Reader) -> list[str]:
    if not reader.gone:
        return []
    return [
        f"No longer listed: {len(reader.gone)} of the record’s initiatives ({listed(reader.gone)}). They stay as they are, "
        "and count neither for slip nor for growth. A register of other work needs a source of its own in its map."
    ]


def _about_not_listed(absent: Sequence[str], choice: NotListed) -> list[str]:
    """Say which initiatives a file does not list, and what becomes of them."""
    if not absent:
        return []
    settled = {
        "": "they stay as they are; --not-listed done or --not-listed stopped says what became of them, keep that they go on",
        "keep": "they stay as they are",
        "done": "they are done",
        "stopped": "they are stopped",
    }[choice]
    return [f"In the record and not in this file: {len(absent)} ({listed(absent)}); {settled}."]


def _about_kept(reader: Reader) -> list[str]:
    """Say which values of the record stay because the file's cells hold none."""
    kept = [
        f"{key} {field} {said(value)}"
        for key, fields in reader.without.items()
        if key in reader.before and key in reader.seen
        for field in fields
        if (value := getattr(reader.before[key], field)) not in (None, "", (), {})
        and getattr(reader.after[key], field) == value
    ]
    return [f"Old value kept, for the file has none now: {len(kept)} ({listed(kept)})."] if kept else []


def samples(reader: Reader) -> dict[str, str]:
    """Return, by field, some cells of the file as they stand there, with what was read of them."""
    found: dict[str, list[str]] = {}
    for key, number in reader.seen.items():
        cells = reader.cells[number]
        for field, column in reader.columns_of[number].items():
            shown_there = found.setdefault(field, [])
            if len(shown_there) >= MOST_SAMPLES or column not in cells:
                continue
            theirs = shown(str(cells[column]).strip())
            value = getattr(reader.after[key], field, None)
            ours = _read_as(value, reader.kinds.get(field, ""))
            text = (
                theirs
                if "".join(ours.split()) in ("".join(theirs.split()), "")
                else f"{theirs} → {shown(ours)}"
            )
            if text not in shown_there:
                shown_there.append(text)
    return {field: " | ".join(texts) for field, texts in found.items() if texts}


def _read_as(value: object, kind: str) -> str:
    """Return a value as a person writes it; "" for none."""
    if kind == "share" and isinstance(value, float):
        return recorded_percent(value)
    return said(value) if value not in (None, "", (), {}) else ""


def _far_above(reader: Reader, currency: str) -> list[str]:
    """Say which rows hold most of a register's money at many times the next: perhaps a unit, perhaps a programme."""
    told = []
    for field in (field for field, kind in reader.kinds.items() if kind == "money"):
        figures = {
            key: float(value) for key in reader.seen if (value := getattr(reader.after[key], field, None))
        }
        told += _far_above_in(reader, field, figures, currency)
    return told


def _far_above_in(reader: Reader, field: str, figures: Mapping[str, float], currency: str) -> list[str]:
    order = sorted(figures, key=lambda key: (-abs(figures[key]), key))
    whole = sum(map(abs, figures.values()))
    if len(order) < FEWEST_FIGURES:
        return []
    for many in range(1, min(MOST_FAR_ABOVE, len(order) - 1) + 1):
        least, following = abs(figures[order[many - 1]]), abs(figures[order[many]])
        together = sum(abs(figures[key]) for key in order[:many])
        if least >= FAR_ABOVE * following and 2 * together >= whole:
            rows = [f"{reader.sheet.place(reader.seen[key])} ({key}, {money(figures[key], currency)})" for key in order[:many]]  # fmt: skip
            return [
                f"Far above the rest: {listed(rows)} {'holds' if many == 1 else 'hold'} {_most(together / whole)} of all "
                f"{field}, {grouped(least // following)} times the next. Check whether its unit is that of the others."
            ]
    return []


def _very_small(reader: Reader, currency: str) -> list[str]:
    """Say which money of a register is so small in every row that it may be counted in thousands or millions."""
    told = []
    for field in (
        field for field, kind in reader.kinds.items() if kind == "money" and reader.model is Initiative
    ):
        figures = [
            abs(float(value)) for key in reader.seen if (value := getattr(reader.after[key], field, None))
        ]
        if (
            len(figures) >= FEWEST_FIGURES
            and max(figures) < VERY_SMALL
            and reader.present[field].unit_factor == 1
        ):
            told.append(
                f"No {field} is above {money(max(figures), currency)}. If the file counts in thousands or millions, say so "
                f"in a map ({field}: {{column: {shown(reader.present[field].column[0])}, unit_factor: 1000000}})."
            )
    return told


def _most(share: float) -> str:
    return "more than 99 %" if share > MOST_SHARE else percent(share)
