"""Which devices there are: inventories of many forms, roles of interfaces, host patterns."""

from translator.inventory.load import load_inventory
from translator.inventory.model import Host, Inventory
from translator.inventory.select import select

__all__ = ["Host", "Inventory", "load_inventory", "select"]
