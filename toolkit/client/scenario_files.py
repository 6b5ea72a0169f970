"""Saving a scenario, and naming the one that the plan follows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from toolkit.client.models import Scenario, scenario_file
from toolkit.client.parts import FACTS
from toolkit.client.reading import read_record
from toolkit.client.store import save
from toolkit.client.yaml_text import dump_facts, dump_model


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
