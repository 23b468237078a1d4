"""Order of classes, rules without effect, shares, shapers, filters and bundles."""

from __future__ import annotations

import re

import pytest
from audit.detectors.cases import case_of, edited, findings_in, only, rendered, told

from translator.audit.detectors import find_all
from translator.audit.model import Severity
from translator.verify.diagram import Space

ROUTER = ("Gi0/1=client", "Gi0/0=wan:10M")
SWITCH = ("Gi1/0/1=client", "Gi1/0/24=uplink")
JUNOS = ("ge-0/0/1.0=client", "ge-0/0/0.0=wan:10M")


def router() -> str:
    return rendered("cisco_ios", *ROUTER)


def in_router(*changes: tuple[str, str], specs=ROUTER):
    return findings_in("cisco_ios", edited(router(), *changes), *specs)


SIGNALLING = " class QOS-CLIENT-SIGNALLING\n  set dscp cs3\n"
AUDIO = " class QOS-CLIENT-AUDIO\n  set dscp ef\n"
VIDEO = " class QOS-CLIENT-VIDEO\n  set dscp af41\n"


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


LINUX = ("eth1=client", "eth0=wan:10M")


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


@pytest.mark.parametrize(
    ("change", "share"),
    [
        (("priority percent 10", "priority percent 40"), "40 %"),
        (("priority percent 10", "priority 3500"), "35 %"),
    ],
)
def test_priority_above_a_third_of_the_line(change, share):
    finding = only(in_router(change), "priority-share")
    assert share in finding.message
    assert f"by {int(share.split()[0]) - 33} points, to 33 % together" in finding.hint
    assert any("priority" in text for text in lines_of(finding, edited(router(), change)))


def lines_of(finding, text: str) -> list[str]:
    return [text.split("\n")[line - 1] for line in finding.lines]


@pytest.mark.parametrize(
    "change",
    [
        ("priority percent 10", "priority percent 33"),
        ("priority percent 10", "priority 3000"),
        ("priority percent 10", "priority"),  # no limit is another fault
    ],
)
def test_priority_within_a_third_of_the_line(change):
    assert "priority-share" not in told(in_router(change))


def test_priority_of_a_scheduler_map():
    text = edited(
        rendered("juniper_junos", *JUNOS), ("shaping-rate percent 10", "shaping-rate percent 50")
    )
    only(findings_in("juniper_junos", text, *JUNOS), "priority-share")


def test_shares_over_100():
    finding = only(in_router(("bandwidth percent 20", "bandwidth percent 80")), "shares-over-100")
    assert "107 % of the line" in finding.message


def test_remaining_shares_over_100():
    found = in_router(
        ("bandwidth percent 20", "bandwidth remaining percent 80"),
        ("bandwidth percent 3\n", "bandwidth remaining percent 30\n"),
        ("bandwidth percent 10", "bandwidth remaining percent 5"),
        ("bandwidth percent 4", "bandwidth remaining percent 4"),
    )
    assert "119 % of what priority classes leave" in only(found, "shares-over-100").message


def test_shares_of_100_are_no_fault():
    assert in_router(("bandwidth percent 20", "bandwidth percent 73")) == []


CIRCUIT = "interface GigabitEthernet0/0\n bandwidth 10000\n service-policy output "
WAN = "interface GigabitEthernet0/0\n service-policy output QOS-OUT-SHAPE-10M"


def test_queues_above_a_slow_circuit_without_a_shaper():
    finding = only(in_router((WAN, f"{CIRCUIT}QOS-OUT")), "shaper-missing")
    assert "1,000,000,000 bit/s, its circuit 10,000,000 bit/s" in finding.message
    assert finding.hint.startswith("shape the interface to 10,000,000 bit/s")


def test_a_rate_of_the_inventory_is_a_circuit_too():
    only(in_router((WAN, WAN.replace("QOS-OUT-SHAPE-10M", "QOS-OUT"))), "shaper-missing")


def test_a_shaper_above_the_queues_and_a_line_as_fast_as_its_circuit():
    assert in_router((WAN, f"{CIRCUIT}QOS-OUT-SHAPE-10M")) == []
    whole = (WAN, CIRCUIT.replace("10000", "1000000") + "QOS-OUT")
    assert in_router(whole, specs=("Gi0/1=client", "Gi0/0=uplink:1G")) == []


def test_marking_alone_needs_no_shaper():
    text = "interface GigabitEthernet0/0\n bandwidth 10000\n service-policy output MARK\n"
    text = f"policy-map MARK\n class class-default\n  set dscp default\n{text}"
    assert findings_in("cisco_ios", text, "Gi0/0=wan:10M") == []


ACCEPTS = "            term REST {\n                then accept;\n            }\n"


