"""Address groups of a plan and what they are bound to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from translator.errors import PlanError
from translator.plan.model import Plan

__all__ = [
    "CLIENT_GROUPS",
    "STANDARD_GROUPS",
    "Bindings",
    "Prefix",
    "bound_addresses",
    "check_binding_names",
    "known_groups",
    "outside_groups",
    "resolve_group",
]

Prefix = IPv4Network | IPv6Network
Bindings = Mapping[str, Sequence[Prefix]]

CLIENT_GROUPS: Final = frozenset({"clients", "phones"})

# Groups that every plan knows; the preset says what each of them is.
STANDARD_GROUPS: Final = frozenset(
    {
        "application_servers",
        "clients",
        "conference_servers",
        "edge_internal",
        "exchange_um",
        "hosted_edge",
        "lync_servers",
        "mediation_servers",
        "phones",
        "pstn_gateways",
        "trusted_app_servers",
    }
)

_OUTSIDE: Final = frozenset({"hosted_edge"})


def known_groups(plan: Plan) -> frozenset[str]:
    """Return the groups that may be bound: those of the plan and the standard ones."""
    return STANDARD_GROUPS | {group.name for group in plan.groups}


def outside_groups(plan: Plan) -> frozenset[str]:
    """Return the groups whose packets enter by the site's Internet line."""
    return _OUTSIDE | {group.name for group in plan.groups if group.outside}


def resolve_group(plan: Plan, name: str, bindings: Bindings) -> tuple[Prefix, ...]:
    """Return the prefixes of a group; empty where nobody has bound it.

    A binding replaces what the plan says of the group, its union included.

    Raises:
        PlanError: the plan has no such group, or unions run in a circle.
    """
    return tuple(dict.fromkeys(_resolve(plan, name, bindings, ())))


def _resolve(
    plan: Plan, name: str, bindings: Bindings, path: tuple[str, ...]
) -> tuple[Prefix, ...]:
    if name in path:
        raise PlanError(
            f"address group {name} contains itself: {' > '.join((*path, name))}",
            where=plan.where,
            hint="take one of these groups out of the other's union_of",
        )
    if bindings.get(name):
        return tuple(bindings[name])
    group = next((item for item in plan.groups if item.name == name), None)
    if group is None:
        if name in STANDARD_GROUPS:
            return ()
        raise _unknown_group(plan, name)
    found = list(group.prefixes)
    for member in group.union_of:
        found.extend(_resolve(plan, member, bindings, (*path, name)))
    return tuple(found)


def bound_addresses(plan: Plan, groups: Sequence[str], bindings: Bindings) -> tuple[Prefix, ...]:
    """Return the prefixes of all groups together; empty where none of them is bound."""
    found = [prefix for name in groups for prefix in resolve_group(plan, name, bindings)]
    return tuple(dict.fromkeys(found))


def check_binding_names(plan: Plan, bindings: Bindings) -> None:
    """Refuse bindings of groups that neither the plan nor the standard vocabulary has.

    Raises:
        PlanError: names the unknown group and the nearest known one.
    """
    known = known_groups(plan)
    for name in bindings:
        if name not in known:
            raise _unknown_group(plan, name)


def _unknown_group(plan: Plan, name: str) -> PlanError:
    known = sorted(known_groups(plan))
    near = get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else "groups: " + ", ".join(known)
    return PlanError(f"plan {plan.name} has no address group {name!r}", where=plan.where, hint=hint)
