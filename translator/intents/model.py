"""Classification, marking and queuing intents of one device, free of any vendor's words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from msgspec import Struct

from translator.codepoint import CodePoint
from translator.errors import PlanError, UsageError
from translator.intents.condition import Condition
from translator.intents.match import Match
from translator.intents.pipeline import Service

__all__ = [
    "ClassifierRule",
    "DeviceIntents",
    "InterfaceIntents",
    "QueueIntent",
    "QueuingIntent",
    "Role",
    "TrafficClass",
    "check_interface_name",
]


_INTERFACE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9./:_@+-]{0,63}")


def check_interface_name(name: str) -> str:
    """Return `name` if it can be an interface on some platform and stand in any text.

    Raises:
        UsageError: it holds other characters than letters, digits and ./:_@+-, or is too long.
    """
    if not _INTERFACE.fullmatch(name):
        raise UsageError(
            f"{name!r} is no interface name",
            hint="letters, digits and . / : _ @ + - only, at most 64 characters",
        )
    return name


class Role(StrEnum):
    """What is on the other side of an interface; decides trust, classification and queuing."""

    CLIENT = "client"
    PHONE = "phone"
    SERVER = "server"
    UPLINK = "uplink"
    WAN = "wan"
    INTERNET = "internet"


class TrafficClass(Struct, frozen=True):
    """A class of service: its name (`audio`, `video` ...) and the code point it is marked with.

    `code_point` None trusts: packets of the class keep what they carry.
    """

    name: str
    code_point: CodePoint | None


class ClassifierRule(Struct, frozen=True):
    """Packets of the match belong to the class; `rows` are the plan rows this came from."""

    match: Match
    traffic_class: TrafficClass
    rows: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class QueueIntent:
    """How one class is served where packets leave.

    Attributes:
        code_points: which marked packets belong here; empty for the class of everything else.
        percent: share of the interface's (shaped) rate; for `priority` also the limit.
        congestion_avoidance: whether early drop is wanted; never for `priority`.
        source: where the share comes from; queues that serve alike are equal whatever it says.
    """

    name: str
    service: Service
    code_points: tuple[CodePoint, ...]
    percent: int
    congestion_avoidance: bool = False
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not 1 <= self.percent <= 100:
            raise PlanError(f"queue {self.name}: {self.percent} % is not within 1-100")
        if self.service is Service.PRIORITY and self.congestion_avoidance:
            raise PlanError(
                f"queue {self.name}: a priority queue must not drop early",
                hint="leave congestion avoidance off for priority queues",
            )


@dataclass(frozen=True, slots=True)
class QueuingIntent:
    """The queues of an interface, strictest first; the last one is the default queue."""

    queues: tuple[QueueIntent, ...]
    shaping_bps: int | None = None

    def __post_init__(self) -> None:
        total = sum(queue.percent for queue in self.queues)
        if total > 100:
            raise PlanError(
                f"the queues ask for {total} % of the interface",
                hint="lower the shares until they sum to 100 % or less",
            )
        if not self.queues or self.queues[-1].code_points:
            raise PlanError("the last queue must be the default queue, without code points")


class InterfaceIntents(Struct, frozen=True):
    """What is wanted of one interface.

    Attributes:
        classifier: ordered rules for packets that enter; the first match decides.
        reset: code points that no other entering packet may keep; such packets leave as `df`.
        queuing: what is wanted where packets leave; None: nothing is asked of it.
        egress_classifier: rules that put leaving packets into queues by ports instead of by
            code point (the Internet edge); their class names are names of `queuing`'s queues.
        link_bps: rate of the line, None where not given.
    """

    name: str
    role: Role
    classifier: tuple[ClassifierRule, ...] = ()
    reset: tuple[CodePoint, ...] = ()
    queuing: QueuingIntent | None = None
    egress_classifier: tuple[ClassifierRule, ...] = ()
    link_bps: int | None = None

    def __post_init__(self) -> None:
        check_interface_name(self.name)

    @property
    def marks(self) -> bool:
        """Whether entering packets are classified and marked at all."""
        return bool(self.classifier or self.reset)

    @property
    def classes(self) -> tuple[TrafficClass, ...]:
        """The classes of the classifier in order of first use."""
        return tuple(dict.fromkeys(rule.traffic_class for rule in self.classifier))


@dataclass(frozen=True, slots=True)
class DeviceIntents:
    """The intents of all interfaces of one device.

    Attributes:
        domain: the packets that the intents speak about; None for all.
        assumptions: sentences that the proof rests on, printed with it.
    """

    device: str
    plan: str
    interfaces: tuple[InterfaceIntents, ...]
    domain: Condition | None = None
    assumptions: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [item.name for item in self.interfaces]
        for name in names:
            if names.count(name) > 1:
                raise PlanError(f"{self.device}: interface {name} is given twice")

    @property
    def drops_early(self) -> bool:
        """Whether early drop is wanted in any queue."""
        queuings = (item.queuing for item in self.interfaces if item.queuing is not None)
        return any(queue.congestion_avoidance for item in queuings for queue in item.queues)
