"""Files that an offline page saved and people sent back: one or a folder of them, each held against its shape."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from toolkit.client.faults import faults_of, listed, place_in_yaml
from toolkit.client.field_types import Row
from toolkit.errors import Fault, InputError
from toolkit.files import ignored, read_named

LARGEST = 300_000  # bytes
MOST_FAULTS = 10  # of one file

Saved = TypeVar("Saved", bound=Row)


class _Refused(ValueError):
    """JSON that is written in a way our pages never write it."""


@dataclass(frozen=True)
class SavedFiles(Generic[Saved]):
    """What one kind of page saves.

    Attributes
    ----------
    shape : type of Row
        What a file holds; its field ``format`` has the value ``format``.
    page, pages : str
        What the page is called, one and many of them: "the questionnaire", "offline questionnaires".
    named : str
        What its files are called, as a person sees them: "answers-….json".
    most : int
        Files that one folder may hold.
    is_whole : callable
        Whether a file's bytes are those that were saved.
    """

    shape: type[Saved]
    format: str
    page: str
    pages: str
    named: str
    most: int
    is_whole: Callable[[bytes], bool] = lambda data: True

    @property
    def send_again(self) -> str:
        """What to do about a file that cannot be used."""
        return f"Ask for the file again, as {self.page} saved it."

    def found_in(self, path: Path) -> list[Path]:
        """Return the files to read: one, or a folder's; what the system itself puts into a folder is passed over.

        Raises
        ------
        InputError
            When a folder holds anything else, nothing, or more files than it may.
        """
        if not path.is_dir():
            return [path]
        held = sorted(one for one in path.iterdir() if not ignored(one.name))
        others = [one for one in held if one.is_dir() or one.suffix.lower() != ".json"]
        if others or not held or len(held) > self.most:
            found = listed(one.name for one in others) if others else f"{len(held):,} files"
            allowed = f"1 to {self.most:,} files that {self.pages} saved ({self.named}), and nothing else"
            raise InputError(
                [Fault(path.name, found, allowed, "Put the files that were sent back into a folder of their own.")]
            )  # fmt: skip
        return held

    def read(self, path: Path) -> tuple[Saved | None, list[Fault]]:
        """Read one file: what it holds and no fault, or None and what is wrong with it."""
        allowed = f"a file as {self.page} saved it"
        try:
            data = read_named(path, LARGEST, "a plain file that exists", "Correct the path.", self.send_again)
            raw = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refused)
        except InputError as error:
            return None, list(error.faults)
        except _Refused as error:
            return None, [Fault(path.name, str(error), allowed, self.send_again)]
        except (ValueError, RecursionError):
            return None, [Fault(path.name, f"damaged, or no file of {self.page}", allowed, self.send_again)]
        if not isinstance(raw, dict) or raw.get("format") != self.format:
            return None, [Fault(path.name, "a file of another kind", allowed, "Leave it out.")]
        if not self.is_whole(data):
            found = "damaged: its checksum is that of other content"
            return None, [Fault(path.name, found, allowed, self.send_again)]
        try:
            return self.shape.model_validate(raw, strict=True), []
        except ValidationError as error:
            return None, faults_of(error, self.shape, place_in_yaml(path.name, raw))

    def told(self, path: Path, faults: Sequence[Fault]) -> list[Fault]:
        """Return a file's faults, as many as help, and how many more there are."""
        more = len(faults) - MOST_FAULTS
        rest = [Fault(path.name, f"{more:,} more faults", "a file as it was saved", self.send_again)] if more > 0 else []  # fmt: skip
        return [*faults[:MOST_FAULTS], *rest]


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        name, times = Counter(name for name, _ in pairs).most_common(1)[0]
        raise _Refused(f"“{name}” {'twice' if times == 2 else f'{times:,} times'}")
    return found


def _refused(constant: str) -> None:
    raise _Refused(f"{constant}, which is no number")
