"""Which interfaces of a device need one answer: they are asked for the same and do the same."""

from __future__ import annotations

from collections.abc import Hashable

from msgspec.structs import replace

from translator.intents.device import DeviceQos
from translator.intents.model import InterfaceIntents
from translator.verify.program import names_tested

__all__ = ["Alike"]


class Alike:
    """Keys of interfaces; two with one key are right, or wrong, in the same way."""

    def __init__(self, device: DeviceQos) -> None:
        self._device = device
        self._asked: list[InterfaceIntents] = []
        stages = {id(stage): stage for stage in device.forward}
        for item in (*device.interfaces, device.other_interface):
            stages.update((id(stage), stage) for stage in (*item.ingress, *item.egress))
        self._tested = names_tested(stages.values())
        # Where packets enter by another interface of the intents, each has one of its own.
        self._all_differ = bool(device.other_interface.ingress)

    def key(self, item: InterfaceIntents) -> Hashable:
        """Return the key of an interface; stages are told apart by identity."""
        if self._all_differ or item.name in self._tested:
            return item.name
        found = self._device.interface(item.name)
        return (
            self._number(item),
            tuple(map(id, found.ingress)),
            tuple(map(id, found.egress)),
            found.queuing,
        )

    def _number(self, item: InterfaceIntents) -> int:
        asked = replace(item, name="any")
        for number, known in enumerate(self._asked):
            if known == asked:
                return number
        self._asked.append(asked)
        return len(self._asked) - 1
