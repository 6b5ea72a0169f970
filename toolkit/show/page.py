"""What a notebook cell displays: one page or slide, its exhibits numbered and carrying their data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import pandas as pd
from markupsafe import Markup

from toolkit.html import templates
from toolkit.html.markup import DRAFT_MARK, EXHIBITS_KEY, HTML_KEY, NOTES_KEY, SYNTHETIC, table, text_of
from toolkit.html.svg import inline_svg
from toolkit.show.narrow_chart import narrow_chart
from toolkit.show.native_chart import NativeChart
from toolkit.words import fixed, plain, tidy

# Letters of a title, at most, so that it stands in two lines of a slide.
TITLE = 105
# The spaces at which a line never ends: within a quarter, before a per cent sign, between a currency's code and its amount, and
# within the name of the page that all others refer to.
_UNBROKEN = re.compile(
    r"(?<=\bQ[1-4]) (?=\d{4}\b)|(?<=\d) (?=%)|(?<=\b[A-Z]{3}) (?=\d)|(?<=\bfirst) (?=page\b)"
)


@cache
def notebook_style(slide: bool = False) -> str:
    """Return the document's style for a page or slide shown in a notebook, kept inside it by nesting.

    The class is named twice to outweigh JupyterLab's own rules for tables, which put all text to the right.
    """
    folder, name = ("deck", "deck.css") if slide else ("report", "report.css")
    css, tokens = templates.part(folder, name), templates.part("house", "tokens.css")
    rules = f"{tokens.replace(':root', '&')} {css[: css.index('@page')]}"
    rules = rules.replace('"Fira Sans",', '"Fira Sans", "As wide as Fira",', 1)
    return f"{_STAND_IN} .alignment.alignment {{ {rules} {_SLIDE if slide else _SHEET} {_PLAIN} }} {_CELL}"


# On paper, as wide as the page, whatever the theme.
_SHEET = "background: var(--paper); color: var(--ink); font: 1rem/1.5 var(--font); max-width: 60rem; padding: .6rem 1rem;"
# A slide is drawn at its own size and shown as large as there is room for it.
_SLIDE = """color: var(--ink); font: 18px/1.35 var(--font); container-type: inline-size; max-width: 1280px; aspect-ratio: 16 / 9;
overflow: hidden; border: 1px solid var(--light); margin: 0 0 1rem; background: var(--paper); color-scheme: light;
.slide { transform-origin: 0 0; transform: scale(tan(atan2(100cqw, 1280px))); }"""
_PLAIN = """table { margin: 0; table-layout: auto; border: 0; color: inherit; } thead { border: 0; } tr, tbody tr:nth-child(n), tbody tr:hover { background: none; }
td, th { max-width: none; white-space: normal; } .figure, .unbroken { white-space: nowrap; }"""
# The cell shows the document alone; its code is a click away in JupyterLab's menu View.
_CELL = """.jp-CodeCell:has(.alignment) :is(.jp-InputPlaceholder, .jp-OutputPrompt, .jp-OutputArea-promptOverlay),
.jp-Notebook:has(.alignment) .jp-CodeCell.jp-mod-noOutputs .jp-InputPlaceholder { display: none; }"""
# A notebook does not carry the house's typeface. Where the system's own is the wide one of Linux, text would pass the edges
# of charts and slides that were measured in the house's: it is drawn as much smaller as it is wider.
_STAND_IN = """@font-face { font-family: "As wide as Fira"; src: local("DejaVu Sans"); size-adjust: 88%; }
@font-face { font-family: "As wide as Fira"; font-weight: 600; src: local("DejaVu Sans Bold"); size-adjust: 84%; }"""


@dataclass(frozen=True)
class Exhibit:
    """A chart with its message, and the data it draws.

    Attributes
    ----------
    key : str
        Its name within the story.
    title : str
        A full sentence: the message.
    data : pandas.DataFrame
        Tidy data, one row a mark, columns named for readers; text is exact.
    unit : str
        Unit of the figures.
    source : str
        Where the data come from.
    picture : callable
        Draws it, as SVG; only what is shown is drawn.
    native : callable or None
        Says what is drawn as data, for programs that draw it themselves; None leaves them the table alone.
    number : int
        Place in the story, from 1; 0 before it is placed.
    """

    key: str
    title: str
    data: pd.DataFrame
    unit: str
    source: str
    picture: Callable[[], bytes]
    native: Callable[[], NativeChart] | None = None
    number: int = 0

    @cached_property
    def svg(self) -> bytes:
        """The picture, drawn when it is first asked for."""
        return self.picture()

    @cached_property
    def chart(self) -> NativeChart | None:
        """What is drawn, as data; None where the table is all there is."""
        return self.native() if self.native else None

    @property
    def text(self) -> str:
        """All that it says, its data included."""
        return " ".join(
            [self.title, self.unit, *map(str, self.data.columns), *map(str, self.data.to_numpy().ravel())]
        )

    def html(self, title_stands_above: bool = False) -> Markup:
        """Return the figure: title, picture with alt text, source, and the data in a closed table.

        With ``title_stands_above`` the page's own title is the message, and is not said twice.
        """
        described = f"Chart: {self.title} Unit: {self.unit}."
        data = Markup("<details><summary>The data behind exhibit {}</summary>{}</details>").format(
            self.number, frame_table(self.data, f"Data of exhibit {self.number}")
        )
        narrow, unit = Markup(""), text_of(self.unit)
        if self.chart:
            narrow = narrow_chart(self.chart, f"Chart: {self.title} Unit: {self.chart.unit or self.unit}.")
        if narrow and self.chart and self.chart.unit:
            unit = Markup('<span class="wide">{}</span><span class="narrow">{}</span>').format(
                unit, text_of(self.chart.unit)
            )
        return Markup(
            '<figure id="exhibit-{number}" class="exhibit"><figcaption><span class="number">Exhibit {number}</span> {title}'
            '</figcaption><div class="picture" tabindex="0" role="region" aria-label="Exhibit {number}">'
            "{picture}{narrow}</div>"
            '<p class="source">{unit}. Source: {source}</p>{data}</figure>'
        ).format(
            number=self.number, title="" if title_stands_above else text_of(self.title), picture=inline_svg(self.svg, f"x{self.number}", described),
            narrow=narrow, unit=unit, source=text_of(self.source), data=data,
        )  # fmt: skip

    def payload(self) -> dict[str, Any]:
        """Return the exhibit's data for other exporters, as JSON values; missing is null."""
        records = self.data.astype(object).where(self.data.notna(), None)
        return {
            "number": self.number, "key": self.key, "title": self.title, "unit": self.unit, "source": self.source,
            "columns": list(map(str, records.columns)),
            "rows": [[_plain(value) for value in row] for row in records.itertuples(index=False)],
        } | ({"chart": self.chart.payload()} if self.chart else {})  # fmt: skip


