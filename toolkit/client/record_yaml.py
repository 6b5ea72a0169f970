"""YAML files of a record written: a new one whole, one that stands there only where its values changed.

``client.yaml`` is the consultant's file. :func:`rewritten` compares what the file holds with what it is
to hold, and replaces the spans of text that hold the difference; every other byte stays: remarks, quoting,
blank lines, line ends, byte-order mark. An entry's remarks are those right above it at its indentation,
and go with it. What is added is written as its siblings are. The result is read again and must hold
exactly what was meant; where a narrow span cannot carry a change, the smallest group around it that holds
no remark is written anew, and where there is none, nothing is written.
"""

from __future__ import annotations

import bisect
import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import BaseModel

from toolkit.client.entries import continued, staying
from toolkit.client.yaml_files import Loader, read_model
from toolkit.client.yaml_text import LINE_BREAK, block, fields, is_empty, named, plain, word
from toolkit.errors import AlignError, InputError

Path = tuple[str | None, ...]  # names of fields; None stands for any entry of a list
Edit = tuple[int, int, str]
Node = Any  # of yaml, untyped where it has the marks and styles that count here

_DEEPEST = 8  # levels of groups and lists in any of the models
_LONGEST_NAME = 1_000  # characters before a colon; YAML reads at most 1,024 without a '?'
_BLANKS = re.compile(
    "(?:[ \t\r\n\x85\u2028\u2029\ufeff]|(?<![^ \t\r\n\x85\u2028\u2029])#[^\r\n\x85\u2028\u2029]*)*"
)
_REMARK = re.compile(r"[ \t]*#")


def rewritten(data: bytes, wanted: BaseModel, file: str) -> bytes:
    """Return a YAML file so that it reads as ``wanted``, every byte as it was outside of what changed.

    Raises
    ------
    InputError
        When the file as it stands has faults.
    AlignError
        When the change cannot be written without losing a remark.
    """
    before, faults = read_model(type(wanted), data, file)
    if before is None:
        raise InputError(faults)
    if before == wanted:
        return data
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    text = data.decode("utf-8-sig")
    for deepest in range(_DEEPEST, 0, -1):
        try:
            changed = mark + _Patch(text, deepest).to(before, wanted).encode()
        except _Unpatchable:
            continue
        if read_model(type(wanted), changed, file)[0] == wanted:
            return changed
    raise AlignError(
        f"{file} is written in a way that this change cannot be put into without losing a remark; nothing was "
        "written.\n  do:      Write its entries on lines of their own, each begun with '- ', and its fields as "
        "'name: value' lines; then try again."
    )


class _Unpatchable(Exception):
    """The span at hand cannot carry the change; a wider one may."""


@dataclass(frozen=True)
class _Item:
    """A field of a group, or an entry of a list: where it begins and its content ends, and its value's node."""

    begin: int
    end: int
    value: Node
    name: str = ""


