"""YAML text as a tree of text with line numbers; no tags, no guessed types, bounded in size.

Scalars stay text (YAML 1.1 would read `443:45` as a base-60 number and `no` as false); the
reader of a field decides what it must be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from translator.errors import PlanError, Where
from translator.plan.text import MAX_BYTES

__all__ = ["Items", "Node", "Scalar", "Table", "read_tree"]

MAX_DEPTH: Final = 20
MAX_NODES: Final = 100_000
MAX_ALIASES: Final = 100
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text; `plain` when it stood without quotes, so that `null` and `true` mean something."""

    text: str
    plain: bool
    where: Where

    @property
    def is_null(self) -> bool:
        """Whether nothing was written, or a plain `null` or `~`."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping with text keys, in the order of the file."""

    entries: dict[str, Node]
    where: Where
    keys: dict[str, Where] = field(default_factory=dict)


Node = Scalar | Items | Table


def read_tree(
    text: str,
    file: str,
    *,
    too_large: str = "a plan has tens of rows",
    start: str = "extends: lync-2013",
) -> Node:
    """Return the one YAML document of the text.

    Args:
        too_large: what to say of how large such files are.
        start: what a file that is empty may begin with.

    Raises:
        PlanError: no YAML, more than one document, tags, duplicate keys, or past a limit.
    """
    if len(text) > MAX_BYTES:
        raise PlanError("larger than 4 MiB", where=Where(file), hint=too_large)
    builder = _Builder(file, too_large, start)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise PlanError(
            f"character U+{_code(error.character):04X} must not stand in YAML",
            where=Where(file, line),
            hint="remove the control character",
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise PlanError(
            f"no valid YAML: {error.problem or error.context}",
            where=Where(file, mark.line + 1 if mark else None),
            hint="check indentation, quotes and brackets there and just before",
        ) from None
    except yaml.YAMLError as error:
        raise PlanError(f"no valid YAML: {error}", where=Where(file)) from None
    return builder.result()


def _code(character: object) -> int:
    if isinstance(character, int):
        return character
    return ord(str(character)[:1] or "\0")


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is still open."""

    is_table: bool
    where: Where
    anchor: str | None
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Where] = field(default_factory=dict)
    key: str | None = None
    size: int = 1

    def closed(self) -> Node:
        if self.is_table:
            return Table(self.entries, self.where, self.keys)
        return Items(tuple(self.items), self.where)


class _Builder:
    """Builds the tree from parser events without recursion, so depth cannot exhaust the stack."""

    def __init__(self, file: str, too_large: str, start: str) -> None:
        self._file = file
        self._too_large = too_large
        self._start = start
        self._open: list[_Frame] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._aliases = 0
        self._documents: list[Node] = []

    def take(self, event: Any) -> None:
        where = Where(self._file, event.start_mark.line + 1)
        if isinstance(event, yaml.DocumentStartEvent) and self._documents:
            raise PlanError(
                "a second YAML document begins", where=where, hint="one document per file"
            )
        if isinstance(event, yaml.AliasEvent):
            self._alias(str(event.anchor), where)
        elif isinstance(event, yaml.NodeEvent):
            self._node(event, where)
        elif isinstance(event, yaml.CollectionEndEvent):
            frame = self._open.pop()
            self._add(frame.closed(), frame.size, frame.anchor)

    def result(self) -> Node:
        if not self._documents:
            raise PlanError(
                "the file is empty", where=Where(self._file), hint=f"start with: {self._start}"
            )
        return self._documents[0]

    def _node(self, event: Any, where: Where) -> None:
        if event.tag not in (None, "!"):
            raise PlanError(
                f"YAML tag {event.tag} is not allowed", where=where, hint="remove the tag"
            )
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style in (None, "")
            self._add(Scalar(event.value, plain, where), 1, event.anchor)
            return
        if len(self._open) >= MAX_DEPTH:
            raise PlanError(
                f"nested deeper than {MAX_DEPTH} levels", where=where, hint="five are enough"
            )
        is_table = isinstance(event, yaml.MappingStartEvent)
        self._open.append(_Frame(is_table, where, event.anchor))

    def _alias(self, anchor: str, where: Where) -> None:
        self._aliases += 1
        if anchor not in self._anchors:
            raise PlanError(
                f"alias *{anchor[:60]} has no anchor before it",
                where=where,
                hint="quote a text that starts with *",
            )
        if self._aliases > MAX_ALIASES:
            raise PlanError(
                f"more than {MAX_ALIASES} aliases", where=where, hint="write the values out"
            )
        node, size = self._anchors[anchor]
        self._add(node, size, None)

    def _add(self, node: Node, size: int, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = (node, size)
        if not self._open:
            self._documents.append(node)
            return
        frame = self._open[-1]
        frame.size += size
        if frame.size > MAX_NODES:
            raise PlanError(f"more than {MAX_NODES} values", where=node.where, hint=self._too_large)
        if not frame.is_table:
            frame.items.append(node)
        elif frame.key is None:
            frame.key = self._key(frame, node)
        else:
            frame.entries[frame.key] = node
            frame.key = None

    def _key(self, frame: _Frame, node: Node) -> str:
        if not isinstance(node, Scalar):
            raise PlanError("a key is no plain word", where=node.where, hint="write `key: value`")
        if node.text in frame.keys:
            first = frame.keys[node.text]
            raise PlanError(
                f"key {node.text[:60]!a} stands twice",
                where=node.where,
                hint=f"it is already on line {first.line}; keep one",
            )
        frame.keys[node.text] = node.where
        return node.text
