"""What Ansible makes of a value: of a YAML scalar, and of the text behind a `=` in an INI file."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import yaml

from translator.errors import InventoryError, Where
from translator.inventory.short_qos import MAX_TEXT
from translator.inventory.yamlfile import Dialect, Listing, Table, Value, Vaulted

__all__ = ["ANSIBLE", "Setting", "ini_value", "is_readable", "readable", "structure"]

_RESOLVER: Final[Any] = yaml.SafeLoader("")
# What a Python literal can begin with; the rest is text without asking.
_LITERAL: Final = re.compile(
    r"""[ \t]*(?:[-+.0-9'"\[({]|[bBuUrR]{1,2}['"]|True|False|None|set\()"""
)
_VAULTED_KEY: Final = "__ansible_vault"  # as `ansible-inventory --list` prints what it cannot read
_JINJA: Final = re.compile(r"\{\{|\{%|\{#")


@dataclass(frozen=True, slots=True)
class Setting:
    """The value of a variable, and where it is given."""

    value: Value
    where: Where


@lru_cache(maxsize=4096)
def _yaml_1_1(text: str) -> str | int | bool | None:
    """Return what PyYAML, and so Ansible, takes a plain scalar for: `yes` is true, `010` is 8.

    What inventories of ours have no use for, such as dates and fractions, stays text.
    """
    tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))
    node = yaml.ScalarNode(tag, text)
    try:
        if tag.endswith(":int"):
            return int(_RESOLVER.construct_yaml_int(node))
        if tag.endswith(":bool"):
            return bool(_RESOLVER.construct_yaml_bool(node))
    except ValueError:
        return text
    return None if tag.endswith(":null") else text


ANSIBLE: Final = Dialect(_yaml_1_1, ("!vault", "!vault-encrypted", "!unsafe"))


def ini_value(text: str, line: int) -> Value:
    """Return the value of `key=text`: a Python literal where it is one, else the text itself.

    Source:
        Ansible's ini inventory plugin: values are passed to Python's `ast.literal_eval`.
    """
    if not _LITERAL.match(text) or len(text) > MAX_TEXT:
        return text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return _as_value(ast.literal_eval(text), line)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def structure(value: Value, line: int) -> Value:
    """Return the mapping that a text in JSON spells; any other value as it is."""
    if not isinstance(value, str) or not value.lstrip().startswith("{") or len(value) > MAX_TEXT:
        return value
    try:
        return _as_value(json.loads(value), line)
    except (ValueError, RecursionError):
        return value


def _as_value(found: Any, line: int) -> Value:
    """Return a Python value in the form that our readers have, everything on one line."""
    match found:
        case bool() | int() | str() | None:
            return found
        case bytes():
            return found.decode("utf-8", "backslashreplace")
        case dict():
            table = Table(line)
            for key, item in found.items():
                table[str(key)] = _as_value(item, line)
                table.lines[str(key)] = line
            return table
        case list() | tuple() | set():
            listing = Listing()
            for item in found:
                listing.append(_as_value(item, line))
                listing.lines.append(line)
            return listing
        case _:
            return "..." if found is ... else str(found)


def readable(name: str, setting: Setting) -> Value:
    """Return the value of a variable that we need.

    Raises:
        InventoryError: it is encrypted, or only Ansible's templates could tell it.
    """
    for item in _parts(setting.value, set()):
        if isinstance(item, Vaulted) or item == _VAULTED_KEY:
            raise InventoryError(
                f"{name} is encrypted with Ansible Vault",
                where=setting.where,
                hint="it is no secret: write it in the clear, or export the inventory with "
                "ansible-inventory --list --export",
            )
        if isinstance(item, str) and _JINJA.search(item):
            raise InventoryError(
                f"{name} holds a Jinja expression, which only Ansible can work out",
                where=setting.where,
                hint="write the value itself",
            )
    return setting.value


def is_readable(name: str, setting: Setting) -> bool:
    """Return whether the value stands there, neither encrypted nor as a template."""
    try:
        readable(name, setting)
    except InventoryError:
        return False
    return True


def _parts(value: Value, seen: set[int]) -> Iterator[Value]:
    """The scalars of a value; what an alias repeats is visited once."""
    if isinstance(value, Table | Listing):
        if id(value) in seen:
            return
        seen.add(id(value))
        for item in (*value, *value.values()) if isinstance(value, Table) else value:
            yield from _parts(item, seen)
    else:
        yield value
