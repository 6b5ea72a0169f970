"""Who a survey's reply is from: one group for a whole file, or a column whose words are a group's names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.client.faults import listed
from toolkit.errors import Fault, InputError, shown
from toolkit.intake.survey_answers import plain
from toolkit.intake.survey_layouts import Export, Heading, cell_at
from toolkit.intake.survey_map import SurveyMap
from toolkit.intake.table import Cell, Raw
from toolkit.method import GROUPS, Group

MOST_WORDS = 20
_WORDS: Mapping[str, Group] = {
    "business": "business", "the business": "business", "fachbereich": "business", "métier": "business", "negocio": "business",
    "it": "it", "it department": "it", "information technology": "it", "informatique": "it", "informatik": "it", "ti": "it",
    "provider": "provider", "it provider": "provider", "outsourced provider": "provider", "service provider": "provider",
}  # fmt: skip
_ASKS = re.compile(
    r"\b(groups?|part of the (company|organi[sz]ation|business)|departments?|business unit|your unit|division"
    r"|gruppe|abteilung|bereich|groupe|département|grupo|departamento)\b"
)


@dataclass(frozen=True)
class Grouping:
    """Where a reply's group stands.

    Attributes
    ----------
    everyone : str or None
        The group of all replies.
    column : Heading or None
        The column that says it.
    words : mapping
        What the column's words mean, lower case.
    """

    everyone: Group | None = None
    column: Heading | None = None
    words: Mapping[str, Group] = field(default_factory=dict)

    def said(self, cells: Sequence[Cell]) -> str:
        """Return a reply's own word for its group; empty when all are of one, or it says nothing."""
        cell = cell_at(cells, self.column.index) if self.column else None
        return "" if cell is None else " ".join(str(cell).split())

    def of(self, cells: Sequence[Cell]) -> Group | None:
        """Return the group of a reply; None when it says none that is known."""
        return self.everyone or self.words.get(plain(self.said(cells)))

    def used_words(self, export: Export) -> dict[str, Group]:
        """Return the client's own words that stand in the export, with what they mean."""
        said = sorted({self.said(cells) for _, cells in export.rows})
        return {word: self.words[plain(word)] for word in said if plain(word) in self.words}


def grouping_of(
    raw: Raw, export: Export, used: set[int], group: str, given: SurveyMap, known: SurveyMap
) -> Grouping:
    """Return where the group of a reply stands.

    A column is the group's when a map says so, when each of its cells is a word for a group, or when its
    heading asks for one ("Which part of the company do you work in?").

    Raises
    ------
    InputError
        When the group is unknown, or no column or several may say it.
    """
    if group:
        found = next((one for one in GROUPS if one == group), None)
        if found is None:
            raise InputError([Fault("--group", group, f"one of: {', '.join(GROUPS)}", "Correct the group.")])
        faults = _contradicting(raw, export, used, found)
        if faults:
            raise InputError(faults)
        return Grouping(found)
    words = {**_WORDS, **_plain(known.groups), **_plain(given.groups)}
    for told in (given.group, known.group):
        column = next((one for one in export.headings if told and plain(told) in one.keys), None)
        if column and column.index not in used:
            return Grouping(None, column, words)
    free = [one for one in export.headings if one.index not in used]
    fitting = [one for one in free if (said := _said(export, one)) and said <= set(words)]
    if not fitting:
        fitting = [
            one for one in free if _ASKS.search(plain(one.name)) and len(_said(export, one)) <= MOST_WORDS
        ]
    if len(fitting) == 1:
        return Grouping(None, fitting[0], words)
    found_text = (
        f"the columns {listed(one.name for one in fitting)}" if fitting else "no column that names a group"
    )
    allowed = "one column with business, IT or provider in every row, or one file for each group"
    remedy = "Name the column in a map with --map, under group, or export each group by itself and say which with --group."  # fmt: skip
    raise InputError([Fault(raw.place(1), found_text, allowed, remedy)])


def _contradicting(raw: Raw, export: Export, used: set[int], group: Group) -> list[Fault]:
    """Return a fault for each column whose every word is a group's name, and one another's than all are said to be of."""
    faults = []
    for one in export.headings:
        said = set() if one.index in used else _said(export, one)
        others = sorted(word for word in said if _WORDS.get(word, group) != group)
        if others and said <= set(_WORDS):
            remedy = "Leave --group out, so that the column says each reply's group; or export each group by itself."
            found, allowed = listed(others), f"{group} in every row, as --group says"
            faults.append(Fault(raw.place(1, one.name), found, allowed, remedy))
    return faults


def unknown_words(raw: Raw, export: Export, grouping: Grouping) -> list[Fault]:
    """Return a fault for each word of the group's column that no group is known for, with how many say it."""
    if grouping.column is None:
        return []
    said = Counter(word for _, cells in export.rows if (word := grouping.said(cells)))
    unknown = [word for word in said if plain(word) and plain(word) not in grouping.words]
    return [
        Fault(
            raw.place(1, grouping.column.name),
            f"{word} ({said[word]} replies)" if said[word] > 1 else f"{word} (1 reply)",
            "business, IT or provider, or a word that a map says is one of them",
            f"Say in a map which group it is, as groups: {{'{shown(word)}': business}}, or leave these out with --partial.",
        )
        for word in unknown
    ]


def _plain(groups: Mapping[str, Group]) -> dict[str, Group]:
    return {plain(word): group for word, group in groups.items()}


def _said(export: Export, heading: Heading) -> set[str]:
    cells = (cell_at(cells, heading.index) for _, cells in export.rows)
    return {plain(str(cell)) for cell in cells if cell is not None} - {""}
