"""Catalyst switches with `mls qos`: 2960, 3560, 3750 and their siblings."""

from translator.drivers.cisco_catalyst.driver import CiscoCatalyst

__all__ = ["CiscoCatalyst"]
