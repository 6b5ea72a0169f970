"""The constants of the method, each once, by METHOD's sections; METHOD.md says why each is what it is.

Where METHOD leaves a number open, the rule's own threshold stands in the section of its rule and is marked "ours".
Limits on files, searches and pages are no part of the method: they stand where they bind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Literal, get_args

# --- §1 Constructs -----------------------------------------------------------------------------------------------------

Family = Literal["cause", "practice", "symptom", "need"]
Group = Literal["business", "it", "provider"]
Mode = Literal["survey", "consensus", "named"]
Criterion = Literal[
    "communications", "value measurement", "governance", "partnership", "scope and architecture", "skills"
]

GROUPS: tuple[Group, ...] = get_args(Group)
GROUP_NAMES: Mapping[Group, str] = MappingProxyType(
    {"business": "Business", "it": "IT", "provider": "Provider"}
)
# The two sides whose difference is the finding; an outsourced provider stands beside them.
COMPARED: tuple[Group, Group] = ("business", "it")
# The criteria of Luftman's maturity model that a practice's questions speak to.
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)


@dataclass(frozen=True)
class Dimension:
    """One construct.

    Attributes
    ----------
    id : str
        Its name in files.
    name : str
        Its name on a page, in sentence case.
    family : str
        ``cause`` and ``practice`` are the nine areas, scored so that 5 is healthy; ``symptom`` is
        scored by how often (5 is constantly, so 5 is bad); ``need`` is asked twice, as importance
        and as satisfaction.
    meaning : str
        What it covers, as a clause that can follow its name.
    """

    id: str
    name: str
    family: Family
    meaning: str


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension(
        "communication",
        "Communication",
        "cause",
        "the reasons behind requests, technical limits in business terms, a steady dialogue",
    ),
    Dimension(
        "priorities",
        "Priorities",
        "cause",
        "market, revenue and customers weighed together with uptime, security and tickets",
    ),
    Dimension(
        "understanding",
        "Mutual understanding",
        "cause",
        "what technology takes, and how urgent the market is",
    ),
    Dimension("resources", "Resources", "cause", "hours, budget and room for strategic work"),
    Dimension(
        "shared-goals",
        "Shared goals and KPIs",
        "practice",
        "goals and measures that business and IT own together",
    ),
    Dimension(
        "open-communication",
        "Open communication",
        "practice",
        "regular meetings of both leaderships, with IT in planning sessions",
    ),
    Dimension(
        "partnership", "Strategic partnership", "practice", "IT knows the strategy and has a voice in it"
    ),
    Dimension(
        "investment", "Investment", "practice", "maintenance, innovation and strategic projects each funded"
    ),
    Dimension(
        "roadmap",
        "Co-owned roadmap",
        "practice",
        "clear, owned together, each initiative tied to the strategy",
    ),
    Dimension("delayed-projects", "Delayed projects", "symptom", "projects that finish late"),
    Dimension("shadow-it", "Shadow IT", "symptom", "tools bought and run without IT"),
    Dimension("blame", "Blame", "symptom", "business and IT blaming each other"),
    Dimension("wasted-budget", "Wasted budget", "symptom", "money spent on tools that are not used"),
    Dimension("morale", "Productivity and morale", "symptom", "people slowed down and worn out"),
    Dimension("growth", "Growth and scalability", "need", "technology that lets the business grow"),
    Dimension("operations", "Streamlined operations", "need", "automation and integration"),
    Dimension("decisions", "Better decisions", "need", "data that can be seen and trusted"),
    Dimension("experience", "Secure, frictionless experience", "need", "for employees and customers"),
)

BY_ID: dict[str, Dimension] = {dimension.id: dimension for dimension in DIMENSIONS}
AREAS: tuple[Dimension, ...] = tuple(d for d in DIMENSIONS if d.family in ("cause", "practice"))
SYMPTOMS: tuple[Dimension, ...] = tuple(d for d in DIMENSIONS if d.family == "symptom")
NEEDS: tuple[Dimension, ...] = tuple(d for d in DIMENSIONS if d.family == "need")

# The names of the maturity levels 1 to 5.
LEVELS = ("ad hoc", "committed", "established", "managed", "optimised")
# The points that leadership spreads over its goals, and by how much their sum may miss that (ours: thirds are rounded).
GOAL_POINTS = 100
GOAL_POINTS_TOLERANCE = 0.5
# What the id of a computed recommendation begins with; an initiative with such an id carries it.
RECOMMENDATION = "rec-"

# --- §2 Scores ---------------------------------------------------------------------------------------------------------

# Every answer, score, level and target is on this scale, in points.
LOWEST, HIGHEST = 1, 5
SCALE = range(LOWEST, HIGHEST + 1)
# The share of a dimension's questions that must be answered for a score on it.
ANSWERED_SHARE = 0.5
# An area without a target is weak below this level, "established".
WEAK_BELOW = 3.0
# The fewest goals of which the orders of two groups are compared (ours: two goals have but two orders).
FEWEST_RANKED = 3

# --- §3 Statistics for few people --------------------------------------------------------------------------------------

# The confidence of every interval.
CONFIDENCE = 0.95
# The permutation test counts every arrangement up to so many; past them it draws so many, with this seed.
ARRANGEMENTS = 200_000
RESAMPLES = 20_000
RESAMPLE_SEED = 20260101
# Past so many people it is Welch's test, to which it converges (ours).
MOST_PERMUTED = 400
# A word's upper bound for q: the share of organisations without a true difference that may get it, at most.
CLEAR = 0.05
LIKELY = 0.20
# A gap, a movement or a need's shortfall of less than this many points is no difference to act on.
NOTICEABLE = 0.5
# σ² of r_WG: the variance of answers that fall on every point of the scale alike, (A² − 1) / 12.
CHANCE_VARIANCE = (len(SCALE) ** 2 - 1) / 12

# --- §4 Confidentiality ------------------------------------------------------------------------------------------------

# How a group answers by how many are invited: one is named, from two on they agree on a position, from five on a survey.
CONSENSUS_FROM = 2
SURVEY_FROM = 5
# Answers from which on a surveyed group is shown, unless its client says otherwise; and the least it may say.
MINIMUM = 5
LEAST_MINIMUM = 3
# Answers from which on a group's comments may be quoted, and its spread told where someone left a question blank.
QUOTED_FROM = 10

# --- §5 Findings -------------------------------------------------------------------------------------------------------

# The practice that answers each cause: the method's reasoning, not a measurement.
PRACTICE_FOR: dict[str, str] = {
    "communication": "open-communication",
    "priorities": "shared-goals",
    "understanding": "partnership",
    "resources": "investment",
}
# What each practice asks of leadership first; from the article the constructs come from, in our words.
PRACTICE_ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "shared-goals": "Agree on a few shared goals, each with a measure that both leaderships own",
        "open-communication": "Hold a monthly meeting of both leaderships, with IT in planning sessions",
        "partnership": "Give IT a voice where strategy and budgets are decided",
        "investment": "Fund maintenance, innovation and strategic projects apart",
        "roadmap": "Keep a single roadmap, owned together and reviewed every quarter",
    }
)
# A surveyed group disagrees with itself below this r_WG(J) (ours).
AGREES_BELOW = 0.3
# A symptom is frequent from this score on, and a need important (ours).
OFTEN = 3.5
IMPORTANT = 4.0
# The share of a group that is called most of it (ours).
MOST_OF_A_GROUP = 2 / 3
# The two sides rank the goals differently below this τ-b (ours).
RANKS_DIFFER_BELOW = 0.34
# A deadline is near within so many days (ours).
SOON_DAYS = 365
# How severe a risk counts, 0 to 1, where that is not known; and how much more it weighs when it falls due within them (ours).
UNKNOWN_SEVERITY = 0.3
SOON_WEIGHS = 0.36
# The share of spending from which on running what is there leaves nothing for strategy (ours).
RUN_LEAVES_NOTHING = 0.8
# How often its first known size the budget of initiatives has grown beyond before it is told (ours).
GROWN = 1.05
# Recommendations of one assessment; and how long after it the first steps are due where nothing else is said.
FEWEST_RECOMMENDATIONS, MOST_RECOMMENDATIONS = 5, 7
FIRST_STEPS = timedelta(days=90)

# --- §6 The roadmap ----------------------------------------------------------------------------------------------------

# Quarters that a roadmap spans, unless its client says otherwise; and the most it may say.
QUARTERS = 12
MOST_QUARTERS = 20
# The share of a plan's value that settling risks is worth, unless its client says otherwise (ours).
RISK_WEIGHT = 0.2
# In per cent of a goal's distance: a contribution of level 1 closes less than the first, of level 3 more than the second.
CONTRIBUTION_BANDS = (10, 30)
# The share of a goal's distance that a contribution of level 1, 2 or 3 closes, taken within the level's band.
CONTRIBUTIONS: Mapping[int, float] = MappingProxyType({1: 0.05, 2: 0.20, 3: 0.65})
# The other scale of contributions, 1 : 2 : 3; level 3 closes the whole distance.
EVEN_CONTRIBUTIONS: Mapping[int, float] = MappingProxyType({level: level / 3 for level in CONTRIBUTIONS})
# How value is counted, 2: contributions of 5, 20 and 65 %, each risk once, and both only in time; 1: before that.
VALUE_METHOD = 2
# A relative gap (0–1) up to which a plan counts as proven: what the search cannot tell from none.
PROVEN = 2e-6
# What the amount that would admit a deferred initiative is looked for among: shares of the largest yearly budget, and
# full-time equivalents of a role (ours).
RAISED_BUDGETS = (0.05, 0.1, 0.2, 0.3, 0.5)
RAISED_FTE = (0.5, 1.0, 2.0)
# Robustness: a goal's points once doubled and once dropped; seeded draws in which each goal's points are multiplied by
# 1 ± so much (ours); the risks' weight times none, half and double; value that accrues so many quarters longer.
GOAL_FACTORS = (2.0, 0.0)
WEIGHTINGS, WEIGHTING_SPREAD, WEIGHTING_SEED = 8, 0.5, 100
RISK_FACTORS = (0.0, 0.5, 2.0)
LONGER = 8
# By which shares every budget is changed in a scenario.
BUDGET_STEPS = (-0.3, -0.2, -0.1, 0.1, 0.2, 0.3)
# Quarters after its own completion over which payback and net present value of work are counted: five years.
WORTH_QUARTERS = 20

# The assessment's sections by their key, in order; the first is its first page.
REPORT_PAGES: Mapping[str, str] = MappingProxyType({
    "answer": "Summary", "areas": "The nine areas", "needs": "What the business needs", "symptoms": "Symptoms and their cost",
    "causes": "Likely causes", "goals": "Goals", "deadlines": "Risks and deadlines", "spend": "Spending",
    "recommendations": "What to do", "since": "Since last time", "appendix": "How this was made",
})  # fmt: skip
