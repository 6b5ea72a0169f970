"""One private kernel for one notebook, and the certainty that none outlives the work."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import Unicode, default

import toolkit
from toolkit.files import temporary

# What a Python process needs to start and to find its fonts, on any system; nothing else of the
# consultant's environment reaches a notebook.
_KEPT = (
    "PATH", "HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONUSERBASE",
    "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "MPLCONFIGDIR", "SYSTEMROOT", "SYSTEMDRIVE",
    "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA",
)  # fmt: skip
# The path of a Unix socket must fit in about 100 characters.
_LONGEST_FOLDER = 60

_kernels: dict[str, subprocess.Popen[bytes]] = {}
_workplaces: set[Path] = set()
_lock = threading.Lock()


@contextmanager
def workplace(within: Path | None = None) -> Iterator[Path]:
    """Yield a private temporary folder with a short path, removed afterwards.

    Parameters
    ----------
    within : Path or None
        Another workplace, in whose folder it shall lie and with which it goes at the latest.
    """
    parent = within or Path(tempfile.gettempdir())
    if len(str(parent)) > _LONGEST_FOLDER and os.path.isdir("/tmp"):
        parent = Path("/tmp")
    with temporary("align-run-", parent) as made:
        folder = made.resolve()
        with _lock:
            _workplaces.add(folder)
        try:
            yield folder
        finally:
            with _lock:
                _workplaces.discard(folder)


class PrivateKernel(AsyncKernelManager):
    """A kernel of this very interpreter, whatever kernels and settings the consultant has.

    It listens on Unix sockets in its own folder, for parallel kernels race for TCP ports; Windows
    has only those.
    """

    place = Unicode(help="Folder of the kernel's own files.").tag(config=True)
    cwd = Unicode(help="Folder the notebook works in.").tag(config=True)

    @property
    def kernel_spec(self) -> KernelSpec:
        """This interpreter, with ipykernel."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3 (ipykernel)", language="python")

    @default("connection_file")
    def _in_its_place(self) -> str:
        return str(Path(self.place, "kernel.json"))

    @default("transport")
    def _over_sockets(self) -> str:
        return "tcp" if sys.platform == "win32" else "ipc"

    @default("ip")
    def _beside_it(self) -> str:
        return "127.0.0.1" if self.transport == "tcp" else str(Path(self.place, "k"))

    async def _async_launch_kernel(self, kernel_cmd: list[str], **kw: Any) -> None:
        kw |= {"cwd": self.cwd, "env": _environment(Path(self.place))}
        kw |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        await super()._async_launch_kernel(kernel_cmd, **kw)
        with _lock:
            _kernels[self.place] = self.provisioner.process  # type: ignore[union-attr] # it has just begun


def exit_code(place: str) -> int | None:
    """Return with what the kernel whose folder this is ended, a signal's number negative; None when it has not."""
    with _lock:
        process = _kernels.get(place)
    return process.poll() if process is not None else None


def ending(code: int | None, killed_before: int) -> str:
    """Return how a process ended, as a clause; of memory it speaks only where the system says so.

    Parameters
    ----------
    code : int or None
        Its exit code, a signal's number negative; None when it has not ended.
    killed_before : int
        What :func:`killed_for_memory` said when it began.
    """
    if code is None:
        return "it answered no more"
    if code >= 0:
        return f"it ended itself with exit code {code}"
    known = {each.value: each.name for each in signal.Signals}
    clause = f"it was ended by the signal {known.get(-code, str(-code))}"
    short = code == -getattr(signal, "SIGKILL", 0) and killed_for_memory() > killed_before
    return f"{clause}, while the machine was out of memory" if short else clause


def killed_for_memory() -> int:
    """Return how many processes this machine has ended for want of memory since it started; 0 where it does not say."""
    with suppress(OSError):
        for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


def end_kernel(place: str) -> None:
    """End the kernel whose folder this is, with all that it started; nothing to do when it has gone."""
    with _lock:
        process = _kernels.get(place)
    if process is not None and process.poll() is None:
        _kill(process)


def forget_kernel(place: str) -> None:
    """End the kernel whose folder this is, and wait until it is gone."""
    end_kernel(place)
    with _lock:
        process = _kernels.pop(place, None)
    if process is not None:
        process.wait()


def end_everything() -> None:
    """End every kernel of this process and remove what they worked on; the last act before leaving."""
    with _lock:
        processes, folders = list(_kernels.values()), sorted(_workplaces)
    for process in processes:
        if process.poll() is None:
            _kill(process)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):  # it has just ended by itself
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)  # a kernel leads its own group


def _environment(place: Path) -> dict[str, str]:
    """Return the environment of a kernel: what Python needs, and what makes every run the same."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    (place / "matplotlibrc").touch()  # in place of the consultant's own settings
    home = str(Path(toolkit.__file__).resolve().parents[1])
    if home not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        kept["PYTHONPATH"] = home  # a checkout
    private = {name: str(place) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "TMPDIR", "TEMP", "TMP")}
    fixed = {
        "MATPLOTLIBRC": str(place / "matplotlibrc"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "PYTHONSAFEPATH": "1",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
        # as many kernels as cores run already
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
    return kept | private | fixed
