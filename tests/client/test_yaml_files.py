"""YAML: nothing is guessed when reading, and facts written read back equal."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.client.calendar import Quarter
from toolkit.client.facts import (
    Capacity,
    Facts,
    Goal,
    Kpi,
    Planning,
    Profile,
    Reading,
    Risk,
    Round,
    RoundGroup,
    Theme,
)
from toolkit.client.yaml_files import read_mapping, read_model
from toolkit.client.yaml_text import dump_facts

ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,12}", fullmatch=True) | st.sampled_from(
    ["2026", "010", "1e5", "1.5e5", "null", "true", "no", "2026-01-31", "0x10", "1_000", "12.5", "1.", "08"]
)
text = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs", "Cc"]), st.sampled_from("\n\r\t'\":#-&*!|>%@`{}[]\u202e漢😀 ")
    ),
    max_size=60,
) | st.sampled_from(
    ["yes", "NO", "~", "1:30", "=", "<<", "- a", "a: b", "# x", "---", "...", "\ufeffx", "1e5", "012"]
)
name = text.filter(lambda value: value.strip() != "")
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
numbers = st.floats(-1e12, 1e12) | st.integers(-(10**6), 10**6).map(float)
quarters = st.builds(Quarter, st.integers(2000, 2099), st.integers(1, 4))
facts = st.builds(
    Facts,
    synthetic=st.booleans(),
    profile=st.builds(
        Profile, name=name, country=st.none() | text, employees=st.none() | st.integers(1, 9999)
    ),
    goals=st.lists(
        st.builds(Goal, id=ids, name=name, baseline=st.none() | numbers, due=st.none() | days), max_size=2
    ).map(tuple),
    kpis=st.lists(
        st.builds(
            Kpi, id=ids, name=name, readings=st.lists(st.builds(Reading, date=days, value=numbers)).map(tuple)
        ),
        max_size=2,
    ).map(tuple),
    risks=st.lists(
        st.builds(Risk, id=ids, name=name, consequence=text, severity=st.floats(0, 1)), max_size=2
    ).map(tuple),
    themes=st.lists(st.builds(Theme, id=ids, dimension=st.just("blame"), text=name), max_size=2).map(tuple),
    targets=st.dictionaries(st.sampled_from(["priorities", "roadmap"]), st.floats(1, 5)),
    capacity=st.lists(
        st.builds(Capacity, role=st.just("dev"), fte=st.floats(0, 99), quarter=st.none() | quarters),
        max_size=2,
    ).map(tuple),
    planning=st.builds(Planning, start=st.none() | quarters) | st.just(Planning()),
    rounds=st.lists(
        st.builds(
            Round,
            id=ids,
            as_of=days,
            groups=st.lists(
                st.builds(
                    RoundGroup,
                    group=st.just("it"),
                    note=text,
                    priorities=st.dictionaries(ids, st.floats(1, 9), max_size=2),
                ),
                max_size=2,
            ).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(facts)
def test_facts_written_read_back_equal(one: Facts) -> None:
    """Any facts, whatever their text, survive writing and reading, and the bytes are stable."""
    data = dump_facts(one)
    again, faults = read_model(Facts, data, "client.yaml")
    assert faults == []
    assert again == one
    assert again is not None
    assert dump_facts(again) == data


def test_what_is_not_known_is_not_written() -> None:
    """None, empty lists and unset fields are left out; quarters and dates stand as people write them."""
    one = Facts(
        profile=Profile(name="Ünï 漢", sector=None),
        goals=(Goal(id="g", name="G", target=5.0, due=date(2027, 1, 31)),),
        kpis=(),
        planning=Planning(start=Quarter(2027, 1)),
    )
    assert dump_facts(one).decode() == (
        "schema_version: 1\nprofile:\n  name: Ünï 漢\ngoals:\n- id: g\n  name: G\n  target: 5\n"
        "  due: 2027-01-31\nplanning:\n  start: 2027-Q1\n"
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("010", "010"),
        ("1:30", "1:30"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("true", True),
        ("12", 12),
        ("-1.5", -1.5),
        ("2027-01-31", date(2027, 1, 31)),
        ("2027-02-30", "2027-02-30"),
        ("2027-01-31 10:00:00", "2027-01-31 10:00:00"),
        ("~", None),
        ("'12'", "12"),
        (".inf", ".inf"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_words_are_read_narrowly(written: str, meant: object) -> None:
    """Norway stays NO, codes keep their zeros, and only what is written as a number or date is one."""
    content, faults = read_mapping(f"a: {written}\n".encode(), "f")
    assert faults == []
    assert content == {"a": meant}


def test_empty_fields_count_as_left_out() -> None:
    """A name with nothing after it, as templates have it, is the same as no such line."""
    data = b"profile:\n  name: A\n  sector:\n  country: ''\ngoals:\nrounds:\n"
    assert read_model(Facts, data, "f") == (Facts(profile=Profile(name="A")), [])


def test_every_name_given_twice_is_told_with_both_lines() -> None:
    """Duplicate names are all reported, at any depth, each with its two lines."""
    _, faults = read_mapping(b"a: 1\nb:\n  c: 1\n  c: 2\na: 3\n", "f")
    assert sorted(fault.where for fault in faults) == ["f, lines 1 and 5", "f, lines 3 and 4"]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_mapping_or_faults_and_never_a_crash(data: bytes) -> None:
    """Whatever the bytes, reading returns a group of fields or says what is wrong."""
    content, faults = read_mapping(data, "f")
    assert faults or isinstance(content, dict)


@pytest.mark.parametrize("data", [b"[" * 100_000, b"a: " + b"{a: " * 5_000, b"- " * 50_000])
def test_deep_nesting_is_refused_and_not_followed(data: bytes) -> None:
    """Thousands of nested brackets are one fault, not an exhausted stack."""
    content, faults = read_mapping(data, "f")
    assert content is None
    assert len(faults) == 1
