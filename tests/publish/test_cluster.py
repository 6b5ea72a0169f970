"""Tests of a Dask cluster: real workers under nannies, which share no folder with the coordinator."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from patience import HANG

from toolkit.client.store import read_files
from toolkit.publish import cluster as clusters
from toolkit.publish.batch import attempt, outcomes, run_batch
from toolkit.publish.cluster import ClusterError, cluster
from toolkit.publish.job import Job, Request, TimeLimits
from toolkit.publish.manifest import build
from toolkit.publish.worker import HERE

distributed = pytest.importorskip("distributed")
ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "lakeside-clinic"
Copies = Write = Callable[..., Path]
# All clients but the first one are held until they are told to go on.
HOLD = """
import time
from pathlib import Path
if client != "c0":
    Path({begun!r}, client).touch()
    while not Path({go!r}).exists():
        time.sleep(0.05)
"""


def started(words: list[str], folder: Path, **more: str) -> subprocess.Popen[bytes]:
    """Start a part of Dask in a folder of its own, with temporary files of its own."""
    (folder / "tmp").mkdir(parents=True)
    env = os.environ | {"TMPDIR": str(folder / "tmp"), "PYTHONPATH": str(ROOT)} | more
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, "-m", *words], cwd=folder, env=env, **quiet)  # type: ignore[call-overload,no-any-return]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two single-thread workers, each under a nanny, each in a folder of its own."""
    home = tmp_path_factory.mktemp("cluster")
    file = home / "scheduler.json"
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    parts = [
        started(
            ["distributed.cli.dask_scheduler", *local, "--port", "0", "--scheduler-file", str(file)],
            home / "s",
        )
    ]
    until(file.exists, "the scheduler does not start")
    for name in ("a", "b"):
        words = [
            "--scheduler-file",
            str(file),
            "--nthreads",
            "1",
            "--nworkers",
            "1",
            "--host",
            "127.0.0.1",
            "--no-dashboard",
        ]
        parts.append(started(["distributed.cli.dask_worker", *words, "--local-directory", "."], home / name))
    with distributed.Client(scheduler_file=str(file), set_as_default=False) as client:
        client.wait_for_workers(2, timeout=HANG)
        yield client.scheduler.address
    for part in reversed(parts):
        part.terminate()
        part.wait(HANG)


@pytest.fixture
def copies(add_client: Callable[..., Path]) -> Copies:
    """Return a function that writes small clients of these slugs."""

    def copies(clients: Path, *slugs: str) -> Path:
        for slug in slugs:
            add_client(clients, slug, slug.title())
        return clients

    return copies


def tree(clients: Path) -> dict[str, bytes]:
    """Return all published files."""
    return {str(path.relative_to(clients)): path.read_bytes() for path in clients.glob("*/deliverables/*/*")}


def jobs_of(clients: Path, *slugs: str, **more: Any) -> list[Job]:
    """Return the jobs of some clients."""
    return [Job(slug, read_files(clients, slug), documents=("assessment",), **more) for slug in slugs]


def test_a_cluster_makes_the_same_bytes(
    address: str, tmp_path: Path, copies: Copies, real_clients: Path
) -> None:
    """Workers that share no folder with the coordinator make, byte for byte, what this machine makes."""
    far, near = copies(tmp_path / "far", "one"), copies(tmp_path / "near", "one")
    left_behind = shutil.ignore_patterns("deliverables", "draft", "issued.json")
    shutil.copytree(real_clients / SAMPLE, far / SAMPLE, ignore=left_behind)
    with cluster(address) as executor:
        made = run_batch(far, ["one", SAMPLE], executor=executor).results
    made += run_batch(near, ["one"], workers=1).results
    assert {result.state for result in made} == {"made"}
    assert tree(far) == tree(near) | tree(real_clients)


def test_another_version_on_a_worker_is_refused_in_words(address: str) -> None:
    """A worker whose toolkit or libraries are not this machine's is named, with what differs, before anything is made."""
    here = build()
    others = {
        "a": here | {"code": "1"},
        "b": here | {"versions": here["versions"] | {"numpy": "0"}},
        "c": ImportError("no"),
    }
    with pytest.raises(ClusterError) as refused:
        clusters._check("tcp://h:1", {**others, "d": here})
    text = str(refused.value)
    assert "worker a has another version of the toolkit" in text
    assert "worker b has another version of numpy" in text
    assert "worker c cannot load the toolkit" in text
    assert "worker d" not in text
    with cluster(address):
        pass  # the real workers are as this machine


