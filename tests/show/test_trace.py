"""The appendix's section from goals to work and back, as a reader meets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import html5lib
import pytest

from toolkit.assess import assess
from toolkit.client.new_client import SAMPLES
from toolkit.client.record import Record
from toolkit.client.schema import (
    Budget,
    Facts,
    Goal,
    Initiative,
    Kpi,
    Planning,
    Profile,
    Risk,
    Round,
    Scenario,
)
from toolkit.plan import plan_roadmap
from toolkit.show import AssessmentStory
from toolkit.show.report.trace import TITLE, trace_parts
from toolkit.words import money

CLIENTS = str(Path(__file__).resolve().parents[2] / "client_data")
HOSTILE = ("<script>alert(1)</script>", "=cmd()", "\u202eשלום", "x" * 300, "</table></bdi><b>", '" onload="')

OURS = {
    "h3", "p", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "br", "span", "strong", "ul", "li", "bdi",
}  # fmt: skip


def story_of(*work: Initiative, **facts: Any) -> AssessmentStory:
    """Return the assessment of a client with one goal, a budget of 1,000 a year and this work."""
    base: dict[str, Any] = {
        "profile": Profile(name="Client"),
        "goals": (Goal(id="g", name="The goal", weight=100, owner="Goal owner", kpi="k"),),
        "kpis": (Kpi(id="k", name="The measure", unit="days", baseline=9, target=4, owner_business="B", owner_it="I"),),
        "risks": (Risk(id="r", name="The risk", severity=0.5),),
        "budget": (Budget(year=2027, amount=1000), Budget(year=2028, amount=1000)),
        "planning": Planning(start="2027-Q1", quarters=8),  # type: ignore[arg-type]
        "rounds": (Round(id="r1", as_of=date(2026, 12, 31)),),
    }  # fmt: skip
    record = Record("client", Facts(**(base | facts)), initiatives=work)
    return AssessmentStory(record, assess(record), plan_roadmap(record))


def work(id: str, **fields: Any) -> Initiative:
    """Return an initiative of two quarters and 100 with both owners, that serves the goal unless told otherwise."""
    plain = {
        "id": id, "name": f"Work {id}", "duration": 2, "capex": 100, "contingency": 0.1, "opex": 7, "goals": {"g": 3},
        "scored_by": "The board", "benefit": 20, "owner_business": f"{id} business", "owner_it": f"{id} IT",
    }  # fmt: skip
    return Initiative.model_validate(plain | fields)


def read(story: AssessmentStory) -> tuple[list[list[str]], str]:
    """Return the rows of the section's table, cell by cell, and all its text."""
    html = "".join(map(str, trace_parts(story)))
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in tree.iter("tr")]
    return rows, " ".join("".join(tree.itertext()).split())


def test_a_goal_is_followed_to_its_owners() -> None:
    """One row holds an initiative's contribution, quarters, capital with contingency, running cost, benefit and both owners, below its goal."""
    rows, text = read(story_of(work("a")))
    assert rows[1] == [
        "The goal100 points. Owner: Goal owner.Measure: The measure, from 9 to 4 days. Owners: B (business), I (IT)."
    ]
    assert rows[2] == ["Work a", "3", "Q1 2027 to Q2 2027", "110", "7", "20", "a businessa IT"]
    assert "Contributions were scored by: The board." in text
    assert "Every goal is served by work above the line." in text
    assert "All open work serves a goal." in text
    assert "All open work has an owner on both sides." in text


def test_what_is_loose_is_named() -> None:
    """Goals without work and left out, work without a goal and with one owner, each stand by name in a sentence of their own."""
    goals = (
        Goal(id="g", name="The goal", weight=60),
        Goal(id="bare", name="The bare goal", weight=20),
        Goal(id="dear", name="The dear goal", weight=15),
        Goal(id="past", name="The past goal", weight=5),
    )
    rows, text = read(
        story_of(
            work("a", owner_it=None), work("b", goals={}, owner_business=None), work("c", goals={}, settles=("r",)),
            work("d", goals={"dear": 3}, capex=9000), work("e", goals={"past": 1}, status="stopped", owner_it=None),
            work("f", owner_it=None, owner_business=None), work("h", goals={}, status="done"), goals=goals,
        )
    )  # fmt: skip
    for said in (
        "Goals that no initiative serves: “The bare goal”.",
        "Goals whose work is all done or stopped: “The past goal” (“Work e” stopped).",
        "Goals with work, but none of it in the plan: “The dear goal” (“Work d” below the line).",
        "Open work that serves no goal and settles no risk: “Work b”.",
        "Open work that serves no goal, but settles a risk: “Work c”.",
        "Open work with an owner in the business only: “Work a”.",
        "Open work with an owner in IT only: “Work b”.",
        "Open work without an owner on either side: “Work f”.",
    ):
        assert said in text
    assert "Work h" not in [row[0] for row in rows]


def test_what_is_not_known_stands_as_such() -> None:
    """A goal without owner and measure, and work of unknown cost, scorer and owner, are shown with what is missing."""
    bare = (Goal(id="g", name="The goal"),)
    rows, text = read(story_of(work("a"), work("b", capex=None, opex=None, owner_it=None, scored_by=None), goals=bare))  # fmt: skip
    assert rows[1] == ["The goalOwner: nobody named.Measure: none linked."]
    assert rows[3] == [
        "Work b", "3scorer not known", "not scheduledits cost is not known", "not known", "not known", "20", "b businessnobody named",
    ]  # fmt: skip
    assert "The heaviest goal" not in text


