"""The Junos device: its command line without a network, then Netmiko as it is."""

from __future__ import annotations

from typing import Any

import pytest

from devices import Clock, Faults, JunosDevice, serving
from devices.clients import netmiko_session
from devices.typist import Typist

FILTER = [
    "set firewall family inet filter F term A from protocol udp",
    "set firewall family inet filter F term A from source-port 20000-20039",
    "set firewall family inet filter F term A then dscp ef",
    "set firewall family inet filter F term A then accept",
    "set interfaces ge-0/0/0 unit 0 family inet filter input F",
]


def device_at_rest(**faults: Any) -> JunosDevice:
    return JunosDevice("R1", clock=Clock(minute_s=3600), faults=Faults(**faults))


def test_nothing_changes_before_the_commit() -> None:
    device = device_at_rest()
    before = device.running
    typed = Typist(device)
    typed("configure", *FILTER)
    assert device.running == before
    assert typed("show | compare").splitlines()[0] == "[edit]"
    assert "+           filter F {" in typed("show | compare")
    assert typed("commit") == "commit complete\n"
    assert "dscp ef;" in device.running
    assert typed("show | compare") == ""
    assert typed("exit") == "Exiting configuration mode\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("foo", "          ^\nunknown command.\n"),
        ("set firewall foo", "                       ^\nsyntax error.\n"),
        ("set firewall family inet filter F term A from colour red", "syntax error.\n"),
        ("delete firewall", "warning: statement not found\n"),
        ("rollback 7", "error: could not open rollback configuration 7\n"),
        (
            "load merge nofile",
            "error: cannot open nofile: No such file or directory\nload complete (1 errors)\n",
        ),
    ],
)
def test_wrong_lines_are_refused(line: str, said: str) -> None:
    typed = Typist(device_at_rest())
    typed("configure")
    assert typed(line).endswith(said)
    assert typed("show | compare") == ""


def test_a_filter_that_is_not_there_fails_the_commit() -> None:
    typed = Typist(device_at_rest())
    typed("configure", FILTER[-1])
    said = typed("commit check")
    assert "Referenced filter 'F' is not defined" in said
    assert said.endswith("error: configuration check-out failed\n")


def test_an_unconfirmed_commit_goes_back() -> None:
    device = device_at_rest()
    before = device.running
    typed = Typist(device)
    typed("configure", *FILTER)
    said = typed("commit confirmed 5")
    assert said.startswith("commit confirmed will be automatically rolled back in 5 minutes")
    assert "# commit confirmed will be rolled back in 5 minutes" in typed.prompt
    assert device.startup == before
    device.clock.advance(minutes=5)
    assert device.running == before
    assert "by root via other" in typed("run show system commit")


@pytest.mark.parametrize("confirmation", ["commit", "commit check"])
def test_a_second_session_confirms(confirmation: str) -> None:
    device = device_at_rest()
    Typist(device)("configure", *FILTER, "commit confirmed 5", "exit")
    Typist(device)("configure", confirmation)
    device.clock.advance(minutes=6)
    assert "dscp ef" in device.running


def test_exclusive_discards_and_private_keeps_to_itself() -> None:
    device = device_at_rest()
    first, second = Typist(device), Typist(device)
    first("configure exclusive", *FILTER)
    assert second("configure").startswith("error: configuration database locked by:\n  admin ")
    first("exit configuration-mode", "yes")
    assert not device.dirty()
    first("configure private", *FILTER)
    second("configure private")
    assert second("show | compare") == ""
    first("commit")
    assert "filter F" in second("run show configuration")


def test_a_shared_candidate_outlives_its_session() -> None:
    device = device_at_rest()
    typed = Typist(device)
    typed("configure", *FILTER, "exit", "yes")
    assert device.dirty()
    assert typed("configure exclusive") == "error: configuration database modified\n"
    typed("configure", "rollback 0")
    assert not device.dirty()


@pytest.mark.parametrize("faults", [{"lock_owner": "bob"}, {"stale_lock": True}])
def test_the_lock_names_its_owner(faults: dict[str, Any]) -> None:
    typed = Typist(device_at_rest(**faults))
    assert f"  {faults.get('lock_owner', 'admin')} terminal" in typed("configure exclusive")
    assert typed.shell.mode == "operational"
    typed(f"request system logout user {faults.get('lock_owner', 'admin')}")
    assert "Entering configuration mode" in typed("configure exclusive")


def test_loads_of_all_kinds() -> None:
    device = device_at_rest()
    typed = Typist(device)
    typed("configure", "load set terminal", *FILTER)
    assert typed.shell.interrupt("\x04").text.endswith("load complete\n")
    device.store(
        "/config/f", "firewall { family inet { replace: filter F { term B { then accept; } } } }"
    )
    typed("load replace /config/f")
    assert "term A" not in typed("show firewall")
    assert "term B {\n            then accept;" in typed("show firewall")
    device.store("g", "system { host-name R2; }\n")
    typed("load override g", "commit")
    assert device.running == "system {\n    host-name R2;\n}\n"
    typed("rollback 1", "commit")
    assert device.hostname == "R1"
    typed("load merge terminal", "firewall { foo bar; }")
    assert typed.shell.interrupt("\x04").text.endswith(
        "syntax error: foo\nload complete (1 errors)\n"
    )


def test_deactivated_statements_are_marked() -> None:
    typed = Typist(device_at_rest())
    typed("configure", *FILTER, "deactivate firewall family inet filter F term A")
    assert "inactive: term A {" in typed("show firewall")
    assert "deactivate firewall family inet filter F term A" in typed("show | display set")


def test_a_restart_forgets_what_nobody_confirmed() -> None:
    device = device_at_rest()
    before = device.running
    Typist(device)("configure", *FILTER, "commit confirmed 5")
    device.restart()
    assert device.running == before


def test_netmiko_changes_commits_and_confirms() -> None:
    device = device_at_rest()
    with serving(device) as address:
        with netmiko_session("juniper_junos", address) as session:
            session.config_mode("configure exclusive")
            session.send_config_set(FILTER, exit_config_mode=False)
            assert "+" in session.send_command("show | compare")
            session.commit(confirm=True, confirm_delay=5, comment="marks")
            session.exit_config_mode()
            assert device.startup != device.running
        with netmiko_session("juniper_junos", address) as second:
            second.commit()
            second.exit_config_mode()
            shown = second.send_command("show configuration")
    assert "dscp ef;" in shown
    assert device.startup == device.running
    assert device.lines_executed[:5] == tuple(FILTER)
    assert device.log.count("locked") == 1


def test_root_starts_in_the_shell() -> None:
    device = JunosDevice("R1", users={"root": "pw"})
    with (
        serving(device) as address,
        netmiko_session("juniper_junos", address, username="root") as session,
    ):
        assert session.find_prompt() == "root@R1>"
        assert device.serial in session.send_command("show chassis hardware")


def test_a_reset_in_the_middle_leaves_the_active_configuration() -> None:
    for at in (1, 3, 5):
        device = device_at_rest(reset_before=at)
        typed = Typist(device)
        before = device.running
        typed("configure exclusive", *FILTER[:at])
        device.drop(typed.shell)
        assert device.running == before
        assert not device.dirty()
        assert device.lines_executed == tuple(FILTER[: at - 1])
