"""The house's rules, held by reading its source: order of rooms, names, docstrings, a light command."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "toolkit"
ROOMS = ("client", "intake", "assess", "plan", "show", "publish")
COMMON = ("errors", "shipped", "method", "words", "files", "html")
COMMAND = ("cli", "cli_intake", "console")
HEAVY = ("pandas", "matplotlib", "seaborn", "scipy", "papermill", "toolkit.show", "toolkit.publish")
FUNCTION_LINES = 50
# Names borne twice in rooms that are still to be rebuilt; a rebuilt room takes its own away.
TO_RENAME = {
    "Part", "Section", "Document", 
}  # fmt: skip

FILE_METHODS = (
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "unlink",
    "touch",
    "hardlink_to",
    "symlink_to",
)
FILE_CALLS = (
    "os.open", "os.replace", "os.rename", "os.remove", "os.link", "os.symlink", "shutil.rmtree", "shutil.copy",
    "shutil.copymode", "shutil.copyfile", "shutil.copytree", "shutil.move", "tempfile.mkdtemp", "tempfile.mkstemp",
    "tempfile.NamedTemporaryFile", "tempfile.TemporaryDirectory", "tempfile.TemporaryFile",
)  # fmt: skip
# Modules that go to the disk by themselves, each with its reason.
FILE_ACCESS = {
    "files.py": "the rule itself",
    "shipped.py": "what came with the toolkit",
    "client/transaction.py": "a save's own steps: what was written aside moves in, file by file",
    "publish/deliverables_folder.py": "a round's files are staged, then moved in together",
    "publish/current_run.py": "one handle, its counts replaced in place while the run lasts",
    "publish/make.py": "a client's files for one notebook, in a private temporary folder",
    "publish/worker.py": "the server's own temporary folder, and /proc",
    "publish/manifest.py": "digests of the toolkit's own code, templates and notebooks",
    "publish/exporters.py": "reveal.js, from the package that carries it",
    "plan/milp.py": "the solver's own print goes to os.devnull",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules(package: Path) -> list[tuple[Path, ast.Module]]:
    """Return each module of ``package`` with its syntax tree, in a fixed order."""
    return [
        (path.relative_to(package), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(package.rglob("*.py"))
    ]


def imported(node: ast.AST, module: Path) -> list[str]:
    """Return the absolute names that ``node`` imports into ``toolkit/<module>``; none if it is no import."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    parts = ["toolkit", *module.parts[:-1]]
    above = parts[: len(parts) + 1 - node.level] if node.level else []
    base = ".".join([*above, *([node.module] if node.module else [])])
    return [f"{base}.{alias.name}" for alias in node.names]


def order_broken(package: Path) -> list[str]:
    """Return every import by a room, or by what rooms share, of something it must not know."""
    broken = []
    for path, tree in modules(package):
        room = path.parts[0].removesuffix(".py")
        if room in ROOMS:
            allowed = (*COMMON, *ROOMS[: ROOMS.index(room) + 1])
        elif room in COMMON or room == "__init__":
            allowed = COMMON
        else:
            continue
        for node in ast.walk(tree):
            for name in imported(node, path):
                first, _, rest = name.partition(".")
                if first == "toolkit" and rest and rest.split(".")[0] not in allowed:
                    broken.append(f"{path}:{getattr(node, 'lineno', 0)} imports {name}")
    return broken


def strangers(package: Path) -> list[str]:
    """Return what lies at the package's top and is neither a room nor something named here."""
    known = {*ROOMS, *COMMON, *COMMAND, "__init__"}
    return [str(path) for path, _ in modules(package) if path.parts[0].removesuffix(".py") not in known]


def heavy_command(package: Path) -> list[str]:
    """Return the heavy imports that the command's modules make when loaded, not when a command runs."""
    return [
        f"{module}:{getattr(node, 'lineno', 0)} imports {name}"
        for module, tree in modules(package)
        if str(module).removesuffix(".py") in COMMAND
        for node in at_load(tree)
        for name in imported(node, module)
        if any(f"{name}.".startswith(f"{heavy}.") for heavy in HEAVY)
    ]


