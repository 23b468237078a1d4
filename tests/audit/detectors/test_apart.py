"""What is told without diagrams must be so in the diagrams."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from verify import randoms

from translator.audit.detectors.apart import all_apart
from translator.audit.detectors.moved import may_write
from translator.codepoint import CodePoint
from translator.intents.condition import AccessList, AllOf, AnyOf, Entry, Not, Predicate
from translator.intents.match import Match, prefix_of
from translator.ports import PortRange
from translator.verify.conditions import packets_of
from translator.verify.diagram import EVERYTHING, NOTHING, Space
from translator.verify.trace import trace

WHOLE = Match(fragment=False)
LATER = Match(fragment=True)


def _port(number: int) -> Match:
    return Match(protocols=(6,), destination_ports=(PortRange(number, number),), fragment=False)


def _or_fragment(match: Match) -> AnyOf:
    """The port, or a fragment that may have it: so access lists are read."""
    return AnyOf((match, AllOf((LATER, Predicate("fragments", unread=True)))))


def _list(*entries: object) -> AccessList:
    return AccessList(tuple(Entry(True, item) for item in entries))


SITE = Match(destinations=(prefix_of("10.1.0.0/16"),))
OTHER_SITE = Match(destinations=(prefix_of("10.2.0.0/16"),))
EF = Match(code_points=(CodePoint(46),))
EF_BITS = Match(code_points=(CodePoint(10),), tos=((0xB8, 0xFC),))


@pytest.mark.parametrize(
    ("conditions", "domain"),
    [
        ([_port(80), _port(443)], None),
        ([SITE, OTHER_SITE], None),
        ([_list(_port(80), _port(81)), _list(_port(82))], None),
        ([AllOf((Not(SITE), _port(80))), _port(81)], None),
        ([_or_fragment(_port(80)), _or_fragment(_port(81))], WHOLE),
        ([_or_fragment(_port(80)), _or_fragment(_port(81))], AllOf((SITE, WHOLE))),
        ([_port(80), AnyOf(())], None),
    ],
)
def test_conditions_apart(conditions, domain):
    assert all_apart(conditions, domain)


@pytest.mark.parametrize(
    ("conditions", "domain"),
    [
        ([_port(80), SITE], None),
        ([_or_fragment(_port(80)), _or_fragment(_port(81))], None),
        ([_list(_port(80), _port(81)), _list(_port(81))], None),
        ([Not(SITE), SITE], None),  # it is so, but not told by the fields
        ([EF, EF_BITS], None),
        ([_port(number) for number in range(100)], None),  # so many are not looked at
    ],
)
def test_conditions_in_doubt(conditions, domain):
    assert not all_apart(conditions, domain)


@given(
    st.lists(randoms.conditions, min_size=2, max_size=3),
    st.sampled_from([None, WHOLE, AllOf((SITE, WHOLE))]),
)
def test_conditions_apart_share_no_packet(conditions, domain):
    if not all_apart(conditions, domain):
        return
    space = Space()
    scope = EVERYTHING if domain is None else packets_of(domain, space)
    nodes = [space.intersection(packets_of(item, space), scope) for item in conditions]
    for one, other in combinations(nodes, 2):
        assert space.intersection(one, other) == NOTHING


@given(st.lists(randoms.stages, max_size=2), randoms.packets)
def test_whatever_a_packet_without_a_mark_gets_may_be_written(stages, packet):
    if packet.tos >> 2:
        return
    seen = trace(stages, packet, {"in_interface": "a", "out_interface": "b"})
    assert may_write(stages, seen.code_point)
