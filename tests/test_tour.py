"""The README's tour, run as it stands, in an empty folder."""

from __future__ import annotations

from pathlib import Path

from tour import steps


def test_every_command_of_the_tour_works(toured: tuple[Path, str]) -> None:
    """From an empty folder to a presented deck: each command succeeds, and the files named are there."""
    folder, printed = toured
    made = folder / "client_data" / "northwind" / "deliverables" / "2026-09"
    assert {"assessment.html", "roadmap.html", "findings.json", "roadmap.csv"} <= {
        one.name for one in made.iterdir()
    }
    assert (folder / "client_data" / "client_book.html").is_file()
    deck = (made / "roadmap.html").read_text(encoding="utf-8")
    assert "Order portal for customers" in deck
    assert "northwind: no fault" in printed


def test_the_tour_is_a_tour() -> None:
    """The README holds at least eight commands and two files, so that the test above is not idle."""
    kinds = [kind for kind, _, text in steps() for _ in (text.splitlines() if kind == "tour" else [0])]
    assert kinds.count("tour") >= 8
    assert len(kinds) - kinds.count("tour") >= 2
