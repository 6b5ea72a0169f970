"""What the figures of a page are held against: the workbooks, findings.json and plan.json, and what may be derived of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import openpyxl
from page_figures import dates_in, times_in

from toolkit.client.record import Record
from toolkit.method import CRITERIA, DIMENSIONS, GROUPS
from toolkit.plan import Roadmap, to_json
from toolkit.words import grouped

Unit = Literal["money", "share", "statistic", "count", ""]
BOOKS = ("figures.xlsx", "roadmap.xlsx")
FILES = ("findings.json", "plan.json")
MONEY_KEYS = {
    "capex",
    "opex",
    "cost",
    "money",
    "budget",
    "reserve",
    "available",
    "npv",
    "amount",
    "original_amount",
    "running",
}
SHARE_KEYS = {"share", "value", "gap"}
# Shown with two decimals or more, in the appendix.
STATISTICS = {"low", "high", "spread", "agreement", "p", "q", "least", "delta", "error"}


@dataclass(frozen=True)
class Value:
    """A value of the files: where it stands, its unit, and the names of what it is about.

    A name that begins with "~" is a word that has to stand near, one that begins with "=" a word of its very row.
    """

    number: float
    unit: Unit
    names: frozenset[str]
    place: str


class Names:
    """What things of a record are called, each by one name: by id, in full, in short, or cut with an ellipsis."""

    def __init__(self, record: Record, more: Mapping[str, str]) -> None:
        self.aliases: dict[str, str] = {}
        facts = record.facts
        for one in (*record.initiatives, *facts.goals, *facts.kpis, *facts.risks, *facts.impact):
            for alias in (one.id, one.name, getattr(one, "short", None)):
                if alias:
                    self.aliases.setdefault(_plain(alias), one.name)
        for one in DIMENSIONS:
            self.aliases |= {_plain(alias): one.name for alias in (one.id, one.name, one.meaning)}
        self.aliases |= {_plain(one): one for one in CRITERIA}
        for role in facts.capacity:
            self.aliases[_plain(role.role)] = role.role
        self.aliases |= {_plain(alias): name for alias, name in more.items()}
        ids = {
            one.id for one in (*record.initiatives, *facts.goals, *facts.kpis, *facts.risks, *facts.impact)
        }
        self.told = {alias: name for alias, name in self.aliases.items() if alias not in ids or " " in alias}

    def known(self, text: object) -> str | None:
        """Return the one name of what is called so; None where nothing is."""
        return self.aliases.get(_plain(text)) if isinstance(text, str) else None

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where names that hold digits stand in a text."""
        return [
            (match.start(), match.end())
            for alias in self.told
            if re.search(r"\d", alias)
            for match in re.finditer(re.escape(alias), text.replace("’", "'").casefold())
        ]

    def within(self, text: str) -> set[str]:
        """Return the names of all that a text names, fiscal years and quarters included."""
        flat = _plain(text)
        found = {
            name
            for alias, name in self.told.items()
            if alias in flat and re.search(rf"(?<!\w){re.escape(alias)}(?!\w)", flat)
        }
        for cut in re.findall(r"(?:^|[|“\"(] ?)([^|“”\"…]{8,}?) ?…", flat):
            found |= {name for alias, name in self.told.items() if alias.startswith(cut.strip())}
        return found | times_in(text)


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("\u2011", "-").casefold().split())


