"""From the bytes of a client's files to its record; nothing else is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from toolkit.client.checks import check_parts
from toolkit.client.deck import is_picture_file
from toolkit.client.models import Facts, Scenario, is_scenario_file
from toolkit.client.parts import FACTS, FILES, QUESTIONNAIRE, TABLES, Parts
from toolkit.client.questionnaires import OWN, read_own, shipped_questionnaires
from toolkit.client.record import Record
from toolkit.client.schema import Row
from toolkit.client.tables import Table, read_table
from toolkit.client.yaml_files import read_model
from toolkit.errors import Fault, InputError

R = TypeVar("R", bound=Row)


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
    parts = Parts(
        facts,
        questionnaires=questionnaires,
        scenarios={name: one for name, (one, _) in scenarios.items()},
        own_unreadable=bool(own_faults),
        pictures=pictures,
        **{name: _table(model, files, file) for file, (name, model) in TABLES.items()},  # type: ignore[arg-type]
    )
    tables = parts.tables.values()
    faults += [*facts_faults, *(fault for table in tables for fault in table.faults), *own_faults]
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
        **{TABLES[file][0]: table.rows for file, table in parts.tables.items()},
    )


def _facts(files: Mapping[str, bytes]) -> tuple[Facts | None, list[Fault]]:
    if FACTS in files:
        return read_model(Facts, files[FACTS], FACTS)
    remedy = "Add client.yaml, or make the client with 'align new'."
    return None, [Fault(FACTS, "no such file", "a file that says who the client is, and its rounds", remedy)]


def _table(model: type[R], files: Mapping[str, bytes], name: str) -> Table[R]:
    return read_table(model, files[name], name) if name in files else Table(name)


def _not_a_record_file(name: str) -> Fault:
    return Fault(
        name,
        "a file that is no part of a record",
        f"one of: {', '.join(FILES)}, scenarios/<id>.yaml, its id of lower-case letters, digits and '-', "
        "or a picture such as slides/plant.png",
        "Rename or remove it.",
    )
