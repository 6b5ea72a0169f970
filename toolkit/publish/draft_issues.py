"""What pages have shown of surveyed groups, so that two of them do not give single answers away.

While a round is open its pages are drafts, and each may have been shown. Where later pages, of this round or of another that holds
the same people's answers, differ from them in the answers of fewer people than the minimum, the two together tell what
those people said: the consultant is told that they must not both be shown.

``draft/shown.json`` keeps, for each draft and group that it showed, keyed digests of each person's code and answers; the
key lies beside it in ``draft/shown.key``, so that the file alone cannot be guessed back into answers. Both are private.
Rounds that the record holds are compared as they stand there, too, whether a draft of them was made or not.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.assess.confidentiality import may_show
from toolkit.assess.movements import compared_on
from toolkit.assess.scores import GroupAnswers, answers_of, scored_on
from toolkit.client.modes import TELLING
from toolkit.client.record import Record
from toolkit.client.schema import Round
from toolkit.errors import Fault, InputError
from toolkit.files import place, read, write
from toolkit.method import COMPARED, GROUP_NAMES
from toolkit.publish.manifest import json_bytes, read_manifest

SHOWN = "draft/shown.json"
KEY = "draft/shown.key"
VERSION = 2
# So many earlier figures are combined with the present one, and past so many of them two.
MOST_COMBINED, MOST_KEPT = 4, 12
EVERYTHING = ""  # beside the dimensions: all that a person answered
# Group → what was asked, the parts of dimensions that stand beside the whole, and what each person counted said of each dimension.
Draft = dict[str, dict[str, Any]]


def draft_of(record: Record, one: Round, only: Collection[str] | None = None) -> Draft:
    """Return what stands behind all that a round's pages show of its surveyed groups. Private.

    ``only`` these questions, for a comparison with a round that asked others as well.
    """
    asked, answered = record.questionnaire_of(one), answers_of(record, one)
    wholes: dict[str, list[str]] = {}
    for question in asked.questions if asked else ():
        if only is None or question.id in only:
            wholes.setdefault(f"{question.dimension} {question.aspect or ''}".strip(), []).append(question.id)
    draft: Draft = {}
    for group, answers in answered.items():
        if answers.result.is_position:
            continue
        scored = {
            about: scored_on(answered, whole) if group in COMPARED else whole
            for about, whole in wholes.items()
        }
        people: dict[str, dict[str, Any]] = {}
        for about, whole in wholes.items():
            for who, said in _said(answers, whole).items():
                people.setdefault(who, {})[about] = said
        if people:
            draft[group] = {
                "asked": sorted(
                    (about, sorted(whole), sorted(scored[about])) for about, whole in wholes.items()
                ),
                "parts": {} if only is not None else compared_on(record, one, group),
                "people": people,
                "counted": bool(answers.counts),
            }
    return draft


def not_both_to_be_shown(folder: Path, record: Record, one: Round) -> str:
    """Say what stands against showing this round's pages beside others that may have been; nothing when nothing does."""
    kept, drafted = _read(folder)
    if kept and not place(folder, KEY).is_file():
        raise InputError([_unreadable(KEY)])
    close: dict[str, str] = {}
    if kept:
        known = {each.id for each in record.rounds} - {one.id}
        now = _digested(draft_of(record, one), read(folder, KEY))
        for group in one.groups:
            if group.group in now:
                earlier = [
                    shown for shown in kept
                    if (shown["round"] not in known and shown["group"] == group.group) or _same_people(shown, now[group.group])
                ]  # fmt: skip
                if _too_close(now[group.group], earlier, group.minimum):
                    close[group.label or GROUP_NAMES[group.group]] = f"an earlier draft of round {one.id}"
    for other in record.rounds:
        if other.id != one.id:
            for label in (*_copied(record, one, other), *_within(record, one, other)):
                close.setdefault(label, f"round {other.id}")
    if not close:
        return "" if one.id in drafted else _not_known(folder, one)
    this = "this issue" if one.closed else "this draft"
    of = " and ".join(dict.fromkeys(close.values()))
    return (
        f"{of[0].upper()}{of[1:]} differs from {this} of round {one.id} in the answers of too few people ({', '.join(close)}): "
        f"the two together would give single answers away. If the other was shown, do not show {this}, and the reverse."
    )


