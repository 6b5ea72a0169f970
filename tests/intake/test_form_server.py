"""What ``align form`` serves and refuses, before any browser: parameters, settings, ports, and no Voilà."""

from __future__ import annotations

import ast
import importlib.abc
import re
import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from toolkit.cli import main
from toolkit.errors import AlignError
from toolkit.intake import voila_server
from toolkit.intake.form_server import with_client
from toolkit.intake.voila_server import FormServer, OwnPython, redirection


def notebook(folder: Path) -> Path:
    """Write a notebook whose second cell is its parameters."""
    parameters = new_code_cell('client: str = ""\nclients_dir: str = ""', metadata={"tags": ["parameters"]})
    path = folder / "form.ipynb"
    nbformat.write(
        new_notebook(cells=[new_markdown_cell("# The form"), parameters, new_code_cell("client")]), path
    )
    return path


def form(clients: Path, *words: str) -> Result:
    """Run ``align form``."""
    return CliRunner().invoke(main, ["form", *words, "--no-browser", "--clients", str(clients)])


@pytest.fixture
def unserved(monkeypatch: pytest.MonkeyPatch) -> list[FormServer]:
    """The servers that would have been started; none is."""
    servers: list[FormServer] = []
    monkeypatch.setattr(FormServer, "serve", servers.append)
    return servers


@given(
    folder=st.text(st.characters(exclude_characters="\0/\\"), min_size=1).filter(
        lambda name: name not in (".", "..")
    )
)
def test_parameters_arrive_whatever_the_folder_is_called(folder: str) -> None:
    """After the parameters follow two plain literals, equal to slug and absolute folder: never code."""
    with tempfile.TemporaryDirectory() as made:
        read = with_client(notebook(Path(made)), Path("/clients", folder), "acme")
    assert [cell.metadata.get("tags") for cell in read.cells[1:3]] == [
        ["parameters"],
        ["injected-parameters"],
    ]
    first, second = ast.parse(read.cells[2].source).body
    assert isinstance(first, ast.Assign)
    assert isinstance(second, ast.Assign)
    assert [ast.unparse(one.targets[0]) for one in (first, second)] == ["client", "clients_dir"]
    assert ast.literal_eval(first.value) == "acme"
    assert ast.literal_eval(second.value) == str(Path("/clients", folder).absolute())
    assert read.cells[2].source.isascii()


def test_the_page_says_nothing_of_cells(tmp_path: Path) -> None:
    """What the notebook tells those who run its cells is left out of the page, where there are none to run."""
    path = notebook(tmp_path)
    read = nbformat.read(path, as_version=4)
    read.cells.append(new_markdown_cell("Run all cells.", metadata={"tags": ["notebook-only"]}))
    nbformat.write(read, path)
    sources = [cell.source for cell in with_client(path, tmp_path, "acme").cells]
    assert "# The form" in sources
    assert "Run all cells." not in sources


