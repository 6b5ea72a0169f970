"""The copy a client may have, as it lies on disk."""

from __future__ import annotations

import html
import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from toolkit.cli import main
from toolkit.client.store import load, read_record
from toolkit.errors import DeliverableError, InputError
from toolkit.publish.batch import run_batch
from toolkit.publish.deliverables_folder import DeliverablesFolder
from toolkit.publish.handover import hand_over
from toolkit.publish.issued import answers_behind
from toolkit.publish.job import Request
from toolkit.publish.manifest import manifest, sha256
from toolkit.publish.status import out_of_date

MERIDIAN, LAKESIDE = "meridian-manufacturing", "lakeside-clinic"
LEFT_BEHIND = shutil.ignore_patterns("deliverables", "draft", "history", "issued.json", ".lock")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, project: Path) -> Path:
    """Two samples with a finished document each, small but as its manifest says; for reading only."""
    folder = tmp_path_factory.mktemp("finished")
    for slug in (MERIDIAN, LAKESIDE):
        shutil.copytree(project / "client_data" / slug, folder / slug, ignore=LEFT_BEHIND)
        put(folder, slug, b"<html>finished</html>")
    return folder


@pytest.fixture
def clients(tmp_path: Path, finished: Path) -> Path:
    """A copy of them."""
    return shutil.copytree(finished, tmp_path, dirs_exist_ok=True)


def put(clients: Path, slug: str, page: bytes, round_id: str = "2026-q3") -> None:
    """Put a document in the client's folder, with the presenter's copy beside it."""
    files = {"roadmap.html": page, "roadmap-presenter.html": b"<html>notes</html>"}
    outputs = {"roadmap": files}
    paper = manifest(slug, round_id, {"roadmap": {}}, outputs)
    issued = answers_behind(load(clients, slug), round_id)
    DeliverablesFolder(clients, slug, round_id).put(
        {**files, "manifest.json": paper}, {"roadmap": {"code": "x"}}, issued
    )


def test_documents_of_two_records_do_not_leave_together(clients: Path, tmp_path: Path) -> None:
    """What was made before a change is refused beside what was made after it, both named."""
    sources = {name: {"inputs": {"client.yaml": name}} for name in ("annex", "roadmap")}
    outputs = {name: {f"{name}.html": name.encode()} for name in sources}
    paper = manifest(MERIDIAN, "2026-q3", sources, outputs)
    files = {file: data for made in outputs.values() for file, data in made.items()}
    DeliverablesFolder(clients, MERIDIAN, "2026-q3").put(
        {**files, "manifest.json": paper}, {name: {"code": "x"} for name in sources}
    )
    with pytest.raises(InputError, match="annex and roadmap, made from the record as it stood"):
        hand_over(clients, MERIDIAN, tmp_path / "out")


def test_the_documents_that_status_calls_out_of_date_are_named(clients: Path) -> None:
    """What the record no longer gives is named with what to do; handing over says it."""
    told = "roadmap of 2026-q3 is out of date: run 'align run meridian-manufacturing'."
    assert out_of_date(clients, MERIDIAN) == told
    done = CliRunner().invoke(main, ["handover", MERIDIAN, "--clients", str(clients), "--to", str(clients)])
    assert told[:-1] in done.output


