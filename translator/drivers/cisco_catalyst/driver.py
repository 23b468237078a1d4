"""The driver of Catalyst switches: what it can do, and where each direction lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from translator.collector import collector_paused
from translator.drivers.base import Rendered, SessionFacts
from translator.drivers.capture import cleaned
from translator.drivers.cisco.edits import EditModel, EntersCommands
from translator.drivers.cisco.replies import CISCO_REPLIES
from translator.drivers.cisco.switchports import read_ports
from translator.drivers.cisco.whole import without_prompt
from translator.drivers.cisco_catalyst.classes import NAME_LENGTH
from translator.drivers.cisco_catalyst.counters import LISTINGS
from translator.drivers.cisco_catalyst.parse import parse
from translator.drivers.cisco_catalyst.render import render
from translator.drivers.cisco_catalyst.signs import signs_of
from translator.drivers.counting import CountsByListing
from translator.drivers.reply_reader import StatesReplies
from translator.drivers.signs import Signs
from translator.drivers.text import refuse_zero_bytes
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.device import DeviceQos
from translator.intents.model import DeviceIntents
from translator.intents.port import Port

if TYPE_CHECKING:
    from translator.drivers.change import Procedures

__all__ = ["CiscoCatalyst"]

_CAPABILITIES: Final = Capabilities(
    features=Feature.MARK_INGRESS
    | Feature.QUEUE
    | Feature.MATCH_CODE_POINT_WITH_PORT
    | Feature.EVERY_QUEUE_HAS_SHARE
    | Feature.KEEPS_COMMENTS,
    queues=4,
    name_length=NAME_LENGTH,
    fragments_proven=False,
    assumptions=(
        "an access list of a policy may hold a code point and ports in one entry (unverified)",
        "`trust dscp` in a class keeps the code point of its packets, as on a port",
        "every queue has a weight: the default queue is guaranteed what the others leave",
        "queue 1 is served first and without a limit: the share planned for it is not enforced",
    ),
)


class CiscoCatalyst(CountsByListing, EntersCommands, StatesReplies):
    """The driver of `mls qos` switches. Not for 3650, 3850 and 9000: those speak MQC."""

    replies = CISCO_REPLIES
    listings = LISTINGS

    @property
    def platform(self) -> str:
        """Our name of the platform."""
        return "cisco_catalyst"

    @property
    def title(self) -> str:
        """One line for people."""
        return "Cisco Catalyst 2960, 3560, 3750 (mls qos)"

    @property
    def capabilities(self) -> Capabilities:
        """What can be expressed."""
        return _CAPABILITIES

    @property
    def session(self) -> SessionFacts:
        """Other tools know these switches as IOS, a name that stays with our `cisco_ios`."""
        return SessionFacts(netmiko="cisco_ios", clock="show clock")

    def render(self, intents: DeviceIntents) -> Rendered:
        """Return the configuration for the intents.

        Raises:
            UnsupportedIntentError: an intent cannot be expressed exactly.
        """
        return render(intents, _CAPABILITIES)

    def signs(self, text: str) -> Signs:
        """Return what speaks for such a switch, and against it."""
        return signs_of(text)

    def parse(self, text: str, *, file: str = "<config>") -> DeviceQos:
        """Return what the text does, by meaning.

        Raises:
            ParseError: the text holds zero bytes, as no configuration does.
        """
        text = without_prompt(cleaned(text))
        refuse_zero_bytes(text, file)
        with collector_paused():
            return parse(text, self.platform)

    def ports(self, text: str) -> tuple[Port, ...]:
        """Return the interfaces of a text in its order; the QoS of a bundle is its members'.

        Source: Catalyst 3750 configuration guide, EtherChannel: QoS commands go on the physical
        ports of a channel and must be equal there.
        """
        # Source: Catalyst 3750-X guide, "Applying QoS on Interfaces": a policy of the VLAN's
        # interface holds on ports with `mls qos vlan-based` alone, whose treatment is unknown here.
        return read_ports(text, qos_on_members=True, qos_on_vlans=False)

    @property
    def together(self) -> bool:
        """Lines of the whole switch serve all ports, so all are repaired at once."""
        return True

    @property
    def edit_model(self) -> EditModel:
        """How commands are taken; reading needs none of it."""
        from translator.drivers.cisco_catalyst.edit import EDIT_ASSUMPTIONS, SwitchEditor, repairs

        return EditModel(SwitchEditor, repairs, EDIT_ASSUMPTIONS)

    @property
    def procedures(self) -> Procedures:
        """How such a device is changed."""
        from translator.drivers.cisco.change import CiscoProcedures  # not for reading texts
        from translator.drivers.cisco.facts import is_switch

        return CiscoProcedures(is_switch)

    napalm_driver = "ios"

    @property
    def napalm_procedures(self) -> Procedures:
        """How such a device is read over NAPALM."""
        from translator.drivers.cisco.facts import is_switch_model
        from translator.drivers.cisco.napalm import CiscoOverNapalm

        return CiscoOverNapalm(is_switch_model)
