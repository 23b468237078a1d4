"""Holds what the kernel did with real packets against what `explain` says of the same text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from lab.netns import Lab, class_counters
from lab.packets import CLIENT, SERVER, Captured, Sent

from translator.codepoint import ECN_MASK
from translator.intents.compile import Bindings, Compiler, InterfaceSpec
from translator.intents.device import DeviceQos
from translator.intents.match import Match, prefix_of
from translator.intents.model import DeviceIntents
from translator.intents.pipeline import Service
from translator.plan import load_plan
from translator.verify.explain import Explanation, explain

__all__ = ["BINDINGS", "all_tos", "disagreements", "edges", "intents_for"]

BINDINGS: Bindings = {
    "clients": (prefix_of("10.1.1.0/24"), prefix_of("2001:db8:1::/64")),
    "phones": (prefix_of(CLIENT[4] + "/32"), prefix_of(CLIENT[6] + "/128")),
    "conference_servers": (prefix_of("10.2.2.0/28"), prefix_of("2001:db8:2::/64")),
    "application_servers": (prefix_of(SERVER[4] + "/32"),),
    "mediation_servers": (prefix_of("10.2.2.0/24"),),
}


def intents_for(*interfaces: str, bindings: Bindings = BINDINGS) -> DeviceIntents:
    """Return the intents of the Lync plan for a router with the given `NAME=ROLE[:RATE]`."""
    specs = [InterfaceSpec.of(text) for text in interfaces]
    return Compiler(load_plan("lync-2013")).compile("lab", specs, bindings)


def edges(intents: DeviceIntents, *, tos: Sequence[int] = (0, 0xA0)) -> list[Sent]:
    """Return packets for both edges of every port range and for one port outside each."""
    found: dict[Sent, None] = {}
    for match in _matches(intents):
        for source, destination in _port_pairs(match):
            for version in (4, 6):
                for value in tos:
                    found[Sent(version, "udp", source, destination, value)] = None
                found[Sent(version, "tcp", source, destination, tos[0])] = None
    return _one_connection_each(found)


def all_tos(*source_ports: int) -> list[Sent]:
    """Return all 64 code points with all four ECN values, for both IP versions."""
    return [
        Sent(version, "udp", port, 50000, tos)
        for version in (4, 6)
        for port in source_ports
        for tos in range(256)
    ]


def disagreements(
    lab: Lab, device: DeviceQos, packets: Sequence[Sent], *, counts_classes: bool = True
) -> list[str]:
    """Send the packets from lan to wan; return each way in which kernel and text differ.

    `device` is what the driver read. Code point and ECN bits of every packet, and the packet
    counters of the classes, must be what `explain` says.
    """
    before = class_counters(lab)
    arrived = lab.exchange(packets)
    counted = Counter(class_counters(lab))
    counted.subtract(before)
    expected = [explain(device, item.packet(), "lan", "wan") for item in packets]
    problems = list(_wrong_headers(packets, expected, arrived))
    problems.extend(_lost(packets, expected, arrived))
    if counts_classes:
        want = Counter(_class_of(item, expected, _default_class(device)) for item in arrived)
        for name in sorted({*want, *(name for name in counted if counted[name])}):
            if want[name] != counted[name]:
                problems.append(f"class {name}: {counted[name]} packets, expected {want[name]}")
    return problems


def _matches(intents: DeviceIntents) -> Iterator[Match]:
    for item in intents.interfaces:
        for rule in (*item.classifier, *item.egress_classifier):
            yield rule.match


def _port_pairs(match: Match) -> Iterator[tuple[int, int]]:
    for ports in match.source_ports:
        for port in (ports.low - 1, ports.low, ports.high, ports.high + 1):
            if 0 < port <= 65535:
                yield port, 50000
    for ports in match.destination_ports:
        for port in (ports.low - 1, ports.low, ports.high, ports.high + 1):
            if 0 < port <= 65535:
                yield 40000 + port % 1000, port


def _one_connection_each(packets: Iterable[Sent]) -> list[Sent]:
    """Keep one TCP connection for each source port: a capture is told apart by it."""
    seen: set[tuple[int, int]] = set()
    kept: list[Sent] = []
    for item in packets:
        key = (item.version, item.source_port)
        if item.protocol == "tcp" and key in seen:
            continue
        if item.protocol == "tcp":
            seen.add(key)
        kept.append(item)
    return kept


def _wrong_headers(
    packets: Sequence[Sent], expected: Sequence[Explanation], arrived: Iterable[Captured]
) -> Iterator[str]:
    for item in arrived:
        if item.number is None:
            continue
        sent, said = packets[item.number], expected[item.number]
        if said.dscp_out is None or not said.known:
            yield f"{sent} arrived, explain says {said.verdict} {said.reasons}"
        elif item.tos != said.dscp_out << 2 | sent.tos & ECN_MASK:
            yield f"{sent} arrived with ToS {item.tos:#x}, explain says DSCP {said.dscp_out}"


def _lost(
    packets: Sequence[Sent], expected: Sequence[Explanation], arrived: Iterable[Captured]
) -> Iterator[str]:
    numbers = {item.number for item in arrived}
    for number, (sent, said) in enumerate(zip(packets, expected, strict=True)):
        if (number not in numbers) != bool(said.dropped):
            yield f"{sent} {'arrived' if number in numbers else 'did not arrive'}"


def _class_of(item: Captured, expected: Sequence[Explanation], default: str) -> str:
    if item.number is None:  # the router's own packets, such as multicast listener reports
        return default
    return expected[item.number].class_name or ""


def _default_class(device: DeviceQos) -> str:
    queuing = device.interface("wan").queuing
    names = [item.name for item in queuing.classes] if queuing else [""]
    services = [item.service for item in queuing.classes] if queuing else []
    return names[services.index(Service.BEST_EFFORT)] if Service.BEST_EFFORT in services else ""
