"""IOS devices are read over NAPALM, whole or not at all, and never changed on that way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from devices import Address, Faults, IosDevice, serving

from translator.drivers.change import Command, Work
from translator.drivers.cisco.facts import head_lines, lasting
from translator.drivers.registry import driver
from translator.errors import HostKeyError, LoginError, PreflightError, PrivilegeError, RefusedError
from translator.inventory.model import Host
from translator.inventory.transport import Transport
from translator.push import (
    Connections,
    Credentials,
    Deadlines,
    HostKeys,
    Secret,
    read_device,
)
from translator.push.goal import fingerprint
from translator.push.session import Opener, Session, run_procedure

CONFIGURED = """\
policy-map P
 class class-default
  set dscp ef
interface GigabitEthernet0/1
 service-policy input P
line vty 0 4
 login local
"""


@contextmanager
def reached(device: IosDevice, folder: Path) -> Iterator[Address]:
    with serving(device) as address:
        (folder / "known_hosts").write_text(address.known_hosts_line, encoding="ascii")
        yield address


def host_of(address: Address, transport: Transport = Transport.NAPALM, **more: str) -> Host:
    facts = {"platform": "cisco_ios", "driver": "cisco_ios", **more}
    return Host("r1", hostname=address.host, port=address.port, transport=transport, **facts)


def opener_of(
    host: Host,
    folder: Path,
    *,
    password: str = "pw",  # noqa: S107
    enable: str | None = None,
) -> Opener:
    secret = None if enable is None else Secret(enable)
    login = Credentials("admin", Secret(password), secret)
    keys = HostKeys(folder / "known_hosts")
    return Connections({None: login}, keys, Deadlines(settle_s=0.002)).opener(host)


@contextmanager
def session_of(host: Host, folder: Path) -> Iterator[Session]:
    session = opener_of(host, folder)()
    try:
        yield session
    finally:
        session.close()


@pytest.mark.parametrize(
    ("platform", "model"), [("cisco_ios", "C881-K9"), ("cisco_catalyst", "WS-C2960X-48TS-L")]
)
def test_both_libraries_read_the_same(platform: str, model: str, tmp_path: Path):
    device = IosDevice("R1", CONFIGURED, enable="en", model=model)
    with reached(device, tmp_path) as address:
        read = {}
        for transport in Transport:
            host = host_of(address, transport, platform=platform, driver=platform)
            read[transport] = read_device(host, opener_of(host, tmp_path, enable="en"))
        (typed, text), (over, other) = read[Transport.NETMIKO], read[Transport.NAPALM]
        assert (
            (over.hostname, over.serial) == (typed.hostname, typed.serial) == ("R1", device.serial)
        )
        assert over.right_platform
        assert model in over.version
        assert other.doubt == text.doubt == ""
        assert lasting(other.text) == lasting(text.text)
        procedures = driver(platform).procedures
        assert fingerprint(procedures, other.text) == fingerprint(procedures, text.text)
        assert "Current configuration : " in other.text, "what NAPALM took out is there again"
    assert device.sessions_open == 0


def test_another_platform_is_told(tmp_path: Path):
    with reached(IosDevice("R1", model="WS-C2960X-48TS-L"), tmp_path) as address:
        host = host_of(address)
        assert not read_device(host, opener_of(host, tmp_path))[0].right_platform


@pytest.mark.parametrize("left", [0.3, 0.6, 0.9, 0.99])
def test_a_text_that_is_cut_is_no_configuration(left: float, tmp_path: Path):
    device = IosDevice("R1", CONFIGURED)
    device.faults = Faults(shown_bytes=int(len(device.shown()) * left))
    with reached(device, tmp_path) as address:
        host = host_of(address)
        assert read_device(host, opener_of(host, tmp_path))[1].doubt != ""


def test_a_text_without_its_middle_is_no_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """It ends in `end`; only the count of bytes, which NAPALM takes out, shows it."""
    shown = IosDevice.shown

    def holed(device: IosDevice) -> str:
        return shown(device).replace("policy-map P\n class class-default\n  set dscp ef\n", "")

    with reached(IosDevice("R1", CONFIGURED), tmp_path) as address:
        monkeypatch.setattr(IosDevice, "shown", holed)
        host = host_of(address)
        assert "shorter than its head says" in read_device(host, opener_of(host, tmp_path))[1].doubt


def test_the_head_is_the_count_then_the_comments():
    count, comment = "Current configuration : 9 bytes\n", "! Last configuration change at 1\n"
    assert head_lines(f"Building configuration...\n{comment}{count}") == f"{count}{comment}"
    assert head_lines("% Invalid input\n") == ""


def test_nothing_is_changed(tmp_path: Path):
    device = IosDevice("R1", CONFIGURED)
    before = (device.running, device.startup)
    procedures = driver("cisco_ios").napalm_procedures
    work = Work("20260101-000000-abcdef", "r1", 60, lines=("hostname R2",))
    with reached(device, tmp_path) as address, session_of(host_of(address), tmp_path) as session:
        with pytest.raises(PreflightError, match="reports success") as failed:
            run_procedure(procedures.lock(work), session)
        assert "--transport netmiko" in failed.value.hint
        obstacles = run_procedure(procedures.preflight(work), session)
        assert "nothing is changed over NAPALM" in obstacles[-1].problem
        for step in (procedures.arm, procedures.apply, procedures.save):
            with pytest.raises(RefusedError, match="no command may change"):
                run_procedure(step(work), session)
        with pytest.raises(RefusedError):
            session.perform(Command("configure terminal", changes=True))
    assert (device.running, device.startup) == before
    assert device.lines_received == 0
    assert device.files == {}


def test_each_credential_is_tried_once(tmp_path: Path):
    device = IosDevice("R1", enable="en")
    with reached(device, tmp_path) as address:
        host = host_of(address)
        with pytest.raises(LoginError):
            opener_of(host, tmp_path, password="no")()
        assert device.log.count("login-refused", "admin") == 1
        with pytest.raises(PrivilegeError, match="privileged mode"):
            opener_of(host, tmp_path, enable="wrong")()
        with pytest.raises(PrivilegeError, match="privilege level 1"):
            read_device(host, opener_of(host, tmp_path))
    assert device.sessions_open == 0


def test_host_keys_are_checked(tmp_path: Path):
    device = IosDevice("R1")
    with serving(IosDevice("R2")) as other, reached(device, tmp_path) as address:
        known = tmp_path / "known_hosts"
        known.write_text(f"[{address.host}]:{address.port} {other.host_key}\n", encoding="ascii")
        with pytest.raises(HostKeyError, match="another than the known one"):
            opener_of(host_of(address), tmp_path)()
        known.write_text("", encoding="ascii")
        with pytest.raises(HostKeyError, match="not known"):
            opener_of(host_of(address), tmp_path)()
    assert device.log.count("login") == 0
