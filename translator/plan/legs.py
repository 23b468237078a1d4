"""A row as the network sees it: per transport, the ports of a packet, without any executable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from translator.plan.groups import CLIENT_GROUPS
from translator.plan.model import Media, PlanRow, Transport
from translator.ports import PortRange

__all__ = [
    "DYNAMIC_PORTS",
    "EPHEMERAL_PORTS",
    "Leg",
    "is_audio_or_video",
    "is_client_row",
    "is_server_row",
    "legs_of",
    "port_hazard",
    "senders_of",
]

# Source: RFC 6335 section 6 (dynamic ports), which Windows Vista and later use; Linux's default
# net.ipv4.ip_local_port_range is 32768-60999.
DYNAMIC_PORTS: Final = PortRange(49152, 65535)
EPHEMERAL_PORTS: Final = PortRange(32768, 65535)


@dataclass(frozen=True, slots=True)
class Leg:
    """The packets of a row with one transport; empty ports are any port."""

    transport: Transport
    source_ports: tuple[PortRange, ...]
    destination_ports: tuple[PortRange, ...]


def legs_of(row: PlanRow) -> tuple[Leg, ...]:
    """Return one leg per transport, with the source port to which the row is narrowed."""
    legs = []
    for transport in row.protocols:
        sources = row.source_ports
        if row.narrow is not None:
            one = row.narrow.udp if transport is Transport.UDP else row.narrow.tcp
            sources = sources if one is None else (one,)
        legs.append(Leg(transport, sources, row.destination_ports))
    return tuple(legs)


def senders_of(row: PlanRow) -> tuple[str, ...]:
    """Return the groups that the packets come from: those named, else those needed to be safe."""
    return row.sources or tuple(name for name in row.needs if name not in row.destinations)


def port_hazard(row: PlanRow) -> str:
    """Return why the row's ports alone would catch strangers' traffic; empty where they do not."""
    for leg in legs_of(row):
        sides = [side for side in (leg.source_ports, leg.destination_ports) if side]
        if not sides:
            return f"matches every {leg.transport} packet"
        if all(any(r.overlaps(EPHEMERAL_PORTS) for r in side) for side in sides):
            ranges = ", ".join(str(item) for item in sides[0])
            return (
                f"{leg.transport} ports {ranges} lie among those that operating systems give to "
                "any program (Windows 49152-65535, Linux 32768-60999)"
            )
    return ""


def is_audio_or_video(row: PlanRow) -> bool:
    """Whether UDP is the row's normal transport and TCP its fallback."""
    return row.media in (Media.AUDIO, Media.VIDEO)


def is_server_row(row: PlanRow) -> bool:
    """Whether the sender is a server that takes its ports from the dynamic range."""
    sends_from = any(item.overlaps(DYNAMIC_PORTS) for item in row.source_ports)
    senders = senders_of(row)
    return sends_from and not (senders and CLIENT_GROUPS.issuperset(senders))


def is_client_row(row: PlanRow) -> bool:
    """Whether the row rests on port ranges that clients are told to use."""
    if row.media in (Media.SIGNALLING, Media.ANY) or (row.narrow and row.destinations):
        return False
    if row.source_ports and CLIENT_GROUPS.issuperset(senders_of(row)) and not is_server_row(row):
        return True
    return bool(row.destination_ports) and CLIENT_GROUPS.issuperset(row.destinations)
