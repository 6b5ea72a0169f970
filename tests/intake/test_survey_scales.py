"""A survey's columns fit a scale from 1 to 5 whole or are refused whole; a reply is known by number and time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.client.new_client import start_client
from toolkit.client.questionnaire import Question
from toolkit.client.store import load
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import InputError
from toolkit.intake import Import, SurveyMap, import_survey, read_survey_map
from toolkit.intake.date import moment_of
from toolkit.intake.survey_answers import NUMBER, OtherScale, read_columns

FIRST, SECOND, OFTEN = "communication-1", "priorities-1", "blame-1"  # two of agreement, one of how often
AGREE = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")
SEVEN = (
    "Strongly disagree",
    "Disagree",
    "Somewhat disagree",
    "Neutral",
    "Somewhat agree",
    "Agree",
    "Strongly agree",
)
Cells = Sequence[Sequence[object]]


class Survey:
    """A client who asked the executive questions, and answers that come in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        start_client(folder / "clients", "t", "T", date(2026, 9, 30), "USD", "executive")

    def take(self, rows: Cells, name: str = "table.csv", **options: Any) -> Import:
        """Write rows and import them."""
        path = self.folder / name
        if name.endswith("xlsx"):
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append(list(row))  # type: ignore[union-attr]
            book.save(path)
        else:
            path.write_text(
                "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows), encoding="utf-8"
            )
        return import_survey(self.folder / "clients", "t", path, group="business", **options)

    def column(self, *cells: object, **options: Any) -> list[int | None]:
        """Import one column of answers; return the scores of the record."""
        self.take([["id", FIRST], *([number, cell] for number, cell in enumerate(cells))], **options)
        return self.scores()

    def people(self) -> int:
        """How many have answered."""
        return len({one.respondent for one in load(self.folder / "clients", "t").responses})

    def scores(self) -> list[int | None]:
        """Every score of the record, in order."""
        return [one.score for one in load(self.folder / "clients", "t").responses]


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    """A client without answers."""
    return Survey(tmp_path)


@pytest.mark.parametrize(
    "cells",
    [
        range(11),
        range(1, 8),
        (4, 3, 0),
        (1, 2, 7),
        ("1", "2", "10"),
        (20, 40, 100),
        ("20%", "4"),
        (3.5, 4),
        SEVEN,
        ("Agree", "Somewhat agree"),
        ("Agree", "Mostly agree"),
        ("Sometimes", "Occasionally"),
        ("Completely agree", "Strongly agree"),
        [f"{n} - {word}" for n, word in enumerate(reversed(AGREE), 1)],
        [f"{word} ({n})" for n, word in enumerate(reversed(AGREE), 1)],
        [f"{n} - {word}" for n, word in enumerate(SEVEN, 1)],
        ("4/10", "4"),
        ("4 out of 7", "4"),
        ("stimme überhaupt nicht zu", "stimme nicht zu", "stimme eher zu", "stimme zu"),
        ("Trifft zum Teil zu", "trifft eher zu"),
        ("1 - Helt enig", "5 - Helt uenig"),
        ("+1", "+2"),
        ("– 2", "2"),
        ("--1", "2"),
    ],
)
def test_a_column_of_another_scale_gives_no_score(survey: Survey, cells: Sequence[object]) -> None:
    """Reversed, of seven, eleven or a hundred: refused, and left out whole with ``partial``."""
    with pytest.raises(InputError) as caught:
        survey.column(*cells)
    assert all("--map" in one.remedy for one in caught.value.faults)
    assert survey.column(*cells, partial=True) == []


