"""Clients made by a local Dask cluster whose workers share no folder with the coordinator, beside this machine's own workers.

Run: python benchmarks/soak_dask.py [CLIENTS] [TURNS]. CLIENTS (200), drawn as in soak_thousand.py, are made in TURNS (4) parts,
each once by two single-thread workers under nannies and once by two local workers, in alternating order. It leaves with 1
where the bytes differ, a client fails, or the cluster's rate is below 0.9 of the local one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from soak_thousand import digests, populated

from toolkit.publish.batch import run_batch
from toolkit.publish.cluster import cluster
from toolkit.publish.worker import HERE

ROOT, WORKERS, AIM = Path(__file__).resolve().parents[1], 2, 0.9


@contextmanager
def dask_cluster(home: Path) -> Iterator[str]:
    """Yield the address of a scheduler with its workers, each a process with a folder of its own."""
    file, local = home / "scheduler.json", ["--host", "127.0.0.1", "--no-dashboard"]
    parts: list[subprocess.Popen[bytes]] = []

    def start(name: str, *words: str) -> None:
        (home / name / "tmp").mkdir(parents=True)
        env = os.environ | {"TMPDIR": str(home / name / "tmp"), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", *words, *local]
        parts.append(subprocess.Popen(command, cwd=home / name, env=env, stderr=subprocess.DEVNULL))

    try:
        start("s", "distributed.cli.dask_scheduler", "--port", "0", "--scheduler-file", str(file))
        while not file.exists():
            time.sleep(0.1)
        for number in range(WORKERS):
            words = (
                "--scheduler-file",
                str(file),
                "--nthreads",
                "1",
                "--nworkers",
                "1",
                "--local-directory",
                ".",
            )
            start(f"w{number}", "distributed.cli.dask_worker", *words)
        import distributed

        with distributed.Client(scheduler_file=str(file), set_as_default=False) as client:
            client.wait_for_workers(WORKERS, timeout=300)
            address = client.scheduler.address
        yield address
    finally:
        for part in reversed(parts):
            part.terminate()
            part.wait()


def main() -> None:
    """Make all clients twice, and leave with 1 where a claim fails."""
    given = [int(word) for word in sys.argv[1:]]
    count, turns = (given + [200, 4][len(given) :])[:2]
    here = Path(tempfile.mkdtemp(prefix="soak-dask-"))
    try:
        slugs = sorted(populated(here / "local", count, 20261128))
        shutil.copytree(here / "local", here / "dask")
        with (
            dask_cluster(here / "cluster") as address,
            cluster(address) as far,
            ThreadPoolExecutor(WORKERS) as near,
            HERE.used(),
        ):
            took, failed = made(here, slugs, turns, {"dask": far, "local": near})
        same = digests(here / "dask") == digests(here / "local")
    finally:
        shutil.rmtree(here, ignore_errors=True)
    ratio = took["local"] / took["dask"]
    print(f"{count} clients: local {took['local']:.0f} s, cluster {took['dask']:.0f} s, rate {ratio:.2f} of the local one; "
          f"bytes {'the same' if same else 'DIFFERENT'}; {len(failed)} failed")  # fmt: skip
    print(*failed, sep="\n")
    sys.exit(0 if same and not failed and ratio >= AIM else 1)


def made(
    here: Path, slugs: list[str], turns: int, executors: dict[str, Executor]
) -> tuple[dict[str, float], list[str]]:
    """Make the clients in parts, by each executor in turn; return each one's seconds, and what failed.

    The first part is made twice: its first time warms the workers and does not count.
    """
    parts, took, failed = [slugs[turn::turns] for turn in range(turns)], dict.fromkeys(executors, 0.0), []
    warm = {name: here / f"warm-{name}" for name in executors}
    for name, executor in executors.items():
        for slug in parts[0][:WORKERS]:
            shutil.copytree(here / name / slug, warm[name] / slug)
        run_batch(warm[name], parts[0][:WORKERS], executor=executor)
    for turn, part in enumerate(parts):
        order = list(executors) if turn % 2 else list(reversed(executors))
        for name in order:
            result = run_batch(here / name, part, executor=executors[name])
            took[name] += result.seconds
            failed += [
                f"{name}: {client.slug}: {client.message}"
                for client in result.results
                if client.state != "made"
            ]
    return took, failed


if __name__ == "__main__":
    main()
