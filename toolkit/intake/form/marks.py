"""How each section stands: what is wrong in it and under which fields, what is open, and how far one is in all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from toolkit.errors import Fault
from toolkit.intake.completeness import Missing, View, missing, needs, progress, unfilled
from toolkit.intake.document import Document, Path, at, entries, is_list
from toolkit.intake.document_files import checked
from toolkit.intake.draft import Draft
from toolkit.intake.form.entry import faults_in
from toolkit.intake.form.places import concerned, in_words, place
from toolkit.intake.form.sections import BY_KEY, PARTS, Part
from toolkit.words import counted, joined

MOST_NAMED = 3  # places of mistakes named in a line


@dataclass(frozen=True)
class Mark:
    """How a section stands: mistakes, things open that a page has to have, whether anything is recorded, and all that is wanted."""

    wrong: int
    open: int
    recorded: bool
    filled: bool

    @property
    def sign(self) -> str:
        """The sign of its state."""
        if self.wrong:
            return "✗"
        if self.open or (self.recorded and not self.filled):
            return "○"
        return "✓" if self.recorded else "–"

    @property
    def words(self) -> str:
        """How many are wrong, or else open, as it stands behind a section's name; "" where it is complete."""
        if self.wrong:
            return f": {self.wrong} wrong"
        return f": {self.open} open" if self.open else ""


@dataclass(frozen=True)
class Judged:
    """A mistake, or what a record must have and lacks: the fault in the form's words, the section and entry, the fields it concerns."""

    fault: Fault
    section: str
    entry: str
    fields: tuple[tuple[Path, Fault], ...]

    @property
    def is_open(self) -> bool:
        """Whether it is only not filled in."""
        return self.fault.found == "nothing"


@dataclass(frozen=True)
class Marks:
    """A draft, judged: every mistake, and what the pages lack."""

    document: Document
    judged: tuple[Judged, ...]
    lacks: tuple[Missing, ...]

    @classmethod
    def of(cls, draft: Draft) -> Marks:
        """Judge a draft as it stands."""
        document = draft.document
        found = checked(draft.record, draft.recorded, document)
        judged = [
            Judged(*in_words(document, fault), tuple(concerned(document, fault))) for fault in found.faults
        ]
        if found.facts is None:  # then only each value was looked at, not what an entry says against itself
            known = {(one.section, one.entry, one.fault.found) for one in judged}
            judged += [one for one in _contradicted(document) if (one.section, one.entry, one.fault.found) not in known]  # fmt: skip
        return cls(document, tuple(judged), tuple(missing(View(document, draft.record))))

    def mark(self, key: str) -> Mark:
        """Return how a section stands."""
        judged = [one for one in self.judged if one.section == key]
        still = sum(one.is_open for one in judged)
        part = BY_KEY.get(key)
        recorded = part is None or bool(at(self.document, part.path))
        filled = part is None or is_filled(part, self.document)
        return Mark(len(judged) - still, still + len(self.missing(key)), recorded, filled)

    def missing(self, key: str) -> list[Missing]:
        """Return what a page lacks that is filled in under a section."""
        return [one for one in self.lacks if one.section == key]

    def mistakes(self, key: str) -> str:
        """Return how many mistakes a section has, and where the first are; "" where it has none."""
        title = f"{BY_KEY[key].title}, " if key in BY_KEY else ""
        wrong = [one for one in self.judged if one.section == key and not one.is_open]
        places = list(dict.fromkeys(one.fault.where.removeprefix(title) for one in wrong))
        if not wrong:
            return ""
        more = len(places) - MOST_NAMED
        named = [*places[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])]
        return f"✗ {counted(len(wrong), 'mistake')}: {joined(named)}."

    def line(self, part: Part) -> str:
        """Return one line on how a section stands."""
        mark, said = self.mark(part.key), section_line(part, self.document)
        return " ".join([self.mistakes(part.key), *([said] if mark.open else [])]) if mark.wrong else said

    def faults(self, path: Path) -> Iterator[tuple[str, Fault]]:
        """Yield what concerns the fields of an entry, or group of fields, at a path: the field's name and the fault."""
        for one in self.judged:
            for where, fault in one.fields:
                # A fault of a whole list concerns the field in each of its entries.
                if where[:-1] == path or (where[:-1] == path[:-1] and at(self.document, where) is None):
                    yield where[-1], fault

    @property
    def progress(self) -> tuple[int, int]:
        """How many of the things that the pages need are there, and how many they need."""
        whole = needs()
        return whole - len(self.lacks), whole

    @property
    def wrong(self) -> int:
        """How many mistakes there are, in all sections."""
        return sum(not one.is_open for one in self.judged)


def _contradicted(document: Document) -> Iterator[Judged]:
    """Yield what the entries of the facts' lists say against themselves; they tell it under their own fields."""
    for part in PARTS:
        if part.path[0] != "facts" or not is_list(part.path):
            continue
        for entry in entries(document, part.path):
            for name, fault in faults_in(part, entry):
                if not fault.where:  # else told of another field
                    where = place(document, (*part.path, entry["id"], name))
                    yield Judged(replace(fault, where=where), part.key, entry["id"], ())


def section_line(part: Part, document: Document) -> str:
    """Return the progress line of a section."""
    return progress(document, part.path, _wanted(part), is_list(part.path))


def is_filled(part: Part, document: Document) -> bool:
    """Whether nothing that is wanted of a section is missing, whether a page has to have it or not."""
    return not unfilled(document, part.path, _wanted(part), is_list(part.path))


def _wanted(part: Part) -> list[tuple[str, str]]:
    """Return the fields of a section that a page is the poorer without, with what they are called."""
    return [(ask.name, ask.label) for ask in part.asks if ask.wanted or (not part.one and ask.kind == "rows")]
