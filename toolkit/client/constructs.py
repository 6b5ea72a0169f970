"""The constructs of the method: what is asked about, in the order in which it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Family = Literal["cause", "practice", "symptom", "need"]
Group = Literal["business", "it", "provider"]
Mode = Literal["survey", "consensus", "named"]

GROUPS: tuple[Group, ...] = ("business", "it", "provider")
# The two sides whose difference is the finding; an outsourced provider stands beside them.
COMPARED: tuple[Group, Group] = ("business", "it")


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
