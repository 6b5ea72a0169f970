"""The review: what is recorded, what which page still lacks, what is wrong, what a commit changes; check, run, open."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

import ipywidgets as widgets
from markupsafe import Markup

from toolkit.client.store import client_folder
from toolkit.errors import AlignError, Fault, InputError, shown
from toolkit.files import ignored, is_plain, names_in
from toolkit.intake.completeness import Missing, pages_of
from toolkit.intake.document import at
from toolkit.intake.draft import Draft
from toolkit.intake.form.entry import needed
from toolkit.intake.form.fields import called
from toolkit.intake.form.look import (
    BESIDE,
    LABEL,
    across,
    button,
    html,
    label,
    listed,
    offer,
    paragraph,
    shown_as,
    tabled,
)
from toolkit.intake.form.marks import Marks
from toolkit.intake.form.places import in_words, told_change
from toolkit.intake.form.sections import BY_KEY, PARTS
from toolkit.words import counted

MOST = 40  # faults or changes listed; the rest is counted
DOCUMENTS = (("assessment.html", "the assessment"), ("roadmap.html", "the roadmap deck"), ("roadmap-presenter.html", "the presenter’s copy"))  # fmt: skip
_TITLES = {
    **{key: part.title for key, part in BY_KEY.items()},
    "answers": "Import",
    "scoring": "Score together",
}


class Review:
    """Everything at once, and what to do next."""

    def __init__(
        self, draft: Draft, post: Callable[[Callable[[], None]], object], go: Callable[[str, str], None], committed: Callable[[], None]
    ) -> None:  # fmt: skip
        self._draft, self._post, self._go_to, self._committed = draft, post, go, committed
        self._verdict, self._progress, self._missing, self._faults, self._changes, self._outcome = (html() for _ in range(6))  # fmt: skip
        self._where = widgets.Dropdown(description="Go to", style=LABEL, layout=BESIDE)
        self._going = across(self._where, button("Go", self._go))
        self._commit = button("Commit the draft to the record", self.commit, primary=True)
        self._check = button("Check the record", lambda: self._run("check"))
        self._make = button("Make both documents", lambda: self._run("run"), primary=True)
        self._documents = across()
        self.box = widgets.VBox([
            self._verdict, self._going, self._faults, self._missing, self._changes,
            across(self._commit, self._check, self._make), self._outcome, self._documents, self._progress,
        ])  # fmt: skip

    def show(self) -> None:
        """Judge the draft as it stands."""
        draft = self._draft
        marks = Marks.of(draft)
        faults, lacks = [one.fault for one in marks.judged], list(marks.lacks)
        self._verdict.value = shown_as(_verdict(len(faults), lacks))
        self._faults.value = shown_as(_faults(faults))
        self._missing.value = shown_as(_missing(lacks))
        self._changes.value = shown_as(_changes(draft))
        self._progress.value = shown_as(tabled([(part.title, f"{marks.mark(part.key).sign} {marks.line(part)}") for part in PARTS], "Sections"))  # fmt: skip
        self._offer(
            [
                *((one.section, one.entry) for one in marks.judged if one.section),
                *((one.section, "") for one in lacks),
            ]
        )
        self._list_documents()

    def relabel(self) -> None:
        """Judge again."""
        self.show()

    def commit(self) -> None:
        """Commit the draft, or say why not."""
        number = len(self._draft.uncommitted)
        if not number:
            return self._say(paragraph("There is nothing to commit: everything in the draft is in the record.", role="status"))  # fmt: skip
        try:
            self._draft.commit()
        except InputError as error:
            faults = [in_words(self._draft.document, one)[0] for one in error.faults]
            self._say(paragraph("Nothing was committed.", "wrong", "alert") + _faults(faults))
        except AlignError as error:
            self._say(paragraph("Nothing was committed.", "wrong", "alert") + _lines(str(error)))
        else:
            self._say(paragraph(f"Committed: {counted(number, 'change')}. What was replaced is in the history folder.", "right", "status"))  # fmt: skip
        return self._committed()

    def _offer(self, places: list[tuple[str, str]]) -> None:
        options = []
        for key, id in dict.fromkeys(places):
            found = at(self._draft.document, (*BY_KEY[key].path, id)) if id else None
            entry = f": {called(found) if found else label(id)}" if id else ""
            options.append((f"{_TITLES.get(key, key)}{entry}", f"{key}/{id}"))
        offer(self._where, options)
        self._going.layout.display = "" if options else "none"

    def _go(self) -> None:
        key, _, id = (self._where.value or "/").partition("/")
        if key:
            self._go_to(key, id)

    def _run(self, what: str) -> None:
        waiting = len(self._draft.uncommitted)
        note = f" Not in it: {counted(waiting, 'change')} of the draft not yet committed." if waiting else ""
        doing = (
            "Checking the record…" if what == "check" else "Making the documents: some ten to sixty seconds…"
        )
        self._say(paragraph(doing + note, role="status"))
        self._check.disabled = self._make.disabled = True
        arguments = [what, self._draft.slug, "--clients", str(self._draft.clients.resolve())]
        run_command(arguments, lambda code, text: self._heard(what, code, note, text), self._post)

    def _heard(self, what: str, code: int, note: str, text: str) -> None:
        self._check.disabled = self._make.disabled = False
        done = "The record has no fault." if what == "check" else "The documents are made."
        failed = (
            "The record has faults."
            if what == "check"
            else "The documents could not all be made; what can be opened below is from an earlier run."
        )
        said = (
            paragraph(failed + note, "wrong", "alert")
            if code
            else paragraph(f"✓ {done}{note}", "right", "status")
        )
        self._say(said + _lines(text))
        self._list_documents()

    def _list_documents(self) -> None:
        """Offer what lies in the newest round's folder to be opened."""
        home = client_folder(self._draft.clients, self._draft.slug)
        where = home / "deliverables"
        made = (
            []
            if where.is_symlink()
            else [where / each for each in names_in(home, where.name) if not ignored(each)]
        )
        rounds = [one for one in made if is_plain(one / DOCUMENTS[0][0]) and not one.is_symlink()]
        latest = max(rounds, key=lambda one: (one / DOCUMENTS[0][0]).stat().st_mtime, default=None)
        found = (
            [(latest / name, what) for name, what in DOCUMENTS if is_plain(latest / name)] if latest else []
        )
        self._documents.children = [button(f"Open {what}, {latest.name}" if latest else "", lambda path=path: self._open(path)) for path, what in found]  # fmt: skip

    def _open(self, path: Path) -> None:
        opened = webbrowser.open(path.resolve().as_uri())
        self._say(paragraph(f"{'Opened' if opened else 'Open this file in a browser'}: {path.resolve()}", role="status"))  # fmt: skip

    def _say(self, content: Markup) -> None:
        self._outcome.value = shown_as(content)


