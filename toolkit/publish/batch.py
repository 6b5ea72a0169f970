"""Many clients at once: each made or refused by itself, in a process that is gone when its work is, whatever goes wrong."""

from __future__ import annotations

import signal
import sys
import threading
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from os import cpu_count
from pathlib import Path
from typing import Literal, NoReturn

from toolkit.errors import AlignError, Fault, InputError, shown, visible
from toolkit.publish.deliverables_folder import Shelf
from toolkit.publish.documents import DOCUMENTS
from toolkit.publish.job import LIMITS, Deliverables, Job, Limits, Work, works_of
from toolkit.publish.manifest import json_bytes, read_manifest, stands
from toolkit.publish.worker import HERE, WorkerDied
from toolkit.words import plain


@contextmanager
def terminated_like_interrupted() -> Iterator[None]:
    """Let SIGTERM end this process in an orderly way, as Ctrl-C does, rather than on the spot."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _: object) -> NoReturn:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@dataclass(frozen=True)
class Outcome:
    """What became of a job: its deliverables, or a message and, where input is at fault, the faults.

    ``log`` is the full account of a failure, for whoever looks into it; never for a page.
    """

    slug: str
    deliverables: Deliverables | None = None
    message: str = ""
    faults: tuple[Fault, ...] = ()
    log: str = ""


def attempt(job: Job) -> Outcome:
    """Make a client's deliverables in a warm worker of this process; every error becomes an outcome, so that it can travel."""
    late = f"It took longer than {plain(job.limits.client)} seconds and was stopped."
    try:
        return Outcome(job.slug, HERE.call(_made, job, seconds=job.limits.client, late=late))
    except InputError as error:
        return Outcome(job.slug, message=str(error), faults=error.faults)
    except WorkerDied as error:
        return Outcome(
            job.slug, message=f"The process {error.doing} died twice; the second time {error.ending}."
        )
    except AlignError as error:
        return Outcome(job.slug, message=str(error), log=getattr(error, "log", ""))
    except Exception as error:
        message = f"It could not be made: {type(error).__name__}: {shown(error)}."
        return Outcome(job.slug, message=message, log="".join(traceback.format_exception(error)))


def _made(job: Job) -> Deliverables:
    """Make a client's deliverables; the worker that is asked to has loaded what that takes."""
    from toolkit.publish.make import make_deliverables

    return make_deliverables(job)


def outcomes(jobs: Sequence[Job], executor: Executor) -> Generator[Outcome, None, None]:
    """Yield each job's outcome as it is ready, from an executor."""
    waiting = {executor.submit(attempt, job) for job in jobs}
    try:
        for done in as_completed(waiting):
            waiting.discard(done)  # it holds what was made
            yield done.result()
    finally:
        for future in waiting:
            future.cancel()


State = Literal["made", "unchanged", "failed"]


