"""What may be derived of the files' values: this list is closed, and each entry is what a reader with a pencil would do."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from figure_sources import Sources, Unit, Value
from page_figures import WORDS as WORD_NUMBERS

from toolkit.client.calendar import Quarter
from toolkit.method import NOTICEABLE, SOON_DAYS
from toolkit.plan.decisions import MOST
from toolkit.words import MONTHS

# Bands of the ranked list, and the words by which a page calls them.
BANDS = {
    "Above the line": "of capital|capital in all", "Below the line": "deferred|below|wait", "open": "open", "fixed": "fixed|release", "chosen": "chosen",
}  # fmt: skip
PURPOSES = ("Run", "Protect", "Transform", "Grow")
Row = dict[str, Any]


def derived(sources: Sources) -> list[Value]:
    """Return every value that may be derived, each with how."""
    return [value for rule in RULES for value in rule(sources)]


def _value(number: float, unit: Unit, how: str, *names: str | None) -> Value:
    return Value(number, unit, frozenset(name for name in names if name), how)


def _money(rows: Iterable[Row], head: str) -> float:
    return sum(row[head] or 0 for row in rows if head in row)


def _heads(rows: list[Row], start: str) -> list[str]:
    """Return the titles of columns that begin so; the currency stands at their end."""
    return [head for head in (rows[0] if rows else ()) if re.match(rf"{start}(?: FY\d+)?, [A-Z]{{3}}$", head)]


def _head(rows: list[Row], start: str) -> str:
    return next(iter(_heads(rows, start)), "")


# How the pages call the capital that the decisions ask for.
ASKED = r"of capital|capital in all|capital, \d"


def decisions(sources: Sources) -> Iterator[Value]:
    """A decision's new capital; over those asked for now that are part of no other, the sum of each column."""
    rows = sources.rows("Decisions")
    years, later = _heads(rows, "New capital"), _head(rows, "After the plan")
    for row in rows:
        yield _value(
            sum(row[head] or 0 for head in (*years, later)),
            "money",
            "Decisions, new capital of one",
            row["Id"],
        )
    # Of "in today’s budgets already: USD 1.5m above the first" and "none; to stop it saves USD 12k" pages have less than all.
    for before, where in (
        ("budgets already:", r"=more, in (?:\S+ )?budgets?\b"),
        ("to stop (?:it|them) saves", "=to stop"),
    ):
        for row in rows:
            if said := re.search(rf"{before} [A-Z]{{3}} ([\d.,]+)(k|m|bn)?", row["Money"] or ""):
                amount = float(said[1].replace(",", "")) * {"k": 1e3, "m": 1e6, "bn": 1e9}.get(said[2], 1)
                yield _value(amount, "money", "Decisions, Money", where)
    own = [row for row in rows[:MOST] if not row["Part of"]]
    new = [row for row in own if any(row[head] for head in (*years, later))]
    total = sum(_money(own, head) for head in (*years, later))
    yield _value(total, "money", "Decisions, new capital of those asked", f"={ASKED}")
    beside = [row for row in own if not row["Id"].startswith(("release.", "approve."))]
    further = sum(_money(beside, head) for head in (*years, later))
    yield _value(further, "money", "Decisions, new capital that is not the plan's", "=further")
    sums = [(head, f"={ASKED}") for head in years]
    sums += [
        (later, "=after the plan"),
        (_head(rows, "Before the plan"), f"={ASKED}|spent before|before the plan"),
    ]
    sums += [(_head(rows, "Running a year after"), f"=run|{ASKED}"), (_head(rows, "Saves a year"), "=save")]
    for head, words in sums:
        for part in (own, new):
            yield _value(_money(part, head), "money", f"Decisions, {head} of those asked", words)
    yield _value(
        _money(rows[:MOST], _head(rows, "Saves a year")), "money", "Decisions, all that is saved", "=save"
    )


