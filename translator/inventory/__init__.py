"""Which devices there are: a Nornir inventory with roles for interfaces, and host patterns."""

from translator.inventory.load import load_inventory
from translator.inventory.model import Host, Inventory
from translator.inventory.select import select

__all__ = ["Host", "Inventory", "load_inventory", "select"]
