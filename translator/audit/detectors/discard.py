"""A filter that classifies and then drops everything that none of its rules takes."""

from __future__ import annotations

from collections.abc import Iterator

from translator.audit.detectors.scene import Scene, finding
from translator.audit.model import Finding
from translator.intents.device import PolicyQos
from translator.intents.pipeline import Assign, Drop, Flow, SetTag, SetTos, Stage
from translator.verify.diagram import NOTHING

__all__ = ["find"]


def find(scene: Scene) -> Iterator[Finding]:
    """Yield bound filters with QoS actions whose last, unwritten rule drops the rest."""
    for policy in scene.case.found.policies:
        if not policy.bound:
            continue
        for stage in policy.stages:
            if _marks(stage) and _ends_unwritten(policy, stage) and _drops(scene, stage):
                interfaces = dict.fromkeys(name for name, _ in policy.bound)
                yield finding(
                    "filter-discards",
                    f"filter {policy.name} classifies some packets and drops all others: it ends "
                    "without a rule that accepts the rest",
                    interfaces,
                    lines=policy.lines[:1] + stage.rules[-2].lines,
                    hint=f"end filter {policy.name} with a term that accepts everything",
                )
                break


def _marks(stage: Stage) -> bool:
    """Whether the filter is there for QoS; one that only keeps out is meant to end so."""
    return any(
        isinstance(action, SetTos | Assign | SetTag)
        for rule in stage.rules
        for action in rule.actions
    )


def _ends_unwritten(policy: PolicyQos, stage: Stage) -> bool:
    """Whether the last rule drops all that is left and nobody wrote it.

    Such a rule has the line of the filter as a whole; a written one has lines of its own, if it
    is not the only one and the text is not all on one line.
    """
    if len(stage.rules) < 2:
        return False
    last, others = stage.rules[-1], stage.rules[:-1]
    if last.actions != (Drop(),) or not set(last.lines) <= set(policy.lines):
        return False
    return any(not set(rule.lines) <= set(policy.lines) for rule in others)


def _drops(scene: Scene, stage: Stage) -> bool:
    """Whether some packet is certainly left over for the last rule."""
    space = scene.space
    left = space.intersection(scene.packets(stage.rules[-1].condition), scene.domain)
    for rule in stage.rules[:-1]:
        if rule.flow is not Flow.NEXT:
            taken = scene.closed(rule.condition)
            left = NOTHING if taken is None else space.difference(left, taken)
    return left != NOTHING