def capital(sources: Sources) -> Iterator[Value]:
    """Capital by place, by band of the ranked list and by the goal that the work moves most, as sums and shares."""
    rows = sources.rows("Roadmap")
    head = _head(rows, "Capital")
    above = [row for row in rows if row["Place in the plan"] == "Above the line"]
    fixed = {one["initiative"]: one["fixed"] for one in sources.plan["scheduled"]}
    bands: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        place = row["Place in the plan"]
        bands[place].append(row)
        if row["Status"] not in ("Done", "Stopped"):
            bands["open"].append(row)
        if place == "Above the line":
            bands["fixed" if fixed[row["Id"]] else "chosen"].append(row)
    for band, words in BANDS.items():
        yield _value(_money(bands[band], head), "money", f"Roadmap, capital of what is {band}", f"={words}")
    total = _money(above, head)
    for goal in {row.get("Goal it moves most") for row in above}:
        amount = _money([row for row in above if row.get("Goal it moves most") == goal], head)
        yield _value(amount, "money", "Roadmap, capital by goal", goal or "=no goal")
        if total:
            yield _value(amount / total, "share", "Roadmap, share of the capital by goal", goal or "=no goal")
    inside = sum(
        _money(above, one) for one in (rows[0] if rows else ()) if re.match(r"Capital \d{4}-Q\d", one)
    )
    yield _value(inside, "money", "Roadmap, capital in the plan's quarters", "~shown")
    yield _value(total - inside, "money", "Roadmap, capital outside the plan's quarters", "=before|after")


def years(sources: Sources) -> Iterator[Value]:
    """Of each year of the plan: capital by kind, what is used of what may be spent, and what running costs take of the budget."""
    fixed = {one["initiative"]: one["fixed"] for one in sources.plan["scheduled"]}
    rows = sources.rows("Money")
    unplanned = 0.0
    for row in rows:
        year = row["Fiscal year"]
        amount = {
            head.rpartition(",")[0]: row[head] or 0
            for head in row
            if ", " in head and head != "Of this, left"
        }
        kinds: dict[str, float] = defaultdict(float)
        for work in sources.rows("Roadmap"):
            if work["Id"] in fixed:
                paid = sum(work[head] or 0 for head in work if re.match(rf"Capital {year[2:]}-Q\d", head))
                how = fixed[work["Id"]]
                kinds["under way" if how == "in progress" else "fixed" if how else "chosen"] += paid
        for kind, paid in kinds.items():
            yield _value(paid, "money", f"Roadmap, capital of a year, {kind}", year)
        budget, own = amount["Budget"], row.get(_head(rows, "Of the budget, for running costs only"))
        reserve = amount["Reserve held back"]
        if own is None:
            limits = [(amount["Together"], budget - reserve)]
        else:
            limits = [
                (amount["Capital"], budget - own - reserve),
                (amount["Running cost of planned work"], own),
            ]
        for spent, available in limits:
            if spent < available / 2:
                unplanned += available - spent
            if available > 0:
                yield _value(
                    min(spent / available, 1), "share", "Money, used of what may be spent", year, "~spent"
                )
                yield _value(available - spent, "money", "Money, left of one limit", year, "~left|leave")
        if budget:
            yield _value(
                amount["Running cost of planned work"] / budget,
                "share",
                "Money, running cost of the budget",
                year,
                "~running",
            )
    yield _value(unplanned, "money", "Money, left of years of which less than half is planned", "~unplanned")


def costs(sources: Sources) -> Iterator[Value]:
    """The largest cost, of those agreed and of all; the agreed ones that work in the plan ends, its benefits, and a quarter of each."""
    rows = sources.rows("Costs")
    for part in ([row for row in rows if row["Agreed by"]], rows):
        yield _value(
            max((row[_head(rows, "Likely a year")] for row in part), default=0),
            "money",
            "Costs, the largest",
            "=largest",
        )
    ended = [row for row in rows if row["Agreed by"] and row.get("Ended by, of the plan")]
    likely = _money(ended, _head(rows, "Likely a year"))
    register = sources.rows("Register")
    enders = {name for row in ended for name in row["Ended by, of the plan"].split("; ")}
    benefit = _money(
        [row for row in register if row["Initiative"] in enders], _head(register, "Benefit a year")
    )
    yield _value(likely, "money", "Costs, those that work of the plan ends", "=on record")
    yield _value(benefit, "money", "Register, benefits of the work that ends costs", "=on record")
    for amount in (likely, benefit):
        yield _value(
            amount / 4, "money", "A quarter of the costs ended, or of its work's benefits", "~waiting"
        )


def _purpose(name: str) -> str:
    """Return what a row must hold: this purpose, and no change, which has a sign; where shares have no head of their own, colours tell them apart."""
    return rf"=^(?![+−]).*\b{name.casefold()}\b|^(?![+−])(?!.*\bshare\b)"


