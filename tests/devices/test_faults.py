"""Each fault does what it says, is counted, and is seen by a client that nobody has patched."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko
import pytest
from netmiko.exceptions import NetmikoAuthenticationException, ReadTimeout

from devices import AUTHORIZATION_FAILED, Address, Device, Faults, Hook, IosDevice, Noise, serving
from devices.clients import netmiko_session

LINES = ["class-map match-any A", " match dscp ef", "policy-map P", " class A", "  set dscp ef"]


class Raw:
    """A shell without any client library above SSH."""

    def __init__(self, channel: paramiko.Channel) -> None:
        self._channel = channel

    def ask(self, line: str, until: str = "#", timeout_s: float = 10.0) -> str:
        """Send a line and read until a text has come."""
        self._channel.settimeout(timeout_s)
        self._channel.send(line.encode("latin-1") + b"\r")
        return self.read(until)

    def read(self, until: str) -> str:
        """Read until a text has come, or the end."""
        taken = ""
        while until not in taken:
            more = self._channel.recv(4096)
            if not more:
                raise EOFError(taken)
            taken += more.decode("latin-1")
        return taken


@contextmanager
def raw_shell(address: Address) -> Iterator[Raw]:
    client = paramiko.SSHClient()
    key = paramiko.Ed25519Key(data=_key_data(address))
    client.get_host_keys().add(f"[{address.host}]:{address.port}", key.get_name(), key)
    try:
        client.connect(
            address.host, address.port, "admin", "pw", look_for_keys=False, allow_agent=False
        )
        shell = Raw(client.invoke_shell())
        shell.read("#")
        yield shell
    finally:
        client.close()


def _key_data(address: Address) -> bytes:
    from base64 import b64decode

    return b64decode(address.host_key.split()[1])


def pushed(device: Device) -> list[str]:
    """Push LINES until one ends the connection or hangs; return the answers."""
    answers = []
    with serving(device) as address, raw_shell(address) as shell:
        shell.ask("configure terminal", "(config)#")
        for sent in LINES:
            answers.append(shell.ask(sent, ")#"))
            assert device.log.wait_for("line", count=len(answers) + 1)
    return answers


@pytest.mark.parametrize("at", range(1, len(LINES) + 1))
def test_a_reset_before_a_line_leaves_the_lines_before_it(at: int) -> None:
    device = IosDevice("R1", faults=Faults(reset_before=at))
    with pytest.raises((OSError, EOFError)):
        pushed(device)
    assert device.lines_executed == tuple(line.strip() for line in LINES[: at - 1])
    assert device.log.wait_for("logout")
    assert device.sessions_open == 0
    assert device.log.count("fault", f"reset before line {at}") == 1


def test_a_reset_after_a_line_has_executed_it() -> None:
    device = IosDevice("R1", faults=Faults(reset_after=2))
    with pytest.raises((OSError, EOFError)):
        pushed(device)
    assert device.lines_executed == ("class-map match-any A", "match dscp ef")


def test_a_reset_is_a_tcp_reset() -> None:
    device = IosDevice("R1", faults=Faults(session_limit=0))
    with serving(device) as address, socket.create_connection((address.host, address.port)) as sock:
        sock.settimeout(5)
        with pytest.raises(ConnectionResetError):
            while True:
                sock.recv(100)
                sock.send(b"SSH-2.0-x\r\n")
    assert device.log.count("fault", "session limit") == 1


def test_a_hang_says_nothing_and_keeps_the_connection() -> None:
    device = IosDevice("R1", faults=Faults(hang_at=2))
    with serving(device) as address:
        with raw_shell(address) as shell:
            shell.ask("configure terminal", "(config)#")
            shell.ask(LINES[0], ")#")
            with pytest.raises(TimeoutError):
                while True:
                    shell.ask(LINES[1], "never", timeout_s=0.3)
            assert device.sessions_open == 1
            with raw_shell(address) as second:
                assert "R1" in second.ask("show clock")
        assert device.log.wait_for("logout", count=2)
    assert device.lines_executed == ("class-map match-any A",)


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        (Faults(refuse={2: "% Not now\n"}), "% Not now"),
        (Faults(unauthorized_at=2), AUTHORIZATION_FAILED),
        (Faults(unauthorized="match"), AUTHORIZATION_FAILED),
    ],
)
def test_a_line_is_refused_and_the_next_is_not(faults: Faults, said: str) -> None:
    device = IosDevice("R1", faults=faults)
    answers = pushed(device)
    assert said in answers[1]
    assert device.lines_executed == tuple(
        line.strip() for line in LINES if "match dscp" not in line
    )
    assert len(device.log.of("fault")) == 1


def test_logins_can_be_refused_from_the_first_or_the_second_on() -> None:
    for faults, good in ((Faults(login_refused=True), 0), (Faults(logins_accepted=1), 1)):
        device = IosDevice("R1", faults=faults)
        with serving(device) as address:
            for _ in range(good):
                with raw_shell(address):
                    pass
            with pytest.raises(paramiko.AuthenticationException), raw_shell(address):
                pass
        assert len(device.log.of("login")) == good


def test_logins_can_be_refused_once_a_timer_is_armed() -> None:
    device = IosDevice("R1", faults=Faults(login_refused_after="timer-armed"))
    with serving(device) as address, raw_shell(address) as shell:
        with raw_shell(address) as second:
            second.ask("configure terminal revert timer 5", "(config)#")
        with pytest.raises(paramiko.AuthenticationException), raw_shell(address):
            pass
        shell.ask("configure revert now")
    assert device.log.count("timer-cancelled", "reverted") == 1


def test_netmiko_sees_login_and_enable_refused() -> None:
    device = IosDevice("R1", enable="en", faults=Faults(enable_refused=True))
    with (
        serving(device) as address,
        netmiko_session("cisco_ios", address, secret="en") as session,
        pytest.raises(ValueError, match="enable"),
    ):
        session.enable()
    device = IosDevice("R1", faults=Faults(login_refused=True, login_delay_s=0.2))
    with (
        serving(device) as address,
        pytest.raises(NetmikoAuthenticationException),
        netmiko_session("cisco_ios", address),
    ):
        pass
    assert device.log.count("fault", "slow authentication") == 1


def test_a_full_flash_takes_no_file() -> None:
    device = IosDevice("R1", faults=Faults(flash_free_bytes=10))
    with serving(device) as address, raw_shell(address) as shell:
        assert "(10 bytes free)" in shell.ask("dir flash:")
        shell.ask("copy running-config flash:x", "?")
        assert "No space left on device" in shell.ask("", "R1#")


def test_archive_and_scp_can_be_missing() -> None:
    device = IosDevice("R1", faults=Faults(archive_missing=True, scp_off=True))
    with serving(device) as address, raw_shell(address) as shell:
        assert "Archive feature not enabled" in shell.ask("show archive")
        assert "turn config archive on" in shell.ask("configure terminal revert timer 5")
    assert "scp" not in device.running
    assert device.log.count("timer-armed") == 0


def test_a_save_and_a_rollback_can_be_refused() -> None:
    device = IosDevice("R1", faults=Faults(save_refused="% nvram full", rollback_refused="% no"))
    with serving(device) as address, raw_shell(address) as shell:
        assert "% nvram full" in shell.ask("write memory")
        shell.ask("configure terminal revert timer 5", "(config)#")
        shell.ask("hostname R2", ")#")
        shell.ask("end")
        assert "% no" in shell.ask("configure revert now")
        device.clock.advance(minutes=5)
    assert device.hostname == "R2"
    assert device.log.count("saved") == 0


def test_somebody_else_changes_the_configuration_meanwhile() -> None:
    hook = Hook("executed", lambda device: device.change("ntp server 192.0.2.9"), nth=2)
    device = IosDevice("R1", faults=Faults(hooks=(hook,)))
    pushed(device)
    kinds = [event.kind for event in device.log.of("executed", "foreign-change")]
    assert kinds.index("foreign-change") == 2
    assert "ntp server 192.0.2.9" in device.running


def test_the_shown_configuration_can_end_early() -> None:
    device = IosDevice("R1", faults=Faults(shown_bytes=100))
    with serving(device) as address, netmiko_session("cisco_ios", address) as session:
        shown = session.send_command("show running-config")
    assert len(shown) <= 100
    assert "end" not in shown


def test_the_prompt_need_not_be_the_hostname() -> None:
    device = IosDevice("R1", faults=Faults(prompt="other"))
    with serving(device) as address, netmiko_session("cisco_ios", address) as session:
        assert session.find_prompt() == "other#"
        assert "R1 uptime" in session.send_command("show version")


@pytest.mark.parametrize(
    ("noise", "seen"),
    [
        (Noise(ansi=True), "\x1b[0m"),
        (Noise(syslog=True), "%LINEPROTO-5-UPDOWN"),
        (Noise(newline="\r\r\n"), "\r\r\n"),
        (Noise(newline="\n"), "\n"),
        (Noise(columns=20), "configurati\r\non"),
        (Noise(echo_delay_s=0.2), "show running-config"),
        (Noise(echo=False), "Building"),
    ],
)
def test_noise_is_on_the_line_and_not_in_the_state(noise: Noise, seen: str) -> None:
    device = IosDevice("R1", "interface Gi0/1\n description caf\xe9\n", faults=Faults(noise=noise))
    quiet = IosDevice("R1", "interface Gi0/1\n description caf\xe9\n")
    with serving(device) as address, raw_shell(address) as shell:
        shell.ask("terminal length 0")
        assert seen in shell.ask("show running-config", "\nend")
    assert device.running == quiet.running
    assert "caf\xe9" in device.running


def test_netmiko_survives_ansi_and_crlf_variants() -> None:
    for noise in (Noise(newline="\r\r\n"), Noise(columns=511), Noise(echo_delay_s=0.05)):
        device = IosDevice("R1", faults=Faults(noise=noise))
        with serving(device) as address, netmiko_session("cisco_ios", address) as session:
            session.send_config_set(LINES)
        assert device.lines_executed[:-1] == tuple(line.strip() for line in LINES)


def test_netmiko_calls_a_hang_a_read_timeout() -> None:
    device = IosDevice("R1", faults=Faults(hang_at=3))
    with serving(device) as address, netmiko_session("cisco_ios", address) as session:
        session.config_mode()
        with pytest.raises(ReadTimeout):
            for line, seconds in zip(LINES, (10, 10, 0.5), strict=False):
                session.send_command(line, expect_string=r"\)#", read_timeout=seconds)
        session.remote_conn_pre.close()
    assert device.lines_executed == ("class-map match-any A", "match dscp ef")


def test_the_clock_can_be_wrong_and_the_name_can_change() -> None:
    from devices import Clock

    device = IosDevice("R1", clock=Clock(offset_s=-86400 * 365))
    with serving(device) as address, raw_shell(address) as shell:
        assert "2025" in shell.ask("show clock", "2025")
        device.change("hostname R9")
        shell.ask("", "R9#")
