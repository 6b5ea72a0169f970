"""Numbers as they are written: one rule of rounding for every page, form and file.

A figure is rounded half up, away from zero, in decimal: 264.5 becomes 265 and 2.25 becomes 2.3, as a reader with a
pencil would have it. Binary arithmetic leaves 2.65 as 2.6499999999999999 and 396,000 as 396000.0000000001; what lies
beyond twelve figures is such a trace and is dropped before rounding.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

DAYS_A_YEAR = 365.25  # as days are told in years
FIGURES = 12  # of a float's 15 to 17; sums of a thousand amounts keep more than these


def exact(value: float) -> Decimal:
    """Return a number in decimal, to twelve figures."""
    return Decimal(f"{value:.{FIGURES}g}")


def rounded(value: float, places: int = 0) -> Decimal:
    """Round half up, away from zero, to so many decimal places; negative places round to tens, hundreds, …

    Raises
    ------
    decimal.InvalidOperation
        When ``value`` is not finite.
    """
    return exact(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def figures(value: float, most: int) -> Decimal:
    """Round half up to so many significant figures."""
    number = exact(value)
    return rounded(value, most - 1 - number.adjusted()) if number else number


def fixed(value: float, places: int = 0) -> str:
    """Write a number with so many decimals and its thousands apart: "1,234.5"."""
    return f"{rounded(value, places):,f}"


def plain(value: float) -> str:
    """Write a number as it is, without decimals it does not have: "0.5", "2", "1250000"."""
    text = f"{exact(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped(value: float) -> str:
    """Write a number as it is, with its thousands apart: "1,250,000", "0.5"."""
    whole, point, rest = plain(value).partition(".")
    return f"{int(whole):,}{point}{rest}" if int(whole) else f"{whole}{point}{rest}"


def difference(value: float, places: int = 0) -> str:
    """Write a difference with its sign, a true minus; what rounds to nothing has none: "+1.5", "−0.3", "0.0"."""
    number = rounded(value, places)
    return f"{number:+,f}".replace("-", "−") if number else f"{abs(number):f}"


def tidy(value: float, places: int = 6) -> float:
    """Return a number as a file holds it: at most so many decimals, without the traces of binary arithmetic."""
    return float(rounded(value, places))
