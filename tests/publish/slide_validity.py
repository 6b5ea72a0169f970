"""What PowerPoint would repair in a file, by lists written down from ECMA-376 (parts 1 and 2), not from the library that writes it."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from lxml import etree
from openpyxl import load_workbook

A, C, P, R = (
    f"{{http://schemas.openxmlformats.org/{name}}}"
    for name in (
        "drawingml/2006/main",
        "drawingml/2006/chart",
        "presentationml/2006/main",
        "officeDocument/2006/relationships",
    )
)
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
PREFIXES = {A: "a:", C: "c:", P: "p:"}

_FILL = "noFill solidFill gradFill blipFill pattFill grpFill"
_EFFECT = "effectLst effectDag"
_LABEL = "numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent showBubbleSize separator"
_AXIS = (
    "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark minorTickMark tickLblPos spPr "
    "txPr crossAx crosses crossesAt"
)
_BODY = "bodyPr lstStyle p"
_LOOK = f"xfrm custGeom prstGeom {_FILL} ln {_EFFECT} scene3d sp3d extLst"
_LETTERS = f"ln {_FILL} {_EFFECT} highlight uLnTx uLn uFillTx uFill latin ea cs sym hlinkClick hlinkMouseOver rtl extLst"
_SERIES = "idx order tx spPr"
_DATA = "dPt dLbls trendline errBars"
_LINE = f"{_FILL} prstDash custDash round bevel miter headEnd tailEnd extLst"
_SHAPES = "sp|grpSp|graphicFrame|cxnSp|pic|contentPart"
# What may stand in an element, in this order; of what is joined by "|" any, in any order.
ORDER = {
    "c:chartSpace": "date1904 lang roundedCorners AlternateContent style clrMapOvr pivotSource protection chart spPr txPr "
    "externalData printSettings userShapes extLst",
    "c:chartSpace/c:chart": "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend plotVisOnly dispBlanksAs "
    "showDLblsOverMax extLst",
    "c:plotArea": "layout barChart|lineChart|scatterChart valAx|catAx|dateAx|serAx dTable spPr extLst",
    "c:manualLayout": "layoutTarget xMode yMode wMode hMode x y w h extLst",
    "c:barChart": "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId extLst",
    "c:lineChart": "grouping varyColors ser dLbls dropLines hiLowLines upDownBars marker smooth axId extLst",
    "c:scatterChart": "scatterStyle varyColors ser dLbls axId extLst",
    "c:barChart/c:ser": f"{_SERIES} invertIfNegative pictureOptions {_DATA} cat val shape extLst",
    "c:lineChart/c:ser": f"{_SERIES} marker {_DATA} cat val smooth extLst",
    "c:scatterChart/c:ser": f"{_SERIES} marker {_DATA} xVal yVal smooth extLst",
    "c:dPt": "idx invertIfNegative marker bubble3D explosion spPr pictureOptions extLst",
    "c:ser/c:marker": "symbol size spPr extLst",
    "c:dPt/c:marker": "symbol size spPr extLst",
    "c:dLbls": f"dLbl delete {_LABEL} showLeaderLines leaderLines extLst",
    "c:dLbl": f"idx delete layout tx {_LABEL} extLst",
    "c:errBars": "errDir errBarType errValType noEndCap plus minus val spPr extLst",
    "c:catAx": f"{_AXIS} auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl extLst",
    "c:valAx": f"{_AXIS} crossBetween majorUnit minorUnit dispUnits extLst",
    "c:dateAx": f"{_AXIS} auto lblOffset baseTimeUnit majorUnit majorTimeUnit minorUnit minorTimeUnit extLst",
    "c:scaling": "logBase orientation max min extLst",
    "c:strRef": "f strCache extLst", "c:numRef": "f numCache extLst", "c:multiLvlStrRef": "f multiLvlStrCache extLst",
    "c:strCache": "ptCount pt extLst", "c:numCache": "formatCode ptCount pt extLst", "c:numLit": "formatCode ptCount pt extLst",
    "c:multiLvlStrCache": "ptCount lvl extLst", "c:pt": "v",
    "c:txPr": _BODY, "c:rich": _BODY, "p:txBody": _BODY, "a:txBody": _BODY,
    "c:spPr": _LOOK, "p:spPr": _LOOK, "a:spPr": _LOOK,
    "a:p": "pPr r|br|fld endParaRPr",
    "a:pPr": "lnSpc spcBef spcAft buClrTx buClr buSzTx buSzPct buSzPts buFontTx buFont buNone buAutoNum buChar buBlip tabLst "
    "defRPr extLst",
    "a:rPr": _LETTERS, "a:defRPr": _LETTERS, "a:endParaRPr": _LETTERS,
    "a:r": "rPr t", "a:fld": "rPr pPr t", "a:br": "rPr", "a:ln": _LINE, "a:xfrm": "off ext chOff chExt", "p:xfrm": "off ext",
    "a:bodyPr": "prstTxWarp noAutofit normAutofit spAutoFit scene3d sp3d flatTx extLst",
    "a:tbl": "tblPr tblGrid tr", "a:tblGrid": "gridCol extLst", "a:tr": "tc extLst", "a:tc": "txBody tcPr extLst",
    "a:tcPr": f"lnL lnR lnT lnB lnTlToBr lnBlToTr cell3D {_FILL} headers extLst",
    "a:lnL": _LINE, "a:lnR": _LINE, "a:lnT": _LINE, "a:lnB": _LINE,
    "p:presentation": "sldMasterIdLst notesMasterIdLst handoutMasterIdLst sldIdLst sldSz notesSz smartTags embeddedFontLst "
    "custShowLst photoAlbum custDataLst kinsoku defaultTextStyle modifyVerifier extLst",
    "p:sld": "cSld clrMapOvr transition timing extLst", "p:notes": "cSld clrMapOvr extLst",
    "p:cSld": "bg spTree custDataLst controls extLst", "p:spTree": f"nvGrpSpPr grpSpPr {_SHAPES} extLst",
    "p:sp": "nvSpPr spPr style txBody extLst", "p:pic": "nvPicPr blipFill spPr style extLst",
    "p:graphicFrame": "nvGraphicFramePr xfrm graphic extLst",
    "p:nvSpPr": "cNvPr cNvSpPr nvPr", "p:nvPicPr": "cNvPr cNvPicPr nvPr", "p:nvGraphicFramePr": "cNvPr cNvGraphicFramePr nvPr",
    "p:cNvPr": "hlinkClick hlinkHover extLst", "p:blipFill": "blip srcRect tile stretch",
}  # fmt: skip
# What must stand in an element.
NEEDED = {
    "c:chartSpace/c:chart": "plotArea", "c:barChart": "barDir axId", "c:lineChart": "grouping axId", "c:scatterChart": "scatterStyle axId",
    "c:ser": "idx order", "c:dLbl": "idx", "c:dPt": "idx", "c:errBars": "errBarType errValType", "c:strRef": "f", "c:numRef": "f",
    "c:catAx": "axId scaling axPos crossAx", "c:valAx": "axId scaling axPos crossAx", "c:pt": "v", "p:sp": "nvSpPr spPr",
    "c:txPr": "bodyPr p", "c:rich": "bodyPr p", "p:txBody": "bodyPr p", "a:txBody": "bodyPr p", "a:tbl": "tblGrid",
    "a:tc": "txBody", "a:r": "t", "p:sld": "cSld", "p:cSld": "spTree", "p:spTree": "nvGrpSpPr grpSpPr", "a:xfrm": "off ext",
    "p:pic": "nvPicPr blipFill spPr", "p:graphicFrame": "nvGraphicFramePr xfrm graphic", "p:presentation": "notesSz",
}  # fmt: skip
# Numbers within their bounds, by element and attribute.
BOUNDS = {
    ("a:rPr", "sz"): (100, 400_000), ("a:defRPr", "sz"): (100, 400_000), ("a:endParaRPr", "sz"): (100, 400_000),
    ("a:spcPts", "val"): (0, 158_400), ("a:pPr", "marL"): (0, 51_206_400), ("a:pPr", "indent"): (-51_206_400, 51_206_400),
    ("a:pPr", "lvl"): (0, 8), ("a:ln", "w"): (0, 20_116_800), ("a:ext", "cx"): (0, 2**31), ("a:ext", "cy"): (0, 2**31),
    ("a:gridCol", "w"): (0, 2**31), ("a:tr", "h"): (0, 2**31), ("c:gapWidth", "val"): (0, 500), ("c:overlap", "val"): (-100, 100),
    ("c:size", "val"): (2, 72), ("c:axId", "val"): (0, 2**32 - 1), ("c:crossAx", "val"): (0, 2**32 - 1),
    ("c:idx", "val"): (0, 2**32 - 1), ("c:order", "val"): (0, 2**32 - 1), ("p:cNvPr", "id"): (0, 2**32 - 1),
    ("p:sldId", "id"): (256, 2**31 - 1), ("p:sldMasterId", "id"): (2**31, 2**32 - 1), ("p:sldLayoutId", "id"): (2**31, 2**32 - 1),
    ("p:sldSz", "cx"): (914_400, 51_206_400), ("p:sldSz", "cy"): (914_400, 51_206_400),
}  # fmt: skip
# Where a label may stand: of a bar that stands on others, not beyond its end.
_BESIDE = {"t", "b", "l", "r", "ctr"}
_ON_BARS = {"clustered": {"ctr", "inEnd", "inBase", "outEnd"}, "stacked": {"ctr", "inEnd", "inBase"}}


def invalid(data: bytes) -> list[str]:
    """Return what PowerPoint would repair, or refuse to open, in a packed file and in the workbooks in it."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = packed.namelist()
        parts = {name: packed.read(name) for name in names}
    found = [f"{name} stands twice" for name in parts if names.count(name) > 1]
    trees: dict[str, Any] = {}
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            try:
                trees[name] = etree.fromstring(part)
            except etree.XMLSyntaxError as error:
                found.append(f"{name} is not well-formed: {error}")
    found += _kinds(parts, trees)
    found += _relationships(parts, trees)
    for name, root in trees.items():
        found += [f"{name}: {fault}" for fault in _elements(root)]
        if re.fullmatch(r"ppt/(slides|notesSlides|slideLayouts|slideMasters)/[^/]+\.xml", name):
            found += [f"{name}: {fault}" for fault in _shapes(root)]
        if re.fullmatch(r"ppt/charts/[^/]+\.xml", name):
            found += [f"{name}: {fault}" for fault in _chart(root, _workbook(name, parts, trees))]
    ids = [one.get("id") for name, root in trees.items() if name.startswith("ppt/") for one in root.iter(P + "sldLayoutId", P + "sldMasterId")]  # fmt: skip
    found += [f"the layout or master id {one} stands twice" for one in set(ids) if ids.count(one) > 1]
    for name, part in parts.items():
        if name.endswith(".xlsx"):
            found += [f"{name}/{fault}" for fault in invalid(part)]
    return found


