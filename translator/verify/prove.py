"""The proof that a configuration does what the intents ask, for every packet header."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from msgspec import structs

from translator.drivers.base import Driver, Rendered
from translator.errors import ProofError, UndecidedError
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.condition import AllOf, Condition
from translator.intents.device import DeviceQos
from translator.intents.match import Match
from translator.intents.model import DeviceIntents, InterfaceIntents
from translator.intents.pipeline import Stage
from translator.intents.stages import device_of
from translator.verify.behaviour import ProgramCache
from translator.verify.compare import (
    Comparison,
    Difference,
    Side,
    Verdict,
    compare,
    packets_marked_alike,
)
from translator.verify.diagram import TOO_DEEP, Node, Space
from translator.verify.names import spelled_out
from translator.verify.program import names_tested
from translator.verify.scheduling import SchedulingFinding, Tolerance, find_scheduling
from translator.verify.usage import unread_in_use
from translator.verify.ways import Way, distinct_pairs, representatives

__all__ = [
    "OTHER",
    "PairDifference",
    "Proof",
    "assumptions_of",
    "domain_of",
    "prove",
    "prove_rendered",
    "render_proven",
    "with_names_spelled_out",
]

OTHER: Final = "*"
"""Stands for every interface that the intents do not name."""

_MAX_BOXES: Final = 20
_WHOLE_PACKETS: Final = Match(fragment=False)
_FRAGMENT_NOTE: Final = (
    "non-initial fragments are left out: what the platform does with them is not verified"
)


@dataclass(frozen=True, slots=True)
class PairDifference:
    """A difference, and the interfaces between which it shows."""

    in_interface: str
    out_interface: str
    difference: Difference

    def __str__(self) -> str:
        return f"{self.in_interface} -> {self.out_interface}: {self.difference}"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was compared and what came out.

    Attributes:
        ok: nothing differs, and nothing is unknown or undecided.
        verdict: the worst verdict of all pairs and schedulers.
        pairs: (in, out) interfaces that were compared; "*" is any that the intents do not name.
        differences: boxes of packets that are treated differently.
        scheduling: parameters of queues that are not as wanted.
        assumptions: sentences that the proof rests on.
        packets_note: which packets it covers.
        reasons: why something is unknown or undecided.
    """

    ok: bool
    verdict: Verdict
    pairs: tuple[tuple[str, str], ...] = ()
    differences: tuple[PairDifference, ...] = ()
    scheduling: tuple[SchedulingFinding, ...] = ()
    assumptions: tuple[str, ...] = ()
    packets_note: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """One line that says what is wrong; empty when nothing is."""
        if self.differences:
            return str(self.differences[0])
        if self.scheduling:
            return str(self.scheduling[0])
        return "" if self.ok else "; ".join(self.reasons) or str(self.verdict)


def prove(
    intents: DeviceIntents,
    found: DeviceQos,
    capabilities: Capabilities,
    space: Space | None = None,
    tolerance: Tolerance | None = None,
) -> Proof:
    """Return the proof, or the evidence against it, that `found` does what `intents` ask.

    Every way between two interfaces of the intents, and between one of them and any other, is
    compared; ways on which both sides run the same rules are compared once. A short name of an
    interface in the intents, `Gi0/1`, means the one that the text spells out.

    Args:
        space: shared by a whole fleet, so that equal policies cost nothing again; it may forget
            its diagrams here, so keep none across calls.
    """
    space = Space() if space is None else space
    space.recycle()
    intents = with_names_spelled_out(intents, found)
    return _Prover(intents, found, capabilities, space, tolerance or Tolerance()).proof()


def render_proven(
    driver: Driver, intents: DeviceIntents, space: Space | None = None
) -> tuple[Rendered, Proof]:
    """Return what the driver renders for the intents, proven by reading it back.

    Raises:
        UnsupportedIntentError: the platform cannot express an intent.
        ProofError: see `prove_rendered`.
    """
    rendered = driver.render(intents)
    return rendered, prove_rendered(driver, intents, rendered, space)


def prove_rendered(
    driver: Driver, intents: DeviceIntents, rendered: Rendered, space: Space | None = None
) -> Proof:
    """Return the proof that a rendered text, read back, does what the intents ask.

    Raises:
        ProofError: it does something else; the message holds the lowest such packet with the
            wanted and the found treatment.
    """
    found = driver.parse(rendered.config, file=f"{intents.device} ({driver.platform})")
    proof = prove(intents, found, driver.capabilities, space)
    problem = proof.problem
    if found.unread:
        line = found.unread[0]
        problem = f"line {line.line} was written but not understood: {line.text.strip()}"
    if proof.ok and not problem:
        return proof
    raise ProofError(
        f"{intents.device}: the {driver.platform} configuration is not what was asked: {problem}",
        hint="nothing was printed; this is a fault of the driver, please report it",
    )


