"""The solver's layer: exact, silent and the same every time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from toolkit.client.schema import Budget
from toolkit.plan import plan_roadmap
from toolkit.plan.milp import Rows, minimise, silence

PROJECT = Path(__file__).resolve().parents[2]


def test_a_limit_is_kept_to_the_cent() -> None:
    """What passes a budget of a million by ten cents, within HiGHS's tolerance, is not chosen."""
    rows = Rows(2)
    rows.add({0: 600_000.05, 1: 400_000.05}, -np.inf, 1_000_000.0)
    found = minimise(np.array([-3.0, -2.0]), rows)
    assert found.x is not None
    assert found.x.tolist() == [1.0, 0.0]


def test_a_limit_may_be_used_up() -> None:
    """A budget that is met exactly is not passed, whatever the rounding of the sums."""
    rows = Rows(3)
    rows.add({0: 0.1, 1: 0.2, 2: 0.3}, -np.inf, 0.6)
    found = minimise(-np.ones(3), rows)
    assert found.x is not None
    assert found.x.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("rows_of", [0, 1])
def test_no_choice_at_all_is_an_answer(rows_of: int) -> None:
    """Without columns there is one choice, unless a row asks for something."""
    rows = Rows(0)
    for _ in range(rows_of):
        rows.add({}, 1.0, 1.0)
    assert minimise(np.zeros(0), rows).infeasible == bool(rows_of)


def test_amounts_of_any_size_are_planned(make: Any) -> None:
    """Amounts from cents to a trillion, in one client, keep their limits."""
    work = [
        make.initiative("a", capex=1e12),
        make.initiative("b", capex=0.01),
        make.initiative("c", capex=999.5),
    ]
    budget = (Budget(year=2027, amount=1000), Budget(year=2028, amount=1e12))
    roadmap = plan_roadmap(make.client(work, budget=budget))
    assert {one.initiative for one in roadmap.scheduled} == {"a", "b", "c"}
    assert roadmap.years[0].capex <= 1000


SILENT = """
import os
from toolkit.plan.milp import silence
print("before")
with silence():
    os.write(1, b"from C")
    os.system("echo from a child")
print("after")
"""


def test_nothing_passes_while_silent_and_everything_after() -> None:
    """What is written to the descriptor, as HiGHS does, is dropped; what Python printed comes out in order."""
    done = subprocess.run(
        [sys.executable, "-c", SILENT], capture_output=True, text=True, cwd=PROJECT, check=True
    )
    assert done.stdout.split() == ["before", "after"]


def test_silence_is_lifted_after_a_fault() -> None:
    """The descriptor is back in place when the search raises."""
    before = os.fstat(1)
    with pytest.raises(ValueError, match="fault"), silence():
        raise ValueError("fault")
    assert os.path.samestat(before, os.fstat(1))


def test_silence_needs_no_open_output() -> None:
    """A process without standard output plans all the same."""
    code = "import os; os.close(1)\nfrom toolkit.plan.milp import silence\nwith silence(): pass"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0
