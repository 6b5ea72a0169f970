"""Two hands on one document: what both may keep, what takes a choice, and that nothing is ever lost unseen."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from slices import examples

from toolkit.intake.document import INITIATIVES, Document, Path, at, put
from toolkit.intake.document_merge import Conflict, differences, merge
from toolkit.intake.document_references import without

IDS = ["a", "b", "c"]
LISTS: list[Path] = [INITIATIVES, ("facts", "goals"), ("facts", "kpis")]
# What a field may hold: text, and where the form lets one type pairs, text that is not yet pairs.
TEXT = st.sampled_from(["x", "y", "z", None])
PAIRS = st.sampled_from(["half ty", {"dev": "1"}, {"dev": "2"}, {"qa": "1"}, {"dev": "1", "qa": "3"}, None])
FIELD = st.one_of(
    st.tuples(st.builds(lambda path, id: (*path, id, "name"), st.sampled_from(LISTS), st.sampled_from(IDS)), TEXT),
    st.tuples(st.builds(lambda id: (*INITIATIVES, id, "fte"), st.sampled_from(IDS)), PAIRS),
    st.tuples(st.builds(lambda id: (*INITIATIVES, id, "fte", "dev"), st.sampled_from(IDS)), TEXT),
    st.tuples(st.builds(lambda *names: ("positions", *names), st.sampled_from(IDS), st.sampled_from(IDS)), TEXT),
    st.tuples(st.just(("facts", "spend")), st.sampled_from([None, [{"year": "2027"}], [{"year": "2028"}]])),
    st.tuples(st.just(("private", "r", "it")), st.sampled_from([None, [{"q": "1"}], [{"q": "2"}]])),
)  # fmt: skip
ENTRY = st.builds(
    lambda path, id, name: ((*path, id), None if name == "gone" else {"id": id, **({"name": name} if name else {})}),
    st.sampled_from(LISTS), st.sampled_from(IDS), st.sampled_from(["x", "y", "gone", None]),
)  # fmt: skip
CHANGES = st.lists(st.one_of(FIELD, ENTRY), max_size=8)


def edited(document: Document, changes: list[Any]) -> Document:
    """Return a document after changes as the form makes them; those to what is not there left out."""
    document = deepcopy(document)
    for path, value in changes:
        try:
            for where, rest in without(document, path) if value is None else ():
                put(document, where, rest)
            put(document, path, deepcopy(value))
        except KeyError:
            continue
    return document


def same(one: Document, other: Document) -> bool:
    """Whether two documents say the same, whatever the order of the entries of a list."""
    return not list(differences(one, other))


def within(path: Path, conflicts: tuple[Conflict, ...]) -> bool:
    """Whether a place is, or lies in, one that a conflict names."""
    return any(path[: len(one.path)] == one.path for one in conflicts)


START = edited({}, [((*path, id), {"id": id, "name": "x"}) for path in LISTS for id in "ab"])


@given(CHANGES, CHANGES)
def test_a_side_that_changed_nothing_leaves_the_other_as_it_is(begun: list[Any], changes: list[Any]) -> None:
    """Whoever did nothing, the outcome is what the other one did, without a question."""
    before = edited(START, begun)
    after = edited(before, changes)
    for mine, theirs in ((before, after), (after, before), (after, after)):
        merged, conflicts = merge(before, mine, theirs)
        assert same(merged, after)
        assert conflicts == ()


@settings(max_examples=examples(200))
@given(CHANGES, CHANGES, CHANGES)
def test_no_change_is_dropped_unseen(begun: list[Any], ours: list[Any], others: list[Any]) -> None:
    """Each change of either side is in the outcome, or in a place of which both values are shown."""
    before = edited(START, begun)
    mine, theirs = edited(before, ours), edited(before, others)
    merged, conflicts = merge(before, mine, theirs)
    for path, _, after, _ in differences(before, mine):
        assert at(merged, path) == after or within(path, conflicts)
    for path, _, after, _ in differences(before, theirs):
        assert at(merged, path) == after or within(path, conflicts)
    for one in conflicts:
        assert at(merged, one.path) == one.mine == at(mine, one.path)
        assert one.theirs == at(theirs, one.path)
        assert one.before == at(before, one.path)
        assert one.mine != one.theirs
        assert one.mine != one.before != one.theirs
    assert len({one.path for one in conflicts}) == len(conflicts)


@given(CHANGES, CHANGES, CHANGES)
def test_nothing_appears_that_neither_wrote(begun: list[Any], ours: list[Any], others: list[Any]) -> None:
    """What neither changed stays, and every value of the outcome is one of the two."""
    before = edited(START, begun)
    mine, theirs = edited(before, ours), edited(before, others)
    merged, _ = merge(before, mine, theirs)
    for path, _, after, _ in differences(before, merged):
        assert after in (at(mine, path), at(theirs, path))


@given(CHANGES, CHANGES, CHANGES)
def test_either_choice_gives_what_it_says(begun: list[Any], ours: list[Any], others: list[Any]) -> None:
    """Where mine stands, mine stands in each such place; where theirs does, theirs; and nothing else moves."""
    before = edited(START, begun)
    mine, theirs = edited(before, ours), edited(before, others)
    merged, conflicts = merge(before, mine, theirs)
    chosen = edited(merged, [])
    for one in conflicts:
        put(chosen, one.path, deepcopy(one.theirs))
    assert all(at(chosen, one.path) == one.theirs for one in conflicts)
    assert all(within(path, conflicts) for path, *_ in differences(merged, chosen))


@given(CHANGES, CHANGES)
@example([], [])
def test_changes_of_different_things_both_survive(ours: list[Any], others: list[Any]) -> None:
    """One works on the goals, the other on the initiatives: both have all of it, without a question."""
    mine = edited(START, [one for one in ours if one[0][:2] == ("facts", "goals") and one[1] is not None])
    theirs = edited(START, [one for one in others if one[0][0] == "initiatives"])
    merged, conflicts = merge(START, mine, theirs)
    assert conflicts == ()
    assert same({"goals": at(merged, ("facts", "goals"))}, {"goals": at(mine, ("facts", "goals"))})
    assert same({"initiatives": merged.get("initiatives")}, {"initiatives": theirs.get("initiatives")})


def test_one_field_changed_twice_is_a_conflict_of_that_field_alone() -> None:
    """Both rename one goal, each differently, and each changes something else as well."""
    name: Path = ("facts", "goals", "a", "name")
    mine = edited(START, [(name, "Mine"), (("facts", "goals", "a", "owner"), "Dana")])
    theirs = edited(START, [(name, "Theirs"), (("facts", "goals", "a", "due"), "2027-01-01")])
    merged, conflicts = merge(START, mine, theirs)
    assert conflicts == (Conflict(name, "x", "Mine", "Theirs"),)
    assert at(merged, name[:-1]) == {"id": "a", "name": "Mine", "owner": "Dana", "due": "2027-01-01"}


def test_the_same_change_by_both_is_no_conflict() -> None:
    """Both write the same, or remove the same: there is nothing to choose."""
    for changes in ([(("facts", "goals", "a", "name"), "Same")], [(("facts", "goals", "a"), None)]):
        after = edited(START, changes)
        assert merge(START, after, deepcopy(after)) == (after, ())


def test_an_entry_that_one_removed_and_the_other_changed_is_a_conflict_of_the_entry() -> None:
    """The choice is between the entry as changed and no entry; it comes up once, whatever was changed in it."""
    goal: Path = ("facts", "goals", "a")
    removed = edited(START, [(goal, None)])
    changed = edited(START, [((*goal, "name"), "New"), ((*goal, "owner"), "Dana")])
    was, is_ = at(START, goal), {"id": "a", "name": "New", "owner": "Dana"}
    merged, conflicts = merge(START, removed, changed)
    assert (at(merged, goal), conflicts) == (None, (Conflict(goal, was, None, is_),))
    merged, conflicts = merge(START, changed, removed)
    assert (at(merged, goal), conflicts) == (is_, (Conflict(goal, was, is_, None),))


def test_an_entry_that_both_added_is_a_conflict_unless_it_is_the_same() -> None:
    """Two new goals that were given the same id: both are shown."""
    goal: Path = ("facts", "goals", "new")
    mine, theirs = ({"id": "new", "name": name} for name in ("Mine", "Theirs"))
    _, conflicts = merge(START, edited(START, [(goal, mine)]), edited(START, [(goal, theirs)]))
    assert conflicts == (Conflict(goal, None, mine, theirs),)


def test_pairs_that_are_text_while_one_types_them_are_told_from_pairs() -> None:
    """``developer: 1`` becomes text while it is typed over, and pairs again: in either hand it can be merged."""
    fte: Path = (*INITIATIVES, "a", "fte")
    start = edited(START, [(fte, {"dev": "1"})])
    text, pairs = edited(start, [(fte, "dev")]), edited(start, [(fte, {"dev": "2"})])
    assert list(differences(start, text)) == [(fte, {"dev": "1"}, "dev", None)]
    assert list(differences(text, start)) == [(fte, "dev", {"dev": "1"}, None)]
    assert merge(start, text, pairs)[1] == (Conflict(fte, {"dev": "1"}, "dev", {"dev": "2"}),)
    assert merge(start, pairs, text)[1] == (Conflict(fte, {"dev": "1"}, {"dev": "2"}, "dev"),)


def test_two_roles_of_one_initiative_are_two_places() -> None:
    """One adds developers, the other analysts: both are there."""
    fte: Path = (*INITIATIVES, "a", "fte")
    mine, theirs = edited(START, [(fte, {"dev": "1"})]), edited(START, [(fte, {"qa": "2"})])
    merged, conflicts = merge(START, mine, theirs)
    assert (at(merged, fte), conflicts) == ({"dev": "1", "qa": "2"}, ())


def test_a_new_entry_keeps_its_place_in_the_list() -> None:
    """An entry put at the front of a list stands there after the merge; their own stay in their order."""
    mine = deepcopy(START)
    put(mine, ("facts", "goals", "new"), {"id": "new"}, 0)
    theirs = edited(START, [(("facts", "goals", "last"), {"id": "last"})])
    merged, _ = merge(START, mine, theirs)
    assert [one["id"] for one in at(merged, ("facts", "goals"))] == ["new", "a", "b", "last"]
