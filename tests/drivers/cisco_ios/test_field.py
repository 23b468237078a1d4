"""What routers of other people hold: tunnels, circuits, ranges, macros, lines typed by hand."""

from __future__ import annotations

import pytest

from translator.drivers.cisco_ios import CiscoIos
from translator.intents.device import DeviceQos
from translator.intents.pipeline import Service
from translator.verify.explain import Explanation, explain
from translator.verify.packet import Packet

VOICE = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 46"
DATA = "tcp 10.1.1.10:40000 > 10.2.2.2:443 dscp 0"
LLQ = """class-map match-any EF
 match dscp ef
policy-map LLQ
 class EF
  priority percent 20
policy-map SHAPED
 class class-default
  shape average 5000000
  service-policy LLQ
"""


def parse(text: str) -> DeviceQos:
    return CiscoIos().parse(text)


def leaving(text: str, interface: str, packet: str = VOICE) -> Explanation:
    return explain(parse(text), Packet.of(packet), out_interface=interface)


def entering(text: str, interface: str, packet: str = VOICE) -> Explanation:
    return explain(parse(text), Packet.of(packet), in_interface=interface)


TUNNEL = (
    LLQ
    + """interface Tunnel1
 ip nhrp map group SMALL service-policy output SHAPED
 nhrp map group LARGE service-policy output LLQ
 qos pre-classify
"""
)


def test_the_policy_of_a_tunnel_depends_on_the_group_of_the_far_end() -> None:
    device = parse(TUNNEL)
    assert device.unread == ()
    voice = leaving(TUNNEL, "Tunnel1")
    assert voice.verdict == "unknown"
    assert any("nhrp group SMALL" in reason for reason in voice.reasons)
    data = leaving(TUNNEL, "Tunnel1", DATA)
    assert (data.verdict, data.service) == ("known", Service.BEST_EFFORT)
    found = device.policy("SHAPED")
    assert found is not None
    assert found.bound == (("Tunnel1", "out"),)


def test_a_group_beside_an_output_policy_is_unknown() -> None:
    assert leaving(TUNNEL + " service-policy output LLQ\n", "Tunnel1", DATA).verdict == "unknown"


def test_a_lone_circuit_takes_all_packets_of_its_interface() -> None:
    text = LLQ + "interface ATM0/0.1 point-to-point\n pvc 8/35\n  service-policy out LLQ\n"
    answer = leaving(text, "ATM0/0.1")
    assert (answer.verdict, answer.service) == ("known", Service.PRIORITY)


@pytest.mark.parametrize("other", [" pvc 8/36\n", " pvc 8/36\n  service-policy out SHAPED\n"])
def test_of_two_circuits_no_header_says_which_one(other: str) -> None:
    text = LLQ + f"interface ATM0/0\n pvc 8/35\n  service-policy out LLQ\n{other}"
    assert leaving(text, "ATM0/0", DATA).verdict == "known"
    assert leaving(text, "ATM0/0").verdict == "unknown"


def test_a_service_instance_takes_some_packets_of_its_port() -> None:
    text = LLQ + "interface e0\n service instance 7 ethernet\n  service-policy output LLQ\n"
    assert leaving(text, "e0").verdict == "unknown"
    assert leaving(text, "e0 service instance 7").service is Service.PRIORITY


@pytest.mark.parametrize("head", ["interface range e0/1 - 3", "int range e0/1-2 , e0/3"])
def test_lines_below_a_range_are_those_of_each_interface(head: str) -> None:
    text = f"{LLQ}{head}\n serv out LLQ\n"
    assert [item.name for item in parse(text).interfaces] == ["e0/1", "e0/2", "e0/3"]
    assert leaving(text, "e0/3").service is Service.PRIORITY
    assert leaving(text, "e0/4").service is Service.BEST_EFFORT


def test_a_range_of_unknown_interfaces_leaves_none_known() -> None:
    text = f"{LLQ}interface range macro DESKS\n service-policy output LLQ\n"
    assert leaving(text, "e0/4").verdict == "unknown"


def test_the_macro_of_a_port_is_in_the_policy_that_it_bound() -> None:
    text = LLQ + "interface e0\n auto qos voip\n service-policy output LLQ\n"
    assert parse(text).unread == ()
    assert leaving(text, "e0").service is Service.PRIORITY
    alone = parse("interface e0\n auto qos voip\n")
    assert [item.line for item in alone.unread] == [2]


