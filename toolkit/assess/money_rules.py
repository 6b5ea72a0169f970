"""Rules about money and dates already on record: what symptoms cost, what spending leaves, what slipped and grew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from toolkit.assess.assessment import Assessment
from toolkit.assess.chain import chain_of
from toolkit.assess.saying import Fact, amount, named, number, say, scored, share
from toolkit.assess.statements import Finding
from toolkit.client.models import Impact
from toolkit.client.record import Record
from toolkit.method import BY_ID, ENOUGH_PROJECTS, GROWN, RUN_LEAVES_NOTHING
from toolkit.words import DAYS_A_YEAR, inside, joined


def priced_symptom(record: Record, a: Assessment) -> Iterator[Finding]:
    """A symptom whose cost someone has put a figure on: agreed and claimed said apart, nothing summed.

    Which other costs count some of the same money stands in its evidence.
    """
    most = max((one.likely for one in record.facts.impact), default=0.0) or 1.0
    for one in record.facts.impact:
        facts = _cost(record, one)
        between = " (between {low} and {high})" if "low" in facts else ""
        if one.agreed_by:
            facts["by"] = named("Agreed by", one.agreed_by)
            sentence = (
                f"{{name}} ({{symptom}}) costs about {{likely}} a year{between}, a figure agreed by {{by}}."
            )
        else:
            sentence = f"{{name}} ({{symptom}}) is claimed to cost about {{likely}} a year{between}; nobody has agreed to that figure yet."
        severity = (0.55 if one.agreed_by else 0.2) + 0.15 * one.likely / most
        yield say("priced symptom", one.id, severity, sentence, facts, **chain_of(record, a, one.symptom))


def _cost(record: Record, one: Impact) -> dict[str, Fact]:
    currency = record.facts.profile.currency
    facts = {
        "name": named("Cost", one.name, quoted=True),
        "symptom": named("Symptom", inside(BY_ID[one.symptom].name)),
        "likely": amount("Likely cost a year", one.likely, currency, one.source or ""),
    }
    if one.low is not None and one.high is not None and one.low < one.high:
        facts["low"] = amount("Lowest cost a year", one.low, currency)
        facts["high"] = amount("Highest cost a year", one.high, currency)
    # Either of two overlapping costs may name the other.
    others = [
        x.name
        for x in record.facts.impact
        if x.id != one.id and (x.id in one.overlaps or one.id in x.overlaps)
    ]
    if others:
        facts["others"] = named("Counts some of the same money as", joined([f"“{name}”" for name in others]))
    return facts


def spending(record: Record, a: Assessment) -> Iterator[Finding]:
    """Running spending of the latest year that leaves a fifth or less for everything else."""
    complete = [y for y in record.facts.spend if None not in (y.grow, y.transform, y.protect)]
    if not complete:
        return
    last = max(complete, key=lambda one: one.year)
    strategy = (last.grow or 0) + (last.transform or 0)
    total = last.run + strategy + (last.protect or 0)
    if not total or last.run / total < RUN_LEAVES_NOTHING:
        return
    facts = {
        "run": share(f"Share of FY{last.year} spending that runs what exists", last.run / total),
        "new": amount("Spending to grow and transform", strategy, record.facts.profile.currency),
        "year": named("Fiscal year", f"FY{last.year}"),
    }
    left = "{new} is left to grow and transform" if strategy else "nothing is left to grow and transform"
    yield say("spending", f"FY{last.year}", 0.45 + last.run / total - RUN_LEAVES_NOTHING,
              f"{{run}} of {{year}} spending keeps things running; {left}.", facts, practices=("investment",))  # fmt: skip


def slipped_projects(record: Record, a: Assessment) -> Iterator[Finding]:
    """Initiatives whose completion date has moved past the first one known to us, of three or more with both dates."""
    slips = {one.id: one.days_late for one in record.initiatives if one.days_late is not None}
    late = sorted(one for one, days in slips.items() if days > 0)
    if len(slips) < ENOUGH_PROJECTS or not late:
        return
    facts = {
        "late": number("Initiatives later than first known", len(late)),
        "both": number("Initiatives with both dates", len(slips), "initiative"),
        "worst": _slip(max(slips.values())),
    }
    verb = "has" if len(late) == 1 else "have"
    by = "{worst}" if len(late) == 1 else "up to {worst}"
    yield say("slipped projects", "dates", 0.3 + len(late) / len(slips) / 3,
              f"{{late}} of {{both}} with both dates known {verb} moved past the first completion date known to us, by {by}.", facts,
              symptoms=("delayed-projects",), initiatives=tuple(late))  # fmt: skip


def _slip(days: int) -> Fact:
    """Say a slip in days while it is short, else in years: a day's slip is not "0.0 years"."""
    years = scored("Longest slip, in years", days / DAYS_A_YEAR)
    if years.evidence.value == 0 or days < DAYS_A_YEAR / 2:
        return number("Longest slip, in days", days, "day")
    unit = "year" if years.said == "1.0" else "years"
    return Fact(replace(years.evidence, unit=unit), f"{years.said} {unit}")


def grown_budgets(record: Record, a: Assessment) -> Iterator[Finding]:
    """Initiatives whose budgets have grown by more than 5 % in all, of three or more with both budgets."""
    paid = [one.budgets for one in record.initiatives if one.budgets]
    first, now = (sum(budgets) for budgets in zip(*paid, strict=True)) if paid else (0.0, 0.0)
    if len(paid) < ENOUGH_PROJECTS or now <= first * GROWN:
        return
    currency = record.facts.profile.currency
    facts = {
        "paid": number("Initiatives with both budgets", len(paid), "initiative"),
        "first": amount("First known to us", first, currency),
        "now": amount("Now", now, currency),
    }
    yield say("grown budgets", "budgets", 0.3 + min(now / first - 1, 1) / 4,
              "{paid} with both budgets on record, first known to us at {first} in all, now stand at {now}.", facts, symptoms=("delayed-projects",))  # fmt: skip


MONEY_RULES = (priced_symptom, spending, slipped_projects, grown_budgets)
