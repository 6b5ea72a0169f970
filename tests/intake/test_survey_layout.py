"""Exports of survey services as their documentation describes them: unfinished replies, tags, a column for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.client.new_client import start_client
from toolkit.client.store import load
from toolkit.errors import InputError
from toolkit.intake import Import, import_survey, read_survey_map

TALK = "Business and IT understand each other when they discuss a project."
MATTERS = "Business and IT agree on what matters most this year."
WHO = "Which part of the company do you work in?"
IDS = ("communication-1", "priorities-1")
AGREE = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")
Rows = Sequence[Sequence[object]]

QUALTRICS = ["StartDate", "EndDate", "Progress", "Finished", "ResponseId"]
TYPEFORM = ["Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)"]
LIME = ["Response ID", "Date submitted", "Last page", "Start language", "Seed"]
LIME_GERMAN = ["Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache", "Zufallsstartwert"]
LIME_CODES = ["id", "submitdate", "lastpage", "startlanguage", "seed"]
MONKEY = ["Respondent ID", "Collector ID", "Start Date", "End Date"]
FORMS = ["ID", "Start time", "Completion time"]
DAY = "2026-09-15 09:00:00"


class Desk:
    """A client who asked the executive questions, and exports that come in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        start_client(folder, "t", "T", date(2026, 9, 30), "USD", "executive")

    def file(self, rows: Rows) -> Path:
        """Write rows as a CSV file."""
        path = self.folder / "export.csv"
        text = "\n".join(",".join('"' + str(cell).replace('"', '""') + '"' for cell in row) for row in rows)
        path.write_text(text, encoding="utf-8")
        return path

    def take(self, rows: Rows, chosen: str = "", **options: Any) -> Import:
        """Import rows, by a map if one is given; all replies are business where no column says it."""
        if chosen:
            (self.folder / "map.yaml").write_text(chosen, encoding="utf-8")
            options["mapping"] = read_survey_map(self.folder / "map.yaml")
        if not any(WHO in map(str, row) for row in rows):
            options["group"] = "business"
        return import_survey(self.folder, "t", self.file(rows), **options)

    def answers(self, question: str = IDS[0]) -> list[int | None]:
        """The record's scores of a question, in order."""
        return [one.score for one in load(self.folder, "t").responses if one.question == question]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A client without answers."""
    return Desk(tmp_path)


def qualtrics(*told: tuple[str, str]) -> Rows:
    """Two rows and the import ids above replies of which each is told to be finished, and how far it is."""
    rows = [[DAY, DAY, progress, finished, f"R_{at}", at + 2] for at, (finished, progress) in enumerate(told)]
    ids = [f'{{"ImportId":"{name}"}}' for name in [*QUALTRICS, "QID1"]]
    return [[*QUALTRICS, "Q1"], [*QUALTRICS, TALK], ids, *rows]


UNFINISHED = {
    "Qualtrics, words": qualtrics(("True", "100"), ("False", "40")),
    "Qualtrics, numbers": qualtrics(("1", "100"), ("0", "40")),
    "Typeform": [["#", TALK, *TYPEFORM], ["a", 2, "completed", DAY, "", DAY], ["b", 3, "partial", DAY, DAY, ""]],
    "Typeform, without its type": [["#", TALK, *TYPEFORM[1:]], ["a", 2, DAY, "", DAY], ["b", 3, DAY, DAY, ""]],
    "LimeSurvey": [[*LIME, TALK], [1, DAY, 3, "en", 7, 2], [2, "", 1, "en", 8, 3]],
    "LimeSurvey, German": [[*LIME_GERMAN, TALK], [1, DAY, 3, "de", 7, 2], [2, "", 1, "de", 8, 3]],
    "LimeSurvey, codes": [[*LIME_CODES, "communication1"], [1, DAY, 3, "en", 7, 2], [2, "", 1, "en", 8, 3]],
    "LimeSurvey, times not kept": [[*LIME, TALK], [1, "1980-01-01 00:00:00", 3, "en", 7, 2], [2, "", 1, "en", 8, 3]],
    "a table that says it": [["respondent", "Response Status", TALK], ["a", "Complete", 2], ["b", "Incomplete", 3]],
    "a table in Spanish": [["respondent", "Completed", TALK], ["a", "Sí", 2], ["b", "No", 3]],
}  # fmt: skip


@pytest.mark.parametrize("rows", UNFINISHED.values(), ids=UNFINISHED)
def test_unfinished_replies_are_told_and_can_be_left_out(desk: Desk, rows: Rows) -> None:
    """What a service marks as begun and not sent off counts among the replies, is told, and goes with one option."""
    last = len(rows)
    done = desk.take(rows, dry_run=True)
    told = f"Unfinished replies, read like the others (--finished-only leaves them out): 1 (row {last})."
    assert (len(done.new), [one for one in done.remarks if one.startswith("Unfinished")]) == (2, [told])
    done = desk.take(rows, finished_only=True)
    assert f"Unfinished replies, left out: 1 (row {last})." in done.remarks
    assert desk.answers() == [2]


def test_an_unfinished_reply_of_an_import_before_is_named(desk: Desk) -> None:
    """Left out now, it is still in the record, which is said with the code to look for."""
    desk.take(UNFINISHED["LimeSurvey"])
    done = desk.take(UNFINISHED["LimeSurvey"], finished_only=True)
    code = next(one.respondent for one in load(desk.folder, "t").responses if one.score == 3)
    assert any(code in remark and "responses.csv" in remark for remark in done.remarks)


def test_a_reply_that_is_finished_later_is_the_same_reply(desk: Desk) -> None:
    """LimeSurvey gives it a time then; its number is the same, and so is the person."""
    desk.take(UNFINISHED["LimeSurvey"])
    done = desk.take([[*LIME, TALK], [1, DAY, 3, "en", 7, 2], [2, "2026-09-16 10:00:00", 3, "en", 8, 3]])
    assert (len(done.new), desk.answers()) == (0, [2, 3])


def test_where_nothing_tells_it_nothing_is_left_out(desk: Desk) -> None:
    """Google Forms exports what was sent off only: the command says so, and changes nothing."""
    path = desk.file([["Timestamp", TALK], ["9/15/2026 9:00:00", 4]])
    words = ["import", "survey", "t", str(path), "--clients", str(desk.folder), "--group", "it", "--finished-only"]  # fmt: skip
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, "no column that says it" in done.output, desk.answers()) == (1, True, [])


def tagged(own: Sequence[str], values: Sequence[object], heading: str, rows: int = 1) -> Rows:
    """One reply, 4, to one question under a heading as a service's editor leaves it."""
    if rows == 2:
        return [[*own, heading], ["" for _ in own] + ["Response"], [*values, 4]]
    if rows == 3:
        ids = [f'{{"ImportId":"{name}"}}' for name in [*own, "QID1"]]
        return [[*own, "Q1"], [*own, heading], ids, [*values, 4]]
    return [[*own, heading], [*values, 4]]


