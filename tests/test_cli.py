"""The command: its exit codes, what it says, and what it leaves alone."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from toolkit.cli import main
from toolkit.client.store import load
from toolkit.plan import plan_roadmap, to_json
from toolkit.publish.deliverables_folder import DeliverablesFolder
from toolkit.publish.manifest import manifest
from toolkit.show import RoadmapStory

MERIDIAN = "meridian-manufacturing"


def align(clients: Path, *words: str) -> Result:
    """Run a command on a folder of clients."""
    return CliRunner().invoke(main, [*words, "--clients", str(clients)])


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()
    }


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    """One good client and one with three faults."""
    assert align(tmp_path, "new", "good", "--as-of", "2026-09-30").exit_code == 0
    assert align(tmp_path, "new", "bad", "--as-of", "2026-09-30").exit_code == 0
    (tmp_path / "bad" / "initiatives.csv").write_text("id,name,capex,depends_on\na,A,-5,ghost\nb,B,many,\n")
    return tmp_path


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_explains_itself(command: str) -> None:
    """Each command has help, and each of its options says what it does."""
    assert main.commands[command].help
    said = CliRunner().invoke(main, [command, "--help"])
    assert said.exit_code == 0
    assert all(
        getattr(one, "help", "") for one in main.commands[command].params if one.param_type_name == "option"
    )


def test_check_says_every_fault_of_every_client_and_exits_with_1(clients: Path) -> None:
    """All faults at once, each with place, found, allowed and remedy; the good client is checked too."""
    result = align(clients, "check")
    assert result.exit_code == 1
    assert "good: no fault" in result.output
    assert "bad: 3 faults" in result.output or "bad: 2 faults" in result.output
    for part in ("found:", "allowed:", "do:"):
        assert result.output.count(part) >= 2
    assert "row 2, column capex" in result.output


def test_a_good_check_exits_with_0(clients: Path) -> None:
    """A client without faults is said to have none, and what its head-counts will show."""
    result = align(clients, "check", "good")
    assert (result.exit_code, "good: no fault" in result.output) == (0, True)


@pytest.mark.parametrize("words", [["new"], ["import", "horses", "good", "x.csv"], ["fly"], ["run"]])
def test_wrong_usage_exits_with_2(clients: Path, words: list[str]) -> None:
    """A missing or unknown word is wrong usage, not a failed client."""
    assert align(clients, *words).exit_code == 2


@pytest.mark.parametrize("slug", ["../x", "A", "", "con", "a/b", "x" * 64])
def test_a_slug_never_leaves_the_folder(clients: Path, slug: str) -> None:
    """A client's name that could lead elsewhere is refused with the full text, and nothing is made."""
    before = contents(clients)
    result = align(clients, "new", slug)
    assert result.exit_code == 1
    assert all(part in result.output for part in ("found:", "allowed:", "do:"))
    assert contents(clients) == before


def test_a_client_is_never_made_twice(clients: Path) -> None:
    """Making a client that exists is refused, and it stays as it was."""
    before = contents(clients)
    assert align(clients, "new", "good").exit_code == 1
    assert contents(clients) == before


def test_a_report_that_cannot_be_written_is_told_in_words(clients: Path, tmp_path: Path) -> None:
    """What was imported is imported, and the command says so beside what it could not write."""
    table = tmp_path / "projects.csv"
    table.write_text("id,name,capex\na,A,1000\n")
    said = align(clients, "import", "initiatives", "good", str(table), "--report", str(tmp_path / "no" / "report.csv"))  # fmt: skip
    assert "Imported into good" in said.output
    assert all(piece in said.output for piece in ("report.csv", "do:"))
    assert said.exit_code == 1


def test_a_failed_import_tells_how_many_faults_there_are(clients: Path, tmp_path: Path) -> None:
    """More than are listed are counted all the same."""
    table = tmp_path / "projects.csv"
    table.write_text("id,name,capex\n" + "".join(f"i{n},N,high\n" for n in range(700)))
    assert (
        "700 faults. Nothing was changed."
        in align(clients, "import", "initiatives", "good", str(table)).output
    )


