"""A workbook's archive: refused when it could do harm, and the XML in it, of bounded size and without entities.

Sizes are judged by the table of contents before anything is unpacked. Of the rest only what is parsed counts.
"""

from __future__ import annotations

import codecs
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from xml.parsers import expat

from toolkit.errors import Fault, InputError

LARGEST_UNPACKED = 100_000_000  # bytes of all parts
LARGEST_RATIO = 100
MOST_MEMBERS = 2_000
MOST_MARKS = 6_500_000  # beginnings and ends of elements, of all parts that are parsed
MOST_SMALL = 400_000  # of a part that is no table: styles, the list of sheets
MOST_OPEN = 10_000  # more beginnings than ends; remarks count as such
LONGEST_PIECE = 1 << 20  # bytes from one element to the next
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")  # no spreadsheet writes it; '<' is not one byte in it
_MACROS = (b"macroenabled", b"vbaproject")
_SCRIPTS = ("basic/", "scripts/")  # of OpenDocument
_CONTENT_TYPES = "[content_types].xml"
_ALLOWED = "a workbook (.xlsx, .ods) of at most 500,000 cells, without macros and without a password"
COPY = "Copy the rows that are needed into a new workbook, or save them as CSV."
SAVE = "Open it in Excel and save it again as .xlsx."
Start = Callable[[str, Mapping[str, str]], None]


class Archive:
    """The parts of a workbook by name, letter case aside; reading one counts what would have to be parsed.

    Raises
    ------
    InputError
        When it holds macros or a password's parts, two parts of one name, or is too much for a table.
    zipfile.BadZipFile, zlib.error
        When it is damaged.
    """

    def __init__(self, file: str, data: bytes) -> None:
        self.file = file
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise self.refusal("not a workbook, or a damaged one", "an XLSX workbook", SAVE) from None
        members = self._archive.infolist()
        self._members = {member.filename.replace("\\", "/").lower(): member for member in members}
        self._marks = MOST_MARKS
        if found := self._harm(members, len(data)):
            raise self.refusal(found, _ALLOWED, COPY)

    def _harm(self, members: list[zipfile.ZipInfo], size: int) -> str:
        """Return what is harmful or too much by the table of contents; "" for nothing."""
        unpacked = sum(member.file_size for member in members)
        if len(members) > MOST_MEMBERS:
            return f"{len(members):,} parts inside"
        if unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * max(size, 1):
            return f"{unpacked:,} bytes packed into {size:,}"
        if self._has_macros():
            return "a workbook with macros"
        if any(member.flag_bits & 1 for member in members):
            return "an encrypted workbook"
        return "two parts of one name" if len(self._members) < len(members) else ""

    def _has_macros(self) -> bool:
        """Look at the parts' names and at the list of their kinds, which holds under any name."""
        if self.file.lower().endswith(".xlsm") or any(
            name.endswith("vbaproject.bin") or name.startswith(_SCRIPTS) for name in self._members
        ):
            return True
        kinds = self._members.get(_CONTENT_TYPES)
        if kinds is None or kinds.flag_bits & 1:
            return False
        with self._archive.open(kinds) as part:
            text = part.read(LONGEST_PIECE).lower()
        return any(word in text for word in _MACROS)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def xml(self, name: str, most: int = MOST_SMALL) -> bytes:
        """Return a part that is XML; empty when it is not there.

        Parameters
        ----------
        most : int
            Beginnings and ends of elements that it may have.
        """
        member = self._members.get(name.lower())
        if member is None:
            return b""
        with self._archive.open(member) as part:
            # Piece by piece, for what it says of its size need not be so.
            data = b"".join(iter(lambda: part.read(LONGEST_PIECE), b""))
        if data[:2] in _UTF16:
            raise self.refusal("a part in UTF-16", _ALLOWED, SAVE)
        if b"<!DOCTYPE" in data:
            raise self.refusal("a part with a document type, in which entities may be", _ALLOWED, SAVE)
        instructions = data.count(b"<?") - data.startswith((b"<?xml", codecs.BOM_UTF8 + b"<?xml"))
        if len(data) > LONGEST_PIECE and (b"<!" in data or instructions):
            raise self.refusal("remarks, in a part that is large", _ALLOWED, SAVE)
        marks = data.count(b"<")
        self._marks -= marks
        if marks > most or self._marks < 0:
            raise self.refusal("more cells or other elements than the limits", _ALLOWED, COPY)
        ends = data.count(b"</")
        if marks - ends - data.count(b"/>") > ends + MOST_OPEN:
            raise self.refusal("a part whose elements do not end", _ALLOWED, SAVE)
        if _has_long_piece(data):
            raise self.refusal(f"a piece of text of more than {LONGEST_PIECE:,} bytes", _ALLOWED, COPY)
        return data.removeprefix(codecs.BOM_UTF8)

    def refusal(self, found: str, allowed: str, remedy: str, where: str = "") -> InputError:
        """Return the error of this workbook, at a place in it."""
        return InputError([Fault(f"{self.file}{where}", found, allowed, remedy)])


def _has_long_piece(data: bytes) -> bool:
    """Return whether there are more than LONGEST_PIECE bytes from one element to the next."""
    at = 0
    while at + LONGEST_PIECE < len(data):
        mark = data.rfind(b"<", at, at + LONGEST_PIECE)
        if mark < 0:
            return True
        at = mark + 1
    return False


@contextmanager
def reading(file: str, remedy: str) -> Iterator[None]:
    """Refuse a workbook in words, whatever those who read its parts raise: zipfile, expat, and calamine's panics."""
    try:
        yield
    except (InputError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic is no Exception
        found = f"a workbook that cannot be read ({type(error).__name__})"
        raise InputError([Fault(file, found, "a workbook that is whole", remedy)]) from None


def local(tag: str) -> str:
    """Return an element's name without its prefix."""
    return tag.rpartition(":")[2]


def parser(start: Start) -> expat.XMLParserType:
    """Return a parser that tells each element's beginning."""
    reader = expat.ParserCreate("utf-8")  # whatever the part says, for all that read it must read the same
    reader.buffer_text = True
    reader.StartElementHandler = start
    return reader


def walk(
    data: bytes,
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Tell each element's beginning in a part, its name without its prefix, its end and its text where these are asked for.

    Raises
    ------
    expat.ExpatError
        When it is no XML.
    """
    if not data:
        return
    reader = parser(lambda tag, attributes: start(local(tag), attributes))
    if end:
        reader.EndElementHandler = lambda tag: end(local(tag))
    reader.CharacterDataHandler = text
    reader.Parse(data, True)
