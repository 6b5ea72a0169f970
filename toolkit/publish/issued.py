"""A closed round is issued once: whatever decides what its pages show stays as it was at its first issue.

A later issue with one reply, one question or one lowered minimum more would give away, by subtraction, what
that reply said. So the answers, the map from questions to dimensions, the rounds before it with which it is compared, and of
each group its mode, minimum, number invited and order of goals are kept in ``issued.json``, part by part, so that a
refusal can name what changed. Private: a digest of few answers can be guessed back into them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from toolkit.assess import Assessment, assess
from toolkit.client.faults import listed
from toolkit.client.parts import FACTS, QUESTIONNAIRE, RESPONSES, entry
from toolkit.client.record import Record
from toolkit.client.schema import Round
from toolkit.errors import Fault, InputError, shown
from toolkit.files import place, read, write
from toolkit.publish.manifest import json_bytes, read_manifest, sha256
from toolkit.words import plain

ISSUED = "issued.json"
# Entries of version 1 are a bare digest of the answers.
VERSION = 2
Entry = str | Mapping[str, Any]
_AGAIN = f"Put it back as it was; to ask in another way, add a new round in which everyone is asked again. Only if no page of the round has left your hands, delete its entry in {ISSUED}."


def answers_behind(record: Record, round_id: str, closed: bool = True) -> dict[str, Entry]:
    """Return what stands behind each surveyed round that this round's pages draw on: itself and earlier.

    With ``closed`` only of closed rounds: the pages of an open one say that they are drafts.
    """
    last = record.round(round_id).as_of
    drawn = [one for one in record.rounds if one.as_of <= last and (one.closed or not closed)]
    return {
        one.id: entry_of(record, one) for one in drawn if any(g.answers_by == "survey" for g in one.groups)
    }


def open_behind(record: Record, round_id: str) -> list[str]:
    """Return the surveyed rounds this round's pages draw on, to which answers may still be added."""
    return sorted(answers_behind(record, round_id, closed=False).keys() - answers_behind(record, round_id))


def entry_of(record: Record, one: Round) -> dict[str, Any]:
    """Return all that decides what a round's pages show of its answers, part by part."""
    asked = record.questionnaire_of(one)
    return {
        "version": VERSION,
        "answers": _answers(record, one.id),
        "before": [x.id for x in record.rounds if x.questionnaire and (x.as_of, x.id) < (one.as_of, one.id)],
        "questions": {q.id: f"{q.dimension} {q.aspect or ''}".strip() for q in (asked.questions if asked else ())},
        "groups": {
            g.group: {
                "mode": g.answers_by,
                "minimum": g.minimum,
                "invited": g.invited,
                "correction": g.correction,
                "priorities": dict(g.priorities),
            }
            for g in one.groups
        },
    }  # fmt: skip


def check_issued(folder: Path, record: Record) -> None:
    """Refuse a record in which anything behind an issued round is not as it was first issued.

    Raises
    ------
    InputError
        With one fault for each part of each round that changed.
    """
    rounds = {one.id: (index, one) for index, one in enumerate(record.facts.rounds)}
    known = _read(folder)
    faults: list[Fault] = [*_forgotten(folder, record, known)]
    for name, issued in known.items():
        if name not in rounds:
            faults.append(
                Fault(
                    f"{FACTS}, rounds",
                    f"no round {shown(name)}, which was issued",
                    "every round that was issued, under the id it was issued with",
                    _AGAIN,
                )
            )
            continue
        index, one = rounds[name]
        place = entry("rounds", index, name)
        faults += _changed(place, one, issued, entry_of(record, one))
        faults += _corrected(place, record, one, issued)
    if faults:
        raise InputError(faults)


