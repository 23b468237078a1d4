"""From the plan and the role of each interface to the intents of one device."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from translator.codepoint import CodePoint
from translator.errors import PlanError, UsageError
from translator.intents.match import PROTOCOL_NUMBERS, Match, Prefix, within
from translator.intents.model import (
    ClassifierRule,
    DeviceIntents,
    InterfaceIntents,
    QueueIntent,
    QueuingIntent,
    Role,
    TrafficClass,
    check_interface_name,
)
from translator.intents.pipeline import Service
from translator.intents.placement import comes_from_outside, concerns
from translator.plan.legs import legs_of, senders_of
from translator.plan.model import Plan, PlanRow, QueueRow, Treatment
from translator.plan.select import Refusal, chosen_rows, renderable_rows, resolve_group
from translator.plan.shares import QueueShare, check_shares, with_shares
from translator.ports import PortRange

__all__ = [
    "Bindings",
    "Compiler",
    "InterfaceSpec",
    "compile_intents",
    "parse_rate",
    "rules_of_all_senders",
]

Bindings = Mapping[str, Sequence[Prefix]]

_RATE: Final = re.compile(r"(\d+(?:\.\d+)?)([kMG]?)")
_UNIT: Final = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}

_QUEUING_ROLES: Final = frozenset({Role.UPLINK, Role.WAN, Role.INTERNET})

_SERVICE: Final = {
    Treatment.PRIORITY: Service.PRIORITY,
    Treatment.BANDWIDTH: Service.GUARANTEED,
    Treatment.FAIR: Service.BEST_EFFORT,
}


def parse_rate(text: str) -> int:
    """Return bit/s of `512k`, `10M`, `2.5G` or a plain number of bit/s (decimal units).

    Raises:
        UsageError: not a rate, or not between 8 kbit/s and 800 Gbit/s.
    """
    found = _RATE.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{text!r} is no rate", hint="write 512k, 10M or 1G (bit/s)")
    rate = round(float(found[1]) * _UNIT[found[2]])
    if not 8_000 <= rate <= 800 * 10**9:
        raise UsageError(f"rate {text} is not within 8k-800G", hint="rates are in bit/s: 10M")
    return rate


class InterfaceSpec(Struct, frozen=True):
    """An interface, what is on its other side, and the rate of its line or contract.

    Attributes:
        shares: what queues get on this line instead of what the plan gives them on every line.
    """

    name: str
    role: Role
    rate_bps: int | None = None
    shares: tuple[QueueShare, ...] = ()

    def __post_init__(self) -> None:
        check_interface_name(self.name)
        if not self.shares:
            return
        check_shares(self.shares)
        if self.role not in _QUEUING_ROLES:
            raise UsageError(
                f"an interface of role {self.role} has no queues",
                hint=f"give shares to roles {', '.join(sorted(_QUEUING_ROLES))}",
            )

    @classmethod
    def of(cls, text: str) -> InterfaceSpec:
        """Return the spec of `Gi0/1=wan:10M` or `Gi0/2=client`.

        Raises:
            UsageError: another form, an unknown role or a bad rate.
        """
        name, equals, rest = text.rpartition("=")
        role, _, rate = rest.partition(":")
        if not equals or not name:
            raise UsageError(
                f"{text!r} is no interface with a role", hint="write NAME=ROLE or NAME=ROLE:RATE"
            )
        if role not in list(Role):
            raise UsageError(
                f"{text!r}: unknown role {role!r}", hint="roles: " + ", ".join(list(Role))
            )
        return cls(name, Role(role), parse_rate(rate) if rate else None)


def compile_intents(
    plan: Plan, device: str, interfaces: Iterable[InterfaceSpec], bindings: Bindings
) -> DeviceIntents:
    """Return the intents of one device; for many devices keep one `Compiler`.

    Raises:
        PlanError: a role needs plan rows that cannot be rendered with these bindings.
    """
    return Compiler(plan).compile(device, interfaces, bindings)


def rules_of_all_senders(
    plan: Plan, bindings: Bindings
) -> tuple[tuple[ClassifierRule, ...], tuple[Refusal, ...]]:
    """Return the rules for packets on the wire, whoever sent them, and the refused rows.

    Rows that the network cannot tell apart are one rule, as on a device; the first match decides.

    Raises:
        PlanError: as `renderable_rows`, or two rows match the same packets and want two marks.
    """
    rows = _Rows(plan, bindings)
    return rows.rules(None), rows.refused


class Compiler:
    """Compiles one plan for many devices; equal roles and bindings are compiled once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rows: dict[tuple[object, ...], _Rows] = {}
        self._roles: dict[tuple[object, ...], InterfaceIntents] = {}

    def compile(
        self, device: str, interfaces: Iterable[InterfaceSpec], bindings: Bindings
    ) -> DeviceIntents:
        """Return the intents of one device (see `compile_intents`)."""
        key = tuple(sorted((name, tuple(value)) for name, value in bindings.items()))
        rows = self._rows.get(key)
        if rows is None:
            rows = self._rows[key] = _Rows(self._plan, bindings)
        specs = tuple(interfaces)
        return DeviceIntents(
            device=device,
            plan=self._plan.name,
            interfaces=tuple(self._interface(spec, rows, key) for spec in specs),
            refused=tuple(str(item) for item in rows.refused_for({spec.role for spec in specs})),
        )

    def _interface(
        self, spec: InterfaceSpec, rows: _Rows, key: tuple[object, ...]
    ) -> InterfaceIntents:
        kind = (spec.role, spec.rate_bps, spec.shares, key)
        cached = self._roles.get(kind)
        if cached is None:
            cached = self._roles[kind] = _ROLES[spec.role](self._plan, rows, spec)
        return InterfaceIntents(
            name=spec.name,
            role=cached.role,
            classifier=cached.classifier,
            reset=cached.reset,
            queuing=cached.queuing,
            egress_classifier=cached.egress_classifier,
            link_bps=spec.rate_bps,
        )


