"""What a consultant tells of a survey's columns, and what is remembered, decided or asked."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from patience import HANG
from survey_exports import (
    COMMENTS,
    EXPECTED,
    IDS,
    TEXTS,
    Grid,
    Survey,
    csv_of,
    forms,
    google,
    lime,
    monkey,
    typeform,
)

from toolkit.cli import main
from toolkit.client.store import load
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import ConflictError, InputError
from toolkit.intake import SurveyMap, read_survey_map
from toolkit.intake.date import days_sent
from toolkit.intake.survey_comments import EMAIL_REMOVED, PHONE_REMOVED, read_comment


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    """A client who asked the pulse."""
    return Survey(tmp_path)


def renamed(grid: Grid, at: int, title: str) -> Grid:
    """Return a table with another heading in its first row."""
    return [[title if i == at else cell for i, cell in enumerate(grid[0])], *grid[1:]]


def grouped(words: list[str]) -> Grid:
    """Return an export of Microsoft Forms whose replies say these words for their group."""
    head, *rows = renamed(forms(), 5, "Which part of the company do you work in?")
    return [head, *([*row[:5], word, *row[6:]] for row, word in zip(rows, words, strict=True))]


SALES = SurveyMap(groups={"Sales": "business", "Data Centre": "it"})
OWN_WORDS = grouped(["Sales", "sales ", "Data Centre"])


# A map, given and remembered


def test_a_map_names_a_column_that_nothing_else_would(survey: Survey) -> None:
    """A question whose heading says neither its id nor its wording is read as the map says."""
    grid = renamed(forms(), 6, "How well do we talk?")
    given_map = SurveyMap(questions={"how well do we TALK?": IDS[0]})
    survey.take(csv_of(grid), mapping=given_map)
    assert survey.answers() == EXPECTED


def test_what_an_import_resolved_is_remembered_and_used(survey: Survey) -> None:
    """The next export of the same service needs no map; another service's has its own."""
    grid = renamed(OWN_WORDS, 6, "How well do we talk?")
    survey.take(
        csv_of(grid), mapping=SALES.model_copy(update={"questions": {"How well do we talk?": IDS[0]}})
    )
    assert len(survey.take(csv_of(grid)).unchanged) == 3
    assert read_survey_map(survey.clients / "acme/maps/survey-microsoft-forms.yaml").groups == {
        "Sales": "business", "Data Centre": "it"}  # fmt: skip
    assert survey.map_of("google-forms") == ""


@pytest.mark.parametrize("how", ["dry run", "refused"])
def test_nothing_is_remembered_of_an_import_that_did_not_happen(survey: Survey, how: str) -> None:
    """A dry run and a refusal leave no map behind."""
    grid = forms()
    if how == "dry run":
        survey.take(csv_of(grid), dry_run=True)
    else:
        grid[1][6] = "perhaps"
        with pytest.raises(InputError):
            survey.take(csv_of(grid))
    assert not (survey.clients / "acme" / "maps").exists()


@pytest.mark.parametrize("make", [forms, google, typeform, monkey])
def test_an_id_in_brackets_names_a_question(survey: Survey, make: Callable[[], Grid]) -> None:
    """Whatever words a client puts before it, an id in square brackets at the end of a heading is found."""
    grid = make() if make is not monkey else monkey(matrix=False)
    at = grid[0].index(TEXTS[0])
    survey.take(csv_of(renamed(grid, at, f"Do we talk, would you say? [{IDS[0]}]")))
    assert survey.answers() == EXPECTED


def test_a_given_map_must_fit_and_a_remembered_one_need_not(survey: Survey) -> None:
    """Headings, ids and the group's column of a given map that are not there are each told; remembered ones are not."""
    survey.take(csv_of(forms()))
    wrong = SurveyMap(questions={"No such": IDS[0], "Which tools?": "no-such"}, group="Nor this")
    with pytest.raises(InputError) as caught:
        survey.take(csv_of(forms()), mapping=wrong)
    assert [one.found for one in caught.value.faults] == [
        "no column No such, which the map names",
        "no column Nor this, which the map names",
        "no such question in the round",
    ]
    survey.take(csv_of([row[:-3] for row in forms()]))
    assert survey.answers() == EXPECTED
    assert TEXTS[5] in survey.map_of("microsoft-forms")


