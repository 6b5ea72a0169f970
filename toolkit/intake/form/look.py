"""How the form looks and speaks: its style, and words set as HTML with all text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

import ipywidgets as widgets
from ipywidgets.widgets.widget_description import DescriptionStyle
from ipywidgets.widgets.widget_string import HTMLStyle, TextStyle
from markupsafe import Markup

from toolkit.errors import visible
from toolkit.html.templates import inline, part
from toolkit.intake.delay import after_pending_changes
from toolkit.shipped import shipped_text
from toolkit.words import plain

_KEPT = "\n\t\xa0\u2009\u200c\u200d\u202f"  # spaces, and what joins letters in some scripts

TOOL = "align-tool"  # the class of all that :func:`style` styles


# JupyterLab typesets what stands between these in a label as mathematics; these look alike and are not read so.
_NO_MATHEMATICS = str.maketrans({"$": "＄", "\\": "＼"})


@cache
def style() -> str:
    """Return the style of form and workshop, for whatever bears the class :data:`TOOL`; in the house's colours."""
    tokens = part("house", "tokens.css").replace(":root", f".{TOOL}")
    return f"{tokens}\n{shipped_text('intake', 'form', 'look.css')}"


def tool(*children: widgets.Widget) -> widgets.VBox:
    """Return a form's or workshop's outermost widget, its style first."""
    css = inline("style", style())
    return widgets.VBox([widgets.HTML(f"<style>{css}</style>"), *children]).add_class(TOOL)


def layout(width: str = "44rem", **more: str) -> widgets.Layout:
    """Return a layout as wide as given, but never wider than the page."""
    return widgets.Layout(width="100%", max_width=width, **more)


FIELD = layout()
BESIDE = widgets.Layout(
    width="auto", max_width="34rem", flex="1 1 18rem"
)  # leaves room for a button on the same line
LABEL: dict[str, str] = {"description_width": "12rem"}
# Shared by all that look alike: a layout and a style of its own for each would make three messages of every widget,
# and opening a section is mostly messages. Nothing may be set on these; what is shown and hidden has its own layout.
PLAIN, HIDDEN = widgets.Layout(), widgets.Layout(display="none")
_HTML = HTMLStyle()
TEXT_LABEL, LIST_LABEL = TextStyle(**LABEL), DescriptionStyle(**LABEL)


def html(content: Markup | str = "") -> widgets.HTML:
    """Return a widget that shows safe HTML; plain text in it is escaped."""
    return widgets.HTML(shown_as(content), style=_HTML, layout=PLAIN)


def shown_as(content: Markup | str) -> str:
    """Return content as a widget's value; what is not Markup is escaped, what would turn text around is written out."""
    return visible(str(Markup("{}").format(content)), keep=_KEPT)


def paragraph(text: object, kind: str = "", role: str = "") -> Markup:
    """Return text as a paragraph; ``kind`` is "wrong", "right" or "open", ``role`` for a screen reader."""
    return Markup('<p class="{}"{}>{}</p>').format(
        kind, Markup(' role="{}"').format(role) if role else "", str(text)
    )


def listed(sentences: Iterable[str]) -> Markup:
    """Return sentences as a list; nothing where there are none."""
    items = Markup("").join(Markup("<li>{}</li>").format(one) for one in sentences)
    return Markup("<ul>{}</ul>").format(items) if items else Markup("")


def points_said(left: float) -> str:
    """Return how many of leadership's 100 points are left, or too many where negative, in words without a stop."""
    if left > 0:
        return f"{plain(left)} of 100 points {'is' if left == 1 else 'are'} left"
    return f"{plain(-left)} {'point too many is' if left == -1 else 'points too many are'} spread"


def tabled(rows: Sequence[tuple[str, ...]], title: str, heads: tuple[str, ...] = ()) -> Markup:
    """Return rows as a table under a title; columns without heads where none are given."""
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(one) for one in heads)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(cell) for cell in row))
        for row in rows
    )
    return Markup("<h4>{}</h4><table>{}{}</table>").format(title, head and Markup("<tr>{}</tr>").format(head), body)  # fmt: skip


def offer(choice: widgets.Dropdown, options: list[tuple[str, str]]) -> None:
    """Offer options; what was chosen stays chosen while it is among them, else the first is."""
    if tuple(options) != tuple(choice.options):
        kept, values = choice.value, [value for _, value in options]
        choice.options = options
        if values:
            choice.value = kept if kept in values else values[0]


def button(text: str, act: Any, primary: bool = False, hint: str = "") -> widgets.Button:
    """Return a button that calls ``act`` without arguments, once what was typed before is here."""
    one = widgets.Button(
        description=text, tooltip=hint or text, button_style="primary" if primary else "", layout={"width": "auto"}
    )  # fmt: skip
    one.on_click(lambda _: after_pending_changes(act))
    return one


class Choices(widgets.Select):  # type: ignore[misc] # ipywidgets says nothing of its types
    """A list in view that takes no choice while it is filled anew, which JupyterLab may let happen at the same time."""

    def __init__(self, lock: AbstractContextManager[Any], **options: Any) -> None:
        self._filling = lock
        super().__init__(**options)

    def set_state(self, sync_data: Any) -> None:
        """Take what the page sends, once nobody holds the lock."""
        with self._filling:
            super().set_state(sync_data)


def across(*children: widgets.Widget) -> widgets.HBox:
    """Return widgets side by side, broken into lines where the page is narrow."""
    return widgets.HBox(children, layout={"flex_flow": "row wrap", "align_items": "flex-start"})


def label(text: str, most: int = 70) -> str:
    """Return client text as a label or option: one line of at most ``most`` characters, without what a label would act upon."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return (line if len(line) <= most else line[: most - 1].rstrip() + "…").translate(_NO_MATHEMATICS)
