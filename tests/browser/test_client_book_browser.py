"""The client book in a browser: by keyboard alone, on paper, and without a barrier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from toolkit.client.consultancy import Consultancy, Engagement
from toolkit.publish.client_book import BookLine, ClientBook

pytestmark = pytest.mark.browser
SEEN = (
    "() => [...document.querySelectorAll('.order')].filter(one => one.checkVisibility()).map(one => one.id)"
)
FIRST = "() => [...document.querySelectorAll('.order')].find(one => one.checkVisibility()).querySelector('tbody th bdi').textContent"


def forty(tmp_path: Path) -> Path:
    """Write the book of forty clients with long names and much that waits."""
    one = BookLine(
        "", "", "ready", stage="Following through", round="2026-q3", as_of="2026-09-30", review="2026-12-11", currency="USD",
        missing=("the budget of each fiscal year",) * 3, overdue=("Agree who answers for the order portal",),
        pending=("Approve the chosen work: USD 1.2m",), dates=(("2026-12-31", "Warehouse system out of support"),),
        money=4_200_000.0, gap="Strategic partnership: 1.2 points, IT higher (clear difference)", points=1.2,
        weak=("Communication", "Co-owned roadmap"), links=(("Assessment", "x/deliverables/r/assessment.html"),), made="2026-q3",
    )  # fmt: skip
    lines = tuple(
        replace(one, slug=f"client-{n:02}", name=f"Company {n:02} of the United Northern Works", points=n / 10, money=n * 1e6)
        for n in range(40)
    )  # fmt: skip
    failed = replace(
        one, slug="failed", name="Failed", state="failed", stage="", message="client.yaml: a fault"
    )
    book = ClientBook(
        (*lines, failed),
        Consultancy(clients={"client-01": Engagement(consultant="Ada Berg", reviewer="Jo Lind")}),
        (("The questionnaire full, all sectors: seven clients", [("Communication", ["2", "2.5", "3.25"])]),),
    )
    path = tmp_path / "client_book.html"
    path.write_bytes(book.page())
    return path


def test_headings_sort_by_keyboard_without_a_script(tmp_path: Path, visit: Callable[..., Any]) -> None:
    """One table shows at a time; Tab and Enter on a heading show the one in that order; nothing is asked of the network."""
    seen = visit(forty(tmp_path), 1500, 900)
    page = seen.page
    assert page.evaluate(SEEN) == ["by-client"]
    assert page.evaluate(FIRST) == "Company 00 of the United Northern Works"
    page.keyboard.press("Tab")  # the table itself, which may scroll
    for _ in range(10):
        page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Widest gap"
    page.keyboard.press("Enter")
    assert page.evaluate(SEEN) == ["by-gap"]
    assert page.evaluate(FIRST) == "Company 39 of the United Northern Works"
    assert seen.barriers() == []
    assert (seen.elsewhere(), seen.trouble) == ([], [])
    page.goto(f"{seen.address}#client-failed")
    assert page.evaluate(SEEN) == ["by-client"]
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_it_prints_across_with_every_column(tmp_path: Path, visit: Callable[..., Any]) -> None:
    """On A4 across, the last column ends within the paper and no client is cut in two."""
    page = visit(forty(tmp_path), 1032, 700).page  # A4 across, less its margins, in pixels of CSS
    page.emulate_media(media="print")
    right = "() => Math.max(...[...document.querySelectorAll('#by-client td')].map(one => one.getBoundingClientRect().right))"
    assert page.evaluate(right) <= 1033
    assert (
        page.evaluate("() => getComputedStyle(document.querySelector('#by-client tbody tr')).breakInside")
        == "avoid"
    )
