"""YAML read as a stream of events: every value keeps its line, and a large file stays small.

PyYAML's own constructors need six times as long and forget the lines; a fleet's inventory is
read at every command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from translator.errors import InventoryError
from translator.inventory.source import Source

__all__ = [
    "NORNIR",
    "Dialect",
    "Listing",
    "Table",
    "Value",
    "Vaulted",
    "outline",
    "parse_yaml",
    "read_yaml",
]

_MAX_DEPTH: Final = 32

try:
    _LOADER: Any = yaml.CSafeLoader
except AttributeError:  # PyYAML built without libyaml: the same answers, ten times slower
    _LOADER = yaml.SafeLoader

# YAML 1.2 core schema, as Nornir reads it: `yes` and `on` are words, not booleans.
_CONSTANTS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class Table(dict[str, "Value"]):
    """A YAML mapping; `line` is where it starts, `lines` where each of its keys stands."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, key: str) -> int:
        """Return the line of a key; for a merged or absent one, where the mapping starts."""
        return self.lines.get(key, self.line)


class Listing(list["Value"]):
    """A YAML sequence; `lines` holds the line of each item."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


class Vaulted(str):
    """A value that only who holds the key can read."""

    __slots__ = ()


Value = str | int | bool | None | Table | Listing


def _core_schema(text: str) -> str | int | bool | None:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text.isascii() and text.lstrip("+-").isdigit() and len(text) <= 18:
        return int(text)
    return text


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a tool takes YAML for.

    Attributes:
        scalar: what a plain scalar, that is one without quotes, means.
        tags: the tags that values may have; `!vault` makes a value unreadable.
    """

    scalar: Callable[[str], str | int | bool | None]
    tags: tuple[str, ...] = ()


NORNIR: Final = Dialect(_core_schema)


def read_yaml(path: Path, dialect: Dialect = NORNIR) -> Table:
    """Return the mapping that a YAML file holds; an empty file is an empty mapping.

    Raises:
        InventoryError: as `Source.read` and `parse_yaml`.
    """
    hint = "an inventory is a folder with hosts.yaml and, if wanted, groups.yaml and defaults.yaml"
    return parse_yaml(Source.read(path, hint=hint), dialect)


