"""Counted answers: percentages, turned scales, a whole and its part, and the round they go into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.intake.merge_counts import counts_of_shares

HEAD = "unit,q,a,b,c,d,e,n,name\n"
MAP = """\
kind: aggregates
fields: {question: q, group: unit}
counts:
  answers: {1: a, 2: b, 3: c, 4: d, 5: e}
"""
OF_BASE = MAP + "  base: n\n"
SPLIT = (
    OF_BASE
    + """\
  share_of_answered: true
  reversed: true
  ignore: ["9999"]
  whole_minus_part: {column: unit, whole: dept, part: branch}
labels: {it: name, business: {constant: The rest}}
notes: {business: an estimate}
"""
)
Q = "communication-1"
SHARES = st.lists(st.integers(0, 100), min_size=5, max_size=5).filter(any)
TO_100 = st.lists(st.integers(0, 100), min_size=4, max_size=4).map(
    lambda cuts: [b - a for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), 100], strict=True)]
)


@given(SHARES, st.integers(0, 200_000))
def test_counts_sum_to_the_base_and_stay_within_one_of_their_share(shares: list[int], base: int) -> None:
    """Largest remainders: nobody is lost or added, and no count is a whole answer off its share."""
    counts = counts_of_shares(shares, base)
    assert sum(counts) == base
    assert all(abs(count * sum(shares) - share * base) < sum(shares) * (1 + 1e-6) for count, share in zip(counts, shares, strict=True))  # fmt: skip


@given(TO_100, st.integers(201, 200_000))
def test_counts_round_back_to_the_percentages_they_came_from(shares: list[int], base: int) -> None:
    """From 201 answers on, the published whole percentages come out of the counts again."""
    assert [round(100 * count / base) for count in counts_of_shares(shares, base)] == shares


def row(unit: str, figures: str, base: int = 100, name: str = "x", question: str = Q) -> str:
    """One row of a table of answers."""
    return f"{unit},{question},{figures},{base},{name}\n"


def test_a_count_that_may_be_one_or_a_thousand_is_asked_about(surveyed: Any) -> None:
    """1.000 answers, or a base of 2.000 people, are two numbers; 1,000 is one, and so is 33.333 per cent."""
    head = HEAD.replace(",", "\t")
    tabbed = lambda figures, base: f"it\t{Q}\t{figures}\t{base}\tx\n"  # noqa: E731
    told = surveyed.refusal(head + tabbed("1.000\t2\t10\t20\t3", "5"), "aggregates", MAP)
    assert "row 2, column a" in told
    told = surveyed.refusal(head + tabbed("0\t0\t33.333\t66.667\t0", "2.000"), "aggregates", OF_BASE)
    assert "row 2, column n" in told
    surveyed.put(head + tabbed("1,000\t2\t10\t20\t3", "5"), "aggregates", MAP)
    assert surveyed.counts()["it", Q] == (1000, 2, 10, 20, 3)
    for mark, count in ((",", 1000), (".", 1)):
        surveyed.put(head + tabbed("1.000\t2\t10\t20\t3", "5"), "aggregates", f"{MAP}decimal: '{mark}'\n")
        assert surveyed.counts()["it", Q] == (count, 2, 10, 20, 3)


def test_shares_with_and_without_a_sign_in_one_row_are_refused(surveyed: Any) -> None:
    """10 % beside 0.2 is no share of the same kind, even where shares need not add up to 100."""
    chosen = OF_BASE + "  share_of_answered: true\n"
    assert "% sign" in surveyed.refusal(HEAD + row("it", "10%,0.2,0.3,0.2,0.2", 20), "aggregates", chosen)
    surveyed.put(HEAD + row("it", "10%,20%,30%,20%,20%", 20), "aggregates", chosen)
    assert (
        surveyed.put(
            HEAD + row("it", "10%,9999,30%,20%,20%", 20),
            "aggregates",
            SPLIT.replace("dept", "it").replace("branch", "x"),
        ).rejected
        == ()
    )


def test_turning_a_scale_twice_changes_nothing(surveyed: Any) -> None:
    """Their 1 is our 5: a table written backwards and read as reversed gives the same counts."""
    surveyed.put(HEAD + row("it", "1,2,3,4,5"), "aggregates", MAP)
    straight = surveyed.counts()
    done = surveyed.put(HEAD + row("it", "5,4,3,2,1"), "aggregates", MAP + "  reversed: true\n")
    assert surveyed.counts() == straight == {("it", Q): (1, 2, 3, 4, 5)}
    assert done.unchanged == (f"it {Q}",)


def test_the_whole_less_its_part_is_the_other_group(surveyed: Any) -> None:
    """A department of 200 with a branch of 50: the rest are the difference, answer by answer, turned round."""
    table = (
        HEAD + row("dept", "50,20,10,10,10", 200, "All") + row("branch", "20,20,20,20,20", 50, "IT Branch")
    )
    surveyed.put(table, "aggregates", SPLIT)
    assert surveyed.counts() == {("business", Q): (10, 10, 10, 30, 90), ("it", Q): (10, 10, 10, 10, 10)}
    groups = {one.group: one for one in surveyed.record.round().groups}
    assert (groups["it"].label, groups["business"].label) == ("IT Branch", "The rest")
    assert groups["business"].note == "an estimate"


def test_a_part_larger_than_the_whole_is_cut_at_zero_and_said(surveyed: Any) -> None:
    """Rounding can leave fewer than none: the count becomes 0, and the account says how often."""
    table = HEAD + row("dept", "0,25,25,25,25", 100) + row("branch", "20,20,20,20,20", 50)
    done = surveyed.put(table, "aggregates", SPLIT)
    assert surveyed.counts()["business", Q] == (15, 15, 15, 15, 0)
    assert any("1 counts came out below zero" in remark for remark in done.remarks)


def test_suppressed_figures_stay_missing_and_are_named(surveyed: Any) -> None:
    """9999 is no percentage: such a row gives no counts, is never 0, and stands in the account."""
    table = HEAD + row("dept", "9999,9999,9999,9999,9999", 200) + row("branch", "20,20,20,20,20", 50)
    done = surveyed.put(table, "aggregates", SPLIT)
    assert surveyed.counts() == {("it", Q): (10, 10, 10, 10, 10)}
    assert any("stay missing: 1 (row 2)" in remark for remark in done.remarks)


def test_percentages_that_leave_people_out_need_the_map_to_say_so(surveyed: Any) -> None:
    """60 % in all is refused, unless they are declared shares of those who answered."""
    table = HEAD + row("it", "20,10,10,10,10", 60)
    assert "add up to 60" in surveyed.refusal(table, "aggregates", OF_BASE)
    surveyed.put(table, "aggregates", OF_BASE + "  share_of_answered: true\n")
    assert surveyed.counts() == {("it", Q): (20, 10, 10, 10, 10)}


@pytest.mark.parametrize(
    ("rows", "chosen", "told"),
    [
        (row("it", "1.5,2,3,4,5"), MAP, "a whole number of answers"),
        (row("it", "-1,2,3,4,5"), MAP, "a whole number of answers"),
        (row("it", "x,2,3,4,5"), MAP, "a number"),
        (row("it", "0,0,0,0,0", 10), OF_BASE + "  share_of_answered: true\n", "shares of the 10 answers"),
        (row("sales", "1,2,3,4,5"), MAP, "a group: business, it, provider"),
        (row("it", "1,2,3,4,5") * 2, MAP, "each group and question once"),
        (row("other", "20,20,20,20,20"), SPLIT, "dept or branch, as in the map"),
        (row("it", "1,2,3,4,5", question="zz"), MAP, "the questions of round 2026-09"),
        (row("it", "1,2,3,4,5", question=""), MAP, "the question's id"),
        (row("branch", "20,20,20,20,20", name="\x07"), SPLIT, "text without control characters"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused(surveyed: Any, rows: str, chosen: str, told: str) -> None:
    """Halves of answers, unknown groups or units, a second row of a question: named, and nothing is written."""
    assert told in surveyed.refusal(HEAD + rows, "aggregates", chosen)


def test_questions_nobody_asks_about_are_dropped_and_counted(surveyed: Any) -> None:
    """Rows of questions the round does not hold are left out, and the account says how many and which."""
    table = HEAD + row("it", "1,2,3,4,5") + row("it", "1,2,3,4,5", question="Q99")
    done = surveyed.put(table, "aggregates", MAP)
    assert list(surveyed.counts()) == [("it", Q)]
    assert any("left out: 1 (q99)" in remark for remark in done.remarks)


def test_a_map_can_add_the_round_it_belongs_to(surveyed: Any) -> None:
    """With a date and a questionnaire the map's round is made; without, an unknown round is refused."""
    table = HEAD + row("it", "1,2,3,4,5")
    assert "round" in surveyed.refusal(table, "aggregates", MAP + "round: y2018\n")
    surveyed.put(table, "aggregates", MAP + "round: y2018\nas_of: 2018-11-30\nquestionnaire: pulse\n")
    assert [one.id for one in surveyed.record.rounds] == ["y2018", "2026-09"]
    assert surveyed.record.aggregates[0].round == "y2018"


