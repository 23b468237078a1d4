"""What is held against what: interfaces of two texts in pairs, and the ways between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from translator.errors import UsageError
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.device import DeviceQos, InterfaceQos
from translator.intents.model import check_interface_name
from translator.intents.pipeline import Stage
from translator.verify.names import spelled_out
from translator.verify.program import names_tested
from translator.verify.prove import OTHER

__all__ = ["ANY_OTHER", "Pairing", "Text", "Twin", "Way", "pair_interfaces", "twin_of", "ways"]


@dataclass(frozen=True, slots=True)
class Text:
    """One of the two texts: what was understood of it, and what its platform can do."""

    device: DeviceQos
    capabilities: Capabilities

    @property
    def names(self) -> tuple[str, ...]:
        """The interfaces for which the text says something."""
        doing = [item.name for item in self.device.interfaces if _does_something(item)]
        tested = sorted(name for name in names_tested(_stages(self.device)) if name)
        return tuple(dict.fromkeys((*doing, *tested)))


@dataclass(frozen=True, slots=True)
class Twin:
    """One interface or policy, as each of the two texts calls it."""

    a: str
    b: str

    def __str__(self) -> str:
        if self == ANY_OTHER:
            return "any other interface"
        return self.a if self.a == self.b else f"{self.a} = {self.b}"


ANY_OTHER: Final = Twin(OTHER, OTHER)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which interfaces are the same on both sides, and which exist on one side only."""

    twins: tuple[Twin, ...]
    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """Where packets enter and leave; of a policy by itself only `exit` is given, its name.

    A way that does not decide only adds a note: there the platforms' own defaults differ.
    """

    entry: Twin | None
    exit: Twin | None
    decides: bool = True
    service: bool = True

    def __str__(self) -> str:
        if self.entry is None:
            return f"policy {self.exit}"
        return f"{self.entry} > {self.exit}"


def pair_interfaces(a: Text, b: Text, mapping: Mapping[str, str]) -> Pairing:
    """Return the interfaces in pairs: those that are mapped, then those of equal name.

    On one platform a name that only one text mentions is held against the platform's default.

    Raises:
        UsageError: the mapping names no interface, or no interface of two platforms meets another.
    """
    given = {spelled_out(a.device, left): right for left, right in mapping.items()}
    twins = {name: _counterpart(b, right) for name, right in given.items()}
    for name in (*twins, *twins.values()):
        check_interface_name(name)
    taken = set(twins.values())
    for name in a.names:
        other = spelled_out(b.device, name)
        if name not in twins and other in b.names and other not in taken:
            twins[name] = other
            taken.add(other)
    only_a = tuple(name for name in a.names if name not in twins)
    only_b = tuple(name for name in b.names if name not in taken)
    pairs = [Twin(left, right) for left, right in twins.items()]
    if a.device.platform == b.device.platform:
        pairs += [Twin(name, name) for name in (*only_a, *only_b)]
        return Pairing(tuple(dict.fromkeys(pairs)), only_a, only_b)
    if not pairs and (only_a or only_b):
        raise UsageError(
            "no interface of the one text has a counterpart in the other",
            hint=f"say which is which: --map {(only_a or ('NAME',))[0]}={(only_b or ('NAME',))[0]}",
        )
    return Pairing(
        tuple(pairs),
        _without_aliases(a.device, only_a, [twin.a for twin in pairs]),
        _without_aliases(b.device, only_b, [twin.b for twin in pairs]),
    )


def twin_of(pairing: Pairing, a: Text, b: Text, name: str) -> Twin:
    """Return the pair that a name of either text means; one that no text mentions means itself.

    Raises:
        UsageError: no interface can have that name.
    """
    full_a, full_b = spelled_out(a.device, name), spelled_out(b.device, name)
    for twin in pairing.twins:
        if full_a == twin.a or full_b == twin.b:
            return twin
    check_interface_name(name.replace(" ", ""))
    return Twin(full_a, full_b)


