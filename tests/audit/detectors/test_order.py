"""Order of classes, and rules without effect."""

from __future__ import annotations

import re

import pytest
from audit.detectors.cases import (
    AUDIO,
    JUNOS,
    LINUX,
    ROUTER,
    SIGNALLING,
    VIDEO,
    edited,
    findings_in,
    in_router,
    lines_of,
    only,
    rendered,
    router,
    told,
)

from translator.audit.model import Severity


def test_two_classes_in_the_wrong_order():
    finding = only(in_router((SIGNALLING + AUDIO, AUDIO + SIGNALLING)), "class-shadowed")
    assert (
        "class QOS-CLIENT-AUDIO takes packets that class QOS-CLIENT-SIGNALLING" in finding.message
    )
    assert finding.hint == "put class QOS-CLIENT-SIGNALLING above class QOS-CLIENT-AUDIO"
    assert finding.traffic_class == "signalling"


def test_order_does_not_matter_where_classes_share_no_packet():
    assert in_router((AUDIO + VIDEO, VIDEO + AUDIO)) == []


def test_the_class_that_erases_foreign_marks_stands_too_high():
    """It takes what phones and hosts mark by themselves, though the plan marks it by its ports."""
    reset = " class QOS-RESET\n  set dscp default\n"
    text = edited(router(), (reset, ""), (SIGNALLING, reset + SIGNALLING))
    found = findings_in("cisco_ios", text, *ROUTER)
    assert told(found) == ["class-shadowed"] * 3
    assert [item.traffic_class for item in found] == ["signalling", "audio", "video"]
    assert "class QOS-RESET takes packets that class QOS-CLIENT-AUDIO" in found[1].message
    assert "dscp 46" in found[1].message
    assert found[1].hint == "put class QOS-CLIENT-AUDIO above class QOS-RESET"
    assert " class QOS-RESET" in lines_of(found[1], text)


def test_the_class_that_erases_foreign_marks_may_stand_anywhere_below_those_of_ports():
    other = " class OTHER\n  set dscp cs1\n"
    other_map = "class-map match-any OTHER\n match access-group name OTHER-LIST\n"
    other_list = "ip access-list extended OTHER-LIST\n permit tcp any any eq 9999\n"
    reset = " class QOS-RESET\n  set dscp default\n"
    maps = "class-map match-any QOS-RESET\n"
    found = in_router((reset, reset + other), (maps, other_list + other_map + maps))
    assert found == []


def test_a_term_that_erases_foreign_marks_stands_too_high():
    text = rendered("juniper_junos", *JUNOS)
    terms = re.compile(
        r"( +/\* signalling.*?)( +(?:/\*[^\n]*\*/\n +)?term RESET \{.*?\n            \}\n)",
        re.DOTALL,
    )
    moved = terms.sub(r"\2\1", text)
    assert moved != text
    found = findings_in("juniper_junos", moved, *JUNOS)
    assert set(told(found)) == {"class-shadowed"}
    assert {"signalling", "audio", "video"} == {item.traffic_class for item in found}


def test_a_wide_class_takes_a_narrow_one_below_it():
    found = in_router(
        (" permit udp any range 20000 20039 any\n", " permit udp any range 20000 20079 any\n"),
    )
    assert "class-shadowed" in told(found)
    finding = next(item for item in found if item.kind == "class-shadowed")
    assert finding.traffic_class == "video"


def test_a_chain_that_erases_foreign_marks_first():
    """A jump to a chain of marks is followed to what becomes of the packet."""
    text = rendered("linux", *LINUX)
    reset = re.compile(r"(?:\t\tip6? dscp \{[^\n]* goto mark_df [^\n]*\n)+")
    lines = reset.search(text)
    assert lines is not None
    text = reset.sub("", text).replace("\tchain from_eth1 {\n", f"\tchain from_eth1 {{\n{lines[0]}")
    found = findings_in("linux", text, *LINUX)
    assert set(told(found)) == {"class-shadowed"}
    assert {item.traffic_class for item in found} == {"signalling", "audio", "video"}


def test_rules_that_name_the_interface_are_followed():
    wide = '\t\tiifname "eth1" udp sport 20000-20079 goto mark_ef\n'
    narrow = '\t\tiifname "eth1" meta l4proto { tcp, udp } th sport 20040-20079 goto mark_af41\n'
    jump = '\t\tiifname "eth1" jump from_eth1\n'
    text = rendered("linux", *LINUX)
    assert findings_in("linux", edited(text, (jump, narrow + jump)), *LINUX) == []
    text = edited(text, (jump, wide + narrow + jump))
    shadowed = findings_in("linux", text, *LINUX)
    assert set(told(shadowed)) == {"class-shadowed"}
    lines = "\n".join(lines_of(shadowed[0], text))
    assert "20000-20079" in lines
    assert "20040-20079" in lines


SMALL_OFFICE = ("vlan2=internet:2M",)


@pytest.mark.parametrize("last", [False, True])
def test_a_rule_of_all_ports_that_only_tags(last):
    """The class is chosen by the tag stages later; what stands behind the rule is lost to it."""
    catch_all = "0<<17<d<1:65535<0<<<<9<P2P"
    text = rendered("tomato", *SMALL_OFFICE)
    rules = re.search(r"(?m)^qos_orules=(.*)$", text)
    assert rules is not None
    order = (rules[1], catch_all) if last else (catch_all, rules[1])
    text = edited(text, (rules[0], "qos_orules=" + ">".join(order)))
    found = findings_in("tomato", text, *SMALL_OFFICE)
    shadowed = [item for item in found if item.kind == "class-shadowed"]
    assert {item.traffic_class for item in shadowed} == (set() if last else {"audio", "video"})
    for item in shadowed:
        assert item.direction == "out"
        assert "class Default takes packets" in item.message
        assert any("qos_orules" in line for line in lines_of(item, text))


