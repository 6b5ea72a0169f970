"""A working directory full of files that a Python program might load by mistake: no command loads one."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from commands import run_commands
from patience import HANG

from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.intake.form.review import run_command

SETTINGS = (
    "matplotlibrc", ".matplotlib/matplotlibrc", ".config/matplotlib/matplotlibrc", "matplotlib/matplotlibrc",
    "jupyter_config.py", "jupyter_config.json", "jupyter_nbconvert_config.py", "jupyter_nbconvert_config.json",
    "jupyter_server_config.py", "jupyter_server_config.json", "jupyter_client_config.py", "voila.json",
    "jupyter_voila_config.py", "ipython_config.py", "ipython_kernel_config.py", "ipython_config.json",
    "profile_default/ipython_config.py", "profile_default/ipython_kernel_config.py",
    "profile_default/startup/00-first.py", ".ipython/profile_default/startup/00-first.py",
    ".jupyter/jupyter_config.py", ".jupyter/jupyter_nbconvert_config.py", "papermill.yaml", ".papermill.yaml",
    "dask.yaml", "distributed.yaml", ".config/dask/dask.yaml", ".env", "pyvenv.cfg", "setup.cfg", "pip.conf",
    "templates/report/index.html.j2", "templates/deck/index.html.j2", "report/index.html.j2", "report/conf.json",
    "deck/index.html.j2", "deck/conf.json", "base/null.j2", "lab/index.html.j2", "lab/conf.json",
    "nbconvert/templates/report/index.html.j2", "voila/templates/lab/index.html.j2", "form/index.html.j2",
    "client_book/page.html.j2", "questionnaire/letter.txt", "notebooks/assessment.ipynb", "notebooks/intake.ipynb",
    "assessment.ipynb", "roadmap.ipynb", "intake.ipynb", "maps/jira.yaml", "full.yaml", "highs.options", "HiGHS.opt",
    "kernels/python3/kernel.json", "toolkit/__init__.py", "numpy/__init__.py", "python311.zip", "__main__.py",
)  # fmt: skip
COMMAND = Path(sys.executable).with_name("align")
NEVER_READ = 86_400 * 10**9


def modules() -> list[str]:
    """Return every name that a run could import: all of the standard library, and all that is installed."""
    return sorted(
        {
            *sys.stdlib_module_names,
            *packages_distributions(),
            "sitecustomize",
            "usercustomize",
            "_distutils_hack",
        }
        | {"toolkit", "conftest", "matplotlib_inline", "parameters", "ipython_startup"}
    )


def plant(folder: Path, marker: Path, names: Sequence[str]) -> list[Path]:
    """Fill a folder with files that tell when they are executed, and when they are read; return them."""
    source = f"with open({str(marker)!r}, 'a') as out: out.write(__file__ + '\\n')\n"
    planted = []
    for name in (*(f"{module}.py" for module in names), *SETTINGS):
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source if name.endswith(".py") else "{{ hostile: [", encoding="utf-8")
            os.utime(path, ns=(NEVER_READ, path.stat().st_mtime_ns))
            planted.append(path)
    return planted


@pytest.fixture
def hostile(tmp_path: Path, toured: tuple[Path, str]) -> Iterator[Path]:
    """A folder with the tour's clients, planted in, and in its clients' and two clients' folders too."""
    root, marker = tmp_path / "here", tmp_path / "executed"
    shutil.copytree(toured[0], root)
    clients = root / "client_data"
    names = modules()
    planted = [
        path for folder in (root, clients, clients / "northwind") for path in plant(folder, marker, names)
    ]
    probe = planted[0]
    probe.read_bytes()
    times_tell = probe.stat().st_atime_ns != NEVER_READ
    os.utime(probe, ns=(NEVER_READ, probe.stat().st_mtime_ns))
    yield root
    assert not marker.exists(), f"executed: {sorted(set(marker.read_text().split()))}"
    if times_tell:  # a disk that keeps no times of reading tells only of what is executed
        read = [str(path.relative_to(root)) for path in planted if path.stat().st_atime_ns != NEVER_READ]
        assert read == []


def survey(path: Path) -> None:
    """Write what five people of the business said to the executive questionnaire."""
    questions = shipped_questionnaires()["executive"].questions
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Response ID", *(question.text for question in questions)])
        writer.writerows([number, *("4" for _ in questions)] for number in range(1, 6))


def test_no_command_loads_anything_from_where_it_is_called(hostile: Path) -> None:
    """Called in a client's own folder, each command does its work, and neither executes nor reads a planted file."""
    own = hostile / "client_data" / "northwind"
    survey(own / "survey.csv")
    commands = (
        ["new", "another", "--as-of", "2026-09-30"],
        ["check", "northwind"],
        ["status"],
        ["import", "initiatives", "northwind", str(hostile / "projects.csv")],
        ["import", "survey", "northwind", "survey.csv", "--group", "business"],
        ["questionnaire", "northwind"],
        ["adopt", "northwind", "rec-investment"],
        ["compare", "meridian-manufacturing", "2025-q3", "2026-q3"],
        ["handover", "meridian-manufacturing"],
        ["run", "northwind"],
        ["batch", "northwind", "--force", "--only", "roadmap", "--workers", "2"],
        ["demo"],
    )
    run_commands([[*words, "--clients", ".."] for words in commands], own)


def test_the_form_loads_nothing_from_where_it_is_called(hostile: Path) -> None:
    """Nor does the form, its page shown by a kernel of its own, nor a command that it runs for its buttons."""
    own = hostile / "client_data" / "northwind"
    with subprocess.Popen(
        [str(COMMAND), "form", "northwind", "--no-browser", "--clients", ".."], cwd=own,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
    ) as served:  # fmt: skip
        try:
            assert served.stdout is not None
            address = served.stdout.readline().split()[-1]
            with urllib.request.urlopen(address, timeout=HANG) as answer:
                assert b"voila_finish" in answer.read()
        finally:
            served.terminate()


def test_a_button_of_the_form_loads_nothing_from_where_it_works(
    hostile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command run for a button, in JupyterLab with a client's folder as the working directory, loads nothing there."""
    monkeypatch.chdir(hostile / "client_data" / "northwind")
    heard: list[tuple[int, str]] = []
    done = threading.Event()
    run_command(
        ["check", "northwind", "--clients", ".."],
        lambda code, said: heard.append((code, said)),
        lambda act: (act(), done.set()),
    )
    assert done.wait(HANG)
    assert heard[0][0] == 0, heard
