"""Random conditions, rules and packets that overlap often: small pools of values, many meetings."""

from __future__ import annotations

import random
from ipaddress import ip_address

from hypothesis import strategies as st

from translator.codepoint import CodePoint
from translator.intents.condition import (
    AccessList,
    AllOf,
    AnyOf,
    Condition,
    Entry,
    Not,
    Predicate,
    Tagged,
)
from translator.intents.match import ANY, Match, prefix_of
from translator.intents.pipeline import (
    Assign,
    Drop,
    Flow,
    Police,
    Rule,
    Service,
    SetTag,
    SetTos,
    Stage,
    Unclear,
    set_code_point,
)
from translator.ports import PortRange
from translator.verify.packet import Packet

PREFIXES = [
    prefix_of(text)
    for text in (
        "0.0.0.0/0",
        "10.0.0.0/8",
        "10.1.0.0/16",
        "255.255.255.255/32",
        "128.0.0.0/1",
        "::/0",
        "2001:db8::/32",
        "2001:db8::1/128",
        "::/96",
    )
]
PORTS = [0, 1, 79, 80, 81, 5060, 5061, 50019, 50020, 65534, 65535]
ADDRESSES = [
    ip_address(text)
    for text in (
        "0.0.0.0",
        "10.0.0.1",
        "10.1.255.255",
        "10.2.0.0",
        "127.255.255.255",
        "255.255.255.255",
        "::",
        "::1:0",
        "2001:db8::",
        "2001:db8::1",
        "ffff::",
    )
]
CODE_POINTS = [CodePoint(number) for number in (0, 10, 24, 34, 40, 46, 63)]
NAMES = ["nbar rtp", "vlan 10", "established"]
TAGS = ["mark", "group"]


def _some(values: list) -> st.SearchStrategy:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


port_ranges = st.tuples(st.sampled_from(PORTS), st.sampled_from(PORTS)).map(
    lambda pair: PortRange(min(pair), max(pair))
)
bytes_ = st.integers(0, 255)
matches = st.builds(
    Match,
    version=st.sampled_from([None, None, 4, 6]),
    protocols=_some([6, 17, 1]),
    sources=_some(PREFIXES),
    destinations=_some(PREFIXES),
    source_ports=st.lists(port_ranges, max_size=2).map(tuple),
    destination_ports=st.lists(port_ranges, max_size=1).map(tuple),
    code_points=_some(CODE_POINTS),
    tos=st.lists(st.tuples(bytes_, bytes_), max_size=1).map(tuple),
    fragment=st.sampled_from([None, None, None, True, False]),
)
tagged = st.one_of(
    st.builds(
        Tagged,
        st.sampled_from(TAGS),
        st.lists(st.sampled_from([None, 0, 1, 2, 3, "ef"]), max_size=3).map(tuple),
    ),
    st.builds(
        Tagged,
        st.sampled_from(TAGS),
        st.lists(st.integers(0, 3), max_size=2).map(tuple),
        st.integers(0, 3),
    ),
    st.builds(
        Tagged,
        st.sampled_from(["in_interface", "out_interface"]),
        st.lists(st.sampled_from(["a", "b", None, 0]), max_size=2).map(tuple),
        st.sampled_from([None, None, 1]),
    ),
)
predicates = st.sampled_from([Predicate(name) for name in NAMES])


def _composed(inner: st.SearchStrategy) -> st.SearchStrategy:
    parts = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(AllOf, parts),
        st.builds(AnyOf, parts),
        st.builds(Not, inner),
        st.builds(
            AccessList, st.lists(st.builds(Entry, st.booleans(), inner), max_size=3).map(tuple)
        ),
    )


conditions: st.SearchStrategy[Condition] = st.recursive(
    st.one_of(matches, matches, tagged, predicates), _composed, max_leaves=4
)
set_tos = bytes_.flatmap(lambda mask: bytes_.map(lambda value: SetTos(value & mask, mask)))
actions = st.one_of(
    st.sampled_from(CODE_POINTS).map(set_code_point),
    set_tos,
    st.builds(SetTag, st.sampled_from(TAGS), st.integers(0, 3)),
    st.builds(SetTag, st.sampled_from(TAGS), st.integers(0, 3), st.integers(0, 3)),
    st.builds(SetTag, st.sampled_from(TAGS), st.just("ef")),
    st.builds(Assign, st.sampled_from(["x", "y"]), st.sampled_from([None, *Service])),
    st.builds(Police, st.sampled_from([None, 64000, 128000])),
    st.just(Drop()),
    st.builds(Unclear, st.sampled_from(["line 7", "line 9"])),
)


def _rules(bodies: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(
        st.builds(
            Rule,
            conditions,
            st.lists(actions, max_size=2).map(tuple),
            st.sampled_from(list(Flow)),
            bodies,
        ),
        max_size=4,
    ).map(tuple)


# What every class of a policy does, as rules of its own: no condition, on to the next.
_plain = st.builds(Rule, st.just(ANY), st.lists(actions, max_size=2).map(tuple), st.just(Flow.NEXT))
_bodies = st.one_of(
    st.just(()), _rules(st.just(())), st.lists(_plain, min_size=1, max_size=10).map(tuple)
)
stages = st.builds(Stage, st.just("stage"), _rules(_bodies))


def _packet(*parts) -> Packet:
    protocol, source, destination, source_port, destination_port, tos, fragment, names = parts
    if destination.version != source.version:
        destination = source
    if fragment:
        source_port = destination_port = 0
    return Packet(
        source.version,
        protocol,
        source,
        destination,
        source_port,
        destination_port,
        tos,
        fragment,
        tuple(names),
    )


packets = st.builds(
    _packet,
    st.sampled_from([0, 1, 6, 17, 255]),
    st.sampled_from(ADDRESSES),
    st.sampled_from(ADDRESSES),
    st.sampled_from(PORTS),
    st.sampled_from(PORTS),
    bytes_,
    st.booleans(),
    st.lists(st.sampled_from(NAMES), unique=True, max_size=2),
)


def random_match(draw: random.Random, *, plan_like: bool) -> Match:
    """Return a match such as a plan makes (protocol and ports), or one of any fields."""
    low = draw.choice([5060, 5061, 20000, 20020, 20039, 50000, 50020, 50039])
    ports = PortRange(low, min(65535, low + draw.choice([0, 19, 39])))
    if plan_like:
        side = draw.choice(["source_ports", "destination_ports"])
        return Match(protocols=draw.choice([(17,), (6,), (6, 17)]), **{side: (ports,)})
    return Match(
        version=draw.choice([None, None, 4, 6]),
        protocols=draw.choice([(), (17,), (6, 17)]),
        sources=draw.choice([(), (draw.choice(PREFIXES),)]),
        destinations=draw.choice([(), (draw.choice(PREFIXES),)]),
        source_ports=draw.choice([(), (ports,)]),
        destination_ports=draw.choice([(), (PortRange(0, draw.choice(PORTS)),)]),
        code_points=draw.choice([(), (), (draw.choice(CODE_POINTS),)]),
        tos=draw.choice([(), (), ((draw.randrange(256), draw.randrange(256)),)]),
        fragment=draw.choice([None, None, None, False, True]),
    )
