"""Shares, shapers, filters that drop, and policies on members of a bundle."""

from __future__ import annotations

import pytest
from audit.detectors.cases import (
    AUDIO,
    JUNOS,
    ROUTER,
    SIGNALLING,
    SWITCH,
    case_of,
    edited,
    findings_in,
    in_router,
    lines_of,
    only,
    rendered,
    router,
    told,
)

from translator.audit.detectors import find_all
from translator.verify.diagram import Space


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
