"""What a configuration does with one packet, and which of its lines decide that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from translator.codepoint import CodePoint
from translator.errors import UndecidedError
from translator.intents.condition import Predicate
from translator.intents.device import DeviceQos
from translator.intents.pipeline import Service
from translator.verify.packet import Packet
from translator.verify.passage import passage_of
from translator.verify.trace import Trace, traces

__all__ = ["Explanation", "explain"]

_T = TypeVar("_T")
_WITH_PORTS = (6, 17)  # TCP, UDP


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer about one packet; a field on which possible outcomes disagree is None.

    Attributes:
        verdict: "known", or "unknown" when the outcome hangs on something that neither the
            header shows nor the text says; `reasons` name it.
        dscp_out: code point it leaves with; None when it is dropped.
        lines: configuration lines of the rules that matched, in order.
        notes: what was assumed to answer at all.
    """

    packet: Packet
    verdict: str
    dscp_in: CodePoint
    dscp_out: CodePoint | None
    service: Service | None
    dropped: bool | None
    class_name: str | None
    lines: tuple[int, ...] = ()
    rows: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    policed_bps: int | None = None

    @property
    def known(self) -> bool:
        """Whether the outcome is certain."""
        return self.verdict == "known"


def explain(
    device: DeviceQos,
    packet: Packet,
    in_interface: str | None = None,
    out_interface: str | None = None,
    policy: str | None = None,
) -> Explanation:
    """Return what happens to a packet between two interfaces, or in one policy alone.

    Without an interface or policy the only one there is is taken.

    Raises:
        UsageError: no such policy, no name of an interface, or nothing chosen where there are
            several.
    """
    chosen = passage_of(device, in_interface, out_interface, policy)
    try:
        found = traces(chosen.stages, packet, chosen.names)
    except UndecidedError as error:
        return Explanation(
            packet, "unknown", packet.dscp, None, None, None, None, reasons=(error.problem,)
        )
    return _explained(packet, found, (*chosen.notes, *_without_ports(packet), *device.notes))


def _without_ports(packet: Packet) -> tuple[str, ...]:
    if packet.fragment or packet.protocol not in _WITH_PORTS:
        return ()
    if packet.source_port or packet.destination_port:
        return ()
    return ("the packet is given without ports: both are taken to be 0",)


def _explained(packet: Packet, found: list[Trace], notes: tuple[str, ...]) -> Explanation:
    outcomes = {(item.treatment, item.tos if not item.treatment.dropped else 0) for item in found}
    reasons = [reason for item in found for reason in item.treatment.unclear]
    if len(outcomes) > 1:
        reasons += [_open_text(asked) for item in found for asked, _ in item.answers]
    known = len(outcomes) == 1 and not reasons
    lines = dict.fromkeys(line for item in found for line in item.lines)
    rows = dict.fromkeys(row for item in found for row in item.rows)
    return Explanation(
        packet=packet,
        verdict="known" if known else "unknown",
        dscp_in=packet.dscp,
        dscp_out=_agreed([None if t.treatment.dropped else t.code_point for t in found]),
        service=_agreed([t.treatment.service for t in found]),
        dropped=_agreed([t.treatment.dropped for t in found]),
        class_name=_agreed([t.class_name for t in found]),
        lines=tuple(lines),
        rows=tuple(rows),
        reasons=tuple(dict.fromkeys(reasons)),
        notes=tuple(dict.fromkeys(notes)),
        policed_bps=_agreed([t.treatment.policed_bps for t in found]),
    )


def _open_text(predicate: Predicate) -> str:
    unread = "a line that was not understood" if predicate.unread else "what no header shows"
    return f"it hangs on {unread}: {predicate.name}"


def _agreed(values: Sequence[_T]) -> _T | None:
    return values[0] if all(value == values[0] for value in values) else None
