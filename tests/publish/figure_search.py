"""Where a figure of a page is found: in which file, by what it is about, or how it is derived."""

from __future__ import annotations

import re
from bisect import bisect
from operator import itemgetter

from figure_derivations import counts, derived
from figure_sources import Sources, Value
from page_figures import Figure

BREAKS = r"…| \| |(?<=[.!?]) "  # where one text of a page ends and another begins
LETTERS = 5  # of the words around a figure, at least
NEAR = 16  # characters on either side that, with the figure, must stand in a file for it to be said there
# Figures of the method and of the pages themselves, each with the words around it.
CONSTANTS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        r"[Ee]xhibit \d+",
        r"[Nn]umber \d|Decision \d",
        r"Capital, [\d, and]+:",  # of the decisions with these numbers
        r"page \d+( of \d+)?",
        r"^\d+ · ",  # a page of the report
        r"\b1 to 5\b",
        r"(?:(?<=\d )|(?<=points ))of 5\b",
        r"of 100 points|out of 100|0–100|0 to 100|= 100",
        r"[Ll]evel \d\b(?!\.)|Areas below 3",
        r"[Tt]en per cent",
        r"^\w+ parts? of the picture (is|are) still missing",  # as many as the table below has rows
        r"(Gap and|Change and|Welch’s t,) 95 %",
        r"difference: q is at most 0\.(05|20)",
        r"[Ff]irst 90 days",
        r"(within|over|in) five years",
        r"1 : 2 : 3",
        r"(over|under|up to|more than) (10|30) %|10–30 %",
        r"contribution of 3 closes more than 30 % .* 2 closes 10 to 30 %, 1 less",
        r"[Rr]eported often, 3\.5 or more",
    )
)

# What is counted, by the words that name it.
NOUNS = {
    "more": r"^ more\b|^ further (?!claim)",
    "initiative": r"initiative|project|benefit|under way|planned|completion|moved later|past (?:its|their) date|due within a year|(?:has|have) no date|\bfits?\b|chosen|deferred|wait|with a known running cost",
    "goal": r"goal",
    "measure": r"measure|kpi",
    "risk": r"risk|deadline|date",
    "cost": r"\bcosts?\b(?! alone)|claim",
    "decision": r"decision|action",
    "area": r"area|difference|practice",
    "score": r"score",
    "promise": r"promise",
    "finding": r"finding",
    "need": r"need",
    "role": r"role",
    "question": r"question",
    "way": r"\bways?\b|weighting",
    "quarter": r"quarter|year",
}


