"""The draft of a client: on disk after each change, taken back, shared by two windows, committed in one step."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

import toolkit.intake.draft as module
from toolkit.client.new_client import start_client
from toolkit.client.store import load, read_files, save
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import AlignError, ConflictError, InputError
from toolkit.intake.document import PRIVATE, at
from toolkit.intake.draft import Draft

LAKE, HARBOUR, MERIDIAN = "lakeside-clinic", "harbour-credit-union", "meridian-manufacturing"
SECTOR = ("facts", "profile", "sector")
COUNTRY = ("facts", "profile", "country")
ALONE = (PRIVATE, "2026-q3", "it")
AGREED = ("positions", "2026-q3", "it")


@pytest.fixture
def clients(tmp_path: Path, project: Path) -> Path:
    """A folder with the samples, their rounds still open."""
    for slug in (LAKE, HARBOUR, MERIDIAN):
        for file in sorted((project / "client_data" / slug).glob("*.*")):
            (tmp_path / slug).mkdir(exist_ok=True)
            shutil.copyfile(file, tmp_path / slug / file.name)
        facts = tmp_path / slug / "client.yaml"
        facts.write_bytes(re.sub(rb"\n +closed: \S+", b"", facts.read_bytes()))
    return tmp_path


@pytest.fixture
def window(clients: Path) -> Callable[..., Draft]:
    """A function that opens a sample's draft, as one more window does."""
    return lambda slug=LAKE: Draft(clients, slug)


def record_files(clients: Path, slug: str = LAKE) -> dict[str, bytes]:
    """Return the record's files as they are on disk."""
    return read_files(clients, slug)


def edit_record(clients: Path, path: tuple[str, ...], value: Any, slug: str = LAKE) -> None:
    """Change the record past the draft, as an import or another program does."""
    files = read_files(clients, slug)
    facts = load(clients, slug).facts
    profile = facts.profile.model_copy(update={path[-1]: value})
    profile = type(profile).model_validate({**profile.model_dump(exclude_unset=True), path[-1]: value})
    save(clients, slug, {"client.yaml": dump_facts(facts.model_copy(update={"profile": profile}))}, files)


def on_disk(clients: Path, slug: str = LAKE) -> str:
    """Return all that the draft's folder holds, as text."""
    home = clients / slug / "draft"
    return "".join(one.read_text() for one in sorted(home.iterdir()) if one.is_file())


# On disk, and taken back.


def test_every_change_is_there_when_the_draft_is_opened_again(window: Callable[..., Draft]) -> None:
    """Fields, entries added and removed, and private scores: after each sync, a new window has them all."""
    draft = window()
    changes: list[tuple[tuple[str, ...], Any]] = [
        (SECTOR, "Care =1+1 <b>é\ud800</b>"), (("facts", "goals", "new"), {"id": "new"}), (("facts", "goals", "new", "name"), "Grow"),
        (("facts", "risks", at(draft.document, ("facts", "risks"))[0]["id"]), None), (ALONE, [{"communication-1": "2"}]),
        (COUNTRY, None),
    ]  # fmt: skip
    for path, value in changes:
        draft.change(path, value)
        assert draft.sync() is False
        assert window().document == draft.document
        assert at(window().document, path) == value


def test_looking_writes_nothing(window: Callable[..., Draft], clients: Path) -> None:
    """A draft that nobody changed leaves no file, and opening it again and again adds no revision."""
    for _ in range(3):
        assert window().sync() is False
    assert not (clients / LAKE / "draft" / "form.json").exists()
    window().change(SECTOR, window().document["facts"]["profile"].get("sector"))
    draft = window()
    draft.change(SECTOR, "Care")
    draft.sync()
    once = on_disk(clients)
    assert (draft.sync(), window().sync(), window().moved, on_disk(clients)) == (False, False, False, once)


def test_steps_are_taken_back_one_by_one_also_after_opening_again(window: Callable[..., Draft]) -> None:
    """Undo goes back through the windows' lives to the document as it was at first."""
    draft = window()
    states = []
    for path, value in ((SECTOR, "Care"), (("facts", "goals", "new"), {"id": "new"}), (("facts", "goals", "new", "name"), "Grow"), (COUNTRY, "Norway")):  # fmt: skip
        states.append(json.dumps(draft.document, sort_keys=True))
        draft.change(path, value)
        draft.sync()
    for state in reversed(states):
        draft = window()
        assert draft.undo() is not None
        draft.sync()
        assert json.dumps(draft.document, sort_keys=True) == state
    assert (draft.undo(), draft.undoable) == (None, None)


