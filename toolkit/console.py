"""What the commands share: safe printing, and errors as words."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from toolkit.errors import AlignError, InputError, shown, visible
from toolkit.words import counted

if TYPE_CHECKING:
    from toolkit.publish.batch import ClientResult

F = TypeVar("F", bound=Callable[..., Any])


def say(text: str = "", err: bool = False) -> None:
    """Print text; characters in it that could steer a terminal are made visible."""
    click.echo("\n".join(visible(line) for line in text.split("\n")), err=err)


@contextmanager
def told(total: int, as_json: bool) -> Iterator[Callable[[ClientResult], None]]:
    """Yield what prints a client's result; on a terminal, below all that is printed so, how far the batch is stays shown.

    Parameters
    ----------
    total : int
        How many clients the batch has.
    as_json : bool
        Print JSON, a line for each client, and nothing else.
    """
    if as_json or not sys.stdout.isatty():
        yield lambda result: say(result.to_json() if as_json else result.to_text())
        return
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    from toolkit.publish.progress import Progress
    from toolkit.publish.worker import HERE

    progress = Progress(total, HERE.calls)
    with Live(get_renderable=progress.table, console=Console(), transient=True) as live:

        def tell(result: ClientResult) -> None:
            progress.note(result)
            text = "\n".join(map(visible, result.to_text().split("\n")))
            live.console.print(Text(text), soft_wrap=True)

        yield tell


def disk_refused(error: OSError) -> str:
    """Return where a disk refused, why, and what to do."""
    where = shown(error.filename or error.filename2 or "a file")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        remedy = "See that you may write there, or name another folder (--clients, or --to where a command has it)."
    elif error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        remedy = "Make room on that disk, and try again."
    elif error.errno == errno.ENAMETOOLONG:
        remedy = "Use a shorter name."
    else:
        remedy = "See that the path is right and that you may read and write there."
    return f"{where}: {error.strerror or type(error).__name__}.\n  do:      {remedy}"


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
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read the output has gone: click ends quietly
                raise
            say(disk_refused(error), err=True)
        sys.exit(1)

    return command  # type: ignore[return-value]