def test_a_given_map_stands_above_the_remembered_one(survey: Survey) -> None:
    """A question told to another column leaves the one it was remembered for; an empty id leaves a column out."""
    survey.take(csv_of(forms()))
    grid = [[*row, cell] for row, cell in zip(forms(), ["Asked again", "1", "1", "1"], strict=True)]
    survey.take(csv_of(grid), mapping=SurveyMap(questions={"Asked again": IDS[0], TEXTS[1]: ""}))
    assert {scores[0] for _, scores in survey.answers()} == {1}
    done = survey.take(csv_of(grid), dry_run=True)
    assert (TEXTS[0] in done.dropped, TEXTS[1] in done.dropped) == (True, True)
    whys = {one.where.partition("column ")[2]: one.found for one in done.unused}
    assert whys[TEXTS[1]] == "a column that the map says is not used"


def test_a_column_told_to_be_something_else_is(survey: Survey) -> None:
    """What was remembered as a comment can be told to be a question, and the other way round."""
    grid = [[*row, cell] for row, cell in zip(forms(), ["More", "2", "2", "2"], strict=True)]
    as_comment, as_question = SurveyMap(comments={"More": IDS[0]}), SurveyMap(questions={"More": IDS[0]})
    survey.take(csv_of(grid), mapping=as_comment)
    survey.take(csv_of(grid), mapping=as_question)
    assert {scores[0] for _, scores in survey.answers()} == {2}
    survey.take(csv_of(grid), mapping=as_comment)
    assert survey.answers() == EXPECTED
    assert survey.comments() == [(IDS[0], "2")] * 3


def test_a_heading_that_holds_an_address_is_not_remembered(survey: Survey) -> None:
    """Where a header was lost a person may stand in its place; the answers come all the same."""
    survey.take(csv_of(renamed(forms(), 5, "bob@example.org")))
    assert survey.answers() == EXPECTED
    assert "bob" not in survey.map_of("microsoft-forms")


def test_a_map_can_tell_two_columns_headed_alike_apart(survey: Survey) -> None:
    """The second of two equal headings is named with its number."""
    grid = [
        [*row, *more]
        for row, more in zip(renamed(forms(), 6, "Rate it"), [["Rate it"], *[["2"]] * 3], strict=True)
    ]
    survey.take(csv_of(grid), mapping=SurveyMap(questions={"Rate it": IDS[0], "Rate it (2)": ""}))
    assert survey.answers() == EXPECTED
    assert survey.take(csv_of(grid)).dropped[-1] == "Rate it (2)"


def test_a_question_in_two_columns_is_asked_about(survey: Survey) -> None:
    """Which of two columns holds the answers is not guessed."""
    grid = [[*row, row[6]] for row in forms()]
    with pytest.raises(InputError, match=f"{IDS[0]} in more than one column"):
        survey.take(csv_of(grid))


@pytest.mark.parametrize("what", ["link", "folder is a link", "no map"])
def test_a_remembered_map_that_is_none_is_refused(survey: Survey, what: str) -> None:
    """A link out of the client's folder, or a file edited into nonsense: told, before anything is written."""
    home, elsewhere = survey.clients / "acme" / "maps", survey.folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "survey-microsoft-forms.yaml").write_text("dates: day first")
    if what == "folder is a link":
        home.symlink_to(elsewhere)
    else:
        home.mkdir()
        path = home / "survey-microsoft-forms.yaml"
        if what == "link":
            path.symlink_to(elsewhere / path.name)
        else:
            path.write_text("groups: {Sales: everyone}\nquestions: 3")
    before = survey.files()
    with pytest.raises(InputError, match="acme, maps"):
        survey.take(csv_of(forms()))
    assert survey.files() == before
    assert (elsewhere / "survey-microsoft-forms.yaml").read_text() == "dates: day first"


def test_a_file_in_the_maps_place_is_a_remark(survey: Survey) -> None:
    """The answers are in the record by then; that the map could not be kept is said."""
    (survey.clients / "acme" / "maps").write_text("not a folder")
    assert "could not be remembered" in survey.take(csv_of(forms())).remarks[-1]
    assert survey.answers() == EXPECTED


