"""The workshop notebook in a real JupyterLab: the first plan is quick and improves, and a scenario is saved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
from barriers import barriers
from lab import SPRUNG, JupyterLab
from playwright.sync_api import Browser, Page, expect

from toolkit.client.models import Facts, Initiative
from toolkit.client.record_csv import write_rows
from toolkit.client.store import create, load
from toolkit.client.yaml_text import dump_facts

pytestmark = pytest.mark.browser

SLUG = "works"
INITIATIVES = 16
HOSTILE = r"<img src=x onerror=alert(1)> $x^2$ $\href{javascript:alert(1)}{y}$"
# Notes each new text of the status.
WATCH = """() => {
  window.told = [];
  let last = '';
  const say = () => {
    const now = [...document.querySelectorAll('[role=status]')].map(e => e.textContent)
      .find(t => /^(Planning|Still improving|Done|The search)/.test(t));
    if (now && now !== last) told.push(last = now);
  };
  new MutationObserver(say).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def files() -> dict[str, bytes]:
    """Return the files of a seeded client with initiatives, four goals, three roles and three years' budget."""
    draw = np.random.default_rng(3)
    goals, roles = ("grow", "cost", "safety", "people"), ("analyst", "developer", "engineer")
    work = []
    for i in range(INITIATIVES):
        served = {one: int(draw.integers(1, 4)) for one in goals if draw.random() < 0.5}
        needs = (f"i{int(draw.integers(i)):02}",) if i and draw.random() < 0.25 else ()
        staff = {one: float(draw.integers(1, 4)) for one in roles if draw.random() < 0.5}
        work.append(
            Initiative(
                id=f"i{i:02}",
                name=f"Initiative {i}" if i else HOSTILE,
                duration=int(draw.integers(1, 5)),
                capex=float(round(draw.lognormal(4, 1) + 10) * 1000),
                opex=float(draw.integers(0, 20) * 1000),
                goals=served or {"grow": 1},
                depends_on=needs,
                fte=staff,
            )
        )
    year = 0.15 * sum(one.capex or 0.0 for one in work)
    facts = {
        "profile": {"name": "Works"},
        "goals": [{"id": one, "name": f"Goal {one}" if i else HOSTILE, "weight": 25} for i, one in enumerate(goals)],
        "budget": [{"year": 2027 + i, "amount": round(year, -3), "reserve": 0.1} for i in range(3)],
        "capacity": [{"role": one, "fte": 6} for one in roles],
        "planning": {"start": "2027-Q1", "quarters": 12},
        "rounds": [{"id": "r1", "as_of": "2026-12-31"}],
    }  # fmt: skip
    return {
        "client.yaml": dump_facts(Facts.model_validate(facts)),
        "initiatives.csv": write_rows(Initiative, work),
    }


@pytest.fixture(scope="module")
def lab(
    tmp_path_factory: pytest.TempPathFactory, project: Path, jupyterlab: JupyterLab
) -> Iterator[JupyterLab]:
    """A real JupyterLab with a folder that holds the notebook and one client."""
    folder = tmp_path_factory.mktemp("workshop")
    (folder / "notebooks").mkdir(parents=True)
    notebook = nbformat.read(project / "notebooks" / "whatif.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("meridian-manufacturing", SLUG)
    nbformat.write(notebook, folder / "notebooks" / "whatif.ipynb")
    create(folder / "client_data", SLUG, files())
    with jupyterlab.within(folder) as lab:
        yield lab


@pytest.fixture(scope="module")
def page(chromium: Browser, lab: JupyterLab) -> Iterator[Page]:
    """The notebook, open in JupyterLab with all cells run: one page for all tests."""
    page = lab.open(chromium, "notebooks/whatif.ipynb", script=SPRUNG)
    page.evaluate(WATCH)
    lab.run_all(page)
    finished(page)
    yield page
    page.context.close()


def finished(page: Page) -> list[str]:
    """Wait until the plan shown is the last; return what the status has said so far."""
    page.wait_for_function("() => told.length && told.at(-1).startsWith('Done')", timeout=120_000)
    return list(page.evaluate("told"))


def change(page: Page, label: str, value: str) -> list[str]:
    """Change a field by keyboard; return what the status says from then on."""
    page.evaluate("told.length = 0")
    field = page.get_by_label(label, exact=True)
    field.fill(value)
    field.press("Tab")
    return finished(page)


def text_of(page: Page) -> str:
    return str(page.locator(".jp-Notebook").inner_text())


def test_what_clients_write_does_nothing_and_everyone_can_use_the_page(page: Page) -> None:
    """Hostile names are shown letter for letter, nothing is typeset or sprung; axe finds no serious barrier."""
    assert HOSTILE in text_of(page)
    assert page.evaluate("sprung") == []
    assert page.locator(".jp-OutputArea mjx-container").count() == 0
    assert page.locator(".jp-OutputArea a[href^=javascript]").count() == 0
    assert barriers(page, ".jp-OutputArea") == []


def test_a_first_plan_that_goes_on_improving(page: Page) -> None:
    """After each change the page shows a plan and its proven gap before the last, says it still improves, then is done."""
    for label, value in (("Budget of FY2027, USD", "300000"), ("developer, FTE", "3"), ("Goal cost", "40")):
        told = change(page, label, value)
        assert told[0] == "Planning…"
        assert told[1].startswith("Still improving: no plan within these limits scores"), told
        assert told[-1].startswith("Done: no plan within these limits scores")
        expect(page.get_by_text(told[-1])).to_be_in_viewport()
    shown = text_of(page)
    assert "The line: funded above, deferred below" in shown
    assert "On the points now set, the plan scores" in shown
    assert page.locator('svg[aria-label^="Chart: The plan, Q1 2027 to Q4 2029"]').count() == 1


def test_a_scenario_is_pinned_and_saved_by_keyboard_as_the_proposed_plan(page: Page, lab: JupyterLab) -> None:
    """Found, pinned with a reason, planned, refused while points do not add up, then saved: all without a mouse."""
    page.get_by_label("Find", exact=True).fill("initiative 7")
    expect(page.get_by_label("Initiative", exact=True).locator("option")).to_have_count(1)
    page.get_by_label("Pin it", exact=True).focus()
    page.keyboard.type("out")
    page.get_by_label("Reason", exact=True).fill("The vendor is gone")
    page.get_by_label("Reason", exact=True).press("Tab")
    page.evaluate("told.length = 0")
    page.get_by_role("button", name="Pin", exact=True).press("Enter")
    expect(page.get_by_text("Pinned out: Initiative 7.")).to_be_visible()
    finished(page)
    change(page, "Goal cost", "30")
    page.get_by_label("Name", exact=True).fill("Without the vendor")
    page.get_by_label("Make it the proposed plan").press("Space")
    page.get_by_role("button", name="Save scenario").press("Enter")
    expect(page.locator(".jp-OutputArea [role=alert]")).to_contain_text("points that add up to 105")
    change(page, "Goal people", "20")
    page.get_by_role("button", name="Save scenario").press("Enter")
    expect(page.get_by_text("Saved as scenarios/without-the-vendor.yaml")).to_be_visible()
    record = load(lab.folder / "client_data", SLUG)
    (saved,) = record.scenarios
    assert record.facts.planning.scenario == saved.id
    assert [(one.initiative, one.place, one.reason) for one in saved.pins] == [
        ("i07", "out", "The vendor is gone")
    ]
    assert saved.points == {"grow": 25, "cost": 30, "safety": 25, "people": 20}


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at processes where Linux lists them")
def test_no_search_is_left_when_the_kernel_ends(page: Page, lab: JupyterLab) -> None:
    """Ending the notebook's kernel in the middle of a search ends the processes that search for it."""
    (session,) = lab.asked("api/sessions")
    page.get_by_label("developer, FTE", exact=True).fill("4")
    page.get_by_label("developer, FTE", exact=True).press("Tab")
    assert searching(lab)
    lab.asked(f"api/kernels/{session['kernel']['id']}", "DELETE")
    for _ in range(100):
        if not searching(lab):
            return
        time.sleep(0.1)
    raise AssertionError("a search outlives its notebook")


def searching(lab: JupyterLab) -> list[str]:
    """Return the searching processes that work in this JupyterLab's folder."""
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        try:
            here = str(one.joinpath("cwd").resolve()).startswith(str(lab.folder))
            if here and b"spawn_main" in one.joinpath("cmdline").read_bytes():
                found.append(one.name)
        except OSError:
            continue
    return found
