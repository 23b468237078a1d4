"""Get-NetQosPolicy: the policies of a Windows host, as its default list or with all properties.

The default list leaves out what is not set; `Format-List *` prints -1 for no DSCP and 0 for no
port, and each value under two names.

Source:
    Help of Get-NetQosPolicy and New-NetQosPolicy, with the texts of their examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from translator.codepoint import CodePoint
from translator.endpoint.cmdlets.printed import Printed
from translator.endpoint.policy.text import prefix_of, protocols_of
from translator.endpoint.settings import COMPUTER, USER, HostPolicy, Remark, Setting
from translator.errors import PlanError
from translator.plan.groups import Prefix
from translator.plan.model import Transport
from translator.ports import PortRange

__all__ = ["PROPERTIES", "fits", "read"]

PROPERTIES: Final = frozenset(
    {
        "apppathname",
        "dscpvalue",
        "ipdstportend",
        "ipdstportstart",
        "ipdstprefix",
        "ipprotocol",
        "ipsrcportend",
        "ipsrcportstart",
        "ipsrcprefix",
        "networkprofile",
    }
)
_BOTH_WORDS: Final = ("", "none", "both")  # None is printed where no protocol is asked for
# Conditions that no setting of ours holds; with one of them the policy matches fewer packets.
_CONDITIONS: Final = ("template", "user", "ipport", "netdirectport", "uri", "jobobject")
_UNSET: Final = frozenset({"", "0", "none"})
_STORES: Final = {"group policy (machine)": COMPUTER, "group policy (user)": USER}
_DEFAULT_PRECEDENCE: Final = 127
_RATE: Final = re.compile(r"(\d{1,15})(?:\.(\d{1,6}))?\s*([KMG]?)(Bytes|Bits)/sec", re.IGNORECASE)
# Releases that print bytes count in powers of 1024 (1MB is `1 MBytes/sec`), the others in powers
# of 1000 (the same 1MB is `1.049 MBits/sec`).
_STEPS: Final = {"bytes": (1024, 8), "bits": (1000, 1)}


def fits(found: Printed) -> bool:
    """Whether the object is a policy."""
    return found.has("name") and not PROPERTIES.isdisjoint(found.properties)


def read(found: Printed) -> Iterator[Setting]:
    """Yield the policy, or a remark where it has a condition that a plan cannot hold.

    Raises:
        PlanError: a value cannot be understood.
    """
    name = found.text("name")
    conditions = [item for item in _CONDITIONS if found.text(item).lower() not in _UNSET]
    if conditions:
        shown = ", ".join(found.properties[item].name for item in conditions)
        yield Remark(
            "policy-left-out", f"policy {name!r} matches by {shown}, not by ports", found.where
        )
        return
    if found.number("precedence", 0, 255) not in (None, _DEFAULT_PRECEDENCE):
        yield Remark(
            "policy-precedence",
            f"policy {name!r} has precedence {found.text('precedence')} instead of 127",
            found.where_of("precedence"),
        )
    marking = found.number("dscpvalue", -1, 63)
    owner = found.text("owner")
    yield HostPolicy(
        name=name,
        application=found.text("apppathname") or None,
        protocols=_protocols(found),
        code_point=None if marking in (None, -1) else CodePoint(marking or 0),
        source_ports=_ports(found, "ipsrcport"),
        destination_ports=_ports(found, "ipdstport"),
        source_prefix=_prefix(found, "ipsrcprefix"),
        destination_prefix=_prefix(found, "ipdstprefix"),
        throttle_bps=_throttle(found),
        store=_STORES.get(owner.lower(), owner),
        where=found.where,
    )


def _protocols(found: Printed) -> tuple[Transport, ...]:
    return protocols_of(found.text("ipprotocol"), found.where_of("ipprotocol"), _BOTH_WORDS)


def _ports(found: Printed, side: str) -> PortRange | None:
    """The ports of a side: a start and an end, or one port; 0 is none."""
    low = found.number(f"{side}start", 0, 65535) or found.number(side, 0, 65535)
    high = found.number(f"{side}end", 0, 65535) or low
    if not low and not high:
        return None
    if not low or not high or low > high:
        raise PlanError(
            f"policy {found.text('name')!r}: ports {low or 0}-{high or 0} are no range",
            where=found.where_of(f"{side}end"),
            hint="the start has to be below the end, and both have to be printed",
        )
    return PortRange(low, high)


def _prefix(found: Printed, name: str) -> Prefix | None:
    text = found.text(name)
    return prefix_of(text, found.where_of(name)) if text else None


def _throttle(found: Printed) -> int | None:
    text = found.text("throttlerate")
    if text in _UNSET:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 18:
        return int(text)  # unverified: without a unit it is what was set, in bit/s
    rate = _RATE.fullmatch(text)
    if rate is None:
        raise PlanError(
            f"ThrottleRate {text[:40]!a} is no rate",
            where=found.where_of("throttlerate"),
            hint="such as 1.049 MBits/sec",
        )
    step, bits = _STEPS[rate[4].lower()]
    unit = step ** " KMG".index(rate[3].upper() or " ") * bits
    fraction = rate[2] or ""
    return int(int(rate[1] + fraction) * unit // 10 ** len(fraction))
