"""A real Chromium without a network, what is measured on a page in it, and the deliverables to look at."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from barriers import barriers
from lab import SPRUNG, JupyterLab, Served
from playwright.sync_api import Browser, Page, expect, sync_playwright

# The last list of features to leave out holds alone, so that those which Playwright leaves out come first; the others draw
# menus of a window that nobody sees, by two more processes for each window.
SPARED_FEATURES = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
    "PreloadTopChromeWebUI", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
)  # fmt: skip
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--process-per-site",
    f"--disable-features={','.join(SPARED_FEATURES)}",
)
MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8")
# How long a page may take to show what it should, on a machine with other work to do.
expect.set_options(timeout=20_000)
Once = Callable[[str, Callable[[Path], str]], tuple[Path, str]]


class Visit:
    """One page, opened from disk, and everything it did that a finished document must not do."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.address = path.resolve().as_uri()
        self.requests: list[str] = []
        self.trouble: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        page.on("dialog", self._dialog)
        page.on("popup", lambda popup: self.trouble.append(f"popup: {popup.url}"))
        page.add_init_script(SPRUNG)
        page.goto(self.address, wait_until="load")
        page.evaluate(MEASURES)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.trouble.append(f"console: {message.text}")

    def _dialog(self, dialog: Any) -> None:
        self.trouble.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def elsewhere(self) -> list[str]:
        """Return what was asked for besides the file itself; data within it is no request."""
        return [url for url in self.requests if url != self.address and not url.startswith("data:")]

    def sprung(self) -> list[str]:
        """Return what injected scripts passed to alert, confirm or prompt."""
        return list(self.page.evaluate("sprung"))

    def measured(self, name: str, *arguments: Any) -> Any:
        """Return what a function of measures.js finds."""
        return self.page.evaluate(f"given => measures.{name}(...given)", list(arguments))

    def barriers(self, within: str | None = None) -> list[str]:
        """Return axe's serious and critical findings on the page, or within what a selector finds."""
        return barriers(self.page, within)

    def new_kinds(self, known: set[str]) -> bool:
        """Note the kinds of elements on the slide that shows; return whether one of them was not known before."""
        found = {*self.measured("kinds")}
        is_new = not found <= known
        known |= found
        return is_new

    def press(self, key: str, then: int) -> None:
        """Press a key and wait until slide number ``then``, from 0, is the one that shows."""
        self.page.keyboard.press(key)
        self.page.wait_for_function("n => measures.slide() === n", arg=then, timeout=5000)

    def slides(self) -> Iterator[int]:
        """Walk a projected deck by keyboard, yielding each slide's number while it shows."""
        self.page.wait_for_function("() => measures.slide() === 0", timeout=5000)
        for number in range(self.measured("slides")):
            if number:
                self.press("ArrowRight", number)
            yield number

    def text(self) -> str:
        """Return all the text a reader can reach, data tables that are folded away included."""
        return str(self.measured("text"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's browser; its absence is a failure, for nothing here may pass unseen."""
    found = [
        path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))
    ]
    assert found, "no Chromium on this machine: run 'make test', which installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found[0], args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterLab]:
    """A JupyterLab for all tests of a worker, over the folder in which each has its own; see ``within``."""
    with JupyterLab(tmp_path_factory.getbasetemp(), tmp_path_factory.mktemp("jupyterlab")) as lab:
        yield lab


@pytest.fixture(scope="session")
def one_form_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server behind ``form_server``; who takes it leaves it, and its folder of clients, empty."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "client_data").mkdir()
    with Served("acme", folder / "client_data", folder) as server:
        yield server


@pytest.fixture
def form_server(one_form_server: Served) -> Iterator[Served]:
    """The form for "acme" as ``align form`` serves it to all tests of a worker, without a client yet."""
    clients = one_form_server.folder / "client_data"
    yield one_form_server
    one_form_server.leave()
    shutil.rmtree(clients)
    clients.mkdir()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open a file from disk with the network off, in a window of the given size."""
    yield from visiting(chromium)


@pytest.fixture(scope="module")
def reading(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open a file as ``visit`` does, but once for all tests of a module: they leave it as they found it."""
    yield from map(cache, visiting(chromium))


def visiting(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Yield what opens a file; in the end, close all that were opened."""
    contexts = []

    def opened(path: Path, width: int = 1280, height: int = 720) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, offline=True, reduced_motion="reduce"
        )
        contexts.append(context)
        return Visit(context.new_page(), path)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def made_once(project: Path, once: Once) -> Callable[[str, Callable[[Path], None]], Path]:
    """Run ``align batch`` once over clients that a function writes, whatever the number of test workers."""

    def made(name: str, write_clients: Callable[[Path], None]) -> Path:
        def fill(clients: Path) -> str:
            write_clients(clients)
            command = [sys.executable, "-m", "toolkit.cli", "batch", "--clients", str(clients)]
            done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
            return done.stdout

        return once(name, fill)[0]

    return made


@pytest.fixture(scope="session")
def deliverable(toured: tuple[Path, str]) -> Callable[[str, str], Path]:
    """Return one sample's document, made by the README's tour as a consultant would make it."""

    def found(sample: str, document: str) -> Path:
        (path,) = (toured[0] / "client_data" / sample).glob(f"deliverables/*/{document}")
        return path

    return found
