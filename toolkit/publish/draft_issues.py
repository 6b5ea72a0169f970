"""What the drafts of an open round were made from, so that two of them do not give single answers away.

While a round is open its pages are drafts, and each may have been shown. Where a later draft, or the issue once the
round is closed, differs from one of them in the answers of fewer people than the minimum, the two together tell what
those people said: the consultant is told that they must not both be shown.

``draft/shown.json`` keeps, for each draft, group and dimension that it showed, a keyed digest of each person's
answers, and of the person's code; the key lies beside it in ``draft/shown.key``, so that the file alone cannot be
guessed back into answers. Both are private.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit.assess.confidentiality import LABELS, may_show
from toolkit.assess.scores import GroupAnswers, answers_of
from toolkit.client.facts import Round
from toolkit.client.record import Record
from toolkit.errors import Fault, InputError
from toolkit.files import place, read, write
from toolkit.publish.data_files import json_bytes

SHOWN = "draft/shown.json"
KEY = "draft/shown.key"
# Group → dimension (and aspect) → all that was asked, and the answers of each person counted.
Draft = dict[str, dict[str, dict[str, Any]]]


def draft_of(record: Record, one: Round) -> Draft:
    """Return the answers behind what a round's pages show of its surveyed groups. Private."""
    asked = record.questionnaire_of(one)
    wholes: dict[str, list[str]] = {}
    for question in asked.questions if asked else ():
        wholes.setdefault(f"{question.dimension} {question.aspect or ''}".strip(), []).append(question.id)
    return {
        group: {
            about: {"asked": sorted((x, sorted(y)) for x, y in wholes.items()), "said": said}
            for about, whole in wholes.items()
            if (said := _said(answers, whole))
        }
        for group, answers in answers_of(record, one).items()
        if not answers.result.is_position
    }


def not_both_to_be_shown(folder: Path, record: Record, one: Round) -> str:
    """Say what stands against showing this round's pages beside an earlier draft of it; nothing when nothing does."""
    # A draft of a round that the record no longer holds may be this one's, under another id.
    known = {each.id for each in record.rounds} - {one.id}
    earlier = [draft for name, drafts in _read(folder).items() if name not in known for draft in drafts]
    if not earlier:
        return ""
    if not place(folder, KEY).is_file():
        raise InputError([_unreadable(KEY)])
    now = _digested(draft_of(record, one), read(folder, KEY))
    close = [
        group.label or LABELS[group.group]
        for group in one.groups
        if any(
            _too_close(before.get(group.group, {}), now.get(group.group, {}), group.minimum)
            for before in earlier
        )
    ]
    if not close:
        return ""
    this = "this issue" if one.closed else "this draft"
    return (
        f"An earlier draft of round {one.id} differs from {this} in the answers of too few people ({', '.join(close)}): "
        f"the two together would give single answers away. If the draft was shown, do not show {this}, and the reverse."
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
    key, kept = read(folder, KEY), _read(folder)
    for name, draft in drafts.items():
        digested = json.loads(json_bytes(_digested(draft, key)))
        if digested not in kept.setdefault(name, []):
            kept[name].append(digested)
    write(folder, SHOWN, json_bytes(kept))


def _said(answers: GroupAnswers, whole: list[str]) -> dict[str, Any]:
    """Return what each person counted in a score said; for counts, each question's; nothing where it is not shown."""
    if answers.counts:
        return {q: answers.counts[q].tolist() for q in answers.answered(whole)}
    counted = answers.part(whole, whole).answers.reindex(columns=whole)
    if not may_show(answers.result, len(counted), answers.minimum):
        return {}
    return {str(who): {q: row[q] for q in whole if row[q] == row[q]} for who, row in counted.iterrows()}


def _digested(draft: Draft, key: bytes) -> dict[str, Any]:
    def digest(*value: Any) -> str:
        return hmac.new(key, json_bytes(value), "sha256").hexdigest()[:24]

    return {
        group: {
            about: {
                "asked": digest(one["asked"]),
                "said": {
                    digest(group, who): [digest(about, who, said), sum(said) if isinstance(said, list) else 1]
                    for who, said in one["said"].items()
                },
            }
            for about, one in abouts.items()
        }
        for group, abouts in draft.items()
    }


def _too_close(before: Mapping[str, Any], now: Mapping[str, Any], minimum: int) -> bool:
    """Whether what two drafts show of a group differs in a question, or on some dimension by fewer people than the minimum."""
    if not before or not now:
        return False
    if len({one["asked"] for draft in (before, now) for one in draft.values()}) > 1:
        return True  # the same question in two dimensions, or one more of them, is the difference
    return any(
        before[about]["said"] != now[about]["said"]
        and _people_between(before[about]["said"], now[about]["said"]) < minimum
        for about in before.keys() & now.keys()
    )


def _people_between(before: Mapping[str, Any], now: Mapping[str, Any]) -> int:
    """Return how many people's answers differ, at the least: of counts, the fewest that one question's may be of."""
    changed = [
        (before.get(who), now.get(who))
        for who in before.keys() | now.keys()
        if before.get(who) != now.get(who)
    ]
    weights = [abs((b or ["", 0])[1] - (n or ["", 0])[1]) for b, n in changed]
    counted = any(pair and pair[1] != 1 for both in changed for pair in both)
    return min(weights, default=0) if counted else len(changed)


def _read(folder: Path) -> dict[str, list[Any]]:
    place(folder, SHOWN)
    try:
        found = json.loads(read(folder, SHOWN))
    except FileNotFoundError:
        return {}
    except (InputError, ValueError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(one, list) for one in found.values()):
        raise InputError([_unreadable(SHOWN)])
    return found


def _unreadable(name: str) -> Fault:
    remedy = (
        f"Restore it from a backup. Only if no draft of an open round has left your hands, delete {SHOWN}."
    )
    return Fault(name, "no file that can be read", "the file as align wrote it", remedy)
