"""Every trap of a plan, found before a device sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from translator.plan.checks import marking, order, ports, queues, scope
from translator.plan.checks.finding import Check, PlanFinding, Severity, View
from translator.plan.checks.refusals import refusals
from translator.plan.groups import Bindings
from translator.plan.model import Plan
from translator.plan.shares import QueueShare, with_shares

__all__ = ["CHECKS", "PlanFinding", "Severity", "check_plan", "check_shares_of", "contradictions"]

_REFUSALS: Final[tuple[tuple[str, Check], ...]] = (
    ("ephemeral-range", refusals("ephemeral-range", Severity.ERROR)),
    ("unbound-group", refusals("unbound-group", Severity.WARNING)),
    ("port-setting-unset", refusals("port-setting-unset", Severity.WARNING)),
    ("no-single-code-point", refusals("no-single-code-point", Severity.INFO)),
    ("no-transport", refusals("no-transport", Severity.WARNING)),
    ("code-point-of-any-host", refusals("code-point-of-any-host", Severity.ERROR)),
)
_SHARES: Final[tuple[tuple[str, Check], ...]] = (
    ("priority-share", queues.priority_share),
    ("queue-sum", queues.queue_sum),
    ("best-effort-share", queues.best_effort_share),
)
_OTHERS: Final[tuple[tuple[str, Check], ...]] = (
    ("client-ranges-off", scope.client_ranges_off),
    ("overlap", order.overlaps),
    ("overlap-settled", order.settled_overlaps),
    ("dead-row", order.dead_rows),
    ("pair-precedence", order.pair_precedence),
    ("pair-first", order.pairs_first),
    ("reverse-order", order.reverse_order),
    ("collapse", order.collapsing_rows),
    ("collapse-conflict", order.collapse_conflicts),
    ("executable-invisible", order.executables),
    ("off-by-one", ports.off_by_one),
    ("round-count-plus-one", ports.round_count_plus_one),
    ("range-mismatch", ports.range_mismatch),
    ("setting-overlap", ports.setting_overlaps),
    ("too-few-ports", ports.too_few_ports),
    ("default-app-sharing", ports.default_app_sharing),
    ("ephemeral-client-range", ports.ephemeral_clients),
    ("ucma-any-port", ports.ucma_ports),
    ("edge-direction", scope.edge_direction),
    ("edge-narrowing", scope.edge_narrowing),
    ("phone-scope", scope.phone_scope),
    ("remark-without-ports", scope.remark_without_ports),
    ("hosted-nat", scope.hosted_nat),
    ("wireless", scope.wireless),
    ("app-sharing-cs3", marking.app_sharing_cs3),
    ("signalling-ef", marking.signalling_ef),
    ("file-transfer-af13", marking.file_transfer_af13),
    ("audio-cs5", marking.audio_at_40),
    ("tcp-media", marking.tcp_media),
    ("no-queue", marking.unqueued),
    *_SHARES,
    ("queue-code-points", queues.queue_code_points),
)

CHECKS: Final = (*_REFUSALS, *_OTHERS)

_RANK: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def check_plan(plan: Plan, bindings: Bindings | None = None) -> tuple[PlanFinding, ...]:
    """Return what a reviewer should know of the plan, errors first.

    Among equals those of the plan's own file come before those of the preset that it extends.

    Args:
        bindings: addresses of groups beside those in the plan; rows that still lack addresses
            are reported, not rendered.

    Raises:
        PlanError: a binding or an option names something that does not exist.
    """
    found = _run(CHECKS, View(plan, bindings or {}))
    own = None if plan.where is None else plan.where.file

    def rank(item: PlanFinding) -> tuple[int, bool]:
        return _RANK[item.severity], item.where is None or item.where.file != own

    return tuple(sorted(found, key=rank))


def contradictions(plan: Plan, bindings: Bindings | None = None) -> tuple[PlanFinding, ...]:
    """Return the errors of rows that are rendered all the same: the order of the plan decides.

    Raises:
        PlanError: as `check_plan`.
    """
    found = _run(_OTHERS, View(plan, bindings or {}))
    return tuple(item for item in found if item.severity is Severity.ERROR)


def check_shares_of(plan: Plan, shares: tuple[QueueShare, ...]) -> tuple[PlanFinding, ...]:
    """Return what is wrong with the plan's queues on a link of these shares, and not without them.

    Raises:
        PlanError: a share is for a queue that the plan has not.
    """
    known = {item.message for item in _run(_SHARES, View(plan, {}))}
    link = View(replace(plan, queues=with_shares(plan.queues, shares)), {})
    return tuple(item for item in _run(_SHARES, link) if item.message not in known)


def _run(checks: Iterable[tuple[str, Check]], view: View) -> list[PlanFinding]:
    return [
        PlanFinding(name, item.severity, item.rows, item.message, item.hint, item.where)
        for name, check in checks
        for item in check(view)
    ]
