"""A group's answers in one round, and its scores on questions: none where it is missing or may not be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.assess.assessment import GroupResult, Score
from toolkit.assess.confidentiality import may_show, minimum_of, who_answered
from toolkit.assess.statistics import agreement, mean_interval
from toolkit.client.record import Record
from toolkit.client.schema import Round
from toolkit.method import ANSWERED_SHARE, COMPARED, GROUPS, HIGHEST, LOWEST, QUOTED_FROM, SCALE, Group
from toolkit.words import tidy


@dataclass(frozen=True)
class GroupAnswers:
    """One group's answers in one round. Never published.

    Attributes
    ----------
    result : GroupResult
        Who answered, and whether anything of it may be shown.
    answers : DataFrame
        Respondents × questions, 1–5 or NaN; empty for counts.
    counts : dict
        Question → how many answered 1, 2, 3, 4, 5; empty for individual answers.
    minimum : int
        Fewest people behind any score that is shown (1 for a position).
    within : tuple of str
        Where these are answers to a part of a dimension: all its questions. A blank in any of them, known beside the
        score on all, is told by what is said of the part as well.
    """

    result: GroupResult
    answers: pd.DataFrame
    counts: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    minimum: int = 1
    within: tuple[str, ...] = ()

    def asked(self, questions: Sequence[str]) -> NDArray[np.float64]:
        """Return people × questions, in the order of the questions; NaN where nothing was answered."""
        every, place = self.answers.to_numpy(dtype=float), {q: n for n, q in enumerate(self.answers.columns)}
        out = np.full((len(every), len(questions)), np.nan)
        for number, question in enumerate(questions):
            if question in place:
                out[:, number] = every[:, place[question]]
        return out

    def people(self, questions: Sequence[str]) -> NDArray[np.float64]:
        """Return each respondent's score: the mean of those questions, where at least half were answered."""
        asked = self.asked(questions)
        scored = asked[_answered_enough(asked)]
        means: NDArray[np.float64] = np.nansum(scored, axis=1) / (~np.isnan(scored)).sum(axis=1)
        return means

    def answered(self, questions: Sequence[str]) -> list[str]:
        """Return those of the questions that may count: answered at all, or by enough where only counts are known."""
        if self.counts:
            enough = {q for q, c in self.counts.items() if may_show(self.result, int(c.sum()), self.minimum)}
        else:
            some = ~np.isnan(self.answers.to_numpy(dtype=float)).all(axis=0)
            enough = set(self.answers.columns[some])
        return [q for q in questions if q in enough]

    def part(self, questions: Sequence[str], whole: Sequence[str]) -> GroupAnswers:
        """Return the answers of those who count in the score on ``whole``, for a score on a part of it.

        A second score over other people than the first would give away those in one and not in the other; where
        someone of them answered less than half of the part, nothing is left.
        """
        if self.counts:
            return self
        counted = _answered_enough(self.asked(whole))
        given = ~np.isnan(self.asked(questions)[counted])
        everyone = bool((given.sum(axis=1) >= ANSWERED_SHARE * len(questions)).all())
        people = self.answers[counted] if everyone else self.answers.iloc[:0]
        return replace(self, answers=people, within=tuple(whole))

    def given(self, whole: Sequence[str]) -> NDArray[np.bool_]:
        """Return which of the questions each person answered, of those who count in the score on all of them."""
        asked = self.asked(whole)
        return ~np.isnan(asked[_answered_enough(asked)])

    def complete(self, questions: Sequence[str]) -> bool:
        """Whether everyone who counts in the score answered every question.

        Where someone did not, whoever knows of the blank can tell that person's part: agreement, over the others
        alone, and exact spreads and chances, with which scores in thirds and halves are told apart, pin it.
        """
        return bool(self.given(self.within or questions).all())

    def beyond_the_mean(self, questions: Sequence[str]) -> bool:
        """Whether spread, interval and distribution may stand beside the mean: a complete group, or a large one.

        With one blank among five or six people they leave that person one score in a seventh to a third of all draws,
        among ten in a twentieth at most, the mean alone in one of two hundred (``benchmarks/soak_confidentiality.py``).
        """
        return self.complete(questions) or len(self.people(questions)) >= QUOTED_FROM

    def score(self, questions: Sequence[str]) -> Score | None:
        """Return the group's score on these questions, or None where it is missing or may not be shown."""
        if not questions:
            return None
        return self._from_counts(questions) if self.counts else self._from_people(questions)

    def _from_people(self, questions: Sequence[str]) -> Score | None:
        people = self.people(questions)
        if not may_show(self.result, len(people), self.minimum):
            return None
        if self.result.is_position:
            return Score(float(people.mean()), 1)
        mean = float(people.mean())
        if not self.beyond_the_mean(questions):
            return Score(mean, len(people))
        asked = self.asked(questions)
        rounded = np.clip(np.floor(people + 0.5), LOWEST, HIGHEST).astype(int)
        low, high = mean_interval(people) or (None, None)
        spread = float(np.std(people, ddof=1)) if len(people) > 1 else None
        whole = self.complete(questions)
        if spread and not whole:
            exact, spread = spread, tidy(spread, 1)
            low, high = (None if end is None else mean + (end - mean) * spread / exact for end in (low, high))
        return Score(
            mean, len(people), spread=spread, distribution=tuple(int((rounded == level).sum()) for level in SCALE),
            low=low, high=high, agreement=agreement(asked) if whole else None,
        )  # fmt: skip

    def _from_counts(self, questions: Sequence[str]) -> Score | None:
        """Mean over questions of each question's mean; ``n`` is the fewest answers to any of them.

        A question too few answered is left out, and with half of them left out there is no score.
        """
        known = [self.counts[q] for q in self.answered(questions)]
        if not known or len(known) < ANSWERED_SHARE * len(questions):
            return None
        means = [float(counts @ np.array(SCALE) / counts.sum()) for counts in known]
        return Score(float(np.mean(means)), int(min(counts.sum() for counts in known)))


