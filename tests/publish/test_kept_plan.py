"""Tests of plans that are taken as they were published, instead of being solved again."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from making import made_of

from toolkit.client.store import create
from toolkit.publish.batch import run_batch
from toolkit.publish.deliverables_folder import KeptPlan
from toolkit.publish.documents import KEPT_PLAN
from toolkit.publish.job import Deliverables, Job, Request

MARK = b'"weightings": 1234'
SLUG = "acme"
FACTS = b"""\
profile: {name: Acme}
goals:
- {id: g1, name: Grow, weight: 60}
- {id: g2, name: Save, weight: 40}
budget:
- {year: 2027, amount: 500000}
capacity:
- {role: developer, fte: 2}
planning: {start: 2027-Q1, quarters: 4}
rounds:
- id: r1
  as_of: 2026-12-31
  questionnaire: pulse
  groups: [{group: business, invited: 9}]
"""
INITIATIVES = b"""\
id,name,duration,capex,goals,fte
crm,CRM,1,320000,g1: 3,developer: 1
erp,ERP,2,300000,g2: 2,developer: 1
data,Data,1,100000,g1: 1; g2: 1,developer: 2
"""
RESPONSES = b"round,respondent,group,question,score,comment\n" + b"".join(
    b"r1,p%d,business,communication-1,3,\n" % person for person in range(6)
)


@pytest.fixture(scope="module")
def job(tiny_notebooks: Path) -> Job:
    """Return the work for a client with a plan, its documents of one page each."""
    files = {"client.yaml": FACTS, "initiatives.csv": INITIATIVES, "responses.csv": RESPONSES}
    return Job(SLUG, files, notebooks=tiny_notebooks)


@pytest.fixture(scope="module")
def made(job: Job) -> Deliverables:
    """Return what is made of it."""
    return made_of(job)


@pytest.fixture(scope="module")
def marked(made: Deliverables) -> KeptPlan:
    """Return the plan that was made with a mark in it, by which it is known again."""
    text, marks = re.subn(rb'"weightings": \d+', MARK, made.files[KEPT_PLAN])
    assert marks == 1
    return KeptPlan(made.plan, text)


def test_a_plan_is_not_solved_again_when_only_answers_have_changed(job: Job, marked: KeptPlan) -> None:
    """New answers, and nothing else: the plan that stands is taken, byte for byte."""
    answers = job.files["responses.csv"].rstrip().rpartition(b"\n")[0] + b"\n"
    again = made_of(replace(job, files={**job.files, "responses.csv": answers}, plan=marked))
    assert again.files[KEPT_PLAN] == marked.text
    assert again.plan == marked.digest


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("client.yaml", b"Acme", b"Apex"), ("initiatives.csv", b"320000", b"320001")],
)
def test_a_plan_is_solved_again_when_what_it_rests_on_has_changed(
    job: Job, marked: KeptPlan, file: str, old: bytes, new: bytes
) -> None:
    """A name or an amount changed in the record: the plan that stands is not taken."""
    changed = job.files[file].replace(old, new, 1)
    assert changed != job.files[file]
    again = made_of(replace(job, files={**job.files, file: changed}, plan=marked))
    assert again.plan != marked.digest
    assert MARK not in again.files[KEPT_PLAN]


def test_a_plan_of_another_toolkit_is_not_taken(job: Job, made: Deliverables, marked: KeptPlan) -> None:
    """What it rests on includes the toolkit's code: another digest, another search, the same plan."""
    again = made_of(replace(job, plan=replace(marked, digest="0" * 64)))
    assert again.files[KEPT_PLAN] == made.files[KEPT_PLAN]


def test_the_plan_that_is_taken_is_the_one_published(tmp_path: Path, job: Job, marked: KeptPlan) -> None:
    """A batch hands on what stands in the deliverables as its manifest says; what does not stand is solved again."""
    create(tmp_path, SLUG, dict(job.files))
    request = Request(notebooks=job.notebooks, documents=("roadmap",), force=True)
    assert not run_batch(tmp_path, [SLUG], request).failed
    [plan] = tmp_path.glob(f"{SLUG}/deliverables/*/{KEPT_PLAN}")
    solved, manifest = plan.read_bytes(), plan.with_name("manifest.json")
    plan.write_bytes(marked.text)
    run_batch(tmp_path, [SLUG], request)
    assert plan.read_bytes() == solved
    digests = [hashlib.sha256(text).hexdigest() for text in (solved, marked.text)]
    manifest.write_text(manifest.read_text("utf-8").replace(*digests), "utf-8")
    plan.write_bytes(marked.text)
    run_batch(tmp_path, [SLUG], request)
    assert plan.read_bytes() == marked.text
