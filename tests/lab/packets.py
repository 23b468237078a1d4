"""Packets of the lab: those that are sent, and how those that arrive are read from a socket."""

from __future__ import annotations

import select
import socket
import struct
import threading
import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from translator.verify.packet import Packet

__all__ = ["CLIENT", "MAGIC", "SERVER", "Captured", "Sent", "collect"]

CLIENT: Final = {4: "10.1.1.10", 6: "2001:db8:1::10"}
SERVER: Final = {4: "10.2.2.2", 6: "2001:db8:2::2"}
MAGIC: Final = b"QoSt"  # what our own packets begin with, before their number
_OUTGOING: Final = 4


@dataclass(frozen=True, slots=True)
class Sent:
    """One packet to send from client to server; `backwards` from server to client.

    A `tcp` one is a whole connection whose client side carries the ToS byte (ECN bits 0).
    """

    version: int
    protocol: str
    source_port: int
    destination_port: int
    tos: int = 0
    backwards: bool = False
    size: int = 16

    def packet(self, *, fragment: bool = False) -> Packet:
        """Return the header as the router sees it."""
        here, there = CLIENT[self.version], SERVER[self.version]
        if self.backwards:
            here, there = there, here
        return Packet(
            self.version,
            {"udp": 17, "tcp": 6}[self.protocol],
            ip_address(here),
            ip_address(there),
            0 if fragment else self.source_port,
            0 if fragment else self.destination_port,
            self.tos,
            fragment,
        )


@dataclass(frozen=True, slots=True)
class Captured:
    """One packet as it arrived; `number` is the index of the `Sent` that it came from, or None."""

    version: int
    protocol: int
    source_port: int
    destination_port: int
    tos: int
    fragment: bool
    number: int | None
    at: float = 0.0


def collect(tap: socket.socket, arrived: list[Captured], ends: threading.Event) -> None:
    """Add the packets that a socket takes in to a list, until the event is set."""
    tap.setblocking(False)
    while not ends.is_set():
        if not select.select([tap], [], [], 0.05)[0]:
            continue
        try:
            while True:
                data, address = tap.recvfrom(65535)
                if address[2] != _OUTGOING and data:
                    found = _parsed(data)
                    if found is not None:
                        arrived.append(found)
        except BlockingIOError:
            continue


def _parsed(data: bytes) -> Captured | None:
    """Return the header of an IP packet without its link header; None for other protocols."""
    version = data[0] >> 4
    if version == 4:
        tos, protocol, start = data[1], data[9], (data[0] & 15) * 4
        offset = struct.unpack_from("!H", data, 6)[0] & 0x1FFF
    elif version == 6:
        tos, protocol, start = (data[0] & 15) << 4 | data[1] >> 4, data[6], 40
        offset = 0
        if protocol == 44:
            protocol, offset = data[40], struct.unpack_from("!H", data, 42)[0] >> 3
            start = 48
    else:
        return None
    now = time.monotonic()
    if offset or protocol not in (6, 17):
        return Captured(version, protocol, 0, 0, tos, bool(offset), None, now)
    source, destination = struct.unpack_from("!HH", data, start)
    number = None
    payload = data[start + 8 : start + 16]
    if protocol == 17 and payload[:4] == MAGIC:
        number = struct.unpack("!I", payload[4:8])[0]
    return Captured(version, protocol, source, destination, tos, False, number, now)
