"""A real JupyterLab, or the form as ``align form`` serves it, to drive from a test: run as a consultant runs them.

with JupyterLab(folder, tmp_path) as lab:
    page = lab.open(chromium, "notebooks/intake.ipynb")
    lab.run_all(page)
    lab.kill_kernel()  # as a crash would; lab.restart_kernel() is the menu's restart
    lab.run_all(page)
"""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import psutil
from playwright.sync_api import Browser, Page, ViewportSize

PATIENCE = 90.0  # seconds that anything may take on a machine with other work to do
# A dialog that opens by itself: a dead kernel's, or the choice of a kernel. Its last button is the default.
DIALOG = ".jp-Dialog .jp-Dialog-footer button.jp-mod-accept"
# Notes, as a script that runs before a page's own, what injected scripts pass to alert, confirm or prompt.
SPRUNG = (
    "window.sprung = []; for (const f of ['alert', 'confirm', 'prompt']) window[f] = x => sprung.push(x);"
)
WIDE: ViewportSize = {"width": 1600, "height": 1100}
# Parts of JupyterLab that no notebook here uses: without them a window opens in two thirds of the time.
SPARED = (
    "csvviewer", "debugger", "documentsearch", "extensionmanager", "help", "hub", "imageviewer", "inspector",
    "json", "launcher", "logconsole", "lsp", "markdownviewer", "mermaid", "pdf", "pluginmanager", "running",
    "settingeditor", "terminal", "toc", "tooltip", "vega5",
)  # fmt: skip
NOT_RUN = "not run"
# A cell whose code is collapsed has no prompt that tells: of it, the kernel at rest is the sign.
PROMPTS = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .jp-InputArea-prompt"
# A new text of a prompt is the sign that its cell was run; an empty cell never gets one.
MARK_PROMPTS = f"""() => {{
  for (const prompt of document.querySelectorAll('{PROMPTS}')) {{
    const source = prompt.closest('.jp-CodeCell').querySelector('.cm-content');
    if (!source || source.textContent.trim()) prompt.textContent = '{NOT_RUN}';
  }}
}}"""
ALL_RUN = f"""() => [...document.querySelectorAll('{PROMPTS}')].every(
  prompt => !prompt.textContent.includes('{NOT_RUN}') && !prompt.textContent.includes('*'))"""