def ways(
    a: Text,
    b: Text,
    twins: Sequence[Twin],
    enter: Twin | None = None,
    leave: Twin | None = None,
    *,
    defaults: bool = False,
) -> Iterator[Way]:
    """Yield the ways to compare; interfaces that both texts treat alike share one.

    Args:
        enter, leave: only ways that enter or leave by this interface.
        defaults: whether it counts what a platform by itself does at interfaces that are not
            named, and to packets that leave where no queues are configured.
    """
    tested = names_tested(_stages(a.device)) | names_tested(_stages(b.device))

    def own(twin: Twin) -> Twin | None:
        """The pair where a rule asks for its name: then it cannot stand for another."""
        return twin if twin.a in tested or twin.b in tested else None

    entries = [[enter]] if enter else _alike(twins, lambda x: (own(x), *_entry_key(a, b, x)))
    exits = [[leave]] if leave else _alike(twins, lambda x: (own(x), *_exit_key(a, b, x)))
    for way in _distinct(entries, exits):
        yield Way(*way, service=defaults or _queues(a, b, way[1]))
    by_itself = a.device.other_interface.ingress or b.device.other_interface.ingress
    quiet_in = defaults or not by_itself
    quiet_out = defaults or not (_marks_late(a) or _marks_late(b))
    if enter is None:
        for group in exits:
            yield Way(ANY_OTHER, group[0], quiet_in, defaults or _queues(a, b, group[0]))
    if leave is None:
        for group in entries:
            yield Way(group[0], ANY_OTHER, quiet_out, defaults)
    if enter is None and leave is None:
        yield Way(ANY_OTHER, ANY_OTHER, quiet_in and quiet_out, defaults)
    if len(twins) == 1 and not (quiet_in and quiet_out):
        yield Way(twins[0], twins[0], True, _queues(a, b, twins[0]))


def _does_something(item: InterfaceQos) -> bool:
    return bool(item.ingress or item.egress or item.queuing)


def _stages(device: DeviceQos) -> Iterator[Stage]:
    yield from device.forward
    for item in (*device.interfaces, device.other_interface):
        yield from item.ingress
        yield from item.egress


def _counterpart(text: Text, name: str) -> str:
    return spelled_out(text.device, name)


def _without_aliases(
    device: DeviceQos, names: Iterable[str], paired: Sequence[str]
) -> tuple[str, ...]:
    """Leave out a port that does what its own unit does, where that unit is paired."""

    def is_alias(name: str) -> bool:
        mine = device.interface(name)
        for other in paired:
            its = device.interface(other)
            if f"{name}." == other[: len(name) + 1] or f"{other}." == name[: len(other) + 1]:
                same = (mine.ingress, mine.egress) == (its.ingress, its.egress)
                if same and mine.queuing == its.queuing:
                    return True
        return False

    return tuple(name for name in names if not is_alias(name))


def _queues(a: Text, b: Text, twin: Twin) -> bool:
    """Whether one of the texts says how packets are served where they leave."""
    found = (a.device.interface(twin.a), b.device.interface(twin.b))
    return any(item.queuing is not None or item.egress for item in found)


def _marks_late(text: Text) -> bool:
    late = text.capabilities.has(Feature.MARK_AT_EGRESS)
    return late or bool(text.device.other_interface.egress)


def _entry_key(a: Text, b: Text, twin: Twin) -> tuple[object, ...]:
    return a.device.interface(twin.a).ingress, b.device.interface(twin.b).ingress


def _exit_key(a: Text, b: Text, twin: Twin) -> tuple[object, ...]:
    left, right = a.device.interface(twin.a), b.device.interface(twin.b)
    return left.egress, right.egress, left.queuing, right.queuing


def _alike(twins: Iterable[Twin], key: Callable[[Twin], object]) -> list[list[Twin]]:
    """Return the pairs in groups of equal keys (compared, not hashed: hashing costs more)."""
    groups: list[tuple[object, list[Twin]]] = []
    for twin in twins:
        mine = key(twin)
        for other, group in groups:
            if other == mine:
                group.append(twin)
                break
        else:
            groups.append((mine, [twin]))
    return [group for _, group in groups]


def _distinct(entries: list[list[Twin]], exits: list[list[Twin]]) -> Iterator[tuple[Twin, Twin]]:
    """Yield one way between two different interfaces for each pair of groups that has one."""
    for entry_group in entries:
        for exit_group in exits:
            way = next(((x, y) for x in entry_group[:2] for y in exit_group[:2] if x != y), None)
            if way is not None:
                yield way
