"""A workbook's cell as a person sees it: its value, and what its number format shows beside or instead of it.

A format can put a currency, "k" or a per cent sign beside a number, and leave the day out of a date. Whoever filled
the sheet in read what was shown, so that counts here, as if it stood there as text. A cell that gives no value either
cannot be read, or its own words leave it open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from functools import cache, cached_property

Cell = str | float | date | None
# Casefolded; one that ends in * stands for every text that begins so.
MISSING_WORDS = (
    *("-", "--", "–", "—", "?", "n/a", "n.a.", "na", "n/d", "n.d.", "nd", "nfp", "not for publication"),
    *("tbd", "tba", "tbc", "to be determined", "to be confirmed", "to be announced", "to be decided"),
    *(
        "not available *",
        "not available",
        "unavailable",
        "not applicable",
        "not provided",
        "not stated",
        "not specified",
        "not set",
        "not yet set",
        "not yet known",
    ),
    *("not disclosed", "unknown", "none", "nil", "null", "no date", "withheld", "redacted"),
    *("exempt", "exempt under *", "exempted under *", "withheld under *", "commercial in confidence"),
    *("k.a.", "k. a.", "keine angabe", "offen", "unbekannt", "à déterminer", "à confirmer", "s.o.", "s/o"),
    *("non disponible", "inconnu", "por determinar", "no disponible", "da definire"),
)
_FIGURES = 15  # that Excel keeps and shows: 970999.9999999999 is 971000
_KEPT = Context(prec=_FIGURES)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<condition>[<>=][^\]]*)\]'
    r"|\[[^\]]*\]|(?P<general>General)|[eE][+-]|(?P<digits>[0#?.,/]+)|(?P<percent>%)|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_HOLDS = {
    "<": lambda a, b: a < b, ">": lambda a, b: a > b, "=": lambda a, b: a == b,
    "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b, "<>": lambda a, b: a != b,
}  # fmt: skip


class Unreadable(ValueError):
    """A cell that cannot be read; the text says what is allowed."""


class LeftOpen(Unreadable):
    """A cell whose own words say that its value is not known; what the record has stays as it is."""


class NoDay(LeftOpen):
    """A cell that says when, but not to the day or quarter that is wanted; what the record has no longer holds."""


class Moment(date):
    """A day that its cell gives with a time."""

    clock: time

    @classmethod
    def of(cls, moment: datetime) -> Moment:
        """Return the nearest whole second of the same day, which its last moment does not leave."""
        made = cls(moment.year, moment.month, moment.day)
        rounded = moment + timedelta(microseconds=500_000)
        made.clock = rounded.time().replace(microsecond=0) if rounded.day == moment.day else time(23, 59, 59)
        return made


class PartOfDay(str):
    """What a date cell shows that leaves out the day, the month or the year, or a time: text, and never a number."""


class NoValue(str):
    """What a formula's cell shows that gives no value: an error such as #REF!, which a typed text may say as well."""


NOT_COMPUTED = NoValue("#formula without a result")


class Figure(float):
    """A number whose cell shows more than the number.

    Attributes
    ----------
    figure : Decimal
        The number as it is shown, before it is rounded.
    before, behind : str
        What stands beside it: ``€ ``, `` k€``, ``%``.
    scale : int
        1,000 where the format shows thousands without saying so, and so on; else 1.
    shown : str
        The text that the cell shows, without groups of three: ``€ 250000``; as it is for a code such as ``P-0007``.
    """

    figure: Decimal
    before: str
    behind: str
    scale: int
    shown: str

    def __str__(self) -> str:
        return str(int(self)) if self.is_integer() and abs(self) < 1e15 else repr(float(self))


@dataclass(frozen=True)
class _Section:
    """A part of a number format: for what numbers it is, what it puts beside them, and how it scales them."""

    condition: str
    before: str
    behind: str
    places: str  # the placeholders of digits; "" where the format shows words alone
    percents: int
    pattern: tuple[tuple[str, bool], ...]  # each placeholder, and each text that is none, in their order

    @cached_property
    def shows_the_number_alone(self) -> bool:
        """Whether nothing is put beside a number, and nothing in it."""
        alone = bool(self.places) and not (self.before.strip() or self.behind.strip() or self.percents)
        return (
            alone
            and not self.places.endswith(",")
            and (self.places == "0" or not set(self.places) <= set("0#?"))
        )

    def figure(self, value: float) -> Figure | float | str:
        """Return a number as this section shows it."""
        if self.shows_the_number_alone:
            return value
        if not self.places:
            return (
                value
                if value == 0 and self.before.strip() in ("", "-", "–", "—")
                else self.before.strip() or value
            )
        commas = len(self.places) - len(self.places.rstrip(","))
        before, behind = self.before.strip(" -()+"), self.behind.strip(" -()+")
        code = self._code(value)
        if not before and not behind and not commas and code in ("", str(value)):
            return value
        made = Figure(value)
        made.scale = 1000**commas
        made.figure = Decimal(repr(value)) * 100**self.percents / made.scale
        made.before, made.behind = f"{before} " if before else "", f" {behind}" if behind else ""
        made.shown = code or f"{made.before}{made.figure.normalize():f}{made.behind}".strip()
        return made

    def _code(self, value: float) -> str:
        """Return a whole number with its zeros and what stands between its figures; "" for any other number."""
        if value < 0 or not float(value).is_integer() or self.percents or not set(self.places) <= set("0#?"):
            return ""
        figures, left, shown = str(int(value)) if value else "", len(self.places), []
        for text, is_place in reversed(self.pattern):
            left -= is_place
            cut = (
                0 if is_place and not left else max(len(figures) - 1, 0)
            )  # the first place has all that is left
            shown.append((figures[cut:] or ("0" if text == "0" else "")) if is_place else text)
            figures = figures[:cut] if is_place else figures
        return "".join(reversed(shown)).strip()


