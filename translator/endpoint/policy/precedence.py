"""Which of two host policies Windows applies to a packet that both match.

Source:
    Microsoft, policy-based QoS, on the precedence of QoS policies: only one policy applies; that
    of the user before that of the computer, an application path before a file name before none,
    more conditions of addresses, ports and protocol before fewer, ties in the order source
    address, destination address, source port, destination port, protocol, then longer prefixes.
"""

from __future__ import annotations

import re

from translator.endpoint.settings import USER, HostPolicy
from translator.plan.groups import Prefix
from translator.ports import PortRange

__all__ = ["meet", "program_name", "program_of", "stronger"]


def program_name(application: str | None) -> str:
    """Return the file name of a program, or of the path of one, in lower case; "" for none."""
    return re.split(r"[\\/]", application or "")[-1].lower()


def program_of(policy: HostPolicy) -> str:
    """Return the file name of the policy's program in lower case; "" where it is for any."""
    return program_name(policy.application)


def meet(one: HostPolicy, other: HostPolicy) -> bool:
    """Whether a packet can match both."""
    programs = {program_of(one), program_of(other)} - {""}
    return (
        len(programs) < 2
        and not set(one.protocols).isdisjoint(other.protocols)
        and _ports_meet(one.source_ports, other.source_ports)
        and _ports_meet(one.destination_ports, other.destination_ports)
        and _prefixes_meet(one.source_prefix, other.source_prefix)
        and _prefixes_meet(one.destination_prefix, other.destination_prefix)
    )


def stronger(one: HostPolicy, other: HostPolicy) -> HostPolicy | None:
    """Return the one that Windows applies, or None where its rules do not decide."""
    mine, its = _rank(one), _rank(other)
    if mine == its:
        return None
    return one if mine > its else other


def _rank(policy: HostPolicy) -> tuple[int, ...]:
    conditions = (
        policy.source_prefix is not None,
        policy.destination_prefix is not None,
        policy.source_ports is not None,
        policy.destination_ports is not None,
        len(policy.protocols) == 1,
    )
    application = policy.application or ""
    is_path = bool(re.search(r"[\\/%]", application))
    return (
        policy.store.upper() == USER,
        2 if is_path else int(bool(application)),
        sum(conditions),
        *conditions,
        _length(policy.source_prefix),
        _length(policy.destination_prefix),
    )


def _length(prefix: Prefix | None) -> int:
    return 0 if prefix is None else prefix.prefixlen


def _ports_meet(one: PortRange | None, other: PortRange | None) -> bool:
    return one is None or other is None or one.overlaps(other)


def _prefixes_meet(one: Prefix | None, other: Prefix | None) -> bool:
    if one is None or other is None:
        return True
    return one.version == other.version and one.overlaps(other)
