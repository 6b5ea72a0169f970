"""Random clients told page by page: no page asks to stop what another holds, what is asked for fits, agreed is what was agreed.

``python benchmarks/soak_decisions.py [CLIENTS] [SEED]`` (2,000 and 1): each client is written to files, planned, and
told in both stories as their notebooks tell them. A reader that knows the client's files, the pages' text, ``findings.json``
and ``roadmap.csv`` alone then looks for what contradicts itself. Exits 1 at anything found.

Names are made of words without a meaning, each used by one name only unless two names are meant to be of a kind. So
whether two names resemble each other is known from how they were made.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core for each process

import csv
import html
import io
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.text import Text

from toolkit.assess import assess
from toolkit.client.questionnaire import shipped_questionnaires
from toolkit.client.store import load
from toolkit.plan import PLAN_FILE, plan_roadmap, to_json
from toolkit.plan.decisions import APPROVE, MOST, RELEASE, Ask
from toolkit.publish.data_files import findings_json, roadmap_csv
from toolkit.publish.roadmap_workbook import sheets_of
from toolkit.show import AssessmentStory, RoadmapStory
from toolkit.show.canvas import Canvas

SLUG = "chosen"
PRACTICES = ("shared-goals", "open-communication", "partnership", "investment", "roadmap")
SYMPTOMS = ("delayed-projects", "shadow-it", "blame", "wasted-budget", "morale")
YEARS = (2027, 2028)
INVENTED: set[str] = set()  # words that only names have
OVER = 0.006  # of an amount: money is written to thousands, or hundredths of a million

# The client.


@dataclass
class Names:
    """Gives names of three or four words; one of a kind with another name shares all of its words but one."""

    draw: random.Random
    used: int = 0

    def new(self) -> str:
        return " ".join(self._word() for _ in range(self.draw.choice((3, 4)))).capitalize()

    def like(self, name: str) -> str:
        words = name.casefold().split()
        self.draw.shuffle(words)
        if len(words) > 3:
            words = words[1:]
        words.insert(self.draw.randrange(len(words) + 1), self._word())
        return " ".join(words).capitalize()

    def _word(self) -> str:
        """Return the next word of syllables; no two words are alike by more than chance."""
        self.used += 1
        syllables = (
            "ba",
            "de",
            "fi",
            "go",
            "ku",
            "la",
            "mo",
            "ne",
            "pi",
            "ru",
            "sa",
            "te",
            "vo",
            "wi",
            "xu",
            "zo",
        )
        number, word = self.used * 2654435761 % 2**20, ""
        for _ in range(5):
            number, rest = divmod(number, 16)
            word += syllables[rest]
        INVENTED.add(word)
        return word


@dataclass
class Client:
    """A client's files as plain data, in order to write them and for the reader to look them up."""

    facts: dict[str, Any]
    initiatives: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    actions: list[dict[str, Any]]
    responses: list[dict[str, Any]]


