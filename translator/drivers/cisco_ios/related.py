"""Interfaces whose packets go through another one, where a policy may serve them as well.

Which way a packet takes there no header shows: a member of the bundle, a service instance of the
bridge domain, whether the interface of the VLAN routes it. All that is served alike stays known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from translator.drivers.cisco.reader import TextLine
from translator.drivers.cisco_ios.hidden import ALL_BUT_TOS, Hidden
from translator.drivers.cisco_ios.place import Chosen, Place
from translator.drivers.doubt import Doubt
from translator.intents.port import Port

__all__ = ["relate", "relate_vlans"]

_DIRECTIONS: Final = ("in", "out")
_MOST: Final = 8  # policies that may serve a tunnel whose way out the text does not show
_VIRTUAL: Final = ("tu", "lo", "vl", "bd", "nv", "vi", "di")
# Where the number of a bundle or bridge domain stands in the line of what belongs to it, and the
# first letters of the interface of that number.
# Source: Cisco, QoS for Etherchannel Interfaces: policies of member links are supported beside
# those of the bundle; Carrier Ethernet guide: policies of service instances serve their BDI.
_MEMBERS: Final = {
    ("channel-group",): "po",
    ("ppp", "multilink", "group"): "mu",
    ("multilink-group",): "mu",
    ("bridge-domain",): "bd",
}
_POOL: Final = ("dialer", "pool")
_OF_POOL: Final = {("dialer", "pool-member"), ("pppoe-client", "dial-pool-number")}
_SOURCE: Final = ["tunnel", "source"]
_MOST_PAIRS: Final = 50_000  # of an interface and one that its packets go through
_TOO_MANY: Final = "more interfaces belong to others than are followed"


def relate(found: Collection[Place]) -> None:
    """Give bundles, bridge domains, dialers and tunnels the policies of what is beneath them."""
    places = _by_name(found)
    by_itself: _Ways | None = None
    members: dict[tuple[str, str], list[tuple[Place, TextLine]]] = {}
    for place in places.values():
        sources = [line for line in place.relations if line.keys[:2] == _SOURCE]
        if sources and "out" not in place.policies and not place.chosen:
            ways = _ways_from(sources[-1], places)
            if ways is None:
                ways = by_itself = by_itself or _ways(places.values(), places)
            _tunnel(place, sources[-1], ways)
        parent = _parent(place, places)
        if place.shut or (parent is not None and parent.shut):
            continue
        for line in place.relations:
            members.setdefault(_owner_of(line), []).append((place, line))
    owners = _owners(places.values())
    left = _MOST_PAIRS
    for key, tied in members.items():
        left -= len(tied) * len(owners.get(key, ()))
        for owner in owners.get(key, ()):
            if left < 0:
                owner.doubt(_DIRECTIONS, Doubt(_TOO_MANY))
                continue
            for place, line in tied:
                _through(owner, place, _parent(place, places), line)


def relate_vlans(found: Collection[Place], ports: Callable[[], Iterable[Port]]) -> None:
    """Give access ports the policies of the interfaces of their VLANs.

    Unverified: a policy there serves the packets that it routes, not those within the VLAN. What
    a trunk carries meets it by its tag, which is not looked at.
    """
    places = _by_name(found)
    vlans = {
        name: place
        for name, place in places.items()
        if name.startswith("vlan") and place.policies and not place.shut
    }
    for port in ports() if vlans else ():
        for name in dict.fromkeys((port.vlan_interface, port.voice_interface)):
            vlan, place = vlans.get(name.lower()), places.get(port.name.lower())
            if vlan is None or place is None:
                continue
            for direction, policy in vlan.policies.items():
                fact = f"packets are routed by {vlan.name}"
                _add(place, vlan, Chosen(fact, direction, policy, tuple(vlan.lines)))


def _by_name(found: Iterable[Place]) -> dict[str, Place]:
    return {place.name.lower(): place for place in found}


def _add(place: Place, other: Place, chosen: Chosen) -> None:
    place.tied().elsewhere.append(chosen)
    place.tied().through[other.name] = None


def _owner_of(line: TextLine) -> tuple[str, str]:
    """Return kind and number of what an interface with that line belongs to."""
    keys = line.keys
    for words, kind in _MEMBERS.items():
        if tuple(keys[: len(words)]) == words and len(keys) > len(words):
            return kind, keys[len(words)]
    if tuple(keys[:2]) in _OF_POOL and len(keys) > 2:
        return "pool", keys[2]
    return "", ""


def _owners(places: Iterable[Place]) -> dict[tuple[str, str], list[Place]]:
    """Return the interfaces that others may belong to; parts of one belong to it themselves."""
    found: dict[tuple[str, str], list[Place]] = {}
    for place in places:
        kind, number = _kind_and_number(place.name)
        if kind in _MEMBERS.values():
            found.setdefault((kind, number), []).append(place)
        for line in place.relations:
            if tuple(line.keys[:2]) == _POOL and len(line.keys) > 2:
                found.setdefault(("pool", line.keys[2]), []).append(place)
    return found


def _kind_and_number(name: str) -> tuple[str, str]:
    """Return two letters of a name and its number without what stands behind a dot."""
    start = next((at for at, sign in enumerate(name) if sign.isdigit()), len(name))
    number = name[start:].partition(".")[0].partition(" ")[0]
    return name[:2].lower(), number


def _parent(place: Place, places: Mapping[str, Place]) -> Place | None:
    name = place.name.partition(".")[0].partition(" ")[0]
    return None if name == place.name else places.get(name.lower())


def _policies(place: Place, parent: Place | None) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Yield direction, policy and lines of what serves a place, be it that of its interface."""
    for direction in _DIRECTIONS:
        for one in (place, parent):
            if one is not None and direction in one.policies:
                yield direction, one.policies[direction], tuple(one.lines)
                break


