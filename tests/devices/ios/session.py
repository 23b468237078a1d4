"""A shell on an IOS device: user, privileged and configuration mode."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..grammar import Found, Grammar, Rule
from ..session import Fate, Question, Reply, Session
from . import files, show
from .editor import Editor, caret
from .words import TYPES

if TYPE_CHECKING:
    from .device import IosDevice

__all__ = ["IosSession"]

Command = Callable[["IosSession", tuple[str, ...]], Reply]

_PROMPTS = {"config-cmap": "config-cmap", "config-pmap-c-police": "config-pmap-c-police"}


class IosSession(Session):
    """One shell. The editor is there only while the session configures."""

    device: IosDevice

    def __init__(self, device: IosDevice, user: str, number: int) -> None:
        super().__init__(device, user, number)
        self.privileged = not device.enable
        self.editor: Editor | None = None
        self.tcl = False
        self.locked = False

    @property
    def mode(self) -> str:
        if self.tcl:
            return "tcl"
        if self.editor:
            return self.editor.mode
        return "privileged" if self.privileged else "user"

    @property
    def configuring(self) -> bool:
        return self.editor is not None

    def greeting(self) -> str:
        return "\n"

    def prompt(self) -> str:
        name = self.device.faults.prompt or self.device.hostname
        if self.tcl:
            return f"{name}(tcl)#"
        if self.editor:
            return f"{name}({_PROMPTS.get(self.editor.mode, self.editor.mode)})#"
        return f"{name}{'#' if self.privileged else '>'}"

    def close(self) -> None:
        self.unlock()
        super().close()

    def configuration_replaced(self) -> None:
        if self.editor:
            self.editor.path.clear()

    def interrupt(self, key: str) -> Reply:
        if key == "\x1a" or (key == "\x03" and self.editor):
            self.leave_configuration()
            return Reply("\n")
        return Reply("\n") if key == "\x03" else Reply(fate=Fate.STAYS)

    def collects(self, pending: str) -> bool | None:
        # tclsh takes a brace word of many lines as one command
        if not self.tcl or not pending.startswith("puts [open"):
            return None
        return bool(re.search(r"\}\r?\n?$", pending))

    def execute(self, line: str) -> Reply:
        self.device.archive.active()
        if self.tcl:
            return self._tcl(line)
        return self._configure(line) if self.editor else self.command(line)

    def command(self, line: str) -> Reply:
        """Carry out a line of user or privileged mode."""
        main, _, pipe = line.partition("|")
        if not main.strip() or main.strip().startswith("!"):
            return Reply()
        outcome = (_PRIVILEGED if self.privileged else _USER).read(main)
        if not isinstance(outcome, Found):
            return Reply(caret(outcome, len(self.prompt())), refused=True)
        reply = _COMMANDS[outcome.rule.pattern](self, outcome.words)
        return replace(reply, text=_filtered(reply.text, pipe)) if pipe else reply

    def enter_configuration(self) -> Reply:
        """`configure terminal`."""
        lock = self.device.exclusive
        if lock and lock.session != self.number:
            return Reply(
                f"Configuration mode locked exclusively by user '{lock.user}' "
                f"process '{300 + lock.session}' "
                f"from terminal '{lock.session}'. Please try later.\n",
                refused=True,
            )
        if "configuration mode" in self.device.tree.children:
            self.lock()
        self.editor = self.device.editor()
        return Reply("Enter configuration commands, one per line.  End with CNTL/Z.\n")

    def lock(self) -> None:
        """Hold the configuration alone."""
        from .device import Lock

        self.device.exclusive = Lock(self.user, self.number)
        self.locked = True
        self.device.note("locked", self.user, self)

    def unlock(self) -> None:
        """Give the configuration back."""
        if self.locked:
            self.device.exclusive, self.locked = None, False
            self.device.note("unlocked", self.user, self)

    def leave_configuration(self) -> None:
        """`end`."""
        if self.editor:
            self.editor = None
            self.unlock()

    def _configure(self, line: str) -> Reply:
        editor = self.editor
        assert editor is not None
        stripped = line.strip()
        if stripped == "end" or (stripped in ("exit", "ex", "exi") and not editor.path):
            self.leave_configuration()
            return Reply()
        if stripped in ("exit", "ex", "exi"):
            editor.leave()
            return Reply()
        if stripped.startswith("do "):
            self.editor, kept = None, editor
            reply = self.command(stripped[3:])
            self.editor = kept
            return reply
        refusal = editor.apply(line, indent=len(self.prompt()))
        if not refusal and stripped and not stripped.startswith("!"):
            self.device.touched(self.user)
        return Reply(refusal, refused=bool(refusal))

    def _tcl(self, line: str) -> Reply:
        stripped = line.strip()
        if stripped in ("tclquit", "exit"):
            self.tcl = False
            return Reply()
        written = re.fullmatch(r'puts \[open "([^"]+)" w\+\] \{(.*)\}', stripped, re.DOTALL)
        if written:
            text = re.sub(r"\r\n?", "\n", written[2])
            done = self.device.store(written[1], text + "\n")
            return Reply(
                "" if done else "couldn't open: no space left on device\n", refused=not done
            )
        return self.command(line) if stripped else Reply()


def _filtered(text: str, pipe: str) -> str:
    """Apply `include`, `exclude`, `begin` or `section` as IOS does: by regular expression."""
    verb, _, wanted = pipe.strip().partition(" ")
    pattern = re.compile(wanted.strip())
    lines = text.splitlines(keepends=True)
    if "include".startswith(verb):
        return "".join(line for line in lines if pattern.search(line))
    if "exclude".startswith(verb):
        return "".join(line for line in lines if not pattern.search(line))
    if "begin".startswith(verb):
        start = next((at for at, line in enumerate(lines) if pattern.search(line)), len(lines))
        return "".join(lines[start:])
    kept, inside = [], False
    for line in lines:
        inside = bool(pattern.search(line)) or (inside and line.startswith(" "))
        kept += [line] if inside else []
    return "".join(kept)


# Commands. Each takes the session and the words of the line, in full.


def _said(text: str, *, refused: bool | None = None) -> Reply:
    """An answer; what begins with `%` is a refusal."""
    return Reply(text, refused=text.startswith("%") if refused is None else refused)


def _enable(session: IosSession, words: tuple[str, ...]) -> Reply:
    if session.device.faults.enable_refused:
        session.device.note("fault", "enable refused")
        return Reply("% Error in authentication.\n\n", refused=True)
    if session.privileged:
        return Reply()
    return _ask_enable(session, 3)


def _ask_enable(session: IosSession, tries: int) -> Reply:
    def answer(line: str) -> Reply:
        if line == session.device.enable:
            session.privileged = True
            return Reply()
        if tries > 1:
            return _ask_enable(session, tries - 1)
        return Reply("% Bad secrets\n\n", refused=True)

    session.question = Question("Password: ", answer, secret=True)
    return Reply()


def _disable(session: IosSession, words: tuple[str, ...]) -> Reply:
    session.privileged = False
    return Reply()


def _exit(session: IosSession, words: tuple[str, ...]) -> Reply:
    return Reply(fate=Fate.CLOSES)


def _terminal(session: IosSession, words: tuple[str, ...]) -> Reply:
    if words[1] == "length":
        if session.device.faults.paging_stays:
            session.device.note("fault", "paging stays")
        else:
            session.page_lines = int(words[2])
    return Reply()


def _configure(session: IosSession, words: tuple[str, ...]) -> Reply:
    note = ""
    if session.device.exclusive and session.device.exclusive.session != session.number:
        return session.enter_configuration()
    if "timer" in words or "idle" in words:
        note = session.device.archive.arm(int(words[-1]), session, idle="idle" in words)
        if note.startswith("%"):
            return Reply(note, refused=True)
    entered = session.enter_configuration()
    if "lock" in words and not entered.refused and not session.locked:
        session.lock()
    return Reply(note + entered.text, entered.refused)


def _confirm(session: IosSession, words: tuple[str, ...]) -> Reply:
    return _said(session.device.archive.confirm(session))


def _revert(session: IosSession, words: tuple[str, ...]) -> Reply:
    archive = session.device.archive
    if words[2] == "now":
        return _said(archive.revert(session))
    return _said(archive.rearm(int(words[-1]), session, idle="idle" in words))


def _replace(session: IosSession, words: tuple[str, ...]) -> Reply:
    text = files.read(session.device, words[2])
    if text is None:
        return _said(f"%Error opening {words[2]} (No such file or directory)\n")

    def act(answer: str) -> Reply:
        if not answer.lower().startswith("y"):
            return Reply()
        note = ""
        if words[-1].isdigit():
            note = session.device.archive.arm(int(words[-1]), session)
            if note.startswith("%"):
                return Reply(note, refused=True)
        said = session.device.archive.replace(text, session)
        return Reply(note + said, refused="Rollback Done" not in said)

    if "force" in words:
        return act("y")
    session.question = Question("Enter Y if you are sure you want to proceed. ? [no]: ", act)
    return Reply(
        "This will apply all necessary additions and deletions\n"
        "to replace the current running configuration with the\n"
        "contents of the specified configuration file, which is\n"
        "assumed to be a complete configuration, not a partial\n"
        "configuration. "
    )


def _write(session: IosSession, words: tuple[str, ...]) -> Reply:
    return _said(session.device.save(session))


def _archive(session: IosSession, words: tuple[str, ...]) -> Reply:
    if not session.device.archive.path:
        return _said("%Please turn config archive on before using archive config\n")
    session.device.archive.store()
    return Reply()


def _differences(session: IosSession, words: tuple[str, ...]) -> Reply:
    names = [*words[4:], "system:running-config", "nvram:startup-config"]
    names = names[:2] if len(words) > 5 or len(words) == 4 else [words[4], "system:running-config"]
    texts = [files.read(session.device, name) for name in names]
    if None in texts:
        return _said(f"%Error opening {names[texts.index(None)]} (No such file or directory)\n")
    return Reply(session.device.archive.differences(texts[0] or "", texts[1] or ""))


def _incremental(session: IosSession, words: tuple[str, ...]) -> Reply:
    text = files.read(session.device, words[4])
    if text is None:
        return _said(f"%Error opening {words[4]} (No such file or directory)\n")
    return Reply(session.device.archive.incremental(text))


def _tclsh(session: IosSession, words: tuple[str, ...]) -> Reply:
    session.tcl = True
    return Reply()


def _clear_lock(session: IosSession, words: tuple[str, ...]) -> Reply:
    session.device.exclusive = None
    session.device.note("unlocked", "cleared", session)
    return Reply()


def _reload(session: IosSession, words: tuple[str, ...]) -> Reply:
    device = session.device
    if words[-1] == "cancel":
        found = device.cancel_reload(session)
        said = "***\n*** --- SHUTDOWN ABORTED ---\n***\n" if found else "%No reload is scheduled\n"
        return Reply(said, refused=not found)

    def act(answer: str) -> Reply:
        if words[-1].isdigit():
            device.schedule_reload(int(words[-1]), session)
            return Reply()
        device.restart()
        return Reply(fate=Fate.CLOSES)

    session.question = Question("Proceed with reload? [confirm]", act)
    note = f"Reload scheduled in {words[-1]} minutes by {session.user}\n"
    return Reply(note if words[-1].isdigit() else "")


def _show_reload(session: IosSession, words: tuple[str, ...]) -> Reply:
    reload = session.device.reload
    if reload is None:
        return Reply("No reload is scheduled.\n")
    left = round(session.device.clock.remaining_s(reload) / 60)
    return Reply(f"Reload scheduled in {left} minutes by {session.user}\n")


_ANYONE: Mapping[str, Command] = {
    "enable [<int:0-15>]": _enable,
    "disable": _disable,
    "(exit|logout|quit)": _exit,
    "terminal (length|width) <int:0-512>": _terminal,
    "terminal (monitor|no monitor)": lambda session, words: Reply(),
    **show.ANYONE,
}
_COMMANDS: Mapping[str, Command] = {
    **_ANYONE,
    "configure terminal [lock|revert timer (<int:1-120>|idle <int:1-120>)]": _configure,
    "configure confirm": _confirm,
    "configure revert (now|timer (<int:1-120>|idle <int:1-120>))": _revert,
    "configure replace <word> [list] [force] [(time|timer) <int:1-120>]": _replace,
    "configure replace <word> force revert trigger error [timer <int:1-120>]": _replace,
    "configure replace <word> force revert timer <int:1-120>": _replace,
    "write [memory]": _write,
    "archive config": _archive,
    "show archive": lambda session, words: Reply(session.device.archive.listing()),
    "show archive config differences [<word> [<word>]]": _differences,
    "show archive config incremental-diffs <word> [ignorecase]": _incremental,
    "show archive config rollback timer": lambda session, words: _said(
        session.device.archive.timer(), refused=False
    ),
    "clear configuration lock": _clear_lock,
    "reload [in <int:1-35791>|cancel]": _reload,
    "show reload": _show_reload,
    "tclsh": _tclsh,
    **show.PRIVILEGED,
    **files.COMMANDS,
}
_USER = Grammar([Rule(pattern) for pattern in _ANYONE], TYPES)
_PRIVILEGED = Grammar([Rule(pattern) for pattern in _COMMANDS], TYPES)
