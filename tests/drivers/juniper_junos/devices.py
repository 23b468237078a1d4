"""Intents of small devices, written by hand, and random ones, for the tests of this folder."""

from __future__ import annotations

from hypothesis import strategies as st

from translator.codepoint import CodePoint
from translator.intents.match import Match, prefix_of
from translator.intents.model import (
    ClassifierRule,
    DeviceIntents,
    InterfaceIntents,
    QueueIntent,
    QueuingIntent,
    Role,
    TrafficClass,
)
from translator.intents.pipeline import Service
from translator.ports import PortRange

__all__ = ["DEVICES", "device", "random_devices"]

AUDIO, VIDEO, SIGNALLING, BULK = (CodePoint(number) for number in (46, 34, 24, 10))


def rule(
    name: str, point: CodePoint | None, low: int, high: int, *, comment: str = "", **match: object
) -> ClassifierRule:
    """A rule for TCP and UDP source ports unless the match says otherwise."""
    fields = {"protocols": (6, 17), "source_ports": (PortRange(low, high),), **match}
    return ClassifierRule(
        Match(**fields), TrafficClass(name, point), (f"row-{name}",), comment or f"{name} row"
    )


RULES = (
    rule("audio", AUDIO, 20000, 20039),
    rule("video", VIDEO, 20040, 20079),
    rule("signalling", SIGNALLING, 5060, 5061, protocols=(6,)),
    rule(
        "bulk",
        BULK,
        42000,
        42019,
        sources=(prefix_of("10.1.0.0/16"), prefix_of("2001:db8:1::/48")),
        destination_ports=(PortRange(80, 80), PortRange(443, 443)),
    ),
    rule("bulk", BULK, 42020, 42020, destinations=(prefix_of("192.0.2.1/32"),)),
)
PHONE = ClassifierRule(
    Match(code_points=(CodePoint(40),)), TrafficClass("audio", AUDIO), ("row-phone",), "phones"
)
RESET = (BULK, CodePoint(12), SIGNALLING, VIDEO, AUDIO)
QUEUES = (
    QueueIntent("audio", Service.PRIORITY, (AUDIO,), 20),
    QueueIntent("video", Service.GUARANTEED, (VIDEO,), 30, congestion_avoidance=True),
    QueueIntent("signalling", Service.GUARANTEED, (SIGNALLING,), 5),
    QueueIntent("bulk", Service.GUARANTEED, (BULK, CodePoint(12)), 10),
    QueueIntent("default", Service.BEST_EFFORT, (), 30),
)
QUEUE_RULES = tuple(
    rule(name, None, low, low + 39) for name, low in (("audio", 20000), ("video", 20040))
)

CLIENT = InterfaceIntents("ge-0/0/1.0", Role.CLIENT, RULES, RESET)
PHONES = InterfaceIntents("ge-0/0/2.20", Role.PHONE, (PHONE, *RULES), RESET)
UPLINK = InterfaceIntents("ge-0/0/0", Role.UPLINK, queuing=QueuingIntent(QUEUES))
WAN = InterfaceIntents("ge-0/0/3.100", Role.WAN, queuing=QueuingIntent(QUEUES, 50_000_000))
INTERNET = InterfaceIntents(
    "ge-0/0/4.0",
    Role.INTERNET,
    queuing=QueuingIntent(QUEUES[:2] + QUEUES[-1:], 2_500_000),
    egress_classifier=QUEUE_RULES,
)


def device(*interfaces: InterfaceIntents) -> DeviceIntents:
    """A device with these interfaces."""
    return DeviceIntents("r1", "test-plan", interfaces)


DEVICES = {
    "access": device(CLIENT, PHONES, UPLINK),
    "branch": device(CLIENT, PHONES, UPLINK, WAN),
    "transit": device(UPLINK, WAN),
    "client": device(CLIENT),
    "wan": device(WAN),
    "internet": device(INTERNET),
    "home": device(CLIENT, INTERNET),
}

PORTS = st.tuples(st.integers(0, 65535), st.integers(0, 300)).map(
    lambda pair: PortRange(pair[0], min(65535, pair[0] + pair[1]))
)
PREFIXES = st.sampled_from(["10.0.0.0/8", "10.1.0.0/16", "192.0.2.7/32", "2001:db8::/32"]).map(
    prefix_of
)
MATCHES = st.builds(
    Match,
    version=st.sampled_from([None, 4, 6]),
    protocols=st.sampled_from([(), (6,), (17,), (6, 17), (132,), (200,)]),
    sources=st.lists(PREFIXES, max_size=2, unique=True).map(tuple),
    destinations=st.lists(PREFIXES, max_size=1).map(tuple),
    source_ports=st.lists(PORTS, max_size=2).map(tuple),
    destination_ports=st.lists(PORTS, max_size=2).map(tuple),
    code_points=st.lists(st.integers(0, 63).map(CodePoint), max_size=2, unique=True).map(tuple),
)
POINTS = st.sampled_from([None, *(CodePoint(number) for number in (0, 10, 12, 24, 34, 44, 46, 63))])
RANDOM_RULES = st.builds(
    lambda match, point: ClassifierRule(match, TrafficClass(f"class{point}", point), ("row",)),
    MATCHES,
    POINTS,
)
random_devices = st.builds(
    lambda rules, reset: device(
        InterfaceIntents("ge-0/0/1.0", Role.CLIENT, tuple(rules), tuple(sorted(reset))), UPLINK
    ),
    st.lists(RANDOM_RULES, min_size=1, max_size=6),
    st.sets(st.integers(1, 63).map(CodePoint), max_size=5),
)
