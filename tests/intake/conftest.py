"""A client to import into, tables to import, and the account of what happened."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import openpyxl
import pytest

from toolkit.client.new_client import start_client
from toolkit.client.store import load
from toolkit.errors import InputError
from toolkit.intake import Import, import_file


class Desk:
    """One client and a folder for tables: imports into the first from the second."""

    def __init__(self, folder: Path, questionnaire: str = "none", currency: str = "CAD") -> None:
        self.folder, self.clients = folder, folder / "clients"
        start_client(self.clients, "acme", "Acme", date(2026, 9, 30), currency, questionnaire)

    def put(
        self,
        table: str | bytes,
        kind: str = "initiatives",
        chosen: str = "",
        where: Sequence[str] = (),
        name: str = "table.csv",
        **options: bool,
    ) -> Import:
        """Write a table and, if given, a map, and import."""
        path = self.folder / name
        path.write_bytes(table if isinstance(table, bytes) else table.encode())
        map_file = self.folder / "map.yaml" if chosen else None
        if map_file:
            map_file.write_text(chosen, encoding="utf-8")
        return import_file(self.clients, kind, "acme", path, map_file, where, **options)

    def refusal(self, *arguments: Any, **options: Any) -> str:
        """Import what must be refused; return the error's text, having seen that nothing on disk moved."""
        before = self.on_disk()
        with pytest.raises(InputError) as caught:
            self.put(*arguments, **options)
        assert self.on_disk() == before
        assert all(one.where and one.found and one.allowed and one.remedy for one in caught.value.faults)
        return str(caught.value)

    def on_disk(self) -> dict[str, bytes]:
        """Every byte of the client's folder, the lock aside."""
        return {
            str(path.relative_to(self.clients)): path.read_bytes()
            for path in sorted(self.clients.rglob("*"))
            if path.is_file() and path.name != ".lock"
        }

    @property
    def record(self) -> Any:
        """The record as it is on disk."""
        return load(self.clients, "acme")

    def initiative(self, name: str) -> Any:
        """One initiative of the record."""
        return next(one for one in self.record.initiatives if one.id == name)

    def counts(self) -> dict[tuple[str, str], tuple[int, ...]]:
        """The record's counts by group and question."""
        return {(one.group, one.question): one.counts for one in self.record.aggregates}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A client without a survey, in Canadian dollars."""
    return Desk(tmp_path)


@pytest.fixture
def surveyed(tmp_path: Path) -> Desk:
    """A client whose round asks the pulse questionnaire."""
    return Desk(tmp_path, "pulse")


@pytest.fixture
def workbook() -> Callable[..., bytes]:
    """A function that makes an XLSX file of rows, and lets its sheet's XML be changed."""

    def make(
        rows: Sequence[Sequence[Any]],
        title: str = "Sheet",
        edit: Callable[[bytes], bytes] | None = None,
        formulas: bool = False,
    ) -> bytes:
        book = openpyxl.Workbook()
        sheet = book.active
        for row in rows:
            sheet.append(list(row))
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            cell.data_type = "f" if formulas else "s"
        made, out = io.BytesIO(), io.BytesIO()
        book.save(made)
        with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for member in source.namelist():
                data = source.read(member)
                if member == "xl/workbook.xml":  # openpyxl itself would refuse what a stranger may write
                    data = data.replace(b'name="Sheet"', f"name={quoteattr(title)}".encode())
                if edit and member == "xl/worksheets/sheet1.xml":
                    changed = edit(data)
                    assert changed != data, "the edit missed"
                    data = changed
                target.writestr(member, data)
        return out.getvalue()

    return make
