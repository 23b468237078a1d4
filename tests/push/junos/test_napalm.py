"""A Junos device is changed over NAPALM, that is over NETCONF: old or new, never between."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from devices import Faults, Hook, JunosDevice
from devices.device import Device
from devices.typist import Typist
from push.junos.bench import MODELS, Bench, bench, intents_of
from push.junos.healthy import healthy

from translator.drivers.calls import Call, Method
from translator.drivers.change import Command, Upload, Work
from translator.drivers.registry import driver
from translator.errors import (
    ConnectionLostError,
    DeadlineError,
    DriftError,
    HostKeyError,
    IdentityError,
    LineRefusedError,
    LockedError,
    LoginError,
    PreflightError,
    RefusedError,
    RevertedError,
    StateUnknownError,
    UnreachableError,
)
from translator.inventory.transport import Transport
from translator.push import (
    Credentials,
    Ending,
    Expected,
    HostKeys,
    Journal,
    Options,
    Secret,
    read_device,
    rollback,
)
from translator.push.goal import fingerprint
from translator.push.napalm.endpoint import NapalmEndpoint
from translator.push.napalm.session import NapalmSession
from translator.push.session import run_procedure
from translator.verify.prove import prove

LINES = (
    "run show cli authorization", "run show system storage", "run show system commit",
    "set ", "set ", "set ", "commit check", "commit confirmed",
    "run show system commit", "run show system uptime", "commit comment",
)  # fmt: skip
EACH = range(1, len(LINES) + 1)
SET = LINES.index("set ") + 1
COMMIT = LINES.index("commit confirmed") + 1


def napalm(folder: Path, faults: Faults | None = None, initial: str | None = None):
    start = healthy().initial if initial is None else initial
    return bench(folder, initial=start, faults=faults, transport=Transport.NAPALM)


def push(at: Bench, expected: Expected | None = None) -> Ending:
    options = Options(expected=expected or Expected(), patience=at.patience)
    return at.push(healthy().change, options).ending


def texts(device: Device) -> list[str]:
    return [each.text for each in device.log.of("executed") if "configuration" in each.mode]


@pytest.mark.parametrize("platform", MODELS)
def test_an_empty_device_gets_the_whole_policy_once_and_gives_it_back(
    platform: str, tmp_path: Path
):
    with bench(tmp_path, platform, transport=Transport.NAPALM) as at:
        old = at.device.running
        outcome = at.push()
        assert outcome.ending is Ending.NEW
        chosen = driver(platform)
        found = chosen.parse(at.device.shown(), file="r1")
        assert prove(intents_of(platform), found, chosen.capabilities).ok
        assert at.leftovers() == []
        assert at.push().ending is Ending.UNCHANGED
        with Journal(at.journal) as journal:
            back = rollback(journal, outcome.run, at.open, transport=Transport.NAPALM)
        assert back.ending is Ending.NEW
        assert at.device.running == old
        assert at.leftovers() == []


def test_what_was_planned_at_the_command_line_is_applied_in_the_same_order(tmp_path: Path):
    """Both ways read the same text, so a plan of one is good for the other."""
    with napalm(tmp_path) as at:
        over = read_device(at.host, at.open)
        at.transport = Transport.NETMIKO
        typed = read_device(at.host, at.open)
        at.transport = Transport.NAPALM
        procedures = driver("juniper_junos").procedures
        assert over[1].text == typed[1].text
        assert fingerprint(procedures, over[1].text) == healthy().change.base
        assert (over[0].hostname, over[0].serial) == (typed[0].hostname, typed[0].serial)
        assert push(at) is Ending.NEW
        assert at.device.running == at.device.startup == healthy().new
        assert at.leftovers() == []
        sent = texts(at.device)
        assert len(sent) == len(LINES)
        pairs = zip(sent, LINES, strict=True)
        assert [line for line, start in pairs if not line.startswith(start)] == []


def test_the_lock_is_held_from_the_first_look_to_the_commit(tmp_path: Path):
    with napalm(tmp_path) as at:
        push(at)
        kinds = ("locked", "unlocked", "committed")
        found = [each.kind for each in at.device.log.of(*kinds)]
        assert found == ["locked", "committed", "unlocked"] * 2


# Statements come together: a device that breaks behind one of them has broken before the next.
@pytest.mark.parametrize(
    ("way", "k"),
    [
        *(("reset_before", k) for k in EACH),
        *(("reset_after", k) for k in (1, COMMIT - 1, COMMIT, COMMIT + 1)),
        *(("hang_at", k) for k in (1, SET, COMMIT, len(LINES))),
    ],
)
def test_a_session_that_breaks_ends_old(way: str, k: int, tmp_path: Path):
    cause = DeadlineError if way == "hang_at" else ConnectionLostError
    faults = Faults(**{way: k})
    with napalm(tmp_path, faults) as at:
        wanted = RevertedError if k >= SET else cause
        with pytest.raises(wanted) as failed:
            push(at)
        if wanted is RevertedError:
            assert isinstance(failed.value.__cause__, cause)
        assert at.leftovers() == []
        assert at.device.running == at.device.startup == healthy().old


@pytest.mark.parametrize("k", [COMMIT + 2, len(LINES)])
def test_a_last_line_that_is_answered_but_not_heard_is_found_out(k: int, tmp_path: Path):
    """The device has the last word on whether it took the confirmation."""
    with napalm(tmp_path, Faults(reset_after=k)) as at:
        ended = None
        with suppress(RevertedError):
            ended = push(at)
        wanted = healthy().old if ended is None else healthy().new
        assert at.leftovers() == []
        assert at.device.running == at.device.startup == wanted


def test_a_statement_that_is_refused_is_named_with_its_number(tmp_path: Path):
    lines = (
        healthy().change.work.lines[0],
        "set firewall colour",
        *healthy().change.work.lines[1:],
    )
    change = replace(healthy().change, work=replace(healthy().change.work, lines=lines))
    with napalm(tmp_path) as at:
        with pytest.raises(RevertedError) as failed:
            at.push(change, Options(patience=at.patience))
        cause = failed.value.__cause__
        assert isinstance(cause, LineRefusedError)
        assert (cause.line_number, cause.command) == (2, "set firewall colour")
        assert "syntax error: colour" in cause.message
        assert at.device.log.count("committed") == 0
        assert at.leftovers() == []
        assert at.device.running == healthy().old


def test_a_load_that_fails_once_is_no_half_load(tmp_path: Path):
    faults = Faults(refuse={5: "error: configuration database is not writable\n"})
    with napalm(tmp_path, faults) as at:
        with pytest.raises(RevertedError, match="not writable") as failed:
            push(at)
        assert isinstance(failed.value.__cause__, LineRefusedError)
        assert at.device.log.count("committed") == 0
        assert at.leftovers() == []
        assert at.device.running == healthy().old


@pytest.mark.parametrize("k", [COMMIT - 1, COMMIT, len(LINES)])
def test_a_commit_that_is_refused_reverts(k: int, tmp_path: Path):
    faults = Faults(refuse={k: "error: configuration check-out failed\n"})
    with napalm(tmp_path, faults) as at:
        with pytest.raises(RevertedError, match="check-out failed") as failed:
            push(at)
        assert isinstance(failed.value.__cause__, PreflightError)
        assert at.leftovers() == []
        assert at.device.running == healthy().old


def test_a_foreign_lock_is_told_and_left_alone(tmp_path: Path):
    with napalm(tmp_path, Faults(lock_owner="bob")) as at:
        with pytest.raises(LockedError, match="bob"):
            push(at)
        assert at.left() == ["lock"]
        assert at.device.lines_received == 0


def test_changes_that_others_have_not_committed_are_never_committed(tmp_path: Path):
    """NAPALM's own `confirm_commit` would: it takes no lock."""
    with napalm(tmp_path) as at:
        at.device.users["bob"] = "pw"
        typist = Typist(at.device, "bob")
        typist("configure", "set system domain-name example.net")
        with pytest.raises(LockedError, match="modified"):
            push(at)
        assert "example.net" not in at.device.running
        at.device.drop(typist.shell)


