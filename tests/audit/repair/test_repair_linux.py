"""Repairs of a Linux router: rules in one transaction, queues one command at a time."""

from __future__ import annotations

import pytest
from audit.repair.repair_checks import Bench, intents_for

from translator.audit.repair import repair
from translator.drivers.registry import driver
from translator.errors import RefusedError, UnsupportedIntentError

LINUX = driver("linux")
INTENTS = intents_for("linux", "eth1=client", "eth0=wan:10M")
RENDERED = LINUX.render(INTENTS)
NAT = """table ip nat {
	chain post {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "eth0" masquerade
	}
}
"""
QUEUES = """qdisc fq_codel 0: dev eth1 root refcnt 2 limit 10240p
qdisc htb 1: dev eth0 root refcnt 2 r2q 10 default 0x60 direct_packets_stat 0 direct_qlen 1000
class htb 1:1 root rate 10Mbit ceil 10Mbit burst 15Kb cburst 1600b
class htb 1:10 parent 1:1 leaf 10: prio 0 rate 1Mbit ceil 10Mbit burst 15Kb cburst 1600b
class htb 1:20 parent 1:1 leaf 20: prio 1 rate 2Mbit ceil 10Mbit burst 15Kb cburst 1600b
class htb 1:30 parent 1:1 leaf 30: prio 1 rate 300Kbit ceil 10Mbit burst 15Kb cburst 1600b
class htb 1:40 parent 1:1 leaf 40: prio 1 rate 1Mbit ceil 10Mbit burst 15Kb cburst 1600b
class htb 1:50 parent 1:1 leaf 50: prio 1 rate 400Kbit ceil 10Mbit burst 15Kb cburst 1600b
class htb 1:60 parent 1:1 leaf 60: prio 1 rate 2500Kbit ceil 10Mbit burst 15Kb cburst 1600b
"""
PLAIN = """qdisc fq_codel 0: dev eth1 root refcnt 2 limit 10240p
qdisc fq_codel 0: dev eth0 root refcnt 2 limit 10240p
"""
RULES = dict(RENDERED.files)["qos.nft"]
SHOWN = NAT + RULES + QUEUES


def put(old: str, new: str, text: str = SHOWN) -> str:
    """Return the right text with one fault; the fault must be there."""
    assert old in text, old
    return text.replace(old, new, 1)


FAULTS = {
    "nothing configured": NAT + PLAIN,
    "no queues": NAT + RULES + PLAIN,
    "no rules": NAT + QUEUES,
    "port off by one": put("20000-20039", "20001-20040"),
    "wrong code point": put("ip dscp set ef", "ip dscp set cs5"),
    "udp only": put("{ tcp, udp } th sport 20040", "udp th sport 20040"),
    "not reset": put("cs3, af41, af42, af43, ef } goto mark_df", "cs3, af41 } goto mark_df"),
    "share": put("prio 1 rate 2Mbit", "prio 1 rate 5Mbit"),
    "class missing": put(QUEUES.splitlines()[5] + "\n", ""),
    "rules and share": put("20000-20039", "20000-20099", put("rate 2Mbit", "rate 5Mbit")),
    "the script": put("20000-20039", "20000-20041", RENDERED.config),
    "the script's rate": put("rate 2000kbit", "rate 4000kbit", RENDERED.config),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_repaired_without_a_moment_between(fault):
    bench = Bench(LINUX, FAULTS[fault], INTENTS)
    found = bench.repaired()
    assert found.needed
    bench.check(found)
    assert found.text.startswith(FAULTS[fault].rstrip("\n"))


def test_rules_that_differ_are_one_command():
    found = Bench(LINUX, FAULTS["port off by one"], INTENTS).repaired()
    assert len(found.commands) == 1
    assert found.commands[0].startswith("nft -f - <<'RULES'\ntable inet qos_translator\n")


def test_a_share_is_one_command():
    found = Bench(LINUX, FAULTS["share"], INTENTS).repaired()
    assert [line.split()[:3] for line in found.commands] == [["tc", "class", "replace"]]
    assert found.rollback == (
        "tc class replace dev eth0 parent 1:1 classid 1:20 htb "
        "prio 1 rate 5Mbit ceil 10Mbit burst 15Kb cburst 1600b",
    )


def test_queues_of_others_are_not_taken_away():
    others = PLAIN.replace("fq_codel 0: dev eth0 root refcnt 2", "tbf 8001: dev eth0 root refcnt 2")
    text = NAT + RULES + others.replace("limit 10240p\n", "rate 9Mbit burst 5Kb lat 50ms\n")
    with pytest.raises(RefusedError):
        repair(LINUX, text, INTENTS, snippet=True, allow_gap=True)


def test_a_table_of_others_that_decides_later_is_refused():
    late = (
        "table inet later {\n\tchain x {\n\t\ttype filter hook postrouting priority 300;\n"
        "\t\tip dscp set cs1\n\t}\n}\n"
    )
    with pytest.raises(RefusedError):
        repair(LINUX, NAT + late + PLAIN, INTENTS, snippet=True)


@pytest.mark.parametrize("platform", ["tomato", "tomato64", "tomato_old"])
def test_a_platform_that_cannot_be_edited_says_what_to_do(platform):
    chosen = driver(platform)
    intents = intents_for(platform, "br0=client")
    text = chosen.render(intents).config
    with pytest.raises(UnsupportedIntentError, match="repair") as refused:
        repair(chosen, text, intents, snippet=True)
    assert "render" in refused.value.hint
