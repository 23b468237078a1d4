"""The difference between two plans: words, packets, and whether anything differs at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from translator.audit.plandiff.flows import flows_of
from translator.audit.plandiff.packets import RoleDiff, compare_role
from translator.audit.plandiff.settings import setting_lines
from translator.audit.plandiff.words import Line, names_differ, row_lines
from translator.intents.match import Prefix
from translator.intents.model import Role
from translator.plan.groups import check_binding_names, known_groups
from translator.plan.model import Plan
from translator.verify.compare import Verdict
from translator.verify.diagram import Space

__all__ = ["ROLES", "PlanDiff", "plan_diff"]

ROLES: Final = (Role.CLIENT, Role.SERVER, Role.WAN)


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """What changes from plan A to plan B.

    Attributes:
        lines: what differs in words: rows by meaning, queues, port settings, groups, options.
        renamed: rows are called otherwise or stand in another order.
        roles: what differs over all packets, for each role that was asked for.
    """

    a: str
    b: str
    lines: tuple[Line, ...]
    renamed: bool
    roles: tuple[RoleDiff, ...]

    @property
    def packets(self) -> Verdict:
        """The verdict over all packets of all roles: the worst one."""
        found = {item.verdict for item in self.roles}
        for verdict in (Verdict.DIFFERENT, Verdict.UNDECIDED, Verdict.UNKNOWN):
            if verdict in found:
                return verdict
        return Verdict.EQUAL

    @property
    def verdict(self) -> Verdict:
        """DIFFERENT where words or packets differ; names alone make no difference."""
        return Verdict.DIFFERENT if self.lines else self.packets


def plan_diff(
    a: Plan,
    b: Plan,
    bindings: Mapping[str, Sequence[Prefix]] | None = None,
    roles: Iterable[Role] = ROLES,
    space: Space | None = None,
) -> PlanDiff:
    """Return what changes when plan B takes the place of plan A.

    Args:
        bindings: addresses of groups of either plan.
        roles: the interfaces that are compared over all packets.

    Raises:
        PlanError: a binding names a group that neither plan has, or a plan contradicts itself.
    """
    own_a, own_b = _shared(a, b, bindings or {})
    space = space or Space()
    flows_a, flows_b = flows_of(a), flows_of(b)
    return PlanDiff(
        a=a.name,
        b=b.name,
        lines=(*row_lines(flows_a, flows_b), *setting_lines(a, b)),
        renamed=names_differ(flows_a, flows_b),
        roles=tuple(
            compare_role((a, own_a), (b, own_b), role, space) for role in dict.fromkeys(roles)
        ),
    )


def _shared(
    a: Plan, b: Plan, bindings: Mapping[str, Sequence[Prefix]]
) -> tuple[Mapping[str, Sequence[Prefix]], Mapping[str, Sequence[Prefix]]]:
    """Give each plan the bindings of the groups that it knows."""
    strange = {name for name in bindings if name not in known_groups(a) | known_groups(b)}
    check_binding_names(b, {name: bindings[name] for name in strange})
    own_a, own_b = (
        {name: value for name, value in bindings.items() if name in known_groups(plan)}
        for plan in (a, b)
    )
    return own_a, own_b
