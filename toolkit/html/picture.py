"""A picture of a person's own: judged, and made fit for a page."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from functools import lru_cache

from toolkit.words import grouped

LARGEST = 10_000_000  # bytes
MOST_PIXELS = 25_000_000
# In pixels: more than this no page shows, also where the screen has two pixels for one.
_WIDEST, _HIGHEST = 1600, 1200
MOST_SHOWN = 1_500_000  # bytes, once it is fit for a page
ALLOWED = f"a PNG or JPEG picture of at most {grouped(MOST_PIXELS)} pixels, and {grouped(MOST_SHOWN)} bytes as it is shown"


@dataclass(frozen=True)
class Picture:
    """A picture as a page embeds it.

    Attributes
    ----------
    data : bytes
        PNG or JPEG, as it came, but upright, no larger than a page can show, and without what a camera or a program
        wrote into it: place, time, author, remarks.
    kind : str
        Its media type.
    width, height : int
        In pixels.
    """

    data: bytes
    kind: str
    width: int
    height: int

    @property
    def address(self) -> str:
        """The picture as the address of an image, which holds all of it."""
        return f"data:{self.kind};base64,{base64.b64encode(self.data).decode()}"


@lru_cache(maxsize=8)
def picture_of(data: bytes) -> Picture:
    """Return the picture that a file holds, fit for a page; the same bytes give the same bytes.

    Raises
    ------
    ValueError
        When it is none that is allowed; the message says what was found.
    """
    from PIL import Image, ImageOps

    try:
        image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
    except Exception:  # a damaged file makes its reader fail in any way
        raise ValueError("a file that is no PNG or JPEG picture") from None
    pixels = image.width * image.height
    if pixels > MOST_PIXELS:
        raise ValueError(f"{grouped(pixels)} pixels")
    is_png = image.format == "PNG"
    try:
        image.draft("RGB", (_WIDEST, _WIDEST))  # a JPEG is then read no larger than it takes
        upright = ImageOps.exif_transpose(image)
        upright = upright.convert("RGBA" if is_png and upright.has_transparency_data else "RGB")
    except Exception:
        raise ValueError("a picture that cannot be read to its end") from None
    upright.thumbnail((_WIDEST, _HIGHEST))
    upright.info = {}
    made = io.BytesIO()
    upright.save(made, "PNG") if is_png else upright.save(made, "JPEG", quality=85)
    if made.tell() > MOST_SHOWN:
        raise ValueError(f"{grouped(made.tell())} bytes as it is shown")
    return Picture(made.getvalue(), f"image/{'png' if is_png else 'jpeg'}", *upright.size)
