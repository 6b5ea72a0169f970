"""Clients on disk: read whole, saved under a lock, never overwritten unseen, never left half-written."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from toolkit.client import transaction
from toolkit.client.checks import check_parts
from toolkit.client.closed import note_closed, refuse_closed
from toolkit.client.deck import is_picture_file, pictures_named
from toolkit.client.field_types import Row
from toolkit.client.folders import client_folder, clients_folder, existing_folder, slugs
from toolkit.client.modes import Modes, check_modes, modes_of, note_modes
from toolkit.client.parts import FACTS, FILES, QUESTIONNAIRE, RESPONSES, TABLES, Parts
from toolkit.client.questionnaire import OWN, Questionnaire, read_own, shipped_questionnaires
from toolkit.client.record import Record
from toolkit.client.record_csv import Table, read_table
from toolkit.client.record_yaml import rewritten
from toolkit.client.schema import SCENARIOS, Facts, Scenario, is_scenario_file, scenario_file
from toolkit.client.yaml_files import read_model, stated_name
from toolkit.client.yaml_text import dump_facts, dump_model
from toolkit.errors import AlignError, ConflictError, Fault, InputError
from toolkit.files import ignored, is_plain, names_in, place, read, sync_folder, temporary, write_new
from toolkit.html.picture import LARGEST as LARGEST_PICTURE
from toolkit.words import plain

__all__ = [
    "RECORD_FILES",
    "client_folder",
    "client_name",
    "clients_folder",
    "close",
    "create",
    "load",
    "read_files",
    "read_record",
    "save",
    "save_scenario",
    "slugs",
]

RECORD_FILES = FILES
LOCK = ".lock"
LOCK_SECONDS = 10.0
READ_SECONDS = 5.0
_LARGEST = {FACTS: 5_000_000, QUESTIONNAIRE: 5_000_000, RESPONSES: 256_000_000}
_LARGEST_TABLE = 50_000_000
_SMALLER_PICTURE = "Save the picture smaller: 1,600 pixels across are enough."
_MODELS: dict[str, type[Row]] = {FACTS: Facts, QUESTIONNAIRE: Questionnaire}


def client_name(clients: Path, slug: str) -> str:
    """Return what a client is called, without reading its record; "" where its file does not tell."""
    with contextlib.suppress(OSError, InputError):
        return stated_name(read(client_folder(clients, slug), FACTS, _LARGEST[FACTS]))
    return ""


def load(clients: Path, slug: str) -> Record:
    """Read a client's record from disk; InputError with every fault when it cannot be used."""
    record = read_record(slug, read_files(clients, slug))
    check_modes(client_folder(clients, slug), record)
    return record


def read_files(clients: Path, slug: str) -> dict[str, bytes]:
    """Return the bytes of a client's record files, those that exist, by name.

    Raises
    ------
    EngagementClosed
        When the client's engagement is closed.
    InputError
        When the client or its ``client.yaml`` does not exist, or a file is a link, is no plain
        file, is too large, or may not be read.
    """
    folder = existing_folder(clients, slug)
    refuse_closed(folder)
    files = _steady(folder)
    if transaction.waiting(folder, transaction.last_save(folder)):
        # A save in progress holds the lock, and where nothing can be written, nothing need be.
        with contextlib.suppress(AlignError, OSError), _locked(folder, seconds=0):
            transaction.finish(folder)
    return files


def _steady(folder: Path) -> dict[str, bytes]:
    """Return a record's files as one save left them, however many are saving meanwhile."""
    until = time.monotonic() + READ_SECONDS
    while True:
        before = transaction.last_save(folder)
        files, faults = _files_in(folder, before)
        if transaction.last_save(folder) == before:
            break
        if time.monotonic() > until:
            raise ConflictError(
                f"{folder.name} was saved again and again for {plain(READ_SECONDS)} seconds while it was being read; "
                "nothing was read.\n  do:      Wait until the others are done, and try again."
            )
    if FACTS not in files and not faults:
        remedy = "Restore it from the history folder or a backup, or make the client with 'align new'."
        allowed = "a file that says who the client is"
        faults = [Fault(f"{folder.name}, {FACTS}", "no such file", allowed, remedy)]
    if faults:
        raise InputError(faults)
    return files


