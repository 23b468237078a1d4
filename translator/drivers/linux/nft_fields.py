"""What the fields of nftables expressions mean: `ip dscp`, `th sport`, `meta mark` ...

Source: nft(8); that a transport field matches no non-initial fragment was measured with packets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.linux.conditions import NotReadError, conjunction
from translator.drivers.linux.iptables_match import number, port, protocol_number
from translator.drivers.linux.nft_values import Span, class_id, code_point, prefixes, spans_of
from translator.intents.condition import AnyOf, Condition, Not, Predicate, Tagged
from translator.intents.match import Match
from translator.ports import PortRange

__all__ = [
    "OBJECTS",
    "condition_of",
    "implied_by",
    "is_mutable",
    "known_field",
    "mark_of",
    "masked_condition",
]

Members = Sequence[tuple[Span, ...]]
Builder = Callable[[Members], Condition]

_TRANSPORT: Final = {"tcp": (6,), "udp": (17,), "udplite": (136,), "sctp": (132,), "dccp": (33,)}
# Fields of one word; nft prints them without `meta`.
_SHORT: Final = frozenset(
    {"iifname", "oifname", "iif", "oif", "mark", "iiftype", "oiftype", "l4proto", "nfproto"}
    | {"skuid", "skgid", "pkttype", "cpu", "rtclassid", "iifgroup", "oifgroup", "cgroup"}
    | {"ibrname", "obrname", "day", "hour", "time", "length", "random", "ipsec", "protocol"}
)
OBJECTS: Final = frozenset(
    {"ip", "ip6", "meta", "ct", "th", "icmp", "icmpv6", "igmp", "ether", "vlan", "arp", "ah"}
    | {"esp", "comp", "fib", "rt", "socket", "frag", "dst", "hbh", "mh", "srh", "exthdr", "osf"}
    | set(_TRANSPORT)
)
# Source: RFC 3168; names as nft prints them.
_ECN: Final = {"not-ect": 0, "ect1": 1, "ect0": 2, "ce": 3}
_NFPROTO: Final = {"ipv4": 4, "ipv6": 6, "2": 4, "10": 6}
_ETHER_TYPE: Final = {"ip": 4, "ip6": 6, "0x0800": 4, "0x86dd": 6}
_MARKS: Final = {
    ("meta", "mark"): "mark",
    ("ct", "mark"): "ct_mark",
    ("meta", "priority"): "priority",
}


def known_field(words: Sequence[str]) -> tuple[tuple[str, str], int] | None:
    """Return the field at the start of the words and how many words it takes, or None."""
    if not words:
        return None
    if words[0] in _SHORT:
        return ("meta", words[0]), 1
    if words[0] in OBJECTS and len(words) > 1:
        if words[0] == "ct" and words[1] in ("original", "reply") and len(words) > 2:
            length = 4 if words[2] in ("ip", "ip6") and len(words) > 3 else 3
            return ("ct", " ".join(words[1:length])), length
        if words[:2] == ["tcp", "option"]:  # tcp option maxseg size
            return ("tcp", "option"), min(4, len(words))
        if words[0] == "fib":
            end = next((at for at, word in enumerate(words) if word in _FIB_RESULTS), len(words))
            return ("fib", " ".join(words[1 : end + 1])), end + 1
        return (words[0], words[1]), 2
    return None


_FIB_RESULTS: Final = frozenset({"oif", "oifname", "type"})


def is_mutable(field: tuple[str, str]) -> bool:
    """Whether a rule can change the field, so that its order against actions matters."""
    return field in _MARKS or field[1] in ("dscp", "ecn")


def mark_of(field: tuple[str, str]) -> str | None:
    """Return the name of the tag behind the field, or None when it is no mark."""
    return _MARKS.get(field)


def condition_of(fields: Sequence[tuple[str, str]], members: Members, negated: bool) -> Condition:
    """Return the condition that the fields hold one of the members.

    Raises:
        NotReadError: a member means nothing for its field.
    """
    if len(fields) > 1:
        whole: Condition = AnyOf(tuple(_concatenated(fields, member) for member in members))
    else:
        whole = _builder(fields[0])(members)
    return conjunction((implied_by(fields), Not(whole))) if negated else whole


def implied_by(fields: Iterable[tuple[str, str]]) -> Condition:
    """Return the condition that packets have the fields, which `!=` asks for as `==` does.

    Source: what `nft --debug=netlink` 1.0.6 puts in front of a comparison in an inet table.
    """
    return conjunction(_IMPLIED[name] for name, _ in fields if name in _IMPLIED)


def masked_condition(field: tuple[str, str], mask: int, value: int, negated: bool) -> Condition:
    """Return the condition `field & mask == value`.

    Raises:
        NotReadError: the field cannot be masked here.
    """
    part: Condition
    if field in _MARKS:
        part = Tagged(_MARKS[field], (value,), mask)
    elif field[1] == "dscp" and value <= mask <= 63:
        version = 6 if field[0] == "ip6" else 4
        part = Match(version=version, tos=((value << 2, mask << 2),))
    elif field == ("ip", "frag-off") and mask == 0x1FFF and value == 0:
        part = Match(version=4, fragment=False)
        return Match(version=4, fragment=True) if negated else part
    else:
        raise NotReadError(f"{' '.join(field)} with a mask")
    return conjunction((implied_by((field,)), Not(part))) if negated else part


def _concatenated(fields: Sequence[tuple[str, str]], member: tuple[Span, ...]) -> Condition:
    if len(fields) != len(member):
        raise NotReadError("a concatenation of another length")
    return conjunction(
        _builder(name)(((span,),)) for name, span in zip(fields, member, strict=True)
    )


def _builder(field: tuple[str, str]) -> Builder:
    if field in _BUILDERS:
        return _BUILDERS[field]
    if (field[0] in _TRANSPORT or field[0] == "th") and field[1] in ("sport", "dport"):
        return _ports(_TRANSPORT.get(field[0], ()), field[1])
    return _fact(field, _IMPLIED.get(field[0]))


def _ports(protocols: tuple[int, ...], side: str) -> Builder:
    def build(members: Members) -> Condition:
        ranges = tuple(_range(low, high) for low, high in spans_of(members, port))
        if not ranges:
            return AnyOf(())
        if side == "sport":
            return Match(protocols=protocols, source_ports=ranges, fragment=False)
        return Match(protocols=protocols, destination_ports=ranges, fragment=False)

    return build


def _range(low: int, high: int) -> PortRange:
    if high > 65535:
        raise NotReadError(f"port {high} is above 65535")
    return PortRange(low, high)


def _addresses(version: int, side: str) -> Builder:
    def build(members: Members) -> Condition:
        found = prefixes(member[0] for member in members)
        if not found:
            return AnyOf(())
        if any(prefix.version != version for prefix in found):
            raise NotReadError("an address of the other IP version")
        if side == "saddr":
            return Match(version=version, sources=found)
        return Match(version=version, destinations=found)

    return build


def _numbers(members: Members, read: Callable[[str], int], last: int) -> tuple[int, ...]:
    found: list[int] = []
    for low, high in spans_of(members, read):
        if high > last:
            raise NotReadError(f"{high} is above {last}")
        found.extend(range(low, high + 1))
    return tuple(found)


def _dscp(version: int) -> Builder:
    def build(members: Members) -> Condition:
        points = tuple(CodePoint(point) for point in _numbers(members, code_point, 63))
        return Match(version=version, code_points=points) if points else AnyOf(())

    return build


def _ecn(version: int) -> Builder:
    def build(members: Members) -> Condition:
        values = _numbers(members, _ecn_number, 3)
        return Match(version=version, tos=tuple((value, 3) for value in values))

    return build


def _ecn_number(word: str) -> int:
    return _ECN[word] if word in _ECN else number(word)


def _protocols(base: Match) -> Builder:
    def build(members: Members) -> Condition:
        found = _numbers(members, protocol_number, 255)
        if not found:
            return AnyOf(())
        return conjunction((base, Match(protocols=found)))

    return build


def _version(names: dict[str, int]) -> Builder:
    def build(members: Members) -> Condition:
        found = {names.get(member[0].low.lower(), 0) for member in members} - {0}
        return AnyOf(tuple(Match(version=version) for version in sorted(found)))

    return build


def _interface(tag: str) -> Builder:
    def build(members: Members) -> Condition:
        names = tuple(member[0].low for member in members)
        plain = tuple(name for name in names if not name.endswith("*") or name.endswith("\\*"))
        wild: list[Condition] = [Predicate(f"{tag} {n}") for n in names if n not in plain]
        here = Tagged(tag, tuple(name.replace("\\*", "*") for name in plain))
        return AnyOf((here, *wild)) if wild else here

    return build


def _tag(tag: str, read: Callable[[str], int]) -> Builder:
    def build(members: Members) -> Condition:
        if any(member[0].low != member[0].high for member in members):
            raise NotReadError(f"a range of {tag}")
        values = tuple(read(member[0].low) for member in members)
        # Source: a packet starts without marks, that is 0.
        return AnyOf(tuple(Tagged(tag, (value,), 0xFFFFFFFF) for value in values))

    return build


def _fact(field: tuple[str, str], implied: Match | None) -> Builder:
    """A fact that no header of ours shows: both answers are considered for every packet."""

    def build(members: Members) -> Condition:
        values = ", ".join(" . ".join(str(span) for span in member) for member in members)
        fact = Predicate(f"{' '.join(field)} {values}")
        return conjunction((implied, fact)) if implied is not None else fact

    return build


_IMPLIED: Final[dict[str, Match]] = {
    "ip": Match(version=4),
    "ip6": Match(version=6),
    "th": Match(fragment=False),
    "icmp": Match(version=4, protocols=(1,), fragment=False),
    "icmpv6": Match(version=6, protocols=(58,), fragment=False),
    "igmp": Match(version=4, protocols=(2,), fragment=False),
    "esp": Match(protocols=(50,), fragment=False),
    "ah": Match(protocols=(51,), fragment=False),
    "comp": Match(protocols=(108,), fragment=False),
    **dict.fromkeys(("frag", "dst", "hbh", "mh", "srh"), Match(version=6)),
    **{name: Match(protocols=numbers, fragment=False) for name, numbers in _TRANSPORT.items()},
}
_BUILDERS: Final[dict[tuple[str, str], Builder]] = {
    ("ip", "saddr"): _addresses(4, "saddr"),
    ("ip", "daddr"): _addresses(4, "daddr"),
    ("ip6", "saddr"): _addresses(6, "saddr"),
    ("ip6", "daddr"): _addresses(6, "daddr"),
    ("ip", "dscp"): _dscp(4),
    ("ip6", "dscp"): _dscp(6),
    ("ip", "ecn"): _ecn(4),
    ("ip6", "ecn"): _ecn(6),
    ("ip", "protocol"): _protocols(Match(version=4)),
    # The first next header: a packet with a fragment header has another one there.
    ("ip6", "nexthdr"): _protocols(Match(version=6, fragment=False)),
    ("meta", "l4proto"): _protocols(Match()),
    ("meta", "nfproto"): _version(_NFPROTO),
    ("meta", "protocol"): _version(_ETHER_TYPE),
    ("meta", "iifname"): _interface("in_interface"),
    ("meta", "oifname"): _interface("out_interface"),
    ("meta", "iif"): _interface("in_interface"),
    ("meta", "oif"): _interface("out_interface"),
    ("meta", "mark"): _tag("mark", number),
    ("ct", "mark"): _tag("ct_mark", number),
    ("meta", "priority"): _tag("priority", class_id),
}
