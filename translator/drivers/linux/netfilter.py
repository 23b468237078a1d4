"""Netfilter's own order of things: hooks, base chains by priority, jumps, marks.

nftables and iptables are two spellings of it. Both readers fill a `Ruleset`; `stages` then says
what a forwarded packet meets, in the kernel's order.

Tags that the rules set and test: `priority` (skb->priority, major * 65536 + minor of a tc
class), `mark` (skb mark), `ct_mark` (mark of the connection, as its first packet finds it),
`in_interface` and `out_interface`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from translator.drivers.linux.chains import FULL_MARK, Chain, Chains, CopyTag, Entry, Verdict
from translator.intents.condition import AllOf, AnyOf, Condition, Not, Predicate, Tagged
from translator.intents.match import ANY, Match
from translator.intents.pipeline import (
    Action,
    Drop,
    Flow,
    Rule,
    SetTag,
    SetTos,
    Stage,
    Unclear,
)

__all__ = ["FORWARDED_HOOKS", "Ruleset"]

# Source: packet flow of Netfilter; what a packet that is forwarded (not for the router) meets.
# `ingress` and `egress` belong to one device, before and behind everything else.
FORWARDED_HOOKS: Final = ("ingress", "prerouting", "forward", "postrouting", "egress")
_SOURCE_NAT: Final = re.compile("MASQUERADE|SNAT|NETMAP|masquerade|snat")
_MOST_VALUES: Final = 256  # of a mark that is copied
_MOST_COPIED: Final = 16_384  # the same of all different copies
_MOST_JOINED: Final = 64  # values of which two may be joined in one mark
_DEEPEST_JUMP: Final = 16  # NFT_JUMP_STACK_SIZE, linux/netfilter/nf_tables.h


_FLOW: Final = {
    Verdict.CONTINUE: Flow.NEXT,
    Verdict.ACCEPT: Flow.STOP,
    Verdict.DROP: Flow.STOP,
    Verdict.RETURN: Flow.RETURN,
    Verdict.JUMP: Flow.NEXT,
    Verdict.GOTO: Flow.RETURN,
}


class Ruleset(Chains):
    """All chains of one text, filled line by line, then turned into stages."""

    def __init__(self) -> None:
        super().__init__()
        self._copies: dict[CopyTag, tuple[Rule, ...]] = {}
        self._done: dict[tuple[str, str], tuple[Rule, ...]] = {}
        self._open: set[tuple[str, str]] = set()
        self._values: dict[str, tuple[int, ...]] | None = None
        self._room = _MOST_COPIED

    def base_chains(self) -> list[Chain]:
        """Return the chains that a forwarded packet passes, in the kernel's order.

        At equal priority the chain that was loaded later runs first (measured: see the lab test
        of equal priorities), which `notes` says too.
        """
        found = [
            chain
            for chain in self.chains.values()
            if chain.hook in FORWARDED_HOOKS and chain.table not in self.dormant
        ]
        found.reverse()
        return sorted(found, key=lambda chain: (FORWARDED_HOOKS.index(chain.hook), chain.priority))

    def rules(self, table: str, name: str) -> tuple[Rule, ...]:
        """Return a chain's rules with all jumps followed; of an unknown chain: one `Unclear`."""
        return self._rules((table, name), 0)

    def stage_of(self, chain: Chain) -> tuple[Stage, ...]:
        """Return what one chain by itself does to a packet that is sent through it."""
        return (self._stage(chain),)

    def stages(
        self, *, priority_by_tos: bool = False, priority_set_before: bool = False
    ) -> tuple[Stage, ...]:
        """Return what a forwarded packet passes, one stage for each base chain.

        Args:
            priority_by_tos: some queuing discipline looks at the priority that the kernel gives
                a forwarded IPv4 packet by its ToS byte.
            priority_set_before: a tc filter sets the priority where packets enter.
        """
        found: list[Stage] = []
        chains = self.base_chains()
        for hook in FORWARDED_HOOKS:
            if hook == "forward" and priority_by_tos:
                found.append(_PRIORITY_BY_TOS)
            elif hook == "forward" and (priority_set_before or self._sets_priority_early(chains)):
                found.append(_PRIORITY_IS_RESET)
            found.extend(self._stage(chain) for chain in chains if chain.hook == hook)
        return tuple(found)

    def reachable(self) -> set[tuple[str, str]]:
        """Return the chains that a forwarded packet can reach."""
        seen: set[tuple[str, str]] = set()
        waiting = [chain.key for chain in self.base_chains()]
        while waiting:
            key = waiting.pop()
            if key in seen or key not in self.chains:
                continue
            seen.add(key)
            for entry in self.chains[key].entries:
                if entry.target:
                    waiting.extend([(key[0], name) for name in entry.target.split()])
        return seen

    def unread_lines(self) -> set[int]:
        """Return the lines of rules that stand in a chain although they were not understood."""
        return {
            line for entry in self._entries() if _is_unread(entry.condition) for line in entry.lines
        }

    @property
    def rewrites_sources(self) -> bool:
        """Whether some rule gives forwarded packets another source address."""
        return any(_SOURCE_NAT.search(entry.spec) for entry in self._entries())

    def notes(self) -> tuple[str, ...]:
        """Return what verdicts about this ruleset rest on."""
        found: list[str] = []
        chains = self.base_chains()
        for other, chain in pairwise(chains):
            same_place = (other.hook, other.priority) == (chain.hook, chain.priority)
            versions = {chain.version, other.version}
            if same_place and (None in versions or len(versions) == 1):
                found.append(
                    f"chains {other.table} {other.name} and {chain.table} {chain.name} share hook "
                    f"{chain.hook} and priority {chain.priority}: their order is the reverse of "
                    "the order in which they were loaded, taken here from the text"
                )
        found.extend(
            f"chain {chain.table} {chain.name} is of type nat: only the first packet of a "
            "connection passes it, and what is said is said of that one"
            for chain in chains
            if chain.kind == "nat" and any(_marks(item) for item in chain.entries)
        )
        if self.rewrites_sources:
            found.append(
                "source NAT is taken to keep ports, as the kernel does where they are free; what "
                "filters of tc say about source addresses behind it is unknown"
            )
        if any("ip6 nexthdr" in entry.spec for entry in self._entries()):
            found.append(
                "`ip6 nexthdr` looks at the first header only: taken as of packets without "
                "extension headers"
            )
        if self._tests("ct_mark"):
            found.append(
                "a connection mark is read as the first packet of a connection finds it: 0; later "
                "packets keep the mark that the first one received"
            )
        return tuple(found)

    def _stage(self, chain: Chain) -> Stage:
        family: Condition = ANY if chain.version is None else Match(version=chain.version)
        if chain.devices:
            side = "in_interface" if chain.hook == "ingress" else "out_interface"
            family = Tagged(side, chain.devices)
        rules = [Rule(family, flow=Flow.NEXT, body=self._rules(chain.key, 0))]
        if chain.drops:
            rules.append(Rule(family, (Drop(),), lines=tuple(chain.lines)))
        return Stage(f"{chain.hook} {chain.table} {chain.name}", tuple(rules))

    def _rules(self, key: tuple[str, str], depth: int) -> tuple[Rule, ...]:
        if key in self._done:
            return self._done[key]
        chain = self.chains.get(key)
        if chain is None:
            self._done[key] = _unclear(f"chain {key[1]} is not in the text")
            return self._done[key]
        if key in self._open or depth > _DEEPEST_JUMP:
            return _unclear(f"chain {key[1]} is reached by too many jumps")
        self._open.add(key)  # a chain that jumps to itself does so from each of its rules
        rules = tuple(self._rule(entry, key[0], depth) for entry in chain.entries)
        self._open.discard(key)
        self._done[key] = rules
        return rules

    def _rule(self, entry: Entry, table: str, depth: int) -> Rule:
        actions, body = entry.actions, entry.body
        if entry.verdict is Verdict.CONTINUE and not entry.copies:  # as most
            return Rule(entry.condition, actions, Flow.NEXT, body, entry.lines)
        if entry.verdict is Verdict.DROP:
            actions = (*actions, Drop())
        for copy in entry.copies:
            if copy not in self._copies:
                self._copies[copy] = tuple(self._copied(copy))
            body = (*body, Rule(ANY, flow=Flow.NEXT, body=self._copies[copy]))
        if entry.verdict in (Verdict.JUMP, Verdict.GOTO):
            body = (*body, *self._rules((table, entry.target), depth + 1))
        return Rule(entry.condition, actions, _FLOW[entry.verdict], body, entry.lines)

    def _copied(self, copy: CopyTag) -> Iterator[Rule]:
        """Yield one rule for each value that the source can have."""
        mask = None if copy.mask == FULL_MARK else copy.mask
        known: list[Condition] = []
        values = self._values_of(copy.source, copy.mask) if self._room > 0 else ()
        self._room -= len(values)
        if len(values) > _MOST_VALUES or self._room <= 0:
            reason = f"{copy.source} is copied, which the text gives more values than are followed"
            yield Rule(ANY, (Unclear(reason),))
            return
        for value in values:
            is_value = Tagged(copy.source, (value,), copy.mask)
            known.append(is_value)
            yield Rule(is_value, (SetTag(copy.target, value, mask),), Flow.RETURN)
        yield Rule(
            Not(AnyOf(tuple(known))), (Unclear(f"{copy.source} of unknown value is copied"),)
        )

    def _values_of(self, tag: str, mask: int) -> Sequence[int]:
        """Return what the bits of a mark under a mask can be: nothing, a value, or two of them."""
        if self._values is None:
            self._values = _values_set(self._entries())
        values = self._values.get(tag, ())
        found = {value & mask for value in values}
        if len(values) < _MOST_JOINED:
            found = {first | second for first in found for second in found}
        return sorted({0, *found})

    def _entries(self) -> Iterator[Entry]:
        for chain in self.chains.values():
            yield from chain.entries

    def _sets_priority_early(self, chains: Iterable[Chain]) -> bool:
        early = {chain.table for chain in chains if chain.hook in ("ingress", "prerouting")}
        return any(
            isinstance(action, SetTag) and action.tag == "priority"
            for key, chain in self.chains.items()
            if key[0] in early
            for entry in chain.entries
            for action in _actions(entry)
        )

    def _tests(self, tag: str) -> bool:
        return any(_mentions(entry.condition, tag) or entry.copies for entry in self._entries())