def spending(sources: Sources) -> Iterator[Value]:
    """Of spending: each purpose's share of its year, its change since the first year, and the plan's first budget beside it."""
    rows = [
        row for row in sources.rows("Spending") if row[_head(sources.rows("Spending"), "In all")] is not None
    ]
    if not rows:
        return
    all_of, of = _head(rows, "In all"), {name: _head(rows, name) for name in PURPOSES}
    first, last = rows[0], rows[-1]
    for row in rows:
        for name in PURPOSES:
            if row[all_of]:
                yield _value(
                    row[of[name]] / row[all_of],
                    "share",
                    f"Spending, share of {name}",
                    row["Fiscal year"],
                    "~spending",
                    _purpose(name),
                )
    for name in PURPOSES:
        change = last[of[name]] - first[of[name]]
        yield _value(change, "money", f"Spending, change of {name}", f"={name.casefold()}", "~spending")
        if first[of[name]]:
            yield _value(
                change / first[of[name]],
                "share",
                f"Spending, change of {name}",
                f"={name.casefold()}",
                "~spending",
            )
    total, run = last[all_of], last[of["Run"]]
    for number, how in ((run, "run"), (total, "in all"), (total - run, "all but run")):
        yield _value(
            number, "money", f"Spending of the last year, {how}", r"=spent|as recorded|inside|on top|\brun\b"
        )
    money = sources.rows("Money")
    budget = next((row[_head(money, "Budget")] for row in money if row[_head(money, "Budget")]), 0)
    if budget:
        for number, how in (
            (total - budget, "all else"),
            (run - (total - budget), "by which run falls"),
            (total + budget, "both"),
        ):
            yield _value(number, "money", f"Spending beside the plan's first budget, {how}", "=inside|on top")
        yield _value(
            budget - total, "money", "The plan's first budget, above all of today's spending", "~on top"
        )
        for part, of in ((budget, "of"), (budget - total, "above")):
            share = part / total if total else 0
            yield _value(share, "share", f"The plan's first budget, {of} today's spending", "~more than")


def people(sources: Sources) -> Iterator[Value]:
    """Each role's share used, quarter by quarter."""
    rows = sources.rows("People")
    for needed, available in zip(rows[::3], rows[1::3], strict=True):
        for head in needed:
            if re.fullmatch(r"\d{4}-Q\d", head) and available[head]:
                yield _value(available[head], "count", "People, available", needed["Role"], "=fte")
                yield _value(
                    needed[head] / available[head], "share", "People, share used", needed["Role"], head
                )


def trade_offs(sources: Sources) -> Iterator[Value]:
    """How much more or less value and money each other plan has; the changes that were tried."""
    explained = sources.plan["explained"] or {"grid": {}, "budgets": (), "weightings": 0}
    for step in explained["budgets"]:
        yield _value(
            step["share"],
            "share",
            "plan, change of every budget",
            r"=every budget|^[−+]\d+ %|^\d+ % (less|more)\b",
        )
    for kind, amounts in explained["grid"].items():
        for amount in amounts:
            yield _value(
                amount,
                "count" if kind == "capacity" else "money",
                "plan, change tried",
                "~fte" if kind == "capacity" else "~raised",
            )
    if explained["weightings"]:
        yield _value(explained["weightings"], "count", "plan, other weightings", "~other|weightings")
        kept = [explained["kept"][id] for id in explained["chosen"]]
        for number in {min(kept), max(kept)} if kept else ():
            yield _value(number, "count", "plan, weightings under which chosen work stays", "~weightings")
    rows = sources.rows("Trade-offs")
    money = _head(rows, "Money spent")
    for row in rows[1:]:
        if row["Value, the plan = 100"] is not None:
            yield _value(
                row["Value, the plan = 100"], "", "Trade-offs, value of the plan's", "=this plan’s value"
            )
            yield _value(
                row["Value, the plan = 100"] - 100,
                "",
                "Trade-offs, difference of value",
                "~plan’s value|per cent (less|more)",
            )
            yield _value(
                row[money] - rows[0][money],
                "money",
                "Trade-offs, difference of money",
                "~within the same limits",
            )


