"""From intents to text: what a switch cannot do is refused, with the nearest thing that it can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.values import replace
from translator.codepoint import CodePoint
from translator.drivers.registry import driver
from translator.errors import UnsupportedIntentError
from translator.intents.match import ANY, Match
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

NEXUS = driver("cisco_nxos")
AUDIO = TrafficClass("audio", CodePoint(46))
VOICE_QUEUE = QueueIntent("audio", Service.PRIORITY, (CodePoint(46),), 10)
VIDEO_QUEUE = QueueIntent("video", Service.GUARANTEED, (CodePoint(34),), 30)
DEFAULT_QUEUE = QueueIntent("default", Service.GUARANTEED, (), 60)
QUEUES = (VOICE_QUEUE, VIDEO_QUEUE, DEFAULT_QUEUE)


def device(*interfaces: InterfaceIntents) -> DeviceIntents:
    return DeviceIntents("leaf-1", "plan", interfaces, domain=ANY)


def client(name: str = "Ethernet1/1", traffic: TrafficClass = AUDIO) -> InterfaceIntents:
    match = Match(protocols=(17,), source_ports=(PortRange(20000, 20039),))
    rule = ClassifierRule(match, traffic, ("R1",), "audio R1")
    points = tuple(map(CodePoint, (46, 34)))
    return InterfaceIntents(name, Role.CLIENT, classifier=(rule,), reset=points)


def uplink(
    *queues: QueueIntent, name: str = "Ethernet1/2", shaping_bps: int | None = None
) -> InterfaceIntents:
    return InterfaceIntents(name, Role.UPLINK, queuing=QueuingIntent(queues, shaping_bps))


def test_what_is_rendered_is_proven_and_so_is_its_absence():
    wanted = device(client(), uplink(*QUEUES))
    text = NEXUS.render(wanted).config
    found = prove(wanted, NEXUS.parse(text), NEXUS.capabilities)
    assert found.ok, found.problem
    without = text.replace("  class QOS-RESET\n    set dscp 0\n", "")
    assert without != text
    assert not prove(wanted, NEXUS.parse(without), NEXUS.capabilities).ok


def test_a_group_stands_before_the_code_point_and_only_where_it_is_not_0_already():
    """NX-OS prints `set qos-group` first; what it prints is what is compared."""
    without_queues = NEXUS.render(device(client())).config
    assert "qos-group" not in without_queues
    assert "system qos" not in without_queues
    text = NEXUS.render(device(client(), uplink(*QUEUES))).config
    assert "    set qos-group 7\n    set dscp 46\n" in text
    assert "system qos\n  service-policy type qos input QOS-SYSTEM\n" in text


def test_every_queue_of_the_hardware_is_written_in_the_order_of_the_device():
    """A queue that a policy leaves out is served in a way that the text does not say."""
    text = NEXUS.render(device(uplink(*QUEUES))).config
    head = "policy-map type queuing QOS-OUT\n"
    shown = text[text.index(head) + len(head) : text.index("!\nsystem qos")]
    assert shown.split("\n")[::2][:-1] == [
        *(f"  class type queuing c-out-8q-q{number}" for number in range(7, 0, -1)),
        "  class type queuing c-out-8q-q-default",
    ]
    assert shown.split("\n")[1:4:2] == [
        "    priority level 1",
        "    bandwidth remaining percent 30",
    ]


@given(
    st.lists(st.integers(1, 15), min_size=0, max_size=6),
    st.one_of(st.none(), st.integers(1, 33)),
)
def test_shares_read_back_are_those_that_were_written(shares, strict):
    queues = [
        QueueIntent(f"q{number}", Service.GUARANTEED, (CodePoint(8 + number),), share)
        for number, share in enumerate(shares)
    ]
    if strict is not None:
        queues.insert(0, replace(VOICE_QUEUE, percent=strict))
    left = 100 - sum(queue.percent for queue in queues)
    if left < 1:
        return
    wanted = device(uplink(*queues, replace(DEFAULT_QUEUE, percent=left)))
    found = prove(wanted, NEXUS.parse(NEXUS.render(wanted).config), NEXUS.capabilities)
    assert found.ok, found.problem


REFUSED = {
    "two strict queues": (
        (uplink(VOICE_QUEUE, replace(VIDEO_QUEUE, service=Service.PRIORITY), DEFAULT_QUEUE),),
        "one priority queue",
    ),
    "a strict default queue": (
        (uplink(VIDEO_QUEUE, replace(DEFAULT_QUEUE, service=Service.PRIORITY)),),
        "treatment fair",
    ),
    "seven shares beside the strict queue": (
        (
            uplink(
                *(
                    QueueIntent(f"q{n}", Service.GUARANTEED, (CodePoint(8 + n),), 10)
                    for n in range(7)
                ),
                replace(DEFAULT_QUEUE, percent=30),
            ),
        ),
        "drop one",
    ),
    "queues of two plans": (
        (uplink(*QUEUES), uplink(VOICE_QUEUE, DEFAULT_QUEUE, name="Ethernet1/3")),
        "one plan of queues",
    ),
    "a class that keeps its code points": (
        (client(traffic=TrafficClass("kept", None)), uplink(*QUEUES)),
        "code point",
    ),
    "queues chosen by ports": (
        (replace(uplink(*QUEUES), egress_classifier=client().classifier),),
        "mark where packets enter",
    ),
    "a rate": ((uplink(*QUEUES, shaping_bps=10_000_000),), "router"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_expressed_is_refused_with_the_nearest_thing(name):
    interfaces, nearest = REFUSED[name]
    with pytest.raises(UnsupportedIntentError) as caught:
        NEXUS.render(device(*interfaces))
    assert nearest in str(caught.value) + caught.value.hint


@pytest.mark.parametrize("name", ["GigabitEthernet0/1", "Vlan10", "mgmt0", "loopback0", "e1:1"])
def test_qos_is_bound_to_ports_alone(name):
    with pytest.raises(UnsupportedIntentError):
        NEXUS.render(device(client(name)))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Eth1/1", "Ethernet1/1"),
        ("Ethernet101/1/4", "Ethernet101/1/4"),
        ("Po10", "port-channel10"),
        ("port-channel10", "port-channel10"),
    ],
)
def test_names_stand_in_the_text_as_the_device_prints_them(name, shown):
    assert f"\ninterface {shown}\n" in NEXUS.render(device(client(name))).config


def test_early_drop_is_left_to_the_owner_who_is_told():
    dropped = replace(VIDEO_QUEUE, congestion_avoidance=True)
    wanted = device(uplink(VOICE_QUEUE, dropped, DEFAULT_QUEUE))
    assert any("random-detect" in text for text in NEXUS.render(wanted).instructions)
    assert "random-detect" not in NEXUS.render(wanted).config


def test_two_interfaces_alike_share_one_policy():
    text = NEXUS.render(device(client(), client("Ethernet1/3"))).config
    assert text.count("policy-map type qos") == 1
    assert text.count("service-policy type qos input QOS-IN-CLIENT") == 2


def test_what_takes_it_off_again_names_all_that_was_defined():
    rendered = NEXUS.render(device(client(), uplink(*QUEUES)))
    heads = [
        line
        for line in rendered.config.splitlines()
        if line.startswith(("ip access-list", "ipv6 access-list", "class-map", "policy-map"))
    ]
    removed = rendered.removal.splitlines()
    for head in heads:
        assert f"no {head.replace(' match-any', '')}" in removed, head
    assert removed.index("system qos") < removed.index(
        next(line for line in removed if line.startswith("no policy-map"))
    )
