"""Faults that have a name: what each module finds is one family of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from msgspec.structs import replace

from translator.audit.case import Case
from translator.audit.detectors import (
    autoqos,
    bundle,
    coverage,
    discard,
    one_way,
    open_priority,
    phone_mark,
    ranges,
    shadow,
    shares,
    trust,
    unreachable,
)
from translator.audit.detectors.scene import Scene
from translator.audit.model import Finding
from translator.errors import UndecidedError

__all__ = ["find_all"]

_Detector = Callable[[Scene], Iterable[Finding]]
_DETECTORS: Final[tuple[_Detector, ...]] = (
    autoqos.find,
    trust.find,
    phone_mark.find,
    open_priority.find,
    ranges.find,
    one_way.find,
    coverage.find,
    shadow.find,
    unreachable.find,
    shares.find,
    discard.find,
    bundle.find,
)


def find_all(case: Case) -> list[Finding]:
    """Return what the detectors find; one whose question is too big to decide finds nothing.

    That it is undecided, the judgement on the interface says already.
    """
    scene = Scene(case)
    return _merged(finding for detector in _DETECTORS for finding in _found(detector, scene))


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """Join what is said of several groups in the same words about the same lines."""
    joined: dict[tuple[object, ...], Finding] = {}
    for item in findings:
        key = (item.kind, item.message, item.direction, item.traffic_class, item.lines)
        names = (*joined[key].interfaces, *item.interfaces) if key in joined else item.interfaces
        joined[key] = replace(item, interfaces=tuple(dict.fromkeys(names)))
    return list(joined.values())


def _found(detector: _Detector, scene: Scene) -> list[Finding]:
    try:
        return list(detector(scene))
    except (UndecidedError, RecursionError):
        return []