def client(draw: random.Random) -> Client:
    """Draw a client with every feature on which what is said can hang."""
    names = Names(draw)
    maybe = lambda share: draw.random() < share  # noqa: E731
    goals = [
        {"id": f"g{n}", "name": names.new(), **({"kpi": "k0"} if n == 0 and maybe(0.5) else {})}
        for n in range(draw.choice((0, 1, 2, 2, 3, 4)))
    ]
    if goals and maybe(0.5):
        for goal, weight in zip(goals, _parts(100, len(goals)), strict=True):
            goal["weight"] = weight
    risks = [
        {"id": f"r{n}", "name": names.new(), "severity": draw.choice((0.3, 0.9))}
        | ({"due": f"2027-{draw.randrange(1, 13):02}-15"} if maybe(0.6) else {})
        for n in range(draw.choice((0, 1, 2, 3)))
    ]
    work = [_initiative(draw, names, n, goals, risks) for n in range(draw.choice((2, 3, 4, 5, 6, 7, 8)))]
    for n, one in enumerate(work):
        others = [other["id"] for other in work[:n] if other["status"] != "stopped"]
        if others and maybe(0.25) and one["status"] != "done":
            one["depends_on"] = draw.choice(others)
    if maybe(0.25):  # two initiatives of a kind
        work[-1]["name"] = names.like(draw.choice(work[:-1])["name"])
    facts: dict[str, Any] = {
        "schema_version": 1,
        "profile": {"name": "Chosen Client", "business_lead": "Ann, COO", "it_lead": "Bo, CIO", "currency": "EUR"},
        "goals": goals,
        "kpis": [{"id": "k0", "name": names.new(), "unit": "%"}],
        "risks": risks,
        "impact": _impact(draw, names),
        "planning": {"start": "2027-Q1", "quarters": 8},
        "rounds": [
            {"id": "r-old", "as_of": "2025-09-30"},
            {"id": "r-now", "as_of": "2026-09-30", "closed": "2026-09-30", "questionnaire": "executive",
             "groups": [{"group": "business", "mode": "consensus", "invited": 3}, {"group": "it", "mode": "named", "invited": 1}]},
        ],
    }  # fmt: skip
    if maybe(0.85):
        total = sum(one.get("capex", 0) for one in work) or 100_000
        facts["budget"] = [_budget(draw, year, total) for year in YEARS[: draw.choice((1, 2, 2, 2))]]
    if maybe(0.4):
        facts["capacity"] = [{"role": "staff", "fte": draw.choice((1, 2))}]
    decisions = [
        {"id": f"d{n}", "round": draw.choice(("r-old", "r-now")), "date": "2026-01-10", "subject": one["id"],
         "decision": draw.choice(("approve", "defer", "reject"))}
        for n, one in enumerate(work) if one["status"] in ("", "proposed") and maybe(0.12)
    ]  # fmt: skip
    decisions += [
        {"id": f"a{n}", "round": "r-old", "date": "2026-01-10", "subject": risk["id"], "decision": "accept risk"}
        for n, risk in enumerate(risks) if maybe(0.1)
    ]  # fmt: skip
    actions = [
        {"id": f"p{n}", "round": "r-old", "action": names.like(draw.choice(work)["name"]) if maybe(0.4) else names.new(),
         "due": draw.choice(("2026-01-31", "2027-01-31")), "status": draw.choice(("open", "open", "done", "dropped")),
         **({"initiative": draw.choice(work)["id"]} if maybe(0.4) else {})}
        for n in range(draw.choice((0, 0, 1, 2)))
    ]  # fmt: skip
    for action in actions:
        if action["status"] == "done":
            action["done_on"] = "2026-02-01"
    return Client(facts, work, [*decisions, *given(work, risks)], actions, [])


