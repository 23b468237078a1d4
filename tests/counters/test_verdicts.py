"""Findings from counters, each with the class and rows of the plan that it concerns."""

from __future__ import annotations

import pytest
from counters.outputs import IOS_12, IOS_15, JUNOS, TC_CLASS, catalyst

from translator.audit.model import Finding, Severity
from translator.counters.examine import Examination, Question, examine
from translator.counters.kinds import KINDS
from translator.counters.snapshot import snapshot_of
from translator.drivers.registry import driver
from translator.intents.compile import InterfaceSpec, compile_intents
from translator.intents.counters import Shown
from translator.intents.lower import lower
from translator.plan.load import load_plan

PLAN = load_plan("lync-2013")
IOS = "show policy-map interface"
CATALYST = "show mls qos interface statistics"
# Other names than the plan's, and a child policy: what the classes do decides.
CONFIG = """\
class-map match-any AUDIO
 match ip dscp ef
class-map match-any VIDEO
 match ip dscp af41 af42
policy-map QUEUES
 class AUDIO
  priority percent 10
 class VIDEO
  bandwidth percent 20
 class class-default
  fair-queue
policy-map SHAPE-10M
 class class-default
  shape average 10000000
  service-policy QUEUES
interface GigabitEthernet0/0
 service-policy output SHAPE-10M
end
"""


def judged(
    platform: str,
    command: str,
    before: str,
    after: str | None = None,
    *,
    config: str = "",
    roles: tuple[str, ...] = (),
    seconds: float | None = None,
) -> Examination:
    reader = driver(platform)
    specs = tuple(InterfaceSpec.of(text) for text in roles)
    first = snapshot_of(reader, [Shown(command, before)])
    second = None if after is None else snapshot_of(reader, [Shown(command, after)])
    return examine(Question(reader, PLAN, config, specs=specs), first, second, seconds)


def of(found: Examination, kind: str) -> list[Finding]:
    return [item for item in found.findings if item.kind == kind]


def rendered(platform: str, *roles: str) -> str:
    specs = [InterfaceSpec.of(text) for text in roles]
    reader = driver(platform)
    return reader.render(lower(compile_intents(PLAN, "x", specs, {}), reader.capabilities)).config


def test_an_idle_class_is_tied_to_the_plan_by_what_the_configuration_does():
    renamed = CONFIG.replace("VIDEO", "OTHERS").replace("AUDIO", "FIRST")
    text = IOS_15.replace("VIDEO", "OTHERS").replace("AUDIO", "FIRST")
    found = judged("cisco_ios", IOS, text, config=renamed, roles=("Gi0/0=wan:10M",))
    (idle,) = of(found, "class-idle")
    assert (idle.traffic_class, idle.interfaces) == ("video", ("GigabitEthernet0/0",))
    assert "'OTHERS'" in idle.message
    assert {"C02", "C04"} <= set(idle.rows)


def test_output_without_a_direction_is_of_the_only_policy():
    text = IOS_15.replace("Service-policy output:", "Service-policy :")
    found = judged("cisco_ios", IOS, text, config=CONFIG, roles=("Gi0/0=wan:10M",))
    assert "video" in [item.traffic_class for item in of(found, "class-idle")]
    assert not any("no class is counted" in item.message for item in found.findings)


def test_roles_are_taken_from_the_configuration_where_it_states_them():
    address = " ip address 10.0.0.1 255.255.255.252\n"
    config = CONFIG.replace("GigabitEthernet0/0\n", f"GigabitEthernet0/0\n{address}")
    found = judged("cisco_ios", IOS, IOS_15, config=config)
    assert [item.traffic_class for item in of(found, "class-idle")] == ["video"]


def test_without_a_configuration_code_points_decide():
    found = judged("cisco_ios", IOS, IOS_15)
    assert [item.traffic_class for item in of(found, "class-idle")] == ["video"]


