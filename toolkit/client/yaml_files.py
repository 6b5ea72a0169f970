"""YAML read so that nothing is guessed; :mod:`toolkit.client.record_yaml` writes it."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from toolkit.client.faults import faults_of, found_text, place_in_yaml
from toolkit.client.field_types import UnclearText, Written
from toolkit.errors import Fault, shown

LARGEST_BYTES = 5_000_000
DEEPEST = 20
MOST_VALUES = 100_000

M = TypeVar("M", bound=BaseModel)

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# A plain word is a number or a date only when written as one: NO stays Norway, 010 stays a code.
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,30})", re.ASCII)
_DECIMAL = re.compile(r"([-+]?[0-9]+\.[0-9]*|\.[0-9]+)([eE][-+][0-9]+)?", re.ASCII)
_OCTAL = re.compile(r"[-+]?0[0-9]+", re.ASCII)
_COLON = re.compile(r"\s*:")
# YAML lets a remark begin at any # behind a blank, so it reads "Become #1 in service" as "Become".
_CUT_OFF = re.compile(r"[ \t]+(#[^\s#=*-].*)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True"), True),
    **dict.fromkeys(("false", "False"), False),
}

# libyaml, where PyYAML was built with it, reads ten times faster; no text of either is shown.
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_model(model: type[M], data: bytes, file: str) -> tuple[M | None, list[Fault]]:
    """Read a YAML file into ``model``: the model and no fault, or None and every fault found."""
    raw, faults = read_mapping(data, file)
    if raw is None:
        return None, faults
    try:
        read = model.model_validate(raw)
    except ValidationError as error:
        return None, faults + faults_of(error, model, place_in_yaml(file, raw))
    return (None if faults else read), faults


def read_mapping(data: bytes, file: str) -> tuple[dict[str, Any] | None, list[Fault]]:
    """Read a YAML file whose top level is a group of fields.

    Words are read narrowly: only ``true`` and ``false`` are truth values, only ``2027-01-31`` is a
    date. Anchors, aliases, tags, several documents and names given twice are faults.

    Returns
    -------
    dict or None
        None when the file cannot be read at all; with names given twice, the first stands.
    list of Fault
    """
    text, fault = _text(data, file)
    if fault:
        return None, [fault]
    try:
        fault = _refused_event(text, file)
        node = None if fault else yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        return None, [_unparsed(text, file, error.problem_mark)]
    except yaml.YAMLError:
        return None, [_unparsed(text, file, None)]
    if fault:
        return None, [fault]
    faults: list[Fault] = []
    content = _plain(node, text, file, faults) if node is not None else None
    if not isinstance(content, dict):
        found = found_text(content) if content is not None else "an empty file"
        allowed = "fields, each written 'name: value' or 'name:' with its content indented below"
        return None, [*faults, Fault(file, found, allowed, _REWRITE)]
    return content, faults


def stated_name(data: bytes) -> str:
    """Return the client's name that a ``client.yaml`` states, read no further than to it; "" where it cannot be read."""
    text, _ = _text(data, "")
    depth, key, in_profile = 0, "", False
    with suppress(yaml.YAMLError):
        for event in yaml.parse(text, Loader=Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                in_profile = key == "profile" if depth == 1 else in_profile
                depth, key = depth + 1, ""
            elif isinstance(event, yaml.CollectionEndEvent):
                depth, key = depth - 1, ""
            elif isinstance(event, yaml.ScalarEvent) and (depth == 1 or (depth == 2 and in_profile)):
                if depth == 2 and key == "name":
                    return str(event.value)
                key = "" if key else str(event.value)
    return ""


_REWRITE = "Restore the file from the history folder or a backup, or write it anew after a sample client's."


def _text(data: bytes, file: str) -> tuple[str, Fault | None]:
    if len(data) > LARGEST_BYTES:
        found = f"{len(data):,} bytes"
        return "", Fault(file, found, f"at most {LARGEST_BYTES:,} bytes", "Move long texts out of the file.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        found = f"byte 0x{data[error.start]:02X}, which is not UTF-8"
        return "", Fault(
            f"{file}, line {line}", found, "text in UTF-8", "Open it in a text editor and save it as UTF-8."
        )
    bad = _UNREADABLE.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        found = f"the character U+{ord(bad[0]):04X}"
        return "", Fault(
            f"{file}, line {line}",
            found,
            "text without control characters",
            "Delete the character or retype the line.",
        )
    return text, None


def _refused_event(text: str, file: str) -> Fault | None:
    depth = documents = values = 0
    event: Any
    for event in yaml.parse(text, Loader=Loader):
        where = f"{file}, line {event.start_mark.line + 1}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            return Fault(
                where,
                f"the anchor or alias '{shown(event.anchor)}'",
                "plain values; & and * have a meaning of their own in YAML",
                "Write the value out, or put it in quotation marks if it begins with & or *.",
            )
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            return Fault(
                where,
                f"the tag '{shown(tag)}'",
                "plain values; ! has a meaning of its own in YAML",
                "Remove the tag, or put the value in quotation marks if it begins with '!'.",
            )
        values += isinstance(event, yaml.NodeEvent)
        if values > MOST_VALUES:
            found, allowed = (
                f"more than {MOST_VALUES:,} names and values",
                f"at most {MOST_VALUES:,} in a file",
            )
            return Fault(where, found, allowed, "Look for what was pasted in by mistake, and remove it.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > DEEPEST:
            return Fault(
                where, "lists within lists", f"at most {DEEPEST} levels", "Close the brackets on this line."
            )
        if documents > 1:
            return Fault(where, "a second document, begun by '---'", "one document", "Delete the line '---'.")
    return None


def _unparsed(text: str, file: str, mark: Any) -> Fault:
    lines = text.splitlines()
    number = min(mark.line, len(lines) - 1) if mark is not None and lines else 0
    line = lines[number] if lines else ""
    column = f", column {mark.column + 1}" if mark is not None else ""
    remedy = "Check the indentation, put text that holds ': ' or ' #' in quotation marks, and close brackets."
    if "\t" in line[: len(line) - len(line.lstrip())]:
        remedy = "Replace the tab at the beginning of the line with spaces."
    elif line.count('"') % 2 or line.count("'") % 2:
        remedy = "Close the quotation mark, or write the text between double quotation marks."
    return Fault(
        f"{file}, line {number + 1}{column}",
        line.strip() or "the end of the file",
        "'name: value' lines or '- ' entries, indented with spaces under what they belong to",
        remedy,
    )


def _plain(node: yaml.Node, text: str, file: str, faults: list[Fault]) -> Any:
    """Build plain values from a node tree that holds no alias and is at most ``DEEPEST`` deep."""
    if isinstance(node, yaml.ScalarNode):
        if node.style:
            return node.value
        value = _scalar(node.value)
        if value is None or isinstance(value, str):  # a number or a day is whole, whatever follows
            cut_off = _CUT_OFF.match(text, node.end_mark.index)
            if cut_off:
                faults.append(_remark_or_text(file, node, cut_off[1]))
        return value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, text, file, faults) for one in node.value]
    content: dict[Any, Any] = {}
    lines: dict[Any, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        value = _plain(value_node, text, file, faults)
        if not isinstance(key_node, yaml.ScalarNode):
            faults.append(
                Fault(
                    f"{file}, line {line}",
                    "a list or group as a name",
                    "text as a name",
                    "Write 'name: value'.",
                )
            )
            continue
        key = key_node.value
        if getattr(node, "flow_style", False) and not _COLON.match(text, key_node.end_mark.index):
            faults.append(_without_value(file, key, line))
            continue
        if key.strip() in lines:
            faults.append(_twice(file, key, lines[key.strip()], line))
            continue
        content[key], lines[key.strip()] = value, line
    return content


def _remark_or_text(file: str, node: yaml.ScalarNode, behind: str) -> Fault:
    return Fault(
        f"{file}, line {node.end_mark.line + 1}",
        f"{node.value} {behind}".strip(),
        "text that holds ' #' in quotation marks, or a remark that begins with '# '",
        "Put quotation marks around the whole text, or a blank behind the # of a remark.",
    )


def _without_value(file: str, key: str, line: int) -> Fault:
    return Fault(
        f"{file}, line {line}",
        f"'{shown(key)}' between commas, without a value",
        "within braces, names with their values: {name: value, name: value}",
        "Put text that holds a comma in quotation marks; write a number without thousands separators, "
        "and with a point for its decimals.",
    )


def _twice(file: str, key: str, first: int, again: int) -> Fault:
    return Fault(
        f"{file}, lines {first} and {again}",
        f"the name '{shown(key)}' twice",
        "each name once within its group",
        "Keep one of the two lines; in a list, begin a new entry with '- '.",
    )


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Written.of(text)
    if _OCTAL.fullmatch(text):
        return UnclearText(text)
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:  # 2027-02-30: left as text, so that the field's own fault names it
            return text
    return text