def given(work: list[dict[str, Any]], risks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Draw answers of leadership to what it was asked; the same work, the same answers."""
    draw, out = random.Random(json.dumps([work, risks])), []
    for n, one in enumerate(work):
        if one["status"] not in ("", "proposed") or draw.random() > 0.3:
            continue
        decision = draw.choice(("approve", "approve", "defer", "reject"))
        cost = capital(one)
        out.append(
            {"id": f"x{n}", "date": "2026-10-05", "round": draw.choice(("r-old", "r-now", "r-now")), "subject": one["id"],
             "decision": decision, "ask": draw.choice((RELEASE, APPROVE)), "by": "Ann, COO",
             "quarter": draw.choice(("2027-Q1", "2027-Q2", "2028-Q1", "2029-Q1")) if decision == "defer" else "",
             "amount": "" if cost is None else draw.choice((cost, cost, cost / 2))}
        )  # fmt: skip
    for n, risk in enumerate(risks):
        if draw.random() < 0.2:
            subject, decision, quarter = draw.choice(
                ((risk["id"], "accept risk", ""), (f"rec-risk.{risk['id']}", "defer", "2027-Q3"))
            )
            out.append(
                {"id": f"y{n}", "date": "2026-10-05", "round": "r-now", "subject": subject, "decision": decision,
                 "ask": f"risk.{risk['id']}", "by": "Ann, COO", "quarter": quarter, "amount": ""}
            )  # fmt: skip
    if draw.random() < 0.3:
        out.append(
            {"id": "z", "date": "2026-10-05", "round": "r-now", "subject": "rec-shared-goals", "decision": "approve",
             "ask": "shared-goals", "by": "Ann, COO", "quarter": "", "amount": ""}
        )  # fmt: skip
    return out


def capital(one: dict[str, Any]) -> float | None:
    """Return what work costs with its contingency; None where that is not known."""
    return None if "capex" not in one else one["capex"] * (1 + one.get("contingency", 0))


def last_said(made: Client) -> dict[str, dict[str, Any]]:
    """Return the decision that stands for each initiative: the last, by round, day and id."""
    rounds, ids = ("r-old", "r-now"), {one["id"] for one in made.initiatives}
    out: dict[str, dict[str, Any]] = {}
    for d in sorted(made.decisions, key=lambda d: (rounds.index(d["round"]), d["date"], d["id"])):
        if d["decision"] != "accept risk" and d["subject"] in ids:
            out[d["subject"]] = d
    return out


def settled(made: Client) -> set[str]:
    """Return the initiatives about which nothing need be asked: approved at the cost they have, or deferred for now."""
    by_id, out = {one["id"]: one for one in made.initiatives}, set()
    for i, d in last_said(made).items():
        same = d.get("amount") in ("", None) or abs(float(d["amount"]) - (capital(by_id[i]) or 0)) < 1
        if d.get("ask") and d["decision"] in ("approve", "defer") and same:
            out.add(i)
    return out


def _parts(whole: int, n: int) -> list[int]:
    even = [whole // n] * n
    even[0] += whole - sum(even)
    return even


def _initiative(
    draw: random.Random, names: Names, n: int, goals: list[Any], risks: list[Any]
) -> dict[str, Any]:
    chance, kinds = draw.random(), [*goals, *risks]
    name = names.like(draw.choice(kinds)["name"]) if kinds and chance < 0.2 else names.new()
    status = draw.choice(("", "proposed", "proposed", "proposed", "in progress", "done", "stopped"))
    one: dict[str, Any] = {"id": f"i{n}", "name": name, "status": status}
    if draw.random() < 0.85:
        one["capex"] = draw.choice((12_345, 40_000, 90_000, 250_000))
        one["contingency"] = draw.choice((0, 0.1, 0.25))
    if draw.random() < 0.85:
        one["duration"] = draw.choice((1, 2, 3))
    if status == "in progress" and "duration" in one:
        one["start"] = draw.choice(("2026-Q4", "2027-Q1"))
    if goals and draw.random() < 0.5:
        one["goals"] = f"{draw.choice(goals)['id']}: {draw.choice((1, 2, 3))}"
    if risks and draw.random() < 0.2:
        one["settles"] = draw.choice(risks)["id"]
    if draw.random() < 0.15 and status not in ("done", "stopped"):
        one["mandatory"] = "A law asks for it"
    if draw.random() < 0.15:
        one["practices"] = draw.choice(PRACTICES)
    if draw.random() < 0.3:
        one |= {"original_finish": "2026-06-30", "finish": draw.choice(("2026-06-30", "2027-06-30"))}
    if draw.random() < 0.3 and "capex" in one:
        one["original_capex"] = one["capex"] * draw.choice((0.5, 1))
    if draw.random() < 0.3:
        one["opex"] = 4_000
    return one


def _impact(draw: random.Random, names: Names) -> list[dict[str, Any]]:
    return [
        {
            "id": f"c{n}",
            "symptom": draw.choice(SYMPTOMS),
            "name": names.new(),
            "likely": draw.choice((70_000, 310_000)),
        }
        | ({"agreed_by": f"Cleo {n}, CFO"} if draw.random() < 0.5 else {})
        for n in range(draw.choice((0, 1, 2, 3)))
    ]


def _budget(draw: random.Random, year: int, total: float) -> dict[str, Any]:
    budget: dict[str, Any] = {"year": year, "amount": round(total * draw.choice((0.2, 0.5, 0.8, 1.5)))}
    if draw.random() < 0.6:
        budget["reserve"] = draw.choice((0.1, 0.2))
    if draw.random() < 0.2:
        budget["opex"] = 30_000
    return budget


def write(folder: Path, made: Client) -> None:
    """Write a client's files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "client.yaml").write_text(yaml.safe_dump(made.facts, sort_keys=False), encoding="utf-8")
    for name in ("initiatives", "decisions", "actions", "responses"):
        rows = getattr(made, name)
        if rows:
            header = list(dict.fromkeys(key for row in rows for key in row))
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, header, restval="")
                writer.writeheader()
                writer.writerows(rows)


def completed(draw: random.Random, made: Client, ids: list[str]) -> list[dict[str, Any]]:
    """Draw what the consultant adds: costs of what is recommended, work that carries it, a recommendation of their own."""
    open_work = [one["id"] for one in made.initiatives if one["status"] not in ("done", "stopped")]
    own = draw.random() < 0.2
    out: list[dict[str, Any]] = []
    for id in ids:
        if draw.random() < 0.3:
            added: dict[str, Any] = {"id": id, "round": "r-now"}
            if draw.random() < 0.8:
                added["cost"] = draw.choice((9_000, 35_000, 120_000))
            if open_work and draw.random() < 0.25:
                added["initiative"] = draw.choice(open_work)
            if draw.random() < 0.3:
                added["due"] = draw.choice(("2026-12-31", "2027-05-31", "2028-02-28"))
            out.append(added)
    if own:
        words = draw.choice(made.initiatives)["name"].split()
        out.append(
            {
                "id": "own-1",
                "round": "r-now",
                "action": f"Start {' '.join(words)}",
                "why": "It pays.",
                "cost": 20_000,
            }
        )
    # What is their own, or work that they name, can hold the one initiative that would be stopped; completing that is a fault then.
    if own or any("initiative" in added for added in out):
        out = [added for added in out if added["id"] != "rec-work-without-goals"]
    return out


