"""Netmiko and NAPALM as they are, against the Nexus switch over SSH."""

from __future__ import annotations

import pytest
from napalm.base.exceptions import MergeConfigException

from devices import NxosDevice, serving
from devices.clients import napalm_session, netmiko_session
from translator.drivers.cisco_nxos import facts
from translator.drivers.registry import driver

NEXUS = driver("cisco_nxos")
MERGE = """\
ip access-list LYNC-AUDIO
  10 permit udp any range 20000 20039 any
class-map type qos match-any LYNC-AUDIO
  match access-group name LYNC-AUDIO
policy-map type qos LYNC-MARK
  class LYNC-AUDIO
    set dscp 46
interface Ethernet1/1
  service-policy type qos input LYNC-MARK
"""


def test_netmiko_changes_and_saves() -> None:
    device = NxosDevice("R1")
    with serving(device) as address, netmiko_session("cisco_nxos", address) as session:
        session.send_config_set(MERGE.splitlines(), error_pattern="%")
        assert "LYNC-MARK" in session.send_command("show running-config")
        assert device.startup != device.running
        session.save_config()
    assert device.startup == device.running


def test_napalm_tells_who_the_switch_is_as_the_driver_does() -> None:
    device = NxosDevice("R1")
    with serving(device) as address, napalm_session("nxos_ssh", address) as session:
        found = session.get_facts()
    assert found["hostname"] == "R1"
    assert found["os_version"] == device.version
    assert found["serial_number"] == device.serial
    assert found["interface_list"] == list(device.interfaces)
    assert found["model"].startswith("Nexus9000")


def test_napalm_reads_the_whole_configuration_as_the_driver_does() -> None:
    device = NxosDevice("R1", MERGE)
    with serving(device) as address, napalm_session("nxos_ssh", address) as session:
        text = session.get_config(retrieve="running")["running"]
    assert NEXUS.parse(f"{text}\n").incomplete == ""
    assert facts.lasting(text) == facts.lasting(device.shown())


def test_napalm_merges_and_goes_back_by_a_checkpoint_file() -> None:
    device = NxosDevice("R1")
    before = device.running
    with serving(device) as address, napalm_session("nxos_ssh", address) as session:
        session.load_merge_candidate(config=MERGE)
        assert "LYNC-MARK" in session.compare_config()
        session.commit_config()
        assert "LYNC-MARK" in device.running
        assert device.startup == device.running
        assert device.checkpoint_files["rollback_config.txt"].text == before
        session.load_merge_candidate(config=MERGE)
        session.discard_config()
        session.rollback()
    assert device.running == before
    assert device.startup == before


def test_napalm_goes_back_where_the_switch_refuses_a_line() -> None:
    device = NxosDevice("R1")
    before = device.running
    with serving(device) as address, napalm_session("nxos_ssh", address) as session:
        session.load_merge_candidate(config=MERGE.replace("set dscp 46", "set nonsense 46"))
        with pytest.raises(MergeConfigException):
            session.commit_config()
    assert device.running == before
