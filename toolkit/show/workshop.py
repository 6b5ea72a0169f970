"""The prioritisation workshop: points, pins, money and people in; the ranked list, its line and the plan out."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup
from pydantic import ValidationError

from toolkit.client.faults import faults_of, unknown_reference
from toolkit.client.models import Scenario, scenario_file
from toolkit.client.record import Record
from toolkit.client.store import clients_folder, read_files, read_record, save_scenario
from toolkit.errors import AlignError, Fault, InputError
from toolkit.html.markup import lines, text_of
from toolkit.intake.delay import after_pending_changes, later_on
from toolkit.intake.form.decision_panel import DecisionPanel
from toolkit.plan import Roadmap
from toolkit.plan.background import Heard, Search, Searches
from toolkit.plan.problem import first_quarter
from toolkit.plan.scenario import applied
from toolkit.show import workshop_text as text
from toolkit.show.page import notebook_style
from toolkit.show.roadmap import plan as plan_slide
from toolkit.show.workshop_fields import WIDE, Money, People, Points, styled
from toolkit.show.workshop_pins import Pins
from toolkit.words import day

# Two keystrokes or clicks so close together, in seconds, are one change.
SETTLES = 0.15
_DECISIONS = "Choose an answer to see what it does to the plan. It stands in the record once you record it, and at once."
# Both columns scroll by themselves, so that the status stays in view; what they hold keeps its height.
_LOOK = """.workshop { max-height: 58vh; overflow: auto; padding: 0 .8rem; }
.workshop .widget-vbox, .workshop .widget-hbox, .workshop .widget-html { flex: 0 0 auto; }
.alignment h3 { margin: 1rem 0 0; }
.alignment .line { border-bottom: 3px solid #a83a28; color: #a83a28; font-weight: 600; margin: 0 0 .6rem; }"""


class Inputs:
    """All that can be moved, as recorded or as a scenario has it."""

    def __init__(self, record: Record, round_id: str, scenario: Scenario | None) -> None:
        one = record.round(round_id)
        facts = (applied(record, scenario) if scenario else record).facts
        start = first_quarter(record, one.as_of)
        quarters = [start.plus(t) for t in range(facts.planning.quarters)]
        open_ = [each for each in record.initiatives if each.is_open]
        self._round = one.id
        self._points = Points(facts, scenario)
        self._pins = Pins(open_, quarters, scenario.pins if scenario else ())
        self._money = Money(facts, sorted({each.year for each in quarters}), scenario)
        self._people = People(facts, scenario)
        self.box = widgets.VBox([
            *_section("Points", "Spread 100 points over the goals.", self._points.box),
            *_section("Pins", "Hold an initiative in the plan, or keep it out, and say why.", self._pins.box),
            *_section("Money", "The budget of each fiscal year, and the share of it held back.", self._money.box),
            *_section("People", "Those available in each role.", self._people.box),
        ])  # fmt: skip

    def watch(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` whenever something was moved."""
        for each in (self._points, self._pins, self._money, self._people):
            each.watch(changed)

    def faults(self) -> list[Fault]:
        """Return what stands in the number fields and is no certain number."""
        return [*self._points.faults(), *self._money.faults(), *self._people.faults()]

    def scenario(self, id: str, name: str, note: str = "") -> Scenario:
        """Return what is set as a scenario; pydantic's ValidationError when it cannot be one."""
        return Scenario(
            id=id, name=name, note=note or None, round=self._round, points=self._points.value(), pins=self._pins.value(),
            budget=self._money.value(), capacity=self._people.value(),
        )  # fmt: skip


class Workshop:
    """One client's prioritisation workshop in a notebook.

    Whatever is moved is planned anew in another process; the first plan shows at once, with how far
    it is proven, and is replaced as better ones are found.
    """

    _opened: Workshop | None = None

    def __init__(
        self,
        clients: Path,
        slug: str,
        round_id: str,
        post: Callable[[Callable[[], None]], object],
        later: Callable[..., Any],
    ) -> None:
        self._clients, self._slug = clients, slug
        self._files = read_files(clients, slug)
        self._record = read_record(slug, self._files)
        known = [one.id for one in self._record.rounds]
        if round_id and round_id not in known:
            where = "the notebook, parameter round"
            raise InputError([unknown_reference(where, round_id, "round", known, "client.yaml, rounds")])
        self._round = self._record.round(round_id).id
        self._later, self._timer = later, None
        self._searches = Searches(post)
        self._search: Search | None = None
        self._began: Roadmap | None = None
        self._heard: Heard | None = None
        self._planned = self._record
        self._drawn: Roadmap | None = None
        self._build()
        self._first()

    @classmethod
    def open(cls, client: str, clients_dir: str = "", round: str = "") -> Workshop:
        """Open the workshop of a client in a notebook; one opened in it before is closed.

        Parameters
        ----------
        client : str
            The client's folder name.
        clients_dir : str
            The folder of all clients; empty means ``ALIGN_CLIENTS``, else ``client_data``.
        round : str
            The round's id; empty means the latest.

        Raises
        ------
        InputError
            When the record has faults, all of them at once.
        """
        if cls._opened:
            cls._opened.close()
        loop = asyncio.get_running_loop()
        cls._opened = cls(
            clients_folder(clients_dir or None), client, round, loop.call_soon_threadsafe, later_on(loop)
        )
        return cls._opened

    def close(self) -> None:
        """End every search."""
        self._searches.close()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.panel._repr_mimebundle_(**options)

    def _build(self) -> None:
        """Lay out the page: what can be moved on the left, what comes of it on the right."""
        name, one = self._record.facts.profile.name, self._record.round(self._round)
        head = Markup("<h2>Prioritisation workshop: {}</h2><p>As of {}. Nothing is saved until you save or record it.</p>").format(
            text_of(name), day(one.as_of)
        )  # fmt: skip
        look = widgets.HTML(
            str(Markup("<style>{} {}</style>").format(Markup(notebook_style()), Markup(_LOOK)))
        )
        self._status, self._summary, self._ranked, self._plan, self._changes = (
            widgets.HTML() for _ in range(5)
        )
        self._begin = widgets.Dropdown(description="Begin from", **WIDE)
        self._holder = widgets.VBox()
        self._deciding = DecisionPanel(
            self._clients, self._slug, self._round, done=self._decided, changed=self._settle, about=_DECISIONS
        )
        self._deciding.show()
        self._offer(self._record.facts.planning.scenario or "")
        self._begin.observe(lambda _: self._take(), names="value")
        decisions = _section("Decisions", "What the published plan asks for.", self._deciding.box)
        left = _column([self._begin, self._holder, *decisions, *self._saving()], "0 1 30rem")
        right = _column([self._ranked, self._plan, self._changes], "1 1 32rem")
        both = widgets.HBox([left, right], layout={"flex_flow": "row wrap"})
        self.panel = widgets.VBox([look, _html(head), self._status, self._summary, both])
        self._inputs = self._fresh_inputs()

    def _saving(self) -> list[widgets.Widget]:
        self._name = widgets.Text(description="Name", **WIDE, placeholder="such as: Budget cut by a tenth")
        self._note = widgets.Textarea(description="Note", **WIDE)
        self._offered = ""  # the note that stands there, as long as nobody has written another
        self._propose = widgets.Checkbox(description="Make it the proposed plan", indent=False)
        self._saved = widgets.HTML()
        save = widgets.Button(description="Save scenario", button_style="primary")
        save.on_click(lambda _: after_pending_changes(self._save))
        fields = widgets.VBox([self._name, self._note, self._propose, save, self._saved])
        return _section("Save", "Keep this as a scenario in the client’s folder.", fields)

    def _offer(self, chosen: str) -> None:
        """Offer the record and its scenarios to begin from."""
        known = [(f"Scenario: {one.name}", one.id) for one in self._record.scenarios]
        self._offering = True  # setting what there is to choose from chooses the first for a moment
        self._begin.options = [("The record as it stands", ""), *known]
        self._begin.value = chosen
        self._offering = False

    def _fresh_inputs(self) -> Inputs:
        scenario = next((one for one in self._record.scenarios if one.id == self._begin.value), None)
        self._offer_note(scenario)
        inputs = Inputs(self._record, self._round, scenario)
        inputs.watch(self._settle)
        self._holder.children = (inputs.box,)
        return inputs

    def _offer_note(self, scenario: Scenario | None) -> None:
        """Put the note of the scenario that one begins from into its field, unless another was written there."""
        if self._note.value.strip() == self._offered:
            self._note.value = (scenario and scenario.note) or ""
            self._offered = self._note.value.strip()

    def _take(self) -> None:
        """Begin from another scenario."""
        if self._offering:
            return
        self._inputs = self._fresh_inputs()
        self._settle()

    def _first(self) -> None:
        """Plan what the session begins with; this search is never stopped, for all else is held against it."""
        self._planned = self._as_set()
        self._hear(None)

        def began(heard: Heard) -> None:
            self._began = heard.roadmap or self._began
            if self._search is first:
                self._hear(heard)
            else:
                self._show_changes()

        first = self._search = self._searches.start(self._planned, self._round, began)
        self._kept = first

    def _as_set(self) -> Record:
        return applied(self._deciding.tried(self._record), self._inputs.scenario("workshop", "Workshop"))

    def _decided(self) -> None:
        """Plan anew with an answer that was recorded."""
        self._files = read_files(self._clients, self._slug)
        self._record = read_record(self._slug, self._files)
        self._settle()

    def _settle(self) -> None:
        """Plan anew once nothing more was moved for a moment; what was searched for is out of date."""
        if self._timer:
            self._timer.cancel()
        if self._search and self._search is not self._kept:
            self._search.stop()
        self._search = None
        if 'role="alert"' in self._saved.value:  # what kept a scenario from being saved may be mended by now
            self._saved.value = ""
        self._hear(None)
        self._timer = self._later(SETTLES, self._replan)

    def _replan(self) -> None:
        self._timer = self._drawn = None
        self._planned = self._as_set()
        self._search = self._searches.start(self._planned, self._round, self._hear)

    def _hear(self, heard: Heard | None) -> None:
        """Show what a search tells; the end of one concerns the plan told last."""
        if heard and heard.roadmap is None and self._heard and heard.state == "done":
            heard = replace(heard, roadmap=self._heard.roadmap)
        self._heard = heard
        self._status.value = styled(text.status(heard, self._record.facts.profile.currency))
        if heard and heard.roadmap and heard.roadmap != self._drawn:
            self._drawn = heard.roadmap
            self._show_plan(heard.roadmap)
            self._show_changes()

    def _show_plan(self, roadmap: Roadmap) -> None:
        if roadmap.kind != "optimised" or not roadmap.scheduled:
            self._ranked.value, self._plan.value = styled(text.unranked(roadmap)), ""
            return
        self._ranked.value = styled(text.ranked(self._planned, roadmap))
        plan = plan_slide.exhibit(self._planned, roadmap, text.plan_title(roadmap))
        self._plan.value = styled(replace(plan, number=1).html())

    def _show_changes(self) -> None:
        if self._began and self._heard and self._heard.roadmap:
            changed = text.changes(self._planned, self._began, self._heard.roadmap)
            self._summary.value, self._changes.value = styled(changed.summary), styled(changed.detail)

    def _save(self) -> None:
        """Write what is set as a scenario, and say so, or why not."""
        name = self._name.value.strip()
        id = scenario_id(name)
        there = scenario_file(id) in self._files
        try:
            if not id:
                remedy = "Write a name with letters or digits into the field Name."
                raise InputError([Fault("the scenario, field Name", name, "a name", remedy)])
            if faults := self._inputs.faults():
                raise InputError(faults)
            scenario = self._inputs.scenario(id, name, self._note.value)
            self._files = save_scenario(self._clients, self._slug, scenario, self._files, self._propose.value)
        except ValidationError as error:
            self._say(InputError(faults_of(error, Scenario, lambda loc: f"the scenario, {loc[-1]}")))
        except AlignError as error:
            self._say(error)
        else:
            self._record = read_record(self._slug, self._files)
            self._offer(self._begin.value)
            where = f"{scenario_file(id)}{'; the earlier one is in the history folder' if there else ''}"
            proposed = " The plan now follows it: “align run” draws it." if self._propose.value else ""
            self._say(f"Saved as {where}.{proposed}")

    def _say(self, what: object) -> None:
        role = "alert" if isinstance(what, Exception) else "status"
        self._saved.value = styled(Markup('<p role="{}">{}</p>').format(role, lines(*str(what).split("\n"))))


def scenario_id(name: str) -> str:
    """Return the id that a scenario of this name is kept under; empty when nothing of the name can be in one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:63].rstrip("-")


def _html(content: Markup) -> widgets.HTML:
    return widgets.HTML(styled(content))


def _section(title: str, about: str, *content: widgets.Widget) -> list[widgets.Widget]:
    return [_html(Markup("<h3>{}</h3><p>{}</p>").format(title, about)), *content]


def _column(content: list[widgets.Widget], flex: str) -> widgets.VBox:
    return widgets.VBox(content, layout={"flex": flex, "min_width": "0"}).add_class("workshop")
