"""What a Nexus switch shows of itself, in the words of real ones."""

from __future__ import annotations

import pytest

from translator.drivers.change import Timer
from translator.drivers.cisco_nxos import facts
from translator.drivers.cisco_nxos.family import is_nexus_9000

# Source: `show hardware access-list tcam region` of a Nexus 9396 and of a Nexus 93180YC.
ALE = """
                             IPV4 PACL [ifacl] size =    0
                             IPV6 PACL [ipv6-ifacl] size =    0
                   IPV4 Port QoS [qos] size =  256
                   IPV6 Port QoS [ipv6-qos] size =    0
                     IPV4 L3 QoS [l3qos] size =    0
"""
CLOUD_SCALE = """
NAT ACL[nat] size = 0
Ingress PACL [ing-ifacl] size = 0
Ingress L2 QOS [ing-l2-qos] size = 512
Ingress L3/VLAN QOS [ing-l3-vlan-qos] size = 512
"""
NO_REGION = CLOUD_SCALE.replace("512", "0")


@pytest.mark.parametrize(
    ("text", "missing"),
    [(ALE, (6,)), (CLOUD_SCALE, ()), (NO_REGION, (4, 6)), ("", ()), ("% Invalid command", ())],
)
def test_regions_without_entries_are_found(text, missing):
    assert facts.without_region(facts.regions_in(text), (4, 6)) == missing


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(120, "+00:00:02"), (121, "+00:00:03"), (3600, "+00:01:00"), (90_000, "+01:01:00")],
)
def test_a_time_from_now_is_rounded_up_to_minutes(seconds, text):
    assert facts.delay_text(seconds) == text


SHOWN = """!Command: show running-config
!Running configuration last done at: Mon Jan  6 08:15:00 2025
!Time: Mon Jan  6 08:20:00 2025

version 9.3(8) Bios:version 05.45
hostname leaf-1
feature scheduler
scheduler job name nightly
copy running-config tftp://10.0.0.1/leaf-1 vrf management

end-job

scheduler schedule name nightly
  job name nightly
  time daily 23:00

interface Ethernet1/1
"""
TIMER = """scheduler job name qos-20250106
rollback running-config checkpoint qos-20250106.t atomic

end-job

scheduler schedule name qos-20250106
  job name qos-20250106
  time start 2025:01:06:08:30

"""


def test_a_timer_of_ours_does_not_last_and_jobs_of_others_do():
    with_timer = SHOWN.replace("interface Ethernet1/1", TIMER + "interface Ethernet1/1")
    assert with_timer != SHOWN
    assert facts.lasting(with_timer) == facts.lasting(SHOWN)
    assert "nightly\n  time daily 23:00" in facts.lasting(SHOWN)
    assert "Time:" not in facts.lasting(SHOWN)


def test_what_became_of_a_timer():
    armed = "Schedule Name       : qos-1\nLast Execution Time : Yet to be executed\n"
    fired = "Schedule Name       : qos-1\nLast Execution Time : Mon Jan  6 08:30:00 2025\n"
    assert facts.timer_in(armed) is Timer.ARMED
    assert facts.timer_in(fired) is Timer.FIRED
    assert facts.timer_in("schedule does not exist\n") is Timer.ABSENT


# Source: `show version` of NX-OS 9.3 and of a 7000, shortened.
VERSION = """Cisco Nexus Operating System (NX-OS) Software
Software
  BIOS: version 05.45
  NXOS: version 9.3(8)
Hardware
  cisco Nexus9000 C93180YC-EX chassis
  Intel(R) Xeon(R) CPU  @ 1.80GHz with 24632252 kB of memory.
  Processor Board ID FDO21120V5K

  Device name: leaf-1
"""


def test_who_a_switch_is():
    assert facts.version_in(VERSION) == "9.3(8)"
    assert facts.serial_in(VERSION) == "FDO21120V5K"
    assert facts.hostname_in(VERSION) == "leaf-1"
    assert is_nexus_9000(VERSION)
    assert not is_nexus_9000(VERSION.replace("Nexus9000 C93180YC-EX", "Nexus7000 C7009 (9 Slot)"))


def test_a_message_of_the_log_within_a_listing_is_found():
    stamp = "2017 Feb 13 18:18:52 switch-9k-1 "
    for sign in ("%ETHPORT-5-IF_UP: up", "%$ VDC-1 %$ %ETHPORT-5-IF_UP: up"):
        assert facts.log_line_in(f"interface Ethernet1/1\n{stamp}{sign}\n") == f"{stamp}{sign}"
    assert facts.log_line_in(SHOWN) == ""


def test_names_of_runs_and_of_what_is_theirs():
    listing = "1) qos-20250106:\n2) qos-20250106.t:\n3) system-fm-vrrp:\n4) golden:\n"
    names = facts.checkpoints_in(listing)
    assert names == ("qos-20250106", "qos-20250106.t", "system-fm-vrrp", "golden")
    assert facts.runs_in(names) == {"20250106"}
