"""What goes out to a client: each question once in every form, nobody's text able to run, each group told its terms."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import html5lib
import openpyxl
import pytest
import yaml
from click.testing import CliRunner
from pydantic import ValidationError

from toolkit.cli import main
from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.record import Record
from toolkit.client.store import create, load, read_record
from toolkit.errors import AlignError, InputError
from toolkit.intake import import_survey
from toolkit.intake.first_meeting import Guide, first_meeting, known
from toolkit.intake.questionnaire_files import outgoing, write_questionnaire
from toolkit.intake.questionnaire_items import (
    DONT_KNOW,
    answers_of,
    fingerprint,
    minutes_to_answer,
    sections_of,
    wording,
)
from toolkit.intake.survey_answers import read_score
from toolkit.method import DIMENSIONS, GROUPS, Group

XHTML = "{http://www.w3.org/1999/xhtml}"
SAMPLES = ("meridian-manufacturing", "harbour-credit-union", "lakeside-clinic")
HOSTILE = "</style></title><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}\"'>"
FORMULA = "=cmd|'/c calc'!A1"
MODES = """
profile: {name: Acme}
rounds:
- id: r1
  as_of: 2027-03-31
  questionnaire: executive
  groups:
  - {group: business, invited: 12, minimum: 7}
  - {group: it, invited: 3}
  - {group: provider, invited: 1, label: Tidewater}
"""


def record_of(text: str, **files: str) -> Record:
    """Read a record from the text of its files."""
    data = {"client.yaml": text.encode()} | {f"{name}.yaml": one.encode() for name, one in files.items()}
    return read_record("acme", data)


def hostile() -> Record:
    """Return a client whose every text tries to run: as a page, as a template, as a cell."""
    questions = [
        {"id": "a1", "dimension": "communication", "text": HOSTILE, "text_it": FORMULA},
        {"id": "constructor", "dimension": "roadmap", "text": FORMULA, "anchors": [HOSTILE, FORMULA, "+1", "-1", "@x"]},
        {"id": "querySelectorAll", "dimension": "growth", "aspect": "importance", "text": "_x003D_1+1"},
    ]  # fmt: skip
    own = yaml.safe_dump({"id": "own", "title": HOSTILE, "questions": questions})
    facts = {
        "profile": {"name": HOSTILE, "sector": FORMULA, "business_lead": HOSTILE},
        "goals": [{"id": "g", "name": HOSTILE}],
        "risks": [{"id": "x", "name": FORMULA}],
        "rounds": [{"id": "r1", "as_of": date(2027, 3, 31), "questionnaire": "own", "name": HOSTILE,
                    "groups": [{"group": "business", "label": HOSTILE, "mode": "survey"}, {"group": "it", "label": FORMULA, "mode": "consensus"}]}],
    }  # fmt: skip
    return record_of(yaml.safe_dump(facts), questionnaire=own)


def files_of(record: Record) -> dict[str, bytes]:
    """Return what goes out for the latest round, by name."""
    return {name: data for name, (data, _) in outgoing(record, record.round()).items()}


def parsed(data: bytes) -> Any:
    """Read a page as a browser does."""
    return html5lib.parse(data.decode())


def texts(data: bytes) -> str:
    """Return the text of a page, its spaces made one."""
    body = parsed(data).find(XHTML + "body")
    return " ".join("".join(body.itertext()).split())


def sheet_rows(data: bytes, title: str = "Questions") -> list[tuple[Any, ...]]:
    """Return a sheet's rows below its header."""
    return [tuple(row) for row in openpyxl.load_workbook(io.BytesIO(data))[title].iter_rows(min_row=2, values_only=True)]  # fmt: skip


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("name", sorted(shipped_questionnaires()))
def test_every_question_is_asked_once_in_the_order_of_its_numbers(name: str, group: Group) -> None:
    """Sections hold each question of the questionnaire once, numbered as they are read."""
    questionnaire = shipped_questionnaires()[name]
    items = [item for one in sections_of(questionnaire, group) for part in one.parts for item in part.items]
    assert [one.number for one in items] == list(range(1, len(questionnaire.questions) + 1))
    assert sorted(one.question.id for one in items) == sorted(one.id for one in questionnaire.questions)
    assert all(one.text == wording(one.question, group) and len(one.answers) == 5 for one in items)


