"""The commands that show the counters of IOS and IOS-XE."""

from __future__ import annotations

import re
from typing import Final

from translator.drivers.cisco.policy_counters import read_policy_map_interface
from translator.drivers.counting import Listing

__all__ = ["LISTINGS"]

LISTINGS: Final = (
    Listing(
        ask="show policy-map interface {interface}",
        command=re.compile(
            r"(?i)sho?w? policy-map( type \S+)? int\S*( \S+){0,3}( (input|output))?( \| no-more)?"
        ),
        read=read_policy_map_interface,
        sign=re.compile(r"\s*(?:[Ss]ervice-policy(?: \S+)*\s*: ?\S|Class-map: \S+ \(match-)"),
    ),
)
