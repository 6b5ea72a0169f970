"""The quarterly review, over four quarters of the manufacturer: what it tells, and where its figures stand."""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from figure_search import Search
from figure_sources import Sources
from page_figures import Figure, blocks_of, figures_of
from quarters import NUMBERS, Reviewed, four_quarters

from toolkit.client.known import known_on
from toolkit.client.parts import PREVIOUS_PLAN
from toolkit.plan import to_json
from toolkit.publish.batch import run_batch
from toolkit.publish.data_files import findings_json
from toolkit.publish.documents import DOCUMENTS, MINUTES, USUAL
from toolkit.publish.figures_workbook import figures_xlsx
from toolkit.publish.handover import hand_over
from toolkit.publish.job import Request
from toolkit.publish.roadmap_workbook import roadmap_xlsx
from toolkit.publish.single_page import page_html
from toolkit.publish.verify import verify
from toolkit.show import ClosingStory, ReviewStory, RoadmapStory, ScorecardStory, StatusStory
from toolkit.show.minutes import minutes

CLINIC = "lakeside-clinic"
QUARTERS = ("2026-q3", "2026-q4", "2027-q1", "2027-q2")


@pytest.fixture(params=range(4), ids=QUARTERS)
def quarter(request: pytest.FixtureRequest, project: Path) -> Reviewed:
    """Each of the four quarters."""
    return four_quarters(project / "client_data")[request.param]


def text(quarter: Reviewed, key: str) -> str:
    """Return what a slide says, without its markup."""
    return said(str(quarter.story.page(key).html()))


