"""The checks over a record in memory, and what its pages are expected to show."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import date

import pytest
from patience import HANG

from toolkit.client.checks import check
from toolkit.client.expected_pages import goals_beside_their_kpis, names_given_twice, pages_expected
from toolkit.client.field_types import Row, references, rows_within
from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.record import Record
from toolkit.client.record_csv import write_rows
from toolkit.client.schema import (
    Action,
    Advice,
    Aggregate,
    Asset,
    Chooser,
    Decision,
    Facts,
    Initiative,
    Meeting,
    Pin,
    Quote,
    Reading,
    Response,
    RoundGroup,
    Service,
)
from toolkit.client.store import read_record
from toolkit.client.yaml_text import dump_facts


def with_groups(groups: str, more: str = "questionnaire: pulse") -> Record:
    text = f"profile: {{name: X}}\nrounds:\n- id: r\n  as_of: 2026-12-31\n  {more}\n  groups: [{groups}]\n"
    return read_record("x", {"client.yaml": text.encode()})


def test_a_good_record_has_no_fault(files: dict[str, bytes]) -> None:
    """The checks find nothing in a valid record, read or in memory."""
    assert check(read_record("base", files)) == []


def test_a_record_in_memory_is_checked_like_its_files(files: dict[str, bytes]) -> None:
    """Rows changed in memory, as a form does it, give the faults that their file would give."""
    record = read_record("base", files)
    doubled = Record("base", record.facts, (*record.initiatives, record.initiatives[0]))
    assert [fault.where for fault in check(doubled)][:1] == [
        "client.yaml, rounds, entry 1 (y2026), field questionnaire"
    ]
    assert "initiatives.csv, row 5, column id" in [fault.where for fault in check(doubled)]


def test_the_smallest_record_is_a_name_and_a_round() -> None:
    """Everything else may be missing."""
    record = read_record("x", {"client.yaml": b"profile: {name: X}\nrounds:\n- {id: r, as_of: 2026-12-31}\n"})
    assert (record.initiatives, record.responses, record.facts.goals) == ((), (), ())


def test_pages_expected_of_the_usual_client() -> None:
    """Twelve executives and three IT people give a full comparison, each in its own way."""
    first, second, areas, needs, symptoms, moved = pages_expected(
        with_groups("{group: business, invited: 12}, {group: it, invited: 3}"), "r"
    )
    assert "from 5 answers of 12 invited" in first
    assert "42 %" in first
    assert second.startswith("IT: 3 people answer together")
    assert (
        areas
        == "Page 2: four of nine areas, business beside IT, the position against the spread of the other side."
    )
    assert (needs[:6], symptoms[:6], moved[:20]) == ("Page 3", "Page 4", "Page 8: no movement,")


def test_pages_expected_of_one_person_and_of_unknown_numbers() -> None:
    """One person is a named view; an unknown number invited is said to be unknown."""
    first, second, gap, *_ = pages_expected(with_groups("{group: it, invited: 1}, {group: provider}"), "r")
    assert "one person answers" in first
    assert "number invited unknown; scores are shown from 5 answers" in second
    assert gap.endswith("without a perception gap: Business will have no scores on the pages.")


@pytest.mark.parametrize(
    ("questionnaire", "business", "it", "said"),
    [
        ("full", 5, 5, "with 5 and 5 people, even if all answer, at least 3 of the 14 areas and symptoms tested must differ at once before any can be called clear."),
        ("pulse", 5, 5, "each gap with how sure it is."),
        ("full", 12, 8, "each gap with how sure it is."),
        ("full", 3, 3, "but with 3 and 3 people no difference can be called clear."),
        ("full", 3, 5, "at least 10 of the 14 areas and symptoms tested must differ at once before any can be called clear."),
    ],
)  # fmt: skip
def test_what_head_counts_can_never_call_clear_is_said_before_invitations(
    questionnaire: str, business: int, it: int, said: str
) -> None:
    """Of m areas and symptoms tested together, one by itself needs 2 / C(n₁ + n₂, n₁) ≤ .05 / m; else it is said how many."""
    sides = ", ".join(
        f"{{group: {group}, invited: {n}, minimum: 3, mode: survey}}"
        for group, n in (("business", business), ("it", it))
    )
    _, _, areas, *_ = pages_expected(with_groups(sides, f"questionnaire: {questionnaire}"), "r")
    assert areas.endswith(said)


def test_pages_expected_without_questionnaire_or_groups() -> None:
    """A round without a survey says that its pages show no scores."""
    assert pages_expected(with_groups("", more="name: Review"), "r")[0].endswith(
        "so its pages show no scores."
    )
    assert pages_expected(with_groups(""), "r")[0].endswith("so its pages show no scores.")
    with pytest.raises(KeyError):
        pages_expected(with_groups(""), "other")


def test_shipped_questionnaires_carry_their_file_names() -> None:
    """Every shipped questionnaire is valid and found under its own id, and the mapping cannot be changed."""
    shipped = shipped_questionnaires()
    assert {"full", "executive", "pulse"} <= set(shipped)
    assert all(name == one.id for name, one in shipped.items())
    with pytest.raises(TypeError):
        shipped["x"] = shipped["full"]  # type: ignore[index]


def test_many_answers_are_checked_in_linear_time(files: dict[str, bytes]) -> None:
    """60,000 answers are read and checked at all: were each compared with each, that would take an hour."""
    ids = [question.id for question in shipped_questionnaires()["pulse"].questions]
    rows = [
        Response(round="r", respondent=f"p{n}", group="business" if n % 3 else "it", question=one, score=3)
        for n in range(10_000)
        for one in ids
    ]
    facts = with_groups("{group: it}, {group: business}").facts
    data = write_rows(Response, rows)
    began = time.process_time()
    record = read_record("x", {"client.yaml": dump_facts(facts), "responses.csv": data})
    assert time.process_time() - began < HANG
    assert len(record.responses) == len(rows)


def test_a_goal_that_differs_from_its_kpi_is_told(files: dict[str, bytes]) -> None:
    """Pages show the KPI's target of 20; the goal's own 25 would vanish without a word."""
    assert goals_beside_their_kpis(read_record("base", files)) == []
    changed = files["client.yaml"].replace(b"baseline: 10, target: 20, due", b"baseline: 10, target: 25, due")
    told = goals_beside_their_kpis(read_record("base", files | {"client.yaml": changed}))
    assert len(told) == 1
    assert told[0].startswith("Goal g-growth has a target of 25, its KPI k-orders one of 20")


def test_two_things_of_one_name_are_told(files: dict[str, bytes]) -> None:
    """Two initiatives whose names differ only in case and spaces are told by their ids, for pages show names alone."""
    record = read_record("base", files)
    assert names_given_twice(record) == []
    first = record.initiatives[0]
    twin = first.model_copy(update={"id": "twin", "name": f" {first.name.upper()} "})
    assert names_given_twice(Record("base", record.facts, (*record.initiatives, twin))) == [
        f"The initiatives {first.id} and twin have one name, so no page tells them apart: name them apart."
    ]


def lists_of(record: Record) -> dict[type[Row], tuple[str, list[Row]]]:
    """Return where each kind of row stands in a record, and the rows there; those of a round are of the first round."""
    facts = record.facts
    return {
        **{model: (name, list(getattr(facts, name))) for name, model, many in rows_within(Facts) if many},
        RoundGroup: ("groups", list(facts.rounds[0].groups)),
        Reading: ("readings", list(facts.kpis[0].readings)),
        Chooser: ("choices", list(facts.planning.choices)),
        Initiative: ("initiatives", list(record.initiatives)),
        Decision: ("decisions", list(record.decisions)),
        Action: ("actions", list(record.actions)),
        Service: ("services", list(record.services)),
        Asset: ("assets", list(record.assets)),
    }


def rows_of(record: Record, model: type[Row]) -> list[Row]:
    """Return a record's rows of a kind; where it has none, one that could stand there."""
    made = {
        Advice: Advice(id="rec-own", round="y2026"),
        Chooser: Chooser(group="erp"),
        Meeting: Meeting(id="m-1", date=date(2026, 10, 14)),
        Service: Service(id="s", name="Support"),
        Asset: Asset(id="a", name="Laptops"),
        Quote: Quote(id="q", round="y2026", group="it", dimension="communication", text="So it is."),
    }
    return lists_of(record)[model][1] or [made[model]]


