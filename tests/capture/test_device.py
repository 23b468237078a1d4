"""Packets behind a device against what its configuration does, with a capture before or not."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from capture.reading import BINDINGS, PLAIN, checked
from capture.writer import Sent, arp, conversation, ethernet, fragments, pcap, rtp

from translator.capture.device import Against, packets_before
from translator.capture.model import Verdict
from translator.drivers.registry import driver
from translator.errors import CaptureError, UsageError
from translator.intents.compile import InterfaceSpec, compile_intents
from translator.intents.lower import lower
from translator.intents.match import prefix_of
from translator.plan.load import load_plan
from translator.verify.packet import Packet
from translator.verify.passage import Passage, passage_of
from translator.verify.trace import trace

IOS = driver("cisco_ios")
SPECS = [InterfaceSpec.of("GigabitEthernet0/1=client"), InterfaceSpec.of("GigabitEthernet0/0=wan")]
WANTED = compile_intents(load_plan("lync-2013"), "r1", SPECS, BINDINGS)
CONFIG = IOS.render(lower(WANTED, IOS.capabilities)).config
PASSAGE = passage_of(IOS.parse(CONFIG), "Gi0/1", "Gi0/0")
CALL = Sent(tos=0)


def behind(sent: Sent, passage: Passage = PASSAGE) -> Sent:
    """The packet as the device lets it go."""
    packet = Packet.of(
        f"{'udp' if sent.protocol == 17 else 'tcp'} {sent.source}:{sent.source_port} > "
        f"{sent.destination}:{sent.destination_port} tos {sent.tos}"
    )
    return replace(sent, tos=trace(passage.stages, packet, passage.names).tos)


def found(tmp_path, packets, before=None, passage=PASSAGE, sources=()):
    came = None
    if before is not None:
        (tmp_path / "before").write_bytes(pcap([ethernet(item.ip(), 3) for item in before]))
        came = packets_before(str(tmp_path / "before"), sources=sources)
    against = Against.of("r1.conf", passage, came, sources)
    frames = pcap([ethernet(item.ip()) for item in packets])
    return checked(tmp_path / "c", frames, PLAIN, against=against)


OTHER = Sent(source_port=3000, tos=0x28)


def test_what_the_device_marks_is_as_configured(tmp_path):
    assert behind(CALL).tos == 0xB8
    report = found(tmp_path, [behind(CALL), behind(OTHER)])
    assert report.device.packets == ((Verdict.AS_CONFIGURED, 2),)
    assert "any code point" in report.device.assumptions[0]
    assert report.exit_code() == 0


def test_what_it_never_makes_of_a_packet_is_otherwise(tmp_path):
    report = found(tmp_path, [replace(CALL, tos=0), replace(OTHER, tos=0xB8)])
    assert report.device.packets == ((Verdict.OTHERWISE, 2),)
    first, second = report.device.wrong
    assert (first.place.frame, first.found, first.wanted) == (1, 0, (46,))
    assert first.lines
    assert second.place.frame == 2
    assert 46 not in second.wanted
    assert report.exit_code() == 1


def test_the_code_point_that_came_in_decides_where_it_was_captured(tmp_path):
    """5 is nothing that the device resets, so it may have been there before; here it was not."""
    kept = replace(OTHER, tos=5 << 2)
    assert found(tmp_path, [kept]).device.packets == ((Verdict.AS_CONFIGURED, 1),)
    report = found(tmp_path, [kept], before=[replace(OTHER, tos=0)])
    assert report.device.packets == ((Verdict.OTHERWISE, 1),)
    assert report.device.wrong[0].wanted == (0,)
    assert found(tmp_path, [kept], before=[kept]).device.packets == ((Verdict.AS_CONFIGURED, 1),)


def test_many_equal_packets_are_paired_quickly(tmp_path):
    report = found(tmp_path, [behind(OTHER)] * 3000, before=[OTHER] * 3001)
    assert report.device.packets == ((Verdict.AS_CONFIGURED, 3000),)
    assert report.device.left_over == 1


def test_packets_are_paired_by_what_they_carry(tmp_path):
    before = [replace(CALL, identity=n, payload=rtp(sequence=n)) for n in range(20)]
    before += [replace(CALL, protocol=6, identity=n, payload=b"x%d" % n) for n in range(5)]
    after = [behind(item) for item in before[3:]]
    report = found(tmp_path, [*after, behind(replace(CALL, identity=99))], before=before)
    assert report.device.packets == ((Verdict.AS_CONFIGURED, 22), (Verdict.UNPAIRED, 1))
    assert report.device.left_over == 3


def test_equal_packets_are_paired_in_order(tmp_path):
    before = [replace(OTHER, tos=0), replace(OTHER, tos=40)]
    right = found(tmp_path, [behind(item) for item in before], before=before)
    assert right.device.packets == ((Verdict.AS_CONFIGURED, 2),)
    assert found(tmp_path, [behind(CALL)] * 2, before=[CALL]).device.packets == (
        (Verdict.AS_CONFIGURED, 1),
        (Verdict.UNPAIRED, 1),
    )


def test_nothing_that_was_seen_before_is_no_success(tmp_path):
    report = found(tmp_path, [behind(CALL)], before=[OTHER])
    assert report.device.packets == ((Verdict.UNPAIRED, 1),)
    assert report.exit_code() == 1


@pytest.mark.parametrize("paired", [False, True])
def test_packets_of_the_other_direction_are_left_alone(tmp_path, paired):
    back = Sent("10.2.2.2", 50000, "10.1.1.10", 20001, 0xB8)
    here = (prefix_of("10.1.1.0/24"), prefix_of("2001:db8:1::/64"))
    before = [CALL, back] if paired else None
    report = found(tmp_path, [behind(CALL), back], before=before, sources=here)
    assert report.device.packets == ((Verdict.AS_CONFIGURED, 1), (Verdict.ANOTHER_WAY, 1))
    assert report.device.left_over == (0 if paired else None)
    assert report.exit_code() == 0
    assert found(tmp_path, [behind(CALL), back], before=before).exit_code() == 1


def test_later_fragments_show_the_device_no_ports(tmp_path):
    first, later = fragments(replace(CALL, tos=0xB8, payload=rtp(size=100)))
    reset = later[:1] + b"\0" + later[2:]
    frames = pcap([ethernet(first), ethernet(reset)])
    linux = driver("linux")
    specs = [InterfaceSpec.of("lan=client"), InterfaceSpec.of("wan=wan:10M")]
    wanted = lower(compile_intents(load_plan("lync-2013"), "r1", specs, {}), linux.capabilities)
    passage = passage_of(linux.parse(linux.render(wanted).config), "lan", "wan")
    report = checked(tmp_path / "c", frames, against=Against.of("r1", passage, None))
    assert report.device.packets == ((Verdict.AS_CONFIGURED, 2),)
    # An IOS list with ports may match a later fragment or not: that is not known.
    report = checked(tmp_path / "c", frames, against=Against.of("r1", PASSAGE, None))
    assert report.device.packets == ((Verdict.AS_CONFIGURED, 1), (Verdict.UNKNOWN, 1))


def test_what_the_configuration_drops_must_not_come_out(tmp_path):
    junos = driver("juniper_junos")
    text = (
        "set firewall family inet filter f term t from protocol udp\n"
        "set firewall family inet filter f term t then discard\n"
        "set firewall family inet filter f term u then accept\n"
        "set interfaces ge-0/0/1 unit 0 family inet filter input f\n"
    )
    passage = passage_of(junos.parse(text), "ge-0/0/1.0", None)
    report = found(tmp_path, [CALL], passage=passage)
    assert report.device.packets == ((Verdict.OTHERWISE, 1),)
    assert report.device.wrong[0].wanted == ()


def test_what_a_policer_may_have_marked_is_unknown(tmp_path):
    text = """
