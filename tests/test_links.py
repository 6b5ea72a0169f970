"""No file of a client is read or written through a link, whatever lies linked and whoever reads or writes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from toolkit.client.schema import Scenario
from toolkit.client.store import create, load, read_files, save, save_scenario
from toolkit.errors import AlignError
from toolkit.intake.draft import Draft
from toolkit.intake.import_ import import_file
from toolkit.intake.questionnaire_files import write_questionnaire
from toolkit.intake.survey_map import SurveyMap, remember, remembered
from toolkit.publish.batch import run_batch
from toolkit.publish.client_book import write_client_book
from toolkit.publish.deliverables_folder import DeliverablesFolder, checked
from toolkit.publish.handover import hand_over
from toolkit.publish.issued import answers_behind
from toolkit.publish.job import Request
from toolkit.publish.manifest import NAME, manifest
from toolkit.publish.round_comparison import compared
from toolkit.publish.status import client_status
from toolkit.show import RoadmapStory

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")

OWN, OTHER, SECRET = "own", "other", "What only the other client may know"
FACTS = """\
profile: {{name: {name}, sector: {sector}}}
goals:
- {{id: g, name: Grow, weight: 100}}
rounds:
- id: r1
  as_of: 2026-12-31
  closed: 2026-12-31
  questionnaire: pulse
  groups: [{{group: business, invited: 9}}, {{group: it, mode: consensus, invited: 3}}]
- id: r2
  as_of: 2027-12-31
  closed: 2027-12-31
  questionnaire: pulse
  groups: [{{group: business, invited: 9}}, {{group: it, mode: consensus, invited: 3}}]
"""
FOLDERS = (
    "scenarios", "history", "maps", "draft", "deliverables", "deliverables/r2", "questionnaire", "questionnaire/r2",
    ".saving-1", "deliverables/.r2.new",
)  # fmt: skip
FILES = (
    "client.yaml", "initiatives.csv", "decisions.csv", "actions.csv", "responses.csv", "aggregates.csv",
    "questionnaire.yaml", "scenarios/s.yaml", "issued.json", ".lock", ".saved", "maps/survey-forms.yaml",
    "draft/form.json", "draft/form-unsettled.json", "draft/.form.lock", "draft/.publish.lock", "draft/run.log",
    "draft/made-from-r2.json", f"deliverables/r2/{NAME}", "deliverables/r2/assessment.html", "deliverables/r2/plan.json",
    "deliverables/r2/findings.json", "questionnaire/r2/first-meeting.html", "questionnaire/r2/invitation-business.txt",
    "draft/plan.json",
)  # fmt: skip
# What is written first, beside its place: a link there is taken away, and not followed.
ASIDE = (
    ".issued.json.new", "draft/.form.json.new", "draft/.run.log.new", "draft/.made-from-r2.json.new",
    "maps/.survey-forms.yaml.new", "questionnaire/r2/.first-meeting.html.new",
)  # fmt: skip


def put(clients: Path, slug: str, text: str) -> None:
    """Put deliverables of both documents."""
    made = {
        f"{name}.{kind}": text.encode() for name in ("assessment", "roadmap") for kind in ("html", "ipynb")
    }
    made |= {"plan.json": text.encode(), "findings.json": f'{{"client": "{text}"}}'.encode()}
    documents = {
        "assessment": {name: data for name, data in made.items() if name[0] in "af"},
        "roadmap": {name: data for name, data in made.items() if name[0] in "rp"},
    }
    made[NAME] = manifest(slug, "r2", {name: {"code": text} for name in documents}, documents)
    DeliverablesFolder(clients, slug, "r2").put(
        made, {"assessment": text}, answers_behind(load(clients, slug), "r2")
    )


def change(clients: Path, slug: str, text: str) -> None:
    """Change something in the form, and commit it."""
    draft = Draft(clients, slug)
    draft.change(("facts", "profile", "country"), text)
    draft.sync()
    draft.commit()


def saved(clients: Path) -> None:
    """Save a changed client.yaml and a changed table."""
    read = read_files(clients, OWN)
    new = {"client.yaml": read["client.yaml"] + b"# mine\n", "actions.csv": b"id,round,action\na1,r2,Call\n"}
    save(clients, OWN, new, read)


def imported(clients: Path) -> None:
    """Import a register."""
    (clients / "rows.csv").write_text("id,name\nx,New work\n", encoding="utf-8")
    import_file(clients, "initiatives", OWN, clients / "rows.csv")


def batched(clients: Path) -> str:
    """Make both documents; with no notebooks, so that what is not refused before fails for want of them."""
    with ThreadPoolExecutor(1) as pool:
        done = run_batch(clients, [OWN], Request(force=True, notebooks=clients / "none"), executor=pool)
    if done.results[0].state == "failed" and done.results[0].faults:
        raise AlignError(done.results[0].message)
    return done.to_text()


ACTS: dict[str, Callable[[Path], object]] = {
    "read": lambda clients: read_files(clients, OWN),
    "check": lambda clients: checked(clients, OWN),
    "status": lambda clients: client_status(clients, OWN),
    "save": saved,
    "save a scenario": lambda clients: save_scenario(
        clients, OWN, Scenario(id="t", name="T", round="r2"), read_files(clients, OWN), propose=True
    ),
    "import": imported,
    "look up a map": lambda clients: remembered(clients, OWN, "forms"),
    "remember a map": lambda clients: remember(
        clients, OWN, "forms", SurveyMap(questions={"Theirs": "pulse-1"})
    ),
    "ask": lambda clients: write_questionnaire(clients, OWN, "r2"),
    "fill in the form": lambda clients: change(clients, OWN, "Norway"),
    "compare": lambda clients: compared(clients, OWN, "r1", "r2"),
    "tell": lambda clients: RoadmapStory.open(OWN, str(clients), "r2"),
    "publish": lambda clients: put(clients, OWN, "mine"),
    "log": lambda clients: DeliverablesFolder(clients, OWN, "r2").log("Traceback"),
    "is it current": lambda clients: DeliverablesFolder(clients, OWN, "r2").current(
        "assessment", {"code": "mine"}
    ),
    "batch": batched,
    "hand over": lambda clients: hand_over(clients, OWN, clients),
    "list": lambda clients: write_client_book(clients, {OWN: ("made", "")}),
}


# These plan, which takes seconds; they read the record as "read" does, and beyond it look only here.
PLANNING = ("tell", "batch")
BEYOND = ("draft", "deliverables", "issued", ".issued")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two clients who have every kind of file; each of the other's holds its secret."""
    clients = tmp_path_factory.mktemp("links")
    for slug, text in ((OWN, "Mine"), (OTHER, SECRET)):
        create(clients, slug, {
            "client.yaml": FACTS.format(name=slug, sector=text).encode(),
            "initiatives.csv": f"id,name\ni1,{text}\n".encode(),
            "decisions.csv": b"id,round,date,subject,decision\n",
            "actions.csv": f"id,round,action\na1,r2,{text}\n".encode(),
            "responses.csv": b"round,respondent,group,question,score,comment\n",
            "aggregates.csv": b"round,group,question,count_1,count_2,count_3,count_4,count_5\n",
            "questionnaire.yaml": f"id: o\ntitle: {text}\nquestions:\n- {{id: q, dimension: communication, text: {text}}}\n".encode(),
            "scenarios/s.yaml": f"id: s\nname: {text}\nround: r2\n".encode(),
        })  # fmt: skip
        put(clients, slug, text)
        change(clients, slug, text)
        write_questionnaire(clients, slug, "r2")
        remember(clients, slug, "forms", SurveyMap(questions={text: "pulse-1"}))
        DeliverablesFolder(clients, slug, "r2").log(text)
    for name in (*FILES, *ASIDE):
        path = clients / OTHER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or SECRET.encode() not in path.read_bytes():
            # What no reader of that file understands is a secret all the same.
            path.write_text(
                SECRET if not path.exists() else path.read_text() + f"\n# {SECRET}\n", encoding="utf-8"
            )
    for name in FOLDERS:
        (clients / OTHER / name).mkdir(parents=True, exist_ok=True)
        (clients / OTHER / name / "theirs.txt").write_text(SECRET, encoding="utf-8")
    return clients


