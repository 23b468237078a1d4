"""The driver of IOS and IOS-XE routers."""

from __future__ import annotations

from typing import Final

from translator.drivers.base import Rendered, SessionFacts
from translator.drivers.cisco_ios import parse as reading
from translator.drivers.cisco_ios import render as writing
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.device import DeviceQos
from translator.intents.model import DeviceIntents

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


class CiscoIos:
    """Modular QoS of IOS and IOS-XE, both directions."""

    platform = "cisco_ios"
    title = "Cisco IOS / IOS-XE routers (modular QoS)"
    capabilities = _CAPABILITIES
    session = SessionFacts(
        netmiko="cisco_ios",
        napalm="ios",
        ansible=("cisco.ios.ios", "ios", "cisco_xe", "cisco.ios"),
    )

    def render(self, intents: DeviceIntents) -> Rendered:
        """Return access lists, class-maps, policy-maps and bindings, and what removes them."""
        return writing.render(self.platform, intents, self.capabilities.name_length)

    def parse(self, text: str, *, file: str = "<config>") -> DeviceQos:
        """Return what a running configuration, or a part of it, does to packets."""
        return reading.parse(self.platform, text, file=file)
