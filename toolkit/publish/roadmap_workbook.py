"""The roadmap as an Excel workbook for a project office: values only, ready to filter, add up and print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.pagebreak import Break, ColBreak
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.client.calendar import Quarter, fiscal_note
from toolkit.client.models import Round
from toolkit.client.record import Record
from toolkit.intake.workbook_out import BOLD, harmless, readable, workbook_bytes
from toolkit.plan import Roadmap
from toolkit.plan.assumptions import how_many, uncounted_text
from toolkit.plan.business_case import BusinessCase, business_case
from toolkit.plan.decisions import Ask, asked_in
from toolkit.plan.outlook import Outlook, outlooks
from toolkit.plan.payback import after_text, share_known
from toolkit.plan.plan_table import (
    Cell,
    goals_served,
    grid_text,
    in_each_quarter,
    proof,
    quarters_of,
    roadmap_rows,
    spread,
)
from toolkit.plan.roadmap import FULL, RunningAfter
from toolkit.plan.scenario import proposed
from toolkit.plan.traceability import GoalLink, Trace, above_the_line, distance, main_goal, traced
from toolkit.publish.record_sheets import record_sheets
from toolkit.publish.workbook_sheet import AMOUNT, FTE, SheetColumn, WorkbookSheet
from toolkit.words import capital, count, day, excerpt, joined, percent, recorded_percent, tidy


def sheets_of(record: Record, roadmap: Roadmap, one: Round) -> dict[str, WorkbookSheet]:
    """Return the workbook's sheets by title, in order; those for which nothing is known are left out.

    Raises
    ------
    KeyError
        When the record does not hold the scenario that the plan follows.
    """
    tables = {"Roadmap": _work(record, roadmap, one)}
    if asks := asked_in(record, one.id, roadmap):
        tables["Decisions"] = _decisions(record, asks)
    if roadmap.scheduled:
        tables["Running cost"] = _running(record, roadmap)
    if roadmap.years:
        tables["Money"] = _money(record, roadmap)
    if roadmap.loads:
        tables["People"] = _people(roadmap)
    if (roadmap.explained and roadmap.explained.budgets) or roadmap.rankings:
        tables["Trade-offs"] = _trade_offs(record, roadmap)
    if record.facts.goals:
        tables["Outlook"] = _outlook(outlooks(proposed(record, one), roadmap, one.as_of))
    if case := business_case(proposed(record, one), roadmap) if roadmap.kind == "optimised" else None:
        tables["Business case"] = _business_case(record, case)
    if record.facts.goals:
        tables["Traceability"] = _traceability(record, traced(proposed(record, one), roadmap))
    tables |= record_sheets(record, roadmap, one)
    tables["Notes"] = WorkbookSheet([SheetColumn("About", 24), SheetColumn("What it says", 110)], kept=0)
    for about, said in _notes(record, roadmap, one):
        tables["Notes"].add([about, said])
    return tables


def _decisions(record: Record, asks: Sequence[Ask]) -> WorkbookSheet:
    """Return one row a decision, the most pressing first; what is part of another decision is added up nowhere."""
    currency = record.facts.profile.currency
    years = sorted({year for ask in asks for year in ask.money.years})
    table = WorkbookSheet(
        [
            SheetColumn("Id", 22), SheetColumn("Decision", 44), SheetColumn("Beside it", 28),
            *(SheetColumn(f"New capital FY{year}, {currency}", 13, AMOUNT) for year in years),
            SheetColumn(f"After the plan, {currency}", 12, AMOUNT), SheetColumn(f"Spent before, {currency}", 12, AMOUNT),
            SheetColumn(f"Running a year after, {currency}", 13, AMOUNT), SheetColumn("Running cost not known of", 11),
            SheetColumn(f"Saves a year, {currency}", 12, AMOUNT), SheetColumn("Part of", 20), SheetColumn("Money", 34),
            SheetColumn("Owner in the business", 18), SheetColumn("Owner in IT", 18), SheetColumn("By, at the latest", 12),
            SheetColumn("If nothing is decided", 46), SheetColumn("Rests on", 20), SheetColumn("Answers", 26),
        ]
    )  # fmt: skip
    for ask in asks:
        cost = ask.money
        table.add(
            [
                ask.id, ask.what, ask.about or None, *(cost.years.get(year) for year in years), cost.later or None,
                cost.before or None, cost.running or None, float(cost.running_unknown) or None, cost.saves or None,
                cost.part_of or None, cost.source or None, ask.business, ask.it, day(ask.due) if ask.due else None,
                ask.undecided or None, "; ".join(ask.needs) or None, " / ".join(ask.answers),
            ]
        )  # fmt: skip
    return table


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
    if case.before:
        table.sums.append(
            [f"Spent before, not counted; with it: {_back_by(case.paid_back_in_all)}", case.before]
        )
    return table


def _back_by(quarter: Quarter | None) -> str:
    return f"Paid back by {quarter}" if quarter else "Not paid back in these years"


def _described(record: Record) -> list[SheetColumn]:
    currency = record.facts.profile.currency
    return [
        SheetColumn("Id", 12), SheetColumn("Initiative", 30), SheetColumn("Place in the plan", 13), SheetColumn("Status", 11),
        SheetColumn("Goals served", 24), SheetColumn("Goal it moves most", 20), SheetColumn("Owner in the business", 17), SheetColumn("Owner in IT", 17),
        SheetColumn("Start", 10), SheetColumn("Finish", 10), SheetColumn(f"Capital, {currency}", 13, AMOUNT),
        SheetColumn(f"Running cost a year, {currency}", 13, AMOUNT), SheetColumn("People while it runs (FTE)", 20),
        SheetColumn("Why", 38), SheetColumn("In the plan, of other ways tried", 13), SheetColumn("Comes in with", 26),
        SheetColumn("If it had to be in", 32), SheetColumn("Paid back by", 10),
        SheetColumn(f"Net present value over five years after completion, {currency}", 14, AMOUNT),
        SheetColumn("Why it is planned, where that is negative", 26),
    ]  # fmt: skip


def _work(record: Record, roadmap: Roadmap, round_: Round) -> WorkbookSheet:
    """Return one row an initiative; the quarters in which it runs are shaded and hold the capital they take."""
    table, spreads = WorkbookSheet(_described(record)), spread(record, roadmap)
    first, by_id = len(table.columns), {one.id: one for one in record.initiatives}
    goals, planned = {goal.id: goal.name for goal in record.facts.goals}, proposed(record, round_)
    for row in roadmap_rows(record, roadmap):
        one = by_id[str(row["initiative"])]
        values: list[Cell] = [
            one.id, one.name, capital(str(row["place"])), capital(one.status or ""),
            "; ".join(goals[goal] for goal in goals_served(one)), goals.get(main_goal(planned, one)), one.owner_business, one.owner_it,
            row["start"], row["finish"], row["capital"], one.opex, row["people"], capital(str(row["because"])),
            *(row[name] for name in ("stays_in", "comes_in_with", "if_it_had_to_be_in", "payback", "npv", "planned_because")),
        ]  # fmt: skip
        if money := spreads.get(one.id):
            paid = [x if works else None for x, works in zip(money.capital, money.works, strict=True)]
            runs = (first + t for t, works in enumerate(money.works) if works)
            table.add([*values, *paid, sum(money.capital)], runs)
        else:
            table.add(values)
    if spreads:
        table.page_after = first
        table.columns += [SheetColumn(f"Capital {quarter}", 11, AMOUNT) for quarter in quarters_of(roadmap)]
        table.columns.append(SheetColumn("Capital in these quarters", 13, AMOUNT))
        paid_in, running_in = in_each_quarter(spreads)
        for name, sums in (
            ("Capital", paid_in),
            ("Running cost of planned work", running_in),
            ("Together", [paid + running for paid, running in zip(paid_in, running_in, strict=True)]),
        ):
            table.sums.append([None, name, *[None] * (first - 2), *sums, sum(sums)])
    return table


def _running(record: Record, roadmap: Roadmap) -> WorkbookSheet:
    """Return what each initiative above the line costs to run, from the quarter after it is finished."""
    described = (SheetColumn("Id", 12), SheetColumn("Initiative", 40), SheetColumn("Finish", 10))
    a_year = SheetColumn(f"Running cost a year, {record.facts.profile.currency}", 14, AMOUNT)
    each = [SheetColumn(f"Running cost {quarter}", 13, AMOUNT) for quarter in quarters_of(roadmap)]
    by_id, spreads = {one.id: one for one in record.initiatives}, spread(record, roadmap)
    table = WorkbookSheet([*described, a_year, *each])
    for s in above_the_line(roadmap):
        one, amounts = by_id[s.initiative], [amount or None for amount in spreads[s.initiative].running]
        table.add([one.id, one.name, str(s.finish), one.opex, *amounts])
    known = sum(by_id[s.initiative].opex or 0.0 for s in roadmap.scheduled)
    after = roadmap.running_after or RunningAfter(known)
    table.sums.append([None, _running_said(after), None, after.cost, *in_each_quarter(spreads)[1]])
    return table


def _running_said(after: RunningAfter) -> str:
    """Say of how many initiatives the running costs that are added up leave out what is not known."""
    unknown = len(after.unknown)
    return (
        f"Together, without {count(unknown, 'initiative')} of unknown running cost" if unknown else "Together"
    )


def _money(record: Record, roadmap: Roadmap) -> WorkbookSheet:
    """Return each fiscal year's money against its budget and reserve."""
    currency, years = record.facts.profile.currency, roadmap.years
    titles = [
        "Capital", "Running cost of planned work", "Together", "Budget", "Reserve held back",
        "May be spent", "Left",
    ]  # fmt: skip
    apart = any(year.running is not None for year in years)
    titles += ["Of the budget, for running costs only", "Of this, left"] if apart else []
    amounts = (SheetColumn(f"{title}, {currency}", 18, AMOUNT) for title in titles)
    table = WorkbookSheet([SheetColumn("Fiscal year", 14), *amounts], kept=1)
    for year in years:
        spent, known, own = year.capex + year.opex, year.available, year.running
        row: list[Cell] = [f"FY{year.year}", year.capex, year.opex, spent, year.budget]
        row += [None if known is None else x for x in (year.reserve, known, tidy((known or 0.0) - spent, 2))]
        row += [own, None if own is None else tidy(own - year.opex, 2)] if apart else []
        table.add(row)
    capex, opex = sum(year.capex for year in years), sum(year.opex for year in years)
    table.sums.append(["All years", capex, opex, capex + opex])
    if after := roadmap.running_after:
        unknown = f"; not known of {len(after.unknown)} of {len(roadmap.scheduled)}" if after.unknown else ""
        table.sums.append([f"Each year after{unknown}", None, after.cost, after.cost])
    if roadmap.uncounted:
        table.sums.append([capital(how_many(roadmap.commitments, roadmap.uncounted))])
    return table