def test_the_command_takes_a_map_and_the_order_of_dates(survey: Survey) -> None:
    """``--map`` and ``--dates`` reach the import of a survey."""
    path, map_file = survey.folder / "export.csv", survey.folder / "m.yaml"
    path.write_bytes(
        csv_of([OWN_WORDS[0], *([*row[:1], "3/4/27", "3/4/27", *row[3:]] for row in OWN_WORDS[1:])])
    )
    map_file.write_text("groups:\n  Sales: business\n  Data Centre: it\n")
    words = ["acme", str(path), "--clients", str(survey.clients), "--dates", "day-first"]
    done = CliRunner().invoke(main, ["import", "survey", *words, "--map", str(map_file)])
    assert (done.exit_code, "Replies of 2027-04-03." in done.output) == (0, True)
    assert (survey.answers(), "dates: day first" in survey.map_of("microsoft-forms")) == (EXPECTED, True)


@pytest.mark.parametrize(
    "data", [b"groups: {Sales: everyone}", b"quesions: {}", b"\xff", b"questions: {a: [b]}", None]
)
def test_a_file_that_is_no_map_is_refused_in_words(tmp_path: Path, data: bytes | None) -> None:
    """Unknown fields, groups and shapes, and a file that is not there."""
    if data is not None:
        (tmp_path / "m.yaml").write_bytes(data)
    with pytest.raises(InputError):
        read_survey_map(tmp_path / "m.yaml")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no devices that are files")
def test_a_device_is_no_map() -> None:
    """Nothing is read from what may never end."""
    with pytest.raises(InputError, match="folder or device"):
        read_survey_map(Path(os.devnull))


# Groups


def test_the_clients_own_words_for_groups_are_asked_about_once(survey: Survey) -> None:
    """Each unknown word is told with how many say it and how to map it; nothing is written."""
    before = survey.files()
    with pytest.raises(InputError) as caught:
        survey.take(csv_of(grouped(["Sales", "Sales", "Data Centre"])))
    assert [one.found for one in caught.value.faults] == ["Sales (2 replies)", "Data Centre (1 reply)"]
    assert "groups: {'Sales': business}" in caught.value.faults[0].remedy
    assert survey.files() == before
    survey.take(csv_of(OWN_WORDS), mapping=SALES)
    assert survey.answers() == EXPECTED


def test_replies_of_an_unknown_group_may_be_left_out(survey: Survey) -> None:
    """With ``partial`` they are left out by row, and the word is told."""
    done = survey.take(csv_of(grouped(["Business", "Catering", "IT"])), partial=True)
    assert (done.rejected, [one.found for one in done.unreadable]) == ((3,), ["Catering (1 reply)"])
    assert [group for group, _ in survey.answers()] == ["business", "it"]


def test_a_map_says_which_column_is_the_groups(survey: Survey) -> None:
    """Of two columns that both might, or one whose heading says nothing, the map's counts."""
    two = [[*row, cell] for row, cell in zip(forms(), ["Seat", "IT", "IT", "IT"], strict=True)]
    with pytest.raises(InputError, match="the columns Which group do you belong to"):
        survey.take(csv_of(two))
    survey.take(csv_of(two), mapping=SurveyMap(group="Which group do you belong to?"))
    assert survey.answers() == EXPECTED


# Dates


def sent_of(cells: list[object]) -> dict[int, object]:
    """Return a column that says when replies were sent, by row."""
    return dict(enumerate(cells, 2))


