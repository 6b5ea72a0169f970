"""Scoring for a small group: each alone and unseen, then all revealed; what is alike is agreed, the rest talked about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import ipywidgets as widgets
from markupsafe import Markup

from toolkit.client.questionnaire import Question
from toolkit.intake.delay import after_pending_changes
from toolkit.intake.document import DONT_KNOW, PRIVATE, Document, answered_together, answers_by, at
from toolkit.intake.form.entry import Desk
from toolkit.intake.form.fields import called
from toolkit.intake.form.look import (
    FIELD,
    LABEL,
    across,
    button,
    html,
    label,
    offer,
    paragraph,
    shown_as,
    tabled,
)
from toolkit.intake.form.sections import GROUP_CHOICES
from toolkit.intake.form.shorter_questionnaire import ShorterQuestionnaire
from toolkit.intake.questionnaire_items import answers_of, wording
from toolkit.method import BY_ID
from toolkit.words import counted

_TITLES = {name: title for title, name in GROUP_CHOICES}
_KEYS = "Keys 1 to 5 score, 0 is “don’t know”: the next question comes by itself. Backspace goes back."
# Beside the form's own style: what stands on these screens alone.
_STYLE = """<style>
.intake .question { margin: .5rem 0 .7rem; padding: .1rem 0 .1rem .8rem; border-left: 3px solid transparent; }
.intake .question:focus-within { border-left-color: currentColor; }
.intake .question .widget-radio, .intake .question .widget-radio-box { width: 100%; height: auto; margin: 0; max-width: none; }
.intake .question .widget-radio-box label { display: flex; flex-direction: row-reverse; justify-content: flex-end; gap: .5rem; align-items: center; width: auto; height: auto; max-width: 44rem; margin: 0; padding: .28rem .4rem; line-height: 1.3; white-space: normal; font-size: inherit; cursor: pointer; border-radius: 3px; }
.intake .question .widget-radio-box label:hover { background: rgba(127, 127, 127, .15); }
.intake .question .widget-radio-box label:has(:checked) { font-weight: 600; background: rgba(127, 127, 127, .22); }
.intake .question .widget-radio-box input { flex: none; width: 1rem; height: 1rem; margin: 0; }
.intake .question .asked { font-size: 1.1rem; font-weight: 600; max-width: 46rem; }
.intake .beside .widget-radio-box { flex-flow: row wrap; } .intake .beside .widget-radio-box label { padding-right: 1rem; }
.intake .people { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; margin: .2rem 0; padding: 0; }
.intake .people .now { font-weight: 600; }
</style>"""

Screen = tuple[Question, ...]  # one area, or what of it is asked


class _Asked:
    """A question on the screen, with the answers to choose from."""

    def __init__(self, scored: Callable[[str, str | None], None]) -> None:
        self._scored, self._muted, self._question = scored, False, ""
        self._wording = html()
        self._score = widgets.RadioButtons(description="Score", tooltip="Score", layout={"width": "100%"}).add_class("unlabelled")  # fmt: skip
        self._score.observe(lambda _: self._tell(), "value")
        self.box = widgets.VBox([self._wording, self._score]).add_class("question")

    def show(self, question: Question, number: int, group: str, value: str | None, alone: Counter[str], alike: bool, beside: bool) -> None:  # fmt: skip
        """Show a question; ``alone`` is how often each score was given, empty until all are revealed.

        ``alike`` says that everyone gave the same; ``beside`` puts short answers on one line, where an area has more
        questions than one.
        """
        (self.box.add_class if beside and not question.anchors else self.box.remove_class)("beside")
        self._muted, self._question = True, question.id
        mark = paragraph(f"✓ All {alone.total()} said {_score(next(iter(alone)))}", "right") if alike else ""
        text = f"{number}. {wording(question, group)}"
        self._wording.value = shown_as(Markup('<p class="asked">{}</p>{}').format(text, mark))
        self._score.description = label(text, 200)  # for a screen reader
        self._score.tooltip = f"Question {number}"
        answers = [(f"{i} – {answer.removeprefix(f'{i} - ')}", str(i)) for i, answer in enumerate(answers_of(question), 1)]  # fmt: skip
        self._score.options = [(f"{text}{_said_by(alone[score])}", score) for text, score in (*answers, ("0 – Don’t know", DONT_KNOW))]  # fmt: skip
        self._score.value = value
        self._muted = False
        self.box.layout.display = ""

    def hide(self) -> None:
        """Show nothing, and keep nothing of what was chosen."""
        self._muted, self._score.value = True, None
        self.box.layout.display = "none"

    def _tell(self) -> None:
        if not self._muted:
            self._scored(self._question, self._score.value)


class Consensus:
    """One area a screen, for whoever scores: a member alone, or the group agreeing on what differs.

    ``consensus.js`` lets digits choose, and goes on when an area is scored by a digit or a click.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._muted = False
        self._questions: Screen = ()
        self._screens: list[Screen] = []  # what is asked now; after the last comes where one stands
        self._number, self._member, self._agreeing, self._drawn = 0, 0, False, 0
        self._begun: tuple[str, ...] = ()  # the round, group and questionnaire that these are of
        self._who = widgets.Dropdown(description="Round and group", style=LABEL, layout=FIELD)
        self._who.observe(lambda _: None if self._muted else after_pending_changes(self._begin), "value")
        self._shorter = ShorterQuestionnaire(desk, self._begin)
        self._stage, self._people, self._head, self._standing, self._note = (html() for _ in range(5))
        self._asked: list[_Asked] = []
        self._area = widgets.VBox()
        self._before = button("Previous area", lambda: self._go(self._number - 1)).add_class("go-back")
        self._after = button("Next area", lambda: self._go(self._number + 1), primary=True).add_class("go-on")
        self._next_member = button("Hand over to the next person", self._hand_over)
        self._reveal = button("Reveal all scores", self._begin_agreeing)
        self._open = button("Go through what is open", lambda: self._go_through(self._open_questions))
        self._whole = button("Look through every area", lambda: self._go_through(self._questions))
        self._finish = button("Agreed: forget the private scores", self._forget)
        self._work = widgets.VBox([
            self._stage, self._people, self._head, self._area,
            across(self._before, self._after, self._next_member, self._reveal, self._open, self._whole, self._finish),
            self._standing,
        ]).add_class("scoring")  # fmt: skip
        self._choosing = widgets.VBox([self._who, self._shorter.box])
        self.box = widgets.VBox([widgets.HTML(_STYLE), self._choosing, self._work, self._note])

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
    def _round(self) -> Document:
        return at(self._desk.document, ("facts", "rounds", self._key[0])) or {}

    @property
    def _named(self) -> bool:
        return answers_by(_group(self._round, self._key[1])) == "named"

    @property
    def _invited(self) -> int:
        """How many score, 0 while nobody has said."""
        text = str(_group(self._round, self._key[1]).get("invited", ""))
        return int(text) if text.isdecimal() and len(text) < 4 else 0

    def _private(self) -> list[Document]:
        return at(self._desk.document, (PRIVATE, *self._key)) or []

    def _mine(self) -> Document:
        """Return the scores of whoever scores alone now."""
        members = self._private()
        return members[self._member] if self._member < len(members) else {}

    def _positions(self) -> Document:
        return at(self._desk.document, ("positions", *self._key)) or {}

    def _alone(self, question: str) -> Counter[str]:
        """Return how often each score was given, once they are revealed; never by whom."""
        return Counter(one[question] for one in self._private() if question in one) if self._agreeing else Counter()  # fmt: skip

    def _alike(self, question: str) -> bool:
        """Whether two or more scored alone, and each of them gave the same."""
        alone = self._alone(question)
        return len(alone) == 1 and alone.total() == sum(map(bool, self._private())) > 1

    @property
    def _open_questions(self) -> Screen:
        """Return what has no position yet, what differs most first."""
        agreed = self._positions()
        return self._widest_first(one for one in self._questions if one.id not in agreed)

    def _widest_first(self, questions: Iterable[Question]) -> Screen:
        return tuple(sorted(questions, key=lambda one: -_width(self._alone(one.id))))

    def _begin(self) -> None:
        """Begin with the next person's first area; what was begun already goes on where it was."""
        questionnaire = self._round["questionnaire"]
        moved = self._begun != (*self._key, questionnaire)
        if moved:
            self._begun = (*self._key, questionnaire)
            self._questions = self._desk.record.questionnaires[questionnaire].questions
            self._agreeing = self._named or bool(self._positions())
            members = self._private()
            half = bool(members) and len(members[-1]) < len(self._questions)
            all_in = 0 < self._invited <= len(members)
            # Whoever was interrupted goes on with what is open; what was scored before stays unseen.
            self._member = len(members) - (half or all_in)
            mine = self._mine()
            asked = self._open_questions if self._agreeing else tuple(one for one in self._questions if one.id not in mine)  # fmt: skip
            self._screens, self._number = _by_area(asked), 0
            if self._agreeing and not self._named:
                self._number = len(self._screens)
        self._number = min(self._number, len(self._screens))
        self._draw(moved)

    def _go(self, number: int) -> None:
        self._number = max(0, min(len(self._screens), number))
        self._draw()

    def _go_through(self, questions: Screen) -> None:
        self._screens = _by_area(questions)
        self._go(0)

    def _scored(self, question: str, value: str | None) -> None:
        if self._agreeing:
            self._desk.change(("positions", *self._key, question), value, again=True)
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
        self._go_through(self._questions)

    def _begin_agreeing(self) -> None:
        """Reveal: what all scored alike is agreed, and what differs is to be talked about."""
        self._agreeing = True
        agreed = self._positions()
        alike = {
            one.id: next(iter(self._alone(one.id)))
            for one in self._questions
            if one.id not in agreed and self._alike(one.id)
        }
        if alike:
            self._desk.change(("positions", *self._key), {**agreed, **alike})
        self._screens = _by_area(self._open_questions)
        self._go(len(self._screens))

    def _forget(self) -> None:
        self._desk.forget((PRIVATE, *self._key))
        self._draw()
        self._note.value = shown_as(
            paragraph("The private scores are gone from the draft.", "right", "status")
        )

    def _draw(self, moved: bool = True) -> None:
        """Show the area that is asked, or where one stands after the last; where one moved, the page is told in the end."""
        group = self._key[1]
        asked = self._screens[self._number] if self._number < len(self._screens) else ()
        given = self._positions() if self._agreeing else self._mine()
        while len(self._asked) < len(asked):
            self._asked.append(_Asked(self._scored))
            self._area.children = tuple(one.box for one in self._asked)
        for one, question in zip(self._asked, asked, strict=False):
            number = self._questions.index(question) + 1
            one.show(question, number, group, given.get(question.id), self._alone(question.id), self._alike(question.id), len(asked) > 1)  # fmt: skip
        for one in self._asked[len(asked) :]:
            one.hide()
        self._note.value = ""
        self._standing.value = shown_as("" if asked or not self._agreeing else self._compared())
        self._draw_stage()
        self._offer_ways(bool(asked))
        title = (
            f"Area {self._number + 1} of {len(self._screens)}: {BY_ID[asked[0].dimension].name}"
            if asked
            else self._reached()
        )
        self._drawn += moved
        head = Markup("<h4>{}</h4>").format(title) + (paragraph(_KEYS) if asked else Markup(""))
        self._head.value = shown_as(Markup('<div data-screen="{}">{}</div>').format(self._drawn, head))

    def _offer_ways(self, asking: bool) -> None:
        """Show the buttons that lead on from here, the likeliest first."""
        members, agreed = self._private(), self._agreeing and not self._open_questions
        alone = not self._agreeing
        all_in = self._invited <= len(members) if self._invited else False
        whom = f"person {self._member + 2}" if self._invited else "the next person"
        self._next_member.description = self._next_member.tooltip = f"Hand over to {whom}"
        ways = (
            (self._before, self._number > 0),
            (self._after, asking),
            (self._next_member, alone and not all_in),
            (self._reveal, alone and not asking and (all_in or not self._invited or len(members) > 1)),
            (self._open, self._agreeing and not asking and not agreed),
            (self._finish, self._agreeing and bool(members) and not asking),
            (self._whole, self._agreeing and not asking),
        )  # fmt: skip
        first = next((one for one, shown in ways if shown and one is not self._before), None)
        for one, shown in ways:
            one.layout.display = "" if shown else "none"
            one.button_style = "primary" if one is first else ""

    def _draw_stage(self) -> None:
        self._shorter.show(self._key[0])
        members, agreed = self._private(), self._positions()
        total = len(self._questions)
        if self._named:
            said = f"This person’s view: {len(agreed)} of {total} questions scored."
        elif self._agreeing:
            said = f"Agreeing on one position: {len(agreed)} of {total} questions agreed."
        else:
            said = f"Person {self._member + 1}, alone: {len(self._mine())} of {total} questions scored. Nobody sees these scores until they are revealed."
        self._stage.value = shown_as(paragraph(said, role="status"))
        self._people.value = shown_as("" if self._agreeing else _people_shown(members, self._member, self._invited, total))  # fmt: skip

    def _reached(self) -> str:
        """Return where one stands after the last area."""
        total = len(self._questions)
        if not self._agreeing:
            left = total - len(self._mine())
            return f"Person {self._member + 1} is done" + (f": {counted(left, 'question')} left open" if left else "")  # fmt: skip
        left = len(self._open_questions)
        if left:
            return f"{counted(left, 'question')} still {'to talk about' if self._private() else 'open'}"
        return "✓ Every question has its position."

    def _compared(self) -> Markup:
        """Return what differed, and what was alike; nothing where nobody scored alone."""
        if not self._private():
            return Markup("")
        agreed, total = self._positions(), len(self._questions)
        alike = [one for one in self._questions if self._alike(one.id)]
        differ = self._widest_first(one for one in self._questions if one not in alike)
        rows = [(_name(one), _spread(self._alone(one.id)), _position(agreed.get(one.id))) for one in differ]
        shown = tabled(rows, f"Different: {len(rows)} of {total}", ("Area", "Scored alone", "Agreed")) if rows else Markup("")  # fmt: skip
        names = "; ".join(f"{_name(one)}: {_position(agreed.get(one.id))}" for one in alike)
        if names:
            shown += Markup("<h4>{}</h4>").format(f"Alike: {len(alike)} of {total}, taken as agreed") + paragraph(names)  # fmt: skip
        return shown


