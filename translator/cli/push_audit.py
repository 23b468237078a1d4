"""The audit within a dry run: how each interface is judged as it is now, and its faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from translator.audit.fleet.work import AuditWork
from translator.audit.model import DeviceAudit
from translator.cli.audit_view_device import verdict_lines
from translator.cli.audit_view_lines import Page
from translator.errors import TranslatorError
from translator.plan.load import load_plan
from translator.push.campaign import Campaign
from translator.push.device import Planned
from translator.push.live.auditing import audit_text

__all__ = ["Audited", "audit_json", "audit_lines", "auditor_of"]

Audited = Callable[[Planned], DeviceAudit | TranslatorError]
"""Audits what a device runs; an error takes the place of an audit, and stops nothing."""

_PAGE: Final = Page(100)


def auditor_of(campaign: Campaign) -> Audited:
    """Return what audits the hosts of a rollout against its plan."""
    work = AuditWork(load_plan(campaign.asked.plan))

    def audited(planned: Planned) -> DeviceAudit | TranslatorError:
        try:
            return audit_text(work, campaign.hosts[planned.change.device], planned.running.text)
        except TranslatorError as error:
            return error

    return audited


def audit_lines(found: DeviceAudit | TranslatorError) -> Iterator[str]:
    """Yield the verdicts of an audit, as `audit` tells them."""
    if isinstance(found, TranslatorError):
        yield f"audit, as it is now: not audited: {found}"
        return
    verdict, *rest = (line.text for line in verdict_lines(_PAGE, found))
    yield f"audit, as it is now: {verdict}"
    yield from rest


def audit_json(found: DeviceAudit | TranslatorError) -> dict[str, Any]:
    """Return the verdicts of an audit, in the words of its report."""
    if isinstance(found, TranslatorError):
        return {"problem": str(found)}
    return {
        "judgement": str(found.judgement),
        "placements": [
            {
                "interfaces": list(item.interfaces),
                "direction": str(item.direction),
                "role": item.role,
                "judgement": str(item.judgement),
            }
            for item in found.placements
        ],
        "findings": [
            {
                "id": item.identity(found.device),
                "kind": item.kind,
                "severity": str(item.severity),
                "interfaces": list(item.interfaces),
            }
            for item in found.findings
        ],
    }
