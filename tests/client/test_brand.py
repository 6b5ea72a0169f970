"""A brand's file: what is taken from it, and what is refused, in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as st

from toolkit.cli import main
from toolkit.client.brand import HOUSE, brand_files, brand_of
from toolkit.errors import InputError
from toolkit.html.colour import READABLE, contrast, house_colours
from toolkit.show.canvas import on

GOOD = """meta: {name: Ashdown Partners}
color:
  palette: {violet: "#7A3CC8"}
  primary: violet
typography: {base: {family: Open Sans}}
confidentiality: "Confidential: for the board alone"
"""


@pytest.mark.parametrize(
    ("text", "where", "found", "remedy"),
    [
        ('color: {primary: "#ffcc00"}', "color, field primary", "contrast is 1.38 to 1", '"#896d00"'),
        ('color: {primary: "#ffcc00"}\nfont: Arial', "field font", "a field named 'font'", "Rename or remove"),
        ("color: {primary: blue}", "color, field primary", "blue", "quotation marks"),
        ('color: {palette: {teal: "#0b5a72"}, primary: teel}', "color, field primary", "teel", "Did you mean 'teal'?"),
        ("color:\n  primary: #0b5a72", "line 2", "#0b5a72", "quotation marks"),
        ("logo: ../other/logo.png", "field logo", "../other/logo.png", "beside brand.yaml"),
        ("logo: https://example.com/logo.png", "field logo", "https://example.com/logo.png", "beside brand.yaml"),
        ("logo: logo.png", "logo.png", "no such file", "beside brand.yaml"),
        ("typography: {base: 'A\"; } body { color: red'}", "typography, base, field family", 'A"; }', "Open Sans"),
        (f"confidentiality: {'x' * 61}", "field confidentiality", "61 characters", "Shorten it"),
        ("formats: [html, word]", "formats, entry 2", "word", "one of the values allowed"),
        ("formats: pdf", "field formats", "pdf", "Begin each entry"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_remedy(text: str, where: str, found: str, remedy: str) -> None:
    """Whatever is wrong is told with its place, what stands there and what to do."""
    with pytest.raises(InputError) as refused:
        brand_of({"brand.yaml": text.encode()})
    assert [
        fault
        for fault in refused.value.faults
        if fault.where.endswith(where) and found in fault.found and remedy in fault.remedy
    ], str(refused.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """A colour that does not read, an unknown field and a logo of 4 MB are told together, and the logo is not read."""
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "brand.yaml").write_text(
        'color: {primary: "#ffcc00"}\nlogo: big.png\nslogan: We care\n', encoding="utf-8"
    )
    (tmp_path / "acme" / "big.png").write_bytes(b"\x89PNG" + bytes(4_000_000))
    with pytest.raises(InputError) as refused:
        brand_files(tmp_path, "acme")
    told = str(refused.value)
    assert "4,000,004 bytes" in told
    assert "at most 300,000 bytes" in told
    assert "#896d00" in told
    assert "slogan" in told
    assert all(fault.where.startswith("acme, ") for fault in refused.value.faults)


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"))
def test_tints_carry_the_texts_that_the_houses_carry(colour: str) -> None:
    """Of every colour that is let in, text in it and on it reads, and a label on a tint stays ink or paper and reads as well."""
    try:
        brand = brand_of({"brand.yaml": f'color: {{primary: "{colour}"}}'.encode()})
    except InputError:
        assume(False)
    house = house_colours()
    for ground in ("paper", "wash", "accent-4"):
        least = READABLE if ground != "accent-4" else 3.9  # large type alone stands on it
        assert contrast(brand.colours["accent"], (house | brand.colours)[ground]) >= least
    assert contrast(brand.colours["on-accent"], colour) >= READABLE
    for role in ("accent", "accent-2", "accent-3", "accent-4"):
        label = on(house[role])
        assert on(brand.colours[role]) == label
        as_house = min(contrast(house[role], house[label]), READABLE)
        assert contrast(brand.colours[role], house[label]) >= as_house - 0.05


def test_a_clients_own_brand_stands_for_all_of_the_common_one(tmp_path: Path) -> None:
    """Where a client has a brand of its own, nothing of the common one is read; where neither is there, the house's holds."""
    for slug in ("own", "other"):
        (tmp_path / slug).mkdir()
    assert brand_files(tmp_path, "own") == {}
    assert brand_of({}) == HOUSE
    (tmp_path / "brand.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "own" / "brand.yaml").write_text("meta: {name: Elm}", encoding="utf-8")
    own, other = (brand_of(brand_files(tmp_path, slug)) for slug in ("own", "other"))
    assert (own.name, own.colour, own.confidentiality) == ("Elm", "", "")
    assert (other.name, other.colour, other.family) == ("Ashdown Partners", "#7a3cc8", "Open Sans")


def test_a_logo_is_not_read_through_a_link(tmp_path: Path) -> None:
    """A logo that is a link to another client's file is refused."""
    for slug in ("acme", "other"):
        (tmp_path / slug).mkdir()
    (tmp_path / "other" / "logo.png").write_bytes(b"\x89PNG")
    (tmp_path / "acme" / "logo.png").symlink_to(tmp_path / "other" / "logo.png")
    (tmp_path / "acme" / "brand.yaml").write_text("logo: logo.png", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        brand_files(tmp_path, "acme")
    assert "a link to another place" in str(refused.value)


def test_check_says_what_is_wrong_with_a_brand(tmp_path: Path, project: Path) -> None:
    """``align check`` names a script in a logo, and of a good brand what it is to be known by."""
    clinic = tmp_path / "clinic"
    clinic.mkdir()
    for name in ("client.yaml", "initiatives.csv", "responses.csv", "actions.csv"):
        (clinic / name).write_bytes((project / "client_data" / "lakeside-clinic" / name).read_bytes())
    (tmp_path / "brand.yaml").write_text('logo: a.svg\ncolor: {primary: "#b3201f"}', encoding="utf-8")
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/>{}</svg>'

    def checked(inside: str) -> tuple[int, str]:
        (tmp_path / "a.svg").write_text(drawing.format(inside), encoding="utf-8")
        done = CliRunner().invoke(main, ["check", "--clients", str(tmp_path)])
        return done.exit_code, done.output

    code, told = checked("<script>alert(1)</script>")
    assert code == 1
    assert "a.svg\n  found:   an SVG with a script (<script>)" in told
    code, told = checked("")
    assert code == 0
    assert "hard to tell from that of alarm" in told
    assert "PowerPoint files take no SVG" in told
