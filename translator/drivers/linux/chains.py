"""What the chains of a text hold: rules before jumps are followed, by table and name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

import msgspec

from translator.intents.condition import Condition, Predicate
from translator.intents.pipeline import Action, Rule, Unclear

__all__ = ["FULL_MARK", "Chain", "Chains", "CopyTag", "Entry", "Verdict", "unread_entry"]

FULL_MARK: Final = 0xFFFFFFFF


class Verdict(Enum):
    """What a rule decides when its condition holds."""

    CONTINUE = "continue"
    ACCEPT = "accept"
    DROP = "drop"
    RETURN = "return"
    JUMP = "jump"
    GOTO = "goto"

    __hash__ = object.__hash__  # each rule is looked up by one; that of Enum is written in Python


@dataclass(frozen=True, slots=True)
class CopyTag:
    """Copy one mark to another: target = (target and not mask) or (source and mask)."""

    source: str
    target: str
    mask: int = FULL_MARK


class Entry(msgspec.Struct, frozen=True):
    """One rule of a chain, before jumps are followed.

    Attributes:
        copies: marks that are copied after the actions.
        body: rules that run after the actions (maps, conditions behind a statement).
        spec: the rule as written, by which it can be deleted again.
    """

    condition: Condition
    actions: tuple[Action, ...] = ()
    verdict: Verdict = Verdict.CONTINUE
    target: str = ""
    copies: tuple[CopyTag, ...] = ()
    body: tuple[Rule, ...] = ()
    lines: tuple[int, ...] = ()
    spec: str = ""


def unread_entry(line: int, text: str) -> Entry:
    """Return the entry of a rule that was not understood: it may match and do anything."""
    return Entry(
        Predicate(f"line {line}: {text}", unread=True),
        (Unclear(f"line {line} was not understood"),),
        lines=(line,),
        spec=text,
    )


@dataclass(slots=True)
class Chain:
    """A chain of rules; with `hook` a base chain that packets pass by themselves.

    Attributes:
        version: IP version of the chain's table, None for both.
        kind: "filter", "nat" or "route" of a base chain.
        devices: names of the devices of an ingress or egress hook.
    """

    table: str
    name: str
    version: int | None = None
    hook: str = ""
    priority: int = 0
    drops: bool = False
    kind: str = ""
    devices: tuple[str, ...] = ()
    entries: list[Entry] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the chain: its table and its name."""
        return (self.table, self.name)


class Chains:
    """The chains of one text, filled line by line.

    Whole tables are emptied in the time that it took to fill them, however often a text says so.
    """

    def __init__(self) -> None:
        self.chains: dict[tuple[str, str], Chain] = {}
        self.dormant: set[str] = set()  # tables whose chains no packet passes
        self._by_table: dict[str, dict[str, Chain]] = {}
        self._used: dict[str, dict[str, Chain]] = {}  # those asked for since they were empty

    def chain(self, table: str, name: str, version: int | None = None) -> Chain:
        """Return the chain, new and empty when it was not there yet; rules go into no other."""
        found = self.chains.get((table, name))
        if found is None:
            found = self.chains[(table, name)] = Chain(table, name, version)
            self._by_table.setdefault(table, {})[name] = found
        self._used.setdefault(table, {})[name] = found
        return found

    def filled(self, table: str) -> Sequence[Chain]:
        """Return the chains of a table that hold rules."""
        used = {name: item for name, item in self._used.get(table, {}).items() if item.entries}
        self._used[table] = used
        return tuple(used.values())

    def flush(self, table: str) -> None:
        """Take the rules out of all chains of a table."""
        for chain in self._used.pop(table, {}).values():
            chain.entries.clear()

    def remove(self, table: str, name: str) -> None:
        """Forget one chain of a table."""
        if self.chains.pop((table, name), None) is not None:
            del self._by_table[table][name]
            self._used.get(table, {}).pop(name, None)

    def remove_all(self, table: str, *, but_hooked: bool = False) -> None:
        """Forget the chains of a table, perhaps but those that packets pass by themselves."""
        chains = self._by_table.pop(table, {})
        self._used.pop(table, None)
        for name, chain in chains.items():
            del self.chains[table, name]
            if but_hooked and chain.hook:
                self._put_back(chain)

    def _put_back(self, chain: Chain) -> None:
        self.chains[chain.key] = chain
        self._by_table.setdefault(chain.table, {})[chain.name] = chain
        self._used.setdefault(chain.table, {})[chain.name] = chain
