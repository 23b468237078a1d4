"""NAPALM as it is, against the NETCONF side of the Junos device."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from napalm import get_network_driver
from napalm.base.exceptions import LockError, MergeConfigException

from devices import Clock, Faults, JunosDevice, serving

SET = """\
set firewall family inet filter F term A from protocol udp
set firewall family inet filter F term A then dscp ef
set interfaces ge-0/0/0 unit 0 family inet filter input F
"""
TEXT = "firewall { family inet { filter F { term A { then { dscp ef; accept; } } } } }\n"


@contextmanager
def napalm_junos(device: JunosDevice) -> Iterator[Any]:
    with serving(device) as address:
        options = {"port": address.port}
        driver = get_network_driver("junos")(address.host, "admin", "pw", optional_args=options)
        driver.open()
        try:
            yield driver
        finally:
            driver.close()


def device_at_rest(**faults: Any) -> JunosDevice:
    return JunosDevice("R1", clock=Clock(minute_s=3600), faults=Faults(**faults))


def test_napalm_merges_compares_commits_and_rolls_back() -> None:
    device = device_at_rest()
    before = device.running
    with napalm_junos(device) as driver:
        driver.load_merge_candidate(config=SET)
        assert "dscp ef;" in driver.compare_config()
        assert device.exclusive is not None
        driver.discard_config()
        assert driver.compare_config() == ""
        driver.load_merge_candidate(config=TEXT)
        driver.commit_config(message="marks")
        assert "dscp ef;" in device.running
        assert device.history[0].comment == "marks"
        driver.rollback()
        assert device.running == before
        driver.load_replace_candidate(config=before.replace("R1", "R2"))
        driver.commit_config()
        assert "host-name R2;" in driver.get_config()["running"]
    assert device.sessions_open == 0
    assert device.exclusive is None


def test_napalm_change_reverts_unless_confirmed() -> None:
    device = device_at_rest()
    with napalm_junos(device) as driver:
        driver.load_merge_candidate(config=SET)
        driver.commit_config(revert_in=60)
        assert driver.has_pending_commit()
        device.clock.advance(minutes=1)
        assert not driver.has_pending_commit()
        assert "dscp" not in device.running
        driver.load_merge_candidate(config=SET)
        driver.commit_config(revert_in=60)
        driver.confirm_commit()
        device.clock.advance(minutes=2)
    assert "dscp ef" in device.startup


def test_napalm_names_a_bad_statement_and_a_foreign_lock() -> None:
    with napalm_junos(device_at_rest()) as driver, pytest.raises(MergeConfigException, match="col"):
        driver.load_merge_candidate(config="set firewall colour\n")
    device = device_at_rest(lock_owner="bob")
    with napalm_junos(device) as driver, pytest.raises(LockError, match="bob"):
        driver.load_merge_candidate(config=SET)
