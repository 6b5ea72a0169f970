"""Templates of consultancies for PowerPoint, made here: other sizes, other layout names, hostile ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches

FOUR_TO_THREE = (10.0, 7.5)
A4 = (11.69, 8.27)


def own_template(
    size: tuple[float, float], names: dict[int, str], keep: tuple[int, ...], foot: bool = True
) -> bytes:
    """Return a template with a coloured band and a slide in it, its layouts renamed and all but some of them removed."""
    deck = Presentation()
    share = size[0] / 10
    deck.slide_width, deck.slide_height = Inches(size[0]), Inches(size[1])
    layouts = list(deck.slide_layouts)
    for place in (deck.slide_master, *layouts):
        for one in place.placeholders:
            if one._element.spPr.find(qn("a:xfrm")) is not None:
                left, top, width, height = one.left, one.top, one.width, one.height
                one.left, one.width = Emu(int(left * share)), Emu(int(width * share))
                one.top, one.height = Emu(int(top * size[1] / 7.5)), Emu(int(height * size[1] / 7.5))
            if not foot and one.placeholder_format.type in (
                PP_PLACEHOLDER.FOOTER,
                PP_PLACEHOLDER.SLIDE_NUMBER,
            ):
                one._element.getparent().remove(one._element)
    for n, name in names.items():
        layouts[n].name = name
    for n, layout in enumerate(layouts):
        if n not in keep:
            deck.slide_layouts.remove(layout)
    slide = deck.slides.add_slide(layouts[keep[0]])
    slide.shapes.title.text = "Secret pitch to Initech"
    deck.core_properties.author = "Pat Template"
    background = deck.slide_master.background.fill
    background.solid()
    background.fore_color.rgb = RGBColor(0xFB, 0xF6, 0xEC)
    made = io.BytesIO()
    deck.save(made)
    return made.getvalue()


def named_otherwise() -> bytes:
    """Return a 4:3 template in another language, its slides' layout one with a title and a body."""
    return own_template(FOUR_TO_THREE, {0: "Deckblatt", 1: "Folie mit Inhalt"}, (0, 1))


def without_cover() -> bytes:
    """Return an A4 template with one layout, which bears a title alone and no footer."""
    return own_template(A4, {5: "Leer mit Überschrift"}, (5,), foot=False)


def changed(
    data: bytes, change: Callable[[str, bytes], bytes | None], more: dict[str, bytes] | None = None
) -> bytes:
    """Return a packed file with its parts changed (None leaves one out), and more of them."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as packed,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in packed.namelist():
            part = change(name, packed.read(name))
            if part is not None:
                archive.writestr(name, part)
        for name, part in (more or {}).items():
            archive.writestr(name, part)
    return out.getvalue()
