"""What leaves the assessment: frozen results that hold only what may be published."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from toolkit.assess.statements import (
    Adjusted,
    Decided,
    Finding,
    NotCompared,
    NotJudged,
    Promise,
    Recommendation,
)
from toolkit.method import COMPARED, WEAK_BELOW, Dimension, Group, Mode
from toolkit.words import possessive

Word = Literal["clear difference", "likely difference", "too close to call"]
Verdict = Literal["weak", "near the line", "sound"]


@dataclass(frozen=True)
class GroupResult:
    """Who answered, of one group, in one round.

    Attributes
    ----------
    label : str
        As it is called on a page: "Business", "IT", or the client's own label.
    invited, answered : int or None
        People; None is unknown. A consensus or named group answers once, as a position.
    shown : bool
        Whether this group's scores may be published.
    hidden_because : str
        A sentence for the page; empty when shown.
    note : str
        How the answers came about, where that must be said (an estimate, a proxy).
    """

    group: Group
    label: str
    mode: Mode
    invited: int | None
    answered: int | None
    shown: bool
    hidden_because: str = ""
    note: str = ""

    @property
    def response_rate(self) -> float | None:
        """Answered as a share (0–1) of invited, when both are known."""
        return None if not self.invited or self.answered is None else self.answered / self.invited

    @property
    def is_position(self) -> bool:
        """Whether the group speaks with one voice (consensus or named)."""
        return self.mode != "survey"

    @property
    def named(self) -> str:
        """Its label inside a sentence: "business", and any label of the client's own as it stands."""
        return "business" if self.label == "Business" else self.label

    @property
    def by(self) -> str:
        """Who scored, behind a score: "by business", "agreed by IT", "by the head of IT"."""
        if self.mode == "named":
            who = {"it": "the head of IT", "business": "the business lead"}.get(self.group, self.named)
            return f"by {who}"
        return f"agreed by {self.named}" if self.is_position else f"by {self.named}"

    @property
    def voice(self) -> str:
        """How its score is attributed: "IT", "the IT team's agreed position", "the head of IT’s view"."""
        if self.mode == "survey":
            return self.label
        if self.mode == "named":
            return {"it": "the head of IT’s view", "business": "the business lead’s view"}.get(
                self.group, f"{possessive(self.label)} view"
            )
        return {
            "it": "the IT team’s agreed position",
            "business": "the business leaders’ agreed position",
        }.get(self.group, f"{possessive(self.label)} agreed position")


@dataclass(frozen=True)
class Score:
    """A group's score on a dimension: 1–5.

    Attributes
    ----------
    mean : float
        Mean over respondents (survey), the position itself (consensus, named), or the mean over
        questions of the counts' means (aggregates).
    n : int
        Respondents behind it; 1 for a position.
    spread : float or None
        Standard deviation over respondents' scores, n − 1; None where individuals are not known.
    distribution : tuple of int
        Respondents whose dimension score rounds half up to 1, 2, 3, 4, 5; empty where individuals
        are not known or may not be counted apart.
    low, high : float or None
        95 % interval of the mean where it can be had.
    agreement : float or None
        r_WG(J) within the group, 0–1.
    computed : float or None
        The mean as computed, where the consultant adjusted it and ``mean`` is what was published instead.
    """

    mean: float
    n: int
    spread: float | None = None
    distribution: tuple[int, ...] = ()
    low: float | None = None
    high: float | None = None
    agreement: float | None = None
    computed: float | None = None


@dataclass(frozen=True)
class Difference:
    """A difference of two scores on one dimension, in points of the 1–5 scale.

    Between business and IT it is the perception gap (business minus IT), between rounds a movement.

    ``low``/``high`` is the Welch 95 % interval, ``p`` the larger of the permutation test's and Welch's, ``q`` after
    Benjamini–Hochberg over dimensions, ``least`` the smallest p that as many people can reach, ``delta`` Cliff's.
    Each is None where it cannot be had, and ``because`` says why; ``word`` is None where there is no p.
    """

    value: float
    low: float | None = None
    high: float | None = None
    p: float | None = None
    q: float | None = None
    least: float | None = None
    delta: float | None = None
    word: Word | None = None
    because: str = ""


