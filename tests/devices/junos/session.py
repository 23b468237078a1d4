"""A shell on a Junos device: Unix shell, operational mode, configuration mode."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from ..session import Fate, Question, Reply, Session
from . import operational
from .config import Config
from .configuration import Editing
from .load import load_braces, load_sets

if TYPE_CHECKING:
    from .device import JunosDevice

__all__ = ["JunosSession"]

Way = Literal["shared", "exclusive", "private"]


class JunosSession(Session):
    """One shell; `root` starts in the Unix shell, everybody else in the CLI."""

    device: JunosDevice

    def __init__(self, device: JunosDevice, user: str, number: int) -> None:
        super().__init__(device, user, number)
        self.unix = user == "root"
        self.way: Way | None = None
        self.own: Config | None = None  # the candidate of `configure private`
        self.edit: list[str] = []
        self.loading: str | None = None  # the verb of a `load ... terminal` that is going on
        self.lines: list[str] = []
        self.screen_lines = self.page_lines
        self._editing = Editing(self)

    @property
    def mode(self) -> str:
        if self.unix:
            return "shell"
        if self.way is None:
            return "operational"
        return "loading" if self.loading else f"configuration {self.way}"

    @property
    def configuring(self) -> bool:
        return self.way is not None

    @property
    def candidate(self) -> Config:
        """The configuration that this session edits."""
        return self.own or self.device.candidate

    def prompt(self) -> str:
        name = self.device.faults.prompt or self.device.hostname
        if self.unix:
            return f"root@{name}:~ # "
        if self.loading:
            return ""
        if self.way is None:
            return f"\n{self.user}@{name}> "
        pending = self.device.pending
        note = ""
        if pending:
            left = round(self.device.clock.remaining_s(pending.timer) / 60)
            note = f"# commit confirmed will be rolled back in {left} minutes\n"
        where = " ".join(["edit", *self.edit])
        return f"\n{note}[{where}]\n{self.user}@{name}# "

    def greeting(self) -> str:
        return f"--- JUNOS {self.device.version} Kernel 64-bit\n"

    def close(self) -> None:
        if not self.device.lingers:
            self.leave()
        super().close()

    def interrupt(self, key: str) -> Reply:
        if key == "\x04" and self.loading:
            return self._load_now()
        if key == "\x03" and self.loading:
            self.loading, self.lines = None, []
        return Reply("\n")

    def execute(self, line: str) -> Reply:
        if self.loading:
            self.lines.append(line)
            return Reply(held=True)
        if self.unix:
            return self._shell(line.strip())
        main, *pipes = [part.strip() for part in line.split("|")]
        self.page_lines = 0 if "no-more" in pipes else self.screen_lines
        if not main:
            return Reply()
        if self.way is None:
            return operational.run(self, main, pipes)
        return self._editing.run(main, pipes)

    def enter(self, way: Way) -> Reply:
        """`configure`."""
        from .device import Lock

        device = self.device
        if "configure" not in device.permissions:
            return Reply("error: permission denied: configure\n", refused=True)
        lock = device.exclusive
        if lock and lock.session != self.number:
            return Reply(
                "error: configuration database locked by:\n"
                f"{lock}, idle 00:01:12\n      exclusive [edit]\n",
                refused=True,
            )
        if way != "shared" and device.dirty():
            return Reply("error: configuration database modified\n", refused=True)
        note = ""
        if way == "exclusive":
            device.exclusive = Lock(self.user, self.number, device.stamp())
            device.note("locked", self.user, self)
            note = "warning: uncommitted changes will be discarded on exit\n"
        if way == "private":
            self.own = device.active.copy()
            note = "warning: uncommitted changes will be discarded on exit\n"
        self.way, self.edit = way, []
        others = [s.user for s in device.sessions.values() if s.configuring and s is not self]
        shared = "".join(f"{Lock(user)}\n      [edit]\n" for user in others)
        users = f"Users currently editing the configuration:\n{shared}" if others else ""
        return Reply(f"{note}Entering configuration mode\n{users}")

    def changed(self) -> bool:
        """Whether there are changes that this session would lose or leave behind."""
        return self.candidate.curly() != self.device.active.curly()

    def leave(self) -> None:
        """Leave configuration mode; what is exclusive or private is discarded."""
        if self.way == "exclusive":
            self.device.candidate = self.device.active.copy()
            self.device.exclusive = None
            self.device.note("unlocked", self.user, self)
        self.way, self.own, self.loading = None, None, None

    def ask_to_leave(self) -> Reply:
        """`exit` at the top."""
        if not self.changed():
            self.leave()
            return Reply("Exiting configuration mode\n")

        def answer(line: str) -> Reply:
            if line.strip().lower() in ("", "y", "yes"):
                self.leave()
                return Reply("Exiting configuration mode\n")
            return Reply()

        changed = "The configuration has been changed but not committed\n"
        if self.way == "exclusive":
            self.question = Question("Discard uncommitted changes? [yes,no] (yes) ", answer)
            return Reply(f"{changed}warning: Auto rollback on exiting 'configure exclusive'\n")
        self.question = Question("Exit with uncommitted changes? [yes,no] (yes) ", answer)
        return Reply(changed)

    def start_loading(self, verb: str) -> Reply:
        """`load VERB terminal`."""
        self.loading, self.lines = verb, []
        return Reply("[Type ^D at a new line to end input]\n")

    def load(self, verb: str, text: str) -> Reply:
        """Change the candidate by a text."""
        config = Config() if verb in ("override", "update") else self.candidate.copy()
        problems = load_sets(config, text) if verb == "set" else load_braces(config, text)
        if not problems or verb in ("set", "merge"):
            self.keep(config)  # the good statements stay: `load` is not atomic
        said = "".join(f"{problem}\n" for problem in problems)
        count = f" ({len(problems)} errors)" if problems else ""
        return Reply(f"{said}load complete{count}\n", refused=bool(problems))

    def keep(self, config: Config) -> None:
        """Make a configuration this session's candidate."""
        if self.own is not None:
            self.own = config
        else:
            self.device.candidate = config

    def _load_now(self) -> Reply:
        verb, lines = self.loading or "merge", self.lines
        self.loading, self.lines = None, []
        reply = self.load(verb, "\n".join(lines))
        for line in lines if not reply.refused else ():
            if line.strip():
                self.device.note("executed", line.strip(), self)
        if reply.refused:
            self.device.note("refused", f"load {verb} terminal", self)
        return Reply("\n" + reply.text, reply.refused)

    def _shell(self, line: str) -> Reply:
        if line == "cli":
            self.unix = False
            return Reply()
        if line in ("exit", "logout"):
            return Reply(fate=Fate.CLOSES)
        return (
            Reply(f"{line.split(maxsplit=1)[0]}: Command not found.\n", refused=True)
            if line
            else Reply()
        )


def piped(text: str, pipes: list[str]) -> str:
    """Apply `match`, `except`, `no-more`, `last` and `count`."""
    for pipe in pipes:
        verb, _, wanted = pipe.partition(" ")
        lines = text.splitlines(keepends=True)
        pattern = re.compile(wanted.strip().strip('"'), re.IGNORECASE)
        if verb == "match":
            text = "".join(line for line in lines if pattern.search(line))
        elif verb == "except":
            text = "".join(line for line in lines if not pattern.search(line))
        elif verb == "count":
            text = f"Count: {len(lines)} lines\n"
    return text
