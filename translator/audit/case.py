"""One configuration under audit: all that the judge and the detectors look at."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from translator.audit.groups import Group
from translator.audit.numbering import OWN_NUMBERS, Numbering
from translator.drivers.base import Driver
from translator.intents.device import DeviceQos
from translator.intents.model import DeviceIntents
from translator.intents.port import Port
from translator.plan.model import Plan
from translator.verify.behaviour import ProgramCache
from translator.verify.diagram import Space
from translator.verify.scheduling import Tolerance

__all__ = ["Case", "Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How strictly a text is judged.

    Attributes:
        snippet: the text is meant as a piece; it is judged as far as it goes.
        repair: whether the lines that repair a device are worked out too.
    """

    snippet: bool = False
    tolerance: Tolerance = field(default_factory=lambda: Tolerance(more_is_fine=True))
    repair: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One text, what was understood of it, and what is wanted of it.

    Attributes:
        groups: the interfaces with a role, those that are alike together.
        intents: what the plan wants, lowered to the platform; interface names as in the text. Of
            each group it holds one interface, or two if it has them.
        wanted: the same as a device.
        ports: what the text says of its interfaces beside QoS; none where the driver cannot tell.
        space: shared by a whole run.
        asked: what was asked beside the text; equal for texts that are judged alike.
        numbering: of the lines that go by shared numbers in `found`.
        programs: shared by a run, so that the judge and the detectors make stages ready once.
    """

    driver: Driver
    text: str
    found: DeviceQos
    ports: tuple[Port, ...]
    plan: Plan
    groups: tuple[Group, ...]
    intents: DeviceIntents
    wanted: DeviceQos
    space: Space
    settings: Settings
    asked: Hashable = None
    numbering: Numbering = OWN_NUMBERS
    programs: ProgramCache = field(default_factory=ProgramCache, compare=False, repr=False)
    _port_of: dict[str, Port] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Of two ports of one name, the first counts.
        object.__setattr__(self, "_port_of", {port.name: port for port in reversed(self.ports)})

    def port(self, name: str) -> Port | None:
        """Return the port of that name, if the text has it."""
        return self._port_of.get(name)
