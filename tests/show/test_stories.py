"""The two stories, told about the three samples."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from toolkit.assess.difference import differs
from toolkit.client.new_client import SAMPLES
from toolkit.html.fonts import text_width
from toolkit.html.markup import text_of
from toolkit.method import COMPARED
from toolkit.plan import PLAN_FILE, Roadmap
from toolkit.plan.business_case import business_case, paid_back_text
from toolkit.plan.roadmap import YearMoney
from toolkit.show import AssessmentStory, RoadmapStory
from toolkit.show.charts.dumbbells import dumbbells
from toolkit.words import capital, count, inside, money, number_word

# A story computes its pages when they are first asked for, and keeps them; no test changes one.
deck, report = cache(RoadmapStory.open), cache(AssessmentStory.open)


@pytest.fixture(scope="module")
def clients(toured: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The samples as a notebook sees them when its document is made: with the plan that was published."""
    folder = tmp_path_factory.mktemp("clients")
    for sample in SAMPLES:
        shutil.copytree(toured[0] / "client_data" / sample, folder / sample)
        (plan,) = (folder / sample).glob("deliverables/*/plan.json")
        shutil.copy(plan, folder / sample / PLAN_FILE)
    return str(folder)


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_deck_keeps_to_its_slides_and_no_two_titles_are_alike(sample: str, clients: str) -> None:
    """Titles alone tell the story, so none is empty or said twice."""
    titles = [page.title for page in deck(sample, clients).pages.values()]
    assert 1 < len(titles) <= 19
    assert all(titles)
    assert len(set(titles)) == len(titles)


def test_what_is_missing_stands_on_one_slide(clients: str) -> None:
    """The clinic, with half its data missing, gets one slide of gaps instead of empty slides, and no ranking."""
    story = deck("lakeside-clinic", clients)
    assert story.page("money") is None
    gaps = story.page("gaps")
    assert gaps is not None
    rows = str(gaps.html()).count("<tr>") - 1
    assert gaps.title.startswith(f"{capital(count(rows, 'part'))} of the picture are still missing")
    assert "Money by year" in str(gaps.html())
    ranked = story.page("ranked")
    assert ranked is not None
    assert ranked.title == "No ranking yet: a yearly budget is absent"


def test_the_providers_view_makes_no_headline(clients: str) -> None:
    """Where business or IT answered, the outsourced provider's score is never the page's message."""
    story = report("harbour-credit-union", clients)
    assert not any("Tidewater" in page.title for page in story.pages.values())
    assert "Tidewater Systems" in str(story.pages["appendix"].html())


def test_report_and_deck_tell_the_same_plan(clients: str) -> None:
    """The decision, the ranked list and the plan on a page count the same initiatives and the same capital."""
    story = deck("meridian-manufacturing", clients)
    funded = len(story.roadmap.scheduled)
    plan = story.pages["plan"].exhibits[0].data
    assert funded == len(plan)
    release, approve = (ask.money for ask in story.asks[:2])
    assert release.new + release.before + approve.new == pytest.approx(plan["Capital cost"].sum())
    assert f"{number_word(funded)} initiatives" in story.pages["cover"].title
    assert report("meridian-manufacturing", clients).asks == story.asks


def test_the_deck_says_first_of_earlier_promises_what_was_not_kept(clients: str) -> None:
    """The slide counts the promises kept as the report does, and shows every one that is overdue."""
    story = deck("meridian-manufacturing", clients)
    slide = story.pages["since"]
    assert slide.title == report("meridian-manufacturing", clients).pages["since"].title
    said = str(slide.html())
    late = [promise.action for promise in story.assessment.promises if promise.state == "overdue"]
    assert late
    assert all(action in said for action in late)
    assert max(map(said.index, late)) < said.index("Kept, ")


