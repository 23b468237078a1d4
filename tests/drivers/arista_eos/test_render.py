"""What EOS cannot say is refused, naming the nearest thing; what it can is written as it prints."""

from __future__ import annotations

import pytest
from conformance.shapes import intents_of
from drivers.arista_eos.texts import EOS
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.values import replace
from translator.codepoint import CodePoint
from translator.errors import UnsupportedIntentError
from translator.intents.lower import lower
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
from translator.verify import prove

VIDEO = QueueIntent("video", Service.GUARANTEED, (CodePoint(34),), 30)
AUDIO = QueueIntent("audio", Service.PRIORITY, (CodePoint(46),), 10)
REST = QueueIntent("default", Service.BEST_EFFORT, (), 20)


def uplink(*queues: QueueIntent, name: str = "Ethernet1", rate: int | None = None):
    role = Role.WAN if rate else Role.UPLINK
    return InterfaceIntents(name, role, queuing=QueuingIntent(queues, rate))


def refused(*interfaces: InterfaceIntents) -> UnsupportedIntentError:
    with pytest.raises(UnsupportedIntentError) as failed:
        EOS.render(DeviceIntents("sw-1", "p", interfaces))
    assert failed.value.hint
    return failed.value


@pytest.mark.parametrize(
    ("interfaces", "says"),
    [
        ((uplink(AUDIO, REST, name="Vlan10"),), "QoS on Vlan10"),
        ((uplink(AUDIO, REST, name="Loopback0"),), "QoS on Loopback0"),
        ((uplink(AUDIO, REST), uplink(VIDEO, REST, name="Ethernet2")), "different queues"),
        ((uplink(AUDIO, REST, rate=1_500_500),), "whole kbit/s"),
        ((uplink(VIDEO, AUDIO, REST),), "a strict queue behind one that shares"),
        (
            (uplink(AUDIO, replace(VIDEO, service=Service.SCAVENGER), REST),),
            "queue video below best effort",
        ),
        (
            (
                InterfaceIntents(
                    "Ethernet1",
                    Role.CLIENT,
                    classifier=(
                        ClassifierRule(
                            Match(fragment=True), TrafficClass("audio", CodePoint(46)), ("A1",)
                        ),
                    ),
                ),
            ),
            "the match of rows A1",
        ),
    ],
)
def test_what_cannot_be_said_is_refused(interfaces: tuple[InterfaceIntents, ...], says: str):
    assert says in refused(*interfaces).problem


def test_queues_by_ports_are_refused():
    with pytest.raises(UnsupportedIntentError, match="cannot choose a queue by ports"):
        EOS.render(intents_of("arista_eos", "small-office"))


def test_strict_queues_stand_above_the_others_and_are_held():
    second = QueueIntent("signalling", Service.PRIORITY, (CodePoint(24),), 5)
    intents = DeviceIntents("sw-1", "p", (uplink(AUDIO, second, VIDEO, REST),))
    lines = [line.strip() for line in EOS.render(intents).config.splitlines()]
    assert "qos map dscp 46 to traffic-class 3" in lines
    assert "qos map dscp 24 to traffic-class 2" in lines
    at = lines.index("tx-queue 2")
    assert lines[at : at + 3] == ["tx-queue 2", "priority strict", "shape rate 5 percent"]
    at = lines.index("tx-queue 0")
    assert lines[at : at + 3] == ["tx-queue 0", "no priority", "bandwidth percent 55"]


def test_every_class_sets_its_mark_and_its_traffic_class_and_has_one_match():
    config = EOS.render(intents_of("arista_eos", "everything")).config
    blocks = config.split("\n!\n")
    for block in blocks:
        if block.startswith("class-map"):
            assert block.count("\n   match ") == 1
    (first, *_) = (block for block in blocks if block.startswith("policy-map"))
    for part in first.split("   class ")[1:]:
        assert "set dscp" in part
        assert "set traffic-class" in part
    assert "deny" not in config
    assert "rewrite" not in config


def test_each_code_point_has_a_line():
    """Nothing hangs on a default, although each text is read by the defaults too."""
    config = EOS.render(intents_of("arista_eos", "access")).config
    values = [
        int(word)
        for line in config.splitlines()
        if line.startswith("qos map dscp ")
        for word in line.partition(" to ")[0].split()[3:]
    ]
    assert sorted(values) == list(range(64))


def test_names_are_cut_uniquely():
    long = "a" * 60
    rules = tuple(
        ClassifierRule(
            Match(protocols=(17,), code_points=(CodePoint(8 + at),)),
            TrafficClass(f"{long}{at}", CodePoint(46)),
        )
        for at in range(2)
    )
    item = InterfaceIntents("Ethernet1", Role.CLIENT, classifier=rules)
    intents = DeviceIntents("sw-1", "p", (item,))
    config = EOS.render(intents).config
    names = {line.split()[-1] for line in config.splitlines() if line.startswith("class-map")}
    assert len(names) == 4
    assert max(map(len, names)) <= EOS.capabilities.name_length


def test_what_the_switch_cannot_tell_is_told():
    told = " ".join(EOS.render(intents_of("arista_eos", "branch")).instructions)
    for words in ("whole switch", "uc-tx-queue", "Successful", "qos rewrite dscp", "session"):
        assert words in told


shares = st.lists(st.integers(1, 12), min_size=1, max_size=5)


@settings(max_examples=20)
@given(shares, st.integers(0, 2), st.sampled_from([None, 8_000, 50_000_000]))
def test_any_queues_are_proven(percents: list[int], strict: int, rate: int | None):
    points = [CodePoint(number) for number in (46, 34, 24, 18, 10)]
    queues = [
        QueueIntent(
            f"q{at}",
            Service.PRIORITY if at < strict else Service.GUARANTEED,
            (points[at],),
            percent,
        )
        for at, percent in enumerate(percents)
    ]
    wanted = lower(
        DeviceIntents("sw-1", "p", (uplink(*queues, REST, rate=rate),)), EOS.capabilities
    )
    found = EOS.parse(EOS.render(wanted).config)
    proof = prove(wanted, found, EOS.capabilities)
    # A strict queue of less than a kbit/s cannot be: the limit is rounded up.
    assert proof.ok or rate == 8_000, proof.problem
