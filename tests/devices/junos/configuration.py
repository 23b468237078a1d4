"""Commands of the configuration mode of Junos."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..session import Reply
from . import operational
from .check import check
from .compare import compare
from .config import StatementError, split

if TYPE_CHECKING:
    from .session import JunosSession

__all__ = ["Editing"]

_VERBS = ("set", "merge", "replace", "override", "update")


class Editing:
    """Carries out the lines of one session in configuration mode."""

    def __init__(self, session: JunosSession) -> None:
        self._session = session
        self._commands: dict[str, Callable[[list[str], list[str]], Reply]] = {
            "set": self._set,
            "delete": self._delete,
            "deactivate": self._activate,
            "activate": self._activate,
            "show": self._show,
            "edit": self._edit,
            "up": self._up,
            "top": self._top,
            "load": self._load,
            "commit": self._commit,
            "rollback": self._rollback,
            "run": self._run,
            "status": self._status,
            "exit": self._exit,
            "quit": self._exit,
        }

    def run(self, line: str, pipes: list[str]) -> Reply:
        """Carry out one line."""
        words = split(line)
        name = words[0]
        names = [each for each in self._commands if each.startswith(name)]
        if name in self._commands:
            names = [name]
        if len(names) != 1:
            return operational.syntax_error(self._session, line, 0)
        words[0] = names[0]
        try:
            return self._commands[names[0]](words, pipes)
        except StatementError as problem:
            at = line.find(problem.word, len(name)) if problem.word else len(line)
            return operational.syntax_error(self._session, line, at)

    def _set(self, words: list[str], pipes: list[str]) -> Reply:
        config = self._session.candidate.copy()
        config.set([*self._session.edit, *words[1:]])
        self._session.keep(config)
        return Reply()

    def _delete(self, words: list[str], pipes: list[str]) -> Reply:
        if not self._session.candidate.delete([*self._session.edit, *words[1:]]):
            return Reply("warning: statement not found\n")
        return Reply()

    def _activate(self, words: list[str], pipes: list[str]) -> Reply:
        chain, _ = self._session.candidate.find([*self._session.edit, *words[1:]])
        chain[-1].inactive = words[0] == "deactivate"
        return Reply()

    def _show(self, words: list[str], pipes: list[str]) -> Reply:
        from .session import piped

        session = self._session
        for pipe in pipes:
            if pipe.startswith("compare"):
                number = int(pipe.split()[-1]) if "rollback" in pipe else 0
                old = session.device.history[number].config
                return Reply(compare(old, session.candidate))
        path = [*session.edit, *words[1:]]
        shown = session.candidate.sets if "display set" in pipes else session.candidate.curly
        try:
            return Reply(piped(shown(*path), pipes))
        except StatementError:
            return Reply()

    def _edit(self, words: list[str], pipes: list[str]) -> Reply:
        path = [*self._session.edit, *words[1:]]
        self._session.candidate.set(path)
        self._session.edit = path
        return Reply()

    def _up(self, words: list[str], pipes: list[str]) -> Reply:
        chain, _ = self._session.candidate.find(self._session.edit)
        self._session.edit = [word for item in chain[1:-1] for word in item.text.split()]
        return Reply()

    def _top(self, words: list[str], pipes: list[str]) -> Reply:
        self._session.edit = []
        return Reply()

    def _load(self, words: list[str], pipes: list[str]) -> Reply:
        if len(words) < 3 or words[1] not in _VERBS:
            raise StatementError(1, words[1] if len(words) > 1 else "")
        if words[2] == "terminal":
            return self._session.start_loading(words[1])
        text = self._session.device.files.get(self._session.device.file_name(words[2]))
        if text is None:
            said = f"error: cannot open {words[2]}: No such file or directory\n"
            return Reply(f"{said}load complete (1 errors)\n", refused=True)
        return self._session.load(words[1], text)

    def _commit(self, words: list[str], pipes: list[str]) -> Reply:
        session, device = self._session, self._session.device
        rest = words[1:]
        lock = device.exclusive
        if lock and lock.session != session.number:
            return Reply(f"error: configuration database locked by {lock.user}\n", refused=True)
        errors = check(session.candidate)
        if errors:
            return Reply("".join(errors) + "error: configuration check-out failed\n", refused=True)
        if "check" in rest:
            device.confirm(session)  # Junos: `commit check` confirms as `commit` does
            return Reply("configuration check succeeds\n")
        if device.faults.save_refused:
            device.note("fault", "commit refused")
            return Reply(f"{device.faults.save_refused}\n", refused=True)
        note = self._committed(rest)
        if "and-quit" in rest:
            session.leave()
            return Reply(f"{note}commit complete\nExiting configuration mode\n")
        return Reply(f"{note}commit complete\n")

    def _committed(self, rest: list[str]) -> str:
        """Make the candidate the active configuration; return what Junos says before `complete`."""
        session, device = self._session, self._session.device
        comment = rest[rest.index("comment") + 1].strip('"') if "comment" in rest else ""
        before, changed = device.active, session.changed()
        minutes = 0
        if "confirmed" in rest:
            at = rest.index("confirmed") + 1
            minutes = int(rest[at]) if rest[at : at + 1] and rest[at].isdigit() else 10
            device.arm(minutes, before, session)
        else:
            device.confirm(session)
        if changed:
            device.install(session.candidate, session.user, "cli", comment, minutes)
            if session.own is not None:
                session.own = device.active.copy()
        device.note("committed", comment, session)
        if "confirmed" not in rest:
            device.note("saved", "active", session)
            return ""
        return (
            f"commit confirmed will be automatically rolled back in {minutes} minutes "
            "unless confirmed\n"
        )

    def _rollback(self, words: list[str], pipes: list[str]) -> Reply:
        device = self._session.device
        if device.faults.rollback_refused:
            device.note("fault", "rollback refused")
            return Reply(f"{device.faults.rollback_refused}\n", refused=True)
        which = words[1] if len(words) > 1 else "0"
        if which == "rescue":
            if device.rescue is None:
                return Reply("error: rescue configuration not found\n", refused=True)
            self._session.keep(device.rescue.copy())
        elif not which.isdigit() or int(which) >= len(device.history):
            return Reply(f"error: could not open rollback configuration {which}\n", refused=True)
        else:
            self._session.keep(device.history[int(which)].config.copy())
        return Reply("load complete\n")

    def _status(self, words: list[str], pipes: list[str]) -> Reply:
        device = self._session.device
        text = "Users currently editing the configuration:\n"
        text += f"{device.exclusive}\n      exclusive [edit]\n" if device.exclusive else ""
        saves = [pipe.removeprefix("save ") for pipe in pipes if pipe.startswith("save ")]
        for path in saves:
            device.store(path, text)
        return Reply(f"Wrote 3 lines of output to '{saves[0]}'\n" if saves else text)

    def _run(self, words: list[str], pipes: list[str]) -> Reply:
        return operational.run(self._session, " ".join(words[1:]), pipes)

    def _exit(self, words: list[str], pipes: list[str]) -> Reply:
        if self._session.edit and words[1:] != ["configuration-mode"]:
            return self._up(words, pipes)
        return self._session.ask_to_leave()