def note_issued(folder: Path, entries: Mapping[str, Entry]) -> None:
    """Keep what each round was first issued with; what an older version kept of it is renewed.

    Raises
    ------
    InputError
        When a round has been issued meanwhile with something else behind it.
    OSError
        When the file cannot be written.
    """
    known = _read(folder)
    faults = [
        fault for name, now in entries.items() if name in known
        for fault in _changed(f"{FACTS}, rounds, {shown(name)}", None, known[name], now)
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    renewed = known | {name: _with_ranks(known.get(name), now) for name, now in entries.items()}
    if renewed != known:
        write(folder, ISSUED, json_bytes(renewed))


def _forgotten(folder: Path, record: Record, known: Mapping[str, Entry]) -> Iterator[Fault]:
    """Yield a fault for each closed round whose pages stand in the folder, and of which nothing is kept."""
    for name in sorted(answers_behind(record, "") if record.rounds else ()):
        documents = read_manifest(folder / "deliverables" / name).get("documents", {})
        still_open = [one.get("made_from", {}).get("open_rounds") for one in documents.values()]
        issued = any(isinstance(rounds, list) and name not in rounds for rounds in still_open)
        if issued and name not in known:
            yield Fault(
                ISSUED,
                f"no entry of round {shown(name)}, whose pages were issued after it was closed",
                "an entry for every closed round whose pages were issued",
                f"Restore {ISSUED} from a backup. Only if no page of the round has left your hands, delete the folder "
                f"deliverables/{name}.",
            )


@lru_cache(maxsize=4)  # of each round of one client it is asked several times
def _answers(record: Record, round_id: str) -> str:
    """Return the digest of a round's answers, as every version has made it."""
    rows: list[tuple[object, ...]] = [
        (one.group, one.respondent, one.question, one.score)
        for one in record.responses
        if one.round == round_id and one.score is not None
    ]
    rows += [(one.group, one.question, *one.counts) for one in record.aggregates if one.round == round_id]
    return sha256(json_bytes(sorted(rows, key=str)))


def _with_ranks(known: Entry | None, now: Entry) -> Entry:
    """Return an entry with every rank that was ever issued: taken out and put back, it must be the same."""
    if known is None or isinstance(known, str) or isinstance(now, str):
        return now
    groups = {
        name: {**group, "priorities": {**_group(known, name).get("priorities", {}), **group["priorities"]}}
        for name, group in now["groups"].items()
    }
    return {**now, "groups": groups}


def _changed(place: str, one: Round | None, issued: Entry, found: Entry) -> Iterator[Fault]:
    """Yield a fault for each part in which a round differs from what it was issued with."""
    was, now = _parts(issued), _parts(found)
    if was["answers"] != now["answers"]:
        yield Fault(
            f"{place}: answers in {RESPONSES} or aggregates.csv",
            "other answers than those this round was first issued with",
            "the same answers for as long as the round is shown, its first issue and every later one",
            "Put the answers back as they were (the history folder keeps earlier files); what came in late waits "
            f"for a new round, in which everyone is asked again. Only if no page of the round has left your hands, delete its entry in {ISSUED}.",
        )
    if "questions" in was and "questions" in now and was["questions"] != now["questions"]:
        home = QUESTIONNAIRE if one and one.questionnaire == "own" else f"{place}, field questionnaire"
        yield Fault(
            f"{home}: questions of round {place.rpartition('(')[2].rstrip(')')}" if home == QUESTIONNAIRE else home,
            _questions_changed(was["questions"], now["questions"]),
            "the questions this round was first issued with, each about the same dimension",
            _AGAIN,
        )  # fmt: skip
    if was.get("before", now.get("before")) != now.get("before"):
        yield Fault(
            f"{place}, field as_of",
            f"a round that comes after {listed(now['before']) or 'no other'}, issued as one after {listed(was['before']) or 'no other'}",
            "the rounds that asked questions before it, as at its first issue: compared with others, it would tell more",
            "Put the dates back as they were; give a round that is new a date after those that were issued.",
        )
    yield from _groups_changed(place, was, now)


def _questions_changed(was: Mapping[str, str], now: Mapping[str, str]) -> str:
    moved = [f"{q} from {was[q]} to {now[q]}" for q in was if q in now and was[q] != now[q]]
    parts = (
        ("added", sorted(now.keys() - was.keys())),
        ("removed", sorted(was.keys() - now.keys())),
        ("moved", sorted(moved)),
    )
    return "questions " + "; ".join(f"{what}: {listed(names)}" for what, names in parts if names)


def _groups_changed(place: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Fault]:
    for name in [*was.get("groups", {}), *(now.get("groups", {}).keys() - was.get("groups", {}).keys())]:
        before, after = _group(was, name), _group(now, name)
        where = f"{place}, field groups, {name}"
        if not before or not after:
            if "groups" in was and "groups" in now:
                found = "a group removed" if before else "a group added"
                yield Fault(where, found, "the groups this round was first issued with", _AGAIN)
            continue
        for field in ("mode", "minimum"):
            if before[field] != after[field] and (field == "mode" or after["mode"] == "survey"):
                found = f"{after[field]}, in a round issued with {before[field]}"
                yield Fault(f"{where}, field {field}", found, f"{before[field]}, as issued", _AGAIN)
        for goal, rank in after["priorities"].items():
            if before["priorities"].get(goal, rank) != rank:
                found = f"{plain(rank)}, in a round issued with {plain(before['priorities'][goal])}"
                allowed = f"{plain(before['priorities'][goal])}, as issued: one ranking more would be the difference"
                yield Fault(f"{where}, field priorities, {shown(goal)}", found, allowed, _AGAIN)
    if "groups" not in was and all(group["mode"] != "survey" for group in now.get("groups", {}).values()):
        # Version 1 kept only rounds in which a group was surveyed.
        found = "no group that answers by survey, in a round issued with one"
        yield Fault(f"{place}, field groups", found, "the mode of each group as issued", _AGAIN)


def _corrected(place: str, record: Record, one: Round, issued: Entry) -> Iterator[Fault]:
    """Yield what stands against each head-count that is not as issued: no reason, or that it would show what was hidden."""
    if isinstance(issued, str):
        return
    before = {g.group: _group(issued, g.group) for g in one.groups}
    other = [g for g in one.groups if before[g.group] and before[g.group]["invited"] != g.invited]
    if not other:
        return
    as_issued = one.model_copy(
        update={"groups": tuple(
            g.model_copy(update={"mode": before[g.group]["mode"], "invited": before[g.group]["invited"]}) if g in other else g
            for g in one.groups
        )}
    )  # fmt: skip
    facts = record.facts.model_copy(
        update={"rounds": tuple(as_issued if each.id == one.id else each for each in record.facts.rounds)}
    )
    more = _visible(assess(record, one.id)) - _visible(assess(replace(record, facts=facts), one.id))
    for g in other:
        was, where = before[g.group]["invited"], f"{place}, field groups, {g.group}"
        if not g.correction or g.correction == before[g.group]["correction"]:
            yield Fault(
                f"{where}, field invited",
                f"{g.invited or 'nothing'}, in a round issued with {was or 'nothing'}",
                f"{was or 'nothing'}, as issued; or the right number, with a reason of its own under 'correction'",
                f"Put {was or 'nothing'} back. If the number issued was mistyped, write below it "
                "'correction: ' and why: the pages print it.",
            )
        elif more:
            yield Fault(
                f"{where}, field invited",
                f"{g.invited or 'nothing'}, which would show {listed(sorted(more))}, hidden at the first issue",
                "a correction that shows nothing that was hidden",
                _AGAIN,
            )


def _visible(a: Assessment) -> set[str]:
    """Return what an assessment shows of each group: the group, its scores, movements and quotations."""
    rows = [(x.dimension.id, group) for x in (*a.areas, *a.symptoms) for group in x.scores]
    rows += [(x.dimension.id, group) for x in a.needs for group in (*x.importance, *x.satisfaction)]
    seen = {f"the score of {group} on {about}" for about, group in rows}
    seen |= {f"the agreement within {g} on {x.dimension.id}" for x in (*a.areas, *a.symptoms) for g, s in x.scores.items() if s.agreement is not None}  # fmt: skip
    seen |= {f"the movement of {one.group} on {one.dimension.id}" for one in a.movements}
    seen |= {f"a comment of {one.group} on {one.dimension}" for one in a.quotes}
    return seen | {f"the group {one.group}" for one in a.groups if one.shown}


def _parts(of: Entry) -> Mapping[str, Any]:
    return {"answers": of} if isinstance(of, str) else of


def _group(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = of.get("groups", {}).get(name, {})
    return found


def _read(folder: Path) -> dict[str, Entry]:
    place(folder, ISSUED)
    try:
        found = json.loads(read(folder, ISSUED))
    except FileNotFoundError:
        return {}
    except (InputError, ValueError):
        found = None
    if not isinstance(found, dict) or not all(map(_is_entry, found.values())):
        remedy = "Restore it from a backup. Only if no page of any round has left your hands, delete it."
        raise InputError([Fault(ISSUED, "a file that cannot be read", "the file as align wrote it", remedy)])
    return found


def _is_entry(value: object) -> bool:
    """Whether a value is an entry of a version known here, with all its parts."""
    if isinstance(value, str):
        return True
    if not isinstance(value, dict) or value.get("version") != VERSION:
        return False
    groups, parts = value.get("groups"), {"mode", "minimum", "invited", "correction", "priorities"}
    return (
        isinstance(value.get("answers"), str)
        and isinstance(value.get("questions"), dict)
        and isinstance(groups, dict)
        and all(isinstance(group, dict) and parts <= group.keys() for group in groups.values())
    )
