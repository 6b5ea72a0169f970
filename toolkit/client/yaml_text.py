"""What a YAML file of a record holds as text: a whole new file, one value, and what a value leaves out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml
from pydantic import BaseModel

from toolkit.client.calendar import Quarter
from toolkit.client.field_types import TWO_NUMBERS
from toolkit.client.schema import Facts

_SIMPLE = re.compile("[A-Za-z][A-Za-z0-9_-]*( [A-Za-z0-9_-]+)*")  # the quick way to most names and values
_SPECIAL = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_LITERAL = re.compile(
    r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff\n]|[\u2028\u2029]"
)
LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


def dump_facts(facts: Facts) -> bytes:
    """Write a new ``client.yaml``: fields in the schema's order, what is not known left out.

    Reading the result gives facts equal to ``facts``. UTF-8, newlines ``\\n``.
    """
    return _dumped({"schema_version": facts.schema_version, **plain(facts)})


def dump_model(model: BaseModel) -> bytes:
    """Write any other new YAML file of a record, a questionnaire say, as :func:`dump_facts` writes facts."""
    return _dumped(plain(model))


class _Dumper(yaml.SafeDumper):
    """Writes as a person would: no anchors, whole amounts without a decimal point, quarters as text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _number(dumper: yaml.SafeDumper, value: float) -> yaml.Node:
    if value.is_integer() and abs(value) < 1e15:
        return dumper.represent_int(int(value))
    node = dumper.represent_float(value)
    if TWO_NUMBERS.fullmatch(node.value):  # 1.125 may be read as 1125; 1.1250 may not
        node.value += "0"
    return node


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar(
        "tag:yaml.org,2002:str", value, style='"' if LINE_BREAK.search(value) else None
    )


_Dumper.add_representer(float, _number)
_Dumper.add_representer(str, _text)
_Dumper.add_representer(Quarter, lambda dumper, value: dumper.represent_str(value.key))


def _dumped(content: Mapping[str, Any]) -> bytes:
    text = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return str(text).encode()


def plain(value: Any) -> Any:
    """Return a value as a file holds it, what is empty or was never set left out."""
    if isinstance(value, BaseModel):
        value = value.model_dump(exclude_unset=True)
    if isinstance(value, Mapping):
        pruned = {name: plain(inner) for name, inner in value.items()}
        return {name: inner for name, inner in pruned.items() if not is_empty(inner)}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def is_empty(value: Any) -> bool:
    """Tell whether a file leaves a value out."""
    return value is None or value in ((), [], {})


def fields(value: Any) -> dict[str, Any]:
    """Return what a group holds by name, defaults included."""
    if isinstance(value, BaseModel):
        return {name: getattr(value, name) for name in type(value).model_fields}
    return {str(name): inner for name, inner in value.items()}


def named(value: Any) -> set[str]:
    """Return the names of a group that a file would write out."""
    names = value.model_fields_set if isinstance(value, BaseModel) else value
    return {str(name) for name in names}


@lru_cache(maxsize=10_000, typed=True)  # True is not 1
def word(value: Any, flow: bool = False, style: str | None = None) -> str:
    """Return one value in one line, quoted where it must be; in flow style, fit to stand within brackets."""
    if not style and isinstance(value, str) and _SIMPLE.fullmatch(value) and value.lower() not in _SPECIAL:
        return value
    text = yaml.dump(
        [value],
        Dumper=_Dumper,
        default_flow_style=flow,
        allow_unicode=True,
        width=float("inf"),
        default_style=style if isinstance(value, str) and style in ("'", '"') else None,
    )
    return str(text)[1:-2] if flow else str(text)[2:-1]


def block(old: str, value: str, indent: int, line_end: str) -> str:
    """Return a text as a block of lines under the sign and remark that head ``old``, indented as it is.

    What such a block cannot hold is put between quotation marks.
    """
    head, *body = LINE_BREAK.split(old)
    sign, remark = re.fullmatch(r"([|>][-+0-9]*)(.*)", head, re.DOTALL).groups()  # type: ignore[union-attr]
    first = next((line for line in body if line.strip()), "")
    pad = first[: len(first) - len(first.lstrip(" "))] or " " * indent
    if not value or _LITERAL.search(value) or value[0] == " ":
        return word(value, style='"') + remark.rstrip()
    sign = re.sub("[0-9]", "", sign)
    if re.search("^[ \t]", value, re.MULTILINE):
        sign = sign.replace(">", "|")
    if sign[0] == ">":
        value = re.sub("\n+", lambda found: found[0] + "\n", value)
    return line_end.join([sign + remark, *(pad + line if line else "" for line in value.split("\n"))])
