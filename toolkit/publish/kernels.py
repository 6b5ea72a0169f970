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
from contextlib import contextmanager
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from traitlets import default

import toolkit

# What a Python process needs to start and to find its fonts, on any system; nothing else of the
# consultant's environment reaches a notebook.
_KEPT = (
    "PATH", "HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONUSERBASE",
    "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "MPLCONFIGDIR", "SYSTEMROOT", "SYSTEMDRIVE",
    "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA",
)  # fmt: skip
# Paths of Unix sockets must fit in about 100 characters.
_LONGEST_FOLDER = 60

_kernels: set[int] = set()
_workplaces: set[Path] = set()
_lock = threading.Lock()


class _OwnKernel(AsyncKernelManager):
    """A kernel of this very interpreter, whatever kernels the consultant has registered."""

    @default("_kernel_spec")
    def _this_interpreter(self) -> KernelSpec:
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3 (ipykernel)",
            language="python",
        )


@contextmanager
def workplace() -> Iterator[Path]:
    """Yield a private temporary folder with a short path, removed afterwards."""
    parent = tempfile.gettempdir()
    if len(parent) > _LONGEST_FOLDER and os.path.isdir("/tmp"):
        parent = "/tmp"
    folder = Path(tempfile.mkdtemp(prefix="align-", dir=parent)).resolve()
    _workplaces.add(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _workplaces.discard(folder)


@contextmanager
def kernel(place: Path, cwd: Path) -> Iterator[AsyncKernelManager]:
    """Yield a running kernel that works in ``cwd`` and keeps its own files in ``place``.

    It listens on Unix sockets in ``place``, for parallel kernels race for TCP ports; Windows has
    only those. Whatever happens, it and all that it started are gone afterwards.
    """
    place.mkdir(parents=True, exist_ok=True)
    manager = _OwnKernel(connection_file=str(place / "kernel.json"))
    if sys.platform != "win32":
        manager.transport, manager.ip = "ipc", str(place / "k")
    process: subprocess.Popen[bytes] | None = None
    try:
        run_sync(manager._async_start_kernel)(
            extra_arguments=["--HistoryManager.enabled=False", "--no-secure"][:1],
            cwd=str(cwd),
            env=_environment(place),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        process = manager.provisioner.process  # type: ignore[union-attr]
        with _lock:
            _kernels.add(process.pid)
        yield manager
    finally:
        if process is not None:
            end_kernel(process)
        run_sync(manager._async_cleanup_resources)()


def end_kernel(process: subprocess.Popen[bytes]) -> None:
    """End a kernel and all that it started, at once; its notebook is already read or given up."""
    with _lock:
        _kernels.discard(process.pid)
        if process.poll() is None or sys.platform != "win32":
            _kill_group(process.pid)
    process.wait(10)


def end_everything() -> None:
    """End every kernel of this process and remove what they worked on; the last act before leaving."""
    with _lock:
        for pid in sorted(_kernels):
            _kill_group(pid)
        _kernels.clear()
    for folder in sorted(_workplaces):
        shutil.rmtree(folder, ignore_errors=True)


def _kill_group(pid: int) -> None:
    try:
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)  # a kernel leads its own group
    except OSError:
        pass  # it has ended by itself


def _environment(place: Path) -> dict[str, str]:
    """Return the environment of a kernel: what Python needs, and what makes every run the same."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    (place / "matplotlibrc").touch()  # in place of the consultant's own settings
    home = str(Path(toolkit.__file__).resolve().parents[1])
    if home not in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        kept["PYTHONPATH"] = home  # a checkout that is not installed
    private = {name: str(place) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "TMPDIR", "TEMP", "TMP")}
    return kept | private | {
        "MATPLOTLIBRC": str(place / "matplotlibrc"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
        "OMP_NUM_THREADS": "1",  # as many kernels as cores run already
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }  # fmt: skip
