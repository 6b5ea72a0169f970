"""A small slice of the proof that a draft outlives its process.

``benchmarks/soak_draft.py`` makes the whole of it, and holds that a second's changes are lost at most.
"""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from soak_draft import soak


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="processes cannot be forked here")  # fmt: skip
def test_a_killed_process_and_two_at_once_lose_no_saved_change(tmp_path: Path) -> None:
    """Killed while it types, the draft opens whole; of two editors, neither loses a change."""
    loss, apart, same = soak(tmp_path, kills=3, changes=20, seed=7)
    assert (loss.kills, loss.broken) == (3, [])
    assert (apart.changes, apart.clashes, apart.lost) == (40, 0, [])
    assert (same.changes, same.lost) == (40, [])
