"""Repairs of an EOS switch: one session from any configuration to what is wanted, and back."""

from __future__ import annotations

from itertools import permutations

import pytest
from audit.repair.repair_checks import Bench, intents_for
from drivers.arista_eos.texts import EOS, SWITCH, put

from translator.audit.repair import repair
from translator.errors import RefusedError

HEAD = "! Command: show running-config\n!\nhostname sw-1\n!\n"
TAIL = "interface Ethernet9\n   description of somebody else\n!\nend\n"
INTENTS = {
    "edge": intents_for("arista_eos", "Ethernet1=client", "Ethernet2=uplink"),
    "phones": intents_for("arista_eos", "Ethernet1=phone", "Ethernet2=wan:10M"),
    "transit": intents_for("arista_eos", "Ethernet1=uplink", "Ethernet2=uplink"),
}
BARE = f"{HEAD}interface Ethernet1\n!\ninterface Ethernet2\n!\n{TAIL}"
RIGHT = {name: HEAD + EOS.render(found).config + TAIL for name, found in INTENTS.items()}


@pytest.mark.parametrize(("before", "after"), [("", "edge"), *permutations(INTENTS, 2)])
def test_any_configuration_becomes_any_other_in_one_session(before: str, after: str):
    text = RIGHT[before] if before else BARE
    bench = Bench(EOS, text, INTENTS[after])
    found = bench.repaired()
    bench.check(found)
    assert found.atomic
    assert found.commands
    assert found.gaps == ()
    again = Bench(EOS, found.text, INTENTS[after]).repaired()
    assert again.commands == ()
    # The text is as it was, line by line, but for what is not printed.
    back = EOS.apply(found.text, found.rollback)
    assert sorted(lines_of(back)) == sorted(lines_of(EOS.apply(text, ())))


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip(" !")]


def wanted(text: str) -> list[str]:
    """Return the commands of a repair to `edge`."""
    bench = Bench(EOS, text, INTENTS["edge"])
    found = bench.repaired()
    bench.check(found)
    return [line.strip() for line in found.commands]


def test_one_wrong_mark_is_one_line():
    spoilt = put(
        "      set dscp af41\n      set traffic-class 4",
        "      set dscp cs4\n      set traffic-class 4",
        RIGHT["edge"],
    )
    assert wanted(spoilt)[-1] == "set dscp af41"
    assert len(wanted(spoilt)) == 3


def test_one_wrong_port_is_two_lines():
    spoilt = put("range 20000 20039", "range 20000 20040", RIGHT["edge"])
    assert wanted(spoilt) == [
        "ipv6 access-list QOS-AUDIO-V6", "no 20", "20 permit tcp any range 20000 20039 any",
    ]  # fmt: skip


def test_classes_in_another_order_are_put_in_order():
    classes = RIGHT["edge"].split("   class ")
    assert classes[1].startswith("QOS-SIGNALLING\n")
    swapped = [classes[0], *classes[3:5], *classes[1:3], *classes[5:]]
    commands = wanted("   class ".join(swapped))
    assert commands[0] == "policy-map type quality-of-service QOS-CLIENT"
    assert "no class QOS-AUDIO" in commands


def test_a_name_that_others_use_is_left_to_them():
    theirs = put(
        "interface Ethernet9\n",
        "policy-map type quality-of-service QOS-CLIENT\n   class class-default\n!\n"
        "interface Ethernet9\n   service-policy type qos input QOS-CLIENT\n",
        BARE,
    )
    commands = wanted(theirs)
    assert "policy-map type quality-of-service QOS-CLIENT-2" in commands
    assert "service-policy type qos input QOS-CLIENT-2" in commands


ONE_PORT_OFF = put("udp any range 20000 20039", "udp any range 20000 20029", RIGHT["edge"])
ONE_PORT_OFF = put("udp any range 20000 20039", "udp any range 20000 20029", ONE_PORT_OFF)
WITHOUT_END = ONE_PORT_OFF.removesuffix("end\n")
USERS_OF_A_LIST = {
    "filter of a port": "interface Ethernet3\n   ip access-group QOS-AUDIO in\n",
    "filter of an asked port": "interface Ethernet2\n   ip access-group QOS-AUDIO in\n",
    "route map": "route-map R permit 10\n   match ip address access-list QOS-AUDIO\n",
    "management": "management ssh\n   ip access-group QOS-AUDIO in\n",
    "translation": "interface Ethernet7\n   ip nat source dynamic access-list QOS-AUDIO pool P\n",
    "mirroring": "monitor session 1 ip access-group QOS-AUDIO\n",
    "community": "snmp-server community c ro QOS-AUDIO\n",
    "policy routing": "class-map type pbr match-any R\n   10 match ip access-group QOS-AUDIO\n",
    "another class": "class-map type qos match-any OTHER\n   match ip access-group QOS-AUDIO\n",
}


@pytest.mark.parametrize("users", USERS_OF_A_LIST)
def test_a_list_that_others_use_is_not_touched(users: str):
    theirs = f"{WITHOUT_END}{USERS_OF_A_LIST[users]}!\nend\n"
    commands = wanted(theirs)
    assert "ip access-list QOS-AUDIO" not in commands
    assert "ip access-list QOS-AUDIO-2" in commands
    assert "ipv6 access-list QOS-AUDIO-V6" in commands
    after = EOS.apply(theirs, commands_of(theirs))
    assert list_of(after, "QOS-AUDIO") == list_of(theirs, "QOS-AUDIO")