def test_an_entry_that_denies_and_is_not_read_may_deny() -> None:
    text = (
        "ip access-list extended L\n deny udp any any eq nosuchport\n permit udp any any\n"
        "class-map A\n match access-group name L\n"
        "policy-map P\n class A\n  set dscp ef\ninterface e0\n service-policy input P\n"
    )
    answer = entering(text, "e0", "udp 10.1.1.1:1 > 10.2.2.2:2 dscp 0")
    assert answer.verdict == "unknown"


def test_a_class_put_before_another_leaves_the_whole_policy_unknown() -> None:
    text = LLQ + "policy-map LLQ\n class NEW insert-before EF\n  set dscp 0\n"
    text += "interface e0\n service-policy output LLQ\n"
    assert leaving(text, "e0").verdict == "unknown"


def test_group_zero_of_packets_that_no_policy_touched_is_unknown() -> None:
    text = "class-map A\n match qos-group 0\npolicy-map P\n class A\n  set dscp 8\n"
    assert leaving(text + "interface e0\n service-policy output P\n", "e0").verdict == "unknown"


def test_a_policy_that_a_later_line_takes_back_is_not_bound() -> None:
    text = LLQ + "interface e0\n service-policy output SHAPED\n no service-policy output SHAPED\n"
    assert leaving(text, "e0").service is Service.BEST_EFFORT
    again = leaving(text + " service-policy output LLQ\n", "e0")
    assert (again.verdict, again.service) == ("known", Service.PRIORITY)


@pytest.mark.parametrize(
    "line",
    [
        "police rate 5000000 bps burst 100000 byte",
        "shape average 5m",
        "shape average 5000000 20000 0 account user-defined 24",
        "shape average 5000000 20000 account user-defined 24",
        "bandwidth remaining percent 10 account user-defined 24",
        "police cir 5000000 account user-defined 24",
        "priority percent 10 account user-defined 24",
        "set cos-inner 3",
    ],
)
def test_overheads_and_short_rates_are_read(line: str) -> None:
    device = parse(f"class-map A\n match any\npolicy-map P\n class A\n  {line}\n")
    assert device.unread == ()


def test_a_short_rate_is_a_rate() -> None:
    device = parse(LLQ.replace("5000000", "5m") + "interface e0\n service-policy output SHAPED\n")
    queuing = device.interface("e0").queuing
    assert queuing is not None
    assert queuing.shaping_bps == 5_000_000


def test_a_class_for_a_list_of_interfaces_serves_each() -> None:
    text = "class-map A\n match input-interface e0/1 - 2\npolicy-map P\n class A\n  set dscp 8\n"
    text += "interface e0/9\n service-policy output P\n"
    device = parse(text)
    for name, code_point in (("e0/1", 8), ("e0/2", 8), ("e0/3", 46)):
        answer = explain(device, Packet.of(VOICE), name, "e0/9")
        assert (answer.verdict, answer.dscp_out) == ("known", code_point)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"class-map C{n}\n match class-map C{n + 1}\n" for n in range(3000)),
        "".join(
            f"policy-map P{n}\n class class-default\n  service-policy P{n + 1}\n"
            for n in range(3000)
        ),
        "".join(f"object-group network G{n}\n group-object G{n + 1}\n" for n in range(3000))
        + "ip access-list extended L\n permit ip object-group G0 any\n"
        "class-map C\n match access-group name L\n",
    ],
)
def test_things_inside_things_without_end_are_unknown_not_a_crash(text: str) -> None:
    device = parse(text + LLQ + "interface e0\n service-policy output LLQ\n")
    answer = explain(device, Packet.of(VOICE), out_interface="e0")
    assert (answer.verdict, answer.service) == ("known", Service.PRIORITY)
    if device.policy("P0") is not None:
        assert explain(device, Packet.of(VOICE), policy="P0").verdict == "unknown"


TWO_CLASSES = """class-map match-any A
 match dscp ef
class-map match-any B
 match dscp af41
policy-map P
 class A
  set dscp cs5
 class B
  set dscp cs4
"""
EF_IN = "udp 10.1.1.1:1 > 10.2.2.2:2 dscp 46"
AF41_IN = "udp 10.1.1.1:1 > 10.2.2.2:2 dscp 34"


