"""A consultancy's brand: its file, in the shape of Quarto's ``_brand.yml``, and what documents take from it.

It lies in the client's folder, else in the folder of all clients; the nearer one counts whole, never both together.
So does a consultancy's own template for PowerPoint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from markupsafe import Markup
from pydantic import Field, ValidationError, field_validator

from toolkit.client.faults import closest, listed
from toolkit.client.field_types import Kind, Label, Row
from toolkit.client.folders import client_folder
from toolkit.client.yaml_files import read_mapping, read_model
from toolkit.errors import Fault, InputError
from toolkit.files import read
from toolkit.html.colour import (
    READABLE,
    contrast,
    difference,
    house_colours,
    in_luminance,
    luminance,
    readable_shade,
)
from toolkit.html.logo import LARGEST_LOGO, logo_of
from toolkit.html.markup import text_of
from toolkit.html.picture import ALLOWED, Picture
from toolkit.words import fixed, grouped, joined

BRAND = "brand.yaml"
_LARGEST = 100_000
TEMPLATE = "template.pptx"
_LARGEST_TEMPLATE = 20_000_000
_SMALLER_TEMPLATE = "Take pictures out of its layouts, or have PowerPoint compress them."
MOST = (
    60  # letters of a name, and of the line at the foot, which is to stand in one line beside what else does
)
_ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f]+$"
_LOGO = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\.(?:png|jpe?g|svg|PNG|JPE?G|SVG)"
_LOGO_FILE = re.compile(_LOGO)
_HEX = re.compile(r"#(?:[0-9A-Fa-f]{3}){1,2}")
_HOW = 'Write it in quotation marks, as "#0b5a72": without them, YAML takes it for a remark.'
# What is said in it stands on these two.
_GROUNDS = ("paper", "wash")
_TINTS = ("accent-2", "accent-3", "accent-4")
_WIDEST, _HIGHEST = 240, 48  # of a logo, in pixels
# Closer than this in Oklab, two colours of a chart are told apart by their form alone; the house's own lie further apart.
_ALIKE = 0.08
_MEANINGS = {
    "ink": "of fixed work", "business": "of business", "it": "of IT", "provider": "of a provider", "alarm": "of alarm",
    "running": "of work under way", "kept": "of promises kept",
}  # fmt: skip

_Colour = Annotated[
    str,
    Field(pattern=r"^#([0-9A-Fa-f]{3}){1,2}$"),
    Kind('a colour of red, green and blue, such as "#0b5a72"', _HOW),
]


class BrandMeta(Row):
    """Whose brand it is."""

    name: Annotated[
        Annotated[
            str,
            Field(min_length=1, max_length=MOST, pattern=_ONE_LINE),
            Kind("a name in one line", "Write the name alone."),
        ]
        | None,
        Label("Name", "Ashdown Partners"),
    ] = None


class BrandColours(Row):
    """Its colours: names for some, and the one that charts and headings are drawn in."""

    palette: Annotated[dict[str, _Colour], Label("Palette", 'teal: "#0b5a72"')] = Field(default_factory=dict)
    primary: Annotated[
        Annotated[
            str,
            Field(pattern=r"^(#([0-9A-Fa-f]{3}){1,2}|[A-Za-z][A-Za-z0-9_-]{0,63})$"),
            Kind('a colour, such as "#0b5a72", or the name of one in the palette', _HOW),
        ],
        Label("Primary", "#0b5a72"),
    ]


class BrandTypeface(Row):
    """A typeface, by the name under which it is installed."""

    family: Annotated[
        str,
        Field(pattern=r"^[A-Za-z][A-Za-z0-9 ]{0,62}[A-Za-z0-9]$"),
        Kind(
            "the name of one typeface: letters a–z, digits and blanks",
            "Write it as word processors list it, such as Open Sans.",
        ),
        Label("Family", "Open Sans"),
    ]


class BrandTypography(Row):
    """What it is set in."""

    base: Annotated[BrandTypeface, Label("Base")]

    @field_validator("base", mode="before")
    @classmethod
    def _family_alone(cls, value: Any) -> Any:
        return {"family": value} if isinstance(value, str) else value


Format = Literal["html", "pdf", "pptx"]
_ALWAYS: tuple[Format, ...] = ("html",)
_USUAL_FORMATS: tuple[Format, ...] = (*_ALWAYS, "pptx")


class BrandFile(Row):
    """What ``brand.yaml`` may hold."""

    meta: Annotated[BrandMeta | None, Label("Whose it is")] = None
    logo: Annotated[
        Annotated[
            str,
            Field(pattern=f"^{_LOGO}$"),
            Kind(
                "a PNG, JPEG or SVG file beside brand.yaml, by its name alone, such as logo.png",
                "Put the file beside brand.yaml, and write its name of letters a–z, digits, '.', '-' and '_'.",
            ),
        ]
        | None,
        Label("Logo", "logo.png"),
    ] = None
    color: Annotated[BrandColours | None, Label("Colours")] = None
    typography: Annotated[BrandTypography | None, Label("Typography")] = None
    confidentiality: Annotated[
        Annotated[
            str,
            Field(min_length=1, max_length=MOST, pattern=_ONE_LINE),
            Kind("a sentence in one line", "Write who may read it, in a few words."),
        ]
        | None,
        Label("Confidentiality line", "Confidential: for the board alone"),
    ] = None
    formats: Annotated[
        Annotated[
            tuple[Format, ...],
            Kind("a list of formats: html, pdf, pptx", "Write them in brackets: [html, pdf, pptx]."),
        ]
        | None,
        Label("Formats", "html; pdf; pptx"),
    ] = None


@dataclass(frozen=True)
class Brand:
    """What documents take from a brand; empty where they keep to the house.

    Attributes
    ----------
    name : str
        Of the consultancy.
    logo : Picture or None
        Fit for a page.
    colour : str
        The one that stands in for the house's, ``#`` and six digits.
    family : str
        The typeface, where it is installed; the house's otherwise.
    confidentiality : str
        A line at the foot of every page and slide.
    formats : tuple of str
        What documents are made as: html, and pdf and pptx where they are listed.
    """

    name: str = ""
    logo: Picture | None = None
    colour: str = ""
    family: str = ""
    confidentiality: str = ""
    formats: tuple[Format, ...] = _USUAL_FORMATS

    @cached_property
    def colours(self) -> Mapping[str, str]:
        """Its colours by the role of the house's that each stands in for.

        Tints are as light as the house's, so that what is written on them, or in them, reads as it does there.
        """
        if not self.colour:
            return {}
        house = house_colours()
        tints = {role: in_luminance(self.colour, luminance(house[role])) for role in _TINTS}
        least = (
            READABLE * (luminance(self.colour) + 0.05) - 0.045
        )  # a little more, for it is written in 256 steps
        on_it = max(luminance(house["on-accent"]), min(least, 1.0))
        return {"accent": self.colour, **tints, "on-accent": in_luminance(self.colour, on_it)}

    @property
    def swap(self) -> Mapping[str, str]:
        """Its colours by those of the house's that they stand in for."""
        house = house_colours()
        return {house[role]: colour for role, colour in self.colours.items()}

    @property
    def logo_size(self) -> tuple[float, float]:
        """How wide and high its logo is shown, in pixels; nothing where it has none."""
        if not self.logo:
            return 0.0, 0.0
        scale = min(_WIDEST / self.logo.width, _HIGHEST / self.logo.height)
        return self.logo.width * scale, self.logo.height * scale

    @property
    def mark(self) -> Markup:
        """What stands at the head of a document's first page: its logo, or its name."""
        if self.logo:
            width, height = (max(int(side + 0.5), 1) for side in self.logo_size)
            return Markup('<p class="brand logo"><img alt="{}" width="{}" height="{}" src="{}"></p>').format(
                self.name or "Logo", width, height, self.logo.address
            )
        return Markup('<p class="brand">{}</p>').format(text_of(self.name)) if self.name else Markup("")

    @property
    def terms(self) -> Markup:
        """Its line of confidentiality, as it stands on a first page."""
        line = self.confidentiality
        return Markup('<p class="terms">{}</p>').format(text_of(line)) if line else Markup("")

    @property
    def sheet_style(self) -> str:
        """What puts it on a sheet to fill in, behind the sheet's own style: its colour and its typeface."""
        colours, css = self.colours, ""
        if colours:
            css += f":root {{ --accent: {colours['accent']}; --chosen: {colours['accent-4']}; }}\n"
        if self.family:
            css += f'body {{ font-family: "{self.family}", system-ui, "Segoe UI", Arial, sans-serif; }}\n'
        return css

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be said of it to the consultant."""
        house = house_colours()
        alike = [
            meaning
            for role, meaning in _MEANINGS.items()
            if self.colour and difference(self.colour, house[role]) < _ALIKE
        ]
        told = []
        if alike:
            told.append(
                f"Its colour {self.colour} is hard to tell from that {joined(alike)}; forms and words still tell them apart."
            )
        if self.logo and self.logo.kind == "image/svg+xml":
            told.append(
                "PowerPoint files take no SVG: their cover bears the name instead. A PNG is shown in both."
            )
        if self.family:
            told.append(f"{self.family} is shown where it is installed, Fira Sans elsewhere.")
        return tuple(told)


HOUSE = Brand()


def is_brand_file(name: str) -> bool:
    """Tell whether a name within a folder can be that of a brand's file or logo."""
    return name == BRAND or _LOGO_FILE.fullmatch(name) is not None


