"""A change of a real router over a real SSH server: kept when proven, undone when not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lab.agreement import disagreements, edges
from push.faults import raising
from push.lab.cases import (
    ANOTHER,
    BAD_RULES,
    DRIFT,
    FOREIGN_QUEUES,
    HALF_WAY,
    LOCKED,
    UNPROVEN,
)
from push.lab.router import HOST, LINUX, Router, intents

from translator.errors import LockedError
from translator.push import (
    Change,
    Ending,
    Expected,
    Journal,
    change_device,
    rollback,
)

pytestmark = pytest.mark.netns

FOREIGN = """\
table inet foreign {
	chain input {
		type filter hook input priority filter; policy accept;
		ip saddr 10.9.9.9 counter packets 0 bytes 0 drop
	}
}
"""
OTHER = FOREIGN.replace("foreign", "another").replace("10.9.9.9", "10.8.8.8")


def with_script(change: Change, old: str, new: str) -> Change:
    """Return a change whose script is another than the one that was proven."""
    script = change.work.script.replace(old, new)
    assert script != change.work.script
    return replace(change, work=replace(change.work, script=script))


def test_a_push_marks_and_queues_real_packets_and_a_second_one_sends_nothing(router: Router):
    wanted = intents()
    outcome = router.push(wanted)
    assert outcome.ending is Ending.NEW
    assert any("read back" in sentence for sentence in outcome.proof)
    device = LINUX.parse(LINUX.render(wanted).config)
    assert disagreements(router.lab, device, edges(wanted)) == []
    state = router.state()
    again = router.push(wanted)
    assert (again.ending, again.sent, again.run) == (Ending.UNCHANGED, 0, "")
    assert router.state() == state
    assert router.leftovers() == []


def test_what_is_kept_brings_the_configuration_back_at_the_next_start(router: Router):
    router.push(intents())
    state = router.state()
    router.lab.run("nft", "flush", "ruleset")
    router.lab.run("tc", "qdisc", "del", "dev", "wan", "root")
    kept = str(router.disk / "state" / "current.sh")
    assert kept in (router.disk / "units" / "qos-translator.service").read_text()
    router.lab.run("sh", kept)
    assert router.state() == state


def test_runs_are_taken_back_one_after_the_other_byte_for_byte(router: Router):
    router.lab.run("nft", "-f", "-", text=FOREIGN)
    states = [router.state()]
    runs = []
    for rate in ("1G", "500M"):
        runs.append(router.push(intents("lan=client", f"wan=wan:{rate}")).run)
        states.append(router.state())
    assert len(set(states)) == 3
    with Journal(router.journal) as journal:
        for run, before in zip(reversed(runs), reversed(states[:-1]), strict=True):
            done = rollback(journal, run, router.sshd.open)
            assert done.ending is Ending.NEW
            assert router.state() == before
        with raising(DRIFT, router.state):
            rollback(journal, runs[1], router.sshd.open)
    assert router.leftovers() == []


def test_a_script_that_does_something_else_is_undone_byte_for_byte(router: Router):
    router.push(intents())
    # Behind ours in the list of tables, so that a table made anew stands in another place.
    router.lab.run("nft", "-f", "-", text=FOREIGN)
    before = router.state()
    change = with_script(
        router.plan(intents("lan=client", "wan=wan:500M")), "20000-20039", "20000-20038"
    )
    with raising(UNPROVEN, router.state) as failed:
        router.push(intents("lan=client", "wan=wan:500M"), planned=change)
    assert "20039" in str(failed.value)
    assert failed.value.exit_code == 7
    assert router.state() == before
    assert router.leftovers() == []


def test_a_script_that_fails_half_way_is_undone(router: Router):
    before = router.state()
    change = with_script(router.plan(intents()), "classid 1:20", "classid 1:zz")
    with raising(HALF_WAY, router.state) as failed:
        router.push(intents(), planned=change)
    assert "refused line" in str(failed.value.__cause__)
    assert router.state() == before


def test_rules_that_nft_refuses_never_touch_the_router(router: Router):
    router.push(intents())
    before = router.state()
    change = router.plan(intents("lan=client", "wan=wan:500M"))
    (name, rules), *_ = change.work.files
    bad = replace(change, work=replace(change.work, files=((name, rules + "nonsense\n"),)))
    with raising(BAD_RULES, router.state) as failed:
        router.push(intents("lan=client", "wan=wan:500M"), planned=bad)
    assert "refuses the candidate" in str(failed.value)
    assert router.state() == before
    assert router.leftovers() == []


def test_a_router_that_changed_since_the_plan_is_left_alone(router: Router):
    change = router.plan(intents())
    router.lab.run("nft", "-f", "-", text=OTHER)
    before = router.state()
    with raising(DRIFT, router.state):
        router.push(intents(), planned=change)
    assert router.state() == before
    assert router.leftovers() == []


def test_another_router_than_was_meant_gets_not_one_byte(router: Router):
    options = replace(router.options(), expected=Expected(hostname="core1"))
    with Journal(router.journal) as journal, raising(ANOTHER, router.state) as failed:
        change_device(HOST, intents(), router.sshd.open, journal, options)
    assert "core1" in str(failed.value)
    assert not (router.disk / "state").exists()


def test_a_lock_of_somebody_else_is_named_and_never_broken(router: Router):
    lock = router.disk / "state" / "lock"
    lock.parent.mkdir()
    lock.symlink_to("20261101-101010-abcdef alice 10.1.1.77")
    with raising(LOCKED, router.state) as failed:
        router.push(intents())
    assert "alice from" in str(failed.value)
    assert isinstance(failed.value, LockedError)
    assert failed.value.run == "20261101-101010-abcdef"
    assert lock.is_symlink()
    assert router.state().count("htb") == 0


def test_queues_of_another_hand_are_not_replaced(router: Router):
    words = "tc qdisc add dev wan root handle 7: tbf rate 1mbit burst 10k latency 1s"
    router.lab.run(*words.split())
    before = router.state()
    with raising(FOREIGN_QUEUES, router.state) as failed:
        router.push(intents())
    assert "no kept script" in str(failed.value)
    assert router.state() == before
