"""One survey cell to one score: numbers, or the answers as services write them out; never a guess."""

from __future__ import annotations

import re
import unicodedata

from toolkit.client.questionnaire import Question
from toolkit.intake.sheets import Cell
from toolkit.intake.values import Unreadable

# From 1 to 5, as Microsoft, Google and SurveyMonkey offer them in English, German, French and Spanish.
_SCALES = (
    "strongly disagree|disagree|neither agree nor disagree|agree|strongly agree",
    "completely disagree|somewhat disagree|neutral|somewhat agree|completely agree",
    "never|rarely|sometimes|often|constantly",
    "never|seldom|occasionally|frequently|always",
    "not important at all|slightly important|moderately important|very important|extremely important",
    "not at all important|not so important|somewhat important|very important|extremely important",
    "very dissatisfied|dissatisfied|neither satisfied nor dissatisfied|satisfied|very satisfied",
    "stimme überhaupt nicht zu|stimme nicht zu|teils, teils|stimme zu|stimme voll und ganz zu",
    "trifft gar nicht zu|trifft eher nicht zu|teils/teils|trifft eher zu|trifft voll zu",
    "nie|selten|manchmal|oft|ständig",
    "sehr unzufrieden|unzufrieden|teils/teils|zufrieden|sehr zufrieden",
    "pas du tout d'accord|pas d'accord|ni d'accord ni pas d'accord|d'accord|tout à fait d'accord",
    "jamais|rarement|parfois|souvent|constamment",
    "totalmente en desacuerdo|en desacuerdo|ni de acuerdo ni en desacuerdo|de acuerdo|totalmente de acuerdo",
    "nunca|rara vez|a veces|a menudo|constantemente",
)
_UNKNOWN = (
    "don't know|dont know|do not know|i don't know|not sure|n/a|na|not applicable|no answer|no opinion"
    "|prefer not to say|weiß nicht|weiss nicht|keine angabe|k. a.|je ne sais pas|sans opinion|no sé|-|–"
)
_DECIMAL = re.compile(r"([1-5])[.,]0{1,2}", re.ASCII)
_NUMBERED = re.compile(r"([1-5])(?:\s*[-–—.:)=(/]\s*\D.*|\s+\D.*)?", re.ASCII | re.DOTALL)


# "4 out of 10" is a score of another scale, "3 to 4" is none.
_OTHER_SCALE = re.compile(
    r"[1-5][\s(]+(?:(?:out of|of|von|aus|sur|de)\s+(?!5\b)|(?:to|or|bis|oder|à|ou|a|o)\s+)\d.*",
    re.ASCII | re.DOTALL,
)


def plain(text: str) -> str:
    """Return a text for comparing: lower case, one kind of apostrophe and space, no full stop at its end."""
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    return " ".join(folded.split()).rstrip(".;: ")


_SCORES = {plain(word): score for scale in _SCALES for score, word in enumerate(scale.split("|"), start=1)}
_MISSING = frozenset(plain(one) for one in _UNKNOWN.split("|"))


def read_score(cell: Cell, question: Question) -> int | None:
    """Return the score, 1 to 5, that a cell gives to a question; None for blank and "don't know".

    A number may be followed by its meaning ("4 - Agree") or by nothing behind a decimal mark ("4,0"); a practice's level may be written as its anchor.

    Raises
    ------
    Unreadable
        When the cell is none of these.
    """
    if cell is None or not str(cell).strip():
        return None
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if cell in (1, 2, 3, 4, 5):
            return int(cell)
        raise Unreadable("a score from 1 to 5")
    text = plain(str(cell))
    if text in _MISSING or not text:
        return None
    anchors = [plain(anchor) for anchor in question.anchors]
    if text in anchors:
        return anchors.index(text) + 1
    if text in _SCORES:
        return _SCORES[text]
    numbered = _DECIMAL.fullmatch(text) or _NUMBERED.fullmatch(text)
    if numbered and not _OTHER_SCALE.fullmatch(text):
        return int(numbered[1])
    raise Unreadable("a score from 1 to 5, or an answer such as “Strongly agree”, “Often”, “Don't know”")
