"""The interfaces that a Linux script or ruleset names, and by which of them it hides addresses.

Such a text says nothing of cables, VLANs or rates: those are in no packet filter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from translator.intents.port import Port

__all__ = ["read_ports"]

# `tc ... dev eth0`, `iptables -o eth0`, `oifname "eth0"`, `oif { eth0, "eth1" }`
_NAMED: Final = re.compile(
    r"\bdev\s+([\w.@-]+)|(?<!\S)(?:-[io]|--(?:in|out)-interface)\s+([\w.@-]+)"
    r"|\b[io]if(?:name)?\s+(?:!=\s*)?(?:\{([^{}\n]*)\}|\"?([\w.@-]+))"
)
_TO: Final = re.compile(
    r"(?<!\S)(?:-o|--out-interface)\s+([\w.@-]+)"
    r"|\boif(?:name)?\s+(?:\{([^{}\n]*)\}|\"?([\w.@-]+))"
)
# What a line of one of the above, or of one below, holds; most lines hold nothing of it.
_WORTH: Final = re.compile(r"dev|-[io]|interface|[io]if|(?i:masquerade|snat)")
_WORD: Final = re.compile(r"[\w.@-]+")
_LOOPBACK: Final = "lo"
# Targets that put an address of the router into the place of the sender's.
_HIDING: Final = ("masquerade", "MASQUERADE", "SNAT", "snat ")


def read_ports(text: str) -> tuple[Port, ...]:
    """Return the interfaces in the order in which the text names them; never raises."""
    first: dict[str, int] = {}
    outside: set[str] = set()
    for number, line in enumerate(text.split("\n"), 1):
        if _WORTH.search(line) is None or line.lstrip().startswith("#"):
            continue
        for name in _names(_NAMED, line):
            first.setdefault(name, number)
        if any(word in line for word in _HIDING):
            outside.update(_names(_TO, line))
    return tuple(
        Port(name, line, outside=name in outside, virtual=name == _LOOPBACK)
        for name, line in first.items()
    )


def _names(pattern: re.Pattern[str], line: str) -> Iterable[str]:
    """Return the interfaces that a line names once each."""
    found = " ".join([group for groups in pattern.findall(line) for group in groups])
    return dict.fromkeys(_WORD.findall(found))
