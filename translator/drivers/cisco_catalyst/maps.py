"""The switch-wide state of `mls qos`: on or off, its value maps, its queue maps, its policers.

Sources of the defaults:
    Value maps: Catalyst 2960 Software Configuration Guide, "Configuring QoS", default mapping
    tables. Egress queues: same guide, "Mapping DSCP or CoS Values to an Egress Queue and to a
    Threshold ID" (code points 0-15 queue 2, 16-31 queue 3, 32-39 and 48-63 queue 4, 40-47 queue
    1; CoS 0-1 queue 2, 2-3 queue 3, 4, 6 and 7 queue 4, 5 queue 1).
    Rewriting is on: Catalyst 3560 Command Reference, `mls qos rewrite ip dscp`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import NotReadError
from translator.drivers.cisco.marks import numbers_of
from translator.drivers.cisco.police import rate_of
from translator.drivers.cisco.reader import TextLine
from translator.drivers.cisco_catalyst.port import TAKE_BACK
from translator.drivers.doubt import Doubt

__all__ = ["QUEUES", "SwitchQos", "check_exceed_action", "default_queue", "is_of_switch"]

QUEUES: Final = (1, 2, 3, 4)
_BY_PRECEDENCE: Final = (0, 8, 16, 24, 32, 40, 48, 56)
_QUEUE_OF_DSCP: Final = (2,) * 16 + (3,) * 16 + (4,) * 8 + (1,) * 8 + (4,) * 16
_QUEUE_OF_COS: Final = (2, 2, 3, 3, 4, 1, 4, 4)
# What may be undone without a change of code points or queues.
_NO_BEARING: Final = ("queue-set ", "srr-queue input ", "map dscp-cos", "map policed-dscp")
_NAMED: Final = 20  # lines that a doubt about the whole switch names
_MOST_VALUES: Final = 8
_EXCEED_ACTIONS: Final = ("drop", "policed-dscp-transmit")
# Receive queues delay and drop inside an oversubscribed switch; neither the code point nor the
# egress queue depends on them. Numbers that each kind of line carries, at least and at most.
_INPUT_QUEUE: Final = {
    "priority-queue": (2, 2),
    "bandwidth": (2, 2),
    "buffers": (2, 2),
    "threshold": (3, 3),
    "cos-map": (2, 10),
    "dscp-map": (2, 10),
}


class AggregatePolicer(NamedTuple):
    """A policer that classes share: its rate in bit/s, its burst in bytes, and what exceeds it."""

    rate_bps: int
    burst_bytes: int
    exceed_action: str


class SwitchQos:
    """Collects the global lines of one text; what no line says keeps the switch's default.

    Attributes:
        enabled: what the text says about `mls qos`; None when it does not say.
        rewrite: whether the code point of leaving packets follows the internal one.
        dscp_line: for each code point, the line that chose its egress queue (None: default).
        policers: what each aggregate policer says; None of one that is said in two ways.
        unread: global lines that were not understood: then every port may behave otherwise.
    """

    def __init__(self) -> None:
        self.enabled: bool | None = None
        self.switch_line: int | None = None
        self.rewrite = True
        self.cos_dscp: tuple[int, ...] = _BY_PRECEDENCE
        self.precedence_dscp: tuple[int, ...] = _BY_PRECEDENCE
        self.mutations: dict[str, list[int]] = {}
        self.queue_of_dscp: list[int] = list(_QUEUE_OF_DSCP)
        self.dscp_line: list[int | None] = [None] * 64
        self.queue_of_cos: list[int] = list(_QUEUE_OF_COS)
        self.policers: dict[str, AggregatePolicer | None] = {}
        self.unread: list[int] = []

    @property
    def doubt(self) -> Doubt | None:
        """Why nothing is known of any port, with the first lines responsible."""
        if not self.unread:
            return None
        return Doubt("a global line was not understood", tuple(self.unread[:_NAMED]))

    def read(self, line: TextLine) -> None:
        """Take in one global line that begins with `mls qos`, or with `no` or `default` before.

        Raises:
            NotReadError: its meaning is not known.
        """
        off = line.keys[0] in TAKE_BACK
        cursor = Cursor(line, skip=3 if off else 2)
        if cursor.done:
            self.enabled, self.switch_line = not off, line.number
            return
        kind = cursor.take()
        if off and kind != "rewrite":
            self._undo(kind, cursor)
            return
        reader = _KINDS.get(kind)
        if reader is None:
            raise NotReadError(f"`mls qos {kind}` is not known")
        reader(self, line, cursor)
        cursor.expect_end()

    def _undo(self, kind: str, cursor: Cursor) -> None:
        """Return a map to its default. Source: Catalyst 2960 Command Reference, the `no` forms.

        The `no` forms of the maps of this switch take no values.
        """
        if kind == "aggregate-policer":
            self.policers.pop(cursor.take_name(), None)
            cursor.expect_end()
            return
        if kind == "map" and cursor.skip_if("dscp-mutation"):
            self.mutations.pop(cursor.take_name(), None)
            cursor.expect_end()
            return
        words = cursor.rest()
        what = " ".join([kind, *words])
        if what == "srr-queue output dscp-map":
            self.queue_of_dscp, self.dscp_line = list(_QUEUE_OF_DSCP), [None] * 64
        elif what == "srr-queue output cos-map":
            self.queue_of_cos = list(_QUEUE_OF_COS)
        elif what == "map cos-dscp":
            self.cos_dscp = _BY_PRECEDENCE
        elif what == "map ip-prec-dscp":
            self.precedence_dscp = _BY_PRECEDENCE
        elif not what.startswith(_NO_BEARING):
            raise NotReadError(f"`no mls qos {what}` is not known")

    def _rewrite(self, line: TextLine, cursor: Cursor) -> None:
        if cursor.rest() != ["ip", "dscp"]:
            raise NotReadError("only the rewriting of the IP DSCP is known")
        self.rewrite = line.keys[0] != "no"

    def _map(self, _line: TextLine, cursor: Cursor) -> None:
        kind = cursor.take()
        if kind == "cos-dscp":
            self.cos_dscp = _eight(cursor)
        elif kind == "ip-prec-dscp":
            self.precedence_dscp = _eight(cursor)
        elif kind == "dscp-cos":  # what leaves in the 802.1Q tag: no bearing on the DSCP
            _pairs(cursor, 7)
        elif kind == "policed-dscp":  # what a policer writes above its rate
            _pairs(cursor, 63)
        elif kind == "dscp-mutation":
            table = self.mutations.setdefault(cursor.take_name(), list(range(64)))
            sources, target = _pairs(cursor, 63)
            for source in sources:
                table[source] = target
        else:
            raise NotReadError(f"`mls qos map {kind}` is not known")

    def _srr_queue(self, line: TextLine, cursor: Cursor) -> None:
        direction, kind = cursor.take(), cursor.take()
        if direction == "input":
            _check_input_queue(kind, cursor)
            return
        if direction != "output" or kind not in ("dscp-map", "cos-map"):
            raise NotReadError(f"`srr-queue {direction} {kind}` is not known")
        queue = _after(cursor, "queue", QUEUES)
        if cursor.key == "threshold":  # a drop level inside the queue
            _after(cursor, "threshold", (1, 2, 3))
        if kind == "dscp-map":
            for code_point in _few(numbers_of(cursor, 63)):
                self.queue_of_dscp[code_point] = queue
                self.dscp_line[code_point] = line.number
        else:
            for cos in _few(numbers_of(cursor, 7)):
                self.queue_of_cos[cos] = queue

    def _queue_set(self, _line: TextLine, cursor: Cursor) -> None:
        """Buffers and drop levels: when a queue drops, not which packets it holds."""
        if cursor.take() != "output":
            raise NotReadError("only output queue-sets are known")
        cursor.take_int()
        wanted = {"buffers": (2, 4), "threshold": (5,)}.get(cursor.take(), ())
        if len(numbers_of(cursor, 3200)) not in wanted:
            raise NotReadError("a queue-set line of another form")

    def _policer(self, _line: TextLine, cursor: Cursor) -> None:
        name = cursor.take_name()
        said = AggregatePolicer(
            rate_of(cursor.take()), cursor.take_int(), check_exceed_action(cursor)
        )
        # Unverified: whether a second one replaces the first, or is refused while that is used.
        self.policers[name] = said if self.policers.get(name, said) == said else None


_KINDS: Final[dict[str, Callable[[SwitchQos, TextLine, Cursor], None]]] = {
    "map": SwitchQos._map,
    "srr-queue": SwitchQos._srr_queue,
    "queue-set": SwitchQos._queue_set,
    "aggregate-policer": SwitchQos._policer,
    "rewrite": SwitchQos._rewrite,
}


def is_of_switch(line: TextLine) -> bool:
    """Whether a line, wherever it stands, is one that `SwitchQos` knows."""
    keys = line.keys[1:] if line.keys[0] in TAKE_BACK else line.keys
    return keys[:2] == ["mls", "qos"] and (len(keys) == 2 or keys[2] in _KINDS)


def default_queue(value: int, *, cos: bool = False) -> int:
    """Return the egress queue of a code point, or of a CoS value, that no line maps."""
    return _QUEUE_OF_COS[value] if cos else _QUEUE_OF_DSCP[value]


def check_exceed_action(cursor: Cursor) -> str:
    """Return the action of `exceed-action {drop | policed-dscp-transmit}`, "" where none is there.

    Raises:
        NotReadError: another action.
    """
    if not cursor.skip_if("exceed-action"):
        return ""
    action = cursor.take()
    if action not in _EXCEED_ACTIONS:
        raise NotReadError("an exceed action that is not known")
    return action


def _eight(cursor: Cursor) -> tuple[int, ...]:
    values = numbers_of(cursor, 63)
    if len(values) != 8:
        raise NotReadError("the map needs eight values")
    return values


def _pairs(cursor: Cursor, highest: int) -> tuple[Sequence[int], int]:
    """Read `v1 .. v8 to w`."""
    sources: list[int] = []
    while not cursor.skip_if("to"):
        sources.append(cursor.take_int())
    target = cursor.take_int()
    if not sources or max(sources) > 63 or target > highest:
        raise NotReadError("values out of range")
    return _few(sources), target


def _few(values: Sequence[int]) -> Sequence[int]:
    """Return the values of one line. Source: Catalyst 2960 Command Reference: at most eight."""
    if len(values) > _MOST_VALUES:
        raise NotReadError(f"a line of a map takes {_MOST_VALUES} values at most")
    return values


def _after(cursor: Cursor, keyword: str, allowed: tuple[int, ...]) -> int:
    if not cursor.skip_if(keyword):
        raise NotReadError(f"{keyword!r} is missing")
    number = cursor.take_int()
    if number not in allowed:
        raise NotReadError(f"{keyword} {number} does not exist")
    return number


def _check_input_queue(kind: str, cursor: Cursor) -> None:
    low, high = _INPUT_QUEUE.get(kind, (0, 0))
    numbers = [word for word in cursor.rest() if word not in ("queue", "threshold", "bandwidth")]
    if not (low <= len(numbers) <= high and all(map(str.isdigit, numbers))):
        raise NotReadError(f"`srr-queue input {kind}` of another form")
