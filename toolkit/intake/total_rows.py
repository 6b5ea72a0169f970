"""Rows of a register that are no initiative: sums and headings of groups, left out where certain, else asked about.

Two signs tell a sum. It is called a total, in one of many languages; and it is a sum: its amounts are those of
the rows above, or it has neither id nor text of its own where the others have. Both make it certain, one a question.
A mean, what remains of a budget and a note beneath the table are asked about, as is any row that lacks the id that the
others have, or stands beneath them with nothing but a name and figures. A row with one text and nothing else, above
rows that have more, is the heading of a group where those have ids of their own; without ids it is asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from toolkit.errors import Fault, shown
from toolkit.intake.cell import Unreadable, as_shown
from toolkit.intake.mapping import MappedTable, Source
from toolkit.intake.table import Cell, Sheet, as_compared
from toolkit.intake.values import Habits, read_cell

_WORDS = (
    "total|totals|grand total|overall total|sub total|subtotal|subtotals|sum|sums|sum total|overall"
    "|gesamt|gesamtsumme|summe|summen|zwischensumme|endsumme|insgesamt|teilsumme"
    "|totale|totaux|total général|sous total|sous totaux|somme|montant total|totale generale|subtotale|somma"
    "|total general|suma|suma total|subtotales|total geral|soma|totaal|totalen|subtotaal|eindtotaal|som"
    "|totalt|summa|delsumma|delsum|i alt|ialt|samlet|totalsumma|slutsumma|yhteensä|välisumma|kokku"
    "|razem|ogółem|łącznie|suma częściowa|celkem|součet|mezisoučet|spolu|súčet|összesen|mindösszesen|részösszeg"
    "|ukupno|skupaj|toplam|genel toplam|ara toplam|σύνολο|γενικό σύνολο|υποσύνολο|total gen|subtotal gen"
    "|итого|всего|сумма|подытог|общий итог|разом|усього|всичко|общо|укупно"
    "|合計|小計|総計|计|合计|小计|总计|總計|共计|합계|소계|총계|총합|المجموع|الإجمالي|مجموع|סה כ|סהכ|รวม|รวมทั้งหมด"
    "|tổng|tổng cộng|jumlah|total keseluruhan|कुल|योग|کل|جمع"
)
_MEANS = (
    "average|avg|mean|median|mode|standard deviation|std dev|stdev|durchschnitt|mittelwert|mittel|moyenne|promedio|media"
    "|média|gemiddelde|gemiddeld|genomsnitt|medel|medelvärde|gennemsnit|gjennomsnitt|keskiarvo|średnia|průměr|átlag"
    "|ortalama|μέσος όρος|среднее|середнє|平均|平均値|平均值|평균|المتوسط|ממוצע"
)
_RESTS = (
    "remaining|remaining budget|budget remaining|remainder|balance|difference|variance|unallocated|available"
    "|available budget|budget available|project count|projects|number of projects|count"
    "|rest|restbudget|verbleibend|verbleibendes budget|differenz|abweichung|anzahl|reste|restant|budget restant|solde"
    "|écart|restante|saldo|diferencia|resto|diferença|verschil|återstående|gjenstående|pozostało|zbývá|maradék|kalan"
    "|υπόλοιπο|остаток|разница|залишок|残額|残り|余额|잔액|المتبقي|יתרה"
)
_NOTE = re.compile(
    r"\s*([*†‡¹²³]|(sources?|notes?|remarks?|as of|quellen?|stand|hinweise?|anmerkung(en)?|remarques?|fuentes?|notas?"
    r"|fonti|fonte|bron|opmerking(en)?|kild[ea]r?|källa|anmärkning|źródło|uwaga|zdroj|источник|примечание)\s*[:：])",
    re.IGNORECASE,
)
_NEUTRAL = {
    "in",
    "all",
    "of",
    "k",
    "m",
    "mn",
    "mio",
    "usd",
    "eur",
    "gbp",
    "chf",
    "cad",
    "keur",
    "kusd",
    "teur",
    "tsd",
}
_CELLS_OF_A_ROW = 3  # that most rows have in a table in which one alone is a heading
_CLOSE = 0.001  # a sum and its parts may be rounded each for itself
AMOUNTS = ("capex", "opex", "benefit", "original_capex")


def _words(text: str) -> str:
    """Return a text's words: letter case, figures, marks and currencies aside."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(word for word in re.split(r"[\W\d_]+", folded) if word and word not in _NEUTRAL)


