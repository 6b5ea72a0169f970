"""Inputs that would come in changed: each of the cases beside this project is read right, refused or asked about."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.client.new_client import start_client
from toolkit.client.record import Record
from toolkit.client.store import load
from toolkit.errors import InputError
from toolkit.intake import Import, import_file, import_survey, read_survey_map

HERE = Path(__file__).resolve()
REAL = os.environ.get("ALIGN_REAL_DATA")
CASES = Path(REAL).parent / "cases" if REAL else HERE.parents[3] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"no cases at {CASES}, beside ALIGN_REAL_DATA")


class Client:
    """A client who asked the executive questions."""

    def __init__(self, folder: Path, currency: str = "USD") -> None:
        self.folder = folder
        start_client(folder, "t", "T", date(2026, 9, 30), currency, "executive")

    @property
    def record(self) -> Record:
        """The record on disk."""
        return load(self.folder, "t")

    def survey(self, file: str, **options: object) -> Import:
        """Import a survey's case."""
        return import_survey(self.folder, "t", CASES / file, **options)  # type: ignore[arg-type]

    def register(self, file: str) -> Import:
        """Import a register's case."""
        return import_file(self.folder, "initiatives", "t", CASES / file)

    def scores(self) -> list[int | None]:
        """Every score of the record, in order."""
        return [one.score for one in self.record.responses]


@pytest.fixture
def client(tmp_path: Path) -> Client:
    """A client in US dollars."""
    return Client(tmp_path)


@pytest.mark.parametrize("file", ["A2-reversed-labels.csv", "A3-seven-point.csv"])
def test_a_column_of_another_scale_is_refused_whole(client: Client, file: str) -> None:
    """Neither an answer whose number and words contradict nor one of seven points becomes a score, with --partial either."""
    with pytest.raises(InputError, match="answers of one scale from 1 to 5"):
        client.survey(file)
    client.survey(file, partial=True)
    assert client.scores() == []


@pytest.mark.parametrize(
    ("file", "answers", "scores"),
    [
        ("A2-reversed-labels.csv", "{1 - Strongly agree: 5, 5 - Strongly disagree: 1, 2 - Agree: 4}", [5, 1, 4]),
        ("A3-seven-point.csv", "{Somewhat disagree: 2, Disagree: 2, Somewhat agree: 4, Agree: 4}", [1, 2, 2, 3, 4, 4, 5]),
        ("B7-na-words.csv", "{'-99': ''}", [None, None, None, None, 4]),
    ],
)  # fmt: skip
def test_a_map_says_what_answers_mean(
    client: Client, file: str, answers: str, scores: list[int | None]
) -> None:
    """The remedy that the refusal names is a key of the map, and gives the scores that it says."""
    path = client.folder / "map.yaml"
    path.write_text(f"answers: {answers}\n", encoding="utf-8")
    client.survey(file, mapping=read_survey_map(path))
    assert client.scores() == scores


def test_a_second_site_replaces_nobody(client: Client) -> None:
    """Two forms that number their replies from 1 make ten people; either again changes nothing."""
    for site in "ABAB":
        done = client.survey(f"A4-forms-site-{site}.csv", group="business")
    assert (len(done.unchanged), done.files) == (4, {})
    assert sorted(client.scores()) == [2] * 4 + [5] * 6  # type: ignore[type-var]
    assert len({one.respondent for one in client.record.responses}) == 10


def test_a_total_is_no_initiative(client: Client) -> None:
    """The row of sums is left out, and named."""
    done = client.register("A5-total-row.xlsx")
    assert [(one.id, one.capex) for one in client.record.initiatives] == [("P1", 250_000), ("P2", 90_000)]
    assert any("row 4" in remark and "Total" in remark for remark in done.remarks)


def test_a_currency_that_a_cell_shows_counts(client: Client, tmp_path: Path) -> None:
    """Euros are refused for a client in dollars, as the text is, and read for one in euros."""
    with pytest.raises(InputError, match=r"found: +€ 250000\n +allowed: an amount in USD"):
        client.register("A6-euro-format.xlsx")
    other = Client(tmp_path / "euro", "EUR")
    other.register("A6-euro-format.xlsx")
    assert [one.capex for one in other.record.initiatives] == [250_000]


def test_a_month_is_no_day(client: Client) -> None:
    """A date shown as "Mar-27" is counted as without a day, as the text "March 2027" is."""
    done = client.register("A7-month-only-date.xlsx")
    assert [one.finish for one in client.record.initiatives] == [None]
    assert [one.found for one in done.left_open] == ["March 2027"]