TAGGED = {
    "LimeSurvey, a paragraph": tagged(LIME, [1, DAY, 3, "en", 7], f"G01Q02[SQ001]. How far? [<p>{TALK}</p>]"),
    "LimeSurvey, a style": tagged(LIME, [1, DAY, 3, "en", 7], f'G01Q02. <span style="color:#222">{TALK}</span>'),
    "LimeSurvey, a script": tagged(LIME, [1, DAY, 3, "en", 7], f"G01Q02. <script>var a = 1;</script>{TALK}"),
    "Qualtrics, bold": tagged(QUALTRICS, [DAY, DAY, 100, "True", "R_1"], f"<div><b>{TALK}</b><br></div>", 3),
    "SurveyMonkey, a word in bold": tagged(MONKEY, [118, 42, DAY, DAY], TALK.replace("IT", "<strong>IT</strong>"), 2),
    "Google Forms, a hard space": tagged(["Timestamp"], ["9/15/2026 9:00:00"], TALK.replace(" a ", "&nbsp;a ")),
    "Microsoft Forms, Markdown": tagged(FORMS, [1, "9/15/2026 9:00:00", "9/15/2026 9:01:00"], f"**{TALK}**"),
    "Typeform, italics": tagged(["#", *TYPEFORM], ["a", "completed", DAY, "", DAY], f"_{TALK}_"),
    "a plain table, its id": tagged(["respondent"], ["a"], "<p>communication-1</p>"),
}  # fmt: skip