def brand_files(clients: Path, slug: str) -> dict[str, bytes]:
    """Return the files of the brand that a client's documents bear, by name: none, or its file and, where it names one, its logo.

    Raises
    ------
    InputError
        When one is a link, no plain file, too large or may not be read, and then with what else is wrong.
    """
    folder = client_folder(clients, slug)
    return _files_in(folder, f"{folder.name}, ") or common_brand_files(clients)


def client_brand(clients: Path, slug: str) -> tuple[dict[str, bytes], Brand]:
    """Return the files of the brand that a client's documents bear, and what they hold; InputError where they cannot be used."""
    files = brand_files(clients, slug)
    whose = f"{slug}, " if (client_folder(clients, slug) / BRAND).exists() else ""
    return files, brand_of(files, whose)


def common_brand_files(clients: Path) -> dict[str, bytes]:
    """Return the files of the brand of all clients that have none of their own; errors as above."""
    return _files_in(clients, "")


def _files_in(folder: Path, whose: str) -> dict[str, bytes]:
    try:
        files = {BRAND: read(folder, BRAND, _LARGEST, f"{whose}{BRAND}")}
    except FileNotFoundError:
        return {}
    if logo := _logo_named(files[BRAND]):
        smaller = "Save a smaller one: it is shown 240 pixels wide at most."
        try:
            with suppress(FileNotFoundError):
                files[logo] = read(folder, logo, LARGEST_LOGO, f"{whose}{logo}", smaller)
        except InputError as error:
            _, faults = _read(files, whose)
            raise InputError([*faults, *error.faults]) from None
    return files


