"""How the form looks and speaks: its style, and words set as HTML with all text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import ipywidgets as widgets
from ipywidgets.widgets.widget_description import DescriptionStyle
from ipywidgets.widgets.widget_string import HTMLStyle, TextStyle
from markupsafe import Markup

from toolkit.errors import visible
from toolkit.intake.delay import after_pending_changes

_KEPT = "\n\t\xa0\u2009\u200c\u200d\u202f"  # spaces, and what joins letters in some scripts

STYLE = """<style>
.intake { max-width: 72rem; font-size: 14px; }
.intake .widget-label { white-space: normal; overflow-wrap: anywhere; line-height: 1.2; height: auto; text-align: left; color: inherit; }
.intake .widget-text, .intake .widget-textarea, .intake .widget-dropdown { align-items: center; }
.intake .widget-textarea, .intake .widget-select, .intake .widget-select-multiple { align-items: flex-start; }
.intake .widget-textarea > .widget-label, .intake .widget-select > .widget-label { padding-top: 5px; }
.intake textarea { font-family: inherit; }
.intake .unlabelled > .widget-label { position: absolute; height: 1px; overflow: hidden; clip-path: inset(50%); }
.intake .cell { flex-direction: column; align-items: stretch; justify-content: flex-end; }
.intake .cell input { flex: 0 0 auto; } .intake .cells { align-items: flex-end !important; }
.intake .widget-text input, .intake .widget-textarea textarea, .intake select { border: 1px solid #6b7280; }
.intake .widget-vbox, .intake .widget-hbox, .intake .widget-html { flex: 0 0 auto; }
.intake .widget-html-content p { margin: .15rem 0; line-height: 1.4; }
.intake .widget-html { margin-left: 2px; max-width: calc(100% - 4px); } .intake .widget-inline-hbox:not(.cell, .widget-html) { margin-left: 0; margin-right: 0; }
.intake h2, .intake p, .intake li, .intake td { overflow-wrap: anywhere; }
.intake h2, .intake h3, .intake h4 { margin: .5rem 0 .2rem; line-height: 1.25; }
.intake .wrong { color: #9b1c1c; } .intake .right { color: #14603a; } .intake .open { color: #7a4a00; }
.intake .under, .intake .chosen { margin-left: calc(12rem + 4px); } .intake .chosen { max-width: 31.5rem; }
.intake table { border-collapse: collapse; } .intake td, .intake th { text-align: left; padding: .15rem .7rem .15rem 0; vertical-align: top; }
.intake ul { margin: .2rem 0; padding-left: 1.2rem; } .intake li, .intake td, .intake th { line-height: 1.4; margin: 0 0 .15rem; } .intake pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.intake.intake.intake :focus-visible { outline: 3px solid #1d4ed8 !important; outline-offset: 1px; }
.intake .sections.sections.sections { margin-right: 1rem; } .intake .jupyter-button { margin-left: 0; } .intake input, .intake textarea { unicode-bidi: plaintext; }
.intake pre { font-family: ui-monospace, Consolas, monospace !important; line-height: 1.3 !important; }
.intake > .cover, .intake > .offer { position: sticky; top: 0; z-index: 10; padding: .6rem 1rem; background: #fff; color: #1a2733; border: 2px solid #9b1c1c; }
.intake > .offer { border-color: #1d4ed8; } .intake > .offer button { margin-right: .6rem; } .intake.stopped > [inert] { opacity: .25; } .intake.stopped .state { visibility: hidden; }
@media (max-width: 640px) {
  .intake .under, .intake .chosen { margin-left: 0; }
  .intake .widget-inline-hbox:not(.cell) { flex-wrap: wrap; }
  .intake .widget-inline-hbox:not(.cell):not(.unlabelled) > .widget-label { flex: 1 0 100%; width: 100% !important; margin: .4rem 0 .1rem; padding: 0; }
  .intake .widget-inline-hbox > select, .intake .widget-inline-hbox > textarea { flex: 1 1 100%; }
  .intake .widget-dropdown { height: auto; flex: 0 0 auto; } .intake .widget-dropdown > select { height: 28px; }
  .intake .cells { margin-bottom: .8rem; } .intake .cells .cell { flex: 1 1 40%; width: auto; margin-left: 0; min-width: 6rem; }
  .intake .widget-checkbox, .intake .widget-checkbox label { width: auto; height: auto; white-space: normal; overflow: visible; line-height: 1.3; }
  .intake td + td { min-width: 4.5rem; }
  .intake .jupyter-button { white-space: normal; height: auto; min-height: 28px; max-width: 100%; }
}
</style>"""
# JupyterLab typesets what stands between these in a label as mathematics; these look alike and are not read so.
_NO_MATHEMATICS = str.maketrans({"$": "＄", "\\": "＼"})


def layout(width: str = "44rem", **more: str) -> widgets.Layout:
    """Return a layout as wide as given, but never wider than the page."""
    return widgets.Layout(width="100%", max_width=width, **more)


FIELD = layout()
BESIDE = layout("34rem")  # leaves room for a button on the same line
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
