"""`doctor` on simulated devices: each failure is told by its name, with what to do about it."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from devices import Faults, IosDevice, JunosDevice, Noise, serving
from devices.typist import Typist
from push.live.simulated import Fleet, clock, fleet_of, log_in_as_admin, touched

pytestmark = pytest.mark.usefixtures("login")
Report = dict[str, dict[str, Any]]


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch) -> None:
    log_in_as_admin(monkeypatch)


def examined(fleet: Fleet, capsys, *words: str) -> tuple[int, Report]:
    """Return the exit code, and of each host its checks by name; the last of a name counts."""
    code = fleet.run("doctor", "--format", "json", *words)
    found = json.loads(capsys.readouterr().out)
    return code, {
        host["host"]: {item["check"]: item for item in host["checks"]} for host in found["hosts"]
    }


def failed(checks: dict[str, Any]) -> list[str]:
    return [name for name, item in checks.items() if item["result"] == "failed"]


def ios(**settings: Any) -> IosDevice:
    return IosDevice("R1", **{"clock": clock(), **settings})


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def junos(**settings: Any) -> JunosDevice:
    return JunosDevice("R1", **{"model": "mx204", "clock": clock(), **settings})


@pytest.mark.parametrize("kind", [ios, junos])
def test_a_device_that_is_well_is_only_looked_at(kind, tmp_path: Path, capsys):
    device = kind()
    with fleet_of(tmp_path, device) as fleet:
        code, found = examined(fleet, capsys)
    assert (code, failed(found["R1"])) == (0, [])
    assert found["R1"]["whole"]["found"].endswith("lines, whole")
    assert touched(device) == []
    assert device.log.count("login") == 1


@dataclass(frozen=True)
class Case:
    """One thing that is wrong with a router, the check that finds it, and what is said of it."""

    check: str
    says: str
    fix: str
    settings: Callable[[], dict[str, Any]] = dict
    code: int = 5
    prepare: Callable[[IosDevice], object] = lambda device: None


def faults(**values: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"faults": Faults(**values)}


# Behind a whole line; cut within a line, the prompt does not come back either.
CUT = IosDevice("R1").shown().index("\nline con 0") + 1
CASES = {
    "wrong password": Case(
        "login", "refuses the login", "NET_PASSWORD", lambda: {"users": {"admin": "other"}}, 4
    ),
    "enable not given": Case(
        "privilege", "privilege level 1", "NET_SECRET", lambda: {"enable": "sesame"}, 4
    ),
    "hostname changed": Case(
        "hostname",
        "calls itself 'CORE9'",
        "it may be another device",
        prepare=lambda device: device.change("hostname CORE9"),
    ),
    "archive missing": Case(
        "preflight", "archive", "configure: archive", faults(archive_missing=True)
    ),
    "flash full": Case("preflight", "flash", "delete", faults(flash_free_bytes=100)),
    "lock held": Case("lock", "held by alice", "Wait", faults(lock_owner="alice")),
    "timer running": Case(
        "preflight",
        "",
        "configure confirm",
        prepare=lambda device: Typist(device)("configure terminal revert timer 5", "end"),
    ),
    "truncated": Case("whole", "R1: ", "end of its configuration", faults(shown_bytes=CUT)),
    "reading forbidden": Case(
        "platform", "Command authorization failed", "", faults(unauthorized="show running-config")
    ),
    "reset": Case("lock", "R1", "look again", faults(lost_at="show configuration lock"), 4),
    "silent": Case("lock", "in time", "--timeout", faults(silent_at="show configuration lock"), 4),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_found_and_told_with_its_fix(name: str, tmp_path: Path, capsys):
    case = CASES[name]
    device = ios(**case.settings())
    with fleet_of(tmp_path, device) as fleet:
        case.prepare(device)
        before = touched(device)
        # Long enough for every answer but the one that never comes.
        words = ("--timeout", "2") if name == "silent" else ()
        code, found = examined(fleet, capsys, *words)
        after = touched(device)
        for shell in tuple(device.sessions.values()):
            device.drop(shell)
    assert failed(found["R1"]) == [case.check]
    assert code == case.code
    item = found["R1"][case.check]
    assert case.says in item["found"]
    assert case.fix in " ".join(item["fix"])
    assert after == before


# Behind a whole line, but before the last statement ends.
JUNOS_CUT = junos().shown().index("    services {")
OF_JUNOS = {
    "wrong password": ({"users": {"admin": "other"}}, "login", 4),
    "truncated": ({"faults": Faults(shown_bytes=JUNOS_CUT)}, "whole", 5),
    "reset": ({"faults": Faults(lost_at="show configuration")}, "whole", 4),
    "another platform": ({"model": "srx345"}, "platform", 5),
}


@pytest.mark.parametrize("name", OF_JUNOS)
def test_the_same_is_found_on_junos(name: str, tmp_path: Path, capsys):
    settings, check, expected = OF_JUNOS[name]
    device = junos(**settings)
    with fleet_of(tmp_path, device) as fleet:
        code, found = examined(fleet, capsys)
    assert (code, failed(found["R1"])) == (expected, [check])
    assert found["R1"][check]["fix"]
    assert touched(device) == []


def test_a_password_is_tried_once(tmp_path: Path, capsys):
    device = ios(users={"admin": "other"})
    with fleet_of(tmp_path, device) as fleet:
        examined(fleet, capsys)
    assert device.log.count("login-refused") == 1


def test_an_enable_password_that_is_refused_is_no_wrong_login(
    tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("NET_SECRET", "sesame")
    device = ios(enable="sesame", faults=Faults(enable_refused=True))
    with fleet_of(tmp_path, device) as fleet:
        code, found = examined(fleet, capsys)
    assert (code, failed(found["R1"])) == (4, ["privilege"])
    assert found["R1"]["login"]["result"] == "ok"


def test_a_serial_number_and_a_platform_are_those_of_the_inventory(tmp_path: Path, capsys):
    devices = [IosDevice(name, clock=clock()) for name in ("R1", "R2", "R3")]
    with fleet_of(tmp_path, *devices) as fleet:
        fleet.write(
            R1={"data": {"qos": {"serial": "OTHER1"}}},
            R2={"data": {"qos": {"serial": "SIM00000001"}}},
            R3={"platform": "cisco_catalyst"},
        )
        code, found = examined(fleet, capsys)
    assert code == 5
    assert [failed(found[name]) for name in ("R1", "R2", "R3")] == [["serial"], [], ["platform"]]
    # To what is no switch nothing more was sent than the question what it is.
    assert devices[2].log.count("line", "show") == devices[2].log.count("line", "show version")


def test_a_wrong_clock_is_a_warning(tmp_path: Path, capsys):
    with fleet_of(tmp_path, ios(clock=clock(ahead_s=7200))) as fleet:
        code, found = examined(fleet, capsys)
    assert (code, found["R1"]["clock"]["result"]) == (0, "warning")
    assert "NTP" in found["R1"]["clock"]["fix"][0]


NOISES = {
    "pages": Faults(paging_stays=True),
    "colours": Faults(noise=Noise(ansi=True)),
    "line ends": Faults(noise=Noise(newline="\r\r\n")),
}


@pytest.mark.parametrize("name", NOISES)
def test_noise_of_a_terminal_is_no_failure(name: str, tmp_path: Path, capsys):
    device = ios(faults=NOISES[name])
    with fleet_of(tmp_path, device) as fleet:
        code, found = examined(fleet, capsys)
    assert (code, failed(found["R1"])) == (0, [])


@pytest.mark.parametrize(
    ("at", "code", "wrong"), [(" ", 0, []), ("", 5, ["whole"])], ids=["echoes", "listings too"]
)
def test_messages_of_the_log_matter_only_within_a_listing(
    tmp_path: Path, capsys, at: str, code: int, wrong: list[str]
):
    device = ios(faults=Faults(noise=Noise(syslog=True, syslog_at=at)))
    with fleet_of(tmp_path, device) as fleet:
        ended, found = examined(fleet, capsys, "--timeout", "1")
    assert (ended, failed(found["R1"])) == (code, wrong)
    assert not wrong or "a message of the log stands within" in found["R1"]["whole"]["found"]


def test_a_name_without_address_a_closed_port_and_a_mute_server(
    tmp_path: Path, capsys, closed_port: int, monkeypatch: pytest.MonkeyPatch
):
    real = socket.getaddrinfo

    def without(host: Any, *rest: Any, **more: Any) -> Any:
        if host == "nowhere.example":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", without)
    devices = [IosDevice(name, clock=clock()) for name in ("R1", "R2", "R3")]
    with fleet_of(tmp_path, *devices) as fleet, socket.create_server(("127.0.0.1", 0)) as mute:
        fleet.write(
            R1={"hostname": "nowhere.example"},
            R2={"port": closed_port},
            R3={"port": mute.getsockname()[1]},
        )
        code, found = examined(fleet, capsys, "--timeout", "0.5")
    assert code == 4
    assert failed(found["R1"]) == ["name"]
    assert "inventory" in found["R1"]["name"]["fix"][0]
    assert failed(found["R2"]) == ["reach"]
    assert "refuses" in found["R2"]["reach"]["found"]
    assert "port" in found["R2"]["reach"]["fix"][0]
    assert failed(found["R3"]) == ["host-key"]
    assert found["R1"]["clock"]["result"] == "skipped"


def test_a_device_that_does_not_answer_at_all(
    tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
):
    def silence(*_: Any, **__: Any) -> socket.socket:
        raise TimeoutError("timed out")

    with fleet_of(tmp_path, ios()) as fleet:
        monkeypatch.setattr(socket, "create_connection", silence)
        code, found = examined(fleet, capsys)
    assert (code, failed(found["R1"])) == (4, ["reach"])
    assert "does not answer" in found["R1"]["reach"]["found"]
    assert "filters" in found["R1"]["reach"]["fix"][0]


@pytest.fixture
def other_key() -> Iterator[str]:
    with serving(IosDevice("OTHER")) as address:
        yield address.host_key


def test_an_unknown_host_key_is_shown_and_never_accepted(tmp_path: Path, capsys):
    device = ios()
    with fleet_of(tmp_path, device) as fleet:
        fleet.know()
        code, found = examined(fleet, capsys)
        item = found["R1"]["host-key"]
        (address,) = fleet.addresses
        assert item["fix"][-1] == address.known_hosts_line.strip()
        assert any(
            line.endswith(f"ssh-keyscan -p {address.port} -t ed25519 127.0.0.1")
            for line in item["fix"]
        )
        assert (code, failed(found["R1"])) == (4, ["host-key"])
        assert device.log.count("login") == 0
        assert fleet.known_hosts.read_text() == ""
        # What was printed is what has to be added.
        fleet.known_hosts.write_text(item["fix"][-1] + "\n")
        assert examined(fleet, capsys)[0] == 0


def test_a_changed_host_key_is_a_warning_of_its_own(tmp_path: Path, capsys, other_key: str):
    device = ios()
    with fleet_of(tmp_path, device) as fleet:
        (address,) = fleet.addresses
        fleet.known_hosts.write_text(f"[127.0.0.1]:{address.port} {other_key}\n")
        code, found = examined(fleet, capsys)
    item = found["R1"]["host-key"]
    assert (code, failed(found["R1"])) == (4, ["host-key"])
    assert "another than the known one" in item["found"]
    assert "somebody may stand between" in item["fix"][0]
    assert f"ssh-keygen -R '[127.0.0.1]:{address.port}'" in item["fix"][1]
    assert device.log.count("login") == 0


def test_fifty_devices_at_once_each_with_its_own_result(tmp_path: Path, capsys):
    def device(number: int) -> IosDevice:
        wrong = Faults(archive_missing=True) if number % 10 == 3 else Faults()
        users = {"admin": "other"} if number % 10 == 7 else None
        return IosDevice(f"R{number}", faults=wrong, users=users, clock=clock())

    with fleet_of(tmp_path, *map(device, range(50))) as fleet:
        code, found = examined(fleet, capsys, "--forks", "16")
    assert code == 3
    assert list(found) == [f"R{number}" for number in range(50)]
    results = {name: failed(checks) for name, checks in found.items()}
    assert sum(item == [] for item in results.values()) == 40
    assert sum(item == ["preflight"] for item in results.values()) == 5
    assert sum(item == ["login"] for item in results.values()) == 5


def test_the_table_tells_what_is_wrong_and_then_what_to_do(tmp_path: Path, capsys):
    devices = [
        IosDevice("R1", clock=clock()),
        IosDevice("R2", faults=Faults(archive_missing=True), clock=clock()),
    ]
    with fleet_of(tmp_path, *devices) as fleet:
        assert fleet.run("doctor") == 5
        shown = capsys.readouterr().out
        assert fleet.run("doctor", "--limit", "R1") == 0
        alone = capsys.readouterr().out
    assert "nothing is wrong" in shown
    assert "R2, preflight: the archive is not configured\n  configure: archive" in shown
    assert "1 of 2 hosts could be changed" in shown
    assert alone.count(" ok ") == 12


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--limit", "nobody"), "nobody"),
        (("-i", "/no/such"), "no folder"),
    ],
)
def test_a_wrong_inventory_is_an_error_of_usage(words, says, tmp_path: Path, capsys):
    with fleet_of(tmp_path, ios()) as fleet:
        assert fleet.run("doctor", *words) == 2
    assert says in capsys.readouterr().err
