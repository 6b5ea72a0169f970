"""A small slice of the simulation of coverage and false alarms."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def simulation(project: Path) -> ModuleType:
    """The simulation, loaded from the benchmarks."""
    spec = importlib.util.spec_from_file_location(
        "soak_statistics", project / "benchmarks" / "soak_statistics.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("limited", [False, True])
def test_intervals_cover_the_true_gap(simulation: ModuleType, limited: bool) -> None:
    """Of 1,500 organisations of five and eight, some 95 % of the intervals hold the true gap, invited known or not."""
    case = simulation.Case((5, 8), ("symmetric", "symmetric"), "94 to 96 %", limited, 1500)
    assert not simulation.missed(simulation.coverage(case), errors=2)


def test_no_gap_seldom_gives_a_clear_difference(simulation: ModuleType) -> None:
    """Of 500 organisations without any true gap, at most 5 % get a clear difference, by the toolkit's own words."""
    case = simulation.Case((5, 8), ("skewed", "skewed"), "at most 5 %", False, 500)
    assert not simulation.missed(simulation.false_alarms(case), errors=2)


def test_a_wrong_interval_would_be_told(simulation: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulation bites: with intervals of 80 % in place of 95 %, the aim is missed."""
    narrow = simulation.welch_interval
    monkeypatch.setattr(
        simulation, "welch_interval", lambda a, b, *invited: narrow(a, b, *(invited or (None, None)), 0.8)
    )
    case = simulation.Case((5, 8), ("symmetric", "symmetric"), "94 to 96 %", False, 1500)
    assert simulation.missed(simulation.coverage(case), errors=2)
