"""How quick the intake form is with a large client, measured in a real browser against a real JupyterLab.

Run: python benchmarks/form_speed.py [STROKES]. The client has 150 initiatives, 12 goals and 30 risks. Opening
counts from "Run All Cells" to the first frame with the form in it, the kernel idle before and the toolkit's
imports included. A section counts from the choice in the menu to the first frame with its fields filled. A
stroke counts from its keydown to the first frame with the letter in the field (echo), and to the first with
the kernel's message about what stands there (answer). Keys are 80 ms apart, as a quick typist's are. The grid
counts from the choice in the menu to the first frame with its rows; a stroke in a cell as one in a field; a block
of 50 rows and 8 columns from Ctrl+V to the frame that shows how it was read, and from the press that takes it to
the frame with its last cell in the grid.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))

# The test suite’s own modules can be had only now.
from forms import MENU, NOTEBOOK, SECTIONS, serve  # noqa: E402
from lab import JupyterLab  # noqa: E402

from toolkit.client.record_csv import write_rows  # noqa: E402
from toolkit.client.schema import Facts, Initiative  # noqa: E402
from toolkit.client.yaml_text import dump_facts  # noqa: E402

CLIENT = "large-works"
INITIATIVES, GOALS, RISKS = 150, 12, 30
OPENS, SECTION, STROKE = 3.0, 1.0, 0.150  # seconds, at most
GRID, KEY, BLOCK = 1.0, 0.100, 3.0  # of the grid
APART = 80  # milliseconds from key to key
STROKES = 60
QUOTED = 110  # letters of a value that a message quotes whole
# Notes, frame by frame, when a condition first held; and each key with what stood in its field right after it.
WATCH = """
window.clock = {strokes: [], when(true_, then) {
  const look = () => true_() ? then(performance.now()) : requestAnimationFrame(look);
  requestAnimationFrame(look);
}};
for (const event of ['pointerup', 'change'])
  document.addEventListener(event, () => { clock[event] = performance.now(); }, true);
