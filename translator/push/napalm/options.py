"""Which of NAPALM's `optional_args` are honoured: those that change no promise of ours.

Whose keys are believed, what is tried to log in, what is locked and what counts as an error is not
left to an inventory. An option that is not honoured is an error, not passed over.

Sources: NAPALM 5, docs, "Optional Arguments"; `napalm.ios.ios`, `napalm.junos.junos`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from translator.errors import DriverError, InventoryError
from translator.inventory.fields import check_port
from translator.inventory.transport import NapalmOption, NapalmOptions

__all__ = ["HONOURED", "arguments_of", "port_of"]

HONOURED: Final[Mapping[str, Mapping[str, type]]] = {
    "ios": {"port": int, "transport": str, "global_delay_factor": float, "fast_cli": bool},
    "junos": {"port": int, "transport": str, "huge_tree": bool},
}
"""By NAPALM's name of the platform: the options, and of which type each is."""
_NAMES: Final = {int: "number", float: "number", bool: "boolean: true or false", str: "word"}


def arguments_of(kind: str, given: NapalmOptions) -> dict[str, Any]:
    """Return the options that NAPALM's driver is given, without the port.

    Args:
        kind: NAPALM's name of the platform.

    Raises:
        InventoryError: an option is not honoured, or has no such value.
        DriverError: NAPALM is not spoken with on such a platform.
    """
    if kind not in HONOURED:
        raise DriverError(
            f"NAPALM's driver {kind!r} is not spoken with",
            hint="use --transport netmiko; those of NAPALM are " + ", ".join(HONOURED),
        )
    found = {option.name: _value(kind, option) for option in given.options}
    found.pop("port", None)
    found.pop("transport", None)  # it is what NAPALM does anyway
    return found


def port_of(given: NapalmOptions, otherwise: int) -> int:
    """Return the TCP port: of the options, else of the connection, else of the host.

    Raises:
        InventoryError: the option is none.
    """
    for option in given.options:
        if option.name == "port":
            return int(_typed(int, option))
    return given.port or otherwise


def _value(kind: str, option: NapalmOption) -> Any:
    honoured = HONOURED[kind]
    if option.name not in honoured:
        raise InventoryError(
            f"NAPALM's option {option.name!r} is not honoured for {kind}",
            where=option.where,
            hint="leave it out; honoured are " + ", ".join(honoured),
        )
    if option.name == "transport" and option.value != "ssh":
        raise InventoryError(
            f"NAPALM's transport {option.value!r} is not honoured for {kind}",
            where=option.where,
            hint="only ssh shows by a host key which device answers",
        )
    return _typed(honoured[option.name], option)


def _typed(wanted: type, option: NapalmOption) -> Any:
    value = option.value
    try:
        if wanted is float and not isinstance(value, bool):
            return float(value)  # YAML gives a number with a point as text
        if isinstance(value, wanted) and isinstance(value, bool) == (wanted is bool):
            return check_port(int(value)) if option.name == "port" else value
    except (ValueError, InventoryError):
        pass
    raise InventoryError(
        f"NAPALM's option {option.name!r} cannot be {option.value!r}",
        where=option.where,
        hint="write a TCP port, 1-65535" if option.name == "port" else f"write a {_NAMES[wanted]}",
    )
