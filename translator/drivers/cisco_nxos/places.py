"""Where policies are bound: the system, its interfaces, and VLANs, of which only the first two are
followed.

Source: Nexus 9000 QoS guide, Using Modular QoS CLI: a policy of the system holds on every interface
that has none of its own type and direction; a policy of a port goes before that of its VLAN. A
policy attached to a port takes effect where the port is no member of a port channel; one attached
to a port channel does even when policies are attached to members.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from msgspec import structs

from translator.drivers.cisco.kinds import RESET, RESETS
from translator.drivers.cisco.ledger import Ledger
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco.taken_back import NOT_SAME, negated
from translator.drivers.cisco_nxos.family import DEFAULT_GROUP, QOS_GROUP
from translator.drivers.cisco_nxos.names import Named, is_one, key_of
from translator.drivers.cisco_nxos.policy import QosPolicies
from translator.drivers.cisco_nxos.profiles import Profiles
from translator.drivers.cisco_nxos.queuing import QueuingPolicies
from translator.drivers.doubt import Doubt
from translator.intents.device import InterfaceQos
from translator.intents.match import ANY
from translator.intents.pipeline import Flow, Rule, SetTag, Stage

__all__ = ["BEARING", "Places", "service_policy"]

QOS_IN: Final = ("qos", "in")
QUEUING_OUT: Final = ("queuing", "out")
_QOS_OUT: Final = ("qos", "out")
_DIRECTIONS: Final = {"input": "in", "output": "out"}
_TYPES: Final = frozenset({"qos", "queuing", "network-qos"})
# They treat no packet of the way through: the control plane, and redirection.
_OTHER_TYPES: Final = frozenset({"control-plane", "pbr", "psp", "epbr", "plc"})
_FILTERS: Final = frozenset(
    [f"{word} {kind}" for word in ("ip", "ipv6", "mac") for kind in ("port", "access-group")]
    + ["ipv6 traffic-filter"]
)
# First words of the lines of an interface that are looked at; a service-policy always is.
BEARING: Final = _FILTERS | {
    "service-policy", "no service-policy", "inherit port-profile", "channel-group",
    "no channel-group",
}  # fmt: skip
# Source: Nexus 9000 QoS guide: policies are attached to ports, port channels and VLANs.
_NAMED: Final = 20  # lines that a doubt about unknown interfaces names
_OF_VLAN: Final = re.compile(r"vlan\d", re.IGNORECASE)
_FILTERED: Final = (
    "filters of interfaces (ip access-group, ip port access-group, ipv6 traffic-filter) are not "
    "looked at: what they deny counts as if it passed"
)
_NEW: Final = Stage(
    "default qos-group", (Rule(ANY, (SetTag(QOS_GROUP, DEFAULT_GROUP),), Flow.NEXT),)
)


def service_policy(line: TextLine) -> tuple[str, str, str] | None:
    """Return type, direction and name of `service-policy [type T] [input|output] NAME`.

    The type is qos where none is written, the direction "" for network-qos. None: another form.
    """
    words, keys = line.words[1:], line.keys[1:]
    kind = "qos"
    if keys[:1] == ["type"] and len(keys) > 2:
        kind, words, keys = keys[1], words[2:], keys[2:]
    if keys[-1:] == ["no-stats"]:
        words, keys = words[:-1], keys[:-1]
    if kind == "network-qos" and len(words) == 1:
        return kind, "", words[0]
    if kind not in _TYPES | _OTHER_TYPES or len(words) != 2 or keys[0] not in _DIRECTIONS:
        return None
    return kind, _DIRECTIONS[keys[0]], words[1]


class _Place:
    """The system or an interface while its lines are read."""

    __slots__ = ("bundle", "bundle_line", "doubts", "filtered", "lines", "name", "policies")

    def __init__(self, name: str) -> None:
        self.name = name
        self.bundle = ""  # the port channel of which it is a member, and the line that says so
        self.bundle_line = 0
        self.lines: list[int] = []
        self.policies: dict[tuple[str, str], str] = {}
        self.doubts: dict[str, list[Doubt]] = {}
        self.filtered = False

    @property
    def has_qos(self) -> bool:
        return bool(self.policies or self.doubts)

    def doubt(self, doubt: Doubt, *directions: str) -> None:
        for direction in directions or ("in", "out"):
            self.doubts.setdefault(direction, []).append(doubt)


class Places:
    """The bindings of one text."""

    def __init__(self, qos: QosPolicies, queuing: QueuingPolicies, ledger: Ledger) -> None:
        self._qos = qos
        self._queuing = queuing
        self._ledger = ledger
        self._system = _Place("system qos")
        self._places: dict[str, _Place] = {}
        self._everywhere: list[tuple[str, Doubt]] = []
        self._named = Named()

    def read(self, sections: Iterable[Section]) -> None:
        """Take in what binds: interfaces, `system qos`, VLANs, and profiles of ports."""
        for section in sections:
            if section.kind == "interface":
                self._interface(section)
            elif section.kind in RESETS:
                self._reset(section)
            elif section.kind == "system":
                if section.head.keys == ["system", "qos"]:
                    self._ledger.read(section.head)
                    for line in section.body:
                        self._line(line, (self._system,))
            else:
                self._not_followed(section)

    def doubt_profiles(self, profiles: Profiles) -> None:
        """Take in that lines of applied profiles may hold."""
        for name in profiles.idle:
            self._ledger.note(f"lines of profile {name} are left out: it is not applied")
        for line, head in profiles.applied:
            self._ledger.unread(line, "lines of an applied profile are not followed")
            doubt = Doubt.at(line.number, f"the line of a profile, {line.text}, may hold")
            if head is None:
                self._everywhere += [("in", doubt), ("out", doubt)]
                continue
            for name in self._named.by(head, 1):
                self._place(name).doubt(doubt)

    def interfaces(self) -> Iterator[InterfaceQos]:
        """Yield every interface of the text, in its order."""
        for place in self._places.values():
            yield self._served(place)

    @property
    def other(self) -> InterfaceQos:
        """What holds on an interface that the text does not name."""
        return self._served(_Place("*"))

    def bound(self, kind: str, policy: str) -> tuple[tuple[str, str], ...]:
        """Return where a policy is bound, as (interface, direction) pairs; the system is "*"."""
        places = (self._system, *self._places.values())
        return tuple(
            ("*" if place is self._system else place.name, direction)
            for place in places
            for (known, direction), name in place.policies.items()
            if (known, name) == (kind, policy)
        )

    def _interface(self, section: Section) -> None:
        names = self._named.by(section.head, len(section.body))
        places = [self._place(name) for name in names]
        for line in section.body:
            self._line(line, places)
        if section.body and not is_one(names[0]):  # no name, and what it means may be any
            lines = tuple(line.number for line in section.body[:_NAMED])
            doubt = Doubt(f"the interfaces of {section.head.text} are not known", lines)
            self._everywhere += [("in", doubt), ("out", doubt)]

    def _place(self, name: str) -> _Place:
        key = key_of(name)
        known = self._places.get(key)
        if known is None:
            known = self._places[key] = _Place(name)
        return known

    def _reset(self, section: Section) -> None:
        """Read `default interface`, which takes back all lines, or `no interface`.

        Source: Nexus 9000 interfaces guide, default interface. What becomes of an interface that is
        removed, and of its members, is not known.
        """
        head = section.head
        for name in self._named.by(negated(head), 0):
            known = self._places.get(key_of(name))
            doubt = Doubt.at(head.number, head.text)
            if not is_one(name):
                self._ledger.unread(head, "the interfaces are not known")
                self._everywhere += [("in", doubt), ("out", doubt)]
            elif known is not None and section.kind == RESET:
                self._ledger.read(head)
                self._places[key_of(name)] = _Place(known.name)
            elif known is not None and (known.has_qos or known.bundle):
                self._ledger.unread(head, "what an interface has behind this line is not known")
                known.doubt(doubt)

    def _line(self, line: TextLine, places: Iterable[_Place]) -> None:
        keys = line.keys
        if keys[0] == "service-policy":
            for place in places:
                self._bind(line, place)
        elif keys[:2] == ["no", "service-policy"]:
            self._unbind(line, places)
        elif keys[:2] == ["inherit", "port-profile"]:
            for place in places:
                self._inherit(line, place)
        elif "channel-group" in keys[:2]:
            joins = keys[0] != "no" and len(keys) > 1
            for place in places:
                place.bundle = f"port-channel{keys[1]}" if joins else ""
                place.bundle_line = line.number
        elif any(place is self._system for place in places):
            self._of_system(line)
        elif " ".join(keys[:2]) in _FILTERS:
            for place in places:
                place.filtered = True

    def _of_system(self, line: TextLine) -> None:
        if line.keys[0] == "fex":  # buffers of fabric extenders
            self._ledger.read(line)
            return
        self._ledger.unread(line, "a line of `system qos` that is not known")
        self._system.doubt(Doubt.at(line.number, line.text))

    def _bind(self, line: TextLine, place: _Place) -> None:
        place.lines.append(line.number)
        found = service_policy(line)
        if found is None:
            self._ledger.unread(line, "expected: service-policy [type qos|queuing] input|output P")
            place.doubt(Doubt.at(line.number, line.text))
            return
        kind, direction, name = found
        self._ledger.read(line)
        if kind in _OTHER_TYPES:
            place.lines.pop()
        elif (kind, direction) == _QOS_OUT:
            # Source: Nexus 9000 QoS guide: some models mark or police where packets leave.
            reason = f"line {line.number}: policies of type qos are not followed on output"
            place.doubt(Doubt(reason, (line.number,)), "out")
        elif _OF_VLAN.match(place.name):
            reason = f"whether a policy of interface {place.name} holds depends on the model"
            doubt = Doubt(f"line {line.number}: {reason}", (line.number,))
            place.doubt(doubt, direction)
            self._everywhere.append(("vlan" if direction == "in" else direction, doubt))
        elif (kind, direction) in place.policies:
            place.doubt(Doubt.at(line.number, f"a second policy of type {kind}"), direction)
        else:
            place.policies[kind, direction] = name

    def _unbind(self, line: TextLine, places: Iterable[_Place]) -> None:
        """Take back what an earlier line bound, as a list of typed commands does.

        Unverified: what such a line does without a name, or with that of another policy.
        """
        found = service_policy(negated(line))
        if found is not None and found[0] in _OTHER_TYPES:
            return
        self._ledger.read(line)
        for place in places:
            bound = place.policies if found is None else place.policies.get(found[:2])
            if found is not None and bound == found[2]:
                del place.policies[found[:2]]
            elif bound:
                place.lines.append(line.number)
                self._ledger.unread(line, NOT_SAME)
                place.doubt(Doubt.at(line.number, line.text), *((found[1],) if found else ()))

    def _inherit(self, line: TextLine, place: _Place) -> None:
        place.lines.append(line.number)
        self._ledger.read(line)
        reason = f"lines of port-profile {line.words[-1]} are not followed"
        place.doubt(Doubt.at(line.number, reason))

    def _not_followed(self, section: Section) -> None:
        """A policy of a VLAN holds where its packets enter by a port that has none of its own."""
        for line in section.body:
            found = service_policy(line) if line.keys[0] == "service-policy" else None
            if found is None or found[0] in _OTHER_TYPES:
                continue
            if section.kind == "vlan" and found[:2] == QOS_IN:
                self._ledger.read(line)
                doubt = Doubt.at(line.number, f"the policy of {section.head.text} may hold")
                self._everywhere.append(("vlan", doubt))
            else:
                self._ledger.unread(line, f"a policy bound in a {section.kind} is not followed")

    def _served(self, place: _Place) -> InterfaceQos:
        if not place.bundle:
            return self._by_itself(place)
        bundle = self._places.get(place.bundle)
        if bundle is None or bundle.bundle:
            reason = f"{place.bundle}, of which it is a member, is not in this text"
            place.doubt(Doubt(reason, (place.bundle_line,)))
            return self._by_itself(place)
        self._ledger.note(f"the members of {bundle.name} are treated as the port channel is")
        served = self._by_itself(bundle)
        entering, leaving = (
            (_doubted(tuple(found)),) if (found := place.doubts.get(end)) else ()
            for end in ("in", "out")
        )
        return structs.replace(
            served,
            name=place.name,
            ingress=(*entering, *served.ingress),
            egress=(*leaving, *served.egress),
            lines=(*place.lines, *served.lines),
        )

    def _by_itself(self, place: _Place) -> InterfaceQos:
        whole, dot, _ = place.name.partition(".")
        parent = self._places.get(key_of(whole)) if dot else None
        entering = self._policy(place, parent, QOS_IN)
        leaving = self._policy(place, parent, QUEUING_OUT)
        if place.filtered and not place.name.startswith("mgmt"):
            self._ledger.note(_FILTERED)
        doubts_in, doubts_out = (self._doubts(place, parent, end) for end in ("in", "out"))
        ingress = [_NEW, *doubts_in]
        if entering is not None:
            ingress.append(self._qos.stage(entering))
        egress = list(doubts_out)
        if leaving is not None:
            egress.append(self._queuing.stage(leaving))
        return InterfaceQos(
            place.name,
            tuple(ingress),
            tuple(egress),
            None if leaving is None else self._queuing.queuing(leaving),
            entering,
            leaving,
            tuple(place.lines),
        )

    def _policy(self, place: _Place, parent: _Place | None, key: tuple[str, str]) -> str | None:
        """Return the policy of the place, else of what it is a part of, else of the system.

        Unverified: a policy of an interface serves its subinterfaces.
        """
        own = place.policies.get(key)
        if own is None and parent is not None and key in parent.policies:
            own = parent.policies[key]
            self._ledger.note(
                f"{place.name} has no policy of its own for this direction ({key[1]}); that of "
                f"{parent.name} is taken to serve it (unverified)"
            )
        return self._system.policies.get(key) if own is None else own

    def _doubts(self, place: _Place, parent: _Place | None, direction: str) -> tuple[Stage, ...]:
        of_vlans = direction == "in" and QOS_IN not in place.policies
        found = [
            doubt
            for kind, doubt in self._everywhere
            if kind == direction or (kind == "vlan" and of_vlans)
        ]
        for owner in (self._system, place, parent):
            if owner is not None:
                found += owner.doubts.get(direction, ())
        return (_doubted(tuple(dict.fromkeys(found))),) if found else ()


@lru_cache(maxsize=1024)
def _doubted(doubts: tuple[Doubt, ...]) -> Stage:
    return Stage("doubts", tuple(doubt.rule() for doubt in doubts))
