"""The prioritisation workshop: points, pins, money and people in; the plan, its money, the ranked list and its line out."""

from __future__ import annotations

import asyncio
import re
import threading
import time
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from IPython.display import Javascript, display
from markupsafe import Markup
from pydantic import ValidationError

from toolkit.client.faults import faults_of, unknown_reference
from toolkit.client.record import Record
from toolkit.client.schema import Scenario, scenario_file
from toolkit.client.store import clients_folder, read_files, read_record, save_scenario
from toolkit.errors import AlignError, Fault, InputError, shown, told_once
from toolkit.html import templates
from toolkit.html.markup import text_of
from toolkit.intake.delay import after_pending_changes, later_on, one_at_a_time
from toolkit.intake.form import heartbeat
from toolkit.intake.form.decision_panel import DecisionPanel
from toolkit.intake.form.look import html, listed, offer, paragraph, shown_as
from toolkit.plan import Roadmap
from toolkit.plan.background import Heard, Search, Searches
from toolkit.plan.scenario import applied
from toolkit.show import workshop_view as view
from toolkit.show.workshop_controls import AUTO, Controls, section
from toolkit.show.workshop_view import Shown, Times
from toolkit.words import day

# Two keystrokes or clicks so close together, in seconds, are one change.
SETTLES = 0.15
_DECISIONS = "Choose an answer to see what it does to the plan; it stands once you record it."
_RECORD = ("The record as it stands", "")
_RECORD_SHORT = "the record"
_BEGAN = "the start of the session"


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
        self._lock = threading.RLock()
        self._unsaved = False
        self._beat = heartbeat.Heartbeat(
            slug, self._lock, lambda: not self._unsaved, lambda: [self.panel], "workshop"
        )
        self._later, self._timer = later, None
        self._searches = Searches(post)
        self._search: Search | None = None
        self._beside_search: Search | None = None
        self._beside_plan: Roadmap | None = None
        self._began: Roadmap | None = None
        self._before: Roadmap | None = None
        self._moved: list[str] = []
        self._changed_at, self._times = time.monotonic(), Times()
        self._heard: Heard | None = None
        self._planned = self._record
        self._drawn: Roadmap | None = None
        self._build()
        self._unsaved = False  # what was filled in is as it is recorded
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
        display(Javascript(templates.part("workshop", "workshop.js")))
        heartbeat.begin()
        cls._opened = cls(
            clients_folder(clients_dir or None), client, round, loop.call_soon_threadsafe, later_on(loop)
        )
        return cls._opened

    def close(self) -> None:
        """End every search, and tell the pages that still show this one."""
        self._searches.close()
        self._beat.end()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.panel._repr_mimebundle_(**options)

    def _build(self) -> None:
        """Lay out the page: what is in the plan above, what can be moved on the left, the plan on the right."""
        name, one = self._record.facts.profile.name, self._record.round(self._round)
        head = Markup("<h2>{}</h2><p>Workshop, as of {}</p>").format(
            text_of(name), day(one.as_of)
        )  # fmt: skip
        self._status, self._plan, self._money, self._changes, self._ranked = (html() for _ in range(5))
        self._begin = widgets.Dropdown(description="Begin from", **AUTO)
        self._beside = widgets.Dropdown(description="Show beside the plan", **AUTO)
        self._deciding = DecisionPanel(
            self._clients, self._slug, self._round, done=self._decided,
            changed=lambda: self._settle("Answer tried"), about=_DECISIONS,
        )  # fmt: skip
        self._deciding.show()
        self._kept_sections = {
            "Decisions": self._deciding.box,
            "Scenarios": section(
                "Begin from what was saved, or save what is set; until then nothing is saved.",
                self._begin,
                self._beside,
                *self._saving(),
            ),
        }
        self._offer(self._record.facts.planning.scenario or "")
        self._begin.observe(lambda _: self._take(), names="value")
        self._beside.observe(lambda _: self._compare(), names="value")
        names = ("Points", "Money", "People", "Pins", *self._kept_sections)
        self._section = widgets.ToggleButtons(options=names, style={"button_width": "auto"}).add_class(
            "sections"
        )
        self._section.observe(lambda _: self._turn(), names="value")
        self._holder = widgets.VBox()
        screen = widgets.Button(
            description="Full screen", tooltip="For a projector; Escape leaves it"
        ).add_class("full-screen")
        top = widgets.HBox([html(head).add_class("name"), self._status.add_class("state"), screen])
        side = widgets.VBox([self._money, self._changes]).add_class("side")
        plan = widgets.VBox([self._plan, self._ranked.add_class("ranking")])
        result = widgets.HBox([plan, side]).add_class("figures")
        floor = widgets.VBox([
            top.add_class("top"),
            widgets.VBox([self._section, self._holder]).add_class("controls"),
            widgets.VBox([result]).add_class("result"),
        ]).add_class("floor")  # fmt: skip
        self.panel = widgets.VBox([widgets.HTML(_style()), floor, self._beat.box]).add_class("workshop").add_class(heartbeat.WATCHED)  # fmt: skip
        self._controls = self._fresh_controls()

    def _saving(self) -> list[widgets.Widget]:
        self._name = widgets.Text(description="Name", **AUTO, placeholder="such as: Budget cut by a tenth")
        self._note = widgets.Textarea(description="Note", **AUTO)
        for field in (self._name, self._note):
            field.observe(lambda _: self._touch(), names="value")
        self._offered = ""  # the note that stands there, as long as nobody has written another
        self._saved = html()
        buttons = []
        for text, proposed in (("Save as scenario", False), ("Save as the plan", True)):
            button = widgets.Button(description=text, button_style="" if proposed else "primary")
            button.on_click(lambda _, proposed=proposed: after_pending_changes(partial(self._save, proposed)))
            buttons.append(button)
        return [self._name, self._note, *buttons, self._saved]

    def _offer(self, chosen: str) -> None:
        """Offer the record and its scenarios to begin from, and to show beside the plan."""
        known = [(f"Scenario: {one.name}", one.id) for one in self._record.scenarios]
        self._offering = True  # setting what there is to choose from chooses the first for a moment
        self._begin.options = [_RECORD, *known]
        self._begin.value = chosen
        offer(self._beside, [("nothing", " "), (_BEGAN, "="), _RECORD, *known])
        self._offering = False

    def _fresh_controls(self) -> Controls:
        scenario = next((one for one in self._record.scenarios if one.id == self._begin.value), None)
        self._offer_note(scenario)
        controls = Controls(self._record, self._round, scenario)
        controls.watch(self._settle)
        self._sections = controls.sections | self._kept_sections
        self._turn()
        self._holder.children = tuple(self._sections.values())
        return controls

    def _turn(self) -> None:
        """Show the section that is chosen."""
        for name, one in self._sections.items():
            one.layout.display = "" if name == self._section.value else "none"

    def _offer_note(self, scenario: Scenario | None) -> None:
        """Put the note of the scenario that one begins from into its field, unless another was written there."""
        if self._note.value.strip() == self._offered:
            self._note.value = (scenario and scenario.note) or ""
            self._offered = self._note.value.strip()

    def _take(self) -> None:
        """Begin from another scenario."""
        if self._offering:
            return
        self._controls = self._fresh_controls()
        self._settle(f"Begin from: {self._begin.label}")

    # Planning.

    def _first(self) -> None:
        """Plan what the session begins with; this search is never stopped, for all else is held against it."""
        self._planned = self._as_set()
        self._wait()

        def began(heard: Heard) -> None:
            self._began = heard.roadmap or self._began
            if self._search is first:
                self._hear(heard)
            else:
                self._draw()

        first = self._search = self._searches.start(self._planned, self._round, began)
        self._kept = first

    def _as_set(self) -> Record:
        unnamed = self._controls.scenario("workshop", "Workshop").model_copy(update={"name": ""})
        return applied(self._deciding.tried(self._record), unnamed)

    def _decided(self) -> None:
        """Plan anew with an answer that was recorded."""
        self._files = read_files(self._clients, self._slug)
        self._record = read_record(self._slug, self._files)
        self._settle("Answer recorded")

    @one_at_a_time
    def _touch(self) -> None:
        """Know that something stands here that no scenario has; what was said of the last one to be saved is out of date."""
        self._unsaved = True
        self._saved.value = ""

    def _settle(self, moved: str) -> None:
        """Plan anew once nothing more was moved for a moment; what was searched for is out of date."""
        self._touch()
        if self._timer:
            self._timer.cancel()
        if self._search and self._search is not self._kept:
            self._search.stop()
        self._search = None
        shown = self._heard.roadmap if self._heard else None
        if shown and shown.kind == "optimised":  # this is what the change begins with
            self._before, self._moved = shown, []
        field = moved.partition(":")[0]
        self._moved = [*(one for one in self._moved if one.partition(":")[0] != field), moved]
        self._wait()
        self._timer = self._later(SETTLES, self._replan)

    def _wait(self) -> None:
        """Say that a plan is being looked for; the figures of the one before turn grey."""
        self._changed_at, self._times, self._heard = time.monotonic(), Times(), None
        self._say_status()
        self.panel.add_class("stale")

    @one_at_a_time
    def _replan(self) -> None:
        self._timer = self._drawn = None
        self._planned = self._as_set()
        self._search = self._searches.start(self._planned, self._round, self._hear)

    @one_at_a_time
    def _hear(self, heard: Heard) -> None:
        """Show what a search tells; the end of one concerns the plan told last."""
        if heard.roadmap is None and self._heard and heard.state == "done":
            heard = replace(heard, roadmap=self._heard.roadmap)
        told = self._heard.roadmap if self._heard else None
        self._times = self._times.after(heard, time.monotonic() - self._changed_at, told)
        self._heard = heard
        if heard.roadmap and heard.roadmap != self._drawn:
            self._drawn = heard.roadmap
            self._draw()
        self._say_status()

    def _say_status(self) -> None:
        currency = self._record.facts.profile.currency
        self._status.value = shown_as(view.status(self._heard, self._times, currency))

    # Two plans beside each other.

    @one_at_a_time
    def _compare(self) -> None:
        """Plan what is to stand beside the plan, until that is proven."""
        if self._offering:
            return
        if self._beside_search:
            self._beside_search.stop()
        self._beside_search, self._beside_plan = None, None
        chosen = self._beside.value
        if chosen not in (" ", "="):
            bare = Scenario(
                id="record", name="Record", round=self._round
            )  # also where the plan follows a scenario
            scenario = next((one for one in self._record.scenarios if one.id == chosen), bare)
            self._beside_record = applied(self._record, scenario)
            self._beside_search = self._searches.start(self._beside_record, self._round, self._hear_beside)
        self._draw()

    @one_at_a_time
    def _hear_beside(self, heard: Heard) -> None:
        if heard.roadmap is None:
            return
        self._beside_plan = heard.roadmap
        self._draw()
        # What keeps the rest out is not shown of it.
        if self._beside_search and view.is_proven(heard.roadmap):
            self._beside_search.stop()

    @property
    def _other(self) -> Shown | None:
        """What is shown beside the plan, once there is one."""
        if self._beside.value == "=":
            return Shown(_BEGAN, self._planned, self._began) if self._began else None
        plan = self._beside_plan
        name = self._beside.label if self._beside.value else _RECORD_SHORT
        return Shown(name, self._beside_record, plan) if plan else None

    def _draw(self) -> None:
        """Draw the plan that was heard last, and what stands beside it."""
        roadmap = self._heard and self._heard.roadmap
        if not roadmap:
            return
        now, other, currency = (
            Shown("Now", self._planned, roadmap),
            self._other,
            self._record.facts.profile.currency,
        )
        if now.is_plan:
            plans = [now, other] if other and other.is_plan else [now]
            self._plan.value = shown_as(view.plan_picture(plans, self._before))
            self._money.value = shown_as(view.money_picture(plans, currency))
            self._ranked.value = shown_as(view.ranked(self._planned, roadmap, self._before))
        else:
            self._plan.value, self._money.value, self._ranked.value = shown_as(view.unranked(roadmap)), "", ""
        told = [(f"Against {other.name}", "", other.roadmap)] if other and self._beside.value != "=" else []
        told += (
            [("Since the last change", view.last_change(self._moved), self._before)] if self._before else []
        )
        if self._before and self._began and view.places(self._began) != view.places(self._before):
            told.append((f"Against {_BEGAN}", "", self._began))
        said = (view.changes(head, about, self._planned, was, roadmap) for head, about, was in told)
        self._changes.value = shown_as(Markup("").join(said))
        self.panel.remove_class("stale")

    # Saving.

    def _save(self, proposed: bool) -> None:
        """Write what is set as a scenario, and as the one that the plan follows, and say so, or why not."""
        name = self._name.value.strip()
        id = scenario_id(name)
        there = scenario_file(id) in self._files
        try:
            if not id:
                remedy = "Write a name with letters or digits."
                raise InputError([Fault("Name", name, "a name", remedy)])
            if faults := self._controls.faults():
                raise InputError(faults)
            scenario = self._controls.scenario(id, name, self._note.value)
            self._files = save_scenario(self._clients, self._slug, scenario, self._files, proposed)
        except ValidationError as error:
            self._say(InputError(faults_of(error, Scenario, lambda loc: str(loc[-1]).capitalize())))
        except AlignError as error:
            self._say(error)
        else:
            self._record = read_record(self._slug, self._files)
            self._offer(self._begin.value)
            if self._beside.value == id:
                self._compare()
            where = f"{scenario_file(id)}{'; the earlier one is in the history folder' if there else ''}"
            follows = " The plan now follows it: “align run” draws it." if proposed else ""
            self._unsaved = False
            self._say(f"Saved as {where}.{follows}")

    def _say(self, what: AlignError | str) -> None:
        """Say what was saved, or each reason why nothing was, with what to do."""
        if isinstance(what, str):
            self._saved.value = shown_as(paragraph(what, "right", "status"))
            return
        faults = told_once(what.faults) if isinstance(what, InputError) else ()
        reasons = [f"{one.where}: {f'“{shown(one.found)}” is not {one.allowed}. ' if one.found else ''}{one.remedy}" for one in faults]  # fmt: skip
        said = paragraph("Nothing was saved.", "wrong") + listed(reasons or [str(what)])
        self._saved.value = shown_as(Markup('<div role="alert">{}</div>').format(said))


def _style() -> str:
    """Return the workshop's style sheet, in the house's colours."""
    css = templates.part("house", "tokens.css").replace(":root", ".workshop")
    return f"<style>{templates.inline('style', css + templates.part('workshop', 'workshop.css'))}</style>"


def scenario_id(name: str) -> str:
    """Return the id that a scenario of this name is kept under; empty when nothing of the name can be in one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:63].rstrip("-")
