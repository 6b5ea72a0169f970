"""Native charts: an exhibit's data as a chart that PowerPoint lets one edit, its workbook inside."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from lxml import etree
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.chart.xlsx import CategoryWorkbookWriter, XyWorkbookWriter
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt
from xlsxwriter import Workbook

from toolkit.publish.slide_parts import xml_text
from toolkit.show.canvas import on
from toolkit.show.chart_style import FAINT, ROLES
from toolkit.show.native_chart import ChartSeries, NativeChart
from toolkit.words import plain

PX = 9525  # English metric units, by which PowerPoint measures, in a pixel of the page
_NEVER = datetime(1980, 1, 1)  # stands in every workbook in place of the clock's time
_MARKS = {
    "o": XL_MARKER_STYLE.CIRCLE,
    "s": XL_MARKER_STYLE.SQUARE,
    "^": XL_MARKER_STYLE.TRIANGLE,
    "D": XL_MARKER_STYLE.DIAMOND,
}
_SIDES = {
    "right": XL_LABEL_POSITION.RIGHT, "left": XL_LABEL_POSITION.LEFT, "above": XL_LABEL_POSITION.ABOVE,
    "below": XL_LABEL_POSITION.BELOW,
}  # fmt: skip
_NUMBER = re.compile(r"([−-]?)(\d[\d,]*)(?:\.(\d+))?(bn|m|k| %|)")
_SHARE = {"bn": ',,,"bn"', "m": ',,"m"', "k": ',"k"', " %": '" %"', "": ""}


def pixels(value: float) -> Any:
    """Return pixels of the page in PowerPoint's unit."""
    return Emu(int(value * PX))


def points(size: float) -> Any:
    """Return a type size in pixels as points, to a tenth."""
    return Emu(int(size * 7.5 + 0.5) * 1270)


def colour_of(role: str) -> Any:
    """Return a role's colour."""
    return RGBColor.from_string(ROLES.get(role, role).removeprefix("#").upper())


def number_format(text: str, value: float) -> str:
    """Return the number format under which a value reads as this text; "" where none does."""
    found = _NUMBER.fullmatch(text)
    if not found:
        return ""
    sign, whole, decimals, unit = found.groups()
    size = abs(value) / {"bn": 1e9, "m": 1e6, "k": 1e3}.get(unit, 1.0)
    read = float(f"{whole.replace(',', '')}.{decimals or 0}")
    if abs(size - read) > 0.501 * 10 ** -len(decimals or "") or bool(sign) != (value < 0):
        return ""
    form = f"#,##0{'.' + '0' * len(decimals) if decimals else ''}{_SHARE[unit]}"
    return f"{form};−{form}"


class _Safe:
    """Writes a chart's workbook: text stays text, whatever it looks like, and no clock's time is in it."""

    @contextmanager
    def _open_worksheet(self, xlsx_file: io.BytesIO) -> Iterator[tuple[Any, Any]]:
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        workbook = Workbook(xlsx_file, options)
        workbook.set_properties({"created": _NEVER})
        yield workbook, workbook.add_worksheet()
        workbook.close()


class _CategoryWriter(_Safe, CategoryWorkbookWriter):
    pass


class _XyWriter(_Safe, XyWorkbookWriter):
    pass


class _CategoryData(CategoryChartData):
    @property
    def _workbook_writer(self) -> _CategoryWriter:
        return _CategoryWriter(self)


class _XyData(XyChartData):
    @property
    def _workbook_writer(self) -> _XyWriter:
        return _XyWriter(self)


def chart_data(native: NativeChart) -> tuple[Any, Any]:
    """Return a chart's kind and its data as the library wants them."""
    if native.kind == "marks":
        data = _XyData(number_format="General")
        for one in _spanning(native):
            series = data.add_series(xml_text(f"{one.name}, range"))
            for row, (value, since) in enumerate(zip(one.values, one.since, strict=True)):
                if value is not None and since is not None:
                    for x, y in (
                        (since, len(native.rows) - row - 0.5),
                        (value, len(native.rows) - row - 0.5),
                        (None, None),
                    ):
                        series.add_data_point(x, y)
        for one in native.series:
            series = data.add_series(xml_text(one.name))
            for row, value in enumerate(one.values):
                if value is not None:
                    series.add_data_point(value, len(native.rows) - row - 0.5)
        return XL_CHART_TYPE.XY_SCATTER, data
    columns = _CategoryData(number_format="General")
    names = [_named(native, n) for n in range(len(native.rows))]
    if native.groups and native.kind == "columns":
        for n, name in enumerate(names):
            if not n or native.groups[n] != native.groups[n - 1]:
                group = columns.add_category(xml_text(native.groups[n]))
            group.add_sub_category(name)
    else:
        columns.categories = names
    for one in native.series:
        columns.add_series(xml_text(one.name), one.values)
    kinds = {
        ("bars", True): XL_CHART_TYPE.BAR_STACKED, ("bars", False): XL_CHART_TYPE.BAR_CLUSTERED,
        ("columns", True): XL_CHART_TYPE.COLUMN_STACKED, ("columns", False): XL_CHART_TYPE.COLUMN_CLUSTERED,
    }  # fmt: skip
    return kinds[native.kind, native.stacked], columns