class Search:
    """The search for figures in one client's files."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.derived = derived(sources)
        scaled = ((value, 100) for value in (*sources.values, *self.derived) if value.unit == "share")
        plain = ((value, 1) for value in (*sources.values, *self.derived))
        self.sizes = sorted(
            ((abs(value.number * times), value) for value, times in (*scaled, *plain)), key=itemgetter(0)
        )
        self.counts = counts(sources)
        self._names: dict[str, set[str]] = {}

    def found(self, figure: Figure) -> str:
        """Return where a figure is found, "" where it is nowhere."""
        if self.is_constant(figure):
            return "constant"
        if any(
            start <= figure.start and figure.end <= end
            for start, end in self.sources.names.spans(figure.block.text)
        ):
            return "name"
        if self.is_said(figure):
            return "said"
        value = self.value_of(figure)
        if figure.kind in ("number", "word") and not (value and value.names) and self.is_count(figure):
            return "count"
        return f"{'derived' if value in self.derived else 'value'}: {value.place}" if value else ""

    @staticmethod
    def is_constant(figure: Figure) -> bool:
        """Whether a figure is one of the method, of an axis, or the number of a row, a slide, a page or an exhibit."""
        block = figure.block
        if block.tag in ("tick", "ordinal") or (block.tag == "b" and block.text == figure.text):
            return True
        matches = (match for pattern in CONSTANTS for match in pattern.finditer(block.text))
        return any(match.start() <= figure.start and figure.end <= match.end() for match in matches)

    def is_said(self, figure: Figure) -> bool:
        """Whether a file says the figure in the very words around it."""
        text = figure.block.text
        left, right = (
            re.split(BREAKS, text[: figure.start])[-1][-NEAR:],
            re.split(BREAKS, text[figure.end :])[0][:NEAR],
        )
        last, first = " ".join(left.split()[-1:]), " ".join(right.split()[:2])
        inside, number = (r"(?<![\d,.])", r"(?![\d%]|[,.]\d)"), re.escape(figure.text)
        for before, after, (begin, end) in (
            (left, right, inside), (f"{last} ", f" {first}", inside), ("", right, ("^", "")), (left, "", ("", "$")),
        ):  # fmt: skip
            words = len(re.findall(r"[^\W\d]", before + after))
            pattern = f"{begin}{re.escape(before.lstrip())}{number}{re.escape(after.rstrip())}{end}"
            if words >= LETTERS and re.search(pattern, self.sources.texts, re.MULTILINE):
                return True
        return False

    def value_of(self, figure: Figure) -> Value | None:
        """Return a value of the files that the figure shows, and all whose names stand around the figure."""
        low, high = figure.bounds
        first, last = (bisect(self.sizes, size, key=itemgetter(0)) for size in (low - 1e-9, high + 1e-9))
        fitting = [
            value
            for _, value in self.sizes[first:last]
            if self.fits(figure, value) and self.is_about(figure, value)
        ]
        if figure.kind == "percent" and figure.block.level.count(figure.text) >= len(
            {value.place for value in fitting}
        ):
            return None  # a row of a chart shows a share once, unless two are alike
        return max(fitting, key=lambda value: len(value.names), default=None)

    def is_about(self, figure: Figure, value: Value) -> bool:
        """Whether all that a value is about is named around a figure."""
        named, row = self.named_in(figure), f"{figure.block.text} | {figure.block.around}".casefold()
        near = {"=": row, "~": f"{row} {figure.block.whole.casefold()}"}
        return all(
            re.search(name[1:], near[name[0]]) is not None if name[0] in near else name in named
            for name in value.names
        )

    def named_in(self, figure: Figure) -> set[str]:
        """Return what is named around a figure."""
        text = f"{figure.block.text} | {figure.block.around}"
        if text not in self._names:
            # A name in several lines of a chart is one name.
            self._names[text] = self.sources.names.within(f"{text} | {text.replace(' | ', ' ')}")
        return self._names[text]

    def is_count(self, figure: Figure) -> bool:
        """Whether the files hold so many of what the words after the figure name, or of anything where they name nothing."""
        if figure.kind not in ("number", "word") or figure.places:
            return False
        after = figure.block.text[figure.end : figure.end + 70].partition(". ")[0].casefold()
        nouns = sorted(
            (match.start(), noun) for noun, names in NOUNS.items() if (match := re.search(names, after))
        )
        pool = (
            self.counts[nouns[0][1]]
            if nouns
            else set().union(*(pool for noun, pool in self.counts.items() if noun != "more"))
        )
        return int(figure.number) in pool

    @staticmethod
    def fits(figure: Figure, value: Value) -> bool:
        """Whether a figure is of a value's unit and shows it."""
        if figure.kind == "word":
            return value.unit in ("", "count") and bool(value.names) and figure.shows(value.number)
        if value.unit == "statistic" and figure.places < 2:
            return False
        if figure.kind == "money":
            return value.unit == "money" and figure.shows(value.number, is_money=True)
        if figure.kind == "percent":
            return value.unit in ("share", "") and figure.shows(
                value.number * (100 if value.unit == "share" else 1)
            )
        return figure.shows(value.number, value.unit == "money") or (
            value.unit == "share" and figure.shows(100 * value.number)
        )
