"""Counts the frames of captures by rule, direction, mark and payload, in memory that stays flat.

Frames of a flow have equal headers but for a few fields. The bytes that decide are taken out with
one `struct` call and looked up; only the first frame with such bytes is dissected and classified.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from struct import Struct
from typing import Final, NamedTuple, Protocol

from translator.capture.expectation import Expectation, RuleSide
from translator.capture.header import Fragments, Header, read_header
from translator.capture.links import ETHERNET, PLAIN, find_ip
from translator.capture.model import Place, Verdict, WrongMark
from translator.capture.payload import LOOK_CLOSER, NO_MEDIA, UDP_KINDS, kind_of
from translator.capture.record import Frame, Interface
from translator.codepoint import CodePoint

__all__ = ["Bucket", "Group", "Judge", "Judgement", "Meter"]

_UDP: Final = 17
_TCP: Final = 6
_TAG: Final = 0x8100
_IPV4: Final = 0x0800
_IPV6: Final = 0x86DD
# Version and header length, ToS, flags and offset, protocol, addresses and ports.
_HEADER_4: Final = Struct(">H4xHxB2x12s").unpack_from
# Version, traffic class and the top of the flow label, next header, addresses and ports.
_HEADER_6: Final = Struct(">H4xBx36s").unpack_from
# Length of the packet and first two bytes of what UDP carries.
_PAYLOAD_4: Final = Struct(">2xH24xH").unpack_from
_PAYLOAD_6: Final = Struct(">4xH42xH").unpack_from
_MOST_KNOWN: Final = 100_000  # headers that are remembered
_MOST_REASONS: Final = 500
_OTHER_REASONS: Final = "other reasons"
_SHOWN: Final = 5  # wrong packets that are kept of each rule


class Judgement(NamedTuple):
    """How a packet left a device, what it may have left with, and which lines say so."""

    verdict: Verdict
    wanted: tuple[CodePoint, ...] = ()
    lines: tuple[int, ...] = ()


class Judge(Protocol):
    """Holds packets behind a device against its configuration."""

    @property
    def every_packet(self) -> bool:
        """Whether packets with equal headers may be judged differently."""
        ...

    def judge(self, header: Header, data: bytes) -> Judgement:
        """Return how the packet left the device."""
        ...


class Group(NamedTuple):
    """What packets that are counted together have in common."""

    side: RuleSide | None
    protocol: int
    code_point: int
    priorities: tuple[int, ...]
    judgement: Judgement | None


class Bucket:
    """The packets of a group.

    Attributes:
        kinds: how many payloads there are of each kind, where that is looked at.
        by_plan, by_device: where wrong packets are kept, if these are wrong.
        stranger: the kind of payload that shows a packet to be none of the rule's, -1 for none.
        shown: whether one more wrong packet would be kept.
    """

    __slots__ = ("by_device", "by_plan", "group", "is_udp", "kinds", "packets", "shown", "stranger")

    def __init__(self, group: Group) -> None:
        self.group = group
        self.packets = 0
        self.is_udp = group.protocol == _UDP
        self.kinds: defaultdict[int, int] | None = None if group.side is None else defaultdict(int)
        self.by_plan: list[WrongMark] | None = None
        self.by_device: list[WrongMark] | None = None
        self.stranger = -1
        self.shown = False

    @property
    def strangers(self) -> int:
        """How many packets visibly are none of the rule's."""
        return 0 if self.kinds is None else self.kinds.get(self.stranger, 0)

    @property
    def own(self) -> int:
        """How many packets can be the rule's."""
        return self.packets - self.strangers

    @property
    def wrong(self) -> int:
        """How many packets are marked wrongly, by the plan or by the device."""
        if self.by_device is not None:
            return self.packets
        return 0 if self.by_plan is None else self.own


def _layout(link_type: int) -> tuple[int, int, int]:
    """Where the protocol stands and the packet begins in a frame, and what tells of a VLAN tag.

    For links whose frames are always dissected the packet begins beyond the end of any.
    """
    type_at, size = PLAIN.get(link_type, (0, 1 << 30))
    return type_at, size, _TAG if link_type == ETHERNET else -1


