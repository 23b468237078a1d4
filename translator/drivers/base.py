"""The contract of a driver: render, parse, capabilities, session facts.

A new platform is a class with these members, one entry in the registry (or an entry point of the
group `translator.drivers`), a folder of templates and a golden folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from translator.drivers.replies import Answer, Refusal, Reply
from translator.drivers.signs import Signs
from translator.errors import UnsupportedIntentError
from translator.intents.capabilities import Capabilities
from translator.intents.counters import CountersRead, Shown
from translator.intents.device import DeviceQos
from translator.intents.model import DeviceIntents
from translator.intents.port import Port

__all__ = [
    "CountsTraffic",
    "DescribesPorts",
    "Driver",
    "Edits",
    "PredictsEdits",
    "ReadsBackups",
    "ReadsReplies",
    "RecognisesText",
    "Rendered",
    "SessionFacts",
    "SharesStages",
    "ShowsStates",
    "Slot",
    "Step",
    "joined",
    "refuse",
]


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """Which transport drivers and spellings of other tools mean this platform.

    Attributes:
        netmiko: netmiko's `device_type`.
        napalm: NAPALM's driver name, None where it has none.
        ansible: values of `ansible_network_os` or `ansible_connection` that mean it.
        clock: the command that shows the device's time; "" where none is known.
    """

    netmiko: str
    napalm: str | None = None
    ansible: tuple[str, ...] = ()
    clock: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text for one device.

    Attributes:
        config: what the device keeps and prints back, or the script that installs it; this is
            the text that `parse` reads and that is proven.
        removal: undoes `config`, in reverse order.
        instructions: what a human must do by hand, in order (web interface steps, reload).
        files: further files as (name, text), such as set form beside curly form.
    """

    config: str
    removal: str
    instructions: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()


class Driver(Protocol):
    """One platform, both directions. Stateless; one instance serves all devices."""

    @property
    def platform(self) -> str:
        """Our name of the platform, netmiko's spelling where it has one."""

    @property
    def title(self) -> str:
        """One line for people: vendor, product line, mechanism."""

    @property
    def capabilities(self) -> Capabilities:
        """What can be expressed."""

    @property
    def session(self) -> SessionFacts:
        """How to reach such a device, and what others call it."""

    def render(self, intents: DeviceIntents) -> Rendered:
        """Return the configuration for the intents.

        Raises:
            UnsupportedIntentError: an intent cannot be expressed exactly.
        """

    def parse(self, text: str, *, file: str = "<config>") -> DeviceQos:
        """Return what the text does, by meaning. Unread QoS lines are recorded, never skipped.

        Raises:
            ParseError: the text is not of this platform at all (binary, another format).
        """


@runtime_checkable
class ReadsBackups(Protocol):
    """A driver whose platform saves its configuration as a binary file."""

    def decode(self, data: bytes) -> str | None:
        """Return the text that `parse` reads, or None when the bytes are no such backup.

        Raises:
            ParseError: they are one, but damaged.
        """


@runtime_checkable
class DescribesPorts(Protocol):
    """A driver that tells what its platform's text says of ports beside their QoS."""

    def ports(self, text: str) -> tuple[Port, ...]:
        """Return the interfaces of a text in its order; never raises."""


