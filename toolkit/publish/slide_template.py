"""The template of a PowerPoint deck: the house's, or the consultancy's own, judged before it is used."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from toolkit.errors import Fault, InputError
from toolkit.publish.slide_chart import PX, pixels
from toolkit.publish.slide_layout import Box
from toolkit.show.canvas import on
from toolkit.show.chart_style import ROLES
from toolkit.words import fixed, grouped, plain, tidy

# Every machine with PowerPoint has it, and LibreOffice brings one as wide. Of these texts it is as wide as the pages' Fira
# Sans, which few machines have; bold it is 5 % wider, hence what is counted on of a title's line.
TYPEFACE = "Arial"
_TITLE, _OTHER_TITLE = 0.92, 0.8
_MOST_MEMBERS, _MOST_UNPACKED, _MOST_PART, _RATIO = 2_000, 150_000_000, 15_000_000, 200
_MACROS = (b"macroenabled", b"vbaproject")
# What a part may be: an XML part of a presentation, a picture, a font. All else could run, play or load something.
_KINDS = (
    ".xml",
    ".rels",
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".bmp",
    ".tif",
    ".tiff",
    ".emf",
    ".wmf",
    ".svg",
    ".fntdata",
    ".wdp",
)
_PRINTER = re.compile(r"ppt/printerSettings/[^/]+\.bin")
_DARK = "The slides of {} are dark: what stands below the titles gets a white ground."
_ALLOWED = "a PowerPoint file (.pptx) without macros, password, links to elsewhere or embedded files"
_EXTERNAL = re.compile(rb"""TargetMode\s*=\s*["']\s*External""", re.IGNORECASE)
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_BODIES = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT)
_COVERS = {"title slide", "cover", "titelfolie", "deckblatt", "diapositive de titre", "diapositiva de título"}
_PLAIN = {"title only", "nur titel", "titre seul", "solo el título", "solo título"}
_WITH_BODY = {"title and content", "titel und inhalt", "titre et contenu", "título y objetos", "content"}
# The least room that a slide's parts need below its title, in pixels of which 96 are an inch.
_LEAST_WIDE, _LEAST_HIGH = 560.0, 330.0


@dataclass(frozen=True)
class DeckTemplate:
    """A presentation without slides, and the layouts that the deck uses.

    Attributes
    ----------
    deck : pptx.Presentation
        The presentation.
    cover, content : SlideLayout
        What the first slide, and every other, is made with.
    room : Box
        Where the parts of a slide stand; of the house's own, below a title of one line.
    own : bool
        Whether it is the consultancy's.
    dark : bool
        Whether its slides are dark, so that the parts of a slide need a light ground of their own.
    remarks : tuple of str
        What it lacks, and what is done instead.
    title_share : float
        What of a line of a title is counted on, in the house's own: less where the typeface is another.
    """

    deck: Any
    cover: Any
    content: Any
    room: Box
    own: bool
    dark: bool = False
    remarks: tuple[str, ...] = ()
    title_share: float = 1.0


def deck_template(data: bytes = b"", where: str = "template.pptx", family: str = "") -> DeckTemplate:
    """Return the template to make a deck with: the house's own where ``data`` is empty, in a typeface where one is named.

    Raises
    ------
    InputError
        When it could do harm, cannot be read, or has no layout with a title and room below it.
    """
    if not data:
        return _house(family)
    refuse_harmful(data, where)
    try:
        deck = Presentation(io.BytesIO(data))
        _without_slides(deck)
        layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
        names = [layout.name for layout in layouts]
        usable = sorted(
            (rank, n) for n, layout in enumerate(layouts) if (rank := _rank(deck, layout)) is not None
        )
        wide, high = deck.slide_width, deck.slide_height
    except Exception:  # a damaged file makes its reader fail in any way
        remedy = "Open it in PowerPoint, save it as a new .pptx, and use that."
        raise InputError([Fault(where, "a file that cannot be read to its end", _ALLOWED, remedy)]) from None
    if wide < high:
        found = f"slides higher than wide ({_inches(wide)} × {_inches(high)} inches)"
        raise InputError(
            [
                Fault(
                    where,
                    found,
                    "slides wider than high, such as 16:9, 4:3 or A4 across",
                    "Use another template.",
                )
            ]
        )
    if not usable:
        found = f"the layouts {', '.join(names)}" if names else "no layout"
        allowed = f"a layout with a title and {fixed(_LEAST_WIDE / 96, 1)} × {fixed(_LEAST_HIGH / 96, 1)} inches of room below it, such as “Title Only”"
        remedy = "In PowerPoint's slide master, add such a layout, or take template.pptx away."
        raise InputError([Fault(where, found, allowed, remedy)])
    content = layouts[usable[0][1]]
    room = _room(deck, content)
    assert room is not None
    cover = next((one for one in layouts if _is_cover(one)), None)
    dark = _is_dark(content)
    remarks = (
        *_lacking(where, content, cover),
        *_narrow(where, room),
        *([_DARK.format(where)] if dark else []),
    )
    return DeckTemplate(deck, cover or content, content, room, True, dark, remarks)


