"""One packet along several devices: what each does with it, as the one before left it.

The ToS byte is what a packet carries from device to device. Where a device may do one of several
things, the packet goes on in each of those forms, and what follows is known only where all of
them meet the same fate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from translator.codepoint import CodePoint
from translator.errors import UndecidedError, UsageError
from translator.intents.device import DeviceQos
from translator.verify.behaviour import stages_between
from translator.verify.explain import Explanation, explain
from translator.verify.names import spelled_out
from translator.verify.packet import Packet
from translator.verify.program import IN_INTERFACE, OUT_INTERFACE
from translator.verify.trace import traces

__all__ = ["Hop", "HopAnswer", "PathAnswer", "Stop", "follow", "read_path"]

_STOP: Final = re.compile(r"(?P<device>[^:\s]+):(?P<enters>[^>\s]*)>(?P<leaves>[^>\s]*)")
_HINT: Final = 'write --path "sw1:Gi1/0/1>Gi1/1/1 rtr:Gi0/0>Gi0/1" (DEVICE:IN>OUT, in order)'


@dataclass(frozen=True, slots=True)
class Stop:
    """A device on the path, by name, and the interfaces that the packet uses there."""

    device: str
    enters: str | None
    leaves: str | None

    def __str__(self) -> str:
        return f"{self.device}:{self.enters or ''}>{self.leaves or ''}"


@dataclass(frozen=True, slots=True)
class Hop:
    """A stop with what was understood of the device's text."""

    stop: Stop
    device: DeviceQos


@dataclass(frozen=True, slots=True)
class HopAnswer:
    """What one device does with the packet, in each form in which it may get there.

    Attributes:
        answers: what may happen, each fate once.
        entering, leaving: the ToS bytes with which it may come and go on; it goes on with none
            where it is dropped in every form.
        known: whether all forms meet one fate.
    """

    stop: Stop
    answers: tuple[Explanation, ...]
    entering: tuple[int, ...]
    leaving: tuple[int, ...]
    known: bool

    @property
    def dscp_in(self) -> tuple[CodePoint, ...]:
        """The code points with which the packet may come."""
        return _code_points(self.entering)

    @property
    def dscp_out(self) -> tuple[CodePoint, ...]:
        """The code points with which it may go on."""
        return _code_points(self.leaving)


@dataclass(frozen=True, slots=True)
class PathAnswer:
    """The whole path.

    Attributes:
        hops: the devices that the packet reaches or may reach.
        verdict: "known", or "unknown" where the end hangs on something that nobody can tell.
        dropped_at: the device that drops the packet, "" where it arrives or that is not known.
    """

    packet: Packet
    hops: tuple[HopAnswer, ...]
    verdict: str
    dropped_at: str = ""

    @property
    def known(self) -> bool:
        """Whether the end is certain."""
        return self.verdict == "known"

    @property
    def dscp_out(self) -> CodePoint | None:
        """The code point at the end; None where it is dropped or not known."""
        points = self.hops[-1].dscp_out
        return points[0] if self.known and len(points) == 1 else None


def read_path(text: str) -> tuple[Stop, ...]:
    """Return the stops of `sw1:Gi1/0/1>Gi1/1/1 rtr:Gi0/0>Gi0/1`; one end of a stop may be empty.

    Raises:
        UsageError: another form, or no stop at all.
    """
    stops = []
    for word in text.split():
        found = _STOP.fullmatch(word)
        if found is None or not (found["enters"] or found["leaves"]):
            raise UsageError(f"{word!r} is no device with two interfaces", hint=_HINT)
        stops.append(Stop(found["device"], found["enters"] or None, found["leaves"] or None))
    if not stops:
        raise UsageError("the path names no device", hint=_HINT)
    return tuple(stops)


def follow(hops: Sequence[Hop], packet: Packet) -> PathAnswer:
    """Return what becomes of the packet along the devices, in order.

    Args:
        hops: at least one.

    Raises:
        UsageError: a name cannot be an interface.
    """
    done: list[HopAnswer] = []
    forms: tuple[int, ...] = (packet.tos,)
    arrives = True
    for hop in hops:
        answer = _passed(hop, [replace(packet, tos=tos) for tos in forms])
        done.append(answer)
        forms = answer.leaving
        if not forms:
            break
        arrives = arrives and all(item.dropped is False for item in answer.answers)
    # What came before does not matter where the last device makes one thing of all forms.
    known = arrives and done[-1].known
    dropped = done[-1].stop.device if known and not forms else ""
    return PathAnswer(packet, tuple(done), "known" if known else "unknown", dropped)


def _passed(hop: Hop, forms: Sequence[Packet]) -> HopAnswer:
    answers: dict[object, Explanation] = {}
    leaving: dict[int, None] = {}
    for form in forms:
        answer = explain(hop.device, form, hop.stop.enters, hop.stop.leaves)
        answers.setdefault(_fate(answer), answer)
        leaving.update(dict.fromkeys(_leaving(hop, form)))
    known = len(answers) == 1 and all(item.known for item in answers.values())
    entering = tuple(form.tos for form in forms)
    return HopAnswer(hop.stop, tuple(answers.values()), entering, tuple(leaving), known)


def _leaving(hop: Hop, form: Packet) -> Iterable[int]:
    """Return the ToS bytes with which the packet may go on; all of them where nobody can tell."""
    enters, leaves = (
        None if name is None else spelled_out(hop.device, name)
        for name in (hop.stop.enters, hop.stop.leaves)
    )
    stages = stages_between(hop.device, enters, leaves)
    try:
        found = traces(stages, form, {IN_INTERFACE: enters, OUT_INTERFACE: leaves})
    except UndecidedError:
        return range(256)
    if any(item.treatment.unclear for item in found):
        return range(256)
    return [item.tos for item in found if not item.treatment.dropped]


def _code_points(tos: Iterable[int]) -> tuple[CodePoint, ...]:
    return tuple(dict.fromkeys(CodePoint(byte >> 2) for byte in tos))


def _fate(answer: Explanation) -> object:
    return answer.dscp_out, answer.service, answer.dropped, answer.policed_bps, answer.known
