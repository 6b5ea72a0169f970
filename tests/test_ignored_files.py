"""Files: what a system puts into folders by itself is passed over wherever a folder is read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.client.store import load, read_files
from toolkit.files import ignored

SYSTEMS = ("._plan.yaml", ".DS_Store", "Thumbs.db", "desktop.ini", "~$plan.xlsx", "__MACOSX", ".hidden")


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_systems_own_names_are_ignored(name: str) -> None:
    """macOS, Windows and Excel leave such files; nobody wrote them."""
    assert ignored(name)


@pytest.mark.parametrize("name", ["plan.yaml", "client.yaml", "a.b", "Thumbs.yaml", "$x", "_plan.yaml"])
def test_a_persons_names_are_not(name: str) -> None:
    """Whatever a person would call a file is read, or refused with a reason."""
    assert not ignored(name)


def test_what_macos_leaves_in_a_clients_folder_stops_no_command(project: Path, tmp_path: Path) -> None:
    """With ._ files beside every file and in every folder, a client is checked, listed and read as without."""
    home = tmp_path / "lakeside-clinic"
    shutil.copytree(
        project / "client_data" / "lakeside-clinic", home, ignore=shutil.ignore_patterns("deliverables")
    )
    for folder in ("scenarios", "maps", "deliverables/2026", "draft", "history"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    clean, record = read_files(tmp_path, home.name), load(tmp_path, home.name)
    for folder in [home, *(path for path in home.rglob("*") if path.is_dir())]:
        for name in ("._plan.yaml", "._client.yaml", ".DS_Store", "._.DS_Store", "Thumbs.db"):
            (folder / name).write_bytes(b"\0\5\x16\7")
    (tmp_path / "._lakeside-clinic").write_bytes(b"\0\5\x16\7")
    assert (read_files(tmp_path, home.name), load(tmp_path, home.name)) == (clean, record)
    for command in (["check", home.name], ["status"]):
        done = CliRunner().invoke(main, [*command, "--clients", str(tmp_path)])
        assert done.exit_code == 0, done.output
        assert "._" not in done.output
