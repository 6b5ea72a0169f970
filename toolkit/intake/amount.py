"""Numbers and money as people type them; what could be two numbers is none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from toolkit.client.field_types import ROUNDED, TWO_NUMBERS, two_numbers
from toolkit.intake.cell import Figure, Unreadable
from toolkit.words import fixed

_MULTIPLES = {
    1_000: ("k", "tsd", "thousand", "tausend", "mille"),
    1_000_000: ("m", "mn", "mio", "mill", "million", "millions", "millionen"),
    1_000_000_000: ("b", "bn", "mrd", "md", "mds", "billion", "billions", "milliard", "milliards", "milliarden"),
}  # fmt: skip
_FACTOR = {word: factor for factor, words in _MULTIPLES.items() for word in words}
_MULTIPLE = re.compile(rf"(?<=[\d.,])\s*({'|'.join(sorted(_FACTOR, key=len, reverse=True))})\.?$", re.I)
_MONEY = re.compile(
    r"(?:CA|C|US|AU|A|NZ|HK|NT|MX|R|S)?[$€£¥]|[₹₽₩₪฿₺₴₫₱₦]|(?<![A-Za-z])(?:[Kk]r|zł|Kč|Ft|S?Fr|Rs|RM|Rp|R|lei|TL)\.?(?![A-Za-z])"
    r"|(?<![A-Za-z])(?!MIO|MRD|TSD|MDS)[A-Z]{3}(?![A-Za-z])"
)
_SIGNS = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "CLP", "COP", "ARS"),
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "C$": ("CAD",),
    "CA$": ("CAD",),
    "US$": ("USD",),
    "A$": ("AUD",),
    "AU$": ("AUD",),
    "NZ$": ("NZD",),
    "HK$": ("HKD",),
    "NT$": ("TWD",),
    "MX$": ("MXN",),
    "R$": ("BRL",),
    "S$": ("SGD",),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "zł": ("PLN",),
    "kč": ("CZK",),
    "ft": ("HUF",),
    "fr": ("CHF",),
    "sfr": ("CHF",),
    "rs": ("INR", "PKR", "LKR", "NPR"),
    "rm": ("MYR",),
    "rp": ("IDR",),
    "r": ("ZAR",),
    "lei": ("RON", "MDL"),
    "tl": ("TRY",),
    **dict(
        zip(
            "₹₽₩₪฿₺₴₫₱₦",
            [(one,) for one in ["INR", "RUB", "KRW", "ILS", "THB", "TRY", "UAH", "VND", "PHP", "NGN"]],
            strict=True,
        )
    ),
}
# Two ends, or one of an open range; what is no number between the signs is refused when the ends are read.
_BETWEEN = re.compile(r"(.*\d.*?)\s*(?:[-–—]|\b(?:to|bis|tot|à)\b)\s*(.*\d.*)", re.IGNORECASE | re.ASCII)
_BELOW = re.compile(r"(?:<=?|≤|up to\b|under\b|below\b|less than\b)\s*(.*\d.*)", re.IGNORECASE | re.ASCII)
_ABOVE = re.compile(
    r"(?:>=?|≥|over\b|above\b|more than\b)\s*(.*\d.*)|(.*\d.*?)\s*(?:\+|and over|or more)",
    re.IGNORECASE | re.ASCII,
)
_LONGEST_RANGE = 80  # characters
_MISPLACED = re.compile(r"[-+]?\d+,\d{3,}", re.ASCII)
# Blanks that part groups; a line break or a tab parts two numbers.
_GROUPED = re.compile("(?<![0-9.,])[0-9]{1,3}(?:[ \u00a0\u2009\u202f'’][0-9]{3})+(?![0-9])")


def number_of(
    text: str, kind: str, decimal: str, currency: str = "", told: str = "", factor: float = 1
) -> Decimal:
    """Read a number; exactly, for 1.2m is 1,200,000 and no binary fraction near it.

    Parameters
    ----------
    kind : str
        "number"; "money", which may end in k, m, bn, Mio. and the like; "share", 0.1 or 10%;
        "percentage", 10 or 10%.
    decimal : str
        ``.`` or ``,``; when empty, a number is read only if it can be but one.
    currency : str
        The client's; a number in another currency cannot be read. Empty accepts none.
    told : str
        What the client's profile says that a decimal begins with; it decides only between two numbers.
    factor : float
        What a map multiplies the number by.

    Raises
    ------
    Unreadable
        When it is no number, or could be two; and when both the text and the map say that the figures are in thousands.
    """
    for mark in _MONEY.findall(text):
        sign = mark if mark in _SIGNS else mark.casefold().rstrip(".")
        if currency != mark and currency not in _SIGNS.get(sign, ()):
            raise Unreadable(f"an amount in {currency}" if currency else "a number without a currency")
    bare = _bare(text)
    if ROUNDED.fullmatch(bare):
        raise Unreadable(
            "a number in full; a spreadsheet has rounded this one: format its cells as a number and save it again"
        )
    if kind == "money" and re.search(r"[\d.,]\s*b$", bare, re.IGNORECASE) and not _MONEY.search(text):
        raise Unreadable("an amount; b alone may be billions or a footnote: write bn")
    share = bare.endswith("%")
    if share and kind in ("number", "money"):
        raise Unreadable(
            "a number without a % sign; of a measure whose unit is % (field unit), 10 % is 10"
            if kind == "number"
            else "an amount without a % sign"
        )
    bare, multiple = _without_multiple(bare.removesuffix("%").strip(), kind)
    readings = {mark: one for mark in (decimal or ".,") if (one := _written(bare, mark)) is not None}
    if len(set(readings.values())) > 1 and not told:
        raise Unreadable(
            "a number that is certain; say what a decimal begins with: in the map (decimal), or once in the client's "
            "profile (decimal_mark: comma or point)"
        )
    if not readings:
        raise Unreadable("a number")
    _need_one_size(multiple, factor)
    number = readings.get(told, next(iter(readings.values()))) * multiple * Decimal(str(factor))
    return number / 100 if share and kind == "share" else number


def typed_number(
    text: str, grouped: bool = True, kind: str = "money", currency: str = "", told: str = ""
) -> Decimal:
    """Read a number typed into a field, as in a file.

    Parameters
    ----------
    grouped : bool
        The field itself sets thousands apart, with commas unless the client begins decimals with them, so that 350,000
        is one number there; where the client does, it is asked about, for every page writes 350 thousand so.
    kind, currency, told : str
        As :func:`number_of` has them.

    Raises
    ------
    Unreadable
        When it is no number, or could be two; then with both, and how to type each.
    """
    bare = text.strip()
    figures = _figures(bare)  # of 1.250k as of 1.250
    by_comma = grouped and "," in figures
    if TWO_NUMBERS.fullmatch(figures) and (told == "," if by_comma else not told):
        small, large = two_numbers(figures)
        raise Unreadable(f"a number that is certain: {figures} may be {small} or {large}; type one of these")
    # Of 1,2345 a figure may have been moved; 1,5 and 1.250,50 are what they can only be.
    certain = "." if by_comma and told != "," and _MISPLACED.fullmatch(figures) else ""
    return number_of(bare, kind, certain, currency, told)


def shown_number(cell: Figure, kind: str, currency: str, factor: float) -> Decimal:
    """Read a workbook's number with what its cell shows beside it, as :func:`number_of` reads the same text.

    Parameters
    ----------
    factor : float
        What a map multiplies the column's figures by.

    Raises
    ------
    Unreadable
        As :func:`number_of`; and when both the cell and the map say that the figures are in thousands.
    """
    unit = number_of(f"{cell.before}1{cell.behind}", kind, ".", currency)
    multiple = unit if unit >= 1_000 else Decimal(cell.scale)
    _need_one_size(int(multiple), factor)
    return cell.figure * (unit if unit >= 1_000 else unit * cell.scale)


def range_of(text: str) -> tuple[str, str] | None:
    """Return the two ends of a range of money as texts, "" for an open one; None for what is no range.

    Of "100 - 250 Million" both are millions.
    """
    if len(text) > _LONGEST_RANGE:
        return None
    if below := _BELOW.fullmatch(text):
        return "", below[1]
    if above := _ABOVE.fullmatch(text):
        return above[1] or above[2], ""
    if not (between := _BETWEEN.fullmatch(text)):
        return None
    low, high = between[1], between[2]
    multiple = _MULTIPLE.search(_bare(high))
    shared = multiple and not _MULTIPLE.search(_bare(low))
    return (f"{low} {multiple[1]}" if multiple and shared else low), high


def _need_one_size(multiple: int, factor: float) -> None:
    if multiple > 1 and factor >= 1_000:
        raise Unreadable(
            f"a number whose size is said once: its cell shows it in {multiple:,}s, and the map multiplies by "
            f"{fixed(float(factor))} (unit_factor)"
        )


def is_zero(text: str) -> bool:
    """Return whether a number or an amount, in whatever currency, is zero."""
    return bool(re.fullmatch(r"[-+]?0+([.,]0*)?", _bare(text)))


def needs_comma(texts: Iterable[str]) -> bool:
    """Return whether any of a column's cells is a number only if a decimal begins with a comma."""
    return any(
        _written(bare, ".") is None and _written(bare, ",") is not None for bare in map(_figures, texts)
    )


