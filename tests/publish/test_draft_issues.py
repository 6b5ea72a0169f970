"""Two drafts of an open round that differ in the answers of few people are not both to be shown."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.store import load
from toolkit.errors import InputError
from toolkit.publish.batch import run_batch
from toolkit.publish.draft_issues import KEY, SHOWN, draft_of, not_both_to_be_shown, note_drafts
from toolkit.publish.job import Request

SLUG = "northwind"
FACTS = """schema_version: 1
profile:
  name: Northwind
rounds:
- id: r1
  as_of: 2027-01-31
  questionnaire: pulse
  groups:
  - {group: business, invited: 20}
"""


def answered(clients: Path, people: int, closed: bool = False, **changed: int) -> None:
    """Write a client of whom so many people have answered; ``changed`` gives a person's first answer anew."""
    folder = clients / SLUG
    (folder / "draft").mkdir(parents=True, exist_ok=True)
    (folder / "client.yaml").write_text(FACTS + ("  closed: 2027-01-31\n" if closed else ""), "utf-8")
    rows = [
        f"r1,p{person},business,{question},{changed.get(f'p{person}', 3)},"
        for person in range(people)
        for question in ("communication-1", "priorities-1")
    ]
    (folder / "responses.csv").write_text(
        "\n".join(["round,respondent,group,question,score,comment", *rows, ""]), "utf-8"
    )


def one_page(notebooks: Path) -> Request:
    """Return what is asked for where the pages' content does not matter: an assessment of one page."""
    return Request(documents=("assessment",), notebooks=notebooks)


def said(clients: Path) -> str:
    """Return what stands against showing the client's round beside an earlier draft."""
    record = load(clients, SLUG)
    return not_both_to_be_shown(clients / SLUG, record, record.round())


def shown_as_draft(clients: Path) -> None:
    """Keep the client's round as a draft that may have been shown."""
    record = load(clients, SLUG)
    note_drafts(clients / SLUG, {"r1": draft_of(record, record.round())})


@pytest.mark.parametrize(("people", "close"), [(5, False), (6, True), (9, True), (10, False)])
def test_fewer_new_answers_than_the_minimum_are_told(tmp_path: Path, people: int, close: bool) -> None:
    """After a draft of five, one of six to nine would give single answers away; one of ten would not."""
    answered(tmp_path, 5)
    shown_as_draft(tmp_path)
    answered(tmp_path, people)
    assert bool(said(tmp_path)) == close


def test_a_draft_is_held_against_every_earlier_one(tmp_path: Path) -> None:
    """Ten after five is fine, and eleven after ten is not, nor six after both."""
    for people in (5, 10):
        answered(tmp_path, people)
        assert not said(tmp_path)
        shown_as_draft(tmp_path)
    for people in (11, 6):
        answered(tmp_path, people)
        assert said(tmp_path)


def test_a_question_that_went_to_another_dimension_is_told(tmp_path: Path) -> None:
    """Also where no dimension of the first draft is asked about in the second, so that none can be held beside another."""
    answered(tmp_path, 6)
    shown_as_draft(tmp_path)
    record = load(tmp_path, SLUG)
    pulse = record.questionnaires["pulse"]
    other = {"communication": "partnership", "priorities": "governance"}
    moved = tuple(
        each.model_copy(update={"dimension": other.get(each.dimension, each.dimension)})
        for each in pulse.questions
        if each.id in ("communication-1", "priorities-1")
    )
    asked = {**record.questionnaires, "pulse": pulse.model_copy(update={"questions": moved})}
    again = replace(record, questionnaires=asked)
    assert not_both_to_be_shown(tmp_path / SLUG, again, again.round())


def test_a_round_under_another_id_is_held_against_its_drafts(tmp_path: Path) -> None:
    """Renamed, with one reply more, an open round is the same round."""
    answered(tmp_path, 5)
    shown_as_draft(tmp_path)
    answered(tmp_path, 6)
    for name in ("client.yaml", "responses.csv"):
        path = tmp_path / SLUG / name
        path.write_text(path.read_text("utf-8").replace("r1", "r2"), "utf-8")
    assert said(tmp_path)


def test_a_changed_answer_counts_as_a_new_one(tmp_path: Path) -> None:
    """As many people in both drafts, one of whom changed their mind, is a difference of one."""
    answered(tmp_path, 8)
    shown_as_draft(tmp_path)
    answered(tmp_path, 8, p3=5)
    assert "do not show this draft" in said(tmp_path)