def test_a_failed_import_changes_nothing(clients: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """One unreadable cell stops an import; every byte on disk is as before; --partial imports the rest."""
    table = tmp_path_factory.mktemp("tables") / "projects.csv"
    table.write_text("id,name,capex\na,A,1000\nb,B,a lot\n")
    before = contents(clients / "good")
    failed = align(clients, "import", "initiatives", "good", str(table))
    assert (failed.exit_code, contents(clients / "good")) == (1, before)
    assert "row 3, column capex" in failed.output
    assert (
        align(clients, "import", "initiatives", "good", str(table), "--partial", "--dry-run").exit_code == 0
    )
    assert contents(clients / "good") == before
    done = align(clients, "import", "initiatives", "good", str(table), "--partial")
    assert done.exit_code == 0
    assert "a lot" in done.output
    assert "b,B" in (clients / "good" / "initiatives.csv").read_text()


def test_a_bad_client_stops_no_other_and_nothing_is_a_traceback(clients: Path) -> None:
    """A batch makes the good client, names the faults of the bad one, and exits with 1."""
    done = subprocess.run(
        [sys.executable, "-m", "toolkit.cli", "batch", "--clients", str(clients)],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 1
    assert (clients / "good" / "deliverables" / "2026-09" / "roadmap.html").is_file()
    assert re.search(r"^bad: failed", done.stdout, re.MULTILINE)
    assert "column capex" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_an_empty_folder_is_told_what_to_do(tmp_path: Path) -> None:
    """Without any client, check, status and batch say how to make one, and exit with 1."""
    for command in ("check", "status", "batch"):
        result = align(tmp_path, command)
        assert (result.exit_code, "align new" in result.output) == (1, True)


def test_status_lists_each_client(clients: Path) -> None:
    """Status names both clients, the good and the faulty."""
    result = align(clients, "status")
    assert result.exit_code == 0
    assert "good" in result.output
    assert "bad" in result.output


@pytest.fixture
def meridian(tmp_path: Path, project: Path) -> Path:
    """A folder with a copy of the sample of two rounds."""
    own = shutil.ignore_patterns("deliverables", "draft", "history", "issued.json", "modes.json", ".lock")
    shutil.copytree(project / "client_data" / MERIDIAN, tmp_path / MERIDIAN, ignore=own)
    return tmp_path


def test_compare_says_what_moved_and_what_was_kept(meridian: Path) -> None:
    """Two rounds: each score then and now, whether that is more than noise, and every promise with its state."""
    said = align(meridian, "compare", MERIDIAN, "2025-q3", "2026-q3")
    assert said.exit_code == 0
    for words in (
        r"Communication\s+Business\s+1\.9\s+2\.4\s+\+0\.6\s+more than noise\s+4",
        r"List the tools.*kept",
        r"Service portal.*in progress",
    ):
        assert re.search(words, said.output), words


def test_compare_sets_the_plan_against_the_one_that_was_published(meridian: Path) -> None:
    """Without a published plan that is said; with one, what has changed since stands there with its cause."""
    assert "was not kept" in align(meridian, "compare", MERIDIAN, "2025-q3", "2026-q3").output
    record = load(meridian, MERIDIAN)
    plan = plan_roadmap(record, "2025-q3")
    gone = plan.scheduled[-1]
    files = {"plan.json": to_json(replace(plan, scheduled=plan.scheduled[:-1])).encode()}
    paper = manifest(MERIDIAN, "2025-q3", {"roadmap": {}}, {"roadmap": files})
    DeliverablesFolder(meridian, MERIDIAN, "2025-q3").put({**files, "manifest.json": paper}, {})
    page = meridian / "since.html"
    said = align(meridian, "compare", MERIDIAN, "2025-q3", "2026-q3", "--to", str(page)).output
    name = next(one.name for one in record.initiatives if one.id == gone.initiative)
    assert "was not kept" not in said
    assert re.search(rf"{re.escape(name)}\s+Is in the plan", said)
    shown = " ".join(re.sub(r"<[^>]+>", " ", page.read_text("utf-8")).split())
    assert re.search(rf"{re.escape(name)} Is in the plan", shown)
    for one in record.actions:
        assert one.action in shown
    assert "1.88 → 2.43 (+0.55)" in shown


def test_a_brief_tells_a_colleague_what_is_open_and_what_to_be_careful_with(meridian: Path) -> None:
    """Stage, pending decisions, actions, red and amber work, dates, and every private note; it writes no file."""
    before = sorted(path.name for path in meridian.rglob("*") if path.is_file())
    said = align(meridian, "brief", MERIDIAN)
    assert said.exit_code == 0
    for words in (
        "documents not made", "Leadership meets on 14 October 2026", "Decide how to answer “Warehouse contract renews”",
        "Name a business owner for the audit findings: overdue", "Service portal for customers: red",
        "31 March 2027: Contract: Warehouse contract renews", "The COO wanted 3.5", "She will bring it up herself",
    ):  # fmt: skip
        assert words in said.output, words
    assert [
        name
        for name in sorted(path.name for path in meridian.rglob("*") if path.is_file())
        if name not in before
    ] == ["modes.json"]


def test_whom_the_deck_names_is_told_to_the_consultant_alone(meridian: Path) -> None:
    """Everybody of the record who stands on a slide, with what is asked of them, and private notes; it writes no page."""
    said = align(meridian, "brief", MERIDIAN, "--people")
    assert said.exit_code == 0
    record = load(meridian, MERIDIAN)
    story = RoadmapStory.of(record, plan_roadmap(record))
    shown = " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", str(page.html())) for page in story.pages.values())
    owners = {name for work in record.initiatives for name in (work.owner_business, work.owner_it) if name}
    headings = [line for line in said.output.splitlines() if not line.startswith("  ")]
    assert {one.split(",")[0] for one in owners if one.split(",")[0] in shown} <= {
        one.split(",")[0] for one in headings
    }
    for ask in story.asks:
        for name in ask.named:
            part = said.output.partition(f"\n{name},")[2] or said.output
            assert f"Asked: {ask.what}" in part.partition("\n\n")[0]
    coo = said.output.partition("Dana Whitfield, COO\n")[2].partition("\nTomasz Zielinski")[0]
    assert "Private note, not for the client: The COO wanted 3.5." in coo
    assert not list(meridian.rglob("*.html"))


