"""The roadmap as an Excel workbook for a project office: values only, ready to filter, add up and print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from toolkit.client.calendar import fiscal_note
from toolkit.client.record import Record
from toolkit.client.schema import Round
from toolkit.plan import Roadmap
from toolkit.plan.assumptions import how_many, uncounted_text
from toolkit.plan.decisions import Ask, asked_in
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
from toolkit.plan.traceability import above_the_line, main_goal
from toolkit.publish.workbook_sheet import AMOUNT, FTE, SheetColumn, WorkbookSheet, notes_sheet, workbook_of
from toolkit.words import capital, count, day, joined, percent, recorded_percent, tidy


def sheets_of(record: Record, roadmap: Roadmap, one: Round) -> dict[str, WorkbookSheet]:
    """Return the workbook's sheets by title, in order; those for which nothing is known are left out.

    Raises
    ------
    KeyError
        When the record does not hold the scenario that the plan follows.
    """
    tables = {"Roadmap": _work(record, roadmap)}
    if roadmap.kind == "optimised" or record.facts.goals:
        tables["Reasons"] = _reasons(record, roadmap, one)
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
    tables["Notes"] = notes_sheet(_notes(record, roadmap, one))
    return tables


def _decisions(record: Record, asks: Sequence[Ask]) -> WorkbookSheet:
    """Return one row a decision, the most pressing first; what is part of another decision is added up nowhere."""
    currency = record.facts.profile.currency
    years = sorted({year for ask in asks for year in ask.money.years})
    table = WorkbookSheet(
        [
            SheetColumn("Id", 16), SheetColumn("Decision", 34), SheetColumn("In detail", 20),
            *(SheetColumn(f"New capital FY{year}, {currency}", 13, AMOUNT) for year in years),
            SheetColumn(f"After the plan, {currency}", 12, AMOUNT), SheetColumn(f"Before the plan, {currency}", 12, AMOUNT),
            SheetColumn(f"Running a year after, {currency}", 13, AMOUNT), SheetColumn("Running cost not known of", 11),
            SheetColumn(f"Saves a year, {currency}", 12, AMOUNT), SheetColumn("Part of", 14), SheetColumn("Money", 24),
            SheetColumn("Owner in the business", 15), SheetColumn("Owner in IT", 15), SheetColumn("By, at the latest", 12),
            SheetColumn("If nothing is decided", 34), SheetColumn("Rests on", 16), SheetColumn("Answers", 18),
        ]
    )  # fmt: skip
    for ask in asks:
        cost = ask.money
        table.add(
            [
                ask.id, ask.what, ask.beside or None, *(cost.years.get(year) for year in years), cost.later or None,
                cost.before or None, cost.running or None, float(cost.running_unknown) or None, cost.saves or None,
                cost.part_of or None, cost.source or None, ask.business, ask.it, day(ask.due) if ask.due else None,
                ask.undecided or None, "; ".join(ask.needs) or None, " / ".join(ask.answers),
            ]
        )  # fmt: skip
    return table


def _work(record: Record, roadmap: Roadmap) -> WorkbookSheet:
    """Return one row an initiative; the quarters in which it runs are shaded and hold the capital they take."""
    currency = record.facts.profile.currency
    table = WorkbookSheet(
        [
            SheetColumn("Id", 14), SheetColumn("Initiative", 28), SheetColumn("Place in the plan", 10), SheetColumn("Status", 10),
            SheetColumn("Owner in the business", 16), SheetColumn("Owner in IT", 16), SheetColumn("Start", 10),
            SheetColumn("Finish", 10), SheetColumn("People while it runs (FTE)", 24),
            SheetColumn(f"Capital, {currency}", 13, AMOUNT), SheetColumn(f"Running cost a year, {currency}", 13, AMOUNT),
        ]
    )  # fmt: skip
    first, spreads = len(table.columns), spread(record, roadmap)
    by_id = {one.id: one for one in record.initiatives}
    for row in roadmap_rows(record, roadmap):
        one = by_id[str(row["initiative"])]
        values: list[Cell] = [
            one.id, one.name, capital(str(row["place"])), capital(one.status or ""), one.owner_business,
            one.owner_it, row["start"], row["finish"], row["people"], row["capital"], one.opex,
        ]  # fmt: skip
        if money := spreads.get(one.id):
            paid = [x if works else None for x, works in zip(money.capital, money.works, strict=True)]
            runs = (first + t for t, works in enumerate(money.works) if works)
            table.add([*values, *paid, sum(money.capital)], runs)
        else:
            table.add(values)
    if spreads:
        table.columns += [
            SheetColumn(f"Capital {quarter.key}", 11, AMOUNT) for quarter in quarters_of(roadmap)
        ]
        table.columns.append(SheetColumn("Capital in these quarters", 13, AMOUNT))
        paid_in, running_in = in_each_quarter(spreads)
        for name, sums in (
            ("Capital", paid_in),
            ("Running cost of planned work", running_in),
            ("Together", [paid + running for paid, running in zip(paid_in, running_in, strict=True)]),
        ):
            table.sums.append([None, name, *[None] * (first - 2), *sums, sum(sums)])
    return table


def _reasons(record: Record, roadmap: Roadmap, round_: Round) -> WorkbookSheet:
    """Return one row an initiative, in the same order: what it serves, why it has its place, and what it pays back."""
    names, currency = {goal.id: goal.name for goal in record.facts.goals}, record.facts.profile.currency
    table = WorkbookSheet(
        [
            SheetColumn("Id", 14), SheetColumn("Initiative", 34), SheetColumn("Goals served", 38), SheetColumn("Goal it moves most", 26),
            SheetColumn("Why", 44), SheetColumn("In the plan, of other ways tried", 13), SheetColumn("Comes in with", 30),
            SheetColumn("If it had to be in", 44),
            SheetColumn("Paid back by", 10), SheetColumn(f"Net present value over five years after completion, {currency}", 15, AMOUNT),
            SheetColumn("Why it is planned, where that is negative", 26),
        ]
    )  # fmt: skip
    by_id, planned = {one.id: one for one in record.initiatives}, proposed(record, round_)
    for row in roadmap_rows(record, roadmap):
        one = by_id[str(row["initiative"])]
        found = ("stays_in", "comes_in_with", "if_it_had_to_be_in", "payback", "npv", "planned_because")
        goals = "; ".join(names[goal] for goal in goals_served(one))
        moved, why = names.get(main_goal(planned, one)), capital(str(row["because"]))
        table.add([one.id, one.name, goals, moved, why, *(row[name] for name in found)])
    return table


def _running(record: Record, roadmap: Roadmap) -> WorkbookSheet:
    """Return what each initiative above the line costs to run, from the quarter after it is finished."""
    described = (SheetColumn("Id", 12), SheetColumn("Initiative", 40), SheetColumn("Finish", 10))
    a_year = SheetColumn(f"Running cost a year, {record.facts.profile.currency}", 14, AMOUNT)
    each = [SheetColumn(f"Running cost {quarter.key}", 13, AMOUNT) for quarter in quarters_of(roadmap)]
    by_id, spreads = {one.id: one for one in record.initiatives}, spread(record, roadmap)
    table = WorkbookSheet([*described, a_year, *each])
    for s in above_the_line(roadmap):
        one, amounts = by_id[s.initiative], [amount or None for amount in spreads[s.initiative].running]
        table.add([one.id, one.name, s.finish.key, one.opex, *amounts])
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
    table = WorkbookSheet([SheetColumn("Fiscal year", 24), *amounts], kept=1)
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
    table.columns += [SheetColumn(quarter.key, 10, FTE) for quarter in quarters_of(roadmap)]
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
        yield "No plan yet", f"A ranking takes {joined(list(roadmap.why_timeline))}."
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
    yield "Figures", "What stands behind goals, costs, spending, measures and risks is in figures.xlsx."


def roadmap_xlsx(record: Record, roadmap: Roadmap, round_id: str = "") -> bytes:
    """Return the roadmap of a round (empty: the latest) as an XLSX workbook.

    Sheets: Roadmap (one row an initiative, capital by quarter across), Reasons, Decisions, Running cost, Money, People,
    Trade-offs and Notes; those for which nothing is known are left out. Every figure of the pages is in it, in
    figures.xlsx, in findings.json or in plan.json. It holds no formula, link or macro; the same plan gives the same
    bytes, dated as of the round. On paper each row is whole on one page.

    Raises
    ------
    KeyError
        When the record holds no such round, or not the scenario that the plan follows.
    """
    one = record.round(round_id)
    return workbook_of(sheets_of(record, roadmap, one), "Roadmap", record.facts.profile.name, one.as_of)
