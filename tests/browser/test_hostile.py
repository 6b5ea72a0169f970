"""A client whose every text is an attack, made into documents for real: its texts are shown, none acts."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
import yaml
from annotated_types import MaxLen
from openpyxl import Workbook
from PIL import Image
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from toolkit.client.field_types import Kind
from toolkit.client.questionnaire import Questionnaire
from toolkit.client.schema import Action, Decision, Facts, Initiative, Response
from toolkit.method import DIMENSIONS

pytestmark = pytest.mark.browser

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "${7*7}",
    r"$\foo$",
    "_name",
    '=HYPERLINK("x")',
    "\u202egnp.exe",
    "漢字かな",
    "🙂",
    "</bdi></main><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "[/x][link=x]",
)
OVERRIDE = "\u202e"
SHEET = "<img src=x onerror=alert(1)>"  # the longest of them that a sheet's name may be
SHORTEST_LIMIT = 80
FOLDER = "hostile"
PROJECT = Path(__file__).resolve().parents[2]
MARK = re.compile(r"q\d{4}z")
DOCUMENTS = ("assessment.html", "roadmap.html")

# What a reader of these documents must meet; a text of any other field may be left out, but not garbled.
PUBLISHED = {
    "Profile.name", "Goal.name", "Impact.name", "Impact.agreed_by", "Risk.name", "Theme.text", "Question.text",
    "Initiative.name", "Initiative.owner_business", "Action.action", "Adjustment.reason", "Adjustment.wording",
    "RoundGroup.label", "Profile.it_lead", "Advice.action", "Advice.why", "Advice.decision", "Advice.owner_it",
    "Quote.text", "OwnSlide.title", "OwnSlide.text", "OwnSlide.alt", "OwnSlide.source",
}  # fmt: skip
PRIVATE = {"Adjustment.private_note", "Response.comment"}


def attack(number: int, limit: int) -> str:
    """Return a text of hostile strings, marked with its number; each begins with another of them."""
    turned = ATTACKS[number % len(ATTACKS) :] + ATTACKS[: number % len(ATTACKS)]
    text = f"{turned[0]} q{number:04d}z"
    if len(text) > limit:
        text = f"{turned[0][: limit - 7].strip()} q{number:04d}z"
    for one in turned[1:]:
        if len(text) + 1 + len(one) <= limit:
            text += f" {one}"
    return text


def parts(annotation: Any) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Yield each alternative of a field's type with what annotates it: ``Name | None`` has one."""
    if get_origin(annotation) in (Union, types.UnionType):
        for one in get_args(annotation):
            yield from parts(one)
    elif get_origin(annotation) is Annotated:
        inner, *notes = get_args(annotation)
        yield from ((one, (*more, *notes)) for one, more in parts(inner))
    elif annotation is not type(None):
        yield annotation, ()


def is_free(annotation: Any, notes: tuple[Any, ...]) -> bool:
    """Tell whether a type is text that anybody may word: no id, no choice."""
    flat = [meta for note in notes for meta in (note.metadata if isinstance(note, FieldInfo) else [note])]
    chosen = any(isinstance(one, Kind) and one.choices for one in flat)
    patterned = any(getattr(one, "pattern", None) for one in flat)
    return annotation is str and not chosen and not patterned


def limit_of(annotation: Any, notes: tuple[Any, ...]) -> int:
    """Return how long an attack on a field may be: shorter than the field's own limit, 300 at most."""
    all_notes = [*notes, *(note for _, more in parts(annotation) for note in more)]
    flat = [meta for note in all_notes for meta in (note.metadata if isinstance(note, FieldInfo) else [note])]
    return min([300, *(one.max_length - 1 for one in flat if isinstance(one, MaxLen))])


def texts_of(annotation: Any, notes: tuple[Any, ...] = ()) -> Iterator[str]:
    """Yield how a field's type holds free text: ``text``, ``texts`` or as the ``keys`` of a mapping."""
    for one, more in parts(annotation):
        inner = get_args(one)
        if is_free(one, (*more, *notes)):
            yield "text"
        elif get_origin(one) is tuple and "text" in texts_of(inner[0]):
            yield "texts"
        elif get_origin(one) is dict and "text" in texts_of(inner[0]):
            yield "keys"


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that a field's type holds."""
    for one, _ in parts(annotation):
        if isinstance(one, type) and issubclass(one, BaseModel):
            yield one
        elif get_origin(one) in (tuple, dict):
            for inner in get_args(one):
                if inner is not Ellipsis:
                    yield from models_in(inner)


