"""Import files that are broken, mistaken for tables, or made to exhaust the machine; every one is refused in words.

``python benchmarks/soak_hostile_files.py [FOLDER]`` makes the files in a new folder inside FOLDER (the
current one unless named; it takes some 600 MB for a while), runs ``align import`` on each in a process of
its own, and prints the processor's seconds, those waited, and the peak of memory in MB. Exits 1 when one is not
refused, takes longer than 5 s or more than 400 MB, shows a traceback, or changes the record.
"""

from __future__ import annotations

import io
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from toolkit.client.store import create

MOST_SECONDS = 5.0
MOST_MEGABYTES = 400
CEILING = 3_000_000_000  # of address space, so that a failure does not take the machine with it
FACTS = b"profile: {name: Soak}\nrounds:\n- {id: r, as_of: 2026-12-31, questionnaire: full}\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
BOOK, TYPES, LINKS = "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PART = 90_000_000  # bytes of a part that is large, and less than is refused for its size alone
ODS_KIND = b"application/vnd.oasis.opendocument.spreadsheet"
ODS_CELL = b'<t:table-cell o:value-type="float" o:value="1"><x:p>1</x:p></t:table-cell>'
MACRO = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
Make = Callable[[Path], None]


def sheet(inner: bytes) -> bytes:
    """Return a worksheet whose data are this."""
    return b"<worksheet " + NAMESPACE + b"><sheetData>" + inner + b"</sheetData></worksheet>"


