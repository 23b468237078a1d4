"""The `qos` lines of the whole switch: the maps between marks, traffic classes and queues.

Sources of the defaults: EOS user manual, chapter Quality of Service, tables of default mappings
(DSCP 0-7 have traffic class 1, 8-15 class 0, all others the class of their upper three bits, and
CoS likewise; each class has the transmit queue of its number). Unverified on every family; a text
does not show a line that is equal to the default, so a reader has to take them for granted.
Traffic class 7 and queue 7 belong together and are the switch's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from translator.drivers.cisco.cursor import Cursor, number_of
from translator.drivers.cisco.ledger import NotReadError
from translator.drivers.cisco.reader import TextLine
from translator.drivers.doubt import Doubt

__all__ = [
    "CLASSES",
    "DEFAULT_OF_COS",
    "DEFAULT_OF_DSCP",
    "SwitchMaps",
    "mapped_values",
]

CLASSES: Final = 8
DEFAULT_OF_COS: Final = (1, 0, 2, 3, 4, 5, 6, 7)
DEFAULT_OF_DSCP: Final = tuple(DEFAULT_OF_COS[point >> 3] for point in range(64))
_NAMED: Final = 20  # lines that a doubt about the whole switch names
# What leaves in a tag, in MPLS labels or is set aside for pause frames: no code point, no queue.
_NO_BEARING: Final = frozenset({"cos", "exp", "priority-group"})


class SwitchMaps:
    """Collects the lines of one text; what no line says keeps the switch's default.

    Attributes:
        class_of_dscp, class_of_cos: traffic class of each code point and CoS.
        dscp_line: for each code point, the line that says so (None: the default).
        queue_of: transmit queue of each traffic class.
        rewrite: whether leaving packets are given the code point of their traffic class.
        dscp_of: which that is; classes without a line have a default that nobody has verified.
        unread: lines that were not understood: then every port may behave otherwise.
    """

    def __init__(self) -> None:
        self.class_of_dscp = list(DEFAULT_OF_DSCP)
        self.dscp_line: list[int | None] = [None] * 64
        self.class_of_cos = list(DEFAULT_OF_COS)
        self.queue_of = list(range(CLASSES))
        self.queue_line: list[int | None] = [None] * CLASSES
        self.rewrite = False
        self.rewrite_line: int | None = None
        self.dscp_of: dict[int, int] = {}
        self.dscp_of_line: dict[int, int] = {}
        self.unread: list[int] = []

    @property
    def doubt(self) -> Doubt | None:
        """Why nothing is known of any port, with the first lines responsible."""
        if not self.unread:
            return None
        return Doubt("a global line was not understood", tuple(self.unread[:_NAMED]))

    def read(self, line: TextLine) -> None:
        """Take in one global line that begins with `qos` or `no qos`.

        Raises:
            NotReadError: its meaning is not known.
        """
        off = line.keys[0] in ("no", "default")
        cursor = Cursor(line, skip=2 if off else 1)
        reader = _KINDS.get(word := cursor.take())
        if reader is None:
            raise NotReadError(f"`qos {word}` is not known")
        reader(self, line, cursor, off)
        cursor.expect_end()

    def _rewrite(self, line: TextLine, cursor: Cursor, off: bool) -> None:
        what = cursor.take()
        if what == "dscp":
            self.rewrite, self.rewrite_line = not off, line.number
        elif what != "cos":
            raise NotReadError(f"`qos rewrite {what}` is not known")

    def _no_bearing(self, _line: TextLine, cursor: Cursor, _off: bool) -> None:
        """Names of queues and classes, and when a full queue marks or drops."""
        cursor.rest()

    def _map(self, line: TextLine, cursor: Cursor, off: bool) -> None:
        kind = cursor.take()
        if kind == "exp":
            cursor.rest()
            return
        if kind not in ("dscp", "cos", "traffic-class"):
            raise NotReadError(f"`qos map {kind}` is not known")
        values = mapped_values(cursor, {"dscp": 63}.get(kind, CLASSES - 1))
        if kind == "traffic-class":
            self._map_classes(line, cursor, values, off)
            return
        given = self._class_given(cursor, off)
        for value in values:
            if kind == "dscp":
                self.class_of_dscp[value] = DEFAULT_OF_DSCP[value] if given is None else given
                self.dscp_line[value] = line.number
            else:
                self.class_of_cos[value] = DEFAULT_OF_COS[value] if given is None else given

    def _class_given(self, cursor: Cursor, off: bool) -> int | None:
        """Read `to traffic-class N [drop-precedence M]`; None where a default comes back."""
        if off:
            cursor.rest()
            return None
        if not cursor.skip_if("to", "traffic-class"):
            raise NotReadError("`to traffic-class` is missing")
        number = _class_number(cursor.take())
        if cursor.skip_if("drop-precedence"):  # a drop level within the queue
            cursor.take_int()
        return number

    def _map_classes(
        self, line: TextLine, cursor: Cursor, values: tuple[int, ...], off: bool
    ) -> None:
        if not cursor.skip_if("to"):
            raise NotReadError("`to` is missing")
        what = cursor.take()
        if what in _NO_BEARING:
            cursor.rest()
            return
        if what not in ("tx-queue", "uc-tx-queue", "dscp"):
            # Multicast queues have a map of their own, and interfaces may name others.
            raise NotReadError(f"`qos map traffic-class ... to {what}` is not known")
        target = None
        if off:
            cursor.rest()
        else:
            word = cursor.take()
            target = _code_point(word) if what == "dscp" else _class_number(word)
        for value in values:
            if what != "dscp":
                self.queue_of[value] = value if target is None else target
                self.queue_line[value] = line.number
            elif target is None:
                self.dscp_of.pop(value, None)
            else:
                self.dscp_of[value], self.dscp_of_line[value] = target, line.number


def mapped_values(cursor: Cursor, highest: int) -> tuple[int, ...]:
    """Return the values of a map line up to `to`, or to the end of a line that undoes one.

    Raises:
        NotReadError: a word is no value, or there is none.
    """
    values: list[int] = []
    while not cursor.done and cursor.key != "to":
        for part in cursor.take().strip(",").split(","):
            low, _, high = part.partition("-")
            values.extend(range(number_of(low), number_of(high or low) + 1)[: highest + 2])
    if not values or max(values) > highest:
        raise NotReadError(f"expected numbers within 0-{highest}")
    return tuple(values)


def _class_number(word: str) -> int:
    if (number := number_of(word)) < CLASSES:
        return number
    raise NotReadError(f"there is no traffic class or queue {word}")


def _code_point(word: str) -> int:
    if (number := number_of(word)) < 64:
        return number
    raise NotReadError(f"{word!r} is no code point")


_KINDS: Final[dict[str, Callable[[SwitchMaps, TextLine, Cursor, bool], None]]] = {
    "map": SwitchMaps._map,
    "rewrite": SwitchMaps._rewrite,
    "random-detect": SwitchMaps._no_bearing,
    "tx-queue": SwitchMaps._no_bearing,
    "traffic-class": SwitchMaps._no_bearing,
}
