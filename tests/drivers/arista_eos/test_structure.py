"""The nesting that our reader sees in others' files against ciscoconfparse's families.

The worked examples of the manual are here too: what it says that they do, in our own words.
"""

from __future__ import annotations

import pytest
from drivers.arista_eos.texts import EOS
from support.cisco_peer import parsed_by_ciscoconfparse
from support.corpus import corpus_files

from translator.drivers.arista_eos.edit_tree import ConfigTree, Node
from translator.verify.explain import explain
from translator.verify.packet import Packet


def ours(text: str) -> set[tuple[str, ...]]:
    """The lines of all blocks that can be edited, each behind its headers."""

    def below(node: Node, above: tuple[str, ...]):
        for item in node.below:
            yield (*above, item.text)
            yield from below(item, (*above, item.text))

    return {
        path
        for block in ConfigTree(text).blocks
        if block.kind
        for path in below(block.node, (block.node.text,))
    }


def theirs(text: str) -> set[tuple[str, ...]]:
    with parsed_by_ciscoconfparse(text) as items:
        return {
            tuple(" ".join(each.text.split()) for each in item.geneology)
            for item in items
            if item.text.strip() and not item.text.strip().startswith("!")
        }


def test_our_blocks_are_ciscoconfparses_families():
    files = [path for path in corpus_files("arista_eos") if path.suffix == ".cfg"]
    if not files:
        pytest.skip("no corpus on this machine (set QOS_SHARED)")
    compared = 0
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        found = ours(text)
        assert found <= theirs(text), path.name
        compared += len(found)
    assert compared > 400


# EOS user manual, chapter Traffic Management, "Creating Policy Maps" and "Applying Policy Maps to
# an Interface": a class sets CoS 7 and traffic class 4; class-default sets traffic class 2.
MANUAL = """\
ipv6 access-list ACLv6_1
   10 permit udp any any
!
class-map type qos match-any Q-CMap_1
   match ipv6 access-group ACLv6_1
!
policy-map type quality-of-service Q-PMap_1
   class Q-CMap_1
      set cos 7
      set traffic-class 4
   !
   class class-default
      set traffic-class 2
!
interface Ethernet8
   service-policy type qos input Q-PMap_1
   qos trust dscp
!
interface Ethernet9
   !
   tx-queue 1
      no priority
      bandwidth percent 40
   !
   tx-queue 2
      no priority
      bandwidth percent 60
"""


@pytest.mark.parametrize(
    ("packet", "verdict", "service"),
    [
        ("udp [2001:db8::1]:1 > [2001:db8::2]:2 dscp 0", "known", "priority"),
        # By trust queue 1, by class-default queue 2: both share, so it need not be known which.
        ("tcp [2001:db8::1]:1 > [2001:db8::2]:2 dscp 0", "known", "guaranteed"),
        # By trust queue 5, which is strict: here it counts whether class-default takes IP.
        ("tcp [2001:db8::1]:1 > [2001:db8::2]:2 dscp ef", "unknown", None),
    ],
)
def test_the_manuals_example_does_what_the_manual_says(packet: str, verdict: str, service: str):
    seen = explain(EOS.parse(MANUAL), Packet.of(packet), "Ethernet8", "Ethernet9")
    assert seen.verdict == verdict
    if service is not None:
        assert seen.service is not None
        assert seen.service.value == service