def test_letters_typed_into_one_field_are_one_step(window: Callable[..., Draft]) -> None:
    """A word is taken back at once, and what was typed elsewhere before it stays."""
    draft = window()
    was = at(draft.document, SECTOR)
    draft.change(COUNTRY, "Norway", again=True)
    for typed in ("C", "Ca", "Car", "Care"):
        draft.change(SECTOR, typed, again=True)
    draft.undo()
    assert (at(draft.document, SECTOR), at(draft.document, COUNTRY)) == (was, "Norway")


def test_an_entry_that_others_name_comes_back_with_every_mention(window: Callable[..., Draft]) -> None:
    """Removing each goal, KPI, risk, impact and initiative in turn is one step each, and is taken back whole."""
    draft = window(MERIDIAN)
    before = json.dumps(draft.document, sort_keys=True)
    paths = [("facts", name, one["id"]) for name in ("goals", "kpis", "risks", "impact") for one in at(draft.document, ("facts", name)) or ()]  # fmt: skip
    paths += [("initiatives", one["id"]) for one in draft.document["initiatives"]]
    random.Random(3).shuffle(paths)
    for path in paths:
        draft.change(path, None)
    draft.sync()
    draft = window(MERIDIAN)
    for _ in paths:
        draft.undo()
    assert json.dumps(draft.document, sort_keys=True) == before


def test_a_place_that_was_changed_again_elsewhere_is_not_taken_back(window: Callable[..., Draft]) -> None:
    """Undo says so, changes nothing, not even half a step, and goes on with the step before."""
    mine, theirs = window(), window()
    goal = ("facts", "goals", "new")
    mine.change(SECTOR, "Care")
    mine.change(goal, {"id": "new", "name": "Grow", "due": "2027-01-01"})
    mine.change((*goal, "due"), None)
    mine.sync()
    theirs.sync()
    theirs.change(goal, None)
    theirs.sync()
    mine.sync()
    now = json.dumps(mine.document, sort_keys=True)
    for _ in range(2):
        with pytest.raises(AlignError, match="changed again"):
            mine.undo()
        assert json.dumps(mine.document, sort_keys=True) == now
    assert mine.undo() is not None
    assert at(mine.document, SECTOR) != "Care"


def test_a_refused_disk_loses_nothing(window: Callable[..., Draft], clients: Path, monkeypatch: Any) -> None:
    """What could not be written is said in words, kept, and written when the disk takes it; nobody is overwritten."""
    mine, theirs = window(), window()
    mine.change(SECTOR, "Mine")
    with monkeypatch.context() as refused:
        refused.setattr(
            os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
        )
        for _ in range(2):
            with pytest.raises(AlignError, match="No space left"):
                mine.sync()
    assert at(mine.document, SECTOR) == "Mine"
    theirs.change(COUNTRY, "Norway")  # its revision is the one that failed here
    theirs.sync()
    assert mine.sync() is True
    assert (at(window().document, SECTOR), at(window().document, COUNTRY)) == ("Mine", "Norway")


def test_a_folder_that_cannot_be_written_to_is_said(clients: Path) -> None:
    """A file stands where the draft's folder should be: the form says what to look at."""
    (clients / LAKE / "draft").write_text("mine")
    with pytest.raises(AlignError, match="can be written to"):
        Draft(clients, LAKE)


def test_another_window_that_holds_on_is_said(window: Callable[..., Draft], clients: Path, monkeypatch: Any) -> None:  # fmt: skip
    """A lock that is not let go of is no silent wait for ever; the change is written afterwards."""
    monkeypatch.setattr(module, "LOCK_SECONDS", 0.1)
    draft = window()
    draft.change(SECTOR, "Care")
    with FileLock(clients / LAKE / "draft" / module.LOCK), pytest.raises(AlignError, match="some seconds"):  # fmt: skip
        draft.sync()
    draft.sync()
    assert at(window().document, SECTOR) == "Care"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b"{}", b'{"revision": 1, "base": {}, "document": [], "seen": null, "steps": []}', b'{"revision": 1, "base": {}, "document": {"facts": {"goals": [{"name": "x"}]}}, "seen": null, "steps": []}', b'{"revision": 1, "base": {}, "document": {"positions": {"r": 3}}, "seen": null, "steps": []}', b'{"revision": 1, "base": {}, "document": {}, "seen": null, "steps": [[[[], 1, 2, null]]]}'])  # fmt: skip
