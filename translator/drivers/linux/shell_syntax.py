"""The grammar of shell scripts, as far as it decides which commands run: lists, if, loops, case.

Text that is cut off or wrong is read as far as it goes; nothing here raises.

Source: POSIX.1-2017, Shell Command Language, 2.9 and 2.10; `function NAME` and `[[` of bash.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

__all__ = ["Block", "Node", "Raw", "Source", "nodes_of", "open_quote", "squeezed"]

_QUOTING: Final = re.compile(r"[\\'\"#]")
_SPECIAL: Final = re.compile(r"[\"'`#;&|\\({})]")
_CUTTING: Final = re.compile(r"[`#;&|\\({})]")
_MOST_BLANKS: Final = 100
_BLANKS: Final = re.compile(rf"[ \t]{{{_MOST_BLANKS},}}")
_KEYWORD: Final = re.compile(r"(if|then|elif|else|while|until|do|\{|!)(?:\s+|$)(.*)", re.DOTALL)
_FUNCTION: Final = re.compile(
    r"(?:function\s+)?([\w.-]+)\s*\(\)\s*(.*)|function\s+([\w.-]+)\s*(.*)"
)
_FOR: Final = re.compile(r"for\s+(\w+)(?:\s+in\s*(.*))?$", re.DOTALL)
_CASE: Final = re.compile(r"case\s+(.*?)\s+in\b\s*(.*)$", re.DOTALL)
_PATTERN: Final = re.compile(r"\(?\s*([^()\s][^()]*?)\s*\)\s*(.*)$", re.DOTALL)
_ENDS: Final = frozenset({"fi", "done", "esac", "}", ";;", "then", "do", "elif", "else"})


@dataclass(frozen=True, slots=True)
class Raw:
    """Text in another language: what reads it, in doubt for a reason or not, and its lines."""

    read: Callable[[str], None]
    lines: int


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
        kind: "simple", "if", "for", "while", "case", "function" or "raw" (text in another
            language, which `raw` reads).
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


Source = tuple[int, str | Raw]


def nodes_of(lines: Iterable[Source]) -> tuple[Node, ...]:
    """Return the statements of numbered lines; what is none becomes a "raw" one."""
    parser = _Parser([part for line, text in lines for part in _parts(line, text)])
    found: list[Node] = []
    while parser.at < len(parser.parts):
        found.extend(parser.block(()))
        parser.at += 1  # an end without a beginning
    return tuple(found)


def squeezed(text: str) -> str:
    """Return the text without the most of very long runs of blanks.

    No device prints them, and the time that an expression takes for one grows with its square.
    """
    return _BLANKS.sub(" " * _MOST_BLANKS, text)


_Part = tuple[int, str, str | Raw]


def _parts(line: int, text: str | Raw) -> Iterator[_Part]:
    """Yield (line, operator before, fragment); keywords are fragments of their own."""
    if not isinstance(text, str):
        yield line, ";", text
        return
    for sign, fragment in _fragments(text) if _CUTTING.search(text) else ((";", text),):
        operator, rest = sign, fragment.strip()
        while (found := _KEYWORD.match(rest)) is not None:
            if found[1] == "!":
                break
            yield line, operator, found[1]
            operator, rest = ";", found[2].strip()
        if rest:
            yield line, operator, rest
        elif operator == ";;":
            yield line, ";", ";;"


def _fragments(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text between `;`, `&&`, `||`, `|`, `&` and comments outside quotes."""
    operator, start, at, quote, depth = ";", 0, 0, "", 0
    while at < len(text):
        if not quote and not depth:
            special = _SPECIAL.search(text, at)
            if special is None:
                break
            at = special.start()
        char = text[at]
        if char == "\\" and quote != "'":
            at += 2
            continue
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'`":
            quote = char
        elif char == "#" and depth == 0 and (at == 0 or text[at - 1] in " \t;"):
            text = text[:at]
            break
        elif char == "(" and text[at - 1 : at] == "$":
            depth += 1
        elif depth and char in "()":
            depth += 1 if char == "(" else -1
        elif depth == 0 and (sign := _sign(text, at)):
            yield operator, text[start:at]
            if sign == ";;":
                yield ";;", ""
            operator = ";" if sign in (";;", "&") else sign
            start = at = at + len(sign)
            continue
        at += 1
    yield operator, text[start:]


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