@given(
    days=st.lists(st.dates(date(2020, 1, 1), date(2030, 12, 31)), min_size=1, max_size=8),
    form=st.sampled_from(["%d/%m/%Y %H:%M", "%m/%d/%Y", "%m-%d-%y", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d", "%d %B %Y", "%b %d, %Y"]),
)  # fmt: skip
def test_no_day_is_read_as_another(days: list[date], form: str) -> None:
    """Whatever the form, each day is read as it is or the whole column is left undecided."""
    read = days_sent(sent_of([day.strftime(form) for day in days]), "")
    if read.undecided:
        assert all(day.day <= 12 for day in days)
        assert any(day.day != day.month for day in days)
    else:
        assert [*read.by_row.values()] == days


@given(days=st.lists(st.dates(date(2020, 1, 1), date(2030, 12, 31)), min_size=1, max_size=8))
def test_what_is_told_decides_only_what_the_column_leaves_open(days: list[date]) -> None:
    """With the right order told every day is read; a wrong one cannot change a column that shows its own."""
    cells: list[object] = [day.strftime("%d/%m/%Y") for day in days]
    assert [*days_sent(sent_of(cells), "day first").by_row.values()] == days
    if any(day.day > 12 for day in days):
        assert [*days_sent(sent_of(cells), "month first").by_row.values()] == days


def test_a_column_that_contradicts_itself_is_undecided() -> None:
    """One day that begins with its day and one that begins with its month: neither order is taken."""
    read = days_sent(sent_of(["14/03/2027", "03/14/2027", "05/05/2027"]), "day first")
    assert (read.undecided, read.by_row) == ("14/03/2027", {4: date(2027, 5, 5)})


@pytest.mark.parametrize(
    "cell", ["31/02/2027", "yesterday", "2027-13-01", "14 Foo 2027", "44999", 44999, "14 03 2027"]
)
def test_what_is_no_day_is_told(cell: object) -> None:
    """A day that does not exist, a word or a bare number is left out by row."""
    assert days_sent(sent_of([cell, date(2027, 3, 4)]), "").unreadable == (2,)


def test_days_that_cannot_be_told_are_a_remark_until_they_matter(survey: Survey) -> None:
    """In an open round the import goes on; in a closed one it asks, and with the answer says which came late."""
    grid = typeform(day="03/04/2027 09:05")
    done = survey.take(csv_of(grid[:-1]))
    assert any("Whether 03/04/2027 begins with the day or the month" in one for one in done.remarks)
    facts = load(survey.clients, "acme").facts
    closed = facts.rounds[0].model_copy(update={"closed": date(2027, 3, 20)})
    path = survey.clients / "acme" / "client.yaml"
    path.write_bytes(dump_facts(facts.model_copy(update={"rounds": (closed,)})))
    assert survey.take(csv_of(grid[:-1])).files == {}
    with pytest.raises(InputError, match="--dates day-first or --dates month-first"):
        survey.take(csv_of(grid))
    with pytest.raises(ConflictError, match="Sent after it closed: 1"):
        survey.take(csv_of(grid), mapping=SurveyMap(dates="day first"))
    with pytest.raises(ConflictError) as caught:
        survey.take(csv_of(grid), mapping=SurveyMap(dates="month first"))
    assert "after" not in str(caught.value)


def test_the_order_a_column_showed_is_remembered(survey: Survey) -> None:
    """A first export with a 14th decides; a later one with none of them needs no asking."""
    survey.take(csv_of(typeform(day="14/03/2027 09:05")))
    done = survey.take(csv_of(typeform(day="03/04/2027 09:05")))
    assert "Replies of 2027-04-03." in done.remarks


# Comments


def test_a_map_says_which_question_a_comment_belongs_to(survey: Survey) -> None:
    """A column whose heading names no question is a comment where the map says so, and remembered."""
    grid = google(why=("Tell us more", "Thoughts"))
    survey.take(csv_of(grid))
    assert survey.comments() == []
    survey.take(csv_of(grid), mapping=SurveyMap(comments={"Tell us more": IDS[0], "Thoughts": IDS[1]}))
    assert survey.comments() == COMMENTS
    assert "Tell us more: communication-1" in survey.map_of("google-forms")


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        (f"Comments on {TEXTS[0]}", IDS[0]), (f"{TEXTS[0]} – why?", IDS[0]), (f"{TEXTS[0]} (please explain)", IDS[0]),
        (f"{TEXTS[0]} Kommentar", IDS[0]), ("communication-1 comment", IDS[0]), ("communication1_why", IDS[0]),
        ("Why?", IDS[5]), ("Please explain your answer", IDS[5]), ("Pourquoi ?", IDS[5]), ("Begründung", IDS[5]),
        ("Any comments", ""), ("Comments", ""), ("What else? Why?", ""), ("Comments on the canteen", ""), ("Whyever", ""),
    ],
)  # fmt: skip
def test_a_heading_says_what_a_comment_is_about(survey: Survey, heading: str, question: str) -> None:
    """It names the question, follows it, or is about none: a lone "Comments" at the end is on the whole survey."""
    grid = [[*row, cell] for row, cell in zip(lime(head="text"), [heading, "Said", "", ""], strict=True)]
    done = survey.take(csv_of(grid))
    assert survey.comments() == ([(question, "Said")] if question else [])
    assert (heading in done.dropped) == (not question)


