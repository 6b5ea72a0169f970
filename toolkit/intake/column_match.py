"""The columns and rows of another's table that a map and the command line ask for, and whether they are there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.client.faults import closest, listed
from toolkit.client.models import Action, Asset, Decision, Initiative, Kpi, Risk, Service
from toolkit.client.schema import Row
from toolkit.errors import Fault, InputError, shown
from toolkit.intake.mapping import ImportMap, Source
from toolkit.intake.merge_rows import READING
from toolkit.intake.table import Cell, Sheet
from toolkit.intake.table_layout import as_compared
from toolkit.intake.values import kind_of

# A heading that says its unit: read as it stands, 250 would be 250 and not 250,000.
_MONEY = r"(?:€|\$|£|EUR|USD|GBP|CHF|CAD|AUD|NZD)"
_UNITS = {
    1_000: rf"\b[kKtT][ ]?{_MONEY}|{_MONEY}[ ]?[kK]\b|\b(?:TEUR|TCHF|Tsd)\b|'?\b000s?\b|\b(?:in )?(?:thousands?|tausend|milliers|miles)\b",
    1_000_000: rf"\b[mM][ ]?{_MONEY}|{_MONEY}[ ]?(?:[mM]|mn|Mio)\b|\b(?:in )?(?:millions?|Mio|mn|Millionen|milliones?|miljoenen|milioni)\b",
    1_000_000_000: r"\b(?:Mrd|billions?|Milliarden|milliards?)\b",
}  # fmt: skip
_UNIT = {factor: re.compile(pattern) for factor, pattern in _UNITS.items()}

Condition = tuple[str, Sequence[str]]  # a column, and the values its cell may have
Kept = tuple[tuple[int, Mapping[str, Cell]], ...]
MODELS: dict[str, type[Row]] = {
    "initiatives": Initiative, "kpis": Kpi, "risks": Risk, "services": Service, "assets": Asset, "actions": Action, "decisions": Decision,
}  # fmt: skip


def conditions_of(sheet: Sheet, mapping: ImportMap, where: Sequence[str]) -> list[Condition]:
    """Return what must hold of a row; values named for one column on the command line are alternatives."""
    out: dict[str, tuple[str, ...]] = {}
    for one in where:
        column, equals, value = one.partition("=")
        if not equals:
            raise InputError(
                [
                    Fault(
                        "align import, --where",
                        one,
                        "COLUMN=VALUE",
                        "Write the column's name, an equals sign and the value.",
                    )
                ]
            )
        out[column.strip()] = (*out.get(column.strip(), ()), value.strip())
    return [
        (_here(sheet, column) or column, values) for column, values in [*mapping.where.items(), *out.items()]
    ]


def only_of(sheet: Sheet, mapping: ImportMap, where: Sequence[Condition]) -> Condition | None:
    """Return which rows a map takes where nothing else is asked of the column that tells them apart."""
    if mapping.only is None:
        return None
    columns = [there for one in mapping.only.column if (there := _here(sheet, one))]
    if not columns or any(column in columns for column, _ in where):
        return None
    return columns[0], mapping.only.values


def kept_rows(sheet: Sheet, where: Sequence[Condition]) -> Kept:
    """Return the rows that meet every condition; InputError when there are rows and none does."""
    kept = tuple(
        (number, cells)
        for number, cells in sheet.rows
        if all(str(cells.get(column, "")).strip() in values for column, values in where)
    )
    if where and sheet.rows and not kept:
        raise InputError([_nobody(sheet, where)])
    return kept


def _here(sheet: Sheet, column: str) -> str:
    """Return a column's heading as the file writes it, as headings are compared; "" when it is not there."""
    if column in sheet.header:
        return column
    return next((one for one in sheet.header if one and as_compared(one) == as_compared(column)), "")


def as_headed(sheet: Sheet, mapping: ImportMap) -> ImportMap:
    """Return the map with each column it names written as the file's heading, where the file has it."""

    def there(column: str) -> str:
        return _here(sheet, column) or column

    def sources(given: Mapping[Any, Source]) -> dict[Any, Source]:
        return {
            name: source.model_copy(update={"column": tuple(map(there, source.column))})
            for name, source in given.items()
        }

    where = {there(column): values for column, values in mapping.where.items()}
    headed: dict[str, Any] = {
        "fields": sources(mapping.fields),
        "labels": sources(mapping.labels),
        "where": where,
    }
    how = mapping.counts
    if how:
        both = how.whole_minus_part
        headed["counts"] = how.model_copy(
            update={
                "answers": {answer: there(column) for answer, column in how.answers.items()},
                "base": how.base and there(how.base),
                "whole_minus_part": both and both.model_copy(update={"column": there(both.column)}),
            }
        )
    return mapping.model_copy(update=headed)