@pytest.mark.parametrize(
    ("cells", "scores"),
    [
        (range(1, 6), [1, 2, 3, 4, 5]),
        (AGREE, [1, 2, 3, 4, 5]),
        ([f"{n} - {word}" for n, word in enumerate(AGREE, 1)], [1, 2, 3, 4, 5]),
        ([f"{word} ({n})" for n, word in enumerate(AGREE, 1)], [1, 2, 3, 4, 5]),
        (
            ("Strongly disagree", "Somewhat disagree", "Neutral", "Somewhat agree", "Strongly agree"),
            [1, 2, 3, 4, 5],
        ),
        (("Never", "Rarely", "Sometimes", "Often", "Always"), [1, 2, 3, 4, 5]),
        (("nie", "selten", "manchmal", "oft", "immer"), [1, 2, 3, 4, 5]),
        (("jamais", "rarement", "parfois", "souvent", "toujours"), [1, 2, 3, 4, 5]),
        (("1 (low)", "5 (high)", "0 - Don't know", "4/5", "3 stars"), [1, 5, None, 4, 3]),
    ],
)
def test_a_column_of_our_scale_is_read(
    survey: Survey, cells: Sequence[object], scores: list[int | None]
) -> None:
    """Numbers, words, both beside each other, and a scale of five whose words other scales share, shown whole."""
    assert survey.column(*cells) == scores


@given(st.lists(st.integers(1, 5), min_size=1), st.lists(st.integers(1, 5), min_size=1), st.integers(6, 10))
def test_the_low_end_of_a_longer_scale_is_never_kept(low: list[int], other: list[int], high: int) -> None:
    """One seven in a column of agreement, and neither it nor another column of agreement holds a score."""
    asked = {at: Question(id=f"q{at}", dimension="communication", text=f"T{at}") for at in (0, 1)}
    cells = {0: dict(enumerate([*low, high])), 1: dict(enumerate(other))}
    read = read_columns(cells, asked, {})
    assert [column.scores for column in read.values()] == [{}, {}]
    assert all(column.doubt for column in read.values())
    assert NUMBER in next(
        error.forms for _, error in read[0].unread.values() if isinstance(error, OtherScale)
    )


def test_another_kind_of_question_keeps_its_answers(survey: Survey) -> None:
    """What agreement is asked on says nothing of how often is asked on."""
    rows = [["id", FIRST, SECOND, OFTEN], [1, 7, 3, 4], [2, 2, 5, 1]]
    with pytest.raises(InputError) as caught:
        survey.take(rows)
    assert {one.where.rpartition(" ")[2] for one in caught.value.faults} == {FIRST, SECOND}
    survey.take(rows, partial=True)
    assert survey.scores() == [4, 1]


def test_what_a_map_says_of_answers_is_remembered(survey: Survey) -> None:
    """Once said, the next export is read the same way; the preview shows it."""
    told = SurveyMap(answers={"1 - Strongly agree": 5, "2 - Agree": 4})
    assert survey.column("1 - Strongly agree", "2 - Agree", mapping=told) == [5, 4]
    done = survey.take([["id", FIRST], [7, "1 - Strongly agree"]])
    assert survey.scores() == [5, 4, 5]
    assert ("answer 5", "“1 - Strongly agree”") in done.mapped


def test_a_map_that_explains_half_a_scale_is_refused(survey: Survey) -> None:
    """Somewhat agree is told to be 4, so an Agree of its own 4 shows a scale of seven; told both, the column is read."""
    told = {"Somewhat agree": 4, "Somewhat disagree": 2}
    half = SurveyMap(answers=told)
    cells = (
        "Strongly disagree",
        "Disagree",
        "Somewhat disagree",
        "Somewhat agree",
        "Agree",
        "Strongly agree",
    )
    with pytest.raises(InputError, match="the map gives “Somewhat disagree” the score 2"):
        survey.column(*cells, mapping=half)
    with pytest.raises(
        InputError, match="the map gives “Somewhat agree” the score 4"
    ):  # beside it, in two columns
        survey.take([["id", FIRST, SECOND], [1, "Somewhat agree", "Agree"]], mapping=half)
    whole = SurveyMap(answers=told | {"Disagree": 2, "Agree": 4})
    assert survey.column(*cells, mapping=whole) == [1, 2, 2, 4, 4, 5]


def test_beside_a_map_every_word_is_shown_with_its_score(survey: Survey) -> None:
    """The README's own map: what it explains and what has a score by itself stand in the preview."""
    told = SurveyMap(answers={"Somewhat agree": 4, "-99": ""})
    done = survey.take(
        [["id", FIRST], *enumerate(("Strongly disagree", "Disagree", "Somewhat agree", -99, 3))], mapping=told
    )
    assert survey.scores() == [1, 2, 4, None, 3]
    assert {("answer 4", "“Somewhat agree”"), ("no answer", "“-99”"), ("answer 2", "“Disagree”")} <= set(
        done.mapped
    )
    assert ("answer 3", "“3”") not in done.mapped


