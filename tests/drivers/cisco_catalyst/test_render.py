"""From intents to text: proven for every packet, as reviewed, and refused where it would lie."""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance.shapes import intents_of
from drivers.cisco_catalyst.wanted import CATALYST, lowered, shape

from tests.support.values import replace
from translator.codepoint import CodePoint
from translator.drivers.base import Rendered
from translator.errors import DriverError, UnsupportedIntentError
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
from translator.verify import Packet, Proof, explain, prove

GOLDEN = Path(__file__).with_name("golden")
PORT = "GigabitEthernet1/0/1"
AUDIO = TrafficClass("audio", CodePoint(46))
VIDEO = TrafficClass("video", CodePoint(34))


def device(*interfaces: InterfaceIntents) -> DeviceIntents:
    return DeviceIntents("sw1", "plan", interfaces, domain=Match(version=4))


def client(
    *rules: ClassifierRule, name: str = PORT, reset: tuple[int, ...] = (46, 34)
) -> InterfaceIntents:
    return InterfaceIntents(name, Role.CLIENT, classifier=rules, reset=tuple(map(CodePoint, reset)))


def from_ports(low: int, high: int, traffic_class: TrafficClass = AUDIO) -> ClassifierRule:
    match = Match(protocols=(17,), source_ports=(PortRange(low, high),))
    return ClassifierRule(match, traffic_class, ("R1",), f"{traffic_class.name} R1")


def uplink(*queues: QueueIntent, shaping_bps: int | None = None) -> InterfaceIntents:
    return InterfaceIntents(
        "GigabitEthernet1/0/2", Role.UPLINK, queuing=QueuingIntent(queues, shaping_bps)
    )


VOICE_QUEUE = QueueIntent("audio", Service.PRIORITY, (CodePoint(46),), 10)
VIDEO_QUEUE = QueueIntent("video", Service.GUARANTEED, (CodePoint(34),), 30)
DEFAULT_QUEUE = QueueIntent("default", Service.GUARANTEED, (), 60)


def proof(wanted: DeviceIntents, text: str) -> Proof:
    return prove(wanted, CATALYST.parse(text), CATALYST.capabilities)


@pytest.mark.parametrize("name", ["access", "voice", "data-centre"])
def test_what_is_rendered_does_what_was_asked_for_every_ipv4_packet(name: str) -> None:
    wanted = shape(name)
    found = proof(wanted, CATALYST.render(wanted).config)
    assert found.ok, found.problem
    assert any("IPv4 only" in sentence for sentence in found.assumptions)


def reviewed() -> dict[str, DeviceIntents]:
    """Small devices whose whole text a reviewer reads; their intents are written here."""
    phone = replace(from_ports(20000, 20039), comment="audio phones at 40", rows=("B1",))
    phone = replace(phone, match=replace(phone.match, code_points=(CodePoint(40),)))
    servers = Match(
        protocols=(6, 17),
        sources=(prefix_of("10.10.1.0/28"), prefix_of("10.10.2.1/32")),
        source_ports=(PortRange(443, 443), PortRange(57501, 65535)),
    )
    desk = client(phone, from_ports(20000, 20039), from_ports(20040, 20079, VIDEO))
    racks = replace(client(ClassifierRule(servers, VIDEO, comment="video S1")), role=Role.SERVER)
    line = uplink(VOICE_QUEUE, VIDEO_QUEUE, DEFAULT_QUEUE)
    return {
        "desk": device(desk, line, replace(desk, name="GigabitEthernet1/0/3")),
        "racks": device(racks, uplink(VIDEO_QUEUE, replace(DEFAULT_QUEUE, percent=70))),
    }


