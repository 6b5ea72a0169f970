"""The deck in client.yaml: what it may hold is read from the folder, and nothing else is."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from toolkit.cli import main
from toolkit.client.deck import MOST_WORDS, pictures_named
from toolkit.client.store import create, load, read_files, read_record, save
from toolkit.errors import InputError

OWN = b"deck: {own: [{title: The plant, after: risks, picture: slides/plant.png, alt: A hall}]}\n"
CLIENT, NAME = "client.yaml", "slides/plant.png"


def png(colour: str = "red", size: tuple[int, int] = (30, 20)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def clients(files: dict[str, bytes], tmp_path: Path) -> Path:
    """A client with a slide that shows a picture."""
    create(tmp_path, "base", files)
    home = tmp_path / "base"
    (home / "slides").mkdir()
    (home / NAME).write_bytes(png())
    (home / CLIENT).write_bytes(files[CLIENT] + OWN)
    return tmp_path


def test_a_slides_picture_is_part_of_the_record(clients: Path) -> None:
    """Its bytes stand in it under the name that the slide gives."""
    assert load(clients, "base").pictures == {NAME: png()}
    assert read_files(clients, "base")[NAME] == png()


def test_what_else_lies_in_the_folder_of_pictures_is_not_read(clients: Path) -> None:
    """A picture that nothing in client.yaml names, a huge file and a link are passed over."""
    home = clients / "base" / "slides"
    (home / "other.png").write_bytes(b"no picture")
    (home / "link.png").symlink_to(home / "plant.png")
    assert load(clients, "base").pictures == {NAME: png()}


def test_a_picture_that_is_a_link_is_refused(clients: Path, tmp_path: Path) -> None:
    """Through it another client's file would be shown."""
    place = clients / "base" / NAME
    place.rename(tmp_path / "elsewhere.png")
    place.symlink_to(tmp_path / "elsewhere.png")
    with pytest.raises(InputError, match="a link to another place"):
        load(clients, "base")


def test_a_folder_of_pictures_that_is_a_link_is_refused(clients: Path, tmp_path: Path) -> None:
    """Nothing is read through it."""
    place = clients / "base" / "slides"
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="a link to another place"):
        load(clients, "base")


@pytest.mark.parametrize(
    ("data", "told"),
    [(lambda: b"GIF89a", "no PNG or JPEG"), (lambda: png(size=(6000, 5000)), "30,000,000 pixels"), (lambda: b"x" * 10_000_001, "10,000,001 bytes")],
    ids=["another kind", "too many pixels", "too large"],
)  # fmt: skip
def test_a_picture_that_no_page_can_show_is_a_fault_in_words(
    clients: Path, data: Callable[[], bytes], told: str
) -> None:
    """What was found is told with the picture's name, and how to mend it."""
    (clients / "base" / NAME).write_bytes(data())
    with pytest.raises(InputError, match=told) as caught:
        load(clients, "base")
    (fault,) = caught.value.faults
    assert NAME in fault.where + fault.found
    assert "1,600 pixels" in fault.remedy


def test_a_picture_put_there_meanwhile_keeps_nobody_from_saving(clients: Path) -> None:
    """A save writes no picture, so that a new one is no conflict with it."""
    read = read_files(clients, "base")
    (clients / "base" / NAME).write_bytes(png("blue"))
    save(clients, "base", {CLIENT: read[CLIENT].replace(b"Base Works", b"New Works")}, read)
    assert load(clients, "base").facts.profile.name == "New Works"
    assert load(clients, "base").pictures == {NAME: png("blue")}


def test_every_fault_of_the_deck_is_told_at_once(files: dict[str, bytes]) -> None:
    """Decisions left out, a picture that is missing, a slide with too many words: each has a fault of its own."""
    words = " ".join(["word"] * (MOST_WORDS + 1))
    own = f"[{{title: A, after: risks, text: {words}}}, {{title: B, after: plan, picture: slides/b.png}}]"
    deck = f"deck: {{leave_out: [decisions, first], order: [cover], own: {own}}}\n"
    with pytest.raises(InputError) as caught:
        read_record("base", files | {CLIENT: files[CLIENT] + deck.encode()})
    assert len(caught.value.faults) == 6


def test_pictures_are_found_in_the_file_however_the_slide_is_written() -> None:
    """With or without quotation marks, in braces or in lines; a path that leads elsewhere names none."""
    text = b"""
    picture: slides/a.png
    {picture: "slides/b-1.JPG", alt: x}, {picture: 'slides/c.jpeg'}
    ../slides/d.png /slides/e.png other-slides/f.png slides/../g.png slides/h.svg slides/.i.png
    """
    assert pictures_named(text) == ["slides/a.png", "slides/b-1.JPG", "slides/c.jpeg"]


def test_the_check_says_which_slides_are_left_out(clients: Path) -> None:
    """So that none is missed unnoticed; a deck that leaves none out is not mentioned."""
    done = CliRunner().invoke(main, ["check", "base", "--clients", str(clients)])
    assert "leaves out" not in done.output
    file = clients / "base" / CLIENT
    file.write_bytes(file.read_bytes().replace(b"deck: {", b"deck: {leave_out: [needs, spend], "))
    done = CliRunner().invoke(main, ["check", "base", "--clients", str(clients)])
    assert "The deck leaves out, as client.yaml says: needs, spend; the presenter’s notes" in done.output