def _inches(length: int) -> str:
    return plain(tidy(length / 914400, 2))


def _narrow(where: str, room: Box) -> Iterator[str]:
    """Yield that what a slide holds is set small, where a template leaves little room for it."""
    if room.w * room.h < 0.75 * 1168 * 567:
        yield (
            f"{where} leaves {fixed(room.w / 96, 1)} × {fixed(room.h / 96, 1)} inches below a title: full slides, such as the decisions, are set in small type."
        )


def _is_dark(layout: Any) -> bool:
    """Return whether a layout's background is so dark that our text would not be read on it; no, where that is not said."""
    master = layout.slide_master
    ground = next(
        (found[0] for place in (layout, master) if (found := place._element.xpath("./p:cSld/p:bg//a:srgbClr | ./p:cSld/p:bg//a:schemeClr"))),
        None,
    )  # fmt: skip
    if ground is None:
        return False
    value = ground.get("val")
    if ground.tag == qn("a:schemeClr"):
        value = _scheme_colour(master, value)
    return len(value or "") == 6 and on(f"#{value}") == "paper"


def _scheme_colour(master: Any, name: str) -> str:
    """Return the colour that a theme gives a name; "" for none."""
    mapped = master._element.find(qn("p:clrMap")).get(name, name)
    theme = etree.fromstring(master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    for colour in theme.iter(qn(f"a:{mapped}")):
        for one in colour:
            return str(one.get("lastClr") or one.get("val") or "")
    return ""


def _lacking(where: str, content: Any, cover: Any) -> Iterator[str]:
    """Yield what a template lacks, and what is done instead."""
    yield f"The PowerPoint is made with {where}: slides with its layout “{content.name}”{f', the cover with “{cover.name}”' if cover is not None else ''}."
    if cover is None:
        yield f"{where} has no layout for a cover (a title and a subtitle): “{content.name}” is used."
    kinds = {one.placeholder_format.type for one in content.placeholders}
    lacking = [
        name
        for name, kind in (("footer", PP_PLACEHOLDER.FOOTER), ("slide number", PP_PLACEHOLDER.SLIDE_NUMBER))
        if kind not in kinds
    ]
    if lacking:
        yield f"Its layout “{content.name}” has no placeholder for the {' and the '.join(lacking)}: a text box stands at the slide’s foot."


def refuse_harmful(data: bytes, where: str) -> None:
    """Refuse a template that could do harm; nothing in it is parsed.

    Raises
    ------
    InputError
        When it holds macros, a password, links to elsewhere or embedded files, or is too much to unpack.
    """
    found = _harm(data)
    if found:
        remedy = "In PowerPoint, take that out, save it as .pptx, and use that."
        raise InputError([Fault(where, found, _ALLOWED, remedy)])


def _harm(data: bytes) -> str:
    """Say what is wrong with a template's file; "" where nothing is."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "an old (.ppt) or encrypted presentation"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            unpacked = sum(one.file_size for one in members)
            if len(members) > _MOST_MEMBERS:
                return f"{grouped(len(members))} parts inside"
            if (
                unpacked > _MOST_UNPACKED
                or unpacked > _RATIO * len(data)
                or any(one.file_size > _MOST_PART for one in members)
            ):
                return f"{grouped(unpacked)} bytes packed into {grouped(len(data))}"
            if any(one.flag_bits & 1 for one in members):
                return "an encrypted file"
            names = [one.filename for one in members]
            if "ppt/presentation.xml" not in names:
                return "a file that is no presentation"
            return next(filter(None, (_harm_in(one.filename, archive.read(one)) for one in members)), "")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        return "a file that is no presentation, or a damaged one"


def _harm_in(name: str, part: bytes) -> str:
    low = name.lower()
    if low.endswith("/") or _PRINTER.fullmatch(name):
        return ""
    if low.endswith("vbaproject.bin") or (
        name == "[Content_Types].xml" and any(word in part.lower() for word in _MACROS)
    ):
        return "a presentation with macros"
    if not low.endswith(_KINDS):
        return f"the embedded file {name}"
    if low.endswith((".xml", ".rels", ".svg")):
        if b"\0" in part[:200]:
            return f"{name}, in UTF-16"
        if _DECLARED.search(part):
            return f"{name}, which declares entities"
        # What is beside slides, layouts and masters is left behind.
        if low.endswith(".rels") and _EXTERNAL.search(part) and not name.startswith("ppt/slides/"):
            return f"a link to elsewhere, in {name}"
    return ""


def _kinds(layout: Any) -> dict[Any, Any]:
    return {one.placeholder_format.type: one for one in reversed(list(layout.placeholders))}


def _title_of(layout: Any) -> Any:
    return next((one for one in layout.placeholders if one.placeholder_format.type in _TITLES), None)


def _is_cover(layout: Any) -> bool:
    kinds = _kinds(layout)
    titled = any(kind in kinds for kind in _TITLES)
    named = layout.name.strip().lower() in _COVERS or layout._element.get("type") == "title"
    return titled and (named or PP_PLACEHOLDER.SUBTITLE in kinds or PP_PLACEHOLDER.CENTER_TITLE in kinds)


def _rank(deck: Any, layout: Any) -> int | None:
    """Return how well a layout suits a slide, 0 best; None where it does not."""
    if _title_of(layout) is None or _room(deck, layout) is None:
        return None
    name, kind = layout.name.strip().lower(), layout._element.get("type")
    if _is_cover(layout):
        return 5
    if name in _PLAIN or kind == "titleOnly":
        return 0
    bodies = sum(one.placeholder_format.type in _BODIES for one in layout.placeholders)
    others = len([one for one in layout.placeholders if one.placeholder_format.idx < 10]) - 1 - bodies
    if bodies == 0 and not others:
        return 1
    if name in _WITH_BODY or kind == "obj" or (bodies == 1 and not others):
        return 2
    return 3 + (others > 0)


def _room(deck: Any, layout: Any) -> Box | None:
    """Return where a layout leaves room for a slide's parts: its one body, else what is below its title; None for too little."""
    title = _title_of(layout)
    if title is None or None in (title.left, title.top, title.width, title.height):
        return None
    bodies = [one for one in layout.placeholders if one.placeholder_format.type in _BODIES and one.width]
    foot = [
        one.top for one in layout.placeholders
        if one.placeholder_format.type in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE)
        and one.top is not None and one.top > deck.slide_height / 2
    ]  # fmt: skip
    end = min([deck.slide_height - 48 * PX, *(top - 4 * PX for top in foot)])
    body = bodies[0] if len(bodies) == 1 else None
    left, wide = (body.left, body.width) if body is not None else (title.left, title.width)
    top = body.top if body is not None else title.top + title.height + 8 * PX
    low = min(body.top + body.height, end) if body is not None else end
    left, right = max(left, 24 * PX), min(left + wide, deck.slide_width - 24 * PX)
    box = Box(left / PX, top / PX, (right - left) / PX, (low - top) / PX)
    return box if box.w >= _LEAST_WIDE and box.h >= _LEAST_HIGH else None