def test_a_damaged_draft_is_refused_in_words(clients: Path, content: bytes) -> None:
    """A file that the form did not write is named, with what to do; it and the record stay as they are."""
    path = clients / LAKE / "draft" / "form.json"
    path.parent.mkdir()
    path.write_bytes(content)
    before = record_files(clients)
    with pytest.raises(InputError, match="Rename or delete the file"):
        Draft(clients, LAKE)
    assert (path.read_bytes(), record_files(clients)) == (content, before)


def test_a_draft_cut_off_or_altered_anywhere_opens_or_is_refused_in_words(window: Callable[..., Draft], clients: Path) -> None:  # fmt: skip
    """120 damages to the file of a real draft: none is a traceback, not even on undo, merge and check."""
    draft = window()
    draft.change(("facts", "goals", "new"), {"id": "new"})
    draft.change(SECTOR, "Care")
    draft.sync()
    path, draw, opened = clients / LAKE / "draft" / "form.json", random.Random(11), 0
    whole = path.read_bytes()
    for _ in range(120):
        data = bytearray(whole)
        where = draw.randrange(len(data))
        if draw.random() < 0.3:
            del data[where : where + draw.randrange(1, 300)]
        else:
            data[where] = draw.choice(b'{}[]",:1a ')
        path.write_bytes(data)
        try:
            one = Draft(clients, LAKE)
            opened += 1
            one.undo()
            one.change(COUNTRY, "Norway")
            one.sync()
            one.commit()
        except AlignError:
            continue
    assert 0 < opened < 120
    assert load(clients, LAKE).facts


def test_a_draft_that_vanished_is_written_again(window: Callable[..., Draft], clients: Path) -> None:
    """Deleted by hand or a folder being synchronised: what a window has is not thrown away with the file."""
    draft = window()
    draft.change(SECTOR, "Care")
    draft.sync()
    (clients / LAKE / "draft" / "form.json").unlink()
    draft.sync()
    assert at(window().document, SECTOR) == "Care"


# Two windows.


def test_two_windows_changing_different_things_have_both(window: Callable[..., Draft]) -> None:
    """Each takes in what the other wrote, whoever is first; nothing is asked."""
    mine, theirs = window(), window()
    mine.change(SECTOR, "Care")
    theirs.change(COUNTRY, "Norway")
    assert (mine.sync(), theirs.moved, theirs.sync(), mine.moved, mine.sync()) == (False, True, True, True, True)  # fmt: skip
    assert mine.document == theirs.document == window().document
    assert (at(mine.document, SECTOR), at(mine.document, COUNTRY)) == ("Care", "Norway")
    assert (mine.clash, theirs.clash, mine.moved) == (None, None, False)


@pytest.mark.parametrize("choice", [True, False])
@pytest.mark.parametrize("killed", [False, True])
def test_one_field_changed_in_two_windows_is_a_choice(window: Callable[..., Draft], choice: bool, killed: bool) -> None:  # fmt: skip
    """Either value can stand, also when the window was killed before the choice; all else that was typed is there."""
    mine, theirs = window(), window()
    mine.change(SECTOR, "Mine")
    mine.change(COUNTRY, "Norway")
    theirs.change(SECTOR, "Theirs")
    theirs.sync()
    assert mine.sync() is True
    assert mine.clash is not None
    assert [(one.path, one.mine, one.theirs) for one in mine.clash.conflicts] == [(SECTOR, "Mine", "Theirs")]
    theirs.change(("facts", "goals", "new"), {"id": "new"})  # goes on meanwhile
    theirs.sync()
    assert at(window().document, SECTOR) in ("Mine", "Theirs")
    if killed:
        mine = window()
    assert mine.clash is not None
    with pytest.raises(AlignError, match="Choose first"):
        mine.commit()
    mine.settle(mine=choice)
    assert mine.clash is None
    for one in (mine, window()):
        assert at(one.document, SECTOR) == ("Mine" if choice else "Theirs")
        assert at(one.document, COUNTRY) == "Norway"
        assert at(one.document, ("facts", "goals", "new")) == {"id": "new"}
        assert one.clash is None
    if not choice:
        mine.undo()
        assert at(mine.document, SECTOR) == "Mine"


