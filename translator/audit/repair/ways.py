"""The ways through a device that have to be looked at when some texts are held side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from translator.intents.device import DeviceQos
from translator.intents.pipeline import Stage
from translator.verify.program import names_tested
from translator.verify.prove import OTHER

__all__ = ["Way", "pairs_of", "ways_of"]


class Way(NamedTuple):
    """Where packets enter and leave; None where only the other end is looked at."""

    entry: str | None
    exit: str | None

    def __str__(self) -> str:
        if self.exit is None:
            return f"entering {self.entry}"
        return f"leaving {self.exit}" if self.entry is None else f"{self.entry} -> {self.exit}"


def ways_of(devices: Sequence[DeviceQos], names: Iterable[str] | None = None) -> Iterator[Way]:
    """Yield each end by itself, then pairs; interfaces that all devices treat alike count once.

    Args:
        names: interfaces to look at; None for all of the devices and any other.
    """
    chosen = _all_names(devices) if names is None else tuple(names)
    entries = _representatives(devices, chosen, "ingress")
    exits = _representatives(devices, chosen, "egress")
    yield from (Way(name, None) for name, *_ in entries)
    yield from (Way(None, name) for name, *_ in exits)
    yield from _pairs(entries, exits)


def pairs_of(
    devices: Sequence[DeviceQos], entries: Iterable[str], exits: Iterable[str]
) -> Iterator[Way]:
    """Yield ways from some interfaces to others; those that all devices treat alike count once."""
    yield from _pairs(
        _representatives(devices, entries, "ingress"), _representatives(devices, exits, "egress")
    )


def _pairs(entries: Sequence[list[str]], exits: Sequence[list[str]]) -> Iterator[Way]:
    for inward in entries:
        for outward in exits:
            pairs = ((a, b) for a in inward[:2] for b in outward[:2] if a != b or a == OTHER)
            pair = next(pairs, None)
            if pair is not None:
                yield Way(*pair)


def _all_names(devices: Iterable[DeviceQos]) -> tuple[str, ...]:
    names = (item.name for device in devices for item in device.interfaces)
    return (*dict.fromkeys(names), OTHER)


def _representatives(
    devices: Sequence[DeviceQos], names: Iterable[str], side: str
) -> list[list[str]]:
    tested = [names_tested(_stages(device)) for device in devices]
    listed = [{item.name: item for item in device.interfaces} for device in devices]
    groups: list[tuple[object, list[str]]] = []
    for name in names:
        own = name if any(name in found for found in tested) else None
        ends = [
            getattr(known.get(name) or device.interface(name), side)
            for device, known in zip(devices, listed, strict=True)
        ]
        for other, group in groups:
            if other == (own, ends):
                group.append(name)
                break
        else:
            groups.append(((own, ends), [name]))
    return [group for _, group in groups]


def _stages(device: DeviceQos) -> Iterable[Stage]:
    """Return the stages of a device; interfaces may share one."""
    found = {id(stage): stage for stage in device.forward}
    for item in (*device.interfaces, device.other_interface):
        for stage in (*item.ingress, *item.egress):
            found[id(stage)] = stage
    return found.values()
