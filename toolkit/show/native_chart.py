"""A chart as plain data, from which another program draws it with charts and tables of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from toolkit.words import tidy

Side = Literal["left", "right", "above", "below", "inside"]


@dataclass(frozen=True)
class ChartSeries:
    """One series: a value for each row, or for each column of a chart of columns.

    Attributes
    ----------
    values : tuple
        None where there is none.
    fill : str
        A role of :data:`toolkit.show.chart_style.ROLES`, or a colour; "" is clear, as the base of a waterfall is.
    labels : tuple of str
        What stands at each value; "" is nothing, and so is no tuple at all.
    fills : tuple of str
        Each value's own fill, where they differ.
    sides : tuple of str
        Where each label stands, where they differ from ``side``.
    mark : str
        Of a chart of marks, "o", "s", "^", "D", "|" or, for what its bars alone show, "band"; of one of columns "line", for a line through the values, or
        "top", for labels alone, above the values.
    since : tuple
        From where a bar leads to each mark; None for no bar.
    """

    name: str
    values: tuple[float | None, ...]
    fill: str = "plan"
    labels: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    side: Side = "right"
    sides: tuple[Side, ...] = ()
    mark: str = ""
    since: tuple[float | None, ...] = ()

    def fill_at(self, n: int) -> str:
        """Return the fill of a value: its own, or the series'."""
        return self.fills[n] if self.fills else self.fill

    def label_at(self, n: int) -> str:
        """Return what stands at a value; "" is nothing."""
        return self.labels[n] if self.labels else ""

    def side_at(self, n: int) -> Side:
        """Return where the label of a value stands."""
        return self.sides[n] if self.sides else self.side


@dataclass(frozen=True)
class RowNote:
    """What stands behind a row: in short, in the colour of a role, and why."""

    head: str = ""
    aside: str = ""
    tone: str = "ink"


@dataclass(frozen=True)
class NativeChart:
    """A chart as plain data.

    Attributes
    ----------
    kind : str
        "bars" lie one below the other, "columns" stand side by side, "marks" are points in rows, a "grid" has a shaded
        cell for each row of each series.
    rows : tuple of str
        What each row, or column, is called.
    asides : tuple of str
        What stands below each row's name; empty where nothing does.
    notes : tuple of RowNote
        What stands behind each row; empty where nothing does.
    stacked : bool
        Whether bars or columns stand on each other.
    low, high : float or None
        The ends of the axis; None leaves them to the program.
    ticks : tuple of str
        What the axis is called at equal steps from ``low`` to ``high``, or, with ``spans``, between them.
    spans : bool
        Whether ``ticks`` name what lies between the steps, as quarters do.
    groups : tuple of str
        The group of each column, or of each tick; empty where there are none.
    heads : tuple of str
        What heads the rows' names, and what stands behind the rows.
    unit : str
        The unit of the figures, and what the signs mean, where that is not as in the exhibit's picture.
    """

    kind: Literal["bars", "columns", "marks", "grid"]
    rows: tuple[str, ...]
    series: tuple[ChartSeries, ...]
    asides: tuple[str, ...] = ()
    notes: tuple[RowNote, ...] = ()
    stacked: bool = True
    low: float | None = None
    high: float | None = None
    ticks: tuple[str, ...] = ()
    spans: bool = False
    groups: tuple[str, ...] = ()
    heads: tuple[str, str] = ("", "")
    unit: str = ""

    @property
    def legend(self) -> tuple[ChartSeries, ...]:
        """The series that are to be told from one another; none where there is but one."""
        drawn = tuple(
            series
            for series in self.series
            if series.fill and any(value is not None for value in series.values)
        )
        return drawn if len(drawn) > 1 else ()

    def payload(self) -> dict[str, Any]:
        """Return it as JSON values, what is empty left out."""

        def plain(value: Any) -> Any:
            if isinstance(value, float):
                return tidy(value)
            if isinstance(value, dict):
                return {
                    key: plain(item)
                    for key, item in value.items()
                    if key == "fill" or item not in ((), "", None)
                }
            return [plain(item) for item in value] if isinstance(value, (tuple, list)) else value

        out: dict[str, Any] = plain(asdict(self))
        return out

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> NativeChart:
        """Return the chart that :meth:`payload` has written."""

        def tuples(value: Any) -> Any:
            return tuple(tuples(item) for item in value) if isinstance(value, list) else value

        given = {key: tuples(value) for key, value in payload.items() if key not in ("series", "notes")}
        series = tuple(
            ChartSeries(**{key: tuples(value) for key, value in one.items()}) for one in payload["series"]
        )
        return cls(**given, series=series, notes=tuple(RowNote(**one) for one in payload.get("notes", ())))
