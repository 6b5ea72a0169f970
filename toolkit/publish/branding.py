"""A consultancy's brand put on documents as they are exported; what notebooks say stays the house's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy

from markupsafe import Markup
from nbformat import NotebookNode

from toolkit.client.brand import Brand
from toolkit.html.fonts import FAMILY, figure_width
from toolkit.html.markup import HTML_KEY, text_of
from toolkit.words import plain, tidy

# Within our own HTML, where quotation marks of any text are escaped, these are markup alone.
_STYLE = re.compile(r' style="[^"]*"')
_FIRST = re.compile(r'<div class="page (?:slide|sheet)\b[^"]*" id="[^"]*">')
_FOOT = '<p class="foot"><span>'
# The parts of a PowerPoint file that are drawn in the house's colours.
_DRAWN = ("ppt/slides/", "ppt/charts/")
_THEME = "ppt/theme/"


def branded(notebook: NotebookNode, brand: Brand) -> NotebookNode:
    """Return a copy of an executed notebook whose pages bear a brand: its colours, its logo or name, its line at the foot."""
    marked = deepcopy(notebook)
    swap, first = brand.swap, True
    for cell in marked.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if HTML_KEY not in data:
                continue
            html = "".join(data[HTML_KEY])  # on disk it may stand as a list of lines
            html = _STYLE.sub(lambda found: recoloured(found[0], swap), html)
            if first:
                html = _FIRST.sub(lambda found: f"{found[0]}{brand.terms}{brand.mark}", html, count=1)
                first = False
            if brand.confidentiality:
                html = html.replace(_FOOT, f"{_FOOT}{text_of(brand.confidentiality)} · ")
            data[HTML_KEY] = html
    return marked


def branded_tokens(css: str, brand: Brand) -> str:
    """Return the house's tokens as a brand has them: its colours, and its typeface before the house's.

    A wider typeface is set smaller, so that its figures are as wide as the house's and pages hold what they hold.
    """
    css = recoloured(css, brand.swap)
    if brand.family:
        own = f'--font: "{brand.family}", "{FAMILY}",'
        css = css.replace(f'--font: "{FAMILY}",', own)
        # Important, for each place that sets a font as a whole would undo it.
        css += f"body, body * {{ font-size-adjust: ch-width {plain(tidy(figure_width(), 3))} !important; }}\n"
    return css


def families(brand: Brand) -> Markup:
    """Return the typefaces of what a page prints in its margins."""
    return Markup(", ").join(Markup('"{}"').format(name) for name in (brand.family, FAMILY) if name)


def recoloured(text: str, swap: Mapping[str, str]) -> str:
    """Return a text with colours in place of others, each written as ``#`` and six digits in lower case."""
    return re.sub("|".join(swap), lambda found: swap[found[0]], text) if swap else text


def recoloured_part(name: str, part: bytes, brand: Brand, theme: bool) -> bytes:
    """Return a part of a PowerPoint file in a brand's colours; its theme is recoloured only where it is the house's."""
    if not brand.colours or not name.startswith((*_DRAWN, _THEME) if theme else _DRAWN):
        return part
    swap = {house[1:].upper(): own[1:].upper() for house, own in brand.swap.items()}
    written = re.compile(rf'(<a:srgbClr\b[^<>]* val=")({"|".join(swap)})(?=")')
    return written.sub(lambda found: found[1] + swap[found[2]], part.decode()).encode()
