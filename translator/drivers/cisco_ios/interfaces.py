"""Interfaces, subinterfaces and service instances: which policy is bound where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from translator.drivers.cisco.classmap import OTHER_CLASS_TYPES
from translator.drivers.cisco.ledger import Ledger
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco_ios.policy import PolicyMaps
from translator.drivers.cisco_ios.routemap import RouteMaps
from translator.intents.device import InterfaceQos
from translator.intents.match import ANY
from translator.intents.pipeline import Rule, Stage, Unclear

__all__ = ["Interfaces"]

_DIRECTIONS: Final = {"input": "in", "output": "out", "in": "in", "out": "out"}
# Older or other ways to treat packets on an interface; their meaning is not modelled.
_NOT_READ: Final = frozenset(
    {
        "rate-limit",
        "traffic-shape",
        "priority-group",
        "custom-queue-list",
        "tx-queue",
        "shape",
        "priority-flow-control",
        "srr-queue",
        "priority-queue",
        "wrr-queue",
        "rcv-queue",
        "queue-set",
        "trust",
    }
)
_NOT_READ_PAIRS: Final = frozenset(
    {
        ("mls", "qos"),
        ("platform", "qos"),
        ("qos", "pre-classify"),
        ("qos", "trust"),
        ("qos", "cos"),
        ("auto", "qos"),
        ("bgp-policy", "source"),
        ("bgp-policy", "destination"),
    }
)
# Flow-fair or early-drop queuing of the whole interface: no class is served before another.
_PLAIN_QUEUE: Final = frozenset({"fair-queue", "random-detect", "max-reserved-bandwidth"})
_NESTED: Final = frozenset({("service", "instance"), ("pvc", "")})


@dataclass(slots=True)
class _Place:
    """An interface, subinterface or service instance while its lines are read."""

    name: str
    lines: list[int] = field(default_factory=list)
    policies: dict[str, str] = field(default_factory=dict)
    unclear: dict[str, list[str]] = field(default_factory=lambda: {"in": [], "out": []})
    shut: bool = False

    @property
    def has_qos(self) -> bool:
        return bool(self.policies or self.unclear["in"] or self.unclear["out"])


class Interfaces:
    """The bindings of one text."""

    def __init__(
        self,
        sections: Iterable[Section],
        policies: PolicyMaps,
        routing: RouteMaps,
        ledger: Ledger,
    ) -> None:
        self._policies = policies
        self._routing = routing
        self._ledger = ledger
        self._places: dict[str, _Place] = {}
        for section in sections:
            self._read(section)

    def all(self) -> Iterator[InterfaceQos]:
        """Yield every interface of the text, in its order."""
        for place in self._places.values():
            yield self._qos(place)

    def bound(self, policy: str) -> tuple[tuple[str, str], ...]:
        """Return where a policy is bound, as (interface, direction) pairs."""
        return tuple(
            (place.name, direction)
            for place in self._places.values()
            for direction, name in place.policies.items()
            if name == policy
        )

    def _read(self, section: Section) -> None:
        name = "".join(section.head.words[1:])
        place = outer = self._place(name)
        depth: int | None = None
        unread_below: int | None = None
        for line in section.body:
            if unread_below is not None and line.indent > unread_below:
                self._ledger.unread(line, "the line above it is not known")
                continue
            unread_below = line.indent if _not_known(line) else None
            if depth is not None and line.indent <= depth:
                depth, place = None, outer
            if depth is None and _opens_nested(line):
                depth, place = line.indent, self._place(f"{name} {' '.join(line.words[:3])}")
            else:
                self._line(line, place)
        if outer.shut and outer.has_qos:
            self._ledger.note(f"interface {name} has QoS but is shut down")

    def _place(self, name: str) -> _Place:
        return self._places.setdefault(name, _Place(name))

    def _line(self, line: TextLine, place: _Place) -> None:
        word = line.keys[0]
        second = line.keys[1] if len(line.keys) > 1 else ""
        if word == "service-policy":
            self._service_policy(line, place)
        elif _not_known(line):
            self._ledger.unread(line, "this way to treat packets is not known here")
            for direction in _directions(line):
                place.unclear[direction].append(f"line {line.number}: {line.text}")
            place.lines.append(line.number)
        elif word in _PLAIN_QUEUE:
            self._ledger.read(line)
            place.lines.append(line.number)
        elif (word, second) == ("ip", "policy") and len(line.words) == 4:
            place.unclear["in"].extend(self._routing.marks(line.words[3]))
        elif word == "shutdown":
            place.shut = True

    def _service_policy(self, line: TextLine, place: _Place) -> None:
        keys = line.keys
        if keys[1:2] == ["type"] and keys[2:3] and keys[2] in OTHER_CLASS_TYPES:
            return
        place.lines.append(line.number)
        if len(keys) != 3 or keys[1] not in _DIRECTIONS:
            self._ledger.unread(line, "expected: service-policy input|output NAME")
            for direction in ("in", "out"):
                place.unclear[direction].append(f"line {line.number}: {line.text}")
            return
        direction = _DIRECTIONS[keys[1]]
        if direction in place.policies:
            self._ledger.note(f"interface {place.name} is given two {keys[1]} policies")
            place.unclear[direction].append(f"line {line.number}: a second {keys[1]} policy")
        place.policies[direction] = line.words[2]
        self._ledger.read(line)

    def _qos(self, place: _Place) -> InterfaceQos:
        parent = self._places.get(place.name.partition(".")[0].partition(" ")[0])
        ingress = self._bound_policy(place, parent, "in")
        egress = self._bound_policy(place, parent, "out")
        return InterfaceQos(
            name=place.name,
            ingress=self._stages(place, "in", ingress),
            egress=self._stages(place, "out", egress),
            queuing=self._policies.queuing(egress) if egress else None,
            ingress_policy=ingress,
            egress_policy=egress,
            lines=tuple(place.lines),
        )

    def _bound_policy(self, place: _Place, parent: _Place | None, direction: str) -> str | None:
        """Return the policy of the place, else that of the interface it belongs to.

        Unverified: a policy of the main interface serves its subinterfaces that have none.
        """
        own = place.policies.get(direction)
        if own is not None or parent is None or parent is place:
            return own
        inherited = parent.policies.get(direction)
        if inherited is not None:
            self._ledger.note(
                f"{place.name} has no policy of its own for this direction ({direction}); that of "
                f"{parent.name} is taken to serve it (unverified)"
            )
        return inherited

    def _stages(self, place: _Place, direction: str, policy: str | None) -> tuple[Stage, ...]:
        stages: list[Stage] = []
        if place.unclear[direction]:
            reasons = tuple(Unclear(reason) for reason in place.unclear[direction])
            stages.append(Stage("interface", (Rule(ANY, reasons),)))
        if policy is None:
            return tuple(stages)
        if direction == "in" and self._policies.queues(policy):
            # Source: IOS takes queuing actions on output only.
            self._ledger.note(f"policy {policy} queues but is bound to input of {place.name}")
        stages.append(self._policies.stage(policy, queues=direction == "out"))
        return tuple(stages)


def _not_known(line: TextLine) -> bool:
    word = line.keys[0]
    pair = (word, line.keys[1]) if len(line.keys) > 1 else (word, "")
    if pair == ("ip", "rtp"):  # header compression treats no class before another
        return line.keys[2:3] == ["priority"]
    if "service-policy" in line.keys[1:] and word not in ("description", "no"):
        return True  # `ip nhrp map group G service-policy output P` and the like
    return word in _NOT_READ or pair in _NOT_READ_PAIRS


def _opens_nested(line: TextLine) -> bool:
    second = line.keys[1] if len(line.keys) > 1 else ""
    return (line.keys[0], second) in _NESTED or line.keys[0] == "pvc"


def _directions(line: TextLine) -> tuple[str, ...]:
    if "input" in line.keys:
        return ("in",)
    return ("out",) if "output" in line.keys else ("in", "out")
