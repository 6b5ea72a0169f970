"""The own benchmark over clients on disk: issued, withheld, taken back, and what a client's documents get of it."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from benchmark_clients import surveyed, withdraw
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from toolkit.assess.benchmark import ClientFigures
from toolkit.cli import main
from toolkit.client.parts import OWN_BENCHMARK
from toolkit.client.store import load
from toolkit.errors import InputError
from toolkit.publish.benchmark_file import (
    BENCHMARK,
    BenchmarkFile,
    benchmark_for,
    issue_benchmark,
    issued_over,
    read_benchmark,
)
from toolkit.publish.client_task import task_of
from toolkit.publish.slide_chart import chart_data
from toolkit.show import AssessmentStory
from toolkit.show.native_chart import NativeChart

SHOWN = "  benchmark_band: shown\n"


def folder(tmp_path: Path, count: int, sector: str = "") -> Path:
    """Return so many clients that agreed, their scores 1 to 5 in turn."""
    for n in range(count):
        surveyed(tmp_path, f"client-{n:02}", n % 5 + 1, sector)
    return tmp_path


def issued(clients: Path) -> dict[tuple[str, str], int]:
    """Issue what may be; return how many clients each benchmark that is then shown counts."""
    issue_benchmark(clients)
    return {key: len(one.figures) for key, one in read_benchmark(clients).shown.items()}


@pytest.mark.parametrize(("count", "expected"), [(4, {}), (5, {("pulse", ""): 5}), (40, {("pulse", ""): 40})])
def test_four_are_withheld_five_and_forty_shown_and_none_can_be_left_out(
    tmp_path: Path, count: int, expected: dict[tuple[str, str], int]
) -> None:
    """Over all that agreed; once somebody withdraws nothing is shown at all, for what is left is the difference."""
    clients = folder(tmp_path, count)
    assert issued(clients) == expected
    withdraw(clients, "client-01")
    assert issued(clients) == {}


def test_the_figures_are_the_quartiles_of_what_the_clients_scored(tmp_path: Path) -> None:
    """Five clients that scored 1, 2, 3, 4 and 5 everywhere: the second, third and fourth."""
    clients = folder(tmp_path, 5)
    issue_benchmark(clients)
    (one,) = read_benchmark(clients).shown.values()
    assert one.bands == dict.fromkeys(
        ("communication", "priorities", "understanding", "resources"), (2.0, 3.0, 4.0)
    )


def test_one_more_client_waits_for_four_others(tmp_path: Path) -> None:
    """Over six the benchmark stays that of five, byte for byte; over ten it is a new one."""
    clients = folder(tmp_path, 5)
    issue_benchmark(clients)
    before = (clients / BENCHMARK).read_bytes()
    surveyed(clients, "newcomer", 3)
    (said,) = issue_benchmark(clients)
    assert said == (
        "Pulse questionnaire, all sectors: withheld, for it differs by fewer than five figures from what was issued of "
        "the pulse questionnaire, all sectors; that of five clients stands."
    )
    assert (clients / BENCHMARK).read_bytes() == before
    for n in range(4):
        surveyed(clients, f"later-{n}", 3)
    assert issued(clients) == {("pulse", ""): 10}


def test_what_was_taken_back_still_counts_against_what_comes(tmp_path: Path) -> None:
    """Ten of whom one withdraws: not nine, nor, once that one is replaced, another ten."""
    clients = folder(tmp_path, 10)
    assert issued(clients) == {("pulse", ""): 10}
    withdraw(clients, "client-03")
    assert issued(clients) == {}
    surveyed(clients, "newcomer", 3)
    assert issued(clients) == {}


def test_a_sector_is_shown_where_nobody_outside_it_can_be_worked_out(tmp_path: Path) -> None:
    """Five of a sector among seven clients would tell of the two others; among ten they do not."""
    clients = folder(tmp_path, 5, "Wholesale food")
    for n in range(2):
        surveyed(clients, f"other-{n}", 3)
    assert issued(clients) == {("pulse", ""): 7}
    (clients / BENCHMARK).unlink()
    for n in range(2, 5):
        surveyed(clients, f"other-{n}", 3)
    assert issued(clients) == {("pulse", ""): 10, ("pulse", "wholesale food"): 5}


# Of a year: which of fourteen clients agree, and which of them are asked again.
years = st.lists(
    st.tuples(st.sets(st.integers(0, 13)), st.sets(st.integers(0, 13))), min_size=2, max_size=8
)  # fmt: skip


@given(years)
def test_whatever_comes_and_goes_no_two_issues_single_anybody_out(
    history: list[tuple[set[int], set[int]]],
) -> None:
    """Over years of joining, leaving and being asked again: at least five, all of whom agree, and never one to four apart."""
    file, asked = BenchmarkFile(), dict.fromkeys(range(14), 0)
    for agreed, again in history:
        asked |= {client: asked[client] + 1 for client in again}
        found = [
            ClientFigures(f"c{n}", f"r{asked[n]}", "pulse", "Food" if n < 6 else "Steel", {"roadmap": 1 + n % 9 / 2})
            for n in sorted(agreed)
        ]  # fmt: skip
        file, _ = issued_over(file, found, {f"c{n}" for n in agreed})
        for one in file.shown.values():
            assert len(one.figures) >= 5
            assert {client for client, _ in one.figures} <= {f"c{n}" for n in agreed}
    for one, other in itertools.combinations(file.issues, 2):
        first, second = set(one.figures), set(other.figures)
        assert not {len(first - second), len(second - first)} & {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("  closed: 2027-01-31\n", ""), "the round is open"),
        (("schema_version: 1\n", "schema_version: 1\nsynthetic: true\n"), "a sample"),
        (("{group: it, mode: consensus, invited: 2}", "{group: it, mode: survey, invited: 9}"), "IT is hidden"),
        (
            ("rounds:", "adjustments:\n- {id: a, round: r1, kind: score, subject: resources, group: it, value: 5, reason: R}\nrounds:"),
            "a score is adjusted",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_who_does_not_count(tmp_path: Path, change: tuple[str, str], why: str) -> None:
    """A client whose figures are not all measured, shown and final makes no fifth."""
    clients = folder(tmp_path, 5)
    path = clients / "client-04" / "client.yaml"
    text = path.read_text(encoding="utf-8")
    assert change[0] in text, why
    path.write_text(text.replace(*change), encoding="utf-8")
    assert issued(clients) == {}


def test_a_client_that_was_asked_otherwise_since_still_counts(tmp_path: Path) -> None:
    """A later round without that questionnaire takes nobody out of its benchmark."""
    clients = folder(tmp_path, 5)
    path = clients / "client-04" / "client.yaml"
    later = "- {id: r2, as_of: 2027-04-30, closed: 2027-04-30, questionnaire: executive}\n"
    path.write_text(path.read_text(encoding="utf-8") + later, encoding="utf-8")
    assert issued(clients) == {("pulse", ""): 5}


def test_a_clients_documents_get_the_numbers_where_its_profile_says_so(tmp_path: Path) -> None:
    """By default nothing; else the same for everybody, no client named, and the manifest knows it was made from that."""
    clients = folder(tmp_path, 5)
    issue_benchmark(clients)
    surveyed(clients, "outside", 3, consent="", extra=SHOWN)
    surveyed(clients, "client-00", 1, extra=SHOWN)
    jobs = {slug: task_of(clients, slug).job for slug in ("outside", "client-00", "client-01")}
    given = json.loads(jobs["outside"].known[OWN_BENCHMARK])
    assert given["bands"]["resources"] == {"low": 2.0, "middle": 3.0, "high": 4.0}
    assert (given["clients"], given["sector"]) == (5, "")
    assert jobs["client-00"].benchmark == jobs["outside"].benchmark
    assert "client-0" not in jobs["outside"].benchmark.decode()
    assert OWN_BENCHMARK in jobs["outside"].sources([])["roadmap"]["inputs"]
    assert OWN_BENCHMARK not in jobs["client-01"].known
    assert OWN_BENCHMARK not in jobs["client-01"].sources([])["roadmap"]["inputs"]


def test_the_pages_show_and_explain_it(tmp_path: Path) -> None:
    """The band is in the picture and in its data, the appendix says what it is; without it neither says a word."""
    clients = folder(tmp_path, 5)
    issue_benchmark(clients)
    home = surveyed(clients, "outside", 3, extra=SHOWN)
    plain = AssessmentStory.open("outside", str(clients))
    (home / "draft").mkdir(exist_ok=True)
    record = load(clients, "outside")
    (home / OWN_BENCHMARK).write_bytes(benchmark_for(clients, record.facts.profile, "pulse"))
    shown = AssessmentStory.open("outside", str(clients))
    (exhibit,) = shown.pages["areas"].exhibits
    assert list(exhibit.data["Companies compared: lower quartile"]) == [2.0] * 4
    assert b"Middle half of 5 companies" in exhibit.svg
    native = exhibit.native()
    band = next(iter(chart_data(native)[1]))
    assert [(point.x, point.y) for point in band][:2] == [(2.0, 3.5), (4.0, 3.5)]
    assert NativeChart.of(native.payload()) == native
    assert "quartile of five clients of the consultancy" in shown.pages["appendix"].html()
    for key in ("areas", "appendix"):
        assert "companies compared" not in plain.pages[key].html().lower()
        assert "quartile" not in plain.pages[key].html()


def test_a_damaged_file_is_not_made_anew(tmp_path: Path) -> None:
    """What was issued before would be forgotten: the command refuses, and says what to do."""
    clients = folder(tmp_path, 5)
    (clients / BENCHMARK).write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="Restore it from a backup"):
        issue_benchmark(clients)
    done = CliRunner().invoke(main, ["benchmark", "--clients", str(clients)])
    assert done.exit_code == 1
    assert (clients / BENCHMARK).read_text(encoding="utf-8") == "{"
