"""The formats of inventories, told apart by name and content."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from translator.errors import InventoryError, Where
from translator.inventory.formats.ansible import (
    load_ansible_file,
    load_ansible_folder,
    looks_like_yaml,
    refuse_program,
)
from translator.inventory.formats.csvfile import headings, load_csv
from translator.inventory.formats.netbox import is_netbox_csv, load_netbox, load_netbox_csv
from translator.inventory.formats.nornir import load_nornir
from translator.inventory.jsonfile import parse_json
from translator.inventory.model import Inventory
from translator.inventory.source import Source
from translator.inventory.yamlfile import Table, outline

__all__ = ["FILE_FORMATS", "FileFormat", "load"]

_OF_ANSIBLE: Final = frozenset({"hosts", "children", "vars"})
_OF_NORNIR: Final = frozenset(
    {"hostname", "port", "username", "password", "platform", "groups", "data", "connection_options"}
)
_JSON_LIST: Final = re.compile(r"\s*\[\s*[{\]]")


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One format of a file: how it is recognised, and how it is read."""

    kind: str
    fits: Callable[[Source], bool]
    load: Callable[[Source], Inventory]


def _is_nornir(source: Source) -> bool:
    return looks_like_yaml(source) and _keys(source.text) == "nornir"


def _folder_wanted(source: Source) -> Inventory:
    raise source.error(
        "is one file of a Nornir inventory",
        None,
        hint="name the folder that holds hosts.yaml, groups.yaml and defaults.yaml",
    )


def _is_json(source: Source) -> bool:
    return source.text.lstrip()[:1] == "{" or _JSON_LIST.match(source.text) is not None


def _load_json(source: Source) -> Inventory:
    root = parse_json(source)
    if not isinstance(root, Table) or "results" in root:
        return load_netbox(root, source)
    kind = "JSON of ansible-inventory --list" if "_meta" in root else "Ansible JSON inventory"
    return load_ansible_file(source, kind)


# Asked in this order; the last one takes what no other does.
FILE_FORMATS: Final = (
    FileFormat("Nornir file", _is_nornir, _folder_wanted),
    FileFormat("JSON", _is_json, _load_json),
    FileFormat("NetBox CSV export", is_netbox_csv, load_netbox_csv),
    FileFormat("CSV table", lambda source: bool(headings(source)), load_csv),
    FileFormat(
        "Ansible YAML file",
        looks_like_yaml,
        lambda source: load_ansible_file(source, "Ansible YAML file"),
    ),
    FileFormat(
        "Ansible INI file",
        lambda _: True,
        lambda source: load_ansible_file(source, "Ansible INI file"),
    ),
)


def load(path: Path) -> Inventory:
    """Return the inventory of a file or a folder, whatever its format.

    Raises:
        InventoryError: it cannot be read, is a program, or something in it is wrong.
    """
    if path.is_dir():
        return load_ansible_folder(path) if _is_ansible(path) else load_nornir(path)
    source = Source.read(path)
    refuse_program(source)
    if not source.text.strip():
        raise InventoryError("the file is empty", where=Where(str(path)), hint="write a host")
    if path.suffix.lower() == ".csv" and not headings(source):
        raise source.error(
            "the first line has no heading `name`", 1, hint="begin with: name,hostname,platform"
        )
    return next(item for item in FILE_FORMATS if item.fits(source)).load(source)


def _is_ansible(folder: Path) -> bool:
    hosts = folder / "hosts.yaml"
    if hosts.is_file():
        found = _keys(Source.read(hosts).text)
        if found is not None:
            return found == "ansible"
    if any((folder / name).is_dir() for name in ("group_vars", "host_vars")):
        return True
    return not hosts.exists() and any(
        item.is_file() and item.name not in ("groups.yaml", "defaults.yaml")
        for item in folder.iterdir()
    )


def _keys(text: str) -> str | None:
    """Whose keys the first records of a YAML file have; None where they tell nothing."""
    for key in islice(outline(text), 50):
        if key in _OF_ANSIBLE:
            return "ansible"
        if key in _OF_NORNIR:
            return "nornir"
    return None
