"""Files of an IOS device: copy, dir, delete, verify, more."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..session import Question, Reply

if TYPE_CHECKING:
    from .device import IosDevice
    from .session import IosSession

__all__ = ["COMMANDS", "read"]

Command = Callable[["IosSession", tuple[str, ...]], Reply]
_RUNNING = ("running-config", "system:running-config", "system:/running-config")
_STARTUP = ("startup-config", "nvram:startup-config", "nvram:/startup-config")
_TOTAL = 256_000_000


def read(device: IosDevice, name: str) -> str | None:
    """Return the text behind a name, None where there is no such file."""
    if name in _RUNNING:
        return device.body()
    if name in _STARTUP:
        return device.startup
    if name.startswith("null:"):
        return ""
    return device.files.get(device.file_name(name))


def _missing(name: str) -> Reply:
    return Reply(f"%Error opening {name} (No such file or directory)\n", refused=True)


def _copy(session: IosSession, words: tuple[str, ...]) -> Reply:
    source, target = words[-2:]
    text = read(session.device, source)
    if text is None:
        return _missing(source)

    def act(answer: str) -> Reply:
        return _write(session, text, source, answer.strip() or target)

    quiet = session.device.tree.children.get("file prompt")
    if (quiet and quiet.text.endswith("quiet")) or "/noconfirm" in words:
        return act("")
    session.question = Question(f"Destination filename [{session.device.file_name(target)}]? ", act)
    return Reply()


def _write(session: IosSession, text: str, source: str, target: str) -> Reply:
    device = session.device
    if target in _RUNNING:
        return _merge(session, text)
    if target in _STARTUP:
        if source in _RUNNING:
            said = device.save(session)
            return Reply(said, refused=said.startswith("%"))
        device.set_startup(text, session)
        return Reply("[OK]\n")
    if not device.store(target, text):
        return Reply(f"%Error writing {target} (No space left on device)\n", refused=True)
    return Reply(f"{len(text)} bytes copied in 0.112 secs ({len(text) * 9} bytes/sec)\n")


def _merge(session: IosSession, text: str) -> Reply:
    """`copy FILE running-config`: not atomic, the good lines stay and the bad ones are reported.

    Each line counts as a configuration line for the faults of the device.
    """
    device, said, bad = session.device, "", False
    editor = device.editor()
    for line in text.splitlines():
        stripped = line.strip()
        if stripped in ("", "!", "end"):
            continue
        if not line[0].isspace():
            editor.path.clear()
        struck = device.strike(stripped, session)
        if struck is not None and not struck.refused:
            return struck  # the connection breaks: what was merged so far stays
        refusal = struck.text if struck is not None else editor.apply(line)
        if refusal:
            bad = True
            said += f"{stripped}\n{refusal}"
            device.note("refused", stripped, session)
        else:
            device.note("executed", stripped, session)
    device.touched(session.user)
    return Reply(
        f"{said}{len(text)} bytes copied in 0.341 secs ({len(text) * 3} bytes/sec)\n", refused=bad
    )


def _dir(session: IosSession, words: tuple[str, ...]) -> Reply:
    device = session.device
    where = words[-1] if len(words) > 1 else "flash:"
    if where.startswith("/"):
        where = "flash:"
    name = device.file_name(where)
    names = [name] if name else sorted(device.files)
    if name and name not in device.files:
        return _missing(where)
    rows = [
        f"{at:>5}  -rw-  {len(device.files[each]):>12}   Mar 2 2026 09:00:00 +00:00  {each}"
        for at, each in enumerate(names, 1)
    ]
    listing = "\n".join(rows) if rows else "No files in directory"
    shown = where if where.endswith("/") or name else f"{where}/"
    return Reply(
        f"Directory of {shown}\n\n{listing}\n\n"
        f"{_TOTAL} bytes total ({device.free_bytes()} bytes free)\n"
    )


def _delete(session: IosSession, words: tuple[str, ...]) -> Reply:
    device, target = session.device, words[-1]
    name = device.file_name(target)

    def act(answer: str) -> Reply:
        if device.files.pop(name, None) is None:
            return Reply(f"%Error deleting {target} (No such file or directory)\n", refused=True)
        return Reply()

    def confirm(answer: str) -> Reply:
        session.question = Question(f"Delete flash:/{name}? [confirm]", act)
        return Reply()

    if "/force" in words:
        return act("")
    session.question = Question(f"Delete filename [{name}]? ", confirm)
    return Reply()


def _verify(session: IosSession, words: tuple[str, ...]) -> Reply:
    text = read(session.device, words[-1])
    if text is None:
        return _missing(words[-1])
    digest = hashlib.md5(text.encode("latin-1", "replace"), usedforsecurity=False).hexdigest()
    return Reply(f".....Done!\nverify /md5 ({words[-1]}) = {digest}\n\n")


def _more(session: IosSession, words: tuple[str, ...]) -> Reply:
    text = read(session.device, words[-1])
    return _missing(words[-1]) if text is None else Reply(text)


def _systems(session: IosSession, words: tuple[str, ...]) -> Reply:
    return Reply(
        "File Systems:\n\n       Size(b)       Free(b)      Type  Flags  Prefixes\n"
        f"*    {_TOTAL}     {session.device.free_bytes()}      disk     rw   flash0: flash:#\n"
        "        262136        255000     nvram     rw   nvram:\n\n"
    )


COMMANDS: Mapping[str, Command] = {
    "copy [/noconfirm] <word> <word>": _copy,
    "dir [/all] [<word>]": _dir,
    "delete [/force] [/recursive] <word>": _delete,
    "verify /md5 <word>": _verify,
    "more <word>": _more,
    "show file systems": _systems,
}
