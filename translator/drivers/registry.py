"""The registered drivers, found by our own name or by the spelling of another tool."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Final, cast

from translator.drivers.base import Driver
from translator.errors import DriverError

__all__ = ["BUILT_IN", "driver", "driver_names", "drivers"]

# Loaded on first use: a command for one platform does not import the others.
BUILT_IN: Final[dict[str, str]] = {
    "arista_eos": "translator.drivers.arista_eos:AristaEos",
    "cisco_ios": "translator.drivers.cisco_ios:CiscoIos",
    "cisco_catalyst": "translator.drivers.cisco_catalyst:CiscoCatalyst",
    "cisco_nxos": "translator.drivers.cisco_nxos:CiscoNxos",
    "juniper_junos": "translator.drivers.juniper_junos:JuniperJunos",
    "juniper_junos_qfx": "translator.drivers.juniper_junos:JuniperJunosQfx",
    "juniper_junos_srx": "translator.drivers.juniper_junos:JuniperJunosSrx",
    "linux": "translator.drivers.linux:Linux",
    "tomato": "translator.drivers.tomato:Tomato",
    "tomato64": "translator.drivers.tomato:Tomato64",
    "tomato_old": "translator.drivers.tomato:TomatoOld",
}


def driver_names() -> tuple[str, ...]:
    """Return the names of all drivers, built in and installed, sorted."""
    return tuple(sorted({*BUILT_IN, *(entry.name for entry in _installed())}))


@cache
def driver(name: str) -> Driver:
    """Return the driver of a platform, by our name or netmiko's, NAPALM's or Ansible's.

    Raises:
        DriverError: no driver has that name, or an installed one cannot be loaded.
    """
    if name in BUILT_IN:
        return _load(BUILT_IN[name])
    for entry in _installed():
        if entry.name == name:
            return _load_installed(entry)
    for known in driver_names():
        facts = driver(known).session
        if name in (facts.netmiko, facts.napalm, *facts.ansible):
            return driver(known)
    raise DriverError(
        f"there is no driver for platform {name!r}", hint="known: " + ", ".join(driver_names())
    )


def drivers() -> tuple[Driver, ...]:
    """Return all drivers, sorted by name."""
    return tuple(driver(name) for name in driver_names())


@cache
def _installed() -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group="translator.drivers"))


def _load_installed(entry: EntryPoint) -> Driver:
    try:
        return cast(Driver, entry.load()())
    except Exception as error:  # whatever another distribution's code raises
        raise DriverError(
            f"the installed driver {entry.name} ({entry.value}) cannot be loaded: {error}",
            hint="repair or uninstall the distribution that it belongs to",
        ) from error


def _load(target: str) -> Driver:
    module, _, name = target.partition(":")
    return cast(Driver, getattr(import_module(module), name)())
