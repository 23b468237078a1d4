"""Reading twice the text is about twice the work, counted in calls: no clock decides.

Each shape once took a reader a time that grew with the square of its length, or worse.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import islice

import pytest
from robust.fuzz import read_all
from robust.hostile import SUPERLINEAR, texts

from translator.drivers.cisco import classmap, places
from translator.drivers.linux import iptables, netfilter, shell
from translator.drivers.registry import driver, driver_names
from translator.verify.explain import explain
from translator.verify.packet import Packet

PACKET = Packet.of("udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0")
PARTS = 150
_LIST = "class-map match-any C\n match access-group name A\nip access-list extended A\n"
_SERVICES = "object-group service S\n" + "".join(f" tcp eq {at}\n" for at in range(1, 20))
_CHAIN = "table inet t {\n chain c {\n  type filter hook forward priority 0;\n"

# What stands before, what is repeated with numbers of its own, what is repeated behind that.
SHAPES: dict[str, tuple[str, str, str, str]] = {
    "chains that are flushed": (
        "linux",
        "",
        "iptables -t mangle -N C{0}\n",
        "iptables -t mangle -F\n",
    ),
    "chains that are removed": (
        "linux",
        "",
        "iptables -t mangle -N C{0}\n",
        "iptables -t mangle -X\niptables -t mangle -N C\n",
    ),
    "a table that is flushed": ("linux", "", "add chain inet t c{0}\n", "flush table inet t\n"),
    "rulesets that are flushed": ("linux", "", "add table inet t{0}\n", "flush ruleset ip6\n"),
    "a chain that jumps to itself": ("linux", _CHAIN, "udp sport {0} jump c\n", ""),
    "loops in loops": (
        "linux",
        "#!/bin/sh\ntc qdisc add dev eth0 root fq\n",
        "for d in a b c; do\nA{0}=1\nwhile read x; do\nB{0}=1\n",
        "",
    ),
    "lists of members": (
        "juniper_junos",
        "",
        "set interfaces interface-range R member xe-[0-{0}]/[0-999]\n",
        "",
    ),
    "classifiers": (
        "juniper_junos",
        "",
        "set class-of-service classifiers dscp C{0} import default\n",
        "",
    ),
    "groups on interfaces": (
        "juniper_junos",
        "",
        "set apply-groups G{0}\nset groups G{0} interfaces <*> mtu {0}\n"
        "set interfaces ge-0/0/{0} mtu 1\n",
        "",
    ),
    "entries of a rewrite rule": (
        "juniper_junos",
        "",
        "set class-of-service rewrite-rules dscp W forwarding-class c{0} loss-priority low "
        "code-point ef\nset class-of-service interfaces ge-0/0/{0} unit 0 rewrite-rules dscp W\n",
        "",
    ),
    "terms that name a list": (
        "juniper_junos",
        "",
        "set policy-options prefix-list P 2001:db8::{0}/128\n"
        "set firewall family inet6 filter F term t{0} from prefix-list P\n",
        "",
    ),
    "ports of RTP": ("cisco_ios", "class-map match-any C\n", " match ip rtp {0} 16383\n", ""),
    "services of a group": (
        "cisco_ios",
        _SERVICES + _LIST,
        " permit object-group S any host 10.0.0.{0}\n",
        "",
    ),
}

_FILTERS = "".join(
    f"set groups G interfaces <*> unit 0 family inet filter F{at}\n" for at in range(20)
)
# What stands before, once for little and once for much, and the lines for which it stands. Each
# line was once read again for all of it.
STANDING_FOR: dict[str, tuple[str, str, str, str]] = {
    "lines of a range of ports": (
        "cisco_catalyst",
        "interface GigabitEthernet1/0/1\n",
        "interface range GigabitEthernet1/0/1 - 48\n",
        "srr-queue bandwidth share 10 20 30 {0}\n",
    ),
    "lines of a list of ports": (
        "arista_eos",
        "interface Ethernet1\n",
        "interface Ethernet1-20\n",
        "   qos dscp {0}\n",
    ),
    "uses of a table": (
        "cisco_ios",
        "table-map T\n map from 1 to 2\n default ignore\npolicy-map P\n class class-default\n",
        "table-map T\n map from 1 to 2\n default 1\npolicy-map P\n class class-default\n",
        "  set cos dscp table T\n",
    ),
    "units of a range": (
        "juniper_junos",
        "set interfaces interface-range R member-range ge-0/0/0 to ge-0/0/0\n",
        "set interfaces interface-range R member-range ge-0/0/0 to ge-0/0/4\n",
        "set interfaces interface-range R unit {0} family inet filter input F\n",
    ),
    "interfaces of a group": (
        "juniper_junos",
        "set apply-groups G\nset groups G interfaces <*> mtu 9000\n",
        f"set apply-groups G\n{_FILTERS}",
        "set interfaces ge-0/0/{0} mtu 9000\n",
    ),
}


def _text(name: str, first: int, parts: int) -> tuple[str, str]:
    platform, before, repeated, behind = SHAPES[name]
    numbers = range(first, first + parts)
    return platform, before + "".join(map(repeated.format, numbers)) + behind * parts


def _calls(work: Callable[[], object]) -> int:
    count = 0

    def seen(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", SHAPES)
def test_twice_the_text_is_twice_the_work(name):
    platform, text = _text(name, 0, PARTS)
    read_all(platform, text.encode())  # what is built once
    _, text = _text(name, PARTS, PARTS)
    _, twice = _text(name, 2 * PARTS, 2 * PARTS)
    once = _calls(lambda: read_all(platform, text.encode()))
    assert _calls(lambda: read_all(platform, twice.encode())) < SUPERLINEAR * once


@pytest.mark.parametrize("name", STANDING_FOR)
def test_what_stands_for_much_is_read_once(name):
    platform, little, much, repeated = STANDING_FOR[name]
    lines, others = (
        "".join(map(repeated.format, range(first, first + PARTS))) for first in (0, PARTS)
    )
    read_all(platform, (little + much + lines).encode())  # what is built once
    plain = _calls(lambda: read_all(platform, (little + lines).encode()))
    assert _calls(lambda: read_all(platform, (much + others).encode())) < SUPERLINEAR * plain


def test_work_that_grows_with_the_square_is_seen():
    once, twice = (_calls(lambda n=n: [len("") for _ in range(n * n)]) for n in (30, 60))
    assert twice > SUPERLINEAR * once


@pytest.mark.parametrize("platform", driver_names())
def test_a_seed_gives_the_same_texts_of_the_size_again(platform):
    first, again, other = (list(islice(texts(platform, seed), 5)) for seed in (1, 1, 2))
    assert first == again != other
    for text in first:
        assert len(text.of_size(20_000)) == pytest.approx(20_000, rel=0.3)
        assert len(text.of_size(40_000)) == pytest.approx(40_000, rel=0.2)


@pytest.mark.parametrize("platform", ["cisco_ios", "cisco_catalyst"])
def test_a_class_whose_list_is_placed_too_often_is_an_unread_predicate(platform, monkeypatch):
    entries = "".join(f" permit udp any any eq {at}\n" for at in range(1, 30))
    classes = "".join(f"class-map match-any C{at}\n match access-group name A\n" for at in (1, 2))
    text = f"mls qos\nip access-list extended A\n{entries}{classes}policy-map P\n"
    text += " class C1\n  set dscp ef\n class C2\n  set dscp af41\n"
    text += "interface Gi0/1\n service-policy input P\n"
    assert explain(driver(platform).parse(text), PACKET, policy="P").dscp_out is not None
    monkeypatch.setattr(classmap, "_MOST_PLACED", 30)
    device = driver(platform).parse(text + "!\n")
    assert "policies stand for more lines of lists than are followed" in device.notes
    assert explain(device, PACKET, policy="P").verdict == "unknown"


def test_lines_that_stand_for_more_ports_than_are_followed_are_unread(monkeypatch):
    text = "mls qos\ninterface range Gi1/0/1 - 4\n mls qos trust dscp\n!\n"
    text += "srr-queue bandwidth limit 50\n"
    assert explain(driver("cisco_catalyst").parse(text), PACKET, "Gi1/0/1").known
    monkeypatch.setattr(places, "_MOST_LINES", 10)
    device = driver("cisco_catalyst").parse(text)
    assert [item.line for item in device.unread] == [5]
    assert explain(device, PACKET, "Gi1/0/1").verdict == "unknown"


def test_a_rule_that_is_looked_for_too_long_is_unread(monkeypatch):
    text = "".join(f"iptables -t mangle -A FORWARD -p udp --sport {at}\n" for at in range(9))
    text += "iptables -t mangle -A FORWARD -j DSCP --set-dscp 46\n"
    text += "iptables -t mangle -D FORWARD -j DSCP --set-dscp 46\n"
    assert explain(driver("linux").parse(text), PACKET).dscp_out == 0
    monkeypatch.setattr(iptables, "_MOST_COMPARED", 5)
    device = driver("linux").parse(text + "# again\n\n")
    assert [item.line for item in device.unread] == [11]
    assert explain(device, PACKET).verdict == "unknown"


def test_rules_that_a_loop_reads_again_are_unread_when_there_are_too_many(monkeypatch):
    rules = "".join(f"add rule inet t c udp sport {at} ip dscp set ef\n" for at in range(9))
    text = f"#!/bin/sh\nnft add table inet t\nfor x in a b c d; do\n{rules}done\n"
    assert not driver("linux").parse(text).unread
    monkeypatch.setattr(shell, "_MOST_COMMANDS", 20)
    device = driver("linux").parse(f"{text}# again\n\n")
    assert [item.line for item in device.unread] == [*range(4, 13)]
    assert {item.reason for item in device.unread} == {"the script runs too many commands"}


def test_a_mark_that_is_copied_in_more_ways_than_are_followed_is_unclear(monkeypatch):
    copies = "".join(f"-A FORWARD -j CONNMARK --save-mark --mask {mask}\n" for mask in range(1, 9))
    text = f"*mangle\n-A FORWARD -p udp --sport 20001 -j MARK --set-mark 1\n{copies}"
    text += "-A FORWARD -m connmark --mark 1/1 -j DSCP --set-dscp 46\nCOMMIT\n"
    assert explain(driver("linux").parse(text), PACKET).dscp_out == 46
    monkeypatch.setattr(netfilter, "_MOST_COPIED", 5)
    assert explain(driver("linux").parse(f"{text}# again\n\n"), PACKET).verdict == "unknown"
