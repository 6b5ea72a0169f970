"""Decision sheets that come back: each is taken into the record exactly, or refused by name and in words."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sent_sheets import ROUND, SLUG, client, publish, saved, sheet
from slices import examples

from toolkit.cli import main
from toolkit.client.store import load, read_files
from toolkit.errors import Fault, InputError
from toolkit.intake import Import, import_sheets
from toolkit.intake.decision_sheet import SHEET, write_sheet
from toolkit.intake.saved_files import LARGEST
from toolkit.plan.plan import plan_roadmap

APPROVED = {"approve.chosen-work": {"answer": "approve"}}


class Mail:
    """A client whose plan is published, and a folder into which sheets come."""

    def __init__(self, folder: Path) -> None:
        self.clients, self.folder = folder / "clients", folder / "sheets"
        self.folder.mkdir()
        client(self.clients)

    def put(self, name: str, content: Mapping[str, Any] | bytes) -> Path:
        """Put a file into the folder: bytes as they are, else saved as the page would."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else saved(content))
        return path

    def sheet(self, answers: Mapping[str, Any], number: int = 1, **changed: Any) -> dict[str, Any]:
        """Return a sheet's content."""
        return sheet(self.clients, answers, number, **changed)

    def take(self, path: Path | None = None, **options: Any) -> Import:
        """Import a file, or the folder."""
        return import_sheets(self.clients, SLUG, path or self.folder, **options)

    def refusal(self, path: Path | None = None) -> str:
        """Import what must be refused; return the words, having seen that the record stands as it was."""
        before = read_files(self.clients, SLUG)
        with pytest.raises(InputError) as caught:
            self.take(path)
        assert read_files(self.clients, SLUG) == before
        assert all(one.where and one.found and one.allowed and one.remedy for one in caught.value.faults)
        return str(caught.value)

    def decided(self) -> dict[str, tuple[str, str, str]]:
        """Return the record's decisions: of each subject the decision, the quarter and by whom."""
        made = load(self.clients, SLUG).decisions
        return {d.subject: (d.decision, d.quarter.key if d.quarter else "", d.by or "") for d in made}


@pytest.fixture
def mail(tmp_path: Path) -> Mail:
    """A client whose plan asks for decisions."""
    return Mail(tmp_path)


def test_a_sheet_is_decisions_and_actions_and_the_next_plan_obeys(mail: Mail) -> None:
    """Each answer becomes a decision a subject under the ask's id, each further action an action; the plan keeps to all."""
    later = {"answer": "defer", "quarter": "2027-Q4", "note": "After the move.", "action": "Ask the vendor", "owner_it": "Bo", "due": "2027-02-28"}  # fmt: skip
    path = mail.put("a.json", mail.sheet({
        "approve.chosen-work": {"answer": "approve", "otherwise": {"portal": "reject"}},
        "choose.erp": {"answer": "choose.new"}, "risk.k": {"answer": "accept"}, "release.fixed-work": later,
    }))  # fmt: skip
    done = mail.take(path)
    assert mail.decided() == {
        "scan": ("approve", "", "Ann, COO"), "portal": ("reject", "", "Ann, COO"), "new": ("approve", "", "Ann, COO"),
        "keep": ("reject", "", "Ann, COO"), "k": ("accept risk", "", "Ann, COO"), "law": ("defer", "2027-Q4", "Ann, COO"),
    }  # fmt: skip
    record = load(mail.clients, SLUG)
    (action,) = record.actions
    assert (action.action, action.owner_it, str(action.due), action.round) == ("Ask the vendor", "Bo", "2027-02-28", ROUND)  # fmt: skip
    assert {d.ask for d in record.decisions} == {
        "approve.chosen-work",
        "choose.erp",
        "risk.k",
        "release.fixed-work",
    }
    plan = {one.initiative: one.start.key for one in plan_roadmap(record, ROUND).scheduled}
    assert plan.keys() == {"scan", "new", "law"}
    assert plan["law"] >= "2027-Q4"
    assert (
        "release.fixed-work: Hold new starts until Q4 2027, by Ann, COO on 12 January 2027." in done.remarks
    )
    assert mail.take(path).new == ()  # the same again changes nothing