def test_two_windows_that_both_wait_and_are_killed_lose_nothing(window: Callable[..., Draft]) -> None:
    """Each keeps its own unsettled changes on disk; opened again, one after the other comes up."""
    first, second, third = window(), window(), window()
    for number, one in enumerate((third, first, second)):
        one.change(SECTOR, f"Said by {number}")
        one.change(("facts", "goals", f"g{number}"), {"id": f"g{number}"})
        one.sync()
    assert first.clash
    assert second.clash
    del first, second
    for _ in range(2):
        again = window()
        assert again.clash
        again.settle(mine=False)
    again = window()
    assert again.clash is None
    assert {"g0", "g1", "g2"} <= {one["id"] for one in at(again.document, ("facts", "goals"))}
    assert at(again.document, SECTOR) == "Said by 0"


def test_an_unsettled_change_that_theirs_has_become_leaves_no_trace(window: Callable[..., Draft], clients: Path) -> None:  # fmt: skip
    """Both write the same in the end: nothing to choose when opened again, and it does not come up later."""
    mine, theirs = window(), window()
    mine.change(SECTOR, "Mine")
    theirs.change(SECTOR, "Theirs")
    theirs.sync()
    mine.sync()
    del mine
    theirs.change(SECTOR, "Mine")
    theirs.sync()
    assert window().clash is None
    theirs.sync()
    theirs.change(SECTOR, "Other")
    theirs.sync()
    assert (window().clash, at(window().document, SECTOR)) == (None, "Other")


# The record.


def test_commit_writes_the_record_once_and_nothing_else(window: Callable[..., Draft], clients: Path) -> None:
    """A change of an initiative rewrites its file; every other file, comments included, keeps its bytes."""
    draft = window()
    before = record_files(clients)
    path = ("initiatives", draft.document["initiatives"][0]["id"], "description")
    draft.change(path, "More =SUM(A1)")
    draft.commit()
    after = record_files(clients)
    assert [name for name in after if after[name] != before.get(name)] == ["initiatives.csv"]
    assert load(clients, LAKE).initiatives[0].description == "More =SUM(A1)"
    assert len(list((clients / LAKE / "history").iterdir())) == 1
    assert (draft.uncommitted, draft.clash, window().clash) == ([], None, None)
    draft.commit()
    assert len(list((clients / LAKE / "history").iterdir())) == 1


def test_values_that_the_record_writes_otherwise_are_no_clash_with_oneself(window: Callable[..., Draft], clients: Path) -> None:  # fmt: skip
    """``1250.50`` is 1250.5 on record and blanks around a name go: after the commit nothing waits, undo still works."""
    draft, other = window(), window()
    work = ("initiatives", draft.document["initiatives"][0]["id"], "capex")
    was = at(draft.document, work)
    draft.change(SECTOR, "  Care  ")
    draft.change(("facts", "profile", "employees"), "0140")
    draft.change(work, "1250.50")
    draft.commit()
    assert (draft.clash, draft.uncommitted) == (None, [])
    assert (at(draft.document, work), at(draft.document, SECTOR)) == ("1250.5", "Care")
    assert other.sync() is True
    assert (other.clash, other.uncommitted, window().clash) == (None, [], None)
    assert draft.undo() is not None
    assert at(draft.document, work) == was


def test_a_wrong_draft_is_refused_with_every_fault(window: Callable[..., Draft], clients: Path) -> None:
    """Each wrong field is named at once, the record keeps its bytes, and the draft is as it was."""
    draft = window()
    before = record_files(clients)
    draft.change(("facts", "profile", "employees"), "many")
    draft.change(("facts", "profile", "name"), None)
    draft.change(("initiatives", draft.document["initiatives"][0]["id"], "capex"), "a lot")
    draft.change(("facts", "goals", "new"), {"id": "new"})
    with pytest.raises(InputError) as caught:
        draft.commit()
    said = "\n".join(f"{one.where} {one.found}" for one in caught.value.faults)
    assert all(one in said for one in ("employees", "many", "profile, field name", "capex", "a lot", "goals"))
    assert record_files(clients) == before
    assert window().document == draft.document


