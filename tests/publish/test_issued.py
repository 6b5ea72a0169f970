"""A closed round is issued with one set of answers, questions, modes, minima and head-counts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from toolkit.client.modes import MODES
from toolkit.client.store import load
from toolkit.errors import InputError
from toolkit.publish.batch import run_batch
from toolkit.publish.deliverables_folder import checked
from toolkit.publish.issued import ISSUED, answers_behind, check_issued, note_issued
from toolkit.publish.job import Request
from toolkit.publish.round_comparison import compared

SLUG = "northwind"
Change = Callable[[dict[str, Any]], None]
ROUND = """\
  - id: {year}-q3
    as_of: {year}-09-30
    closed: {year}-09-30
    questionnaire: pulse
    groups:
      - {{group: business, invited: 9, priorities: {{g1: 1.5, g2: 1.5}}}}
      - {{group: it, invited: 12}}
"""
FACTS = "schema_version: 1\nprofile:\n  name: Northwind\ngoals:\n- {id: g1, name: Grow}\n- {id: g2, name: Save}\nrounds:\n"
YEARS = ("2025", "2026")


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a client of two rounds, both of which have been issued; for reading only."""
    folder = tmp_path_factory.mktemp("issued") / SLUG
    folder.mkdir()
    rows = [
        f"{year}-q3,{year}-{group}-{n},{group},{question},{1 + n % 5},"
        for year in YEARS
        for group in ("business", "it")
        for n in range(6)
        for question in ("communication-1", "priorities-1")
    ]
    (folder / "client.yaml").write_text(FACTS + "".join(ROUND.format(year=year) for year in YEARS), "utf-8")
    (folder / "responses.csv").write_text(
        "\n".join(["round,respondent,group,question,score,comment", *rows, ""]), "utf-8"
    )
    note_issued(folder, answers_behind(load(folder.parent, SLUG), ""))
    return folder


@pytest.fixture
def clients(issued: Path, tmp_path: Path) -> Path:
    """A folder with a copy of that client."""
    shutil.copytree(issued, tmp_path / "clients" / SLUG)
    return tmp_path / "clients"


@pytest.fixture
def request_(notebooks: Path) -> Request:
    """What is asked for where the pages' content does not matter: an assessment of one page."""
    return Request(documents=("assessment",), notebooks=notebooks)


def add_a_reply(clients: Path, round_id: str) -> None:
    """Add one late reply to a round."""
    path = clients / SLUG / "responses.csv"
    path.write_text(path.read_text("utf-8") + f"{round_id},late,business,communication-1,5,\n", "utf-8")


def change_round(clients: Path, change: Change, slug: str = SLUG) -> None:
    """Change the last round of a client's ``client.yaml`` by hand."""
    path = clients / slug / "client.yaml"
    facts = yaml.safe_load(path.read_text("utf-8"))
    change(facts["rounds"][-1])
    path.write_text(yaml.safe_dump(facts), "utf-8")


def set_group(group: str, **values: Any) -> Change:
    """Return what sets fields of a group."""

    def change(one: dict[str, Any]) -> None:
        next(each for each in one["groups"] if each["group"] == group).update(values)

    return change


def as_version_1(clients: Path) -> None:
    """Write the list of issues as the version before this one did: a bare digest of each round's answers."""
    record = load(clients, SLUG)
    rows: dict[str, list[tuple[Any, ...]]] = {one.id: [] for one in record.rounds}
    for reply in record.responses:
        if reply.score is not None:
            rows[reply.round].append((reply.group, reply.respondent, reply.question, reply.score))
    digests = {
        one: sha256((json.dumps([list(row) for row in sorted(rows[one], key=str)], indent=1) + "\n").encode()).hexdigest()
        for one in rows
    }  # fmt: skip
    (clients / SLUG / ISSUED).write_text(json.dumps(digests), "utf-8")


def test_the_same_answers_may_be_issued_again(clients: Path) -> None:
    """Nothing has changed, so nothing stands against another issue."""
    assert checked(clients, SLUG).slug == SLUG
    assert set(answers_behind(load(clients, SLUG), "")) == {"2025-q3", "2026-q3"}


@pytest.mark.parametrize("round_id", ["2025-q3", "2026-q3"])
def test_a_late_reply_to_an_issued_round_is_refused(clients: Path, round_id: str) -> None:
    """One reply more, in this round or in the one it is compared with, is a fault with its remedy."""
    add_a_reply(clients, round_id)
    with pytest.raises(InputError) as refused:
        checked(clients, SLUG)
    (fault,) = refused.value.faults
    assert round_id in fault.where
    assert "new round" in fault.remedy