def _logo_named(data: bytes) -> str:
    raw, _ = read_mapping(data, BRAND)
    logo = (raw or {}).get("logo")
    return logo if isinstance(logo, str) and _LOGO_FILE.fullmatch(logo) else ""


def brand_of(files: Mapping[str, bytes], whose: str = "") -> Brand:
    """Return the brand that its files hold; the house's where there are none.

    Parameters
    ----------
    files : mapping
        Name → bytes, as :func:`brand_files` returns it.
    whose : str
        What a fault's place begins with.

    Raises
    ------
    InputError
        With every fault.
    """
    if BRAND not in files:
        return HOUSE
    read_, faults = _read(files, whose)
    logo = None
    if name := _logo_named(files[BRAND]):
        logo, found = _logo(files, name, whose)
        faults += found
    if faults or read_ is None:
        raise InputError(faults)
    return Brand(
        (read_.meta and read_.meta.name) or "", logo,
        _hex(read_.color) if read_.color else "",
        read_.typography.base.family if read_.typography else "", read_.confidentiality or "",
        _USUAL_FORMATS if read_.formats is None else (*_ALWAYS, *read_.formats),
    )  # fmt: skip


def _read(files: Mapping[str, bytes], whose: str) -> tuple[BrandFile | None, list[Fault]]:
    where = f"{whose}{BRAND}"
    made, faults = read_model(BrandFile, files[BRAND], where)
    raw, _ = read_mapping(files[BRAND], where)
    with suppress(ValidationError):  # which is told of already
        colours = BrandColours.model_validate((raw or {}).get("color"))
        faults += _colour_faults(colours, f"{where}, color, field primary")
    return made, faults


