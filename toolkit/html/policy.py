"""What a page may hold, load and run: elements and attributes, its Content-Security-Policy, and CSS that stays at home.

The policy is written into a page when it is made; the same lists and rules judge it when it is read back.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import tinycss2

from toolkit.errors import shown

# How html5lib names the namespace of a page's elements.
XHTML = "{http://www.w3.org/1999/xhtml}"
# Everything else is refused, so that an element or attribute nobody thought of cannot slip through.
ELEMENTS = frozenset({
    "html", "head", "meta", "title", "style", "script", "body", "main", "header", "footer", "nav", "aside",
    "section", "article", "div", "span", "p", "br", "hr", "wbr", "h1", "h2", "h3", "h4", "h5", "h6", "ul",
    "ol", "li", "dl", "dt", "dd", "a", "b", "i", "em", "strong", "small", "sub", "sup", "s", "del", "ins",
    "mark", "abbr", "cite", "q", "code", "pre", "kbd", "samp", "var", "time", "bdi", "bdo", "ruby", "rt",
    "rp", "blockquote", "figure", "figcaption", "img", "picture", "table", "caption", "colgroup", "col",
    "thead", "tbody", "tfoot", "tr", "th", "td", "details", "summary",
})  # fmt: skip
ATTRIBUTES = frozenset({
    "id", "class", "lang", "dir", "title", "style", "role", "tabindex", "hidden", "href", "src", "alt",
    "width", "height", "scope", "colspan", "rowspan", "headers", "span", "open", "type", "start", "value",
    "reversed", "datetime", "name", "content", "charset", "http-equiv", "media", "abbr", "translate",
})  # fmt: skip
URL_ATTRIBUTES = frozenset({"href", "src"})
# How html5lib names the namespace of a chart's elements, and what a chart may be made of.
SVG = "{http://www.w3.org/2000/svg}"
SVG_ELEMENTS = frozenset({"svg", "g", "defs", "clipPath", "path", "rect", "use", "text", "tspan"})
SVG_ATTRIBUTES = frozenset({
    "id", "class", "role", "aria-label", "style", "width", "height", "viewBox", "x", "y", "d", "transform", "href",
    "clip-path", "opacity",
})  # fmt: skip
META_NAMES = frozenset({"viewport", "color-scheme", "description", "generator", "robots", "referrer"})
PICTURE = re.compile(r"data:image/(png|svg\+xml|jpeg|gif|webp)[;,]")
_FONT = re.compile(r"data:font/woff;base64,")

# Strings within these are addresses, as in image-set("a.png" 1x).
_LOADING = frozenset(
    {"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade"}
)
_OLD_SCRIPT = frozenset({"expression", "-moz-binding", "behavior"})


@lru_cache(maxsize=256)  # every deliverable holds the same few style sheets
def style_faults(where: str, css: str) -> tuple[str, ...]:
    """Return each thing in a style sheet or style attribute that is not a data picture or a #fragment.

    Parameters
    ----------
    where : str
        What holds the style, as a noun phrase.
    css : str
        Its text; CSS escapes are resolved before anything is compared.
    """
    return tuple(_style_faults(where, css))


def _style_faults(where: str, css: str) -> Iterator[str]:
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
    if not address.startswith("#") and not PICTURE.match(address) and not _FONT.match(address):
        yield f"{where} points elsewhere: {shown(address)}"


_REQUIRED = {
    "default-src": {"'none'"},
    "style-src": {"'unsafe-inline'"},
    "img-src": {"data:"},
    "font-src": {"data:"},
    "base-uri": {"'none'"},
    "form-action": {"'none'"},
}


def security_policy(scripts: Iterable[str] = (), frames: bool = False, pictures: bool = True) -> str:
    """Return the policy that lets these inline scripts run, and nothing else run or load.

    Parameters
    ----------
    scripts : iterable of str
        Exact text of each script.
    frames : bool
        Whether the page may show files of the same disk within it, as the speaker view shows its slides.
    pictures : bool
        Whether it may show pictures and fonts that it holds itself, as data.
    """
    allowed = " ".join(f"'{script_hash(text)}'" for text in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; {'img-src data:; font-src data:; ' if pictures else ''}"
        f"base-uri 'none'; form-action 'none'{'; frame-src file:' if frames else ''}"
    )


def script_hash(text: str) -> str:
    """Return a script's hash as a policy names it: ``sha256-…`` of its UTF-8 bytes."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def policy_faults(root: Any, frames: bool = False) -> Iterator[str]:
    """Yield what is wrong with a parsed page's policy, and each script that it does not list.

    Parameters
    ----------
    root : Element
        The page as html5lib reads it.
    frames : bool
        Whether it may show files of the same disk within it.
    """
    head = root.find(XHTML + "head")
    first = next(iter(head), None) if head is not None else None
    policy = None if first is None or first.tag != XHTML + "meta" else _policy_of(first)
    if policy is None:
        yield "the Content-Security-Policy is not the first thing in the head"
    directives = _directives(policy or "")
    for directive, sources in _REQUIRED.items():
        if policy is not None and directives.get(directive) != sources:
            yield f"the Content-Security-Policy's {directive} is not {' '.join(sorted(sources))}"
    allowed = directives.pop("script-src", set())
    if frames and directives.get("frame-src") == {"file:"}:
        del directives["frame-src"]
    for source in sorted(allowed - {"'none'"}):
        if not source.startswith("'sha256-"):
            yield f"the Content-Security-Policy lets scripts run from {shown(source)}"
    for extra in sorted(set(directives) - set(_REQUIRED)):
        yield f"the Content-Security-Policy opens {shown(extra)}"
    for script in root.iter(XHTML + "script"):
        if script.get("src") is not None:
            yield f"a script is loaded from {shown(script.get('src'))}"
        elif f"'{script_hash(script.text or '')}'" not in allowed:
            yield f"a script is not listed in the Content-Security-Policy: {shown((script.text or '')[:60])}"


def _policy_of(meta: Any) -> str | None:
    named = meta.get("http-equiv", "").strip().lower() == "content-security-policy"
    return str(meta.get("content", "")) if named else None


def _directives(policy: str) -> dict[str, set[str]]:
    """Return each directive's sources; of a repeated directive the first counts, as in browsers."""
    found: dict[str, set[str]] = {}
    for part in policy.split(";"):
        if words := part.split():
            found.setdefault(words[0].lower(), set(words[1:]))
    return found


def drawing_faults(tag: str, attributes: Mapping[str, str]) -> Iterator[str]:
    """Yield what an element of a chart has that no drawing of ours has: an element, an attribute, an address."""
    if tag not in SVG_ELEMENTS:
        yield f"a chart holds the element <{shown(tag)}>"
    for name, value in attributes.items():
        if name not in SVG_ATTRIBUTES:
            yield f"a chart’s <{shown(tag)}> holds the attribute {shown(name)}, which is not allowed"
        elif name == "href" and not value.startswith("#"):
            yield f"a chart’s <{shown(tag)}> points elsewhere: {shown(value)}"
        elif name in ("style", "clip-path"):
            yield from style_faults(f"the {name} of a chart’s <{shown(tag)}>", value)
