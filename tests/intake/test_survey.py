"""Survey services' exports, made here after their documented layouts: each gives the same tidy answers."""

from __future__ import annotations

import csv
import io
import os
import random
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.client.starting import start_client
from toolkit.client.store import load, read_files, read_record
from toolkit.client.yaml_files import dump_facts
from toolkit.errors import ConflictError, Fault, InputError
from toolkit.intake import Import, import_survey
from toolkit.intake.survey_answers import read_score
from toolkit.intake.values import Unreadable

Grid = list[list[object]]

START = b"profile: {name: A}\nrounds: [{id: r, as_of: 2027-03-31}]"
PULSE = read_record("a", {"client.yaml": START}).questionnaires["pulse"].questions
QUESTIONS = [(one.id, one.text) for one in PULSE]
IDS = [id for id, _ in QUESTIONS]
PEOPLE = [  # group, and the scores of the six questions; None is "don't know"
    ("Business", [4, 2, 5, 3, None, 1]),
    ("Business", [2, 2, 3, 3, 4, 5]),
    ("IT", [5, 4, 5, 4, 3, None]),
]
EXPECTED = [(group.lower(), tuple(scores)) for group, scores in PEOPLE]  # what every layout must come to
AGREE = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"]
GERMAN = ["Nie", "Selten", "Manchmal", "Oft", "Ständig"]


def as_number(score: int | None) -> object:
    """Write an answer as its number."""
    return "" if score is None else score


def as_english(score: int | None) -> object:
    """Write an answer as services write agreement."""
    return "Don't know" if score is None else AGREE[score - 1]


def as_german(score: int | None) -> object:
    """Write an answer in German."""
    return "Weiß nicht" if score is None else GERMAN[score - 1]


def as_labelled(score: int | None) -> object:
    """Write a number with its meaning behind it."""
    return "N/A" if score is None else f"{score} - {AGREE[score - 1]}"


Wrote = Callable[[int | None], object]


def forms(wrote: Wrote = as_english, names: Sequence[str] = ("ID", "Start time", "Completion time", "Email", "Name"), day: str = "3/14/27 9:05:11") -> Grid:  # fmt: skip
    head = [*names, "Which group do you belong to?", *(text for _, text in QUESTIONS), "Which tools?"]
    rows = [
        [i, day, day, "ann@example.org", "Ann", group, *map(wrote, scores), "A;B;"]
        for i, (group, scores) in enumerate(PEOPLE, 1)
    ]
    return [head, *rows]


def google(wrote: Wrote = as_english, stamp: str = "Timestamp", grid: bool = False) -> Grid:
    heads = [f"How far do you agree? [{text}]" if grid else text for _, text in QUESTIONS]
    rows = [
        [f"3/14/2027 9:0{i}:11", "ann@example.org", group, *map(wrote, scores)]
        for i, (group, scores) in enumerate(PEOPLE)
    ]
    return [[stamp, "Email Address", "Group", *heads], *rows]


def monkey(wrote: Wrote = as_english, matrix: bool = True, blanks: int = 0) -> Grid:
    own = [
        "Respondent ID",
        "Collector ID",
        "Start Date",
        "End Date",
        "IP Address",
        "Email Address",
        "First Name",
    ]
    stem = ["How far do you agree?", *[""] * 5] if matrix else [text for _, text in QUESTIONS]
    under = [text for _, text in QUESTIONS] if matrix else ["Response"] * 6
    rows: Grid = [
        [
            1180 + i,
            "c1",
            "03/14/2027",
            "03/14/2027",
            "192.0.2.7",
            "ann@example.org",
            "Ann",
            group,
            *map(wrote, s),
        ]
        for i, (group, s) in enumerate(PEOPLE)
    ]
    wide = [[*row, *[""] * blanks] for row in rows]
    return [
        [*own, "Your group", *stem, *[""] * blanks],
        [*[""] * 7, "Response", *under, *[""] * blanks],
        *wide,
    ]


def qualtrics(wrote: Wrote = as_number, codes: bool = True, statement: bool = False) -> Grid:
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
    texts = [f"To what extent: - {text}" if statement else text for _, text in QUESTIONS]
    third = [f'{{"ImportId":"QID{i}"}}' for i in range(len(own) + 7)]
    day = "2027-03-14 09:05:11"
    rows = [
        [
            day,
            day,
            "IP Address",
            "192.0.2.7",
            100,
            "True",
            f"R_{i}",
            "ann@example.org",
            group,
            *map(wrote, scores),
        ]
        for i, (group, scores) in enumerate(PEOPLE)
    ]
    trial = [day, day, "Survey Preview", "", 100, "True", "R_t", "", "IT", 1, 1, 1, 1, 1, 1]
    return [[*own, "unit", *names], [*own, "Your group", *texts], third, trial, *rows]


