"""What an import does, or why it was refused, as the form says it: lists and tables, in the form's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from toolkit.errors import AlignError, InputError, shown, told_once, visible
from toolkit.intake.form.look import listed, paragraph, tabled
from toolkit.intake.form.sections import INITIATIVES, KPIS, FieldSpec
from toolkit.intake.import_ import Import
from toolkit.intake.preview import MOST_IDS, cells_left_open
from toolkit.intake.typed_value import grouped
from toolkit.words import counted

MOST = 40  # lines of a list or table; the rest is counted
_ASKS = {part.path[-1]: {ask.name: ask for ask in part.asks} for part in (INITIATIVES, KPIS)}
# What the command is told by an option, the form is told by a field.
_HERE = (
    (r"Say which column asks what in a map with --map", "Say which column asks what under “Their headings”"),
    (r"Name the column in a map with --map, under group,", "Name the column under “Column that says the group”,"),
    (r"Say in a map which group it is, as groups: \{'(.*)': business\}", r"Write “\1 = business” under “Their words for groups”"),
    (r"(with|after) --(round|group)", lambda found: f"under “{found[2].capitalize()}”"),
    (r"--not-listed done or --not-listed stopped says what became of them, keep that they go on", "“In the record and not in the file” says what became of them"),
    (r" \(--finished-only leaves them out\)", ""),
    (r"Give a map with --map that has among its fields: .*?; --make-map MAP.yaml writes one to begin with\.", "Choose which columns they are from the lists above."),
    (r"--sheet NAME reads another", "“Sheet of the workbook” reads another"),
    (r"say it with --dates day-first or --dates month-first, in the map \(.*\), or once in the client's profile \(date_order\)", "say it under “Dates in figures begin with”, or once in the section Company, and commit that"),
    (r"name the order of this table with --dates, or give the form in a map \(.*?\]\)", "or say it under “Dates in figures begin with”"),
    (r"--dates or the map says otherwise; correct that cell, leave --dates out", "“Dates in figures begin with” or the map says otherwise; correct that cell, leave that to the column"),
    (r"[Ss]ay what a decimal begins with: in the map \(decimal\), or once in the client's profile \(decimal_mark: comma or point\)", "choose once, in the section Company, what “Decimals begin with”, and commit that"),
    (r"with --partial", "by ticking “Leave out what cannot be read”"),
)  # fmt: skip
_COMMAND = "What begins with -- is said to the command “align import” in a terminal."


def refused(error: AlignError) -> Markup:
    """Return why nothing was imported: each fault with its place, what was found and wanted, and what to do."""
    said = paragraph("Nothing was changed.", "wrong", "alert")
    if not isinstance(error, InputError):
        return said + paragraph(str(error))
    lines = [here(f"{visible(one.where)}: found “{shown(one.found)}”; wanted is {one.allowed}. {one.remedy}") for one in told_once(error.faults)]  # fmt: skip
    return said + listed(_some(lines)) + _note(lines)


def account(done: Import, dry_run: bool) -> Markup:
    """Return what an import would do, or has done."""
    sheet = f", sheet {shown(done.sheet)}" if done.sheet else ""
    others = f"; {done.elsewhere} of other clients or kinds left out" if done.elsewhere else ""
    head = f"{shown(done.file)}{sheet}: {counted(done.rows, 'row')}{others}. " + (
        "Nothing is changed yet." if dry_run else "Imported into the record."
    )
    said = paragraph(head, "" if dry_run else "right", "status")
    if done.mapped:
        heads = ("In the form", "In the file", *(("As read",) if done.samples else ()))
        rows = [(_label(done, ours), shown(theirs), done.samples.get(ours, ""))[: len(heads)] for ours, theirs in done.mapped]  # fmt: skip
        said += tabled(rows, "What goes where", heads)
    if done.unused:
        lines = [f"{visible(one.where)}: {shown(one.found)}" for one in done.unused]
        said += Markup("<h4>Not used</h4>") + listed(_some(lines))
    elif done.dropped:
        said += paragraph(f"Columns not used: {', '.join(shown(one) for one in done.dropped)}.")
    said += listed(f"{what}: {len(ids)}{_ids(done, ids)}" for what, ids in (("New", done.new), ("Changed", done.changed), ("Unchanged", done.unchanged)) if ids)  # fmt: skip
    if done.changes:
        rows = [(shown(id), _label(done, name), _value(done, name, was), _value(done, name, is_)) for id, name, was, is_ in done.changes[:MOST]]  # fmt: skip
        more = f" (the first {MOST} of {len(done.changes)})" if len(done.changes) > MOST else ""
        said += tabled(rows, f"What changes{more}", ("Of", "Field", "Was", "Becomes"))
    told = [here(visible(one)) for one in done.remarks] + ([cells_left_open(done)] if done.left_open else [])
    said += Markup("").join(paragraph(one) for one in told)
    if done.unreadable:
        lines = [here(f"{visible(one.where)}: found “{shown(one.found)}”; wanted is {one.allowed}.") for one in told_once(done.unreadable)]  # fmt: skip
        title = f"Could not be read: {len(done.unreadable)}; rows left out: {len(done.rejected)}"
        said += Markup("<h4>{}</h4>").format(title) + listed(_some(lines))
    return said + _note(told)


def here(text: str) -> str:
    """Return what a command's message says of its options as said of the form's fields."""
    for pattern, words in _HERE:
        text = re.sub(pattern, words, text)
    return text


def _note(lines: Sequence[str]) -> Markup:
    return paragraph(_COMMAND) if any(re.search(r"(?<!\S)--[a-z]", one) for one in lines) else Markup("")


def _some(lines: list[str]) -> list[str]:
    return lines[:MOST] + ([f"and {len(lines) - MOST:,} more"] if len(lines) > MOST else [])


def _ids(done: Import, ids: tuple[str, ...]) -> str:
    if done.kind == "survey":  # made-up names of people tell nothing
        return ""
    more = f" and {len(ids) - MOST_IDS} more" if len(ids) > MOST_IDS else ""
    return f" ({', '.join(map(shown, ids[:MOST_IDS]))}{more})"


def _ask(done: Import, name: str) -> FieldSpec | None:
    return _ASKS.get(done.kind, {}).get(name)


def label_of_field(kind: str, name: str) -> str:
    """Return what the form calls a field of a kind of table."""
    ask = _ASKS.get(kind, {}).get(name)
    return ask.label if ask else "Its short name in the files" if name == "id" else shown(name)


def _label(done: Import, name: str) -> str:
    return label_of_field(done.kind, name)


def _value(done: Import, name: str, value: str) -> str:
    ask = _ask(done, name)
    return grouped(value) if ask and ask.kind == "amount" else shown(value)
