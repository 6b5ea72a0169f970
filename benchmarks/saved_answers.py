"""Answers as offline questionnaires save them, and the ways in which such a file may arrive damaged."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

from toolkit.client.questionnaire import Questionnaire
from toolkit.intake.questionnaire_items import fingerprint

STRANGE = (
    "",
    " ",
    "x",
    "3",
    -1,
    0,
    6,
    2.5,
    1e999,
    True,
    None,
    [],
    {},
    [1],
    {"a": 1},
    "\ud800",
    "<b>",
    "=1+1",
    10**30,
    "\x00",
)


def saved(
    slug: str, round_id: str, questionnaire: Questionnaire, group: str, number: int,
    answers: Mapping[str, int | None], comments: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return what the page writes for a reply; ``number`` stands for the code it draws at random."""
    return {
        "format": "align-answers", "version": 1, "client": slug, "round": round_id,
        "questionnaire": questionnaire.id, "hash": fingerprint(questionnaire), "group": group,
        "reply": f"{number:032x}", "answers": dict(answers), "comments": dict(comments or {}),
    }  # fmt: skip


def damaged(reply: Mapping[str, Any], draw: random.Random) -> bytes:
    """Return a file that a reply may have become: cut, garbled, or with parts changed, lost, added or twice."""
    whole = json.loads(json.dumps(reply))
    for _ in range(draw.randint(0, 3)):
        _change(whole, draw)
    data = json.dumps(whole, indent=1).encode()
    kind = draw.randrange(8)
    if kind == 0:
        return data[: draw.randrange(len(data))]
    if kind == 1:
        at = draw.randrange(len(data))
        return data[:at] + draw.randbytes(draw.randint(1, 4)) + data[at + draw.randint(0, 4) :]
    if kind == 2:
        lines = data.split(b"\n")
        lines.insert(draw.randrange(len(lines)), draw.choice(lines))
        return b"\n".join(lines)
    if kind == 3:
        return data.decode().encode(draw.choice(["utf-8-sig", "utf-16", "utf-32"]))
    return data


def _change(whole: dict[str, Any], draw: random.Random) -> None:
    part = draw.choice([whole, whole, whole.get("answers"), whole.get("comments")])
    part = part if isinstance(part, dict) and part else whole
    name = draw.choice(sorted(part)) if part else "format"
    match draw.randrange(4):
        case 0:
            part[name] = draw.choice(STRANGE)
        case 1:
            part.pop(name, None)
        case 2:
            part[draw.choice(["", "extra", "__proto__", "q" * 300, "communication-1"])] = draw.choice(STRANGE)
        case _:
            part[name] = json.loads("[" * 40 + "]" * 40)
