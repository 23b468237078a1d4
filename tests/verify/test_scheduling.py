"""Queues of an interface against what is asked: caps, shapers, early drop, and every way in."""

from __future__ import annotations

import pytest
from conformance.shapes import Accepted, outcome

from tests.support.values import replace
from translator.codepoint import CodePoint
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.device import DeviceQos, QueueClass, Queuing
from translator.intents.model import (
    DeviceIntents,
    InterfaceIntents,
    QueueIntent,
    QueuingIntent,
    Role,
)
from translator.intents.pipeline import Service
from translator.intents.stages import device_of
from translator.verify.compare import Verdict
from translator.verify.prove import Proof, prove

CAPABILITIES = Capabilities(Feature.MARK_INGRESS | Feature.QUEUE, fragments_proven=True)
QUEUES = QueuingIntent(
    (
        QueueIntent("audio", Service.PRIORITY, (CodePoint(46),), 20),
        QueueIntent("video", Service.GUARANTEED, (CodePoint(34),), 30),
        QueueIntent("default", Service.BEST_EFFORT, (), 50),
    ),
)


def told(
    queue: str = "",
    *,
    link_bps: int | None = None,
    shaping_bps: int | None = None,
    shaping_percent: float | None = None,
    **changes: object,
) -> list[str]:
    """What the proof says of a device that is right but for changes of one queue, or its shaper."""
    intents = DeviceIntents(
        "r1",
        "test",
        (
            InterfaceIntents("lan", Role.UPLINK),
            InterfaceIntents("wan", Role.UPLINK, queuing=QUEUES, link_bps=link_bps),
        ),
    )
    right = device_of(intents)
    queuing = right.interface("wan").queuing
    assert queuing is not None
    changed = Queuing(
        tuple(_changed(item, queue, changes) for item in queuing.classes),
        shaping_bps,
        shaping_percent=shaping_percent,
    )
    proof = prove(intents, _with(right, changed), CAPABILITIES)
    assert proof.ok is not bool(proof.scheduling)
    return [str(item) for item in proof.scheduling]


def _changed(item: QueueClass, queue: str, changes: dict[str, object]) -> QueueClass:
    return replace(item, **changes) if item.name == queue else item


def _with(device: DeviceQos, queuing: Queuing) -> DeviceQos:
    interfaces = tuple(
        replace(item, queuing=queuing) if item.name == "wan" else item for item in device.interfaces
    )
    return replace(device, interfaces=interfaces)


def test_what_is_asked_is_proven():
    assert told() == []


@pytest.mark.parametrize(("queue", "share"), [("video", 30), ("default", 50)])
def test_a_cap_below_the_share_is_told(queue, share):
    capped = f"wan, queue {queue}: limit: wanted none below {share} %, found 5 %"
    assert told(queue, limit_percent=5.0) == [capped]
    assert told(queue, limit_bps=500_000, link_bps=10_000_000) == [capped]
    assert told(queue, limit_percent=float(share)) == []
    assert told(queue, limit_bps=share * 100_000, link_bps=10_000_000) == []


def test_a_cap_in_a_line_of_unknown_rate_cannot_count_as_enough():
    (only,) = told("video", limit_bps=500_000)
    assert only.endswith("limit: wanted none, found 500000 bit/s")


def test_early_drop_is_told_of_priority_alone():
    (only,) = told("audio", congestion_avoidance=True)
    assert only == "wan, queue audio: early drop: wanted none, found on"
    assert told("video", congestion_avoidance=True) == []


@pytest.mark.parametrize("link_bps", [None, 1_000_000_000])
def test_a_part_of_the_line_is_a_shaper_that_nobody_asked_for(link_bps):
    (only,) = told(shaping_percent=10.0, link_bps=link_bps)
    assert only == "wan: shaping rate: wanted none, found 10 % of the line"
    assert told(shaping_percent=100.0, link_bps=link_bps) == []


def proof_of(shape: str, old: str, new: str) -> Proof:
    """The proof of a Junos text with one word replaced; unchanged it is what was asked."""
    case = outcome("juniper_junos", shape)
    assert isinstance(case, Accepted)
    text = case.rendered.config
    assert old in text
    right, wrong = (
        prove(case.wanted, case.driver.parse(item), case.driver.capabilities)
        for item in (text, text.replace(old, new, 1))
    )
    assert right.ok
    return wrong


def test_queues_chosen_by_ports_count_for_packets_of_unnamed_interfaces():
    wrong = proof_of("small-office", "output QOS-INTERNET-OUT;", "input QOS-INTERNET-OUT;")
    assert wrong.verdict is Verdict.DIFFERENT
    assert wrong.differences


@pytest.mark.parametrize("shape", ["access", "everything"])
def test_a_queue_that_no_desk_fills_is_looked_at(shape):
    """Desks send no application sharing: only what came by another interface waits there."""
    case = outcome("juniper_junos", shape)
    assert isinstance(case, Accepted)
    text = case.rendered.config
    old = text[text.index("        QOS-APP-SHARING {\n            transmit-rate") :].split(";")[0]
    wrong = proof_of(shape, old, old.replace("percent 10", "percent 5"))
    assert {(item.queue, item.problem) for item in wrong.scheduling} == {("app_sharing", "share")}


def test_a_cap_below_the_share_of_a_rendered_queue_is_told():
    old = "transmit-rate percent 20;"
    wrong = proof_of("branch", old, f"{old}\n            shaping-rate percent 10;")
    assert {(item.queue, item.problem) for item in wrong.scheduling} == {("video", "limit")}
