"""The ``align`` command. Nothing heavy is imported here: a command loads only what it uses."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit.cli_intake import COMMANDS
from toolkit.client.edition import BOARD, DRAFT, EDITIONS, LEADERSHIP, Edition, board_is_spared
from toolkit.console import say, told, with_clients
from toolkit.errors import InputError, shown
from toolkit.words import counted

if TYPE_CHECKING:
    from toolkit.client.record import Record
    from toolkit.publish.batch import BatchResult

STORIES = ("assessment", "roadmap", "review", "scorecard", "status", "closing")
with_edition = click.option(
    "--edition",
    type=click.Choice(EDITIONS),
    default=LEADERSHIP,
    help="For whom: leadership (the default); draft, marked on every page; board, shorter, beside leadership's.",
)
with_day = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="With --only status, the day to tell it on, in the round that it belongs to (default: the latest round's own).",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="it-alignment-toolkit")
def main() -> None:
    """Alignment assessments and roadmap decks for an IT-strategy consultant's clients."""
    for stream in (sys.stdout, sys.stderr):  # a Windows console may default to a narrow encoding
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


for _command in COMMANDS:
    main.add_command(_command)


@main.command()
@click.argument("slugs", nargs=-1)
@with_clients
def check(clients: Path, slugs: Sequence[str]) -> None:
    """Check clients' records: every fault at once, and what their head-counts will let be shown."""
    from toolkit.client import expected_pages
    from toolkit.client.brand import client_brand
    from toolkit.client.closed import EngagementClosed, closed_since
    from toolkit.client.consultancy import consultancy_of
    from toolkit.client.known import dated_later
    from toolkit.client.store import client_folder
    from toolkit.client.store import slugs as known
    from toolkit.publish.client_task import template_remarks
    from toolkit.publish.deliverables_folder import checked

    names = list(slugs) or _some(known(clients), clients)
    failed = 0
    for slug in names:
        try:
            record = checked(clients, slug)
            remarks = (*template_remarks(clients, slug), *client_brand(clients, slug)[1].remarks)
            remarks += consultancy_of(clients).remarks(slug, record.round().id) if record.rounds else ()
        except EngagementClosed:
            say(f"{slug}: closed {closed_since(client_folder(clients, slug))}")
            continue
        except InputError as error:
            failed += 1
            say(f"{shown(slug)}: {counted(len(error.faults), 'fault')}\n{error}\n")
            continue
        say(f"{slug}: no fault")
        told = (
            *expected_pages.pages_expected(record, ""),
            *expected_pages.plan_expected(record),
            *expected_pages.names_given_twice(record),
            *expected_pages.goals_beside_their_kpis(record),
            *expected_pages.slides_left_out(record),
            *remarks,
            *dated_later(record),
            *_past(record),
            *_clashes(clients, slug, ""),
        )
        for sentence in told:
            say(f"  {sentence}")
    if failed:
        sys.exit(1)


@main.command()
@with_clients
def status(clients: Path) -> None:
    """List the clients: latest round, what is recorded, whether deliverables are up to date."""
    from rich.console import Console

    from toolkit.client.store import slugs as known
    from toolkit.publish.status import status_table

    wide = None if sys.stdout.isatty() else 160
    Console(soft_wrap=bool(wide), width=wide).print(status_table(clients, _some(known(clients), clients)))


@main.command()
@click.argument("slug")
@click.argument("earlier")
@click.argument("later")
@click.option("--to", type=click.Path(path_type=Path), help="Write it to this file as a page (HTML), too.")
@with_clients
def compare(clients: Path, slug: str, earlier: str, later: str, to: Path | None) -> None:
    """Compare two rounds: what moved and whether that is more than noise, what was promised and done."""
    from rich.console import Console

    from toolkit.publish.round_comparison import compared

    Console(soft_wrap=not sys.stdout.isatty(), width=None if sys.stdout.isatty() else 160).print(
        compared(clients, slug, earlier, later, to)
    )
    if to:
        say(f"Wrote {shown(to)}.")


@main.command()
@click.argument("slug")
@click.argument("recommendations", nargs=-1, required=True, metavar="RECOMMENDATION…")
@click.option("--round", "round_id", default="", help="Round that recommends them (default: the latest).")
@with_clients
def adopt(clients: Path, slug: str, recommendations: Sequence[str], round_id: str) -> None:
    """Take recommendations into the roadmap, as initiatives to be completed."""
    from toolkit.plan.advice import adopt as take_in

    added = take_in(clients, slug, recommendations, round_id)
    for one in added:
        lacking = [name for name in ("duration", "capex") if getattr(one, name) is None]
        more = f"; still to be filled in: {', '.join(lacking)}" if lacking else ""
        say(f"Added to initiatives.csv: {one.id}, {shown(one.name)}{more}.")


