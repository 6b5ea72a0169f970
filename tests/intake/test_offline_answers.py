"""Files that offline questionnaires saved: each a reply, read exactly or refused by name, never half."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saved_answers import saved
from soak_offline_answers import soak

from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.store import create, load, read_files
from toolkit.errors import ConflictError, InputError
from toolkit.intake import Import, import_survey
from toolkit.intake.offline_answers import read_answers
from toolkit.intake.saved_files import LARGEST

PULSE = shipped_questionnaires()["pulse"]
IDS = [one.id for one in PULSE.questions]
START = "profile: {name: A}\nrounds: [{id: r, as_of: 2027-03-31, questionnaire: pulse}]"
GIVEN = dict(zip(IDS, (4, 2, None, 5, 1), strict=False))  # the sixth question is left out


class Post:
    """A client, and a folder into which replies come."""

    def __init__(self, folder: Path, start: str = START) -> None:
        self.clients, self.folder = folder / "clients", folder / "replies"
        self.folder.mkdir()
        create(self.clients, "acme", {"client.yaml": start.encode()})

    def put(self, name: str, content: Any) -> Path:
        """Put a file into the folder: bytes and text as they are, else as JSON."""
        path = self.folder / name
        text = content if isinstance(content, (bytes, str)) else json.dumps(content)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def take(self, path: Path | None = None, **options: Any) -> Import:
        """Import a file, or the folder."""
        return import_survey(self.clients, "acme", path or self.folder, **options)

    def refusal(self, path: Path | None = None) -> str:
        """Import what must be refused; return the words, having seen that the record stands as it was."""
        before = read_files(self.clients, "acme")
        with pytest.raises(InputError) as caught:
            self.take(path)
        assert read_files(self.clients, "acme") == before
        assert all(one.where and one.found and one.allowed and one.remedy for one in caught.value.faults)
        return str(caught.value)

    def record(self) -> dict[tuple[str, str], set[tuple[str, int | None]]]:
        """Return the record's answers by respondent and group."""
        found: dict[tuple[str, str], set[tuple[str, int | None]]] = {}
        for one in load(self.clients, "acme").responses:
            found.setdefault((one.respondent, one.group), set()).add((one.question, one.score))
        return found


@pytest.fixture
def post(tmp_path: Path) -> Post:
    """A client whose round asks the pulse."""
    return Post(tmp_path)


def reply(number: int = 1, group: str = "it", **changed: Any) -> dict[str, Any]:
    """Return a saved reply, with fields changed."""
    return saved("acme", "r", PULSE, group, number, GIVEN) | changed


def test_a_file_is_the_answers_that_were_given(post: Post) -> None:
    """Scores are as chosen, "don't know" and what was left out are missing, the group is the file's own."""
    done = post.take(post.put("answers-it-1.json", reply()))
    ((_, group), answers) = next(iter(post.record().items()))
    assert group == "it"
    assert {(id, score) for id, score in answers if score is not None} == {(id, score) for id, score in GIVEN.items() if score}  # fmt: skip
    assert (len(done.new), done.unreadable) == (1, ())


def test_twelve_replies_of_two_groups_come_in_with_one_command(post: Post) -> None:
    """A folder is one import; each file is a respondent of its own group; the system's own files are passed over."""
    for number in range(12):
        post.put(f"answers-{number}.json", reply(number, "it" if number < 4 else "business"))
    post.put(".DS_Store", b"\x00")
    post.put("Thumbs.db", b"\x00")
    done = post.take()
    groups = [group for _, group in post.record()]
    assert (len(done.new), groups.count("it"), groups.count("business")) == (12, 4, 8)


def test_the_same_file_again_changes_nothing_and_a_corrected_one_takes_its_place(post: Post) -> None:
    """A reply is known by the code the page drew, whatever its file is called."""
    post.take(post.put("a.json", reply()))
    before = read_files(post.clients, "acme")
    again = post.take(post.put("a (1).json", reply()))
    assert (again.unchanged != (), again.new, again.changed, read_files(post.clients, "acme")) == (
        True,
        (),
        (),
        before,
    )
    corrected = post.take(post.put("b.json", reply(answers=GIVEN | {IDS[0]: 1})))
    assert (len(corrected.changed), corrected.new) == (1, ())
    (answers,) = post.record().values()
    assert (IDS[0], 1) in answers


def test_a_copy_of_a_file_counts_once_and_two_versions_are_pointed_out(post: Post) -> None:
    """Within one folder a copy is the same reply; where two differ, the consultant says which stands."""
    post.put("a.json", reply())
    post.put("b.json", reply())
    assert len(post.take().new) == 1
    post.put("c.json", reply(answers={IDS[0]: 5}))
    assert "c.json\n  found:   another version of the reply in a.json" in post.refusal()


