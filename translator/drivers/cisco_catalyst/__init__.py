"""Catalyst switches with `mls qos`: 2960, 3560, 3750 and their siblings."""

from __future__ import annotations

from typing import Final

from translator.drivers.base import Rendered, SessionFacts
from translator.drivers.cisco_catalyst.classes import NAME_LENGTH
from translator.drivers.cisco_catalyst.parse import parse
from translator.drivers.cisco_catalyst.render import render
from translator.errors import ParseError, Where
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.device import DeviceQos
from translator.intents.model import DeviceIntents

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


class CiscoCatalyst:
    """The driver of `mls qos` switches. Not for 3650, 3850 and 9000: those speak MQC."""

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
        return SessionFacts(netmiko="cisco_ios")

    def render(self, intents: DeviceIntents) -> Rendered:
        """Return the configuration for the intents.

        Raises:
            UnsupportedIntentError: an intent cannot be expressed exactly.
        """
        return render(intents, _CAPABILITIES)

    def parse(self, text: str, *, file: str = "<config>") -> DeviceQos:
        """Return what the text does, by meaning.

        Raises:
            ParseError: the text holds zero bytes, as no configuration does.
        """
        if "\0" in text:
            raise ParseError(
                "this is no text of a switch: it holds zero bytes",
                where=Where(file),
                hint="give the output of `show running-config`",
            )
        return parse(text, self.platform)