def _not_known(folder: Path, one: Round) -> str:
    """Say that earlier drafts of a round cannot be compared, where one stands and nothing was kept of it."""
    documents = read_manifest(folder / "deliverables" / one.id).get("documents", {})
    drafts = [source for each in documents.values() if isinstance(source := each.get("made_from"), dict)]
    if not any(one.id in source.get("open_rounds", ()) for source in drafts):
        return ""
    return (
        f"What earlier drafts of round {one.id} showed is not known, for {SHOWN} does not hold it. If one of fewer or more "
        "answers was shown, do not show another that differs from it in the answers of too few people."
    )


def note_drafts(folder: Path, drafts: Mapping[str, Draft]) -> None:
    """Keep what drafts were made from, by round, before they can be shown.

    Raises
    ------
    OSError
        When a file cannot be written.
    """
    if not drafts:
        return
    if not place(folder, KEY).is_file():
        write(folder, KEY, secrets.token_bytes(32))
    key, (kept, drafted) = read(folder, KEY), _read(folder)
    for name, draft in drafts.items():
        for group, digested in _digested(draft, key).items():
            shown = {"round": name, "group": group, **json.loads(json_bytes(digested))}
            if shown not in kept:
                kept.append(shown)
    rounds = sorted(drafted | drafts.keys())
    write(folder, SHOWN, json_bytes({"version": VERSION, "shown": kept, "rounds": rounds}))


def _said(answers: GroupAnswers, whole: list[str]) -> dict[str, Any]:
    """Return what each person counted in a score said; for counts, each question's; nothing where it is not shown."""
    if answers.counts:
        return {q: answers.counts[q].tolist() for q in answers.answered(whole)}
    counted = answers.part(whole, whole).answers.reindex(columns=whole)
    if not may_show(answers.result, len(counted), answers.minimum):
        return {}
    return {str(who): {q: row[q] for q in whole if row[q] == row[q]} for who, row in counted.iterrows()}


def _copied(record: Record, one: Round, other: Round) -> list[str]:
    """Name the groups of a round whose answers are those of another round, but for too few people or other questions."""
    asked, before = record.questionnaire_of(one), record.questionnaire_of(other)
    if not asked or not before:
        return []
    shared = {q.id for q in asked.questions} & {q.id for q in before.questions}
    told, known = (_all_that_was_said(record, each, shared) for each in (one, other))
    if not any(_alike(first, second) for first in told for second in known):
        return []
    key = secrets.token_bytes(32)
    now, then = (_digested(draft_of(record, each, shared), key) for each in (one, other))
    whole = {q.id for q in asked.questions} == {q.id for q in before.questions}
    return [
        group.label or GROUP_NAMES[group.group]
        for group in one.groups
        for shown in then.values()
        if group.group in now
        and _same_people(shown, now[group.group])
        and (not whole or _too_close(now[group.group], [shown], group.minimum))
    ]


def _within(record: Record, one: Round, other: Round) -> list[str]:
    """Name the groups whose counts lie within another round's, or the reverse, and differ by too few people.

    Where single answers are known of both rounds, these tell more, and are compared instead.
    """
    told, known = _counted(record, one), _counted(record, other)
    counted = {(each.round, each.group) for each in record.aggregates}
    close = []
    for group in one.groups:
        for name, then in known.items():
            if not {(one.id, group.group), (other.id, name)} & counted:
                continue
            now = told.get(group.group, {})
            more = [np.subtract(now[q], then[q]) for q in sorted(now.keys() & then.keys())]
            holds = all((x >= 0).all() for x in more) or all((x <= 0).all() for x in more)
            few = any(0 < abs(x.sum()) < group.minimum for x in more)
            if len(more) >= TELLING and holds and few:
                close.append(group.label or GROUP_NAMES[group.group])
    return close