@pytest.mark.parametrize("rounds", [("2026-q3", "2025-q3"), ("2025-q3", "2025-q3"), ("2024", "2026-q3")])
def test_rounds_that_cannot_be_compared_are_named(meridian: Path, rounds: tuple[str, str]) -> None:
    """The later first, the same twice, or an unknown one: four lines that say so, and exit code 1."""
    said = align(meridian, "compare", MERIDIAN, *rounds)
    assert said.exit_code == 1
    assert "2025-q3, 2026-q3" in said.output
    assert "Traceback" not in said.output


def test_adopt_takes_a_recommendation_into_the_roadmap(meridian: Path) -> None:
    """It says what was added and what is still to be filled in; a second time it is refused."""
    said = align(meridian, "adopt", MERIDIAN, "rec-needs")
    assert said.exit_code == 0
    assert "rec-needs" in said.output
    assert "still to be filled in: duration, capex" in said.output
    again = align(meridian, "adopt", MERIDIAN, "rec-needs")
    assert again.exit_code == 1
    assert "carries rec-needs already" in again.output


def test_check_finds_what_an_adjustment_gets_wrong(meridian: Path) -> None:
    """A number typed into a wording is a fault before anything is made, in whichever round it stands."""
    path = meridian / MERIDIAN / "client.yaml"
    path.write_text(
        path.read_text("utf-8").replace("leadership gives {weight} of", "leadership gives 12 of"), "utf-8"
    )
    said = align(meridian, "check", MERIDIAN)
    assert said.exit_code == 1
    assert "the number 12, typed by hand" in said.output
