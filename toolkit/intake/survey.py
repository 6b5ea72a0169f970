"""A survey service's export into a round of a client: read, mapped, compared with the record, and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from toolkit.client.models import Round
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.record import Record
from toolkit.client.store import read_files, read_record, save
from toolkit.errors import ConflictError, Fault, InputError, shown
from toolkit.intake.date import Days, days_sent
from toolkit.intake.import_ import Import
from toolkit.intake.merge_replies import Reading, outcome, resolved, row_list
from toolkit.intake.offline_answers import is_answers, read_answers
from toolkit.intake.questionnaire_items import round_named
from toolkit.intake.survey_columns import columns_of, grouping_of
from toolkit.intake.survey_layout import Export, cell_at, read_export
from toolkit.intake.survey_map import SurveyMap, remember, remembered
from toolkit.intake.survey_replies import Read, Reply, is_certain, replies_of
from toolkit.intake.table import Raw, read_raw


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
    before = read_files(clients, slug)
    record = read_record(slug, before)
    one, questionnaire = _round(record, round_id)
    if is_answers(file):
        raw, export = read_answers(file, slug, one, questionnaire, group)
    else:
        export = read_export(raw := read_raw(file, sheet))
    given, known = mapping or SurveyMap(), remembered(clients, slug, export.key)
    columns = columns_of(raw, export, questionnaire, given, known)
    grouping = grouping_of(raw, export, columns.used, group, given, known)
    sent = {number: cell_at(row, export.submitted) for number, row in export.rows}
    named, usual = given.dates or known.dates, record.facts.profile.date_order or ""
    days = days_sent(sent, named or usual)
    told = known.meanings | given.meanings
    if finished_only:
        _need_status(raw, export)
        begun = export.of_rows(unfinished=True)
        export = export.of_rows(unfinished=False)
    read = replies_of(raw, export, columns, grouping, one.id, told)
    if finished_only:
        read.left_unfinished = tuple(replies_of(raw, begun, columns, grouping, one.id, told).replies)
    if read.unreadable and not partial:
        raise InputError(read.unreadable)
    _leave_to_earlier(record, one, read, lambda other: replies_of(raw, export, columns, grouping, other, told), export.running)  # fmt: skip
    if not on_record and (confided := _confided(raw, one, read.replies.values())):
        raise InputError(confided)
    reading = Reading(raw, export, columns, grouping, days, read)
    done = outcome(record, one, reading, same_replies)
    if usual and not named:
        done = replace(done, remarks=(*done.remarks, *_otherwise(days, usual)))
    if done.files and one.closed:
        late = [reply.row for key, reply in read.replies.items() if key in {*done.new, *done.changed}
                and (day := days.by_row.get(reply.row)) and day > one.closed]  # fmt: skip
        raise _closed(one, slug, reading, late)
    read_record(slug, {**before, **done.files})
    if dry_run:
        return done
    if done.files:
        save(clients, slug, done.files, before)
    trouble = remember(clients, slug, export.key, resolved(reading, given, known, usual))
    said = f"What the columns mean could not be remembered: {shown(trouble)}."
    return replace(done, remarks=(*done.remarks, said)) if trouble else done


def _otherwise(days: Days, usual: str) -> list[str]:
    """Return that the column of days contradicts the profile, as a sentence; none where it does not."""
    if days.order in ("", usual):
        return []
    first = days.order.split()[0]
    return [f"In the days of the replies the {first} comes first, as the column shows; the client's profile (date_order) says {usual}."]  # fmt: skip


def _round(record: Record, round_id: str) -> tuple[Round, Questionnaire]:
    one = round_named(record, round_id)
    questionnaire = record.questionnaire_of(one)
    if questionnaire is None:
        where = f"client.yaml, rounds, {one.id}, field questionnaire"
        remedy = "Name the questionnaire that was used."
        raise InputError([Fault(where, "nothing", "full, executive, pulse or own", remedy)])
    return one, questionnaire


def _leave_to_earlier(
    record: Record, one: Round, read: Read, read_as_of: Callable[[str], Read], running: bool
) -> None:
    """Leave out replies that an earlier round has: one form may serve many rounds, and its export holds them all."""
    for other in record.facts.rounds:
        recorded = {each.respondent for each in record.responses if each.round == other.id}
        if recorded and other.as_of < one.as_of:
            there = read_as_of(other.id).replies
            read.leave_to(other.id, [reply.row for code, reply in there.items()
                                     if code in recorded and is_certain(code, running)])  # fmt: skip


def _need_status(raw: Raw, export: Export) -> None:
    """Refuse to tell finished replies from others where nothing in the export says it."""
    if not export.status:
        found = f"no column that says it, in the layout of {export.service}"
        remedy = "Leave --finished-only out, or leave unfinished replies out when exporting."
        raise InputError(
            [Fault(raw.place(1), found, "a column that says which replies were sent off", remedy)]
        )


def _confided(raw: Raw, one: Round, replies: Iterable[Reply]) -> list[Fault]:
    """Return a fault for each group that answers by one position and of which each person replied alone."""
    rows: dict[str, list[int]] = {}
    for reply in replies:
        rows.setdefault(reply.group, []).append(reply.row)
    return [
        Fault(
            f"{raw.place(rows[group.group][0])}",
            f"replies of {group.group}, {len(rows[group.group])}, which answers by {group.answers_by} (invited: {group.invited or 'not said'})",
            "replies given in confidence only of a group that is surveyed: of this one they would be shown as its position",
            f"Write 'mode: survey' for {group.group} in round {one.id} if each answered alone, in confidence; "
            "if this is the position it gave on the record, import with --on-record.",
        )
        for group in one.groups
        if group.answers_by != "survey" and group.group in rows
    ]  # fmt: skip


def _closed(one: Round, slug: str, reading: Reading, late: Sequence[int]) -> ConflictError | InputError:
    """Return why a closed round takes no more, and which replies came after it closed; ask where that is open."""
    days: Days = reading.days
    if days.undecided:
        remedy = "Say it with --dates day-first or --dates month-first, in a map under dates, or once in the client's profile (date_order)."
        return InputError([Fault(f"{reading.raw.file}, when replies were sent", days.undecided,
                                 f"days that can be compared with {one.closed}, when round {one.id} closed", remedy)])  # fmt: skip
    after = f" Sent after it closed: {len(late)} ({row_list(late)})." if late else ""
    return ConflictError(
        f"Round {one.id} of {slug} closed on {one.closed}, and {reading.raw.file} holds replies it does not have; "
        f"nothing was written.{after}\n"
        "  do:      Keep the round as it was published; ask again in a new round."
    )
