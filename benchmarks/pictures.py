"""Draw the README's two pictures from the samples' deliverables: ``python benchmarks/pictures.py``."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from toolkit.client.new_client import put_samples
from toolkit.publish.batch import run_batch

DOCS = Path(__file__).resolve().parents[1] / "docs"
SAMPLE = "meridian-manufacturing"
DECISIONS_SLIDE = 2


def main() -> None:
    """Make one sample's documents and photograph a page and a slide."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        put_samples(Path(folder))
        report, deck, *_ = run_batch(Path(folder), [SAMPLE]).results[0].open_these
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
        page.goto(report.resolve().as_uri())
        page.locator("#areas").screenshot(path=DOCS / "page.png")
        page.goto(deck.resolve().as_uri())
        page.wait_for_selector(".reveal.ready")
        for _ in range(DECISIONS_SLIDE - 1):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(300)
        page.screenshot(path=DOCS / "slide.png")
        browser.close()


if __name__ == "__main__":
    main()
