"""What is recorded of each section, and which page still lacks what."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from toolkit.client.record import Record
from toolkit.client.schema import FINISHED
from toolkit.intake.document import INITIATIVES, Document, Path, answers_by, at, entries
from toolkit.method import AREAS, GOAL_POINTS, GOAL_POINTS_TOLERANCE, MINIMUM
from toolkit.words import joined, tidy


@dataclass(frozen=True)
class View:
    """A draft as the pages would draw on it: the document, the record's answers, and the latest round.

    ``answered`` holds the groups with answers in that round, those of the draft included.
    """

    document: Document
    record: Record

    def some(self, name: str) -> list[Document]:
        """Return the entries or rows of one of the facts."""
        found = at(self.document, ("facts", name))
        return found if isinstance(found, list) else []

    @property
    def open_work(self) -> list[Document]:
        """The initiatives that are not finished."""
        return [one for one in entries(self.document, INITIATIVES) if one.get("status") not in FINISHED]

    @property
    def round(self) -> Document:
        """The latest round; empty when there is none."""
        return max(self.some("rounds"), key=lambda one: (str(one.get("as_of", "")), one["id"]), default={})

    @property
    def answered(self) -> set[str]:
        """The groups whose scores the latest round can show: enough replies, or a position on every question."""
        one = self.round
        return {each["group"] for each in one.get("groups", ()) if self._shows(one, each)}

    def _shows(self, one: Document, group: Document) -> bool:
        name = group["group"]
        if answers_by(group) != "survey":
            asked = self.record.questionnaires.get(one.get("questionnaire", ""))
            agreed = at(self.document, ("positions", one["id"], name)) or {}
            return asked is not None and agreed.keys() >= {question.id for question in asked.questions}
        if any((each.round, each.group) == (one["id"], name) for each in self.record.aggregates):
            return True
        people = {
            each.respondent for each in self.record.responses if (each.round, each.group) == (one["id"], name)
        }
        least = str(group.get("minimum", ""))
        return len(people) >= (int(least) if least.isdecimal() else MINIMUM)


@dataclass(frozen=True)
class Need:
    """What a page needs: in words, the section where it is filled in, and whether it is there."""

    page: str
    what: str
    section: str
    met: Callable[[View], bool]


@dataclass(frozen=True)
class Missing:
    """What is missing, in words, for which pages, and the section where it is filled in."""

    what: str
    pages: tuple[str, ...]
    section: str


def _all(name: str, field: str) -> Callable[[View], bool]:
    return lambda view: bool(found := view.some(name)) and all(one.get(field) for one in found)


def _any(name: str) -> Callable[[View], bool]:
    return lambda view: bool(view.some(name))


def _work(*fields: str) -> Callable[[View], bool]:
    return lambda view: (
        bool(view.open_work) and all(one.get(each) for one in view.open_work for each in fields)
    )


def _quarters(view: View) -> bool:
    """Whether the length of all work is known; work that runs has one from its start and its completion date."""
    running = [one for one in view.open_work if one.get("status") == "in progress"]
    known = [one for one in view.open_work if one.get("duration")]
    known += [one for one in running if one.get("start") and one.get("finish") and not one.get("duration")]
    return bool(view.open_work) and len(known) == len(view.open_work)


def _contingencies(view: View) -> bool:
    rough = [one for one in view.open_work if one.get("estimate") == "rough" and one.get("capex")]
    return all(one.get("contingency") not in (None, "") for one in rough)


def _points(view: View) -> bool:
    return bool(view.some("goals")) and points_left(view) == 0


def points_left(view: View) -> float:
    """Return how many of leadership's 100 points are left, negative when too many are spread; NaN where one is no number."""
    try:
        left = GOAL_POINTS - sum(float(one.get("weight", 0)) for one in view.some("goals"))
    except ValueError:
        return math.nan
    return 0.0 if abs(left) <= GOAL_POINTS_TOLERANCE else tidy(left, 1)


def _groups(view: View) -> bool:
    groups = {one.get("group"): one for one in view.round.get("groups", [])}
    return {"business", "it"} <= groups.keys() and all(one.get("invited") for one in groups.values())


def _targets(view: View) -> bool:
    return all(at(view.document, ("facts", "targets", one.id)) for one in AREAS)


def _leads(view: View) -> bool:
    return all(at(view.document, ("facts", "profile", f"{side}_lead")) for side in ("business", "it"))