@pytest.mark.parametrize("name", ["desk", "racks"])
def test_the_text_is_as_reviewed(name: str, request: pytest.FixtureRequest) -> None:
    wanted = reviewed()[name]
    text = CATALYST.render(wanted)
    assert proof(wanted, text.config).ok
    for part, written in (("config", text.config), ("removal", text.removal)):
        path = GOLDEN / f"{name}.{part}.cfg"
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(written, encoding="utf-8")
        assert written == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("range 20000 20039", "range 20000 20040"),
        ("set dscp ef", "set dscp cs5"),
        ("trust dscp\n!", "trust cos\n!"),
        ("  trust dscp\n", ""),
        (" class QOS-RESET\n  set dscp default\n", ""),
        ("cs3  af41", "cs3"),
        ("queue 1 threshold 3 46", "queue 2 threshold 3 46"),
        (" priority-queue out\n", ""),
        (" srr-queue bandwidth share 10 20 17 53\n", ""),
        ("share 10 20 17 53", "share 10 10 27 53"),
        (" mls qos trust dscp\n", ""),
        ("\nmls qos\n", "\nno mls qos\n"),
        (" service-policy input QOS-CLIENT\n", ""),
        (" permit ip any any", " permit tcp any any"),
    ],
)
def test_a_mistake_put_in_is_found(right: str, wrong: str) -> None:
    wanted = shape("access")
    text = CATALYST.render(wanted).config
    assert right in text
    assert not proof(wanted, text.replace(right, wrong, 1)).ok


def test_two_classes_swapped_are_found() -> None:
    """Overlapping ports: the first class wins, so their order is a difference."""
    wanted = device(client(from_ports(20000, 20039), from_ports(20000, 20079, VIDEO)))
    text = CATALYST.render(wanted).config
    assert proof(wanted, text).ok
    first, second = " class QOS-AUDIO\n  set dscp ef\n", " class QOS-VIDEO\n  set dscp af41\n"
    assert not proof(wanted, text.replace(first + second, second + first)).ok


def test_everything_else_is_unchanged_for_every_code_point() -> None:
    wanted = device(client(from_ports(20000, 20039)))
    found = CATALYST.parse(CATALYST.render(wanted).config)
    for code_point in range(64):
        packet = Packet.of(f"tcp 10.1.1.1:1024 > 10.2.2.2:80 dscp {code_point}")
        kept = 0 if code_point in (46, 34) else code_point
        assert explain(found, packet, PORT).dscp_out == kept


def test_the_switch_command_is_the_last_mls_line_and_definitions_come_before_use() -> None:
    text = CATALYST.render(shape("access")).config
    globals_ = [line for line in text.splitlines() if line.startswith("mls qos")]
    assert globals_[-1] == "mls qos"
    order = [
        text.index(word) for word in ("ip access-list", "class-map", "policy-map", "interface")
    ]
    assert order == sorted(order)


def test_no_map_line_holds_more_than_eight_values() -> None:
    lines = CATALYST.render(shape("access")).config.splitlines()
    maps = [line.split("threshold 3 ")[1].split() for line in lines if "-map queue" in line]
    assert max(map(len, maps)) == 8
    assert sorted(int(value) for values in maps[4:] for value in values) == list(range(64))


def test_a_class_map_has_one_match_line_and_one_list() -> None:
    lines = CATALYST.render(shape("data-centre")).config.splitlines()
    heads = [number for number, line in enumerate(lines) if line.startswith("class-map")]
    assert heads
    for number in heads:
        assert lines[number + 1].startswith(" match")
        assert lines[number + 2] == "!"


def test_ports_that_want_the_same_share_one_policy() -> None:
    rule = from_ports(20000, 20039)
    text = CATALYST.render(device(client(rule), client(rule, name="GigabitEthernet1/0/3"))).config
    assert text.count("policy-map ") == 1
    assert text.count(" service-policy input QOS-CLIENT\n") == 2


def test_different_policies_of_one_role_get_names_of_their_own() -> None:
    one, two = client(from_ports(1000, 1001)), client(from_ports(3, 4), name="GigabitEthernet1/0/3")
    wanted = device(one, two)
    text = CATALYST.render(wanted).config
    assert "policy-map QOS-CLIENT-2" in text
    assert "ip access-list extended QOS-AUDIO-2" in text
    assert proof(wanted, text).ok


def test_a_code_point_and_ports_stand_in_one_entry() -> None:
    match = Match(
        protocols=(17,), source_ports=(PortRange(20000, 20039),), code_points=(CodePoint(40),)
    )
    text = CATALYST.render(device(client(ClassifierRule(match, AUDIO)))).config
    assert " permit udp any range 20000 20039 any dscp cs5\n" in text


def test_ipv6_addresses_are_left_out_of_ipv4_lists() -> None:
    match = Match(
        protocols=(6,), destinations=(prefix_of("2001:db8::/32"), prefix_of("10.0.0.0/8"))
    )
    text = CATALYST.render(device(client(ClassifierRule(match, AUDIO)))).config
    assert "permit tcp any 10.0.0.0 0.255.255.255" in text
    assert "2001" not in text