policy-map IN
 class class-default
  set dscp af41
  police cir 128000 conform-action transmit exceed-action set-dscp-transmit af42
interface GigabitEthernet0/1
 service-policy input IN
"""
    passage = passage_of(IOS.parse(text), "Gi0/1", None)
    report = found(
        tmp_path, [replace(CALL, tos=34 << 2), replace(CALL, tos=36 << 2)], passage=passage
    )
    assert report.device.packets == ((Verdict.AS_CONFIGURED, 1), (Verdict.UNKNOWN, 1))


def test_lines_that_are_not_understood_leave_it_unknown(tmp_path):
    (line,) = set(re.findall(r"match access-group name \S*AUDIO$", CONFIG, re.MULTILINE))
    text = CONFIG.replace(f"{line}\n", "match frobnicate 7\n")
    passage = passage_of(IOS.parse(text), "Gi0/1", "Gi0/0")
    report = found(tmp_path, [behind(CALL), replace(CALL, tos=5 << 2)], passage=passage)
    assert report.device.packets == ((Verdict.UNKNOWN, 2),)
    assert report.exit_code() == 1


def test_a_damaged_or_too_long_capture_before_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "before"
    data = pcap([*conversation(1, 50), arp()])
    path.write_bytes(data[:-3])
    with pytest.raises(CaptureError, match="frame"):
        packets_before(str(path))
    path.write_bytes(data)
    assert packets_before(str(path))
    monkeypatch.setattr("translator.capture.device._MOST_BEFORE", 10)
    with pytest.raises(UsageError, match="more than 10 packets"):
        packets_before(str(path))
