"""The judgement on every interface, direction and class of one configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from translator.audit.case import Case
from translator.audit.default_queue import with_shares_allowed
from translator.audit.groups import Group
from translator.audit.held_back import find_held_back
from translator.audit.kinds import kind
from translator.audit.memory import Memory, Told, stages_of
from translator.audit.missing import explain_missing, is_absent, where_it_is
from translator.audit.model import (
    ClassAudit,
    Direction,
    Evidence,
    Finding,
    Judgement,
    MatchedRanges,
    Placement,
)
from translator.audit.portmap import port_maps
from translator.audit.queues import packets_arriving_alike, queue_faults
from translator.audit.wording import (
    LAST,
    OTHER_TRAFFIC,
    SHAPING,
    UNTRUSTED,
    cut_text,
    evidence_of,
    not_understood,
    parameter,
    queue_finding,
    sentence,
    shown_names,
)
from translator.errors import UndecidedError
from translator.intents.capabilities import Feature
from translator.intents.condition import Condition
from translator.intents.device import Queuing
from translator.intents.pipeline import Service
from translator.verify.behaviour import ProgramCache
from translator.verify.classes import class_diagram
from translator.verify.compare import (
    Comparison,
    Side,
    Verdict,
    compare_by_class,
)
from translator.verify.diagram import TOO_DEEP, Node
from translator.verify.prove import OTHER, domain_of
from translator.verify.scheduling import queuing_doubts
from translator.verify.usage import unread_in_use

__all__ = ["Judged", "judge"]

_MAX_EVIDENCE: Final = 4
_LOWEST_SHAPER: Final = 0.9  # of the contracted rate
_CUT: Final = "nothing shows that the text is whole"


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgements on one configuration and the findings that explain them."""

    placements: tuple[Placement, ...]
    findings: tuple[Finding, ...]
    ports: tuple[MatchedRanges, ...] = ()


def judge(case: Case, memory: Memory | None = None) -> Judged:
    """Return the judgement on each class, in each direction of each interface with a role.

    Args:
        memory: shared by a whole run, so that what many texts have in common is judged once.
    """
    memory = Memory() if memory is None else memory
    judge_ = _Judge(with_shares_allowed(case, memory.default_queues), memory.programs)
    placements: list[Placement] = []
    findings: list[Finding] = []
    ports: dict[int, MatchedRanges] = {}  # by identity: most groups have the very same ones
    for group, key in zip(case.groups, memory.keys_of(case), strict=True):
        told = memory.known.get(key)
        if told is None:
            told = judge_.told(group)
            if key is not None:
                memory.known[key] = told
        placements += told.placements_of(group)
        findings += told.findings_of(group, case)
        ports.update(zip(map(id, told.ports), told.ports, strict=True))
    if case.found.incomplete and not case.settings.snippet:
        placements = [_doubted(item) for item in placements]
        findings.insert(0, cut_text(case))
    return Judged(tuple(placements), tuple(findings), tuple(dict.fromkeys(ports.values())))


class _Seen(Struct, frozen=True):
    """What the comparison of one class came to, and between which interfaces."""

    comparison: Comparison
    entry: str
    exit: str
    service: bool