@pytest.mark.parametrize("name", sorted(shipped_questionnaires()))
def test_steps_hold_each_area_whole_and_are_short(name: str) -> None:
    """The steps of the offline page are its areas in their order, none divided, with at most four questions each."""
    for one in sections_of(shipped_questionnaires()[name], "it"):
        assert tuple(part for step in one.steps for part in step) == one.parts
        assert max(sum(len(part.items) for part in step) for step in one.steps) <= 4


@pytest.mark.parametrize("name", sorted(shipped_questionnaires()))
def test_every_answer_offered_is_read_back_as_its_number(name: str) -> None:
    """What a service exports of an answer that was pasted as it stands is the score it means."""
    for question in shipped_questionnaires()[name].questions:
        bare = question.model_copy(update={"anchors": ()})
        for one in (question, bare):
            assert [read_score(answer, one) for answer in answers_of(one)] == [1, 2, 3, 4, 5]
        assert read_score(DONT_KNOW, question) is None


@pytest.mark.parametrize("group", GROUPS)
def test_only_business_is_asked_as_business(group: Group) -> None:
    """IT and the provider read the wording for those who deliver, business that for those who ask."""
    question = shipped_questionnaires()["full"].questions[1]
    assert wording(question, group) == (question.text if group == "business" else question.text_it)


def test_how_long_it_takes_is_said_by_the_number_of_questions() -> None:
    """A pulse takes five minutes, the full questionnaire fifteen."""
    shipped = shipped_questionnaires()
    assert [minutes_to_answer(shipped[one]) for one in ("pulse", "executive", "full")] == [5, 10, 15]


def test_a_fingerprint_is_of_what_was_asked_and_of_nothing_else() -> None:
    """Another word, another order of questions or another anchor is another questionnaire; another title is not."""
    full = shipped_questionnaires()["full"]
    first, *rest = full.questions
    same = full.model_copy(update={"title": "Other", "links": ()})
    changed = [
        full.model_copy(update={"questions": (first.model_copy(update={"text": first.text + "!"}), *rest)}),
        full.model_copy(update={"questions": (*rest, first)}),
        full.model_copy(update={"questions": (first.model_copy(update={"anchors": tuple("abcde")}), *rest)}),
    ]
    assert fingerprint(same) == fingerprint(full)
    assert len({fingerprint(one) for one in (full, *changed)}) == 4


@pytest.mark.parametrize("slug", SAMPLES)
def test_the_workbook_holds_every_question_once(project: Path, slug: str) -> None:
    """Each row is a question with its id, section, both wordings and six answers; nothing is a formula."""
    record = load(project / "client_data", slug)
    questionnaire = record.questionnaire_of(record.round())
    assert questionnaire
    data = files_of(record)["questionnaire.xlsx"]
    rows = {row[1]: row for row in sheet_rows(data)}
    assert len(sheet_rows(data)) == len(rows) == len(questionnaire.questions)
    for one in questionnaire.questions:
        row = rows[one.id]
        assert row[3] == one.text
        assert (row[4] or one.text) == (one.text_it or one.text)
        assert row[6:] == (*answers_of(one), DONT_KNOW)
    blocks = [one for one in sheet_rows(data, "To paste") if any(one)]
    assert [row[1] for row in blocks if row[0]] == [row[3] for row in rows.values()]
    assert [row[1] for row in blocks if not row[0]] == [one for row in rows.values() for one in row[6:]]
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


@pytest.mark.parametrize("bracketed", [False, True])
def test_a_survey_made_from_the_workbook_comes_back_complete(tmp_path: Path, bracketed: bool) -> None:
    """Questions and answers pasted into a form, and exported as Microsoft Forms does, are all found again."""
    if bracketed:
        pytest.importorskip("toolkit.intake.survey_columns", reason="ids in brackets come with its headings")
    create(tmp_path, "acme", {"client.yaml": b"profile: {name: A}\nrounds: [{id: r, as_of: 2027-03-31, questionnaire: full}]"})  # fmt: skip
    rows = sheet_rows(files_of(load(tmp_path, "acme"))["questionnaire.xlsx"])
    heads = [f"Anders gefragt [{row[1]}]" if bracketed else row[3] for row in rows]
    given = {row[1]: number % 6 for number, row in enumerate(rows)}
    book = openpyxl.Workbook()
    book.active.append(["ID", "Start time", "Completion time", "Email", "Name", *heads])
    book.active.append([1, "1/2/27 9:00:00", "1/2/27 9:09:00", "x@example.org", "X", *(row[6 + given[row[1]]] for row in rows)])  # fmt: skip
    book.save(tmp_path / "forms.xlsx")
    import_survey(tmp_path, "acme", tmp_path / "forms.xlsx", group="business")
    found = {one.question: one.score for one in load(tmp_path, "acme").responses}
    assert found == {id: place + 1 if place < 5 else None for id, place in given.items()}