_KEPT = (
    RELATIONSHIP_TYPE.SLIDE_MASTER, RELATIONSHIP_TYPE.THEME, RELATIONSHIP_TYPE.PRES_PROPS, RELATIONSHIP_TYPE.TABLE_STYLES,
    RELATIONSHIP_TYPE.FONT,
)  # fmt: skip


def _without_slides(deck: Any) -> None:
    """Take a template's slides out, and all that says who made it or how it was shown."""
    listed = deck.slides._sldIdLst
    for one in list(listed):
        listed.remove(one)
    part, package = deck.part, deck.part.package
    for key in [key for key, one in part.rels.items() if one.reltype not in _KEPT]:
        part.rels.pop(key)
    for key in [
        key for key, one in package._rels.items() if one.reltype != RELATIONSHIP_TYPE.OFFICE_DOCUMENT
    ]:
        package._rels.pop(key)
    element = deck._element
    for tag in (
        "p:notesMasterIdLst",
        "p:handoutMasterIdLst",
        "p:custDataLst",
        "p:custShowLst",
        "p:photoAlbum",
        "p:smartTags",
        "p:extLst",
    ):
        for one in element.findall(qn(tag)):
            element.remove(one)
    _without_custom_data(deck)


def _without_custom_data(deck: Any) -> None:
    """Take out of masters and layouts what programs keep there for themselves, and timings."""
    places = [
        *deck.slide_masters,
        *(layout for master in deck.slide_masters for layout in master.slide_layouts),
    ]
    for place in places:
        for one in place._element.xpath(".//p:custDataLst | .//p:timing | .//p:transition"):
            one.getparent().remove(one)
        for key in [
            key
            for key, one in place.part.rels.items()
            if one.reltype.endswith(("/tags", "/customXml", "/control", "/vmlDrawing"))
        ]:
            place.part.rels.pop(key)


# The house's own.


