"""A configuration as a tree of words, which both forms of Junos are read into.

A node is one word; what follows it are its children, in the order in which they first appear; a
value that is set once more stands last.
That makes the two forms equal by construction, merges repeated hierarchies as the device does,
and keeps the line of every word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

__all__ = ["APPLY", "APPLY_EXCEPT", "MOST_VALUES", "SECTIONS", "Node", "Path", "Tree", "in_force"]

SECTIONS: Final = frozenset({"firewall", "class-of-service"})

APPLY: Final = "apply-groups"
APPLY_EXCEPT: Final = "apply-groups-except"

# Lists of several values in one statement stand for no more statements than this.
MOST_VALUES: Final = 10_000

# Statements that stand around one that a command moves or copies, of all such commands.
MOST_MOVES: Final = 1_000_000
_COPY: Final = 40  # times the work of a move

# Below these stand names of what has a meaning without contents, too.
_NAMING: Final = frozenset(
    {"filter", "policer", "prefix-list", "scheduler-maps", "schedulers", "term"}
)
_LEFT_EMPTY: Final = _NAMING | {"interfaces", "unit"}
# There `filter` is followed by a direction.
_PLACED: Final = frozenset({"forwarding-options", "interfaces", "vlans", "bridge-domains"})
# Names below these stand in an order that has a meaning.
_IN_ORDER: Final = frozenset({"term", "input-list", "output-list", APPLY, APPLY_EXCEPT})

# Words of a statement; a list stands for several values at that place.
Path = list[str | list[str]]


class Node:
    """One word of a statement; `lines` are the text lines that name it, from 1.

    Where groups and ranges say the same of many interfaces, one node is `shared` by all: what
    changes it then changes a copy, and reading it once is reading it everywhere.
    """

    __slots__ = ("children", "inactive", "inherited", "lines", "read", "shared", "word")

    def __init__(self, word: str, *, inherited: bool = False) -> None:
        self.word = word
        self.children: dict[str, Node] = {}
        self.lines: list[int] = []
        self.inactive = False
        self.inherited = inherited
        self.read = False
        self.shared = False

    def child(self, word: str, line: int) -> Node:
        """Return the child of that word, made if need be."""
        found = self.children.get(word)
        if found is None:
            found = self.children[word] = Node(word)
            found.lines.append(line)
        return found

    def share(self) -> Node:
        """Return this node, which from here on stands below several others."""
        self.shared = True
        return self

    def renamed(self, word: str) -> Node:
        """Return a copy under that word, which shares what stands below."""
        copy = Node(word, inherited=self.inherited)
        copy.lines = [*self.lines]
        copy.children = {name: child.share() for name, child in self.children.items()}
        return copy

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending += node.children.values()

    def copy(self, word: str, line: int) -> Node:
        """Return a copy of it and all below under another name, which is also of that line."""
        copy = Node(word)
        copy.lines = [*self.lines, line]
        copy.inactive = self.inactive
        copy.children = {name: child.copy(name, line) for name, child in self.children.items()}
        return copy

    def own(self, word: str) -> Node:
        """Return the child of that word to be changed: a copy where others share it."""
        if self.children[word].shared:
            self.children[word] = self.children[word].renamed(word)
        return self.children[word]

    def get(self, *path: str) -> Node | None:
        """Return the node below this one, without counting it as understood."""
        node: Node | None = self
        for word in path:
            node = None if node is None else node.children.get(word)
        return node

    def take(self, *path: str) -> Node | None:
        """Return the node below this one and count the words up to it as understood."""
        node: Node | None = self
        for word in path:
            node = None if node is None else node.children.get(word)
            if node is not None:
                node.read = True
        return node

    def each(self) -> Iterator[Node]:
        """Yield the children and count each word (not what follows it) as understood."""
        for node in tuple(self.children.values()):
            node.read = True
            yield node

    def below(self, *path: str) -> Iterator[Node]:
        """Yield what stands below a path, if it is there, counted as understood."""
        found = self.take(*path)
        return iter(()) if found is None else found.each()

    def value(self) -> str | None:
        """Return the one value that is in force here."""
        found = in_force([*self.each()])
        return None if found is None else found.word

    def swallow(self) -> None:
        """Count this word and all below it as understood."""
        self.read = True
        for node in self.children.values():
            node.swallow()

    def all_lines(self) -> list[int]:
        """Return the line numbers of this word and all below it, some more than once."""
        found: list[int] = []
        pending = [self]  # spelled out: it is asked for much
        while pending:
            node = pending.pop()
            found += node.lines
            pending += node.children.values()
        return found

    def __repr__(self) -> str:
        return f"Node({self.word!r}, {list(self.children)})"


def in_force(nodes: Sequence[Node]) -> Node | None:
    """Return that of a choice which holds: the last one, unless all are inherited; else the first.

    Source: Junos CLI guide, "configuration groups": an earlier group wins over a later one.
    """
    own = [node for node in nodes if not node.inherited]
    return own[-1] if own else next(iter(nodes), None)


class Tree:
    """The statements of one text.

    Attributes:
        applies_below: whether anything but the whole configuration ever applied a group, or kept
            one out.
        kept: top-level words whose statements are kept.
        dormant: lines of QoS sections that are not in force.
        has_inactive: whether something was ever marked inactive.
        lost: lines that change the tree in a way that was not followed, with the reason.
    """

    __slots__ = ("_moves", "applies_below", "dormant", "has_inactive", "kept", "lost", "root")

    def __init__(self, kept: frozenset[str] = frozenset()) -> None:
        self._moves = MOST_MOVES
        self.kept = kept
        self.root = Node("")
        self.dormant: list[int] = []
        self.applies_below = False
        self.has_inactive = False
        self.lost: dict[int, str] = {}

    def add(self, path: Path, line: int, start: list[Node] | None = None) -> list[Node]:
        """Add a statement below some nodes, else below the root; return its ends.

        A list in the path stands for several values at that place.
        """
        ends = [self.root] if start is None else start
        if APPLY_EXCEPT in path or (APPLY in path and (path[0] != APPLY or ends != [self.root])):
            self.applies_below = True
        found: Node | None = None
        for step in path:
            if isinstance(step, str):
                if len(ends) == 1:
                    found = ends[0].children.get(step)
                    ends = [ends[0].child(step, line) if found is None else found]
                else:
                    found = None
                    ends = [node.child(step, line) for node in ends]
            elif len(ends) > 1 and len(ends) * len(step) > MOST_VALUES:
                self.lost[line] = "stands for more statements than any of Junos"
                return []
            else:
                found = None
                ends = [node.child(word, line) for node in ends for word in step]
        for node in ends:
            if node.lines and node.lines[-1] != line:
                node.lines.append(line)
        if found is not None and not found.children:
            self._set_again(path, [self.root] if start is None else start)
        return ends

    def _set_again(self, path: Path, start: list[Node]) -> None:
        """Make a value that was there before the latest, as it is after another stood there.

        Lists keep their order, of which only those that matter are told apart.
        """
        names = [step for step in path if isinstance(step, str)]
        chain = start[:1]
        for word in names:
            chain.append(chain[-1].children[word])
        if len(start) > 1 or len(names) < len(path):
            return
        for parent, node in zip(chain[-2:-4:-1], chain[:-3:-1], strict=False):
            if parent.word in _IN_ORDER:
                return
            parent.children[node.word] = parent.children.pop(node.word)

    def move(self, parent: Node, name: str, anchor: str, *, behind: bool) -> bool:
        """Move a child to where another one is; False where no more is moved."""
        children = parent.children
        if name == anchor or name not in children or anchor not in children:
            return True
        self._moves -= len(children)
        if self._moves < 0:
            return False
        moved = children.pop(name)
        ordered: dict[str, Node] = {}
        for word, node in children.items():
            if word != anchor:
                ordered[word] = node
            elif behind:
                ordered |= {word: node, name: moved}
            else:
                ordered |= {name: moved, word: node}
        parent.children = ordered
        return True

    def name(self, path: Sequence[str], new: str, *, copying: bool, line: int) -> bool:
        """Give a node another name in its place, or put a copy of it last; whether it was done."""
        parent = self.root.get(*path[:-1])
        node = None if parent is None else parent.children.get(path[-1])
        if parent is None or node is None or new in parent.children or self._moves < 0:
            return False
        if copying:
            self._moves -= _COPY * sum(1 for _ in node.walk())
            if self._moves >= 0:
                parent.children[new] = node.copy(new, line)
            return self._moves >= 0
        self._moves -= len(parent.children)
        if self._moves < 0:
            return False
        node.word = new
        node.lines.append(line)
        parent.children = {child.word: child for child in parent.children.values()}
        return True

    def remove(self, path: Sequence[str]) -> None:
        """Forget a statement, as a `delete` does, and every hierarchy that this leaves empty.

        What has a name of its own stays without contents, as `term A;`: only containers go with
        what is in them. The lines stay known as not in force.
        """
        chain = [self.root]
        for word in path:
            found = chain[-1].children.get(word)
            if found is None:
                return
            chain.append(found)
        for parent, node in zip(chain[-2::-1], chain[:0:-1], strict=True):
            if node is not chain[-1] and parent.word in _NAMING and _PLACED.isdisjoint(path):
                return
            self._drop(parent, node, path[0])
            if parent.children:
                return

    def _drop(self, parent: Node, node: Node, section: str) -> None:
        if section in SECTIONS:
            self.dormant.extend(node.all_lines())
        del parent.children[node.word]

    def prune(self) -> None:
        """Take out what is marked inactive."""
        if not self.has_inactive:
            return
        for section in tuple(self.root.children.values()):
            if section.inactive:
                self._drop(self.root, section, section.word)
            else:
                self._prune(section, section.word)

    def _prune(self, node: Node, section: str) -> None:
        for child in tuple(node.children.values()):
            if child.inactive:
                self._drop(node, child, section)
            elif child.children:
                self._prune(child, section)
                if not child.children and node.word not in _LEFT_EMPTY:
                    self._drop(node, child, section)  # as where a `delete` leaves nothing