def _counted(record: Record, one: Round) -> dict[str, dict[str, tuple[int, ...]]]:
    """Return of each surveyed group how many gave each answer, of the questions that enough answered."""
    surveyed = {group.group: group.minimum for group in one.groups if group.answers_by == "survey"}
    single = Counter(
        (x.group, x.question, x.score) for x in record.responses if x.round == one.id and x.score
    )
    counts = {
        (group, question): tuple(single[group, question, level] for level in range(1, 6))
        for group, question, _ in single
    }
    counts |= {(x.group, x.question): x.counts for x in record.aggregates if x.round == one.id}
    return {
        name: {
            question: said
            for (group, question), said in counts.items()
            if group == name and sum(said) >= minimum
        }
        for name, minimum in surveyed.items()
    }


def _digested(draft: Draft, key: bytes) -> Draft:
    """Return a draft in digests: of each person, by code, what was said of each dimension and, without the code, of all.

    ``bare`` holds without codes, person by person, what was said of each dimension, and of all the others.
    """

    def digest(*value: Any) -> str:
        return hmac.new(key, json_bytes(value), "sha256").hexdigest()[:24]

    def person(who: str, said: Mapping[str, Any]) -> dict[str, str]:
        of = {about: digest(about, who, answers) for about, answers in said.items()}
        every = sorted(
            (q, a) for answers in said.values() if isinstance(answers, dict) for q, a in answers.items()
        )
        return of | ({EVERYTHING: digest(every)} if len(every) >= TELLING else {})

    def but(said: Mapping[str, Any], about: str) -> list[tuple[str, int]]:
        return sorted((q, a) for other, answers in said.items() if other != about for q, a in answers.items())

    def bare(shown: Mapping[str, Any]) -> dict[str, dict[str, list[str]]]:
        single = [] if shown["counted"] else list(shown["people"].values())
        abouts = sorted({about for said in single for about in said})
        rests = {about: [but(said, about) for said in single] for about in abouts}
        return {
            "said": {
                about: sorted(digest(said[about]) for said in single if about in said) for about in abouts
            },
            "rest": {
                about: sorted(digest(x) for x in every if len(x) >= TELLING) for about, every in rests.items()
            },
        }

    return {
        group: {
            "asked": digest(shown["asked"]),
            "bare": bare(shown),
            "parts": {about: sorted(digest(part) for part in parts) for about, parts in shown["parts"].items()},
            "people": {digest(who): person(who, said) for who, said in shown["people"].items()},
            "counts": {digest(who): sum(sum(n) for n in said.values()) for who, said in shown["people"].items()} if shown["counted"] else {},
        }
        for group, shown in draft.items()
    }  # fmt: skip


def _all_that_was_said(record: Record, one: Round, questions: Collection[str]) -> list[Counter[object]]:
    """Return of each surveyed group how many people said just what to these questions; None for who said too little."""
    said: dict[str, dict[str, list[tuple[str, int]]]] = {
        g.group: {} for g in one.groups if g.answers_by == "survey"
    }
    for each in record.responses:
        if (
            each.round == one.id
            and each.group in said
            and each.question in questions
            and each.score is not None
        ):
            said[each.group].setdefault(each.respondent, []).append((each.question, each.score))
    return [
        Counter(tuple(sorted(x)) if len(x) >= TELLING else None for x in people.values())
        for people in said.values()
    ]


def _alike(first: Counter[object], second: Counter[object]) -> bool:
    """Whether more people said everything alike than otherwise, or in one of the two alone."""
    alike = first & second
    del alike[None]
    return 2 * alike.total() > (first | second).total()


