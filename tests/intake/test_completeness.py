"""What which page still lacks: every need of every page, absent and present."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from toolkit.client.record import Record
from toolkit.client.schema import Aggregate, Facts
from toolkit.client.store import load
from toolkit.intake.completeness import Missing, View, missing, pages_of, progress
from toolkit.intake.document import Document, at, document_of, put

EMPTY = Record("acme", Facts.model_validate({"profile": {"name": "Acme"}}))
GOALS, KPIS, IMPACT, ROUNDS, WORK = ("facts", "goals"), ("facts", "kpis"), ("facts", "impact"), ("facts", "rounds"), ("initiatives",)  # fmt: skip
# What one takes away, what is missed then, and where it says so.
TAKEN: dict[str, tuple[tuple[Any, ...], Any, dict[str, set[str]]]] = {
    "questionnaire": ((*ROUNDS, "questionnaire"), None, {"a round with its questionnaire": {"page who answered"}}),
    "invited": ((*ROUNDS, "groups"), [{"group": "business", "invited": "9"}, {"group": "it"}], {"for business and IT, how many are invited": {"page who answered"}}),
    "a group": ((*ROUNDS, "groups"), [{"group": "business", "invited": "9"}], {"for business and IT, how many are invited": {"page who answered"}, "the answers of IT": {"page the nine areas"}}),
    "a target": (("facts", "targets", "communication"), None, {"the level leadership wants in each of the nine areas": {"page the nine areas"}}),
    "costs": (IMPACT, None, {"what symptoms cost a year": {"page symptoms and cost", "slide cost"}, "who agreed to each cost": {"page symptoms and cost"}}),
    "agreed_by": ((*IMPACT, "agreed_by"), None, {"who agreed to each cost": {"page symptoms and cost"}}),
    "themes": (("facts", "themes"), None, {"interview themes": {"page causes"}}),
    "goals": (GOALS, None, {"business goals": {"page goals"}, "leadership’s 100 points, spread over the goals": {"slide goals"}, "a measure for each goal": {"slide goals"}}),
    "points": ((*GOALS, "weight"), "1", {"leadership’s 100 points, spread over the goals": {"slide goals"}}),
    "no number": ((*GOALS, "weight"), "most", {"leadership’s 100 points, spread over the goals": {"slide goals"}}),
    "kpi": ((*GOALS, "kpi"), None, {"a measure for each goal": {"slide goals"}}),
    "spend": (("facts", "spend"), None, {"IT spending by purpose": {"page spending", "slide spending"}}),
    "risks": (("facts", "risks"), None, {"risks and deadlines": {"page deadlines", "slide deadlines"}}),
    "business lead": (("facts", "profile", "business_lead"), None, {"a business lead and an IT lead": {"page what to do"}}),
    "IT lead": (("facts", "profile", "it_lead"), None, {"a business lead and an IT lead": {"page what to do"}}),
    "KPI business": ((*KPIS, "owner_business"), None, {"an owner of each KPI on both sides": {"slide goals"}}),
    "KPI IT": ((*KPIS, "owner_it"), None, {"an owner of each KPI on both sides": {"slide goals"}}),
    "goals of work": ((*WORK, "goals"), None, {"what each initiative contributes to the goals": {"slide the ranked list"}}),
    "duration": ((*WORK, "duration"), None, {"each initiative’s quarters of work": {"slide the plan"}}),
    "capex": ((*WORK, "capex"), None, {"each initiative’s capital cost": {"slide money"}}),
    "budget": (("facts", "budget"), None, {"the budget of each fiscal year": {"slide money"}}),
    "capacity": (("facts", "capacity"), None, {"the people available in each role": {"slide people"}}),
    "fte": ((*WORK, "fte"), None, {"the people each initiative takes": {"slide people"}}),
    "owner": ((*WORK, "owner_business"), None, {"an owner of each initiative on both sides": {"slide next steps"}}),
    "IT owner": ((*WORK, "owner_it"), None, {"an owner of each initiative on both sides": {"slide next steps"}}),
}  # fmt: skip


@pytest.fixture
def record(project: Path) -> Record:
    """The meridian sample."""
    return load(project / "client_data", "meridian-manufacturing")


@pytest.fixture
def complete(record: Record) -> Document:
    """The meridian sample with all that its pages can use."""
    document = document_of(record)
    round_ = max(at(document, ROUNDS), key=lambda one: one["as_of"])
    round_["groups"] = [{"group": name, "invited": "40"} for name in ("business", "it")]
    goals, kpi = at(document, GOALS), at(document, KPIS)[0]["id"]
    for number, goal in enumerate(goals):
        goal |= {"kpi": kpi, "weight": "100" if number == 0 else "0"}
    for path, fields in ((KPIS, ("owner_business", "owner_it")), (IMPACT, ("agreed_by",)), (WORK, ("owner_business", "owner_it", "duration", "capex"))):  # fmt: skip
        for one in at(document, path):
            one.update({name: one.get(name, "1") for name in fields})
    for one in at(document, WORK):
        one |= {"goals": {goals[0]["id"]: "1"}, "fte": {"developer": "1"}}
        one.pop("finish", None)
    return document


def said(document: Document, record: Record) -> dict[str, set[str]]:
    """Return what is missing, and the pages."""
    return {one.what: set(one.pages) for one in missing(View(document, record))}


def test_with_everything_nothing_is_missing(complete: Document, record: Record) -> None:
    """The review turns green."""
    assert said(complete, record) == {}


@pytest.mark.parametrize("taken", TAKEN)
def test_each_thing_taken_away_is_named_with_its_pages(complete: Document, record: Record, taken: str) -> None:  # fmt: skip
    """One thing less, and exactly that is missing, for exactly the pages that show it."""
    path, value, expected = TAKEN[taken]
    if at(complete, path) is None and path[:-1] in (GOALS, KPIS, IMPACT, ROUNDS, WORK):
        latest = max(at(complete, path[:-1]), key=lambda one: (one.get("as_of", ""), one.get("status") not in ("done", "stopped")))  # fmt: skip
        path = (*path[:-1], latest["id"], path[-1])
    assert at(complete, path) is not None
    put(complete, path, value)
    assert said(complete, record) == expected


def test_running_work_needs_no_duration_beside_its_dates(complete: Document, record: Record) -> None:
    """Under way, with a start and a completion date, it lasts from one to the other; proposed work does not."""
    put(complete, (*WORK, "machine-data", "finish"), "2027-03-31")
    put(complete, (*WORK, "machine-data", "duration"), None)
    assert said(complete, record) == {}
    put(complete, (*WORK, "machine-data", "status"), "proposed")
    assert said(complete, record) == {"each initiative’s quarters of work": {"slide the plan"}}


def test_a_rough_estimate_wants_a_contingency(complete: Document, record: Record) -> None:
    """Without one, the slide of money lacks it; 0 says that nothing is to be added, and a budgetary estimate needs none."""
    where = (*WORK, "erp-replace")
    put(complete, (*where, "contingency"), None)
    assert said(complete, record) == {"the contingency of each rough estimate": {"slide money"}}
    put(complete, (*where, "contingency"), "0")
    assert said(complete, record) == {}
    put(complete, (*where, "contingency"), None)
    put(complete, (*where, "estimate"), "budgetary")
    assert said(complete, record) == {}


@pytest.mark.parametrize(
    ("group", "pages"), [("business", {"page the nine areas", "page needs"}), ("it", {"page the nine areas"})]
)
def test_a_group_without_answers_is_named(complete: Document, record: Record, group: str, pages: set[str]) -> None:  # fmt: skip
    """Answers of an earlier round or of the other group do not count; counts and an agreed position do."""
    without = replace(record, responses=tuple(one for one in record.responses if one.group != group))
    what = "the answers of business" if group == "business" else "the answers of IT"
    assert said(complete, without) == {what: pages}
    latest = max(at(complete, ROUNDS), key=lambda one: one["as_of"])["id"]
    counts = Aggregate.model_validate({"round": latest, "group": group, "question": "value-1", **{f"count_{n}": 1 for n in range(1, 6)}})  # fmt: skip
    assert said(complete, replace(without, aggregates=(counts,))) == {}
    agreed = deepcopy(complete)
    for one in at(agreed, (*ROUNDS, latest, "groups")):
        one["mode"] = "consensus" if one["group"] == group else "survey"
    assert said(agreed, without) == {what: pages}
    asked = record.questionnaires[at(agreed, (*ROUNDS, latest))["questionnaire"]].questions
    for one in asked:
        assert said(agreed, without) == {what: pages}  # until every question is agreed
        put(agreed, ("positions", latest, group, one.id), "3")
    assert said(agreed, without) == {}
    put(agreed, (*ROUNDS, "later"), {**at(agreed, (*ROUNDS, latest)), "id": "later", "as_of": "2099-01-01"})
    assert what in said(agreed, record)


def test_an_empty_client_lacks_everything() -> None:
    """Of a client that is only a name, every need of every page is listed, and each section has something to do."""
    found = missing(View(document_of(EMPTY), EMPTY))
    everything = {what for _, _, expected in TAKEN.values() for what in expected}
    everything |= {"the answers of business", "the answers of IT", "initiatives"}
    assert {one.what for one in found} == everything
    assert {page for one in found for page in one.pages} == {
        *(f"page {name}" for name in ("who answered", "the nine areas", "needs", "symptoms and cost", "causes", "goals", "spending", "deadlines", "what to do")), "slide goals", "slide cost", "slide deadlines", "slide spending",
        "slide the ranked list", "slide the plan", "slide money", "slide people", "slide next steps",
    }  # fmt: skip
    assert said({}, EMPTY) == {one.what: set(one.pages) for one in found}


def test_work_that_is_finished_needs_nothing_more(complete: Document, record: Record) -> None:
    """A stopped initiative without owners or cost is no gap; when all are finished, initiatives are missing."""
    put(complete, (*WORK, "old"), {"id": "old", "name": "Old", "status": "stopped"})
    assert said(complete, record) == {}
    for one in at(complete, WORK):
        one["status"] = "done"
    assert said(complete, record)["initiatives"] == {"slide the ranked list"}


def test_the_sample_lacks_what_its_pages_leave_out(record: Record) -> None:
    """Of the meridian sample as it is shipped, every need that is listed names a place that is empty in it."""
    document = document_of(record)
    found = said(document, record)
    open_work = [one for one in record.initiatives if one.status not in ("done", "stopped")]
    facts = record.facts
    assert ("each initiative’s quarters of work" in found) == any(one.duration is None for one in open_work)
    assert ("each initiative’s capital cost" in found) == any(not one.capex for one in open_work)
    assert ("the people each initiative takes" in found) == any(not one.fte for one in open_work)
    assert ("who agreed to each cost" in found) == any(one.agreed_by is None for one in facts.impact)
    assert ("a measure for each goal" in found) == any(one.kpi is None for one in facts.goals)
    assert ("an owner of each KPI on both sides" in found) == any(not (one.owner_business and one.owner_it) for one in facts.kpis)  # fmt: skip
    assert not found.keys() & {"business goals", "interview themes", "initiatives", "risks and deadlines"}


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ((), ""),
        (("page the nine areas",), "assessment page on the nine areas"),
        (
            ("slide next steps", "slide money", "slide people"),
            "roadmap slides on money, people and next steps",
        ),
        (
            ("slide money", "page symptoms and cost", "page the nine areas", "page symptoms and cost"),
            "assessment pages on the nine areas and symptoms and cost, roadmap slide on money",
        ),
    ],
)
def test_pages_are_told_in_words(pages: tuple[str, ...], words: str) -> None:
    """Pages first, then slides, in the order of the documents, each once."""
    assert pages_of([Missing("x", (one,), "goals") for one in pages]) == words


def test_a_section_says_how_far_it_is() -> None:
    """Entries are counted, and those that lack a field; a group of fields says which are open."""
    document: Document = {"facts": {"goals": [{"id": "a", "owner": "Dana"}, {"id": "b"}], "profile": {"name": "Acme"}}}  # fmt: skip
    wanted = [("owner", "Owner")]
    assert progress(document, GOALS, wanted, is_list=True) == "2 recorded; 1 without “Owner”."
    assert progress({}, GOALS, wanted, is_list=True) == "Nothing is recorded yet."
    assert progress(document, ("facts", "profile"), [("name", "Company")], is_list=False) == "All filled in."
    assert (
        progress({}, ("facts", "profile"), [("name", "Company")], is_list=False) == "Not filled in: Company."
    )