def _through(owner: Place, member: Place, parent: Place | None, line: TextLine) -> None:
    for direction, policy, lines in _policies(member, parent):
        fact = f"packets go through {member.name}"
        _add(owner, member, Chosen(fact, direction, policy, (line.number, *lines)))
    for direction in _DIRECTIONS:
        if direction in member.unclear or any(x.direction == direction for x in member.chosen):
            reason = f"line {line.number}: {line.text} of {member.name}, where not all is known"
            owner.doubt((direction,), Doubt(reason, (line.number,)))


class _Ways(NamedTuple):
    """Where packets may leave: the policies there with their lines, and the interfaces."""

    policies: dict[str, tuple[int, ...]]
    names: dict[str, None]


def _ways_from(line: TextLine, places: Mapping[str, Place]) -> _Ways | None:
    """Return the way out that `tunnel source` names, None where it is an address or virtual."""
    words = line.words[2:]
    parted = len(words) > 1 and words[1][0].isdigit()
    source = places.get("".join(words[: 2 if parted else 1]).lower())
    return None if source is None or _is_virtual(source) else _ways((source,), places)


def _ways(chosen: Iterable[Place], places: Mapping[str, Place]) -> _Ways:
    policies: dict[str, tuple[int, ...]] = {}
    names: dict[str, None] = {}
    for way in chosen:
        if way.shut or _is_virtual(way):
            continue
        for direction, policy, lines in _policies(way, _parent(way, places)):
            if direction == "out":
                policies.setdefault(policy, lines)
                names[way.name] = None
    return _Ways(policies, names)


def _is_virtual(place: Place) -> bool:
    return place.name[:2].lower() in _VIRTUAL


def _tunnel(tunnel: Place, line: TextLine, ways: _Ways) -> None:
    """Give a tunnel the policies of the interfaces by which its packets may leave.

    These see the header around the packet, into which the ToS byte is copied, unless the tunnel
    has `qos pre-classify`. Source: Cisco, Reference Guide to Implementing Crypto and QoS.
    """
    ties = tunnel.tied()
    ties.through.update(ways.names)
    if len(ways.policies) > _MOST:
        reason = f"line {line.number}: {line.text} does not show by which interface packets leave"
        tunnel.doubt(("out",), Doubt(reason, (line.number,)))
        return
    hidden: tuple[Hidden, ...] = ()
    if not ties.pre_classified:
        done = f"line {line.number}: {line.text} puts a header around packets"
        hidden = (Hidden(done, (line.number,), ALL_BUT_TOS),)
    for policy, lines in ways.policies.items():
        fact = f"packets of {tunnel.name} leave where {policy} is bound"
        ties.elsewhere.append(Chosen(fact, "out", policy, (line.number, *lines), hidden))