def free_fields(model: type[BaseModel]) -> Iterator[str]:
    """Yield every field of free text of a model and of the models within it, as ``Model.field``."""
    for name, field in model.model_fields.items():
        if any(texts_of(field.annotation, tuple(field.metadata))):
            yield f"{model.__name__}.{name}"
        for inner in models_in(field.annotation):
            yield from free_fields(inner)


class Hostile:
    """Fills a plain record with attacks, and remembers which text stands in which field."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.texts: dict[str, str] = {}
        self.roles: dict[str, str] = {}

    def text(self, field: str, limit: int = 300) -> str:
        """Return a new hostile text for a field."""
        text = attack(next(self.numbers), limit)
        self.texts[text] = field
        return text

    def fill(self, model: type[BaseModel], raw: dict[str, Any]) -> dict[str, Any]:
        """Return ``raw`` with every free text of the model filled in, in it and in what it holds."""
        out = dict(raw)
        for name, field in model.model_fields.items():
            where = f"{model.__name__}.{name}"
            inner = next(models_in(field.annotation), None)
            for kind in texts_of(field.annotation, tuple(field.metadata)):
                if kind == "keys" or name == "role":
                    out[name] = self._roles(where, out.get(name, {}))
                elif kind == "texts":
                    out[name] = [self.text(where) for _ in out.get(name, ())]
                else:
                    out[name] = self.text(where, limit_of(field.annotation, tuple(field.metadata)))
            if inner and isinstance(out.get(name), list):
                out[name] = [self.fill(inner, one) for one in out[name]]
            elif inner and isinstance(out.get(name), dict):
                out[name] = self.fill(inner, out[name])
        return out

    def _roles(self, where: str, given: Any) -> Any:
        # A role is known by its name, so the same plain name becomes the same attack everywhere.
        if isinstance(given, dict):
            return {self._roles(where, role): value for role, value in given.items()}
        if given not in self.roles:
            self.roles[given] = self.text(where, SHORTEST_LIMIT)
        return self.roles[given]


def plain_questionnaire() -> dict[str, Any]:
    """Return a questionnaire with a question for each dimension, two for a need, and a link."""
    questions: list[dict[str, Any]] = []
    for one in DIMENSIONS:
        aspects = ("importance", "satisfaction") if one.family == "need" else (None,)
        for aspect in aspects:
            question: dict[str, Any] = {"id": f"{one.id}-{aspect or 'asked'}", "dimension": one.id}
            if aspect:
                question["aspect"] = aspect
            if one.family == "practice":
                question["anchors"] = [""] * 5
            questions.append(question)
    link = {"cause": "communication", "symptom": "blame"}
    return {"id": "own", "questions": questions, "links": [link]}


def plain_facts() -> dict[str, Any]:
    """Return a complete ``client.yaml`` but for its texts: one of everything, a dozen of what is shown most."""
    n = len(ATTACKS)
    symptoms = [one.id for one in DIMENSIONS if one.family == "symptom"]
    groups = [
        {"group": "business", "mode": "survey", "invited": 12},
        {"group": "it", "mode": "consensus", "invited": 3},
        {"group": "provider", "mode": "named", "invited": 1},
    ]
    ranks = {f"goal-{i}": float(i + 1) for i in range(n)}
    return {
        "profile": {"currency": "EUR", "employees": 400, "fiscal_year_starts": 1, "discount_rate": 0.08},
        "goals": [
            {"id": f"goal-{i}", "kpi": f"kpi-{i}", "baseline": 1, "target": 2, "due": "2028-12-31", "weight": 100 / n}
            for i in range(n)
        ],
        "kpis": [
            {
                "id": f"kpi-{i}", "better": "higher", "baseline": 1, "baseline_date": "2026-01-01", "target": 2,
                "target_date": "2028-12-31", "readings": [{"date": "2026-06-30", "value": 1.1}],
            }
            for i in range(n)
        ],
        "impact": [
            {"id": f"impact-{one}", "symptom": one, "low": 1e5, "likely": 2e5, "high": 3e5} for one in symptoms
        ],
        "spend": [{"year": 2026, "run": 3e6, "grow": 2e5, "transform": 1e5, "protect": 1e5}],
        "risks": [
            {"id": f"risk-{i}", "kind": "contract", "due": "2027-06-30", "severity": 0.5} for i in range(n)
        ],
        "themes": [{"id": f"theme-{one.id}", "dimension": one.id} for one in DIMENSIONS],
        "meetings": [
            {"id": "m-1", "date": "2026-06-30", "status": "held", "business": ["", ""], "it": [""]},
            {"id": "m-2", "date": "2026-12-10"},
        ],
        "targets": {one.id: 4 for one in DIMENSIONS if one.family in ("cause", "practice")},
        "budget": [{"year": year, "amount": 9e5, "reserve": 0.1} for year in (2027, 2028, 2029)],
        "capacity": [{"role": role, "fte": 4} for role in ("a", "b")],
        "planning": {"start": "2027-Q1", "quarters": 12, "choices": [{"group": "either"}]},
        "rounds": [
            {"id": "r1", "as_of": "2026-03-31"},
            {
                "id": "r2", "as_of": "2026-09-30", "closed": "2026-09-30", "questionnaire": "own",
                "groups": [one | {"priorities": dict(ranks)} for one in groups],
            },
        ],
        "adjustments": [
            {"id": "adj-score", "round": "r2", "kind": "score", "subject": "roadmap", "group": "business", "value": 2},
            {"id": "adj-finding", "round": "r2", "kind": "finding", "subject": "measure-off-its-path.kpi-0"},
        ],
        "recommendations": [{"id": "rec-own", "round": "r2", "due": "2026-12-31"}],
        "quotes": [{"id": "quote", "round": "r2", "group": "business", "dimension": "blame"}],
        "deck": {"own": [{"after": "risks", "picture": "slides/a.png"}]},
    }  # fmt: skip


def plain_initiatives() -> list[dict[str, Any]]:
    """Return initiatives of every state, but for their texts; some cannot be afforded or scheduled."""
    purposes = ("run", "grow", "transform", "protect")
    rows: list[dict[str, Any]] = [
        {
            "id": f"i-{i}", "purpose": purposes[i % 4], "status": "proposed", "duration": 2, "capex": 3e5,
            "estimate": "rough", "contingency": 0.1, "opex": 1e4, "benefit": 5e4, "goals": {f"goal-{i}": 2},
            "fte": {"a": 1, "b": 0.5}, "settles": [f"risk-{i}"], "practices": ["roadmap"],
        }
        for i in range(len(ATTACKS))
    ]  # fmt: skip
    rows[1]["depends_on"] = ["i-0"]
    rows[0]["alternative_group"] = rows[5]["alternative_group"] = "either"
    rows[3] |= {"status": "in progress", "start": "2027-Q1"}
    return [*rows, {"id": "i-unknown", "status": "proposed"}]


def plain_answers() -> list[dict[str, Any]]:
    """Return every group's answers to every question, but for the comments."""
    people = [("business", i) for i in range(12)] + [("it", 0), ("provider", 0)]
    return [
        {"round": "r2", "respondent": f"{group}-{i}", "group": group, "question": one["id"],
         "score": 1 + (i + n) % 5}
        for group, i in people
        for n, one in enumerate(plain_questionnaire()["questions"])
    ]  # fmt: skip