def test_a_candidate_that_is_changed_before_the_confirmation_is_not_confirmed(tmp_path: Path):
    def edits(device: Device) -> None:
        device.users["bob"] = "pw"
        Typist(device, "bob")("configure", "set system domain-name example.net")

    with napalm(tmp_path, Faults(hooks=(Hook("unlocked", edits, 1),))) as at:
        with pytest.raises((RevertedError, StateUnknownError)):
            push(at)
        at.device.clock.advance(minutes=6)
        assert at.device.running == at.device.startup == healthy().old
        for session in tuple(at.device.sessions.values()):
            at.device.drop(session)


def test_what_others_commit_before_the_proof_stays_and_ours_goes(tmp_path: Path):
    def commits(device: Device) -> None:
        device.change("set system domain-name example.net")

    with napalm(tmp_path, Faults(hooks=(Hook("unlocked", commits, 1),))) as at:
        with pytest.raises(RevertedError) as failed:
            push(at)
        assert "+ system domain-name example.net" in str(failed.value)
        commits(twin := JunosDevice("R1", healthy().initial, model="mx204"))
        assert at.device.running == at.device.startup == twin.running
        assert at.leftovers() == []


def test_a_device_that_changed_since_or_is_another_is_not_touched(tmp_path: Path):
    with napalm(tmp_path) as at:
        with pytest.raises(IdentityError):
            push(at, Expected(serial="ELSE"))
        assert at.device.lines_received == 0
        at.device.change("set system domain-name example.net")
        with pytest.raises(DriftError):
            push(at)
        assert at.leftovers() == []


