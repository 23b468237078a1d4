"""What a run has judged already: texts of a fleet share most of their policies.

Drivers may give several texts the very same stage objects. Interfaces with the same role and the
same stages are judged alike, so the judgement is kept under the identity of the stages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from translator.audit.case import Case
from translator.audit.default_queue import StagesKnown
from translator.audit.groups import Group
from translator.audit.missing import bound_here, is_there, is_without_effect
from translator.audit.model import Finding, MatchedRanges, Placement
from translator.intents.capabilities import Feature
from translator.intents.device import DeviceQos
from translator.intents.pipeline import Stage
from translator.verify.behaviour import ProgramCache

__all__ = ["Memory", "Told", "stages_of"]

_MAX_PROGRAMS: Final = 5_000
_MAX_KNOWN: Final = 5_000
_BINDS: Final = ("policy-", "interface-missing")


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a group, without the names of its interfaces and without their own lines,
    and of lines in shared numbers.

    `kept` holds the stages whose identity the key rests on, so that no other takes their place.
    """

    name: str
    placements: list[Placement]
    findings: list[Finding]
    ports: tuple[MatchedRanges, ...]
    kept: tuple[Stage, ...]

    def placements_of(self, group: Group) -> Iterator[Placement]:
        """Yield the placements of a group that is judged alike."""
        for item in self.placements:
            yield replace(item, interfaces=group.names)

    def findings_of(self, group: Group, case: Case) -> Iterator[Finding]:
        """Yield the findings of a group that is judged alike, about the text's own lines."""
        numbering = case.numbering
        renamed: dict[str, str] = {}
        for item in self.findings:
            for part in item.evidence:
                if part.way not in renamed:
                    renamed[part.way] = self._renamed(part.way, group)
            yield replace(
                item,
                interfaces=group.names,
                message=numbering.words(item.message),
                hint=numbering.words(item.hint),
                lines=numbering.lines(_lines(item, group, case)),
                evidence=tuple([numbering.evidence(x, renamed[x.way]) for x in item.evidence]),
            )

    def _renamed(self, way: str, group: Group) -> str:
        ends = way.split(" > ")
        return " > ".join([group.name if end == self.name else end for end in ends])


def stages_of(found: DeviceQos, group: Group) -> tuple[Stage, ...]:
    """Return the stages that a judgement on a group may rest on."""
    own = (*found.forward, *group.found.ingress, *group.found.egress)
    return own + tuple(stage for policy in found.policies for stage in policy.stages)


def _lines(finding: Finding, group: Group, case: Case) -> Iterator[int]:
    """The finding's lines; where it is the interface that lacks something, its own too."""
    yield from finding.lines
    if finding.kind.startswith(_BINDS):
        ports = (case.port(name) for name in group.names)
        yield from (port.line for port in ports if port is not None and port.line)
    elif not finding.lines:
        for name in group.names:
            yield from case.found.interface(name).lines


@dataclass(slots=True)
class Memory:
    """Programs and judgements of a run; it forgets when it has grown too large."""

    programs: ProgramCache = field(default_factory=ProgramCache)
    known: dict[object, Told] = field(default_factory=dict)
    default_queues: StagesKnown = field(default_factory=dict)

    def recycle(self) -> None:
        """Forget everything if there is too much of it."""
        if len(self.programs) > _MAX_PROGRAMS or len(self.known) > _MAX_KNOWN:
            self.programs = ProgramCache()
            self.known = {}
            self.default_queues = {}

    def keys_of(self, case: Case) -> Iterator[object]:
        """Yield what decides the judgement on each group; None: more than can be named."""
        found, other = case.found, case.found.other_interface
        late = case.driver.capabilities.has(Feature.MARK_AT_EGRESS)
        hidden = found.unread or other.ingress or other.egress or late
        wishes = {item.name: item for item in case.intents.interfaces}
        forward = tuple(map(id, found.forward))
        for group in case.groups:
            if hidden or group.key[0]:
                yield None
                continue
            wanted, own = wishes[group.name], group.found
            bare = (wanted.marks and not (own.ingress and own.ingress_policy)) or (
                wanted.queuing is not None and not own.egress
            )
            yield (
                case.driver.platform,
                case.asked,
                group.key,
                forward,
                is_there(case, group),
                _policies(case, group) if bare else None,
                found.notes if bare and is_without_effect(case, group) else None,
            )


def _policies(case: Case, group: Group) -> tuple[object, ...]:
    """Where something is missing, the policies count that could be bound."""
    names = frozenset(group.names)
    return tuple(
        (
            policy.name,
            tuple(map(id, policy.stages)),
            not policy.bound,
            bound_here(names, policy),
        )
        for policy in case.found.policies
    )