# What is told.


def words_alone(figure: Figure) -> bytes:
    """Return a chart's words in place of its drawing, which takes ten times as long as all the rest."""
    texts = [html.escape(text.get_text()) for text in figure.findobj(Text)]
    plt.close(figure)
    lines = "".join(f"<text>{text}</text>" for text in texts if text)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="1pt" height="1pt" viewBox="0 0 1 1">{lines}</svg>'.encode()


@contextmanager
def undrawn() -> Iterator[None]:
    """Within this block charts are words alone."""
    with patch.object(Canvas, "svg", lambda canvas: words_alone(canvas.figure)):
        yield


@dataclass
class Told:
    """Everything a reader has: the pages' blocks of text, the recommendations, the rows of the plan."""

    blocks: list[str]
    items: list[dict[str, str]]
    asks: list[str]
    slides: list[list[str]]  # what the first and the last slide ask for
    decisions: tuple[Ask, ...]
    sheet: list[dict[str, Any]]  # the workbook's sheet of them
    years: dict[int, float]  # the plan's capital by fiscal year
    findings: dict[str, Any]
    rows: list[dict[str, str]]
    kind: str


_BLOCK = re.compile(r"<(p|li|tr|h[1-6]|figcaption|dd|caption)\b[^>]*>(.*?)</\1>", re.DOTALL)
_TILE = re.compile(r'<div class="fact">(.*?)</div>', re.DOTALL)
_LABEL = re.compile(r'<g class="row">.*?</g>|<text\b[^>]*>.*?</text>', re.DOTALL)
_ROW = re.compile(r'<th scope="row"><strong>(.*?)</strong>(.*?)</tr>', re.DOTALL)
_CELL = re.compile(r'<td data-l="(.*?)">(.*?)</td>', re.DOTALL)
_ASK = re.compile(r"<li><strong>(.*?)</strong>(.*?)</li>", re.DOTALL)
_FIRST_ASK = re.compile(r'<span class="what">(.*?)</span>(.*?)</tr>', re.DOTALL)


