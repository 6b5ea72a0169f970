"""Every number that a finding or recommendation states is the value of a piece of its evidence, whatever the client."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from slices import examples

from toolkit.assess import assess
from toolkit.assess.evidence import Evidence
from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.record import Record
from toolkit.client.schema import Action, Facts, Initiative, Response
from toolkit.words import day, money, number_word

SHIPPED = shipped_questionnaires()
FIGURE = re.compile(r"(?<![A-Za-z])\d+(?:,\d{3})*(?:\.\d+)?")
WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
TODAY = date(2026, 9, 30)


def organisation(seed: int) -> Record:
    """A client of two rounds with everything that rules read drawn at random; no name holds a number."""
    rng = random.Random(seed)

    def day_near(years: float) -> str:
        return (TODAY + timedelta(days=rng.randint(int(-365 * years), int(365 * years)))).isoformat()

    goals = [
        {"id": f"g{i}", "name": "Goal " + "abc"[i], "kpi": rng.choice([None, f"k{i}"])} for i in range(3)
    ]
    kpis = [
        {"id": f"k{i}", "name": "Measure " + "abc"[i], "unit": "%", "owner_business": rng.choice([None, "Ann"]), "owner_it": rng.choice([None, "Bo"]),
         "baseline": rng.uniform(0, 50), "baseline_date": "2025-01-01", "target": rng.uniform(60, 1e6), "target_date": "2028-01-01",
         "readings": [{"date": "2026-06-30", "value": rng.uniform(0, 1e5)}], "reported": rng.choice([None, "not met"])}
        for i in range(3)
    ]  # fmt: skip
    impact = [
        {"id": f"i{i}", "symptom": rng.choice(["blame", "morale", "shadow-it"]), "name": "Cost " + "abc"[i], "low": 10.0, "likely": rng.uniform(10, 1e7), "high": 1e8, "agreed_by": rng.choice([None, "CFO"])}
        for i in range(3)
    ]  # fmt: skip
    groups: list[dict[str, Any]] = [
        {"group": "business", "invited": rng.randint(5, 12), "priorities": {f"g{i}": rng.uniform(1, 3) for i in range(3)}},
        {"group": "it", "invited": rng.randint(1, 9), "priorities": {f"g{i}": rng.uniform(1, 3) for i in range(3)}},
    ]  # fmt: skip
    risks = [
        {
            "id": f"r{i}",
            "name": "Risk " + "abc"[i],
            "due": rng.choice([None, day_near(2)]),
            "severity": rng.random(),
        }
        for i in range(3)
    ]
    facts = {
        "profile": {"name": "Any"}, "goals": goals, "kpis": kpis, "impact": impact, "risks": risks,
        "targets": {"communication": rng.choice([2.5, 3.5, 5])},
        "spend": [{"year": 2026, "run": rng.uniform(1, 1e6), "grow": rng.uniform(0, 1e5), "transform": 0, "protect": 5}],
        "rounds": [{"id": name, "as_of": when, "questionnaire": "full", "groups": groups} for name, when in (("old", "2025-09-30"), ("new", TODAY.isoformat()))],
    }  # fmt: skip
    work = tuple(
        Initiative.model_validate({"id": f"w{i}", "name": "Work " + "abcd"[i], "capex": rng.choice([None, rng.uniform(1, 1e6)]), "original_capex": 5.0, "goals": rng.choice([{}, {"g0": 2}]),
         "settles": rng.choice([[], ["r0"]]), "original_finish": day_near(2), "finish": day_near(3), "practices": ["roadmap"]})
        for i in range(4)
    )  # fmt: skip
    actions = tuple(
        Action.model_validate(
            {"id": f"a{i}", "round": "old", "action": "Act " + "abc"[i], "due": day_near(1)}
        )
        for i in range(3)
    )
    level = {name: rng.randint(1, 5) for name in ("old", "new")}
    rows = [
        Response(round=name, respondent=f"{g['group']}{n}", group=g["group"], question=q.id, score=min(5, max(1, level[name] + rng.randint(-2, 2))))
        for name in ("old", "new") for g in groups for n in range(1 if g["invited"] < 5 else g["invited"]) for q in SHIPPED["full"].questions
    ]  # fmt: skip
    return Record(
        "any",
        Facts.model_validate(facts),
        work,
        actions=actions,
        responses=tuple(rows),
        questionnaires=SHIPPED,
    )


def figures(text: str) -> set[str]:
    """Every number in a text, in digits or as a word."""
    return set(FIGURE.findall(text)) | {word for word in WORDS if re.search(rf"\b{word}\b", text.lower())}


def unsupported(sentence: str, evidence: tuple[Evidence, ...]) -> set[str]:
    """The numbers a sentence states that are no value of the evidence, as it would be written."""
    known = set()
    for one in evidence:
        known |= figures(str(one.value))
        if isinstance(one.value, (int, float)):
            known |= (
                figures(f"{one.value:.1f}")
                | figures(money(one.value))
                | figures(number_word(round(one.value)))
            )
        if isinstance(one.value, date):
            known |= figures(day(one.value))
    return figures(sentence) - known


@given(st.integers(0, 10**6))
@settings(max_examples=examples(30), deadline=None)
def test_every_number_stated_is_evidence(seed: int) -> None:
    """Of any organisation: each number in a finding or an action is a value of the evidence it carries."""
    a = assess(organisation(seed))
    assert a.findings
    said = [(one.statement, one.evidence) for one in a.findings]
    said += [(one.action, one.evidence) for one in a.recommendations]
    assert [
        (text, unsupported(text, evidence)) for text, evidence in said if unsupported(text, evidence)
    ] == []
    assert "{" not in "".join(text for text, _ in said)


@given(st.integers(0, 10**6))
@settings(max_examples=examples(15), deadline=None)
def test_five_to_seven_actions_whatever_the_client(seed: int) -> None:
    """Any organisation with goals, work and answers gets five to seven actions, each id once."""
    made = [one.id for one in assess(organisation(seed)).recommendations]
    assert 5 <= len(made) <= 7
    assert len(set(made)) == len(made)
