"""A survey's answers on our scale: whole columns of numbers, or of words as services write them; never a guess.

A cell says little alone: 4 may be one of five or one of ten, "Agree" the fourth of five or the sixth of seven. So
the columns that offer the same answers are judged together, and one that fits no scale from 1 to 5 is refused whole.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from toolkit.client.questionnaire import Question
from toolkit.intake.cell import Figure, PartOfDay, Unreadable
from toolkit.intake.questionnaire_items import answers_of
from toolkit.intake.table import Cell

# From 1 to 5, as Microsoft, Google and SurveyMonkey offer them in English, German, French and Spanish.
_SCALES = (
    "strongly disagree|disagree|neither agree nor disagree|agree|strongly agree",
    "completely disagree|disagree|neutral|agree|completely agree",
    "never|rarely|sometimes|often|constantly",
    "never|seldom|occasionally|frequently|always",
    "not important at all|slightly important|moderately important|very important|extremely important",
    "not at all important|not so important|somewhat important|very important|extremely important",
    "very dissatisfied|dissatisfied|neither satisfied nor dissatisfied|satisfied|very satisfied",
    "ad hoc|committed|established|managed|optimised",
    "ad hoc|committed|established|managed|optimized",
    "stimme überhaupt nicht zu|stimme nicht zu|teils, teils|stimme zu|stimme voll und ganz zu",
    "trifft gar nicht zu|trifft eher nicht zu|teils/teils|trifft eher zu|trifft voll zu",
    "nie|selten|manchmal|oft|ständig",
    "nie|selten|manchmal|häufig|immer",
    "sehr unzufrieden|unzufrieden|teils/teils|zufrieden|sehr zufrieden",
    "pas du tout d'accord|pas d'accord|ni d'accord ni pas d'accord|d'accord|tout à fait d'accord",
    "jamais|rarement|parfois|souvent|constamment",
    "jamais|rarement|parfois|souvent|toujours",
    "totalmente en desacuerdo|en desacuerdo|ni de acuerdo ni en desacuerdo|de acuerdo|totalmente de acuerdo",
    "nunca|rara vez|a veces|a menudo|constantemente",
    "nunca|raramente|a veces|a menudo|siempre",
)
_LANGUAGES = ("en",) * 9 + ("de",) * 5 + ("fr",) * 3 + ("es",) * 3
# These words also stand on scales of seven: they are ours only where a survey shows all five and no other.
_ONLY_WHOLE = (
    "completely disagree|somewhat disagree|neutral|somewhat agree|completely agree",
    "strongly disagree|somewhat disagree|neutral|somewhat agree|strongly agree",
    "strongly disagree|somewhat disagree|neither agree nor disagree|somewhat agree|strongly agree",
)
_UNKNOWN = (
    "don't know|dont know|do not know|i don't know|not sure|n/a|na|n.a|#n/a|not applicable|not applicable (n/a)"
    "|no answer|no opinion|prefer not to say|weiß nicht|weiss nicht|keine angabe|k. a.|je ne sais pas|sans opinion"
    "|no sé|-|–"
)
# A verb in two parts, with a degree between them that is none of ours: "stimme eher zu".
_PARTED = re.compile(r"(?:ich )?(?:stimme|trifft)\b.*\bzu\b.*")
_ENDS = {"low": 1, "lowest": 1, "high": 5, "highest": 5}  # beside a number only
_LED = re.compile(r"([-+]?\d+(?:[.,]\d{1,2})?)(?![\d.,]*\d)\s*(%?)(.*)", re.DOTALL | re.ASCII)
_ENDED = re.compile(r"(\D*?)[\s(\[:=–—-]+(\d+)[)\]]?", re.DOTALL | re.ASCII)
_OF = re.compile(r"[(/\s]*(?:out of|of|von|aus|sur|de)?\s*(\d+)\)?", re.ASCII)
_SIGNED = re.compile(r"[-+–—−]+\s*(\d+)(?!\d)", re.ASCII)
_STARS = re.compile(r"(?:stars?|sterne?|étoiles?|estrellas?|points?|punkte?|pts|★+|⭐+)")
# What services write around a wording: HTML, which a form's editor leaves, and the marks of bold and italics.
_TAGS = re.compile(r"</?[a-z][^<>]{0,1000}>|<!--[^<>]{0,1000}-->", re.IGNORECASE)
_SCRIPT = re.compile(r"<(/?)(?:script|style)\b[^<>]{0,1000}>", re.IGNORECASE)
_MARKS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,3}(?=\w)|(?<=[\w?.!])_{1,3}(?!\w)")
_SEPARATORS = " -–—.:)=(/[]|,"
_OWN = "a score from 1 to 5, or an answer such as “Strongly agree”, “Often”, “Don't know”"
_ONE_SCALE = "answers of one scale from 1 to 5 in the whole column, number and words agreeing"
NUMBER, WORDS = "numbers", "words"


class OtherScale(Unreadable):
    """An answer that shows its column to be of another scale.

    ``forms`` are the kinds of answers that columns offering the same answers hold as doubtful: bare numbers, words.
    """

    def __init__(self, text: str, *forms: str) -> None:
        super().__init__(text)
        self.forms = frozenset(forms)


class FarBeyond(OtherScale):
    """A number far beyond any scale: a slip of the hand where it stands alone."""


def plain(text: str) -> str:
    """Return a text for comparing: lower case, without tags, one kind of apostrophe and space, no full stop at its end."""
    if "<" in text or "&" in text or "*" in text or "_" in text:
        text = _MARKS.sub("", html.unescape(_TAGS.sub(" ", _without_scripts(text))))
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    return " ".join(folded.split()).rstrip(".;: ")


def _without_scripts(text: str) -> str:
    """Return a text without its scripts and styles; one that is never closed is text."""
    pieces = _SCRIPT.split(text)  # text, "/" or "" of a tag, text, …
    kept = pieces[:1]
    for at in range(1, len(pieces), 2):
        inside = not pieces[at] and at + 2 < len(pieces) and pieces[at + 2] == "/"
        kept.append(" " if inside else pieces[at + 1])
    return " ".join(kept)


def _by_word(scales: Sequence[str]) -> dict[str, int]:
    return {plain(word): score for one in scales for score, word in enumerate(one.split("|"), start=1)}


_SCORES = _by_word(_SCALES)
_LANGUAGE = {plain(word): language for one, language in zip(_SCALES, _LANGUAGES, strict=True) for word in one.split("|")}  # fmt: skip
_WHOLE_SCORES = _by_word(_ONLY_WHOLE)
_WHOLE = tuple(frozenset(plain(word) for word in one.split("|")) for one in _ONLY_WHOLE)
_MISSING = frozenset(plain(one) for one in _UNKNOWN.split("|"))
_WITHIN = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, _SCORES), key=len, reverse=True))})\b")


@dataclass
class Column:
    """The answers in one column, by row.

    Attributes
    ----------
    scores : dict
        What could be read; None for "don't know".
    unread : dict
        Cells that could not, with the reason.
    doubt : tuple of (int, str, str) or None
        Row, cell and reason of the answer that shows the whole column to be of another scale.
    """

    scores: dict[int, int | None] = field(default_factory=dict)
    unread: dict[int, tuple[str, Unreadable]] = field(default_factory=dict)
    doubt: tuple[int, str, str] | None = None


def read_columns(
    cells: Mapping[int, Mapping[int, Cell]],
    asked: Mapping[int, Question],
    told: Mapping[str, int | str],
) -> dict[int, Column]:
    """Read the columns of a survey's answers, each whole or not at all.

    Parameters
    ----------
    cells : mapping
        By column, by row.
    asked : mapping
        The question of each column.
    told : mapping
        What a map says that an answer means: a score, or "" for none.
    """
    meant = {plain(word): score for word, score in told.items()}
    # Of a date never a figure alone, which would pass for a score.
    shown = {at: {row: f"{cell}, shown of a date" if isinstance(cell, PartOfDay) else cell.shown if isinstance(cell, Figure)
                  else cell for row, cell in column.items()} for at, column in cells.items()}  # fmt: skip
    alike: dict[tuple[str, ...], list[int]] = {}
    for at, question in asked.items():
        alike.setdefault(("levels",) if question.anchors else answers_of(question), []).append(at)
    found: dict[int, Column] = {}
    for columns in alike.values():
        found |= _read_alike({at: (asked[at], shown[at]) for at in columns}, meant)
    return {at: found[at] for at in asked}


def _read_alike(
    columns: Mapping[int, tuple[Question, Mapping[int, Cell]]], meant: Mapping[str, int | str]
) -> dict[int, Column]:
    """Read the columns that offer the same answers; what one of them shows of its scale holds for the others."""
    said = (
        {plain(str(cell)) for _, cells in columns.values() for cell in cells.values()} - set(meant) - _MISSING
    )
    whole = any({one for one in said if one in _WHOLE_SCORES or one in _SCORES} == scale for scale in _WHOLE)
    explained = _explained((cells for _, cells in columns.values()), meant)
    doubtful: set[str] = set()
    found, beyond = {}, 0
    for at, (question, cells) in columns.items():
        found[at] = column = Column()
        for row, cell in cells.items():
            try:
                column.scores[row] = read_score(cell, question, meant, whole)
            except Unreadable as error:
                column.unread[row] = (str(cell), error)
                if isinstance(error, OtherScale):
                    beyond += 1
                    column.doubt = column.doubt or (row, str(cell), str(error))
                    doubtful |= error.forms
        column.doubt = column.doubt or _two_for_one(cells, meant, explained)
    if beyond > 1 and any(
        isinstance(error, FarBeyond) for one in found.values() for _, error in one.unread.values()
    ):
        doubtful.add(NUMBER)
    for at, (question, cells) in columns.items():
        column = found[at]
        at_row = next((row for row, cell in cells.items() if _form(cell, question, meant) in doubtful), None)
        if column.doubt is None and at_row is not None:
            column.doubt = (at_row, str(cells[at_row]), f"{_ONE_SCALE}; another column that offers the same answers is of another scale")  # fmt: skip
        if column.doubt:
            column.scores = {}
    return found


def _explained(columns: Iterable[Mapping[int, Cell]], meant: Mapping[str, int | str]) -> dict[int, str]:
    """Return, by its score, an answer of these columns that a map explains."""
    cells = (cell for column in columns for cell in column.values()) if meant else ()
    return {int(meant[word]): str(cell) for cell in cells if meant.get(word := plain(str(cell)))}


def _two_for_one(
    cells: Mapping[int, Cell], meant: Mapping[str, int | str], explained: Mapping[int, str]
) -> tuple[int, str, str] | None:
    """Return the answer that stands for the same score as another one of the column: it has more than five.

    A map that explains "Somewhat agree" as 4 leaves no 4 to an "Agree" that it says nothing of.
    """
    first: dict[tuple[int, str], str] = {}
    for row, cell in cells.items():
        word = plain(str(cell))
        score = None if word in meant else _SCORES.get(word)
        if score is None:
            continue
        if score in explained:
            return (
                row,
                str(cell),
                f"{_ONE_SCALE}; the map gives “{explained[score]}” the score {score} that this one has by itself",
            )
        other = first.setdefault((score, _LANGUAGE[word]), word)
        if other != word:
            return row, str(cell), f"{_ONE_SCALE}; “{other}” stands there for the same score"
    return None


def _form(cell: Cell, question: Question, meant: Mapping[str, int | str]) -> str:
    """Return whether a cell is a bare number or words, as far as it says anything that no map explains."""
    text = plain(str(cell))
    if (
        text in meant
        or _told_number(text, meant) is not None
        or text in _MISSING
        or text in map(plain, question.anchors)
    ):
        return ""
    return NUMBER if re.fullmatch(r"[\d.,]+", text) else WORDS if text in _SCORES else ""


def read_score(
    cell: Cell, question: Question, meant: Mapping[str, int | str] | None = None, whole: bool = False
) -> int | None:
    """Return the score, 1 to 5, that a cell gives to a question; None for blank and "don't know".

    A number may stand before or behind its meaning ("4 - Agree", "Agree (4)") or have nothing behind a decimal
    mark ("4,0"); a practice's level may be written as its anchor.

    Parameters
    ----------
    meant : mapping or None
        What a map says that answers mean, by :func:`plain` text.
    whole : bool
        Whether the survey shows all five answers of a scale whose words other scales share.

    Raises
    ------
    OtherScale
        When the cell shows that its column is of another scale than ours.
    Unreadable
        When it is no answer.
    """
    if isinstance(cell, bool):
        raise Unreadable(_OWN)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else plain(str(cell))
    if not text:
        return None
    if meant and text in meant:
        return int(meant[text]) if meant[text] != "" else None
    if text in _MISSING:
        return None
    anchors = [plain(anchor) for anchor in question.anchors]
    if text in anchors:
        return anchors.index(text) + 1
    if (score := _worded(text, whole)) is not None:
        return score
    if (signed := _SIGNED.match(text)) and int(signed[1]) <= 10:
        raise OtherScale(f"{_ONE_SCALE}, without a sign before its numbers", NUMBER)
    if (told := _told_number(text, meant or {})) is not None:
        return told or None
    for number, words in _numbered(text):
        score = _agreed(number, words, whole)
        return _as_turned(number, score, meant, _worded(words.strip(_SEPARATORS), whole)) if meant else score
    other = (_WITHIN.search(text) or _PARTED.fullmatch(text)) and len(text) < 60
    raise OtherScale(_ONE_SCALE, WORDS) if other else Unreadable(_OWN)


def word_score(text: str) -> int:
    """Return the score of an answer in words, or of a bare number from 1 to 5; 0 for any other text."""
    word = plain(text)
    return int(word) if word in set("12345") else _WHOLE_SCORES.get(word, _SCORES.get(word, 0))


def _worded(text: str, whole: bool) -> int | None:
    return _WHOLE_SCORES.get(text, _SCORES.get(text)) if whole else _SCORES.get(text)


def _numbered(text: str) -> Iterator[tuple[Decimal, str]]:
    """Yield the number at a text's beginning or end, and the words beside it."""
    if match := _LED.fullmatch(text.lstrip("([")):
        yield Decimal(match[1].replace(",", ".")), f"{match[2]}{match[3]}"
    elif match := _ENDED.fullmatch(text):
        yield Decimal(match[2]), match[1]


