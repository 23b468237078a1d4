"""Where filters and policers are applied: units, the forwarding table, VLANs.

What applies one in a place that is not modelled is recorded as not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from translator.drivers.juniper_junos import values
from translator.drivers.juniper_junos.report import Report
from translator.drivers.juniper_junos.tree import SECTIONS, Node
from translator.intents.condition import AllOf, Condition, Predicate

__all__ = ["Forwarded", "Placed", "Placements"]

# What else may police, classify or mark on a unit, under a family or beside it.
_NOT_READ: Final = values.words(
    "simple-filter ingress-queuing-filter layer2-policer input-hierarchical-policer "
    "output-hierarchical-policer hierarchical-policer input-three-color output-three-color "
    "input-policer output-policer ethernet-policer-profile atm-policer"
)
_FILTERED: Final = ("filter", "policer", *sorted(_NOT_READ))
_ON_UNITS: Final = frozenset({"family", *_FILTERED})
_FILTERED_UNITS: Final = frozenset(_FILTERED)
_SERVED_UNITS: Final = frozenset({"service"})  # what services mark is not followed
# How schedulers are shared out; which map serves is said elsewhere.
_SCHEDULING: Final = values.words("per-unit-scheduler hierarchical-scheduler shared-scheduler")
# No filter of these families sees an IP packet.
_NOT_IP: Final = ("mpls", "iso", "tnp", "tcc")
_ALWAYS: Final = AllOf(())


@dataclass(slots=True)
class Placed:
    """Filters and policers on one unit: (family, name) in the order in which they run.

    Attributes:
        unread, unread_out: what is not known of packets in both directions, of those that leave.
    """

    input: list[tuple[str, str]] = field(default_factory=list)
    output: list[tuple[str, str]] = field(default_factory=list)
    policed_in: list[tuple[str, str]] = field(default_factory=list)
    policed_out: list[tuple[str, str]] = field(default_factory=list)
    unread: str = ""
    unread_out: str = ""
    lines: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Filters on the way through the box; `where` says which packets take it."""

    where: Condition
    placed: Placed


