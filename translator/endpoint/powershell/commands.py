"""The commands of a PowerShell script, each with its arguments and with what stands around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from translator.endpoint.powershell.tokens import Kind, Token, tokens
from translator.errors import PlanError, Where

__all__ = ["Argument", "Command", "commands"]

_MAX_DEPTH: Final = 50
_BEGINS: Final = frozenset({Kind.WORD, Kind.PARAMETER, Kind.OPEN, Kind.OTHER})
# After these words another command begins.
_PREFIXES: Final = frozenset({"return", "exit", "throw"})
# The block after one of these ends the statement.
_KEYWORDS: Final = frozenset(
    {
        *("if", "elseif", "else", "try", "catch", "finally", "function", "filter", "foreach"),
        *("for", "while", "do", "until", "switch", "begin", "process", "end", "workflow"),
    }
)


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter, or a value; a value that is no single literal has to be evaluated."""

    text: str
    where: Where
    is_parameter: bool = False
    literal: bool = True
    joined: bool = False


@dataclass(slots=True)
class Command:
    """A command that runs with these arguments, or an expression.

    Attributes:
        name: "" for an expression.
        upstream: the commands before it in its pipeline.
        blocks: the commands in whose script blocks it stands, outermost first.
    """

    name: str
    where: Where
    upstream: tuple[Command, ...] = ()
    blocks: tuple[Command, ...] = ()
    arguments: list[Argument] = field(default_factory=list)


@dataclass(slots=True)
class _Frame:
    """A bracket that is still open, or the script itself."""

    closing: str
    where: Where
    blocks: tuple[Command, ...]
    pipeline: list[Command] = field(default_factory=list)
    current: Command | None = None
    starts: bool = True  # whether the next word is a command
    called: bool = False  # whether the call operator `&` stands before it

    def end_statement(self) -> None:
        self.pipeline.clear()
        self.current = None
        self.starts = True
        self.called = False

    @property
    def in_keyword(self) -> bool:
        """Whether the statement is `try` or the like, which ends with its block."""
        return (
            self.current is not None
            and len(self.pipeline) == 1
            and self.current.name.casefold() in _KEYWORDS
        )


def commands(text: str, file: str) -> tuple[Command, ...]:
    """Return every command of a script, in the order of the text.

    Raises:
        PlanError: a string, comment or bracket does not end, or a bracket was never opened.
    """
    return tuple(_Reader(file).run(tokens(text, file)))


class _Reader:
    """Builds commands from tokens without recursion, so depth cannot exhaust the stack."""

    def __init__(self, file: str) -> None:
        self._open = [_Frame("", Where(file, 1), ())]

    def run(self, found: Iterator[Token]) -> Iterator[Command]:
        for token in found:
            frame = self._open[-1]
            begins = frame.starts and token.kind in _BEGINS and not _is_call(token)
            if begins:
                yield from self._begin(frame, token)
            if token.kind is Kind.OPEN:
                self._enter(frame, token)
            elif token.kind is Kind.CLOSE:
                self._leave(frame, token)
            elif token.kind is Kind.PIPE:
                frame.current = None
                frame.starts = True
            elif token.kind is Kind.END:
                self._end(frame)
            elif not (begins and token.kind is Kind.WORD):
                _add(frame, token)
        if len(self._open) > 1:
            raise PlanError(
                f"the bracket that {self._open[-1].closing} closes begins here and does not end",
                where=self._open[-1].where,
                hint="the file may be cut short; close it, or give the whole file",
            )

    @staticmethod
    def _begin(frame: _Frame, token: Token) -> Iterator[Command]:
        """Begin a command, or an expression: a command without a name, which may be piped on."""
        is_name = token.kind is Kind.WORD and token.literal and (frame.called or not token.quoted)
        if is_name and token.text.casefold() in _PREFIXES:
            return
        name = token.text if is_name else ""
        command = Command(name, token.where, tuple(frame.pipeline), frame.blocks)
        frame.pipeline.append(command)
        frame.current = command
        frame.starts = frame.called = False
        yield command

    def _enter(self, frame: _Frame, token: Token) -> None:
        if len(self._open) > _MAX_DEPTH:
            raise PlanError(
                f"brackets are nested deeper than {_MAX_DEPTH}",
                where=token.where,
                hint="give a script that only sets values",
            )
        around = frame.current
        assert around is not None
        around.arguments.append(Argument(token.text, token.where, literal=False))
        if token.text == "{":
            self._open.append(_Frame("}", token.where, (*frame.blocks, around)))
        else:
            self._open.append(_Frame(")", token.where, frame.blocks))

    def _leave(self, frame: _Frame, token: Token) -> None:
        if frame.closing != token.text:
            raise PlanError(
                f"a {token.text} stands here and nothing that it could close",
                where=token.where,
                hint="check the brackets before it",
            )
        self._open.pop()
        around = self._open[-1]
        if token.text == "}" and around.in_keyword:
            around.end_statement()

    @staticmethod
    def _end(frame: _Frame) -> None:
        """End a statement; a line that ends with a pipe goes on, and so does one with `try`."""
        if not (frame.starts and frame.pipeline) and not frame.in_keyword:
            frame.end_statement()


def _is_call(token: Token) -> bool:
    return token.kind is Kind.OTHER and token.text == "&"


def _add(frame: _Frame, token: Token) -> None:
    """Add an argument to the command; behind `=` and `&` another command begins."""
    command = frame.current
    if command is None or (token.text == "=" and not command.name):
        frame.end_statement()
        frame.called = _is_call(token)
    elif token.kind is Kind.OTHER:
        command.arguments.append(Argument(token.text, token.where, literal=False))
    else:
        is_parameter = token.kind is Kind.PARAMETER
        command.arguments.append(
            Argument(token.text, token.where, is_parameter, token.literal, token.joined)
        )
