"""What keeps people from using a page, as axe finds it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

KEPT = Axe()
FIND = (
    """within => axe.run(within ?? document, {resultTypes: ['violations']}).then(found => found.violations)"""
)


def barriers(page: Page, within: str | None = None) -> list[str]:
    """Return axe's serious and critical findings on a page, or within what a selector finds."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(KEPT.axe_script)
    return [
        f"{one['impact']} {one['id']}: {one['help']}: {node['html'][:200]} {node['any'][:1]}"
        for one in page.evaluate(FIND, within)
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
