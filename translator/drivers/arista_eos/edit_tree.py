"""An EOS configuration as blocks that can be changed; all else stays as it is, to the byte."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from translator.drivers.arista_eos.freetext import without_free_text
from translator.errors import RefusedError

__all__ = [
    "ACCESS_LIST",
    "ACCESS_LIST_V6",
    "CLASS_MAP",
    "DEFINITIONS",
    "INTERFACE",
    "MAP",
    "POLICY_MAP",
    "REWRITE",
    "Block",
    "ConfigTree",
    "Node",
    "canonical",
    "header_of",
    "slot_of",
]

ACCESS_LIST: Final = "ip access-list"
ACCESS_LIST_V6: Final = "ipv6 access-list"
CLASS_MAP: Final = "class-map"
POLICY_MAP: Final = "policy-map"
INTERFACE: Final = "interface"
MAP: Final = "qos map"
REWRITE: Final = "qos rewrite dscp"
DEFINITIONS: Final = (ACCESS_LIST, ACCESS_LIST_V6, CLASS_MAP, POLICY_MAP)
_OPENING: Final = ("class ", "tx-queue ")
# New blocks of a kind stand behind the last one of these kinds, else before the first interface.
_BEHIND: Final = {
    MAP: (MAP,),
    REWRITE: (REWRITE,),
    ACCESS_LIST: (ACCESS_LIST, ACCESS_LIST_V6),
    ACCESS_LIST_V6: (ACCESS_LIST_V6, ACCESS_LIST),
    CLASS_MAP: (CLASS_MAP,),
    POLICY_MAP: (POLICY_MAP, CLASS_MAP),
}
# What one line sets: entering another with the same words replaces it.
_SLOTS: Final = (
    "service-policy type qos input", "service-profile", "qos trust", "qos cos", "qos dscp",
    "shape rate", "priority", "bandwidth percent", "bandwidth guaranteed", "set dscp", "set cos",
    "set traffic-class", "set drop-precedence", "police", "match",
)  # fmt: skip
_SPELLINGS: Final = (
    (
        re.compile(r"^policy-map (?:type qos )?(?!type )(\S+)$"),
        r"policy-map type quality-of-service \1",
    ),
    (re.compile(r"^policy-map type qos (\S+)$"), r"policy-map type quality-of-service \1"),
    (re.compile(r"^class-map match-any (\S+)$"), r"class-map type qos match-any \1"),
    (re.compile(r"^service-policy input (\S+)$"), r"service-policy type qos input \1"),
)


def canonical(line: str) -> str:
    """Return a line with single blanks, in the spelling of current releases."""
    words = " ".join(line.split())
    for pattern, spelling in _SPELLINGS:
        if words.startswith(("policy-map", "class-map", "service-policy")):
            words = pattern.sub(spelling, words)
    return words


def header_of(words: str) -> tuple[str, str] | None:
    """Return the kind and name of the block that a canonical line is, or opens; None for others.

    Each line of a map is a block of its own, named by all its words.
    """
    parts = words.split()
    if len(parts) == 2 and parts[0] == INTERFACE:
        return INTERFACE, parts[1]
    if len(parts) == 3 and parts[1] == "access-list" and parts[0] in ("ip", "ipv6"):
        return f"{parts[0]} access-list", parts[2]
    if len(parts) == 5 and parts[:4] == ["class-map", "type", "qos", "match-any"]:
        return CLASS_MAP, parts[4]
    if len(parts) == 4 and parts[:3] == ["policy-map", "type", "quality-of-service"]:
        return POLICY_MAP, parts[3]
    if words.startswith(f"{MAP} "):
        return MAP, words
    return (REWRITE, REWRITE) if words == REWRITE else None


def slot_of(words: str) -> str:
    """Return what a line sets: its first words, the number of an entry, else all of it."""
    bare = words.removeprefix("no ")
    for slot in _SLOTS:
        if bare == slot or bare.startswith(f"{slot} "):
            return slot
    first = words.split(" ", 1)[0]
    return first if first.isdigit() else words


@dataclass(slots=True)
class Node:
    """A line, and what stands below it."""

    text: str
    below: list[Node] = field(default_factory=list)

    @property
    def opens(self) -> bool:
        """Whether lines may stand below it, even where none do."""
        return bool(self.below) or self.text.startswith(_OPENING)

    def at(self, slot: str) -> Node | None:
        """Return the line that sets something, None where none does."""
        return next((item for item in self.below if slot_of(item.text) == slot), None)

    def lines(self, depth: int) -> Iterator[str]:
        """Yield the lines below it as EOS prints them: a `!` sets off each that opens something."""
        for number, item in enumerate(self.below):
            if item.opens and number:
                yield f"{'   ' * depth}!"
            yield f"{'   ' * depth}{item.text}"
            yield from item.lines(depth + 1)

    def same(self, other: Node) -> bool:
        """Whether the same stands below both."""
        return [(x.text, _tree(x)) for x in self.below] == [(x.text, _tree(x)) for x in other.below]


def _tree(node: Node) -> tuple[object, ...]:
    return tuple((item.text, _tree(item)) for item in node.below)


@dataclass(slots=True)
class Block:
    """A line at the margin and what stands below it; `kind` is "" where nothing can be edited."""

    raw: list[str]
    kind: str = ""
    name: str = ""
    node: Node = field(default_factory=lambda: Node(""))
    changed: bool = False

    @property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return [self.node.text, *self.node.lines(1)] if self.changed else self.raw


class ConfigTree:
    """The blocks of a running configuration, in its order.

    Raises:
        RefusedError: the text is none that a device printed: its indentation is lost.
    """

    def __init__(self, text: str) -> None:
        self._eol = "\r\n" if "\r\n" in text else "\n"
        shown, _ = without_free_text(text.replace("\r\n", "\n"))
        self.blocks = list(_blocks(text.replace("\r\n", "\n").split("\n"), shown.split("\n")))
        classes = [block for block in self.blocks if block.kind == CLASS_MAP]
        if classes and not any(block.node.below for block in classes):
            raise RefusedError(
                "the text is typed or pasted, not printed by a device: its indentation is lost",
                hint="give the output of `show running-config` as it is",
            )

    @property
    def text(self) -> str:
        """The text with all changes."""
        return self._eol.join(line for block in self.blocks for line in block.lines)

    def of(self, *kinds: str) -> list[Block]:
        """Return the blocks of some kinds, in their order."""
        return [block for block in self.blocks if block.kind in kinds]

    def find(self, kind: str, name: str) -> Block | None:
        """Return a block; interfaces are found in any case of letters."""
        wanted = name.lower() if kind == INTERFACE else name
        for block in self.of(kind):
            if (block.name.lower() if kind == INTERFACE else block.name) == wanted:
                return block
        return None

    def add(self, block: Block) -> None:
        """Put a new block where the device prints those of its kind."""
        at = self._place(block.kind)
        alone = block.kind in (MAP, REWRITE)
        self.blocks[at:at] = [block] if alone else [block, Block(["!"])]

    def remove(self, block: Block) -> None:
        """Take a block away, with the `!` that sets it off."""
        at = self.blocks.index(block)
        del self.blocks[at]
        if block.kind not in (MAP, REWRITE) and self.blocks[at : at + 1] == [Block(["!"])]:
            del self.blocks[at]

    def _place(self, kind: str) -> int:
        for other in _BEHIND.get(kind, ()):
            found = [at for at, block in enumerate(self.blocks) if block.kind == other]
            if found:
                behind = found[-1] + 1
                return behind + (kind not in (MAP, REWRITE) and self._is_bar(behind))
        for at, block in enumerate(self.blocks):
            if block.kind == INTERFACE or block.raw[:1] == ["end"]:
                return at
        return len(self.blocks)

    def _is_bar(self, at: int) -> bool:
        return at < len(self.blocks) and self.blocks[at].raw[:1] == ["!"]


def _blocks(raw: list[str], shown: list[str]) -> Iterator[Block]:
    """Yield blocks whose lines, joined, are the text again."""
    current: Block | None = None
    for line, seen in zip(raw, shown, strict=True):
        if seen[:1] in (" ", "\t") and current is not None and seen.strip():
            current.raw.append(line)
            continue
        if current is not None:
            yield _finished(current)
        current = None
        if not seen.strip() or seen.startswith("!"):
            yield Block([line])
        else:
            current = Block([line])
    if current is not None:
        yield _finished(current)


def _finished(block: Block) -> Block:
    words = canonical(block.raw[0])
    header = header_of(words)
    if header is not None:
        block.kind, block.name = header
        block.node = Node(words, _nested(block.raw[1:]))
    return block


def _nested(lines: Iterable[str]) -> list[Node]:
    root = Node("")
    above: list[tuple[int, Node]] = [(-1, root)]
    for line in lines:
        words = canonical(line)
        if not words or words.startswith("!"):
            continue
        depth = len(line) - len(line.lstrip())
        while above[-1][0] >= depth:
            above.pop()
        node = Node(words)
        above[-1][1].below.append(node)
        above.append((depth, node))
    return root.below