def _files_in(folder: Path, saved: transaction.Saved) -> tuple[dict[str, bytes], list[Fault]]:
    waiting = transaction.waiting(folder, saved)
    homes = [waiting, folder] if waiting else [folder]
    names = {*FILES, *(name for home in homes for name in _scenarios_in(home))}
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    for name in sorted(names - saved.gone if waiting else names):
        for home in homes:
            try:
                largest = _LARGEST.get(name, _LARGEST_TABLE)
                files[name] = read(home, name, largest, where=f"{folder.name}, {name}")
            except FileNotFoundError:
                continue  # none of this name, or one that has moved from the first home to the second
            except InputError as error:
                faults += error.faults
            break
    for name in pictures_named(files.get(FACTS, b"")):
        try:
            files[name] = read(folder, name, LARGEST_PICTURE, f"{folder.name}, {name}", _SMALLER_PICTURE)
        except FileNotFoundError:
            continue  # the slide that shows it says so
        except InputError as error:
            faults += error.faults
    return files, faults


def _scenarios_in(folder: Path) -> list[str]:
    """Return the names of the scenarios' files; the folder's own when it is not one to be read."""
    if is_plain(folder / SCENARIOS) or (folder / SCENARIOS).is_symlink():
        return [SCENARIOS]
    return [
        f"{SCENARIOS}/{each}"
        for each in names_in(folder, SCENARIOS)
        if each.endswith(".yaml") and not ignored(each)
    ]