document.addEventListener('keydown', event => {
  if (event.key.length !== 1 || !event.target.closest?.('.intake')) return;
  const stroke = {at: performance.now()}, field = event.target, box = field.closest('.widget-vbox');
  clock.strokes.push(stroke);
  const said = () => [...box.querySelectorAll('.under')].map(e => e.textContent).join();
  setTimeout(() => { stroke.text = field.value; clock.when(() => true, t => { stroke.echo = t - stroke.at; }); }, 0);
  // The kernel's message quotes what stands in the field, this stroke's text or by then a longer one.
  const answered = () => stroke.text && (said().match(/“([^”…]*)/)?.[1] ?? '').startsWith(stroke.text);
  clock.when(answered, t => { stroke.answer = t - stroke.at; });
}, true);
"""
SHOWN = "() => [...document.querySelectorAll('.intake input')].some(e => e.checkVisibility() && e.value.trim().length > 3)"
SECTION_SHOWN = """title => [...document.querySelectorAll('.intake h3')].some(e => e.textContent === title && e.checkVisibility())
  && [...document.querySelectorAll('.intake .widget-text')].some(e => e.checkVisibility()
      && e.textContent.trim() === FIELD && e.querySelector('input').value.startsWith(FIELD))"""


@dataclass(frozen=True)
class Figures:
    """What was measured, in seconds; of strokes one number for each."""

    opens: float
    section: float
    another: float
    echoes: tuple[float, ...]
    answers: tuple[float, ...]
    grid: float
    keys: tuple[float, ...]
    cell_answers: tuple[float, ...]
    looked_over: float
    taken: float


def large() -> dict[str, bytes]:
    """Return the files of a seeded client with every field filled that a careful consultant fills."""
    draw = np.random.default_rng(11)
    goals, risks = [f"goal-{i}" for i in range(1, GOALS + 1)], [f"risk-{i}" for i in range(1, RISKS + 1)]
    work = [
        Initiative(
            id=f"initiative-{i}", name=f"Initiative {i}: renew what the warehouse of site {i} runs on", duration=int(draw.integers(1, 6)),
            description="Replace it before its support ends; the supplier and two plants depend on it. " * 4,
            status="proposed", owner_business="Dana Whitfield, COO", owner_it="Marcus Reyes, Head of IT",
            capex=float(round(draw.lognormal(4, 1) + 10) * 1000), opex=float(draw.integers(0, 20) * 1000),
            goals={one: int(draw.integers(1, 4)) for one in goals if draw.random() < 0.3} or {"goal-1": 1},
            fte={"analyst": 1.5, "developer": float(draw.integers(1, 4))},
            depends_on=(f"initiative-{int(draw.integers(1, i))}",) if i > 1 and draw.random() < 0.3 else (),
            settles=tuple(str(one) for one in draw.choice(risks, 2, replace=False)) if draw.random() < 0.3 else (),
        )
        for i in range(1, INITIATIVES + 1)
    ]  # fmt: skip
    facts = {
        "profile": {"name": "Large Works"},
        "goals": [{"id": one, "name": f"Goal {i}: orders delivered on time and in full", "weight": 100 / GOALS}
                  for i, one in enumerate(goals, 1)],
        "risks": [{"id": one, "name": f"Risk {i}: a system out of support", "due": "2027-06-30", "severity": 0.5}
                  for i, one in enumerate(risks, 1)],
        "budget": [{"year": 2027 + i, "amount": 4_000_000, "reserve": 0.1} for i in range(3)],
        "capacity": [{"role": one, "fte": 6} for one in ("analyst", "developer")],
        "planning": {"start": "2027-Q1", "quarters": 12},
        "rounds": [{"id": "r1", "as_of": "2026-12-31", "questionnaire": "full"}],
    }  # fmt: skip
    return {
        "client.yaml": dump_facts(Facts.model_validate(facts)),
        "initiatives.csv": write_rows(Initiative, work),
    }


def first(page: Page, event: str, condition: str, argument: Any = None) -> float:
    """Return how many seconds after the last ``event`` a condition first held in a frame."""
    waited = page.evaluate_handle(
        "([source, argument]) => new Promise(done => clock.when(() => eval(source)(argument), done))",
        [f"({condition})", argument],
    )
    return float(page.evaluate("([at, event]) => at - clock[event]", [waited.json_value(), event])) / 1000


def open_form(lab: JupyterLab, browser: Browser) -> tuple[Page, float]:
    """Open the notebook, run its cells and return the page with the seconds the form took."""
    page = lab.open(browser, NOTEBOOK, script=WATCH)
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").first.click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    return page, first(page, "pointerup", SHOWN)


def choose(page: Page, section: str, title: str, field: str) -> float:
    """Choose a section and return the seconds until its first field shows, filled."""
    page.locator(MENU).first.select_option(index=SECTIONS.index(section))
    return first(page, "change", SECTION_SHOWN.replace("FIELD", f"'{field}'"), title)


def type_into(page: Page, label: str, text: str) -> list[dict[str, float]]:
    """Type into an empty field, key after key; return each stroke's times in milliseconds."""
    field = page.locator(".intake").get_by_label(label, exact=True)
    field.fill("")
    field.focus()
    page.wait_for_timeout(1500)  # the emptying is saved by then
    page.evaluate("clock.strokes = []")
    page.keyboard.type(text, delay=APART)
    page.wait_for_timeout(2000)
    return list(page.evaluate("clock.strokes"))