def _plain(value: object) -> object:
    if isinstance(value, float):
        return tidy(value)
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)


def frame_table(frame: pd.DataFrame, caption: str) -> Markup:
    """Return a data frame as an escaped table; missing values are an en dash.

    The figures of a column have as many decimals each, unless a column "Unit" says that they are of several units.
    """

    def shown(value: object, places: int | None) -> object:
        if value is None or (isinstance(value, float) and pd.isna(value)):
            return "–"
        if isinstance(value, float):
            return fixed(value, _decimals([value]) if places is None else places).replace("-", "−")
        return f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else value

    numeric = [i for i, name in enumerate(frame.columns) if pd.api.types.is_numeric_dtype(frame[name])]
    mixed = "Unit" in frame.columns
    places = [None if mixed else _decimals(frame[name]) for name in frame.columns]
    rows = (list(map(shown, row, places)) for row in frame.itertuples(index=False))
    return table([str(name) for name in frame.columns], rows, caption, numeric, css="data")


def _decimals(column: Iterable[object]) -> int:
    """Return how many decimals a column's figures take: those of the figure that has most, two at most."""
    figures = (value for value in column if isinstance(value, float) and not pd.isna(value))
    return max((len(plain(tidy(value, 2)).partition(".")[2]) for value in figures), default=0)


