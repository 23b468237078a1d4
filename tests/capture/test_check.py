"""Which row a packet falls under, in which direction, and whether its mark is right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from capture.reading import BOUND, PLAIN, checked
from capture.writer import (
    Sent,
    conversation,
    dtls,
    ethernet,
    fragments,
    pcap,
    rtcp,
    rtp,
    stun,
    turn,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.capture.expectation import Expectation
from translator.capture.meter import Judgement, Meter
from translator.capture.model import Verdict
from translator.capture.record import Interface
from translator.errors import PlanError
from translator.intents.match import prefix_of
from translator.plan.load import load_plan

CALL = Sent()
BACK = Sent("10.2.2.2", 50000, "10.1.1.10", 20001, 0)
SIX = Sent("2001:db8:1::10", destination="2001:db8:2::2")


def rule(found, row):
    (only,) = [item for item in found.rules if row in item.rows]
    return only


def test_rows_that_only_programs_tell_apart_are_one(tmp_path):
    found = checked(tmp_path / "c", pcap([ethernet(CALL.ip())]))
    audio = rule(found, "A12")
    assert audio.rows == ("A10", "A12", "A14", "A15", "C01", "C03", "C07", "C08")
    assert (audio.name, audio.wanted, audio.sent.packets, audio.sent.right) == ("audio", 46, 1, 1)
    assert found.exit_code() == 0


def test_answers_are_counted_apart_and_not_judged(tmp_path):
    found = checked(tmp_path / "c", pcap([ethernet(CALL.ip()), ethernet(BACK.ip())]))
    audio = rule(found, "A12")
    assert (audio.sent.packets, audio.returned.packets) == (1, 1)
    assert [(int(m.code_point), m.packets) for m in audio.returned.marks] == [(0, 1)]
    assert found.exit_code() == 0


def test_two_clients_that_call_each_other_both_send(tmp_path):
    other = replace(CALL, source="10.1.1.11", destination="10.1.1.10", destination_port=20001)
    found = checked(tmp_path / "c", pcap([ethernet(CALL.ip()), ethernet(other.ip())]))
    assert (rule(found, "A12").sent.packets, rule(found, "A12").returned.packets) == (2, 0)


def test_servers_send_their_own_rows_and_answer_those_of_clients(tmp_path):
    server = replace(BACK, tos=0xB8)
    found = checked(tmp_path / "c", pcap([ethernet(server.ip())]), BOUND)
    assert (rule(found, "A01").sent.right, rule(found, "A12").returned.packets) == (1, 0)


def test_wrong_marks_are_named_by_frame(tmp_path):
    frames = [CALL, replace(CALL, tos=0), SIX, replace(SIX, tos=0xA0), replace(CALL, tos=0xB9)]
    found = checked(tmp_path / "c", pcap([ethernet(item.ip(), 5) for item in frames]))
    audio = rule(found, "A12")
    assert [(m.place.frame, m.found, m.wanted, m.priorities) for m in audio.wrong] == [
        (2, 0, (46,), (5,)),
        (4, 40, (46,), (5,)),
    ]
    assert audio.wrong[1].packet == "udp [2001:db8:1::10]:20001 > [2001:db8:2::2]:50000 dscp 40"
    assert audio.sent.right == 3  # one of them with ECN bits
    assert (found.exit_code(), found.exit_code(max_wrong=2)) == (1, 0)


def test_only_the_first_wrong_packets_are_kept(tmp_path):
    frames = [ethernet(replace(CALL, tos=0, identity=number).ip()) for number in range(1000)]
    audio = rule(checked(tmp_path / "c", pcap(frames)), "A12")
    assert [mark.place.frame for mark in audio.wrong] == [1, 2, 3, 4, 5]
    assert audio.wrong_packets == 1000


PAYLOADS = {
    "rtp": rtp(114),
    "rtcp": rtcp(),
    "stun": stun(),
    "turn": turn(),
    "dtls": dtls(),
    "empty": b"",
    "other": b"GET / HTTP/1.1\r\n\r\n",
}


@pytest.mark.parametrize("kind", PAYLOADS)
def test_payloads_are_told_apart(tmp_path, kind):
    frames = [ethernet(replace(item, payload=PAYLOADS[kind]).ip()) for item in (CALL, CALL, SIX)]
    sent = rule(checked(tmp_path / "c", pcap(frames)), "A12").sent
    assert dict(sent.kinds) == {kind: 3}
    assert (sent.packets, sent.no_media) == ((0, 3) if kind == "other" else (3, 0))
    assert sent.payload_types == (((114, 3),) if kind == "rtp" else ())


LIKE = {
    "stun without a cookie, as long as it says": (stun(cookie=False), "stun"),
    "the same with another length": (stun(cookie=False) + b"abcd", "other"),
    "a binding answer": (stun(0x0101), "stun"),
    "allocate": (stun(0x0003), "turn"),
    "a data indication": (stun(0x0017), "turn"),
    "channel data": (b"\x40\x00\x00\x34" + rtp(), "turn"),
    "channel data of another length": (b"\x40\x00\x00\x10" + rtp(), "other"),
    "too short for rtp": (rtp()[:11], "other"),
    "too short for rtcp": (rtcp()[:7], "other"),
    "as short as rtcp may be": (rtcp()[:8], "rtcp"),
    "too short for stun": (stun()[:19], "other"),
    "a dns question": (b"\x12\x34\x01\x00\x00\x01" + bytes(20), "other"),
    "rtp of version 1": (b"\x60" + rtp()[1:], "other"),
}


@pytest.mark.parametrize("name", LIKE)
def test_what_looks_alike(tmp_path, name):
    payload, kind = LIKE[name]
    frames = [ethernet(replace(CALL, payload=payload).ip())] * 2
    assert dict(rule(checked(tmp_path / "c", pcap(frames)), "A12").sent.kinds) == {kind: 2}


def test_a_stranger_on_the_ports_is_neither_right_nor_wrong(tmp_path):
    strange = replace(CALL, payload=b"a file of another program", tos=0)
    found = checked(tmp_path / "c", pcap([ethernet(strange.ip()), ethernet(CALL.ip())]))
    audio = rule(found, "A12")
    assert (audio.sent.packets, audio.sent.no_media, audio.wrong) == (1, 1, ())
    assert found.exit_code() == 0


def test_padding_of_short_frames_is_no_payload(tmp_path):
    frames = [ethernet(replace(CALL, payload=payload).ip()) for payload in (b"", b"\x80")] * 2
    sent = rule(checked(tmp_path / "c", pcap(frames)), "A12").sent
    assert dict(sent.kinds) == {"empty": 2, "other": 2}


def test_tcp_is_counted_apart_and_tls_of_the_edge_is_seen(tmp_path):
    tls = b"\x17\x03\x03\x00\x20" + bytes(32)
    edge = Sent("10.2.2.130", 443, "10.1.1.10", 20005, 0xB8, 6, tls)
    packets = [edge, replace(edge, payload=b"more of it"), replace(edge, payload=b"")]
    client = Sent(protocol=6, payload=b"framed media", tos=0)
    found = checked(
        tmp_path / "c", pcap([ethernet(item.ip()) for item in (*packets, client, CALL)]), BOUND
    )
    edge_row = rule(found, "A03").sent
    assert dict(edge_row.kinds) == {"tls": 1, "tcp": 1, "empty": 1}
    assert (edge_row.packets, edge_row.tcp, edge_row.right) == (3, 3, 3)
    audio = rule(found, "A12")
    assert (audio.sent.packets, audio.sent.tcp, audio.wrong_packets) == (2, 1, 1)


@pytest.mark.parametrize("packet", [CALL, SIX], ids=["ipv4", "ipv6"])
def test_later_fragments_are_the_first_ones_row(tmp_path, packet):
    big = replace(packet, payload=rtp(size=100))
    first, later = fragments(big)
    others = fragments(replace(big, identity=8))
    found = checked(tmp_path / "c", pcap([ethernet(f) for f in (first, later, others[1])]))
    sent = rule(found, "A12").sent
    assert dict(sent.kinds) == {"rtp": 1, "later fragment": 1}
    assert [(item.reason, item.packets, item.first.frame) for item in found.unlooked] == [
        ("later fragment without its first", 1, 3)
    ]


def test_a_wrong_later_fragment_says_so(tmp_path):
    first, later = fragments(replace(CALL, payload=rtp(size=100)))
    later = later[:1] + b"\0" + later[2:]
    audio = rule(checked(tmp_path / "c", pcap([ethernet(first), ethernet(later)])), "A12")
    (mark,) = audio.wrong
    assert (mark.place.frame, mark.packet.endswith("(later fragment)")) == (2, True)


def test_fragments_that_nobody_ends_take_bounded_memory(tmp_path):
    firsts = [fragments(replace(CALL, payload=rtp(size=100), identity=n))[0] for n in range(9000)]
    last = fragments(replace(CALL, payload=rtp(size=100), identity=8999))[1]
    forgotten = fragments(replace(CALL, payload=rtp(size=100), identity=1))[1]
    frames = [ethernet(f) for f in (*firsts, last, forgotten)]
    found = checked(tmp_path / "c", pcap(frames))
    assert rule(found, "A12").sent.packets == 9001
    assert [item.packets for item in found.unlooked] == [1]


def test_options_and_extension_headers(tmp_path):
    hop_by_hop = (0, bytes(7))
    routing = (43, bytes([1]) + bytes(14))
    packets = [
        replace(CALL, options=bytes([1] * 8)),
        replace(SIX, extensions=(hop_by_hop,)),
        replace(SIX, extensions=(hop_by_hop, routing, (60, bytes(7)))),
    ]
    found = checked(tmp_path / "c", pcap([ethernet(item.ip()) for item in packets]))
    assert rule(found, "A12").sent.right == 3
    assert dict(rule(found, "A12").sent.kinds) == {"rtp": 3}


def test_clients_prefix_keeps_strangers_out_of_rows_of_clients(tmp_path):
    stranger = replace(CALL, source="10.9.9.9", tos=0)
    frames = pcap([ethernet(CALL.ip()), ethernet(stranger.ip())])
    plan = load_plan("lync-2013")
    limited = Expectation(plan, {}, (prefix_of("10.1.1.0/24"),))
    found = checked(tmp_path / "c", frames, limited)
    assert (rule(found, "A12").sent.packets, found.exit_code()) == (1, 0)
    assert sum(mark.packets for mark in found.others) == 1
    assert checked(tmp_path / "c", frames).exit_code() == 1


def test_a_capture_without_a_packet_of_the_plan_is_no_success(tmp_path):
    found = checked(tmp_path / "c", pcap([ethernet(replace(CALL, source_port=53).ip())]))
    assert (found.checked_packets, found.wrong_packets, found.exit_code()) == (0, 0, 1)


def test_rows_that_cannot_be_rendered_are_named_with_the_reason(tmp_path):
    found = checked(tmp_path / "c", pcap([]))
    assert any(text.startswith("row A05 is left out: the addresses") for text in found.refused)
    bound = checked(tmp_path / "c", pcap([]), BOUND)
    assert len(bound.refused) < len(found.refused)


def test_an_unknown_group_is_refused():
    with pytest.raises(PlanError, match="no address group"):
        Expectation(load_plan("lync-2013"), {"cleints": (prefix_of("10.0.0.0/8"),)})


class EveryPacket:
    """A judge that wants to see each packet, so that none is counted by its bytes alone."""

    every_packet = True

    def judge(self, header, data):
        return Judgement(Verdict.AS_CONFIGURED)


def totals(meter: Meter) -> object:
    found: dict[object, object] = {}
    for bucket in meter.buckets:
        group = bucket.group._replace(judgement=None)
        found[group] = [bucket.packets, dict(bucket.kinds or {})]
    return found, meter.unlooked, meter.wrong, meter.frames


def bytes_of_packets():
    """Frames that differ in one byte, and frames that were cut."""
    whole = st.sampled_from([*conversation(3, 12), ethernet(CALL.ip()), ethernet(SIX.ip(), 5)])
    damaged = st.tuples(whole, st.integers(0, 70), st.integers(0, 255), st.integers(0, 120))
    return damaged.map(lambda t: (t[0][: t[1]] + bytes([t[2]]) + t[0][t[1] + 1 :])[: t[3] or None])


@settings(max_examples=150)
@given(st.lists(st.one_of(st.sampled_from(conversation(3, 12)), bytes_of_packets()), max_size=30))
def test_counting_by_bytes_is_counting_packet_by_packet(frames):
    data = b"".join(frames * 2)
    where, at = [], 0
    for number, frame in enumerate(frames * 2, 1):
        where.append((number, Interface(1), data, at, at + len(frame), 0))
        at += len(frame)
    quick, slow = Meter(PLAIN), Meter(PLAIN, EveryPacket())
    quick.count("c", where)
    slow.count("c", where)
    assert totals(quick) == totals(slow)


@settings(max_examples=40)
@given(st.integers(0, 2**32))
def test_long_captures_count_alike_in_both_ways(seed):
    data = b"".join(frames := conversation(seed, 60))
    where, at = [], 0
    for number, frame in enumerate(frames, 1):
        where.append((number, Interface(1), data, at, at + len(frame), 0))
        at += len(frame)
    quick, slow = Meter(BOUND), Meter(BOUND, EveryPacket())
    quick.count("c", where)
    slow.count("c", where)
    assert totals(quick) == totals(slow)
