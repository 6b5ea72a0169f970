"""The three questionnaires that ship: one wording, one order, plain enough to answer in a corridor."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from toolkit.client.questionnaire import Question, Questionnaire
from toolkit.client.yaml_files import read_model
from toolkit.method import AREAS, BY_ID, DIMENSIONS, NEEDS

NAMES = ("full", "executive", "pulse")
LONGEST = 160
CRITERIA = {
    "communications",
    "value measurement",
    "governance",
    "partnership",
    "scope and architecture",
    "skills",
}


@pytest.fixture(scope="session")
def shipped(project: Path) -> dict[str, Questionnaire]:
    """The questionnaires, read from their files."""
    read = {}
    for name in NAMES:
        file = project / "toolkit" / "questionnaires" / f"{name}.yaml"
        questionnaire, faults = read_model(Questionnaire, file.read_bytes(), file.name)
        assert not faults
        assert questionnaire is not None
        read[name] = questionnaire
    return read


def texts(questionnaire: Questionnaire) -> list[str]:
    """Return every text a respondent or reader may see."""
    asked = [text for q in questionnaire.questions for text in (q.text, q.text_it or "", *q.anchors)]
    return [questionnaire.title, questionnaire.scale or "", *asked, *(x.because for x in questionnaire.links)]


def number_of(questionnaire: Questionnaire, family: str) -> dict[str, int]:
    """Count the questions of each dimension of a family."""
    return Counter(q.dimension for q in questionnaire.questions if BY_ID[q.dimension].family == family)


def test_each_has_its_file_name_as_id_and_its_promised_length(shipped: dict[str, Questionnaire]) -> None:
    """Full asks 49 questions, executive 22, pulse six, and each is called as its file is."""
    assert {one.id: len(one.questions) for one in shipped.values()} == {
        "full": 49,
        "executive": 22,
        "pulse": 6,
    }
    assert all(name == one.id for name, one in shipped.items())


def test_full_asks_each_family_as_often_as_the_method_says(shipped: dict[str, Questionnaire]) -> None:
    """Four questions a cause, three a practice, two a symptom, and two for each need."""
    for family, each in (("cause", 4), ("practice", 3), ("symptom", 2), ("need", 2)):
        dimensions = [d.id for d in DIMENSIONS if d.family == family]
        assert number_of(shipped["full"], family) == dict.fromkeys(dimensions, each)


def test_executive_reaches_every_dimension(shipped: dict[str, Questionnaire]) -> None:
    """The executive questionnaire asks once about each area and symptom, and twice about each need."""
    counted = Counter(q.dimension for q in shipped["executive"].questions)
    assert counted == {d.id: 2 if d.family == "need" else 1 for d in DIMENSIONS}


@pytest.mark.parametrize("name", ["full", "executive"])
def test_each_need_is_asked_as_importance_and_as_satisfaction(
    shipped: dict[str, Questionnaire], name: str
) -> None:
    """A need has one question on importance and one on satisfaction, named after them."""
    for need in NEEDS:
        for aspect in ("importance", "satisfaction"):
            assert [q.id for q in shipped[name].of(need.id, aspect)] == [f"{need.id}-{aspect}"]


def test_pulse_asks_the_four_causes_and_two_symptoms(shipped: dict[str, Questionnaire]) -> None:
    """The pulse asks once about each cause and about two symptoms."""
    families = Counter(BY_ID[q.dimension].family for q in shipped["pulse"].questions)
    assert families == {"cause": 4, "symptom": 2}
    assert len({q.dimension for q in shipped["pulse"].questions}) == 6


def test_a_shared_id_is_the_same_question_everywhere(shipped: dict[str, Questionnaire]) -> None:
    """Pulse is a part of executive, and executive of full, word for word, so that rounds compare."""
    full = {q.id: q for q in shipped["full"].questions}
    executive = {q.id: q for q in shipped["executive"].questions}
    assert all(full.get(identity) == q for identity, q in executive.items())
    assert all(executive.get(q.id) == q for q in shipped["pulse"].questions)


@pytest.mark.parametrize("name", NAMES)
def test_questions_stand_in_the_method_s_order(shipped: dict[str, Questionnaire], name: str) -> None:
    """Questions follow the order of the dimensions, and their ids begin with their dimension's."""
    order = [d.id for d in DIMENSIONS]
    places = [order.index(q.dimension) for q in shipped[name].questions]
    assert places == sorted(places)
    assert all(q.id.startswith(f"{q.dimension}-") for q in shipped[name].questions)


@pytest.mark.parametrize("name", NAMES)
def test_texts_are_short_and_one_idea(shipped: dict[str, Questionnaire], name: str) -> None:
    """No text passes 160 characters, no question passes 80 or offers "and/or", none is asked twice."""
    assert max(len(text) for text in texts(shipped[name])) <= LONGEST
    assert not any("and/or" in text.lower() or "/" in text for text in texts(shipped[name]))
    asked = [q.text for q in shipped[name].questions]
    assert max(map(len, asked)) <= 80
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("name", NAMES)
def test_only_it_reads_another_wording(shipped: dict[str, Questionnaire], name: str) -> None:
    """A wording for IT is given only where it differs, and where "we" in the question means the business."""

    def speaks_for_one_side(question: Question) -> bool:
        return question.text_it is not None and question.text_it != question.text

    assert all(speaks_for_one_side(q) for q in shipped[name].questions if q.text_it is not None)
    assert not any(q.text.startswith("When we ask IT") and q.text_it is None for q in shipped[name].questions)


@pytest.mark.parametrize("name", ["full", "executive"])
def test_a_practice_has_five_anchors_and_a_criterion(shipped: dict[str, Questionnaire], name: str) -> None:
    """Each practice question has five different anchors and a criterion; no other question has either."""
    for question in shipped[name].questions:
        practice = BY_ID[question.dimension].family == "practice"
        assert len(set(question.anchors)) == (5 if practice else 0)
        assert (question.criterion is not None) == practice


def test_full_speaks_to_all_six_criteria(shipped: dict[str, Questionnaire]) -> None:
    """The appendix table of Luftman's six criteria has no empty row."""
    assert {q.criterion for q in shipped["full"].questions if q.criterion} == CRITERIA


@pytest.mark.parametrize("name", NAMES)
def test_links_join_what_is_asked(shipped: dict[str, Questionnaire], name: str) -> None:
    """Each link joins a cause and a symptom that the questionnaire asks about, once, with a reason."""
    links = shipped[name].links
    asked = {q.dimension for q in shipped[name].questions}
    assert all(link.cause in asked and link.symptom in asked for link in links)
    assert len({(link.cause, link.symptom) for link in links}) == len(links)
    assert all(link.because.endswith(".") for link in links)
    assert set(links) <= set(shipped["full"].links)


def test_every_symptom_has_a_cause_and_every_cause_a_symptom(shipped: dict[str, Questionnaire]) -> None:
    """In full, no symptom stands without a likely cause and no cause without a consequence."""
    links = shipped["full"].links
    assert {link.symptom for link in links} == {d.id for d in DIMENSIONS if d.family == "symptom"}
    assert {link.cause for link in links} == {d.id for d in AREAS if d.family == "cause"}
