"""How a group answers is settled by its first answer: said in confidence, it never becomes a position, nor the reverse.

A position on the record and one reply given in confidence look alike in ``responses.csv``: one code, one row a
question. So the mode of each group that has answered is kept, from the first save, check or run that finds an answer
of it, in ``modes.json`` in the client's folder. It holds no answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from toolkit.client.parts import entry
from toolkit.client.record import Record
from toolkit.errors import Fault, InputError, shown
from toolkit.files import place, read, write

MODES = "modes.json"
Modes = dict[str, dict[str, str]]  # round → group → mode


def check_modes(folder: Path, record: Record, before: Modes | None = None) -> None:
    """Refuse a record in which a group that has answered now answers in another way.

    Parameters
    ----------
    before : Modes
        The modes of the record that this one replaces, which nothing may have kept yet.

    Raises
    ------
    InputError
        With one fault for each such group, or when the file cannot be read.
    """
    kept = {**(before or {}), **_read(folder)}
    faults = [
        _changed(record, name, group, kept[name][group], mode)
        for name, groups in modes_of(record).items()
        for group, mode in groups.items()
        if kept.get(name, {}).get(group, mode) != mode
    ]
    if faults:
        raise InputError(faults)


def note_modes(folder: Path, record: Record) -> None:
    """Keep the modes of a checked record's groups that have answered.

    What a group answered may be deleted, to begin anew: only answers that are there settle its mode.
    """
    if (now := modes_of(record)) != _read(folder):
        with suppress(OSError):  # a folder that may only be read can be checked all the same
            write(folder, MODES, (json.dumps(now, indent=1, sort_keys=True) + "\n").encode())


def modes_of(record: Record) -> Modes:
    """Return the mode of each group that has answered, by round."""
    answered = {(one.round, one.group) for one in record.responses}
    answered |= {(one.round, one.group) for one in record.aggregates}
    found: Modes = {}
    for one in record.facts.rounds:
        for group in one.groups:
            if (one.id, group.group) in answered:
                found.setdefault(one.id, {})[group.group] = group.answers_by
    return found


def _changed(record: Record, name: str, group: str, was: str, mode: str) -> Fault:
    index, one = next((i, one) for i, one in enumerate(record.facts.rounds) if one.id == name)
    number = next(i for i, each in enumerate(one.groups) if each.group == group)
    return Fault(
        f"{entry('rounds', index, name, 'groups')}, entry {number + 1} ({group}), field mode",
        f"{mode}, though {group} has answered by {was}",
        f"{was}: what people said in one way is not shown in another",
        f"Write 'mode: {was}' and the number that was invited; to ask in another way, add a new round. Only if this "
        f"group's answers were never given by {was}, delete the round {shown(name)} in {MODES}.",
    )


def _read(folder: Path) -> Mapping[str, Mapping[str, str]]:
    place(folder, MODES)
    try:
        found = json.loads(read(folder, MODES))
    except FileNotFoundError:
        return {}
    except (InputError, ValueError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(groups, dict) for groups in found.values()):
        remedy = (
            "Restore it from a backup; delete it only if no group answers in another way than it was asked."
        )
        raise InputError([Fault(MODES, "a file that cannot be read", "the file as align wrote it", remedy)])
    return found
