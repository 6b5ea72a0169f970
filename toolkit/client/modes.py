"""How a group answers is settled by its first answer: said in confidence, it never becomes a position, nor the reverse.

So does the fewest people a survey promised to show: it may rise, and never falls. Both are promised by the
questionnaire that went out, before anyone has answered.

A position on the record and one reply given in confidence look alike in ``responses.csv``: one code, one row a
question. So the mode of each group that has answered is kept, from the first save, check or run that finds an answer
of it, in ``modes.json`` in the client's folder. Beside it stands, in keyed digests, what each person said in confidence: it
stays so under another name of the round or group, and after the answers were away for a while. Private.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from toolkit.client.parts import entry
from toolkit.client.record import Record
from toolkit.client.schema import Round, RoundGroup
from toolkit.errors import Fault, InputError
from toolkit.files import place, read, write

MODES = "modes.json"
Modes = dict[str, dict[str, str]]  # round → group → mode
# So many answers of one person, all alike, are taken for one person's under whatever code.
TELLING = 4


@dataclass(frozen=True)
class _Kept:
    """The file: modes and minima by round and group, and digests of each person's answers in confidence, under a key of its own.

    ``confided`` has with each digest the highest minimum under which it was said; 0 where an older version kept it.
    ``asked`` are the minima that questionnaires promised to surveyed groups, by round and group.
    """

    modes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    minima: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    key: str = ""
    confided: Mapping[str, int] = field(default_factory=dict)
    asked: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


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
    file = _read(folder)
    kept = {**(before or {}), **file.modes}
    said = {
        (name, group): (_digests(record, name, group, file.key), known.minimum)
        for name, group, known, mode in _answered(record)
        if mode == "survey"
    }
    # Answers that a surveyed group still has are no position's: two people may say the same.
    moved = file.confided.keys() - {one for digests, _ in said.values() for one in digests}
    faults = []
    for name, group, known, mode in _answered(record):
        was = kept.get(name, {}).get(group, mode)
        if mode != "survey" and moved & _digests(record, name, group, file.key):
            was = "survey"
        if was != mode:
            faults.append(_changed(record, name, known, "has answered by", was, mode))
        elif mode != "survey" and group in file.asked.get(name, {}):
            faults.append(_changed(record, name, known, "was asked by", "survey", mode))
    for one in record.facts.rounds:
        for known in one.groups:
            place, asked = (one.id, known.group), file.asked.get(one.id, {}).get(known.group, 0)
            promised = _promised(file, said, place)
            if known.answers_by == "survey" and known.minimum < max(promised, asked):
                how = "people have answered under" if promised >= asked else "the questionnaire promised"
                faults.append(_lowered(record, one.id, known, how, max(promised, asked)))
    if faults:
        raise InputError(faults)


def note_modes(folder: Path, record: Record) -> None:
    """Keep the modes of a checked record's groups that have answered.

    What a group answered may be deleted, to begin anew: only answers that are there settle its mode.
    """
    file = _read(folder)
    key = file.key or secrets.token_hex(16)
    confided = dict(file.confided)
    minima: dict[str, dict[str, int]] = {}
    for name, group, known, mode in _answered(record):
        if mode == "survey":
            minima.setdefault(name, {})[group] = known.minimum
            for digest in _digests(record, name, group, key):
                confided[digest] = max(known.minimum, confided.get(digest, 0))
    _keep(
        folder,
        file,
        replace(
            file, modes=modes_of(record), minima=minima, key=key if confided else file.key, confided=confided
        ),
    )


def _promised(
    file: _Kept, said: Mapping[tuple[str, str], tuple[frozenset[str], int]], place: tuple[str, str]
) -> int:
    """Return the fewest people that those of a round's group, by what they said, were told are shown together.

    What another group, still there under the minimum it was told, said just so binds that group alone.
    """
    if place not in said:
        return 0
    kept = {
        digest
        for other, (digests, minimum) in said.items()
        if other != place
        for digest in digests
        if minimum >= file.confided.get(digest, 0)
    }
    own = [file.confided.get(digest, 0) for digest in said[place][0] - kept]
    return max([file.minima.get(place[0], {}).get(place[1], 0), *own])


def note_asked(folder: Path, one: Round) -> None:
    """Keep what a round's questionnaire, as it is written now, promises to each group that is surveyed.

    A group that is asked for a position was told so: what an earlier questionnaire promised it no longer stands.
    """
    file = _read(folder)
    before = file.asked.get(one.id, {})
    now = {group.group: group for group in one.groups}
    promised = {name: minimum for name, minimum in before.items() if name not in now}
    for name, group in now.items():
        if group.answers_by == "survey":
            promised[name] = max(group.minimum, before.get(name, 0))
    _keep(folder, file, replace(file, asked={**file.asked, one.id: promised}))


def _keep(folder: Path, file: _Kept, now: _Kept) -> None:
    if now != file:
        with suppress(OSError):  # a folder that may only be read can be checked all the same
            _write(folder, now)


def forget_key(folder: Path) -> None:
    """Take away the key of the digests of what was said in confidence: without it no answer can be guessed back from them.

    Raises
    ------
    OSError
        When the disk refuses.
    """
    file = _read(folder)
    if file.key:
        _write(folder, replace(file, key=""))


def _write(folder: Path, now: _Kept) -> None:
    held = {
        "modes": now.modes, "minima": now.minima, "asked": now.asked, "key": now.key, "confided": now.confided,
    }  # fmt: skip
    write(folder, MODES, (json.dumps(held, indent=1, sort_keys=True) + "\n").encode())


def modes_of(record: Record) -> Modes:
    """Return the mode of each group that has answered, by round."""
    found: Modes = {}
    for name, group, _, mode in _answered(record):
        found.setdefault(name, {})[group] = mode
    return found


def _answered(record: Record) -> Iterator[tuple[str, str, RoundGroup, str]]:
    """Yield round, group and mode of each group that has answered."""
    answered = {(one.round, one.group) for one in record.responses}
    answered |= {(one.round, one.group) for one in record.aggregates}
    for one in record.facts.rounds:
        for group in one.groups:
            if (one.id, group.group) in answered:
                yield one.id, group.group, group, group.answers_by


def _digests(record: Record, name: str, group: str, key: str) -> frozenset[str]:
    """Return a digest of all that each person of a group answered in a round, the person's code among it; of counts one."""
    said: dict[str, list[tuple[str, float]]] = {}
    for one in record.responses:
        if (one.round, one.group) == (name, group) and one.score is not None:
            said.setdefault(one.respondent, []).append((one.question, one.score))
    told: list[object] = [[who, sorted(answers)] for who, answers in said.items()]
    told += [sorted(answers) for answers in said.values() if len(answers) >= TELLING]  # under whatever code
    counts = [(x.question, *x.counts) for x in record.aggregates if (x.round, x.group) == (name, group)]
    told += [sorted(counts)] if counts else []
    return frozenset(
        hmac.new(key.encode(), json.dumps(one).encode(), "sha256").hexdigest()[:24] for one in told
    )