def _by_area(questions: Iterable[Question]) -> list[Screen]:
    """Return questions by area, areas in the order of their first question."""
    areas: dict[str, list[Question]] = {}
    for one in questions:
        areas.setdefault(one.dimension, []).append(one)
    return [tuple(one) for one in areas.values()]


def _name(question: Question) -> str:
    """Return the area of a question, with what is asked of it where that is one of several."""
    name = BY_ID[question.dimension].name
    number = question.id.rpartition("-")[2]
    more = question.aspect or (f"question {number}" if number.isdecimal() and number != "1" else "")
    return f"{name}, {more}" if more else name


def _width(alone: Counter[str]) -> int:
    """Return how many levels lie between the lowest and the highest score; -1 for none."""
    levels = [int(one) for one in alone if one != DONT_KNOW]
    return max(levels) - min(levels) if levels else -1


def _score(score: str) -> str:
    return "don’t know" if score == DONT_KNOW else score


def _position(score: str | None) -> str:
    return "still open" if score is None else _score(score)


def _spread(alone: Counter[str]) -> str:
    """Return the scores given, from the lowest to the highest: "2, 4, 4"."""
    return ", ".join(_score(one) for one in sorted(alone.elements())) or "by nobody"


def _said_by(times: int) -> str:
    """Return a dot for each who gave a score, with their number in words."""
    return f"   {'●' * times} {_people(times)}" if times else ""


def _people(number: int) -> str:
    return "one person" if number == 1 else f"{number} people"


def _people_shown(members: list[Document], member: int, invited: int, total: int) -> Markup:
    """Return who has scored and who is to, by number, with how much but never what."""
    items = []
    for number in range(max(invited, len(members), member + 1)):
        count = len(members[number]) if number < len(members) else 0
        mark = "▶" if number == member else "✓" if count else "○"
        said = f"{count} of {total}" if count or number == member else "not yet"
        items.append(Markup('<li{}>{} Person {}: {}</li>').format(Markup(' class="now"') if number == member else "", mark, number + 1, said))  # fmt: skip
    return Markup('<ul class="people" aria-label="Who has scored">{}</ul>').format(Markup("").join(items))


def _group(one: Document, name: str) -> Document:
    found: Document = next((each for each in one.get("groups", ()) if each.get("group") == name), {})
    return found
