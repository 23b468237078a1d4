"""From a configuration text to what the device does: ties tree, filters and class-of-service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from translator.drivers.capture import cleaned
from translator.drivers.doubt import Doubt
from translator.drivers.juniper_junos.behind import bundles_in, routed_by
from translator.drivers.juniper_junos.bindings import Bindings
from translator.drivers.juniper_junos.cos import Classes, read_cos
from translator.drivers.juniper_junos.filters import FilterReader
from translator.drivers.juniper_junos.flows import ROUTING, flow_rules
from translator.drivers.juniper_junos.forms import KEPT, read_tree
from translator.drivers.juniper_junos.groups import apply_groups
from translator.drivers.juniper_junos.matches import Names
from translator.drivers.juniper_junos.placements import Placements
from translator.drivers.juniper_junos.policies import policies_of
from translator.drivers.juniper_junos.ports import WITH_VOICE
from translator.drivers.juniper_junos.ranges import expand_ranges
from translator.drivers.juniper_junos.report import Report
from translator.drivers.juniper_junos.room import TOO_MUCH, Room
from translator.drivers.juniper_junos.scheduling import read_scheduling
from translator.drivers.juniper_junos.tree import APPLY, SECTIONS, Node
from translator.drivers.juniper_junos.ways import (
    Device,
    forward_stages,
    interfaces_of,
    other_interface,
)
from translator.drivers.juniper_junos.whole import why_incomplete
from translator.drivers.netmask import network_of
from translator.intents.device import DeviceQos
from translator.intents.match import Prefix

__all__ = ["read_device"]


def read_device(
    text: str,
    *,
    platform: str,
    file: str,
    queues: Mapping[str, int],
    absent: frozenset[str],
    unlisted: tuple[str, ...],
    notes: tuple[str, ...],
) -> DeviceQos:
    """Return what a Junos text does.

    Args:
        queues: the platform's built-in forwarding classes.
        absent: actions of filters that the platform does not have.
        unlisted: classes into which packets without a classifier may fall, beside best-effort.

    Raises:
        ParseError: the input is binary.
    """
    text = cleaned(text)
    tree = read_tree(text, file=file, kept=_kept(text))
    report = Report()
    report.reasons.update(tree.lost)
    grouped = set(_group_lines(tree.root))
    room = Room.of(text)
    by_group = apply_groups(
        tree.root, room, applied_at_all=APPLY in text, applied_below=tree.applies_below
    )
    for doubt in by_group.values():
        report.note(doubt.reason)
    expand_ranges(tree.root, room, report)
    untold = Doubt(TOO_MUCH) if room.is_used_up else None
    if untold is not None:
        report.note(TOO_MUCH)
    device = _read(tree.root, Classes(queues, unlisted), absent, report)
    lost = (Doubt(reason, (line,)) for line, reason in tree.lost.items())
    _doubt(device, filter(None, (untold, *lost, *by_group.values())))
    interfaces = tuple(interfaces_of(device))
    for word in SECTIONS & tree.root.children.keys():
        report.sweep(tree.root.children[word])
    relevant = sorted({*_qos_lines(tree.root, device), *grouped, *tree.dormant})
    unread = report.result(text.split("\n"))
    bad = {item.line for item in unread}
    return DeviceQos(
        platform=platform,
        interfaces=interfaces,
        other_interface=other_interface(device),
        forward=tuple(forward_stages(device)),
        policies=tuple(policies_of(device)),
        qos_lines=tuple(sorted({*relevant, *bad})),
        understood=tuple(line for line in relevant if line not in bad),
        unread=unread,
        notes=(*notes, *report.notes),
        incomplete=why_incomplete(text),
    )


def _kept(text: str) -> frozenset[str]:
    """Return the top-level words of what bears on QoS in a text."""
    kept = KEPT | {ROUTING} if "flow" in text else KEPT  # routes are many
    return kept | WITH_VOICE if "voip" in text else kept


def _doubt(device: Device, of_text: Iterator[Doubt]) -> None:
    """Say why nothing is known: what is not told may bind, classify and filter anywhere."""
    device.untold = next(of_text, None)
    known = (device.cos.everywhere, device.bindings.doubt, device.untold)
    device.everywhere = next(filter(None, known), None)


def _read(root: Node, classes: Classes, absent: frozenset[str], report: Report) -> Device:
    cos_node = root.take("class-of-service") or Node("class-of-service")
    firewall = root.take("firewall") or Node("firewall")
    cos = read_cos(cos_node, classes, report)
    scheduling = read_scheduling(cos_node, cos.classes, report)
    names = Names(cos.code_points, dict(_prefix_lists(root)), cos.classes)
    filters = FilterReader(firewall, names, report, absent)
    bindings, placements = Bindings(cos_node, scheduling, report), Placements(root, report)
    names_with_qos = bindings.names(placements.known, placements.units)
    # Packets of a switched port without QoS may have it where they are routed.
    routed = routed_by(root, placements.known, names_with_qos)
    if routed:
        names_with_qos = tuple(dict.fromkeys((*names_with_qos, *routed)))
    named = tuple([(*name, bindings.binding(*name)) for name in names_with_qos])
    flows = tuple(flow_rules(root, names, report))
    return Device(
        filters,
        cos,
        scheduling,
        bindings,
        placements,
        named,
        flows,
        routed=routed,
        bundles=bundles_in(root, {port for port, _ in names_with_qos}),
    )


def _prefix_lists(root: Node) -> Iterator[tuple[str, tuple[Prefix, ...] | None]]:
    lists = root.get("policy-options", "prefix-list")
    for item in () if lists is None else lists.children.values():
        try:
            found = tuple(network_of(word) for word in item.children)
        except ValueError:  # `apply-path` fills the list from the rest of the configuration
            yield item.word, None
        else:
            yield item.word, found


def _qos_lines(root: Node, device: Device) -> Iterable[int]:
    for word in SECTIONS:
        node = root.get(word)
        if node is not None:
            yield from node.all_lines()
    yield from device.placements.lines()


def _group_lines(root: Node) -> Iterator[int]:
    """Lines of QoS sections in groups; where a group is not applied they have no effect."""
    groups = root.get("groups")
    for group in () if groups is None else groups.children.values():
        for word in SECTIONS:
            node = group.get(word)
            if node is not None:
                yield from node.all_lines()
