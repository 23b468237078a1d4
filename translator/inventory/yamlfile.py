"""YAML read as a stream of events: every value keeps its line, and a large file stays small.

PyYAML's own constructors need six times as long and forget the lines; a fleet's inventory is
read at every command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

from translator.errors import InventoryError, Where

__all__ = ["Listing", "Table", "Value", "read_yaml"]

MAX_BYTES: Final = 64 * 1024 * 1024
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


Value = str | int | bool | None | Table | Listing


def read_yaml(path: Path) -> Table:
    """Return the mapping that a YAML file holds; an empty file is an empty mapping.

    Raises:
        InventoryError: no such file, larger than 64 MiB, not UTF-8, not YAML, not one mapping, a
            key given twice, or nested deeper than 32.
    """
    text = _text(path)
    builder = _Builder(str(path))
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = Where(str(path), None if mark is None else mark.line + 1)
        problem = getattr(error, "problem", None) or "not YAML"
        raise InventoryError(
            f"not readable as YAML: {problem}", where=where, hint="indent with blanks, not tabs"
        ) from None
    root = builder.root
    if root is None:
        return Table(1)
    if not isinstance(root, Table):
        raise InventoryError(
            "the file is not a mapping of names", where=Where(str(path), 1), hint="write NAME: ..."
        )
    return root


def _text(path: Path) -> str:
    where = Where(str(path))
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InventoryError(
                f"{size} bytes is more than the limit of {MAX_BYTES}",
                where=where,
                hint="split the inventory into several folders",
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InventoryError(
            f"cannot be read: {error.strerror}",
            where=where,
            hint="an inventory is a folder with hosts.yaml and, if wanted, groups.yaml and "
            "defaults.yaml",
        ) from None
    except UnicodeDecodeError:
        raise InventoryError("is not UTF-8 text", where=where, hint="save it as UTF-8") from None


class _Builder:
    """Turns parser events into tables and listings."""

    def __init__(self, file: str) -> None:
        self._file = file
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
        if event.style is not None or event.tag is not None or self._awaits_key:
            return self._scalars.setdefault(text, text)
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if text.isascii() and text.lstrip("+-").isdigit() and len(text) <= 18:
            return int(text)
        return self._scalars.setdefault(text, text)

    def _refuse_tag(self, tag: str | None, allowed: tuple[str, ...], line: int) -> None:
        if tag is not None and tag not in allowed:
            raise self._error(f"tag {tag} is not allowed", line, hint="write plain values")

    @property
    def _awaits_key(self) -> bool:
        return bool(self._open) and self._keys[-1] is None and isinstance(self._open[-1], Table)

    def _error(self, problem: str, line: int, *, hint: str) -> InventoryError:
        return InventoryError(problem, where=Where(self._file, line), hint=hint)
