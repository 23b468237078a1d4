"""Fewer boxes for the same change: "keep EF" and "set EF" on packets with EF are one thing.

A treatment is canonical: a packet that already carries what would be written is kept. So one
changed class gives up to three boxes, which differ in their code points only.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from translator.verify.boxes import Box
from translator.verify.compare import Difference
from translator.verify.fields import Interval
from translator.verify.treatment import Change, Marking, Treatment

__all__ = ["joined_differences", "union_of_marks"]


def joined_differences(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """Return the differences with those joined that say the same of packets of several marks."""
    groups: dict[object, list[Difference]] = {}
    for item in differences:
        groups.setdefault(_key(item), []).append(item)
    return tuple([_joined(group) for group in groups.values()])


def _key(item: Difference) -> object:
    return (
        replace(item.box, tos=()),
        _effect(item.wanted, item.box),
        _effect(item.found, item.box),
        item.certain,
        item.wanted_origin,
        item.found_origin,
    )


def _effect(treatment: Treatment, box: Box) -> Treatment:
    """Return the treatment as a writing one where all packets of the box carry the same mark."""
    points = {byte >> 2 for low, high in box.tos for byte in (low, high)}
    if treatment.dropped or treatment.marking.change is not Change.KEEP or len(points) != 1:
        return treatment
    return replace(treatment, marking=Marking(Change.SET_DSCP, points.pop()))


def _joined(group: list[Difference]) -> Difference:
    if len(group) == 1:
        return group[0]
    lowest = min(group, key=lambda item: item.packet.tos)
    # What is written says more than what is kept.
    wanted = next((x.wanted for x in group if _writes(x.wanted)), lowest.wanted)
    found = next((x.found for x in group if _writes(x.found)), lowest.found)
    box = replace(lowest.box, tos=union_of_marks(group))
    return replace(lowest, box=box, wanted=wanted, found=found)


def _writes(treatment: Treatment) -> bool:
    return treatment.marking.change is not Change.KEEP


def union_of_marks(group: Iterable[Difference]) -> tuple[Interval, ...]:
    """Return the ToS bytes of all boxes together; empty for any."""
    result: list[Interval] = []
    for low, high in sorted(interval for item in group for interval in item.box.tos):
        if result and low <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return () if result == [(0, 255)] else tuple(result)