_NEEDS = (
    Need("page who answered", "a round with its questionnaire", "rounds", lambda view: bool(view.round.get("questionnaire"))),
    Need("page who answered", "for business and IT, how many are invited", "rounds", _groups),
    Need("page the nine areas", "the answers of business", "answers", lambda view: "business" in view.answered),
    Need("page the nine areas", "the answers of IT", "answers", lambda view: "it" in view.answered),
    Need("page the nine areas", "the level leadership wants in each of the nine areas", "targets", _targets),
    Need("page needs", "the answers of business", "answers", lambda view: "business" in view.answered),
    Need("page symptoms and cost", "what symptoms cost a year", "impact", _any("impact")),
    Need("page symptoms and cost", "who agreed to each cost", "impact", _all("impact", "agreed_by")),
    Need("page causes", "interview themes", "themes", _any("themes")),
    Need("page goals", "business goals", "goals", _any("goals")),
    Need("page spending", "IT spending by purpose", "spend", _any("spend")),
    Need("page deadlines", "risks and deadlines", "risks", _any("risks")),
    Need("page what to do", "a business lead and an IT lead", "profile", _leads),
    Need("slide goals", "leadership’s 100 points, spread over the goals", "goals", _points),
    Need("slide goals", "a measure for each goal", "goals", _all("goals", "kpi")),
    Need("slide goals", "an owner of each KPI on both sides", "kpis",
         lambda view: _all("kpis", "owner_business")(view) and _all("kpis", "owner_it")(view)),
    Need("slide cost", "what symptoms cost a year", "impact", _any("impact")),
    Need("slide deadlines", "risks and deadlines", "risks", _any("risks")),
    Need("slide spending", "IT spending by purpose", "spend", _any("spend")),
    Need("slide the ranked list", "initiatives", "initiatives", lambda view: bool(view.open_work)),
    Need("slide the ranked list", "what each initiative contributes to the goals", "initiatives", _work("goals")),
    Need("slide the plan", "each initiative’s quarters of work", "initiatives", _quarters),
    Need("slide money", "each initiative’s capital cost", "initiatives", _work("capex")),
    Need("slide money", "the contingency of each rough estimate", "initiatives", _contingencies),
    Need("slide money", "the budget of each fiscal year", "money", _any("budget")),
    Need("slide people", "the people available in each role", "money", _any("capacity")),
    Need("slide people", "the people each initiative takes", "initiatives", _work("fte")),
    Need("slide next steps", "an owner of each initiative on both sides", "initiatives", _work("owner_business", "owner_it")),
)  # fmt: skip


def needs() -> int:
    """Return how many different things the pages need."""
    return len({(need.what, need.section) for need in _NEEDS})


def missing(view: View) -> list[Missing]:
    """Return what is missing, each thing once with all pages that lack it, in the order of the pages."""
    found: dict[tuple[str, str], list[str]] = {}
    for need in _NEEDS:
        if not need.met(view):
            found.setdefault((need.what, need.section), []).append(need.page)
    return [Missing(what, tuple(pages), section) for (what, section), pages in found.items()]


def pages_of(missing_: Sequence[Missing]) -> str:
    """Return the pages that lack something, in words: "assessment pages on needs and goals, roadmap slide on money".

    They are named, for their numbers follow from what is shown.
    """
    pages = {page for one in missing_ for page in one.pages}
    named = [need.page for need in _NEEDS if need.page in pages]
    told, slides = (
        [page.removeprefix(kind) for page in dict.fromkeys(named) if page.startswith(kind)]
        for kind in ("page ", "slide ")
    )
    said = [f"assessment page{'s' if len(told) > 1 else ''} on {joined(told)}"] if told else []
    said += [f"roadmap slide{'s' if len(slides) > 1 else ''} on {joined(slides)}"] if slides else []
    return ", ".join(said)


def lacking(found: Sequence[Document], fields: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield, for each wanted field, how many entries lack it: "2 without an owner"."""
    for name, words in fields:
        number = sum(not one.get(name) for one in found)
        if number:
            yield f"{number} without “{words}”"


def unfilled(document: Document, path: Path, wanted: Sequence[tuple[str, str]], is_list: bool) -> list[str]:
    """Return what is wanted of a section that has something recorded and not filled in: "1 without “Owner”", or "Sector"."""
    here = at(document, path)
    if is_list:
        return list(lacking(here or [], wanted))
    return [words for name, words in wanted if not (here or {}).get(name)]


def progress(document: Document, path: Path, wanted: Sequence[tuple[str, str]], is_list: bool) -> str:
    """Return one line on what is recorded in a section: how many entries, and how many lack what."""
    here, left = at(document, path), unfilled(document, path, wanted, is_list)
    if is_list:
        return f"{len(here)} recorded{'; ' if left else ''}{', '.join(left)}." if here else "Nothing is recorded yet."  # fmt: skip
    if not wanted:
        return "Recorded." if here else "Nothing is recorded yet; no page has to have it."
    return f"Not filled in: {', '.join(left)}." if left else "All filled in."