_TOTALS = frozenset(_words(one) for one in _WORDS.split("|"))
_LONGEST = max(one.count(" ") + 1 for one in _TOTALS)  # words of a total's name
_CALLED_MEANS = frozenset(_words(one) for one in _MEANS.split("|"))
_BESIDE_TOTALS = _CALLED_MEANS | {_words(one) for one in _RESTS.split("|")}


def is_called_a_sum(text: str) -> bool:
    """Return whether a text is what a row of sums or means is called, and nothing else."""
    return not re.search(r"\d", text) and _words(text) in _TOTALS | _CALLED_MEANS


@dataclass(frozen=True)
class Totals:
    """Rows that are no initiative, by number: what each certain sum or heading is called, and the question about each other."""

    certain: Mapping[int, str]
    asked: Mapping[int, Fault]
    headings: Mapping[int, str]


class _Sums:
    """How many amounts there are of each field, and what they come to."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.sums: dict[str, float] = defaultdict(float)

    def add(self, line: _Line) -> None:
        for field, amount in line.amounts.items():
            self.counts[field] += 1
            self.sums[field] += amount

    def make(self, line: _Line, least: int) -> bool:
        """Whether each amount of a line is the sum of at least so many others."""
        return bool(line.amounts) and all(
            self.counts[field] >= least and abs(self.sums[field] - amount) <= _CLOSE * abs(amount)
            for field, amount in line.amounts.items()
        )


@dataclass(frozen=True)
class _Line:
    """A row: what it is called, its amounts by field, its own id, and whether it has nothing else.

    ``cells`` is how many are filled; a ``heading`` has one text alone, or repeats the headings of the columns.
    """

    number: int
    label: str
    amounts: Mapping[str, float]
    identity: str
    bare: bool
    cells: int = 0
    heading: bool = False

    @cached_property
    def words(self) -> str:
        return _words(self.label)

    @property
    def named_total(self) -> bool:
        return self.words in _TOTALS

    @property
    def beside_totals(self) -> bool:
        """Whether it is called what stands beside a total, as a mean does, or begins as a note."""
        noted = not self.amounts and _NOTE.match(self.label)
        return self.bare and (bool(noted) or self.words in _BESIDE_TOTALS)

    @property
    def sounds_so(self) -> bool:
        """Whether it begins or ends with a total's name, as "Total cost control" does."""
        words = self.words.split()
        ends = (part for n in range(1, min(len(words), _LONGEST + 1)) for part in (words[:n], words[-n:]))
        return any(" ".join(part) in _TOTALS for part in ends)


def totals_of(table: MappedTable, habits: Habits) -> Totals:
    """Return the rows of a register that sum up others or are otherwise no initiative."""
    sheet, lines = table.sheet, [_line(number, cells, table.present, habits) for number, cells in table.rows]
    telling = _most(not line.bare for line in lines)
    odd = _unlike_the_others(lines)
    wholes = _wholes(lines, telling)
    headings = _headings(lines)
    certain: dict[int, str] = {}
    asked: dict[int, Fault] = {}
    everything, above, group = _Sums(), _Sums(), _Sums()
    for line in lines:
        if not line.named_total and not line.beside_totals:
            everything.add(line)
    for line in lines:
        if line.number in headings:
            if not headings[line.number]:
                why = "a row with nothing else beside it: the heading of a group?"
                asked[line.number] = _fault(sheet, line, why)
            group = _Sums()
            continue
        named, bare = line.named_total, line.bare and telling
        alone = line.bare and (telling or line is lines[-1])
        sums = any(
            parts.make(line, 1 if named else 2) for parts in (group, above, *([everything] if named else []))
        )
        if named and (sums or bare):
            certain[line.number] = line.label
        elif named or (sums and alone) or ((bare or sums) and line.sounds_so) or line.number in wholes:
            is_sum = sums or line.number in wholes
            why = "whose amounts are the sum of other rows'" if is_sum else "a row that may be a sum"
            asked[line.number] = _fault(sheet, line, why)
        elif line.beside_totals or line.number in odd:
            why = "a row with neither id nor text of its own: a mean, what remains, a note?"
            asked[line.number] = _fault(sheet, line, why)
        else:
            above.add(line)
            group.add(line)
            continue
        group = _Sums()
    return Totals(certain, asked, {line.number: line.label for line in lines if headings.get(line.number)})


