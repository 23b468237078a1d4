"""Hosts of an inventory for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from translator.cli.counted import rate_text
from translator.cli.output import emit, emit_json, emit_table, plain
from translator.intents.compile import InterfaceSpec
from translator.inventory.model import Host

__all__ = ["show_hosts"]

_HEADINGS: Final = (
    "host",
    "address",
    "port",
    "user",
    "platform",
    "driver",
    "groups",
    "interfaces",
    "addresses",
    "defined",
)


def _host_facts(host: Host) -> dict[str, Any]:
    """Return what is known of a host in terms of JSON; rates are in bit/s."""
    facts = {
        "name": host.name,
        "address": host.address,
        "port": host.port,
        "username": host.username,
        "serial": host.serial,
        "platform": host.platform or None,
        "driver": host.driver or None,
        "transport": host.transport.value,
        "groups": host.groups,
        "interfaces": host.interfaces,
        "addresses": host.bindings,
        "defined": None if host.where is None else str(host.where),
    }
    return {key: plain(value) for key, value in facts.items()}


def show_hosts(hosts: Iterable[Host], form: str) -> None:
    """Print hosts as a `table`, as `json` or as `yaml`."""
    if form == "json":
        emit_json([_host_facts(host) for host in hosts])
    elif form == "yaml":
        import yaml

        facts = [_host_facts(host) for host in hosts]
        emit(yaml.safe_dump(facts, sort_keys=False, allow_unicode=True))
    else:
        emit_table(_HEADINGS, (_cells(host) for host in hosts))


def _cells(host: Host) -> tuple[str, ...]:
    return (
        host.name,
        host.address,
        "-" if host.port is None else str(host.port),
        host.username or "-",
        host.platform or "-",
        host.driver or "-",
        ", ".join(host.groups) or "-",
        ", ".join(map(_interface, host.interfaces)) or "-",
        "; ".join(
            f"{group}={','.join(str(item) for item in prefixes)}"
            for group, prefixes in host.addresses
        )
        or "-",
        "-" if host.where is None else str(host.where),
    )


def _interface(spec: InterfaceSpec) -> str:
    rate = "" if spec.rate_bps is None else f":{rate_text(spec.rate_bps)}"
    shares = ", ".join(f"{share.queue} {share.percent} %" for share in spec.shares)
    return f"{spec.name}={spec.role}{rate}" + (f" ({shares})" if shares else "")
