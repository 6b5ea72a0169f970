"""The commands that take a client in. Nothing heavy is imported here: a command loads only what it uses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit.console import say, with_clients
from toolkit.errors import AlignError, shown
from toolkit.files import write_named
from toolkit.words import joined

if TYPE_CHECKING:
    from toolkit.intake.import_ import Import


@click.command()
@click.argument("slug")
@click.option("--name", help="The company's name (default: the slug).")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Date of the first round (default: today).")
@click.option("--currency", default="USD", show_default=True, help="ISO 4217 code of every amount.")
@click.option("--questionnaire", default="full", show_default=True, metavar="full|executive|pulse|none|FILE",
              help="What the first round asks; a FILE becomes the client's own questionnaire.")  # fmt: skip
@with_clients
def new(clients: Path, slug: str, name: str | None, as_of: Any, currency: str, questionnaire: str) -> None:
    """Make a new client's folder with an empty record."""
    from toolkit.client.new_client import start_client

    day: date = as_of.date() if as_of else date.today()
    folder = start_client(clients, slug, name or slug, day, currency, questionnaire)
    say(
        f"Made {folder}. Next: fill in {folder / 'client.yaml'}, or import what there is with “align import”."
    )


# What can be imported as a table, and a decision sheet that was sent back, which is no table.
_LISTS = ("initiatives", "kpis", "aggregates", "risks", "services", "assets", "actions", "decisions")
_SHEETS = "decision sheets"
_TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".ods")
# By option, what it is for; --dry-run and --report are for all.
_FOR = {
    "map": (*_LISTS, "survey"),
    "make_map": tuple(kind for kind in _LISTS if kind != "aggregates"),
    "where": _LISTS,
    "sheet": (*_LISTS, "survey"),
    "partial": (*_LISTS, "survey"),
    "dates": (*_LISTS, "survey"),
    "keep_original": ("initiatives",),
    "not_listed": ("initiatives",),
    "totals": ("initiatives",),
    "round": ("survey", _SHEETS),
    "group": ("survey",),
    "finished_only": ("survey",),
    "same_replies": ("survey",),
    "on_record": ("survey",),
}


@click.command("import")
@click.argument("kind", type=click.Choice(["survey", *_LISTS, "record"]))
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map",
    type=click.Path(path_type=Path),
    help="YAML that says which column is which field; or jira, planner, project, servicenow; of a survey, which question.",
)
@click.option(
    "--make-map",
    type=click.Path(path_type=Path),
    help="Write such a map, guessed from the table, to this new file to be corrected; import nothing.",
)
@click.option(
    "--where", multiple=True, metavar="COLUMN=VALUE", help="Keep only rows with this value; may be repeated."
)
@click.option("--sheet", default="", help="The sheet of a workbook (default: the first that is not hidden).")
@click.option("--group", default="", help="The group of all replies of a survey (default: a column says it).")
@click.option(
    "--round",
    default="",
    help="The round of a survey or of decision sheets (default: the latest).",
)
@click.option(
    "--partial", is_flag=True, help="Import what can be read; leave unreadable cells missing and list them."
)
@click.option(
    "--dates",
    type=click.Choice(["day-first", "month-first"]),
    help="How days in figures are written, where the column does not show it.",
)
@click.option(
    "--keep-original",
    is_flag=True,
    help="Of a register that comes again: the first cost and end date known stay as the original ones.",
)
@click.option(
    "--not-listed",
    type=click.Choice(["keep", "done", "stopped"]),
    help="Of a register that comes again: what becomes of open initiatives of the record that it does not list.",
)
@click.option(
    "--totals",
    type=click.Choice(["leave-out", "keep"]),
    help="Of a register: whether rows that may be a sum, a mean or a note are left out, or are initiatives.",
)
@click.option(
    "--finished-only",
    is_flag=True,
    help="Of a survey: leave out replies that were begun and not sent off, where the export says which.",
)
@click.option(
    "--same-replies",
    is_flag=True,
    help="Of a survey: replies under numbers that the round has are the same ones, sent again or corrected.",
)
@click.option(
    "--on-record",
    is_flag=True,
    help="Of a survey: what a group that answers by consensus, or one named person, replied is the position on the record.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be imported, and change nothing.")
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    help="Write every cell that could not be read, and of a survey all that is not used, to this CSV file.",
)
@with_clients
def import_(
    clients: Path, kind: str, slug: str, file: Path, dry_run: bool, report: Path | None, **options: Any
) -> None:
    """Bring a table, a survey's export, decision sheets or a record's workbook into a record; shows what goes where."""
    from toolkit import intake

    what = _SHEETS if kind == "decisions" and file.suffix.lower() not in _TABLES else kind
    _refuse_what_is_for_others(what, options)
    options["dates"], options["totals"] = _spaced(options["dates"]), _spaced(options["totals"])
    options["round_id"], chosen = options.pop("round"), options.pop("map")
    new_map, where = options.pop("make_map"), options.pop("where")
    if new_map:
        if chosen:
            raise click.UsageError("--make-map writes a map, so it needs no --map.")
        told = intake.make_map(kind, file, new_map, where, options["sheet"])
        say(f"Wrote {shown(new_map)}. {told} Correct it, then import with --map.")
        return
    if what == _SHEETS:
        done = intake.import_sheets(clients, slug, file, options["round_id"], dry_run)
    elif what == "record":
        done = intake.import_record(clients, slug, file, dry_run)
    elif what == "survey":
        mapping = intake.read_survey_map(chosen) if chosen else intake.SurveyMap()
        if options["dates"]:
            mapping = mapping.model_copy(update={"dates": options["dates"]})
        said = _of(
            options, "round_id", "sheet", "group", "partial", "finished_only", "same_replies", "on_record"
        )
        done = intake.import_survey(clients, slug, file, mapping=mapping, dry_run=dry_run, **said)
    else:
        options["not_listed"] = options["not_listed"] or ""
        said = _of(options, "sheet", "partial", "keep_original", "totals", "dates", "not_listed")
        done = intake.import_file(clients, kind, slug, file, chosen, where, dry_run=dry_run, **said)
    _told(done, slug, dry_run, report)


