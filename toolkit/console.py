"""What the commands share: safe printing, and errors as words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from toolkit.errors import AlignError, InputError, counted, visible

F = TypeVar("F", bound=Callable[..., Any])


def say(text: str = "", err: bool = False) -> None:
    """Print text; characters in it that could steer a terminal are made visible."""
    click.echo("\n".join(visible(line) for line in text.split("\n")), err=err)


def with_clients(function: F) -> F:
    """Add ``--clients`` and turn the toolkit's errors into text and exit code 1."""

    @click.option(
        "--clients",
        metavar="DIR",
        default=None,
        help="Folder of all clients (default: ALIGN_CLIENTS, else client_data).",
    )
    @wraps(function)
    def command(clients: str | None, *args: Any, **options: Any) -> Any:
        from toolkit.client.store import clients_folder

        try:
            return function(clients_folder(clients), *args, **options)
        except InputError as error:
            say(str(error), err=True)
            say(f"\n{counted(len(error.faults), 'fault')}. Nothing was changed.", err=True)
        except AlignError as error:
            say(str(error), err=True)
        sys.exit(1)

    return command  # type: ignore[return-value]