def commands_of(text: str) -> tuple[str, ...]:
    return Bench(EOS, text, INTENTS["edge"]).repaired().commands


def list_of(text: str, name: str) -> str:
    return text.partition(f"\nip access-list {name}\n")[2].partition("!")[0]


def test_a_name_that_is_only_mentioned_is_no_use():
    theirs = put("of somebody else", "QOS-AUDIO of somebody else", ONE_PORT_OFF)
    assert "ip access-list QOS-AUDIO" in wanted(theirs)


def test_a_list_is_not_made_where_a_filter_waits_for_its_name():
    theirs = put("of somebody else\n", "x\n   ip access-group QOS-AUDIO in\n", BARE)
    commands = wanted(theirs)
    assert "ip access-list QOS-AUDIO" not in commands
    assert "ip access-list QOS-AUDIO-2" in commands


def test_a_standard_list_keeps_its_name():
    theirs = put("interface Ethernet1\n", "ip access-list standard QOS-AUDIO\n!\n"
                 "interface Ethernet1\n", BARE)  # fmt: skip
    assert "ip access-list QOS-AUDIO-2" in wanted(theirs)


@pytest.mark.parametrize(
    "binding",
    [
        "interface profile DESK\n   command service-policy type qos input QOS-CLIENT\n",
        "qos profile DESK\n   service-policy type qos input QOS-CLIENT\n",
        "interface Vlan10\n   service-policy type qos input QOS-CLIENT\n",
    ],
)
def test_a_policy_that_is_bound_elsewhere_is_not_touched(binding: str):
    theirs = f"{WITHOUT_END}{binding}!\nend\n"
    commands = wanted(theirs)
    assert "policy-map type quality-of-service QOS-CLIENT-2" in commands
    assert "ip access-list QOS-AUDIO" not in commands
    assert "class-map type qos match-any QOS-AUDIO" not in commands


def test_rewriting_is_switched_off_where_it_harms_nobody():
    rewriting = put("qos map", "qos rewrite dscp\nqos map", RIGHT["edge"])
    with pytest.raises(RefusedError, match="nobody asked about would change: leaving Ethernet9"):
        wanted(rewriting)
    alone = rewriting.replace(TAIL, "end\n")
    assert wanted(alone) == ["no qos rewrite dscp"]


def test_a_map_that_serves_others_is_not_changed():
    theirs = put(
        "of somebody else\n",
        "of somebody else\n   qos trust dscp\n   !\n   tx-queue 5\n      no priority\n",
        BARE,
    )
    with pytest.raises(RefusedError, match="Ethernet9"):
        wanted(theirs)


@pytest.mark.parametrize(
    ("commands", "why"),
    [
        (["interface Ethernet77", "   qos trust dscp"], "no such interface"),
        (["interface Ethernet3", "   service-policy type qos input NONE"], "NONE is not defined"),
        (["no ip access-list AUDIO"], "AUDIO is not defined"),
        (["ip access-list FILTER", "   no 10"], "`interface Ethernet3` uses ip access-list FILTER"),
        (["no policy-map type quality-of-service X"], "no such definition"),
        (["interface Ethernet3", "   no shape rate"], "no such line"),
        (["interface Ethernet3", "   mtu 9000"], "is not changed here"),
        (["ip access-list AUDIO", "   10 permit ip any any"], "of this number already"),
        (["ip access-list AUDIO", "   permit ip any any"], "named by its number"),
        (["qos map dscp 99 to traffic-class 1"], "no line of a map"),
        (["no qos map dscp 45 to traffic-class"], "no line maps these values"),
        (["qos trust dscp"], "below no header"),
    ],
)
def test_what_a_switch_would_refuse_is_refused(commands: list[str], why: str):
    filtered = put("interface Ethernet3\n", "interface Ethernet3\n   ip access-group FILTER in\n")
    filtered = put(
        "class-map", "ip access-list FILTER\n   10 permit ip any any\n!\nclass-map", filtered
    )
    with pytest.raises(RefusedError, match=why):
        EOS.apply(filtered, commands)


def test_values_move_between_lines_of_a_map():
    text = put("qos map dscp 46", "qos map dscp 40 41 to traffic-class 2\nqos map dscp 46", SWITCH)
    commands = ["qos map dscp 41 46 to traffic-class 1"]
    after = EOS.apply(text, commands)
    assert "qos map dscp 40 to traffic-class 2\nqos map dscp 41 46 to traffic-class 1\n!" in after
    assert EOS.apply(after, EOS.undo(text, commands)) == text


def test_untouched_lines_stay_to_the_byte():
    text = SWITCH.replace("\n", "\r\n").replace("hostname sw-1", "hostname   sw-1 ")
    after = EOS.apply(text, ["interface Ethernet3", "   qos trust dscp"])
    assert after == text.replace(
        "interface Ethernet3\r\n", "interface Ethernet3\r\n   qos trust dscp\r\n"
    )


def test_a_text_without_indentation_is_not_edited():
    flat = "\n".join(line.strip() for line in BARE.splitlines())
    flat = flat.replace(
        "!\ninterface", "!\nclass-map type qos match-any C\nmatch vlan 1\ninterface", 1
    )
    with pytest.raises(RefusedError, match="its indentation is lost"):
        repair(EOS, flat, INTENTS["edge"], snippet=True)