def test_nobody_who_cannot_log_in_again_confirms(tmp_path: Path):
    with napalm(tmp_path, Faults(login_refused_after="committed")) as at:
        with pytest.raises(StateUnknownError) as failed:
            push(at)
        assert failed.value.exit_code == 6
        at.device.clock.advance(minutes=20)
        assert at.device.running == at.device.startup == healthy().old
        at.device.faults = Faults()
        assert list(at.resume().values()) == [Ending.OLD]
        assert at.leftovers() == []


def test_a_run_over_one_library_is_finished_over_the_other(tmp_path: Path):
    with napalm(tmp_path, Faults(login_refused_after="committed")) as at:
        with pytest.raises(StateUnknownError):
            push(at)
        at.device.faults = Faults()
        at.transport = Transport.NETMIKO
        assert list(at.resume().values()) == [Ending.OLD]
        assert at.leftovers() == []
        assert at.device.running == healthy().old


def test_a_session_that_the_device_takes_for_alive_keeps_its_lock(tmp_path: Path):
    """Nobody can tell it from a stranger's; its end is waited for."""
    with bench(
        tmp_path,
        initial=healthy().initial,
        faults=Faults(reset_after=COMMIT),
        lingers=True,
        transport=Transport.NAPALM,
    ) as at:
        with pytest.raises(StateUnknownError, match="locked by") as failed:
            push(at)
        assert "configure exclusive" in failed.value.hint
        at.device.clock.advance(minutes=6)
        assert at.device.running == healthy().old, "the timer takes the change back all the same"
        at.device.faults = Faults()
        at.device.exclusive = None  # at last it has noticed
        assert list(at.resume().values()) == [Ending.OLD]


def test_a_text_that_is_cut_is_no_configuration(tmp_path: Path):
    with napalm(tmp_path) as at:
        whole = len(at.device.shown())
        for cut in (whole // 3, whole // 2, whole - 2):
            at.device.faults = Faults(shown_bytes=cut)
            assert read_device(at.host, at.open)[1].doubt != ""
        at.device.faults = Faults()
        assert read_device(at.host, at.open)[1].doubt == ""


def open_with(at: Bench, keys: HostKeys, password: str = "pw") -> NapalmSession:  # noqa: S107
    there = NapalmEndpoint("r1", at.address.host, "junos", at.address.port)
    return NapalmSession(there, Credentials("admin", Secret(password)), keys)


def test_host_keys_are_checked_before_anybody_logs_in(tmp_path: Path):
    with napalm(tmp_path) as at:
        unknown = tmp_path / "none"
        with pytest.raises(HostKeyError, match="not known"):
            open_with(at, HostKeys(unknown))
        changed = tmp_path / "changed"
        other = "AAAAC3NzaC1lZDI1NTE5AAAAIGyJ6hQq7D1mXw2kFf2bBrWkI3Z0uT9wP0hXy3m5p0aB"
        changed.write_text(f"[{at.address.host}]:{at.address.port} ssh-ed25519 {other}\n")
        for accept in (False, True):
            with pytest.raises(HostKeyError, match="another than the known one"):
                open_with(at, HostKeys(changed, accept))
        # The key of another port of the same address is no key of this one.
        changed.write_text(at.address.known_hosts_line.replace(f"]:{at.address.port}", "]:22"))
        with pytest.raises(HostKeyError, match="not known"):
            open_with(at, HostKeys(changed))
        assert at.device.log.count("login") == at.device.log.count("login-refused") == 0
        open_with(at, HostKeys(unknown, accept_new=True)).close()
        assert unknown.read_text().split()[:3] == at.address.known_hosts_line.split()[:3]
        open_with(at, HostKeys(unknown)).close()


def test_a_wrong_password_is_tried_once(tmp_path: Path):
    with napalm(tmp_path) as at:
        with pytest.raises(LoginError, match="r1"):
            open_with(at, HostKeys(at.known_hosts), "wrong")
        assert at.device.log.count("login-refused", "admin") == 1


def test_nobody_is_there(tmp_path: Path):
    with napalm(tmp_path) as at:
        gone = replace(at.address, port=1)
        at.known_hosts.write_text(gone.known_hosts_line)
        at.address = gone
        with pytest.raises(UnreachableError):
            open_with(at, HostKeys(at.known_hosts))
        there = NapalmEndpoint("r1", "::1", "junos")
        with pytest.raises(PreflightError, match="IPv6"):
            NapalmSession(there, Credentials("admin", Secret("pw")), HostKeys(at.known_hosts))


def test_a_session_takes_no_commands_that_change(tmp_path: Path):
    with napalm(tmp_path) as at:
        session = at.open()
        for request in (Command("configure exclusive", changes=True), Upload("x", b"")):
            with pytest.raises(RefusedError):
                session.perform(request)
        session.perform(Call(Method.UNLOCK))  # nothing is held
        session.perform(Call(Method.LOCK))
        session.perform(Call(Method.LOCK))  # it is held already
        work = Work("20260101-000000-abcdef", "r1", 60)
        doubtless = run_procedure(driver("juniper_junos").napalm_procedures.running(work), session)
        assert doubtless.doubt == ""
        session.close()
        assert at.left() == []
