"""Which question each column of an export answers or comments on: as a map says, by id, or by wording."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.client.faults import closest, listed
from toolkit.client.questionnaire import Question, Questionnaire
from toolkit.errors import Fault, InputError, shown
from toolkit.intake.survey_answers import plain
from toolkit.intake.survey_comments import about, bare, bracketed, commented
from toolkit.intake.survey_headings import Heading
from toolkit.intake.survey_layouts import Export
from toolkit.intake.survey_map import SurveyMap
from toolkit.intake.table import Raw

_NUMBERING = re.compile(r"^(?:q(?:uestion)?\s*)?\d+\s*[.):]\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Columns:
    """What the columns of an export are: the question each answers, and the one each comments on.

    ``unwanted`` are those that a map says are not used.
    """

    asked: Mapping[int, Question]
    comments: Mapping[int, Question] = field(default_factory=dict)
    unwanted: frozenset[int] = frozenset()

    @property
    def used(self) -> set[int]:
        """Columns that need no further meaning."""
        return {*self.asked, *self.comments, *self.unwanted}


def columns_of(
    raw: Raw, export: Export, questionnaire: Questionnaire, given: SurveyMap, known: SurveyMap
) -> Columns:
    """Return what the columns are.

    Parameters
    ----------
    given, known : SurveyMap
        What the consultant said, which must fit this file, and what is remembered, which need not.

    Raises
    ------
    InputError
        When no column, or more than one, answers a question, or the given map names what is not there.
    """
    by_id = {one.id: one for one in questionnaire.questions}
    faults = [*_strange(raw, export, by_id, given)]
    if faults:
        raise InputError(faults)
    questions = _told(export.headings, given.questions, known.questions, by_id)
    comments = _told(export.headings, given.comments, known.comments, by_id)
    first = _at(export.headings, given.comments)
    comments = {index: id for index, id in comments.items() if index in first or index not in questions}
    told = {**questions, **comments}
    found = {index: by_id[id] for index, id in questions.items() if id and index not in comments}
    found |= _recognised(export.headings, questionnaire, told, {one.id for one in found.values()})
    beside = {index: by_id[id] for index, id in comments.items() if id}
    free = [one.index for one in export.headings if one.index not in {*told, *found}]
    beside |= commented(export.headings, found, _named(questionnaire), free)
    _check(raw, export, questionnaire, found)
    return Columns(found, beside, frozenset(index for index, id in told.items() if not id))


def _at(headings: Sequence[Heading], entries: Mapping[str, str]) -> dict[int, str]:
    """Return a map's entries by the column they name."""
    by_key = {plain(key): id for key, id in entries.items()}
    found = {}
    for one in headings:
        if key := next((key for key in one.keys if key in by_key), None):
            found[one.index] = by_key[key]
    return found


def _told(
    headings: Sequence[Heading], given: Mapping[str, str], known: Mapping[str, str], by_id: Mapping[str, Question]
) -> dict[int, str]:  # fmt: skip
    """Return what maps say of columns: the given one first, the remembered one where that leaves room."""
    said = _at(headings, given)
    before = _at(headings, known)
    taken = set(said.values()) - {""}
    return said | {index: id for index, id in before.items()
                   if index not in said and id not in taken and (not id or id in by_id)}  # fmt: skip


def _strange(raw: Raw, export: Export, by_id: Mapping[str, Question], given: SurveyMap) -> Sequence[Fault]:
    """Return what a given map names that the file or the questionnaire does not have."""
    names = [one.name for one in export.headings]
    keys = {key for one in export.headings for key in one.keys}
    headings = [*given.questions, *given.comments, *([given.group] if given.group else [])]
    faults = [Fault(raw.place(1), f"no column {shown(one)}, which the map names", listed(names),
                    f"{closest(one, names)}Correct the heading in the map.")
              for one in headings if plain(one) not in keys]  # fmt: skip
    ids = [id for id in (*given.questions.values(), *given.comments.values()) if id and id not in by_id]
    return faults + [Fault(f"the map, question {shown(id)}", "no such question in the round", listed(by_id),
                           f"{closest(id, by_id)}Correct the id in the map, or name the round with --round.")
                     for id in ids]  # fmt: skip


def code_of(text: str) -> str:
    """Return an id without what a service may not keep of it: LimeSurvey's codes have no hyphens."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _worded(questionnaire: Questionnaire) -> dict[str, Question]:
    worded: dict[str, list[Question]] = {}
    for one in questionnaire.questions:
        for text in {plain(one.text), plain(one.text_it or one.text)}:
            worded.setdefault(text, []).append(one)
    # A need's importance and satisfaction may share their words, which then name neither.
    return {text: ones[0] for text, ones in worded.items() if len(ones) == 1}


def _named(questionnaire: Questionnaire) -> dict[str, Question]:
    """Return the questions by what the heading of a comment may call them."""
    ids = {key: one for one in questionnaire.questions for key in (plain(one.id), code_of(one.id))}
    return ids | {bare(text): one for text, one in _worded(questionnaire).items()}


def _recognised(
    headings: Sequence[Heading], questionnaire: Questionnaire, told: Mapping[int, str], taken: set[str]
) -> dict[int, Question]:
    codes = {code_of(one.id): one for one in questionnaire.questions}
    wordings = _worded(questionnaire)
    found = {}
    for heading in headings:
        question = None if bracketed(heading) else _whole(heading, codes, wordings)
        if question is None and not about(heading):
            question = next((codes[code] for text in heading.wordings
                             if (code := code_of(text.partition(" ")[0])) in codes), None)  # fmt: skip
        if question and question.id not in taken and heading.index not in told:
            found[heading.index] = question
    return found


def _whole(
    heading: Heading, codes: Mapping[str, Question], wordings: Mapping[str, Question]
) -> Question | None:
    """Return the question whose id or wording a heading is, or whose id stands in brackets at its end."""
    if heading.code and (found := codes.get(code_of(heading.code))):
        return found
    for text in heading.wordings:
        behind = text.rstrip("] ").rpartition("[")[2] if text.endswith("]") else ""
        for tried in (text, _NUMBERING.sub("", text)):
            if found := wordings.get(plain(tried)) or codes.get(code_of(tried)) or codes.get(code_of(behind)):
                return found
    return None


def _check(raw: Raw, export: Export, questionnaire: Questionnaire, found: Mapping[int, Question]) -> None:
    if not found:
        names = listed(heading.name for heading in export.headings)
        ids = listed(one.id for one in questionnaire.questions)
        allowed = f"columns headed by a question's id or wording: {ids}"
        remedy = (
            "Say which column asks what in a map with --map, or name the round that asked these with --round."
        )
        raise InputError([Fault(raw.place(1), f"{export.service}: {names}", allowed, remedy)])
    twice = [id for id, times in Counter(one.id for one in found.values()).items() if times > 1]
    remedy = "Say in a map which column is not used, remove one of the two, or correct its heading."
    faults = []
    for id in twice:
        names = listed(
            one.name for one in export.headings if found.get(one.index) and found[one.index].id == id
        )
        faults.append(
            Fault(raw.place(1), f"{id} in more than one column: {names}", "each question once", remedy)
        )
    if faults:
        raise InputError(faults)
