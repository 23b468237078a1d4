"""What commands make of a Cisco configuration: the model of `configure terminal`.

The model refuses more than a device may: whatever is not known to be taken and to harm nobody
else is a `RefusedError`. It is shared by routers and switches; a switch adds lines of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from translator.drivers.base import Step, joined
from translator.drivers.cisco.edit_policy import (
    CLASS_DEFAULT,
    add_action,
    check_shares,
    class_bounds,
    refused,
    remove_action,
)
from translator.drivers.cisco.edit_tree import (
    ACCESS_LIST,
    ACCESS_LIST_V6,
    CLASS_MAP,
    FREE_TEXT,
    INTERFACE,
    POLICY_MAP,
    Block,
    ConfigTree,
    words_of,
)
from translator.drivers.cisco.entry_order import number_at

__all__ = ["EDIT_ASSUMPTIONS", "Editor", "users_of", "without_number"]

EDIT_ASSUMPTIONS: Final = (
    "a policy that is bound is changed by one command at a time, each at once and as a whole "
    "(unverified; the command reference says that a changed class of an attached policy is "
    "installed anew)",
    "a class entered into a policy stands behind the others, before class-default (unverified)",
    "`no` before an entry of an access list finds it without its sequence number (unverified)",
)
_FREE: Final = ("description", "remark", "!")


@dataclass(frozen=True, slots=True)
class _Undo:
    """What takes one command back; `inside` names the new things that the command concerns."""

    context: tuple[str, ...]
    lines: tuple[str, ...]
    creates: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()


class Editor:
    """Takes commands one by one, as a terminal in configuration mode does.

    Attributes:
        made_of: how a text is taken apart.
        removes: kinds of definitions that may be removed.
    """

    made_of: ClassVar[type[ConfigTree]] = ConfigTree
    removes: ClassVar[tuple[str, ...]] = (ACCESS_LIST, ACCESS_LIST_V6, CLASS_MAP, POLICY_MAP)

    def __init__(self, text: str) -> None:
        self.tree = self.made_of(text)
        self.block: Block | None = None
        self._class: str | None = None
        self._undone: list[_Undo] = []

    @property
    def text(self) -> str:
        """The configuration as it is now."""
        return self.tree.text

    def enter_all(self, commands: Iterable[str]) -> Editor:
        """Take in several commands; see `enter`."""
        for line in commands:
            self.enter(line)
        return self

    def enter(self, line: str) -> None:
        """Take in one command.

        Raises:
            RefusedError: the device would refuse it, or something else would be harmed.
        """
        words = words_of(line)
        if not words or words.startswith("!"):
            return
        negative = words.lower().startswith("no ")
        bare = words[3:] if negative else words
        header = self.tree.header_of(bare)
        if header is not None:
            self._header(bare, header, negative)
        elif self.enter_global(bare, negative):
            self.block = self._class = None
        elif self.block is None:
            raise refused(line, "it stands below no header that is known here")
        else:
            self.enter_below(self.block, bare, negative)

    def undo(self) -> tuple[str, ...]:
        """Return the commands that take back all that was entered, in reverse order."""
        created = {item.creates for item in self._undone if item.creates}
        return joined(
            Step(item.context, item.lines)
            for item in reversed(self._undone)
            if not any(item.inside[:end] in created for end in (1, 2) if item.inside[:end])
        )

    def keep_undo(
        self, context: tuple[str, ...], *lines: str, creates: tuple[str, ...] = ()
    ) -> None:
        """Remember what takes the command back that was just carried out."""
        inside: tuple[str, ...] = ()
        if self.block is not None:
            inside = (f"{self.block.kind} {self.block.name}", self._class or "")
        self._undone.append(_Undo(context, lines, creates, inside))

    def enter_global(self, _bare: str, _negative: bool) -> bool:
        """Take in a line of the platform's own at the top; False for a line of another kind."""
        return False

    def enter_interface(self, block: Block, bare: str, negative: bool) -> None:
        """Take in a line below an interface."""
        words = bare.split()
        if len(words) != 3 or words[0] != "service-policy" or words[1] not in ("input", "output"):
            raise refused(bare, "only service-policy lines are changed below an interface")
        at = next((at for at, known in block.own() if known == bare), None)
        if negative:
            if at is None:
                raise refused(f"no {bare}", f"{block.name} has no such line")
            del block.body[at]
            self.keep_undo((block.head,), f" {bare}")
            return
        if self.tree.find(POLICY_MAP, words[2]) is None:
            raise refused(bare, f"policy-map {words[2]} is not defined")
        for _, known in block.own():
            if known.split()[:2] == words[:2]:
                # Source: ansible/ansible#53862: a new policy is only taken once the old is removed.
                raise refused(bare, f"{block.name} has `{known}`, which must be removed first")
        self._check_attached(words[2])
        block.body.append(f" {bare}")
        self.keep_undo((block.head,), f" no {bare}")

    def _header(self, bare: str, header: tuple[str, str], negative: bool) -> None:
        kind, name = header
        block = self.tree.find(kind, name)
        self.block = self._class = None
        if negative:
            if block is None or kind not in self.removes:
                raise refused(f"no {bare}", "there is no such definition")
            users = [user for user in users_of(self.tree, kind, name) if user is not block]
            if users:
                raise refused(f"no {bare}", f"{users[0].head} uses it")
            self.tree.remove(block)
            lines = [words_of(block.head), *(line.rstrip() for line in block.body)]
            self.keep_undo((), *lines)
            return
        if block is None:
            if kind == INTERFACE:
                raise refused(bare, "the text has no such interface")
            block = Block(bare, kind, name)
            self.tree.add(block)
            self.keep_undo((), f"no {bare}", creates=(f"{kind} {name}",))
        elif kind == CLASS_MAP and ("match-any" in bare) != ("match-any" in block.head):
            raise refused(bare, f"the class-map is `{block.head}`")
        self.block = block

    def enter_below(self, block: Block, bare: str, negative: bool) -> None:
        """Take in a line below a header."""
        if block.kind == INTERFACE:
            self.enter_interface(block, bare, negative)
        elif block.kind == POLICY_MAP:
            self.enter_policy(block, bare, negative)
        elif block.kind == CLASS_MAP:
            self._match(block, bare, negative)
        else:
            self._entry(block, bare, negative)

    def _entry(self, block: Block, bare: str, negative: bool) -> None:
        """Add an entry to a list at its number, or remove one by what it says."""
        number, _ = number_at(bare.lower().split())
        if number is not None and not negative:
            numbers = (number_at(known.lower().split())[0] for _, known in block.statements())
            if number in numbers:
                raise refused(bare, f"{block.head} has an entry of this number already")
        self._line(block, bare, negative, same=without_number)

    def _line(
        self, block: Block, bare: str, negative: bool, same: Callable[[str], str] = words_of
    ) -> None:
        """Add a line behind the others, or remove the one that is the same."""
        wanted = same(bare)
        at = next((at for at, known in block.statements() if same(known) == wanted), None)
        if negative:
            if at is None:
                raise refused(f"no {bare}", f"{block.head} has no such line")
            removed = words_of(block.body.pop(at))
            self.keep_undo((block.head,), f" {removed}")
            return
        if at is not None and not bare.startswith(_FREE):
            raise refused(bare, f"{block.head} has the line already")
        block.body.append(f" {bare}")
        self.keep_undo((block.head,), f" no {bare}")

    def _match(self, block: Block, bare: str, negative: bool) -> None:
        words = bare.split()
        if words[:3] == ["match", "access-group", "name"] and not negative:
            kinds = (ACCESS_LIST, ACCESS_LIST_V6)
            if all(self.tree.find(kind, words[3]) is None for kind in kinds):
                raise refused(bare, f"access list {words[3]} is not defined")
        self._line(block, bare, negative)
        if not has_match(block) and users_of(self.tree, CLASS_MAP, block.name):
            raise refused(f"no {bare}", "a class in use would match nothing that is known")

    def class_in(self, words: list[str]) -> str:
        """Return the name of the class that a line of a policy-map opens, "" for other lines."""
        return words[1] if words[0] == "class" and len(words) == 2 else ""

    def enter_policy(self, block: Block, bare: str, negative: bool) -> None:
        """Take in a line below a policy-map."""
        words = bare.split()
        name = self.class_in(words)
        if name:
            self._policy_class(block, name, negative)
        elif self._class is None:
            if words[0] != "description":
                raise refused(bare, "the line stands in no class")
            self._line(block, bare, negative)
        else:
            self._action(block, self._class, bare, negative)

    def _policy_class(self, block: Block, name: str, negative: bool) -> None:
        bounds = class_bounds(block)
        self._class = None
        if negative:
            if name not in bounds or name == CLASS_DEFAULT:
                raise refused(f"no class {name}", f"{block.head} has no such class to take away")
            start, end = bounds[name]
            removed = [line.rstrip() for line in block.body[start:end]]
            del block.body[start:end]
            self.keep_undo((block.head,), *removed, *self._moved_behind(block, bounds, name))
            return
        if name not in bounds:
            self.check_class(name)
            before = bounds.get(CLASS_DEFAULT, (len(block.body), 0))[0]
            block.body.insert(before, f" class {name}")
            self.keep_undo(
                (block.head,), f" no class {name}", creates=(f"{block.kind} {block.name}", name)
            )
        self._class = name

    def _moved_behind(
        self, block: Block, bounds: dict[str, tuple[int, int]], name: str
    ) -> Iterator[str]:
        """Yield what puts the old classes behind a removed one behind it again, if it comes back.

        What is entered stands last; classes of this session go away again by themselves.
        """
        start, end = bounds[name]
        made = {item.creates for item in self._undone}
        for other, (first, last) in bounds.items():
            new = (f"{block.kind} {block.name}", other) in made
            if first > start and other != CLASS_DEFAULT and not new:
                yield f" no class {other}"
                shift = end - start
                yield from (line.rstrip() for line in block.body[first - shift : last - shift])

    def check_class(self, name: str) -> None:
        """Refuse a class without criteria. Source: IOS command reference, policy-map."""
        if name == CLASS_DEFAULT:
            return
        found = self.tree.find(CLASS_MAP, name)
        if found is None or not has_match(found):
            raise refused(f"class {name}", "its class-map is not defined, or matches nothing yet")

    def _action(self, block: Block, name: str, bare: str, negative: bool) -> None:
        context = (block.head, f" class {name}")
        if not negative and bare.startswith("service-policy "):
            child = bare.rsplit(maxsplit=1)[-1]
            if self.tree.find(POLICY_MAP, child) is None:
                raise refused(bare, f"policy-map {child} is not defined")
        if negative:
            old = remove_action(block, name, bare)
            self.keep_undo(context, *(f"  {line}" for line in old))
            return
        replaced = add_action(block, name, bare)
        self.keep_undo(context, f"  {replaced}" if replaced else f"  no {bare}")
        check_shares(block, bare)

    def _check_attached(self, name: str) -> None:
        block = self.tree.find(POLICY_MAP, name)
        for class_name in class_bounds(block) if block is not None else ():
            self.check_class(class_name)