@pytest.mark.parametrize("slug", SAMPLES)
def test_every_page_and_letter_of_a_group_asks_all_and_loads_nothing(project: Path, slug: str) -> None:
    """Each page holds each question's wording for its group; no page names an address or lets anything load."""
    record = load(project / "client_data", slug)
    one = record.round()
    questionnaire = record.questionnaire_of(one)
    assert questionnaire
    files = files_of(record)
    for group in one.groups:
        for name in (f"questionnaire-{group.group}.html", f"questionnaire-offline-{group.group}.html"):
            if name in files:
                said = texts(files[name])
                assert all(said.count(wording(each, group.group)) >= 1 for each in questionnaire.questions)
    for name, data in files.items():
        assert name.endswith(".xlsx") or b"://" not in data, name


def test_the_offline_page_has_six_choices_for_each_question(project: Path) -> None:
    """Each question is one group of radio buttons with the values 1 to 5 and none, each with a label."""
    record = load(project / "client_data", "meridian-manufacturing")
    questionnaire = record.questionnaire_of(record.round())
    assert questionnaire
    tree = parsed(files_of(record)["questionnaire-offline-it.html"])
    values: dict[str, list[str]] = {}
    for label in tree.iter(XHTML + "label"):
        for radio in label.findall(XHTML + "input"):
            if radio.get("type") == "radio":
                values.setdefault(radio.get("name"), []).append(radio.get("value"))
    assert values == {f"q:{one.id}": ["1", "2", "3", "4", "5", ""] for one in questionnaire.questions}


def test_hostile_text_is_inert_in_every_file() -> None:
    """A client's or a questionnaire's text adds no element, attribute, formula or expression to any file."""
    files = files_of(hostile())
    assert len(files) == 9
    for name, data in files.items():
        if name.endswith(".html"):
            tree = parsed(data)
            scripts = [one.text for one in tree.iter(XHTML + "script")]
            assert len(scripts) == ("offline" in name), name
            assert not list(tree.iter(XHTML + "img")), name
            assert not [key for one in tree.iter() for key in one.attrib if str(key).startswith("on")], name
            assert "<script>alert(1)</script>" in texts(data), name
            assert "{{ 7*7 }}" in texts(data), name
    book = openpyxl.load_workbook(io.BytesIO(files["questionnaire.xlsx"]))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [one for one in cells if one.startswith(("=", "+", "-", "@"))]
    assert f"'{FORMULA}" in cells
    assert "=cmd" in files["invitation-it.txt"].decode()  # plain text that nothing runs


def test_each_page_lets_only_its_own_script_run(project: Path) -> None:
    """The policy stands first in the head, opens nothing, and names the hash of the one script there is."""
    for name, data in files_of(load(project / "client_data", "meridian-manufacturing")).items():
        if not name.endswith(".html"):
            continue
        tree = parsed(data)
        first = tree.find(XHTML + "head")[0]
        assert first.get("http-equiv") == "Content-Security-Policy", name
        policy = dict(part.strip().split(" ", 1) for part in first.get("content").split(";"))
        hashes = [base64.b64encode(hashlib.sha256(one.text.encode()).digest()).decode()
                  for one in tree.iter(XHTML + "script")]  # fmt: skip
        assert policy.pop("script-src") == ("'none'" if not hashes else f"'sha256-{hashes[0]}'"), name
        assert policy == {"default-src": "'none'", "style-src": "'unsafe-inline'", "base-uri": "'none'",
                          "form-action": "'none'"}, name  # fmt: skip


def test_each_group_is_told_its_own_terms() -> None:
    """A surveyed group reads "confidential" and its minimum, a team "position", one person "your view"."""
    files = {name: data.decode() for name, data in files_of(record_of(MODES)).items() if name.endswith((".txt", ".html"))}  # fmt: skip
    for name in ("invitation-business.txt", "reminder-business.txt", "questionnaire-offline-business.html"):
        assert re.search(r"confidential, (but )?not anonymous", files[name]), name
        assert "7 or more people" in files[name], name
        assert "send" in files[name], name
    for name in ("invitation-it.txt", "reminder-it.txt"):
        assert "position of IT" in files[name], name
        assert "confidential" not in files[name], name
    for name in ("invitation-provider.txt", "reminder-provider.txt"):
        assert "your view" in files[name], name
        assert "not confidential" in files[name], name
    assert "Tidewater" in files["invitation-provider.txt"]
    assert "anonymous" not in files["questionnaire-it.html"] + files["questionnaire-provider.html"]
    assert "questionnaire-offline-it.html" not in files
    assert "questionnaire-offline-provider.html" not in files


