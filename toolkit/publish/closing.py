"""Closing an engagement: what stands against it, which files hold answers, and their destruction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

from toolkit.client.brand import TEMPLATE, is_brand_file
from toolkit.client.closed import CLOSED
from toolkit.client.modes import MODES, forget_key
from toolkit.client.parts import AGGREGATES, FACTS, FILES, RESPONSES
from toolkit.client.store import client_folder, close
from toolkit.errors import AlignError, Fault, InputError
from toolkit.files import ignored, names_in, read, remove, stamps, sync_folder
from toolkit.intake.draft import FILE, FOLDER, WAITING, read_draft
from toolkit.intake.saved_files import LARGEST
from toolkit.publish.client_task import round_of, task_of
from toolkit.publish.current_run import current_run
from toolkit.publish.deliverables_folder import checked
from toolkit.publish.draft_issues import SHOWN
from toolkit.publish.issued import ISSUED, open_behind
from toolkit.publish.status import out_of_date

_REPLY = b'"align-answers"'
# Of the drafts' folder all goes, the form's drafts with positions and private scores and the key to digests of answers
# among it, but for digests and locks.
_DIGESTS = (SHOWN, f"{FOLDER}/made-from-*.json", f"{FOLDER}/.*")
_OWN = frozenset((*FILES, MODES, ISSUED, CLOSED, TEMPLATE))


def check_closable(clients: Path, slug: str) -> None:
    """Refuse to close an engagement of which something is not finished.

    Raises
    ------
    InputError
        With everything that stands against it: faults of the record, a round still open, changes in the form that are not
        committed, documents that are not made or not up to date, a run that is going on.
    """
    record = checked(clients, slug)
    last = round_of(record, "")
    faults = [
        Fault(
            f"{FACTS}, rounds, {name}, field closed",
            "nothing, so answers may still come in",
            "the last day on which an answer could be added",
            "Write it, and run the round once more.",
        )
        for name in open_behind(record, last)
    ]
    folder = client_folder(clients, slug)
    draft = read_draft(folder, FILE)
    waiting = any(fnmatch(name, WAITING.format("*")) for name in names_in(folder, FOLDER))
    if waiting or (draft and draft.document != draft.base):
        remedy = f"Commit them or take them back in 'align form {slug}'."
        faults.append(Fault(FILE, "changes that are not committed", "no change that would be lost", remedy))
    if stale := _stale(clients, slug, last):
        allowed = "documents as the record gives them: afterwards they cannot be made again"
        faults.append(Fault(f"deliverables/{last}", stale, allowed, "Make them anew first."))
    if run := current_run(clients):
        faults.append(
            Fault(str(clients), f"a run going on: {run} clients done", "no run", "Wait until it is done.")
        )
    if faults:
        raise InputError(faults)


def _stale(clients: Path, slug: str, last: str) -> str:
    """Say what of the latest round is not made or not up to date; "" where all is."""
    if missing := task_of(clients, slug).job.documents:
        return f"{' and '.join(missing)} of {last} not made or out of date: run 'align run {slug}'"
    return out_of_date(clients, slug)


def answer_files(folder: Path) -> tuple[str, ...]:
    """Return the files of a client's folder that hold respondents' answers, wherever they lie, but for what was published."""
    found = stamps(folder)
    return tuple(name for name in sorted(found) if _holds_answers(folder, name, found[name][0]))


def _holds_answers(folder: Path, name: str, size: int) -> bool:
    last = name.rpartition("/")[2]
    if name.startswith("deliverables/"):
        return False
    if name.startswith(f"{FOLDER}/"):
        return not any(fnmatch(name, digests) for digests in _DIGESTS)
    if RESPONSES in last or AGGREGATES in last:  # replaced ones in the history folder, too
        return True
    return last.endswith(".json") and size <= LARGEST and _REPLY in read(folder, name)


def strange_files(folder: Path) -> tuple[str, ...]:
    """Return the files at the top of a client's folder that are not the toolkit's, such as a survey's export."""
    known = (name for name in sorted(stamps(folder)) if "/" not in name and not ignored(name))
    return tuple(name for name in known if name not in _OWN and not is_brand_file(name))


def what_goes(folder: Path) -> Iterator[str]:
    """Yield what closing destroys and what it keeps, in sentences and names of files."""
    gone = answer_files(folder)
    yield "To be destroyed for good:" if gone else "No file with answers is left."
    yield from (f"  {name}" for name in gone)
    yield f"Kept: documents, record, history of other files, and digests of answers ({ISSUED}, {MODES}, without its key)."
    if strange := strange_files(folder):
        yield f"See for yourself whether these hold answers; they are not the toolkit's: {', '.join(strange)}."
    yield "Backups, exports of the survey service and files that were sent to you are yours to delete."


def close_engagement(clients: Path, slug: str, on: date) -> tuple[str, ...]:
    """Close an engagement and destroy its answers; return the names of the files that are gone.

    It counts as closed before the first file goes: stopped midway, it is finished by closing once more.

    Raises
    ------
    ConflictError
        When somebody is saving; nothing was destroyed.
    AlignError
        When the disk refused; the engagement is closed, and what is left is destroyed by closing once more.
    """
    folder = client_folder(clients, slug)
    close(clients, slug, on)
    gone = answer_files(folder)
    try:
        for name in gone:
            remove(folder, name)
        forget_key(folder)
        for home in {(folder / name).parent for name in gone}:
            sync_folder(home)
    except OSError as error:
        raise AlignError(
            f"{slug} is closed, but not all answers could be destroyed ({error.strerror or error}): "
            f"{', '.join(answer_files(folder))} are left.\n"
            f"  do:      Close them in other programs, and run 'align close {slug}' again."
        ) from error
    return gone
