"""The client book: all of a consultant's clients side by side; for the consultant, never for a client.

What it says of a client is what the client's record and its documents say, as of the client's latest round; who serves the
client stands in the consultancy's own file. Nothing of the book goes into any client's folder but that client's own line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import quote

from markupsafe import Markup

from toolkit.client.asks import PublishedAsk, published_asks
from toolkit.client.calendar import two_quarters_on
from toolkit.client.closed import EngagementClosed
from toolkit.client.consultancy import Consultancy, Engagement, consultancy_of
from toolkit.client.faults import listed
from toolkit.client.record import Record
from toolkit.client.schema import Round
from toolkit.client.store import client_folder, client_name, clients_folder, load, slugs
from toolkit.errors import DeliverableError, Fault, InputError
from toolkit.files import ignored, names_in, place, read, write
from toolkit.html.policy import security_policy
from toolkit.html.templates import inline, part, rendered
from toolkit.method import COMPARED
from toolkit.publish.benchmark_file import benchmark_lines
from toolkit.publish.documents import DOCUMENTS, FINDINGS, KEPT_PLAN
from toolkit.publish.manifest import NAME as MANIFEST
from toolkit.publish.manifest import read_manifest, stands
from toolkit.publish.result_cache import cached_result
from toolkit.publish.verify import verify
from toolkit.words import day, fixed, money

NAME = "client_book.html"
_STAGES = ("Taking in", "Asking", "First plan", "Following through", "Closed", "")
_MOST = 100  # clients in each order but the first, so that a thousand of them still make a page
_LAST = "\U0010ffff"  # sorts behind every text


@dataclass(frozen=True)
class BookLine:
    """One client's line, in values that can be kept as JSON.

    Attributes
    ----------
    state : str
        ``failed``, ``not made``, ``draft`` or ``ready``: how the documents stand.
    stage : str
        How far the engagement is; empty where the record has faults.
    as_of : str
        The date of the latest round, which counts as today for all that follows.
    review, meeting : str
        The days of the next quarterly review, and of leadership's next meeting of any kind.
    missing, overdue, pending : tuple of str
        Inputs that pages lack, actions past their day, decisions asked for and not answered.
    dates : tuple of (str, str)
        Each day of a risk, renewal or end of life in the next two quarters, with what it is.
    money : float or None
        What the plan spends in all, capital and running, in ``currency``; None where there is no plan.
    gap : str
        The widest perception gap, as words; empty when there is none to show. ``points`` is its size.
    weak : tuple of str
        Names of the weak areas.
    links : tuple of (str, str)
        Title and relative address of each document that stands, also of an earlier run; ``made`` is their round.
    message : str
        Why it failed.
    """

    slug: str
    name: str
    state: str
    stage: str = ""
    round: str = ""
    as_of: str = ""
    review: str = ""
    meeting: str = ""
    missing: tuple[str, ...] = ()
    overdue: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    money: float | None = None
    currency: str = ""
    gap: str = ""
    points: float = 0.0
    weak: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    made: str = ""
    message: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class BookOrder:
    """One order of the clients: its column's heading, what it goes by in words, and what sorts."""

    key: str
    heading: str
    by: str
    value: Callable[[BookLine, Engagement], Any]


# By the columns, from left to right; what is not known comes last, and what is equal by the client's name.
ORDERS = tuple(BookOrder(*one) for one in (
    ("client", "Client", "by name", lambda line, who: ()),
    ("consultant", "Consultant", "by consultant and second reader", lambda line, who: (who.consultant or _LAST, who.reviewer or _LAST)),
    ("stage", "Stage", "by stage", lambda line, who: _STAGES.index(line.stage)),
    ("review", "Next review", "by next review, the soonest first", lambda line, who: (line.review or _LAST, line.meeting or _LAST)),
    ("decisions", "Decisions pending", "by decisions pending, the most first", lambda line, who: -len(line.pending)),
    ("actions", "Actions overdue", "by actions overdue, the most first", lambda line, who: -len(line.overdue)),
    ("inputs", "Inputs missing", "by inputs missing, the most first", lambda line, who: -len(line.missing)),
    ("dates", "Dates of two quarters", "by next date, the soonest first", lambda line, who: line.dates[0][0] if line.dates else _LAST),
    ("money", "Money under plan", "by money under plan, each currency by itself, the most first", lambda line, who: (line.money is None, line.currency, -(line.money or 0))),
    ("gap", "Widest gap", "by widest gap, the widest first", lambda line, who: -line.points),
))  # fmt: skip
_FIGURES = ("decisions", "actions", "inputs", "money")