def _people(roadmap: Roadmap) -> WorkbookSheet:
    """Return each role's load against its capacity, quarter by quarter; full quarters are shaded."""
    table = WorkbookSheet([SheetColumn("Role", 28), SheetColumn("FTE", 12)])
    table.columns += [SheetColumn(str(quarter), 10, FTE) for quarter in quarters_of(roadmap)]
    for role in dict.fromkeys(one.role for one in roadmap.loads):
        loads = sorted((one for one in roadmap.loads if one.role == role), key=lambda one: one.quarter)
        marked = [2 + t for t, one in enumerate(loads) if one.full]
        table.add([role, "Needed", *(tidy(one.load) for one in loads)], marked)
        table.add([role, "Available", *(one.capacity for one in loads)])
        left = [None if x.capacity is None else tidy(x.capacity - x.load) for x in loads]
        table.add([role, "Left", *left], marked)
    if roadmap.uncounted:
        table.sums.append([capital(how_many(roadmap.commitments, roadmap.uncounted))])
    return table


def _trade_offs(record: Record, roadmap: Roadmap) -> WorkbookSheet:
    """Return the plan beside those of other budgets, and beside the lists that people usually make."""
    names, currency = {one.id: one.name for one in record.initiatives}, record.facts.profile.currency
    now = {one.initiative for one in roadmap.scheduled}
    spent = sum(year.capex + year.opex for year in roadmap.years)
    table = WorkbookSheet([
        SheetColumn("Plan", 44), SheetColumn("Value, the plan = 100", 12, "0.0"), SheetColumn(f"Money spent, {currency}", 14, AMOUNT),
        SheetColumn("Comes in", 50), SheetColumn("Goes", 50),
    ], kept=1)  # fmt: skip

    def add(
        said: str, value: float | None, money: float | None, enter: Iterable[str], leave: Iterable[str]
    ) -> None:
        share = roadmap.percent_of_value(value) if value is not None and roadmap.value else None
        listed = ["; ".join(names[one] for one in ids) for ids in (enter, leave)]
        table.add([said, share, money, *listed])

    add("As planned", roadmap.value, spent, (), ())
    for step in roadmap.explained.budgets if roadmap.explained else ():
        fits = "" if step.value is not None else ": what is fixed no longer fits"
        add(f"Every budget {percent(abs(step.share))} {'higher' if step.share > 0 else 'lower'}{fits}",
            step.value, step.money, step.enter, step.leave)  # fmt: skip
    for one in roadmap.rankings:
        taken = set(one.initiatives)
        said = {"value per cost": "A list by value per cost", "leadership": "Leadership’s own list"}[one.by]
        add(f"{said}, within the same limits", one.value, one.money, sorted(taken - now), sorted(now - taken))
    return table


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
    table = WorkbookSheet([*goal, *work], kept=1, page_after=len(goal))
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
    when = [str(x) if x else None for x in (work.start, work.finish)]
    scored = [link.level, one.scored_by] if link.level else [None, None]
    return [
        one.id, one.name, *scored, capital(work.place), capital(one.status or ""), *when,
        work.capital, one.opex, one.owner_business, one.owner_it, "; ".join(work.settles),
    ]  # fmt: skip


