"""What is said of a direction in which nothing of its own is bound."""

from __future__ import annotations

import re
from pathlib import Path

from audit.judging import PLAN, case_of, judged

from tests.support.values import replace
from translator.audit.audit import Auditor, Subject
from translator.audit.judge import judge
from translator.drivers.registry import driver
from translator.intents.compile import InterfaceSpec

FOLDER = Path(__file__).parent / "field_cases"
JUNOS = ("ge-0/0/1=client", "ge-0/0/0=wan:10M")


def test_filters_of_both_ip_versions_are_named_together_though_a_classifier_stands():
    def edit(text: str) -> str:
        unbound = re.sub(r"\n\s*input QOS-[\w-]+;", "", text)
        assert unbound != text
        return unbound

    result = judged("juniper_junos", JUNOS, edit)
    finding = next(item for item in result.findings if item.kind == "policy-unbound")
    assert finding.message.startswith("policies ")
    assert finding.message.endswith("they fit all classes")


def test_qos_that_is_off_on_the_whole_switch_is_no_missing_policy():
    result = judged(
        "cisco_catalyst",
        ("Gi1/0/1=client", "Gi1/0/2=uplink"),
        lambda text: text.replace("mls qos\n", "no mls qos\n", 1),
    )
    assert {item.kind for item in result.findings} == {"qos-without-effect"}
    assert all("mls qos`" in item.hint for item in result.findings)
    assert any("is bound for entering packets, but" in item.message for item in result.findings)


CHAIN = """\
table ip qos {
    chain marks {
        type filter hook forward priority mangle; policy accept;
        iifname "eth1" udp sport 20000-20039 ip dscp set ef
    }
}
"""


def test_a_rule_that_names_the_interface_counts_as_its_policy():
    result = judged("linux", ("eth1=client",), lambda _: CHAIN)
    assert {item.kind for item in result.findings} == {"treatment-different"}
    other = judged("linux", ("eth7=client",), lambda _: CHAIN)
    assert {item.kind for item in other.findings} == {"policy-missing"}


def test_a_rule_that_only_counts_is_no_policy():
    counting = CHAIN.replace("udp sport 20000-20039 ip dscp set ef", "counter")
    result = judged("linux", ("eth1=client",), lambda _: counting)
    assert {item.kind for item in result.findings} == {"policy-missing"}


def test_an_interface_is_missing_only_where_the_text_lists_its_interfaces():
    chains = driver("linux")
    specs = [InterfaceSpec.of("eth7=client")]
    case = replace(case_of(chains, specs, CHAIN), ports=chains.ports(CHAIN))
    assert case.ports
    assert {item.kind for item in judge(case).findings} == {"policy-missing"}

    router = driver("cisco_ios")
    text = "interface GigabitEthernet0/1\n ip address 10.0.0.1 255.0.0.0\nend\n"
    specs = [InterfaceSpec.of("GigabitEthernet0/7=client")]
    other = replace(case_of(router, specs, text), ports=router.ports(text))
    assert {item.kind for item in judge(other).findings} == {"interface-missing"}


def test_nothing_is_right_at_an_interface_that_the_text_lacks():
    """An uplink asks nothing of what enters: that is not done right where there is none."""
    router = driver("cisco_ios")
    text = "interface GigabitEthernet0/1\n ip address 10.0.0.1 255.0.0.0\nend\n"
    specs = [InterfaceSpec.of("GigabitEthernet0/7=uplink")]
    case = replace(case_of(router, specs, text), ports=router.ports(text))
    found = judge(case)
    assert [item.direction for item in found.placements] == ["in", "out"]
    told = {(row.judgement, row.reason) for item in found.placements for row in item.classes}
    assert told == {("missing", "the text has no such interface")}
    assert [item.kind for item in found.findings] == ["interface-missing"]


def test_a_port_is_not_left_alone_beside_its_unit():
    text = (FOLDER / "junos-filters-bound-as-output.conf").read_text(encoding="utf-8")
    specs = (InterfaceSpec.of("ge-0/0/1.0=client"),)
    audit = Auditor(PLAN).audit(Subject("r1", "r1", text, "juniper_junos", specs))
    assert [name for name, _ in audit.left_alone] == ["ge-0/0/0.0"]