def _kinds(parts: dict[str, bytes], trees: dict[str, Any]) -> Iterator[str]:
    """Yield parts without a content type, and types of parts that are not there."""
    kinds = trees.get("[Content_Types].xml")
    if kinds is None:
        yield "it has no [Content_Types].xml"
        return
    defaults = [one.get("Extension").lower() for one in kinds.iter(TYPES + "Default")]
    overrides = [one.get("PartName").lstrip("/") for one in kinds.iter(TYPES + "Override")]
    yield from (f"the content type of {one} stands twice" for one in {*overrides} if overrides.count(one) > 1)
    yield from (f"the content type of .{one} stands twice" for one in {*defaults} if defaults.count(one) > 1)
    yield from (f"a content type of {one}, which is not there" for one in overrides if one not in parts)
    for name in parts:
        if (
            name not in overrides
            and name.rpartition(".")[2].lower() not in defaults
            and name != "[Content_Types].xml"
        ):
            yield f"{name} has no content type"
        elif name.endswith(".xml") and name not in overrides and name != "[Content_Types].xml":
            yield f"{name} has the content type of any XML"


def _relationships(parts: dict[str, bytes], trees: dict[str, Any]) -> Iterator[str]:
    """Yield relationships that lead nowhere, ids that stand twice or are used and not there, and parts that nothing leads to."""
    reached = {"[Content_Types].xml"}
    for name, root in trees.items():
        if not name.endswith(".rels"):
            continue
        reached.add(name)
        folder, _, file = name.rpartition("/")
        source = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
        ids = [one.get("Id") for one in root]
        yield from (f"{name}: {one} stands twice" for one in {*ids} if ids.count(one) > 1)
        for one in root:
            if one.get("TargetMode") != "External":
                target = one.get("Target")
                path = posixpath.normpath(
                    target.lstrip("/") if target.startswith("/") else posixpath.join(posixpath.dirname(source), target)
                )  # fmt: skip
                reached.add(path)
                if path not in parts:
                    yield f"{name}: {one.get('Id')} leads to {path}, which is not there"
        if source in trees:
            used = {
                value
                for each in trees[source].iter()
                for key, value in each.attrib.items()
                if key.startswith(R)
            }
            yield from (f"{source} uses {one}, which {name} does not have" for one in used - {*ids})
    for name, root in trees.items():
        home, _, file = name.rpartition("/")
        if f"{home}/_rels/{file}.rels" not in trees and not name.endswith(".rels"):
            used = {value for each in root.iter() for key, value in each.attrib.items() if key.startswith(R)}
            yield from (f"{name} uses {one} and has no relationships" for one in used)
    yield from (f"nothing leads to {one}" for one in parts if one not in reached)


