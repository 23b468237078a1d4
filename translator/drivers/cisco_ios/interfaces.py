"""Interfaces, subinterfaces and service instances: which policy is bound where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Final

from translator.drivers.cisco.classmap import OTHER_CLASS_TYPES
from translator.drivers.cisco.interface_names import Spellings
from translator.drivers.cisco.ledger import Ledger
from translator.drivers.cisco.places import Opener, is_unknown_range, opened_interfaces
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco.taken_back import negated
from translator.drivers.cisco_ios.bearing import (
    CRYPTO_MAPS,
    DIRECTIONS,
    FILTERS,
    PLAIN_QUEUE,
    RELATIONS,
    ROUTING,
    SERVICE_POLICY,
    TRANSLATION,
    directions_of,
    is_not_known,
    opens_nested,
)
from translator.drivers.cisco_ios.crypto import CryptoMaps
from translator.drivers.cisco_ios.hidden import Hidden, doubted, size_of
from translator.drivers.cisco_ios.nat import Translation
from translator.drivers.cisco_ios.place import Chosen, Place, serve_through
from translator.drivers.cisco_ios.policy import PolicyMaps
from translator.drivers.cisco_ios.related import relate, relate_vlans
from translator.drivers.cisco_ios.routemap import RouteMaps
from translator.drivers.cisco_ios.unbound import reset, unbind
from translator.drivers.doubt import Doubt
from translator.intents.condition import Predicate
from translator.intents.device import ELSEWHERE, InterfaceQos, Queuing
from translator.intents.match import Match
from translator.intents.pipeline import Rule, Stage, Unclear
from translator.intents.port import Port

__all__ = ["Interfaces", "Surroundings"]

_FILTER_NOTE: Final = (
    "filters of interfaces (ip access-group, ipv6 traffic-filter) are not looked at: what they "
    "deny counts as if it passed"
)
_MOST_SEEN: Final = 200_000  # lines of policies, at each interface that hides some of a packet
_GROUP: Final = "nhrp group "
_CHOICE: Final = "chosen by what no header shows"
# Ingress and egress stages, the scheduler, and the names of the policies that enter and leave.
_Served = tuple[tuple[Stage, ...], tuple[Stage, ...], Queuing | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What bears on the interfaces of a text and stands below none of them.

    Attributes:
        ports: reads what the text says of its ports, which is seldom asked for.
    """

    routing: RouteMaps
    crypto: CryptoMaps
    translation: Translation
    ports: Callable[[], tuple[Port, ...]]


