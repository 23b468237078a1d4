"""Mutants of real configurations: our semantic diff, and z3, of the original and the mutant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

from mutation.edits import Mutant
from mutation.outcome import Meaning, Outcome
from mutation.queues import other_queues
from support.z3_model import Model, Truth, moved, verdict_on

from translator.audit.semdiff import Question, SemDiff, Text, semdiff
from translator.audit.semdiff.unread import with_words_for_lines
from translator.cli.textfile import read_device_text
from translator.drivers.registry import driver
from translator.errors import TranslatorError
from translator.intents.device import DeviceQos, InterfaceQos
from translator.intents.pipeline import Stage
from translator.verify.compare import Verdict
from translator.verify.diagram import Space
from translator.verify.program import names_tested
from translator.verify.prove import OTHER

__all__ = ["RealText", "real_text"]

_MAX_NAMES = 6
Way = tuple[str | None, str]


def real_text(platform: str, path: Path) -> RealText | None:
    """Return a real configuration that does something with packets, else None."""
    reader = driver(platform)
    text = read_device_text(str(path), reader)
    try:
        device = reader.parse(text, file=path.name)
    except TranslatorError:
        return None
    return RealText(platform, path.name, text, device) if _acts(device) else None


def _acts(device: DeviceQos) -> bool:
    places = (*device.interfaces, *device.policies)
    return bool(device.forward) or any(_stages_of(item) for item in places)


class RealText:
    """One real configuration and what its mutants are held against."""

    def __init__(self, platform: str, name: str, text: str, device: DeviceQos) -> None:
        self.platform, self.name, self.text = platform, name, text
        self._driver = driver(platform)
        self._device = with_words_for_lines(device)
        self._model = Model()
        self._space = Space()

    def outcome_of(self, mutant: Mutant) -> Outcome:
        """Return what z3 and our semantic diff say of a mutant."""
        try:
            device = with_words_for_lines(self._driver.parse(mutant.text, file=self.name))
        except TranslatorError as error:
            return self._outcome(mutant, Meaning.UNCLEAR, "refused", "", error.problem)
        self._space.recycle()
        try:
            sides = self._side(self._device), self._side(device)
            diff = semdiff(*sides, Question(snippet=True), self._space)
        except TranslatorError as error:
            return self._outcome(mutant, Meaning.UNCLEAR, "refused", "", error.problem)
        meaning, witness = self._meaning(device, diff)
        fault = _fault(meaning, diff)
        return self._outcome(mutant, meaning, str(diff.verdict), fault, witness)

    def _outcome(
        self, mutant: Mutant, meaning: Meaning, verdict: str, fault: str, witness: str
    ) -> Outcome:
        return Outcome(self.platform, self.name, mutant, meaning, verdict, fault, witness)

    def _side(self, device: DeviceQos) -> Text:
        return Text(device, self._driver.capabilities)

    def _meaning(self, device: DeviceQos, diff: SemDiff) -> tuple[Meaning, str]:
        unclear = waits = ""
        one, other = self._device, device
        if any(way.entry is None for way in diff.ways):
            one, other = _policies_as_exits(one), _policies_as_exits(other)
        for entry, leaving in self._ways(one, other, diff):
            before, after = (self._model.after(item, entry, leaving) for item in (one, other))
            truth, packet = verdict_on(before, after)
            shown = f"{entry} > {leaving} {packet or ''}"
            if truth is Truth.DIFFERENT:
                return Meaning.DIFFERENT, shown
            if truth is Truth.UNCLEAR:
                unclear = unclear or shown
            if not before.queue.eq(after.queue) and moved(before, after) is not None:
                waits = waits or f"{entry} > {leaving}: another queue"
        if unclear:
            return Meaning.UNCLEAR, unclear
        queues = waits or other_queues(one, other)
        return (Meaning.QUEUES, queues) if queues else (Meaning.NEUTRAL, "")

    @staticmethod
    def _ways(one: DeviceQos, other: DeviceQos, diff: SemDiff) -> Iterator[Way]:
        """Yield every interface towards and from any other, and those that changed in pairs."""
        if any(way.entry is None for way in diff.ways):
            both = {item.name for item in one.interfaces} & {x.name for x in other.interfaces}
            yield from ((None, name) for name in sorted(both))
            return
        names = sorted(_names(one) | _names(other))
        changed = [name for name in names if not _same_stages(one, other, name)]
        tested = sorted(name for name in _tested(one) | _tested(other) if name)
        yield OTHER, OTHER
        yield from ((name, OTHER) for name in names)
        yield from ((OTHER, name) for name in names)
        yield from permutations(tuple(dict.fromkeys((*changed, *tested, *names)))[:_MAX_NAMES], 2)
        for change in diff.changes:
            for way in change.ways:
                if way.entry is not None and way.exit is not None:
                    yield way.entry.a, way.exit.a


def _names(device: DeviceQos) -> set[str]:
    return {item.name for item in device.interfaces if _stages_of(item)} | {
        name for name in _tested(device) if name
    }


def _tested(device: DeviceQos) -> frozenset[str | None]:
    stages: list[Stage] = list(device.forward)
    for item in (*device.interfaces, device.other_interface):
        stages += _stages_of(item)
    return names_tested(stages)


def _stages_of(item: object) -> tuple[Stage, ...]:
    if isinstance(item, InterfaceQos):
        return (*item.ingress, *item.egress)
    stages: tuple[Stage, ...] = getattr(item, "stages", ())
    return stages


def _same_stages(one: DeviceQos, other: DeviceQos, name: str) -> bool:
    return _stages_of(one.interface(name)) == _stages_of(other.interface(name))


def _policies_as_exits(device: DeviceQos) -> DeviceQos:
    """Return a device on which each policy is an interface, where no text binds any."""
    return DeviceQos(
        device.platform,
        tuple(
            InterfaceQos(item.name, egress=item.stages, queuing=item.queuing)
            for item in device.policies
        ),
    )


def _fault(meaning: Meaning, diff: SemDiff) -> str:
    if meaning is Meaning.DIFFERENT:
        return "" if diff.verdict is Verdict.DIFFERENT else "survived"
    if meaning is Meaning.UNCLEAR:
        return "survived" if diff.verdict is Verdict.EQUAL else ""
    if diff.verdict is Verdict.UNDECIDED:
        return "undecided"
    if diff.changes and any(item.difference.certain for item in diff.changes):
        return f"false alarm: {diff.changes[0].difference}"
    if meaning is Meaning.QUEUES:
        return "" if diff.verdict is not Verdict.EQUAL else "survived"
    if diff.verdict is Verdict.DIFFERENT:
        what = (*diff.parameters, *diff.moves, *diff.only_a, *diff.only_b)
        return f"false alarm: {what[0] if what else 'no reason given'}"
    return ""
