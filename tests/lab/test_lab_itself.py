"""The lab without any configuration carries packets unchanged, and nothing can leave it."""

from __future__ import annotations

import subprocess

import pytest
from lab.netns import Lab
from lab.packets import Sent

pytestmark = pytest.mark.netns


def test_packets_arrive_unchanged_when_the_router_has_no_rules(lab: Lab) -> None:
    sent = [
        Sent(version, protocol, 20000 + at, 50000, tos=tos)
        for version in (4, 6)
        for protocol in ("udp", "tcp")
        for at, tos in enumerate((0, 0x28, 0xB8))
    ]
    arrived = [item for item in lab.exchange(sent) if item.number is not None]
    assert {item.number for item in arrived} == set(range(len(sent)))
    assert all(item.tos == sent[item.number or 0].tos for item in arrived)


def test_a_large_datagram_arrives_in_fragments(lab: Lab) -> None:
    arrived = lab.exchange([Sent(4, "udp", 20000, 50000, tos=0xB8, size=4000)])
    assert [item.fragment for item in arrived] == [False, True, True]


@pytest.mark.usefixtures("lab")
def test_the_process_has_no_way_out() -> None:
    links = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True, check=True)
    assert all(": lo:" in line for line in links.stdout.splitlines())