def contents(folder: Path) -> dict[str, bytes]:
    """Return all that lies in a folder, links not followed, by its path."""
    found = {}
    for top, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(top, name)
            if os.path.islink(path):
                found[path.removeprefix(f"{folder}/")] = b"a link"
            elif name in files:
                with open(path, "rb") as file:
                    found[path.removeprefix(f"{folder}/")] = file.read()
            else:
                found[path.removeprefix(f"{folder}/")] = b"a folder"
    return found


def linked(template: Path, clients: Path, name: str) -> Iterator[tuple[str, object, str, dict[str, bytes]]]:
    """Link one place of the client's to the other's, do each act, and yield its name, what it gave, how it was refused, what it left."""
    shutil.copytree(template, clients)
    before, left = dict[str, bytes](), dict[str, bytes]()
    for act, do in ACTS.items():
        if act in PLANNING and not name.startswith(BEYOND):
            continue
        if not before or left != before:
            link(template, clients, name)
            before = contents(clients / OWN)
        given, refused = None, ""
        try:
            given = do(clients)
        except AlignError as error:
            refused = str(error)
        except FileNotFoundError as error:  # the notebooks that are not there
            if "none" not in str(error):
                raise
        left = contents(clients / OWN)
        yield act, given, refused, left


def link(template: Path, clients: Path, name: str) -> None:
    """Put the client's folder as it was, but for one place that is a link to the other's."""
    shutil.rmtree(clients / OWN)
    shutil.copytree(template / OWN, clients / OWN)
    if name.startswith(".saving-1"):
        (clients / OWN / ".saved").write_text("1 0\n")
    path = clients / OWN / name
    if path.is_dir():
        shutil.rmtree(path)
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(clients / OTHER / name)


@pytest.mark.parametrize("name", [*FOLDERS, *FILES, *ASIDE])
def test_a_link_is_neither_read_nor_written_through(template: Path, tmp_path: Path, name: str) -> None:
    """Whatever is done to a client, the other's folder stays byte for byte, and its secret does not get out of it."""
    clients = tmp_path / "clients"
    before = contents(template / OTHER)
    refusals = []
    for act, given, refused, left in linked(template, clients, name):
        assert contents(clients / OTHER) == before, f"{act} wrote through the link"
        held = [where for where, data in left.items() if SECRET.encode() in data]
        assert held == [], f"{act} read through the link"
        assert SECRET not in f"{given}{refused}", f"{act} read through the link"
        refusals += [refused] if "a link to another place" in refused else []
        with suppress(FileNotFoundError):
            assert SECRET.encode() not in (clients / f"{OWN}-handover.zip").read_bytes()
    assert refusals or name in ASIDE, "nobody says that it is a link"
    assert all("  allowed: " in each and "  do:      " in each for each in refusals)