@dataclass(frozen=True)
class BookPart:
    """A part of the book, for a notebook cell to display."""

    html: Markup

    def _repr_html_(self) -> str:
        # The class is named twice to outweigh JupyterLab's own rules for tables, which put all text to the right.
        style = _style().replace(".book", ".book.book")
        return f'<style>{style}</style><div class="book">{self.html}</div>'


@dataclass(frozen=True)
class ClientBook:
    """All clients with their lines, and who serves them.

    Attributes
    ----------
    benchmark : tuple
        Each own benchmark that is shown: what it is of, and area by area where its clients stand.
    faults : tuple of str
        Why the consultancy's own files cannot be read.
    """

    lines: tuple[BookLine, ...]
    consultancy: Consultancy = field(default_factory=Consultancy)
    benchmark: tuple[tuple[str, list[tuple[str, list[str]]]], ...] = ()
    faults: tuple[str, ...] = ()

    orders: ClassVar = tuple(order.key for order in ORDERS)

    @classmethod
    def open(cls, clients_dir: str = "") -> Self:
        """Return the book of a folder of clients, as they stand; empty means ``ALIGN_CLIENTS``, else ``client_data``."""
        return cls.of(clients_folder(clients_dir or None), {})

    @classmethod
    def of(cls, clients: Path, run: Mapping[str, tuple[str, str]]) -> Self:
        """Return the book; ``run`` holds, of each client of the batch just run, its state and why it failed."""
        lines = tuple(
            book_line(clients, slug, *run.get(slug, ("", ""))) for slug in sorted({*slugs(clients), *run})
        )
        consultancy, benchmark, faults = Consultancy(), list[Any](), list[str]()
        try:
            consultancy = consultancy_of(clients)
        except InputError as error:
            faults.append(str(error))
        try:
            benchmark = benchmark_lines(clients)
        except InputError as error:
            faults.append(str(error))
        told = tuple(
            replace(line, state="draft")
            if line.state == "ready" and consultancy.wants_reader(line.slug, line.made)
            else line
            for line in lines
        )
        return cls(told, consultancy, tuple(benchmark), tuple(faults))

    def table(self, order: str = "client") -> BookPart:
        """Return the clients as one table, in one of the orders.

        Raises
        ------
        InputError
            When there is no such order.
        """
        if order not in self.orders:
            allowed = f"one of: {listed(self.orders)}"
            raise InputError([Fault("order", order, allowed, "Write one of these.")])
        chosen = [one for one in ORDERS if one.key == order]
        return BookPart(self._part("table", orders=self._ordered(chosen, linked=False), linked=False))

    def details(self) -> BookPart:
        """Return what waits, client by client."""
        return BookPart(self._part("details"))

    def own_benchmark(self) -> BookPart:
        """Return where the clients that agreed stand, area by area."""
        return BookPart(self._part("benchmark"))

    def page(self) -> bytes:
        """Return the book as one HTML file, with one table for each order."""
        orders = self._ordered([*ORDERS[1:], ORDERS[0]])  # the last is shown where none is chosen
        parts = {
            name: self._part(name, orders=orders, linked=True) for name in ("table", "details", "benchmark")
        }
        return rendered(
            "client_book", "page.html.j2", **parts, book=self, style=_style(), policy=security_policy()
        ).encode()

    def _part(self, name: str, **values: Any) -> Markup:
        shown = {"book": self, "headings": ORDERS, "figures": _FIGURES, "day": _day}
        return Markup(rendered("client_book", f"{name}.html.j2", **shown, **values))

    def _ordered(self, orders: list[BookOrder], linked: bool = True) -> list[tuple[BookOrder, list[Markup]]]:
        """Return each order with its rows, which are made once; the first with all of them, the others with so many as are looked at."""
        rows = {
            line.slug: self._part("row", line=line, who=self.consultancy.of(line.slug), amount=_amount(line), linked=linked)
            for line in self.lines
        }  # fmt: skip

        def sorted_by(order: BookOrder) -> list[BookLine]:
            return sorted(
                self.lines,
                key=lambda line: (
                    order.value(line, self.consultancy.of(line.slug)),
                    line.name.casefold(),
                    line.slug,
                ),
            )

        most = {order.key: None if order == ORDERS[0] else _MOST for order in orders}
        return [
            (order, [rows[line.slug] for line in sorted_by(order)][: most[order.key]]) for order in orders
        ]


