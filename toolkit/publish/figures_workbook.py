"""The figures behind the pages as an Excel workbook: goals and their outlook, the business case, the trace, and the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolkit.client.calendar import Quarter, in_files
from toolkit.client.record import Record
from toolkit.client.schema import Round
from toolkit.plan import Roadmap
from toolkit.plan.business_case import BusinessCase, business_case
from toolkit.plan.outlook import Outlook, outlooks
from toolkit.plan.plan_table import Cell
from toolkit.plan.scenario import proposed
from toolkit.plan.traceability import GoalLink, Trace, distance, traced
from toolkit.publish.record_sheets import record_sheets
from toolkit.publish.workbook_sheet import AMOUNT, SheetColumn, WorkbookSheet, notes_sheet, workbook_of
from toolkit.words import capital, day, tidy


def figure_sheets(record: Record, roadmap: Roadmap, one: Round) -> dict[str, WorkbookSheet]:
    """Return the workbook's sheets by title, in order; those for which nothing is known are left out.

    Raises
    ------
    KeyError
        When the record does not hold the scenario that the plan follows.
    """
    tables, followed = dict[str, WorkbookSheet](), proposed(record, one)
    if record.facts.goals:
        tables["Outlook"] = _outlook(outlooks(followed, roadmap, one.as_of))
    if case := business_case(followed, roadmap) if roadmap.kind == "optimised" else None:
        tables["Business case"] = _business_case(record, case)
    if record.facts.goals:
        tables["Traceability"] = _traceability(record, traced(followed, roadmap))
    tables |= record_sheets(record, roadmap, one)
    return tables | {"Notes": notes_sheet(_notes(record, one))}


def _outlook(goals: Sequence[Outlook]) -> WorkbookSheet:
    """Return one row a goal: where its measure stands, and where pace and plan bring it by the goal's date."""
    table = WorkbookSheet(
        [
            SheetColumn("Goal", 34), SheetColumn("Measure", 30), SheetColumn("Unit", 10), SheetColumn("Baseline", 10, "0.##"),
            SheetColumn("Today", 10, "0.##"), SheetColumn("Read on", 14), SheetColumn("Straight path by then", 12, "0.##"),
            SheetColumn("At today’s pace, by the goal’s date", 14, "0.##"), SheetColumn("With the plan, low", 11, "0.##"),
            SheetColumn("Expected", 10, "0.##"), SheetColumn("High", 10, "0.##"), SheetColumn("Target", 10, "0.##"),
            SheetColumn("By", 14), SheetColumn("Initiatives in time", 11), SheetColumn("Late", 8), SheetColumn("Readings", 9),
        ],
        kept=1,
    )  # fmt: skip
    for one in goals:
        shares = (one.path, one.pace, one.low, one.expected, one.high)
        path, pace, low, expected, high = (None if x is None else tidy(one.value(x), 6) for x in shares)
        table.add(
            [
                one.goal.name, one.kpi.name if one.kpi else None, one.kpi.unit if one.kpi else None, one.baseline, one.today,
                day(one.on) if one.on else None, path, pace, low, expected, high, one.target,
                day(one.due) if one.due else None, float(one.initiatives), float(one.late), float(one.readings),
            ]
        )  # fmt: skip
    return table


def _business_case(record: Record, case: BusinessCase) -> WorkbookSheet:
    """Return one row a fiscal year: cash out, cash back, and their sum up to its end."""
    currency = record.facts.profile.currency
    heads = ("Capital", "Running cost", "Benefit", "Sum up to its end")
    table = WorkbookSheet(
        [SheetColumn("Fiscal year", 12), *(SheetColumn(f"{head}, {currency}", 16, AMOUNT) for head in heads)], kept=1
    )  # fmt: skip
    for year in case.years:
        table.add([f"FY{year.year}", year.capital, year.running, year.benefit, year.cumulative])
    table.sums.append([_back_by(case.paid_back)])
    if case.unknown:
        capital = sum(year.capital for year in case.years)
        table.sums.append(
            ["Of the capital, for work without a benefit on record", case.unknown_share * capital]
        )
    if case.before:
        table.sums.append(
            [f"Before the plan, not counted; with it: {_back_by(case.paid_back_in_all)}", case.before]
        )
    return table


def _back_by(quarter: Quarter | None) -> str:
    return f"Paid back by {quarter}" if quarter else "Not paid back in these years"