def test_one_person_is_told_as_whose_view_the_scores_are_shown() -> None:
    """Who answers alone for IT reads of the head of IT; who answers for a provider, the provider's name."""
    alone = MODES.replace("{group: it, invited: 3}", "{group: it, invited: 1}")
    files = files_of(record_of(alone))
    assert b'your role: "the head of IT\'s view"' in files["invitation-it.txt"]
    assert b"under the name of Tidewater." in files["invitation-provider.txt"]
    assert b"head of IT" not in files["invitation-provider.txt"]


def test_a_letter_names_the_day_where_the_round_has_one() -> None:
    """Until a closing date is known, the letter holds a place for it."""
    assert b"by [DATE]" in files_of(record_of(MODES))["invitation-business.txt"]
    closed = record_of(
        MODES.replace("questionnaire: executive", "questionnaire: executive\n  closed: 2027-04-09")
    )
    assert b"by 9 April 2027" in files_of(closed)["invitation-business.txt"]


def test_a_round_without_groups_asks_business_and_it() -> None:
    """Before groups are known both are taken to answer by survey, and a remark says so."""
    record = record_of("profile: {name: A}\nrounds: [{id: r, as_of: 2027-03-31, questionnaire: pulse}]")
    assert {"questionnaire-offline-business.html", "questionnaire-offline-it.html"} <= set(files_of(record))


def test_a_round_without_a_questionnaire_gives_the_kit_alone(tmp_path: Path) -> None:
    """The first meeting may come before anything is asked."""
    create(tmp_path, "acme", {"client.yaml": b"profile: {name: A}\nrounds: [{id: r, as_of: 2027-03-31}]"})
    done = write_questionnaire(tmp_path, "acme")
    assert [name for name, _ in done.purposes] == ["first-meeting.html"]
    assert "names no questionnaire" in done.remarks[0]


def test_an_unknown_round_is_refused_in_words(tmp_path: Path) -> None:
    """A round that is not there is named, with those that are; nothing is written."""
    create(tmp_path, "acme", {"client.yaml": MODES.encode()})
    with pytest.raises(InputError, match="--round"):
        write_questionnaire(tmp_path, "acme", "r9")
    assert not (tmp_path / "acme" / "questionnaire").exists()


def test_the_same_record_gives_the_same_bytes() -> None:
    """No clock and no chance is in any file."""
    assert files_of(record_of(MODES)) == files_of(record_of(MODES))