def with_names_spelled_out(intents: DeviceIntents, found: DeviceQos) -> DeviceIntents:
    """Return the intents with interface names as the text spells them."""
    names = [spelled_out(found, item.name) for item in intents.interfaces]
    if names == [item.name for item in intents.interfaces] or len(set(names)) < len(names):
        return intents
    interfaces = zip(intents.interfaces, names, strict=True)
    named = (structs.replace(item, name=name) for item, name in interfaces)
    return replace(intents, interfaces=tuple(named))


def assumptions_of(
    intents: DeviceIntents, found: DeviceQos, capabilities: Capabilities
) -> tuple[str, ...]:
    """Return the sentences that any verdict on the text rests on."""
    sentences = [*intents.assumptions, *capabilities.assumptions, *found.notes]
    if not capabilities.fragments_proven:
        sentences.append(_FRAGMENT_NOTE)
    return tuple(dict.fromkeys(sentences))


class _Prover:
    """One proof; what the interfaces have in common is looked up here once."""

    def __init__(
        self,
        intents: DeviceIntents,
        found: DeviceQos,
        capabilities: Capabilities,
        space: Space,
        tolerance: Tolerance,
    ) -> None:
        self._intents = intents
        self._wanted = device_of(intents)
        self._found = found
        self._capabilities = capabilities
        self._space = space
        self._tolerance = tolerance
        self._asks = {item.name for item in intents.interfaces if item.queuing is not None}
        self._domain = domain_of(intents, capabilities)
        self._cache = ProgramCache()
        self._tested = names_tested(_all_stages(found))

    def proof(self) -> Proof:
        ways = list(self._ways())
        results = [(way, self._compared(way)) for way in ways]
        deciding = [(way, result) for way, result in results if way.decides]
        differences = tuple(
            PairDifference(way.entry, way.exit, item)
            for way, result in deciding
            for item in result.differences
        )
        scheduling, undecided = self._scheduling()
        unread = self._unread_in_use()
        reasons = [reason for _, result in deciding for reason in result.reasons]
        reasons += [*undecided, *unread]
        verdicts = {result.verdict for _, result in deciding}
        verdicts |= {Verdict.DIFFERENT} if scheduling else set()
        verdicts |= {Verdict.UNDECIDED} if undecided else set()
        verdicts |= {Verdict.UNKNOWN} if unread else set()
        verdict = _worst(verdicts)
        return Proof(
            verdict is Verdict.EQUAL,
            verdict,
            tuple((way.entry, way.exit) for way, _ in deciding),
            differences,
            tuple(scheduling),
            self._assumptions(results),
            self._packets_note(),
            tuple(dict.fromkeys(reasons)),
        )

    def _ways(self) -> Iterator[Way]:
        names = [item.name for item in self._intents.interfaces]
        entries = representatives(names, self._entry_key)
        exits = representatives(names, self._exit_key)
        for entry, exit_ in distinct_pairs(entries, exits):
            yield Way(entry, exit_, True)
        # A platform that by itself changes what enters or leaves elsewhere, or that writes marks
        # where packets leave, cannot be held to intents that do not name those interfaces.
        other = self._found.other_interface
        for group in exits:
            yield Way(OTHER, group[0], self._decides_from_others(group[0]))
        marks_late = self._capabilities.has(Feature.MARK_AT_EGRESS)
        for group in entries:
            yield Way(group[0], OTHER, not other.egress and not marks_late)
        if len(names) == 1 and other.ingress:
            yield Way(names[0], names[0], True)

    def _decides_from_others(self, leaving: str) -> bool:
        """Whether the intents speak of packets that come to `leaving` from unnamed interfaces.

        Where rules choose the queue by ports as packets leave, no mark and no default counts.
        """
        if not self._found.other_interface.ingress:
            return True
        return any(x.name == leaving and x.egress_classifier for x in self._intents.interfaces)

    def _entry_key(self, name: str) -> object:
        return self._own(name), [
            device.interface(name).ingress for device in (self._wanted, self._found)
        ]

    def _exit_key(self, name: str) -> object:
        return (
            self._own(name),
            name in self._asks,
            [device.interface(name).egress for device in (self._wanted, self._found)],
        )

    def _own(self, name: str) -> str | None:
        """Return the name where some rule asks for it: then it cannot stand for another."""
        return name if name in self._tested else None

    def _compared(self, way: Way) -> Comparison:
        return compare(
            Side(self._wanted, way.entry, way.exit, self._cache),
            Side(self._found, way.entry, way.exit, self._cache),
            self._space,
            service=way.exit in self._asks,
            domain=self._domain,
            max_boxes=_MAX_BOXES if way.decides else 0,
        )

    def _scheduling(self) -> tuple[list[SchedulingFinding], list[str]]:
        findings: list[SchedulingFinding] = []
        undecided: list[str] = []
        for item, entry in self._ways_to_queues():
            try:
                findings += self._on_entry(item, entry)
            except UndecidedError as error:
                undecided.append(error.problem)
            except RecursionError:
                undecided.append(TOO_DEEP)
        return list(dict.fromkeys(findings)), undecided

    def _on_entry(self, leaving: InterfaceIntents, entry: str) -> list[SchedulingFinding]:
        found = find_scheduling(
            leaving,
            self._wanted,
            self._found,
            entry,
            self._space,
            tolerance=self._tolerance,
            packets=self._marked_alike(entry, leaving.name),
        )
        alone = len(self._intents.interfaces) == 1
        if entry == leaving.name and not alone:
            # How packets that turn back are served is not asked; what a queue that they reach
            # is given holds for all that come by interfaces which nobody named.
            found = [item for item in found if item.of_the_queue]
        return found

    def _marked_alike(self, entry: str, leaving: str) -> Node:
        """Return the packets that come to their queue with the mark that is wanted.

        The queue of all others follows from their mark, which the ways tell.
        """
        late = self._capabilities.has(Feature.MARK_AT_EGRESS)
        wanted, found = (
            Side(device, entry, leaving if late else OTHER, self._cache)
            for device in (self._wanted, self._found)
        )
        return packets_marked_alike(wanted, found, self._space, self._domain)

    def _ways_to_queues(self) -> Iterator[tuple[InterfaceIntents, str]]:
        """Yield each interface with queues, with every kind of entry that packets come by.

        No single entry will do: what enters by a port of desks never waits in every queue.
        """
        groups = representatives([x.name for x in self._intents.interfaces], self._entry_key)
        for item in self._intents.interfaces:
            if item.queuing is None:
                continue
            # Where nothing may be said of unnamed interfaces, packets that turn back stand in.
            yield item, OTHER if self._decides_from_others(item.name) else item.name
            for group in groups:
                yield from ((item, name) for name in group[:2] if name != item.name)

    def _unread_in_use(self) -> list[str]:
        names = {item.name for item in self._intents.interfaces}
        return [
            f"line {item.line} was not understood: {item.text.strip()}"
            for item in unread_in_use(self._found, names)
        ]

    def _assumptions(self, results: Iterable[tuple[Way, Comparison]]) -> tuple[str, ...]:
        sentences = assumptions_of(self._intents, self._found, self._capabilities)
        return tuple(dict.fromkeys((*sentences, *self._ways_left_out(results))))

    def _ways_left_out(self, results: Iterable[tuple[Way, Comparison]]) -> Iterator[str]:
        """Say where packets meet interfaces that nobody asked about, with one as an example."""
        shown = [
            (way, result.packet)
            for way, result in results
            if not way.decides and result.packet is not None
        ]
        if not shown:
            return
        ways = ", ".join(f"{way.entry} -> {way.exit}" for way, _ in shown)
        way, packet = shown[0]
        wanted, found = (
            Side(device, way.entry, way.exit).trace(packet).treatment
            for device in (self._wanted, self._found)
        )
        yield (
            "interfaces that are not named (*) keep the platform's default, and these ways are "
            f"left out: {ways} (there dscp {packet.dscp} gets: {found}; by the plan: {wanted})"
        )

    def _packets_note(self) -> str:
        which = "all packets" if self._capabilities.fragments_proven else "all but fragments"
        note = f"{which}: both IP versions, every protocol, address, port and ToS byte"
        return note if self._intents.domain is None else f"{note}, within the intents' domain"


def domain_of(intents: DeviceIntents, capabilities: Capabilities) -> Condition | None:
    """Return the packets that a proof on the platform is about; None for all."""
    if capabilities.fragments_proven:
        return intents.domain
    if intents.domain is None:
        return _WHOLE_PACKETS
    return AllOf((intents.domain, _WHOLE_PACKETS))


def _worst(verdicts: set[Verdict]) -> Verdict:
    for verdict in (Verdict.DIFFERENT, Verdict.UNDECIDED, Verdict.UNKNOWN):
        if verdict in verdicts:
            return verdict
    return Verdict.EQUAL


def _all_stages(device: DeviceQos) -> Iterator[Stage]:
    yield from device.forward
    for interface in (*device.interfaces, device.other_interface):
        yield from interface.ingress
        yield from interface.egress
