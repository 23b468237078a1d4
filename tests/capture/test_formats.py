"""One capture in every format: the same packets are found, whatever file they stand in."""

from __future__ import annotations

import gzip
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from capture.reading import checked
from capture.writer import (
    MAGICS,
    Sent,
    arp,
    conversation,
    ethernet,
    pcap,
    pcapng,
    raw_block,
)

from translator.capture.frames import Moment, Window
from translator.capture.model import CaptureCheck

FRAMES = conversation(seed=7, count=400)
RAW = [Sent(tos=0xB8).ip(), Sent("2001:db8:1::10", destination="2001:db8:2::2", tos=0).ip()]


def counted(found: CaptureCheck) -> object:
    """What must not depend on the format."""
    return found.rules, found.others, found.unlooked, found.frames


@pytest.fixture
def plain(tmp_path: Path) -> CaptureCheck:
    return checked(tmp_path / "c", pcap(FRAMES))


@pytest.mark.parametrize(("order", "ticks"), MAGICS)
def test_pcap_of_either_order_and_resolution(tmp_path, plain, order, ticks):
    assert counted(checked(tmp_path / "c", pcap(FRAMES, order=order, ticks=ticks))) == counted(
        plain
    )


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("block", ["enhanced", "simple", "old"])
@pytest.mark.parametrize("comment", [b"", b"\x1b[31mhello\n" * 9])
def test_pcapng_of_either_order_and_all_packet_blocks(tmp_path, plain, order, block, comment):
    data = pcapng([(0, f) for f in FRAMES], order=order, block=block, comment=comment)
    assert counted(checked(tmp_path / "c", data)) == counted(plain)


def test_sections_of_different_order_with_blocks_between_that_are_skipped(tmp_path, plain):
    half = len(FRAMES) // 2
    first = pcapng([(0, f) for f in FRAMES[:half]])
    between = raw_block("<", 4, bytes(40)) + raw_block("<", 0x0BAD, b"name\0")
    second = pcapng([(0, f) for f in FRAMES[half:]], order=">")
    assert counted(checked(tmp_path / "c", first + between + second)) == counted(plain)


def test_interfaces_of_different_link_types(tmp_path):
    frames = [(0, ethernet(RAW[0])), (1, RAW[0]), (2, cooked(RAW[1])), (1, RAW[1])]
    found = checked(tmp_path / "c", pcapng(frames, links=(1, 101, 113)))
    assert [mark.packets for mark in audio(found).sent.marks] == [2, 2]


def test_gzip_and_several_members(tmp_path, plain):
    data = pcap(FRAMES)
    packed = gzip.compress(data[:5000]) + gzip.compress(data[5000:])
    assert counted(checked(tmp_path / "c", packed)) == counted(plain)


def cooked(packet: bytes) -> bytes:
    kind = b"\x86\xdd" if packet[0] >> 4 == 6 else b"\x08\x00"
    return b"\0\0\0\1\0\6" + bytes(8) + kind + packet


def cooked_2(packet: bytes) -> bytes:
    kind = b"\x86\xdd" if packet[0] >> 4 == 6 else b"\x08\x00"
    return kind + bytes(18) + packet


def loopback(order: str, six: int):
    def wrap(packet: bytes) -> bytes:
        family = six if packet[0] >> 4 == 6 else 2
        return family.to_bytes(4, order) + packet

    return wrap


def ppp(packet: bytes) -> bytes:
    return b"\xff\x03\x00" + (b"\x57" if packet[0] >> 4 == 6 else b"\x21") + packet


def pppoe(packet: bytes) -> bytes:
    inner = ppp(packet)[2:]
    return ethernet(b"\x11\0\0\1" + len(inner).to_bytes(2, "big") + inner, kind=0x8864)


LINKS = {
    "raw": (101, bytes),
    "raw of BSD": (12, bytes),
    "ipv4 and ipv6 alone": (228, bytes),
    "cooked": (113, cooked),
    "cooked, second version": (276, cooked_2),
    "null of a little-endian host": (0, loopback("little", 30)),
    "null of a big-endian host": (0, loopback("big", 24)),
    "loop": (108, loopback("big", 28)),
    "ppp": (9, ppp),
    "ppp without address and control": (9, lambda packet: ppp(packet)[2:]),
    "ppp, compressed protocol": (9, lambda packet: b"\xff\x03" + ppp(packet)[3:]),
    "vlan": (1, lambda packet: ethernet(packet, 5)),
    "priority tag": (1, lambda packet: ethernet(packet, 13)),
    "qinq": (1, lambda packet: ethernet(packet, 5, 3, outer=0x88A8)),
    "three tags": (1, lambda packet: ethernet(packet, 5, 3, 2, outer=0x9100)),
    "mpls": (1, lambda packet: ethernet(b"\0\0\x10\x40\0\0\x21\x40" + packet, kind=0x8847)),
    "snap": (1, lambda packet: ethernet(b"\xaa\xaa\x03\0\0\0" + cooked(packet)[14:], kind=100)),
    "pppoe": (1, pppoe),
}


def audio(found: CaptureCheck):
    (rule,) = [rule for rule in found.rules if "A12" in rule.rows]
    return rule


@pytest.mark.parametrize("name", LINKS)
def test_link_types(tmp_path, name):
    link, wrap = LINKS[name]
    found = checked(tmp_path / "c", pcap([wrap(packet) for packet in RAW] * 2, link=link))
    sent = audio(found).sent
    assert (sent.packets, sent.right, dict(sent.kinds)) == (4, 2, {"rtp": 4})
    assert found.unlooked == ()
    assert found.exit_code() == 1


