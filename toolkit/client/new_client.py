"""Starting: a new client's folder, and the three synthetic samples where they are not yet."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import ValidationError

from toolkit.client.faults import faults_of, place_in_yaml
from toolkit.client.schema import Facts
from toolkit.client.store import RECORD_FILES, client_folder, create
from toolkit.client.yaml_files import LARGEST_BYTES
from toolkit.client.yaml_text import dump_facts
from toolkit.errors import InputError
from toolkit.files import read, read_named
from toolkit.shipped import shipped

SAMPLES = ("harbour-credit-union", "lakeside-clinic", "meridian-manufacturing")
SHIPPED_QUESTIONNAIRES = ("full", "executive", "pulse")


def start_client(clients: Path, slug: str, name: str, as_of: date, currency: str, questionnaire: str) -> Path:
    """Make a client's folder with one round in it and nothing invented.

    Parameters
    ----------
    questionnaire : str
        ``full``, ``executive``, ``pulse``, ``none``, or the path of a client's own questionnaire,
        which is copied into the folder.

    Raises
    ------
    InputError
        When the slug, a value or the questionnaire cannot be used, or the client exists.
    """
    files: dict[str, bytes] = {}
    asked: str | None = questionnaire
    if questionnaire == "none":
        asked = None
    elif questionnaire not in SHIPPED_QUESTIONNAIRES:
        asked = "own"
        files["questionnaire.yaml"] = _read_questionnaire(Path(questionnaire))
    start = {
        "profile": {"name": name, "currency": currency},
        "rounds": [{"id": f"{as_of:%Y-%m}", "as_of": as_of, "questionnaire": asked}],
    }
    try:
        facts = Facts.model_validate(start)
    except ValidationError as error:
        raise InputError(faults_of(error, Facts, place_in_yaml("align new", start))) from None
    create(clients, slug, {"client.yaml": dump_facts(facts), **files})
    return client_folder(clients, slug)


def _read_questionnaire(path: Path) -> bytes:
    allowed = f"{', '.join(SHIPPED_QUESTIONNAIRES)}, none, or a questionnaire's YAML file"
    remedy, smaller = (
        "Correct the name or the path.",
        "Name the questionnaire alone; it has some lines for each question.",
    )
    return read_named(path, LARGEST_BYTES, allowed, remedy, smaller, f"align new, --questionnaire {path}")


def put_samples(clients: Path) -> list[str]:
    """Put the samples that are absent into the clients' folder; return all three slugs."""
    for slug in SAMPLES:
        source = shipped("client_data") / slug
        if not (clients / slug).exists():
            create(
                clients,
                slug,
                {name: read(source, name) for name in RECORD_FILES if (source / name).is_file()},
            )
    return list(SAMPLES)