def said(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_there_are_six_slides_each_with_a_sentence_for_a_title(quarter: Reviewed) -> None:
    """A title has a verb or a count, and no more than two lines on a slide."""
    titles = [page.title for page in quarter.story.pages.values()]
    assert list(quarter.story.pages) == ["promises", "measures", "actual", "dates", "proposed", "decide"]
    assert [title for title in titles if not 20 < len(title) < 115] == []


def test_what_was_promised_stands_with_how_it_was_kept(quarter: Reviewed) -> None:
    """Told by hand: of the actions of earlier rounds, so many are done, so many past their date, and each overdue one is named."""
    record, one = quarter.record, quarter.record.round()
    earlier = {each.id for each in record.rounds if each.as_of < one.as_of}
    made = [each for each in record.actions if each.round in earlier]
    late = [
        each for each in made if each.status == "open" and record.due(each) and record.due(each) < one.as_of
    ]  # type: ignore[operator]
    told = text(quarter, "promises")
    numbers = ("none", *NUMBERS)
    kept = sum(each.status == "done" for each in made)
    assert (
        f"{numbers[kept].capitalize()} of {numbers[len(made)]} promises kept; {numbers[len(late)]} are overdue"
        in told
    )
    since = record.before(one)
    assert since is not None
    done = [
        each
        for each in made
        if each.status == "done" and each.done_on and since.as_of < each.done_on <= one.as_of
    ]
    summary = told.partition("Kept since ")[2]
    assert all(each.action[:50] in summary for each in done)
    assert summary.count("(late)") == sum(
        each.done_on > (record.due(each) or each.done_on) for each in done if each.done_on
    )
    shown = sum(each.action in told for each in late)
    assert shown == len(late) or (shown >= 4 and "further promise" in told)


def test_every_action_not_done_stands_beside_the_decisions_and_in_the_minutes(quarter: Reviewed) -> None:
    """With both owners and the date: nobody has to look anything up."""
    record = quarter.record
    page = said(str(minutes(quarter.story).html()))
    for one in record.actions:
        if one.status == "open":
            assert one.action[:12] in text(quarter, "decide")
            assert all(owner in page for owner in (one.action, one.owner_business, one.owner_it) if owner)
        elif one.round != record.round().id:
            assert one.action not in page


def test_work_over_budget_and_late_is_told_as_the_register_says(quarter: Reviewed) -> None:
    """The title adds up what all work under way, or done in this quarter, costs more than budgeted, and counts what ends later."""
    since = quarter.record.before(quarter.record.round())
    assert since is not None
    work = [one for one in quarter.record.initiatives if one.status == "in progress" or (one.status == "done" and one.finish and one.finish > since.as_of)]  # fmt: skip
    costs = {one.id: one.spent if one.status == "done" else one.forecast for one in work}
    over = {
        one.id: cost - one.capex for one in work if one.capex and (cost := costs[one.id]) and cost > one.capex
    }
    late = [one for one in work if one.finish and one.original_finish and one.finish > one.original_finish]
    told = text(quarter, "actual")
    first = sum(
        max(cost - (one.original_capex or one.capex), 0)
        for one in work
        if one.capex and (cost := costs[one.id])
    )
    assert f"by USD {sum(over.values()) / 1000:.0f}k, {first / 1000:.0f}k over the first" in told
    assert re.search(rf"\b(two|both) end late|{len(late)} end late", told)
    assert all((one.short or one.name) in told for one in work)


def test_what_the_plan_changed_stands_with_the_reason(quarter: Reviewed) -> None:
    """Against the plan of the quarter before: each initiative that came, went or moved is named; what leadership decided is why."""
    told = text(quarter, "actual")
    if quarter.before is None:
        assert "No plan published for 30 September 2025 is at hand" in told
        return
    was, now = ({one.initiative: (one.start, one.finish) for one in plan.scheduled} for plan in (quarter.before, quarter.roadmap))  # fmt: skip
    names = {one.id: one.name for one in quarter.record.initiatives}
    changed = {names[id] for id in was.keys() | now.keys() if was.get(id) != now.get(id)}
    assert [name for name in changed if name not in told] == []
    reason = {"2026-q4": "Leadership rejected it on 14 October 2026", "2027-q2": "Leadership approved it on 14 April 2027"}  # fmt: skip
    assert reason.get(quarter.record.round().id, "") in told


def test_measures_are_held_against_a_straight_line(quarter: Reviewed) -> None:
    """Behind is who is on the wrong side of the line from baseline to target on the day of the last reading."""
    behind = []
    as_of = quarter.record.round().as_of
    for kpi in known_on(quarter.record, as_of).facts.kpis:
        known = (kpi.baseline, kpi.target, kpi.baseline_date, kpi.target_date)
        assert None not in known
        last = max(kpi.readings, key=lambda one: one.date)
        part = (last.date - kpi.baseline_date).days / (kpi.target_date - kpi.baseline_date).days
        line = round(kpi.baseline + (kpi.target - kpi.baseline) * min(part, 1), 1)
        if last.value < line if kpi.target > kpi.baseline else last.value > line:
            behind.append(kpi.short or kpi.name)
    told = text(quarter, "measures")
    assert {2: "Two", 3: "Three", 4: "Four"}[len(behind)] + " of six measures are behind" in told
    assert told.count("Behind its path;") == len(behind)


def test_the_scorecard_says_what_the_review_says(quarter: Reviewed) -> None:
    """The same sentence above, the same verdict on each measure, and who of them is shared by both sides."""
    (page,) = ScorecardStory.of(quarter.record, quarter.roadmap).pages.values()
    told = said(str(page.html()))
    assert page.title == quarter.story.page("measures").title
    for kpi in quarter.record.facts.kpis:
        assert kpi.name in told
    assert "Three measures without an owner on both sides" in told


def test_dates_of_the_next_two_quarters_are_told_apart(quarter: Reviewed) -> None:
    """A risk's date within two quarters of the round's day stands before the later ones."""
    told, as_of = text(quarter, "dates"), quarter.record.round().as_of
    ends = dict(zip(QUARTERS, ("2027-03-31", "2027-06-30", "2027-09-30", "2027-12-31"), strict=True))
    end = date.fromisoformat(ends[quarter.record.round().id])
    near, _, far = told.partition("After that")
    for risk in quarter.record.facts.risks:
        if risk.due and risk.due > as_of:
            assert (risk.short or risk.name) in (near if risk.due <= end else far)


def test_a_date_that_has_passed_without_an_answer_is_said_to_have(quarter: Reviewed) -> None:
    """A risk's date before the round's day, with no work done for it and not accepted, stands first, and is not said to be answered."""
    record, as_of = quarter.record, quarter.record.round().as_of
    done = {risk for one in record.initiatives if one.status == "done" for risk in one.settles}
    accepted = {one.subject for one in record.decisions if one.decision == "accept risk"}
    passed = [
        each
        for each in record.facts.risks
        if each.due and each.due < as_of and each.id not in done | accepted
    ]
    told, page = text(quarter, "dates"), quarter.story.page("dates")
    assert page is not None
    assert ("passed unanswered" in page.title) == ("Passed without an answer" in told) == bool(passed)
    assert len(passed) == (1 if as_of == date(2027, 6, 30) else 0)
    for risk in passed:
        assert f"{risk.short} Contract" in told.partition("Passed without an answer")[2].partition("By ")[0]
        assert f"Decide how to answer “{risk.short}”" not in text(quarter, "proposed")


def test_what_was_decided_twice_stands_as_it_was_decided_last(quarter: Reviewed) -> None:
    """One row for each subject, the earlier decision beside it; approved work that has not begun says when it is planned."""
    told = text(quarter, "promises").partition("What was decided")[2]
    assert told.count("Plant scheduling by real capacity") <= 1
    if quarter.record.round().id == "2027-q2":
        planned = next(one for one in quarter.roadmap.scheduled if one.initiative == "plant-scheduling")
        assert "Approved on 14 April 2027; rejected on 14 October 2026" in told
        assert f"Not started; in the plan, {planned.start} to {planned.finish}" in told.replace("\u00a0", " ")


def test_work_that_stands_red_is_held_by_a_decision(quarter: Reviewed) -> None:
    """The slide says which; both that and the sheet's list name it."""
    red = [one for one in quarter.record.initiatives if one.status == "in progress" and one.health == "red"]
    for one in red:
        holding = [n for n, ask in enumerate(quarter.story.asks, 1) if one.id in ask.work]
        assert f"is part of decision {holding[0]}" in text(quarter, "actual")
        assert f"{one.short or one.name} (reported red)" in text(quarter, "decide")


def test_the_decisions_are_those_of_the_deck(quarter: Reviewed) -> None:
    """The review asks for the very list that the roadmap asks for, amount by amount."""
    deck = RoadmapStory.of(quarter.record, quarter.roadmap)
    assert deck.asks == quarter.story.asks
    for ask in deck.asks:
        assert ask.what[:20] in text(quarter, "decide")


def test_every_figure_of_the_review_is_in_the_files(quarter: Reviewed, tmp_path: Path) -> None:
    """Each amount, date span and count on the slides and in the minutes is in the workbook, findings.json or a plan, or derived."""
    record = known_on(quarter.record, quarter.record.round().as_of)
    files = {
        "roadmap.xlsx": roadmap_xlsx(record, quarter.roadmap),
        "figures.xlsx": figures_xlsx(record, quarter.roadmap),
        "findings.json": findings_json(record, record.round().id, quarter.roadmap),
        "plan.json": to_json(quarter.roadmap).encode(),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    search = Search(Sources(tmp_path, record, quarter.before))
    sheets = [
        page for story in (ScorecardStory, StatusStory)
        for page in story.of(quarter.record, quarter.roadmap).pages.values()
    ]  # fmt: skip
    pages = [*quarter.story.pages.values(), minutes(quarter.story), *sheets]
    figures = [
        figure for page in pages for block in blocks_of(str(page.html())) for figure in figures_of(block)
    ]
    assert len(figures) > 80
    assert [_where(figure) for figure in figures if not search.found(figure)] == []


def _where(figure: Figure) -> str:
    return f"{figure.text}: …{figure.block.text[max(0, figure.start - 50) : figure.end + 50]}… ({figure.block.around[:120]})"


def test_what_strangers_write_stays_text(project: Path) -> None:
    """Markup in names, reasons, notes and actions is shown as it was typed, on the slides, in the minutes and on the pages of one sheet."""
    attack = "<script>alert(1)</script>"

    def named(rows: tuple[Any, ...], *fields: str) -> tuple[Any, ...]:
        return tuple(
            one.model_copy(update=dict.fromkeys(fields, f"{attack}{n}")) for n, one in enumerate(rows)
        )

    last = four_quarters(project / "client_data")[-1]
    facts = last.record.facts
    facts = facts.model_copy(update={
        "kpis": named(facts.kpis, "name", "short", "unit", "owner_it"), "risks": named(facts.risks, "name", "short", "owner"),
        "meetings": tuple(one.model_copy(update={"business": (attack,), "note": attack}) for one in facts.meetings),
        "profile": facts.profile.model_copy(update={"name": attack}),
    })  # fmt: skip
    record = replace(
        last.record, facts=facts, initiatives=named(last.record.initiatives, "name", "short", "health_reason", "owner_business"),
        actions=named(last.record.actions, "action", "owner_business", "note"), decisions=named(last.record.decisions, "by", "note"),
    )  # fmt: skip
    review = ReviewStory.of(record, last.roadmap, earlier_plan=last.before)
    sheets = [
        page for story in (ScorecardStory, StatusStory, ClosingStory)
        for page in story.of(record, last.roadmap, earlier_plan=last.before).pages.values()
    ]  # fmt: skip
    made = page_html(*review.pages.values(), minutes(review), *sheets)
    verify("all of it", made)
    assert b"<script" not in made
    assert made.count(b"&lt;script&gt;") > 50


@pytest.fixture(scope="module")
def reviewed_clinic(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clients' folder in which the clinic's review was made, and nothing else was asked for."""
    folder = tmp_path_factory.mktemp("reviewed")
    left = shutil.ignore_patterns("deliverables", "draft", "history", "issued.json", ".lock")
    shutil.copytree(project / "client_data" / CLINIC, folder / CLINIC, ignore=left)
    (result,) = run_batch(folder, [CLINIC], Request(documents=("review",)), workers=1).results
    assert result.state == "made", result.message
    return folder


def test_a_review_is_made_only_where_it_is_asked_for(reviewed_clinic: Path) -> None:
    """Nobody who runs a client gets, or waits for, a third document; asked for, it comes with its minutes and nothing else."""
    assert USUAL == ("assessment", "roadmap") == Request().documents
    (made,) = (reviewed_clinic / CLINIC / "deliverables").iterdir()
    assert {path.name for path in made.iterdir()} == {
        *DOCUMENTS["review"].files,
        MINUTES,
        "manifest.json",
    } - {"review.pdf"}
    page = said((made / MINUTES).read_text(encoding="utf-8"))
    assert "Ask the vendor what leaving the records system costs" in page


def test_the_same_review_is_not_made_twice(reviewed_clinic: Path) -> None:
    """Asked for again, what stands is up to date; made again all the same, it has the same bytes."""
    folder = next((reviewed_clinic / CLINIC / "deliverables").iterdir())
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert (
        run_batch(reviewed_clinic, [CLINIC], Request(documents=("review",)), workers=1).results[0].state
        == "unchanged"
    )
    again = run_batch(reviewed_clinic, [CLINIC], Request(documents=("review",), force=True), workers=1)
    assert again.results[0].state == "made"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_review_looks_back_to_the_round_before_and_is_handed_over(
    notebooks: Path, add_client: Callable[..., Path], tmp_path: Path
) -> None:
    """The plan of the round before is what it rests on; it goes with the other documents, and is told when it is out of date."""
    shutil.copy(notebooks / "roadmap.ipynb", notebooks / "review.ipynb")
    clients, slug = tmp_path / "clients", "acme"
    rounds = "- id: r0\n  as_of: 2026-10-31\n  questionnaire: pulse\n  closed: 2026-10-31\n- id: r2\n  as_of: 2027-04-30\n"
    folder = add_client(clients, slug, "Acme", rounds)
    for name, documents in (("r1", USUAL), ("r2", USUAL), ("r2", ("review",))):
        (result,) = run_batch(
            clients, [slug], Request(name, documents, notebooks=notebooks), workers=1
        ).results
        assert result.state == "made", result.message
    manifest = json.loads((folder / "deliverables" / "r2" / "manifest.json").read_text(encoding="utf-8"))
    plan = (folder / "deliverables" / "r1" / "plan.json").read_bytes()
    inputs = manifest["documents"]["review"]["made_from"]["inputs"]
    assert inputs[PREVIOUS_PLAN] == hashlib.sha256(plan).hexdigest()
    assert PREVIOUS_PLAN not in manifest["documents"]["roadmap"]["made_from"]["inputs"]
    with zipfile.ZipFile(hand_over(clients, slug, tmp_path)) as packed:
        assert f"deliverables/r2/{MINUTES}" in packed.namelist()
        assert "deliverables/r2/review.html" in packed.namelist()
