"""Saving a scenario, and naming the one that the plan follows, with the rest of ``client.yaml`` as it was."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from toolkit.client.facts import Facts
from toolkit.client.parts import FACTS
from toolkit.client.scenarios import Scenario, scenario_file
from toolkit.client.store import save
from toolkit.client.yaml_files import dump_facts, dump_model, read_model
from toolkit.errors import InputError

# libyaml, where PyYAML was built with it; its marks count characters, as Python's own do.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
        changed[FACTS] = with_proposed(read[FACTS], scenario.id)
    save(clients, slug, changed, read)
    return {**read, **changed}


def with_proposed(data: bytes, scenario: str) -> bytes:
    """Return ``client.yaml`` with its ``planning.scenario`` set, and every other byte as it was.

    A file that such a line cannot be put into is written anew, which loses its remarks.

    Raises
    ------
    InputError
        When ``client.yaml`` has faults.
    """
    facts, faults = read_model(Facts, data, FACTS)
    if facts is None:
        raise InputError(faults)
    planning = facts.planning.model_copy(update={"scenario": scenario})
    wanted = facts.model_copy(update={"planning": planning})
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    edited = mark + _put_in(data.decode("utf-8-sig"), f'"{scenario}"').encode()
    return edited if read_model(Facts, edited, FACTS)[0] == wanted else dump_facts(wanted)


def _put_in(text: str, word: str) -> str:
    """Return the text with ``planning: scenario:`` reading ``word``, wherever ``planning`` stands in it."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    root: Any = yaml.compose(text, Loader=_LOADER)
    planning = next((value for key, value in root.value if key.value == "planning"), None)
    if planning is None:
        gap = "" if text.endswith("\n") else line_end
        return f"{text}{gap}planning:{line_end}  scenario: {word}{line_end}"
    begin, end = planning.start_mark.index, planning.end_mark.index
    if not isinstance(planning, yaml.MappingNode):
        return f"{text[:begin]}{line_end}  scenario: {word}{text[end:]}"
    named = next((value for key, value in planning.value if key.value == "scenario"), None)
    if named is not None:
        begin, end = named.start_mark.index, named.end_mark.index
        return f"{text[:begin]}{word if begin < end else f' {word}'}{text[end:]}"
    if planning.flow_style:
        more = ", " if planning.value else ""
        return f"{text[: begin + 1]}scenario: {word}{more}{text[begin + 1 :]}"
    indent = " " * planning.start_mark.column
    return f"{text[:begin]}scenario: {word}{line_end}{indent}{text[begin:]}"
