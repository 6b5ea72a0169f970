"""A record as a form edits it: places by path, changes that can be taken back, and the way back into the files."""

from __future__ import annotations

import csv
import random
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.client.record import Record
from toolkit.client.schema import Facts, Initiative
from toolkit.client.store import load, read_files, read_record
from toolkit.errors import InputError
from toolkit.intake.document import (
    INITIATIVES,
    LISTS,
    PREFIX,
    TABLES,
    Document,
    answered_together,
    at,
    document_of,
    free_id,
    is_blank,
    put,
)
from toolkit.intake.document_files import changed_files, checked
from toolkit.intake.document_references import without

SAMPLES = ("meridian-manufacturing", "harbour-credit-union", "lakeside-clinic")
WORDS = st.text("ab =+é“<\n", max_size=4)
IDS = st.sampled_from(["a", "b", "c"])
LISTING = st.sampled_from([*TABLES, *(("facts", name) for name in LISTS)])
NAMES = st.lists(IDS, max_size=3)
LEVELS = st.dictionaries(IDS, st.sampled_from("0123"), max_size=3)
VALUES = st.one_of(WORDS, st.none(), NAMES, LEVELS)
FIELDS = st.sampled_from(["name", "kpi", "goals", "overlaps", "settles", "depends_on"])
ENTRY = st.builds(
    lambda path, id, fields: ((*path, id), fields and {"id": id, **{k: v for k, v in fields.items() if v}}),
    LISTING, IDS, st.none() | st.dictionaries(FIELDS, VALUES, max_size=3),
)  # fmt: skip
FIELD = st.tuples(
    st.one_of(
        st.builds(lambda path, id, name: (*path, id, name), LISTING, IDS, FIELDS),
        st.builds(lambda name: ("facts", "profile", name), FIELDS),
        st.builds(lambda name: ("facts", "targets", name), IDS),
        st.builds(lambda *names: ("positions", *names), IDS, IDS, IDS),
        st.just(("facts", "spend")),
    ),
    VALUES,
)
CHANGES = st.lists(st.tuples(st.one_of(ENTRY, FIELD), st.integers(0, 3) | st.none()), max_size=25)


def changed(document: Document, changes: list[Any]) -> list[Any]:
    """Make changes in place, those in entries that are not there left out; return what they were."""
    made = []
    for (path, value), index in changes:
        try:
            made.append(put(document, path, deepcopy(value), index))
        except KeyError:
            continue
    return made


def blanks(value: Any) -> list[Any]:
    """Return what is blank anywhere in a document."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for one in inner if is_blank(one)] + [found for one in inner for found in blanks(one)]


@pytest.fixture(params=SAMPLES)
def sample(request: pytest.FixtureRequest, project: Path) -> Record:
    """Each of the samples' records in turn."""
    return load(project / "client_data", request.param)


@given(CHANGES, CHANGES)
def test_changes_taken_back_in_turn_give_back_the_document(begun: list[Any], changes: list[Any]) -> None:
    """Whatever is changed, added, moved or removed: taken back from the last to the first, it never happened."""
    document: Document = {}
    changed(document, begun)
    before = deepcopy(document)
    for one in reversed(changed(document, changes)):
        assert at(document, one.path) == one.after
        put(document, one.path, deepcopy(one.before), one.index)
    assert document == before


@given(CHANGES, LISTING, IDS)
def test_removing_an_entry_that_is_named_elsewhere_can_be_taken_back(
    begun: list[Any], listing: Any, id: str
) -> None:
    """An entry goes with every mention of it, and comes back with every mention in its place."""
    document: Document = {}
    changed(document, begun)
    before, path = deepcopy(document), (*listing, id)
    places = [*without(document, path), (path, None)]
    steps = [put(document, where, value) for where, value in places]
    assert at(document, path) is None
    assert list(without(document, path)) == []
    assert all(at(document, one.path) == one.after for one in steps)
    for one in reversed(steps):
        put(document, one.path, one.before, one.index)
    assert document == before


@given(CHANGES)
def test_nothing_blank_is_kept(changes: list[Any]) -> None:
    """However places are set and emptied, no field, group or list that says nothing stays behind."""
    document: Document = {}
    changed(document, [one for one in changes if not blanks(one[0][1])])
    assert not blanks(document)


