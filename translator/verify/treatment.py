"""What happens to a packet: its marking, service and fate; and the state it carries on the way."""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from msgspec import Struct

from translator.codepoint import ECN_MASK, CodePoint
from translator.intents.pipeline import (
    Action,
    Assign,
    Drop,
    Police,
    Service,
    SetTag,
    SetTos,
    Unclear,
)

__all__ = ["KEEP", "UNSTATED_RATE", "Change", "Marking", "State", "TagValue", "Treatment"]

TagValue = int | str
UNSTATED_RATE: Final = 0
"""The rate of a policer whose text gives none in bit/s."""


class Change(Enum):
    """Which bits of the ToS byte a marking changes."""

    KEEP = "keep"
    SET_DSCP = "set dscp"
    SET_TOS = "set tos"


class Marking(Struct, frozen=True, cache_hash=True):
    """What becomes of the ToS byte; `value` is a code point for SET_DSCP, a byte for SET_TOS.

    Canonical: made from the byte before and after, so that writing EF on a packet that carries
    EF is the same marking as keeping it.
    """

    change: Change
    value: int = 0

    @classmethod
    def between(cls, before: int, after: int) -> Marking:
        """Return the marking that turns one ToS byte into the other."""
        if before == after:
            return KEEP
        if before & ECN_MASK == after & ECN_MASK:
            return cls(Change.SET_DSCP, after >> 2)
        return cls(Change.SET_TOS, after)

    def applied(self, tos: int) -> int:
        """Return the ToS byte after the marking."""
        if self.change is Change.KEEP:
            return tos
        if self.change is Change.SET_DSCP:
            return self.value << 2 | tos & ECN_MASK
        return self.value

    def __str__(self) -> str:
        if self.change is Change.KEEP:
            return "keep"
        if self.change is Change.SET_DSCP:
            return f"set dscp {CodePoint(self.value).name}"
        return f"set tos {self.value:#04x}"


KEEP: Final = Marking(Change.KEEP)


class Treatment(Struct, frozen=True, cache_hash=True):
    """What a device does with a packet in the end; class names play no part.

    Attributes:
        policed_bps: rate above which it is dropped or re-marked, `UNSTATED_RATE` where the text
            gives none, None where it is not policed.
        unclear: why the treatment is not known, empty where it is.
    """

    marking: Marking = KEEP
    service: Service = Service.BEST_EFFORT
    dropped: bool = False
    policed_bps: int | None = None
    unclear: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.words()

    def words(self, *, service: bool = True) -> str:
        """Return the treatment in words, with the class of service or without."""
        text = "drop" if self.dropped else str(self.marking)
        if service and not self.dropped:
            text += f", {self.service.value}"
        if self.policed_bps is not None:
            rate = f" at {self.policed_bps} bit/s" if self.policed_bps else ""
            text += f", policed{rate}"
        if self.unclear:
            text += f" (unclear: {'; '.join(self.unclear)})"
        return text


class State(NamedTuple):
    """A packet on its way: its ToS byte is `(original and keep) or value`, so one state serves
    packets of every original byte. `service` None: no class had one, so it is best effort.
    """

    keep: int = 255
    value: int = 0
    service: Service | None = None
    dropped: bool = False
    policed_bps: int | None = None
    unclear: tuple[str, ...] = ()
    tags: tuple[tuple[str, TagValue], ...] = ()

    def tos(self, original: int) -> int:
        """Return what the ToS byte is by now."""
        return original & self.keep | self.value

    def tag(self, name: str) -> TagValue | None:
        """Return a tag's value, None when it was never set."""
        for key, value in self.tags:
            if key == name:
                return value
        return None

    def after(self, actions: tuple[Action, ...]) -> State:
        """Return the state after the actions; a drop ends them."""
        state = self
        for action in actions:
            state = state._changed(action)
            if state.dropped:
                break
        return state

    def treatment(self, original: int) -> Treatment:
        """Return the treatment of a packet whose ToS byte was `original`."""
        return self.treated(Marking.between(original, self.tos(original)))

    def treated(self, marking: Marking) -> Treatment:
        """Return the treatment of a packet that gets the marking, if it is not dropped."""
        if self.dropped:
            return Treatment(dropped=True, unclear=self.unclear)
        service = Service.BEST_EFFORT if self.service is None else self.service
        return Treatment(marking, service, False, self.policed_bps, self.unclear)

    def seen_by(self, tags: frozenset[str]) -> State:
        """Return the part of the state that decides what steps do which test only these tags."""
        return State(self.keep, self.value, tags=self.only(tags).tags)

    def only(self, tags: frozenset[str]) -> State:
        """Return the state without other tags than these."""
        if not self.tags:
            return self
        kept = tuple([item for item in self.tags if item[0] in tags])
        return self if len(kept) == len(self.tags) else self._replace(tags=kept)

    def followed_by(self, then: State) -> State:
        """Return the state after steps that turned this one's `seen_by` part into `then`."""
        policed_bps = self.policed_bps
        if then.policed_bps is not None:
            policed_bps = _tighter(policed_bps, then.policed_bps)
        return State(
            then.keep,
            then.value,
            self.service if then.service is None else then.service,
            then.dropped,
            policed_bps,
            tuple(sorted({*self.unclear, *then.unclear})),
            tuple(sorted({**dict(self.tags), **dict(then.tags)}.items())),
        )

    def _changed(self, action: Action) -> State:
        if isinstance(action, SetTos):
            others = ~action.mask & 255
            return self._replace(keep=self.keep & others, value=self.value & others | action.value)
        if isinstance(action, Assign):
            return self if action.service is None else self._replace(service=action.service)
        if isinstance(action, SetTag):
            return self._tagged(action)
        if isinstance(action, Drop):
            return self._replace(dropped=True)
        if isinstance(action, Police):
            rate = UNSTATED_RATE if action.rate_bps is None else action.rate_bps
            return self._replace(policed_bps=_tighter(self.policed_bps, rate))
        assert isinstance(action, Unclear)
        return self._replace(unclear=tuple(sorted({*self.unclear, action.reason})))

    def _tagged(self, action: SetTag) -> State:
        value = action.value
        if action.mask is not None and isinstance(value, int):
            old = self.tag(action.tag)
            old = old if isinstance(old, int) else 0
            value = old & ~action.mask | value & action.mask
        tags = {**dict(self.tags), action.tag: value}
        return self._replace(tags=tuple(sorted(tags.items())))


def _tighter(one: int | None, other: int) -> int:
    """Of two policers the lower rate decides; an unstated rate stays unstated."""
    return other if one is None else min(one, other)
