"""Where a goal's measure stands and leads, against arithmetic done by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.client.calendar import Quarter
from toolkit.client.schema import Goal, Kpi, Profile
from toolkit.plan.outlook import BANDS, Outlook, outlooks
from toolkit.plan.roadmap import Roadmap, Scheduled

AS_OF = date(2027, 1, 1)


def outlook(make: Any, work: tuple[tuple[str, int, str], ...] = (), slip: int = 0, **goal: Any) -> Outlook:
    """Return the outlook of on-time delivery: from 80 % at the start of 2026 to 100 % at the end of 2027, now 84 %.

    ``work`` is initiatives of the plan: an id, how it contributes, and the quarter it ends in.
    """
    kpi = {
        "id": "k", "name": "On time", "unit": "%", "baseline": 80, "baseline_date": "2026-01-01", "target": 100,
        "readings": [{"date": "2026-06-01", "value": 70}, {"date": "2027-01-01", "value": 84}, {"date": "2027-06-01", "value": 99}],
    }  # fmt: skip
    record = make.client(
        [make.initiative(id, goals={"g": level}) for id, level, _ in work],
        goals=(Goal.model_validate({"id": "g", "name": "Deliver", "kpi": "k", "due": "2027-12-31", **goal}),),
        kpis=(Kpi.model_validate(kpi),),
    )
    scheduled = tuple(
        Scheduled(id, Quarter(2027, 1), Quarter.parse(end), 0.0, 0.0, 1.0) for id, _, end in work
    )
    roadmap = Roadmap("optimised", Quarter(2027, 1), 8, scheduled=scheduled)
    (made,) = outlooks(record, roadmap, AS_OF, slip)
    return made


def test_without_a_plan_a_goal_is_held_against_its_path_and_no_work_is_said_to_be_missing(make: Any) -> None:
    """An open initiative serves the goal: without a plan its measure is behind, and where nothing can be said, that."""
    record = make.client(
        [make.initiative("a", goals={"g": 2})],
        goals=(Goal.model_validate({"id": "g", "name": "Deliver", "due": "2027-12-31"}),),
    )
    unplanned, planned = (Roadmap(kind, Quarter(2027, 1), 8) for kind in ("timeline", "optimised"))
    (told,) = outlooks(record, unplanned, AS_OF)
    assert (told.verdict, told.waiting) == ("not known", 1)
    (told,) = outlooks(record, planned, AS_OF)
    assert (told.verdict, told.waiting) == ("no initiative", 1)
    assert replace(outlook(make), planned=False).verdict == "behind"


def test_a_reading_is_held_against_the_straight_path_and_drawn_on_at_its_pace(make: Any) -> None:
    """After 365 of 729 days a fifth of the way is done; later readings are not looked at."""
    one = outlook(make)
    assert one.way == pytest.approx(0.2)
    assert one.path == pytest.approx(365 / 729)
    assert one.pace == pytest.approx(0.2 * 729 / 365)
    assert one.value(one.pace or 0) == pytest.approx(87.99, abs=0.01)
    assert (one.today, one.readings, one.behind, one.verdict) == (84, 2, True, "no initiative")


def test_pace_and_plan_are_never_added(make: Any) -> None:
    """With the plan is the better of the pace and today plus what ends in time; what ends late counts nothing."""
    one = outlook(make, (("a", 2, "2027-Q3"), ("b", 3, "2028-Q1")))
    assert (one.initiatives, one.late) == (1, 1)
    assert one.low == pytest.approx(max(0.2 + 0.1, 0.2 * 729 / 365))
    assert one.expected == pytest.approx(0.2 + 0.2)
    assert one.high == pytest.approx(0.2 + 0.3)
    assert one.verdict == "short"


def test_work_that_slips_past_the_goals_date_counts_nothing(make: Any) -> None:
    """Two quarters later, what ended in the third quarter ends after the year."""
    assert outlook(make, (("a", 3, "2027-Q3"),)).verdict == "short"
    assert outlook(make, (("a", 3, "2027-Q3"), ("b", 2, "2027-Q4"))).verdict == "reaches"
    late = outlook(make, (("a", 3, "2027-Q3"), ("b", 2, "2027-Q4")), slip=2)
    assert (late.initiatives, late.late, late.expected) == (0, 2, None)


def test_a_figure_of_an_initiatives_own_stands_in_place_of_its_band(make: Any) -> None:
    """Said to move the measure by 5 points of the 20 to go, it closes a quarter of the way, low, expected and high alike."""
    record = make.client(
        [make.initiative("a", goals={"g": 1}, effects={"g": 5})],
        goals=(Goal(id="g", name="Deliver", kpi="k", due=date(2027, 12, 31)),),
        kpis=(
            Kpi.model_validate(
                {"id": "k", "name": "K", "baseline": 80, "baseline_date": "2026-01-01", "target": 100,
                 "readings": [{"date": "2026-12-31", "value": 84}]}
            ),
        ),
    )  # fmt: skip
    work = Scheduled("a", Quarter(2027, 1), Quarter(2027, 2), 0.0, 0.0, 1.0)
    (one,) = outlooks(record, Roadmap("optimised", Quarter(2027, 1), 8, scheduled=(work,)), AS_OF)
    assert [one.low, one.expected, one.high] == [pytest.approx(0.45)] * 3


def test_a_goal_that_is_served_outside_it_is_not_said_to_lack_work(make: Any) -> None:
    """Who serves it is named in place of work that is missing."""
    assert outlook(make, served_by="Amara Okafor, HR Director").verdict == "outside IT"


@given(st.floats(-1, 1.5), st.floats(0.01, 0.99), st.lists(st.integers(1, 3), max_size=4), st.booleans())
def test_what_is_ahead_of_its_path_is_never_called_short(
    way: float, part: float, levels: list[int], outside: bool
) -> None:
    """Nothing is out of reach while its measure is ahead of its path; nor reached on its high end alone."""
    low, expected, high = (way + sum(BANDS[level][edge] for level in levels) for edge in range(3))
    goal = Goal(id="g", name="G", served_by="Ann" if outside else None)
    one = Outlook(
        goal, None, 0.0, 1.0, date(2028, 1, 1), way, AS_OF, way, part, way / part, low, expected, high, len(levels)
    )  # fmt: skip
    if way >= part:
        assert one.verdict != "short"
    if one.verdict == "reaches":
        assert expected >= 1
    assert low <= expected <= high


def test_each_band_holds_the_share_that_the_plan_takes() -> None:
    """Low, expected and high of each level are in order, and touch the next level's."""
    assert all(low < expected < high for low, expected, high in BANDS.values())
    assert BANDS[1][2] == BANDS[2][0]
    assert BANDS[2][2] == BANDS[3][0]
    assert BANDS[3][2] == 1


def test_fiscal_years_that_begin_in_april_end_work_later(make: Any) -> None:
    """The second quarter of FY2027 ends in September 2026 or 2027, as the year is named."""
    record = make.client(
        [make.initiative("a")],
        profile=Profile(name="C", fiscal_year_starts=4, fiscal_year_named_after="first"),
        goals=(Goal(id="g", name="G", due=date(2027, 9, 29)),),
    )
    work = Scheduled("a", Quarter(2027, 1), Quarter(2027, 2), 0.0, 0.0, 1.0)
    (one,) = outlooks(record, Roadmap("optimised", Quarter(2027, 1), 8, scheduled=(work,)), AS_OF)
    assert (one.initiatives, one.late) == (0, 1)
