"""The own benchmark as it was issued: one file among the clients, by which every later run goes until another is issued.

``benchmark.json`` also holds which clients' rounds each issue has counted, also of those that stand no more: without
that nobody could tell which other may be issued. It is the consultancy's alone; of it, a client's documents are given
the three numbers of each area and how many clients were counted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from toolkit.client.closed import EngagementClosed
from toolkit.client.folders import slugs
from toolkit.client.schema import Profile
from toolkit.client.store import load
from toolkit.errors import DeliverableError, Fault, InputError
from toolkit.files import read, write
from toolkit.method import AREAS
from toolkit.publish.manifest import json_bytes
from toolkit.words import capital, count, fixed, quoted

if TYPE_CHECKING:
    from toolkit.assess.benchmark import ClientFigures

BENCHMARK = "benchmark.json"
_FEWER = "fewer than five figures"


class Issue(BaseModel):
    """One benchmark as issued; ``sector`` is "" for all, ``title`` what the sector is called, ``bands`` are by area.

    ``figures`` are the clients counted, each with its round; ``stands`` is whether it is shown.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    questionnaire: str
    sector: str
    title: str
    figures: tuple[tuple[str, str], ...]
    bands: dict[str, tuple[float, float, float]]
    stands: bool = True

    @property
    def key(self) -> tuple[str, str]:
        """What it is a benchmark of."""
        return self.questionnaire, self.sector

    @property
    def of(self) -> str:
        """What it is a benchmark of, in words."""
        return f"{self.questionnaire} questionnaire, {quoted(self.title) if self.sector else 'all sectors'}"


