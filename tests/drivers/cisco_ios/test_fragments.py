"""Later fragments carry no ports: where an entry with ports could take one, nothing is certain."""

from __future__ import annotations

import pytest

from translator.drivers.cisco_ios import CiscoIos
from translator.verify.explain import Explanation, explain
from translator.verify.packet import Packet

VOICE = "permit udp 10.1.0.0 0.0.255.255 range 20000 20039 any"
FRAGMENT = "udp 10.1.1.10 > 10.2.2.2 dscp 0 fragment"


def ask(entries: str, packet: str = FRAGMENT, match: str = "access-group name A") -> Explanation:
    body = "".join(f" {line}\n" for line in entries.splitlines())
    text = (
        f"ip access-list extended A\n{body}class-map C\n match {match}\n"
        "policy-map P\n class C\n  set dscp ef\n"
    )
    return explain(CiscoIos().parse(text), Packet.of(packet), policy="P")


def test_a_fragment_at_a_permit_with_ports_is_unknown() -> None:
    found = ask(VOICE)
    assert (found.verdict, found.dscp_out) == ("unknown", None)
    assert any("non-initial fragments" in reason for reason in found.reasons)


@pytest.mark.parametrize(
    "packet",
    [
        "udp 10.1.1.10:20000 > 10.2.2.2:7 dscp 0",
        "udp 10.1.1.10:20040 > 10.2.2.2:7 dscp 0",
        "udp 10.3.1.10 > 10.2.2.2 dscp 0 fragment",  # another source
        "tcp 10.1.1.10 > 10.2.2.2 dscp 0 fragment",  # another protocol
    ],
)
def test_what_has_ports_or_other_fields_is_known(packet: str) -> None:
    found = ask(VOICE, packet)
    assert (found.verdict, found.dscp_out) == ("known", 46 if "20000" in packet else 0)


def test_a_deny_with_ports_does_not_stop_a_fragment() -> None:
    assert ask(f"deny udp any any eq 80\n{VOICE}").verdict == "unknown"
    assert ask("deny udp any any eq 80\npermit udp any any").dscp_out == 46


def test_an_entry_without_ports_decides_a_fragment() -> None:
    assert ask(f"deny ip any any fragments\n{VOICE}").verdict == "known"
    found = ask(f"permit ip any any fragments\n{VOICE}")
    assert (found.verdict, found.dscp_out) == ("known", 46)


def test_it_is_asked_once_for_entries_that_differ_in_their_ports() -> None:
    other = "permit udp 10.3.0.0 0.0.255.255 any eq 5060"
    found = ask(f"{VOICE}\n{VOICE.replace('20000', '20040').replace('20039', '20079')}\n{other}")
    assert found.verdict == "unknown"
    away = FRAGMENT.replace("10.1.1.10", "10.3.1.10")
    assert ask(f"{VOICE}\n{other}", away).verdict == "unknown"
    assert ask(f"{VOICE}\n{VOICE}", away).verdict == "known"


def test_options_and_groups_of_an_entry_still_hold() -> None:
    assert ask(f"{VOICE} dscp ef").verdict == "known"
    assert ask(f"{VOICE} dscp ef", FRAGMENT.replace("dscp 0", "dscp 46 ecn 1")).dscp_out == 46
    assert ask(f"{VOICE} dscp af41", FRAGMENT.replace("dscp 0", "dscp 34")).verdict == "unknown"


def test_a_match_on_rtp_ports_is_alike() -> None:
    assert ask(VOICE, match="ip rtp 20000 40").verdict == "unknown"
    assert ask(VOICE, "tcp 10.1.1.10 > 10.2.2.2 fragment", match="ip rtp 20000 40").known
