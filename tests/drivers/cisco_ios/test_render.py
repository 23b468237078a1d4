"""What is written: golden text per role, proofs, sharing, order, removal, refusals."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.values import replace
from translator.codepoint import CodePoint
from translator.drivers.cisco_ios import CiscoIos
from translator.errors import TranslatorError, UnsupportedIntentError
from translator.intents.match import Match
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

GOLDEN = Path(__file__).with_name("golden")
DRIVER = CiscoIos()

AUDIO = TrafficClass("audio", CodePoint(46))
VIDEO = TrafficClass("video", CodePoint(34))
SIGNALLING = TrafficClass("signalling", CodePoint(24))
POINTS = (CodePoint(46), CodePoint(34), CodePoint(24))


def media(
    low: int, high: int, traffic_class: TrafficClass, row: str, **match: object
) -> ClassifierRule:
    ports = {"protocols": (17, 6), "source_ports": (PortRange(low, high),)}
    return ClassifierRule(Match(**{**ports, **match}), traffic_class, (row,))  # type: ignore[arg-type]


CLIENT = (media(20000, 20039, AUDIO, "A1"), media(20040, 20079, VIDEO, "A2"))
PHONE = (media(20000, 20039, AUDIO, "B1", protocols=(17,), code_points=(CodePoint(40),)),)
SERVER = (
    media(
        49152,
        57500,
        AUDIO,
        "S1",
        sources=(ip_network("10.10.1.0/28"), ip_network("2001:db8:10::/64")),
    ),
    ClassifierRule(
        Match(
            protocols=(6,),
            sources=(ip_network("10.10.2.1/32"),),
            source_ports=(PortRange(5061, 5061), PortRange(80, 80)),
        ),
        SIGNALLING,
        ("S2",),
    ),
)
QUEUES = QueuingIntent(
    (
        QueueIntent("audio", Service.PRIORITY, (CodePoint(46),), 10),
        QueueIntent("video", Service.GUARANTEED, (CodePoint(34),), 30, congestion_avoidance=True),
        QueueIntent("signalling", Service.GUARANTEED, (CodePoint(24),), 5),
        QueueIntent("default", Service.BEST_EFFORT, (), 25, congestion_avoidance=True),
    )
)
SHAPED = replace(QUEUES, shaping_bps=10_000_000)
BY_PORT = tuple(
    replace(rule, traffic_class=replace(rule.traffic_class, code_point=None)) for rule in CLIENT
)


def interface(role: Role, name: str = "GigabitEthernet0/0") -> InterfaceIntents:
    if role is Role.INTERNET:
        return InterfaceIntents(name, role, queuing=SHAPED, egress_classifier=BY_PORT)
    if role in (Role.UPLINK, Role.WAN):
        return InterfaceIntents(name, role, queuing=SHAPED if role is Role.WAN else QUEUES)
    classifier = {Role.CLIENT: CLIENT, Role.PHONE: (*CLIENT, *PHONE), Role.SERVER: SERVER}[role]
    return InterfaceIntents(name, role, classifier=classifier, reset=POINTS)


def device(*interfaces: InterfaceIntents) -> DeviceIntents:
    return DeviceIntents("r1", "test-plan", interfaces)


def assert_proven(intents: DeviceIntents) -> str:
    text = DRIVER.render(intents).config
    found = DRIVER.parse(text)
    assert found.unread == ()
    assert found.qos_lines == found.understood
    proof = prove(intents, found, DRIVER.capabilities)
    assert proof.ok, proof.problem
    return text


@pytest.mark.parametrize("role", list(Role))
def test_text_of_a_role_stays_as_reviewed(role: Role, request: pytest.FixtureRequest) -> None:
    found = DRIVER.render(device(interface(role)))
    text = f"{found.config}----- removal\n{found.removal}"
    path = GOLDEN / f"{role}.txt"
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("role", list(Role))
def test_what_is_written_is_what_was_asked(role: Role) -> None:
    assert_proven(device(interface(role)))


def test_all_roles_on_one_device() -> None:
    assert_proven(
        device(*(interface(role, f"GigabitEthernet0/{n}") for n, role in enumerate(Role)))
    )


def test_one_wrong_port_is_found() -> None:
    intents = device(interface(Role.CLIENT))
    text = DRIVER.render(intents).config.replace("range 20000 20039", "range 20000 20038", 1)
    assert not prove(intents, DRIVER.parse(text), DRIVER.capabilities).ok


def test_the_same_intents_are_written_once() -> None:
    names = [f"GigabitEthernet0/{n}" for n in range(4)]
    text = assert_proven(device(*(interface(Role.CLIENT, name) for name in names)))
    assert text.count("policy-map QOS-IN-CLIENT\n") == 1
    assert text.count(" service-policy input QOS-IN-CLIENT\n") == 4


def test_one_child_serves_under_two_rates() -> None:
    slow = replace(
        interface(Role.WAN, "GigabitEthernet0/1"), queuing=replace(QUEUES, shaping_bps=512_000)
    )
    text = assert_proven(device(interface(Role.WAN), slow))
    assert text.count("policy-map QOS-OUT\n") == 1
    assert "policy-map QOS-OUT-SHAPE-10M\n" in text
    assert "policy-map QOS-OUT-SHAPE-512K\n" in text


def test_other_rules_of_one_role_get_other_names() -> None:
    other = replace(interface(Role.CLIENT, "GigabitEthernet0/1"), classifier=CLIENT[:1])
    text = assert_proven(device(interface(Role.CLIENT), other))
    assert "policy-map QOS-IN-CLIENT\n" in text
    assert "policy-map QOS-IN-CLIENT-2\n" in text


def test_a_class_is_split_where_order_demands_it() -> None:
    rules = (
        media(20000, 20009, AUDIO, "R1"),
        media(20000, 20039, VIDEO, "R2"),
        media(20030, 20049, AUDIO, "R3"),
    )
    item = replace(interface(Role.CLIENT), classifier=rules)
    text = assert_proven(device(item))
    assert "class-map match-any QOS-CLIENT-AUDIO-2\n" in text
    by_port = tuple(
        replace(rule, traffic_class=TrafficClass(rule.traffic_class.name, None)) for rule in rules
    )
    assert_proven(device(replace(interface(Role.INTERNET), egress_classifier=by_port)))


def test_rules_for_the_default_queue_stop_without_a_share() -> None:
    rules = (
        media(20000, 20009, TrafficClass("default", None), "R1"),
        media(20000, 20039, TrafficClass("audio", None), "R2"),
    )
    assert_proven(device(replace(interface(Role.INTERNET), egress_classifier=rules)))


def test_rules_that_concern_no_packet_are_left_out() -> None:
    nothing = media(1, 2, AUDIO, "X", version=6, sources=(ip_network("10.0.0.0/8"),))
    text = assert_proven(device(replace(interface(Role.CLIENT), classifier=(nothing, CLIENT[1]))))
    assert "QOS-CLIENT-AUDIO" not in text


def test_long_names_are_cut_and_stay_distinct() -> None:
    long = tuple(
        replace(rule, traffic_class=replace(rule.traffic_class, name=f"{'x' * 50}{number}"))
        for number, rule in enumerate(CLIENT)
    )
    text = assert_proven(device(replace(interface(Role.CLIENT), classifier=long)))
    names = [line.split()[-1] for line in text.splitlines() if "access-list" in line]
    assert len(set(names)) == 4
    assert max(map(len, names)) == 40


def test_a_queue_for_no_code_point_is_left_out() -> None:
    empty = QueueIntent("idle", Service.GUARANTEED, (), 5)
    queues = QueuingIntent((*QUEUES.queues[:-1], empty, QUEUES.queues[-1]))
    assert "IDLE" not in assert_proven(device(replace(interface(Role.UPLINK), queuing=queues)))


def test_a_class_that_trusts_stops_without_a_mark() -> None:
    trusted = replace(CLIENT[0], traffic_class=TrafficClass("audio", None))
    assert_proven(device(replace(interface(Role.CLIENT), classifier=(trusted, CLIENT[1]))))


def test_more_than_eight_values_take_two_lines() -> None:
    points = tuple(CodePoint(n) for n in range(10, 30))
    text = assert_proven(device(replace(interface(Role.CLIENT), reset=points)))
    assert max(len(line.split()) - 2 for line in text.splitlines() if "match dscp" in line) == 8


def test_no_entry_denies_and_everything_stands_before_its_use() -> None:
    text = DRIVER.render(
        device(*(interface(role, f"Gi0/{n}") for n, role in enumerate(Role)))
    ).config
    assert "deny" not in text
    lines = [line.strip() for line in text.splitlines()]
    for number, line in enumerate(lines):
        words = line.split()
        if words[:1] == ["class"] and words[1] != "class-default":
            assert f"class-map match-any {words[1]}" in lines[:number]
        elif words[:1] == ["service-policy"]:
            assert f"policy-map {words[-1]}" in lines[:number]
        elif words[:2] == ["match", "access-group"]:
            heads = {f"ip access-list extended {words[-1]}", f"ipv6 access-list {words[-1]}"}
            assert heads & set(lines[:number])


def test_removal_names_everything_that_was_defined_users_first() -> None:
    found = DRIVER.render(device(interface(Role.PHONE), interface(Role.WAN, "Gi0/1")))
    heads = [line for line in found.config.splitlines() if line[:1] not in (" ", "!")]
    defined = [
        line.replace("class-map match-any", "class-map")
        for line in heads
        if "interface" not in line
    ]
    removed = [line[3:] for line in found.removal.splitlines() if line.startswith("no ")]
    assert sorted(removed) == sorted(defined)
    kinds = [line.split()[0] for line in removed]
    assert kinds == sorted(kinds, key=["policy-map", "class-map", "ipv6", "ip"].index)
    assert removed.index("policy-map QOS-OUT-SHAPE-10M") < removed.index("policy-map QOS-OUT")


@pytest.mark.parametrize(
    "name", ["e0\nend", "0/1", "Gi 0/1", "e0 | x", "é0", "", "e" * 80, "e0\u2028x"]
)
def test_a_hostile_interface_name_is_refused(name: str) -> None:
    with pytest.raises(TranslatorError):
        DRIVER.render(device(replace(interface(Role.CLIENT), name=name)))


def test_free_text_stays_on_its_line() -> None:
    intents = replace(device(interface(Role.CLIENT)), device="r1\nend", plan="x" * 200)
    assert [line for line in DRIVER.render(intents).config.splitlines() if line == "end"] == []


@pytest.mark.parametrize(
    "item",
    [
        replace(interface(Role.UPLINK), name="GigabitEthernet0/0.10"),
        replace(interface(Role.WAN), queuing=replace(QUEUES, shaping_bps=4000)),
        replace(interface(Role.CLIENT), classifier=(media(1, 2, AUDIO, "X", protocols=()),)),
        replace(
            interface(Role.CLIENT),
            classifier=(ClassifierRule(Match(tos=((16, 16),)), AUDIO, ("X",)),),
        ),
        replace(
            interface(Role.CLIENT),
            classifier=(ClassifierRule(Match(fragment=True), AUDIO, ("X",)),),
        ),
        replace(
            interface(Role.UPLINK),
            queuing=QueuingIntent((QueueIntent("default", Service.PRIORITY, (), 10),)),
        ),
    ],
)
def test_what_cannot_be_said_exactly_is_refused_with_a_hint(item: InterfaceIntents) -> None:
    with pytest.raises(UnsupportedIntentError) as caught:
        DRIVER.render(device(item))
    assert caught.value.hint


PREFIXES = st.sampled_from(
    [
        (),
        (ip_network("10.0.0.0/8"),),
        (ip_network("10.1.0.0/16"), ip_network("192.0.2.1/32")),
        (ip_network("2001:db8::/32"),),
        (ip_network("10.1.1.0/24"), ip_network("2001:db8:1::/48")),
    ]
)
RANGES = st.sampled_from(
    [
        (),
        (PortRange(0, 65535),),
        (PortRange(20000, 20039),),
        (PortRange(53, 53), PortRange(80, 80)),
        (PortRange(20020, 20060), PortRange(123, 123)),
        (PortRange(65535, 65535),),
    ]
)
MATCHES = st.builds(
    Match,
    version=st.sampled_from([None, None, 4, 6]),
    protocols=st.sampled_from([(17,), (6,), (6, 17)]),
    sources=PREFIXES,
    destinations=PREFIXES,
    source_ports=RANGES,
    destination_ports=RANGES,
    code_points=st.sampled_from([(), (CodePoint(40),), (CodePoint(0), CodePoint(46))]),
)
CLASSES = st.sampled_from([AUDIO, VIDEO, SIGNALLING, TrafficClass("trusted", None)])
RULES = st.builds(ClassifierRule, MATCHES, CLASSES, st.just(("R",)))


@settings(max_examples=60)
@given(
    st.lists(RULES, max_size=6).map(tuple),
    st.sets(st.integers(0, 63), max_size=12).map(
        lambda found: tuple(map(CodePoint, sorted(found)))
    ),
)
def test_any_classifier_is_written_exactly(
    classifier: tuple[ClassifierRule, ...], reset: tuple[CodePoint, ...]
) -> None:
    item = InterfaceIntents("GigabitEthernet0/0", Role.CLIENT, classifier=classifier, reset=reset)
    intents = device(item)
    proof = prove(intents, DRIVER.parse(DRIVER.render(intents).config), DRIVER.capabilities)
    assert proof.ok, proof.problem