class Placements:
    """Reads `interfaces`, `forwarding-options`, `vlans`, `bridge-domains` and instances."""

    def __init__(self, root: Node, report: Report) -> None:
        self._report = report
        self.units: dict[tuple[str, str], Placed] = {}
        self.known: dict[str, list[str]] = {}
        self.forwarded: list[Forwarded] = []
        self._scheduled: list[int] = []
        self._known: dict[tuple[Node, ...], Placed] = {}
        interfaces = root.get("interfaces")
        for item in () if interfaces is None else interfaces.children.values():
            if item.word != "interface-set":
                self._read_port(item)
        self._read_switching(root)
        instances = root.get("routing-instances")
        for item in () if instances is None else instances.children.values():
            instance = Predicate(f"routing instance {item.word}")
            self._read_forwarding(item.get("forwarding-options"), instance)
            self._read_switching(item)
        self._read_forwarding(root.get("forwarding-options"), _ALWAYS)
        self._refuse_the_rest(root)

    def lines(self) -> Iterator[int]:
        """Yield the lines of everything that was placed."""
        yield from self._scheduled
        for placed in (*self.units.values(), *(item.placed for item in self.forwarded)):
            yield from placed.lines

    def _read_port(self, item: Node) -> None:
        units = self.known.setdefault(item.word, [])
        whole = Placed()
        children = item.children
        below = children.get("unit")
        if below is None or len(children) > 1:
            for word in _SCHEDULING & children.keys():
                self._scheduled += children[word].all_lines()
            for node in _named_below(item, _NOT_READ, but="unit"):
                self._refuse(whole, node)
        for unit in () if below is None else below.children.values():
            units.append(unit.word)
            placed = self._placed(whole, unit)
            if placed.lines:
                self.units[item.word, unit.word] = placed

    def _placed(self, whole: Placed, unit: Node) -> Placed:
        """Return what is placed on a unit; those that share their statements share it."""
        said = tuple([node for word, node in unit.children.items() if word in _ON_UNITS])
        known = self._known.get(said)
        if known is not None and not whole.lines:
            return known
        placed = Placed(unread=whole.unread, lines=[*whole.lines])
        self._read_family(placed, "any", unit)
        families = unit.get("family")
        for family in () if families is None else families.children.values():
            self._read_family(placed, family.word, family)
        if not whole.lines:
            self._known[said] = placed
        return placed

    def _read_family(self, placed: Placed, family: str, node: Node) -> None:
        if node.children.keys().isdisjoint(_FILTERED):
            return
        for word in _NOT_READ & node.children.keys():
            self._refuse(placed, node.children[word])
        if "filter" in node.children:
            self._read_filter(placed, family, node.children["filter"])
        if "policer" in node.children:
            self._read_policer(placed, family, node.children["policer"])

    def _refuse(self, placed: Placed, node: Node) -> None:
        placed.lines += node.all_lines()
        placed.unread = self._report.unread(node, f"{node.word} of an interface is not read")

    def _read_filter(self, placed: Placed, family: str, node: Node) -> None:
        placed.lines += node.all_lines()
        seen = family not in _NOT_IP
        for word in ("input", "output"):
            if word in node.children and f"{word}-list" in node.children:
                reason = f"filter {word} and {word}-list exclude each other"
                placed.unread = self._report.unread(node.children[f"{word}-list"], reason)
        for item in node.each():
            target = placed.input if item.word.startswith("input") else placed.output
            if item.word in ("input", "output"):
                name = item.value()
                target += [(family, name)] if name is not None and seen else []
            elif item.word in ("input-list", "output-list"):
                target += [(family, child.word) for child in item.each() if seen]
            elif item.word != "group":
                reason = f"filter {item.word} is not understood"
                placed.unread = self._report.unread(item, reason)

    def _read_policer(self, placed: Placed, family: str, node: Node) -> None:
        placed.lines += node.all_lines()
        for item in node.each():
            name = item.value()
            if item.word in ("input", "output") and name is not None:
                target = placed.policed_in if item.word == "input" else placed.policed_out
                target += [(family, name)] if family not in _NOT_IP else []
            elif item.word != "arp":  # limits what is for the box itself
                placed.unread = self._report.unread(item, f"policer {item.word} is not read")

    def _read_forwarding(self, options: Node | None, where: Condition) -> None:
        families = None if options is None else options.get("family")
        for family in () if families is None else families.children.values():
            node = family.get("filter")
            if node is not None:
                self._forward(where, family.word, node)
            flood = family.get("flood")
            if flood is not None:
                self._report.unread(flood, "flood filters are not read")

    def _read_switching(self, node: Node) -> None:
        for word, family in (("vlans", "ethernet-switching"), ("bridge-domains", "bridge")):
            below = node.get(word)
            for item in () if below is None else below.children.values():
                where = Predicate(f"switched in VLAN {item.word}")
                for path in (("filter",), ("forwarding-options", "filter")):
                    found = item.get(*path)
                    if found is not None:
                        self._forward(where, family, found)

    def _forward(self, where: Condition, family: str, node: Node) -> None:
        placed = Placed()
        self._read_filter(placed, family, node)
        self.forwarded.append(Forwarded(where, placed))

    def _refuse_the_rest(self, root: Node) -> None:
        """Record QoS of sections whose effect on a packet is not worked out here."""
        wanted = SECTIONS | {"filter"}
        for word in ("logical-systems", "dynamic-profiles"):
            section = root.get(word)
            for node in () if section is None else _named_below(section, wanted):
                self._report.unread(node, f"{node.word} of {word} is not read")
        systems = root.get("logical-systems")
        for system in () if systems is None else systems.children.values():
            self._refuse_units(system, _FILTERED_UNITS, "{} of logical-systems is not read")
        services = root.get("services", "cos")
        if services is not None:
            reason = self._report.unread(services, "class-of-service of services is not read")
            self._refuse_units(root, _SERVED_UNITS, reason)
        self._refuse_sets(root)

    def _refuse_sets(self, root: Node) -> None:
        """Leave unknown how the members of an interface set are served, where it is scheduled."""
        sets = root.get("class-of-service", "interfaces", "interface-set")
        for item in () if sets is None else sets.children.values():
            ports = root.get("interfaces", "interface-set", item.word, "interface")
            for port in () if ports is None else ports.children.values():
                units = port.get("unit")
                numbers = self.known.get(port.word, ()) if units is None else units.children
                for number in tuple(numbers):
                    placed = self._own(port.word, number, item)
                    placed.unread_out = f"interface-set {item.word} is scheduled, which is not read"

    def _own(self, port: str, unit: str, node: Node) -> Placed:
        """Return what is placed on a unit, to be changed, with the lines of a node."""
        # Others may share what is placed on this one.
        placed = replace(self.units.get((port, unit), Placed()))
        placed.lines = [*placed.lines, *node.all_lines()]
        self.units[port, unit] = placed
        return placed

    def _refuse_units(self, system: Node, words: frozenset[str], reason: str) -> None:
        """Leave unknown what happens on units that name something which may do anything."""
        interfaces = system.get("interfaces")
        for port in () if interfaces is None else interfaces.children.values():
            units = port.get("unit")
            for unit in () if units is None else units.children.values():
                for node in _named_below(unit, words):
                    placed = self._own(port.word, unit.word, node)
                    placed.unread = placed.unread or reason.format(node.word)


def _named_below(node: Node, words: frozenset[str], *, but: str = "") -> Iterator[Node]:
    """Yield the topmost nodes of these names below a node, not those below `but`."""
    for child in node.children.values():
        if child.word in words:
            yield child
        elif child.word != but:
            yield from _named_below(child, words)