class Interfaces:
    """The bindings of one text."""

    def __init__(
        self,
        sections: Sequence[Section],
        policies: PolicyMaps,
        around: Surroundings,
        ledger: Ledger,
        *,
        typed: bool,
    ) -> None:
        """Read them.

        Args:
            typed: whether an interface is named otherwise than devices print it.
        """
        self._policies = policies
        self._around = around
        self._ledger = ledger
        self._places: dict[str, Place] = {}
        self._parts: dict[str, list[str]] = {}  # circuits and service instances
        self._room = _MOST_SEEN
        self._is_tied = False  # whether an interface belongs to another one
        self._bound_stages: dict[tuple[str, str], tuple[Stage, ...]] = {}
        self._plain: dict[tuple[str | None, str | None], _Served] = {}
        self._bindings: dict[str, dict[tuple[str, str], None]] = {}
        opener = Opener()
        names = Spellings([x.head.words[1] for x in sections if x.head.words[1:]] if typed else ())
        for section in sections:
            if section.kind != "interface":
                named = map(names.first, opened_interfaces(negated(section.head)))
                reset(section, named, self._places, self._parts, ledger, new=Place)
                continue
            opened = opener.opened(section.head, len(section.body))
            for name in map(names.first, opened) if names.are_typed else opened:
                place = self._places.get(name)
                if place is None:
                    place = self._places[name] = Place(name)
                if section.body:
                    self._read(place, section.body)
        if self._is_tied:
            relate(self._places.values())
        may_be_vlan = False
        for place in self._places.values():
            for direction, policy in place.policies.items():
                may_be_vlan = may_be_vlan or place.name[:1] in "Vv"
                self._bindings.setdefault(policy, {})[place.name, direction] = None
            for item in place.chosen:
                if item.fact.startswith(_GROUP) and item.policy is not None:
                    self._bindings.setdefault(item.policy, {})[place.name, "out"] = None
        if may_be_vlan:
            relate_vlans(self._places.values(), around.ports)

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

    def _read(self, place: Place, body: Iterable[TextLine]) -> None:
        outer = place
        nested: list[Place] = []
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
                self._parts.setdefault(outer.name, []).append(place.name)
            else:
                self._line(line, place, unknown=unknown)
        if nested or outer.macros or outer.filtered or outer.shut:
            self._end(outer, nested)

    def _end(self, outer: Place, nested: list[Place]) -> None:
        """Do what needs all lines of an interface."""
        if outer.macros:
            self._macros(outer)
        filtered = outer.filtered
        if nested:
            for item in nested:
                self._macros(item)
            serve_through(outer, nested)
            filtered = filtered or any(item.filtered for item in nested)
        if (filtered or outer.shut) and outer.has_qos:
            if outer.shut:
                self._ledger.note(f"interface {outer.name} has QoS but is shut down")
            if filtered:
                self._ledger.note(_FILTER_NOTE)

    def _place(self, name: str) -> Place:
        place = self._places.get(name)
        if place is None:
            place = self._places[name] = Place(name)
        return place

    def _line(self, line: TextLine, place: Place, *, unknown: bool) -> None:
        word = line.keys[0]
        second = line.keys[1] if len(line.keys) > 1 else ""
        if word in SERVICE_POLICY:
            self._service_policy(line, place)
        elif word == "no" and second in SERVICE_POLICY:
            unbind(line, place, self._ledger)
        elif (word, second) == ("qos", "pre-classify"):
            # Source: IOS command reference: the tunnel's packets show the physical interface
            # their inner header; what the tunnel itself does to them stays the same.
            place.tied().pre_classified = True
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
        elif (word, second) in ROUTING and len(line.words) == 4:
            version = ROUTING[word, second]
            for doubt in self._around.routing.marks(line.words[3], version):
                place.doubt(("in",), doubt, Match(version=version))
        elif (word, second) in FILTERS:
            place.filtered = True
        elif (word, second) in CRYPTO_MAPS or (word, second) == TRANSLATION:
            self._hides(line, place)
        elif word == "shutdown":
            place.shut = True
        elif (word, second) in RELATIONS or (word, "") in RELATIONS:
            place.tied().relations.append(line)
            self._is_tied = True

    def _hides(self, line: TextLine, place: Place) -> None:
        """Read what is done to packets before output classes look at them."""
        kind = " ".join(line.keys[:2])
        if line.keys[:2] == list(TRANSLATION):
            found = self._around.translation.hidden(line)
        elif any(map(str.isdecimal, line.words[3:4])):
            return  # a definition, in text without blanks before lines
        else:
            found = self._around.crypto.hidden(line)
            place.tied().hidden.pop(kind, None)
        if found is not None:
            place.tied().hidden[kind] = found

    def _service_policy(self, line: TextLine, place: Place) -> None:
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

    def _macros(self, place: Place) -> None:
        """Read `auto qos ...`: what the macro does is in the policy that it bound here."""
        for line in place.macros:
            place.lines.append(line.number)
            if place.policies:
                self._ledger.read(line)
            else:
                self._ledger.unread(line, "the macro's policy is not in this text")
                place.doubt(("in", "out"), Doubt.at(line.number, line.text))
        place.macros = ()

    def _tunnel_group(self, line: TextLine, place: Place) -> bool:
        """Read `[ip] nhrp map group G service-policy output P`: the policy of some far ends.

        Source: IOS Dynamic Multipoint VPN guide, per-tunnel QoS: output only.
        """
        at = line.keys.index("nhrp")
        keys, words = line.keys[at:], line.words[at:]
        if len(keys) != 7 or keys[1:3] != ["map", "group"]:
            return False
        if keys[4:6] != ["service-policy", "output"]:
            return False
        place.chosen += (Chosen(f"{_GROUP}{words[3]}", "out", words[6], (line.number,)),)
        place.lines.append(line.number)
        return True

    def _qos(self, place: Place, doubt: tuple[Stage, ...]) -> InterfaceQos:
        name, policies = place.name, place.policies
        parent = self._parent(name) if "." in name or " " in name else None
        ties = place.ties
        special = place.unclear or place.chosen or ties
        if special or (parent is not None and parent.has_qos):
            served = self._served(place, parent)
        else:  # all but a few: what is bound decides alone
            key = (policies.get("in"), policies.get("out"))
            known = self._plain.get(key)
            served = self._plain[key] = self._served(place, None) if known is None else known
        ingress, egress, queuing, policy_in, policy_out = served
        if doubt:
            ingress, egress = doubt + ingress, doubt + egress
        lines = tuple(place.lines)
        through = tuple(ties.through) if ties else ()
        return InterfaceQos(name, ingress, egress, queuing, policy_in, policy_out, lines, through)

    def _served(self, place: Place, parent: Place | None) -> _Served:
        ingress = self._bound_policy(place, parent, "in")
        egress = self._bound_policy(place, parent, "out")
        return (
            self._stages(place, "in", ingress),
            self._stages(place, "out", egress),
            self._policies.queuing(egress) if egress else None,
            ingress,
            egress,
        )

    def _parent(self, name: str) -> Place | None:
        """Return the interface that a subinterface or service instance belongs to."""
        parent = name.partition(".")[0].partition(" ")[0]
        return None if parent == name else self._places.get(parent)

    def _bound_policy(self, place: Place, parent: Place | None, direction: str) -> str | None:
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

    def _stages(self, place: Place, direction: str, policy: str | None) -> tuple[Stage, ...]:
        unclear = place.unclear.get(direction)
        bound = self._policy_stages(place, direction, policy)
        if not unclear and not place.chosen and place.ties is None:
            return bound
        stages: list[Stage] = []
        if unclear:
            stages.append(_doubted(tuple(unclear)))
        for name, items in ((_CHOICE, place.chosen), (ELSEWHERE, place.elsewhere)):
            chosen = [item for item in items if item.direction == direction]
            if chosen:
                stages.append(self._choice(name, place, chosen, bound=bool(policy)))
        if bound and direction == "out":
            self._ledger.add_notes(item.assumed for item in place.hidden if item.assumed)
        return (*stages, *[self._seen(place, direction, stage) for stage in bound])

    def _policy_stages(self, place: Place, direction: str, policy: str | None) -> tuple[Stage, ...]:
        if policy is None:
            return ()
        if (policy, direction) in self._bound_stages:
            return self._bound_stages[policy, direction]
        stages = (self._policies.stage(policy, queues=direction == "out"),)
        if direction == "in" and self._policies.queues(policy):
            # Source: IOS takes queuing actions on output only; it refuses such a binding, so that
            # the text is not what a device printed, or another policy is bound there.
            self._ledger.note(f"policy {policy} queues but is bound to input of {place.name}")
            number = self._policies.lines_of(policy)[0]
            taken = Predicate(f"line {number}: policy-map {policy} queues on input", unread=True)
            stages = (Stage(policy, (Rule(taken, body=stages[0].rules),)),)
        self._bound_stages[policy, direction] = stages
        return stages

    def _choice(self, name: str, place: Place, chosen: list[Chosen], *, bound: bool) -> Stage:
        """Return the policies of tunnel groups, circuits or service instances of an interface, or
        those of others; `bound` where it has a policy itself.
        """
        rules: list[Rule] = []
        for item in chosen:
            condition = Predicate(item.fact)
            if bound:
                reason = f"{item.fact} and the interface have a policy each"
                rules.append(Rule(condition, (Unclear(reason),), lines=item.lines))
            elif item.policy is None:
                rules.append(Rule(condition))
            else:
                stage = self._policies.stage(item.policy, queues=item.direction == "out")
                body = self._seen(place, item.direction, stage, item.hidden).rules
                rules.append(Rule(condition, body=body, lines=item.lines))
        return Stage(name, tuple(rules))

    def _seen(
        self, place: Place, direction: str, stage: Stage, more: tuple[Hidden, ...] = ()
    ) -> Stage:
        """Return a policy's stage as it sees the packets that leave by an interface.

        Many interfaces with large policies are followed up to a limit.
        """
        hidden = (*place.hidden, *more) if direction == "out" else ()
        if not hidden:
            return stage
        self._room -= size_of(stage.rules)
        if self._room >= 0:
            return doubted(stage, hidden)
        reason = f"{hidden[0].done}, and more classes look at such than are followed"
        return Stage(stage.name, (Doubt(reason, hidden[0].lines).rule(), *stage.rules))


@lru_cache(maxsize=1024)
def _doubted(rules: tuple[Rule, ...]) -> Stage:
    return Stage("interface", rules)
