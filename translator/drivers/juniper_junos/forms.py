"""Both forms in which Junos prints its configuration, and CLI sessions in either, as one tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final

from translator.drivers.juniper_junos import values
from translator.drivers.juniper_junos.statements import statements
from translator.drivers.juniper_junos.tree import MOST_VALUES, SECTIONS, Node, Path, Tree
from translator.errors import ParseError, Where

__all__ = ["deactivated", "flatten", "read_tree", "words_of_line"]

_KEPT: Final = frozenset(
    {
        "apply-groups",
        "bridge-domains",
        "class-of-service",
        "dynamic-profiles",
        "firewall",
        "forwarding-options",
        "groups",
        "interfaces",
        "logical-systems",
        "policy-options",
        "routing-instances",
        "services",
        "vlans",
    }
)
_TAGS: Final = frozenset({"inactive:", "protect:", "replace:", "active:", "unprotect:"})
# A word may hold brackets, as in `ge-0/0/[0-3]`; those of a list stand by themselves.
_WORD: Final = r"[^\s{}\[\];\"]+(?:\[[^\s{}\[\];\"]*\][^\s{}\[\];\"]*)*"
_TOKEN: Final = re.compile(rf'"(?:\\.|[^"\\])*"?|/\*|\*/|{_WORD}|[{{}}\[\];]')
# What a line of one plain statement does not hold; a tag ends in a colon.
_ODD: Final = re.compile(r'["#\[\]{};]|/\*|\*/|^\w+:\s')
_PROMPT: Final = r"(?:\S{1,80}[>#%][ \t]*)?"
_COMMAND: Final = r"(?:set|deactivate|delete)[ \t]+\S[^;{}]*\r?$"
_SET_LINE: Final = re.compile(rf"^[ \t]*{_COMMAND}", re.MULTILINE)
_TYPED_LINE: Final = re.compile(rf"^[ \t]*{_PROMPT}{_COMMAND}", re.MULTILINE)
_PROMPTED: Final = re.compile(rf"{_PROMPT}(\w+)(?:\s+(.*))?$")
# `show` lists the configuration at the prompt of configuration mode, which ends in "#".
_SHOW: Final = re.compile(r"(?:(?:^|[>#%]\s*)show configuration\b|^\s*\S+#\s*show\b)([^|]*)")
# The heading that a session prints: the hierarchy that it stands in.
_HEADING: Final = re.compile(r"^\s*\[edit([^\]]*)\]\s*$")
_NEEDS_QUOTES: Final = re.compile(r'[\s;{}\[\]"]')
# No statement of Junos has more words or stands deeper.
_DEEPEST: Final = 60
_TOO_DEEP: Final = "deeper than any statement of Junos"
_ENDS: Final = frozenset("{};")
# Words that name a list, so that `up` leaves them together with the name behind them.
_LISTS: Final = values.words(
    "filter term family unit policer three-color-policer dscp dscp-ipv6 inet-precedence exp "
    "ieee-802.1 forwarding-class loss-priority prefix-list instance group"
)


def read_tree(text: str, *, file: str, kept: frozenset[str] = _KEPT) -> Tree:
    """Return the tree of a configuration in either form; never fails on text.

    Args:
        kept: top-level words whose statements are wanted.

    Raises:
        ParseError: the input is binary.
    """
    if "\0" in text:
        raise ParseError("this is no text", where=Where(file), hint="give a configuration")
    tree = Tree(kept)
    lines = text.split("\n")
    if _SET_LINE.search(text) or ("# set " in text and _TYPED_LINE.search(text)):
        session = _Session(tree)
        for number, line in enumerate(lines, 1):
            session.read(line, number)
    else:
        _read_curly(tree, lines)
    tree.prune()
    return tree


def flatten(text: str) -> list[str]:
    """Return the `set` lines of a curly text, in its order, one per value.

    Words that need quotes keep them. Comments and tags are left out.
    """
    lines: list[str] = []
    stack = [["set"]]
    for kind, path, _, _ in _events(text.split("\n")):
        if kind == "{":
            stack.append(_longer(stack[-1], path))
        elif kind == ";":
            lines += _longer(stack[-1], path)
        elif len(stack) > 1:
            del stack[-1]
    return lines


def deactivated(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the paths of a curly text that are marked inactive, with the words of `flatten`."""
    stack: list[list[str]] = []
    for kind, path, inactive, _ in _events(text.split("\n")):
        if inactive and all(isinstance(step, str) for step in path):
            words = [_quoted(step) for step in path if isinstance(step, str)]
            yield (*(word for above in stack for word in above), *words)
        if kind == "{":
            stack.append([_quoted(step) for step in path if isinstance(step, str)])
        elif kind == "}":
            del stack[-1:]