@pytest.mark.parametrize(
    ("file", "currency", "ids", "costs"),
    [
        ("B2-hidden-sheet-first.xlsx", "USD", ["P1"], [5_000]),
        ("B2-two-sheets.xlsx", "USD", ["A1"], [1]),
        ("B3-sep-line.csv", "USD", ["P1"], [250_000]),
        ("B4-title-rows.xlsx", "USD", ["P1"], [250_000]),
        ("B5-heading-line-break.xlsx", "USD", ["P1"], [1_000]),
        ("B6-money-brl.csv", "BRL", ["P1"], [1_250_000]),
        ("B6-money-kr.csv", "SEK", ["P1"], [1_250_000]),
    ],
)
def test_a_register_comes_in_as_it_was_meant(
    tmp_path: Path, file: str, currency: str, ids: list[str], costs: list[float]
) -> None:
    """The sheet that is shown, the header below its titles, headings over two lines, and money as it is written there."""
    client = Client(tmp_path, currency)
    done = client.register(file)
    assert [one.id for one in client.record.initiatives] == ids
    assert [one.capex for one in client.record.initiatives] == costs
    if file.startswith("B2"):
        assert any(remark.startswith("Sheets not read: ") for remark in done.remarks)


def test_a_part_of_one_in_a_column_shows_that_one_is_all(client: Client) -> None:
    """0.5 and 1 of completion are half and all."""
    client.register("B13-percent-one.xlsx")
    assert [one.status for one in client.record.initiatives] == ["in progress", "done"]


def test_names_in_other_scripts_come_in(client: Client) -> None:
    """Japanese and Russian names keep their letters, each under an id of its own."""
    done = client.register("B11-non-latin-names.csv")
    assert [one.name for one in client.record.initiatives] == ["新しい電話", "Портал"]
    assert len(set(done.new)) == 2


def test_a_comma_in_braces_shortens_nothing(client: Client, tmp_path: Path) -> None:
    """Three values that a comma would cut off are three faults, and so is a column's name in a map."""
    text = (CASES / "A1-client.yaml").read_bytes()
    (client.folder / "t" / "client.yaml").write_bytes(text)
    with pytest.raises(InputError) as caught:
        load(client.folder, "t")
    assert [one.found.split("'")[1] for one in caught.value.faults] == ["CFO", "000", "1"]
    other = Client(tmp_path / "map")
    with pytest.raises(InputError, match="'kEUR'"):
        import_file(other.folder, "initiatives", "t", CASES / "A1b-table.csv", CASES / "A1b-map.yaml")


def test_the_command_says_which_replies_are_the_same(client: Client) -> None:
    """Same numbers and answers without a time to tell: the command asks, and --same-replies answers."""
    path = client.folder / "plain.csv"
    words = ["import", "survey", "t", str(path), "--clients", str(client.folder), "--group", "it"]
    path.write_text("id,communication-1\n1,4\n2,5\n", encoding="utf-8")
    assert CliRunner().invoke(main, words).exit_code == 0
    path.write_text("id,communication-1\n1,4\n2,2\n", encoding="utf-8")
    asked = CliRunner().invoke(main, words)
    assert (asked.exit_code, "--same-replies" in asked.output, client.scores()) == (1, True, [4, 5])
    assert CliRunner().invoke(main, [*words, "--same-replies"]).exit_code == 0
    assert client.scores() == [4, 2]


@pytest.mark.parametrize("file", ["B1-partial-typeform.csv", "B1-unfinished-limesurvey.csv"])
def test_unfinished_replies_are_told_and_left_out(client: Client, file: str) -> None:
    """One of two replies was not sent off: it is told, and goes where it is asked to."""
    done = client.survey(file, dry_run=True)
    assert (len(done.new), any(remark.startswith("Unfinished") and "1 (row 3)" in remark for remark in done.remarks)) == (2, True)  # fmt: skip
    assert len(client.survey(file, finished_only=True).new) == 1


def test_a_number_behind_its_label_is_read(client: Client) -> None:
    """ "Strongly agree (5)" is 5."""
    client.survey("B7-label-number-behind.csv")
    assert client.scores() == [5, 4]


def test_numbers_rounded_by_excel_remove_nobody(client: Client) -> None:
    """The remedy is the file as the service wrote it."""
    with pytest.raises(InputError, match="rounded by a spreadsheet") as caught:
        client.survey("B8-surveymonkey-id-by-excel.csv")
    assert all("remove no row" in fault.remedy for fault in caught.value.faults)


def test_tags_hide_no_question(client: Client) -> None:
    """Both questions are found, and the German answer is read."""
    client.survey("B9-limesurvey-html.csv")
    assert {one.question: one.score for one in client.record.responses} == {"communication-1": 4, "priorities-1": None}  # fmt: skip
