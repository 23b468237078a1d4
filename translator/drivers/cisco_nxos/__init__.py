"""Cisco NX-OS switches: Nexus 9000, with what differs on other models said in `family`."""

from translator.drivers.cisco_nxos.driver import CiscoNxos

__all__ = ["CiscoNxos"]