def save(
    clients: Path, slug: str, changed: Mapping[str, bytes], read: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Write changed files of a record, all of them or none.

    A YAML file that stands there is the consultant's: of values that were written anew only those that differ
    are put into it, see :func:`toolkit.client.record_yaml.rewritten`.

    Parameters
    ----------
    changed : mapping
        The new bytes of the files that change, by name.
    read : mapping
        The record's files as they were read before the change was made.

    Returns
    -------
    dict
        The record's files as they now stand.

    Raises
    ------
    ConflictError
        When someone else is saving, or a file on disk is no longer as it was read; nothing was written.
    InputError
        When the record would not be valid; nothing was written.
    AlignError
        When the disk refused and what had been written was put back, or a change cannot be written into
        a YAML file without losing a remark.
    """
    folder = existing_folder(clients, slug)
    with _locked(folder, LOCK_SECONDS):
        refuse_closed(folder)
        on_disk = _steady(folder)
        transaction.finish(folder)
        # A picture is never written here, so that one put there meanwhile is no conflict.
        names = [name for name in dict.fromkeys([*FILES, *on_disk, *read]) if not is_picture_file(name)]
        differing = [name for name in names if on_disk.get(name) != read.get(name)]
        if differing:
            raise ConflictError(
                f"{', '.join(differing)} of {slug} changed on disk since it was read; nothing was written.\n"
                "  do:      Load the client again and repeat the change; what is on disk now stays as it is."
            )
        record = read_record(slug, {**on_disk, **changed})
        check_modes(folder, record, _modes_on(on_disk) if FACTS in changed else {})
        written = {name: _into(name, on_disk.get(name), data) for name, data in changed.items()}
        new = {name: data for name, data in written.items() if on_disk.get(name) != data}
        if new:
            transaction.put(folder, new, on_disk)
        note_modes(folder, record)
        return {**on_disk, **new}


def close(clients: Path, slug: str, on: date) -> None:
    """Close a client's engagement from a day on: its record is neither read nor saved any more.

    Raises
    ------
    ConflictError
        When someone else is saving; it stays open.
    OSError
        When the disk refuses; it stays open.
    """
    folder = existing_folder(clients, slug)
    with _locked(folder, LOCK_SECONDS):
        transaction.finish(folder)
        note_closed(folder, on)


def _into(name: str, there: bytes | None, data: bytes) -> bytes:
    """Return what to write for ``data``: values written anew go into a readable YAML file that is there.

    Text that has remarks or a style of its own, a file restored say, is written as it is.
    """
    model = Scenario if is_scenario_file(name) else _MODELS.get(name)
    if there is None or model is None:
        return data
    wanted, _ = read_model(model, data, name)
    anew = wanted and data == (dump_facts(wanted) if isinstance(wanted, Facts) else dump_model(wanted))
    if wanted is None or not anew or read_model(model, there, name)[0] is None:
        return data
    return rewritten(there, wanted, name)


def _modes_on(disk: Mapping[str, bytes]) -> Modes:
    """Return how groups have answered so far, which may have been written by hand; nothing of a record with faults."""
    with contextlib.suppress(InputError):
        return modes_of(read_record("", disk))
    return {}


@contextlib.contextmanager
def _locked(folder: Path, seconds: float) -> Iterator[None]:
    lock = FileLock(place(folder, LOCK), timeout=seconds)
    try:
        lock.acquire()
    except Timeout:
        raise ConflictError(
            f"Another window, command or colleague has been saving {folder.name} "
            f"for over {plain(seconds)} seconds; nothing was written.\n"
            "  do:      Wait and save again. If nobody else is at work on this client, close each JupyterLab "
            "and align window that has it open, and save again."
        ) from None
    except OSError as error:
        raise AlignError(
            f"Nothing can be written to the folder of {folder.name} ({error.strerror}).\n"
            f"  do:      See that you may write to {folder}, and that its disk has space."
        ) from error
    try:
        yield
    finally:
        lock.release()


def create(clients: Path, slug: str, files: Mapping[str, bytes]) -> None:
    """Make a new client's folder, complete or not at all.

    Raises
    ------
    InputError
        When the slug cannot be used, the client exists, or the files make no valid record.
    """
    folder = client_folder(clients, slug)
    if os.path.lexists(folder):
        remedy = f"Choose another name, or open the client that is there: 'align form {slug}'."
        raise InputError([Fault(f"{slug}, folder", "a client of this name", "a name not yet used", remedy)])
    read_record(slug, files)
    try:
        clients.mkdir(parents=True, exist_ok=True)
        with temporary(".new-", clients) as aside:
            building = aside / slug
            building.mkdir()
            for name, data in files.items():
                (building / name).parent.mkdir(exist_ok=True)
                write_new(building, name, data)
            sync_folder(building)
            building.rename(folder)
            sync_folder(clients)
    except OSError as error:
        raise AlignError(
            f"The folder of {slug} could not be made ({error.strerror}); nothing was left behind.\n"
            f"  do:      See that you may write to {clients}, and that its disk has space."
        ) from error


def read_record(slug: str, files: Mapping[str, bytes]) -> Record:
    """Read a record from its files' bytes, by file name.

    Raises
    ------
    InputError
        With every fault of every file, then every contradiction within what could be read.
    """
    pictures = {name: data for name, data in files.items() if is_picture_file(name)}
    faults = [
        _not_a_record_file(name)
        for name in files
        if name not in FILES and not is_scenario_file(name) and name not in pictures
    ]
    facts, facts_faults = _facts(files)
    questionnaires = dict(shipped_questionnaires())
    own, own_faults = read_own(files[QUESTIONNAIRE], QUESTIONNAIRE) if QUESTIONNAIRE in files else (None, [])
    if own is not None:
        questionnaires[OWN] = own
    scenarios = {
        name: read_model(Scenario, data, name)
        for name, data in sorted(files.items())
        if is_scenario_file(name)
    }
    tables: dict[str, Table[Any]] = {
        name: read_table(model, files[file], file) if file in files else Table(file)
        for file, (name, model) in TABLES.items()
    }
    parts = Parts(
        facts,
        questionnaires=questionnaires,
        scenarios={name: one for name, (one, _) in scenarios.items()},
        own_unreadable=bool(own_faults),
        pictures=pictures,
        **tables,
    )
    faults += [*facts_faults, *(fault for table in tables.values() for fault in table.faults), *own_faults]
    faults += [fault for _, found in scenarios.values() for fault in found]
    faults += check_parts(parts)
    if faults or facts is None:
        raise InputError(faults)
    return Record(
        slug,
        facts,
        questionnaires=questionnaires,
        scenarios=tuple(one for one in parts.scenarios.values() if one),
        pictures=pictures,
        **{name: table.rows for name, table in tables.items()},
    )


def _facts(files: Mapping[str, bytes]) -> tuple[Facts | None, list[Fault]]:
    if FACTS in files:
        return read_model(Facts, files[FACTS], FACTS)
    remedy = "Add client.yaml, or make the client with 'align new'."
    return None, [Fault(FACTS, "no such file", "a file that says who the client is, and its rounds", remedy)]


def _not_a_record_file(name: str) -> Fault:
    return Fault(
        name,
        "a file that is no part of a record",
        f"one of: {', '.join(FILES)}, scenarios/<id>.yaml, its id of lower-case letters, digits and '-', "
        "or a picture such as slides/plant.png",
        "Rename or remove it.",
    )


def save_scenario(
    clients: Path, slug: str, scenario: Scenario, read: Mapping[str, bytes], propose: bool = False
) -> dict[str, bytes]:
    """Write a scenario; with ``propose``, name it in the same step as the one that the plan follows.

    Parameters
    ----------
    read : mapping
        The record's files as they were read before the scenario was made.

    Returns
    -------
    dict
        The record's files as they now stand.

    Raises
    ------
    InputError
        When the scenario contradicts itself or the record; nothing was written.
    ConflictError
        When someone else changed the record meanwhile; nothing was written.
    """
    changed = {scenario_file(scenario.id): dump_model(scenario)}
    if propose:
        facts = read_record(slug, read).facts
        planning = facts.planning.model_copy(update={"scenario": scenario.id})
        changed[FACTS] = dump_facts(facts.model_copy(update={"planning": planning}))
    return save(clients, slug, changed, read)
