"""A document on paper's terms: its HTML, printed to PDF by the browser that this machine has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from toolkit.errors import DeliverableError, Fault, InputError, shown
from toolkit.files import read, temporary, write
from toolkit.words import plain

BROWSER = "ALIGN_BROWSER"
OLDEST = 131  # the first Chromium that prints margin boxes, where page numbers stand
_ALLOWED = f"Chromium, Chrome or Edge, version {OLDEST} or newer"
_NAMES = (
    "chromium", "google-chrome", "google-chrome-stable", "microsoft-edge", "microsoft-edge-stable", "chromium-browser",
)  # fmt: skip
_MACOS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
_WINDOWS_HOMES = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_PAGE, _PRINTED = "page.html", "page.pdf"
# What it prints is complete, so it needs no network; nothing of the consultant's own browser is used or changed.
_FLAGS = (
    "headless=new", "no-pdf-header-footer", "generate-pdf-document-outline", "no-first-run", "no-default-browser-check",
    "disable-extensions", "disable-sync", "disable-background-networking", "disable-component-update",
    "host-resolver-rules=MAP * ~NOTFOUND", "disable-gpu", "password-store=basic", "use-mock-keychain",
    "user-agent=IT alignment toolkit",  # the file states it as the program that made it
)  # fmt: skip
_LINUX_FLAGS = ("disable-dev-shm-usage",)  # in a container that memory is small
_SCRIPT = re.compile(rb"<script>.*?</script>", re.DOTALL)
_DATES = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}[+-]\d\d'\d\d'(?=\))")
# What the browser says where the system, as in many containers, does not let it shut its pages in.
_NO_SANDBOX = b"No usable sandbox"


def browser() -> Path:
    """Return the browser that prints: the one that ``ALIGN_BROWSER`` names, else the first that is found.

    Raises
    ------
    InputError
        When there is none.
    """
    if named := os.environ.get(BROWSER):
        path = Path(named)
        if path.is_absolute() and path.is_file():
            return path
        remedy = "Write the full path of its program, or unset the variable to have it looked for."
        raise InputError([Fault(f"the variable {BROWSER}", named, f"the full path of {_ALLOWED}", remedy)])
    for path in _usual():
        return path
    remedy = f"Install one of them, write the full path of its program in {BROWSER}, or leave out --pdf: each page prints from any browser."
    raise InputError([Fault("printing to PDF", "no browser on this machine", _ALLOWED, remedy)])


def _usual() -> Iterator[Path]:
    """Yield the browsers that stand where they usually do."""
    if sys.platform == "win32":  # where a name is looked for in the working folder first
        homes = [Path(os.environ[name]) for name in _WINDOWS_HOMES if os.environ.get(name)]
        yield from (home / name for name in _WINDOWS for home in homes if (home / name).is_file())
        return
    if sys.platform == "darwin":
        homes = [Path("/Applications"), Path.home() / "Applications"]
        yield from (home / name for name in _MACOS for home in homes if (home / name).is_file())
    for found in map(shutil.which, _NAMES):
        if found and Path(found).resolve().name != "snap":  # a snap sees no temporary folder of ours
            yield Path(found).absolute()


def printed(name: str, html: bytes, as_of: date, seconds: float) -> bytes:
    """Return a document as PDF, tagged and with its headings as bookmarks.

    The same page, printed by the same version of the browser, gives the same bytes. Scripts are left out: a deck without
    them is its slides, one below the other.

    Parameters
    ----------
    name : str
        The file's name, for messages.
    html : bytes
        The document, verified.
    as_of : date
        The day that the file states as that of its making.
    seconds : float
        How long the browser may take.

    Raises
    ------
    InputError
        When this machine has no browser.
    DeliverableError
        When the browser fails, takes too long or is too old.
    """
    program = browser()
    with temporary("align-pdf-") as made:
        place = made.resolve()
        write(place, _PAGE, _SCRIPT.sub(b"", html))
        flags = (*_FLAGS, *(_LINUX_FLAGS if sys.platform == "linux" else ()))
        if hasattr(os, "geteuid") and os.geteuid() == 0:  # as whom it refuses to start otherwise
            flags = (*flags, "no-sandbox")
        said = _run(name, program, flags, place, seconds)
        if _NO_SANDBOX in said:
            said = _run(name, program, (*flags, "no-sandbox"), place, seconds)
        try:
            data = read(place, _PRINTED)
        except FileNotFoundError:
            last = said.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise _failed(name, program, f"printed nothing{': ' + shown(last) if last else ''}") from None
    if not (data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")):
        raise _failed(name, program, "printed a file that is no whole PDF")
    if b"/StructTreeRoot" not in data or b"/Outlines" not in data:
        raise _failed(name, program, f"printed it without tags or bookmarks, as versions before {OLDEST} do")
    day = f"{as_of:%Y%m%d}000000+00'00'".encode()
    return _DATES.sub(lambda found: found[1] + day, data)


def _run(name: str, program: Path, flags: tuple[str, ...], place: Path, seconds: float) -> bytes:
    """Let the browser print, in a folder of its own; return what it said of errors."""
    own = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TMPDIR", "TEMP", "TMP"), str(place))
    options = (*flags, f"user-data-dir={place / 'profile'}", f"print-to-pdf={place / _PRINTED}")
    try:
        done = subprocess.run(
            [program, *(f"--{option}" for option in options), (place / _PAGE).as_uri()],
            cwd=place, env=os.environ | own | {"TZ": "UTC"}, timeout=seconds,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _failed(name, program, f"took longer than {plain(seconds)} seconds and was stopped") from None
    except OSError as error:
        raise _failed(name, program, f"does not start ({error.strerror or error})") from None
    return done.stderr


def _failed(name: str, program: Path, what: str) -> DeliverableError:
    return DeliverableError(
        f"{name} was not made: {shown(str(program))} {what}; the last good documents stand.\n"
        f"  do:      Use {_ALLOWED}, its full path in the variable {BROWSER}, or leave out --pdf."
    )
