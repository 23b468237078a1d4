"""A condition made shorter holds for the very same packets."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verify import randoms

from tests.support.values import replace
from translator.codepoint import CodePoint
from translator.intents.condition import (
    AccessList,
    AllOf,
    AnyOf,
    Entry,
    Not,
    Predicate,
    conditions_in,
)
from translator.intents.match import Match
from translator.ports import PortRange
from translator.verify.conditions import packets_of
from translator.verify.diagram import Space
from translator.verify.shorter import shorter
from translator.verify.treatment import State

AUDIO, VIDEO = PortRange(20000, 20039), PortRange(20040, 20079)
HERE, THERE = (ip_network("10.1.0.0/16"),), (ip_network("10.2.0.0/16"),)
UNREAD = Predicate("non-initial fragments meet an entry with ports", unread=True)
UDP = Match(protocols=(17,), source_ports=(AUDIO,))

_WRAPS = (
    lambda match: match,
    lambda match: AllOf((match, UNREAD)),
    lambda match: AllOf((match,)),
    lambda match: AnyOf((match, AllOf((match, UNREAD)))),
    lambda match: AccessList((Entry(True, match, 7),)),
    lambda match: AccessList((Entry(False, match, 7), Entry(True, UNREAD))),
)


@st.composite
def _lists(draw):
    """Lists of matches that differ from a common one in one field."""
    common = draw(randoms.matches)
    entries = []
    for line in range(draw(st.integers(1, 5))):
        field, other = draw(st.sampled_from(Match.__struct_fields__)), draw(randoms.matches)
        match = replace(common, **{field: getattr(other, field)})
        permit = draw(st.sampled_from([True, True, False]))
        entries.append(Entry(permit, draw(st.sampled_from(_WRAPS))(match), line))
    return AccessList(tuple(entries))


_states = st.sampled_from([State(), State(keep=3, value=184), State(tags=(("mark", 1),))])


@settings(max_examples=300)
@given(st.one_of(_lists(), _lists(), randoms.conditions), _states)
def test_no_packet_is_lost_or_won(condition, state):
    space = Space()
    made = shorter(condition)
    assert packets_of(made, space, state) == packets_of(condition, space, state)
    assert all(
        entry.line is None
        for part in conditions_in(made)
        if isinstance(part, AccessList)
        for entry in part.entries
    )


def permits(*conditions):
    return AccessList(tuple(Entry(True, item, line) for line, item in enumerate(conditions, 1)))


def test_lists_of_both_ip_versions_and_both_protocols_are_one_match_beside_its_fragments():
    def entry(version, protocol):
        match = Match(version, (protocol,), source_ports=(AUDIO,), fragment=False)
        later = Match(version, (protocol,), fragment=True)
        return AnyOf((match, AllOf((later, UNREAD))))

    lists = [permits(entry(version, 6), entry(version, 17)) for version in (4, 6)]
    assert shorter(permits(*lists)) == AnyOf(
        (
            Match(protocols=(6, 17), source_ports=(AUDIO,), fragment=False),
            AllOf((Match(protocols=(6, 17), fragment=True), UNREAD)),
        )
    )


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("protocols", (6,), (17,)),
        ("sources", HERE, THERE),
        ("destinations", HERE, THERE),
        ("source_ports", (AUDIO,), (VIDEO,)),
        ("destination_ports", (AUDIO,), (VIDEO,)),
        ("code_points", (CodePoint(46),), (CodePoint(34),)),
        ("tos", ((184, 252),), ((136, 252),)),
    ],
)
def test_values_of_one_field_are_joined(field, one, other):
    first, second = (replace(UDP, **{field: value}) for value in (one, other))
    assert shorter(AnyOf((first, second))) == replace(UDP, **{field: one + other})


@pytest.mark.parametrize(
    "other",
    [
        Match(protocols=(6,), source_ports=(VIDEO,)),  # two fields
        Match(protocols=(17,)),  # free of ports, which no list of ports is
        replace(UDP, fragment=False),
    ],
)
def test_what_no_match_can_say_stays_apart(other):
    choice = AnyOf((UDP, other))
    assert shorter(choice) == choice


def test_both_ip_versions_are_any():
    choice = AnyOf(tuple(replace(UDP, version=version, sources=HERE) for version in (4, 6)))
    assert shorter(choice) == replace(UDP, sources=HERE)


def test_only_entries_that_stand_side_by_side_are_joined_where_some_are_denied():
    audio, video = (replace(UDP, source_ports=(ports,)) for ports in (AUDIO, VIDEO))
    mixed = AccessList((Entry(True, audio), Entry(False, video), Entry(True, video)))
    assert shorter(mixed) == mixed
    denied = AccessList((Entry(False, audio, 1), Entry(False, video, 2), Entry(True, Match(), 3)))
    both = replace(UDP, source_ports=(AUDIO, VIDEO))
    assert shorter(Not(denied)) == Not(AccessList((Entry(False, both), Entry(True, Match()))))


def test_a_long_list_stays_one_that_is_worked_out_once():
    matches = [Match(protocols=(n,), source_ports=(PortRange(n, n),)) for n in range(17)]
    assert isinstance(shorter(permits(*matches)), AccessList)
    assert isinstance(shorter(permits(*matches[:16])), AnyOf)
