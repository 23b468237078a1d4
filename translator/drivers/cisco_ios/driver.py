"""The driver of IOS and IOS-XE routers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from translator.collector import collector_paused
from translator.drivers.base import Rendered, SessionFacts
from translator.drivers.capture import cleaned
from translator.drivers.cisco.edits import EditModel, EntersCommands
from translator.drivers.cisco.replies import CISCO_REPLIES
from translator.drivers.cisco.shared import Shared
from translator.drivers.cisco.switchports import read_ports
from translator.drivers.cisco.whole import without_prompt
from translator.drivers.cisco_ios import parse as reading
from translator.drivers.cisco_ios import render as writing
from translator.drivers.cisco_ios.counters import LISTINGS
from translator.drivers.cisco_ios.signs import signs_of
from translator.drivers.counting import CountsByListing
from translator.drivers.reply_reader import StatesReplies
from translator.drivers.signs import Signs
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.device import DeviceQos
from translator.intents.model import DeviceIntents
from translator.intents.port import Port

if TYPE_CHECKING:
    from translator.drivers.change import Procedures

__all__ = ["CiscoIos"]

_CAPABILITIES: Final = Capabilities(
    features=Feature.MARK_INGRESS
    | Feature.QUEUE
    | Feature.QUEUE_BY_PORT
    | Feature.SHAPE
    | Feature.IPV6
    | Feature.MATCH_CODE_POINT_WITH_PORT
    | Feature.KEEPS_COMMENTS,
    queues=64,
    classes=256,  # Source: Cisco, modular QoS command-line interface, classes per policy.
    name_length=40,  # Unverified for old releases; the IOS-XE model allows 205 characters.
    assumptions=(
        "what a class does with non-initial fragments of packets with ports is unverified",
        "the first class of a policy-map that matches decides (unverified)",
        "an IPv6 list in a class is taken to match nothing beyond its entries (unverified: "
        "neighbour discovery is permitted by lists that filter)",
        "output classes see ports after address translation",
    ),
)

_SHARED: Final = Shared()


class CiscoIos(CountsByListing, EntersCommands, StatesReplies):
    """Modular QoS of IOS and IOS-XE, both directions."""

    platform = "cisco_ios"
    listings = LISTINGS
    title = "Cisco IOS / IOS-XE routers (modular QoS)"
    capabilities = _CAPABILITIES
    replies = CISCO_REPLIES
    session = SessionFacts(
        netmiko="cisco_ios",
        napalm="ios",
        ansible=("cisco.ios.ios", "ios", "cisco_xe", "cisco.ios"),
        clock="show clock",
    )

    def render(self, intents: DeviceIntents) -> Rendered:
        """Return access lists, class-maps, policy-maps and bindings, and what removes them."""
        return writing.render(self.platform, intents, self.capabilities.name_length)

    def signs(self, text: str) -> Signs:
        """Return what speaks for a router, and against it."""
        return signs_of(text)

    def parse(self, text: str, *, file: str = "<config>") -> DeviceQos:
        """Return what a running configuration, or a part of it, does to packets."""
        with collector_paused():
            return reading.parse(self.platform, without_prompt(cleaned(text)), file=file)

    def parse_shared(
        self, text: str, *, file: str = "<config>"
    ) -> tuple[DeviceQos, Mapping[int, int]]:
        """Return the same; of all texts that are read in this way, equal policies are shared."""
        with collector_paused():
            clean = without_prompt(cleaned(text))
            return reading.parse_shared(self.platform, clean, file=file, shared=_SHARED)

    def ports(self, text: str) -> tuple[Port, ...]:
        """Return the interfaces of a text in its order; the QoS of a bundle stands on itself."""
        return read_ports(text, qos_on_members=False, qos_on_vlans=True)

    together = False

    @property
    def edit_model(self) -> EditModel:
        """How commands are taken; reading needs none of it."""
        from translator.drivers.cisco.edit import EDIT_ASSUMPTIONS, Editor
        from translator.drivers.cisco.edit_plan import repairs

        return EditModel(Editor, repairs, EDIT_ASSUMPTIONS)

    @property
    def procedures(self) -> Procedures:
        """How such a device is changed."""
        from translator.drivers.cisco.change import CiscoProcedures  # not for reading texts
        from translator.drivers.cisco.facts import is_router

        return CiscoProcedures(is_router)

    napalm_driver = "ios"

    @property
    def napalm_procedures(self) -> Procedures:
        """How such a device is read over NAPALM."""
        from translator.drivers.cisco.facts import is_switch_model
        from translator.drivers.cisco.napalm import CiscoOverNapalm

        return CiscoOverNapalm(lambda model: not is_switch_model(model))
