"""Policies of a vendor's macro, which know voice and signalling and erase everything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.audit.detectors.scene import DF, Scene, carrying, finding
from translator.audit.model import Direction, Finding
from translator.codepoint import CodePoint
from translator.intents.device import DeviceQos, InterfaceQos, PolicyQos
from translator.verify.compare import Side
from translator.verify.diagram import NOTHING, Node
from translator.verify.treatment import KEEP, Change, Marking

__all__ = ["find"]

_EF: Final = CodePoint(46)
_ERASED: Final = (CodePoint(34), CodePoint(40))
# Source: the macro's own names, such as AutoQos-4.0-Input-Policy and AutoQoS-Police-CiscoPhone.
_MACRO: Final = "autoqos"
_HERE: Final = "policy"


def find(scene: Scene) -> Iterator[Finding]:
    """Yield the macro's policies under which EF survives and AF41 or 40 does not."""
    for policy in scene.case.found.policies:
        if not policy.bound or _MACRO not in policy.name.lower():
            continue
        side = _alone(scene, policy)
        if _kept(scene, side, _EF) == NOTHING:
            continue
        lost = [point for point in _ERASED if _is_lost(scene, side, point)]
        if lost:
            names = " and ".join(f"{point.name} ({int(point)})" for point in lost)
            yield finding(
                "autoqos-erases-marks",
                f"policy {policy.name} of the AutoQoS macro keeps EF and sets {names} to 0",
                dict.fromkeys(name for name, _ in policy.bound),
                direction=Direction.IN,
                lines=policy.lines,
                hint=f"bind a policy that marks by the plan's ports in place of {policy.name}; the "
                "macro's classes know Cisco phones only",
            )


def _alone(scene: Scene, policy: PolicyQos) -> Side:
    """Return the policy as the only thing on a device."""
    device = DeviceQos("policy", (InterfaceQos(_HERE, ingress=policy.stages),))
    return scene.side(device, _HERE, None)


def _kept(scene: Scene, side: Side, point: CodePoint) -> Node:
    """Return the packets that enter and leave with a code point, at least in some case."""
    kept = (KEEP, Marking(Change.SET_DSCP, point))
    node = scene.space.members(
        scene.treatments(side), lambda t: not t.dropped and t.marking in kept
    )
    return scene.space.intersection(node, _carried(scene, point))


def _carried(scene: Scene, point: CodePoint) -> Node:
    return scene.space.intersection(scene.packets(carrying(point)), scene.domain)


def _is_lost(scene: Scene, side: Side, point: CodePoint) -> bool:
    """Whether no packet keeps a code point, and some certainly lose it for 0."""
    if _kept(scene, side, point) != NOTHING:
        return False
    zero = Marking(Change.SET_DSCP, DF)
    erased = scene.treated(side, lambda t: not t.dropped and t.marking == zero)
    return scene.space.intersection(erased, _carried(scene, point)) != NOTHING
