"""The copy a client may have: deliverables and record, no answers, no private notes."""

from __future__ import annotations

import html
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

from toolkit.assess import Assessment, assess
from toolkit.assess.wording import day
from toolkit.client.facts import Facts, Round
from toolkit.client.parts import ACTIONS, DECISIONS, FACTS, INITIATIVES, QUESTIONNAIRE, RESPONSES
from toolkit.client.record import Record
from toolkit.client.store import client_folder
from toolkit.client.tables import write_rows
from toolkit.client.work import Action, Decision, Initiative
from toolkit.client.yaml_files import dump_facts, dump_model
from toolkit.errors import DeliverableError, Fault, InputError
from toolkit.publish.checking import checked
from toolkit.publish.manifest import NAME, read_manifest, stands
from toolkit.publish.writing import write_whole

_EPOCH = (1980, 1, 1, 0, 0, 0)
_PRESENTER = "-presenter.html"
# A shorter text, "ok" or a code such as "r1", stands in many places without giving anything away.
_TELLING = 12
_README = """{name}: hand-over copy

deliverables/   the finished documents of each round, with the data and the proof that go with them
record/         what is recorded: the facts, initiatives, decisions and actions

Not in this copy: survey answers and comments, private notes, drafts and earlier versions.
Surveyed answers are confidential. They stay with the consultant, who showed scores only of groups
in which enough people answered. The latest round is of {day}.
"""


def hand_over(clients: Path, slug: str, to: Path | None = None) -> Path:
    """Write ``<slug>-handover.zip`` and return its path; the same record and deliverables give the same bytes.

    It holds every deliverable that stands as its manifest says, but no presenter's copy; and the record written
    anew, so that no remark in a file goes along: facts without private notes, and without what they say of
    groups that may not be shown (their order of goals, adjustments and quotations); initiatives, decisions and
    actions, which leadership itself gave; the client's own questionnaire. Answers stay behind, counts of them too.

    Parameters
    ----------
    to : Path or None
        The folder to write to; None means the current one.

    Raises
    ------
    InputError
        When the record has faults, a surveyed round is still open, or no deliverable stands.
    DeliverableError
        When what was packed holds something it must not, or cannot be written; nothing was written.
    """
    record = checked(clients, slug)
    folder = client_folder(clients, slug)
    assessed = {one.id: assess(record, one.id) for one in record.rounds}
    if faults := [*_open_rounds(record, assessed)]:
        raise InputError(faults)
    made = _deliverables(folder, record)
    last = record.rounds[-1]
    readme = _README.format(name=record.facts.profile.name, day=day(last.as_of)).encode()
    own = _record_files(record, assessed)
    packed = _zipped({"README.txt": readme, **{f"record/{name}": data for name, data in own.items()}, **made})
    _verify(packed, record, own.values())
    path = (to or Path()) / f"{slug}-handover.zip"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, packed)
    except OSError as error:
        raise DeliverableError(f"{path} could not be written ({error.strerror or error}).") from error
    return path


def _open_rounds(record: Record, assessed: Mapping[str, Assessment]) -> Iterator[Fault]:
    for index, one in enumerate(record.facts.rounds):
        if assessed[one.id].open_for_answers:
            yield Fault(
                f"{FACTS}, rounds, entry {index + 1} ({one.id}), field closed",
                "nothing, so answers may still come in",
                "the last day on which an answer could be added",
                f"Write 'closed: {one.as_of}' once no answer will be added: a second copy with one reply more would give that reply away.",
            )


def _deliverables(folder: Path, record: Record) -> dict[str, bytes]:
    """Return the files of every document that stands whole, with their manifests, by their path in the copy."""
    out: dict[str, bytes] = {}
    for one in record.rounds:
        home = folder / "deliverables" / one.id
        found = read_manifest(home)
        if not found:
            continue
        broken = [name for name in found["documents"] if not stands(home, found, name)]
        if broken:
            remedy = f"Run 'align run {record.slug} --round {one.id}' again."
            where = f"deliverables/{one.id}"
            raise InputError([Fault(where, f"{', '.join(broken)}, not as it was made", "deliverables as their manifest says", remedy)])  # fmt: skip
        names = [name for entry in found["documents"].values() for name in entry["outputs"]]
        for name in (*names, NAME):
            if not name.endswith(_PRESENTER):
                out[f"deliverables/{one.id}/{name}"] = (home / name).read_bytes()
    if not out:
        remedy = f"Run 'align run {record.slug}' first."
        raise InputError([Fault(f"{record.slug}, deliverables", "nothing", "finished documents of a round", remedy)])  # fmt: skip
    return out


def _record_files(record: Record, assessed: Mapping[str, Assessment]) -> dict[str, bytes]:
    files = {
        FACTS: dump_facts(_publishable(record.facts, assessed)),
        INITIATIVES: write_rows(Initiative, record.initiatives),
        DECISIONS: write_rows(Decision, record.decisions),
        ACTIONS: write_rows(Action, record.actions),
    }
    if "own" in record.questionnaires:
        files[QUESTIONNAIRE] = dump_model(record.questionnaires["own"])
    return files


def _publishable(facts: Facts, assessed: Mapping[str, Assessment]) -> Facts:
    """Return the facts without private notes, and silent on groups that may not be shown."""
    shown = {(name, one.group) for name, a in assessed.items() for one in a.groups if one.shown}
    quoted = {(name, one.group, one.text) for name, a in assessed.items() for one in a.quotes}
    return facts.model_copy(
        update={
            "rounds": tuple(_silent(one, shown) for one in facts.rounds),
            "adjustments": tuple(
                one.model_copy(update={"private_note": None})
                for one in facts.adjustments
                if one.group is None or (one.round, one.group) in shown
            ),
            "quotes": tuple(one for one in facts.quotes if (one.round, one.group, one.text) in quoted),
        }
    )


def _silent(one: Round, shown: AbstractSet[tuple[str, str]]) -> Round:
    groups = (
        group if (one.id, group.group) in shown else group.model_copy(update={"priorities": {}})
        for group in one.groups
    )
    return one.model_copy(update={"groups": tuple(groups)})


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.external_attr = 0o644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, files[name])
    return out.getvalue()


def _verify(packed: bytes, record: Record, own: Iterable[bytes]) -> None:
    """Read the copy back and refuse it when a private note, a comment or a respondent's code stands in it.

    A text that the published record holds itself, as a theme may repeat a comment, is no leak.
    """
    published = b"\n".join(own).decode()
    secret = {one.private_note for one in record.facts.adjustments} | {r.comment for r in record.responses}
    secret |= {r.respondent for r in record.responses}
    telling = sorted(text for text in secret if text and len(text) >= _TELLING and text not in published)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for name in archive.namelist():
            raw = archive.read(name).decode("utf-8", "replace")
            forms = (raw, html.unescape(raw))
            if any(text in form or json.dumps(text)[1:-1] in form for text in telling for form in forms):
                raise DeliverableError(
                    f"{name} holds a private note, or something of {RESPONSES}; the copy was not written.\n"
                    "  do:      Make the deliverables anew with 'align run'; if it stays, do not hand them over."
                )
