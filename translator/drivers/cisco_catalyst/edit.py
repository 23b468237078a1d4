"""Edits of an `mls qos` switch: lines of the whole switch and of its ports beside the policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from translator.drivers.base import Slot, Step
from translator.drivers.cisco.edit import Editor
from translator.drivers.cisco.edit_plan import PolicyPlans
from translator.drivers.cisco.edit_policy import refused
from translator.drivers.cisco.edit_tree import INTERFACE, Block, ConfigTree, words_of
from translator.drivers.cisco_catalyst.maps import default_queue

__all__ = ["EDIT_ASSUMPTIONS", "SwitchEditor", "repairs"]

EDIT_ASSUMPTIONS: Final = (
    "a policy that is attached is changed by one command at a time, each at once and as a whole "
    "(unverified; the configuration guide warns of a busy processor meanwhile)",
    "a class entered into a policy stands behind the others (unverified)",
    "the switch has room for old and new entries while both stand (unverified)",
    "`mls qos` takes effect on all ports at once (unverified)",
)
_QUEUE_MAP: Final = "mls qos srr-queue output dscp-map "
_COS_MAP: Final = "mls qos srr-queue output cos-map "
_MUTATION: Final = "mls qos map dscp-mutation "
_SWITCH: Final = "mls qos"
# What a line of a port sets: entering another with the same words replaces it.
# Source: Catalyst 2960 and 3750-X Command References, the commands' `no` forms.
_PORT_KEYS: Final = {
    "in": ("mls qos trust device", "mls qos trust", "mls qos cos", "mls qos dscp-mutation"),
    "out": ("srr-queue bandwidth share", "srr-queue bandwidth shape", "priority-queue"),
}
_KEYS: Final = (*_PORT_KEYS["in"], *_PORT_KEYS["out"])


def _key(line: str) -> str:
    return next((key for key in _KEYS if line == key or line.startswith(f"{key} ")), "")


class SwitchEditor(Editor):
    """The model of `configure terminal` on such a switch."""

    def enter_global(self, bare: str, negative: bool) -> bool:
        """Take in a line that begins with `mls qos`."""
        if self.block is not None and self.block.kind == INTERFACE and _key(bare):
            return False
        if not (bare == _SWITCH or bare.startswith(f"{_SWITCH} ")):
            return False
        self.block = None
        if bare.startswith((_QUEUE_MAP, _COS_MAP)) and not negative:
            self._queue_map(bare)
        elif bare == _SWITCH or bare.startswith(_MUTATION):
            self._single(bare, negative)
        else:
            raise refused(bare, "this line of the whole switch is not changed here")
        return True

    def enter_interface(self, block: Block, bare: str, negative: bool) -> None:
        """Take in a line below a port."""
        key = _key(bare)
        if not key:
            if bare.startswith("service-policy output"):
                # Source: 3750 Command Reference, service-policy: input only.
                raise refused(bare, "these switches take no output policy")
            super().enter_interface(block, bare, negative)
            return
        found = [(at, known) for at, known in block.statements() if _key(known) == key]
        if negative:
            if not found or (bare != key and found[-1][1] != bare):
                raise refused(f"no {bare}", f"{block.name} has no such line")
            at, known = found[-1]
            del block.body[at]
            self.keep_undo((block.head,), f" {known}")
            return
        if found and found[0][1] == bare:
            raise refused(bare, f"{block.name} has the line already")
        if found:
            at, known = found[0]
            block.body[at] = f" {bare}"
            self.keep_undo((block.head,), f" {known}")
            return
        block.body.append(f" {bare}")
        self.keep_undo((block.head,), f" no {bare}")

    def _single(self, bare: str, negative: bool) -> None:
        found = [block for block in self.tree.blocks if words_of(block.head) == bare]
        if negative:
            named = [
                block
                for block in self.tree.blocks
                if words_of(block.head) == bare or words_of(block.head).startswith(f"{bare} ")
            ]
            chosen = found or (named if bare.startswith(_MUTATION) else [])
            if not chosen:
                raise refused(f"no {bare}", "there is no such line")
            for block in chosen:
                self.tree.blocks.remove(block)
            self.keep_undo((), *(words_of(block.head) for block in chosen))
            return
        if found:
            raise refused(bare, "the line is there already")
        self._insert(bare)
        undone = " ".join(bare.split()[:5]) if bare.startswith(_MUTATION) else bare
        self.keep_undo((), f"no {undone}")

    def _insert(self, bare: str) -> None:
        """Put a line behind the last of its kind, else before the first interface."""
        heads = [block.head for block in self.tree.blocks]
        last = [at for at, head in enumerate(heads) if head.startswith("mls qos")]
        first = [at for at, head in enumerate(heads) if head.startswith("interface ")]
        place = last[-1] + 1 if last else first[0] if first else len(heads)
        self.tree.blocks.insert(place, Block(bare))

    def _queue_map(self, bare: str) -> None:
        """Move values to a queue: each value is in one line only, as the device prints them."""
        prefix = _QUEUE_MAP if bare.startswith(_QUEUE_MAP) else _COS_MAP
        values = _split(bare)[1]
        undo: dict[str, list[str]] = {}
        for block in list(self.tree.blocks):
            if not block.head.startswith(prefix):
                continue
            other, kept = _split(words_of(block.head))
            moved = [value for value in kept if value in values]
            if moved:
                undo.setdefault(other, []).extend(moved)
                rest = [value for value in kept if value not in values]
                block.head = " ".join([other, *rest])
                if not rest:
                    self.tree.blocks.remove(block)
        known = [value for moved in undo.values() for value in moved]
        for value in values:
            if value not in known:
                queue = default_queue(int(value), cos=prefix == _COS_MAP)
                undo.setdefault(f"{prefix}queue {queue} threshold 1", []).append(value)
        self._insert(bare)
        lines = (" ".join([other, *moved]) for other, moved in undo.items())
        self.keep_undo((), *lines)


def _split(line: str) -> tuple[str, list[str]]:
    """Return the words before the values of a queue map line, and the values."""
    words = line.split()
    at = 9 if words[7:8] == ["threshold"] else 7
    return " ".join(words[:at]), words[at:]


def repairs(text: str, rendered: str, slots: Sequence[Slot]) -> Iterator[tuple[Step, ...]]:
    """Yield ways to repair all slots together: what they need of the whole switch is shared."""
    running, wanted = ConfigTree(text), ConfigTree(rendered)
    heads = {words_of(block.head) for block in running.blocks}
    maps = [
        Step((), (words_of(block.head),))
        for block in wanted.blocks
        if block.head.startswith(f"{_SWITCH} ") and words_of(block.head) not in heads
    ]
    on = [] if _SWITCH in heads else [Step((), (_SWITCH,))]
    plans = PolicyPlans(running, wanted, criteria=False)
    ports = [list(_port(running, wanted, slot)) for slot in slots]
    for policies in plans.for_slots([slot for slot in slots if slot.direction == "in"]):
        lines = [step for steps in ports for step in steps]
        yield (*maps, *policies, *lines, *on)
        yield (*policies, *lines, *maps, *on)


def _port(running: ConfigTree, wanted: ConfigTree, slot: Slot) -> Iterator[Step]:
    """Yield the changes of a port's own lines in one direction."""
    block = running.find(INTERFACE, slot.interface)
    new = wanted.find(INTERFACE, slot.interface)
    before, after = (_lines(item, slot.direction) for item in (block, new))
    context = (block.head if block is not None else f"interface {slot.interface}",)
    for line in after:
        if line not in before:
            yield Step(context, (f" {line}",))
    keys = {_key(line) for line in after}
    for line in before:
        if _key(line) not in keys:
            yield Step(context, (f" no {line}",))


def _lines(block: Block | None, direction: str) -> list[str]:
    if block is None:
        return []
    return [words for _, words in block.statements() if _key(words) in _PORT_KEYS[direction]]
