"""A shell on an EOS device, over SSH or for one eAPI request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..grammar import Found, Grammar, Rule
from ..ios.words import TYPES
from ..session import Fate, Question, Reply, Session
from . import show
from .editor import Editor, refusal

if TYPE_CHECKING:
    from .device import ConfigSession, EosDevice

__all__ = ["EosSession"]

Command = Callable[["EosSession", tuple[str, ...]], Reply]


class EosSession(Session):
    """One shell; `inside` is the configuration session that it edits."""

    device: EosDevice

    def __init__(self, device: EosDevice, user: str, number: int) -> None:
        super().__init__(device, user, number)
        self.privileged = False
        self.editor: Editor | None = None
        self.inside: ConfigSession | None = None

    @property
    def mode(self) -> str:
        if self.editor is None:
            return "privileged" if self.privileged else "user"
        return f"session {self.editor.mode}" if self.inside else self.editor.mode

    @property
    def configuring(self) -> bool:
        return self.editor is not None

    def prompt(self) -> str:
        name = self.device.faults.prompt or self.device.hostname
        if self.editor is None:
            return f"{name}{'#' if self.privileged else '>'}"
        parts = ["config", *(["s", self.inside.name[:6]] if self.inside else []), self.editor.shown]
        return f"{name}({'-'.join(part for part in parts if part)})#"

    def interrupt(self, key: str) -> Reply:
        if key in "\x1a\x03" and self.editor:
            self.end()
        return Reply("\n")

    def end(self) -> None:
        """Leave all configuration modes; a session stays pending."""
        if self.editor:
            self.editor.leave(to=0)
        self.editor = self.inside = None

    def execute(self, line: str) -> Reply:
        stripped = line.strip()
        if not stripped or stripped.startswith("!"):
            return Reply()
        if self.editor is None:
            return self.command(stripped)
        return self._configure(self.editor, stripped)

    def command(self, line: str) -> Reply:
        """Carry out a line of user or privileged mode."""
        main, _, pipe = (part.strip() for part in line.partition("|"))
        if pipe == "json":
            value = self.structured(main)
            return (
                Reply("% This is an unconverted command\n", refused=True)
                if value is None
                else Reply(json.dumps(value, indent=4) + "\n")
            )
        outcome = (_PRIVILEGED if self.privileged else _USER).read(main)
        if not isinstance(outcome, Found):
            return Reply(refusal(outcome, main), refused=True)
        reply = _COMMANDS[outcome.rule.pattern](self, outcome.words)
        if pipe.startswith("include "):
            pattern = re.compile(pipe.removeprefix("include ").strip())
            kept = [row for row in reply.text.splitlines(keepends=True) if pattern.search(row)]
            return Reply("".join(kept), reply.refused)
        return reply

    def structured(self, line: str) -> Any:
        """Return the JSON form of a command's answer, None where it has none."""
        make = show.STRUCTURED.get(" ".join(line.split()))
        return make(self.device) if make else None

    def _configure(self, editor: Editor, line: str) -> Reply:
        if line == "end" or (line == "exit" and not editor.path):
            self.end()
            return Reply()
        inside = self.inside
        if line == "abort" and not editor.abort():
            self.editor = self.inside = None
            return _said(self.device.abort(inside, self)) if inside else Reply()
        if line == "abort":
            return Reply()
        if inside and line == "rollback clean-config":
            inside.tree.children = self.device.blank().children
            editor.path.clear()
            return Reply()
        if inside and line.startswith("commit"):
            editor.leave(to=0)
            self.editor = self.inside = None
            return _commit(self, inside, line.split()[1:])
        if line.startswith("show "):
            return self._show(line)
        said = editor.apply(line)
        return Reply(said, refused=bool(said))

    def _show(self, line: str) -> Reply:
        if self.inside and "session-config" in line:
            if self.editor:
                self.editor.leave(to=0)
            diffs = line.endswith("diffs")
            return Reply(
                self.device.differences(self.inside)
                if diffs
                else self.device.body(self.inside.tree)
            )
        kept, self.editor = self.editor, None
        reply = self.command(line)
        self.editor = kept
        return reply


def _said(text: str) -> Reply:
    return Reply(text, refused=text.startswith("%"))


def _commit(shell: EosSession, session: ConfigSession, words: list[str]) -> Reply:
    seconds = 0
    if words:
        found = re.fullmatch(r"(\d+):(\d\d):(\d\d)", words[-1])
        if words[0] != "timer" or not found:
            return Reply(f"% Invalid input (at token 1: '{words[0]}')\n", refused=True)
        hours, minutes, rest = (int(part) for part in found.groups())
        seconds = hours * 3600 + minutes * 60 + rest
    return _said(shell.device.commit(session, shell, seconds))


def _enable(shell: EosSession, words: tuple[str, ...]) -> Reply:
    if shell.device.faults.enable_refused:
        shell.device.note("fault", "enable refused")
        return Reply("% Access denied\n", refused=True)
    if not shell.device.enable or shell.privileged:
        shell.privileged = True
        return Reply()

    def answer(line: str) -> Reply:
        shell.privileged = line == shell.device.enable
        return Reply("" if shell.privileged else "% Bad secret\n", refused=not shell.privileged)

    shell.question = Question("Password: ", answer, secret=True)
    return Reply()


def _disable(shell: EosSession, words: tuple[str, ...]) -> Reply:
    shell.privileged = False
    return Reply()


def _exit(shell: EosSession, words: tuple[str, ...]) -> Reply:
    return Reply(fate=Fate.CLOSES)


