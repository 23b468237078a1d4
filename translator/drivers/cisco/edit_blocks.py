"""Definitions of a rendered text in a running one: what is there already, what needs a name."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import Final

from translator.drivers.base import Step
from translator.drivers.cisco.edit import users_of, without_number
from translator.drivers.cisco.edit_policy import (
    CLASS_DEFAULT,
    OF_POLICER,
    action_key,
    actions_of,
    class_bounds,
)
from translator.drivers.cisco.edit_tree import (
    ACCESS_LIST,
    ACCESS_LIST_V6,
    CLASS_MAP,
    POLICY_MAP,
    Block,
    ConfigTree,
    words_of,
)
from translator.drivers.cisco.entry_order import Written, placed
from translator.drivers.cisco.reader import line_of
from translator.intents.lower import unique_name

__all__ = ["Definitions", "action_changes", "entries_of", "lists_of", "matches_of"]

_LISTS: Final = (ACCESS_LIST, ACCESS_LIST_V6)
_NUMBERED: Final = re.compile(r"-\d+$")
_NAME_LENGTH: Final = 40
_ACCESS_GROUP: Final = "match access-group name "
_CHILD: Final = "service-policy "


def matches_of(block: Block) -> tuple[str, ...]:
    """Return the criteria of a class-map, without free text."""
    return tuple(words for _, words in block.statements() if words.startswith("match "))


def lists_of(tree: ConfigTree, match: str) -> list[Block]:
    """Return the access lists that a criterion names: none, one, or one for each IP version."""
    if not match.startswith(_ACCESS_GROUP):
        return []
    name = match.removeprefix(_ACCESS_GROUP)
    return [block for kind in _LISTS if (block := tree.find(kind, name)) is not None]


def action_changes(running: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines that turn the actions of a class into others.

    What a policer does with packets goes away with it.
    """
    keys = {action_key(action) for action in wanted}
    gone = [
        f"no {action}"
        for action in reversed(running)
        if action_key(action) not in keys and not action.startswith(OF_POLICER)
    ]
    return (*gone, *(action for action in wanted if action not in running))


class Definitions:
    """Finds or adds what a rendered text defines; `steps` are the definitions that are missing."""

    def __init__(self, running: ConfigTree, wanted: ConfigTree) -> None:
        self.running = running
        self.wanted = wanted
        self._given: dict[tuple[str, str], str] = {}
        self.steps: list[Step] = []

    def policy(self, name: str) -> str:
        """Return the name under which the running text has, or will have, a policy."""
        block = self.wanted.find(POLICY_MAP, name)
        if block is None:
            return name
        return self._found(POLICY_MAP, name) or self._add(block, self._policy_body(block))

    def new_class(self, name: str, *, taken: frozenset[str] = frozenset()) -> str:
        """Return the name of a class-map that is none of those that are taken."""
        block = self.wanted.find(CLASS_MAP, name)
        if block is None:
            return name
        found = self._found(CLASS_MAP, name, taken)
        return found or self._add(block, self._class_body(block), taken)

    def actions(self, actions: tuple[str, ...]) -> tuple[str, ...]:
        """Return actions with the names that child policies have in the running text."""
        return tuple(
            _CHILD + self.policy(action.removeprefix(_CHILD))
            if action.startswith(_CHILD)
            else action
            for action in actions
        )

    def equal_class(self, running: str, wanted: str) -> bool:
        """Whether two class-maps have the same content, whatever they are called."""
        one = self.running.find(CLASS_MAP, running)
        other = self.wanted.find(CLASS_MAP, wanted)
        if one is None or other is None:
            return False
        return content(self.running, one) == content(self.wanted, other)

    def default_changes(self, running: Block, wanted: Block) -> Iterator[Step]:
        """Yield what changes the actions of class-default."""
        old = actions_of(running, CLASS_DEFAULT) if CLASS_DEFAULT in class_bounds(running) else ()
        new = actions_of(wanted, CLASS_DEFAULT) if CLASS_DEFAULT in class_bounds(wanted) else ()
        for line in action_changes(old, self.actions(new)):
            yield Step((running.head, f" class {CLASS_DEFAULT}"), (f"  {line}",))

    def removal(self, block: Block) -> Iterator[Step]:
        """Yield what removes a class-map of ours that one policy used, and its lists likewise."""
        users = users_of(self.running, block.kind, block.name)
        if not self._ours(block) or len(users) > 1 or self._lent(block):
            return
        yield Step((), (f"no {words_of(block.head)}",), tidy=True)
        for match in reversed(matches_of(block)):
            for found in lists_of(self.running, match):
                only = len(users_of(self.running, found.kind, found.name)) == 1
                if only and not self._lent(found) and self._ours(found):
                    yield Step((), (f"no {words_of(found.head)}",), tidy=True)

    def criterion(self, match: str) -> str:
        """Return a criterion with the name that its list has, or will have, in the running text."""
        found = lists_of(self.wanted, match)
        return _ACCESS_GROUP + self.access_list(found[0]) if found else match

    def _ours(self, block: Block) -> bool:
        """Whether a definition has a name that we would give: then it is one of ours of before."""
        names = (block.name, _NUMBERED.sub("", block.name))
        return any(self.wanted.find(block.kind, name) is not None for name in names)

    def _lent(self, block: Block) -> bool:
        """Whether what is defined anew refers to a definition that was there."""
        given = self._given.items()
        return any(name == block.name and kind == block.kind for (kind, _), name in given)

    def access_list(self, block: Block) -> str:
        """Return the name under which the running text has, or will have, an access list."""
        body = [f" {words}" for _, words in block.statements()]
        return self._found(block.kind, block.name) or self._add(block, body)

    def _found(self, kind: str, name: str, taken: frozenset[str] = frozenset()) -> str | None:
        given = self._given.get((kind, name))
        if given is not None:
            return given
        block = self.wanted.find(kind, name)
        wanted = content(self.wanted, block) if block is not None else None
        same = self.running.find(kind, name)
        for other in (*([same] if same is not None else []), *self.running.of(kind)):
            if other.name in taken or content(self.running, other) != wanted:
                continue
            if other is not same and not self._lends(other):
                continue
            self._given[kind, name] = other.name
            return other.name
        return None

    def _lends(self, block: Block) -> bool:
        """Whether a definition of another name may be used: no filter or route depends on it."""
        users = users_of(self.running, block.kind, block.name)
        return all(user.kind in (CLASS_MAP, POLICY_MAP) for user in users)

    def _add(self, block: Block, body: list[str], taken: frozenset[str] = frozenset()) -> str:
        kinds = _LISTS if block.kind in _LISTS else (block.kind,)
        used = taken | {given for (kind, _), given in self._given.items() if kind in kinds}

        def is_free(name: str) -> bool:
            return name not in used and not self.running.is_named(block.kind, name)

        name = unique_name(block.name, is_free, limit=_NAME_LENGTH)
        self._given[block.kind, block.name] = name
        head = words_of(block.head).rpartition(" ")[0]
        self.steps.append(Step((), (f"{head} {name}", *body)))
        return name

    def _class_body(self, block: Block) -> list[str]:
        body: list[str] = []
        for _, words in block.statements():
            body.append(f" {self.criterion(words)}")
        return body

    def _policy_body(self, block: Block) -> list[str]:
        body = [f" {words}" for _, words in block.statements() if words.startswith("description")]
        for name in class_bounds(block):
            body.append(f" class {self.new_class(name)}")
            body += [f"  {action}" for action in self.actions(actions_of(block, name))]
        return body


