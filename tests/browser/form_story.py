"""One client taken in from nothing, told as steps that any pair of hands can take."""

from __future__ import annotations

from pathlib import Path

from form_driver import Hands, saved
from playwright.sync_api import expect

from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.intake.draft import Draft
from toolkit.intake.form.sections import TARGETS

NAME, SLUG = "Copper & Vale <b>Ltd</b>", "copper-vale"
REPLIES = "replies.csv"


def replies() -> str:
    """Return a survey's export: five replies of the business to the pulse questionnaire."""
    asked = [one.id for one in shipped_questionnaires()["pulse"].questions]
    rows = [[f"p{i}", "business", *(str(1 + (i + k) % 5) for k in range(len(asked)))] for i in range(5)]
    return "\n".join(",".join(row) for row in [["respondent", "group", *asked], *rows]) + "\n"


def start(hands: Hands) -> None:
    """Start the client."""
    hands.fill("Company", NAME)
    hands.fill("Folder name", SLUG)
    hands.fill("Date of the first round", "2026-09-30")
    hands.choose("Questionnaire", "Pulse")
    hands.press("Start this client")
    expect(hands.page.locator(".intake h2").last).to_have_text(f"Intake: {NAME}")


def company_and_rounds(hands: Hands) -> None:
    """Say who leads, and who answers how."""
    hands.choose("Sections", "Company")
    hands.fill("Business lead", "Ada Byrne, COO")
    hands.fill("IT lead", "Noel Ito, Head of IT")
    hands.choose("Sections", "Who answers how")
    hands.fill("Business: invited", "5")
    hands.choose("Business: answers by", "survey")
    hands.fill("IT: invited", "1")
    hands.choose("IT: answers by", "named")
    expect(hands.page.locator(".intake").last).to_contain_text("IT: one person answers")
    saved(hands.page)


def goals(hands: Hands) -> None:
    """A KPI, and a goal measured by it with all 100 points."""
    hands.choose("Sections", "KPIs")
    hands.press("Add a KPI")
    hands.fill("Measure", "Orders on time")
    hands.fill("Business owner", "Ada Byrne")
    hands.fill("IT owner", "Noel Ito")
    hands.choose("Sections", "Goals")
    hands.press("Add a goal")
    for field, text in (("Goal", "Deliver on time"), ("Owner", "Ada Byrne"), ("Today", "81"), ("Target", "95"), ("By when", "2028-06-30"), ("Points of 100", "100")):  # fmt: skip
        hands.fill(field, text)
    hands.choose("Measured by", "Orders on time")
    saved(hands.page)


def money(hands: Hands) -> None:
    """What a symptom costs, what IT costs, what may be spent, and who is there."""
    hands.choose("Sections", "Business impact")
    hands.press("Add a cost")
    hands.fill("What is lost", "Overtime")
    hands.choose("Symptom", "Delayed projects")
    hands.fill("Likely, a year", "140000")
    hands.fill("Agreed by", "Priya Rao, CFO")
    hands.choose("Sections", "IT spending")
    hands.press("Add a row")
    hands.fill("Fiscal year", "2026")
    hands.fill("Run", "900000")
    hands.choose("Sections", "Budget and capacity")
    hands.add_row("Budget", "2027", "400000")
    hands.add_row("Capacity", "developer", "2")
    saved(hands.page)


def work(hands: Hands) -> None:
    """A risk, an initiative that settles it, a theme, and the levels wanted."""
    hands.choose("Sections", "Risks and deadlines")
    hands.press("Add a risk")
    hands.fill("Risk or deadline", "Scanner contract ends")
    hands.fill("Due", "2027-12-31")
    hands.fill("How bad, 0 to 1", "0.6")
    hands.choose("Sections", "Initiatives")
    hands.press("Add an initiative")
    for field, text in (("Initiative", "Warehouse scanners"), ("Business owner", "Ada Byrne"), ("IT owner", "Noel Ito"), ("Quarters of work", "2"), ("Capital cost in all", "120000"), ("People while it runs", "developer: 1")):  # fmt: skip
        hands.fill(field, text)
    hands.choose("Deliver on time", "2: 10")
    hands.choose("Sections", "Interview themes")
    hands.press("Add a theme")
    hands.fill("Theme", "Nobody says why.")
    hands.choose("Speaks to", "Communication")
    saved(hands.page)


