"""Who logs in where, with what: from options, environment and inventory."""

from __future__ import annotations

from pathlib import Path

import pytest

from translator.cli.connection_options import HostKey, connections
from translator.drivers.change import Command
from translator.errors import DriverError, LoginError, UsageError
from translator.inventory.model import Host
from translator.push.connections import endpoint_of
from translator.push.session import Deadlines

ROUTER = Host("r1", "linux", "linux", hostname="10.0.0.1", port=2222)
OTHER = Host("r2", "linux", "linux", username="bob")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("NET_USERNAME", "NET_PASSWORD", "NET_SSH_KEY", "SSH_AUTH_SOCK", "NET_KNOWN_HOSTS"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_inventorys_user_goes_before_ours(environment: pytest.MonkeyPatch):
    environment.setenv("NET_USERNAME", "alice")
    environment.setenv("NET_PASSWORD", "s3cr3t")
    found = connections([ROUTER, OTHER])
    assert (found.login(ROUTER).username, found.login(OTHER).username) == ("alice", "bob")
    assert found.redactor("it was s3cr3t") == "it was <secret>"
    given = connections([ROUTER, OTHER], username="carol")
    assert (given.login(ROUTER).username, given.login(OTHER).username) == ("carol", "bob")


def test_without_a_name_or_a_password_there_is_no_login(environment: pytest.MonkeyPatch):
    with pytest.raises(UsageError, match="no user name"):
        connections([ROUTER])
    with pytest.raises(LoginError, match="nothing to log in with as bob"):
        connections([OTHER])
    found = connections([OTHER], password_command="echo opensesame")
    assert found.login(OTHER).password is not None


def test_known_hosts_are_named_by_option_or_environment(
    environment: pytest.MonkeyPatch, tmp_path: Path
):
    environment.setenv("NET_PASSWORD", "s3cr3t")
    environment.setenv("NET_KNOWN_HOSTS", str(tmp_path / "one"))
    assert connections([OTHER]).host_keys.file == tmp_path / "one"
    chosen = connections(
        [OTHER], known_hosts=str(tmp_path / "two"), host_key=HostKey.ACCEPT_NEW
    ).host_keys
    assert (chosen.file, chosen.accept_new) == (tmp_path / "two", True)


def test_an_endpoint_needs_a_platform_that_we_speak_with():
    endpoint = endpoint_of(ROUTER, Deadlines())
    assert (endpoint.address, endpoint.port, endpoint.device_type) == ("10.0.0.1", 2222, "linux")
    assert endpoint_of(OTHER, Deadlines()).port == 22
    with pytest.raises(DriverError, match="not known"):
        endpoint_of(Host("r3", "vax", ""), Deadlines())


def test_a_timeout_bounds_every_phase_and_every_answer():
    limits = Deadlines.within(12.0)
    assert (limits.connect_s, limits.login_s, limits.answer_s) == (10.0, 12.0, 12.0)
    assert limits.limited(Command("x", 60.0)).timeout_s == 12.0
    assert limits.limited(Command("x", 3.0)).timeout_s == 3.0
    assert Deadlines().limited(Command("x", 600.0)).timeout_s == 600.0
