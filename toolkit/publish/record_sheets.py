"""The workbook's sheets of what the record says beside the plan: the register, costs, spending, measures, risks, services, assets, actions, meetings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from toolkit.assess.commitments import promises
from toolkit.assess.measure_path import straight_path
from toolkit.client.field_types import label_of
from toolkit.client.record import Record
from toolkit.client.schema import Meeting, Round
from toolkit.method import BY_ID
from toolkit.plan import Roadmap
from toolkit.plan.renewals import Renewal, renewals, service_costs
from toolkit.plan.risk_answers import answer_to, days_of_slack
from toolkit.plan.traceability import distance
from toolkit.publish.workbook_sheet import AMOUNT, SheetColumn, WorkbookSheet
from toolkit.words import capital, day


def record_sheets(record: Record, roadmap: Roadmap, one: Round) -> dict[str, WorkbookSheet]:
    """Return the sheets by title, in order; those for which nothing is on record are left out.

    Parameters
    ----------
    record : Record
        As it was known on the round's day.
    """
    tables = {
        "Register": _register(record), "Costs": _costs(record, roadmap), "Spending": _spending(record),
        "Measures": _measures(record), "Risks": _risks(record, roadmap, one.as_of),
        "Services": _services(record, renewals(record, one.as_of, roadmap)), "Assets": _assets(record, renewals(record, one.as_of, roadmap)), "Actions": _actions(record, one),
        "Meetings": _meetings(record),
    }  # fmt: skip
    return {title: table for title, table in tables.items() if table.rows}


def _register(record: Record) -> WorkbookSheet:
    """Return one row an initiative, as it is recorded: capital without contingency, and how dates and cost have moved."""
    currency = record.facts.profile.currency
    table = WorkbookSheet(
        [
            SheetColumn("Id", 12), SheetColumn("Initiative", 34), SheetColumn("Status", 12),
            SheetColumn(f"Capital as recorded, {currency}", 13, AMOUNT), SheetColumn("Contingency, %", 11, "0.##"),
            SheetColumn(f"Benefit a year, {currency}", 13, AMOUNT), SheetColumn("Benefit agreed by", 20), SheetColumn(f"First budget, {currency}", 13, AMOUNT),
            SheetColumn("First completion date", 14), SheetColumn("Completion date now", 14), SheetColumn("Days later", 9),
            SheetColumn(f"Spent to date, {currency}", 13, AMOUNT), SheetColumn(f"Forecast in all, {currency}", 13, AMOUNT),
            SheetColumn("Red, amber, green", 10), SheetColumn("Why", 34), SheetColumn("Description", 50),
        ]
    )  # fmt: skip
    for work in record.initiatives:
        dates = (_day(work.original_finish), _day(work.finish))
        share = None if work.contingency is None else 100 * work.contingency
        table.add(
            [work.id, work.name, capital(work.status or ""), work.capex, share, work.benefit, work.benefit_agreed_by, work.original_capex, *dates,
             work.days_late, work.spent, work.forecast, capital(work.health or ""), work.health_reason, work.description]
        )  # fmt: skip
    return table


def _costs(record: Record, roadmap: Roadmap) -> WorkbookSheet:
    """Return one row a business impact; those that count some of the same money are added up nowhere."""
    currency = record.facts.profile.currency
    table = WorkbookSheet(
        [
            SheetColumn("Cost", 40), SheetColumn("Symptom", 20),
            *(SheetColumn(f"{title} a year, {currency}", 13, AMOUNT) for title in ("Low", "Likely", "High")),
            SheetColumn("Agreed by", 24), SheetColumn("Ended by, of the plan", 34), SheetColumn("Source", 30), SheetColumn("How it was worked out", 50),
            SheetColumn("Counts some of the same money as", 36),
        ],
        kept=1,
    )  # fmt: skip
    names = {cost.id: cost.name for cost in record.facts.impact}
    planned = {s.initiative for s in roadmap.scheduled}
    work = [one for one in record.initiatives if one.id in planned]
    for cost in record.facts.impact:
        shared = "; ".join(names[other] for other in cost.overlaps)
        ended = "; ".join(one.name for one in work if cost.id in one.removes)
        table.add(
            [cost.name, BY_ID[cost.symptom].name, cost.low, cost.likely, cost.high, cost.agreed_by, ended, cost.source,
             cost.worksheet, shared]
        )  # fmt: skip
    return table


def _spending(record: Record) -> WorkbookSheet:
    """Return one row a fiscal year: IT spending by purpose, and in all where every purpose is known."""
    currency, purposes = record.facts.profile.currency, ("Run", "Protect", "Transform", "Grow")
    heads = (f"{head}, {currency}" for head in (*purposes, "In all"))
    table = WorkbookSheet(
        [SheetColumn("Fiscal year", 12), *(SheetColumn(head, 14, AMOUNT) for head in heads)], kept=1
    )
    for year in sorted(record.facts.spend, key=lambda each: each.year):
        parts = (year.run, year.protect, year.transform, year.grow)
        known = [part for part in parts if part is not None]
        table.add([f"FY{year.year}", *parts, sum(known) if len(known) == len(parts) else None])
    return table


def _measures(record: Record) -> WorkbookSheet:
    """Return one row a reading of a measure, the first beside its baseline, target and owners; one row where none is read."""
    table = WorkbookSheet(
        [
            SheetColumn("Measure", 36), SheetColumn("Unit", 12), SheetColumn("Baseline", 10, "0.####"),
            SheetColumn("Target", 10, "0.####"), SheetColumn("Reading", 10, "0.####"), SheetColumn("Read on", 16),
            SheetColumn("On a straight path", 10, "0.####"), SheetColumn("KPI’s own start", 10, "0.####"), SheetColumn("Started on", 16),
            SheetColumn("KPI’s own target", 10, "0.####"), SheetColumn("Target by", 16),
            SheetColumn("Owner in the business", 24), SheetColumn("Owner in IT", 24), SheetColumn("Source", 30),
        ],
        kept=1,
    )  # fmt: skip
    goals = {goal.kpi: goal for goal in reversed(record.facts.goals) if goal.kpi}
    for kpi in record.facts.kpis:
        goal = goals.get(kpi.id)
        way = distance(goal, kpi) if goal else (kpi.baseline, kpi.target)
        for reading in kpi.readings or (None,):
            read = (reading.value, day(reading.date)) if reading else (None, None)
            own = (kpi.baseline, _day(kpi.baseline_date), kpi.target, _day(kpi.target_date))
            path = (straight_path(kpi, reading) if reading else None, *own)
            table.add([kpi.name, kpi.unit, *way, *read, *path, kpi.owner_business, kpi.owner_it, kpi.source])
    return table


def _risks(record: Record, roadmap: Roadmap, as_of: date) -> WorkbookSheet:
    """Return one row a risk or deadline, the soonest first, with what answers it."""
    currency = record.facts.profile.currency
    table = WorkbookSheet(
        [
            SheetColumn("Risk or deadline", 40), SheetColumn("Kind", 12), SheetColumn("Due", 16), SheetColumn("How bad, 0 to 1", 9, "0.##"),
            SheetColumn(f"Costs once, {currency}", 13, AMOUNT), SheetColumn(f"Costs a year, {currency}", 13, AMOUNT),
            SheetColumn("Answered by", 40), SheetColumn("Days of slack", 9), SheetColumn("If nothing is done", 50), SheetColumn("Owner", 24),
        ],
        kept=1,
    )  # fmt: skip
    for risk in sorted(record.facts.risks, key=lambda each: (each.due is None, each.due or as_of, each.id)):
        answer = answer_to(record, as_of, roadmap, risk.id).said
        table.add(
            [risk.name, risk.kind, _day(risk.due), risk.severity, risk.loss, risk.yearly, answer,
             days_of_slack(record, roadmap, risk), risk.consequence, risk.owner]
        )  # fmt: skip
    return table


def _services(record: Record, found: Sequence[Renewal]) -> WorkbookSheet:
    """Return one row a service, the first to act on at the head, with what answers its renewal; what all cost below."""
    currency = record.facts.profile.currency
    table = WorkbookSheet(
        [
            SheetColumn("Service or contract", 36), SheetColumn("Vendor", 24), SheetColumn(f"Costs a year, {currency}", 13, AMOUNT),
            SheetColumn("Price rise, %", 9, "0.##"), SheetColumn(f"A year once renewed, {currency}", 13, AMOUNT),
            SheetColumn("Last day of notice", 16), SheetColumn("Renews on", 16), SheetColumn("Answered by", 40), SheetColumn("Owner", 24),
        ],
        kept=1,
    )  # fmt: skip
    answers = {one.row.id: one.answer.said for one in found if one.is_service}
    for one in sorted(record.services, key=lambda each: _first(each.notice_by or each.renewal, each.id)):
        rise = None if one.price_rise is None else 100 * one.price_rise
        table.add(
            [one.name, one.vendor, one.yearly_cost, rise, one.renewed_cost, _day(one.notice_by), _day(one.renewal),
             answers.get(one.id), one.owner]
        )  # fmt: skip
    total = service_costs(record, found).a_year
    if total is not None and len(record.services) > 1:
        table.add(["All whose cost is known, part of run spending", None, total, *[None] * 6])
    return table


def _assets(record: Record, found: Sequence[Renewal]) -> WorkbookSheet:
    """Return one row an asset, the first whose life ends at the head, with what replaces it."""
    currency = record.facts.profile.currency
    table = WorkbookSheet(
        [
            SheetColumn("Asset", 36), SheetColumn("Kind", 16), SheetColumn("How many", 10, "#,##0"), SheetColumn("Bought on", 16),
            SheetColumn("Years of use", 9, "0.##"), SheetColumn("End of life", 16), SheetColumn(f"Price each, {currency}", 13, AMOUNT),
            SheetColumn(f"To replace all, {currency}", 13, AMOUNT), SheetColumn("Answered by", 40), SheetColumn("Owner", 24),
        ],
        kept=1,
    )  # fmt: skip
    answers = {one.row.id: one.answer.said for one in found if not one.is_service}
    for one in sorted(record.assets, key=lambda each: _first(each.ends, each.id)):
        table.add(
            [one.name, one.kind, one.number, _day(one.bought), one.life_years, _day(one.ends), one.price, one.cost,
             answers.get(one.id), one.owner]
        )  # fmt: skip
    return table


def _first(when: date | None, id: str) -> tuple[bool, date, str]:
    """Return what puts dates in order, what has none last."""
    return when is None, when or date.max, id


def _actions(record: Record, one: Round) -> WorkbookSheet:
    """Return one row an action, the soonest due first, with how it stands on the round's day."""
    table = WorkbookSheet(
        [
            SheetColumn("Action", 50), SheetColumn("Owner in the business", 24), SheetColumn("Owner in IT", 24), SheetColumn("Due", 16),
            SheetColumn("Stands", 18), SheetColumn("Promised in round", 16), SheetColumn("Note", 50),
        ],
        kept=1,
    )  # fmt: skip
    for made in promises(record, one, own=True):
        table.add(
            [made.action, made.owner_business, made.owner_it, _day(made.due), capital(made.stands), made.round, made.note]
        )  # fmt: skip
    return table


def _meetings(record: Record) -> WorkbookSheet:
    """Return one row a meeting, in order of date."""
    table = WorkbookSheet(
        [
            SheetColumn("Meeting", 16), SheetColumn("Kind", 18), SheetColumn("Held", 10), SheetColumn("There, of the business", 50),
            SheetColumn("There, of IT", 50), SheetColumn("Note", 50),
        ],
        kept=1,
    )  # fmt: skip
    kinds = {value: text for text, value in label_of(Meeting, "kind").choices}
    for one in sorted(record.facts.meetings, key=lambda each: (each.date, each.id)):
        people = ("; ".join(one.business), "; ".join(one.it))
        table.add([day(one.date), kinds[one.kind], capital(one.status or ""), *people, one.note])
    return table


def _day(when: date | None) -> str | None:
    return day(when) if when else None