ROUNDS = "round,group,question,count_1,count_2,count_3,count_4,count_5\n"


def test_rows_that_name_a_round_go_into_that_round(surveyed: Any) -> None:
    """A column with the round is obeyed: nothing of 2018 lands in the latest round."""
    table = HEAD + row("it", "1,2,3,4,5")
    surveyed.put(table, "aggregates", MAP + "round: y2018\nas_of: 2018-11-30\nquestionnaire: pulse\n")
    surveyed.put(ROUNDS + f"y2018,it,{Q},5,4,3,2,1\n", "aggregates")
    assert [(one.round, one.counts) for one in surveyed.record.aggregates] == [("y2018", (5, 4, 3, 2, 1))]


def test_a_clients_own_file_comes_back_round_by_round(surveyed: Any) -> None:
    """aggregates.csv with two rounds is refused as a whole, and read with --where for each."""
    table = HEAD + row("it", "1,2,3,4,5")
    surveyed.put(table, "aggregates", MAP + "round: y2018\nas_of: 2018-11-30\nquestionnaire: pulse\n")
    surveyed.put(table, "aggregates", MAP)
    ours = (surveyed.clients / "acme" / "aggregates.csv").read_bytes()
    assert "one round" in surveyed.refusal(ours, "aggregates")
    for name in ("y2018", "2026-09"):
        assert surveyed.put(ours, "aggregates", where=[f"round={name}"]).files == {}


