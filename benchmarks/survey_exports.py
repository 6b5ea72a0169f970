"""Exports of six survey services, made after their documented layouts, all of the same three replies.

Each case is a file as a client may send it: another language, blank columns, headings that stand there
twice, the header once more between replies, other dates, decimal commas, other encodings. Tests import
them, and the soak damages them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import openpyxl

from toolkit.client.new_client import start_client
from toolkit.client.store import load, read_files, read_record
from toolkit.intake import Import, import_survey

Grid = list[list[object]]
Wrote = Callable[[int | None], object]

START = b"profile: {name: A}\nrounds: [{id: r, as_of: 2027-03-31}]"
PULSE = read_record("a", {"client.yaml": START}).questionnaires["pulse"].questions
TEXTS = [one.text for one in PULSE]
IDS = [one.id for one in PULSE]
PEOPLE: list[
    tuple[str, list[int | None]]
] = [  # group, and the scores of the six questions; None is "don't know"
    ("Business", [4, 2, 5, 3, None, 1]),
    ("Business", [2, 2, 3, 3, 4, 5]),
    ("IT", [5, 4, 5, 4, 3, None]),
]
SAID = [
    ["Zu spät – immer", "", "“Yes”, often"],
    ["", "=2+2; naïve\nbut true", ""],
]  # on the first two questions
EXPECTED = sorted(((group.lower(), tuple(scores)) for group, scores in PEOPLE), key=str)
COMMENTS = sorted((IDS[at], text) for at, said in enumerate(SAID) for text in said if text)
AGREE = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"]
GERMAN = ["Nie", "Selten", "Manchmal", "Oft", "Ständig"]
FRENCH = ["Pas du tout d’accord", "Pas d’accord", "Ni d’accord ni pas d’accord", "D’accord", "Tout à fait d’accord"]  # fmt: skip
ISO = "2027-03-14 09:05:11"


def as_number(score: int | None) -> object:
    """Write an answer as its number."""
    return "" if score is None else score


def as_decimal(score: int | None) -> object:
    """Write a number as a spreadsheet in German does."""
    return "" if score is None else f"{score},0"


def as_english(score: int | None) -> object:
    """Write an answer as services write agreement."""
    return "Don't know" if score is None else AGREE[score - 1]


def as_german(score: int | None) -> object:
    """Write an answer in German."""
    return "Weiß nicht" if score is None else GERMAN[score - 1]


def as_french(score: int | None) -> object:
    """Write an answer in French."""
    return "Sans opinion" if score is None else FRENCH[score - 1]


def as_labelled(score: int | None) -> object:
    """Write a number with its meaning behind it."""
    return "N/A" if score is None else f"{score} - {AGREE[score - 1]}"


def _beside(heads: Sequence[str], comments: Sequence[str] = ()) -> list[str]:
    """Return the headings of the questions, a column of comments behind each of the first two."""
    both = [[head, *comments[at : at + 1]] for at, head in enumerate(heads)]
    return [one for pair in both for one in pair]


def _cells(person: int, wrote: Wrote, comments: Sequence[str] = ()) -> list[object]:
    scores = PEOPLE[person][1]
    both = [
        [wrote(score), *([SAID[at][person]] if at < len(comments) else [])] for at, score in enumerate(scores)
    ]
    return [one for pair in both for one in pair]


def forms(
    wrote: Wrote = as_english, own: Sequence[str] = ("ID", "Start time", "Completion time", "Email", "Name"),
    day: object = "3/14/27 9:05:11", why: Sequence[str] = (),
) -> Grid:  # fmt: skip
    """Microsoft Forms: one header; a heading that stands there before gets a number."""
    head = [*own, "Which group do you belong to?", *_beside(TEXTS, why), "Which tools?"]
    rows = [[i + 1, day, day, "ann@example.org", "Ann", group, *_cells(i, wrote, why), "A;B;"]
            for i, (group, _) in enumerate(PEOPLE)]  # fmt: skip
    return [[*head], *rows]


def google(wrote: Wrote = as_english, stamp: str = "Timestamp", grid: bool = False, day: str = "3/14/2027 9:05:11", why: Sequence[str] = ()) -> Grid:  # fmt: skip
    """Google Forms: one header; a row of a grid in square brackets."""
    heads = [f"How far do you agree? [{text}]" if grid else text for text in TEXTS]
    rows = [[day.replace(":11", f":1{i}"), "ann@example.org", group, *_cells(i, wrote, why)]
            for i, (group, _) in enumerate(PEOPLE)]  # fmt: skip
    return [[stamp, "Email Address", "Group", *_beside(heads, why)], *rows]


def monkey(wrote: Wrote = as_english, matrix: bool = True, day: object = "03/14/2027 09:05:11 AM", why: Sequence[str] = (), below: bool = True) -> Grid:  # fmt: skip
    """SurveyMonkey: a second header row, and blanks in the first to be filled forward."""
    own = [
        "Respondent ID",
        "Collector ID",
        "Start Date",
        "End Date",
        "IP Address",
        "Email Address",
        "First Name",
    ]
    if matrix:
        stem, under = ["How far do you agree?", *[""] * (5 + len(why))], _beside(TEXTS, why)
    else:
        stem, under = _beside(TEXTS, [""] * len(why)), _beside(["Response"] * 6, why)
    rows = [[11800000000 + i, 42, day, day, "192.0.2.7", "ann@example.org", "Ann", group, *_cells(i, wrote, why)]
            for i, (group, _) in enumerate(PEOPLE)]  # fmt: skip
    second = [[*[""] * 7, "Response", *under] if below else [""] * (8 + len(under))]
    return [[*own, "Your group", *stem], *second, *rows]


def qualtrics(wrote: Wrote = as_number, codes: bool = True, statement: bool = False, day: object = ISO, why: bool = False) -> Grid:  # fmt: skip
    """Qualtrics: codes, wordings and import ids, each in a row; the first reply is a preview."""
    own = [
        "StartDate",
        "EndDate",
        "Status",
        "IPAddress",
        "Progress",
        "Finished",
        "ResponseId",
        "RecipientEmail",
    ]
    names = IDS if codes else [f"Q{i}_1" for i in range(1, 7)]
    texts = [f"To what extent: - {text}" if statement else text for text in TEXTS]
    marks = [f"{name}_TEXT" for name in names[:2]] if why else []
    words = [f"{text} - Please explain - Text" for text in TEXTS[:2]] if why else []
    third = [f'{{"ImportId":"QID{i}"}}' for i in range(len(own) + 7 + len(marks))]
    rows = [[day, day, "IP Address", "192.0.2.7", 100, "True", f"R_{i}", "ann@example.org", group, *_cells(i, wrote, marks)]
            for i, (group, _) in enumerate(PEOPLE)]  # fmt: skip
    trial = [day, day, "Survey Preview", "", 100, "True", "R_t", "", "IT", *[1] * (6 + len(marks))]
    return [[*own, "unit", *_beside(names, marks)], [*own, "Your group", *_beside(texts, words)], [*third], trial, *rows]  # fmt: skip


LIME = [("id", "Response ID"), ("submitdate", "Date submitted"), ("lastpage", "Last page"),
        ("startlanguage", "Start language"), ("seed", "Seed"), ("ipaddr", "IP address")]  # fmt: skip
LIME_GERMAN = [
    "Antwort ID",
    "Datum Abgeschickt",
    "Letzte Seite",
    "Start-Sprache",
    "Zufallsstartwert",
    "IP-Adresse",
]


def lime(wrote: Wrote = as_number, head: str = "both", day: object = ISO, why: bool = False) -> Grid:
    """LimeSurvey: headings of code and text, of the code, or of the text, in the language of the export."""
    code = [id.replace("-", "") for id in IDS]
    both = [f"{c}. {text}" for c, text in zip(code, TEXTS, strict=True)]
    heads, own, group, mark, said = {
        "both": (
            both,
            [f"{a}. {b}" for a, b in LIME],
            "unit. Your group",
            "{0}[comment]. {1} [Comment]",
            TEXTS,
        ),
        "code": (code, [a for a, _ in LIME], "unit", "{0}[comment]", TEXTS),
        "array": ([f"G1[{c}]" for c in code], [a for a, _ in LIME], "unit", "{0}_comment", TEXTS),
        "text": (TEXTS, [b for _, b in LIME], "Your group", "{1} [Comment]", TEXTS),
        "German": (TEXTS, LIME_GERMAN, "Ihr Bereich", "{1} [Kommentar]", TEXTS),
    }[head]
    marks = [mark.format(code[at], said[at]) for at in (0, 1)] if why else []
    rows = [[i + 1, day, 3, "en", "77", "192.0.2.7", group_, *_cells(i, wrote, marks)]
            for i, (group_, _) in enumerate(PEOPLE)]  # fmt: skip
    return [[*own, group, *_beside(heads, marks)], *rows]


def typeform(wrote: Wrote = as_number, day: object = ISO, numbered: bool = False, bold: bool = False, why: Sequence[str] = ()) -> Grid:  # fmt: skip
    """Typeform: the number of a reply first, its own columns last."""
    heads = [f"{i}. {text}" if numbered else text for i, text in enumerate(TEXTS, 1)]
    heads = [f"*{text[:8]}*{text[8:]}" if bold else text for text in heads]
    rows = [[f"k{i}", group, *_cells(i, wrote, why), "completed", day, "", day, "n1", ""]
            for i, (group, _) in enumerate(PEOPLE)]  # fmt: skip
    own = ["Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags"]
    return [["#", "Your group", *_beside(heads, why), *own], *rows]


def with_blanks(grid: Grid, headers: int = 1) -> Grid:
    """Put a blank column before the last one and two behind it, and a blank row between the replies."""
    wide = [[*row[:-1], "", row[-1], "", ""] for row in grid]
    return [*wide[: headers + 1], [""] * len(wide[0]), *wide[headers + 1 :]]


def with_repeats(grid: Grid, headers: int = 1) -> Grid:
    """Put two columns headed alike at the end, and the header once more between the replies."""
    wide = [[*row, *(["Anything else?"] * 2 if at < headers else ["", "no"])] for at, row in enumerate(grid)]
    return [*wide[: headers + 1], *wide[:headers], *wide[headers + 1 :]]


def csv_of(grid: Grid, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Write rows as a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(grid)
    return out.getvalue().encode(encoding)


def xlsx_of(grid: Grid) -> bytes:
    """Write rows as a workbook."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in grid:
        book.active.append(row)
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.save(out)
    return out.getvalue()


