"""Rows of sums in a register: no initiative is made of one, and none is lost for its name."""

from __future__ import annotations

import csv
import random

import pytest

from .conftest import Desk

HEAD = "ID,Name,Status,Budget\nP1,ERP,planned,250000\nP2,CRM,planned,90000\n"
BARE = "Name,Budget\nERP,250000\nCRM,90000\n"


def names(desk: Desk) -> list[str]:
    """The initiatives of the record."""
    return [one.name for one in desk.record.initiatives]


@pytest.mark.parametrize("word", ["Total", "TOTAL:", "Grand total 2026", "Sub-total", "Summe", "Gesamt (EUR)", "Somme", "Totale", "合計", "Итого", "Razem", "Total général", "الإجمالي"])  # fmt: skip
@pytest.mark.parametrize("row", [",{},,340000", "P9,{},,340000", ",{},,", ",{},,999", ",,{},340000"])
def test_a_total_with_its_sum_or_bare_is_left_out_and_named(desk: Desk, word: str, row: str) -> None:
    """In any language, with or without an id, wherever its word stands: no initiative, and said so."""
    done = desk.put(HEAD + row.format(word) + "\n")
    assert names(desk) == ["ERP", "CRM"]
    assert done.remarks[-1] == f"Rows of sums, left out: row 4 ({word})."


@pytest.mark.parametrize("name", ["Total Rewards platform", "Total cost control", "Summer school", "Sum insured engine"])  # fmt: skip
def test_an_initiative_that_sounds_like_a_total_stays(desk: Desk, name: str) -> None:
    """A name that begins with such a word is no sign where the row has an id and an amount of its own."""
    desk.put(f"{HEAD}P3,{name},planned,40000\n")
    assert names(desk) == ["ERP", "CRM", name]


@pytest.mark.parametrize(
    "table",
    [
        HEAD + ",Zusammen,,340000\n",  # of a language or habit not known
        BARE + "Hopeakivi,340000\n",
        HEAD + "P3,Total,planned,40000\n",
        HEAD + ",Total Rewards platform,,40000\n",
        HEAD + "P3,Total Rewards platform,planned,340000\n",
        BARE + "Total,999\n",
        BARE + "Average,170000\n",
        BARE + "Remaining budget,900\n",
        BARE + "* without VAT,\n",
        HEAD + ",Average,,170000\n",
        HEAD + ",Hopeakivi,,900\n",  # of a language or habit not known
        HEAD + ',"PMO, Sept 2026",,\n',
        "Name,Owner,Budget\nERP,Ann,250000\nCRM,Bo,90000\nHopeakivi,,900\n",
    ],
)
def test_one_sign_alone_is_asked_about(desk: Desk, table: str) -> None:
    """Nothing is written until the consultant says which it is; both answers work, by option and by map."""
    assert "--totals" in desk.refusal(table)
    last = next(cell for cell in list(csv.reader(table.splitlines()))[-1] if cell not in ("", "P3"))
    desk.put(table, totals="leave out")
    assert names(desk) == ["ERP", "CRM"]
    desk.put(table, totals="keep")
    assert names(desk) == ["ERP", "CRM", last]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            "id,name,Cost,owner_it\n,Infra,300,\n1,A,100,x\n2,B,200,y\n,Apps,125,\n3,C,50,z\n4,D,75,z\n",
            (2, 5),
        ),
        ("name,Cost\nInfra,300\nA,100\nB,200\nApps,125\nC,50\nD,75\n", (2, 5)),
        ("id,name,Cost\n1,Infra,300\n1.1,A,100\n1.2,B,200\n2,Apps,125\n2.1,C,50\n2.2,D,75\n", (2, 5)),
        ("id,name,Cost,owner_it\n1,A,100,x\n2,B,220,y\n3,C,70,y\n4,All projects,390,z\n", (5,)),
    ],
    ids=["bare above parts", "names and figures", "an outline", "last of all"],
)
def test_a_whole_above_its_parts_is_asked_about(desk: Desk, table: str, rows: tuple[int, ...]) -> None:
    """A group's row, an outline's parent or a last row that sums up all would count its parts twice."""
    told = desk.refusal(table)
    place = told.splitlines()[0]
    assert place.endswith(
        f"row {rows[0]}" if len(rows) == 1 else f"{len(rows)} rows ({', '.join(map(str, rows))})"
    )
    assert len(desk.put(table, totals="leave out").new) == table.count("\n") - 1 - len(rows)


def test_every_row_beneath_the_table_is_asked_about(desk: Desk) -> None:
    """A mean, what remains and a note: none of their amounts comes in as an initiative's."""
    told = desk.refusal(f'{HEAD},Average,,170000\n,Remaining budget,,900\n,"Source: PMO, Sept 2026",,\n')
    assert "3 rows (4–6)" in told


@pytest.mark.parametrize(
    "table",
    [
        BARE + "Average handling time,900\n",
        BARE + "*New phones,900\n",
        HEAD + "P3,Average,,170000\n",
        HEAD + ",New phones,planned,900\n",
        "Name,Owner,Budget\nERP,Ann,250000\nCRM,,90000\nHR,Bo,1\nBI,Di,2\nNew phones,,900\n",
    ],
)
def test_a_row_that_lacks_what_others_lack_too_is_an_initiative(desk: Desk, table: str) -> None:
    """An id, a state, or owners missing elsewhere: nothing sets the last row apart, so nobody is asked."""
    assert len(desk.put(table).new) == table.count("\n") - 1


def test_subtotals_and_their_total_are_left_out(desk: Desk) -> None:
    """Groups with a sum each, and a sum of all: only the initiatives come in."""
    desk.put(
        f"{HEAD},Subtotal,,340000\nP3,HR,planned,50000\nP4,BI,planned,10000\n,Subtotal,,60000\n,Total,,400000\n"
    )
    assert names(desk) == ["ERP", "CRM", "HR", "BI"]


def test_a_register_without_sums_is_never_asked_about(desk: Desk) -> None:
    """Of a thousand projects with round amounts, ids and states, none is taken for a sum of others."""
    draw = random.Random(14)
    rows = [f"P{n},Project {n},planned,{draw.randrange(1, 20) * 50_000}" for n in range(1_000)]
    assert len(desk.put("ID,Name,Status,Budget\n" + "\n".join(rows)).new) == 1_000
