"""The decision sheet: one offline page for who was not in the room, and the files that it saves, read back.

A file's checksum tells that it was damaged on its way. It does not tell who wrote it: that is for whoever receives it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from toolkit.client.asks import PublishedAsk, digest, published_asks
from toolkit.client.brand import HOUSE, Brand, client_brand
from toolkit.client.calendar import Quarter
from toolkit.client.field_types import Id, Kind, Name, Row, Someone, Text
from toolkit.client.record import Record
from toolkit.client.schema import AskId, Round
from toolkit.client.store import client_folder, load, read_files, read_record
from toolkit.errors import AlignError, Fault, InputError, shown
from toolkit.files import make_folder, place, write
from toolkit.html import templates
from toolkit.html.policy import security_policy
from toolkit.intake.decision_answers import AnswerFields, Taken, answered_between, kept, taken
from toolkit.intake.import_ import Import
from toolkit.intake.questionnaire_items import round_named
from toolkit.intake.saved_files import SavedFiles
from toolkit.method import MOST_QUARTERS
from toolkit.words import counted, day

FOLDER, SHEET = "decisions", "decision-sheet.html"
MOST_FILES = 200
_ZEROS = b'"checksum": "00000000"'
_CHECKSUM = re.compile(rb'"checksum": "([0-9a-f]{8})"')
_SEND_AGAIN = "Ask for the file again, as the decision sheet saved it."
_CODE = Kind("a code of digits and letters a–f, as the sheet writes it", _SEND_AGAIN)
_Typed = Annotated[str, Field(max_length=2_000)]


class SheetAnswer(Row):
    """One answer of a saved file; ``otherwise`` holds "answer" or "answer quarter" for single initiatives."""

    answer: AskId
    quarter: _Typed = ""
    note: Text = ""
    action: Name | Literal[""] = ""
    owner_business: Someone | Literal[""] = ""
    owner_it: Someone | Literal[""] = ""
    due: _Typed = ""
    otherwise: dict[Id, _Typed] = Field(default_factory=dict)


class DecisionSheet(Row):
    """One saved file. ``plan`` is the digest of what was asked, ``reply`` drawn at random by the page."""

    format: Literal["align-decisions"]
    version: Literal[1]
    checksum: str
    client: Id
    round: Id
    plan: Annotated[str, Field(pattern="^[0-9a-f]{16}$"), _CODE]
    reply: Annotated[str, Field(pattern="^[0-9a-f]{32}$"), _CODE]
    by: Someone
    on: _Typed
    answers: dict[AskId, SheetAnswer]


# The page.


def write_sheet(clients: Path, slug: str, round_id: str = "", to: Path | None = None) -> Path:
    """Write the decision sheet of a round whose plan is published; return where.

    Raises
    ------
    InputError
        When the record has faults, or no plan of the round was published, or it asks nothing.
    AlignError
        When the file cannot be written.
    """
    record = load(clients, slug)
    one = round_named(record, round_id)
    home = client_folder(clients, slug)
    page = sheet_page(record, one, published_asks(home, one.id), client_brand(clients, slug)[1])
    folder = to or home / FOLDER / one.id
    try:
        if to:
            to.mkdir(parents=True, exist_ok=True)
        else:
            make_folder(home, f"{FOLDER}/{one.id}")
        place(folder, SHEET)
        write(folder, SHEET, page)
    except OSError as error:
        raise AlignError(
            f"{folder / SHEET} could not be written ({error.strerror}).\n"
            "  do:      Close it in other programs, and see that you may write there."
        ) from error
    return folder / SHEET


def sheet_page(record: Record, one: Round, asks: Sequence[PublishedAsk], brand: Brand = HOUSE) -> bytes:
    """Return the page; its policy lets nothing load, and nothing run but the one script."""
    if not asks:
        where, remedy = f"the plan of round {one.id}", "Nothing need be sent: everything is decided."
        raise InputError([Fault(where, "no decision that is asked for", "at least one", remedy)])
    code = templates.part("decision_sheet", "sheet.js")
    style = [
        ("questionnaire", "sheet.css"),
        ("questionnaire", "offline.css"),
        ("decision_sheet", "sheet.css"),
    ]
    told = [_told(ask, number, record.facts.profile.currency) for number, ask in enumerate(asks, 1)]
    groups = (
        ("Asked of this meeting", [one for one, ask in zip(told, asks, strict=True) if ask.now]),
        ("Also to be decided", [one for one, ask in zip(told, asks, strict=True) if not ask.now]),
    )
    first, last = answered_between(one)
    page = {
        "slug": record.slug, "client": record.facts.profile.name, "round": one.id, "round_name": one.name or one.id,
        "as_of": day(one.as_of), "meeting": day(one.meeting) if one.meeting else "",
        "meeting_day": one.meeting.isoformat() if one.meeting and first <= one.meeting <= last else "",
        "first_day": first.isoformat(), "last_day": last.isoformat(), "plan": digest(asks),
        "quarters": quarters_offered(record, one), "groups": [group for group in groups if group[1]], "total": len(asks),
        "style": templates.inline("style", ("".join(templates.part(*name) for name in style) + brand.sheet_style).strip()),
        "script": templates.inline("script", code), "policy": security_policy([code], pictures=bool(brand.logo)),
        "brand": brand,
    }  # fmt: skip
    return templates.rendered("decision_sheet", "sheet.html.j2", page=page).encode()


def quarters_offered(record: Record, one: Round) -> list[tuple[str, str, str]]:
    """Return the quarters until which something can be deferred: each, in words, and the day on which it begins."""
    fiscal = record.facts.profile.fiscal
    last = Quarter.of(one.as_of, fiscal).plus(MOST_QUARTERS)
    first = Quarter.of(max(one.as_of, one.meeting or one.as_of), fiscal).plus(1)
    ahead = [first.plus(n) for n in range(last.index - first.index + 1)]
    begins = [quarter.first_day(fiscal) for quarter in ahead]
    return [
        (quarter.key, f"{quarter}, from {day(first_day)}", first_day.isoformat())
        for quarter, first_day in zip(ahead, begins, strict=True)
    ]


def _told(ask: PublishedAsk, number: int, currency: str) -> dict[str, Any]:
    """Return what the page shows of an ask."""
    parts = [
        {
            "subject": part.subject, "name": part.name,
            "options": [x for x in ask.options if part.subject in {effect.subject for effect in x.effects}],
        }
        for part in ask.parts
    ]  # fmt: skip
    return {
        "id": ask.id, "number": number, "what": ask.what, "costs": ask.costs(currency), "owners": ask.owners,
        "due": day(ask.due) if ask.due else "", "about": ask.about, "undecided": ask.undecided, "options": ask.options,
        "parts": parts,
    }  # fmt: skip


# The files that come back.


def import_sheets(clients: Path, slug: str, path: Path, round_id: str = "", dry_run: bool = False) -> Import:
    """Take the answers of a saved file, or of a folder of them, into a client's record.

    Raises
    ------
    InputError
        With every file that cannot be used, and why: damaged, too large, of another client, round or plan, with an
        unknown ask, a value out of range, or an answer that contradicts another. Nothing is written then.
    ConflictError
        When the record changed on disk meanwhile.
    """
    before = read_files(clients, slug)
    record = read_record(slug, before)
    one = round_named(record, round_id)
    asks = published_asks(client_folder(clients, slug), one.id)
    files = SHEETS.found_in(path)
    sheets = read_sheets(files, slug, one, asks)
    fields = [each for name, sheet in sheets for each in _fields(name, sheet)]
    outcome = taken(record, one.id, asks, fields)
    changed = kept(clients, slug, before, outcome, dry_run)
    file = f"{path.name}, {counted(len(files), 'file')}" if path.is_dir() else path.name
    return account_of(slug, file, len(fields), outcome, changed)


def account_of(slug: str, file: str, answers: int, outcome: Taken, files: Mapping[str, bytes]) -> Import:
    """Return what answers did to a record as an import tells it."""
    return Import(
        kind="decisions", slug=slug, file=file, rows=answers, files=files, new=outcome.new, changed=outcome.changed,
        unchanged=outcome.unchanged, remarks=outcome.told, changes=outcome.changes,
    )  # fmt: skip


def read_sheets(
    files: Sequence[Path], slug: str, one: Round, asks: Sequence[PublishedAsk]
) -> list[tuple[str, DecisionSheet]]:
    """Return the files' sheets by name, each once; InputError with all that is wrong with any of them."""
    sheets: list[tuple[str, DecisionSheet]] = []
    faults: list[Fault] = []
    for each in files:
        sheet, wrong = SHEETS.read(each)
        if sheet:
            wrong += _strange(sheet, each.name, slug, one, asks)
            same = next((name for name, other in sheets if other.reply == sheet.reply and other != sheet), "")
            if same:
                found, remedy = f"another version of {shown(same)}", "Keep the one that came last."
                wrong.append(Fault(each.name, found, "each sheet once", remedy))
            sheets.append((each.name, sheet))
        faults += SHEETS.told(each, wrong)
    if faults:
        raise InputError(faults)
    return sheets