def test_nothing_is_idle_where_nothing_passed():
    same = judged("cisco_ios", IOS, IOS_15, IOS_15)
    assert of(same, "class-idle") == []


def test_lost_voice_is_an_error():
    text = IOS_15.replace("b/w exceed drops: 0", "b/w exceed drops: 31")
    (finding,) = of(judged("cisco_ios", IOS, text), "drops-in-ef")
    assert finding.severity is Severity.ERROR
    assert (finding.traffic_class, finding.lines) == ("audio", (24,))
    assert "31 above the limit" in finding.message
    assert of(judged("cisco_ios", IOS, text, text), "drops-in-ef") == [], "none in between"


def test_lost_voice_of_a_policer_counts():
    text = IOS_12.replace("17/1088", "0/0")
    policer = (
        "      police:",
        "          cir 8000 bps, bc 1500 bytes",
        "        conformed 1 packets, 60 bytes; actions:",
        "          transmit",
        "        exceeded 5 packets, 300 bytes; actions:",
        "          drop",
        "      QoS Set",
    )
    policed = text.replace("      QoS Set", "\n".join(policer))
    (finding,) = of(judged("cisco_ios", IOS, policed), "drops-in-ef")
    assert "5 policed (exceed)" in finding.message


def test_drops_of_the_default_class_are_a_note():
    (finding,) = of(judged("cisco_ios", IOS, IOS_15), "drops-in-class")
    assert finding.severity is Severity.NOTE
    lost = IOS_15.replace(
        "drops) 0/0/0\n          (pkts output/bytes output) 0/0",
        "drops) 0/9/0\n          (pkts output/bytes output) 0/0",
    )
    worse = of(judged("cisco_ios", IOS, lost), "drops-in-class")
    assert [item.severity for item in worse] == [Severity.WARNING, Severity.NOTE]
    assert worse[0].traffic_class == "video"


def test_voice_in_the_default_class_is_seen_by_early_drop():
    (finding,) = of(judged("cisco_ios", IOS, IOS_15), "default-holds-ef")
    assert "carries 9 packets marked ef" in finding.message
    assert finding.traffic_class == "audio"
    clean = IOS_15.replace("            ef            9/576", "            ef            0/0  ")
    assert of(judged("cisco_ios", IOS, clean), "default-holds-ef") == []


@pytest.mark.parametrize(("ef", "voice", "told"), [(60, 61, False), (60, 12, True), (0, 0, False)])
def test_a_switch_counts_voice_by_mark_and_by_queue(ef, voice, told):
    roles = ("GigabitEthernet1/0/1=phone", "GigabitEthernet1/0/2=uplink:1G")
    config = rendered("cisco_catalyst", *roles)
    text = catalyst(ef, voice)
    found = judged("cisco_catalyst", CATALYST, text, config=config, roles=roles)
    assert bool(of(found, "default-holds-ef")) is told


def test_a_switch_with_default_maps_holds_voice_in_the_wrong_queue():
    config = """\
mls qos
mls qos srr-queue output dscp-map queue 4 threshold 3 46
interface GigabitEthernet1/0/2
 mls qos trust dscp
 priority-queue out
end
"""
    text = catalyst(60, 0)
    found = judged(
        "cisco_catalyst", CATALYST, text, config=config, roles=("GigabitEthernet1/0/2=uplink:1G",)
    )
    assert of(found, "default-holds-ef")


def test_cleared_counters_are_told_once_for_an_interface():
    lower = IOS_15.replace("2000 packets, 128000", "3 packets, 192")
    found = judged("cisco_ios", IOS, IOS_15, lower)
    (finding,) = of(found, "counters-cleared")
    assert finding.interfaces == ("GigabitEthernet0/0",)


