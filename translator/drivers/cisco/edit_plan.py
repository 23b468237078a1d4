"""Ways to bring a running configuration to what a rendered one does: what to enter, in order.

Three ways, the gentlest first: change lines of the policy that is bound; let new classes stand
behind the old ones and take the old ones away from the last to the first, so that no packet is
ever without its old or its new class; bind another policy, which needs a moment without any.
Nothing here is trusted: every proposal is proven on the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import ClassVar, Final

from translator.drivers.base import Slot, Step
from translator.drivers.cisco.edit_blocks import Definitions
from translator.drivers.cisco.edit_inplace import changed_in_place
from translator.drivers.cisco.edit_policy import CLASS_DEFAULT, actions_of, class_bounds
from translator.drivers.cisco.edit_tree import CLASS_MAP, INTERFACE, POLICY_MAP, Block, ConfigTree
from translator.errors import RefusedError

__all__ = ["PolicyPlans", "repairs"]

_WORDS: Final = {"in": "input", "out": "output"}
_MOST: Final = 24


def repairs(text: str, rendered: str, slots: Sequence[Slot]) -> Iterator[tuple[Step, ...]]:
    """Yield ways to repair the first slot; others are repaired one after the other.

    Raises:
        RefusedError: the text has no such interface, or is none that a device printed.
    """
    return PolicyPlans(ConfigTree(text), ConfigTree(rendered)).for_slots(slots[:1])


class PolicyPlans:
    """Ways to bind what a rendered text binds.

    Args:
        criteria: whether criteria of a class-map in use may be entered and taken away.
    """

    definitions: ClassVar[type[Definitions]] = Definitions

    def __init__(self, running: ConfigTree, wanted: ConfigTree, *, criteria: bool = True) -> None:
        self.running = running
        self.wanted = wanted
        self._criteria = criteria

    def for_slots(self, slots: Sequence[Slot]) -> Iterator[tuple[Step, ...]]:
        """Yield ways to repair all of the slots; slots with the same policies are one question."""
        questions: dict[tuple[str | None, str | None, str], list[Slot]] = {}
        for slot in slots:
            pair = (self._bound(self.running, slot), self._bound(self.wanted, slot))
            questions.setdefault((*pair, self.kind_for(slot)), []).append(slot)
        ways = [
            list(islice(self.ways(bound, new, found), 6))
            for (bound, new, _), found in questions.items()
        ]
        for chosen in islice(product(*ways), _MOST):
            # What two policies share is proposed twice; a step that is taken once suffices.
            yield tuple(dict.fromkeys(step for steps in chosen for step in steps))

    def _bound(self, tree: ConfigTree, slot: Slot) -> str | None:
        """Return the policy that a line of the interface binds in the direction, None without.

        Raises:
            RefusedError: there is no such interface, or a circuit or service instance of it has the
                policy, which takes precedence over that of the interface.
                Source: Cisco 10000 Series Quality of Service Configuration Guide, policies of PVCs.
        """
        block = self.place(tree, slot)
        if block is None and tree is self.running:
            raise RefusedError(
                f"the text has no interface {slot.interface}",
                hint="give the whole running configuration, or correct the name",
            )
        bound: str | None = None
        for _, words, opener in block.placed() if block is not None else ():
            line, _, name = words.rpartition(" ")
            if line != self.binding(slot):
                continue
            if opener:
                raise RefusedError(
                    f"{slot.interface} has `{words}` below `{opener}`, where no policy is changed",
                    hint="change it by hand, or take it away there and repair the interface then",
                )
            bound = bound or name
        return bound

    def place(self, tree: ConfigTree, slot: Slot) -> Block | None:
        """Return the block below which policies of a slot are bound."""
        return tree.find(INTERFACE, slot.interface)

    def binding(self, slot: Slot) -> str:
        """Return the line that binds a policy there, without its name."""
        return f"service-policy {_WORDS[slot.direction]}"

    def kind_for(self, _slot: Slot) -> str:
        """Return which of several kinds of policies is bound there."""
        return POLICY_MAP

    def defined(self, made: Definitions, name: str, _slot: Slot) -> str:
        """Return the name that a policy has, or is given with the steps of `made`."""
        return made.policy(name)

    def ways(
        self, bound: str | None, new: str | None, slots: list[Slot]
    ) -> Iterator[tuple[Step, ...]]:
        """Yield ways to bind a policy like `new` where `bound` is; None is none."""
        if new is None:
            yield tuple(self._unbind(slot, bound) for slot in slots if bound is not None)
            return
        if bound is None:
            yield from self.bindings(new, slots)
            return
        running = self.running.find(POLICY_MAP, bound)
        wanted = self.wanted.find(POLICY_MAP, new)
        if running is not None and wanted is not None:
            yield from changed_in_place(
                self.running, self.wanted, running, wanted, criteria=self._criteria
            )
            yield self._retired(running, wanted)
        yield from self.bindings(new, slots, bound)

    def bindings(
        self, new: str, slots: list[Slot], bound: str | None = None
    ) -> Iterator[tuple[Step, ...]]:
        """Yield the steps that bind a policy that is right already, or a new one."""
        names = [name for name in slots[0].right if name != bound]
        for name in names:
            if all(name in slot.right for slot in slots):
                yield self._bind_all(name, slots, bound)
        made = self.definitions(self.running, self.wanted)
        name = self.defined(made, new, slots[0])
        yield (*made.steps, *self._bind_all(name, slots, bound))

    def _bind_all(self, name: str, slots: list[Slot], bound: str | None) -> tuple[Step, ...]:
        steps: list[Step] = []
        for slot in slots:
            if bound is not None:
                steps.append(self._unbind(slot, bound))
            steps.append(Step(self.context(slot), (f" {self.binding(slot)} {name}",)))
        return tuple(steps)

    def _unbind(self, slot: Slot, bound: str | None) -> Step:
        return Step(self.context(slot), (f" no {self.binding(slot)} {bound}",))

    def context(self, slot: Slot) -> tuple[str, ...]:
        """Return the header below which a slot's lines stand."""
        block = self.place(self.running, slot)
        return (block.head,) if block is not None else ()

    def _retired(self, running: Block, new: Block) -> tuple[Step, ...]:
        """Return steps that append the new classes and take the old ones away, last first.

        The classes at the front that both have stay; class-default is changed in place.
        """
        names = Definitions(self.running, self.wanted)
        old = [name for name in class_bounds(running) if name != CLASS_DEFAULT]
        wanted = [name for name in class_bounds(new) if name != CLASS_DEFAULT]
        kept = 0
        for one, other in zip(old, wanted, strict=False):
            same = names.equal_class(one, other)
            if not same or set(actions_of(running, one)) != set(actions_of(new, other)):
                break
            kept += 1
        added: list[Step] = []
        for name in wanted[kept:]:
            given = names.new_class(name, taken=frozenset(old))
            actions = names.actions(actions_of(new, name))
            lines = (f" class {given}", *(f"  {action}" for action in actions))
            added.append(Step((running.head,), lines))
        gone = [Step((running.head,), (f" no class {name}",)) for name in reversed(old[kept:])]
        defaults = names.default_changes(running, new)
        unused = self._unused(names, old[kept:])
        return (*names.steps, *defaults, *added, *gone, *unused)

    def _unused(self, names: Definitions, classes: list[str]) -> Iterator[Step]:
        """Yield the removal of class-maps of ours that only the old classes used."""
        for name in classes:
            block = self.running.find(CLASS_MAP, name)
            if block is not None:
                yield from names.removal(block)
