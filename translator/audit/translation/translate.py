"""The QoS of one vendor as another's: lifted, rendered, read back and proven to do the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from msgspec import structs

from translator.audit.semdiff.ways import Text, Twin, Way
from translator.audit.translation.lift import LeftOut, lift, packets_unasked
from translator.audit.translation.proof import Carriage, Remainder
from translator.codepoint import CodePoint
from translator.drivers.base import Driver, Rendered
from translator.errors import (
    DriverError,
    ProofError,
    TranslatorError,
    UndecidedError,
    UnsupportedIntentError,
    UsageError,
)
from translator.intents.lower import lower
from translator.intents.model import DeviceIntents, QueueIntent
from translator.intents.pipeline import Service
from translator.intents.stages import device_of
from translator.verify.compare import Comparison, Verdict
from translator.verify.diagram import Space
from translator.verify.names import spelled_out
from translator.verify.prove import prove_rendered
from translator.verify.scheduling import Tolerance, find_scheduling
from translator.verify.usage import unread_in_use

__all__ = ["Request", "Translated", "translate"]


@dataclass(frozen=True, slots=True)
class Request:
    """How a text is to be translated.

    Attributes:
        mapping: names of the source's interfaces with the target's; others keep their names.
        partial: leave out what cannot be carried over, and prove the rest.
        rates: rates of lines in bit/s by the source's names, where they are known.
        device: what the device is called.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    partial: bool = False
    rates: Mapping[str, int] = field(default_factory=dict)
    device: str = "device"


@dataclass(frozen=True, slots=True)
class Translated:
    """A text of another platform, proven to do what the first one does.

    Attributes:
        names: interfaces of the source with those of the target.
        ways: between which interfaces the two texts were compared.
        left_out: what of the source was not carried over; empty unless that was allowed.
        remainders: packets that are treated otherwise for it.
        notes: what the proof rests on.
    """

    rendered: Rendered
    intents: DeviceIntents
    names: tuple[Twin, ...]
    ways: tuple[Way, ...]
    left_out: tuple[LeftOut, ...] = ()
    remainders: tuple[Remainder, ...] = ()
    notes: tuple[str, ...] = ()


def translate(
    source: Text,
    driver: Driver,
    request: Request | None = None,
    space: Space | None = None,
) -> Translated:
    """Return the source's QoS as a text of the driver's platform, proven equal.

    Raises:
        UnsupportedIntentError: something cannot be carried over, or nothing is there to carry.
        DriverError: a name cannot be an interface of the target platform.
        ProofError: the two texts would treat a packet differently; nothing was left out for it.
    """
    space = space or Space()
    space.recycle()
    return _Translation(source, driver, request or Request(), space).result()


