"""Repairs of an `mls qos` switch: what belongs to the whole switch touches every port."""

from __future__ import annotations

import random

import pytest
from audit.repair.repair_checks import Bench, intents_for
from support.corpus import corpus_files

from translator.audit.repair import repair
from translator.drivers.registry import driver
from translator.errors import RefusedError, TranslatorError

SWITCH = driver("cisco_catalyst")
INTENTS = intents_for("cisco_catalyst", "GigabitEthernet0/1=client", "GigabitEthernet0/2=uplink")
HEAD = """version 12.2
hostname access-3
!
aaa new-model
!
vlan 10
 name office
!
"""
TAIL = """interface Vlan1
 ip address 10.0.0.3 255.255.255.0
!
ip access-list standard MANAGERS
 permit 10.0.0.0 0.0.0.255
line vty 0 4
 transport input ssh
end
"""
PORTS = """interface GigabitEthernet0/1
 switchport mode access
!
interface GigabitEthernet0/2
 switchport mode trunk
!
"""
THIRD = """interface GigabitEthernet0/3
 switchport mode access
 mls qos trust cos
!
"""
RIGHT = HEAD + SWITCH.render(INTENTS).config + THIRD + TAIL


def put(old: str, new: str, text: str = RIGHT) -> str:
    """Return the right text with one fault; the fault must be there."""
    assert old in text, old
    return text.replace(old, new, 1)


FAULTS = {
    "nothing configured, both ports asked": HEAD + PORTS + TAIL,
    "switched off, both ports asked": put("mls qos\n!", "!").replace(THIRD, ""),
    "uplink not trusted": put(" mls qos trust dscp\n", ""),
    "uplink trusts cos": put(" mls qos trust dscp\n", " mls qos trust cos\n"),
    "phones only": put(
        " mls qos trust dscp\n", " mls qos trust dscp\n mls qos trust device cisco-phone\n"
    ),
    "weights": put("share 10 20 17 53", "share 25 25 25 25"),
    "no weights, no priority": put(
        " srr-queue bandwidth share 10 20 17 53\n priority-queue out\n", ""
    ),
    "port off by one": put("permit udp any range 20000 20039", "permit udp any range 20001 20040"),
    "wrong code point": put("  set dscp ef", "  set dscp cs5"),
    "policy unbound": put(" service-policy input QOS-CLIENT\n", ""),
    "class missing": put(" class QOS-VIDEO\n  set dscp af41\n", ""),
    "last class missing": put(" class QOS-OTHER\n  trust dscp\n", ""),
    "reset first": put(
        "policy-map QOS-CLIENT\n",
        "policy-map QOS-CLIENT\n class QOS-RESET\n  set dscp default\n",
        put(" class QOS-RESET\n  set dscp default\n", ""),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_repaired_without_a_moment_between(fault):
    bench = Bench(SWITCH, FAULTS[fault], INTENTS)
    found = bench.repaired()
    assert found.needed
    bench.check(found)


def test_a_queue_map_is_repaired_where_all_ports_are_asked():
    text = put("queue 1 threshold 3 46", "queue 3 threshold 3 46").replace(THIRD, "")
    bench = Bench(SWITCH, text, INTENTS)
    found = bench.repaired()
    bench.check(found)
    assert found.commands == ("mls qos srr-queue output dscp-map queue 1 threshold 3 46",)
    assert found.rollback == ("mls qos srr-queue output dscp-map queue 3 threshold 3 46",)


@pytest.mark.parametrize(
    ("old", "new"), [("queue 1 threshold 3 46", "queue 3 threshold 3 46"), ("mls qos\n!", "!")]
)
def test_a_change_of_the_whole_switch_is_refused_where_others_have_ports(old, new):
    served = THIRD.replace(
        "\n!", "\n srr-queue bandwidth share 10 20 17 53\n priority-queue out\n!"
    )
    text = put(old, new).replace(THIRD, served)
    with pytest.raises(RefusedError, match=r"nobody asked about would change.*GigabitEthernet0/3"):
        repair(SWITCH, text, INTENTS, snippet=True)


def test_trust_is_replaced_by_a_policy_only_with_a_gap():
    text = put(" service-policy input QOS-CLIENT\n", " mls qos trust dscp\n")
    bench = Bench(SWITCH, text, INTENTS)
    with pytest.raises(RefusedError, match="which one holds is not known"):
        bench.repaired()
    bench.check(bench.repaired(allow_gap=True), hitless=False)


def test_random_faults_are_repaired_or_refused():
    rng = random.Random(2960)
    repaired = 0
    own = [
        at
        for at, line in enumerate(RIGHT.splitlines())
        if line.startswith(" ") and line not in HEAD + THIRD + TAIL
    ]
    for number in range(30):
        lines = RIGHT.splitlines()
        for at in rng.sample(own, rng.randint(1, 2)):
            words = lines[at].split(" ")
            at_number = [i for i, word in enumerate(words) if word.isdigit()]
            if at_number and rng.random() < 0.6:
                i = rng.choice(at_number)
                words[i] = str(int(words[i]) + rng.choice((-1, 1)))
                lines[at] = " ".join(words)
            elif not lines[at].startswith(" class"):
                lines[at] = ""
        text = "\n".join(filter(None, lines)) + "\n"
        bench = Bench(SWITCH, text, INTENTS)
        found = bench.outcome()
        if isinstance(found, TranslatorError):
            assert found.exit_code in (5, 6), (number, found)
            continue
        bench.check(found)
        repaired += 1
    assert repaired >= 20


@pytest.mark.parametrize("path", corpus_files("cisco_catalyst"), ids=lambda path: path.name)
def test_real_configurations_are_repaired_or_refused_with_a_reason(path):
    text = path.read_bytes().decode("latin-1")
    ports = [port.name for port in SWITCH.ports(text) if not port.virtual][:1]
    if not ports:
        pytest.skip("the text has no port that could be asked for")
    bench = Bench(SWITCH, text, intents_for("cisco_catalyst", f"{ports[0]}=client"))
    found = bench.outcome(allow_gap=True)
    if isinstance(found, TranslatorError):
        assert found.exit_code in (2, 5, 6)
        return
    bench.check_result(found.text)
    bench.check_rollback(found.text, found)