def test_a_number_is_not_turned_against_its_words(survey: Survey) -> None:
    """A map that turns 5 into 1 makes no 1 of “5 - Strongly agree”."""
    with pytest.raises(InputError, match="its words say 5"):
        survey.column("5 - Strongly agree", "4 - Agree", mapping=TURNED)


TURNED = SurveyMap(answers={"1": 5, "2": 4, "3": 3, "4": 2, "5": 1})


@pytest.mark.parametrize("form", ["{}", "{}.0", "{},0", "{} / 5", "{} stars"])
def test_a_scale_that_a_map_turns_round_is_turned_however_it_is_written(survey: Survey, form: str) -> None:
    """pandas and LibreOffice write 5.0 for 5: it means what the map says of 5."""
    assert survey.column(*(form.format(n) for n in (5, 1, 4)), mapping=TURNED) == [1, 5, 2]


def test_a_number_that_such_a_map_leaves_out_is_asked_about(survey: Survey) -> None:
    """Where 1 means 5, the 5 that has not occurred yet is no 5."""
    told = SurveyMap(answers={"1": 5, "2": 4, "-99": ""})
    assert survey.column(1, 2, -99, mapping=told) == [5, 4, None]
    with pytest.raises(InputError, match="none to this one"):
        survey.take([["id", FIRST], [7, 5]])


@pytest.mark.parametrize(("score", "number_format"), [(5, '0" of 7"'), (1, "0%"), (4, "d")])
def test_what_a_workbook_shows_beside_a_score_counts(survey: Survey, score: int, number_format: str) -> None:
    """5 shown as "5 of 7" is of another scale, as the text is."""
    book = openpyxl.Workbook()
    for row in (["id", FIRST], [1, score], [2, 4]):
        book.active.append(row)
    book.active["B2"].number_format = number_format
    book.save(survey.folder / "t.xlsx")
    with pytest.raises(InputError, match="row 2"):
        import_survey(survey.folder / "clients", "t", survey.folder / "t.xlsx", group="business")


HEAD = ["ID", "Start time", "Completion time", "Email", "Name", FIRST]


def form(day: int, *scores: int, clock: str = "9:0{}:00") -> Cells:
    """An export of Microsoft Forms of one September day."""
    return [HEAD, *([n, f"9/{day}/2026 9:00:00", f"9/{day}/2026 {clock.format(n)}", "anonymous", "", score] for n, score in enumerate(scores, 1))]  # fmt: skip


def test_the_same_form_grown_adds_only_what_is_new(survey: Survey) -> None:
    """Also where only the later export shows which of day and month comes first."""
    assert len(survey.take(form(9, 4, 5)).new) == 2
    grown = [*form(9, 4, 5), [3, "9/15/2026 9:00", "9/15/2026 9:07:00", "anonymous", "", 1]]
    done = survey.take(grown)
    assert (len(done.new), len(done.changed), len(done.unchanged)) == (1, 0, 2)


def test_a_workbook_s_times_tell_two_forms_of_one_day_apart(survey: Survey) -> None:
    """Excel's dates keep their time: two sites, one day, the same numbers, four people."""
    for hour, score in ((9, 5), (14, 2)):
        rows = [
            HEAD,
            *([n, datetime(2026, 9, 15, 9), datetime(2026, 9, 15, hour, n), "", "", score] for n in (1, 2)),
        ]
        survey.take(rows, "site.xlsx")
    assert sorted(survey.scores()) == [2, 2, 5, 5]  # type: ignore[type-var]
    survey.take(form(15, 2, 2, clock="2:0{}:00 PM"))
    assert len(survey.scores()) == 4, "however the time is written"