def test_a_place_in_an_entry_that_is_gone_is_refused_before_anything_is_changed() -> None:
    """Somebody else removed the entry: nothing is begun where it was."""
    document: Document = {"facts": {"profile": {"name": "Acme"}, "goals": [{"id": "a"}]}}
    for path in (("facts", "goals", "b", "name"), ("facts", "kpis", "b", "name"), ("initiatives", "x", "goals", "a"), ("facts", "profile", "name", "first")):  # fmt: skip
        before = deepcopy(document)
        with pytest.raises(KeyError):
            put(document, path, "x")
        assert document == before


def test_a_change_keeps_what_it_was_when_more_is_changed_inside() -> None:
    """A change tells of the moment it was made, not of what became of its entry later."""
    document: Document = {}
    added = put(document, ("facts", "goals", "a"), {"id": "a"})
    put(document, ("facts", "goals", "a", "name"), "Grow")
    removed = put(document, ("facts", "goals", "a"), None)
    assert (added.after, removed.before) == ({"id": "a"}, {"id": "a", "name": "Grow"})


@pytest.mark.parametrize("listing", PREFIX)
def test_every_list_of_the_form_has_ids_to_give(listing: str) -> None:
    """A new entry of any list gets an id that none has, which the record accepts."""
    path = next((one for one in TABLES if one[-1] == listing), ("facts", listing))
    document: Document = {}
    for _ in range(3):
        put(document, (*path, id := free_id(document, path)), {"id": id})
    assert len({one["id"] for one in at(document, path)}) == 3
    put(document, (*path, at(document, path)[0]["id"]), None)
    assert at(document, (*path, free_id(document, path))) is None
    assert {*LISTS, *(path[-1] for path in TABLES)} == PREFIX.keys()


# The way back into the files.


def files_anew(record: Record, document: Document) -> dict[str, bytes]:
    """Return all the files that a document makes, as though the record held none of it."""
    return changed_files(record, {}, document)


def test_a_record_comes_back_from_its_document(sample: Record, project: Path) -> None:
    """A sample as a document, and its files written from nothing else, is the same sample."""
    document = document_of(sample)
    assert not blanks(document)
    files = read_files(project / "client_data", sample.slug)
    again = read_record(sample.slug, {**files, **files_anew(sample, {**document, "positions": {}})})
    assert (again.facts, again.initiatives) == (sample.facts, sample.initiatives)
    assert [one.model_dump() for one in again.actions] == [one.model_dump() for one in sample.actions]
    assert document_of(again) == document_of(sample)


def test_positions_come_back_as_they_were(sample: Record, project: Path) -> None:
    """Positions that are written anew are the same answers, under the same code, with the same comments."""
    document = document_of(sample)
    blank = replace(sample, responses=tuple(one.model_copy(update={"score": None}) for one in sample.responses))  # fmt: skip
    found = checked(blank, {}, document)
    together = {(one.id, group) for one in sample.facts.rounds for group in _together(document, one.id)}

    def said(record: Any) -> list[Any]:
        rows = [one for one in record.responses if (one.round, one.group) in together]
        return sorted(tuple(one.model_dump().values()) for one in rows if one.score or one.comment)

    assert said(found) == said(sample)
    assert bool(together) == (sample.slug != "meridian-manufacturing")


def _together(document: Document, id: str) -> list[str]:
    return answered_together(at(document, ("facts", "rounds", id)))


def test_a_document_that_says_what_the_record_does_changes_no_file(sample: Record) -> None:
    """Opened and committed untouched, not a byte is written: comments in client.yaml stay."""
    recorded = document_of(sample)
    assert changed_files(sample, recorded, deepcopy(recorded)) == {}


