"""Many clients at once: each made or refused by itself, the last good deliverables never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from os import cpu_count
from pathlib import Path
from typing import Literal

from toolkit.client.store import read_files, read_record
from toolkit.client.store import slugs as known_slugs
from toolkit.errors import DeliverableError, Fault, InputError
from toolkit.publish.attempt import Outcome, outcomes, outcomes_in_processes
from toolkit.publish.client_book import write_client_book
from toolkit.publish.data_files import json_bytes
from toolkit.publish.documents import DOCUMENTS
from toolkit.publish.execute import LIMITS, Limits
from toolkit.publish.job import Job, round_of
from toolkit.publish.kernels import end_everything
from toolkit.publish.manifest import fingerprint, made_from, read_manifest, stands
from toolkit.publish.pool import terminated_like_interrupted
from toolkit.publish.shelf import Shelf
from toolkit.shipped import shipped

State = Literal["made", "unchanged", "failed"]


@dataclass(frozen=True)
class ClientResult:
    """How one client went.

    Attributes
    ----------
    state : str
        ``made``, ``unchanged`` (what stands is up to date) or ``failed`` (the last good ones stand).
    message : str
        Why it failed; empty otherwise.
    faults : tuple of Fault
        What is wrong with the client's input, where that is why.
    open_these : tuple of Path
        The documents, where they are up to date.
    """

    slug: str
    state: State
    round: str = ""
    message: str = ""
    faults: tuple[Fault, ...] = ()
    open_these: tuple[Path, ...] = ()


@dataclass(frozen=True)
class BatchResult:
    """How a batch went: each client by slug, and the consultant's page."""

    results: tuple[ClientResult, ...]
    client_book: Path

    def to_json(self) -> str:
        """Return the result as JSON, paths as they were given."""
        return json_bytes({"clients": self.results, "client_book": str(self.client_book)}).decode()


@dataclass(frozen=True)
class _Work:
    """A client to be made: its job, and where its deliverables go."""

    name: str
    job: Job
    shelf: Shelf


def run_batch(
    clients: Path,
    slugs: Iterable[str],
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    force: bool = False,
    only: str | None = None,
    round_id: str = "",
    progress: Callable[[str, str], None] = lambda slug, state: None,
    notebooks: Path | None = None,
    limits: Limits = LIMITS,
) -> BatchResult:
    """Make the deliverables of some clients, and the consultant's page of them all.

    Parameters
    ----------
    workers : int or None
        Clients at a time, each in a process of its own; None means one a core.
    executor : Executor or None
        Where else to run: threads, or ``dask.distributed``'s ``Client.get_executor()``. It stays open.
    force : bool
        Make also what has not changed.
    only : str or None
        Make only the document of this name.
    round_id : str
        The round; empty means each client's latest.
    progress : callable
        Called with slug and state as each client is done.

    Notes
    -----
    The default starts fresh processes, so a script that calls this must guard its main part with
    ``if __name__ == "__main__"``.
    """
    documents = (only,) if only else tuple(DOCUMENTS)
    done: dict[str, ClientResult] = {}

    def note(result: ClientResult) -> None:
        done[result.slug] = result
        progress(result.slug, result.state)

    with terminated_like_interrupted():
        works = dict(_prepared(clients, sorted(set(slugs)), round_id, documents, notebooks, limits, note))
        works = _with_foreign_names(works, known_slugs(clients))
        if not force:
            works = dict(_stale(works, note))
        jobs = [work.job for work in works.values()]
        made = outcomes(jobs, executor) if executor else outcomes_in_processes(jobs, workers or cpu_count() or 1)
        try:
            with closing(made):
                for outcome in made:
                    note(_put(works[outcome.slug].shelf, outcome))
        except BaseException:
            end_everything()
            raise
        results = tuple(done[slug] for slug in sorted(done))
        book = write_client_book(clients, {one.slug: (one.state, one.message) for one in results})
    return BatchResult(results, book)
