"""Interfaces, subinterfaces and service instances: which policy is bound where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Final

from msgspec import Struct

from translator.drivers.cisco.classmap import OTHER_CLASS_TYPES
from translator.drivers.cisco.interface_names import Spellings
from translator.drivers.cisco.ledger import Ledger
from translator.drivers.cisco.places import Opener, is_unknown_range, opened_interfaces
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco.taken_back import negated
from translator.drivers.cisco_ios.bearing import (
    DIRECTIONS,
    FILTERS,
    PLAIN_QUEUE,
    SERVICE_POLICY,
    directions_of,
    is_not_known,
    opens_nested,
)
from translator.drivers.cisco_ios.policy import PolicyMaps
from translator.drivers.cisco_ios.routemap import RouteMaps
from translator.drivers.cisco_ios.unbound import reset, unbind
from translator.drivers.doubt import Doubt
from translator.intents.condition import Predicate
from translator.intents.device import InterfaceQos, Queuing
from translator.intents.pipeline import Rule, Stage, Unclear

__all__ = ["Interfaces"]

_FILTER_NOTE: Final = (
    "filters of interfaces (ip access-group, ipv6 traffic-filter) are not looked at: what they "
    "deny counts as if it passed"
)
_GROUP: Final = "nhrp group "
# Ingress and egress stages, the scheduler, and the names of the policies that enter and leave.
_Served = tuple[tuple[Stage, ...], tuple[Stage, ...], Queuing | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What serves some packets of an interface, chosen by something that no header shows."""

    fact: str
    direction: str
    policy: str | None
    lines: tuple[int, ...]


class _Place(Struct):
    """An interface, subinterface or service instance while its lines are read.

    Attributes:
        policies: by direction, "in" or "out".
        unclear: by direction, why what happens there is not known.
    """

    name: str
    lines: list[int] = []
    policies: dict[str, str] = {}
    unclear: dict[str, list[Doubt]] = {}
    chosen: tuple[_Chosen, ...] = ()
    macros: tuple[TextLine, ...] = ()
    shut: bool = False
    filtered: bool = False

    @property
    def has_qos(self) -> bool:
        return bool(self.policies or self.chosen or self.unclear)

    def doubt(self, directions: Iterable[str], doubt: Doubt) -> None:
        """Note why what happens in some directions is not known."""
        for direction in directions:
            self.unclear.setdefault(direction, []).append(doubt)