def parse_yaml(source: Source, dialect: Dialect = NORNIR) -> Table:
    """Return the mapping that a text holds; an empty text is an empty mapping.

    Raises:
        InventoryError: not YAML, not one mapping, a key given twice, or nested deeper than 32.
    """
    builder = _Builder(source, dialect)
    try:
        for event in yaml.parse(source.text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not YAML"
        raise source.error(
            f"not readable as YAML: {problem}",
            None if mark is None else mark.line + 1,
            hint="indent with blanks, not tabs",
        ) from None
    root = builder.root
    if root is None:
        return Table(1)
    if not isinstance(root, Table):
        raise source.error("the file is not a mapping of names", 1, hint="write NAME: ...")
    return root


def outline(text: str) -> Iterator[str]:
    """Yield the keys of the mappings that stand right below the root; stop at what is no YAML.

    It tells kinds of files apart, so that it reads no more of them than asked for.
    """
    awaits_key: list[bool | None] = []  # of each open container; None for a sequence
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                awaits_key.pop()
            elif isinstance(event, yaml.NodeEvent):
                if awaits_key and awaits_key[-1] is not None:
                    if awaits_key == [True, True] and isinstance(event, yaml.ScalarEvent):
                        yield event.value
                    awaits_key[-1] = not awaits_key[-1]
                if isinstance(event, yaml.CollectionStartEvent):
                    # A mapping is the value of the key before it, so that its parent waits again.
                    awaits_key.append(True if isinstance(event, yaml.MappingStartEvent) else None)
    except yaml.YAMLError:
        return


class _Builder:
    """Turns parser events into tables and listings."""

    def __init__(self, source: Source, dialect: Dialect) -> None:
        self._source = source
        self._dialect = dialect
        self._open: list[Table | Listing] = []
        self._keys: list[str | None] = []
        self._anchors: dict[str, Value] = {}
        self._scalars: dict[str, str] = {}
        self.root: Value = None

    def take(self, event: yaml.Event) -> None:
        line = 0 if event.start_mark is None else event.start_mark.line + 1
        match event:
            case yaml.ScalarEvent():
                self._add(self._scalar(event, line), event, line)
            case yaml.MappingStartEvent():
                self._start(Table(line), event, line)
            case yaml.SequenceStartEvent():
                self._start(Listing(), event, line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._open.pop()
                self._keys.pop()
            case yaml.AliasEvent():
                if event.anchor not in self._anchors:
                    raise self._error(
                        f"alias *{event.anchor} has no anchor before it",
                        line,
                        hint="quote a text that starts with *",
                    )
                self._alias(self._anchors[event.anchor], line)
            case yaml.DocumentStartEvent() if self.root is not None:
                raise self._error(
                    "a second YAML document begins", line, hint="keep one document per file"
                )
            case _:
                return

    def _alias(self, value: Value, line: int) -> None:
        if any(value is item for item in self._open):
            raise self._error(
                "an alias stands inside its own anchor", line, hint="write the values out"
            )
        self._put(value, line)

    def _start(
        self, container: Table | Listing, event: yaml.CollectionStartEvent, line: int
    ) -> None:
        if len(self._open) >= _MAX_DEPTH:
            raise self._error(
                f"nested deeper than {_MAX_DEPTH}", line, hint="an inventory needs seven levels"
            )
        self._refuse_tag(event.tag, ("!",), line)
        self._put(container, line)
        self._open.append(container)
        self._keys.append(None)
        if event.anchor:
            self._anchors[event.anchor] = container

    def _add(self, value: Value, event: yaml.NodeEvent, line: int) -> None:
        if event.anchor:
            self._anchors[event.anchor] = value
        self._put(value, line)

    def _put(self, value: Value, line: int) -> None:
        if not self._open:
            self.root = value
            return
        parent = self._open[-1]
        if isinstance(parent, Listing):
            parent.append(value)
            parent.lines.append(line)
            return
        key = self._keys[-1]
        if key is None:
            self._keys[-1] = self._key(value, parent, line)
        else:
            self._keys[-1] = None
            self._set(parent, key, value, line)

    def _key(self, value: Value, parent: Table, line: int) -> str:
        if not isinstance(value, str):
            raise self._error("a key must be a plain word", line, hint='quote it: "1": ...')
        if value in parent.lines and value != "<<":
            raise self._error(
                f"key {value!r} is given twice (first on line {parent.lines[value]})",
                line,
                hint="YAML would keep only the last one; remove one of them",
            )
        parent.lines[value] = line
        return value

    def _set(self, parent: Table, key: str, value: Value, line: int) -> None:
        if key != "<<":
            parent[key] = value
            return
        for merged in value if isinstance(value, Listing) else [value]:
            if not isinstance(merged, Table):
                raise self._error("<< merges mappings only", line, hint="write <<: *NAME")
            for name, item in merged.items():
                parent.setdefault(name, item)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> Value:
        text: str = event.value
        self._refuse_tag(event.tag, ("!", "tag:yaml.org,2002:str"), line)
        if event.tag is not None and event.tag.startswith("!vault"):
            return Vaulted()
        # A plain scalar has the style None, or "" where libyaml read it.
        if event.style or event.tag is not None or self._awaits_key:
            return self._scalars.setdefault(text, text)
        value = self._dialect.scalar(text)
        return self._scalars.setdefault(value, value) if isinstance(value, str) else value

    def _refuse_tag(self, tag: str | None, allowed: tuple[str, ...], line: int) -> None:
        if tag is not None and tag not in allowed and tag not in self._dialect.tags:
            raise self._error(f"tag {tag} is not allowed", line, hint="write plain values")

    @property
    def _awaits_key(self) -> bool:
        return bool(self._open) and self._keys[-1] is None and isinstance(self._open[-1], Table)

    def _error(self, problem: str, line: int, *, hint: str) -> InventoryError:
        return self._source.error(problem, line, hint=hint)
