"""The shares of a link as a plan file."""

from __future__ import annotations

import json
from dataclasses import replace

from translator.errors import RefusedError
from translator.plan.dump import dump_plan
from translator.plan.model import Plan
from translator.plan.shares import with_shares
from translator.sizing.judge import findings_of
from translator.sizing.size import LinkSize

__all__ = ["plan_of_link"]


def plan_of_link(size: LinkSize, plan: Plan, preset: str | None) -> str:
    """Return a plan file whose queues have the shares of a link.

    Args:
        preset: the preset that the plan is, to be extended; None for a plan of a file of its own,
            which is written out.

    Raises:
        RefusedError: the shares would starve other traffic.
    """
    name = size.link.name
    if not size.fits:
        finding = findings_of(size)[0]
        raise RefusedError(f"link {name}: {finding.message}; no plan is written", hint=finding.hint)
    head = f"# Queues of link {name}, {size.link.rate_bps} bit/s: found by `qos-translator size`.\n"
    if preset is None:
        return head + dump_plan(
            replace(plan, name=name, queues=with_shares(plan.queues, size.shares))
        )
    # JSON texts are YAML in which nothing is anything but text.
    queues = "".join(
        f"  - {{media: {share.queue}, percent: {share.percent}, source: {json.dumps(share.source)}"
        f"{f', confidence: {share.confidence}' if share.confidence else ''}}}\n"
        for share in size.shares
    )
    return f"{head}extends: {preset}\nname: {name}\nqueues:\n{queues}"