def table(model: type[BaseModel], rows: list[dict[str, Any]]) -> bytes:
    """Return rows as a CSV file; a cell that a spreadsheet would run carries the apostrophe it knows."""

    def cell(value: Any) -> str:
        if isinstance(value, dict):
            value = "; ".join(f"{key}: {number}" for key, number in value.items())
        elif isinstance(value, list):
            value = "; ".join(map(str, value))
        text = str(value)
        return f"'{text}" if re.match(r"'*[=+\-@\t\r]", text) else text

    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(model.model_fields)
    writer.writerows([cell(row.get(name, "")) for name in model.model_fields] for row in rows)
    return out.getvalue().encode()


def hostile_client() -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the client's files, and the field of each text in them."""
    hostile = Hostile()
    facts = hostile.fill(Facts, plain_facts())
    decision = {"id": "d-1", "round": "r1", "date": "2026-03-31", "subject": "i-0", "decision": "approve"}
    action = {"id": "a-1", "round": "r1", "due": "2026-06-30", "status": "open", "initiative": "i-0"}
    rows: dict[str, tuple[type[BaseModel], list[dict[str, Any]]]] = {
        "initiatives.csv": (Initiative, plain_initiatives()),
        "decisions.csv": (Decision, [decision]),
        "actions.csv": (Action, [action]),
        "responses.csv": (Response, plain_answers()),
    }
    own = hostile.fill(Questionnaire, plain_questionnaire())
    filled = {
        name: (model, [hostile.fill(model, one) for one in plain]) for name, (model, plain) in rows.items()
    }
    filled["responses.csv"][1][0]["comment"] = facts["quotes"][0]["text"]  # a comment is quoted word for word
    files = {name: table(model, those) for name, (model, those) in filled.items()}
    for name, content in (("client.yaml", facts), ("questionnaire.yaml", own)):
        files[name] = yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode()
    picture = io.BytesIO()
    Image.new("RGB", (9, 9)).save(picture, "PNG")
    files["slides/a.png"] = picture.getvalue()
    return files, hostile.texts


