"""Roles given to bundles: where their QoS stands on the members, these are judged."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from translator.audit.audit import Auditor, Subject
from translator.audit.members import judged_at_members
from translator.audit.model import DeviceAudit, Direction, Finding, Judgement, Severity
from translator.drivers.cisco_catalyst import CiscoCatalyst
from translator.drivers.cisco_ios import CiscoIos
from translator.intents.compile import InterfaceSpec
from translator.plan.load import load_plan

HEAD = "version 15.2\nmls qos\ninterface Port-channel1\n switchport mode trunk\n"
MEMBERS = """\
interface GigabitEthernet1/0/1
 channel-group 1 mode active
 mls qos trust dscp
interface GigabitEthernet1/0/2
 channel-group 1 mode active
 mls qos trust dscp
interface GigabitEthernet1/0/3
 channel-group 1 mode active
 shutdown
"""
END = "line vty 0 4\nend\n"


def judged(text: str, *given: str) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """The interfaces to be judged with their roles, and the findings on the way there."""
    specs = tuple(map(InterfaceSpec.of, given))
    found = judged_at_members(specs, CiscoCatalyst().ports(text))
    return {spec.name: str(spec.role) for spec in found.specs}, found.findings


@pytest.mark.parametrize("name", ["Port-channel1", "Po1"])
def test_the_members_in_use_have_the_role_of_the_bundle(name: str) -> None:
    specs, findings = judged(HEAD + MEMBERS, f"{name}=uplink")
    assert specs == {"GigabitEthernet1/0/1": "uplink", "GigabitEthernet1/0/2": "uplink"}
    assert [(item.kind, item.severity) for item in findings] == [("bundle-member", Severity.NOTE)]
    assert "GigabitEthernet1/0/1, GigabitEthernet1/0/2" in findings[0].hint


def test_a_member_keeps_the_role_that_it_was_given_itself() -> None:
    specs, _ = judged(HEAD + MEMBERS, "Po1=uplink", "GigabitEthernet1/0/2=server")
    assert specs == {"GigabitEthernet1/0/1": "uplink", "GigabitEthernet1/0/2": "server"}


@pytest.mark.parametrize(
    ("text", "given"), [(HEAD, "Port-channel1=uplink"), (HEAD + MEMBERS, "Port-channel1=wan:10M")]
)
def test_a_bundle_without_members_or_with_a_rate_stays(text: str, given: str) -> None:
    specs, findings = judged(text, given)
    assert list(specs) == ["Port-channel1"]
    assert [item.severity for item in findings] == [Severity.WARNING]


def test_other_interfaces_and_platforms_are_left_alone() -> None:
    specs = (InterfaceSpec.of("GigabitEthernet1/0/1=uplink"),)
    assert judged_at_members(specs, CiscoCatalyst().ports(HEAD + MEMBERS)).specs == specs
    bundle = (InterfaceSpec.of("Port-channel1=uplink"),)
    found = judged_at_members(bundle, CiscoIos().ports(HEAD + MEMBERS))
    assert (found.specs, found.findings) == (bundle, ())


def audited(text: str) -> DeviceAudit:
    given = (InterfaceSpec.of("Port-channel1=uplink"),)
    subject = Subject("sw1", str(PurePath("sw1.cfg")), text, "cisco_catalyst", given)
    return Auditor(load_plan("lync-2013")).audit(subject)


def test_an_audit_of_a_bundle_judges_the_trust_of_its_members() -> None:
    found = audited(HEAD + MEMBERS + END)
    entering = [item for item in found.placements if item.direction is Direction.IN]
    assert [item.interfaces for item in entering] == [
        ("GigabitEthernet1/0/1", "GigabitEthernet1/0/2")
    ]
    assert {row.judgement for row in entering[0].classes} == {Judgement.COMPLIANT}
    assert not any(item.kind == "trust-missing" for item in found.findings)


def test_an_audit_of_a_bundle_without_members_is_unknown_not_different() -> None:
    found = audited(HEAD + END)
    rows = {row.judgement for item in found.placements for row in item.classes}
    assert Judgement.UNKNOWN in rows
    assert Judgement.DIFFERENT not in rows
    assert Judgement.MISSING not in rows
    assert not any(item.kind == "queue-different" for item in found.findings)
