"""The copy a client may have: deliverables and record, no answers, no private notes."""

from __future__ import annotations

import html
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from toolkit.assess import Assessment, assess
from toolkit.client.consultancy import CONSULTANCY, consultancy_of
from toolkit.client.parts import (
    ACTIONS,
    ASSETS,
    DECISIONS,
    FACTS,
    FIRST_PLAN,
    INITIATIVES,
    PREVIOUS_PLAN,
    QUESTIONNAIRE,
    RESPONSES,
    SERVICES,
    TABLES,
)
from toolkit.client.questionnaire import OWN
from toolkit.client.record import Record
from toolkit.client.record_csv import write_rows
from toolkit.client.schema import Facts, Round, Scenario, scenario_file
from toolkit.client.yaml_text import dump_facts, dump_model
from toolkit.errors import DeliverableError, Fault, InputError
from toolkit.files import read, write
from toolkit.html.picture import picture_of
from toolkit.publish.deliverables_folder import DeliverablesFolder, checked
from toolkit.publish.documents import DOCUMENTS, made_as_draft, options
from toolkit.publish.manifest import NAME, json_bytes, read_manifest, stands
from toolkit.words import day

_TABLES = (INITIATIVES, DECISIONS, ACTIONS, SERVICES, ASSETS)
_RECORD = (FACTS, *_TABLES, QUESTIONNAIRE)
_EPOCH = (1980, 1, 1, 0, 0, 0)
# What is not named here stays behind, whatever a manifest lists: a presenter's copy, a path to elsewhere.
_GIVEN = frozenset([NAME, *(file for one in DOCUMENTS.values() for file in one.for_client)])
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
    actions, which leadership itself gave; the scenario that the plan follows; the client's own questionnaire; the
    pictures of own slides, as the deck shows them. Answers stay behind, counts of them too.

    Parameters
    ----------
    to : Path or None
        The folder to write to; None means the current one.

    Raises
    ------
    InputError
        When the record has faults, a surveyed round is still open, or no deliverable stands; when one is a
        link, is not as its manifest says, is a draft: made as such, while its round was open, or before the second reader whom
        the consultancy requires was named, or was made from another record than the other of its round.
    DeliverableError
        When what was packed holds something it must not, or cannot be written; nothing was written.
    """
    record = checked(clients, slug)
    assessed = {one.id: assess(record, one.id) for one in record.rounds}
    if faults := [*_open_rounds(record, assessed)]:
        raise InputError(faults)
    made = _deliverables(clients, record)
    last = record.rounds[-1]
    readme = _README.format(name=record.facts.profile.name, day=day(last.as_of)).encode()
    facts = _publishable(record.facts, assessed)
    own = _record_files(record, facts)
    files = {"README.txt": readme, **{f"record/{name}": data for name, data in own.items()}, **made}
    packed = _zipped(files)
    _verify(packed, record, _words(record, facts))
    path = (to or Path()) / f"{slug}-handover.zip"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path.parent, path.name, packed)
    except OSError as error:
        raise DeliverableError(
            f"{path} could not be written ({error.strerror or error}).\n"
            "  do:      Name another folder with --to, or see that you may write there."
        ) from error
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


def _deliverables(clients: Path, record: Record) -> dict[str, bytes]:
    """Return the files of every document, with their manifests, by their path in the copy."""
    out: dict[str, bytes] = {}
    faults: list[Fault] = []
    consultancy = consultancy_of(clients)
    for one in record.rounds:
        target = DeliverablesFolder(clients, record.slug, one.id)
        try:
            target.check()
        except InputError as error:
            faults += error.faults
            continue
        home = target.folder
        if not home.is_dir():
            continue
        found = read_manifest(home)
        names = [name for entry in found.get("documents", {}).values() for name in entry.get("outputs", ())]
        given = [name for name in (*names, NAME) if name in _GIVEN]
        wrong = _wrong(home, found)
        if wants := consultancy.wants_reader(record.slug, one.id):
            wrong = wrong or "documents of which no second reader is named"
        if wrong:
            named = f"Name who has read it in {CONSULTANCY}, under clients, {record.slug}, read_by, {one.id}. Then run"
            run = named if wants else "Run"
            remedy = f"{run} 'align run {record.slug} --round {one.id}'{_then_on_request(found)}."
            allowed = "plain files as their manifest says, no drafts, made after the round was closed and read, all from one record"
            faults.append(Fault(f"deliverables/{one.id}", wrong, allowed, remedy))
        else:
            out |= {f"deliverables/{one.id}/{name}": read(home, name) for name in given}
            out[f"deliverables/{one.id}/{NAME}"] = _manifest_of(found)
    if not out and not faults:
        remedy = f"Run 'align run {record.slug}' first."
        where = f"{record.slug}, deliverables"
        faults.append(Fault(where, "nothing", "finished documents of a round", remedy))
    if faults:
        raise InputError(faults)
    return out


def _manifest_of(found: Mapping[str, Any]) -> bytes:
    """Return a round's manifest that lists what is given, and nothing of what stays behind."""
    documents = {
        name: entry
        | {"outputs": {file: digest for file, digest in entry["outputs"].items() if file in _GIVEN}}
        for name, entry in found["documents"].items()
    }
    return json_bytes(dict(found) | {"documents": documents})


