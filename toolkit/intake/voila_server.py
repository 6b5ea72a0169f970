"""Voilà, set up to show one form or workshop to one person on this machine. Importing this needs the ``app`` extra."""

from __future__ import annotations

import html
import logging
import os
import secrets
import signal
import sys
import sysconfig
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.ioloop import IOLoop, PeriodicCallback
from traitlets.config import Config
from voila.app import Voila

import toolkit
from toolkit.errors import AlignError
from toolkit.files import write_new
from toolkit.intake.form_server import LOOPBACK
from toolkit.shipped import shipped

LOST_AFTER = 600  # seconds without a window after which a kernel is ended
KERNEL = "python3"
# What shows widgets; no other extension of JupyterLab is loaded.
WIDGETS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8"]
QUIET = ("asyncio", "tornado.access", "tornado.application", "tornado.general")


class OwnPython(KernelSpecManager):
    """The one kernel on offer: this very interpreter, whatever kernels the user has registered."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Return the kernel's name and, for want of resources, no folder."""
        return {KERNEL: ""}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return this interpreter, which finds the toolkit in a checkout that is not installed, too."""
        home = str(Path(toolkit.__file__).resolve().parents[1])
        installed = home in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))
        path = os.pathsep.join([home, *filter(None, [os.environ.get("PYTHONPATH")])])
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--log-level=ERROR"],
            display_name="Python 3", language="python", env={} if installed else {"PYTHONPATH": path},
        )  # fmt: skip


class WindowConnection(ZMQChannelsWebsocketConnection):
    """A window's connection to its kernel, which counts among the kernel's connections while it is open."""

    opened = False

    def connect(self) -> Any:
        """Open the connection; return the future that is done when the kernel answers."""
        self.opened = True
        return super().connect()

    def disconnect(self) -> Any:
        """Close the connection.

        Tornado also closes one that was never opened. Taken from the count alone, it would keep the kernel for ever.
        """
        if not self.opened:
            self.multi_kernel_manager.notify_connect(self.kernel_id)
            self._open_sockets.add(self)
        super().disconnect()  # type: ignore[no-untyped-call]


class FormServer(Voila):  # type: ignore[misc]
    """Voilà without the user's own settings, on loopback, with a token; it says its address when it is ready."""

    announce: Callable[[str], None]
    in_browser: bool

    @classmethod
    def of(
        cls,
        notebook: Path,
        port: int,
        announce: Callable[[str], None],
        open_browser: bool,
        command: str = "align form",
    ) -> FormServer:
        """Return a server of ``notebook``, whose folder is private and takes all other files too."""
        server = cls(
            config=settings(notebook.parent, port, command),
            notebook_path=str(notebook),
            config_file_paths=[],  # Voilà would read settings, and run code, from the working directory
        )
        server.announce, server.in_browser = announce, open_browser
        return server

    def serve(self) -> None:
        """Serve until Ctrl-C or SIGTERM, then end every kernel."""
        for name in QUIET:  # a closed window is no event for the terminal
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.initialize([])
        self.template_paths.insert(0, str(shipped("templates") / "form"))
        self.start()

    def launch_browser(self) -> None:
        """Announce the address; open it if asked to. Voilà calls this once it listens."""
        self.ioloop = IOLoop.current()
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._handle_signal_stop)
        # Windows sees a signal only when something else happens.
        PeriodicCallback(lambda: None, 1000).start()
        address = f"http://{LOOPBACK}:{self.port}/?token={self.token}"
        self.announce(address)
        if self.in_browser:
            webbrowser.open(redirection(Path(self.root_dir), address))


def settings(private: Path, port: int, command: str = "align form") -> Config:
    """Return what Voilà is told: loopback and token, no file of anybody's, no code from elsewhere, no tracebacks.

    ``command`` is what the page names to be started again.
    """
    words = [AlignError.__name__, *(one.__name__ for one in AlignError.__subclasses__())]
    tornado = {"allow_remote_access": False, "headers": {"Content-Security-Policy": policy(port)}}
    told: dict[str, Any] = {
        "Voila": {
            "ip": LOOPBACK, "port": port, "port_retries": 0, "token": secrets.token_urlsafe(32),
            "root_dir": str(private), "connection_dir_root": str(private), "tornado_settings": tornado,
            "open_browser": True, "log_level": logging.CRITICAL, "kernel_websocket_connection_class": WindowConnection,
        },
        "VoilaConfiguration": {
            "file_allowlist": [], "file_denylist": [".*"], "strip_sources": True, "theme": "light",
            "template": "lab", "allow_template_override": "NO", "allow_theme_override": "NO",
            "preheat_kernel": False, "extension_allowlist": WIDGETS,
            "prelaunch_hook": with_cookie, "kernel_spec_manager_class": OwnPython, "resources": {"errors_in_words": words, "command": command},
            # The page shows an error's own words or a plain sentence (templates/form): it needs the error for that.
            "show_tracebacks": True,
        },
        "IdentityProvider": {"cookie_options": {"samesite": "Strict"}},
        "MappingKernelManager": {"cull_idle_timeout": LOST_AFTER, "cull_interval": LOST_AFTER // 10, "cull_connected": False},
    }  # fmt: skip
    return Config(told)


def with_cookie(handler: Any, notebook: Any, cwd: str) -> None:
    """Set the cookie that a page must repeat when it closes, or its kernel would be left to the culling."""
    handler.xsrf_token  # noqa: B018 # asking for it sets it


def policy(port: int) -> str:
    """Return the page's Content-Security-Policy: whatever a widget asks for, nothing leaves this machine."""
    return (
        "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws://{LOOPBACK}:{port}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def redirection(folder: Path, address: str) -> str:
    """Write a page that leads to ``address`` and return its own; a command line would show the token to others."""
    page = f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={html.escape(address)}">'
    write_new(folder, "open.html", page.encode())
    return (folder / "open.html").as_uri()