def _place(record: Record, name: str, known: RoundGroup, field: str) -> str:
    index, one = next((i, one) for i, one in enumerate(record.facts.rounds) if one.id == name)
    return f"{entry('rounds', index, name, 'groups')}, entry {one.groups.index(known) + 1} ({known.group}), field {field}"


def _lowered(record: Record, name: str, known: RoundGroup, how: str, promised: int) -> Fault:
    return Fault(
        _place(record, name, known, "minimum"),
        f"{known.minimum}, though {how} {promised}",
        f"{promised} or more: nobody's answers are shown among fewer people than was said when they gave them",
        f"Write 'minimum: {promised}'. Only if they were told {known.minimum} from the start, delete {MODES}.",
    )


def _changed(record: Record, name: str, known: RoundGroup, how: str, was: str, mode: str) -> Fault:
    group = known.group
    return Fault(
        _place(record, name, known, "mode"),
        f"{mode}, though {group} {how} {was}",
        f"{was}: what people said in one way is not shown in another",
        f"Write 'mode: {was}' and the number that was invited; to ask in another way, add a new round in which everyone "
        f"is asked again. Only if this group's answers were never given by {was}, delete {MODES}.",
    )


def _read(folder: Path) -> _Kept:
    place(folder, MODES)
    try:
        found = json.loads(read(folder, MODES))
    except FileNotFoundError:
        return _Kept()
    except (InputError, ValueError):
        found = None
    if isinstance(found, dict) and "modes" not in found:
        found = {"modes": found, "minima": {}, "key": "", "confided": {}}  # as the first version wrote it
    with suppress(KeyError, TypeError, ValueError, AttributeError):
        confided = found["confided"]
        parts = (found["modes"], found["minima"], found.get("asked", {}))
        if all(isinstance(groups, dict) for part in parts for groups in part.values()):
            return _Kept(
                found["modes"],
                found["minima"],
                str(found["key"]),
                {str(one): int(n) for one, n in confided.items()}
                if isinstance(confided, dict)
                else dict.fromkeys(map(str, confided), 0),
                found.get("asked", {}),
            )
    remedy = "Restore it from a backup; delete it only if no group answers in another way than it was asked."
    raise InputError([Fault(MODES, "a file that cannot be read", "the file as align wrote it", remedy)])
