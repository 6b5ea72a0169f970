"""A person's own text in a small Markdown: paragraphs, lists, bold and italics; all else in it is text.

Which marks count is a list of what is let in. HTML, links, pictures, headings, code and entities are not on it, so they
are shown as they were typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from toolkit.html.fonts import lines_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_MARKS = ("emphasis", "escape", "list")
# In pixels: how far a list stands in, and what lies between paragraphs and between the entries of a list.
INDENT, _BETWEEN, _ENTRY = 26, 10, 6


def prose(text: str) -> Markup:
    """Return a text as HTML of paragraphs, lists, ``<strong>`` and ``<em>``; each block keeps its own direction."""
    return Markup(_markdown().render(text))


def prose_height(text: str, size: float, line: float, width: float) -> float:
    """Return how high a text stands in letters of ``size``, in lines of ``line``, all in pixels."""
    high, depth = 0.0, 0
    for token in _markdown().parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
            high += 0 if depth else _BETWEEN
        elif token.type == "inline":
            words = "".join(child.content for child in token.children or ())
            # Bold is wider: the whole is measured as if it were.
            high += line * lines_of(words, size, width - INDENT * depth, 600) + (
                _ENTRY if depth else _BETWEEN
            )
    return high


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML

    class Isolated(RendererHTML):
        """Sets each block's text apart, so that its direction stays its own."""

        def renderInline(self, tokens: Sequence[Any], options: Any, env: Any) -> str:
            return f"<bdi>{super().renderInline(tokens, options, env)}</bdi>"

    return MarkdownIt("zero", {"html": False}, renderer_cls=Isolated).enable(_MARKS)
