"""The drivers of the three Tomato families; they differ in the dialect of their rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from translator.drivers.base import Rendered, SessionFacts
from translator.drivers.change import Procedures
from translator.drivers.counting import CountsByListing
from translator.drivers.reply_reader import StatesReplies
from translator.drivers.signs import Signs
from translator.drivers.tomato.chains import FIRST_PACKETS
from translator.drivers.tomato.counters import LISTINGS, class_ids
from translator.drivers.tomato.dialect import FRESH, OLD, TOMATO64, Dialect
from translator.drivers.tomato.nvram import decode_backup, is_backup
from translator.drivers.tomato.ports import read_ports
from translator.drivers.tomato.read import read_device
from translator.drivers.tomato.replies import TOMATO_REPLIES
from translator.drivers.tomato.signs import signs_of
from translator.drivers.tomato.write import write_device
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.device import DeviceQos
from translator.intents.lower import lower
from translator.intents.model import DeviceIntents
from translator.intents.port import Port

__all__ = ["Tomato", "Tomato64", "TomatoOld"]

_ABILITIES: Final = (
    Feature.MARK_INGRESS
    | Feature.QUEUE
    | Feature.QUEUE_BY_PORT
    | Feature.SHAPE
    | Feature.IPV6
    | Feature.MATCH_CODE_POINT_WITH_PORT
    | Feature.KEEPS_COMMENTS
)
_CAPABILITIES: Final = Capabilities(
    features=_ABILITIES,
    queues=8,  # classes 1 to 7 and the default class; 0 is Tomato's own
    classes=10,
    name_length=12,
    ranges_per_rule=7,  # 15 slots of multiport, a range takes two
    assumptions=(
        FIRST_PACKETS,
        "the proof covers our rules; what other rules of the router do with packets that none of "
        "ours takes stays as it is",
        "the Firewall script runs after the router has loaded its own rules",
    ),
)


class Tomato(CountsByListing, StatesReplies):
    """FreshTomato and Shibby builds: rules of eleven fields.

    Rendering speaks of the LAN bridge (`br0`, roles client, phone or server: marked by the
    Firewall script) and of the WAN (role internet: queued by ports; role wan: by code points).
    """

    dialect: ClassVar[Dialect] = FRESH
    platform: ClassVar[str] = "tomato"
    listings = LISTINGS
    title: ClassVar[str] = "FreshTomato / Shibby: qos_orules and Firewall script"
    capabilities: ClassVar[Capabilities] = _CAPABILITIES
    replies = TOMATO_REPLIES
    session: ClassVar[SessionFacts] = SessionFacts(netmiko="linux", clock="date -u")

    def render(self, intents: DeviceIntents) -> Rendered:
        """Return our settings as `nvram show` prints them; `files` holds the script that sets them.

        Raises:
            UnsupportedIntentError: an intent cannot be expressed exactly.
        """
        lowered = lower(intents, self.capabilities)
        return write_device(self.platform, self.title, self.dialect, lowered)

    def decode(self, data: bytes) -> str | None:
        """Return a backup file (.cfg) as the dump that `parse` reads; None for any other file.

        Raises:
            ParseError: a backup that is cut short.
        """
        return decode_backup(data) if is_backup(data) else None

    def signs(self, text: str) -> Signs:
        """Return what speaks for this family, and against it."""
        return signs_of(self.dialect, text)

    def parse(self, text: str, *, file: str = "<config>") -> DeviceQos:
        """Return what a router of these settings does: an `nvram show` dump or a backup file.

        A backup is binary: read its bytes as latin-1. How classes are served is derived from
        their order and shares, see `translator.drivers.tomato.classes`.

        Raises:
            ParseError: the text is binary data, or a damaged backup.
        """
        return read_device(self.platform, self.dialect, text, file)

    @property
    def procedures(self) -> Procedures:
        """How a router is changed."""
        from translator.drivers.tomato.change import TomatoProcedures  # reading needs none of it

        return TomatoProcedures()

    def ports(self, text: str) -> tuple[Port, ...]:
        """Return the LAN bridges and WANs that the settings name; never raises."""
        return read_ports(text)

    def counted_names(self, text: str) -> Mapping[str, str]:
        """Return the HTB class that `tc` shows for each class by its name in the settings."""
        return class_ids(text)


class Tomato64(Tomato):
    """Tomato64: ten fields, with the name of an nDPI application for ipp2p and layer 7."""

    dialect: ClassVar[Dialect] = TOMATO64
    platform: ClassVar[str] = "tomato64"
    title: ClassVar[str] = "Tomato64: qos_orules with nDPI and Firewall script"


class TomatoOld(Tomato):
    """Builds before the code point came into the rules: ten fields, ipp2p and layer 7."""

    dialect: ClassVar[Dialect] = OLD
    platform: ClassVar[str] = "tomato_old"
    title: ClassVar[str] = "Tomato before code points in rules: qos_orules and Firewall script"
