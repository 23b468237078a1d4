"""Read an Ansible inventory, a file or a folder of files, as Ansible does.

Each file adds to one tree of groups; then the variables of each host are looked up.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from translator.errors import InventoryError, Where
from translator.inventory.formats.ansible_hosts import HostMaker
from translator.inventory.formats.ansible_ini import read_ini
from translator.inventory.formats.ansible_tree import ALL, Tree
from translator.inventory.formats.ansible_values import ANSIBLE
from translator.inventory.formats.ansible_vars import VarsFiles
from translator.inventory.formats.ansible_yaml import EXPORT_HINT, read_group_lists, read_groups
from translator.inventory.formats.secrets import SECRETS_NOTE
from translator.inventory.jsonfile import parse_json
from translator.inventory.model import Inventory
from translator.inventory.source import Source
from translator.inventory.yamlfile import Table, parse_yaml

__all__ = [
    "load_ansible_file",
    "load_ansible_folder",
    "load_tree",
    "looks_like_yaml",
    "refuse_program",
]

# What Ansible passes over in a folder: DEFAULT of INVENTORY_IGNORE_EXTS, and always these names.
_IGNORED: Final = re.compile(
    r"^\.|^(?:host_vars|group_vars|vars_plugins)$"
    r"|(?:\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.cfg|\.retry)$"
)
_DEEPEST: Final = 8
_YAML_LINE: Final = re.compile(r"""---|%YAML|(?:"[^"]*"|'[^']*'|[^\s:#\['"{=][^\s:=]*):(?:\s|$)""")


def load_ansible_file(source: Source, kind: str) -> Inventory:
    """Return the hosts of one file, with the group_vars and host_vars beside it.

    Raises:
        InventoryError: something in one of the files is wrong.
    """
    tree = Tree()
    _reader_of(source)(source, tree)
    tree.finish()
    return _inventory(tree, Path(source.file).parent, source.file, kind)


def load_ansible_folder(root: Path) -> Inventory:
    """Return the hosts of all inventory files of a folder, read in alphabetical order.

    Raises:
        InventoryError: no file holds an inventory, or one is wrong.
    """
    return _inventory(load_tree(root), root, str(root), "Ansible inventory folder")


def load_tree(path: Path) -> Tree:
    """Return groups, hosts and variables of a file or folder, without files of variables.

    Raises:
        InventoryError: no file holds an inventory, or one is wrong.
    """
    tree = Tree()
    if path.is_dir():
        if not _read_folder(path, tree, 0):
            raise InventoryError(
                "holds no inventory file",
                where=Where(str(path)),
                hint="put hosts.yaml (Nornir) or an Ansible inventory file into it",
            )
    else:
        source = Source.read(path)
        _reader_of(source)(source, tree)
    tree.finish()
    return tree


def _read_folder(folder: Path, tree: Tree, depth: int) -> bool:
    if depth > _DEEPEST:
        raise InventoryError(
            f"folders are nested deeper than {_DEEPEST}",
            where=Where(str(folder)),
            hint="flatten them, or remove a link that leads back",
        )
    found = False
    for name in sorted(os.listdir(folder)):
        path = folder / name
        if _IGNORED.search(name):
            continue
        if path.is_dir():
            found |= _read_folder(path, tree, depth + 1)
        else:
            source = Source.read(path)
            refuse_program(source)
            _reader_of(source)(source, tree)
            found = True
    return found


def _reader_of(source: Source) -> Callable[[Source, Tree], None]:
    if source.text.lstrip()[:1] == "{":
        return _read_json
    return _read_yaml if looks_like_yaml(source) else read_ini


def _read_json(source: Source, tree: Tree) -> None:
    """Read the YAML form spelled in JSON, or what `ansible-inventory --list` prints."""
    root = parse_json(source)
    assert isinstance(root, Table)  # it begins with a brace
    lists = "_meta" in root or any(
        isinstance(group, Table) and isinstance(group.get(key), list)
        for group in root.values()
        for key in ("hosts", "children")
    )
    (read_group_lists if lists else read_groups)(root, source.file, tree)


def _read_yaml(source: Source, tree: Tree) -> None:
    read_groups(parse_yaml(source, ANSIBLE), source.file, tree)


def looks_like_yaml(source: Source) -> bool:
    """Return whether a file is YAML rather than INI: by its suffix, else by its first line."""
    suffix = Path(source.file).suffix.lower()
    if suffix in (".yml", ".yaml"):
        return True
    lines = (line.rstrip() for line in source.text.split("\n"))
    first = next((line for line in lines if line.strip() and line.lstrip()[0] not in "#;"), "")
    return _YAML_LINE.match(first) is not None


def refuse_program(source: Source) -> None:
    """Refuse what is run rather than read, and what has a form that is not read.

    Raises:
        InventoryError: it is a script, encrypted, or TOML.
    """
    if source.text.startswith("#!"):
        raise source.error("is a program; no program is run for an inventory", 1, hint=EXPORT_HINT)
    if source.text.startswith("$ANSIBLE_VAULT;"):
        raise source.error("is encrypted with Ansible Vault", 1, hint=EXPORT_HINT)
    if source.file.endswith(".toml"):
        raise source.error("is an inventory in TOML, which is not read", None, hint=EXPORT_HINT)


def _inventory(tree: Tree, folder: Path, name: str, kind: str) -> Inventory:
    files = VarsFiles(folder)
    maker = HostMaker(tree, files)
    hosts = tuple(maker.host(host) for host in tree.members(ALL))
    both = [name for name in tree.hosts if name in tree.groups]
    ambiguous = [f"names of both a host and a group: {', '.join(both)}"] if both else []
    encrypted = [f"encrypted with Ansible Vault, not read: {file}" for file in files.encrypted]
    return Inventory(
        hosts=hosts,
        folder=name,
        group_names=tuple(group for group in tree.groups if group != ALL),
        members=tuple((group, tuple(tree.members(group))) for group in tree.groups if group != ALL),
        listed=tuple(tree.hosts),
        kind=kind,
        notes=(
            *ambiguous,
            *encrypted,
            *maker.notes(),
            *((SECRETS_NOTE,) if maker.secrets else ()),
        ),
    )
