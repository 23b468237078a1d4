"""Ways to bring a running configuration to what a rendered one does, in one session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from translator.drivers.arista_eos.classes import NAME_LENGTH
from translator.drivers.arista_eos.edit import entries_in
from translator.drivers.arista_eos.edit_maps import changed
from translator.drivers.arista_eos.edit_tree import (
    ACCESS_LIST,
    ACCESS_LIST_V6,
    CLASS_MAP,
    DEFINITIONS,
    INTERFACE,
    POLICY_MAP,
    REWRITE,
    Block,
    ConfigTree,
    Node,
    slot_of,
)
from translator.drivers.arista_eos.edit_users import is_taken, users_of
from translator.drivers.base import Slot, Step
from translator.errors import RefusedError
from translator.intents.lower import unique_name

__all__ = ["differences", "repairs"]

_BINDS: Final = "service-policy type qos input"
_OF_PORT: Final = (_BINDS, "qos trust", "shape rate")
_OF_QUEUE: Final = ("priority", "bandwidth percent", "bandwidth guaranteed", "shape rate")
_LISTS: Final = (ACCESS_LIST, ACCESS_LIST_V6)


def repairs(text: str, rendered: str, slots: Sequence[Slot]) -> Iterator[tuple[Step, ...]]:
    """Yield ways to repair all slots: definitions changed where they are, else under new names.

    Raises:
        RefusedError: the text has no such interface, or is none that a device printed.
    """
    for fresh in (False, True):
        yield tuple(_Plan(ConfigTree(text), ConfigTree(rendered), fresh=fresh).steps(slots))


def differences(old: ConfigTree, new: ConfigTree) -> Iterator[Step]:
    """Yield the steps that turn a configuration into another, definitions before their users."""
    for kind in DEFINITIONS:
        for block in new.of(kind):
            yield from _defined(old.find(kind, block.name), block)
    lines = tuple(changed(entries_in(old), entries_in(new)))
    if lines:
        yield Step((), lines)
    yield from _rewriting(old, new)
    for block in new.of(INTERFACE):
        known = old.find(INTERFACE, block.name)
        if known is not None and block.changed | known.changed:
            yield from _port(known.node, block.node)
    for kind in reversed(DEFINITIONS):
        for block in reversed(old.of(kind)):
            if new.find(kind, block.name) is None:
                yield Step((), (f"no {block.node.text}",))


class _Plan:
    """One way: what is defined, what of the whole switch is set, and what is bound."""

    def __init__(self, running: ConfigTree, wanted: ConfigTree, *, fresh: bool) -> None:
        self._running = running
        self._wanted = wanted
        self._fresh = fresh
        self._given: dict[tuple[str, str], str] = {}
        self._known_ours: dict[tuple[str, str], bool] = {}
        self._steps: list[Step] = []

    def steps(self, slots: Sequence[Slot]) -> Iterator[Step]:
        """Return the steps for the slots; each of their ports is settled in both directions."""
        names = dict.fromkeys(slot.interface for slot in slots)
        ports = [step for name in names for step in self._port(name)]
        yield from self._steps
        maps, known = entries_in(self._wanted), entries_in(self._running)
        # All of them or none: what is equal to a default that nobody has verified is said too.
        missing = {key: item for key, item in maps.items() if known.get(key) != item}
        if missing:
            yield Step((), tuple(changed({}, missing)))
        yield from _rewriting(self._running, self._wanted)
        yield from ports

    def _port(self, name: str) -> Iterator[Step]:
        block = self._running.find(INTERFACE, name)
        if block is None:
            raise RefusedError(
                f"the text has no interface {name}",
                hint="give the whole running configuration, or correct the name",
            )
        wanted = self._wanted.find(INTERFACE, name)
        below = [] if wanted is None else [self._named(item) for item in wanted.node.below]
        yield from _port(block.node, Node(block.node.text, below))

    def _named(self, item: Node) -> Node:
        """Return a line with the name that its policy has, or will have."""
        if slot_of(item.text) != _BINDS:
            return item
        return Node(f"{_BINDS} {self._define(POLICY_MAP, item.text.split()[-1])}")

    def _define(self, kind: str, name: str) -> str:
        """Return the name of a definition in the running text; steps that are missing are kept."""
        if (kind, name) in self._given:
            return self._given[kind, name]
        block = self._wanted.find(kind, name)
        if block is None:
            return name
        body = [self._referring(kind, item) for item in block.node.below]
        known = self._running.find(kind, name)
        given = name
        if not self._may_become(kind, name, body):
            given = unique_name(
                name, lambda each: self._is_free(kind, each, body), limit=NAME_LENGTH
            )
            known = self._running.find(kind, given)
        self._given[kind, name] = given
        head = f"{block.node.text.rpartition(' ')[0]} {given}"
        self._steps += _defined(known, Block([head], kind, given, Node(head, body)))
        return given

    def _referring(self, kind: str, item: Node) -> Node:
        """Return a line of a definition with the names that what it refers to has."""
        words = item.text.split()
        if kind == CLASS_MAP and words[2:3] == ["access-group"]:
            name = self._define(f"{words[1]} access-list", words[-1])
            return Node(" ".join((*words[:-1], name)), item.below)
        if kind == POLICY_MAP and words[0] == "class":
            return Node(f"class {self._define(CLASS_MAP, words[-1])}", item.below)
        return item

    def _may_become(self, kind: str, name: str, body: list[Node]) -> bool:
        """Whether the running definition of a name may be made, or become, what is wanted."""
        known = self._running.find(kind, name)
        if known is not None and (self._fresh or known.node.same(Node("", body))):
            return known.node.same(Node("", body))
        return not is_taken(self._running, kind, name) and self._is_ours(kind, name)

    def _is_ours(self, kind: str, name: str) -> bool:
        """Whether nothing names a definition but what the plan gives the asked ports anyway."""
        key = (kind, name)
        if key not in self._known_ours:
            users = users_of(self._running, kind, name)
            self._known_ours[key] = all(self._uses_as_ours(kind, user) for user in users)
        return self._known_ours[key]

    def _uses_as_ours(self, kind: str, user: Block) -> bool:
        if self._wanted.find(user.kind, user.name) is None:
            return False
        if user.kind == INTERFACE:
            return kind == POLICY_MAP
        by = {CLASS_MAP: POLICY_MAP, ACCESS_LIST: CLASS_MAP, ACCESS_LIST_V6: CLASS_MAP}.get(kind)
        return user.kind == by and self._is_ours(user.kind, user.name)

    def _is_free(self, kind: str, name: str, body: list[Node]) -> bool:
        known = self._running.find(kind, name)
        if known is not None:
            return known.node.same(Node("", body))
        # A name that others have put somewhere already would come to life there.
        taken = is_taken(self._running, kind, name)
        return not taken and next(users_of(self._running, kind, name), None) is None


def _defined(known: Block | None, wanted: Block) -> Iterator[Step]:
    """Yield what makes a definition, or turns one of its name into it."""
    head = wanted.node.text
    if known is None:
        lines = (line for line in wanted.node.lines(1) if line.strip() != "!")
        yield Step((), (head, *lines))
    elif wanted.kind == POLICY_MAP:
        yield from _classes(head, known.node, wanted.node)
    else:
        yield from _entries(head, known.node, wanted.node, numbered=wanted.kind in _LISTS)


def _entries(head: str, old: Node, new: Node, *, numbered: bool) -> Iterator[Step]:
    kept = {item.text for item in new.below}
    known = {item.text for item in old.below}
    gone = [slot_of(x.text) if numbered else x.text for x in old.below if x.text not in kept]
    lines = [
        *(f"   no {item}" for item in gone),
        *(f"   {item.text}" for item in new.below if item.text not in known),
    ]
    if lines:
        yield Step((head,), tuple(lines))


def _classes(head: str, old: Node, new: Node) -> Iterator[Step]:
    """Yield what turns classes into others, in their order: a new one stands behind the others."""
    names, wanted = ([item.text for item in node.below] for node in (old, new))
    kept = 0
    while kept < min(len(names), len(wanted)) and names[kept] == wanted[kept]:
        kept += 1
    gone = tuple(f"   no {name}" for name in reversed(names[kept:]))
    if gone:
        yield Step((head,), gone)
    for before, after in zip(old.below[:kept], new.below[:kept], strict=True):
        slots = {slot_of(item.text) for item in after.below}
        lines = [f"      no {x.text}" for x in before.below if slot_of(x.text) not in slots]
        known = {item.text for item in before.below}
        lines += [f"      {item.text}" for item in after.below if item.text not in known]
        if lines:
            yield Step((head, f"   {after.text}"), tuple(lines))
    for item in new.below[kept:]:
        actions = tuple(f"      {action.text}" for action in item.below)
        yield Step((head,), (f"   {item.text}", *actions))


def _rewriting(old: ConfigTree, new: ConfigTree) -> Iterator[Step]:
    was, is_ = (tree.find(REWRITE, REWRITE) is not None for tree in (old, new))
    if was != is_:
        yield Step((), (REWRITE if is_ else f"no {REWRITE}",))


def _port(old: Node, new: Node) -> Iterator[Step]:
    """Yield what a port is told, at once: what enters has no queue without the port's trust."""
    lines = [line for slot in _OF_PORT for line in _setting(old, new, slot, 1)]
    queues = {
        item.text for node in (old, new) for item in node.below if item.text.startswith("tx-queue ")
    }
    for queue in sorted(queues):
        before, after = (node.at(queue) or Node(queue) for node in (old, new))
        said = [line for slot in _OF_QUEUE for line in _setting(before, after, slot, 2)]
        lines += [f"   {queue}", *said] if said else []
    if lines:
        yield Step((old.text,), tuple(lines))


def _setting(old: Node, new: Node, slot: str, depth: int) -> Iterator[str]:
    """Yield the commands for what one line sets; where none is left its default comes back."""
    known, wanted = old.at(slot), new.at(slot)
    pad = "   " * depth
    before, after = (None if item is None else item.text for item in (known, wanted))
    strict = "priority strict"
    if slot == "priority" and (before or strict) == (after or strict):
        return  # a strict queue is the default, which is not printed
    if before == after:
        return
    if after is not None:
        if slot == _BINDS and before is not None:
            yield f"{pad}no {before}"
        yield f"{pad}{after}"
    elif slot == "priority":
        yield f"{pad}{strict}"
    elif slot == "qos trust":
        yield f"{pad}default {slot}"
    else:
        yield f"{pad}no {before if slot == _BINDS else slot}"