def plain(markup: str) -> str:
    """Return the text of a piece of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).replace("\u200b", "").split())


def told(clients: Path) -> Told:
    """Plan the client, tell both stories as the notebooks do, and return what there is to read."""
    record = load(clients, SLUG)
    roadmap = plan_roadmap(record)
    plan = clients / SLUG / PLAN_FILE
    plan.parent.mkdir(exist_ok=True)
    plan.write_text(to_json(roadmap), encoding="utf-8")
    assessment, deck = AssessmentStory.open(SLUG, str(clients)), RoadmapStory.open(SLUG, str(clients))
    pages = [*assessment.pages.values(), *deck.pages.values()]
    texts = [str(page.html()) for page in pages]
    blocks = [plain(body) for text in texts for _, body in _BLOCK.findall(text)]
    blocks += [plain(body) for text in texts for body in _LABEL.findall(text)]
    blocks += [plain(tile) for text in texts for tile in _TILE.findall(text)]
    blocks += [note for page in pages for note in page.notes] + [page.title for page in pages]
    shown = str(assessment.pages["recommendations"].html())
    items = [
        {"action": plain(action)} | {head: plain(cell) for head, cell in _CELL.findall(rest)}
        for action, rest in _ROW.findall(shown)
    ]
    answer, first, last = (
        str(page.html()) if page else ""
        for page in (assessment.pages["answer"], deck.pages["decisions"], deck.pages.get("first"))
    )
    asks = [f"{plain(what)} {plain(rest)}" for what, rest in _ROW.findall(answer) + _FIRST_ASK.findall(first)]
    slides = [[plain(what) for what, _ in asked] for asked in (_FIRST_ASK.findall(first), _ASK.findall(last))]
    round_id = record.round().id
    findings = json.loads(findings_json(record, round_id, roadmap))
    table = roadmap_csv(record, roadmap).decode("utf-8-sig")
    sheets = sheets_of(record, roadmap, record.round())
    sheet = sheets.get("Decisions")
    listed = (
        [dict(zip((column.title for column in sheet.columns), row, strict=True)) for row in sheet.rows]
        if sheet
        else []
    )
    years = {year.year: year.capex for year in roadmap.years}
    return Told(
        blocks, items, asks, slides, deck.decisions, listed, years, findings, list(csv.DictReader(io.StringIO(table))),
        roadmap.kind,
    )  # fmt: skip


# The reader.

_STOPS = re.compile(r"\b(stop|stopped|pause|cancel|drop|cut|end)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"EUR ([\d.,]+)(k|m|bn)?")
_UNITS = {"": 1.0, "k": 1e3, "m": 1e6, "bn": 1e9}


def amounts(text: str) -> list[float]:
    """Return the amounts of money in a text."""
    return [
        float(number.rstrip(".,").replace(",", "")) * _UNITS[unit] for number, unit in _AMOUNT.findall(text)
    ]


def faults(made: Client, seen: Told) -> Iterator[str]:
    """Yield whatever contradicts itself."""
    yield from stopped_and_held(made, seen)
    yield from costs(made, seen)
    yield from agreed(made, seen)
    yield from one_voice(seen)
    yield from one_sum(made, seen)
    yield from answered(made, seen)
    yield from obeyed(made, seen)


def alike(name: str, text: str) -> bool:
    """Whether a text speaks of what a name does: by all of the words but one of whichever has fewer."""
    words = [set(re.findall(r"\b[a-z]{10,}\b", one.casefold())) & INVENTED for one in (name, text)]
    return len(words[0] & words[1]) >= max(2, min(map(len, words)) - 1)


def stopped_and_held(made: Client, seen: Told) -> Iterator[str]:
    """Yield each initiative that one ask would stop and that runs, must be, settles, serves, is planned or is asked for."""
    by_id = {one["id"]: one for one in made.initiatives}
    planned = {row["initiative"] for row in seen.rows if row["place"] == "above the line"}
    needed, todo = set(planned), list(planned)
    while todo:
        need = by_id[todo.pop()].get("depends_on")
        if need and need not in needed:
            needed.add(need)
            todo.append(need)
    rejected = {d["subject"] for d in made.decisions if d["decision"] == "reject"}
    decided = {d["subject"]: d["decision"] for d in made.decisions}
    recommended = seen.findings["recommendations"]
    carriers = {one["id"]: one.get("initiative") for one in made.facts.get("recommendations", ())}
    for one in recommended:
        if not _STOPS.search(f"{one['action']} {one['decision']}"):
            continue
        about = {
            *(i for i in one["initiatives"] if i not in (one["id"], carriers.get(one["id"]))),
            *(i for i, work in by_id.items() if f"“{work['name']}”" in one["action"]),
        }
        others = [other["action"] for other in recommended if other is not one]
        for id in sorted(about):
            work = by_id[id]
            for holds, why in (
                (work.get("mandatory"), "is mandatory"),
                (work["status"] == "in progress", "is in progress"),
                (work.get("settles"), "settles a risk"),
                (work.get("goals"), "serves a goal"),
                (id in planned, "is in the plan"),
                (id in needed and id not in planned, "is needed by the plan"),
                (id in decided and id not in rejected, "is decided on"),
                (any(alike(work["name"], other) for other in others), "is asked for elsewhere"),
                (
                    any(alike(work["name"], by_id[i]["name"]) for i in planned - {id}),
                    "resembles what is in the plan",
                ),
                (any(alike(work["name"], goal["name"]) for goal in made.facts["goals"]), "resembles a goal"),
                (any(alike(work["name"], risk["name"]) for risk in made.facts["risks"]), "resembles a risk"),
            ):
                if holds:
                    yield f"stop: {one['id']} asks to stop {id}, which {why}"
    for text in [ask.what for ask in seen.decisions]:
        for id in sorted(needed):
            if f"“{by_id[id]['name']}”" in text and re.search(r"\bstop\b", text):
                yield f"stop: a decision asks to stop {id}, which the plan holds"
    open_work = [
        one
        for one in made.initiatives
        if one["status"] not in ("done", "stopped") and one["id"] not in rejected
    ]
    for one in recommended:
        _, starts, rest = one["action"].casefold().partition("start work on ")
        dropped = rest.partition(", or take ")[0]
        for work in open_work:
            if starts and alike(work["name"], dropped):
                yield f"stop: {one['id']} asks to start or drop what {work['id']} is by name"


def recommended(seen: Told) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Yield each recommendation of the findings with its row of the report."""
    rows = {item["action"]: item for item in seen.items}
    for one in seen.findings["recommendations"]:
        if row := rows.get(f"{one['action']}."):
            yield one, row


