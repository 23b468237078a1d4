"""Bundles whose QoS stands on their members: the members are judged as what the bundle is said to
be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from translator.audit.kinds import kind
from translator.audit.model import Finding, RoleGiven, Severity
from translator.intents.compile import InterfaceSpec
from translator.intents.port import Port
from translator.verify.names import spelled_among

__all__ = ["AtMembers", "judged_at_members"]


@dataclass(frozen=True, slots=True)
class AtMembers:
    """The interfaces to be judged, members in place of bundles.

    Attributes:
        roles: those of the members that come from a bundle.
        findings: where a role was given to a bundle.
    """

    specs: tuple[InterfaceSpec, ...]
    roles: tuple[RoleGiven, ...] = ()
    findings: tuple[Finding, ...] = ()


def judged_at_members(specs: tuple[InterfaceSpec, ...], ports: tuple[Port, ...]) -> AtMembers:
    """Return what is to be judged where the platform wants the QoS of a bundle on its members.

    A bundle of which the text shows no member in use, or that has a rate, which is not that of one
    member, is judged by itself: as unknown.
    """
    bundles = {port.name: port for port in ports if port.qos_at and not port.bundle}
    if not bundles:
        return AtMembers(specs)
    known = {spec.name for spec in specs}
    found: list[InterfaceSpec] = []
    roles: list[RoleGiven] = []
    findings: list[Finding] = []
    for spec in specs:
        bundle = bundles.get(spelled_among(bundles, spec.name))
        if bundle is None:
            found.append(spec)
            continue
        members = tuple(_members(bundle, ports)) if spec.rate_bps is None else ()
        findings.append(_finding(spec, bundle, members))
        new = tuple(name for name in members if name not in known)
        found += [replace(spec, name=name) for name in new] if members else [spec]
        if new:
            roles.append(RoleGiven(new, spec.role, f"a member of {bundle.name}"))
        known.update(new)
    return AtMembers(tuple(found), tuple(roles), tuple(findings))


def _members(bundle: Port, ports: tuple[Port, ...]) -> Iterator[str]:
    for port in ports:
        if port.bundle.lower() == bundle.name.lower() and not port.shutdown:
            yield port.name


def _finding(spec: InterfaceSpec, bundle: Port, members: tuple[str, ...]) -> Finding:
    given = f"{bundle.name} was given the role {spec.role}; the QoS of a bundle belongs to"
    if members:
        names = ", ".join(members)
        text = f"{given} {bundle.qos_at}, which are judged in its place: {names}"
        hint = f"give the role to {names}"
    else:
        text = f"{given} {bundle.qos_at}, of which the text shows none to be judged in its place"
        hint = "give the role to the physical ports"
    id_ = kind("bundle-member")
    return Finding(
        id_.id,
        Severity.NOTE if members else id_.severity,
        text,
        (bundle.name,),
        lines=(bundle.line,) if bundle.line else (),
        hint=hint,
    )