def test_writing_again_takes_away_what_no_longer_applies_and_keeps_what_was_rewritten(tmp_path: Path) -> None:
    """A group that now answers together has no offline page; a letter changed by hand stays beside the new one."""
    surveyed = MODES.replace("{group: it, invited: 3}", "{group: it, invited: 9}")
    create(tmp_path, "acme", {"client.yaml": surveyed.encode()})
    folder = write_questionnaire(tmp_path, "acme").folder
    assert folder == tmp_path / "acme" / "questionnaire" / "r1"
    assert (folder / "questionnaire-offline-it.html").is_file()
    (folder / "invitation-business.txt").write_text("mine", encoding="utf-8")
    (folder / "my-notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "acme" / "client.yaml").write_text(MODES, encoding="utf-8")
    done = write_questionnaire(tmp_path, "acme")
    held = {one.name for one in folder.iterdir()}
    assert held == {*(name for name, _ in done.purposes), "my-notes.txt", "invitation-business-earlier.txt",
                    "invitation-it-earlier.txt", "reminder-it-earlier.txt"}  # fmt: skip
    assert (folder / "invitation-business-earlier.txt").read_text(encoding="utf-8") == "mine"
    assert any("invitation-business-earlier.txt" in one for one in done.remarks)


def test_a_rewritten_letter_outlives_every_later_run(tmp_path: Path) -> None:
    """The record changes twice after a letter was rewritten: what the consultant wrote is there still."""
    create(tmp_path, "acme", {"client.yaml": MODES.encode()})
    letter = write_questionnaire(tmp_path, "acme").folder / "invitation-business.txt"
    letter.write_text("mine", encoding="utf-8")
    for name in ("Acme One", "Acme Two"):
        (tmp_path / "acme" / "client.yaml").write_text(
            re.sub("name: [^,}\n]+", f"name: {name}", MODES, count=1), encoding="utf-8"
        )
        write_questionnaire(tmp_path, "acme")
    assert "mine" in {
        one.read_text(encoding="utf-8") for one in letter.parent.glob("invitation-business*.txt")
    }


def test_what_goes_out_is_no_part_of_the_record(tmp_path: Path) -> None:
    """A client whose questionnaires were written reads as before."""
    create(tmp_path, "acme", {"client.yaml": MODES.encode()})
    before = load(tmp_path, "acme")
    write_questionnaire(tmp_path, "acme")
    assert load(tmp_path, "acme") == before


def test_a_folder_that_is_a_link_is_not_written_through(tmp_path: Path) -> None:
    """Where the folder leads elsewhere, nothing is written and the words say why."""
    create(tmp_path, "acme", {"client.yaml": MODES.encode()})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "acme" / "questionnaire").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(AlignError, match="link to another place"):
        write_questionnaire(tmp_path, "acme")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_the_command_says_what_each_file_is_for(tmp_path: Path) -> None:
    """Every file is named with its purpose, in the folder that was asked for."""
    create(tmp_path, "acme", {"client.yaml": MODES.encode()})
    out = tmp_path / "out" / "r1"
    said = CliRunner().invoke(main, ["questionnaire", "acme", "--clients", str(tmp_path), "--to", str(out)])
    assert said.exit_code == 0, said.output
    names = {one.name for one in out.iterdir()}
    assert len(names) == 12
    assert all(re.search(rf"{re.escape(one)} +(for|to) ", said.output) for one in names)
    assert not (tmp_path / "acme" / "questionnaire").exists()


def test_the_interview_guide_has_prompts_on_every_dimension_for_both_sides() -> None:
    """All eighteen dimensions are on the page, and the agenda fits sixty to ninety minutes."""
    guide = first_meeting()
    said = texts(files_of(record_of(MODES))["first-meeting.html"])
    assert 60 <= guide.minutes <= 90
    for one in DIMENSIONS:
        assert one.name in said
        assert all(prompt in said for prompt in (*guide.prompts[one.id].business, *guide.prompts[one.id].it))
    assert all(" ".join(one.name.split()) in said for one in guide.documents)


def test_a_guide_without_a_dimension_is_refused() -> None:
    """Whoever edits the guide cannot lose a dimension unseen."""
    whole = first_meeting().model_dump()
    del whole["prompts"]["blame"]
    with pytest.raises(ValidationError, match="blame"):
        Guide.model_validate(whole)


def test_the_kit_asks_for_all_that_is_missing_and_for_nothing_that_is_known(project: Path) -> None:
    """Of an empty record every topic is asked for; of a full one only what some entries lack, counted."""
    empty = record_of("profile: {name: A}\nrounds: [{id: r, as_of: 2027-03-31}]")
    assert all(one.ask and not one.known for one in known(empty, empty.round()))
    full = load(project / "client_data", "meridian-manufacturing")
    topics = {one.topic: one for one in known(full, full.round())}
    lacking = sum(not (one.owner_business and one.owner_it) for one in full.facts.kpis)
    assert topics["Goals"].ask == ()
    assert topics["KPIs"].ask == (f"an owner on both sides for {lacking} of {len(full.facts.kpis)}",)
    assert (
        topics["Who is asked"].known == "the business side: 34 people, each alone; IT: 12 people, each alone"
    )


def test_the_kit_says_how_each_group_answers_in_words() -> None:
    """A group of many, of a few and of one are told apart, and one is a person, not people."""
    record = record_of(MODES)
    who = next(one for one in known(record, record.round()) if one.topic == "Who is asked").known
    assert who == "the business side: 12 people, each alone; IT: 3 people, one agreed position; Tidewater: 1 person, by role, on the record"  # fmt: skip


def test_the_kit_holds_no_answer_and_no_private_note(project: Path) -> None:
    """What respondents wrote and what the consultant keeps private is not on a page that may lie about."""
    record = load(project / "client_data", "meridian-manufacturing")
    said = texts(files_of(record)["first-meeting.html"])
    comments = [one.comment for one in record.responses if one.comment]
    notes = [one.private_note for one in record.facts.adjustments if one.private_note]
    assert notes
    assert not [one for one in (*comments, *notes) if " ".join(one.split()) in said]
