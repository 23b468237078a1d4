"""Ansible's files of variables: group_vars/ and host_vars/ beside an inventory.

Source:
    Ansible, "Organizing host and group variables", and the vars plugin
    `ansible.builtin.host_group_vars`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from translator.errors import Where
from translator.inventory.formats.ansible_values import ANSIBLE, Setting
from translator.inventory.jsonfile import parse_json
from translator.inventory.source import Source
from translator.inventory.yamlfile import Table, parse_yaml

__all__ = ["Variables", "VarsFiles"]

_EXTENSIONS: Final = ("", ".yml", ".yaml", ".json")
_DEEPEST: Final = 16
_VAULT: Final = "$ANSIBLE_VAULT;"

Variables = Mapping[str, Setting]


class VarsFiles:
    """The files of one inventory; `encrypted` names those that only a key would open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.encrypted: list[str] = []
        self._existing = {
            kind: frozenset(_names_in(folder / kind)) for kind in ("group_vars", "host_vars")
        }

    def of_group(self, name: str) -> Variables:
        """Return what group_vars/NAME gives, a file or a folder of files.

        Raises:
            InventoryError: a file cannot be read or is no mapping.
        """
        return self._files("group_vars", name)

    def of_host(self, name: str) -> Variables:
        """Return what host_vars/NAME gives; as `of_group`."""
        return self._files("host_vars", name)

    def _files(self, kind: str, name: str) -> Variables:
        found: dict[str, Setting] = {}
        for extension in _EXTENSIONS:
            if name + extension in self._existing[kind]:
                for path in _vars_files(self._folder / kind / (name + extension)):
                    found.update(self._file(path))
                break  # Ansible takes the first that exists
        return found

    def _file(self, path: Path) -> Variables:
        source = Source.read(path)
        if source.text.startswith(_VAULT):
            if str(path) not in self.encrypted:
                self.encrypted.append(str(path))
            return {}
        table = _table(source)
        return {
            key: Setting(value, Where(str(path), table.line_of(key)))
            for key, value in table.items()
        }


def _table(source: Source) -> Table:
    if source.text.lstrip().startswith("{"):
        table = parse_json(source)
        assert isinstance(table, Table)  # it begins with a brace
        return table
    return parse_yaml(source, ANSIBLE)


def _names_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []  # most inventories have neither folder


def _vars_files(path: Path, depth: int = 0) -> Iterator[Path]:
    """The files of one name: itself, or all below it in alphabetical order."""
    if not path.is_dir():
        yield path
        return
    for entry in sorted(path.iterdir(), key=lambda item: item.name):
        if entry.name.startswith(".") or entry.name.endswith("~"):
            continue
        if entry.is_dir():
            if not entry.suffix and depth < _DEEPEST:
                yield from _vars_files(entry, depth + 1)
        elif entry.suffix in _EXTENSIONS:
            yield entry