# Source: ip_forward() of the Linux kernel sets skb->priority from the ToS byte for IPv4 and
# ip6_forward() does not; measured with packets: a class set in prerouting is lost for IPv4 only.
_PRIORITY_IS_RESET: Final = Stage(
    "ip_forward", (Rule(Match(version=4), (SetTag("priority", 0),), Flow.NEXT),)
)


# Source: ip_tos2prio[] of the kernel (net/ipv4/route.c): priority by the ToS bits 0x1e.
_TOS_TO_PRIORITY: Final = (0, 0, 0, 0, 2, 2, 2, 2, 6, 6, 6, 6, 4, 4, 4, 4)
_PRIORITY_BY_TOS: Final = Stage(
    "ip_forward",
    tuple(
        Rule(Match(version=4, tos=((bits << 1, 0x1E),)), (SetTag("priority", value),))
        for bits, value in enumerate(_TOS_TO_PRIORITY)
    ),
)


def _unclear(why: str) -> tuple[Rule, ...]:
    return (Rule(ANY, (Unclear(why),), Flow.NEXT),)


def _marks(entry: Entry) -> bool:
    return bool(entry.copies) or any(isinstance(a, SetTos | SetTag) for a in _actions(entry))


def _actions(entry: Entry) -> Iterable[Action]:
    return (*entry.actions, *_actions_below(entry.body)) if entry.body else entry.actions


