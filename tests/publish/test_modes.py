"""How a group answers is settled by its first answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.client.modes import MODES
from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.store import load, read_files, save
from toolkit.errors import InputError
from toolkit.intake.questionnaire_files import write_questionnaire
from toolkit.publish.batch import run_batch
from toolkit.publish.deliverables_folder import checked
from toolkit.publish.job import Request

SLUG = "harbour"
FACTS = """schema_version: 1
profile:
  name: Harbour
rounds:
- id: r1
  as_of: 2027-01-31
  questionnaire: pulse
  groups:
  - {group: business, invited: 6}
"""
NAMED = "{group: business, mode: named, invited: 1}"
ANSWER = "round,respondent,group,question,score,comment\nr1,p1,business,communication-1,2,\n"


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    """A folder with one client, one of whose six people invited to a survey has answered."""
    (tmp_path / SLUG).mkdir()
    (tmp_path / SLUG / "client.yaml").write_text(FACTS, "utf-8")
    (tmp_path / SLUG / "responses.csv").write_text(ANSWER, "utf-8")
    return tmp_path


def make_named(clients: Path) -> str:
    """Turn the surveyed group into one named person's view, by hand."""
    text = FACTS.replace("{group: business, invited: 6}", NAMED)
    (clients / SLUG / "client.yaml").write_text(text, "utf-8")
    return text


@pytest.mark.parametrize("first", ["check", "run"])
def test_a_hidden_answer_is_not_published_as_a_named_view(clients: Path, first: str) -> None:
    """Once a check or a run has seen the answer, neither takes the group for one named person; both say so."""
    if first == "check":
        checked(clients, SLUG)
    else:
        assert (
            run_batch(clients, [SLUG], Request(documents=("assessment",)), workers=1).results[0].state
            == "made"
        )
    make_named(clients)
    with pytest.raises(InputError, match="named, though business has answered by survey") as refused:
        checked(clients, SLUG)
    result = run_batch(clients, [SLUG], workers=1).results[0]
    assert (result.state, result.faults) == ("failed", refused.value.faults)


def test_a_changed_mode_is_not_saved_either(clients: Path) -> None:
    """What comes in by import or form is held to the answers on disk, though no check has seen them yet."""
    files = read_files(clients, SLUG)
    text = FACTS.replace("{group: business, invited: 6}", NAMED).encode()
    with pytest.raises(InputError, match="named, though business has answered by survey"):
        save(clients, SLUG, {"client.yaml": text}, files)
    assert read_files(clients, SLUG) == files


def test_a_saved_answer_settles_the_mode(clients: Path) -> None:
    """An import alone is enough: its save keeps how the group answered."""
    (clients / SLUG / "responses.csv").unlink()
    save(clients, SLUG, {"responses.csv": ANSWER.encode()}, read_files(clients, SLUG))
    make_named(clients)
    with pytest.raises(InputError, match="answered by survey"):
        load(clients, SLUG)


def test_without_answers_the_mode_is_free(clients: Path) -> None:
    """Before anyone has answered, or once all that was answered is deleted, a group may be asked in another way."""
    checked(clients, SLUG)
    (clients / SLUG / "responses.csv").unlink()
    checked(clients, SLUG)
    make_named(clients)
    checked(clients, SLUG)
    (clients / SLUG / "responses.csv").write_text(ANSWER.replace("p1", "view"), "utf-8")
    assert checked(clients, SLUG).responses[0].respondent == "view"


def test_the_head_count_alone_may_not_change_how_a_group_answered(clients: Path) -> None:
    """A group without a mode answers by its size: three invited where six were would make its answers a position."""
    checked(clients, SLUG)
    path = clients / SLUG / "client.yaml"
    path.write_text(FACTS.replace("invited: 6", "invited: 3"), "utf-8")
    with pytest.raises(InputError, match="consensus, though business has answered by survey"):
        checked(clients, SLUG)


def test_modes_that_cannot_be_read_stop_everything(clients: Path) -> None:
    """How a group answered cannot be told from a damaged file, and the fault says what to do."""
    (clients / SLUG / MODES).write_text("{", "utf-8")
    with pytest.raises(InputError, match="as align wrote it"):
        checked(clients, SLUG)


def test_what_was_confided_stays_so_under_another_round_or_code(clients: Path) -> None:
    """Renamed together with the mode, or imported anew, four answers given in confidence are known again."""
    questions = [q.id for q in shipped_questionnaires()["pulse"].questions][:4]
    reply = "".join(f"r1,p1,business,{question},{2 + n},\n" for n, question in enumerate(questions))
    path = clients / SLUG / "responses.csv"
    path.write_text(ANSWER.splitlines()[0] + "\n" + reply, "utf-8")
    checked(clients, SLUG)
    text = make_named(clients).replace("id: r1", "id: r2")
    (clients / SLUG / "client.yaml").write_text(text, "utf-8")
    for code in ("p1", "view"):
        path.write_text(ANSWER.splitlines()[0] + "\n" + reply.replace("r1,p1", f"r2,{code}"), "utf-8")
        with pytest.raises(InputError, match="answered by survey"):
            checked(clients, SLUG)
    path.write_text(
        ANSWER.splitlines()[0] + "\n" + reply.replace("r1,p1", "r2,view").replace(",2,", ",5,"), "utf-8"
    )
    checked(clients, SLUG)


