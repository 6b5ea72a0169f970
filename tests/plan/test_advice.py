"""Recommendations taken into the roadmap."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from toolkit.assess import assess
from toolkit.client.store import load
from toolkit.errors import InputError
from toolkit.method import BY_ID
from toolkit.plan.advice import adopt

SAMPLES = Path(__file__).resolve().parents[2] / "client_data"
RISK = "rec-risk.warehouse-contract"


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    """A folder with a copy of Meridian."""
    shutil.copytree(
        SAMPLES / "meridian-manufacturing",
        tmp_path / "meridian-manufacturing",
        ignore=shutil.ignore_patterns("deliverables", "draft", "history", "issued.json", ".lock"),
    )
    return tmp_path


def test_a_recommendation_becomes_an_initiative_that_settles_its_risk(clients: Path) -> None:
    """Owners, cost and risk come along, duration stays missing, and the assessment then finds the risk answered."""
    (added,) = adopt(clients, "meridian-manufacturing", [RISK])
    record = load(clients, "meridian-manufacturing")
    assert record.initiatives[-1] == added
    assert (added.capex, added.duration, added.settles) == (35000, None, ("warehouse-contract",))
    assert (added.owner_business, added.owner_it) == (
        "Lena Fischer, Supply Chain Director",
        "Greg Kowalczyk, Applications Manager",
    )
    plain = [one for one in record.facts.recommendations if one.id != RISK]
    assert plain
    assert "deadline-unanswered.warehouse-contract" not in {one.id for one in assess(record).findings}


def test_nothing_is_written_when_one_is_unknown(clients: Path) -> None:
    """One good and one unknown recommendation: a fault with the nearest name, and the file as it was."""
    before = (clients / "meridian-manufacturing" / "initiatives.csv").read_bytes()
    with pytest.raises(InputError, match="rec-needs"):
        adopt(clients, "meridian-manufacturing", [RISK, "rec-need"])
    assert (clients / "meridian-manufacturing" / "initiatives.csv").read_bytes() == before


def test_only_what_carries_a_recommendation_keeps_it_from_being_adopted(clients: Path) -> None:
    """Work that builds the same practice does not carry it; the initiative adopted for it does, and is named."""
    (added,) = adopt(clients, "meridian-manufacturing", ["rec-roadmap"])
    assert added.id == "rec-roadmap"
    with pytest.raises(InputError, match="rec-roadmap, which carries rec-roadmap already"):
        adopt(clients, "meridian-manufacturing", ["rec-roadmap"])


def test_an_adopted_answer_to_a_risk_does_not_say_that_nothing_settles_it(clients: Path) -> None:
    """Its description is what happens without it; that no initiative settles the risk is no longer true."""
    (added,) = adopt(clients, "meridian-manufacturing", [RISK])
    assert added.description == "96,000 a year until 2030 for a system that logistics wants to leave."


@pytest.mark.parametrize("id", ["rec-roadmap", "rec-needs"])
def test_an_adopted_recommendation_takes_no_figure_of_the_survey_into_the_record(
    clients: Path, id: str
) -> None:
    """An open round's would stay there, and beside the closed round's give away what the late reply said."""
    (added,) = adopt(clients, "meridian-manufacturing", [id])
    assert not re.search(r"\d", f"{added.name} {added.description or ''}")


def test_an_adopted_recommendation_says_which_practice_it_is_for(clients: Path) -> None:
    """The action is its name; what the practice means is its description."""
    (added,) = adopt(clients, "meridian-manufacturing", ["rec-roadmap"])
    assert added.description == f"For {BY_ID['roadmap'].name}: {BY_ID['roadmap'].meaning}."


def test_the_consultants_own_reason_comes_along(clients: Path) -> None:
    """It was written for the record, and rests on no draft."""
    path = clients / "meridian-manufacturing" / "client.yaml"
    own = "  - {id: rec-own, round: 2026-q3, action: Name one owner, why: Nobody decides.}"
    path.write_text(path.read_text("utf-8").replace("recommendations:", f"recommendations:\n{own}"), "utf-8")
    (added,) = adopt(clients, "meridian-manufacturing", ["rec-own"])
    assert added.description == "Nobody decides."