class Sources:
    """The values and texts of one client's files."""

    def __init__(self, folder: Path, record: Record, earlier: Roadmap | None = None) -> None:
        self.record, self.earlier = record, json.loads(to_json(earlier)) if earlier else {}
        books = [openpyxl.load_workbook(folder / name, read_only=False) for name in BOOKS]
        self.sheets = {sheet.title: _rows(sheet) for book in books for sheet in book}
        reasons = {row["Id"]: row for row in self.sheets.pop("Reasons", ([], []))[0]}
        for row in self.rows("Roadmap"):  # of each initiative, both sheets in one row
            row |= reasons.get(row["Id"], {})
        self.findings, self.plan = (json.loads((folder / name).read_text("utf-8")) for name in FILES)
        self.names = Names(record, self._called())
        self.values = [
            *self._of_book(),
            *self._of_json(self.findings, "findings"),
            *self._of_json(self.plan, "plan"),
            *self._of_json(self.earlier, "earlier plan"),
        ]
        self.texts = "\n".join(_flat(text) for text in self._texts())

    @property
    def dates(self) -> set[str]:
        """The days, months, quarters and fiscal years that the files name, and those in which they lie."""
        heads = (head for rows, _ in self.sheets.values() for head in (rows[0] if rows else ()))
        found = dates_in("\n".join((self.texts, *heads)))
        return found | {date[:7] for date in found} | {f"FY{date[:4]}" for date in found if "-Q" in date}

    def _called(self) -> dict[str, str]:
        """Return what decisions, recommendations and groups are called."""
        asks = {row["Decision"]: row["Id"] for row in self.rows("Decisions")}
        advice = {one["action"]: one["id"] for one in self.findings["recommendations"]}
        groups = {one["label"]: one["label"] for one in self.findings["groups"]}
        return asks | advice | groups | {id: id for id in advice.values()}

    def rows(self, title: str) -> list[dict[str, Any]]:
        """Return the rows of a sheet by the titles of its columns, without the sums below; none where there is no sheet."""
        return self.sheets.get(title, ([], []))[0]

    def sums(self, title: str) -> list[dict[str, Any]]:
        """Return the sums below a sheet's rows."""
        return self.sheets.get(title, ([], []))[1]

    def _of_book(self) -> Iterator[Value]:
        for title, (rows, sums) in self.sheets.items():
            for n, row in enumerate((*rows, *sums)):
                for head, cell in row.items():
                    if isinstance(cell, (int, float)):
                        about = self._about(row, head) if n < len(rows) else set()
                        names = about | times_in(head) | _words(f"{title}, {head}")
                        yield Value(cell, _unit(head), frozenset(names), f"{title}, {head}")

    def _about(self, row: Mapping[str, Any], head: str) -> set[str]:
        """Return what a cell is about: the first thing that its row names; of the trace, the goal, then the initiative."""
        if "Contribution, 1 to 3" in row:
            goal, work = (self.names.known(row[one]) or "" for one in ("Goal", "Initiative"))
            place = list(row).index(head) - list(row).index("Contribution, 1 to 3")
            return {goal, work} if place == 0 else {goal if place < 0 else work}
        for one in HEADS:
            if text := row.get(one):
                return {self.names.known(text) or text}
        return set()

    def _of_json(self, part: Any, place: str, about: frozenset[str] = frozenset()) -> Iterator[Value]:
        if isinstance(part, list):
            for one in part:
                yield from self._of_json(one, place, about)
        elif isinstance(part, dict):
            about |= {name for key in NAMING if (name := self._named(part.get(key)))}
            about |= {f"FY{part['year']}"} if isinstance(part.get("year"), int) else set()
            about |= {part["quarter"]} if isinstance(part.get("quarter"), str) else set()
            for key, one in part.items():
                keyed = self.names.known(key) if key not in GROUPS else None
                if key not in UNTOLD:
                    yield from self._of_json(one, f"{place}.{key}", about | ({keyed} if keyed else set()))
        elif isinstance(part, (int, float)) and not isinstance(part, bool):
            yield Value(part, _json_unit(part, place), about | _words(place), place)

    def _named(self, text: object) -> str | None:
        if isinstance(text, dict):
            text = text.get("name")
        return self.names.known(text)

    def _texts(self) -> Iterator[str]:
        for rows, sums in self.sheets.values():
            for row in (*rows, *sums):
                yield from (cell for cell in row.values() if isinstance(cell, str))
        yield from _strings(self.findings)
        yield from _strings(self.plan)