@pytest.mark.parametrize("rows", TAGGED.values(), ids=TAGGED)
def test_tags_come_off_a_wording_whatever_the_service(desk: Desk, rows: Rows) -> None:
    """A question is found however its editor marked it."""
    desk.take(rows)
    assert desk.answers() == [4]


@pytest.mark.parametrize(
    "text", ["<script>" * 100_000, "<p" * 500_000, "*_" * 500_000, "<!--" * 250_000, "a - " * 250_000]
)
def test_a_cell_of_nothing_but_marks_takes_no_time(desk: Desk, text: str) -> None:
    """A megabyte of opened tags is refused as any other text is, within seconds, as a heading and as an answer."""
    begun = perf_counter()
    with pytest.raises(InputError):
        desk.take([["respondent", "communication-1"], ["a", text]])
    with pytest.raises(InputError):
        desk.take([["respondent", text], ["a", "4"]])
    assert perf_counter() - begun < 20


def test_tags_come_off_answers_and_groups(desk: Desk) -> None:
    """What LimeSurvey keeps around an answer's label is no part of it."""
    desk.take([[*LIME, WHO, TALK], [1, DAY, 3, "en", 7, "<b>IT</b>", "<p>Strongly agree</p>"]])
    assert [(one.group, one.score) for one in load(desk.folder, "t").responses] == [("it", 5)]


def ticks(score: int | None, ticked: Sequence[object], blank: object = "") -> list[object]:
    """Five cells, of which the one of a score is ticked by what stands there for it."""
    return [ticked[at] if at + 1 == score else blank for at in range(5)]


UNFOLDED = {
    "SurveyMonkey, one question": [
        [*MONKEY, TALK, "", "", "", ""], ["", "", "", "", *AGREE],
        [118, 42, DAY, DAY, *ticks(4, AGREE)], [119, 42, DAY, DAY, *ticks(1, AGREE)]],
    "SurveyMonkey, numbers": [
        [*MONKEY, TALK, "", "", "", ""], ["", "", "", "", *AGREE],
        [118, 42, DAY, DAY, *ticks(4, range(1, 6))], [119, 42, DAY, DAY, *ticks(1, range(1, 6))]],
    "SurveyMonkey, a matrix": [
        [*MONKEY, "How far do you agree?", *[""] * 4], ["", "", "", "", *(f"{TALK} - {one}" for one in AGREE)],
        [118, 42, DAY, DAY, *ticks(4, AGREE)], [119, 42, DAY, DAY, *ticks(1, AGREE)]],
    "LimeSurvey, yes and no": [
        [*LIME, *(f"G01Q02[SQ00{at}]. {TALK} [{one}]" for at, one in enumerate(AGREE))],
        [1, DAY, 3, "en", 7, *ticks(4, ["Yes"] * 5, "No")], [2, DAY, 3, "en", 8, *ticks(1, ["Yes"] * 5, "No")]],
    "a table of ones and noughts": [
        ["respondent", *(f"{TALK} - {one}" for one in AGREE)],
        ["a", *ticks(4, [1] * 5, 0)], ["b", *ticks(1, [1] * 5, 0)]],
    "a table of crosses under numbers": [
        ["respondent", *(f"communication-1 [{one}]" for one in range(1, 6))],
        ["a", *ticks(4, ["x"] * 5)], ["b", *ticks(1, ["x"] * 5)]],
}  # fmt: skip


@pytest.mark.parametrize("rows", UNFOLDED.values(), ids=UNFOLDED)
def test_a_column_for_each_answer_is_read_as_one_question(desk: Desk, rows: Rows) -> None:
    """Of an expanded export, the answer is the heading of the column that is ticked."""
    done = desk.take(rows)
    assert desk.answers() == [4, 1]
    assert any(remark.startswith("Read from several columns") for remark in done.remarks)


