"""A scenario over a record, and plans that improve in another process."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from large_client import large_client

from toolkit.client.record import Record
from toolkit.client.schema import Budget, Capacity, Goal, Pin, Scenario
from toolkit.plan import plan_roadmap
from toolkit.plan.background import Heard, Searches
from toolkit.plan.scenario import applied, proposed


def scenario(**fields: Any) -> Scenario:
    """Return a scenario made for the first round."""
    return Scenario(**({"id": "s", "name": "S", "round": "r1"} | fields))


def pin(initiative: str, place: str, quarter: str | None = None) -> Pin:
    """Return a pin with a reason."""
    return Pin.model_validate(
        {"initiative": initiative, "place": place, "quarter": quarter, "reason": "Said so"}
    )


def starts(record: Record, round_id: str = "r1") -> dict[str, str]:
    """Return when each initiative of the plan begins."""
    return {one.initiative: str(one.start) for one in plan_roadmap(record, round_id).scheduled}


def test_an_empty_scenario_changes_nothing_but_the_scenario_followed(make: Any) -> None:
    """What a scenario leaves out stays as recorded."""
    record = make.client([make.initiative("a")], [make.decision("a", "approve")])
    assert applied(record, scenario()) == record


def test_points_money_and_people_stand_in_place_of_the_records(make: Any) -> None:
    """Named goals, years and roles change; a goal without points has none; all else stays."""
    record = make.client(
        [make.initiative("a")],
        goals=(Goal(id="g", name="G", weight=60), Goal(id="h", name="H", weight=40)),
        capacity=(Capacity(role="dev", fte=3), Capacity(role="ops", fte=2)),
    )
    wanted = scenario(
        points={"h": 100},
        budget=(Budget(year=2028, amount=5, reserve=0.2), Budget(year=2029, amount=7)),
        capacity=(Capacity(role="dev", fte=1), Capacity(role="dev", fte=2, quarter="2027-Q3")),  # type: ignore[arg-type]
    )
    facts = applied(record, wanted).facts
    assert {goal.id: goal.weight for goal in facts.goals} == {"g": 0, "h": 100}
    assert [(one.year, one.amount, one.reserve) for one in facts.budget] == [
        (2027, 1000, 0),
        (2028, 5, 0.2),
        (2029, 7, 0),
    ]
    assert sorted((one.role, one.fte) for one in facts.capacity) == [("dev", 1), ("dev", 2), ("ops", 2)]


def test_pins_hold_work_in_and_keep_it_out(make: Any) -> None:
    """Out is out, in is in although worth less, and in from a quarter begins in that quarter."""
    record = make.client(
        [make.initiative("a", capex=900), make.initiative("b", capex=900, goals={"g": 1}), make.initiative("c")],
        budget=(Budget(year=2027, amount=1000), Budget(year=2028, amount=0)),
    )  # fmt: skip
    assert starts(record) == {"a": "Q1 2027", "c": "Q1 2027"}
    pins = (pin("a", "out"), pin("b", "in"), pin("c", "in", "2027-Q3"))
    planned = applied(record, scenario(pins=pins))
    assert starts(planned) == {"b": "Q1 2027", "c": "Q3 2027"}
    assert {one.subject: one.note for one in planned.decisions} == dict.fromkeys("abc", "Said so")


def test_a_pin_stands_over_what_was_decided_and_under_what_is_decided_later(make: Any) -> None:
    """The same round's rejection gives way to a pin, the next round's does not; risks stay accepted."""
    before = make.decision("a", "reject"), make.decision("a", "accept risk")
    record = make.client([make.initiative("a")], before)
    wanted = scenario(pins=(pin("a", "in"),))
    assert starts(record) == {}
    assert starts(applied(record, wanted)) == {"a": "Q1 2027"}
    assert before[1] in applied(record, wanted).decisions
    later = replace(record, decisions=(*before, make.decision("a", "reject", "r2")))
    assert starts(applied(later, wanted)) == {"a": "Q1 2027"}
    assert starts(applied(later, wanted), "r2") == {}


def test_the_plan_follows_the_scenario_named_but_not_one_of_a_later_round(make: Any) -> None:
    """A record that names a scenario is planned under it, in its round and after, and under no other."""
    record = make.client([make.initiative("a")])
    facts = record.facts.model_copy(
        update={"planning": record.facts.planning.model_copy(update={"scenario": "s"})}
    )
    wanted = scenario(round="r2", pins=(pin("a", "out"),))
    follows = replace(record, facts=facts, scenarios=(scenario(id="other"), wanted))
    assert proposed(record, record.round("r2")) is record
    assert proposed(follows, record.round("r1")) is follows
    assert proposed(follows, record.round("r2")) == applied(follows, wanted)
    assert proposed(follows, record.round("r2")).facts.planning.scenario is None
    with pytest.raises(KeyError):
        proposed(replace(follows, scenarios=()), record.round("r2"))


@pytest.fixture
def posted() -> queue.Queue[Callable[[], None]]:
    """What a search posts to its listener's loop; the test is that loop."""
    return queue.Queue()