def lime(wrote: Wrote = as_number, head: str = "both") -> Grid:
    code = [id.replace("-", "") for id in IDS]
    heads = {
        "both": [f"{c}. {text}" for c, (_, text) in zip(code, QUESTIONS, strict=True)],
        "code": code,
        "array": [f"G1[{c}]" for c in code],
    }[head]
    own = (
        ["id", "submitdate", "lastpage", "startlanguage", "seed", "ipaddr"]
        if head == "code"
        else [
            "Response ID",
            "Date submitted",
            "Last page",
            "Start language",
            "Seed",
            "IP address",
        ]
    )
    rows = [
        [i, "2027-03-14 09:05:11", 3, "en", "77", "192.0.2.7", group, *map(wrote, scores)]
        for i, (group, scores) in enumerate(PEOPLE, 1)
    ]
    return [[*own, "unit. Your group", *heads], *rows]


def typeform(wrote: Wrote = as_number, day: str = "2027-03-14 09:05:11", numbered: bool = False) -> Grid:
    heads = [f"{i}. {text}" if numbered else text for i, (_, text) in enumerate(QUESTIONS, 1)]
    rows = [
        [f"k{i}", group, *map(wrote, scores), "completed", day, day, "n1"]
        for i, (group, scores) in enumerate(PEOPLE)
    ]
    own = ["Response Type", "Start Date (UTC)", "Submit Date (UTC)", "Network ID"]
    return [["#", "Your group", *heads, *own], *rows]


GERMAN_FORMS = ("ID", "Startzeit", "Fertigstellungszeit", "E-Mail", "Name")
LAYOUTS = {
    "Microsoft Forms": [forms(), forms(as_german, GERMAN_FORMS, "14.03.2027 09:05"), forms(as_labelled)],
    "Google Forms": [google(), google(as_german, "Zeitstempel"), google(as_labelled, grid=True)],
    "SurveyMonkey": [monkey(), monkey(as_number, matrix=False), monkey(as_labelled, blanks=2)],
    "Qualtrics": [qualtrics(), qualtrics(as_english, codes=False), qualtrics(as_german, False, True)],
    "LimeSurvey": [lime(), lime(as_english, "code"), lime(as_labelled, "array")],
    "Typeform": [typeform(), typeform(as_english, "14/03/2027 09:05"), typeform(as_german, numbered=True)],
}
CASES = [(service, grid) for service, grids in LAYOUTS.items() for grid in grids]
CASE_IDS = [f"{service}-{i}" for service, grids in LAYOUTS.items() for i in range(len(grids))]


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
    book.save(out)
    return out.getvalue()


class Survey:
    """A client with one open round that asked the pulse, and a folder for exports."""

    def __init__(self, folder: Path) -> None:
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

    def files(self) -> dict[str, bytes]:
        """Return the record as it stands."""
        return read_files(self.clients, "acme")


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    """A client who asked the pulse."""
    return Survey(tmp_path)


@pytest.mark.parametrize(("service", "grid"), CASES, ids=CASE_IDS)
def test_each_layout_comes_to_the_same_answers(survey: Survey, service: str, grid: Grid) -> None:
    """Whatever service, language, code or wording: three people with the same scores, and whose layout it is."""
    done = survey.take(csv_of(grid))
    assert survey.answers() == sorted(EXPECTED, key=str)
    assert f"Read as an export of {service}," in done.remarks[0]


@pytest.mark.parametrize(("service", "grid"), CASES, ids=CASE_IDS)
def test_a_second_import_changes_nothing(survey: Survey, service: str, grid: Grid) -> None:
    """Imported again, also with one reply more, the replies known already are known."""
    survey.take(csv_of(grid[:-1]))
    survey.take(csv_of(grid))
    before = survey.files()
    done = survey.take(csv_of(grid))
    assert (len(done.unchanged), done.files, survey.files()) == (3, {}, before)


@pytest.mark.parametrize(("service", "grid"), CASES, ids=CASE_IDS)
def test_nothing_of_the_person_reaches_the_record(survey: Survey, service: str, grid: Grid) -> None:
    """No name, address or network address of an export stands in any file of the client."""
    survey.take(csv_of(grid))
    everything = b"".join(path.read_bytes() for path in survey.clients.rglob("*") if path.is_file())
    assert not [word for word in (b"ann@example.org", b"Ann", b"192.0.2.7") if word in everything]


@pytest.mark.parametrize("write", [xlsx_of, lambda g: csv_of(g, ";"), lambda g: csv_of(g, "\t"), lambda g: csv_of(g, encoding="utf-8-sig")],
                         ids=["workbook", "semicolons", "tabs", "byte-order mark"])  # fmt: skip