def test_a_reply_without_a_tick_gives_no_answer(desk: Desk) -> None:
    """None of the five columns ticked is a question left out."""
    rows = UNFOLDED["SurveyMonkey, one question"]
    desk.take([[*rows[0], MATTERS], [*rows[1], "Response"], [*rows[2], "Agree"], [118.5, 42, DAY, DAY, *[""] * 5, "Agree"]])  # fmt: skip
    assert (desk.answers(), desk.answers(IDS[1])) == ([4, None], [4, 4])


def test_two_ticks_are_no_answer(desk: Desk) -> None:
    """Of a question that takes one answer, a row with two is refused with both."""
    head = ["respondent", *(f"{TALK} - {one}" for one in AGREE)]
    with pytest.raises(InputError, match="2 answers: Agree, Strongly agree"):
        desk.take([head, ["a", "", "", "", 1, 1]])


def test_answers_that_are_not_known_are_named(desk: Desk) -> None:
    """A question that lies in columns of a scale that is not ours is not dropped without a word."""
    words = ("Not at all", "A bit", "Rather", "Much", "Wholly")
    rows = [[*MONKEY, TALK, *[""] * 4, MATTERS], ["", "", "", "", *words, "Response"],
            [118, 42, DAY, DAY, *ticks(4, words), 4]]  # fmt: skip
    with pytest.raises(InputError, match="5 columns for one question: Not at all, A bit") as caught:
        desk.take(rows)
    assert "“Condensed”" in caught.value.faults[0].remedy
    left_out = "\n".join(f"  '{TALK} {word}': ''" for word in words)
    desk.take(rows, f"questions:\n{left_out}\n")
    assert (desk.answers(), desk.answers(IDS[1])) == ([], [4])


CODES = {
    "LimeSurvey's codes": ("{AO01: 1, AO02: 2, AO03: 3, AO04: 4, AO05: 5}", ["AO01", "AO05", "AO03"], [1, 5, 3]),
    "codes turned": ("{A1: 5, A2: 4, A3: 3, A4: 2, A5: 1}", ["A1", "A5", "A2"], [5, 1, 4]),
    "a word for none": ("{AO05: 5, n/a: missing}", ["AO05", "n/a", "AO05"], [5, None, 5]),
    "a number for none": ("{-99: missing, 88: ''}", ["4", "-99", "88"], [4, None, None]),
    "Dutch": ("{Mee eens: 4, Helemaal mee eens: 5, Weet niet: missing}", ["Mee eens", "helemaal mee eens", "Weet niet"], [4, 5, None]),
    "Swedish": ("{Instämmer helt: 5, Instämmer inte alls: 1, Vet ej: missing}", ["Instämmer helt", "Vet ej", "Instämmer inte alls"], [5, None, 1]),
    "Japanese": ("{そう思う: 4, 全くそう思わない: 1}", ["そう思う", "全くそう思わない", "N/A"], [4, 1, None]),
}  # fmt: skip


@pytest.mark.parametrize(("meant", "cells", "scores"), CODES.values(), ids=CODES)
def test_a_map_says_what_words_and_codes_mean(
    desk: Desk, meant: str, cells: Sequence[str], scores: list[int | None]
) -> None:
    """Each code and word becomes the score that the map gives it; none is guessed before."""
    rows = [["respondent", IDS[0]], *([f"r{at}", cell] for at, cell in enumerate(cells))]
    with pytest.raises(InputError):
        desk.take(rows)
    desk.take(rows, f"answers: {meant}\n")
    assert desk.answers() == scores


def test_a_meaning_is_remembered(desk: Desk) -> None:
    """What a map said once holds for the client's next export of the service."""
    rows = [[*LIME, TALK], [1, DAY, 3, "en", 7, "AO04"], [2, DAY, 3, "en", 8, "k.A."]]
    desk.take(rows, "answers: {AO04: 4, AO05: 5, k.A.: missing}\n")
    desk.take([*rows, [3, DAY, 3, "en", 9, "AO05"]])
    assert desk.answers() == [4, None, 5]