def has_match(block: Block) -> bool:
    """Whether a class-map has a criterion."""
    return any(words.startswith("match ") for _, words in block.statements())


def without_number(line: str) -> str:
    """Return an entry of an access list without its sequence number."""
    words = line.split()
    if len(words) > 2 and words[0] == "sequence":
        words = words[2:]
    return " ".join(words[1:] if words and words[0].isdigit() else words)


def users_of(tree: ConfigTree, kind: str, name: str) -> list[Block]:
    """Return the blocks that refer to a definition by its name; other kinds share names."""
    return [
        block
        for block in tree.blocks
        if (block.kind, block.name) != (kind, name) and _refers(block, kind, name)
    ]


def _refers(block: Block, kind: str, name: str) -> bool:
    if block.kind == FREE_TEXT or not any(name in line for line in block.lines):
        return False
    lines: Iterator[str] | Sequence[str] = (words for _, words in block.statements())
    if not block.kind:
        lines = [words_of(line) for line in block.lines]
    return any(
        name in line and not line.startswith(_FREE) and _names(line.split(), block.kind, kind, name)
        for line in lines
    )


def _names(words: list[str], where: str, kind: str, name: str) -> bool:
    if name not in words:
        return False
    if kind == POLICY_MAP:
        return "service-policy" in words
    if kind == CLASS_MAP:
        if where == POLICY_MAP:
            return words[:2] == ["class", name]
        return where == CLASS_MAP and "class-map" in words
    if where == CLASS_MAP:
        return "access-group" in words
    return where != POLICY_MAP and not where.startswith(("ip access", "ipv6 access"))
