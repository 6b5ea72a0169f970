"""Recommendations on how business and IT work together: one for each practice, and for needs and promises."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.assess.advising import MOST_REASONS, TO_ESTIMATE, Draft, draft
from toolkit.assess.assessment import Assessment
from toolkit.assess.owners import leads, of_initiatives
from toolkit.assess.saying import named, number
from toolkit.assess.statements import Finding
from toolkit.client.record import Record
from toolkit.method import BY_ID, COMPARED, HIGHEST
from toolkit.words import capital, joined

# What each practice asks of leadership first; from the article the constructs come from, in our words.
ACTIONS = {
    "shared-goals": "Agree on a few shared goals, each with a measure that both leaderships own",
    "open-communication": "Hold a monthly meeting of both leaderships, with IT in planning sessions",
    "partnership": "Give IT a voice where strategy and budgets are decided",
    "investment": "Fund maintenance, innovation and strategic projects apart",
    "roadmap": "Keep a single roadmap, owned together and reviewed every quarter",
}
PRACTICE_RULES = (
    "weak area", "difference", "position apart", "disagreement within", "frequent symptom", "priced symptom", "spending",
    "priorities differ", "fallen back",
)  # fmt: skip


def practices(record: Record, a: Assessment) -> Iterator[Draft]:
    """One action for each practice that a finding points to."""
    answered: dict[str, list[Finding]] = {practice: [] for practice in ACTIONS}
    for finding in a.findings:
        if finding.rule in PRACTICE_RULES and finding.practices:
            answered[_weakest(a, finding.practices)].append(finding)
    for practice, pointing in answered.items():
        if not pointing:
            continue
        findings = _told_in_turn(pointing)
        carrying = tuple(
            one.id for one in record.initiatives
            if practice in one.practices and one.is_open
        )  # fmt: skip
        # Work that builds the practice has a cost of its own, which the plan tells; agreeing on the practice has none.
        drafted = draft("practice", practice, ACTIONS[practice], findings, of_initiatives(record, carrying))
        yield drafted.only((practice,), carrying)


def _told_in_turn(findings: list[Finding]) -> list[Finding]:
    """Order findings for telling: what was measured of the practice or its cause, then what that costs, then the rest."""
    measured = [one for one in findings if not _of_symptom(one)]
    felt = [one for one in findings if _of_symptom(one)]
    return [*measured[:1], *felt[:1], *measured[1:], *felt[1:]]


def _of_symptom(one: Finding) -> bool:
    return one.rule == "priced symptom" or (one.subject in BY_ID and BY_ID[one.subject].family == "symptom")


def _weakest(a: Assessment, practices: tuple[str, ...]) -> str:
    """Return the practice with the lowest score of either side; the first where none is scored."""

    def lowest(practice: str) -> float:
        row = next(one for one in a.areas if one.dimension.id == practice)
        return min(
            (row.scores[group].mean for group in COMPARED if group in row.scores), default=float(HIGHEST)
        )

    return min((one for one in practices if one in ACTIONS), key=lowest)


def needs(record: Record, a: Assessment) -> Iterator[Draft]:
    """Settle with the business what would meet the needs that are important and unmet."""
    unmet = [one for one in a.findings if one.rule == "unmet need"]
    if unmet:
        names = {need.dimension.id: need.dimension.name for need in a.needs}
        facts = {"needs": named("Needs", joined([f"“{names[one.subject]}”" for one in unmet]))}
        yield draft("need", "needs", "Settle with the business what would meet {needs}, and who delivers it", unmet,
                    leads(record), "Name the owners", facts, cost_note=TO_ESTIMATE)  # fmt: skip


def overdue_promises(record: Record, a: Assessment) -> Iterator[Draft]:
    """A new date for what was promised and is overdue; whether it was kept, where the work that it names is over."""
    late, over = (
        [one for one in a.promises if one.state == "overdue"],
        [one for one in a.promises if one.over],
    )
    findings = [one for one in a.findings if one.rule == "promise not kept"]
    facts, actions, because = {}, [], [one.statement for one in findings]
    if late and findings:
        facts["late"] = number("Promises overdue", len(late), "overdue promise")
        each = "each of the {late}" if len(late) > 1 else "the {late}"
        actions.append(f"set a new date for {each} of earlier rounds")
    if over:
        facts["over"] = named(
            "Open, though their work is over", joined([f"“{one.action}”" for one in over], most=2)
        )
        actions.append(f"say whether {{over}} {'was' if len(over) == 1 else 'were'} kept")
        because += [f"The initiative that “{one.action}” names is {one.over}." for one in over[:MOST_REASONS]]
    if actions:
        (first, *others) = (*late, *over)
        owners = leads(record) if others else (first.owner_business, first.owner_it)
        decision = "Set the dates" if len(late) > 1 else "Set the date" if late else "Say so"
        yield draft("promise", "promises", capital(" and ".join(actions)), findings, owners, decision, facts, because,
                    severity=0.0 if findings else 0.3)  # fmt: skip


GAP_ADVICE = (practices, needs, overdue_promises)