class _Rows:
    """The renderable rows of a plan under one set of bindings, as classifier rules."""

    def __init__(self, plan: Plan, bindings: Bindings) -> None:
        self._plan = plan
        self._bindings = bindings
        self._kept, self._refused = renderable_rows(plan, bindings)
        self._class_names = _class_names(self._kept)

    def refused_for(self, roles: set[Role]) -> tuple[Refusal, ...]:
        """Return the refusals that concern one of the roles."""
        return tuple(
            item
            for item in self._refused
            if any(self._is_of(self._plan.row(item.row_id), role) for role in roles)
        )

    def _is_of(self, row: PlanRow, role: Role | None) -> bool:
        return role is None or concerns(self._plan, row, role)

    @property
    def refused(self) -> tuple[Refusal, ...]:
        """The rows that must not be rendered."""
        return self._refused

    def rules(self, role: Role | None, *, inbound: bool = False) -> tuple[ClassifierRule, ...]:
        """Return the rules for packets of the role's senders, or of all; equal matches collapsed.

        With `inbound`, the rules for packets that come from the far side of an Internet line.
        """
        merged: _Origins = {}
        for row in self._kept:
            wanted = comes_from_outside(self._plan, row) if inbound else self._is_of(row, role)
            if not wanted or row.code_point is None:
                continue
            traffic_class = TrafficClass(self._class_names[row.id], row.code_point)
            for match in self._matches(row):
                known, origins = merged.setdefault(match, (traffic_class, []))
                if known != traffic_class:
                    raise PlanError(
                        f"rows {origins[0].id} and {row.id} match the same packets but want "
                        f"{known.code_point} and {traffic_class.code_point}",
                        where=row.where,
                        hint="a network sees no executable: give both the same DSCP or ports",
                    )
                origins.append(row)
        return tuple(
            ClassifierRule(match, traffic_class, rows, f"{traffic_class.name} {' '.join(rows)}")
            for match, (traffic_class, origins) in _reachable(merged).items()
            for rows in [tuple(dict.fromkeys(row.id for row in origins))]
        )

    def _matches(self, row: PlanRow) -> list[Match]:
        sources = self._addresses(row, senders_of(row))
        destinations = self._addresses(row, row.destinations)
        code_points = () if row.match_code_point is None else (row.match_code_point,)
        by_ports: dict[tuple[PortRange, ...], list[int]] = {}
        for leg in legs_of(row):
            by_ports.setdefault(leg.source_ports, []).append(PROTOCOL_NUMBERS[leg.transport])
        return [
            Match(
                protocols=tuple(sorted(protocols)),
                sources=sources,
                destinations=destinations,
                source_ports=ports,
                destination_ports=row.destination_ports,
                code_points=code_points,
            )
            for ports, protocols in by_ports.items()
        ]

    def _addresses(self, row: PlanRow, groups: tuple[str, ...]) -> tuple[Prefix, ...]:
        found: list[Prefix] = []
        for group in groups:
            found.extend(resolve_group(self._plan, group, self._bindings))
        if groups and not found and not row.port_only_safe:
            raise PlanError(
                f"row {row.id} needs addresses of {' and '.join(groups)}",
                where=row.where,
                hint=f"bind them: --address {groups[0]}=PREFIX",
            )
        return tuple(dict.fromkeys(found))


_Origins = dict[Match, tuple[TrafficClass, list[PlanRow]]]


def _reachable(merged: _Origins) -> _Origins:
    """Drop matches that an earlier one of the same class covers; their rows join that one."""
    kept: _Origins = {}
    for match, (traffic_class, origins) in merged.items():
        for earlier, (known, rows) in kept.items():
            if known == traffic_class and within(match, earlier):
                rows.extend(origins)
                break
        else:
            kept[match] = (traffic_class, origins)
    return kept