def test_what_no_draft_showed_is_nothing_to_subtract_from(tmp_path: Path) -> None:
    """After a draft in which the group was hidden, any number may answer."""
    answered(tmp_path, 4)
    shown_as_draft(tmp_path)
    answered(tmp_path, 5)
    assert not said(tmp_path)


def test_the_issue_of_a_closed_round_is_held_against_its_drafts(tmp_path: Path) -> None:
    """Closing the round changes nothing of what the two together tell."""
    answered(tmp_path, 5)
    shown_as_draft(tmp_path)
    answered(tmp_path, 6, closed=True)
    assert "do not show this issue" in said(tmp_path)


def test_the_state_holds_neither_codes_nor_answers(tmp_path: Path) -> None:
    """Without its key, which lies in another file, the state cannot be guessed back; damaged, it stops a run."""
    answered(tmp_path, 5)
    shown_as_draft(tmp_path)
    text = (tmp_path / SLUG / SHOWN).read_text("utf-8")
    assert "p1" not in text
    assert "communication-1" not in text
    (tmp_path / SLUG / KEY).unlink()
    with pytest.raises(InputError, match="as align wrote it"):
        said(tmp_path)


def test_a_run_says_so_on_screen_and_on_the_first_page(tmp_path: Path) -> None:
    """A second draft with one answer more carries the warning; the first, and the same again, do not."""
    answered(tmp_path, 5)
    (first,) = run_batch(tmp_path, [SLUG], Request(documents=("assessment",)), workers=1).results
    assert (first.state, first.warnings) == ("made", ())
    page = tmp_path / SLUG / "deliverables" / "r1" / "assessment.html"
    assert "Not beside an earlier draft" not in page.read_text("utf-8")
    answered(tmp_path, 6)
    for state in ("made", "unchanged"):
        (result,) = run_batch(tmp_path, [SLUG], Request(documents=("assessment",)), workers=1).results
        assert result.state == state
        assert "Attention: An earlier draft of round r1" in result.to_text()
        assert "Not beside an earlier draft" in page.read_text("utf-8")


def scored(clients: Path, rounds: str, answers: Sequence[tuple[str, str, str, Sequence[int]]]) -> None:
    """Write a client of these rounds, and what each (round, group, code) answered to the pulse's first questions."""
    folder = clients / SLUG
    (folder / "draft").mkdir(parents=True, exist_ok=True)
    (folder / "client.yaml").write_text("profile: {name: Northwind}\nrounds:\n" + rounds, "utf-8")
    asked = [q.id for q in shipped_questionnaires()["pulse"].questions]
    rows = [
        f"{name},{who},{group},{question},{score},"
        for name, group, who, said in answers
        for question, score in zip(asked, said, strict=False)
    ]
    (folder / "responses.csv").write_text(
        "\n".join(["round,respondent,group,question,score,comment", *rows, ""]), "utf-8"
    )


def round_of(name: str, group: str = "business", closed: bool = False) -> str:
    """Return a round of one surveyed group, as ``client.yaml`` holds it."""
    day = f"2027-0{name[1]}-28"
    until = f", closed: {day}" if closed else ""
    return f"- {{id: {name}, as_of: {day}, questionnaire: pulse{until}, groups: [{{group: {group}, invited: 20}}]}}\n"