@runtime_checkable
class CountsTraffic(Protocol):
    """A driver that knows which commands show counters, and reads what they print.

    `translator.drivers.counting` has all of it for a driver that lists its commands.
    """

    def counter_commands(self, interfaces: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the commands that show the counters of the interfaces; of none: of all."""

    def shows_counters(self, command: str) -> bool:
        """Return whether a command is one of which `read_counters` reads what it shows."""

    def command_behind(self, text: str) -> str | None:
        """Return the command that printed a text, None where the text does not show it."""

    def read_counters(self, reply: Shown) -> CountersRead:
        """Return what a command has shown.

        Raises:
            ParseError: it answers another command, or one that shows no counters.
        """

    def counted_names(self, text: str) -> Mapping[str, str]:
        """Return the counted name of each class of a configuration that has another there."""


@runtime_checkable
class RecognisesText(Protocol):
    """A driver that says by which lines it knows a text of its platform."""

    def signs(self, text: str) -> Signs:
        """Return the lines of a cleaned text that speak for the platform, and against it."""


@runtime_checkable
class SharesStages(Protocol):
    """A driver that can give texts with equal policies the very same stage objects."""

    def parse_shared(
        self, text: str, *, file: str = "<config>"
    ) -> tuple[DeviceQos, Mapping[int, int]]:
        """Return what `parse` returns, but with line numbers that equal policies of different
        texts have in common (`SHARED_NUMBERS` and above), and the text's own number of each.

        Raises:
            ParseError: as `parse`.
        """


@dataclass(frozen=True, slots=True)
class Slot:
    """One direction of an interface whose treatment is not as wanted.

    Attributes:
        direction: "in" for packets that enter, "out" for those that leave.
        right: names of policies of the running text that would be right here as they are.
    """

    interface: str
    direction: str
    right: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """Lines that are entered together, and the headers below which they stand.

    A `tidy` step is not needed: it takes away what nothing uses any more.
    """

    context: tuple[str, ...]
    lines: tuple[str, ...]
    tidy: bool = False


def joined(steps: Iterable[Step]) -> tuple[str, ...]:
    """Return steps as one list of commands; headers that still hold are not entered again."""
    commands: list[str] = []
    open_: tuple[str, ...] = ()
    for step in steps:
        shared = 0
        for one, other in zip(open_, step.context, strict=False):
            if one != other:
                break
            shared += 1
        if step.context != open_:
            commands += step.context if shared == len(step.context) else step.context[shared:]
        commands += step.lines
        open_ = step.context
    return tuple(commands)


@runtime_checkable
class Edits(Protocol):
    """A driver that knows what a configuration becomes when commands are entered.

    It proposes; whoever asks proves each proposal on the model before anyone sees it.
    """

    @property
    def atomic(self) -> bool:
        """Whether a list of commands takes effect as a whole, so that no packet meets a part."""

    @property
    def together(self) -> bool:
        """Whether `repairs` answers for all slots at once, because they depend on each other."""

    @property
    def edit_assumptions(self) -> tuple[str, ...]:
        """Unverified facts about entering commands that a proof on the model rests on."""

    def apply(self, text: str, commands: Sequence[str]) -> str:
        """Return the text of the device after the commands were entered.

        Raises:
            RefusedError: the device would refuse a line, or it would harm what else uses it.
        """

    def undo(self, text: str, commands: Sequence[str]) -> tuple[str, ...]:
        """Return the commands that take back what the commands make of the text.

        Raises:
            RefusedError: as `apply`.
        """

    def repairs(
        self, text: str, rendered: str, slots: Sequence[Slot]
    ) -> Iterator[tuple[Step, ...]]:
        """Yield ways to make the slots do what a rendered text does there, the best first."""


@runtime_checkable
class ShowsStates(Protocol):
    """A driver whose model of a device shows each state between the commands of an edit."""

    def states(self, text: str, commands: Sequence[str]) -> Iterator[str]:
        """Yield the running configuration after each of the commands, one by one.

        Raises:
            RefusedError: see `Edits.apply`.
        """


@runtime_checkable
class PredictsEdits(Protocol):
    """A driver with a second, independent opinion on what commands make of a text."""

    def predict(self, text: str, commands: Sequence[str]) -> str:
        """Return what another tool's model makes of the text when the commands are entered.

        Raises:
            UsageError: the tool is not installed.
        """


@runtime_checkable
class ReadsReplies(Protocol):
    """A driver that tells from a device's reply whether a command was refused.

    `translator.drivers.reply_reader.StatesReplies` is such a driver's base: it needs a table only.
    """

    def answer(self, command: str, reply: Reply | str) -> Answer:
        """Return what a reply means: refusal, notes, and whether the line arrived as sent.

        Args:
            command: what was sent: one line, or all lines of a script or batch.
            reply: all that came back, as it came; with the exit status where there is one.
        """

    def refusal(self, command: str, reply: Reply | str) -> Refusal | None:
        """Return why a command was refused, None where it was taken."""


def refuse(platform: str, what: str, why: str, *, nearest: str) -> UnsupportedIntentError:
    """Return the error for an intent that `platform` cannot express exactly."""
    return UnsupportedIntentError(f"{platform} cannot express {what}: {why}", hint=nearest)