@pytest.mark.parametrize("form", ["curly", "set"])
def test_a_filter_that_drops_the_rest(form):
    text = edited(rendered("juniper_junos", *JUNOS), (ACCEPTS, ""))
    if form == "set":
        from translator.drivers.juniper_junos.forms import flatten

        text = "\n".join(flatten(text))
    found = findings_in("juniper_junos", text, *JUNOS)
    assert told(found) == ["filter-discards", "filter-discards"]
    assert "QOS-CLIENT-IN" in found[0].message
    assert found[0].interfaces == ("ge-0/0/1.0",)


@pytest.mark.parametrize("form", ["curly", "set"])
def test_a_discard_that_somebody_wrote_is_meant(form):
    text = edited(
        rendered("juniper_junos", *JUNOS), (ACCEPTS, ACCEPTS.replace("accept", "discard"))
    )
    if form == "set":
        from translator.drivers.juniper_junos.forms import flatten

        text = "\n".join(flatten(text))
    assert "filter-discards" not in told(findings_in("juniper_junos", text, *JUNOS))


def test_a_filter_that_only_keeps_out_is_meant_to_end_so():
    text = """\
firewall { family inet { filter PROTECT {
    term SSH { from { protocol tcp; destination-port 22; } then accept; }
} } }
interfaces { ge-0/0/1 { unit 0 { family inet { filter { input PROTECT; } } } } }
"""
    assert findings_in("juniper_junos", text, "ge-0/0/0.0=uplink") == []


MEMBER = "interface Port-channel1\n ip address 10.0.0.1 255.255.255.0\n"


def test_a_policy_on_a_member_of_a_bundle():
    member = (
        "interface GigabitEthernet0/0\n",
        f"{MEMBER}interface GigabitEthernet0/0\n channel-group 1\n",
    )
    finding = only(in_router(member), "bundle-member")
    assert finding.interfaces == ("GigabitEthernet0/0",)
    assert finding.hint == "move it to Port-channel1"


def test_a_policy_on_the_bundle_itself():
    bundle = ("interface GigabitEthernet0/0\n", "interface Port-channel1\n")
    assert in_router(bundle, specs=("Gi0/1=client", "Port-channel1=wan:10M")) == []


def test_a_switch_wants_it_on_the_members():
    text = rendered("cisco_catalyst", *SWITCH)
    members = edited(text, ("GigabitEthernet1/0/24\n", "GigabitEthernet1/0/24\n channel-group 1\n"))
    assert findings_in("cisco_catalyst", members, *SWITCH) == []
    bundle = edited(text, ("GigabitEthernet1/0/24\n", "Port-channel1\n"))
    found = findings_in("cisco_catalyst", bundle, "Gi1/0/1=client", "Port-channel1=uplink")
    assert told(found) == ["bundle-member"]
    assert found[0].hint == "move it to its members"


def test_a_member_of_an_aggregate():
    text = edited(
        rendered("juniper_junos", *JUNOS),
        (
            "interfaces {\n    ge-0/0/1 {",
            "interfaces {\n    ge-0/0/0 { gigether-options { 802.3ad ae0; } }\n    ge-0/0/1 {",
        ),
    )
    found = findings_in("juniper_junos", text, "ge-0/0/1.0=client")
    assert told(found) == ["bundle-member"]
    assert found[0].hint == "move it to ae0"


def test_what_is_known_of_one_device_is_not_told_of_the_next():
    """One space serves a run: equal policies are looked at once, lines and names are each one's."""
    space = Space()
    text = edited(
        router(),
        ("priority percent 10", "priority percent 40"),
        (SIGNALLING + AUDIO, AUDIO + SIGNALLING),
    )
    other = "! one line more\n" + text.replace("GigabitEthernet0/1", "GigabitEthernet0/3")
    first = find_all(case_of("cisco_ios", text, ROUTER, space=space))
    second = find_all(case_of("cisco_ios", other, ("Gi0/3=client", "Gi0/0=wan:10M"), space=space))
    assert told(first) == told(second) == ["class-shadowed", "priority-share"]
    assert second[0].interfaces == ("GigabitEthernet0/3",)
    for before, after in zip(first, second, strict=True):
        assert [line + 1 for line in before.lines] == list(after.lines)


def test_a_question_that_is_too_big_finds_nothing_and_hides_nothing_else():
    """Findings that ask for no packets are told all the same."""
    text = edited(router(), (SIGNALLING + AUDIO, AUDIO + SIGNALLING), (WAN, f"{CIRCUIT}QOS-OUT"))
    small = find_all(case_of("cisco_ios", text, ROUTER, space=Space(budget=10)))
    whole = find_all(case_of("cisco_ios", text, ROUTER))
    assert told(small) == ["shaper-missing"]
    assert told(whole) == ["class-shadowed", "shaper-missing"]
