"""Read an inventory, whichever of the known formats it has."""

from __future__ import annotations

from os.path import exists  # False, not an error, for a name that is too long
from pathlib import Path

from translator.errors import InventoryError, Where
from translator.inventory.model import Inventory

__all__ = ["load_inventory"]


def load_inventory(path: str | Path) -> Inventory:
    """Return the hosts of a folder or file with everything they inherit.

    Formats: a Nornir SimpleInventory folder; an Ansible inventory as an INI or YAML file, as a
    folder of them, or as the JSON of `ansible-inventory --list`; a CSV table; devices exported
    from NetBox as JSON or CSV. `kind` of the result says which it was taken for.

    Raises:
        InventoryError: a file cannot be read, or a record is wrong (file and line are given).
    """
    from translator.inventory.formats.registry import load

    if "\0" in str(path) or not exists(path):
        raise InventoryError(
            "is no folder and no file",
            where=Where(str(path)),
            hint="name the folder that holds hosts.yaml, or an inventory file",
        )
    try:
        return load(Path(path))
    except OSError as error:
        raise InventoryError(
            f"cannot be read: {error.strerror}",
            where=Where(str(path)),
            hint="check who may read it",
        ) from None