def _then_on_request(found: Mapping[str, Any]) -> str:
    """Return how what stands there on request is made again."""
    made = [one for name, one in DOCUMENTS.items() if name in found.get("documents", {}) and one.on_request]
    return "".join(f", then the same with '{options(one).strip()}'" for one in made)


def _wrong(home: Path, found: Mapping[str, Any]) -> str:
    """Say why a round's deliverables may not leave; nothing when they may."""
    documents = found.get("documents")
    if not documents:
        return f"no {NAME} that can be read"
    if broken := [name for name in documents if not stands(home, found, name)]:
        return f"{', '.join(broken)}, not as it was made"
    drafts = [name for name, entry in documents.items() if entry.get("made_from", {}).get("open_rounds")]
    if drafts:
        return f"{', '.join(drafts)}, a draft of a round that was open"
    if unread := [name for name, entry in documents.items() if entry.get("made_from", {}).get("unread")]:
        return f"{', '.join(unread)}, a draft that no second reader has read"
    if asked := [name for name, entry in documents.items() if made_as_draft(entry)]:
        return f"{', '.join(asked)}, made as a draft"
    # A review also rests on the plan of the round before, the closing page on the first: no other document looks at them.
    alike = [name for name in documents if name not in DOCUMENTS or not DOCUMENTS[name].of_a_day]
    seen = [_but_other_plans(documents[name].get("made_from", {}).get("inputs")) for name in alike]
    apart = any(one != seen[0] for one in seen)
    return f"{' and '.join(alike)}, made from the record as it stood at different times" if apart else ""


def _but_other_plans(inputs: Any) -> Any:
    return (
        {name: it for name, it in inputs.items() if name not in (PREVIOUS_PLAN, FIRST_PLAN)}
        if isinstance(inputs, dict)
        else inputs
    )


def _record_files(record: Record, facts: Facts) -> dict[str, bytes]:
    files = {FACTS: dump_facts(facts)}
    for file in _TABLES:
        name, model = TABLES[file]
        if (rows := getattr(record, name)) or file not in (SERVICES, ASSETS):
            files[file] = write_rows(model, rows)
    files |= {scenario_file(one.id): dump_model(one) for one in _followed(record)}
    if OWN in record.questionnaires:
        files[QUESTIONNAIRE] = dump_model(record.questionnaires[OWN])
    # As the deck shows them, without what a camera wrote into them.
    files |= {name: picture_of(record.pictures[name]).data for name in record.facts.deck.pictures}
    return files


def _followed(record: Record) -> list[Scenario]:
    return [record.followed] if record.followed else []


def _words(record: Record, facts: Facts) -> str:
    """Return all that the record says in the copy, each text whole: a YAML file folds long ones."""
    models: list[BaseModel] = [
        facts, *(row for file in _TABLES for row in getattr(record, TABLES[file][0])), *_followed(record)
    ]  # fmt: skip
    models += [one for name, one in record.questionnaires.items() if name == OWN]
    return _plain(json.dumps([one.model_dump() for one in models], ensure_ascii=False, default=str))


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
            member.create_system = (
                3  # else the system's own number stands there, and bytes differ between systems
            )
            member.external_attr = 0o644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, files[name])
    return out.getvalue()


def _verify(packed: bytes, record: Record, published: str) -> None:
    """Read the copy back; refuse it when a private note, a comment, a respondent's code or a strange file is in it.

    A text that the published record holds itself, as a theme may repeat a comment, is no leak.
    """
    secret = {one.private_note for one in record.facts.adjustments} | {r.comment for r in record.responses}
    secret |= {r.respondent for r in record.responses}
    telling = {form for text in secret if text and len(text) >= _TELLING for form in _forms(text, published)}
    own = {"README.txt", *(f"record/{name}" for name in _RECORD)}
    own |= {f"record/{scenario_file(one.id)}" for one in _followed(record)}
    own |= {f"record/{name}" for name in record.facts.deck.pictures}
    given = {f"deliverables/{one.id}/{name}" for one in record.rounds for name in _GIVEN}
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for name in archive.namelist():
            raw = _text_in(name, archive.read(name))
            held = _plain(raw) + _plain(html.unescape(raw))
            if name not in own | given or any(text in held for text in telling):
                raise DeliverableError(
                    f"{name} holds a private note, or something of {RESPONSES}, or has no place in the copy, "
                    "which was not written.\n"
                    "  do:      Make the deliverables anew with 'align run'; if it stays, do not hand them over."
                )


def _text_in(name: str, data: bytes) -> str:
    """Return a file as text; a workbook or a PowerPoint file, which are packed, with all their parts."""
    if not name.endswith((".xlsx", ".pptx")):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "\n".join(_text_in(part, packed.read(part)) for part in packed.namelist())


def _forms(text: str, published: str) -> set[str]:
    """Return a text as a page, a notebook or a JSON file may hold it; nothing when it is published anyway."""
    if _plain(json.dumps(text, ensure_ascii=False)[1:-1]) in published:
        return set()
    return {_plain(text), *(_plain(json.dumps(text, ensure_ascii=ascii)[1:-1]) for ascii in (True, False))}


def _plain(text: str) -> str:
    """Return a text without what does not change what it says: upper case, line breaks, double spaces."""
    return " ".join(text.casefold().split())