def write_client_book(clients: Path, run: Mapping[str, tuple[str, str]]) -> Path:
    """Write the page of all clients into their folder, and return its path.

    Parameters
    ----------
    run : mapping
        For each client of the batch just run, its state and why it failed. The others stand as
        they were left.

    Raises
    ------
    DeliverableError
        When the page does not pass its checks, or cannot be written.
    """
    page = ClientBook.of(clients, run).page()
    path = clients / NAME
    try:
        if path.is_file() and read(clients, NAME) == page:
            return path
        verify(NAME, page, relative_links=True)
        clients.mkdir(parents=True, exist_ok=True)
        write(clients, NAME, page)
    except OSError as error:
        raise DeliverableError(
            f"{path} could not be written ({error.strerror}).\n  do:      See that you may write there."
        ) from error
    return path


def book_line(
    clients: Path, slug: str, state: str = "", message: str = "", record: Record | None = None
) -> BookLine:
    """Return a client's line, from what stands on disk; ``state`` and ``message`` say how the last run went.

    ``record`` is the client's, where it has just been read.
    """
    try:
        home = client_folder(clients, slug)
        found = cached_result(home) if state != "failed" else None
        if found and found.line.keys() == {each.name for each in fields(BookLine)}:
            return BookLine(**{name: _tuples(value) for name, value in found.line.items()})
        folder = place(home, "deliverables")
        published = _latest(folder)
        here = place(folder, published) if published else folder
    except InputError:
        return BookLine(slug, slug, "failed", message=message)
    line = _made(here, slug, published)
    try:
        record = record or load(clients, slug)
    except EngagementClosed:
        return replace(line, name=client_name(clients, slug) or line.name, stage="Closed")
    except InputError as error:
        name = client_name(clients, slug) or line.name
        return replace(line, name=name, state="failed", message=message or str(error))
    if record.rounds:
        line = _recorded(home, record, line)
    return replace(line, name=record.facts.profile.name, state=state if state == "failed" else line.state,
                   message=message, synthetic=record.facts.synthetic)  # fmt: skip


def _made(here: Path, slug: str, round_id: str) -> BookLine:
    """Return what the documents of a round say that stand in a folder."""
    # Heavy to load, and not needed of clients that stand unchanged.
    from toolkit.assess.movements import verdict_of

    manifest = read_manifest(here) if round_id else {}
    findings = _json(here, FINDINGS) if stands(here, manifest, "assessment") else {}
    plan = _json(here, KEPT_PLAN) if stands(here, manifest, "roadmap") else {}
    links = tuple(
        (name.capitalize().replace("-", ", "), quote(f"{slug}/deliverables/{round_id}/{document.html}"))
        for name, document in DOCUMENTS.items()
        if manifest and stands(here, manifest, name)
    )
    made_from = [entry.get("made_from", {}) for entry in manifest.get("documents", {}).values()]
    draft = any(one.get("open_rounds") or one.get("unread") for one in made_from)
    areas = findings.get("areas", [])
    gap, points = _widest_gap(areas)
    spent = [year["capex"] + year["opex"] for year in plan.get("years", ())]
    return BookLine(
        slug, findings.get("client") or slug, "not made" if not links else "draft" if draft else "ready",
        made=round_id, as_of=findings.get("as_of", ""), gap=gap, points=points, links=links,
        weak=tuple(area["dimension"]["name"] for area in areas if verdict_of(area) == "weak"),
        money=sum(spent) if plan.get("kind") == "optimised" else None,
    )  # fmt: skip


