"""Runs a shell script as far as its text decides which commands run, and with what words.

Usage:
    script = Script(lines, read_command)
    script.run()
    script.notes

`read_command(line, words, doubt)` reads one command: `doubt` is empty, or says why nobody knows
whether it runs. It returns whether the command succeeds, None where that is unknown.

Assumptions, said in `notes` where they bear: a script that knows the word `start` is started with
it; of `A || B` the second part does not run where A is a command that we read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final

from translator.drivers.linux.conditions import NotReadError
from translator.drivers.linux.iptables import split_words
from translator.drivers.linux.shell_syntax import Node, Raw, Source, nodes_of
from translator.drivers.linux.shell_values import (
    Variables,
    filled,
    is_known,
    listed,
    matches_pattern,
    tested,
)

__all__ = ["ReadCommand", "Script"]

ReadCommand = Callable[[int, str, str], bool | None]

_ASSIGNMENT: Final = re.compile(
    r"(?:(?:export|local|readonly|declare(?:\s+-\w+)?)\s+)?([A-Za-z_]\w*)=(\"[^\"]*\"|'[^']*'|`[^`]*`|(?:\$\((?:[^()]|\([^()]*\))*\)|\S)*)\s*"
)
_START: Final = re.compile(r"\bstart\b[\"']?(?:\|\w+)*\)|=\s*[\"']?x?start\b")
_LEADS: Final = frozenset(
    {"sudo", "time", "exec", "command", "nohup", "busybox", "eval", "builtin"}
)
_CALLED_LATER: Final = frozenset({"start", "stop", "reload", "restart", "status", "shutdown"})
_TESTS: Final = frozenset({"[", "[[", "test", "true", "false", ":"})
_LEAVES: Final = frozenset({"break", "continue", "exit", "return"})
_NUMBERS: Final = tuple(map(str, range(1, 10)))
_DEEPEST_CALL: Final = 12
_MOST_COMMANDS: Final = 4000
_TOO_LONG: Final = "the script runs too many commands"


class _LeaveError(Exception):
    """`exit` or `return`: the rest of the script or function does not run."""


class _LeaveLoopError(Exception):
    """`break` or `continue`; the argument says which."""


class Script:
    """One script, run once."""

    def __init__(self, lines: Sequence[Source], read: ReadCommand) -> None:
        self._nodes = nodes_of(lines)
        self._read = read
        self._variables = Variables()
        self._functions: dict[str, Node] = {}
        self._depth = 0
        self._commands = 0
        self._starts = any(
            isinstance(text, str) and "start" in text and _START.search(text) for _, text in lines
        )
        self._read_once: set[int] = set()  # texts in other languages
        self._passed: set[int] = set()
        self._passed_over: set[int] = set()  # nodes of which that is noted; they live as long as we
        self._assigned_in: dict[int, frozenset[str]] = {}
        self._ended: set[int] = set()  # loops that were left because the script runs too long
        self._ran: set[int] = set()
        self.notes: list[str] = []

    def run(self) -> None:
        """Run it; functions that nothing calls are read in doubt."""
        if self._starts:
            self._variables.update({"1": "start", "#": "1", "@": "start", "*": "start"})
        self._guarded(self._nodes, "")
        if self._functions:
            self._run_functions()
        self._say_what_was_passed()

    def _run_functions(self) -> None:
        """Run what the system calls, and in doubt what nothing calls."""
        named = {node.text.split(maxsplit=1)[0] for node in _simple(self._nodes) if node.text}
        if "start" in self._functions and "start" not in named:
            # Scripts of /etc/init.d on OpenWrt and the like: the system calls their functions.
            self.notes.append("function start is run, as the system does when it starts")
            self._guarded(self._functions["start"].blocks[0].nodes, "")
            named.update(_CALLED_LATER)
        for name, node in list(self._functions.items()):
            if name not in named:
                why = f"function {name} is not called in the text"
                self._guarded(node.blocks[0].nodes, why)

    def _guarded(self, nodes: Sequence[Node], doubt: str) -> None:
        with suppress(_LeaveError, _LeaveLoopError):
            self._list(nodes, doubt)

    def _say_what_was_passed(self) -> None:
        lines = sorted(self._passed - self._ran)
        if not lines:
            return
        how = "started with the word start" if self._starts else "run by itself"
        shown = ", ".join(str(line) for line in lines[:20]) + (" ..." if len(lines) > 20 else "")
        self.notes.append(f"a script is read as {how}: its commands on lines {shown} do not run")

    def _list(self, nodes: Iterable[Node], doubt: str) -> bool | None:
        last: bool | None = True
        for node in nodes:
            here = doubt
            if node.operator in ("&&", "||"):
                if last is (node.operator == "||"):
                    self._pass(node)
                    continue
                if last is None and not here:
                    here = "it depends on another command whether it runs"
            last = self._node(node, here)
        return last

    def _pass(self, node: Node) -> None:
        if id(node) not in self._passed_over:
            self._passed_over.add(id(node))
            self._passed.update(item.line for item in _simple((node,)))

    def _node(self, node: Node, doubt: str) -> bool | None:
        if node.kind == "simple":
            return self._simple(node, doubt)
        if node.raw is not None:
            self._raw(node.raw, doubt)
            return True
        if node.kind == "if":
            return self._if(node, doubt)
        if node.kind == "case":
            return self._case(node, doubt)
        if node.kind == "for":
            return self._for(node, doubt)
        if node.kind == "function":
            self._functions[node.name] = node
            return True
        if node.kind == "while":
            self._list(node.blocks[0].condition, doubt)
            doubt = doubt or f"the loop of line {node.line} runs nobody knows how often"
            self._forget(node)
        return self._body(node, doubt)

    def _raw(self, raw: Raw, doubt: str) -> None:
        """Read text in another language; where a loop or a call does so again, its lines count."""
        if id(raw) in self._read_once:
            self._commands += raw.lines
            if self._commands > _MOST_COMMANDS:
                doubt = doubt or _TOO_LONG
        self._read_once.add(id(raw))
        raw.read(doubt)

    def _body(self, node: Node, doubt: str) -> bool | None:
        return self._list(node.blocks[0].nodes, doubt)

    def _if(self, node: Node, doubt: str) -> bool | None:
        decided: bool | None = False
        for block in node.blocks:
            holds = self._list(block.condition, doubt) if block.condition else True
            if decided is True or holds is False:
                for item in block.nodes:
                    self._pass(item)
            elif holds is True and decided is False:
                self._list(block.nodes, doubt)
                decided = True
            else:
                self._in_doubt(block.nodes, doubt or f"it hangs on the `if` of line {node.line}")
                decided = None if not holds else decided
        return None if decided is None else True

    def _case(self, node: Node, doubt: str) -> bool | None:
        subject = filled(node.text, self._variables).strip("\"'")
        why = doubt or f"it hangs on the `case` of line {node.line}"
        done = False
        self._commands += len(node.blocks)
        for block in node.blocks:
            if not is_known(subject):
                self._in_doubt(block.nodes, why)
            elif not done and matches_pattern(subject, block.patterns):
                done = True
                self._list(block.nodes, doubt)
            else:
                for item in block.nodes:
                    self._pass(item)
        return True

    def _in_doubt(self, nodes: Sequence[Node], doubt: str) -> None:
        """Run a branch that may not run: what it sets is unknown afterwards."""
        self._variables.begin()
        self._guarded(nodes, doubt)
        for name, before in self._variables.end().items():
            if self._variables.get(name) != before:
                self._variables.pop(name)

    def _for(self, node: Node, doubt: str) -> bool | None:
        words = listed(node.text, self._variables)
        if words is None:
            self._variables.pop(node.name)
            self._in_doubt(node.blocks[0].nodes, doubt or f"the loop of line {node.line} is open")
            return True
        if not words:
            for item in node.blocks[0].nodes:
                self._pass(item)
        for word in words:
            self._variables[node.name] = word
            self._commands += 1
            if self._commands > _MOST_COMMANDS:
                self._end(node, doubt or _TOO_LONG)
                break
            try:
                self._list(node.blocks[0].nodes, doubt)
            except _LeaveLoopError as left:
                if left.args[0] == "break":
                    break
        return True

    def _end(self, node: Node, doubt: str) -> None:
        """Read the rest of a loop in doubt, once: loops in loops come here again and again."""
        if id(node) in self._ended:
            self._forget(node)
            return
        self._ended.add(id(node))
        self._in_doubt(node.blocks[0].nodes, doubt)

    def _forget(self, node: Node) -> None:
        """Forget the variables that a loop sets."""
        for name in self._names_in(node):
            self._variables.pop(name)

    def _names_in(self, node: Node) -> frozenset[str]:
        """Return the variables that a node sets; found once for each, as loops stand in loops."""
        if node.kind == "simple":
            found = _ASSIGNMENT.match(node.text) if "=" in node.text else None
            return frozenset((found[1],)) if found else frozenset()
        names = self._assigned_in.get(id(node))
        if names is None:
            inside = (self._names_in(item) for block in node.blocks for item in block.all_nodes)
            names = self._assigned_in[id(node)] = frozenset().union(*inside)
        return names

    def _simple(self, node: Node, doubt: str) -> bool | None:
        self._commands += 1
        if self._commands > _MOST_COMMANDS:
            doubt = doubt or _TOO_LONG
        negated = node.text.startswith("! ")
        text = node.text[2:].lstrip() if negated else node.text
        if self._assigned(text):
            return True
        found = self._command(node.line, text, doubt)
        return found if found is None or not negated else not found

    def _assigned(self, text: str) -> bool:
        """Take over assignments; False when a command follows."""
        if "=" not in text:
            return False
        at = 0
        while (found := _ASSIGNMENT.match(text, at)) is not None:
            quoted = found[2][:1] == "'"
            value = found[2] if quoted else filled(found[2], self._variables)
            if quoted or is_known(value):
                self._variables[found[1]] = value.strip("\"'")
            else:
                self._variables.pop(found[1])
            at = found.end()
        return at > 0 and at >= len(text)

    def _command(self, line: int, text: str, doubt: str) -> bool | None:
        first = text.partition(" ")[0]
        if first in _TESTS:
            return tested(text, self._variables)
        if first in _LEAVES:
            return self._leave(line, first, doubt)
        if first == "shift":
            self._shift()
            return True
        if first in self._functions or first == "$0":
            return self._call(first, text.partition(" ")[2], doubt)
        known = filled(text, self._variables)
        self._ran.add(line)
        words = known.split(maxsplit=1)
        while len(words) > 1 and (
            words[0] in _LEADS or ("=" in words[0] and _ASSIGNMENT.fullmatch(words[0]))
        ):
            known = words[1]
            words = known.split(maxsplit=1)
        return self._read(line, known, doubt)

    def _leave(self, line: int, command: str, doubt: str) -> bool:
        if not doubt:
            raise _LeaveLoopError(command) if command in ("break", "continue") else _LeaveError
        if command in ("exit", "return"):
            self.notes.append(f"line {line} may end the script early: it is read as if it does not")
        return True

    def _call(self, name: str, arguments: str, doubt: str) -> bool | None:
        if self._depth >= _DEEPEST_CALL or self._commands > _MOST_COMMANDS:
            return None
        try:
            words = split_words(filled(arguments, self._variables))
        except NotReadError:
            words = []
        saved = self._variables.exchange(_arguments(words))
        self._depth += 1
        nodes = self._nodes if name == "$0" else self._functions[name].blocks[0].nodes
        status: bool | None = True
        with suppress(_LeaveError, _LeaveLoopError):
            status = self._list(nodes, doubt)
        self._depth -= 1
        others = self._variables.others.items()
        set_there = {name: value for name, value in others if name[0] == "_"}
        self._variables.exchange({**set_there, **saved})
        return status

    def _shift(self) -> None:
        values = (self._variables.get(name) for name in _NUMBERS[1:])
        words = [value for value in values if value is not None]
        for name in _NUMBERS:
            self._variables.pop(name)
        self._variables.update(_arguments(words))


def _arguments(words: Sequence[str]) -> dict[str, str]:
    """Return what a script or function sees as `$1`, `$@` and the like."""
    quoted = " ".join([f"'{word}'" if " " in word else word for word in words])
    return {
        **dict(zip(_NUMBERS, words, strict=False)),
        "@": quoted, "*": quoted, "#": str(len(words)),
    }  # fmt: skip


def _simple(nodes: Iterable[Node]) -> Iterator[Node]:
    pending = [*nodes][::-1]
    while pending:
        node = pending.pop()
        if node.kind == "simple":
            yield node
        for block in reversed(node.blocks):
            pending += reversed(block.all_nodes)
