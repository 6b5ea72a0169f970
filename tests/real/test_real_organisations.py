"""Real organisations through the public command, counted again by pandas, which shares no code with intake."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import soak_registers
from slices import sliced

from toolkit.assess import assess
from toolkit.client.schema import Budget, Goal
from toolkit.client.store import load
from toolkit.plan import plan_roadmap
from toolkit.plan.decisions import decisions_asked
from toolkit.show.slips import slip_lead

HERE = Path(__file__).resolve().parent
REAL = Path(os.environ.get("ALIGN_REAL_DATA") or HERE.parents[2] / "shared" / "real")
CANADA, HHS = REAL / "canada", REAL / "hhs"
SOAK = bool(os.environ.get("ALIGN_SOAK"))
SOME = {"aafc", "dnd", "tsb", "feddev", "ssc", "pco"}  # the largest, the smallest, with and without a survey
PERCENT = [f"pct_{answer}" for answer in range(1, 6)]
QUESTIONS = ["Q29", "Q30", "Q31", "Q32", "Q33"]
YEARS = (2016, 2019, 2022)

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"no real data at {REAL}; ALIGN_REAL_DATA says where it is"
)


def table(path: Path) -> pd.DataFrame:
    """Return a data file as text, nothing guessed."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def drive() -> Iterator[ModuleType]:
    """The script that makes the clients."""
    spec = importlib.util.spec_from_file_location("drive_real", HERE / "drive.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["drive_real"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["drive_real"]


@pytest.fixture(scope="module")
def clients(drive: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Departments (a slice, or all with ALIGN_SOAK=1) and all bureaus."""
    folder = tmp_path_factory.mktemp("real")
    list(drive.canada(REAL, folder, set() if SOAK else SOME))
    list(drive.hhs(REAL, folder, set()))
    return folder


@pytest.fixture(scope="module")
def departments() -> list[str]:
    """The departments that are clients."""
    return sorted(table(CANADA / "projects.csv")["deptAcronym"].unique()) if SOAK else sorted(SOME)


def budget(text: str) -> float:
    """Return an amount as filed, the plainest way."""
    return float(re.sub(r"[$,]", "", text))


def test_every_project_arrives_with_its_budgets_and_dates(clients: Path, departments: list[str]) -> None:
    """Per department: as many initiatives as rows, the same sums of both budgets, the same dates."""
    register = table(CANADA / "projects.csv")
    for slug in departments:
        rows, record = register[register["deptAcronym"] == slug].set_index("shortcode"), load(clients, slug)
        assert [one.id for one in record.initiatives] == list(rows.index)
        for ours, theirs in (("capex", "latestBudget"), ("original_capex", "originalBudget")):
            given = {
                one.id: getattr(one, ours) for one in record.initiatives if getattr(one, ours) is not None
            }
            assert given == {name: float(text) for name, text in rows[theirs].items() if text}
        for ours, theirs in (("finish", "latestEstimatedCompletionDate"), ("original_finish", "originalEstimatedCompletionDate")):  # fmt: skip
            assert [str(getattr(one, ours) or "") for one in record.initiatives] == list(rows[theirs])
        assert [one.name for one in record.initiatives] == [
            text.strip() for text in rows["latestProjectName"]
        ]


def test_nothing_is_invented(clients: Path, departments: list[str]) -> None:
    """No start, owner, benefit, goal, duration or running cost; done only where the register says completed."""
    register = table(CANADA / "projects.csv").set_index("uniqueId")
    known = {
        "id",
        "name",
        "description",
        "status",
        "capex",
        "original_capex",
        "finish",
        "original_finish",
        "source",
    }
    for slug in departments:
        record = load(clients, slug)
        assert not record.facts.goals
        assert not record.facts.budget
        for one in record.initiatives:
            assert {name for name, value in one if value not in (None, {}, ())} <= known
            completed = register.loc[f"{slug}-{one.id}", "estimatedStatus"].startswith("completed")
            assert one.status == ("done" if completed else None)


def test_counts_give_the_published_percentages_back(clients: Path, departments: list[str]) -> None:
    """IT branch: counts sum to those who answered, and each lies within one answer of its share, turned round."""
    survey = table(CANADA / "staff_survey_2018.csv")
    seen = 0
    for slug in departments:
        rows = survey[(survey["dept_acronym"] == slug) & survey["question"].isin(QUESTIONS)]
        counts = {
            (one.group, one.question): np.array(one.counts[::-1]) for one in load(clients, slug).aggregates
        }
        assert len(counts) == len(rows)
        for _, row in rows[rows["unit"] == "it_branch"].iterrows():
            shares, base = row[PERCENT].astype(float).to_numpy(), int(row["answers"])
            got = counts["it", row["question"].lower()]
            assert got.sum() == base
            assert np.all(np.abs(got - shares / shares.sum() * base) < 1)
            seen += 1
    assert seen == 5 * survey[survey["dept_acronym"].isin(departments)]["dept_acronym"].nunique() > 0


def test_the_rest_is_the_department_less_its_branch(clients: Path, departments: list[str]) -> None:
    """Business: within two answers of what the published shares of both units leave, never below zero."""
    survey = table(CANADA / "staff_survey_2018.csv").set_index(["dept_acronym", "question", "unit"])
    for slug in departments:
        for one in load(clients, slug).aggregates:
            if one.group != "business":
                continue
            exact = []
            for unit in ("department", "it_branch"):
                row = survey.loc[(slug, one.question.upper(), unit)]
                shares = row[PERCENT].astype(float).to_numpy()
                exact.append(shares / shares.sum() * int(row["answers"]))
            left = np.maximum(exact[0] - exact[1], 0)
            assert np.all(np.abs(np.array(one.counts[::-1]) - left) < 2)


def test_the_survey_is_a_proxy_by_name_and_both_groups_are_labelled(
    clients: Path, departments: list[str]
) -> None:
    """Where there is a survey: its name and nature, the branch's own name, and that the rest is an estimate."""
    survey = table(CANADA / "staff_survey_2018.csv")
    for slug in departments:
        record, one = load(clients, slug), load(clients, slug).round()
        names = survey[(survey["dept_acronym"] == slug) & (survey["unit"] == "it_branch")][
            "unit_name"
        ].unique()
        asked = record.questionnaire_of(one)
        if not len(names):
            assert (asked, one.groups) == (None, ())
            continue
        assert asked is not None
        assert "2018 Public Service Employee Survey" in str(asked.proxy)
        assert "not" in str(asked.proxy)
        groups = {group.group: group for group in one.groups}
        assert [groups["it"].label] == [name.strip() for name in names]
        assert groups["business"].label == "Rest of the department"
        assert "minus its IT branch, from rounded percentages" in str(groups["business"].note)


def test_suppressed_answers_stay_missing(drive: ModuleType, tmp_path: Path) -> None:
    """Questions in which 9999 stands for suppressed: such a unit has no counts at all, its others do."""
    survey = table(CANADA / "staff_survey_2018.csv")
    suppressed = survey[(survey[[*PERCENT, "answers"]] == "9999").any(axis=1)]
    slug = suppressed["dept_acronym"].value_counts().index[0]
    ids = sorted(survey["question"].str.lower().unique())
    asked = tmp_path / "all.yaml"
    asked.write_text("id: own\ntitle: All\nquestions:\n" + "".join(f"- {{id: {one}, dimension: roadmap, text: x}}\n" for one in ids))  # fmt: skip
    drive.align(
        "new", slug, "--as-of", "2022-04-25", "--questionnaire", str(asked), "--clients", str(tmp_path / "c")
    )
    printed = drive.align(
        *("import", "aggregates", slug, str(CANADA / "staff_survey_2018.csv")),
        *("--map", str(HERE / "maps" / "canada-survey.yaml"), "--where", f"dept_acronym={slug}"),
        *("--clients", str(tmp_path / "c")),
    )
    counts = {(one.group, one.question.upper()) for one in load(tmp_path / "c", slug).aggregates}
    gone = {
        (row["unit"], row["question"]) for _, row in suppressed[suppressed["dept_acronym"] == slug].iterrows()
    }
    rows = survey[survey["dept_acronym"] == slug]
    for question in rows["question"].unique():
        units = set(rows[rows["question"] == question]["unit"])
        branch = "it_branch" in units and ("it_branch", question) not in gone
        whole = "department" in units and ("department", question) not in gone
        assert (("it", question) in counts) == branch
        assert (("business", question) in counts) == (branch and whole)
    assert "stay missing" in printed


def test_bureaus_have_their_major_investments_and_measures(clients: Path, drive: ModuleType) -> None:
    """Major investments by bureau under name or identifier; measures with their verdict and no target."""
    investments, metrics = table(HHS / "hhs_investments.csv"), table(HHS / "hhs_metrics.csv")
    major = investments[investments["Investment_type"] == "Major"]
    seen: dict[str, Any] = {"initiatives": 0, "kpis": 0, "met": 0, "not met": 0}
    for name, rows in major.groupby("bureau"):
        record = load(clients, re.sub(r"[^a-z0-9]+", "-", str(name).lower()))
        assert record.facts.profile.name == name
        expected = {row["Identifier"]: row["name"].strip() or row["Identifier"] for _, row in rows.iterrows()}
        assert {one.id: one.name for one in record.initiatives} == expected
        assert all(one.capex is one.finish is one.status is None for one in record.initiatives)
        verdicts = metrics[metrics["bureau"] == name].set_index("metric_id")["result"].str.lower()
        assert {one.id: one.reported or "" for one in record.facts.kpis} == dict(verdicts)
        assert all(one.target is None and not one.readings for one in record.facts.kpis)
        seen["initiatives"] += len(record.initiatives)
        for kpi in record.facts.kpis:
            seen["kpis"] += 1
            seen["met"] += kpi.reported == "met"
            seen["not met"] += kpi.reported == "not met"
    assert seen == {"initiatives": 81, "kpis": 455, "met": 165, "not met": 42}


@pytest.mark.parametrize("year", sliced(YEARS, 1))
def test_each_row_of_a_snapshot_is_read_or_reported(
    drive: ModuleType, tmp_path: Path, year: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As filed in one year, all departments: each row is an initiative, each cell is read, empty or listed."""
    said: dict[str, str] = {}
    true_align = drive.align

    def listening(*words: str) -> str:
        printed = true_align(*words)
        if words[0] == "import":
            said[words[2]] = printed
        return printed

    monkeypatch.setattr(drive, "align", listening)
    monkeypatch.setattr(drive, "SNAPSHOTS", (year,))
    made = list(drive.snapshots(REAL, tmp_path, set()))
    filed = table(CANADA / f"projects_as_reported_{year}.csv")
    assert len(made) == filed["deptAcronym"].nunique()
    read, dates, reported = 0, 0, 0
    for slug in made:
        record, rows = load(tmp_path, slug), filed[filed["deptAcronym"] == slug.rpartition("-")[0]]
        assert [one.id for one in record.initiatives] == list(rows["shortcode"])
        expected = [budget(text) if text else None for text in rows["totalBudget"]]
        assert [one.capex for one in record.initiatives] == expected
        read += len(record.initiatives)
        dates += sum(one.finish is not None for one in record.initiatives)
        for words in ("Could not be read", "as the cells themselves say"):
            reported += int(match[1]) if (match := re.search(rf"{words}: (\d+)", said[slug])) else 0
        assert "rows left out: 0" in said[slug] or "Could not be read" not in said[slug]
    given = ((filed["rawProvidedDate"] != "") | (filed["estimatedCompletionDate"] != "")).sum()
    assert read == len(filed)
    assert dates + reported == given
    assert dates > 0.4 * len(filed)


def day(text: str) -> str:
    """Return the day a text names in ISO form or English words, by pandas; "" for none that can be recorded."""
    forms = ("%Y-%m-%d", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%B %d %Y",
             "%d/%m/%Y", "%m/%d/%Y", "%m-%d-%Y", "%d-%b-%Y")  # in figures, every day filed is past the 12th  # fmt: skip
    days = [pd.to_datetime(" ".join(text.split()), format=form, errors="coerce") for form in forms]
    return next((str(one.date()) for one in days if not pd.isna(one) and one.year >= 1990), "")


@pytest.mark.parametrize("year", sliced(YEARS, 1))
def test_a_date_is_the_one_that_was_filed(drive: ModuleType, tmp_path: Path, year: int) -> None:
    """What a department wrote is read as it stands: no fiscal year, quarter or month becomes a day."""
    filed = table(CANADA / f"projects_as_reported_{year}.csv")
    chosen = list(filed["deptAcronym"].value_counts().index[:6])
    list(drive.snapshots(REAL, tmp_path, {f"{one}-{year}" for one in chosen}))
    for slug in chosen:
        rows = filed[filed["deptAcronym"] == slug]
        wanted = [day(raw or tidy) for raw, tidy in zip(rows["rawProvidedDate"], rows["estimatedCompletionDate"], strict=True)]  # fmt: skip
        assert [str(one.finish or "") for one in load(tmp_path, f"{slug}-{year}").initiatives] == wanted


def test_three_snapshots_are_one_history_a_project(tmp_path: Path) -> None:
    """In the order of time, the latest figure is the tidied register's; the first stands beside it once a later one came."""
    tidied = table(CANADA / "projects.csv").set_index("uniqueId")
    chosen = sorted(tidied["deptAcronym"].unique()) if SOAK else sorted(SOME)
    projects = soak_registers.histories(tmp_path, "canada-history.yaml", chosen).projects
    tidied = tidied[tidied["deptAcronym"].isin(chosen)]
    assert set(projects) == set(tidied.index)
    for key, initiative in projects.items():
        row = tidied.loc[key]
        for latest, first in (("Budget", "capex"), ("EstimatedCompletionDate", "finish")):
            for ours, theirs in ((first, f"latest{latest}"), (f"original_{first}", f"original{latest}")):
                mine = getattr(initiative, ours)
                if mine is not None:
                    assert (mine == float(row[theirs])) if first == "capex" else (str(mine) == row[theirs])
            if not row[f"latest{latest}"]:
                assert getattr(initiative, first) is None
    assert any(one.original_capex != one.capex for one in projects.values() if one.budgets)
    assert any(one.original_finish != one.finish for one in projects.values() if one.completions)


def filed_twice(department: str, column: str, read: Callable[[str], Any]) -> dict[str, tuple[Any, Any]]:
    """Return what the last register that a department filed says, where an earlier one said something, too: first, last."""
    filed = []
    for year in YEARS:
        rows = table(CANADA / f"projects_as_reported_{year}.csv").set_index("shortcode")
        cells = rows.loc[rows["deptAcronym"] == department, column]
        filed += (
            [{code: read(text) for code, text in cells.items() if text and read(text)}] if len(cells) else []
        )
    *earlier, last = filed
    first: dict[str, Any] = {}
    for register in earlier:
        first = register | first
    return {str(code): (first[code], last[code]) for code in last if code in first}


def test_growth_and_slip_count_only_what_was_filed_twice_and_still_stands(tmp_path: Path) -> None:
    """Budgets and dates counted are those the last register states and one before it did: dnd 14 of 115, not all."""
    chosen = (
        sorted(table(CANADA / "projects.csv")["deptAcronym"].unique())
        if SOAK
        else sorted(SOME | {"cra", "ssc"})
    )
    soak_registers.histories(tmp_path, "canada-history.yaml", chosen)
    counted = {}
    for slug in chosen:
        record = load(tmp_path, slug)
        wanted = filed_twice(slug, "totalBudget", budget)
        assert {one.id: one.budgets for one in record.initiatives if one.budgets} == wanted
        dates = filed_twice(slug, "estimatedCompletionDate", day)
        assert {
            one.id: (str(one.completions[0]), str(one.completions[1]))
            for one in record.initiatives
            if one.completions
        } == dates
        counted[slug] = (len(wanted), len(record.initiatives), *map(sum, zip(*wanted.values(), strict=True)))
    assert counted["dnd"] == (14, 115, 55375902, 67008738)
    story: Any = SimpleNamespace(record=load(tmp_path, "dnd"), currency="CAD")
    assert (
        "Of 115 initiatives, 14 hold a first and a present budget: in all first known to us at CAD 55.38m, "
        "they now stand at CAD 67.01m, 21 % more."
    ) in str(slip_lead(story))


def test_running_projects_last_from_their_start_to_their_finish(drive: ModuleType, tmp_path: Path) -> None:
    """55 projects of a bureau under way, no duration given: those with both dates are counted, the others are named."""
    projects = table(HHS / "hhs_projects.csv")
    projects = projects[projects["bureau"] == "Health Resources and Services Administration"].drop_duplicates(
        "Id"
    )
    begin = pd.Timestamp("2000-01-01") + pd.to_timedelta(
        projects["Start_days_after_2000"].astype(int), unit="D"
    )
    days = projects["Planned_Duration"].astype(int) + projects["Project_delay"].astype(float).fillna(
        0
    ).astype(int)
    end = begin + pd.to_timedelta(days, unit="D")
    known = pd.Series([i % 2 == 0 for i in range(len(projects))], index=projects.index)
    register = pd.DataFrame({
        "id": "p" + projects["Id"], "name": projects["name"], "status": "in progress",
        "start": begin.dt.to_period("Q").astype(str), "finish": end.dt.strftime("%Y-%m-%d").where(known, ""),
        "capex": projects["Planned_Cost"].astype(float) * 1e6,
    })  # fmt: skip
    register.to_csv(tmp_path / "register.csv", index=False)
    at = ("--clients", str(tmp_path / "c"))
    drive.align("new", "hrsa", "--as-of", "2011-12-31", "--questionnaire", "none", *at)
    drive.align("import", "initiatives", "hrsa", str(tmp_path / "register.csv"), *at)
    record = load(tmp_path / "c", "hrsa")
    facts = {
        "goals": (Goal(id="g", name="G"),),
        "budget": (Budget(year=2012, amount=1e9), Budget(year=2013, amount=1e9)),
    }
    roadmap = plan_roadmap(replace(record, facts=record.facts.model_copy(update=facts)))
    quarters = end.dt.to_period("Q").astype("int64") - begin.dt.to_period("Q").astype("int64") + 1
    assert {one.initiative: one.finish.index - one.start.index + 1 for one in roadmap.scheduled} == {
        f"p{id}": length for id, length in zip(projects["Id"][known], quarters[known], strict=True)
    }
    assert set(roadmap.uncounted) == set("p" + projects["Id"][~known])
    assert roadmap.commitments == len(projects)
    (asked, *_) = decisions_asked(record, assess(record), roadmap)
    assert (
        f"within every yearly budget; {(~known).sum()} of {len(projects)} commitments are not counted: “"
        in asked.because
    )