def _verdict(faults: int, lacks: list[Missing]) -> Markup:
    if faults:
        return paragraph(f"✗ {counted(faults, 'thing')} to put right before the draft can be committed. Each is listed below with what to do.", "wrong", "status")  # fmt: skip
    if lacks:
        return paragraph(f"The draft can be committed and run. Thinner than they could be: {pages_of(lacks)}.", "open", "status")  # fmt: skip
    return paragraph("✓ Complete: every page has what it needs.", "right", "status")


def _faults(faults: list[Fault]) -> Markup:
    lines = [f"{one.where}: “{shown(one.found)}” is not {one.allowed}. {one.remedy}" if one.found != "nothing"
             else f"{one.where}: {needed(one)}" for one in faults[:MOST]]  # fmt: skip
    lines += [f"and {len(faults) - MOST} more"] if len(faults) > MOST else []
    return (Markup("<h4>To put right</h4>") + listed(lines)) if lines else Markup("")


def _missing(lacks: list[Missing]) -> Markup:
    rows = [(one.what[0].upper() + one.what[1:], pages_of([one]), _TITLES[one.section]) for one in lacks]
    return tabled(rows, "Missing", ("What", "For", "Filled in under")) if rows else Markup("")


def _changes(draft: Draft) -> Markup:
    changes = draft.uncommitted
    lines: list[str] = []
    for number, change in enumerate(changes):
        if len(lines) >= MOST:
            lines.append(f"and {len(changes) - number} more")
            break
        lines += told_change(draft.recorded, draft.document, *change)
    said = Markup("<h4>{}</h4>").format(f"{counted(len(changes), 'change')} not yet committed")
    return said + listed(lines) if lines else paragraph("Everything in the draft is in the record.", "right")


def _lines(text: str) -> Markup:
    return Markup("<pre>{}</pre>").format(text.strip())


# What belongs to this kernel alone: its drawing backend and its parent.
_OWN = ("MPLBACKEND", "JPY_PARENT_PID", "JPY_SESSION_NAME")


def run_command(
    arguments: Sequence[str], heard: Callable[[int, str], None], post: Callable[[Callable[[], None]], object]
) -> None:
    """Run ``align`` with these arguments; ``heard`` gets its exit code and all it printed, through ``post``.

    Parameters
    ----------
    post : callable
        Runs a function on the thread that the widgets live on.
    """

    def work() -> None:
        kept = {name: value for name, value in os.environ.items() if name not in _OWN}
        command = [sys.executable, "-m", "toolkit.cli", *arguments]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=kept,
                encoding="utf-8", errors="replace", check=False,
            )  # fmt: skip
            code, said = done.returncode, done.stdout
        except OSError as error:
            code, said = 1, f"The command could not be started ({error.strerror})."
        post(lambda: heard(code, said))

    threading.Thread(target=work, daemon=True).start()