def at_load(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run when a module is loaded: not functions' bodies, nor what is for types only."""
    for child in ast.iter_child_nodes(node):
        types_only = isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING")
        if not isinstance(child, Function | ast.Lambda) and not types_only:
            yield child
            yield from at_load(child)


def extent(node: ast.stmt) -> int:
    """Return how many lines a statement takes."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def too_long(package: Path) -> list[str]:
    """Return the functions that pass their limit; a docstring does not count."""
    found = []
    for path, tree in modules(package):
        for node in ast.walk(tree):
            if isinstance(node, Function):
                lines = extent(node) - (extent(node.body[0]) if ast.get_docstring(node) else 0)
                if lines > FUNCTION_LINES:
                    found.append(f"{path}:{node.lineno} {node.name} has {lines} lines")
    return found


def undocumented(package: Path) -> list[str]:
    """Return the public modules, classes and functions without a docstring; an empty module needs none."""
    found = []
    for path, tree in modules(package):
        if tree.body and not ast.get_docstring(tree):
            found.append(f"{path} has no docstring")
        for node in tree.body:
            public = isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                found.append(f"{path}:{node.lineno} {node.name} has no docstring")
    return found


def own_rounding(package: Path) -> list[str]:
    """Return each place that rounds by a rule of its own: a decimal format, or Python's round, outside ``words``."""
    found = []
    for path, tree in modules(package):
        if str(path) == "words.py":
            continue
        for node in ast.walk(tree):
            spec = (
                ast.unparse(node.format_spec)
                if isinstance(node, ast.FormattedValue) and node.format_spec
                else ""
            )
            decimal = re.search(r"(\.\d+f|[gen%])'$", spec, re.IGNORECASE)
            if decimal or (isinstance(node, ast.Call) and ast.unparse(node.func) == "round"):
                found.append(f"{path}:{node.lineno} rounds by its own rule")
    return found


def file_access(package: Path) -> Iterator[tuple[Path, int]]:
    """Yield each place that opens, reads, writes, moves or removes a file by itself, not through ``files`` or ``shipped``."""
    for path, tree in modules(package):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call | ast.Attribute):
                continue
            name = ast.unparse(node.func if isinstance(node, ast.Call) else node)
            mode = ast.unparse(node.args[0]) if isinstance(node, ast.Call) and node.args else "'r'"
            opens = isinstance(node, ast.Call) and (
                name == "open" or (name.endswith(".open") and re.fullmatch(r"'[rwxabt+]+'", mode))
            )
            if opens or (
                isinstance(node, ast.Attribute) and (name in FILE_CALLS or node.attr in FILE_METHODS)
            ):
                yield path, node.lineno


def own_file_access(package: Path) -> list[str]:
    """Return each such place outside the modules that may, by ``FILE_ACCESS``."""
    return [
        f"{path}:{line} goes past files"
        for path, line in file_access(package)
        if path.as_posix() not in FILE_ACCESS
    ]


def named_twice(package: Path) -> list[str]:
    """Return each module and public class whose name another bears; pages apart, and what ``TO_RENAME`` still lists."""
    places: dict[str, list[str]] = {}
    for path, tree in modules(package):
        if path.name != "__init__.py" and not (path.parts[0] == "show" and len(path.parts) == 3):
            places.setdefault(path.name, []).append(str(path))
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(f"{path}: {node.name}")
    return [" and ".join(two) for name, two in places.items() if len(two) > 1 and name not in TO_RENAME]


