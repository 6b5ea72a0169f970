"""Write ``responses.csv`` of the three synthetic samples: the same bytes on every run.

The samples' other files are written by hand. Run as ``python benchmarks/make_samples.py [CLIENTS]``.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.record_csv import write_rows
from toolkit.client.schema import Response
from toolkit.method import AREAS, GROUPS, NEEDS, SYMPTOMS, Group

SEED = 20260930
PERSON, AREA, ANSWER = 0.25, 0.45, 0.55  # standard deviations: of a person, of an area, of one answer
DONT_KNOW = 0.03
NORMAL = NormalDist()


@dataclass(frozen=True)
class Sample:
    """One surveyed group of one round at Meridian.

    Attributes
    ----------
    levels : mapping
        The level, 1–5, around which a dimension is answered; ``growth-importance`` and the like for needs.
    split : tuple of str
        Dimensions on which half of the group answers 1.4 lower, and the other half 1.4 higher.
    """

    round: str
    group: Group
    answered: int
    levels: Mapping[str, float]
    split: tuple[str, ...] = ()


def _levels(areas: str, symptoms: str, needs: str) -> dict[str, float]:
    """Name levels given in the method's order; needs as importance/satisfaction."""
    names = [dimension.id for dimension in (*AREAS, *SYMPTOMS)]
    levels = {name: float(level) for name, level in zip(names, f"{areas} {symptoms}".split(), strict=True)}
    for need, pair in zip(NEEDS, needs.split(), strict=True):
        importance, satisfaction = pair.split("/")
        levels |= {
            f"{need.id}-importance": float(importance),
            f"{need.id}-satisfaction": float(satisfaction),
        }
    return levels


MERIDIAN = (
    Sample(
        "2025-q3",
        "business",
        27,
        _levels(
            "1.9 2.6 2.4 3.2 1.9 2.6 3.3 3.1 1.7", "3.8 2.5 3.4 3.0 3.2", "4.1/2.5 4.5/2.0 4.3/2.3 3.5/3.2"
        ),
        ("partnership",),
    ),
    Sample(
        "2025-q3",
        "it",
        10,
        _levels(
            "3.3 2.9 2.4 1.9 2.0 3.0 2.9 2.4 3.3", "3.1 4.0 3.5 3.3 4.0", "3.7/3.0 4.2/2.7 3.9/2.9 4.6/2.7"
        ),
    ),
    Sample(
        "2026-q3",
        "business",
        30,
        _levels(
            "2.2 2.6 2.5 3.2 2.1 3.1 3.3 3.3 1.9", "4.0 2.7 3.0 3.1 3.3", "4.2/2.5 4.6/2.1 4.4/2.3 3.6/3.2"
        ),
        ("partnership",),
    ),
    Sample(
        "2026-q3",
        "it",
        12,
        _levels(
            "3.3 2.9 2.5 1.8 2.2 3.4 3.0 2.4 3.3", "3.0 4.1 3.1 3.3 4.0", "3.8/3.0 4.3/2.7 4.0/2.9 4.6/2.9"
        ),
    ),
)

# Each comment goes to the lowest or highest answer of its group to its question.
COMMENTS: Mapping[str, tuple[tuple[Group, str, str, str], ...]] = {
    "2025-q3": (
        ("business", "communication-1", "lowest", "We talk about dates, never about what the work is for."),
        ("business", "roadmap-1", "lowest", "I have never seen a list of what IT is working on."),
        ("business", "delayed-projects-1", "highest", "The new order screens came nine months late."),
        ("it", "resources-2", "lowest", "Two of us cover every night and weekend."),
        ("it", "shadow-it-1", "highest", "We find out about a new tool when it breaks."),
        ("it", "priorities-1", "lowest", "Whoever calls the loudest comes first."),
    ),
    "2026-q3": (
        ("business", "communication-1", "lowest", "The monthly meeting helps, but it ends before my topics come up."),
        ("business", "communication-3", "lowest", "“Not possible” is the answer I get, without the reason."),
        ("business", "communication-4", "highest", "Since January we meet every month. Keep it."),
        ("business", "priorities-1", "lowest", "Our list and theirs have three projects in common."),
        ("business", "understanding-1", "lowest", "Nobody has ever told me what a change costs."),
        ("business", "partnership-1", "highest", "For service topics IT is in the room from day one."),
        ("business", "partnership-1", "lowest", "The plant decides, and IT hears of it later."),
        ("business", "roadmap-1", "lowest", "There are four lists of projects, and they disagree."),
        ("business", "delayed-projects-2", "highest", "We turned down a contract because scheduling could not show capacity."),
        ("business", "operations-satisfaction", "lowest", "I type every order three times."),
        ("business", "decisions-satisfaction", "lowest", "Sales and production report different numbers for the same week."),
        ("it", "understanding-3", "lowest", "The machine vendor had been chosen before we were asked about the network."),
        ("it", "resources-1", "lowest", "Tickets take the whole week; projects happen in the evening."),
        ("it", "resources-4", "lowest", "Every project waits for the same two analysts."),
        ("it", "roadmap-1", "highest", "Our roadmap is up to date. I am not sure anyone outside IT reads it."),
        ("it", "shadow-it-2", "highest", "Customer drawings lie in private cloud folders."),
        ("it", "morale-2", "highest", "Three weekends in a row this summer."),
    ),
}  # fmt: skip

