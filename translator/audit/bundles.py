"""Bundles and their members: at which of the two a platform has the QoS, and who was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from translator.audit.kinds import kind
from translator.audit.model import Finding
from translator.intents.compile import InterfaceSpec
from translator.intents.device import DeviceQos, InterfaceQos
from translator.intents.port import Port
from translator.verify.names import spelled_among

__all__ = ["asked_at_wrong_end", "has_qos", "misplaced", "place_of", "why_elsewhere"]

_KIND: Final = "bundle-member"


def why_elsewhere(port: Port) -> str:
    """Return why the QoS of a port does not stand at the port itself, "" where it does."""
    if port.qos_at and port.qos_at == port.bundle:
        return f"member of {port.bundle}, where its QoS belongs"
    return f"its QoS belongs to {port.qos_at}" if port.qos_at else ""


def place_of(port: Port, ports: Iterable[Port]) -> str:
    """Return where the QoS of a port stands, as the text spells it in its own section."""
    place = port.qos_at.lower()
    return next((item.name for item in ports if item.name.lower() == place), port.qos_at)


def misplaced(names: Iterable[str], ports: tuple[Port, ...]) -> dict[str, Port]:
    """Return the ports among those asked about, by the names given, whose QoS stands elsewhere."""
    elsewhere = {port.name: port for port in ports if port.qos_at}
    if not elsewhere:
        return {}
    # A port stands for its unit (`ge-0/0/0.0`).
    elsewhere |= {f"{name}.0": port for name, port in elsewhere.items()}
    known = [port.name for port in ports]
    meant = {name: name if name in elsewhere else spelled_among(known, name) for name in names}
    return {name: elsewhere[full] for name, full in meant.items() if full in elsewhere}


def asked_at_wrong_end(
    specs: Iterable[InterfaceSpec],
    wrong: Mapping[str, Port],
    found: DeviceQos,
    ports: tuple[Port, ...],
) -> tuple[Finding, ...]:
    """Return findings about roles given to such ports; where QoS stands on one, that tells it.

    Args:
        wrong: what `misplaced` found among them.
    """
    findings: list[Finding] = []
    for spec in specs:
        port = wrong.get(spec.name)
        if port is None or any(
            item.name in (port.name, f"{port.name}.0") and has_qos(item)
            for item in found.interfaces
        ):
            continue
        place = place_of(port, ports)
        findings.append(
            Finding(
                _KIND,
                kind(_KIND).severity,
                f"role {spec.role} was given to {_end(port)}; the QoS of a bundle belongs to "
                f"{place}, and here nothing is judged",
                (port.name,),
                lines=(port.line,) if port.line else (),
                hint=f"give the role to {place}",
            )
        )
    return tuple(findings)


def has_qos(item: InterfaceQos) -> bool:
    """Whether an interface has QoS of its own."""
    return bool(item.lines or item.ingress_policy or item.egress_policy)


def _end(port: Port) -> str:
    return f"a member of {port.bundle}" if port.bundle else "a bundle"