def test_an_answer_withdrawn_from_an_issued_round_is_refused(clients: Path) -> None:
    """One reply less gives that reply away just as well."""
    path = clients / SLUG / "responses.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines[:-1], ""]), "utf-8")
    with pytest.raises(InputError):
        check_issued(clients / SLUG, load(clients, SLUG))


def test_reopening_a_round_does_not_let_a_reply_in(clients: Path) -> None:
    """Taking the closing date away does not help: what was issued was issued."""
    path = clients / SLUG / "client.yaml"
    path.write_text(path.read_text("utf-8").replace("    closed: 2026-09-30\n", ""), "utf-8")
    add_a_reply(clients, "2026-q3")
    with pytest.raises(InputError):
        checked(clients, SLUG)


@pytest.mark.parametrize("text", ["{", "[]", '{"2026-q3": 1}', '{"2026-q3": {"version": 3}}'])
def test_a_damaged_list_of_issues_is_refused(clients: Path, text: str) -> None:
    """What was issued cannot be told from a file that cannot be read, so nothing is made."""
    (clients / SLUG / ISSUED).write_text(text, "utf-8")
    with pytest.raises(InputError, match="as align wrote it"):
        checked(clients, SLUG)


CHANGES = {
    "minimum": (set_group("it", minimum=3), "field minimum", "3, in a round issued with 5"),
    "raised minimum": (set_group("it", minimum=6), "field minimum", "6, in a round issued with 5"),
    "mistyped head-count": (set_group("it", invited=14), "field invited", "14, in a round issued with"),
    "questions": (lambda one: one.update(questionnaire="own"), "questionnaire.yaml", "questions added: q4"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_what_decides_what_is_shown_stays_after_an_issue(clients: Path, what: str) -> None:
    """Neither check nor a run issues a round again under another minimum, head-count or questions; each is named."""
    change, where, found = CHANGES[what]
    record = load(clients, SLUG)
    if what == "questions":
        asked = record.questionnaires["pulse"].model_dump(exclude_none=True)
        extra = {"id": "q4", "dimension": "blame", "text": "Is it always the others?"}
        asked["questions"] = [*asked["questions"], extra]
        (clients / SLUG / "questionnaire.yaml").write_text(
            yaml.safe_dump(json.loads(json.dumps(asked))), "utf-8"
        )
    change_round(clients, change)
    with pytest.raises(InputError) as refused:
        checked(clients, SLUG)
    (fault,) = refused.value.faults
    assert where in fault.where
    assert fault.found.startswith(found)
    (result,) = run_batch(clients, [SLUG], workers=1).results
    assert (result.state, result.faults) == ("failed", (fault,))
    assert not (clients / SLUG / "deliverables").exists()


def test_a_question_moved_to_another_dimension_is_refused(clients: Path) -> None:
    """The same answers under another map of questions to dimensions are another issue; the question is named."""
    record = load(clients, SLUG)
    asked = json.loads(json.dumps(record.questionnaires["pulse"].model_dump(exclude_none=True)))
    path = clients / SLUG / "questionnaire.yaml"
    path.write_text(yaml.safe_dump(asked), "utf-8")
    change_round(clients, lambda one: one.update(questionnaire="own"))
    checked(clients, SLUG)  # other words for the same questions may be put
    moved = next(one for one in asked["questions"] if one["dimension"] == "communication")
    moved["dimension"] = "priorities"
    path.write_text(yaml.safe_dump(asked), "utf-8")
    with pytest.raises(InputError, match=f"moved: {moved['id']} from communication to priorities"):
        checked(clients, SLUG)


def test_a_group_issued_as_a_survey_stays_one(clients: Path) -> None:
    """A changed mode is refused by what was issued also where nothing else has kept it."""
    record = load(clients, SLUG)
    (it,) = [g for g in record.round().groups if g.group == "it"]
    change = it.model_copy(update={"mode": "consensus"})
    groups = tuple(change if g.group == "it" else g for g in record.round().groups)
    rounds = tuple(
        one.model_copy(update={"groups": groups}) if one.id == "2026-q3" else one
        for one in record.facts.rounds
    )
    other = type(record)(**{**record.__dict__, "facts": record.facts.model_copy(update={"rounds": rounds})})
    with pytest.raises(InputError, match="consensus, in a round issued with survey"):
        check_issued(clients / SLUG, other)


def test_an_issued_round_under_another_id_is_refused(clients: Path) -> None:
    """Renaming a round, its answers along, is no way round what was issued."""
    for name in ("client.yaml", "responses.csv"):
        path = clients / SLUG / name
        path.write_text(path.read_text("utf-8").replace("2026-q3", "2026-q3b"), "utf-8")
    with pytest.raises(InputError, match="no round 2026-q3, which was issued"):
        checked(clients, SLUG)


def test_a_round_put_before_an_issued_one_is_refused(clients: Path) -> None:
    """Compared with other rounds than at its first issue, a round would show movements that no issue showed together."""
    path = clients / SLUG / "client.yaml"
    facts = yaml.safe_load(path.read_text("utf-8"))
    between = {**facts["rounds"][-1], "id": "between", "groups": [{"group": "business", "invited": 9}]}
    facts["rounds"].insert(1, between | {"as_of": "2026-01-31", "closed": "2026-01-31"})
    path.write_text(yaml.safe_dump(facts), "utf-8")
    with pytest.raises(
        InputError, match="a round that comes after 2025-q3, between, issued as one after 2025-q3"
    ):
        checked(clients, SLUG)


def test_a_mistyped_head_count_is_corrected_with_a_reason(clients: Path) -> None:
    """With its reason the right number is issued, and the pages print why; the next correction needs another reason."""
    change_round(clients, set_group("it", invited=14, correction="Typed wrongly: 14 on the list."))
    assert (
        run_batch(clients, [SLUG], Request(documents=("assessment",)), workers=1).results[0].state == "made"
    )
    page = (clients / SLUG / "deliverables" / "2026-q3" / "assessment.html").read_text("utf-8")
    assert "Typed wrongly: 14 on the list." in page
    change_round(clients, set_group("it", invited=13))
    with pytest.raises(InputError, match="a reason of its own under 'correction'"):
        checked(clients, SLUG)


def test_a_client_issued_before_still_runs_and_is_renewed(clients: Path, request_: Request) -> None:
    """An entry as older versions wrote it is checked by its own rule, then kept in today's form, which holds more."""
    as_version_1(clients)
    checked(clients, SLUG)
    assert run_batch(clients, [SLUG], request_, workers=1).results[0].state == "made"
    renewed = json.loads((clients / SLUG / ISSUED).read_text("utf-8"))
    assert renewed == json.loads(json.dumps(answers_behind(load(clients, SLUG), "")))
    assert {entry["version"] for entry in renewed.values()} == {2}
    change_round(clients, set_group("it", minimum=3))
    (clients / SLUG / MODES).unlink()
    with pytest.raises(InputError, match="issued with 5"):
        checked(clients, SLUG)


def test_a_late_reply_to_a_round_issued_before_is_refused(clients: Path) -> None:
    """What an older version issued keeps its answers."""
    as_version_1(clients)
    add_a_reply(clients, "2026-q3")
    with pytest.raises(InputError, match="other answers"):
        checked(clients, SLUG)


def test_one_ranking_more_is_refused(clients: Path) -> None:
    """The mean rank of a goal, handed over with the record, stays: one ranking more would be the difference."""
    record = load(clients, SLUG)
    ranks = next(g.priorities for g in record.round().groups if g.group == "business")
    goal = next(iter(ranks))
    change_round(clients, set_group("business", priorities={**ranks, goal: 1.25}))
    with pytest.raises(InputError, match="one ranking more"):
        checked(clients, SLUG)


def test_two_issues_at_once_do_not_both_count(clients: Path) -> None:
    """What was issued while another run was under way is not overwritten by it."""
    entries = answers_behind(load(clients, SLUG), "")
    late = {name: {**entry, "answers": "0" * 64} for name, entry in entries.items() if isinstance(entry, dict)}  # fmt: skip
    with pytest.raises(InputError, match="other answers"):
        note_issued(clients / SLUG, late)


def test_a_round_whose_issue_stands_and_is_not_kept_is_refused(clients: Path, request_: Request) -> None:
    """With issued.json gone, a late reply would be issued as if it were the first."""
    assert run_batch(clients, [SLUG], request_, workers=1).results[0].state == "made"
    (clients / SLUG / ISSUED).unlink()
    add_a_reply(clients, "2026-q3")
    with pytest.raises(InputError, match="no entry of round 2026-q3, whose pages were issued") as refused:
        checked(clients, SLUG)
    assert "Restore issued.json" in refused.value.faults[0].remedy


def test_two_rounds_are_not_compared_where_one_is_not_as_issued(clients: Path) -> None:
    """On screen as on the pages: one late reply would be the difference."""
    add_a_reply(clients, "2025-q3")
    with pytest.raises(InputError, match="other answers than those this round was first issued with"):
        compared(clients, SLUG, "2025-q3", "2026-q3")


def test_no_digest_of_what_is_private_is_published(clients: Path, request_: Request) -> None:
    """A hidden group's order of goals, left out of the copy for a client, could be guessed back from the whole file's digest."""
    run_batch(clients, [SLUG], request_, workers=1)
    text = (clients / SLUG / "deliverables" / "2026-q3" / "manifest.json").read_text("utf-8")
    for name in ("client.yaml", "responses.csv"):
        assert sha256((clients / SLUG / name).read_bytes()).hexdigest() not in text
