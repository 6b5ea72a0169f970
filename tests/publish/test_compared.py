"""What was published in an earlier round reaches the documents of the next, as long as it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from toolkit.client.parts import EARLIER_FINDINGS
from toolkit.publish.job import work_of
from toolkit.publish.manifest import NAME, manifest

LATER = "- {id: r2, as_of: 2028-01-31}\n"


def test_the_next_round_is_held_against_what_was_published(
    tmp_path: Path, add_client: Callable[..., Path]
) -> None:
    """Findings that stand as their manifest says go to the next round's job; changed by a byte, or absent, they do not."""
    folder = add_client(tmp_path, "acme", "Acme", LATER) / "deliverables" / "r1"

    def before() -> dict[str, bytes]:
        return dict(work_of(tmp_path, "acme").job.before)

    assert before() == {}
    folder.mkdir(parents=True)
    (folder / "findings.json").write_bytes(b"{}")
    (folder / NAME).write_bytes(
        manifest("acme", "r1", {"assessment": {}}, {"assessment": {"findings.json": b"{}"}})
    )
    assert before() == {EARLIER_FINDINGS: b"{}"}
    (folder / "findings.json").write_bytes(b"{ }")
    assert before() == {}