def _whole(data: bytes) -> bool:
    """Whether a file's checksum is that of its content with eight zeros in the checksum's place; line ends do not count."""
    text = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    found = _CHECKSUM.search(text)
    return bool(found) and with_checksum(text) == text


def with_checksum(text: bytes) -> bytes:
    """Return a file's text with the checksum of the rest of it, as the page writes it."""
    zeros = _CHECKSUM.sub(_ZEROS, text, count=1)
    return zeros.replace(_ZEROS, b'"checksum": "%08x"' % zlib.crc32(zeros), 1)


SHEETS = SavedFiles(
    DecisionSheet,
    "align-decisions",
    "the decision sheet",
    "decision sheets",
    "decisions-….json",
    MOST_FILES,
    _whole,
)


def _strange(
    sheet: DecisionSheet, name: str, slug: str, one: Round, asks: Sequence[PublishedAsk]
) -> list[Fault]:
    """Return why a well-formed sheet does not belong here."""
    if sheet.client != slug:
        return [Fault(f"{name}, client", sheet.client, slug, "Import it into the client it is for.")]
    if sheet.round != one.id:
        remedy = f"Import it with --round {shown(sheet.round)}, if that is what it answers."
        return [Fault(f"{name}, round", sheet.round, one.id, remedy)]
    if sheet.plan != digest(asks):
        found = "answers to another plan of this round: it was made again since the sheet was sent"
        remedy = "Send the sheet that “align decisions” writes now; or read the answers in the file, and record them in the form."
        return [Fault(f"{name}, plan", found, "answers to the plan that is published now", remedy)]
    if not sheet.answers:
        return [Fault(f"{name}, answers", "none", "at least one answer", _SEND_AGAIN)]
    return []


def _fields(name: str, sheet: DecisionSheet) -> Iterator[AnswerFields]:
    """Yield a sheet's answers as they were typed."""
    try:
        on = date.fromisoformat(sheet.on) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", sheet.on) else None
    except ValueError:
        on = None
    for ask, one in sheet.answers.items():
        apart = {i: text.partition(" ") for i, text in one.otherwise.items()}
        yield AnswerFields(
            ask=ask, answer=one.answer, quarter=one.quarter, by=sheet.by, on=on, note=one.note, action=one.action,
            owner_business=one.owner_business, owner_it=one.owner_it, due=one.due,
            otherwise={i: (answer, quarter) for i, (answer, _, quarter) in apart.items()},
            where=partial("{}, {}, {}".format, name, shown(ask)),
        )  # fmt: skip
