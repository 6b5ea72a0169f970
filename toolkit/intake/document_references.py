"""Where a document names an entry of one of its lists: an entry that is removed takes its name away everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from toolkit.client.field_types import Row, references, rows_within
from toolkit.client.parts import TABLES as FILES
from toolkit.client.schema import Facts
from toolkit.intake.document import PRIVATE, TABLES, Document, Path, is_blank, is_list
from toolkit.intake.document_merge import differences

_EACH = "*"


def _references(model: type[Row], path: Path) -> Iterator[tuple[str, Path]]:
    """Yield what each field within a model may name, and where it lies; a name that must stand is left to the checks."""
    for name, what in references(model):
        if not model.model_fields[name].is_required():
            yield what, (*path, name)
    for name, inner, many in rows_within(model):
        yield from _references(inner, (*path, name, _EACH) if many else (*path, name))


@cache
def _places(section: str) -> tuple[Path, ...]:
    """Return where the entries of a list are named: as a value, as one of several, or as the name of a field."""
    noun = {name: inner.noun for name, inner, _ in rows_within(Facts)}.get(section, section.removesuffix("s"))
    named = (
        *_references(Facts, ("facts",)),
        *(
            place
            for name, model in FILES.values()
            if (name,) in TABLES
            for place in _references(model, (name, _EACH))
        ),
    )
    return tuple(path for what, path in named if what == noun) + (
        (("positions",), (PRIVATE,)) if noun == "round" else ()
    )


def without(document: Document, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield what removing an entry changes besides: each place that names it, and its value without the name."""
    if not is_list(path[:-1]):
        return
    rest = document
    for places in _places(path[-2]):
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
