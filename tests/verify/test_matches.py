"""What two matches say of each other by their fields alone is so of their packets."""

from __future__ import annotations

from hypothesis import given
from verify import randoms

from translator.codepoint import CodePoint
from translator.intents.match import Match, overlap, within
from translator.verify.conditions import packets_of
from translator.verify.diagram import NOTHING, Space

EF = Match(code_points=(CodePoint(46),))
AF11 = Match(code_points=(CodePoint(10),))
AF11_OR_BITS_OF_EF = Match(code_points=(CodePoint(10),), tos=((0xB8, 0xFC),))


@given(randoms.matches, randoms.matches)
def test_matches_that_do_not_overlap_share_no_packet(one, other):
    space = Space()
    shared = space.intersection(packets_of(one, space), packets_of(other, space))
    assert overlap(one, other) or shared == NOTHING


@given(randoms.matches, randoms.matches)
def test_a_match_within_another_has_no_packet_beyond_it(inner, outer):
    space = Space()
    beyond = space.difference(packets_of(inner, space), packets_of(outer, space))
    assert not within(inner, outer) or beyond == NOTHING


def test_bits_of_the_byte_are_marks_like_code_points():
    assert overlap(EF, AF11_OR_BITS_OF_EF)
    assert not within(AF11_OR_BITS_OF_EF, AF11)
    assert within(AF11, AF11_OR_BITS_OF_EF)
    assert within(AF11_OR_BITS_OF_EF, AF11_OR_BITS_OF_EF)