def with_rows(record: Record, model: type[Row], rows: list[Row]) -> Record:
    """Return the record with other rows of a kind."""
    facts, name = record.facts, lists_of(record)[model][0]
    if name in ("initiatives", "decisions", "actions", "services", "assets"):
        return replace(record, **{name: tuple(rows)})
    if name == "groups":
        rows, name = [facts.rounds[0].model_copy(update={"groups": tuple(rows)}), *facts.rounds[1:]], "rounds"
    if name == "choices":
        planning = facts.planning.model_copy(update={"choices": tuple(rows)})
        return replace(record, facts=facts.model_copy(update={"planning": planning}))
    if name == "readings":
        rows, name = [facts.kpis[0].model_copy(update={"readings": tuple(rows)}), *facts.kpis[1:]], "kpis"
    return replace(record, facts=facts.model_copy(update={name: tuple(rows)}))


KEYED = [model for model in Row.__subclasses__() if model.__module__ == "toolkit.client.schema" and model.key]
FURTHER = {Response, Aggregate, Pin}  # rows of answers and of scenarios, which have tests of their own
REFERRING = [(model, name) for model in KEYED if model not in FURTHER for name, _ in references(model)]


@pytest.mark.parametrize(("model", "name"), REFERRING)
def test_what_a_field_refers_to_has_to_be_recorded(
    model: type[Row], name: str, files: dict[str, bytes]
) -> None:
    """Whatever the models mark as a reference is a fault at that very field where it names nothing."""
    record = read_record("base", files)
    first, *others = rows_of(record, model)
    kept = getattr(first, name)
    unknown = (
        {"nobody": 1} if isinstance(kept, dict) else ("nobody",) if isinstance(kept, tuple) else "nobody"
    )
    faults = check(with_rows(record, model, [first.model_copy(update={name: unknown}), *others]))
    found = [fault for fault in faults if fault.found == "nobody"]
    assert len(found) == 1
    assert re.search(rf", (field|column) {name}$", found[0].where)


@pytest.mark.parametrize("model", [model for model in KEYED if model not in FURTHER])
def test_rows_that_cannot_be_told_apart_are_a_fault(model: type[Row], files: dict[str, bytes]) -> None:
    """Whatever tells rows apart by the models is a fault at the later of two that have it alike."""
    record = read_record("base", files)
    rows = rows_of(record, model)
    faults = check(with_rows(record, model, [*rows, rows[0]]))
    said = [fault for fault in faults if "which also stands in" in fault.found]
    assert [re.search(r", (field|column) (\w+)$", fault.where)[2] for fault in said] == [model.key[-1]]  # type: ignore[index]