GRID_SHOWN = "() => [...document.querySelectorAll('.grid tbody td')].some(e => e.checkVisibility() && e.textContent.startsWith('Initiative 1:'))"
PASTE = """text => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  clock.paste = performance.now();
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""
IN_CELL = """
document.addEventListener('keydown', event => {
  if (event.key.length !== 1 || !event.target.closest?.('.grid')) return;
  const stroke = {at: performance.now()};
  clock.cells.push(stroke);
  const editor = () => document.querySelector('.grid-editor'), words = () => document.querySelector('.grid-words').textContent;
  setTimeout(() => { stroke.text = editor()?.value; clock.when(() => true, t => { stroke.echo = t - stroke.at; }); }, 0);
  clock.when(() => stroke.text && (words().match(/“([^”…]*)/)?.[1] ?? '').startsWith(stroke.text), t => { stroke.answer = t - stroke.at; });
}, true);
"""


def measure_grid(page: Page, strokes: int) -> tuple[tuple[float, ...], tuple[float, ...], float, float]:
    """Return how quick a cell takes keys (echoes and answers), and a pasted block is looked over and taken."""
    cell = page.locator(".grid tr[aria-rowindex='4'] td")
    cell.nth(5).click()
    page.wait_for_timeout(1500)
    page.evaluate(f"clock.cells = []; {IN_CELL}")
    page.keyboard.type(("2x5y0z" * strokes)[: min(strokes, QUOTED)], delay=APART)
    page.wait_for_timeout(2000)
    typed = page.evaluate("clock.cells")
    page.keyboard.press("Escape")
    cell.nth(2).click()
    page.wait_for_timeout(1500)
    rows = [[f"Own {i}", f"It {i}", "2", f"{i}k", "1", "2", "3", "0"] for i in range(50)]
    page.evaluate(PASTE, "\n".join("\t".join(row) for row in rows))
    looked_over = first(page, "paste", "() => document.querySelector('.grid-pasted').checkVisibility() && document.querySelector('.grid-pasted').textContent.includes('Nothing is changed')")  # fmt: skip
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Take it over").click()
    taken = first(page, "pointerup", "() => [...document.querySelectorAll('.grid tbody td')].some(e => e.textContent === 'Own 0')")  # fmt: skip
    return (
        tuple(one["echo"] / 1000 for one in typed),
        tuple(one.get("answer", float("inf")) / 1000 for one in typed),
        looked_over,
        taken,
    )


def measure(lab: JupyterLab, browser: Browser, strokes: int = STROKES) -> Figures:
    """Return how quick the form of the large client is."""
    page, opens = open_form(lab, browser)
    choose(page, "goals", "Goals", "Goal")
    page.locator(MENU).first.select_option(index=SECTIONS.index("initiatives"))
    grid = first(page, "change", GRID_SHOWN)
    choose(page, "goals", "Goals", "Goal")
    section = choose(page, "initiatives", "Initiatives", "Initiative")
    page.evaluate("clock.change = 0")
    listed = page.get_by_label("Initiatives", exact=True)
    listed.select_option(index=INITIATIVES // 2)
    another = first(page, "change", "() => [...document.querySelectorAll('.intake input')].some(e => e.value.startsWith('Initiative 76:'))")  # fmt: skip
    named = type_into(page, "Initiative", ("a quick brown fox jumps over the lazy dog " * strokes)[:strokes])
    costs = type_into(page, "Capital cost in all", ("2x5y0z" * strokes)[: min(strokes, QUOTED)])
    cells = measure_grid(page, strokes)
    page.context.close()
    return Figures(
        opens, section, another,
        tuple(one["echo"] / 1000 for one in (*named, *costs)),
        tuple(one.get("answer", float("inf")) / 1000 for one in costs), grid, *cells,
    )  # fmt: skip


def percentile(values: tuple[float, ...], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def lines(found: Figures) -> list[tuple[str, float, float]]:
    """Return each figure with its name and what it may be at most, in seconds."""
    return [
        ("the form is shown", found.opens, OPENS),
        ("section Initiatives is shown", found.section, SECTION),
        ("another initiative is shown", found.another, SECTION),
        ("a stroke is echoed, median", percentile(found.echoes, 0.5), STROKE),
        ("a stroke is echoed, 95 of 100", percentile(found.echoes, 0.95), STROKE),
        ("a stroke is answered, median", percentile(found.answers, 0.5), STROKE),
        ("a stroke is answered, 95 of 100", percentile(found.answers, 0.95), STROKE),
        ("the grid is shown", found.grid, GRID),
        ("a key in a cell, median", percentile(found.keys, 0.5), KEY),
        ("a key in a cell, 95 of 100", percentile(found.keys, 0.95), KEY),
        ("a key in a cell is answered, median", percentile(found.cell_answers, 0.5), STROKE),
        ("a block of 50 × 8 is looked over", found.looked_over, BLOCK),
        ("a block of 50 × 8 is taken", found.taken, BLOCK),
    ]


def main(strokes: int) -> int:
    """Measure and print; 1 when anything took longer than it may."""
    browser_path = next(path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name)))  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch) / "lab"
        serve(ROOT, folder, CLIENT, large())
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        with JupyterLab(folder, Path(scratch)) as lab:
            found = measure(lab, browser, strokes)
        browser.close()
    slow = False
    for name, took, most in lines(found):
        print(f"{name:34} {took:7.3f} s, at most {most:.3f} s{'' if took <= most else '   TOO SLOW'}")
        slow |= took > most
    return int(slow)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else STROKES))