def entries_of(block: Block) -> list[str] | None:
    """Return the entries of an access list in the order in which they are tried, without their
    numbers; None where that order is not known.
    """
    lines = (Written(line_of(words, at)) for at, words in block.statements())
    known = placed(lines)
    if known.doubts:
        return None
    entries = [without_number(item.line.text) for item in known.order]
    return [entry for entry in entries if not entry.startswith("remark")]


def content(tree: ConfigTree, block: Block) -> Hashable:
    """Return what a definition says, names of lists, classes and children replaced by theirs."""
    if block.kind in _LISTS:
        return _list_content(block)
    if block.kind == CLASS_MAP:
        return _class_content(tree, block)
    return tuple(
        (
            _named_class(tree, name),
            frozenset(_action(tree, item) for item in actions_of(block, name)),
        )
        for name in class_bounds(block)
    )


def _list_content(block: Block) -> Hashable:
    entries = entries_of(block)
    if entries is None:
        return (block.kind, block.name)
    only_permits = all(entry.startswith("permit ") for entry in entries)
    return (block.kind, frozenset(entries) if only_permits else tuple(entries))


def _class_content(tree: ConfigTree, block: Block) -> Hashable:
    matches = matches_of(block)
    joins = "any" if len(matches) < 2 or "match-any" in block.head else "all"
    return joins, frozenset(_match_content(tree, match) for match in matches)


def _match_content(tree: ConfigTree, match: str) -> Hashable:
    if match.startswith(_ACCESS_GROUP):
        lists = lists_of(tree, match)
        return tuple(_list_content(block) for block in lists) if lists else match
    words = match.split()
    if "dscp" in words[:3]:
        at = words.index("dscp") + 1
        return (*words[:at], frozenset(words[at:]))
    return match


def _named_class(tree: ConfigTree, name: str) -> Hashable:
    block = tree.find(CLASS_MAP, name)
    return name if block is None else _class_content(tree, block)


def _action(tree: ConfigTree, action: str) -> Hashable:
    child = (
        tree.find(POLICY_MAP, action.removeprefix(_CHILD)) if action.startswith(_CHILD) else None
    )
    return action if child is None else content(tree, child)