def _numbers(meant: Mapping[str, int | str]) -> dict[Decimal, int]:
    """Return what a map says that bare numbers mean; 0 for none."""
    bare = {_LED.fullmatch(word): score for word, score in meant.items()}
    return {
        Decimal(found[1].replace(",", ".")): int(score or 0)
        for found, score in bare.items()
        if found and not found[2] + found[3]
    }


def _told_number(text: str, meant: Mapping[str, int | str]) -> int | None:
    """Return what a map says that a bare number means, however it is written: 5, 5.0; 0 for none, None for nothing."""
    found = _LED.fullmatch(text) if meant else None
    if not found or (found[2] + found[3]).strip(_SEPARATORS):
        return None
    return _numbers(meant).get(Decimal(found[1].replace(",", ".")))


def _as_turned(
    number: Decimal, score: int | None, meant: Mapping[str, int | str], by_words: int | None
) -> int | None:
    """Return a score that its number gives, as the map has it where that gives numbers another meaning than ours.

    The words beside it are not turned: "5 - Strongly agree" is no 1, whatever the map says of 5.
    """
    told = _numbers(meant)
    if score is None or all(one == meaning for one, meaning in told.items() if meaning):
        return score
    if number not in told:
        raise OtherScale(
            f"{_ONE_SCALE}; the map gives other numbers another meaning, and none to this one", NUMBER
        )
    if by_words not in (None, told[number]):
        raise OtherScale(
            f"{_ONE_SCALE}; the map makes {told[number] or 'no answer'} of this number, and its words say {by_words}",
            NUMBER,
        )
    return told[number] or None


def _agreed(number: Decimal, beside: str, whole: bool) -> int | None:
    """Return the score of a number and the words beside it, which must say the same."""
    words = beside.strip(_SEPARATORS)
    if words in _MISSING and words:
        return None
    if words and not _STARS.fullmatch(words):
        scale = _OF.fullmatch(beside)
        if scale and ("/" in beside or beside.strip(" (")[:1].isalpha()):
            if scale[1] != "5":
                raise OtherScale(_ONE_SCALE, NUMBER)
        elif (score := _ENDS.get(words) or _worded(words, whole)) is not None:
            if score != number:
                raise OtherScale(f"{_ONE_SCALE}; on ours this is {score} by its words", NUMBER)
        elif "%" in words or _WITHIN.search(words):
            raise OtherScale(_ONE_SCALE, NUMBER, WORDS)
        else:
            raise Unreadable(f"{_OWN}; beside a number, words that are known to say the same")
    if number in (1, 2, 3, 4, 5):
        return int(number)
    if 0 <= number <= 10:
        raise OtherScale(_ONE_SCALE, NUMBER)
    raise FarBeyond(_ONE_SCALE)