def _notes(record: Record, roadmap: Roadmap, one: Round) -> Iterator[tuple[str, str]]:
    """Say as of when the plan is, what it rests on, how good it is, and how the sheets are read."""
    profile, fiscal = record.facts.profile, record.facts.profile.fiscal
    yield "Client", profile.name
    if record.facts.synthetic:
        yield "Synthetic sample", "Not a real organisation."
    if meeting := record.meeting(one):
        yield "Leadership meeting", f"{day(meeting)}."
    if asked := record.questionnaire_of(one):
        yield "Questionnaire", f"{asked.title}, {count(len(asked.questions), 'question')}."
    yield "As of", f"{day(one.as_of)}, round {one.name or one.id}"
    if roadmap.kind == "optimised":
        until = f"{day(roadmap.start.first_day(fiscal))} to {day(roadmap.end.last_day(fiscal))}"
        yield "Planned", f"{roadmap.start} to {roadmap.end}, {until}. Quarters are fiscal quarters."
        if note := fiscal_note(str(roadmap.start), fiscal):
            yield "Fiscal years", f"{note}."
    elif roadmap.kind == "timeline":
        yield "No plan yet", f"To rank the work it takes {joined(list(roadmap.why_timeline))}."
    else:
        yield "No plan", f"What is fixed collides: {joined(list(roadmap.conflicts))}."
    for said in proof(roadmap):
        yield "How good the plan is", said
    if said := uncounted_text(record, roadmap.commitments, roadmap.uncounted):
        yield "Not counted", f"{said}."
    for said in roadmap.assumptions:
        yield "What the plan rests on", said
    if after := roadmap.running_after:
        yield "Each year after the plan", after_text(roadmap, after, profile.currency)
    if roadmap.worth:
        rate = profile.discount_rate
        at = f" Discounted at {recorded_percent(rate)} a year." if rate is not None else ""
        yield "Paid back, net present value", share_known(roadmap) + at
    if tried := grid_text(roadmap):
        yield "What would bring work in", tried
    for said in roadmap.questions:
        yield "To ask", said
    priced = "Capital of work above and below the line includes its contingency; of the rest it is as on the register."
    yield "Money", f"In {profile.currency}. {priced} An empty cell is not known, or none."
    if roadmap.scheduled:
        outside = "What is paid before the first of them or after the last stands in the capital alone."
        yield "Shaded on Roadmap", f"The quarters in which the work runs. {outside}"
    if roadmap.loads:
        yield "Shaded on People", f"Quarters in which at least {percent(FULL)} of the role is needed."
    if record.facts.goals:
        yield (
            "Traceability",
            "A row for each goal that an initiative serves: work that serves several goals has several rows, each "
            "with its whole cost. Its last row counts each initiative once.",
        )


