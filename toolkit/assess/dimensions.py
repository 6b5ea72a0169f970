"""The dimensions of a round: what every group scored each, the gap, the maturity, the verdict, the adjustments made."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from toolkit.assess.assessment import CriterionResult, DimensionResult, NeedResult, Score, Verdict
from toolkit.assess.difference import gap_between, with_words
from toolkit.assess.scores import RoundAnswers, answers_of, scored_on
from toolkit.assess.statements import Adjusted
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.record import Record
from toolkit.client.schema import Round
from toolkit.method import AREAS, COMPARED, CRITERIA, SYMPTOMS, Dimension, Group
from toolkit.words import exact, rounded, score, stated


@dataclass(frozen=True)
class RoundScores:
    """The scores of one round, dimension by dimension.

    Attributes
    ----------
    adjusted : list of Adjusted
        The score adjustments, in the order in which they were applied; empty before ``areas_and_symptoms``.
    """

    record: Record
    round: Round
    adjusted: list[Adjusted] = field(default_factory=list)

    @cached_property
    def questionnaire(self) -> Questionnaire | None:
        """The questionnaire of the round; None where it asked no questions."""
        return self.record.questionnaire_of(self.round)

    @cached_property
    def answered(self) -> RoundAnswers:
        """What each group answered."""
        return answers_of(self.record, self.round)

    def areas_and_symptoms(self) -> list[DimensionResult]:
        """Score the areas, then the symptoms, each by every group that may be shown; the words of their gaps are judged together."""
        rows = [self._dimension(dimension) for dimension in (*AREAS, *SYMPTOMS)]
        gaps = with_words([row.gap for row in rows])
        return [replace(row, gap=gap) for row, gap in zip(rows, gaps, strict=True)]

    def _dimension(self, dimension: Dimension) -> DimensionResult:
        questions = self._questions(dimension)
        computed, compared = self._comparable(questions)
        scores = self._adjust(dimension, computed)
        target = self.record.facts.targets.get(dimension.id)
        gap = gap_between(scores, self.answered, compared)
        weights = self._weights(scores)
        maturity = _weighted_mean(scores, weights) if weights and len(weights) == len(COMPARED) else None
        row = DimensionResult(dimension, scores, gap, target, maturity, questions=tuple(questions))
        return self._against_the_line(row, weights or self._weights(scores, equal=True))

    def _against_the_line(self, row: DimensionResult, weights: Mapping[Group, float]) -> DimensionResult:
        """Say of an area whether it falls short of its line, by more than one standard error."""
        if not weights or row.dimension.family not in ("cause", "practice"):
            return row
        mean, error = _weighted_mean(row.scores, weights), self._error(row, weights)
        verdict: Verdict = "sound"
        # To one decimal, as it is printed: no page says that 3.0 falls short of 3.0.
        if rounded(mean, 1) < exact(row.line):
            near = error is not None and exact(row.line - mean) <= exact(error)
            verdict = "near the line" if near else "weak"
        return replace(row, verdict=verdict, error=error)

    def need(self, dimension: Dimension) -> NeedResult:
        """Score a need's importance and the satisfaction with it."""
        importance = self._scores(self._questions(dimension, "importance"))
        return NeedResult(dimension, importance, self._scores(self._questions(dimension, "satisfaction")))

    def criteria(self, areas: Sequence[DimensionResult]) -> tuple[CriterionResult, ...]:
        """Read the scores of the practices by the criterion of Luftman's maturity model their questions speak to."""
        rows = {row.dimension.id: row for row in areas}
        asked = [q for q in self.questionnaire.questions if q.criterion] if self.questionnaire else []
        results = []
        for criterion in CRITERIA:
            weights = Counter(q.dimension for q in asked if q.criterion == criterion)
            scores = {
                group: sum(n * rows[area].scores[group].mean for area, n in weights.items()) / weights.total()
                for group in self.answered
                if weights and all(group in rows[area].scores for area in weights)
            }
            if scores:
                results.append(CriterionResult(criterion, weights.total(), tuple(weights), scores))
        return tuple(results)

    def _questions(self, dimension: Dimension, aspect: str | None = None) -> list[str]:
        return [q.id for q in self.questionnaire.of(dimension.id, aspect)] if self.questionnaire else []

    def _scores(self, questions: list[str]) -> dict[Group, Score]:
        scored = ((group, answers.score(questions)) for group, answers in self.answered.items())
        return {group: score for group, score in scored if score is not None}

    def _comparable(self, questions: list[str]) -> tuple[dict[Group, Score], list[str]]:
        """Score every group; and return the questions on which business and IT are compared.

        Where only counts are known, as for a proxy, those are the questions that both sides answered, and both
        are scored on them alone; with fewer than half of the questions shared, each is scored on its own.
        """
        scores, shared = self._scores(questions), scored_on(self.answered, questions)
        if shared != questions:
            narrowed = {
                group: self.answered[group].part(shared, questions).score(shared) for group in COMPARED
            }
            scores |= {group: part for group, part in narrowed.items() if part is not None}
        return scores, shared

    def _weights(self, scores: Mapping[Group, Score], equal: bool = False) -> dict[Group, float]:
        """Return how much each side that is shown counts: alike, or by the people it speaks for; none if unknown."""
        shown = [group for group in COMPARED if group in scores]
        if equal or len(shown) < len(COMPARED) or self.record.facts.weights == "equal":
            return dict.fromkeys(shown, 1.0)
        people = {group: self.answered[group].result.answered for group in shown}
        return {group: float(many or 0) for group, many in people.items()} if all(people.values()) else {}

    def _error(self, row: DimensionResult, weights: Mapping[Group, float]) -> float | None:
        """Return the standard error of the sides' mean; None where a side's spread is not known or may not be told.

        A position is one voice on the record: it has no error of its own, and adds none. A verdict by a spread that
        is withheld would tell it, one target after another.
        """
        total = 0.0
        for group, weight in weights.items():
            side = row.scores[group]
            if side.computed is not None:
                return None
            if self.answered[group].result.is_position:
                continue
            if side.spread is None:
                return None
            total += weight**2 * side.spread**2 / side.n
        return math.sqrt(total) / sum(weights.values())

    def _adjust(self, dimension: Dimension, scores: dict[Group, Score]) -> dict[Group, Score]:
        """Put the consultant's scores in place of the computed ones; silent on groups that are not shown."""
        adjusted = dict(scores)
        for made in self.record.facts.adjustments:
            if made.kind != "score" or (made.round, made.subject) != (self.round.id, dimension.id):
                continue
            if made.group is None or made.value is None or made.group not in scores:
                continue
            before = scores[made.group]
            adjusted[made.group] = replace(
                before, mean=made.value, computed=before.mean, low=None, high=None, agreement=None
            )
            texts = score(before.mean), stated(made.value)
            self.adjusted.append(Adjusted("score", made.subject, made.group, *texts, made.reason))
        return adjusted


def _weighted_mean(scores: Mapping[Group, Score], weights: Mapping[Group, float]) -> float:
    return sum(weight * scores[group].mean for group, weight in weights.items()) / sum(weights.values())
