"""Survey services' exports, made after their documented layouts: each gives the same tidy answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from soak_surveys import soak
from survey_exports import (
    CASES,
    COMMENTS,
    EXPECTED,
    GERMAN_FORMS,
    PULSE,
    Case,
    Grid,
    Survey,
    as_german,
    csv_of,
    forms,
    lime,
    monkey,
    qualtrics,
    xlsx_of,
)

from toolkit.cli import main
from toolkit.client.schema import RoundGroup
from toolkit.client.store import load
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import ConflictError, InputError
from toolkit.intake import import_survey, preview, report
from toolkit.intake.cell import Unreadable
from toolkit.intake.survey_answers import read_score

each_case = pytest.mark.parametrize("case", CASES, ids=[f"{one.service}, {one.what}" for one in CASES])


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    """A client who asked the pulse."""
    return Survey(tmp_path)


def close(survey: Survey, day: date) -> None:
    """Close the client's round."""
    facts = load(survey.clients, "acme").facts
    closed = facts.rounds[0].model_copy(update={"closed": day})
    path = survey.clients / "acme" / "client.yaml"
    path.write_bytes(dump_facts(facts.model_copy(update={"rounds": (closed,)})))


@each_case
def test_each_layout_comes_to_the_same_answers(survey: Survey, case: Case) -> None:
    """Whatever service, language, code, wording, encoding or date: the same scores, comments and day."""
    done = survey.take(case.data, case.name)
    assert survey.answers() == EXPECTED
    assert survey.comments() == (COMMENTS if case.comments else [])
    assert f"Read as an export of {case.service}," in done.remarks[0]
    assert "Replies of 2027-03-14." in done.remarks


@each_case
def test_a_second_import_changes_nothing(survey: Survey, case: Case) -> None:
    """Imported again, the replies are known; record and remembered map stay byte for byte."""
    survey.take(case.data, case.name)
    survey.take(case.data, case.name)
    before = {path: path.read_bytes() for path in survey.clients.rglob("*") if path.is_file()}
    done = survey.take(case.data, case.name)
    assert (len(done.unchanged), done.files) == (3, {})
    assert {path: path.read_bytes() for path in survey.clients.rglob("*") if path.is_file()} == before


@each_case
def test_nothing_of_the_person_reaches_the_client(survey: Survey, case: Case) -> None:
    """No name, address or network address of an export stands in any file of the client."""
    survey.take(case.data, case.name)
    everything = b"".join(path.read_bytes() for path in survey.clients.rglob("*") if path.is_file())
    assert not [word for word in (b"ann@example.org", b"Ann", b"192.0.2.7") if word in everything]


def test_a_reply_more_leaves_the_others_as_they_are(survey: Survey) -> None:
    """Of an export that has grown only the new reply is new."""
    survey.take(csv_of(lime()[:-1]))
    done = survey.take(csv_of(lime()))
    assert (len(done.new), len(done.changed), len(done.unchanged)) == (1, 0, 2)


@pytest.mark.parametrize(
    "write",
    [xlsx_of, lambda g: csv_of(g, ";"), lambda g: csv_of(g, "\t"), lambda g: csv_of(g, encoding="utf-8-sig"),
     lambda g: csv_of(g, "\t", "utf-16"), lambda g: csv_of(g, encoding="cp1252")],
    ids=["workbook", "semicolons", "tabs", "byte-order mark", "UTF-16", "Windows-1252"],
)  # fmt: skip
def test_the_form_of_the_file_does_not_matter(survey: Survey, write: Callable[[Grid], bytes]) -> None:
    """The same table in another form holds the same replies: the second import finds them all known."""
    data = write(forms(as_german, GERMAN_FORMS))
    survey.take(csv_of(forms(as_german, GERMAN_FORMS)))
    done = survey.take(data, "export.xlsx" if data[:2] == b"PK" else "export.csv")
    assert (len(done.unchanged), survey.answers()) == (3, EXPECTED)


def test_the_first_reply_under_a_blank_second_header_is_read(survey: Survey) -> None:
    """A blank row under SurveyMonkey's header is no row of a CSV file; no reply is taken for it."""
    grid = monkey(matrix=False)
    assert len(survey.take(csv_of([grid[0], *grid[2:]])).new) == 3


