"""The constants of the method: as METHOD publishes them, each bound once and each used."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolkit import method

PACKAGE = Path(method.__file__).parent
# METHOD's own words, by section, and what the code must make of them.
PUBLISHED = [
    ("§1: business, IT, and where there is one the outsourced provider", method.GROUPS, ("business", "it", "provider")),
    ("§1: four causes, five practices, five symptoms, four needs",
     Counter(each.family for each in method.DIMENSIONS), {"cause": 4, "practice": 5, "symptom": 5, "need": 4}),
    ("§1: 1 ad hoc, 2 committed, 3 established, 4 managed, 5 optimised",
     method.LEVELS, ("ad hoc", "committed", "established", "managed", "optimised")),
    ("§1: leadership spreads 100 points", method.GOAL_POINTS, 100),
    ("§2: answer 1–5", list(method.SCALE), [1, 2, 3, 4, 5]),
    ("§2: if at least half were answered", method.ANSWERED_SHARE, 0.5),
    ("§2: four of nine areas", len(method.AREAS), 9),
    ("§3: Welch t, 95 %", method.CONFIDENCE, 0.95),
    ("§3: past 200,000 arrangements Monte Carlo", method.ARRANGEMENTS, 200_000),
    ("§3: clear = q ≤ .05, likely = q ≤ .20", (method.CLEAR, method.LIKELY), (0.05, 0.20)),
    ("§3: |gap| ≥ 0.5", method.NOTICEABLE, 0.5),
    ("§3: σ² = (A² − 1)/12 = 2 for five points", method.CHANCE_VARIANCE, 2.0),
    ("§4: 5 or more invited a survey, 2–4 consensus, 1 named", (method.SURVEY_FROM, method.CONSENSUS_FROM), (5, 2)),
    ("§4: when at least 5 answered, or lowered to 3, never below", (method.MINIMUM, method.LEAST_MINIMUM), (5, 3)),
    ("§4: verbatim comments from 10", method.QUOTED_FROM, 10),
    ("§6: default 12, up to 20 quarters", (method.QUARTERS, method.MOST_QUARTERS), (12, 20)),
    ("§6: 1 under 10 %, 2 10–30 %, 3 over 30 %", method.CONTRIBUTION_BANDS, (10, 30)),
    ("§6: taken at 5, 20 and 65 %", dict(method.CONTRIBUTIONS), {1: 0.05, 2: 0.20, 3: 0.65}),
    ("§6: one goal doubled or dropped at a time", method.GOAL_FACTORS, (2, 0)),
    ("§6: the weight of risks, none, half, double", method.RISK_FACTORS, (0, 0.5, 2)),
    ("§6: the other scale of contributions, 1 : 2 : 3",
     [3 * share for share in method.EVEN_CONTRIBUTIONS.values()], [1, 2, 3]),
    ("§6: value accrues eight quarters longer", method.LONGER, 8),
    ("§6: budget scenarios −30 % … +30 %", (min(method.BUDGET_STEPS), max(method.BUDGET_STEPS)), (-0.3, 0.3)),
    ("§6: payback and NPV each over five years", method.WORTH_QUARTERS, 5 * 4),
]  # fmt: skip


@pytest.mark.parametrize(("said", "constant", "published"), PUBLISHED, ids=[row[0] for row in PUBLISHED])
def test_a_constant_is_as_the_method_publishes_it(said: str, constant: object, published: object) -> None:
    """Whoever changes a constant changes the method, and says so there."""
    assert constant == published, said


def test_a_contribution_closes_a_share_within_its_band() -> None:
    """Level 1 is taken below 10 % of the distance, level 2 from there to 30 %, level 3 above."""
    low, high = (per_cent / 100 for per_cent in method.CONTRIBUTION_BANDS)
    assert method.CONTRIBUTIONS[1] < low <= method.CONTRIBUTIONS[2] <= high < method.CONTRIBUTIONS[3] <= 1


def bound(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a module gives to values of its own when it is loaded."""
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets if isinstance(node, ast.Assign | ast.AnnAssign) else ():
            yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))


def named_again(package: Path) -> list[str]:
    """Return each place that gives a value of its own to a name of the method."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(package.rglob("*.py"))}
    own = set(bound(trees[package / "method.py"]))
    return [
        f"{path.relative_to(package)} names its own {name}"
        for path, tree in trees.items()
        if path.name != "method.py"
        for name in bound(tree)
        if name in own
    ]


def test_no_other_module_has_a_constant_of_the_method_of_its_own() -> None:
    """What the method names is imported from there, never bound anew."""
    assert named_again(PACKAGE) == []


@pytest.mark.parametrize("source", ["CLEAR = 0.1\n", "CLEAR: float = 0.1\n", "A, CLEAR = 1, 2\n"])
def test_a_second_constant_of_that_name_is_reported(source: str, tmp_path: Path) -> None:
    """The check bites, whichever way a module binds the name."""
    (tmp_path / "method.py").write_text("CLEAR = 0.05\n", encoding="utf-8")
    (tmp_path / "pages.py").write_text(source, encoding="utf-8")
    assert len(named_again(tmp_path)) == 1


def test_every_constant_of_the_method_is_used() -> None:
    """A constant that no module reads is no rule of the toolkit, whatever it is set to."""
    own = set(bound(ast.parse((PACKAGE / "method.py").read_text(encoding="utf-8"))))
    read: Counter[str] = Counter()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        read.update(
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        )
    assert own - read.keys() == set()
