"""The grammar of shell scripts, as far as it decides which commands run: lists, if, loops, case.

Text that is cut off or wrong is read as far as it goes; nothing here raises.

Source: POSIX.1-2017, Shell Command Language, 2.9 and 2.10; `function NAME` and `[[` of bash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from translator.drivers.linux.shell_parts import Part, Raw, Source, first_parts, parts_of

__all__ = ["Block", "Node", "nodes_of", "open_quote", "simple_nodes", "squeezed"]

_QUOTING: Final = re.compile(r"[\\'\"#]")
_PARENTHESIS: Final = re.compile(r"[\"'\\()]")
_MOST_BLANKS: Final = 100
_BLANKS: Final = re.compile(rf"[ \t]{{{_MOST_BLANKS},}}")
_FOR_COUNTED: Final = re.compile(r"for\s*\(\(")
_FUNCTION: Final = re.compile(
    r"(?:function\s+)?([\w.-]+)\s*\(\)\s*(.*)|function\s+([\w.-]+)\s*(.*)"
)
_FOR: Final = re.compile(r"for\s+(\w+)(?:\s+in\s*(.*))?$", re.DOTALL)
_CASE: Final = re.compile(r"case\s+(.*?)\s+in\b\s*(.*)$", re.DOTALL)
_PATTERN: Final = re.compile(r"\(?\s*([^()\s][^()]*?)\s*\)\s*(.*)$", re.DOTALL)
_ENDS: Final = frozenset({"fi", "done", "esac", "}", ")", ";;", "then", "do", "elif", "else"})


class Block(msgspec.Struct, frozen=True):
    """A run of statements; of a branch with its condition or its patterns."""

    nodes: tuple[Node, ...]
    condition: tuple[Node, ...] = ()
    patterns: str = ""

    @property
    def all_nodes(self) -> tuple[Node, ...]:
        """The statements with those of the condition before them."""
        return (*self.condition, *self.nodes)


class Node(msgspec.Struct, frozen=True):
    """One statement.

    Attributes:
        kind: "simple", "if", "for", "while", "case", "function", "group", "subshell" or "raw"
            (text in another language, which `raw` reads).
        operator: what joins it to the statement before: ";", "&&", "||" or "|".
        text: the command; of a `for` its words, of a `case` its subject.
        name: variable of a `for`, name of a function.
    """

    line: int
    kind: str
    operator: str = ";"
    text: str = ""
    name: str = ""
    blocks: tuple[Block, ...] = ()
    raw: Raw | None = None


def nodes_of(lines: Iterable[Source]) -> tuple[tuple[Node, ...], int | None]:
    """Return the statements of numbered lines; what is none becomes a "raw" one.

    Behind them stands the line from which on too many more follow to read them; None nearly always.
    """
    parts, cut_at = first_parts(lines)
    parser = _Parser(parts)
    found: list[Node] = []
    while parser.left:
        found.extend(parser.block(()))
        parser.drop()  # an end without a beginning
    return tuple(found), cut_at


def simple_nodes(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield the commands of statements and of all that stands inside them, in their order."""
    pending = [*nodes][::-1]
    while pending:
        node = pending.pop()
        if node.kind == "simple":
            yield node
        for block in reversed(node.blocks):
            pending += reversed(block.all_nodes)


def squeezed(text: str) -> str:
    """Return the text without the most of very long runs of blanks.

    No device prints them, and the time that an expression takes for one grows with its square.
    """
    return _BLANKS.sub(" " * _MOST_BLANKS, text)


def open_quote(text: str, quote: str = "") -> str:
    """Return the quote that is open behind the text, "" for none; `quote` is open before it."""
    at = 0
    while found := _QUOTING.search(text, at):
        at, char = found.end(), found[0]
        if char == "\\":
            at += quote != "'"
        elif quote:
            quote = "" if char == quote else quote
        elif char != "#":
            quote = char
        elif found.start() == 0 or text[found.start() - 1] in " \t;\n":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
    return quote


