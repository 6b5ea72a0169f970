"""Many clients at once: each made or refused by itself, in a process that is gone when its work is, whatever goes wrong."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from itertools import islice
from os import cpu_count
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn, get_args

from toolkit.client.brand import TEMPLATE, common_brand_files, common_template
from toolkit.client.closed import closed_since
from toolkit.client.consultancy import CONSULTANCY, consultancy_file
from toolkit.client.store import client_folder, client_name
from toolkit.client.store import slugs as known_slugs
from toolkit.errors import AlignError, Fault, InputError, shown, visible
from toolkit.publish.benchmark_file import BENCHMARK, benchmark_bytes
from toolkit.publish.current_run import announced
from toolkit.publish.documents import DOCUMENTS
from toolkit.publish.job import LATEST, Deliverables, Job, Request
from toolkit.publish.manifest import changes, json_bytes, read_manifest, sha256, stands
from toolkit.publish.result_cache import CachedResult, cache_result, cached_result, seen
from toolkit.publish.worker import HERE, WorkerDied
from toolkit.words import fixed, plain

if TYPE_CHECKING:
    from toolkit.publish.client_task import ClientTask
    from toolkit.publish.deliverables_folder import DeliverablesFolder


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

    ``log`` is the full account of a failure, for whoever looks into it; never for a page. ``seconds`` is how long it took.
    """

    slug: str
    deliverables: Deliverables | None = None
    message: str = ""
    faults: tuple[Fault, ...] = ()
    log: str = ""
    seconds: float = 0.0


def attempt(job: Job) -> Outcome:
    """Make a client's deliverables in a warm worker of this process; every error becomes an outcome, so that it can travel."""
    begun = time.monotonic()
    return replace(_attempt(job), seconds=time.monotonic() - begun)


def _attempt(job: Job) -> Outcome:
    late = f"It took longer than {plain(job.limits.client)} seconds and was stopped."
    try:
        return Outcome(job.slug, HERE.call(_made, job, seconds=job.limits.client, late=late, name=job.slug))
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


# How many jobs another executor is asked for at a time; a cluster may have many workers, and each job holds its files.
AHEAD = 64


def outcomes(jobs: Iterable[Job], executor: Executor, ahead: int = AHEAD) -> Generator[Outcome, None, None]:
    """Yield each job's outcome as it is ready, from an executor; one that the executor loses has failed.

    So many jobs are asked for at most as keep it busy: ``ahead``.
    """
    jobs, waiting = iter(jobs), dict[Future[Outcome], str]()
    try:
        while True:
            for job in islice(jobs, ahead - len(waiting)):
                waiting[executor.submit(attempt, job)] = job.slug
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                yield _outcome(waiting.pop(future), future)
    finally:
        for future in waiting:
            future.cancel()


def _outcome(slug: str, future: Future[Outcome]) -> Outcome:
    try:
        return future.result()
    except CancelledError:
        return Outcome(slug, message="It was lost, with whatever was to make it; run again.")
    except Exception as error:
        return Outcome(
            slug, message=f"It was lost where it was made: {type(error).__name__}: {shown(error)}."
        )


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
    seconds : float
        How long it took to make; 0 where nothing was.
    """

    slug: str
    state: State
    round: str = ""
    message: str = ""
    faults: tuple[Fault, ...] = ()
    open_these: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0

    def to_json(self) -> str:
        """Return the result as one line of JSON; paths are as the clients' folder was given."""
        faults = [fault.row() for fault in self.faults]
        return _json(
            slug=self.slug, round=self.round, state=self.state, cause=self.message, faults=faults,
            seconds=self.seconds, files=[path.as_posix() for path in self.open_these], warnings=self.warnings,
        )  # fmt: skip

    def to_text(self) -> str:
        """Return the result as lines for a screen: how the client went, and what to open."""
        took = f" in {fixed(self.seconds, 1)} s" if self.seconds else ""
        lines = [
            f"{shown(self.slug)}: {self.state}{took}",
            *(f"  {_for_whom(path)}" for path in self.open_these),
        ]
        lines += [f"  Attention: {visible(warning)}" for warning in self.warnings]
        return "\n".join([*lines, *(f"  {line}" for line in self.message.split("\n") if self.message)])


