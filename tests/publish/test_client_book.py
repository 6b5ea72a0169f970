"""The client book: what it says of each client, in which orders, and that nothing in it is a guess."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import html5lib
import nbformat
import pytest

from toolkit.client.consultancy import CONSULTANCY
from toolkit.client.store import load
from toolkit.errors import InputError
from toolkit.plan import plan_roadmap
from toolkit.publish.client_book import ORDERS, BookLine, ClientBook, book_line, write_client_book
from toolkit.publish.manifest import manifest
from toolkit.shipped import shipped
from toolkit.show import ReviewStory
from toolkit.show.dates_ahead import dates_ahead
from toolkit.show.review.decide import open_actions

Add = Callable[..., Path]
RECORD = """goals:
- {id: g, name: Grow}
risks:
- {id: lease, name: Lease of the hall, notice: 2027-03-31, due: 2027-09-30}
- {id: old, name: Old system, short: Old, due: 2027-06-30}
- {id: past, name: Past, due: 2026-12-31}
- {id: far, name: Far, due: 2027-07-01}
meetings:
- {id: m0, date: 2026-12-15, status: held}
- {id: m1, date: 2027-03-15, kind: review}
- {id: m3, date: 2027-02-10}
- {id: m2, date: 2027-02-20, kind: steering}
"""
ACTIONS = "id,round,action,due,status\na1,r1,Call,2027-01-15,open\na2,r1,Write,2027-02-15,open\na3,r1,Ask,2027-01-10,done\n"


@pytest.fixture
def acme(tmp_path: Path, add_client: Add) -> Path:
    """A client whose plan stands published, asks for two things, and has one of them answered."""
    home = add_client(tmp_path, "acme", "Acme <b>", RECORD)
    (home / "actions.csv").write_text(ACTIONS, encoding="utf-8")
    (home / "decisions.csv").write_text(
        "id,round,date,subject,decision,ask\nd1,r1,2027-02-01,i1,approve,approve.chosen-work\n",
        encoding="utf-8",
    )
    asks = [
        {"id": "approve.chosen-work", "what": "Approve the work"}, {"id": "risk.lease", "what": "Answer the lease"},
    ]  # fmt: skip
    years = [
        {"year": 2027, "capex": 300000.0, "opex": 20000.5},
        {"year": 2028, "capex": 0.0, "opex": 40000.0},
    ]
    areas = [
        {
            "dimension": {"id": name, "name": title}, "scores": {"business": {"mean": 2}, "it": {"mean": 4}},
            "gap": {"value": gap, "word": "clear difference"}, "target": None, "maturity": 3.4, "verdict": None,
        }
        for name, title, gap in (("roadmap", "Co-owned roadmap", -1.0), ("resources", "Resources", 0.4))
    ]  # fmt: skip
    outputs = {
        "assessment": {"findings.json": json.dumps({"client": "Acme <b>", "as_of": "2027-01-31", "areas": areas})},
        "roadmap": {"plan.json": json.dumps({"kind": "optimised", "years": years, "asks": asks})},
    }  # fmt: skip
    files = {name: {file: text.encode() for file, text in made.items()} for name, made in outputs.items()}
    folder = home / "deliverables" / "r1"
    folder.mkdir(parents=True)
    for made in files.values():
        for file, data in made.items():
            (folder / file).write_bytes(data)
    (folder / "manifest.json").write_bytes(manifest("acme", "r1", {"assessment": {}, "roadmap": {}}, files))
    return home


def test_a_line_says_what_record_and_documents_say(acme: Path) -> None:
    """Each value as it can be read off the record by hand, on the round's day, 31 January 2027."""
    line = book_line(acme.parent, "acme")
    assert (line.name, line.state, line.stage, line.as_of) == (
        "Acme <b>",
        "ready",
        "First plan",
        "2027-01-31",
    )
    assert (line.review, line.meeting) == ("2027-03-15", "2027-02-10")
    assert line.overdue == ("Call",)
    assert line.pending == ("Answer the lease",)
    assert line.dates == (("2027-03-31", "Lease of the hall: last day to act"), ("2027-06-30", "Old"))
    assert (line.money, line.currency) == (360000.5, "USD")
    assert line.gap == "Co-owned roadmap: 1.0 points, IT higher (clear difference)"
    assert "the budget of each fiscal year" in line.missing
    assert "initiatives" not in line.missing


def test_a_record_with_faults_is_told_with_them(acme: Path) -> None:
    """It still has its name, what stands of its documents, and why nothing else is known."""
    with (acme / "client.yaml").open("a", encoding="utf-8") as file:
        file.write("colour: red\n")
    line = book_line(acme.parent, "acme")
    assert (line.name, line.state, line.stage, line.made) == ("Acme <b>", "failed", "", "r1")
    assert "colour" in line.message