def test_each_change_rewrites_its_own_file_alone(sample: Record) -> None:
    """A goal is in client.yaml, an initiative in initiatives.csv, an action in actions.csv: the other files are not touched."""
    recorded = document_of(sample)
    action = {"id": "a-new", "round": sample.round().id, "action": "Meet"}
    document = deepcopy(recorded)
    put(document, ("actions", "a-new"), action)
    files = changed_files(sample, recorded, document)
    assert list(files) == ["actions.csv"]
    again = [*csv.DictReader(files["actions.csv"].decode().splitlines())]
    assert len(again) == len(sample.actions) + 1
    assert {name: value for name, value in again[-1].items() if value} == action
    for path, file in ((("facts", "profile", "sector"), "client.yaml"), ((*INITIATIVES, recorded["initiatives"][0]["id"], "name"), "initiatives.csv")):  # fmt: skip
        document = deepcopy(recorded)
        put(document, path, "Something else")
        assert list(changed_files(sample, recorded, document)) == [file]


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
NAME = TEXT.filter(lambda text: text.strip())
NUMBER = st.floats(0, 1e12).map(lambda x: float(repr(x))) | st.integers(0, 10**12).map(float)
MAYBE = st.none() | NUMBER
DAY = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))  # fmt: skip
GOALS = st.lists(st.builds(lambda id, name, low, due: {"id": id, "name": name, "baseline": low, "due": due}, IDS, NAME, MAYBE, st.none() | DAY), max_size=3, unique_by=lambda one: one["id"])  # fmt: skip
FACTS = st.builds(
    lambda name, goals, spend, targets, risks, real: {
        "profile": {"name": name}, "goals": goals, "spend": spend, "targets": targets, "risks": risks, "synthetic": real,
    },
    NAME, GOALS,
    st.lists(st.builds(lambda year, run, grow: {"year": year, "run": run, "grow": grow}, st.integers(1990, 2100), NUMBER, MAYBE), max_size=2, unique_by=lambda one: one["year"]),
    st.dictionaries(st.sampled_from(["communication", "value"]), st.floats(1, 5), max_size=2),
    st.lists(st.builds(lambda id, name, share: {"id": id, "name": name, "severity": share}, IDS, NAME, st.none() | st.floats(0, 1)), max_size=2, unique_by=lambda one: one["id"]),
    st.booleans(),
)  # fmt: skip
ROLE = st.text("abé =+-@'", min_size=1, max_size=6).filter(str.strip)
WORK = st.lists(
    st.builds(
        lambda id, name, text, money, shares, fte, done: {
            "id": id, "name": name, "description": text, "capex": money, "capex_profile": shares, "fte": fte, "finish": done,
        },
        IDS, NAME, TEXT, MAYBE, st.sampled_from([(), (1.0,), (0.25, 0.75)]),
        st.dictionaries(ROLE, st.floats(0, 100), max_size=2), st.none() | DAY,
    ),
    max_size=3, unique_by=lambda one: one["id"],
)  # fmt: skip


@given(FACTS, WORK)
def test_any_record_comes_back_from_its_document(facts: Any, work: Any) -> None:
    """Whatever a record holds: as a document and back, the files say the same."""
    try:
        known = Facts.model_validate(facts), tuple(Initiative.model_validate(one) for one in work)
    except ValueError:  # a role that is only blanks, say
        return
    record = Record("acme", *known)
    document = document_of(record)
    assert not blanks(document)
    try:
        files = files_anew(record, document)
    except InputError:  # as the record itself would be refused
        assert checked(record, document, document).faults
        return
    again = read_record("acme", files)
    assert (again.facts, again.initiatives) == known
    assert document_of(again) == document


def test_a_random_walk_through_a_sample_is_a_record_or_refused_in_words(project: Path) -> None:
    """Entries and fields removed at random: files that read back as the document says, or every fault in words."""
    record = load(project / "client_data", SAMPLES[2])
    recorded, read = document_of(record), read_files(project / "client_data", SAMPLES[2])
    draw, committed = random.Random(5), 0
    for _ in range(25):
        document = deepcopy(recorded)
        for _ in range(draw.randint(1, 3)):
            listing = draw.choice([*TABLES, *(("facts", name) for name in LISTS)])
            if one := draw.choice(at(document, listing) or [None]):
                path = (*listing, one["id"], *draw.choice([(), (draw.choice([*one]),)]))
                if path[-1] != "id":
                    for where, value in [*(without(document, path) if path[-1] == one["id"] else ()), (path, None)]:  # fmt: skip
                        put(document, where, value)
        faults = checked(record, recorded, document).faults
        assert all(one.where and one.found and one.allowed and one.remedy for one in faults)
        if not faults:
            committed += 1
            files = changed_files(record, recorded, document)
            assert document_of(read_record(SAMPLES[2], {**read, **files})) == document
    assert committed > 3
