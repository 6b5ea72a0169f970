"""Every command and every option that a message, a remedy, a page, a notebook or the README names exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from toolkit.cli import main

ROOT = Path(__file__).resolve().parents[1]
PLACES = ("toolkit", "templates", "notebooks", "README.md")
KINDS = (".py", ".ipynb", ".j2", ".html", ".txt", ".yaml", ".md", ".js")
# After a quotation mark or at a line's begin, as a command stands; "align" is a verb and a word of CSS, too.
CALLED = re.compile(r"(?:^|['“‘`\"(]|\\n)align ([a-z]+)([^'”’`\"\n]*)", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--([a-z][a-z-]*[a-z])\b")
# Options of other programs, each with where it may stand.
OTHERS = {"log-level": "toolkit/intake/voila_server.py"}


def texts() -> Iterator[tuple[str, str]]:
    """Yield each file that may name a command, with its text."""
    for place in PLACES:
        path = ROOT / place
        for each in [path] if path.is_file() else sorted(path.rglob("*")):
            if each.suffix in KINDS and "_shipped" not in each.parts:
                yield each.relative_to(ROOT).as_posix(), each.read_text(encoding="utf-8")


def options(command: click.Command) -> set[str]:
    """Return the long options of a command, its help included."""
    return {"help"} | {name[2:] for each in command.params for name in each.opts if name.startswith("--")}


ALL = set().union(*map(options, [main, *main.commands.values()]))


def wrong(text: str) -> Iterator[str]:
    """Yield each command that does not exist, and each option that its command, or any command, does not have."""
    for command, rest in CALLED.findall(text):
        if command not in main.commands:
            yield f"align {command}"
            continue
        yield from (
            f"align {command} --{name}"
            for name in OPTION.findall(rest)
            if name not in options(main.commands[command])
        )
    # A class of CSS that modifies another, or a property of its own, is written with two dashes as well.
    prose = re.sub(r"var\(--[\w-]+\)|--[\w-]+\s*:", "", text)
    yield from (f"--{name}" for name in OPTION.findall(prose) if name not in ALL)


def test_what_is_named_exists() -> None:
    """A consultant who does as a text says is not told "No such option" or "No such command"."""
    named = [
        f"{name}: {each}" for name, text in texts() for each in wrong(text) if OTHERS.get(each[2:]) != name
    ]
    assert named == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Run 'align run acme --round r1 --force'.", ["align run --force"]),
        ("Try “align polish acme”.", ["align polish"]),
        ("Name another folder with --onto.", ["--onto"]),
        ("Run 'align batch acme --force', or name a folder with --to.", []),
    ],
)
def test_it_bites(text: str, found: list[str]) -> None:
    """An option of another command, a command that is none, an option of no command."""
    assert list(wrong(text)) == found