def _named(element: Any) -> str:
    space, _, local = str(element.tag).rpartition("}")
    return f"{PREFIXES.get(space + '}', '')}{local}"


def _elements(root: Any) -> Iterator[str]:
    """Yield elements that stand where the schema has none, or not, or in another order, and numbers out of bounds."""
    for one in root.iter(etree.Element):
        name = _named(one)
        above = f"{_named(one.getparent())}/{name}" if one.getparent() is not None else ""
        children = [
            _named(child).partition(":")[2] or _named(child) for child in one.iterchildren(etree.Element)
        ]
        order = ORDER.get(above) or ORDER.get(name)
        if order:
            places = {word: n for n, words in enumerate(order.split()) for word in words.split("|")}
            if strange := [child for child in children if child not in places]:
                yield f"<{name}> holds <{strange[0]}>"
            elif wrong := [f"<{b}> behind <{a}>" for a, b in pairwise(children) if places[b] < places[a]]:
                yield f"<{name}> holds {wrong[0]}"
        yield from (
            f"<{name}> holds no <{needed}>"
            for needed in (NEEDED.get(above) or NEEDED.get(name, "")).split()
            if needed not in children
        )
        for key, value in one.attrib.items():
            low, high = BOUNDS.get((name, key), (None, None))
            if low is not None and not (re.fullmatch(r"-?\d+", value) and low <= int(value) <= high):
                yield f"<{name}> has {key} {value}, not of {low} to {high}"
        if name == "a:srgbClr" and not re.fullmatch("[0-9A-Fa-f]{6}", one.get("val", "")):
            yield f"<{name}> has the colour {one.get('val')}"


