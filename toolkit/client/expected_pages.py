"""What the head-counts of a round will let its pages show, said before invitations go out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from toolkit.client.calendar import FiscalYear, Quarter
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.record import Record
from toolkit.client.schema import Initiative, Round, RoundGroup
from toolkit.method import AREAS, CLEAR, COMPARED, GROUP_NAMES, NEEDS, SYMPTOMS, Group
from toolkit.words import part_of, plain

Shown = Mapping[Group, RoundGroup]

_NAMES: dict[Group, str] = {**GROUP_NAMES, "provider": "The provider"}


def pages_expected(record: Record, round_id: str) -> list[str]:
    """Return one sentence for each group of a round, then what pages 2, 3, 4 and 8 will be able to show.

    Raises
    ------
    KeyError
        When the record holds no such round.
    """
    one = record.round(round_id)
    questionnaire = record.questionnaire_of(one)
    if questionnaire is None:
        return [f"Round {one.id} names no questionnaire, so its pages show no scores."]
    if not one.groups:
        return [f"Round {one.id} lists no groups, so its pages show no scores."]
    shown = {group.group: group for group in one.groups if _can_be_shown(group)}
    return [
        *map(_sentence, one.groups),
        _areas(questionnaire, shown),
        _needs(questionnaire, shown),
        _symptoms(questionnaire, shown),
        _movements(record, one, shown),
    ]


def plan_expected(record: Record) -> list[str]:
    """Return what the plan will have to say of itself: running work, its dates, rough estimates."""
    fiscal = record.facts.profile.fiscal
    live = [one for one in record.initiatives if one.is_open]
    fixed = [one for one in live if one.status == "in progress" or one.mandatory]
    unknown = [one for one in fixed if one.capex is None or one.quarters(fiscal) is None
               or (one.status == "in progress" and one.start is None)]  # fmt: skip
    rough = [one for one in live if one.lacks_contingency]
    clashes = [clash for one in live if (clash := _clash(one, fiscal))]
    out = []
    if unknown:
        out.append(
            f"The slides of the ranked list, the plan, money and people: {len(unknown)} of {len(fixed)} initiatives under way or mandatory will not be counted, "
            f"because their cost, start or duration is not known: {', '.join(one.id for one in unknown)}."
        )
    if clashes:
        out.append(
            "The deck: of work under way the recorded finish decides, not start and duration: "
            f"{'; '.join(clashes)}; correct the finish or the duration."
        )
    if rough:
        out.append(
            f"The slide of money: {len(rough)} rough {'estimate has' if len(rough) == 1 else 'estimates have'} no contingency, "
            f"so nothing is added: {', '.join(one.id for one in rough)}; ask what to add, and write 0 for nothing."
        )
    return out


def slides_left_out(record: Record) -> list[str]:
    """Return a sentence that names the slides which the deck leaves out, where it leaves any."""
    keys = record.facts.deck.leave_out
    if not keys:
        return []
    return [
        f"The deck leaves out, as client.yaml says: {', '.join(keys)}; the presenter’s notes to the cover say what they would show."
    ]


def goals_beside_their_kpis(record: Record) -> list[str]:
    """Return a sentence for each goal that states another baseline or target than its KPI, which no page shows."""
    kpis = {one.id: one for one in record.facts.kpis}
    return [
        f"Goal {goal.id} has a {field} of {plain(stated)}, its KPI {kpi.id} one of {plain(shown)}: pages show the KPI’s; "
        "correct the one that is wrong, or leave the goal’s out."
        for goal in record.facts.goals
        if (kpi := kpis.get(goal.kpi or ""))
        for field in ("baseline", "target")
        if (stated := getattr(goal, field)) is not None
        and (shown := getattr(kpi, field)) is not None
        and stated != shown
    ]


def _clash(one: Initiative, fiscal: FiscalYear) -> str:
    """Name running work whose start and duration end in another quarter than its recorded finish; "" where they agree."""
    if one.status != "in progress" or not (one.start and one.duration and one.finish):
        return ""
    counted, stated = one.start.plus(one.duration - 1), Quarter.of(one.finish, fiscal)
    return f"{one.id}, which finishes in {stated}, not {counted}" if counted != stated else ""


def names_given_twice(record: Record) -> list[str]:
    """Return a sentence for each name that two goals, risks, measures or initiatives share: pages cannot tell them apart."""
    facts, out = record.facts, []
    for what, rows in (
        ("goals", facts.goals),
        ("risks", facts.risks),
        ("measures", facts.kpis),
        ("initiatives", record.initiatives),
    ):
        ids: dict[str, list[str]] = {}
        for row in rows:
            ids.setdefault(" ".join(row.name.casefold().split()), []).append(row.id)
        out += [
            f"The {what} {' and '.join(same)} have one name, so no page tells them apart: name them apart."
            for same in ids.values()
            if len(same) > 1
        ]
    return out


def _areas(questionnaire: Questionnaire, shown: Shown) -> str:
    asked = sum(bool(questionnaire.of(area.id)) for area in AREAS)
    what = f"Page 2: {part_of(asked, len(AREAS), 'area')}"
    absent = [_NAMES[group] for group in COMPARED if group not in shown]
    if len(absent) == len(COMPARED):
        return "Page 2: nothing, because neither business nor IT will have scores."
    if absent:
        return f"{what}, without a perception gap: {absent[0]} will have no scores on the pages."
    sides = [shown[group] for group in COMPARED]
    positions = sum(side.answers_by != "survey" for side in sides)
    if positions:
        how = "as two positions" if positions == 2 else "the position against the spread of the other side"
        return f"{what}, business beside IT, {how}."
    n, m = (side.invited or 0 for side in sides)
    return f"{what}, business beside IT, {_certainty(questionnaire, n, m)}."


def _certainty(questionnaire: Questionnaire, n: int, m: int) -> str:
    """Say how sure a gap can be where at most so many people answer on each side; 0 is unknown."""
    tested = sum(bool(questionnaire.of(each.id)) for each in (*AREAS, *SYMPTOMS))
    needed = at_once([smallest_p(n, m)] * tested) if n and m else 1
    if needed is None:
        return f"but with {n} and {m} people no difference can be called clear"
    if needed == 1:
        return "each gap with how sure it is"
    return (
        f"each gap with how sure it is; with {n} and {m} people, even if all answer, at least {needed} of the "
        f"{tested} areas and symptoms tested must differ at once before any can be called clear"
    )


def _needs(questionnaire: Questionnaire, shown: Shown) -> str:
    asked = sum(bool(questionnaire.of(need.id, "importance")) for need in NEEDS)
    if not asked:
        return "Page 3: nothing, because this questionnaire does not ask about needs."
    if "business" not in shown:
        return "Page 3: nothing, because needs are what the business says, and it will have no scores."
    return f"Page 3: {part_of(asked, len(NEEDS), 'need')}, importance against satisfaction."


def _symptoms(questionnaire: Questionnaire, shown: Shown) -> str:
    asked = sum(bool(questionnaire.of(symptom.id)) for symptom in SYMPTOMS)
    if not asked or not shown:
        return "Page 4: only what the record says of costs and late projects; no symptom will have scores."
    return f"Page 4: {part_of(asked, len(SYMPTOMS), 'symptom')}, beside what the record says they cost."


def _movements(record: Record, one: Round, shown: Shown) -> str:
    earlier = [each for each in record.rounds if each.as_of < one.as_of and each.questionnaire]
    if not earlier:
        return "Page 8: no movement, because no earlier round asked questions."
    then = {each.group: each for each in earlier[-1].groups if _can_be_shown(each)}
    alike = [
        _NAMES[group] for group in shown
        if group in then and (then[group].answers_by == "survey") == (shown[group].answers_by == "survey")
    ]  # fmt: skip
    if not alike:
        return f"Page 8: no movement since {earlier[-1].id}, because no group answers as it did then."
    return f"Page 8: movement since {earlier[-1].id} on the questions both rounds ask, for {' and '.join(alike)}."


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


def smallest_p(n: int, m: int) -> float:
    """Smallest p-value that groups of these sizes can reach, 2 / C(n + m, n): no answer of one within the other's.

    Where people within a group differ, Welch's p, of which the larger of the two is taken, stands above it.
    """
    return min(1.0, 2 / math.comb(n + m, n))


def at_once(least: Sequence[float]) -> int | None:
    """How many differences must be found at once before any can be called clear; None where none ever can.

    Benjamini–Hochberg calls k of m clear only where the k-th smallest p is at most .05 · k / m.

    Parameters
    ----------
    least : sequence of float
        The smallest p that each of the m differences tested together can reach.
    """
    m = len(least)
    return next((k for k, p in enumerate(sorted(least), 1) if p * m / k <= CLEAR * (1 + 1e-9)), None)
