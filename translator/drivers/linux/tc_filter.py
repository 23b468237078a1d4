"""One tc filter: u32, fw, matchall and flower, with the actions that bear on the treatment.

Source: tc-u32(8), tc-fw(8), tc-flower(8), tc-actions(8).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.drivers.linux.conditions import NotReadError, conjunction
from translator.drivers.linux.iptables_match import masked, number, protocol_number
from translator.drivers.linux.nft_values import Span, prefixes
from translator.drivers.linux.tc_actions import NAMES_OF_CLASSES, action_of, end_of_action
from translator.drivers.linux.tc_parts import EGRESS, INGRESS, ROOT, Filter
from translator.drivers.linux.tc_words import hex_id, u32_match
from translator.intents.condition import AnyOf, Condition, Predicate, Tagged
from translator.intents.match import ANY, Match
from translator.intents.pipeline import Action, Unclear
from translator.ports import PortRange

__all__ = ["FILTER_KINDS", "FilterReader"]

FILTER_KINDS: Final = frozenset(
    {"u32", "fw", "matchall", "flower", "basic", "bpf", "route", "cgroup"}
)
_UNREAD_KINDS: Final = frozenset({"basic", "bpf", "route", "cgroup"})
_VERSIONS: Final = {"ip": 4, "ipv4": 4, "ipv6": 6}
# Words of a printed filter with one value that say nothing about the treatment.
_WITH_VALUE: Final = frozenset(
    {"order", "bkt", "index", "ref", "bind", "burst"}
    | {"mtu", "mpu", "overhead", "peakrate", "buffer", "estimator"}
)
_ALONE: Final = frozenset(
    {"not_in_hw", "in_hw", "skip_hw", "skip_sw", "key"}
    | {"continue", "pipe", "pass", "ok", "reclassify", "shot", "stolen"}
)
# Words of a u32 filter that say how its link finds the place in another table.
_OF_LINKS: Final = {"hashkey": 1, "offset": 1, "eat": 1, "at": 2, "mask": 2, "shift": 2, "plus": 2}
_HEAD: Final = frozenset({"dev", "parent", "protocol", "prio", "pref", "priority", "preference"})
_PLACES: Final = {"ingress": INGRESS, "egress": EGRESS, "root": ROOT}


@dataclass(slots=True)
class FilterReader:
    """Collects the words of one filter.

    Attributes:
        parent: what it hangs on as the text says it, None where it does not.
        doubt: why it is not known what the filter does with the packets that it matches.
    """

    line: int
    printed: bool
    parent: int | None = None
    pref: int = 0
    protocol: str = ""
    kind: str = ""
    target: int | None = None
    handle: str = ""
    table: str = ""
    parts: list[Condition] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    mask: str = ""
    is_node: bool = False
    defines_table: bool = False
    continues: bool = False
    acts: bool = False
    doubt: str = ""
    words: Sequence[str] = ()
    _ended: bool = False

    def read(self, words: list[str]) -> None:
        """Read everything behind the verb.

        Raises:
            NotReadError: a word that is not known.
        """
        at = 0
        while at < len(words):
            at += self._word(words, at)
        if self.kind == "fw" and not self.handle and not self.printed:
            raise NotReadError("fw without a handle takes the mark itself for a class")
        if self.kind in _UNREAD_KINDS and (self.is_node or not self.printed):
            raise NotReadError(f"filter {self.kind}")
        if self.protocol not in ("", "all", *_VERSIONS):
            raise NotReadError(f"protocol {self.protocol}")

    def read_head(self, words: list[str]) -> None:
        """Read where a filter hangs, its preference and protocol, up to its kind.

        Raises:
            NotReadError: a word that is not known.
        """
        at = 0
        while at < len(words) and not self.kind:
            at += self._word(words, at)

    def filter(self, parent: int) -> Filter:
        """Return the filter with all that was read."""
        version = _VERSIONS.get(self.protocol)
        parts: list[Condition] = [Match(version=version), *self.parts]
        if self.kind == "u32" and version is None and conjunction(self.parts) != ANY:
            parts = [_of_any_protocol(conjunction(self.parts))]
        handle, table = 0, 0
        if self.kind == "fw" and self.handle:
            handle, mask = masked(self.handle)
            parts.append(Tagged("mark", (handle,), mask))
        elif self.kind == "u32" and (self.handle or self.table):
            handle, table = self._numbers()
        elif self.handle:
            handle = number(self.handle)
        actions: list[Action] = self.actions
        if self.doubt:
            actions = [*actions, Unclear(f"line {self.line}: {self.doubt}")]
        is_u32_without_rule = self.kind == "u32" and not self.printed and not self.parts
        return Filter(
            parent,
            self.pref,
            conjunction(parts),
            self.target,
            tuple(actions),
            self.line,
            continues=self.continues,
            terminal=self.kind != "u32" or self.target is not None or self.acts,
            kind=self.kind,
            protocol=str(version or "all"),
            handle=handle,
            table=table,
            defines_table=self.defines_table or is_u32_without_rule,
            mask=" ".join(sorted(self.mask.split())) if self.mask else "",
        )

    def _numbers(self) -> tuple[int, int]:
        """Return the number of a u32 filter, and that of its table: `TABLE:BUCKET:NUMBER`."""
        first, _, rest = self.handle.partition(":")
        table = self.table.partition(":")[0] or first
        node = rest.partition(":")[2]
        try:
            return int(node or "0", 16), int(table or "0", 16)
        except ValueError:
            raise NotReadError(f"handle {self.handle} {self.table}") from None

    @property
    def text(self) -> str:
        """The words of its first line."""
        return " ".join(self.words)

    @property
    def sides(self) -> tuple[bool, bool]:
        """Whether it concerns packets that enter, and whether those that leave."""
        return (True, True) if self.parent is None else (self._enters, not self._enters)

    @property
    def version_word(self) -> str:
        """The protocol as filters compare it; "" where the text names none."""
        return self.protocol and str(_VERSIONS.get(self.protocol, "all"))

    @property
    def _enters(self) -> bool:
        return self.parent not in (None, EGRESS) and self.parent >> 16 == INGRESS >> 16

    def _word(self, words: list[str], at: int) -> int:
        """Read the word at `at`; return how many words that took."""
        word = words[at]
        following = words[at + 1] if at + 1 < len(words) else ""
        if word in _HEAD:
            self._head(word, following)
            return 2
        if word in _PLACES:
            self.parent = _PLACES[word]
            return 1
        if word in FILTER_KINDS:
            self.kind = word
            return 1
        if word == "handle":
            return self._handle(following)
        if word in NAMES_OF_CLASSES and (not following or following in _ALONE):
            self.is_node = True  # iproute2 prints the word without a class where there is none
            return 1
        if word in NAMES_OF_CLASSES:
            self.target = hex_id(following) or None
            self.is_node = True
            return 2
        if word == "fh":
            self.is_node = "::" in following and not following.endswith("::")
            self.handle = following
            return 2
        if self.kind in _UNREAD_KINDS:
            raise NotReadError(f"filter {self.kind}")
        if word == "match":
            condition, length = u32_match(
                words[at + 1 : at + 7], 6 if self.protocol == "ipv6" else 4
            )
            self.parts.append(condition)
            return 1 + length
        if word == "action":
            return 1 + self._action(words, at + 1)
        if word == "police":
            return self._action(words, at)
        return self._option(word, following, words, at)

    def _option(self, word: str, following: str, words: list[str], at: int) -> int:
        if self.kind == "flower" and word in _FLOWER:
            self.parts.append(_FLOWER[word](following))
            self.mask = f"{self.mask} {word}{_mask_of(following)}"
            return 2
        if word in _WITH_VALUE:
            return 2
        if word in _ALONE:
            return 1
        if self.kind == "u32" and (length := self._of_u32(word, following)):
            return length
        if word == "chain":
            if following != "0":
                raise NotReadError(f"chain {following}")
            return 2
        if self.kind not in ("u32", "fw", "matchall", "flower"):
            raise NotReadError(f"filter {self.kind or word}")
        raise NotReadError(f"filter word {' '.join(words[at : at + 2])}")

    def _of_u32(self, word: str, following: str) -> int:
        """Read a word about tables and links; return how many words that took, 0 for others."""
        if word == "ht" and following == "divisor":
            return 1
        if word == "ht":
            self.table = following
        elif word == "divisor":
            self.defines_table = True
        elif word == "link":
            self.doubt = f"filters of hash table {following} are asked, by a link of u32"
        elif word == "terminal":
            self.acts = True
            return 1
        else:
            return _OF_LINKS.get(word, 0)
        return 2

    def _head(self, word: str, value: str) -> None:
        if word == "parent":
            self.parent = hex_id(value)
        elif word == "protocol":
            self.protocol = value
        elif word != "dev":
            self.pref = number(value)

    def _handle(self, value: str) -> int:
        self.is_node = True
        self.handle = value
        return 2

    def _action(self, words: list[str], at: int) -> int:
        """Read an action; return how many words that took.

        Source: tcf_action_exec() of net/sched/act_api.c: the next one runs after `pipe` only.
        """
        start = at
        while words[at] == "order":  # printed: `action order 1: gact action drop`
            at += 2
        end = end_of_action(words, at)
        self.acts = True
        if not self._ended:
            found = action_of(words[at], words[at + 1 : end], enters=self._enters)
            self.actions += found.actions
            self.doubt = self.doubt or found.doubt
            self.continues = found.control == "continue"
            self._ended = found.control != "pipe"
        return end - start


def _of_any_protocol(condition: Condition) -> Condition:
    """Bytes are compared in every packet: in those of the other IP version they mean others."""
    text = repr(condition)
    mine, other = (6, 4) if "version=6" in text else (4, 6)
    accident = Predicate(f"bytes of IPv{other} packets look so: {text}")
    return AnyOf(
        (
            conjunction((Match(version=mine), condition)),
            conjunction((Match(version=other), accident)),
        )
    )


def _mask_of(text: str) -> str:
    """Return how much of a field is compared: `/24`, `-` for a range, "" for all of it."""
    length = text.partition("/")[2]
    whole = length in ("32", "128", "0xff", "255.255.255.255")
    return "-" if "-" in text else "" if whole or not length else f"/{length}"


def _flower_ports(side: str, text: str) -> Condition:
    low, _, high = text.partition("-")
    ports = (PortRange(number(low), number(high or low)),)
    if side == "src":
        return Match(source_ports=ports, fragment=False)
    return Match(destination_ports=ports, fragment=False)


def _flower_tos(text: str) -> Condition:
    value, _, mask = text.partition("/")
    pair = (number(value), number(mask) if mask else 0xFF)
    if not (0 <= pair[0] <= 255 and 0 <= pair[1] <= 255):
        raise NotReadError(f"ToS byte {text}")
    return Match(tos=((pair[0] & pair[1], pair[1]),))


_FLOWER: Final[dict[str, Callable[[str], Condition]]] = {
    "ip_proto": lambda text: Match(protocols=(protocol_number(text),)),
    "src_ip": lambda text: Match(sources=prefixes([Span(text, text)])),
    "dst_ip": lambda text: Match(destinations=prefixes([Span(text, text)])),
    "src_port": lambda text: _flower_ports("src", text),
    "dst_port": lambda text: _flower_ports("dst", text),
    "ip_tos": _flower_tos,
    "eth_type": lambda text: Match(version=_VERSIONS.get(text)),
}
