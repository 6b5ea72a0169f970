"""The consultant's adjustments of findings and recommendations: reworded, moved or left out, each with a reason.

Numbers stay computed: a wording refers to them by name, ``{gap}``, and a number typed into it must be one that
the evidence holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from toolkit.assess.evidence import PLACE, Evidence, filled
from toolkit.assess.statements import Adjusted, Finding, Recommendation
from toolkit.client.faults import closest, listed
from toolkit.client.parts import entry
from toolkit.client.record import Record
from toolkit.client.schema import Adjustment, Round
from toolkit.errors import Fault, InputError

Item = TypeVar("Item", Finding, Recommendation)

_NUMBER = re.compile(r"(?<!\w)\d+(?:[.,]\d+)*(?!\w)")


@dataclass
class Adjustments:
    """The adjustments of one round, applied to one list after another; faults and changes are collected.

    Attributes
    ----------
    log : list of Adjusted
        What was changed, in the order of the record.
    faults : list of Fault
        What is about nothing that this round holds, or uses a name or a number that the evidence does not.
    known : list of str
        Ids of the findings and recommendations that the round holds.
    """

    record: Record
    round: Round
    log: list[Adjusted] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    known: list[str] = field(default_factory=list)

    def findings(self, computed: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Reword, leave out and move findings."""
        return self._adjusted("finding", computed, "statement")

    def recommendations(
        self, computed: tuple[Recommendation, ...], uncompleted: Callable[[], tuple[Recommendation, ...]]
    ) -> tuple[Recommendation, ...]:
        """Reword, leave out and move recommendations; a rank of nothing in either list is a fault.

        ``uncompleted`` returns what would be recommended had the consultant completed nothing.
        """
        self._completed_in_vain([made.id for made in computed], uncompleted)
        adjusted = self._adjusted("recommendation", computed, "action")
        for index, rank in self._of("rank"):
            if rank.subject not in self.known:
                self._unknown(index, rank, self.known)
        return adjusted

    def _completed_in_vain(
        self, known: list[str], uncompleted: Callable[[], tuple[Recommendation, ...]]
    ) -> None:
        """Fault what completes a recommendation that this round does not make, unless an initiative carries it."""
        carried = {initiative.id for initiative in self.record.initiatives}
        for index, added in enumerate(self.record.facts.recommendations):
            if added.round != self.round.id or added.id in known or added.initiative or added.id in carried:
                continue
            remedy = f"{closest(added.id, known)}Copy the id from findings.json; or write an action and a why, to make it your own."
            if added.id in {made.id for made in uncompleted()}:
                remedy = "Your other recommendations leave nothing of it, since they hold the work that it was about: take this entry away, or theirs."
            self.faults.append(
                Fault(
                    entry("recommendations", index, added.id, "id"),
                    added.id,
                    f"a recommendation of round {self.round.id}: {listed(known)}",
                    remedy,
                )
            )

    def _adjusted(self, kind: str, items: tuple[Item, ...], sentence: str) -> tuple[Item, ...]:
        by_id = {item.id: item for item in items}
        self.known += by_id
        for index, made in self._of(kind):
            item = by_id.get(made.subject)
            if item is None:
                self._unknown(index, made, by_id)
            elif made.wording is None:
                self._log(made, getattr(item, sentence), "")
                del by_id[made.subject]
            else:
                text = self._worded(index, made, made.wording, item.evidence)
                self._log(made, getattr(item, sentence), text)
                by_id[made.subject] = replace(item, template=made.wording, **{sentence: text})  # type: ignore[arg-type]
        return tuple(by_id[id] for id in self._ranked(list(by_id)))

    def raise_faults(self) -> None:
        """Raise InputError with every fault met, if any was."""
        if self.faults:
            raise InputError(self.faults)

    def _of(self, kind: str) -> Iterator[tuple[int, Adjustment]]:
        for index, made in enumerate(self.record.facts.adjustments):
            if made.kind == kind and made.round == self.round.id:
                yield index, made

    def _ranked(self, order: list[str]) -> list[str]:
        for _, made in self._of("rank"):
            if made.subject in order:
                before, place = order.index(made.subject) + 1, int(made.value or 1)
                order.remove(made.subject)
                order.insert(place - 1, made.subject)
                self._log(made, f"place {before}", f"place {order.index(made.subject) + 1}")
        return order

    def _log(self, made: Adjustment, before: str, after: str) -> None:
        self.log.append(Adjusted(made.kind, made.subject, None, before, after, made.reason))

    def _unknown(self, index: int, made: Adjustment, known: Iterable[str]) -> None:
        what = "finding or recommendation" if made.kind == "rank" else made.kind
        self.faults.append(
            Fault(
                entry("adjustments", index, made.id, "subject"),
                made.subject,
                f"a {what} of round {self.round.id}: {listed(known)}",
                f"{closest(made.subject, list(known))}Copy the id from findings.json, or take the adjustment out.",
            )
        )

    def _worded(self, index: int, made: Adjustment, wording: str, evidence: Sequence[Evidence]) -> str:
        """Fill the wording in; a name or number that the evidence does not hold is a fault."""
        where, names = entry("adjustments", index, made.id, "wording"), [fact.name for fact in evidence]
        unknown = [name for name in PLACE.findall(wording) if name not in names]
        said = " ".join(fact.said for fact in evidence)
        typed = [n for n in _NUMBER.findall(PLACE.sub("", wording)) if n not in _NUMBER.findall(said)]
        allowed = f"the names of its evidence: {listed([f'{{{name}}}' for name in names]) or 'none'}"
        if unknown:
            found = ", ".join(f"{{{name}}}" for name in unknown)
            self.faults.append(Fault(where, found, allowed, "Use one of these names, or take it out."))
        if typed:
            found = f"the number {', '.join(typed)}, typed by hand"
            remedy = "Write the name in braces instead, so that the number stays the computed one; or say it in the reason."
            self.faults.append(Fault(where, found, allowed, remedy))
        return filled(wording, evidence)
