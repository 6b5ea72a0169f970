"""What could not be judged, and which input would allow it."""

from __future__ import annotations

from toolkit.assess.assessment import Assessment, NotJudged
from toolkit.assess.wording import joined
from toolkit.client.record import Record


def not_judged(record: Record, a: Assessment) -> tuple[NotJudged, ...]:
    """List what is missing, in the order of the pages."""
    return (*_survey(a), *_pages(record, a), *_plan(record))


def _survey(a: Assessment) -> list[NotJudged]:
    out = []
    if not a.groups:
        asked = "a survey round, answered by business and by IT"
        out.append(NotJudged("How business and IT see each other", "nobody has been asked", asked))
    more = "more answers from this group, or one agreed position on the record"
    hidden = [group for group in a.groups if not group.shown]
    out += [NotJudged(f"{one.label}: its scores", one.hidden_because.rstrip("."), more) for one in hidden]
    if a.proxy:
        why = "the answers were collected for another purpose"
        out.append(NotJudged("Alignment as such", why, "the alignment questionnaire"))
    silent = [area.dimension.name for area in a.areas if not area.questions]
    if a.questionnaire and silent:
        why = f"not asked in this round: {joined(silent)}"
        out.append(NotJudged(f"{len(silent)} of nine areas", why, "the full questionnaire"))
    if any(group.shown for group in a.groups):
        few = [row.dimension.name for row in (*a.areas, *a.symptoms) if row.questions and not row.scores]
        out += [
            NotJudged(name, "too few people answered its questions", "more answers to them") for name in few
        ]
    reasons = sorted({area.gap.because for area in a.areas if area.gap and area.gap.word is None})
    if reasons:
        individual = "individual answers of five or more people on each side"
        out.append(NotJudged("How sure the differences are", joined(reasons), individual))
    return out


def _pages(record: Record, a: Assessment) -> list[NotJudged]:
    facts = record.facts
    untargeted = sum(kpi.target is None for kpi in facts.kpis)
    paths = f"Whether {untargeted} of {len(facts.kpis)} measures are on their path"
    known = (
        (any(need.gap is not None for need in a.needs), "What the business needs from IT", "not asked", "importance and satisfaction of the four needs"),
        (facts.targets, "How far each area is from where it should be", "no targets are set", "the level leadership wants, 1 to 5, for each area"),
        (facts.impact, "What the symptoms cost", "no cost is recorded", "a low, a likely and a high figure a year, with its source"),
        (facts.spend, "Whether spending follows strategy", "no spending is recorded", "a year's spending, split into run, grow, transform and protect"),
        (facts.risks, "Risks and deadlines", "none are recorded", "contract, end-of-life, insurance and compliance dates"),
        (not untargeted, paths, "they have no target", "a target and its date"),
        (len(record.rounds) > 1, "What has moved", "this is the first round", "a second round"),
    )  # fmt: skip
    return [NotJudged(what, why, needs) for is_known, what, why, needs in known if not is_known]


def _plan(record: Record) -> list[NotJudged]:
    facts, out = record.facts, []
    live = [one for one in record.initiatives if one.status not in ("done", "stopped")]
    if not facts.goals:
        out.append(
            NotJudged(
                "Whether the work serves the business",
                "no goals are recorded",
                "three to five goals with owner, measure and weight",
            )
        )
    if not facts.budget:
        out.append(
            NotJudged(
                "What fits the money",
                "no yearly budget is recorded",
                "a budget for each fiscal year, and the reserve",
            )
        )
    if not facts.capacity:
        out.append(
            NotJudged(
                "Whether people can carry the work",
                "no capacity is recorded",
                "the people available in each role",
            )
        )
    for what, field in (
        ("cost", "capex"),
        ("duration", "duration"),
        ("yearly benefit", "benefit"),
        ("business owner", "owner_business"),
    ):
        lacking = sum(getattr(one, field) is None for one in live)
        if lacking:
            out.append(
                NotJudged(
                    f"The {what} of {lacking} of {len(live)} initiatives",
                    "not recorded",
                    f"the {what}, from whoever answers for it",
                )
            )
    return out
