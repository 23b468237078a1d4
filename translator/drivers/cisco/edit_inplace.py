"""Change a policy where it is bound, line by line, without taking it off the interface."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from translator.drivers.base import Step
from translator.drivers.cisco.edit import users_of
from translator.drivers.cisco.edit_blocks import (
    Definitions,
    action_changes,
    entries_of,
    lists_of,
    matches_of,
)
from translator.drivers.cisco.edit_policy import (
    CLASS_DEFAULT,
    actions_of,
    class_bounds,
    share_of,
)
from translator.drivers.cisco.edit_tree import CLASS_MAP, POLICY_MAP, Block, ConfigTree

__all__ = ["changed_in_place"]

_CHILD: Final = "service-policy "
_DSCP: Final = "match dscp "


def changed_in_place(
    running: ConfigTree, wanted: ConfigTree, policy: Block, new: Block, *, criteria: bool = True
) -> Iterator[tuple[Step, ...]]:
    """Yield ways to give a policy's classes the criteria and actions of another's.

    With `criteria` False only the entries of lists change, not the lines of class-maps. Nothing
    is yielded when a class-map, list or child policy would have to change that something
    else uses too.
    """
    work = _Work(running, wanted, criteria)
    if not work.policy(policy, new):
        return
    adds, gone, acts = work.adds, work.removals[::-1], work.in_share_order()
    orders = ((adds, gone, acts), (acts, adds, gone), (adds, acts, gone))
    seen: list[tuple[Step, ...]] = []
    for order in orders:
        steps = (*work.names.steps, *(step for part in order for step in part))
        if steps and steps not in seen:
            seen.append(steps)
            yield steps


class _Work:
    """Collects the steps of one policy and its children.

    Attributes:
        adds: new criteria and classes, in the order of the wanted classes.
        removals: old ones, in that order too; they are entered in reverse.
        actions: steps that change actions, each with the share that it adds.
    """

    def __init__(self, running: ConfigTree, wanted: ConfigTree, criteria: bool) -> None:
        self._may_change_criteria = criteria
        self._running = running
        self._wanted = wanted
        self.names = Definitions(running, wanted)
        self.adds: list[Step] = []
        self.removals: list[Step] = []
        self.actions: list[tuple[int, Step]] = []

    def in_share_order(self) -> list[Step]:
        """Return the changes of actions, those that give up share first: sums must hold."""
        return [step for _, step in sorted(self.actions, key=lambda item: item[0])]

    def policy(self, policy: Block, new: Block) -> bool:
        """Collect the steps for one policy; False when it cannot be changed in place."""
        pairs = self._pairs(policy, new)
        for name in class_bounds(new):
            old = pairs.get(name)
            if old is None:
                self._append(policy, new, name)
            elif not self._class(policy, new, old, name):
                return False
        for name in class_bounds(policy):
            if name == CLASS_DEFAULT and name not in pairs.values():
                for line in action_changes(actions_of(policy, name), ()):
                    self.actions.append(
                        (-100, Step((policy.head, f" class {name}"), (f"  {line}",)))
                    )
            elif name not in pairs.values():
                self.removals.append(Step((policy.head,), (f" no class {name}",)))
        return True

    def _append(self, policy: Block, new: Block, name: str) -> None:
        given = self.names.new_class(name, taken=frozenset(class_bounds(policy)))
        actions = self.names.actions(actions_of(new, name))
        lines = (f" class {given}", *(f"  {action}" for action in actions))
        self.adds.append(Step((policy.head,), lines))

    def _pairs(self, policy: Block, new: Block) -> dict[str, str]:
        """Return which old class becomes which new one: by name, by content, by actions."""
        old, wanted = list(class_bounds(policy)), list(class_bounds(new))
        pairs = {name: name for name in wanted if name in old}
        for rule in (self._same_content, self._same_actions):
            for name in wanted:
                free = [item for item in old if item not in pairs.values()]
                if name in pairs or name == CLASS_DEFAULT:
                    continue
                found = [item for item in free if rule(policy, new, item, name)]
                if len(found) == 1:
                    pairs[name] = found[0]
        return pairs

    def _same_content(self, _policy: Block, _new: Block, old: str, name: str) -> bool:
        return self.names.equal_class(old, name)

    def _same_actions(self, policy: Block, new: Block, old: str, name: str) -> bool:
        actions = set(actions_of(policy, old))
        return bool(actions) and actions == set(actions_of(new, name))

    def _class(self, policy: Block, new: Block, old: str, name: str) -> bool:
        same = old == CLASS_DEFAULT or self.names.equal_class(old, name)
        if not (same or self._criteria(policy, old, name)):
            return False
        before, after = actions_of(policy, old), actions_of(new, name)
        children = [_child(actions) for actions in (before, after)]
        if children[0] and children[1]:
            if not self._child(policy, children[0], children[1]):
                return False
            after = tuple(item for item in after if not item.startswith(_CHILD))
            before = tuple(item for item in before if not item.startswith(_CHILD))
        for line in action_changes(before, self.names.actions(after)):
            gain = _share(after) - _share(before) if not line.startswith("no ") else -100
            self.actions.append((gain, Step((policy.head, f" class {old}"), (f"  {line}",))))
        return True

    def _child(self, policy: Block, old: str, new: str) -> bool:
        running = self._running.find(POLICY_MAP, old)
        wanted = self._wanted.find(POLICY_MAP, new)
        if running is None or wanted is None:
            return False
        if users_of(self._running, POLICY_MAP, old) != [policy]:
            return False
        return self.policy(running, wanted)

    def _criteria(self, policy: Block, old: str, name: str) -> bool:
        """Collect the changes of a class-map; False when others use it or it joins by all."""
        running = self._running.find(CLASS_MAP, old)
        wanted = self._wanted.find(CLASS_MAP, name)
        if running is None or wanted is None:
            return False
        if users_of(self._running, CLASS_MAP, old) != [policy]:
            return False
        free = list(matches_of(running))
        extra: list[str] = []
        for match in matches_of(wanted):
            if not self._criterion(running, match, free):
                extra.append(match)
        alone = "match-any" not in running.head and (extra or len(matches_of(running)) > 1)
        if alone or ((extra or free) and not self._may_change_criteria):
            return False
        self._lines(running, extra, free)
        return True

    def _criterion(self, running: Block, match: str, free: list[str]) -> bool:
        """Bring one criterion about by changing the entries of a list that the class has."""
        wanted = lists_of(self._wanted, match)
        if match in free and not wanted:
            free.remove(match)
            return True
        for new in wanted:
            for item in sorted(free, key=match.__ne__):  # the list of the same name first
                for old in lists_of(self._running, item):
                    if old.kind == new.kind and self._entries(running, old, new):
                        free.remove(item)
                        return True
        return False

    def _entries(self, running: Block, old: Block, new: Block) -> bool:
        before, after = entries_of(old), entries_of(new)
        if before is None or after is None:
            return False
        if before == after:
            return True
        if not all(entry.startswith("permit ") for entry in (*before, *after)):
            return False  # beside a deny the order of entries matters
        if users_of(self._running, old.kind, old.name) != [running]:
            return False
        context = (old.head,)
        self.adds += [Step(context, (f" {item}",)) for item in after if item not in before]
        self.removals += [Step(context, (f" no {item}",)) for item in before if item not in after]
        return True

    def _lines(self, running: Block, extra: list[str], free: list[str]) -> None:
        """Add criteria and take away others; lists of code points are compared by value."""
        wanted = _points(extra)
        present = _points(free)
        surplus = [item for item in free if not set(_points([item])) <= set(wanted)]
        surplus += [item for item in free if not item.startswith(_DSCP) and item not in surplus]
        kept = _points([item for item in free if item not in surplus])
        missing = [point for point in wanted if point not in kept]
        if present and missing:
            self.adds.append(Step((running.head,), (f" {_DSCP}{'  '.join(missing)}",)))
            extra = [item for item in extra if not item.startswith(_DSCP)]
        elif present:
            extra = [item for item in extra if not item.startswith(_DSCP)]
        for match in extra:
            self.adds.append(Step((running.head,), (f" {self.names.criterion(match)}",)))
        self.removals += [Step((running.head,), (f" no {item}",)) for item in surplus]


def _points(matches: list[str]) -> list[str]:
    return [
        word
        for match in matches
        if match.startswith(_DSCP)
        for word in match.removeprefix(_DSCP).split()
    ]


def _child(actions: tuple[str, ...]) -> str:
    found = [item.removeprefix(_CHILD) for item in actions if item.startswith(_CHILD)]
    return found[0] if found else ""


def _share(actions: tuple[str, ...]) -> int:
    return sum(share_of(action)[1] for action in actions)