def words_of_line(line: str) -> list[str]:
    """Return the words of a `set` line; those in quotes keep them."""
    return _TOKEN.findall(line) if '"' in line else line.split()


def _longer(starts: list[str], path: Path) -> list[str]:
    for step in path:
        words = (step,) if isinstance(step, str) else step
        if len(starts) > 1 and len(starts) * len(words) > MOST_VALUES:
            starts = [f"{start} [ {' '.join(map(_quoted, words))} ]" for start in starts]
            continue
        starts = [f"{start} {_quoted(word)}" for start in starts for word in words]
    return starts


@cache
def _quoted(word: str) -> str:
    return f'"{word}"' if not word or _NEEDS_QUOTES.search(word) else word


def _unquoted(piece: str) -> str:
    if piece.startswith('"'):
        return piece[1:].removesuffix('"').replace('\\"', '"')
    return piece


class _Session:
    """Commands in order: those of `display set`, or typed below `edit` with their prompts."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._base: list[str] = []
        self._left: list[list[str]] = []  # where `exit` goes back to

    def read(self, line: str, number: int) -> None:
        stripped = line.strip()
        verb, _, rest = stripped.partition(" ")
        if verb not in _VERBS:
            heading = _HEADING.match(stripped)
            if heading is not None:
                self._base = heading[1].split()
                return
            prompted = _PROMPTED.match(stripped)
            if prompted is None or prompted[1] not in _VERBS:
                return
            verb, rest = prompted[1], prompted[2] or ""
        _VERBS[verb](self, verb, rest, number)

    def change(self, verb: str, rest: str, number: int) -> None:
        path: Path
        if '"' in rest or "[" in rest:
            path = _path(_TOKEN.findall(rest))
        else:  # nearly all lines
            path = [word for word in rest.split() if word not in "{};"]
        if self._base:
            path = [*self._base, *path]
        first = path[0] if path else ""
        if not isinstance(first, str) or first not in self._tree.kept:
            return
        if len(path) > _DEEPEST:
            self._tree.lost[number] = _TOO_DEEP
            return
        if verb == "set":
            for statement in statements(path):
                self._tree.add(statement, number)
            return
        words = [step for step in path if isinstance(step, str)]
        if first in SECTIONS:
            self._tree.dormant.append(number)
        if verb in ("delete", "del"):
            self._tree.remove(words)
        elif verb == "insert":
            _insert(self._tree, words)
        else:
            node = self._tree.root.get(*words)
            if node is not None:
                node.inactive = verb == "deactivate"
                self._tree.has_inactive = True

    def edit(self, _verb: str, rest: str, _number: int) -> None:
        self._left.append(self._base)
        self._base = [*self._base, *(word.strip('"') for word in rest.split())]

    def top(self, _verb: str, rest: str, number: int) -> None:
        """Go to the top; a command behind `top` is carried out there."""
        before, self._base = self._base, []
        command = rest.partition(" ")[0]
        if command in _VERBS:
            self.read(rest, number)
            if command == "edit":
                self._left[-1] = before
            else:
                self._base = before

    def up(self, _verb: str, rest: str, _number: int) -> None:
        for _ in range(int(rest[:2]) if rest.isdecimal() else 1):
            named = len(self._base) > 1 and self._base[-2] in _LISTS
            self._base = self._base[: -2 if named else -1]

    def exit(self, _verb: str, _rest: str, _number: int) -> None:
        self._base = self._left.pop() if self._left else []

    def lose(self, verb: str, rest: str, number: int) -> None:
        """Record a command that is not followed, where it may concern QoS."""
        path = [*self._base, *rest.split()]
        if any(word in SECTIONS or word == "filter" for word in path):
            self._tree.lost[number] = f"{verb} is not followed"


_VERBS: Final[dict[str, Callable[[_Session, str, str, int], None]]] = {
    **dict.fromkeys(("set", "delete", "del", "deactivate", "activate", "insert"), _Session.change),
    **dict.fromkeys(("rename", "copy", "replace", "wildcard"), _Session.lose),
    "edit": _Session.edit,
    "exit": _Session.exit,
    "top": _Session.top,
    "up": _Session.up,
}


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

    Kinds: "{" opens a hierarchy, "}" closes it, ";" is a statement, "show" a prompt or heading
    that says which hierarchy the listing after it belongs to.
    """
    words: list[str] = []
    comment, depth = False, 0
    for number, line in enumerate(lines, 1):
        text = line.strip()
        end = text[-1:]
        if not words and not comment and end in _ENDS and not _ODD.search(text, 0, len(text) - 1):
            path: Path = [*text[:-1].split()]
            if path or end != ";":
                yield ";" if path and end == "}" else end, path, False, number
            if path and end == "}":
                yield end, [], False, number
            depth = _deeper(depth, end)
            continue
        place = _listing(line)
        if place is not None:
            words, depth = [], 0
            yield "show", [*place], False, number
            continue
        if not depth and words and words[0] not in _KEPT:
            words = []  # a heading or prompt between two listings
        for piece in _TOKEN.findall(line):
            if comment or piece == "/*":
                comment = piece != "*/"
            elif piece[0] == "#":
                break
            elif piece not in _ENDS:
                words.append(piece)
            else:
                yield from _ended(words, piece, number)
                words = []
                depth = _deeper(depth, piece)


