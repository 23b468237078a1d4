"""The commands of a repair on a real kernel: taken, doing what was proven, and taken back."""

from __future__ import annotations

import re
import shlex
import subprocess

import pytest
from audit.repair.repair_checks import intents_for
from lab.netns import why_not

from translator.audit.repair import repair
from translator.drivers.registry import driver
from translator.verify.prove import prove

pytestmark = [
    pytest.mark.netns,
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "the kernel has all that is needed"),
]
LINUX = driver("linux")
INTENTS = intents_for("linux", "eth1=client", "eth0=wan:10M")
SETUP = """set -e
ip link add eth0 type veth peer name eth1
ip link set eth0 up
ip link set eth1 up
"""
COUNTED = re.compile(r" direct_packets_stat \d+")  # the kernel greets its neighbours
SHOW = """
nft -s list ruleset
tc qdisc show
for name in eth0 eth1; do echo tc class show dev $name; tc class show dev $name; done
"""


def shown_after(*commands: str) -> str:
    """What a fresh router shows after the commands; each of them must be taken."""
    script = SETUP + "\n".join(commands) + SHOW
    done = subprocess.run(
        [*shlex.split("unshare --net --mount sh -c"), script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return COUNTED.sub("", done.stdout)


def same_lines(one: str, other: str) -> bool:
    return sorted(one.splitlines()) == sorted(other.splitlines())


def test_an_empty_router_is_repaired_and_brought_back():
    plain = shown_after()
    found = repair(LINUX, plain, INTENTS, snippet=True)
    after = LINUX.parse(shown_after(*found.commands))
    proof = prove(INTENTS, after, LINUX.capabilities)
    assert proof.ok, proof.problem
    assert same_lines(plain, shown_after(*found.commands, *found.rollback))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sport 20000-20039", "sport 20001-20040"),
        ("rate 2000kbit", "rate 4000kbit"),
        ("ip dscp set ef", "ip dscp set cs5"),
    ],
)
def test_a_fault_is_repaired_and_brought_back(old, new):
    right = repair(LINUX, shown_after(), INTENTS, snippet=True).commands
    wrong = [line.replace(old, new) for line in right]
    assert wrong != list(right)
    before = shown_after(*wrong)
    found = repair(LINUX, before, INTENTS, snippet=True)
    assert len(found.commands) == 1
    assert same_lines(shown_after(*wrong, *found.commands), shown_after(*right))
    assert same_lines(before, shown_after(*wrong, *found.commands, *found.rollback))