def _recorded(home: Path, record: Record, line: BookLine) -> BookLine:
    """Return a line with what the record says, as of its latest round."""
    from toolkit.assess.commitments import promises
    from toolkit.client.known import known_on
    from toolkit.intake.completeness import View, missing
    from toolkit.intake.document import document_of

    latest = record.round()
    record, as_of = known_on(record, latest.as_of), latest.as_of
    answered = {one.ask for one in record.decisions if one.round == line.made}
    until = two_quarters_on(as_of, record.facts.profile.fiscal)
    dates = [
        (when, f"{risk.short or risk.name}{': last day to act' if when == risk.notice else ''}")
        for risk in record.facts.risks
        for when in dict.fromkeys((risk.notice, risk.due))
        if when and as_of < when <= until
    ]
    dates += [(when, what) for when, what in _renewals(record) if as_of < when <= until]
    reviews = [
        one.date
        for one in record.facts.meetings
        if one.kind == "review" and one.is_leadership and one.date >= as_of
    ]
    return replace(
        line, stage=_stage(record, latest), round=latest.id, as_of=str(as_of), currency=record.facts.profile.currency,
        review=str(min(reviews, default="")), meeting=str(record.meeting(latest) or ""),
        missing=tuple(one.what for one in missing(View(document_of(record), record))),
        overdue=tuple(one.action for one in promises(record, latest, own=True) if one.state == "overdue" and not one.over),
        pending=tuple(ask.what for ask in _asks(home, line.made) if ask.id not in answered),
        dates=tuple((str(when), what) for when, what in sorted(dates)),
    )  # fmt: skip


def _tuples(value: Any) -> Any:
    """Return a value of a line as it was before it was kept as JSON."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _renewals(record: Record) -> Iterator[tuple[date, str]]:
    """Yield the last days of notice, the renewals and the ends of life, each with what it is of."""
    for service in record.services:
        if service.notice_by and service.notice_by != service.renewal:
            yield service.notice_by, f"{service.name}: last day to act"
        if service.renewal:
            yield service.renewal, f"{service.name}: renews"
    for asset in record.assets:
        if asset.ends:
            yield asset.ends, f"{asset.name}: end of life"


def _asks(home: Path, round_id: str) -> tuple[PublishedAsk, ...]:
    try:
        return published_asks(home, round_id) if round_id else ()
    except InputError:
        return ()


def _stage(record: Record, latest: Round) -> str:
    """Return how far an engagement is: taken in, asked, planned for the first time, or followed through since."""
    if (
        latest.questionnaire
        and not latest.closed
        and any(one.answers_by == "survey" for one in latest.groups)
    ):
        return "Asking"
    if record.before(latest):
        return "Following through"
    return "First plan" if record.initiatives else "Taking in"


def _amount(line: BookLine) -> str:
    return "" if line.money is None else money(line.money, line.currency)


def _day(text: str) -> Markup:
    """Return a day in a line as it stands in a narrow column: 30 Sep 2026."""
    if not text:
        return Markup("")
    number, month, year = day(date.fromisoformat(text)).split()
    return Markup('<span class="day">{} {} {}</span>').format(number, month[:3], year)


def _style() -> Markup:
    return inline("style", part("client_book", "book.css"))


def _latest(folder: Path) -> str:
    """Return the round whose deliverables speak of the latest date; empty when there are none."""
    rounds = [
        each
        for each in names_in(folder)
        if not ignored(each) and place(folder, f"{each}/{MANIFEST}").exists()
    ]
    return max(
        rounds,
        key=lambda each: (str(_json(folder, f"{each}/{FINDINGS}").get("as_of", "")), each),
        default="",
    )


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        found = json.loads(read(folder, name))
    except (OSError, ValueError, InputError):
        return {}
    return found if isinstance(found, dict) else {}


def _widest_gap(areas: list[dict[str, Any]]) -> tuple[str, float]:
    """Return the widest perception gap that was measured, as words and in points: where, how much, which side is higher, how sure."""
    gaps = [
        (area["gap"], area["dimension"]["name"])
        for area in areas
        if area.get("gap")
        and all(
            area["scores"][group].get("computed") is None for group in COMPARED if group in area["scores"]
        )
    ]
    if not gaps:
        return "", 0.0
    gap, name = max(gaps, key=lambda one: abs(one[0]["value"]))
    value = gap["value"]
    side = "business higher" if value > 0 else "IT higher" if value < 0 else "equal"
    word = gap.get("word") or "not tested"
    return f"{name}: {fixed(abs(value), 1)} points, {side} ({word})", abs(value)
