"""The pages and letters that go out: templates filled in, every word of a client's escaped."""

from __future__ import annotations

from typing import Any

from toolkit.client.brand import HOUSE, Brand
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.record import Record
from toolkit.client.schema import Round, RoundGroup
from toolkit.html import templates
from toolkit.html.policy import security_policy
from toolkit.intake.questionnaire_items import (
    DONT_KNOW,
    fingerprint,
    minutes_to_answer,
    minutes_together,
    name_of,
    sections_of,
)
from toolkit.words import day

_FOLDER = "questionnaire"  # of the templates


def paper_page(
    record: Record, one: Round, group: RoundGroup, questionnaire: Questionnaire, brand: Brand = HOUSE
) -> bytes:
    """Return the questionnaire of a group as a page to print or to read."""
    told = _told(record, one, group, questionnaire)
    return rendered("paper.html.j2", told, ("sheet.css", "paper.css"), brand=brand)


def offline_page(
    record: Record, one: Round, group: RoundGroup, questionnaire: Questionnaire, brand: Brand = HOUSE
) -> bytes:
    """Return the questionnaire of a group as one file that is filled in in a browser, without a network."""
    told = _told(record, one, group, questionnaire)
    return rendered("offline.html.j2", told, ("sheet.css", "offline.css"), "offline.js", brand)


def letter(kind: str, record: Record, one: Round, group: RoundGroup, questionnaire: Questionnaire) -> bytes:
    """Return a letter as plain text; ``kind`` is ``invitation`` or ``reminder``.

    What the record does not hold stands in capitals in square brackets: names, links and, where the round
    has no closing date, the day.
    """
    told = _told(record, one, group, questionnaire)
    told |= {
        "kind": kind,
        "session": minutes_together(questionnaire),
        "by": day(one.closed) if one.closed else "[DATE]",
    }
    return (templates.rendered(_FOLDER, "letter.txt.j2", page=told).strip() + "\n").encode()


def rendered(
    template: str, told: dict[str, Any], styles: tuple[str, ...], script: str = "", brand: Brand = HOUSE
) -> bytes:
    """Return a page that bears a brand; its policy lets nothing load, and nothing run but the one script."""
    code = templates.part(_FOLDER, script) if script else ""
    css = "".join(templates.part(_FOLDER, name) for name in styles) + brand.sheet_style
    page = told | {
        "style": templates.inline("style", css.strip()),
        "script": templates.inline("script", code),
        "policy": security_policy([code] if code else (), pictures=bool(brand.logo)),
        "brand": brand,
    }
    return templates.rendered(_FOLDER, template, page=page).encode()


def _told(record: Record, one: Round, group: RoundGroup, questionnaire: Questionnaire) -> dict[str, Any]:
    return {
        "slug": record.slug,
        "client": _line(record.facts.profile.name),
        "round": one.id,
        "round_name": one.name,
        "title": _line(questionnaire.title),
        "questionnaire": questionnaire.id,
        "hash": fingerprint(questionnaire),
        "group": _line(name_of(group)),
        "group_id": group.group,
        "mode": group.answers_by,
        "minimum": group.minimum,
        "minutes": minutes_to_answer(questionnaire),
        "total": len(questionnaire.questions),
        "unknown": DONT_KNOW,
        "sections": sections_of(questionnaire, group.group),
    }


def _line(text: str) -> str:
    """Return a name as one line: in a letter's subject a second one would be a line of the letter."""
    return " ".join(text.split())