def test_a_draft_can_lose_everything(tmp_path: Path) -> None:
    """The last field and entry of the facts are taken away: faults in words, and the way back is open."""
    start_client(tmp_path, "acme", "Acme", date(2026, 9, 30), "USD", "pulse")
    before = record_files(tmp_path, "acme")
    draft = Draft(tmp_path, "acme")
    for path in (("profile", "name"), ("profile", "currency"), ("rounds", "2026-09")):
        draft.change(("facts", *path), None)
    with pytest.raises(InputError, match="profile"):
        draft.commit()
    while draft.undoable:
        draft.undo()
    draft.commit()
    assert record_files(tmp_path, "acme") == before


@pytest.mark.parametrize("killed", [False, True])
def test_a_record_changed_meanwhile_is_taken_in(window: Callable[..., Draft], clients: Path, killed: bool) -> None:  # fmt: skip
    """What an import wrote elsewhere joins the draft; only the draft's own change waits for its commit."""
    draft = window()
    draft.change(SECTOR, "Care")
    draft.sync()
    edit_record(clients, COUNTRY, "Norway")
    assert draft.moved
    if killed:
        draft = window()
    else:
        assert draft.sync() is True
    assert at(draft.document, COUNTRY) == "Norway"
    assert [path for path, *_ in draft.uncommitted] == [SECTOR]
    draft.commit()
    assert (load(clients, LAKE).facts.profile.country, load(clients, LAKE).facts.profile.sector) == ("Norway", "Care")  # fmt: skip


@pytest.mark.parametrize("choice", [True, False])
@pytest.mark.parametrize("killed", [False, True])
def test_a_record_that_changed_in_the_same_place_is_a_choice(window: Callable[..., Draft], clients: Path, choice: bool, killed: bool) -> None:  # fmt: skip
    """The draft's value or the record's: either stands, and is what the commit leaves on record."""
    draft = window()
    draft.change(SECTOR, "Draft")
    draft.sync()
    edit_record(clients, SECTOR, "Record")
    assert draft.sync() is True
    if killed:
        draft = window()
    assert draft.clash is not None
    assert draft.clash.where == "the record"
    draft.settle(mine=choice)
    assert draft.clash is None
    draft.commit()
    assert load(clients, LAKE).facts.profile.sector == ("Draft" if choice else "Record")


def test_two_windows_and_a_record_that_changes_twice_ask_nothing_needless(window: Callable[..., Draft], clients: Path) -> None:  # fmt: skip
    """A window that slept through two changes of the record takes both from the other and the disk."""
    asleep, awake = window(), window()
    edit_record(clients, SECTOR, "First")
    awake.change(COUNTRY, "Norway")
    awake.sync()
    edit_record(clients, SECTOR, "Second")
    asleep.change(("facts", "goals", "new"), {"id": "new"})
    asleep.sync()
    assert asleep.clash is None
    assert (at(asleep.document, SECTOR), at(asleep.document, COUNTRY)) == ("Second", "Norway")


def test_what_is_typed_is_kept_while_the_record_cannot_be_read(window: Callable[..., Draft], clients: Path) -> None:  # fmt: skip
    """Somebody breaks client.yaml by hand: each save says so and keeps the draft; mended, all goes on."""
    draft = window()
    path = clients / LAKE / "client.yaml"
    whole = path.read_bytes()
    path.write_text("profile: [")
    for typed in ("C", "Care"):
        draft.change(SECTOR, typed)
        with pytest.raises(InputError):
            draft.sync()
        assert typed in on_disk(clients)
        assert draft.moved
    with pytest.raises(InputError):
        draft.commit()
    path.write_bytes(whole)
    assert at(window().document, SECTOR) == "Care"
    draft.commit()
    assert load(clients, LAKE).facts.profile.sector == "Care"


def test_answers_imported_between_look_and_save_are_not_overwritten(window: Callable[..., Draft], clients: Path, monkeypatch: Any) -> None:  # fmt: skip
    """The record moves at the last moment: the commit is of the new record, or refused; no answer is lost."""
    draft = window()
    draft.change((*AGREED, "communication-1"), "5")
    add = b"2026-q3,business-5,business,communication-1,4,\n"

    def arrive(*_: Any) -> Any:
        files = read_files(clients, LAKE)
        if add not in files["responses.csv"]:
            save(clients, LAKE, {"responses.csv": files["responses.csv"] + add}, files)
        return changed_files(*_)

    changed_files = module.changed_files
    monkeypatch.setattr(module, "changed_files", arrive)
    invited = at(draft.document, ("facts", "rounds", "2026-q3", "groups"))
    draft.change(("facts", "rounds", "2026-q3", "groups"), [{**one, "invited": "9"} if one["group"] == "business" else one for one in invited])  # fmt: skip
    try:
        draft.commit()
    except (ConflictError, InputError):
        draft.commit()
    said = load(clients, LAKE).responses
    assert any(one.respondent == "business-5" for one in said)
    assert [one.score for one in said if (one.group, one.question) == ("it", "communication-1")] == [5]


