"""What a plan wants of the interfaces of many devices; of a role it is worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from translator.drivers.base import Driver
from translator.intents.compile import Compiler, InterfaceSpec
from translator.intents.device import DeviceQos, InterfaceQos
from translator.intents.lower import lower
from translator.intents.match import Prefix
from translator.intents.model import DeviceIntents, InterfaceIntents, Role
from translator.intents.stages import device_of
from translator.plan.model import Plan
from translator.plan.shares import QueueShare

__all__ = ["Wanted", "Wishes"]

_Addresses = tuple[tuple[str, tuple[Prefix, ...]], ...]
# Interfaces of one role, rate and shares of their own differ in their names only.
_Kind = tuple[Role, int | None, tuple[QueueShare, ...]]


class Wanted(NamedTuple):
    """Intents of a device as its platform can express them, and a device that does just that."""

    intents: DeviceIntents
    device: DeviceQos


class _OfKind(NamedTuple):
    intents: InterfaceIntents
    qos: InterfaceQos


class Wishes:
    """What one plan wants; devices whose interfaces have the same roles share it but for names."""

    def __init__(self, plan: Plan) -> None:
        self._compiler = Compiler(plan)
        self._known: dict[tuple[object, ...], tuple[Wanted, dict[_Kind, _OfKind]]] = {}

    def of(
        self,
        device: str,
        specs: Sequence[InterfaceSpec],
        addresses: _Addresses,
        reader: Driver,
    ) -> Wanted:
        """Return what is wanted of a device.

        Raises:
            PlanError: a role needs plan rows that cannot be rendered, or an interface is given
                twice.
            UnsupportedIntentError: the platform cannot express an intent.
        """
        first = {_kind(spec): spec for spec in reversed(specs)}
        kinds = tuple(dict.fromkeys(map(_kind, specs)))
        key = (reader.platform, addresses, kinds)
        known = self._known.get(key)
        if known is None:
            known = self._made(device, [first[kind] for kind in kinds], addresses, reader)
            self._known[key] = known
        shared, of_kind = known
        chosen = [(spec.name, of_kind[_kind(spec)]) for spec in specs]
        return Wanted(
            replace(
                shared.intents,
                device=device,
                interfaces=tuple(_intents(name, item.intents) for name, item in chosen),
            ),
            replace(shared.device, interfaces=tuple(_qos(name, item.qos) for name, item in chosen)),
        )

    def _made(
        self, device: str, specs: Sequence[InterfaceSpec], addresses: _Addresses, reader: Driver
    ) -> tuple[Wanted, dict[_Kind, _OfKind]]:
        compiled = self._compiler.compile(device, specs, dict(addresses))
        intents = lower(compiled, reader.capabilities)
        wanted = Wanted(intents, device_of(intents))
        pairs = zip(specs, intents.interfaces, wanted.device.interfaces, strict=True)
        return wanted, {_kind(spec): _OfKind(asked, qos) for spec, asked, qos in pairs}


def _kind(spec: InterfaceSpec) -> _Kind:
    return spec.role, spec.rate_bps, spec.shares


# Written out: `replace` takes three times as long.
def _intents(name: str, item: InterfaceIntents) -> InterfaceIntents:
    return InterfaceIntents(
        name,
        item.role,
        item.classifier,
        item.reset,
        item.queuing,
        item.egress_classifier,
        item.link_bps,
    )


def _qos(name: str, item: InterfaceQos) -> InterfaceQos:
    return InterfaceQos(name, item.ingress, item.egress, item.queuing)