def _colour_faults(colours: BrandColours, where: str) -> Iterator[Fault]:
    """Yield why a primary colour cannot be used: a name that the palette lacks, or one that does not read."""
    if not _HEX.fullmatch(colours.primary) and colours.primary not in colours.palette:
        known = listed(colours.palette) if colours.palette else "there is none"
        remedy = f"{closest(colours.primary, colours.palette)}{_HOW}"
        yield Fault(where, colours.primary, f"a colour, or a name of the palette: {known}", remedy)
        return
    house, colour = house_colours(), _hex(colours)
    least = min(contrast(colour, house[ground]) for ground in _GROUNDS)
    if least < READABLE:
        grounds = [house[ground] for ground in _GROUNDS]
        yield Fault(
            where, f"{colour}, whose contrast is {fixed(int(least * 100) / 100, 2)} to 1",
            f"a colour that reads as text on white and on panels ({joined(grounds)}): {fixed(READABLE, 1)} to 1 (WCAG AA)",
            f'Write a darker one; the nearest shade that passes is "{readable_shade(colour, *grounds)}".',
        )  # fmt: skip


def _hex(colours: BrandColours) -> str:
    """Return the primary colour as ``#`` and six digits, in lower case."""
    colour = colours.palette.get(colours.primary, colours.primary).lower()
    return colour if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:])


def _logo(files: Mapping[str, bytes], name: str, whose: str) -> tuple[Picture | None, list[Fault]]:
    where = f"{whose}{name}"
    if name not in files:
        remedy = "Put the logo beside brand.yaml, or take its line out."
        return None, [Fault(where, "no such file", "a logo beside brand.yaml", remedy)]
    is_svg = name.lower().endswith(".svg")
    try:
        return logo_of(files[name], is_svg), []
    except ValueError as error:
        drawn = "an SVG of shapes alone: no script, link, text or picture in it"
        remedy = "Save it as plain SVG, or as PNG." if is_svg else "Save it again, as PNG or JPEG."
        most = f"; at most {grouped(LARGEST_LOGO)} bytes"
        return None, [Fault(where, str(error), (drawn if is_svg else ALLOWED) + most, remedy)]


def template_of(clients: Path, slug: str) -> tuple[bytes, str]:
    """Return a client's template and what a fault calls it; both empty where there is none.

    Raises
    ------
    InputError
        When it is a link, no plain file, too large, or may not be read.
    """
    for folder in (client_folder(clients, slug), clients):
        where = f"{folder.name}, {TEMPLATE}" if folder.name else TEMPLATE
        with suppress(FileNotFoundError):
            return read(folder, TEMPLATE, _LARGEST_TEMPLATE, where, _SMALLER_TEMPLATE), where
    return b"", ""


def common_template(clients: Path) -> bytes:
    """Return the template of all clients that have none of their own; empty where there is none, errors as above."""
    with suppress(FileNotFoundError):
        return read(clients, TEMPLATE, _LARGEST_TEMPLATE, TEMPLATE, _SMALLER_TEMPLATE)
    return b""
