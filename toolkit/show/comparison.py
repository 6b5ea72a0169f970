"""Two rounds side by side, in a terminal or as a page: what moved, whether it is noise, what was promised and done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Group as Stack
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from toolkit.assess import Assessment, assess, reread
from toolkit.assess.statements import Reread
from toolkit.client.faults import listed
from toolkit.client.known import known_on
from toolkit.client.record import Record
from toolkit.client.schema import Round
from toolkit.errors import Fault, InputError, visible
from toolkit.html.markup import missing
from toolkit.plan import Roadmap, plan_roadmap
from toolkit.plan.plan_changes import changes
from toolkit.show.assessment_story import AssessmentStory
from toolkit.show.page import Page
from toolkit.show.report.since import noise, since_lead, since_parts, since_title
from toolkit.words import capital, day, score, signed


def comparison(
    record: Record,
    earlier: str,
    later: str,
    published: Roadmap | None = None,
    findings: bytes | None = None,
) -> RenderableType:
    """Return the comparison of two rounds of a record.

    Parameters
    ----------
    published : Roadmap or None
        The earlier round's plan as it was published; where there is none it is made anew, and that is said.
    findings : bytes or None
        The earlier round's findings as they were published, if they stand.

    Raises
    ------
    InputError
        When the record holds no such round, or the first is not the earlier one.
    """
    known = _checked(record, earlier, later)
    a = assess(record, later, earlier)
    head = Text(f"{visible(a.client)}: {day(known[earlier].as_of)} and {day(a.as_of)}")
    reread_then = reread(record, earlier, findings) if findings else ()
    planned = _planned(record, known[earlier], later, published)
    return Stack(head, _movements(a), *_not_compared(a), *_reread(reread_then), *planned, *_kept(a))


def comparison_page(
    record: Record,
    earlier: str,
    later: str,
    published: Roadmap | None = None,
    findings: bytes | None = None,
    warnings: Sequence[str] = (),
) -> Page:
    """Return the same comparison as a page, below what stands against showing it; else as :func:`comparison`.

    It is for the client: where the earlier plan was not kept it says so, and sets nothing against one made anew.
    """
    known = _checked(record, earlier, later)
    record = known_on(record, known[later].as_of)
    story = AssessmentStory(
        record, assess(record, later, earlier), plan_roadmap(record, later), earlier_findings=findings, earlier_plan=published
    )  # fmt: skip
    notes = [missing("Before it is shown.", said) for said in warnings]
    days = f"{day(known[earlier].as_of)} and {day(known[later].as_of)}"
    return story.single(
        "comparison", f"Two rounds compared: {days}", since_title(story), since_lead(story), *notes, *since_parts(story),
        document=f"Two rounds compared: {story.assessment.client}, {days}",
    )  # fmt: skip


def _checked(record: Record, earlier: str, later: str) -> dict[str, Round]:
    """Return the rounds by id, once these two can be compared."""
    known = {one.id: one for one in record.rounds}
    allowed = f"two rounds of the record, the earlier first: {listed(known)}"
    remedy = "Name the rounds as client.yaml does."
    faults = [Fault("round", name, allowed, remedy) for name in (earlier, later) if name not in known]
    if not faults and known[earlier].as_of >= known[later].as_of:
        faults = [
            Fault(
                "rounds", f"{earlier}, which is not before {later}", allowed, "Name the earlier round first."
            )
        ]
    if faults:
        raise InputError(faults)
    return known


def _movements(a: Assessment) -> RenderableType:
    if not a.movements:
        return Text("No score can be compared: no group may be shown on the same questions in both rounds.")
    table = _table(
        "What moved", "Dimension", "Group", "Then", "Now", "Change", "In words", "Shared questions"
    )
    names = {one.group: one.label for one in a.groups}
    for m in a.movements:
        moved = (score(m.before), score(m.now), signed(m.change.value), noise(m.change))
        cells = (m.dimension.name, names[m.group], *moved)
        table.add_row(*(Text(visible(cell)) for cell in (*cells, str(m.questions))))
    return table


def _not_compared(a: Assessment) -> list[RenderableType]:
    table = _table("What cannot be compared", "What", "Why")
    for row in a.not_compared:
        table.add_row(*(Text(visible(cell)) for cell in (row.what, capital(row.why))))
    return [table] if a.not_compared else []


def _reread(rows: Iterable[Reread]) -> list[RenderableType]:
    """Say what the method changed since the earlier round was issued, apart from what the company changed."""
    table = _table("What the method changed", "Dimension", "What", "As issued", "By today’s method")
    for row in rows:
        cells = (row.dimension, row.what, row.issued, row.today)
        table.add_row(*(Text(visible(cell)) for cell in cells))
    return [table] if table.row_count else []


def _planned(record: Record, earlier: Round, later: str, published: Roadmap | None) -> list[RenderableType]:
    before, after = published or plan_roadmap(record, earlier.id), plan_roadmap(record, later)
    if "optimised" not in (before.kind, after.kind):
        return [Text("No plan can be compared: neither round has one.")]
    out: list[RenderableType] = []
    if published is None:
        out.append(Text(_not_kept(earlier)))
    table = _table("What the plan changed", "Initiative", "What", "Why")
    for one in changes(record, before, after, earlier.id, later):
        table.add_row(*(Text(visible(cell)) for cell in (one.name, capital(one.what), capital(one.because))))
    return [*out, table if table.row_count else Text("The plan is the same.")]


def _not_kept(earlier: Round) -> str:
    return (
        f"The plan of {day(earlier.as_of)} was not kept; it is made anew from today’s record, "
        "so new, finished and re-priced work does not show."
    )


def _kept(a: Assessment) -> list[RenderableType]:
    promised = _table("What was promised", "Promise", "Due", "State")
    for one in a.promises:
        promised.add_row(*(Text(visible(cell)) for cell in (one.action, day(one.due), one.stands)))
    decided = _table("What was decided", "Decision", "About", "Stands now")
    for each in a.decided:
        cells = (f"{capital(each.decision)}{each.until}", each.subject, each.outcome or "–")
        decided.add_row(*(Text(visible(cell)) for cell in cells))
    return [table for table in (promised, decided) if table.row_count]


def _table(title: str, *headings: str) -> Table:
    table = Table(box=box.SIMPLE, title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading)
    return table
