"""The EOS device: its command line without a network, then Netmiko and NAPALM as they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from napalm import get_network_driver
from napalm.base.exceptions import MergeConfigException
from pyeapi.eapilib import ConnectionError as EapiConnectionError

from devices import Clock, EosDevice, Faults, serving, serving_eapi
from devices.clients import netmiko_session
from devices.typist import Typist

MERGE = """\
ip access-list A
   10 permit udp any range 20000 20039 any
class-map type qos match-any C
   match ip access-group A
policy-map type quality-of-service P
   class C
      set dscp ef
      set traffic-class 5
interface Ethernet1
   service-policy type qos input P
"""


def device_at_rest(**faults: Any) -> EosDevice:
    return EosDevice("R1", clock=Clock(minute_s=3600), faults=Faults(**faults))


def test_a_session_changes_nothing_before_its_commit() -> None:
    device = device_at_rest()
    before = device.running
    typed = Typist(device)
    typed("enable", "configure session change", *MERGE.splitlines())
    assert device.running == before
    assert "+   service-policy type qos input P" in typed("show session-config diffs")
    assert typed.prompt == "R1(config-s-change)#"
    typed("commit")
    assert "set dscp ef" in device.running
    assert device.startup == before
    assert typed("write memory") == "Copy completed successfully.\n"
    assert device.startup == device.running


def test_an_aborted_session_leaves_nothing() -> None:
    device = device_at_rest()
    before = device.running
    typed = Typist(device)
    typed("enable", "configure session change", *MERGE.splitlines(), "abort")
    assert device.running == before
    assert device.config_sessions == {}
    assert "does not exist" in typed("configure session change commit")


def test_a_commit_with_a_timer_goes_back_or_is_confirmed() -> None:
    device = device_at_rest()
    before = device.running
    typed = Typist(device)
    typed("enable", "configure session one", *MERGE.splitlines(), "commit timer 00:05:00")
    assert "pendingCommitTimer" in typed("show configuration sessions")
    assert "pendingCommitTimer" in typed("configure session one")
    device.clock.advance(minutes=5)
    assert device.running == before
    typed("configure session two", *MERGE.splitlines(), "commit timer 00:05:00")
    second = Typist(device)
    assert second("enable", "configure session two commit") == ""
    device.clock.advance(minutes=6)
    assert "set dscp ef" in device.running
    assert [event.kind for event in device.log.of("timer-fired", "timer-cancelled")] == [
        "timer-fired",
        "timer-cancelled",
    ]


@pytest.mark.parametrize(
    ("lines", "wrong", "said"),
    [
        ([], "foo", "% Invalid input (at token 0: 'foo')\n"),
        ([], "class-map", "% Incomplete command (at token 0: 'class-map')\n"),
        (["policy-map P", "class C"], "set dscp 64", "% Invalid input (at token 2: '64')\n"),
        ([], "interface Ethernet99", "% Invalid input (at token 1: 'Ethernet99')\n"),
    ],
)
def test_wrong_lines_are_refused(lines: list[str], wrong: str, said: str) -> None:
    device = device_at_rest()
    typed = Typist(device)
    typed("enable", "configure", *lines)
    assert typed(wrong) == said


def test_a_group_takes_effect_when_it_is_left() -> None:
    device = device_at_rest()
    typed = Typist(device)
    typed("enable", "configure", "ip access-list A", "permit udp any any")
    assert "permit udp" not in device.running
    typed("exit")
    assert "   10 permit udp any any" in device.running
    typed("ip access-list A", "no 10", "abort")
    assert "   10 permit udp any any" in device.running


def test_checkpoints_come_back() -> None:
    device = device_at_rest()
    typed = Typist(device)
    typed("enable", "configure checkpoint save old", "configure", "hostname R2", "end")
    assert device.hostname == "R2"
    typed("configure checkpoint restore old")
    assert device.hostname == "R1"


def test_netmiko_works_in_a_session() -> None:
    device = device_at_rest()
    with serving(device) as address, netmiko_session("arista_eos", address) as session:
        session.enable()
        session.config_mode("configure session change", pattern=r"\(config")
        session.send_config_set(MERGE.splitlines(), enter_config_mode=False, exit_config_mode=False)
        session.send_command("commit", expect_string="R1#")
        assert "set dscp ef" in session.send_command("show running-config")
        session.send_config_set(["hostname R1"])
    assert "set dscp ef" in device.running


@contextmanager
def napalm_eos(device: EosDevice) -> Iterator[Any]:
    with serving_eapi(device) as address:
        options = {"transport": "http", "port": address.port}
        driver = get_network_driver("eos")(address.host, "admin", "pw", optional_args=options)
        driver.open()
        try:
            yield driver
        finally:
            driver.close()


def test_napalm_merges_commits_and_rolls_back() -> None:
    device = device_at_rest()
    before = device.running
    with napalm_eos(device) as driver:
        driver.load_merge_candidate(config=MERGE)
        assert "+   service-policy type qos input P" in driver.compare_config()
        driver.discard_config()
        assert driver.compare_config() == ""
        driver.load_merge_candidate(config=MERGE)
        driver.commit_config()
        assert "set dscp ef" in device.startup
        driver.rollback()
        assert device.running == before
        assert driver.get_facts()["serial_number"] == device.serial
        driver.load_replace_candidate(config=before.replace("R1", "R2"))
        driver.commit_config()
    assert device.hostname == "R2"


def test_napalm_change_reverts_unless_confirmed() -> None:
    device = device_at_rest()
    with napalm_eos(device) as driver:
        driver.load_merge_candidate(config=MERGE)
        driver.commit_config(revert_in=60)
        assert driver.has_pending_commit()
        device.clock.advance(minutes=1)
        assert "set dscp" not in device.running
        driver.config_session = None
        driver.load_merge_candidate(config=MERGE)
        driver.commit_config(revert_in=60)
        driver.confirm_commit()
        device.clock.advance(minutes=2)
        assert "set dscp ef" in device.startup
        driver.load_merge_candidate(config="hostname R2\n")
        driver.commit_config(revert_in=60)
        driver.rollback()
        assert device.hostname == "R1"


def test_napalm_reports_a_bad_line() -> None:
    device = device_at_rest()
    with napalm_eos(device) as driver, pytest.raises(MergeConfigException, match="frobnicate"):
        driver.load_merge_candidate(config="frobnicate\n")
    assert device.config_sessions == {}


def test_faults_strike_in_a_request_too() -> None:
    device = device_at_rest(reset_before=3, lock_owner="")
    before = device.running
    with napalm_eos(device) as driver, pytest.raises(EapiConnectionError):
        driver.load_merge_candidate(config=MERGE)
    assert device.running == before
    assert device.sessions_open == 0
    assert len(device.log.of("executed")) == 2


def test_a_session_of_somebody_else_is_seen() -> None:
    typed = Typist(device_at_rest(lock_owner="bob"))
    assert "bob-1            pending" in typed("enable", "show configuration sessions")


def test_a_reset_leaves_a_pending_session_behind() -> None:
    device = device_at_rest(reset_before=3)
    typed = Typist(device)
    before = device.running
    typed("enable", "configure session change", *MERGE.splitlines()[:3])
    device.drop(typed.shell)
    assert device.running == before
    assert device.config_sessions["change"].state == "pending"
