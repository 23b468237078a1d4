"""Read an Ansible inventory in INI form into a tree of groups.

Source:
    Ansible, documentation of the inventory plugin `ansible.builtin.ini`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import Final

from translator.errors import InventoryError, Where
from translator.inventory.formats.ansible_ranges import RangeError, expand, split_port
from translator.inventory.formats.ansible_tree import UNGROUPED, Tree
from translator.inventory.formats.ansible_values import Setting, ini_value
from translator.inventory.source import Source

__all__ = ["read_ini"]

_SECTION: Final = re.compile(r"\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?")
_PLAIN: Final = re.compile(r"""[^'"\\#]*""")
_GROUP: Final = re.compile(r"([^:\]\s]+)\s*(?:#.*)?")


def read_ini(source: Source, tree: Tree) -> None:
    """Add the groups, hosts and variables of an INI inventory to a tree.

    Raises:
        InventoryError: a line is no host, group, section or variable, or a group is not defined.
    """
    _Reader(source, tree).read()


class _Reader:
    """One pass over the lines; the state is the section that a line stands in."""

    def __init__(self, source: Source, tree: Tree) -> None:
        self._source = source
        self._tree = tree
        self._line = 0
        self._group = UNGROUPED
        # Groups that a section speaks of before any section defines them.
        self._awaited: dict[str, dict[str, Where]] = {}
        self._undefined: dict[str, int] = {}

    def read(self) -> None:
        kinds: dict[str, Callable[[str], None]] = {
            "hosts": self._host,
            "children": self._child,
            "vars": self._variable,
        }
        kind = "hosts"
        # Ansible breaks lines at every separator of Unicode; here those are refused, so that
        # what looks like one line is one.
        for number, raw in enumerate(self._source.text.split("\n"), start=1):
            self._line = number
            line = raw.removesuffix("\r").strip()
            if not line.replace("\t", " ").isprintable():
                raise self._error(
                    "the line holds a control or line separator character",
                    hint="use printable characters only",
                )
            if not line or line[0] in "#;":
                continue
            section = _SECTION.fullmatch(line)
            if section is not None:
                kind = section[2] or "hosts"
                if kind not in kinds:
                    raise self._error(
                        f"section {line} has an unknown type", hint="types: " + ", ".join(kinds)
                    )
                self._open(section[1], defines=kind != "vars")
            elif line.startswith("[") and line.endswith("]"):
                raise self._error(
                    f"{_short(line)} is no section", hint="write [group], without blanks"
                )
            else:
                kinds[kind](line)
        self._all_defined()

    def _open(self, name: str, *, defines: bool) -> None:
        self._group = name
        if name not in self._tree.groups:
            self._tree.add_group(name, self._where)
            if not defines and name not in self._awaited:
                self._undefined.setdefault(name, self._line)
        if defines:
            self._undefined.pop(name, None)
            for parent, where in self._awaited.pop(name, {}).items():
                self._tree.add_child(parent, name, where)

    def _host(self, line: str) -> None:
        try:
            # The library's splitter takes ten times as long; most lines have none of its signs.
            words = line.split() if _PLAIN.fullmatch(line) else shlex.split(line, comments=True)
        except ValueError as error:
            raise self._error(
                f"the quotes of the line do not fit: {error}", hint="close each quote"
            ) from None
        if not words:
            return
        settings: dict[str, Setting] = {}
        for word in words[1:]:
            name, equals, text = word.partition("=")
            if not equals:
                raise self._error(
                    f"{_short(word)} is no key=value", hint='quote values: key="two words"'
                )
            settings[name] = self._setting(text)
        pattern, port = split_port(words[0])
        try:
            names = expand(pattern)
        except RangeError as error:
            raise self._error(
                f"host {_short(pattern)} has {error}", hint="write sw[01:20].example"
            ) from None
        for name in names:
            self._tree.add_host(name, self._group, self._where, port)
            self._tree.set_host_variables(name, settings)

    def _child(self, line: str) -> None:
        found = _GROUP.fullmatch(line)
        if found is None:
            raise self._error(f"{_short(line)} is no group name", hint="write one group per line")
        child = found[1]
        if child in self._tree.groups:
            self._tree.add_child(self._group, child, self._where)
        else:
            self._awaited.setdefault(child, {})[self._group] = self._where

    def _variable(self, line: str) -> None:
        name, equals, text = line.partition("=")
        if not equals:
            raise self._error(f"{_short(line)} is no key=value", hint="write key=value")
        self._tree.set_variable(self._group, name.strip(), self._setting(text.strip()))

    def _all_defined(self) -> None:
        for name, line in self._undefined.items():
            self._line = line
            raise self._error(
                f"section [{name}:vars] is about a group that no section defines",
                hint=f"add [{name}] or [{name}:children]",
            )
        for child, parents in self._awaited.items():
            where = next(iter(parents.values()))
            raise InventoryError(
                f"there is no group {child!r}", where=where, hint=f"add a section [{child}]"
            )

    @property
    def _where(self) -> Where:
        return Where(self._source.file, self._line)

    def _setting(self, text: str) -> Setting:
        return Setting(ini_value(text, self._line), self._where)

    def _error(self, problem: str, *, hint: str) -> InventoryError:
        return self._source.error(problem, self._line, hint=hint)


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:50]}...")