def _shapes(root: Any) -> Iterator[str]:
    """Yield ids that two shapes of a slide bear, and tables whose rows are not as wide as their grid."""
    ids = [one.get("id") for one in root.iter(P + "cNvPr")]
    yield from (f"the shape id {one} stands {ids.count(one)} times" for one in {*ids} if ids.count(one) > 1)
    for table in root.iter(A + "tbl"):
        wide = len(table.find(A + "tblGrid").findall(A + "gridCol"))
        rows = [row.findall(A + "tc") for row in table.findall(A + "tr")]
        for n, cells in enumerate(rows):
            if len(cells) != wide:
                yield f"row {n} of a table has {len(cells)} cells of {wide}"
                continue
            for k, cell in enumerate(cells):
                across, down = int(cell.get("gridSpan", 1)), int(cell.get("rowSpan", 1))
                if k + across > wide or n + down > len(rows):
                    yield f"cell {k} of row {n} of a table reaches beyond it"
                elif any(
                    other.get("hMerge") not in ("1", "true") for other in cells[k + 1 : k + across]
                ) or any(row[k].get("vMerge") not in ("1", "true") for row in rows[n + 1 : n + down]):
                    yield f"cell {k} of row {n} of a table covers cells that are not merged"


def _workbook(chart: str, parts: dict[str, bytes], trees: dict[str, Any]) -> Any:
    """Return the workbook behind a chart."""
    home, _, file = chart.rpartition("/")
    (book,) = (
        one.get("Target") for one in trees[f"{home}/_rels/{file}.rels"] if one.get("Target").endswith(".xlsx")
    )
    return load_workbook(io.BytesIO(parts[posixpath.normpath(posixpath.join(home, book))]))