def test_what_a_worker_made_from_something_else_is_not_published(
    tmp_path: Path, copies: Copies, tiny_notebooks: Path
) -> None:
    """Deliverables of a worker that joined later, with another version, fail in words and are not put in its place."""

    class Other:
        def submit(self, function: Any, job: Job) -> Any:
            from concurrent.futures import Future

            outcome, future = attempt(job), Future[Any]()
            assert outcome.deliverables is not None
            bases = {name: basis | {"code": "1"} for name, basis in outcome.deliverables.bases.items()}
            future.set_result(replace(outcome, deliverables=replace(outcome.deliverables, bases=bases)))
            return future

    clients = copies(tmp_path, "one")
    with HERE.used():
        request = Request(documents=("assessment",), notebooks=tiny_notebooks)
        (result,) = run_batch(clients, ["one"], request, executor=Other()).results  # type: ignore[arg-type]
    assert result.state == "failed"
    assert "made from something else than what is here: the toolkit" in result.message
    assert tree(clients) == {}


def test_times_hold_on_a_cluster(
    address: str, tmp_path: Path, copies: Copies, notebooks: Path, write_notebook: Write
) -> None:
    """A client that takes too long on a worker of the cluster has failed for that reason, and the next one is made."""
    clients, slow = copies(tmp_path / "c", "slow", "good"), tmp_path / "slow"
    write_notebook(slow / "assessment.ipynb", "import time\ntime.sleep(60)")
    with cluster(address) as executor:
        (late,) = outcomes(jobs_of(clients, "slow", limits=TimeLimits(client=0.2), notebooks=slow), executor)
        (good,) = outcomes(jobs_of(clients, "good", notebooks=notebooks), executor)
    assert late.message == "It took longer than 0.2 seconds and was stopped."
    assert good.deliverables is not None


def test_a_lost_worker_takes_its_process_with_it_and_its_client_is_made_by_another(
    address: str, tmp_path: Path, copies: Copies, notebooks: Path, write_notebook: Write
) -> None:
    """A killed worker's warm process ends; what it was making is made all the same, and so are the others."""
    slugs, begun, go = [f"c{number}" for number in range(4)], tmp_path / "begun", tmp_path / "go"
    clients = copies(tmp_path / "c", *slugs)
    begun.mkdir()
    hold = HOLD.format(begun=str(begun), go=str(go))
    tell = "".join(json.loads((notebooks / "assessment.ipynb").read_text("utf-8"))["cells"][2]["source"])
    write_notebook(notebooks / "assessment.ipynb", hold, tell)
    with cluster(address) as executor, distributed.Client(address, set_as_default=False) as client:
        made = outcomes(jobs_of(clients, *slugs, notebooks=notebooks), executor)
        first = next(made)
        until(lambda: len(list(begun.iterdir())) == 2, "the two workers make nothing")
        victim = min(client.run(os.getpid).values())
        below = [pid for pid in children(victim) if runs(pid)]
        os.kill(victim, signal.SIGKILL)
        go.touch()
        rest = list(made)
    assert all(outcome.deliverables for outcome in (first, *rest))
    assert {outcome.slug for outcome in (first, *rest)} == set(slugs)
    assert below
    until(lambda: not any(map(runs, below)), "a process outlives its worker")


def until(true: Callable[[], bool], otherwise: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + HANG
    while not true():
        assert time.monotonic() < end, otherwise
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [
        int(word)
        for task in Path(f"/proc/{pid}/task").glob("*/children")
        for word in task.read_text().split()
    ]


def runs(pid: int) -> bool:
    """Return whether a process runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_client_whose_executor_loses_it_has_failed_and_the_others_go_on() -> None:
    """What an executor raises or cancels becomes its client's failure, with the cause."""

    class Losing:
        def submit(self, function: Any, job: Job) -> Any:
            from concurrent.futures import Future

            future = Future[Any]()
            if job.slug == "gone":
                future.cancel()
                future.set_running_or_notify_cancel()
            else:
                future.set_exception(RuntimeError("killed \x1b[31m worker"))
            return future

    told = {o.slug: o.message for o in outcomes([Job("gone", {}), Job("bad", {})], Losing())}  # type: ignore[arg-type]
    assert told["gone"] == "It was lost, with whatever was to make it; run again."
    assert told["bad"] == "It was lost where it was made: RuntimeError: killed \\x1b[31m worker."


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "ftp://h:1", "tcp://127.0.0.1:x"])
def test_a_scheduler_that_does_not_answer_is_told_in_words(address: str) -> None:
    """A wrong address, or one where nothing answers in time, is one sentence and what to do."""
    begun = time.monotonic()
    with (
        pytest.raises(ClusterError, match=r"no scheduler answered within 0\.2 seconds"),
        cluster(address, 0.2),
    ):
        pass
    assert time.monotonic() - begun < HANG


def test_without_dask_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is missing, its name and the command are told."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"Dask is not installed here.\n.*\[scale\]"), cluster("tcp://h:1"):
        pass