CHECKS = [
    order_broken, strangers, heavy_command, too_long, undocumented, own_rounding, own_file_access, named_twice,
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_house_keeps_its_rules(check: Callable[[Path], list[str]]) -> None:
    """No room imports from a later one, the command is light, nothing is too long, undocumented or named as another thing."""
    assert check(PACKAGE) == []


def test_no_name_is_left_to_rename_that_is_borne_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of names still borne twice holds nothing else."""
    names = set(TO_RENAME)
    monkeypatch.setattr(sys.modules[__name__], "TO_RENAME", ())
    assert {two.split(" and ")[0].split("/")[-1].split(": ")[-1] for two in named_twice(PACKAGE)} == names


def test_whoever_may_go_to_the_disk_does() -> None:
    """The list of modules that go past ``files`` holds no other."""
    assert {path.as_posix() for path, _ in file_access(PACKAGE)} >= FILE_ACCESS.keys()


def test_every_room_stands() -> None:
    """Each of the six rooms is a package, so the order above is about something."""
    assert [room for room in ROOMS if not (PACKAGE / room / "__init__.py").is_file()] == []


@pytest.mark.parametrize(
    ("loaded", "heavy"),
    [
        ("toolkit.cli", HEAVY),
        ("toolkit.publish.batch, toolkit.publish.client_book", ("numpy", "pandas", "scipy", "matplotlib", "papermill")),
    ],
    ids=["the command", "a batch of unchanged clients"],
)  # fmt: skip
def test_what_starts_often_loads_nothing_heavy(loaded: str, heavy: tuple[str, ...]) -> None:
    """What the command, and a batch that finds nothing to do, import does not import the heavy libraries."""
    code = f"import sys, {loaded}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_nothing_is_loaded_that_no_document_needs() -> None:
    """A worker that is ready has not loaded what seaborn could do without, which takes longer than matplotlib."""
    code = "import sys; from toolkit.publish import make; make.warm(); print('scipy.stats' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
    users = [path.name for path in PACKAGE.rglob("*.py") if "scipy.stats" in path.read_text(encoding="utf-8")]
    assert sorted(users) == ["chart_style.py", "statistics.py"]  # where a comment says why not


LONG_FUNCTION = '"""M."""\n\n\ndef _long() -> None:\n    """Long."""\n' + "    pass\n" * FUNCTION_LINES

BREACHES = [
    (order_broken, "client/a.py", "import toolkit.publish.job\n"),
    (order_broken, "assess/a.py", "from toolkit.plan import roadmap\n"),
    (order_broken, "assess/a.py", "from toolkit import show\n"),
    (order_broken, "assess/a.py", "from ..plan import roadmap\n"),
    (order_broken, "intake/deep/a.py", "from ... import plan\n"),
    (order_broken, "client/a.py", "def late():\n    from toolkit.intake import maps\n"),
    (order_broken, "show/a.py", "from toolkit.cli import main\n"),
    (order_broken, "errors.py", "from toolkit.client import record\n"),
    (strangers, "utils.py", ""),
    (strangers, "helpers/a.py", ""),
    (heavy_command, "cli.py", "import pandas as pd\n"),
    (heavy_command, "cli.py", "from scipy.optimize import milp\n"),
    (heavy_command, "cli.py", "from toolkit.publish import run\n"),
    (heavy_command, "cli.py", "from toolkit import show\n"),
    (heavy_command, "cli.py", "from .publish.run import run\n"),
    (heavy_command, "cli.py", "try:\n    import papermill\nexcept ImportError:\n    pass\n"),
    (named_twice, "plan/b.py", '"""B."""\n'),
    (named_twice, "plan/d.py", '"""D."""\n\n\nclass Kept:\n    """K."""\n'),
    (too_long, "plan/a.py", LONG_FUNCTION),
    (own_rounding, "show/a.py", '"""A."""\nTEXT = f"{1 / 3:.1f}"\n'),
    (own_rounding, "show/a.py", '"""A."""\nTEXT = round(2.5)\n'),
    (own_file_access, "intake/a.py", '"""A."""\nDATA = open("a")\n'),
    (own_file_access, "intake/a.py", '"""A."""\nfrom pathlib import Path\nDATA = Path("a").open("rb")\n'),
    (own_file_access, "intake/a.py", '"""A."""\nfrom pathlib import Path\nDATA = Path("a").read_bytes()\n'),
    (own_file_access, "client/a.py", '"""A."""\nimport os\nos.replace("a", "b")\n'),
    (
        own_file_access,
        "client/a.py",
        '"""A."""\nimport os\nfrom toolkit.files import patiently\npatiently(os.replace, "a", "b")\n',
    ),
    (undocumented, "plan/a.py", "X = 1\n"),
    (undocumented, "plan/a.py", '"""M."""\n\n\ndef public(): ...\n'),
    (undocumented, "plan/a.py", '"""M."""\n\n\nclass Public: ...\n'),
]

KEPT = [
    ("errors.py", '"""E."""\n'),
    ("shipped.py", LONG_FUNCTION.replace("    pass\n", "", 1)),
    ("assess/a.py", '"""A."""\nfrom toolkit.client import record\nfrom toolkit.errors import Fault\n'),
    ("assess/b.py", '"""B."""\nfrom toolkit.shipped import shipped\nfrom . import a\nimport pandas\n'),
    (
        "publish/c.py",
        '"""C."""\nfrom toolkit.show.page import Page\nfrom .. import plan\n\n\nclass Kept:\n    """K."""\n',
    ),
    (
        "cli.py",
        '"""C."""\nfrom typing import TYPE_CHECKING\n\nimport click\nfrom toolkit.client import record\n\n'
        "if TYPE_CHECKING:\n    import pandas\n\n\ndef _run():\n    from toolkit.publish import job\n",
    ),
]


def house(folder: Path, *files: tuple[str, str]) -> Path:
    """Write a small house that keeps every rule, then ``files`` over it; return its package."""
    package = folder / "toolkit"
    for name, source in (*KEPT, *files):
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return package


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_house_that_keeps_the_rules_passes(check: Callable[[Path], list[str]], tmp_path: Path) -> None:
    """Imports of earlier rooms, of the own room and of what is shared are not reported."""
    assert check(house(tmp_path)) == []


@pytest.mark.parametrize(("check", "name", "source"), BREACHES)
def test_each_breach_is_reported(
    check: Callable[[Path], list[str]], name: str, source: str, tmp_path: Path
) -> None:
    """Each check bites: one file that breaks its rule is named, once."""
    found = check(house(tmp_path, (name, source)))
    assert len(found) == 1
    assert name in found[0]
