"""The intake form in a real JupyterLab: a folder to serve, its sections, and what must not happen in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import nbformat
from form_driver import MENU, SHOWN
from lab import JupyterLab
from playwright.sync_api import Browser, Page

from toolkit.client.store import create

NOTEBOOK = "notebooks/intake.ipynb"
SECTIONS = (
    "profile", "rounds", "meetings", "goals", "kpis", "impact", "spend", "risks", "services", "assets", "money", "planning", "targets", "initiatives", "actions",
    "themes", "scoring", "answers", "decisions", "review",
)  # fmt: skip
# Waits until nothing has been added to the page, nor taken away, for a moment.
DRAWN = """() => new Promise(done => {
  const watch = new MutationObserver(() => again());
  const drawn = () => { watch.disconnect(); done(); };
  let ends = 0;
  const again = () => { clearTimeout(ends); ends = setTimeout(drawn, 200); };
  watch.observe(document.body, {subtree: true, childList: true});
  again();
})"""


def serve(project: Path, folder: Path, client: str, files: Mapping[str, bytes] | None = None) -> Path:
    """Lay out a folder with the notebook, open on one client, made of ``files``; return the client's folder."""
    clients = folder / "client_data"
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(project / NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace('client: str = ""', f'client: str = "{client}"')
        cell.source = cell.source.replace('clients_dir: str = ""', f'clients_dir: str = r"{clients}"')
    nbformat.write(notebook, folder / NOTEBOOK)
    if files is not None:
        create(clients, client, files)
    return clients / client


def opened(lab: JupyterLab, browser: Browser, script: str = "", **window: object) -> Page:
    """Open the notebook and run it until the form's sections are there."""
    page = lab.open(browser, NOTEBOOK, script=script, **window)
    lab.run_all(page)
    page.locator(MENU).first.wait_for(timeout=60_000)
    return page


def go_to(page: Page, section: str) -> None:
    """Choose a section by its key, and wait until it shows and is drawn."""
    page.locator(MENU).first.select_option(index=SECTIONS.index(section))
    page.wait_for_function(SHOWN, arg=title_of(page, section), timeout=60_000)
    page.evaluate(DRAWN)


def title_of(page: Page, section: str) -> str:
    """Return a section's line in the menu, plain spaces in it."""
    line = page.locator(MENU).first.locator("option").nth(SECTIONS.index(section))
    return str(line.text_content()).replace("\xa0", " ")