@main.command()
@click.argument("slug")
@click.option(
    "--people", is_flag=True, help="Tell instead whom the deck names, and what it asks and says of each."
)
@with_clients
def brief(clients: Path, slug: str, people: bool) -> None:
    """Tell a colleague who takes a client over where it stands; private notes included, so not for the client."""
    from toolkit.publish.brief import brief as told_of
    from toolkit.publish.people_named import people_named

    for heading, lines in (people_named if people else told_of)(clients, slug):
        say(heading)
        for line in lines:
            say(f"  {' '.join(line.split())}")


@main.command()
@click.argument("slug")
@click.option(
    "--to", type=click.Path(path_type=Path), help="File to write (default: SLUG.ics in this folder)."
)
@with_clients
def calendar(clients: Path, slug: str, to: Path | None) -> None:
    """Write a client's meetings, rounds and dates of risks as a calendar file (.ics)."""
    from toolkit.publish.year_calendar import write_calendar

    target, days = write_calendar(clients, slug, to)
    say(f"Wrote {shown(target)}: {counted(days, 'day')}.")


@main.command()
@with_clients
def benchmark(clients: Path) -> None:
    """Issue the own benchmark, over the clients that agreed; what would give one of them away is withheld."""
    from toolkit.publish.benchmark_file import issue_benchmark

    for sentence in issue_benchmark(clients):
        say(sentence)


@main.command()
@click.argument("slug")
@click.option("--to", type=click.Path(path_type=Path), help="Folder for the copy (default: this folder).")
@with_clients
def handover(clients: Path, slug: str, to: Path | None) -> None:
    """Make the copy a client may have: deliverables and record, no answers, no private notes."""
    from toolkit.publish.handover import hand_over
    from toolkit.publish.status import out_of_date

    say(f"Made {hand_over(clients, slug, to)}.")
    if stale := out_of_date(clients, slug):
        say(f"In it, {stale[:-1]}, then make the copy again.", err=True)


@main.command()
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Destroy the answers without asking.")
@with_clients
def close(clients: Path, slug: str, yes: bool) -> None:
    """End an engagement: one page of what it promised and what came of it; then the answers are destroyed."""
    from toolkit.client.closed import closed_since
    from toolkit.client.store import client_folder
    from toolkit.publish.closing import check_closable, close_engagement, what_goes

    folder = client_folder(clients, slug)
    if not closed_since(folder):
        check_closable(clients, slug)
        _leave(_batch(clients, [slug], only="closing", workers=1))
        say(
            f"\nAfterwards nothing of {slug} can be made, compared or handed over; 'align handover {slug}' comes before."
        )
    for line in what_goes(folder):
        say(line)
    if not yes:
        click.confirm("Destroy them?", abort=True)
    gone = close_engagement(clients, slug, date.today())
    say(f"{slug} is closed. {counted(len(gone), 'file')} destroyed.")


@main.command()
@click.argument("slug")
@click.option("--round", "round_id", default="", help="Round to report on (default: the latest).")
@click.option("--only", type=click.Choice(STORIES), help="Make only this document.")
@with_edition
@with_day
@click.option(
    "--pdf", is_flag=True, help="Print the documents to PDF, too, by this machine's Chromium, Chrome or Edge."
)
@with_clients
def run(
    clients: Path, slug: str, round_id: str, only: str | None, edition: Edition, on: Any, pdf: bool
) -> None:
    """Make one client's assessment and roadmap, or with --only one document, always afresh."""
    from toolkit.publish.status import out_of_date

    result = _batch(
        clients, [slug], round_id=round_id, only=only, edition=edition, on=on, pdf=pdf, workers=1, force=True
    )
    with contextlib.suppress(InputError):  # told by the run
        if stale := out_of_date(clients, slug):
            say(f"{stale[0].upper()}{stale[1:]}", err=True)
    for sentence in (
        *_clashes(clients, slug, round_id), *_left_out(clients, slug), *_unread(clients, slug, round_id),
    ):  # fmt: skip
        say(sentence, err=True)
    _leave(result)


@main.command()
@click.argument("slugs", nargs=-1)
@click.option("--round", "round_id", default="", help="Round to report on (default: each client's latest).")
@click.option("--only", type=click.Choice(STORIES), help="Make only this document.")
@with_edition
@with_day
@click.option(
    "--pdf", is_flag=True, help="Print the documents to PDF, too, by this machine's Chromium, Chrome or Edge."
)
@click.option(
    "--workers", type=click.IntRange(1, 256), default=None, help="Clients at a time (default: one a core)."
)
@click.option("--force", is_flag=True, help="Make deliverables again even where nothing has changed.")
@click.option(
    "--dask",
    default="",
    metavar="ADDRESS",
    help="Have the workers of a Dask cluster make them; the address is its scheduler's, as tcp://HOST:8786.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print a line of JSON for each client as it is done, and one with the sums; nothing else.",
)
@with_clients
def batch(clients: Path, slugs: Sequence[str], dask: str, workers: int | None, **options: Any) -> None:
    """Make the deliverables of all clients, or of those named; a bad client stops no other."""
    from toolkit.client.store import slugs as known

    if dask and workers:
        raise click.UsageError("A cluster has the workers that it has: give --dask or --workers, not both.")
    names = list(dict.fromkeys(slugs)) or _some(known(clients), clients)
    _leave(_batch(clients, names, dask=dask, workers=workers, **options))


