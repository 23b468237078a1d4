"""Read an Ansible inventory in YAML, or in the JSON of `ansible-inventory --list`, into a tree.

Source:
    Ansible, documentation of the inventory plugins `ansible.builtin.yaml` and
    `ansible.builtin.script` (the JSON form).
"""

from __future__ import annotations

from typing import Final

from translator.errors import InventoryError, Where
from translator.inventory.formats.ansible_ranges import RangeError, expand, split_port
from translator.inventory.formats.ansible_tree import Tree
from translator.inventory.formats.ansible_values import Setting
from translator.inventory.qos import Place
from translator.inventory.yamlfile import Listing, Table, Value

__all__ = ["EXPORT_HINT", "read_group_lists", "read_groups"]

EXPORT_HINT: Final = "run ansible-inventory -i THIS --list --export > inventory.json and use that"
_SECTIONS: Final = ("vars", "children", "hosts")


def read_groups(root: Table, file: str, tree: Tree) -> None:
    """Add what a YAML inventory says to a tree.

    Raises:
        InventoryError: it is the configuration of an inventory plugin, empty, or a group has
            another form.
    """
    if root.get("plugin"):
        raise InventoryError(
            "configures an inventory plugin, so that only Ansible can tell its hosts",
            where=Where(file, root.line_of("plugin")),
            hint=EXPORT_HINT,
        )
    if not root:
        raise InventoryError("the file is empty", where=Where(file), hint="write all: {hosts: ...}")
    reader = _Reader(file, tree)
    for name, value in root.items():
        reader.group(name, value, root.line_of(name))


class _Reader:
    def __init__(self, file: str, tree: Tree) -> None:
        self._file = file
        self._tree = tree
        # Aliases repeat a group in many places; to read it once is enough, and bounded.
        self._read: set[tuple[str, int]] = set()

    def group(self, name: str, value: Value, line: int) -> None:
        """Add one group and everything in it."""
        place = Place(self._file, f"group {name}")
        self._tree.add_group(name, Where(self._file, line))
        if (name, id(value)) in self._read or value is None:
            return
        self._read.add((name, id(value)))
        table = place.table(value, "the group", line)
        place.known(table, _SECTIONS, "the group")
        for section, content in table.items():
            entries = _entries(content, section, place, table.line_of(section))
            for key, item in entries.items():
                at = entries.line_of(key)
                if section == "vars":
                    self._tree.set_variable(name, key, Setting(item, Where(self._file, at)))
                elif section == "children":
                    self.group(key, item, at)
                    self._tree.add_child(name, key, Where(self._file, at))
                else:
                    self._hosts(key, item, name, at)

    def _hosts(self, pattern: str, value: Value, group: str, line: int) -> None:
        place = Place(self._file, f"host {pattern}")
        table = place.table(value, "what it has", line)
        bare, port = split_port(pattern)
        try:
            names = expand(bare)
        except RangeError as error:
            raise place.error(f"it has {error}", line, hint="write sw[01:20].example") from None
        settings = {
            name: Setting(item, Where(self._file, table.line_of(name)))
            for name, item in table.items()
        }
        for name in names:
            self._tree.add_host(name, group, Where(self._file, line), port)
            self._tree.set_host_variables(name, settings)


def _entries(content: Value, section: str, place: Place, line: int) -> Table:
    if isinstance(content, str):
        table = Table(line)
        table[content] = None
        return table
    return place.table(content, section, line)


def read_group_lists(root: Table, file: str, tree: Tree) -> None:
    """Add what the JSON of `ansible-inventory --list` says to a tree.

    Raises:
        InventoryError: a part of it has another form.
    """
    whole = Place(file, "the inventory")
    meta = whole.table(root.get("_meta"), "_meta", root.line_of("_meta"))
    hostvars = whole.table(meta.get("hostvars"), "_meta.hostvars", meta.line_of("hostvars"))
    for name, value in root.items():
        if name != "_meta":
            _group_list(name, value, Where(file, root.line_of(name)), tree)
    for name in tree.hosts:
        line = hostvars.line_of(name)
        found = Place(file, f"host {name}").table(hostvars.get(name), "what it has", line)
        settings = {
            key: Setting(item, Where(file, found.line_of(key))) for key, item in found.items()
        }
        tree.set_host_variables(name, settings)


def _group_list(name: str, value: Value, where: Where, tree: Tree) -> None:
    file, line = where.file, where.line or 1
    place = Place(file, f"group {name}")
    tree.add_group(name, where)
    table = Table(line)
    if isinstance(value, Listing):
        table["hosts"] = value
    else:
        table = place.table(value, "the group", line)
    place.known(table, _SECTIONS, "the group")
    for host, at in _names(table, "hosts", place):
        tree.add_host(host, name, Where(file, at))
    for child, at in _names(table, "children", place):
        tree.add_group(child, Where(file, at))
        tree.add_child(name, child, Where(file, at))
    variables = place.table(table.get("vars"), "vars", table.line_of("vars"))
    for key, item in variables.items():
        tree.set_variable(name, key, Setting(item, Where(file, variables.line_of(key))))


def _names(table: Table, key: str, place: Place) -> list[tuple[str, int]]:
    value = table.get(key)
    if value is None:
        return []
    if not isinstance(value, Listing):
        raise place.error(f"{key} is not a list", table.line_of(key), hint="write [a, b]")
    return [
        (place.word(item, f"a name in {key}", at), at)
        for item, at in zip(value, value.lines, strict=True)
    ]