@dataclass(frozen=True)
class Page:
    """One page of the report or one slide of the deck.

    Attributes
    ----------
    key : str
        Its anchor.
    title : str
        The message, as a sentence.
    body : sequence
        Markup and Exhibits, in order.
    document_title : str
        Title of the whole document.
    kicker : str
        The small line above the title of a report's page; the section that a slide belongs to.
    sections : tuple of str
        Of a slide, the sections of its deck, for the line above the title that says where one is.
    place : str
        Of a slide, its number.
    css : str
        A class of its own, for a page that does not look like the others.
    draft : bool
        Whether it is marked as a draft.
    notes : tuple of str
        What whoever presents says here, as sentences; for the presenter's copy alone.
    """

    key: str
    title: str
    body: tuple[Markup | Exhibit, ...]
    document_title: str
    synthetic: bool
    kicker: str = ""
    slide: bool = False
    level: int = 2
    footer: str = ""
    notes: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    place: str = ""
    css: str = ""
    draft: bool = False
    exhibits: tuple[Exhibit, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "exhibits", tuple(part for part in self.body if isinstance(part, Exhibit)))

    def html(self) -> Markup:
        """Return the page as HTML of our own making."""
        body = Markup("").join(
            part.html(part.title == self.title) if isinstance(part, Exhibit) else part for part in self.body
        )
        page = self._slide(body) if self.slide else self._sheet(body)
        return Markup(_UNBROKEN.sub("\u00a0", page))

    @property
    def _draft(self) -> Markup:
        return Markup('<p class="draft">{}</p>').format(DRAFT_MARK) if self.draft else Markup("")

    def _sheet(self, body: Markup) -> Markup:
        mark = Markup('<p class="synthetic">{}</p>').format(SYNTHETIC) if self.synthetic else ""
        parts = [text_of(part) for part in (self.kicker, self.footer) if part]
        return Markup(
            '<div class="page sheet" id="{key}">{draft}{mark}<p class="kicker">{kicker}</p><h{level}>{title}</h{level}>'
            '<div class="body">{body}</div></div>'
        ).format(
            key=self.key, mark=mark, kicker=Markup(" · ").join(parts), level=self.level, title=text_of(self.title), body=body,
            draft=self._draft,
        )  # fmt: skip

    def _slide(self, body: Markup) -> Markup:
        where = Markup(" ").join(
            Markup('<span class="on">{}</span>' if name == self.kicker else "<span>{}</span>").format(name)
            for name in self.sections
        )
        mark = Markup(' · <span class="synthetic">{}</span>').format(SYNTHETIC) if self.synthetic else ""
        return Markup(
            '<div class="page slide {css}" id="{key}">{draft}<p class="tracker">{where}</p><h{level}>{title}</h{level}>'
            '<div class="body">{body}</div><p class="foot"><span>{footer}{mark}</span><b>{place}</b></p></div>'
        ).format(
            css=self.css, key=self.key, where=where, level=self.level, title=text_of(self.title), body=body,
            footer=text_of(self.footer), mark=mark, place=self.place, draft=self._draft,
        )  # fmt: skip

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        html = str(self.html())
        bundle = {
            HTML_KEY: html,
            "text/html": f'<style>{notebook_style(self.slide)}</style><div class="alignment">{html}</div>',
            "text/plain": self.title,
            EXHIBITS_KEY: [exhibit.payload() for exhibit in self.exhibits],
        }
        if self.notes:
            bundle[NOTES_KEY] = list(self.notes)
        facts = {"document_title": self.document_title, "synthetic": self.synthetic, "draft": self.draft}
        return bundle, {HTML_KEY: facts | ({"place": int(self.place)} if self.place else {})}


def numbered(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Return the pages with their exhibits numbered from 1 through the document."""
    out, number = [], 0
    for page in pages:
        body: list[Markup | Exhibit] = []
        for part in page.body:
            if isinstance(part, Exhibit):
                number += 1
                part = replace(part, number=number)
            body.append(part)
        out.append(replace(page, body=tuple(body)))
    return tuple(out)
