"""The exports of survey services, told apart by their headers, as one table of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from toolkit.errors import Fault, InputError
from toolkit.intake.sheets import MOST_COLUMNS, Cell, Raw


@dataclass(frozen=True)
class Heading:
    """A column that may hold answers: its place from 0, its code ("" if it has none) and its wordings."""

    index: int
    code: str
    wordings: tuple[str, ...]

    @property
    def name(self) -> str:
        """What a consultant finds the column by."""
        return self.wordings[0] if self.wordings else self.code


@dataclass(frozen=True)
class Export:
    """A survey service's export.

    Attributes
    ----------
    service : str
        Whose layout it is, in words.
    headings : tuple of Heading
        The columns that may hold answers or the group.
    identity : int or None
        Place of the column with the service's own number of a reply; None where it has none.
    own : tuple of str
        The service's own columns, names and addresses among them: never read.
    rows : tuple of (int, list of Cell)
        The replies, by row number.
    tests : tuple of int
        Rows left out because the service marks them as a trial.
    """

    service: str
    headings: tuple[Heading, ...]
    identity: int | None
    own: tuple[str, ...]
    rows: tuple[tuple[int, list[Cell]], ...]
    tests: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Layout:
    """How a service writes: the columns of its own by lower-case heading, and the one that numbers replies."""

    service: str
    own: frozenset[str]
    identity: tuple[str, ...]
    signs: tuple[frozenset[str], ...]

    def fits(self, header: Sequence[str]) -> bool:
        """Whether every sign is there: of each set of alternatives, one."""
        return all(sign & set(header) for sign in self.signs)


def _words(*texts: str) -> frozenset[str]:
    return frozenset(one for text in texts for one in text.split("|"))


_PEOPLE = "name|first name|last name|full name|email|e-mail|email address|e-mail address|e-mail-adresse|adresse e-mail|username|user name|ip address|ip-adresse|adresse ip"  # fmt: skip
_TYPEFORM = _Layout(
    "Typeform",
    _words(
        _PEOPLE,
        "#|response type|start date (utc)|stage date (utc)|submit date (utc)|network id|tags|ending|score",
    ),
    ("#",),
    (_words("#"), _words("submit date (utc)")),
)
_FORMS = _Layout(
    "Microsoft Forms",
    _words(
        _PEOPLE,
        "id|start time|completion time|last modified time|total points|quiz feedback|language",
        "startzeit|fertigstellungszeit|zeitpunkt der letzten änderung|sprache",
        "heure de début|heure de fin|heure de la dernière modification|adresse de messagerie|nom|langue",
        "hora de inicio|hora de finalización|hora de la última modificación|correo electrónico|nombre",
    ),
    ("id",),
    (
        _words("id"),
        _words("start time|startzeit|heure de début|hora de inicio"),
        _words("completion time|fertigstellungszeit|heure de fin|hora de finalización"),
    ),
)
_LIMESURVEY = _Layout(
    "LimeSurvey",
    _words(
        "id|response id|submitdate|date submitted|lastpage|last page|startlanguage|start language|seed|token",
        "access code|startdate|date started|datestamp|date last action|ipaddr|ip address|refurl|referrer url",
        "firstname|first name|lastname|last name|email|email address|attribute_1|attribute_2",
    ),
    ("id", "response id"),
    (
        _words("id|response id"),
        _words("lastpage|last page|submitdate|date submitted"),
        _words("startlanguage|start language|seed"),
    ),
)
_GOOGLE = _Layout(
    "Google Forms",
    _words(_PEOPLE, "timestamp|zeitstempel|horodateur|marca temporal|score|punktzahl|total score"),
    (),
    (_words("timestamp|zeitstempel|horodateur|marca temporal"),),
)
_MONKEY = _Layout(
    "SurveyMonkey",
    _words(
        _PEOPLE, "respondent id|collector id|start date|end date|date created|date modified|custom data 1"
    ),
    ("respondent id",),
    (_words("respondent id"), _words("collector id")),
)
_QUALTRICS = _Layout(
    "Qualtrics",
    _words(
        "startdate|enddate|status|ipaddress|progress|duration (in seconds)|finished|recordeddate|responseid",
        "recipientlastname|recipientfirstname|recipientemail|externalreference|externaldatareference",
        "locationlatitude|locationlongitude|distributionchannel|userlanguage",
    ),
    ("responseid",),
    (_words("responseid"),),
)
_PLAIN = _Layout(
    "a plain table, one row a respondent", _words(_PEOPLE, "respondent|id"), ("respondent", "id"), ()
)
_ONE_HEADER = (_TYPEFORM, _FORMS, _LIMESURVEY, _GOOGLE)
_EMPTY_SECOND = frozenset(("", "response", "open-ended response", "antwort", "réponse", "respuesta"))


def read_export(raw: Raw) -> Export:
    """Tell whose export a table is, and take its headers and its replies apart.

    Raises
    ------
    InputError
        When there is no reply in it, it is too wide, or a reply has more cells than the header.
    """
    texts = [[_text(cell) for cell in cells] for _, cells in raw.rows[:3]]
    if not texts:
        raise InputError([Fault(raw.file, "no rows", "a header and at least one reply", "Export it again.")])
    lower = [text.casefold() for text in texts[0]]
    if len(texts) > 2 and any('"importid"' in one.casefold() for one in texts[2]):
        export = _export(raw, _QUALTRICS, texts[0], texts[1], _qualtrics, 3)
    elif len(texts) > 1 and _MONKEY.fits(lower):
        export = _export(raw, _MONKEY, _filled_forward(texts[0], texts[1]), texts[1], _monkey, 2)
    else:
        layout = next((one for one in _ONE_HEADER if one.fits(lower)), _PLAIN)
        take = _lime if layout is _LIMESURVEY else _google if layout is _GOOGLE else _plain
        export = _export(raw, layout, texts[0], [], take, 1)
    _check_size(raw, len(texts[0]), export)
    return _without_tests(export, lower) if export.service == _QUALTRICS.service else export


def _text(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).replace("\xa0", " ").split())


def _export(
    raw: Raw, layout: _Layout, first: Sequence[str], second: Sequence[str], take: Callable[[int, str, str], Heading], headers: int
) -> Export:  # fmt: skip
    headings, own, identity = [], [], None
    for index, title in enumerate(first):
        if title.casefold() in layout.own:
            own.append(title)
            if title.casefold() in layout.identity:
                identity = index
        elif title:
            headings.append(take(index, title, second[index] if index < len(second) else ""))
    return Export(layout.service, tuple(headings), identity, tuple(own), tuple(raw.rows[headers:]))


def _check_size(raw: Raw, width: int, export: Export) -> None:
    faults = []
    if width > MOST_COLUMNS:
        faults.append(
            Fault(raw.place(1), f"{width} columns", f"at most {MOST_COLUMNS}", "Export fewer questions.")
        )
    if not export.rows:
        allowed = "at least one reply under the header"
        faults.append(
            Fault(raw.file, f"no reply, in the layout of {export.service}", allowed, "Export it again.")
        )
    for number, cells in export.rows:
        if any(_text(cell) for cell in cells[width:]):
            remedy = "Put cells that hold the separator in quotation marks, or export it again."
            faults.append(
                Fault(raw.place(number), f"{len(cells)} cells", f"{width}, as in the header", remedy)
            )
    if faults:
        raise InputError(faults)


def _plain(index: int, title: str, _: str) -> Heading:
    return Heading(index, title, (title,))


def _google(index: int, title: str, _: str) -> Heading:
    """``Question [Row]`` of a grid: the row is a question's wording as well as the whole."""
    _, bracket, row = title.rstrip("]").rpartition(" [")
    return Heading(index, title, (title, row) if bracket and title.endswith("]") else (title,))