@dataclass(frozen=True)
class DimensionResult:
    """One area or symptom: what each shown group scored it, against the target.

    ``maturity`` is the mean of business and IT, each counting half, or each by its people where the record
    says so; None unless both are shown.
    ``verdict`` compares that mean, or the one side that is shown, with the line: the target, or 3 where none is
    set. Below it is weak, by no more than one standard error (``error``) near the line; None for symptoms and where
    neither side is shown. The provider is part of neither.
    ``error`` is the standard error of what is compared; a position has none and adds nothing, and where a side's
    spread is not known, or its score was adjusted, it is None.
    """

    dimension: Dimension
    scores: dict[Group, Score] = field(default_factory=dict)
    gap: Difference | None = None
    target: float | None = None
    maturity: float | None = None
    verdict: Verdict | None = None
    error: float | None = None
    questions: tuple[str, ...] = ()

    @property
    def level(self) -> int | None:
        """Maturity level: the floor of ``maturity`` (2.9 is level 2)."""
        return None if self.maturity is None else int(self.maturity)

    @property
    def line(self) -> float:
        """What the area should reach: its target, or level 3 where none is set."""
        return WEAK_BELOW if self.target is None else self.target

    @property
    def measured_gap(self) -> Difference | None:
        """The gap, where both scores are as they were answered; what counts differences counts these alone."""
        sides = [self.scores[group] for group in COMPARED if group in self.scores]
        return None if any(score.computed is not None for score in sides) else self.gap


@dataclass(frozen=True)
class NeedResult:
    """One need: importance and satisfaction per group; the need gap is the business's own."""

    dimension: Dimension
    importance: dict[Group, Score] = field(default_factory=dict)
    satisfaction: dict[Group, Score] = field(default_factory=dict)

    @property
    def gap(self) -> float | None:
        """Importance minus satisfaction as the business scored them; None when either is missing."""
        if "business" not in self.importance or "business" not in self.satisfaction:
            return None
        return self.importance["business"].mean - self.satisfaction["business"].mean


@dataclass(frozen=True)
class CriterionResult:
    """The practices read by one criterion of Luftman's model.

    ``scores`` holds, for each group, the mean of the areas whose questions speak to the criterion, weighted by how
    many do: a function of what is published anyway. Scoring the questions themselves would count the same answers
    in a second way, and with blanks that can single a person out.
    """

    criterion: str
    questions: int
    areas: tuple[str, ...]
    scores: dict[Group, float] = field(default_factory=dict)


@dataclass(frozen=True)
class GoalTrace:
    """A goal with the initiatives that serve it (ids, strongest contribution first)."""

    goal: str
    name: str
    weight: float | None
    owner: str | None
    initiatives: tuple[str, ...]
    kpi: str | None


@dataclass(frozen=True)
class Quoted:
    """A respondent's comment, word for word, attributed to the group alone."""

    dimension: str
    group: Group
    text: str


@dataclass(frozen=True)
class Movement:
    """How an area moved since an earlier round, on the questions both rounds asked.

    ``shared`` are the ids of those questions. ``change`` is now minus before; its word says whether that is more than the noise of who happened to answer.
    """

    dimension: Dimension
    group: Group
    before: float
    now: float
    shared: tuple[str, ...]
    change: Difference

    @property
    def questions(self) -> int:
        """How many questions both rounds asked."""
        return len(self.shared)


@dataclass(frozen=True)
class Assessment:
    """All that the assessment says about one client in one round; nothing here needs hiding.

    ``open_for_answers`` says that a surveyed group may still answer, so that a later issue could differ from
    this one by a single person's answers.
    """

    slug: str
    client: str
    synthetic: bool
    round: str
    as_of: date
    questionnaire: str
    proxy: str
    groups: tuple[GroupResult, ...]
    areas: tuple[DimensionResult, ...]
    symptoms: tuple[DimensionResult, ...]
    needs: tuple[NeedResult, ...]
    goals: tuple[GoalTrace, ...]
    initiatives_without_goal: tuple[str, ...]
    criteria: tuple[CriterionResult, ...]
    findings: tuple[Finding, ...]
    not_judged: tuple[NotJudged, ...]
    previous_round: str = ""
    previous_as_of: date | None = None
    movements: tuple[Movement, ...] = ()
    not_compared: tuple[NotCompared, ...] = ()
    promises: tuple[Promise, ...] = ()
    decided: tuple[Decided, ...] = ()
    priority_agreement: float | None = None
    recommendations: tuple[Recommendation, ...] = ()
    adjustments: tuple[Adjusted, ...] = ()
    quotes: tuple[Quoted, ...] = ()
    open_for_answers: bool = False

    def group(self, group: Group) -> GroupResult | None:
        """Return one group's result, or None when it took no part."""
        return next((result for result in self.groups if result.group == group), None)

    @property
    def scored(self) -> tuple[DimensionResult, ...]:
        """The areas that at least one group scored and may show."""
        return tuple(area for area in self.areas if area.scores)

    @property
    def weak(self) -> tuple[DimensionResult, ...]:
        """The areas below their target, or below level 3 where no target is set, by more than one standard error."""
        return tuple(area for area in self.areas if area.verdict == "weak")

    @property
    def near_the_line(self) -> tuple[DimensionResult, ...]:
        """The areas below their target, or level 3, by no more than one standard error."""
        return tuple(area for area in self.areas if area.verdict == "near the line")
