"""YAML: nothing is guessed when reading, and facts written read back equal."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slices import examples

from toolkit.client.calendar import Quarter
from toolkit.client.schema import (
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
from toolkit.client.store import read_record
from toolkit.client.yaml_files import read_mapping, read_model, stated_name
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import InputError

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


@settings(max_examples=examples(150), deadline=None)
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


@settings(max_examples=examples(300), deadline=None)
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


COMMAS = """\
profile: {name: A}
goals:
- {id: margin, name: Raise margin, owner: Ines Duarte, CFO, weight: 60}
- {id: orders, name: Orders, owner: "Tom Okafor, head of sales", weight: 40}
budget:
- {year: 2027, amount: 400,000, reserve: 0.1}
- {year: 2028, amount: 350000, reserve: 0,1}
rounds:
- {id: r, as_of: 2026-09-30, groups: [{group: it, priorities: {margin: 1,5}}]}
"""


def test_a_comma_within_braces_shortens_nothing() -> None:
    """What a comma cuts off a text or a number in {…} is a fault that names it, one a place, where it stands."""
    model, faults = read_model(Facts, COMMAS.encode(), "client.yaml")
    assert model is None
    assert [(fault.where, fault.found.split("'")[1]) for fault in faults] == [
        ("client.yaml, line 3", "CFO"),
        ("client.yaml, line 6", "000"),
        ("client.yaml, line 7", "1"),
        ("client.yaml, line 9", "5"),
    ]
    assert all("quotation marks" in f.remedy and "thousands separators" in f.remedy for f in faults)


@pytest.mark.parametrize("cut", ["{name: Raise margin, owner}", "{name, id: g}", "{name: A, ? owner}"])
def test_a_known_name_without_a_value_within_braces_is_a_fault_too(cut: str) -> None:
    """Text after a comma may happen to be the name of a field."""
    _, faults = read_mapping(f"a: {cut}\n".encode(), "f")
    assert ["between commas, without a value" in fault.found for fault in faults] == [True]


def test_within_braces_a_name_with_an_empty_value_is_read() -> None:
    """'owner: ' with nothing behind its colon is left out, as on a line of its own."""
    assert read_mapping(b"{a: , b: ~, 'c': '', \"d\":1}", "f") == (
        {"a": None, "b": None, "c": "", "d": 1},
        [],
    )


@pytest.mark.parametrize("value", ["", " ~", " ''", ' "  "', " null"])
def test_an_unknown_name_is_a_fault_empty_or_not(value: str) -> None:
    """A misspelt name with nothing behind it is told like any other, at every depth."""
    data = f"profile:\n  name: A\n  secter:{value}\nrounds:\n- id: r\n  as_of: 2026-01-01\n  grups:{value}\n"
    _, faults = read_model(Facts, data.encode(), "f")
    assert [fault.found for fault in faults] == ["a field named 'secter'", "a field named 'grups'"]


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("400.000", "Write 400 for the one, 400000 for the other."),
        ("-1.250", "Write -1.25 for the one, -1250 for the other."),
        ("1_000", "digits only"),
        ("010", "digits only"),
        ("0x1F", "digits only"),
        ("12:30", "digits only"),
        ("1,5", "digits only"),
        ("400 000", "digits only"),
        ("400'000", "digits only"),
    ],
)
def test_what_could_be_two_numbers_is_none(written: str, remedy: str) -> None:
    """Thousands or decimals, octal, sexagesimal or text: an amount that two readers read as two is a fault."""
    data = f"profile: {{name: A}}\nkpis:\n- id: k\n  name: K\n  target: {written}\n"
    model, faults = read_model(Facts, data.encode(), "f")
    assert model is None
    (fault,) = faults
    assert fault.where == "f, kpis, entry 1 (k), field target"
    assert fault.found == written
    assert remedy in fault.remedy


@pytest.mark.parametrize(("written", "meant"), [("0.125", 0.125), ("1.5", 1.5), ("12.3456", 12.3456), ("1e3", 1e3), ("1000.125", 1000.125), ("1.1250", 1.125)])  # fmt: skip
def test_what_can_be_one_number_only_is_read(written: str, meant: float) -> None:
    """A point that parts no thousands is a decimal point."""
    data = f"profile: {{name: A}}\nkpis:\n- {{id: k, name: K, target: {written}}}\n"
    model, faults = read_model(Facts, data.encode(), "f")
    assert faults == []
    assert model is not None
    assert model.kpis[0].target == meant


@pytest.mark.parametrize("word", ["no", "TBD", "n/a", "-", "Nein.", "not", "?"])
@pytest.mark.parametrize(
    "field",
    [
        "goals: [{{id: g, name: G, owner: {}}}]",
        "kpis: [{{id: k, name: K, owner_it: {}}}]",
        "impact: [{{id: i, symptom: blame, name: x, likely: 3, agreed_by: {}}}]",
        "rounds: [{{id: r, as_of: 2026-01-01, groups: [{{group: it, correction: {}}}]}}]",
    ],
)
def test_a_word_for_nobody_is_no_name_and_no_reason(field: str, word: str) -> None:
    """'agreed_by: no' would count as agreed, 'owner: TBD' as an owner: any text does."""
    written = field.format(f"'{word}'")
    _, faults = read_model(Facts, f"profile: {{name: A}}\n{written}\n".encode(), "f")
    assert [fault.found for fault in faults] == [word]
    assert "Leave it empty" in faults[0].remedy
    assert read_model(Facts, f"profile: {{name: A}}\n{field.format('Noah Na')}\n".encode(), "f")[1] == []


def test_three_decimals_are_read_where_no_thousands_are_allowed() -> None:
    """A mean rank, a maturity level or points of 100 can hold 1.333; whole numbers of people cannot."""
    data = b"profile: {name: A, employees: 2.000}\ngoals: [{id: g, name: G, weight: 33.333}]\ntargets: {roadmap: 3.333}\n"
    _, faults = read_model(Facts, data, "f")
    assert [fault.where for fault in faults] == ["f, profile, field employees"]


def test_names_that_differ_by_blanks_only_are_one_name() -> None:
    """' a' and 'a' would become one field, the later value in silence."""
    _, faults = read_mapping(b"'a': 1\n' a ': 2\n", "f")
    assert ["twice" in fault.found for fault in faults] == [True]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("a: Become #1 in service", "Become #1 in service"),
        ("a: Top 3 by NPS  #2 in region\nb: x", "Top 3 by NPS #2 in region"),
        ("a: #1 in service", "#1 in service"),
        ("a:\n- #1 in service", "#1 in service"),
        ("a:\n  Become\n  first\t#1", "Become first #1"),
        ("a: {b: Become #1\n}", "Become #1"),
    ],
)
def test_a_hash_behind_a_blank_shortens_no_text(written: str, found: str) -> None:
    """What YAML would cut off a text as a remark, though it need not be one, is a fault."""
    _, faults = read_mapping(f"# head\n{written}\n".encode(), "f")
    assert [fault.found for fault in faults] == [found]
    assert "quotation marks" in faults[0].remedy


@pytest.mark.parametrize(
    "written",
    [
        "a: x # remark",
        "a: x #",
        "a: x  ## remark",
        "a: x #-----",
        "a: x #\tremark",
        "a: 'x' #remark",
        "a: x\n  #remark\n#b: y",
        "a: |- #remark\n  x",
        "#remark\na: x",
        "{a: x}  #remark",
    ],
)
def test_a_remark_that_can_be_nothing_else_is_one(written: str) -> None:
    """A remark with a blank behind its #, on a line of its own, or behind a closed text is passed over."""
    assert read_mapping(f"{written}\n".encode(), "f") == ({"a": "x"}, [])