def test_an_order_that_is_right_for_other_packets_is_not_blamed():
    """SIP to any host is too wide; moving it down would lose the SIP of the servers to audio."""
    text = re.sub(
        r"(?:(?: permit tcp any \S+ \S+ eq 5061\n)+)", " permit tcp any any eq 5061\n", router()
    )
    assert " permit tcp any any eq 5061" in text
    assert "class-shadowed" not in told(findings_in("cisco_ios", text, *ROUTER))


def test_what_hangs_on_a_line_that_is_not_shown_stands_in_nobodys_way():
    """Without the line that switches QoS on, a piece does not tell whether queues act."""
    text = "interface GigabitEthernet1/0/24\n switchport mode trunk\n priority-queue out\n"
    found = findings_in("cisco_catalyst", text, "Gi1/0/24=uplink")
    assert "class-shadowed" not in told(found)


def test_a_filter_with_terms_in_the_wrong_order():
    text = rendered("juniper_junos", *JUNOS)
    terms = re.compile(
        r"( +/\* signalling.*?\*/\n +term SIGNALLING \{.*?\n            \}\n)"
        r"( +/\* audio.*?\*/\n +term AUDIO \{.*?\n            \}\n)",
        re.DOTALL,
    )
    swapped = terms.sub(r"\2\1", text)
    assert swapped != text
    found = findings_in("juniper_junos", swapped, *JUNOS)
    assert told(found) == ["class-shadowed"]


def test_queues_in_the_wrong_order():
    everything = "class-map match-any ALL\n match any\n"
    found = in_router(
        ("class-map match-any QOS-OUT-AUDIO\n", f"{everything}class-map match-any QOS-OUT-AUDIO\n"),
        (" class QOS-OUT-AUDIO\n", " class ALL\n  bandwidth percent 5\n class QOS-OUT-AUDIO\n"),
    )
    assert "class-shadowed" in told(found)
    assert "rule-unreachable" in told(found)
    shadowed = next(item for item in found if item.kind == "class-shadowed")
    assert shadowed.direction == "out"


def test_a_class_that_no_packet_reaches():
    copy = "class-map match-any COPY\n match access-group name QOS-CLIENT-AUDIO\n"
    found = in_router(
        ("class-map match-any QOS-RESET\n", f"{copy}class-map match-any QOS-RESET\n"),
        (VIDEO, f"{VIDEO} class COPY\n  set dscp af11\n"),
    )
    finding = only(found, "rule-unreachable")
    assert "no packet reaches class COPY" in finding.message
    assert finding.hint == "move class COPY up if it is meant to act, or take it away"
    assert finding.severity is Severity.WARNING
    assert finding.interfaces == ("GigabitEthernet0/1",)


def test_a_class_that_some_packet_reaches():
    copy = "class-map match-any COPY\n match access-group name PARTLY\n"
    partly = "ip access-list extended PARTLY\n permit udp any range 20000 20200 any\n"
    found = in_router(
        ("class-map match-any QOS-RESET\n", f"{partly}{copy}class-map match-any QOS-RESET\n"),
        (VIDEO, f"{VIDEO} class COPY\n  set dscp af12\n"),
    )
    assert found == []


@pytest.mark.parametrize(
    ("above", "entry", "severity"),
    [
        (" permit udp any range 20000 20039 any\n", " permit udp any eq 20005 any\n", "note"),
        (
            " permit udp any range 20000 20039 any\n",
            " deny udp host 10.1.1.1 eq 20005 any\n",
            "warning",
        ),
    ],
)
def test_an_entry_of_a_list_that_no_packet_reaches(above, entry, severity):
    text = edited(router(), (above, above + entry))
    finding = next(
        item for item in findings_in("cisco_ios", text, *ROUTER) if item.kind == "rule-unreachable"
    )
    assert finding.severity == severity
    assert any(entry.strip() == text.split("\n")[line - 1].strip() for line in finding.lines)


def test_entries_that_two_others_cover_together():
    """No single line takes it all; both together do."""
    whole = " permit udp any range 20000 20039 any\n"
    halves = " permit udp any range 20000 20019 any\n permit udp any range 20020 20039 any\n"
    found = in_router((whole, halves + " permit udp any range 20010 20030 any\n"))
    assert told(found) == ["rule-unreachable"]


def test_a_term_below_one_that_takes_everything():
    text = edited(
        rendered("juniper_junos", *JUNOS),
        (
            "            term REST {\n                then accept;\n            }\n",
            "            term REST {\n                then accept;\n            }\n"
            "            term LATE {\n                from { protocol udp; }\n"
            "                then { dscp ef; accept; }\n            }\n",
        ),
    )
    found = findings_in("juniper_junos", text, *JUNOS)
    assert set(told(found)) == {"rule-unreachable"}


def test_a_rule_about_an_interface_below_one_that_takes_everything():
    jump = '\t\tiifname "eth1" jump from_eth1\n'
    late = '\t\tiifname "eth1" udp dport 9999 goto mark_cs3\n'
    text = edited(rendered("linux", *LINUX), (jump, f"{jump}\t\taccept\n{late}"))
    finding = only(findings_in("linux", text, *LINUX), "rule-unreachable")
    assert any("dport 9999" in line for line in lines_of(finding, text))
    above = edited(rendered("linux", *LINUX), (jump, f"{jump}{late}\t\taccept\n"))
    assert "rule-unreachable" not in told(findings_in("linux", above, *LINUX))
