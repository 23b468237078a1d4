"""The QoS lines of one port: trust, default CoS, scheduler weights, its input policy.

Sources: Catalyst 2960 and 3750-X Command Reference, `mls qos trust`, `mls qos cos`,
`srr-queue bandwidth {share | shape | limit}`, `priority-queue out`.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Final

from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import NotReadError
from translator.drivers.cisco.marks import numbers_of
from translator.drivers.cisco.reader import TextLine
from translator.drivers.doubt import Doubt

__all__ = ["PORT_GLOBAL_WORDS", "PORT_WORDS", "TAKE_BACK", "Port"]

TAKE_BACK: Final = ("no", "default")
"""What lines begin with that set something to its default, which is what `no` does here, too."""

# Third words of `mls qos ...` that stand on a port; pasted text may have lost its indentation.
PORT_GLOBAL_WORDS: Final = frozenset({"trust", "cos", "dscp-mutation", "vlan-based", "monitor"})


class Port:
    """Collects the QoS lines of one interface, or of several that have the same lines.

    Attributes:
        sharers: how many interfaces it stands for.
        trust: `cos`, `dscp` or `ip-precedence`; None is an untrusted port.
        devices: kinds of device that must be seen by CDP for the trust to hold.
        mutation: name of the mutation map applied to trusted code points.
        share, shape: the four weights where configured; a shape weight of 0 is not shaped.
        limit_percent: rate limit of the whole port.
        bundle: number of the bundle that it is a member of, "" of none; `bundle_line` says so.
        macro: the line of a macro whose effect is in other lines.
        filtered: whether it drops packets by an access list.
        template_line: where a template is named, whose lines then hold here too.
        unread_in, unread_out: why that direction is not known, where a line was not understood.
        unread_queues: why it is not known how leaving packets are served; no more than that.
    """

    def __init__(self, line: int, sharers: int = 1) -> None:
        self.sharers = sharers
        self.lines: list[int] = []
        self.trust: str | None = None
        self.trust_lines: list[int] = []
        self.devices: list[str] = []
        self.default_cos = 0
        self.cos_override = False
        self.mutation: str | None = None
        self.vlan_based = False
        self.policy: str | None = None
        self.macro: TextLine | None = None
        self.template: str | None = None
        self.template_line = line
        self.filtered = False
        self.bundle = ""
        self.bundle_line = 0
        self.share: tuple[int, ...] | None = None
        self.shape: tuple[int, ...] | None = None
        self.limit_percent: int | None = None
        self.priority_out = False
        self.egress_lines: list[int] = []
        self.unread_in: Doubt | None = None
        self.unread_out: Doubt | None = None
        self.unread_queues: Doubt | None = None

    @property
    def is_unread(self) -> bool:
        """Whether a line of the port was not understood."""
        return bool(self.unread_in or self.unread_out or self.unread_queues)

    def split_off(self, sharers: int) -> Port:
        """Return the port of so many of its interfaces, which go ways of their own from here."""
        self.sharers -= sharers
        other = copy(self)
        other.sharers = sharers
        other.lines, other.trust_lines = [*self.lines], [*self.trust_lines]
        other.egress_lines = [*self.egress_lines]
        return other

    def read(self, line: TextLine) -> bool:
        """Take in one line below the interface; return whether it is a line about QoS.

        Raises:
            NotReadError: it is, and its meaning is not known.
        """
        keys = line.keys
        off = keys[0] in TAKE_BACK
        skip = 1 if off else 0
        reader = _READERS.get(keys[skip]) if len(keys) > skip else None
        if reader is None or (keys[skip] == "mls" and keys[skip + 1 : skip + 2] != ["qos"]):
            return False
        try:
            about_qos = reader(self, line, Cursor(line, skip), off)
        except NotReadError as error:
            self._mark_unread(keys[skip], Doubt(str(error), (line.number,)))
            raise
        if about_qos:
            self.lines.append(line.number)
        return about_qos

    def _mark_unread(self, word: str, doubt: Doubt) -> None:
        if word.endswith("-queue") or word == "queue-set":
            self.unread_queues = doubt
        else:
            self.unread_in = self.unread_out = doubt

    def _mls(self, line: TextLine, cursor: Cursor, off: bool) -> bool:
        cursor.skip_if("mls", "qos")
        kind = cursor.take()
        if kind == "trust":
            self._trust(cursor, off)
        elif kind == "cos":
            if cursor.skip_if("override"):
                self.cos_override = not off
            elif off:
                self.default_cos = 0
            else:
                (self.default_cos,) = _exactly(1, numbers_of(cursor, 7))
        elif kind == "dscp-mutation":
            self.mutation = cursor.take_name() if not cursor.done else None
            self.mutation = None if off else self.mutation
        elif kind == "vlan-based":
            self.vlan_based = not off
        else:
            raise NotReadError(f"`mls qos {kind}` is not known on a port")
        cursor.expect_end()
        self.trust_lines.append(line.number)
        return True

    def _trust(self, cursor: Cursor, off: bool) -> None:
        field = "dscp" if cursor.done else cursor.take()  # source: no keyword means dscp
        if field == "device":
            device = "" if off and cursor.done else cursor.take()
            self.devices = [] if off else [*self.devices, device]
        elif field in ("cos", "dscp", "ip-precedence"):
            self.trust = None if off else field
        else:
            raise NotReadError(f"`mls qos trust {field}` is not known")

    def _srr_queue(self, line: TextLine, cursor: Cursor, off: bool) -> bool:
        if cursor.take() != "srr-queue" or cursor.take() != "bandwidth":
            raise NotReadError("only `srr-queue bandwidth` is known on a port")
        kind = cursor.take()
        if kind == "share":
            self.share = None if off else _weights(cursor, 255, lowest=1)
        elif kind == "shape":
            self.shape = None if off else _weights(cursor, 65535, lowest=0)
        elif kind == "limit":
            self.limit_percent = None if off else _exactly(1, numbers_of(cursor, 90))[0]
        else:
            raise NotReadError(f"`srr-queue bandwidth {kind}` is not known")
        cursor.rest()
        self.egress_lines.append(line.number)
        return True

    def _priority_queue(self, line: TextLine, cursor: Cursor, off: bool) -> bool:
        if cursor.rest() != ["priority-queue", "out"]:
            raise NotReadError("only `priority-queue out` is known")
        self.priority_out = not off
        self.egress_lines.append(line.number)
        return True

    def _queue_set(self, _line: TextLine, cursor: Cursor, _off: bool) -> bool:
        cursor.take()
        if not cursor.done:  # which buffers and drop levels: not which packets a queue holds
            numbers_of(cursor, 2)
        return True

    def _service_policy(self, _line: TextLine, cursor: Cursor, off: bool) -> bool:
        cursor.take()
        direction = cursor.take()
        if direction == "type":
            return False  # `service-policy type control ...` is not about QoS
        name = cursor.take_name()
        if not "input".startswith(direction):  # typed text shortens the word
            raise NotReadError("these switches have no output policies")
        cursor.expect_end()
        if self.policy not in (None, name):
            # Source: Catalyst 2960 guide: one policy-map for each ingress port. Unverified: whether
            # another one replaces it or is refused, and what `no` with another name does.
            raise NotReadError(f"policy {self.policy} is bound here already")
        self.policy = None if off else name
        return True

    def _auto(self, line: TextLine, cursor: Cursor, off: bool) -> bool:
        """The macro's name: what it does is in the lines that it printed."""
        if cursor.rest()[1:2] != ["qos"]:
            return False
        self.macro = None if off else line
        return True

    def check_macro(self) -> TextLine | None:
        """Return the macro of which no line is here in a direction, which then is not known.

        Source: Catalyst 2960 guide, "Configuring Auto-QoS", what each form generates: trust
        or a policy, and the weights of the egress queues.
        """
        macro = self.macro
        if macro is None:
            return None
        trusts = self.trust or self.devices or self.cos_override or self.policy
        doubt = Doubt("the lines that the macro writes are not in this text", (macro.number,))
        if not trusts:
            self.unread_in = self.unread_in or doubt
        if not self.egress_lines:
            self.unread_queues = self.unread_queues or doubt
        return None if trusts and self.egress_lines else macro

    def _switchport(self, _line: TextLine, cursor: Cursor, _off: bool) -> bool:
        """`switchport priority extend` tells the phone what to do with its PC, not the switch."""
        words = cursor.rest()
        return words[1:3] == ["priority", "extend"]

    def _source(self, line: TextLine, cursor: Cursor, off: bool) -> bool:
        """`source template T` is about QoS if the template is."""
        words = cursor.rest()
        if words[1:2] == ["template"]:
            self.template, self.template_line = None if off else line.words[-1], line.number
        return False

    def _channel_group(self, line: TextLine, cursor: Cursor, off: bool) -> bool:
        """`channel-group 1 mode on` makes a bundle, whose QoS is that of its members."""
        words = cursor.rest()
        self.bundle = words[1] if len(words) > 1 and not off else ""
        self.bundle_line = line.number
        return False

    def _filter(self, _line: TextLine, cursor: Cursor, off: bool) -> bool:
        """`ip access-group A in` drops packets, whatever their class."""
        self.filtered = not off and cursor.rest()[1:2] in (["access-group"], ["traffic-filter"])
        return False

    def _foreign(self, _line: TextLine, cursor: Cursor, _off: bool) -> bool:
        raise NotReadError(f"`{cursor.key}` belongs to another family of switches")


