"""A roadmap as text and back, so that it is solved once and read by everything that shows it."""

from __future__ import annotations

from pydantic import TypeAdapter

from toolkit.plan.roadmap import Roadmap

# Where publish leaves the plan it solved, in the private copy of a client's folder that notebooks see.
PLAN_FILE = "draft/plan.json"
_ROADMAP = TypeAdapter(Roadmap)


def to_json(roadmap: Roadmap) -> str:
    """Return a roadmap as JSON: the same roadmap, the same text."""
    return _ROADMAP.dump_json(roadmap, indent=1).decode() + "\n"


def from_json(text: str) -> Roadmap:
    """Return the roadmap that :func:`to_json` wrote; pydantic's ValidationError for anything else."""
    return _ROADMAP.validate_json(text)