def in_currency(sheet: Sheet, mapping: ImportMap, currency: str) -> ImportMap:
    """Return the map with headings that name the client's currency behind a column's own, as our workbooks do."""
    fields = {
        name: source.model_copy(update={"column": (*source.column, *(both for one in source.column if (both := f"{one}, {currency}") in sheet.header))})
        for name, source in mapping.fields.items()
    }  # fmt: skip
    return mapping.model_copy(update={"fields": fields})


def present_fields(sheet: Sheet, mapping: ImportMap) -> dict[str, Source]:
    """Return the fields whose columns the table has, each with those columns only."""
    out = {}
    for field, source in mapping.fields.items():
        columns = tuple(dict.fromkeys(one for one in source.column if one in sheet.header))
        if columns or source.constant is not None:
            out[field] = source.model_copy(update={"column": columns})
    return out


def unit_of(heading: str) -> int:
    """Return what one of a column counts as its heading says, 1,000,000 for "Cost (£m)"; 0 where it says none."""
    return next((factor for factor, pattern in _UNIT.items() if pattern.search(heading)), 0)


def check_columns(sheet: Sheet, mapping: ImportMap, where: Sequence[Condition], strict: bool) -> None:
    """Check that the columns asked for are there, and that the fields exist.

    Parameters
    ----------
    strict : bool
        Whether a field none of whose columns is there is a fault; the shipped maps name many.

    Raises
    ------
    InputError
        With every fault.
    """
    faults = [_absent(sheet, field, source) for field, source in [*mapping.fields.items(), *mapping.labels.items()]
              if strict and source.column and not any(one in sheet.header for one in source.column)]  # fmt: skip
    faults += _absent_conditions(sheet, [column for column, _ in where])
    faults += _of_another_unit(sheet, mapping) if strict else []
    fields = (
        (*MODELS[mapping.kind].model_fields, *(READING if mapping.kind == "kpis" else ()))
        if mapping.kind in MODELS
        else ("round", "group", "question")
    )
    for name in mapping.fields:
        if name not in fields:
            faults.append(
                Fault(
                    f"the map, field {shown(name)}",
                    name,
                    f"one of: {listed(fields)}",
                    f"{closest(name, fields)}Correct the field's name in the map.",
                )
            )
    if faults:
        raise InputError(faults)


def _of_another_unit(sheet: Sheet, mapping: ImportMap) -> list[Fault]:
    """Return the faults of money whose heading says another unit than whole amounts, where a map says nothing of it."""
    return [
        Fault(
            sheet.place(1, column),
            f"amounts in {factor:,}s, as the heading says",
            f"for our field {field}, in the map, what a figure is multiplied by",
            f"Write in the map's {field} unit_factor: {factor}, or unit_factor: 1 if the cells hold whole amounts.",
        )
        for field, source in mapping.fields.items()
        if mapping.kind in MODELS and field in MODELS[mapping.kind].model_fields and "unit_factor" not in source.model_fields_set
        and kind_of(MODELS[mapping.kind], field) == "money"
        for column in source.column
        if column in sheet.header and (factor := unit_of(column))
    ]  # fmt: skip


def check_conditions(sheet: Sheet, where: Mapping[str, Sequence[str]]) -> None:
    """Check that the columns of conditions are there; InputError with those that are not."""
    if faults := _absent_conditions(sheet, [*where]):
        raise InputError(faults)


def _absent_conditions(sheet: Sheet, columns: Sequence[str]) -> list[Fault]:
    return [
        Fault(
            sheet.place(1),
            f"no column {shown(column)}",
            f"one of: {listed(sheet.header)}",
            f"{closest(column, sheet.header)}Correct the column after --where or in the map's where.",
        )
        for column in columns
        if column not in sheet.header
    ]


def _nobody(sheet: Sheet, where: Sequence[Condition]) -> Fault:
    """Return the fault of conditions that no row meets."""
    wanted = " and ".join(f"{column}={' or '.join(values)}" for column, values in where)
    column, values = where[-1]
    there = list(dict.fromkeys(str(cells.get(column, "")).strip() for _, cells in sheet.rows))
    remedy = f"{closest(values[0], there)}Correct the value after --where or in the map's where."
    return Fault(
        f"{sheet.file}, column {shown(column)}", f"no row with {wanted}", f"one of: {listed(there)}", remedy
    )


def _absent(sheet: Sheet, field: str, source: Source) -> Fault:
    return Fault(
        f"the map, {shown(field)}",
        f"no column {' or '.join(map(shown, source.column))} in {sheet.file}",
        f"one of: {listed(name for name in sheet.header if name)}",
        f"{closest(source.column[0], sheet.header)}Correct the column in the map, or remove the field; --make-map MAP.yaml "
        "writes a map with this table's columns.",
    )
