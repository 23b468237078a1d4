"""A name that the text does not define makes what depends on it unknown, never nothing."""

from __future__ import annotations

import pytest

from translator.drivers.registry import driver
from translator.verify.explain import explain
from translator.verify.packet import Packet

PACKET = Packet.of("udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp ef")
POLICY = "policy-map P\n class C\n  set dscp af41\n"
BOUND_IN = "interface GigabitEthernet0/1\n service-policy input P\n"
BOUND_OUT = BOUND_IN.replace("input", "output")
FILTER = "firewall { family inet { filter F { term A { from { %s } then { %s } } } } }\n"
UNIT = "interfaces { ge-0/0/1 { unit 0 { family inet { filter { input F; } } } } }\n"
COS = "class-of-service { interfaces { ge-0/0/1 { %s } } %s }\n"
HOOK = "chain forward { type filter hook forward priority 0; %s }"

IOS = {
    "policy-map": BOUND_IN,
    "output policy-map": BOUND_OUT,
    "policy-map below another": "policy-map P\n class class-default\n  service-policy Q\n"
    + BOUND_OUT,
    "class-map": POLICY + BOUND_IN,
    "class-map in a class-map": "class-map C\n match class-map D\n" + POLICY + BOUND_IN,
    "class-map behind not": "class-map C\n match not class-map D\n" + POLICY + BOUND_IN,
    "access list": "class-map C\n match access-group name A\n" + POLICY + BOUND_IN,
    "access list behind not": "class-map C\n match not access-group 101\n" + POLICY + BOUND_IN,
    "object group": (
        "ip access-list extended A\n permit udp object-group G any\n"
        "class-map C\n match access-group name A\n" + POLICY + BOUND_IN
    ),
    "table-map": "policy-map P\n class class-default\n  set dscp dscp table T\n" + BOUND_IN,
}
CATALYST = {
    "policy-map": BOUND_IN,
    "class-map": POLICY + BOUND_IN,
    "access list": "class-map C\n match access-group name A\n" + POLICY + BOUND_IN,
    "aggregate policer": (
        "class-map C\n match ip dscp 46\npolicy-map P\n class C\n  police aggregate A\n" + BOUND_IN
    ),
    "mutation map": (
        "interface GigabitEthernet0/1\n mls qos trust dscp\n mls qos dscp-mutation M\n"
    ),
}
JUNOS = {
    "filter": UNIT,
    "prefix list": FILTER % ("source-prefix-list { L; }", "dscp af41; accept;") + UNIT,
    "policer": FILTER % ("", "policer NONE; dscp af41; accept;") + UNIT,
    "code point alias": FILTER % ("dscp none;", "accept;") + UNIT,
    "classifier": COS % ("unit 0 { classifiers { dscp NONE; } }", ""),
    "group": "apply-groups NONE;\n" + UNIT,
}
JUNOS_OUT = {
    "rewrite rule": COS % ("unit 0 { rewrite-rules { dscp NONE; } }", ""),
    "scheduler map": COS % ("scheduler-map NONE;", ""),
    "scheduler of a map": COS
    % (
        "scheduler-map M;",
        "scheduler-maps { M { forwarding-class best-effort scheduler NONE; "
        "forwarding-class expedited-forwarding scheduler NONE; } }",
    ),
}
LINUX = {
    "chain of nft": "table ip t { " + HOOK % "jump none" + " }\n",
    "chain of nft, gone to": "table ip t { " + HOOK % "goto none" + " }\n",
    "set of nft": "table ip t { " + HOOK % "udp sport @none ip dscp set af41" + " }\n",
    "map of nft": "table ip t { " + HOOK % "ip dscp set udp sport map @none" + " }\n",
    "verdict map of nft": "table ip t { " + HOOK % "udp sport vmap @none" + " }\n",
    "chain of iptables": "iptables -t mangle -A FORWARD -j NONE\n",
    "chain of iptables, gone to": "iptables -t mangle -A FORWARD -g NONE\n",
    "set of iptables": (
        "iptables -t mangle -A FORWARD -m set --match-set none src -j DSCP --set-dscp 34\n"
    ),
    "chain of a save file": "*mangle\n:FORWARD ACCEPT [0:0]\n-A FORWARD -j NONE\nCOMMIT\n",
}
TOMATO = {
    "chain": "qos_enable=1\nscript_fire=iptables -t mangle -A FORWARD -j NONE\n",
    "chain, gone to": "qos_enable=1\nscript_fire=iptables -t mangle -A FORWARD -g NONE\n",
}
EOS_BOUND = """\
policy-map type quality-of-service P
   class C
      set dscp af41
      set traffic-class 4
interface Ethernet1
   service-policy type qos input P
"""
EOS = {
    "access list": "class-map type qos match-any C\n   match ip access-group NONE\n" + EOS_BOUND,
    "class": EOS_BOUND,
    "policy": "interface Ethernet1\n   service-policy type qos input NONE\n",
    "profile": "interface Ethernet1\n   service-profile NONE\n",
    "traffic policy": "interface Ethernet1\n   traffic-policy input NONE\n",
}
CASES = [
    *(("arista_eos", what, text) for what, text in EOS.items()),
    *(("cisco_ios", what, text) for what, text in IOS.items()),
    *(("cisco_catalyst", what, "mls qos\n" + text) for what, text in CATALYST.items()),
    *(
        (f"juniper_junos{kind}", what, text)
        for kind in ("", "_qfx", "_srx")
        for what, text in JUNOS.items()
    ),
    *(("juniper_junos", what, text) for what, text in JUNOS_OUT.items()),
    *(("linux", what, text) for what, text in LINUX.items()),
    *(
        (name, what, text)
        for name in ("tomato", "tomato64", "tomato_old")
        for what, text in TOMATO.items()
    ),
]
PORTS = {
    "arista": "Ethernet1",
    "cisco": "GigabitEthernet0/1",
    "juniper": "ge-0/0/1.0",
    "linux": "eth1",
    "tomato": "br0",
}


@pytest.mark.parametrize(("platform", "what", "text"), CASES, ids=lambda value: str(value)[:30])
def test_what_is_not_defined_is_unknown(platform, what, text):
    device = driver(platform).parse(text)
    port = next(port for start, port in PORTS.items() if platform.startswith(start))
    outward = what in JUNOS_OUT or "service-policy output" in text or "tomato" in platform
    ways = {"in_interface": None if outward else port, "out_interface": port if outward else None}
    if "tomato" in platform:
        ways = {"in_interface": "br0", "out_interface": "vlan2"}
    found = explain(device, PACKET, **ways)
    assert found.verdict == "unknown", f"{found}"


SCHEDULED = COS % (
    "scheduler-map M; unit 0 { classifiers { dscp C; } }",
    "scheduler-maps { M { forwarding-class best-effort scheduler S; } }"
    "schedulers { S { transmit-rate percent 10; } }"
    "classifiers { dscp C { forwarding-class %s { loss-priority low code-points ef; } } }",
)


@pytest.mark.parametrize(("name", "verdict"), [("NONE", "unknown"), ("best-effort", "known")])
def test_a_forwarding_class_without_a_queue_is_served_nobody_knows_how(name, verdict):
    device = driver("juniper_junos").parse(SCHEDULED.replace("%s", name))
    port = "ge-0/0/1.0"
    assert explain(device, PACKET, in_interface=port, out_interface=port).verdict == verdict