_HEAD, _MARKED = PatternFill("solid", fgColor="DCE6EA"), PatternFill("solid", fgColor="BFDDE6")
_LINE = Border(bottom=Side("thin", color="8A949E"))
_PRINTED = 65  # percent: at this size what describes the work fills one A4 page across


def roadmap_xlsx(record: Record, roadmap: Roadmap, round_id: str = "") -> bytes:
    """Return the roadmap of a round (empty: the latest) as an XLSX workbook.

    Sheets: Roadmap (one row an initiative, capital by quarter across), Decisions, Running cost, Money, People,
    Trade-offs, Outlook, Business case, Traceability (one row for each goal that an initiative serves), those of the
    record, and Notes; those for which nothing is known are left out. Every figure of the pages is in it, in
    findings.json or in plan.json. It holds no formula, link or macro; the same plan gives the same bytes, dated as
    of the round.

    Raises
    ------
    KeyError
        When the record holds no such round, or not the scenario that the plan follows.
    """
    one = record.round(round_id)
    book = Workbook()
    book.remove(book.active)
    footer = f"{readable(excerpt(record.facts.profile.name, 60))}, as of {day(one.as_of)}".replace("&", "&&")
    for title, table in sheets_of(record, roadmap, one).items():
        _set_up(_written(book, title, table), table, footer)
    return workbook_bytes(book, "Roadmap", one.as_of)