@pytest.mark.parametrize(
    ("rows", "chosen", "told"),
    [
        (f"y1999,it,{Q},1,2,3,4,5\n", "", "a round of the record (2026-09)"),
        (f",it,{Q},1,2,3,4,5\n", "", "the id of a round"),
        (f"../x,it,{Q},1,2,3,4,5\n", "", "the id of a round"),
        (f"2026-09,it,{Q},1,2,3,4,5\n", "round: y2018\n", "y2018"),
    ],
)
def test_a_round_that_is_not_there_is_refused(surveyed: Any, rows: str, chosen: str, told: str) -> None:
    """An unknown round, none, no id, or another than the map's: a fault, and nothing is written."""
    fields = "kind: aggregates\nfields: {question: question, group: group, round: round}\n"
    counts = "counts: {answers: {1: count_1, 2: count_2, 3: count_3, 4: count_4, 5: count_5}}\n"
    assert told in surveyed.refusal(ROUNDS + rows, "aggregates", chosen and fields + counts + chosen)


def test_headings_may_be_in_capitals(surveyed: Any) -> None:
    """GROUP, QUESTION, COUNT_1 are our headings too."""
    head = "GROUP,QUESTION,COUNT_1,COUNT_2,COUNT_3,COUNT_4,COUNT_5\n"
    surveyed.put(head + f"it,{Q},1,2,3,4,5\n", "aggregates")
    assert surveyed.counts() == {("it", Q): (1, 2, 3, 4, 5)}


def test_counts_come_from_workbooks_too(surveyed: Any, workbook: Callable[..., bytes]) -> None:
    """Our own headings need no map, and numbers in XLSX cells are numbers."""
    rows = [["group", "question", *(f"count_{n}" for n in range(1, 6))], ["it", Q, 1, 2, 3, 4, 5.0]]
    surveyed.put(workbook(rows), "aggregates", name="t.xlsx")
    assert surveyed.counts() == {("it", Q): (1, 2, 3, 4, 5)}


def test_an_import_that_says_nothing_new_leaves_the_files_as_they_were(surveyed: Any) -> None:
    """Counts imported twice change no byte, so a hand-written client.yaml keeps its comments."""
    table = HEAD + row("it", "1,2,3,4,5")
    surveyed.put(table, "aggregates", MAP)
    before = surveyed.on_disk()
    assert surveyed.put(table, "aggregates", MAP).files == {}
    assert surveyed.on_disk() == before


@pytest.mark.parametrize("heading", ["{} %", "Percent {}", "{} (%)"])
def test_percentages_without_their_base_are_no_counts(surveyed: Any, heading: str) -> None:
    """A column headed % holds shares: 20 of them are not twenty people."""
    names = [heading.format(n) for n in "12345"]
    answers = ", ".join(f'{n}: "{name}"' for n, name in enumerate(names, 1))
    chosen = (
        f"kind: aggregates\nfields: {{group: group, question: question}}\ncounts:\n  answers: {{{answers}}}\n"
    )
    table = f"group,question,{','.join(names)}\nit,{Q},20,20,20,20,20\n"
    assert "as base under counts" in surveyed.refusal(table, "aggregates", chosen)


@pytest.mark.parametrize("more", ["count_6,count_7", "count_0", "Count_10"])
def test_counts_of_another_scale_are_refused(surveyed: Any, more: str) -> None:
    """A table that counts a sixth answer, or a zeroth, is not read for five of them alone."""
    head = f"group,question,count_1,count_2,count_3,count_4,count_5,{more}\n"
    row = f"business,{Q},1,2,3,4,5{',9' * (more.count(',') + 1)}\n"
    assert "counts of five answers" in surveyed.refusal(head + row, kind="aggregates")


