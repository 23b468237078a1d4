"""Netmiko and NAPALM as they are, against the IOS device over SSH."""

from __future__ import annotations

import pytest
from napalm.base.exceptions import MergeConfigException
from netmiko.exceptions import NetmikoAuthenticationException, NetmikoTimeoutException

from devices import Address, Clock, Faults, IosDevice, serving
from devices.clients import napalm_session, netmiko_session
from devices.typist import Typist

MERGE = """\
ip access-list extended LYNC-AUDIO
 permit udp any range 20000 20039 any
class-map match-any LYNC-AUDIO
 match access-group name LYNC-AUDIO
policy-map LYNC-MARK
 class LYNC-AUDIO
  set dscp ef
interface GigabitEthernet0/1
 service-policy input LYNC-MARK
"""


def test_netmiko_changes_and_saves() -> None:
    device = IosDevice("R1", enable="en")
    with serving(device) as address:
        with netmiko_session("cisco_ios", address, secret="en") as session:
            session.enable()
            session.send_config_set(MERGE.splitlines(), error_pattern="%")
            assert session.send_command("show running-config").endswith("end\n")
            assert device.startup != device.running
            session.save_config()
            assert device.sessions_open == 1
        assert device.log.wait_for("logout")
    assert device.startup == device.running
    assert device.lines_executed == (*(line.strip() for line in MERGE.splitlines()), "end")


def test_a_long_output_comes_in_pages() -> None:
    device = IosDevice("R1", faults=Faults(paging_stays=True))
    with serving(device) as address, netmiko_session("cisco_ios", address) as session:
        first = session.send_command("show running-config", expect_string="--More--")
        assert "hostname R1" in first
        assert "\nend" not in first
        rest = session.send_command(" ", expect_string="R1#", cmd_verify=False, normalize=False)
        assert "end" in rest


def test_a_wrong_host_key_is_noticed() -> None:
    with serving(IosDevice("R1")) as right, serving(IosDevice("R2")) as wrong:
        mixed = Address(right.host, right.port, wrong.host_key)
        with pytest.raises(NetmikoTimeoutException), netmiko_session("cisco_ios", mixed):
            pass


def test_a_wrong_password_is_refused() -> None:
    device = IosDevice("R1")
    with (
        serving(device) as address,
        pytest.raises(NetmikoAuthenticationException),
        netmiko_session("cisco_ios", address, password="no"),
    ):
        pass
    assert device.log.count("login-refused", "admin") == 1


def test_napalm_merges_compares_commits_and_rolls_back() -> None:
    device = IosDevice("R1")
    with serving(device) as address, napalm_session("ios", address) as driver:
        before = device.running
        driver.load_merge_candidate(config=MERGE)
        difference = driver.compare_config()
        assert "+  set dscp ef" in difference
        driver.discard_config()
        assert driver.compare_config() == ""
        driver.load_merge_candidate(config=MERGE)
        driver.commit_config()
        assert "LYNC-MARK" in device.startup
        driver.load_merge_candidate(config=MERGE)
        assert driver.compare_config() == ""
        driver.rollback()
        assert "LYNC" not in device.running
        assert driver.get_facts()["serial_number"] == device.serial
    assert device.running == before


def test_napalm_replaces() -> None:
    device = IosDevice("R1", "interface GigabitEthernet0/1\n description old\n")
    with serving(device) as address, napalm_session("ios", address) as driver:
        driver.load_replace_candidate(config=device.running.replace("old", "new"))
        assert " -description old" in driver.compare_config()
        driver.commit_config()
        assert "description new" in device.startup


def test_napalm_change_reverts_unless_confirmed() -> None:
    device = IosDevice("R1", clock=Clock(minute_s=3600))
    with serving(device) as address, napalm_session("ios", address) as driver:
        driver.load_merge_candidate(config=MERGE)
        driver.commit_config(revert_in=60)
        assert driver.has_pending_commit()
        device.clock.advance(minutes=1)
        assert "LYNC" not in device.running
        driver.load_merge_candidate(config=MERGE)
        driver.commit_config(revert_in=60)
        driver.confirm_commit()
        device.clock.advance(minutes=2)
        assert "LYNC" in device.running
        assert "LYNC" in device.startup


def test_napalm_takes_a_bad_merge_back() -> None:
    device = IosDevice("R1")
    with serving(device) as address, napalm_session("ios", address) as driver:
        driver.load_merge_candidate(config=MERGE + "frobnicate\n")
        with pytest.raises(MergeConfigException, match="Invalid input"):
            driver.commit_config()
        assert "LYNC" not in device.running


def test_a_timer_fires_by_itself_in_scaled_time() -> None:
    device = IosDevice("R1", clock=Clock(minute_s=0.1))
    with serving(device):
        Typist(device)("configure terminal revert timer 5", "hostname R2", "end")
        assert device.log.wait_for("rolled-back")
    assert device.hostname == "R1"