class Interfaces:
    """The bindings of one text."""

    def __init__(
        self,
        sections: Sequence[Section],
        policies: PolicyMaps,
        routing: RouteMaps,
        ledger: Ledger,
        *,
        typed: bool,
    ) -> None:
        """Read them.

        Args:
            typed: whether an interface is named otherwise than devices print it.
        """
        self._policies = policies
        self._routing = routing
        self._ledger = ledger
        self._places: dict[str, _Place] = {}
        self._bound_stages: dict[tuple[str, str], tuple[Stage, ...]] = {}
        self._plain: dict[tuple[str | None, str | None], _Served] = {}
        self._bindings: dict[str, dict[tuple[str, str], None]] = {}
        opener = Opener()
        names = Spellings([x.head.words[1] for x in sections if x.head.words[1:]] if typed else ())
        for section in sections:
            if section.kind != "interface":
                named = map(names.first, opened_interfaces(negated(section.head)))
                reset(section, named, self._places, _Place, ledger)
                continue
            opened = opener.opened(section.head, len(section.body))
            for name in map(names.first, opened) if names.are_typed else opened:
                place = self._places.get(name)
                if place is None:
                    place = self._places[name] = _Place(name)
                if section.body:
                    self._read(place, section.body)
        for place in self._places.values():
            for direction, policy in place.policies.items():
                self._bindings.setdefault(policy, {})[place.name, direction] = None
            for item in place.chosen:
                if item.fact.startswith(_GROUP) and item.policy is not None:
                    self._bindings.setdefault(item.policy, {})[place.name, "out"] = None

    def all(self, doubt: tuple[Stage, ...] = ()) -> Iterator[InterfaceQos]:
        """Yield every interface of the text, in its order, its stages behind those of a doubt."""
        return map(self._qos, self._places.values(), repeat(doubt))

    def unknown_ranges(self) -> Iterator[Doubt]:
        """Yield why any interface may have QoS that this text does not let us see there."""
        for name, place in self._places.items():
            if " " in name and is_unknown_range(name) and place.has_qos:
                yield Doubt(f"the interfaces of {name} are not known", tuple(place.lines))

    def bound(self, policy: str) -> tuple[tuple[str, str], ...]:
        """Return where a policy is bound, as (interface, direction) pairs."""
        return tuple(self._bindings.get(policy, ()))

    def _read(self, place: _Place, body: Iterable[TextLine]) -> None:
        outer = place
        nested: list[_Place] = []
        depth: int | None = None
        unread_below: int | None = None
        for line in body:
            if line.keys[0] == "service-policy" and depth is None and unread_below is None:
                self._service_policy(line, place)  # nearly all lines are such
                continue
            if unread_below is not None and line.indent > unread_below:
                self._ledger.unread(line, "the line above it is not known")
                continue
            unknown = is_not_known(line)
            unread_below = line.indent if unknown else None
            if depth is not None and line.indent <= depth:
                depth, place = None, outer
            if depth is None and opens_nested(line):
                depth, place = line.indent, self._place(f"{outer.name} {' '.join(line.words[:3])}")
                nested.append(place)
            else:
                self._line(line, place, unknown=unknown)
        if nested or outer.macros or outer.filtered or outer.shut:
            self._end(outer, nested)

    def _end(self, outer: _Place, nested: list[_Place]) -> None:
        """Do what needs all lines of an interface."""
        if outer.macros:
            self._macros(outer)
        filtered = outer.filtered
        if nested:
            for item in nested:
                self._macros(item)
            _serve_through(outer, nested)
            filtered = filtered or any(item.filtered for item in nested)
        if (filtered or outer.shut) and outer.has_qos:
            if outer.shut:
                self._ledger.note(f"interface {outer.name} has QoS but is shut down")
            if filtered:
                self._ledger.note(_FILTER_NOTE)

    def _place(self, name: str) -> _Place:
        place = self._places.get(name)
        if place is None:
            place = self._places[name] = _Place(name)
        return place

    def _line(self, line: TextLine, place: _Place, *, unknown: bool) -> None:
        word = line.keys[0]
        second = line.keys[1] if len(line.keys) > 1 else ""
        if word in SERVICE_POLICY:
            self._service_policy(line, place)
        elif word == "no" and second in SERVICE_POLICY:
            unbind(line, place, self._ledger)
        elif (word, second) == ("qos", "pre-classify"):
            # Source: IOS command reference: the tunnel's packets show the physical interface
            # their inner header; what the tunnel itself does to them stays the same.
            self._ledger.read(line)
            self._ledger.note(f"{place.name}: outer interfaces classify by the inner header")
        elif (word, second) == ("auto", "qos"):
            place.macros += (line,)
        elif "nhrp" in line.keys[:2] and self._tunnel_group(line, place):
            self._ledger.read(line)
        elif unknown:
            self._ledger.unread(line, "this way to treat packets is not known here")
            place.doubt(directions_of(line), Doubt.at(line.number, line.text))
            place.lines.append(line.number)
        elif word in PLAIN_QUEUE:
            self._ledger.read(line)
            place.lines.append(line.number)
        elif (word, second) == ("ip", "policy") and len(line.words) == 4:
            for doubt in self._routing.marks(line.words[3]):
                place.doubt(("in",), doubt)
        elif (word, second) in FILTERS:
            place.filtered = True
        elif word == "shutdown":
            place.shut = True

    def _service_policy(self, line: TextLine, place: _Place) -> None:
        keys = line.keys
        direction = DIRECTIONS.get(keys[1]) if len(keys) == 3 else None
        if direction is None:
            if keys[1:2] == ["type"] and keys[2:3] and keys[2] in OTHER_CLASS_TYPES:
                return
            place.lines.append(line.number)
            self._ledger.unread(line, "expected: service-policy input|output NAME")
            place.doubt(("in", "out"), Doubt.at(line.number, line.text))
            return
        place.lines.append(line.number)
        if direction in place.policies:
            self._ledger.note(f"interface {place.name} is given two {keys[1]} policies")
            place.doubt((direction,), Doubt.at(line.number, f"a second {keys[1]} policy"))
        place.policies[direction] = line.words[2]
        self._ledger.read(line)

    def _macros(self, place: _Place) -> None:
        """Read `auto qos ...`: what the macro does is in the policy that it bound here."""
        for line in place.macros:
            place.lines.append(line.number)
            if place.policies:
                self._ledger.read(line)
            else:
                self._ledger.unread(line, "the macro's policy is not in this text")
                place.doubt(("in", "out"), Doubt.at(line.number, line.text))
        place.macros = ()

    def _tunnel_group(self, line: TextLine, place: _Place) -> bool:
        """Read `[ip] nhrp map group G service-policy output P`: the policy of some far ends.

        Source: IOS Dynamic Multipoint VPN guide, per-tunnel QoS: output only.
        """
        at = line.keys.index("nhrp")
        keys, words = line.keys[at:], line.words[at:]
        if len(keys) != 7 or keys[1:3] != ["map", "group"]:
            return False
        if keys[4:6] != ["service-policy", "output"]:
            return False
        place.chosen += (_Chosen(f"{_GROUP}{words[3]}", "out", words[6], (line.number,)),)
        place.lines.append(line.number)
        return True

    def _qos(self, place: _Place, doubt: tuple[Stage, ...]) -> InterfaceQos:
        name, policies = place.name, place.policies
        parent = self._parent(name) if "." in name or " " in name else None
        if place.unclear or place.chosen or (parent is not None and parent.has_qos):
            served = self._served(place, parent)
        else:  # all but a few: what is bound decides alone
            key = (policies.get("in"), policies.get("out"))
            known = self._plain.get(key)
            served = self._plain[key] = self._served(place, None) if known is None else known
        ingress, egress, queuing, policy_in, policy_out = served
        if doubt:
            ingress, egress = doubt + ingress, doubt + egress
        lines = tuple(place.lines)
        return InterfaceQos(name, ingress, egress, queuing, policy_in, policy_out, lines)

    def _served(self, place: _Place, parent: _Place | None) -> _Served:
        ingress = self._bound_policy(place, parent, "in")
        egress = self._bound_policy(place, parent, "out")
        return (
            self._stages(place, "in", ingress),
            self._stages(place, "out", egress),
            self._policies.queuing(egress) if egress else None,
            ingress,
            egress,
        )

    def _parent(self, name: str) -> _Place | None:
        """Return the interface that a subinterface or service instance belongs to."""
        parent = name.partition(".")[0].partition(" ")[0]
        return None if parent == name else self._places.get(parent)

    def _bound_policy(self, place: _Place, parent: _Place | None, direction: str) -> str | None:
        """Return the policy of the place, else that of the interface it belongs to.

        Unverified: a policy of the main interface serves its subinterfaces that have none.
        """
        own = place.policies.get(direction)
        if own is not None or parent is None:
            return own
        inherited = parent.policies.get(direction)
        if inherited is not None:
            self._ledger.note(
                f"{place.name} has no policy of its own for this direction ({direction}); that of "
                f"{parent.name} is taken to serve it (unverified)"
            )
        return inherited

    def _stages(self, place: _Place, direction: str, policy: str | None) -> tuple[Stage, ...]:
        unclear = place.unclear.get(direction)
        if not unclear and not place.chosen:
            return self._policy_stages(place, direction, policy)
        stages: list[Stage] = []
        chosen = [item for item in place.chosen if item.direction == direction]
        if unclear:
            stages.append(_doubted(tuple(unclear)))
        if chosen:
            stages.append(self._choice(place, chosen))
        return (*stages, *self._policy_stages(place, direction, policy))

    def _policy_stages(
        self, place: _Place, direction: str, policy: str | None
    ) -> tuple[Stage, ...]:
        if policy is None:
            return ()
        if (policy, direction) in self._bound_stages:
            return self._bound_stages[policy, direction]
        if direction == "in" and self._policies.queues(policy):
            # Source: IOS takes queuing actions on output only.
            self._ledger.note(f"policy {policy} queues but is bound to input of {place.name}")
        stages = (self._policies.stage(policy, queues=direction == "out"),)
        self._bound_stages[policy, direction] = stages
        return stages

    def _choice(self, place: _Place, chosen: list[_Chosen]) -> Stage:
        """Return the policies of tunnel groups, circuits or service instances of an interface."""
        rules: list[Rule] = []
        for item in chosen:
            condition = Predicate(item.fact)
            if item.direction in place.policies:
                reason = f"{item.fact} and the interface have a policy each"
                rules.append(Rule(condition, (Unclear(reason),), lines=item.lines))
            elif item.policy is None:
                rules.append(Rule(condition))
            else:
                body = self._policies.stage(item.policy, queues=item.direction == "out").rules
                rules.append(Rule(condition, body=body, lines=item.lines))
        return Stage("chosen by what no header shows", tuple(rules))


def _serve_through(outer: _Place, nested: list[_Place]) -> None:
    """Give an interface the policies of what stands below it: its packets go through one of these.

    A lone virtual circuit takes all packets of its interface.
    """
    if len(nested) == 1 and " pvc " in nested[0].name and not outer.policies:
        outer.policies.update(nested[0].policies)
        for direction, doubts in nested[0].unclear.items():
            outer.unclear.setdefault(direction, []).extend(doubts)
        return
    for direction in ("in", "out"):
        if any(direction in item.policies or direction in item.unclear for item in nested):
            for item in nested:
                fact = item.name[len(outer.name) + 1 :]
                policy = item.policies.get(direction)
                outer.chosen += (_Chosen(fact, direction, policy, tuple(item.lines)),)
                for doubt in item.unclear.get(direction, ()):
                    outer.doubt((direction,), doubt)


@lru_cache(maxsize=1024)
def _doubted(doubts: tuple[Doubt, ...]) -> Stage:
    return Stage("interface", tuple(doubt.rule() for doubt in doubts))
