"""One job attempted, wherever a worker runs; what comes back is data, whatever went wrong."""

from __future__ import annotations

import multiprocessing
import threading
import traceback
from collections.abc import Generator, Sequence
from concurrent.futures import Executor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from toolkit.errors import AlignError, Fault, InputError, shown
from toolkit.publish.job import Deliverables, Job, make_deliverables
from toolkit.publish.kernels import ending, killed_for_memory
from toolkit.publish.pool import TIME_OVER, leave, own_folder, process_pool
from toolkit.words import plain


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
    """Make a client's deliverables; every error becomes an outcome, so that it can travel."""
    try:
        return Outcome(job.slug, make_deliverables(job, own_folder()))
    except InputError as error:
        return Outcome(job.slug, message=str(error), faults=error.faults)
    except AlignError as error:
        return Outcome(job.slug, message=str(error), log=getattr(error, "log", ""))
    except Exception as error:
        message = f"It could not be made: {type(error).__name__}: {shown(error)}."
        return Outcome(job.slug, message=message, log=traceback.format_exc())


def attempt_in_time(job: Job) -> Outcome:
    """Attempt a job in a worker process, which leaves when the client takes too long."""
    timer = threading.Timer(job.limits.client, leave, [TIME_OVER])
    timer.daemon = True
    timer.start()
    try:
        return attempt(job)
    finally:
        timer.cancel()
        timer.join()  # once begun, leaving takes the job's files away: what fails by that is no outcome


def outcomes(jobs: Sequence[Job], executor: Executor) -> Generator[Outcome, None, None]:
    """Yield each job's outcome as it is ready, from an executor of the caller's."""
    for done in as_completed([executor.submit(attempt, job) for job in jobs]):
        yield done.result()


def outcomes_in_processes(jobs: Sequence[Job], workers: int) -> Generator[Outcome, None, None]:
    """Yield each job's outcome as it is ready, from a pool of processes; jobs are sorted by slug.

    When a worker dies, the whole pool does. Jobs start in order, so the culprit is among the first
    that are unfinished: each of these is tried again in a process of its own, and the rest in a new
    pool. A job whose process dies a second time has failed.
    """
    waiting = list(jobs)
    while waiting:
        unfinished: list[Job] = []
        with process_pool(min(workers, len(waiting))) as pool:
            futures = {}
            for job in waiting:
                try:
                    futures[pool.submit(attempt_in_time, job)] = job
                except BrokenProcessPool:
                    unfinished.append(job)
            for future in as_completed(futures):
                if isinstance(future.exception(), BrokenProcessPool):
                    unfinished.append(futures[future])
                else:
                    yield future.result()
        unfinished.sort(key=lambda job: job.slug)
        suspects, waiting = unfinished[: workers + 1], unfinished[workers + 1 :]
        for job in suspects:
            yield _alone(job)


def _alone(job: Job) -> Outcome:
    killed = killed_for_memory()
    with process_pool(1) as pool:
        future = pool.submit(attempt_in_time, job)
        workers = multiprocessing.active_children()
        try:
            return future.result()
        except BrokenProcessPool:
            pass
    codes = [worker.exitcode for worker in workers if worker.exitcode]
    if TIME_OVER in codes:
        return Outcome(
            job.slug, message=f"It took longer than {plain(job.limits.client)} seconds and was stopped."
        )
    how = ending(codes[0] if codes else None, killed)
    return Outcome(job.slug, message=f"The process making it died twice; the second time {how}.")
