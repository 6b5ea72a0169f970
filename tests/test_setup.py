"""What a fresh machine is told to install, and what the wheel and the repository may hold."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distributions, packages_distributions
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

# Written in pieces, or these lines would be the first to be found.
INDEX_HOSTS = re.compile(
    "|".join(["pypi" + r"\.org", "python" + "hosted", "conda" + r"\.anaconda", "npm" + r"js\.(org|com)"])
)
MACHINE_PATHS = re.compile(r"(?<![\w.<>])/(?:" + "|".join(["wo" + "rk", "op" + "t", "ro" + "ot"]) + r")/\w")

PINNED = re.compile(r"([A-Za-z0-9._-]+)(?:\[[a-z-]+\])?==(\S+) \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
REMARK = "# The following packages are considered to be unsafe in a requirements file:"

SAMPLES = ("meridian-manufacturing", "harbour-credit-union", "lakeside-clinic")
CONDA_NAMES = {"matplotlib-base": "matplotlib"}


@pytest.fixture(scope="session")
def metadata(project: Path) -> dict[str, Any]:
    """``pyproject.toml``."""
    return tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def committed(project: Path) -> list[str]:
    """Every file that git keeps, or would keep."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True).stdout
    return sorted({name for name in listed.split("\0") if name and (project / name).is_file()})


def bounds(requirements: list[str]) -> dict[str, str]:
    """Return the version bounds of each requirement by its normal name."""
    parsed = map(Requirement, requirements)
    return {canonicalize_name(CONDA_NAMES.get(one.name, one.name)): str(one.specifier) for one in parsed}


def pins(lock: str) -> dict[str, tuple[str, int]]:
    """Return each pinned version and its number of hashes; ValueError at any other kind of line."""
    found: dict[str, tuple[str, int]] = {}
    name = ""
    for line in lock.splitlines():
        if pin := PINNED.fullmatch(line):
            name = canonicalize_name(pin[1])
            found[name] = (pin[2], 0)
        elif HASH.fullmatch(line) and name:
            found[name] = (found[name][0], found[name][1] + 1)
        elif line and line != REMARK:
            raise ValueError(line)
    return found


def told(text: str) -> list[str]:
    """Return the package index hosts and machine paths that a text names."""
    return [match[0] for rule in (INDEX_HOSTS, MACHINE_PATHS) for match in rule.finditer(text)]


def test_conda_and_pip_install_the_same(project: Path, metadata: dict[str, Any]) -> None:
    """environment.yml and pyproject.toml, its extra for PowerPoint included, agree on every name and bound, and on Python's."""
    environment = yaml.safe_load((project / "environment.yml").read_text(encoding="utf-8"))
    assert environment["name"] == "align"
    assert environment["channels"] == ["conda-forge"]
    listed = environment["dependencies"]
    *from_pypi, ourselves = next(one["pip"] for one in listed if isinstance(one, dict))
    from_conda = bounds([one for one in listed if isinstance(one, str) and one != "pip"])
    assert from_conda.pop("python") == metadata["project"]["requires-python"]
    assert ourselves == "-e ."
    from_pip = [*metadata["project"]["dependencies"], *metadata["project"]["optional-dependencies"]["pptx"]]
    assert from_conda | bounds(from_pypi) == bounds(from_pip)
    assert not set(from_conda) & set(bounds(from_pypi))


def test_the_lock_pins_everything_with_hashes_and_names_no_place(
    project: Path, metadata: dict[str, Any]
) -> None:
    """Each line of the lock is a pin or a hash, and each dependency's pin is within its bounds."""
    locked = pins((project / "requirements.lock").read_text(encoding="utf-8"))
    assert [name for name, (_, hashes) in locked.items() if hashes == 0] == []
    wanted = [
        *metadata["project"]["dependencies"],
        *metadata["project"]["optional-dependencies"]["dev"],
        *metadata["build-system"]["requires"],
    ]
    for requirement in map(Requirement, wanted):
        pin, _ = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(pin), requirement


@pytest.mark.parametrize(
    "line",
    ["--index-url x", "-f wheels", "click @ https" + "://a/b.whl", "click==8.1", "    # via -r a/b.txt"],
)
def test_any_other_line_in_the_lock_is_refused(line: str) -> None:
    """An address, an option, a pin without hashes or a comment cannot slip into the lock."""
    with pytest.raises(ValueError, match=re.escape(line)):
        pins(f"click==8.1.0 \\\n    --hash=sha256:{'0' * 64}\n{line}\n")


