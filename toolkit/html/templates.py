"""Templates: the shipped pages and their styles and scripts, compiled once, with every value escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from toolkit.shipped import shipped, shipped_text
from toolkit.words import capital


def rendered(folder: str, name: str, **values: object) -> str:
    """Return a template filled in; a value that it names and nobody gives is an error.

    Parameters
    ----------
    folder : str
        Of ``templates/``; what the template includes lies in it, too.
    name : str
        The template's file; in one that makes text, ``….txt.j2``, nothing is escaped.
    """
    return _environment(folder).get_template(name).render(values)


def part(folder: str, name: str) -> str:
    """Return a style sheet or script of a template, with the line ends every machine reads the same."""
    return shipped_text("templates", folder, name)


def inline(tag: str, text: str) -> Markup:
    """Return CSS or JavaScript as it may stand within its element.

    Raises
    ------
    ValueError
        When it would end the element early.
    """
    if f"</{tag}" in text.lower():
        raise ValueError(f"the text of an inline {tag} would end it early")
    return Markup(text)


@cache
def _environment(folder: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(shipped("templates") / folder), undefined=StrictUndefined,
        autoescape=lambda name: not (name or "").endswith(".txt.j2"), trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"lower_first": lambda text: text[:1].lower() + text[1:], "upper_first": capital}
    return environment