def needs_point(texts: Iterable[str]) -> bool:
    """Return whether any of a column's cells is a number only if a decimal begins with a point: 12.5, or 1,250,000."""
    return any(
        _written(bare, ",") is None and _written(bare, ".") is not None for bare in map(_figures, texts)
    )


def may_be_two(text: str) -> bool:
    """Return whether a text is such as 350.000 or 1,250, which may be two numbers."""
    return bool(TWO_NUMBERS.fullmatch(_figures(text)))


def against(texts: Iterable[str], decimal: str) -> str:
    """Return the first of a column's cells that is a number only if no decimal begins with ``decimal``; "" for none."""
    needs = needs_point if decimal == "," else needs_comma
    return next((text for text in texts if needs([text])), "")


def may_be_millions_and_a_part(texts: Iterable[str]) -> bool:
    """Return whether any of a column's cells is such as 1,250 Mio.: a thousand millions, or one and a quarter."""
    parts = (_without_multiple(_bare(text), "money") for text in texts)
    return any("," in bare and TWO_NUMBERS.fullmatch(bare) and factor >= 1_000_000 for bare, factor in parts)


def may_group_by_commas(texts: Iterable[str]) -> bool:
    """Return whether a column has a cell such as 99,950."""
    return any("," in bare and TWO_NUMBERS.fullmatch(bare) for bare in map(_figures, texts))