def test_the_deck_says_what_the_plan_changed_since_it_was_published(clients: str) -> None:
    """Held against a thinner plan of the earlier round, what has entered stands on the slide with its reason."""
    story = deck("meridian-manufacturing", clients)
    entered, *rest = story.roadmap.scheduled
    then = replace(story.roadmap, scheduled=tuple(rest))
    said = str(replace(story, earlier_plan=then).pages["since"].html())
    assert "What the plan has changed" in said
    assert (
        str(text_of(story.names([entered.initiative])[0])) in said.partition("What the plan has changed")[2]
    )


@pytest.mark.parametrize("sample", ["harbour-credit-union", "lakeside-clinic"])
def test_a_first_round_has_no_slide_of_what_was_before(sample: str, clients: str) -> None:
    """Nothing was promised, decided or scored before the first round."""
    assert deck(sample, clients).page("since") is None


@pytest.mark.parametrize("sample", ["meridian-manufacturing", "harbour-credit-union"])
def test_a_need_is_shown_with_the_planned_work_that_the_register_says_serves_it(
    sample: str, clients: str
) -> None:
    """Each need counts the initiatives of the plan that name it, and no work that waits."""
    story = deck(sample, clients)
    data = story.pages["needs"].exhibits[0].data.set_index("Need")["Work that serves it"]
    planned = {one.initiative for one in story.roadmap.scheduled}
    for need in story.assessment.needs:
        serving = [one for one in story.record.initiatives if need.dimension.id in one.serves]
        number = sum(one.id in planned for one in serving)
        said = data[need.dimension.name].lower()
        assert said.startswith(count(number, "initiative")) if number else said == "none"


def test_where_no_work_names_a_need_no_need_is_said_to_lack_work(clients: str) -> None:
    """A register without that column says nothing about which work serves a need."""
    story = deck("meridian-manufacturing", clients)
    work = tuple(one.model_copy(update={"serves": ()}) for one in story.record.initiatives)
    silent = replace(story, record=replace(story.record, initiatives=work))
    slide = silent.pages["needs"]
    assert "Work that serves it" not in slide.exhibits[0].data
    assert "plan" not in slide.title


def test_the_weakest_practice_is_shown_with_what_would_close_it(clients: str) -> None:
    """The title names the practice that both sides together score lowest, and the slide what is proposed for it and by whom."""
    story = deck("meridian-manufacturing", clients)
    slide = story.pages["together"]
    practices = [area for area in story.assessment.scored if area.dimension.family == "practice"]
    weakest = min(practices, key=lambda area: sum(area.scores[group].mean for group in COMPARED))
    assert slide.title.startswith(f"“{weakest.dimension.name}” is the weakest practice")
    (proposed,) = (
        one for one in story.assessment.recommendations if one.practices == (weakest.dimension.id,)
    )
    said = str(slide.html())
    assert inside(proposed.action) in said
    assert str(proposed.owner_business) in said


def test_a_measure_without_an_owner_on_one_side_is_not_called_shared(clients: str) -> None:
    """The title counts the measures with both owners; the slide names the side that lacks one."""
    story = deck("meridian-manufacturing", clients)
    facts = story.record.facts
    nobody = tuple(one.model_copy(update={"owner_it": None}) for one in facts.kpis)
    record = replace(story.record, facts=facts.model_copy(update={"kpis": nobody}))
    slide = replace(story, record=record).pages["together"]
    assert f"none of {count(len(nobody), 'measure')}" in slide.title
    assert str(slide.html()).count("No owner in ") == len(nobody)


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_same_record_is_told_in_the_same_bytes(sample: str, clients: str) -> None:
    """Charts and pages hold no clock and no chance: told twice, they are identical."""
    first, second = (AssessmentStory.open(sample, clients).pages for _ in range(2))
    assert [str(page.html()) for page in first.values()] == [str(page.html()) for page in second.values()]


