"""The JupyterLab that other tests drive: what it does to a notebook's kernel is what happens to a consultant's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from lab import JupyterLab, alive, until
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, expect

# What other tests stand on is tested whole in a soak: they would fail, were it broken.
pytestmark = [pytest.mark.browser, pytest.mark.heavy]

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
COUNTING = "seen = globals().get('seen', 0) + 1\nprint(f'run {seen} of this kernel')"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a notebook that counts its runs in one kernel."""
    folder = tmp_path / "lab"
    (folder / "notebooks").mkdir(parents=True)
    cells = [new_code_cell(COUNTING), new_code_cell(""), new_code_cell("import time; time.sleep(0.3); print('last')")]  # fmt: skip
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), folder / "notebooks" / "count.ipynb")
    return folder


@pytest.fixture
def lab(folder: Path, jupyterlab: JupyterLab) -> Iterator[JupyterLab]:
    """The JupyterLab that other tests share."""
    with jupyterlab.within(folder) as lab:
        yield lab


@pytest.mark.parametrize("kills", [1, 2])
def test_a_notebook_runs_again_whatever_became_of_its_kernel(
    chromium: Browser, lab: JupyterLab, kills: int
) -> None:
    """Killed, restarted, or left running by a closed window: all cells run again, with what the kernel still knows."""
    page = lab.open(chromium, "notebooks/count.ipynb")
    lab.run_all(page)
    expect(page.get_by_text("last", exact=True)).to_be_visible()
    lab.run_all(page)
    expect(page.get_by_text("run 2 of this kernel")).to_be_visible()
    for _ in range(kills):
        lab.kill_kernel()
        lab.run_all(page)
        expect(page.get_by_text("run 1 of this kernel")).to_be_visible()
    lab.restart_kernel()
    lab.run_all(page)
    expect(page.get_by_text("run 1 of this kernel")).to_be_visible()
    page.context.close()
    page = lab.open(chromium, "notebooks/count.ipynb")
    lab.run_all(page)
    lab.wait_for(page, "run 2 of this kernel")
    assert len(lab.kernels()) == 1


def test_closing_it_leaves_no_process(folder: Path, tmp_path: Path) -> None:
    """The server ends with its kernels when it is told to."""
    with JupyterLab(folder, tmp_path) as lab:
        lab.asked("api/kernels", "POST")
        until(lambda: len(lab.kernels()) == 1, "a kernel")
        processes = lab.processes()
        assert len(processes) >= 2
        assert lab.close() == []
        assert alive(processes) == []
