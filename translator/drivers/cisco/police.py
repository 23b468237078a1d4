"""Policers in all their text forms: one line, or `police` with an action per line below it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from translator.drivers.cisco.cursor import Cursor, number_of
from translator.drivers.cisco.ledger import NotReadError
from translator.drivers.cisco.marks import dscp_of, precedence_of
from translator.intents.pipeline import Action, Drop, Police, SetTag, SetTos, set_code_point

__all__ = ["OUTCOMES", "SECOND_POLICER", "Policer", "rate_of", "read_outcome", "read_police"]

OUTCOMES: Final = {
    "conform-action": "conform",
    "exceed-action": "exceed",
    "violate-action": "violate",
    "conform": "conform",
    "exceed": "exceed",
    "violate": "violate",
}
_UNITS: Final = {"bps": 1, "kbps": 1_000, "mbps": 1_000_000, "gbps": 1_000_000_000}
_SUFFIXES: Final = {"k": 1_000, "m": 1_000_000, "g": 1_000_000_000}
_BURST_UNITS: Final = frozenset({"ms", "us", "byte", "bytes", "kbytes", "mbytes", "packets"})
_TAGS: Final = {
    "set-qos-transmit": "qos-group",
    "set-cos-transmit": "cos",
    "set-discard-class-transmit": "discard-class",
    "set-mpls-exp-transmit": "mpls experimental",
    "set-mpls-exp-imposition-transmit": "mpls experimental",
    "set-mpls-exp-topmost-transmit": "mpls experimental",
}
_KEEPS_HEADER: Final = frozenset(
    {"transmit", "set-clp-transmit", "set-frde-transmit", "set-dscp-tunnel-transmit"}
)

# Source: IOS command reference, police (policy map), command history: what is left of the actions
# of the first when its rate alone is entered anew differs from release to release.
SECOND_POLICER: Final = "the class has another policer already, and what is left of it is not known"


@dataclass(slots=True)
class Policer:
    """One `police` with its outcomes as they are read.

    Attributes:
        rate_bps: committed rate; None for a percentage or packets per second.
        percent: committed rate in percent of the interface, where given so.
        outcomes: per conform, exceed and violate the actions; empty means transmit unchanged.
    """

    rate_bps: int | None = None
    percent: float | None = None
    outcomes: dict[str, list[Action]] = field(default_factory=dict)

    def actions(self) -> tuple[Action, ...]:
        """Return what happens to packets, the marks of conforming ones included.

        Raises:
            NotReadError: conforming packets are dropped and others are not.
        """
        conform = self.outcomes.get("conform", [])
        # Source: IOS command reference, police: the default is to transmit below, drop above.
        exceed = self.outcomes.get("exceed", [Drop()])
        violate = self.outcomes.get("violate", exceed)
        if conform == exceed == violate:
            return tuple(conform)
        if Drop() in conform:
            raise NotReadError("conforming packets are dropped, others are not")
        return (*conform, Police(self.rate_bps))


def read_police(cursor: Cursor) -> Policer:
    """Return the policer of a `police` line, after that keyword.

    Raises:
        NotReadError: the whole meaning of the line is not known.
    """
    policer = Policer()
    cursor.skip_if("cir") or cursor.skip_if("rate")
    _read_rate(cursor, policer)
    while not cursor.done:
        if cursor.key in OUTCOMES:
            read_outcome(cursor, policer)
        else:
            _read_burst(cursor)
    return policer


def read_outcome(cursor: Cursor, policer: Policer) -> None:
    """Read `conform-action ACTION` and the like into the policer.

    Raises:
        NotReadError: the action is not known.
    """
    outcome = OUTCOMES[cursor.take()]
    actions = policer.outcomes.setdefault(outcome, [])
    word = cursor.take()
    if word == "drop":
        actions.append(Drop())
    elif word in _TAGS:
        actions.append(SetTag(_TAGS[word], cursor.take_int()))
    elif word == "set-prec-transmit":
        actions.append(SetTos(precedence_of(cursor.take()) << 5, 0xE0))
    elif word == "set-dscp-transmit":
        actions.extend(_mark_down(cursor, outcome))
    elif word == "policed-dscp-transmit":
        actions.extend(_by_table(outcome))
    elif word in _KEEPS_HEADER:
        if word != "transmit" and cursor.key not in OUTCOMES and not cursor.done:
            cursor.take()
    else:
        raise NotReadError(f"police action {word!r} is not known")


def _mark_down(cursor: Cursor, outcome: str) -> list[Action]:
    if cursor.skip_if("dscp", "table") or cursor.skip_if("table"):
        cursor.take_name()
        return _by_table(outcome)
    return [set_code_point(dscp_of(cursor.take()))]


def _by_table(outcome: str) -> list[Action]:
    if outcome == "conform":
        raise NotReadError("conforming packets are re-marked by a table")
    return [SetTag("policed", 1)]  # above the rate: the verdict says "policed", not the new mark


def _read_rate(cursor: Cursor, policer: Policer) -> None:
    if cursor.skip_if("percent"):
        policer.percent = float(cursor.take_int())
        return
    rate = rate_of(cursor.take())
    if cursor.key in ("pps", "cps"):
        cursor.take()
        return
    policer.rate_bps = rate * (_UNITS[cursor.take()] if cursor.key in _UNITS else 1)


def rate_of(word: str) -> int:
    """Return the bit/s of `128000`, or of `128k` as it is typed.

    Raises:
        NotReadError: it is no rate.
    """
    size = _SUFFIXES.get(word[-1:].lower(), 1)
    return number_of(word[:-1] if size > 1 else word) * size


def _read_burst(cursor: Cursor) -> None:
    """Step over bursts and the peak rate: they shape bursts, not the treatment of a packet."""
    if cursor.key.isdigit():
        cursor.take()
    elif cursor.skip_if("pir") or cursor.skip_if("peak-rate"):
        cursor.skip_if("percent")
        cursor.take_int()
        if cursor.key in _UNITS:
            cursor.take()
    elif cursor.key in ("bc", "be", "burst", "peak-burst"):
        cursor.take()
        cursor.take_int()
    elif cursor.skip_if("account", "user-defined"):  # bytes of outer headers that count too
        cursor.take()
    else:
        raise NotReadError(f"{cursor.key!r} is not known in a policer")
    if cursor.key in _BURST_UNITS:
        cursor.take()
