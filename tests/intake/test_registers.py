"""Registers of four tools: recognised by their headings, and the same projects whatever their form."""

from __future__ import annotations

import io
from typing import Any

import pytest
from register_exports import EXPECTED, Export, exports
from rich.console import Console

from toolkit.intake import preview
from toolkit.intake.heading import header_at
from toolkit.intake.services import SERVICES, service_map
from toolkit.intake.sheets import read_raw

ALL = exports()


def plain(one: Any) -> dict[str, Any]:
    """Return what an initiative holds, without what is missing."""
    return {name: value for name, value in one if value not in (None, (), {})}


def printed(done: Any) -> str:
    """Return a preview as a terminal would get it."""
    out = io.StringIO()
    Console(file=out, width=250, force_terminal=False).print(preview(done))
    return out.getvalue()


@pytest.mark.parametrize("export", ALL, ids=lambda one: f"{one.tool}: {one.form}")
def test_every_form_of_a_tools_export_holds_the_same_projects(desk: Any, export: Export) -> None:
    """No map, no question: four forms of each of four tools give exactly the projects that were put in."""
    done = desk.put(export.data, name=export.name)
    assert [plain(one) for one in desk.record.initiatives] == [
        {**one, "source": export.tool} for one in EXPECTED[export.tool]
    ]
    assert f"Read as an export of {export.tool}." in printed(done)
    assert desk.put(export.data, name=export.name).changed == ()


@pytest.mark.parametrize("export", ALL, ids=lambda one: f"{one.tool}: {one.form}")
def test_an_export_is_recognised_as_that_of_one_tool_only(desk: Any, export: Export) -> None:
    """The signs of the four tools tell them apart: only one tool's map finds its header."""
    path = desk.folder / export.name
    path.write_bytes(export.data)
    found = [name for name in SERVICES if header_at(read_raw(path), service_map(name)) is not None]
    assert [service_map(name).service for name in found] == [export.tool]
