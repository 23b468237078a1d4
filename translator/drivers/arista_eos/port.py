"""The QoS lines of one port, or of a profile that ports name: trust, policy, queues, shaper.

Sources: listings of `show running-config all` of a 7260CX; profiles and ports that Arista's own
collection for Ansible renders. A queue is strict unless it is told `no priority`.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Final

from translator.drivers.arista_eos.maps import CLASSES
from translator.drivers.arista_eos.marks import code_point_of
from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import NotReadError
from translator.drivers.cisco.reader import TextLine
from translator.drivers.doubt import Doubt

__all__ = ["Port", "Shaper", "TxQueue"]

_QUEUE_WORDS: Final = frozenset({"tx-queue", "uc-tx-queue", "mc-tx-queue"})
_OUTWARDS: Final = frozenset({"tx-queue", "uc-tx-queue", "mc-tx-queue", "shape"})
_QUEUE_SETTINGS: Final = frozenset({"priority", "bandwidth", "random-detect", "shape"})
_BESIDE: Final = frozenset({"switchport", "channel-group", "ip", "ipv6", "mac"})
_UNITS: Final = {"kbps": 1_000, "mbps": 1_000_000, "gbps": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Shaper:
    """A rate that is not exceeded: in bit/s, or in percent of the line."""

    bps: int | None = None
    percent: float | None = None


@dataclass(slots=True)
class TxQueue:
    """One transmit queue; `strict` None where no line says so."""

    strict: bool | None = None
    percent: int | None = None
    guaranteed_percent: int | None = None
    guaranteed_bps: int | None = None
    shaper: Shaper | None = None
    drops_early: bool = False
    lines: list[int] = field(default_factory=list)

    @property
    def schedules(self) -> bool:
        """Whether a line says how it is served; when it drops is another question."""
        promised = (self.percent, self.guaranteed_percent, self.guaranteed_bps, self.shaper)
        return self.strict is not None or any(item is not None for item in promised)


class Port:
    """Collects the QoS lines of one interface or profile.

    Attributes:
        trust: `cos`, `dscp`, `none`; "" where nothing says so and the default holds.
        switching: its lines of `switchport`.
        bundle: number of the port channel of which it is a member, "" without.
        filtered: whether a line filters what passes.
        default_cos, default_dscp: what untrusted packets, and frames without a tag, count as.
        multicast: it has queues for unicast packets, or for multicast, of their own.
        unread_in, unread_out: why that direction is not known.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[int] = []
        self.trust = ""
        self.trust_lines: list[int] = []
        self.switching: list[TextLine] = []
        self.bundle = ""
        self.bundle_line = 0
        self.filtered = False
        self.default_cos = 0
        self.default_dscp = 0
        self.policy: str | None = None
        self.profile: str | None = None
        self.profile_line = 0
        self.queues: dict[int, TxQueue] = {}
        self.shaper: Shaper | None = None
        self.multicast = False
        self.egress_lines: list[int] = []
        self.unread_in: Doubt | None = None
        self.unread_out: Doubt | None = None
        self._open: TxQueue | None = None
        self._open_indent = -1

    def named(self, name: str) -> Port:
        """Return another port of which the same lines were read."""
        other = copy(self)
        other.name = name
        other.lines = [*self.lines]
        other.trust_lines = [*self.trust_lines]
        other.egress_lines = [*self.egress_lines]
        other.switching = [*self.switching]
        queues = [(queue, replace(queue, lines=[*queue.lines])) for queue in self.queues.values()]
        other.queues = dict(zip(self.queues, (queue for _, queue in queues), strict=True))
        other._open = next((new for old, new in queues if old is self._open), self._open)
        return other

    @property
    def schedules(self) -> bool:
        """Whether a line says how one of its queues is served."""
        return any(item.schedules for item in self.queues.values())

    @property
    def says_of_entry(self) -> frozenset[tuple[str, object]]:
        """What its lines say of packets that enter, to be compared."""
        said: tuple[tuple[str, object], ...] = (
            ("policy", self.policy),
            ("trust", self.trust),
            ("cos", self.default_cos),
            ("dscp", self.default_dscp),
        )
        return frozenset((name, value) for name, value in said if value)

    @property
    def says_of_exit(self) -> frozenset[tuple[str, object]]:
        """What its lines say of packets that leave, to be compared."""
        queues = {number: replace(item, lines=[]) for number, item in self.queues.items()}
        said = [(f"queue {number}", str(item)) for number, item in queues.items()]
        return frozenset([*said, *([("shaper", self.shaper)] if self.shaper else [])])

    @property
    def is_unread(self) -> bool:
        """Whether a line was not understood."""
        return bool(self.unread_in or self.unread_out)

    def read(self, line: TextLine) -> bool:
        """Take in one line; return whether it is a line about QoS.

        Raises:
            NotReadError: it is, and its meaning is not known.
        """
        if self._open_indent >= 0 and line.indent > self._open_indent:
            self._guarded("tx-queue", line, self._queue_line)
            return True
        if self._open is not None and not line.indent:
            # Without indentation what a queue is told stands beside it, and so does the port's.
            bare = line.keys[1:2] if line.keys[0] in ("no", "default") else line.keys[:1]
            if bare and bare[0] in _QUEUE_SETTINGS:
                ambiguous = bare[0] == "shape"
                read = self._queue_or_port if ambiguous else self._queue_line
                return self._guarded("tx-queue", line, read)
        self._open, self._open_indent = None, -1
        off = line.keys[0] in ("no", "default") and len(line.keys) > 1
        word = line.keys[1 if off else 0]
        reader = _READERS.get(word)
        if reader is None:
            if word in _BESIDE:
                self._read_beside(word, line, off)
            return False
        return self._guarded(word, line, lambda item: reader(self, item, Cursor(item, off), off))

    def _read_beside(self, word: str, line: TextLine, off: bool) -> None:
        """Take in what is not about QoS and decides where the QoS of others counts."""
        if word == "switchport":
            self.switching.append(line)
        elif word == "channel-group":
            self.bundle = "" if off or len(line.keys) < 2 else line.keys[1]
            self.bundle_line = line.number
        elif line.keys[1 + off : 2 + off] == ["access-group"]:
            self.filtered = not off

    def _queue_or_port(self, line: TextLine) -> bool:
        raise NotReadError(f"nothing shows whether `{line.text}` is the port's or a queue's")

    def _guarded(self, word: str, line: TextLine, read: Callable[[TextLine], bool]) -> bool:
        """Read a line, or mark what it may concern as not known."""
        try:
            about_qos = read(line)
        except NotReadError as error:
            doubt = Doubt(str(error), (line.number,))
            self.unread_out = doubt
            if word not in _OUTWARDS:
                self.unread_in = doubt
            self.lines.append(line.number)
            raise
        if about_qos:
            self.lines.append(line.number)
        return about_qos

    def _qos(self, line: TextLine, cursor: Cursor, off: bool) -> bool:
        cursor.take()
        kind = cursor.take()
        if kind == "trust":
            self._trust(line, cursor, off)
        elif kind == "cos":
            self.default_cos = 0 if off else _within(cursor.take_int(), CLASSES - 1)
        elif kind == "dscp":
            self.default_dscp = 0 if off else int(code_point_of(cursor.take()))
        else:
            raise NotReadError(f"`qos {kind}` is not known on a port")
        if not off:
            cursor.expect_end()
        self.trust_lines.append(line.number)
        return True

    def _trust(self, line: TextLine, cursor: Cursor, off: bool) -> None:
        if off:
            cursor.rest()
            self.trust = "" if line.keys[0] == "default" else "none"
            return
        word = cursor.take()
        if word not in ("dscp", "cos"):
            raise NotReadError(f"`qos trust {word}` is not known")
        self.trust = word

    def _service_policy(self, _line: TextLine, cursor: Cursor, off: bool) -> bool:
        cursor.take()
        if cursor.skip_if("type"):
            kind = cursor.take()
            if kind not in ("qos", "quality-of-service"):
                return False  # routing, the control plane, protocols of the port
        direction = cursor.take()
        name = None if off and cursor.done else cursor.take_name()
        if direction != "input":
            raise NotReadError("only input policies are known here")
        cursor.expect_end()
        if off and name is not None and self.policy not in (None, name):
            raise NotReadError("another policy is bound, so what it takes back is not known")
        self.policy = None if off else name
        return True

    def _profile(self, line: TextLine, cursor: Cursor, off: bool) -> bool:
        cursor.take()
        self.profile = None if off else cursor.take_name()
        self.profile_line = line.number
        return True

    def _shape(self, line: TextLine, cursor: Cursor, off: bool) -> bool:
        cursor.take()
        self.shaper = _shaper(cursor, off)
        self.egress_lines.append(line.number)
        return True

    def _queue(self, line: TextLine, cursor: Cursor, off: bool) -> bool:
        word = cursor.take()
        number = _within(cursor.take_int(), CLASSES - 1)
        cursor.expect_end()
        self.multicast = self.multicast or word != "tx-queue"
        self.egress_lines.append(line.number)
        self._open_indent = line.indent
        if word == "mc-tx-queue":
            self._open = TxQueue()  # what it does to multicast is doubted as a whole
            return True
        if off:
            self.queues.pop(number, None)
        self._open = self.queues.setdefault(number, TxQueue())
        self._open.lines.append(line.number)
        return True

    def _queue_line(self, line: TextLine) -> bool:
        assert self._open is not None, "a line below the queue's"
        self.egress_lines.append(line.number)
        self._open.lines.append(line.number)
        off = line.keys[0] in ("no", "default")
        cursor = Cursor(line, off)
        _queue_setting(self._open, cursor, off)
        cursor.expect_end()
        return True

    def _no_bearing(self, _line: TextLine, cursor: Cursor, _off: bool) -> bool:
        """Pause frames hold packets back and change neither their mark nor their queue."""
        cursor.rest()
        return True

    def _foreign(self, line: TextLine, _cursor: Cursor, _off: bool) -> bool:
        raise NotReadError(f"what `{line.keys[0]}` does is not read here")


