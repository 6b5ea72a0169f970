"""What a questionnaire puts before one group: the questions in order, each with the answers to choose from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toolkit.client.faults import listed
from toolkit.client.questionnaire import Question, Questionnaire
from toolkit.client.record import Record
from toolkit.client.schema import Round, RoundGroup
from toolkit.errors import Fault, InputError
from toolkit.method import DIMENSIONS, LEVELS, SCALE, Dimension, Family, Group

DONT_KNOW = "Don't know"
_AGREEMENT = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")
_MATURITY = tuple(f"{level} - {name.capitalize()}" for level, name in zip(SCALE, LEVELS, strict=True))
_HOW_OFTEN = ("Never", "Rarely", "Sometimes", "Often", "Constantly")
_IMPORTANCE = ("Not important at all", "Slightly important", "Moderately important", "Very important",
               "Extremely important")  # fmt: skip
_SATISFACTION = ("Very dissatisfied", "Dissatisfied", "Neither satisfied nor dissatisfied", "Satisfied",
                 "Very satisfied")  # fmt: skip
_SCALES: Mapping[Family, tuple[str, ...]] = {
    "cause": _AGREEMENT,
    "practice": _MATURITY,
    "symptom": _HOW_OFTEN,
}
_SECTIONS: Mapping[Family, tuple[str, str]] = {
    "cause": ("How business and IT work together", "How far do you agree with each statement?"),
    "practice": (
        "How things are done today",
        "Choose the highest level that is fully reached today. Each level builds on those before it.",
    ),
    "symptom": ("What happens in daily work", "How often does each of these happen?"),
    "need": ("What is needed from technology", "How important is it, and how satisfied are you today?"),
}
_NAMES: Mapping[Group, str] = {"business": "the business side", "it": "IT", "provider": "the IT provider"}
_SECONDS_TO_READ_LEVELS, _SECONDS = 30, 12
_STEP = 4  # questions, about, before the offline questionnaire turns to the next step


@dataclass(frozen=True)
class Item:
    """One question as a group reads it: its number from 1, its wording, and the answers that mean 1 to 5."""

    number: int
    question: Question
    text: str
    answers: tuple[str, ...]

    @property
    def spelt_out(self) -> bool:
        """Whether each answer is a sentence of its own, to be read below the one before."""
        return bool(self.question.anchors)


@dataclass(frozen=True)
class Part:
    """The questions on one dimension."""

    dimension: Dimension
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Section:
    """One family of dimensions, with what to do there as a sentence."""

    title: str
    lead: str
    parts: tuple[Part, ...]

    @property
    def steps(self) -> tuple[tuple[Part, ...], ...]:
        """The parts in steps of about four questions, as even as they come; a part is never divided."""
        total = sum(len(part.items) for part in self.parts)
        most = -(-total // -(-total // _STEP))
        steps: list[list[Part]] = []
        for part in self.parts:
            if steps and sum(len(one.items) for one in (*steps[-1], part)) <= most:
                steps[-1].append(part)
            else:
                steps.append([part])
        return tuple(map(tuple, steps))


def sections_of(questionnaire: Questionnaire, group: Group) -> tuple[Section, ...]:
    """Return every question once, by family and dimension, in the words for a group.

    The provider reads IT's wording: it, too, is asked by the business to deliver.
    """
    items = _items(questionnaire, group)
    found: list[Section] = []
    for family, (title, lead) in _SECTIONS.items():
        parts = [Part(one, items[one.id]) for one in DIMENSIONS if one.family == family and one.id in items]
        if parts:
            found.append(Section(title, lead, tuple(parts)))
    return tuple(found)


def _items(questionnaire: Questionnaire, group: Group) -> dict[str, tuple[Item, ...]]:
    numbers: Iterator[int] = iter(range(1, len(questionnaire.questions) + 1))
    by_dimension = {}
    for family in _SECTIONS:  # numbers run in the order of reading
        for one in (one for one in DIMENSIONS if one.family == family):
            asked = [question for question in questionnaire.questions if question.dimension == one.id]
            if asked:
                by_dimension[one.id] = tuple(
                    Item(next(numbers), each, wording(each, group), answers_of(each)) for each in asked
                )
    return by_dimension


def wording(question: Question, group: str) -> str:
    """Return a question's words for a group."""
    return question.text if group == "business" else question.text_it or question.text


def answers_of(question: Question) -> tuple[str, ...]:
    """Return the answers that mean 1 to 5; the survey import reads each of them back as its number."""
    if question.anchors:
        return question.anchors
    if question.aspect:
        return _IMPORTANCE if question.aspect == "importance" else _SATISFACTION
    family = next(one.family for one in DIMENSIONS if one.id == question.dimension)
    return _SCALES[family]


def minutes_to_answer(questionnaire: Questionnaire) -> int:
    """Return how long answering alone takes, rounded up to five minutes."""
    seconds = sum(_SECONDS_TO_READ_LEVELS if one.anchors else _SECONDS for one in questionnaire.questions)
    return -(-seconds // 300) * 5


def minutes_together(questionnaire: Questionnaire) -> int:
    """Return how long a session over the questions takes, rounded up to a quarter of an hour; at least 30."""
    return max(30, -(-len(questionnaire.questions) * 6 // (5 * 15)) * 15)


def round_named(record: Record, round_id: str) -> Round:
    """Return the round of an id, the latest for an empty one; InputError when the record has none of that id."""
    known = [one.id for one in record.rounds]
    if round_id and round_id not in known:
        remedy = "Correct the round after --round, or add it to client.yaml, rounds."
        raise InputError([Fault("--round", round_id, f"one of: {listed(known)}", remedy)])
    return record.round(round_id)


def groups_of(one: Round) -> tuple[RoundGroup, ...]:
    """Return the groups a round asks; business and IT, by survey, where it lists none."""
    return one.groups or (RoundGroup(group="business"), RoundGroup(group="it"))


def name_of(group: RoundGroup) -> str:
    """Return what a group is called in a sentence: its label, else what it usually is."""
    return group.label or _NAMES[group.group]


def fingerprint(questionnaire: Questionnaire) -> str:
    """Return a code of all that respondents were asked, so that answers are never read as answers to other words."""
    asked = [
        [q.id, q.dimension, q.aspect, q.text, q.text_it, list(q.anchors)] for q in questionnaire.questions
    ]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=True).encode()).hexdigest()[:16]