IN_THREE = "kind: aggregates\nfields: {question: q, group: unit}\ncounts:\n  answers: {%s}\n  base: n\n"
THREE_HEAD = "unit,q,% positive,% neutral,% negative,n\n"


@pytest.mark.parametrize(
    ("meant", "figures", "counts"),
    [
        ("4: '% positive', 3: '% neutral', 2: '% negative'", "55,25,20", (0, 40, 50, 110, 0)),
        ("5: '% positive', 3: '% neutral', 1: '% negative'", "55%,25%,20%", (40, 0, 50, 0, 110)),
        ("5: '% positive', 1: '% negative'", "70,,30", (60, 0, 0, 0, 140)),
    ],
)
def test_shares_told_in_fewer_answers_count_as_the_map_says(
    surveyed: Any, meant: str, figures: str, counts: tuple[int, ...]
) -> None:
    """Positive, neutral and negative of 200 people: each where the map puts it, and a note says that it is an estimate."""
    done = surveyed.put(f"{THREE_HEAD}it,{Q},{figures},200\n", "aggregates", IN_THREE % meant)
    assert surveyed.counts() == {("it", Q): counts}
    assert "scores are an estimate" in surveyed.record.round().groups[0].note
    assert any("“% positive” as" in remark for remark in done.remarks)


def test_an_own_note_stands_above_the_estimates(surveyed: Any) -> None:
    """What the map notes of a group is not written over."""
    chosen = (
        IN_THREE % "4: '% positive', 3: '% neutral', 2: '% negative'" + "notes: {it: Staff survey of 2026.}\n"
    )
    surveyed.put(f"{THREE_HEAD}it,{Q},55,25,20,200\n", "aggregates", chosen)
    assert surveyed.record.round().groups[0].note == "Staff survey of 2026."


@pytest.mark.parametrize("meant", ["4: '% positive', 5: '% neutral'", "4: '% positive'", "3: '% neutral'"])
def test_answers_on_one_side_alone_are_refused(surveyed: Any, meant: str) -> None:
    """A positive share says nothing of who is neutral and who is not."""
    told = surveyed.refusal(f"{THREE_HEAD}it,{Q},55,25,20,200\n", "aggregates", IN_THREE % meant)
    assert "on both sides of 3" in told


def test_a_count_beside_those_of_a_map_of_three_is_not_dropped(surveyed: Any) -> None:
    """A table of five, of which the map names three, is asked about."""
    table = f"unit,q,a1,a2,a3,a4,a5\nit,{Q},1,2,3,4,5\n"
    chosen = (
        "kind: aggregates\nfields: {question: q, group: unit}\ncounts:\n  answers: {2: a2, 3: a3, 4: a4}\n"
    )
    assert "the columns a1, a5 beside" in surveyed.refusal(table, "aggregates", chosen)


def test_a_measure_in_per_cent_comes_in_as_its_figure(desk: Any) -> None:
    """52 % of a measure without a unit column is 52 of a measure in %; another's 52 has no unit."""
    chosen = "kind: kpis\nfields:\n  id: {column: KPI, make_id: true}\n  name: KPI\n  baseline: Ist\n  target: Ziel\n"
    desk.put("KPI;Ist;Ziel\nZufriedene Nutzer;52 %;75 %\nOffene Tickets;52;40\n", "kpis", chosen)
    kpis = {one.name: (one.unit, one.baseline, one.target) for one in desk.record.facts.kpis}
    assert kpis == {"Zufriedene Nutzer": ("%", 52, 75), "Offene Tickets": (None, 52, 40)}


def test_a_unit_may_be_said_for_all_rows(desk: Any) -> None:
    """With the unit as a constant, a figure without a sign counts as one with it."""
    chosen = "kind: kpis\nfields:\n  id: {column: KPI, make_id: true}\n  name: KPI\n  unit: {constant: '%'}\n  target: Ziel\n"
    desk.put("KPI;Ziel\nA;75 %\nB;80\n", "kpis", chosen)
    assert [(one.unit, one.target) for one in desk.record.facts.kpis] == [("%", 75), ("%", 80)]


def test_a_measure_of_which_one_figure_has_a_sign_is_asked_about(desk: Any) -> None:
    """52 % beside 0.75 may be two units."""
    chosen = "kind: kpis\nfields:\n  id: {column: KPI, make_id: true}\n  name: KPI\n  baseline: Ist\n  target: Ziel\n"
    assert "without a % sign" in desk.refusal("KPI;Ist;Ziel\nA;52 %;0.75\n", "kpis", chosen)
