"""A person's own picture: shown upright, no larger than it takes, without what a camera wrote into it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from toolkit.html.picture import MOST_PIXELS, picture_of


def drawn(kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any) -> bytes:
    """Return a picture, its left half dark."""
    image = Image.new("RGB", size, "white")
    image.paste("black", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    if mode == "I;16":  # which no picture in colour becomes at once
        image = image.convert("I")
    image.convert(mode).save(out, kind, **options)
    return out.getvalue()


def noise() -> bytes:
    """Return a picture that no compression makes smaller."""
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 200).save(out, "PNG")
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_keeps_its_kind_and_its_size(kind: str) -> None:
    """A small picture is not made larger."""
    picture = picture_of(drawn(kind))
    assert (picture.kind, picture.width, picture.height) == (f"image/{kind.lower()}", 40, 20)
    assert opened(picture.data).format == kind
    assert picture.address.startswith(f"data:image/{kind.lower()};base64,")


def test_a_large_picture_is_made_as_large_as_a_page_shows() -> None:
    """Of a photograph of twelve million pixels no more goes into the file than can be seen."""
    picture = picture_of(drawn("JPEG", (4000, 3000)))
    assert (picture.width, picture.height) == (1600, 1200)


def test_what_a_camera_wrote_is_left_out() -> None:
    """Place, author and remarks are in the file that was taken, and not in the one that is shown."""
    exif = Image.Exif()
    exif[0x013B] = "Secret Author"
    exif.get_ifd(0x8825)[0x001D] = "2026:08:12"
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "Secret remark")
    for data in (drawn("JPEG", exif=exif, comment=b"Secret remark"), drawn("PNG", pnginfo=note, exif=exif)):
        assert b"Secret" in data
        shown = picture_of(data).data
        assert b"Secret" not in shown
        assert b"2026:08:12" not in shown
        assert not opened(shown).getexif()


def test_a_picture_taken_sideways_stands_upright() -> None:
    """A camera's remark of how it was held is followed before it is dropped."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned to the right
    picture = picture_of(drawn("JPEG", exif=exif))
    assert (picture.width, picture.height) == (20, 40)
    assert opened(picture.data).getpixel((10, 5)) == (0, 0, 0)  # what was left is above


def test_the_same_bytes_give_the_same_bytes() -> None:
    """Nothing of the time or of chance is in it."""
    data = drawn("JPEG", (1700, 900))
    first = picture_of(data).data
    picture_of.cache_clear()
    assert picture_of(data).data == first


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_is_shown(mode: str) -> None:
    """Grey, with a palette, transparent, of sixteen bits: each becomes what every browser shows."""
    assert opened(picture_of(drawn(mode=mode)).data).mode in ("RGB", "RGBA")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (lambda: b"", "no PNG or JPEG"),
        (lambda: b"<svg onload=alert(1)>", "no PNG or JPEG"),
        (lambda: drawn("GIF"), "no PNG or JPEG"),
        (lambda: drawn("PNG")[:30], "no PNG or JPEG"),
        (lambda: drawn("PNG", (200, 200))[:-80], "cannot be read to its end"),
        (lambda: drawn("JPEG", (200, 200))[:-600], "cannot be read to its end"),
        (lambda: drawn("PNG", (MOST_PIXELS // 1000 + 1, 1000), "1"), "25,001,000 pixels"),
        (noise, "bytes as it is shown"),
    ],
    ids=["empty", "svg", "gif", "head cut", "png cut", "jpeg cut", "too many pixels", "a photograph as PNG"],
)
def test_what_cannot_be_shown_is_refused_with_what_was_found(data: Callable[[], bytes], found: str) -> None:
    """Another kind, a damaged file and one that would fill the memory are named as what they are."""
    with pytest.raises(ValueError, match=found):
        picture_of(data())