def test_the_minimum_promised_is_not_lowered_once_people_have_answered(clients: Path) -> None:
    """It may rise; before anyone has answered it may fall."""
    path = clients / SLUG / "client.yaml"

    def with_minimum(n: int) -> None:
        path.write_text(FACTS.replace("invited: 6", f"invited: 6, minimum: {n}"), "utf-8")

    with_minimum(5)
    checked(clients, SLUG)
    with_minimum(3)
    with pytest.raises(InputError, match="3, though people have answered under 5"):
        checked(clients, SLUG)
    with_minimum(6)
    checked(clients, SLUG)
    (clients / SLUG / "responses.csv").unlink()
    with_minimum(3)
    checked(clients, SLUG)


def test_modes_of_the_first_version_are_read(clients: Path) -> None:
    """They held the modes alone."""
    (clients / SLUG / MODES).write_text('{"r1": {"business": "survey"}}', "utf-8")
    make_named(clients)
    with pytest.raises(InputError, match="answered by survey"):
        checked(clients, SLUG)


def test_a_position_may_be_what_someone_also_confided(clients: Path) -> None:
    """Where the survey still has its answers, a named person of the next round may have said just the same."""
    questions = [q.id for q in shipped_questionnaires()["pulse"].questions][:4]
    (clients / SLUG / "client.yaml").write_text(
        FACTS
        + "- id: r2\n  as_of: 2027-04-30\n  questionnaire: pulse\n  groups:\n  - {group: it, mode: named, invited: 1}\n",
        "utf-8",
    )
    path = clients / SLUG / "responses.csv"
    header, first = (
        ANSWER.splitlines()[0],
        "".join(f"r1,p1,business,{question},3,\n" for question in questions),
    )
    path.write_text(f"{header}\n{first}", "utf-8")
    checked(clients, SLUG)
    path.write_text(f"{header}\n{first}{first.replace('r1,p1,business', 'r2,view,it')}", "utf-8")
    assert len(checked(clients, SLUG).responses) == 8


def test_what_the_questionnaire_promised_is_kept_before_anyone_answers(clients: Path) -> None:
    """Pages and letters name the minimum: a lower one is refused at once."""
    (clients / SLUG / "responses.csv").unlink()
    write_questionnaire(clients, SLUG)
    path = clients / SLUG / "client.yaml"
    path.write_text(FACTS.replace("invited: 6", "invited: 6, minimum: 3"), "utf-8")
    with pytest.raises(InputError, match="3, though the questionnaire promised 5"):
        checked(clients, SLUG)
    path.write_text(FACTS.replace("invited: 6", "invited: 6, minimum: 6"), "utf-8")
    checked(clients, SLUG)


def test_who_was_asked_in_confidence_gives_no_position(clients: Path) -> None:
    """The questionnaire settles it, though nobody had answered; written anew, it may ask in another way."""
    path = clients / SLUG / "responses.csv"
    path.unlink()
    write_questionnaire(clients, SLUG)
    make_named(clients)
    checked(clients, SLUG)
    path.write_text(ANSWER, "utf-8")
    with pytest.raises(InputError, match="named, though business was asked by survey"):
        checked(clients, SLUG)
    path.unlink()
    write_questionnaire(clients, SLUG)
    path.write_text(ANSWER, "utf-8")
    checked(clients, SLUG)


@pytest.mark.parametrize("again", [("r1", "business"), ("r2", "business"), ("r1", "it")])
def test_a_minimum_goes_with_the_people_it_was_promised_to(clients: Path, again: tuple[str, str]) -> None:
    """Their answers away for a check, or under another round or group, they are still known by what they said."""
    checked(clients, SLUG)
    path = clients / SLUG / "responses.csv"
    path.unlink()
    lower = FACTS.replace("r1", again[0]).replace(
        "business, invited: 6", f"{again[1]}, invited: 6, minimum: 3"
    )
    (clients / SLUG / "client.yaml").write_text(lower, "utf-8")
    checked(clients, SLUG)
    path.write_text(ANSWER.replace("r1,p1,business", f"{again[0]},p1,{again[1]}"), "utf-8")
    with pytest.raises(InputError, match="3, though people have answered under 5"):
        checked(clients, SLUG)


def test_a_minimum_goes_with_counts_that_were_away(clients: Path) -> None:
    """Where only counts are known, they are known again as they were."""
    (clients / SLUG / "responses.csv").unlink()
    path = clients / SLUG / "aggregates.csv"
    counts = "round,group,question,count_1,count_2,count_3,count_4,count_5\nr1,business,communication-1,1,0,2,1,1\n"
    path.write_text(counts, "utf-8")
    checked(clients, SLUG)
    path.unlink()
    (clients / SLUG / "client.yaml").write_text(
        FACTS.replace("invited: 6", "invited: 6, minimum: 3"), "utf-8"
    )
    checked(clients, SLUG)
    path.write_text(counts, "utf-8")
    with pytest.raises(InputError, match="3, though people have answered under 5"):
        checked(clients, SLUG)


def test_a_later_round_may_promise_less_to_who_says_the_same_again(clients: Path) -> None:
    """Where the earlier round still stands under its own minimum, its answers bind no other."""
    checked(clients, SLUG)
    later = "- id: r2\n  as_of: 2027-04-30\n  questionnaire: pulse\n  groups:\n  - {group: business, invited: 6, minimum: 3}\n"
    (clients / SLUG / "client.yaml").write_text(FACTS + later, "utf-8")
    (clients / SLUG / "responses.csv").write_text(
        ANSWER + ANSWER.splitlines()[1].replace("r1", "r2") + "\n", "utf-8"
    )
    assert len(checked(clients, SLUG).responses) == 2
