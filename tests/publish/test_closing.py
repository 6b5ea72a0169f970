"""Closing an engagement: what it tells, what is destroyed, what stays, and what is said afterwards."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from quarters import NUMBERS, four_quarters

from toolkit.assess import assess
from toolkit.cli import main
from toolkit.client.closed import CLOSED, EngagementClosed
from toolkit.client.modes import MODES
from toolkit.client.store import load, read_files, save
from toolkit.intake.draft import Draft
from toolkit.method import AREAS
from toolkit.publish.batch import run_batch
from toolkit.publish.closing import answer_files, close_engagement
from toolkit.publish.issued import ISSUED
from toolkit.publish.job import Request
from toolkit.publish.manifest import read_manifest, stands
from toolkit.show import ClosingStory

Once = Callable[[str, Callable[[Path], str]], tuple[Path, str]]
SLUG = "meridian-manufacturing"
ANSWER = "The plant never hears why"


def align(clients: Path, *words: str, typed: str = "") -> Result:
    """Run a command on a folder of clients, with what is typed when it asks."""
    return CliRunner().invoke(main, [*words, "--clients", str(clients)], input=typed)


@pytest.fixture(scope="session")
def finished(project: Path, once: Once) -> Path:
    """A clients' folder in which both rounds of the manufacturer are made; for reading only.

    Without its budget: there is a timeline to make, and no plan to explain, which would take most of the time.
    """

    def fill(folder: Path) -> str:
        left = shutil.ignore_patterns("deliverables", "draft", "history", "issued.json", ".lock")
        shutil.copytree(project / "client_data" / SLUG, folder / SLUG, ignore=left)
        facts = folder / SLUG / "client.yaml"
        unpaid, cut = re.subn(
            r"^budget:\n(?: .*\n)+", "", facts.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        assert cut == 1
        facts.write_text(unpaid, encoding="utf-8")
        for name in ("2025-q3", "2026-q3"):
            assert run_batch(folder, [SLUG], Request(name), workers=1).results[0].state == "made"
        return ""

    return once("finished", fill)[0]


@pytest.fixture
def clients(finished: Path, tmp_path: Path) -> Path:
    """A copy of it, with answers in all the places where they may lie."""
    folder = shutil.copytree(finished, tmp_path / "clients") / SLUG
    for name in (
        "history/0007-responses.csv",
        "history/0007-actions.csv",
        "questionnaire/2026-q3/replies/a.json",
        "export.xlsx",
        "draft/shown.key",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f'{{"format": "align-answers", "comments": "{ANSWER}"}}')
    (folder / "history" / "0007-actions.csv").write_text("id\n")
    return folder.parent


def test_it_shows_what_goes_and_asks_first(clients: Path) -> None:
    """Before anything is destroyed the page is made and every file is named; a no leaves all as it is."""
    said = align(clients, "close", SLUG, typed="n\n")
    assert said.exit_code == 1
    for name in ("responses.csv", "history/0007-responses.csv", "questionnaire/2026-q3/replies/a.json"):
        assert f"  {name}\n" in said.output
    assert "not the toolkit's: export.xlsx" in said.output
    assert "actions.csv" not in said.output
    assert (clients / SLUG / "responses.csv").exists()
    assert (clients / SLUG / "deliverables" / "2026-q3" / "closing.html").exists()
    assert load(clients, SLUG).responses


def test_answers_go_and_what_was_published_stands(clients: Path) -> None:
    """No answer is left but in the consultant's own files; documents, digests and the history of other files are as they were."""
    folder = clients / SLUG
    kept = {
        path: path.read_bytes()
        for path in (
            *folder.glob("deliverables/*/*"),
            folder / ISSUED,
            folder / "client.yaml",
            folder / "history/0007-actions.csv",
        )
    }
    assert align(clients, "close", SLUG, "--yes").exit_code == 0
    assert answer_files(folder) == ()
    assert not (folder / "responses.csv").exists()
    assert '"key": ""' in (folder / MODES).read_text()
    manifests = {path.parent for path in kept if path.name == "manifest.json"}
    for home in manifests:
        found = read_manifest(home)
        assert all(stands(home, found, name) for name in found["documents"])
    changed = {path.name for path, data in kept.items() if path.read_bytes() != data}
    assert changed <= {"manifest.json"}  # of the last round, which lists the closing page now


