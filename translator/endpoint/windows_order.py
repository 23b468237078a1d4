"""Which of several policies Windows applies to a packet, held against the order of a plan.

Source:
    Microsoft, Manage QoS Policy, section "QoS Policy Precedence Rules": one policy at a time; a
    user's before the computer's; a path before a name before none; more conditions before fewer;
    among equals source address, destination address, source port, destination port, protocol; a
    longer prefix before a shorter one. Of two ranges of ports it says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from translator.endpoint.settings import HostPolicy
from translator.plan.groups import Prefix
from translator.ports import PortRange

__all__ = ["order_remarks", "overlap", "rank"]

_MAX_COMPARED: Final = 2000


def order_remarks(policies: Sequence[HostPolicy]) -> tuple[str, ...]:
    """Return a sentence for each pair where Windows does not, or may not, keep to the plan.

    Args:
        policies: in the first-match order of the plan.
    """
    if len(policies) > _MAX_COMPARED:
        return (f"more than {_MAX_COMPARED} policies: whether Windows keeps to the plan's order "
                "was not looked at",)  # fmt: skip
    found = []
    for first, second in combinations(policies, 2):
        if first.code_point == second.code_point or not overlap(first, second):
            continue
        if rank(first) == rank(second):
            found.append(
                f"policies {first.name!r} and {second.name!r} match the same packets; the plan "
                "lets the first decide, and which of them Windows applies is not documented"
            )
        elif rank(first) < rank(second):
            found.append(
                f"policies {first.name!r} and {second.name!r} match the same packets; the plan "
                "lets the first decide, and Windows applies the second, which says more"
            )
    return tuple(found)


def rank(policy: HostPolicy) -> tuple[int, ...]:
    """Return numbers that order policies: the greater one is applied."""
    conditions = (
        policy.source_prefix is not None,
        policy.destination_prefix is not None,
        policy.source_ports is not None,
        policy.destination_ports is not None,
        len(policy.protocols) == 1,
    )
    prefixes = (policy.source_prefix, policy.destination_prefix)
    application = 0 if policy.application is None else 1 + ("\\" in policy.application)
    return (
        int(policy.store == "HKCU"),
        application,
        sum(conditions),
        *(int(item) for item in conditions),
        *(0 if prefix is None else prefix.prefixlen for prefix in prefixes),
    )


def overlap(first: HostPolicy, second: HostPolicy) -> bool:
    """Whether some packet of some program matches both policies."""
    return (
        _programs_meet(first.application, second.application)
        and not set(first.protocols).isdisjoint(second.protocols)
        and _ports_meet(first.source_ports, second.source_ports)
        and _ports_meet(first.destination_ports, second.destination_ports)
        and _prefixes_meet(first.source_prefix, second.source_prefix)
        and _prefixes_meet(first.destination_prefix, second.destination_prefix)
    )


def _programs_meet(first: str | None, second: str | None) -> bool:
    if first is None or second is None:
        return True
    names = [text.casefold().rpartition("\\")[2] for text in (first, second)]
    return names[0] == names[1]


def _ports_meet(first: PortRange | None, second: PortRange | None) -> bool:
    return first is None or second is None or first.overlaps(second)


def _prefixes_meet(first: Prefix | None, second: Prefix | None) -> bool:
    if first is None or second is None:
        return True
    return first.version == second.version and first.overlaps(second)