def test_a_relative_folder_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel works in another folder, so the clients' is given in full."""
    path = notebook(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert (
        ascii(str(tmp_path / "client_data")) in with_client(path, Path("client_data"), "acme").cells[2].source
    )


@pytest.mark.parametrize("slug", ["../other", "Acme", "con", "a" * 64, "a b", "-h-"])
def test_a_name_no_client_can_have_is_refused(tmp_path: Path, unserved: list[FormServer], slug: str) -> None:
    """Such a name is refused in words before anything starts."""
    result = form(tmp_path, "--", slug) if slug.startswith("-") else form(tmp_path, slug)
    assert result.exit_code in (1, 2)
    assert "Traceback" not in result.output
    assert unserved == []


def test_another_address_cannot_be_asked_for(tmp_path: Path, unserved: list[FormServer]) -> None:
    """There is no option for an address, nor are Voilà's own options taken."""
    for option in ("--ip=0.0.0.0", "--address=0.0.0.0", "--Voila.ip=0.0.0.0"):
        result = form(tmp_path, "acme", option)
        assert result.exit_code == 2
        assert "No such option" in result.output
    assert unserved == []


def test_the_server_keeps_to_this_machine_and_serves_no_file(tmp_path: Path) -> None:
    """Loopback, a long random token, hosts checked, no file, no template from the address, kernels of lost windows end."""
    first, second = (voila_server.settings(tmp_path, 8123) for _ in range(2))
    assert (first.Voila.ip, first.Voila.port, first.Voila.port_retries) == ("127.0.0.1", 8123, 0)
    assert len(first.Voila.token) >= 43
    assert first.Voila.token != second.Voila.token
    assert first.Voila.tornado_settings["allow_remote_access"] is False
    assert first.Voila.root_dir == first.Voila.connection_dir_root == str(tmp_path)
    shown = first.VoilaConfiguration
    assert (shown.file_allowlist, shown.file_denylist) == ([], [".*"])
    assert (shown.allow_template_override, shown.allow_theme_override, shown.strip_sources) == (
        "NO",
        "NO",
        True,
    )
    assert 0 < first.MappingKernelManager.cull_idle_timeout <= 600
    allowed = first.Voila.tornado_settings["headers"]["Content-Security-Policy"]
    assert re.findall(r"https?:|\*", allowed) == []
    assert "ws://127.0.0.1:8123" in allowed


def test_every_setting_is_one_that_voila_knows(tmp_path: Path) -> None:
    """A setting misspelt, or gone from a later Voilà, would be passed over in silence."""
    server = FormServer.of(notebook(tmp_path), 8123, print, open_browser=False)
    assert set(server.config.Voila) <= set(server.trait_names(config=True))
    known = voila_server.Voila.classes[0].class_trait_names(config=True)
    assert set(server.config.VoilaConfiguration) <= set(known)
    assert (server.ip, server.port, server.config_file_paths) == ("127.0.0.1", 8123, [])


def test_the_kernel_is_this_interpreter() -> None:
    """Whatever kernels the user has registered, the form runs where the toolkit is."""
    specs = OwnPython().get_all_specs()
    assert list(specs) == ["python3"]
    assert specs["python3"]["spec"]["argv"][0] == sys.executable


def test_the_token_reaches_the_browser_by_a_file(tmp_path: Path) -> None:
    """The browser is given a page in the private folder, so that no list of processes shows the token."""
    address = redirection(tmp_path, "http://127.0.0.1:8123/?token=a&b")
    assert address == (tmp_path / "open.html").as_uri()
    assert "token=a&amp;b" in (tmp_path / "open.html").read_text(encoding="utf-8")


def test_a_port_that_is_taken_is_said(tmp_path: Path, unserved: list[FormServer]) -> None:
    """A taken port is refused in words that say what to do; another is not taken in its place."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = form(tmp_path, "acme", "--port", str(port))
    assert result.exit_code == 1
    assert f"found:   {port}, which is taken" in result.output
    assert "leave --port out" in result.output
    assert unserved == []


class Hidden(importlib.abc.MetaPathFinder):
    """Makes Voilà impossible to import."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        if name.split(".")[0] == "voila":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def test_without_voila_it_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the command says what to install, and that JupyterLab opens the same form."""
    for name in list(sys.modules):
        if name.split(".")[0] == "voila" or name == "toolkit.intake.voila_server":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Hidden(), *sys.meta_path])
    result = form(tmp_path, "acme")
    assert result.exit_code == 1
    assert 'pip install "it-alignment-toolkit[app]"' in result.output
    assert "notebooks/intake.ipynb" in result.output


def test_errors_that_are_words_are_the_toolkits_own(tmp_path: Path) -> None:
    """The page shows the words of each error the toolkit raises on purpose, and of no other."""
    words = voila_server.settings(tmp_path, 8123).VoilaConfiguration.resources["errors_in_words"]
    assert {"AlignError", "InputError", "ConflictError", "DeliverableError"} <= set(words)
    assert not {one.__name__ for one in (Exception, ValueError, KeyError)} & set(words)
    assert all(issubclass(one, AlignError) for one in AlignError.__subclasses__() if one.__name__ in words)