_READERS: Final[dict[str, Callable[[Port, TextLine, Cursor, bool], bool]]] = {
    "mls": Port._mls,
    "srr-queue": Port._srr_queue,
    "priority-queue": Port._priority_queue,
    "queue-set": Port._queue_set,
    "service-policy": Port._service_policy,
    "auto": Port._auto,
    "switchport": Port._switchport,
    "source": Port._source,
    "channel-group": Port._channel_group,
    "ip": Port._filter,
    "ipv6": Port._filter,
    "wrr-queue": Port._foreign,
    "rcv-queue": Port._foreign,
    "tx-queue": Port._foreign,
    "qos": Port._foreign,
    "rate-limit": Port._foreign,
    "traffic-shape": Port._foreign,
    "trust": Port._foreign,
}


# How the lines of an interface begin that are looked at.
PORT_WORDS: Final = frozenset(
    f"{start}{word}"
    for word in (
        *(_READERS.keys() - {"switchport", "source", "ip", "ipv6"}),
        "ip access-group",
        "ipv6 traffic-filter",
        "switchport priority",
        "source template",
    )
    for start in ("", "no ", "default ")
)


def _weights(cursor: Cursor, highest: int, *, lowest: int) -> tuple[int, ...]:
    values = _exactly(4, numbers_of(cursor, highest))
    if min(values) < lowest:
        raise NotReadError(f"weights start at {lowest}")
    return values


def _exactly(count: int, values: tuple[int, ...]) -> tuple[int, ...]:
    if len(values) != count:
        raise NotReadError(f"expected {count} numbers")
    return values
