"""What each column of a survey's export is: the question that it asks or comments on, or who a reply is from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.client.faults import closest, listed
from toolkit.client.questionnaire import Question, Questionnaire
from toolkit.errors import Fault, InputError, shown
from toolkit.intake.date import Days, Order, days_sent
from toolkit.intake.survey_answers import plain
from toolkit.intake.survey_comments import about, bare, bracketed, commented
from toolkit.intake.survey_layout import FEWEST_ANSWERS, Export, Heading, cell_at
from toolkit.intake.survey_map import SurveyMap
from toolkit.intake.table import Cell, Raw
from toolkit.method import GROUPS, Group

_NUMBERING = re.compile(r"^(?:q(?:uestion)?\s*)?\d+\s*[.):]\s+", re.IGNORECASE)
MOST_WORDS = 20
_WORDS: Mapping[str, Group] = {
    "business": "business", "the business": "business", "fachbereich": "business", "métier": "business", "negocio": "business",
    "it": "it", "it department": "it", "information technology": "it", "informatique": "it", "informatik": "it", "ti": "it",
    "provider": "provider", "it provider": "provider", "outsourced provider": "provider", "service provider": "provider",
}  # fmt: skip
_ASKS = re.compile(
    r"\b(groups?|part of the (company|organi[sz]ation|business)|departments?|business unit|your unit|division"
    r"|gruppe|abteilung|bereich|groupe|département|grupo|departamento)\b"
)


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


def columns_of(export: Export, questionnaire: Questionnaire, given: SurveyMap, known: SurveyMap) -> Columns:
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
    faults = [*_strange(export, by_id, given)]
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
    asked = {one.id for one in found.values()}
    lacking = [one for one in questionnaire.questions if one.id not in asked]
    rest = [one for one in export.headings if one.index not in {*told, *found, *beside}]
    if faults := _of_unknown_answers(export.raw, rest, lacking):
        raise InputError(faults)
    _check(export, questionnaire, found)
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


def _strange(export: Export, by_id: Mapping[str, Question], given: SurveyMap) -> Sequence[Fault]:
    """Return what a given map names that the file or the questionnaire does not have."""
    names = [one.name for one in export.headings]
    keys = {key for one in export.headings for key in one.keys}
    headings = [*given.questions, *given.comments, *([given.group] if given.group else [])]
    faults = [Fault(export.raw.place(1), f"no column {shown(one)}, which the map names", listed(names),
                    f"{closest(one, names)}Correct the heading in the map.")
              for one in headings if plain(one) not in keys]  # fmt: skip
    ids = [id for id in (*given.questions.values(), *given.comments.values()) if id and id not in by_id]
    return faults + [Fault(f"the map, question {shown(id)}", "no such question in the round", listed(by_id),
                           f"{closest(id, by_id)}Correct the id in the map, or name the round with --round.")
                     for id in ids]  # fmt: skip


def code_of(text: str) -> str:
    """Return an id without what a service may not keep of it: LimeSurvey's codes have no hyphens."""
    return re.sub(r"[^a-z0-9]", "", plain(text))


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


def _of_unknown_answers(raw: Raw, headings: Sequence[Heading], lacking: Sequence[Question]) -> list[Fault]:
    """Return a fault for each question that several columns answer, headed by answers that are not known."""
    faults = []
    said = [(one, [(plain(text), bare(text)) for text in one.wordings]) for one in headings]
    for question in lacking:
        text = bare(question.text)
        ours = [
            one for one, words in said if any(whole.startswith(text) and cut != text for whole, cut in words)
        ]
        if len(ours) >= FEWEST_ANSWERS:
            found = f"{len(ours)} columns for one question: {listed(one.wordings[0] for one in ours)}"
            remedy = (
                "Export it again with one column for each question (in SurveyMonkey, “Condensed”), or leave these "
                f"columns out with a map: questions: {{'{shown(ours[0].wordings[-1])}': ''}}, and so for each."
            )
            faults.append(Fault(raw.place(1, question.text), found, "one column for each question", remedy))
    return faults


def _check(export: Export, questionnaire: Questionnaire, found: Mapping[int, Question]) -> None:
    if not found:
        names = listed(heading.name for heading in export.headings)
        ids = listed(one.id for one in questionnaire.questions)
        allowed = f"columns headed by a question's id or wording: {ids}"
        remedy = (
            "Say which column asks what in a map with --map, or name the round that asked these with --round."
        )
        raise InputError([Fault(export.raw.place(1), f"{export.service}: {names}", allowed, remedy)])
    twice = [id for id, times in Counter(one.id for one in found.values()).items() if times > 1]
    remedy = "Say in a map which column is not used, remove one of the two, or correct its heading."
    faults = []
    for id in twice:
        names = listed(
            one.name for one in export.headings if found.get(one.index) and found[one.index].id == id
        )
        faults.append(
            Fault(export.raw.place(1), f"{id} in more than one column: {names}", "each question once", remedy)
        )
    if faults:
        raise InputError(faults)


