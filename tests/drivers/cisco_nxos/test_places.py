"""Which interfaces a line of a Nexus configuration is about."""

from __future__ import annotations

import pytest
from audit.repair.repair_checks import Bench, intents_for
from drivers.cisco_nxos.test_parse import AUDIO, BOUND, NXOS, POLICY, list_of, mark, parsed

from translator.intents.device import DeviceQos
from translator.verify.explain import Explanation, explain
from translator.verify.packet import Packet

CLASS = list_of("10 permit udp any any")
QOS = "  service-policy type qos input P\n"
MEMBER = "interface Ethernet1/5\n  channel-group 10 mode active\n"
BUNDLE = f"interface port-channel 10\n{QOS}"
OUT = (
    "policy-map type queuing Q\n  class type queuing c-out-8q-q7\n    priority level 1\n"
    "  class type queuing c-out-8q-q-default\n    bandwidth remaining percent 100\n"
)
QUEUES = "  service-policy type queuing output Q\n"


def asked(device: DeviceQos, enters: str, leaves: str | None = None) -> Explanation:
    return explain(device, Packet.of(AUDIO), enters, leaves)


@pytest.mark.parametrize(
    "header",
    [
        "ethernet 1/1-3",
        "ethernet 1/1 - 3",
        "Ethernet1/1 - 3",
        "Ethernet1/1-1/3",
        "ethernet 1/1, ethernet 1/3",
        "Ethernet1/1 , Ethernet1/2-3",
        "eth1/1-3",
        "range ethernet 1/1 - 3",
    ],
)
def test_a_list_is_each_of_its_interfaces(header: str):
    device = parsed(CLASS, POLICY, f"interface {header}\n{QOS}")
    assert mark(device, AUDIO) == 46
    assert mark(device, AUDIO, "Ethernet1/3") == 46
    assert mark(device, AUDIO, "Ethernet1/4") == 0


@pytest.mark.parametrize("header", ["Ethernet1/1, 1/3", "Ethernet1/1-3,7", "ethernet 1/1-a"])
@pytest.mark.parametrize("line", [QOS, f"  no {QOS.strip()}\n", "  channel-group 10\n"])
def test_a_list_that_is_not_understood_may_be_any_interface(header: str, line: str):
    device = parsed(CLASS, POLICY, BOUND, f"interface {header}\n{line}")
    for name in ("Ethernet1/1", "Ethernet1/3", "Ethernet1/9"):
        assert mark(device, AUDIO, name) == "unknown"
    seen = asked(device, "Ethernet1/9")
    assert seen.reasons == (f"the interfaces of interface {header} are not known",)
    assert seen.lines


@pytest.mark.parametrize("name", ["ethernet 1/1", "e1/1", "eth 1/1", "ETHERNET1/1"])
def test_one_interface_is_one_in_any_spelling(name: str):
    device = parsed(CLASS, POLICY, BOUND, f"interface {name}\n  no {QOS.strip()}\n")
    assert mark(device, AUDIO) == 0
    assert [item.name for item in device.interfaces] == ["Ethernet1/1"]


@pytest.mark.parametrize("own", ["", QOS.replace("P", "OTHER")])
def test_a_member_is_treated_as_its_bundle(own: str):
    device = parsed(CLASS, POLICY, OUT, f"{MEMBER}{own}", f"{BUNDLE}{QUEUES}")
    assert mark(device, AUDIO, "port-channel10") == 46
    assert mark(device, AUDIO, "Ethernet1/5") == 46
    assert asked(device, "Ethernet1/1", "Ethernet1/5").service is not None
    assert device.interface("Ethernet1/5").queuing == device.interface("port-channel10").queuing
    assert "the members of port-channel10 are treated as the port channel is" in device.notes


def test_a_port_that_left_its_bundle_is_treated_as_itself():
    device = parsed(CLASS, POLICY, f"{MEMBER}  no channel-group\n", BUNDLE)
    assert mark(device, AUDIO, "Ethernet1/5") == 0


def test_a_member_of_a_bundle_that_is_not_there_is_unknown():
    seen = asked(parsed(CLASS, POLICY, MEMBER), "Ethernet1/5")
    assert seen.verdict == "unknown"
    assert seen.reasons == ("port-channel10, of which it is a member, is not in this text",)


