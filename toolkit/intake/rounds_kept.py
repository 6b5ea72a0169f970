"""What a draft may not do to a round that people have answered: the way they answered, and a closed round, stay."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.client.parts import FACTS
from toolkit.client.record import Record
from toolkit.errors import Fault
from toolkit.intake.document import Document, answered_together, answers_by, at, entries

_ROUNDS = ("facts", "rounds")
_ASK_AGAIN = "Put it back as it was; to ask in another way, add a new round in which everyone is asked again."


def faults_of_rounds(record: Record, recorded: Document, document: Document) -> Iterator[Fault]:
    """Yield what a draft changes of answered or closed rounds, and each position of a group that answers alone.

    A reply given in confidence must not become a position on the record, nor the other way round (METHOD §4),
    and a closed round is not issued again with other answers.
    """
    answered = {(one.round, one.group) for one in record.responses}
    answered |= {(one.round, one.group) for one in record.aggregates}
    for number, was in enumerate(entries(recorded, _ROUNDS), start=1):
        now = at(document, (*_ROUNDS, was["id"]))
        where = f"{FACTS}, rounds, entry {number} ({was['id']})"
        if now is None:
            if any(round_id == was["id"] for round_id, _ in answered):
                yield Fault(where, "a round removed that people have answered", "the round, as long as its answers are kept", "Undo the removal.")  # fmt: skip
            continue
        for name, before, after in _groups(was, now):
            if (was["id"], name) in answered and after and answers_by(before) != answers_by(after):
                found = (
                    f"{name} answers by {answers_by(after)}, though it has answered by {answers_by(before)}"
                )
                yield Fault(f"{where}, field groups", found, "the way in which it has answered", _ASK_AGAIN)
            kept = ("mode", "minimum") if _says_why(before, after) else ("mode", "minimum", "invited")
            if was.get("closed") and any(before.get(one) != after.get(one) for one in kept):
                found = f"another mode, head-count or minimum of {name}, in a round that closed on {was['closed']}"
                yield Fault(f"{where}, field groups", found, "a closed round as it was published", _ASK_AGAIN)
        if was.get("closed") and at(document, ("positions", was["id"])) != at(recorded, ("positions", was["id"])):  # fmt: skip
            found = f"other scores, in a round that closed on {was['closed']}"
            yield Fault(where, found, "a closed round as it was published", "Take the change back; ask again in a new round.")  # fmt: skip
    yield from _positions_of_surveyed(document)


def _groups(was: Document, now: Document) -> Iterator[tuple[str, Document, Document]]:
    after = {one.get("group"): one for one in now.get("groups", ())}
    for one in was.get("groups", ()):
        yield one["group"], one, after.get(one["group"], {})


def _says_why(before: Document, after: Document) -> bool:
    """Whether a head-count's correction comes with a reason of its own."""
    return bool(after.get("correction")) and after.get("correction") != before.get("correction")


def _positions_of_surveyed(document: Document) -> Iterator[Fault]:
    for number, one in enumerate(entries(document, _ROUNDS), start=1):
        together = answered_together(one)
        for group in at(document, ("positions", one["id"])) or {}:
            if group not in together:
                where = f"{FACTS}, rounds, entry {number} ({one['id']}), field groups"
                found = f"an agreed position of {group}, which answers by survey"
                yield Fault(where, found, "a position of a group that answers by consensus or as one named person", "Let the group answer together, or undo the scores.")  # fmt: skip
