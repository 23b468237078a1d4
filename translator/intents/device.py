"""What a driver understood of a configuration: stages per interface, and what it did not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

from msgspec import Struct

from translator.intents.pipeline import Service, Stage

__all__ = [
    "ELSEWHERE",
    "FOREIGN",
    "SHARED_NUMBERS",
    "DeviceQos",
    "InterfaceQos",
    "PolicyQos",
    "QueueClass",
    "Queuing",
    "Unread",
]


SHARED_NUMBERS: Final = 10**15
"""Line numbers from here on are a driver's own: equal lines of several texts have the same one."""

FOREIGN: Final = "no language that is known here"
"""Reason of an `Unread` line that is of no configuration language which the driver reads."""


ELSEWHERE: Final = "served where packets go through another interface"
"""Name of a stage that holds policies of other interfaces, each under what no header shows."""


class Unread(Struct, frozen=True):
    """A line of a QoS section that was not understood. What depends on it is unknown."""

    line: int
    text: str
    reason: str = ""


class QueueClass(Struct, frozen=True):
    """One class of a scheduler with its parameters; None where the text does not say.

    Attributes:
        percent: share in percent of the shaped rate, else of the link rate.
        rate_bps: the same as an absolute rate.
        remaining_percent: share of what priority classes leave over.
        limit_percent, limit_bps: rate above which a priority class is policed, and above which
            any other is held back (a shaper of the class itself).
        congestion_avoidance: whether WRED, CoDel or the like is on.
    """

    name: str
    service: Service
    percent: float | None = None
    rate_bps: int | None = None
    remaining_percent: float | None = None
    limit_percent: float | None = None
    limit_bps: int | None = None
    congestion_avoidance: bool = False
    lines: tuple[int, ...] = ()


class Queuing(Struct, frozen=True):
    """The scheduler of one interface, strictest class first.

    Attributes:
        shaping_bps: rate that all classes together are held to.
        shaping_percent: the same in percent of the line, where the text gives no rate.
    """

    classes: tuple[QueueClass, ...]
    shaping_bps: int | None = None
    lines: tuple[int, ...] = ()
    shaping_percent: float | None = None

    def rate_bps(self, link_bps: int | None) -> int | None:
        """Return the rate that the classes share out, on a line of that rate; None if unknown."""
        if self.shaping_bps is not None:
            return self.shaping_bps
        if self.shaping_percent is None or link_bps is None:
            return None if self.shaping_percent is not None else link_bps
        return round(link_bps * self.shaping_percent / 100)


class InterfaceQos(Struct, frozen=True):
    """The QoS of one interface: what happens to packets that enter, and that leave by it.

    Attributes:
        through: other interfaces whose policies serve its packets as well, in stages called
            `ELSEWHERE`: members of a bundle, the interface of a VLAN.
    """

    name: str
    ingress: tuple[Stage, ...] = ()
    egress: tuple[Stage, ...] = ()
    queuing: Queuing | None = None
    ingress_policy: str | None = None
    egress_policy: str | None = None
    lines: tuple[int, ...] = ()
    through: tuple[str, ...] = ()

    def named(self, name: str) -> InterfaceQos:
        """Return the same of another interface; texts have thousands that are alike."""
        return InterfaceQos(
            name,
            self.ingress,
            self.egress,
            self.queuing,
            self.ingress_policy,
            self.egress_policy,
            self.lines,
            self.through,
        )


class PolicyQos(Struct, frozen=True):
    """A named policy, filter or chain by itself, bound or not.

    `stages` is what it does to a packet wherever it is bound; `bound` says where that is, as
    (interface, direction) pairs with direction "in" or "out".
    """

    name: str
    kind: str
    stages: tuple[Stage, ...]
    queuing: Queuing | None = None
    bound: tuple[tuple[str, str], ...] = ()
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceQos:
    """Everything that was understood of one configuration text.

    Attributes:
        forward: stages between ingress and egress that belong to no interface (a forward chain).
        other_interface: QoS of an interface that the text configures no QoS for, named "*": the
            platform's default, such as resetting the code point on an untrusted port.
        kinds: the same for all interfaces of a kind, such as bundles, each named by a pattern in
            lower case.
        qos_lines: numbers of all lines that bear on QoS.
        understood: those of them whose whole meaning was read.
        unread: the others, each with its text.
        notes: what a reader should know (platform assumptions that verdicts rest on).
        incomplete: why nothing shows that this is the whole configuration of a device, such as a
            missing `end`; empty where the text proves to be whole.
    """

    platform: str
    interfaces: tuple[InterfaceQos, ...] = ()
    other_interface: InterfaceQos = field(default_factory=lambda: InterfaceQos("*"))
    kinds: tuple[InterfaceQos, ...] = ()
    forward: tuple[Stage, ...] = ()
    policies: tuple[PolicyQos, ...] = ()
    qos_lines: tuple[int, ...] = ()
    understood: tuple[int, ...] = ()
    unread: tuple[Unread, ...] = ()
    notes: tuple[str, ...] = ()
    incomplete: str = ""
    _by_name: dict[str, InterfaceQos] = field(init=False, repr=False, compare=False)
    _patterns: tuple[InterfaceQos, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Looked up by name at every turn, and there may be thousands; of two the first counts.
        by_name = {item.name: item for item in reversed(self.interfaces)}
        patterns = tuple(item for item in self.interfaces if "*" in item.name)
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "_patterns", patterns)

    def listed(self, name: str) -> InterfaceQos | None:
        """Return the interface that is listed under this very name, None if none is."""
        return self._by_name.get(name)

    @property
    def has_patterns(self) -> bool:
        """Whether an interface listed stands for others (`ge-*.*`)."""
        return bool(self._patterns)

    def interface(self, name: str | None) -> InterfaceQos:
        """Return the QoS of an interface; of one that is not mentioned, the platform's default.

        An interface may be listed as a pattern (`ge-*.*`); its own name goes before any pattern,
        and its kind before the default of all.
        """
        if name is None:
            return self.other_interface
        known = self._by_name.get(name)
        if known is None and self._patterns:
            known = next((x for x in self._patterns if fnmatchcase(name, x.name)), None)
        if known is None and self.kinds:
            lower = name.lower()
            known = next((x for x in self.kinds if fnmatchcase(lower, x.name)), None)
        return self.other_interface if known is None else known

    def policy(self, name: str) -> PolicyQos | None:
        """Return the policy of that name, or None."""
        for item in self.policies:
            if item.name == name:
                return item
        return None