def test_members_follow_a_repair_of_their_bundle():
    text = f"version 9.3(8)\nhostname n\n{MEMBER}interface port-channel10\nline vty\n"
    bench = Bench(NXOS, text, intents_for("cisco_nxos", "port-channel10=client"))
    found = bench.repaired()
    bench.check_result(found.text)
    after = NXOS.parse(found.text)
    assert after.interface("Ethernet1/5").ingress == after.interface("port-channel10").ingress


def test_a_policy_of_a_vlan_interface_is_not_known_to_hold():
    svi = f"interface Vlan10\n{QOS}"
    device = parsed(CLASS, POLICY, BOUND, svi)
    assert mark(device, AUDIO) == 46, "a policy of the port goes first"
    for name in ("Vlan10", "Ethernet1/5"):
        seen = asked(device, name)
        assert seen.verdict == "unknown"
        assert "whether a policy of interface Vlan10 holds depends on the model" in str(
            seen.reasons
        )


PROFILE = f"configure profile DESKS\n  interface Ethernet1/5\n  {QOS}  vlan 10\n"
APPLY = "configure terminal\napply profile DESKS\n"


@pytest.mark.parametrize("kind", ["profile", "maintenance profile"])
def test_a_profile_that_is_not_applied_holds_nowhere(kind: str):
    device = parsed(CLASS, POLICY, PROFILE.replace("profile", kind, 1), BOUND)
    assert (mark(device, AUDIO), mark(device, AUDIO, "Ethernet1/5")) == (46, 0)
    assert device.notes == ("lines of profile DESKS are left out: it is not applied",)


def test_a_profile_that_is_applied_may_hold():
    text = "".join((CLASS, POLICY, PROFILE, APPLY, BOUND))
    device = parsed(text)
    assert mark(device, AUDIO) == 46
    seen = asked(device, "Ethernet1/5")
    assert seen.verdict == "unknown"
    line = text.splitlines().index(f"  {QOS.rstrip()}") + 1
    assert seen.lines == (line,)
    assert [item.line for item in device.unread] == [line]


def test_a_profile_that_defines_classes_may_change_any():
    device = parsed(CLASS, POLICY, PROFILE, "  class-map type qos C\n", APPLY, BOUND)
    assert mark(device, AUDIO) == "unknown"


NEXT = "class-map type qos match-any C\n  match dscp 46\n"


@pytest.mark.parametrize(
    "line",
    [
        "no class-map type qos match-any C",
        "no class-map C",
        "no policy-map type qos P",
        f"interface Ethernet1/1\n  no {QOS.replace('P', 'OTHER').strip()}",
        "interface Ethernet1/1\n  no service-policy type qos input",
        "no interface Ethernet1/1",
        "default interface Ethernet1/1, 1/3",
    ],
)
@pytest.mark.parametrize("behind", ["", NEXT, CLASS])
def test_what_was_removed_while_it_was_used_is_unknown(line: str, behind: str):
    text = "".join((CLASS, POLICY, BOUND, f"{line}\n", behind))
    device = parsed(text)
    seen = asked(device, "Ethernet1/1")
    assert seen.verdict == "unknown"
    removed = text.splitlines().index(line.rsplit("\n", maxsplit=1)[-1]) + 1
    assert removed in seen.lines
    assert [item.line for item in device.unread] == [removed]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((NEXT, "no class-map C\n", CLASS, POLICY, BOUND), 46),
        ((CLASS, "no class-map type qos match-any C\n", NEXT, POLICY, BOUND), 0),
        ((list_of("10 permit tcp any any"), "no class-map C\n", "no ip access-list L\n", CLASS,
          POLICY, BOUND), 46),
        ((CLASS, POLICY, "no policy-map P\n", POLICY.replace("46", "34"), BOUND), 34),
        ((CLASS, POLICY, BOUND, "default interface Ethernet1/1\n"), 0),
        ((CLASS, POLICY, BOUND, "default interface ethernet 1/1 - 2\n"), 0),
        ((CLASS, POLICY, "default interface Ethernet1/1\n", BOUND), 46),
        ((CLASS, POLICY, "no policy-map type control-plane P\n", BOUND), 46),
        ((CLASS, POLICY, "no class-map NONE\nno interface Ethernet1/1\n", BOUND), 46),
    ],
)  # fmt: skip
def test_what_was_removed_before_it_was_used_is_gone(parts: tuple[str, ...], expected: int):
    assert mark(parsed(*parts), AUDIO) == expected
