"""The workshop notebook in a real JupyterLab: each stage of a plan is told, it stays in view, and a scenario is saved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
from barriers import barriers
from lab import SPRUNG, WIDE, JupyterLab, Served
from playwright.sync_api import Browser, Page, expect

from toolkit.client.record_csv import write_rows
from toolkit.client.schema import Facts, Initiative
from toolkit.client.store import create, load
from toolkit.client.yaml_text import dump_facts

pytestmark = pytest.mark.browser

SLUG = "works"
INITIATIVES = 16
HOSTILE = r"<img src=x onerror=alert(1)> $x^2$ $\href{javascript:alert(1)}{y}$"
# Notes each new text of the status, and whether the figures below it were marked as old.
WATCH = """() => {
  window.told = [];
  const say = () => {
    const told_now = document.querySelector('.workshop .told')?.innerText.split(/\\n+/).join(' | ');
    if (told_now && told_now !== told.at(-1)) told.push(told_now);
  };
  new MutationObserver(say).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
FINISHED = "() => told.length && /proven/.test(told.at(-1)) && !/working out|proving/.test(told.at(-1))"


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
    notebook = nbformat.read(project / "notebooks" / "workshop.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("meridian-manufacturing", SLUG)
    nbformat.write(notebook, folder / "notebooks" / "workshop.ipynb")
    create(folder / "client_data", SLUG, files())
    with jupyterlab.within(folder) as lab:
        yield lab


@pytest.fixture(scope="module")
def page(chromium: Browser, lab: JupyterLab) -> Iterator[Page]:
    """The notebook, open in JupyterLab with all cells run: one page for all tests."""
    page = lab.open(chromium, "notebooks/workshop.ipynb", script=SPRUNG)
    page.evaluate(WATCH)
    lab.run_all(page)
    finished(page)
    yield page
    page.context.close()


def finished(page: Page) -> list[str]:
    """Wait until the plan shown is the last; return what the status has said so far."""
    page.wait_for_function(FINISHED, timeout=120_000)
    return list(page.evaluate("told"))


def turn(page: Page, section: str) -> None:
    """Show a section of the controls."""
    page.get_by_role("button", name=section, exact=True).click()


def change(page: Page, section: str, label: str, value: str) -> list[str]:
    """Change a field by keyboard; return what the status says from then on."""
    turn(page, section)
    page.evaluate("told.length = 0")
    field = page.get_by_label(label, exact=True).first
    field.fill(value)
    field.press("Tab")
    page.wait_for_function("() => told.some(it => it.startsWith('Planning'))")
    told = finished(page)
    return told[next(n for n, one in enumerate(told) if one.startswith("Planning")) :]


def text_of(page: Page) -> str:
    return str(page.locator(".jp-Notebook").inner_text())


def test_what_clients_write_does_nothing_and_everyone_can_use_the_page(page: Page) -> None:
    """Hostile names are shown letter for letter, nothing is typeset or sprung; axe finds no serious barrier in any section."""
    assert HOSTILE in text_of(page)
    assert page.evaluate("sprung") == []
    assert page.locator(".jp-OutputArea mjx-container").count() == 0
    assert page.locator(".jp-OutputArea a[href^=javascript]").count() == 0
    for section in ("Money", "People", "Pins", "Decisions", "Scenarios", "Points"):
        turn(page, section)
        assert barriers(page, ".jp-OutputArea") == [], section


def test_the_code_is_out_of_the_way(page: Page) -> None:
    """Of the notebook's cells only the one that names the client shows code."""
    assert page.locator(".jp-CodeCell .cm-editor:visible").count() == 1
    assert not page.locator(".jp-CodeCell:has(.workshop) .jp-InputPlaceholder").is_visible()


def test_each_stage_is_told_in_turn(page: Page) -> None:
    """After each change: planning, a first plan with its time, then that it is proven, each in view; never both at once."""
    fields = (
        ("Money", "Budget of FY2027, USD", "300000"),
        ("People", "developer, FTE", "3"),
        ("Points", "Goal cost", "40"),
    )
    for section, label, value in fields:
        told = change(page, section, label, value)
        assert told[0].startswith("Planning…"), told
        assert "First plan after" in told[1], told
        assert not [one for one in told if "proving" in one and "proven" in one.replace("not proven", "")]
        assert "is worth more by leadership’s weights" in told[-1]
        expect(page.locator(".workshop .told")).to_be_in_viewport(ratio=1)
    shown = text_of(page)
    assert "The line: funded above, deferred below" in shown
    assert "Since the last change" in shown
    assert "Against the start of the session" in shown
    assert "Goal cost: 40" in shown


def test_a_slider_moves_by_keyboard_with_its_number(page: Page) -> None:
    """Its name is the goal's whole name; an arrow key moves it by one point, which its number shows and the plan follows."""
    turn(page, "Points")
    slider, number = (page.get_by_role(role, name="Goal cost", exact=True) for role in ("slider", "textbox"))
    before = int(number.input_value())
    slider.press("ArrowRight")
    expect(number).to_have_value(str(before + 1))
    slider.press("ArrowLeft")
    expect(number).to_have_value(str(before))
    expect(page.locator(".workshop .side")).to_contain_text(f"Goal cost: {before}")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_on_a_projector_the_plan_stands_beside_the_controls(page: Page, width: int, height: int) -> None:
    """In full screen, by keyboard, the whole of it fits: controls on the left, plan and money in view beside them."""
    page.set_viewport_size({"width": width, "height": height})
    page.get_by_role("button", name="Full screen").press("Enter")
    page.wait_for_function("() => document.fullscreenElement?.classList.contains('workshop')")
    page.wait_for_function(
        f"() => document.querySelector('.workshop').getBoundingClientRect().width === {width}"
    )
    turn(page, "Points")
    controls, *pictures = (
        page.locator(f".workshop {one}").bounding_box() for one in (".controls", ".gantt", ".money")
    )
    assert controls
    for one in pictures:
        assert one
        assert one["x"] >= controls["x"] + controls["width"]
        assert one["x"] + one["width"] <= width
    assert page.evaluate("document.querySelector('.workshop').scrollHeight") <= height
    expect(page.locator(".workshop .money")).to_be_in_viewport(ratio=1)
    expect(page.locator(".workshop .gantt")).to_be_in_viewport(ratio=0.9)
    page.locator(".workshop .controls").evaluate("it => it.scrollTo(0, 9999)")
    expect(page.locator(".workshop .gantt")).to_be_in_viewport(ratio=0.9)
    page.keyboard.press("Escape")
    page.evaluate("document.fullscreenElement && document.exitFullscreen()")
    page.set_viewport_size(WIDE)


def test_a_scenario_is_pinned_and_saved_by_keyboard_as_the_plan(page: Page, lab: JupyterLab) -> None:
    """Found, pinned with a reason, planned, refused while points do not add up, then saved: all without a mouse."""
    page.get_by_role("button", name="Pins", exact=True).press("Enter")
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
    change(page, "Points", "Goal cost", "30")
    page.get_by_role("button", name="Scenarios", exact=True).press("Enter")
    page.get_by_label("Name", exact=True).fill("Without the vendor")
    page.get_by_role("button", name="Save as the plan").press("Enter")
    expect(page.locator(".jp-OutputArea [role=alert]:visible")).to_contain_text("points that add up to 105")
    change(page, "Points", "Goal people", "20")
    page.get_by_role("button", name="Scenarios", exact=True).press("Enter")
    page.get_by_role("button", name="Save as the plan").press("Enter")
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
    turn(page, "People")
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
            if here and b"multiprocessing" in one.joinpath("cmdline").read_bytes():
                found.append(one.name)
        except OSError:
            continue
    return found


def test_without_code_it_fills_a_projector_and_fits_a_phone(
    chromium: Browser, project: Path, tmp_path: Path
) -> None:
    """Through Voilà the page is the workshop: at 1280 × 720 nothing but its columns scrolls, at 390 nothing scrolls sideways."""
    create(tmp_path / "client_data", SLUG, files())
    notebook = project / "notebooks" / "workshop.ipynb"
    with Served(SLUG, tmp_path / "client_data", tmp_path, notebook=notebook) as server:
        page = server.open(chromium, {"width": 1280, "height": 720})
        page.locator(".workshop .told").get_by_text("First plan after").wait_for(timeout=120_000)
        assert page.evaluate("document.querySelector('#rendered_cells').scrollHeight") <= 720
        for part in (".controls", ".gantt", ".money"):
            expect(page.locator(f".workshop {part}")).to_be_in_viewport(ratio=0.9)
        for width, height in ((390, 844), (640, 360)):  # a phone, and 1280 × 720 at 200 %
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert barriers(page) == []
