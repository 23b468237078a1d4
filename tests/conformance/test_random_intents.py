"""Random intents, far from any preset: rendered and proven, or refused naming the nearest thing."""

from __future__ import annotations

import pytest
from conformance.shapes import interface_name
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translator.codepoint import CodePoint
from translator.drivers.registry import driver, driver_names
from translator.errors import UnsupportedIntentError
from translator.intents.lower import lower
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
from translator.verify import prove

CLASSES = [
    TrafficClass("audio", CodePoint(46)),
    TrafficClass("video", CodePoint(34)),
    TrafficClass("signalling", CodePoint(24)),
    TrafficClass("file_transfer", CodePoint(10)),
]
PREFIXES = [prefix_of(text) for text in ("10.0.0.0/8", "10.1.2.0/24", "192.0.2.7/32", "0.0.0.0/1")]
PREFIXES_6 = [prefix_of(text) for text in ("2001:db8::/32", "2001:db8:1:2::/64", "fc00::1/128")]

edges = st.sampled_from([0, 1, 1023, 1024, 3478, 20000, 20039, 20040, 49152, 57500, 65534, 65535])
port_ranges = st.tuples(edges, edges).map(lambda pair: PortRange(min(pair), max(pair)))
ports = st.lists(port_ranges, max_size=3, unique=True).map(tuple)
prefixes = st.one_of(
    st.just(()),
    st.lists(st.sampled_from(PREFIXES), min_size=1, max_size=2, unique=True).map(tuple),
    st.lists(st.sampled_from(PREFIXES_6), min_size=1, max_size=2, unique=True).map(tuple),
    st.just((PREFIXES[0], PREFIXES_6[0])),
)
matches = st.builds(
    Match,
    protocols=st.sampled_from([(6,), (17,), (6, 17)]),
    sources=prefixes,
    destinations=prefixes,
    source_ports=ports,
    destination_ports=ports,
    code_points=st.sampled_from([(), (), (CodePoint(40),), (CodePoint(8), CodePoint(24))]),
)
rules = st.builds(
    ClassifierRule, matches, st.sampled_from(CLASSES), rows=st.just(("R1",)), comment=st.just("r")
)


@st.composite
def queuings(draw: st.DrawFn) -> QueuingIntent:
    guaranteed = draw(st.lists(st.sampled_from(CLASSES[1:]), unique=True, max_size=3))
    queues = [QueueIntent("audio", Service.PRIORITY, (CodePoint(46),), draw(st.integers(5, 33)))]
    for item in guaranteed:
        points = () if item.code_point is None else (item.code_point,)
        share = draw(st.integers(1, 14))
        queues.append(QueueIntent(item.name, Service.GUARANTEED, points, share))
    queues.append(QueueIntent("default", Service.BEST_EFFORT, (), draw(st.integers(5, 25))))
    return QueuingIntent(tuple(queues), draw(st.sampled_from([None, 2_000_000, 10_000_000])))


@st.composite
def devices(draw: st.DrawFn, platform: str) -> DeviceIntents:
    client = InterfaceIntents(
        interface_name(platform, "A"),
        Role.CLIENT,
        classifier=tuple(draw(st.lists(rules, min_size=1, max_size=5))),
        reset=draw(st.sampled_from([(), (CodePoint(34), CodePoint(46))])),
    )
    queuing = draw(queuings())
    role = Role.WAN if queuing.shaping_bps else Role.UPLINK
    out = InterfaceIntents(interface_name(platform, "B"), role, queuing=queuing)
    return DeviceIntents("r1", "random", (client, out))


@pytest.mark.parametrize("platform", driver_names())
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_random_intents_are_proven_or_refused(platform: str, data: st.DataObject) -> None:
    found = driver(platform)
    try:
        wanted = lower(data.draw(devices(platform)), found.capabilities)
        config = found.render(wanted).config
    except UnsupportedIntentError as refused:
        hint = refused.hint
    else:
        hint = "not needed"
        proof = prove(wanted, found.parse(config), found.capabilities)
        assert proof.ok, f"{proof.problem}\n{config}"
    assert hint