def test_a_plan_that_collides_is_not_said_to_lack_money_or_to_leave_nothing_waiting(clients: str) -> None:
    """Where what is fixed collides there is no plan, and no slide speaks as if there were one or nothing were known."""
    story = deck("meridian-manufacturing", clients)
    known = story.roadmap.timeline
    collides = Roadmap("infeasible", story.roadmap.start, 12, timeline=known, conflicts=("a", "b"))
    pages = replace(story, roadmap=collides).pages
    assert not {"money", "people", "tradeoffs"} & pages.keys()
    assert "gaps" not in pages


def test_running_costs_short_of_their_own_budget_are_the_tightest(clients: str) -> None:
    """The fullest limit is looked for among those that are kept apart, not in the year's total."""
    story = deck("meridian-manufacturing", clients)
    years = (
        YearMoney(2027, 1200.0, 0.0, 900.0, 50.0, running=200.0),
        YearMoney(2028, 1200.0, 0.0, 0.0, 198.0, running=200.0),
    )
    title = replace(story, roadmap=replace(story.roadmap, years=years)).pages["money"].title
    assert title.startswith("Running costs in FY2028 leave USD 2")


def test_the_title_of_the_money_says_where_most_is_left(clients: str) -> None:
    """What is left of years that spend less than half of their 900 stands in the title beside the fullest year."""
    story = deck("meridian-manufacturing", clients)
    story = replace(story, roadmap=replace(story.roadmap, uncounted=(), scheduled=()))
    for later, said in (
        ((0.0, 80.0), "FY2027 leaves USD 1 beside a reserve of USD 100; FY2028 and FY2029 leave USD 1,720 unplanned"),
        ((700.0, 440.0), "FY2027 leaves USD 1 beside a reserve of USD 100; FY2029 leaves USD 460 unplanned"),
        ((700.0, 460.0), "FY2027 leaves USD 1 beside a reserve of USD 100"),
    ):  # fmt: skip
        spent = enumerate((899.0, *later), 2027)
        years = tuple(YearMoney(year, 1000.0, 100.0, capital, 0.0) for year, capital in spent)
        page = replace(story, roadmap=replace(story.roadmap, years=years)).pages["money"]
        assert page.title == said


@pytest.mark.parametrize("spent", [152.61e6, 582.91e6, 1.27e9, 450e3])
@pytest.mark.parametrize("panels", [2, 3, 4])
def test_no_text_of_the_money_by_year_is_cut_or_touches_another(
    clients: str, spent: float, panels: int
) -> None:
    """Each amount and name stands within the picture, and beside the others of its line, however wide it is."""
    story = deck("meridian-manufacturing", clients)
    years = tuple(
        YearMoney(2026 + n, None if not n else 1.5 * spent, 0.0 if not n else 0.1 * spent, spent, 0.0)
        for n in range(panels)
    )
    page = replace(story, roadmap=replace(story.roadmap, years=years)).pages["money"]
    drawn = ElementTree.fromstring(page.exhibits[0].picture())
    lines: dict[int, list[tuple[float, float, str]]] = {}
    for text in drawn.iter("{http://www.w3.org/2000/svg}text"):
        style, words = text.get("style", ""), text.text or ""
        size, weight = (
            float(re.findall(r"font-size: ([\d.]+)", style)[0]),
            int((re.findall(r"weight: (\d+)", style) or [400])[0]),
        )
        wide, x = text_width(words, size, weight), float(text.get("x", 0))
        left = x - wide / 2 if "middle" in style else x
        assert (left >= 0, left + wide <= 1168) == (True, True), words
        lines.setdefault(round(float(text.get("y", 0))), []).append((left, left + wide, words))
    for line in lines.values():
        line.sort()
        assert [(one, other) for one, other in pairwise(line) if one[1] > other[0]] == []


def test_a_known_benefit_is_not_called_unknown_beside_the_money_by_year(clients: str) -> None:
    """Where running costs are not known, no work has a payback; the slide of the business case counts its benefit all the same."""
    story = deck("meridian-manufacturing", clients)
    bare = replace(story, roadmap=replace(story.roadmap, worth=()))
    said = "What the work pays back is not known."
    assert said not in str(bare.pages["money"].html())
    without = tuple(one.model_copy(update={"benefit": None}) for one in story.record.initiatives)
    nothing = replace(bare, record=replace(story.record, initiatives=without))
    assert said in str(nothing.pages["money"].html())


