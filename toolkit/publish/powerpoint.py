"""The deck as a PowerPoint file: native charts and tables drawn from what the executed notebook's outputs carry.

It needs the extra ``pptx``.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any
from xml.sax.saxutils import escape

from nbformat import NotebookNode
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from toolkit.client.brand import HOUSE, Brand
from toolkit.html.fonts import cut_to, lines_of
from toolkit.html.markup import EXHIBITS_KEY, HTML_KEY, NOTES_KEY, SYNTHETIC
from toolkit.publish.branding import branded, recoloured_part
from toolkit.publish.exporters import LEFT_OUT, document_facts, in_deck_order, markdown_html, png_of
from toolkit.publish.slide_chart import PX, colour_of, describe, pixels
from toolkit.publish.slide_layout import (
    LEADING,
    Box,
    fill_frame,
    fit,
    hundredths,
    in_their_typeface,
    rectangle,
    sure,
    text_box,
)
from toolkit.publish.slide_parts import (
    Beside,
    Line,
    Run,
    SlidePage,
    Words,
    picture_page,
    prose_page,
    slide_page,
    xml_text,
)
from toolkit.publish.slide_template import DeckTemplate, deck_template

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MARK = "Presenter’s copy: not for clients"


def deck_files(notebook: NotebookNode, template: bytes = b"", brand: Brand = HOUSE) -> tuple[bytes, bytes]:
    """Return a deck as a PowerPoint file for leadership, and as the presenter's copy, with notes and marked as such.

    Logo and typeface are the brand's only where there is no template, which has its own.
    """
    made = deck_template(template, family=brand.family)
    pages = list(slide_pages(in_deck_order(branded(notebook, brand))))
    with in_their_typeface(made.own or bool(brand.family)):
        for n, page in enumerate(pages):
            slide = add_slide(made, page, brand.confidentiality)
            if not made.own and "cover" in page.css.split():
                _brand_mark(brand, slide)
            elif not made.own and not n:
                _brand_at_the_head(brand, slide)
    _say_who(made.deck, document_facts(notebook.cells)["title"])
    leadership = _packed(made, brand)
    for slide, page in zip(made.deck.slides, pages, strict=True):
        place = Box(made.deck.slide_width / PX - 300, 4, 290, 16)
        mark = Line((Run(_MARK, strong=True),))
        fill_frame(
            text_box(slide, place), (mark,), 12, "alarm" if made.own or "cover" not in page.css else "paper"
        )
        if page.notes:
            slide.notes_slide.notes_text_frame.text = "\n".join(page.notes)
    return leadership, _packed(made, brand)


def _packed(template: DeckTemplate, brand: Brand) -> bytes:
    made = io.BytesIO()
    template.deck.save(made)
    return same_bytes(
        made.getvalue(), lambda name, part: recoloured_part(name, part, brand, theme=not template.own)
    )


def _brand_mark(brand: Brand, slide: Any) -> None:
    """Put a brand's logo or name, and its line, on the house's cover; an SVG, which PowerPoint files take none of, is left out."""
    if brand.logo and brand.logo.kind != "image/svg+xml":
        width, height = brand.logo_size
        rectangle(slide, Box(1192 - width - 24, 16, width + 24, height + 12), "paper")
        picture = slide.shapes.add_picture(
            io.BytesIO(brand.logo.data), *map(pixels, (1192 - width - 12, 22, width, height))
        )
        describe(picture, brand.name or "Logo", "Picture")
    elif brand.name:
        frame = text_box(slide, Box(592, 30, 600, 30))
        fill_frame(frame, (Line((Run(xml_text(brand.name), strong=True),)),), 20, "paper")
        frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    if brand.confidentiality:
        line = Line((Run(xml_text(brand.confidentiality)),))
        fill_frame(text_box(slide, Box(88, 682, 1104, 22)), (line,), 15, "on-accent")


def _brand_at_the_head(brand: Brand, slide: Any) -> None:
    """Put a brand's logo, else its name, at the head of a deck that has no cover."""
    if brand.logo and brand.logo.kind != "image/svg+xml":
        width = 30 * brand.logo.width / brand.logo.height
        wide, high = (width, 30.0) if width <= 240 else (240.0, 30 * 240 / width)
        picture = slide.shapes.add_picture(
            io.BytesIO(brand.logo.data), *map(pixels, (1224 - wide, 12, wide, high))
        )
        describe(picture, brand.name or "Logo", "Picture")
    elif brand.name:
        frame = text_box(slide, Box(824, 1, 400, 20))
        fill_frame(frame, (Line((Run(xml_text(brand.name), strong=True),)),), 15, "text")
        frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def slide_pages(notebook: NotebookNode) -> Iterator[SlidePage]:
    """Yield the slides of a notebook: its pages, and Markdown cells that are marked as slides."""
    for cell in notebook.cells:
        if LEFT_OUT & set(cell.metadata.get("tags", ())):
            continue
        if cell.cell_type == "markdown" and cell.metadata.get("slideshow", {}).get("slide_type") == "slide":
            yield prose_page(str(markdown_html(cell.source)))
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if HTML_KEY in data:
                page, exhibits = _text(data[HTML_KEY]), data.get(EXHIBITS_KEY, ())
                yield slide_page(page, exhibits, data.get(NOTES_KEY, ()))
            elif picture := png_of(_text(data.get("image/png", ""))):
                yield picture_page(picture, _text(data.get("text/plain", "")))