def test_same_numbers_and_answers_at_another_time_are_asked_about(survey: Survey) -> None:
    """Another form, or the same replies in other times: the consultant says which."""
    survey.take(form(15, 5, 4))
    with pytest.raises(InputError, match="--same-replies"):
        survey.take(form(16, 5, 4))
    survey.take(form(16, 5, 4), same_replies=True)
    assert survey.scores() == [5, 4]


@pytest.mark.parametrize("word", ["id", "respondent"])
def test_numbers_without_a_time_never_replace_a_reply_unasked(survey: Survey, word: str) -> None:
    """A plain table numbered from 1, from another site: nothing changes until it is said."""
    survey.take([[word, FIRST], [1, 5], [2, 4]])
    with pytest.raises(InputError, match="write a letter before each number"):
        survey.take([[word, FIRST], [1, 2], [2, 4]])
    assert survey.scores() == [5, 4]
    survey.take([[word, FIRST], ["B1", 2], ["B2", 4]])
    assert survey.scores() == [5, 4, 2, 4]


def test_a_map_gives_an_answer_one_meaning(tmp_path: Path) -> None:
    """Top and TOP are one answer: two scores for it are a fault, not the later of the two."""
    path = tmp_path / "map.yaml"
    path.write_text("answers: {Top: 5, TOP: 1}\n", encoding="utf-8")
    with pytest.raises(InputError, match="one score for each answer"):
        read_survey_map(path)


def test_replies_without_numbers_are_as_many_as_were_sent(survey: Survey) -> None:
    """The file grown by an answer given before adds a person; another site's same answers replace nobody unasked."""
    first = [[FIRST], [4], [4], [5]]
    survey.take(first)
    assert len(survey.take(first).unchanged) == 3
    assert len(survey.take([*first, [4]]).new) == 1
    with pytest.raises(InputError, match="column headed respondent"):
        survey.take([[FIRST], [4], [1]])
    survey.take([["respondent", FIRST], ["B1", 4], ["B2", 1]])
    assert sorted(survey.scores()) == [1, 4, 4, 4, 4, 5]  # type: ignore[type-var]


GOOGLE = [
    ["Timestamp", FIRST, SECOND, OFTEN],
    ["2026/09/10 9:00:21 AM GMT+2", 5, 4, 3],
    ["2026/09/11 9:01:21 AM GMT+2", 1, 1, 1],
    ["2026/09/12 2:02:21 PM GMT+2", 2, 4, 5],
]
NEXT = "roadmap-1"


def turned(rows: Cells, *order: int) -> list[list[object]]:
    """Return rows with their columns in another order, or fewer of them."""
    return [[row[at] for at in order] for row in rows]


@pytest.mark.parametrize(
    "again",
    [
        [[*GOOGLE[0], NEXT], *([*row, 4] for row in GOOGLE[1:])],
        turned(GOOGLE, 0, 1, 2),
        turned(GOOGLE, 0, 3, 1, 2),
        [GOOGLE[0], *([stamp, *row[1:]] for stamp, row in zip(("9/10/2026 9:00", "9/11/2026 9:01", "9/12/2026 14:02"), GOOGLE[1:], strict=True))],
        [GOOGLE[0], *([stamp, *row[1:]] for stamp, row in zip((datetime(2026, 9, 10, 9, 0, 21), datetime(2026, 9, 11, 9, 1, 21), datetime(2026, 9, 12, 14, 2, 21)), GOOGLE[1:], strict=True))],
        [[*GOOGLE[0], "Email Address"], *([*row, "ann@example.org"] for row in GOOGLE[1:])],
    ],
    ids=["a question more", "a question fewer", "columns turned", "times by Excel", "a workbook", "a column more"],
)  # fmt: skip
def test_replies_without_numbers_are_known_in_another_form(survey: Survey, again: Cells) -> None:
    """A person is one by the minute of the reply, whatever else the export holds: nobody is counted twice."""
    survey.take(GOOGLE)
    done = survey.take(again, "table.xlsx" if isinstance(again[1][0], datetime) else "table.csv")
    assert len(done.new) == 0
    assert survey.people() == 3


