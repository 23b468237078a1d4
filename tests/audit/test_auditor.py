"""From a text to its audit: roles, cut texts, excerpts, what is left alone."""

from __future__ import annotations

import random

import pytest
from audit.repair.repair_checks import intents_for
from conformance.shapes import BINDINGS, Accepted, accepted_cases, outcome
from support.corpus import corpus_files

from translator.audit.audit import Auditor, Subject
from translator.audit.case import Settings
from translator.audit.model import DeviceAudit, Judgement
from translator.audit.repair import repair
from translator.drivers.capture import END_MARK
from translator.drivers.registry import driver
from translator.errors import RefusedError, TranslatorError
from translator.intents.compile import InterfaceSpec
from translator.plan.load import load_plan

PLAN = load_plan("lync-2013")
ACCEPTED = accepted_cases()
CUTS = 12
FAMILIES = ("cisco_ios", "cisco_catalyst", "juniper_junos", "linux", "tomato")


def subject_of(platform: str, shape: str, text: str) -> Subject:
    case = outcome(platform, shape)
    assert isinstance(case, Accepted)
    specs = tuple(InterfaceSpec(i.name, i.role, i.link_bps) for i in case.wanted.interfaces)
    return Subject("r1", "r1.conf", text, platform, specs, tuple(BINDINGS.items()))


def whole_text(platform: str, shape: str) -> str:
    """A rendered configuration with what shows on its platform that nothing was cut off."""
    case = outcome(platform, shape)
    assert isinstance(case, Accepted)
    text = case.rendered.config
    if not case.driver.parse(text).incomplete:
        return text
    for whole in (
        f"hostname r1\n{text}end\n",
        f"hostname r1\n{text}line vty\n",
        f"version 21.4R3;\n{text}{END_MARK}\n",
    ):
        if not case.driver.parse(whole).incomplete:
            return whole
    raise AssertionError(f"nothing shows {platform} that a text is whole")


@pytest.fixture(scope="module")
def auditor() -> Auditor:
    return Auditor(PLAN)


@pytest.mark.parametrize(("platform", "shape"), ACCEPTED)
def test_a_whole_text_is_compliant_and_no_piece_of_it_is(auditor, platform, shape):
    text = whole_text(platform, shape)
    audit = auditor.audit(subject_of(platform, shape, text))
    assert audit.judgement is Judgement.COMPLIANT, audit.findings
    cuts = random.Random(f"{platform}/{shape}")
    for at in sorted(cuts.sample(range(len(text.rstrip())), CUTS)):
        assert not is_compliant(auditor, subject_of(platform, shape, text[:at])), at


def is_compliant(auditor: Auditor, subject: Subject) -> bool:
    try:
        audit = auditor.audit(subject)
    except TranslatorError:
        return False
    return any(item.judgement is Judgement.COMPLIANT for item in audit.placements)


def test_an_interface_with_a_policy_but_no_role_is_left_alone_aloud(auditor):
    text = whole_text("cisco_ios", "branch")
    subject = subject_of("cisco_ios", "branch", text)
    one = Subject("r1", "r1.conf", text, "cisco_ios", subject.interfaces[:1])
    audit = auditor.audit(one)
    assert [name for name, _ in audit.left_alone] == ["GigabitEthernet0/1"]
    assert "no role was given" in audit.left_alone[0][1]


def test_an_excerpt_shows_no_line_beside_qos():
    """Passwords and keys stand between the policies of a running configuration."""
    text = whole_text("cisco_ios", "branch").replace("20000 20039", "20000 20038")
    between = "username admin secret 5 $1$hidden\nsnmp-server community hidden RO\n"
    text = text.replace(
        "class-map match-any QOS-OUT-VIDEO", between + "class-map match-any QOS-OUT-VIDEO"
    )
    audit = Auditor(PLAN).audit(subject_of("cisco_ios", "branch", text))
    assert audit.findings
    assert "hidden" not in repr(audit)
    for finding in audit.findings:
        assert set(finding.lines) & {line for line, _ in finding.excerpt}


@pytest.mark.parametrize("odd", ["\u2028", "\x1c", "\x85"])
def test_only_a_line_feed_ends_a_line_of_an_excerpt(odd):
    text = whole_text("cisco_ios", "branch").replace("20000 20039", "20000 20038")
    text = text.replace("hostname", f"banner motd #a{odd}b{odd}c#\nhostname", 1)
    audit = Auditor(PLAN).audit(subject_of("cisco_ios", "branch", text))
    shown = {row for finding in audit.findings for row in finding.excerpt}
    assert shown
    assert all(text.split("\n")[number - 1].rstrip() == line for number, line in shown)


def test_what_turns_back_at_a_providers_line_may_wait_elsewhere(auditor):
    """Packets that come from the line and leave by it again are the only ones that it concerns."""
    text = whole_text("arista_eos", "branch")
    above, line, below = text.partition("interface Ethernet2\n")
    text = above + line + below.replace("qos trust dscp", "qos trust cos", 1)
    audit = auditor.audit(subject_of("arista_eos", "branch", text))
    assert audit.judgement is Judgement.COMPLIANT