@dataclass(frozen=True)
class Case:
    """A file of the three replies: whose layout, what is special, whether it holds the comments."""

    service: str
    what: str
    data: bytes
    comments: bool = False

    @property
    def name(self) -> str:
        """A file's name that fits."""
        return "export.xlsx" if self.data[:2] == b"PK" else "export.csv"


GERMAN_FORMS = ("ID", "Startzeit", "Fertigstellungszeit", "E-Mail", "Name")
FRENCH_FORMS = ("ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom")
REAL_DAY = datetime(2027, 3, 14, 9, 5)
ON = [f"Comments on “{text}”" for text in TEXTS[:2]]


def _cases() -> list[Case]:
    made = {
        "Microsoft Forms": [
            ("English words", csv_of(forms())),
            ("workbook with real dates", xlsx_of(forms(as_number, day=REAL_DAY))),
            (
                "German, Windows-1252",
                csv_of(forms(as_german, GERMAN_FORMS, "14.03.2027 09:05"), ";", "cp1252"),
            ),
            ("French, UTF-16", csv_of(forms(as_french, FRENCH_FORMS, "14/03/2027 09:05"), "\t", "utf-16")),
            ("decimal commas and blanks", csv_of(with_blanks(forms(as_decimal)), ";")),
            ("headers twice", csv_of(with_repeats(forms(as_labelled)))),
            ("comments", csv_of(forms(why=("Why?", "Why?2")))),
        ],
        "Google Forms": [
            ("English words", csv_of(google())),
            (
                "German, Windows-1252",
                csv_of(google(as_german, "Zeitstempel", day="14.03.2027 9:05:11"), ",", "cp1252"),
            ),
            ("grid, year first", csv_of(google(as_labelled, grid=True, day="2027/03/14 9:05:11 AM GMT+1"))),
            (
                "decimal commas and blanks",
                csv_of(with_blanks(google(as_decimal, "Horodateur")), ";", "utf-8-sig"),
            ),
            ("headers twice", csv_of(with_repeats(google(as_french)), encoding="utf-16")),
            ("comments", csv_of(google(day="14/03/2027 09:05:11", why=ON))),
        ],
        "SurveyMonkey": [
            ("matrix", csv_of(monkey())),
            ("numbers, alone", csv_of(monkey(as_number, matrix=False, day="14.03.2027"))),
            ("alone, second row blank", csv_of(monkey(as_german, matrix=False, below=False), ";", "cp1252")),
            ("workbook with blanks", xlsx_of(with_blanks(monkey(as_labelled, day=REAL_DAY), 2))),
            ("decimal commas", csv_of(monkey(as_decimal, day="14/03/2027 09:05"), ";", "utf-16")),
            ("headers twice", csv_of(with_repeats(monkey(as_french), 2))),
            ("comments", csv_of(monkey(matrix=False, why=("Please explain:", "Comments")))),
        ],
        "Qualtrics": [
            ("codes", csv_of(qualtrics())),
            ("wordings", csv_of(qualtrics(as_english, codes=False, day="14/03/2027 09:05"))),
            ("German statements, Windows-1252", csv_of(qualtrics(as_german, False, True), ",", "cp1252")),
            ("decimal commas and blanks", csv_of(with_blanks(qualtrics(as_decimal), 3), "\t", "utf-16")),
            ("headers twice", csv_of(with_repeats(qualtrics(as_french, False), 3))),
            ("workbook", xlsx_of(qualtrics(day=REAL_DAY))),
            ("comments", csv_of(qualtrics(why=True))),
            ("comments by wording", csv_of(qualtrics(codes=False, why=True))),
        ],
        "LimeSurvey": [
            ("code and text", csv_of(lime())),
            ("code", csv_of(lime(as_english, "code"), encoding="utf-8-sig")),
            ("array", csv_of(lime(as_labelled, "array"), ";")),
            ("German, Windows-1252", csv_of(lime(as_german, "German", "14.03.27 09:05"), ";", "cp1252")),
            ("decimal commas and blanks", csv_of(with_blanks(lime(as_decimal, "text")), ";")),
            ("headers twice", csv_of(with_repeats(lime(as_french)), encoding="utf-16")),
            ("comments", csv_of(lime(why=True))),
            ("comments by code", csv_of(lime(head="code", why=True))),
            ("comments by longer code", csv_of(lime(head="array", why=True))),
            ("comments by text", csv_of(lime(head="German", why=True))),
        ],
        "Typeform": [
            ("numbers", csv_of(typeform())),
            ("English words", csv_of(typeform(as_english, "14/03/2027 09:05"))),
            ("German, numbered, Windows-1252", csv_of(typeform(as_german, numbered=True), ";", "cp1252")),
            ("decimal commas and blanks", csv_of(with_blanks(typeform(as_decimal, bold=True)), ";")),
            ("headers twice", csv_of(with_repeats(typeform(as_french)), encoding="utf-16")),
            ("workbook with real dates", xlsx_of(typeform(day=REAL_DAY))),
            ("comments", csv_of(typeform(why=("Why?", "Why?")))),
        ],
    }
    return [Case(service, what, data, what.startswith("comments")) for service, files in made.items()
            for what, data in files]  # fmt: skip


