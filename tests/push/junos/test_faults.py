"""What else goes wrong with a Junos device, once each: the right error, and nothing is left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from devices import JunosDevice
from devices.junos.session import JunosSession
from devices.session import Reply
from push.faults import Ends, raising
from push.junos.bench import Bench, bench
from push.junos.cases import (
    BROKEN_WAY_BACK,
    CHANGED_AT_CONFIRMATION,
    CHANGED_ELSEWHERE,
    LOG_BEHIND_COMMANDS,
    LOG_IN_CONFIGURATION,
    ONCE,
    JunosFault,
)
from push.junos.healthy import healthy

from translator.errors import IdentityError
from translator.push import Ending, Expected, Options


def push(at: Bench, expected: Expected | None = None) -> Ending:
    options = Options(expected=expected or Expected(), patience=at.patience)
    return at.push(healthy().change, options).ending


def is_new(at: Bench) -> None:
    assert at.leftovers() == []
    assert at.device.running == at.device.startup == healthy().new


@pytest.mark.parametrize("fault", ONCE, ids=lambda fault: fault.name.replace(" ", "-"))
def test_a_fault_ends_as_the_table_says(fault: JunosFault, tmp_path: Path):
    with bench(tmp_path, initial=healthy().initial, faults=fault.faults) as at:
        fault.prepare(at)
        if fault.ends is Ends.NEW:
            assert push(at) is Ending.NEW
            is_new(at)
            return
        old, typed = at.device.running, at.device.lines_received
        with raising(fault) as failed:
            push(at, fault.expected)
        assert fault.says in f"{failed.value} {failed.value.hint}"
        if fault.error is IdentityError:
            assert at.device.lines_received == typed
        assert at.device.running == old
        at.device.clock.advance(minutes=6)
        assert tuple(at.left()) == fault.leaves
        assert at.device.running == old


def test_a_rollback_that_is_refused_is_told_with_what_to_type(tmp_path: Path):
    fault = BROKEN_WAY_BACK
    with bench(tmp_path, initial=healthy().initial, faults=fault.faults) as at:
        with raising(fault) as failed:
            push(at)
        assert failed.value.exit_code == 6
        assert failed.value.commands[-1] == "commit"
        assert "configure exclusive" in failed.value.hint
        assert at.leftovers() == []
        assert at.device.running == healthy().new, "nobody could bring back the old one"


def test_what_others_commit_meanwhile_is_never_taken_back(tmp_path: Path):
    """Their commit confirms ours; with it the device is not what was proven."""
    with bench(tmp_path, initial=healthy().initial) as at:
        at.device.faults = CHANGED_AT_CONFIRMATION.faults
        with raising(CHANGED_AT_CONFIRMATION):
            push(at)
        assert "example.net" in at.device.running
        assert [name.split("-")[0] for name in at.leftovers()] == ["qos"], "the run stays open"


def test_what_others_commit_before_the_proof_stays_and_ours_goes(tmp_path: Path):
    """Their commit confirms ours; no rollback of the device could take ours back alone."""
    fault = CHANGED_ELSEWHERE
    with bench(tmp_path, initial=healthy().initial, faults=fault.faults) as at:
        old = at.device.running
        with raising(fault) as failed:
            push(at)
        assert "+ system domain-name example.net" in str(failed.value)
        fault.theirs(twin := JunosDevice("R1", healthy().initial, model="mx204"))
        assert at.device.running == at.device.startup == twin.running != old
        assert at.leftovers() == []
        assert at.device.running == twin.running, "no timer takes anything back"


LOG = "Mar  2 09:00:07  R1 mgd[4711]: UI_CMDLINE_READ_LINE: User 'bob', command 'error: not done'\n"


def test_log_lines_behind_commands_are_no_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    execute = JunosSession.execute

    def logging(session: JunosSession, line: str) -> Reply:
        reply = execute(session, line)
        plain = line.startswith(("set ", "commit", "configure"))
        return replace(reply, text=f"{LOG}{reply.text}{LOG}") if plain else reply

    monkeypatch.setattr(JunosSession, "execute", logging)
    with bench(tmp_path, initial=healthy().initial) as at:
        assert LOG_BEHIND_COMMANDS.ends is Ends.NEW
        assert push(at) is Ending.NEW
        is_new(at)


def test_log_lines_within_a_configuration_stop_the_push(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shown = JunosDevice.shown

    def logged(device: JunosDevice) -> str:
        head, brace, rest = shown(device).partition("class-of-service {\n")
        return f"{head}{brace}{LOG}{rest}"

    with bench(tmp_path, initial=healthy().initial) as at:
        monkeypatch.setattr(JunosDevice, "shown", logged)
        with raising(LOG_IN_CONFIGURATION):
            push(at)
        assert at.leftovers() == []
        assert at.device.running == healthy().old
