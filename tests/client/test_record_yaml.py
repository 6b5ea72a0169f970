"""client.yaml is the consultant's file: a write changes the values that changed, and no other byte."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slices import examples
from yaml_by_hand import ByHand, Owner

from toolkit.client.record_yaml import rewritten
from toolkit.client.schema import Facts
from toolkit.client.yaml_files import read_model
from toolkit.client.yaml_text import plain

TEXTS = (
    "Raise margin", "Ines Duarte, CFO", "a: b", "x # y", "it's \"so\"", "Ünï 漢 😀 word", "yes", "12", "- dash", "[b]",
    "two\nlines", "three\n\n  lines # not a remark\nhere", "a long text of many words, which takes several lines: all of it",
    "{b}", "2026-01-31", "1:30", "*x", "&y", "!z", "%", "@at", "tail:", "010", "yes and\tno",
)  # fmt: skip


def content(chance: Random) -> dict[str, Any]:
    """Return facts as plain data, fields in any order."""

    def text() -> str:
        return chance.choice(TEXTS)

    def some(make: Any, most: int = 3) -> list[Any]:
        return [shuffled(make(number)) for number in range(chance.randint(0, most))]

    def shuffled(group: dict[str, Any]) -> dict[str, Any]:
        names = [name for name, value in group.items() if value is not None]
        chance.shuffle(names)
        return {name: group[name] for name in names}

    def maybe(value: Any) -> Any:
        return value if chance.random() < 0.6 else None

    whole = {
        "profile": shuffled({"name": text(), "sector": maybe(text()), "employees": maybe(chance.randint(1, 999))}),
        "goals": some(lambda n: {"id": f"g{n}", "name": text(), "owner": maybe(text()), "weight": maybe(50 / (n + 1)),
                                 "due": maybe(date(2027, 1, n + 1))}),
        "kpis": some(lambda n: {"id": f"k{n}", "name": text(), "target": maybe(1.5),
                                "readings": maybe(some(lambda m: {"date": date(2026, 1, m + 1), "value": m / 8}))}),
        "risks": some(lambda n: {"id": f"k{n}", "name": text(), "consequence": maybe(text())}, 2),
        "targets": shuffled({"roadmap": maybe(3.5), "priorities": maybe(4), "communication": maybe(2)}),
        "budget": some(lambda n: {"year": 2027 + n, "amount": 400000.0 + n, "reserve": maybe(0.1)}),
        "capacity": some(lambda n: {"role": f"r{n}", "fte": 1.5, "quarter": maybe("2027-Q1")}, 2),
        "planning": shuffled({"quarters": maybe(8), "start": maybe("2027-Q1")}),
        "rounds": some(lambda n: {"id": f"r{n}", "as_of": date(2026, 1, n + 1), "name": maybe(text()),
                                  "groups": maybe(some(lambda m: {"group": ("business", "it")[m], "invited": maybe(9),
                                                                  "priorities": maybe({"g0": 1.25, "g1": 2.5}),
                                                                  "note": maybe(text())}, 2))}, 2),
    }  # fmt: skip
    names = [name for name, value in whole.items() if name == "profile" or chance.random() < 0.85]
    chance.shuffle(names)
    return {name: whole[name] for name in names}


LISTS = {"goals": "id", "kpis": "id", "risks": "id", "budget": "year", "capacity": "role", "rounds": "id"}
NEW = {
    "goals": {"id": "new", "name": "New, goal", "due": date(2028, 1, 1)},
    "kpis": {"id": "new", "name": "x: y", "readings": [{"date": date(2027, 1, 1), "value": 1.125}]},
    "risks": {"id": "new", "name": "New", "consequence": "of\nlines"},
    "budget": {"year": 2040, "amount": 1.0},
    "capacity": {"role": "new role", "fte": 2.0},
    "rounds": {"id": "new", "as_of": date(2029, 1, 1), "groups": [{"group": "it", "invited": 2}]},
}
SINGLE = {"goals": "name", "kpis": "name", "risks": "consequence", "budget": "amount", "capacity": "fte", "rounds": "name"}  # fmt: skip


def changed(whole: dict[str, Any], chance: Random) -> tuple[set[Owner], set[Owner]]:
    """Make one change in place; return whose lines may change, and what goes with its remarks."""
    section = chance.choice(sorted(LISTS))
    entries, label = whole.setdefault(section, []), LISTS[section]
    kind = chance.choice(("add", "insert", "remove", "set", "clear", "move", "rename", "nested", "profile", "targets", "planning", "all"))  # fmt: skip
    if kind == "profile":
        name = chance.choice(("name", "sector"))
        whole["profile"][name] = chance.choice(TEXTS)
        return {("profile", name)}, set()
    if kind == "targets":
        targets = whole.setdefault("targets", {})
        if "roadmap" in targets and chance.random() < 0.5:
            del targets["roadmap"]
            return {("targets", "roadmap")}, {("targets", "roadmap")}
        targets["roadmap"] = chance.choice((2.25, 3.0))
        return {("targets", "roadmap")}, set()
    if kind == "planning":
        whole.setdefault("planning", {})["scenario"] = "cut"
        return set(), set()
    if kind == "all":
        entries.clear()
        return {(section,)}, {(section, "entries")}
    if kind in ("add", "insert") or not entries:
        entries.insert(
            len(entries) if kind == "add" else chance.randint(0, len(entries)), deepcopy(NEW[section])
        )
        return set(), set()
    entry = chance.choice(entries)
    mine = (section, str(entry[label]))
    if kind == "remove":
        entries.remove(entry)
        return {mine}, {mine}
    if kind == "move":
        entries.remove(entry)
        entries.insert(chance.randint(0, len(entries)), entry)
        return {(section,)}, set()
    if kind == "rename":
        entry[label] = 2041 if section == "budget" else "renamed"
        return {(*mine, label)}, set()
    if kind == "nested" and section == "kpis":
        first = not entry.get("readings")
        entry.setdefault("readings", []).append({"date": date(2030, 1, 1), "value": 0.3})
        return {(*mine, "readings")} if first else set(), set()
    name = SINGLE[section]
    if kind == "clear" and section in ("rounds", "risks") and entry.pop(name, None) is not None:
        return {(*mine, name)}, {(*mine, name)}
    entry[name] = (
        chance.choice((7.0, 1.125, 1e16)) if section in ("budget", "capacity") else chance.choice(TEXTS)
    )
    if section == "capacity":
        entry[name] = 3.25
    if section == "budget":
        entry[name] = chance.choice((7.0, 1.125, 350000.5))
    return {(*mine, name)}, set()


def begins(owner: Owner, part: Owner) -> bool:
    return owner[: len(part)] == part or (owner[-1] == "*" and part[: len(owner) - 1] == owner[:-1])


def is_part(lines: Sequence[str], of: Sequence[str]) -> bool:
    rest: Iterator[str] = iter(of)
    return all(line in rest for line in lines)


@settings(max_examples=examples(150), deadline=None)
@given(st.integers(0, 2**32))
def test_a_write_changes_what_changed_and_no_other_byte(seed: int) -> None:
    """Whatever the style, wherever remarks stand: after any change the file holds what was meant, no line of
    anything else differs, every remark stands in its order, and writing the same again changes no byte."""
    chance = Random(seed)
    whole = content(chance)
    hand = ByHand(chance)
    data = hand.write(whole).encode()
    before, faults = read_model(Facts, data, "f")
    assert before == Facts.model_validate(whole), faults
    assert rewritten(data, before, "f") == data
    touched, gone = changed(whole, chance)
    wanted = Facts.model_validate(whole)
    after = rewritten(data, wanted, "f")
    assert read_model(Facts, after, "f") == (wanted, [])
    assert rewritten(after, wanted, "f") == after
    assert after.startswith(b"\xef\xbb\xbf") == data.startswith(b"\xef\xbb\xbf")
    if hand.line_end == "\r\n":
        assert b"\n" not in after.replace(b"\r\n", b"")
    old, new = data.decode("utf-8-sig"), after.decode("utf-8-sig")
    moved = any(len(part) == 1 for part in touched)
    stay = [mark for mark, owner in hand.remarks.items() if not any(leaves(owner, part) for part in gone)]
    marks = re.findall(r"# (r\d+é)", new)
    assert (sorted(marks) if moved else marks) == (sorted(stay) if moved else stay)
    lines = zip(old.split(hand.line_end), [owner for _, owner in hand.lines], strict=False)
    kept = [
        line for line, owner in lines if not any(begins(owner, part) for part in touched) and owner[-1] != "*"
    ]
    assert is_part([line for line in kept if line], new.split(hand.line_end))


def leaves(owner: Owner, part: Owner) -> bool:
    """Whether a remark goes with what is removed: an entry, a field, or all entries of a section."""
    if part[-1] == "entries":
        return len(owner) > 1 and owner[0] == part[0] and owner[1] != "*"
    return owner[: len(part)] == part


UNUSUAL = {
    "json": ('{"profile": {"name": "A"},\n "goals": [\n  {"id": "g", "name": "G"}\n ]\n}\n', '{"profile": {"name": "A", sector: S},\n "goals": [\n  {"id": "g", "name": "New"},\n  {id: h, name: H}\n ]\n}\n'),
    "one line": ("{profile: {name: A}, goals: [{id: g, name: G}]}", "{profile: {name: A, sector: S}, goals: [{id: g, name: New}, {id: h, name: H}]}"),
    "marks": ("%YAML 1.1\n---\nprofile:\n  name: A\ngoals:\n- id: g\n  name: G\n...\n", "%YAML 1.1\n---\nprofile:\n  name: A\n  sector: S\ngoals:\n- id: g\n  name: New\n- id: h\n  name: H\n...\n"),
    "question marks": ("? profile\n: name: A\n? goals\n: - id: g\n    ? name\n    : G  # x\n", "? profile\n: name: A\n  sector: S\n? goals\n: - id: g\n    ? name\n    : New  # x\n  - id: h\n    name: H\n"),
    "kept breaks": ("profile:\n  name: A\ngoals:\n- id: g\n  name: |+  # x\n    G\n\n\n# y\n", "profile:\n  name: A\n  sector: S\ngoals:\n- id: g\n  name: |+  # x\n    New\n- id: h\n  name: H\n# y\n"),
    "old mac": ("profile:\r  name: A # x\rgoals:\r- id: g\r  name: G\r", "profile:\r  name: A # x\r  sector: S\rgoals:\r- id: g\r  name: New\r- id: h\r  name: H\r"),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNUSUAL)
def test_unusual_files_are_kept_as_unusual(kind: str) -> None:
    """JSON, one line, document marks, explicit names, kept blank lines, lone carriage returns: all stay."""
    before, after = UNUSUAL[kind]
    facts, faults = read_model(Facts, before.encode(), "f")
    assert facts is not None, faults
    whole = plain(facts)
    whole["profile"]["sector"] = "S"
    whole["goals"][0]["name"] = "New"
    whole["goals"].append({"id": "h", "name": "H"})
    assert rewritten(before.encode(), Facts.model_validate(whole), "f").decode() == after


def test_writing_a_thousand_entries_into_a_thousand_is_linear_work() -> None:
    """A large register goes into a large file; each entry of it is written as its siblings are."""
    lines = "".join(f"- {{id: k{n}, name: K}}  # {n}\n" for n in range(1000))
    whole = {"profile": {"name": "A"}, "kpis": [{"id": f"k{n}", "name": "K"} for n in range(2000)]}
    data = f"profile: {{name: A}}\nkpis:\n{lines}".encode()
    added = "".join(f"- {{id: k{n}, name: K}}\n" for n in range(1000, 2000))
    assert rewritten(data, Facts.model_validate(whole), "f") == data + added.encode()
