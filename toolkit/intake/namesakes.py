"""Entries of the record that a row may be though its id is another, or is not though its id is the same."""

from __future__ import annotations

from collections.abc import Mapping, Set

from pydantic import BaseModel

from toolkit.errors import Fault, shown


def of_another_case(identity: str, known: Mapping[str, BaseModel], where: str) -> Fault | None:
    """Return the fault of an id that differs from one of the record in letter case alone."""
    other = next((one for one in known if one != identity and one.casefold() == identity.casefold()), "")
    if not other:
        return None
    remedy = f"Write {shown(other)} if it is the same, or choose another id."
    return Fault(
        where, identity, f"ids that differ in more than letter case; there is {shown(other)}", remedy
    )


def of_another_name(identity: str, name: object, known: Mapping[str, BaseModel], where: str) -> Fault | None:
    """Return the fault of an id that is made of a name, and was made of another one before."""
    before = _name(known[identity]) if identity in known else ""
    if not before or _folded(before) == _folded(str(name)):
        return None
    return Fault(
        where,
        str(name),
        f"{shown(before)}, of which the id {shown(identity)} was made, or a name that makes another id",
        "Give the rows ids in a column of their own; where it is the same, write its name as the record has it.",
    )


def of_the_same_names(
    new: Mapping[str, str], after: Mapping[str, BaseModel], before: Mapping[str, BaseModel], listed: Set[str]
) -> dict[str, Fault]:
    """Return the faults of new rows that are named like an entry of the record which the table does not list.

    Parameters
    ----------
    new : mapping
        By id, where in the table it stands.
    listed : set of str
        The ids in the table.
    """
    others = {_told_apart(row): key for key, row in before.items() if key not in listed}
    faults = {}
    for key, where in new.items():
        if other := others.get(_told_apart(after[key])):
            found = f"{key}, {_name(after[key])}"
            allowed = f"one id for each; the record has this name under {shown(other)}, which the table does not list"
            remedy = (
                f"Give it the id {shown(other)} if it is the same; else give it another name, or the rows of this table "
                "a source."
            )
            faults[key] = Fault(where, found, allowed, remedy)
    return faults


def _told_apart(row: BaseModel) -> tuple[str, object]:
    return _folded(_name(row)), getattr(row, "source", None)


def _name(row: BaseModel) -> str:
    return str(getattr(row, "name", ""))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
