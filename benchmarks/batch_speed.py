"""What a client costs: our runs beside the plain commands, on the same notebooks, in one run, taken in turns.

Run: python benchmarks/batch_speed.py [CLIENT …] [--clients N] [--rounds N]. For each client, per client made:

(a) ``papermill`` and ``jupyter nbconvert`` as commands, two each; no data files, no checks
(b) papermill and our exporters in one process that is warm, a fresh kernel for each notebook; no data files, no checks
(c) ``align run``, cold
(d) ``align batch`` of N copies, one worker and two, everything it starts included
(e) the floor: what the notebooks' cells call, exports, checks and files in one warm process, without a notebook

Wall seconds and processor seconds, of each the median of the rounds; then the ratios that matter.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
NOTEBOOKS = {"assessment": "report", "roadmap": "deck"}
Cost = tuple[float, float]

WARM = """
import ast, sys, time, resource
from pathlib import Path
import nbformat, papermill
from IPython.core.formatters import DisplayFormatter
from toolkit.assess import assess
from toolkit.plan.solver import solve
from toolkit.publish import make
from toolkit.client.brand import HOUSE
from toolkit.publish.documents import DOCUMENTS, USUAL
from toolkit.publish.job import Request
from toolkit.publish.verify import verify
from toolkit.publish.client_task import task_of

kind, clients, slug, count, out = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), Path(sys.argv[5])
make.warm()
formatted = DisplayFormatter().format


def executed(name, round_id):
    path = make.shipped("notebooks") / f"{name}.ipynb"
    values = {"client": slug, "clients_dir": str(clients), "round": round_id}
    if kind == "kernels":
        return papermill.execute_notebook(path, None, values, progress_bar=False, log_output=False)
    notebook, space = nbformat.read(path, as_version=4), values | {"edition": "leadership", "display": lambda *own: None}
    for cell in notebook.cells:
        if cell.cell_type != "code" or "parameters" in cell.metadata.get("tags", []):
            continue
        tree = ast.parse(cell.source)
        last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), space)
        if last is not None and (value := eval(compile(last, "cell", "eval"), space)) is not None:
            data, metadata = formatted(value)
            cell.outputs = [nbformat.from_dict({"output_type": "execute_result", "data": data, "metadata": metadata, "execution_count": None})]
    return notebook


def once():
    assess.cache_clear()  # the next client is another one
    solve.cache_clear()
    job = task_of(clients, slug, Request(force=True)).job
    record = make.read_record(slug, dict(job.files))
    round_id = make.round_of(record, "")
    roadmap = make.explain_roadmap(record, round_id) if kind == "floor" else None
    if kind == "floor":
        (clients / slug / "draft").mkdir(exist_ok=True)
        (clients / slug / make.PLAN_FILE).write_text(make.to_json(roadmap))
    for name in USUAL:
        document, notebook = DOCUMENTS[name], executed(name, round_id)
        pages = {document.html: make._exported(make.EXPORTERS[document.template], make.without_notes(notebook))}
        if kind == "floor":
            verify(document.html, pages[document.html])
            pages |= make._for_presenter(document, notebook, [], lambda name: False, HOUSE)
            pages |= make._slides(document, notebook, [], lambda name: False, b"")
            pages |= {file: make.DATA[file](job, record, roadmap) for file in document.data}
        for file, data in pages.items():
            (out / file).write_bytes(data)


def spent():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


once()
begun, before = time.perf_counter(), spent()
for _ in range(count):
    once()
print((time.perf_counter() - begun) / count, (spent() - before) / count)
"""


def measured(act: Callable[[], object]) -> Cost:
    """Return wall and processor seconds of an act and of all the processes it waits for."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    act()
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(*words: str, cwd: Path) -> str:
    """Run a command to its end and return what it printed."""
    return subprocess.run(
        words,
        cwd=cwd,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ,
    ).stdout


def commands(clients: Path, slug: str, cwd: Path) -> None:
    """Make both documents with the plain commands."""
    for name, template in NOTEBOOKS.items():
        source = ROOT / "notebooks" / f"{name}.ipynb"
        values = ("-p", "client", slug, "-p", "clients_dir", str(clients), "-p", "round", "")
        run(str(BIN / "papermill"), str(source), f"{name}.ipynb", "--no-progress-bar", *values, cwd=cwd)
        run(str(BIN / "jupyter"), "nbconvert", "--to", template, f"{name}.ipynb", cwd=cwd)


def warm(kind: str, clients: Path, slug: str, count: int, cwd: Path) -> Cost:
    """Return what a client costs in a warm process."""
    wall, cpu = run(
        sys.executable, "-c", WARM, kind, str(clients), slug, str(count), str(cwd), cwd=cwd
    ).split()
    return float(wall), float(cpu)


def per_client(cost: Cost, count: int) -> Cost:
    """Return a batch's cost per client."""
    return cost[0] / count, cost[1] / count


def ways_of(slug: str, count: int, here: Path) -> dict[str, Callable[[], Cost]]:
    """Return each way to make a client, by its name; what it returns is the cost per client."""
    one, many, cwd, align = here / "one", here / "many", here / "out", str(BIN / "align")
    cwd.mkdir()
    shutil.copytree(ROOT / "client_data" / slug, one / slug)
    for number in range(count):
        shutil.copytree(ROOT / "client_data" / slug, many / f"{slug}-{number}")

    def batch(workers: int) -> Cost:
        words = ("batch", "--force", "--workers", str(workers), "--clients", str(many))
        wall, cpu = measured(lambda: run(align, *words, cwd=cwd))
        return wall / count, cpu / count

    return {
        "a commands": lambda: measured(lambda: commands(one, slug, cwd)),
        "b one process, kernels": lambda: warm("kernels", one, slug, 2, cwd),
        "c align run, cold": lambda: measured(
            lambda: run(align, "run", slug, "--clients", str(one), cwd=cwd)
        ),
        "d batch, 1 worker": lambda: batch(1),
        "d batch, 2 workers": lambda: batch(2),
        "e floor": lambda: warm("floor", one, slug, 5, cwd),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "slugs", nargs="*", default=["lakeside-clinic", "harbour-credit-union"], metavar="CLIENT"
    )
    parser.add_argument("--clients", type=int, default=20, metavar="N", help="copies in a batch")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    options = parser.parse_args()
    for slug in options.slugs:
        with tempfile.TemporaryDirectory() as here:
            ways = ways_of(slug, options.clients, Path(here))
            seen: dict[str, list[Cost]] = {name: [] for name in ways}
            for _ in range(options.rounds):
                for name, way in ways.items():
                    seen[name].append(way())
        print(f"{slug}, {options.clients} in a batch, {options.rounds} rounds; seconds per client")
        wall = {name: median(cost[0] for cost in costs) for name, costs in seen.items()}
        cpu = {name: median(cost[1] for cost in costs) for name, costs in seen.items()}
        for name in ways:
            print(f"  {name:24} wall {wall[name]:6.2f}   processor {cpu[name]:6.2f}")
        for first, second in (
            ("a commands", "d batch, 1 worker"),
            ("d batch, 1 worker", "e floor"),
            ("a commands", "c align run, cold"),
        ):
            print(
                f"  {first} : {second}   wall {wall[first] / wall[second]:.2f}   processor {cpu[first] / cpu[second]:.2f}"
            )


if __name__ == "__main__":
    main()
