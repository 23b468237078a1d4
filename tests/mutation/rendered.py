"""Mutants of rendered configurations: the audit against the plan, and z3 against the original."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import z3  # type: ignore[import-untyped]  # it has no types
from conformance.shapes import BINDINGS, SHAPES, Accepted, interface_name, outcome
from mutation.edits import Mutant
from mutation.outcome import Meaning, Outcome
from mutation.queues import other_queues
from support.z3_model import Model, State, Truth, verdict_on
from support.z3_terms import DESTINATION_PORT, SOURCE_PORT, Term, solved

from tests.support.values import replace
from translator.audit.audit import Auditor, Subject
from translator.audit.case import Settings
from translator.audit.model import DeviceAudit, Judgement, Severity
from translator.intents.capabilities import Feature
from translator.intents.compile import InterfaceSpec
from translator.intents.device import DeviceQos
from translator.intents.match import ANY
from translator.intents.model import Role
from translator.intents.stages import device_of
from translator.plan import load_plan
from translator.verify.diagram import Space
from translator.verify.prove import OTHER, domain_of
from translator.verify.scheduling import find_scheduling

__all__ = ["Original"]

Way = tuple[str, str]
_TOLERANCE = Settings().tolerance
_JUDGED = frozenset(
    (
        "treatment-different",
        "queue-different",
        "policy-missing",
        "policy-unbound",
        "policy-wrong-direction",
        "interface-missing",
        "qos-without-effect",
        "queue-extra",
        "traffic-extra",
        "treatment-unknown",
        "text-incomplete",
        "undecided",
        "intent-unsupported",
        "policy-not-judged",
    )
)
"""The findings of the judgement; those of detectors speak of habits, not of this plan."""


class Original:
    """One rendered configuration, and everything that its mutants are held against."""

    def __init__(self, platform: str, shape: str) -> None:
        case = outcome(platform, shape)
        assert isinstance(case, Accepted)
        self.platform, self.shape = platform, shape
        self._driver = case.driver
        self.text = case.rendered.config
        self._wanted = case.wanted
        self._device = case.driver.parse(self.text)
        self._model = Model()
        domain = domain_of(case.wanted, case.driver.capabilities)
        self._domain = self._model.holds(domain or ANY, State(), {})
        self._asked = device_of(case.wanted)
        self._asks = {item.name for item in case.wanted.interfaces if item.queuing is not None}
        # What turns back at a provider's line may be served as it likes.
        self._same_network = {
            item.name for item in case.wanted.interfaces if item.role is Role.UPLINK
        }
        self._before = {way: self._model.after(self._device, *way) for way in self._ways()}
        self._auditor = Auditor(load_plan("lync-2013"), Settings(snippet=True))
        self._space = Space()

    def _ways(self) -> Iterator[Way]:
        """Yield the ways that the intents speak of.

        Where the platform by itself changes what enters or leaves by an interface that nobody
        named, or marks where packets leave, the intents say nothing of it.
        """
        names = [item.name for item in self._wanted.interfaces]
        other = self._device.other_interface
        marks_late = self._driver.capabilities.has(Feature.MARK_AT_EGRESS)
        yield from permutations(names, 2)
        if not other.ingress:
            yield from ((OTHER, name) for name in names)
        else:
            # Where queues are chosen by ports as packets leave, it is all one how they came.
            yield from (
                (OTHER, item.name) for item in self._wanted.interfaces if item.egress_classifier
            )
            if len(names) == 1:
                yield names[0], names[0]
        if not (other.egress or marks_late):
            yield from ((name, OTHER) for name in names)

    def _turning_back(self) -> Iterator[Way]:
        """Yield the ways back out of the same interface.

        Where no other interface with a role sends packets to a queue, this one itself may.
        """
        if self._device.other_interface.ingress:
            yield from ((name, name) for name in sorted(self._asks))

    def faults_of_the_original(self) -> Iterator[str]:
        """Yield the ways on which z3 says that the original is not what the intents ask."""
        for way, before in self._before.items():
            wanted = self._model.after(self._asked, *way)
            truth, _ = self._on(way, before, wanted)
            if truth is not Truth.EQUAL:
                yield f"{way[0]} > {way[1]}: {truth}"

    def outcome_of(self, mutant: Mutant) -> Outcome:
        """Return what z3 and the audit say of a mutant."""
        device = self._driver.parse(mutant.text)
        meaning, witness = self._meaning(device, mutant)
        audit = self.audit(mutant.text)
        verdict = str(audit.judgement)
        fault = _fault(meaning, audit, bool(device.unread))
        if meaning is Meaning.NEUTRAL and mutant.must_matter:
            fault = fault or "by its words it matters"
        if mutant.port is not None and meaning is Meaning.DIFFERENT and not device.unread:
            fault = fault or self._at_other_ports(device, mutant.port)
        return Outcome(self.platform, self.shape, mutant, meaning, verdict, fault, witness)

    def _meaning(self, device: DeviceQos, mutant: Mutant) -> tuple[Meaning, str]:
        unclear = ""
        for way, before in self._before.items():
            after = self._model.after(device, *way)
            truth, packet = self._on(way, before, after)
            shown = f"{way[0]} > {way[1]} {packet or ''}"
            if truth is Truth.DIFFERENT:
                return Meaning.DIFFERENT, shown
            if truth is Truth.UNCLEAR:
                unclear = unclear or shown
        if unclear:
            return Meaning.UNCLEAR, unclear
        back = (way for way in self._turning_back() if way[1] in self._same_network)
        ways = (*self._before, *back)
        waits = next(filter(None, (self._moved(way, device) for way in ways)), "")
        if waits:
            return Meaning.QUEUES, waits
        scheduling = self._scheduling(device)
        if mutant.must_matter:
            scheduling = scheduling or other_queues(self._device, device)
        return (Meaning.QUEUES, scheduling) if scheduling else (Meaning.NEUTRAL, "")

    def _on(self, way: Way, before: State, after: State) -> tuple[Truth, Term]:
        return verdict_on(before, after, service=way[1] in self._asks, domain=self._domain)

    def _at_other_ports(self, device: DeviceQos, port: int) -> str:
        """Return a packet that changes although it has nothing to do with the port."""
        elsewhere = z3.And(port != SOURCE_PORT, port != DESTINATION_PORT)
        for way, before in self._before.items():
            unlike = before.unlike(self._model.after(device, *way), service=way[1] in self._asks)
            packet = solved([self._domain, unlike, elsewhere])
            if packet is not None:
                return f"not only port {port}: {way[0]} > {way[1]} {packet}"
        return ""

    def _scheduling(self, device: DeviceQos) -> str:
        """Return what the scheduling finder says of the queues, which z3 knows nothing of."""
        wanted = self._asked
        domain = domain_of(self._wanted, self._driver.capabilities)
        for item in self._wanted.interfaces:
            for entry, leaving in (*self._before, *self._turning_back()):
                if leaving != item.name:
                    continue
                found = find_scheduling(
                    item, wanted, device, entry, self._space, tolerance=_TOLERANCE, domain=domain
                )
                if entry == leaving and leaving not in self._same_network:
                    found = [fault for fault in found if fault.of_the_queue]
                if found:
                    return f"{entry} > {found[0]}"
        return ""

    def _moved(self, way: Way, device: DeviceQos) -> str:
        """Return a packet that waits in the queue of another class, "" if there is none."""
        before, after = (self._model.after(item, *way) for item in (self._device, device))
        if way[1] not in self._asks or before.queue.eq(after.queue):
            return ""
        own = self._model.after(self._asked, *way).queue
        home = own
        for found, wanted in self._homes(way, before.queue, own).items():
            home = z3.If(after.queue == found, z3.BitVecVal(wanted, 16), home)
        packet = solved([self._domain, z3.Not(after.dropped), home != own])
        return "" if packet is None else f"{way[0]} > {way[1]} waits elsewhere: {packet}"

    def _homes(self, way: Way, before: Term, own: Term) -> dict[int, int]:
        """Return which wanted queue each class of the original serves, by their numbers."""
        queuing = self._device.interface(way[1]).queuing
        homes: dict[int, int] = {}
        for item in queuing.classes if queuing else ():
            number = self._model.word(item.name)
            packet = solved([self._domain, before == number])
            if packet is not None:
                wanted = packet.eval(own, True).as_long()
                alone = solved([self._domain, before == number, own != wanted]) is None
                homes |= {number: wanted} if alone else {}
        return homes

    def audit(self, text: str) -> DeviceAudit:
        """Return the audit of a text with the roles of the original."""
        specs = [InterfaceSpec.of(item) for item in SHAPES[self.shape]]
        return self._auditor.audit(
            Subject(
                f"{self.shape}-1",
                "mutant",
                text,
                self.platform,
                tuple(replace(s, name=interface_name(self.platform, s.name)) for s in specs),
                tuple((name, tuple(prefixes)) for name, prefixes in BINDINGS.items()),
            )
        )


def _fault(meaning: Meaning, audit: DeviceAudit, unread: bool) -> str:
    if meaning is not Meaning.NEUTRAL:
        return "survived" if audit.judgement is Judgement.COMPLIANT else ""
    alarms = [
        item.message
        for item in audit.findings
        if item.kind in _JUDGED and item.severity is not Severity.NOTE
    ]
    if unread and audit.judgement is Judgement.UNKNOWN:
        return ""  # nothing shows that the unread line does not matter
    if audit.judgement is not Judgement.COMPLIANT:
        alarms.append(f"called {audit.judgement}")
    return f"false alarm: {alarms[0]}" if alarms else ""