def write_client(clients: Path) -> None:
    """Write the hostile client's folder."""
    (clients / FOLDER).mkdir(parents=True)
    (clients / FOLDER / "slides").mkdir()
    for name, data in hostile_client()[0].items():
        (clients / FOLDER / name).write_bytes(data)


def import_table(clients: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Import an initiative from a workbook whose sheet, headers and cells are attacks, by the command."""
    headers = {"name": attack(9001, 300), "description": attack(9002, 300), "source": attack(9003, 300)}
    book = Workbook()
    book.active.title = SHEET
    book.active.append(["Code", *headers.values(), attack(9004, 300)])
    book.active.append(["imported", *(attack(number, 300) for number in (9005, 9006, 9007, 9008))])
    for cell in (*book.active[1], *book.active[2]):
        cell.data_type = "s"  # text, not a formula, also where it begins with an equals sign
    book.save(folder / "book.xlsx")
    mapping = {"kind": "initiatives", "sheet": SHEET, "fields": {"id": "Code", **headers}}
    (folder / "map.yaml").write_text(yaml.safe_dump(mapping, allow_unicode=True), encoding="utf-8")
    command = ["import", "initiatives", FOLDER, str(folder / "book.xlsx"), "--map", str(folder / "map.yaml")]
    return align(*command, "--clients", str(clients), *options)


def align(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    whole = [sys.executable, "-m", "toolkit.cli", *words]
    return subprocess.run(whole, cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def hostile_documents(made_once: Callable[..., Path]) -> dict[str, Path]:
    """The hostile client's documents, made by the command."""

    def write(clients: Path) -> None:
        write_client(clients)
        beside = clients.with_name("attacking")
        beside.mkdir()
        done = import_table(clients, beside)
        assert done.returncode == 0, done.stderr[-500:]

    made = made_once("attacked", write) / FOLDER / "deliverables" / "r2"
    return {name: made / name for name in DOCUMENTS}


@pytest.fixture(scope="module")
def shown(hostile_documents: dict[str, Path], reading: Callable[..., Any]) -> str:
    """All text of both documents, what stands for a picture included."""
    said = "[...document.images].map(image => image.alt).join('\\n')"
    pages = [reading(path) for path in hostile_documents.values()]
    return "\n".join(text for page in pages for text in (page.text(), page.page.evaluate(said)))


def test_every_text_field_is_attacked() -> None:
    """Every field of free text of every model of a record holds at least one attack; none is forgotten."""
    fields = {
        one
        for model in (Facts, Initiative, Decision, Action, Response, Questionnaire)
        for one in free_fields(model)
    }
    assert fields > PUBLISHED | PRIVATE
    files, texts = hostile_client()
    assert set(texts.values()) | {"Initiative.fte"} == fields
    for start in ATTACKS:
        assert any(text.startswith(start) and texts[text] == "Initiative.name" for text in texts)
    assert all(text.isascii() or text.encode() for text in texts)
    assert set(files) >= {"client.yaml", "initiatives.csv", "questionnaire.yaml"}


def test_a_new_text_field_would_be_found() -> None:
    """Free text is recognised by its type: optional, in lists, as keys and in models within; ids are not."""

    class Inner(BaseModel):
        note: str | None = None

    class Outer(BaseModel):
        plain: str
        optional: Annotated[str, "note"] | None = None
        several: tuple[str, ...] = ()
        keys: dict[str, int] = {}
        inner: tuple[Inner, ...] = ()
        chosen: Literal["a"] = "a"
        coded: Annotated[str, FieldInfo(annotation=str), Kind("x", "y", ("a", "b"))] = "a"
        number: int = 0

    assert set(free_fields(Outer)) == {
        "Outer.plain", "Outer.optional", "Outer.several", "Outer.keys", "Inner.note"
    }  # fmt: skip


@pytest.mark.parametrize("policy", ["kept", "removed"])
@pytest.mark.parametrize("document", DOCUMENTS)
def test_nothing_runs(
    document: str, policy: str, hostile_documents: dict[str, Path], visit: Callable[..., Any], tmp_path: Path
) -> None:
    """No attack runs, loads or opens anything, even for a browser that knows no Content-Security-Policy."""
    html = hostile_documents[document].read_text(encoding="utf-8")
    if policy == "removed":
        html, removed = re.subn(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", html)
        assert removed == 1
    path = tmp_path / document
    path.write_text(html, encoding="utf-8")
    seen = visit(path)
    if document == "roadmap.html":
        assert len(list(seen.slides())) > 1
    seen.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for element in seen.page.locator("bdi:visible").all()[:20]:
        element.dispatch_event("mouseover")
    seen.page.wait_for_timeout(300)
    assert (seen.sprung(), seen.trouble, seen.elsewhere()) == ([], [], [])
    assert not re.search(r"alert\(1\)> \$?49|\$?49 (\$\{7|\$\\foo)", seen.text())


def test_what_is_published_stands_there_to_the_letter(hostile_documents: dict[str, Path], shown: str) -> None:
    """Each attack that is mentioned in either document stands whole in the text of one of them."""
    _, texts = hostile_client()
    source = "".join(path.read_text(encoding="utf-8") for path in hostile_documents.values())
    mentioned = set(MARK.findall(source))
    marks = {MARK.findall(text)[0]: text for text in texts}
    # Between two stars, a slide's own text is italic: the stars themselves are not shown.
    as_shown = {
        text: text.replace("*", "") if field == "OwnSlide.text" else text for text, field in texts.items()
    }
    garbled = {
        text: texts[text] for mark, text in marks.items() if mark in mentioned and as_shown[text] not in shown
    }
    assert garbled == {}
    published = {texts[text] for mark, text in marks.items() if mark in mentioned}
    assert published >= PUBLISHED
    assert not published & PRIVATE


def test_what_is_imported_is_shown_to_the_letter(shown: str) -> None:
    """The name that an imported table gave an initiative stands in a document as it stood in its cell."""
    assert attack(9005, 300) in shown


def test_attacks_steer_no_terminal(tmp_path: Path) -> None:
    """Headers, sheet names and labels reach a terminal without direction overrides, and as they are worded."""
    write_client(tmp_path / "clients")
    preview = import_table(tmp_path / "clients", tmp_path, "--dry-run")
    checked = align("check", "--clients", str(tmp_path / "clients"))
    for done in (preview, checked):
        assert done.returncode == 0, done.stderr[-500:]
        assert OVERRIDE not in done.stdout + done.stderr
        assert "[/x][link=x]" in done.stdout
    assert "nothing was changed" in preview.stdout.lower()


@pytest.mark.parametrize("field", ["Initiative.name", "Goal.name", "Risk.name"])
def test_no_name_is_left_out(field: str, shown: str) -> None:
    """Every initiative, goal and risk is named, whatever its name begins with."""
    _, texts = hostile_client()
    assert [text for text, where in texts.items() if where == field and text not in shown] == []


def test_only_its_own_scripts_run(hostile_documents: dict[str, Path], reading: Callable[..., Any]) -> None:
    """The documents hold no script, frame or handler but those the toolkit puts into every deck."""
    count_of = "sel => document.querySelectorAll(sel).length"
    report, deck = (reading(hostile_documents[name]).page for name in DOCUMENTS)
    assert (report.evaluate(count_of, "script"), deck.evaluate(count_of, "script")) == (0, 2)
    for page in (report, deck):
        assert page.evaluate(count_of, "iframe, object, embed, form, svg[onload]") == 0
        handlers = "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => /^on/.test(n))"
        assert page.evaluate(handlers) == []
