"""Operational commands of Junos."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..session import Fate, Reply
from .compare import compare
from .config import StatementError

if TYPE_CHECKING:
    from .session import JunosSession

__all__ = ["run", "syntax_error"]


def syntax_error(session: JunosSession, line: str, at: int, *, wanted: str = "") -> Reply:
    """Refuse a line: a caret under the word, and what was expected there."""
    indent = len(session.prompt().rsplit("\n", 1)[-1]) + at
    what = f"syntax error, expecting {wanted}." if wanted else "syntax error."
    if at == 0:
        what = "unknown command."
    return Reply(f"{' ' * indent}^\n{what}\n", refused=True)


def run(session: JunosSession, line: str, pipes: list[str]) -> Reply:
    """Carry out an operational command."""
    from .session import piped

    words = line.split()
    for start, command in _COMMANDS.items():
        wanted = start.split()
        if len(words) >= len(wanted) and all(
            full.startswith(word) for word, full in zip(words, wanted, strict=False)
        ):
            reply = command(session, words[len(wanted) :], pipes)
            return Reply(piped(reply.text, pipes), reply.refused, reply.held, reply.fate)
    known = any(start.split()[0].startswith(words[0]) for start in _COMMANDS)
    at = line.find(words[1]) if known and len(words) > 1 else 0
    return syntax_error(session, line, at, wanted="<command>")


def _configure(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    if words and "exclusive".startswith(words[0]):
        return session.enter("exclusive")
    if words and "private".startswith(words[0]):
        return session.enter("private")
    return session.enter("shared")


def _configuration(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    device = session.device
    for pipe in list(pipes):
        if pipe.startswith("compare"):
            pipes.remove(pipe)
            number = int(pipe.split()[-1])
            return Reply(compare(device.history[number].config, device.active))
    try:
        if "display set" in pipes:
            pipes.remove("display set")
            return Reply(device.active.sets(*words)[: device.faults.shown_bytes])
        if device.faults.shown_bytes is not None:
            device.note("fault", "show configuration is cut")
        return Reply(device.active.curly(*words) if words else device.shown())
    except StatementError:
        return Reply()


def _version(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    device = session.device
    return Reply(f"Hostname: {device.hostname}\nModel: {device.model}\nJunos: {device.version}\n")


def _hardware(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    device = session.device
    head = "Hardware inventory:\n"
    head += "Item             Version  Part number  Serial number     Description\n"
    return Reply(
        f"{head}Chassis                                {device.serial:<18}{device.model.upper()}\n"
    )


def _commits(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    rows = [
        f"{at:<4}{entry.when} by {entry.user} via {entry.via}"
        # It stays there for good; that a commit waits is what the line below it says.
        + (f" commit confirmed, rollback in {entry.minutes}mins" if entry.minutes else "")
        + (f"\n    {entry.comment}" if entry.comment else "")
        for at, entry in enumerate(session.device.history)
    ]
    if session.device.pending:
        rows.insert(1, "    rollback pending")
    return Reply("\n".join(rows) + "\n")


def _authorization(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    rows = "".join(f"    {name:<12}-- Can do it\n" for name in session.device.permissions)
    return Reply(f"Current user: '{session.user}' class 'super-user'\nPermissions:\n{rows}")


def _storage(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    left = f"{session.device.free_bytes() / (1 << 20):.1f}M"
    return Reply(
        "Filesystem              Size       Used      Avail  Capacity   Mounted on\n"
        f"/dev/ad0s1a             256M       128M     {left:>6}       50%  /.mount/config\n"
        f"/dev/ad0s1f             256M       128M     {left:>6}       50%  /var\n"
    )


def _uptime(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    device = session.device
    return Reply(
        f"Current time: {device.stamp()}\nSystem booted: 2026-03-02 09:00:00 UTC (00:10 ago)\n"
        f"Last configured: {device.history[0].when} (00:05 ago) by {device.history[0].user}\n"
    )


def _users(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    each = session.device.sessions.values()
    rows = [f"{s.user:<9}p{s.number:<7}127.0.0.1        9:00AM      - -cli (cli)" for s in each]
    return Reply(f" 9:10AM  up 10 mins, {len(rows)} users\n" + "\n".join(rows) + "\n")


def _set_cli(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    if words[:1] == ["screen-length"]:
        if session.device.faults.paging_stays:
            session.device.note("fault", "paging stays")
        else:
            session.page_lines = session.screen_lines = int(words[1])
        return Reply(f"Screen length set to {words[1]}\n")
    if words[:1] == ["screen-width"]:
        return Reply(f"Screen width set to {words[1]}\n")
    if words[:2] == ["complete-on-space", "off"]:
        return Reply("Disabling complete-on-space\n")
    return Reply()


def _rescue(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    device = session.device
    if words[:1] == ["delete"]:
        device.rescue = None
        return Reply()
    if device.faults.save_refused:
        device.note("fault", "save refused")
        return Reply(f"{device.faults.save_refused}\n", refused=True)
    device.rescue = device.active.copy()
    device.note("saved", "rescue", session)
    return Reply()


def _logout(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    """`request system logout user NAME`, or `pid NUMBER`: its lock is free again."""
    device = session.device
    lock = device.exclusive
    if lock is None or lock.session == session.number:
        return Reply()
    if words[:2] in (["user", lock.user], ["pid", str(4000 + lock.session)]):
        device.exclusive = None
        device.candidate = device.active.copy()
        device.note("unlocked", "logged out", session)
    return Reply()


def _file(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    device = session.device
    if words[:1] == ["list"]:
        return Reply("".join(f"{name}\n" for name in sorted(device.files)))
    name = device.file_name(words[-1]) if len(words) > 1 else ""
    if name not in device.files:
        return Reply(
            f"error: could not open file: {words[-1]}: No such file or directory\n", refused=True
        )
    if words[0] == "delete":
        del device.files[name]
        return Reply()
    return Reply(device.files[name])


def _shell(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    session.unix = True
    return Reply()


def _exit(session: JunosSession, words: list[str], pipes: list[str]) -> Reply:
    return Reply(fate=Fate.CLOSES)


_COMMANDS: dict[str, Callable[[JunosSession, list[str], list[str]], Reply]] = {
    "configure": _configure,
    "show configuration": _configuration,
    "show version": _version,
    "show chassis hardware": _hardware,
    "show system commit": _commits,
    "show system uptime": _uptime,
    "show system storage": _storage,
    "show cli authorization": _authorization,
    "show system users": _users,
    "set cli": _set_cli,
    "request system configuration rescue": _rescue,
    "request system logout": _logout,
    "file": _file,
    "start shell": _shell,
    "exit": _exit,
    "quit": _exit,
}