class _Judge:
    """One configuration; what its interfaces have in common is looked up once."""

    def __init__(self, case: Case, cache: ProgramCache) -> None:
        self._case = case
        self._cache = cache
        self._domain: Condition | None = domain_of(case.intents, case.driver.capabilities)
        self._intents = {item.name: item for item in case.intents.interfaces}

    def told(self, group: Group) -> Told:
        """Return what is said of a group."""
        placements, findings = self._both_directions(group)
        named = [replace(item, interfaces=group.names) for item in placements]
        ports = port_maps(self._case, named, self._cache)
        return Told(group.name, placements, findings, ports, stages_of(self._case.found, group))

    def _both_directions(self, group: Group) -> tuple[list[Placement], list[Finding]]:
        """Return the placements of a group and its findings, without names of interfaces."""
        placement, findings = self._judged(group, Direction.IN, self._entering(group))
        placements = [placement]
        seen = self._leaving(group)
        if seen:
            placement, more = self._judged(group, Direction.OUT, seen)
            placements.append(placement)
            findings += more
        return where_it_is(placements, findings), findings

    # -- which packets, between which interfaces -------------------------------------------

    def _entering(self, group: Group) -> dict[str, _Seen]:
        wanted = self._case.wanted
        if self._intents[group.name].marks:
            classes = class_diagram(wanted, group.name, None, self._case.space, served=False)
        else:
            classes = class_diagram(wanted, OTHER, group.name, self._case.space)
        ways = [(group.name, name) for name in self._exits(group)]
        return self._seen(ways, classes, service=False)

    def _leaving(self, group: Group) -> dict[str, _Seen]:
        """Compare the queues; where none are asked for, whether leaving packets are left alone."""
        asked = self._intents[group.name].queuing is not None
        if not asked and not group.found.egress and group.found.queuing is None:
            return {}
        found: dict[str, _Seen] = {}
        for entry in self._entries(group):
            classes = class_diagram(self._case.wanted, entry, group.name, self._case.space)
            ways = [(entry, group.name)]
            for name, seen in self._seen(ways, classes, service=asked).items():
                _keep_worse(found, name, seen)
        return found

    def _exits(self, group: Group) -> list[str]:
        """Return interfaces to leave by; any will do, unless the platform acts where they leave."""
        late = self._case.driver.capabilities.has(Feature.MARK_AT_EGRESS)
        if not late and not self._case.found.other_interface.egress:
            return [OTHER]
        return self._others(group) or [OTHER]

    def _entries(self, group: Group) -> list[str]:
        """Return interfaces to enter by; any will do, unless the platform's default acts.

        Where queues are chosen by ports as packets leave, no default on entry has a say.
        """
        by_ports = self._intents[group.name].egress_classifier
        if by_ports or not self._case.found.other_interface.ingress:
            return [OTHER]
        return self._others(group) or [group.name]

    def _others(self, group: Group) -> list[str]:
        return [
            next(name for name in other.names if name != group.name)
            for other in self._case.groups
            if other is not group or len(group.names) > 1
        ]

    def _seen(
        self, ways: Iterable[tuple[str, str]], classes: Node, *, service: bool
    ) -> dict[str, _Seen]:
        found: dict[str, _Seen] = {}
        for entry, leaving in ways:
            arriving = None
            if service:
                arriving = packets_arriving_alike(
                    self._case, entry, leaving, self._domain, self._cache
                )
            compared = compare_by_class(
                Side(self._case.wanted, entry, leaving, self._cache),
                Side(self._case.found, entry, leaving, self._cache),
                self._case.space,
                classes,
                service=service,
                domain=self._domain,
                packets=arriving,
                max_boxes=_MAX_EVIDENCE,
            )
            for name, comparison in compared.items():
                for shown in shown_names(name):
                    _keep_worse(found, shown, _Seen(comparison, entry, leaving, service))
        return found

    # -- from comparisons to judgements ----------------------------------------------------

    def _judged(
        self, group: Group, direction: Direction, seen: dict[str, _Seen]
    ) -> tuple[Placement, list[Finding]]:
        rows = {name: self._class_audit(name, item) for name, item in seen.items()}
        findings: list[Finding] = []
        if is_absent(self._case, group, direction, self._cache) and _nothing_is_right(rows):
            evidence = self._evidence(seen)
            found = explain_missing(self._case, group, direction, evidence, self._cache)
            findings.append(found)
            rows = {name: _missing(row, found.message) for name, row in rows.items()}
        else:
            findings += self._class_findings(group, direction, seen, rows)
            if direction is Direction.OUT:
                findings += self._scheduling(group, rows)
        findings += self._unread(group, direction, rows)
        order = sorted(rows, key=lambda name: (name in LAST, name))
        entering = direction is Direction.IN
        policy = group.found.ingress_policy if entering else group.found.egress_policy
        classes = tuple(rows[name] for name in order)
        placement = Placement((), str(group.spec.role), direction, classes, policy or "")
        return placement, findings

    def _class_audit(self, name: str, seen: _Seen) -> ClassAudit:
        verdict = seen.comparison.verdict
        if verdict is Verdict.EQUAL:
            return ClassAudit(name, Judgement.COMPLIANT)
        if verdict in (Verdict.UNKNOWN, Verdict.UNDECIDED):
            return ClassAudit(name, Judgement.UNKNOWN, "; ".join(seen.comparison.reasons[:2]))
        first = seen.comparison.differences[0]
        wanted, found = (item.words(service=seen.service) for item in (first.wanted, first.found))
        reason = f"wanted {wanted}; found {found}"
        harmless = name == OTHER_TRAFFIC and not any(
            item.found.dropped or item.found.service is Service.PRIORITY
            for item in seen.comparison.differences
        )
        return ClassAudit(name, Judgement.EXTRA if harmless else Judgement.DIFFERENT, reason)

    def _class_findings(
        self,
        group: Group,
        direction: Direction,
        seen: dict[str, _Seen],
        rows: dict[str, ClassAudit],
    ) -> Iterator[Finding]:
        told: set[int] = set()
        for name, item in seen.items():
            if item.comparison.verdict is Verdict.EQUAL or id(item.comparison) in told:
                continue
            told.add(id(item.comparison))  # classes that share a queue share the comparison
            id_ = _KIND_OF[rows[name].judgement]
            if item.comparison.verdict is Verdict.UNDECIDED:
                id_ = "undecided"
            evidence = tuple(self._evidence({name: item}))
            lines = sorted({line for part in evidence for line in part.lines})
            yield Finding(
                id_,
                kind(id_).severity,
                sentence(name, direction, rows[name]),
                (),
                direction,
                name,
                rows[name].judgement,
                evidence,
                tuple(lines) or self._policy_lines(group, direction),
                tuple(dict.fromkeys(row for part in evidence for row in part.rows)),
                kind(id_).cure,
            )

    def _scheduling(self, group: Group, rows: dict[str, ClassAudit]) -> Iterator[Finding]:
        asked = self._intents[group.name].queuing
        if asked is None:
            extra = find_held_back(group)
            if extra is not None:
                if rows[OTHER_TRAFFIC].judgement is Judgement.COMPLIANT:
                    rows[OTHER_TRAFFIC] = ClassAudit(OTHER_TRAFFIC, Judgement.EXTRA, extra.message)
                yield extra
            return
        doubts = queuing_doubts(group.found)
        if doubts:
            rows[SHAPING] = ClassAudit(SHAPING, Judgement.UNKNOWN, "; ".join(doubts[:2]))
            return
        if asked.shaping_bps is not None:
            rows[SHAPING] = ClassAudit(SHAPING, Judgement.COMPLIANT)
        entries = self._entries(group)
        if OTHER not in entries:
            # No interface with a role may send packets to a queue: this one itself can.
            entries = [*dict.fromkeys((*entries, group.name))]
        try:
            found = queue_faults(
                self._case, self._intents[group.name], entries, self._domain, self._cache
            )
        except (UndecidedError, RecursionError):
            rows[SHAPING] = ClassAudit(SHAPING, Judgement.UNKNOWN, TOO_DEEP)
            return
        told = {name for name, row in rows.items() if row.judgement in _TOLD}
        for item in found:
            names = shown_names(item.queue) if item.queue else [SHAPING]
            if item.problem == "service" and told.issuperset(names):
                continue  # the treatment of the packets says so already
            if not item.queue and _just_below(asked.shaping_bps, group.found.queuing):
                continue
            finding = queue_finding(item, names[0])
            for name in names:
                rows[name] = ClassAudit(name, Judgement.DIFFERENT, parameter(item))
            yield finding

    def _unread(
        self, group: Group, direction: Direction, rows: dict[str, ClassAudit]
    ) -> Iterator[Finding]:
        unread = unread_in_use(self._case.found, group.names, direction.value)
        for name, row in rows.items() if unread else ():
            if row.judgement in (Judgement.COMPLIANT, Judgement.EXTRA):
                rows[name] = ClassAudit(name, Judgement.UNKNOWN, not_understood(unread))
        if direction is Direction.IN and unread:
            yield Finding(
                "treatment-unknown",
                kind("treatment-unknown").severity,
                f"{not_understood(unread)}: {unread[0].text.strip()}",
                judgement=Judgement.UNKNOWN,
                lines=tuple(item.line for item in unread),
                hint=kind("treatment-unknown").cure,
            )

    def _evidence(self, seen: dict[str, _Seen]) -> Iterator[Evidence]:
        for item in seen.values():
            for difference in item.comparison.differences:
                way = f"{item.entry} > {item.exit}"
                yield evidence_of(difference, way, service=item.service)

    def _policy_lines(self, group: Group, direction: Direction) -> tuple[int, ...]:
        """The policy whose rules all pass a packet by; without one, nothing but the interface."""
        entering = direction is Direction.IN
        name = group.found.ingress_policy if entering else group.found.egress_policy
        policy = self._case.found.policy(name) if name else None
        return () if policy is None else policy.lines


