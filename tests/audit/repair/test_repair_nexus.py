"""Repairs of a Nexus switch: what enters is grouped for all interfaces, so all are looked after."""

from __future__ import annotations

import random

import pytest
from audit.repair.repair_checks import Bench, intents_for
from support.corpus import corpus_files

from translator.audit.repair import repair
from translator.drivers.change import Running
from translator.drivers.cisco_nxos.edit import NexusEditor
from translator.drivers.registry import driver
from translator.errors import ProofError, RefusedError, TranslatorError
from translator.push.goal import Wanted

NEXUS = driver("cisco_nxos")
INTENTS = intents_for("cisco_nxos", "Ethernet1/1=client", "Ethernet1/2=uplink:10G")
HEAD = """version 9.3(8) Bios:version 05.45
hostname leaf-1
feature scheduler
ip access-list MANAGERS
  10 permit tcp 10.0.0.0/24 any eq 22
vlan 1,10
"""
PORTS = """interface Ethernet1/1
  switchport access vlan 10

interface Ethernet1/2
  switchport mode trunk

"""
THIRD = """interface Ethernet1/3
  switchport access vlan 10

"""
TAIL = """interface mgmt0
  ip address 10.0.0.3/24
line console
line vty
  access-class MANAGERS in
"""
OWN = NEXUS.render(INTENTS).config.replace("!\n", "")
RIGHT = HEAD + OWN + THIRD + TAIL


def put(old: str, new: str, text: str = RIGHT) -> str:
    """Return the right text with one fault; the fault must be there."""
    assert old in text, old
    return text.replace(old, new, 1)


GROUPED = "    set qos-group 7\n    set dscp 46\n"
FAULTS = {
    "nothing configured": HEAD + PORTS + THIRD + TAIL,
    "port off by one": put("permit udp any range 20000 20039", "permit udp any range 20001 20040"),
    "wrong code point": put("    set dscp 46", "    set dscp 40"),
    "wrong queue": put(GROUPED, GROUPED.replace("7", "6")),
    "no queue": put(GROUPED, "    set dscp 46\n"),
    "policy unbound": put("  service-policy type qos input QOS-IN-CLIENT\n", ""),
    "queues unbound": put("  service-policy type queuing output QOS-OUT\n", ""),
    "weights": put("bandwidth remaining percent 20", "bandwidth remaining percent 10"),
    "class missing": put("  class QOS-RESET\n    set dscp 0\n", ""),
    "system unbound": put("system qos\n  service-policy type qos input QOS-SYSTEM\n", ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_repaired_without_a_moment_between(fault):
    bench = Bench(NEXUS, FAULTS[fault], INTENTS)
    found = bench.repaired()
    assert found.needed
    bench.check(found)


def test_a_queue_is_made_strict_only_with_a_gap():
    text = put("    priority level 1", "    bandwidth remaining percent 10")
    bench = Bench(NEXUS, text, INTENTS)
    with pytest.raises(RefusedError, match="no order of commands is hitless"):
        bench.repaired()
    bench.check(bench.repaired(allow_gap=True), hitless=False)


def test_a_right_text_needs_nothing():
    assert repair(NEXUS, RIGHT, INTENTS, snippet=True).commands == ()


def test_one_entry_and_one_weight_are_repaired_where_they_stand():
    entry = repair(NEXUS, FAULTS["port off by one"], INTENTS, snippet=True)
    assert entry.commands[0].startswith("ip")
    assert len(entry.commands) <= 3
    weight = repair(NEXUS, FAULTS["weights"], INTENTS, snippet=True)
    assert weight.commands == (
        "policy-map type queuing QOS-OUT",
        " class type queuing c-out-8q-q6",
        "  bandwidth remaining percent 20",
    )


THEIRS = """ip access-list TELEVISION
  10 permit tcp any any eq 10000
class-map type qos match-any TELEVISION
  match access-group name TELEVISION
policy-map type qos EDGE
  class TELEVISION
    set qos-group 7
policy-map type queuing OUT
  class type queuing c-out-8q-q7
    priority level 1
  class type queuing c-out-8q-q-default
    bandwidth remaining percent 100
"""
BOUND = "  service-policy type qos input EDGE\n"


def television(
    out: str = "  service-policy type queuing output OUT\n", policy: str = THEIRS
) -> str:
    """A switch whose clients' television has a queue of its own by the port of the stream."""
    ports = [f"interface Ethernet1/{port}\n" for port in (1, 2, 3)]
    return f"{HEAD}{policy}{ports[0]}{BOUND}{ports[1]}{BOUND}{ports[2]}{out}{TAIL}"


CLIENTS = intents_for("cisco_nxos", "Ethernet1/1=client", "Ethernet1/2=client")


def test_what_others_put_into_a_queue_elsewhere_is_not_taken_out_of_it():
    """Where Ethernet1/3 has no queues nothing is lost: then the class goes, and that is told."""
    with pytest.raises(
        RefusedError,
        match=r"Ethernet1/1 -> Ethernet1/3: IPv4 tcp .* port 10000, .*: keep, priority before, "
        r"keep, guaranteed then \(name Ethernet1/3 with its role",
    ):
        repair(NEXUS, television(), CLIENTS, snippet=True)
    bench = Bench(NEXUS, television(out=""), CLIENTS)
    found = bench.repaired()
    bench.check(found)
    assert "policy EDGE loses class TELEVISION" in found.notes
    after = Running(NEXUS.apply(television(), found.commands))
    with pytest.raises(ProofError, match="otherwise that the plan says nothing of: Ethernet1/1"):
        Wanted(NEXUS, CLIENTS).check(Running(television()), after)


def test_packets_with_a_wrong_mark_follow_the_mark_that_is_wanted():
    marked = THEIRS.replace("    set qos-group 7\n", "    set qos-group 7\n    set dscp 8\n")
    marked = marked.replace("eq 10000", "eq 10000 dscp default")
    found = repair(NEXUS, television(policy=marked), CLIENTS, snippet=True)
    assert "policy EDGE loses class TELEVISION" in found.notes
    assert "their mark was not as it wants" in "\n".join(found.proof)


@pytest.mark.parametrize(
    ("commands", "why"),
    [
        (["interface Ethernet1/9"], "no such interface"),
        (["interface Ethernet1/3", " service-policy type qos input NOWHERE"], "not defined"),
        (["interface Ethernet1/3", " service-policy type qos input QOS-OUT"], "not defined"),
        (
            [
                "interface Ethernet1/1",
                " service-policy type qos input QOS-SYSTEM",
            ],
            "removed first",
        ),
        (["interface Ethernet1/3", " no service-policy type qos input QOS-SYSTEM"], "no such line"),
        (["interface Ethernet1/3", " service-policy type qos output QOS-SYSTEM"], "only"),
        (["no policy-map type qos QOS-SYSTEM"], "uses it"),
        (["no policy-map type queuing QOS-OUT"], "uses it"),
        (["no class-map type qos QOS-RESET"], "uses it"),
        (["no ip access-list QOS-CLIENT-AUDIO"], "uses it"),
        (["policy-map type qos QOS-NEW", " class NOWHERE"], "not defined"),
    ],
)
def test_what_a_device_refuses_is_refused(commands, why):
    with pytest.raises(RefusedError, match=why):
        NexusEditor(RIGHT).enter_all(commands)


def test_lines_that_are_not_touched_stay_to_the_byte():
    after = NEXUS.apply(
        RIGHT, ["policy-map type queuing QOS-OUT", " class type queuing c-out-8q-q6",
                "  bandwidth remaining percent 21"]
    )  # fmt: skip
    differing = [
        pair for pair in zip(RIGHT.split("\n"), after.split("\n"), strict=True) if len({*pair}) > 1
    ]
    assert differing == [
        ("    bandwidth remaining percent 20", "    bandwidth remaining percent 21")
    ]


def test_the_same_name_of_another_type_is_left_alone():
    text = RIGHT.replace("QOS-IN-CLIENT", "QOS-OUT")  # a policy of each type with one name
    found = repair(NEXUS, text.replace("percent 20", "percent 10"), INTENTS, snippet=True)
    assert found.commands[0] == "policy-map type queuing QOS-OUT"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "vlan configuration 10\n  service-policy type qos input QOS-IN-CLIENT\n",
        "port-profile type ethernet DESKS\n  service-policy type qos input QOS-IN-CLIENT\n",
        "interface Ethernet1/4\n  inherit port-profile DESKS\n"
        "  service-policy type qos input QOS-IN-CLIENT\n",
    ],
    ids=["vlan", "port-profile", "a port of which not all is known"],
)
def test_a_policy_that_is_bound_elsewhere_is_not_changed(elsewhere):
    intents = intents_for("cisco_nxos", "Ethernet1/1=client")
    text = HEAD + NEXUS.render(intents).config.replace("range 20000 20039", "range 20000 20029")
    bench = Bench(NEXUS, text + elsewhere + TAIL, intents)
    with pytest.raises(RefusedError, match="no order of commands is hitless"):
        bench.repaired()
    found = bench.repaired(allow_gap=True)
    bench.check_result(found.text)
    assert not {line.split()[-1] for line in found.commands if not line.startswith(" ")} & {
        "QOS-IN-CLIENT", "QOS-CLIENT-AUDIO", "QOS-CLIENT-AUDIO-V6",
    }  # fmt: skip


