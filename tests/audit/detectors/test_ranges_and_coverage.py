"""Ranges off by one, halves forgotten, one direction only, priority open to everyone."""

from __future__ import annotations

import re

import pytest
from audit.detectors.cases import edited, findings_in, only, rendered, told

IOS = ("Gi0/1=client", "Gi0/0=wan:10M")
SWITCH = ("Gi1/0/1=client", "Gi1/0/24=uplink")
JUNOS = ("ge-0/0/1.0=client", "ge-0/0/0.0=wan:10M")
LINUX = ("eth1=client", "eth0=wan:10M")
MARKING = {"cisco_ios": IOS, "cisco_catalyst": SWITCH, "juniper_junos": JUNOS, "linux": LINUX}
# How each platform writes the clients' audio range, and a range that ends elsewhere.
RANGE = {
    "cisco_ios": "range 20000 20039",
    "cisco_catalyst": "range 20000 20039",
    "juniper_junos": "source-port 20000-20039",
    "linux": "sport 20000-20039",
}


def moved(platform: str, low: int, high: int) -> str:
    old = RANGE[platform]
    return edited(
        rendered(platform, *MARKING[platform]),
        (old, old.replace("20000", str(low)).replace("20039", str(high))),
    )


@pytest.mark.parametrize("platform", MARKING)
@pytest.mark.parametrize(
    ("low", "high"),
    [(20000, 20040), (20000, 20038), (20001, 20039), (19999, 20039), (20001, 20040)],
)
def test_a_range_that_is_off_by_one_is_told_once(platform, low, high):
    finding = only(
        findings_in(platform, moved(platform, low, high), *MARKING[platform]), "range-off-by-one"
    )
    assert finding.traffic_class == "audio"
    assert "20000-20039" in finding.message
    assert f"the device matches {low}-{high}" in finding.message
    assert "tcp/udp" in finding.message
    assert finding.hint == "write the range as 20000 20039"
    assert finding.lines
    assert {"A10", "C01"} <= set(finding.rows)


@pytest.mark.parametrize("platform", MARKING)
@pytest.mark.parametrize(("low", "high"), [(20000, 20029), (19990, 20039)])
def test_a_range_that_is_off_by_more_is_another_fault(platform, low, high):
    found = findings_in(platform, moved(platform, low, high), *MARKING[platform])
    assert "range-off-by-one" not in told(found)


def test_the_line_of_the_range_is_named():
    text = moved("cisco_ios", 20000, 20040)
    finding = only(findings_in("cisco_ios", text, *IOS), "range-off-by-one")
    lines = text.split("\n")
    assert any("range 20000 20040" in lines[line - 1] for line in finding.lines)


@pytest.mark.parametrize(("low", "high"), [(20000, 20040), (20001, 20039), (19999, 20038)])
def test_every_entry_that_is_off_is_named(low, high):
    """TCP and UDP, IPv4 and IPv6: an engineer changes them all."""
    old, new = "range 20000 20039", f"range {low} {high}"
    text = rendered("cisco_ios", *IOS).replace(old, new)
    finding = only(findings_in("cisco_ios", text, *IOS), "range-off-by-one")
    entries = [at for at, line in enumerate(text.split("\n"), start=1) if new in line]
    assert len(entries) == 4
    assert set(entries) <= set(finding.lines)


@pytest.mark.parametrize("protocol", ["tcp", "udp"])
@pytest.mark.parametrize("version", [4, 6])
def test_the_one_entry_that_is_off_is_named_alone(protocol, version):
    old = f" permit {protocol} any range 20000 20039 any\n"
    head, entry, tail = rendered("cisco_ios", *IOS).partition(old)
    if version == 6:
        more, entry, tail = tail.partition(old)
        head += old + more
    text = head + entry.replace("20039", "20040") + tail
    finding = only(findings_in("cisco_ios", text, *IOS), "range-off-by-one")
    assert f"the plan has IPv{version} {protocol} source ports 20000-20039" in finding.message
    named = [line for line in finding.lines if "permit" in text.split("\n")[line - 1]]
    assert ["range 20000 20040" in text.split("\n")[line - 1] for line in named] == [True]


def test_of_a_range_in_pieces_the_piece_that_is_off_is_named():
    whole = " permit udp any range 20000 20039 any\n"
    pieces = " permit udp any range 20000 20019 any\n permit udp any range 20020 20040 any\n"
    text = edited(rendered("cisco_ios", *IOS), (whole, pieces))
    finding = only(findings_in("cisco_ios", text, *IOS), "range-off-by-one")
    named = "\n".join(text.split("\n")[line - 1] for line in finding.lines)
    assert "range 20020 20040" in named
    assert "range 20000 20019" not in named


@pytest.mark.parametrize("platform", ["cisco_ios", "cisco_catalyst"])
def test_tcp_is_forgotten(platform):
    text = rendered(platform, *MARKING[platform])
    text = re.sub(r" permit tcp any range \d+ \d+ any\n", "", text)
    finding = only(findings_in(platform, text, *MARKING[platform]), "tcp-forgotten")
    assert "audio, video" in finding.message
    assert finding.interfaces == (finding.interfaces[0],)
    assert finding.hint == (
        "add TCP rules: audio with source port 20000-20039; video with source port 20040-20079"
    )


def test_tcp_is_forgotten_in_a_filter():
    text = edited(rendered("juniper_junos", *JUNOS), ("protocol [ tcp udp ]", "protocol udp"))
    text = edited(text, ("next-header [ tcp udp ]", "next-header udp"))
    only(findings_in("juniper_junos", text, *JUNOS), "tcp-forgotten")


