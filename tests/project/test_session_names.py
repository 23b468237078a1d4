"""What drivers call themselves elsewhere is what Netmiko and NAPALM really know."""

from __future__ import annotations

import subprocess
import sys

from translator.drivers.registry import drivers

# In a process of its own: both libraries warn about their own dependencies when imported.
KNOWN = """
import sys
from napalm import get_network_driver
from netmiko import platforms
netmiko, napalm = sys.argv[1].split(","), sys.argv[2].split(",")
print([name for name in netmiko if name not in platforms])
for name in napalm:
    get_network_driver(name)
"""


def test_netmiko_and_napalm_know_the_names():
    sessions = [driver.session for driver in drivers()]
    netmiko = sorted({session.netmiko for session in sessions})
    napalm = sorted({session.napalm for session in sessions if session.napalm})
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KNOWN, ",".join(netmiko), ",".join(napalm)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
