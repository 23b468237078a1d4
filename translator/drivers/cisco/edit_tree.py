"""A Cisco configuration as blocks of raw lines that can be changed; all else stays as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final

from translator.drivers.cisco.freetext import FreeTexts, may_begin_free_text
from translator.drivers.cisco.pasted import pasted
from translator.errors import RefusedError

__all__ = ["FREE_TEXT", "Block", "ConfigTree", "depth", "header_of", "words_of"]

ACCESS_LIST: Final = "ip access-list extended"
ACCESS_LIST_V6: Final = "ipv6 access-list"
CLASS_MAP: Final = "class-map"
POLICY_MAP: Final = "policy-map"
INTERFACE: Final = "interface"
FREE_TEXT: Final = "free text"

_TYPES: Final = frozenset({"match-any", "match-all"})
# New blocks of a kind stand behind the last one of these kinds, else before the first of those.
_BEHIND: Final = {
    ACCESS_LIST: (ACCESS_LIST, ACCESS_LIST_V6),
    ACCESS_LIST_V6: (ACCESS_LIST_V6, ACCESS_LIST),
    CLASS_MAP: (CLASS_MAP,),
    POLICY_MAP: (POLICY_MAP, CLASS_MAP),
}
_BEFORE: Final = re.compile(r"(?:interface|router|line|end)\b")


def depth(line: str) -> int:
    """Return the blanks that a line begins with."""
    return len(line) - len(line.lstrip())


@lru_cache(maxsize=1 << 14)  # the devices of a fleet share most of their lines
def words_of(line: str) -> str:
    """Return a line with single blanks, as two spellings of it are compared."""
    return " ".join(line.split())


@lru_cache(maxsize=1 << 14)
def header_of(line: str) -> tuple[str, str] | None:
    """Return the kind and name of the block that a line opens; None for other lines."""
    words = line.split()
    keys = [word.lower() for word in words]
    if len(words) >= 2 and keys[0] == INTERFACE and keys[1] != "range":
        return INTERFACE, "".join(words[1:3]) if words[2:3] and words[2][0].isdigit() else words[1]
    if len(words) == 4 and keys[:3] == ACCESS_LIST.split():
        return ACCESS_LIST, words[3]
    if len(words) == 3 and keys[:2] == ACCESS_LIST_V6.split():
        return ACCESS_LIST_V6, words[2]
    if len(words) == 2 and keys[0] in (CLASS_MAP, POLICY_MAP):
        return keys[0], words[1]
    if len(words) == 3 and keys[0] == CLASS_MAP and keys[1] in _TYPES:
        return CLASS_MAP, words[2]
    return None


@dataclass(slots=True)
class Block:
    """A header and the raw lines below it; `kind` is "" where nothing can be edited.

    Lines of a banner are blocks of free text, which name nothing.
    """

    head: str
    kind: str = ""
    name: str = ""
    body: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """The raw lines, the header first."""
        return [self.head, *self.body]

    def statements(self) -> Iterator[tuple[int, str]]:
        """Yield position and words of the lines below the header that are no comments."""
        for at, raw in enumerate(self.body):
            words = words_of(raw)
            if words and not words.startswith("!"):
                yield at, words

    def placed(self) -> Iterator[tuple[int, str, str]]:
        """Yield position and words of each statement and, where it stands below another one of the
        body (`pvc 1/100`, `service instance 10 ethernet`), the words of that, else "".
        """
        own, opener = -1, ""
        for at, words in self.statements():
            own = depth(self.body[at]) if own < 0 else own  # nothing opens the first one
            if depth(self.body[at]) <= own:
                opener = words
                yield at, words, ""
            else:
                yield at, words, opener

    def own(self) -> Iterator[tuple[int, str]]:
        """Yield position and words of the statements that stand below no other one."""
        return ((at, words) for at, words, opener in self.placed() if not opener)


class ConfigTree:
    """The blocks of a running configuration, in its order.

    Raises:
        RefusedError: the text is none that a device printed: its indentation is lost.
    """

    @staticmethod
    def header_of(line: str) -> tuple[str, str] | None:
        """Return the kind and name of the block that a line opens; None for other lines."""
        return header_of(line)

    def __init__(self, text: str) -> None:
        self._eol = "\r\n" if "\r\n" in text else "\n"
        raw = [line.rstrip("\r") for line in text.split("\n")]
        shown = pasted(text)
        if shown.flat and self._has_bodies(shown.lines):
            raise RefusedError(
                "the text is typed or pasted, not printed by a device: its indentation is lost",
                hint="give the output of `show running-config` as it is",
            )
        self.blocks: list[Block] = list(_blocks(raw, self.header_of))
        self._by_name: dict[tuple[str, str], Block] = {}
        for block in self.blocks:
            if block.kind and block.kind != FREE_TEXT:
                self._by_name.setdefault(_key(block.kind, block.name), block)

    def _has_bodies(self, lines: Sequence[str]) -> bool:
        """Whether a line stands right below a header, and is none itself."""
        return any(
            below.strip() and not below.startswith("!") and self.header_of(below) is None
            for line, below in pairwise(lines)
            if self.header_of(line) is not None
        )

    @property
    def text(self) -> str:
        """The text with all changes; untouched lines are as they were, to the byte."""
        return self._eol.join(line for block in self.blocks for line in block.lines)

    def of(self, kind: str) -> Iterator[Block]:
        """Yield the blocks of a kind."""
        return (block for block in self.blocks if block.kind == kind)

    def find(self, kind: str, name: str) -> Block | None:
        """Return a block; interfaces are found in any case of letters."""
        return self._by_name.get(_key(kind, name))

    def is_named(self, kind: str, name: str) -> bool:
        """Whether a definition of the kind, or of a sibling that shares its names, is called so.

        Lists of all kinds share their names; so may class-maps and policy-maps of all types.
        """
        word = "access-list" if "access-list" in kind else kind
        return any(
            block.head.split()[-1:] == [name] and word in block.head.split()[:2]
            for block in self.blocks
            if block.kind != FREE_TEXT
        )

    def add(self, block: Block) -> None:
        """Put a new block where the device prints those of its kind."""
        self.blocks.insert(self._place(block.kind), block)
        self._by_name[_key(block.kind, block.name)] = block

    def remove(self, block: Block) -> None:
        """Take a block away."""
        self.blocks.remove(block)
        del self._by_name[_key(block.kind, block.name)]

    def _place(self, kind: str) -> int:
        for other in _BEHIND.get(kind, ()):
            found = [at for at, block in enumerate(self.blocks) if block.kind == other]
            if found:
                return found[-1] + 1
        starts = [
            at
            for at, block in enumerate(self.blocks)
            if _BEFORE.match(block.head) and block.kind != FREE_TEXT
        ]
        if kind in (ACCESS_LIST, ACCESS_LIST_V6):  # printed behind the interfaces
            starts = [at for at in starts if self.blocks[at].head.startswith(("line", "end"))]
        if starts:
            return starts[0]
        return len(self.blocks) - (not self.blocks[-1].head if self.blocks else 0)


def _key(kind: str, name: str) -> tuple[str, str]:
    return kind, name.lower() if kind == INTERFACE else name


def _blocks(raw: list[str], header_of: Callable[[str], tuple[str, str] | None]) -> Iterator[Block]:
    """Yield blocks whose lines, joined, are the text again."""
    current: Block | None = None
    free_texts, free_until = FreeTexts(raw), 0
    for number, line in enumerate(raw, 1):
        if number <= free_until:
            yield Block(line, FREE_TEXT)
            continue
        if line[:1] in (" ", "\t") and current is not None:
            current.body.append(line)
            continue
        if current is not None:
            yield current
        current = None
        if not line.strip() or line.startswith("!"):
            yield Block(line)
            continue
        if may_begin_free_text(line):
            free_until = free_texts.end(number) or 0
        if free_until > number:
            yield Block(line, FREE_TEXT)
            continue
        kind, name = header_of(line) or ("", "")
        current = Block(line, kind, name)
    if current is not None:
        yield current