class _Parser:
    """Reads the parts of a script; those `left` stand with the next one last."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.left = [*parts][::-1]
        self._depth = 0
        self._subshells = 0  # that are open

    def drop(self) -> None:
        """Take away the next part, if there is one."""
        if self.left:
            self.left.pop()

    def block(self, ends: Sequence[str]) -> tuple[Node, ...]:
        """Read statements up to one of the ends, which stays unread."""
        found: list[Node] = []
        self._depth += 1
        while self.left:
            text = self.left[-1][2]
            first = _first(text) if isinstance(text, str) else None
            if first is not None and (first in _ENDS or self._depth > 60):
                if not ends or first in ends or self._depth > 60:
                    break
                self.drop()  # an end that belongs to nothing
                continue
            found.append(self._statement())
        self._depth -= 1
        return tuple(found)

    def _statement(self) -> Node:
        line, operator, text = self.left.pop()
        if not isinstance(text, str):
            return Node(line, "raw", operator, raw=text)
        if text in _COMPOUND:
            return _COMPOUND[text](self, line, operator)
        if text[0] == "f" and _FOR_COUNTED.match(text) is not None:
            return self._counted(line, operator, text)
        if text[0] == "f" and (loop := _FOR.match(text)) is not None:
            words = "$@" if loop[2] is None else loop[2]
            body = (self._body("do", "done"),)
            return Node(line, "for", operator, words, loop[1], body)
        if text[0] == "c" and (case := _CASE.match(text)) is not None:
            return self._case(line, operator, case)
        may_define = "()" in text or text.startswith("function")
        if may_define and (function := _FUNCTION.fullmatch(text)) is not None:
            return self._function(line, function)
        if self._subshells and ")" in text and (cut := _closing(text)) >= 0:
            self.left.append((line, ";", text[cut:]))
            return Node(line, "simple", operator, text[:cut].rstrip())
        return Node(line, "simple", operator, _bare(text))

    def _push(self, line: int, text: str) -> None:
        """Put text in front of what is left."""
        self.left.extend([*parts_of(line, text)][::-1])

    def _while(self, line: int, operator: str) -> Node:
        condition = self.block(("do",))
        return Node(line, "while", operator, blocks=(self._body("do", "done", condition),))

    def _group(self, line: int, operator: str) -> Node:
        return Node(line, "group", operator, blocks=(self._body("", "}"),))

    def _subshell(self, line: int, operator: str) -> Node:
        self._subshells += 1
        nodes = self.block((")",))
        self._subshells -= 1
        if self.left:
            behind, _, text = self.left.pop()
            rest = text[1:].lstrip() if isinstance(text, str) else ""
            if rest.startswith(")"):  # that of the one around it
                self.left.append((behind, ";", rest))
        return Node(line, "subshell", operator, blocks=(Block(nodes),))

    def _counted(self, line: int, operator: str, text: str) -> Node:
        """Read `for ((I=0; I<3; I++))`, which was cut at its semicolons."""
        rest = [item for item in self.block(("do",)) if item.kind == "simple"]
        steps = (text.partition("((")[2], *(item.text for item in rest))
        condition = tuple(Node(line, "simple", text=f"(({step}") for step in steps)
        return Node(line, "while", operator, blocks=(self._body("do", "done", condition),))

    def _body(self, begin: str, end: str, condition: tuple[Node, ...] = ()) -> Block:
        if begin and self._is(begin):
            self.drop()
        nodes = self.block((end,))
        self.drop()
        return Block(nodes, condition)

    def _is(self, word: str) -> bool:
        return bool(self.left) and self.left[-1][2] == word

    def _takes(self, word: str) -> bool:
        """Whether the next part is a keyword, which is then taken."""
        found = self._is(word)
        if found:
            self.drop()
        return found

    def _if(self, line: int, operator: str) -> Node:
        blocks: list[Block] = []
        while True:
            condition = self.block(("then", "fi"))
            self._takes("then")
            blocks.append(Block(self.block(("elif", "else", "fi")), condition))
            if self._takes("elif"):
                continue
            if self._takes("else"):
                blocks.append(Block(self.block(("fi",))))
            self.drop()
            return Node(line, "if", operator, blocks=tuple(blocks))

    def _case(self, line: int, operator: str, case: re.Match[str]) -> Node:
        blocks: list[Block] = []
        if case[2]:
            self.left.append((line, ";", case[2]))
        while self.left:
            at, _, text = self.left.pop()
            if text == "(" and self.left:  # before a pattern
                at, _, text = self.left.pop()
            if not isinstance(text, str) or _first(text) == "esac":
                break
            # Alternatives `a|b)` were cut at the bar.
            while ")" not in text and self.left:
                following = self.left[-1][2]
                if not isinstance(following, str) or _first(following) in _ENDS:
                    break
                text = f"{text}|{following}"
                self.drop()
            found = _PATTERN.match(text)
            if found and found[2]:
                self._push(at, found[2])
            nodes = self.block((";;", "esac"))
            blocks.append(Block(nodes, patterns=found[1] if found else "*"))
            self._takes(";;")
        return Node(line, "case", operator, case[1], blocks=tuple(blocks))

    def _function(self, line: int, found: re.Match[str]) -> Node:
        rest, name = found[2] or found[4] or "", found[1] or found[3]
        self._push(line, rest.removeprefix("{"))
        if not rest.startswith("{") and not self._takes("{") and self._is("("):
            return Node(line, "function", name=name, blocks=(Block((self._statement(),)),))
        return Node(line, "function", name=name, blocks=(self._body("", "}"),))


_COMPOUND: Final = {
    "if": _Parser._if,
    "while": _Parser._while,
    "until": _Parser._while,
    "{": _Parser._group,
    "(": _Parser._subshell,
}


def _first(text: str) -> str:
    if text[0] == ")":
        return ")"
    return text if text == ";;" else text.split(maxsplit=1)[0].rstrip(")")


def _closing(text: str) -> int:
    """Return the index of the parenthesis that closes more than the text opens, -1 for none."""
    depth, quote, at = 0, "", 0
    while found := _PARENTHESIS.search(text, at):
        at, char = found.end(), found[0]
        if char == "\\":
            at += quote != "'"
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "(":
            depth += 1
        elif depth == 0:
            return found.start()
        else:
            depth -= 1
    return -1


def _bare(text: str) -> str:
    """Return the command without a parenthesis that closes what is not open."""
    return text[:-1] if text.endswith(")") and text.count("(") < text.count(")") else text