def test_removal_undoes_every_definition_in_reverse() -> None:
    made = CATALYST.render(shape("data-centre"))
    defined = [
        line
        for line in made.config.splitlines()
        if line.startswith(("ip access-list", "class-map", "policy-map"))
    ]
    removed = [line.removeprefix("no ") for line in made.removal.splitlines() if "no " in line[:3]]
    assert [line for line in removed if line in defined] == defined[::-1]


def test_what_is_left_after_removal_touches_nothing() -> None:
    left = CATALYST.parse(CATALYST.render(shape("access")).removal)
    assert left.other_interface.ingress == ()


def refused(wanted: DeviceIntents) -> UnsupportedIntentError:
    with pytest.raises(UnsupportedIntentError) as caught:
        CATALYST.render(wanted)
    assert caught.value.hint
    return caught.value


def test_shaping_is_refused_and_the_nearest_line_named() -> None:
    error = refused(device(uplink(VIDEO_QUEUE, DEFAULT_QUEUE, shaping_bps=10**7)))
    assert "srr-queue bandwidth limit" in error.hint


def test_queues_by_port_are_refused() -> None:
    rules = (from_ports(20000, 20039),)
    edge = replace(uplink(VOICE_QUEUE, DEFAULT_QUEUE), egress_classifier=rules)
    assert "queues by ports" in str(refused(device(edge)))


@pytest.mark.parametrize("name", ["branch", "transit", "small-office", "home", "everything"])
def test_shapes_with_a_shaped_line_are_refused(name: str) -> None:
    with pytest.raises(UnsupportedIntentError):
        CATALYST.render(lowered(intents_of("cisco_catalyst", name)))


def test_two_strict_queues_are_refused() -> None:
    second = replace(VIDEO_QUEUE, service=Service.PRIORITY, percent=20)
    refused(device(uplink(VOICE_QUEUE, second, DEFAULT_QUEUE)))


def test_a_queue_below_best_effort_is_refused() -> None:
    lowest = QueueIntent("bulk", Service.SCAVENGER, (CodePoint(8),), 5)
    refused(device(uplink(VOICE_QUEUE, lowest, DEFAULT_QUEUE)))


def test_ports_without_a_protocol_are_refused() -> None:
    match = Match(source_ports=(PortRange(20000, 20039),))
    refused(device(client(ClassifierRule(match, AUDIO, rows=("R9",)))))


def test_different_queues_on_two_ports_are_refused() -> None:
    other = replace(uplink(VIDEO_QUEUE, DEFAULT_QUEUE), name="GigabitEthernet1/0/3")
    refused(device(uplink(VOICE_QUEUE, VIDEO_QUEUE, DEFAULT_QUEUE), other))


def test_more_entries_than_the_hardware_has_are_refused() -> None:
    """1-65534 takes 30 masks: with it on both sides one entry is 900."""
    both = Match(
        protocols=(17,),
        source_ports=(PortRange(1, 65534),),
        destination_ports=(PortRange(1, 65534),),
    )
    error = refused(device(client(ClassifierRule(both, AUDIO))))
    assert "384" in str(error)


@pytest.mark.parametrize("name", ["Port-channel1", "Vlan10", "po3"])
def test_logical_interfaces_are_refused(name: str) -> None:
    assert "physical" in str(refused(device(client(from_ports(1, 2), name=name))))


@pytest.mark.parametrize("name", ["trunk", "1/0/1", "Gi1/0/1@2", "Gi1/0/1.5"])
def test_a_name_that_is_no_port_is_an_error(name: str) -> None:
    with pytest.raises(DriverError):
        CATALYST.render(device(client(from_ports(1, 2), name=name)))


def test_queues_without_a_strict_one_undo_the_shaping_of_queue_one() -> None:
    wanted = device(uplink(VIDEO_QUEUE, replace(DEFAULT_QUEUE, percent=70)))
    text = CATALYST.render(wanted).config
    assert " srr-queue bandwidth shape 0 0 0 0\n" in text
    assert proof(wanted, text).ok, proof(wanted, text).problem


def test_what_a_person_must_know_is_said() -> None:
    made: Rendered = CATALYST.render(shape("access"))
    told = " ".join(made.instructions)
    for word in ("every code point to 0", "hardware entries", "EtherChannel", "without a limit"):
        assert word in told