@main.command()
@with_clients
def demo(clients: Path) -> None:
    """Make the three synthetic samples' deliverables, end to end, and print what to open."""
    from toolkit.client.new_client import put_samples

    _leave(_batch(clients, put_samples(clients)))


def _some(slugs: list[str], clients: Path) -> list[str]:
    if not slugs:
        say(
            f"No clients in {clients}. Make one with “align new SLUG”, or try the samples with “align demo”.",
            err=True,
        )
        sys.exit(1)
    return slugs


def _clashes(clients: Path, slug: str, round_id: str) -> tuple[str, ...]:
    """Return where the consultant's own words contradict another page; none where the record has faults."""
    from toolkit.assess.clashes import clashes
    from toolkit.client.store import load

    with contextlib.suppress(InputError, KeyError):  # told by whatever was asked for
        return clashes(load(clients, slug), round_id)
    return ()


def _left_out(clients: Path, slug: str) -> list[str]:
    """Return which slides the deck leaves out; none where the record has faults."""
    from toolkit.client.expected_pages import slides_left_out
    from toolkit.client.store import load

    with contextlib.suppress(InputError):  # told by whatever was asked for
        return slides_left_out(load(clients, slug))
    return []


def _unread(clients: Path, slug: str, round_id: str) -> tuple[str, ...]:
    """Return that a round's documents are drafts for want of a second reader; nothing where they are not."""
    from toolkit.client.consultancy import consultancy_of
    from toolkit.client.store import load

    with contextlib.suppress(InputError, KeyError):  # told by whatever was asked for
        return consultancy_of(clients).remarks(slug, load(clients, slug).round(round_id).id)
    return ()


def _past(record: Record) -> tuple[str, ...]:
    """Return that the latest round's plan begins before its date; nothing where it does not."""
    from toolkit.plan.assumptions import begins_before
    from toolkit.plan.problem import first_quarter

    if not record.rounds:
        return ()
    as_of = record.round().as_of
    past = begins_before(record, as_of, first_quarter(record, as_of))
    return (f"{past}; move planning.start.",) if past else ()


def _batch(
    clients: Path,
    slugs: list[str],
    *,
    round_id: str = "",
    only: str | None = None,
    edition: Edition = LEADERSHIP,
    on: datetime | None = None,
    pdf: bool = False,
    workers: int | None = None,
    dask: str = "",
    force: bool = False,
    as_json: bool = False,
) -> BatchResult:
    """Run a batch, tell each client's result as it is known, and the sums at the end."""
    from toolkit.publish.documents import asked_for
    from toolkit.publish.worker import HERE

    documents = asked_for(only or "", edition)
    if not documents:
        raise click.UsageError(f"The {only} has no edition of its own for the board: it is short as it is.")
    if on and (only != "status" or round_id):
        raise click.UsageError(
            "--on is the day of a status: give it with --only status, and without --round."
        )
    if pdf and not dask:
        from toolkit.publish.pdf import browser

        browser()  # that there is none is said once, not of each client
    if force and not dask:  # there will be work: a worker loads what it takes while this process does
        HERE.warm(min(workers or 1, len(slugs)))
    from toolkit.publish.batch import run_batch
    from toolkit.publish.documents import DOCUMENTS, WITHOUT_POWERPOINT, powerpoint_installed
    from toolkit.publish.job import Request

    day = on.date().isoformat() if on else ""
    request = Request(round_id, documents, force, pdf=pdf, draft=edition == DRAFT, on=day)
    with contextlib.ExitStack() as stack:
        executor = None
        if dask:
            from toolkit.publish.cluster import cluster

            executor = stack.enter_context(cluster(dask))
        tell = stack.enter_context(told(len(slugs), as_json))
        result = run_batch(clients, slugs, request, workers=workers, executor=executor, tell=tell)
    say(result.to_json() if as_json else f"\n{result.to_text()}")
    if not powerpoint_installed() and any(DOCUMENTS[name].slides for name in request.documents):
        say(WITHOUT_POWERPOINT, err=True)
    if edition == BOARD:
        say(board_is_spared(), err=True)
    return result


def _leave(result: BatchResult) -> None:
    """Leave with 1 when any client failed."""
    if result.failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