HEADS = ("Id", "Initiative", "Decision", "Goal", "Cost", "Risk or deadline", "Role", "Measure", "Fiscal year")
# What no page tells as a number of its own: weights of rules, and evidence, whose lines are texts.
UNTOLD = {
    "severity",
    "accrued",
    "evidence",
    "method",
    "grid",
    "budgets",
    "draws",
    "weightings",
    "priority_agreement",
    "number",
}
# Words that stand near what a page tells of a column.
WORDS = (
    (r"Trade-offs, Money", "~budget"), (r"Trade-offs, Value", "~value of the plan|budget"), (r"Spending, Run", "=run"),
    (r"Spending, Protect", "=protect"), (r"Spending, Transform", "=transform"), (r"Spending, Grow", "=grow"), (r"Spending, In all", "~spen"),
    (r"Outlook, Straight", "=path"), (r"Outlook, At today", "=pace"), (r"Outlook, With the plan, low", "=low"), (r"Outlook, Expected", "=expected"),
    (r"Outlook, High", "=high"), (r"Outlook, Today|Measures, Reading", "=today|latest|reading|stood"), (r"Net present value|npv", "~worth|present value"),
    (r"Running", "=run"), (r"Money, Budget", "~budget"), (r"Money, Left|Of this, left", "~left|leave|over"), (r"Money, Reserve", "~reserve"),
    (r"Money, May be spent", "~spent|available"), (r"Business case, Benefit", "~benefit|back"), (r"Business case, Sum", "~sum"),
    (r"Register, First budget", "~first"), (r"Register, Benefit", "~benefit|cash back"), (r"plan\.[\w.]*\.value$", "~value"),
    (r"Contingency", "~contingency"), (r"\.reserve$", "~reserve"), (r"\.(budget|available)$", "~budget|spent"), (r"displaced.*money$", "~spending"),
    (r"original_amount$", "~first"), (r"running_after", "=run"), (r"Roadmap, Capital in these quarters", "=years|of capital|budgeted"), (r"plan\.value$", "~never told"),
)  # fmt: skip
# What a part of a JSON file says of what it is about.
NAMING = ("criterion", "initiative", "goal", "dimension", "subject", "role", "label", "name", "id", "kpi")


def _words(place: str) -> set[str]:
    """Return the words that stand near what a page tells of a column."""
    return {words for pattern, words in WORDS if re.search(pattern, place)}


def _json_unit(number: float, place: str) -> Unit:
    key = place.rpartition(".")[2]
    if key in MONEY_KEYS:
        return "money"
    if key in STATISTICS:
        return "statistic"
    if "closed" in place or (place.startswith("plan") and key in SHARE_KEYS):
        return "share"
    return "count" if isinstance(number, int) else ""


def _unit(head: str) -> Unit:
    money = re.search(r", [A-Z]{3}$|^Capital|^Running cost \d", head)
    return "money" if money else "count" if head.startswith("Value, the plan") else ""


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, (list, dict)):
        if isinstance(part, dict) and "what" in part and "value" in part:
            for value in (
                part["value"],
                *([] if isinstance(part["value"], str) else [grouped(part["value"])]),
            ):
                yield f"{part['what']}: {value} {part['unit']}".strip() + (
                    f" – {part['source']}" if part.get("source") else ""
                )
        for one in part.values() if isinstance(part, dict) else part:
            yield from _strings(one)


def _rows(sheet: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a sheet's rows and, below an empty one, its sums, by the titles of the columns."""
    heads, *lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    rows = [dict(zip(heads, line, strict=True)) for line in lines]
    empty = next(
        (n for n, row in enumerate(rows) if not any(cell is not None for cell in row.values())), len(rows)
    )
    return rows[:empty], rows[empty + 1 :]


def _flat(text: str) -> str:
    return " ".join(text.replace("\u202f", " ").replace("\u2011", "-").split())