REFUSED: list[tuple[str, dict[str, Any], dict[str, Any], tuple[str, ...]]] = [
    ("of another client", APPROVED, {"client": "other"}, ("other", SLUG)),
    ("of another round", APPROVED, {"round": "r2"}, ("r2", ROUND, "--round")),
    ("of another plan", APPROVED, {"plan": "0" * 16}, ("another plan of this round", "align decisions")),
    ("without an answer", {}, {}, ("at least one answer",)),
    ("an ask that is not asked", {"approve.everything": {"answer": "approve"}}, {}, ("approve.everything", "the plan of round r1")),
    ("no way to answer", {"risk.k": {"answer": "reject"}}, {}, ("reject", "approve, defer, accept")),
    ("a deferral without a quarter", {"risk.k": {"answer": "defer"}}, {}, ("from 2027-Q2 to",)),
    ("a quarter that has begun", {"risk.k": {"answer": "defer", "quarter": "2027-Q1"}}, {}, ("2027-Q1", "from 2027-Q2")),
    ("a quarter too far off", {"risk.k": {"answer": "defer", "quarter": "2099-Q1"}}, {}, ("2099-Q1", "to 2031-Q4")),
    ("no quarter at all", {"risk.k": {"answer": "defer", "quarter": "soon"}}, {}, ("soon", "from 2027-Q2")),
    ("a quarter of what is approved", {"risk.k": {"answer": "approve", "quarter": "2027-Q4"}}, {}, ("only where something is deferred",)),
    ("work that the ask is not about", {"approve.chosen-work": {"answer": "approve", "otherwise": {"x": "reject"}}}, {}, ("x",)),
    ("nobody who decided", APPROVED, {"by": ""}, ("by",)),
    ("a no for a name", APPROVED, {"by": "n/a"}, ("n/a", "by name or role")),
    ("a day before the plan", APPROVED, {"on": "2026-09-29"}, ("2026-09-29", "from 2026-09-30")),
    ("a day that does not exist", APPROVED, {"on": "2027-02-30"}, ("the day of the decision",)),
    ("a date without an action", {"risk.k": {"answer": "accept", "due": "2027-03-01"}}, {}, ("an action",)),
    ("a date that is none", {"risk.k": {"answer": "accept", "action": "Ask", "due": "soon"}}, {}, ("soon", "a date that exists")),
    ("a field that is not known", {"risk.k": {"answer": "accept", "colour": "red"}}, {}, ("colour",)),
    ("a later version", APPROVED, {"version": 2}, ("version",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "changed", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_cannot_be_taken_is_refused_in_words(
    mail: Mail, answers: dict[str, Any], changed: dict[str, Any], words: tuple[str, ...]
) -> None:
    """Each fault names the file, what was found and what is allowed; the record stands as it was."""
    text = mail.refusal(mail.put("a.json", mail.sheet(answers, **changed)))
    assert "a.json" in text
    assert [word for word in words if word not in text] == []


def test_damage_is_told_and_a_change_of_line_ends_is_none(mail: Mail) -> None:
    """One byte changed on its way, a file cut short, one too large: refused; what a mail program does to line ends is not."""
    whole = saved(mail.sheet(APPROVED))
    damaged = {
        "a": whole.replace(b"Ann, COO", b"Ann, CEO"),
        "b": whole[:-20],
        "c": b"{}",
        "d": b" " * (LARGEST + 1),
    }
    for name, content in damaged.items():
        assert f"{name}.json" in mail.refusal(mail.put(f"{name}.json", content))
        (mail.folder / f"{name}.json").unlink()
    assert mail.take(mail.put("e.json", b"\xef\xbb\xbf" + whole.replace(b"\n", b"\r\n"))).new == (
        "approve.chosen-work",
    )


def test_two_people_who_contradict_each_other_are_told_and_nothing_is_chosen(mail: Mail) -> None:
    """In one folder, and one after the other; both answers and both names stand in the message."""
    mail.put("ann.json", mail.sheet(APPROVED))
    bo = mail.put("bo.json", mail.sheet({"approve.chosen-work": {"answer": "reject"}}, 2, by="Bo, CIO"))
    text = mail.refusal()
    assert all(word in text for word in ("Bo, CIO: Reject", "Ann, COO: Approve", "ann.json", "bo.json"))
    mail.take(mail.folder / "ann.json")
    assert all(word in mail.refusal(bo) for word in ("Bo, CIO: Reject", "on record, Ann, COO: approve"))


def test_whoever_agrees_is_named_too_and_whoever_reconsiders_is_followed(mail: Mail) -> None:
    """Of two who say the same both are named; a person's later sheet takes the place of their earlier one, and says so."""
    mail.put("ann.json", mail.sheet(APPROVED))
    mail.take()
    mail.take(mail.put("bo.json", mail.sheet(APPROVED, 2, by="Bo, CIO")))
    assert mail.decided()["scan"] == ("approve", "", "Ann, COO; Bo, CIO")
    risk = mail.take(mail.put("c.json", mail.sheet({"risk.k": {"answer": "accept"}}, 3)))
    assert risk.new == ("risk.k",)
    done = mail.take(mail.put("d.json", mail.sheet({"risk.k": {"answer": "defer", "quarter": "2027-Q3"}}, 4)))
    assert done.changed == ("risk.k",)
    assert mail.decided()["rec-risk.k"] == ("defer", "2027-Q3", "Ann, COO")
    assert "k" not in mail.decided()


def test_two_answers_about_the_same_work_must_agree(mail: Mail) -> None:
    """What one ask approves and another rejects is told, with both asks."""
    asks = {"choose.erp": {"answer": "choose.keep"}}
    mail.take(mail.put("a.json", mail.sheet(asks)))
    decisions = mail.clients / SLUG / "decisions.csv"
    other = (
        decisions.read_text()
        .replace("keep,approve", "scan,reject")
        .replace("choose.erp,100", "choose.erp,300")
    )
    decisions.write_text(other)
    text = mail.refusal(mail.put("b.json", mail.sheet(APPROVED, 2)))
    assert all(word in text for word in ("scan", "reject by choose.erp", "approve by approve.chosen-work"))


def test_a_sheet_of_a_plan_made_again_is_refused_once_its_asks_are_others(mail: Mail) -> None:
    """Answered and planned again, the plan asks for less: the page sent before answers another plan."""
    earlier = mail.put("late.json", mail.sheet({"risk.k": {"answer": "accept"}}, 2, by="Bo, CIO"))
    mail.take(mail.put("a.json", mail.sheet(APPROVED)))
    publish(mail.clients)
    assert "another plan of this round" in mail.refusal(earlier)


def test_an_ask_put_again_takes_nothing_back(mail: Mail) -> None:
    """New work under the id answered before is approved beside what was approved; at another cost, an answer is given anew."""
    mail.take(mail.put("a.json", mail.sheet(APPROVED)))
    work = mail.clients / SLUG / "initiatives.csv"
    work.write_text(work.read_text().replace(",300,", ",400,") + "more,More of it,1,100,g: 3,,\n")
    publish(mail.clients)
    release = {"release.fixed-work": {"answer": "approve", "otherwise": {"scan": "defer 2027-Q4"}}}
    mail.take(mail.put("b.json", mail.sheet(APPROVED | release, 2, by="Bo, CIO")))
    made = mail.decided()
    assert made["portal"] == ("approve", "", "Ann, COO")
    assert made["more"] == ("approve", "", "Bo, CIO")
    assert made["scan"] == ("defer", "2027-Q4", "Bo, CIO")


def test_the_commands_write_the_sheet_and_take_it_back(mail: Mail) -> None:
    """``align decisions`` says where it wrote; ``align import decisions`` shows first, then records."""

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, [*words, "--clients", str(mail.clients)])
        return done.exit_code, done.output

    code, text = run("decisions", SLUG)
    page = mail.clients / SLUG / "decisions" / ROUND / SHEET
    assert (code, str(page) in text.replace("\n", "")) == (0, True)
    held = page.read_text(encoding="utf-8")
    assert held == write_sheet(mail.clients, SLUG).read_text(encoding="utf-8")
    assert "<script>alert(1)" not in held
    path = str(mail.put("a.json", mail.sheet(APPROVED)))
    code, text = run("import", "decisions", SLUG, path, "--dry-run")
    assert (code, "approve.chosen-work: Approve, by Ann, COO on 12 January 2027." in text) == (0, True)
    assert mail.decided() == {}
    assert run("import", "decisions", SLUG, path)[0] == 0
    assert mail.decided().keys() == {"scan", "portal"}
    assert run("import", "decisions", SLUG, path, "--partial")[0] == 2


WORDS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
                  st.sampled_from(["approve", "defer", "2027-Q4", "risk.k", "\x00", "=1+1", "9" * 400]))  # fmt: skip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Mail:
    """A client for many files, none of which stays in its record."""
    return Mail(tmp_path_factory.mktemp("kept"))


@settings(max_examples=examples(500), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), value=WORDS, sealed=st.booleans())
def test_any_file_is_taken_or_refused_in_words(kept: Mail, seed: int, value: Any, sealed: bool) -> None:
    """Bytes changed, cut, doubled, or values put anywhere, with the checksum made anew or not: never a traceback."""
    draw = random.Random(seed)
    content = kept.sheet({
        "approve.chosen-work": {"answer": "approve", "otherwise": {"portal": "defer 2027-Q4"}},
        "risk.k": {"answer": "defer", "quarter": "2027-Q3", "note": "n", "action": "Ask", "owner_it": "Bo", "due": "2027-03-01"},
    })  # fmt: skip
    if sealed:
        _put(draw, content, value)
        data = saved(content)
    else:
        data = _changed(draw, saved(content))
    path = kept.put("a.json", data)
    faults = _refusal(kept, path)
    assert all(one.where and one.allowed and one.remedy for one in faults)
    assert load(kept.clients, SLUG).decisions == ()