def test_replies_of_one_minute_are_told_apart_by_their_answers(survey: Survey) -> None:
    """Who replies in the minute of another is another, in each export that holds them, a question more or not."""
    rows = [GOOGLE[0], ["2026/09/10 9:00:21", 5, 4, 3], ["2026/09/10 9:00:40", 1, 1, 1]]
    survey.take(rows[:2])
    done = survey.take(rows)
    assert (len(done.new), len(done.unchanged)) == (1, 1)
    assert len(survey.take([[*rows[0], NEXT], *([*row, 4] for row in rows[1:])]).changed) == 2


@pytest.mark.parametrize(
    "again",
    [
        [GOOGLE[0], GOOGLE[1], ["2026/09/14 8:00:00 AM GMT+2", 1, 1, 2], GOOGLE[3]],
        [GOOGLE[0], *([f"2026/09/1{day} 1:00:21 AM GMT-6", *row[1:]] for day, row in enumerate(GOOGLE[1:]))],
        turned(GOOGLE, 1, 2, 3),
    ],
    ids=["an edited reply", "times of another zone", "times removed"],
)
def test_replies_that_may_be_those_of_the_round_are_asked_about(survey: Survey, again: Cells) -> None:
    """An edited reply has another time: with --same-replies it takes the place of the one that the file lacks."""
    survey.take(GOOGLE)
    with pytest.raises(InputError, match="--same-replies"):
        survey.take(again)
    survey.take(again, same_replies=True)
    assert survey.people() == 3


def test_a_number_added_to_an_export_without_numbers_tells_its_replies(survey: Survey) -> None:
    """Google's form with a column headed respondent, as the question asks for: an edited reply is the same person's."""
    numbered = [["respondent", *GOOGLE[0]], *([f"p{at}", *row] for at, row in enumerate(GOOGLE[1:]))]
    survey.take(numbered)
    done = survey.take([*numbered[:3], ["p2", "2026/09/14 8:00:00 AM GMT+2", 1, 1, 1]])
    assert (len(done.changed), survey.people()) == (1, 3)


def test_another_form_s_replies_of_other_times_and_answers_are_other_people(survey: Survey) -> None:
    """Two sites' forms without numbers come in beside each other, and each may grow."""
    other = [GOOGLE[0], ["2026/09/20 9:00:21 AM", 4, 2, 1], ["2026/09/21 9:00:21 AM", 3, 3, 4]]
    survey.take(GOOGLE)
    assert len(survey.take(other).new) == 2
    assert len(survey.take([*GOOGLE, ["2026/09/22 9:00:21 AM", 5, 5, 5]]).new) == 1


@pytest.mark.parametrize(
    "again",
    [
        [[FIRST, SECOND], ["5.0", "4.0"], ["1.0", "2.0"]],
        [[SECOND, FIRST], [4, 5], [2, 1]],
        [[FIRST, SECOND, "Remark"], [5, 4, "x"], [1, 2, "y"]],
    ],
)
def test_a_plain_table_is_the_same_in_another_form(survey: Survey, again: Cells) -> None:
    """Decimals, the order of columns and columns that are not read make no other reply."""
    survey.take([[FIRST, SECOND], [5, 4], [1, 2]])
    assert len(survey.take(again).unchanged) == 2


def test_a_plain_table_with_a_question_more_is_asked_about(survey: Survey) -> None:
    """Without number and time the answers alone tell a reply; where they differ, the consultant says it."""
    survey.take([[FIRST], [5], [1]])
    with pytest.raises(InputError, match="column headed respondent"):
        survey.take([[FIRST, SECOND], [5, 4], [1, 2]])
    survey.take([[FIRST, SECOND], [5, 4], [1, 2]], same_replies=True)
    assert survey.scores() == [5, 4, 1, 2]


@pytest.mark.parametrize("numbers", [("1.0", "2.0"), ("001", "002")])
def test_a_number_is_the_same_however_it_is_written(survey: Survey, numbers: tuple[str, str]) -> None:
    """pandas writes 1.0, another program 001: the replies are known."""
    survey.take([["respondent", FIRST], [1, 5], [2, 4]])
    done = survey.take([["respondent", FIRST], [numbers[0], 5], [numbers[1], 4]])
    assert len(done.unchanged) == 2