def _terminal(shell: EosSession, words: tuple[str, ...]) -> Reply:
    if words[1] == "width":
        return Reply(f"Width set to {words[2]} columns.\n")
    if shell.device.faults.paging_stays:
        shell.device.note("fault", "paging stays")
    else:
        shell.page_lines = int(words[2])
    return Reply(
        "Pagination disabled.\n" if words[2] == "0" else f"Pagination set to {words[2]} lines.\n"
    )


def _configure(shell: EosSession, words: tuple[str, ...]) -> Reply:
    shell.editor = Editor(shell.device.tree, shell.device.interfaces)
    return Reply()


def _session(shell: EosSession, words: tuple[str, ...]) -> Reply:
    from .device import ConfigSession

    device = shell.device
    name = words[2] if len(words) > 2 else f"sess-{len(device.config_sessions) + 1}"
    session = device.config_sessions.get(name)
    action = list(words[3:])
    if action and session is None:
        return Reply(f"% Session {name} does not exist\n", refused=True)
    if session and action:
        if action[0] == "abort":
            return _said(device.abort(session, shell))
        return _commit(shell, session, action[1:])
    if session is None or session.state in ("completed", "aborted"):
        session = device.config_sessions[name] = ConfigSession(name, shell.user, device.tree.copy())
    if session.state == "pendingCommitTimer":
        return Reply(f"% Cannot enter session {name}: pendingCommitTimer\n", refused=True)
    shell.inside = session
    shell.editor = Editor(session.tree, device.interfaces)
    return Reply()


def _diffs(shell: EosSession, words: tuple[str, ...]) -> Reply:
    session = shell.device.config_sessions.get(words[3])
    if session is None:
        return Reply(f"% Session {words[3]} does not exist\n", refused=True)
    return Reply(
        shell.device.differences(session)
        if words[-1] == "diffs"
        else shell.device.body(session.tree)
    )


def _replace(shell: EosSession, words: tuple[str, ...]) -> Reply:
    text = _read(shell.device, words[2])
    if text is None:
        return Reply(f"% Error opening {words[2]} (No such file or directory)\n", refused=True)
    return _said(shell.device.replace(text, shell))


def _checkpoint(shell: EosSession, words: tuple[str, ...]) -> Reply:
    device = shell.device
    if words[2] == "save":
        device.checkpoints[words[3]] = device.body(device.tree)
        return Reply()
    if words[3] not in device.checkpoints:
        return Reply(f"% Checkpoint {words[3]} does not exist\n", refused=True)
    return _said(device.replace(device.checkpoints[words[3]], shell))


def _read(device: EosDevice, name: str) -> str | None:
    if name in ("running-config", "system:/running-config"):
        return device.body(device.tree)
    if name == "startup-config":
        return device.startup
    if name.startswith("checkpoint:"):
        return device.checkpoints.get(name.removeprefix("checkpoint:").lstrip("/"))
    return device.files.get(device.file_name(name))


def _copy(shell: EosSession, words: tuple[str, ...]) -> Reply:
    text = _read(shell.device, words[1])
    if text is None:
        return Reply(f"% Error copying {words[1]} (No such file or directory)\n", refused=True)
    if words[2] == "startup-config":
        return _said(shell.device.save(shell))
    if words[2] == "running-config":
        refused = Editor(shell.device.tree, shell.device.interfaces).load(text)
        return _said(
            "".join(f"% Invalid input: {line}\n" for line in refused)
            or "Copy completed successfully.\n"
        )
    if not shell.device.store(words[2], text):
        return Reply(
            f"% Error copying {words[1]} to {words[2]} (No space left on device)\n", refused=True
        )
    return Reply("Copy completed successfully.\n")


def _dir(shell: EosSession, words: tuple[str, ...]) -> Reply:
    rows = "".join(
        f"       -rw-  {len(text):>10}   Mar 2 09:00  {name}\n"
        for name, text in sorted(shell.device.files.items())
    )
    return Reply(
        f"Directory of flash:/\n\n{rows}\n"
        f"256000000 bytes total ({shell.device.free_bytes()} bytes free)\n"
    )


def _delete(shell: EosSession, words: tuple[str, ...]) -> Reply:
    shell.device.files.pop(shell.device.file_name(words[1]), None)
    return Reply()


def _more(shell: EosSession, words: tuple[str, ...]) -> Reply:
    text = _read(shell.device, words[1])
    return Reply(f"% Error opening {words[1]}\n", refused=True) if text is None else Reply(text)


def _shown(make: Callable[[EosSession], str]) -> Command:
    """A command that only shows something."""
    return lambda shell, words: Reply(make(shell))


_ANYONE: Mapping[str, Command] = {
    "enable": _enable,
    "disable": _disable,
    "(exit|logout|quit)": _exit,
    "terminal (length|width) <int>": _terminal,
    **{pattern: _shown(make) for pattern, make in show.ANYONE.items()},
}
_COMMANDS: Mapping[str, Command] = {
    **_ANYONE,
    "configure [terminal]": _configure,
    "configure session [<word>]": _session,
    "configure session <word> (abort|commit [timer <word>])": _session,
    "configure replace <word>": _replace,
    "configure checkpoint (save|restore) <word>": _checkpoint,
    "show session-config named <word> [diffs]": _diffs,
    "write [memory]": lambda shell, words: _said(shell.device.save(shell)),
    "copy <word> <word>": _copy,
    "dir [<word>]": _dir,
    "delete <word>": _delete,
    "more <word>": _more,
    **{pattern: _shown(make) for pattern, make in show.PRIVILEGED.items()},
}
_USER = Grammar([Rule(pattern) for pattern in _ANYONE], TYPES)
_PRIVILEGED = Grammar([Rule(pattern) for pattern in _COMMANDS], TYPES)
