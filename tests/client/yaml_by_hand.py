"""A client's facts as a person may have written them down: any style, remarks anywhere, each line with its owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import yaml

Owner = tuple[str, ...]  # section, label of the entry, field
LABELS = ("id", "group", "year", "role", "date")


@dataclass
class ByHand:
    """One way to write facts down; ``chance`` decides about every style.

    Attributes
    ----------
    lines : list of (str, Owner)
        The text and whose it is; what belongs to nobody has an owner of one word.
    remarks : dict
        Each remark's word and its owner.
    """

    chance: Random
    lines: list[tuple[str, Owner]] = field(default_factory=list)
    remarks: dict[str, Owner] = field(default_factory=dict)

    def write(self, content: Mapping[str, Any]) -> str:
        self.step, self.dash = self.chance.choice([2, 4]), self.chance.choice([0, 2])
        self.line_end = self.chance.choice(["\n", "\r\n"])
        if self.chance.random() < 0.3:
            self._loose(0)
        for name, value in content.items():
            self._above(0, ("section",))
            self._section(name, value)
        if self.chance.random() < 0.3:
            self._loose(0)
        text = "".join(line + self.line_end for line, _ in self.lines)
        if self.chance.random() < 0.2:
            text = text.removesuffix(self.line_end)
        return self.chance.choice(["", "\ufeff"]) + text

    def _section(self, name: str, value: Any) -> None:
        if isinstance(value, list):
            if value and self.chance.random() < 0.15:
                self._line(f"{name}: {inline(value)}", (name, "*"))
            elif value or self.chance.random() < 0.5:
                self._line(f"{name}:", (name,))
                self._entries(value, self.dash, (name,))
            else:
                self._line(f"{name}: []", (name, "*"))
        elif isinstance(value, Mapping):
            if self.chance.random() < 0.25:
                self._line(f"{name}: {inline(value)}", (name, "*"))
            else:
                self._line(f"{name}:", (name,))
                self._fields(value, self.step, (name,))
        else:
            self._line(f"{name}: {word(value, self.chance)}", (name,))

    def _entries(self, entries: Sequence[Any], pad: int, owner: Owner) -> None:
        spaced = self.chance.random() < 0.2
        for number, entry in enumerate(entries):
            label = next((str(entry[name]) for name in LABELS if name in entry), str(number))
            here = (*owner, label)
            if spaced and number:
                self.lines.append(("", ("nobody",)))
            elif self.chance.random() < 0.1:
                self._loose(pad, owner if len(owner) > 1 else ("nobody",))
            self._above(pad, here)
            style = self.chance.random()
            if style < 0.3:
                self._line(" " * pad + f"- {inline(entry)}", (*here, "*"))
            elif style < 0.45:
                self._several_lines(entry, pad, here)
            else:
                start = len(self.lines)
                gap = self.chance.choice([1, 1, 3])
                self._fields(entry, pad + 1 + gap, here)
                first, whose = self.lines[start]
                self.lines[start] = (" " * pad + "-" + " " * gap + first.lstrip(" "), whose)

    def _several_lines(self, entry: Mapping[str, Any], pad: int, owner: Owner) -> None:
        """An entry in braces, a field on each line."""
        names = list(entry)
        for number, name in enumerate(names):
            head = " " * pad + "- {" if not number else " " * (pad + 3)
            text = f"{head}{inline(name)}: {inline(entry[name])}" + ("}" if number == len(names) - 1 else ",")
            self._line(text, (*owner, "*"), (*owner, name))

    def _fields(self, group: Mapping[str, Any], pad: int, owner: Owner) -> None:
        for number, (name, value) in enumerate(group.items()):
            here = (*owner, str(name))
            if number:
                self._above(pad, here)
            key = self.chance.choice([str(name)] * 4 + [f'"{name}"'])
            if isinstance(value, list) and value and self.chance.random() < 0.8:
                self._line(" " * pad + f"{key}:", here)
                self._entries(value, pad + self.dash, here)
            elif isinstance(value, Mapping) and value and self.chance.random() < 0.5:
                self._line(" " * pad + f"{key}:", here)
                self._fields(value, pad + self.step, here)
            elif isinstance(value, (list, Mapping)):
                self._line(" " * pad + f"{key}: {inline(value)}", here)
            elif (
                isinstance(value, str)
                and len(value) > 8
                and value.isprintable()
                and self.chance.random() < 0.4
            ):
                self._long(key, value, pad, here)
            elif isinstance(value, str) and "\n" in value and self.chance.random() < 0.7:
                self._line(" " * pad + f"{key}: |", here)
                self.lines += [(" " * (pad + 2) + line if line else "", here) for line in value.split("\n")]
            else:
                gap = " " * self.chance.choice([1, 1, 1, 4])
                self._line(" " * pad + f"{key}:{gap}{word(value, self.chance)}", here)

    def _long(self, key: str, value: str, pad: int, owner: Owner) -> None:
        """A text of several lines that reads as one: folded, plain or quoted."""
        words = value.split(" ")
        half = max(len(words) // 2, 1)
        first, rest = " ".join(words[:half]), " ".join(words[half:])
        if "  " in value or not rest:
            self._line(" " * pad + f"{key}: {word(value, self.chance)}", owner)
            return
        if self.chance.random() < 0.5:
            self._line(
                " " * pad + f"{key}: {self.chance.choice(['>', '>-', '|-'] if not rest else ['>', '>-'])}",
                owner,
            )
            self.lines += [(" " * (pad + 2) + part, owner) for part in (first, rest)]
        else:
            self.lines.append(
                (" " * pad + f"{key}: '{first}".replace(first, first.replace("'", "''")), owner)
            )
            self._line(" " * (pad + 1) + rest.replace("'", "''") + "'", owner)

    def _line(self, text: str, owner: Owner, remark_of: Owner = ()) -> None:
        if self.chance.random() < 0.2:
            text += " " * self.chance.choice([1, 2]) + self._remark(remark_of or owner)
        self.lines.append((text, owner))

    def _above(self, pad: int, owner: Owner) -> None:
        if self.chance.random() < 0.25:
            self.lines.append((" " * pad + self._remark(owner), owner))

    def _loose(self, pad: int, owner: Owner = ("nobody",)) -> None:
        """A remark that a blank line parts from what follows."""
        self.lines += [(" " * pad + self._remark(owner), owner), ("", owner)]

    def _remark(self, owner: Owner) -> str:
        mark = f"r{len(self.remarks)}é"
        self.remarks[mark] = owner
        return f"# {mark} a: [remark], '{'{'}"


class OneLine(yaml.SafeDumper):
    """Writes texts of several lines in one, as quotation marks allow."""


OneLine.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style='"' if "\n" in text else None
    ),
)


def inline(value: Any) -> str:
    text = yaml.dump([value], Dumper=OneLine, default_flow_style=True, width=float("inf"), allow_unicode=True, sort_keys=False)  # fmt: skip
    return str(text)[1:-2]


def word(value: Any, chance: Random) -> str:
    quoted = isinstance(value, str) and "\n" not in value and chance.random() < 0.4
    text = yaml.dump([value], Dumper=OneLine, width=float("inf"), allow_unicode=True, default_style=chance.choice("'\"") if quoted else None)  # fmt: skip
    return str(text)[2:-1]
