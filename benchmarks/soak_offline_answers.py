"""Thousands of damaged answer files: each is imported or refused in words, and a refusal changes nothing.

Run: python benchmarks/soak_offline_answers.py [FILES] [SEED]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from saved_answers import damaged, saved

from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.store import create, load, read_files
from toolkit.errors import InputError
from toolkit.intake import import_survey

START = b"profile: {name: A}\nrounds: [{id: r, as_of: 2027-03-31, questionnaire: pulse}]"
SLOWEST = 5.0  # seconds for one file


@dataclass(frozen=True)
class Soaked:
    """How many files were imported and refused, the seconds the slowest took, and what went wrong."""

    imported: int
    refused: int
    slowest: float
    wrong: tuple[str, ...]


def soak(folder: Path, files: int, seed: int) -> Soaked:
    """Import damaged files into a client made in ``folder``; after each, look at the record."""
    pulse = shipped_questionnaires()["pulse"]
    draw = random.Random(seed)
    create(folder, "acme", {"client.yaml": START})
    start = read_files(folder, "acme")
    imported = refused = 0
    slowest, wrong = 0.0, []
    for number in range(files):
        answers = {
            one.id: draw.choice([1, 2, 3, 4, 5, None]) for one in pulse.questions if draw.random() < 0.8
        }
        reply = saved("acme", "r", pulse, draw.choice(["business", "it"]), number, answers,
                      {pulse.questions[0].id: "Well, it depends."} if draw.random() < 0.3 else {})  # fmt: skip
        path = folder / f"answers-{number}.json"
        path.write_bytes(damaged(reply, draw))
        began = time.perf_counter()
        try:
            done = import_survey(folder, "acme", path)
            imported += 1
            scores = [one.score for one in load(folder, "acme").responses]
            if done.new and not set(scores) <= {1, 2, 3, 4, 5, None}:
                wrong.append(f"{path.name}: scores {scores}")
            (folder / "acme" / "responses.csv").unlink(missing_ok=True)
            (folder / "acme" / "client.yaml").write_bytes(START)
        except InputError as error:
            refused += 1
            if not all(one.where and one.found and one.allowed and one.remedy for one in error.faults):
                wrong.append(f"{path.name}: a fault without words: {error}")
        except Exception as error:  # what a consultant must never see is what this looks for
            wrong.append(f"{path.name}: {error!r}")
        slowest = max(slowest, time.perf_counter() - began)
        if read_files(folder, "acme") != start:
            wrong.append(f"{path.name}: the record changed")
        path.unlink()
    return Soaked(imported, refused, slowest, tuple(wrong))


def main() -> int:
    """Print the figures; 1 when something went wrong."""
    files, seed = (int(one) for one in [*sys.argv[1:], *("5000", "1")[len(sys.argv) - 1 :]])
    with tempfile.TemporaryDirectory() as folder:
        done = soak(Path(folder), files, seed)
    print(
        f"{files} files: {done.imported} imported, {done.refused} refused in words, slowest {done.slowest:.2f} s"
    )
    print(*done.wrong[:20], sep="\n")
    return 1 if done.wrong or done.slowest > SLOWEST or not (done.imported and done.refused) else 0


if __name__ == "__main__":
    sys.exit(main())