def _spanning(native: NativeChart) -> list[ChartSeries]:
    """Return the series of marks to which bars lead; each bar is a piece of a line that has gaps."""
    return [one for one in native.series if any(value is not None for value in one.since)]


def _named(native: NativeChart, n: int) -> str:
    aside = native.asides[n] if native.asides and native.kind == "columns" else ""
    return xml_text("\n".join(filter(None, (native.rows[n], aside))))


def add_chart(
    slide: Any, native: NativeChart, place: tuple[float, float, float, float], plot: tuple[float, float, float, float],
    size: float, alt: str,
) -> Any:  # fmt: skip
    """Put a chart on a slide and return its frame.

    Parameters
    ----------
    place : tuple
        Left, top, width and height, in pixels.
    plot : tuple
        Where within it its bars, columns or marks stand: left, top, width and height, in pixels.
    size : float
        Of its type, in pixels.
    alt : str
        What it says, for who cannot see it.
    """
    kind, data = chart_data(native)
    frame = slide.shapes.add_chart(kind, *map(pixels, place), data)
    describe(frame, alt, "Chart")
    chart = frame.chart
    chart.has_title = False
    chart.font.size, chart.font.color.rgb = points(size), colour_of("text")
    _dress(native, chart, size)
    _axes(native, chart, size)
    if native.kind == "columns" and any(one.mark for one in native.series):
        _as_lines(chart, native.series)
    chart.has_legend = False  # one that leaves clear series out is not shown alike by every program
    _, _, width, height = place
    _layout(chart, plot[0] / width, plot[1] / height, plot[2] / width, plot[3] / height)
    for one in chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx")):
        one.set("val", one.get("val").removeprefix("-"))  # the standard has no number below nought
    return frame


def describe(frame: Any, text: str, name: str) -> None:
    """Say what a shape shows, for who cannot see it."""
    properties = frame._element.xpath(".//p:cNvPr")[0]
    properties.set("descr", xml_text(" ".join(text.split())))
    properties.set("name", f"{name} {properties.get('id')}")


def _dress(native: NativeChart, chart: Any, size: float) -> None:
    """Give each series its colours, marks and labels."""
    plot = chart.plots[0]
    if native.kind != "marks":
        plot.gap_width = 45 if native.kind == "columns" else 60
        plot.overlap = 100 if native.stacked else -10
        plot.vary_by_categories = False
    drawn = list(plot.series)
    spans = len(_spanning(native)) if native.kind == "marks" else 0
    for one, series in zip(_spanning(native), drawn[:spans], strict=False):
        _span(series, one)
    for one, series in zip(native.series, drawn[spans:], strict=True):
        if native.kind == "marks":
            _mark(one, series)
        else:
            series.invert_if_negative = False
            _fill(series.format, one.fill)
            for n, fill in enumerate(one.fills):
                if fill != one.fill:
                    _fill(series.points[n].format, fill)
        _labels(native, one, series, size)


def _fill(format: Any, role: str, edge: str = "") -> None:
    if role:
        format.fill.solid()
        format.fill.fore_color.rgb = colour_of(role)
        format.line.color.rgb = colour_of(edge or role)  # so that what has no length is still seen
        format.line.width = Pt(0.75)
    else:
        format.fill.background()
        format.line.fill.background()


def _span(series: Any, one: ChartSeries) -> None:
    """Draw the bars that lead to marks; a band is broad, and has no mark."""
    series.marker.style = XL_MARKER_STYLE.NONE
    band = one.mark == "band"
    series.format.line.color.rgb, series.format.line.width = colour_of("light"), Pt(20 if band else 4.5)
    if band:  # seen through, for some programs draw it over the marks
        (colour,) = series._element.iter(qn("a:srgbClr"))
        colour.append(parse_xml(f'<a:alpha {nsdecls("a")} val="45000"/>'))
    for point in [one for one in series._element.iter(qn("c:pt")) if one.findtext(qn("c:v")) == "None"]:
        point.getparent().remove(point)