ANSWERS = [(1 + n % 5, 1 + n * 2 % 5, 1 + n * 3 % 5, 1 + n // 2 % 5) for n in range(16)]


def test_a_closed_round_copied_under_another_id_is_told(tmp_path: Path) -> None:
    """Six in a new round, five of whom answered everything as in the closed one, give the sixth away, under any codes."""
    both = round_of("r1", closed=True) + round_of("r2", closed=True)
    copied = [("r1", "business", f"p{n}", ANSWERS[n]) for n in range(5)]
    copied += [("r2", "business", f"x{n}", ANSWERS[n]) for n in range(6)]
    scored(tmp_path, both, copied)
    assert "do not show this issue" in said(tmp_path)
    asked_again = copied[:5] + [("r2", "business", f"p{n}", ANSWERS[n + 7]) for n in range(6)]
    scored(tmp_path, both, asked_again)
    assert not said(tmp_path)


def test_replies_under_new_codes_or_in_another_group_are_the_same_people(tmp_path: Path) -> None:
    """Imported anew, or put right as the other group's, five and one more are a difference of one."""
    for group, code in (("business", "x"), ("it", "p")):
        shutil.rmtree(tmp_path / SLUG, ignore_errors=True)
        scored(tmp_path, round_of("r1"), [("r1", "business", f"p{n}", ANSWERS[n]) for n in range(5)])
        shown_as_draft(tmp_path)
        scored(tmp_path, round_of("r1", group), [("r1", group, f"{code}{n}", ANSWERS[n]) for n in range(6)])
        assert said(tmp_path)


def test_drafts_that_are_apart_by_enough_are_held_together(tmp_path: Path) -> None:
    """Of three sites' drafts and one of all with one person more, each is far from each; together they give that one away."""
    people = [("r1", "business", f"p{n}", ANSWERS[n]) for n in range(16)]
    for site in (people[:5], people[5:10], people[10:15]):
        scored(tmp_path, round_of("r1"), site)
        assert not said(tmp_path)
        shown_as_draft(tmp_path)
    scored(tmp_path, round_of("r1"), people)
    assert said(tmp_path)
    scored(tmp_path, round_of("r1"), people[:15])
    assert not said(tmp_path)


def test_drafts_of_which_nothing_was_kept_are_said_to_be_unknown(
    tmp_path: Path, tiny_notebooks: Path
) -> None:
    """The pages of a draft stand there, and what it showed was deleted."""
    answered(tmp_path, 5)
    run_batch(tmp_path, [SLUG], one_page(tiny_notebooks), workers=1)
    assert not said(tmp_path)
    (tmp_path / SLUG / SHOWN).unlink()
    assert "is not known" in said(tmp_path)


def test_drafts_of_another_round_do_not_make_an_unknown_one_known(
    tmp_path: Path, tiny_notebooks: Path
) -> None:
    """What was kept was deleted, another round was drafted since: of this round nothing is kept all the same."""
    answered(tmp_path, 5)
    run_batch(tmp_path, [SLUG], one_page(tiny_notebooks), workers=1)
    (tmp_path / SLUG / SHOWN).unlink()
    record = load(tmp_path, SLUG)
    note_drafts(tmp_path / SLUG, {"r0": draft_of(record, record.round())})
    assert "is not known" in said(tmp_path)


def test_a_draft_that_showed_no_group_is_known_to_have_shown_none(
    tmp_path: Path, tiny_notebooks: Path
) -> None:
    """With fewer answers than the minimum nothing is kept of anyone, and nothing is unknown."""
    answered(tmp_path, 4)
    run_batch(tmp_path, [SLUG], one_page(tiny_notebooks), workers=1)
    assert not said(tmp_path)


@pytest.mark.parametrize("first", ["answers", "counts"])
def test_counts_that_hold_another_rounds_answers_and_few_more_are_told(tmp_path: Path, first: str) -> None:
    """Seven in one round, six of whom are those of another, give the seventh away, though only counts are known."""
    both = round_of("r1", closed=True) + round_of("r2", closed=True)
    asked = [q.id for q in shipped_questionnaires()["pulse"].questions]

    def counts(name: str, answers: Sequence[Sequence[int]]) -> list[str]:
        columns = zip(asked, zip(*answers, strict=True), strict=False)
        return [
            f"{name},business,{q},{','.join(str(said.count(n)) for n in range(1, 6))}" for q, said in columns
        ]

    def told(later: Sequence[Sequence[int]]) -> str:
        known = [("r1", "business", f"p{n}", ANSWERS[n]) for n in range(6)] if first == "answers" else []
        scored(tmp_path, both, known)
        rows = [*(counts("r1", ANSWERS[:6]) if first == "counts" else ()), *counts("r2", later)]
        header = "round,group,question,count_1,count_2,count_3,count_4,count_5"
        (tmp_path / SLUG / "aggregates.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
        return said(tmp_path)

    assert "do not show this issue" in told(ANSWERS[:7])
    assert not told(ANSWERS[:6])
    assert not told(ANSWERS[7:14])
    assert not told(ANSWERS[:11])


@pytest.mark.parametrize(("changed", "close"), [(3, True), (5, False)])
def test_who_came_back_under_another_code_with_another_answer_is_one_person(
    tmp_path: Path, changed: int, close: bool
) -> None:
    """Replies without a name have codes made of their answers: three corrected ones are three people, not six."""
    before = [(1, *ANSWERS[n], 1 + n % 4, 1 + n % 3) for n in range(12)]
    scored(tmp_path, round_of("r1"), [("r1", "business", f"p{n}", each) for n, each in enumerate(before)])
    shown_as_draft(tmp_path)
    after = [("r1", "business", f"x{n}", (5, *each[1:])) for n, each in enumerate(before[:changed])]
    after += [("r1", "business", f"p{n}", each) for n, each in enumerate(before) if n >= changed]
    scored(tmp_path, round_of("r1"), after)
    assert bool(said(tmp_path)) == close