def _same_people(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether more people answered everything alike, under whatever codes, than answered otherwise or in one of the two alone."""
    first, second = (
        Counter[object](said.get(EVERYTHING) for said in one["people"].values()) for one in (before, now)
    )
    return _alike(first, second)


def _too_close(now: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]], minimum: int) -> bool:
    """Whether what is shown now of a group and one or two of what was shown before single out fewer people than the minimum.

    The same question in two dimensions, or one more of them, is the difference, too; so is another part beside the whole.
    """
    for before in earlier:
        if before["asked"] != now["asked"] or bool(before["counts"]) != bool(now["counts"]):
            return True
        if any(now["parts"].get(about, parts) != parts for about, parts in before["parts"].items()):
            return True
        if now["counts"] and _fewest_counted(before, now) < minimum:
            return True
    if now["counts"]:
        return False
    if any(_few_differ(before, now, minimum) for before in earlier):
        return True
    abouts = {about for said in now["people"].values() for about in said} - {EVERYTHING}
    return any(_single_out(_rows([now, *earlier], about), minimum) for about in sorted(abouts))


def _few_differ(before: Mapping[str, Any], now: Mapping[str, Any], minimum: int) -> bool:
    """Whether most said the same but for one dimension, under whatever codes, and fewer than the minimum another thing on one.

    A reply without a name has a code made of its answers, so that a corrected one looks like two people.
    """
    first, second = (one.get("bare", {"said": {}, "rest": {}}) for one in (before, now))

    def pairs(what: str) -> list[tuple[Counter[object], Counter[object]]]:
        shared = first[what].keys() & second[what].keys()
        return [(Counter(first[what][about]), Counter(second[what][about])) for about in sorted(shared)]

    same = any(_alike(one, other) for one, other in pairs("rest"))
    apart = [max((one - other).total(), (other - one).total()) for one, other in pairs("said")]
    return same and any(0 < few < minimum for few in apart)


def _fewest_counted(before: Mapping[str, Any], now: Mapping[str, Any]) -> float:
    """Return how many people's answers differ at the least, where only counts are known: the fewest on one question."""
    changed = [
        abs(before["counts"].get(q, 0) - now["counts"].get(q, 0))
        for q in before["people"].keys() | now["people"].keys()
        if before["people"].get(q) != now["people"].get(q)
    ]
    return min(changed, default=float("inf"))


def _rows(shown: Iterable[Mapping[str, Any]], about: str) -> list[dict[str, str]]:
    """Return, for each page's figure on a dimension, the answers that it is the sum of, each with its person.

    Answers under one code, or all of one person's under another code, are known again.
    """
    known: dict[object, str] = {}
    rows = []
    for one in shown:
        row, seen = {}, Counter[str | None]()
        for who, said in sorted(one["people"].items()):
            every = said.get(EVERYTHING)
            seen[every] += 1
            if about in said:
                keys = [said[about], *([(every, seen[every])] if every else [])]
                answer = next(
                    (known[key] for key in keys if key in known and known[key] not in row), said[about]
                )
                known |= {key: answer for key in keys if key not in known}
                row[answer] = who
        if row:
            rows.append(row)
    return rows


def _single_out(rows: Sequence[Mapping[str, str]], minimum: int) -> bool:
    """Whether the first sum, with others added to it or taken off, rests on somebody, but on fewer people than the minimum."""
    rows = list({frozenset(row): row for row in rows}.values())
    answers = sorted(set().union(*rows))
    people = sorted({who for row in rows for who in row.values()})
    of = np.zeros((len(answers), len(people)), dtype=int)
    for row in rows:
        for answer, who in row.items():
            of[answers.index(answer), people.index(who)] = 1
    holds = np.array([[answer in row for answer in answers] for row in rows], dtype=int)
    most = min(len(rows) - 1, MOST_COMBINED if len(rows) <= MOST_KEPT else 2)
    for size in range(1, most + 1):
        for some in combinations(range(1, len(rows)), size):
            for signs in product((-1, 1), repeat=size):
                left = holds[0] + np.array(signs) @ holds[list(some)]
                rests = int((((left != 0).astype(int) @ of) > 0).sum())
                if 0 < rests < minimum:
                    return True
    return False


def _read(folder: Path) -> tuple[list[dict[str, Any]], set[str]]:
    """Return what is kept of drafts, and of which rounds: a draft that showed no group is kept by its round alone."""
    place(folder, SHOWN)
    try:
        found = json.loads(read(folder, SHOWN))
    except FileNotFoundError:
        return [], set()
    except (InputError, ValueError):
        found = None
    if (
        not isinstance(found, dict)
        or found.get("version") != VERSION
        or not isinstance(found.get("shown"), list)
    ):
        raise InputError([_unreadable(SHOWN)])
    shown: list[dict[str, Any]] = found["shown"]
    return shown, {*found.get("rounds", ()), *(one["round"] for one in shown)}


def _unreadable(name: str) -> Fault:
    remedy = (
        f"Restore it from a backup. Only if no draft of an open round has left your hands, delete {SHOWN}."
    )
    return Fault(name, "no file that can be read", "the file as align wrote it", remedy)
