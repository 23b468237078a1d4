"""A packet along several devices: what each does with it as the one before left it."""

from __future__ import annotations

from functools import cache

import pytest
from conformance.shapes import Accepted, interface_name, outcome

from translator.drivers.registry import driver
from translator.errors import UsageError
from translator.intents.condition import Predicate
from translator.intents.device import DeviceQos, InterfaceQos
from translator.intents.match import ANY, Match
from translator.intents.pipeline import Drop, Flow, Rule, SetTos, Stage, Unclear
from translator.verify.packet import Packet
from translator.verify.path import Hop, PathAnswer, Stop, follow, read_path

AUDIO = Packet.of("udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0")
EF = SetTos(0xB8, 0xFC)


@cache
def rendered(platform: str, shape: str) -> DeviceQos:
    case = outcome(platform, shape)
    assert isinstance(case, Accepted)
    return driver(platform).parse(case.rendered.config)


def switch_then_router(packet: Packet) -> PathAnswer:
    sw, rtr = "cisco_catalyst", "cisco_ios"
    ends = [interface_name(name, letter) for name in (sw, rtr) for letter in "AB"]
    path = f"sw1:{ends[0]}>{ends[1]} rtr:{ends[2]}>{ends[3]}"
    devices = {"sw1": rendered(sw, "access"), "rtr": rendered(rtr, "transit")}
    return follow([Hop(stop, devices[stop.device]) for stop in read_path(path)], packet)


def test_marked_at_the_switch_trusted_upstream_queued_at_the_edge() -> None:
    found = switch_then_router(AUDIO)
    assert (found.verdict, found.dscp_out) == ("known", 46)
    switch, router = found.hops
    assert (switch.dscp_in, switch.dscp_out) == ((0,), (46,))
    assert (router.dscp_in, router.dscp_out) == ((46,), (46,))
    assert router.answers[0].service == "priority"
    assert switch.answers[0].lines
    assert router.answers[0].lines


def test_a_mark_that_nobody_gave_does_not_pass_the_switch() -> None:
    """The router alone would believe it."""
    forged = Packet.of("udp 10.1.1.10:9999 > 10.2.2.2:50000 dscp ef")
    found = switch_then_router(forged)
    assert found.dscp_out == 0
    assert found.hops[1].answers[0].service == "best-effort"


def device(*ingress: Rule) -> DeviceQos:
    return DeviceQos("test", (InterfaceQos("a", ingress=(Stage("in", ingress),)),))


def along(packet: Packet, *devices: DeviceQos) -> PathAnswer:
    hops = [Hop(Stop(f"d{at}", "a", "b"), item) for at, item in enumerate(devices)]
    return follow(hops, packet)


def test_a_dropped_packet_goes_no_further() -> None:
    found = along(AUDIO, device(Rule(ANY, (Drop(),))), device(Rule(ANY, (EF,))))
    assert (found.verdict, found.dropped_at, found.dscp_out) == ("known", "d0", None)
    assert len(found.hops) == 1


MAYBE = Rule(Predicate("voice"), (EF,), Flow.NEXT)


def test_two_possible_marks_are_carried_on() -> None:
    found = along(AUDIO, device(MAYBE), device())
    assert found.verdict == "unknown"
    assert found.hops[0].dscp_out == found.hops[1].dscp_in == (0, 46)
    assert len(found.hops[1].answers) == 2
    assert found.dscp_out is None


def test_what_is_said_of_the_packet_decides() -> None:
    said = Packet.of(f'{AUDIO} with "voice"')
    found = along(said, device(MAYBE), device())
    assert (found.verdict, found.dscp_out) == ("known", 46)


def test_a_last_device_that_makes_them_one_ends_the_doubt() -> None:
    found = along(AUDIO, device(MAYBE), device(Rule(ANY, (EF,))))
    assert (found.verdict, found.dscp_out) == ("known", 46)
    assert not found.hops[0].known


def test_what_may_have_been_dropped_before_stays_in_doubt() -> None:
    perhaps = Rule(Predicate("voice"), (Drop(),))
    found = along(AUDIO, device(perhaps), device(Rule(ANY, (EF,))))
    assert found.verdict == "unknown"
    assert found.dropped_at == ""


def test_after_a_line_that_nobody_reads_any_mark_may_come() -> None:
    unread = device(Rule(ANY, (Unclear("line 3 was not understood"),)))
    found = along(AUDIO, unread, device(Rule(Match(code_points=AUDIO_POINTS), (EF,))))
    assert found.verdict == "unknown"
    assert len(found.hops[1].dscp_in) == 64
    assert along(AUDIO, unread, device(Rule(ANY, (EF,)))).dscp_out == 46


AUDIO_POINTS = (AUDIO.dscp,)


def test_ecn_travels_with_the_packet() -> None:
    found = along(Packet.of(f"{AUDIO} ecn 1"), device(Rule(ANY, (EF,))), device())
    assert found.hops[1].entering == (0xB9,)


@pytest.mark.parametrize("text", ["", "sw1", "sw1:a", "sw1:>", "a>b", "sw1:a>b>c x"])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"path|no device"):
        read_path(text)


def test_one_end_of_a_stop_may_be_left_open() -> None:
    assert read_path("sw1:Gi1/0/1> rtr:>Gi0/1") == (
        Stop("sw1", "Gi1/0/1", None),
        Stop("rtr", None, "Gi0/1"),
    )
