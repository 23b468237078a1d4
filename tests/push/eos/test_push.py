"""A whole push to EOS over SSH: kept when proven, saved after that, taken back byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from devices import EosDevice, Faults
from push.every.benches import EOS
from push.faults import Bench, base_of, scene_of

from translator.drivers.arista_eos.paths import part_of, paths_of
from translator.drivers.arista_eos.sessions import read_sessions
from translator.drivers.change import Work
from translator.drivers.deviations import deviations
from translator.drivers.registry import driver
from translator.errors import LockedError, PreflightError
from translator.inventory.transport import Transport
from translator.push import Ending, rollback
from translator.push.change import procedures_of


def bare(faults: Faults) -> EosDevice:
    return EosDevice("R1", faults=faults)


FROM_NOTHING = Bench("arista_eos", bare, ("Ethernet1=client", "Ethernet2=wan:10M"))
EACH = pytest.mark.parametrize("bench", [FROM_NOTHING, EOS], ids=["from-nothing", "edit"])


@EACH
def test_a_push_is_kept_and_saved_and_a_second_one_sends_no_line(bench: Bench, tmp_path: Path):
    change, old, new, lines = base_of(bench)
    assert old != new
    with scene_of(bench, Faults(), tmp_path) as scene:
        outcome = scene.push()
        device = scene.device
        assert (outcome.ending, outcome.sent) == (Ending.NEW, len(change.work.lines))
        assert device.lines_received == lines == len(change.work.lines) + 2  # and `end` twice
        assert device.running == device.startup == new
        scene.change = None
        again = scene.push()
        assert (again.ending, again.sent) == (Ending.UNCHANGED, 0)
        assert device.lines_received == lines
        assert scene.everybody_left()


def test_it_is_saved_once_behind_proof_and_confirmation(tmp_path: Path):
    with scene_of(EOS, Faults(), tmp_path) as scene:
        scene.push()
        events = scene.device.log.all()
        (saved,) = scene.device.log.of("saved")
        (confirmed,) = scene.device.log.of("timer-cancelled")
        (armed,) = scene.device.log.of("timer-armed")
        (committed,) = scene.device.log.of("committed")
        read = [e.number for e in events if e.text == "show running-config"]
        logins = [e.number for e in scene.device.log.of("login")]
        assert armed.number < committed.number < read[-2] < logins[-1] < confirmed.number
        assert confirmed.number < read[-1] < saved.number
        assert confirmed.session == saved.session != armed.session


@EACH
def test_a_rollback_is_byte_for_byte(bench: Bench, tmp_path: Path):
    _, old, _, _ = base_of(bench)
    with scene_of(bench, Faults(), tmp_path) as scene:
        run = scene.push().run
        assert rollback(scene.journal, run, scene.connect).ending is Ending.NEW
        assert scene.device.running == scene.device.startup == old
        assert scene.everybody_left()


def test_two_runs_at_the_same_time_do_not_both_go_on(tmp_path: Path):
    other = "20261129-000000-aaaaaa"
    with scene_of(EOS, Faults(), tmp_path) as scene:
        session = scene.device.attach("admin")
        for line in ("enable", f"configure session qos-{other}", "end"):
            session.execute(line)
        with pytest.raises(LockedError, match=other) as failed:
            scene.push()
        assert failed.value.run == other
        assert scene.device.lines_received == 0
        assert isinstance(scene.device, EosDevice)
        assert list(scene.device.config_sessions) == [f"qos-{other}"]


def test_what_is_read_over_napalm_is_told_to_be_left_out():
    with pytest.raises(PreflightError, match="cannot be reached over NAPALM"):
        procedures_of(driver("arista_eos"), Transport.NAPALM)


OLDER = """\
Maximum number of completed sessions: 1
Maximum number of pending sessions: 5

  Name                     State                    User       Terminal       PID
  --------------------- ------------------------ ---------- -------------- ---------
  cfg-2034--574620864-1    pending
  hers                     pending                  alice      vty4           4711
* qos-r1                   pendingCommitTimer
  old                      completed
"""
NEWER = """\
Maximum number of completed sessions: 1
Merge on commit is disabled
Session with pending commit timer: qos-r1
Time left until commit timer expiry: in 0:01:59

  Name             State     User  Terminal Completed Time      Committed By
- ---------------- --------- ----- -------- ------------------- ------------
  qos-r1           committed                2026-03-02 09:00:00 admin
  hers             pending   alice vty4
* s1               aborted   admin vty9     2026-03-02 09:00:00
"""


@pytest.mark.parametrize("text", [OLDER, NEWER], ids=["4.20", "4.35"])
def test_sessions_are_read_as_releases_print_them(text: str):
    found = read_sessions(text)
    assert found.timer == "qos-r1"
    assert found.pending == {"hers": "alice vty4"}
    assert found.others(Work("r1", "d", 60)) == found.pending
    assert read_sessions("% Invalid input\n").listed == frozenset()


def test_values_of_maps_are_lines_of_their_own():
    """A device groups them as it likes."""
    one = paths_of("qos map dscp 8 46 to traffic-class 5\n")
    other = paths_of("qos map dscp 46 to traffic-class 5\nqos map dscp 8 to traffic-class 5\n")
    assert set(one) == set(other)
    (less,) = deviations(one, other[:1])
    assert str(less) == "- qos map dscp 8 to traffic-class 5"
    part = part_of(
        ("no qos map dscp 8 to traffic-class", "interface Ethernet1", "   no shape rate")
    )
    assert part.whole == (
        ("qos map dscp 8 to traffic-class",),
        ("interface Ethernet1", "shape rate"),
    )