def test_without_a_plan_what_is_recorded_is_told() -> None:
    """On a timeline, and where what is fixed collides, dates are the recorded ones, and the text says that there is no plan."""
    begun = work("a", status="in progress", start="2027-Q1", finish="2027-06-30")
    must = work("b", mandatory="the law", capex=9000)
    for story, kind, when in (
        (story_of(begun, budget=()), "timeline", "not rankedin progress since Q1 2027 until 30 June 2027"),
        (story_of(must), "infeasible", "not ranked"),
    ):
        assert story.roadmap.kind == kind
        rows, text = read(story)
        assert rows[2][2] == when
        assert "there is no plan, so dates are as recorded" in text
        assert "Every goal has open work." in text
        assert "above the line" not in text


def test_with_nothing_to_trace_a_sentence_says_what_is_missing() -> None:
    """Without goals or without initiatives there is no table; who owns the work is told all the same."""
    lone = story_of(work("a", goals={}, owner_it=None), goals=())
    assert read(lone) == (
        [],
        f"{TITLE}Nothing can be traced. Business goals are not recorded; the one initiative is, so it stands alone."
        "Open work with an owner in the business only: “Work a”.",
    )
    assert "neither are initiatives" in read(story_of(goals=()))[1]
    assert "no initiative that could serve them" in read(story_of())[1]


def test_names_are_shown_and_none_acts() -> None:
    """Markup, formulas, text that turns direction and 300 characters in every name stay text, each isolated from the rest."""
    for name in HOSTILE:
        goals = (
            Goal(id="g", name=name, owner=name, kpi="k", weight=100),
            Goal(id="h", name=name, weight=0),
        )
        kpis = (Kpi(id="k", name=name, unit=name, target=1, owner_it=name),)
        risks = (Risk(id="r", name=name, severity=1),)
        lots = [work(f"w{n}", name=name, owner_it=name, scored_by=name, goals={"g": n % 2}, settles=("r",)) for n in range(3)]  # fmt: skip
        story = story_of(*lots, goals=goals, kpis=kpis, risks=risks)
        html = "".join(map(str, trace_parts(story)))
        tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
        tags = {element.tag for element in tree.iter()} - {"DOCUMENT_FRAGMENT"}
        assert tags <= OURS
        allowed = {"class", "scope", "colspan", "tabindex", "role", "aria-label"}
        assert {key for element in tree.iter() for key in element.attrib} <= allowed
        shown = ["".join(bdi.itertext()) for bdi in tree.iter("bdi")]
        assert shown.count(name) >= 6
        assert "".join(tree.itertext()).count(name) == sum(text.count(name) for text in shown)


def test_many_names_are_counted() -> None:
    """Past a dozen names a sentence counts the rest; the table has them all."""
    lots = [work(f"w{n:02}", goals={}) for n in range(20)]
    rows, text = read(story_of(work("a"), *lots))
    assert "“Work w11” and eight more." in text
    assert sum(row[0].startswith("Work w") for row in rows) == 20


def test_the_points_are_those_the_plan_follows() -> None:
    """Where a scenario spreads the points otherwise, the table has them and says whose they are."""
    story = story_of(
        work("a"), goals=(Goal(id="g", name="The goal", weight=80), Goal(id="h", name="Other", weight=20))
    )
    record = story.record
    planning = record.facts.planning.model_copy(update={"scenario": "s"})
    scenario = Scenario(id="s", name="The scenario", round="r1", points={"h": 70, "g": 30})
    followed = replace(
        record, facts=record.facts.model_copy(update={"planning": planning}), scenarios=(scenario,)
    )
    rows, text = read(AssessmentStory(followed, assess(followed), plan_roadmap(followed)))
    assert [row[0].split(" points")[0] for row in rows if len(row) == 1][:3:2] == ["Other70", "The goal30"]
    assert "The points are those of the scenario “The scenario”, which the plan follows." in text
    assert "scenario" not in read(story)[1]


@pytest.mark.parametrize("sample", SAMPLES)
def test_page_six_refers_to_the_appendix_and_both_count_alike(sample: str) -> None:
    """The page on goals names the appendix's section, which tells the same goals and the plan's own capital."""
    story = AssessmentStory.open(sample, CLIENTS)
    assert TITLE in str(story.pages["goals"].html())
    assert str(story.pages["appendix"].html()).count(f"<h3>{TITLE}</h3>") == 1
    rows, text = read(story)
    heads = [row[0] for row in rows if len(row) == 1]
    assert all(any(head.startswith(goal.name) for head in heads) for goal in story.assessment.goals)
    if story.roadmap.scheduled:
        total = money(sum(one.capex for one in story.roadmap.scheduled), story.currency)
        assert f"above the line take {total} of capital" in text


def test_the_section_is_silent_on_page_six_without_goals() -> None:
    """Where no goal is recorded, the page on goals does not send its reader to a table that is not there."""
    assert TITLE not in str(story_of(work("a", goals={}), goals=()).pages["goals"].html())
