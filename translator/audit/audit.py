"""From one configuration text to its audit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from translator.audit.bundles import asked_at_wrong_end, misplaced, why_elsewhere
from translator.audit.case import Case, Settings
from translator.audit.detectors import find_all
from translator.audit.groups import Group, groups_of, specs_to_judge
from translator.audit.judge import Judged, judge
from translator.audit.kinds import kind
from translator.audit.memory import Memory
from translator.audit.model import (
    DeviceAudit,
    Finding,
    Judgement,
    RepairText,
    RoleGiven,
    Severity,
)
from translator.audit.numbering import read_shared
from translator.audit.other_platform import looks_otherwise
from translator.audit.roles import infer_roles
from translator.audit.vlans import judged_at_vlans
from translator.audit.wanted import Wanted, Wishes
from translator.drivers.base import DescribesPorts, Driver
from translator.drivers.capture import lines_of
from translator.drivers.detect import AUTO, detect
from translator.drivers.registry import driver
from translator.errors import TranslatorError, UnsupportedIntentError
from translator.intents.compile import InterfaceSpec
from translator.intents.device import DeviceQos
from translator.intents.match import Prefix
from translator.intents.port import Port
from translator.plan.model import Plan
from translator.verify.diagram import Space
from translator.verify.names import spelled_out
from translator.verify.prove import assumptions_of

__all__ = ["Auditor", "Subject"]

_CONTEXT: Final = 2
_MAX_EXCERPT: Final = 40
_ORDER: Final = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class Subject:
    """One text to be audited.

    Attributes:
        interfaces: the interfaces with their roles; None: roles are inferred from the text.
        addresses: prefixes by address group of the plan.
    """

    device: str
    file: str
    text: str
    platform: str = AUTO
    interfaces: tuple[InterfaceSpec, ...] | None = None
    addresses: tuple[tuple[str, tuple[Prefix, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class _Roles:
    """Which interfaces are judged as what; `wrong` are those named whose QoS stands elsewhere."""

    specs: tuple[InterfaceSpec, ...]
    given: tuple[RoleGiven, ...]
    left_alone: tuple[tuple[str, str], ...] = ()
    assumptions: tuple[str, ...] = ()
    wrong: Mapping[str, Port] = field(default_factory=dict)


class Auditor:
    """Audits the texts of one plan; what they have in common is worked out once."""

    def __init__(self, plan: Plan, settings: Settings | None = None) -> None:
        self._plan = plan
        self._settings = settings or Settings()
        self._wishes = Wishes(plan)
        self._space = Space()
        self._memory = Memory()

    def audit(self, subject: Subject) -> DeviceAudit:
        """Return what is wrong with a text.

        Raises:
            DriverError, ParseError: it is of no platform that is known, or not of the one given.
            PlanError: a role needs plan rows that cannot be rendered.
        """
        self._space.recycle()
        self._memory.recycle()
        reader, detected = _reader(subject)
        found, numbering = read_shared(reader, subject.text, subject.file)
        ports = reader.ports(subject.text) if isinstance(reader, DescribesPorts) else ()
        roles = _roles(subject, found, ports)
        groups = groups_of(roles.specs, found, self._memory.programs)
        wanted, groups, unsupported = self._wanted(subject, groups, reader)
        intents = wanted.intents
        case = Case(
            reader,
            subject.text,
            found,
            ports,
            self._plan,
            groups,
            intents,
            wanted.device,
            self._space,
            self._settings,
            subject.addresses,
            numbering,
            self._memory.programs,
        )
        judged = judge(case, self._memory)
        others = [_of_all(item, groups) for item in find_all(case)]
        if subject.interfaces is None:
            others += _not_judged(roles, case)
        else:
            others += asked_at_wrong_end(subject.interfaces, roles.wrong, found, ports)
        findings = [*judged.findings, *map(numbering.finding, others)]
        qos_lines = numbering.own(found.qos_lines)
        return DeviceAudit(
            device=subject.device,
            file=subject.file,
            platform=reader.platform,
            detected=detected,
            plan=self._plan.name,
            placements=tuple(map(numbering.placement, judged.placements)),
            findings=_presented(findings, subject.text, qos_lines),
            roles=roles.given,
            left_alone=(*roles.left_alone, *unsupported),
            notes=(*_of_another_platform(subject, found), *intents.refused),
            assumptions=(
                *assumptions_of(intents, found, reader.capabilities),
                *roles.assumptions,
            ),
            qos_lines=len(qos_lines),
            understood=len(found.understood),
            unread=tuple(map(numbering.unread, found.unread)),
            ports_matched=judged.ports,
            repair=self._repair(subject, case) if _wants_repair(case, judged) else None,
        )

    def _repair(self, subject: Subject, case: Case) -> RepairText:
        """Return what repairs the text, or why nothing does."""
        from translator.audit.repair import repair  # brings a second model of the device

        specs = [replace(group.spec, name=name) for group in case.groups for name in group.names]
        try:
            found = repair(
                case.driver,
                case.text,
                self._wished(subject, specs, case.driver).intents,
                snippet=self._settings.snippet,
                file=subject.file,
                tolerance=self._settings.tolerance,
            )
        except TranslatorError as error:
            return RepairText(refused=str(error))
        known = assumptions_of(case.intents, case.found, case.driver.capabilities)
        assumed = [f"assumed: {item}" for item in found.assumptions if item not in known]
        proven = [f"proved: {item}" for item in found.proof]
        return RepairText(found.commands, found.rollback, (*found.notes, *assumed, *proven))

    def _wished(self, subject: Subject, specs: Sequence[InterfaceSpec], reader: Driver) -> Wanted:
        return self._wishes.of(subject.device, specs, subject.addresses, reader)

    def _wanted(
        self, subject: Subject, groups: tuple[Group, ...], reader: Driver
    ) -> tuple[Wanted, tuple[Group, ...], tuple[tuple[str, str], ...]]:
        """Return what is wanted, as the platform can express it, of the groups where it can."""

        def wished(chosen: Sequence[Group]) -> Wanted:
            return self._wished(subject, specs_to_judge(chosen), reader)

        try:
            return wished(groups), groups, ()
        except UnsupportedIntentError:
            possible: list[Group] = []
            refused: list[tuple[str, str]] = []
            for group in groups:
                try:
                    wished((group,))
                    possible.append(group)
                except UnsupportedIntentError as error:
                    refused += [(name, error.problem) for name in group.names]
            return wished(possible), tuple(possible), tuple(refused)


def _reader(subject: Subject) -> tuple[Driver, str]:
    if subject.platform != AUTO:
        return driver(subject.platform), ""
    seen = detect(subject.text, file=subject.file)
    return driver(seen.driver), seen.reason


def _of_another_platform(subject: Subject, found: DeviceQos) -> tuple[str, ...]:
    told = "" if subject.platform == AUTO else looks_otherwise(found, subject.text)
    return (told,) if told else ()


def _wants_repair(case: Case, judged: Judged) -> bool:
    return case.settings.repair and any(
        item.judgement is not Judgement.COMPLIANT for item in judged.placements
    )


def _roles(subject: Subject, found: DeviceQos, ports: tuple[Port, ...]) -> _Roles:
    if subject.interfaces is None:
        inferred = infer_roles(found, ports)
        at = judged_at_vlans(inferred.specs, found, ports)
        judged = {name for role in at.roles for name in role.interfaces}
        alone = tuple(item for item in inferred.left_alone if item[0] not in judged)
        return _Roles(at.specs, (*inferred.roles, *at.roles), alone, at.assumptions)
    wrong = misplaced((spec.name for spec in subject.interfaces), ports)
    specs = tuple(spec for spec in subject.interfaces if spec.name not in wrong)
    by_role: dict[str, list[str]] = {}
    for spec in specs:
        by_role.setdefault(str(spec.role), []).append(spec.name)
    given = tuple(RoleGiven(tuple(names), role) for role, names in by_role.items())
    at = judged_at_vlans(specs, found, ports)
    elsewhere = tuple((name, why_elsewhere(port)) for name, port in wrong.items())
    alone = (*elsewhere, *_without_role((*at.specs, *subject.interfaces), found))
    return _Roles(at.specs, (*given, *at.roles), alone, at.assumptions, wrong)


def _without_role(specs: tuple[InterfaceSpec, ...], found: DeviceQos) -> Iterator[tuple[str, str]]:
    """Yield interfaces that have a policy but no role: nobody said what to hold it against."""
    asked = {spelled_out(found, spec.name) for spec in specs}
    # A port stands for its unit (`ge-0/0/0.0`) where both have the very same policies.
    units = {
        (item.name.rpartition(".")[0], item.ingress_policy, item.egress_policy)
        for item in found.interfaces
    }
    for item in found.interfaces:
        policies = [name for name in (item.ingress_policy, item.egress_policy) if name]
        of_unit = (item.name, item.ingress_policy, item.egress_policy) in units
        if policies and item.name not in asked and not of_unit:
            yield item.name, f"has {' and '.join(policies)}, and no role was given"


def _not_judged(roles: _Roles, case: Case) -> Iterator[Finding]:
    """Yield the policies on interfaces in use whose role nobody gave and the text does not tell."""
    for name, reason in roles.left_alone:
        port, qos = case.port(name), case.found.interface(name)
        policies = tuple(filter(None, (qos.ingress_policy, qos.egress_policy)))
        if qos.name != name or not policies or port is None or port.shutdown or port.qos_at:
            continue
        id_ = kind("policy-not-judged")
        yield Finding(
            id_.id,
            id_.severity,
            f"{' and '.join(policies)} is not judged: {reason.partition(';')[0]}",
            (name,),
            lines=qos.lines or tuple(filter(None, (port.line,))),
            hint=id_.cure,
        )


def _of_all(finding: Finding, groups: tuple[Group, ...]) -> Finding:
    """A finding about an interface that stands for others is about these too."""
    told = set(finding.interfaces)
    names = dict.fromkeys(finding.interfaces)
    for group in groups:
        if len(group.names) > 1 and not told.isdisjoint(group.names[:2]):
            names.update(dict.fromkeys(group.names))
    return finding if len(names) == len(told) else replace(finding, interfaces=tuple(names))


def _presented(findings: list[Finding], text: str, shown: set[int]) -> tuple[Finding, ...]:
    """The findings, worst first, each with its lines in context, if these are to be shown."""
    lines = lines_of(text)
    ordered = sorted(findings, key=lambda item: _ORDER.index(item.severity))
    # Half of the findings are about lines that another one is about, too.
    excerpts = {own: _excerpt(own, lines, shown) for own in {item.lines for item in findings}}
    return tuple(
        replace(item, excerpt=excerpts[item.lines]) if item.lines else item for item in ordered
    )


def _excerpt(
    own: tuple[int, ...], lines: list[str], shown: set[int]
) -> tuple[tuple[int, str], ...]:
    """A finding's lines and those neighbours that are QoS lines too, which hold no secret."""
    near = {line + step for line in own for step in range(-_CONTEXT, _CONTEXT + 1)}
    told = sorted((near & shown).union(own))
    return tuple(
        (line, lines[line - 1].rstrip()) for line in told[:_MAX_EXCERPT] if line <= len(lines)
    )
