"""What leadership answered in a round stands on that round's pages, with what the plan made of it."""

from __future__ import annotations

from pathlib import Path

from sent_sheets import SLUG, client, saved, sheet

from toolkit.intake import import_sheets
from toolkit.show import AssessmentStory, RoadmapStory


def test_a_first_round_tells_its_answers_and_what_the_plan_does_with_them(tmp_path: Path) -> None:
    """Page and slide name each with its day, until when it is deferred and where it is planned; the asks are gone."""
    clients, path = tmp_path / "clients", tmp_path / "a.json"
    client(clients)
    answers = {
        "approve.chosen-work": {"answer": "approve", "otherwise": {"portal": "defer 2027-Q3"}},
        "choose.erp": {"answer": "choose.new"}, "risk.k": {"answer": "accept"},
    }  # fmt: skip
    path.write_bytes(saved(sheet(clients, answers)))
    import_sheets(clients, SLUG, path)
    report, deck = AssessmentStory.open(SLUG, str(clients)), RoadmapStory.open(SLUG, str(clients))
    page, slide = (str(story.pages["since"].html()).replace("\u00a0", " ") for story in (report, deck))
    assert report.pages["since"].title == "This is the first round, and decisions have been taken"
    assert all(
        words in page
        for words in ("Defer until Q3 2027", "A new ERP", "Support ends", "12 January 2027", "Ann, COO")
    )
    assert all(
        words in slide
        for words in ("Deferred until Q3 2027 on 12 January 2027", "Risk accepted", "In the plan, Q")
    )
    assert not {"approve.chosen-work", "choose.erp", "risk.k"} & {ask.id for ask in deck.decisions}
    ranked = str(deck.pages["ranked"].html())
    assert "deferred by leadership on 12 January 2027 until" in ranked.replace("\u200b", "")