_KIND_OF: Final = {
    Judgement.DIFFERENT: "treatment-different",
    Judgement.EXTRA: "traffic-extra",
    Judgement.UNKNOWN: "treatment-unknown",
}
_TOLD: Final = (Judgement.DIFFERENT, Judgement.EXTRA)
_BAD: Final = (Verdict.DIFFERENT, Verdict.UNDECIDED, Verdict.UNKNOWN, Verdict.EQUAL)


def _keep_worse(found: dict[str, _Seen], name: str, seen: _Seen) -> None:
    known = found.get(name)
    if known is None or _BAD.index(seen.comparison.verdict) < _BAD.index(known.comparison.verdict):
        found[name] = seen


def _just_below(wanted_bps: int | None, found: Queuing | None) -> bool:
    """Whether a shaper stays a little below the contract, so that the provider drops nothing."""
    if wanted_bps is None or found is None or found.shaping_bps is None:
        return False
    return wanted_bps * _LOWEST_SHAPER <= found.shaping_bps <= wanted_bps


def _nothing_is_right(rows: dict[str, ClassAudit]) -> bool:
    planned = [row for name, row in rows.items() if name not in (OTHER_TRAFFIC, UNTRUSTED)]
    return bool(planned) and all(row.judgement is Judgement.DIFFERENT for row in planned)


def _missing(row: ClassAudit, message: str) -> ClassAudit:
    if row.judgement is Judgement.COMPLIANT:
        return row
    return ClassAudit(row.name, Judgement.MISSING, message)


def _doubted(placement: Placement) -> Placement:
    """A cut text can prove a difference as far as it goes, but nothing else."""
    return replace(
        placement,
        classes=tuple(
            item
            if item.judgement is Judgement.DIFFERENT
            else ClassAudit(item.name, Judgement.UNKNOWN, _CUT)
            for item in placement.classes
        ),
    )
