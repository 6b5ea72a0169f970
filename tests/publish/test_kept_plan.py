"""Tests of plans that are taken as they were published, instead of being solved again."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from making import made_of

from toolkit.client.store import read_files
from toolkit.publish.batch import run_batch
from toolkit.publish.deliverables_folder import KeptPlan
from toolkit.publish.documents import KEPT_PLAN
from toolkit.publish.job import Deliverables, Job, Request

MARK = b'"weightings": 1234'
CLIENTS = Path(__file__).resolve().parents[2] / "client_data"


@pytest.fixture
def job(notebooks: Path) -> Job:
    """Return the work for a client with a plan, its documents of one page each."""
    return Job("harbour-credit-union", read_files(CLIENTS, "harbour-credit-union"), notebooks=notebooks)


@pytest.fixture
def made(job: Job) -> Deliverables:
    """Return what is made of it."""
    return made_of(job)


@pytest.fixture
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
    [("client.yaml", b"Harbour", b"Harbor"), ("initiatives.csv", b"320000", b"320001")],
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


def test_the_plan_that_is_taken_is_the_one_published(
    tmp_path: Path, notebooks: Path, marked: KeptPlan
) -> None:
    """A batch hands on what stands in the deliverables as its manifest says; what does not stand is solved again."""
    clients, slug = tmp_path / "clients", "harbour-credit-union"
    shutil.copytree(CLIENTS / slug, clients / slug, ignore=shutil.ignore_patterns("deliverables", "draft"))
    request = Request(notebooks=notebooks, force=True)
    assert not run_batch(clients, [slug], request).failed
    [plan] = clients.glob(f"{slug}/deliverables/*/{KEPT_PLAN}")
    solved, manifest = plan.read_bytes(), plan.with_name("manifest.json")
    plan.write_bytes(marked.text)
    run_batch(clients, [slug], request)
    assert plan.read_bytes() == solved
    digests = [hashlib.sha256(text).hexdigest() for text in (solved, marked.text)]
    manifest.write_text(manifest.read_text("utf-8").replace(*digests), "utf-8")
    plan.write_bytes(marked.text)
    run_batch(clients, [slug], request)
    assert plan.read_bytes() == marked.text