def test_the_same_numbers_in_an_export_without_its_times_are_the_same_replies(survey: Survey) -> None:
    """Microsoft Forms without the column that tells it apart reads as a plain table; other answers are asked about."""
    survey.take(form(15, 5, 4))
    bare = turned(form(15, 5, 4), 0, 5)
    assert len(survey.take(bare).unchanged) == 2
    with pytest.raises(InputError, match="--same-replies"):
        survey.take([bare[0], [1, 2], [2, 4]])


def test_a_number_that_a_spreadsheet_rounded_is_refused(survey: Survey) -> None:
    """1.18E+11 is the number of many replies."""
    with pytest.raises(InputError, match="has rounded"):
        survey.take([["id", FIRST], ["1.18E+11", 5]])


@pytest.mark.parametrize("table", [form(9, 5, 4), GOOGLE])
def test_a_form_used_again_brings_only_what_no_earlier_round_has(
    survey: Survey, table: list[list[object]]
) -> None:
    """Its export holds the replies of all rounds: those of September are not December's, and are counted as left out."""
    survey.take(table)
    before = survey.people()
    path = survey.folder / "clients" / "t" / "client.yaml"
    facts = load(survey.folder / "clients", "t").facts
    later = facts.rounds[0].model_copy(update={"id": "2026-12", "as_of": date(2026, 12, 31)})
    path.write_bytes(dump_facts(facts.model_copy(update={"rounds": (*facts.rounds, later)})))
    new = [str(cell).replace("9/9/2026", "12/9/2026").replace("2026/09/", "2026/12/") for cell in table[-1]]
    done = survey.take([*table, new if table is GOOGLE else ["9", *new[1:]]])
    assert len(done.new) == 1
    assert any("Replies that round" in one and f"left out: {before}" in one for one in done.remarks)
    assert survey.people() == before + 1


@pytest.mark.parametrize(
    "row", [["Average", 4, 4], ["", 4, 4], ["n", 2, 2], ["max", 5, 5], ["(1=low, 5=high)", 1, 5]]
)
def test_a_row_that_sums_up_replies_is_none(survey: Survey, row: list[object]) -> None:
    """A mean, a count or a note about the scale would be a person more: it is asked about, and left out with ``partial``."""
    rows = [["respondent", FIRST, SECOND], [1, 5, 4], [2, 3, 4], row]
    with pytest.raises(InputError, match="a reply in each row"):
        survey.take(rows)
    survey.take(rows, partial=True)
    assert survey.people() == 2


def test_a_row_called_a_sum_is_none_without_numbers_either(survey: Survey) -> None:
    """Its name may stand in any column; codes with letters are numbers like any other."""
    with pytest.raises(InputError, match="a row called Mittelwert"):
        survey.take([["Unit", FIRST, SECOND], ["Sales", 5, 4], ["Sales", 3, 4], ["Mittelwert", 4, 4]])
    survey.take([["respondent", FIRST], ["n1", 5], ["x", 4], ["17b", 3]])
    assert survey.people() == 3


def test_two_replies_of_one_number_in_a_file_are_not_said_to_be_one(survey: Survey) -> None:
    """Numbers that Excel rounded: the remedy removes nobody."""
    with pytest.raises(InputError, match=r"1\.14E") as caught:
        survey.take([["id", FIRST], ["1.14E+11", 5], ["1.14E+11", 4]])
    assert "remove no row" in caught.value.faults[0].remedy


@pytest.mark.parametrize("text", ["9/3/2026 14:05:00", "3.9.2026 14:05", "2026-09-03T14:05:00Z", "9/3/26 2:05 PM", "3 September 2026, 14:05"])  # fmt: skip
def test_a_moment_is_the_same_however_it_is_written(text: str) -> None:
    """Day and month in either order, with or without seconds, by either clock."""
    assert moment_of(text) in ("2026 3 9 14:05:00", text)
    assert moment_of(text) == "2026 3 9 14:05:00"


def test_where_no_time_is_kept_there_is_none() -> None:
    """LimeSurvey writes 1980-01-01 for replies whose time it does not keep."""
    assert moment_of("1980-01-01 00:00:00") == ""
