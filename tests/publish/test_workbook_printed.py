"""The workbooks on paper, as LibreOffice prints them: so many pages, each row whole, titles and page numbers on each."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from large_client import large_client
from pypdf import PdfReader

from toolkit.client.store import load
from toolkit.plan import explain_roadmap
from toolkit.publish.figures_workbook import figures_xlsx
from toolkit.publish.roadmap_workbook import roadmap_xlsx

pytestmark = pytest.mark.heavy

SAMPLES = Path(__file__).resolve().parents[2] / "client_data"
MOST = 10
ACROSS = (842, 595)  # points: A4 across


def printed(data: bytes, folder: Path) -> list[str]:
    """Print a workbook to A4 and return its pages' texts."""
    assert shutil.which("soffice"), "no LibreOffice on this machine: run 'make soak', which installs it"
    (folder / "book.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "book.xlsx")], check=True, capture_output=True, timeout=300)
    pages = PdfReader(folder / "book.pdf").pages
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {ACROSS}
    return [page.extract_text() for page in pages]


@pytest.mark.parametrize(
    "name", ["meridian-manufacturing", "harbour-credit-union", "lakeside-clinic", "60 initiatives"]
)
def test_a_workbook_prints_with_its_rows_whole(name: str, tmp_path: Path) -> None:
    """The roadmap's takes ten pages at most; in both each sheet is one page wide, its titles on each page, its name below."""
    record = load(SAMPLES, name) if (SAMPLES / name).is_dir() else large_client(60)
    roadmap = explain_roadmap(record)
    for data, most in ((roadmap_xlsx(record, roadmap), MOST), (figures_xlsx(record, roadmap), 99)):
        pages = printed(data, tmp_path)
        assert len(pages) <= most
        book = openpyxl.load_workbook(tmp_path / "book.xlsx")
        first, last = [sheet["A1"].value for sheet in book], [sheet[1][-1].value for sheet in book]
        at = -1
        for number, text in enumerate(pages, 1):
            title = re.search(rf"([\w -]+), page {number} of {len(pages)}", text)
            assert title, text[-200:]
            at = next(n for n, sheet in enumerate(book) if title[1].strip().endswith(sheet.title) and n >= at)
            flat = "".join(text.split())
            assert "".join(first[at].split()) in flat
            assert "".join(last[at].split()) in flat  # the last column stands on the first one's page
