"""A shell on an NX-OS device: EXEC and configuration mode."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..grammar import Found, Grammar, Rule
from ..ios.words import TYPES
from ..session import Fate, Reply, Session
from .checkpoints import Checkpoint
from .editor import Editor, caret
from .show import SHOWN

if TYPE_CHECKING:
    from .device import NxosDevice

__all__ = ["NxosSession"]

Command = Callable[["NxosSession", tuple[str, ...]], Reply]


class NxosSession(Session):
    """One shell. The editor is there only while the session configures."""

    device: NxosDevice

    def __init__(self, device: NxosDevice, user: str, number: int) -> None:
        super().__init__(device, user, number)
        self.editor: Editor | None = None

    @property
    def mode(self) -> str:
        return self.editor.mode if self.editor else "exec"

    @property
    def configuring(self) -> bool:
        return self.editor is not None

    def greeting(self) -> str:
        return "\nCisco Nexus Operating System (NX-OS) Software\n\n"

    def prompt(self) -> str:
        name = self.device.faults.prompt or self.device.hostname
        return f"{name}({self.editor.mode})# " if self.editor else f"{name}# "

    def configuration_replaced(self) -> None:
        if self.editor:
            self.editor.path.clear()

    def interrupt(self, key: str) -> Reply:
        if key == "\x1a":
            self.editor = None
        return Reply("\n")

    def execute(self, line: str) -> Reply:
        stripped = line.strip()
        if not stripped or stripped.startswith("!"):
            return Reply()
        return self._configure(self.editor, line) if self.editor else self.command(stripped)

    def command(self, line: str) -> Reply:
        """Carry out a line of EXEC mode."""
        main, _, pipe = (part.strip() for part in line.partition("|"))
        outcome = _GRAMMAR.read(main)
        if not isinstance(outcome, Found):
            return Reply(caret(outcome, main, len(self.prompt())), refused=True)
        if pipe == "count" and outcome.words == ("show", "running-config"):
            return Reply(f"{len(self.device.whole().splitlines())}\n")
        reply = _COMMANDS[outcome.rule.pattern](self, outcome.words)
        return replace(reply, text=_filtered(reply.text, pipe)) if pipe else reply

    def _configure(self, editor: Editor, line: str) -> Reply:
        stripped = line.strip()
        if stripped == "end" or (stripped == "exit" and not editor.path):
            self.editor = None
            return Reply()
        if stripped == "exit":
            editor.leave()
            return Reply()
        if stripped.startswith("show ") and editor.mode != "config-job":
            kept, self.editor = self.editor, None
            reply = self.command(stripped)
            self.editor = kept
            return reply
        refusal = editor.apply(line, indent=len(self.prompt()))
        if not refusal and stripped.startswith("time start +"):
            self.device.scheduled(editor.here, stripped.split()[-1], self)
        elif not refusal and stripped.startswith("no scheduler"):
            self.device.unscheduled(self)
        return Reply(refusal, refused=bool(refusal))


def _filtered(text: str, pipe: str) -> str:
    verb, _, wanted = pipe.partition(" ")
    lines = text.splitlines(keepends=True)
    pattern = re.compile(wanted.strip())
    keeps = verb != "exclude"
    return "".join(line for line in lines if bool(pattern.search(line)) is keeps)


def _said(text: str) -> Reply:
    """An answer; what begins with these words is a refusal."""
    failed = ("ERROR", "%", "Rollback failed", "Rollback Failed", "Copy failed")
    return Reply(text, refused=text.startswith(failed))


def _terminal(session: NxosSession, words: tuple[str, ...]) -> Reply:
    if words[1] == "length":
        if session.device.faults.paging_stays:
            session.device.note("fault", "paging stays")
        else:
            session.page_lines = int(words[2])
    return Reply()


def _configure(session: NxosSession, words: tuple[str, ...]) -> Reply:
    session.editor = session.device.editor()
    return Reply("Enter configuration commands, one per line. End with CNTL/Z.\n")


def _checkpoint(session: NxosSession, words: tuple[str, ...]) -> Reply:
    return _said(session.device.checkpoint(words[1], session.user, session))


def _no_checkpoint(session: NxosSession, words: tuple[str, ...]) -> Reply:
    if session.device.checkpoints.pop(words[2], None) is None:
        return _said(f"ERROR: Checkpoint {words[2]} does not exist\n")
    return Reply("Done\n")


def _checkpoint_file(session: NxosSession, words: tuple[str, ...]) -> Reply:
    device = session.device
    device.checkpoint_files[words[2]] = Checkpoint(
        device.tree.copy(), device.body(device.tree), session.user
    )
    return Reply("...Done\n")


def _rollback_file(session: NxosSession, words: tuple[str, ...]) -> Reply:
    found = session.device.checkpoint_files.get(words[3])
    if found is None:
        return _said(f"ERROR: {words[3]}: No such file or directory\n")
    return _said(session.device.go_back(found, words[3], session))


def _delete(session: NxosSession, words: tuple[str, ...]) -> Reply:
    session.device.checkpoint_files.pop(words[1], None)
    return Reply()


def _rollback(session: NxosSession, words: tuple[str, ...]) -> Reply:
    return _said(session.device.rollback(words[3], session))


def _save(session: NxosSession, words: tuple[str, ...]) -> Reply:
    return _said(session.device.save(session))


def _exit(session: NxosSession, words: tuple[str, ...]) -> Reply:
    return Reply(fate=Fate.CLOSES)


_COMMANDS: Mapping[str, Command] = {
    "terminal (length|width|session-timeout) <int:0-1000>": _terminal,
    "terminal (dont-ask|monitor)": lambda session, words: Reply(),
    "no terminal dont-ask": lambda session, words: Reply(),
    "configure [terminal]": _configure,
    "checkpoint <word>": _checkpoint,
    "checkpoint file <word>": _checkpoint_file,
    "no checkpoint <word>": _no_checkpoint,
    "rollback running-config file <word>": _rollback_file,
    "delete <word>": _delete,
    "rollback running-config checkpoint <word> [atomic|best-effort]": _rollback,
    "copy running-config startup-config": _save,
    "(exit|quit|logout)": _exit,
    **SHOWN,
}
_GRAMMAR = Grammar([Rule(pattern) for pattern in _COMMANDS], TYPES)
