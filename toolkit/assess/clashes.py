"""Where the consultant's own words, or a decision, contradict another page: told to the consultant, never changed."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.assess.assessing import assess
from toolkit.assess.commitments import Commitments, to_be_stopped
from toolkit.assess.resemblance import resembles
from toolkit.assess.standing import Standing
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
    one, facts = record.round(round_id), record.facts
    texts = [
        (entry("recommendations", n, advice.id, field), advice.id, text, advice.initiative)
        for n, advice in enumerate(facts.recommendations) if advice.round == one.id
        for field, text in (("action", advice.action), ("decision", advice.decision)) if text
    ]  # fmt: skip
    texts += [
        (entry("adjustments", n, made.id, "wording"), made.subject, made.wording, None)
        for n, made in enumerate(facts.adjustments)
        if made.round == one.id and made.kind == "recommendation" and made.wording
    ]
    mandatory = _rejected_though_mandatory(Standing(record, one.as_of))
    return (*mandatory, *(_clashes(record, one.id, texts) if texts else ()))


def _rejected_though_mandatory(standing: Standing) -> Iterator[str]:
    for one in standing.record.initiatives:
        if one.mandatory and one.is_open and one.id in standing.rejected:
            yield (
                f"{INITIATIVES}: “{one.name}” is mandatory ({one.mandatory}), yet it {standing.rejected[one.id]}. "
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