def _sign(text: str, at: int) -> str:
    pair = text[at : at + 2]
    if pair in ("&&", "||", ";;"):
        return pair
    if text[at] == "&" and (text[at - 1 : at] in ("<", ">") or pair == "&>"):
        return ""  # a redirection
    return text[at] if text[at] in ";|&" else ""


@dataclass(slots=True)
class _Parser:
    parts: list[_Part]
    at: int = 0
    depth: int = field(default=0)

    def block(self, ends: Sequence[str]) -> tuple[Node, ...]:
        """Read statements up to one of the ends, which stays unread."""
        found: list[Node] = []
        self.depth += 1
        while self.at < len(self.parts):
            text = self.parts[self.at][2]
            first = _first(text) if isinstance(text, str) else None
            if first is not None and (first in _ENDS or self.depth > 60):
                if not ends or first in ends or self.depth > 60:
                    break
                self.at += 1  # an end that belongs to nothing
                continue
            found.append(self._statement())
        self.depth -= 1
        return tuple(found)

    def _statement(self) -> Node:
        line, operator, text = self.parts[self.at]
        self.at += 1
        if not isinstance(text, str):
            return Node(line, "raw", operator, raw=text)
        if text == "if":
            return self._if(line, operator)
        if text in ("while", "until"):
            condition = self.block(("do",))
            return Node(line, "while", operator, blocks=(self._body("do", "done", condition),))
        if text == "{":
            return Node(line, "group", operator, blocks=(self._body("", "}"),))
        if text[0] == "f" and (loop := _FOR.match(text)) is not None:
            words = "$@" if loop[2] is None else loop[2]
            body = (self._body("do", "done"),)
            return Node(line, "for", operator, words, loop[1], body)
        if text[0] == "c" and (case := _CASE.match(text)) is not None:
            return self._case(line, operator, case)
        may_define = "()" in text or text.startswith("function")
        if may_define and (function := _FUNCTION.fullmatch(text)) is not None:
            return self._function(line, function)
        return Node(line, "simple", operator, _bare(text))

    def _body(self, begin: str, end: str, condition: tuple[Node, ...] = ()) -> Block:
        if begin and self._is(begin):
            self.at += 1
        nodes = self.block((end,))
        self.at += 1
        return Block(nodes, condition)

    def _is(self, word: str) -> bool:
        return self.at < len(self.parts) and self.parts[self.at][2] == word

    def _if(self, line: int, operator: str) -> Node:
        blocks: list[Block] = []
        while True:
            condition = self.block(("then", "fi"))
            self.at += self._is("then")
            blocks.append(Block(self.block(("elif", "else", "fi")), condition))
            if self._is("elif"):
                self.at += 1
                continue
            if self._is("else"):
                self.at += 1
                blocks.append(Block(self.block(("fi",))))
            self.at += 1
            return Node(line, "if", operator, blocks=tuple(blocks))

    def _case(self, line: int, operator: str, case: re.Match[str]) -> Node:
        blocks: list[Block] = []
        pending = case[2]
        while self.at < len(self.parts) or pending:
            text: str | Raw = pending
            if not pending:
                text = self.parts[self.at][2]
                self.at += 1
            if not isinstance(text, str) or _first(text) == "esac":
                break
            pending = ""
            # Alternatives `a|b)` were cut at the bar.
            while ")" not in text and self.at < len(self.parts):
                following = self.parts[self.at][2]
                if not isinstance(following, str) or _first(following) in _ENDS:
                    break
                text, self.at = f"{text}|{following}", self.at + 1
            found = _PATTERN.match(text)
            first = nodes_of([(line, found[2])]) if found and found[2] else ()
            nodes = (*first, *self.block((";;", "esac")))
            blocks.append(Block(nodes, patterns=found[1] if found else "*"))
            self.at += self._is(";;")
        return Node(line, "case", operator, case[1], blocks=tuple(blocks))

    def _function(self, line: int, found: re.Match[str]) -> Node:
        rest = found[2] or found[4] or ""
        if rest.startswith("{"):
            self.parts[self.at : self.at] = _parts(line, rest[1:].strip())
        elif self._is("{"):
            self.at += 1
        return Node(line, "function", name=found[1] or found[3], blocks=(self._body("", "}"),))


def _first(text: str) -> str:
    return text if text == ";;" else text.split(maxsplit=1)[0].rstrip(")")


def _bare(text: str) -> str:
    """Return the command without the parentheses of a subshell around it."""
    text = text.lstrip("( ") if text.startswith("(") and not text.startswith("((") else text
    return text[:-1] if text.endswith(")") and text.count("(") < text.count(")") else text
