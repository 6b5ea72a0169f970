"""A register beside the record: what it no longer lists, which values it withholds, what stands far above the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from toolkit.client.faults import listed
from toolkit.client.models import Initiative
from toolkit.errors import shown
from toolkit.intake.merge_rows import Reader, said
from toolkit.words import grouped, money, percent, recorded_percent

NotListed = Literal["", "keep", "done", "stopped"]
MOST_SAMPLES = 3
MOST_SHARE = 0.99
FAR_ABOVE = 10  # times the next largest figure
MOST_FAR_ABOVE = 3  # rows
FEWEST_FIGURES = 3
VERY_SMALL = 1_000  # of a project's money, in whatever currency


def beside_the_record(reader: Reader, choice: NotListed, currency: str) -> list[str]:
    """Settle what a register that comes again no longer lists, and say what of it and the record differs in silence."""
    absent = _settle_not_listed(reader, choice)
    return [
        *_about_not_listed(absent, choice),
        *_about_kept(reader),
        *_far_above(reader, currency),
        *_very_small(reader, currency),
    ]


def _settle_not_listed(reader: Reader, choice: NotListed) -> tuple[str, ...]:
    """Return the open initiatives that a register which comes again does not list, each done or stopped if so chosen.

    A register is known again by the rows it shares with the record, and its rows by their source.
    """
    again = [key for key in reader.seen if key in reader.before]
    if reader.model is not Initiative or not again:
        return ()
    sources = {getattr(reader.after[key], "source", None) for key in again}
    absent = tuple(
        key
        for key, row in reader.before.items()
        if isinstance(row, Initiative) and row.is_open and key not in reader.listed and row.source in sources
    )
    if choice in ("done", "stopped"):
        for key in absent:
            reader.after[key] = reader.after[key].model_copy(update={"status": choice})
    return absent


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