def _of(options: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: options[name] for name in names}


def _refuse_what_is_for_others(what: str, options: Mapping[str, Any]) -> None:
    """Refuse every option that is given and is not for what is imported."""
    faults = [
        f"--{name.replace('_', '-')} is for {joined(_FOR[name])}, not for {'a record’s workbook' if what == 'record' else what}."
        for name, value in options.items()
        if value and what not in _FOR[name]
    ]
    if faults:
        raise click.UsageError(" ".join(faults))


def _told(done: Import, slug: str, dry_run: bool, report_file: Path | None) -> None:
    """Print what an import does, and write its report where one is asked for."""
    from rich.console import Console

    from toolkit.intake import preview, report

    Console(soft_wrap=True).print(preview(done))
    say("Nothing was changed (--dry-run)." if dry_run else f"Imported into {shown(slug)}.")
    if report_file:
        try:
            write_named(report_file, report(done))
        except OSError as error:
            raise AlignError(
                f"The report {shown(report_file)} could not be written ({error.strerror}).\n"
                "  do:      Name a file in a folder that exists, closed in other programs, and import once more."
            ) from error


def _spaced(choice: str | None) -> Any:
    """Return a choice of the command line as a map writes it."""
    return (choice or "").replace("-", " ")


def _served(command: Any) -> Any:
    """Give a command the client and the options of a page that it serves."""
    options = [
        click.argument("slug"),
        click.option("--port", type=click.IntRange(1, 65535), default=None,
                     help="Port of this machine to listen on (default: any that is free)."),
        click.option("--no-browser", is_flag=True, help="Print the address, and open no browser."),
        with_clients,
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return click.command()(command)


@_served
def form(clients: Path, slug: str, port: int | None, no_browser: bool) -> None:
    """Open the form for a client in the browser, without code, until Ctrl-C; a new client can be made in it."""
    _serve("form", clients, slug, port, no_browser)


@_served
def workshop(clients: Path, slug: str, port: int | None, no_browser: bool) -> None:
    """Open the prioritisation workshop for a client in the browser, without code, until Ctrl-C."""
    from toolkit.client.store import load

    load(clients, slug)  # what is wrong with the record is told here, not in the browser
    _serve("workshop", clients, slug, port, no_browser)


def _serve(what: str, clients: Path, slug: str, port: int | None, no_browser: bool) -> None:
    from toolkit.client.closed import refuse_closed
    from toolkit.client.store import client_folder
    from toolkit.intake.form_server import serve

    refuse_closed(client_folder(clients, slug))

    def announce(address: str) -> None:
        say(f"The {what} for {slug}: {address}")
        say("Only this machine can open it, and only with this address. End it with Ctrl-C.")

    serve(clients, slug, announce, port or 0, open_browser=not no_browser, what=what)


@click.command()
@click.argument("slug")
@click.option("--round", "round_id", default="", help="The round (default: the latest).")
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to (default: questionnaire/ROUND in the client's folder).",
)
@with_clients
def questionnaire(clients: Path, slug: str, round_id: str, to: Path | None) -> None:
    """Write what goes out to a client: questionnaires, letters, and the first meeting's kit."""
    from toolkit.intake.questionnaire_files import write_questionnaire

    done = write_questionnaire(clients, slug, round_id, to)
    say(f"Written to {done.folder}:")
    width = max(len(name) for name, _ in done.purposes)
    for name, purpose in done.purposes:
        say(f"  {name:<{width}}  {purpose}")
    for remark in done.remarks:
        say(remark)


@click.command()
@click.argument("slug")
@click.option("--round", "round_id", default="", help="The round (default: the latest).")
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to (default: decisions/ROUND in the client's folder).",
)
@with_clients
def decisions(clients: Path, slug: str, round_id: str, to: Path | None) -> None:
    """Write the decision sheet of a round's documents: one offline page for who was not in the room."""
    from toolkit.intake.decision_sheet import write_sheet

    path = write_sheet(clients, slug, round_id, to)
    say(f"Wrote {path}. Send it out; take what comes back with “align import decisions {shown(slug)} FILE”.")


@click.command()
@click.argument("slug")
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write (default: SLUG.xlsx in this folder).",
)
@with_clients
def export(clients: Path, slug: str, to: Path | None) -> None:
    """Write a client's record as one workbook, to edit and import again; for you, not for the client."""
    from toolkit.intake import export_record

    path = export_record(clients, slug, to)
    say(
        f"Wrote {shown(path)}, private notes included. Edit it, then “align import record {shown(slug)} FILE --dry-run” "
        "shows what changes."
    )


COMMANDS = (new, import_, export, questionnaire, decisions, form, workshop)