def _text(value: Any) -> str:
    """Return a MIME value as text; on disk it may stand as a list of lines."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


def add_slide(template: DeckTemplate, page: SlidePage, line: str = "") -> Any:
    """Add a slide to a deck, and return it; ``line`` begins its foot, where it is cut last."""
    cover = "cover" in page.css.split()
    slide = template.deck.slides.add_slide(template.cover if cover else template.content)
    if cover:
        _cover(template, page, slide)
    else:
        room = _titled(template, page, slide)
        _clear(slide)
        if template.dark:
            rectangle(slide, Box(room.x - 14, room.y - 8, room.w + 28, room.h + 12), "paper")
        fit(page.parts, page, room, slide)
    if not cover or template.own:
        _foot(template, page, slide, line)
    if page.draft:
        _mark_as_draft(template, page.draft, slide, cover)
    return slide


def _mark_as_draft(template: DeckTemplate, mark: str, slide: Any, cover: bool) -> None:
    """Write the mark of a draft at the head of a slide."""
    own, colour = template.own, "alarm"
    place, size = (Box(10, 4, 160, 18), 14.0) if own else (Box(56, 1, 160, 21), 17.0)
    if cover and not own:
        place, size, colour = Box(88, 36, 160, 28), 22.0, "paper"
    fill_frame(text_box(slide, place), (Line((Run(mark, strong=True),)),), size, colour)


def _titled(template: DeckTemplate, page: SlidePage, slide: Any) -> Box:
    """Write a slide's title, in the largest type in which it fits its place, and return the room below it."""
    title = slide.shapes.title
    frame = title.text_frame
    if not template.own:
        lines = lines_of(page.title, 29, 1130 * template.title_share, 600)
        title.left, title.top, title.width, title.height = map(pixels, (56, 50, 1168, 36 * lines))
        fill_frame(frame, (Line((Run(page.title),)),), 29, "ink", strong=True)
        _tracker(page, slide)
        return Box(56, 50 + 36 * lines + 14, 1168, 720 - 48 - 64 - 36 * lines)
    _fitted(title, [Line((Run(page.title),))], (32, 29, 27, 24, 21, 19, 17, 15, 13))
    return template.room


def _tracker(page: SlidePage, slide: Any) -> None:
    """Write the line that says where one is."""
    runs: list[Run] = []
    for name in page.sections:
        runs += [
            Run(name, strong=name == page.on, colour="plan" if name == page.on else "grey"),
            Run("     "),
        ]
    if runs:
        fill_frame(text_box(slide, Box(56, 22, 1168, 20)), (Line(tuple(runs[:-1])),), 13, "grey")


def _clear(slide: Any) -> None:
    """Take away the placeholders that stay empty."""
    for one in list(slide.placeholders):
        if one.placeholder_format.idx != 0:
            one._element.getparent().remove(one._element)


def _cover(template: DeckTemplate, page: SlidePage, slide: Any) -> None:
    """Write the cover: title, for whom and what, and the terms; in another's template these are lines of the subtitle."""
    words = [part for part in page.parts if isinstance(part, Words)]
    terms = [column[0] for part in page.parts if isinstance(part, Beside) for column in part.columns]
    pairs = [[line.text for line in term.lines] for term in terms if isinstance(term, Words)]
    subtitle = next((one for one in slide.placeholders if one.placeholder_format.idx == 1), None)
    if not template.own:
        size = 54 if lines_of(page.title, 54, 1040 * template.title_share, 600) < 3 else 44
        fill_frame(slide.shapes.title.text_frame, (Line((Run(page.title),)),), size, "")
        rest = tuple(line for word in words if word.css != "who" for line in word.lines)
        fill_frame(slide.placeholders[1].text_frame, rest, 24, "on-accent")
        _own_cover(page, [line for word in words if word.css == "who" for line in word.lines], pairs, slide)
        return
    _fitted(slide.shapes.title, [Line((Run(page.title),))], (48, 44, 40, 36, 32, 28, 24, 21, 18))
    lines = [line for word in words for line in word.lines] + [
        Line((Run(": ".join(pair)),)) for pair in pairs
    ]
    if subtitle is None:
        _clear(slide)
        fit((Words(tuple(lines)),), page, template.room, slide)
    else:
        _fitted(subtitle, [_plain(line) for line in lines], (22, 20, 18, 16, 14, 12, 11))


