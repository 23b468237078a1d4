"""What a check of captures found, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from translator.codepoint import CodePoint
from translator.errors import TranslatorError

__all__ = [
    "CaptureCheck",
    "DeviceCheck",
    "Direction",
    "FileRead",
    "Mark",
    "Place",
    "RuleCheck",
    "Unlooked",
    "Verdict",
    "WrongMark",
]


class Verdict(StrEnum):
    """Whether a packet left a device as its configuration says."""

    AS_CONFIGURED = "as configured"
    OTHERWISE = "otherwise"
    UNKNOWN = "unknown"
    UNPAIRED = "not seen before the device"
    ANOTHER_WAY = "not from the given sources"

    __hash__ = str.__hash__  # an enum's own is a call in Python, at every look into a table

    @property
    def is_judged(self) -> bool:
        """Whether it is a judgement at all."""
        return self in (Verdict.AS_CONFIGURED, Verdict.OTHERWISE)


@dataclass(frozen=True, slots=True)
class Place:
    """A frame by its number, as Wireshark counts them, from 1."""

    file: str
    frame: int

    def __str__(self) -> str:
        return f"{self.file} frame {self.frame}"


@dataclass(frozen=True, slots=True)
class Mark:
    """How many packets carry one code point under the same 802.1p values, outer tag first."""

    code_point: CodePoint
    priorities: tuple[int, ...]
    packets: int


@dataclass(frozen=True, slots=True)
class Direction:
    """The packets of a rule, or those that answer them.

    Attributes:
        packets: all that can be the rule's; `no_media` are those that visibly are not.
        right: how many carry what the plan wants; 0 of answers, whose mark the rule does not say.
        tcp: how many of them came over TCP.
        kinds: what the payloads are, by name.
        payload_types: packets by RTP payload type.
    """

    packets: int = 0
    right: int = 0
    tcp: int = 0
    no_media: int = 0
    marks: tuple[Mark, ...] = ()
    kinds: tuple[tuple[str, int], ...] = ()
    payload_types: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class WrongMark:
    """A packet that does not carry what it should; `wanted` may be one of several."""

    place: Place
    packet: str
    found: CodePoint
    wanted: tuple[CodePoint, ...]
    priorities: tuple[int, ...] = ()
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """The packets of rows that the network cannot tell apart.

    Attributes:
        carries_media: whether it is audio or video, whose normal transport is UDP.
    """

    rows: tuple[str, ...]
    name: str
    wanted: CodePoint
    carries_media: bool
    sent: Direction
    returned: Direction
    wrong: tuple[WrongMark, ...] = ()

    @property
    def wrong_packets(self) -> int:
        """How many packets of senders do not carry what the plan wants."""
        return self.sent.packets - self.sent.right


@dataclass(frozen=True, slots=True)
class Unlooked:
    """Frames in which no header of use was found, by reason."""

    reason: str
    packets: int
    first: Place


@dataclass(frozen=True, slots=True)
class FileRead:
    """How many frames of a file were looked at; `damage` says why it was not read to its end."""

    file: str
    frames: int
    damage: TranslatorError | None = None


@dataclass(frozen=True, slots=True)
class DeviceCheck:
    """How packets behind a device compare with its configuration.

    Attributes:
        packets: how many there are of each verdict.
        left_over: packets before the device that did not come out, None where nobody looked.
        assumptions: what the verdicts rest on.
    """

    file: str
    packets: tuple[tuple[Verdict, int], ...]
    wrong: tuple[WrongMark, ...]
    left_over: int | None = None
    assumptions: tuple[str, ...] = ()

    @property
    def judged_packets(self) -> int:
        """How many packets there is a judgement of."""
        return sum(count for verdict, count in self.packets if verdict.is_judged)

    @property
    def wrong_packets(self) -> int:
        """How many packets left the device otherwise than configured."""
        return dict(self.packets).get(Verdict.OTHERWISE, 0)


@dataclass(frozen=True, slots=True)
class CaptureCheck:
    """What captures show of a plan, and of a device where one is given.

    Attributes:
        others: code points of packets that no rule speaks of.
        refused: rows that cannot be checked, and why.
        wrong_packets: how many are not marked as the plan, or the device's configuration, says.
    """

    plan: str
    files: tuple[FileRead, ...]
    wrong_packets: int
    rules: tuple[RuleCheck, ...]
    others: tuple[Mark, ...]
    unlooked: tuple[Unlooked, ...]
    refused: tuple[str, ...]
    device: DeviceCheck | None = None

    @property
    def frames(self) -> int:
        """How many frames were looked at."""
        return sum(item.frames for item in self.files)

    @property
    def checked_packets(self) -> int:
        """How many packets the plan says something of."""
        return sum(rule.sent.packets for rule in self.rules)

    def exit_code(self, max_wrong: int = 0) -> int:
        """Return 2 where a file was not read to its end, 1 where more packets than `max_wrong` are
        wrong or nothing was checked at all, else 0.
        """
        if any(item.damage is not None for item in self.files):
            return 2
        judged = self.checked_packets if self.device is None else self.device.judged_packets
        return int(self.wrong_packets > max_wrong or not judged)
