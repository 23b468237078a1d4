"""Real configurations: never a crash, at least 95 % understood, classes nested as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.corpus import corpus_files

from translator.drivers.cisco_ios import CiscoIos
from translator.errors import ParseError
from translator.intents.device import DeviceQos
from translator.intents.pipeline import Service
from translator.verify.explain import explain
from translator.verify.packet import Packet

DRIVER = CiscoIos()


def real(name: str) -> DeviceQos:
    for path in corpus_files("cisco_ios"):
        if path.name == name:
            return DRIVER.parse(_text(path), file=name)
    pytest.skip("no corpus on this machine (set QOS_SHARED)")


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def test_the_share_of_qos_lines_understood() -> None:
    paths = corpus_files("cisco_ios")
    if not paths:
        pytest.skip("no corpus on this machine (set QOS_SHARED)")
    lines = understood = 0
    left: list[str] = []
    for path in paths:
        device = DRIVER.parse(_text(path), file=path.name)
        lines += len(device.qos_lines)
        understood += len(device.understood)
        left += [f"{path.name}:{item.line}: {item.text}" for item in device.unread]
        assert set(device.qos_lines) == {*device.understood, *(item.line for item in device.unread)}
    print(*left, sep="\n")
    assert len(paths) >= 30
    assert lines > 900
    assert understood / lines >= 0.95, left


@pytest.mark.parametrize("platform", ["cisco_catalyst", "cisco_cat9k", "cisco_nxos", "arista_eos"])
def test_texts_of_siblings_are_read_without_a_crash(platform: str) -> None:
    for path in corpus_files(platform):
        try:
            device = DRIVER.parse(_text(path), file=path.name)
        except ParseError:
            continue
        assert set(device.understood) <= set(device.qos_lines)


@pytest.mark.parametrize(
    ("dscp", "service", "dscp_out"),
    [(46, Service.PRIORITY, 40), (26, Service.PRIORITY, 40 + 2), (16, Service.GUARANTEED, 16)],
)
def test_a_branch_router_of_the_field(dscp: int, service: Service, dscp_out: int) -> None:
    """A shaped parent, three classes over code points and lists, set ip precedence."""
    device = real("field-2921-wan-edge.cfg")
    packet = Packet.of(f"tcp 10.9.9.9:40000 > 10.8.8.8:40001 dscp {dscp}")
    answer = explain(device, packet, "GigabitEthernet0/0", "GigabitEthernet0/1")
    assert (answer.verdict, answer.service) == ("known", service)
    if service is Service.PRIORITY:
        # set precedence keeps the low bits: 46 is 101|110, so precedence 5 leaves 46 as it is.
        expected = 46 if dscp == 46 else 42
        assert answer.dscp_out == expected
    else:
        assert answer.dscp_out == dscp_out
    queuing = device.interface("GigabitEthernet0/1").queuing
    assert queuing is not None
    assert queuing.shaping_bps == 5_000_000


def test_twelve_classes_of_a_validated_design() -> None:
    device = real("ez-wan-queuing-12class.cfg")
    (policy,) = device.policies
    assert policy.queuing is not None
    services = [item.service for item in policy.queuing.classes]
    assert services.count(Service.PRIORITY) == 3
    assert services.count(Service.GUARANTEED) == 9
    assert sum(item.remaining_percent or 0 for item in policy.queuing.classes) == 100
    assert [item.limit_percent for item in policy.queuing.classes[:3]] == [10, 10, 13]


def test_nbar_classes_are_opaque_not_wrong() -> None:
    device = real("ez-wan-marking-nbar-attribute.cfg")
    packet = Packet.of("udp 10.1.1.1:20000 > 10.2.2.2:20000 dscp 0")
    assert explain(device, packet, policy=device.policies[0].name).verdict == "unknown"


WORDS = st.sampled_from(
    [
        "class-map",
        "policy-map",
        "class",
        "match",
        "set",
        "dscp",
        "ef",
        "access-group",
        "name",
        "ip",
        "ipv6",
        "access-list",
        "extended",
        "permit",
        "deny",
        "udp",
        "any",
        "range",
        "1",
        "20",
        "eq",
        "interface",
        "service-policy",
        "input",
        "output",
        "P",
        "A",
        "B",
        "priority",
        "percent",
        "bandwidth",
        "police",
        "conform-action",
        "drop",
        "not",
        "match-any",
        "object-group",
        "service",
        "network",
        "table",
        "map",
        "from",
        "to",
        "default",
        "shape",
        "average",
        "101",
        "access-list",
        "host",
        "10.0.0.1",
        "class-default",
        "banner",
        "^C",
    ]
)
LINES = st.lists(st.tuples(st.integers(0, 3), st.lists(WORDS, min_size=1, max_size=7)), max_size=25)


@given(LINES)
def test_any_words_in_any_order_are_read_or_named(lines: list[tuple[int, list[str]]]) -> None:
    text = "\n".join(" " * indent + " ".join(words) for indent, words in lines)
    device = DRIVER.parse(text)
    assert set(device.qos_lines) == {*device.understood, *(item.line for item in device.unread)}