CASES = _cases()


class Survey:
    """A client with one open round that asked the pulse, and a folder for exports."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.clients = folder, folder / "clients"
        start_client(self.clients, "acme", "Acme", date(2027, 3, 31), "USD", "pulse")

    def take(self, data: bytes, name: str = "export.csv", **options: object) -> Import:
        """Import an export."""
        path = self.folder / name
        path.write_bytes(data)
        return import_survey(self.clients, "acme", path, **options)  # type: ignore[arg-type]

    def answers(self) -> list[tuple[str, tuple[int | None, ...]]]:
        """Return each respondent's group and scores, in the order of the questions, sorted."""
        people: dict[str, dict[str, int | None]] = {}
        groups: dict[str, str] = {}
        for one in load(self.clients, "acme").responses:
            people.setdefault(one.respondent, {})[one.question] = one.score
            groups[one.respondent] = one.group
        return sorted(
            ((groups[key], tuple(scores.get(id) for id in IDS)) for key, scores in people.items()), key=str
        )

    def comments(self) -> list[tuple[str, str]]:
        """Return each question and comment of the record, sorted."""
        return sorted(
            (one.question, one.comment) for one in load(self.clients, "acme").responses if one.comment
        )

    def files(self) -> dict[str, bytes]:
        """Return the record as it stands."""
        return read_files(self.clients, "acme")

    def map_of(self, service: str) -> str:
        """Return the remembered map's text; empty when there is none."""
        path = self.clients / "acme" / "maps" / f"survey-{service}.yaml"
        return path.read_text(encoding="utf-8") if path.exists() else ""