def costs(made: Client, seen: Told) -> Iterator[str]:
    """Yield each cost that is not the decision's own, or that the year cannot hold and that says no source."""
    by_id = {one["id"]: one for one in made.initiatives}
    planned = {
        row["initiative"]: float(row["capital"]) for row in seen.rows if row["place"] == "above the line"
    }
    added = {one["id"]: one for one in made.facts.get("recommendations", ())}
    left = _free(made, seen)
    for one, item in recommended(seen):
        extra = added.get(one["id"], {})
        own = [i for i in (extra.get("initiative"), one["id"]) if i in by_id]
        own_cost, in_plan = extra.get("cost"), bool(own) and all(i in planned for i in own)
        if in_plan:
            own_cost = sum(planned[i] for i in own)
        elif own_cost is None and own and all("capex" in by_id[i] for i in own):
            own_cost = sum(by_id[i]["capex"] * (1 + by_id[i].get("contingency", 0)) for i in own)
        text = item["Cost"]
        # What would be taken back has a cost of its own, and is not the decision's.
        told = "" if text.startswith("none") or "taken back" in text else text.partition(":")[0]
        said = amounts(told)
        if own_cost is None and said:
            yield f"cost: {one['id']} is said to cost {said[0]:,.0f}, and nothing of its own has a cost"
        if own_cost and not said:
            yield f"cost: {one['id']} costs {own_cost:,.0f}, and the page does not say so"
        if (
            own_cost
            and said
            and abs(said[0] - own_cost) > max(OVER * own_cost, 500 if own_cost >= 10_000 else 0.5)
        ):
            yield f"cost: {one['id']} costs {own_cost:,.0f}, and the page says {said[0]:,.0f}"
        # What leadership set aside asks for no money; of what the plan has no room for, it says why itself.
        if "is taken up again" in text or "not in the plan: " in text:
            continue
        if own_cost and not in_plan and seen.kind == "optimised":
            due = int((extra.get("due") or one["due"] or "2026")[:4])
            year = max(due, YEARS[0])
            free, reserve = left.get(year, (0.0, 0.0))
            left[year] = (free - own_cost, reserve)
            if own_cost > free + 1 and not re.search(
                r"reserve|have to wait|be raised|no budget is recorded", text
            ):
                yield f"cost: {one['id']} takes {own_cost:,.0f} of {free:,.0f} left in FY{year}, and says nothing of it"
            if own_cost > free + reserve + 1 and not re.search(
                r"have to wait|would wait by then|be raised|no budget is recorded", text
            ):
                yield f"cost: {one['id']} takes {own_cost:,.0f}, more than FY{year} and its reserve hold, and nothing gives way"


def _free(made: Client, seen: Told) -> dict[int, tuple[float, float]]:
    """Return what the plan leaves for capital in each year, and the reserve, from the files alone."""
    out = {}
    for budget in made.facts.get("budget", ()):
        year, amount = budget["year"], budget["amount"]
        reserve = amount * budget.get("reserve", 0.0)
        kinds = ("capital",) if "opex" in budget else ("capital", "running_cost")
        taken = sum(
            float(row.get(f"{kind}_{year}-Q{q}") or 0)
            for row in seen.rows
            for kind in kinds
            for q in (1, 2, 3, 4)
        )
        out[year] = (max(0.0, amount - reserve - taken), reserve)
    return out


def agreed(made: Client, seen: Told) -> Iterator[str]:
    """Yield each block that says who agreed to a cost without naming that cost."""
    who: dict[str, list[str]] = {}
    for one in made.facts["impact"]:
        if "agreed_by" in one:
            who.setdefault(one["agreed_by"], []).append(one["name"])
    for block in seen.blocks:
        for by, names in who.items():
            if re.search(rf"agreed by {re.escape(by)}", block, re.IGNORECASE) and not any(
                name in block for name in names
            ):
                yield f"agreed: “{block[:120]}” does not name what {by} agreed to"