def lines() -> tuple[BookLine, ...]:
    """Three clients that differ in everything."""
    one = BookLine(
        "a", "Ash", "ready", stage="Following through", round="r", as_of="2027-01-31", currency="EUR"
    )
    return (
        replace(one, review="2027-05-01", money=5e6, pending=("x",), points=0.5, gap="Roadmap: 0.5 points"),
        replace(one, slug="b", name="birch", stage="Asking", money=2e6, currency="USD", overdue=("x", "y"), dates=(("2027-03-01", "Lease"),)),
        replace(one, slug="c", name="Cedar", review="2027-02-01", money=9e6, missing=("z",), points=1.5, gap="Roadmap: 1.5 points",
                dates=(("2027-02-01", "Lease"), ("2027-03-01", "Lease"))),
    )  # fmt: skip


EXPECTED = {
    "client": "abc", "consultant": "bac", "stage": "bac", "review": "cab", "decisions": "abc", "actions": "bac", "inputs": "cab",
    "dates": "cba", "money": "cab", "gap": "cab",
}  # fmt: skip


def book(tmp_path: Path) -> ClientBook:
    """Return the book of the three, of whom one has a consultant."""
    (tmp_path / CONSULTANCY).write_text("clients:\n  b: {consultant: Ada Berg, reviewer: Jo Lind}\n", "utf-8")
    return replace(ClientBook.of(tmp_path, {}), lines=lines())


def test_each_heading_leads_to_a_table_in_its_order(tmp_path: Path) -> None:
    """One table for each order, each with every client once; the last in the page, which shows first, goes by name."""
    root = html5lib.parse(book(tmp_path).page().decode(), namespaceHTMLElements=False)
    found = {
        part.get("id"): [
            "".join(row.find("th/small").itertext()) for row in part.find(".//tbody").findall("tr")
        ]
        for part in root.iter("div")
        if part.get("class") == "order"
    }
    assert {key: "".join(found[f"by-{key}"]) for key in EXPECTED} == EXPECTED
    assert list(found)[-1] == "by-client"
    assert {link.get("href") for link in root.iter("a") if (link.get("href") or "").startswith("#by-")} == {
        f"#{key}" for key in found
    }
    for part in root.iter("div"):
        if part.get("class") == "order":
            sorts = [head for head in part.iter("th") if head.get("aria-sort")]
            assert [head.find("a").get("href") for head in sorts] == [f"#{part.get('id')}"]


def test_the_notebook_shows_what_the_page_does(tmp_path: Path) -> None:
    """Its cells are calls alone; a table has the page's rows, without links that lead nowhere from there."""
    notebook = nbformat.read(shipped("notebooks") / "client_book.ipynb", as_version=4)
    calls = [cell.source for cell in notebook.cells if "page" in cell.metadata.tags]
    assert calls == ["book.table(order)", "book.details()", "book.own_benchmark()"]
    seen = {}
    for cell in notebook.cells[1:]:
        exec(
            cell.source if cell.id != "parameters" else f"{cell.source}\nclients_dir = {str(tmp_path)!r}",
            seen,
        )
    assert seen["book"] == ClientBook.of(tmp_path, {})
    shown = book(tmp_path).table("gap")._repr_html_()
    assert re.findall(r"<small>([abc])</small>", shown) == list(EXPECTED["gap"])
    assert "href" not in shown
    with pytest.raises(InputError, match="one of: client, consultant"):
        book(tmp_path).table("colour")


def test_there_is_an_order_for_each_column() -> None:
    """All but the documents; what the notebook's text lists are these."""
    text = nbformat.read(shipped("notebooks") / "client_book.ipynb", as_version=4).cells[0].source
    assert list(EXPECTED) == [order.key for order in ORDERS]
    assert all(order.key in text for order in ORDERS)


def test_a_consultancys_file_with_faults_is_told_on_the_page(tmp_path: Path, add_client: Add) -> None:
    """The book still stands: it is where the consultant looks."""
    add_client(tmp_path, "acme", "Acme")
    (tmp_path / CONSULTANCY).write_text("colour: red\n", encoding="utf-8")
    assert "colour" in write_client_book(tmp_path, {}).read_text(encoding="utf-8")


@pytest.mark.parametrize("slug", ["harbour-credit-union", "lakeside-clinic", "meridian-manufacturing"])
def test_the_book_agrees_with_deck_and_review(toured: tuple[Path, str], slug: str) -> None:
    """Decisions, overdue actions, dates, money and widest gap are those of the client's own pages, on the samples as made."""
    clients = toured[0] / "client_data"
    line, record = book_line(clients, slug), load(clients, slug)
    story = ReviewStory.of(record, plan_roadmap(record))
    a = story.assessment
    assert line.pending == tuple(ask.what for ask in story.decisions)
    assert line.overdue == tuple(one.action for one in open_actions(story) if one.state == "overdue")
    soon = [one.day.isoformat() for one in dates_ahead(story) if one.is_risk and one.day <= story.horizon]
    assert [when for when, _ in line.dates] == soon
    assert line.meeting == (story.meeting.isoformat() if story.meeting else "")
    spent = sum(year.capex + year.opex for year in story.roadmap.years)
    assert line.money == (pytest.approx(spent) if story.roadmap.kind == "optimised" else None)
    widest = max((abs(row.measured_gap.value) for row in a.scored if row.measured_gap), default=0.0)
    assert line.points == pytest.approx(widest)
    assert set(line.weak) == {row.dimension.name for row in a.weak}
