"""What the form says of a file before it is imported, or of one it refuses: its own words, on any page."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from toolkit.client.new_client import start_client
from toolkit.errors import Fault, InputError
from toolkit.intake.form.import_preview import account, here, refused
from toolkit.intake.import_ import import_file
from toolkit.intake.survey import import_survey

REGISTER = "Project,Sponsor,Budget,Status,Colour\nNew portal,Dana Whitfield,{},In progress,red\n"


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    """A folder with a new client."""
    start_client(tmp_path, "acme", "Acme", date(2026, 9, 30), "USD", "pulse")
    return tmp_path


def written(folder: Path, text: str) -> Path:
    """Write a file that arrives."""
    path = folder / "arrived.csv"
    path.write_text(text, "utf-8")
    return path


def test_a_register_is_shown_in_the_words_of_the_form(clients: Path) -> None:
    """A table with headings says where each column goes, by the labels of the fields, none by the record's names."""
    done = import_file(clients, "initiatives", "acme", written(clients, REGISTER.format(1000)), dry_run=True)
    said = str(account(done, True))
    for ours, theirs in (("Initiative", "Project"), ("Business owner", "Sponsor"), ("Capital cost in all", "Budget")):  # fmt: skip
        assert f"<td>{ours}</td><td>{theirs}</td>" in said
    assert "owner_business" not in said
    assert "Columns not used: Colour." in said
    assert "Nothing is changed yet." in said


def test_what_an_import_changes_is_shown_with_its_thousands_apart(clients: Path) -> None:
    """A register read a second time: the field by its label, both amounts in groups of three."""
    import_file(clients, "initiatives", "acme", written(clients, REGISTER.format(480000)))
    again = written(clients, REGISTER.format(1250000))
    said = str(account(import_file(clients, "initiatives", "acme", again, dry_run=True), True))
    assert "<td>Capital cost in all</td><td>480,000</td><td>1,250,000</td>" in said


def test_a_refused_file_names_the_fields_to_fill_in(clients: Path) -> None:
    """Of a survey nobody can read, the form says which of its own fields helps, not which option of a command."""
    with pytest.raises(InputError) as caught:
        import_survey(clients, "acme", written(clients, "Team,How well do we talk?\nSales,3\n"), dry_run=True)  # fmt: skip
    said = str(refused(caught.value))
    assert "under “Their headings”" in said
    assert "under “Round”" in said
    assert not re.search(r"(?<!\S)--[a-z]", said)


def test_an_option_the_form_lacks_is_said_to_be_the_command_s() -> None:
    """Where a message names an option without a field, the form says where options are given."""
    fault = Fault("x.csv", "01/02/26", "a date that is certain", "Say it with --dates day-first.")
    assert "said to the command “align import” in a terminal" in refused(InputError([fault]))


@pytest.mark.parametrize(
    ("command", "form"),
    [
        ("Write the group in, or leave the reply out with --partial.", "Write the group in, or leave the reply out by ticking “Leave out what cannot be read”."),
        ("Say in a map which group it is, as groups: {'Sales': business}, or leave these out with --partial.", "Write “Sales = business” under “Their words for groups”, or leave these out by ticking “Leave out what cannot be read”."),
        ("Correct the round after --round, or add it to client.yaml, rounds.", "Correct the round under “Round”, or add it to client.yaml, rounds."),
    ],
)  # fmt: skip
def test_options_are_said_as_fields(command: str, form: str) -> None:
    """Each message of the command that has a field in the form names the field."""
    assert here(command) == form