def test_a_why_that_follows_another_question_is_not_remembered_for_the_first(survey: Survey) -> None:
    """A heading that names no question means the one before it in each file anew."""
    survey.take(
        csv_of([[*row[:7], cell, *row[7:]] for row, cell in zip(forms(), ["Why?", "A", "", ""], strict=True)])
    )
    later = [[*row[:8], cell, *row[8:]] for row, cell in zip(forms(), ["Why?", "B", "", ""], strict=True)]
    survey.take(csv_of(later))
    assert survey.comments() == [(IDS[0], "A"), (IDS[1], "B")]


def test_a_comment_of_the_record_is_not_overwritten(survey: Survey) -> None:
    """What a consultant shortened stays short when the export comes again; that it differs is said."""
    grid = google(why=[f"Comments on {text}" for text in TEXTS[:2]])
    survey.take(csv_of(grid))
    path = survey.clients / "acme" / "responses.csv"
    path.write_bytes(path.read_bytes().replace("Zu spät – immer".encode(), b"Late"))
    done = survey.take(csv_of(grid))
    assert done.files == {}
    assert "Comments that differ from the record's, which stays as it is: 1." in done.remarks
    assert (IDS[0], "Late") in survey.comments()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mail ann.o'hara+x@mail.example.org, please", f"mail {EMAIL_REMOVED}, please"),
        ("call +49 170 1234567!", f"call {PHONE_REMOVED}!"),
        ("(030) 123-4567", PHONE_REMOVED), ("0170/1234567 or 555.123.4567", f"{PHONE_REMOVED} or {PHONE_REMOVED}"),
        ("on 14.03.2027 and 2027-03-14", "on 14.03.2027 and 2027-03-14"),
        ("from 2021 2022 2023 on", "from 2021 2022 2023 on"),
        ("cost 1,242,000 or 350 000", "cost 1,242,000 or 350 000"), ("ticket 123456", "ticket 123456"),
        ("a\x00b\x1b[31m\r\nc\x85", "a b [31m\nc"), ("@home", "@home"),
    ],
)  # fmt: skip
def test_addresses_and_numbers_are_taken_out_of_comments(text: str, kept: str) -> None:
    """E-mail addresses and telephone numbers are replaced; dates, years, amounts and short numbers are not."""
    assert read_comment(text)[0] == kept


@given(
    st.text(max_size=300), st.sampled_from(["ann@example.org", "+49 170 1234567", "a.b-c@mail.example.co.uk"])
)
def test_no_address_gets_through(around: str, personal: str) -> None:
    """Whatever stands around it, apart from it by a space, an address or number is taken out."""
    kept, found = read_comment(f"{around} {personal} {around}")
    assert found
    assert personal not in kept.replace(around, "")


def test_what_was_taken_out_is_said_by_row(survey: Survey) -> None:
    """The remark counts the rows; the address is nowhere in the client's folder."""
    grid = google(why=(f"Comments on {TEXTS[0]}",))
    grid[2][4] = "Ask bob@example.org"
    done = survey.take(csv_of(grid))
    assert (
        "Comments from which an e-mail address or telephone number was taken out: 1 (row 3)." in done.remarks
    )
    everything = b"".join(path.read_bytes() for path in survey.clients.rglob("*") if path.is_file())
    assert b"bob@" not in everything


def test_a_comment_too_long_is_told_and_not_cut(survey: Survey) -> None:
    """Over 20,000 characters it is refused with its row; with ``partial`` the answers come without it."""
    grid = google(why=(f"Comments on {TEXTS[0]}",))
    grid[1][4] = "x" * 20_001
    with pytest.raises(InputError, match="20,001 characters"):
        survey.take(csv_of(grid))
    survey.take(csv_of(grid), partial=True)
    assert (survey.answers(), [text for _, text in survey.comments()]) == (EXPECTED, ["“Yes”, often"])


def test_hostile_headings_do_not_slow_the_import(survey: Survey) -> None:
    """Headings made to be hard to search do not make it hang."""
    for heading in ("-" * 30_000, "a " * 15_000, "(" * 30_000 + "why", "comments on " * 2_500, "*" * 30_000):
        begun = time.process_time()
        survey.take(csv_of(renamed(typeform(), 8, heading)), dry_run=True)
        assert time.process_time() - begun < HANG
