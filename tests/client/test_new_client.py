"""Starting a client: what is named to start from is read with the same care as any file."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from toolkit.client.new_client import start_client
from toolkit.client.yaml_files import LARGEST_BYTES
from toolkit.errors import InputError


@pytest.mark.skipif(os.name == "nt", reason="POSIX alone has pipes")
@pytest.mark.parametrize(
    ("name", "found"),
    [("pipe", "a folder or device"), ("none.yaml", "No such file"), ("large.yaml", "bytes")],
)
def test_a_questionnaire_that_cannot_be_read_is_refused_at_once(
    tmp_path: Path, name: str, found: str
) -> None:
    """A pipe is not waited for, and neither what is missing nor what is too large starts a client."""
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large.yaml").open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(InputError, match=found) as refusal:
        start_client(tmp_path / "clients", "acme", "Acme", date(2027, 1, 31), "USD", str(tmp_path / name))
    assert refusal.value.faults[0].where == f"align new, --questionnaire {tmp_path / name}"
    assert not (tmp_path / "clients").exists()
