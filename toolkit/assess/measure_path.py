"""Measures against their path: a straight line from a measure's baseline to its target."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from toolkit.client.schema import Kpi, Reading
from toolkit.words import beside

PathVerdict = Literal[
    "at its target", "on its path", "behind its path", "met", "not met", "no path", "no reading"
]


@dataclass(frozen=True)
class MeasurePath:
    """Where a measure stands.

    Attributes
    ----------
    latest : Reading or None
        The last reading by the day asked about.
    before : Reading or None
        The last one by an earlier day, where it is another.
    path : float or None
        Where the straight line would be on the day of the latest reading, in the measure's unit.
    """

    kpi: Kpi
    latest: Reading | None = None
    before: Reading | None = None
    path: float | None = None

    @property
    def stands(self) -> PathVerdict:
        """How it stands, in words; as reported where it has no reading."""
        if self.latest is None:
            return self.kpi.reported or "no reading"
        if self.path is None or self.kpi.target is None:
            return "no path"
        if _beyond(self.kpi, self.latest.value, self.kpi.target):
            return "at its target"
        return "on its path" if _beyond(self.kpi, self.latest.value, self.path) else "behind its path"


def measure_path(kpi: Kpi, as_of: date, earlier: date | None = None) -> MeasurePath:
    """Return where a measure stands on a day, and its reading by an earlier one."""
    latest = _last(kpi, as_of)
    before = _last(kpi, earlier) if earlier else None
    path = straight_path(kpi, latest) if latest else None
    return MeasurePath(kpi, latest, before if before != latest else None, path)


def straight_path(kpi: Kpi, reading: Reading) -> float | None:
    """Return where the line from baseline to target would be on a reading's day; None where it is not known.

    It is rounded to the decimals that the figures beside it have, and stays at the target after its date.
    """
    if kpi.baseline is None or kpi.baseline_date is None or kpi.target is None or kpi.target_date is None:
        return None
    if reading.date < kpi.baseline_date or kpi.target_date <= kpi.baseline_date or kpi.target == kpi.baseline:
        return None
    elapsed = min((reading.date - kpi.baseline_date).days / (kpi.target_date - kpi.baseline_date).days, 1.0)
    path = kpi.baseline + (kpi.target - kpi.baseline) * elapsed
    return beside(path, kpi.baseline, kpi.target, reading.value)


def _last(kpi: Kpi, day: date) -> Reading | None:
    return max((one for one in kpi.readings if one.date <= day), key=lambda one: one.date, default=None)


def _beyond(kpi: Kpi, value: float, line: float) -> bool:
    """Whether a value is as good as a line, by the way from baseline to target."""
    higher = (kpi.target or 0.0) > (kpi.baseline or 0.0)
    return value >= line if higher else value <= line