@pytest.mark.parametrize("own", [FORMS, ["ID", "Startzeit", "Fertigstellungszeit"], ["id", "Heure de début", "Heure de fin"]])  # fmt: skip
def test_a_second_form_replaces_nobody(desk: Desk, own: Sequence[str]) -> None:
    """Forms numbers each form's replies from 1: another time of completion is another person."""
    for day, score, many in (("15", 5, 6), ("16", 2, 4)):
        desk.take([[*own, TALK], *([at, f"2026-09-{day} 09:00:00", f"2026-09-{day} 09:0{at}:00", score] for at in range(1, many + 1))])  # fmt: skip
    assert sorted(desk.answers()) == [2] * 4 + [5] * 6  # type: ignore[type-var]


@pytest.mark.parametrize("number", ["1.14E+11", "1,14E+11", "1E+11"])
def test_rounded_numbers_remove_nobody(desk: Desk, number: str) -> None:
    """Numbers of replies that Excel has rounded are named as such, and no row is to be removed."""
    head = [[*MONKEY, TALK], ["", "", "", "", "Response"]]
    with pytest.raises(InputError, match="rounded by a spreadsheet") as caught:
        desk.take([*head, [number, 42, DAY, DAY, 4], [number, 42, DAY, DAY, 2]])
    assert all("remove no row" in one.remedy for one in caught.value.faults)


BESIDE = {
    "behind, in brackets": ("Strongly agree (5)", "Agree (4)"),
    "before, in brackets": ("(5) Strongly agree", "(4) Agree"),
    "an equals sign": ("5 = Strongly agree", "4 = Agree"),
    "German": ("Stimme voll und ganz zu (5)", "Stimme zu (4)"),
    "French": ("Tout à fait d'accord - 5", "D'accord - 4"),
    "Spanish": ("5. Totalmente de acuerdo", "4. De acuerdo"),
}


@pytest.mark.parametrize("cells", BESIDE.values(), ids=BESIDE)
def test_a_number_beside_its_words(desk: Desk, cells: tuple[str, str]) -> None:
    """On either side, in any language that is known, number and words say the same."""
    desk.take([["respondent", IDS[0]], ["a", cells[0]], ["b", cells[1]]])
    assert desk.answers() == [5, 4]


@pytest.mark.parametrize("cell", ["1 - Totalmente de acuerdo", "Stimme voll und ganz zu (1)", "5 (Strongly disagree)"])  # fmt: skip
def test_number_and_words_that_contradict_are_asked_about(desk: Desk, cell: str) -> None:
    """A scale turned round is refused with its remedy; no score is taken from either."""
    with pytest.raises(InputError, match="number and words agreeing"):
        desk.take([["respondent", IDS[0]], ["a", cell]])
    assert desk.answers() == []


@pytest.mark.parametrize(
    "words",
    [("Strongly disagree", "Disagree", "Slightly disagree", "Neutral", "Slightly agree", "Agree", "Strongly agree"),
     ("Stimme überhaupt nicht zu", "Stimme nicht zu", "Stimme eher nicht zu", "Stimme eher zu", "Stimme zu"),
     ("1", "2", "3", "4", "5", "6", "7"), ("0", "1", "2", "3", "4")],
    ids=["seven", "six in German", "one to seven", "from nought"],
)  # fmt: skip
def test_a_longer_scale_is_refused_whole(desk: Desk, words: Sequence[str]) -> None:
    """Not one answer of a scale that is not of five from 1 is taken."""
    rows = [["respondent", IDS[0]], *([f"r{at}", word] for at, word in enumerate(words))]
    with pytest.raises(InputError, match="one scale from 1 to 5"):
        desk.take(rows)
    desk.take(rows, partial=True)
    assert [score for score in desk.answers() if score] == []


def test_a_heading_without_a_wording_is_passed_over(desk: Desk) -> None:
    """A code whose second row is blank asks nothing that is known; the rest is read."""
    rows = [list(row) for row in UNFINISHED["Qualtrics, words"]]
    for row, cell in zip(rows, ("Q2", "", '{"ImportId":"QID2"}', 1, 1), strict=True):
        row.append(cell)
    desk.take(rows)
    assert desk.answers() == [2, 3]