def test_a_comment_is_never_taken_for_an_answer(post: Post) -> None:
    """A comment that reads like an answer or a group changes no score and no group."""
    post.take(post.put("a.json", reply(comments={IDS[0]: "5", IDS[1]: "business"})))
    (((_, group), answers),) = post.record().items()
    assert group == "it"
    assert (IDS[0], 4) in answers


def test_comments_reach_the_record_at_their_question(post: Post) -> None:
    """What was written on a dimension stands at the question it was attached to."""
    post.take(post.put("a.json", reply(comments={IDS[1]: "We meet too seldom."})))
    said = {one.question: one.comment for one in load(post.clients, "acme").responses if one.comment}
    assert said == {IDS[1]: "We meet too seldom."}


def test_a_saved_reply_does_not_become_the_position_of_a_group_grown_small(post: Post) -> None:
    """Only a surveyed group gets a page that saves replies; once its number invited has fallen, they are refused."""
    path = post.put("a.json", reply(group="business"))
    client = post.clients / "acme" / "client.yaml"
    client.write_text(START.replace("pulse}", "pulse, groups: [{group: business, invited: 4}]}"), "utf-8")
    assert "answers by consensus (invited: 4)" in post.refusal(path)


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "cut off": (lambda: json.dumps(reply())[:-40], "damaged"),
    "empty": (lambda: b"", "damaged"),
    "not text": (lambda: b"\xff\xfe\x00\x01", "damaged"),
    "a list": (lambda: [1, 2], "a file of another kind"),
    "other json": (lambda: {"name": "x"}, "a file of another kind"),
    "too deep": (lambda: "[" * 100_000, "damaged"),
    "deep within": (lambda: json.dumps(reply())[:-1] + ', "x": ' + "[" * 90_000 + "]" * 90_000 + "}", "damaged"),
    "too large": (lambda: b"{" + b" " * 5_000_000, "5,000,001 bytes"),
    "twice": (lambda: json.dumps(reply())[:-1] + ', "group": "business"}', "“group” twice"),
    "answer twice": (lambda: json.dumps(reply()).replace('"answers": {', f'"answers": {{"{IDS[0]}": 1, '), "twice"),
    "one name 30,000 times": (
        lambda: json.dumps(reply())[:-1] + ', "x": 1' * 30_000 + "}",
        "30,000 times",
    ),
    "NaN": (lambda: json.dumps(reply()).replace(": 5", ": NaN"), "NaN"),
    "infinite": (lambda: json.dumps(reply()).replace(": 5", ": 1e999"), "inf"),
    "long number": (lambda: json.dumps(reply()).replace(": 5", ": " + "9" * 6000), "damaged"),
    "zero": (lambda: reply(answers={IDS[0]: 0}), "from 1 to 5"),
    "six": (lambda: reply(answers={IDS[0]: 6}), "from 1 to 5"),
    "half": (lambda: reply(answers={IDS[0]: 3.5}), "from 1 to 5"),
    "text": (lambda: reply(answers={IDS[0]: "3"}), "from 1 to 5"),
    "yes": (lambda: reply(answers={IDS[0]: True}), "from 1 to 5"),
    "unknown question": (lambda: reply(answers={"roadmap-9": 3}), "roadmap-9"),
    "comment on unknown": (lambda: reply(comments={"roadmap-9": "x"}), "roadmap-9"),
    "no answer": (lambda: reply(answers={}), "at least one answer"),
    "other client": (lambda: reply(client="zenith"), "zenith"),
    "other round": (lambda: reply(round="r0"), "--round r0"),
    "other questionnaire": (lambda: reply(questionnaire="full"), "full"),
    "other words": (lambda: reply(hash="0" * 16), "in other words"),
    "unknown group": (lambda: reply(group="board"), "board"),
    "unknown field": (lambda: reply(name="Ann"), "name"),
    "later version": (lambda: reply(version=2), "2"),
    "no reply code": (lambda: reply(reply="ann@example.org"), "a code"),
    "missing": (lambda: {k: v for k, v in reply().items() if k != "answers"}, "answers"),
    "surrogate": (lambda: reply(comments={IDS[0]: "\ud800"}), "control characters"),
    "control": (lambda: reply(comments={IDS[0]: "\x1b[2J"}), "control characters"),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(BAD))
def test_a_file_that_cannot_be_used_is_refused_by_name(post: Post, what: str) -> None:
    """The words name the file and what is wrong with it; the record is as it was."""
    content, expected = BAD[what]
    said = post.refusal(post.put("answers-x.json", content()))
    assert "answers-x.json" in said
    assert expected in said


def test_all_bad_files_of_a_folder_are_named_at_once(post: Post) -> None:
    """One good reply is not taken while others of the folder cannot be; every other is named."""
    post.put("good.json", reply(99))
    for number, (content, _) in enumerate(BAD.values()):
        post.put(f"bad-{number:02}.json", content())
    said = post.refusal()
    assert "good.json" not in said
    assert all(f"bad-{number:02}.json" in said for number in range(len(BAD)))


