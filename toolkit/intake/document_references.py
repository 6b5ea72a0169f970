"""Where a document names an entry of one of its lists: an entry that is removed takes its name away everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toolkit.intake.document import PRIVATE, Document, Path, is_blank, is_list
from toolkit.intake.document_merge import differences

_EACH = "*"
# Where the entries of a list are named: as a value, as one of several, or as the name of a field.
_REFERENCES: dict[str, tuple[Path, ...]] = {
    "goals": (("initiatives", _EACH, "goals"), ("facts", "rounds", _EACH, "groups", _EACH, "priorities")),
    "kpis": (("facts", "goals", _EACH, "kpi"),),
    "impact": (("facts", "impact", _EACH, "overlaps"),),
    "risks": (("initiatives", _EACH, "settles"),),
    "initiatives": (("initiatives", _EACH, "depends_on"),),
    "rounds": (("facts", "themes", _EACH, "round"), ("positions",), (PRIVATE,)),
}


def without(document: Document, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield what removing an entry changes besides: each place that names it, and its value without the name."""
    if not is_list(path[:-1]):
        return
    rest = document
    for places in _REFERENCES.get(path[-2], ()):
        rest = _unnamed(rest, places, path[-1])
    for place, _, value, _ in differences(document, rest):
        if place[: len(path)] != path:  # the entry itself goes whole
            yield place, value


def _unnamed(value: Any, places: Path, id: str) -> Any:
    """Return a value without an id where ``places`` lead in it; what is left blank is left out."""
    if places and places[0] == _EACH:
        return [_unnamed(one, places[1:], id) for one in value] if isinstance(value, list) else value
    if places:
        if not isinstance(value, dict) or places[0] not in value:
            return value
        changed = {**value, places[0]: _unnamed(value[places[0]], places[1:], id)}
        return {name: inner for name, inner in changed.items() if not is_blank(inner)}
    if isinstance(value, dict):
        return {name: inner for name, inner in value.items() if name != id}
    if isinstance(value, list):
        return [one for one in value if one != id]
    return None if value == id else value
