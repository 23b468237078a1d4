"""What commands make of an EOS configuration: the model of a session that is committed as a whole.

The model refuses more than a switch may: whatever is not known to be taken is a `RefusedError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from translator.drivers.arista_eos.edit_maps import Key, entries_of, map_lines
from translator.drivers.arista_eos.edit_tree import (
    ACCESS_LIST,
    ACCESS_LIST_V6,
    CLASS_MAP,
    INTERFACE,
    MAP,
    POLICY_MAP,
    REWRITE,
    Block,
    ConfigTree,
    Node,
    canonical,
    header_of,
    slot_of,
)
from translator.drivers.arista_eos.edit_users import users_of
from translator.errors import RefusedError

__all__ = ["EDIT_ASSUMPTIONS", "Session", "entries_in"]

EDIT_ASSUMPTIONS: Final = (
    "all commands are entered into one configuration session and committed at once "
    "(`configure session`, `commit timer`)",
    "the forwarding plane takes over a commit without a moment between old and new (unverified)",
    "a class entered into a policy stands behind the others, before class-default (unverified)",
    "`no qos map ... to traffic-class` gives its values their default back (unverified)",
)
_DEFAULT_CLASS: Final = "class class-default"
# A setting, not the absence of one. Source: `show running-config` prints these lines.
_SETTINGS: Final = ("no priority", "no qos trust")
_STRICT: Final = "priority strict"
_ALLOWED: Final = {
    INTERFACE: ("service-policy type qos input", "qos trust", "shape rate"),
    "tx-queue": ("priority", "bandwidth percent", "bandwidth guaranteed", "shape rate"),
    CLASS_MAP: ("match",),
    "class": ("set dscp", "set traffic-class", "set cos", "set drop-precedence"),
}


class Session:
    """Takes commands one by one; `text` is the configuration when they are committed."""

    def __init__(self, text: str) -> None:
        self.tree = ConfigTree(text)
        self._block: Block | None = None
        self._inner: Node | None = None

    @property
    def text(self) -> str:
        """The configuration as it is now."""
        return self.tree.text

    def enter_all(self, commands: Iterable[str]) -> Session:
        """Take in several commands and check what they name.

        Raises:
            RefusedError: a command would be refused, or refers to what is not defined.
        """
        dangling = set(_dangling(self.tree))
        for line in commands:
            self.enter(line)
        self._leave()
        for what in _dangling(self.tree):
            if what not in dangling:
                raise _refused(what[0], f"{what[1]} is not defined")
        return self

    def enter(self, line: str) -> None:
        """Take in one command.

        Raises:
            RefusedError: see `enter_all`.
        """
        words = canonical(line)
        if not words or words.startswith("!"):
            return
        negative = words.startswith(("no ", "default ")) and words not in _SETTINGS
        bare = canonical(words.split(" ", 1)[1]) if negative else words
        header = header_of(bare)
        if header is not None:
            self._header(bare, header, negative)
        elif self._block is None:
            raise _refused(line, "it stands below no header that is known here")
        elif self._block.kind in (ACCESS_LIST, ACCESS_LIST_V6):
            self._entry(self._block, bare, negative)
        else:
            self._below(self._block, bare, negative)

    def _leave(self) -> None:
        """Leave the block that is open; queues of which nothing is said are not printed."""
        if self._block is not None and self._block.kind == INTERFACE:
            node = self._block.node
            node.below = [
                item for item in node.below if item.below or not item.text.startswith("tx-queue ")
            ]
        self._block = self._inner = None

    def _header(self, bare: str, header: tuple[str, str], negative: bool) -> None:
        kind, name = header
        self._leave()
        if kind == MAP:
            self._map(bare, negative)
            return
        block = self.tree.find(kind, name)
        if negative:
            if block is None or kind == INTERFACE:
                raise _refused(f"no {bare}", "there is no such definition")
            self.tree.remove(block)
            return
        if block is None:
            if kind == INTERFACE:
                raise _refused(bare, "the text has no such interface")
            block = Block([bare], kind, name, Node(bare))
            self.tree.add(block)
        self._block = None if kind == REWRITE else block

    def _map(self, bare: str, negative: bool) -> None:
        entries = entries_of(bare)
        known = entries_in(self.tree)
        if negative:
            gone = [key for key in entries if key in known]
            if not gone:
                raise _refused(f"no {bare}", "no line maps these values")
            known = {key: item for key, item in known.items() if key not in gone}
        else:
            known |= entries
        understood = [block for block in self.tree.of(MAP) if _is_understood(block)]
        at = self.tree.blocks.index(understood[0]) if understood else None
        for block in understood:
            self.tree.remove(block)
        made = [Block([line], MAP, line, Node(line)) for line in map_lines(known)]
        if at is None:
            for block in made:
                self.tree.add(block)
        else:
            self.tree.blocks[at:at] = made

    def _entry(self, block: Block, bare: str, negative: bool) -> None:
        number = bare.split(" ", 1)[0]
        if not number.isdigit():
            raise _refused(bare, "an entry is named by its number here")
        known = block.node.at(number)
        if not block.changed:
            for user in users_of(self.tree, block.kind, block.name):
                if user.kind != CLASS_MAP:
                    raise _refused(bare, f"`{user.raw[0].strip()}` uses {block.node.text}")
        if negative:
            if known is None:
                raise _refused(f"no {bare}", f"{block.node.text} has no such entry")
            block.node.below.remove(known)
        elif known is not None:
            raise _refused(bare, f"{block.node.text} has an entry of this number already")
        else:
            block.node.below.append(Node(bare))
            block.node.below.sort(key=_number_of)
        block.changed = True

    def _below(self, block: Block, bare: str, negative: bool) -> None:
        opening = {POLICY_MAP: "class ", INTERFACE: "tx-queue "}.get(block.kind, "\n")
        if bare.startswith(opening):
            self._open(block, bare, negative)
            return
        kind = block.kind if self._inner is None else self._inner.text.split()[0]
        if slot_of(bare) not in _ALLOWED.get(kind, ()):
            raise _refused(bare, f"this line of {block.node.text} is not changed here")
        self._set(block, self._inner or block.node, bare, negative)

    def _open(self, block: Block, bare: str, negative: bool) -> None:
        found = next((item for item in block.node.below if item.text == bare), None)
        self._inner = None
        if negative:
            if found is None or bare == _DEFAULT_CLASS or block.kind == INTERFACE:
                raise _refused(f"no {bare}", f"{block.node.text} has none to take away")
            block.node.below.remove(found)
            block.changed = True
            return
        if found is None:
            found = Node(bare)
            _insert(block.node.below, found)
            block.changed = block.changed or block.kind == POLICY_MAP
        self._inner = found

    def _set(self, block: Block, where: Node, bare: str, negative: bool) -> None:
        slot = slot_of(bare)
        known = where.at(slot)
        block.changed = True
        # A strict queue is the default, which is not printed.
        if negative or bare == _STRICT:
            if known is not None:
                where.below.remove(known)
            elif negative:
                raise _refused(f"no {bare}", f"{where.text} has no such line")
        elif known is not None:
            known.text = bare
        else:
            at = next((n for n, item in enumerate(where.below) if item.opens), len(where.below))
            where.below.insert(at, Node(bare))


def entries_in(tree: ConfigTree) -> dict[Key, str]:
    """Return all that the maps of a text say; lines that are not understood are left out."""
    found: dict[Key, str] = {}
    for block in filter(_is_understood, tree.of(MAP)):
        found |= entries_of(block.node.text)
    return found


def _is_understood(block: Block) -> bool:
    try:
        return bool(entries_of(block.node.text))
    except RefusedError:
        return False


def _insert(below: list[Node], node: Node) -> None:
    """Put a class before class-default, a queue in its place by number."""
    if node.text.startswith("tx-queue "):
        at = next(
            (
                at
                for at, item in enumerate(below)
                if item.text.startswith("tx-queue ") and _queue(item) > _queue(node)
            ),
            len(below),
        )
    else:
        at = next((at for at, item in enumerate(below) if item.text == _DEFAULT_CLASS), len(below))
    below.insert(at, node)


def _queue(node: Node) -> str:
    return node.text.rpartition(" ")[2]


def _number_of(node: Node) -> int:
    first = node.text.split(" ", 1)[0]
    return int(first) if first.isdigit() else 0


def _dangling(tree: ConfigTree) -> Iterator[tuple[str, str]]:
    """Yield references to what is not defined: who refers, and to what."""
    for block in tree.of(CLASS_MAP, POLICY_MAP, INTERFACE):
        for item in block.node.below:
            words = item.text.split()
            needed = _needs(block.kind, words)
            if needed is not None and tree.find(*needed) is None:
                yield item.text, f"{needed[0]} {needed[1]}"


def _needs(kind: str, words: list[str]) -> tuple[str, str] | None:
    if kind == CLASS_MAP and words[2:3] == ["access-group"] and words[1] in ("ip", "ipv6"):
        return f"{words[1]} access-list", words[-1]
    if kind == POLICY_MAP and words[:1] == ["class"] and words[-1] != "class-default":
        return CLASS_MAP, words[-1]
    if kind == INTERFACE and words[:4] == ["service-policy", "type", "qos", "input"]:
        return POLICY_MAP, words[-1]
    return None


def _refused(line: str, why: str) -> RefusedError:
    return RefusedError(f"`{line.strip()}` is refused: {why}", hint="nothing was changed")
