"""An inventory of any format as the files of a Nornir SimpleInventory.

What hosts inherit is written out at each of them: the result says the same, not in the same words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final

from translator.errors import DriverError
from translator.inventory.draft import driver_name
from translator.inventory.model import Host, Inventory
from translator.inventory.transport import NapalmOptions, Transport
from translator.plan.shares import shares_text

__all__ = ["nornir_files", "without_driver"]

_HEAD: Final = "---\n"


def without_driver(hosts: Iterable[Host]) -> tuple[str, ...]:
    """Return the names of hosts that Nornir files cannot hold: those of no platform of ours."""
    return tuple(host.name for host in hosts if not host.driver)


def nornir_files(inventory: Inventory, hosts: Iterable[Host]) -> dict[str, str]:
    """Return the texts of hosts.yaml, groups.yaml and defaults.yaml for some of the hosts.

    Loaded again they give equal hosts, but for the place where each is defined. Hosts without a
    driver are left out (`without_driver` names them); groups stay, with or without hosts.
    """
    kept = [host for host in hosts if host.driver]
    groups = dict.fromkeys(inventory.group_names)
    groups.update(dict.fromkeys(group for host in kept for group in host.groups))
    return {
        "hosts.yaml": _HEAD + "".join(line + "\n" for host in kept for line in _host(host)),
        "groups.yaml": _HEAD + "".join(f"{_quoted(name)}: {{}}\n" for name in groups),
        "defaults.yaml": _HEAD + "# Passwords never stand here.\n",
    }


def _host(host: Host) -> Iterator[str]:
    yield f"{_quoted(host.name)}:"
    yield f"  platform: {_quoted(host.platform)}"
    if host.hostname is not None:
        yield f"  hostname: {_quoted(host.hostname)}"
    if host.port is not None:
        yield f"  port: {host.port}"
    if host.username is not None:
        yield f"  username: {_quoted(host.username)}"
    if host.groups:
        yield f"  groups: [{', '.join(_quoted(group) for group in host.groups)}]"
    yield from _napalm(host.napalm)
    qos = list(_qos(host))
    if qos:
        yield "  data:"
        yield "    qos:"
        yield from (f"      {line}" for line in qos)


def _napalm(told: NapalmOptions) -> Iterator[str]:
    if told.port is None and not told.options:
        return
    yield "  connection_options:"
    yield "    napalm:"
    if told.port is not None:
        yield f"      port: {told.port}"
    if told.options:
        yield "      extras:"
        yield "        optional_args:"
    for item in told.options:
        yield f"          {_quoted(item.name)}: {json.dumps(item.value, ensure_ascii=False)}"


def _qos(host: Host) -> Iterator[str]:
    if _driver_of(host.platform) != host.driver:
        yield f"driver: {_quoted(host.driver)}"
    if host.serial is not None:
        yield f"serial: {_quoted(host.serial)}"
    if host.transport is not Transport.NETMIKO:
        yield f"transport: {host.transport}"
    if host.interfaces:
        yield "interfaces:"
    for spec in host.interfaces:
        rate = "" if spec.rate_bps is None else f", rate: {spec.rate_bps}"
        queues = f", queues: {shares_text(spec.shares)}" if spec.shares else ""
        yield f"  {_quoted(spec.name)}: {{role: {spec.role}{rate}{queues}}}"
    if host.addresses:
        yield "groups:"
    for group, prefixes in host.addresses:
        yield f"  {_quoted(group)}: [{', '.join(_quoted(str(item)) for item in prefixes)}]"


def _driver_of(platform: str) -> str:
    try:
        return driver_name(platform)
    except DriverError:
        return ""


def _quoted(text: str) -> str:
    # In quotes, `no`, `08` and `1:30` are text for every reader of YAML.
    return json.dumps(text, ensure_ascii=False)