def _wholes(lines: Sequence[_Line], telling: bool) -> set[int]:
    """Return the rows whose amounts are the sum of those that they stand for: above them, as an outline has it, by
    their id (1 above 1.1 and 1.2), or last of all.
    """  # fmt: skip
    found, group = set(), _Sums()
    for line in reversed(lines):
        if line.bare and group.make(line, 2):
            found.add(line.number)
            group = _Sums()
        else:
            group.add(line)
    if (
        not telling and lines and lines[0].number not in found
    ):  # rows of names and figures add up by chance, too
        found = set()
    parts: dict[str, _Sums] = defaultdict(_Sums)
    for line in lines:
        parts[line.identity.rpartition(".")[0]].add(line)
    found |= {line.number for line in lines if line.identity and parts[line.identity].make(line, 2)}
    everything = _Sums()
    for line in lines[:-1]:
        everything.add(line)
    return found | {line.number for line in lines[-1:] if everything.make(line, 3)}


def _headings(lines: Sequence[_Line]) -> dict[int, bool]:
    """Return the rows that are headings of the rows beneath them, and whether that is certain."""
    others = [line for line in lines if not line.heading]
    if not _most(line.cells >= _CELLS_OF_A_ROW for line in others):
        return {}
    certain = _most(bool(line.identity) for line in others)
    found, below = {}, False
    for line in reversed(lines):
        if line.heading and below and not line.named_total:
            found[line.number] = certain or line.cells > 1
        elif not line.heading:
            below = True
    return found


def _unlike_the_others(lines: Sequence[_Line]) -> set[int]:
    """Return the bare rows among rows that have an id, and those beneath rows none of which is bare."""
    if _most(bool(line.identity) for line in lines):
        return {line.number for line in lines if line.bare}
    last = max((at for at, line in enumerate(lines) if not line.bare), default=-1)
    beneath = lines[last + 1 :]
    whole = all(not line.bare or line.named_total for line in lines[: last + 1])
    return {line.number for line in beneath} if whole and last + 1 > len(beneath) else set()


def _most(signs: Iterable[bool]) -> bool:
    told = list(signs)
    return sum(told) * 2 > len(told)


def _line(number: int, cells: Mapping[str, Cell], present: Mapping[str, Source], habits: Habits) -> _Line:
    names = present["name"].column if "name" in present else ()
    ids = {column for column in present["id"].column if column not in names} if "id" in present else set()
    label = next((str(cells[column]).strip() for column in names if column in cells), "")
    texts = [str(cell).strip() for cell in cells.values() if isinstance(cell, str)]
    label = next((text for text in texts if _words(text) in _TOTALS), label)
    identity = next((as_shown(cells[column]).strip() for column in ids if column in cells), "")
    own = any(not _is_figure(cell) for cell in cells.values() if str(cell).strip() != label)
    repeats = len(cells) > 1 and all(
        as_compared(column) == as_compared(str(cell)) for column, cell in cells.items()
    )
    heading = repeats or (len(cells) == 1 and bool(texts) and not _is_figure(texts[0]))
    label = label or (texts[0] if texts else "")
    amounts = dict(_amounts(cells, present, habits))
    return _Line(number, label, amounts, identity, not (identity or own), len(cells), heading)


def _amounts(
    cells: Mapping[str, Cell], present: Mapping[str, Source], habits: Habits
) -> Iterable[tuple[str, float]]:
    for field in AMOUNTS:
        source = present.get(field)
        try:
            value = source and read_cell(cells, source, "money", habits)[0]
        except Unreadable:
            value = None
        if value:
            yield field, value


def _is_figure(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return not isinstance(cell, date)
    return bool(re.search(r"\d", cell)) and not re.search(r"[^\W\d_]{4}", cell)


def _fault(sheet: Sheet, line: _Line, why: str) -> Fault:
    return Fault(
        sheet.place(line.number),
        f"{shown(line.label)}, {why}",
        "rows that are an initiative each",
        "Say with --totals leave-out that it is none, or with --totals keep that it is one "
        "(totals: leave out, or keep, in a map).",
    )
