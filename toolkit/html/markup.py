"""Markup: paragraphs, lists and tables, in which every client's text is escaped and keeps its own direction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from toolkit.words import plain

# Under which a notebook's output holds a page, the data of its exhibits and what whoever presents it says.
HTML_KEY = "application/vnd.alignment.html"
EXHIBITS_KEY = "application/vnd.alignment.exhibits+json"
NOTES_KEY = "application/vnd.alignment.notes+json"
SYNTHETIC = "Synthetic sample: not a real organisation"
# What every page and slide of a draft bears.
DRAFT_MARK = "Draft"


def text_of(value: object) -> Markup:
    """Return client text as HTML: escaped, and isolated so that its direction stays its own."""
    return Markup("<bdi>{}</bdi>").format("" if value is None else str(value))


def unbroken(text: str) -> Markup:
    """Return a short text, such as a date, that is never broken over two lines."""
    return Markup('<span class="unbroken">{}</span>').format(text)


def lines(*items: object) -> Markup:
    """Return client texts one below the other; empty ones are left out."""
    return Markup("<br>").join(text_of(item) for item in items if item)


def headed(name: object, aside: object) -> Markup:
    """Return a row's name with a remark below it, less weighty; the name alone where there is none."""
    below = Markup('<br><span class="aside">{}</span>').format(text_of(aside)) if aside else Markup("")
    return text_of(name) + below


def titled(head: object, aside: object) -> Markup:
    """Return what a cell says, strong, with a remark below it; alone where there is none."""
    below = Markup('<span class="aside">{}</span>').format(text_of(aside)) if aside else Markup("")
    return Markup("<strong>{}</strong>{}").format(text_of(head), below)


def paragraph(*parts: object, css: str = "") -> Markup:
    """Return a paragraph; strings are escaped, Markup stands as it is."""
    body = Markup("").join(map(escape, parts))
    return Markup('<p class="{}">{}</p>').format(css, body) if css else Markup("<p>{}</p>").format(body)


def bullets(items: Iterable[object], css: str = "") -> Markup:
    """Return a list; an empty one is nothing."""
    rows = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
    return Markup('<ul class="{}">{}</ul>').format(css, rows) if rows else Markup("")


def table(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    caption: str,
    numeric: Sequence[int] = (),
    css: str = "",
    shares: Sequence[float] = (),
) -> Markup:
    """Return a table whose first column heads its rows; cells are client text unless Markup.

    ``numeric`` lists the columns (from 0) that are aligned as figures. On a phone a table becomes cards, each cell bearing
    its column's name, unless it has the class ``dense`` or ``data``. One with the class ``numbered`` has its rows' numbers
    in the first column, and their heads in the second. ``shares`` are the columns' of the width, where they are not the
    browser's to choose.
    """
    named, heads = not {"dense", "data"} & set(css.split()), int("numbered" in css.split())
    css = f"{css} stack".strip() if named else css

    def cell(tag: str, column: int, value: object) -> Markup:
        scope = Markup(' scope="row"') if tag == "th" else Markup("")
        align = Markup(' class="figure"') if column in numeric else Markup("")
        name = Markup(' data-l="{}"').format(header[column]) if named and column > heads else Markup("")
        body = value if isinstance(value, Markup) else text_of(value)
        return Markup("<{0}{1}{2}{3}>{4}</{0}>").format(Markup(tag), scope, align, name, body)

    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(
            Markup(' class="figure"') if i in numeric else Markup(""), name
        )
        for i, name in enumerate(header)
    )
    widths = Markup("").join(Markup('<col width="{}%">').format(plain(share * 100)) for share in shares)
    columns = Markup("<colgroup>{}</colgroup>").format(widths) if widths else widths
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(cell("th" if i == heads else "td", i, value) for i, value in enumerate(row))
        )
        for row in rows
    )
    if not body:
        return Markup("")
    return Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="{}"><caption>{}</caption>{}'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(caption, css, caption, columns, head, body)


def missing(what: str, needs: str) -> Markup:
    """Return the note that stands where a section shrinks: what is missing, and what it would need."""
    return Markup('<div class="missing"><p><strong>{}</strong> {}</p></div>').format(what, needs)
