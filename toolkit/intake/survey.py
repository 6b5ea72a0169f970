"""A survey service's export into a round of a client: read, mapped, compared with the record, and written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from toolkit.client.questionnaire import Questionnaire
from toolkit.client.record import Record
from toolkit.client.schema import Round
from toolkit.errors import ConflictError, Fault, InputError
from toolkit.intake.date import Days
from toolkit.intake.import_ import Import, ImportTarget
from toolkit.intake.merge_replies import outcome, resolved, row_list
from toolkit.intake.offline_answers import is_answers, read_answers
from toolkit.intake.questionnaire_items import round_named
from toolkit.intake.survey_columns import MappedExport, mapped_export
from toolkit.intake.survey_layout import Export, read_export
from toolkit.intake.survey_map import SurveyMap, remember, remembered
from toolkit.intake.survey_replies import Read, is_certain, replies_of
from toolkit.intake.table import read_raw


def import_survey(
    clients: Path, slug: str, file: Path, *, round_id: str = "", group: str = "", mapping: SurveyMap | None = None,
    partial: bool = False, finished_only: bool = False, sheet: str = "", same_replies: bool = False, on_record: bool = False,
    dry_run: bool = False,
) -> Import:  # fmt: skip
    """Import the export of a survey service, recognised by its header, into a round of a client.

    Questions are found as the map says, by id or by wording. Names, addresses and whatever else no question
    is found for are not read. A respondent is known by a code made of the service's number of the reply and,
    where each form is numbered from 1, of when it was sent (where it has no number, of the minute at which it was
    sent and of its answers), so importing the same file again changes nothing. What was resolved is remembered for the client's next export
    of that service.

    Parameters
    ----------
    round_id : str
        The round; empty means the latest.
    group : str
        The group of all replies; empty: a column of the export says it.
    mapping : SurveyMap or None
        What the consultant says of the columns; it stands above what is remembered, and must fit the file.
    sheet : str
        Of a workbook; empty means the first that is not hidden.
    partial : bool
        Leave unreadable cells missing and replies without a group out, instead of refusing.
    finished_only : bool
        Leave out replies that were begun and not sent off, where the export says which these are.
    same_replies : bool
        Replies under numbers that the round has are the same ones, sent again or corrected.
    on_record : bool
        A reply of a group that answers by one position is that position, and was not given in confidence.
    dry_run : bool
        Change nothing.

    Raises
    ------
    InputError
        When the file, a heading or, without ``partial``, any cell cannot be read; nothing is written then.
    ConflictError
        When the round is closed and the file would change it, or the record changed on disk meanwhile.
    """
    target = ImportTarget.of(clients, slug)
    record, (round_, questionnaire) = target.record, _round(target.record, round_id)
    export = read_answers(file, slug, round_, questionnaire, group) if is_answers(file) else read_export(read_raw(file, sheet))  # fmt: skip
    given, known = mapping or SurveyMap(), remembered(clients, slug, export.key)
    usual = record.facts.profile.date_order or ""
    mapped = mapped_export(export, questionnaire, group, given, known, usual)
    read = _finished_replies(mapped, round_.id) if finished_only else replies_of(mapped, round_.id)
    if read.unreadable and not partial:
        raise InputError(read.unreadable)
    _leave_to_earlier(record, round_, read)
    if not on_record and (confided := _confided(round_, read)):
        raise InputError(confided)
    done = outcome(record, round_, read, same_replies)
    if usual and not (given.dates or known.dates):
        done = replace(done, remarks=(*done.remarks, *_otherwise(mapped.days, usual)))
    if done.files and round_.closed:
        raise _closed(round_, round_.closed, read, done)
    target.take(done, dry_run)
    if dry_run:
        return done
    trouble = remember(clients, slug, export.key, resolved(mapped, given, known, usual))
    return done.without_memory("What the columns mean", trouble) if trouble else done


def _finished_replies(mapped: MappedExport, round_id: str) -> Read:
    """Read the replies that were sent off, and of the others only which they are."""
    _need_status(mapped.export)
    begun, finished = (
        replace(mapped, export=mapped.export.of_rows(unfinished)) for unfinished in (True, False)
    )
    read = replies_of(finished, round_id)
    read.left_unfinished = tuple(replies_of(begun, round_id).replies)
    return read


def _otherwise(days: Days, usual: str) -> list[str]:
    """Return that the column of days contradicts the profile, as a sentence; none where it does not."""
    if days.order in ("", usual):
        return []
    first = days.order.split()[0]
    return [f"In the days of the replies the {first} comes first, as the column shows; the client's profile (date_order) says {usual}."]  # fmt: skip


def _round(record: Record, round_id: str) -> tuple[Round, Questionnaire]:
    round_ = round_named(record, round_id)
    questionnaire = record.questionnaire_of(round_)
    if questionnaire is None:
        where = f"client.yaml, rounds, {round_.id}, field questionnaire"
        remedy = "Name the questionnaire that was used."
        raise InputError([Fault(where, "nothing", "full, executive, pulse or own", remedy)])
    return round_, questionnaire


def _leave_to_earlier(record: Record, round_: Round, read: Read) -> None:
    """Leave out replies that an earlier round has: one form may serve many rounds, and its export holds them all."""
    for earlier in record.facts.rounds:
        recorded = {response.respondent for response in record.responses if response.round == earlier.id}
        if recorded and earlier.as_of < round_.as_of:
            there = replies_of(read.mapped, earlier.id).replies
            read.leave_to(earlier.id, [reply.row for code, reply in there.items()
                                       if code in recorded and is_certain(code, read.mapped.export.running)])  # fmt: skip


def _need_status(export: Export) -> None:
    """Refuse to tell finished replies from others where nothing in the export says it."""
    if not export.status:
        found = f"no column that says it, in the layout of {export.service}"
        remedy = "Leave --finished-only out, or leave unfinished replies out when exporting."
        raise InputError(
            [Fault(export.raw.place(1), found, "a column that says which replies were sent off", remedy)]
        )


def _confided(round_: Round, read: Read) -> list[Fault]:
    """Return a fault for each group that answers by one position and of which each person replied alone."""
    rows: dict[str, list[int]] = {}
    for reply in read.replies.values():
        rows.setdefault(reply.group, []).append(reply.row)
    return [
        Fault(
            read.mapped.export.raw.place(rows[group.group][0]),
            f"replies of {group.group}, {len(rows[group.group])}, which answers by {group.answers_by} (invited: {group.invited or 'not said'})",
            "replies given in confidence only of a group that is surveyed: of this one they would be shown as its position",
            f"Write 'mode: survey' for {group.group} in round {round_.id} if each answered alone, in confidence; "
            "if this is the position it gave on the record, import with --on-record.",
        )
        for group in round_.groups
        if group.answers_by != "survey" and group.group in rows
    ]  # fmt: skip


def _closed(round_: Round, day: date, read: Read, done: Import) -> ConflictError | InputError:
    """Return why a closed round takes no more, and which replies came after it closed; ask where that is open."""
    days = read.mapped.days
    if days.undecided:
        remedy = "Say it with --dates day-first or --dates month-first, in a map under dates, or once in the client's profile (date_order)."
        return InputError([Fault(f"{done.file}, when replies were sent", days.undecided,
                                 f"days that can be compared with {day}, when round {round_.id} closed", remedy)])  # fmt: skip
    late = [reply.row for code, reply in read.replies.items() if code in {*done.new, *done.changed}
            and (sent := days.by_row.get(reply.row)) and sent > day]  # fmt: skip
    after = f" Sent after it closed: {len(late)} ({row_list(late)})." if late else ""
    return ConflictError(
        f"Round {round_.id} of {done.slug} closed on {day}, and {done.file} holds replies it does not have; "
        f"nothing was written.{after}\n"
        "  do:      Keep the round as it was published; ask again in a new round."
    )