@dataclass(frozen=True)
class BatchResult:
    """How a batch went: its clients by slug, the consultant's page of all clients, and how long it took, in seconds."""

    results: tuple[ClientResult, ...]
    client_book: Path
    seconds: float = 0.0

    @property
    def failed(self) -> list[str]:
        """The clients that failed."""
        return [result.slug for result in self.results if result.state == "failed"]

    def to_json(self) -> str:
        """Return the sums as one line of JSON."""
        states = Counter(result.state for result in self.results)
        return _json(
            summary={state: states[state] for state in get_args(State)},
            seconds=self.seconds, client_book=self.client_book.as_posix(),
        )  # fmt: skip

    def to_text(self) -> str:
        """Return the sums as lines for a screen: how many went well, which did not, where the overview is."""
        total, failed = len(self.results), self.failed
        lost = f" Failed: {', '.join(map(shown, failed))}." if failed and total > 1 else ""
        done = f"{total - len(failed)} of {total} clients made or up to date.{lost}"
        return f"{done} The consultant’s overview: {self.client_book}"


def _json(**values: object) -> str:
    return json.dumps(values, allow_nan=False)  # in ASCII, which steers no terminal


def run_batch(
    clients: Path,
    slugs: Iterable[str],
    request: Request = LATEST,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    tell: Callable[[ClientResult], None] = lambda _: None,
) -> BatchResult:
    """Make the deliverables of some clients, and the consultant's page of all.

    Parameters
    ----------
    workers : int or None
        Clients at a time, each in a process of its own; None means one a core.
    executor : Executor or None
        Where else to run: threads, or a cluster's (:mod:`toolkit.publish.cluster`). It stays open.
    tell : callable
        Called with each client's result as it is known.

    Notes
    -----
    Whatever the executor, each client is made by a warm worker of the process that takes its job: with threads,
    of this one.
    """
    begun, slugs, done = time.monotonic(), sorted(set(slugs)), list[ClientResult]()
    cores, ahead = cpu_count() or 1, AHEAD
    prepare: Callable[[int], None] = lambda clients: None  # noqa: E731
    if executor is None and len(slugs) == 1:  # it has the machine to itself
        request = replace(request, threads=cores)
    with terminated_like_interrupted(), ExitStack() as stack:
        if executor is None:
            number = workers or cores
            ahead = 2 * number
            executor = stack.enter_context(ThreadPoolExecutor(number))
            stack.enter_context(HERE.used())

            def prepare(clients: int) -> None:
                HERE.warm(min(number, clients))  # they load while clients are read

        note = stack.enter_context(announced(clients, len(slugs)))
        for result in stack.enter_context(
            closing(_results(clients, slugs, request, executor, ahead, prepare))
        ):
            done.append(result)
            note(len(done))
            tell(result)
        done.sort(key=lambda result: result.slug)
        from toolkit.publish.client_book import write_client_book  # while workers were busy there was no need

        book = write_client_book(clients, {result.slug: (result.state, result.message) for result in done})
    return BatchResult(tuple(done), book, time.monotonic() - begun)


def _results(
    clients: Path,
    slugs: Iterable[str],
    request: Request,
    executor: Executor,
    ahead: int,
    prepare: Callable[[int], None],
) -> Generator[ClientResult, None, None]:
    """Yield each client's result as it is known: first those that need no work, input that cannot be used among them.

    ``prepare`` is called with how many clients may have to be made, before each of them is read.
    """
    digest, names, stale = _asked(clients, request), dict.fromkeys(known_slugs(clients), ""), list[str]()
    tasks: dict[str, ClientTask] = {}
    for slug in slugs:
        folder = client_folder(clients, slug)
        kept = cached_result(folder) if digest else None
        if kept and kept.asked == digest:
            names[slug] = kept.name
            yield _unchanged(folder, slug, kept)
            continue
        closed = _closed(folder, slug, request)
        if not closed:
            prepare(len(stale) + 1)
        task = closed or _read(clients, slug, request)
        if isinstance(task, ClientResult):
            yield task
            continue
        names[slug] = task.name
        if task.job.documents:
            stale.append(slug)  # it is read again in its turn: all of them at once would fill the memory
        else:
            yield _cached(task, digest, _result(task, "unchanged"))

    changed, told = list[ClientResult](), _all_names(clients, names) if stale else ()

    def jobs() -> Iterator[Job]:
        for slug in stale:
            task = _read(clients, slug, request)
            if isinstance(task, ClientResult):
                changed.append(task)
            elif task.job.documents:
                tasks[slug] = task
                yield replace(task.job, names=told)
            else:
                changed.append(_result(task, "unchanged"))

    with closing(outcomes(jobs(), executor, ahead)) as made:
        for outcome in made:
            task = tasks.pop(outcome.slug)
            before = seen(task.target.client)
            result = _put(task, outcome)
            yield _cached(task, digest, result) if before == task.seen and result.state == "made" else result
    yield from changed


