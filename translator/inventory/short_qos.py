"""`qos` in one line of text, for formats whose values are words: a table, an INI file.

`Gi0/1=wan:10M;Gi0/2=client` are interfaces, `servers=10.1.1.0/24,10.1.2.0/24;clients=...` are
address groups.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from translator.errors import UsageError
from translator.inventory.adhoc import read_bindings, specs_of
from translator.inventory.qos import NO_QOS, Place, QosData, check_group_name
from translator.inventory.yamlfile import Value

__all__ = ["MAX_TEXT", "short_addresses", "short_interfaces"]

MAX_TEXT: Final = 64 * 1024


def short_interfaces(value: Value, place: Place, what: str, line: int) -> QosData:
    """Return the interfaces of `Gi0/1=wan:10M;Gi0/2=client`; nothing is none.

    Raises:
        InventoryError: another form, an unknown role, a bad rate, an interface twice.
    """
    items = _items(value, place, what, line)
    if not items:
        return NO_QOS
    try:
        return _interfaces(items)
    except UsageError as error:
        raise place.error(f"{what}: {error.problem}", line, hint=error.hint) from None


def short_addresses(value: Value, place: Place, what: str, line: int) -> QosData:
    """Return the address groups of `servers=10.1.1.0/24;clients=10.2.0.0/16`; nothing is none.

    Raises:
        InventoryError: another form, a bad prefix, an illegal name of a group.
    """
    items = _items(value, place, what, line)
    if not items:
        return NO_QOS
    try:
        bindings = read_bindings(items)
    except UsageError as error:
        raise place.error(f"{what}: {error.problem}", line, hint=error.hint) from None
    return QosData(
        addresses={
            check_group_name(name, place, line): prefixes for name, prefixes in bindings.items()
        }
    )


# A fleet repeats itself: ten thousand hosts have a few hundred different sets of interfaces.
@lru_cache(maxsize=4096)
def _interfaces(items: tuple[str, ...]) -> QosData:
    return QosData(interfaces={spec.name: spec for spec in specs_of(items)})


def _items(value: Value, place: Place, what: str, line: int) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if not isinstance(value, str) or not value.isprintable() or len(value) > MAX_TEXT:
        raise place.error(
            f"{what} is no line of printable text",
            line,
            hint="write Gi0/1=wan:10M;Gi0/2=client or servers=10.1.1.0/24;clients=10.2.0.0/16",
        )
    return tuple(item.strip() for item in value.split(";") if item.strip())