class _Translation:
    """One text on its way to another platform."""

    def __init__(self, source: Text, driver: Driver, request: Request, space: Space) -> None:
        self._source = source
        self._driver = driver
        self._request = request
        self._space = space
        self._lifted = lift(source, driver.capabilities, space, request.rates, request.device)
        self._carriage = Carriage(source, driver.capabilities, self._lifted, space)
        self._mapping = self._spelled_out(request.mapping)

    def result(self) -> Translated:
        left_out = self._left_out()
        if left_out and not self._request.partial:
            raise _refusal(self._source, self._driver, left_out)
        intents = self._lifted.intents
        if not any(item.marks or item.queuing for item in intents.interfaces):
            raise _nothing(self._source, left_out)
        self._check_names()
        self._prove_lifting()
        named = self._renamed(intents)
        lowered = lower(named, self._driver.capabilities)
        rendered = self._rendered(lowered)
        proof = prove_rendered(self._driver, lowered, rendered, self._space)
        target = self._read_back(rendered)
        twins = {
            name: Twin(twin.a, spelled_out(target.device, twin.b))
            for name, twin in self._twins().items()
        }
        done = self._prove_texts(target, twins, alike=_queues(named) == _queues(lowered))
        remainders = self._carriage.remainders(target, twins) if left_out else ()
        return Translated(
            rendered,
            lowered,
            tuple(twins.values()),
            done,
            left_out,
            tuple(remainders),
            tuple(dict.fromkeys((*self._notes(named, lowered), *proof.assumptions))),
        )

    def _left_out(self) -> tuple[LeftOut, ...]:
        names = {item.name for item in self._lifted.intents.interfaces}
        unread = [
            LeftOut(f"not understood: {item.text.strip()}", (item.line,))
            for item in unread_in_use(self._source.device, names)
        ]
        wanted = self._wanted
        return _merged((*self._lifted.left_out, *unread, *self._carriage.left_out(wanted)))

    @property
    def _wanted(self) -> Text:
        """The lifted intents as a device, with the source's own names."""
        return Text(device_of(self._lifted.intents), self._driver.capabilities)

    def _twins(self) -> dict[str, Twin]:
        names = (item.name for item in self._lifted.intents.interfaces)
        return {name: Twin(name, self._mapping.get(name, name)) for name in names}

    def _spelled_out(self, mapping: Mapping[str, str]) -> dict[str, str]:
        """Return the mapping with the names that the intents have: of a port, its only unit."""
        known = [item.name for item in self._lifted.intents.interfaces]
        found: dict[str, str] = {}
        for name, other in mapping.items():
            full = spelled_out(self._source.device, name)
            units = [item for item in known if item.startswith(f"{full}.")]
            if full not in known and len(units) == 1:
                full = units[0]
            found.setdefault(full, other)
        return found

    def _check_names(self) -> None:
        twins = self._twins()
        unknown = [name for name in self._mapping if name not in twins]
        if unknown:
            raise UsageError(
                f"the text has no QoS for interface {unknown[0]}",
                hint=f"it has for: {', '.join(twins)}",
            )

    def _renamed(self, intents: DeviceIntents) -> DeviceIntents:
        twins = self._twins()
        return replace(
            intents,
            interfaces=tuple(structs.replace(x, name=twins[x.name].b) for x in intents.interfaces),
        )

    def _prove_lifting(self) -> None:
        """Hold the intents against the source: they ask for what it does, and nothing else."""
        twins = {name: Twin(name, name) for name in self._twins()}
        wanted = self._wanted
        _, found = self._carriage.compared(wanted, twins, service=True)
        if found is not None:
            raise _unproven("the intents are not what the text does", found)
        for item in self._lifted.intents.interfaces:
            if item.queuing is None:
                continue
            entry = self._carriage.plain_entry(item.name)
            if entry is None:
                continue  # every way to it holds packets that were left out
            wrong = find_scheduling(
                item,
                wanted.device,
                self._source.device,
                entry,
                self._space,
                tolerance=Tolerance(),
                domain=self._carriage.scope,
            )
            if wrong:
                raise ProofError(f"the queues cannot be carried over exactly: {wrong[0]}")

    def _rendered(self, lowered: DeviceIntents) -> Rendered:
        try:
            return self._driver.render(lowered)
        except DriverError as error:
            hint = f"{error.hint}; --map OLD=NEW gives an interface its name there"
            raise DriverError(error.problem, where=error.where, hint=hint) from error

    def _read_back(self, rendered: Rendered) -> Text:
        found = self._driver.parse(rendered.config, file=f"translation ({self._driver.platform})")
        return Text(found, self._driver.capabilities)

    def _prove_texts(
        self, target: Text, twins: Mapping[str, Twin], *, alike: bool
    ) -> tuple[Way, ...]:
        """Hold the new text against the old one.

        Where the platform must merge queues, their services follow from the intents, which each
        of the texts was held against.
        """
        done, found = self._carriage.compared(target, twins, service=alike)
        if found is not None:
            raise _unproven("the two texts do not do the same", found)
        return done

    def _notes(self, named: DeviceIntents, lowered: DeviceIntents) -> Iterator[str]:
        kept = [twin.a for twin in self._twins().values() if twin.a == twin.b]
        if kept:
            yield f"interfaces keep their names: {', '.join(kept)} (--map OLD=NEW changes one)"
        for item in self._lifted.intents.interfaces:
            if item.link_bps and item.queuing and item.queuing.shaping_bps is None:
                yield f"{item.name}: its line is taken to carry {item.link_bps} bit/s"
        if packets_unasked(self._source.capabilities, self._driver.capabilities) is not None:
            yield (
                "non-initial fragments, and IPv6 where one of the platforms cannot classify it, "
                "are not compared"
            )
        if _queues(named) != _queues(lowered):
            yield "the queues are those that the platform has: " + "; ".join(_changes(lowered))
        if any(queue.congestion_avoidance for queue in _all_queues(named)):
            yield "early drop is carried over as on or off: its curves and lengths are not"
        yield "shares are carried over in whole percent, rates in bit/s"


def _merged(found: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """Say each thing once, with all its lines."""
    lines: dict[str, dict[int, None]] = {}
    for item in found:
        lines.setdefault(item.what, {}).update(dict.fromkeys(item.lines))
    return tuple(LeftOut(what, tuple(sorted(numbers))) for what, numbers in lines.items())


def _refusal(source: Text, driver: Driver, left_out: tuple[LeftOut, ...]) -> TranslatorError:
    return UnsupportedIntentError(
        f"not everything of this {source.device.platform} text can be carried over to "
        f"{driver.platform}",
        hint="--partial leaves these out, lists them and proves the rest",
        listed=tuple(map(str, left_out)),
    )


def _nothing(source: Text, left_out: tuple[LeftOut, ...]) -> TranslatorError:
    return UnsupportedIntentError(
        f"the {source.device.platform} text does nothing to packets at an interface that could be "
        "carried over",
        hint="give a text that binds its policies to interfaces",
        listed=tuple(map(str, left_out)),
    )


def _unproven(what: str, found: Comparison) -> TranslatorError:
    if found.verdict is Verdict.UNDECIDED:
        return UndecidedError("; ".join(found.reasons) or what)
    shown = f": {found.differences[0]}" if found.differences else ""
    return ProofError(f"{what}{shown}", hint="nothing was printed")


def _queues(intents: DeviceIntents) -> list[list[tuple[Service, tuple[CodePoint, ...]]]]:
    return [
        [(queue.service, queue.code_points) for queue in item.queuing.queues]
        for item in intents.interfaces
        if item.queuing is not None
    ]


def _all_queues(intents: DeviceIntents) -> Iterator[QueueIntent]:
    for item in intents.interfaces:
        if item.queuing is not None:
            yield from item.queuing.queues


def _changes(intents: DeviceIntents) -> Iterator[str]:
    for item in intents.interfaces:
        if item.queuing is not None:
            queues = (f"{x.name} {x.service} {x.percent} %" for x in item.queuing.queues)
            yield f"{item.name}: {', '.join(queues)}"
