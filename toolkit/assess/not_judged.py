"""What could not be judged, and which input would allow it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolkit.assess.assessment import Assessment
from toolkit.assess.commitments import Standing
from toolkit.assess.confidentiality import minimum_of
from toolkit.assess.difference import ADJUSTED, NO_SPREAD
from toolkit.assess.statements import NotJudged
from toolkit.client.record import Record
from toolkit.client.schema import Goal, Kpi
from toolkit.method import COMPARED, FEWEST_RANKED, GROUP_NAMES
from toolkit.words import capital, count, joined, number_word, part_of

INDIVIDUAL = "individual answers of five or more people on each side"
WOULD_SAY_HOW_SURE = {
    ADJUSTED: "the score left as the answers give it",
    NO_SPREAD: "answers that differ within both groups",
}

# What the path of a measure with a target may lack, in the order in which it is asked for.
DATED_BASELINE, BASELINE, BASELINE_DATE = "a dated baseline", "the baseline", "the baseline’s date"
TARGET_DATE, READINGS = "the target’s date", "readings"
# When work ends: by its completion date, or as its start and duration give it.
_END, REST_ENDS = "end date", "; when the rest ends is recorded, or follows from start and duration"
_PATH = (DATED_BASELINE, BASELINE, BASELINE_DATE, TARGET_DATE, READINGS)


def not_judged(record: Record, a: Assessment) -> tuple[NotJudged, ...]:
    """List what is missing, in the order of the pages."""
    return (*_groups(record, a), *_survey(a), *_pages(record, a), *_measures(record, a), *_plan(record, a))


def _groups(record: Record, a: Assessment) -> Iterator[NotJudged]:
    """Yield the sides that were not asked, or may not be shown."""
    if not a.groups:
        needs = "a survey round, answered by business and by IT"
        yield NotJudged("How business and IT see each other", "nobody has been asked", needs)
        return
    for side in COMPARED:
        if a.group(side) is None:
            yield NotJudged(
                f"{GROUP_NAMES[side]}: its scores",
                "not asked in this round",
                f"a round that asks {GROUP_NAMES[side]} too",
            )
    for asked in record.round(a.round).groups:
        result = a.group(asked.group)
        if result is None or result.shown:
            continue
        needs = f"a round that at least {count(minimum_of(asked), 'person', 'people')} of this group answer"
        if result.is_position:
            needs = "the position of this group, on the record"
        yield NotJudged(f"{result.label}: its scores", result.hidden_because.rstrip("."), needs)


def _survey(a: Assessment) -> Iterator[NotJudged]:
    """Yield what the answers leave open."""
    if a.proxy:
        why = "the answers were collected for another purpose"
        yield NotJudged("Alignment as such", why, "the alignment questionnaire")
    silent = [area.dimension.name for area in a.areas if not area.questions]
    if a.questionnaire and silent:
        why = f"not asked in this round: {joined(silent)}"
        yield NotJudged(f"{capital(number_word(len(silent)))} of nine areas", why, "the full questionnaire")
    for group in a.groups:
        if not group.shown or group.group not in COMPARED:
            continue
        few = [
            row.dimension.name
            for row in (*a.areas, *a.symptoms)
            if row.questions and group.group not in row.scores
        ]
        if few:
            what = f"{joined(few)} as {group.label} sees it"
            yield NotJudged(
                what, "too few of this group answered its questions", "more answers to them in a next round"
            )
    unsure: dict[str, list[str]] = {}
    for area in a.areas:
        if area.gap and area.gap.word is None:
            unsure.setdefault(area.gap.because, []).append(area.dimension.name)
    measured = sum(area.gap is not None for area in a.areas)
    for why, areas in sorted(unsure.items()):
        where = "the differences are" if len(areas) == measured else f"the difference on {joined(areas)} is"
        yield NotJudged(f"How sure {where}", why, WOULD_SAY_HOW_SURE.get(why, INDIVIDUAL))


def _pages(record: Record, a: Assessment) -> Iterator[NotJudged]:
    """Yield the pages of the assessment that lack their input."""
    facts = record.facts
    split = any(None not in (year.grow, year.transform, year.protect) for year in facts.spend)
    spent = "it is not split by purpose in any year" if facts.spend else "no spending is recorded"
    first = (
        "no group may be shown on the same questions in both rounds"
        if a.previous_round
        else "this is the first round"
    )
    ranked = len(facts.goals) < FEWEST_RANKED or a.priority_agreement is not None
    known = (
        (any(need.gap is not None for need in a.needs), "What the business needs from IT", "not asked", "importance and satisfaction of the four needs"),
        (facts.targets, "How far each area is from where it should be", "no targets are set", "the level leadership wants, 1 to 5, for each area"),
        (facts.impact, "What the symptoms cost", "no cost is recorded", "a low, a likely and a high figure a year, with its source"),
        (split, "Whether spending follows strategy", spent, "a year’s spending, split into run, grow, transform and protect"),
        (facts.risks or record.services or record.assets, "Risks and deadlines", "none are recorded", "contract, end-of-life, insurance and compliance dates"),
        (ranked, "Whether business and IT rank the goals alike", "no ranking by both sides may be shown", "each side’s mean rank of the goals, in a round where both may be shown"),
        (a.movements, "What has moved", first, "a second round" if not a.previous_round else "the same questions asked again of the same groups"),
    )  # fmt: skip
    for is_known, what, why, needs in known:
        if not is_known:
            yield NotJudged(what, why, needs)


def _measures(record: Record, a: Assessment) -> Iterator[NotJudged]:
    """Yield the measures whose path cannot be drawn."""
    kpis = record.facts.kpis
    if not kpis:
        yield NotJudged(
            "Whether measures are on their path",
            "no measures are recorded",
            "a measure for each goal, owned on both sides",
        )
        return
    aimed = {goal.kpi for goal in record.facts.goals if goal.target is not None}
    targeted = [kpi for kpi in kpis if kpi.target is not None or kpi.id in aimed]
    untargeted = len(kpis) - len(targeted)
    absent = [missing for kpi in targeted if (missing := _missing_of_path(kpi, record.facts.goals, a))]
    of_any = [part for part in _PATH if any(part in missing for missing in absent)]
    alike = len({tuple(missing) for missing in absent}) == 1
    is_one = len(of_any) == 1 and of_any[0] != READINGS
    for lacking, of, which, why, needs in (
        (untargeted, len(kpis), "", "no target is recorded", "a target and its date"),
        (
            len(absent),
            len(targeted),
            " with a target",
            f"{joined(of_any, 'and' if alike else 'or')} {'is' if is_one else 'are'} missing",
            joined(of_any),
        ),
    ):
        if lacking:
            are = "is on its" if lacking == 1 else "are on their"
            what = f"Whether {part_of(lacking, of, 'measure')}{which} {are} path"
            yield NotJudged(what, why, needs)


def _missing_of_path(kpi: Kpi, goals: Sequence[Goal], a: Assessment) -> list[str]:
    """Name what a measure with a target lacks of a path and a reading: by what it states itself, or as completed by a goal that names it."""
    ends = [(kpi.baseline, kpi.target, kpi.target_date)]
    ends += [
        (
            goal.baseline if kpi.baseline is None else kpi.baseline,
            goal.target if kpi.target is None else kpi.target,
            goal.due or kpi.target_date,
        )
        for goal in goals
        if goal.kpi == kpi.id
    ]
    baseline, _, due = min((one for one in ends if one[1] is not None), key=lambda one: one.count(None))
    dated, read = kpi.baseline_date is not None, any(reading.date <= a.as_of for reading in kpi.readings)
    missing = {
        DATED_BASELINE: baseline is None and not dated,
        BASELINE: baseline is None and dated,
        BASELINE_DATE: baseline is not None and not dated,
        TARGET_DATE: due is None,
        READINGS: not read,
    }
    return [part for part in _PATH if missing[part]]


def _plan(record: Record, a: Assessment) -> Iterator[NotJudged]:
    """Yield what a plan would need."""
    facts, standing = record.facts, Standing(record, a.as_of)
    work = standing.going_ahead
    for known, what, why, needs in (
        (facts.goals, "Whether the work serves the business", "no goals are recorded", "three to five goals with owner, measure and weight"),
        (record.initiatives, "Which goals have work behind them", "no initiatives are recorded", "the list of initiatives, with the goals each serves"),
        (facts.budget, "What fits the money", "no yearly budget is recorded", "a budget for each fiscal year, and the reserve"),
        (facts.capacity, "Whether people can carry the work", "no capacity is recorded", "the people available in each role"),
    ):  # fmt: skip
        if not known:
            yield NotJudged(what, why, needs)
    unsaid = sum(initiative.status is None for initiative in work)
    if unsaid:
        what = f"Whether {part_of(unsaid, len(work), 'open initiative')} {'is' if unsaid == 1 else 'are'} still open"
        counts, needs = ("it counts", "its status") if unsaid == 1 else ("they count", "the status of each")
        yield NotJudged(what, f"no status is recorded, so {counts} as open", needs)
    absent: dict[int, list[str]] = {}
    for what, lacking in (
        ("cost", sum(one.capex is None for one in work)),
        ("duration", sum(one.duration is None for one in work)),
        (_END, sum(standing.earliest_end(one) is None for one in work)),
        ("yearly benefit", sum(one.benefit is None for one in work)),
        ("yearly running cost", sum(one.opex is None for one in work)),
        ("business owner", sum(one.owner_business is None for one in work)),
    ):
        if lacking:
            absent.setdefault(lacking, []).append(what)
    for lacking, whats in absent.items():
        needs = f"the {whats[0]}" if len(whats) == 1 else "each of these"
        yield NotJudged(
            f"The {joined(whats)} of {part_of(lacking, len(work), 'initiative')}",
            "not recorded" + (REST_ENDS if _END in whats and lacking < len(work) else ""),
            f"{needs}, from whoever answers for it",
        )
