"""What is asked for: nothing that another page holds is to be stopped, a cost says whence, agreed is what was agreed."""

from __future__ import annotations

import html
import importlib.util
import re
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from large_client import large_client
from slices import sliced

from toolkit.assess import assess
from toolkit.assess.clashes import clashes
from toolkit.assess.commitments import Commitments, resembles
from toolkit.assess.statements import Recommendation
from toolkit.client.calendar import Quarter
from toolkit.client.record import Record
from toolkit.client.schema import Action, Decision, Facts, Initiative
from toolkit.client.store import load
from toolkit.plan import explain_roadmap, plan_roadmap
from toolkit.plan.advice import funded
from toolkit.plan.decisions import decisions_asked
from toolkit.publish.data_files import findings_json
from toolkit.show import AssessmentStory, RoadmapStory
from toolkit.words import number_word

TOP = Path(__file__).resolve().parents[2]
SAMPLES = TOP / "client_data"
SEEDS = range(1, 13)


@pytest.fixture(scope="module")
def soak() -> ModuleType:
    """The soak: its clients and its reader."""
    path = TOP / "benchmarks" / "soak_decisions.py"
    spec = importlib.util.spec_from_file_location("soak_decisions", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["soak_decisions"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", sliced(SEEDS, 4))
def test_no_page_of_a_random_client_contradicts_another(seed: int, soak: ModuleType) -> None:
    """A reader of the pages and files of a random client finds nothing stopped that is held, unfunded or misnamed."""
    found, _ = soak.tried(seed)
    assert found == []


@pytest.mark.parametrize(
    ("name", "other", "alike"),
    [
        ("Record exchange with the hospitals", "Exchange records with the two hospitals nearby", True),
        ("New patient records system", "The contract for the patient records system ends", True),
        ("Data centre move", "Move the data centre", True),
        ("Kundenportal erneuern", "Kundenportale erneuern", True),
        ("New network for the branches", "Own the branch network", True),
        ("Review policies and processes", "One policy, one process", True),
        ("ERP", "erp", True),
        ("New network for the branches", "Separate networks for machines and offices", False),
        ("ERP", "Replace the ERP system", False),
        ("", "", False),
    ],
)
def test_names_resemble_each_other_by_their_words(name: str, other: str, alike: bool) -> None:
    """Two shared words that carry meaning, or letters nearly the same; one shared word is not enough."""
    assert resembles(name, other) is resembles(other, name) is alike


WORK = Initiative(id="w", name="Visitor wifi", capex=12_000.0, duration=1)
GOAL = {"id": "g", "name": "Grow abroad", "weight": 100}


def record(*initiatives: Initiative, **rest: Any) -> Record:
    """A record with one goal, one initiative that serves it, and those given."""
    tables = {name: tuple(rest.pop(name, ())) for name in ("decisions", "actions")}
    facts = {
        "profile": {"name": "Test"},
        "goals": [GOAL],
        "risks": [{"id": "x", "name": "Lease of the hall", "due": "2027-06-30", "severity": 0.5}],
        "rounds": [{"id": "r", "as_of": "2026-09-30"}],
        "planning": {"start": "2027-Q1", "quarters": 4},
        **rest,
    }
    serving = Initiative(id="s", name="Shop abroad", capex=50_000.0, duration=1, goals={"g": 3})
    return Record("test", Facts.model_validate(facts), initiatives=(serving, *initiatives), **tables)


def asked(made: Record) -> dict[str, Recommendation]:
    """The recommendations by id, with their costs as the plan has them."""
    return {one.id: one for one in funded(made, assess(made), plan_roadmap(made)).recommendations}


def changed(**change: Any) -> Initiative:
    return WORK.model_copy(update=change)


def decided(decision: Any) -> dict[str, Any]:
    return {"decisions": [Decision(id="d", round="r", date=date(2026, 9, 1), subject="w", decision=decision)]}


@pytest.mark.parametrize(
    ("work", "rest"),
    [
        (changed(mandatory="A law"), {}),
        (changed(status="in progress", start=Quarter(2026, 4)), {}),
        (changed(settles=("x",)), {}),
        (changed(goals={"g": 1}), {}),
        (changed(practices=("roadmap",)), {}),
        (changed(name="Grow more abroad"), {}),
        (changed(name="Leave the hall before the lease ends"), {}),
        (changed(name="Second shop abroad"), {}),
        (WORK, decided("approve")),
        (WORK, decided("defer")),
        (WORK, decided("reject")),
        (WORK, {"actions": [Action(id="a", round="r", action="Do it", initiative="w")]}),
        (WORK, {"actions": [Action(id="a", round="r", action="Put wifi in for visitors")]}),
        (WORK, {"recommendations": [{"id": "own", "round": "r", "action": "Buy wifi for every visitor", "why": "Now."}]}),
    ],
)  # fmt: skip
def test_what_is_held_is_not_asked_to_be_stopped(work: Initiative, rest: dict[str, Any]) -> None:
    """Work without a goal may be asked to be stopped; with any one thing that holds it, it may not."""
    assert Commitments(record(WORK), assess(record(WORK))).free == [WORK]
    assert asked(record(WORK))["rec-work-without-goals"].initiatives == ("w",)
    assert "rec-work-without-goals" not in asked(record(work, **rest))


def test_what_the_plan_needs_is_not_asked_to_be_stopped() -> None:
    """Work without a goal that work with one depends on, over any number of steps, is held by it."""
    far, near = changed(id="a"), changed(id="b", name="Cables", depends_on=("a",))
    last = Initiative(id="c", name="Office abroad", goals={"g": 2}, depends_on=("b",))
    assert "rec-work-without-goals" not in asked(record(far, near, last))


def test_work_that_resembles_a_goal_is_linked_before_anything_starts_or_stops() -> None:
    """The clinic's record exchange is offered to the goal it is named after; what settles its risks is left alone."""
    recommended = {one.id: one for one in assess(load(SAMPLES, "lakeside-clinic")).recommendations}
    assert recommended["rec-goals-without-work"].action == (
        "Confirm that “Record exchange with the hospitals” serves the goal “Exchange records with the two hospitals nearby”"
    )
    assert recommended["rec-work-without-goals"].initiatives == ("visitor-wifi",)


def test_the_credit_union_is_not_asked_to_stop_its_mandatory_work() -> None:
    """Only the tablets, which nothing holds, are to be tied to a goal or stopped."""
    recommended = {one.id: one for one in assess(load(SAMPLES, "harbour-credit-union")).recommendations}
    assert recommended["rec-work-without-goals"].initiatives == ("branch-tablets",)


def test_work_that_goes_on_without_a_goal_is_asked_which_it_serves() -> None:
    """Work under way that nothing else explains is linked to a goal, and not put in question."""
    running = changed(status="in progress", start=Quarter(2026, 4))
    assert asked(record(running))["rec-work-to-link"].action == "Name the goal that “Visitor wifi” serves"


def test_a_risk_that_work_resembles_is_asked_about_before_money() -> None:
    """Where an initiative is named like a risk without an answer, leadership says first whether it settles it."""
    action = asked(record(changed(name="Lease of another hall")))["rec-risk.x"].action
    assert action.startswith(
        "Say whether “Lease of another hall” settles “Lease of the hall”, due 30 June 2027; if not,"
    )


@pytest.mark.parametrize(
    ("action", "says"),
    [
        ("Stop the shop abroad", "would stop “Shop abroad”, which serves a goal."),
        ("Keep calm, and pause Shop abroad", "would stop “Shop abroad”, which serves a goal."),
        ("Stop answering the lease of the hall", "would stop what rec-risk.x asks for"),
        ("Stop the visitor wifi", ""),
        ("Open the shop abroad sooner, and stop the visitor wifi", ""),
    ],
)
def test_the_consultants_own_words_are_never_changed_but_a_clash_is_told(action: str, says: str) -> None:
    """An action of the consultant's own that would stop what another page holds stands, and is told where it stands."""
    own = {"id": "own", "round": "r", "action": action, "why": "So."}
    made = record(WORK, recommendations=[own])
    assert asked(made)["own"].action == action
    told = clashes(made)
    assert bool(told) is bool(says)
    assert all(
        says in one and one.startswith("client.yaml, recommendations, entry 1 (own), field action")
        for one in told
    )


def test_what_cannot_wait_is_not_offered_to_be_deferred() -> None:
    """What starts says why it does: what is mandatory or under way is not there to be chosen."""
    made = load(SAMPLES, "harbour-credit-union")
    rounds = tuple(one.model_copy(update={"meeting": None}) for one in made.rounds)
    made = replace(made, facts=made.facts.model_copy(update={"rounds": rounds}))
    steps = dict(
        re.findall(
            r'<th scope="row"><bdi>(.*?)</bdi><span class="why">(.*?)</span>',
            str(RoadmapStory.of(made, plan_roadmap(made)).pages["first"].html()),
        )
    )
    fixed = {
        one.short or one.name for one in made.initiatives if one.mandatory or one.status == "in progress"
    }
    assert steps.keys() <= fixed
    assert set(steps.values()) == {"starts: it is mandatory", "goes on: it is under way"}
    loose = tuple(one.model_copy(update={"mandatory": None}) for one in made.initiatives)
    freed = replace(made, initiatives=loose)
    assert "starts: it is chosen" in str(RoadmapStory.of(freed, plan_roadmap(freed)).pages["first"].html())


@pytest.mark.parametrize("client", ["lakeside-clinic", "harbour-credit-union", "meridian-manufacturing"])
def test_first_and_last_slide_ask_for_the_same_decisions(client: str) -> None:
    """In the same order, under the same numbers; page 1 of the assessment asks for them, too, and each can be answered."""
    made = load(SAMPLES, client)
    deck = RoadmapStory.of(made, plan_roadmap(made))
    first, last = (str(deck.pages[key].html()) for key in ("decisions", "first"))
    asked = (
        re.findall(r'<span class="what"><bdi>(.*?)</bdi>', html.unescape(first).replace("\u00a0", " ")),
        re.findall(r"<li><strong><bdi>(.*?)</bdi>", html.unescape(last).replace("\u00a0", " ")),
    )
    assert len(asked[0]) == len(asked[1]) == len(deck.asks) > 0
    for ask, *told in zip(deck.asks, *asked, strict=True):
        shown = (".*".join(map(re.escape, text.rstrip("…”").split("…"))) for text in told)
        assert all(re.match(pattern, ask.what) for pattern in shown)
    assert last.count('class="box"') == sum(len(ask.answers) for ask in deck.asks)
    assert f"{number_word(len(deck.asks))} decision" in deck.pages["first"].title.lower()
    assert f"{number_word(len(deck.asks))} decision" in deck.pages["decisions"].title.lower()
    pages = AssessmentStory.of(made, deck.roadmap)
    listed = re.findall(r'<th scope="row"><strong><bdi>(.*?)</bdi>', str(pages.pages["answer"].html()))
    assert [html.unescape(what).replace("\u00a0", " ") for what in listed] == [
        f"{ask.what}." for ask in deck.asks
    ]


@pytest.mark.parametrize(
    ("cost", "reserve", "note"),
    [
        (10_000, 0.2, "from the EUR 30k that FY2027 has left beside the plan"),
        (40_000, 0.2, "FY2027 has EUR 30k left beside the plan; the rest comes from the reserve of EUR 20k"),
        (70_000, 0.2, "FY2027 has EUR 30k left beside the plan and EUR 20k in reserve; “Shop abroad” (EUR 50k in FY2027) would have to wait for it"),
        (150_000, 0.2, "FY2027 has EUR 30k left beside the plan and EUR 20k in reserve; the budget of FY2027 would have to be raised by EUR 100k"),
        (10_000, 0.5, "the plan leaves nothing in FY2027; it comes from the reserve of EUR 50k"),
    ],
)  # fmt: skip
def test_a_cost_says_where_it_comes_from(cost: float, reserve: float, note: str) -> None:
    """100 thousand a year, 50 planned: what is left, then the reserve, then what would wait, then a larger budget."""
    made = record(
        profile={"name": "Test", "currency": "EUR"},
        budget=[{"year": 2027, "amount": 100_000, "reserve": reserve}],
        recommendations=[{"id": "rec-risk.x", "round": "r", "cost": cost}],
    )
    assert (asked(made)["rec-risk.x"].cost, asked(made)["rec-risk.x"].cost_note) == (cost, note)


def test_two_costs_do_not_spend_the_same_money() -> None:
    """What an earlier recommendation takes is gone for the next, which says so."""
    own = [{"id": f"own-{n}", "round": "r", "action": f"Do {n}", "cost": 30_000} for n in range(2)]
    made = record(budget=[{"year": 2027, "amount": 100_000, "reserve": 0.2}], recommendations=own)
    first, second = (asked(made)[f"own-{n}"].cost_note for n in range(2))
    assert first == "from the USD 30k that FY2027 has left beside the plan"
    assert second.startswith(
        "after what is asked for above, FY2027 has nothing left beside the plan and USD 20k in reserve; “Shop abroad”"
    )


def test_work_that_waits_frees_its_money_once() -> None:
    """What one decision displaces pays for the next only as far as money is left of it; then the budget has to grow."""
    costs = (70_000, 25_000, 10_000)
    own = [
        {"id": f"own-{n}", "round": "r", "action": f"Do {n}", "cost": cost} for n, cost in enumerate(costs)
    ]
    made = record(budget=[{"year": 2027, "amount": 100_000, "reserve": 0.2}], recommendations=own)
    nothing = (
        "after what is asked for above, FY2027 has nothing left beside the plan and nothing in reserve; "
    )
    assert [asked(made)[f"own-{n}"].cost_note for n in range(3)] == [
        "FY2027 has USD 30k left beside the plan and USD 20k in reserve; "
        "“Shop abroad” (USD 50k in FY2027) would have to wait for it",
        f"{nothing}it comes from the USD 30k still left of what would wait by then",
        f"{nothing}the budget of FY2027 would have to be raised by USD 5,000",
    ]


def test_what_is_in_the_plan_already_asks_for_no_further_money() -> None:
    """A recommendation that an initiative in the plan carries costs what that costs there."""
    added = {"id": "rec-risk.x", "round": "r", "cost": 1, "initiative": "s"}
    made = record(budget=[{"year": 2027, "amount": 100_000}], recommendations=[added])
    assert (asked(made)["rec-risk.x"].cost, asked(made)["rec-risk.x"].cost_note) == (50_000, "in the plan")


@pytest.mark.parametrize("sample", ["meridian-manufacturing", "harbour-credit-union"])
def test_agreeing_on_a_practice_costs_no_capital(sample: str) -> None:
    """The cost of agreeing on goals is not that of every initiative that shares the practice."""
    made = load(SAMPLES, sample)
    advice = {one.id: one for one in funded(made, assess(made), plan_roadmap(made)).recommendations}
    assert (advice["rec-shared-goals"].cost, advice["rec-shared-goals"].cost_note) == (
        None,
        "no capital: leaders’ time",
    )


def test_page_one_names_the_cost_that_was_agreed() -> None:
    """The CFO agreed to penalties for late delivery, not to what delayed projects cost."""
    made = load(SAMPLES, "meridian-manufacturing")
    page = re.sub("<[^>]+>", "", str(AssessmentStory.of(made, plan_roadmap(made)).pages["answer"].html()))
    assert (
        "a year: “Late-delivery penalties while scheduling stays manual”, agreed by Priya Raman, CFO" in page
    )
    assert "lost to" not in page


def test_the_page_says_the_cost_as_the_data_file_does() -> None:
    """The warehouse contract's 35 thousand come mostly from the reserve, on page one, page 7 and in findings.json."""
    made = load(SAMPLES, "meridian-manufacturing")
    roadmap = plan_roadmap(made)
    story = AssessmentStory.of(made, roadmap)
    said = "the rest comes from the reserve of USD 150k"
    for page in (story.pages["answer"], story.pages["recommendations"]):
        assert said in str(page.html()).replace("\u00a0", " ")
    assert said in findings_json(made, made.round().id, roadmap).decode()


def test_a_promise_to_stop_work_does_not_hold_it() -> None:
    """Work that was promised to be stopped is asked neither for a goal nor to be stopped again; nothing says it goes on."""
    stop = Action(id="a", round="r", action="Stop the visitor wifi", initiative="w")
    made = record(WORK, actions=[stop])
    assert "w" not in Commitments(made, assess(made)).held
    assert not {"rec-work-to-link", "rec-work-without-goals"} & asked(made).keys()


def test_mandatory_work_that_was_rejected_is_told_to_the_consultant() -> None:
    """That a law and leadership contradict each other is said by the check, with the way out."""
    (said,) = clashes(record(changed(mandatory="A law"), **decided("reject")))
    assert said.startswith(
        "initiatives.csv: “Visitor wifi” is mandatory (A law), yet it was rejected by leadership."
    )
    assert clashes(record(changed(mandatory="A law"), **decided("approve"))) == ()


def test_what_leadership_put_off_asks_for_no_money() -> None:
    """A recommendation whose own work was deferred says so, and takes nothing from those that follow."""
    advice = [{"id": "rec-own", "round": "r", "action": "Do it", "initiative": "w"},
              {"id": "rec-next", "round": "r", "action": "Do more", "cost": 40_000}]  # fmt: skip
    budget = [{"year": 2027, "amount": 100_000, "reserve": 0.0}]
    made = asked(record(WORK, recommendations=advice, budget=budget, **decided("defer")))
    assert (made["rec-own"].cost, made["rec-own"].cost_note) == (
        12_000.0, "only if what was deferred on 1 September 2026 is taken up again",
    )  # fmt: skip
    assert made["rec-next"].cost_note == "from the USD 50k that FY2027 has left beside the plan"


def test_what_the_plan_has_no_room_for_says_so_of_its_cost() -> None:
    """A recommendation whose own work is below the line tells the plan's reason, not a sum of one year of its own."""
    dear = changed(settles=("x",), capex=90_000.0)
    own = {"id": "rec-own", "round": "r", "action": "Do it", "initiative": "w"}
    made = record(dear, budget=[{"year": 2027, "amount": 100_000}], recommendations=[own])
    note = asked(made)["rec-own"].cost_note
    assert note.startswith("not in the plan: it needs USD 90k in FY2027")
    assert "raised" not in note


def test_a_practice_is_not_asked_for_without_saying_that_the_plan_leaves_it_out() -> None:
    """Where the plan leaves out work that belongs to an action, page 7 and the decision, wherever it is listed, say so."""
    made = load(SAMPLES, "meridian-manufacturing")
    roadmap = plan_roadmap(made)
    story = AssessmentStory.of(made, roadmap)
    said = "“One set of figures” and “Shift dashboard”, two of three initiatives on record for this, are not in the plan."
    deck = RoadmapStory.of(made, roadmap)
    assert said in str(story.pages["recommendations"].html())
    (asked,) = (ask for ask in deck.decisions if ask.id == "shared-goals")
    assert asked.about == said
    assert not asked.undecided.startswith("The plan leaves out")


BEFORE = [{"id": "old", "as_of": "2026-03-31"}, {"id": "r", "as_of": "2026-09-30"}]


def promised(work: Initiative, due: str = "2026-06-30", **rest: Any) -> AssessmentStory:
    """The pages of a client that promised earlier, naming one initiative."""
    action = Action(
        id="a", round="old", action="Bring wifi to visitors", initiative="w", due=date.fromisoformat(due)
    )
    made = record(work, rounds=BEFORE, actions=[action], **rest)
    return AssessmentStory.of(made, plan_roadmap(made))


@pytest.mark.parametrize("over", ["done", "stopped"])
def test_a_promise_whose_work_is_over_is_asked_about(over: str) -> None:
    """It is not overdue and gets no new date: page 8 and page 7 ask whether it was kept."""
    story = promised(changed(status=over))
    advice = {one.id: one.action for one in story.assessment.recommendations}
    assert advice["rec-promises"] == "Say whether “Bring wifi to visitors” was kept"
    assert f"open; its initiative is {over}: kept?" in str(story.pages["since"].html())
    assert "overdue" not in str(story.pages["since"].html())


@pytest.mark.parametrize(
    ("amount", "said"), [(100_000, "the plan has it in Q1 2027"), (50_000, "not in the plan")]
)
def test_a_promise_not_yet_kept_says_what_the_plan_does_with_its_work(amount: int, said: str) -> None:
    """Page 8, and page 7 where it asks for a new date, tell that the plan has it, and when, or leaves it out."""
    budget = [{"year": 2027, "amount": amount}]
    late = promised(changed(goals={"g": 1}), budget=budget)
    (asked_for,) = [one for one in late.assessment.recommendations if one.id == "rec-promises"]
    assert asked_for.because[0].startswith(f"“Bring wifi to visitors”: {said}.")
    assert f"overdue; {said}" in str(late.pages["since"].html()).replace("\u00a0", " ")
    open_ = promised(changed(goals={"g": 1}), "2027-03-31", budget=budget)
    assert f"open; {said}" in str(open_.pages["since"].html()).replace("\u00a0", " ")


def test_approving_a_plan_names_the_risks_that_it_leaves_open() -> None:
    """Where the only work that settles a risk does not fit, a decision of its own asks to accept the risk or make room."""
    dear = changed(settles=("x",), capex=90_000.0)
    for amount, said in ((100_000, True), (200_000, False)):
        made = record(dear, budget=[{"year": 2027, "amount": amount}])
        roadmap = plan_roadmap(made)
        asked = decisions_asked(made, funded(made, assess(made), roadmap), roadmap)
        whats = [ask.what for ask in asked if ask.id == "risk.x"]
        assert whats == (["Accept “Lease of the hall”, or make room for “Visitor wifi”"] if said else [])


def test_a_running_cost_that_is_known_in_part_is_called_a_least_one_in_every_sum() -> None:
    """Two asks take new money and a year’s running, one of them with a cost that nobody knows: so does their sum, in each place."""
    work = (
        Initiative(id="a", name="By law", mandatory="A law.", capex=5_000.0, duration=1, opex=7_000.0),
        Initiative(id="b", name="Unknown", mandatory="A law.", capex=5_000.0, duration=1),
        Initiative(id="c", name="Sell abroad", goals={"g": 3}, capex=5_000.0, duration=1, opex=9_000.0),
    )
    facts = Facts.model_validate(
        {
            "profile": {"name": "Client", "currency": "EUR"}, "goals": [GOAL], "planning": {"start": "2027-Q1", "quarters": 4},
            "budget": [{"year": 2027, "amount": 100_000}], "rounds": [{"id": "r1", "as_of": "2026-12-31"}],
        }
    )  # fmt: skip
    made = Record("client", facts, initiatives=work)
    deck = RoadmapStory.of(made, plan_roadmap(made)).pages["decisions"]
    assert "at least 16k a year to run it" in deck.title
    shown = str(deck.html()).replace("\u00a0", " ")
    runs = re.findall(r'data-l="running a year after">([^<]*)', shown)
    assert [amount for amount in runs if amount != "–"] == ["7,000+", "9,000", "16k+"]
    assert "(+): the running cost of one initiative is not known." in shown
    answer = str(AssessmentStory.of(made, plan_roadmap(made)).pages["answer"].html())
    assert "at least EUR 16k a year to run it" in answer.replace("\u00a0", " ")


def test_an_agreed_cost_that_work_without_a_benefit_ends_is_said_not_to_be_counted() -> None:
    """The business case counts benefits on record alone: what such work ends is told beside it, a mere claim is not."""
    work = (
        Initiative(id="a", name="Sell abroad", goals={"g": 3}, capex=5_000.0, duration=1, opex=0.0, benefit=9_000.0),
        Initiative(id="b", name="Join lists", goals={"g": 3}, capex=5_000.0, duration=1, opex=0.0, removes=("c", "d")),
    )  # fmt: skip
    costs = [
        {
            "id": "c",
            "name": "Typing twice",
            "likely": 40_000,
            "symptom": "morale",
            "agreed_by": "Cleo Day, CFO",
        },
        {"id": "d", "name": "Waiting", "likely": 70_000, "symptom": "morale"},
    ]
    facts = Facts.model_validate(
        {
            "profile": {"name": "Client", "currency": "EUR"}, "goals": [GOAL], "planning": {"start": "2027-Q1", "quarters": 4},
            "impact": costs, "budget": [{"year": 2027, "amount": 100_000}], "rounds": [{"id": "r1", "as_of": "2026-12-31"}],
        }
    )  # fmt: skip
    made = Record("client", facts, initiatives=work)
    shown = str(RoadmapStory.of(made, plan_roadmap(made)).pages["case"].html()).replace("\u00a0", " ")
    assert (
        "what falls before the plan is left out, and so is an agreed cost that work without a benefit ends"
        in shown
    )


def test_the_business_case_counts_and_values_the_same_work_and_hides_no_loss() -> None:
    """Two of three benefits have a running cost and a value; the third pays 1,000 of 9,000 back even if it costs nothing to run."""
    work = (
        Initiative(id="a", name="Sell abroad", goals={"g": 3}, capex=5_000.0, duration=1, opex=0.0, benefit=9_000.0),
        Initiative(id="b", name="Join lists", goals={"g": 3}, capex=5_000.0, duration=1, opex=0.0, benefit=9_000.0),
        Initiative(id="c", name="Paint the hall", goals={"g": 3}, capex=9_000.0, duration=1, benefit=200.0),
    )  # fmt: skip
    facts = Facts.model_validate(
        {
            "profile": {"name": "Client", "currency": "EUR", "discount_rate": 0.0}, "goals": [GOAL], "planning": {"start": "2027-Q1", "quarters": 4},
            "budget": [{"year": 2027, "amount": 100_000}], "rounds": [{"id": "r1", "as_of": "2026-12-31"}],
        }
    )  # fmt: skip
    for cost, said in (
        (None, "Three of three initiatives have a benefit on record; the two with a known running cost are worth EUR 80k net"),
        (10.0, "Three of three initiatives have a benefit on record, worth EUR 72k net"),
    ):  # fmt: skip
        made = Record("client", facts, initiatives=(*work[:2], work[2].model_copy(update={"opex": cost})))
        page = RoadmapStory.of(made, explain_roadmap(made)).pages["case"]
        shown = str(page.html()).replace("\u00a0", " ")
        assert said in shown
        loss = (
            "Paint the hall<small>before running cost; serves “Grow abroad”"
            if cost is None
            else "Paint the hall<small>serves “Grow abroad”"
        )
        assert loss in re.sub("</?bdi>", "", shown)


def test_what_the_plan_counts_and_no_decision_asks_for_is_said_with_its_amount() -> None:
    """Work that ends by the round's day is in the plan's sums and in no decision: the gap between the two is named in both documents."""
    work = (
        Initiative(id="a", name="Old work", goals={"g": 3}, capex=12_000.0, duration=1, opex=300.0, status="in progress", start="2026-Q4"),
        Initiative(id="b", name="Late work", goals={"g": 3}, capex=8_000.0, duration=2, opex=500.0, status="in progress", start="2026-Q4"),
    )  # fmt: skip
    facts = Facts.model_validate(
        {
            "profile": {"name": "Client", "currency": "EUR"}, "goals": [GOAL], "planning": {"start": "2027-Q1", "quarters": 4},
            "budget": [{"year": 2027, "amount": 100_000}], "rounds": [{"id": "r1", "as_of": "2026-12-31"}],
        }
    )  # fmt: skip
    made = Record("client", facts, initiatives=work)
    roadmap = plan_roadmap(made)
    deck = RoadmapStory.of(made, roadmap)
    (release,) = [ask.money for ask in deck.asks if ask.kind == "release"]
    assert (release.before, release.running) == (4_000.0, 500.0)
    shown = str(deck.pages["money"].html()).replace("\u00a0", " ")
    assert "EUR 16k falls before FY2027" in shown
    assert (
        "No decision asks for the one initiative that ends by 31 December 2026: EUR 12k and EUR 300 a year to run."
        in shown
    )
    answer = str(AssessmentStory.of(made, roadmap).pages["answer"].html()).replace("\u00a0", " ")
    assert "One other (EUR 12k) ends by 31 December 2026." in answer


@pytest.mark.parametrize(
    ("benefit", "said"),
    [
        (1_000.0, ("EUR 1,000 a year, not agreed yet, would not pay the plan’s new costs back by the end of FY2032.",)),
        (1_600.0, ("EUR 1,600 a year, not agreed yet, would pay every new cost of the plan back by Q4 2030.",
                   "With the EUR 6,000 before the plan, it would not pay back by the end of FY2032.")),
        (9_000.0, ("EUR 9,000 a year, not agreed yet, would pay every new cost of the plan back by Q4 2027.",
                   "With the EUR 6,000 before the plan, it would pay back by Q3 2028.")),
    ],
)  # fmt: skip
def test_the_reports_first_page_says_of_payback_what_the_deck_says_good_or_bad(
    benefit: float, said: tuple[str, ...]
) -> None:
    """Half of 12,000 falls before the plan: what does not come back, with that half or without it, is said in both documents."""
    work = Initiative(
        id="a", name="Sell abroad", goals={"g": 3}, capex=12_000.0, duration=2, opex=0.0, benefit=benefit,
        status="in progress", start="2026-Q4",
    )  # fmt: skip
    facts = Facts.model_validate(
        {
            "profile": {"name": "Client", "currency": "EUR"}, "goals": [GOAL], "planning": {"start": "2027-Q1", "quarters": 4},
            "budget": [{"year": 2027, "amount": 100_000}], "rounds": [{"id": "r1", "as_of": "2026-12-31"}],
        }
    )  # fmt: skip
    made = Record("client", facts, initiatives=(work,))
    roadmap = plan_roadmap(made)
    case = RoadmapStory.of(made, roadmap).pages["case"]
    answer = str(AssessmentStory.of(made, roadmap).pages["answer"].html()).replace("\u00a0", " ")
    assert f"{case.title}." == said[0]
    for sentence in said:
        assert sentence in answer
    assert all(sentence in str(case.html()).replace("\u00a0", " ") for sentence in said[1:])
    assert ("With the EUR 6,000" in answer) is (len(said) == 2)


def test_further_actions_are_said_to_be_where_they_are() -> None:
    """A risk that the plan leaves open is asked about in the workbook alone: only recommendations are in the assessment, too."""
    made = large_client(6)
    deck = RoadmapStory.of(made, plan_roadmap(made))
    rest = deck.decisions[len(deck.asks) :]
    advised = {one.id for one in deck.assessment.recommendations}
    told = sum(one.recommendation in advised for one in rest)
    assert 0 < told < len(rest)
    said = f"{number_word(len(rest)).capitalize()} further actions in roadmap.xlsx, {number_word(told)} of them in the assessment."
    assert said in str(deck.pages["decisions"].html()).replace("\u00a0", " ")


def test_the_foot_calls_no_decision_free_whose_cost_is_to_be_estimated() -> None:
    """The report says of the clinic's second decision that its cost is not known; the slide's foot takes it out of what costs nothing."""
    clinic = load(Path(__file__).resolve().parents[2] / "client_data", "lakeside-clinic")
    roadmap = plan_roadmap(clinic)
    foot = str(RoadmapStory.of(clinic, roadmap).pages["decisions"].html())
    assert "No capital: leaders’ time, where nothing else is said and nothing is to be estimated." in foot
    assert "Not known: to be estimated" in str(AssessmentStory.of(clinic, roadmap).pages["answer"].html())
