"""Places of the document, and of faults found in it, in the form's own words."""

from __future__ import annotations

import re
from dataclasses import replace

from toolkit.client.constructs import BY_ID
from toolkit.errors import Fault
from toolkit.intake.document import INITIATIVES, PRIVATE, Document, Path, at, entries, is_list
from toolkit.intake.form.fields import called
from toolkit.intake.form.sections import BY_KEY

_IN_FACTS = re.compile(r"client\.yaml, ([^,]+)(?:, entry (\d+)(?: \(.*?\))?)?(.*)", re.DOTALL)
_IN_ROWS = re.compile(r"initiatives\.csv, row (\d+)(?:, column ([^,]+))?(.*)", re.DOTALL)
_SECTION_OF = {"budget": "money", "capacity": "money", "positions": "scoring", PRIVATE: "scoring"}


def section_of(path: Path) -> str:
    """Return the key of the section in which a place is filled in; "" when the form does not show it."""
    top = path[1] if path[0] == "facts" and len(path) > 1 else path[0]
    key = _SECTION_OF.get(top, top)
    return key if key in BY_KEY or key == "scoring" else ""


def place(document: Document, path: Path) -> str:
    """Return a path in words: "Goals, “Deliver on time”, Owner"."""
    part = BY_KEY.get(section_of(path))
    if part is None:
        if path[0] == PRIVATE:
            return "Scores given alone"
        return ", ".join(["Scores", *path[1:]] if section_of(path) else path[1:])
    rest = path[len(part.path) :]
    words = [part.title]
    if rest and is_list(part.path):
        entry = at(document, (*part.path, rest[0]))
        words.append(f"“{called(entry)}”" if entry else f"“{rest[0]}”")
        rest = rest[1:]
    labels = {ask.name: ask.label for ask in part.asks}
    words += [labels.get(rest[0], rest[0].replace("_", " "))] if rest else []
    return ", ".join(words)


def in_words(document: Document, fault: Fault) -> tuple[Fault, str, str]:
    """Return a fault with its place in the form's words, and the section and entry to go to."""
    path = _path_of(document, fault.where)
    if not path:
        return fault, "", ""
    key = section_of(path)
    id = path[len(BY_KEY[key].path)] if key in BY_KEY and is_list(BY_KEY[key].path) and len(path) > len(BY_KEY[key].path) else ""  # fmt: skip
    return replace(fault, where=place(document, path)), key, id


def _path_of(document: Document, where: str) -> Path:
    """Return the path a fault's place stands for, as far as the form shows it; empty when it does not."""
    if match := _IN_ROWS.fullmatch(where):
        rows = entries(document, INITIATIVES)
        at_ = int(match[1]) - 2
        found = rows[at_]["id"] if 0 <= at_ < len(rows) else ""
        return (*INITIATIVES, found, *([match[2]] if match[2] else []))
    if not (match := _IN_FACTS.fullmatch(where)):
        return ()
    top = match[1].removeprefix("field ")
    path: Path = ("facts", top)
    if match[2] and is_list(path):
        found_in = entries(document, path)
        at_ = int(match[2]) - 1
        path = (*path, found_in[at_]["id"] if 0 <= at_ < len(found_in) else "")
    names = re.findall(r"(?:field )?([a-z_-]+)", re.sub(r"entry \d+(?: \(.*?\))?", "", match[3]))
    return (*path, *names[:1])


def shown_value(document: Document, path: Path, value: object) -> str:
    """Return a value of the document as a person reads it; entries by what they are called."""
    if value is None:
        return "nothing"
    if path[0] == PRIVATE:
        return "scores that stay private"
    if isinstance(value, dict):
        return f"“{called(value)}”" if "id" in value else "; ".join(f"{name}: {one}" for name, one in value.items())  # fmt: skip
    if isinstance(value, list):
        return "; ".join(
            shown_value(document, path, one) if not isinstance(one, str) else one for one in value
        )
    if path[-1] in ("dimension", "symptom") and str(value) in BY_ID:
        return BY_ID[str(value)].name
    return str(value)