@dataclass(frozen=True)
class ClientResult:
    """How one client went.

    Attributes
    ----------
    state : str
        ``made``, ``unchanged`` (what stands is up to date) or ``failed`` (the last good ones stand).
    round : str
        The round's id; empty when the input does not tell.
    message : str
        Why it failed; empty otherwise.
    faults : tuple of Fault
        What is wrong with the client's input, where that is why.
    open_these : tuple of Path
        The documents, where they are up to date.
    warnings : tuple of str
        Which earlier drafts must not be shown beside these documents.
    """

    slug: str
    state: State
    round: str = ""
    message: str = ""
    faults: tuple[Fault, ...] = ()
    open_these: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class BatchResult:
    """How a batch went: its clients by slug, and the consultant's page of all clients."""

    results: tuple[ClientResult, ...]
    client_book: Path

    def to_json(self) -> str:
        """Return the result as JSON; paths are as the clients' folder was given."""
        results = [
            {"slug": one.slug, "state": one.state, "round": one.round, "message": one.message,
             "faults": one.faults, "open_these": [path.as_posix() for path in one.open_these], "warnings": one.warnings}
            for one in self.results
        ]  # fmt: skip
        return json_bytes({"clients": results, "client_book": self.client_book.as_posix()}).decode()

    def to_text(self) -> str:
        """Return the result as lines for a screen: how each client went, what to open, where the overview is."""
        lines = []
        for one in self.results:
            lines += [f"{shown(one.slug)}: {one.state}", *(f"  {_for_whom(path)}" for path in one.open_these)]
            lines += [f"  Attention: {visible(warning)}" for warning in one.warnings]
            if one.message:
                lines.append("  " + one.message.replace("\n", "\n  "))
        made = sum(one.state != "failed" for one in self.results)
        done = f"{made} of {len(self.results)} clients made or up to date."
        return "\n".join([*lines, "", f"{done} The consultant’s overview: {self.client_book}"])


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
    """Make the deliverables of some clients, and the consultant's page of all.

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
    Whatever the executor, each client is made by a warm worker of the process that takes its job: with threads,
    of this one.
    """
    documents = (only,) if only else tuple(DOCUMENTS)
    slugs, number = list(slugs), workers or cpu_count() or 1
    done: dict[str, ClientResult] = {}

    def note(result: ClientResult) -> None:
        done[result.slug] = result
        progress(result.slug, result.state)

    with terminated_like_interrupted(), ExitStack() as stack:
        if executor is None:
            executor = stack.enter_context(ThreadPoolExecutor(number))
            stack.enter_context(HERE.used())
            if force:
                HERE.warm(min(number, len(slugs)))  # they load while the work is looked through
        works, refused = works_of(
            clients, slugs, round_id, documents, force=force, notebooks=notebooks, limits=limits
        )
        for result in _decided(works, refused):
            note(result)
        jobs = [work.job for work in works.values() if work.job.documents]
        with closing(outcomes(jobs, executor)) as made:
            for outcome in made:
                note(_put(works[outcome.slug], outcome))
        results = tuple(done[slug] for slug in sorted(done))
        from toolkit.publish.client_book import write_client_book  # while workers were busy there was no need

        book = write_client_book(clients, {one.slug: (one.state, one.message) for one in results})
    return BatchResult(results, book)


def _decided(works: Mapping[str, Work], refused: Mapping[str, InputError]) -> Iterator[ClientResult]:
    """Yield the results that need no work: input that cannot be used, and documents that are up to date."""
    for slug, error in refused.items():
        yield ClientResult(slug, "failed", message=str(error), faults=error.faults)
    for work in works.values():
        if not work.job.documents:
            yield ClientResult(
                work.job.slug,
                "unchanged",
                work.job.round,
                open_these=_standing(work.shelf),
                warnings=work.warnings,
            )


def _put(work: Work, outcome: Outcome) -> ClientResult:
    """Put what was made on the shelf, and call it made only once it has been read back from there."""
    shelf = work.shelf
    made, message, log = outcome.deliverables, outcome.message, outcome.log
    if made is not None:
        try:
            shelf.put(made.files, made.fingerprints, work.issued, work.drafts)
        except AlignError as error:
            message = str(error)
        else:
            found = read_manifest(shelf.folder)
            if all(stands(shelf.folder, found, name) for name in made.fingerprints):
                return ClientResult(
                    shelf.slug, "made", shelf.round, open_these=_standing(shelf), warnings=work.warnings
                )
            message = "What was written does not read back as it was made; look at the disk, and run again."
    if log and (path := shelf.log(log)):
        message = f"{message}\n  The full account is in {path.name}, in the client's draft folder."
    return ClientResult(shelf.slug, "failed", shelf.round, message, outcome.faults)


def _for_whom(path: Path) -> str:
    """Return a path, and of a presenter's copy whom it is for."""
    own = {one.presenter_html: one.html for one in DOCUMENTS.values() if one.for_presenter}
    client = own.get(path.name)
    return f"{path}  (speaker notes, for you; give the client {client})" if client else str(path)


def _standing(shelf: Shelf) -> tuple[Path, ...]:
    found = read_manifest(shelf.folder)
    standing = [document for name, document in DOCUMENTS.items() if stands(shelf.folder, found, name)]
    return tuple(shelf.folder / page for document in standing for page in document.pages)