class _Patch:
    """Edits of one text that lead from what it holds to what it is to hold."""

    def __init__(self, text: str, deepest: int) -> None:
        ends = [found[0] for found in LINE_BREAK.finditer(text)]
        self.line_end = max(("\n", "\r\n", "\r"), key=ends.count)
        self.open_end = bool(text) and not (ends and text.endswith(ends[-1]))
        self.text = text + self.line_end if self.open_end else text
        self.deepest = deepest
        self.edits: list[Edit] = []
        self.root: Node = yaml.compose(self.text, Loader=Loader)
        self.starts = [0, *(found.end() for found in LINE_BREAK.finditer(self.text))]
        self.examples: dict[Path, Node | None] = {}
        self.step, self.dash = self._indents()

    def to(self, before: BaseModel, wanted: BaseModel) -> str:
        """Return the text so that it holds ``wanted``."""
        whole = _Item(self.root.start_mark.index, self._end(self.root), self.root)
        self._value(whole, before, wanted, ())
        changed = self._applied(self.edits, 0, len(self.text))
        return changed.removesuffix(self.line_end) if self.open_end else changed

    # What is where

    def _line(self, at: int) -> int:
        """Return where the line of a place begins."""
        return self.starts[bisect.bisect_right(self.starts, at) - 1]

    def _next_line(self, at: int) -> int:
        place = bisect.bisect_right(self.starts, at)
        return self.starts[place] if place < len(self.starts) else len(self.text)

    def _column(self, at: int) -> int:
        return at - self._line(at)

    def _alone(self, item: _Item) -> bool:
        """Whether an item begins its line."""
        return not self.text[self._line(item.begin) : item.begin].strip(" \t")

    def _end(self, node: Node) -> int:
        """Return where a node's content ends: before the line end, remarks and blank lines behind it."""
        end = int(node.end_mark.index)
        if isinstance(node, yaml.ScalarNode):
            if node.style not in ("|", ">"):
                return end
            body = self.text[node.start_mark.index : end]
            keeps = "+" in re.split("[\r\n#]", body, maxsplit=1)[0]
            return int(node.start_mark.index) + len(
                _cut_last_break(body) if keeps else body.rstrip(" \r\n\x85\u2028\u2029")
            )
        if node.flow_style or not node.value:
            return end
        last = node.value[-1]
        return self._end(last[1] if isinstance(node, yaml.MappingNode) else last)

    def _skip(self, at: int) -> int:
        found = _BLANKS.match(self.text, at)
        return found.end() if found else at

    def _items(self, node: Node) -> list[_Item]:
        """Return the fields of a group or the entries of a list."""
        items: list[_Item] = []
        at = int(node.start_mark.index) + bool(node.flow_style)
        for child in node.value:
            key, value = child if isinstance(node, yaml.MappingNode) else (None, child)
            begin = self._skip(at)
            if node.flow_style and self.text[begin] == "," and items:
                begin = self._skip(begin + 1)
            at = self._end(value)
            items.append(_Item(begin, at, value, key.value.strip() if key is not None else ""))
        return items

    def _chunk(self, item: _Item, floor: int = 0) -> tuple[int, int]:
        """Return the span of an item that goes with it: remarks above, its lines, what is indented under it."""
        column = self._column(item.begin)
        begin = item.begin
        if self._alone(item):
            begin = self._line(item.begin)
            while begin > floor:
                above = self._line(begin - 1)
                line = self.text[above:begin]
                if above < floor or not _REMARK.match(line) or line.index("#") != column:
                    break
                begin = above
        end = self._next_line(item.end)
        while end < len(self.text):
            below = self._next_line(end)
            line = self.text[end:below]
            if not _REMARK.match(line) or line.index("#") <= column:
                break
            end = below
        return begin, end

    def _span(self, items: Sequence[_Item], number: int) -> tuple[int, int]:
        return self._chunk(items[number], items[number - 1].end if number else 0)

    def _indents(self) -> tuple[int, int]:
        """Return how far groups, and lists' dashes, stand in from the name they belong to."""
        step: list[int] = []
        dash: list[int] = []
        queue = [self.root]
        while queue and not (step and dash):
            node = queue.pop(0)
            if node.flow_style or isinstance(node, yaml.ScalarNode):
                continue
            for item in self._items(node):
                inner = item.value
                if isinstance(inner, yaml.ScalarNode) or inner.flow_style:
                    continue
                queue.append(inner)
                if item.name:
                    wide = self._column(inner.start_mark.index) - self._column(item.begin)
                    (dash if isinstance(inner, yaml.SequenceNode) else step).append(wide)
        return (step or [2])[0], (dash or [0])[0]

    # What changes

    def _value(self, item: _Item, old: Any, new: Any, path: Path, flow: bool = False) -> None:
        """Make an item hold ``new``; it holds ``old``."""
        if old == new:
            return
        node = item.value
        grouped = isinstance(new, (BaseModel, Mapping)) and isinstance(node, yaml.MappingNode)
        listed = isinstance(new, tuple) and isinstance(node, yaml.SequenceNode)
        if not (grouped or listed) or not node.value:
            self._set(item, new, path, flow)
            return
        done = len(self.edits)
        try:
            if len(path) >= self.deepest:
                raise _Unpatchable
            if grouped:
                self._group(node, old, new, path)
            else:
                self._list(node, old, new, path)
        except _Unpatchable:
            del self.edits[done:]
            self._swap(item, new, path)

    def _swap(self, item: _Item, new: Any, path: Path) -> None:
        """Write a whole group or list anew in one line, unless that loses a remark or it is the whole file."""
        begin = int(item.value.start_mark.index)
        if not path or self._holds_remark(item.value):
            raise _Unpatchable
        gap = "" if self._column(begin) else "  "
        self.edits.append((begin, item.end, gap + self._inline(plain(new))))

    def _holds_remark(self, node: Node) -> bool:
        scalars, queue = [], [node]
        while queue:
            inner = queue.pop()
            if isinstance(inner, yaml.ScalarNode):
                scalars.append((inner.start_mark.index, inner.end_mark.index))
            else:
                queue += [
                    each
                    for child in inner.value
                    for each in (child if isinstance(child, tuple) else (child,))
                ]
        at, end = int(node.start_mark.index), self._end(node)
        for begin, after in sorted(scalars):
            if "#" in self.text[at:begin]:
                return True
            at = after
        return "#" in self.text[at:end]

    def _set(self, item: _Item, new: Any, path: Path, flow: bool) -> None:
        """Put a value where a single one stands, or none."""
        value, node = plain(new), item.value
        begin, end = int(node.start_mark.index), item.end
        gap = " " if begin == end else ""
        if not isinstance(value, (list, dict)):
            if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">") and not flow:
                indent = self._column(item.begin) + self.step
                text = block(self.text[begin:end], str(value), indent, self.line_end)
            else:
                text = word(value, flow, getattr(node, "style", None))
            self.edits.append((begin, end, gap + text))
        elif flow or self._is_inline(value, path):
            self.edits.append((begin, end, gap + self._inline(value)))
        else:
            if begin < end:
                self.edits.append((begin - (self.text[begin - 1] in " \t"), end, ""))
            pad = self._column(item.begin) + (self.dash if isinstance(value, list) else self.step)
            self._insert_lines(self._chunk(item)[1], pad, self._lines(value, path))

    def _group(self, node: Node, old: Any, new: Any, path: Path) -> None:
        items = self._items(node)
        at = {item.name: number for number, item in enumerate(items)}
        before, after, written = fields(old), fields(new), named(new)
        gone: list[int] = []
        added: dict[int, list[tuple[str, Any]]] = {}
        last = -1
        for name in dict.fromkeys([*after, *before]):
            place, value = at.get(name, -1), after.get(name)
            if name in before and name in after and before[name] == value:
                last = place if place >= 0 else last
            elif place >= 0 and (
                (name in written and not is_empty(value)) or _may_be_emptied(items[place], value)
            ):
                self._value(items[place], before.get(name), value, (*path, name), bool(node.flow_style))
                last = place
            elif place >= 0:
                gone.append(place)
            else:
                added.setdefault(last, []).append((name, plain(value)))
        kept = [number for number in range(len(items)) if number not in set(gone)]
        for number, entries in added.items():
            behind = number if number >= 0 else (kept or range(len(items)))[-1]
            self._add(node, items, behind, entries, path)
        self._remove(node, items, gone)

    def _list(self, node: Node, old: Sequence[Any], new: Sequence[Any], path: Path) -> None:
        items = self._items(node)
        sources = continued(old, new)
        stay = staying([source for source in sources if source is not None])
        added: dict[int, list[Any]] = {}
        last = -1
        for entry, source in zip(new, sources, strict=True):
            if source in stay:
                last = source
                self._value(items[last], old[last], entry, (*path, None), bool(node.flow_style))
            elif source is None:
                added.setdefault(last, []).append(plain(entry))
            else:
                added.setdefault(last, []).append(self._moved(node, items, source, old[source], entry, path))
        for number, entries in added.items():
            self._add(node, items, number, [("", entry) for entry in entries], path)
        self._remove(node, items, [number for number in range(len(old)) if number not in stay])

    def _moved(
        self, node: Node, items: Sequence[_Item], number: int, old: Any, new: Any, path: Path
    ) -> _Moved:
        """Return the text of an entry that changes its place, with what changes in it."""
        item = items[number]
        if not (node.flow_style or self._alone(item)):
            raise _Unpatchable
        done = len(self.edits)
        self._value(item, old, new, (*path, None), bool(node.flow_style))
        edits, self.edits = self.edits[done:], self.edits[:done]
        span = (item.begin, item.end) if node.flow_style else self._span(items, number)
        return _Moved(self._applied(edits, *span))

    def _add(self, node: Node, items: Sequence[_Item], number: int, entries: Sequence[tuple[str, Any]], path: Path) -> None:  # fmt: skip
        """Add fields or entries behind the item of a number, -1 for before the first."""
        if node.flow_style:
            texts = [value if isinstance(value, _Moved) else (f"{word(name, True)}: " if name else "") + self._inline(value)
                     for name, value in entries]  # fmt: skip
            self._add_inline(node, items, number, texts)
            return
        column = self._column(items[0].begin)
        if number >= 0:
            place = self._chunk(items[number])[1]
        elif self._alone(items[0]):
            place = self._chunk(items[0])[0]
        else:
            raise _Unpatchable
        for name, value in entries:
            if isinstance(value, _Moved):
                self.edits.append((place, place, value))
            else:
                lines = self._lines({name: value} if name else [value], path)
                self._insert_lines(place, column, lines, blank=self._spaced(items))

    def _spaced(self, items: Sequence[_Item]) -> bool:
        """Whether a blank line parts entries that are more than a line long."""
        if len(items) < 2 or items[-1].name:
            return False
        return not self.text[self._chunk(items[-2])[1] : self._next_line(self._chunk(items[-2])[1])].strip()

    def _insert_lines(self, place: int, pad: int, lines: Sequence[str], blank: bool = False) -> None:
        text = "".join(" " * pad + line + self.line_end for line in lines)
        self.edits.append((place, place, (self.line_end if blank else "") + text))

    def _add_inline(self, node: Node, items: Sequence[_Item], number: int, texts: Sequence[str]) -> None:
        if number < 0:
            begin = int(node.start_mark.index) + 1
            self.edits.append((begin, begin, "".join(f"{text}, " for text in texts)))
            return
        item = items[number]
        rest = self.text[item.end : self._next_line(item.end)]
        ends_line = re.fullmatch(r"([ \t]*,)?[ \t]*(#.*)?[\r\n\x85\u2028\u2029]+", rest)
        if not (self._alone(item) and ends_line):
            self.edits.append((item.end, item.end, "".join(f", {text}" for text in texts)))
            return
        comma, pad = bool(ends_line[1]), " " * self._column(item.begin)
        if not comma:
            self.edits.append((item.end, item.end, ","))
        lines = [f"{pad}{text}," for text in texts]
        if not comma and number == len(items) - 1:
            lines[-1] = lines[-1][:-1]
        place = self._next_line(item.end)
        self.edits.append((place, place, "".join(line + self.line_end for line in lines)))

    def _remove(self, node: Node, items: Sequence[_Item], numbers: Sequence[int]) -> None:
        gone = sorted(numbers)
        kept = [number for number in range(len(items)) if number not in set(gone)]
        for number in gone:
            item = items[number]
            if node.flow_style:
                self._remove_inline(node, items, number, kept)
            elif self._alone(item):
                self.edits.append((*self._span(items, number), ""))
            else:  # the first field of an entry stands behind its dash
                if not kept or number:
                    raise _Unpatchable
                following = items[kept[0]].begin
                if "#" not in self.text[item.end : following]:
                    self.edits.append((item.begin, following, ""))
                else:  # the dash stays, above what is said of the next field
                    begin = len(self.text[: item.begin].rstrip(" \t"))
                    self.edits.append(
                        (begin, len(_cut_last_break(self.text[: self._next_line(item.end)])), "")
                    )

    def _remove_inline(self, node: Node, items: Sequence[_Item], number: int, kept: Sequence[int]) -> None:
        item = items[number]
        line, below = self._line(item.begin), self._next_line(item.end)
        comma = re.compile(r"[ \t]*,").match(self.text, item.end)
        if self._alone(item) and re.fullmatch(r"([ \t]*,)?[ \t]*(#.*)?\s+", self.text[item.end : below]):
            self.edits.append((self._chunk(item, items[number - 1].end if number else line)[0], below, ""))
            return
        following = next((other for other in kept if other > number), None)
        first = not any(other < number for other in kept)
        begin, end = item.begin, comma.end() if comma else item.end
        if not first:
            begin, end = items[number - 1].end, item.end
        elif following is not None:
            end = items[number + 1].begin
        if "#" in self.text[begin : item.begin] + self.text[item.end : end]:
            begin, end = item.begin, comma.end() if comma else item.end
        self.edits.append((begin, end, ""))

    def _applied(self, edits: Sequence[Edit], begin: int, end: int) -> str:
        """Return a span of the text with its edits made; one that overlaps what is put in is none."""
        made, at, cut = [], begin, begin
        for start, stop, text in sorted(edits, key=lambda edit: (edit[0], edit[1])):
            if start < at and (text or start < cut):
                raise _Unpatchable
            made += [self.text[at : max(start, at)], text]
            at = max(at, stop)
            cut = cut if not text or start == stop else stop
        return "".join([*made, self.text[at:end]])

    # How it is written

    def _example(self, path: Path) -> Node | None:
        """Return a node of the file that stands where such a value does, to write another like it."""
        if path not in self.examples:
            nodes = [self.root]
            for name in path:
                nodes = [inner for node in nodes for inner in _children(node, name)]
            filled = [node for node in nodes if not isinstance(node, yaml.ScalarNode) and node.value]
            self.examples[path] = filled[-1] if filled else None
        return self.examples[path]

    def _is_inline(self, value: Any, path: Path) -> bool:
        if not isinstance(value, (list, dict)) or not value:
            return True
        example = self._example(path)
        return bool(example is not None and example.flow_style)

    def _inline(self, value: Any) -> str:
        if isinstance(value, dict):
            return (
                "{"
                + ", ".join(f"{word(name, True)}: {self._inline(inner)}" for name, inner in value.items())
                + "}"
            )
        if isinstance(value, list):
            return "[" + ", ".join(self._inline(inner) for inner in value) + "]"
        return word(value, flow=True)

    def _lines(self, value: Any, path: Path) -> list[str]:
        """Return a group or list as lines, from its own column on."""
        lines: list[str] = []
        for name, inner in value.items() if isinstance(value, dict) else ((None, each) for each in value):
            here = (*path, name)
            key = "-" if name is None else f"{word(name)}:"
            if len(key) > _LONGEST_NAME:
                lines.append(f"? {key[:-1]}")
                key = ":"
            if not isinstance(inner, (list, dict)):
                lines.append(f"{key} {word(inner)}")
            elif self._is_inline(inner, here):
                lines.append(f"{key} {self._inline(inner)}")
            elif name is None:
                first, *rest = self._lines(inner, here)
                lines += [f"- {first}", *(f"  {line}" for line in rest)]
            else:
                pad = " " * (self.dash if isinstance(inner, list) else self.step)
                lines += [key, *(pad + line for line in self._lines(inner, here))]
        return lines


class _Moved(str):
    """The text of an entry that only changes its place."""


def _may_be_emptied(item: _Item, value: Any) -> bool:
    """Whether a group or list that is to hold nothing may stay as one, with the remarks in it."""
    return value is not None and not isinstance(item.value, yaml.ScalarNode) and bool(item.value.value)


def _children(node: Node, name: str | None) -> list[Node]:
    if isinstance(node, yaml.MappingNode) and name is not None:
        return [value for key, value in node.value if key.value == name]
    return list(node.value) if isinstance(node, yaml.SequenceNode) and name is None else []


def _cut_last_break(text: str) -> str:
    for end in ("\r\n", "\n", "\r", "\x85", "\u2028", "\u2029"):
        if text.endswith(end):
            return text.removesuffix(end)
    return text