@dataclass(frozen=True)
class Grouping:
    """Where a reply's group stands.

    Attributes
    ----------
    everyone : str or None
        The group of all replies.
    column : Heading or None
        The column that says it.
    words : mapping
        What the column's words mean, lower case.
    """

    everyone: Group | None = None
    column: Heading | None = None
    words: Mapping[str, Group] = field(default_factory=dict)

    def said(self, cells: Sequence[Cell]) -> str:
        """Return a reply's own word for its group; empty when all are of one, or it says nothing."""
        cell = cell_at(cells, self.column.index) if self.column else None
        return "" if cell is None else " ".join(str(cell).split())

    def of(self, cells: Sequence[Cell]) -> Group | None:
        """Return the group of a reply; None when it says none that is known."""
        return self.everyone or self.words.get(plain(self.said(cells)))

    def used_words(self, export: Export) -> dict[str, Group]:
        """Return the client's own words that stand in the export, with what they mean."""
        said = sorted({self.said(cells) for _, cells in export.rows})
        return {word: self.words[plain(word)] for word in said if plain(word) in self.words}


def grouping_of(export: Export, used: set[int], group: str, given: SurveyMap, known: SurveyMap) -> Grouping:
    """Return where the group of a reply stands.

    A column is the group's when a map says so, when each of its cells is a word for a group, or when its
    heading asks for one ("Which part of the company do you work in?").

    Raises
    ------
    InputError
        When the group is unknown, or no column or several may say it.
    """
    if group:
        found = next((one for one in GROUPS if one == group), None)
        if found is None:
            raise InputError([Fault("--group", group, f"one of: {', '.join(GROUPS)}", "Correct the group.")])
        faults = _contradicting(export, used, found)
        if faults:
            raise InputError(faults)
        return Grouping(found)
    words = {**_WORDS, **_plain(known.groups), **_plain(given.groups)}
    for told in (given.group, known.group):
        column = next((one for one in export.headings if told and plain(told) in one.keys), None)
        if column and column.index not in used:
            return Grouping(None, column, words)
    free = [one for one in export.headings if one.index not in used]
    fitting = [one for one in free if (said := _said(export, one)) and said <= set(words)]
    if not fitting:
        fitting = [
            one for one in free if _ASKS.search(plain(one.name)) and len(_said(export, one)) <= MOST_WORDS
        ]
    if len(fitting) == 1:
        return Grouping(None, fitting[0], words)
    found_text = (
        f"the columns {listed(one.name for one in fitting)}" if fitting else "no column that names a group"
    )
    allowed = "one column with business, IT or provider in every row, or one file for each group"
    remedy = "Name the column in a map with --map, under group, or export each group by itself and say which with --group."  # fmt: skip
    raise InputError([Fault(export.raw.place(1), found_text, allowed, remedy)])


def _contradicting(export: Export, used: set[int], group: Group) -> list[Fault]:
    """Return a fault for each column whose every word is a group's name, and one another's than all are said to be of."""
    faults = []
    for one in export.headings:
        said = set() if one.index in used else _said(export, one)
        others = sorted(word for word in said if _WORDS.get(word, group) != group)
        if others and said <= set(_WORDS):
            remedy = "Leave --group out, so that the column says each reply's group; or export each group by itself."
            found, allowed = listed(others), f"{group} in every row, as --group says"
            faults.append(Fault(export.raw.place(1, one.name), found, allowed, remedy))
    return faults


def unknown_words(export: Export, grouping: Grouping) -> list[Fault]:
    """Return a fault for each word of the group's column that no group is known for, with how many say it."""
    if grouping.column is None:
        return []
    said = Counter(word for _, cells in export.rows if (word := grouping.said(cells)))
    unknown = [word for word in said if plain(word) and plain(word) not in grouping.words]
    return [
        Fault(
            export.raw.place(1, grouping.column.name),
            f"{word} ({said[word]} replies)" if said[word] > 1 else f"{word} (1 reply)",
            "business, IT or provider, or a word that a map says is one of them",
            f"Say in a map which group it is, as groups: {{'{shown(word)}': business}}, or leave these out with --partial.",
        )
        for word in unknown
    ]


def _plain(groups: Mapping[str, Group]) -> dict[str, Group]:
    return {plain(word): group for word, group in groups.items()}


def _said(export: Export, heading: Heading) -> set[str]:
    cells = (cell_at(cells, heading.index) for _, cells in export.rows)
    return {plain(str(cell)) for cell in cells if cell is not None} - {""}


@dataclass(frozen=True)
class MappedExport:
    """An export with what its columns, answers and days are.

    Attributes
    ----------
    meanings : mapping
        What maps say that answers mean.
    """

    export: Export
    columns: Columns
    grouping: Grouping
    meanings: Mapping[str, int | str]
    days: Days


def mapped_export(
    export: Export, questionnaire: Questionnaire, group: str, given: SurveyMap, known: SurveyMap, usual: Order
) -> MappedExport:
    """Map an export to a questionnaire.

    Parameters
    ----------
    group : str
        The group of all replies; empty: a column says it.
    given, known : SurveyMap
        What the consultant said, which must fit this file, and what is remembered, which need not.
    usual : str
        What comes first in dates by the client's profile, where neither map says it.

    Raises
    ------
    InputError
        As :func:`columns_of` and :func:`grouping_of`.
    """
    columns = columns_of(export, questionnaire, given, known)
    grouping = grouping_of(export, columns.used, group, given, known)
    sent = {number: cell_at(row, export.submitted) for number, row in export.rows}
    days = days_sent(sent, given.dates or known.dates or usual)
    return MappedExport(export, columns, grouping, known.meanings | given.meanings, days)
