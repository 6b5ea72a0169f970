"""Places of the document, and faults found in it, in the form's own words."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from toolkit.client.record import Record
from toolkit.client.store import load
from toolkit.intake.document import PRIVATE, Document, at, document_of, put
from toolkit.intake.document_files import checked
from toolkit.intake.form.places import in_words, place, section_of, shown_value
from toolkit.intake.form.sections import PARTS


@pytest.fixture
def record(project: Path) -> Record:
    """The meridian sample."""
    return load(project / "client_data", "meridian-manufacturing")


@pytest.fixture
def document(record: Record) -> Document:
    """The same as a document."""
    return document_of(record)


def test_each_field_that_the_form_asks_is_found_again_when_it_is_wrong(document: Document, record: Record) -> None:  # fmt: skip
    """Nonsense in any number or date of the sample: the fault names the section, and its entry, to go to."""
    seen = 0
    for part in PARTS:
        for entry in [one["id"] for one in at(document, part.path) or ()][:2] if part.one else [""]:
            home = (*part.path, entry) if entry else part.path
            for ask in part.asks:
                value = at(document, (*home, ask.name))
                if not (isinstance(value, str) and re.fullmatch(r"[\d.-]+", value)):
                    continue
                wrong = deepcopy(document)
                put(wrong, (*home, ask.name), "nonsense")
                told = [in_words(wrong, one) for one in checked(record, document, wrong).faults]
                found = [(fault, key, id) for fault, key, id in told if fault.found == "nonsense"]
                assert [(key, id) for _, key, id in found] == [(part.key, entry)], (home, ask.name)
                assert found[0][0].where == place(wrong, (*home, ask.name))
                assert found[0][0].where.endswith(ask.label)
                seen += 1
    assert seen > 20


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("facts", "profile", "name"), "Company, Company"),
        (("facts", "goals", "gone"), "Goals, “gone”"),
        (("positions", "2026-q3", "it", "value-1"), "Scores, 2026-q3, it, value-1"),
        ((PRIVATE, "2026-q3", "it"), "Scores given alone"),
        (("facts", "quotes"), "quotes"),
        (("initiatives",), "Initiatives"),
    ],
)
def test_a_place_is_told_in_words(document: Document, path: tuple[str, ...], words: str) -> None:
    """Sections and fields by their titles; an entry that is gone by its id; scores by no name at all."""
    assert place(document, path).startswith(words.split(",")[0])
    assert place(document, path).endswith(words.split(", ")[-1])


def test_private_scores_are_never_shown_as_a_value(document: Document) -> None:
    """Undone or clashing, what a member scored alone stays unseen."""
    for value in ([{"value-1": "4"}], {"value-1": "4"}, "4"):
        assert "4" not in shown_value(document, (PRIVATE, "2026-q3", "it"), value)
    assert shown_value(document, (PRIVATE, "2026-q3", "it"), None) == "nothing"


def test_a_place_that_the_form_does_not_show_has_no_section() -> None:
    """Adjustments are in the file alone; every path of the document is answered, none with an error."""
    cases: list[Any] = [("facts",), ("facts", "adjustments"), ("facts", "adjustments", "x")]
    assert [section_of(path) for path in cases] == ["", "", ""]
