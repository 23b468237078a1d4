"""Configurations in other people's ways of writing: the kernel does what our reader says."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from lab.agreement import all_tos, disagreements
from lab.netns import Lab
from lab.packets import Sent

from translator.drivers.linux import Linux

pytestmark = pytest.mark.netns

LINUX = Linux()
PORTS = (5004, 5005, 5059, 5060, 5061, 20000, 20031, 20032, 20039, 20040, 33000)

IPTABLES = """\
iptables -t mangle -N VOICE
iptables -t mangle -A VOICE -m dscp --dscp-class CS1 -j RETURN
iptables -t mangle -A VOICE -j DSCP --set-dscp-class EF
iptables -t mangle -A FORWARD -p udp -m multiport --sports 5004:5005,20000:20039 -j VOICE
iptables -t mangle -A FORWARD -p udp -m multiport --ports 5060,5061 -j TOS --set-tos 0x60/0xfc
iptables -t mangle -A FORWARD -m tos --tos 0x04/0x04 -j MARK --set-mark 0x10/0xf0
iptables -t mangle -A FORWARD ! -s 10.1.1.0/25 -j DSCP --set-dscp 1
iptables -t mangle -A POSTROUTING -o wan -m mark --mark 0x10/0xf0 -j CLASSIFY --set-class 1:30
iptables -t mangle -A POSTROUTING -o wan -m dscp --dscp 46 -j CLASSIFY --set-class 1:10
iptables -t mangle -I POSTROUTING -o lan -j DROP
ip6tables -t mangle -A FORWARD -p udp --sport 5004: -j DSCP --set-dscp 0x22
ip6tables -t mangle -A FORWARD -p udp -m udp ! --sport 5000:33000 -j DSCP --set-dscp 10
"""
CONNMARK = """\
*mangle
:PREROUTING ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:QOS - [0:0]
-A FORWARD -o wan -j QOS
-A POSTROUTING -o wan -j CONNMARK --restore-mark --nfmask 0xf --ctmask 0xf
-A POSTROUTING -o wan -m mark --mark 0x2/0xf -j CLASSIFY --set-class 0001:0010
-A POSTROUTING -o wan -m mark --mark 0x3/0xf -j CLASSIFY --set-class 0001:0020
-A QOS -m connmark ! --mark 0x0/0xf -j RETURN
-A QOS -p udp -m udp --sport 20000:20039 -j CONNMARK --set-xmark 0x2/0xf
-A QOS -p udp -m udp --sport 20000:20039 -j RETURN
-A QOS -m dscp --dscp 0x28 -j CONNMARK --set-xmark 0x3/0xf
COMMIT
"""
MAPS = """\
table inet a {
	set phones { type inet_service; flags interval; elements = { 20000-20039, 5060 } }
	map points { type inet_service : dscp
		elements = { 5004 : ef, 5005 : af41 }
	}
	chain voice { ip dscp set ef return
		ip6 dscp set af42
	}
	chain video {
		ip dscp set af41; ip6 dscp set af41
	}
	chain early {
		type filter hook prerouting priority mangle; policy accept;
		udp sport 33000 meta priority set 1:20
		meta mark set meta mark and 0xffffff00 or 0x21
	}
	chain passing {
		type filter hook forward priority -150; policy accept;
		ip dscp vmap { cs5 : jump voice, 10-20 : goto video, ef : accept }
		iifname "lan" udp sport @phones counter goto voice
		udp sport vmap { 5005 : jump video, 5061 : accept }
		ip6 dscp != { cs0, cs1, cs2 } meta mark and 0xf0 == 0x20 ip6 dscp set cs7
		udp sport >= 33000 ip dscp set af11 ip ecn 1 ip dscp set af12
	}
}
table ip b {
	map classes {
		type inet_service : classid
		elements = { 5004 : 1:10, 5061 : 1:20 }
	}
	chain later {
		type filter hook forward priority filter
		policy accept
		ip dscp cs6 ip dscp set cs4 comment "after accept above"
		ip saddr 10.1.1.8-10.1.1.11 meta priority set udp sport map @classes
	}
}
add rule inet a passing oifname { "wan", "x*" } ct mark set 0x7 meta mark set ct mark
insert rule inet a passing ip dscp 0x3f drop
"""
UNEQUAL = """\
table inet n {
	chain c {
		type filter hook forward priority mangle; policy accept;
		ip saddr != 10.1.1.0/24 drop
		ip6 saddr != 2001:db8:1::/48 drop
		ip protocol != udp drop
		ip6 nexthdr != udp drop
		icmp type != echo-request drop
		ip dscp != { cs5, ef } ip dscp set cs1
		udp sport != 5004-20000 ip6 dscp set cs2
		ip daddr . udp sport != { 10.2.2.2 . 5060, 10.2.2.2 . 5061 } meta priority set 1:20
		tcp dport != 9 drop
	}
}
"""
FILTERS = """\
tc filter add dev wan parent 1: protocol ip prio 1 u32 \\
  match ip sport 20000 0xffe0 match ip protocol 17 0xff flowid 1:10
tc filter add dev wan parent 1: protocol ip prio 2 u32 match ip dsfield 0xb8 0xfc flowid 1:20
tc filter add dev wan parent 1: protocol ip prio 2 u32 \\
  match ip src 10.1.1.0/24 match ip sport 5060 0xfffe flowid 1:30
