"""What makes the treatment of packets unknown names the lines of the text responsible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from translator.drivers.registry import driver
from translator.intents.condition import Predicate
from translator.intents.pipeline import Rule, Stage, Unclear
from translator.verify.usage import unread_in_use

POLICY = "policy-map P\n class class-default\n  set dscp 0\n"
PORT = "interface Gi0/1\n"
JUNOS_UNIT = "set interfaces ge-0/0/0 unit 0 family inet "

CASES = {
    "routing that marks": (
        "cisco_ios",
        f"{PORT} ip policy route-map M\nroute-map M permit 10\n set ip precedence routine\n",
        ("set ip precedence routine",),
    ),
    "an older command": (
        "cisco_ios",
        f"{PORT} rate-limit input 8000 1500 2000 conform-action drop\n",
        ("rate-limit input 8000 1500 2000 conform-action drop",),
    ),
    "a second policy": (
        "cisco_ios",
        f"{POLICY}{PORT} service-policy input P\n service-policy input Q\n",
        ("service-policy input Q",),
    ),
    "a switch's QoS on a router": ("cisco_ios", f"mls qos\n{PORT}", ("mls qos",)),
    "a policy of a template": (
        "cisco_ios",
        f"{POLICY}template T\n service-policy input P\n{PORT}",
        ("service-policy input P",),
    ),
    "a policy of unknown interfaces": (
        "cisco_ios",
        f"{POLICY}interface range macro DESKS\n service-policy input P\n{PORT}",
        ("service-policy input P",),
    ),
    "a line outside all classes": (
        "cisco_ios",
        f"policy-map P\n set dscp 0\n{PORT} service-policy input P\n",
        ("set dscp 0",),
    ),
    "a global line": (
        "cisco_catalyst",
        f"mls qos\nmls qos new\n{PORT} mls qos trust dscp\n",
        ("mls qos new",),
    ),
    "a line of a port": (
        "cisco_catalyst",
        f"mls qos\n{PORT} wrr-queue cos-map 1 1\n",
        ("wrr-queue cos-map 1 1",),
    ),
    "a template of a port": (
        "cisco_catalyst",
        f"mls qos\ntemplate T\n mls qos trust cos\n{PORT} source template T\n",
        ("source template T",),
    ),
    "the VLAN's policy": (
        "cisco_catalyst",
        f"mls qos\n{PORT} mls qos vlan-based\n",
        ("mls qos vlan-based",),
    ),
    "trust beside a policy": (
        "cisco_catalyst",
        f"mls qos\n{POLICY}{PORT} mls qos trust dscp\n service-policy input P\n",
        ("mls qos trust dscp",),
    ),
    "a word of a filter": (
        "juniper_junos",
        f"set firewall family inet filter F new x\n{JUNOS_UNIT}filter input F\n",
        ("set firewall family inet filter F new x",),
    ),
    "a word of an interface": (
        "juniper_junos",
        f"{JUNOS_UNIT}filter group 1\nset class-of-service interfaces ge-0/0/0 new x\n",
        ("set class-of-service interfaces ge-0/0/0 new x",),
    ),
    "a scheduler that is not there": (
        "juniper_junos",
        "set class-of-service scheduler-maps M forwarding-class best-effort scheduler S\n"
        "set class-of-service interfaces ge-0/0/0 scheduler-map M\n",
        ("set class-of-service scheduler-maps M forwarding-class best-effort scheduler S",),
    ),
}


def unclear_rules(stages: Iterable[Stage]) -> Iterator[Rule]:
    """Yield rules that say that it is not known what is done, or to which packets."""
    pending = [rule for stage in stages for rule in stage.rules]
    while pending:
        rule = pending.pop()
        pending += rule.body
        asks = isinstance(rule.condition, Predicate) and rule.condition.unread
        if asks or any(isinstance(action, Unclear) for action in rule.actions):
            yield rule


@pytest.mark.parametrize("name", CASES)
def test_the_lines_responsible_are_named(name: str) -> None:
    platform, text, culprits = CASES[name]
    device = driver(platform).parse(text, file="device.cfg")
    lines = text.splitlines()
    named = {
        lines[number - 1].strip()
        for item in device.interfaces
        for rule in unclear_rules((*item.ingress, *item.egress, *device.forward))
        for number in rule.lines
    }
    assert named.issuperset(culprits)


def test_a_doubt_about_one_direction_is_none_about_the_other() -> None:
    _, text, (culprit,) = CASES["routing that marks"]
    device = driver("cisco_ios").parse(text, file="device.cfg")
    assert [item.text.strip() for item in unread_in_use(device, ["Gi0/1"], "in")] == [culprit]
    assert unread_in_use(device, ["Gi0/1"], "out") == []
    assert len(unread_in_use(device, ["Gi0/1"])) == 1