def _lime(index: int, title: str, _: str) -> Heading:
    """``code. text``, or the code alone; a sub-question's is ``G1[communication1]``."""
    code, dot, text = title.partition(". ")
    if not dot or " " in code:
        code, text = title, ""
    inner = code.rstrip("]").rpartition("[")[2]
    row = text.rstrip("]").rpartition(" [")[2] if text.endswith("]") else ""
    return Heading(index, inner, tuple(one for one in (text, row) if one))


def _monkey(index: int, title: str, row: str) -> Heading:
    """Over a question asked alone the second row says "Response"; over one of a matrix, its wording."""
    alone = row.casefold() in _EMPTY_SECOND
    return Heading(index, "" if alone else row, (title,) if alone else (row, f"{title} {row}"))


def _qualtrics(index: int, code: str, wording: str) -> Heading:
    tail = wording.rpartition(" - ")[2]
    return Heading(index, code, tuple(dict.fromkeys(one for one in (wording, tail) if one)))


def _filled_forward(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Give each blank heading that has a row label under it the heading before it."""
    titles, last = [], ""
    for index in range(max(len(first), len(second))):
        title = first[index] if index < len(first) else ""
        under = second[index] if index < len(second) else ""
        last = title or last
        titles.append(title or (last if under else ""))
    return titles


def _without_tests(export: Export, header: Sequence[str]) -> Export:
    at: Mapping[str, int] = {title: index for index, title in enumerate(header)}

    def trial(cells: Sequence[Cell]) -> bool:
        said = {_text(cells[at[one]]).casefold() for one in ("status", "distributionchannel")
                if one in at and at[one] < len(cells)}  # fmt: skip
        return bool(said & {"survey preview", "survey test", "preview", "test", "1", "2"})

    kept = tuple(row for row in export.rows if not trial(row[1]))
    tests = tuple(number for number, cells in export.rows if trial(cells))
    return Export(export.service, export.headings, export.identity, export.own, kept, tests)
