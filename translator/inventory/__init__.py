"""Which devices there are: inventories of many forms, roles of interfaces, host patterns.

The names in `__all__` are loaded when they are first used: options of commands need no inventory.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from translator.inventory.load import load_inventory
    from translator.inventory.model import Host, Inventory

__all__ = ["Host", "Inventory", "load_inventory"]

_HOME: Final = {
    "Host": "translator.inventory.model",
    "Inventory": "translator.inventory.model",
    "load_inventory": "translator.inventory.load",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'translator.inventory' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
