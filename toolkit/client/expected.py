"""What the head-counts of a round will let its pages show, said before invitations go out."""

from __future__ import annotations

from toolkit.client.constructs import Group
from toolkit.client.facts import RoundGroup
from toolkit.client.record import Record

_NAMES: dict[Group, str] = {"business": "Business", "it": "IT", "provider": "The provider"}
_COMPARED: tuple[Group, Group] = ("business", "it")


def pages_expected(record: Record, round_id: str) -> list[str]:
    """Return one sentence for each group of a round, and one on whether a gap can be shown.

    Raises
    ------
    KeyError
        When the record holds no such round.
    """
    one = record.round(round_id)
    if one.questionnaire is None:
        return [f"Round {one.id} names no questionnaire, so its pages show no scores."]
    if not one.groups:
        return [f"Round {one.id} lists no groups, so its pages show no scores."]
    sentences = [_sentence(group) for group in one.groups]
    shown = {group.group for group in one.groups if _can_be_shown(group)}
    absent = [_NAMES[group] for group in _COMPARED if group not in shown]
    if absent:
        sentences.append(
            f"No perception gap can be shown: {' and '.join(absent)} will have no scores on the pages."
        )
    return sentences


def _can_be_shown(group: RoundGroup) -> bool:
    return group.answers_by != "survey" or group.invited is None or group.invited >= group.minimum


def _sentence(group: RoundGroup) -> str:
    name, invited = group.label or _NAMES[group.group], group.invited
    if group.answers_by == "consensus":
        people = f"{invited} people" if invited else "its people"
        return f"{name}: {people} answer together; the pages show one agreed position, without an interval."
    if group.answers_by == "named":
        return (
            f"{name}: one person answers; the pages show that person's view, attributed, without an interval."
        )
    if invited is None:
        return f"{name}: surveyed, number invited unknown; scores are shown from {group.minimum} answers."
    if invited < group.minimum:
        return (
            f"{name}: hidden, because {invited} are invited and scores need {group.minimum} answers; "
            "answer as one agreed position instead, or invite more."
        )
    rate = -(-100 * group.minimum // invited)
    return (
        f"{name}: surveyed, scores are shown from {group.minimum} answers of {invited} invited "
        f"(a response rate of {rate} %); below that the group is hidden."
    )