def _queue_setting(queue: TxQueue, cursor: Cursor, off: bool) -> None:
    word = cursor.take()
    if word == "priority":
        if not cursor.done and not cursor.skip_if("strict"):
            raise NotReadError(f"`priority {cursor.key}` is not known")
        queue.strict = not off
    elif word == "bandwidth":
        _bandwidth(queue, cursor, off)
    elif word == "shape":
        queue.shaper = _shaper(cursor, off)
    elif word == "random-detect":
        # When a filling queue drops or marks: not which packets it holds.
        queue.drops_early = not off
        cursor.rest()
    elif word == "comment":
        cursor.rest()
    else:
        raise NotReadError(f"{word!r} is not known in a transmit queue")


def _bandwidth(queue: TxQueue, cursor: Cursor, off: bool) -> None:
    guaranteed = cursor.skip_if("guaranteed")
    if off:
        cursor.rest()
        if guaranteed:
            queue.guaranteed_percent = queue.guaranteed_bps = None
        else:
            queue.percent = None
        return
    if cursor.skip_if("percent"):
        value = _within(cursor.take_int(), 100)
        if guaranteed:
            queue.guaranteed_percent = value
        else:
            queue.percent = value
    elif guaranteed:
        rate = cursor.take_int()
        queue.guaranteed_bps = rate * _UNITS[cursor.take() if cursor.key in _UNITS else "kbps"]
    else:
        raise NotReadError("a share in percent is expected")


def _shaper(cursor: Cursor, off: bool) -> Shaper | None:
    """Read `rate N [kbps|percent]`; kbps where no unit is written."""
    if not cursor.skip_if("rate"):
        raise NotReadError("`shape rate` is expected")
    if off:
        cursor.rest()
        return None
    number = cursor.take_int()
    if cursor.skip_if("percent"):
        return Shaper(percent=float(_within(number, 100)))
    if cursor.key == "pps":
        raise NotReadError("a rate in packets says nothing of bits")
    unit = cursor.take() if cursor.key in _UNITS else "kbps"
    cursor.expect_end()
    return Shaper(bps=number * _UNITS[unit])


def _within(number: int, highest: int) -> int:
    if number > highest:
        raise NotReadError(f"{number} is not within 0-{highest}")
    return number


_READERS: Final[dict[str, Callable[[Port, TextLine, Cursor, bool], bool]]] = {
    "qos": Port._qos,
    "service-policy": Port._service_policy,
    "service-profile": Port._profile,
    "shape": Port._shape,
    **dict.fromkeys(_QUEUE_WORDS, Port._queue),
    "priority-flow-control": Port._no_bearing,
    "traffic-policy": Port._foreign,
    "profile": Port._foreign,  # lines of an `interface profile`
}