# Positions, and what was scored in private.


def test_positions_become_the_answers_of_one_respondent(tmp_path: Path) -> None:
    """Two groups that each agreed have a code of their own; their answers are on record as agreed."""
    start_client(tmp_path, "acme", "Acme", date(2026, 9, 30), "USD", "pulse")
    draft = Draft(tmp_path, "acme")
    groups = [{"group": "business", "mode": "consensus", "invited": "3"}, {"group": "it", "invited": "1"}]
    draft.change(("facts", "rounds", "2026-09", "groups"), groups)
    questions = [one.id for one in draft.record.questionnaires["pulse"].questions]
    for group in ("business", "it"):
        for number, question in enumerate(questions):
            draft.change(("positions", "2026-09", group, question), str(number % 5 + 1))
    draft.commit()
    said = load(tmp_path, "acme").responses
    assert len(said) == 2 * len(questions)
    assert {one.group: one.respondent for one in said}.keys() == {"business", "it"}
    assert len({one.respondent for one in said}) == 2
    assert [one.score for one in said if one.group == "it"] == [n % 5 + 1 for n in range(len(questions))]
    assert Draft(tmp_path, "acme").uncommitted == []


def test_a_position_taken_back_keeps_its_comment(window: Callable[..., Draft], clients: Path) -> None:
    """A score is changed and another withdrawn: each comment stays with its question, all other answers stay."""
    before = load(clients, HARBOUR).responses
    noted = next(one for one in before if one.group == "it" and one.comment)
    other = next(one for one in before if one.group == "it" and not one.comment)
    draft = window(HARBOUR)
    home = ("positions", noted.round, "it")
    draft.change((*home, noted.question), None)
    draft.change((*home, other.question), "5" if other.score != 5 else "4")
    draft.commit()
    after = load(clients, HARBOUR).responses
    kept = {(one.respondent, one.question): one for one in after}
    assert kept[noted.respondent, noted.question].comment == noted.comment
    assert kept[noted.respondent, noted.question].score is None
    assert kept[other.respondent, other.question].score == (5 if other.score != 5 else 4)
    changed = {(noted.respondent, noted.question), (other.respondent, other.question)}
    assert {k: v for k, v in kept.items() if k not in changed} == {
        (one.respondent, one.question): one for one in before if (one.respondent, one.question) not in changed
    }
    assert len(after) == len(before)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mode": "consensus"}, "answers by consensus, though it has answered by survey"),
        ({"mode": "", "invited": "3"}, "answers by consensus, though it has answered by survey"),
    ],
)
def test_the_way_a_group_has_answered_stays(window: Callable[..., Draft], change: dict[str, str], said: str) -> None:  # fmt: skip
    """Confidential replies cannot be made a position on the record, by mode or by head-count."""
    draft = window(MERIDIAN)
    one = at(draft.document, ("facts", "rounds"))[-1]
    groups = [{k: v for k, v in {**each, **change}.items() if v} if each["group"] == "business" else each for each in one["groups"]]  # fmt: skip
    draft.change(("facts", "rounds", one["id"], "groups"), groups)
    with pytest.raises(InputError, match=said):
        draft.commit()


@pytest.mark.parametrize("what", ["score", "minimum"])
def test_a_closed_round_is_not_changed(clients: Path, what: str) -> None:
    """Neither a position nor the fewest answers shown can change once a round is closed in the record."""
    facts = clients / HARBOUR / "client.yaml"
    facts.write_bytes(facts.read_bytes().replace(b"\n    as_of: 2026-10-31", b"\n    as_of: 2026-10-31\n    closed: 2026-10-31"))  # fmt: skip
    draft = Draft(clients, HARBOUR)
    one = at(draft.document, ("facts", "rounds"))[0]
    if what == "score":
        question, score = next(iter(at(draft.document, ("positions", one["id"], "it")).items()))
        draft.change(("positions", one["id"], "it", question), "1" if score != "1" else "2")
    else:
        draft.change(("facts", "rounds", one["id"], "groups"), [{**each, "minimum": "3"} for each in one["groups"]])  # fmt: skip
    with pytest.raises(InputError, match="a closed round as it was published"):
        draft.commit()


