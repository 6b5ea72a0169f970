"""What was published in an earlier round reaches the documents of the next, as long as it stands."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from toolkit.client.parts import EARLIER_FINDINGS
from toolkit.errors import InputError
from toolkit.publish.client_task import task_of
from toolkit.publish.manifest import NAME, manifest
from toolkit.publish.round_comparison import compared

LATER = "- {id: r2, as_of: 2028-01-31}\n"
TWO_ROUNDS = """schema_version: 1
profile: {name: Acme}
rounds:
- {id: r1, as_of: 2027-01-31, closed: 2027-01-31, questionnaire: pulse, groups: [{group: business, invited: 9}]}
- {id: r2, as_of: 2028-01-31, questionnaire: pulse, groups: [{group: business, invited: 9}]}
"""


def test_the_next_round_is_held_against_what_was_published(
    tmp_path: Path, add_client: Callable[..., Path]
) -> None:
    """Findings that stand as their manifest says go to the next round's job; changed by a byte, or absent, they do not."""
    folder = add_client(tmp_path, "acme", "Acme", LATER) / "deliverables" / "r1"

    def before() -> dict[str, bytes]:
        return dict(task_of(tmp_path, "acme").job.before)

    assert before() == {}
    folder.mkdir(parents=True)
    (folder / "findings.json").write_bytes(b"{}")
    (folder / NAME).write_bytes(
        manifest("acme", "r1", {"assessment": {}}, {"assessment": {"findings.json": b"{}"}})
    )
    assert before() == {EARLIER_FINDINGS: b"{}"}
    (folder / "findings.json").write_bytes(b"{ }")
    assert before() == {}


def shown(clients: Path, people: int, first: int = 3) -> str:
    """Return the comparison of two rounds, the second open, that so many people answered; ``first`` is one's answer."""
    folder = clients / "acme"
    folder.mkdir(exist_ok=True)
    (folder / "client.yaml").write_text(TWO_ROUNDS, "utf-8")
    rows = [f"r1,p{i},business,communication-1,{first if not i else 3},\n" for i in range(6)]
    rows += [f"r2,p{i},business,communication-1,4,\n" for i in range(people)]
    text = "round,respondent,group,question,score,comment\n" + "".join(rows)
    (folder / "responses.csv").write_text(text, "utf-8")
    out = StringIO()
    Console(width=1000, file=out).print(compared(clients, "acme", "r1", "r2"))
    return out.getvalue()


def test_a_closed_round_that_was_compared_stays_as_it_was(tmp_path: Path) -> None:
    """A comparison shows its scores, so that it is an issue as its pages are."""
    shown(tmp_path, 6)
    with pytest.raises(InputError, match="other answers than those this round was first issued with"):
        shown(tmp_path, 6, first=5)


def test_a_comparison_with_an_open_round_is_a_draft(tmp_path: Path) -> None:
    """It says so, and the next one, of one reply more, says that the two must not both be shown."""
    said = shown(tmp_path, 6)
    assert "Draft: answers may still be added to round r2." in said
    assert "do not show" not in said
    assert "do not show this draft" in shown(tmp_path, 7)
