"""Comments of a survey: which question a column of free text belongs to, and what of a comment is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from toolkit.client.questionnaire import Question
from toolkit.intake.cell import Unreadable
from toolkit.intake.survey_answers import plain
from toolkit.intake.survey_layout import Heading
from toolkit.intake.table import Cell

LONGEST_COMMENT = 20_000
LONGEST_HEADING = 2_000
EMAIL_REMOVED = "[e-mail address removed]"
PHONE_REMOVED = "[phone number removed]"
_NOUN = r"comments?|kommentare?|anmerkung(?:en)?|commentaires?|comentarios?|remarks?"
_WHY = (
    r"why|(?:please )?explain(?: your (?:answer|rating|score|choice))?|reasons?(?: for your (?:answer|rating))?"
    r"|warum|bitte (?:erläutern|begründen)(?: sie)?|begründung|pourquoi|veuillez (?:expliquer|préciser)"
    r"|por qué|explique(?: su respuesta)?(?:,? por favor)?"
)
_END = r"[\s\])?.!:…]*(?:\(?\d{1,2}\)?)?"  # Forms numbers a heading that stands there before
_BEHIND = re.compile(rf"(.*?)[\s\-–—:,.;([/¿]*\b(?:{_NOUN}|{_WHY}){_END}")
_BEFORE = re.compile(
    rf"(?:any |your )?(?:{_NOUN})\s*(?:on|about|to|for|zur?|zum|über|sur|à|sobre|:|-|–|—)\s+(.+)"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_EMAIL = re.compile(r"[^\s@<>()\[\]\",;:]{1,64}@[^\s@<>()\[\]\",;:]{1,255}\.[^\s@<>()\[\]\",;:.]{2,63}")
_PHONE = re.compile(r"(?<![\w.,])(?:\+|\(\+?)?\d[\d \u00a0().\-/]{5,22}\d(?!\w)", re.ASCII)
_DAY = re.compile(r"(\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})", re.ASCII)
_YEARS = re.compile(r"((19|20)\d\d[ \u00a0./-]*)+", re.ASCII)


def bare(text: str) -> str:
    """Return a wording for comparing where its last mark may have been cut off."""
    return plain(text).strip(" .?!:;,)(–—-\"'“”„«»¿")


def commented(
    headings: Sequence[Heading], asked: Mapping[int, Question], named: Mapping[str, Question], free: Sequence[int]
) -> dict[int, Question]:  # fmt: skip
    """Return the question that each column of comments belongs to.

    A heading names its question beside a word such as "Comments on" or "why". One that is such a word
    alone belongs to the question asked in the column before it; a lone "Comments" after the last
    question may be about the whole survey, and belongs to none.

    Parameters
    ----------
    asked : mapping
        The question each column answers.
    named : mapping
        Questions by :func:`bare` wording and by id.
    free : sequence of int
        The columns that are not told to be anything else.
    """
    found, lone = {}, []
    last = max(asked, default=-1)
    for at, heading in enumerate(headings):
        if heading.index not in free:
            continue
        rests = about(heading)
        tried = [*rests, *(rest.partition(" ")[0] for rest in rests)]
        named_here = next((named[one] for one in tried if one in named), None)
        before = asked.get(headings[at - 1].index) if at else None
        if named_here:
            found[heading.index] = named_here
        elif rests and not any(rests) and before:
            if heading.index > last and re.match(_NOUN, plain(heading.name)):
                lone.append((heading.index, before))
            else:
                found[heading.index] = before
    if found:  # with a comment beside other questions, the last one's is of the same kind
        found |= dict(lone)
    return found


def about(heading: Heading) -> list[str]:
    """Return what a heading of comments names beside the word that makes it one; empty if it is no such heading."""
    texts = [text for text in (heading.code, *heading.wordings) if text and len(text) <= LONGEST_HEADING]
    inner = bracketed(heading)
    return [bare(inner)] if inner else [rest for text in texts if (rest := _about(plain(text))) is not None]


def bracketed(heading: Heading) -> str:
    """Return what stands in brackets behind a word for comments alone, "Why? [communication-1]"; "" if nothing does."""
    name, bracket, inner = heading.name.rstrip("] ").rpartition("[")
    return inner if bracket and len(name) <= LONGEST_HEADING and _about(plain(name)) == "" else ""


def _about(text: str) -> str | None:
    if match := _BEHIND.fullmatch(text) or _BEFORE.fullmatch(text):
        return bare(match[1])
    joined = re.fullmatch(r"([a-z0-9._-]*\d)[_.-]?(?:comments?|why|text)", text)
    return bare(joined[1]) if joined else None


def read_comment(cell: Cell) -> tuple[str, bool]:
    """Return a comment that may be kept, and whether something of a person was taken out of it.

    Control characters become spaces; e-mail addresses and telephone numbers are replaced by a note,
    because who said it must not reach the record.

    Raises
    ------
    Unreadable
        When it is longer than 20,000 characters: cut, it would say something else.
    """
    text = "" if cell is None else str(cell)
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > LONGEST_COMMENT:
        raise Unreadable(f"a comment of at most {LONGEST_COMMENT:,} characters")
    kept = _PHONE.sub(_without_phone, _EMAIL.sub(EMAIL_REMOVED, text))
    return kept, kept != text


def _without_phone(match: re.Match[str]) -> str:
    text = match[0]
    digits = sum(one.isdigit() for one in text)
    dialled = text.startswith(("+", "(", "0"))
    if digits < (7 if dialled else 9) or _DAY.fullmatch(text) or _YEARS.fullmatch(text):
        return text
    return PHONE_REMOVED
