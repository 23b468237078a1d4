"""Rollouts: the canary first, batches, when they stop, and totals that add up to the hosts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from push.fleet.fakes import LINES, Fleet, another, hangs, loses, refuses, rejects

from translator.drivers.change import Timer
from translator.errors import UsageError
from translator.push.ledger import Ledger, rollout, rollouts
from translator.push.member import EXIT_ORDER, HostState, worst
from translator.push.pace import Batch, Pace

Make = Callable[[int], Fleet]


def states(report) -> dict[str, str]:
    return {member.device: str(member.state) for member in report.members}


def counted(report) -> dict[str, int]:
    assert sum(report.totals.values()) == len(report.members)
    return {str(state): count for state, count in report.totals.items() if count}


def test_all_hosts_are_changed_the_canary_alone_and_before_all_others(fleet_of: Make):
    fleet = fleet_of(9)
    alone: list[int] = []
    fleet.devices["r1"].breaks = lambda text: alone.append(
        sum("arm timer" in device.log for device in fleet.devices.values())
    )
    report = fleet.push(batch=Batch(4))
    assert counted(report) == {"done": 9}
    assert (report.exit_code, report.stopped, fleet.order[0]) == (0, "", "r1")
    assert max(alone) == 1
    assert len(fleet.told) == 9
    assert {device.running for device in fleet.devices.values()} == {fleet.devices["r1"].result}
    assert all(device.startup == device.running for device in fleet.devices.values())
    assert fleet.journal.unfinished() == ()


def test_a_canary_that_fails_stops_everything_behind_it(fleet_of: Make):
    fleet = fleet_of(9)
    refuses(fleet.devices["r1"])
    report = fleet.push(max_failures=100)
    assert counted(report) == {"reverted": 1, "not begun": 8}
    assert (report.exit_code, report.stopped) == (7, "the canary r1 failed")
    assert not any("arm timer" in fleet.devices[f"r{n}"].log for n in range(2, 10))
    known = rollout(fleet.journal, report.rollout)
    assert known.ended is None
    assert known.members == report.members


def test_a_host_that_needs_no_change_is_no_canary(fleet_of: Make):
    fleet = fleet_of(5)
    fleet.devices["r1"].running = fleet.devices["r1"].result
    refuses(fleet.devices["r2"])
    report = fleet.push()
    assert counted(report) == {"unchanged": 1, "reverted": 1, "not begun": 3}
    assert report.stopped == "the canary r2 failed"


def test_a_batch_ends_before_the_next_one_begins_and_forks_are_the_most_at_one_time(
    fleet_of: Make,
):
    fleet = fleet_of(13)
    report = fleet.push(canary=1, batch=Batch(4), forks=3)
    assert counted(report) == {"done": 13}
    assert fleet.order[0] == "r1"
    for number in range(3):
        assert set(fleet.order[1 + 4 * number : 5 + 4 * number]) == {
            f"r{n}" for n in range(2 + 4 * number, 6 + 4 * number)
        }
    assert fleet.most_in_flight <= 3


def test_so_many_failures_stop_a_rollout(fleet_of: Make):
    fleet = fleet_of(20)
    for number in (3, 5, 7):
        refuses(fleet.devices[f"r{number}"])
    report = fleet.push(batch=Batch(2), max_failures=2)
    assert counted(report) == {"done": 3, "reverted": 2, "not begun": 15}
    assert report.stopped == "as many hosts failed as may: 2"
    assert fleet.devices["r7"].log.count("arm timer") == 0


def test_what_fails_before_anything_is_changed_stops_nobody(fleet_of: Make):
    fleet = fleet_of(6)
    rejects(fleet.devices["r1"])
    another(fleet.devices["r2"])
    report = fleet.push()
    assert states(report) == {
        "r1": "unreachable", "r2": "refused", **{f"r{n}": "done" for n in range(3, 7)}
    }  # fmt: skip
    assert report.exit_code == 5
    assert {"lock", "arm"}.isdisjoint(text.split()[0] for text in fleet.devices["r2"].log)


def test_a_second_push_sends_nothing(fleet_of: Make):
    fleet = fleet_of(4)
    fleet.push()
    logs = {name: len(device.log) for name, device in fleet.devices.items()}
    report = fleet.push()
    assert (counted(report), report.exit_code) == ({"unchanged": 4}, 0)
    for name, device in fleet.devices.items():
        assert device.log[logs[name] :] == ["identify", "show running"]


def test_a_fault_of_the_program_stays_with_its_host(fleet_of: Make):
    fleet = fleet_of(3)

    def breaks(text: str) -> None:
        if text == LINES[2]:
            raise ZeroDivisionError("oh")

    fleet.devices["r2"].breaks = breaks
    report = fleet.push(max_failures=5)
    assert states(report) == {"r1": "done", "r2": "reverted", "r3": "done"}
    assert fleet.devices["r2"].timer is Timer.FIRED


def test_a_host_that_cannot_be_brought_back_is_unknown_with_commands(fleet_of: Make):
    fleet = fleet_of(3)
    refuses(fleet.devices["r2"])
    stuck = fleet.devices["r2"]
    stuck.do_revert = lambda _: setattr(stuck, "running", stuck.result)
    report = fleet.push(max_failures=5)
    unknown = report.members[1]
    assert (unknown.state, unknown.code, report.exit_code) == (HostState.UNKNOWN, 6, 6)
    assert unknown.commands == ("rollback 1", "commit")
    assert len(fleet.journal.unfinished("r2")) == 1


def test_faults_of_every_kind_are_kept_apart_in_a_large_fleet(fleet_of: Make):
    """5 % of the devices with each fault: all others are done, and the totals add up."""
    count = 500
    fleet = fleet_of(count)
    kinds = (refuses, loses, hangs, rejects, another)
    bad: dict[str, str] = {}
    for at, kind in enumerate(kinds):
        for number in range(3 + at, count, count // 25):
            name = f"r{number}"
            kind(fleet.devices[name])
            bad[name] = {rejects: "unreachable", another: "refused"}.get(kind, "reverted")
    report = fleet.push(max_failures=count, batch=Batch(100), forks=16)
    assert states(report) == {name: bad.get(name, "done") for name in fleet.devices}
    assert counted(report) == {"done": 375, "reverted": 75, "unreachable": 25, "refused": 25}
    assert report.exit_code == 7
    old = [name for name in bad if fleet.devices[name].running != fleet.devices[name].result]
    assert sorted(old) == sorted(bad)
    assert fleet.journal.unfinished() == ()
    assert all(fleet.devices[name].sessions == 0 for name in fleet.devices if name not in bad)


def test_ctrl_c_once_lets_hosts_in_flight_finish(fleet_of: Make):
    fleet = fleet_of(6)

    def breaks(text: str) -> None:
        if text == LINES[1]:
            fleet.brake.press()

    fleet.devices["r2"].breaks = breaks
    report = fleet.push(forks=1)
    assert counted(report) == {"done": 2, "not begun": 4}
    assert (report.exit_code, report.interrupted) == (130, True)


def test_ctrl_c_twice_takes_hosts_in_flight_back(fleet_of: Make):
    fleet = fleet_of(6)

    def breaks(text: str) -> None:
        if text == LINES[1]:
            fleet.brake.press()
            fleet.brake.press()

    fleet.devices["r2"].breaks = breaks
    report = fleet.push(forks=1)
    assert counted(report) == {"done": 1, "reverted": 1, "not begun": 4}
    assert report.exit_code == 130
    assert LINES[2] not in fleet.devices["r2"].log
    assert fleet.devices["r2"].running != fleet.devices["r2"].result


def test_a_rollout_that_stopped_goes_on(fleet_of: Make):
    fleet = fleet_of(8)
    refuses(fleet.devices["r3"])
    first = fleet.push(batch=Batch(2))
    assert counted(first) == {"done": 2, "reverted": 1, "not begun": 5}
    fleet.devices["r3"].refuses = ""
    fleet.devices["r3"].entered.clear()
    fleet.brake = type(fleet.brake)()
    for failed_too, expected in ((False, {"done": 7, "reverted": 1}), (True, {"done": 8})):
        campaign = fleet.campaign()
        ledger = Ledger(fleet.journal, first.rollout)
        names = campaign.left_over(ledger, failed_too=failed_too)

        def changes(left, campaign=campaign):
            found = campaign.look(left, lambda *_: None, lambda *_: None)
            return {name: item.change for name, item in found.made.items()}, found.failed

        report = campaign.go_on(fleet.journal, ledger, names, changes)
        assert counted(report) == expected
    assert [item.ended is None for item in rollouts(fleet.journal)] == [False]
    assert [device.log.count("first") for device in fleet.devices.values()].count(1) == 7


def test_a_rollout_is_taken_back_host_by_host(fleet_of: Make):
    fleet = fleet_of(3)
    old = fleet.devices["r1"].running
    report = fleet.push()
    for device in fleet.devices.values():
        device.entered.clear()
        device.result = old
    campaign = fleet.campaign()
    campaign = type(campaign)(
        type(campaign.asked)("nowhere", "", of=report.rollout), *(
            campaign.hosts, campaign.work, campaign.told
        )
    )  # fmt: skip
    back = campaign.take_back(
        fleet.journal, {member.device: member.run for member in report.members}
    )
    assert counted(back) == {"done": 3}
    assert {device.running for device in fleet.devices.values()} == {old}


@pytest.mark.parametrize(
    ("text", "hosts", "size"), [("10%", 500, 50), ("10%", 5, 1), ("25", 500, 25), ("100%", 7, 7)]
)
def test_sizes_of_batches(text: str, hosts: int, size: int):
    assert Batch.of(text).size(hosts) == size
    assert str(Batch.of(text)) == text


@pytest.mark.parametrize("text", ["0", "0%", "101%", "-1", "x", "", "10 %", "1e3", "1.5%"])
def test_what_is_no_batch(text: str):
    with pytest.raises(UsageError, match="batch"):
        Batch.of(text)


def test_what_is_no_pace():
    for wrong in ({"canary": -1}, {"max_failures": 0}, {"forks": 0}):
        with pytest.raises(UsageError, match="pace"):
            Pace(**wrong)


def test_the_worst_exit_code_counts():
    assert worst([]) == worst([0, 0]) == 0
    for better, worse in zip(EXIT_ORDER[1:], EXIT_ORDER, strict=False):
        assert worst([better, worse, better]) == worse