def may_group_by_points(texts: Iterable[str]) -> bool:
    """Return whether a column has a cell such as 350.000, and none that shows a point to begin decimals there."""
    figures = [_figures(text) for text in texts]
    return any("." in bare and TWO_NUMBERS.fullmatch(bare) for bare in figures) and not any(
        "." in bare and _written(bare, ",") is None and _written(bare, ".") is not None for bare in figures
    )


def _figures(text: str) -> str:
    """Return the figures of a number, an amount or a percentage."""
    return _without_multiple(_bare(text).removesuffix("%").strip(), "money")[0]


def _bare(text: str) -> str:
    """Return a text without currency, spaces between groups of three digits, and bookkeepers' parentheses."""
    bare = _MONEY.sub(lambda mark: mark[0] if _parts_figures(mark) else "", text).strip()
    bare = _GROUPED.sub(lambda found: re.sub(r"[\s'’]", "", found[0]), bare)
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1].strip()
    return re.sub(r"^([-+])\s+", r"\1", bare)


def _parts_figures(mark: re.Match[str]) -> bool:
    """Whether a currency stands between figures: 12€50 are twelve and a half."""
    before, behind = mark.string[: mark.start()].rstrip(), mark.string[mark.end() :].lstrip()
    return before[-1:].isdigit() and behind[:1].isdigit()


def _without_multiple(bare: str, kind: str) -> tuple[str, int]:
    found = _MULTIPLE.search(bare) if kind == "money" else None
    if found and found[1].casefold() == "md" and found[1] != "Md":  # man-days; a milliard is Md
        return bare, 1
    return (bare[: found.start()], _FACTOR[found[1].casefold()]) if found else (bare, 1)


def _written(bare: str, decimal: str) -> Decimal | None:
    """Return the number a text is when a decimal begins with ``decimal``, or None."""
    thousands = "," if decimal == "." else "."
    if re.fullmatch(rf"[-+]?[1-9]\d{{0,2}}(\{thousands}\d{{3}})+(\{decimal}\d+)?", bare, re.ASCII):
        bare = bare.replace(thousands, "")
    elif thousands in bare:
        return None
    bare = bare.replace(decimal, ".")
    plain = re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?", bare, re.ASCII)
    return Decimal(bare) if plain else None
