"""What is being repaired, and the questions that every proposal has to answer."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from msgspec import structs

from translator.audit.repair.alike import Alike
from translator.audit.repair.between import first_change
from translator.audit.repair.passing import Passing, passing
from translator.audit.repair.unnumbered import unnumbered
from translator.drivers.base import DescribesPorts, Driver, Edits, ShowsStates, Slot
from translator.intents.condition import Condition
from translator.intents.device import DeviceQos, InterfaceQos, PolicyQos
from translator.intents.model import DeviceIntents, InterfaceIntents
from translator.intents.stages import device_of
from translator.verify.compare import Side, Verdict, compare
from translator.verify.diagram import Space
from translator.verify.prove import OTHER, Proof, domain_of, prove
from translator.verify.scheduling import Tolerance, find_scheduling

__all__ = ["DIRECTIONS", "Case", "foreign_interfaces"]

DIRECTIONS: Final = ("in", "out")
_MOST_KNOWN: Final = 256


@dataclass(frozen=True, slots=True)
class Case:
    """One device: its text, and what is wanted of it.

    Attributes:
        edits: the same driver, as one that can edit.
        intents: with the names of interfaces that the text uses.
        rendered: the driver's text for the intents, once it is needed.
    """

    driver: Driver
    edits: Edits
    text: str
    intents: DeviceIntents
    space: Space
    file: str = "<config>"
    rendered: str = ""
    tolerance: Tolerance = field(default_factory=Tolerance)
    _read: dict[str, DeviceQos] = field(default_factory=dict, compare=False, repr=False)
    _parsed: dict[str, DeviceQos] = field(default_factory=dict, compare=False, repr=False)

    @property
    def domain(self) -> Condition | None:
        """The packets that proofs on this platform are about."""
        return domain_of(self.intents, self.driver.capabilities)

    def parse(self, text: str) -> DeviceQos:
        """Return what a text does, so that texts with lines in other places can be equal."""
        device = self._parsed.get(text)
        if device is None:
            if len(self._parsed) >= _MOST_KNOWN:
                self._parsed.clear()
            device = self._parsed[text] = unnumbered(self.read(text))
        return device

    def read(self, text: str) -> DeviceQos:
        """Return what a text does, with the numbers of its lines."""
        device = self._read.get(text)
        if device is None:
            if len(self._read) >= _MOST_KNOWN:
                self._read.clear()
            device = self._read[text] = self.driver.parse(text, file=self.file)
        return device

    def states(self, text: str, commands: Sequence[str]) -> Iterator[str]:
        """Yield what becomes of a text after each of the commands."""
        if isinstance(self.driver, ShowsStates):
            yield from self.driver.states(text, commands)
            return
        for count in range(1, len(commands) + 1):
            yield self.edits.apply(text, commands[:count])

    def all_slots(self) -> list[Slot]:
        """Return both ends of every interface of the intents, wrong or not."""
        names = (item.name for item in self.intents.interfaces)
        return [Slot(name, direction) for name in names for direction in DIRECTIONS]

    def prove(self, text: str) -> Proof:
        """Return the proof that a text does what is wanted."""
        found = self.read(text)
        capabilities = self.driver.capabilities
        return prove(self.intents, found, capabilities, self.space, self.tolerance)

    def foreign(self, *devices: DeviceQos) -> tuple[str, ...]:
        """Return the interfaces that nobody asked about, and any other."""
        asked = [item.name for item in self.intents.interfaces]
        return foreign_interfaces(self.driver, self.text, asked, devices)

    def followers(self, before: DeviceQos, after: DeviceQos) -> tuple[str, ...]:
        """Return what has no QoS of its own and changes with asked interfaces: parts of them, and
        interfaces whose packets go through them.
        """
        asked = {item.name for item in self.intents.interfaces}
        found = (*before.interfaces, *after.interfaces)
        served = {item.name for item in found if _goes_through(item, asked)}
        return tuple(
            name
            for name in dict.fromkeys(item.name for item in found)
            if name not in asked
            and (
                name in served
                or any(_part_of(name, one) and name not in (one, f"{one}.0") for one in asked)
            )
            and f"{name}.0" not in asked
            and _does(before, name) != _does(after, name)
        )

    def harmed(self, before: DeviceQos, after: DeviceQos) -> str:
        """Return where interfaces that nobody asked about change, "" where none does.

        Of packets that come to them by interfaces of the intents those count that the intents say
        nothing of.
        """
        foreign = self.foreign(before, after)
        way = first_change(before, after, foreign, self.space)
        if way is not None:
            return str(way)
        return self.passing(before, after).problem

    def passing(self, before: DeviceQos, after: DeviceQos) -> Passing:
        """Return what becomes of packets that come to such interfaces by those of the intents."""
        foreign = self.foreign(before, after)
        return passing(self.intents, before, after, foreign, self.space, domain=self.domain)

    def wrong_slots(self, device: DeviceQos) -> list[Slot]:
        """Return the ends of interfaces that are not as wanted, with policies that would be."""
        wanted = device_of(self.intents)
        alike = Alike(device)
        fitting: dict[Hashable, tuple[str, ...] | None] = {}
        slots: list[Slot] = []
        for item in self.intents.interfaces:
            for direction in DIRECTIONS:
                key = (direction, alike.key(item))
                if key not in fitting:
                    right = self._right(item, direction, wanted, device)
                    fitting[key] = None if right else self._fitting(item, direction, wanted, device)
                policies = fitting[key]
                if policies is not None:
                    slots.append(Slot(item.name, direction, policies))
        return slots

    def _right(
        self, item: InterfaceIntents, direction: str, wanted: DeviceQos, device: DeviceQos
    ) -> bool:
        entry, exit_ = (item.name, None) if direction == "in" else (None, item.name)
        same = compare(
            Side(wanted, entry, exit_),
            Side(device, entry, exit_),
            self.space,
            service=direction == "out" and item.queuing is not None,
            domain=self.domain,
            max_boxes=0,
        )
        if same.verdict is not Verdict.EQUAL:
            return False
        if direction == "in":
            return True
        return not find_scheduling(
            item,
            wanted,
            device,
            self._entry_for(item, device),
            self.space,
            tolerance=self.tolerance,
            domain=self.domain,
        )

    def _entry_for(self, leaving: InterfaceIntents, device: DeviceQos) -> str:
        """Return an interface to enter by; one whose defaults change nothing if there is one."""
        if not device.other_interface.ingress:
            return OTHER
        names = [item.name for item in self.intents.interfaces if item.name != leaving.name]
        return names[0] if names else leaving.name

    def _fitting(
        self, item: InterfaceIntents, direction: str, wanted: DeviceQos, device: DeviceQos
    ) -> tuple[str, ...]:
        return tuple(
            policy.name
            for policy in device.policies
            if not (direction == "in" and policy.queuing is not None)
            and self._right(item, direction, wanted, _with(device, item.name, direction, policy))
        )


def foreign_interfaces(
    driver: Driver, text: str, asked: Iterable[str], devices: Iterable[DeviceQos]
) -> tuple[str, ...]:
    """Return the interfaces of a text and of devices read from it that nobody asked about.

    A member of an asked bundle is none: its QoS is that of the bundle.
    """
    ours = frozenset(asked)
    found = [item for device in devices for item in device.interfaces]
    # Packets of these go through an interface that is asked about, and meet its policy.
    served = {item.name for item in found if _goes_through(item, ours)}
    names = [item.name for item in found]
    ports = driver.ports(text) if isinstance(driver, DescribesPorts) else ()
    bundles = frozenset(name.lower() for name in ours)
    ours |= {port.name for port in ports if port.qos_at.lower() in bundles}
    # Where the text lists its ports, there is no other beside them.
    names += [port.name for port in ports if not port.virtual] if ports else [OTHER]
    return tuple(
        dict.fromkeys(
            name
            for name in names
            if name not in served and not any(_part_of(name, one) for one in ours)
        )
    )


def _part_of(name: str, asked: str) -> bool:
    """Whether an interface is the asked one, a subinterface of it, or the port of a unit 0."""
    return name == asked or name.startswith((f"{asked}.", f"{asked} ")) or asked == f"{name}.0"


def _goes_through(item: InterfaceQos, asked: Container[str]) -> bool:
    """Whether all QoS of an interface is that of others, of which one is asked about."""
    own = item.ingress_policy or item.egress_policy
    return not own and any(name in asked for name in item.through)


def _does(device: DeviceQos, name: str) -> tuple[object, ...]:
    found = device.interface(name)
    return found.ingress, found.egress, found.queuing


def _with(device: DeviceQos, name: str, direction: str, policy: PolicyQos) -> DeviceQos:
    """Return the device as if the policy were bound to the interface."""
    found = device.interface(name)
    if direction == "in":
        changed: InterfaceQos = structs.replace(found, name=name, ingress=policy.stages)
    else:
        changed = structs.replace(found, name=name, egress=policy.stages, queuing=policy.queuing)
    others = tuple(item for item in device.interfaces if item.name != name)
    return replace(device, interfaces=(*others, changed))