def _answered_enough(asked: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which people count in the score on these questions: who answered at least half of them, and any."""
    answered = (~np.isnan(asked)).sum(axis=1)
    enough: NDArray[np.bool_] = (answered >= ANSWERED_SHARE * asked.shape[1]) & (answered > 0)
    return enough


# What each group that a round asks answered.
RoundAnswers = Mapping[Group, GroupAnswers]


def answers_of(record: Record, round_: Round) -> RoundAnswers:
    """Return the answers of each group that a round asks, in ``GROUPS``' order, with the decision whether it may be shown."""
    individual = _individual(record, round_.id)
    counted = _counted(record, round_.id)
    answered: dict[Group, GroupAnswers] = {}
    for asked in sorted(round_.groups, key=lambda asked: GROUPS.index(asked.group)):
        answers = individual.get(asked.group, pd.DataFrame())
        counts = counted.get(asked.group, {})
        people = int(max(c.sum() for c in counts.values())) if counts else len(answers)
        result = who_answered(asked, people)
        answered[asked.group] = GroupAnswers(result, answers, counts, minimum_of(asked))
    return answered


def _individual(record: Record, round_id: str) -> dict[Group, pd.DataFrame]:
    given = [r for r in record.responses if r.round == round_id and r.score is not None]
    # Sorted respondents: the order of rows in a file must not reach the last digit of a mean.
    people = sorted({(r.group, r.respondent) for r in given})
    questions = sorted({r.question for r in given})
    row = {person: number for number, person in enumerate(people)}
    column = {question: number for number, question in enumerate(questions)}
    scores = np.full((len(people), len(questions)), np.nan)
    for r in given:
        scores[row[r.group, r.respondent], column[r.question]] = r.score
    out: dict[Group, pd.DataFrame] = {}
    for group in GROUPS:
        own = [number for number, (of, _) in enumerate(people) if of == group]
        if own:
            out[group] = pd.DataFrame(scores[own], [people[number][1] for number in own], questions)
    return out


def _counted(record: Record, round_id: str) -> dict[Group, dict[str, NDArray[np.float64]]]:
    out: dict[Group, dict[str, NDArray[np.float64]]] = {}
    for row in record.aggregates:
        if row.round == round_id:
            out.setdefault(row.group, {})[row.question] = np.array(row.counts, dtype=float)
    return out


def scored_on(answered: RoundAnswers, questions: list[str]) -> list[str]:
    """Return the questions on which business and IT are scored: those that both answered, where one is known by counts.

    All of them where both answered one by one, where either is not shown, or where fewer than half are shared.
    """
    sides = [answered[group] for group in COMPARED if group in answered]
    if len(sides) < len(COMPARED) or not any(side.counts for side in sides):
        return questions
    shared = sides[1].answered(sides[0].answered(questions))
    if not ANSWERED_SHARE * len(questions) <= len(shared) < len(questions):
        return questions
    whole = [side.score(questions) for side in sides]
    part = [side.part(shared, questions).score(shared) for side in sides]
    return questions if None in (*whole, *part) else shared
