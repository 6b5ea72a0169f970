"""What a client's survey columns mean: said in a map, and remembered from one import to the next."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, Field

from toolkit.client.field_types import ID_PATTERN, Kind, Row
from toolkit.client.folders import existing_folder
from toolkit.client.record_yaml import rewritten
from toolkit.client.schema import Score
from toolkit.client.yaml_files import LARGEST_BYTES, read_model
from toolkit.client.yaml_text import dump_model
from toolkit.errors import AlignError, Fault, InputError, shown
from toolkit.files import make_folder, read, write
from toolkit.intake.mapping import map_bytes
from toolkit.intake.survey_answers import plain
from toolkit.intake.survey_comments import read_comment
from toolkit.method import Group

FOLDER = "maps"
_NAME = "survey-{}"
MOST_HEADINGS = 1_000
LONGEST_HEADING = 1_000
Dates = Literal["", "day first", "month first"]
V = TypeVar("V", bound=str | int)
R = TypeVar("R", bound=Row)
_Their = Annotated[str, Field(min_length=1, max_length=LONGEST_HEADING)]
_QuestionId = Annotated[
    str,
    Field(pattern=f"^({ID_PATTERN.pattern})?$"),
    Kind(
        'a question\'s id, or "" for a column that is not used', "Write the id as the questionnaire has it."
    ),
]


_Meaning = Annotated[
    Score | Literal["", "missing"],
    Kind("a score from 1 to 5, or missing", "Write the score that the answer means, or missing."),
]


class SurveyMap(Row):
    """Which column of a survey's export is what.

    Attributes
    ----------
    questions : dict
        Their heading → the id of our question; "" for a column that is not used.
    comments : dict
        Their heading → the id of the question it comments on; "" for a column that is not used.
    group : str
        Heading of the column that says who a reply is from; empty: look for it.
    groups : dict
        Their word for a group → business, it or provider.
    answers : dict
        Their answer, in words or as a code → the score that it means, 1 to 5; "missing" or "" for none.
    dates : str
        "day first" (31/12/2027) or "month first" (12/31/2027), for columns that fit both.
    """

    questions: dict[_Their, _QuestionId] = Field(default_factory=dict)
    comments: dict[_Their, _QuestionId] = Field(default_factory=dict)
    group: Annotated[str, Field(max_length=LONGEST_HEADING)] = ""
    groups: dict[_Their, Group] = Field(default_factory=dict)
    answers: dict[_Their, _Meaning] = Field(default_factory=dict)
    dates: Dates = ""

    @property
    def meanings(self) -> dict[str, int | str]:
        """What answers mean; "" for none."""
        return {answer: "" if score == "missing" else score for answer, score in self.answers.items()}


def read_survey_map(path: Path) -> SurveyMap:
    """Read a map given by a consultant; InputError when it cannot be read or has faults."""
    return _checked(map_bytes(path, LARGEST_BYTES, "a map's YAML file"), path.name)


def remembered(clients: Path, slug: str, service: str) -> SurveyMap:
    """Return what the last import of a service's export into this client resolved; an empty map where none is."""
    return _without_contradiction(recalled(clients, slug, _NAME.format(service), SurveyMap), f"{slug}, {_file(_NAME.format(service))}")  # fmt: skip


def remember(clients: Path, slug: str, service: str, resolved: SurveyMap) -> str:
    """Write what an import resolved; as :func:`remember_as`."""
    return remember_as(clients, slug, _NAME.format(service), resolved)


def recalled(clients: Path, slug: str, name: str, model: type[R]) -> R:
    """Return what a client's ``maps/<name>.yaml`` holds; an empty model where there is none.

    Raises
    ------
    InputError
        When the file is a link, or was edited into something that is no map.
    """
    try:
        data = read(existing_folder(clients, slug), _file(name), LARGEST_BYTES)
    except FileNotFoundError:
        return model()
    found, faults = read_model(model, data, f"{slug}, {_file(name)}")
    if found is None:
        raise InputError(faults)
    return found


def remember_as(clients: Path, slug: str, name: str, resolved: BaseModel) -> str:
    """Write ``maps/<name>.yaml``, whole or not at all; return "", or why it could not be written.

    The import it belongs to is done by then, so a disk that refuses is told and is no error.
    """
    folder, file = existing_folder(clients, slug), _file(name)
    try:
        try:
            there = read(folder, file)
            data = rewritten(there, resolved, file)
        except FileNotFoundError:
            there, data = None, dump_model(resolved)
        if len(data) > LARGEST_BYTES:
            return "the headings are too long"
        if there == data:
            return ""
        make_folder(folder, FOLDER)
        write(folder, file, data)
    except InputError as error:
        return f"{file} is {error.faults[0].found}"
    except OSError as error:
        return error.strerror or "the disk refused"
    except AlignError as error:
        return str(error).partition("\n")[0]
    return ""


def _file(name: str) -> str:
    return f"{FOLDER}/{name}.yaml"


def kept(entries: Mapping[str, V]) -> dict[str, V]:
    """Return the entries that may be remembered: the newest 1,000 whose heading or word may be.

    It may not where it is too long, or holds an e-mail address or a telephone number: where a header was
    lost, a reply stands in its place.
    """
    short = [(key, value) for key, value in entries.items() if key and len(key) <= LONGEST_HEADING]
    return dict([(key, value) for key, value in short if not read_comment(key)[1]][-MOST_HEADINGS:])


def _checked(data: bytes, where: str) -> SurveyMap:
    read, faults = read_model(SurveyMap, data, where)
    if read is None:
        raise InputError(faults)
    return _without_contradiction(read, where)


def _without_contradiction(read: SurveyMap, where: str) -> SurveyMap:
    first: dict[str, str] = {}
    faults = []
    for answer, score in read.meanings.items():
        other = first.setdefault(plain(answer), answer)
        if read.meanings[other] != score:
            found = f"{shown(other)} and {shown(answer)}, which are the same answer, with two meanings"
            faults.append(
                Fault(f"{where}, answers", found, "one score for each answer", "Keep one of the two.")
            )
    if faults:
        raise InputError(faults)
    return read