def _class_names(rows: Iterable[PlanRow]) -> dict[str, str]:
    """Return the class name per row id: its medium, with the code point where one is not enough."""
    code_points: dict[str, set[CodePoint]] = {}
    marked = [row for row in rows if row.code_point is not None]
    for row in marked:
        if row.code_point is not None:
            code_points.setdefault(row.media, set()).add(row.code_point)
    return {
        row.id: row.media
        if len(code_points[row.media]) == 1 or row.code_point is None
        else f"{row.media}_{row.code_point.name}"
        for row in marked
    }


def _edge(plan: Plan, rows: _Rows, spec: InterfaceSpec) -> InterfaceIntents:
    """A trust boundary: classify by the plan; whoever else carries a mark of the plan loses it."""
    rules = rows.rules(spec.role)
    # Without its servers' addresses a server port would only erase the marks of their media.
    if not any(rule.match.sources or spec.role is not Role.SERVER for rule in rules):
        raise _nothing_there(plan, spec)
    return InterfaceIntents(spec.name, spec.role, classifier=rules, reset=_marks(plan))


def _nothing_there(plan: Plan, spec: InterfaceSpec) -> PlanError:
    problem = f"interface {spec.name} has role {spec.role}, but no row of plan {plan.name} "
    concerned = [row for row in chosen_rows(plan) if concerns(plan, row, spec.role)]
    if not concerned:
        return PlanError(
            problem + "is about such senders",
            hint="leave the interface out, or give it another role",
        )
    groups = list(dict.fromkeys(name for row in concerned for name in senders_of(row)))
    return PlanError(
        problem + "can be rendered there",
        hint=f"bind address groups of its senders ({', '.join(groups)}), such as "
        f"--address {groups[0]}=10.1.1.0/24"
        if groups
        else "see `plan check`: its rows are refused for other reasons",
    )


def _trusted(plan: Plan, _rows: _Rows, spec: InterfaceSpec) -> InterfaceIntents:
    """Inside the trust boundary: keep marks, queue by them, shape where a rate is contracted."""
    shaping = spec.rate_bps if spec.role is Role.WAN else None
    queuing = _queuing(plan, spec, shaping)
    return InterfaceIntents(spec.name, spec.role, reset=_forbidden(plan), queuing=queuing)


def _internet(plan: Plan, rows: _Rows, spec: InterfaceSpec) -> InterfaceIntents:
    """The small office's line: marks mean nothing beyond it, so queue outbound by ports."""
    queuing = _queuing(plan, spec, spec.rate_bps)
    queue_of = {point: queue.name for queue in queuing.queues for point in queue.code_points}
    outbound = tuple(
        replace(rule, traffic_class=TrafficClass(queue_of[point], None))
        for rule in rows.rules(Role.CLIENT)
        if (point := rule.traffic_class.code_point) in queue_of
    )
    return InterfaceIntents(
        spec.name,
        spec.role,
        classifier=rows.rules(Role.INTERNET, inbound=True),
        reset=_forbidden(plan),
        queuing=queuing,
        egress_classifier=outbound,
    )


_ROLES: Final = {
    Role.CLIENT: _edge,
    Role.PHONE: _edge,
    Role.SERVER: _edge,
    Role.UPLINK: _trusted,
    Role.WAN: _trusted,
    Role.INTERNET: _internet,
}


def _marks(plan: Plan) -> tuple[CodePoint, ...]:
    """Every code point that the plan writes, queues or forbids, but 0."""
    queued = {point for queue in plan.queues for point in queue.code_points}
    return tuple(sorted({*plan.code_points, *queued, *_forbidden(plan)} - {CodePoint(0)}))


def _forbidden(plan: Plan) -> tuple[CodePoint, ...]:
    """The code points that the plan lets nobody carry."""
    allowed = plan.options.allowed_code_points
    points = (CodePoint(number) for number in range(1, 64)) if allowed else ()
    return tuple(point for point in points if point not in allowed)


def _queuing(plan: Plan, spec: InterfaceSpec, shaping_bps: int | None) -> QueuingIntent:
    try:
        queues = with_shares(plan.queues, spec.shares)
    except PlanError as error:
        raise PlanError(
            f"interface {spec.name}: {error.problem}", where=plan.where, hint=error.hint
        ) from None
    ordered = sorted(queues, key=_strictness)
    return QueuingIntent(tuple(_queue(row) for row in ordered), shaping_bps)


def _strictness(row: QueueRow) -> int:
    if row.media is None:
        return len(Treatment)
    return list(Treatment).index(row.treatment)


def _queue(row: QueueRow) -> QueueIntent:
    return QueueIntent(
        name=row.name,
        service=_SERVICE[row.treatment],
        code_points=() if row.media is None else row.code_points,
        percent=row.percent,
        congestion_avoidance=row.congestion_avoidance,
        source=f"{row.source} [{row.confidence}]" if row.confidence else row.source,
    )