def test_capital_in_no_year_shown_is_named_beside_the_money_by_year(clients: str) -> None:
    """The capital to approve is more than that of the plan's years where work under way began before them."""
    story = deck("meridian-manufacturing", clients)
    within = sum(one.capex for one in story.roadmap.years)
    outside = sum(one.capex for one in story.roadmap.scheduled) - within
    said = f"{money(outside, 'USD')} falls before FY2027;".replace(" ", "\u00a0", 1)
    assert outside > 0
    assert said in str(story.pages["money"].html())
    year = replace(story.roadmap.years[0], capex=within + outside)
    all_within = replace(story, roadmap=replace(story.roadmap, years=(year,)))
    assert "falls before" not in str(all_within.pages["money"].html())


def test_the_chart_marks_as_many_areas_as_its_title_counts(clients: str) -> None:
    """An area that the title counts as seen differently stands out in the margin, one too close to call does not."""
    story = report("meridian-manufacturing", clients)
    counted = [one.dimension.name for one in story.assessment.scored if differs(one)]
    assert f"see {number_word(len(counted))} areas differently" in story.pages["areas"].title
    drawn = dumbbells(story.assessment, story.assessment.areas, "areas", "", ("weak", "strong")).svg.decode()
    bold = re.findall(
        r"font-weight=\"600\"[^>]*>[+−]\d|font: 600 [^>]*>[+−]\d|font-weight: 600[^>]*>[+−]\d", drawn
    )
    assert len(bold) == len(counted)


def test_the_business_case_names_the_work_that_its_cash_comes_from(clients: str) -> None:
    """Each benefit counted stands beside the chart with who agreed to it; together they are the last year's cash back."""
    story = deck("harbour-credit-union", clients)
    case = business_case(story.planned, story.roadmap)
    assert case is not None
    counted = [one for one in story.record.initiatives if one.id in case.known]
    assert sum(one.benefit or 0.0 for one in counted) == case.years[-1].benefit
    said = str(story.pages["case"].html())
    for one in counted:
        assert str(text_of(one.short or one.name)) in said
    assert said.count("agreed by nobody yet") == sum(not one.benefit_agreed_by for one in counted)
    assert "not agreed yet" in story.pages["case"].title
    assert "not agreed yet, would pay" in paid_back_text(case, "CAD")
    agreed = paid_back_text(replace(case, agreed=case.yearly), "CAD")
    assert agreed.startswith("CAD 420k a year pays every new cost")
    part = paid_back_text(replace(case, agreed=case.yearly / 2, paid_back=None), "CAD")
    assert part.startswith("CAD 420k a year, CAD 210k of it agreed, would not pay")


def test_work_reduces_a_cost_that_its_benefit_does_not_reach(clients: str) -> None:
    """Of CAD 310k a year the paperless file saves 170k, as its benefit says: a quarter of waiting costs a quarter of that."""
    story = deck("harbour-credit-union", clients)
    said = " ".join(re.sub(r"<[^>]+>", " ", str(story.pages["cost"].html())).split())
    assert "reduces mortgages lost" in said
    assert "CAD 170k of the CAD 310k a year; each quarter of waiting costs CAD 43k" in said.replace(
        "\u00a0", " "
    )


def test_a_release_after_the_plan_has_begun_is_said_to_come_too_late(clients: str) -> None:
    """Leadership meets on 10 December, and mandatory work is planned from 1 November: both pages that ask say so."""
    story = deck("harbour-credit-union", clients)
    (release,) = [one for one in story.asks if one.kind == "release"]
    assert (
        release.because
        == "Two are planned from 1 November 2026, before leadership meets on 10 December 2026."
    )
    assert str(story.pages["first"].html()).count("starts before this meeting") == 2