@cache
def _sections(number_format: str) -> list[_Section]:
    """Return the sections for numbers: all but the one for text, at most three."""
    sections = [_section(tokens) for tokens in _split(number_format)]
    return [one for one in sections if one.before.strip() != "@"][:3] or _sections("General")


def _split(number_format: str) -> Iterator[list[re.Match[str]]]:
    tokens: list[re.Match[str]] = []
    for token in _TOKEN.finditer(number_format):
        if token[0] == ";":
            yield tokens
            tokens = []
        else:
            tokens.append(token)
    yield tokens


def _section(tokens: list[re.Match[str]]) -> _Section:
    condition, places, percents = "", "", 0
    beside = ["", ""]
    pattern: list[tuple[str, bool]] = []
    for token in tokens:
        condition = token["condition"] or condition
        percents += bool(token["percent"])
        if token["general"] or token["digits"]:
            places += token["digits"] or "0"
            pattern += [(place, True) for place in token["digits"] or "0"]
        elif token[0][:2].casefold() in ("e+", "e-"):
            places += "E"
        text = next(
            (token[name] for name in ("quoted", "escaped", "currency", "percent", "other") if token[name]), ""
        )
        beside[bool(places)] += text
        pattern += [(text, False)] if text else []
    return _Section(condition, beside[0], beside[1], places, percents, tuple(pattern))


def number_kept(value: float) -> float:
    """Return a workbook's number as a spreadsheet has it: whole where it is, and to 15 figures, for the rest is noise."""
    if value.is_integer() and abs(value) < 1e15:
        return int(value)  # Excel holds 101 as 101.0; as an id it is 101
    return value if len(repr(value)) <= _FIGURES else float(_KEPT.create_decimal_from_float(value))


def figure_of(value: float, number_format: str) -> Figure | float | str:
    """Return a number with what its cell shows beside it; as it is where that is nothing.

    Words that a format shows instead of the number are returned as text.
    """
    if number_format in ("General", "@", ""):
        return value
    numeric = _sections(number_format)
    return (numeric[0] if len(numeric) == 1 else _chosen(numeric, value)).figure(value)


def _chosen(sections: list[_Section], value: float) -> _Section:
    """Return the section for a number: by the conditions written there, else positive, negative and zero."""
    if any(one.condition for one in sections):
        fitting = (one for one in sections if not one.condition or _meets(one.condition, value))
        return next(fitting, sections[-1])
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]


def _meets(condition: str, value: float) -> bool:
    match = _CONDITION.fullmatch(condition.strip())
    return bool(match) and _HOLDS[match[1]](value, float(match[2]))  # type: ignore[index]


@cache
def _date_parts(number_format: str) -> frozenset[str]:
    """Return which of day, month and year a date's format shows; the three where it leaves that to the system."""
    if "$-F800" in number_format.upper() or "$-F400" in number_format.upper():
        return frozenset("dmy")
    plain = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', " ", number_format.partition(";")[0]).casefold()
    plain = re.sub(r"am/pm|a/p", " ", plain)
    minutes = re.sub(r"(h+\W*)m+|m+(\W*s+)", r"\1\2", plain)  # there m is minutes
    days = {"d" for run in re.findall("d+", minutes) if len(run) < 3}
    return frozenset(
        days | {"m" for _ in re.findall("m", minutes)} | {"y" for _ in re.findall("[ye]", minutes)}
    )


def day_shown(value: date, number_format: str) -> date | str:
    """Return a date that its cell shows whole, or the text of what it shows: "March 2027", "2027", "1 March"."""
    parts = _date_parts(number_format)
    if {"d", "y"} <= parts:
        return Moment.of(value) if isinstance(value, datetime) else value
    said = [str(value.day)] if "d" in parts else []
    said += [f"{value:%B}"] if "m" in parts else []
    said += [str(value.year)] if "y" in parts else []
    return PartOfDay(" ".join(said) or (value.time() if isinstance(value, datetime) else value))


def as_shown(cell: object) -> str:
    """Return a cell as a fault tells it."""
    return cell.shown if isinstance(cell, Figure) else str(cell)


def says_missing(text: str, extra: tuple[str, ...] = ()) -> bool:
    """Return whether a cell's words stand for "not available": by the general list, or by a map's own."""
    word = " ".join(text.casefold().split())
    whole, beginnings = _words(extra)
    return word in whole or word.startswith(beginnings)


@cache
def _words(extra: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    words = (*MISSING_WORDS, *(" ".join(one.casefold().split()) for one in extra))
    begin = tuple(one[:-1] for one in words if one.endswith("*"))
    return frozenset(one for one in words if not one.endswith("*")), begin