def marks(text: str) -> tuple[int | None, int | None]:
    """What policy P makes of EF and of AF41; None for what is unknown."""
    device = parse(TWO_CLASSES + text)
    found = [explain(device, Packet.of(packet), policy="P") for packet in (EF_IN, AF41_IN)]
    entered, other = (item.dscp_out if item.known else None for item in found)
    return entered, other


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (" no class A\n", (46, 32)),
        ("policy-map P\n class B\n no class A\n", (46, 32)),
        (" no class A\n class A\n  set dscp 1\n", (1, 32)),
        (" no class A\n  set dscp 1\n", (None, None)),  # the line stands in no class
        (" no class C\n", (None, None)),
        (" no class class-default\n", (None, None)),
        ("  no set dscp cs4\n", (40, 34)),
        ("  no set dscp cs4\n  set dscp 1\n", (40, 1)),
        ("  no set dscp af11\n", (40, None)),
        ("  no police 8000\n", (40, None)),
        ("  no random-detect\n", (40, 32)),  # it decides nothing
        ("  no spam\n", (40, None)),
    ],
)
def test_a_line_that_takes_back_concerns_what_it_names(
    typed: str, expected: tuple[int | None, int | None]
) -> None:
    assert marks(typed) == expected


def test_a_policer_is_taken_back_with_what_it_does() -> None:
    police = "  police 8000\n   exceed-action drop\n"
    assert parse(TWO_CLASSES + police).policies[0].stages[0].rules[1].body[1:] != ()
    device = parse(TWO_CLASSES + police + "  no police 8000\n")
    assert device.policies[0].stages[0].rules[1].body[1:] == ()
    assert device.unread == ()


def test_what_is_left_of_a_policer_when_another_is_entered_is_unknown() -> None:
    first = "  police cir 8000 conform-action drop exceed-action drop\n"
    again = "  police cir 9000 conform-action transmit exceed-action drop\n"
    assert marks(first) == (40, None)  # dropped
    device = parse(TWO_CLASSES + first + again)
    assert [item.line for item in device.unread] == [11]
    assert explain(device, Packet.of(AF41_IN), policy="P").verdict == "unknown"
    assert explain(device, Packet.of(EF_IN), policy="P").verdict == "known"
    assert parse(TWO_CLASSES + again + again).unread == ()


@pytest.mark.parametrize("prompt", ["", "R1(config-pmap-c)#"])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("class A\nno set dscp cs5\nset dscp 1\nclass B\nset dscp 2\n", (1, 2)),
        ("class A\nno set dscp 3\nset dscp 1\nclass B\nset dscp 2\n", (None, 2)),
        ("no class A\nclass B\nset dscp 2\n", (46, 2)),
        ("class A\nset dscp 1\nno ip http server\nclass B\nset dscp 2\n", (1, 32)),
    ],
)
def test_lines_behind_one_with_no_are_not_lost_in_flat_text(
    prompt: str, typed: str, expected: tuple[int | None, int | None]
) -> None:
    flat = "\n".join(line.strip() for line in TWO_CLASSES.splitlines())
    lines = "".join(f"{prompt}{line}\n" for line in f"policy-map P\n{typed}".splitlines())
    device = parse(f"{flat}\n{lines}")
    found = [explain(device, Packet.of(packet), policy="P") for packet in (EF_IN, AF41_IN)]
    assert tuple(item.dscp_out if item.known else None for item in found) == expected


def test_an_entry_that_flat_text_takes_back_permits_nothing() -> None:
    text = (
        "ip access-list extended L\npermit udp any any\nno permit udp any any\n"
        "permit tcp any any eq 443\nclass-map A\nmatch access-group name L\n"
        "policy-map P\nclass A\nset dscp ef\ninterface e0\nservice-policy input P\n"
    )
    assert entering(text, "e0", "udp 10.1.1.1:1 > 10.2.2.2:2 dscp 0").dscp_out == 0
    assert entering(text, "e0", "tcp 10.1.1.1:1 > 10.2.2.2:443 dscp 0").dscp_out == 46


PHONES = (
    "{0}ip access-list extended L\n permit udp object-group PHONES any\nclass-map A\n"
    " match access-group name L\npolicy-map P\n class A\n  set dscp ef\n"
)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (" host 10.1.1.11\n", [46, 46, 0]),
        (" host 10.1.1.11\n no host 10.1.1.10\n", [0, 46, 0]),
        (" no host 10.1.1.13\n", [None, None, None]),
    ],
)
def test_sections_of_an_object_group_are_put_together(
    more: str, expected: list[int | None]
) -> None:
    head = "object-group network PHONES\n"
    device = parse(PHONES.format(f"{head} host 10.1.1.10\n{head}{more}"))
    hosts = [f"udp 10.1.1.{host}:1 > 10.2.2.2:2 dscp 0" for host in (10, 11, 12)]
    found = [explain(device, Packet.of(packet), policy="P") for packet in hosts]
    assert [item.dscp_out if item.known else None for item in found] == expected
    assert any("object-group PHONES is written twice" in note for note in device.notes)


