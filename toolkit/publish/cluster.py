"""A Dask cluster that makes clients: files go to its workers as bytes and come back as bytes; no disk is shared.

Dask is imported here alone; it comes with the extra ``scale``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from typing import Any

from toolkit.errors import AlignError, shown
from toolkit.publish.manifest import build, changes
from toolkit.words import plain

PATIENCE = 20.0  # seconds in which a scheduler must answer, and have a worker


class ClusterError(AlignError):
    """A cluster that cannot make clients: which, why, and what to do."""

    def __init__(self, address: str, why: str, remedy: str) -> None:
        super().__init__(f"The cluster at {shown(address)}: {why}.\n  do:      {remedy}")


@contextmanager
def cluster(address: str, seconds: float = PATIENCE) -> Iterator[Executor]:
    """Yield an executor that has calls made by the workers of the cluster whose scheduler is at an address.

    When one of its workers is lost, what that was making is given to another, as often as the scheduler allows.

    Raises
    ------
    ClusterError
        When Dask is not installed, the scheduler does not answer in time or has no worker, or a worker has another
        version of the toolkit, of Python or of a library than this machine.
    """
    try:
        import distributed
    except ImportError:
        remedy = "Install it: pip install 'it-alignment-toolkit[scale]'."
        raise ClusterError(address, "Dask is not installed here", remedy) from None
    for name in logging.root.manager.loggerDict:
        if name.startswith("distributed"):  # what goes wrong is told in words; it would stand beside them
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    with ExitStack() as stack:
        try:
            # Asked first without a client: one that fails to start is never closed, and ends when it is collected as
            # garbage; in the midst of another client's start, that waits for ever.
            asyncio.run(_reached(address, seconds))
            client = stack.enter_context(distributed.Client(address, timeout=seconds, set_as_default=False))
            try:
                client.wait_for_workers(1, timeout=seconds)
            except TimeoutError:
                why = f"its scheduler has had no worker for {plain(seconds)} seconds"
                raise ClusterError(address, why, "Start its workers, then try again.") from None
            builds = client.run(build, on_error="return")
        except (OSError, ValueError, TypeError, KeyError) as error:
            remedy = "See that it runs and can be reached from here, as tcp://HOST:8786, then try again."
            why = f"no scheduler answered within {plain(seconds)} seconds ({type(error).__name__})"
            raise ClusterError(address, why, remedy) from None
        _check(address, builds)
        yield client.get_executor(pure=False)


async def _reached(address: str, seconds: float) -> None:
    """Connect to a scheduler and leave again; OSError or ValueError where that cannot be."""
    from distributed.comm.core import connect

    await (await connect(address, timeout=seconds)).close()


def _check(address: str, builds: dict[str, Any]) -> None:
    """Raise ClusterError where a worker's build is not this machine's."""
    here, wrong = build(), []
    for worker, there in sorted(builds.items()):
        if not isinstance(there, dict):
            wrong.append(
                f"its worker {shown(worker)} cannot load the toolkit ({type(there).__name__}: {shown(there)})"
            )
        elif other := changes(here, there):
            wrong.append(f"its worker {shown(worker)} has another version of {', '.join(map(shown, other))}")
    if wrong:
        raise ClusterError(
            address, ";\n  ".join(wrong), "Install there what is installed here, then try again."
        )
