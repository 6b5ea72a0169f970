"""A small slice of the attack on confidentiality; ``benchmarks/soak_confidentiality.py`` makes the whole of it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ATTACK = Path(__file__).resolve().parents[2] / "benchmarks" / "soak_confidentiality.py"
# None of those that the benchmark attacks; two of them have a late reply to a group shown.
FURTHER, PLAIN, COUNTED = 2000, 2004, 2001


@pytest.fixture(scope="module")
def soak() -> ModuleType:
    spec = importlib.util.spec_from_file_location("soak_confidentiality", ATTACK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where its typed tuples look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def attacked(soak: ModuleType) -> tuple[dict[str, float], list[str]]:
    """The totals over all organisations attacked, one known by counts, and every fault."""
    results = [
        soak.attacked(seed, counted=seed == COUNTED, further=seed == FURTHER)
        for seed in (FURTHER, PLAIN, COUNTED)
    ]
    return soak.summed(totals for totals, _ in results), [fault for _, faults in results for fault in faults]


def test_nothing_published_gives_a_hidden_score_away(attacked: tuple[dict[str, float], list[str]]) -> None:
    """Pages, charts' data and files stay the same whatever hidden people say, and no sum of their figures pins a score."""
    totals, faults = attacked
    assert faults == []
    assert totals["hidden answers changed"] > 100
    assert totals["figures read back"] > 1000
    assert totals["scores tried"] > 10_000


def test_worse_publishers_fall_to_the_same_attack(
    soak: ModuleType, attacked: tuple[dict[str, float], list[str]]
) -> None:
    """Means over everyone beside the groups give hidden scores away; so would a closed round issued with a late reply."""
    totals, _ = attacked
    assert all(totals[cases] >= 2 for cases in soak.BITES.values())
    assert all(share > 0.5 for share in soak.shares_broken(totals).values())


def test_anything_changed_between_two_issues_is_refused(
    attacked: tuple[dict[str, float], list[str]],
) -> None:
    """Questions, minima, modes and answers: what would give a score away is not issued again; movements and drafts hold too."""
    totals, _ = attacked
    assert any(name.startswith("two issues") for name in totals)
    assert all(
        totals[x] == totals[f"{x}: refused"]
        for x in totals
        if f"{x}: refused" in totals and x.startswith("two")
    )
    assert totals["movements between questionnaires"] > 0
    assert totals["movements that single people out"] == 0


def test_a_late_reply_to_an_issued_round_is_refused(attacked: tuple[dict[str, float], list[str]]) -> None:
    """A closed round can be issued again as it was, but not with one reply more."""
    totals, _ = attacked
    assert totals["late reply: refused"] >= totals["late reply to a group shown"] > 0


def test_one_person_who_leaves_one_question_blank_is_not_singled_out(soak: ModuleType) -> None:
    """Area and criterion figures, which count the same answers in other ways, do not give that person's score away."""
    rng, asked = soak.random.Random(1), soak.SHIPPED["full"].questions
    rows = [one for i in range(6) for one in soak.replies(rng, asked, ("new", "it", f"it{i}"), 0, 0)]
    rows = [one for one in rows if (one.respondent, one.question) != ("it0", "open-communication-3")]
    assert _pinned(soak, rows) == []


def test_a_question_that_nobody_answered_singles_nobody_out(soak: ModuleType) -> None:
    """Nor do score and movement where people of one count in the other alone."""
    rng, asked = soak.random.Random(1), soak.SHIPPED["full"].of("partnership")
    rows = [
        one
        for name in soak.ROUNDS
        for i in range(6)
        for one in soak.replies(rng, asked, (name, "it", f"it{i}"), 0, 0)
    ]
    blank = {("new", f"it{i}", "partnership-3") for i in range(6)} | {("new", "it0", "partnership-2")}
    rows = [one for one in rows if (one.round, one.respondent, one.question) not in blank]
    assert _pinned(soak, rows) == []


def _pinned(soak: ModuleType, rows: list) -> list:
    """Return the scores that follow from both rounds of one surveyed group of six."""
    groups = [{"group": "it", "invited": 6}]
    rounds = [
        {"id": name, "as_of": day, "questionnaire": "full", "groups": groups}
        for name, day in soak.ROUNDS.items()
    ]
    record = soak.record_of(rounds, rows)
    issued = {
        (name, "findings.json"): soak.json_bytes(soak.assess(record, name)).decode() for name in soak.ROUNDS
    }
    ledger, read, faults = soak.read_back(record, issued)
    assert read
    assert faults == []
    return [about for about, _ in soak.attack(soak.Attacker(record), ledger.values()).pinned]


def test_a_blank_is_pinned_no_more_often_than_stated(soak: ModuleType) -> None:
    """Of all answers from 1 to 5 that give the published figures of six people, few leave the one with a blank one score."""
    draws, pinned = soak.enumerated(2, 150)
    assert pinned <= 0.02 * draws  # with the distribution, and the spread to a tenth, it was one in eight


@pytest.mark.parametrize("people", range(1, 6))
def test_a_small_it_team_is_compared_in_full_with_twelve_executives(soak: ModuleType, people: int) -> None:
    """One person by name, two to four by consensus, five by survey: all nine areas have both sides and a gap."""
    assert [one for seed in range(2) for one in soak.small_it_team(people, seed)] == []
