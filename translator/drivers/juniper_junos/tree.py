"""Both forms in which Junos prints its configuration, read into one tree of words.

Curly and set form say the same: a path of words per statement. A node is one word; what follows
it are its children, in the order in which they first appear. That makes the two forms equal by
construction, merges repeated hierarchies as the device does, and keeps the line of every word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from translator.errors import ParseError, Where

__all__ = ["Node", "Tree", "flatten", "read_tree"]

KEPT: Final = frozenset(
    {
        "firewall",
        "class-of-service",
        "interfaces",
        "policy-options",
        "groups",
        "apply-groups",
        "logical-systems",
        "dynamic-profiles",
        "vlans",
    }
)
_SECTIONS: Final = frozenset({"firewall", "class-of-service"})
_TAGS: Final = frozenset({"inactive:", "protect:", "replace:", "active:", "unprotect:"})
_TOKEN: Final = re.compile(r'"(?:\\.|[^"\\])*"?|/\*|\*/|[{}\[\];]|[^\s{}\[\];"]+')
_SET_LINE: Final = re.compile(r"^[ \t]*(?:set|deactivate|delete)[ \t]+\S[^;{}]*\r?$", re.MULTILINE)
_SHOW: Final = re.compile(r"(?:^|[>#%]\s*)show configuration\b([^|]*)")
_NEEDS_QUOTES: Final = re.compile(r'[\s;{}\[\]"]')
_ENDS: Final = frozenset("{};")
_VERBS: Final = frozenset({"set", "delete", "deactivate", "activate", "insert"})


# Words of a statement; a list stands for several values at that place.
Path = list[str | list[str]]


class Node:
    """One word of a statement; `lines` are the text lines that name it, from 1."""

    __slots__ = ("children", "inactive", "inherited", "lines", "read", "word")

    def __init__(self, word: str, *, inherited: bool = False) -> None:
        self.word = word
        self.children: dict[str, Node] = {}
        self.lines: list[int] = []
        self.inactive = False
        self.inherited = inherited
        self.read = False

    def child(self, word: str, line: int) -> Node:
        """Return the child of that word, made if need be."""
        found = self.children.get(word)
        if found is None:
            found = self.children[word] = Node(word)
            found.lines.append(line)
        return found

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
        """Return the one value that is in force here; later ones win, inherited ones lose."""
        own = [node for node in self.each() if not node.inherited]
        if own:
            return own[-1].word
        return next(iter(self.children), None)

    def swallow(self) -> None:
        """Count this word and all below it as understood."""
        self.read = True
        for node in self.children.values():
            node.swallow()

    def all_lines(self) -> list[int]:
        """Return the line numbers of this word and all below it, some more than once."""
        found: list[int] = []
        self._collect(found)
        return found

    def _collect(self, found: list[int]) -> None:
        found += self.lines
        for node in self.children.values():
            node._collect(found)

    def __repr__(self) -> str:
        return f"Node({self.word!r}, {list(self.children)})"


class Tree:
    """The statements of one text, and the lines of QoS sections that are not in force."""

    __slots__ = ("dormant", "root")

    def __init__(self) -> None:
        self.root = Node("")
        self.dormant: list[int] = []

    def add(self, path: Path, line: int, start: list[Node] | None = None) -> list[Node]:
        """Add a statement below some nodes, else below the root; return its ends.

        A list in the path stands for several values at that place.
        """
        ends = [self.root] if start is None else start
        for step in path:
            if isinstance(step, str):
                ends = [node.child(step, line) for node in ends]
            else:
                ends = [node.child(word, line) for node in ends for word in step]
        for node in ends:
            if node.lines and node.lines[-1] != line:
                node.lines.append(line)
        return ends

    def remove(self, path: Sequence[str]) -> None:
        """Forget a statement, as a `delete` does, and every hierarchy that this leaves empty.

        The lines stay known as not in force.
        """
        chain = [self.root]
        for word in path:
            found = chain[-1].children.get(word)
            if found is None:
                return
            chain.append(found)
        for parent, node in zip(chain[-2::-1], chain[:0:-1], strict=True):
            self._drop(parent, node, path[0])
            if parent.children:
                return

    def _drop(self, parent: Node, node: Node, section: str) -> None:
        if section in _SECTIONS:
            self.dormant.extend(node.all_lines())
        del parent.children[node.word]

    def prune(self) -> None:
        """Take out what is marked inactive."""
        for section in tuple(self.root.children.values()):
            if section.inactive:
                self._drop(self.root, section, section.word)
            else:
                self._prune(section, section.word)

    def _prune(self, node: Node, section: str) -> None:
        for child in tuple(node.children.values()):
            if child.inactive:
                self._drop(node, child, section)
            else:
                self._prune(child, section)


def read_tree(text: str, *, file: str) -> Tree:
    """Return the tree of a configuration in either form; never fails on text.

    Raises:
        ParseError: the input is binary.
    """
    if "\0" in text:
        raise ParseError("this is no text", where=Where(file), hint="give a configuration")
    tree = Tree()
    lines = text.split("\n")
    if _SET_LINE.search(text):
        for number, line in enumerate(lines, 1):
            _read_command(tree, line, number)
    else:
        _read_curly(tree, lines)
    tree.prune()
    return tree


def flatten(text: str) -> list[str]:
    """Return the `set` lines of a curly text, in its order, one per value.

    Words that need quotes keep them. Comments and tags are left out.
    """
    lines: list[str] = []
    stack: list[Path] = []
    for kind, words, _, _ in _events(text.split("\n")):
        if kind == "{":
            stack.append(words)
        elif kind == "}":
            del stack[-1:]
        elif kind == ";":
            lines.extend(_set_lines([step for path in (*stack, words) for step in path]))
    return lines


def _set_lines(path: Path) -> Iterator[str]:
    texts = ["set"]
    for step in path:
        words = step if isinstance(step, list) else [step]
        texts = [f"{text} {_quoted(word)}" for text in texts for word in words]
    yield from texts


def _quoted(word: str) -> str:
    return f'"{word}"' if not word or _NEEDS_QUOTES.search(word) else word


def _unquoted(piece: str) -> str:
    if piece.startswith('"'):
        return piece[1:].removesuffix('"').replace('\\"', '"')
    return piece


def _read_command(tree: Tree, line: str, number: int) -> None:
    stripped = line.strip()
    verb, _, rest = stripped.partition(" ")
    if verb not in _VERBS:
        return
    first = rest.lstrip().partition(" ")[0]
    if first not in KEPT:
        return
    path = _path(_TOKEN.findall(rest) if '"' in rest or "[" in rest else rest.split())
    if verb == "set":
        tree.add(path, number)
        return
    words = [step for step in path if isinstance(step, str)]
    if first in _SECTIONS:
        tree.dormant.append(number)
    if verb == "delete":
        tree.remove(words)
    elif verb == "insert":
        _insert(tree, words)
    else:
        node = tree.root.get(*words)
        if node is not None:
            node.inactive = verb == "deactivate"


def _insert(tree: Tree, words: list[str]) -> None:
    """Move a child before or after another one: `insert PATH X before Y`, Y with its keyword."""
    place = next((i for i, word in enumerate(words) if word in ("before", "after")), 0)
    if place < 2:
        return
    parent = tree.root.get(*words[: place - 1])
    name, anchor = words[place - 1], words[-1]
    if parent is None or name not in parent.children or anchor not in parent.children:
        return
    moved = parent.children.pop(name)
    ordered: dict[str, Node] = {}
    for word, node in parent.children.items():
        if word == anchor and words[place] == "before":
            ordered[name] = moved
        ordered[word] = node
        if word == anchor and words[place] == "after":
            ordered[name] = moved
    parent.children = ordered


def _path(pieces: Sequence[str]) -> Path:
    path: Path = []
    values: list[str] | None = None
    for piece in pieces:
        if piece == "[":
            values = []
        elif piece == "]":
            path.append(values or [])
            values = None
        elif values is not None:
            values.append(_unquoted(piece))
        elif piece not in "{};":
            path.append(_unquoted(piece))
    if values:
        path.append(values)
    return path


def _events(lines: Sequence[str]) -> Iterator[tuple[str, Path, bool, int]]:
    """Yield what a curly text says: kind, words, whether marked inactive, and the line.

    Kinds: "{" opens a hierarchy, "}" closes it, ";" is a statement, "show" a prompt that says
    which hierarchy the listing after it belongs to.
    """
    words: list[str] = []
    comment, depth = False, 0
    for number, line in enumerate(lines, 1):
        if "show configuration" in line and (shown := _SHOW.search(line)):
            words, depth = [], 0
            yield "show", [*shown[1].split()], False, number
            continue
        if not depth and words and words[0] not in KEPT:
            words = []  # a heading or prompt between two listings
        for piece in _TOKEN.findall(line):
            if comment or piece == "/*":
                comment = piece != "*/"
            elif piece[0] == "#":
                break
            elif piece not in _ENDS:
                words.append(piece)
            else:
                if words:  # also a last statement without its semicolon
                    path = _path([word for word in words if word not in _TAGS])
                    yield piece if piece == "{" else ";", path, "inactive:" in words, number
                    words = []
                elif piece == "{":
                    yield piece, [], False, number
                if piece == "}":
                    yield piece, [], False, number
                depth = max(0, depth + {"{": 1, "}": -1}.get(piece, 0))


def _read_curly(tree: Tree, lines: Sequence[str]) -> None:
    base: Path = []
    stack: list[list[Node]] = []
    for kind, words, inactive, number in _events(lines):
        if kind == "show":
            base = [] if "apply-groups" in words else words
            stack.clear()
        elif kind == "}":
            del stack[-1:]
        else:
            path = words if stack else [*base, *words]
            ends = _added(tree, stack, path, number)
            for node in ends if inactive else ():
                node.inactive = True
            if kind == "{":
                stack.append(ends)


def _added(tree: Tree, stack: list[list[Node]], path: Path, number: int) -> list[Node]:
    if stack:
        return tree.add(path, number, stack[-1]) if path else stack[-1]
    first = path[0] if path else ""
    return tree.add(path, number) if isinstance(first, str) and first in KEPT else []