def test_the_form_of_the_file_does_not_matter(survey: Survey, write: Callable[[Grid], bytes]) -> None:
    """A workbook, semicolons, tabs or a byte-order mark give the same answers."""
    data = write(forms(as_german, GERMAN_FORMS))
    survey.take(data, "export.xlsx" if data[:2] == b"PK" else "export.csv")
    assert survey.answers() == sorted(EXPECTED, key=str)


def test_one_file_for_each_group(survey: Survey) -> None:
    """Without a column for it, the group is said for each file; the same reply numbers in both are two people."""
    bare = [[cell for i, cell in enumerate(row) if i != 5] for row in forms()]
    with pytest.raises(InputError, match="no column that names a group"):
        survey.take(csv_of(bare))
    survey.take(csv_of(bare[:3]), group="business")
    survey.take(csv_of(bare[:2]), group="it")
    assert [group for group, _ in survey.answers()] == ["business", "business", "it"]


def test_an_export_with_fewer_questions_takes_no_answer_away(survey: Survey) -> None:
    """Answers that a later export does not ask for stay as they are."""
    survey.take(csv_of(lime()))
    survey.take(csv_of([row[:-2] for row in lime()]))
    assert survey.answers() == sorted(EXPECTED, key=str)


def test_the_command_imports_a_survey(survey: Survey) -> None:
    """``align import survey`` shows what goes where and writes it; conditions on rows are not for it."""
    path = survey.folder / "export.csv"
    path.write_bytes(csv_of(forms()))
    words = ["import", "survey", "acme", str(path), "--clients", str(survey.clients)]
    assert CliRunner().invoke(main, [*words, "--where", "a=b"]).exit_code == 2
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, "Microsoft Forms" in done.output) == (0, True)
    assert survey.answers() == sorted(EXPECTED, key=str)


def test_what_is_not_used_is_named(survey: Survey) -> None:
    """Columns no question is found for, the service's own, and trial replies are each reported."""
    assert survey.take(csv_of(forms())).dropped == (
        "ID",
        "Start time",
        "Completion time",
        "Email",
        "Name",
        "Which tools?",
    )
    assert "Trial replies left out: 1 (row 4)." in survey.take(csv_of(qualtrics()), dry_run=True).remarks


def test_a_closed_round_stays_closed(survey: Survey) -> None:
    """A round that is closed takes the replies it has again, and no other."""
    survey.take(csv_of(lime()[:-1]))
    facts = load(survey.clients, "acme").facts
    closed = facts.rounds[0].model_copy(update={"closed": date(2027, 3, 20)})
    path = survey.clients / "acme" / "client.yaml"
    path.write_bytes(dump_facts(facts.model_copy(update={"rounds": (closed,)})))
    before = survey.files()
    assert survey.take(csv_of(lime()[:-1])).files == {}
    with pytest.raises(ConflictError, match="closed on 2027-03-20"):
        survey.take(csv_of(lime()))
    assert survey.files() == before


def test_an_answer_that_cannot_be_read_is_refused_or_left_missing(survey: Survey) -> None:
    """A six is told with its row and column, and nothing is written; with ``partial`` only that answer is missing."""
    grid = lime()
    grid[1][7] = 6
    before = survey.files()
    with pytest.raises(InputError, match="row 2, column") as error:
        survey.take(csv_of(grid))
    assert (error.value.faults[0].found, survey.files()) == ("6", before)
    survey.take(csv_of(grid), partial=True)
    assert ("business", (None, 2, 5, 3, None, 1)) in survey.answers()


@pytest.mark.parametrize("cell", [0, 6, 2.5, "2,5", "12", "1-5", "4/5/2027", "perhaps", "½", True])
def test_no_score_is_guessed(cell: object) -> None:
    """A number that is no score, a range, a date or another word is not read as one."""
    with pytest.raises(Unreadable):
        read_score(cell, PULSE[0])  # type: ignore[arg-type]


def test_a_damaged_export_is_imported_or_refused_in_words(survey: Survey) -> None:
    """Of exports with bytes cut, doubled or changed each is imported or refused; a refusal changes nothing."""
    draw = random.Random(5)
    files = [csv_of(grid) for _, grid in CASES] + [xlsx_of(forms())]
    told: list[Fault] = []
    for number in range(5000 if os.environ.get("ALIGN_SOAK") else 150):
        data = bytearray(draw.choice(files))
        for _ in range(draw.randint(1, 6)):
            at, what = draw.randrange(len(data)), draw.randrange(3)
            if what == 0:
                data[at] = draw.randrange(256)
            elif what == 1:
                del data[at : at + draw.randrange(1, 80)]
            else:
                data[at:at] = data[max(0, at - draw.randrange(1, 80)) : at]
        before = survey.files()
        try:
            survey.take(bytes(data), f"m{number}.csv", partial=draw.random() < 0.5, dry_run=True)
        except InputError as error:
            told += error.faults
        assert survey.files() == before
    assert told
    assert [one for one in told if not (one.found and one.allowed and one.remedy)] == []