# Harbour and Lakeside answer as written here: one character for each respondent, a point for "don't know".
HARBOUR: tuple[tuple[str, str, str, str], ...] = (
    # question, executives, the IT team's position, the provider's view
    ("communication-1", "222132213224", "4", "3"),
    ("priorities-1", "333343432334", "3", "."),
    ("understanding-1", "344333424343", "2", "2"),
    ("resources-1", "222323122232", "1", "2"),
    ("shared-goals-1", "222122312221", "2", "1"),
    ("open-communication-1", "333234334423", "3", "1"),
    ("partnership-1", "343234323433", "2", "."),
    ("investment-1", "233322323.32", "2", "."),
    ("roadmap-1", "122112121322", "3", "2"),
    ("delayed-projects-1", "444344354434", "3", "3"),
    ("shadow-it-1", "222323221232", "4", "4"),
    ("blame-1", "233223232333", "3", "4"),
    ("wasted-budget-1", "33.323433.33", "3", "."),
    ("morale-1", "333443334343", "4", "."),
    ("growth-importance", "555454555445", "4", ""),
    ("growth-satisfaction", "222323232322", "3", ""),
    ("operations-importance", "444545444545", "5", ""),
    ("operations-satisfaction", "222232123222", "2", ""),
    ("decisions-importance", "444434544344", "4", ""),
    ("decisions-satisfaction", "333233243332", "3", ""),
    ("experience-importance", "555545555455", "5", ""),
    ("experience-satisfaction", "333434334343", "4", ""),
)
LAKESIDE: tuple[tuple[str, str, str, str], ...] = (
    ("communication-1", "2323", "3", ""),
    ("priorities-1", "3233", "3", ""),
    ("understanding-1", "334.", "2", ""),
    ("resources-1", "2212", "1", ""),
    ("delayed-projects-1", "3443", "4", ""),
    ("morale-1", "4344", "4", ""),
)
WRITTEN_COMMENTS: Mapping[tuple[str, str, str], str] = {
    ("harbour-credit-union", "business-04", "communication-1"): "I hear of outages from members.",
    ("harbour-credit-union", "business-08", "roadmap-1"): "The list I saw had neither dates nor reasons.",
    ("harbour-credit-union", "business-12", "communication-1"): "My questions are answered the same day.",
    ("harbour-credit-union", "position", "resources-1"): "The audits alone take a third of our year.",
    ("lakeside-clinic", "business-3", "resources-1"): "One person cannot do all of this.",
}


def meridian() -> Iterator[Response]:
    """Draw Meridian's answers: a person's own tendency, one for each dimension, and chance."""
    # Only random() is used: Python promises the same numbers for a seed in every later version.
    generator = random.Random(SEED)
    for sample in MERIDIAN:
        rows = list(_answers(sample, generator))
        comments = _placed(COMMENTS[sample.round], rows)
        for row in rows:
            comment = comments.get((row.respondent, row.question))
            yield row.model_copy(update={"comment": comment})


def _answers(sample: Sample, generator: random.Random) -> Iterator[Response]:
    def chance(deviation: float) -> float:
        return deviation * NORMAL.inv_cdf(min(max(generator.random(), 1e-9), 1 - 1e-9))

    for number in range(1, sample.answered + 1):
        code = f"{sample.round[:4]}-{sample.group}-{number:02d}"
        person = chance(PERSON)
        side = 1.4 if number % 2 else -1.4
        areas: dict[str, float] = {}
        for question in shipped_questionnaires()["full"].questions:
            name = question.id if question.aspect else question.dimension
            if name not in areas:
                areas[name] = person + chance(AREA) + (side if name in sample.split else 0)
            answer = min(max(round(sample.levels[name] + areas[name] + chance(ANSWER)), 1), 5)
            score = None if generator.random() < DONT_KNOW else answer
            yield Response(
                round=sample.round, respondent=code, group=sample.group, question=question.id, score=score
            )


def _placed(
    comments: tuple[tuple[Group, str, str, str], ...], rows: list[Response]
) -> dict[tuple[str, str], str]:
    """Give each comment to the respondent whose answer it fits, the first of equals."""
    placed = {}
    for group, question, which, text in comments:
        answered = [row for row in rows if row.group == group and row.question == question and row.score]
        if answered:
            sign = 1 if which == "lowest" else -1
            chosen = min(answered, key=lambda row: (sign * (row.score or 0), row.respondent))
            placed[chosen.respondent, question] = text
    return placed


def written(slug: str, round_id: str, table: tuple[tuple[str, str, str, str], ...]) -> Iterator[Response]:
    """Read a table of answers: the business's respondents one by one, then each single voice."""
    for column, group in enumerate(GROUPS, start=1):
        people = len(table[0][column])
        width = len(str(people))
        for number in range(people):
            code = {"business": f"business-{number + 1:0{width}d}", "it": "position", "provider": "view"}[
                group
            ]
            for row in table:
                if row[column]:
                    cell = row[column][number]
                    yield Response(
                        round=round_id,
                        respondent=code,
                        group=group,
                        question=row[0],
                        score=None if cell == "." else int(cell),
                        comment=WRITTEN_COMMENTS.get((slug, code, row[0])),
                    )


def responses() -> dict[str, bytes]:
    """Return each sample's ``responses.csv``, by slug."""
    return {
        "meridian-manufacturing": write_rows(Response, meridian()),
        "harbour-credit-union": write_rows(Response, written("harbour-credit-union", "2026-q4", HARBOUR)),
        "lakeside-clinic": write_rows(Response, written("lakeside-clinic", "2026-q3", LAKESIDE)),
    }


def main(arguments: list[str]) -> None:
    """Write the files under the clients' folder given, else the one beside this script's folder."""
    clients = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[1] / "client_data"
    for slug, data in responses().items():
        (clients / slug).mkdir(parents=True, exist_ok=True)
        (clients / slug / "responses.csv").write_bytes(data)


if __name__ == "__main__":
    main(sys.argv[1:])
