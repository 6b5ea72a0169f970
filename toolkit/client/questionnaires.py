"""The questionnaires that ship with the toolkit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from toolkit.client.questionnaire import Questionnaire
from toolkit.client.yaml_files import read_model
from toolkit.errors import Fault, InputError
from toolkit.files import ignored
from toolkit.shipped import shipped, shipped_bytes

OWN = "own"


@cache
def shipped_questionnaires() -> Mapping[str, Questionnaire]:
    """Return the shipped questionnaires by id, in the order of their file names; read once.

    Raises
    ------
    InputError
        When one of them was changed so that it cannot be read, or its id is not its file's name.
    """
    found: dict[str, Questionnaire] = {}
    faults: list[Fault] = []
    for path in sorted(path for path in shipped("questionnaires").glob("*.yaml") if not ignored(path.name)):
        where = f"questionnaires/{path.name}"
        questionnaire, wrong = read_model(Questionnaire, shipped_bytes("questionnaires", path.name), where)
        faults += wrong
        if questionnaire is None:
            continue
        if questionnaire.id != path.stem:
            allowed = f"the file's name, {path.stem}"
            faults.append(
                Fault(f"{where}, field id", questionnaire.id, allowed, "Correct the id or the file's name.")
            )
        found[path.stem] = questionnaire
    if faults:
        raise InputError(faults)
    return MappingProxyType(found)


def read_own(data: bytes, file: str) -> tuple[Questionnaire | None, list[Fault]]:
    """Read a client's own questionnaire: it and no fault, or None and every fault found."""
    return read_model(Questionnaire, data, file)