@pytest.fixture
def searches(posted: queue.Queue[Callable[[], None]]) -> Iterator[Searches]:
    """Searches that end with the test."""
    made = Searches(posted.put)
    yield made
    made.close()


def until_over(posted: queue.Queue[Callable[[], None]], heard: list[Heard]) -> list[Heard]:
    """Run what is posted until a search says that it is over."""
    while not heard or heard[-1].state == "improving":
        posted.get(timeout=60)()
    return heard


def test_the_last_plan_told_is_the_plan(
    make: Any, searches: Searches, posted: queue.Queue[Callable[[], None]]
) -> None:
    """A search in another process ends with the very roadmap planned here; a second one is served too."""
    record = make.client([make.initiative(one, capex=300) for one in "abcdefg"])
    for _ in range(2):
        heard: list[Heard] = []
        searches.start(record, "r1", heard.append)
        *improving, done = until_over(posted, heard)
        assert (done.state, {one.state for one in improving}) == ("done", {"improving"})
        assert improving[-1].roadmap == plan_roadmap(record, "r1")


def test_a_stopped_search_says_nothing_more(
    make: Any, searches: Searches, posted: queue.Queue[Callable[[], None]]
) -> None:
    """What a search had found when it was stopped does not reach its listener; the next search does."""
    record = make.client([make.initiative("a")])
    stopped: list[Heard] = []
    heard: list[Heard] = []
    first = searches.start(record, "r1", stopped.append)
    first.stop()
    searches.start(record, "r1", heard.append)
    until_over(posted, heard)
    assert stopped == []


@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_a_process_that_dies_is_a_search_that_failed(
    make: Any, searches: Searches, posted: queue.Queue[Callable[[], None]]
) -> None:
    """When the system ends the process, the listener hears it, and the next search works."""
    long, record = large_client(40), make.client([make.initiative("a")])
    heard: list[Heard] = []
    search = searches.start(long, long.round().id, heard.append)
    while search._process is None:
        time.sleep(0.001)
    assert search._process.process.pid
    os.kill(search._process.process.pid, signal.SIGKILL)
    assert until_over(posted, heard)[-1] == Heard("failed", why="its process ended")
    again: list[Heard] = []
    searches.start(record, "r1", again.append)
    assert until_over(posted, again)[-1].state == "done"


def test_what_cannot_be_planned_is_said(
    make: Any, searches: Searches, posted: queue.Queue[Callable[[], None]]
) -> None:
    """An error in the other process reaches the listener by name."""
    heard: list[Heard] = []
    searches.start(make.client([make.initiative("a")]), "r9", heard.append)
    assert until_over(posted, heard)[-1].why == "KeyError: 'r9'"


@pytest.mark.skipif(os.name == "nt", reason="asks POSIX whether a process lives")
def test_no_process_outlives_the_notebook() -> None:
    """When the process that asked is killed outright, those that search for it end by themselves."""
    code = (
        "import os, signal, time\n"
        "from toolkit.plan.background import Searches\n"
        "if __name__ == '__main__':\n"
        "    made = Searches(print)\n"
        "    while not made._waiting: time.sleep(0.1)\n"
        "    print(made._waiting[0].process.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    for _ in range(200):
        if not _lives(pid):
            return
        time.sleep(0.1)
    raise AssertionError("the process still lives")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")  # one that has ended may wait to be collected
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def test_a_plan_says_which_scenario_it_follows_and_what_that_sets(make: Any) -> None:
    """The page that shows such a plan says so, and tells what the room pinned from what leadership decided."""
    record = make.client([make.initiative("a"), make.initiative("b")])
    facts = record.facts.model_copy(
        update={"planning": record.facts.planning.model_copy(update={"scenario": "s"})}
    )
    wanted = scenario(
        name="Budget cut",
        points={"g": 100},
        pins=(pin("a", "out"), pin("b", "in")),
        budget=(Budget(year=2027, amount=500),),
    )
    roadmap = plan_roadmap(replace(record, facts=facts, scenarios=(wanted,)), "r1")
    assert roadmap.notes[0] == (
        "The plan follows the scenario “Budget cut”: it spreads the 100 points as “Goal” 100, "
        "it sets the money of FY2027 and it pins two initiatives in or out."
    )
    assert [(one.initiative, one.fixed) for one in roadmap.scheduled] == [("b", "pinned")]
    assert roadmap.deferred[0].because == "kept out: Said so, in the scenario “Budget cut”"
    assert not any("scenario" in note for note in plan_roadmap(record, "r1").notes)