def test_what_a_platform_cannot_do_is_said_of_that_interface_only():
    text = whole_text("cisco_catalyst", "access")
    specs = (
        InterfaceSpec.of("GigabitEthernet1/0/1=client"),
        InterfaceSpec.of("GigabitEthernet1/0/2=wan:10M"),
    )
    audit = Auditor(PLAN).audit(
        Subject("sw1", "sw1.conf", text, "cisco_catalyst", specs, tuple(BINDINGS.items()))
    )
    assert [name for name, _ in audit.left_alone] == ["GigabitEthernet1/0/2"]
    judged = {name for item in audit.placements for name in item.interfaces}
    assert judged == {"GigabitEthernet1/0/1"}


@pytest.mark.parametrize("platform", FAMILIES)
def test_real_configurations_are_audited_without_a_crash(auditor, platform):
    """With inferred roles; a text that nothing shows to be whole has nothing compliant."""
    reader = driver(platform)
    for path in corpus_files(platform):
        text = path.read_text(encoding="utf-8", errors="replace")
        try:
            audit = auditor.audit(Subject(path.stem, path.name, text, platform))
        except TranslatorError:
            continue
        if reader.parse(text).incomplete:
            found = {item.judgement for item in audit.placements}
            assert Judgement.COMPLIANT not in found, path


@pytest.mark.parametrize("platform", FAMILIES)
def test_a_piece_is_judged_as_far_as_it_goes(platform):
    pieces = Auditor(PLAN, Settings(snippet=True))
    for platform_, shape in ACCEPTED:
        if platform_ == platform:
            case = outcome(platform, shape)
            assert isinstance(case, Accepted)
            audit = pieces.audit(subject_of(platform, shape, case.rendered.config))
            assert audit.judgement is Judgement.COMPLIANT
            assert isinstance(audit, DeviceAudit)


def test_a_policy_where_no_role_can_be_told_is_no_silent_success():
    """Nothing in a routed port at the rate of its line says what is behind it."""
    text = whole_text("cisco_ios", "branch").replace("20000 20039", "20000 20038")
    audit = Auditor(PLAN).audit(Subject("r1", "r1.conf", text, "cisco_ios"))
    told = [item for item in audit.findings if item.kind == "policy-not-judged"]
    assert [item.interfaces for item in told] == [("GigabitEthernet0/0",)]
    assert "QOS-IN-CLIENT" in told[0].message
    given = Auditor(PLAN).audit(subject_of("cisco_ios", "branch", text))
    assert "policy-not-judged" not in {item.kind for item in given.findings}


@pytest.mark.parametrize("given", ["arista_eos", "cisco_nxos", "auto"])
def test_a_text_of_another_platform_than_was_said_is_told(auditor, given):
    text = whole_text("cisco_nxos", "access")
    audit = auditor.audit(Subject("r1", "r1.conf", text, given))
    told = f"the text looks like cisco_nxos, but was given as {given}"
    assert (told in audit.notes) == (given == "arista_eos")


MEMBERS = {
    "cisco_ios": (
        "interface Port-channel1\n ip address 10.0.0.1 255.255.255.0\n"
        "interface GigabitEthernet0/1\n channel-group 1\n",
        "Gi0/1",
        "Port-channel1",
    ),
    "cisco_nxos": (
        "version 9.3(8)\ninterface port-channel10\ninterface Ethernet1/1\n  channel-group 10\n",
        "Ethernet1/1",
        "port-channel10",
    ),
    "arista_eos": (
        "interface Ethernet2\n   channel-group 5 mode active\n!\ninterface Port-Channel5\n!\n",
        "Ethernet2",
        "Port-Channel5",
    ),
    "juniper_junos": (
        "interfaces {\n    ge-0/0/0 { gigether-options { 802.3ad ae0; } }\n"
        "    ae0 { unit 0 { family inet; } }\n}\n",
        "ge-0/0/0.0",
        "ae0",
    ),
    "cisco_catalyst": (
        "mls qos\ninterface Port-channel1\n switchport mode access\n"
        "interface GigabitEthernet1/0/1\n channel-group 1 mode active\n",
        "Port-channel1",
        "its members",
    ),
}


@pytest.mark.parametrize("platform", MEMBERS)
def test_a_role_at_the_wrong_end_of_a_bundle_is_neither_judged_nor_repaired(platform):
    """Both name the right end; a finding tells it though nothing stands at either end."""
    text, wrong, right = MEMBERS[platform]
    specs = (InterfaceSpec.of(f"{wrong}=client"),)
    snippet = Auditor(PLAN, Settings(snippet=True))
    audit = snippet.audit(Subject("r1", "r1.conf", text, platform, specs))
    assert audit.judgement is Judgement.UNKNOWN
    assert audit.placements == ()
    assert audit.left_alone[0][0] == wrong
    (found,) = (item for item in audit.findings if item.kind == "bundle-member")
    assert found.hint.endswith(f"to {right}")
    with pytest.raises(RefusedError, match=r"QoS belongs") as caught:
        repair(driver(platform), text, intents_for(platform, f"{wrong}=client"), snippet=True)
    assert caught.value.hint == f"give the role to {right} instead"