def test_spam_and_trials_are_left_out(survey: Survey) -> None:
    """What Qualtrics marks as preview, test or spam, by word or number, is no reply."""
    for status in ("Survey Preview", "Survey Test", "Spam", "1", "8"):
        grid = qualtrics()
        grid[4][2] = status
        done = survey.take(csv_of(grid), dry_run=True)
        assert (len(done.new), "Trial replies left out: 2 (row 4, 5)." in done.remarks) == (2, True)


def test_one_file_for_each_group(survey: Survey) -> None:
    """Without a column for it, the group is said for each file; the same reply numbers in both are two people."""
    bare = [[cell for i, cell in enumerate(row) if i != 5] for row in forms()]
    with pytest.raises(InputError, match="no column that names a group"):
        survey.take(csv_of(bare))
    survey.take(csv_of(bare[:3]), group="business")
    survey.take(csv_of(bare[:2]), group="it")
    assert [group for group, _ in survey.answers()] == ["business", "business", "it"]


def test_the_same_numbers_with_the_group_said_otherwise_are_the_same_replies(survey: Survey) -> None:
    """Once in a column, once for the whole file: nobody is counted twice."""
    grid = lime()
    survey.take(csv_of(grid))
    before = survey.answers()
    done = survey.take(csv_of([row[:6] + row[7:] for row in grid[:3]]), group="business")
    assert (len(done.new), len(done.unchanged), survey.answers()) == (0, 2, before)


def test_a_group_for_all_does_not_overrule_a_column_that_says_another(survey: Survey) -> None:
    """--group business over a column of business and IT would make everybody business."""
    with pytest.raises(InputError, match="as --group says"):
        survey.take(csv_of(lime()), group="business")
    only = [row for row in lime() if row[6] != "IT"]
    assert {group for group, _ in survey.answers()} == set()
    survey.take(csv_of(only), group="business")
    assert {group for group, _ in survey.answers()} == {"business"}


def test_an_export_with_fewer_questions_takes_no_answer_away(survey: Survey) -> None:
    """Answers that a later export does not ask for stay as they are."""
    survey.take(csv_of(lime()))
    survey.take(csv_of([row[:-2] for row in lime()]))
    assert survey.answers() == EXPECTED


def test_the_command_imports_a_survey(survey: Survey) -> None:
    """``align import survey`` shows what goes where and writes it; conditions on rows are not for it."""
    path = survey.folder / "export.csv"
    path.write_bytes(csv_of(forms()))
    words = ["import", "survey", "acme", str(path), "--clients", str(survey.clients)]
    assert CliRunner().invoke(main, [*words, "--where", "a=b"]).exit_code == 2
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, "Microsoft Forms" in done.output) == (0, True)
    assert survey.answers() == EXPECTED


def test_every_column_and_row_not_used_is_named_with_its_reason(survey: Survey) -> None:
    """The preview and the report say of each column and row that nothing was read from it, and why."""
    grid = forms()
    grid = [[*row, cell] for row, cell in zip(grid, ["", "stray", "", ""], strict=True)]
    grid += [grid[0], [9, "3/14/27", "3/14/27", "", "", "IT", *[""] * 8]]
    done = survey.take(csv_of(grid))
    whys = {one.where.removeprefix("export.csv, "): one.found for one in done.unused}
    assert whys == {
        **{
            f"row 1, column {one}": "a column of the service's own" for one in ("Start time", "Email", "Name")
        },
        "row 1, column Which tools?": "a column that no question of the round is found for",
        "row 1": "cells in column 14, which has no heading",
        "row 5": "the header once more",
        "row 6": "a reply without any answer",
    }
    assert done.dropped == ("Start time", "Email", "Name", "Which tools?")
    assert {*done.mapped} >= {("day of the reply", "Completion time"), ("respondent's code", "ID")}
    assert report(done).decode().count("\n") == 1 + len(done.unused)
    assert "Not used: 7 columns or rows" in str(preview(done).renderables[2].title)  # type: ignore[union-attr]


def test_a_closed_round_stays_closed(survey: Survey) -> None:
    """A round that is closed takes the replies it has again, and no other; those sent later are named."""
    survey.take(csv_of(lime()[:-1]))
    close(survey, date(2027, 3, 13))
    before = survey.files()
    assert survey.take(csv_of(lime()[:-1])).files == {}
    with pytest.raises(ConflictError, match=r"closed on 2027-03-13.*Sent after it closed: 1 \(row 4\)"):
        survey.take(csv_of(lime()))
    assert survey.files() == before


