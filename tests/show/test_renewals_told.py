"""Services and assets on the pages: the same dates everywhere, their cost once, and nothing of them where none is recorded."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from html import unescape

from toolkit.client.record import Record
from toolkit.client.schema import Asset, Facts, Service, Spend
from toolkit.plan.plan import plan_roadmap
from toolkit.publish.record_sheets import record_sheets
from toolkit.publish.year_calendar import days_of
from toolkit.show import AssessmentStory, ReviewStory, RoadmapStory
from toolkit.show.dates_ahead import dates_ahead

NOTICE, RENEWAL, END = date(2027, 1, 1), date(2027, 3, 31), date(2027, 5, 20)


@cache
def record() -> Record:
    """Return a client without risks, with a service, an asset and a year's spending."""
    facts = Facts.model_validate(
        {
            "profile": {"name": "Any"},
            "rounds": [{"id": "r", "as_of": "2026-09-30"}],
            "spend": [Spend(year=2026, run=200_000)],
        }
    )
    return Record(
        "any", facts,
        services=(Service(id="s", name="Support <b>of</b> it", yearly_cost=40_000, price_rise=0.05, renewal=RENEWAL, notice_days=89),),
        assets=(Asset(id="x", name="Laptops", number=12, price=1_000, bought=date(2023, 5, 20), life_years=4),),
    )  # fmt: skip


def text(page: object) -> str:
    """Return a page's text."""
    return unescape(re.sub("<[^>]+>", "", str(page.html()))).replace("\xa0", " ")  # type: ignore[attr-defined]


def test_every_page_tells_the_same_dates() -> None:
    """Notice is due 89 days before the renewal; report, deck, review, calendar and workbook say so, each by its means."""
    plan = plan_roadmap(record())
    report, deck, review = (kind.of(record(), plan) for kind in (AssessmentStory, RoadmapStory, ReviewStory))
    for page in (report.page("deadlines"), deck.page("risks")):
        said = text(page)
        assert "Two dates of services and assets fall within a year; none has a sure answer" in said
        assert "1 January 2027last day of notice" in said
        assert "Renews on 31 March 2027 at USD 42k a year, 5 % more" in said
        assert "20 May 2027end of lifeAll 12 end; USD 12k to replace" in said
        assert "<b>of</b>" not in str(page.html())  # type: ignore[union-attr]
    assert [one.day for one in dates_ahead(review)] == [NOTICE, RENEWAL, END]
    assert [one.day for one in days_of(record()) if one.day > date(2026, 9, 30)] == [NOTICE, RENEWAL, END]
    sheets = record_sheets(record(), plan, record().round())
    assert sheets["Services"].rows[0][5:7] == ["1 January 2027", "31 March 2027"]
    assert sheets["Assets"].rows[0][5:8] == ["20 May 2027", 1_000, 12_000]


def test_what_services_cost_stands_beside_run_spending_of_which_it_is_part() -> None:
    """40,000 of 200,000 is 20 %; what is more than all run spending is called incomplete."""
    said = text(AssessmentStory.of(record(), plan_roadmap(record())).page("spend"))
    assert "USD 40k a year, which is part of FY2026’s run spending (20 % of it), not on top of it." in said
    assert "Renewals add USD 2,000 a year" in said
    dear = replace(record(), services=(Service(id="s", name="S", yearly_cost=300_000),))
    assert "one of the two is incomplete" in text(AssessmentStory.of(dear, plan_roadmap(dear)).page("spend"))


def test_a_record_without_them_says_nothing_of_them() -> None:
    """No page, sheet or day speaks of services or assets that are not recorded."""
    bare = replace(record(), services=(), assets=())
    plan = plan_roadmap(bare)
    for kind in (AssessmentStory, RoadmapStory):
        assert not [page.key for page in kind.of(bare, plan).pages.values() if "assets" in text(page)]
    assert not {"Services", "Assets"} & record_sheets(bare, plan, bare.round()).keys()