def test_a_class_that_the_plan_has_on_tcp_alone_forgets_nothing():
    text = rendered("cisco_ios", *IOS)
    assert "permit tcp any 10.10.1.0 0.0.0.15 eq 5061" in text
    assert findings_in("cisco_ios", text, *IOS) == []


def test_tcp_that_gets_another_mark_is_not_forgotten():
    text = edited(
        rendered("cisco_ios", *IOS),
        (" permit tcp any range 20000 20039 any\n", ""),
        (" permit tcp any range 20040 20079 any\n", " permit tcp any range 20000 20079 any\n"),
    )
    assert "tcp-forgotten" not in told(findings_in("cisco_ios", text, *IOS))


def test_ipv6_is_forgotten():
    text = rendered("cisco_ios", *IOS)
    text = re.sub(r" match access-group name \S+-V6\n", "", text)
    finding = only(findings_in("cisco_ios", text, *IOS), "ipv6-forgotten")
    assert "signalling" in finding.message
    assert "audio" in finding.message
    assert "signalling with destination port 5061" in finding.hint
    assert "video with source port 20040-20079" in finding.hint


def test_a_platform_without_ipv6_lists_forgets_nothing():
    text = rendered("cisco_catalyst", *SWITCH)
    assert "ipv6" not in text
    assert findings_in("cisco_catalyst", text, *SWITCH) == []


@pytest.mark.parametrize("platform", ["cisco_ios", "cisco_catalyst"])
def test_ports_at_the_wrong_end(platform):
    text = rendered(platform, *MARKING[platform])
    text = re.sub(r"(permit (?:tcp|udp)) any (range 200\d\d 200\d\d) any", r"\1 any any \2", text)
    found = findings_in(platform, text, *MARKING[platform])
    assert told(found) == ["one-direction", "one-direction"]
    assert {item.traffic_class for item in found} == {"audio", "video"}
    assert "source port 20000-20039" in found[0].message


def test_both_ends_are_more_than_one_direction():
    text = rendered("cisco_ios", *IOS)
    text = re.sub(
        r"( permit (?:tcp|udp)) any (range 200\d\d 200\d\d) any\n", r"\g<0>\1 any any \2\n", text
    )
    assert findings_in("cisco_ios", text, *IOS) == []


BOTH_SIDES = ("Gi0/1=client", "Gi0/2=server", "Gi0/0=wan:10M")


def test_one_side_of_the_device_marks_and_the_other_does_not():
    text = rendered("cisco_ios", *BOTH_SIDES)
    name = re.search(r"service-policy input (QOS-IN-SERVER\S*)", text)
    assert name is not None
    text = edited(text, (f" {name[0]}\n", ""))
    finding = only(findings_in("cisco_ios", text, *BOTH_SIDES), "one-direction")
    assert finding.interfaces == ("GigabitEthernet0/2",)
    assert "audio" in finding.message
    assert "enter GigabitEthernet0/1 (client)" in finding.message


def test_no_side_at_all_is_another_fault():
    text = re.sub(r" service-policy input \S+\n", "", rendered("cisco_ios", *BOTH_SIDES))
    assert findings_in("cisco_ios", text, *BOTH_SIDES) == []


OPEN = [
    "permit udp any any range 49152 57500",
    "permit udp any range 49152 57500 any",
    "permit udp any any",
    "permit ip any any",
]


@pytest.mark.parametrize("platform", ["cisco_ios", "cisco_catalyst"])
@pytest.mark.parametrize("entry", OPEN)
def test_a_server_range_without_addresses_opens_the_priority_class(platform, entry):
    text = edited(
        rendered(platform, *MARKING[platform]),
        (
            " permit udp any range 20000 20039 any\n",
            f" {entry}\n permit udp any range 20000 20039 any\n",
        ),
    )
    found = findings_in(platform, text, *MARKING[platform])
    (finding,) = [item for item in found if item.kind == "ef-open"]
    assert "any host can get ef" in finding.message
    assert finding.hint.endswith("match the source ports of the plan alone: 20000-20039")
    assert any(entry in text.split("\n")[line - 1] for line in finding.lines)


@pytest.mark.parametrize(
    "entry",
    [
        "permit udp 10.10.1.0 0.0.0.15 range 49152 57500 any",  # the servers alone
        "permit udp any any range 50000 50019",  # as narrow as a client
    ],
)
def test_servers_by_address_and_narrow_ranges_are_not_open(entry):
    text = edited(
        rendered("cisco_ios", *IOS),
        (
            " permit udp any range 20000 20039 any\n",
            f" {entry}\n permit udp any range 20000 20039 any\n",
        ),
    )
    assert "ef-open" not in told(findings_in("cisco_ios", text, *IOS))


def test_a_wide_range_with_a_lower_mark_is_not_open():
    text = edited(
        rendered("cisco_ios", *IOS),
        (" permit udp any range 20040 20079 any\n", " permit udp any range 20040 29999 any\n"),
    )
    assert "ef-open" not in told(findings_in("cisco_ios", text, *IOS))


def test_a_filter_that_opens_the_priority_class():
    text = edited(
        rendered("juniper_junos", *JUNOS),
        ("source-port 20000-20039", "source-port [ 20000-20039 49152-57500 ]"),
    )
    assert "ef-open" in told(findings_in("juniper_junos", text, *JUNOS))


def test_a_phone_sits_on_the_same_side_as_a_client():
    specs = ("Gi0/1=client", "Gi0/2=phone", "Gi0/0=wan:10M")
    text = rendered("cisco_ios", *specs)
    name = re.search(r"service-policy input QOS-IN-PHONE\S*", text)
    assert name is not None
    text = edited(text, (f" {name[0]}\n", ""))
    assert findings_in("cisco_ios", text, *specs) == []
