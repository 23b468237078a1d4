"""Edits of NX-OS: policies of two types, bound to interfaces and to the system."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from typing import ClassVar, Final

from translator.drivers.base import Slot, Step
from translator.drivers.cisco.edit import Editor, users_of
from translator.drivers.cisco.edit_blocks import Definitions, action_changes
from translator.drivers.cisco.edit_plan import PolicyPlans
from translator.drivers.cisco.edit_policy import actions_of, class_bounds, refused, share_of
from translator.drivers.cisco.edit_tree import (
    ACCESS_LIST,
    ACCESS_LIST_V6,
    CLASS_MAP,
    INTERFACE,
    POLICY_MAP,
    Block,
    ConfigTree,
    words_of,
)
from translator.drivers.cisco.reader import line_of
from translator.drivers.cisco_nxos.places import service_policy
from translator.intents.lower import unique_name

__all__ = ["EDIT_ASSUMPTIONS", "NexusEditor", "NexusTree", "half_indented", "repairs"]

EDIT_ASSUMPTIONS: Final = (
    "a policy that is bound is changed by one command at a time, each at once and as a whole "
    "(unverified; the guide says that a change of queuing interrupts the ports for a moment)",
    "a class entered into a policy stands behind the others, before class-default (unverified)",
    "`no` before an entry of an access list finds it without its sequence number",
    "the regions for QoS have room for old and new entries while both stand (unverified)",
)
QUEUING_MAP: Final = "policy-map type queuing"
SYSTEM: Final = "system qos"
_EVERYWHERE: Final = "*"
_QUEUE: Final = "type queuing "
_NAME_LENGTH: Final = 40
_INDENT: Final = re.compile(r"^ +", re.MULTILINE)


def header_of(line: str) -> tuple[str, str] | None:
    """Return the kind and name of the block that a line opens; None for other lines."""
    words = line.split()
    keys = [word.lower() for word in words]
    if keys == [*SYSTEM.split()]:
        return SYSTEM, ""
    if len(words) == 2 and keys[0] == INTERFACE:
        return INTERFACE, words[1]
    if len(words) == 3 and keys[1] == "access-list" and keys[0] in ("ip", "ipv6"):
        return (ACCESS_LIST if keys[0] == "ip" else ACCESS_LIST_V6), words[2]
    if len(words) > 1 and keys[0] in (CLASS_MAP, POLICY_MAP):
        kind = keys[2] if keys[1] == "type" and len(keys) > 3 else "qos"
        rest = words[3:] if keys[1] == "type" else words[1:]
        if keys[0] == CLASS_MAP and len(rest) == 2 and rest[0] in ("match-any", "match-all"):
            rest = rest[1:]
        if len(rest) == 1 and kind == "qos":
            return keys[0], rest[0]
        if len(rest) == 1 and kind == "queuing" and keys[0] == POLICY_MAP:
            return QUEUING_MAP, rest[0]
    return None


def half_indented(text: str) -> str:
    """Return a text as IOS would indent it: half the blanks of NX-OS."""
    return _INDENT.sub(lambda found: " " * -(-len(found[0]) // 2), text)


class NexusTree(ConfigTree):
    """The blocks of a configuration of NX-OS."""

    @staticmethod
    def header_of(line: str) -> tuple[str, str] | None:
        """Return the kind and name of the block that a line opens; None for other lines."""
        return header_of(line)

    def is_named(self, kind: str, name: str) -> bool:
        """Whether a definition is called so; those of another type share no names, but people."""
        return super().is_named(kind.partition(" ")[0] if kind == QUEUING_MAP else kind, name)


class NexusEditor(Editor):
    """The model of `configure terminal`."""

    made_of = NexusTree
    removes: ClassVar[tuple[str, ...]] = (*Editor.removes, QUEUING_MAP)

    def enter(self, line: str) -> None:
        """Take in one command; what it touched is indented as NX-OS does it."""
        if header_of(words_of(line)) == (SYSTEM, "") and self.tree.find(SYSTEM, "") is None:
            self.tree.add(Block(SYSTEM, SYSTEM))  # it is always there, and printed when it says so
        super().enter(line)
        if self.block is not None:
            self.block.body[:] = _indented(self.block)

    def enter_below(self, block: Block, bare: str, negative: bool) -> None:
        """Take in a line below a header."""
        if block.kind == SYSTEM:
            self.enter_interface(block, bare, negative)
        elif block.kind == QUEUING_MAP:
            self.enter_policy(block, bare, negative)
        else:
            super().enter_below(block, bare, negative)

    def enter_interface(self, block: Block, bare: str, negative: bool) -> None:
        """Take in a line that binds a policy."""
        found = service_policy(line_of(bare)) if bare.startswith("service-policy ") else None
        if found is None or found[:2] not in (("qos", "in"), ("queuing", "out")):
            raise refused(bare, "only service-policy lines of our types are changed here")
        known = [
            (at, words, service_policy(line_of(words)))
            for at, words in block.statements()
            if words.startswith("service-policy ")
        ]
        if negative:
            at = next((at for at, _, other in known if other == found), None)
            if at is None:
                raise refused(f"no {bare}", f"{block.head} has no such line")
            removed = words_of(block.body.pop(at))
            self.keep_undo((block.head,), f" {removed}")
            if block.kind == SYSTEM and not any(block.statements()):
                self.tree.remove(block)
                self.block = None
            return
        kind = POLICY_MAP if found[0] == "qos" else QUEUING_MAP
        if self.tree.find(kind, found[2]) is None:
            raise refused(bare, f"{kind} {found[2]} is not defined")
        for _, words, other in known:
            if other is not None and other[:2] == found[:2]:
                raise refused(bare, f"{block.head} has `{words}`, which must be removed first")
        block.body.append(f" {bare}")
        self.keep_undo((block.head,), f" no {bare}")

    def class_in(self, words: list[str]) -> str:
        """Return the name of a class with its type, where it has one."""
        if words[0] == "class" and words[1:3] == _QUEUE.split() and len(words) == 4:
            return " ".join(words[1:])
        return super().class_in(words)

    def check_class(self, name: str) -> None:
        """Refuse a class without criteria; queues are those of the system."""
        if not name.startswith(_QUEUE):
            super().check_class(name)


def _indented(block: Block) -> Iterator[str]:
    """Yield the lines below a header with two blanks, and with four below a class."""
    below = False
    for raw in block.body:
        words = words_of(raw)
        if block.kind not in (POLICY_MAP, QUEUING_MAP) or not words:
            yield f"  {raw.strip()}" if raw.startswith(" ") and raw[1:2] != " " else raw
            continue
        opens = words.startswith("class ")
        yield f"{'    ' if below and not opens else '  '}{words}"
        below = below or opens


class _Definitions(Definitions):
    """Adds what queues."""

    def queuing(self, name: str) -> str:
        """Return the name under which the running text has, or will have, a queuing policy."""
        block = self.wanted.find(QUEUING_MAP, name)
        if block is None:
            return name
        same = self.running.find(QUEUING_MAP, name)
        for other in (*([same] if same is not None else []), *self.running.of(QUEUING_MAP)):
            if _queues(other) == _queues(block):
                return other.name
        given = unique_name(
            name, lambda known: not self.running.is_named(QUEUING_MAP, known), limit=_NAME_LENGTH
        )
        body = (
            f"{' ' if words.startswith('class ') else '  '}{words}"
            for _, words in block.statements()
        )
        self.steps.append(Step((), (f"{QUEUING_MAP} {given}", *body)))
        return given


def _queues(block: Block) -> Hashable:
    return frozenset((name, frozenset(actions_of(block, name))) for name in class_bounds(block))


class _Plans(PolicyPlans):
    """Ways to bind policies of both types; "*" is the system."""

    definitions = _Definitions

    def place(self, tree: ConfigTree, slot: Slot) -> Block | None:
        """Return the block of an interface, or that of the system, which is always there."""
        if slot.interface == _EVERYWHERE:
            return tree.find(SYSTEM, "") or Block(SYSTEM, SYSTEM)
        return tree.find(INTERFACE, slot.interface)

    def binding(self, slot: Slot) -> str:
        """Return the line that binds a policy there, without its name."""
        return f"service-policy type {'qos input' if slot.direction == 'in' else 'queuing output'}"

    def kind_for(self, slot: Slot) -> str:
        """Policies that enter mark, and policies that leave queue."""
        return POLICY_MAP if slot.direction == "in" else QUEUING_MAP

    def defined(self, made: Definitions, name: str, slot: Slot) -> str:
        """Return the name that a policy has, or is given."""
        if slot.direction == "out" and isinstance(made, _Definitions):
            return made.queuing(name)
        return made.policy(name)

    def ways(
        self, bound: str | None, new: str | None, slots: list[Slot]
    ) -> Iterator[tuple[Step, ...]]:
        """Yield ways to bind a policy like `new` where `bound` is; None is none."""
        if bound is not None and new is not None and not self._is_ours(bound, slots):
            yield from self.bindings(new, slots, bound)
            return
        if bound is None or new is None or slots[0].direction == "in":
            yield from super().ways(bound, new, slots)
            return
        running = self.running.find(QUEUING_MAP, bound)
        wanted = self.wanted.find(QUEUING_MAP, new)
        if running is not None and wanted is not None:
            if _queues(running) == _queues(wanted):
                yield ()
                return
            yield from _changed(running, wanted)
        yield from self.bindings(new, slots, bound)

    def _is_ours(self, policy: str, slots: list[Slot]) -> bool:
        """Whether a policy is bound nowhere but where the plan asks: what a VLAN, a profile of
        ports or an interface that nobody asked about does with it is not changed on the way.
        """
        places = [self.place(self.running, slot) for slot in slots]
        return all(
            user in places
            or (user.kind == INTERFACE and self.wanted.find(INTERFACE, user.name) is not None)
            for user in users_of(self.running, POLICY_MAP, policy)
        )


def _changed(running: Block, wanted: Block) -> Iterator[tuple[Step, ...]]:
    """Yield the changes of a queuing policy's classes, those first that give up a share."""
    steps: list[tuple[int, Step]] = []
    known = class_bounds(running)
    for name in class_bounds(wanted):
        after = actions_of(wanted, name)
        before = actions_of(running, name) if name in known else ()
        gain = sum(share_of(x)[1] for x in after) - sum(share_of(x)[1] for x in before)
        for line in action_changes(before, after):
            place = -101 if line.startswith("no ") else gain
            steps.append((place, Step((running.head, f" class {name}"), (f"  {line}",))))
    if set(known) <= set(class_bounds(wanted)):
        yield tuple(step for _, step in sorted(steps, key=lambda item: item[0]))


def repairs(text: str, rendered: str, slots: Sequence[Slot]) -> Iterator[tuple[Step, ...]]:
    """Yield ways to repair all slots together: the system's policy serves all of them.

    Raises:
        RefusedError: the text has no such interface, or is none that a device printed.
    """
    plans = _Plans(NexusTree(text), NexusTree(rendered), criteria=False)
    asked = sorted(slots, key=lambda slot: slot.direction)
    if plans.wanted.find(SYSTEM, "") is not None:
        asked.insert(0, Slot(_EVERYWHERE, "in"))
    yield from plans.for_slots(asked)