def _deeper(depth: int, end: str) -> int:
    return depth + 1 if end == "{" else max(0, depth - 1) if end == "}" else depth


def _ended(words: list[str], end: str, number: int) -> Iterator[tuple[str, Path, bool, int]]:
    """Yield the statement or hierarchy that a sign ends; a last one may lack its semicolon."""
    if words:
        path = _path([word for word in words if word not in _TAGS])
        yield end if end == "{" else ";", path, "inactive:" in words, number
    elif end == "{":
        yield end, [], False, number
    if end == "}":
        yield end, [], False, number


def _listing(line: str) -> list[str] | None:
    """Return the hierarchy that a prompt or heading names; None where the line is neither."""
    if "show" in line and (shown := _SHOW.search(line)):
        words = shown[1].split()
        return [] if "apply-groups" in words else words
    heading = _HEADING.match(line) if "[edit" in line else None
    return None if heading is None else heading[1].split()


def _read_curly(tree: Tree, lines: Sequence[str]) -> None:
    base: Path = []
    stack: list[list[Node]] = []
    for kind, words, inactive, number in _events(lines):
        if kind == "show":
            base = words
            stack.clear()
        elif kind == "}":
            del stack[-1:]
        else:
            path = words if stack or not base else [*base, *words]
            ends = _added(tree, stack, path, number)
            for node in ends if inactive else ():
                node.inactive = tree.has_inactive = True
            if kind == "{":
                stack.append(ends)


def _added(tree: Tree, stack: list[list[Node]], path: Path, number: int) -> list[Node]:
    first = path[0] if path else ""
    start = stack[-1] if stack else [tree.root]
    if not start or not (stack or (isinstance(first, str) and first in tree.kept)):
        return []
    if len(stack) > _DEEPEST or len(path) > _DEEPEST:
        tree.lost[number] = _TOO_DEEP
        return []
    return tree.add(path, number, start) if path else start
