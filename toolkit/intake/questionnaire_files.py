"""Out to the client: the questionnaire in every form, the letters, and the first meeting's kit, as files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from toolkit.client.brand import HOUSE, Brand, client_brand
from toolkit.client.modes import note_asked
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.record import Record
from toolkit.client.schema import Round
from toolkit.client.store import client_folder, load
from toolkit.errors import AlignError
from toolkit.files import make_folder, place, read, remove, write, write_new
from toolkit.intake.first_meeting import first_meeting_page
from toolkit.intake.questionnaire_items import groups_of, name_of, round_named
from toolkit.intake.questionnaire_pages import letter, offline_page, paper_page
from toolkit.intake.questionnaire_sheet import questionnaire_xlsx
from toolkit.method import GROUPS

FOLDER = "questionnaire"
KIT = "first-meeting.html"
_BY_GROUP = ("questionnaire-{}.html", "questionnaire-offline-{}.html", "invitation-{}.txt", "reminder-{}.txt")


@dataclass(frozen=True)
class Outgoing:
    """What was written.

    Attributes
    ----------
    folder : Path
        Where.
    purposes : tuple of (str, str)
        Each file's name and what it is for, in words.
    remarks : tuple of str
        What else should be known, as sentences.
    """

    folder: Path
    purposes: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...] = ()


def write_questionnaire(clients: Path, slug: str, round_id: str = "", to: Path | None = None) -> Outgoing:
    """Write all that goes out to a client before a round, and return what is for what.

    Parameters
    ----------
    round_id : str
        The round; empty means the latest.
    to : Path or None
        The folder to write to; None: ``questionnaire/<round>`` in the client's folder, where what an earlier
        run wrote for groups that no longer answer that way is taken away.

    Raises
    ------
    InputError
        When the record cannot be read, or holds no such round.
    AlignError
        When the files cannot be written.
    """
    record = load(clients, slug)
    one = round_named(record, round_id)
    files = outgoing(record, one, client_brand(clients, slug)[1])
    folder = to or client_folder(clients, slug) / FOLDER / one.id
    stale = [] if to else [name.format(group) for name in _BY_GROUP for group in GROUPS]
    try:
        if to:
            to.mkdir(parents=True, exist_ok=True)
        else:
            make_folder(client_folder(clients, slug), f"{FOLDER}/{one.id}")
        kept = _write(folder, {name: data for name, (data, _) in files.items()}, stale)
    except OSError as error:
        raise AlignError(
            f"{folder} could not be written ({error.strerror}).\n"
            "  do:      Close its files in other programs, and see that you may write there."
        ) from error
    if one.questionnaire:
        note_asked(client_folder(clients, slug), one)
    purposes = tuple((name, purpose) for name, (_, purpose) in files.items())
    return Outgoing(folder, purposes, (*_remarks(one), *kept))


def outgoing(record: Record, one: Round, brand: Brand = HOUSE) -> dict[str, tuple[bytes, str]]:
    """Return each file's bytes and purpose by name; without a questionnaire, the first meeting's kit alone."""
    questionnaire = record.questionnaire_of(one)
    files = _asking(record, one, questionnaire, brand) if questionnaire else {}
    kit = "for you: agenda, documents to ask for, what is missing, interview guide; print it"
    return {**files, KIT: (first_meeting_page(record, one), kit)}


def _asking(
    record: Record, one: Round, questionnaire: Questionnaire, brand: Brand
) -> dict[str, tuple[bytes, str]]:
    sheet = "to paste into any survey service; its sheet “How to” says how"
    files = {"questionnaire.xlsx": (questionnaire_xlsx(record.slug, one, questionnaire), sheet)}
    for group in groups_of(one):
        paper, offline, invitation, reminder = (name.format(group.group) for name in _BY_GROUP)
        who = name_of(group)
        files[paper] = (
            paper_page(record, one, group, questionnaire, brand),
            f"for {who}: to print or to read",
        )
        if group.answers_by == "survey":
            purpose = f"for {who}: to send; filled in in a browser, and what it saves comes back to you"
            files[offline] = (offline_page(record, one, group, questionnaire, brand), purpose)
        for kind, name in (("invitation", invitation), ("reminder", reminder)):
            files[name] = (
                letter(kind, record, one, group, questionnaire),
                f"for {who}: to paste into an e-mail",
            )
    return files


def _remarks(one: Round) -> list[str]:
    said = []
    if one.questionnaire is None:
        said.append(
            f"Round {one.id} names no questionnaire in client.yaml, so only the first meeting's kit was written."
        )
    elif not one.groups:
        said.append(f"Round {one.id} lists no groups yet: business and IT were taken to answer each alone. "
                    "Write the groups and how many are invited into client.yaml before you invite anyone.")  # fmt: skip
    if one.closed:
        said.append(f"Round {one.id} closed on {one.closed}: answers can no longer be added to it.")
    return said


def _write(folder: Path, files: dict[str, bytes], stale: list[str]) -> list[str]:
    """Write the files, each whole; return a sentence for each letter whose earlier text was kept beside it."""
    for name in (*files, *stale):
        place(folder, name)  # before any of them is written
    kept = []
    for name, data in files.items():
        path = folder / name
        # A consultant may have rewritten a letter where it lies.
        if path.suffix == ".txt" and path.is_file() and read(folder, name) != data:
            earlier = _earlier(path)
            write_new(folder, earlier.name, read(folder, name))
            kept.append(f"{name} is written anew; the text that stood there is now {earlier.name}.")
        write(folder, name, data)
    for name in stale:
        if name not in files:
            remove(folder, name)
    return kept


def _earlier(letter: Path) -> Path:
    """Return a name for a letter's earlier text that no earlier one has yet."""
    names = (f"{letter.stem}-earlier{f'-{number}' if number > 1 else ''}.txt" for number in count(1))
    return next(path for name in names if not os.path.lexists(path := letter.with_name(name)))