def one_voice(seen: Told) -> Iterator[str]:
    """Yield where the report, the decisions of both documents and findings.json do not say the same."""
    actions = [f"{one['action']}." for one in seen.findings["recommendations"]]
    if sorted(actions) != sorted(item["action"] for item in seen.items):
        yield "voice: the report and findings.json list other recommendations"
    for one, item in recommended(seen):
        note = one["cost_note"]
        if note and note not in item["Cost"]:
            yield f"voice: {one['id']} costs “{item['Cost']}” on the report and “{note}” in findings.json"
    asked = [ask.what for ask in seen.decisions[:MOST]]
    for name, slide in zip(("first", "last"), seen.slides, strict=True):
        if len(slide) != len(asked) or not all(
            re.match(".*".join(map(re.escape, text.rstrip("….”").split("…"))), " ".join(ask.split()))
            for ask, text in zip(asked, slide, strict=True)
        ):
            yield f"voice: the {name} slide asks for {slide}, the list for {asked}"
    if [row["Id"] for row in seen.sheet] != [ask.id for ask in seen.decisions]:
        yield "voice: the workbook lists other decisions"
    if len({ask.id for ask in seen.decisions}) != len(seen.decisions):
        yield f"voice: two decisions share an id: {sorted(ask.id for ask in seen.decisions)}"
    for ask in seen.decisions:
        own = ask.kind in ("release", "approve", "choose") or ask.id == "unblock.fixed-work"
        accepts = ask.kind == "risk" and ask.what.startswith("Accept “")
        waits = ask.id.startswith("cost.") and ask.what.startswith("Make room for the work that ends ")
        if (
            not own
            and not accepts
            and not waits
            and not any(action.startswith(ask.what) for action in actions)
        ):
            yield f"voice: “{ask.what[:80]}” is asked for and not recommended"


def one_sum(made: Client, seen: Told) -> Iterator[str]:
    """Yield where the decisions' amounts, with what is decided already, are not the plan's, or not those of the workbook."""
    by_id, decided = {ask.id: ask for ask in seen.decisions}, settled(made)
    for year, whole in seen.years.items():
        own = sum(by_id[id].money.years.get(year, 0.0) for id in (RELEASE, APPROVE) if id in by_id)
        own += sum(
            float(row.get(f"capital_{year}-Q{q}") or 0)
            for row in seen.rows
            if row["initiative"] in decided
            for q in (1, 2, 3, 4)
        )
        if seen.kind == "optimised" and abs(own - whole) > 1:
            yield f"sum: {own:,.0f} is asked for in FY{year}, where the plan takes {whole:,.0f}"
    for ask, row in zip(seen.decisions, seen.sheet, strict=False):
        figures = {value for value in row.values() if isinstance(value, float)}
        for amount in (
            *ask.money.years.values(),
            ask.money.before,
            ask.money.later,
            ask.money.running,
            ask.money.saves,
        ):
            if amount and amount not in figures:
                yield f"sum: {ask.id} asks for {amount:,.0f}, which its row of the workbook does not hold"
        if ask.money.part_of and ask.money.part_of not in by_id:
            yield f"sum: {ask.id} is said to be part of {ask.money.part_of}, which is not asked for"
        if missing := set(ask.needs) - by_id.keys():
            yield f"sum: {ask.id} rests on {sorted(missing)}, which is not asked for"


def answered(made: Client, seen: Told) -> Iterator[str]:
    """Yield each decision that another one or the plan already answers."""
    planned = {row["initiative"] for row in seen.rows if row["place"] == "above the line"}
    for ask in seen.decisions:
        group = ask.id.removeprefix("choose.")
        members = {one["id"] for one in made.initiatives if one.get("alternative_group") == group}
        if ask.kind == "choose" and len(members & planned) != 1:
            yield f"answered: {ask.id} offers a choice of which the plan takes {sorted(members & planned)}"
        if ask.kind == "risk" and ask.what.startswith("Accept “"):
            risk = ask.id.removeprefix("risk.")
            if any(one["subject"] == risk and one["decision"] == "accept risk" for one in made.decisions):
                yield f"answered: {ask.id} asks for what leadership has accepted"
    subjects = Counter(ask.id for ask in seen.decisions if ask.kind == "risk")
    if twice := [id for id, n in subjects.items() if n > 1]:
        yield f"answered: {twice} asked for twice"