def _written(book: Workbook, title: str, table: WorkbookSheet) -> Worksheet:
    """Write a table to a sheet of its own, with a filter on its rows."""
    sheet = book.create_sheet(title)
    for at, column in enumerate(table.columns):
        sheet.column_dimensions[get_column_letter(at + 1)].width = column.width
        head = _put(sheet, 0, at, column.title)
        head.font, head.fill, head.border = BOLD, _HEAD, _LINE
    # A row between keeps the sums out of the filter, and so where they are when the table is sorted.
    lines = [*table.rows, *([[], *table.sums] if table.sums else [])]
    for number, values in enumerate(lines):
        for at, value in enumerate(values):
            cell = _put(sheet, number + 1, at, value, table.columns[at].form)
            if (number, at) in table.marked:
                cell.fill = _MARKED
            if number >= len(table.rows):
                cell.font = BOLD
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    sheet.freeze_panes = sheet.cell(2, table.kept + 1)
    return sheet


def _put(sheet: Worksheet, row: int, column: int, value: Cell, form: str = "General") -> Any:
    """Write a value, counting from 0, and return its cell; text stays text whatever it looks like."""
    cell = sheet.cell(row + 1, column + 1)
    if value is None or value == "":
        return cell
    if isinstance(value, str):
        # Set in, or it touches the number in the column before it.
        cell.alignment = Alignment("left", "top", wrap_text=True, indent=1)
        cell.value, cell.data_type = harmless(readable(value)), "s"
    else:
        cell.alignment = Alignment(vertical="top")
        cell.value, cell.number_format = (tidy(value) if isinstance(value, float) else value), form
    return cell


def _set_up(sheet: Worksheet, table: WorkbookSheet, footer: str) -> None:
    """Set a sheet up for printing on A4 across."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_margins.left = sheet.page_margins.right = sheet.page_margins.top = 0.4  # inches
    if table.page_after:
        sheet.page_setup.scale = _PRINTED
        sheet.col_breaks = ColBreak(brk=[Break(id=table.page_after)])
        # Columns before rows, as Excel itself writes them; openpyxl's own way is the reverse.
        titles = f"'{sheet.title}'!$A:${get_column_letter(table.kept)},'{sheet.title}'!$1:$1"
        sheet.defined_names.add(DefinedName("_xlnm.Print_Titles", attr_text=titles))
    else:
        sheet.print_title_rows = "1:1"
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToHeight = 0
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = footer, "&A, page &P of &N"
