"""Where the consultant's own words, or a decision, contradict another page: told to the consultant, never changed."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.assess.assess import assess
from toolkit.assess.commitments import Commitments, Standing, live, resembles, to_be_stopped
from toolkit.client.parts import INITIATIVES, entry
from toolkit.client.record import Record

_REMEDY = "Word it otherwise; or pin the initiative out in the scenario that the plan follows, so that all pages agree."


def clashes(record: Record, round_id: str = "") -> tuple[str, ...]:
    """Return a sentence for each wording, recommendation or decision that clashes with another page.

    Raises
    ------
    InputError
        When an adjustment or a completed recommendation of the round is at fault.
    KeyError
        When the record holds no such round.
    """
    round_, facts = record.round(round_id), record.facts
    texts = [
        (entry("recommendations", n, advice.id, field), advice.id, text, advice.initiative)
        for n, advice in enumerate(facts.recommendations) if advice.round == round_.id
        for field, text in (("action", advice.action), ("decision", advice.decision)) if text
    ]  # fmt: skip
    texts += [
        (entry("adjustments", n, made.id, "wording"), made.subject, made.wording, None)
        for n, made in enumerate(facts.adjustments)
        if made.round == round_.id and made.kind == "recommendation" and made.wording
    ]
    mandatory = _rejected_though_mandatory(Standing(record, round_.as_of))
    return (*mandatory, *(_clashes(record, round_.id, texts) if texts else ()))


def _rejected_though_mandatory(standing: Standing) -> Iterator[str]:
    for work in live(standing.record):
        if work.mandatory and work.id in standing.rejected:
            yield (
                f"{INITIATIVES}: “{work.name}” is mandatory ({work.mandatory}), yet it {standing.rejected[work.id]}. "
                "Ask leadership which of the two stands; empty mandatory, or record the new decision."
            )


def _clashes(record: Record, round_id: str, texts: list[tuple[str, str, str, str | None]]) -> Iterator[str]:
    assessment = assess(record, round_id)
    held = Commitments(record, assessment).held
    names = {work.id: work.name for work in record.initiatives}
    for where, subject, text, carrier in texts:
        what = to_be_stopped(text)
        if not what:
            continue
        for id, reason in sorted(held.items()):
            named = names[id].casefold() in what.casefold() or resembles(names[id], what)
            if named or id == carrier:
                yield f"{where}: “{text}” would stop “{names[id]}”, which {reason}. {_REMEDY}"
        for other in assessment.recommendations:
            if other.id != subject and not to_be_stopped(other.action) and resembles(what, other.action):
                yield f"{where}: “{text}” would stop what {other.id} asks for: “{other.action}”. Word one of them otherwise."