def obeyed(made: Client, seen: Told) -> Iterator[str]:
    """Yield each answer of leadership that the plan contradicts, does not credit, or that is asked for again."""
    by_id, rows = {one["id"]: one for one in made.initiatives}, {row["initiative"]: row for row in seen.rows}
    for i, d in last_said(made).items():
        row = rows.get(i)
        planned = row is not None and row["place"] == "above the line"
        if not d.get("ask") or row is None or seen.kind != "optimised":
            continue
        if d["decision"] == "reject" and planned:
            yield f"obeyed: {i} is planned, and leadership rejected it"
        if d["decision"] == "defer" and planned and row["start"] < d["quarter"]:
            yield f"obeyed: {i} begins in {row['start']}, and leadership deferred it until {d['quarter']}"
        late, told = d["decision"] == "defer" and d["quarter"] > "2027-Q1", row["because"]
        placed = row["place"] in ("above the line", "below the line")
        if late and placed and "deferred by leadership on 5 October 2026" not in told:
            yield f"obeyed: {i} is {row['place']}, and that leadership deferred it is not said: {told}"
        if d["decision"] == "approve" and not planned and "not known" not in row["because"]:
            yield f"obeyed: {i} was approved, is {row['place']}, and why is not said: {row['because']}"
    held = {work for ask in seen.decisions if ask.id in (RELEASE, APPROVE) for work in ask.work}
    if again := sorted(held & settled(made)):
        yield f"obeyed: {again} asked for again"
    ids = {ask.id for ask in seen.decisions if ask.kind != "unblock"}
    for d in made.decisions:
        if d.get("ask") and d["subject"] not in by_id and d["ask"] in ids:
            yield f"obeyed: {d['ask']} is asked for again"


# All of it.


def tried(seed: int) -> tuple[list[str], Counter[str]]:
    """Draw one client, tell it, and return what a reader finds, with what the client held."""
    draw = random.Random(seed)
    made = client(draw)
    with tempfile.TemporaryDirectory() as folder:
        clients = Path(folder)
        if draw.random() < 0.5:
            made.responses.extend(_answers(draw))
        else:
            made.facts["rounds"][1] = {"id": "r-now", "as_of": "2026-09-30"}
        write(clients / SLUG, made)
        ids = [one.id for one in assess(load(clients, SLUG)).recommendations]
        made.facts["recommendations"] = completed(draw, made, ids)
        write(clients / SLUG, made)
        with undrawn():
            seen = told(clients)
    held = Counter({
        "clients": 1,
        f"plans that are {seen.kind}": 1,
        "asks to stop work": sum(" stop " in one["action"] for one in seen.findings["recommendations"]),
        "answers of leadership": sum(bool(d.get("ask")) for d in made.decisions),
        "links offered": sum("ink “" in one["action"] for one in seen.findings["recommendations"]),
        "costs with a source": sum("of capital: " in item.get("Cost", "") for item in seen.items),
        "blocks that say who agreed": sum("agreed by" in block for block in seen.blocks),
    })  # fmt: skip
    return [f"{seed}: {fault}" for fault in dict.fromkeys(faults(made, seen))], held


def _answers(draw: random.Random) -> list[dict[str, Any]]:
    """Draw the positions of both sides on every question of the questionnaire, leaning to one side each."""
    questions = [one.id for one in shipped_questionnaires()["executive"].questions]
    return [
        {
            "round": "r-now",
            "respondent": group,
            "group": group,
            "question": question,
            "score": min(5, max(1, round(draw.gauss(mean, 0.9)))),
        }
        for group, mean in (("business", draw.uniform(1.5, 4.5)), ("it", draw.uniform(1.5, 4.5)))
        for question in questions
    ]


def main(clients: int = 2000, first: int = 1, workers: int = 2) -> int:
    """Try so many clients; print what was held and what was found; return the exit code."""
    began, held, found = time.monotonic(), Counter[str](), []
    with ProcessPoolExecutor(workers) as pool:
        for problems, counts in pool.map(tried, range(first, first + clients), chunksize=5):
            held += counts
            found += problems
    for what, n in sorted(held.items()):
        print(f"{n:7,}  {what}")
    kinds = Counter(
        re.sub(r"\d[\d,.]*|“.*?”|\b(?:rec|own)-\S+|\bi\b", "…", one.partition(": ")[2]) for one in found
    )
    for kind, n in kinds.most_common(40):
        print(f"{n:7,}  FAULT  {kind}")
    for one in found[:20]:
        print(" ", one)
    wrong = len({one.partition(":")[0] for one in found})
    print(
        f"{len(found):,} faults in {wrong:,} of {clients:,} clients; {time.monotonic() - began:.0f} seconds"
    )
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(*(int(one) for one in sys.argv[1:3])))
