"""Trust, AutoQoS and the phones' code point."""

from __future__ import annotations

from dataclasses import replace

import pytest
from audit.detectors.cases import case_of, edited, findings_in, only, rendered, told

from translator.audit.detectors import find_all
from translator.intents.device import InterfaceQos

SWITCH = ("Gi1/0/1=client", "Gi1/0/24=uplink")
PHONES = ("Gi1/0/1=phone", "Gi1/0/24=uplink")
ROUTER_PHONES = ("Gi0/1=phone", "Gi0/0=wan:10M")

BARE = """\
version 15.2
hostname SW1
mls qos
interface GigabitEthernet1/0/1
 switchport mode access
interface GigabitEthernet1/0/24
 switchport mode trunk
end
"""
UPLINK_LINES = " srr-queue bandwidth share 10 20 17 53\n priority-queue out\n mls qos trust dscp\n"


def test_an_uplink_that_trusts_nothing():
    text = edited(rendered("cisco_catalyst", *SWITCH), (" mls qos trust dscp\n", ""))
    finding = only(findings_in("cisco_catalyst", text, *SWITCH), "trust-missing")
    assert finding.interfaces == ("GigabitEthernet1/0/24",)
    assert "mls qos" in [text.split("\n")[line - 1] for line in finding.lines]
    assert finding.hint.startswith("trust the code point on GigabitEthernet1/0/24")


def test_qos_switched_on_and_nothing_else():
    finding = only(findings_in("cisco_catalyst", BARE, "Gi1/0/1=client"), "trust-missing")
    assert finding.interfaces == ()
    assert "no port trusts or marks" in finding.message


def test_roles_by_the_text_find_the_trunk():
    finding = only(findings_in("cisco_catalyst", BARE), "trust-missing")
    assert finding.interfaces == ("GigabitEthernet1/0/24",)


def test_qos_switched_off_erases_nothing():
    assert findings_in("cisco_catalyst", BARE.replace("mls qos\n", ""), *SWITCH) == []


def test_a_trusting_port_somewhere_is_enough_where_no_uplink_is_known():
    text = edited(BARE, ("mode trunk\n", "mode trunk\n mls qos trust dscp\n"))
    assert findings_in("cisco_catalyst", text, "Gi1/0/1=client") == []


@pytest.mark.parametrize(
    ("line", "says"), [("mls qos trust dscp", "with ef"), ("mls qos trust cos", "'cos ")]
)
def test_an_access_port_that_trusts_whatever_it_is_given(line, says):
    text = edited(
        rendered("cisco_catalyst", *SWITCH), (" service-policy input QOS-CLIENT\n", f" {line}\n")
    )
    finding = only(findings_in("cisco_catalyst", text, *SWITCH), "trust-untrusted-port")
    assert finding.interfaces == ("GigabitEthernet1/0/1",)
    assert says in finding.message
    assert line in [text.split("\n")[number - 1].strip() for number in finding.lines]


def _with_one_ingress(device):
    """The second interface has the very same stages as the first."""
    first, second, *others = device.interfaces
    alike = InterfaceQos(second.name, first.ingress, second.egress, second.queuing)
    return replace(device, interfaces=(first, alike, *others))


def test_roles_with_the_very_same_stages_are_called_by_their_own_names():
    asked = ("Gi1/0/1=client", "Gi1/0/2=phone", "Gi1/0/24=uplink")
    text = rendered("cisco_catalyst", *asked)
    for policy in ("QOS-CLIENT", "QOS-PHONE"):
        text = text.replace(f" service-policy input {policy}\n", " mls qos trust dscp\n")
    case = case_of("cisco_catalyst", text, asked)
    wanted, found = (_with_one_ingress(device) for device in (case.wanted, case.found))
    found = find_all(replace(case, wanted=wanted, found=found))
    messages = [item.message for item in found if item.kind == "trust-untrusted-port"]
    assert ["from a client" in message for message in messages] == [True, False]
    assert ["from a phone" in message for message in messages] == [False, True]


@pytest.mark.parametrize("field", ["dscp", "cos"])
def test_trust_under_a_condition_is_not_unconditional(field):
    trust = f" mls qos trust device cisco-phone\n mls qos trust {field}\n"
    text = edited(
        rendered("cisco_catalyst", *SWITCH), (" service-policy input QOS-CLIENT\n", trust)
    )
    assert "trust-untrusted-port" not in told(findings_in("cisco_catalyst", text, *SWITCH))


def test_trust_on_an_uplink_is_right():
    assert "trust-untrusted-port" not in told(
        findings_in("cisco_catalyst", rendered("cisco_catalyst", *SWITCH), *SWITCH)
    )


MACRO = """\
class-map match-all AutoQoS-VoIP-RTP-Trust
 match ip dscp ef
class-map match-all AutoQoS-VoIP-Control-Trust
 match ip dscp cs3 af31
class-map match-all AutoQoS-Other
 match access-group name EVERYTHING
policy-map AutoQoS-Police-CiscoPhone
 class AutoQoS-VoIP-RTP-Trust
  set dscp ef
  police 320000 8000 exceed-action policed-dscp-transmit
 class AutoQoS-VoIP-Control-Trust
  set dscp cs3
 class AutoQoS-Other
  set dscp default
ip access-list extended EVERYTHING
 permit ip any any
mls qos
interface GigabitEthernet1/0/1
 service-policy input AutoQoS-Police-CiscoPhone
 auto qos voip cisco-phone
interface GigabitEthernet1/0/24
 mls qos trust dscp
"""