def _mark(one: ChartSeries, series: Any) -> None:
    """Draw a series as marks without a line; "|" is drawn as an upright stroke, the end of a band not at all."""
    series.format.line.fill.background()
    if one.mark == "band":
        series.marker.style = XL_MARKER_STYLE.NONE
        return
    shown = [n for n, value in enumerate(one.values) if value is not None]
    stroke = one.mark not in _MARKS
    series.marker.style = XL_MARKER_STYLE.SQUARE if stroke else _MARKS[one.mark]
    series.marker.size = 3 if stroke else 10
    _fill(series.marker.format, one.fill, "paper")
    for at, n in enumerate(shown):
        if one.fills and one.fills[n] != one.fill:
            _fill(series.points[at].marker.format, one.fills[n], "paper")
    if stroke:
        _stroke(series, one.fill, len(shown))


def _stroke(series: Any, role: str, number: int) -> None:
    """Draw an upright stroke through each mark, as its error bar."""
    lengths = "".join(f'<c:pt idx="{n}"><c:v>0.26</c:v></c:pt>' for n in range(number))
    values = f'<c:numLit><c:formatCode>General</c:formatCode><c:ptCount val="{number}"/>{lengths}</c:numLit>'
    xml = (
        f'<c:errBars {nsdecls("c", "a")}><c:errDir val="y"/><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="1"/><c:plus>{values}</c:plus><c:minus>{values}</c:minus><c:spPr><a:ln w="25400" cap="flat">'
        f'<a:solidFill><a:srgbClr val="{colour_of(role)}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    # The schema has error bars between the labels and the values.
    series._element.find(qn("c:xVal")).addprevious(parse_xml(xml))


def _labels(native: NativeChart, one: ChartSeries, series: Any, size: float) -> None:
    """Write each value's label: by a number format where one reads so, so that it follows the value; else in words."""
    at = -1
    for n, value in enumerate(one.values):
        if native.kind == "marks" and value is None:
            continue
        at += 1
        text = one.label_at(n)
        if not text or value is None:
            continue
        side, fill = one.side_at(n), one.fill_at(n)
        inside = side == "inside"
        role = on(fill) if inside and fill else fill if native.kind == "marks" else "ink"
        role = "text" if role in FAINT and not inside else role
        label = series.points[at if native.kind == "marks" else n].data_label
        form = number_format(text, value) if native.kind != "marks" else ""
        if form:
            label._get_or_add_dLbl().insert_element_before(
                parse_xml(f'<c:numFmt {nsdecls("c")} formatCode="{_quoted(form)}" sourceLinked="0"/>'),
                "c:spPr", "c:txPr", "c:dLblPos", "c:showLegendKey",
            )  # fmt: skip
            _show_value(label)
            font = label.font
        else:
            # Beside a stroke, which has no mark of its own, a label would touch it.
            label.text_frame.text = xml_text(f"\u2002{text}\u2002" if one.mark == "|" else text)
            label.text_frame.word_wrap = False
            font = label.text_frame.paragraphs[0].runs[0].font
        font.size, font.color.rgb, font.bold = points(size), colour_of(role), native.kind == "columns"
        if native.kind == "marks" or one.mark:
            label.position = _SIDES[side]
        elif inside or native.stacked:
            # Above a column that stands on others no label can be placed: it stands within.
            label.position = XL_LABEL_POSITION.CENTER
            if not inside:
                font.color.rgb = colour_of(on(fill) if fill else "ink")
        else:
            label.position = XL_LABEL_POSITION.OUTSIDE_END


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def _show_value(label: Any) -> None:
    element = label._dLbl
    for tag in (
        "c:showLegendKey",
        "c:showVal",
        "c:showCatName",
        "c:showSerName",
        "c:showPercent",
        "c:showBubbleSize",
    ):
        found = element.find(qn(tag))
        if found is not None:
            found.set("val", "1" if tag == "c:showVal" else "0")


def _axes(native: NativeChart, chart: Any, size: float) -> None:
    across, rows = chart.value_axis, chart.category_axis
    if native.kind == "marks":
        across, rows = rows, across  # of points, the library calls the one below them that of categories
        rows.minimum_scale, rows.maximum_scale = 0, len(native.rows)
        rows.major_unit = 1
        rows.has_major_gridlines, rows.visible = False, False
    else:
        rows.has_major_gridlines = False
        rows.format.line.color.rgb = colour_of("mid")
        rows.major_tick_mark = XL_TICK_MARK.NONE
        # The names of bars stand beside the chart, each with what is said of it.
        rows.tick_label_position = (
            XL_TICK_LABEL_POSITION.NONE if native.kind == "bars" else XL_TICK_LABEL_POSITION.LOW
        )
        rows.tick_labels.font.size, rows.tick_labels.font.color.rgb = points(size), colour_of("ink")
        if native.kind == "bars":
            rows.reverse_order = True
    across.major_tick_mark = XL_TICK_MARK.NONE
    across.format.line.fill.background()
    if native.low is not None:
        across.minimum_scale = native.low
    if native.high is not None:
        across.maximum_scale = native.high
    steps = len(native.ticks) - (0 if native.spans else 1)
    across.has_major_gridlines = bool(native.ticks)
    if native.ticks and steps > 0:
        across.major_unit = ((native.high or 0.0) - (native.low or 0.0)) / steps
        across.major_gridlines.format.line.color.rgb = colour_of("rule")
        across.major_gridlines.format.line.width = Pt(0.75)
    if native.ticks and not native.spans:
        across.tick_labels.number_format, across.tick_labels.number_format_is_linked = (
            _tick_format(native),
            False,
        )
        across.tick_labels.font.size, across.tick_labels.font.color.rgb = points(size - 1), colour_of("grey")
        # The axis of the values is beside the first row; where the rows are turned round, that is above.
        across.tick_label_position = (
            XL_TICK_LABEL_POSITION.HIGH if native.kind == "bars" else XL_TICK_LABEL_POSITION.LOW
        )
    else:
        across.tick_label_position = XL_TICK_LABEL_POSITION.NONE


def _tick_format(native: NativeChart) -> str:
    """Return the number format under which the axis reads as its ticks do."""
    if all(tick.isdigit() for tick in native.ticks):
        return "0"
    low, high, first, last = native.low or 0.0, native.high or 0.0, native.ticks[0], native.ticks[-1]
    if not first.isdigit() and not _NUMBER.fullmatch(first):
        return f'[={plain(low)}]"{_bare(first)}";[={plain(high)}]"{_bare(last)}";0'
    return '[>=999500]0.0#,,"m";[>=1000]#,##0,"k";0'


def _bare(text: str) -> str:
    return re.sub(r'["\\;\[\]]', "", text)


def _as_lines(chart: Any, drawn_as: Sequence[ChartSeries]) -> None:
    """Draw the series of a chart of columns that bear a mark as lines over them, on the same axes; labels alone as none."""
    bars = chart._chartSpace.chart.plotArea.find(qn("c:barChart"))
    moved = [
        (series, one) for series, one in zip(bars.findall(qn("c:ser")), drawn_as, strict=True) if one.mark
    ]
    lines = parse_xml(
        f'<c:lineChart {nsdecls("c")}><c:grouping val="standard"/><c:varyColors val="0"/></c:lineChart>'
    )
    for series, one in moved:
        for tag in ("c:invertIfNegative",):
            for found in series.findall(qn(tag)):
                series.remove(found)
        drawn = series.find(qn("c:spPr"))
        if drawn is not None:
            series.remove(drawn)
        line = one.mark == "line"
        fill = f'<a:solidFill><a:srgbClr val="{colour_of("ink")}"/></a:solidFill>' if line else "<a:noFill/>"
        symbol = '<c:symbol val="circle"/><c:size val="6"/>' if line else '<c:symbol val="none"/>'
        look = parse_xml(f'<c:spPr {nsdecls("c", "a")}><a:ln w="28575">{fill}</a:ln></c:spPr>')
        mark = parse_xml(f"<c:marker {nsdecls('c', 'a')}>{symbol}<c:spPr>{fill}</c:spPr></c:marker>")
        series.find(qn("c:tx")).addnext(look)
        look.addnext(mark)
        series.append(parse_xml(f'<c:smooth {nsdecls("c")} val="0"/>'))
        lines.append(series)
    lines.append(parse_xml(f'<c:marker {nsdecls("c")} val="1"/>'))
    for axis in bars.findall(qn("c:axId")):
        lines.append(parse_xml(f'<c:axId {nsdecls("c")} val="{axis.get("val")}"/>'))
    bars.addnext(lines)


def legend(native: NativeChart) -> list[tuple[str, str, str]]:
    """Return the sign, the role and the name of each series that is to be told from others; none where there is but one."""
    signs = {"line": "━", "o": "●", "s": "■", "^": "▲", "D": "◆", "|": "┃"}
    return [(signs.get(one.mark, "■"), one.fill, one.name) for one in native.legend]


def _layout(chart: Any, x: float, y: float, width: float, height: float) -> None:
    """Set where in the chart its plot stands, in shares of the chart."""
    area = chart._chartSpace.chart.plotArea
    found = area.find(qn("c:layout"))
    if found is not None:
        area.remove(found)
    numbers: Callable[[float], str] = lambda value: repr(min(max(value, 0.0), 1.0))  # noqa: E731
    area.insert(
        0,
        parse_xml(
            f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
            f'<c:x val="{numbers(x)}"/><c:y val="{numbers(y)}"/><c:w val="{numbers(width)}"/><c:h val="{numbers(height)}"/>'
            "</c:manualLayout></c:layout>"
        ),
    )
    etree.cleanup_namespaces(area)