def elsewhere(clients: Path) -> None:
    """Put into the draft, as a second form would, what :func:`money`, :func:`work` and :func:`targets` type."""
    draft = Draft(clients, SLUG)
    goal = draft.document["facts"]["goals"][0]["id"]
    impact = {"id": "impact-1", "name": "Overtime", "symptom": "delayed-projects", "likely": 140000, "agreed_by": "Priya Rao, CFO"}  # fmt: skip
    initiative = {
        "id": "initiative-1", "name": "Warehouse scanners", "owner_business": "Ada Byrne", "owner_it": "Noel Ito",
        "duration": 2, "capex": 120000, "fte": {"developer": 1}, "goals": {goal: 2},
    }  # fmt: skip
    draft.change(("facts", "impact", "impact-1"), impact)
    draft.change(("facts", "spend"), [{"year": 2026, "run": 900000}])
    draft.change(("facts", "budget"), [{"year": 2027, "amount": 400000}])
    draft.change(("facts", "capacity"), [{"role": "developer", "fte": 2}])
    draft.change(("facts", "risks", "risk-1"), {"id": "risk-1", "name": "Scanner contract ends", "due": "2027-12-31", "severity": 0.6})  # fmt: skip
    draft.change(("initiatives", "initiative-1"), initiative)
    draft.change(("facts", "themes", "theme-1"), {"id": "theme-1", "text": "Nobody says why.", "dimension": "communication"})  # fmt: skip
    draft.change(("facts", "targets"), {ask.name: 4 for ask in TARGETS.asks})
    draft.sync()


def targets(hands: Hands) -> None:
    """The level wanted in each of the nine areas."""
    hands.choose("Sections", "Targets")
    for ask in TARGETS.asks:
        hands.fill(ask.label, "4")
    saved(hands.page)


def commit(hands: Hands) -> None:
    """Commit the draft."""
    hands.choose("Sections", "Review")
    hands.press("Commit the draft to the record")
    expect(hands.page.locator(".intake").last).to_contain_text("Committed:")


def answers(hands: Hands, clients: Path) -> None:
    """Import what the business answered, from the client's folder, and score the one person of IT."""
    (clients / SLUG / REPLIES).write_text(replies(), encoding="utf-8")
    hands.choose("Sections", "Import")
    hands.press("Look in the folder again")
    hands.choose("File in the client’s folder", REPLIES)
    hands.press("Look at it")
    expect(hands.page.locator(".intake").last).to_contain_text("5 rows. Nothing is changed yet.")
    hands.press("Import it")
    expect(hands.page.locator(".intake").last).to_contain_text("Imported into the record.")
    hands.choose("Sections", "Score together")
    total = len(shipped_questionnaires()["pulse"].questions)
    for number in range(total):
        expect(hands.page.locator(".intake").last).to_contain_text(f"Area {number + 1} of {total}")
        hands.score(3)
    expect(hands.page.locator(".intake").last).to_contain_text("Every question has its position.")
    saved(hands.page)


def finish(hands: Hands, clients: Path) -> None:
    """See the review turn green, and make both documents."""
    hands.choose("Sections", "Review")
    expect(
        hands.page.locator(".intake .right", has_text="Complete: every page has what it needs.")
    ).to_be_visible()
    hands.press("Make both documents")
    expect(hands.page.locator(".intake").last).to_contain_text("The documents are made.", timeout=180_000)
    made = {one.name for one in (clients / SLUG).glob("deliverables/*/*.html")}
    assert {"assessment.html", "roadmap.html"} <= made
