"""What is known of the programs in plan tables: who sends, and how an Edge is narrowed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from translator.plan.model import Media, Narrowing, Transport
from translator.ports import PortRange

__all__ = ["ADDRESS_WORDS", "MEDIA_WORDS", "NO_EXECUTABLE", "is_edge", "narrowing_of", "sender_of"]

MEDIA_WORDS: Final = {
    "audio": Media.AUDIO,
    "voice": Media.AUDIO,
    "video": Media.VIDEO,
    "signalling": Media.SIGNALLING,
    "signaling": Media.SIGNALLING,
    "sip": Media.SIGNALLING,
    "application sharing": Media.APP_SHARING,
    "app sharing": Media.APP_SHARING,
    "app_sharing": Media.APP_SHARING,
    "desktop sharing": Media.APP_SHARING,
    "file transfer": Media.FILE_TRANSFER,
    "file_transfer": Media.FILE_TRANSFER,
}
NO_EXECUTABLE: Final = frozenset({"", "n/a", "na", "none", "-", "any"})

# What address cells call the standard groups.
ADDRESS_WORDS: Final = {
    "edge internal ip": "edge_internal",
    "edge internal": "edge_internal",
    "exchange um servers": "exchange_um",
    "exchange um": "exchange_um",
    "conferencing servers": "conference_servers",
    "mediation servers": "mediation_servers",
    "lync servers": "lync_servers",
    "internal clients": "clients",
}


@dataclass(frozen=True, slots=True)
class _Sender:
    """A server program by the words of its component and its executable."""

    component: re.Pattern[str]
    executable: str
    group: str


def _sender(component: str, executable: str, group: str) -> _Sender:
    return _Sender(re.compile(component, re.IGNORECASE), executable.lower(), group)


# OcsAppServerHost.exe runs three services, so the component decides first.
_SENDERS: Final = (
    _sender(r"\bedge (service|server)|^edge\b", "MediaRelaySvc.exe", "edge_internal"),
    _sender(r"a/v conferencing|conferencing server", "AVMCUSvc.exe", "conference_servers"),
    _sender(r"application sharing conferencing", "ASMCUSvc.exe", "conference_servers"),
    _sender(r"mediation", "MediationServerSvc.exe", "mediation_servers"),
    _sender(r"ucma|trusted application", "", "trusted_app_servers"),
    _sender(r"response group|announcement", "OcsAppServerHost.exe", "application_servers"),
    _sender(r"^exchange um|unified messaging server", "", "exchange_um"),
)


def sender_of(component: str, executable: str) -> str | None:
    """Return the address group that the program runs on; None for clients and unknown ones."""
    for known in _SENDERS:
        if known.component.search(component):
            return known.group
    for known in _SENDERS:
        if known.executable and known.executable == executable.lower():
            return known.group
    return None


def is_edge(component: str, executable: str) -> bool:
    """Whether the sender is the media relay of an Edge server."""
    return sender_of(component, executable) == "edge_internal"


def narrowing_of(protocols: tuple[Transport, ...]) -> Narrowing:
    """Return the ports that an Edge relays from on its internal side.

    Source:
        Lync Server 2013 port summary for the Edge: UDP 3478 and TCP 443 toward the inside.
    """
    udp = PortRange(3478, 3478) if Transport.UDP in protocols else None
    tcp = PortRange(443, 443) if Transport.TCP in protocols else None
    return Narrowing(udp=udp, tcp=tcp)
