"""A whole push to IOS over SSH: kept when proven, saved after that, taken back byte for byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from devices import Faults, Noise
from push.faults import Bench, base_of, scene_of
from push.ios.cases import BENCHES, FROM_NOTHING

from translator.drivers.cisco.facts import log_line_in
from translator.errors import IdentityError, LockedError
from translator.push import Ending, rollback
from translator.push.journal import State, Step

EACH = pytest.mark.parametrize(
    "bench", [*FROM_NOTHING, *BENCHES], ids=["router", "switch", "router-edit", "switch-edit"]
)


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
        assert not [name for name in device.files if name.startswith("qos-")]
        scene.change = None
        again = scene.push()
        assert (again.ending, again.sent) == (Ending.UNCHANGED, 0)
        assert device.lines_received == lines
        assert scene.everybody_left()


@EACH
def test_it_is_saved_once_behind_proof_and_confirmation(bench: Bench, tmp_path: Path):
    with scene_of(bench, Faults(), tmp_path) as scene:
        run = scene.push().run
        events = scene.device.log.all()
        (saved,) = scene.device.log.of("saved")
        (confirmed,) = scene.device.log.of("timer-cancelled")
        (armed,) = scene.device.log.of("timer-armed")
        executed = [e.number for e in scene.device.log.of("executed")]
        read = [e.number for e in events if e.text == "show running-config"]
        logins = [e.number for e in scene.device.log.of("login")]
        assert armed.number < executed[1]
        assert executed[-1] < read[-2] < logins[-1] < confirmed.number < read[-1] < saved.number
        behind = [e.text for e in scene.device.log.of("line") if e.number > read[-1]]
        assert behind[0] == "write memory", "nothing stands between the comparison and the writing"
        assert confirmed.session == saved.session != armed.session
        rows = scene.journal.run(run).entries
        order = [row.step for row in rows if row.state is State.DONE]
        assert order.index(Step.PROVE) < order.index(Step.CONFIRM) < order.index(Step.SAVE)
        assert scene.everybody_left()


@EACH
def test_a_rollback_is_byte_for_byte(bench: Bench, tmp_path: Path):
    _, old, _, _ = base_of(bench)
    with scene_of(bench, Faults(), tmp_path) as scene:
        run = scene.push().run
        outcome = rollback(scene.journal, run, scene.connect)
        assert outcome.ending is Ending.NEW
        assert scene.device.running == scene.device.startup == old
        assert scene.everybody_left()


def test_two_runs_at_the_same_time_do_not_both_go_on(tmp_path: Path):
    bench = BENCHES[0]
    other = "20261129-000000-aaaaaa"
    with scene_of(bench, Faults(), tmp_path) as scene:
        scene.device.store(f"flash:qos-{other}.cfg", scene.device.running)
        with pytest.raises(LockedError, match=other) as failed:
            scene.push()
        assert failed.value.run == other
        assert scene.device.lines_received == 0
        assert f"qos-{other}.cfg" in scene.device.files
        assert scene.everybody_left()


def test_a_listing_with_a_message_of_the_log_within_is_no_ground(tmp_path: Path):
    noisy = Faults(noise=Noise(syslog=True, syslog_at="show running-config"))
    with scene_of(BENCHES[0], noisy, tmp_path) as scene:
        assert scene.push().ending is Ending.NEW  # within the echo it does not count
    text = "*Mar  2 09:00:00.000: %SYS-5-CONFIG_I: Configured from console by vty0\nversion 15\n"
    assert log_line_in(text).startswith("*Mar")
    assert log_line_in(base_of(BENCHES[0])[1]) == ""


def test_a_log_inside_every_echo_does_not_keep_us_from_the_privileged_mode(tmp_path: Path):
    noisy = Faults(noise=Noise(syslog=True, syslog_at="e"))
    with scene_of(BENCHES[0], noisy, tmp_path, "opensesame") as scene:
        scene.device.enable = "opensesame"
        assert scene.push().ending is Ending.NEW
        assert scene.everybody_left()


@pytest.mark.parametrize("bench", BENCHES, ids=["router", "switch"])
def test_the_driver_of_the_other_kind_is_refused(bench: Bench, tmp_path: Path):
    other = next(each for each in BENCHES if each is not bench)
    mistaken = replace(bench, build=other.build, healthy=bench.build)
    with scene_of(mistaken, Faults(), tmp_path) as scene:
        with pytest.raises(IdentityError, match="another device"):
            scene.push()
        asked = [each.text for each in scene.device.log.of("line")]
        assert asked[-1] == "show version"
        assert scene.everybody_left()
