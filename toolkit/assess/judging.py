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
        out.append(
            NotJudged(
                "How business and IT see each other",
                "nobody has been asked",
                "a survey round, answered by business and by IT",
            )
        )
    for group in a.groups:
        if not group.shown:
            out.append(
                NotJudged(
                    f"{group.label}: its scores",
                    group.hidden_because.rstrip("."),
                    "more answers from this group, or one agreed position on the record",
                )
            )
    if a.proxy:
        out.append(
            NotJudged(
                "Alignment as such",
                "the answers were collected for another purpose",
                "the alignment questionnaire",
            )
        )
    silent = [area.dimension.name for area in a.areas if not area.questions]
    if a.questionnaire and silent:
        out.append(
            NotJudged(
                f"{len(silent)} of nine areas",
                f"not asked in this round: {joined(silent)}",
                "the full questionnaire",
            )
        )
    for area in (*a.areas, *a.symptoms):
        few = area.questions and any(g.shown for g in a.groups) and not area.scores
        if few:
            out.append(
                NotJudged(
                    area.dimension.name, "too few people answered its questions", "more answers to them"
                )
            )
    if any(area.gap and area.gap.word is None for area in a.areas):
        reasons = sorted({area.gap.because for area in a.areas if area.gap and area.gap.word is None})
        out.append(
            NotJudged(
                "How sure the differences are",
                joined(reasons),
                "individual answers of five or more people on each side",
            )
        )
    return out


def _pages(record: Record, a: Assessment) -> list[NotJudged]:
    facts, out = record.facts, []
    if not any(need.gap is not None for need in a.needs):
        out.append(
            NotJudged(
                "What the business needs from IT",
                "not asked",
                "importance and satisfaction of the four needs",
            )
        )
    if not facts.targets:
        out.append(
            NotJudged(
                "How far each area is from where it should be",
                "no targets are set",
                "the level leadership wants, 1 to 5, for each area",
            )
        )
    if not facts.impact:
        out.append(
            NotJudged(
                "What the symptoms cost",
                "no cost is recorded",
                "a low, a likely and a high figure a year, with its source",
            )
        )
    if not facts.spend:
        out.append(
            NotJudged(
                "Whether spending follows strategy",
                "no spending is recorded",
                "a year's spending, split into run, grow, transform and protect",
            )
        )
    if not facts.risks:
        out.append(
            NotJudged(
                "Risks and deadlines",
                "none are recorded",
                "contract, end-of-life, insurance and compliance dates",
            )
        )
    without_path = [k for k in facts.kpis if k.target is None]
    if facts.kpis and without_path:
        out.append(
            NotJudged(
                f"Whether {len(without_path)} of {len(facts.kpis)} measures are on their path",
                "they have no target",
                "a target and its date",
            )
        )
    if len(record.rounds) < 2:
        out.append(NotJudged("What has moved", "this is the first round", "a second round"))
    return out


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