def test_vlan_priorities_stand_beside_the_code_point(tmp_path):
    frames = [ethernet(RAW[0], *tags) for tags in ((), (5,), (5,), (5, 3), (0,))]
    marks = audio(checked(tmp_path / "c", pcap(frames))).sent.marks
    assert [(int(m.code_point), m.priorities, m.packets) for m in marks] == [
        (46, (5,), 2),
        (46, (), 1),
        (46, (0,), 1),
        (46, (5, 3), 1),
    ]


UNLOOKED = {
    "ARP": arp(),
    "LLDP": ethernet(bytes(60), kind=0x88CC),
    "EtherType 0x4242": ethernet(bytes(60), kind=0x4242),
    "LLC (spanning tree and others)": ethernet(bytes(60), kind=38),
    "cut within the link header": bytes(9),
    "cut within a VLAN tag": ethernet(RAW[0], 5)[:16],
    "cut before the IP header": ethernet(RAW[0])[:14],
    "cut within the IP header": ethernet(RAW[0])[:30],
    "cut before the ports": ethernet(RAW[0])[:36],
    "IP version 7": ethernet(b"\x75" + RAW[0][1:], kind=0x0800),
    "IPv4 header with wrong lengths": ethernet(b"\x43" + RAW[0][1:]),
    "too short for ports": ethernet(Sent(protocol=6).around(b"ab")),
    "GRE": ethernet(Sent(protocol=47).around(bytes(40))),
    "IP in IP": ethernet(Sent(protocol=4).around(RAW[0])),
    "ESP": ethernet(Sent(protocol=50).around(bytes(40))),
    "AH": ethernet(Sent(protocol=51).around(bytes(40))),
    "MPLS with something else than IP": ethernet(b"\0\0\x11\x40\0\0\0\0", kind=0x8847),
    "cut within MPLS labels": ethernet(b"\0\0\x10\x40" * 12, kind=0x8847)[:26],
    "PPP protocol 0xc021": ethernet(b"\x11\0\0\1\0\x20\xc0\x21", kind=0x8864),
    "cut within the extension headers": ethernet(
        replace(Sent("2001:db8::1", destination="2001:db8::2"), extensions=((0, bytes(7)),)).ip()
    )[:58],
}


@pytest.mark.parametrize("reason", UNLOOKED)
def test_what_is_not_understood_is_counted_by_reason(tmp_path, reason):
    found = checked(tmp_path / "c", pcap([ethernet(RAW[0]), UNLOOKED[reason], UNLOOKED[reason]]))
    (item,) = found.unlooked
    shown = "IP version 7 where the link says 4" if reason == "IP version 7" else reason
    assert (item.reason, item.packets, item.first.frame) == (shown, 2, 2)
    assert audio(found).sent.packets == 1


def test_an_unknown_link_type_is_a_reason(tmp_path):
    found = checked(tmp_path / "c", pcap([RAW[0]], link=105))
    assert [item.reason for item in found.unlooked] == ["link type 105"]
    assert found.exit_code() == 1


@pytest.mark.parametrize("snap", [54, 60, 64, 68, 96])
def test_frames_that_were_cut(tmp_path, snap):
    whole = checked(tmp_path / "c", pcap(FRAMES))
    cut = checked(tmp_path / "c", pcap(FRAMES, snap=snap))
    simple = checked(tmp_path / "c", pcapng([(0, f) for f in FRAMES], snap=snap, block="simple"))
    assert counted(cut) == counted(simple)
    lost = sum(item.packets for item in cut.unlooked if item.reason.startswith("cut"))
    kept = sum(rule.sent.packets + rule.sent.no_media for rule in cut.rules)
    assert (
        kept <= sum(rule.sent.packets + rule.sent.no_media for rule in whole.rules) <= kept + lost
    )


WINDOWS = {
    "all": (Window(), range(1, 51)),
    "by number": (Window(first=10, last=19), range(10, 20)),
    "open at the end": (Window(first=45), range(45, 51)),
    "seconds since the first": (
        Window(first_time=Moment(100_000_000, relative=True)),
        range(6, 51),
    ),
    "a time": (Window(last_time=Moment(1_700_000_000_100_000_000)), range(1, 7)),
}


@pytest.mark.parametrize("name", WINDOWS)
def test_windows(tmp_path, name):
    window, frames = WINDOWS[name]
    packets = [ethernet(replace(Sent(), tos=0).ip()) for _ in range(50)]
    for data in (pcap(packets), pcapng([(0, f) for f in packets])):
        found = checked(tmp_path / "c", data, window=window)
        assert audio(found).sent.packets == found.frames == len(frames)
        assert audio(found).wrong[0].place.frame == frames[0]


def test_time_stamps_of_another_resolution(tmp_path):
    """2**-20 s: ticks that were written as microseconds are then a little shorter."""
    packets = [(0, ethernet(RAW[0]))] * 50
    data = pcapng(packets, resolution=0x80 | 20)
    window = Window(last_time=Moment(96_000_000, relative=True))
    assert checked(tmp_path / "c", data, window=window).frames == 6


def test_stdin_is_read_as_it_comes(tmp_path):
    program = "import sys; from translator.cli.main import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, "capture", "check", "-", "--format", "csv"],
        input=gzip.compress(pcap(FRAMES)),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith(b"rows,class,direction")