def _closed(folder: Path, slug: str, request: Request) -> ClientResult | None:
    """Return what is to be told of a client whose engagement is closed, and whose documents stand; None of any other."""
    if not (since := closed_since(folder)):
        return None
    message = f"The engagement has been closed {since}."
    return ClientResult(slug, "failed" if request.force else "unchanged", message=message)


def _asked(clients: Path, request: Request) -> str:
    """Return a digest of what is asked for, as the request has it, and of what clients have in common: a brand, say."""
    digest = request.digest
    with suppress(InputError):  # each client that it concerns is told of it
        common = {
            TEMPLATE: common_template(clients), CONSULTANCY: consultancy_file(clients),
            BENCHMARK: benchmark_bytes(clients), **common_brand_files(clients),
        }  # fmt: skip
        found = {name: sha256(data) for name, data in common.items() if data}
        return sha256(json_bytes({"asked": digest, "common": found})) if digest and found else digest
    return ""


def _all_names(clients: Path, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return what all clients of a folder are called; of those not read, or with faults, what their files state."""
    called = {name or client_name(clients, slug) for slug, name in names.items()} - {""}
    return tuple(sorted({*names, *called}))


def _unchanged(folder: Path, slug: str, kept: CachedResult) -> ClientResult:
    pages = tuple(folder / "deliverables" / kept.round / page for page in kept.pages)
    return ClientResult(slug, "unchanged", kept.round, open_these=pages, warnings=kept.warnings)


def _read(clients: Path, slug: str, request: Request) -> ClientTask | ClientResult:
    """Return what there is to do for a client; its result where its input cannot be used."""
    from toolkit.publish.client_task import task_of  # heavy to load, which unchanged clients do not need

    try:
        return task_of(clients, slug, request)
    except InputError as error:
        return ClientResult(slug, "failed", message=str(error), faults=error.faults)


def _result(task: ClientTask, state: State) -> ClientResult:
    target = task.target
    return ClientResult(
        target.slug, state, target.round, open_these=_standing(target), warnings=task.warnings
    )


def _cached(task: ClientTask, digest: str, result: ClientResult) -> ClientResult:
    """Keep what was found of a client whose documents are up to date; return its result."""
    if digest:
        from toolkit.publish.client_book import book_line

        target, pages = task.target, tuple(path.name for path in result.open_these)
        line = asdict(book_line(target.clients, target.slug, record=task.record))
        cache_result(
            target.client,
            task.seen,
            CachedResult(digest, task.name, result.round, pages, task.warnings, line),
        )
    return result


def _put(task: ClientTask, outcome: Outcome) -> ClientResult:
    """Put what was made in its folder, and call it made only once it has been read back from there."""
    target = task.target
    result = ClientResult(target.slug, "failed", target.round, faults=outcome.faults, seconds=outcome.seconds)
    try:
        message = outcome.message or _written(task, outcome.deliverables)
    except AlignError as error:
        message = str(error)
    if not message:
        return replace(_result(task, "made"), seconds=outcome.seconds)
    if (path := target.log(f"{message}\n\n{outcome.log}")) and outcome.log:
        message = f"{message}\n  The full account is in {path.name}, in the client's draft folder."
    return replace(result, message=message)


def _written(task: ClientTask, made: Deliverables | None) -> str:
    """Put what was made in its folder; return why it does not stand there, empty where it does."""
    bases = made.bases if made else {}
    if other := {what for name, basis in task.bases.items() for what in changes(basis, bases.get(name, {}))}:
        return (
            f"It was made from something else than what is here: {', '.join(map(shown, sorted(other)))}.\n"
            "  do:      Install the same version wherever documents are made, change nothing meanwhile, and run again."
        )
    assert made is not None
    task.target.put(made.files, made.bases, task.issued, task.drafts, made.plan)
    manifest = read_manifest(task.target.folder)
    if all(stands(task.target.folder, manifest, name) for name in made.bases):
        return ""
    return "What was written does not read back as it was made; look at the disk, and run again."


def _for_whom(path: Path) -> str:
    """Return a path, and of a presenter's copy whom it is for."""
    documents = [one for one in DOCUMENTS.values() if one.for_presenter]
    own = {one.presenter_html: one.html for one in documents} | {
        one.presenter_pptx: one.pptx for one in documents
    }
    client = own.get(path.name)
    return f"{path}  (speaker notes, for you; give the client {client})" if client else str(path)


def _standing(target: DeliverablesFolder) -> tuple[Path, ...]:
    found = read_manifest(target.folder)
    standing = [document for name, document in DOCUMENTS.items() if stands(target.folder, found, name)]
    return tuple(
        target.folder / page
        for document in standing
        for page in (document.html, document.pdf, *document.pages[1:], *document.slides)
        if page in found["documents"][document.name]["outputs"]
    )