def test_random_faults_are_repaired_or_refused():
    rng = random.Random(9300)
    repaired = 0
    own = [at for at, line in enumerate(RIGHT.splitlines()) if line.startswith(" ") and line in OWN]
    for number in range(20):
        lines = RIGHT.splitlines()
        for at in rng.sample(own, rng.randint(1, 2)):
            words = lines[at].split(" ")
            numbers = [i for i, word in enumerate(words) if word.isdigit() and i > 2]
            if numbers and rng.random() < 0.6:
                i = rng.choice(numbers)
                words[i] = str(int(words[i]) + rng.choice((-1, 1)))
                lines[at] = " ".join(words)
            elif not lines[at].startswith("  class"):
                lines[at] = ""
        bench = Bench(NEXUS, "\n".join(filter(None, lines)) + "\n", INTENTS)
        found = bench.outcome()
        if isinstance(found, TranslatorError):
            assert found.exit_code in (5, 6), (number, found)
            continue
        bench.check(found)
        repaired += 1
    assert repaired >= 12


@pytest.mark.parametrize("path", corpus_files("cisco_nxos"), ids=lambda path: path.name)
def test_real_configurations_are_repaired_or_refused_with_a_reason(path):
    text = path.read_bytes().decode("latin-1")
    device = NEXUS.parse(text)
    names = [item.name for item in device.interfaces if item.name.startswith("Ethernet")] or [
        "Ethernet1/1"
    ]
    bench = Bench(NEXUS, text, intents_for("cisco_nxos", f"{names[0]}=client"))
    found = bench.outcome()
    if isinstance(found, TranslatorError):
        assert found.exit_code in (2, 5, 6)
        assert found.hint
    else:
        bench.check(found)
