"""A slide of the consultant's own: a text, a picture, or both, and whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from toolkit.client.deck import BESIDE, OwnSlide
from toolkit.html.markup import paragraph, text_of
from toolkit.html.picture import Picture, picture_of
from toolkit.html.prose import prose
from toolkit.show.canvas import SLIDE, room_below
from toolkit.show.page import Page

if TYPE_CHECKING:
    from toolkit.show.roadmap_story import RoadmapStory


def slide(story: RoadmapStory, key: str, own: OwnSlide) -> Page:
    """Return the slide."""
    parts = [Markup('<div class="words">{}</div>').format(prose(own.text))] if own.text else []
    if own.picture:
        picture = picture_of(story.record.pictures[own.picture])
        room = room_below(own.title, 30)
        parts.append(_image(picture, own.alt or "", BESIDE if own.text else SLIDE, room))
    body = Markup('<div class="halves">{}</div>').format(Markup("").join(parts)) if own.picture else parts[0]
    source = (text_of(f" Source: {own.source}"),) if own.source else ()
    said = paragraph("The consultant’s own slide.", *source, css="source")
    return story.slide(key, own.title, body, said, css="own")


def _image(picture: Picture, alt: str, width: float, height: float) -> Markup:
    """Return a picture as large as fits, but no larger than it is."""
    share = min(1.0, width / picture.width, height / picture.height)
    size = (max(1, int(share * pixels)) for pixels in (picture.width, picture.height))
    return Markup('<p class="picture"><img alt="{}" width="{}" height="{}" src="{}"></p>').format(
        alt, *size, picture.address
    )