def _actions_below(rules: Iterable[Rule]) -> Iterator[Action]:
    waiting = list(rules)
    while waiting:
        rule = waiting.pop()
        yield from rule.actions
        waiting.extend(rule.body)


def _values_set(entries: Iterable[Entry]) -> dict[str, tuple[int, ...]]:
    """Return for each mark the values that some rule gives it, followed through copies."""
    found: dict[str, set[int]] = {}
    copies: dict[CopyTag, None] = {}
    for entry in entries:
        copies.update(dict.fromkeys(entry.copies))
        for action in _actions(entry):
            if isinstance(action, SetTag) and isinstance(action.value, int):
                found.setdefault(action.tag, set()).add(action.value)
    for copy in (*copies, *copies):  # a mark saved and restored passes two copies
        found.setdefault(copy.target, set()).update(
            value & copy.mask for value in found.get(copy.source, ())
        )
    return {tag: tuple(sorted(values)) for tag, values in found.items()}


def _is_unread(condition: Condition) -> bool:
    if isinstance(condition, AllOf):
        return any(_is_unread(part) for part in condition.parts)
    return isinstance(condition, Predicate) and condition.unread


def _mentions(condition: Condition, tag: str) -> bool:
    if isinstance(condition, Tagged):
        return condition.tag == tag
    parts = getattr(condition, "parts", ()) or (getattr(condition, "part", None),)
    return any(part is not None and _mentions(part, tag) for part in parts)