def test_sections_of_a_table_are_put_together_and_a_value_mapped_twice_is_unknown() -> None:
    use = "policy-map P\n class class-default\n  set dscp dscp table T\n"
    text = "table-map T\n map from 0 to 46\n map from 8 to 1\ntable-map T\n map from 8 10 to 2\n"
    device = parse(text + use)
    found = [
        explain(device, Packet.of(f"udp 10.1.1.1:1 > 10.2.2.2:2 dscp {value}"), policy="P")
        for value in (0, 8, 10, 12)
    ]
    assert [item.dscp_out if item.known else None for item in found] == [46, None, 2, 12]
    assert found[1].reasons == ("line 5: 8 is mapped to another value, too",)


BOUND = f"{LLQ}interface GigabitEthernet0/1\n service-policy output LLQ\n"


@pytest.mark.parametrize(
    "head",
    ["interface gigabitethernet 0/1", "interface Gi0/1", "int g0/1", "interface range gi0/1"],
)
def test_a_typed_name_is_that_of_the_printed_interface(head: str) -> None:
    device = parse(f"{BOUND}{head}\n no service-policy output LLQ\n")
    assert [item.name for item in device.interfaces] == ["GigabitEthernet0/1"]
    assert device.interfaces[0].egress == ()
    before = parse(f"{head}\n service-policy output SHAPED\n{BOUND}")
    assert [item.name for item in before.interfaces] == ["GigabitEthernet0/1"]
    assert (
        leaving(f"{head}\n service-policy output SHAPED\n{BOUND}", "GigabitEthernet0/1").verdict
        == "unknown"
    )


def test_a_short_name_is_that_of_the_only_interface_it_fits() -> None:
    fast = BOUND.replace("Gigabit", "Fast")
    for others, names in (("", 1), ("interface FortyGigabitEthernet0/1\n", 3)):
        device = parse(f"{fast}{others}interface f0/1\n no service-policy output LLQ\n")
        assert len(device.interfaces) == names
    named = ["e0/1", "e0/2", "Vlan10", "Tunnel1"]
    text = "".join(f"interface {name}\n" for name in named)
    assert [item.name for item in parse(text).interfaces] == named


@pytest.mark.parametrize(
    ("line", "verdict", "service"),
    [
        ("no service-policy output LLQ", "known", Service.BEST_EFFORT),
        ("no service-policy output OTHER", "unknown", Service.PRIORITY),
        ("no service-policy output", "unknown", Service.PRIORITY),
        ("no service-policy LLQ", "unknown", Service.PRIORITY),
        ("no service-policy input LLQ", "known", Service.PRIORITY),
        ("no service-policy type control subscriber LLQ", "known", Service.PRIORITY),
    ],
)
def test_a_policy_is_taken_away_by_its_direction_and_name(
    line: str, verdict: str, service: Service
) -> None:
    answer = leaving(f"{BOUND} {line}\n", "GigabitEthernet0/1")
    assert (answer.verdict, answer.service) == (verdict, service)
    if verdict == "unknown":
        assert any(line in reason for reason in answer.reasons)


@pytest.mark.parametrize(
    ("line", "verdict", "service"),
    [
        ("default interface GigabitEthernet0/1", "known", Service.BEST_EFFORT),
        ("default int gi0/1", "known", Service.BEST_EFFORT),
        ("default interface range GigabitEthernet0/0 - 2", "known", Service.BEST_EFFORT),
        ("default interface GigabitEthernet0/2", "known", Service.PRIORITY),
        ("default interface range macro DESKS", "unknown", Service.PRIORITY),
        ("no interface GigabitEthernet0/1", "unknown", Service.PRIORITY),
        ("no interface Tunnel0", "known", Service.PRIORITY),
    ],
)
def test_an_interface_that_is_reset_has_no_policy(
    line: str, verdict: str, service: Service
) -> None:
    answer = leaving(f"hostname r\n{BOUND}router rip\n{line}\n", "GigabitEthernet0/1")
    assert (answer.verdict, answer.service) == (verdict, service)
    again = leaving(
        f"{BOUND}{line}\ninterface Gi0/1\n service-policy output LLQ\n", "GigabitEthernet0/1"
    )
    assert (again.verdict == "known") == (service is Service.BEST_EFFORT)


def test_what_stands_below_an_interface_is_reset_with_it() -> None:
    text = f"{LLQ}interface e0\n service instance 7 ethernet\n  service-policy output LLQ\n"
    assert leaving(text, "e0").verdict == "unknown"
    assert leaving(f"{text}default interface e0\n", "e0").verdict == "known"
