"""What others changed during a run, told from what the run did, on each platform's own text."""

from __future__ import annotations

import pytest
from push.faults import base_of
from push.ios.cases import BENCHES, ROUTER

from translator.drivers.base import Edits
from translator.drivers.change import KeepsOthers, Running, Work
from translator.drivers.deviations import Deviation, Part, deviations, of_others
from translator.drivers.registry import driver
from translator.push.others import ChangedByOthersError, ours_is_gone, theirs_in
from translator.push.redact import Redactor

BY_IOS = """\
! Last configuration change at 09:00:00 UTC Mon Mar 2 2026 by admin
! NVRAM config last updated at 09:00:01 UTC Mon Mar 2 2026 by admin
version 15.9
hostname R1
{certificate}interface GigabitEthernet0/1
 service-policy input {policy}
{clock}end
"""
RULES = """\
table inet filter {{
	set bad {{
		type ipv4_addr
		flags dynamic,timeout
		timeout 1h
		elements = {{ 10.0.0.1 expires 59m{more} }}
	}}

	chain input {{
		type filter hook input priority filter; policy {policy};
	}}
}}
tc qdisc show dev veth1
qdisc {qdisc}: dev veth1 root refcnt 2
# end of configuration
"""


def keeps(name: str) -> KeepsOthers:
    procedures = driver(name).procedures  # type: ignore[attr-defined]
    assert isinstance(procedures, KeepsOthers)
    return procedures


def of(text: str) -> Running:
    return Running(text)


@pytest.mark.parametrize("bench", BENCHES, ids=lambda bench: bench.driver)
def test_what_a_push_does_is_nobody_elses(bench):
    change, old, new, _ = base_of(bench)
    reader = driver(bench.driver)
    assert isinstance(reader, Edits)
    assert theirs_in(keeps(bench.driver), reader, change.work, of(old), of(new)) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("interface GigabitEthernet0/1\n", "interface GigabitEthernet0/1\n shutdown\n"),
        ("interface GigabitEthernet0/0\n", "interface GigabitEthernet0/0\n description moved\n"),
        ("hostname R1\n", "hostname R7\n"),
        ("line vty 0 15\n login local\n", "line vty 0 15\n"),
        ("line con 0\n", "ip route 0.0.0.0 0.0.0.0 10.0.0.9\nline con 0\n"),
        ("line con 0\n", "class-map match-any OTHER\n match dscp ef\nline con 0\n"),
    ],
)
def test_every_line_of_somebody_else_is_told(old: str, new: str):
    change, before, after, _ = base_of(ROUTER)
    assert after.count(old) == 1
    found = theirs_in(
        keeps("cisco_ios"),
        driver("cisco_ios"),
        change.work,
        of(before),
        of(after.replace(old, new)),
    )
    assert found
    assert all(item.path[-1].split()[0] in f"{old}{new}" for item in found)


def test_what_a_device_writes_otherwise_is_not_taken_for_somebody_elses():
    change, before, after, _ = base_of(ROUTER)
    other = after.replace("shape average 20000000", "shape average 20000000 80000 0")
    assert other != after
    found = theirs_in(keeps("cisco_ios"), driver("cisco_ios"), change.work, of(before), of(other))
    assert found == ()


def test_what_ios_changes_by_itself_is_no_change():
    plain = BY_IOS.format(certificate="", policy="A", clock="")
    chain = "crypto pki certificate chain TP-self-signed-1\n certificate self-signed 01\n  3082\n"
    own = BY_IOS.format(
        certificate=f"{chain}  \tquit\n", policy="A", clock="ntp clock-period 17180153\n"
    )
    theirs = BY_IOS.format(certificate="", policy="B", clock="")
    known = keeps("cisco_ios")
    assert known.paths(plain) == known.paths(own)
    assert known.paths(plain) != known.paths(theirs)


def test_what_packets_and_the_kernel_change_on_linux_is_no_change():
    known = keeps("linux")
    plain = RULES.format(more="", policy="accept", qdisc="noqueue 0")
    own = RULES.format(more=", 10.0.0.2 expires 1h", policy="accept", qdisc="fq_codel 0")
    theirs = RULES.format(more="", policy="drop", qdisc="noqueue 0")
    assert known.paths(plain) == known.paths(own)
    (less, more) = deviations(known.paths(plain), known.paths(theirs))
    assert (less.sign, more.sign) == ("-", "+")
    assert more.path[:2] == ("table inet filter", "chain input")
    queues = RULES.format(more="", policy="accept", qdisc="htb 1")
    assert deviations(known.paths(plain), known.paths(queues))


def test_a_line_of_ours_in_place_of_another_is_a_spelling_one_more_is_not():
    part = Part((("policy", "set dscp ef"),), kind=lambda path: path[-1].split()[0])
    missing = Deviation("-", ("policy", "set dscp ef"))
    other = Deviation("+", ("policy", "set ip dscp ef"))
    more = Deviation("+", ("policy", "set cos 5"))
    assert of_others(part, (), [missing, other]) == ()
    assert of_others(part, (), [more]) == (more,)


def test_what_was_taken_away_and_is_back_is_no_work_of_others():
    old = "hostname R1\npolicy-map A\n class B\n  set dscp ef\nend\n"
    known = keeps("cisco_ios")
    found = deviations(known.paths("hostname R1\nend\n"), known.paths(old))
    part = known.part(Work("a", "r1", 60, lines=("no policy-map A",)))
    assert len(found) == 3
    assert of_others(part, known.paths(old), found) == ()


def test_secrets_of_others_are_not_told():
    lines = (
        Deviation("+", ("radius server X", "key 7 08221D5D0A16")),
        Deviation(
            "+", ("system", "root-authentication", "encrypted-password", '"$6$abcdefgh$ijkl"')
        ),
    )
    told = str(ChangedByOthersError("r1", lines, Redactor()))
    assert "08221D5D0A16" not in told
    assert "ijkl" not in told
    assert "radius server X" in told


def test_ours_is_gone_only_where_all_of_it_is():
    known = keeps("cisco_ios")
    before = BY_IOS.format(certificate="", policy="A", clock="")
    theirs = (Deviation("+", ("banner x",)),)

    def gone(now: str) -> bool:
        return ours_is_gone(known, of(before), of(now), theirs, lambda *_: False)

    assert gone(before)
    assert gone(before.replace("end\n", "banner x\nend\n"))
    assert not gone(before.replace("input A", "input B"))
    assert not gone(before.replace("end\n", "banner x\nbanner y\nend\n"))
    assert not ours_is_gone(known, of(before), Running(before, "cut"), theirs, lambda *_: True)


def test_of_a_part_of_a_text_nothing_is_told():
    change, before, after, _ = base_of(ROUTER)
    cut = Running(after[:300], "the text is cut")
    args = keeps("cisco_ios"), driver("cisco_ios"), change.work
    assert theirs_in(*args, of(before), cut) == ()
    assert Work("a", "r1", 60).only_looks
