"""By which lines a Junos text is known, and the product line that it is of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from translator.drivers.signs import Lines, Sign, Signs, lines_like

__all__ = ["FIREWALLS", "ROUTERS", "SWITCHES", "of_firewalls", "of_routers", "of_switches"]

# How the models of the product lines begin in `show version`, in small letters.
SWITCHES: Final = re.compile(r"v?qfx|ex\d|vjunos-?switch")
FIREWALLS: Final = re.compile(r"[cv]?srx")
ROUTERS: Final = re.compile(rf"(?!{SWITCHES.pattern}|{FIREWALLS.pattern})\w")

_STANZAS: Final = (
    "access|applications|bridge-domains|chassis|class-of-service|event-options|firewall|"
    "forwarding-options|groups|interfaces|policy-options|protocols|routing-instances|"
    "routing-options|security|services|snmp|switch-options|system|virtual-chassis|vlans"
)
_JUNOS: Final = lines_like(
    r"(?:class-of-service|policy-options|routing-options|forwarding-options) \{$|version \S+;$",
    r"\#\# Last (?:commit|changed): |\#? *JUNOS Software Release|\{(?:master|primary):",
    anywhere=(
        r"set (?:class-of-service|policy-options|routing-options|forwarding-options|groups) ",
        r"set firewall (?:family|filter|policer) |set system host-name ",
        r"set interfaces (?:ge|xe|et|ae|lo0|irb|reth|gr|lt|fxp|em|me)[-\d.]* ",
        r"family (?:inet6?|mpls|iso|ccc|bridge|ethernet-switching)(?: \{$|;)|term \S+ \{$",
        r"(?:forwarding-class(?:es)?|scheduler-maps|rewrite-rules|classifiers) [^;\n]*\{$",
        r"host-name \S+;$|(?:ge|xe|et)-\d+/\d+/\d+ \{$",
    ),
)
# No statements of Junos: VyOS and its kin, PAN-OS, SR OS, a test of another tool.
_FOREIGN: Final = lines_like(
    r"configure \{$|deviceconfig \{$|- vendor: ",
    anywhere=(
        r"set interfaces (?:ethernet|bonding|loopback|bridge|dummy|wireguard|openvpn) ",
        r"set (?:firewall (?:name|ipv4|group|all-ping)|traffic-policy|qos policy|nat source) ",
        r"set (?:deviceconfig|rulebase|network interface|mgt-config) |ethernet eth\d+ \{$",
    ),
)
_SWITCH: Final = lines_like(
    # In a group it may be meant for other devices than this one.
    r"(?:[ ]{4}|[ ]{12})family ethernet-switching \{$|virtual-chassis \{$|set virtual-chassis ",
    r"set (?:firewall|interfaces \S+ unit \d+) family ethernet-switching ",
    r"set (?:poe|ethernet-switching-options|switch-options) |(?:poe|switch-options) \{$",
    r"set class-of-service [^\n]*forwarding-class (?:fcoe|no-loss|mcast\S*)\b",
    r"\# Model: (?:qfx|ex)\d",
    r"[ ]+(?:forwarding-class (?:fcoe|no-loss|mcast\S*)|class (?:fcoe|no-loss)) ",
)
_FIREWALL: Final = lines_like(
    r"set security (?:zones|policies|nat|screen|flow|utm|idp|alg) |\#\#? ?Model: srx",
    r"[ ]+(?:security-zone \S+|from-zone \S+ to-zone \S+) \{$|(?:[ ]+|set interfaces )reth\d",
)
_STANZA: Final = lines_like(rf"(?:set (?:{_STANZAS}) |(?:{_STANZAS}) \{{$)")
# A text with as many of them says what device it is of, also by what it does not hold.
_MOST_OF_A_DEVICE: Final = 4


@dataclass(frozen=True, slots=True)
class _Seen:
    junos: tuple[Sign, ...] = ()
    switch: tuple[Sign, ...] = ()
    firewall: tuple[Sign, ...] = ()
    foreign: tuple[Sign, ...] = ()
    whole: bool = False


@lru_cache(maxsize=1)  # three drivers look at one text
def _seen(text: str) -> _Seen:
    lines = Lines(text)
    junos = lines.found(_JUNOS)
    if not junos:
        return _Seen()
    return _Seen(
        junos,
        lines.found(_SWITCH),
        lines.found(_FIREWALL),
        lines.found(_FOREIGN),
        len(lines.kinds(_STANZA)) >= _MOST_OF_A_DEVICE,
    )


def of_routers(text: str) -> Signs:
    """Return what speaks for a router: it has neither zones nor switched ports."""
    seen = _seen(text)
    foreign = (*seen.switch, *seen.firewall, *seen.foreign)
    return Signs(seen.junos if seen.whole else (), seen.junos, foreign)


def of_switches(text: str) -> Signs:
    """Return what speaks for a switch; firewalls have switched ports too."""
    seen = _seen(text)
    return Signs(seen.switch, seen.junos, (*seen.firewall, *seen.foreign))


def of_firewalls(text: str) -> Signs:
    """Return what speaks for a firewall of the SRX line."""
    seen = _seen(text)
    return Signs(seen.firewall, seen.junos, seen.foreign)
