"""Scoring for a small group: each alone and unseen, then all revealed, then one position agreed, anchors in view."""

from __future__ import annotations

from collections import Counter
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup

from toolkit.client.questionnaire import Question
from toolkit.intake.delay import after_pending_changes
from toolkit.intake.document import DONT_KNOW, PRIVATE, Document, answered_together, answers_by, at
from toolkit.intake.form.entry import Desk
from toolkit.intake.form.fields import called
from toolkit.intake.form.look import FIELD, LABEL, across, button, html, listed, offer, paragraph, shown_as
from toolkit.intake.form.sections import GROUP_CHOICES
from toolkit.intake.questionnaire_items import answers_of, wording
from toolkit.method import BY_ID

_TITLES = {name: title for title, name in GROUP_CHOICES}


class Consensus:
    """One question at a time, for whoever scores: a member alone, or the group agreeing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._muted = False
        self._questions: tuple[Question, ...] = ()
        self._number, self._member, self._agreeing = 0, 0, False
        self._begun: tuple[str, str] | None = None  # the round and group that these are of
        self._who = widgets.Dropdown(description="Round and group", style=LABEL, layout=FIELD)
        self._who.observe(lambda _: None if self._muted else after_pending_changes(self._begin), "value")
        self._stage, self._asked, self._revealed, self._note = html(), html(), html(), html()
        self._score = widgets.RadioButtons(description="Score", tooltip="Score", layout=FIELD)
        self._score.observe(lambda _: None if self._muted else self._scored(), "value")
        self._before = button("Previous question", lambda: self._go(-1))
        self._after = button("Next question", lambda: self._go(1), primary=True)
        self._next_member = button("Hand over to the next person", self._hand_over)
        self._reveal = button("Reveal all scores", self._begin_agreeing)
        self._finish = button("Agreed: forget the private scores", self._forget)
        self._work = widgets.VBox([self._stage, self._asked, self._score, self._revealed, across(self._before, self._after),
                                   across(self._next_member, self._reveal, self._finish)])  # fmt: skip
        self._choosing = widgets.VBox([self._who])
        self.box = widgets.VBox([self._choosing, self._work, self._note])

    def show(self) -> None:
        """Offer the rounds and groups that answer together."""
        rounds = at(self._desk.document, ("facts", "rounds")) or []
        closed = {
            one.id for one in self._desk.record.facts.rounds if one.closed
        }  # published: it stays as it was
        options = [(f"{called(one)}, {_TITLES[group]} ({answers_by(_group(one, group))})", f"{one['id']}/{group}")
                   for one in rounds if one.get("questionnaire") in self._desk.record.questionnaires and one["id"] not in closed
                   for group in answered_together(one)]  # fmt: skip
        self._muted = True
        offer(self._who, options)
        self._muted = False
        self._work.layout.display = "" if options else "none"
        self._choosing.layout.display = "" if options else "none"
        nobody = "Nothing to score together yet. Under “Who answers how”, name a round’s questionnaire and let a group answer by consensus or as one named person; a closed round takes no more scores."
        self._note.value = shown_as("" if options else paragraph(nobody, "open"))
        if options:
            self._begin()

    def relabel(self) -> None:
        """Do nothing: what is shown here changes by its own buttons alone."""

    @property
    def _key(self) -> tuple[str, str]:
        round_id, _, group = (self._who.value or "/").partition("/")
        return round_id, group

    @property
    def _named(self) -> bool:
        round_id, group = self._key
        one = at(self._desk.document, ("facts", "rounds", round_id)) or {}
        return answers_by(_group(one, group)) == "named"

    def _private(self) -> list[Document]:
        return at(self._desk.document, (PRIVATE, *self._key)) or []

    def _begin(self) -> None:
        """Begin with the next person's first question; what was begun already goes on where it was."""
        round_id, group = self._key
        one = at(self._desk.document, ("facts", "rounds", round_id)) or {}
        self._questions = self._desk.record.questionnaires[one["questionnaire"]].questions
        agreed = at(self._desk.document, ("positions", round_id, group)) or {}
        if self._begun != self._key:
            self._begun = self._key
            self._agreeing, self._member, self._number = False, len(self._private()), 0
        self._agreeing = self._agreeing or self._named or bool(agreed)
        self._number = min(self._number, len(self._questions) - 1)
        self._draw()

    def _go(self, by: int) -> None:
        self._number = max(0, min(len(self._questions) - 1, self._number + by))
        self._draw()

    def _scored(self) -> None:
        value, question = self._score.value, self._questions[self._number].id
        if self._agreeing:
            self._desk.change(("positions", *self._key, question), value, again=True)  # fmt: skip
        else:
            members = [dict(one) for one in self._private()]
            members += [{} for _ in range(self._member + 1 - len(members))]
            members[self._member][question] = value
            self._desk.change((PRIVATE, *self._key), members)
        self._draw_stage()

    def _hand_over(self) -> None:
        """Go on to the next person; what was scored before is not shown to anyone until all is revealed."""
        if self._member < len(self._private()):
            self._member += 1
        self._number = 0
        self._draw()

    def _begin_agreeing(self) -> None:
        self._agreeing, self._number = True, 0
        self._draw()

    def _forget(self) -> None:
        self._desk.forget((PRIVATE, *self._key))
        self._draw()
        self._note.value = shown_as(
            paragraph("The private scores are gone from the draft.", "right", "status")
        )

    def _draw(self) -> None:
        question = self._questions[self._number]
        round_id, group = self._key
        head = f"Question {self._number + 1} of {len(self._questions)}: {BY_ID[question.dimension].name}"
        self._asked.value = shown_as(Markup("<h4>{}</h4><p>{}</p>").format(head, wording(question, group)))
        now: Any
        if self._agreeing:
            now = at(self._desk.document, ("positions", round_id, group, question.id))
        else:
            members = self._private()
            now = members[self._member].get(question.id) if self._member < len(members) else None
        self._muted = True
        self._score.options = [*((f"{i} – {answer.removeprefix(f'{i} - ')}", str(i)) for i, answer in enumerate(answers_of(question), 1)), ("Don’t know", DONT_KNOW)]  # fmt: skip
        self._score.value = now
        self._muted = False
        self._revealed.value = shown_as(self._said_alone(question.id))
        self._note.value = ""
        self._draw_stage()

    def _draw_stage(self) -> None:
        members, agreed = self._private(), at(self._desk.document, ("positions", *self._key)) or {}
        total = len(self._questions)
        if self._named:
            said = f"This person’s view: {len(agreed)} of {total} questions scored."
        elif self._agreeing:
            said = f"Agreeing on one position: {len(agreed)} of {total} questions agreed."
        else:
            own = len(members[self._member]) if self._member < len(members) else 0
            said = f"Person {self._member + 1}, alone: {own} of {total} questions scored. Nobody sees these scores until they are revealed."
        self._stage.value = shown_as(paragraph(said, role="status"))
        self._next_member.layout.display = self._reveal.layout.display = "none" if self._agreeing else ""
        self._finish.layout.display = "" if self._agreeing and members else "none"

    def _said_alone(self, question: str) -> Markup:
        """Return how often each score was given, once they are revealed; never by whom."""
        given = Counter(one[question] for one in self._private() if question in one)
        if not self._agreeing or not given:
            return Markup("")
        lines = [f"{_people(times)} said {'don’t know' if score == DONT_KNOW else score}" for score, times in sorted(given.items())]  # fmt: skip
        return Markup("<p>Alone:</p>") + listed(lines)


def _people(number: int) -> str:
    return "One person" if number == 1 else f"{number} people"


def _group(one: Document, name: str) -> Document:
    found: Document = next((each for each in one.get("groups", ()) if each.get("group") == name), {})
    return found
