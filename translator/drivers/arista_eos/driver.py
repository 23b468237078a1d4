"""The driver of EOS switches: what it can do, and where each direction lives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from translator.collector import collector_paused
from translator.drivers.arista_eos.classes import NAME_LENGTH
from translator.drivers.arista_eos.counters import LISTINGS
from translator.drivers.arista_eos.layout import QUEUES
from translator.drivers.arista_eos.parse import parse
from translator.drivers.arista_eos.ports import read_ports
from translator.drivers.arista_eos.render import render
from translator.drivers.arista_eos.replies import EOS_REPLIES
from translator.drivers.arista_eos.signs import signs_of
from translator.drivers.arista_eos.whole import without_prompt
from translator.drivers.base import Rendered, SessionFacts, Slot, Step, joined
from translator.drivers.capture import cleaned
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

__all__ = ["AristaEos"]

_CAPABILITIES: Final = Capabilities(
    features=Feature.MARK_INGRESS
    | Feature.QUEUE
    | Feature.SHAPE
    | Feature.IPV6
    | Feature.MATCH_CODE_POINT_WITH_PORT
    | Feature.EVERY_QUEUE_HAS_SHARE
    | Feature.KEEPS_COMMENTS,
    queues=QUEUES,
    name_length=NAME_LENGTH,
    fragments_proven=False,
    assumptions=(
        "of the classes of a policy the first that matches decides (unverified)",
        "`set dscp` in a policy writes the header also where `qos rewrite dscp` is off "
        "(unverified)",
        "a class that a policy sets goes before the one that the port's trust gives (unverified)",
        "the switch has `tx-queue` 0 to 7 (some, such as the 7050, have `uc-tx-queue`)",
        "a strict queue may be shaped, and is then held to that rate (depends on the family)",
        "every queue has a share: the default queue is guaranteed what the others leave",
    ),
)


class AristaEos(CountsByListing, StatesReplies):
    """The driver of Arista switches."""

    replies = EOS_REPLIES
    listings = LISTINGS

    @property
    def platform(self) -> str:
        """Our name of the platform."""
        return "arista_eos"

    @property
    def title(self) -> str:
        """One line for people."""
        return "Arista EOS switches: class-maps, policies and transmit queues"

    @property
    def capabilities(self) -> Capabilities:
        """What can be expressed."""
        return _CAPABILITIES

    @property
    def session(self) -> SessionFacts:
        """How to reach such a device, and what others call it."""
        return SessionFacts(
            netmiko="arista_eos",
            napalm="eos",
            ansible=("arista.eos.eos", "eos"),
            clock="show clock",
        )

    def render(self, intents: DeviceIntents) -> Rendered:
        """Return the configuration for the intents.

        Raises:
            UnsupportedIntentError: an intent cannot be expressed exactly.
        """
        return render(intents, _CAPABILITIES)

    def signs(self, text: str) -> Signs:
        """Return what speaks for EOS, and against it."""
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
        """Return the interfaces of a text in its order; never raises."""
        return read_ports(text)

    atomic = True
    together = True

    @property
    def edit_assumptions(self) -> tuple[str, ...]:
        """What is taken for granted of entering commands."""
        from translator.drivers.arista_eos.edit import EDIT_ASSUMPTIONS  # not for reading

        return EDIT_ASSUMPTIONS

    def apply(self, text: str, commands: Sequence[str]) -> str:
        """Return the configuration after a session with the commands is committed."""
        from translator.drivers.arista_eos.edit import Session

        return Session(text).enter_all(commands).text

    def undo(self, text: str, commands: Sequence[str]) -> tuple[str, ...]:
        """Return the commands that take the commands back."""
        from translator.drivers.arista_eos.edit import Session
        from translator.drivers.arista_eos.edit_plan import differences

        after = Session(text).enter_all(commands).tree
        return joined(differences(after, Session(text).tree))

    def repairs(
        self, text: str, rendered: str, slots: Sequence[Slot]
    ) -> Iterator[tuple[Step, ...]]:
        """Yield ways to repair all slots at once."""
        from translator.drivers.arista_eos.edit_plan import repairs

        return repairs(text, rendered, slots)

    @property
    def procedures(self) -> Procedures:
        """How such a device is changed."""
        from translator.drivers.arista_eos.change import EosProcedures  # not for reading texts

        return EosProcedures()
