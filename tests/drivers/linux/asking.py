"""Short ways to ask what a text does."""

from __future__ import annotations

from collections.abc import Sequence

from translator.drivers.linux import Linux
from translator.intents.compile import Bindings, Compiler, InterfaceSpec
from translator.intents.lower import lower
from translator.intents.match import prefix_of
from translator.intents.model import DeviceIntents
from translator.plan import load_plan
from translator.verify.explain import Explanation, explain
from translator.verify.packet import Packet

LINUX = Linux()
BINDINGS: Bindings = {
    "clients": (prefix_of("10.1.0.0/16"), prefix_of("2001:db8:1::/48")),
    "phones": (prefix_of("10.2.0.0/16"),),
    "conference_servers": (prefix_of("10.10.1.0/28"), prefix_of("2001:db8:10::/64")),
}


def ask(text: str, packet: str, in_interface: str = "lan", out: str = "wan") -> Explanation:
    """Return what the text does with one packet between two interfaces."""
    return explain(LINUX.parse(text), Packet.of(packet), in_interface, out)


def dscp_of(text: str, packet: str, in_interface: str = "lan", out: str = "wan") -> int | None:
    """Return the code point with which the packet leaves; the answer must be certain."""
    answer = ask(text, packet, in_interface, out)
    assert answer.known, answer.reasons
    return answer.dscp_out


def intents_for(specs: Sequence[str], bindings: Bindings = BINDINGS) -> DeviceIntents:
    """Return the lowered intents of the Lync plan for `NAME=ROLE[:RATE]` interfaces."""
    interfaces = [InterfaceSpec.of(text) for text in specs]
    wanted = Compiler(load_plan("lync-2013")).compile("r1", interfaces, bindings)
    return lower(wanted, LINUX.capabilities)