@pytest.mark.parametrize("written", ["a: 60 #ask Ines", "a: 2027-01-31 #board", "a: true #so far"])
def test_a_remark_behind_a_number_or_day_needs_no_blank(written: str) -> None:
    """A number is whole, whatever stands behind it."""
    assert read_mapping(written.encode(), "f")[1] == []


HEAD = "profile: {name: A}\n"
HOSTILE = {
    "names": (lambda: HEAD + "".join(f"name{n}: 1\n" for n in range(300_000)), "100,000 names and values"),
    "unknown": (lambda: HEAD + "".join(f"name{n}: 1\n" for n in range(20_000)), "a field named 'name0'"),
    "cut off": (lambda: HEAD + "targets: {" + ",".join(f"a{n}" for n in range(20_000)) + "}\n", "'a0' between commas"),
    "overlaps": (lambda: HEAD + "impact:\n- {id: a, name: x, symptom: blame, likely: 1, overlaps: [" + ",".join(f"b{n}" for n in range(50_000)) + "]}\n", "b0"),
    "brackets": (lambda: HEAD + "goals: " + "[" * 2_000_000, "lists within lists"),
    "laughs": (lambda: HEAD + "a: &a [x, x]\n" + "".join(f"a{n}: &a{n} [*a, *a]\n" for n in range(30)), "the anchor or alias 'a'"),
    "a text": (lambda: HEAD + "goals: " + "x" * 4_900_000, "xxx"),
    "100 MB": (lambda: "x" * 100_000_000, "100,000,000 bytes"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_few_of_them(kind: str) -> None:
    """However much a file holds, what is said of it begins with the first fault and stays short: work is bounded
    by 100,000 values read and 500 faults told, not by the file."""
    text, found = HOSTILE[kind]
    with pytest.raises(InputError) as caught:
        read_record("c", {"client.yaml": text().encode()})
    assert found in caught.value.faults[0].found
    assert len(str(caught.value)) < 1_000_000


def test_many_faults_are_told_as_many(files: dict[str, bytes]) -> None:
    """Past 500 faults of one file, one more says how many follow."""
    text = files["client.yaml"] + b"".join(b"name%d: 1\n" % n for n in range(700))
    with pytest.raises(InputError) as caught:
        read_record("c", {**files, "client.yaml": text})
    assert [fault.found for fault in caught.value.faults if "more faults" in fault.found] == [
        "200 more faults"
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("profile:\n  name: Acme\n", "Acme"),
        (
            'schema_version: 1\ngoals:\n- id: name\n  name: G\nprofile:\n  sector: name\n  name: "A: \\u00e9"\n',
            "A: é",
        ),
        ("profile: {country: X, name: 'B''s'}\nkpis: [", "B's"),
        ("name: Not this\nprofile:\n  owner: {name: Nor this}\n  name: This\n", "This"),
        ("profile:\n  sector: name\n", ""),
        ("profile: name\nname: X\n", ""),
        ("{[", ""),
        ("\x00", ""),
        ("", ""),
    ],
)
def test_a_clients_name_is_found_without_reading_its_record(text: str, name: str) -> None:
    """What the profile calls it, wherever that stands, and of no other field; nothing where it cannot be told."""
    assert stated_name(text.encode()) == name
