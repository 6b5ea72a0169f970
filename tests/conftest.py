"""What all tests share: the project's place, examples that are the same on every run, and what is made but once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from slices import ALL, SLICE
from tour import toured_in

from toolkit.publish.worker import HERE

# Where it is set, every process that a test starts would compile each module again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

settings.register_profile("slice", deadline=None, derandomize=True, max_examples=SLICE)
settings.register_profile("soak", deadline=None, derandomize=True, max_examples=ALL)
settings.load_profile("slice")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tour, then with the files for a browser, which take longest, those last that wait for the tour."""
    waiting = {item.path for item in items if "toured" in getattr(item, "fixturenames", ())}
    items.sort(
        key=lambda item: (
            item.path.name != "test_tour.py", item.path.parent.name != "browser", item.path in waiting
        )
    )  # fmt: skip


Once = Callable[[str, Callable[[Path], str]], tuple[Path, str]]


@pytest.fixture(scope="session")
def project() -> Path:
    """The top of the checkout."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session", autouse=True)
def warm_workers() -> Iterator[None]:
    """Keep what has been started to make documents from one test to the next; a test that ends it starts its own."""
    with HERE.used():
        yield


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Fill a new folder by a function, once whatever the number of test workers; return it and what that said.

    The folder is for reading only. Where the function failed, every test that needs the folder fails.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base

    def made(name: str, fill: Callable[[Path], str]) -> tuple[Path, str]:
        folder, said = shared / name, shared / f"{name}.txt"
        with FileLock(shared / f"{name}.lock"):
            if not folder.exists():
                folder.mkdir()
                said.write_text(fill(folder), encoding="utf-8")
        assert said.exists(), f"{name} could not be made; the first failure says why"
        return folder, said.read_text(encoding="utf-8")

    return made


@pytest.fixture(scope="session")
def toured(once: Once) -> tuple[Path, str]:
    """The folder in which the README's tour was taken, and what its commands printed."""
    return once("tour", toured_in)
