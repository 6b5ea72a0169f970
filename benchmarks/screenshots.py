"""Save pictures of every deliverable, for looking at: slides, report on screen, phone and paper.

python benchmarks/screenshots.py CLIENTS_DIR OUT_DIR
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PROJECTOR = {"width": 1280, "height": 720}
WINDOWS = {"1280": PROJECTOR, "390": {"width": 390, "height": 844}}


def opened(browser: Browser, document: Path, window: dict[str, int]) -> Page:
    """Open a document from disk in a window of its own, with the network off."""
    context = browser.new_context(viewport=window, offline=True, reduced_motion="reduce")
    page = context.new_page()
    page.goto(document.resolve().as_uri(), wait_until="load")
    return page


def slides(browser: Browser, deck: Path, out: Path, name: str) -> None:
    """Save each slide as it is projected."""
    page = opened(browser, deck, PROJECTOR)
    page.wait_for_selector(".reveal.ready")
    for number in range(1, page.locator(".slides > section").count() + 1):
        page.wait_for_timeout(150)
        page.screenshot(path=out / f"{name}-slide-{number:02d}.png")
        page.keyboard.press("ArrowRight")
    page.context.close()


def pages(browser: Browser, document: Path, out: Path, name: str) -> None:
    """Save a document as one long page, on a screen and on a phone."""
    for label, window in WINDOWS.items():
        page = opened(browser, document, window)
        page.screenshot(path=out / f"{name}-{label}.png", full_page=True)
        page.context.close()


def paper(browser: Browser, document: Path, out: Path, name: str) -> None:
    """Save a document as it prints, and each sheet as a picture where pdftoppm is installed."""
    page = opened(browser, document, PROJECTOR)
    page.pdf(path=out / f"{name}.pdf", prefer_css_page_size=True, print_background=True)
    page.context.close()
    if tool := shutil.which("pdftoppm"):
        command = [tool, "-png", "-r", "80", str(out / f"{name}.pdf"), str(out / f"{name}-sheet")]
        subprocess.run(command, check=True)


def main(clients: Path, out: Path) -> None:
    """Take all pictures of all clients' newest deliverables."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        for report in sorted(clients.glob("*/deliverables/*/assessment.html")):
            name = f"{report.parts[-4]}-{report.parts[-2]}-assessment"
            pages(browser, report, out, name)
            paper(browser, report, out, name)
        for deck in sorted(clients.glob("*/deliverables/*/roadmap.html")):
            name = f"{deck.parts[-4]}-{deck.parts[-2]}-roadmap"
            slides(browser, deck, out, name)
            paper(browser, deck, out, name)
        browser.close()
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