def _house(family: str) -> DeckTemplate:
    """Return the house's template: 16:9, its typeface and its colours, a layout for the cover and one for slides."""
    deck = Presentation()
    _without_slides(deck)
    deck.slide_width, deck.slide_height = pixels(1280), pixels(720)
    master = deck.slide_master
    cover, content = master.slide_layouts[0], master.slide_layouts[5]
    for layout in list(master.slide_layouts):
        if layout not in (cover, content):
            master.slide_layouts.remove(layout)
    _themed(master, family)
    _set_master(master)
    _set_cover(cover)
    for layout in (cover, content):
        for one in list(layout.placeholders):
            if one.placeholder_format.type == PP_PLACEHOLDER.DATE or (
                layout is cover
                and one.placeholder_format.type in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
            ):
                one._element.getparent().remove(one._element)
    return DeckTemplate(
        deck, cover, content, Box(56, 101, 1168, 567), False, title_share=_OTHER_TITLE if family else _TITLE
    )


def _themed(master: Any, family: str) -> None:
    """Put the house's colours and a typeface, :data:`TYPEFACE` where none is named, into the theme."""
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    colours = {
        "dk1": "ink", "lt1": "paper", "dk2": "text", "lt2": "panel", "accent1": "plan", "accent2": "running",
        "accent3": "business", "accent4": "it", "accent5": "kept", "accent6": "alarm", "hlink": "plan", "folHlink": "text",
    }  # fmt: skip
    for one in theme.iter(qn("a:clrScheme")):
        one.set("name", "Alignment")
        for colour in one:
            colour[:] = [
                parse_xml(
                    f'<a:srgbClr {nsdecls("a")} val="{ROLES[colours[etree.QName(colour).localname]][1:].upper()}"/>'
                )
            ]
    for tag in ("a:majorFont", "a:minorFont"):
        for one in theme.iter(qn(tag)):
            latin = one.find(qn("a:latin"))
            latin.set("typeface", family or TYPEFACE)
            # By this a program that lacks the typeface finds one that is like it.
            latin.set("panose", "020B0604020202020204")
            latin.set("pitchFamily", "34")
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _set_master(master: Any) -> None:
    places = {
        PP_PLACEHOLDER.TITLE: (56, 50, 1168, 44), PP_PLACEHOLDER.BODY: (56, 108, 1168, 560),
        PP_PLACEHOLDER.FOOTER: (56, 684, 1000, 24), PP_PLACEHOLDER.SLIDE_NUMBER: (1124, 684, 100, 24),
    }  # fmt: skip
    for one in list(master.placeholders):
        kind = one.placeholder_format.type
        if kind not in places:
            one._element.getparent().remove(one._element)
            continue
        one.left, one.top, one.width, one.height = map(pixels, places[kind])
        body = one._element.txBody.find(qn("a:bodyPr"))
        for side in ("lIns", "tIns", "rIns", "bIns"):
            body.set(side, "0")
        body.set("anchor", "t")
        if kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
            level = one._element.txBody.find(qn("a:lstStyle")).find(qn("a:lvl1pPr"))
            level.set("algn", "l" if kind == PP_PLACEHOLDER.FOOTER else "r")
            level.find(qn("a:defRPr")).set("sz", "1000")
    style = master._element.find(qn("p:txStyles")).find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    style.set("algn", "l")
    style.find(qn("a:defRPr")).set("sz", "2200")
    style.find(qn("a:defRPr")).set("b", "1")
    for number, level in enumerate(master._element.find(qn("p:txStyles")).find(qn("p:bodyStyle"))):
        if level.find(qn("a:defRPr")) is not None:
            level.find(qn("a:defRPr")).set("sz", str(max(1400 - 100 * number, 1000)))


def _set_cover(layout: Any) -> None:
    """Give the cover its colour, and its title and subtitle their places."""
    content = layout._element.find(qn("p:cSld"))
    content.insert(
        0,
        parse_xml(
            f'<p:bg {nsdecls("p", "a")}><p:bgPr><a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>'
        ),
    )
    places = {
        PP_PLACEHOLDER.CENTER_TITLE: (88, 200, 1100, 150, 4050),
        PP_PLACEHOLDER.SUBTITLE: (88, 366, 960, 120, 1800),
    }
    for one in layout.placeholders:
        if one.placeholder_format.type not in places:
            continue
        *place, size = places[one.placeholder_format.type]
        one.left, one.top, one.width, one.height = map(pixels, place)
        styles = one._element.txBody.find(qn("a:lstStyle"))
        for level in list(styles):
            styles.remove(level)
        bold = ' b="1"' if one.placeholder_format.type == PP_PLACEHOLDER.CENTER_TITLE else ""
        styles.append(
            parse_xml(
                f'<a:lvl1pPr {nsdecls("a")} marL="0" indent="0" algn="l"><a:buNone/><a:defRPr sz="{size}"{bold}><a:solidFill><a:schemeClr val="bg1"/>'
                "</a:solidFill></a:defRPr></a:lvl1pPr>"
            )
        )
        body = one._element.txBody.find(qn("a:bodyPr"))
        for side in ("lIns", "tIns", "rIns", "bIns"):
            body.set(side, "0")
        body.set("anchor", "t")