def test_many_faults_of_one_file_are_counted(post: Post) -> None:
    """A file full of nonsense does not fill the screen."""
    said = post.refusal(post.put("a.json", reply(answers={f"x{number}": 9 for number in range(5000)})))
    assert "more faults" in said
    assert said.count("a.json") <= 11


@pytest.mark.parametrize("name", ["answers.txt", "questionnaire-offline-it.html", "sub"])
def test_a_folder_that_holds_anything_else_is_refused(post: Post, name: str) -> None:
    """A reply saved under another ending would be overlooked otherwise."""
    post.put("a.json", reply())
    if name == "sub":
        (post.folder / name).mkdir()
    else:
        post.put(name, "x")
    assert name in post.refusal()


def test_an_empty_folder_and_a_missing_file_are_refused(post: Post) -> None:
    """Nothing to import is said in words."""
    assert "0 files" in post.refusal()
    assert "No such file" in post.refusal(post.folder / "none.json")


def test_a_closed_round_stays_closed(tmp_path: Path) -> None:
    """A reply that comes after the round closed is not added."""
    post = Post(tmp_path, START.replace("questionnaire: pulse", "closed: 2027-04-01, questionnaire: pulse"))
    with pytest.raises(ConflictError, match="closed"):
        post.take(post.put("a.json", reply()))


def test_a_group_cannot_be_said_for_files_that_say_their_own(post: Post) -> None:
    """Told another group, replies would be counted as somebody else's, and twice."""
    with pytest.raises(InputError, match="Leave --group out"):
        post.take(post.put("a.json", reply()), group="business")


def test_a_reply_of_a_group_that_answers_together_is_refused(tmp_path: Path) -> None:
    """A page that was sent out before the group was to agree on one position adds nothing."""
    post = Post(
        tmp_path,
        START.replace(
            "questionnaire: pulse", "questionnaire: pulse, groups: [{group: it, mode: consensus, invited: 3}]"
        ),
    )
    post.put("a.json", reply(1))
    post.put("b.json", reply(2))
    assert "consensus" in post.refusal()


def test_a_dry_run_changes_nothing(post: Post) -> None:
    """What would be imported is shown; the record is as it was."""
    before = read_files(post.clients, "acme")
    assert len(post.take(post.put("a.json", reply()), dry_run=True).new) == 1
    assert read_files(post.clients, "acme") == before


def test_a_fault_in_a_row_names_its_file(post: Post) -> None:
    """Whatever is said of a row of replies is said of the file it came from."""
    post.put("a.json", reply(1))
    post.put("b.json", reply(2))
    one = load(post.clients, "acme").round()
    raw = read_answers(post.folder, "acme", one, PULSE).raw
    assert (raw.place(2), raw.place(3, "group"), raw.place(1)) == (
        "a.json",
        "b.json, group",
        "replies, 2 files, row 1",
    )


SCALARS = st.none() | st.booleans() | st.integers(-3, 9) | st.floats(allow_nan=False) | st.text(max_size=8)
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3), max_leaves=6)  # fmt: skip


@given(field=st.sampled_from(sorted(reply())), value=ANYTHING)
def test_any_value_in_any_field_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, field: str, value: Any) -> None:  # fmt: skip
    """Reading ends in a table or in words, never in another error; what is read holds only scores."""
    path = tmp_path_factory.mktemp("any") / "a.json"
    path.write_text(json.dumps(reply() | {field: value}), encoding="utf-8")
    one = load_round()
    try:
        export = read_answers(path, "acme", one, PULSE)
    except InputError:
        return
    ((_, cells),) = export.rows
    assert set(cells[2 : 2 + len(IDS)]) <= {1, 2, 3, 4, 5, None, "Don't know"}


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_words(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """What is no saved file at all is refused, whatever it holds."""
    path = tmp_path_factory.mktemp("any") / "a.json"
    path.write_bytes(data)
    with pytest.raises(InputError):
        read_answers(path, "acme", load_round(), PULSE)


def load_round() -> Any:
    """Return the round that the replies here answer."""
    from toolkit.client.store import read_record

    return read_record("acme", {"client.yaml": START.encode()}).round()


def test_the_largest_reply_a_page_can_save_is_read(post: Post) -> None:
    """Every comment box filled to its end, in letters of four bytes, stays well below the limit."""
    full = shipped_questionnaires()["full"]
    dimensions = {one.dimension: one.id for one in full.questions}
    whole = saved("acme", "r", full, "it", 1, {one.id: 5 for one in full.questions}, dict.fromkeys(dimensions.values(), "\U0001f600" * 2000))  # fmt: skip
    assert len(json.dumps(whole, ensure_ascii=False).encode()) < LARGEST


def test_damaged_files_are_imported_or_refused(tmp_path: Path) -> None:
    """A slice of the soak: nothing but words, and no record changed."""
    done = soak(tmp_path, 150, 7)
    assert done.wrong == ()
    assert done.imported
    assert done.refused