class Meter:
    """Counts frames; `count` once for each file, then look at the attributes.

    Attributes:
        frames: how many there are of the file that is counted.
        unlooked: how many frames showed no header of use, by reason, and the first such.
    """

    def __init__(self, expectation: Expectation, judge: Judge | None = None) -> None:
        self.frames = 0
        self.unlooked: dict[str, tuple[int, Place]] = {}
        self.wrong: list[list[WrongMark]] = [[] for _ in expectation.rules]
        self.wrong_by_device: list[WrongMark] = []
        self._expectation = expectation
        self._judge = judge
        self._buckets: dict[Group, Bucket] = {}
        self._sides: dict[tuple[object, ...], RuleSide | None] = {}
        # By the bytes that decide: for frames without a VLAN tag, and for each 802.1p value.
        self._untagged: dict[tuple[object, ...], Bucket] = {}
        self._tagged: list[dict[tuple[object, ...], Bucket]] = [{} for _ in range(8)]
        self._fragments = Fragments()
        self._file = ""

    @property
    def buckets(self) -> Iterator[Bucket]:
        """The buckets that hold packets, in no order."""
        return (bucket for bucket in self._buckets.values() if bucket.packets)

    def count(self, file: str, frames: Iterable[Frame]) -> None:
        """Count the frames of a file.

        Raises:
            CaptureError: as the frames do; those before the damage are counted.
        """
        self._file, self.frames = file, 0
        self._fragments = Fragments()
        if self._judge is not None and self._judge.every_packet:
            for frame in frames:
                self.frames += 1
                self._dissect(frame)
        else:
            self._count_flows(frames)

    def _count_flows(self, frames: Iterable[Frame]) -> None:
        """Count frames by the bytes that decide; whatever is unusual is dissected.

        One loop with hardly a call: a microsecond in it is a second per million frames.
        """
        untagged, tagged, udp_kinds = self._untagged, self._tagged, UDP_KINDS
        last: Interface | None = None
        type_at, size, tag = 0, 0, 0
        key: tuple[object, ...]
        for frame in frames:
            self.frames += 1
            _, interface, data, start, end, _ = frame
            if interface is not last:
                last = interface
                type_at, size, tag = _layout(interface.link_type)
            at = start + size
            if at + 34 > end:
                self._dissect(frame)
                continue
            kind = data[start + type_at] << 8 | data[start + type_at + 1]
            memo = untagged
            if kind == tag:
                memo = tagged[data[at] >> 5]
                kind = data[at + 2] << 8 | data[at + 3]
                at += 4
            # A packet holds its ports and two bytes more, by its own length and as captured.
            if kind == _IPV4 and (data[at + 3] >= 30 or data[at + 2]):
                key, look, enough = _HEADER_4(data, at), _PAYLOAD_4, 40
            elif kind == _IPV6 and at + 50 <= end and (data[at + 5] >= 10 or data[at + 4]):
                key, look, enough = _HEADER_6(data, at), _PAYLOAD_6, 20
            else:
                self._dissect(frame)
                continue
            bucket = memo.get(key)
            if bucket is None:
                self._learn(frame, memo, key)
                continue
            bucket.packets += 1
            payload = LOOK_CLOSER
            if bucket.kinds is not None:
                if bucket.is_udp:
                    length, word = look(data, at)
                    payload = udp_kinds[word] if length >= enough else LOOK_CLOSER
                if payload == LOOK_CLOSER:
                    payload = self._payload_of(frame)
                bucket.kinds[payload] += 1
            if bucket.shown and (payload != bucket.stranger or bucket.by_device is not None):
                self._show(bucket, frame, payload)

    def _learn(
        self, frame: Frame, memo: dict[tuple[object, ...], Bucket], key: tuple[object, ...]
    ) -> None:
        """Count a frame, and remember its bytes where they decide about all frames like it."""
        found = self._dissect(frame)
        if found is None:
            return
        header, bucket = found
        if header.plain and header.protocol in (_TCP, _UDP):
            if len(memo) >= _MOST_KNOWN:
                memo.clear()
            memo[key] = bucket

    def _dissect(self, frame: Frame) -> tuple[Header, Bucket] | None:
        """Count a frame by all that its header shows; None where it shows none."""
        header = self._header(frame)
        if isinstance(header, str):
            if len(self.unlooked) >= _MOST_REASONS and header not in self.unlooked:
                header = _OTHER_REASONS
            packets, first = self.unlooked.get(header, (0, Place(self._file, frame[0])))
            self.unlooked[header] = packets + 1, first
            return None
        judgement = None if self._judge is None else self._judge.judge(header, frame[2])
        bucket = self._bucket(header, judgement)
        bucket.packets += 1
        payload = LOOK_CLOSER
        if bucket.kinds is not None:
            payload = kind_of(header, frame[2])
            bucket.kinds[payload] += 1
        if bucket.shown and (payload != bucket.stranger or bucket.by_device is not None):
            self._show(bucket, frame, payload)
        return header, bucket

    def _header(self, frame: Frame) -> Header | str:
        _, interface, data, start, end, _ = frame
        found = find_ip(interface.link_type, data, start, end)
        return found if isinstance(found, str) else read_header(data, found, end, self._fragments)

    def _payload_of(self, frame: Frame) -> int:
        header = self._header(frame)
        assert isinstance(header, Header)  # frames like it were dissected before
        return kind_of(header, frame[2])

    def _bucket(self, header: Header, judgement: Judgement | None) -> Bucket:
        side = self._side_of(header)
        protocol = header.protocol if side is not None else 0
        group = Group(side, protocol, header.tos >> 2, header.priorities, judgement)
        bucket = self._buckets.get(group)
        if bucket is None:
            bucket = self._buckets[group] = Bucket(group)
            rule = None if side is None else self._expectation.rules[side.rule]
            if side is not None and rule is not None and not side.returns:
                bucket.stranger = NO_MEDIA if rule.carries_media else -1
                if group.code_point != rule.code_point:
                    bucket.by_plan = self.wrong[side.rule]
            if judgement is not None and judgement.verdict is Verdict.OTHERWISE:
                bucket.by_device = self.wrong_by_device
            bucket.shown = bucket.by_plan is not None or bucket.by_device is not None
        return bucket

    def _side_of(self, header: Header) -> RuleSide | None:
        seen = header.seen
        if seen in self._sides:
            return self._sides[seen]
        if len(self._sides) >= _MOST_KNOWN:
            self._sides.clear()
        side = self._sides[seen] = self._expectation.side_of(header)
        return side

    def _show(self, bucket: Bucket, frame: Frame, payload: int) -> None:
        """Keep a wrong packet, as long as few of its kind are kept."""
        header = self._header(frame)
        assert isinstance(header, Header)
        side, judgement = bucket.group.side, bucket.group.judgement
        mark = WrongMark(
            Place(self._file, frame[0]),
            str(header.packet()) + (" (later fragment)" if header.fragment else ""),
            CodePoint(bucket.group.code_point),
            (),
            header.priorities,
        )
        if bucket.by_plan is not None and side is not None and payload != bucket.stranger:
            wanted = (self._expectation.rules[side.rule].code_point,)
            _keep(bucket.by_plan, replace(mark, wanted=wanted))
        if bucket.by_device is not None and judgement is not None:
            told = replace(mark, wanted=judgement.wanted, lines=judgement.lines)
            _keep(bucket.by_device, told)
        bucket.shown = any(
            kept is not None and len(kept) < _SHOWN for kept in (bucket.by_plan, bucket.by_device)
        )


def _keep(kept: list[WrongMark], mark: WrongMark) -> None:
    if len(kept) < _SHOWN:
        kept.append(mark)
