"""The driver of Nexus 9000 switches: what it can do, and where each direction lives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from translator.collector import collector_paused
from translator.drivers.base import Rendered, SessionFacts
from translator.drivers.capture import cleaned
from translator.drivers.cisco.edits import EditModel, EntersCommands
from translator.drivers.cisco.switchports import read_ports
from translator.drivers.cisco.whole import without_prompt
from translator.drivers.cisco_nxos import parse as reading
from translator.drivers.cisco_nxos import render as writing
from translator.drivers.cisco_nxos.counters import LISTINGS
from translator.drivers.cisco_nxos.replies import NEXUS_REPLIES
from translator.drivers.cisco_nxos.signs import signs_of
from translator.drivers.counting import CountsByListing
from translator.drivers.reply_reader import StatesReplies
from translator.drivers.signs import Signs
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.device import DeviceQos
from translator.intents.model import DeviceIntents
from translator.intents.port import Port

if TYPE_CHECKING:
    from translator.drivers.change import Procedures

__all__ = ["CiscoNxos"]

_CAPABILITIES: Final = Capabilities(
    features=Feature.MARK_INGRESS
    | Feature.QUEUE
    | Feature.IPV6
    | Feature.MATCH_CODE_POINT_WITH_PORT
    | Feature.EVERY_QUEUE_HAS_SHARE
    | Feature.KEEPS_COMMENTS,
    queues=8,
    classes=128,  # Source: Nexus 9000 QoS guide 7.x, guidelines of classification.
    name_length=40,  # Source: names of class-maps and policy-maps in the grammar of batfish.
    assumptions=(
        "what a class does with non-initial fragments of packets with ports is unverified",
        "a list of a class may hold a code point and ports in one entry (unverified)",
        "an IPv6 list in a class is taken to match nothing beyond its entries (unverified)",
        "packets have qos-group 0 until a policy gives them another; a policy of the system holds "
        "on every interface that has none of its own",
        "the default queue is guaranteed what the others leave",
        "the strict queue is served first and without a limit: the share planned for it is not "
        "enforced",
        "weights of queues may sum to less than 100 (unverified for every release)",
    ),
)


class CiscoNxos(CountsByListing, EntersCommands, StatesReplies):
    """Modular QoS of Nexus 9000, both directions; see `family` for other models."""

    platform = "cisco_nxos"
    title = "Cisco NX-OS, Nexus 9000 (modular QoS with qos-groups)"
    capabilities = _CAPABILITIES
    replies = NEXUS_REPLIES
    listings = LISTINGS
    session = SessionFacts(
        netmiko="cisco_nxos",
        napalm="nxos_ssh",
        ansible=("cisco.nxos.nxos", "nxos", "cisco.nxos"),
        clock="show clock",
    )

    def render(self, intents: DeviceIntents) -> Rendered:
        """Return lists, classes, policies and bindings, and what removes them."""
        return writing.render(self.platform, intents, self.capabilities.name_length)

    def signs(self, text: str) -> Signs:
        """Return what speaks for NX-OS, and against it."""
        return signs_of(text)

    def parse(self, text: str, *, file: str = "<config>") -> DeviceQos:
        """Return what a running configuration, or a part of it, does to packets."""
        with collector_paused():
            return reading.parse(self.platform, without_prompt(cleaned(text)), file=file)

    def ports(self, text: str) -> tuple[Port, ...]:
        """Return the interfaces of a text in its order; the QoS of a bundle stands on itself."""
        return read_ports(text, qos_on_members=False, qos_on_vlans=True)

    together = True
    """The policy of the system serves all interfaces, so all are repaired at once."""

    @property
    def edit_model(self) -> EditModel:
        """How commands are taken; reading needs none of it."""
        from translator.drivers.cisco_nxos.edit import EDIT_ASSUMPTIONS, NexusEditor, repairs

        return EditModel(NexusEditor, repairs, EDIT_ASSUMPTIONS)

    def predict(self, text: str, commands: Sequence[str]) -> str:
        """Return what ciscoconfparse makes of the text; it goes by the indentation of IOS."""
        from translator.drivers.cisco_nxos.edit import half_indented

        return super().predict(half_indented(text), commands)

    @property
    def procedures(self) -> Procedures:
        """How such a switch is changed."""
        from translator.drivers.cisco_nxos.change import NexusProcedures  # not for reading texts
        from translator.drivers.cisco_nxos.family import is_nexus_9000

        return NexusProcedures(is_nexus_9000)