def register(sources: Sources) -> Iterator[Value]:
    """First budgets and present ones in all, where both are known, by how much they grew; delays in months and years."""
    rows = sources.rows("Register")
    first, now = _head(rows, "First budget"), _head(rows, "Capital as recorded")
    both = [row for row in rows if row[first] is not None and row[now] is not None]
    before, after = _money(both, first), _money(both, now)
    yield _value(before, "money", "Register, first budgets", "~first")
    yield _value(after, "money", "Register, budgets of those with a first one", "~first")
    if before:
        yield _value((after - before) / before, "share", "Register, growth of budgets", "~first")
    late = [(row["Days later"], row["Initiative"]) for row in rows if (row["Days later"] or 0) > 0]
    for days, name in late:
        yield _value(days / 365.25, "", "Register, years later", name)
    for days in {min(late)[0], max(late)[0]} if late else ():
        yield _value(max(days / 30.4, 1), "count", "Register, months later", "~late")
        yield _value(days / 365.25, "", "Register, years later at most", "~later")
        yield _value(days, "count", "Register, days later at most", "~later")


def risks(sources: Sources) -> Iterator[Value]:
    """Slack in whole quarters of 90 days, by how many days work comes too late, and what work takes that waits outside the plan."""
    rows = sources.rows("Roadmap")
    for row in rows:
        if row["Place in the plan"] == "Below the line":
            yield _value(
                row[_head(rows, "Capital")] or 0,
                "money",
                "Roadmap, capital of one that waits",
                "=not in the plan",
            )
    for row in sources.rows("Risks"):
        if (days := row.get("Days of slack")) is not None:
            yield _value(
                days // 90, "count", "Risks, slack in quarters", sources.names.known(row["Risk or deadline"])
            )


def case(sources: Sources) -> Iterator[Value]:
    """The plan's worth in all, its benefits a year, and the share of its capital that goes to work without one on record."""
    rows, register = sources.rows("Roadmap"), sources.rows("Register")
    benefit = {row["Id"]: row[_head(register, "Benefit a year")] for row in register}
    agreed = {row["Id"] for row in register if row.get("Benefit agreed by")}
    above = [row for row in rows if row["Place in the plan"] == "Above the line"]
    amounts = sorted((benefit[row["Id"]] for row in above if benefit[row["Id"]] is not None), reverse=True)
    by_name = sum(benefit[row["Id"]] or 0 for row in above if row["Id"] in agreed)
    yield _value(
        sum(amounts), "money", "Register, benefits of the plan", "=agreed by name|not agreed yet|new cost"
    )
    yield _value(
        by_name, "money", "Register, benefits of the plan that somebody agreed to", "=agreed by name|new cost"
    )
    yield _value(sum(amounts[6:]), "money", "Register, all benefits of the plan but six", "=other")
    years, below = sources.rows("Business case"), sources.sums("Business case")
    if years and (total := _money(years, _head(years, "Capital"))):
        unknown = _money(
            [row for row in below if "without a benefit" in str(row["Fiscal year"])], _head(years, "Capital")
        )
        yield _value(
            unknown / total, "share", "Business case, share of the capital without a benefit", "~cost alone"
        )
    worth, why = (
        next((head for head in (rows[0] if rows else ()) if head.startswith(start)), "")
        for start in ("Net present value", "Why it is planned")
    )
    valued = [row for row in rows if not (row.get(why) or "").startswith("before running cost")]
    yield _value(_money(valued, worth), "money", "Roadmap, net present value in all", "~worth")
    losses = sorted(row[worth] for row in rows if row.get(why) and row[worth] is not None)
    yield _value(sum(losses[2:]), "money", "Reasons, all losses but the two worst", "=other")


def ended(sources: Sources) -> Iterator[Value]:
    """Capital and running cost in all of the plan's work under way that ends by the round's day."""
    rows = _ended(sources)
    for start in ("Capital", "Running cost a year"):
        yield _value(_money(rows, _head(rows, start)), "money", f"Roadmap, {start} of what ends", "~ends? by")


def _ended(sources: Sources) -> list[Row]:
    as_of, fiscal = date.fromisoformat(sources.findings["as_of"]), sources.record.facts.profile.fiscal
    ids = {
        one["initiative"]
        for one in sources.plan["scheduled"]
        if one["fixed"] == "in progress" and Quarter.parse(one["finish"]).last_day(fiscal) <= as_of
    }
    return [row for row in sources.rows("Roadmap") if row["Id"] in ids]


def response(sources: Sources) -> Iterator[Value]:
    """The share of each group that answered."""
    for group in sources.findings["groups"]:
        if group["invited"] and group["answered"] is not None:
            yield _value(group["answered"] / group["invited"], "share", "findings, response", group["label"])