IDLE = "() => document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'"


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def until(true: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Return the first true answer; AssertionError saying ``what`` was waited for after ``patience`` seconds."""
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {patience:.0f} s in vain for {what}")


def own_folders(tmp: Path) -> dict[str, str]:
    """Return an environment in which Jupyter reads and writes nothing of the user's."""
    own = {f"JUPYTER_{name}_DIR": str(tmp / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    return os.environ | own | {"HOME": str(tmp), "IPYTHONDIR": str(tmp / "ipython")}


class Server:
    """A server with kernels: a process, its address and token, and what it has started."""

    def __init__(self, command: list[str], address: str, token: str, folder: Path, tmp: Path) -> None:
        self.address, self.token, self.folder = address, token, folder
        self.log = tmp / f"server-{secrets.token_hex(4)}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, env=own_folders(tmp), stdout=log, stderr=subprocess.STDOUT
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def asked(self, path: str, method: str = "GET") -> Any:
        """Return what the server answers to an HTTP request with the token, read as JSON."""
        request = urllib.request.Request(
            f"{self.address}/{path}", method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def answers(self, path: str) -> bool:
        """Return whether the server answers yet; AssertionError with its log when it has ended instead."""
        assert self.process.poll() is None, self.log.read_text(encoding="utf-8", errors="replace")
        try:
            self.asked(path)
        except OSError:
            return False
        return True

    def processes(self) -> list[psutil.Process]:
        """Return the server's process and all that it, and they, have started."""
        try:
            mine = psutil.Process(self.process.pid)
            return [mine, *mine.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def kernels(self) -> list[psutil.Process]:
        """Return the processes that are kernels."""
        return [one for one in self.processes() if any("ipykernel" in word for word in words(one))]

    def kill_kernel(self) -> None:
        """Kill every kernel as a crash would (``kill -9``); return when the dead are gone."""
        killed = self.kernels()
        assert killed, "no kernel runs"
        for one in killed:
            one.send_signal(signal.SIGKILL)
        until(lambda: not set(alive(killed)), "the killed kernel to be gone")

    def close(self) -> list[psutil.Process]:
        """End the server politely (SIGTERM); return those of its processes that were left over, now killed."""
        all_of_it = self.processes()
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        _, left = psutil.wait_procs([one for one in all_of_it if one.pid != self.process.pid], timeout=5)
        for one in left:
            one.kill()
        return left


def words(process: psutil.Process) -> list[str]:
    """Return a process's command line; nothing when it has ended."""
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those that still run."""
    return [one for one in processes if one.is_running() and words(one)]


class JupyterLab(Server):
    """A JupyterLab over ``root``, open to this machine alone; what it writes of its own lies in ``tmp``.

    ``folder`` is where the notebooks are that it opens: ``root``, or a folder within it (:meth:`within`).
    """

    def __init__(self, root: Path, tmp: Path) -> None:
        port, token = free_port(), secrets.token_hex(8)
        command = [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={port}",
            "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={root}",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=",
        ]  # fmt: skip
        settings = tmp / "config" / "labconfig" / "page_config.json"
        settings.parent.mkdir(parents=True, exist_ok=True)
        spared = {f"@jupyterlab/{name}-extension": True for name in SPARED}
        settings.write_text(json.dumps({"disabledExtensions": spared}), encoding="utf-8")
        super().__init__(command, f"http://127.0.0.1:{port}", token, root, tmp)
        self.root = root
        try:
            until(lambda: self.answers("api/status"), "JupyterLab to answer")
        except BaseException:
            self.close()
            raise

    @contextmanager
    def within(self, folder: Path) -> Iterator[Self]:
        """Open notebooks of a folder within ``root``; in the end, end every kernel."""
        self.folder = folder
        try:
            yield self
        finally:
            for session in self.asked("api/sessions"):
                self.asked(f"api/sessions/{session['id']}", "DELETE")
            until(lambda: self.kernels() == [], "the kernels to end")

    def open(self, browser: Browser, notebook: str, script: str = "", **window: Any) -> Page:
        """Open a notebook, by its path in ``folder``, in a new window and wait until its kernel answers.

        ``script`` runs before the page's own; ``window`` goes to the browser's ``new_context``.
        Close it with ``page.context.close()``: the kernel lives on, as it does for a consultant.
        """
        settings = {"viewport": WIDE, "reduced_motion": "reduce"} | window
        page = browser.new_context(**settings).new_page()
        if script:
            page.add_init_script(script)
        path = (self.folder / notebook).relative_to(self.root).as_posix()
        page.goto(f"{self.address}/lab/tree/{path}?reset&token={self.token}")
        page.locator(".jp-Notebook").wait_for(timeout=PATIENCE * 1000)
        self.ready(page)
        return page

    def ready(self, page: Page) -> None:
        """Accept the dialogs that open by themselves, and wait until server and page both see the kernel idle."""

        def settled() -> bool:
            if accept(page):
                return False
            try:
                kernels = self.asked("api/kernels")
            except OSError:  # the server may fail while the kernel is being made
                return False
            idle = [one for one in kernels if one["execution_state"] == "idle" and one["connections"]]
            return bool(idle) and bool(page.evaluate(IDLE)) and not accept(page)

        until(settled, "an idle kernel")

    def run_all(self, page: Page) -> None:
        """Run all cells from the menu, and wait until each has ended or an error has stopped them."""
        self.ready(page)
        page.evaluate(MARK_PROMPTS)
        page.locator(".lm-MenuBar-itemLabel", has_text="Run").first.click()
        page.get_by_text("Run All Cells", exact=True).first.click()
        until(lambda: not accept(page) and page.evaluate(ALL_RUN), "all cells to have run")
        until(
            lambda: all(time.sleep(0.1) or page.evaluate(IDLE) for _ in range(3)),
            "a kernel at rest",
            3 * PATIENCE,
        )

    def kill_kernel(self) -> None:
        """Kill every kernel as a crash would (``kill -9``); return when the server has started others."""
        number = len(self.kernels())
        super().kill_kernel()
        until(lambda: len(self.kernels()) == number, "the server to restart what was killed")

    def restart_kernel(self) -> None:
        """Restart every kernel the way the menu does, through the server; all that they held is lost."""
        for one in self.asked("api/kernels"):
            self.asked(f"api/kernels/{one['id']}/restart", "POST")

    def wait_for(self, page: Page, text: str) -> None:
        """Wait until the notebook's outputs show a text."""
        page.locator(".jp-OutputArea").get_by_text(text).first.wait_for(timeout=PATIENCE * 1000)


class Served(Server):
    """The form that ``align form`` serves for a client, or the workshop; ``notebook`` serves another in its place, after ``first``.

    ``said`` is what the command has printed. A page closed with ``page.close(run_before_unload=True)`` ends its
    kernel, as closing a tab does.
    """

    def __init__(
        self,
        slug: str,
        clients: Path,
        tmp: Path,
        *options: str,
        notebook: Path | None = None,
        first: str = "pass",
        what: str = "form",
    ) -> None:
        if notebook is None:
            command = ["-m", "toolkit.cli", what, slug, "--clients", str(clients), "--no-browser", *options]
        else:
            given = f"Path({str(clients)!r}), {slug!r}, click.echo, open_browser=False, notebook=Path({str(notebook)!r})"
            command = [
                "-c",
                "import click; from pathlib import Path; from toolkit.intake.form_server import serve; "
                f"{first}; "
                f"serve({given})",
            ]
        super().__init__([sys.executable, *command], "", "", tmp, tmp)
        self.pages: list[Page] = []
        self.login: Page | None = None
        try:
            address = until(self._announced, "the form's address")
        except BaseException:
            self.close()
            raise
        self.address, _, self.token = address.partition("/?token=")

    @property
    def said(self) -> str:
        """What the command has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _announced(self) -> str:
        assert self.process.poll() is None, self.said
        found = re.search(r"http://\S+\?token=\S+(?=\n)", self.said)
        return found[0] if found else ""

    def open(self, browser: Browser, viewport: ViewportSize = WIDE) -> Page:
        """Open the form in a new window, with the token, and wait until it shows."""
        page = self.window(browser, viewport)
        page.goto(f"{self.address}/?token={self.token}")
        self.ready(page)
        return page

    def window(self, browser: Browser, viewport: ViewportSize = WIDE) -> Page:
        """Return a new window, empty yet, which :meth:`leave` will close."""
        if self.login is None or self.login.is_closed():
            # It stays open, for a renderer that stays has the page's scripts compiled.
            self.login = browser.new_context(reduced_motion="reduce").new_page()
            self.login.goto(self.address)
        self.pages.append(self.login.context.new_page())
        self.pages[-1].set_viewport_size(viewport)
        return self.pages[-1]

    def leave(self) -> None:
        """Close every page that was opened, as a person closes tabs; return when their kernels have ended."""
        for page in self.pages:
            if not page.is_closed():
                page.close(run_before_unload=True)
        self.pages.clear()
        until(lambda: self.kernels() == [], "the kernels of closed windows to end")
        if self.login is not None and not self.login.is_closed():
            self.login.evaluate("localStorage.clear()")

    def ready(self, page: Page) -> None:
        """Wait until all cells have run and the page shows them; after a reload, too."""
        page.locator("#rendered_cells").wait_for(timeout=PATIENCE * 1000)
        page.locator("#loading").wait_for(state="detached", timeout=PATIENCE * 1000)


def accept(page: Page) -> bool:
    """Press the default button of an open dialog; return whether there was one."""
    button = page.locator(DIALOG).first
    if not button.is_visible():
        return False
    button.click()
    return True