def _refusal(kept: Mail, path: Path) -> tuple[Fault, ...]:
    """Return why a file is refused; nothing where it is taken."""
    try:
        kept.take(path, dry_run=True)
    except InputError as error:
        return tuple(error.faults)
    return ()


def _put(draw: random.Random, content: dict[str, Any], value: Any) -> None:
    """Put a value, or take one away, anywhere in nested content."""
    at: dict[str, Any] = content
    while True:
        key = draw.choice([*at, "more"])
        if isinstance(at.get(key), dict) and at[key] and draw.random() < 0.8:
            at = at[key]
        elif draw.random() < 0.2 and key in at:
            del at[key]
            return
        else:
            at[key] = value
            return


def _changed(draw: random.Random, data: bytes) -> bytes:
    """Change, remove or repeat some bytes."""
    for _ in range(draw.choice((1, 1, 2, 5))):
        at, to = sorted((draw.randrange(len(data)), draw.randrange(len(data))))
        data = draw.choice((
            data[:at] + bytes([draw.randrange(256)]) + data[at + 1 :], data[:at] + data[to:], data[:at], data + data[at:to],
        )) or b"0"  # fmt: skip
    return data


def test_json_too_deep_is_refused(mail: Mail) -> None:
    """Brackets without end are a damaged file."""
    deep = b'{"format": ' + b"[" * 5000
    assert "damaged" in mail.refusal(mail.put("a.json", deep))
    assert "twice" in mail.refusal(
        mail.put("a.json", json.dumps(mail.sheet(APPROVED)).replace('"by"', '"on"').encode())
    )