def test_an_interface_without_classes_is_missed():
    roles = ("Gi0/0=wan:10M", "Gi0/1=wan:10M")
    config = CONFIG.replace("\nend", "\ninterface GigabitEthernet0/1\nend")
    found = judged("cisco_ios", IOS, IOS_15, config=config, roles=roles)
    assert ("GigabitEthernet0/1",) in [item.interfaces for item in of(found, "no-queue-seen")]
    alone = judged("cisco_ios", IOS, "GigabitEthernet0/1\n", roles=("Gi0/1=wan:10M",))
    assert [item.interfaces for item in of(alone, "no-queue-seen")] == [("GigabitEthernet0/1",)]


def test_a_port_with_the_default_scheduler_is_told():
    text = "Physical interface: ge-0/0/1, Index: 3\n  Scheduler map: <default>, Index: 2\n"
    command = "show class-of-service interface"
    for roles, told in (
        ((), True),
        (("ge-0/0/1.0=wan:10M",), True),
        (("ge-0/0/2.0=wan:10M",), False),
    ):
        found = of(judged("juniper_junos", command, text, roles=roles), "no-queue-seen")
        assert any("default scheduler" in item.message for item in found) is told


def test_an_empty_answer_is_told():
    assert of(judged("cisco_ios", IOS, "\n"), "no-queue-seen")


def test_a_priority_class_above_its_limit_is_told():
    later = IOS_15.replace("2000 packets, 128000", "4000 packets, 2128000")
    found = judged("cisco_ios", IOS, IOS_15, later, seconds=10)
    (finding,) = of(found, "priority-over-limit")
    assert "1,600,000 bit/s, its limit is 1,000,000" in finding.message
    assert of(judged("cisco_ios", IOS, IOS_15, later, seconds=100), "priority-over-limit") == []


def test_a_class_that_the_configuration_does_not_have_is_told():
    text = IOS_15.replace("Class-map: VIDEO", "Class-map: BACKUP").replace(
        "          0 packets, 0 bytes", "          8 packets, 800 bytes"
    )
    found = judged("cisco_ios", IOS, text, config=CONFIG, roles=("Gi0/0=wan:10M",))
    (finding,) = of(found, "class-not-in-plan")
    assert "BACKUP saw 8 packets" in finding.message
    missing = {item.traffic_class: item.message for item in of(found, "no-queue-seen")}
    assert "VIDEO, which serves video, is not counted" in missing["video"]


def test_what_was_not_understood_makes_no_other_finding():
    text = IOS_15.replace("          bandwidth 20%", "          bandwidth as needed 20%")
    found = judged("cisco_ios", IOS, text)
    assert of(found, "class-idle") == []
    (finding,) = of(found, "unread")
    assert finding.lines == (38,)
    assert found.exit_code == 1


def test_junos_queues_are_those_of_the_unit():
    roles = ("ge-0/0/0.0=client", "ge-0/0/1.0=wan:10M")
    found = judged(
        "juniper_junos",
        "show interfaces queue ge-0/0/1",
        JUNOS,
        config=rendered("juniper_junos", *roles),
        roles=roles,
    )
    (finding,) = of(found, "drops-in-ef")
    assert (finding.traffic_class, finding.interfaces) == ("audio", ("ge-0/0/1",))
    missing = {item.traffic_class for item in of(found, "no-queue-seen")}
    assert {"video", "signalling"} <= missing


def test_tomato_classes_are_known_by_their_names_in_the_settings():
    roles = ("br0=client", "vlan2=internet:10M")
    found = judged(
        "tomato",
        "tc -s class show dev vlan2",
        TC_CLASS.replace("1:10 ", "1:20 "),
        config=rendered("tomato", *roles),
        roles=roles,
    )
    (finding,) = of(found, "drops-in-ef")
    assert finding.traffic_class == "audio"


def test_every_finding_is_of_a_kind_that_is_described():
    for text in (IOS_12, IOS_15):
        for item in judged("cisco_ios", IOS, text).findings:
            assert item.hint == KINDS[item.kind].cure