def test_an_answer_that_cannot_be_read_is_refused_or_left_missing(survey: Survey) -> None:
    """An unknown word is told with its row and column, and nothing is written; with ``partial`` it alone is missing."""
    grid = lime()
    grid[1][7] = "perhaps"
    before = survey.files()
    with pytest.raises(InputError, match="row 2, column") as error:
        survey.take(csv_of(grid))
    assert (error.value.faults[0].found, survey.files()) == ("perhaps", before)
    survey.take(csv_of(grid), partial=True)
    assert ("business", (None, 2, 5, 3, None, 1)) in survey.answers()


def test_a_reply_of_which_nothing_can_be_read_is_left_out(survey: Survey) -> None:
    """With ``partial`` a reply whose every answer is unreadable makes no respondent."""
    grid = lime()
    grid[1][7:] = ["?"] * 6
    done = survey.take(csv_of(grid), partial=True)
    assert (len(done.new), done.rejected) == (2, (2,))


def test_a_respondent_whose_group_is_corrected_changes_group_whole(survey: Survey) -> None:
    """No answer stays behind in the group that was wrong, also where the export asks fewer questions."""
    survey.take(csv_of(lime()))
    grid = [row[:-2] for row in lime()]
    grid[1][6] = "IT"
    survey.take(csv_of(grid))
    assert sorted(group for group, _ in survey.answers()) == ["business", "it", "it"]


@pytest.mark.parametrize("cell", [0, 6, 2.5, "2,5", "12", "1-5", "4/5/2027", "perhaps", "½", True, "4,000", "4.5", "4,,0", "4 out of 10", "4 (of 7)", "4 von 10", "3 to 4", "1 or 2 times"])  # fmt: skip
def test_no_score_is_guessed(cell: object) -> None:
    """A number that is no score, one of another scale, a range, a date or another word is not read as one."""
    with pytest.raises(Unreadable):
        read_score(cell, PULSE[0])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cell", [4, 4.0, "4", "4,0", "4.0", "4,00", "4 – Agree", "Agree", "Oft", "4 out of 5", "4 stars"]
)
def test_a_score_is_read_however_it_is_written(cell: object) -> None:
    """A number with or without decimals, with its meaning, or the meaning alone."""
    assert read_score(cell, PULSE[0]) == 4  # type: ignore[arg-type]


def test_a_file_that_is_not_there_is_refused(survey: Survey) -> None:
    """A wrong path is told in words."""
    with pytest.raises(InputError):
        import_survey(survey.clients, "acme", survey.folder / "none.csv")


def test_damaged_exports_are_imported_or_refused_in_words() -> None:
    """Of mutated files each is imported or refused in words; the record loads, and is untouched by a refusal."""
    counts = soak(60, seed=5)
    assert counts["imported"] + counts["refused"] == 60
    assert counts["imported"] > 0
    assert counts["refused"] > 0


def test_a_reply_given_in_confidence_is_no_groups_position(survey: Survey) -> None:
    """Two in the business, who by their number answer by consensus: one reply is refused, and taken once it is said to be on record."""
    facts = load(survey.clients, "acme").facts
    groups = [RoundGroup(group="business", invited=2), RoundGroup(group="it", invited=12)]
    asked = facts.rounds[0].model_copy(update={"groups": tuple(groups)})
    path = survey.clients / "acme" / "client.yaml"
    path.write_bytes(dump_facts(facts.model_copy(update={"rounds": (asked,)})))
    one = csv_of([*forms()[:2]])
    with pytest.raises(InputError, match=r"answers by consensus \(invited: 2\)"):
        survey.take(one)
    survey.take(one, on_record=True)
    assert {reply.group for reply in load(survey.clients, "acme").responses} == {"business"}


def test_replies_that_an_earlier_version_coded_are_not_taken_for_others(survey: Survey) -> None:
    """Of replies without a number only the answers can tell; what may be the same is asked, and paired where it is."""
    case = next(one for one in CASES if one.service == "Google Forms")
    survey.take(case.data, case.name)
    path = survey.clients / "acme" / "responses.csv"
    codes = sorted({one.respondent for one in load(survey.clients, "acme").responses})
    text = path.read_text("utf-8")
    for code in codes:
        text = text.replace(code, f"r-{codes.index(code):016x}")
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match="--same-replies"):
        survey.take(case.data, case.name)
    done = survey.take(case.data, case.name, same_replies=True)
    assert (len(done.new), len(done.unchanged)) == (0, 3)