tc filter add dev wan parent 1: protocol ipv6 prio 5 u32 match ip6 sport 20032 0xfff8 flowid 1:10
tc filter add dev wan parent 1: protocol ipv6 prio 6 u32 match ip6 priority 0xb8 0xfc flowid 1:20
"""
TREE = """\
tc qdisc add dev wan root handle 1: htb default 30 r2q 100
tc class add dev wan parent 1: classid 1:1 htb rate 1gbit
tc class add dev wan parent 1:1 classid 1:10 htb rate 100mbit ceil 1gbit prio 0
tc class add dev wan parent 1:1 classid 1:20 htb rate 100mbit ceil 1gbit prio 1
tc class add dev wan parent 1:1 classid 1:30 htb rate 100mbit ceil 1gbit prio 2
"""
MIRROR = """\
ip link add mirror0 type veth peer name mirror1
ip link set mirror0 up
ip link set mirror1 up
"""
ACTS = """\
tc filter add dev wan parent 1: protocol ip prio 1 u32 \\
  match ip sport 5060 0xfffe action mirred egress mirror dev mirror0
"""
CHANGES = """\
tc class change dev wan classid 1:10 htb rate 50mbit ceil 1gbit prio 0
tc qdisc add dev wan parent 1:20 handle 20: pfifo
tc qdisc del dev wan parent 1:20 handle 20:
tc filter add dev wan protocol ip prio 2 u32 match ip sport 5004 0xffff flowid 1:10
tc filter add dev wan protocol ip prio 2 u32 match ip sport 5060 0xfffe flowid 1:10
tc filter replace dev wan protocol ip prio 2 handle 800::801 u32 \\
  match ip sport 20000 0xffe0 flowid 1:20
tc filter add dev wan protocol ip prio 2 handle 800::1 u32 match ip dsfield 0xb8 0xfc flowid 1:30
tc filter add dev wan protocol ip prio 2 handle 7: u32 divisor 1
tc filter add dev wan protocol ip prio 2 u32 ht 7: match u32 0 0 flowid 1:20
tc filter add dev wan protocol ip prio 2 u32 match ip sport 5005 0xffff
tc filter add dev wan protocol ip u32 match ip sport 33000 0xffff flowid 1:20
tc filter add dev wan protocol ip u32 match ip sport 0x80e8 0xfff8 flowid 1:10
tc filter add dev wan protocol ip prio 1 u32 match ip dsfield 0x28 0xff \\
  action mirred egress mirror dev mirror0 continue
"""
NO_DEFAULT = TREE.replace("htb default 30 r2q 100", "htb")


def wrapped(text: str, command: str) -> str:
    return f"{command} <<'END'\n{text}END\n"


TEXTS = {
    "iptables commands": TREE + IPTABLES,
    "iptables-save with connection marks": TREE + wrapped(CONNMARK, "iptables-restore"),
    "nft maps, sets, two tables": TREE + wrapped(MAPS, "nft -f -"),
    "nft fields that are unequal": TREE + wrapped(UNEQUAL, "nft -f -"),
    "tc u32 filters": TREE + FILTERS,
    "no default class": NO_DEFAULT + FILTERS,
    "a filter that only acts": MIRROR + TREE + ACTS + FILTERS,
    "changed classes, leaves and filters": MIRROR + TREE + CHANGES,
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_kernel_does_what_the_reader_says(lab: Lab, name: str, tmp_path: Path) -> None:
    device = LINUX.parse(TEXTS[name])
    assert device.unread == ()
    lab.apply(TEXTS[name], folder=tmp_path)
    tos = (0, 0x28, 0x2C, 0x48, 0x60, 0xA0, 0xA1, 0xB8, 0xC0, 0xFC)
    packets = [
        Sent(version, "udp", port, 50000 + at, value)
        for at, (version, port, value) in enumerate(product((4, 6), PORTS, tos))
    ]
    assert disagreements(lab, device, packets) == []


@pytest.mark.parametrize("name", ["nft maps, sets, two tables", "iptables commands"])
def test_every_tos_byte(lab: Lab, name: str, tmp_path: Path) -> None:
    device = LINUX.parse(TEXTS[name])
    lab.apply(TEXTS[name], folder=tmp_path)
    assert disagreements(lab, device, all_tos(5061)) == []


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_printed_back_is_read_as_the_same(lab: Lab, name: str, tmp_path: Path) -> None:
    lab.apply(TEXTS[name], folder=tmp_path)
    parts = [lab.run("tc", what, "show", "dev", "wan") for what in ("qdisc", "class", "filter")]
    shown = "# tc\n" + "".join(f"tc {w} show dev wan\n" for w in ("class",)) + "".join(parts)
    if "iptables" in name:
        shown += lab.run("iptables-save") + lab.run("ip6tables-save")
    else:
        shown += lab.run("nft", "list", "ruleset")
    device = LINUX.parse(shown)
    assert device.unread == ()
    packets = [Sent(v, "udp", port, 50000, t) for v in (4, 6) for port in PORTS for t in (0, 0xA0)]
    assert disagreements(lab, device, packets) == []


@pytest.mark.parametrize("order", ["AB", "BA"])
def test_of_two_chains_in_one_place_the_later_runs_first(
    lab: Lab, order: str, tmp_path: Path
) -> None:
    tables = {
        name: f"table ip {name} {{\n\tchain c {{\n\t\ttype filter hook forward priority mangle\n"
        f"\t\tip dscp set {point}\n\t}}\n}}\n"
        for name, point in (("A", "ef"), ("B", "cs1"))
    }
    text = wrapped("".join(tables[name] for name in order), "nft -f -")
    device = LINUX.parse(text)
    assert "priority" in " ".join(device.notes)
    lab.apply(text, folder=tmp_path)
    packets = [Sent(4, "udp", 20000, 50000, 0)]
    assert disagreements(lab, device, packets, counts_classes=False) == []


def test_iptables_text_passes_its_own_check(lab: Lab) -> None:
    lab.run("iptables-restore", "--test", text=CONNMARK)
