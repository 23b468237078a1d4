"""Runs a shell script as far as its text decides which commands run, and with what words.

Usage:
    script = Script(lines, read_command)
    script.run()
    script.notes, script.cut_at  # the line from which on it is too long, None nearly always

`read_command(line, words, doubt)` reads one command: `doubt` is empty, or says why nobody knows
whether it runs. It returns whether the command succeeds, None where that is unknown.

Assumptions, said in `notes` where they bear: a script that knows the word `start` is started with
it; of `A || B` the second part does not run where A is a command that we read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Final, TypeVar

from translator.drivers.linux.shell_assign import Assigner, words_of
from translator.drivers.linux.shell_names import (
    CHANGING,
    Assignment,
    assignments,
    called,
    changed_names,
    is_only_redirected,
)
from translator.drivers.linux.shell_parts import USUAL_LENGTH, Raw, Source
from translator.drivers.linux.shell_syntax import Node, nodes_of, simple_nodes
from translator.drivers.linux.shell_values import (
    Variables,
    filled,
    is_known,
    listed,
    matches_pattern,
    opaque,
    tested,
)

__all__ = ["ReadCommand", "Script"]

ReadCommand = Callable[[int, str, str], bool | None]

_START: Final = re.compile(r"\bstart\b[\"']?(?:\|\w+)*\)|=\s*[\"']?x?start\b")
_LEADS: Final = frozenset({"sudo", "time", "exec", "command", "nohup", "busybox", "builtin"})
_CALLED_LATER: Final = frozenset({"start", "stop", "reload", "restart", "status", "shutdown"})
_TESTS: Final = frozenset({"[", "[[", "test", "true", "false", ":"})
_LEAVES: Final = frozenset({"break", "continue", "exit", "return"})
# Measured: dash and busybox keep `A=1` before these, bash does not.
_SPECIAL: Final = frozenset({":", ".", "eval", "exec", "export", "readonly", "set", "unset"})
_DEEPEST_CALL: Final = 12
_MOST_COMMANDS: Final = 4000
_TOO_LONG: Final = "the script runs too many commands"

_Status = TypeVar("_Status", bool | None, None)


class _LeaveError(Exception):
    """`exit` or `return`: the rest of the script or function does not run."""


class _LeaveLoopError(Exception):
    """`break` or `continue`; the argument says which."""


class Script:
    """One script, run once."""

    def __init__(self, lines: Sequence[Source], read: ReadCommand) -> None:
        self._nodes, self.cut_at = nodes_of(lines)
        self._read = read
        self._variables = Variables()
        self._assigner = Assigner(self._variables)
        self._functions: dict[str, Node] = {}
        self._unsure: dict[str, list[Node]] = {}  # functions that may be defined in these ways
        self._evaluated: list[tuple[Node, ...]] = []
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
        named = {called(node.text) for node in simple_nodes(self._nodes)}
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

    def _list(self, nodes: Sequence[Node], doubt: str) -> bool | None:
        last: bool | None = True
        here, passed = doubt, False
        for at, node in enumerate(nodes):
            if node.operator != "|":  # a pipe runs as a whole or not at all
                here, passed = doubt, False
            if node.operator in ("&&", "||"):
                passed = last is (node.operator == "||")
                if last is None and not here:
                    here = "it depends on another command whether it runs"
            if passed:
                self._pass(node)
                continue
            if at + 1 < len(nodes) and nodes[at + 1].operator == "|":
                last = self._apart(node, here)
            elif here != doubt or node.operator == "|":
                last = self._perhaps(partial(self._node, node, here))
            else:
                last = self._node(node, here)
        return last

    def _pass(self, node: Node) -> None:
        if id(node) not in self._passed_over:
            self._passed_over.add(id(node))
            self._passed.update(item.line for item in simple_nodes((node,)))

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
            self._define(node, doubt)
            return True
        if node.kind == "while":
            self._while(node, doubt)
            return None
        if node.kind == "subshell":
            return self._apart(Node(node.line, "group", blocks=node.blocks), doubt)
        return self._list(node.blocks[0].nodes, doubt)

    def _define(self, node: Node, doubt: str) -> None:
        if doubt:
            before = self._functions.get(node.name)
            ways = self._unsure.setdefault(node.name, [before] if before else [])
            ways.append(node)
        else:
            self._unsure.pop(node.name, None)
        self._functions[node.name] = node

    def _while(self, node: Node, doubt: str) -> None:
        self._forget(node)
        self._list(node.blocks[0].condition, doubt)
        self._forget(node)  # what the condition sets, it sets again and again
        why = doubt or f"the loop of line {node.line} runs nobody knows how often"
        self._in_doubt(node.blocks[0].nodes, why)

    def _apart(self, node: Node, doubt: str) -> bool | None:
        """Run what a shell of its own runs: it changes no variable of this one and does not end it.

        Source: POSIX.1-2017, 2.12: `( )` and the parts of a pipe.
        """
        status: bool | None = None
        self._variables.begin()
        with suppress(_LeaveError, _LeaveLoopError):
            status = self._node(node, doubt)
        self._variables.update(self._variables.end())
        return status

    def _perhaps(self, run: Callable[[], _Status]) -> _Status:
        """Run what may not run: what it sets is unknown afterwards."""
        self._variables.begin()
        try:
            return run()
        finally:
            for name, before in self._variables.end().items():
                if self._variables.state(name) != before:
                    self._variables.lose(name)

    def _raw(self, raw: Raw, doubt: str) -> None:
        """Read text in another language; where a loop or a call does so again, its lines count."""
        if id(raw) in self._read_once:
            self._commands += raw.lines
            if self._commands > _MOST_COMMANDS:
                doubt = doubt or _TOO_LONG
        self._read_once.add(id(raw))
        raw.read(doubt)

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
        """Run a branch that may not run."""
        self._perhaps(partial(self._guarded, nodes, doubt))

    def _for(self, node: Node, doubt: str) -> bool | None:
        words = listed(node.text, self._variables)
        if words is None:
            self._variables.lose(node.name)
            self._forget(node)
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
        self._assigner.lose(self._names_in(node))

    def _names_in(self, node: Node) -> frozenset[str]:
        """Return the variables that a node sets; found once for each, as loops stand in loops."""
        if node.kind == "simple":
            function = self._functions.get(called(node.text)) if self._functions else None
            inside = frozenset[str]() if function is None else self._names_in(function)
            return inside | changed_names(node.text)
        names = self._assigned_in.get(id(node))
        if names is None:
            self._assigned_in[id(node)] = frozenset()  # a function may call itself
            parts = [self._names_in(item) for block in node.blocks for item in block.all_nodes]
            own = (node.name,) if node.kind == "for" else ()
            names = self._assigned_in[id(node)] = frozenset(own).union(*parts)
        return names

    def _simple(self, node: Node, doubt: str) -> bool | None:
        self._commands += 1 + len(node.text) // USUAL_LENGTH
        if self._commands > _MOST_COMMANDS:
            doubt = doubt or _TOO_LONG
        negated = node.text.startswith("! ")
        text = node.text[2:].lstrip() if negated else node.text
        found, at = assignments(text) if "=" in text.partition(" ")[0] else ([], 0)
        if found and is_only_redirected(text, at):
            return self._assigner.assign(found)
        status = self._with(found, node.line, text[at:], doubt) if found else None
        if not found:
            status = self._command(node.line, text, doubt)
        return status if status is None or not negated else not status

    def _with(self, found: list[Assignment], line: int, text: str, doubt: str) -> bool | None:
        """Run a command with assignments before it, which hold for that command alone."""
        first = text.partition(" ")[0]
        before = {item.name: self._variables.state(item.name) for item in found}
        if first in self._functions:
            text = opaque(filled(text, self._variables))  # with the values from before
            self._assigner.assign(found)
        status = self._command(line, text, doubt)
        if first in self._functions:
            self._variables.update(before)
        elif first in _SPECIAL:
            self._assigner.lose(before)
        return status

    def _command(self, line: int, text: str, doubt: str) -> bool | None:
        first = text.partition(" ")[0]
        if first in _TESTS:
            status = tested(text, self._variables)
            if "((" in text:
                self._assigner.follow(text)
            return status
        if first in _LEAVES:
            return self._leave(line, first, doubt)
        if first in self._functions or first == "$0":
            return self._call(first, text.partition(" ")[2], doubt)
        changing = first in CHANGING
        if changing and self._assigner.carry_out(first, text):
            return True
        if first == "eval":
            return self._eval(line, text[len(first) :], doubt)
        known = filled(text, self._variables)
        if changing or "((" in text:
            self._assigner.follow(text)
        self._ran.add(line)
        words = known.split(maxsplit=1)
        while len(words) > 1 and words[0] in _LEADS:
            known = words[1]
            words = known.split(maxsplit=1)
        return self._read(line, known, doubt)

    def _eval(self, line: int, rest: str, doubt: str) -> bool | None:
        words = words_of(rest, self._variables) if self._depth < _DEEPEST_CALL else None
        if words is None:
            self._variables.lose_all()
            return self._read(line, filled(rest, self._variables).strip(), doubt)
        nodes, cut_at = nodes_of([(line, part) for part in " ".join(words).split("\n")])
        if cut_at is not None:
            self._variables.lose_all()
            return self._read(line, rest.strip(), doubt)
        self._evaluated.append(nodes)  # what is known of nodes is found by their addresses
        self._depth += 1
        status = self._list(nodes, doubt)
        self._depth -= 1
        return status

    def _leave(self, line: int, command: str, doubt: str) -> bool:
        if not doubt:
            raise _LeaveLoopError(command) if command in ("break", "continue") else _LeaveError
        if command in ("exit", "return"):
            self.notes.append(f"line {line} may end the script early: it is read as if it does not")
        return True

    def _call(self, name: str, arguments: str, doubt: str) -> bool | None:
        if self._depth >= _DEEPEST_CALL or self._commands > _MOST_COMMANDS:
            return None
        saved = self._assigner.enter(arguments)
        self._depth += 1
        status: bool | None = True
        if name in self._unsure:
            status = None
            for way in self._unsure[name]:
                why = doubt or f"function {name} may be that of line {way.line} or not"
                self._in_doubt(way.blocks[0].nodes, why)
        else:
            nodes = self._nodes if name == "$0" else self._functions[name].blocks[0].nodes
            with suppress(_LeaveError, _LeaveLoopError):
                status = self._list(nodes, doubt)
        self._depth -= 1
        self._assigner.leave(saved)
        return status
