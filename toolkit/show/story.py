"""What every story shares: one client's record, assessed and planned once, told page by page."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

from markupsafe import Markup
from pydantic import TypeAdapter, ValidationError

from toolkit.assess import Assessment, assess
from toolkit.assess.assessment import GoalTrace
from toolkit.assess.benchmark import Benchmark
from toolkit.client.calendar import fiscal_note
from toolkit.client.edition import BOARD, DRAFT, LEADERSHIP, Edition, edition_of
from toolkit.client.faults import listed
from toolkit.client.known import decided_by, round_on, seen_on
from toolkit.client.parts import EARLIER_FINDINGS, EARLIER_PLAN, OWN_BENCHMARK
from toolkit.client.record import Record
from toolkit.client.store import client_folder, clients_folder, load
from toolkit.errors import Fault, InputError
from toolkit.files import read
from toolkit.html.markup import missing, paragraph, text_of
from toolkit.plan import PLAN_FILE, Roadmap, from_json, plan_roadmap
from toolkit.plan.advice import funded
from toolkit.plan.decisions import MOST, Ask, decisions_asked
from toolkit.plan.outlook import Outlook, outlooks
from toolkit.plan.renewals import Renewal, renewals
from toolkit.plan.risk_answers import Answer, answer_to
from toolkit.plan.scenario import proposed
from toolkit.show.page import Exhibit, Page, numbered
from toolkit.words import day, excerpt

# Where publish leaves what a draft says of the drafts before it, in the private copy that notebooks see.
DRAFT_NOTE = "draft/note.txt"
# Where it says that no second reader is named of what is made.
UNREAD = "draft/unread.txt"

# A picture's data, in which letters may stand as in a word.
_EMBEDDED = re.compile('src="data:[^"]*"')


@dataclass(frozen=True)
class Story(ABC):
    """A document about one client in one round.

    Every page is made when the story is first told, so that exhibits are numbered through the
    document; each method then returns one page, for one notebook cell to display.

    ``earlier_findings`` and ``earlier_plan`` are what was published in the round to compare with; None where
    that does not stand any more. ``edition`` says for whom it is told, ``unread`` that it is a draft because no second reader
    has read it, ``benchmark`` is what the consultancy's other clients are shown beside; None where it shows none.
    """

    record: Record
    assessment: Assessment
    roadmap: Roadmap
    draft_note: str = ""
    earlier_findings: bytes | None = None
    earlier_plan: Roadmap | None = None
    unread: bool = False
    benchmark: Benchmark | None = None
    edition: Edition = LEADERSHIP

    kind = ""
    # The keys of all pages there may be, in order.
    keys: ClassVar[tuple[str, ...]] = ()
    # Where publish leaves the plan that it is compared with.
    plan_of_then: ClassVar[str] = EARLIER_PLAN
    # What plans the roadmap where none has been solved for these files yet.
    planner = staticmethod(plan_roadmap)

    @classmethod
    def open(
        cls, client: str, clients_dir: str = "", round: str = "", edition: str = LEADERSHIP, on: str = ""
    ) -> Self:
        """Read, assess and plan one client; a plan already solved for these very files is taken as it is.

        Parameters
        ----------
        client : str
            The client's folder name.
        clients_dir : str
            The folder of all clients; empty means ``ALIGN_CLIENTS``, else ``client_data``.
        round : str
            The round's id; empty means the latest.
        edition : str
            ``leadership``; ``draft``, which is marked as such; or ``board``, which is shorter.
        on : str
            A later day to tell it on, as 2026-11-15, in the round that it belongs to; empty means the round's own.

        Raises
        ------
        InputError
            When the record has faults, all of them at once; when there is no such edition; when no round belongs to the day.
        """
        clients = clients_folder(clients_dir or None)
        record = decided_by(load(clients, client), on)
        round = round_on(record, on).id if on else round
        folder = client_folder(clients, client)
        solved, note, findings, plan, unread, benchmark = (
            _private(folder, name)
            for name in (PLAN_FILE, DRAFT_NOTE, EARLIER_FINDINGS, cls.plan_of_then, UNREAD, OWN_BENCHMARK)
        )
        return cls.of(
            record, from_json(solved.decode()) if solved else cls.planner(record, round), round, on,
            draft_note=(note or b"").decode(), earlier_findings=findings, earlier_plan=_plan_of_then(plan),
            unread=unread is not None, benchmark=TypeAdapter(Benchmark).validate_json(benchmark) if benchmark else None,
            edition=edition_of(edition),
        )  # fmt: skip

    @classmethod
    def of(cls, record: Record, roadmap: Roadmap, round: str = "", on: str = "", **known: Any) -> Self:
        """Assess a record as of a round (empty: the latest), and tell it with the roadmap planned for it.

        ``on`` is a later day to tell it on. ``known`` is what else a story holds, by its name: the note of a draft, what was published before.
        """
        record = seen_on(record, record.round(round), on)
        assessment = assess(record, round)
        under = proposed(record, record.round(assessment.round))
        return cls(record, funded(under, assessment, roadmap), roadmap, **known)

    @property
    def document_title(self) -> str:
        """The document's title: what it is, for whom, as of when."""
        return f"{self.called}: {self.assessment.client}, {day(self.assessment.as_of)}"

    @property
    def called(self) -> str:
        """What the document is called: its kind, and whether it is the board's."""
        return f"{self.kind}{self.for_whom}"

    @property
    def for_whom(self) -> str:
        """What stands behind a document's name where it is the board's edition; "" otherwise."""
        return ", board edition" if self.edition == BOARD else ""

    @cached_property
    def asks(self) -> tuple[Ask, ...]:
        """The decisions that leadership is asked for now."""
        return self.decisions[:MOST]

    @cached_property
    def decisions(self) -> tuple[Ask, ...]:
        """All decisions there are to take, the most pressing first."""
        return decisions_asked(self.record, self.assessment, self.roadmap)

    @cached_property
    def planned(self) -> Record:
        """The record as the plan rests on it: with the points, money and people of a scenario that it follows."""
        return proposed(self.record, self.record.round(self.assessment.round))

    @cached_property
    def goals_weighed(self) -> tuple[GoalTrace, ...]:
        """The goals with their work, and the points that the plan rests on."""
        points = {goal.id: goal.weight for goal in self.planned.facts.goals}
        return tuple(replace(goal, weight=points[goal.goal]) for goal in self.assessment.goals)

    @property
    def points_note(self) -> str:
        """Whose points these are, as a sentence, where they are not those of the record."""
        if [goal.weight for goal in self.goals_weighed] == [goal.weight for goal in self.assessment.goals]:
            return ""
        name = self.record.followed.name if self.record.followed else ""
        return f"The points are those of the scenario “{name}”, which the plan follows."

    @property
    def compared_with(self) -> str:
        """The round whose published plan this one's is compared with; empty in a first round."""
        return self.assessment.previous_round

    @property
    def meeting(self) -> date | None:
        """The day on which leadership meets about the round; None where it is not known."""
        return self.record.meeting(self.record.round(self.assessment.round))

    @property
    def currency(self) -> str:
        """The client's currency, ISO 4217."""
        return self.record.facts.profile.currency

    def names(self, initiatives: tuple[str, ...] | list[str]) -> list[str]:
        """Return the names of initiatives, in the order given."""
        by_id = {one.id: one.name for one in self.record.initiatives}
        return [by_id[one] for one in initiatives]

    def short_names(self, initiatives: Sequence[str]) -> list[str]:
        """Return the short names of initiatives, or their names where they have none, in the order given."""
        by_id = {one.id: one.short or one.name for one in self.record.initiatives}
        return [by_id[one] for one in initiatives]

    @cached_property
    def renewals(self) -> tuple[Renewal, ...]:
        """When services renew and assets end, and what answers each, the first to act on at the head."""
        return renewals(self.record, self.assessment.as_of, self.roadmap)

    def answer_to(self, risk: str) -> Answer:
        """Return what answers a risk."""
        return answer_to(self.record, self.assessment.as_of, self.roadmap, risk)

    def proxy_note(self, most: int = 20_000) -> Markup:
        """Say that the answers are a proxy, and of what; nothing where they are not."""
        proxy = self.assessment.proxy
        return (
            paragraph(Markup("<strong>Proxy.</strong> "), text_of(excerpt(proxy, most)), css="proxy")
            if proxy
            else Markup("")
        )

    @abstractmethod
    def _told(self) -> tuple[Page, ...]:
        """Return the document's pages, in order."""

    def page(self, key: str) -> Page | None:
        """Return one page, for a notebook cell to display; None where the record holds nothing for it.

        Raises
        ------
        InputError
            When the document has no such page at all.
        """
        if key not in self.keys:
            raise InputError(
                [Fault("page", key, f"a page of this document: {listed(self.keys)}", "Write one of these.")]
            )
        return self.pages.get(key)

    @cached_property
    def outlooks(self) -> tuple[Outlook, ...]:
        """Where each goal's measure stands, and where pace and plan bring it."""
        return outlooks(self.planned, self.roadmap, self.assessment.as_of)

    @property
    def is_draft(self) -> bool:
        """Whether it is asked for as a draft, a surveyed group may still answer, an earlier draft is not to be shown beside
        this one, or no second reader has read it.
        """
        asked = self.edition == DRAFT or self.unread
        return asked or self.assessment.open_for_answers or bool(self.draft_note)

    @property
    def draft_warning(self) -> Markup:
        """That this draft and an earlier one must not both be shown; nothing where they may."""
        return missing("Not beside an earlier draft.", self.draft_note) if self.draft_note else Markup("")

    @cached_property
    def pages(self) -> dict[str, Page]:
        """Every page of the document by key, in order, exhibits numbered."""
        return {page.key: page for page in numbered(self._told())}

    def single(self, key: str, kicker: str, title: str, *body: Markup | Exhibit, document: str) -> Page:
        """Return a page that stands alone, under a document title of its own."""
        return replace(self._page(key, kicker, title, *body, level=1), document_title=document)

    def _slide(
        self, key: str, title: str, *body: Markup | Exhibit, level: int = 2, css: str = "", what: str = ""
    ) -> Page:
        """Return a slide of a document that is called so in its foot (empty: as it is of its kind)."""
        a = self.assessment
        as_of = day(a.as_of).replace(" ", "\u00a0")
        footer = f"{excerpt(a.client, 70)} · {what or self.kind}{self.for_whom} · {'Draft, as of' if self.is_draft else 'as of'} {as_of}"
        return replace(self._page(key, "", title, *body, slide=True, level=level, footer=footer), css=css)

    def _page(
        self,
        key: str,
        kicker: str,
        title: str,
        *body: Markup | Exhibit,
        slide: bool = False,
        level: int = 2,
        footer: str = "",
    ) -> Page:
        parts = tuple(part for part in body if isinstance(part, Exhibit) or part)
        words = " ".join(
            [title, *(part.text if isinstance(part, Exhibit) else _EMBEDDED.sub("", part) for part in parts)]
        )
        note = fiscal_note(words, self.record.facts.profile.fiscal)
        foot = " · ".join(filter(None, (footer, note)))
        return Page(
            key, title, parts, self.document_title, self.assessment.synthetic, kicker, slide, level, foot,
            draft=self.is_draft,
        )  # fmt: skip


def _private(folder: Path, name: str) -> bytes | None:
    """Return what publish has left for the story; None where there is nothing."""
    try:
        return read(folder, name)
    except FileNotFoundError:
        return None


def _plan_of_then(data: bytes | None) -> Roadmap | None:
    """Return an earlier plan; one that an older version wrote in another shape counts as none."""
    try:
        return from_json(data.decode()) if data else None
    except ValidationError:
        return None