def test_the_lock_suits_every_supported_python(project: Path, metadata: dict[str, Any]) -> None:
    """No pinned version asks for a later Python than we do: Debian's own is older than the newest 3.11."""
    oldest = metadata["project"]["requires-python"].removeprefix(">=") + ".0"
    locked = pins((project / "requirements.lock").read_text(encoding="utf-8"))
    installed = {canonicalize_name(one.metadata["Name"]): one for one in distributions()}
    as_locked = [one for name, one in installed.items() if locked.get(name, ("",))[0] == one.version]
    assert as_locked
    needs = {one.metadata["Name"]: one.metadata.get("Requires-Python") or "" for one in as_locked}
    unsuited = {name: what for name, what in needs.items() if not SpecifierSet(what).contains(oldest)}
    assert unsuited == {}


def test_nothing_committed_names_an_index_or_a_machine(project: Path, committed: list[str]) -> None:
    """No text file that git keeps names a package index host or an absolute path of some machine."""
    found = {}
    for name in committed:
        try:
            text = (project / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if hits := told(text):
            found[name] = hits
    assert found == {}


def test_an_index_or_a_machine_path_is_found() -> None:
    """The search above finds what it looks for."""
    for text in ("https://" + "pypi" + ".org/simple", "see /wo" + "rk/main", "'/op" + "t/wheels'"):
        assert len(told(text)) == 1, text
    assert told("network/work/plan, </root>, and the address of a page") == []


def test_notebooks_are_committed_without_outputs(project: Path, committed: list[str]) -> None:
    """No committed notebook carries an output, a run count or a widget's state: none can leak a client."""
    notebooks = [name for name in committed if name.endswith(".ipynb")]
    assert notebooks
    for name in notebooks:
        notebook = nbformat.read(project / name, as_version=4)
        nbformat.validate(notebook)
        run = [c for c in notebook.cells if c.get("outputs") or c.get("execution_count") is not None]
        assert run == [], name
        assert "widgets" not in notebook.metadata, name


def in_wheel(name: str) -> str | None:
    """Return where the wheel should hold a committed file, or None if it should not."""
    parts = name.split("/")
    if parts[0] == "toolkit":
        return name
    sample = parts[0] == "client_data" and len(parts) > 2 and parts[1] in SAMPLES
    return f"toolkit/_shipped/{name}" if parts[0] in ("notebooks", "templates") or sample else None


def test_the_wheel_carries_all_that_is_needed_and_nothing_of_a_client(
    project: Path, committed: list[str], tmp_path: Path
) -> None:
    """Notebooks, templates, questionnaires, maps and samples are in the wheel; clients' data is not."""
    copy = tmp_path / "copy"
    for name in committed:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project / name, copy / name)
    for private in (
        *(f"{SAMPLES[0]}/{one}" for one in ("deliverables/r1", "history", "draft", "questionnaire/r1")),
        "real-co",
    ):
        folder = copy / "client_data" / private
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "secret.csv").write_text("secret", encoding="utf-8")
    out = tmp_path / "out"
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(copy)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(next(out.glob("*.whl"))) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == {place for name in committed if (place := in_wheel(name))}
    for part in (
        "_shipped/notebooks/",
        "_shipped/templates/report/",
        "_shipped/templates/deck/",
        "_shipped/templates/questionnaire/",
    ):
        assert any(name.startswith(f"toolkit/{part}") for name in held), part
    for part in ("questionnaires/", "maps/", "guides/", *(f"_shipped/client_data/{one}/" for one in SAMPLES)):
        assert any(name.startswith(f"toolkit/{part}") for name in held), part


def tops(sources: list[str]) -> set[str]:
    """Return the names of the libraries that Python sources import, without Python's own and ourselves."""
    found = {
        name.split(".")[0]
        for source in sources
        for node in ast.walk(ast.parse(source))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    }
    return found - set(sys.stdlib_module_names) - {"toolkit"}


def test_what_is_imported_is_asked_for(project: Path, metadata: dict[str, Any]) -> None:
    """Every library that the toolkit or a notebook imports is a dependency by name, not by another's grace.

    What only an extra brings is imported by that extra's modules, which the rest can do without.
    """
    wanted = set(bounds(metadata["project"]["dependencies"]))
    extras = metadata["project"]["optional-dependencies"]
    homes = packages_distributions()
    alone = {
        project / "toolkit" / "intake" / "voila_server.py": "app",
        project / "toolkit" / "publish" / "cluster.py": "scale",
    } | {
        project / "toolkit" / "publish" / f"{name}.py": "pptx"
        for name in ("powerpoint", "slide_chart", "slide_layout", "slide_parts", "slide_template")
    }
    sources = [
        path.read_text(encoding="utf-8") for path in (project / "toolkit").rglob("*.py") if path not in alone
    ]
    for path in (project / "notebooks").glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        sources += [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    foreign = tops(sources)
    assert len(foreign) > 5
    assert {top for top in foreign if not wanted & {canonicalize_name(one) for one in homes[top]}} == set()
    for path, extra in alone.items():
        allowed = wanted | set(bounds(extras[extra]))
        more = tops([path.read_text(encoding="utf-8")])
        assert {top for top in more if not allowed & {canonicalize_name(one) for one in homes[top]}} == set()