def _own_cover(page: SlidePage, who: Sequence[Line], pairs: Sequence[Sequence[str]], slide: Any) -> None:
    """Write what stands around the title of the house's cover: for whom it is, that it is a sample, and the terms."""
    fill_frame(
        text_box(slide, Box(88, 84, 740, 60)), [_plain(line) for line in who], 22, "paper", strong=True
    )
    if SYNTHETIC in page.foot:
        fill_frame(text_box(slide, Box(848, 88, 344, 24)), (Line((Run(SYNTHETIC),)),), 15, "paper")
    width = 1104 / max(len(pairs), 1)
    for n, pair in enumerate(pairs):
        named = Line((Run(pair[0], 15, colour="on-accent"),))
        told = (Line((Run(text, 18, strong=True),)) for text in pair[1:])
        fill_frame(text_box(slide, Box(88 + n * width, 596, width - 24, 74)), (named, *told), 18, "paper")


def _fitted(shape: Any, lines: Sequence[Line], sizes: Sequence[float]) -> None:
    """Write lines into a place of a template, in the first of these sizes in which they fit it, else in the last."""
    wide, high = shape.width / PX - 20, shape.height / PX - 8
    heights = {
        size: sum(LEADING * size * lines_of(line.text, size, wide * sure(), 600) for line in lines)
        for size in sizes
    }
    shape.text_frame.word_wrap = True
    fill_frame(
        shape.text_frame, lines, next((size for size in sizes if heights[size] <= high), sizes[-1]), ""
    )


def _plain(line: Line) -> Line:
    """Return a line in the type of what it stands in."""
    return Line(tuple(Run(run.text) for run in line.runs))


def _foot(template: DeckTemplate, page: SlidePage, slide: Any, line: str) -> None:
    """Write the footer and the slide's number, into the layout's own places where it has them."""
    rest = page.foot.removeprefix(f"{xml_text(line)} · ") if line else page.foot
    said = " · ".join(filter(None, (xml_text(line), page.on if template.own else "", rest)))
    layout = slide.slide_layout
    for kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
        place = next((one for one in layout.placeholders if one.placeholder_format.type == kind), None)
        number = kind == PP_PLACEHOLDER.SLIDE_NUMBER
        if place is None:
            x, width = (
                (template.room.x, template.room.w * 0.9)
                if not number
                else (template.room.x + template.room.w * 0.92, template.room.w * 0.08)
            )
            box = text_box(slide, Box(x, template.deck.slide_height / PX - 30, width, 18))
            _written(box, "" if number else _short(said, 12, width), number, 12)
            continue
        shape = deepcopy(place._element)
        shape.xpath(".//p:cNvPr")[0].set(
            "id", str(max(int(one) for one in slide._element.xpath(".//p:cNvPr/@id")) + 1)
        )
        body = shape.find(qn("p:txBody"))
        for paragraph in body.findall(qn("a:p"))[1:]:
            body.remove(paragraph)
        properties = shape.find(qn("p:spPr"))
        for child in list(properties):
            properties.remove(child)
        slide.shapes._spTree.append(shape)
        frame = slide.shapes[-1].text_frame
        size = min(13.0, place.height / PX * 0.6)
        wide, high = place.width / PX, place.height / PX
        lines = 2 if high > 2.4 * size and lines_of(line, size, wide * sure()) > 1 else 1
        _written(frame, "" if number else _short(said, size, wide, lines), number, size)


def _short(text: str, size: float, width: float, lines: int = 1) -> str:
    return cut_to(text, size, width * sure(), lines)


def _written(frame: Any, text: str, number: bool, size: float) -> None:
    """Write a foot's text, or a field that shows the slide's number."""
    paragraph = frame.paragraphs[0]._p
    for child in list(paragraph):
        if child.tag != qn("a:pPr"):
            paragraph.remove(child)
    look = f'<a:rPr {nsdecls("a")} lang="en-GB" sz="{hundredths(size)}"><a:solidFill><a:srgbClr val="{colour_of("grey")}"/></a:solidFill><a:latin typeface="+mn-lt"/></a:rPr>'
    shown = "‹#›" if number else escape(xml_text(text))
    field = ' id="{C1FF6DA9-008F-8B48-92A6-B652298478BF}" type="slidenum"' if number else ""
    tag = "fld" if number else "r"
    paragraph.append(parse_xml(f"<a:{tag} {nsdecls('a')}{field}>{look}<a:t>{shown}</a:t></a:{tag}>"))


def _say_who(deck: Any, title: str) -> None:
    """Set the file's properties: its title, and nobody's name and no clock's time in place of the library's."""
    properties = deck.core_properties
    element = properties._element
    for child in list(element):
        element.remove(child)
    properties.title, properties.author, properties.last_modified_by = xml_text(title)[:255], "", ""


def same_bytes(data: bytes, changed: Callable[[str, bytes], bytes] = lambda _, part: part) -> bytes:
    """Return a packed file with its parts in one order and with one date, so that the same parts give the same bytes.

    ``changed`` makes each part, given its name, into what stands in the file.
    """
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as packed,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        names = sorted(packed.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            member = zipfile.ZipInfo(name, _EPOCH)
            # Otherwise the system's own number stands there, and bytes differ between systems.
            member.create_system, member.external_attr = 3, 0o644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            part = changed(name, packed.read(name))
            archive.writestr(member, same_bytes(part) if name.endswith(".xlsx") else part)
    return out.getvalue()
