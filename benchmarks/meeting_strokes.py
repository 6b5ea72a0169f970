"""How many clicks and key strokes the hour's meeting of a small company takes, entered in the form in a real browser.

Run: python benchmarks/meeting_strokes.py. A logistics company of 60 people: 3 goals, 5 KPIs, 6 risks, 12 initiatives
of which 8 stand in a spreadsheet already, budget and capacity of two years, and three leaders who agree on one
position on the executive questionnaire. Counted is what a person does who knows the form and takes the shorter way:

- a click is one; choosing from a drop-down is two (open, choose), from a list in view one;
- a key is one, letters included, and so is a chord such as Ctrl+V; Tab is pressed where at most two lead to the next field;
- what a field holds already is selected by Tab, and after a click by Ctrl+A.

Letters are counted apart: whatever the form, what is said in the meeting for the first time is typed. So the measure is
all but these letters: clicks, other keys, and letters that stand in the spreadsheet already. Looking and scrolling
count nothing.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "browser"))

# The test suite’s own modules can be had only now.
from form_driver import MENU, Pointing, option_number, saved  # noqa: E402
from lab import Served  # noqa: E402

from toolkit.client.questionnaire import shipped_questionnaires  # noqa: E402
from toolkit.client.store import load  # noqa: E402

SLUG = "northway-freight"
QUESTIONS = [one.id for one in shipped_questionnaires()["executive"].questions]
PEOPLE = 3
IN_SPREADSHEET = "initiatives of a spreadsheet"
# Where the three differ; elsewhere each gives the same score.
DIFFERENT = (1, 4, 6, 9, 11, 14, 17, 20)
# How many presses of Tab lead from what has the focus to an element; 0 where none do.
AWAY = """to => {
  const all = [...document.querySelectorAll('.intake :is(input, select, textarea, button)')].filter(
    one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && (one.type !== 'radio' || one === to));
  const from = all.indexOf(document.activeElement), at = all.indexOf(to);
  return from < 0 ? 0 : Math.max(0, at - from);
}"""

LINES = "tbody tr:has(td[role=gridcell])"  # a grid’s rows, without the space for those out of view

Row = dict[str, str]

COMPANY: Row = {"Sector": "Logistics", "Employees": "60", "Country": "Netherlands", "Business lead": "Mara Voss, CEO", "IT lead": "Tom Brandt, Head of IT"}  # fmt: skip
KPIS: tuple[Row, ...] = (
    {"Measure": "Deliveries on time", "Unit": "%", "Better when": "Higher", "Business owner": "Ilse Kramer", "IT owner": "Tom Brandt", "Baseline": "88", "Target": "96"},
    {"Measure": "Cost of a stop", "Unit": "EUR", "Better when": "Lower", "Business owner": "Jan de Wit", "IT owner": "Tom Brandt", "Baseline": "14.2", "Target": "12"},
    {"Measure": "Orders without retyping", "Unit": "%", "Better when": "Higher", "Business owner": "Ilse Kramer", "IT owner": "Sana Aziz", "Baseline": "35", "Target": "90"},
    {"Measure": "Hours of standstill", "Unit": "hours", "Better when": "Lower", "Business owner": "Jan de Wit", "IT owner": "Sana Aziz", "Baseline": "46", "Target": "10"},
    {"Measure": "Customers who stay", "Unit": "%", "Better when": "Higher", "Business owner": "Mara Voss", "IT owner": "Tom Brandt", "Baseline": "82", "Target": "90"},
)  # fmt: skip
GOALS: tuple[Row, ...] = (
    {"Goal": "Deliver on time", "Owner": "Ilse Kramer", "Measured by": "Deliveries on time", "Today": "88", "Target": "96", "By when": "2028-12-31", "Points of 100": "45"},
    {"Goal": "Lower the cost of a stop", "Owner": "Jan de Wit", "Measured by": "Cost of a stop", "Today": "14.2", "Target": "12", "By when": "2028-12-31", "Points of 100": "30"},
    {"Goal": "Keep customers", "Owner": "Mara Voss", "Measured by": "Customers who stay", "Today": "82", "Target": "90", "By when": "2029-06-30", "Points of 100": "25"},
)  # fmt: skip
RISKS: tuple[Row, ...] = (
    {"Risk or deadline": "Planning system loses support", "Due": "2027-06-30", "What happens if nothing is done": "No repairs, no insurance", "How bad, 0 to 1": "0.8", "Owner": "Tom Brandt"},
    {"Risk or deadline": "Telematics contract renews", "Due": "2027-03-31", "What happens if nothing is done": "Three more years at the old price", "How bad, 0 to 1": "0.4", "Owner": "Jan de Wit"},
    {"Risk or deadline": "Digital tachographs", "Due": "2027-08-21", "What happens if nothing is done": "Lorries may not cross borders", "How bad, 0 to 1": "0.9", "Owner": "Ilse Kramer"},
    {"Risk or deadline": "One person knows the interfaces", "Due": "2027-12-31", "What happens if nothing is done": "Orders stand still when he is away", "How bad, 0 to 1": "0.6", "Owner": "Sana Aziz"},
    {"Risk or deadline": "Cyber insurance asks for two factors", "Due": "2027-01-31", "What happens if nothing is done": "The insurance lapses", "How bad, 0 to 1": "0.7", "Owner": "Tom Brandt"},
    {"Risk or deadline": "Warehouse scanners out of repair", "Due": "2028-03-31", "What happens if nothing is done": "Picking by paper", "How bad, 0 to 1": "0.5", "Owner": "Jan de Wit"},
)  # fmt: skip
INITIATIVES: tuple[Row, ...] = tuple(
    dict(zip(("Initiative", "Business owner", "IT owner", "Quarters of work", "Capital cost in all", "Goal", "Level", "People while it runs"), row, strict=True))
    for row in (
        ("New planning system", "Ilse Kramer", "Tom Brandt", "4", "180000", "Deliver on time", "3", "analyst: 1; developer: 0.5"),
        ("Two factors for every account", "Jan de Wit", "Sana Aziz", "1", "15000", "Keep customers", "1", "analyst: 0.5"),
        ("Tachographs of the second generation", "Ilse Kramer", "Tom Brandt", "2", "60000", "Deliver on time", "1", "analyst: 0.5"),
        ("Order interface for customers", "Mara Voss", "Sana Aziz", "3", "90000", "Keep customers", "3", "developer: 1"),
        ("Route planning with traffic", "Ilse Kramer", "Sana Aziz", "2", "45000", "Deliver on time", "2", "developer: 0.5"),
        ("Scanners in the warehouse", "Jan de Wit", "Tom Brandt", "2", "70000", "Lower the cost of a stop", "2", "analyst: 0.5"),
        ("Proof of delivery by phone", "Ilse Kramer", "Sana Aziz", "2", "35000", "Deliver on time", "2", "developer: 0.5"),
        ("Invoices without paper", "Jan de Wit", "Sana Aziz", "2", "30000", "Lower the cost of a stop", "1", "developer: 0.5"),
        ("Telematics tender", "Jan de Wit", "Tom Brandt", "1", "8000", "Lower the cost of a stop", "2", "analyst: 0.5"),
        ("Second hand at the interfaces", "Mara Voss", "Sana Aziz", "2", "20000", "Deliver on time", "1", "developer: 0.5"),
        ("Figures for the leaders", "Mara Voss", "Tom Brandt", "2", "25000", "Lower the cost of a stop", "1", "analyst: 1"),
        ("Network of the depots", "Jan de Wit", "Tom Brandt", "3", "85000", "Deliver on time", "1", "analyst: 0.5"),
    )
)  # fmt: skip
TYPED = 4  # of the initiatives; the others stand in a spreadsheet
BUDGET: tuple[Row, ...] = (
    {"Fiscal year": "2027", "Amount": "260000", "For running costs": "40000"},
    {"Fiscal year": "2028", "Amount": "240000", "For running costs": "60000"},
)
CAPACITY: tuple[Row, ...] = (
    {"Role": "developer", "People (FTE)": "1.5"},
    {"Role": "analyst", "People (FTE)": "1.5"},
)


def scores(person: int) -> list[int]:
    """Return the scores of a person, from 0, one for each question."""
    return [1 + (2 * number + (person if number in DIFFERENT else 0)) % 5 for number in range(len(QUESTIONS))]


@dataclass
class Tally:
    """What was pressed, by part of the meeting: clicks, letters typed into fields, and other keys."""

    part: str = ""
    clicks: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    keys: Counter[str] = field(default_factory=Counter)

    @property
    def parts(self) -> list[str]:
        """The parts in their order."""
        return list(dict.fromkeys([*self.clicks, *self.letters, *self.keys]))

    def total(self, part: str) -> int:
        """Return clicks and keys of a part in all."""
        return self.clicks[part] + self.letters[part] + self.keys[part]


class Person(Pointing):
    """Takes the shorter way to each field, and is counted."""

    def __init__(self, page: Page, tally: Tally) -> None:
        super().__init__(page)
        self.tally = tally

    @contextmanager
    def doing(self, part: str) -> Iterator[None]:
        """Count for a part of the meeting."""
        self.tally.part = part
        yield
        saved(self.page)

    def click(self, one: Locator, times: int = 1) -> None:
        """Click."""
        self.tally.clicks[self.tally.part] += times
        one.click()

    def key(self, name: str) -> None:
        """Press one key or chord."""
        self.tally.keys[self.tally.part] += 1
        self.page.keyboard.press(name)

    def go(self, one: Locator) -> None:
        """Get to a field, what it holds selected."""
        expect(one).to_be_visible()
        away = one.evaluate(AWAY)
        if 0 < away <= 2:
            for _ in range(away):
                self.key("Tab")
            return
        self.click(one)
        if one.input_value():
            self.key("ControlOrMeta+a")

    def type_(self, text: str) -> None:
        """Type where the focus is."""
        self.tally.letters[self.tally.part] += len(text)
        self.page.keyboard.type(text)

    def enter(self, button: str) -> None:
        """Press Enter on a button that has the focus."""
        one = self.shown.get_by_role("button", name=button, exact=True)
        expect(one).to_be_focused()
        self.key("Enter")

    def write(self, one: Locator, text: str) -> None:
        """Write into a field."""
        self.go(one)
        self.type_(text)
        expect(one).to_have_value(text)

    def fill(self, field: str, text: str) -> None:
        """Write into the field of a name."""
        self.write(self._field(field), text)

    def choose(self, field: str, option: str) -> None:
        """Choose from a drop-down, or from the sections in view."""
        one = self.page.locator(MENU).first if field == "Sections" else self._field(field)
        self.tally.clicks[self.tally.part] += 1 if field == "Sections" else 2
        one.select_option(index=option_number(one, option))
        if field == "Sections":
            expect(self.page.locator(".intake h3", has_text=option).first).to_be_visible()

    def press(self, button: str) -> None:
        """Click a button, or press Enter where it has the focus already."""
        one = self.page.locator(".intake").last.get_by_role("button", name=button, exact=True)
        expect(one).to_be_enabled()
        if one.evaluate("one => one === document.activeElement"):
            self.key("Enter")
        else:
            self.click(one)

    def shows(self, text: str) -> None:
        """Wait until the form shows a text."""
        expect(self.page.locator(".intake").last).to_contain_text(text)

    @property
    def shown(self) -> Locator:
        """What the form shows."""
        return self.page.locator(".intake").last


def fill_in(person: Person, add: str, row: Row) -> None:
    """Add an entry and fill in its fields, drop-downs by choice."""
    person.press(add)
    person.shows("fill in what is known")
    first = next(iter(row))
    expect(person._field(first)).to_have_value("")
    for label, text in row.items():
        if label in ("Better when", "Measured by"):
            person.choose(label, text)
        else:
            person.fill(label, text)


def company(person: Person) -> None:
    """Start the client, say who leads, and that three leaders agree on one position."""
    person.fill("Company", "Northway Freight")
    person.choose("Questionnaire", "Executive")
    person.press("Start this client")
    expect(person.page.locator(".intake h2").last).to_have_text("Intake: Northway Freight")
    for label, text in COMPANY.items():
        person.fill(label, text)
    person.choose("Sections", "Who answers how")
    person.fill("Business: invited", f"{PEOPLE}")


def table(person: Person, title: str) -> Locator | None:
    """Return the grid of a section; None where the form has none."""
    one = person.shown.locator(f'table[aria-label="{title}, as a table"]')
    with suppress(PlaywrightTimeout):
        one.wait_for(timeout=2000)
    return one if one.count() else None


def in_table(person: Person, grid: Locator, rows: Sequence[Row]) -> None:
    """Add rows in a grid: each cell typed, Tab to the next, a click where the next is not beside it."""
    heads = [text.strip() for text in grid.locator("thead th").all_inner_texts()]
    lines = grid.locator(LINES)
    for row in rows:
        line = lines.count() - 1  # the last is there to begin a new one
        for label, text in sorted(row.items(), key=lambda one: heads.index(one[0])):
            cell = lines.nth(line).locator("td").nth(heads.index(label) - 1)
            if cell.evaluate("one => document.activeElement.closest('td')?.nextElementSibling === one"):
                person.key("Tab")
            elif not cell.evaluate("one => one === document.activeElement"):
                person.click(cell)
            chosen = label in ("Better when", "Measured by") or label.startswith("→")
            if chosen:
                person.key(text[0])
            else:
                person.type_(text)


def list_of(person: Person, section: str, add: str, rows: Sequence[Row]) -> None:
    """Fill in the entries of a list, in its grid where it has one."""
    person.choose("Sections", section)
    grid = table(person, section)
    if grid:
        return in_table(person, grid, rows)
    for row in rows:
        fill_in(person, add, row)
    return None


def initiatives(person: Person, rows: Sequence[Row]) -> None:
    """Fill in initiatives one by one: what the plan needs of each."""
    person.choose("Sections", "Initiatives")
    plain = [{label: text for label, text in row.items() if label not in ("Goal", "Level")} for row in rows]
    grid = table(person, "Initiatives")
    if grid:
        return in_table(person, grid, [one | {f"→ {row['Goal']}": row["Level"]} for one, row in zip(plain, rows, strict=True)])  # fmt: skip
    for fields, row in zip(plain, rows, strict=True):
        fill_in(person, "Add an initiative", fields)
        person.choose(row["Goal"], f"{row['Level']}: ")
    return None


def pasted(person: Person, rows: Sequence[Row]) -> None:
    """Bring in the initiatives of the spreadsheet: one block, looked over and taken; typed where there is no grid."""
    grid = table(person, "Initiatives")
    if not grid:
        return initiatives(person, rows)
    goals = [one["Goal"] for one in GOALS]
    labels = [label for label in rows[0] if label not in ("Goal", "Level")]
    lines = [[*labels, *goals]]
    lines += [[*(row[label] for label in labels), *(row["Level"] if goal == row["Goal"] else "" for goal in goals)] for row in rows]  # fmt: skip
    person.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person.page.evaluate("text => navigator.clipboard.writeText(text)", "\n".join("\t".join(line) for line in lines))  # fmt: skip
    lines = grid.locator(LINES)
    count = lines.count()
    person.click(lines.last.locator("td").first)
    person.key("ControlOrMeta+v")
    person.press("Take it over")
    expect(lines).to_have_count(count + len(rows))
    return None


def money(person: Person) -> None:
    """Fill in budget and capacity."""
    person.choose("Sections", "Budget and capacity")
    for title, add, rows in (("Budget", "Add to budget", BUDGET), ("Capacity", "Add to capacity", CAPACITY)):
        grid = table(person, title)
        if grid:
            in_table(person, grid, rows)
            continue
        for number, row in enumerate(rows):
            person.press(add)
            for label, text in row.items():
                cell = person._field(label).nth(number)
                expect(cell).to_be_visible()
                if cell.evaluate("one => one === document.activeElement"):
                    person.type_(text)
                else:
                    person.write(cell, text)


def by_digits(person: Person) -> None:
    """Score by a click and then by digits, for each person; then agree on what differs."""
    for member in range(PEOPLE):
        digits = [*map(str, scores(member))]
        if not member:
            person.click(person.shown.locator(".question label", has_text=f"{digits.pop(0)} –").first)
            person.shows("Area 2 of")
        for digit in digits:
            person.key(digit)
        person.shows(f"Person {member + 1} is done")
        person.enter("Reveal all scores" if member == PEOPLE - 1 else f"Hand over to person {member + 2}")
        if member < PEOPLE - 1:
            person.shows(f"Person {member + 2}, alone: 0 of")
    person.enter("Go through what is open")
    person.shows("Area 1 of")
    for number in DIFFERENT:
        person.key(str(scores(1)[number]))
    person.shows("Every question has its position.")
    person.enter("Agreed: forget the private scores")
    person.shows("The private scores are gone from the draft.")


def one_by_one(person: Person) -> None:
    """Score with a radio button and “Next question”, for each person, then for the group."""
    total = len(QUESTIONS)
    for member in range(PEOPLE + 1):
        for number, score in enumerate(scores(min(member, 1))):
            person.shows(f"Question {number + 1} of {total}")
            person.click(person.shown.locator("label", has_text=f"{score} –").first)
            person.shows(f"{number + 1} of {total} questions")
            if number + 1 < total:
                person.press("Next question")
        if member < PEOPLE - 1:
            person.press("Hand over to the next person")
        elif member == PEOPLE - 1:
            person.press("Reveal all scores")
    person.press("Agreed: forget the private scores")


def meeting(person: Person) -> None:
    """Enter the meeting."""
    with person.doing("company and groups"):
        company(person)
    with person.doing("KPIs"):
        list_of(person, "KPIs", "Add a KPI", KPIS)
    with person.doing("goals"):
        list_of(person, "Goals", "Add a goal", GOALS)
    with person.doing("risks"):
        list_of(person, "Risks and deadlines", "Add a risk", RISKS)
    with person.doing("initiatives, typed"):
        initiatives(person, INITIATIVES[:TYPED])
    with person.doing(IN_SPREADSHEET):
        pasted(person, INITIATIVES[TYPED:])
    with person.doing("budget and capacity"):
        money(person)
    with person.doing("scoring together"):
        person.choose("Sections", "Score together")
        person.shows(f"of {len(QUESTIONS)} questions scored")
        if person.shown.get_by_role("button", name="Next question").count():
            one_by_one(person)
        else:
            by_digits(person)
    person.tally.part = "commit"
    person.choose("Sections", "Review")
    person.press("Commit the draft to the record")
    person.shows("Committed:")


def entered(clients: Path) -> list[str]:
    """Return what of the meeting is not in the record."""
    record = load(clients, SLUG)
    found = {
        "KPIs": (len(record.facts.kpis), len(KPIS)), "goals": (len(record.facts.goals), len(GOALS)),
        "risks": (len(record.facts.risks), len(RISKS)), "initiatives": (len(record.initiatives), len(INITIATIVES)),
        "with a cost": (sum(one.capex is not None for one in record.initiatives), len(INITIATIVES)),
        "with a goal": (sum(bool(one.goals) for one in record.initiatives), len(INITIATIVES)),
        "positions": (sum(one.score is not None for one in record.responses), len(QUESTIONS)),
        "years of budget": (len(record.facts.budget), len(BUDGET)), "roles": (len(record.facts.capacity), len(CAPACITY)),
    }  # fmt: skip
    return [f"{name}: {number} of {wanted}" for name, (number, wanted) in found.items() if number != wanted]


def main() -> int:
    """Enter the meeting, count and print; 1 when something of it did not come into the record."""
    browser_path = next(path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name)))  # fmt: skip
    tally = Tally()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        clients = Path(scratch) / "client_data"
        clients.mkdir()
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        expect.set_options(timeout=30_000)
        with Served(SLUG, clients, Path(scratch)) as served:
            page = served.open(browser)
            page.set_default_timeout(30_000)
            meeting(Person(page, tally))
        browser.close()
        lacks = entered(clients)
    print(f"{'':32}{'clicks':>8}{'letters':>9}{'other keys':>12}{'in all':>8}")
    for part in tally.parts:
        print(
            f"{part:32}{tally.clicks[part]:8}{tally.letters[part]:9}{tally.keys[part]:12}{tally.total(part):8}"
        )
    sums = [sum(one.values()) for one in (tally.clicks, tally.letters, tally.keys)]
    print(f"{'in all':32}{sums[0]:8}{sums[1]:9}{sums[2]:12}{sum(sums):8}")
    new = sums[1] - tally.letters[IN_SPREADSHEET]
    print(f"said for the first time in the meeting: {new} letters; all else: {sum(sums) - new}")
    for one in lacks:
        print(f"not entered: {one}")
    return int(bool(lacks))


if __name__ == "__main__":
    sys.exit(main())
