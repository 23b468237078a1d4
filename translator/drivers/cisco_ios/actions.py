"""What a class of a policy-map does: its lines, read one by one into `ClassActions`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct

from translator.drivers.cisco.cursor import Cursor, number_of
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.marking import read_set
from translator.drivers.cisco.police import (
    OUTCOMES,
    SECOND_POLICER,
    Policer,
    rate_of,
    read_outcome,
    read_police,
)
from translator.drivers.cisco.reader import TextLine
from translator.drivers.cisco.tablemap import TableMaps
from translator.drivers.cisco.taken_back import NOT_SAME, has_negatives, is_negative, take_back
from translator.drivers.cisco_ios import lines
from translator.drivers.line import Line
from translator.intents.pipeline import Rule, Service

__all__ = ["ClassActions", "read_actions"]


class ClassActions(Struct):
    """The actions of one class while its lines are read; None where the text does not say.

    Attributes:
        marks: rules that write the header or a tag of the class's packets, in order.
        remaining_ratio: weight among the classes that share what priority leaves over.
        shape_percent: the shaper's rate in percent of what the policy has to share out.
        shares: whether a `bandwidth` line gives the class a share.
        unclear: why the treatment is unknown, once per line that was not read.
    """

    marks: list[Rule] = []
    priority: bool = False
    shares: bool = False
    percent: float | None = None
    rate_bps: int | None = None
    remaining_percent: float | None = None
    remaining_ratio: int | None = None
    shape_bps: int | None = None
    shape_percent: float | None = None
    shapes: bool = False
    limit_percent: float | None = None
    limit_bps: int | None = None
    policers: list[Policer] = []
    drops: bool = False
    early_drop: bool = False
    queue_lines: bool = False
    child: str | None = None
    unclear: list[str] = []

    @property
    def queues(self) -> bool:
        """Whether the class asks anything of a queue."""
        return self.priority or self.shares or self.shapes or self.queue_lines

    def service(self, *, is_default: bool) -> Service:
        """Return how the class is served; a shaped class-default alone gets no share."""
        if self.priority:
            return Service.PRIORITY
        if self.shares or (self.shapes and not is_default):
            return Service.GUARANTEED
        return Service.BEST_EFFORT


def read_actions(
    body: Sequence[TextLine], actions: ClassActions, tables: TableMaps, ledger: Ledger
) -> None:
    """Read the lines below `class`; one that is not understood makes the class unclear."""
    if has_negatives(body):
        body = _standing(body, actions, ledger)
    for line in body:
        try:
            _read(line, actions, tables, ledger)
        except NotReadError as error:
            _unclear(line, str(error), actions, ledger)
        else:
            ledger.read(line)


def _standing(
    body: Sequence[TextLine], actions: ClassActions, ledger: Ledger
) -> Sequence[TextLine]:
    """Return the lines that stand in the end when some take others back."""
    stands: list[TextLine] = []
    for line in body:
        ledger.read(line)
        if not is_negative(line):
            stands.append(line)
        elif line.keys[1] not in _FREE and not take_back(stands, line):
            _unclear(line, NOT_SAME, actions, ledger)
    return stands


def _unclear(line: TextLine, reason: str, actions: ClassActions, ledger: Ledger) -> None:
    ledger.unread(line, reason)
    actions.unclear.append(f"line {line.number}: {line.text}")


def _read(line: TextLine, actions: ClassActions, tables: TableMaps, ledger: Ledger) -> None:
    word = line.keys[0]
    if word in _FREE:
        actions.queue_lines |= word in _QUEUE_LINES
        actions.early_drop |= word == "random-detect"
    elif word == "set":
        actions.marks.extend(read_set(Cursor(line, 1), tables, ledger))
    elif word == "police":
        policer = read_police(Cursor(line, 1))
        if actions.policers and policer != actions.policers[-1]:
            raise NotReadError(SECOND_POLICER)
        actions.policers.append(policer)
    elif word in OUTCOMES and actions.policers:
        cursor = Cursor(line)
        read_outcome(cursor, actions.policers[-1])
        cursor.expect_end()
    elif word == "drop" and len(line.keys) == 1:
        actions.drops = True
    else:
        _read_form(line, actions)


def _read_form(line: TextLine, actions: ClassActions) -> None:
    known = _form_of(line.keys[0], line.text)
    if known is None:
        raise NotReadError(f"{line.keys[0]!r} is not known here in this form")
    act, found = known
    act(actions, found)


# A fleet repeats the same lines on each device.
@lru_cache(maxsize=4096)
def _form_of(word: str, text: str) -> tuple[_Act, _Fields] | None:
    """Return what a line does that begins with the word, and its fields."""
    for form, act in _FORMS.get(word, ()):
        found = form.read(text)
        if found is not None:
            return act, found
    return None


# They bear on queue depth, early drop and statistics, not on which packet gets which service.
_QUEUE_LINES: Final = frozenset({"random-detect", "fair-queue", "queue-limit"})
_FREE: Final = _QUEUE_LINES | frozenset(
    {
        "description",
        "estimate",
        "account",
        "netflow-sampler",
        "compression",
        "compress",
        "queue-buffers",
        "dbl",
        "mtu",
        "pause",
        "congestion-control",
    }
)
_Fields = Mapping[str, str]
_Act = Callable[[ClassActions, _Fields], None]


def _priority(actions: ClassActions, found: _Fields) -> None:
    actions.priority = True
    if "percent" in found:
        actions.percent = actions.limit_percent = float(number_of(found["percent"]))
    if "kbps" in found:
        actions.rate_bps = actions.limit_bps = number_of(found["kbps"]) * 1000


def _bandwidth(actions: ClassActions, found: _Fields) -> None:
    actions.shares = True
    if "percent" in found:
        actions.percent = float(number_of(found["percent"]))
    if "kbps" in found:
        actions.rate_bps = number_of(found["kbps"]) * 1000


def _remaining(actions: ClassActions, found: _Fields) -> None:
    actions.shares = True
    if "percent" in found:
        actions.remaining_percent = float(number_of(found["percent"]))
    if "ratio" in found:
        actions.remaining_ratio = number_of(found["ratio"])


def _shape(actions: ClassActions, found: _Fields) -> None:
    actions.shapes = True
    if "rate_bps" in found:
        actions.shape_bps = number_of(found["rate_bps"])
    if "kbps" in found:
        actions.shape_bps = number_of(found["kbps"]) * 1000
    if "percent" in found:
        actions.shape_percent = float(number_of(found["percent"]))


def _short_shape(actions: ClassActions, found: _Fields) -> None:
    """Read `shape average 10m`, as it is typed."""
    actions.shapes = True
    actions.shape_bps = rate_of(found["rate"])


def _shape_detail(_actions: ClassActions, _found: _Fields) -> None:
    """Buffers and congestion notices of a shaper change no treatment."""


def _child(actions: ClassActions, found: _Fields) -> None:
    if actions.child is not None:
        raise NotReadError("the class has two child policies")
    actions.child = found["name"]


_Form = tuple[Line, _Act]
_FORMS: Final[dict[str, tuple[_Form, ...]]] = {
    "priority": (
        (lines.PRIORITY_PERCENT, _priority),
        (lines.PRIORITY, _priority),
        (lines.PRIORITY_KBPS, _priority),
        (lines.PRIORITY_LEVEL, _priority),
        (lines.PRIORITY_LEVEL_PERCENT, _priority),
        (lines.PRIORITY_LEVEL_KBPS, _priority),
        (Line("priority {kbps:int} {burst_bytes:int}"), _priority),
        (Line("priority percent {percent:int} {burst_bytes:int}"), _priority),
        (Line("priority level {level:int} {kbps:int} {burst_bytes:int}"), _priority),
        (Line("priority level {level:int} percent {percent:int} {burst_bytes:int}"), _priority),
        (Line("priority {kbps:int} account {overhead:rest}"), _priority),
        (Line("priority percent {percent:int} account {overhead:rest}"), _priority),
    ),
    "bandwidth": (
        (lines.BANDWIDTH_PERCENT, _bandwidth),
        (lines.BANDWIDTH_REMAINING, _remaining),
        (lines.BANDWIDTH_RATIO, _remaining),
        (lines.BANDWIDTH_KBPS, _bandwidth),
        (Line("bandwidth remaining {percent:int}"), _remaining),
        (Line("bandwidth {kbps:int} account {overhead:rest}"), _bandwidth),
        (Line("bandwidth percent {percent:int} account {overhead:rest}"), _bandwidth),
        (Line("bandwidth remaining ratio {ratio:int} account {overhead:rest}"), _remaining),
        (Line("bandwidth remaining percent {percent:int} account {overhead:rest}"), _remaining),
    ),
    "shape": (
        (lines.SHAPE, _shape),
        (lines.SHAPE_PERCENT, _shape),
        (Line("shape average {rate_bps:int} {bc_bits:int}"), _shape),
        (Line("shape average {rate_bps:int} {bc_bits:int} {be_bits:int}"), _shape),
        (Line("shape average {rate_bps:int} account {overhead:rest}"), _shape),
        (Line("shape average {rate_bps:int} {bc_bits:int} account {overhead:rest}"), _shape),
        (
            Line("shape average {rate_bps:int} {bc:int} {be:int} account {overhead:rest}"),
            _shape,
        ),
        (Line("shape average {rate:word}"), _short_shape),
        (Line("shape average percent {percent:int} {bursts:rest}"), _shape),
        (Line("shape peak percent {percent:int}"), _shape),
        (Line("shape peak {rate_bps:int}"), _shape),
        (Line("shape peak {rate_bps:int} {bc_bits:int}"), _shape),
        (Line("shape peak {rate_bps:int} {bc_bits:int} {be_bits:int}"), _shape),
        (Line("shape kbps {kbps:int}"), _shape),
        (Line("shape max-buffers {buffers:int}"), _shape_detail),
        (Line("shape fecn-adapt"), _shape_detail),
        (Line("shape adaptive {rate:rest}"), _shape_detail),
    ),
    "service-policy": ((lines.CHILD, _child),),
}