def test_dont_know_is_agreed_and_stays(window: Callable[..., Draft], clients: Path) -> None:
    """An agreed "don't know" is kept as an answer without a score, and read back as one."""
    draft = window(HARBOUR)
    home = ("positions", at(draft.document, ("facts", "rounds"))[0]["id"], "it")
    question = next(iter(at(draft.document, home)))
    draft.change((*home, question), "0")
    draft.commit()
    (answer,) = [one for one in load(clients, HARBOUR).responses if (one.group, one.question) == ("it", question)]  # fmt: skip
    assert answer.score is None
    assert at(window(HARBOUR).document, (*home, question)) == "0"


def test_a_removed_round_takes_its_scores_along(window: Callable[..., Draft]) -> None:
    """A round made after it was removed has none of its scores; undo brings round and scores back."""
    draft = window()
    draft.change(("facts", "rounds", "round-9"), {"id": "round-9", "as_of": "2027-01-31"})
    draft.change(("positions", "round-9", "it", "q"), "3")
    draft.change(("facts", "rounds", "round-9"), None)
    assert at(draft.document, ("positions", "round-9")) is None
    draft.undo()
    assert at(draft.document, ("positions", "round-9", "it", "q")) == "3"


def test_answers_given_one_by_one_are_not_replaced_by_a_position(window: Callable[..., Draft], clients: Path) -> None:  # fmt: skip
    """A surveyed group is made a consensus group afterwards: refused, and every answer is still there."""
    draft, before = window(), record_files(clients)
    groups = at(draft.document, ("facts", "rounds", "2026-q3", "groups"))
    draft.change(("facts", "rounds", "2026-q3", "groups"), [{**one, "mode": "consensus"} if one["group"] == "business" else one for one in groups])  # fmt: skip
    draft.change(("positions", "2026-q3", "business", "communication-1"), "3")
    with pytest.raises(InputError, match="respondents of business"):
        draft.commit()
    assert record_files(clients) == before


def test_a_score_that_is_none_is_a_fault_in_words(window: Callable[..., Draft]) -> None:
    """A draft altered by hand, with a position of 9: refused like any other value."""
    draft = window()
    draft.change((*AGREED, "communication-1"), "9")
    with pytest.raises(InputError, match="communication-1"):
        draft.commit()


def test_private_scores_never_reach_the_record_and_are_forgotten(window: Callable[..., Draft], clients: Path) -> None:  # fmt: skip
    """Not in a file of the record or its history; once agreed, in no step to undo and no byte of the draft."""
    draft, other = window(), window()
    for said in ("1", "3", "4"):
        draft.change(ALONE, [{"communication-1": f"secret {said}"}], again=True)
        draft.change(SECTOR, f"Care {said}")
        draft.sync()
    other.sync()
    other.change(ALONE, [{"communication-1": "secret 4"}, {"communication-1": "secret 5"}])
    other.sync()
    draft.sync()
    assert "secret" in on_disk(clients)
    draft.change((*AGREED, "communication-1"), "4")
    draft.commit()
    draft.forget(ALONE)
    draft.sync()
    other.change(COUNTRY, "Norway")
    other.sync()
    window().sync()
    home = clients / LAKE
    assert not [one for one in home.rglob("*") if one.is_file() and b"secret" in one.read_bytes()]
    while other.undoable:
        other.undo()
        assert at(other.document, ALONE) is None


def test_scores_that_one_forgot_while_the_other_scored_are_a_choice(window: Callable[..., Draft]) -> None:
    """Nothing that was just scored vanishes without a word."""
    draft, other = window(), window()
    draft.change(ALONE, [{"communication-1": "2"}])
    draft.sync()
    other.sync()
    draft.forget(ALONE)
    draft.sync()
    other.change(ALONE, [{"communication-1": "2", "communication-2": "5"}])
    other.sync()
    assert other.clash is not None
    other.settle(mine=False)
    assert at(window().document, ALONE) is None