def _chart(root: Any, workbook: Any) -> Iterator[str]:
    """Yield axes that do not pair, series that cannot be told apart, labels where none may stand, figures unlike the workbook's."""
    area = root.find(f"{C}chart/{C}plotArea")
    axes = {
        one.find(C + "axId").get("val"): one.find(C + "crossAx").get("val")
        for one in area.iter(C + "catAx", C + "valAx", C + "dateAx")
    }
    yield from (
        f"axis {one} crosses {other}, which does not cross it"
        for one, other in axes.items()
        if axes.get(other) != one
    )
    used: set[str] = set()
    for kind in area.iter(C + "barChart", C + "lineChart", C + "scatterChart"):
        ids = [one.get("val") for one in kind.findall(C + "axId")]
        used |= {*ids}
        if len({*ids}) != 2 or not {*ids} <= axes.keys():
            yield f"<{_named(kind)}> has the axes {ids} of {[*axes]}"
        grouping = kind.find(C + "grouping")
        allowed = (
            _ON_BARS[grouping.get("val")] if kind.tag == C + "barChart" and grouping is not None else _BESIDE
        )
        yield from (
            f"<{_named(kind)}> has a label at {one.get('val')}"
            for one in kind.iter(C + "dLblPos")
            if one.get("val") not in allowed
        )
    yield from (f"axis {one} is used by nothing" for one in axes.keys() - used)
    for tag in ("idx", "order"):
        numbers = [one.find(C + tag).get("val") for one in area.iter(C + "ser")]
        yield from (f"two series have the {tag} {one}" for one in {*numbers} if numbers.count(one) > 1)
    for series in area.iter(C + "ser"):
        for tag in ("dPt", "dLbl"):
            points = [int(one.find(C + "idx").get("val")) for one in series.iter(C + tag)]
            if points != sorted({*points}):
                yield f"a series has its <c:{tag}> at {points}"
    for one in root.iter(C + "strRef", C + "numRef"):
        yield from _cache(one.findtext(C + "f"), one.find(C + "strCache") if one.tag == C + "strRef" else one.find(C + "numCache"), workbook)  # fmt: skip
    for one in root.iter(C + "multiLvlStrRef"):
        cells = _cells(one.findtext(C + "f"), workbook)
        columns = list(zip(*cells, strict=True))
        for level, column in zip(reversed(one.findall(f"{C}multiLvlStrCache/{C}lvl")), columns, strict=True):
            held = {int(point.get("idx")): point.findtext(C + "v") for point in level.findall(C + "pt")}
            known = {n: str(value) for n, value in enumerate(column) if value is not None}
            if held != known:
                yield f"{one.findtext(C + 'f')} shows {held} of {known}"


def _cells(formula: str, workbook: Any) -> list[tuple[Any, ...]]:
    sheet, _, cells = formula.rpartition("!")
    found = workbook[sheet.strip("'")][cells.replace("$", "")]
    rows = found if isinstance(found, tuple) else ((found,),)
    return [tuple(cell.value for cell in (row if isinstance(row, tuple) else (row,))) for row in rows]


def _cache(formula: str, cache: Any, workbook: Any) -> Iterator[str]:
    """Yield in what a chart's own copy of its figures differs from its workbook."""
    known = [value for row in _cells(formula, workbook) for value in row]
    points = cache.findall(C + "pt")
    places = [int(one.get("idx")) for one in points]
    if int(cache.find(C + "ptCount").get("val")) != len(known):
        yield f"{formula} counts {cache.find(C + 'ptCount').get('val')} of {len(known)} cells"
    if places != sorted({*places}) or any(n >= len(known) for n in places):
        yield f"{formula} has points {places} of {len(known)}"
        return
    held: list[Any] = [None] * len(known)
    for place, one in zip(places, points, strict=True):
        text = one.findtext(C + "v")
        held[place] = float(text) if cache.tag == C + "numCache" else text
    told = [float(one) if cache.tag == C + "numCache" and one is not None else one for one in known]
    told = [str(one) if cache.tag == C + "strCache" and one is not None else one for one in told]
    yield from (
        f"{formula} shows {a!r} where the workbook holds {b!r}"
        for a, b in zip(held, told, strict=True)
        if a != b
    )
