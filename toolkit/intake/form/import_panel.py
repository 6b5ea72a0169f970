"""Files that arrive: a survey's export, a register or a table of KPIs, looked at before it is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup
from pydantic import ValidationError

from toolkit.client.faults import faults_of
from toolkit.client.store import RECORD_FILES, client_folder, load
from toolkit.errors import AlignError, Fault, InputError, shown
from toolkit.files import ignored, is_plain, make_folder, names_in, temporary, write_new
from toolkit.intake.decision_sheet import import_sheets
from toolkit.intake.form.column_choice import ColumnChoice, fields_to_choose, questions_to_choose
from toolkit.intake.form.import_preview import account, refused
from toolkit.intake.form.look import FIELD, LABEL, across, button, html, label, offer, paragraph, shown_as
from toolkit.intake.form.sections import GROUP_CHOICES
from toolkit.intake.import_ import Import, import_file
from toolkit.intake.mapping import MODELS
from toolkit.intake.survey import import_survey
from toolkit.intake.survey_map import SurveyMap
from toolkit.intake.table import sheets_of
from toolkit.intake.unknown_columns import headings_of
from toolkit.words import fixed

KINDS = (("Survey answers", "survey"), ("Initiatives", "initiatives"), ("KPIs", "kpis"), ("Counted answers", "aggregates"), ("Risks and deadlines", "risks"), ("Services and contracts", "services"), ("Assets", "assets"), ("Actions", "actions"), ("Decision sheets", "decisions"))  # fmt: skip
INBOX = "inbox"
_WORKBOOKS = (".xlsx", ".xlsm", ".ods")
SUFFIXES = (".csv", *_WORKBOOKS, ".tsv", ".txt", ".json")
LARGEST_UPLOAD = 10_000_000  # what Jupyter's websocket lets through, about; more is dropped without a word
_NOT_LISTED = (
    ("is named, and stays", ""),
    ("is done", "done"),
    ("is stopped", "stopped"),
    ("goes on", "keep"),
)
_DATES = (
    ("as in the column, else as “Company” says", ""),
    ("the day", "day first"),
    ("the month", "month first"),
)
_GROUPS = (("a column says it", ""), *GROUP_CHOICES)


class ImportPanel:
    """Choose a file, look at what it holds and where it would go, import it."""

    def __init__(self, clients: Path, slug: str, rounds: Callable[[], list[tuple[str, str]]], done: Callable[[], None]) -> None:  # fmt: skip
        self._clients, self._slug, self._rounds, self._done = clients, slug, rounds, done
        folder = client_folder(clients, slug)
        self._kind = widgets.Dropdown(options=KINDS, description="What it holds", style=LABEL, layout=FIELD)
        self._file = widgets.Dropdown(description="File in the client’s folder", style=LABEL, layout=FIELD)
        self._upload = widgets.FileUpload(accept=",".join(SUFFIXES), multiple=False, description="Upload a small file", tooltip="Upload a small file", layout={"width": "auto"})  # fmt: skip
        self._sheet = widgets.Dropdown(description="Sheet of the workbook", style=LABEL, layout=FIELD)
        self._sheets = widgets.VBox([self._sheet])
        self._dates = widgets.Dropdown(options=_DATES, description="Dates in figures begin with", style=LABEL, layout=FIELD)  # fmt: skip
        self._upload.observe(lambda _: self._arrived(), "value")
        self._round = widgets.Dropdown(description="Round", style=LABEL, layout=FIELD)
        self._group = widgets.Dropdown(options=_GROUPS, description="Group", style=LABEL, layout=FIELD)
        self._column = widgets.Text(description="Column that says the group", placeholder="only if it is not found by itself", style=LABEL, layout=FIELD)  # fmt: skip
        self._words = widgets.Textarea(description="Their words for groups", placeholder="one a line: Sales = business", style=LABEL, layout=FIELD)  # fmt: skip
        self._questions = widgets.Textarea(description="Their headings", placeholder="one a line: How well do we talk? = communication-1", style=LABEL, layout=FIELD)  # fmt: skip
        self._partial = widgets.Checkbox(description="Leave out what cannot be read, instead of refusing the file", indent=False, layout=FIELD)  # fmt: skip
        self._finished = widgets.Checkbox(description="Leave out replies that were begun and not sent off", indent=False, layout=FIELD)  # fmt: skip
        self._survey_only = widgets.VBox(
            [self._round, self._group, self._column, self._words, self._questions, self._finished]
        )
        self._not_listed = widgets.Dropdown(options=_NOT_LISTED, description="In the record and not in the file", style=LABEL, layout=FIELD)  # fmt: skip
        self._register_only = widgets.VBox([self._not_listed])
        self._kind.observe(lambda _: self._fit(), "value")
        self._fit()
        self._unknown = ColumnChoice()
        for part in (self._kind, self._sheet):
            part.observe(lambda _: self._unknown.forget(), "value")
        self._file.observe(lambda _: self._chosen(), "value")
        self._offer_sheets(())
        self._outcome = html()
        about = f"Put the file into {folder.resolve()} and choose it here, or upload it if it is small: over about {LARGEST_UPLOAD // 1_000_000} MB, an upload is dropped without a word. “Look at it” changes nothing."
        buttons = across(button("Look at it", lambda: self._go(dry_run=True)), button("Import it", lambda: self._go(dry_run=False), primary=True))  # fmt: skip
        self.box = widgets.VBox([html(paragraph(about)), self._kind, self._file,
                                 across(self._upload, button("Look in the folder again", self.show)),
                                 self._sheets, self._survey_only, self._register_only, self._dates, self._partial, self._unknown.box, buttons, self._outcome])  # fmt: skip

    def show(self) -> None:
        """Offer the files that are in the client's folder now, and the rounds of the record."""
        folder = client_folder(self._clients, self._slug)
        inbox = (
            []
            if (folder / INBOX).is_symlink()
            else [folder / INBOX / each for each in names_in(folder, INBOX)]
        )
        here = sorted([*(folder / each for each in names_in(folder)), *inbox])
        found = [one for one in here
                 if is_plain(one) and not ignored(one.name) and one.suffix.lower() in SUFFIXES and one.name not in (*RECORD_FILES, "issued.json", "modes.json")]  # fmt: skip
        options = [("choose a file, or upload one", ""), *((f"{label(one.name)} ({_size(one.stat().st_size)})", str(one)) for one in found)]  # fmt: skip
        offer(self._file, options)
        known = self._rounds()
        latest = f"the latest in the record: {known[-1][0]}" if known else "none: commit a round first"
        rounds = [(latest, ""), *known]
        offer(self._round, rounds)

    def relabel(self) -> None:
        """Do nothing: the folder is looked through when the section is opened, or when asked to."""

    def _fit(self) -> None:
        for part, kind in ((self._survey_only, "survey"), (self._register_only, "initiatives")):
            part.layout.display = "" if self._kind.value == kind else "none"

    def _arrived(self) -> None:
        for one in self._upload.value:
            self._file.value = ""
            self._chosen()
            self._say(paragraph(f"Arrived: {shown(one['name'])}, {_size(one['size'])}. Look at it, then import it.", "right", "status"))  # fmt: skip

    def _chosen(self) -> None:
        """Offer the sheets of the file that is chosen, or was uploaded; what is wrong with it is told when it is looked at."""
        self._unknown.forget()
        try:
            with self._at_hand() as path:
                self._offer_sheets(sheets_of(path) if path else ())
        except (AlignError, OSError):
            self._offer_sheets(())

    def _offer_sheets(self, names: Sequence[str]) -> None:
        first = [
            (f"{label(name)} (the first)", "") for name in names[:1] or [""]
        ]  # an empty list would show no choice later
        self._sheet.options = [*first, *((label(name), name) for name in names[1:])]
        self._sheets.layout.display = "" if len(names) > 1 else "none"

    @contextmanager
    def _at_hand(self) -> Iterator[Path | None]:
        """Yield the file that is chosen, else the one that was uploaded, which holds names and does not stay; else None."""
        if self._file.value:
            yield Path(self._file.value)
        elif uploaded := self._upload.value:
            with temporary("align-upload-") as folder:
                home, name = make_folder(folder, "upload"), Path(uploaded[0]["name"]).name or "upload"
                write_new(home, name, bytes(uploaded[0]["content"]))
                yield home / name
        else:
            yield None

    def _go(self, dry_run: bool) -> None:
        if not self._file.value and not self._upload.value:
            missing = "No file has arrived. Choose one from the client’s folder; if you uploaded one, it was too large and Jupyter dropped it: put it into the folder instead."
            return self._say(paragraph(missing, "wrong", "alert"))
        try:
            with self._at_hand() as path:
                done = self._taken(path, dry_run) if path else None
        except AlignError as error:
            return self._say(refused(error))
        if done:
            self._say(account(done, dry_run))
        if not dry_run:
            self._upload.value = ()
            self._done()
        return None

    def _taken(self, path: Path, dry_run: bool) -> Import:
        """Import a file, and offer its columns that are not known; also where it is refused, perhaps for want of them."""
        kind = self._kind.value
        try:
            done = self._import(path, dry_run)
        except AlignError:
            self._offer(
                headings_of(path, kind, self._sheet.value or "") if kind in (*MODELS, "survey") else ()
            )
            raise
        if dry_run:
            self._offer(done.unknown)
        else:
            self._unknown.forget()
        return done

    def _offer(self, headings: Sequence[str]) -> None:
        kind = self._kind.value
        if kind == "survey":
            record = load(self._clients, self._slug)
            rounds = [one for one in record.rounds if one.id == self._round.value] or [*record.rounds][-1:]
            options = questions_to_choose(record.questionnaire_of(rounds[0]) if rounds else None)
        else:
            options = fields_to_choose(kind)
        self._unknown.offer(headings, options)

    def _import(self, path: Path, dry_run: bool) -> Import:
        how: dict[str, Any] = {"partial": self._partial.value, "sheet": self._sheet.value or "", "dry_run": dry_run}  # fmt: skip
        if self._kind.value == "decisions" and path.suffix.lower() == ".json":
            return import_sheets(self._clients, self._slug, path, dry_run=dry_run)
        if self._kind.value == "initiatives":
            how["not_listed"] = self._not_listed.value
        if self._kind.value in MODELS:
            how["columns"] = self._unknown.chosen()
        if self._kind.value != "survey":
            how["dates"] = self._dates.value
            return import_file(self._clients, self._kind.value, self._slug, path, **how)
        return import_survey(self._clients, self._slug, path, round_id=self._round.value, group=self._group.value, mapping=self._map(), finished_only=self._finished.value, **how)  # fmt: skip

    def _map(self) -> SurveyMap | None:
        said = {"group": self._column.value, "groups": _pairs(self._words), "questions": self._unknown.chosen() | _pairs(self._questions), "dates": self._dates.value}  # fmt: skip
        given = {name: value for name, value in said.items() if value}
        try:
            return SurveyMap.model_validate(given) if given else None
        except ValidationError as error:
            raise InputError(faults_of(error, SurveyMap, lambda loc: ", ".join(map(str, loc)))) from None

    def _say(self, content: Markup) -> None:
        self._outcome.value = shown_as(content)


def _pairs(field: widgets.Textarea) -> dict[str, str]:
    """Return a field's lines ``their word = ours`` as pairs; InputError with each line that is none."""
    pairs: dict[str, str] = {}
    faults = []
    for number, line in enumerate(field.value.splitlines(), start=1):
        theirs, _, ours = (each.strip() for each in line.rpartition("="))
        if theirs and theirs not in pairs:
            pairs[theirs] = ours
        elif line.strip():
            where, remedy = f"{field.description}, line {number}", f"Write it like: {field.placeholder}"
            faults.append(Fault(where, line.strip(), "their word = ours, each of theirs once", remedy))
    if faults:
        raise InputError(faults)
    return pairs


def _size(size: int) -> str:
    return f"{fixed(size / 1_000_000, 1)} MB" if size >= 100_000 else f"{fixed(max(size / 1000, 0.1), 1)} kB"