def _traceability(record: Record, trace: Trace) -> WorkbookSheet:
    """Return one row for each goal that an initiative serves; a goal or an initiative alone has its own.

    Below, the capital of the work above the line, each initiative once.
    """
    currency = record.facts.profile.currency
    goal = [
        SheetColumn("Goal", 28), SheetColumn("Points", 8), SheetColumn("Owner of the goal", 18), SheetColumn("Measure (KPI)", 24),
        SheetColumn("Baseline", 10), SheetColumn("Target", 10), SheetColumn("Unit", 10),
        SheetColumn("Owner of the measure in the business", 18), SheetColumn("Owner of the measure in IT", 18),
    ]  # fmt: skip
    work = [
        SheetColumn("Id", 12), SheetColumn("Initiative", 28), SheetColumn("Contribution, 1 to 3", 12), SheetColumn("Scored by", 13),
        SheetColumn("Place in the plan", 12), SheetColumn("Status", 11), SheetColumn("Start", 10), SheetColumn("Finish", 10),
        SheetColumn(f"Capital, {currency}", 12, AMOUNT), SheetColumn(f"Running cost a year, {currency}", 12, AMOUNT),
        SheetColumn("Owner in the business", 16), SheetColumn("Owner in IT", 16), SheetColumn("Risks settled", 18),
        SheetColumn("What is missing", 26),
    ]  # fmt: skip
    table = WorkbookSheet([*goal, *work], kept=1)
    for link in trace.links:
        table.add([*_of_goal(link), *_of_work(link), capital("; ".join(link.missing))])
    funded = [one for one in trace.work if one.place == "above the line"]
    if funded:
        label = "Above the line, each initiative once"
        sums = [sum(one.capital or 0.0 for one in funded), sum(one.initiative.opex or 0.0 for one in funded)]
        table.sums.append([label, *[None] * (len(goal) + 7), *sums])
    return table


def _of_goal(link: GoalLink) -> list[Cell]:
    """Return a link's cells that tell its goal and the goal's measure."""
    goal, kpi = link.goal, link.kpi
    if goal is None:
        return ["No goal served", *[None] * 8]
    measure = (kpi.name, *distance(goal, kpi), kpi.unit) if kpi else (None, *distance(goal, kpi), None)
    owners = (kpi.owner_business, kpi.owner_it) if kpi else (None, None)
    return [goal.name, goal.weight, goal.owner, *measure, *owners]


def _of_work(link: GoalLink) -> list[Cell]:
    """Return a link's cells that tell its initiative; empty ones where none serves the goal."""
    if link.work is None:
        return [None] * 13
    work, one = link.work, link.work.initiative
    when = [in_files(x) if x else None for x in (work.start, work.finish)]
    scored = [link.level, one.scored_by] if link.level else [None, None]
    return [
        one.id, one.name, *scored, capital(work.place), capital(one.status or ""), *when,
        work.capital, one.opex, one.owner_business, one.owner_it, "; ".join(work.settles),
    ]  # fmt: skip


def _notes(record: Record, one: Round) -> Iterator[tuple[str, str]]:
    """Say as of when the figures are, and how the trace is read."""
    yield "Client", record.facts.profile.name
    if record.facts.synthetic:
        yield "Synthetic sample", "Not a real organisation."
    yield "As of", f"{day(one.as_of)}, round {one.name or one.id}"
    yield "The plan", "Its work, quarters, money, people and decisions are in roadmap.xlsx."
    yield "Money", f"In {record.facts.profile.currency}. An empty cell is not known, or none."
    if record.facts.goals:
        yield (
            "Traceability",
            "A row for each goal that an initiative serves: work that serves several goals has several rows, each "
            "with its whole cost. Its last row counts each initiative once.",
        )


def figures_xlsx(record: Record, roadmap: Roadmap, round_id: str = "") -> bytes:
    """Return the figures behind a round's pages (empty: the latest) as an XLSX workbook, as safe and as stable as the roadmap's.

    Sheets: Outlook, Business case, Traceability (one row for each goal that an initiative serves), those of the record,
    and Notes; those for which nothing is known are left out.

    Raises
    ------
    KeyError
        When the record holds no such round, or not the scenario that the plan follows.
    """
    one = record.round(round_id)
    return workbook_of(figure_sheets(record, roadmap, one), "Figures", record.facts.profile.name, one.as_of)
