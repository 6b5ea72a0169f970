"""CSS that stays at home: nothing in a style may load anything from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2

from toolkit.errors import shown

# Strings within these are addresses, as in image-set("a.png" 1x).
_LOADING = frozenset(
    {"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade"}
)
_OLD_SCRIPT = frozenset({"expression", "-moz-binding", "behavior"})
_PICTURE = re.compile(r"data:image/(png|svg\+xml|jpeg|gif|webp)[;,]")


def style_faults(where: str, css: str) -> Iterator[str]:
    """Yield each thing in a style sheet or style attribute that is not a data picture or a #fragment.

    Parameters
    ----------
    where : str
        What holds the style, as a noun phrase.
    css : str
        Its text; CSS escapes are resolved before anything is compared.
    """
    for token in _tokens(tinycss2.parse_component_value_list(css, skip_comments=True)):
        if token.type == "at-keyword" and token.lower_value == "import":
            yield f"{where} imports another style sheet"
        elif token.type == "error":
            yield f"{where} cannot be read: {shown(token.message)}"
        elif token.type == "url":
            yield from _address(where, token.value)
        elif token.type == "function" and token.lower_name in _LOADING:
            for argument in token.arguments:
                if argument.type == "string":
                    yield from _address(where, argument.value)
        elif _name(token) in _OLD_SCRIPT:
            yield f"{where} holds {_name(token)}"


def _tokens(values: Iterable[Any]) -> Iterator[Any]:
    for token in values:
        yield token
        yield from _tokens(getattr(token, "arguments", None) or getattr(token, "content", None) or ())


def _name(token: Any) -> str:
    if token.type == "function":
        return str(token.lower_name)
    return str(token.lower_value) if token.type == "ident" else ""


def _address(where: str, address: str) -> Iterator[str]:
    if not address.startswith("#") and not _PICTURE.match(address):
        yield f"{where} points elsewhere: {shown(address)}"