def of_macro(text: str) -> list[str]:
    found = findings_in("cisco_catalyst", text, *SWITCH)
    return [item.message for item in found if item.kind == "autoqos-erases-marks"]


def test_the_macro_erases_video_and_phones():
    (message,) = of_macro(MACRO)
    assert "AutoQoS-Police-CiscoPhone" in message
    assert "af41 (34) and cs5 (40)" in message


def test_the_macro_by_its_default_class_alone():
    """What no class matches gets the label 0 of an untrusted port."""
    text = edited(MACRO, (" class AutoQoS-Other\n  set dscp default\n", ""))
    assert len(of_macro(text)) == 1


@pytest.mark.parametrize(
    "change",
    [
        ("AutoQoS-", "Mine-"),  # the same classes by hand are no macro
        (" service-policy input AutoQoS-Police-CiscoPhone\n", ""),  # bound nowhere
        ("match ip dscp cs3 af31", "match ip dscp cs3 af31 af41 cs5\n"),
    ],
)
def test_other_policies_are_no_macro_or_keep_more(change):
    text = MACRO
    if "af41" in change[1]:
        text = edited(text, ("  set dscp cs3\n", "  trust dscp\n"))
    assert of_macro(edited(text, change)) == []


LEFT_ALONE = (
    (
        "class-map match-any QOS-RESET\n",
        "class-map PHONES\n match dscp cs5\nclass-map match-any QOS-RESET\n",
    ),
    (" class QOS-PHONE-AUDIO\n", " class PHONES\n class QOS-PHONE-AUDIO\n"),
)


def test_the_phones_code_point_is_not_mapped():
    text = edited(rendered("cisco_ios", *ROUTER_PHONES), *LEFT_ALONE)
    finding = only(findings_in("cisco_ios", text, *ROUTER_PHONES), "phone-code-point")
    assert "phones send class audio with cs5, which is not mapped to ef" in finding.message
    assert finding.message.endswith("it leaves with cs5")
    assert "B01" in finding.rows


def test_clients_that_send_40_are_no_phones():
    changes = [(old, new.replace("PHONE-AUDIO", "CLIENT-AUDIO")) for old, new in LEFT_ALONE]
    changes[1] = (changes[1][0].replace("PHONE", "CLIENT"), changes[1][1])
    specs = ("Gi0/1=client", "Gi0/0=wan:10M")
    text = edited(rendered("cisco_ios", *specs), *changes)
    assert "phone-code-point" not in told(findings_in("cisco_ios", text, *specs))


def test_no_policy_at_all_is_another_fault():
    text = rendered("cisco_ios", *ROUTER_PHONES)
    name = next(line for line in text.split("\n") if "service-policy input" in line)
    text = edited(text, (name + "\n", ""))
    assert findings_in("cisco_ios", text, *ROUTER_PHONES) == []


def test_40_in_the_queue_of_voice():
    text = rendered("cisco_ios", "Gi0/1=client", "Gi0/0=wan:10M")
    text = edited(text, ("description queue audio\n match dscp ef\n", "match dscp ef cs5\n"))
    finding = only(
        findings_in("cisco_ios", text, "Gi0/1=client", "Gi0/0=wan:10M"), "phone-code-point"
    )
    assert "cs5 (40) share the priority queue" in finding.message
    assert finding.direction == "out"


def test_40_in_the_first_queue_of_a_switch():
    text = edited(
        rendered("cisco_catalyst", *SWITCH),
        ("queue 1 threshold 3 46", "queue 1 threshold 3 40 46"),
        ("queue 4 threshold 3 31 32 33 35 37 39 40 41", "queue 4 threshold 3 31 32 33 35 37 39 41"),
    )
    only(findings_in("cisco_catalyst", text, *SWITCH), "phone-code-point")


def test_another_code_point_beside_voice_is_not_the_phones():
    text = rendered("cisco_ios", "Gi0/1=client", "Gi0/0=wan:10M")
    text = edited(text, ("description queue audio\n match dscp ef\n", "match dscp ef cs4\n"))
    assert findings_in("cisco_ios", text, "Gi0/1=client", "Gi0/0=wan:10M") == []


def test_40_in_a_priority_class_of_its_own():
    text = rendered("cisco_ios", "Gi0/1=client", "Gi0/0=wan:10M")
    text = edited(
        text,
        (
            "class-map match-any QOS-OUT-AUDIO\n",
            "class-map CS5\n match dscp cs5\nclass-map match-any QOS-OUT-AUDIO\n",
        ),
        (" class QOS-OUT-VIDEO\n", " class CS5\n  priority percent 5\n class QOS-OUT-VIDEO\n"),
    )
    assert findings_in("cisco_ios", text, "Gi0/1=client", "Gi0/0=wan:10M") == []


def test_40_of_one_host_in_the_queue_of_voice():
    text = rendered("cisco_ios", "Gi0/1=client", "Gi0/0=wan:10M")
    text = edited(
        text,
        (
            "description queue audio\n match dscp ef\n",
            "match dscp ef\n match access-group name HOST\n",
        ),
        (
            "class-map match-any QOS-RESET\n",
            "ip access-list extended HOST\n permit ip host 10.9.9.9 any\n"
            "class-map match-any QOS-RESET\n",
        ),
    )
    found = findings_in("cisco_ios", text, "Gi0/1=client", "Gi0/0=wan:10M")
    assert "phone-code-point" not in told(found)