def members(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def test_the_copy_holds_documents_and_record_and_nothing_else(clients: Path, tmp_path: Path) -> None:
    """Drafts, history, maps, answers, the presenter's copy and whatever else lies in the folder stay behind."""
    home = clients / MERIDIAN
    for name in (
        "draft/run.log",
        "history/0001-client.yaml",
        "maps/own.yaml",
        "notes.txt",
        "scenarios/a.txt",
        ".saving-7/client.yaml",
    ):
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text("private")
    (home / "deliverables" / "2026-q3" / "stray.html").write_text("private")
    (home / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    held = members(hand_over(clients, MERIDIAN, tmp_path / "out"))
    assert set(held) == {
        "README.txt", "deliverables/2026-q3/manifest.json", "deliverables/2026-q3/roadmap.html",
        "record/actions.csv", "record/client.yaml", "record/decisions.csv", "record/initiatives.csv",
    }  # fmt: skip
    assert "private" not in held["record/client.yaml"]


def test_nothing_in_the_copy_tells_that_there_is_a_presenters_copy(clients: Path, tmp_path: Path) -> None:
    """The manifest that goes along lists what is given, and nothing of what stays behind."""
    held = members(hand_over(clients, MERIDIAN, tmp_path / "out"))
    assert "roadmap.html" in held["deliverables/2026-q3/manifest.json"]
    assert not any("presenter" in text for text in held.values())


def test_no_private_note_answer_or_remark_goes_along(clients: Path, tmp_path: Path) -> None:
    """Private notes, respondents' codes, comments nobody quoted and remarks in the YAML stay behind; quotations go."""
    path = clients / MERIDIAN / "client.yaml"
    path.write_text("# ask her about the bonus\n" + path.read_text("utf-8"), "utf-8")
    record = load(clients, MERIDIAN)
    held = "\n".join(members(hand_over(clients, MERIDIAN, tmp_path / "out")).values())
    notes = [one.private_note for one in record.facts.adjustments if one.private_note]
    comments = {one.comment for one in record.responses if one.comment} - {
        one.text for one in record.facts.quotes
    }
    assert len(notes) == 2
    assert len(comments) > 10
    secrets = [*notes, *comments, *(one.respondent for one in record.responses), "bonus"]
    assert [text for text in secrets if text in held] == []
    assert "Every project waits for the same two analysts." in held


def test_the_record_in_the_copy_reads_back(clients: Path, tmp_path: Path) -> None:
    """What is handed over is a valid record, equal but for what was left out."""
    held = members(hand_over(clients, MERIDIAN, tmp_path / "out"))
    files = {
        name.removeprefix("record/"): text.encode()
        for name, text in held.items()
        if name.startswith("record/")
    }
    raw = yaml.safe_load(files["client.yaml"])
    raw.pop("quotes")  # they are checked against the comments, which the copy does not hold
    files["client.yaml"] = yaml.safe_dump(raw).encode()
    there, here = read_record(MERIDIAN, files), load(clients, MERIDIAN)
    assert (there.initiatives, there.decisions, there.actions) == (
        here.initiatives,
        here.decisions,
        here.actions,
    )
    assert there.facts.goals == here.facts.goals
    assert there.facts.rounds == here.facts.rounds


def test_a_hidden_groups_order_of_goals_stays_behind(clients: Path, tmp_path: Path) -> None:
    """Four of nine answered, so the business is hidden, and its mean ranks of the goals with it."""
    path = clients / LAKESIDE / "client.yaml"
    text = path.read_text("utf-8").replace(
        "group: business\n", "group: business\n        priorities: {shorter-waits: 1.25}\n"
    )
    path.write_text(text, "utf-8")
    assert load(clients, LAKESIDE).facts.rounds[0].groups[0].priorities
    assert "1.25" not in members(hand_over(clients, LAKESIDE, tmp_path / "out"))["record/client.yaml"]


def test_the_same_record_gives_the_same_bytes(clients: Path, tmp_path: Path) -> None:
    """Two copies made one after the other do not differ in a byte."""
    first = hand_over(clients, MERIDIAN, tmp_path / "one").read_bytes()
    assert hand_over(clients, MERIDIAN, tmp_path / "two").read_bytes() == first


def test_an_open_round_is_not_handed_over(clients: Path, tmp_path: Path) -> None:
    """While answers may come in, a later copy could differ by one reply."""
    path = clients / MERIDIAN / "client.yaml"
    path.write_text(path.read_text("utf-8").replace("    closed: 2026-09-30\n", ""), "utf-8")
    with pytest.raises(InputError, match="closed: 2026-09-30"):
        hand_over(clients, MERIDIAN, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_is_handed_over_before_it_is_made(clients: Path, tmp_path: Path) -> None:
    """Without deliverables there is nothing to hand over, and the message says which command makes them."""
    shutil.rmtree(clients / MERIDIAN / "deliverables")
    with pytest.raises(InputError, match="align run meridian-manufacturing"):
        hand_over(clients, MERIDIAN, tmp_path / "out")


def test_an_altered_deliverable_is_refused(clients: Path, tmp_path: Path) -> None:
    """A page that is no longer what was made and verified does not leave."""
    (clients / MERIDIAN / "deliverables" / "2026-q3" / "roadmap.html").write_text("<html>edited</html>")
    with pytest.raises(InputError, match="not as it was made"):
        hand_over(clients, MERIDIAN, tmp_path / "out")


def test_a_private_note_in_a_deliverable_stops_the_copy(clients: Path, tmp_path: Path) -> None:
    """The packed copy is read back: a note that got onto a page, escaped as HTML or not, is found there."""
    put(clients, MERIDIAN, b"<html>She will bring it up herself; let her.</html>")
    with pytest.raises(DeliverableError, match=r"roadmap\.html holds a private note"):
        hand_over(clients, MERIDIAN, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_private_note_inside_a_workbook_stops_the_copy(clients: Path, tmp_path: Path) -> None:
    """A workbook is packed: the reading back looks into its parts."""
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", "<t>She will bring it up herself; let her.</t>" * 9)
    home = clients / MERIDIAN / "deliverables" / "2026-q3"
    (home / "roadmap.xlsx").write_bytes(book.getvalue())
    listed(clients, "roadmap.xlsx", book.getvalue())
    with pytest.raises(DeliverableError, match=r"roadmap\.xlsx holds a private note"):
        hand_over(clients, MERIDIAN, tmp_path / "out")


def test_real_deliverables_are_handed_over_whole(real_clients: Path, tmp_path: Path) -> None:
    """Documents made by the notebooks, executed notebooks included, pass the reading back."""
    shutil.copytree(real_clients, tmp_path, dirs_exist_ok=True)
    held = members(hand_over(tmp_path, LAKESIDE, tmp_path / "out"))
    made = {
        "assessment.html",
        "assessment.ipynb",
        "findings.json",
        "roadmap.html",
        "roadmap.pptx",
        "roadmap.ipynb",
        "roadmap.csv",
        "roadmap.xlsx",
        "figures.xlsx",
        "plan.json",
        "manifest.json",
    }
    assert {name.rpartition("/")[2] for name in held if name.startswith("deliverables/")} == made


def listed(clients: Path, name: str, data: bytes) -> None:
    """Add a file to those that the manifest lists, digest and all."""
    path = clients / MERIDIAN / "deliverables" / "2026-q3" / "manifest.json"
    paper = json.loads(path.read_bytes())
    paper["documents"]["roadmap"]["outputs"][name] = sha256(data)
    path.write_text(json.dumps(paper))


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("../../draft/x.txt", False),
        ("{outside}", False),
        ("aggregates.csv", True),
        ("Roadmap-Presenter.HTML", True),
    ],
)
def test_a_manifest_cannot_bring_in_another_file(
    clients: Path, tmp_path: Path, name: str, inside: bool
) -> None:
    """What a manifest lists beyond the documents' own files stays behind; one that leads elsewhere is refused."""
    home = clients / MERIDIAN / "deliverables" / "2026-q3"
    name = name.format(outside=tmp_path / "outside.txt")
    (home / name).parent.mkdir(exist_ok=True)
    (home / name).write_bytes(b"counts of answers")
    listed(clients, name, b"counts of answers")
    if not inside:
        with pytest.raises(InputError, match="not as it was made"):
            hand_over(clients, MERIDIAN, tmp_path / "out")
        return
    held = members(hand_over(clients, MERIDIAN, tmp_path / "out"))
    assert {one for one in held if one.startswith("deliverables/")} == {
        "deliverables/2026-q3/manifest.json",
        "deliverables/2026-q3/roadmap.html",
    }
    assert not any("counts of answers" in text for text in held.values())


@pytest.mark.parametrize("linked", ["", "2026-q3", "2026-q3/roadmap.html"])
def test_a_link_is_not_followed(clients: Path, tmp_path: Path, linked: str) -> None:
    """Deliverables that lie elsewhere are refused, even where their bytes are as the manifest says."""
    place = clients / MERIDIAN / "deliverables" / linked
    shutil.move(place, tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="a link to another place"):
        hand_over(clients, MERIDIAN, tmp_path / "out")


def powerpoint(text: str) -> bytes:
    """Return a packed file with this text in a workbook within it."""
    inner, outer = io.BytesIO(), io.BytesIO()
    for made, name, part in (
        (inner, "xl/sharedStrings.xml", text.encode()),
        (outer, "ppt/embeddings/a.xlsx", None),
    ):
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr(name, inner.getvalue() if part is None else part)
    return outer.getvalue()


def test_the_powerpoint_goes_along_but_not_the_presenters(clients: Path, tmp_path: Path) -> None:
    """Of the two files leadership's alone is given; a private note in the workbook of one of its charts is found."""
    home = clients / MERIDIAN / "deliverables" / "2026-q3"
    for name, text in (("roadmap.pptx", "fine"), ("roadmap-presenter.pptx", "notes")):
        (home / name).write_bytes(powerpoint(text))
        listed(clients, name, powerpoint(text))
    held = members(hand_over(clients, MERIDIAN, tmp_path / "out"))
    assert "deliverables/2026-q3/roadmap.pptx" in held
    assert not any("presenter" in text for text in (*held, *held.values()))
    (home / "roadmap.pptx").write_bytes(powerpoint("She will bring it up herself; let her."))
    listed(clients, "roadmap.pptx", powerpoint("She will bring it up herself; let her."))
    with pytest.raises(DeliverableError, match="private note"):
        hand_over(clients, MERIDIAN, tmp_path / "out")


def test_a_long_quotation_is_no_leak(clients: Path, tmp_path: Path) -> None:
    """A quotation on a page is published, though the YAML of the copy folds it over lines and quotes its marks."""
    short = "Every project waits for the same two analysts."
    long = "It's like this: every project in this building waits for the same two analysts, and nobody tells us when our turn comes."
    for name in ("client.yaml", "responses.csv"):
        path = clients / MERIDIAN / name
        said = f'"{long}"'
        text = path.read_text("utf-8")
        assert short in text
        path.write_text(text.replace(short, said if f'"{short}"' not in text else long), "utf-8")
    put(clients, MERIDIAN, f"<html>{html.escape(long)}</html>".encode())
    assert hand_over(clients, MERIDIAN, tmp_path / "out").is_file()


@pytest.mark.parametrize(
    "note", ["SHE WILL BRING IT UP HERSELF; LET HER.", "She will bring\n  it up herself;\nlet her."]
)
def test_a_private_note_in_other_letters_or_lines_is_found(clients: Path, tmp_path: Path, note: str) -> None:
    """Upper case and line breaks do not hide a private note."""
    put(clients, MERIDIAN, f"<html>{note}</html>".encode())
    with pytest.raises(DeliverableError, match="private note"):
        hand_over(clients, MERIDIAN, tmp_path / "out")


@pytest.mark.parametrize("paper", ["{broken", '{"documents": {"roadmap": 3}}', '{"documents": {}}'])
def test_a_manifest_that_cannot_be_read_is_named(clients: Path, tmp_path: Path, paper: str) -> None:
    """A round whose manifest says nothing is refused, not silently left out."""
    (clients / MERIDIAN / "deliverables" / "2026-q3" / "manifest.json").write_text(paper)
    with pytest.raises(InputError, match=r"no manifest\.json that can be read"):
        hand_over(clients, MERIDIAN, tmp_path / "out")


def test_pages_of_an_open_round_are_not_handed_over_once_it_is_closed(
    tmp_path: Path, project: Path, notebooks: Path
) -> None:
    """Pages made before the last reply came in would, beside those made after it, give that reply away."""
    home = tmp_path / LAKESIDE
    shutil.copytree(project / "client_data" / LAKESIDE, home, ignore=LEFT_BEHIND)
    closed, answers = (home / "client.yaml").read_text("utf-8"), (home / "responses.csv").read_text("utf-8")
    late = answers.splitlines(keepends=True)[-1].split(",")[1]
    early = [line for line in answers.splitlines(keepends=True) if f",{late}," not in line]
    (home / "client.yaml").write_text(closed.replace("    closed: 2026-09-30\n", ""), "utf-8")
    (home / "responses.csv").write_text("".join(early), "utf-8")
    one = Request(documents=("assessment",), notebooks=notebooks)
    assert run_batch(tmp_path, [LAKESIDE], one, workers=1).results[0].state == "made"
    (home / "client.yaml").write_text(closed, "utf-8")
    (home / "responses.csv").write_text(answers, "utf-8")
    with pytest.raises(InputError, match="assessment, a draft of a round that was open"):
        hand_over(tmp_path, LAKESIDE, tmp_path / "out")