def test_afterwards_every_command_says_that_it_is_closed(clients: Path) -> None:
    """What needs the record is refused in words; the status and the check tell it, and a batch passes it over."""
    close_engagement(clients, SLUG, date(2026, 12, 31))
    for words in (
        ["run", SLUG], ["compare", SLUG, "2025-q3", "2026-q3"], ["handover", SLUG], ["brief", SLUG], ["questionnaire", SLUG],
        ["decisions", SLUG], ["adopt", SLUG, "rec-needs"], ["calendar", SLUG], ["form", SLUG, "--no-browser"], ["import", "survey", SLUG, str(clients / SLUG)],
    ):  # fmt: skip
        said = align(clients, *words)
        assert (said.exit_code, "closed since 31 December 2026" in said.output) == (1, True), (
            words,
            said.output,
        )
        assert "Traceback" not in said.output
    for words in (["status"], ["check"], ["batch"]):
        said = align(clients, *words)
        assert (said.exit_code, "closed since 31 December 2026" in said.output) == (0, True), (
            words,
            said.output,
        )
    assert "Meridian" in (clients / "client_book.html").read_text(encoding="utf-8")
    with pytest.raises(EngagementClosed):
        save(clients, SLUG, {"actions.csv": b"id\n"}, {})


@pytest.mark.parametrize("after", range(4))
def test_killed_midway_it_is_finished_by_closing_again(
    after: int, clients: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever it dies, the engagement is closed before the first file goes, and a second close leaves no answer."""
    from toolkit.publish import closing

    left = [after]

    def die(act: Callable[..., None], *arguments: Any) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        act(*arguments)

    with monkeypatch.context() as patched:
        for name in ("remove", "forget_key"):
            patched.setattr(closing, name, partial(die, getattr(closing, name)))
        with pytest.raises(KeyboardInterrupt):
            close_engagement(clients, SLUG, date(2026, 12, 31))
    with pytest.raises(EngagementClosed):
        read_files(clients, SLUG)
    said = align(clients, "close", SLUG, "--yes")
    assert (said.exit_code, answer_files(clients / SLUG)) == (0, ())
    assert '"key": ""' in (clients / SLUG / MODES).read_text()
    assert "2026-12-31" in (clients / SLUG / CLOSED).read_text()


def test_a_form_left_open_writes_no_answer_back(clients: Path) -> None:
    """What a window that was open all the while would write after the closing is refused, and no draft is there again."""
    draft = Draft(clients, SLUG)
    draft.change(("profile", "sector"), "Pumps")
    close_engagement(clients, SLUG, date(2026, 12, 31))
    with pytest.raises(EngagementClosed):
        draft.sync()
    assert answer_files(clients / SLUG) == ()


def test_the_closing_page_tells_what_was_promised_and_what_came_of_it(project: Path) -> None:
    """By hand, over the manufacturer's four quarters: the work of the first plan as the register has it now, its money, the promises."""
    first, *_, last = four_quarters(project / "client_data")
    record = last.record
    story = ClosingStory.of(record, last.roadmap, earlier_plan=first.roadmap)
    page = " ".join(re.sub(r"<[^>]+>", " ", str(story.page("closing").html())).split())  # type: ignore[union-attr]
    planned = {one.initiative: one.capex for one in first.roadmap.scheduled}
    work = [one for one in record.initiatives if one.id in planned]
    assert page.count(" Done ") == sum(one.status == "done" for one in work) == 2
    assert all((one.short or one.name) in page for one in work)
    known = [one for one in work if one.spent is not None]
    spent, promised = sum(one.spent or 0 for one in known), sum(planned[one.id] for one in known)
    assert (
        f"USD {spent / 1000:.0f}k is spent on work for which USD {promised / 1e6:.2f}m was promised" in page
    )
    kept = sum(one.status == "done" for one in record.actions)
    numbers = ("none", *NUMBERS)
    assert (
        f"{numbers[kept].capitalize()} of {numbers[len(record.actions)]} promised actions were kept" in page
    )
    moved = {(one.dimension.id, one.group): one for one in assess(record, "2026-q3").movements}
    for area in AREAS:
        for group in ("business", "it"):
            one = moved[area.id, group]
            assert f"{one.before:.1f} → {one.now:.1f}" in page.partition(f"{area.name} ")[2][:60]


def test_what_is_not_finished_stands_in_the_way(clients: Path) -> None:
    """A change in the form, a document out of date and a round still open are told, all at once; nothing is destroyed."""
    folder = clients / SLUG
    draft = Draft(clients, SLUG)
    draft.change(("profile", "name"), "Meridian Ltd")
    draft.sync()
    facts = folder / "client.yaml"
    facts.write_text(facts.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    said = align(clients, "close", SLUG, "--yes")
    assert said.exit_code == 1
    assert "changes that are not committed" in said.output
    assert (
        "assessment and roadmap of 2026-q3 not made or out of date: run 'align run meridian-manufacturing'"
        in said.output
    )
    assert (folder / "responses.csv").exists()
    assert not (folder / CLOSED).exists()


def test_a_client_just_begun_is_not_closed(add_client: Callable[..., Path], tmp_path: Path) -> None:
    """Without documents there is nothing to end with."""
    add_client(tmp_path / "c", "acme", "Acme")
    assert "not made or out of date" in align(tmp_path / "c", "close", "acme", "--yes").output