def filled(before: bytes, unit: bytes, after: bytes, size: int = PART) -> bytes:
    """Return a part of about this size."""
    return before + unit * ((size - len(before) - len(after)) // len(unit)) + after


def strings(unit: bytes) -> bytes:
    """Return a large table of strings."""
    return filled(b"<sst " + NAMESPACE + b">", unit, b"</sst>")


def plain() -> dict[str, bytes]:
    """Return the parts of an ordinary workbook."""
    book, out = Workbook(), io.BytesIO()
    book.active.append(["id", "name"])
    book.active.append(["a", "A"])
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    entry = b'<Override PartName="/' + STRINGS.encode() + b'" ContentType="' + kind + b'"/></Types>'
    if STRINGS not in parts:  # openpyxl may write its strings into the cells
        parts[TYPES] = parts[TYPES].replace(b"</Types>", entry)
    return {STRINGS: b"<sst " + NAMESPACE + b"/>"} | parts


def packed(parts: Iterable[tuple[str, bytes]], padding: int = 2_000_000) -> bytes:
    """Return a workbook of these parts, and a picture that makes the rest look little packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts:
            archive.writestr(name, data)
        if padding:
            picture = random.Random(1).randbytes(padding)
            archive.writestr(zipfile.ZipInfo("xl/media/image1.png"), picture)
    return out.getvalue()


def book(padding: int = 2_000_000, **_: object) -> bytes:
    return packed(plain().items(), padding)


def with_part(name: str, make: Callable[[], bytes], padding: int = 2_000_000) -> Make:
    """Return what makes a workbook with one part replaced or added."""
    return lambda path: _write(path, packed({**plain(), name: make()}.items(), padding))


def repeated(path: Path) -> None:
    """Make a workbook whose 450,000 cells share one string of 30,000 characters."""
    text = b"<sst " + NAMESPACE + b"><si><t>" + b"a" * 30_000 + b"</t></si></sst>"
    cells = sheet((b"<row>" + b'<c t="s"><v>0</v></c>' * 50 + b"</row>") * 9_000)
    _write(path, packed({**plain(), STRINGS: text, SHEET: cells}.items()))


def document(row: bytes, times: int) -> Make:
    """Return what makes an OpenDocument workbook of one row, so often."""

    def make(path: Path) -> None:
        table = b'<t:table t:name="a">' + row * times + b"</t:table>"
        body = b"<o:body><o:spreadsheet>" + table + b"</o:spreadsheet></o:body>"
        whole = b'<o:d xmlns:o="o" xmlns:t="t" xmlns:x="x">' + body + b"</o:d>"
        _write(path, packed([("mimetype", ODS_KIND), ("content.xml", whole)], 2_000_000))

    return make


def of(data: Callable[[], bytes]) -> Make:
    """Return what makes a file of these bytes."""
    return lambda path: _write(path, data())


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def entities(root: bytes, inner: bytes = b"&a;") -> bytes:
    """Return XML whose one long entity is used over and over."""
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"a" * 100_000 + b'">]>'
    return head + b"<" + root + b" " + NAMESPACE + b">" + inner * 50_000 + b"</" + root + b">"


def laughs() -> bytes:
    """Return XML whose entities stand for ten of the one before."""
    lines = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">' + lines + b"]>"
    return head + b"<sst " + NAMESPACE + b"><si><t>&e11;</t></si></sst>"


def lying(path: Path) -> None:
    """Make a workbook whose sheet says it has 1,000 bytes and unfolds to 500 MB."""
    data = packed({**plain(), SHEET: filled(b"<worksheet>", b"<row/>", b"", 500_000_000)}.items(), 10_000_000)
    size = struct.pack("<I", (500_000_000 - len(b"<worksheet>")) // 6 * 6 + len(b"<worksheet>"))
    _write(path, data.replace(size, struct.pack("<I", 1_000)))


def overlapping(path: Path) -> None:
    """Make an archive whose thousand members are one and the same 10 MB."""
    data = packed(
        [(f"xl/worksheets/s{n:04}.xml", b" " * 10_000_000 if n == 0 else b"") for n in range(1_000)], 0
    )
    first = struct.unpack_from("<I", data, data.index(b"PK\x01\x02") + 20)[0]
    out, at = bytearray(data), data.index(b"PK\x01\x02")
    while out[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack_from("<HHH", out, at + 28)
        struct.pack_into("<II", out, at + 20, first, 10_000_000)
        struct.pack_into("<I", out, at + 42, 0)
        at += 46 + name + extra + comment
    _write(path, bytes(out))


def one_string(path: Path) -> None:
    """Make a workbook each of whose cells is the same string of 90 MB."""
    text = filled(b"<sst " + NAMESPACE + b"><si><t>", b"a", b"</t></si></sst>")
    cells = sheet((b"<row>" + b'<c t="s"><v>0</v></c>' * 50 + b"</row>") * 1_000)
    _write(path, packed({**plain(), STRINGS: text, SHEET: cells}.items()))


def nested(path: Path) -> None:
    """Make a zip of zips of zips, of zeros inside."""
    data = b"\0" * 50_000_000
    for _ in range(4):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for n in range(10):
                archive.writestr(f"{n}.xlsx", data)
        data = out.getvalue()
    _write(path, data)


def cut(share: float) -> Make:
    """Return what makes an ordinary workbook that breaks off."""
    return lambda path: _write(path, (data := packed(plain().items(), 0))[: int(len(data) * share)])


def spoilt(path: Path) -> None:
    """Make an ordinary workbook with its middle overwritten."""
    data = bytearray(packed(plain().items(), 0))
    data[len(data) // 3 : len(data) // 2] = b"\x55" * (len(data) // 2 - len(data) // 3)
    _write(path, bytes(data))


def large(path: Path) -> None:
    """Make a file of 200 MB."""
    with path.open("wb") as file:
        if path.suffix == ".xlsx":
            file.write(packed(plain().items(), 0))
        for _ in range(200):
            file.write(b"id,name,status,0123456789,abcde\n" * 31_250)


def linked(target: str) -> Make:
    """Return what makes a link."""
    return lambda path: path.symlink_to(target)


@dataclass(frozen=True)
class Case:
    """A file to import, and the words that its refusal holds; fast cases are tests too."""

    name: str
    make: Make
    told: str
    fast: bool = False


PAGE = b"<html><head><meta charset='utf-8'></head><table><tr><td>id</td><td>name</td></tr></table></html>"
OLD_XML = b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook></Workbook>'
LIMIT = "cells or other elements|larger than|parts|bytes"
CASES = (
    # Mistaken for a table, or broken.
    Case("empty.csv", of(bytes), "empty file", True),
    Case("empty.xlsx", of(bytes), "empty file", True),
    Case("folder.csv", lambda path: path.mkdir(), "folder", True),
    Case("folder.xlsx", lambda path: path.mkdir(), "folder", True),
    Case("pipe.csv", lambda path: os.mkfifo(path), "device", True),
    Case("zeros.csv", linked("/dev/zero"), "device", True),
    Case("nowhere.csv", linked("nowhere"), "No such file", True),
    Case("itself.csv", linked("itself.csv"), "symbolic link", True),
    Case("paper.xlsx", of(lambda: b"%PDF-1.7\n" + b"x" * 9_000), "PDF", True),
    Case("paper.csv", of(lambda: b"%PDF-1.7\n" + b"x" * 9_000), "PDF", True),
    Case("page.xls", of(lambda: PAGE), "web page", True),
    Case("page.xlsx", of(lambda: b"\xef\xbb\xbf\r\n  " + PAGE.upper()), "web page", True),
    Case("page.csv", of(lambda: b"<!DOCTYPE html>" + PAGE), "web page", True),
    Case("old.xls", of(lambda: OLD_XML), "XML", True),
    Case("old-binary.xls", of(lambda: OLE + b"\0" * 9_000), "old (.xls)", True),
    Case("password.xlsx", of(lambda: OLE + b"E\0n\0c\0r\0y\0p\0t\0e\0d\0" * 500), "without a password", True),
    Case("half.xlsx", cut(0.5), "damaged", True),
    Case("nearly.xlsx", cut(0.98), "damaged", True),
    Case("spoilt.xlsx", spoilt, "cannot be read|damaged", True),
    Case("archive.xlsx", of(lambda: packed([("a.txt", b"a")], 0)), "cannot be read", True),
    # Macros, under their own name and others.
    Case("macros.xlsm", of(book), "macros", True),
    Case("macros.xlsx", with_part("xl/vbaProject.bin", lambda: OLE), "macros", True),
    Case("hidden-macros.xlsx", with_part(TYPES, lambda: plain()[TYPES].replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", MACRO)), "macros", True),
    # Bombs.
    Case("bomb.xlsx", with_part(SHEET, lambda: b" " * 1_000_000_000, 0), "bytes"),
    Case("nested.xlsx", nested, "bytes|cannot be read"),
    Case("overlapping.xlsx", overlapping, "bytes"),
    Case("lying.xlsx", lying, "cannot be read|damaged"),
    Case("parts.xlsx", of(lambda: packed(((f"{n}", b"") for n in range(30_000)), 0)), "parts inside"),
    # Parts that pass for ordinary by their size.
    Case("strings.xlsx", with_part(STRINGS, lambda: strings(b"<si><t>abcdefgh</t></si>")), LIMIT),
    Case("empty-strings.xlsx", with_part(STRINGS, lambda: strings(b"<si/>")), LIMIT),
    Case("one-string.xlsx", one_string, "piece of text"),
    Case("styles.xlsx", with_part(STYLES, lambda: filled(
        b"<styleSheet " + NAMESPACE + b"><cellXfs>", b"<xf/>", b"</cellXfs></styleSheet>")), LIMIT),
    Case("links.xlsx", with_part(LINKS, lambda: filled(b"<R>", b"<Relationship/>", b"</R>")), LIMIT),
    Case("sheets.xlsx", with_part(BOOK, lambda: filled(
        b"<workbook " + NAMESPACE + b"><sheets>", b'<sheet name="a"/>', b"</sheets></workbook>")), LIMIT),
    Case("elements.xlsx", with_part(SHEET, lambda: sheet(b"<x/>" * (PART // 4))), LIMIT),
    Case("deep.xlsx", with_part(SHEET, lambda: sheet(b"<x>" * (PART // 3))), LIMIT),
    Case("rows.xlsx", with_part(SHEET, lambda: sheet(b"<row/>" * (PART // 6))), LIMIT),
    Case("cells.xlsx", with_part(SHEET, lambda: sheet(b"<row>" + b"<c><v>1</v></c>" * (PART // 15) + b"</row>")), LIMIT),
    Case("table.xlsx", with_part(SHEET, lambda: sheet((b"<row>" + b"<c><v>1</v></c>" * 50 + b"</row>") * 190_000)), LIMIT),
    Case("one-cell.xlsx", with_part(SHEET, lambda: sheet(
        b'<row><c t="inlineStr"><is><t>' + b"a" * PART + b"</t></is></c></row>")), "piece of text"),
    Case("attribute.xlsx", with_part(SHEET, lambda: sheet(b'<row r="' + b"1" * PART + b'"/>')), "piece of text"),
    Case("formulas.xlsx", with_part(SHEET, lambda: sheet(
        (b"<row>" + b"<c><f>1</f></c>" * 50 + b"</row>") * 190_000)), LIMIT),
    Case("comment.xlsx", with_part(SHEET, lambda: sheet(b"<!--" + b"a" * PART + b"-->")), "remarks"),
    # Just within the limits, so that they are parsed.
    Case("most-cells.xlsx", with_part(SHEET, lambda: sheet(
        (b"<row>" + b"<c><v>1</v></c>" * 50 + b"</row>") * 9_990)), "no table|no reply|column"),
    Case("most-strings-of-cells.xlsx", with_part(SHEET, lambda: sheet(
        (b"<row>" + b'<c t="inlineStr"><is><t>some words of a project</t></is></c>' * 50 + b"</row>") * 9_990)), "column|no reply"),
    Case("most-formulas.xlsx", with_part(SHEET, lambda: sheet(
        (b"<row>" + b"<c><f>1</f><v>1</v></c>" * 50 + b"</row>") * 9_990)), "column|no reply"),
    Case("most-elements.xlsx", with_part(SHEET, lambda: sheet(b"<x/>" * 3_200_000)), "no rows"),
    Case("most-bare-cells.xlsx", with_part(SHEET, lambda: sheet((b"<row>" + b"<c/>" * 50 + b"</row>") * 60_000)), "no rows"),
    Case("most-values.xlsx", with_part(SHEET, lambda: sheet(b"<v/>" * 3_200_000)), "no rows|cannot be read"),
    Case("most-rows.xlsx", with_part(SHEET, lambda: sheet(b"<row/>" * 3_200_000)), "row"),
    Case("most-depth.xlsx", with_part(SHEET, lambda: sheet(b"<v>" * 1_600_000 + b"</v>" * 1_600_000)), "no rows|cannot be read"),
    Case("no-ends.xlsx", with_part(SHEET, lambda: sheet(b"<v>" * 3_200_000)), "do not end"),
    Case("most-styles.xlsx", with_part(STYLES, lambda: b"<styleSheet " + NAMESPACE + b"><cellXfs>"
        + b"<xf/>" * 399_990), "cannot be read"),
    Case("repeated-strings.xlsx", repeated, "repeated without end"),
    Case("far-corner.xlsx", with_part(SHEET, lambda: sheet(
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "column", True),
    Case("far-by-count.xlsx", with_part(SHEET, lambda: sheet(
        b'<row r="1048576"><c r="XFD1048576"/><c><v>1</v></c></row>')), "cannot be read|column", True),
    Case("another-row.xlsx", with_part(SHEET, lambda: sheet(
        b'<row r="1"><c r="A1048576"><v>1</v></c></row>')), "cannot be read", True),
    Case("no-column.xlsx", with_part(SHEET, lambda: sheet(
        b'<row r="1"><c r="ZZZZZZZZ1"><v>1</v></c></row>')), "cannot be read", True),
    # OpenDocument, which repeats rows and cells by a number.
    Case("rows.ods", document(b'<t:table-row t:number-rows-repeated="1048576">' + ODS_CELL + b"</t:table-row>", 1), "larger than", True),
    Case("cells.ods", document(b'<t:table-row>' + ODS_CELL.replace(b">", b' t:number-columns-repeated="16384">', 1) + b"</t:table-row>", 1), "column", True),
    Case("square.ods", document(b'<t:table-row t:number-rows-repeated="1048576">' + ODS_CELL.replace(b">", b' t:number-columns-repeated="400">', 1)
        + b"</t:table-row>", 1), "as far as row", True),
    Case("blanks.ods", document(b'<t:table-row><t:table-cell o:value-type="string"><x:p><x:s x:c="999999999"/>a</x:p></t:table-cell></t:table-row>', 1), "no reply|reads|column"),
    Case("negative.ods", document(b'<t:table-row t:number-rows-repeated="-5">' + ODS_CELL + b"</t:table-row>", 1), "cannot be read|no rows|column", True),
    Case("most-cells.ods", document(b"<t:table-row>" + ODS_CELL * 50 + b"</t:table-row>", 7_900), "column|no reply|reads"),
    Case("too-many-cells.ods", document(b"<t:table-row>" + ODS_CELL * 50 + b"</t:table-row>", 60_000), LIMIT),
    Case("password.ods", of(lambda: packed([("META-INF/manifest.xml", b"<m><encryption-data/></m>"), ("content.xml", b"x")], 0)), "no worksheet|encrypted|cannot be read", True),
    Case("macros.ods", of(lambda: packed([("mimetype", ODS_KIND), ("Basic/Standard/Module1.xml", b"<a/>")], 0)), "macros", True),
    Case("remarks.xlsx", with_part(SHEET, lambda: sheet(filled(b"<!--", b"a" * 500_000 + b"<", b"-->"))), "remarks"),
    Case("instruction.xlsx", with_part(SHEET, lambda: sheet(filled(b"<?a ", b"a" * 500_000 + b"<", b"?>"))), "remarks"),
    Case("utf-16.xlsx", with_part(SHEET, lambda: sheet(b"<row/>").decode().encode("utf-16")), "UTF-16", True),
    Case("long-cell.xlsx", with_part(SHEET, lambda: sheet(
        b'<row><c t="inlineStr"><is><t>' + b"a" * 40_000 + b"</t></is></c></row>")), "a cell of 40,000", True),
    Case("far-row.xlsx", with_part(SHEET, lambda: sheet(
        b'<row r="9000000000"><c r="A9000000000"><v>1</v></c></row>')), "row", True),
    Case("far-column.xlsx", with_part(SHEET, lambda: sheet(
        b'<row r="1"><c r="XFD1"><v>1</v></c></row>' * 1_000)), "column", True),
    Case("columns.xlsx", with_part(SHEET, lambda: sheet(
        b'<row r="1">' + b"<c><v>1</v></c>" * 1_000_000 + b"</row>")), "column"),
    Case("claims.xlsx", with_part(SHEET, lambda: b"<worksheet " + NAMESPACE + b'><dimension ref="A1:XFD9999999"/>'
        b"<sheetData/></worksheet>"), "no rows", True),
    Case("entities-strings.xlsx", with_part(STRINGS, lambda: entities(b"sst", b"<si><t>&a;</t></si>")), "document type"),
    Case("entities-sheet.xlsx", with_part(SHEET, lambda: entities(b"worksheet")), "document type"),
    Case("entities-book.xlsx", with_part(BOOK, lambda: entities(b"workbook")), "document type"),
    Case("entities-styles.xlsx", with_part(STYLES, lambda: entities(b"styleSheet")), "document type"),
    Case("laughs.xlsx", with_part(STRINGS, laughs), "document type", True),
    # Large, as it comes and as it unfolds.
    Case("large.csv", large, "at most"),
    Case("large.xlsx", large, "at most"),
    Case("random.xlsx", of(lambda: packed(plain().items(), 49_000_000) + b"x" * 2_000_000), "at most"),
    Case("commas.csv", of(lambda: b"," * 49_000_000), LIMIT),
    Case("lines.csv", of(lambda: b"id,name\n" + b"\n" * 49_000_000), LIMIT),
    Case("returns.csv", of(lambda: b"id,name\r" + b"\r" * 49_000_000), LIMIT),
    Case("short-lines.csv", of(lambda: b"id\n" + b"a\n" * 24_000_000), LIMIT),
    Case("quotes.csv", of(lambda: b'id,name\n"' + b'""' * 24_000_000), "quotation|cell"),
    Case("one-cell.csv", of(lambda: b'id,name\na,"' + b"a" * 49_000_000 + b'"\n'), "cell of"),
    Case("columns.csv", of(lambda: b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n1\n"), LIMIT),
    Case("wide-row.csv", of(lambda: b"id,name\na,A\n" + b"x," * 1_900_000 + b"\n"), "cells|reply|heading"),
    Case("ragged.csv", of(lambda: b"id,name\n" + b"a,b,c\n" * 190_000), "cells"),
    Case("wide.csv", of(lambda: (b"id,name" + b",x" * 118 + b"\n") + (b"ab," * 119 + b"a\n") * 130_000), LIMIT),
    Case("prose.csv", of(lambda: b"id,name\n" + ("a," + "é中" * 60 + "\n").encode() * 150_000), "id|row"),
    Case("nul.csv", of(lambda: b"id,name\n" + b"\0" * 49_000_000), "NUL"),
    Case("all-wrong.csv", of(lambda: b"id,name,capex\n" + b"A B,x,much\n" * 100_000), "rows|asks what"),
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What became of an import.

    Attributes
    ----------
    seconds : float
        That the processor spent on it: what it takes where nothing else is running.
    waited : float
        Seconds until it was there, with whatever else was running.
    megabytes : float
        Of memory, at its peak.
    """

    code: int
    said: str
    seconds: float
    waited: float
    megabytes: float


# Runs a command with its memory bounded and writes what it took: what a fork measures begins with its parent's memory,
# so the parent is a small process.
MEASURING = """
import json, os, resource, sys
ceiling, file, *command = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_AS, (int(ceiling), int(ceiling)))
_, status, usage = os.wait4(os.spawnv(os.P_NOWAIT, command[0], command), 0)
with open(file, "w") as out:
    json.dump([os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024], out)
"""


def imported(clients: Path, kind: str, file: Path) -> Outcome:
    """Import a file in a process of its own, and measure it."""
    command = [
        sys.executable,
        "-m",
        "toolkit.cli",
        "import",
        kind,
        "soak",
        str(file),
        "--clients",
        str(clients),
    ]
    with tempfile.TemporaryFile() as out, tempfile.NamedTemporaryFile() as measures:
        begun = time.perf_counter()
        measuring = [sys.executable, "-c", MEASURING, str(CEILING), measures.name, *command]
        subprocess.run(measuring, stdout=out, stderr=subprocess.STDOUT, check=True)
        waited = time.perf_counter() - begun
        out.seek(0)
        said = out.read(5_000_000).decode(errors="replace")
        code, seconds, megabytes = json.load(measures)
    return Outcome(code, said, seconds, waited, megabytes)


def wrong(case: Case, done: Outcome, changed: bool) -> str:
    """Say what is wrong with an outcome; nothing when it is as it must be."""
    told = any(word in done.said for word in case.told.split("|"))
    faults = {
        "not refused": done.code != 1,
        "a traceback": "Traceback" in done.said,
        f"does not say {case.told}": not told,
        "too slow": done.seconds > MOST_SECONDS,
        "too much memory": done.megabytes > MOST_MEGABYTES,
        "the record changed": changed,
    }
    return ", ".join(words for words, so in faults.items() if so)


def attempts(folder: Path, cases: Iterable[Case] = CASES) -> Iterable[tuple[Case, str, Outcome, str]]:
    """Import each file both as a survey's export and as a table, and yield what is wrong each time."""
    clients = folder / "clients"
    create(clients, "soak", {"client.yaml": FACTS})
    for case in cases:
        path = folder / case.name
        _apart(case.make, path)
        before = state(clients)
        for kind in ("survey", "initiatives"):
            done = imported(clients, kind, path)
            yield case, kind, done, wrong(case, done, state(clients) != before)
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


def _apart(make: Make, path: Path) -> None:
    """Make a file in a process of its own, for what a fork measures begins with its parent's memory."""
    if not (pid := os.fork()):
        make(path)
        os._exit(0)
    if os.waitpid(pid, 0)[1]:
        raise RuntimeError(f"{path.name} could not be made")


def state(clients: Path) -> dict[str, bytes]:
    """Return every file of the clients, with its bytes."""
    return {str(one): one.read_bytes() for one in sorted(clients.rglob("*")) if one.is_file()}


def main(folder: Path, only: str = "") -> int:
    failed, slowest, largest, count = 0, 0.0, 0.0, 0
    with tempfile.TemporaryDirectory(dir=folder, prefix="soak-hostile-") as here:
        for case, kind, done, fault in attempts(Path(here), [one for one in CASES if only in one.name]):
            print(
                f"{case.name:22} {kind:12} {done.seconds:5.1f} s ({done.waited:.1f}) {done.megabytes:6.0f} MB  {fault}",
                flush=True,
            )
            if fault:
                print("   ", done.said[-300:].strip().replace("\n", "\n    "))
            failed, count = failed + bool(fault), count + 1
            slowest, largest = max(slowest, done.seconds), max(largest, done.megabytes)
    print(f"{count} imports, {failed} failed; at most {slowest:.1f} s and {largest:.0f} MB")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if sys.argv[1:] else "."), *sys.argv[2:3]))