class BenchmarkFile(BaseModel):
    """What ``benchmark.json`` holds: every issue there was, in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = 1
    issues: tuple[Issue, ...] = ()

    @property
    def shown(self) -> dict[tuple[str, str], Issue]:
        """The issues that are shown, by what they are a benchmark of: of each the last, where that still stands."""
        last = {one.key: one for one in self.issues}
        return {key: one for key, one in last.items() if one.stands}


def read_benchmark(clients: Path) -> BenchmarkFile:
    """Return what was issued; nothing where there is no file.

    Raises
    ------
    InputError
        When the file cannot be read: it must not be made anew, for what was issued before would be forgotten.
    """
    try:
        return BenchmarkFile.model_validate_json(read(clients, BENCHMARK, where=BENCHMARK))
    except FileNotFoundError:
        return BenchmarkFile()
    except ValidationError:
        remedy = "Restore it from a backup. Only if no page with a benchmark has left your hands, delete it."
        raise InputError(
            [Fault(BENCHMARK, "a file that cannot be read", "the file as align wrote it", remedy)]
        ) from None


def benchmark_for(clients: Path, profile: Profile, questionnaire: str | None) -> bytes:
    """Return what a client's pages show of the benchmark, as JSON: its sector's, else that of all; empty where nothing.

    Raises
    ------
    InputError
        When the file cannot be read.
    """
    if profile.benchmark_band != "shown" or not questionnaire:
        return b""
    from toolkit.assess.benchmark import Band, Benchmark, sector_key

    issued = read_benchmark(clients).shown
    own = profile.sector or ""
    found = issued.get((questionnaire, sector_key(own))) or issued.get((questionnaire, ""))
    if found is None:
        return b""
    bands = {area: Band(*three) for area, three in found.bands.items()}
    return json_bytes(Benchmark(found.questionnaire, own if found.sector else "", len(found.figures), bands))


def issue_benchmark(clients: Path) -> list[str]:
    """Issue what may be issued now, take back what somebody has withdrawn from, and return each result as a sentence.

    Raises
    ------
    InputError
        When the file cannot be read.
    DeliverableError
        When it cannot be written.
    """
    from toolkit.assess.benchmark import figures_of

    before, found, agreed, unknown = read_benchmark(clients), list["ClientFigures"](), set[str](), list[str]()
    for slug in slugs(clients):
        try:
            record = load(clients, slug)
            figures = figures_of(record)
        except EngagementClosed:  # what was issued of it stands
            agreed.add(slug)
            continue
        except InputError:
            unknown.append(slug)
            continue
        if record.facts.profile.benchmark_consent:
            agreed.add(slug)
        found += figures
    after, said = issued_over(before, found, {*agreed, *unknown})
    if after != before:
        try:
            write(clients, BENCHMARK, json_bytes(after.model_dump()))
        except OSError as error:
            raise DeliverableError(
                f"{clients / BENCHMARK} could not be written ({error.strerror}).\n  do:      See that you may write there."
            ) from error
    faulty = [
        f"{slug} has faults, so that it is not counted anew, nor known whether it still agrees: see 'align check {slug}'."
        for slug in unknown
    ]
    return [*faulty, *said] or ["Nothing to issue: no client has agreed, with a closed round that qualifies."]


def issued_over(
    before: BenchmarkFile, found: Sequence[ClientFigures], agreed: Collection[str]
) -> tuple[BenchmarkFile, list[str]]:
    """Return what is issued once these figures are known and these clients agree, and what came of each, as sentences."""
    from toolkit.assess.benchmark import sector_key

    issues, said = list(before.issues), list[str]()
    sectors = {sector_key(one.sector): one.sector for one in reversed(found)}
    keys = {(one.questionnaire, sector) for one in found for sector in ("", sector_key(one.sector))}
    for key in sorted(keys | {one.key for one in issues}):  # of all sectors before each
        of = [one for one in found if one.questionnaire == key[0] and key[1] in ("", sector_key(one.sector))]
        said += _withdrawn(issues, key, agreed)
        said.append(_issued(issues, key, of, sectors.get(key[1], "")))
    return before.model_copy(update={"issues": tuple(issues)}), said


def _withdrawn(issues: list[Issue], key: tuple[str, str], agreed: Collection[str]) -> list[str]:
    """Take back what counts somebody who agrees no more, of one kind; say so."""
    out = [
        n
        for n, one in enumerate(issues)
        if one.key == key and one.stands and any(slug not in agreed for slug, _ in one.figures)
    ]
    for n in out:
        issues[n] = issues[n].model_copy(update={"stands": False})
    told = "taken back, for a client that it counts agrees no more, or is gone; make the documents anew."
    return [f"{capital(issues[n].of)}: {told}" for n in out[-1:]]


def _issued(issues: list[Issue], key: tuple[str, str], of: Sequence[ClientFigures], title: str) -> str:
    """Add an issue where the rule allows one; say what came of it."""
    from toolkit.assess.benchmark import FEWEST, bands_of, single_out

    one = Issue(questionnaire=key[0], sector=key[1], title=title if key[1] else "",
                figures=tuple(sorted((each.slug, each.round) for each in of)), bands={})  # fmt: skip
    last, of_what = BenchmarkFile(issues=tuple(issues)).shown.get(key), capital(one.of)
    stands = f"; that of {count(len(last.figures), 'client')} stands" if last else ""
    if last and last.figures == one.figures:
        return f"{of_what}: as issued, {count(len(of), 'client')}."
    if len(of) < FEWEST:
        return f"{of_what}: withheld, for {count(len(of), 'client')} of at least {FEWEST} have agreed and qualify{stands}."
    if close := next((each for each in issues if single_out(one.figures, each.figures)), None):
        return (
            f"{of_what}: withheld, for it differs by {_FEWER} from what was issued of the {close.of}{stands}."
        )
    bands = bands_of([each.areas for each in of])
    told = {area: (band.low, band.middle, band.high) for area, band in bands.items()}
    issues.append(one.model_copy(update={"bands": told}))
    return f"{of_what}: issued, {count(len(of), 'client')}."


def benchmark_bytes(clients: Path) -> bytes:
    """Return the file as it stands, empty where there is none; InputError where it may not be read."""
    try:
        return read(clients, BENCHMARK, where=BENCHMARK)
    except FileNotFoundError:
        return b""


def benchmark_lines(clients: Path) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Return each issue that is shown: what it is of, and area by area where its clients stand, for the consultant's own page."""
    return [
        (
            f"{capital(one.of)}: {count(len(one.figures), 'client')}",
            [
                (area.name, [fixed(x, 2) for x in one.bands[area.id]])
                for area in AREAS
                if area.id in one.bands
            ],
        )
        for _, one in sorted(read_benchmark(clients).shown.items())
    ]
