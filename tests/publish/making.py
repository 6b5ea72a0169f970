"""Making a client's deliverables as a batch does, in a warm worker of the test's own process."""

from __future__ import annotations

from patience import HANG

from toolkit.publish.job import Deliverables, Job
from toolkit.publish.make import make_deliverables
from toolkit.publish.worker import HERE as WORKERS


def made_of(job: Job) -> Deliverables:
    """Return what is made of a job; raise what making it raises."""
    made = WORKERS.call(make_deliverables, job, seconds=HANG, late="It hangs.")
    assert isinstance(made, Deliverables)
    return made