def needs(sources: Sources) -> Iterator[Value]:
    """By how much each need is short: importance less satisfaction, as the business scored them."""
    for need in sources.findings["needs"]:
        if "business" in need["importance"] and "business" in need["satisfaction"]:
            short = need["importance"]["business"]["mean"] - need["satisfaction"]["business"]["mean"]
            yield _value(short, "", "findings, importance less satisfaction", need["dimension"]["name"])


def contributions(sources: Sources) -> Iterator[Value]:
    """How many initiatives serve each goal, in all and in the plan, together and by how far they move it."""
    served: dict[str, Counter[tuple[str, int]]] = defaultdict(Counter)
    for row in sources.rows("Traceability"):
        goal, level = sources.names.known(row["Goal"]), row["Contribution, 1 to 3"]
        if goal and level:
            kinds = {"all", "plan"} if row["Place in the plan"] == "Above the line" else {"all"}
            kinds |= {"open"} if row["Status"] not in ("Done", "Stopped") else set()
            served[goal].update((kind, part) for kind in kinds for part in (0, level, 3 - level // 3))
    for goal, numbers in served.items():
        for (kind, level), number in numbers.items():
            yield _value(number, "count", f"Traceability, initiatives of a goal, {kind} {level}", goal)


def over_budget(sources: Sources) -> Iterator[Value]:
    """By how much work under way and finished costs more than its budget (less: negative), each and those that do in all.

    What is spent of it, as a share of the budget.
    """
    rows = sources.rows("Register")
    budget, forecast, spent, first = (
        _head(rows, head)
        for head in ("Capital as recorded", "Forecast in all", "Spent to date", "First budget")
    )
    over: list[float] = []
    beyond: list[float] = []
    for row in rows:
        if row["Status"] in ("Done", "In progress") and row.get(spent) is not None and row[budget]:
            name = sources.names.known(row["Initiative"])
            yield _value(
                row[spent] / row[budget], "share", "Register, spent of the budget", name, "~of budget"
            )
        cost = row.get(spent) if row["Status"] == "Done" and row.get(spent) is not None else row.get(forecast)
        if row["Status"] in ("Done", "In progress") and cost is not None and row[budget] is not None:
            over.append(cost - row[budget])
            known = row.get(first)
            beyond.append(cost - (row[budget] if known is None else known))
            yield _value(
                cost - row[budget],
                "money",
                "Register, over budget",
                sources.names.known(row["Initiative"]),
                "~over (today’s )?budget",
            )
    yield _value(
        sum(max(each, 0) for each in over), "money", "Register, over budget in all", "~over (today’s )?budget"
    )
    yield _value(
        sum(max(each, 0) for each in beyond),
        "money",
        "Register, over first budgets in all",
        "~over the first",
    )


def limits(sources: Sources) -> Iterator[Value]:
    """What a plan leaves of each limit, what an initiative takes of a role, and of a year when it begins in another quarter."""
    for plan in filter(None, (sources.plan, sources.earlier)):
        for load in plan["loads"]:
            if load["capacity"] is not None:
                for own in {0.0, *(one.fte.get(load["role"], 0.0) for one in sources.record.initiatives)}:
                    yield _value(
                        load["capacity"] - load["load"] + own,
                        "count",
                        "plan, left of a role",
                        load["role"],
                        load["quarter"],
                        "=left|leaves",
                    )
        for year in plan["years"]:
            if year["budget"] is not None and year["running"] is None:
                left = year["budget"] - year["reserve"] - year["capex"] - year["opex"]
                yield _value(left, "money", "plan, left of a year", f"FY{year['year']}", "=left|leaves")
    for one in sources.record.initiatives:
        for role, fte in one.fte.items():
            yield _value(fte, "count", "record, people an initiative takes", one.name, role, "=fte of")
        if one.capital and one.duration and not one.capex_profile:
            for quarters in range(1, min(one.duration, 4) + 1):
                yield _value(
                    one.capital * quarters / one.duration,
                    "money",
                    "record, capital of some quarters",
                    one.name,
                    "=needs|needed",
                )


RULES: tuple[Callable[[Sources], Iterator[Value]], ...] = (
    decisions, capital, years, costs, spending, people, trade_offs, register, risks, case, ended, response, needs, contributions, over_budget, limits,
)  # fmt: skip


def counts(sources: Sources) -> dict[str, set[int]]:
    """Return, for what is counted, every count that the files give: all of a list, or those of it that are alike."""
    f, plan = sources.findings, sources.plan
    explained = plan["explained"] or {}
    lists: dict[str, list[list[Any]]] = {
        "initiative": [sources.rows("Roadmap"), sources.rows("Register"), plan["scheduled"], plan["deferred"], plan["unscheduled"],
                       plan["timeline"], plan["uncounted"], f["initiatives_without_goal"], plan["worth"]],
        "goal": [sources.rows("Outlook"), f["goals"]],
        "measure": [list({row["Measure"]: row for row in sources.rows("Measures")}.values())],
        "risk": [sources.rows("Risks")],
        "cost": [sources.rows("Costs")],
        "decision": [sources.rows("Decisions"), sources.rows("Decisions")[:MOST], sources.rows("Decisions")[MOST:], f["recommendations"]],
        "area": [f["areas"], [one for one in f["areas"] if one["scores"]],
                 [one for one in f["areas"] + f["symptoms"] if one["gap"] and one["gap"]["least"] is not None]],
        "score": [f["movements"], [one for one in f["movements"] if one["change"]["word"] == "too close to call"]], "promise": [f["promises"]], "finding": [f["findings"]], "need": [f["needs"]],
        "role": [list({one["role"]: one for one in plan["loads"]}.values()), sources.rows("People")],
        "question": [[None] * (WORD_NUMBERS.get(match[1]) or int(match[1])) for row in sources.rows("Notes") if (match := re.search(r", (\w+) questions", row["What it says"]))],
        "way": [[None] * number for number in (explained.get("weightings", 0), *explained.get("draws", {}).values())],
        "quarter": [[None] * plan["quarters"], [None] * (plan["quarters"] // 4)],
    }  # fmt: skip
    benefit, run = (
        _head(sources.rows(sheet), head)
        for sheet, head in (("Register", "Benefit a year"), ("Roadmap", "Running cost a year"))
    )
    benefits = {row["Id"]: row[benefit] for row in sources.rows("Register")}
    above = [row for row in sources.rows("Roadmap") if row["Place in the plan"] == "Above the line"]
    lists["initiative"] += [
        [{"benefit": benefits[row["Id"]], "running": row[run], "start": row["Start"]} for row in above],
        *([row for row in above if row["Start"][:4] <= year] for year in {row["Start"][:4] for row in above}),
        [one for one in plan["scheduled"] if one["fixed"] == "in progress" and one["finish"] >= plan["start"]],
        [row for row in above if row[run] is not None and benefits[row["Id"]] is not None],
    ]  # fmt: skip
    lists["initiative"].append([row for row in sources.rows("Register") if (row["Days later"] or 0) > 0])
    lists["initiative"].append(_ended(sources))
    as_of = date.fromisoformat(f["as_of"])
    live = [one for one in plan["timeline"] if one["status"] not in ("done", "stopped")]
    days = [(date.fromisoformat(one["finish"]) - as_of).days if one["finish"] else None for one in live]
    lists["initiative"] += [
        live,
        [day for day in days if day is None],
        [day for day in days if day is not None and day < 0],
        [day for day in days if day is not None and 0 <= day <= SOON_DAYS],
    ]
    due = [_date(row["Due"]) for row in sources.rows("Risks") if row["Due"]]
    lists["risk"].append([when for when in due if 0 <= (when - as_of).days <= SOON_DAYS])
    lists["more"] = [
        [None] * number for number in range(1, max(len(rows) for kinds in lists.values() for rows in kinds))
    ]
    apart = [one["gap"] for one in f["areas"] if one["gap"] and abs(one["gap"]["value"]) >= NOTICEABLE]
    sure = [gap for gap in apart if gap["word"] in ("clear difference", "likely difference")]
    lists["area"] += [apart, sure, [gap for gap in apart if gap in sure or gap["p"] is None]]
    return {noun: {number for rows in kinds for number in _alike(rows)} for noun, kinds in lists.items()}


def _date(text: str) -> date:
    day, month, year = text.split()
    return date(int(year), MONTHS.index(month) + 1, int(day))


def _alike(rows: list[Any]) -> Iterator[int]:
    """Yield how many rows there are, and how many hold the same in a column, or anything."""
    yield len(rows)
    columns: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        for key, cell in row.items() if isinstance(row, dict) else ():
            columns[key].append(cell)
    for cells in columns.values():
        yield sum(cell not in (None, "", [], ()) for cell in cells)
        yield sum(cell in (None, "", [], ()) for cell in cells)
        if all(isinstance(cell, (str, int, float, bool, type(None))) for cell in cells):
            yield from Counter(cells).values()
